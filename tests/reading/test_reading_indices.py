"""Notation of index proofs: small digits and letters behind names, rows, ∂ᵢA,ₖ, derivatives of known f."""

from __future__ import annotations

import pytest
from reading_sketch import read, scope_of, side

from symcheck.errors import SymcheckError
from symcheck.language.tensor import structure
from symcheck.rendering.latex_notation import write_latex
from symcheck.rendering.text_notation import write

NAMES = "x: n; y: n; y_pred: n; W: m n; w₁: h n; b₁: n; b₁₀: n; t: scalar; t₀: scalar; ①: scalar; ℓ: n"
FUNCTIONS = "A: n -> m; A₂: n -> n; G: n -> scalar; f: (scalar, scalar) -> scalar; σ: elementwise"

ROWS = [
    # a small digit belongs to a declared name, else it is an entry of one
    ("y₀", "y[0]"),
    ("y₁₀", "y[10]"),
    ("y_pred₀", "y_pred[0]"),
    ("y_pred,₀", "y_pred[0]"),
    ("y,ₖ*x[k]", "(mul y[k] x[k])"),
    ("t₀", "t0"),
    ("b₁", "b1"),
    ("b₁ᵢ", "b1[i]"),
    ("b₁,₀", "b1[0]"),
    ("b₁₀", "b10"),
    ("b₁₂", "b1[2]"),
    ("W₀₁", "W[0,1]"),
    ("W₀ⱼ", "W[0,j]"),
    ("Wᵢ₀", "W[i,0]"),
    ("Wᵢ,₁₀", "W[i,10]"),
    ("w₁₀ⱼ", "w1[0,j]"),
    ("w₁,₀₂", "w1[0,2]"),
    ("(x + y)₀", "(add x y)[0]"),
    ("∂y₀/∂x₁", "(d y[0] x[1])"),
    ("∂y_pred,₀/∂x,₁", "(d y_pred[0] x[1])"),
    ("∂x₀/∂W₀₁", "(d x[0] W[0,1])"),
    ("dx₀/dW₀₁", "(d x[0] W[0,1])"),
    ("①*t", "(mul circled1 t)"),
    ("ℓ₀", "ell[0]"),
    # a component of a function, a row, a column
    ("A,ₖ(x)", "(A x)[k]"),
    ("Aₖ(x)", "(A x)[k]"),
    ("A₂,₀(x)", "(A2 x)[0]"),
    ("softmaxⱼ(x)", "(softmax x)[j]"),
    ("∂/∂xᵢ Aₖ(x)", "(d (A x)[k] x[i])"),
    ("∂Aₖ(x)/∂xᵢ", "(d (A x)[k] x[i])"),
    ("W[i, :]", "W[i,:]"),
    ("W[:, 0]", "W[:,0]"),
    # ∂ of an undefined function
    ("∂ᵢA,ₖ(x)", "(A'1 x)[k,i]"),
    ("∂ᵢAₖ(x)", "(A'1 x)[k,i]"),
    ("∂ᵢA(x)ₖ", "(A'1 x)[k,i]"),
    ("(∂ᵢA,ₖ)(x)", "(A'1 x)[k,i]"),
    ("∂ᵢA₂,₀(x)", "(A2'1 x)[0,i]"),
    ("(∂ᵢA₂,₀)(x + y)", "(A2'1 (add x y))[0,i]"),
    ("∂ᵢA(x)", "(A'1 x)[:,i]"),
    ("(∂ᵢA)(x)", "(A'1 x)[:,i]"),
    ("∂A,₀(x)", "(A'1 x)[0,:]"),
    ("∂A(x)", "(transpose (A'1 x))"),
    ("(∂A)(x)", "(transpose (A'1 x))"),
    ("∂G(x)", "(G'1 x)"),
    ("∂ᵢG(x)", "(G'1 x)[i]"),
    ("∂ᵢⱼG(x)", "(G'2 x)[i,j]"),
    ("∂A(x)/∂x", "(d (A x) x)"),
    ("∂₁f(t, t)", "(f'1,0 t t)"),
    ("(∂₁f)(t, t)", "(f'1,0 t t)"),
    # derivatives of known functions
    ("tanh'(t)", "(d (tanh (add t offset)) offset)"),
    ("tanh'(x)", "(d (tanh (add x offset)) offset)"),
    ("tanh''(t)", "(d (d (tanh (add (add t offset) offset)) offset) offset)"),
    ("D(tanh)(x)", "(d (tanh (add x offset)) offset)"),
    ("D(softmax)(x)[j,i]", "(d (softmax (add x offset)) offset)[j,i]"),
    ("∂ᵢsoftmaxⱼ(x)", "(d (softmax (add x offset)) offset)[j,i]"),
    ("D(hypot, 2)(t, t)", "(d (hypot t (add t offset)) offset)"),
    ("D(z -> z*t)(t)", "(d (mul (add t offset) t) offset)"),
    ("(z -> z*t)'(x)", "(d (mul (add x offset) t) offset)"),
    ("D(x ↦ x @ y)(y)", "(d (matmul (add y offset) y) offset)"),
    ("D(y₀ -> y₀)(t)", "(d (add t offset) offset)"),
]


