"""Limits: continuity, 0/0, growth, conditions, sides; what is wrong, what does not exist, what stays open."""

from __future__ import annotations

import pytest
from identity_rows import verdict

from symcheck.api import check_formula
from symcheck.language.verdict import Failed, Proved, Refuted, Undecided, word

LET = "w: scalar; x: scalar; a: scalar; z: scalar; h: scalar; α: scalar; v: n; sigma: elementwise"
ELU = "where(h > 0, h, α*(exp(h) - 1))"

RIGHT = [
    # own law: exp(−w u) → 0 for u > 0
    ("lim(w -> inf, sigmoid(w*(x - a))) = 0", ("x < a",)),
    ("lim(w -> inf, sigmoid(w*(x - a))) = 1", ("x > a",)),
    ("lim(w -> -inf, sigmoid(w*(x - a))) = 1", ("x < a",)),
    ("lim(w -> inf, sigmoid(w*(a - a))) = 1/2", ()),
    ("lim(w -> inf, sigmoid(w*(x - a))) = [x > a] + [x = a]/2", ()),
    ("lim(w -> inf, sigmoid(w*(x - a))) = [x > a]", ("x != a",)),
    ("lim_{w→∞} exp(-w*a) = 0", ("a > 0",)),
    ("lim(z -> inf, tanh(v*z)) = sign(v)", ()),
    # both ends
    ("lim(z -> inf, d(sigmoid(z))/dz) = 0", ()),
    ("lim(z -> -inf, d(tanh(z))/dz) = 0", ()),
    ("lim(z -> inf, d(relu(z))/dz) = 1", ()),
    ("lim(z -> -inf, d(relu(z))/dz) = 0", ()),
    ("lim(z -> -inf, atan(z)) = -pi/2", ()),
    # growth
    ("lim(z -> inf, z*exp(-z)) = 0", ()),
    ("lim(z -> inf, z**5/exp(z/10)) = 0", ()),
    ("lim(z -> inf, (2*z + 1)/(z - 3)) = 2", ()),
    ("lim(z -> inf, (2*z**2 + a*z)/(x*z**2 - 3)) = 2/x", ("x != 0",)),
    ("lim(z -> inf, log(z)/z) = 0", ()),
    ("lim(z -> inf, softplus(z)/z) = 1", ()),
    ("lim(z -> inf, sqrt(z**2 + 1)/z) = 1", ()),
    ("lim(z -> -inf, sqrt(z**2 + 1)/z) = -1", ()),
    ("lim(z -> inf, sin(z)/z) = 0", ()),
    # points: continuity, 0/0
    ("lim(z -> a, z**2) = a**2", ()),
    ("lim(z -> 0, sin(z)/z) = 1", ()),
    ("lim(z -> 0, (1 - cos(z))/z**2) = 1/2", ()),
    ("lim(z -> a, (z**2 - a**2)/(z - a)) = 2*a", ()),
    ("lim(z -> 0+, z*log(z)) = 0", ()),
    ("lim(z -> 0+, exp(-1/z)) = 0", ()),
    ("lim(z -> 0, z**2*sin(1/z)) = 0", ()),
    ("lim(z -> 0, z/(z + x)) = [x = 0]", ()),
    ("lim(h -> 0, (sigma(x + h) - sigma(x))/h) = d(sigma(x))/dx", ()),
    # sides and kinks
    ("lim(z -> 0-, d(relu(z))/dz) = 0", ()),
    ("lim(z -> 0+, d(abs(z))/dz) = 1", ()),
    ("lim(z -> 0-, d(abs(z))/dz) = -1", ()),
    ("lim(z -> a-, d(maximum(z, a))/dz) = 0", ()),
    (f"lim(h -> 0-, {ELU}/h) = α", ()),
    (f"lim(h -> 0+, {ELU}/h) = 1", ()),
    ("lim(h -> 0, where(h > 0, h, exp(h) - 1)/h) = 1", ()),
    ("lim(z -> 0, abs(z)) = 0", ()),
    # limits in formulas and in inequalities
    ("lim(z -> 0+, sign(z)) - lim(z -> 0-, sign(z)) = 2", ()),
    ("lim(z -> inf, sigmoid(z)) <= 1", ()),
    ("sum(i, lim(z -> inf, tanh(z + v[i]))) = n", ()),
]
WRONG = [
    ("lim(w -> inf, sigmoid(w*(x - a))) = 1", ("x < a",)),  # 1 for 0
    ("lim(w -> inf, sigmoid(w*(x - a))) = 0", ("x > a",)),
    ("lim(w -> inf, sigmoid(w*(a - x))) = 1", ("x > a",)),  # the sign of u
    ("lim(w -> -inf, sigmoid(w*(x - a))) = 0", ("x < a",)),  # the other end
    ("lim(w -> inf, sigmoid(w*(x - a))) = 0", ()),
    ("lim(w -> inf, sigmoid(w*(x - a))) = 1", ("x >= a",)),
    ("lim(w -> inf, sigmoid(w*(x - a))) = [x > a]", ()),
    ("lim(w -> inf, sigmoid(w*(x - a))) = [x >= a]", ()),
    ("lim(w -> inf, sigmoid(w*(a - a))) = 1", ()),
    ("lim_{w→∞} exp(-w*a) = 0", ("a >= 0",)),
    ("lim(z -> inf, tanh(v*z)) = v", ()),
    ("lim(z -> inf, d(sigmoid(z))/dz) = 1/4", ()),
    ("lim(z -> -inf, d(relu(z))/dz) = 1", ()),
    ("lim(z -> inf, z*exp(-z)) = 1", ()),
    ("lim(z -> inf, (2*z + 1)/(z - 3)) = 1", ()),
    ("lim(z -> inf, (2*z**2 + a*z)/(x*z**2 - 3)) = a/x", ("x != 0",)),
    ("lim(z -> -inf, sqrt(z**2 + 1)/z) = 1", ()),
    ("lim(z -> 0, sin(z)/z) = 0", ()),
    ("lim(z -> 0, (1 - cos(z))/z**2) = 1", ()),
    ("lim(z -> a, (z**2 - a**2)/(z - a)) = a", ()),
    ("lim(z -> 0, z/(z + x)) = 0", ()),  # 1 where x = 0
    ("lim(h -> 0, (sigma(x + h) - sigma(x))/h) = sigma(x)", ()),
    ("lim(z -> 0-, d(relu(z))/dz) = 1", ()),
    ("lim(z -> 0+, d(relu(z))/dz) = 0", ()),
    ("lim(z -> a-, d(maximum(z, a))/dz) = 1", ()),
    (f"lim(h -> 0-, {ELU}/h) = 1", ()),
    ("lim(z -> 0+, sign(z)) - lim(z -> 0-, sign(z)) = 0", ()),
    ("lim(z -> inf, sigmoid(z)) < 1", ()),
    ("sum(i, lim(z -> inf, tanh(z + v[i]))) = 1", ()),
]
NONE = [
    # (claim, what is said of the limit)
    ("lim(z -> 0, d(relu(z))/dz) = 1", "0 from below, 1 from above"),
    ("lim(z -> 0, d(relu(z))/dz) = 1/2", "0 from below, 1 from above"),
    ("lim(z -> 0, sign(z)) = 0", "-1 from below, 1 from above"),
    (f"lim(h -> 0, {ELU}/h) = 1", "from above"),
    ("lim(z -> a, abs(z - a)/(z - a)) = 1", "-1 from below, 1 from above"),
    ("lim(z -> inf, relu(z)) = 1", "the limit is ∞"),
    ("lim(z -> 0+, log(z)) = 0", "the limit is -∞"),
    ("lim(z -> 0-, exp(-1/z)) = 0", "the limit is ∞"),
    ("lim(z -> 0, 1/z**2) = 0", "the limit is ∞"),
]
OPEN = [
    ("lim(z -> inf, softplus(z) - z) = 0", "cancel"),
    ("lim(z -> inf, sqrt(z**2 + 1) - z) = 0", "cancel"),
    ("lim(z -> inf, sin(z)) = 0", "sin"),
    ("lim(z -> inf, exp(-exp(z))*exp(z)) = 0", "exponential of what grows"),
    ("lim(z -> inf, sigma(z)) = 0", "undefined function"),
    ("lim(z -> 0-, log(z)) = 0", "negative"),
]
NOWHERE = [
    ("lim(z -> inf, log(x)/z) = 0", ("x < 0",)),
    ("lim(w -> inf, sigmoid(w*(x - a))) = 0", ("x < a", "x > a")),
]


