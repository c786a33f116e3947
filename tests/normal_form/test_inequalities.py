"""Inequalities: what a sign proves, what an exact point refutes, what stays open; right and wrong alike."""

from __future__ import annotations

import pytest
from identity_rows import verdict

from symcheck.api import check_formula
from symcheck.language.verdict import Proved, Refuted, Undecided, word

SCALARS = "x: scalar; y: scalar; s: scalar; a: scalar; b: scalar; c: scalar"
VECTORS = "v: n; p: n; X: N n"

RIGHT = [
    # (claim, assumptions)
    ("d(sigmoid(x))/dx > 0", ()),
    ("d(sigmoid(x))/dx <= 1/4", ()),
    ("d(tanh(x))/dx > 0", ()),
    ("d(tanh(x))/dx <= 1", ()),
    ("-1 < tanh(x)", ()),
    ("sigmoid(x) < 1", ()),
    ("softplus(x) > 0", ()),
    ("cosh(x) >= 1", ()),
    ("exp(x) >= 1 + x", ()),
    ("exp(-x**2) <= 1", ()),
    ("x**2 + y**2 >= 2*x*y", ()),
    ("x**2 + x*y + y**2 >= 0", ()),
    ("x**2 + x*y + y**2 + 1 > 0", ()),
    ("2*x**2 - 2*x + 1 > 0", ()),
    ("x/(1 + x**2) <= 1/2", ()),
    ("-(x + y)**2 <= 0", ()),
    ("2 + sin(x) > 0", ()),
    ("abs(x + y) <= abs(x) + abs(y)", ()),
    ("abs(x) >= x", ()),
    ("maximum(a, b) >= a", ()),
    ("relu(x) >= x", ()),
    ("0 <= [x > a]", ()),
    ("[x > a] <= 1", ()),
    ("tanh(x) > 0", ("x > 0",)),
    ("relu(x) >= s*x", ("0 <= s <= 1",)),
    ("x < c", ("x < a", "a <= c")),
    ("s*(1 - s) >= 0", ("0 <= s <= 1",)),
    ("log(x) > 0", ("x > 1",)),
    ("log(x) < 0", ("0 < x < 1",)),
    ("x**2 > 0", ("x != 0",)),
    ("(x - a)**2 > 0", ("x != a",)),
    ("v**2 >= 0", ()),
    ("1/n*sumall((v - p)**2) >= 0", ()),
    ("sum(i, exp(v[i])) > 0", ()),
    ("softmax(v)[i] > 0", ()),
    ("norm2(v) >= 0", ()),
    ("p**2 <= p", ("0 <= p <= 1",)),
    ("n >= 1/2", ()),
    ("2 < exp(1)", ()),
]
WRONG = [
    ("d(sigmoid(x))/dx < 1/4", ()),  # < for <=: equal at 0
    ("d(sigmoid(x))/dx <= 1/5", ()),
    ("d(tanh(x))/dx < 1", ()),
    ("d(tanh(x))/dx <= 9/10", ()),
    ("tanh(x) > 0", ()),
    ("1 < tanh(x)", ()),
    ("sigmoid(x) > 1/2", ()),
    ("sigmoid(x) >= 1", ()),
    ("cosh(x) > 1", ()),
    ("exp(x) > 1 + x", ()),
    ("exp(-x**2) < 1", ()),
    ("exp(x) >= 1 + 2*x", ()),
    ("x**2 + y**2 > 2*x*y", ()),
    ("x**2 + 3*x*y + y**2 >= 0", ()),
    ("x**2 + x*y + y**2 > 0", ()),
    ("2*x**2 - 3*x + 1 > 0", ()),
    ("x/(1 + x**2) < 1/2", ()),
    ("-(x + y)**2 >= 0", ()),
    ("1 + 2*sin(x) > 0", ()),
    ("abs(x + y) >= abs(x) + abs(y)", ()),
    ("abs(x + y) < abs(x) + abs(y)", ()),
    ("abs(x) > x", ()),
    ("maximum(a, b) > a", ()),
    ("relu(x) > x", ()),
    ("0 < [x > a]", ()),
    ("[x > a] < 1", ()),
    ("relu(x) >= s*x", ()),
    ("relu(x) >= s*x", ("0 <= s <= 2",)),
    ("c < x", ("x < a", "a <= c")),
    ("x < c", ("x < a",)),
    ("s*(1 - s) > 0", ("0 <= s <= 1",)),
    ("log(x) > 0", ("x > 0",)),
    ("x**2 > 0", ()),
    ("(x - a)**2 > 0", ("x <= a",)),
    ("v >= 0", ()),
    ("1/n*sumall(v - p) >= 0", ()),
    ("softmax(v)[i] > 1/2", ()),
    ("p**2 >= p", ("0 <= p <= 1",)),
    ("n >= 2", ()),
    ("3 < exp(1)", ()),
]
OPEN = [
    ("softmax(v)[i] <= 1", ()),
    ("(v @ p)**2 <= (v @ v)*(p @ p)", ()),
    ("x**4 + x**3 + x**2 + x + 1 > 0", ()),
]
"""True, and beyond what the laws reach: undecided with a reason, never refuted."""


