"""Numbers of an evaluation: `fmpq` while a value is rational, `arb` once it is not.

An entry that does not exist is `NAN`, an `arb` that is not finite; it passes through arithmetic.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeAlias

from flint import arb, fmpq

from symcheck.language.claim import Relation

Real: TypeAlias = Any
"""fmpq or arb; in a series also a Dual."""

NAN: Real = arb.nan()
ZERO: Real = fmpq(0)
ONE: Real = fmpq(1)
PLAIN: Real = fmpq(1, 1000)
BITS = 512
"""Longest numerator or denominator that is kept exact."""


def rational(value: Fraction | int) -> Real:
    """The exact number."""
    if isinstance(value, int):
        return fmpq(value)
    return fmpq(value.numerator, value.denominator)


def tame(value: Real) -> Real:
    """The value itself, or its ball where the fraction has grown too long to be of use."""
    kind = type(value)
    if kind is fmpq:
        return arb(value) if value.height_bits() > BITS else value
    return value if kind is arb else value.tamed()


def is_finite(value: Real) -> bool:
    """Whether an entry exists (and its ball is bounded)."""
    return type(value) is fmpq or bool(value.is_finite())


def differ(left: Real, right: Real) -> bool:
    """Whether two entries are certainly different: both exist and their balls are disjoint."""
    if type(left) is fmpq and type(right) is fmpq:
        return bool(left != right)
    difference = left - right
    return bool(difference.is_finite()) and not difference.contains(0)


def violates(left: Real, right: Real, relation: Relation = Relation.EQUAL) -> bool:
    """Whether two entries certainly do not stand in this relation: both exist, and their balls say so."""
    if relation is Relation.EQUAL:
        return differ(left, right)
    gap = left - right if relation.rising else right - left
    if type(gap) is fmpq:
        return bool(gap > 0 or (relation.strict and gap == 0))
    return bool(gap.is_finite()) and bool(gap > 0)


def touches(left: Real, right: Real) -> bool:
    """Whether two entries may be equal, as far as their balls tell."""
    gap = left - right
    return bool(gap == 0) if type(gap) is fmpq else bool(gap.is_finite() and gap.contains(0))


def is_vague(left: Real, right: Real, relative: bool = False) -> bool:
    """Whether more bits might part two entries that exist: the ball of their difference is wide.

    With `relative` wide is measured against the entries: values behind many layers may all be tiny.
    """
    difference = left - right
    if type(difference) is fmpq or not difference.contains(0):
        return False
    unit = (abs(left) + abs(right)) if relative else 1
    return not difference.rad() < unit * 2**-40


def is_plain(left: Real, right: Real) -> bool:
    """Whether two different entries look different: in their first digits, and not far behind the point."""
    size = abs(left) + abs(right)
    return bool(size > PLAIN) and bool(abs(left - right) > PLAIN * size)


def text_of(value: Real) -> str:
    """Exact if rational, else 20 significant digits."""
    if type(value) is fmpq:
        return str(value)
    if value.contains(0) and abs(value) < 1e-25:
        return "0"
    return str(value.str(20, radius=False))


def power(base: Real, exponent: Fraction) -> Real:
    """base ** exponent; not there for 1/0, and for a root of what is not certainly ≥ 0."""
    if exponent.denominator == 1:
        return integer_power(base, exponent.numerator)
    if type(base) is fmpq:
        if base <= 0:
            return ZERO if base == 0 and exponent > 0 else NAN
        root = arb(base).sqrt() if exponent.denominator == 2 else NAN
        if root.is_exact():
            return integer_power(root.fmpq(), exponent.numerator)
        base = arb(base)
    if exponent.denominator == 2:
        if exponent.numerator == 1:
            result = base.sqrt()
        elif exponent.numerator == -1:
            result = base.rsqrt()
        else:
            result = base.sqrt() ** exponent.numerator
    elif base > 0:
        result = base ** (arb(exponent.numerator) / exponent.denominator)
    else:
        result = NAN
    return result if result.is_finite() else NAN


def integer_power(base: Real, exponent: int) -> Real:
    """base ** exponent for an integer exponent; exact where that stays short."""
    if exponent < 0 and base == 0:
        return NAN
    if type(base) is fmpq:
        if base.height_bits() * abs(exponent) <= BITS:
            return base**exponent
        base = arb(base)
    result = base ** abs(exponent)
    if exponent < 0:
        result = 1 / result
    return result if result.is_finite() else NAN
