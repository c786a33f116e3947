"""Greatest and least entries: their derivatives, and conditions that ask which entry it is."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from identity_rows import verdict

from symcheck.language.verdict import Proved, Refuted

LET = "v: {0}; u: {0}; A: m {0}; w: m; x: scalar"
SIZES = ["2", "3", "5", "n"]

RIGHT = [
    "d(max(v))/dv = where(v == max(v), 1, 0)",
    "d(max(v))/dv = where(v >= max(v), 1, 0)",
    "d(max(v))/dv = where(v < max(v), 0, 1)",
    "d(max(v))/dv = 1 - heaviside(max(v) - v)",
    "d(min(v))/dv = where(v == min(v), 1, 0)",
    "d(min(v))/dv = where(v <= min(v), 1, 0)",
    "d(sumall(max(A, axis=1)*w))/dA = where(A == outer(max(A, axis=1), ones({0})), 1, 0)*outer(w, ones({0}))",
    "d(sumall(u*where(v == max(v), 0, v)))/dv = where(v == max(v), 0, u)",
    "d(sumall(u*where(v >= max(v), v, 0)))/dv = u*where(v >= max(v), 1, 0)",
    "max(2*v + x) = 2*max(v) + x",
    "heaviside(v - max(v)) = 0*v",
]
WRONG = [
    "d(max(v))/dv = where(v == max(v), 1, 2)",
    "d(max(v))/dv = where(v > max(v), 1, 0)",
    "d(max(v))/dv = where(v <= max(v), 1, 0)",
    "d(max(v))/dv = heaviside(max(v) - v)",
    "d(min(v))/dv = where(v == max(v), 1, 0)",
    "d(min(v))/dv = where(v >= min(v), 1, 0)",
    "d(sumall(max(A, axis=1)*w))/dA = where(A == outer(max(A, axis=1), ones({0})), 1, 0)",
    "d(sumall(u*where(v == max(v), 0, v)))/dv = u",
    "d(sumall(u*where(v >= max(v), v, 0)))/dv = 0*u",
    "max(-2*v + x) = -2*max(v) + x",
    "heaviside(max(v) - v) = 1 + 0*v",
    "sumall(where(v == max(v), 1, 0)) = 1",  # not where two are greatest
    "d(relu(max(v)))/dv = where(v == max(v), 1, 0)",
]


@pytest.mark.parametrize(("text", "size"), list(product(RIGHT, SIZES)), ids=str)
def test_what_is_said_of_the_greatest_entry_is_proved(text: str, size: str) -> None:
    found = verdict(text.format(size), LET.format(size))
    assert isinstance(found, Proved), found


@pytest.mark.parametrize(("text", "size"), list(product(WRONG, SIZES)), ids=str)
def test_what_is_wrong_of_the_greatest_entry_is_refuted(text: str, size: str) -> None:
    found = verdict(text.format(size), LET.format(size))
    assert isinstance(found, Refuted), found


def test_a_kink_at_a_greatest_value_of_0() -> None:
    found = verdict("d(relu(max(v)))/dv = heaviside(max(v))*where(v == max(v), 1, 0)", LET.format("n"))
    assert isinstance(found, Proved)
    assert found.side_conditions == ("v has one greatest entry", "max(v) ≠ 0")


def test_it_is_named_that_one_entry_is_the_greatest() -> None:
    found = verdict("d(max(v))/dv = where(v == max(v), 1, 0)", LET.format("n"))
    assert isinstance(found, Proved)
    assert found.side_conditions == ("v has one greatest entry",)
    rows = verdict(RIGHT[6].format("n"), LET.format("n"))
    assert isinstance(rows, Proved)
    assert rows.side_conditions == ("A has one greatest entry in each row",)


def test_difference_quotients_of_a_maximum_pick_its_place() -> None:
    """Exact: the maximum is linear as long as no other entry becomes the greatest."""
    step = Fraction(1, 1000)
    for point in ((3, 1, 2), (0, 0, -1), (-5, -2, -7)):
        values = [Fraction(value) for value in point]
        if sorted(values)[-1] == sorted(values)[-2]:
            continue
        for place in range(3):
            moved = [value + step * (k == place) for k, value in enumerate(values)]
            assert (max(moved) - max(values)) / step == (values[place] == max(values))
