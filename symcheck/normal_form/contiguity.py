"""Neighbours of special functions: orders and arguments that differ by whole numbers are brought together.

Γ(x + 1) = x Γ(x), ψ(x + 1) = ψ(x) + 1/x, Z_{ν+1} = ±(2ν/x) Z_ν ± Z_{ν−1} and their like; every function
is expressed by those of one base, so that equal spellings meet.  Γ and its logarithmic derivatives at −x and
at 2x are expressed by those at x (reflection, duplication).  Each relation is an identity of the functions
themselves, true wherever both sides exist.  Source: DLMF 5.5, 5.15, 8.8, 8.19, 10.6, 10.29, 25.11.
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
HIGHEST = 6
"""Highest order of a polygamma function that is reflected."""

Arguments = tuple[Poly, ...]
Relation = Callable[[Algebra, str, Arguments], Poly | None]


def related(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """name(arguments) by its neighbours at the base; None if it stands there, or has no neighbours."""
    relation = RELATIONS.get(name)
    found = relation(algebra, name, arguments) if relation else None
    if found is not None:
        algebra.use("contiguity")
    elif name in MULTIPLES:
        found = MULTIPLES[name](algebra, name, arguments)
        if found is not None:
            algebra.use("reflection-and-duplication")
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
    """The function at its base; what is known of it there comes first."""
    found = related(algebra, name, arguments)
    return found if found is not None else opaque.function(algebra, name, "", arguments)


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


# -- reflection and duplication ----------------------------------------------------------------------


def _turns(algebra: Algebra, u: Poly) -> bool:
    """Whether u = c − k t for one monomial t and k > 0: it is c + k t that functions are taken at."""
    moving = [value for term, value in u.items() if term]
    return len(moving) == 1 and moving[0] < 0


def _halved(algebra: Algebra, u: Poly) -> tuple[Poly, Poly] | None:
    """(u/2, u/2 + 1/2) where what moves in u is a whole multiple of 2."""
    moving = [value for term, value in u.items() if term]
    if not moving or any(value.q != 1 or value.p % 2 for value in moving):
        return None
    half = algebra.scaled(u, fmpq(1, 2))
    return half, algebra.plus(half, algebra.constant(fmpq(1, 2)))


def _from_one(algebra: Algebra, u: Poly) -> Poly:
    return algebra.plus({UNIT: ONE}, u, MINUS)


def _half_turns(algebra: Algebra, u: Poly) -> tuple[Poly, Poly] | None:
    """(sin πu, cos πu); None where the sine is 0, as it is for a whole u."""
    sine, cosine = tower.angle(algebra, algebra.times(opaque.constant(algebra, "pi"), u))
    return (sine, cosine) if sine else None


def _gamma_of_multiple(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """Γ(u) = π / (sin πu Γ(1 − u));  Γ(2z) = 2^(2z−1) Γ(z) Γ(z + ½) / √π."""
    (u,) = arguments
    if _turns(algebra, u):
        angles = _half_turns(algebra, u)
        if angles is None:
            return None
        other = _function(algebra, name, _from_one(algebra, u))
        return algebra.times(
            opaque.constant(algebra, "pi"), _inverse(algebra, algebra.times(angles[0], other))
        )
    halves = _halved(algebra, u)
    if halves is None:
        return None
    both = algebra.times(_function(algebra, name, halves[0]), _function(algebra, name, halves[1]))
    power = tower.exp(
        algebra, algebra.times(tower.log(algebra, algebra.constant(fmpq(2))), _plus(algebra, u, -1))
    )
    root = roots.power(algebra, opaque.constant(algebra, "pi"), Fraction(-1, 2))
    return algebra.times(algebra.times(both, power), root)


def _log_gamma_of_multiple(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """log Γ(2z) = log Γ(z) + log Γ(z + ½) + (2z − 1) log 2 − ½ log π, where z is known to be > 0."""
    (u,) = arguments
    halves = _halved(algebra, u)
    if halves is None or not is_positive(algebra, halves[0]):
        return None
    two = tower.log(algebra, algebra.constant(fmpq(2)))
    result = algebra.plus(_function(algebra, name, halves[0]), _function(algebra, name, halves[1]))
    result = algebra.plus(result, algebra.times(two, _plus(algebra, u, -1)))
    return algebra.plus(result, tower.log(algebra, opaque.constant(algebra, "pi")), fmpq(-1, 2))


def _digamma_of_multiple(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """ψ(u) = ψ(1 − u) − π cot πu;  ψ(2z) = ½ ψ(z) + ½ ψ(z + ½) + log 2."""
    return _derived(algebra, 0, arguments[0], lambda u: _function(algebra, name, u))


def _polygamma_of_multiple(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """ψ⁽ᵐ⁾(u) = (−1)ᵐ ψ⁽ᵐ⁾(1 − u) − dᵐ/duᵐ π cot πu;  ψ⁽ᵐ⁾(2z) = (ψ⁽ᵐ⁾(z) + ψ⁽ᵐ⁾(z + ½)) / 2^(m+1)."""
    order, argument = arguments
    number = order.get(UNIT, fmpq(0))
    if set(order) != {UNIT} or number.q != 1 or not 1 <= number <= HIGHEST:
        return None
    return _derived(algebra, int(number), argument, lambda u: _function(algebra, name, order, u))


def _derived(algebra: Algebra, m: int, u: Poly, at: Callable[[Poly], Poly]) -> Poly | None:
    if _turns(algebra, u):
        angles = _half_turns(algebra, u)
        if angles is None:
            return None
        cotangent = algebra.times(angles[1], _inverse(algebra, angles[0]))
        result = algebra.scaled(at(_from_one(algebra, u)), fmpq((-1) ** m))
        turn = algebra.natural_power(opaque.constant(algebra, "pi"), m + 1)
        for k, weight in enumerate(_cotangents(m)):
            if weight:
                power = algebra.natural_power(cotangent, k) if k else {UNIT: ONE}
                algebra.add_into(result, algebra.times(turn, power), fmpq(-weight))
        return result
    halves = _halved(algebra, u)
    if halves is None:
        return None
    result = algebra.scaled(algebra.plus(at(halves[0]), at(halves[1])), fmpq(1, 2 ** (m + 1)))
    return result if m else algebra.plus(result, tower.log(algebra, algebra.constant(fmpq(2))))


def _cotangents(m: int) -> list[int]:
    """Coefficients of c⁰, c¹, … in dᵐ/dxᵐ cot x, where c = cot x and c′ = −1 − c²."""
    row = [0, 1]
    for _ in range(m):
        slope = [k * row[k] for k in range(1, len(row))]
        row = [-a - b for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
    return row


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


def _zeta(algebra: Algebra, name: str, arguments: Arguments) -> Poly | None:
    """ζ(s, b + k) = ζ(s, b) − Σ (b + j)^(−s) for b > 0; ζ(m, x) = (−1)ᵐ ψ⁽ᵐ⁻¹⁾(x)/(m−1)!."""
    order, x = arguments
    number = order.get(UNIT, fmpq(0))
    if set(order) == {UNIT} and number.q == 1 and 2 <= number <= FARTHEST:
        m = int(number)
        found = _function(algebra, "polygamma", algebra.constant(fmpq(m - 1)), x)
        return algebra.scaled(found, fmpq((-1) ** m, factorial(m - 1)))
    shift = _shift(x, 1)
    if shift is None or shift[1] <= 0 or not is_positive(algebra, shift[0]):
        return None
    base, steps = shift
    result = dict(_function(algebra, name, order, base))
    for k in range(steps):
        here = _plus(algebra, base, k)
        power = tower.exp(algebra, algebra.times(algebra.scaled(order, MINUS), tower.log(algebra, here)))
        algebra.add_into(result, power, MINUS)
    return result


MULTIPLES: dict[str, Relation] = {
    "gamma": _gamma_of_multiple,
    "lgamma": _log_gamma_of_multiple,
    "digamma": _digamma_of_multiple,
    "polygamma": _polygamma_of_multiple,
}
"""What is tried where no whole number can be taken off the argument."""

RELATIONS: dict[str, Relation] = {
    "zeta": _zeta,
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
