"""What a wrong number at a point is made of: 16200 is 2f."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations

from symcheck.language.claim import Claim
from symcheck.language.tensor import Apply, Number, Symbol, Tensor, Variable, variable

NAMES = 12
"""Most names that a number is explained by."""
PLAIN = 12
"""Numbers up to this are met by chance too often to be explained."""


def made_of(
    claim: Claim, written: Fraction, equals: Callable[[Tensor], bool], preferred: Tensor | None
) -> Tensor | None:
    """The simplest expression of the claim's names with this value at its point; None for small numbers.

    `preferred`: the true side; an expression like it but for one name comes first.
    """
    if abs(written) <= PLAIN:
        return None
    names = [s for s in (*claim.graph.definitions, *claim.point) if not s.shape][:NAMES]
    return next((made for made in (*_like(preferred, names), *_simple(names)) if equals(made)), None)


def _like(true: Tensor | None, names: list[Symbol]) -> Iterator[Tensor]:
    match true:
        case Apply(op="mul", args=(Number() as factor, Variable())):
            for name in names:
                yield factor * variable(name)


def _simple(names: list[Symbol]) -> Iterator[Tensor]:
    values = [variable(name) for name in names]
    yield from values
    yield from (-v for v in values)
    yield from (2 * v for v in values)
    yield from (v / 2 for v in values)
    yield from (v**2 for v in values)
    yield from (2 * v**2 for v in values)
    for u, v in combinations(values, 2):
        yield u * v
    for u, v in combinations(values, 2):
        yield u + v
        yield u - v
        yield v - u
        yield 2 * u * v
        yield u / v
        yield v / u
