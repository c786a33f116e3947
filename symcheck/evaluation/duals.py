"""Dual numbers a + b ε with ε² = 0, nested for higher derivatives; functions through `arb_series`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, arb_series, ctx, fmpq

from symcheck.errors import Blocked, DomainFault
from symcheck.evaluation.numbers import NAN, ONE, ZERO, Real, is_finite, power, rational, tame

STEP_BITS = 80
"""The step of a difference quotient is 2 to the minus this, at 400 bits."""


class Dual:
    """re + du·ε, ε belonging to `tag`; the parts are numbers or duals of smaller tags."""

    __slots__ = ("du", "re", "tag")

    def __init__(self, tag: int, re: Real, du: Real) -> None:
        self.tag = tag
        self.re = re
        self.du = du

    def __add__(self, other: Real) -> Any:
        if type(other) is Dual:
            if other.tag == self.tag:
                return Dual(self.tag, self.re + other.re, self.du + other.du)
            if other.tag > self.tag:
                return Dual(other.tag, self + other.re, other.du)
        return Dual(self.tag, self.re + other, self.du)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(self.tag, -self.re, -self.du)

    def __sub__(self, other: Real) -> Any:
        return self + (-other)

    def __rsub__(self, other: Real) -> Any:
        return -self + other

    def __mul__(self, other: Real) -> Any:
        if type(other) is Dual:
            if other.tag == self.tag:
                return Dual(self.tag, self.re * other.re, self.re * other.du + self.du * other.re)
            if other.tag > self.tag:
                return Dual(other.tag, self * other.re, self * other.du)
        return Dual(self.tag, self.re * other, self.du * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Real) -> Any:
        return self * reciprocal(other)

    def __rtruediv__(self, other: Real) -> Any:
        return reciprocal(self) * other

    def __pow__(self, exponent: int) -> Real:
        result: Real = ONE
        for _ in range(exponent):
            result = result * self
        return result

    def tamed(self) -> Dual:
        """The parts, as balls where a fraction has grown too long."""
        return Dual(self.tag, tame(self.re), tame(self.du))

    def is_finite(self) -> bool:
        """Whether both parts exist."""
        return is_finite(self.re) and is_finite(self.du)


def reciprocal(value: Real) -> Real:
    """1 / value."""
    if type(value) is Dual:
        inverse = reciprocal(value.re)
        return Dual(value.tag, inverse, -(inverse * inverse) * value.du)
    return power(value, Fraction(-1))


def base_of(value: Real) -> Real:
    """The number without any ε."""
    while type(value) is Dual:
        value = value.re
    return value


def tags_in(value: Real) -> frozenset[int]:
    """The tags that occur in a dual."""
    if type(value) is not Dual:
        return frozenset()
    return frozenset((value.tag,)) | tags_in(value.re) | tags_in(value.du)


def is_still(value: Real) -> bool:
    """Whether every ε part is exactly zero."""
    if type(value) is Dual:
        return is_still(value.re) and base_of(value.du) == 0 and is_still(value.du)
    return True


def composed(coefficients: Sequence[Real], value: Dual, base: Real) -> Real:
    """Σ cₖ (value − base)ᵏ: a function from its Taylor coefficients at the base."""
    shift = value - base
    result: Real = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        result = shift * result + c
    return result


def dual_power(value: Dual, exponent: Fraction) -> Real:
    """value ** exponent by the binomial series."""
    base = base_of(value)
    coefficients = []
    factor = ONE
    for k in range(len(tags_in(value)) + 1):
        coefficients.append(ZERO if factor == 0 else factor * power(base, exponent - k))
        factor = factor * rational(exponent - k) / (k + 1)
    return composed(coefficients, value, base)


class Unsupported(ArithmeticError):
    """Neither series nor difference quotient gives this derivative."""


def dual_function(ball: Callable[..., Any], args: Sequence[Real], lacking: Callable[[], None]) -> Real:
    """A known function of duals; `lacking` is told when a difference quotient had to stand in."""
    moving = [k for k, x in enumerate(args) if type(x) is Dual]
    bases = [arb(base_of(x)) for x in args]
    if not all(x.is_finite() for x in bases):
        return NAN
    if len(moving) == 1:
        place = moving[0]
        value = args[place]

        def along(x: Any) -> Any:
            return ball(*bases[:place], x, *bases[place + 1 :])

        order = len(tags_in(value))
        coefficients = _series(along, bases[place], order)
        if coefficients is None:
            lacking()
            coefficients = _quotients(along, bases[place], order)
        return composed(coefficients, value, base_of(value))
    return _jointly(ball, args)


ERRORS = (TypeError, AttributeError, ValueError, NotImplementedError, ArithmeticError, Blocked, DomainFault)


def _series(function: Callable[[Any], Any], base: Any, order: int) -> list[Real] | None:
    """Taylor coefficients by the series arithmetic of FLINT; None where it lacks the function."""
    try:
        result = function(arb_series([base, 1], order + 2))
    except ERRORS:
        return None
    if type(result) is not arb_series:
        return None
    if result.prec < order + 1:
        return None
    coefficients = result.coeffs()[: order + 1]
    return [*coefficients, *[ZERO] * (order + 1 - len(coefficients))]


def _quotients(function: Callable[[Any], Any], base: Any, order: int) -> list[Real]:
    """Taylor coefficients of order ≤ 2 by central differences at high precision."""
    if order > 2:
        raise Unsupported("a third derivative by difference quotients")
    before = ctx.prec
    ctx.prec = max(before, 400)
    try:
        step = arb(2) ** -STEP_BITS
        low, here, high = function(base - step), function(base), function(base + step)
        found = [here, (high - low) / (2 * step), (high - 2 * here + low) / (2 * step * step)][: order + 1]
        # the error of the quotient is of the order of step²; what is added is far more, and far less than 1
        slack = [arb(0, 2.0**-60) * (1 + abs(x)) for x in found]
        return [found[0], *(x + s for x, s in zip(found[1:], slack[1:], strict=True))]
    except ERRORS:
        return [NAN] * (order + 1)
    finally:
        ctx.prec = before


WEIGHTS: dict[int, tuple[int, ...]] = {1: (1,), 2: (2, 3)}
"""Powers of t put for ε₁, ε₂ …, such that no product with a square falls on one without."""


def _jointly(ball: Callable[..., Any], args: Sequence[Real]) -> Real:
    """A function of several moving arguments: one series in t that keeps the products of ε apart."""
    tags = sorted(frozenset().union(*map(tags_in, args)))
    weights = WEIGHTS.get(len(tags))
    if weights is None:
        raise Unsupported("a third derivative of a function of several arguments")
    places = dict(zip(tags, weights, strict=True))
    count = sum(weights) + 1
    try:
        series = []
        for arg in args:
            coefficients: list[Real] = [arb(0)] * count
            for power_of_t, part in _parts(arg, places):
                coefficients[power_of_t] += part
            series.append(arb_series(coefficients, count))
        result = ball(*series)
    except ERRORS as error:
        raise Unsupported("no series of a function of several arguments") from error
    if type(result) is not arb_series or result.prec < count:
        return NAN
    found = [*result.coeffs(), *[ZERO] * count][:count]
    return _assembled(found, tags, places, 0)


def _parts(value: Real, places: dict[int, int]) -> list[tuple[int, Real]]:
    if type(value) is not Dual:
        return [(0, value)]
    return [
        *_parts(value.re, places),
        *((k + places[value.tag], part) for k, part in _parts(value.du, places)),
    ]


def _assembled(found: list[Real], tags: list[int], places: dict[int, int], at: int) -> Real:
    if not tags:
        return found[at]
    *rest, tag = tags
    return Dual(tag, _assembled(found, rest, places, at), _assembled(found, rest, places, at + places[tag]))


def magnitude(value: Real) -> Real:
    """A lower bound of the absolute value of the base."""
    base = base_of(value)
    if type(base) is fmpq:
        return abs(base)
    return base.abs_lower() if base.is_finite() else ZERO


def dual_matrix(
    function: Callable[[Sequence[Real], int], Sequence[Real]],
    block: Sequence[Real],
    size: int,
    note: Callable[[], object],
) -> Sequence[Real]:
    """A function of a whole matrix with one ε, by a difference quotient: a check, no evidence."""
    tags = sorted(frozenset().union(*map(tags_in, block)))
    if len(tags) != 1:
        raise Unsupported("a second derivative of a function of a matrix")
    note()
    (tag,) = tags
    before = ctx.prec
    try:
        ctx.prec = max(before, 400)
        step = arb(2) ** -STEP_BITS
        base = [arb(base_of(x)) for x in block]
        along = [arb(x.du) if type(x) is Dual else arb(0) for x in block]
        low = function([x - step * d for x, d in zip(base, along, strict=True)], size)
        high = function([x + step * d for x, d in zip(base, along, strict=True)], size)
        here = function(base, size)
        slack = arb(0, 2.0**-60)
        slopes = [(b - a) / (2 * step) for a, b in zip(low, high, strict=True)]
        return [Dual(tag, x, s + slack * (1 + abs(s))) for x, s in zip(here, slopes, strict=True)]
    finally:
        ctx.prec = before
