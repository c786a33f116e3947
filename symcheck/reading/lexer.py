"""Text → tokens with spans.

Kinds: ``num``, ``name``, ``sub`` (letters below the line: indices), ``below`` (digits below the line
that belong to no name: ∂₁), ``sup`` (a power written above), ``prime``, ``op`` and ``end``.  Unicode
operators come out in one spelling each: ``−`` as ``-``, ``≤`` as ``<=``, ``⟹`` as ``=>``; ``·``, ``⊙``
and ``⊗`` keep their own sign.  The comma of ``A₂,ₖ`` only parts a name from the small index behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from symcheck.errors import ReadError, TooLarge
from symcheck.reading.letters import (
    CIRCLED,
    PRIMES,
    SUBSCRIPT_DIGITS,
    SUBSCRIPT_LETTERS,
    SUPERSCRIPTS,
    TRANSPOSED,
    continues_name,
    from_ascii_level,
    is_below,
    spell,
    split_level,
    starts_name,
    vulgar_fraction,
)

MAX_DIGITS = 1000
"""Longest number, in digits, its exponent included."""
MAX_TOKENS = 20_000
MAX_DEPTH = 150
"""Deepest nesting of brackets; the parser spends at most five Python frames on one."""

_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LONG = ("**", "=>", "==", "<=", ">=", "!=", ":=", "->")
_SAME = {
    "−": "-",
    "–": "-",
    "⋅": "·",
    "∙": "·",
    "∘": "⊙",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "⟹": "=>",
    "⇒": "=>",
    "→": "->",
    "↦": "->",
    "∗": "*",
    "‖": "||",
    "∥": "||",
}
_PLAIN = "+-*/@=<>()[]{},:;|·⊙⊗√∂×"
_OPENING = {"(": ")", "[": "]", "{": "}"}
_HINTS = {
    "^": "a power is written x**2 or x², the transpose X.T or Xᵀ",
    "\\": "LaTeX is not read here; write the formula as plain text",
    "$": "LaTeX is not read here; write the formula as plain text",
    "&": "LaTeX is not read here; write the formula as plain text",
    "∇": "a gradient is written ∂f/∂x",
    "∫": "integrals are not part of the language",
    "≈": "symcheck judges exact equations; write =",
    "#": "a remark belongs in the note of a claim",
    "∈": "declare the shape beforehand: x: n",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a formula."""

    kind: str
    text: str
    """Canonical text: the spelling of a name, one sign for each operator."""
    span: tuple[int, int]
    raw: str = ""
    """The text as written."""
    value: Fraction | int = 0
    """Of a number or of a power written above."""

    def is_op(self, *texts: str) -> bool:
        """Whether it is one of these operators."""
        return self.kind == "op" and self.text in texts


class _Piece(NamedTuple):
    token: Token
    end: int


def never(name: str) -> bool:
    """No name has a level."""
    return False


