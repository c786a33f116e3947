"""How wide a formula in LaTeX is set, roughly; where a line of it may break; how a wide one is made narrower.

Widths are counted in average letters of mathematics at the size of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[{}_^]|\s+|.", re.DOTALL)
_NOTHING = re.compile(
    r"\\(left|right|mathrm|mathbf|mathit|mathbb|operatorname|text|textcolor|displaystyle"
    r"|allowbreak|hat|bar|tilde|dot|symcheck\w+)|\$"
)
_BIG = {"big": 0.2, "Big": 0.5, "bigg": 0.8, "Bigg": 1.0}
_WORDS = {
    r"\sum": 2.3,
    r"\prod": 2.1,
    r"\infty": 1.6,
    r"\mapsto": 2.7,
    r"\to": 2.7,
    r"\lVert": 0.8,
    r"\rVert": 0.8,
    r"\lvert": 0.5,
    r"\rvert": 0.5,
    r"\,": 0.3,
    r"\;": 0.5,
    r"\quad": 1.8,
    r"\qquad": 3.6,
    **{rf"\{size}{side}": more for size, more in _BIG.items() for side in "lr"},
    r"\colon": 0.8,
}
"""Signs that are not of the width of a letter; functions are as wide as their name."""
_SPACED = frozenset("+-=<>") | {
    *(rf"\{word}" for word in ("cdot", "odot", "otimes", "oslash", "times", "le", "ge", "in", "ne"))
}
_NARROW = frozenset("()[].,;:'|!")
_FUNCTION = re.compile(
    r"\\(exp|log|lim|max|min|sinh?|cosh?|tanh?|sec|csc|coth?|arcsin|arccos|arctan|det|inf|sup)"
)
_FRACTIONS = frozenset({r"\frac", r"\tfrac", r"\dfrac"})

_BREAKS = re.compile(
    r"(?= (?:[+-]|\\(?:odot|cdot|otimes|oslash|times)) )|(?<=\\, )|(?= = )|(?<=\\allowbreak )"
)
_OPEN = re.compile(r"\\left(?![a-z])|\\begin|(?<!\\)\{")
_CLOSE = re.compile(r"\\right(?![a-z])|\\end|(?<!\\)\}")


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
        elif token in ("_", "^"):
            inner, at = _group(tokens, at)
            total += 0.7 * inner
        elif token == r"\begin":
            _, at = _group(tokens, at)
            inner, at = _cases(tokens, at)
            total += inner + 1.5
        else:
            total += _token(token)
    return total, at


def _token(token: str) -> float:
    if token in _SPACED:
        return 2.6
    if token.isspace() or _NOTHING.fullmatch(token):
        return 0.0
    if token in _WORDS:
        return _WORDS[token]
    function = _FUNCTION.fullmatch(token)
    if function:
        return 0.95 * len(function[1]) + 0.3
    if token in _NARROW:
        return 0.75
    return 1.5 if token.isupper() or token in "mw" else 1.05


def _cases(tokens: list[str], at: int) -> tuple[float, int]:
    """Width of rows with & between their cells, and the position after their end."""
    cells: list[list[str]] = [[]]
    widest: list[float] = []
    column = depth = 0

    def close() -> None:
        nonlocal widest
        widest += [0.0] * (column + 1 - len(widest))
        widest[column] = max(widest[column], _run(cells[-1], 0)[0])
        cells.append([])

    while at < len(tokens):
        token = tokens[at]
        at += 1
        depth += (token == r"\begin") - (token == r"\end")
        if depth < 0:
            break
        if depth == 0 and token == "&":
            close()
            column += 1
        elif depth == 0 and token == r"\\":
            close()
            column = 0
        else:
            cells[-1].append(token)
    close()
    _, at = _group(tokens, at)
    return sum(widest) + 1.8 * (len(widest) - 1), at


def _group(tokens: list[str], at: int) -> tuple[float, int]:
    """Width of one argument: a group in braces or a single token."""
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    if at < len(tokens) and tokens[at] == "{":
        return _run(tokens, at + 1)
    return 1.0, at + 1


# -- breaking ----------------------------------------------------------------------------------


def broken(latex: str, limit: float) -> list[str]:
    """Lines no wider than the limit as far as breaks allow: before an operator, outside of groups.

    A line ends at a sign as far out as possible: at a sum of the whole rather than inside brackets.
    """
    if width(latex) <= limit:
        return [latex]
    lines: list[str] = []
    pieces = list(pieces_of(latex))
    while pieces:
        count = _fitting([piece for piece, _ in pieces], limit)
        if count < len(pieces):
            # a break far out may come somewhat earlier than the last that fits
            least = max(1, count // 2)
            count = min(range(least, count + 1), key=lambda k: (pieces[k][1], -k))
        lines.append("".join(piece for piece, _ in pieces[:count]).strip())
        pieces = pieces[count:]
    return lines


def _fitting(pieces: list[str], limit: float) -> int:
    """How many pieces stand in one line, at least one."""
    count = 1
    while count < len(pieces) and width("".join(pieces[: count + 1])) <= limit:
        count += 1
    return count


def pieces_of(latex: str) -> Iterator[tuple[str, int]]:
    """The formula cut at every place where a line may break, with how deep in brackets each piece begins."""
    inside = level = start = 0
    piece = ""
    for part in _BREAKS.split(latex):
        if piece and inside <= 0:
            yield piece, start
            piece, start = "", _rank(part, level)
        piece += part
        inside += len(_OPEN.findall(part)) - len(_CLOSE.findall(part))
        level += len(re.findall(r"[(\[]", part)) - len(re.findall(r"[)\]]", part))
    if piece:
        yield piece, start


def _rank(part: str, level: int) -> int:
    """How good a break before a part is: 0 is best, a product is torn apart only if no sum can be."""
    return 2 * level + (part.lstrip()[:1] not in ("+", "-", "="))


def least_width(latex: str) -> float:
    """Width of the widest piece without a place to break."""
    return max((width(piece) for piece, _ in pieces_of(latex)), default=0.0)


# -- making narrower ---------------------------------------------------------------------------


def narrowed(latex: str, limit: float) -> str:
    r"""Wide fractions written so that lines can break in them: \frac{1}{N} ( … ), or ( … ) / ( … )."""
    at = 0
    while (start := latex.find(r"\frac{", at)) >= 0:
        above_end = _closing(latex, start + 5)
        below_end = _closing(latex, above_end + 1)
        above, below = latex[start + 6 : above_end], latex[above_end + 2 : below_end]
        at = start + 1
        if _depth(latex[:start]) > 0 or max(width(above), width(below)) <= limit:
            continue
        if width(below) <= limit:
            sign = "-" if above.startswith("-") and _depth_free(above) else ""
            shown = rf"\frac{{{sign}1}}{{{below}}} \, {_brackets(above[len(sign) :])}"
        else:
            shown = f"\\bigl( {_brackets(above)} / {_brackets(below)} \\bigr)"
        latex = latex[:start] + shown + latex[below_end + 1 :]
    return latex


def _depth_free(above: str) -> bool:
    """Whether a leading sign belongs to the whole: no sum follows outside of brackets."""
    return all(rank > 0 or not k for k, (_, rank) in enumerate(pieces_of(above[1:])))


def _brackets(latex: str) -> str:
    size = "Bigl" if re.search(r"\\(frac|sum|prod|Big)", latex) else "bigl"
    return f"\\{size}( {latex} \\{size[:-1]}r)"


def _depth(latex: str) -> int:
    return len(_OPEN.findall(latex)) - len(_CLOSE.findall(latex))


def _closing(latex: str, start: int) -> int:
    """Where the group that opens at `start` closes."""
    depth = 0
    for at in range(start, len(latex)):
        if latex[at] in "{}" and latex[at - 1] != "\\":
            depth += 1 if latex[at] == "{" else -1
            if depth == 0:
                return at
    return len(latex) - 1
