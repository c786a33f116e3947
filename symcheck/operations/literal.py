"""Tensors given entry by entry: the values of a point."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from symcheck.errors import BadCall
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis
from symcheck.language.shape import SameSize, Shape, shape_of
from symcheck.operations.stating import operation

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]


def lengths(value: Any) -> tuple[int, ...]:
    """The sizes of nested tuples; () for a number."""
    if isinstance(value, Fraction):
        return ()
    if not isinstance(value, tuple) or not value:
        raise BadCall("an array is given as nested, non-empty tuples of exact numbers")
    inner = {lengths(part) for part in value}
    if len(inner) != 1:
        raise BadCall("the rows of an array have different lengths")
    return (len(value), *inner.pop())


def _shape(shapes: tuple[Shape, ...], params: Params, same: SameSize) -> Shape:
    return shape_of(*lengths(params[0]))


@operation(shape=_shape, arity=0)
def array(table: Table, out: Axes, params: Params) -> Node:
    """array((1, 2))ᵢ = δᵢ₀·1 + δᵢ₁·2: given entry by entry."""
    (value,) = params
    sizes = lengths(value)
    terms = []
    for place in product(*map(range, sizes)):
        entry = value
        for position in place:
            entry = entry[position]
        if entry:
            marks = (
                table.delta(axis[0], table.literal(position, axis[0].dim))
                for axis, position in zip(out, place, strict=True)
            )
            terms.append(table.mul(table.num(entry), *marks))
    return table.add(*terms)