def tokenize(text: str, offset: int = 0, levelled: Callable[[str], bool] = never) -> list[Token]:
    """The tokens of a formula, an ``end`` last; brackets are matched and their depth is bounded.

    Spans count from `offset`.  `levelled` says which names with a level there are, and the longest wins:
    with lₙ declared ``lₙᵢ`` is its entry i, and ``lₙ₋₁`` means nothing but a name.  Errors: ReadError for a
    character that means nothing here or a bracket without its partner, TooLarge for numbers, nesting or
    texts without end.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace() or _parts_index(text, at):
            at += 1
            continue
        piece = _token(text, at, offset, levelled)
        tokens.append(piece.token)
        at = piece.end
        if len(tokens) > MAX_TOKENS:
            raise TooLarge(f"more than {MAX_TOKENS} words in one formula", span=piece.token.span)
    tokens.append(Token("end", "the end", (offset + len(text.rstrip()), offset + len(text.rstrip()))))
    _check_brackets(tokens)
    return tokens


def _parts_index(text: str, at: int) -> bool:
    """Whether a comma stands here that parts what is before it from a small index: ``y_pred,₀``."""
    following = text[at + 1 : at + 2]
    small = following in SUBSCRIPT_LETTERS or following in SUBSCRIPT_DIGITS
    return text[at] == "," and small and at > 0 and not text[at - 1].isspace() and text[at - 1] not in "(,["


def _token(text: str, at: int, offset: int, levelled: Callable[[str], bool]) -> _Piece:
    char = text[at]

    def piece(kind: str, canonical: str, end: int, value: Fraction | int = 0) -> _Piece:
        return _Piece(Token(kind, canonical, (offset + at, offset + end), text[at:end], value), end)

    if char.isdecimal() or (char == "." and text[at + 1 : at + 2].isdecimal()):
        match = _NUMBER.match(text, at)
        if match is None:
            raise ReadError("digits are written 0–9", span=(offset + at, offset + at + 1))
        end = match.end()
        return piece("num", match.group(), end, _number(match.group(), (offset + at, offset + end)))
    if starts_name(char):
        end = at + 1
        while end < len(text) and continues_name(text[end]):
            end += 1
        end = _with_level(text, at, end, levelled)
        alias = from_ascii_level(text[at:end])
        known = alias is not None and any(map(levelled, _readings(spell(alias))))
        return piece("name", spell(alias if alias is not None and known else text[at:end]), end)
    if char in CIRCLED:
        return piece("name", CIRCLED[char], at + 1)
    if char in "∑∏":
        end = at + 1
        while end < len(text) and continues_name(text[end]):
            end += 1
        return piece("name", spell("ΣΠ"["∑∏".index(char)] + text[at + 1 : end]), end)
    if char in SUBSCRIPT_LETTERS:
        end = at + 1
        while end < len(text) and text[end] in SUBSCRIPT_LETTERS:
            end += 1
        return piece("sub", "".join(SUBSCRIPT_LETTERS[c] for c in text[at:end]), end)
    if char in SUBSCRIPT_DIGITS:
        end = at + 1
        while end < len(text) and text[end] in SUBSCRIPT_DIGITS:
            end += 1
        return piece("below", "".join(SUBSCRIPT_DIGITS[c] for c in text[at:end]), end)
    if char in SUPERSCRIPTS:
        end = at + 1
        while end < len(text) and text[end] in SUPERSCRIPTS:
            end += 1
        digits = "".join(SUPERSCRIPTS[c] for c in text[at:end])
        if not digits.lstrip("-").isdigit() or digits.rfind("-") > 0 or len(digits) > 9:
            raise ReadError(f"{text[at:end]!r} is no power", span=(offset + at, offset + end))
        return piece("sup", digits, end, int(digits))
    if char in PRIMES:
        end = at + 1
        while end < len(text) and text[end] in PRIMES:
            end += 1
        return piece("prime", "'", end, sum(PRIMES[c] for c in text[at:end]))
    if char in TRANSPOSED:
        return piece("op", ".T", at + 1)
    if char == "." and text[at : at + 2] == ".T" and not continues_name(text[at + 2 : at + 3] or " "):
        return piece("op", ".T", at + 2)
    if char == "∞":
        return piece("name", "inf", at + 1)
    value = vulgar_fraction(char)
    if value is not None:
        return piece("num", str(value), at + 1, value)
    if text[at : at + 2] in _LONG:
        return piece("op", text[at : at + 2], at + 2)
    if char in _SAME:
        return piece("op", _SAME[char], at + 1)
    if char in _PLAIN:
        return piece("op", char, at + 1)
    if is_below(char):
        start = at
        while start and (continues_name(text[start - 1]) or is_below(text[start - 1])):
            start -= 1
        end = at
        while end < len(text) and is_below(text[end]):
            end += 1
        name = text[start:end]
        raise ReadError(
            f"{name} is not declared",
            code="SC010",
            span=(offset + start, offset + end),
            hint="a sign below the line stands in a declared name only; an index is a single letter",
        )
    raise ReadError(
        f"{char!r} means nothing here", span=(offset + at, offset + at + 1), hint=_HINTS.get(char)
    )


def _with_level(text: str, at: int, end: int, levelled: Callable[[str], bool]) -> int:
    """Where the name that begins at `at` ends, with the longest level that makes a known name of it."""
    last = end
    while last < len(text) and is_below(text[last]):
        last += 1
    for stop in range(last, end, -1):
        if split_level(text[at:stop])[1] == text[end:stop] and any(
            map(levelled, _readings(spell(text[at:stop])))
        ):
            return stop
    return end


def _readings(name: str) -> tuple[str, ...]:
    """The name, and what its differential is of: ``dlₙ`` is lₙ with a d before it."""
    return (name, name[1:]) if name[0] == "d" and len(name) > 1 else (name,)


def _number(text: str, span: tuple[int, int]) -> Fraction:
    """The exact value of a decimal literal."""
    mantissa, _, exponent = text.lower().partition("e")
    if len(exponent) > 6 or len(mantissa) + abs(int(exponent or 0)) > MAX_DIGITS:
        raise TooLarge(f"a number of more than {MAX_DIGITS} digits", span=span)
    return Fraction(text)


def _check_brackets(tokens: list[Token]) -> None:
    """Refuse brackets without a partner and nesting without end, before anything recurses."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind != "op":
            continue
        if token.text in _OPENING:
            opened.append(token)
            if len(opened) > MAX_DEPTH:
                raise TooLarge(f"brackets nested more than {MAX_DEPTH} deep", span=token.span)
        elif token.text in ")]}":
            if not opened:
                raise ReadError(f"{token.text!r} closes no bracket", span=token.span)
            opening = opened.pop()
            if _OPENING[opening.text] != token.text:
                raise ReadError(
                    f"{opening.text!r} is closed by {token.text!r}",
                    span=(opening.span[0], token.span[1]),
                )
    if opened:
        raise ReadError(f"{opened[-1].text!r} is never closed", span=opened[-1].span)


def split_at(tokens: list[Token], *signs: str) -> list[list[Token]]:
    """The stretches between top-level operators `signs`, each closed by an ``end``."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind == "op":
            depth += token.text in _OPENING
            depth -= token.text in ")]}"
            if depth == 0 and token.text in signs:
                parts[-1].append(_end(token.span[0]))
                parts.append([])
                continue
        parts[-1].append(token)
    if not parts[-1] or parts[-1][-1].kind != "end":
        parts[-1].append(_end(parts[-1][-1].span[1] if parts[-1] else 0))
    return parts


def _end(at: int) -> Token:
    return Token("end", "the end", (at, at))
