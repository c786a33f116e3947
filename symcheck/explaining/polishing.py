"""A corrected formula as its author would have written it: −(−a) as a, 1/2*(2*a) as a, (a ⊗ b)ᵀ as b ⊗ a.

Every rule keeps the value; whether it did is for the prover to say once more.
"""

from __future__ import annotations

from fractions import Fraction

from symcheck.explaining.places import editable, rebuilt
from symcheck.language.shape import SameSize
from symcheck.language.tensor import Apply, Number, Tensor, apply, structure


def polished(tensor: Tensor, same: SameSize) -> Tensor:
    """The formula with what one slip undone leaves behind put in order, inner parts first."""
    parts = editable(tensor)
    if parts:
        done = tuple(polished(part, same) for part in parts)
        if any(a is not b for a, b in zip(done, parts, strict=True)):
            tensor = rebuilt(tensor, done, same)
    for _ in range(4):
        simpler = _simpler(tensor)
        if simpler is None:
            break
        tensor = simpler
    return tensor


def _simpler(tensor: Tensor) -> Tensor | None:
    match tensor:
        case Apply(op="neg", args=(inner,)):
            return _negated(inner)
        case Apply(op="add", args=(Number(value=zero), a)) if not zero:
            return a
        case Apply(op="sub", args=(Number(value=zero), a)) if not zero:
            return -a
        case Apply(op="add", args=(a, Apply(op="neg", args=(b,)))):
            return a - b
        case Apply(op="sub", args=(a, Apply(op="neg", args=(b,)))):
            return a + b
        case Apply(op="transpose", args=(inner,)):
            return _transposed(inner)
        case Apply(op="mul", args=(scale, rest)) if not scale.shape:
            return _scaled(scale, rest)
        case Apply(op="div", args=(Apply(op="mul", args=(a, b)), c)) if structure(b) == structure(c):
            return a
        case Apply(op="div", args=(Apply(op="div", args=(a, b)), c)):
            squared = structure(b) == structure(c)
            return a / b**2 if squared else None
        case Apply(op="div", args=(Apply(op="pow", args=(b, Number(value=n))), c)):
            return _power(b, n - 1) if structure(b) == structure(c) else None
    return None


def _power(base: Tensor, exponent: Fraction) -> Tensor | None:
    if exponent == 1:
        return base
    return base ** Number((), exponent, str(exponent)) if exponent > 1 else None


def _negated(inner: Tensor) -> Tensor | None:
    """The sign drawn into a difference, a number, or the first factor."""
    match inner:
        case Apply(op="neg", args=(a,)):
            return a
        case Apply(op="sub", args=(a, b)):
            return b - a
        case Apply(op="mul" | "matmul" | "div" | "outer" as op, args=(a, b)):
            first = _negated(a)
            if (
                first is None
                and isinstance(a, Number | Apply)
                and not (isinstance(a, Apply) and a.op == "add")
            ):
                first = (
                    -a if not isinstance(a, Apply) or a.op not in ("mul", "matmul", "div", "outer") else None
                )
            if first is None:
                first = -a if not isinstance(a, Apply) else None
            return None if first is None else apply(op, first, b)
    return None


def _transposed(inner: Tensor) -> Tensor | None:
    match inner:
        case Apply(op="transpose", args=(a,)):
            return a
        case Apply(op="outer", args=(a, b)):
            return apply("outer", b, a)
        case Apply(op="matmul", args=(a, b)) if len(a.shape) == len(b.shape) == 2:
            return _turned(b) @ _turned(a)
        case Apply(op="neg", args=(a,)) if len(a.shape) == 2:
            return -_turned(a)
        case Apply(op="mul", args=(a, b)) if not a.shape:
            return a * _turned(b)
    return None


def _turned(tensor: Tensor) -> Tensor:
    simpler = _transposed(tensor)
    return tensor.T if simpler is None else simpler


def _scaled(scale: Tensor, rest: Tensor) -> Tensor | None:
    """A number before a product joined with the number that stands there first."""
    match rest:
        case Apply(op="neg", args=(a,)):
            return -(scale * a)
        case Apply(op="mul" | "matmul" | "div" | "outer" as op, args=(first, second)):
            joined = _joined(scale, first)
            if joined is None:
                further = _scaled(scale, first) if not isinstance(first, Number) else None
                return None if further is None else apply(op, further, second)
            if isinstance(joined, Number) and joined.value == 1 and op == "mul":
                return second
            return apply(op, joined, second)
    return None


def _joined(one: Tensor, two: Tensor) -> Tensor | None:
    """The product of two numbers, or of a number and its inverse."""
    a, b = _value(one), _value(two)
    if a is not None and b is not None:
        value = a * b
        return Number((), value, str(value) if value.denominator == 1 else "")
    match one, two:
        case (Apply(op="div", args=(Number(value=n), size)), other) | (
            other,
            Apply(op="div", args=(Number(value=n), size)),
        ) if structure(size) == structure(other):
            return Number((), n, str(n))
        case (size, Number()) | (Number(), size) if a is None or b is None:
            return None
    return None


def _value(tensor: Tensor) -> Fraction | None:
    match tensor:
        case Number(value=value):
            return value
        case Apply(op="div", args=(Number(value=a), Number(value=b))) if b:
            return a / b
        case Apply(op="neg", args=(inner,)):
            found = _value(inner)
            return None if found is None else -found
    return None
