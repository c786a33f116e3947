"""Triangles of matrices and sums from one end, by the order of two indices."""

from __future__ import annotations

from typing import Any

from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import SameSize, Shape
from symcheck.operations.axes import axis_of, instead, kept, total
from symcheck.operations.stating import operation, rank

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]


def at_most(table: Table, i: Axis, j: Axis) -> Node:
    """[i ≤ j] of two axes; of compound ones by their first indices that differ."""
    (first, *rest), (other, *others) = i, j
    if not rest and not others:
        return table.order(first, other)
    less = table.order(first, other) - table.delta(first, other)
    return less + table.delta(first, other) * at_most(table, tuple(rest), tuple(others))


def _matrix(shapes: tuple[Shape, ...], params: Params, same: SameSize) -> Shape:
    rank(shapes[0], 2, "a triangle")
    return shapes[0]


@operation(shape=_matrix)
def tril(table: Table, out: Axes, params: Params, x: View) -> Node:
    """tril(X)ᵢⱼ = [j ≤ i] Xᵢⱼ."""
    return at_most(table, out[1], out[0]) * x[out]


@operation(shape=_matrix)
def triu(table: Table, out: Axes, params: Params, x: View) -> Node:
    """triu(X)ᵢⱼ = [i ≤ j] Xᵢⱼ."""
    return at_most(table, out[0], out[1]) * x[out]


@operation(shape=kept)
def cumsum(table: Table, out: Axes, params: Params, x: View) -> Node:
    """cumsum(x)ᵢ = Σₖ [k ≤ i] xₖ; of a matrix along its rows, or along the axis that is given."""
    axis = axis_of(x.shape, params, -1) or 0
    k = x.axis(axis)
    return total(table, (k,), at_most(table, k, out[axis]) * x[instead(out, axis, k)])


@operation(shape=kept)
def rcumsum(table: Table, out: Axes, params: Params, x: View) -> Node:
    """rcumsum(x)ᵢ = Σₖ [i ≤ k] xₖ: sums to the end; of a matrix like cumsum."""
    axis = axis_of(x.shape, params, -1) or 0
    k = x.axis(axis)
    return total(table, (k,), at_most(table, out[axis], k) * x[instead(out, axis, k)])
