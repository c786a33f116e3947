"""Conditions entry by entry: what ``x > 0`` is before it becomes a number or chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Choose: TypeAlias = Callable[[str, Any, Any, Any, Any], Any]
"""(sign, left, right, then, other) → then where left <sign> right, else other."""


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """left <sign> right, entry by entry."""

    sign: str
    left: Any
    right: Any


@dataclass(frozen=True, eq=False, slots=True)
class Not:
    """Where the condition does not hold."""

    part: Mask


@dataclass(frozen=True, eq=False, slots=True)
class And:
    """Where both conditions hold."""

    first: Mask
    second: Mask


@dataclass(frozen=True, eq=False, slots=True)
class Or:
    """Where one of the conditions holds, or both."""

    first: Mask
    second: Mask


Mask: TypeAlias = Comparison | Not | And | Or


def select(mask: Mask, then: Any, other: Any, choose: Choose) -> Any:
    """`then` where the condition holds, `other` elsewhere.

    Choices inside choices, not products with 0 and 1: what is not chosen need not even be defined.
    """
    match mask:
        case Comparison(sign, left, right):
            return choose(sign, left, right, then, other)
        case Not(part):
            return select(part, other, then, choose)
        case And(first, second):
            return select(first, select(second, then, other, choose), other, choose)
        case Or(first, second):
            return select(first, then, select(second, then, other, choose), choose)
