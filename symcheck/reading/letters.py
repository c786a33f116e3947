"""How names are spelled: one name for a Greek letter and its spelling, ``w₁`` for ``w1``.

Names travel in their ASCII spelling (``epsilon``); spans keep what the author wrote (``ε``).  A name may
end in a level, ``lₙ₋₁``: it is kept as written, for ``ₙ`` behind other names is an index.
"""

from __future__ import annotations

import re
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

SUBSCRIPT_SIGNS = {"₊": "+", "₋": "-"}
LEVEL = re.compile(
    f"[{''.join(SUBSCRIPT_LETTERS)}]+(?:[{''.join(SUBSCRIPT_SIGNS)}][{''.join(SUBSCRIPT_DIGITS)}]+)?$"
)
"""What a name with a level ends in: ``ₙ``, ``ₙ₋₁``, ``ₗ₊₁``."""
_BELOW = {**SUBSCRIPT_LETTERS, **SUBSCRIPT_DIGITS, **SUBSCRIPT_SIGNS}
_ABOVE = {plain: small for small, plain in _BELOW.items()}
_ASCII_LEVEL = re.compile(rf"_([{''.join(SUBSCRIPT_LETTERS.values())}]+)(?:([pm])([0-9]+))?$")

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
TRANSPOSED = "ᵀ⊤"
PRIMES = {"'": 1, "′": 1, "″": 2, "‴": 3, "’": 1}


def spell(written: str) -> str:
    """The ASCII spelling of a name, as far as it has one: ``ε`` → epsilon, ``w₁`` → w1; a level stays."""
    if written.isascii():
        return written
    head, level = split_level(unicodedata.normalize("NFC", written))
    return "".join(GREEK.get(c) or SUBSCRIPT_DIGITS.get(c) or CIRCLED.get(c) or c for c in head) + level


def split_level(name: str) -> tuple[str, str]:
    """``lₙ₋₁`` → (l, ₙ₋₁); without a level → (name, nothing)."""
    match = None if name.isascii() else LEVEL.search(name)
    return (name[: match.start()], match[0]) if match and match.start() else (name, "")


def plain_level(level: str) -> str:
    """``ₙ₋₁`` → n-1"""
    return "".join(_BELOW.get(c, c) for c in level)


def ascii_level(name: str) -> str:
    """``lₙ₋₁`` → l_nm1, ``lₙ₊₁`` → l_np1, ``lₙ`` → l_n: how a name with a level is typed in ASCII."""
    head, level = split_level(name)
    return f"{head}_{plain_level(level).replace('-', 'm').replace('+', 'p')}" if level else name


def from_ascii_level(name: str) -> str | None:
    """``l_nm1`` → lₙ₋₁; None for a name that cannot mean a level."""
    match = _ASCII_LEVEL.search(name)
    if match is None or not match.start():
        return None
    sign = {"p": "+", "m": "-", None: ""}[match[2]]
    return name[: match.start()] + "".join(_ABOVE[c] for c in f"{match[1]}{sign}{match[3] or ''}")


def is_below(char: str) -> bool:
    """Whether it is a letter, digit or sign written below the line."""
    return char in _BELOW


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
    """Whether the whole text is one name, perhaps with a level."""
    if written in CIRCLED:
        return True
    head, _ = split_level(written)
    return bool(head) and starts_name(head[0]) and all(map(continues_name, head[1:]))


def _is_mark(char: str) -> bool:
    return char in SUBSCRIPT_LETTERS or char in TRANSPOSED or unicodedata.category(char) == "Lm"


def vulgar_fraction(char: str) -> Fraction | None:
    """The value of ``½``, ``¾`` and the like; None for any other character."""
    decomposed = unicodedata.normalize("NFKC", char)
    over, bar, under = decomposed.partition("\u2044")
    if bar and over.isdecimal() and under.isdecimal():
        return Fraction(int(over), int(under))
    return None
