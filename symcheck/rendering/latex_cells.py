"""Cells of tables, names, values and running text as LaTeX; everything of the user's is mapped or escaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from symcheck.language.derivation import Lecture, Note
from symcheck.language.tensor import Index, Tensor
from symcheck.reading.letters import SUBSCRIPT_DIGITS, SUBSCRIPT_LETTERS
from symcheck.rendering.latex_notation import write_latex, write_latex_name
from symcheck.rendering.latex_width import pieces_of, width
from symcheck.rendering.names import latex_text
from symcheck.rendering.text_notation import write_name

SHORT = 36
"""Letters of typewriter, and of a word, that need no place to break."""
BRACKETS = 24.0
"""Letters in brackets that are kept together."""
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
        shown = _SIZE.sub(lambda m: _size(m[0]), text).replace(", ", ", \\allowbreak ")
        return f"${shown}$"

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
        shown = (f"$(${f}$)$" if _needs_brackets(f, first=not k) else f for k, f in enumerate(factors))
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
    """Math that may also break between factors: outside of brackets, and in brackets that are long."""
    shown = []
    # a number stays with what it multiplies
    latex = re.sub(r"(^|[( ])(-?\d+) \\, ", r"\1\2 \\,", latex)
    for group, inside in _groups(latex):
        close = inside and width(group) <= BRACKETS
        shown.append(group.replace("\\, ", "\\," if close else "\\,\\allowbreak "))
    return "".join(shown)


def _groups(latex: str) -> Iterator[tuple[str, bool]]:
    """The formula cut into what stands outside of round and square brackets and what stands inside."""
    level = start = 0
    for at, char in enumerate(latex):
        if char in "([":
            level += 1
            if level == 1:
                yield latex[start:at], False
                start = at
        elif char in ")]" and level:
            level -= 1
            if not level:
                yield latex[start : at + 1], True
                start = at + 1
    yield latex[start:], level > 0


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
    r"(?P<script>[_^]\{[^{}\s$]*\})"
    rf"|(?P<slope>∂{_NAME}/∂{_NAME})"
    rf"|(?<![\w.])(?P<number>[-−]?\d+(?:\.\d+)?(?:/\d+|e[-+]?\d+)?)(?![\w.]*\w)(?!\))"
    rf"|(?<![\w\\.'’])(?P<factor>\d+)?(?P<name>{_NAME})(?!\w|\.\w)"
)
_CODE = re.compile(r"SC\d+")
_BELOW = re.compile(rf"[^\W\d_]{{1,2}}_?(?:\d+|[{''.join(SUBSCRIPT_DIGITS)}{''.join(SUBSCRIPT_LETTERS)}₊₋]+)")
"""A letter or two, and what stands below them."""
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

    A name is one letter, or among `names`, or has digits or a level below; an article stays one.
    """
    known = frozenset(names)
    text = text.replace(" - ", " − ")
    shown, at = [], 0
    for found in _IN_PROSE.finditer(text):
        formula = _in_math(found, known)
        if formula:
            shown += [_words(text[at : found.start()]), f"${formula}$"]
            at = found.end()
    return "".join([*shown, _words(text[at:])])


def _in_math(found: re.Match[str], known: frozenset[str]) -> str:
    """The LaTeX of what was found; empty if it is a word like others."""
    if found["script"]:
        return f"{{}}{found['script'][0]}{{{latex_text(found['script'][2:-1])}}}"
    if found["slope"]:
        above, below = (part.removeprefix("∂") for part in found["slope"].split("/"))
        return f"\\partial {write_latex_name(above)}/\\partial {write_latex_name(below)}"
    if found["number"]:
        return _number(found["number"])
    name = found["name"]
    if not all(map(_in_names, name)) or name[0] in SUBSCRIPT_LETTERS or _CODE.fullmatch(name):
        return ""
    if name not in known and name[0] == "d" and name[1:] in known and not name[1:].islower():
        return f"\\mathrm{{d}}{write_latex_name(name[1:])}"
    spelled = write_name(name)
    alone = len(name) == 1 or name in known or spelled in known
    if name in _ARTICLES or not (alone or _BELOW.fullmatch(name)):
        return ""
    return (found["factor"] or "") + write_latex_name(name)


def _in_names(char: str) -> bool:
    """Whether a sign may stand in a name: ᵀ and ½ may not."""
    if char.isascii() or char in SUBSCRIPT_LETTERS or char in SUBSCRIPT_DIGITS or char in "₊₋":
        return True
    return unicodedata.category(char) in ("Lu", "Ll")


def _number(text: str) -> str:
    """A number, one of many digits with places to break."""
    text = re.sub(r"e\+?(-?)0*(\d+)$", r" \\cdot 10^{\1\2}", text.replace("−", "-"))
    return re.sub(rf"(\d{{{DIGITS}}})(?=\d)", r"\1\\allowbreak ", text)


def _words(text: str) -> str:
    """Escaped; words without end may break, and so may paths and numbers in them."""
    pieces = re.split(r"(\s+)", text)
    return "".join(
        "\\allowbreak{}".join(map(latex_text, re.sub(rf"(.{{{DIGITS}}})", "\\1\n", word).split("\n")))
        if len(word) > SHORT
        else latex_text(word)
        for word in pieces
    ).replace("--", "-{}-")


def related(text: str) -> str:
    """Assumptions and scopes with the signs of paper."""
    text = re.sub(r"\bdim ", "", text)
    return text.replace("==", "=").replace("!=", "≠").replace(">=", "≥").replace("<=", "≤")


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
    shown = re.sub(r"\*\*(\d+)", r"^{\1}", text).replace(", ", ", \\allowbreak ")
    shown = re.sub(r"(\d+)/(\d+)", r"\\tfrac{\1}{\2}", shown)
    shown = re.sub(r"\[(\d+)\]", r"_{\1}", shown)
    shown = re.sub(r"\s*\*\s*", r" \\, ", shown)
    return shown.replace("[", "(").replace("]", ")")
