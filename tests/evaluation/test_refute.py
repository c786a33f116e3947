"""What is wrong is refuted by a witness that anyone can recompute; what is right has a living point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from evaluation_formulas import Case, assuming, call, d, differential, op, symbol, var, where
from flint import arb, ctx, fmpq

from symcheck.errors import Contradiction
from symcheck.evaluation.cache import Evaluators
from symcheck.evaluation.points import GivenEntries, point_at
from symcheck.evaluation.refute import living_point, refute
from symcheck.evaluation.values import evaluate_values, value_of
from symcheck.language.claim import Assumptions, Kind
from symcheck.language.shape import shape_of
from symcheck.language.tensor import (
    Constant,
    Function,
    Number,
    SizeNumber,
    Symbol,
    Tensor,
    variable,
)

x, y, z = var("x", "n"), var("y", "m"), var("z", "n")
a, b, c = var("a"), var("b"), var("c")
A, S, X = var("A", "m", "n"), var("S", "n", "n"), var("X", "N", "k")
SIGMA = Function("sigma", ((),), (), True)
MAP = Function("F", (shape_of("n"),), shape_of("m"))
e, f = var("e"), var("f")
GRAPH: dict[Symbol, Tensor] = {e.symbol: a + c, f.symbol: e * a}
NONE = Assumptions()
POSITIVE = (Fraction(0), True, None, False)
quadratic = op("matmul", x, S @ x)
gram = op("inv", X.T @ X)
pi = Constant((), "pi")
Row = tuple[str, Tensor, object, Mapping[Symbol, Tensor], Assumptions]

RIGHT: list[Row] = [
    ("quadratic form", d(quadratic, x), (S + S.T) @ x, {}, NONE),
    ("symmetric form", d(quadratic, x), 2 * S @ x, {}, assuming((S, Kind.SYMMETRIC))),
    ("log of the determinant", d(op("logdet", X.T @ X), X), 2 * X @ gram, {}, NONE),
    ("total derivative cut at e", d(f, e), a + 0, GRAPH, NONE),
    ("total derivative in a", d(f, a), e + a, GRAPH, NONE),
    ("local derivative", d(f, a, local=True), e + 0, GRAPH, NONE),
    ("differential", differential(f), differential(e) * a + e * differential(a), GRAPH, NONE),
    ("undefined function", d(op("sumall", call(SIGMA, x)), x), call(SIGMA, x, orders=(1,)), {}, NONE),
    ("logarithm", d(op("log", a), a), 1 / a, {}, NONE),
    ("nested logarithm", op("log", op("log", a * a + 2)) + 0, op("log", op("log", 2 + a * a)), {}, NONE),
    ("arc sine", d(op("asin", a), a), 1 / op("sqrt", 1 - a * a), {}, NONE),
    ("arcosh", d(op("acosh", a), a), 1 / op("sqrt", a * a - 1), {}, NONE),
    ("relu, whichever side", d(op("relu", a), a), where(a, ">=", 0, 1, 0), {}, NONE),
    ("two roots", op("sqrt", a) * op("sqrt", b), op("sqrt", a * b), {}, NONE),
    ("simplex", op("sumall", x) * a, a + 0, {}, assuming((x, Kind.SIMPLEX))),
    ("a number", op("sin", pi), 0, {}, NONE),
]
WRONG: list[Row] = [
    ("lost transpose", d(quadratic, x), 2 * S @ x, {}, NONE),
    ("lost factor", d(quadratic, x), S @ x, {}, assuming((S, Kind.SYMMETRIC))),
    (
        "order of a product",
        d(op("tr", op("inv", S) @ var("B", "n", "n")), S),
        -op("inv", S) @ op("inv", S),
        {},
        NONE,
    ),
    ("true for even sizes only", op("det", -S), op("det", S), {}, NONE),
    ("true for size 1 only", op("sumall", op("outer", x, x)), op("matmul", x, x), {}, NONE),
    ("true for one size only", op("sumall", op("ones", params=(("n",),))), Number((), Fraction(2)), {}, NONE),
    ("Gram matrix", d(op("logdet", X.T @ X), X), X @ gram, {}, NONE),
    ("cut at e forgotten", d(f, e), a + e, GRAPH, NONE),
    ("only one path", d(f, a), e + 0, GRAPH, NONE),
    ("local for total", d(f, a, local=True), e + a, GRAPH, NONE),
    ("differential", differential(f), differential(e) * a, GRAPH, NONE),
    ("f for f′", d(op("sumall", call(SIGMA, x)), x), call(SIGMA, x), {}, NONE),
    ("third derivative", call(SIGMA, a, orders=(3,)), 0 * a, {}, NONE),
    ("seventh derivative", call(SIGMA, a, orders=(7,)), 0 * a, {}, NONE),
    (
        "vector map",
        d(op("sumall", call(MAP, x * x)), x),
        2 * x * (call(MAP, x, orders=(1,)).T @ op("ones", params=(("m",),))),
        {},
        NONE,
    ),
    ("missing modulus", op("sqrt", a * a), a + 0, {}, NONE),
    ("only for x > 0", where(a, ">", 0, a, 0), a + 0, {}, NONE),
    ("far branch", where(a, ">", 100, 1, 0), 0 * a, {}, NONE),
    ("boundary", where(a, ">", 0, 1, 0), where(a, ">=", 0, 1, 0), {}, NONE),
    ("boundary of two names", where(a, "<", b, 1, 0), where(a, "<=", b, 1, 0), {}, NONE),
    (
        "boundary with a slope",
        where(3 * a + 2 * b, "<", 7, 1, 0),
        where(3 * a + 2 * b, "<=", 7, 1, 0),
        {},
        NONE,
    ),
    (
        "boundary of a square",
        where(a * a, ">", 2 * a + 3, 1, 0),
        where(a * a, ">=", 3 + 2 * a, 1, 0),
        {},
        NONE,
    ),
    (
        "boundary of an assumption",
        where(a, ">", 1, 1, 0),
        Number((), Fraction(1)),
        {},
        assuming((a, Kind.INTERVAL, (Fraction(1), False, None, False))),
    ),
    ("an entry", where(x, "==", 0, 1, 0), 0 * x, {}, NONE),
    ("not on the simplex", op("sumall", x) * a, a + 0, {}, NONE),
    ("logarithm of a product", d(op("log", a * b), a), 1 / b, {}, assuming((a, Kind.INTERVAL, POSITIVE))),
    ("a size", op("tr", op("eye", params=(("n",),))), SizeNumber((), "n") + 1, {}, NONE),
]


def case_of(row: Row) -> Case:
    return Case(row[1], row[2], row[3], row[4])


@pytest.mark.parametrize("row", RIGHT, ids=[r[0] for r in RIGHT])
def test_right_equations_have_a_living_point_and_no_witness(row: Row) -> None:
    case = case_of(row)
    for seed in range(3):
        finding = case.refute(seed=seed)
        assert finding.witness is None
        assert finding.living is not None
        assert not finding.partly
        assert all(size > 1 for size in finding.living.sizes.values())
        quick = case.refute(seed=seed, proved=True)
        assert quick.living is not None
        assert quick.tried <= finding.tried


@pytest.mark.parametrize("row", WRONG, ids=[r[0] for r in WRONG])
def test_wrong_equations_are_refuted_for_every_seed(row: Row) -> None:
    case = case_of(row)
    for seed in range(3):
        witness = case.refute(seed=seed).witness
        assert witness is not None
        assert witness.claimed != witness.true
        assert len(witness.component) == len(case.equation.idxs)
        assert witness == case.refute(seed=seed).witness


def test_the_witness_is_small_and_says_all_that_is_needed() -> None:
    witness = Case(d(quadratic, x), 2 * S @ x).refute().witness
    assert witness is not None
    assert witness.sizes == {"n": 2}
    assert list(witness.entries) == ["x", "S"]
    vector, matrix = witness.entries["x"], witness.entries["S"]
    rows = [[Fraction(v) for v in row] for row in matrix]  # type: ignore[attr-defined]
    at = [Fraction(v) for v in vector]  # type: ignore[attr-defined]
    (i,) = witness.component
    assert Fraction(witness.claimed) == 2 * sum(rows[i][k] * at[k] for k in range(2))
    assert Fraction(witness.true) == sum((rows[i][k] + rows[k][i]) * at[k] for k in range(2))


def test_the_witness_states_polynomials_and_directions() -> None:
    witness = Case(differential(call(SIGMA, a)), call(SIGMA, a) * differential(a)).refute().witness
    assert witness is not None
    assert set(witness.entries) == {"a", "da"}
    at, step = (Fraction(str(witness.entries[k])) for k in ("a", "da"))
    coefficients = {}
    for term in witness.functions["sigma"].replace("- ", "+ -").split(" + "):
        factor, _, power = term.partition("x")
        size = factor.strip("*") or "1"
        degree = 0 if "x" not in term else int(power.strip("*") or 1)
        coefficients[degree] = Fraction("-1" if size == "-" else size)
    value = sum(q * at**k for k, q in coefficients.items())
    slope = sum(k * q * at ** (k - 1) for k, q in coefficients.items() if k)
    assert Fraction(witness.true) == slope * step
    assert Fraction(witness.claimed) == value * step


def test_transcendental_values_have_twenty_digits() -> None:
    witness = Case(d(op("exp", a), a), op("sin", a)).refute().witness
    assert witness is not None
    assert witness.true.startswith(("7.389056098930650227", "2.718281828459045235", "20.08553692318766774"))


def test_on_a_boundary_nothing_with_a_derivative_is_refuted() -> None:
    case = Case(d(op("relu", a), a), where(a, ">=", 0, 1, 0))
    assert case.refute().witness is None
    assert case.refute(boundaries=True).witness is None


def test_a_wrong_derivative_of_ours_is_a_contradiction() -> None:
    case = Case(d(a**3, a), 3 * a**2)
    wrong = differentiated(case, Fraction(2))
    with pytest.raises(Contradiction) as caught:
        refute(case.equation, wrong, case.right, NONE)
    assert caught.value.code == "SC900"


def differentiated(case: Case, factor: Fraction):  # type: ignore[no-untyped-def]
    return case.left * case.table.num(factor)


def test_what_exists_nowhere_has_no_living_point() -> None:
    for left in (1 / (a - a), op("log", -(a * a) - 1), op("inv", op("outer", x, x))):
        case = Case(left, left + 0)
        finding = case.refute()
        assert finding.witness is None
        assert finding.living is None
        assert living_point(case.equation, case.left, case.right, NONE) is None


def test_where_only_some_entries_exist_the_point_is_partly_living() -> None:
    diagonal = op("eye", params=(("n",),))
    case = Case(1 / diagonal, 1 / diagonal + 0)
    finding = case.refute()
    assert finding.living is not None
    assert finding.partly


def test_too_much_to_evaluate_is_no_verdict() -> None:
    many = Assumptions(at_least={"n": 500, "m": 500})
    finding = Case(op("outer", x, y), op("outer", x, y) + 0, assumptions=many).refute()
    assert finding.witness is None
    assert finding.living is None
    assert finding.over_budget


def test_fixed_sizes_of_practice_are_evaluated() -> None:
    image, weights = var("x", 784), var("W", 32, 784)
    loss = op("sumall", (weights @ image) ** 2) / 2
    case = Case(d(loss, weights), op("outer", weights @ image, image))
    assert case.refute(proved=True).living is not None


def test_claims_of_one_graph_share_points_and_values() -> None:
    evaluators = Evaluators()
    first = Case(d(f, a), e + a, GRAPH)
    found = []
    for left, right in ((first.left, first.right), (first.right, first.left)):
        equation = replace(first.equation, left=left, right=right)
        found.append(refute(equation, left, right, NONE, evaluators=evaluators, proved=True).living)
    assert found[0] is found[1]


def test_deep_graphs_are_evaluated_layer_by_layer() -> None:
    definitions: dict[Symbol, Tensor] = {}
    previous: Tensor = var("x", "n0")
    names = []
    for k in range(1, 201):
        weights, p, h = var(f"W{k}", f"n{k}", f"n{k - 1}"), var(f"p{k}", f"n{k}"), var(f"h{k}", f"n{k}")
        definitions[p.symbol] = weights @ previous
        definitions[h.symbol] = call(SIGMA, p)
        names.append((weights, p, previous))
        previous = h
    loss = var("loss")
    definitions[loss.symbol] = op("sumall", previous * previous)
    evaluators = Evaluators()
    graph = Case(loss, loss + 0, definitions)
    for weights, p, before in (names[0], names[100], names[-1]):
        case = Case(d(loss, weights), op("outer", d(loss, p), before), definitions)
        arguments = (case.equation, case.left, case.right, NONE)
        assert refute(*arguments, evaluators=evaluators, proved=True).living is not None
        case = Case(d(loss, weights), 2 * op("outer", d(loss, p), before), definitions)
        arguments = (case.equation, case.left, case.right, NONE)
        assert refute(*arguments, evaluators=evaluators).witness is not None
    assert graph.refute(proved=True).living is not None


def test_values_at_the_point_of_an_author() -> None:
    g, h = var("g"), var("h")
    definitions = {e.symbol: a + c, g.symbol: b - var("d"), h.symbol: op("exp", e), f.symbol: call(SIGMA, h)}
    case = Case(d(h, a), h + 0, definitions)
    point = point_at({a.symbol: Fraction(23), c.symbol: Fraction(-5), b.symbol: Fraction(1, 2)})
    found = {s.name: v for s, v in evaluate_values(case.graph, point).items()}
    assert found["e"] == fmpq(18)
    assert set(found) == {"a", "c", "b", "e", "h"}
    assert isinstance(found["h"], arb)
    with ctx.workprec(100):
        assert abs(value_of(case.left, (), case.graph, point) - arb(18).exp()) < 1e-20  # type: ignore[operator]
    matrix = point_at({S.symbol: ((Fraction(1), Fraction(2)), (Fraction(3), Fraction(4)))})
    product = Case(S @ S, S @ S)
    assert value_of(product.left, product.equation.idxs, product.graph, matrix) == [[7, 10], [15, 22]]
    assert isinstance(matrix.entries, GivenEntries)


def test_symbols_of_one_name_are_told_apart() -> None:
    first, second = variable(symbol("v", "n")), variable(symbol("v", "m"))
    assert Case(op("sumall", first), op("sumall", second)).refute().witness is not None
