"""Gradients of defined names read off a line of differentials, and what must not be read from it."""

from __future__ import annotations

import pytest

from symcheck.api import check_claims, read_formula
from symcheck.language.verdict import word

LINEAR = "X: n; G: n; H: n; Z = 2*X; Q = sumall(G*Z)"
LAYER = "X: N n; W: n m; q: (N m) -> scalar; Z = X @ W; Q = q(Z)"
BESIDE = "X: n; G: n; H: n; Z = 2*X; Q = sumall(G*Z) + sumall(H*X)"
HELD = ("G constant", "H constant")


def verdicts(line: str, let: str, *assume: str) -> list[str]:
    """Premise, reading, conclusion: judged by all parties."""
    return [word(j.verdict) for j in check_claims(read_formula(line, [let], assume), oracle="all")]


@pytest.mark.parametrize(
    ("line", "let"),
    [
        ("dQ = G.T @ dZ => ∂Q/∂Z = G", LINEAR),
        ("dQ = Σ_i G[i]*dZ[i] => ∂Q/∂Z = G", LINEAR),
        ("dQ = 2*G.T @ dX => ∂Q/∂X = 2*G", LINEAR),
        ("dQ = G.T @ dZ + H.T @ dX => ∂Q/∂Z = G", BESIDE),
        ("dQ = tr((∂Q/∂Z).T @ dZ) => ∂Q/∂Z = D(q)(Z)", LAYER),
        ("dQ = tr(D(q)(Z).T @ dZ) => ∂Q/∂Z = D(q)(Z)", LAYER),
        # ∂Q/∂X passes through Z, and keeps its value though dZ is a direction of its own
        ("dQ = 1/2*(∂Q/∂X).T @ dZ => ∂Q/∂Z = 1/2*∂Q/∂X", LINEAR),
    ],
)
def test_what_stands_before_dZ_is_the_gradient(line: str, let: str) -> None:
    assert verdicts(line, let, *(HELD if "G:" in let else ())) == ["proved"] * 3


@pytest.mark.parametrize(
    ("line", "let", "wanted"),
    [
        ("dQ = G.T @ dZ => ∂Q/∂Z = 2*G", LINEAR, ["proved", "refuted", "refuted"]),
        ("dQ = G.T @ dZ => ∂Q/∂Z = G + ∂Q/∂X", LINEAR, ["proved", "refuted", "refuted"]),
        ("dQ = 2*G.T @ dZ => ∂Q/∂Z = 2*G", LINEAR, ["refuted", "proved", "refuted"]),
        # right only since dZ = 2 dX: the premise holds, its dZ alone is not the gradient
        ("dQ = 2*G.T @ dZ - 2*G.T @ dX => ∂Q/∂Z = 2*G", LINEAR, ["proved", "proved", "refuted"]),
        ("dQ = 2*G.T @ dX => ∂Q/∂Z = G", LINEAR, ["proved", "refuted", "proved"]),
        ("dQ = 2*G.T @ dX => ∂Q/∂Z = 0*G", LINEAR, ["proved", "proved", "refuted"]),
        ("dQ = tr(D(q)(Z).T @ dZ) => ∂Q/∂Z = D(q)(X @ W + X @ W)", LAYER, ["proved", "refuted", "refuted"]),
    ],
)
def test_what_is_read_wrongly_is_refuted(line: str, let: str, wanted: list[str]) -> None:
    assert verdicts(line, let, *(HELD if "G:" in let else ())) == wanted


@pytest.mark.parametrize("form", ["dQ", "1/2*dQ + 1/2*G.T @ dZ", "d(Q)"])
def test_a_differential_that_hides_dZ_is_no_line_to_read_from(form: str) -> None:
    assert verdicts(f"dQ = {form} => ∂Q/∂Z = G", LINEAR, *HELD) == ["proved", "error", "proved"]
