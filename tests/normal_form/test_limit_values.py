"""Limits: continuity, 0/0, growth, conditions, sides; what is wrong, what does not exist, what stays open."""

from __future__ import annotations

import pytest
from identity_rows import verdict

from symcheck.api import check_claims, check_formula, read_formula
from symcheck.language.verdict import Failed, Proved, Refuted, Undecided, word

LET = (
    "w: scalar; x: scalar; a: scalar; z: scalar; h: scalar; α: scalar; v: n; u: n; "
    "sigma: elementwise; F: (scalar, scalar) -> scalar; G: n -> scalar"
)
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
    ("lim(z -> inf, (2*z**2 + a*z)/(x*z**2 - 3)) = 2/x", ()),
    ("lim(z -> inf, log(z)/z) = 0", ()),
    ("lim(z -> inf, softplus(z)/z) = 1", ()),
    ("lim(z -> inf, sqrt(z**2 + 1)/z) = 1", ()),
    ("lim(z -> -inf, sqrt(z**2 + 1)/z) = -1", ()),
    ("lim(z -> inf, sin(z)/z) = 0", ()),
    # ∞ − ∞: the exponential taken out of a logarithm; t → ∞ as 1/u
    ("lim(z -> inf, softplus(z) - z) = 0", ()),
    ("lim(z -> inf, log(exp(z) + a) - z) = 0", ()),
    ("lim(z -> inf, log(1 + exp(2*z)) - softplus(z) - z) = 0", ()),
    ("lim(z -> inf, log(exp(z) + exp(-z)) - z) = 0", ()),
    ("lim(z -> inf, 3*softplus(z) - 3*z + 1) = 1", ()),
    ("lim(z -> inf, (1 + x/z)**z) = exp(x)", ()),
    ("lim(z -> -inf, z*sin(x/z)) = x", ()),
    # a variable that nobody declared
    ("lim(k -> 0, (exp(k*x) - 1)/k) = x", ()),
    ("lim(dx -> 0, ((x + dx)**2 - x**2)/dx) = 2*x", ()),
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
    # difference quotients
    ("d(sigma(x))/dx = lim_{h→0} (sigma(x + h) − sigma(x))/h", ()),
    ("lim(h -> 0, (sigma(x + h) - sigma(x - h))/(2*h)) = d(sigma(x))/dx", ()),
    ("lim(h -> 0, (sigma(x + 2*h) - sigma(x))/h) = 2*d(sigma(x))/dx", ()),
    ("lim(h -> 0, (sigma(x + h) - 2*sigma(x) + sigma(x - h))/h**2) = d(d(sigma(x))/dx)/dx", ()),
    ("lim(h -> 0, ((sigma(x + h) - sigma(x))/h - d(sigma(x))/dx)/h) = d(d(sigma(x))/dx)/dx/2", ()),
    ("lim(h -> 0, (F(x + h, a) - F(x, a))/h) = d(F(x, a))/dx", ()),
    ("lim(h -> 0, (G(v + h*u) - G(v))/h) = D(G)(v) @ u", ()),
    ("lim(h -> 0, (exp(h) - 1)/h) = 1", ()),
    ("lim(h -> 0, (tanh(x + h) - tanh(x))/h) = 1 - tanh(x)**2", ()),
    ("lim(h -> 0, (softmax(v + h*u) - softmax(v))/h) = softmax(v)*(u - softmax(v) @ u)", ()),
    ("lim(h -> 0, (norm2(v + h*u) - norm2(v))/h) = v @ u/norm2(v)", ()),
    # where the formula exists: x ≠ 0, x > 0, −1 < x < 1
    ("lim(h -> 0, (1/(x + h) - 1/x)/h) = -1/x**2", ()),
    ("lim(h -> 0, (sqrt(x + h) - sqrt(x))/h) = 1/(2*sqrt(x))", ()),
    ("lim(h -> 0, (log(x + h) - log(x))/h) = 1/x", ()),
    ("lim(h -> 0, (asin(x + h) - asin(x))/h) = 1/sqrt(1 - x**2)", ()),
    ("lim(h -> 0, (lgamma(x + h) - lgamma(x))/h) = digamma(x)", ()),
    ("lim(h -> 0, sin(x*h)/sin(a*h)) = x/a", ()),
    # kinks: left out, smoothed, or none after all
    ("lim(h -> 0, (relu(x + h) - relu(x))/h) = [x > 0]", ("x != 0",)),
    ("lim(h -> 0, (abs(x + h) - abs(x))/h) = sign(x)", ("x != 0",)),
    ("lim(h -> 0, (abs(x + h)**3 - abs(x)**3)/h) = 3*x*abs(x)", ()),
    ("lim(h -> 0, (abs(h) - abs(-h))/(2*h)) = 0", ()),
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
    ("lim(h -> 0, (sigma(x + h) - sigma(x - h))/h) = d(sigma(x))/dx", ()),
    ("lim(h -> 0, (sigma(x + h) - sigma(x))/(2*h)) = d(sigma(x))/dx", ()),
    ("lim(h -> 0, (sigma(x - h) - sigma(x))/h) = d(sigma(x))/dx", ()),
    ("lim(h -> 0, (sigma(x + h) - 2*sigma(x) + sigma(x - h))/h**2) = 2*d(d(sigma(x))/dx)/dx", ()),
    ("lim(h -> 0, ((sigma(x + h) - sigma(x))/h - d(sigma(x))/dx)/h) = d(d(sigma(x))/dx)/dx", ()),
    ("lim(h -> 0, (F(x + h, a) - F(x, a))/h) = d(F(x, a))/da", ()),
    ("lim(h -> 0, (G(v + h*u) - G(v))/h) = D(G)(v) @ v", ()),
    ("lim(h -> 0, (exp(h) - 1)/h) = 0", ()),
    ("lim(h -> 0, (tanh(x + h) - tanh(x))/h) = 1 - tanh(x)", ()),
    ("lim(h -> 0, (softmax(v + h*u) - softmax(v))/h) = softmax(v)*(1 - softmax(v))*u", ()),
    ("lim(h -> 0, (norm2(v + h*u) - norm2(v))/h) = v @ u", ()),
    ("lim(h -> 0, (1/(x + h) - 1/x)/h) = 1/x**2", ()),
    ("lim(h -> 0, (sqrt(x + h) - sqrt(x))/h) = 1/sqrt(x)", ()),
    ("lim(h -> 0, (log(x + h) - log(x))/h) = 1/x**2", ()),
    ("lim(h -> 0, (asin(x + h) - asin(x))/h) = -1/sqrt(1 - x**2)", ()),
    ("lim(h -> 0, (lgamma(x + h) - lgamma(x))/h) = lgamma(x)", ()),
    ("lim(h -> 0, sin(x*h)/sin(a*h)) = a/x", ()),
    ("lim(h -> 0, (relu(x + h) - relu(x))/h) = [x < 0]", ("x != 0",)),
    ("lim(h -> 0, (abs(x + h)**3 - abs(x)**3)/h) = 3*x**2", ()),
    ("lim(z -> inf, softplus(z) - z) = 1", ()),
    ("lim(z -> inf, log(exp(z) + a) - z) = a", ()),
    ("lim(z -> inf, log(1 + exp(2*z)) - softplus(z) - z) = 1", ()),
    ("lim(z -> inf, (1 + x/z)**z) = 1 + x", ()),
    ("lim(z -> -inf, z*sin(x/z)) = -x", ()),
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
    ("lim(z -> 0, 1/z) = 0", "-∞ from below, ∞ from above"),
    ("lim(h -> 0, (relu(x + h) - relu(x))/h) = [x > 0]", "0 from below, 1 from above"),
    ("lim(h -> 0, (abs(x + h) - abs(x))/h) = sign(x)", "-1 from below, 1 from above"),
    ("lim(h -> 0, (sign(x + h) - sign(x))/h) = 0", "the limit is ∞"),
    ("lim(z -> inf, softplus(2*z) - z) = 0", "the limit is ∞"),
]
OPEN = [
    ("lim(h -> 0, (sigma(x + h) - sigma(x))/h**2) = 0", "the sign of σ'(x)"),
    ("lim(h -> 0, (max(v + h*u) - max(v))/h) = 0", "most"),
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


@pytest.mark.parametrize(("text", "assume"), RIGHT, ids=str)
def test_values_on_the_way_and_sympys_own_limit_say_the_same(text: str, assume: tuple[str, ...]) -> None:
    judged, *_ = check_claims(read_formula(text, [LET], list(assume)), oracle="all")
    assert str(judged.oracles["sympy"]).startswith("agrees")
    assert str(judged.oracles["series"]).startswith(("agrees", "n/a"))


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
    assert "difference-quotient" in quotient.laws
    assert "l-hopital" not in quotient.laws
    second = verdict("lim(z -> 0, (1 - cos(z))/z**2) = 1/2", LET)
    assert isinstance(second, Proved)
    assert {"l-hopital", "difference-quotient"} <= set(second.laws)


def test_where_the_formula_exists_is_named() -> None:
    for text, condition in (
        ("lim(h -> 0, (1/(x + h) - 1/x)/h) = -1/x**2", ("x ≠ 0",)),
        ("lim(h -> 0, (log(x + h) - log(x))/h) = 1/x", ("x > 0",)),
        ("lim(h -> 0, (exp(h) - 1)/h) = 1", ()),
    ):
        found = verdict(text, LET)
        assert isinstance(found, Proved)
        assert found.side_conditions == condition


def test_a_name_that_varies_in_the_limit_needs_no_condition() -> None:
    judged = check_formula("lim(h -> 0, q) = 2*x", "x: scalar; h: scalar; q = ((x + h)**2 - x**2)/h")
    found = judged[0].verdict
    assert isinstance(found, Proved)
    assert found.side_conditions == ()


def test_a_kink_is_what_an_assumption_would_leave_out() -> None:
    (judged,) = check_formula("lim(h -> 0, (relu(x + h) - relu(x))/h) = [x > 0]", "x: scalar; h: scalar")
    assert isinstance(judged.verdict, Refuted)
    assert judged.verdict.witness is not None
    assert judged.verdict.witness.entries == {"x": "0"}
    assert judged.verdict.true_if == ("x != 0",)


def test_a_limit_through_the_graph() -> None:
    let = f"{LET}; y = tanh(w*z); E = y**2 + x"
    assert word(check_formula("lim(z -> inf, E) = 1 + x", let, ["w > 0"])[0].verdict) == "proved"
    assert word(check_formula("lim(z -> inf, E) = 1 + x", let)[0].verdict) == "refuted"  # w = 0
    assert word(check_formula("lim(z -> inf, ∂E/∂z) = 0", let, ["w != 0"])[0].verdict) == "proved"


def test_an_assumption_about_the_bound_name_is_not_one_about_the_limit() -> None:
    assert word(verdict("lim(z -> -inf, tanh(z)) = -1", LET, ("z > 0",))) == "proved"
