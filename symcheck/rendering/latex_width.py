"""How wide a formula in LaTeX is set, roughly, and where a line of it may break."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[{}_^]|\s+|.", re.DOTALL)
_NOTHING = re.compile(
    r"\\(left|right|[bB]igg?[lr]|,|math(rm|bf|it)|operatorname|text|displaystyle|allowbreak|hat|bar|tilde|dot)"
)
_SPACED = frozenset("+-=<>") | {r"\cdot", r"\odot", r"\otimes", r"\oslash", r"\times", r"\le", r"\ge"}
_FRACTIONS = frozenset({r"\frac", r"\tfrac", r"\dfrac"})

_BREAKS = re.compile(r"(?= [+-] )|(?= \\(?:odot|cdot|otimes|oslash) )|(?<=\\, )|(?= = )")
_OPEN = re.compile(r"\\left|\\begin|\{")
_CLOSE = re.compile(r"\\right|\\end|\}")


def width(latex: str) -> float:
    """Width in average letters of the text size."""
    return _run(_TOKEN.findall(latex), 0)[0]


def _run(tokens: list[str], at: int) -> tuple[float, int]:
    """Width of tokens up to the closing brace, and the position after it."""
    total = 0.0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token == "}":
            break
        if token == "{":
            inner, at = _run(tokens, at)
            total += inner
        elif token in _FRACTIONS:
            above, at = _group(tokens, at)
            below, at = _group(tokens, at)
            total += max(above, below) * (0.7 if token == r"\tfrac" else 1) + 0.5
        elif token in "_^":
            inner, at = _group(tokens, at)
            total += 0.7 * inner
        elif token in _SPACED:
            total += 2.4
        elif _NOTHING.fullmatch(token) or token.isspace():
            continue
        else:
            total += 1.6 if token in (r"\sum", r"\log", r"\exp", r"\max", r"\det") else 1.05
    return total, at


def _group(tokens: list[str], at: int) -> tuple[float, int]:
    """Width of one argument: a group in braces or a single token."""
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    if at < len(tokens) and tokens[at] == "{":
        return _run(tokens, at + 1)
    return 1.0, at + 1


def broken(latex: str, limit: float) -> list[str]:
    """Lines no wider than the limit as far as breaks allow: before an operator, outside of groups."""
    if width(latex) <= limit:
        return [latex]
    lines = [""]
    for piece in _pieces(latex):
        if lines[-1].strip() and width(lines[-1] + piece) > limit:
            lines.append(piece)
        else:
            lines[-1] += piece
    return [line.strip() for line in lines]


def _pieces(latex: str) -> list[str]:
    """The formula cut at every place where a line may break."""
    pieces = [""]
    for part in _BREAKS.split(latex):
        inside = len(_OPEN.findall(pieces[-1])) - len(_CLOSE.findall(pieces[-1]))
        if inside > 0:
            pieces[-1] += part
        else:
            pieces.append(part)
    return [piece for piece in pieces if piece]
