"""Assumptions in words → `Assumption` and what is said of sizes.

``x > 0``, ``-1 < x < 1``, ``x != 0``, ``x < a``, ``x != a``, ``k integer``, ``y one-hot``,
``p on simplex``, ``sum(y) == 1``,
``A symmetric``, ``X det > 0``, ``dim m == n``, ``dim n >= 3``, ``dim m >= n``, ``note: …``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from symcheck.errors import BadAssumption, TooLarge
from symcheck.language.claim import Assumption, Kind
from symcheck.language.shape import Dim, SameSize, Shape, show_shape
from symcheck.language.tensor import Symbol
from symcheck.reading.hints import nearest
from symcheck.reading.lexer import Token, never, tokenize

PHRASES: Mapping[str, Kind] = {
    "integer": Kind.INTEGER,
    "binary": Kind.BINARY,
    "signs": Kind.SIGNS,
    "one-hot": Kind.ONE_HOT,
    "onehot": Kind.ONE_HOT,
    "on simplex": Kind.SIMPLEX,
    "on the simplex": Kind.SIMPLEX,
    "unit": Kind.UNIT,
    "symmetric": Kind.SYMMETRIC,
    "antisymmetric": Kind.ANTISYMMETRIC,
    "invertible": Kind.INVERTIBLE,
    "det > 0": Kind.DET_POSITIVE,
    "positive definite": Kind.POSITIVE_DEFINITE,
    "diagonal": Kind.DIAGONAL,
    "orthogonal": Kind.ORTHOGONAL,
    "lower triangular": Kind.LOWER_TRIANGULAR,
    "idempotent": Kind.IDEMPOTENT,
    "full rank": Kind.FULL_RANK,
    "constant": Kind.CONSTANT,
}
_ROWS = {Kind.ONE_HOT, Kind.SIMPLEX, Kind.UNIT}
_ENTRIES = {Kind.INTEGER, Kind.BINARY, Kind.SIGNS, Kind.CONSTANT}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "=": "=="}
_LIST = (
    "x > 0, x >= 1, -1 < x < 1, x != 0, x < a, a <= b, x != a, k integer, y binary, s signs, "
    "y one-hot, p on simplex, u unit, "
    "sum(y) == 1, A symmetric, antisymmetric, invertible, det > 0, positive definite, diagonal, orthogonal, "
    "lower triangular, idempotent, full rank, y constant (dy = 0), dim n == 2, dim m == n, dim n >= 3, "
    "dim m >= n, note: …"
)


@dataclass(frozen=True, slots=True)
class SizesEqual:
    """``dim m == n``, ``dim n == 2``."""

    left: Dim
    right: Dim
    text: str


@dataclass(frozen=True, slots=True)
class SizeAtLeast:
    """``dim n >= 3``."""

    dim: Dim
    least: int
    text: str


@dataclass(frozen=True, slots=True)
class SizesOrdered:
    """``dim m >= n``, ``dim m > n`` with a gap of 1."""

    greater: Dim
    smaller: Dim
    gap: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """``note: …``."""

    text: str


Said: TypeAlias = Assumption | SizesEqual | SizeAtLeast | SizesOrdered | Prose


def read_assumption(
    text: str,
    variables: Mapping[str, Symbol],
    dims: Mapping[Dim, None],
    same: SameSize,
    levelled: Callable[[str], bool] = never,
) -> Said:
    """What one assumption says.  Errors: BadAssumption (SC014) lists what can be written."""
    if text.strip().lower().startswith("note:"):
        return Prose(text.strip()[5:].strip())
    tokens = tokenize(text, 0, levelled)[:-1]
    if not tokens:
        raise BadAssumption("an empty assumption", hint=f"write one of: {_LIST}")
    if tokens[0].text == "dim" and len(tokens) > 1 and tokens[1].kind in ("name", "num"):
        return _size(text, tokens[1:], dims)
    if len(tokens) > 1 and any(token.is_op("!=") for token in tokens):
        return _unequal(text, tokens, variables)
    if len(tokens) == 3 and tokens[0].kind == tokens[2].kind == "name" and tokens[1].is_op(*_TURNED):
        return _related(text, tokens, variables)
    if any(token.is_op(*_TURNED) for token in tokens) and tokens[0].text not in ("sum", "rowsum", "det"):
        phrase = _phrase(tokens[1:])
        if phrase not in PHRASES:
            return _interval(text, tokens, variables)
    if tokens[0].text in ("sum", "rowsum") and len(tokens) > 1 and tokens[1].is_op("("):
        return _row_sum(text, tokens, variables)
    if tokens[0].text == "det" and len(tokens) > 3 and tokens[1].is_op("("):
        tokens = [tokens[2], tokens[0], *tokens[4:]]
    return _quality(text, tokens, variables, same)


def _symbol(token: Token, variables: Mapping[str, Symbol]) -> Symbol:
    if token.kind != "name":
        raise _unreadable("a name is expected here", token)
    symbol = variables.get(token.text)
    if symbol is None:
        close = nearest(token.text, variables)
        raise BadAssumption(
            f"{token.raw} is not declared",
            span=token.span,
            hint=f"did you mean {' or '.join(close)}?" if close else "declare it first",
        )
    return symbol


def _unreadable(message: str, token: Token) -> BadAssumption:
    return BadAssumption(message, span=token.span, hint=f"what can be written: {_LIST}")


def _phrase(tokens: list[Token]) -> str:
    words = [token.text for token in tokens]
    if words[:1] == ["is"]:
        words = words[1:]
    return re.sub(r"\s*-\s*", "-", " ".join(words))


def _quality(text: str, tokens: list[Token], variables: Mapping[str, Symbol], same: SameSize) -> Said:
    """``A symmetric`` and the like, checked against the shape."""
    symbol = _symbol(tokens[0], variables)
    phrase = _phrase(tokens[1:])
    kind = PHRASES.get(phrase)
    if kind is None:
        close = nearest(phrase, PHRASES)
        raise BadAssumption(
            f"nothing is known about {phrase!r}" if phrase else "the assumption ends after its name",
            span=(tokens[0].span[0], tokens[-1].span[1]),
            hint=(f"did you mean {close[0]!r}? " if close else "") + f"what can be written: {_LIST}",
        )
    rank = len(symbol.shape)
    if kind in _ENTRIES:
        fits, needed = True, ""
    elif kind in _ROWS:
        fits, needed = rank in (1, 2), "a vector, or a matrix for its rows"
    elif kind is Kind.FULL_RANK:
        fits, needed = rank == 2, "a matrix"
    else:
        fits, needed = rank == 2 and same(*symbol.shape), "a square matrix"
    if not fits:
        raise _misfit(symbol.shape, tokens, phrase, needed)
    return Assumption(kind, symbol, text.strip())


def _misfit(shape: Shape, tokens: list[Token], phrase: str, needed: str) -> BadAssumption:
    hint = None
    if len(shape) == 2 and needed == "a square matrix":
        hint = f"declare it square, or assume 'dim {shape[0][0]} == {shape[1][0]}' before"
    return BadAssumption(
        f"{phrase!r} is said of {needed}; {tokens[0].raw} is {show_shape(shape)}",
        span=(tokens[0].span[0], tokens[-1].span[1]),
        hint=hint,
    )


ROWS = (",axis=1", ",axis=-1", ",1", ",-1")
"""Ways to say that a sum goes along each row."""


def _row_sum(text: str, tokens: list[Token], variables: Mapping[str, Symbol]) -> Said:
    """``sum(y) == 1``; of a matrix also ``rowsum(Y) == 1``, ``sum(Y, axis=1) == 1``."""
    rows = tokens[0].text == "rowsum"
    close = next((k for k, token in enumerate(tokens) if token.is_op(")")), 0)
    if not rows and "".join(token.text for token in tokens[3:close]) in ROWS:
        tokens, rows = [*tokens[:3], *tokens[close:]], True
    if len(tokens) < 6 or not tokens[3].is_op(")") or not tokens[4].is_op("==", "="):
        raise _unreadable("sum(y) == 1 is what can be said of a sum", tokens[0])
    symbol = _symbol(tokens[2], variables)
    if len(symbol.shape) not in ((2,) if rows else (1, 2)):
        needed = "a matrix" if rows else "a vector, or a matrix for its rows"
        raise _misfit(symbol.shape, tokens[2:3], "sum", needed)
    return Assumption(Kind.SUM, symbol, text.strip(), (_number(tokens[5:]),))


def _number(tokens: list[Token]) -> Fraction:
    """±a or ±a/b."""
    sign = 1
    rest = tokens
    while rest and rest[0].is_op("-", "+"):
        sign = -sign if rest[0].text == "-" else sign
        rest = rest[1:]
    if len(rest) == 1 and rest[0].kind == "num":
        return sign * Fraction(rest[0].value)
    if len(rest) == 3 and rest[0].kind == rest[2].kind == "num" and rest[1].is_op("/") and rest[2].value:
        return sign * Fraction(rest[0].value) / Fraction(rest[2].value)
    raise BadAssumption(
        "a bound is a number: 0, -1, 1/2, 0.3",
        span=(tokens[0].span[0], tokens[-1].span[1]) if tokens else None,
        hint=f"what can be written: {_LIST}",
    )


def _unequal(text: str, tokens: list[Token], variables: Mapping[str, Symbol]) -> Said:
    """``x != 0`` of every entry, ``x != a`` of two scalars."""
    if not tokens[1].is_op("!=") or len(tokens) < 3:
        raise _unreadable("what is unequal is a name and a number, or two names", tokens[0])
    if len(tokens) == 3 and tokens[2].kind == "name":
        return _related(text, tokens, variables)
    symbol = _symbol(tokens[0], variables)
    return Assumption(Kind.DIFFERENT, symbol, text.strip(), (_number(tokens[2:]),))


def _related(text: str, tokens: list[Token], variables: Mapping[str, Symbol]) -> Said:
    """``x < a``, ``x >= a``, ``x != a`` of two scalars; the smaller one is kept first."""
    left, right = _symbol(tokens[0], variables), _symbol(tokens[2], variables)
    for symbol, token in ((left, tokens[0]), (right, tokens[2])):
        if symbol.shape:
            raise _misfit(symbol.shape, [token], tokens[1].raw, "two scalars")
    if left is right:
        raise _unreadable("a name is not compared with itself", tokens[0])
    sign = tokens[1].text
    if sign in ("==", "="):
        raise BadAssumption(
            "equality of two names is no assumption",
            span=tokens[1].span,
            hint=f"write {tokens[0].raw} for {tokens[2].raw} in the formula",
        )
    if sign in (">", ">="):
        left, right, sign = right, left, _TURNED[sign]
    kind = {"<": Kind.BELOW, "<=": Kind.AT_MOST, "!=": Kind.DIFFERENT}[sign]
    return Assumption(kind, left, text.strip(), (), right)


def _interval(text: str, tokens: list[Token], variables: Mapping[str, Symbol]) -> Said:
    """``x > 0``, ``0 < x``, ``-1 < x <= 1``"""
    parts: list[list[Token]] = [[]]
    signs: list[Token] = []
    for token in tokens:
        if token.is_op(*_TURNED):
            signs.append(token)
            parts.append([])
        else:
            parts[-1].append(token)
    names = [k for k, part in enumerate(parts) if len(part) == 1 and part[0].kind == "name"]
    if len(names) != 1 or len(signs) > 2 or (len(signs) == 2 and names != [1]) or not all(parts):
        raise _unreadable("an interval has one name and one or two bounds", tokens[0])
    at = names[0]
    symbol = _symbol(parts[at][0], variables)
    low: Fraction | None = None
    high: Fraction | None = None
    low_strict = high_strict = False
    for k, sign in enumerate(signs):
        bound = _number(parts[k + 1] if k >= at else parts[k])
        relation = sign.text if k >= at else _TURNED[sign.text]
        if relation in ("==", "="):
            raise BadAssumption(
                "a value is no assumption", span=sign.span, hint=f"write the number {bound} in the formula"
            )
        if relation in (">", ">="):
            if low is not None:
                raise _unreadable("two lower bounds", sign)
            low, low_strict = bound, relation == ">"
        else:
            if high is not None:
                raise _unreadable("two upper bounds", sign)
            high, high_strict = bound, relation == "<"
    if low is not None and high is not None and (low > high or (low == high and (low_strict or high_strict))):
        raise BadAssumption("no number lies in this interval", span=(0, len(text.rstrip())))
    return Assumption(Kind.INTERVAL, symbol, text.strip(), (low, low_strict, high, high_strict))


def _size(text: str, tokens: list[Token], dims: Mapping[Dim, None]) -> Said:
    """``dim m == n``, ``dim n == 2``, ``dim n >= 3``, ``dim m >= n``, ``dim n <= m``"""
    if len(tokens) != 3 or not tokens[1].is_op(*_TURNED):
        raise _unreadable("of sizes one can say dim n == 2, dim m == n, dim n >= 3, dim m >= n", tokens[0])
    left, right = (_dim(tokens[k], dims) for k in (0, 2))
    sign = tokens[1].text
    if sign in ("==", "="):
        return SizesEqual(left, right, text.strip())
    if sign in ("<", "<="):
        left, right, sign = right, left, _TURNED[sign]
    if isinstance(left, int):
        raise _unreadable("a size has no greatest value: dim n >= 3, dim m >= n", tokens[0])
    gap = int(sign == ">")
    if isinstance(right, int):
        return SizeAtLeast(left, right + gap, text.strip())
    return SizesOrdered(left, right, gap, text.strip())


def _dim(token: Token, dims: Mapping[Dim, None]) -> Dim:
    if token.kind == "num":
        if token.value < 1 or Fraction(token.value).denominator != 1:
            raise BadAssumption("a size is an integer from 1 on", span=token.span)
        if token.value > 10**6:
            raise TooLarge("a size above a million", span=token.span)
        return int(token.value)
    if token.kind != "name" or token.text not in dims:
        known = ", ".join(str(dim) for dim in dims) or "none"
        raise BadAssumption(
            f"{token.raw or token.text} is no size in any declared shape",
            span=token.span,
            hint=f"sizes: {known}",
        )
    return token.text
