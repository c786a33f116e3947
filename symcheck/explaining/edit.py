"""One edit of a formula, and the few words in which edits are said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from symcheck.explaining.places import Path
from symcheck.language.tensor import Apply, Constant, Number, SizeNumber, Tensor, apply

Make: TypeAlias = Callable[[], Tensor]
Row: TypeAlias = tuple[Any, ...]
"""Code, size, how to make the new part, the mistake in words, and what the words are about."""

TINY, SMALL, PLAIN, LARGE, RARE = range(5)
"""How much an edit changes: a mark; a name, number or operation; a term or factor; a guess."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One part put for another, not yet built."""

    code: str
    size: int
    path: Path
    part: Tensor
    make: Make
    words: str
    """The mistake in a sentence; {0}, {1}, … stand for `about`."""
    about: tuple[Tensor, ...] = ()


def number(value: int | Fraction) -> Number:
    """A rational literal."""
    return Number((), Fraction(value), str(value))


def const(tensor: Tensor) -> Make:
    """A part that is there already."""
    return lambda: tensor


def applied(op: str, args: tuple[Tensor, ...], params: tuple[object, ...] = ()) -> Make:
    """An operation, its shapes checked when it is built."""
    return lambda: apply(op, *args, params=params)


def is_op(tensor: Tensor | None, *ops: str) -> bool:
    """Whether a formula is one of these operations."""
    return isinstance(tensor, Apply) and tensor.op in ops


def is_scale(tensor: Tensor) -> bool:
    """Whether a factor is a number, or made of sizes and numbers."""
    match tensor:
        case Number() | SizeNumber() | Constant():
            return True
        case Apply(args=args, op="mul" | "div" | "neg" | "sqrt" | "pow"):
            return all(map(is_scale, args))
    return False
