"""How wide a text is at most in a usual sans-serif font, and how wide a formula in LaTeX.

The numbers are those of the widest fonts in use (Verdana, DejaVu Sans), so that in any other a text only
leaves more room in its box.
"""

from __future__ import annotations

import unicodedata

from symcheck.rendering import latex_width

_CLASSES = {
    0.37: "ijl|'‘’′",
    0.46: 'fIJ.,:;!()[]/\\·⋅ \u00a0-tr"“”',
    0.6: "csvxyzk*ⱼᵢ_`?″",
    0.7: "abdeghnopqu0123456789LETFSZKXYAVPBCR{}αβγδεζηθικλνξπρσςτυχε",
    0.85: "+−=<>~^#≤≥≠≈×∂DGHNOQU⟨⟩±∇&$ωφψμΓΛΔΘΣΠΞΥΩΨΦ∑∏√∞ℝ",
    1.02: "mwMW%@—→↦←⇒⊙⊗…⋯",
}
_EM = {char: em for em, chars in _CLASSES.items() for char in chars}
OTHER, WIDE = 0.9, 1.3
"""Letters that are in no class; letters of scripts written in squares."""


def text_width(text: str, size: float) -> int:
    """Units that a text takes at a font size, rounded up."""
    return -int(-size * sum(map(_em, text)) // 1)


def _em(char: str) -> float:
    known = _EM.get(char)
    if known is not None:
        return known
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return WIDE
    return OTHER if not char.isascii() or char.isupper() else 0.7


def latex_points(latex: str, size: float) -> int:
    """Points that a formula takes at a font size, rounded up."""
    return -int(-0.56 * size * (latex_width.width(latex) + 0.8) // 1)
