"""Formulas as MathML: the signs of the LaTeX in the same order, well-formed, nothing left unescaped."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from symcheck.api import load
from symcheck.language.tensor import Symbol, Tensor, variable
from symcheck.reading.catalogue import list_lectures
from symcheck.reading.declarations import declare_in
from symcheck.reading.elaborate import read_formula
from symcheck.reading.scope import Scope
from symcheck.rendering.latex_notation import write_latex
from symcheck.rendering.marking import marked_at
from symcheck.rendering.mathml_latex import read_latex, symbols_of
from symcheck.rendering.mathml_notation import write_mathml, write_mathml_name

DECLARED = """x: n; y: n; A: n n; V: h n; w1: n n; b_0: h; t: scalar; s: scalar
sigma: elementwise; F: n -> h; f: (scalar, scalar) -> scalar
p = V @ x + b_0
epsilon = sumall(p*p)"""

ROWS = [
    ("2*t", "2t"),
    ("2*3", "2⋅3"),
    ("x*y", "x⊙y"),
    ("t*x", "tx"),
    ("x/y", "x⊘y"),
    ("t - (s - t)", "t−(s−t)"),
    ("t*(-s)", "t(−s)"),
    ("x @ y", "x⊤y"),
    ("(x*y) @ (x*y)", "(x⊙y)⊤(x⊙y)"),
    ("outer(p, x)", "p⊗x"),
    ("outer(x*y, x)", "(x⊙y)⊗x"),
    ("∂ε/∂p · ∂p/∂V", "∂ε∂p⋅∂p∂V"),
    ("dx", "dx"),
    ("sigma''(p)", "σ″(p)"),
    ("sigma''''(p)", "σ(4)(p)"),
    ("D(F)(x)", "DF(x)"),
    ("D(F)(x)[k,i]", "∂iFk(x)"),
    ("D(f,1)(t, s)", "∂1f(t,s)"),
    ("tanh'(x)", "tanh′(x)"),
    ("abs(t)", "|t|"),
    ("norm2(x)**2", "‖x‖2"),
    ("norm1(x)", "‖x‖1"),
    ("x**2", "x⊙2"),
    ("t**(1/2)", "t1/2"),
    ("exp(t)**2", "(exp(t))2"),
    ("t*sum(i, x[i])", "t(∑ixi)"),
    ("sum(i, x[i])*t", "(∑ixi)t"),
    ("prod(i, x[i])", "∏ixi"),
    ("lim(t -> inf, exp(-t))", "limt→∞exp(−t)"),
    ("lim(t -> 0-, s + t)", "limt→0−(s+t)"),
    ("b_0[i]", "b0,i"),
    ("A[i,0]", "Ai,0"),
    ("inv(A)", "A−1"),
    ("det(A)", "detA"),
    ("logdet(A)", "log|detA|"),
    ("sqrt(t + 1)", "t+1"),
    ("ones(n)", "1n"),
    ("where(t > 0, t, 0)", "{tift>00otherwise"),
    ("floor(t)", "⌊t⌋"),
    ("log2(t)", "log2(t)"),
    ("-(t + s)", "−(t+s)"),
    ("block([[A, x], [y, 1]])", "(Axy⊤1)"),
    ("concat(x, 1)", "(x1)"),
    ("part(concat(x, y), 1)", "[(xy)]1"),
    ("zeros(n + h)", "0n+h"),
    ("1/2", "12"),
    ("0.5*t", "0.5t"),
]


def formula(text: str) -> Tensor:
    """Read with the names above."""
    scope = Scope()
    declare_in(scope, DECLARED)
    return read_formula(text, scope)


def signs(tensor: Tensor) -> str:
    """What is seen, in order."""
    return "".join(symbols_of(write_mathml(tensor)))


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize(("text", "seen"), ROWS, ids=[text for text, _ in ROWS])
def test_a_formula_as_mathml(text: str, seen: str) -> None:
    tensor = formula(text)
    assert unescaped(signs(tensor)) == seen
    ElementTree.fromstring(f"<math>{''.join(write_mathml(tensor))}</math>")


def test_limits_stand_below_and_above_and_primes_are_primes() -> None:
    assert '<munder><mo movablelimits="false">∑</mo><mi>i</mi></munder>' in "".join(
        write_mathml(formula("sum(i, x[i])"))
    )
    primed = "".join(write_mathml(formula("sigma'(p)")))
    assert re.search(r'<mrow><mi>σ</mi><mo class="prime"[^>]*>′</mo></mrow>', primed)
    assert "'" not in primed
    fraction = "".join(write_mathml(formula("∂ε/∂V")))
    assert "<mfrac><mrow><mi>∂</mi><mi>ε</mi></mrow><mrow><mi>∂</mi><mi>V</mi></mrow></mfrac>" in fraction


def test_what_is_marked_stands_out_and_nothing_else() -> None:
    text = "A @ x + A @ y"
    marked = "".join(write_mathml(marked_at(formula(text), (8, 13))))
    assert marked.count('class="wrong"') == 1
    assert re.search(r'<mrow class="wrong"><mi>A</mi>.*<mi>y</mi></mrow>', marked)
    assert signs(marked_at(formula(text), (8, 13))) == signs(formula(text))
    assert 'class="wrong"' not in "".join(write_mathml(formula(text)))


@pytest.mark.parametrize(
    ("name", "elements"),
    [
        ("epsilon", "<mi>ε</mi>"),
        ("w1", "<msub><mi>w</mi><mn>1</mn></msub>"),
        ("y_pred", "<msub><mi>y</mi><mi>pred</mi></msub>"),
        ("y_hat", '<mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover>'),
        ("loss", "<mi>loss</mi>"),
        ("Gamma", '<mi mathvariant="normal">Γ</mi>'),
        ("circled1", "<mi>①</mi>"),
    ],
)
def test_every_name_has_its_letters(name: str, elements: str) -> None:
    assert "".join(write_mathml_name(name)) == elements


def test_the_users_own_latex_is_read_or_left_out_never_passed_on() -> None:
    layer = Symbol("W", (("m",), ("n",)), latex="W^{(1)}")
    shown = "".join(write_mathml(variable(layer).T))
    assert "<msup><mi>W</mi><mrow>" in shown
    assert "".join(symbols_of(write_mathml(variable(layer).T))) == "W(1)⊤"
    for latex in (r"\mymacro", r"W^{<script>}", r"\htmlId{a}{b}", "W^{", "}{", r"\text{$x$}", "{" * 500):
        odd = "".join(write_mathml(variable(Symbol("W", (), latex=latex))))
        assert "<script" not in odd
        assert "W" in odd
        ElementTree.fromstring(f"<math>{odd}</math>")


def test_latex_outside_of_the_vocabulary_is_not_guessed_at() -> None:
    for latex in (
        r"\foo",
        "a & b",
        r"\begin{matrix} a \end{matrix}",
        "x_{1}_{2}",
        r"\left( a",
        "a}",
        "{a",
        "_",
    ):
        assert read_latex(latex) is None


@pytest.mark.parametrize("name", [entry.name for entry in list_lectures()])
def test_the_formulas_of_the_lectures_say_what_their_latex_says(name: str) -> None:
    lecture = load(name)
    tensors = [side for c in lecture.claims if c.equation for side in (c.equation.left, c.equation.right)]
    tensors += lecture.graph.definitions.values()
    assert tensors
    for tensor in tensors:
        latex = read_latex(write_latex(tensor))
        assert latex is not None, write_latex(tensor)
        assert signs(tensor) == "".join(symbols_of(latex)), write_latex(tensor)
        ElementTree.fromstring(f"<math>{''.join(write_mathml(tensor))}</math>")
