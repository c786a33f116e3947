"""Numbers that are powers of numbers, kept from growing without end."""

from __future__ import annotations

from fractions import Fraction

from symcheck.errors import TooLarge
from symcheck.language.tensor import Apply, Number, Span, Tensor

MAX_EXPONENT = 10**6
MAX_BITS = 100_000


def check_power(base: Tensor, exponent: Tensor, span: Span) -> None:
    """Refuse constant exponents beyond a million, and constants of more than 100 000 bits (SC002)."""
    power = constant(exponent, span)
    if power is None:
        return
    if abs(power) > MAX_EXPONENT:
        raise TooLarge(f"an exponent beyond {MAX_EXPONENT}", span=exponent.span or span)
    number = constant(base, span)
    if number is not None:
        _bounded_power(number, power, span)


def constant(tensor: Tensor, span: Span) -> Fraction | None:
    """The value of a formula of literals alone; None for any other, and where it does not exist."""
    match tensor:
        case Number(value=value):
            return value
        case Apply(op="neg", args=(inner,)):
            value_inside = constant(inner, span)
            return None if value_inside is None else -value_inside
        case Apply(op="add" | "sub" | "mul" | "div" | "pow" as op, args=(left, right)):
            a = constant(left, span)
            b = constant(right, span) if a is not None else None
            if a is None or b is None:
                return None
            return _combined(op, a, b, span)
    return None


def _combined(op: str, a: Fraction, b: Fraction, span: Span) -> Fraction | None:
    if _bits(a) + _bits(b) > MAX_BITS:
        raise TooLarge("a number without end", span=span)
    match op:
        case "add":
            return a + b
        case "sub":
            return a - b
        case "mul":
            return a * b
        case "div":
            return a / b if b else None
    if b.denominator != 1:
        return None
    return _bounded_power(a, b, span)


def _bounded_power(base: Fraction, exponent: Fraction, span: Span) -> Fraction | None:
    if abs(exponent) > MAX_EXPONENT or (abs(base) != 1 and _bits(base) * abs(exponent) > MAX_BITS):
        raise TooLarge("a power without end", span=span)
    if exponent.denominator != 1 or (base == 0 and exponent < 0):
        return None
    return Fraction(base**exponent.numerator)


def _bits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()
