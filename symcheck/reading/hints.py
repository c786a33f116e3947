"""What a message proposes: near names, and formulas whose shapes do fit."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from symcheck.errors import BadCall, ShapeMismatch
from symcheck.language.shape import SameSize, Shape, show_shape
from symcheck.language.tensor import Span, Tensor, apply
from symcheck.reading.letters import TRANSPOSED


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names most like this one, best first; none if nothing is near."""
    names = list(dict.fromkeys(known))
    close = difflib.get_close_matches(name, names, n=count, cutoff=0.6)
    for other in names:
        if other.lower() == name.lower() and other not in close:
            close.insert(0, other)
    return close[:count]


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint with the nearest names, or None."""
    close = nearest(name, known)
    return f"did you mean {' or '.join(close)}?" if close else None


def _grouped(text: str) -> str:
    """The text of an operand in brackets, unless it is one word or in brackets already."""
    depth = 0
    for char in text:
        depth += char in "(["
        depth -= char in ")]"
        if depth == 0 and not (char.isalnum() or char in f"_'.)]₀₁₂₃₄₅₆₇₈₉{TRANSPOSED}"):
            return f"({text})"
    return text


def untransposed(text: str) -> str:
    """The text of an operand without its mark of transposition."""
    for mark in (".T", *TRANSPOSED):
        if text.endswith(mark):
            return text.removesuffix(mark)
    return text


def _transposed(text: str) -> str:
    plain = untransposed(text)
    return plain if plain != text else f"{text}.T"


def _fits(op: str, left: Tensor, right: Tensor, same: SameSize) -> Shape | None:
    try:
        return apply(op, left, right, same=same).shape
    except (ShapeMismatch, BadCall):
        return None


def product_misfit(
    left: Tensor, right: Tensor, texts: tuple[str, str], span: Span, same: SameSize
) -> ShapeMismatch:
    """The error for ``left @ right`` that does not contract, with a product that does."""
    a, b = map(_grouped, texts)
    message = (
        f"{a} @ {b} does not contract: {texts[0]} is {show_shape(left.shape)}, "
        f"{texts[1]} is {show_shape(right.shape)}"
    )
    trials: list[tuple[str, str, Tensor, Tensor]] = []
    if len(left.shape) == 2:
        trials.append(("matmul", f"{_transposed(a)} @ {b}", left.T, right))
    if len(right.shape) == 2:
        trials.append(("matmul", f"{a} @ {_transposed(b)}", left, right.T))
    if len(left.shape) + len(right.shape) > 2:
        trials.append(("matmul", f"{b} @ {a}", right, left))
    if len(left.shape) == len(right.shape) == 2:
        trials.append(("matmul", f"{_transposed(b)} @ {a}", right.T, left))
    if len(left.shape) == len(right.shape) == 1:
        trials.append(("outer", f"outer({texts[0]}, {texts[1]})", left, right))
    if not left.shape or not right.shape:
        trials.append(("mul", f"{a} * {b}", left, right))
    fitting = [text for op, text, x, y in trials if _fits(op, x, y, same) is not None]
    return ShapeMismatch(message, span=span, hint=f"write {' or '.join(fitting[:2])}" if fitting else None)


def entrywise_misfit(
    sign: str, left: Tensor, right: Tensor, texts: tuple[str, str], span: Span, same: SameSize
) -> ShapeMismatch:
    """The error for ``left + right`` (− * /) whose shapes do not align, with what would."""
    a, b = map(_grouped, texts)
    message = (
        f"{a} {sign} {b} does not fit: {texts[0]} is {show_shape(left.shape)}, "
        f"{texts[1]} is {show_shape(right.shape)}"
    )
    hints: list[str] = []
    if len(left.shape) == len(right.shape) == 2 and _fits("mul", left, right.T, same) is not None:
        hints.append(f"{a} {sign} {_transposed(b)}")
    if sign in ("*", "·", "⊙"):
        if _fits("matmul", left, right, same) is not None:
            hints.append(f"{a} @ {b}")
        if len(left.shape) == len(right.shape) == 1:
            hints.append(f"outer({texts[0]}, {texts[1]})")
    vector, matrix, name = (left, right, texts[0]) if len(left.shape) == 1 else (right, left, texts[1])
    if len(vector.shape) == 1 and len(matrix.shape) == 2 and same(vector.shape[0], matrix.shape[0]):
        width = "·".join(map(str, matrix.shape[1]))
        repeated = f"outer({name}, ones({width}))"
        hints.append(f"{repeated} {sign} {b}" if vector is left else f"{a} {sign} {repeated}")
    return ShapeMismatch(message, span=span, hint=f"write {' or '.join(hints)}" if hints else None)
