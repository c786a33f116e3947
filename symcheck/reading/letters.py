"""How names are spelled: one name for a Greek letter and its spelling, ``w₁`` for ``w1``.

Names travel in their ASCII spelling (``epsilon``); spans keep what the author wrote (``ε``).
"""

from __future__ import annotations

import unicodedata
from fractions import Fraction

GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ϵ": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ϑ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "µ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "ο": "omicron",
    "π": "pi",
    "ρ": "rho",
    "ϱ": "rho",
    "σ": "sigma",
    "ς": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "ϕ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
    "Γ": "Gamma",
    "Δ": "Delta",
    "Θ": "Theta",
    "Λ": "Lambda",
    "Ξ": "Xi",
    "Π": "Pi",
    "Σ": "Sigma",
    "Υ": "Upsilon",
    "Φ": "Phi",
    "Ψ": "Psi",
    "Ω": "Omega",
    "ℓ": "ell",
}
"""A Greek letter → its spelling.  ``Σ`` and ``Π`` are sum and product where an index follows."""

CIRCLED = {sign: f"circled{k}" for k, sign in enumerate("①②③④⑤⑥⑦⑧⑨", 1)}
"""``①`` is a name on its own: a factor that notes abbreviate."""

SUBSCRIPT_DIGITS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
SUBSCRIPT_LETTERS = dict(zip("ᵢⱼₖₗₘₙₐₑₕₒₚᵣₛₜᵤᵥₓ", "ijklmnaehoprstuvx", strict=True))
"""A small letter below the line is an index: ``Xᵢⱼ`` is ``X[i, j]``."""

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
TRANSPOSED = "ᵀ⊤"
PRIMES = {"'": 1, "′": 1, "″": 2, "‴": 3, "’": 1}


def spell(written: str) -> str:
    """The ASCII spelling of a name, as far as it has one: ``ε`` → epsilon, ``w₁`` → w1."""
    if written.isascii():
        return written
    composed = unicodedata.normalize("NFC", written)
    return "".join(GREEK.get(c) or SUBSCRIPT_DIGITS.get(c) or CIRCLED.get(c) or c for c in composed)


def starts_name(char: str) -> bool:
    """Whether a name can begin with it."""
    return char == "_" or (char.isalpha() and not _is_mark(char))


def continues_name(char: str) -> bool:
    """Whether a name can go on with it: letters, digits, small digits below, accents."""
    if char.isascii():
        return char.isalnum() or char == "_"
    if char in SUBSCRIPT_DIGITS or unicodedata.category(char) == "Mn":
        return True
    return char.isalpha() and not _is_mark(char)


def is_name(written: str) -> bool:
    """Whether the whole text is one name."""
    if written in CIRCLED:
        return True
    return bool(written) and starts_name(written[0]) and all(map(continues_name, written[1:]))


def _is_mark(char: str) -> bool:
    return char in SUBSCRIPT_LETTERS or char in TRANSPOSED or unicodedata.category(char) == "Lm"


def vulgar_fraction(char: str) -> Fraction | None:
    """The value of ``½``, ``¾`` and the like; None for any other character."""
    decomposed = unicodedata.normalize("NFKC", char)
    over, bar, under = decomposed.partition("\u2044")
    if bar and over.isdecimal() and under.isdecimal():
        return Fraction(int(over), int(under))
    return None
