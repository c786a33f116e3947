"""The two ways in which drawings are written: as text, and as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from symcheck.language.tensor import Index, Symbol, Tensor, variable
from symcheck.rendering import latex_width
from symcheck.rendering.graph.drawing import Role
from symcheck.rendering.graph.layout import Extent, Spacing
from symcheck.rendering.graph.widths import latex_points, text_width
from symcheck.rendering.latex_cells import SHOW
from symcheck.rendering.latex_notation import write_latex, write_latex_name
from symcheck.rendering.names import ascii_text, latex_text
from symcheck.rendering.rows import TextNotation
from symcheck.rendering.table import cells, wrap

BROAD = 32
"""Cells in a line of a box."""
LABEL = 28
"""Cells of a local derivative that stands at its edge."""
VALUES = 30
"""Characters of a value that are shown."""

SIZES = {Role.DEFINITION: 14.0, Role.VALUE: 12.5, Role.COTANGENT: 12.5, Role.SHAPE: 11.0, None: 12.0}
"""Font sizes in pixels; None for labels of edges."""
POINTS = {Role.DEFINITION: 9.0, Role.VALUE: 8.0, Role.COTANGENT: 8.0, Role.SHAPE: 8.0, None: 8.0}
"""Likewise in points."""

PIXELS = Spacing()
SMALL = Spacing(beside=20, passing=10, turn=12, port=9)

_NUMBERS = re.compile(r"[-\d./\[\], …e+]+")
_RATIONAL = re.compile(r"(-?)(\d+)/(\d+)")
_EXPONENT = re.compile(r"e([-+]?\d+)")


@dataclass(frozen=True, slots=True)
class TextFace:
    """Formulas as symcheck reads them, measured in pixels of a sans-serif font."""

    ascii: bool = False
    spacing: Spacing = PIXELS
    pad: Extent = (12, 7)

    def formula(self, tensor: Tensor, free: Sequence[Index]) -> str:
        """As in tables."""
        return self._shown(TextNotation(self.ascii).formula(tensor, "", free))

    def fraction(self, of: Symbol, by: Symbol) -> str:
        """∂f/∂x."""
        return self._shown(TextNotation(self.ascii).fraction(of.shown, by.shown))

    def equation(self, left: str, right: str, most: int) -> list[str]:
        """Broken at operators."""
        lines = wrap(f"{left} = {right}", BROAD)
        return lines if len(lines) <= most else []

    def value(self, text: str) -> str:
        """Cut after a comma."""
        return self._shown(shortened_value(text))

    def shape(self, text: str) -> str:
        """As in tables."""
        return self._shown(text)

    def fits(self, label: str) -> bool:
        """In one short line."""
        return cells(label) <= LABEL

    def extent(self, text: str, role: Role | None) -> Extent:
        """Width and height in pixels."""
        return text_width(text, SIZES[role]), int(1.35 * SIZES[role])

    def _shown(self, text: str) -> str:
        return ascii_text(text) if self.ascii else text


@dataclass(frozen=True, slots=True)
class LatexFace:
    """Formulas in math mode, measured in points."""

    spacing: Spacing = SMALL
    pad: Extent = (6, 4)

    def formula(self, tensor: Tensor, free: Sequence[Index]) -> str:
        """Without dollars."""
        places = ", ".join(write_latex_name(i.name) for i in free)
        text = write_latex(tensor)
        text = text.replace("\\begin{pmatrix}", "\\left(\\begin{smallmatrix}")
        text = text.replace("\\end{pmatrix}", "\\end{smallmatrix}\\right)")
        return f"({places}) \\mapsto {text}" if free else text

    def fraction(self, of: Symbol, by: Symbol) -> str:
        """As in formulas."""
        above, below = write_latex(variable(of)), write_latex(variable(by))
        return f"\\frac{{\\partial {above}}}{{\\partial {below}}}"

    def equation(self, left: str, right: str, most: int) -> list[str]:
        """Broken at operators outside of brackets."""
        lines = latex_width.broken(f"{left} = {right}", BROAD)
        return lines if len(lines) <= most else []

    def value(self, text: str) -> str:
        """Numbers in math mode, powers of ten as such."""
        text = shortened_value(text)
        if not _NUMBERS.fullmatch(text):
            return f"\\mbox{{{latex_text(text)}}}"
        text = _RATIONAL.sub(r"\1\\tfrac{\2}{\3}", text)
        text = _EXPONENT.sub(lambda m: f" \\cdot 10^{{{int(m[1])}}}", text)
        return text.replace("…", "\\ldots ")

    def shape(self, text: str) -> str:
        """As in tables, without dollars."""
        return SHOW.shape(text).strip("$")

    def fits(self, label: str) -> bool:
        """In one short line."""
        return latex_width.width(label) <= LABEL

    def extent(self, text: str, role: Role | None) -> Extent:
        """Width and height in points."""
        tall = any(sign in text for sign in ("\\frac", "\\sum", "\\prod", "\\sqrt", "\\begin"))
        more = text.count("\\\\")  # rows of a matrix below its first
        return latex_points(text, POINTS[role]), int(POINTS[role] * ((1.9 if tall else 1.45) + 0.6 * more))


def shortened_value(text: str) -> str:
    """A long list of numbers up to a comma, then …"""
    if len(text) <= VALUES:
        return text
    cut = text.rfind(", ", 0, VALUES)
    return f"{text[:cut]}, …{']' * text.startswith('[')}" if cut > 0 else f"{text[: VALUES - 1]}…"
