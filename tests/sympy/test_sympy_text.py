"""Claims as text, through the reader, against SymPy: right lines agree, slips differ."""

from __future__ import annotations

import pytest

from symcheck.language.shape import shape_of
from symcheck.reading.elaborate import read_formula
from symcheck.reading.line import read_line
from symcheck.reading.scope import Scope
from symcheck.sympy_oracle import compare


def scope() -> Scope:
    made = Scope()
    for name in ("y", "l", "w"):
        made.declare(name, shape_of("m"))
    made.declare("x", shape_of("n"))
    made.declare("W", shape_of("m", "n"))
    made.declare("A", shape_of("n", "n"))
    made.declare("t", ())
    made.declare_function("sigma", [()], (), elementwise=True)
    made.define("p", read_formula("W @ x", made))
    made.define("z", read_formula("sigma(p)", made))
    made.define("loss", read_formula("1/2*sumall((z - l)**2)", made))
    made.define("logits", read_formula("logsoftmax(p)", made))
    made.define("cross", read_formula("-sumall(y*logits)", made))
    return made


ROWS = {
    "∂loss/∂z = z - l": "agrees",
    "∂loss/∂z = l - z": "differs",
    "∂loss/∂p = ∂loss/∂z ⊙ sigma'(p)": "agrees",
    "∂loss/∂p = ∂loss/∂z ⊙ sigma'(z)": "differs",
    "∂loss/∂W = ∂loss/∂p ⊗ x": "agrees",
    "∂loss/∂W[i,j] = ∂loss/∂p[i] * x[j]": "agrees",
    "∂loss/∂x = W.T @ ∂loss/∂p": "agrees",
    "∂cross/∂p = sumall(y)*softmax(p) - y": "agrees",
    "∂cross/∂p = softmax(p) - y": "differs",
    "∂loss/∂W[i,j] = sum(k, ∂loss/∂p[k] * ∂p[k]/∂W[i,j])": "agrees",
    "∂loss/∂W[i,j] = sum(k, ∂loss/∂p[k]) * x[j]": "differs",
    "dloss = (z - l) @ dz": "differs",
    "dp = dW @ x + W @ dx": "agrees",
    "d(x @ A @ x)/dx = (A + A.T) @ x": "agrees",
    "d(tanh(t))/dt = 1 - tanh(t)**2": "agrees",
    "d(tanh(t))/dt = 1/cosh(t)": "differs",
}


@pytest.mark.parametrize("line", ROWS)
def test_line(line: str) -> None:
    (claim,) = read_line(line, scope(), id="test")
    answer = compare(claim)
    assert answer.status == ROWS[line], answer


@pytest.mark.parametrize(
    ("line", "assumption"),
    [
        ("∂cross/∂p = softmax(p) - y", "y one-hot"),
        ("∂cross/∂p = softmax(p) - y", "y on simplex"),
        ("∂cross/∂p = softmax(p) - y", "sum(y) == 1"),
        ("d(x @ A @ x)/dx = 2*A @ x", "A symmetric"),
        ("d(logdet(A))/dA = inv(A)", "A positive definite"),
        ("norm2(x) = 1", "x unit"),
        ("sqrt(t**2) = t", "t > 0"),
        ("A @ A = A", "A idempotent"),
        ("A @ A.T = eye(n)", "A orthogonal"),
    ],
)
def test_line_that_needs_its_assumption(line: str, assumption: str) -> None:
    (without,) = read_line(line, scope(), id="test")
    (with_it,) = read_line(line, scope(), id="test", assume=[assumption])
    assert compare(without).status == "differs"
    assert compare(with_it).status == "agrees"
