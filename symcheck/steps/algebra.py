"""School algebra: numbers worked out, powers, like terms."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symcheck.language.tensor import Apply, Number, Tensor
from symcheck.steps.likeness import Key, Keys
from symcheck.steps.registry import Made, Scene, rule
from symcheck.steps.views import is_sum, made, number, terms, times, total, value_of

Factors = list[tuple[Tensor, Fraction]]
"""Factors of a product entry by entry with their exponents, −1 below the line."""


@rule("arithmetic", on=(Apply,), formal=True)
def arithmetic(part: Tensor, scene: Scene) -> Iterator[Made]:
    """Numbers are added, multiplied and cancelled."""
    if isinstance(part, Number):
        return
    value = value_of(part)
    if value is not None:
        if not _is_plain(part):
            yield number(value)
        return
    yield from one_number(part)
    if isinstance(part, Apply) and part.op in ("add", "sub"):
        yield from _added(part)


def _is_plain(part: Tensor) -> bool:
    """Whether a number is written as `number` writes it."""
    match part:
        case Number():
            return True
        case Apply(op="neg", args=(inner,)):
            return not (isinstance(inner, Apply) and inner.op == "neg") and _is_plain(inner)
        case Apply(op="div", args=(Number(value=above), Number(value=below))):
            return Fraction(above, below).numerator == above and below != 1
    return False


def factors_of(tensor: Tensor, power: Fraction = Fraction(1)) -> Factors:
    """The factors of a product entry by entry."""
    match tensor:
        case Apply(op="mul", args=(left, right)):
            return factors_of(left, power) + factors_of(right, power)
        case Apply(op="div", args=(left, right)):
            return factors_of(left, power) + factors_of(right, -power)
        case Apply(op="neg", args=(inner,)):
            return [(number(-1), Fraction(1)), *factors_of(inner, power)]
    return [(tensor, power)]


def of_factors(parts: Factors) -> Tensor:
    """The product, what has a negative exponent below the line."""
    above = times(*(_power(base, power) for base, power in parts if power > 0))
    for base, power in parts:
        if power < 0:
            above = made("div", above, _power(base, -power))
    return above


def _power(base: Tensor, power: Fraction) -> Tensor:
    return base if power == 1 else made("pow", base, number(power))


def one_number(part: Tensor) -> Iterator[Tensor]:
    """All numbers in a product made one."""
    if not isinstance(part, Apply) or part.op not in ("mul", "div") or value_of(part) is not None:
        return
    parts = factors_of(part)
    coefficient, others, count = Fraction(1), [], 0
    for base, power in parts:
        value = value_of(base)
        if value is None or power not in (1, -1) or (not value and power < 0):
            others.append((base, power))
            continue
        count += 1
        coefficient *= _raised(value, power)
    if count < 2 and coefficient != 1:
        return
    if count == 0 or not others:
        return
    rest = of_factors(others)
    if rest.shape != part.shape:
        return
    yield _scaled(coefficient, rest)


def _raised(value: Fraction, power: Fraction) -> Fraction:
    """A number above the line or below it."""
    return value if power > 0 else 1 / value


def _scaled(coefficient: Fraction, rest: Tensor) -> Tensor:
    if coefficient == 1:
        return rest
    if coefficient < 0:
        return made("neg", _scaled(-coefficient, rest))
    return made("mul", number(coefficient), rest)


def _added(part: Tensor) -> Iterator[Tensor]:
    """All numbers in a sum made one, 0 left out."""
    parts = terms(part)
    values = [(sign, value_of(term)) for sign, term in parts]
    numbers = [sign * value for sign, value in values if value is not None]
    others = [term for term, (_, value) in zip(parts, values, strict=True) if value is None]
    constant = sum(numbers, Fraction(0))
    if len(numbers) < 2 and constant:
        return
    if not numbers:
        return
    result = total([*others, (1, number(constant))] if constant else others)
    if result.shape == part.shape:
        yield result


@rule("powers", on=(Apply,), formal=True)
def powers(part: Tensor, scene: Scene) -> Iterator[Made]:
    """a·a = a², (a b)² = a² b², a²/a = a."""
    match part:
        case Apply(op="mul" | "div"):
            gathered = _gathered(factors_of(part))
            if gathered is not None and gathered.shape == part.shape:
                yield gathered
        case Apply(op="pow", args=(Apply(op="mul" | "div", args=(left, right)) as base, exponent)):
            power = value_of(exponent)
            if power is not None and power.denominator == 1 and base.shape == part.shape:
                yield made(base.op, made("pow", left, exponent), made("pow", right, exponent))
        case Apply(op="pow", args=(base, exponent)) if value_of(exponent) == 1:
            yield base
        case Apply(op="pow", args=(Apply(op="sqrt", args=(inner,)), exponent)) if value_of(exponent) == 2:
            yield inner


def _gathered(parts: Factors) -> Tensor | None:
    """Equal factors as one power; None if all differ."""
    keys = Keys()
    found: dict[Key, tuple[Tensor, Fraction]] = {}
    for base, power in parts:
        if isinstance(base, Apply) and base.op == "pow":
            exponent = value_of(base.args[1])
            if exponent is not None and exponent.denominator == 1:
                base, power = base.args[0], power * exponent
        key = keys.of(base)
        old = found.get(key)
        found[key] = (base, power + (old[1] if old else 0))
    if len(found) == len(parts):
        return None
    return of_factors([(base, power) for base, power in found.values() if power])


@rule("like terms", on=(Apply,), formal=True)
def like_terms(part: Tensor, scene: Scene) -> Iterator[Made]:
    """a b + 2 a b = 3 a b, a − a = 0."""
    if not is_sum(part):
        return
    parts = terms(part)
    keys = Keys()
    found: dict[Key, tuple[Tensor, Fraction]] = {}
    for sign, term in parts:
        coefficient, rest = _coefficient(term)
        key = keys.of(rest)
        old = found.get(key)
        found[key] = (rest, coefficient * sign + (old[1] if old else 0))
    if len(found) == len(parts):
        return
    kept = [(1, _scaled(value, rest)) for rest, value in found.values() if value]
    result = total(kept)
    if result.shape == part.shape:
        yield result


def _coefficient(term: Tensor) -> tuple[Fraction, Tensor]:
    """The number before a term, and the term without it."""
    if value_of(term) is not None:
        return Fraction(1), term
    coefficient, others = Fraction(1), []
    for base, power in factors_of(term):
        value = value_of(base)
        if value and power in (1, -1):
            coefficient *= _raised(value, power)
        else:
            others.append((base, power))
    rest = of_factors(others)
    return (coefficient, rest) if rest.shape == term.shape else (Fraction(1), term)
