"""Dense arrays of SymPy scalars: what a tensor is once every size is a small number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, TypeAlias

import sympy

from symcheck.errors import NotSupported

Expr: TypeAlias = Any
"""A SymPy scalar expression (SymPy carries no types)."""


class NotExpressible(NotSupported):
    """SymPy has no word for it, or none that can be relied on: the oracle answers n/a."""


class TooLarge(NotExpressible):
    """More scalar work than the budget allows; smaller sizes may do."""


class UndefinedHere(NotExpressible):
    """No value at these sizes or at this point: an inverse of 0, a logarithm of a negative number."""


@dataclass(frozen=True, slots=True)
class Dense:
    """Entries in row-major order, all of them written out."""

    shape: tuple[int, ...]
    entries: tuple[Expr, ...]

    def __post_init__(self) -> None:
        if len(self.entries) != prod(self.shape):
            raise AssertionError(f"{len(self.entries)} entries for the shape {self.shape}")

    def __getitem__(self, place: tuple[int, ...]) -> Expr:
        flat = 0
        for index, length in zip(place, self.shape, strict=True):
            if not 0 <= index < length:
                raise UndefinedHere(f"entry {index} of an axis of length {length}")
            flat = flat * length + index
        return self.entries[flat]

    @property
    def scalar(self) -> Expr:
        """The one entry of a number."""
        return self[()]

    def each(self, function: Callable[[Expr], Expr]) -> Dense:
        """The function of every entry."""
        return Dense(self.shape, tuple(map(function, self.entries)))

    def rows(self) -> list[Dense]:
        """The vectors along the last axis."""
        width = self.shape[-1]
        cuts = range(0, len(self.entries), width)
        return [Dense((width,), self.entries[at : at + width]) for at in cuts]

    def nested(self) -> Any:
        """Nested lists; the expression itself for a number."""
        if not self.shape:
            return self.entries[0]
        rest = self.shape[1:]
        width = prod(rest)
        return [Dense(rest, self.entries[k * width : (k + 1) * width]).nested() for k in range(self.shape[0])]


def rational(value: Fraction) -> Expr:
    """The exact number."""
    return sympy.Rational(value.numerator, value.denominator)


def places(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every place of an array, in row-major order."""
    return product(*map(range, shape))


def build(shape: tuple[int, ...], function: Callable[..., Expr]) -> Dense:
    """The array whose entry at (i, j, …) is function(i, j, …)."""
    return Dense(shape, tuple(function(*place) for place in places(shape)))


def number(value: Expr) -> Dense:
    """A scalar."""
    return Dense((), (value,))


def broadcast(*arrays: Dense) -> list[Dense]:
    """All arrays repeated to one shape, aligned at their last axes."""
    shape = max((array.shape for array in arrays), key=len)
    for array in arrays:
        if array.shape != shape[len(shape) - len(array.shape) :]:
            raise NotExpressible(f"shapes {array.shape} and {shape} do not fit at these sizes")
    return [Dense(shape, array.entries * (prod(shape) // max(1, len(array.entries)))) for array in arrays]


def elementwise(function: Callable[..., Expr], *arrays: Dense) -> Dense:
    """The function entry by entry, after broadcasting."""
    fitted = broadcast(*arrays)
    entries = zip(*(array.entries for array in fitted), strict=True)
    return Dense(fitted[0].shape, tuple(function(*group) for group in entries))
