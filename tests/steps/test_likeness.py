"""Lines that are written alike, and lines that are not: what is left without a reason."""

from __future__ import annotations

import pytest

from symcheck.api import read_formula
from symcheck.steps.likeness import alike

LET = (
    "A: n m; B: m n; C: n n; X: n; Y: n; a: scalar; b: scalar; c: scalar; f: elementwise;"
    "p = C @ X; L = sumall(p**2)"
)


def sides_alike(line: str) -> bool:
    (claim,) = read_formula(line, [LET])
    assert claim.equation is not None, claim.error
    return alike(claim.equation.left, claim.equation.right)


@pytest.mark.parametrize(
    "line",
    [
        "a + b + c = c + (b + a)",
        "a - (b - c) = a - b + c",
        "a*b/c = b/c*a",
        "a*(b/c) = a*b/c",
        "-(a*b) = (-a)*b",
        "1*a = a",
        "(A @ B) @ C = A @ (B @ C)",
        "(2*A) @ B = 2*(A @ B)",
        "A @ (a*B) = a*(A @ B)",
        "C.T.T = C",
        "X.T @ Y = Y @ X",
        "X @ (C @ Y) = (X @ C) @ Y",
        "(C @ Y) @ X = X @ C @ Y",
        "ones(n, m).T @ C = ones(m, n) @ C",
        "Σ_i X[i]*Y[i] = Σ_k Y[k]*X[k]",
        "Σ_i Σ_j C[i,j] = Σ_j Σ_i C[i,j]",
        "(∂L/∂p)[i] = ∂L/∂p[i]",
        "(∂p/∂X)[i,j] = ∂p[i]/∂X[j]",
        "(dX)[i] = d(X[i])",
        "lim(a -> 0, b + a) = lim(a -> 0, a + b)",
        "Π_i X[i]*Y[i] = Π_k Y[k]*X[k]",
    ],
)
def test_alike(line: str) -> None:
    assert sides_alike(line)


@pytest.mark.parametrize(
    "line",
    [
        "a + b = a - b",
        "a - b = b - a",
        "a/b = b/a",
        "2*a = a",
        "a*b + c = a*(b + c)",
        "C @ A @ B = A @ B @ C",
        "lim(a -> 0+, a + b) = lim(a -> 0-, a + b)",
        "lim(a -> 0, a + b) = lim(a -> c, a + b)",
        "Π_i X[i] = Σ_i X[i]",
        "C.T = C",
        "(C @ C.T).T = C @ C.T",
        "X @ C @ Y = Y @ C @ X",
        "X ⊗ Y = Y ⊗ X",
        "tr(A @ B) = tr(B @ A)",
        "Σ_i C[i,i] = Σ_i Σ_j C[i,j]",
        "Σ_i Σ_j C[i,j]*X[i] = Σ_i Σ_j C[i,j]*X[j]",
        "C[i,k] = C[k,i]",
        "∂p[i]/∂X[j] = ∂p[j]/∂X[i]",
        "dX = d(Y)",
        "2*3 = 6",
        "a*a = a**2",
        "X + a = X + a*ones(n)",
        "ones(n, m) = ones(n, m) + 0*A",
        "f(X) = f(Y)",
    ],
)
def test_not_alike(line: str) -> None:
    assert not sides_alike(line)
