"""Cells of tables and formulas as HTML: MathML with its LaTeX beside it, everything else escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symcheck.language.claim import Equation
from symcheck.language.derivation import Note
from symcheck.language.tensor import Index, Tensor
from symcheck.language.verdict import Correction
from symcheck.rendering.html_text import escaped
from symcheck.rendering.latex_notation import RELATIONS as LATEX_RELATIONS
from symcheck.rendering.latex_notation import write_latex, write_latex_name
from symcheck.rendering.marking import Marked, marked_at
from symcheck.rendering.mathml_elements import COMMA, Parts, fenced, fraction, letter, row, sign, upright
from symcheck.rendering.mathml_latex import read_latex
from symcheck.rendering.mathml_notation import RELATIONS, write_mathml, write_mathml_name
from symcheck.rendering.text_notation import write_name

_NUMERIC = re.compile(r"[-\d./\[\], ]+")
_NAME = re.compile(r"[^\W\d][\w₊₋]*")
_POWER = re.compile(r"\*\*(\d+)")


def math(parts: Parts, latex: str, *, block: bool = False) -> str:
    """A formula in display style; its LaTeX travels with it."""
    shown = 'display="block"' if block else 'display="inline" displaystyle="true"'
    note = f'<annotation encoding="application/x-tex">{escaped(latex)}</annotation>'
    return f"<math {shown}><semantics>{row(parts)}{note}</semantics></math>"


def boxed(formula: str) -> str:
    """A formula in a box of its own, which scrolls where it is too long."""
    return f'<div class="holder"><div class="formula" tabindex="0">{formula}</div></div>'


def code(text: str) -> str:
    """Text as typed."""
    return f"<code>{escaped(text)}</code>"


def bare(parts: Parts) -> str:
    """A name or a size within a line."""
    return f'<math displaystyle="true">{row(parts)}</math>'


def typed_or_set(latex: str, text: str) -> str:
    """A formula of which there is only the LaTeX; as typed where that cannot be read."""
    parts = read_latex(latex) if latex else None
    return boxed(math(parts, latex, block=True)) if parts else code(text)


def equation(claim: Equation, *, further: bool = False, correction: Correction | None = None) -> str:
    """Both sides; in a `further` link of a chain the left one takes its room unseen.

    What a correction replaces stands out: the right side, where it names no part of it.
    """
    shown = claim.right
    if correction is not None:
        span = correction.span
        shown = Marked(shown.shape, shown) if span is None else marked_at(shown, span)
    left, right = write_mathml(claim.left), write_mathml(shown)
    latex = f"{write_latex(claim.left)} {LATEX_RELATIONS[claim.relation]} {write_latex(claim.right)}"
    start: Parts = (f"<mphantom>{row(left)}</mphantom>",) if further else left
    return boxed(math((*start, sign(RELATIONS[claim.relation]), *right), latex, block=True))


def remark(note: Note) -> str:
    """A remark, the equations in it set as formulas."""
    if not note.formulas:
        return escaped(note.text)
    known = sorted(note.formulas, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, known))})", note.text)
    return "".join(_side_by_side(note, p) if p in note.formulas else escaped(p) for p in pieces)


def _side_by_side(note: Note, piece: str) -> str:
    left, right = note.formulas[piece]
    parts = (*write_mathml(left), sign("="), *write_mathml(right))
    shown = math(parts, f"{write_latex(left)} = {write_latex(right)}")
    return f'<span class="holder"><span class="formula" tabindex="0">{shown}</span></span>'


class HtmlNotation:
    """Cells of tables as HTML."""

    def formula(self, tensor: Tensor | None, text: str, free: Sequence[Index] = ()) -> str:
        """A formula; as typed where there is no tensor; an entry tells its indices first."""
        if tensor is None:
            return code(text) if text else ""
        parts, latex = write_mathml(tensor), write_latex(tensor)
        if free:
            names = [write_mathml_name(index.name) for index in free]
            listed = tuple(e for k, name in enumerate(names) for e in ((COMMA, *name) if k else name))
            parts = (fenced(listed), sign("↦"), *parts)
            places = ", ".join(write_latex_name(index.name) for index in free)
            latex = f"({places}) \\mapsto {latex}"
        return boxed(math(parts, latex))

    def name(self, name: str) -> str:
        """A name as it stands in formulas."""
        return bare(write_mathml_name(name))

    def text(self, text: str) -> str:
        """Escaped."""
        return escaped(text)

    def value(self, text: str) -> str:
        """A number with a proper sign; anything else as text."""
        shown = text.replace("-", "−") if _NUMERIC.fullmatch(text) else text
        return f'<span class="number">{escaped(shown)}</span>' if shown else ""

    def shape(self, text: str) -> str:
        """``(m, n)`` with its names as in formulas, ``scalar`` as a word."""
        return self.count(text) if text.startswith("(") else escaped(text)

    def count(self, text: str) -> str:
        """A polynomial in sizes as a formula."""
        latex = _POWER.sub(r"^{\1}", text).replace("*", "\\, ").replace("·", "\\cdot ")
        latex = re.sub(rf"(?<!\\)\b{_NAME.pattern}", lambda m: write_latex_name(m[0]), latex)
        parts = read_latex(latex)
        return bare(parts) if parts else escaped(text)

    def plain(self, name: str) -> str:
        """In the letters of text."""
        return write_name(name)

    def differential(self, name: str) -> str:
        """As in formulas."""
        return bare((upright("d"), *write_mathml_name(name)))

    def fraction(self, of: str, by: str) -> str:
        """A Leibniz fraction."""
        above = (letter("∂"), *write_mathml_name(of))
        return bare((fraction(above, (letter("∂"), *write_mathml_name(by))),))

    def product(self, factors: Sequence[str]) -> str:
        """Factors with dots between, in brackets where negative."""
        shown = (
            f"({f})" if k and f.startswith('<span class="number">−') else f for k, f in enumerate(factors)
        )
        return " · ".join(shown)

    def edge(self, child: str, parent: str) -> str:
        """An arrow."""
        return bare((*write_mathml_name(child), sign("→"), *write_mathml_name(parent)))


SHOW = HtmlNotation()
