"""Neighbours of special functions: orders and arguments that differ by whole numbers are brought together.

Γ(x + 1) = x Γ(x), ψ(x + 1) = ψ(x) + 1/x, Z_{ν+1} = ±(2ν/x) Z_ν ± Z_{ν−1} and their like; every function
is expressed by those of one base, so that equal spellings meet.  Each relation is an identity of the
functions themselves, true wherever both sides exist.  Source: DLMF 5.5, 5.15, 8.8, 8.19, 10.6, 10.29.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial

from flint import fmpq

from symcheck.errors import DomainFault
from symcheck.normal_form import opaque, roots, tower
from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.factoring import is_positive
from symcheck.normal_form.polynomial import MINUS, ONE, UNIT, Poly

FARTHEST = 40
"""Most steps from one neighbour to the next."""

Arguments = tuple[Poly, ...]
Relation = Callable[[Algebra, str, Arguments], Poly | None]


def related(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """name(arguments) by its neighbours at the base; None if it stands there, or has no neighbours."""
    relation = RELATIONS.get(name)
    found = relation(algebra, name, arguments) if relation else None
    if found is not None:
        algebra.use("contiguity")
    return found


def _shift(poly: Poly, least: int) -> tuple[Poly, int] | None:
    """(base, k) with poly = base + k: the constant of the base in [0, 1), or `least` for a whole number."""
    constant = poly.get(UNIT, fmpq(0))
    steps = int(constant.floor())
    base = dict(poly)
    base.pop(UNIT, None)
    if not base and constant == steps:
        steps -= least
    if constant != steps:
        base[UNIT] = constant - steps
    return (base, steps) if abs(steps) <= FARTHEST else None


def _function(algebra: Algebra, name: str, *arguments: Poly) -> Poly:
    return opaque.function(algebra, name, "", arguments)


def _plus(algebra: Algebra, poly: Poly, number: int) -> Poly:
    return algebra.plus(poly, algebra.constant(fmpq(number)))


def _inverse(algebra: Algebra, poly: Poly, exponent: int = -1) -> Poly:
    return roots.power(algebra, poly, exponent)


# -- in the argument -------------------------------------------------------------------------------


def _gamma(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """Γ(b + k) = b (b + 1) … (b + k − 1) Γ(b), and Γ(n) = (n − 1)!."""
    found = _shift(arguments[0], 1)
    if found is None:
        return None
    base, steps = found
    whole = base == {UNIT: ONE}
    if not steps and not whole:
        return None
    if whole and steps < 0:
        raise DomainFault("gamma of a whole number that is not positive")
    result: Poly = {UNIT: ONE} if whole else _function(algebra, name, base)
    for k in range(steps):
        result = algebra.times(result, _plus(algebra, base, k))
    for k in range(steps, 0):
        result = algebra.times(result, _inverse(algebra, _plus(algebra, base, k)))
    return result


def _log_gamma(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """log Γ(b + k) = log Γ(b) + Σ log(b + j), where b is known to be > 0."""
    found = _shift(arguments[0], 1)
    if found is None or found[1] <= 0 or not is_positive(algebra, found[0]):
        return None
    base, steps = found
    result = _function(algebra, name, base)
    for k in range(steps):
        algebra.add_into(result, tower.log(algebra, _plus(algebra, base, k)))
    return result


def _digamma(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """ψ(b + k) = ψ(b) + Σ 1/(b + j)."""
    return _harmonic(algebra, arguments[0], -1, ONE, lambda base: _function(algebra, name, base))


def _polygamma(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """ψ⁽ᵐ⁾(b + k) = ψ⁽ᵐ⁾(b) + (−1)ᵐ m! Σ 1/(b + j)^(m+1); ψ⁽⁰⁾ = ψ."""
    order, argument = arguments
    number = order.get(UNIT, fmpq(0))
    if (order and set(order) != {UNIT}) or number.q != 1 or not 0 <= number <= FARTHEST:
        return None
    m = int(number)
    if m == 0:
        return _digamma(algebra, "digamma", (argument,)) or _function(algebra, "digamma", argument)
    weight = fmpq((-1) ** m * factorial(m))
    return _harmonic(algebra, argument, -m - 1, weight, lambda base: _function(algebra, name, order, base))


def _harmonic(
    algebra: Algebra, argument: Poly, exponent: int, weight: fmpq, at: Callable[[Poly], Poly]
) -> Poly | None:
    found = _shift(argument, 1)
    if found is None or not found[1]:
        return None
    base, steps = found
    if base == {UNIT: ONE} and steps < 0:
        raise DomainFault("a pole of the digamma function")
    result = dict(at(base))
    for k in range(min(steps, 0), max(steps, 0)):
        term = _inverse(algebra, _plus(algebra, base, k), exponent)
        algebra.add_into(result, term, weight if steps > 0 else -weight)
    return result


def _floor(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """⌊u + k⌋ = ⌊u⌋ + k."""
    poly = arguments[0]
    if not poly or set(poly) == {UNIT}:
        return algebra.constant(fmpq(int(poly.get(UNIT, fmpq(0)).floor())))
    found = _shift(poly, 0)
    if found is None or not found[1]:
        return None
    return _plus(algebra, _function(algebra, name, found[0]), found[1])


# -- in the order ----------------------------------------------------------------------------------


def _bessel(sign: int, other: int) -> Relation:
    """Z_{ν+1} = `sign` (2ν/x) Z_ν + `other` Z_{ν−1}."""

    def relation(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
        order, x = arguments
        found = _shift(order, 0)
        if found is None or found[1] in (0, 1) or not x:
            return None
        base, steps = found
        turn = algebra.scaled(_inverse(algebra, x), fmpq(2 * sign))

        def slope(number: int) -> Poly:
            return algebra.times(turn, _plus(algebra, base, number))

        low = _function(algebra, name, base, x)
        high = _function(algebra, name, _plus(algebra, base, 1), x)
        for k in range(1, steps):
            low, high = high, algebra.plus(algebra.times(slope(k), high), low, fmpq(other))
        for k in range(0, steps, -1):
            below = algebra.scaled(algebra.plus(high, algebra.times(slope(k), low), MINUS), fmpq(other))
            low, high = below, low
        return high if steps > 0 else low

    return relation


def _exponential_integral(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """ν E_{ν+1}(x) = exp(−x) − x E_ν(x)."""
    order, x = arguments
    found = _shift(order, 1)
    if found is None or not found[1] or not x:
        return None
    base, steps = found
    decay = tower.exp(algebra, algebra.scaled(x, MINUS))
    result = _function(algebra, name, base, x)
    for k in range(steps):
        rest = algebra.plus(decay, algebra.times(x, result), MINUS)
        result = algebra.times(rest, _inverse(algebra, _plus(algebra, base, k)))
    for k in range(0, steps, -1):
        rest = algebra.plus(decay, algebra.times(_plus(algebra, base, k - 1), result), MINUS)
        result = algebra.times(rest, _inverse(algebra, x))
    return result


def _incomplete_gamma(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """P(a + 1, x) = P(a, x) − x^a exp(−x)/Γ(a + 1), and P(1, x) = 1 − exp(−x)."""
    order, x = arguments
    found = _shift(order, 1)
    if found is None:
        return None
    base, steps = found
    whole = base == {UNIT: ONE}
    if not steps and not whole:
        return None
    if whole and steps < 0:
        raise DomainFault("an incomplete gamma function of order 0")
    logarithm = tower.log(algebra, x)
    decay = tower.exp(algebra, algebra.scaled(x, MINUS))
    result = algebra.plus({UNIT: ONE}, decay, MINUS) if whole else dict(_function(algebra, name, base, x))
    for k in range(min(steps, 0), max(steps, 0)):
        here = _plus(algebra, base, k)
        above = _plus(algebra, here, 1)
        gamma = _gamma(algebra, "gamma", (above,)) or _function(algebra, "gamma", above)
        power = _power_of(algebra, x, here, logarithm)
        term = algebra.times(algebra.times(power, decay), _inverse(algebra, gamma))
        algebra.add_into(result, term, MINUS if steps > 0 else ONE)
    return result


def _power_of(algebra: Algebra, x: Poly, exponent: Poly, logarithm: Poly) -> Poly:
    """x^exponent for x > 0."""
    if set(exponent) <= {UNIT}:
        number = exponent.get(UNIT, fmpq(0))
        return roots.power(algebra, x, Fraction(int(number.p), int(number.q)))
    number = exponent.get(UNIT, fmpq(0))
    rest = algebra.plus(exponent, algebra.constant(number), MINUS)
    whole = roots.power(algebra, x, Fraction(int(number.p), int(number.q)))
    return algebra.times(whole, tower.exp(algebra, algebra.times(rest, logarithm)))


RELATIONS: dict[str, Relation] = {
    "gamma": _gamma,
    "lgamma": _log_gamma,
    "digamma": _digamma,
    "polygamma": _polygamma,
    "floor": _floor,
    "besselj": _bessel(1, -1),
    "bessely": _bessel(1, -1),
    "besseli": _bessel(-1, 1),
    "besselk": _bessel(1, 1),
    "expint_of_order": _exponential_integral,
    "gammainc_p": _incomplete_gamma,
}
