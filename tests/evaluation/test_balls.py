"""Rows of index notation built by hand, against plain loops over NumPy arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from symcheck.errors import BudgetExhausted
from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.points import GivenEntries, NoEntries, Point, point_at
from symcheck.evaluation.polynomials import Form, ScalarPolynomial, VectorPolynomial
from symcheck.language.claim import Graph
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.operand import LoweredGraph, Operand
from symcheck.language.shape import shape_of
from symcheck.language.tensor import Function, Symbol

SIZES = {"m": 2, "n": 3}
A, B, S = Symbol("A", shape_of("m", "n")), Symbol("B", shape_of("n", "m")), Symbol("S", shape_of("n", "n"))
X, Y, C = Symbol("x", shape_of("n")), Symbol("y", shape_of("m")), Symbol("c", ())
VALUES = {
    A: np.array([[1.5, -2, 0.25], [3, 0.5, -1]]),
    B: np.array([[2, -1.0], [0.5, 4], [1, 3]]),
    S: np.array([[2, 1.0, 0], [-1, 3, 0.5], [0.25, 1, 4]]),
    X: np.array([0.5, -3, 2.0]),
    Y: np.array([1.25, -0.5]),
    C: np.array(0.75),
}
SIGMA = Function("sigma", ((),), (), True)
MAP = Function("F", (shape_of("n"), ()), shape_of("m"))


def point() -> Point:
    entries = GivenEntries(
        {s: [fmpq(*float(v).as_integer_ratio()) for v in a.flat] for s, a in VALUES.items()}
    )
    form = [Form(fmpq(1, 2), tuple(map(fmpq, w)), fmpq(1), 3) for w in ((1, 2, -1, 3), (0, 1, 1, -2))]
    return Point(
        dict(SIZES),
        entries,
        {
            SIGMA: ScalarPolynomial(tuple(map(fmpq, (1, -2, 3, 4)))),
            MAP: VectorPolynomial((fmpq(1), fmpq(0)), ((form[0],), (form[1], form[0]))),
        },
    )


class Notation:
    """A table with two free indices of each size."""

    def __init__(self) -> None:
        self.t = Table()
        self.i, self.p = self.t.fresh("i", "m"), self.t.fresh("p", "m")
        self.j, self.q = self.t.fresh("j", "n"), self.t.fresh("q", "n")

    def fresh(self, dim: str) -> Idx:
        return self.t.fresh("k", dim)


Row = tuple[str, Callable[[Notation], tuple[Node, tuple[Idx, ...]]], object]
a, b, s, x, y, c = (VALUES[k] for k in (A, B, S, X, Y, C))


def matmul(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    k = o.fresh("n")
    return o.t.sum((k,), o.t.entry(A, (o.i, k)) * o.t.entry(B, (k, o.p))), (o.i, o.p)


def three(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    k, m = o.fresh("n"), o.fresh("m")
    body = o.t.entry(A, (m, k)) * o.t.entry(B, (o.j, m)) * o.t.entry(X, (k,))
    return o.t.sum((k, m), body), (o.j,)


def delta_contracted(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    k = o.fresh("n")
    return o.t.sum((k,), o.t.delta(k, o.j) * o.t.entry(X, (k,)) * o.t.entry(S, (k, k))), (o.j,)


def delta_pair(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    k, m = o.fresh("n"), o.fresh("n")
    body = o.t.mul(o.t.delta(k, m), o.t.delta(m, o.t.literal(1, "n")), o.t.entry(S, (k, m)))
    return o.t.sum((k, m), body), ()


def empty_sum(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    k = o.fresh("n")
    return o.t.sum((k,), o.t.entry(Y, (o.i,))), (o.i,)


def with_sums(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    k, m = o.fresh("n"), o.fresh("n")
    return o.t.sum((k,), o.t.entry(X, (k,))) * o.t.sum((m,), o.t.entry(X, (m,)) ** 2), ()


def diagonal(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    return o.t.entry(S, (o.j, o.j)) + o.t.entry(X, (o.j,)) * o.t.dim("n"), (o.j,)


def literal(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    return o.t.entry(S, (o.t.literal(2, "n"), o.j)) - o.t.delta(o.j, o.t.literal(0, "n")), (o.j,)


def repeated(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    return o.t.entry(X, (o.j,)) + o.t.entry(Y, (o.i,)) * 2, (o.i, o.j)


def softmax(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    k = o.fresh("n")
    e = o.t.fn("exp", o.t.entry(X, (o.j,)))
    return e / o.t.sum((k,), o.t.fn("exp", o.t.entry(X, (k,)))), (o.j,)


def guarded(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    v = o.t.entry(X, (o.j,))
    return o.t.case(o.t.fn("positive", v), o.t.fn("log", v), v**3), (o.j,)


def undefined(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    return o.t.ufn(SIGMA, 1, o.t.entry(X, (o.j,))), (o.j,)


def inverse(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    row, col = o.fresh("n"), o.fresh("n")
    return o.t.inverse(row, col, o.t.entry(S, (row, col)), o.j, o.q), (o.j, o.q)


def inverse_diagonal(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    row, col = o.fresh("n"), o.fresh("n")
    body = o.t.entry(S, (row, col)) + o.t.delta(row, col) * o.t.entry(Y, (o.i,))
    return o.t.inverse(row, col, body, o.j, o.j), (o.i, o.j)


def determinants(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    row, col = o.fresh("n"), o.fresh("n")
    matrix = o.t.entry(S, (row, col)) * o.t.entry(Y, (o.i,))
    return o.t.det(row, col, matrix) + o.t.logdet(row, col, matrix), (o.i,)


def root(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    return o.t.pow(o.t.entry(X, (o.j,)) ** 2 + 1, Fraction(-3, 2)), (o.j,)


def application(o: Notation) -> tuple[Node, tuple[Idx, ...]]:
    k = o.fresh("n")
    body = o.t.entry(A, (o.i, k)) * 2
    node = o.t.app(MAP, ((0, (o.j,)),), (o.p,), (((k,), body), ((), o.t.entry(C, ()))))
    return node, (o.i, o.p, o.j)


def applied() -> np.ndarray:
    found = np.zeros((2, 2, 3))
    for i in range(2):
        z = np.array([*(2 * a[i]), c])
        w0, w1 = np.array([1, 2, -1, 3]), np.array([0, 1, 1, -2])
        for j in range(3):
            first = 0.5 * 3 * (w0 @ z + 1) ** 2 * w0[j]
            found[i, 0, j] = first
            found[i, 1, j] = first + 0.5 * 3 * (w1 @ z + 1) ** 2 * w1[j]
    return found


ROWS: list[Row] = [
    ("matrix product", matmul, a @ b),
    ("three factors", three, (b @ a) @ x),
    ("delta under a sum", delta_contracted, x * np.diag(s)),
    ("two deltas, one of a number", delta_pair, s[1, 1]),
    ("a sum over nothing", empty_sum, 3 * y),
    ("a product of sums", with_sums, x.sum() * (x**2).sum()),
    ("diagonal", diagonal, np.diag(s) + 3 * x),
    ("literal index", literal, s[2] - np.eye(3)[0]),
    ("repeating along axes", repeated, x[None, :] + 2 * y[:, None]),
    ("softmax", softmax, np.exp(x) / np.exp(x).sum()),
    ("branches", guarded, [math.log(0.5), -27, math.log(2)]),
    ("undefined function", undefined, -2 + 6 * x + 12 * x**2),
    ("inverse", inverse, np.linalg.inv(s)),
    ("diagonal of inverses", inverse_diagonal, [np.diag(np.linalg.inv(s + t * np.eye(3))) for t in y]),
    (
        "determinants",
        determinants,
        [np.linalg.det(s * t) + math.log(abs(np.linalg.det(s * t))) for t in y],
    ),
    ("fractional power", root, (x**2 + 1) ** -1.5),
    ("vector map", application, applied()),
]


@pytest.mark.parametrize(("build", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_values_are_those_of_plain_arrays(build: Callable[..., object], expected: object) -> None:
    node, idxs = build(Notation())  # type: ignore[misc]
    evaluator = Evaluator(LoweredGraph(node.table, Graph()), point())
    found = [
        float(v.str(18, radius=False)) if isinstance(v, arb) else float(Fraction(str(v)))
        for v in evaluator.entries(node, idxs)
    ]
    np.testing.assert_allclose(found, np.asarray(expected, dtype=float).ravel(), rtol=1e-12)


def evaluated(node: Node, *idxs: Idx, values: Point | None = None) -> list[object]:
    return list(Evaluator(LoweredGraph(node.table, Graph()), values or point()).entries(node, idxs))


def test_rational_values_stay_exact() -> None:
    node, idxs = matmul(Notation())
    assert all(type(v) is fmpq for v in evaluated(node, *idxs))
    t = Table()
    assert evaluated(t.fn("exp", t.num(0)) + t.fn("log", t.num(1))) == [fmpq(1)]
    assert evaluated(t.pow(t.num(Fraction(9, 4)), Fraction(1, 2))) == [fmpq(3, 2)]
    assert evaluated(t.fn("abs", t.num(Fraction(-1, 3)))) == [fmpq(1, 3)]


@pytest.mark.parametrize(
    "build",
    [
        lambda t: t.fn("log", t.entry(C, ()) - Fraction(3, 4)),
        lambda t: t.pow(t.entry(C, ()) - Fraction(3, 4), Fraction(-1)),
        lambda t: t.pow(-t.entry(C, ()), Fraction(1, 3)),
        lambda t: t.fn("log", t.num(-1)) * (t.entry(C, ()) - Fraction(3, 4)),
        lambda t: t.fn("vanishes", t.fn("log", t.num(2)) + t.fn("log", t.num(3)) - t.fn("log", t.num(6))),
        lambda t: t.fn("asin", t.num(2)),
    ],
    ids=["log 0", "1/0", "root of a negative", "undefined times 0", "an undecidable zero", "asin 2"],
)
def test_what_does_not_exist_is_not_finite(build: Callable[[Table], Node]) -> None:
    (value,) = evaluated(build(Table()))
    assert not value.is_finite()  # type: ignore[attr-defined]


def test_the_branch_not_taken_does_no_harm() -> None:
    t = Table()
    value = t.entry(C, ()) - Fraction(3, 4)
    node = t.case(t.fn("vanishes", value), t.num(5), t.pow(value, Fraction(-1)))
    assert evaluated(node) == [fmpq(5)]


def test_a_singular_matrix_has_no_inverse_and_determinant_zero() -> None:
    o = Notation()
    row, col = o.fresh("n"), o.fresh("n")
    body = o.t.entry(X, (row,)) * o.t.entry(X, (col,))
    assert not any(v.is_finite() for v in evaluated(o.t.inverse(row, col, body, o.j, o.q), o.j, o.q))  # type: ignore[attr-defined]
    assert evaluated(o.t.det(row, col, body)) == [fmpq(0)]


def test_huge_powers_become_balls() -> None:
    t = Table()
    (value,) = evaluated(t.pow(t.entry(C, ()), Fraction(10**6)))
    assert type(value) is arb
    assert value.is_finite()


def test_too_many_entries_are_refused() -> None:
    t = Table()
    wide = {f"n{k}": 9 for k in range(6)}
    symbols = [Symbol(f"v{k}", shape_of(f"n{k}")) for k in range(6)]
    idxs = [t.fresh("i", f"n{k}") for k in range(6)]
    node = t.mul(*(t.entry(s, (i,)) for s, i in zip(symbols, idxs, strict=True)))
    values = Point(dict(wide), GivenEntries({s: [fmpq(1)] * 9 for s in symbols}), {})
    with pytest.raises(BudgetExhausted):
        evaluated(node, *idxs, values=values)


def test_a_name_without_value_says_so() -> None:
    t = Table()
    with pytest.raises(NoEntries, match="z has no value"):
        evaluated(t.entry(Symbol("z", ()), ()))


def test_deep_expressions_and_graphs_do_not_recurse() -> None:
    t = Table()
    node = t.entry(C, ())
    for _ in range(3000):
        node = t.fn("tanh", node + 1)
    assert evaluated(node)[0].is_finite()  # type: ignore[attr-defined]
    definitions = {}
    previous = C
    for k in range(3000):
        name = Symbol(f"h{k}", ())
        definitions[name] = Operand((), t.fn("sin", t.entry(previous, ())))
        previous = name
    graph = LoweredGraph(t, Graph(), definitions)
    assert Evaluator(graph, point()).of_name(previous)[0].is_finite()


def test_working_precision_is_left_as_it_was() -> None:
    before = ctx.prec
    evaluated(Table().fn("exp", Table().num(1)))
    assert ctx.prec == before


def test_values_an_author_gives_tell_the_sizes() -> None:
    given = {X: (Fraction(1), Fraction(2)), C: Fraction(1, 2)}
    found = point_at(given)  # type: ignore[arg-type]
    assert found.sizes == {"n": 2}
    assert found.entries[X] == [fmpq(1), fmpq(2)]


def test_opening_a_sum_captures_no_index() -> None:
    o = Notation()
    k, m = o.fresh("n"), o.fresh("n")
    inner = o.t.sum((m,), o.t.delta(k, m) * o.t.entry(X, (m,)))
    beside = o.t.sum((m,), o.t.delta(k, m) * o.t.entry(S, (m, m)))
    assert evaluated(o.t.sum((k,), inner * beside)) == [fmpq(*float(x @ np.diag(s)).as_integer_ratio())]
    free = o.t.sum((k,), inner * o.t.entry(S, (k, m)))
    assert evaluated(free, m) == [fmpq(*float(v).as_integer_ratio()) for v in x @ s]
