"""What follows from an earlier slip is told apart from slips of its own: chains, definitions, numbers."""

from __future__ import annotations

import pytest

from symcheck.api import Derivation, check_formula
from symcheck.language.verdict import Judgement, Refuted, word
from symcheck.rendering.rows import count, summary_line


def lines(text: str) -> list[Judgement]:
    derivation = Derivation("one")
    derivation.declare("a: scalar; c: scalar; x: n; W: m n")
    derivation.define("e", "a + c")
    derivation.define("h", "e**2")
    derivation.define("p", "W @ x")
    derivation.define("L", "p @ p")
    derivation.at(a=2, c=1)
    derivation.claims(text)
    return derivation.check()


def words(judgements: list[Judgement]) -> list[str]:
    """proved, own, follows …"""
    return [
        ("follows" if j.verdict.follows else "own") if isinstance(j.verdict, Refuted) else word(j.verdict)
        for j in judgements
    ]


ROWS = [
    ("a chain", "∂h/∂e = 3e = 2e + e", "own follows"),
    ("a chain that comes right again", "∂h/∂e = 3e = 2e", "own proved"),
    ("a second slip in a chain", "∂h/∂e = 3e = 4e", "own own"),
    ("a definition", "e = a - c\nh = (a - c)**2", "own follows"),
    ("a definition, another slip", "e = a - c\nh = (a - c)**3", "own own"),
    ("a definition, right all the same", "e = a - c\nh = (a + c)**2", "own proved"),
    ("a value", "e = 4\nh = 16", "own follows"),
    ("a value in a chain", "e = a + c = 4\nh = e**2 = 16", "proved own proved follows"),
    ("another slip in a value", "e = 4\nh = 17", "own own"),
    ("a derivative", "∂h/∂e = 3e\n∂h/∂a = 3e", "own follows"),
    ("a derivative and its value", "∂h/∂e = 9\n∂h/∂a = 9\n∂h/∂c = 6", "own follows proved"),
    ("vectors", "∂L/∂p = p\n∂L/∂W = p ⊗ x\n∂L/∂x = Wᵀ @ p", "own follows follows"),
    ("vectors, wrong in itself", "∂L/∂p = p\n∂L/∂W = 3p ⊗ x", "own own"),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_consequence_is_told_from_a_slip(text: str, expected: str) -> None:
    judgements = lines(text)
    assert words(judgements) == expected.split()
    assert count(judgements).follows == expected.split().count("follows")


def test_a_chain_that_begins_with_any_formula() -> None:
    assert words(check_formula("d(x**2)/dx = 3*x = 2*x + x", "x: scalar")) == ["own", "follows"]


def test_the_summary_counts_both() -> None:
    judgements = lines("∂L/∂p = p\n∂L/∂W = p ⊗ x\n∂L/∂x = Wᵀ @ p")
    assert summary_line(judgements) == "3 claims: 3 REFUTED, 2 of them follow"
    assert summary_line(lines("∂L/∂p = 2p\ne = 4\nh = 16")) == (
        "3 claims: 1 proved, 2 REFUTED, 1 of them follows"
    )
