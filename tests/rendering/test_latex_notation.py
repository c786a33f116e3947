"""Formulas as LaTeX: precedence, names, nothing of the user's left unescaped."""

from __future__ import annotations

import pytest

from symcheck.language.tensor import Symbol, variable
from symcheck.reading.declarations import declare_in
from symcheck.reading.elaborate import read_formula
from symcheck.reading.scope import Scope
from symcheck.rendering.latex_notation import write_latex, write_latex_name
from symcheck.rendering.latex_width import broken, width
from symcheck.rendering.names import ascii_text, greek, latex_text

DECLARED = """x: n; y: n; A: n n; V: h n; w1: n n; b_0: h; t: scalar; s: scalar
sigma: elementwise; F: n -> h; f: (scalar, scalar) -> scalar
p = V @ x + b_0
epsilon = sumall(p*p)"""

ROWS = [
    ("2*t", r"2 \, t"),
    ("2*3", r"2 \cdot 3"),
    ("x*y", r"x \odot y"),
    ("t*x", r"t \, x"),
    ("x/y", r"x \oslash y"),
    ("x/t", r"\frac{x}{t}"),
    ("t - (s - t)", r"t - (s - t)"),
    ("(t + s)*t", r"(t + s) \, t"),
    ("-(t + s)", r"-(t + s)"),
    ("t*(-s)", r"t \, (-s)"),
    ("A.T @ x", r"A^{\top} \, x"),
    ("x @ y", r"x^{\top} \, y"),
    ("x.T @ A @ x", r"x^{\top} \, A \, x"),
    ("outer(p, x)", r"p \otimes x"),
    ("∂ε/∂V", r"\frac{\partial \varepsilon}{\partial V}"),
    ("∂p[i]/∂V[j,k]", r"\frac{\partial p_{i}}{\partial V_{jk}}"),
    ("∂ε/∂p · ∂p/∂V", r"\frac{\partial \varepsilon}{\partial p} \cdot \frac{\partial p}{\partial V}"),
    ("dx", r"\mathrm{d}x"),
    ("sigma'(p)", r"\sigma'(p)"),
    ("sigma''(p)", r"\sigma''(p)"),
    ("D(F)(x)", r"\mathrm{D}F(x)"),
    ("D(f,1)(t, s)", r"\partial_{1}f(t, s)"),
    ("softmax(x)", r"\operatorname{softmax}(x)"),
    ("exp(t)", r"\exp(t)"),
    ("abs(t)", r"\left\lvert t \right\rvert"),
    ("norm2(x)**2", r"\left\lVert x \right\rVert^{2}"),
    ("x**2", r"x^{\odot 2}"),
    ("t**(1/2)", r"t^{1/2}"),
    ("exp(t)**2", r"(\exp(t))^{2}"),
    ("sum(i, x[i])*t", r"\Big( "),
    ("t*sum(i, x[i])", r"t \, \Bigl( \sum_{i} x_{i} \Bigr)"),
    ("delta(i,j)*x[i]", r"\delta_{ij} \, x_{i}"),
    ("lim(t -> inf, exp(-t))", r"\lim_{t \to \infty} \exp(-t)"),
    ("lim(t -> -inf, s*t)", r"\lim_{t \to -\infty} s \, t"),
    ("lim(t -> 0-, s + t)", r"\lim_{t \to 0^{-}} (s + t)"),
    ("lim(t -> s+, t) - 1", r"(\lim_{t \to s^{+}} t) - 1"),
    ("b_0[i]", r"b_{0,i}"),
    ("w1[i,0]", r"w_{1,i,0}"),
    ("A[i,0]", r"A_{i,0}"),
    ("eye(n)", r"I_{n}"),
    ("inv(A)", r"A^{-1}"),
    ("logdet(A)", r"\log \left\lvert \det A \right\rvert"),
    ("where(t > 0, t, 0)", r"\begin{cases} t & \text{if } t > 0 \\ 0 & \text{otherwise} \end{cases}"),
    ("block([[A, x], [y, 1]])", r"\begin{pmatrix} A & x \\ y^{\top} & 1 \end{pmatrix}"),
    ("vstack(A, V) @ x", r"\begin{pmatrix} A \\ V \end{pmatrix} \, x"),
    (
        "concat(x, 1) @ concat(y, t)",
        r"\begin{pmatrix} x \\ 1 \end{pmatrix}^{\top} \, \begin{pmatrix} y \\ t \end{pmatrix}",
    ),
    ("part(vstack(A, V), 1, 0)", r"\left[ \begin{pmatrix} A \\ V \end{pmatrix} \right]_{1,0}"),
    ("eye(n + h)", "I_{n + h}"),
    ("1/2", r"\frac{1}{2}"),
    ("t*((-s)*t)", r"t \, (-s \, t)"),
    ("t - (-s)*t", r"t - (-s \, t)"),
    ("A @ ((-x)*t)", r"A \, (-x \, t)"),
    ("-((-s)*t)", r"-(-s \, t)"),
    ("(-sum(i, x[i]))*t", r"\Bigl( -\sum_{i} x_{i} \Bigr) \, t"),
    ("outer(x/y, y)", r"(x \oslash y) \otimes y"),
    ("outer(x/t, y)", r"\frac{x}{t} \otimes y"),
    ("∂ε/∂V/t", r"\frac{1}{t} \cdot \frac{\partial \varepsilon}{\partial V}"),
    ("(-∂ε/∂V)*s/t", r"-\frac{1}{t} \cdot \frac{\partial \varepsilon}{\partial V} \, s"),
    (
        "t*((-∂ε/∂V)*s/t)",
        r"t \, \Bigl( -\frac{1}{t} \cdot \frac{\partial \varepsilon}{\partial V} \, s \Bigr)",
    ),
    ("(∂ε/∂V - V)/t", r"\frac{1}{t} \, \Bigl( \frac{\partial \varepsilon}{\partial V} - V \Bigr)"),
]


