"""Witnesses that are easy to read: small sizes, entries 0, 1, −1, 2, 3, and still witnesses."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symcheck.api import Derivation, check_claims, check_formula, read_formula
from symcheck.evaluation.numbers import ONE, ZERO
from symcheck.evaluation.shrinking import SCALARS, SIMPLE, simpler
from symcheck.language.verdict import Judgement, Refuted, Witness

EASY = {"0", "1", "-1", "2", "3"}

ROWS = [
    ("d(x.T @ A @ x)/dx = 2*A @ x", "x: n; A: n n", ()),
    ("d(sumall(X @ W))/dX = outer(ones(N), W @ ones(k))/2", "X: N n; W: n k", ()),
    ("d(tr(A @ X @ B))/dX = B.T @ A.T", "A: m m; X: m m; B: m m", ()),
    ("d(sumall(phi(x)))/dx = phi(x)", "x: n; phi: elementwise", ()),
    ("d(x**2)/dx = x", "x: scalar", ()),
    ("sumall(A.T @ B) = sumall(A @ B.T)", "A: m n; B: m n", ()),
    ("d(a*b*c)/da = b*c + a", "a: scalar; b: scalar; c: scalar", ()),
    ("det(A) = det(A)**2", "A: n n", ("A symmetric",)),
    ("d(-sumall(y*log(softmax(z))))/dz = softmax(z) + y", "z: n; y: n", ("y one-hot",)),
]


def witness_of(judgement: Judgement) -> Witness:
    assert isinstance(judgement.verdict, Refuted)
    assert judgement.verdict.witness is not None
    return judgement.verdict.witness


def flat(value: object) -> list[str]:
    return [x for part in value for x in flat(part)] if isinstance(value, list) else [str(value)]


@pytest.mark.parametrize(("text", "let", "assume"), ROWS, ids=[row[0] for row in ROWS])
def test_a_witness_is_small_and_simple(text: str, let: str, assume: tuple[str, ...]) -> None:
    (judgement,) = check_formula(text, let, assume)
    witness = witness_of(judgement)
    assert all(size <= 2 for size in witness.sizes.values())
    assert {x for value in witness.entries.values() for x in flat(value)} <= EASY
    assert witness.claimed != witness.true
    assert isinstance(judgement.verdict, Refuted)
    assert witness.claimed in judgement.verdict.message
    assert witness.true in judgement.verdict.message


def test_sizes_stay_unequal_where_the_shapes_allow_it() -> None:
    (judgement,) = check_formula("sumall(A.T @ B) = sumall(A @ B.T)", "A: m n; B: m n")
    assert sorted(witness_of(judgement).sizes.values()) == [1, 2]


def test_assumptions_hold_at_the_simple_point() -> None:
    (judgement,) = check_formula("x.T @ A @ x = sumall(A)", "x: n; A: n n", ("A symmetric", "sum(x) == 1"))
    witness = witness_of(judgement)
    matrix, x = witness.entries["A"], witness.entries["x"]
    assert isinstance(matrix, list)
    assert isinstance(x, list)
    assert matrix == [list(row) for row in zip(*matrix, strict=True)]
    assert sum(map(Fraction, x)) == 1


def test_both_values_can_be_recomputed_at_the_point() -> None:
    (judgement,) = check_formula("d(x.T @ A @ x)/dx = 2*A @ x", "x: n; A: n n")
    witness = witness_of(judgement)
    a = [[Fraction(str(e)) for e in row] for row in witness.entries["A"]]  # type: ignore[attr-defined]
    x = [Fraction(str(e)) for e in witness.entries["x"]]  # type: ignore[attr-defined]
    (k,) = witness.component
    n = range(len(x))
    assert Fraction(witness.claimed) == 2 * sum(a[k][j] * x[j] for j in n)
    assert Fraction(witness.true) == sum((a[k][j] + a[j][k]) * x[j] for j in n)


def test_the_same_seed_gives_the_same_witness() -> None:
    claims = read_formula("d(sumall(phi(A @ x)))/dx = A.T @ phi(A @ x)", ["x: n; A: m n; phi: elementwise"])
    for seed in (0, 7):
        first, second = (witness_of(next(check_claims(claims, seed=seed))) for _ in range(2))
        assert first == second


def test_a_function_in_an_example_is_a_short_one() -> None:
    (judgement,) = check_formula("d(F(x))/dx = D(F)(2*x)", "x: n; F: n -> m")
    assert all(len(text) < 30 for text in witness_of(judgement).functions.values())


def test_what_is_claimed_at_the_author_s_point_stays_there() -> None:
    derivation = Derivation("one")
    derivation.declare("x: scalar")
    derivation.define("y", "x**2")
    derivation.at(x=23)
    derivation.claim("dy/dx = 45")
    (judgement,) = derivation.check()
    assert witness_of(judgement).entries == {"x": "23"}


def test_the_numbers_before_a_value() -> None:
    assert list(simpler(ONE, SIMPLE)) == [ZERO]
    assert list(simpler(ONE, SCALARS)) == []
    assert list(simpler(ONE * 5, SIMPLE)) == list(SIMPLE)
