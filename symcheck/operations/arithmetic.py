"""Arithmetic entry by entry, and choice by a condition."""

from __future__ import annotations

from typing import Any

from symcheck.errors import BadCall
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import SameSize, Shape
from symcheck.operations.elementwise import HALF, exp, fn, log, positive
from symcheck.operations.stating import broadcasting, operation

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]


def entry(view: View, out: Axes) -> Node:
    """The entry of an argument that is repeated along the axes it lacks."""
    return view[out[len(out) - len(view.shape) :]]


@operation(shape=broadcasting, arity=2, infix="+", latex="{0} + {1}", elementwise=True)
def add(table: Table, out: Axes, params: Params, x: View, y: View) -> Node:
    """(x + y)ᵢ = xᵢ + yᵢ."""
    return entry(x, out) + entry(y, out)


@operation(shape=broadcasting, arity=2, infix="-", latex="{0} - {1}", elementwise=True)
def sub(table: Table, out: Axes, params: Params, x: View, y: View) -> Node:
    """(x − y)ᵢ = xᵢ − yᵢ."""
    return entry(x, out) - entry(y, out)


@operation(shape=broadcasting, arity=2, infix="*", elementwise=True)
def mul(table: Table, out: Axes, params: Params, x: View, y: View) -> Node:
    """(x ⊙ y)ᵢ = xᵢ yᵢ."""
    return entry(x, out) * entry(y, out)


@operation(shape=broadcasting, arity=2, infix="/", latex=r"\frac{{{0}}}{{{1}}}", elementwise=True)
def div(table: Table, out: Axes, params: Params, x: View, y: View) -> Node:
    """(x / y)ᵢ = xᵢ / yᵢ."""
    return entry(x, out) / entry(y, out)


@operation(shape=broadcasting, latex="-{0}", elementwise=True)
def neg(table: Table, out: Axes, params: Params, x: View) -> Node:
    """(−x)ᵢ = −xᵢ."""
    return -entry(x, out)


@operation(shape=broadcasting, arity=2, name="pow", infix="**", latex="{0}^{{{1}}}", elementwise=True)
def power(table: Table, out: Axes, params: Params, x: View, y: View) -> Node:
    """(x ** y)ᵢ = xᵢ^yᵢ; an exponent that is neither a number nor a size means exp(y log x)."""
    base, exponent = entry(x, out), entry(y, out)
    if exponent.op == "num":
        return table.pow(base, exponent.args[0])
    if exponent.op == "dim":
        return table.prod(table.fresh("k", exponent.args[0]), base)
    return exp(exponent * log(base))


@operation(shape=broadcasting, latex=r"\sqrt{{{0}}}", elementwise=True)
def sqrt(table: Table, out: Axes, params: Params, x: View) -> Node:
    """sqrt(x)ᵢ = xᵢ^(1/2)."""
    return table.pow(entry(x, out), HALF)


@operation(shape=broadcasting, elementwise=True)
def rsqrt(table: Table, out: Axes, params: Params, x: View) -> Node:
    """rsqrt(x)ᵢ = xᵢ^(−1/2)."""
    return table.pow(entry(x, out), -HALF)


def compared(sign: str, left: Node, right: Node) -> Node:
    """The indicator of a comparison."""
    match sign:
        case ">":
            return positive(left - right)
        case "<":
            return positive(right - left)
        case ">=":
            return 1 - positive(right - left)
        case "<=":
            return 1 - positive(left - right)
        case "==":
            return fn("vanishes", left - right)
    raise BadCall(f"no comparison {sign!r}")


def _choice(shapes: tuple[Shape, ...], params: Params, same: SameSize) -> Shape:
    if not params or params[0] not in ("<", "<=", ">", ">=", "=="):
        raise BadCall("where needs a condition such as x > 0 as its first argument")
    return broadcasting(shapes, params, same)


@operation(shape=_choice, arity=4, elementwise=True)
def where(table: Table, out: Axes, params: Params, left: View, right: View, then: View, other: View) -> Node:
    """where(l < r, a, b)ᵢ = aᵢ if lᵢ < rᵢ, else bᵢ."""
    indicator = compared(params[0], entry(left, out), entry(right, out))
    return table.case(indicator, entry(then, out), entry(other, out))
