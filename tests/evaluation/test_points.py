"""Every point satisfies its assumptions; points are the same for the same seed, and varied."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from evaluation_formulas import Case, assuming, call, op, symbol, var
from flint import fmpq

from symcheck.evaluation.conditions import gathered, satisfies
from symcheck.evaluation.points import Point, lengths, points
from symcheck.evaluation.sampling import Style, draw
from symcheck.evaluation.streams import Stream
from symcheck.language.claim import Assumption, Assumptions, Kind
from symcheck.language.shape import Shape, shape_of
from symcheck.language.tensor import Function, Symbol

INTERVAL = Kind.INTERVAL
POSITIVE = (Fraction(0), True, None, False)
INSIDE = (Fraction(-1), True, Fraction(1), True)
CLOSED = (Fraction(0), False, Fraction(1), False)
SQUARE = [
    Kind.SYMMETRIC,
    Kind.ANTISYMMETRIC,
    Kind.INVERTIBLE,
    Kind.DET_POSITIVE,
    Kind.POSITIVE_DEFINITE,
    Kind.DIAGONAL,
    Kind.ORTHOGONAL,
    Kind.LOWER_TRIANGULAR,
    Kind.IDEMPOTENT,
    Kind.FULL_RANK,
]
POSSIBLE: list[tuple[str, Shape, list[tuple[Kind, tuple[object, ...]]]]] = [
    ("positive", shape_of("n"), [(INTERVAL, POSITIVE)]),
    ("inside", shape_of("n", "m"), [(INTERVAL, INSIDE)]),
    ("two intervals", (), [(INTERVAL, POSITIVE), (INTERVAL, INSIDE)]),
    ("a point", (), [(INTERVAL, (Fraction(2), False, Fraction(2), False))]),
    ("integers", shape_of("n"), [(Kind.INTEGER, ())]),
    ("positive integers", shape_of("n"), [(Kind.INTEGER, ()), (INTERVAL, POSITIVE)]),
    ("integers in a range", (), [(Kind.INTEGER, ()), (INTERVAL, (Fraction(-3), True, Fraction(5, 2), True))]),
    ("binary", shape_of("n"), [(Kind.BINARY, ())]),
    ("binary and positive", shape_of("n"), [(Kind.BINARY, ()), (INTERVAL, POSITIVE)]),
    ("signs", shape_of("n", "m"), [(Kind.SIGNS, ())]),
    ("one-hot", shape_of("n"), [(Kind.ONE_HOT, ())]),
    ("one-hot rows", shape_of("n", "m"), [(Kind.ONE_HOT, ())]),
    ("simplex", shape_of("n"), [(Kind.SIMPLEX, ())]),
    ("inside the simplex", shape_of("n"), [(Kind.SIMPLEX, ()), (INTERVAL, POSITIVE)]),
    ("binary on the simplex", shape_of("n"), [(Kind.SIMPLEX, ()), (Kind.BINARY, ())]),
    ("sum", shape_of("n"), [(Kind.SUM, (Fraction(1),))]),
    ("positive with sum", shape_of("n", "m"), [(Kind.SUM, (Fraction(3),)), (INTERVAL, POSITIVE)]),
    ("unit", shape_of("n"), [(Kind.UNIT, ())]),
    ("unit and positive", shape_of("n"), [(Kind.UNIT, ()), (INTERVAL, (Fraction(0), False, None, False))]),
    *((str(kind), shape_of("n", "n"), [(kind, ())]) for kind in SQUARE if kind is not Kind.ANTISYMMETRIC),
    ("antisymmetric", shape_of("n", "n"), [(Kind.ANTISYMMETRIC, ())]),
    ("full rank", shape_of("n", "m"), [(Kind.FULL_RANK, ())]),
    ("symmetric orthogonal", shape_of("n", "n"), [(Kind.SYMMETRIC, ()), (Kind.ORTHOGONAL, ())]),
    ("symmetric idempotent", shape_of("n", "n"), [(Kind.SYMMETRIC, ()), (Kind.IDEMPOTENT, ())]),
    ("a rotation", shape_of("n", "n"), [(Kind.DET_POSITIVE, ()), (Kind.ORTHOGONAL, ())]),
    ("positive symmetric", shape_of("n", "n"), [(Kind.SYMMETRIC, ()), (INTERVAL, POSITIVE)]),
    (
        "positive definite and positive",
        shape_of("n", "n"),
        [(Kind.POSITIVE_DEFINITE, ()), (INTERVAL, POSITIVE)],
    ),
    ("triangular with det > 0", shape_of("n", "n"), [(Kind.LOWER_TRIANGULAR, ()), (Kind.DET_POSITIVE, ())]),
    ("diagonal positive definite", shape_of("n", "n"), [(Kind.DIAGONAL, ()), (Kind.POSITIVE_DEFINITE, ())]),
    ("invertible idempotent", shape_of("n", "n"), [(Kind.INVERTIBLE, ()), (Kind.IDEMPOTENT, ())]),
]
IMPOSSIBLE: list[tuple[str, Shape, list[tuple[Kind, tuple[object, ...]]]]] = [
    (
        "x > 1 and x < 0",
        (),
        [(INTERVAL, (Fraction(1), True, None, False)), (INTERVAL, (None, False, Fraction(0), True))],
    ),
    ("an open empty interval", (), [(INTERVAL, (Fraction(1), True, Fraction(1), False))]),
    ("no whole number", (), [(Kind.INTEGER, ()), (INTERVAL, (Fraction(0), True, Fraction(1), True))]),
    ("a positive one-hot vector", shape_of("n"), [(Kind.ONE_HOT, ()), (INTERVAL, POSITIVE)]),
    ("two sums", shape_of("n"), [(Kind.SUM, (Fraction(1),)), (Kind.SUM, (Fraction(2),))]),
    ("a positive diagonal matrix", shape_of("n", "n"), [(Kind.DIAGONAL, ()), (INTERVAL, POSITIVE)]),
]


def assumptions_of(
    variable: Symbol, conditions: list[tuple[Kind, tuple[object, ...]]]
) -> tuple[Assumption, ...]:
    return tuple(Assumption(kind, variable, str(kind), data) for kind, data in conditions)  # type: ignore[arg-type]


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize(("shape", "conditions"), [r[1:] for r in POSSIBLE], ids=[r[0] for r in POSSIBLE])
def test_drawn_entries_satisfy_their_conditions(
    shape: Shape, conditions: list[tuple[Kind, tuple[object, ...]]], style: Style
) -> None:
    wanted = gathered(assumptions_of(Symbol("x", shape), conditions))
    for sizes in ({"n": 2, "m": 3}, {"n": 3, "m": 2}, {"n": 4, "m": 4}, {"n": 1, "m": 2}):
        axes = lengths(shape, sizes)
        for number in range(3):
            entries = draw(axes, wanted, Stream("x", number), style)
            assert entries is not None, sizes
            assert satisfies(entries, axes, wanted)


@pytest.mark.parametrize(("shape", "conditions"), [r[1:] for r in IMPOSSIBLE], ids=[r[0] for r in IMPOSSIBLE])
def test_contradictory_assumptions_have_no_points(
    shape: Shape, conditions: list[tuple[Kind, tuple[object, ...]]]
) -> None:
    variable = Symbol("x", shape)
    body = var("y") + 0
    case = Case(body, body, assumptions=Assumptions(assumptions_of(variable, conditions)))
    assert not [p for p in points(case.equation, case.assumptions) if p.living]
    assert case.refute(proved=True).living is None


def test_pairs_of_matrix_conditions_are_met_or_refused_but_never_broken() -> None:
    for pair in combinations(SQUARE, 2):
        wanted = gathered(assumptions_of(symbol("A", "n", "n"), [(kind, ()) for kind in pair]))
        for size in (1, 2, 3):
            entries = draw((size, size), wanted, Stream("A", size), Style.MIXED)
            assert entries is None or satisfies(entries, (size, size), wanted)


def first_points(seed: int = 0) -> list[Point]:
    v = var("x", "n")
    case = Case(op("outer", v, var("y", "m")))
    return list(points(case.equation, case.assumptions, seed))


def entries_of(found: list[Point], name: str) -> list[object]:
    return [tuple(p.entries[symbol(name, "n")]) for p in found]


def test_points_are_deterministic_for_a_seed() -> None:
    assert entries_of(first_points(), "x") == entries_of(first_points(), "x")
    assert entries_of(first_points(), "x") != entries_of(first_points(1), "x")


def test_sizes_are_unequal_small_and_of_both_parities() -> None:
    sizes = [p.sizes for p in first_points()]
    assert sizes[0] == {"n": 2, "m": 3}
    assert sizes[1] == {"n": 3, "m": 2}
    assert any(s["n"] > s["m"] for s in sizes)
    assert {s["n"] % 2 for s in sizes} == {0, 1}
    assert max(max(s.values()) for s in sizes) <= 5
    assert any(1 in s.values() for s in sizes)


def test_first_points_avoid_zero_and_one_and_repetition() -> None:
    for p in first_points()[:3]:
        entries = p.entries[Symbol("x", shape_of("n"))]
        assert not {fmpq(0), fmpq(1)} & set(entries)
        assert len(set(entries)) == len(entries)


def test_sizes_respect_what_is_assumed_of_them() -> None:
    x, y = var("x", "n"), var("y", "m")
    case = Case(
        op("sumall", op("outer", x, y)) + x[4],
        assumptions=Assumptions(dims={"m": "k", "k": "k"}, at_least={"k": 3}),
    )
    for p in points(case.equation, case.assumptions):
        assert p.sizes["m"] == p.sizes["k"] >= 3
        assert p.sizes["n"] >= 5
    fixed = Case(op("sumall", x) + 0, assumptions=Assumptions(dims={"n": 2}))
    assert {p.sizes["n"] for p in points(fixed.equation, fixed.assumptions)} == {2}


def test_interval_ends_are_visited_where_they_belong() -> None:
    x = var("x", "n")
    wanted = gathered(assumptions_of(x.symbol, [(INTERVAL, CLOSED)]))
    met = {e for k in range(6) for e in draw((3,), wanted, Stream("x", k), Style.EDGE) or ()}
    assert {fmpq(0), fmpq(1)} <= met


def test_undefined_functions_get_polynomials_of_sufficient_degree() -> None:
    sigma = Function("sigma", ((),), (), True)
    x = var("x")
    case = Case(call(sigma, x, orders=(6,)))
    (p, *_) = points(case.equation, case.assumptions)
    assert len(p.functions[sigma].coefficients) >= 8  # type: ignore[union-attr]


def test_assumptions_about_a_defined_name_restrict_the_inputs() -> None:
    x, p = var("x"), var("p")
    case = Case(
        op("abs", p),
        p + 0,
        definitions={p.symbol: x - 1},
        assumptions=assuming((p, INTERVAL, POSITIVE)),
    )
    finding = case.refute()
    assert finding.witness is None
    assert finding.living is not None
    assert finding.living.entries[x.symbol][0] > 1
