"""Duals against difference quotients, and the derivative oracle against `differentiate`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import islice, product

import pytest
from evaluation_formulas import Case, assuming, call, d, differential, op, var, where
from flint import arb, ctx, fmpq

from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.duals import Dual, dual_function, dual_power
from symcheck.evaluation.numbers import differ, is_finite
from symcheck.evaluation.points import points
from symcheck.evaluation.series import Oracle
from symcheck.language.claim import Kind
from symcheck.language.shape import shape_of
from symcheck.language.tensor import Function, Symbol, Tensor
from symcheck.operations.elementwise import SCALAR

ONE_ARGUMENT = sorted(
    n for n, f in SCALAR.items() if len(f.derivatives) == 1 and n not in ("positive", "vanishes")
)
STEP = arb(2) ** -90


@pytest.fixture(autouse=True)
def _bits() -> object:
    with ctx.workprec(400):
        yield


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_series_of_known_functions_agree_with_difference_quotients(name: str) -> None:
    ball = SCALAR[name].ball
    for at in (fmpq(7, 3), fmpq(2, 7)):
        low, here, high = (ball(arb(at) + k * STEP) for k in (-1, 0, 1))
        if not (low.is_finite() and high.is_finite()):
            continue
        if name in ("abs", "relu", "heaviside", "sign"):
            continue
        found = dual_function(ball, (Dual(1, Dual(0, at, fmpq(1)), fmpq(1)),), lambda: None)
        assert abs(found.re.re - here) < 1e-50
        assert abs(found.du.re - (high - low) / (2 * STEP)) < 1e-10
        assert abs(found.du.du - (high - 2 * here + low) / STEP**2) < 1e-10


def test_powers_of_duals_are_exact_where_they_can_be() -> None:
    x = Dual(1, Dual(0, fmpq(4), fmpq(1)), fmpq(1))
    third = dual_power(x, Fraction(3))
    assert (third.re.re, third.du.re, third.du.du) == (64, 48, 24)
    root = dual_power(x, Fraction(1, 2))
    assert (root.re.re, root.du.re, root.du.du) == (2, fmpq(1, 4), fmpq(-1, 32))
    assert not dual_power(Dual(0, fmpq(0), fmpq(1)), Fraction(1, 2)).is_finite()
    assert (dual_power(Dual(0, fmpq(0), fmpq(1)), Fraction(1))).du == 1


def test_mixed_second_derivative_of_a_function_of_two_arguments() -> None:
    ball = SCALAR["hypot"].ball
    x, y = Dual(0, fmpq(3), fmpq(1)), Dual(1, fmpq(4), fmpq(1))
    found = dual_function(ball, (x, y), lambda: None)
    assert abs(found.du.du + fmpq(12, 125)) < 1e-50


x, y, c = var("x", "n"), var("y", "m"), var("c")
A, S, B = var("A", "m", "n"), var("S", "n", "n"), var("B", "n", "m")
SIGMA = Function("sigma", ((),), (), True)
MAP = Function("F", (shape_of("n"), ()), shape_of("m"))
p, q, r = var("p", "m"), var("q", "m"), var("r")
GRAPH: dict[Symbol, Tensor] = {
    p.symbol: A @ x + y,
    q.symbol: op("tanh", p) * p,
    r.symbol: op("sumall", q * q) + op("sumall", p * y),
}
FORMULAS: list[tuple[str, Tensor, Mapping[Symbol, Tensor]]] = [
    ("quadratic form", d(op("matmul", x, S @ x), x), {}),
    ("Hessian", d(d(op("exp", op("matmul", x, S @ x) / 50), x), x), {}),
    ("softmax", d(op("softmax", x), x), {}),
    ("inverse", d(op("tr", op("inv", S) @ B @ A), S), {}),
    ("second derivative through an inverse", d(d(op("inv", S)[0, 0], S), S), {}),
    ("determinant", d(op("det", S), S), {}),
    ("log of a determinant", d(op("logdet", S.T @ S), S), {}),
    ("norm", d(op("normF", A), A), {}),
    ("branches", d(op("sumall", where(x, ">", 1, op("log", x * x), x**3)), x), {}),
    ("absolute value and maximum", d(op("sumall", op("abs", x) * op("maximum", x, c)), x), {}),
    ("an entry", d(x[1] ** 3 + x[0] * x[1], x), {}),
    ("undefined function", d(op("sumall", call(SIGMA, A @ x, orders=(1,))), A), {}),
    ("vector map", d(call(MAP, x * x, c), x), {}),
    ("derivative of a vector map", d(call(MAP, x, c, orders=(1, 0)), x), {}),
    ("vector map in its scalar", d(d(call(MAP, x, c * c), c), c), {}),
    ("two arguments", d(d(op("hypot", c, op("sumall", x)), c), c), {}),
    ("through the graph", d(r, x), GRAPH),
    ("cut in the middle", d(r, p), GRAPH),
    ("cut at the end", d(r, q), GRAPH),
    ("matrix through the graph", d(r, A), GRAPH),
    ("Hessian through the graph", d(d(r, x), x), GRAPH),
    ("first in an input, then in a name", d(d(r, x), p), GRAPH),
    ("first in a name, then in an input", d(d(r, p), x), GRAPH),
    ("local", d(q, p, local=True), GRAPH),
    ("local, other names held", d(r, p, local=True), GRAPH),
    ("a product with the derivative", d(r, p) * p, GRAPH),
    ("differential", differential(r), GRAPH),
    ("differential of an expression", differential(op("inv", S) @ x), {}),
    ("derivative of a differential", d(differential(r), y), GRAPH),
    ("not downstream", d(p, c), GRAPH),
]


@pytest.mark.parametrize(("formula", "graph"), [f[1:] for f in FORMULAS], ids=[f[0] for f in FORMULAS])
def test_series_of_the_forward_expression_agree_with_differentiation(
    formula: Tensor, graph: Mapping[Symbol, Tensor]
) -> None:
    assumptions = assuming((c, Kind.INTERVAL, (Fraction(0), True, None, False)), (S, Kind.INVERTIBLE))
    case = Case(formula, definitions=graph, assumptions=assumptions)
    idxs = case.equation.idxs
    compared = 0
    for at in islice(points(case.equation, assumptions, 3, (case.left,)), 2):
        evaluator = Evaluator(case.graph, at)
        done = evaluator.entries(case.left, idxs)
        whole = Oracle(case.graph, at).entries(case.equation.left, idxs)
        places = list(product(*map(range, evaluator.layout.shape(idxs))))
        for k, place in enumerate(places):
            assert is_finite(done[k])
            assert is_finite(whole[k])
            assert not differ(done[k], whole[k]), place
            if k % 3 == 0:
                oracle = Oracle(case.graph, at, dict(zip(idxs, place, strict=True)))
                assert not differ(oracle.component(case.equation.left), whole[k])
                assert not oracle.notes
            compared += 1
    assert compared


@pytest.mark.parametrize(
    "build",
    [lambda v: op("abs", v), lambda v: where(v, ">", 0, v, 0), lambda v: op("maximum", v, 0 * v)],
)
def test_nothing_is_claimed_on_a_kink(build: Callable[[Tensor], Tensor]) -> None:
    case = Case(d(build(c - 1), c))
    (at, *_) = points(case.equation, case.assumptions)
    on_it = at.with_entry(c.symbol, 0, fmpq(1))
    assert not is_finite(Oracle(case.graph, on_it).component(case.equation.left))
    beside = at.with_entry(c.symbol, 0, fmpq(3))
    assert is_finite(Oracle(case.graph, beside).component(case.equation.left))


def test_functions_without_series_are_flagged_as_a_check_only() -> None:
    case = Case(d(op("invdigamma", c * c + 1), c))
    (at, *_) = points(case.equation, case.assumptions)
    oracle = Oracle(case.graph, at)
    values = [oracle.component(case.equation.left), Evaluator(case.graph, at).entries(case.left, ())[0]]
    assert not is_finite(values[0]) or (oracle.notes and not differ(*values))
