"""Every operation has a dense meaning, and it is NumPy's where NumPy has one."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy
from formulas import call, elementwise, name, op
from numpy.typing import NDArray

from symcheck.language.claim import Assumption, Kind
from symcheck.language.registry import REGISTRY
from symcheck.language.shape import shape_of
from symcheck.language.tensor import Function, Symbol, Tensor
from symcheck.operations.matrix_functions import FUNCTIONS
from symcheck.sympy_oracle import dense
from symcheck.sympy_oracle.arrays import NotExpressible
from symcheck.sympy_oracle.expansion import Expansion
from symcheck.sympy_oracle.operations import meaning_of
from symcheck.sympy_oracle.points import sample, satisfies

Array = NDArray[Any]
SIZES = {"n": 3, "m": 2}
x, y = name("x", "n"), name("y", "n")
X, A, B = name("X", "m", "n"), name("A", "n", "n"), name("B", "n", "n")


def _exponentials(u: Array) -> Array:
    return np.exp(u) / np.exp(u).sum(axis=-1, keepdims=True)


ROWS: dict[str, tuple[Tensor, Callable[..., Any]]] = {
    "broadcast": (X * x, lambda x, X, **_: X * x),
    "quotient": (x / y, lambda x, y, **_: x / y),
    "power": (op("exp", x) ** y, lambda x, y, **_: np.exp(x) ** y),
    "matmul": (X @ A, lambda X, A, **_: X @ A),
    "vector times matrix": (x @ A, lambda x, A, **_: x @ A),
    "inner": (x @ y, lambda x, y, **_: x @ y),
    "transpose": (X.T, lambda X, **_: X.T),
    "outer": (op("outer", x, y), lambda x, y, **_: np.outer(x, y)),
    "kron": (op("kron", X, A), lambda X, A, **_: np.kron(X, A)),
    "contract": (op("contract", A, B, params=(2,)), lambda A, B, **_: np.tensordot(A, B, 2)),
    "tr": (op("tr", A), lambda A, **_: np.trace(A)),
    "det": (op("det", A), lambda A, **_: np.linalg.det(A)),
    "logdet": (op("logdet", A), lambda A, **_: np.linalg.slogdet(A)[1]),
    "inv": (op("inv", A), lambda A, **_: np.linalg.inv(A)),
    "solve": (op("solve", A, x), lambda A, x, **_: np.linalg.solve(A, x)),
    "mpow": (op("mpow", A, params=(-2,)), lambda A, **_: np.linalg.matrix_power(A, -2)),
    "diag": (op("diag", x), lambda x, **_: np.diag(x)),
    "diagpart": (op("diagpart", A), lambda A, **_: np.diag(A)),
    "cumulated": (op("sumall", X) + op("mean", X), lambda X, **_: X.sum() + X.mean()),
    "rowsum": (op("rowsum", X), lambda X, **_: X.sum(axis=1)),
    "colsum": (op("colsum", X), lambda X, **_: X.sum(axis=0)),
    "norms": (
        op("norm1", x) + op("norm2", x) + op("normF", X),
        lambda x, X, **_: np.abs(x).sum() + np.linalg.norm(x) + np.linalg.norm(X),
    ),
    "softmax": (op("softmax", X), lambda X, **_: _exponentials(X)),
    "logsoftmax": (op("logsoftmax", X), lambda X, **_: np.log(_exponentials(X))),
    "logsumexp": (op("logsumexp", X), lambda X, **_: np.log(np.exp(X).sum(axis=1))),
    "where": (op("where", x, y, x, 2 * y, params=("<",)), lambda x, y, **_: np.where(x < y, x, 2 * y)),
    "relu": (op("relu", x), lambda x, **_: np.maximum(x, 0)),
    "sign": (op("sign", x) * op("abs", y), lambda x, y, **_: np.sign(x) * np.abs(y)),
    "extremes": (op("maximum", x, y) - op("minimum", x, y), lambda x, y, **_: np.abs(x - y)),
    "sigmoid": (op("sigmoid", x), lambda x, **_: 1 / (1 + np.exp(-x))),
    "hypot": (op("hypot", x, y), lambda x, y, **_: np.hypot(x, y)),
    "rearranged": (
        op("rearranged", X, params=((2, 0), ((("n",)), ("m",), ("m",)))),
        lambda X, **_: np.repeat(X.T[:, None, :], 2, axis=1),
    ),
    "summed": (
        op("summed", op("rearranged", X, params=((1, 2), (("n",), ("m",), ("n",)))), params=(1, 2)),
        lambda X, **_: np.full(3, X.sum()),
    ),
    "gathered": (
        op("gathered", x[0], x[1], x[2], x[0] * y[0], x[1], y[2], params=((2,), (3,))),
        lambda x, y, **_: np.array([x, [x[0] * y[0], x[1], y[2]]]),
    ),
    "constants": (
        op("eye", params=(("n",),))
        + op("ones", params=(("n",), ("n",)))
        + op("zeros", params=(("n",), ("n",))),
        lambda **_: np.eye(3) + 1,
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_dense_meaning_is_that_of_numpy(row: str) -> None:
    tensor, line = ROWS[row]
    random = np.random.default_rng(7)
    values = {v.symbol.name: random.normal(size=[SIZES[str(s[0])] for s in v.shape]) for v in (x, y, X, A, B)}
    expansion = Expansion(SIZES)
    array = expansion.dense(tensor, {})
    point = {
        entry: float(value)
        for v in (x, y, X, A, B)
        for entry, value in zip(expansion.entries(v.symbol).entries, values[v.symbol.name].flat, strict=True)
    }
    expected = np.asarray(line(**values))
    assert array.shape == expected.shape
    got = [float(entry.subs(point)) for entry in array.entries]
    assert np.allclose(got, expected.flatten())


@pytest.mark.parametrize("which", [o for o in REGISTRY if o != "coefficient"])
def test_every_operation_has_a_dense_meaning(which: str) -> None:
    if which in FUNCTIONS:
        with pytest.raises(NotExpressible):
            meaning_of(which)
    else:
        assert callable(meaning_of(which))


@pytest.mark.parametrize(
    "which", [o for o, known in REGISTRY.items() if known.elementwise and known.arity == (1, 1)]
)
def test_scalar_functions_differentiate(which: str) -> None:
    """SymPy's derivative of every scalar function of one argument is free of unevaluated Derivative."""
    t = name("t")
    expansion = Expansion({})
    value = expansion.dense(op(which, t), {}).scalar
    expansion.diff(value, expansion.entries(t.symbol).scalar)


