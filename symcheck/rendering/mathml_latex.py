"""The LaTeX that symcheck writes, and the LaTeX of names, read into MathML.

A closed vocabulary: what stands outside of it is no error but None, and the caller shows the text.
Names have one spelling, that of `names.latex_name`; formulas as a whole go through `mathml_notation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from symcheck.reading.letters import GREEK as LETTERS
from symcheck.rendering.mathml_elements import (
    COMMA,
    LIM,
    PRIMES,
    Parts,
    accented,
    bold,
    digits,
    fenced,
    fraction,
    grid,
    large,
    letter,
    limits,
    mark,
    primed,
    root,
    row,
    scripts,
    sign,
    small_fraction,
    space,
    upright,
    words,
)

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)

_GREEK = {name: char for char, name in reversed(LETTERS.items())} | {
    "varepsilon": "ε",
    "epsilon": "ϵ",
    "varphi": "φ",
    "phi": "ϕ",
    "vartheta": "ϑ",
    "varrho": "ϱ",
    "varsigma": "ς",
}
_UPRIGHT = re.compile(r"[ΓΔΘΛΞΠΣΥΦΨΩ]")
_SIGNS = {
    "cdot": "⋅",
    "times": "×",
    "odot": "⊙",
    "otimes": "⊗",
    "oslash": "⊘",
    "to": "→",
    "mapsto": "↦",
    "leftarrow": "←",
    "le": "≤",
    "ge": "≥",
    "ne": "≠",
    "in": "∈",
    "approx": "≈",
    "pm": "±",
    "lt": "<",
    "gt": ">",
}
_LETTERS = {"partial": "∂", "infty": "∞", "nabla": "∇", "ell": "ℓ"}
_WORDS = re.compile(r"(exp|log|ln|(arc)?(sin|cos|tan)|(sin|cos|tan|cot)h|sec|csc|cot|max|min|det)$")
_FENCES = {
    "lvert": "|",
    "rvert": "|",
    "vert": "|",
    "lVert": "‖",
    "rVert": "‖",
    "Vert": "‖",
    "lfloor": "⌊",
    "rfloor": "⌋",
    "lceil": "⌈",
    "rceil": "⌉",
    "{": "{",
    "}": "}",
}
_ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~", "dot": "˙", "ddot": "¨", "vec": "→"}
_OPENING = re.compile(r"(left|[bB]igg?l)$")
_GRIDS = {"cases": ("{", ""), "pmatrix": ("(", ")")}
"""Environments of rows → what stands before and after them."""
_CLOSING = re.compile(r"(right|[bB]igg?r)$")
_SPACES = {",": "0.17em", ";": "0.28em", ":": "0.22em", " ": "0.25em", "quad": "1em", "qquad": "2em"}
_SILENT = frozenset({"allowbreak", "displaystyle", "!", "scriptsize", "limits"})
_CIRCLED = dict(zip("123456789", "①②③④⑤⑥⑦⑧⑨", strict=True))
_DEEPEST = 60


class _Unread(Exception):
    """A command or a form outside of the vocabulary."""


def read_latex(latex: str) -> Parts | None:
    """The elements of a formula; None if it uses anything else than symcheck does."""
    try:
        reader = _Reader(latex)
        parts = reader.until("")
    except _Unread:
        return None
    return parts


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, latex: str) -> None:
        self.tokens = [token for token in _TOKEN.findall(latex) if not token.isspace()]
        self.raw = latex
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def until(self, *ends: str) -> Parts:
        """Elements up to a token that ends them, which stays."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Unread
        parts: list[str] = []
        while self.peek() not in ends:
            if not self.peek():
                raise _Unread
            parts += self.scripted()
        self.depth -= 1
        return tuple(parts)

    def group(self) -> Parts:
        """``{…}`` or a single token."""
        if self.peek() != "{":
            return tuple(self.atom())
        self.next()
        parts = self.until("}")
        self.next()
        return parts

    def plain(self) -> str:
        """The letters between braces."""
        if self.next() != "{":
            raise _Unread
        found = []
        while self.peek() not in ("}", ""):
            token = self.next()
            if token in ("{", "$") or (token.startswith("\\") and token not in ("\\_", "\\&", "\\%", "\\#")):
                raise _Unread
            found.append(token.removeprefix("\\"))
        if self.next() != "}":
            raise _Unread
        return "".join(found)

    def scripted(self) -> list[str]:
        """An atom with what stands below and above it."""
        tall = self.peek() in ("\\sum", "\\prod", "\\lim")
        base = self.atom()
        below: Parts = ()
        above: list[str] = []
        marks = 0
        while self.peek() in ("_", "^", "'"):
            token = self.next()
            if token == "_":
                if below:
                    raise _Unread
                below = self.group()
            elif token == "^":
                above += self.group()
            else:
                count = 1
                while self.peek() == "'" and count < max(PRIMES):
                    self.next()
                    count += 1
                marks = count
        if not below and not above and not marks:
            return list(base)
        if tall and not above:
            return [limits(row(base), below)]
        made = scripts(row(base), below, tuple(above))
        return [primed(made, marks) if marks else made]

    def atom(self) -> Parts:
        token = self.next()
        if token == "{":
            self.at -= 1
            return (row(self.group()),)
        if token in ("", "}", "_", "^", "&", "$", "#", "%", "~", "'"):
            raise _Unread
        if token.startswith("\\"):
            return self.command(token[1:])
        if token[0].isdigit():
            return (digits(token),)
        if token.isalpha():
            return (letter(token),)
        if token == "(":
            parts = self.until(")")
            self.next()
            return (fenced(parts),)
        if token == ",":
            return (COMMA,)
        if token == "-":
            return (sign("−"),)
        if token in ":/|!.":
            return (mark(token),)
        if token in "+=<>[]*;":
            return (sign(token),)
        raise _Unread

    def command(self, name: str) -> Parts:
        if name in _GREEK and name not in _LETTERS:
            char = _GREEK[name]
            return (upright(char) if _UPRIGHT.match(char) else letter(char),)
        if name in _LETTERS:
            return (letter(_LETTERS[name]),)
        if name in _SIGNS:
            return (sign(_SIGNS[name]),)
        if _WORDS.match(name):
            return (letter(name),)
        if name in ("sum", "prod"):
            return (large("∑" if name == "sum" else "∏"),)
        if name == "lim":
            return (LIM,)
        if name == "top":
            return (mark("⊤"),)
        if name in _SPACES:
            return (space(_SPACES[name]),)
        if name in _SILENT:
            return ()
        if name in _ACCENTS:
            return (accented(row(self.group()), _ACCENTS[name]),)
        if name in ("frac", "dfrac"):
            return (fraction(self.group(), self.group()),)
        if name == "tfrac":
            return (small_fraction(self.group(), self.group()),)
        if name == "sqrt":
            return (root(self.group()),)
        if name in ("mathrm", "operatorname"):
            return (upright(self.plain()),)
        if name == "mathbf":
            return (bold(self.plain()),)
        if name == "text":
            return self.text()
        if _OPENING.match(name):
            return (self.fences(),)
        if name == "begin":
            return self.cases()
        if name in _FENCES:
            return (mark(_FENCES[name]),)
        raise _Unread

    def fence(self) -> str:
        token = self.next()
        if token == ".":
            return ""
        if token.startswith("\\"):
            if token[1:] not in _FENCES:
                raise _Unread
            return _FENCES[token[1:]]
        if token not in "()[]|":
            raise _Unread
        return token

    def fences(self) -> str:
        left = self.fence()
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Unread
        parts: list[str] = []
        while not _CLOSING.match(self.peek()[1:]):
            if self.peek() in ("", "}"):
                raise _Unread
            parts += self.scripted()
        self.depth -= 1
        self.next()
        return fenced(tuple(parts), left, self.fence())

    def text(self) -> Parts:
        if self.tokens[self.at : self.at + 4] == ["{", "\\textcircled", "{", "\\scriptsize"]:
            self.at += 4
            number = self.next()
            if number not in _CIRCLED or self.next() != "}" or self.next() != "}":
                raise _Unread
            return (letter(_CIRCLED[number]),)
        said = self.plain()
        return (words(f"{said}\u00a0" if said == "if" else said),)

    def cases(self) -> Parts:
        kind = self.plain()
        if kind not in _GRIDS:
            raise _Unread
        rows = []
        while True:
            cells = [self.until("&", "\\\\", "\\end")]
            while self.peek() == "&":
                self.next()
                cells.append(self.until("&", "\\\\", "\\end"))
            rows.append(tuple(cells))
            if self.next() == "\\end":
                break
        if self.plain() != kind:
            raise _Unread
        return (fenced((grid(tuple(rows)),), *_GRIDS[kind]),)


def symbols_of(parts: Parts) -> Iterator[str]:
    """The visible signs, in order: what two ways of writing one formula have in common."""
    text = re.sub(r"<[^>]*>", "", "".join(parts))
    return iter(char for char in text if not char.isspace() and char not in "\u2061\u2062")