def of(text: str, assume: tuple[str, ...]) -> object:
    return verdict(text, f"{SCALARS}; {VECTORS}", assume)


@pytest.mark.parametrize(("text", "assume"), RIGHT, ids=str)
def test_a_bound_is_proved(text: str, assume: tuple[str, ...]) -> None:
    found = of(text, assume)
    assert isinstance(found, Proved), found
    assert set(found.assumptions) <= set(assume)


@pytest.mark.parametrize(("text", "assume"), WRONG, ids=str)
def test_a_wrong_bound_is_refuted_at_an_exact_point(text: str, assume: tuple[str, ...]) -> None:
    found = of(text, assume)
    assert isinstance(found, Refuted), found
    assert found.witness is not None
    assert "does not hold" in found.message


@pytest.mark.parametrize(("text", "assume"), OPEN, ids=str)
def test_what_is_beyond_the_laws_is_undecided_with_a_reason(text: str, assume: tuple[str, ...]) -> None:
    found = of(text, assume)
    assert isinstance(found, Undecided), found
    assert "sign of the difference" in found.message


def test_as_many_wrong_rows_as_right_ones() -> None:
    assert len(WRONG) >= len(RIGHT)


@pytest.mark.parametrize(
    ("text", "assume"),
    [("x > 0", ("x > 1", "x < 0")), ("a < x", ("x < a", "a < x")), ("log(-x**2) > 0", ())],
)
def test_what_exists_nowhere_proves_no_bound(text: str, assume: tuple[str, ...]) -> None:
    assert word(verdict(text, SCALARS, assume)) == "error"


def test_equality_where_a_strict_bound_is_claimed_is_told() -> None:
    found = of("d(sigmoid(x))/dx < 1/4", ())
    assert isinstance(found, Refuted)
    assert found.witness is not None
    assert (found.message, found.witness.entries) == ("both sides are 1/4, so < does not hold", {"x": "0"})


def test_a_chain_is_one_claim_for_each_link() -> None:
    judged = check_formula("0 < d(sigmoid(x))/dx <= 1/5", SCALARS)
    assert [j.claim.text for j in judged] == ["0 < d(sigmoid(x))/dx", "d(sigmoid(x))/dx <= 1/5"]
    assert [word(j.verdict) for j in judged] == ["proved", "refuted"]


@pytest.mark.parametrize(
    ("text", "assume", "expected"),
    [
        ("[[x > a] + [x <= b] > 3/2] = [a < x <= b]", (), "proved"),
        ("[[x > a] + [x <= b] > 3/2] = [a <= x <= b]", (), "refuted"),
        ("[[x > a] + [x <= b] > 3/2] = [a <= x <= b]", ("a < b",), "refuted"),
        ("[[x > a] + [x <= b] > 1/2] = [a < x <= b]", (), "refuted"),
        ("[a < x <= b] + [b < x <= c] = [a < x <= c]", ("a <= b", "b <= c"), "proved"),
        ("[a < x <= b] + [b < x <= c] = [a < x <= c]", (), "refuted"),
        ("[a < x <= b]*[b < x <= c] = 0", (), "proved"),
        ("[a <= x <= b]*[b <= x <= c] = 0", (), "refuted"),
        ("[x > 0]*[x + 1 > 0] = [x > 0]", (), "proved"),
        ("[x > 0]*[x - 1 > 0] = [x > 0]", (), "refuted"),
        ("maximum(relu(x), s*x) = relu(x)", ("0 <= s <= 1",), "proved"),
        ("maximum(relu(x), s*x) = relu(x)", ("0 <= s <= 2",), "refuted"),
        ("maximum(a, maximum(b, c)) = maximum(maximum(a, b), c)", (), "proved"),
        ("maximum(a, minimum(b, c)) = minimum(maximum(a, b), maximum(a, c))", (), "proved"),
        ("maximum(a, minimum(b, c)) = minimum(maximum(a, b), c)", (), "refuted"),
        ("abs(x)/x = sign(x)", (), "proved"),
        ("x/abs(x) = sign(x)", (), "proved"),
        ("abs(x)/x = 1", (), "refuted"),
        ("abs(x*x) = x*x", (), "proved"),
        ("abs(x*x*x) = x*x*x", (), "refuted"),
        ("sqrt(1/x) = 1/sqrt(x)", ("x > 0",), "proved"),
        ("where(x == 0, 5, abs(x)/x) = where(x == 0, 5, sign(x))", (), "proved"),
        ("where(x == 0, 5, abs(x)/x) = where(x == 0, 7, sign(x))", (), "refuted"),
        ("where(x == 0, 5, 1/x) = where(x == 0, 7, 1/x)", (), "refuted"),
        ("1/x + [x = 0] = 1/x", (), "proved"),
        # the derivative is 0 at 0, though the formula that differentiation makes of it does not exist there
        ("d(sqrt(x**4))/dx = 2*x + 5*[x = 0]", (), "undecided"),
    ],
)
def test_conditions_are_told_apart_by_their_order(text: str, assume: tuple[str, ...], expected: str) -> None:
    assert word(verdict(text, SCALARS, assume)) == expected
