"""NumPy's functions entry by entry, for arrays of formulas."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from symcheck.layers.arrays import Array, elementwise
from symcheck.layers.conditions import both, compare, either, negated, where
from symcheck.layers.tables import UFUNCS, numpy
from symcheck.layers.trace import Unfollowed

Function = Callable[..., Any]

MATHEMATICS = {
    "exp": "exp",
    "expm1": "expm1",
    "exp2": "exp2",
    "log": "log",
    "log1p": "log1p",
    "log2": "log2",
    "log10": "log10",
    "sqrt": "sqrt",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "sign": "sign",
    "absolute": "abs",
    "fabs": "abs",
    "hypot": "hypot",
    "logaddexp": "logaddexp",
    "arctan2": "atan2",
    "divide": "div",
    "true_divide": "div",
    "power": "pow",
    "float_power": "pow",
    "expit": "sigmoid",
    "erf": "erf",
}
"""Name of a ufunc → the operation of the language."""

COMPARING = {
    "greater": ">",
    "greater_equal": ">=",
    "less": "<",
    "less_equal": "<=",
    "equal": "==",
}


def _entrywise(op: str) -> Function:
    def function(*values: Any) -> Array:
        return elementwise(op, *values)

    return function


def _comparing(sign: str) -> Function:
    def function(left: Any, right: Any) -> Array:
        return compare(sign, left, right)

    return function


def _larger(op: str) -> Function:
    def function(left: Any, right: Any) -> Array:
        # the number second: maximum(0, x) turns on x ≠ 0 as x > 0 does
        if not isinstance(left, Array):
            left, right = right, left
        return elementwise(op, left, right)

    return function


UFUNCS.update({name: _entrywise(op) for name, op in MATHEMATICS.items()})
UFUNCS.update(maximum=_larger("maximum"), fmax=_larger("maximum"))
UFUNCS.update(minimum=_larger("minimum"), fmin=_larger("minimum"))
UFUNCS.update({name: _comparing(sign) for name, sign in COMPARING.items()})


def _are_masks(left: Any, right: Any) -> bool:
    return all(isinstance(value, Array) and value.mask is not None for value in (left, right))


@numpy("add", table=UFUNCS)
def add(left: Any, right: Any) -> Array:
    """x + y; of truth values NumPy's +, which is "or"."""
    return either(left, right) if _are_masks(left, right) else elementwise("add", left, right)


@numpy("subtract", table=UFUNCS)
def subtract(left: Any, right: Any) -> Array:
    """x − y."""
    if _are_masks(left, right):
        raise Unfollowed("NumPy refuses - of truth values", hint="write mask_a & ~mask_b")
    return elementwise("sub", left, right)


@numpy("multiply", table=UFUNCS)
def multiply(left: Any, right: Any) -> Array:
    """x ⊙ y; of truth values "and"."""
    return both(left, right) if _are_masks(left, right) else elementwise("mul", left, right)


@numpy("negative", table=UFUNCS)
def negative(x: Array) -> Array:
    """−x."""
    if x.mask is not None:
        raise Unfollowed("NumPy refuses - of truth values", hint="write ~mask, or 1 - mask")
    return elementwise("neg", x)


@numpy("positive", "conjugate", table=UFUNCS)
def positive(x: Array) -> Array:
    """x."""
    return x.copy()


@numpy("square", table=UFUNCS)
def square(x: Array) -> Array:
    """x²."""
    return elementwise("pow", x, 2)


@numpy("cbrt", table=UFUNCS)
def cbrt(x: Array) -> Array:
    """The third root, which NumPy takes of negative numbers too."""
    return elementwise(
        "mul", elementwise("sign", x), elementwise("pow", elementwise("abs", x), Fraction(1, 3))
    )


@numpy("reciprocal", table=UFUNCS)
def reciprocal(x: Array) -> Array:
    """1/x."""
    return elementwise("div", 1, x)


@numpy("heaviside", table=UFUNCS)
def heaviside(x: Any, at_zero: Any) -> Array:
    """0 below 0, 1 above, the second argument at 0."""
    return where(compare(">", x, 0), 1, where(compare("<", x, 0), 0, at_zero))


@numpy("not_equal", table=UFUNCS)
def not_equal(left: Any, right: Any) -> Array:
    """x ≠ y."""
    return negated(compare("==", left, right))


UFUNCS.update(logical_and=both, logical_or=either, bitwise_and=both, bitwise_or=either)
UFUNCS.update(logical_not=negated, invert=negated)