@pytest.mark.parametrize(("text", "assume"), RIGHT, ids=str)
def test_a_limit_is_proved(text: str, assume: tuple[str, ...]) -> None:
    found = verdict(text, LET, assume)
    assert isinstance(found, Proved), found
    assert found.assumptions == assume


@pytest.mark.parametrize(("text", "assume"), WRONG, ids=str)
def test_a_wrong_limit_is_refuted(text: str, assume: tuple[str, ...]) -> None:
    found = verdict(text, LET, assume)
    assert isinstance(found, Refuted), found
    assert found.witness is not None


@pytest.mark.parametrize(("text", "said"), NONE, ids=str)
def test_where_there_is_no_limit_it_is_said_which_way(text: str, said: str) -> None:
    found = verdict(text, LET)
    assert isinstance(found, Refuted), found
    assert said in found.message


@pytest.mark.parametrize(("text", "reason"), OPEN, ids=str)
def test_what_is_not_covered_is_undecided_with_the_reason(text: str, reason: str) -> None:
    found = verdict(text, LET)
    assert isinstance(found, Undecided), found
    assert reason in found.message


@pytest.mark.parametrize(("text", "assume"), NOWHERE, ids=str)
def test_a_body_that_exists_nowhere_has_no_limit(text: str, assume: tuple[str, ...]) -> None:
    found = verdict(text, LET, assume)
    assert isinstance(found, Failed), found
    assert found.error.code == "SC030"


def test_as_many_wrong_rows_as_right_ones() -> None:
    assert len(WRONG) + len(NONE) + len(OPEN) + len(NOWHERE) >= len(RIGHT)


def test_the_laws_of_a_limit_are_named() -> None:
    found = verdict("lim(w -> inf, sigmoid(w*(x - a))) = 0", LET, ("x < a",))
    assert isinstance(found, Proved)
    assert {"exponential-decay", "limit-of-parts"} <= set(found.laws)
    quotient = verdict("lim(z -> 0, sin(z)/z) = 1", LET)
    assert isinstance(quotient, Proved)
    assert "l-hopital" in quotient.laws


def test_a_limit_through_the_graph() -> None:
    let = f"{LET}; y = tanh(w*z); E = y**2 + x"
    assert word(check_formula("lim(z -> inf, E) = 1 + x", let, ["w > 0"])[0].verdict) == "proved"
    assert word(check_formula("lim(z -> inf, E) = 1 + x", let)[0].verdict) == "refuted"  # w = 0
    assert word(check_formula("lim(z -> inf, ∂E/∂z) = 0", let, ["w != 0"])[0].verdict) == "proved"


def test_an_assumption_about_the_bound_name_is_not_one_about_the_limit() -> None:
    assert word(verdict("lim(z -> -inf, tanh(z)) = -1", LET, ("z > 0",))) == "proved"