@pytest.mark.parametrize(("text", "meaning"), ROWS, ids=[row[0] for row in ROWS])
def test_a_formula_is_read_as_on_paper(text: str, meaning: str) -> None:
    assert side(text, scope_of(NAMES, FUNCTIONS)) == meaning


@pytest.mark.parametrize("text", [row[0] for row in ROWS])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_it_is_written_so_that_it_reads_back(text: str, ascii_only: bool) -> None:
    scope = scope_of(NAMES, FUNCTIONS)
    (claim,) = read(f"{text} = 0", scope)
    assert claim.equation is not None
    written = write(claim.equation.left, ascii=ascii_only)
    (again,) = read(f"{written} = 0", scope)
    assert again.equation is not None, (written, again.error)
    assert structure(again.equation.left) == structure(claim.equation.left), written
    assert write_latex(claim.equation.left).isascii()


WRONG = [
    ("t₁", "SC010", "t₁ is not declared"),
    ("q₀", "SC010", "q₀ is not declared"),
    ("W₀", "SC012", "W is (m, n), so it has 2 indices, not 1"),
    ("W₀₁₂", "SC012", "W is (m, n)"),
    ("y₀₁ + y[k]", "SC013", None),
    ("W[:, i]*W", "SC012", None),
    ("∂y/∂W[:, i]", "SC013", "a whole axis is no index"),
    ("Aₖₗ(x)", "SC012", "so it has 1 indices, not 2"),
    ("∂ᵢf(t, t)", "SC011", "by the entries of its only argument"),
    ("∂ᵢA,ₖₗ(x)", "SC012", "the derivative of A here is (m, n)"),
    ("∂ᵢσ(x)", "SC012", "0 of its argument"),
    ("∂q(x)", "SC001", "∂ begins a fraction"),
    ("softmax'(x)", "SC011", "mixes the entries of x"),
    ("hypot'(t, t)", "SC011", "hypot has 2 arguments"),
    ("D(hypot)(t, t)", "SC011", "by which one?"),
    ("D(tanh, 2)(t)", "SC011", "tanh has no argument 2"),
    ("D(eye)(t)", "SC011", "no function that could be differentiated"),
    ("y'(t)", "SC011", "y is a value, not a function"),
    ("tanhh'(t)", "SC011", "no function is called tanhh"),
    ("(z -> z @ x)'(x)", "SC011", "mixes the entries of x"),
    ("(z -> z*W)'(x)", "SC011", "mixes the entries of x"),
    ("(z -> z)(t)", "SC001", "is differentiated"),
    ("D(z -> q)(t)", "SC010", "q is not declared"),
]


@pytest.mark.parametrize(("text", "code", "said"), WRONG, ids=[row[0] for row in WRONG])
def test_what_does_not_fit_is_an_error_with_a_reason(text: str, code: str, said: str | None) -> None:
    with pytest.raises(SymcheckError) as caught:
        side(text, scope_of(NAMES, FUNCTIONS))
    assert caught.value.code == code, caught.value
    assert said is None or said in caught.value.message
    assert caught.value.location is not None


def test_names_are_shown_as_their_author_wrote_them() -> None:
    scope = scope_of("w₁: n; epsilon: scalar; f1: elementwise; φ₂: elementwise")
    (claim,) = read("w₁[i]*epsilon = f1(epsilon) + phi2'(epsilon)", scope)
    assert claim.equation is not None
    assert write(claim.equation.left) == "w₁[i]*ε"
    assert write(claim.equation.right) == "f1(ε) + φ₂'(ε)"
    assert write(claim.equation.right, ascii=True) == "f1(epsilon) + phi2'(epsilon)"


def test_two_derivatives_at_an_argument_do_not_reach_into_each_other() -> None:
    """Each has an offset of its own."""
    (claim,) = read("tanh'(tanh'(t)) = tanh'(t)", scope_of("t: scalar"))
    assert claim.equation is not None
    assert write(claim.equation.left) == "tanh'(tanh'(t))"
