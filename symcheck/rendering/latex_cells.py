"""Cells of tables, names, values and running text as LaTeX; everything of the user's is mapped or escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from symcheck.language.derivation import Lecture, Note
from symcheck.language.tensor import Index, Tensor
from symcheck.rendering.latex_notation import write_latex, write_latex_name
from symcheck.rendering.latex_width import pieces_of
from symcheck.rendering.names import latex_text
from symcheck.rendering.text_notation import write_name

SHORT = 36
"""Letters of typewriter, and of a word, that need no place to break."""
DIGITS = 12
"""Digits of a number between two places where it may break."""

_NUMERIC = re.compile(r"[-\d./\[\], ]+")
_RATIONAL = re.compile(r"(-?)(\d+)/(\d+)")
_SIZE = re.compile(r"(?<!\\)\b[^\W\d][\w₊₋]*|·")
_POWER = re.compile(r"\*\*(\d+)")


class LatexNotation:
    """Cells of tables as LaTeX."""

    def formula(self, tensor: Tensor | None, text: str, free: Sequence[Index] = ()) -> str:
        """In math mode; as typed where there is no tensor; an entry tells its indices first."""
        if tensor is None:
            return code(text) if text else ""
        places = ", ".join(write_latex_name(i.name) for i in free)
        start = f"({places}) \\mapsto \\allowbreak " if free else ""
        return f"$\\displaystyle {start}{breakable(write_latex(tensor))}$"

    def name(self, name: str) -> str:
        """A name in math mode."""
        return f"${write_latex_name(name)}$"

    def text(self, text: str) -> str:
        """Escaped."""
        return latex_text(text)

    def value(self, text: str) -> str:
        """A number in math mode; anything else as text."""
        if text and _NUMERIC.fullmatch(text):
            shown = _RATIONAL.sub(r"\1\\tfrac{\2}{\3}", text)
            broken = shown.replace(", ", ", \\allowbreak ")
            return f"${broken}$"
        return latex_text(text)

    def shape(self, text: str) -> str:
        """``(m, n)`` in math mode, ``scalar`` as a word."""
        if not text.startswith("("):
            return latex_text(text)
        return f"${_SIZE.sub(lambda m: _size(m[0]), text)}$"

    def count(self, text: str) -> str:
        """A polynomial in sizes in math mode."""
        shown = _POWER.sub(r"^{\1}", text).replace("*", "\\, ").replace("…", "\\cdots")
        return f"${_SIZE.sub(lambda m: _size(m[0]), shown)}$" if text else ""

    def differential(self, name: str) -> str:
        """As in formulas."""
        return f"$\\mathrm{{d}}{write_latex_name(name)}$"

    def plain(self, name: str) -> str:
        """In the letters of text."""
        return write_name(name)

    def fraction(self, of: str, by: str) -> str:
        """A Leibniz fraction."""
        above, below = write_latex_name(of), write_latex_name(by)
        return f"$\\displaystyle \\frac{{\\partial {above}}}{{\\partial {below}}}$"

    def product(self, factors: Sequence[str]) -> str:
        """Factors with dots between, in brackets where they are sums or negative."""
        shown = (f"$($\\,{f}\\,$)$" if _needs_brackets(f, first=not k) else f for k, f in enumerate(factors))
        return " $\\cdot$ ".join(shown) if len(factors) > 1 else "".join(factors)

    def edge(self, child: str, parent: str) -> str:
        """An arrow."""
        return f"${write_latex_name(child)} \\to {write_latex_name(parent)}$"


SHOW = LatexNotation()


def _needs_brackets(cell: str, *, first: bool) -> bool:
    inner = cell.strip("$").removeprefix("\\displaystyle ")
    if inner.startswith("-"):
        return not first or len(list(_terms(inner[1:]))) > 1
    return len(list(_terms(inner))) > 1


def _terms(latex: str) -> list[str]:
    """The terms of a sum, as far as they stand outside of brackets."""
    return [piece for k, (piece, rank) in enumerate(pieces_of(latex)) if not k or rank == 0]


def _size(word: str) -> str:
    return "\\cdot " if word == "·" else write_latex_name(word)


def breakable(latex: str) -> str:
    """Math that may also break between factors."""
    return latex.replace("\\, ", "\\,\\allowbreak ")


def code(text: str) -> str:
    """Text as typed, in typewriter; a long one may break after brackets, commas and operators."""
    if len(text) <= SHORT:
        return f"\\texttt{{{latex_text(text)}}}"
    pieces = re.split(r"(?<=[(,*/@])(?! )", text)
    shown = "\\allowbreak{}".join(map(latex_text, pieces))
    return f"\\texttt{{{shown}}}"


# -- running text ------------------------------------------------------------------------------

_NAME = r"[^\W\d_]\w*[₊₋\w]*"
_IN_PROSE = re.compile(
    rf"(?P<slope>∂{_NAME}/∂{_NAME})"
    rf"|(?<![\w.])(?P<number>[-−]?\d+(?:\.\d+)?(?:/\d+)?)(?![\w.]*\w)(?!\))"
    rf"|(?<![\w\\])(?P<factor>\d+)?(?P<name>{_NAME})(?!\w)"
)
_ARTICLES = frozenset({"a", "A", "I"})


def names_of(lecture: Lecture | None) -> frozenset[str]:
    """The names that a derivation declares or defines, its sizes not among them."""
    if lecture is None:
        return frozenset()
    symbols = {*lecture.inputs, *lecture.graph.inputs(), *lecture.graph.definitions}
    functions = (function.name for function in lecture.functions)
    return frozenset({write_name(name) for name in (*(symbol.name for symbol in symbols), *functions)})


def prose(text: str, names: Iterable[str] = ()) -> str:
    """Running text: names, slopes such as ∂u/∂v and numbers in math mode, all else escaped.

    A name is taken for one if it is among `names`, or has digits or a level below; an article stays one.
    """
    known = frozenset(names)
    shown, at = [], 0
    for found in _IN_PROSE.finditer(text):
        formula = _in_math(found, known)
        if formula:
            shown += [_words(text[at : found.start()]), f"${formula}$"]
            at = found.end()
    return "".join([*shown, _words(text[at:])])


def _in_math(found: re.Match[str], known: frozenset[str]) -> str:
    """The LaTeX of what was found; empty if it is a word like others."""
    if found["slope"]:
        above, below = (part.removeprefix("∂") for part in found["slope"].split("/"))
        return f"\\partial {write_latex_name(above)}/\\partial {write_latex_name(below)}"
    if found["number"]:
        return _number(found["number"])
    name = found["name"]
    spelled = write_name(name)
    short = len(name) - sum(char.isdigit() for char in name) <= 2
    telling = short and not name.isalpha() and not name[0].isdigit()
    alone = name in known or spelled in known
    if name in _ARTICLES or not (alone or telling):
        return ""
    return (found["factor"] or "") + write_latex_name(name)


def _number(text: str) -> str:
    """A number, one of many digits with places to break."""
    return re.sub(rf"(\d{{{DIGITS}}})(?=\d)", r"\1\\allowbreak ", text.replace("−", "-"))


def _words(text: str) -> str:
    """Escaped; words without end may break, and so may paths and numbers in them."""
    pieces = re.split(r"(\s+)", text)
    return "".join(
        "\\allowbreak{}".join(map(latex_text, re.sub(rf"(.{{{DIGITS}}})", "\\1\n", word).split("\n")))
        if len(word) > SHORT
        else latex_text(word)
        for word in pieces
    )


def remark(note: Note, names: Iterable[str] = ()) -> str:
    """A remark, the equations in it in math mode."""
    if not note.formulas:
        return prose(note.text, names)
    pieces = re.split(
        f"({'|'.join(map(re.escape, sorted(note.formulas, key=len, reverse=True)))})", note.text
    )
    return "".join(
        f"${' = '.join(breakable(write_latex(side)) for side in note.formulas[piece])}$"
        if piece in note.formulas
        else prose(piece, names)
        for piece in pieces
    )


# -- values ------------------------------------------------------------------------------------


def entries(value: object) -> str:
    """An exact value for math mode: a number, a row (2, 3), or a small matrix."""
    if isinstance(value, tuple | list):
        if value and all(isinstance(row, tuple | list) for row in value):
            rows = [row for row in value if isinstance(row, tuple | list)]
            if not any(isinstance(cell, tuple | list) for row in rows for cell in row):
                lines = " \\\\ ".join(" & ".join(_cell(cell) for cell in row) for row in rows)
                return f"\\bigl(\\begin{{smallmatrix}} {lines} \\end{{smallmatrix}}\\bigr)"
        row = ", \\allowbreak ".join(map(entries, value))
        return f"({row})"
    return _number(str(value))


def _cell(value: object) -> str:
    return str(value)


def polynomial(text: str) -> str:
    """A polynomial put for an undefined function, for math mode."""
    shown = re.sub(r"\*\*(\d+)", r"^{\1}", text)
    shown = re.sub(r"(\d+)/(\d+)", r"\\tfrac{\1}{\2}", shown)
    shown = re.sub(r"\[(\d+)\]", r"_{\1}", shown)
    shown = re.sub(r"\s*\*\s*", r" \\, ", shown).replace(", ", ", \\allowbreak ")
    return shown.replace("[", "(").replace("]", ")")
