"""For each code an example that earns it, and the same put right.  The tests run every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Example:
    """Something to check: a formula, a file of Python, or a command."""

    formula: str = ""
    let: str = ""
    assume: str = ""
    file: str = ""
    """The text of a Python file that is checked."""
    command: str = ""
    """What follows ``symcheck``."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Wrong and right side by side."""

    wrong: Example
    right: Example


def formulas(wrong: str, right: str, let: str) -> Examples:
    """Two formulas under the same declarations."""
    return Examples(Example(wrong, let), Example(right, let))


def _layer(forward: str) -> Example:
    return Example(
        file=f"""class Square:
    shapes = "x: n"
    def forward(self, x):
        {forward}
        self.cache = x
        return x**2
    def backward(self, upstream):
        return upstream * 2 * self.cache
"""
    )


def _square(claim: str) -> Example:
    return Example(
        file=f"""from symcheck import Derivation
square = Derivation("square")
square.declare("x: scalar")
square.define("f", "x**2")
{claim}("df/dx = 2*x")
"""
    )


def _powers(step: str) -> Example:
    return Example(
        file=f"""from symcheck import Derivation
power = Derivation("power")
power.declare("b₀: d")
power.induction(
    "∂lₙ/∂b₀ = Gₙ", on="n", start=0,
    declare="lₙ: d; Gₙ: d d; wₙ: d d",
    base="l₀ = b₀; G₀ = eye(d)",
    step="lₙ = wₙ @ lₙ₋₁; Gₙ = {step}",
)
"""
    )


EXAMPLES: Mapping[str, Examples] = MappingProxyType(
    {
        "SC000": Examples(Example(command="rule --colour"), Example(command="rule SC101")),
        "SC001": formulas("d(x**2)/dx = (2*x", "d(x**2)/dx = (2*x)", "x: scalar"),
        "SC002": formulas("x**(10**9) = x", "x**(10**2) = x**99*x", "x: scalar"),
        "SC003": Examples(_square("squares.claim"), _square("square.claim")),
        "SC010": formulas("d(x**2)/dx = 2*y", "d(x**2)/dx = 2*x", "x: scalar"),
        "SC011": formulas("d(sin(x, x))/dx = cos(x)", "d(sin(x))/dx = cos(x)", "x: scalar"),
        "SC012": formulas(
            "d(sumall(W @ x))/dx = W @ ones(m)", "d(sumall(W @ x))/dx = W.T @ ones(m)", "W: m n; x: n"
        ),
        "SC013": formulas("sum(i, x[i]*y[i]) = x @ x", "sum(i, x[i]*x[i]) = x @ x", "x: n; y: m"),
        "SC014": Examples(
            Example("A = A.T", "A: n n", "A symetric"), Example("A = A.T", "A: n n", "A symmetric")
        ),
        "SC015": Examples(Example("x = x + 0", "x: n; x: m"), Example("x = x + 0", "x: n")),
        "SC016": Examples(_layer("x = self.scaled(x)"), _layer("x = x + 0")),
        "SC020": formulas("d(lim(a -> 0, a*b))/db = 0", "lim(a -> 0, a*b) = 0", "a: scalar; b: scalar"),
        "SC030": Examples(
            Example("sqrt(x**2) = x", "x: scalar", "x > 0; x < 0"),
            Example("sqrt(x**2) = x", "x: scalar", "x > 0"),
        ),
        "SC100": formulas(
            "d(sumall(W @ x))/dW = x", "d(sumall(W @ x))/dW = outer(ones(m), x)", "W: m n; x: n"
        ),
        "SC101": formulas("d(b @ (A @ x))/dx = A @ b", "d(b @ (A @ x))/dx = A.T @ b", "x: n; b: n; A: n n"),
        "SC102": formulas("(A @ B).T = A.T @ B.T", "(A @ B).T = B.T @ A.T", "A: n n; B: n n"),
        "SC103": formulas("d(1/x)/dx = 1/x**2", "d(1/x)/dx = -1/x**2", "x: scalar"),
        "SC104": formulas("d(x @ x)/dx = x", "d(x @ x)/dx = 2*x", "x: n"),
        "SC105": formulas("d(sumall(x)**2)/dx[j] = 2*x[j]", "d(sumall(x)**2)/dx[j] = 2*sumall(x)", "x: n"),
        "SC106": formulas(
            "d(softmax(x)[i])/dx[j] = softmax(x)[i]*(delta(i,j) - softmax(x)[i])",
            "d(softmax(x)[i])/dx[j] = softmax(x)[i]*(delta(i,j) - softmax(x)[j])",
            "x: n",
        ),
        "SC107": formulas(
            "d(sumall(C*(A @ B)))/dA = C * B.T",
            "d(sumall(C*(A @ B)))/dA = C @ B.T",
            "A: n n; B: n n; C: n n",
        ),
        "SC108": formulas("d(x*exp(x))/dx = exp(x)", "d(x*exp(x))/dx = exp(x) + x*exp(x)", "x: scalar"),
        "SC109": formulas(
            "d(sumall(phi(x)))/dx = phi(x)", "d(sumall(phi(x)))/dx = phi'(x)", "x: n; phi: elementwise"
        ),
        "SC110": Examples(
            Example("d(-sumall(y*log(softmax(x))))/dx = softmax(x) - y", "x: n; y: n"),
            Example("d(-sumall(y*log(softmax(x))))/dx = softmax(x) - y", "x: n; y: n", "sum(y) == 1"),
        ),
        "SC119": formulas("d(x*sin(x))/dx = exp(x)", "d(x*sin(x))/dx = sin(x) + x*cos(x)", "x: scalar"),
        "SC201": formulas(
            "det(A @ A - eye(n)) = det(A - eye(n))*det(A + eye(n))",
            "det(A @ A - eye(n)) = det((A - eye(n)) @ (A + eye(n)))",
            "A: n n",
        ),
        "SC202": formulas(
            "(a + b + c + d)**40 = (d + c + b + a)**39*(a + b + c + d)",
            "(a + b + c + d)**4 = (d + c + b + a)**3*(a + b + c + d)",
            "a: scalar; b: scalar; c: scalar; d: scalar",
        ),
        "SC203": Examples(_powers("wₙ"), _powers("wₙ @ Gₙ₋₁")),
        "SC301": formulas("d(x**2)/dx = 3*x = 2*x + x", "d(x**2)/dx = 2*x = x + x", "x: scalar"),
    }
)
"""Code → examples.  Contradictions and failures of ours (SC9xx) have none: there the bug would be fixed."""
