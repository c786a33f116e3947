"""Every operation on tensors against a line of NumPy: its value, and its derivative by difference quotients.

The shapes are those that the operation's own shape rule accepts, at unequal sizes; neither SymPy nor the
oracles have a part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from flint import arb

from symcheck.differentiation import differentiate
from symcheck.errors import Blocked, SymcheckError
from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.numbers import rational
from symcheck.evaluation.points import Point
from symcheck.language.claim import Assumptions, Graph
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.operand import LoweredGraph
from symcheck.language.registry import REGISTRY
from symcheck.language.shape import Shape, shape_of
from symcheck.language.tensor import Symbol, Tensor, apply, variable
from symcheck.lowering import lower_graph, lower_tensor
from symcheck.operations.matrix_functions import FUNCTIONS

Array = Any
SIZES = {"n": 3, "m": 2, "k": 4}
STACKED: Shape = (("m", "n"),)
"""That of vec of an n × m matrix, which is what is given then."""
SHAPES: tuple[Shape, ...] = (
    (),
    shape_of("n"),
    shape_of("m"),
    shape_of("n", "m"),
    shape_of("m", "n"),
    shape_of("n", "n"),
    shape_of("m", "k"),
    shape_of("k", "m"),
    shape_of(3),
    STACKED,
)
MOST = 4
"""Most choices of shapes that are looked at."""
MEANT_ELSEWHERE = {
    "where": "tests of conditions",
    "array": "values given entry by entry",
    "coefficient": "reads a differential off; it is no function of numbers",
    "flattened": "stacks the axes of a derivative; tests of vectorised conventions",
    "contract": "joins two derivatives; tests of chains",
    **dict.fromkeys(("block", "concat", "part"), "axes made of segments; tests of joining"),
    **dict.fromkeys(("rearranged", "summed", "gathered"), "arrays of any rank; tests of layers"),
}
"""Operations that are no functions of tensors, or that only derivatives need."""
PARAMS: dict[str, tuple[tuple[Any, ...], ...]] = {
    **dict.fromkeys(("mean", "var", "std", "max", "min"), ((), (0,), (1,))),
    **dict.fromkeys(("softmax", "logsoftmax", "logsumexp", "cumsum", "rcumsum"), ((), (0,), (-1,))),
    "mpow": ((3,), (0,), (-2,)),
    "eye": ((("n",),),),
    "ones": ((("n",),), (("n",), ("m",))),
    "zeros": ((("n",),), (("n",), ("m",))),
    "commut": ((("n",), ("m",)),),
    "unvec": ((("n",), ("m",)),),
}
DEFINITE = {"chol", "logm"}
"""Operations on positive definite matrices."""
NEAR = {"rtol": 1e-5, "atol": 1e-6}
STEP = 1e-6


def axis_of(params: tuple[int, ...], default: int | None = None) -> int | None:
    return params[0] if params else default


def softmax(x: Array, axis: int) -> Array:
    return np.exp(x) / np.exp(x).sum(axis, keepdims=True)


def by_eigenvalues(function: Callable[[Array], Array]) -> Callable[..., Array]:
    def value(params: Any, x: Array) -> Array:
        found, vectors = np.linalg.eig(x.astype(complex))
        return (vectors @ np.diag(function(found)) @ np.linalg.inv(vectors)).real

    return value


def standardised(x: Array, axis: int, small: float) -> Array:
    return (x - x.mean(axis, keepdims=True)) / np.sqrt(x.var(axis, keepdims=True) + small)


def attention(params: Any, q: Array, k: Array, v: Array, mask: Array = 0.0) -> Array:
    return softmax(q @ k.T / np.sqrt(q.shape[1]) + mask, -1) @ v


def commutation(n: int, m: int) -> Array:
    columns = [np.eye(n * m)[k].reshape((n, m), order="F").T.reshape(-1, order="F") for k in range(n * m)]
    return np.stack(columns, axis=1)


NUMPY: dict[str, Callable[..., Array]] = {
    "matmul": lambda p, x, y: x @ y,
    "transpose": lambda p, x: x.T,
    "outer": lambda p, x, y: np.outer(x, y),
    "kron": lambda p, x, y: np.kron(x, y),
    "inner": lambda p, x, y: np.sum(x * y),
    "tr": lambda p, x: np.trace(x),
    "diag": lambda p, x: np.diag(x),
    "diagpart": lambda p, x: np.diagonal(x),
    "eye": lambda p: np.eye(*p),
    "ones": lambda p: np.ones(p),
    "zeros": lambda p: np.zeros(p),
    "cross": lambda p, x, y: np.cross(x, y),
    "vec": lambda p, x: x.reshape(-1, order="F"),
    "unvec": lambda p, x: x.reshape(p, order="F"),
    "commut": lambda p: commutation(*p),
    "tril": lambda p, x: np.tril(x),
    "triu": lambda p, x: np.triu(x),
    "cumsum": lambda p, x: np.cumsum(x, axis_of(p, -1)),
    "rcumsum": lambda p, x: np.flip(np.cumsum(np.flip(x, axis_of(p, -1)), axis_of(p, -1)), axis_of(p, -1)),
    "sumall": lambda p, x: np.sum(x),
    "rowsum": lambda p, x: x.sum(1),
    "colsum": lambda p, x: x.sum(0),
    "mean": lambda p, x: np.mean(x, axis_of(p)),
    "var": lambda p, x: np.var(x, axis_of(p)),
    "std": lambda p, x: np.std(x, axis_of(p)),
    "max": lambda p, x: np.max(x, axis_of(p)),
    "min": lambda p, x: np.min(x, axis_of(p)),
    "norm1": lambda p, x: np.linalg.norm(x, 1),
    "norm2": lambda p, x: np.linalg.norm(x),
    "normF": lambda p, x: np.linalg.norm(x),
    "softmax": lambda p, x: softmax(x, p[0] if p else -1),
    "logsoftmax": lambda p, x: np.log(softmax(x, p[0] if p else -1)),
    "logsumexp": lambda p, x: np.log(np.exp(x).sum(axis_of(p, -1))),
    "layernorm": lambda p, x, e=0.0: standardised(x, -1, e),
    "batchnorm": lambda p, x, e=0.0: standardised(x, 0, e),
    "rmsnorm": lambda p, x, e=0.0: x / np.sqrt((x**2).mean(-1, keepdims=True) + e),
    "attention": attention,
    "inv": lambda p, x: np.linalg.inv(x) if x.ndim else 1 / x,
    "det": lambda p, x: np.linalg.det(x),
    "logdet": lambda p, x: np.linalg.slogdet(x)[1],
    "solve": lambda p, a, b: np.linalg.solve(a, b),
    "mpow": lambda p, x: np.linalg.matrix_power(x, *p),
    "adj": lambda p, x: np.linalg.det(x) * np.linalg.inv(x),
    "pinv": lambda p, x: np.linalg.pinv(x),
    "chol": lambda p, x: np.linalg.cholesky(x),
    "expm": by_eigenvalues(np.exp),
    "logm": by_eigenvalues(np.log),
    "sinm": by_eigenvalues(np.sin),
    "cosm": by_eigenvalues(np.cos),
}
OPERATIONS = [o for o, known in REGISTRY.items() if not known.elementwise and o not in MEANT_ELSEWHERE]


def choices(name: str) -> Iterator[tuple[tuple[Shape, ...], tuple[Any, ...]]]:
    """Argument shapes and params that the operation accepts, those of the most unequal sizes first."""
    known = REGISTRY[name]
    for params in PARAMS.get(name, ((),)):
        found = []
        for count in range(known.arity[0], known.arity[1] + 1):
            for shapes in product(SHAPES, repeat=count):
                try:
                    known.shape(shapes, params, lambda a, b: a == b)
                except SymcheckError:
                    continue
                found.append(shapes)
        found.sort(key=lambda shapes: (-len(set(shapes)), -sum(map(len, shapes))))
        longest = [s for s in found if len(s) == known.arity[1]][:MOST]
        shortest = [s for s in found if len(s) == known.arity[0]][:MOST]
        yield from ((shapes, params) for shapes in dict.fromkeys(longest + shortest))


ROWS = [(name, *choice) for name in OPERATIONS for choice in choices(name)]


def length(size: tuple[Any, ...]) -> int:
    return prod(SIZES.get(dim, dim) for dim in size)


def lengths(shape: Shape) -> tuple[int, ...]:
    return tuple(map(length, shape))


class Case:
    """One operation at one choice of shapes, with drawn values."""

    def __init__(self, name: str, shapes: tuple[Shape, ...], params: tuple[Any, ...]) -> None:
        self.name = name
        self.params = tuple(length(p) if isinstance(p, tuple) else p for p in params)
        random = np.random.default_rng(len(name))
        self.stacked = [shape == STACKED for shape in shapes]
        own = [shape_of("n", "m") if stacked else s for s, stacked in zip(shapes, self.stacked, strict=True)]
        self.values = [np.array(np.round(random.uniform(0.2, 1.7, lengths(shape)), 3)) for shape in own]
        if name in DEFINITE:
            self.values = [np.round(x @ x.T + np.eye(len(x)), 3) for x in self.values]
        self.symbols = [Symbol(f"x{k}", shape) for k, shape in enumerate(own)]
        arguments = [
            apply("vec", variable(symbol)) if stacked else variable(symbol)
            for symbol, stacked in zip(self.symbols, self.stacked, strict=True)
        ]
        self.tensor: Tensor = apply(name, *arguments, params=params)
        self.table = Table()
        self.graph: LoweredGraph = lower_graph(Graph(), Assumptions(), self.table)

    def numpy(self, values: list[Array] | None = None) -> Array:
        """The line of NumPy."""
        arguments = [
            x.reshape(-1, order="F") if stacked else x
            for x, stacked in zip(self.values if values is None else values, self.stacked, strict=True)
        ]
        return np.asarray(NUMPY[self.name](self.params, *arguments))

    def ours(self, node: Node, idxs: tuple[Idx, ...], shape: tuple[int, ...]) -> Array:
        """The entries by index notation and balls."""
        entries = {
            symbol: [rational(0) + exact(x) for x in value.flat]
            for symbol, value in zip(self.symbols, self.values, strict=True)
        }
        point = Point(dict(SIZES), entries, {})
        found = Evaluator(self.graph, point).entries(node, idxs)
        return np.array([number(x) for x in found]).reshape(shape)


def exact(value: float) -> Any:
    """The decimal of three digits as a fraction."""
    return rational(round(float(value) * 1000)) / 1000


def number(value: Any) -> float:
    return float(value.mid()) if isinstance(value, arb) else int(value.p) / int(value.q)


def quotient(case: Case, which: int) -> Array:
    """The central difference quotient in every entry of one argument, axes of the value first."""
    base = case.values[which]
    columns = []
    for place in np.ndindex(*base.shape):
        beside = []
        for sign in (-1, 1):
            moved = np.array(base, dtype=float)
            moved[place] += sign * STEP
            values = [*case.values[:which], moved, *case.values[which + 1 :]]
            beside.append(case.numpy(values))
        columns.append((beside[1] - beside[0]) / (2 * STEP))
    return np.stack(columns, axis=-1).reshape((*columns[0].shape, *base.shape))


def test_every_operation_has_its_line() -> None:
    assert set(NUMPY) == set(OPERATIONS)
    assert {name for name, *_ in ROWS} == set(OPERATIONS)


@pytest.mark.parametrize(("name", "shapes", "params"), ROWS, ids=str)
def test_values(name: str, shapes: tuple[Shape, ...], params: tuple[Any, ...]) -> None:
    case = Case(name, shapes, params)
    operand = lower_tensor(case.tensor, Assumptions(), case.table)
    expected = case.numpy()
    assert expected.shape == lengths(case.tensor.shape)
    assert np.allclose(case.ours(operand.body, operand.idxs, expected.shape), expected, **NEAR)


@pytest.mark.parametrize(("name", "shapes", "params"), [row for row in ROWS if row[1]], ids=str)
def test_derivatives(name: str, shapes: tuple[Shape, ...], params: tuple[Any, ...]) -> None:
    case = Case(name, shapes, params)
    operand = lower_tensor(case.tensor, Assumptions(), case.table)
    for which, symbol in enumerate(case.symbols):
        place = tuple(case.table.fresh("d", dim) for size in symbol.shape for dim in size)
        asked = case.table.D(operand.body, symbol, place)
        if name in FUNCTIONS:
            with pytest.raises(Blocked, match="under a trace and along multiples"):
                differentiate(asked, case.graph)
            continue
        derivative = differentiate(asked, case.graph)
        expected = quotient(case, which)
        found = case.ours(derivative, (*operand.idxs, *place), expected.shape)
        assert np.allclose(found, expected, **NEAR), symbol.name


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_derivatives_of_traces(name: str) -> None:
    case = Case(name, (shape_of("n", "n"),), ())
    (symbol,) = case.symbols
    trace = lower_tensor(apply("tr", case.tensor), Assumptions(), case.table).body
    place = tuple(case.table.fresh("d", "n") for _ in range(2))
    derivative = differentiate(case.table.D(trace, symbol, place), case.graph)
    expected = np.trace(quotient(case, 0))
    assert np.allclose(case.ours(derivative, place, expected.shape), expected, **NEAR)
