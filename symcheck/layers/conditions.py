"""Conditions on arrays: comparisons, "and" and "or", choices."""

from __future__ import annotations

from functools import reduce
from typing import Any

from symcheck.language.tensor import Apply, Tensor, structure
from symcheck.layers.arrays import Array, elementwise, lift, trace_of
from symcheck.layers.exact import exact
from symcheck.layers.masks import And, Comparison, Mask, Not, Or, select
from symcheck.layers.trace import Trace


def compare(sign: str, left: Any, right: Any) -> Array:
    """An array of truth values."""
    trace = trace_of((left, right))
    # kept as they are now: an array may be written in place later
    one, two = (lift(value, trace).copy() for value in (left, right))
    mask = None
    if sign == "==":
        mask = _largest(one, two) or _largest(two, one)
    return condition(mask or Comparison(sign, one, two), trace)


def _largest(one: Array, extreme: Array) -> Mask | None:
    """a == max(max(a, b), c) says a ≥ b and max(a, b) ≥ c; None for anything else.

    Said in the comparisons that the maximum itself turns on, it asks for no equality of cases.
    """
    top = extreme.tensor
    if one.dims or extreme.dims or not (isinstance(top, Apply) and top.op in ("maximum", "minimum")):
        return None
    op, own = top.op, structure(one.tensor)
    sign = ">=" if op == "maximum" else "<="
    parts: list[Mask] = []
    while isinstance(top, Apply) and structure(top) != own:
        inside = [_has_leaf(arg, own, op) for arg in top.args]
        if sum(inside) != 1:
            return None
        at = inside.index(True)
        parts.append(Comparison(sign, one.new(top.args[at], ()), one.new(top.args[1 - at], ())))
        top = top.args[at]
    return reduce(And, parts) if parts else None


def _has_leaf(tensor: Tensor, own: object, op: str) -> bool:
    if structure(tensor) == own:
        return True
    return isinstance(tensor, Apply) and tensor.op == op and any(_has_leaf(a, own, op) for a in tensor.args)


def condition(mask: Mask, trace: Trace) -> Array:
    """The array of truth values of a condition."""
    one, zero = (Array(exact(value), (), trace) for value in (1, 0))
    numbers: Array = select(mask, one, zero, _choose)
    return Array(numbers.tensor, numbers.dims, trace, mask=mask)


def _choose(sign: str, left: Any, right: Any, then: Any, other: Any) -> Array:
    return elementwise("where", left, right, then, other, params=(sign,))


def where(chosen: Any, then: Any, other: Any) -> Array:
    """`then` where the condition holds, `other` elsewhere."""
    trace = trace_of((chosen, then, other))
    mask = truth(lift(chosen, trace))
    first, second = (lift(value, trace) for value in (then, other))
    one, two = (Array(v.plain("chosen"), v.dims, trace) for v in (first, second))
    result: Array = select(mask, one, two, _choose)
    return result


def truth(array: Array) -> Mask:
    """The condition of an array of truth values; of numbers: that they are not 0."""
    if array.mask is not None:
        return array.mask
    return Not(Comparison("==", array.copy(), Array(exact(0), (), array.trace)))


def both(left: Any, right: Any) -> Array:
    """Where both hold."""
    trace = trace_of((left, right))
    return condition(And(truth(lift(left, trace)), truth(lift(right, trace))), trace)


def either(left: Any, right: Any) -> Array:
    """Where one of them holds."""
    trace = trace_of((left, right))
    return condition(Or(truth(lift(left, trace)), truth(lift(right, trace))), trace)


def negated(array: Array) -> Array:
    """Where it does not hold."""
    return condition(Not(truth(array)), array.trace)
