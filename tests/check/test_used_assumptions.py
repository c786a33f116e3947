"""Assumptions are named in the verdict where they are needed, and only there."""

from __future__ import annotations

import pytest

from symcheck.api import check_formula
from symcheck.language.verdict import Proved

ROWS = [
    ("y*y = y", "y: n", ["y binary"], ["y binary"]),
    ("y + y = 2*y", "y: n", ["y binary"], []),
    ("sumall(y) = 1", "y: n", ["y one-hot"], ["y one-hot"]),
    ("outer(y, y) = diag(y)", "y: n", ["sum(y) == 1", "y one-hot"], ["y one-hot"]),
    # either would do: one is named, not none
    ("sumall(y) = 1", "y: n", ["sum(y) == 1", "y one-hot"], ["y one-hot"]),
    ("sumall(y) = 1", "y: n", ["y on simplex", "sum(y) == 1"], ["sum(y) == 1"]),
    ("x @ A @ x = 0", "x: n; A: n n", ["A antisymmetric", "x unit"], ["A antisymmetric"]),
    ("x @ Q.T @ Q @ x = 1", "x: n; Q: n n", ["Q orthogonal", "x unit"], ["Q orthogonal", "x unit"]),
    ("log(y @ p) = y @ log(p)", "y: n; p: n", ["y one-hot", "p > 0"], ["y one-hot"]),
]


@pytest.mark.parametrize(
    ("text", "let", "assume", "named"), ROWS, ids=[f"{row[0]} [{'; '.join(row[2])}]" for row in ROWS]
)
def test_what_is_needed_is_named(text: str, let: str, assume: list[str], named: list[str]) -> None:
    (judgement,) = check_formula(text, let, assume)
    assert isinstance(judgement.verdict, Proved)
    assert list(judgement.verdict.assumptions) == named


def test_contradictory_assumptions_prove_nothing() -> None:
    for assume in (["y signs", "y one-hot"], ["A antisymmetric", "A > 0"], ["y signs", "0 <= y <= 1/2"]):
        let = "A: n n" if assume[0].startswith("A") else "y: n"
        name = assume[0][0]
        (judgement,) = check_formula(f"{name} = 2*{name}", let, assume)
        assert not isinstance(judgement.verdict, Proved)


def test_0_log_0_is_0_in_xlogy_alone_and_the_verdict_says_where_it_exists() -> None:
    (judgement,) = check_formula("xlogy(x, y) = x*log(y)", "x: scalar; y: scalar")
    assert isinstance(judgement.verdict, Proved)
    assert "y > 0 where 0 ≠ x" in judgement.verdict.side_conditions
    assert "y > 0" in judgement.verdict.side_conditions