def test_names_that_collide_stay_apart() -> None:
    """A scalar called x_0 is not the first entry of x."""
    first = name("x_0")
    result = dense(x[0] - first, {"n": 2}).scalar
    assert result != 0
    assert len(result.free_symbols) == 2


def test_two_symbols_of_one_name_stay_apart() -> None:
    other = name("x", "n")
    assert dense(x @ other, {"n": 1}).scalar != dense(x @ x, {"n": 1}).scalar


def test_undefined_functions_have_derivatives_with_names() -> None:
    sigma = elementwise("sigma")
    t = name("t")
    expansion = Expansion({"n": 2, "m": 2})
    entry = expansion.entries(t.symbol).scalar
    value = expansion.dense(call(sigma, t**2), {}).scalar
    slope = expansion.dense(call(sigma, t**2, orders=(1,)), {}).scalar
    assert sympy.diff(value, entry) == 2 * entry * slope
    vector_map = Function("F", (shape_of("n"),), shape_of("m"))
    jacobian = expansion.dense(call(vector_map, x, orders=(1,)), {})
    values = expansion.dense(call(vector_map, x), {})
    for k, component in enumerate(values.entries):
        for i, by in enumerate(expansion.entries(x.symbol).entries):
            assert sympy.diff(component, by) == jacobian[k, i]


def test_second_derivatives_of_undefined_maps_are_symmetric() -> None:
    vector_map = Function("F", (shape_of("n"),), shape_of("m"))
    second = dense(call(vector_map, x, orders=(2,)), {"n": 2, "m": 1})
    assert second.shape == (1, 2, 2)
    assert second[0, 0, 1] == second[0, 1, 0]


VECTOR_KINDS = [Kind.ONE_HOT, Kind.SIMPLEX, Kind.UNIT, Kind.BINARY, Kind.SIGNS, Kind.INTEGER]
RELATIONS = {Kind.BELOW, Kind.AT_MOST, Kind.DIFFERENT}
MATRIX_KINDS = [kind for kind in Kind if kind not in {*VECTOR_KINDS, *RELATIONS, Kind.INTERVAL, Kind.SUM}]


SAMPLED = [
    (kind, length)
    for kind in MATRIX_KINDS + VECTOR_KINDS
    for length in (1, 2, 3)
    if (kind, length) != (Kind.ANTISYMMETRIC, 1)  # only 0
]


@pytest.mark.parametrize(("kind", "length"), SAMPLED)
def test_points_satisfy_what_is_assumed(kind: Kind, length: int) -> None:
    shape = (length, length) if kind in MATRIX_KINDS else (length,)
    symbol = Symbol("M", shape_of(*shape))
    assumption = Assumption(kind, symbol, str(kind))
    entries = sample(symbol, shape, [assumption], Random(1), positive=False)
    assert len(entries) == math.prod(shape)
    assert satisfies(entries, shape, assumption)


def test_intervals_and_sums() -> None:
    symbol = Symbol("p", shape_of("n"))
    inside = Assumption(Kind.INTERVAL, symbol, "", (Fraction(-1), True, Fraction(1), True))
    entries = sample(symbol, (5,), [inside], Random(1), positive=False)
    assert all(-1 < entry < 1 for entry in entries)
    assert len(set(entries)) > 1
    summing = Assumption(Kind.SUM, symbol, "", (Fraction(1),))
    assert sum(sample(symbol, (3,), [summing], Random(1), positive=False)) == 1


def test_contradictory_assumptions_are_reported() -> None:
    symbol = Symbol("p", shape_of("n"))
    conditions = [
        Assumption(Kind.INTERVAL, symbol, "p > 2", (Fraction(2), True, None, False)),
        Assumption(Kind.SIMPLEX, symbol, "p on simplex"),
    ]
    with pytest.raises(NotExpressible, match="p > 2, p on simplex"):
        sample(symbol, (3,), conditions, Random(1), positive=False)
