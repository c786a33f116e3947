"""What is made of segments against NumPy: values entry by entry, derivatives by difference quotients.

NumPy joins arrays of numbers and inverts the whole matrix; it knows nothing of segments and complements.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symcheck.api import read_formula
from symcheck.differentiation import differentiate
from symcheck.errors import NotSupported, ShapeMismatch
from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.numbers import rational
from symcheck.evaluation.points import Point
from symcheck.language.claim import Assumptions, Graph
from symcheck.language.indexed import Node, Table
from symcheck.language.shape import Joined, joined, segments, show_shape, total, with_dims
from symcheck.language.tensor import Symbol, Tensor, Variable, apply, structure, symbols_in, variable, walk
from symcheck.lowering import lower_graph, lower_tensor
from symcheck.operations.grids import grid
from symcheck.operations.joining import numbers_of

Array = Any
LET = "A: m m; B: m n; C: n m; D: n n; x: m; y: n; u: m; v: m; t: scalar; W: k m; V: k n"
SIZES = {"m": 2, "n": 3, "k": 4}
STEP = 1e-6


def M(a: Array) -> Array:
    return np.block([[a["A"], a["B"]], [a["C"], a["D"]]])


def edged(a: Array, corner: Any) -> Array:
    return np.block([[a["A"], a["u"][:, None]], [a["v"][None, :], np.array([[corner]])]])


def soft(x: Array) -> Array:
    return np.exp(x) / np.exp(x).sum()


VALUES: dict[str, Callable[[Any], Array]] = {
    "concat(x, y, t)": lambda a: np.concatenate([a["x"], a["y"], [a["t"]]]),
    "block([[A, B], [C, D]])": M,
    "hstack(W, V)": lambda a: np.hstack([a["W"], a["V"]]),
    "vstack(A, C, u)": lambda a: np.vstack([a["A"], a["C"], a["u"]]),
    "block([[A, u], [v, t]])": lambda a: edged(a, a["t"]),
    "block([[0, B], [C, 0]])": lambda a: np.block([[np.zeros((2, 2)), a["B"]], [a["C"], np.zeros((3, 3))]]),
    "block([[block([[A, B], [C, D]]), concat(x, y)], [concat(u, y), 1]])": lambda a: np.block(
        [
            [M(a), np.concatenate([a["x"], a["y"]])[:, None]],
            [np.concatenate([a["u"], a["y"]])[None, :], np.ones((1, 1))],
        ]
    ),
    "block([[A, B], [C, D]]).T": lambda a: M(a).T,
    "block([[A, B], [C, D]]) @ concat(x, y)": lambda a: M(a) @ np.concatenate([a["x"], a["y"]]),
    "block([[A, B], [C, D]]) @ block([[A, B], [C, D]])": lambda a: M(a) @ M(a),
    "inv(block([[A, B], [C, D]]))": lambda a: np.linalg.inv(M(a)),
    "inv(block([[A, 0], [C, D]]))": lambda a: np.linalg.inv(
        np.block([[a["A"], np.zeros((2, 3))], [a["C"], a["D"]]])
    ),
    "inv(block([[0, u], [v, t]]) + block([[A, 0], [0, 0*t]]))": lambda a: np.linalg.inv(edged(a, a["t"])),
    "inv(block([[t, y], [y, D]]))": lambda a: np.linalg.inv(
        np.block([[np.array([[a["t"]]]), a["y"][None, :]], [a["y"][:, None], a["D"]]])
    ),
    "inv(block([[A, B, u], [C, D, y], [v, y, t]]))": lambda a: np.linalg.inv(
        np.block(
            [
                [M(a), np.concatenate([a["u"], a["y"]])[:, None]],
                [np.concatenate([a["v"], a["y"]])[None, :], np.array([[a["t"]]])],
            ]
        )
    ),
    "solve(block([[A, B], [C, D]]), concat(x, y))": lambda a: np.linalg.solve(
        M(a), np.concatenate([a["x"], a["y"]])
    ),
    "mpow(block([[A, B], [C, D]]), -2)": lambda a: np.linalg.matrix_power(np.linalg.inv(M(a)), 2),
    "det(block([[A, B], [C, D]]))": lambda a: np.linalg.det(M(a)),
    "det(block([[A, u], [v, 0]]))": lambda a: np.linalg.det(edged(a, 0.0)),
    "logdet(block([[A, B], [C, D]]))": lambda a: np.linalg.slogdet(M(a))[1],
    "tr(block([[A, B], [C, D]]))": lambda a: np.trace(M(a)),
    "softmax(concat(x, y))": lambda a: soft(np.concatenate([a["x"], a["y"]])),
    "softmax(hstack(W, V))": lambda a: np.apply_along_axis(soft, 1, np.hstack([a["W"], a["V"]])),
    "layernorm(concat(x, y))": lambda a: ((z := np.concatenate([a["x"], a["y"]])) - z.mean()) / z.std(),
    "var(hstack(W, V), axis=1)": lambda a: np.var(np.hstack([a["W"], a["V"]]), 1),
    "mean(block([[A, B], [C, D]]))": lambda a: np.mean(M(a)),
    "max(block([[A, B], [C, D]]))": lambda a: np.max(M(a)),
    "cumsum(concat(x, y))": lambda a: np.cumsum(np.concatenate([a["x"], a["y"]])),
    "tril(block([[A, B], [C, D]]))": lambda a: np.tril(M(a)),
    "diag(concat(x, y))": lambda a: np.diag(np.concatenate([a["x"], a["y"]])),
    "diagpart(block([[A, B], [C, D]]))": lambda a: np.diag(M(a)),
    "outer(concat(x, y), u)": lambda a: np.outer(np.concatenate([a["x"], a["y"]]), a["u"]),
    "eye(m + n) + ones(m + n, m + n)": lambda a: np.eye(5) + np.ones((5, 5)),
    "tanh(hstack(W, V))*2 - hstack(W, V)": lambda a: (
        2 * np.tanh(np.hstack([a["W"], a["V"]])) - np.hstack([a["W"], a["V"]])
    ),
    "part(inv(block([[A, B], [C, D]])), 0, 1)": lambda a: np.linalg.inv(M(a))[:2, 2:],
    "part(concat(x, y, t), 1)": lambda a: a["y"],
}


class Ours:
    """A formula in index notation at drawn values, put together from its parts."""

    def __init__(self, text: str, last: bool) -> None:
        (claim,) = read_formula(f"{text} = {text}", [LET])
        assert claim.equation is not None, claim.error
        self.tensor: Tensor = claim.equation.left
        self.table, self.last = Table(), last
        self.graph = lower_graph(Graph(), Assumptions(), self.table)
        self.symbols = symbols_in(self.tensor)
        random = np.random.default_rng(len(text))
        named = {s.name for s in self.symbols} | set(LET.replace(";", "").split()) & set("ABCDxyuvtWV")
        shapes = {part.split(":")[0].strip(): part.split(":")[1].split() for part in LET.split(";")}
        self.values = {
            name: np.round(random.uniform(0.2, 1.7, [SIZES[d] for d in shapes[name] if d in SIZES]), 3)
            for name in sorted(named)
        }

    def array(self, by: Symbol | None = None) -> Array:
        """All entries, or those of the derivative by a name, part by part."""
        shape = self.tensor.shape
        lengths = [[self.length(part) for part in segments(size)] for size in shape]
        own = () if by is None else tuple(SIZES[str(size[0])] for size in by.shape)
        whole = np.zeros((*(sum(length) for length in lengths), *own))
        for numbers in numbers_of(shape):
            part = apply("part", self.tensor, params=numbers) if shape else self.tensor
            operand = lower_tensor(part, Assumptions(), self.table, last=self.last)
            node: Node = operand.body
            idxs = operand.idxs
            if by is not None:
                place = tuple(self.table.fresh("d", dim) for size in by.shape for dim in size)
                node, idxs = differentiate(self.table.D(node, by, place), self.graph), (*idxs, *place)
            entries = {
                symbol: [rational(round(float(x) * 1000)) / 1000 for x in self.values[symbol.name].flat]
                for symbol in self.symbols
            }
            found = Evaluator(self.graph, Point(dict(SIZES), entries, {})).entries(node, idxs)
            at = tuple(
                slice(sum(length[:k]), sum(length[: k + 1]))
                for length, k in zip(lengths, numbers, strict=True)
            )
            whole[at] = np.array([number(x) for x in found]).reshape(whole[at].shape)
        return whole

    @staticmethod
    def length(size: Any) -> int:
        return int(np.prod([SIZES.get(dim, dim) for dim in size]))


def number(value: Any) -> float:
    return float(value.mid()) if hasattr(value, "mid") else int(value.p) / int(value.q)


ROWS = [
    (text, last)
    for text in VALUES
    for last in ((False, True) if "inv" in text or "det" in text else (False,))
]


@pytest.mark.parametrize(("text", "last"), ROWS, ids=str)
def test_values(text: str, last: bool) -> None:
    ours = Ours(text, last)
    expected = np.asarray(VALUES[text](ours.values))
    assert np.allclose(ours.array(), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("text", "last"), ROWS, ids=str)
def test_derivatives(text: str, last: bool) -> None:
    ours = Ours(text, last)
    for symbol in ours.symbols:
        found = ours.array(symbol)
        base = ours.values[symbol.name]
        for place in np.ndindex(*base.shape):
            sides = []
            for sign in (1, -1):
                moved = np.array(base, dtype=float)
                moved[place] += sign * STEP
                sides.append(np.asarray(VALUES[text]({**ours.values, symbol.name: moved})))
            quotient = (sides[0] - sides[1]) / (2 * STEP)
            scale = max(1.0, float(np.abs(quotient).max()))
            assert np.allclose(found[(..., *place)], quotient, rtol=1e-4, atol=1e-6 * scale), symbol.name


def test_nothing_below_lowering_meets_a_segment() -> None:
    for text, last in ROWS:
        ours = Ours(text, last)
        for numbers in numbers_of(ours.tensor.shape):
            part = apply("part", ours.tensor, params=numbers) if ours.tensor.shape else ours.tensor
            operand = lower_tensor(part, Assumptions(), ours.table, last=last)
            stack = [operand.body]
            while stack:
                node = stack.pop()
                assert node.op != "split", text
                assert not any(isinstance(i.dim, Joined) for i in node.free | node.bound), text
                stack.extend(node.nodes)


def test_sizes_of_segments() -> None:
    size = joined((("m",), ("n", "k")))
    assert show_shape((size, ("m",))) == "(m + n·k, m)"
    assert segments(size) == (("m",), ("n", "k"))
    assert joined((("m",),)) == ("m",)
    assert joined((size, ("m",))) == joined((("m",), ("n", "k"), ("m",)))
    assert size != joined((("n", "k"), ("m",)))
    assert total(size) == total(joined((("k", "n"), ("m",))))
    assert total(size) != total(joined((("m",), ("n",))))
    assert with_dims(size, lambda dim: "n" if dim == "m" else dim) == joined((("n",), ("n", "k")))
    again = pickle.loads(pickle.dumps(size))
    assert again == size
    assert segments(again) == segments(size)


def names(*shapes: tuple[str, ...]) -> list[Variable]:
    made = [Symbol(f"X{k}", tuple((dim,) for dim in shape)) for k, shape in enumerate(shapes)]
    return [variable(symbol) for symbol in made]


def test_a_vector_is_a_column_or_a_row_as_there_is_room() -> None:
    a, column, row, corner = names(("m", "n"), ("m",), ("n",), ())
    assert show_shape(grid([[a, column], [row, corner]]).shape) == "(m + 1, n + 1)"
    assert show_shape(grid([[column, a]]).shape) == "(m, 1 + n)"
    assert show_shape(grid([[row], [a]]).shape) == "(1 + m, n)"


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ([[("m", "n"), ("n",)]], "there is room for|widths|heights"),
        (
            [[("m", "n")], [("m", "m")]],
            r"widths n and m: block \(0, 0\) is \(m, n\), block \(1, 0\) is \(m, m\)",
        ),
        ([[("m", "n"), ("n", "n")]], "heights m and n"),
        ([[("m",), ("m",)]], "column or a row"),
        ([[("m", "n"), ()]], "heights m and 1"),
    ],
)
def test_blocks_that_do_not_fit_say_both_shapes(shapes: list[list[tuple[str, ...]]], said: str) -> None:
    with pytest.raises(ShapeMismatch, match=said):
        grid([names(*row) for row in shapes])


def test_what_is_made_of_blocks_is_not_lowered_as_a_whole() -> None:
    (x,) = names(("m",))
    with pytest.raises(NotSupported, match="as a whole"):
        lower_tensor(apply("concat", x, x), Assumptions(), Table())


def test_a_formula_about_blocks_has_its_structure() -> None:
    a, b = names(("m", "n"), ("m", "k"))
    assert structure(grid([[a, b]])) == structure(grid([[a, b]]))
    assert structure(grid([[a, b]])) != structure(grid([[b, a]]))
    assert [type(part).__name__ for part in walk(grid([[a, b]]))] == ["Apply", "Variable", "Variable"]


@pytest.mark.parametrize("shape", [("m",), ("n",), ("n", "m"), ("m", "n", "k")])
def test_a_block_of_another_shape_does_not_slip_in(shape: tuple[str, ...]) -> None:
    """An edit that puts a vector of the right height where a matrix stood is no formula."""
    (cell,) = names(shape)
    with pytest.raises(ShapeMismatch, match=r"leave \(m, n\)"):
        apply("block", cell, *names(("m", "k")), params=((("m",),), (("n",), ("k",))))
