"""What is said where a derivative passes a kink, and which boundaries are points of a claim."""

from __future__ import annotations

import pytest

from symcheck.api import check_formula
from symcheck.language.verdict import Proved, word

LET = "x: scalar; a: scalar; y: scalar; α: scalar; v: n"

REMARKS = [
    (
        "d(relu(x))/dx = where(x >= 0, 1, 0)",
        "at x = 0 there is no derivative: from the left 0, from the right 1; the formula gives 1, an element "
        "of [0, 1]",
    ),
    (
        "d(abs(x - a))/dx = sign(x - a)",
        "at x = a there is no derivative: from the left -1, from the right 1; the formula gives 0, an "
        "element of [-1, 1]",
    ),
    (
        "d(maximum(x, 2*x - 3))/dx = where(x > 3, 2, 1)",
        "at x = 3 there is no derivative: from the left 1, from the right 2; the formula gives 1, an element "
        "of [1, 2]",
    ),
    (
        "d(relu(x))/dx = where(x > 0, 1, 0) + 5*[x = 0]",
        "at x = 0 there is no derivative: from the left 0, from the right 1; the formula gives 5",
    ),
    (
        "d(where(x > 0, x, α*(exp(x) - 1)))/dx = where(x > 0, 1, α*exp(x))",
        "at x = 0: from the left α, from the right 1; the formula gives α",
    ),
    (
        "d(where(x > 0, x, exp(x) - 1))/dx = where(x > 0, 1, exp(x))",
        "at x = 0: 1 from both sides, the formula gives 1",
    ),
    ("d([x > 0])/dx = 0", ""),  # it jumps: the limits of the derivative say nothing
    ("d(x**2)/dx = 2*x", ""),
]


@pytest.mark.parametrize(("text", "remark"), REMARKS, ids=[row[0] for row in REMARKS])
def test_the_one_sided_values_are_told(text: str, remark: str) -> None:
    (judged,) = check_formula(text, LET)
    assert isinstance(judged.verdict, Proved), judged.verdict
    assert judged.verdict.remark == remark


def test_nothing_is_told_of_a_boundary_that_an_assumption_excludes() -> None:
    (judged,) = check_formula("d(relu(x))/dx = 1", LET, ["x > 0"])
    assert isinstance(judged.verdict, Proved)
    assert judged.verdict.remark == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a boundary that no derivative crosses is a point of the claim
        ("d(relu(x))/dx*[y > 0] = [x > 0]*[y >= 0]", "refuted"),
        ("d(relu(x))/dx*[y > 0] = [x >= 0]*[y > 0]", "proved"),
        ("d(relu(x))/dx = [x > 0] + [x = 1]", "refuted"),
        ("d(relu(x))/dx = [x > 0] + [x = 0]", "proved"),
        ("d(x**2*[y > 0])/dx = 2*x*[y >= 0]", "refuted"),
        ("d(x**2*[y > 0])/dx = 2*x*[y > 0]", "proved"),
        ("d(relu(x**2))/dx = where(x == 0, 5, 2*x)", "proved"),
        ("d(sumall(relu(v)))/dv[i] = [v[i] >= 0] + [v[i] = 1]", "refuted"),
        ("d(sumall(relu(v)))/dv[i] = [v[i] >= 0]", "proved"),
        ("d(abs(x))/dx*[a >= 0] = sign(x)*[a > 0]", "refuted"),
    ],
)
def test_boundaries_that_are_crossed_and_others(text: str, expected: str) -> None:
    (judged,) = check_formula(text, LET)
    assert word(judged.verdict) == expected, judged.verdict
