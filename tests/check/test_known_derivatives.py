"""f'(x), D(f)(x), ∂ᵢf,ₖ(x) of known functions: all four parties, right lines and wrong ones."""

from __future__ import annotations

import pytest

from symcheck.api import check_claims, read_formula
from symcheck.language.verdict import Judgement, Proved, Refuted, Undecided

LET = "x: scalar; t: scalar; v: n; u: m; W: m n; g = tanh'(x); h = sigmoid'(tanh'(x))"


def judged(text: str, assume: tuple[str, ...] = ()) -> list[Judgement]:
    return list(check_claims(read_formula(text, [LET], assume), oracle="all"))


PROVED = [
    "tanh'(x) = sech(x)**2 = 1 - tanh(x)**2",
    "sigmoid'(v) = sigmoid(v)*(1 - sigmoid(v))",
    "sigmoid''(x) = sigmoid'(x)*(1 - 2*sigmoid(x))",
    "exp'(v[i]*x) = exp(v[i]*x)",
    "tanh'(W @ v) = 1 - tanh(W @ v)**2",
    "D(softmax)(W @ v) = diag(softmax(W @ v)) - softmax(W @ v) ⊗ softmax(W @ v)",
    "∂ᵢsoftmaxⱼ(v) = δᵢⱼ·softmax(v)ᵢ - softmax(v)ᵢ·softmax(v)ⱼ",
    "∂softmax(v) = D(softmax)(v)",
    "∂ᵢtanhⱼ(v) = δᵢⱼ/cosh(vᵢ)²",
    "D(z -> z**3)(x + 1) = 3*(x + 1)**2",
    "D(D(z -> z**3))(x) = 6*x",
    "D(z -> W @ z)(v) = W",
    "(z -> z*t)'(v) = t*ones(n)",
    "D(z -> z @ z)(v) = 2*v",
    # what is around the derivative is held, and what is inside moves
    "D(z -> z*x)(x) = x",
    "d(x**2)/dx = D(z -> z*x)(x) + D(z -> x*z)(x)",
    "∂(tanh'(x))/∂x = tanh''(x)",
    "∂(tanh'(x*t))/∂x = t*tanh''(x*t)",
    "d(tanh'(x)) = tanh''(x)*dx",
    # in definitions
    "g = 1 - tanh(x)**2",
    "∂g/∂x = tanh''(x)",
    "dg = tanh''(x)*dx",
    "h = sigmoid'(g)",
    "∂h/∂x = sigmoid''(g)*tanh''(x)",
    # one offset does not reach into another
    "sigmoid'(tanh'(x)) = sigmoid(g)*(1 - sigmoid(g))",
    "D(z -> z*tanh'(z))(x) = tanh'(x) + x*tanh''(x)",
    "D(z -> z*tanh'(x))(x) = tanh'(x)",
    "D(z -> z*D(z -> z**2)(z))(x) = 4*x",
    "D(y -> y*D(z -> z*y)(x))(t) = 2*t",
    # not downstream
    "D(z -> x)(t) = 0",
    "D(z -> g)(t) = 0",
    "D(hypot, 1)(x, t)*hypot(x, t) = x",
]


@pytest.mark.parametrize("text", PROVED)
def test_right_lines_are_proved_and_nobody_contradicts(text: str) -> None:
    for judgement in judged(text):
        assert isinstance(judgement.verdict, Proved), judgement.verdict
        assert judgement.oracles["sympy"].startswith("agrees"), judgement.oracles
        assert judgement.oracles["series"] == "agrees", judgement.oracles


REFUTED = [
    "tanh'(x) = tanh(x)",
    "tanh'(x) = sech(x)",
    "sigmoid'(v) = sigmoid(v)*(1 + sigmoid(v))",
    "sigmoid''(x) = sigmoid'(x)*(1 - sigmoid(x))",
    "D(softmax)(v) = diag(softmax(v))",
    "∂ᵢsoftmaxⱼ(v) = δᵢⱼ·softmax(v)ᵢ",
    "∂ᵢtanhⱼ(v) = 1/cosh(vᵢ)²",
    "D(z -> z*x)(x) = 2*x",
    "D(z -> z*tanh'(x))(x) = tanh'(x) + x*tanh''(x)",
    "∂g/∂x = 0",
    "∂h/∂x = sigmoid''(g)",
    "D(y -> y*D(z -> z*y)(x))(t) = t",
    "d(tanh'(x)) = tanh'(x)*dx",
    "D(z -> W @ z)(u[0]*v) = u[0]*W",
]


@pytest.mark.parametrize("text", REFUTED)
def test_wrong_lines_are_refuted(text: str) -> None:
    for judgement in judged(text):
        assert isinstance(judgement.verdict, Refuted), judgement.verdict
        assert judgement.verdict.witness is not None
        assert "offset" not in judgement.verdict.witness.entries
        assert judgement.oracles["sympy"].startswith("differs"), judgement.oracles


KINKS = [
    ("relu'(x) = where(x > 0, 1, 0)", True),
    ("relu'(x) = where(x >= 0, 1, 0)", True),
    ("relu'(v) = heaviside(v)", True),
    ("abs'(x*t) = sign(x*t)", True),
    ("relu'(x) = 1", False),
    ("relu'(x - 1) = where(x > 0, 1, 0)", False),
]


@pytest.mark.parametrize(("text", "true"), KINKS, ids=[row[0] for row in KINKS])
def test_a_kink_is_left_out_and_said(text: str, true: bool) -> None:
    (judgement,) = judged(text)
    if not true:
        assert isinstance(judgement.verdict, Refuted | Undecided)
        return
    assert isinstance(judgement.verdict, Proved), judgement.verdict
    assert judgement.verdict.side_conditions
    assert not any("offset" in condition for condition in judgement.verdict.side_conditions)


def test_the_derivative_of_a_logarithm_says_where_it_exists() -> None:
    (judgement,) = judged("log'(x) = 1/x")
    assert isinstance(judgement.verdict, Proved)
    assert judgement.verdict.side_conditions == ("x > 0",)


ROWS_AND_COLUMNS = [
    ("W[i, :]·v = (W @ v)ᵢ", True),
    ("W[:, j] = W.T[j, :]", True),
    ("∂(W @ v)/∂v[j] = W[:, j]", True),
    ("Σ_i u[i]*W[i, :] = W.T @ u", True),
    ("W[0, :] @ v = (W @ v)₀", True),
    ("W[0, :] = W[1, :]", False),
    ("Σ_i W[i, :] = W.T @ u", False),
]


@pytest.mark.parametrize(("text", "true"), ROWS_AND_COLUMNS, ids=[row[0] for row in ROWS_AND_COLUMNS])
def test_rows_and_columns(text: str, true: bool) -> None:
    (judgement,) = judged(text)
    assert isinstance(judgement.verdict, Proved if true else Refuted), judgement.verdict
    assert judgement.oracles["sympy"].startswith("agrees" if true else "differs"), judgement.oracles
    if true:
        assert judgement.oracles["series"] == "agrees"