@pytest.mark.parametrize(("text", "latex"), ROWS, ids=[row[0] for row in ROWS])
def test_a_formula_as_latex(text: str, latex: str) -> None:
    scope = Scope()
    declare_in(scope, DECLARED)
    written = write_latex(read_formula(text, scope))
    if text.startswith("sum("):
        assert written == r"\Bigl( \sum_{i} x_{i} \Bigr) \, t"
    else:
        assert written == latex
    assert written.isascii()
    assert written.count("{") == written.count("}")


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("epsilon", r"\varepsilon"),
        ("w1", "w_{1}"),
        ("b_0", "b_{0}"),
        ("y_pred", r"y_{\mathrm{pred}}"),
        ("y_hat", r"\hat{y}"),
        ("ŷ", r"\hat{y}"),
        ("theta3", r"\theta_{3}"),
        ("W_bar_1", r"\bar{W}_{1}"),
        ("loss", r"\mathrm{loss}"),
        ("é", "e"),
        ("ж", r"\mathrm{zh}"),
        ("字", r"\mathrm{u5B57}"),
        ("_", r"\mathrm{u005F}"),
    ],
)
def test_every_name_has_a_latex_form(name: str, latex: str) -> None:
    assert write_latex_name(name) == latex


def test_the_users_own_latex_wins_and_may_be_transposed() -> None:
    symbol = Symbol("W", (("m",), ("n",)), latex="W^{(1)}")
    assert write_latex(variable(symbol)) == "{W^{(1)}}"
    assert write_latex(variable(symbol).T) == r"{W^{(1)}}^{\top}"
    assert write_latex(variable(Symbol("W", (), latex="W^{"))) == "W"


@pytest.mark.parametrize(
    "text", ["100 % of $x_1^2 & #~{}\\", "<script>", "∂ε/∂V · x₁ ⊗ yᵀ", "ſчё字\u200b\U0001f600"]
)
def test_running_text_is_escaped_to_ascii(text: str) -> None:
    shown = latex_text(text)
    assert shown.isascii()
    for sign in "%&#$":
        assert shown.count(sign) == shown.count(f"\\{sign}")


def test_greek_is_a_letter_only_where_it_reads_back() -> None:
    assert greek("epsilon") == "ε"
    assert greek("theta3") == "θ3"
    assert greek("b_0") == "b_0"
    assert greek("epsilons") == "epsilons"
    assert greek("Sigma") == "Sigma"
    assert ascii_text("∂ε/∂V · σ′ → ½") == "depsilon/dV * sigma' -> 1/2"


def test_long_formulas_break_before_operators_outside_of_groups() -> None:
    long = " + ".join(r"\frac{a + b}{c} \, x_{i}" for _ in range(12))
    lines = broken(long, 30)
    assert len(lines) > 2
    assert all(width(line) <= 30 for line in lines)
    assert all(line.count("{") == line.count("}") for line in lines)
    assert "".join(lines).replace(" ", "") == long.replace(" ", "")
