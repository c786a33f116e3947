"""What is written is read back: same structure, in Unicode and in ASCII."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symcheck.language.tensor import Index, IndexSum, Number, Symbol, Tensor, structure, variable
from symcheck.reading.declarations import declare_in
from symcheck.reading.elaborate import read_formula
from symcheck.reading.scope import Scope
from symcheck.rendering.text_notation import write

DECLARED = """x: n; y: n; u: m; v: h; A: n n; V: h n; W: m h; theta: n; b_0: h
t: scalar; s: scalar; k: scalar
sigma: elementwise; F: n -> m; Q: (n n) -> scalar; f: (scalar, scalar) -> scalar; g: scalar -> scalar
p = V @ x + b_0
r = sigma(p)
q = W @ r
epsilon = q @ u + t
e = t*s
w = e**2 + t"""

FORMULAS = """
2*t
1/2*A.T @ x
0.5*t
-t**2
(-t)**2
t**-2
2**t**s
(2**t)**s
t - (s - k)
t - s - k
t/(s/k)
t/s/k
t/(s*k)
t*s/k
-(t + s)
-t*s
-(t*s)
t*(-5)*1
16200*(-5)*1
t + (-s)
(A + A.T) @ x
(A @ x)*y
A @ (x*y)
x @ y*t
outer(u, v)
prod(i, x[i])
2*prod(i, x[i]*y[i])
prod(i, sum(j, A[i,j]*x[j]))
prod(i, x[i] + t)**2
outer(t*u, v)
A.T.T
(A @ x).T @ y
A[i,j]*x[j]
(A @ A)[0,1]
block([[A, V.T], [V, 0]]) @ concat(x, v)
hstack(A, x, zeros(n, m + 2))
vstack(A, V, y)
inv(block([[A, x], [y, 1]]))
part(vstack(A, V), 1, 0).T
concat(x, 1, concat(t, u))*2 - 1
eye(n + m)
block([[A, A], [A, A]]).T
lim(t -> inf, exp(-t)*s)
lim(t -> -inf, t)**2
lim(t -> s - k, A)[i,j]
lim(t -> (s - k)+, t)
lim(t -> (-1)-, t) - lim(t -> 0-, t)
sum(i, x[i]**2)
sum(i, j, A[i,j]*x[i]*y[j])
sum(i, x[i]*sum(j, A[i,j]))
delta(i, j)*x[i]
delta(i, 0)*x[i]
sigma(p)
sigma'(p)
sigma''(p)*t
g'''(t)
F(x)
D(F)(x)
D(F)(x)[i,j]
D(f,1)(t, s)
D(f,2)(t, s)
D(D(f,1),2)(t, s)
D(Q)(A)
∂ε/∂V
∂p[i]/∂V[j,l]
(∂p/∂V)[i,j,l]
∂ε/∂V[i,j]
∂ε/∂p · ∂p/∂V
∂ε/∂q · ∂q/∂r · ∂r/∂p
∂ε/∂p ⊗ x
∂ε/∂t*∂e/∂t
(∂w/∂t)**2
t/(∂w/∂t)
∂w/∂t/t
(∂ε/∂V).T
d(x.T @ A @ x)/dx
d(t**2)/dt
d(d(t**3)/dt)/dt
local(w, t)
d(A @ x)
dx
dt*s
d(t*s)/(dt)
where(t > 0, t, 0)
where(t <= s, t - s, s*2)
maximum(t, 0)
abs(t)*norm2(x)
exp(t)**2
softmax(x)[i]
eye(n)
ones(n, m)
zeros(h)
mpow(A, 3)
1/n
sqrt(n)*t
diag(x) @ A
tr(A @ A)
logdet(A)
pi*t
theta @ x
"""


def scope() -> Scope:
    """Everything the formulas use."""
    made = Scope()
    declare_in(made, DECLARED)
    return made


def formula(text: str, names: Scope | None = None) -> Tensor:
    """A formula read."""
    return read_formula(text, names or scope())


@pytest.mark.parametrize("ascii_only", [False, True], ids=["unicode", "ascii"])
@pytest.mark.parametrize("text", FORMULAS.strip().splitlines())
def test_what_is_written_reads_back_to_the_same_structure(text: str, ascii_only: bool) -> None:
    names = scope()
    tensor = formula(text, names)
    written = write(tensor, ascii=ascii_only)
    assert structure(formula(written, names)) == structure(tensor), written
    assert written.isascii() or not ascii_only


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2 * t", "2*t"),
        ("((t + s))*(k)", "(t + s)*k"),
        ("((A) @ ((x)))", "A @ x"),
        ("d(epsilon, V)", "∂ε/∂V"),
        ("chain(d(epsilon, p), d(p, V))", "∂ε/∂p · ∂p/∂V"),
        ("(∂p/∂V)[i,j,l]", "∂p[i]/∂V[j,l]"),
        ("outer(∂ε/∂p, x)", "∂ε/∂p ⊗ x"),
        ("16200*(-5)*1", "16200*(-5)*1"),
        ("sigma'(p)*∂ε/∂r", "σ'(p) * ∂ε/∂r"),
        ("(A @ x)*y", "(A @ x) * y"),
        ("theta", "θ"),
        ("1/2*t", "1/2*t"),
    ],
)
def test_the_shortest_form_people_write(text: str, written: str) -> None:
    tensor = formula(text)
    if text == "(∂p/∂V)[i,j,l]":
        assert write(tensor) in ("(∂p/∂V)[i,j,l]", "∂p[i]/∂V[j,l]")
    else:
        assert write(tensor) == written


def test_ascii_writes_chain_outer_and_spelled_names() -> None:
    assert write(formula("∂ε/∂p · ∂p/∂V"), ascii=True) == "chain(depsilon/dp, dp/dV)"
    assert write(formula("∂ε/∂p ⊗ x"), ascii=True) == "outer(depsilon/dp, x)"


def test_a_bound_index_never_captures_a_name_of_its_body() -> None:
    i, j = Index("i", "n"), Index("i", "n")
    x = variable(Symbol("x", (("n",),)))
    inner = IndexSum((), (j,), x[i] * x[j])
    assert write(IndexSum((), (i,), inner)) == "sum(i1, sum(i, x[i1]*x[i]))"
    scalar = variable(Symbol("i", ()))
    assert write(IndexSum((), (i,), x[i] * scalar)) == "sum(i1, x[i1]*i)"


def test_a_fraction_without_spelling_is_a_division() -> None:
    half = Number((), Fraction(1, 2))
    t = variable(Symbol("t", ()))
    assert write(half * t) == "1/2*t"
    assert write(t**half) == "t**(1/2)"
    assert write(t - Number((), Fraction(-3))) == "t - (-3)"


@pytest.mark.parametrize(
    "text",
    ["a - k*b", "a + b*c - 2*d", "a - b/c", "a - (b + c)", "a + (-b*c)", "a - (b - c*d)", "a - k*(b - c)"],
)
def test_a_product_after_a_sign_needs_no_brackets(text: str) -> None:
    scope = Scope()
    declare_in(scope, "a: scalar; b: scalar; c: scalar; d: scalar; k: scalar")
    assert write(read_formula(text, scope)) == text
