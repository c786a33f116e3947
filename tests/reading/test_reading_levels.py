"""Names with a level, lₙ and lₙ₋₁: the longest declared name wins, any other small letter is an index."""

from __future__ import annotations

import pytest

from symcheck.language.claim import Claim
from symcheck.language.tensor import Entry, Variable
from symcheck.reading.builder import Derivation
from symcheck.reading.letters import ascii_level, from_ascii_level, is_name, spell, split_level
from symcheck.rendering.latex_notation import write_latex
from symcheck.rendering.names import ascii_text, greek, latex_text
from symcheck.rendering.text_notation import write


def read(text: str, declared: str = "lₙ₋₁: dₙ₋₁; lₙ: dₙ; l: q; x: q; δₗ₊₁: q; x_i: scalar") -> Claim:
    derivation = Derivation("levels")
    derivation.declare(declared)
    derivation.claim(text)
    (claim,) = derivation.lecture_noun().claims
    return claim


def left(text: str) -> str:
    claim = read(text)
    assert claim.equation is not None, claim.error
    return write(claim.equation.left)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lₙ", "lₙ"),
        ("lₙ₋₁", "lₙ₋₁"),
        ("lₙᵢ", "lₙ[i]"),
        ("lₙ₋₁ᵢ", "lₙ₋₁[i]"),
        ("lᵢ", "l[i]"),
        ("l_n", "lₙ"),
        ("l_nm1[i]", "lₙ₋₁[i]"),
        ("δₗ₊₁", "δₗ₊₁"),
        ("delta_lp1", "δₗ₊₁"),
        ("xᵢ", "x[i]"),  # x_i was declared in ASCII: the small letter stays an index
        ("x_i", "x_i"),
    ],
)
def test_the_longest_declared_name_wins(written: str, meant: str) -> None:
    assert left(f"{written} = {written}") == meant


def test_what_is_no_declared_name_is_an_index() -> None:
    claim = read("xₙ = xₙ")
    assert claim.equation is not None
    assert isinstance(claim.equation.left, Entry)
    assert isinstance(claim.equation.left.base, Variable)


@pytest.mark.parametrize("text", ["lₙ₋₂ = 0", "x₊₁ = 0", "Σᵢ xᵢ₋₁ = 0"])
def test_a_shifted_index_is_refused_by_name(text: str) -> None:
    claim = read(text)
    assert claim.error is not None
    assert claim.error.code == "SC010"
    assert "is not declared" in claim.error.message


def test_names_with_levels_print_well() -> None:
    claim = read("∂δₗ₊₁/∂lₙ₋₁ᵢ = 0")
    assert claim.equation is not None
    assert write(claim.equation.left) == "∂δₗ₊₁/∂lₙ₋₁[i]"
    assert write(claim.equation.left, ascii=True) == "ddelta_lp1/dl_nm1[i]"
    assert write_latex(claim.equation.left) == r"\frac{\partial \delta_{l+1}}{\partial l_{n-1,i}}"
    assert latex_text("lₙ₋₁") == r"l\ensuremath{{}_{n-1}}"
    assert ascii_text("lₙ₋₁ = Σₖ b₀ᵢ") == "l_nm1 = Sigma_k b0_i"
    assert greek("deltaₗ₊₁") == "δₗ₊₁"


def test_spellings() -> None:
    assert [spell(name) for name in ("δₙ₋₁", "w₁", "w₁ₙ")] == ["deltaₙ₋₁", "w1", "w1ₙ"]
    assert [split_level(name) for name in ("lₙ₋₁", "l1", "ₙ")] == [("l", "ₙ₋₁"), ("l1", ""), ("ₙ", "")]
    assert [is_name(name) for name in ("lₙ₋₁", "lₙ₋", "ₙ", "l₋₁")] == [True, False, False, False]
    for name in ("lₙ", "lₙ₋₁", "deltaₗ₊₂"):
        assert from_ascii_level(ascii_level(name)) == name
    assert from_ascii_level("y_pred") is None  # p, r, e are small letters, d is none
