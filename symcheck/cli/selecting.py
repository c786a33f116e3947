"""``-k``: names joined by ``and``, ``or``, ``not`` and brackets, matched against the ids of claims."""

from __future__ import annotations

import re
from collections.abc import Callable

from symcheck.errors import UsageError

Match = Callable[[str], bool]

_TOKEN = re.compile(r"\(|\)|[^\s()]+")


def matcher(expression: str) -> Match:
    """Whether an id matches; an empty expression matches every id.  Errors: UsageError."""
    tokens = _TOKEN.findall(expression)
    if not tokens:
        return lambda name: True
    match, rest = _either(tokens, 0)
    if rest != len(tokens):
        raise UsageError(f"-k {expression!r}: {tokens[rest]!r} is not expected there")
    return match


def _either(tokens: list[str], at: int) -> tuple[Match, int]:
    left, at = _both(tokens, at)
    while at < len(tokens) and tokens[at] == "or":
        right, at = _both(tokens, at + 1)
        left = _or(left, right)
    return left, at


def _both(tokens: list[str], at: int) -> tuple[Match, int]:
    left, at = _one(tokens, at)
    while at < len(tokens) and tokens[at] == "and":
        right, at = _one(tokens, at + 1)
        left = _and(left, right)
    return left, at


def _one(tokens: list[str], at: int) -> tuple[Match, int]:
    if at >= len(tokens) or tokens[at] in ("and", "or", ")"):
        raise UsageError("-k: a name is missing", hint="-k 'softmax and not sign'")
    if tokens[at] == "not":
        inner, at = _one(tokens, at + 1)
        return (lambda name: not inner(name)), at
    if tokens[at] == "(":
        inner, at = _either(tokens, at + 1)
        if at >= len(tokens) or tokens[at] != ")":
            raise UsageError("-k: ')' is missing")
        return inner, at + 1
    word = tokens[at].lower()
    return (lambda name: word in name.lower()), at + 1


def _or(left: Match, right: Match) -> Match:
    return lambda name: left(name) or right(name)


def _and(left: Match, right: Match) -> Match:
    return lambda name: left(name) and right(name)
