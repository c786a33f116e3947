"""Numbers of Python code → exact numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from symcheck.language.tensor import Constant, Number, Tensor, apply
from symcheck.layers.trace import Unfollowed

DENOMINATOR = 1000
"""Largest denominator of a quotient that a float is taken for."""


def exact(value: int | float | Fraction) -> Tensor:
    """The number that a literal or a computed constant stands for.

    A float is the simplest number it may have come from: a quotient with a small denominator that rounds to
    it (1/3 for 0.333…), π, otherwise the decimal that Python prints (0.044715).
    Errors: Unfollowed for infinities and nan.
    """
    if isinstance(value, bool):
        value = int(value)
    if isinstance(value, int):
        return Number((), Fraction(value), str(value))
    if isinstance(value, Fraction):
        return Number((), value, str(value) if value.denominator == 1 else _decimal(value))
    value = float(value)  # NumPy's floats are floats that print otherwise
    if not math.isfinite(value):
        raise Unfollowed(f"{value} is no number to calculate with", hint="choose with np.where instead")
    if abs(value) == math.pi and value > 0:
        return Constant((), "pi")
    near = Fraction(value).limit_denominator(DENOMINATOR)
    if near.numerator / near.denominator == value:
        return Number((), near, str(near) if near.denominator == 1 else _decimal(near))
    return Number((), Fraction(repr(value)), _decimal(Fraction(repr(value))))


def spelled(tensor: Tensor) -> Tensor:
    """A number as it is written in formulas: −2 with a sign, 1/3 as a quotient; anything else as it is."""
    if not isinstance(tensor, Number):
        return tensor
    if tensor.value < 0:
        return apply("neg", spelled(exact(-tensor.value)))
    if tensor.value.denominator != 1 and "." not in tensor.text:
        return apply("div", tensor.value.numerator, tensor.value.denominator)
    return tensor


def _decimal(value: Fraction) -> str:
    """``0.5`` for a quotient that is a short decimal, else nothing: it is written as a quotient."""
    text = repr(value.numerator / value.denominator)
    return text if "." in text and "e" not in text and Fraction(text) == value else ""
