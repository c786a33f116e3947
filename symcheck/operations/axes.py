"""An axis given to a reduction: ``mean(X, 0)``, ``softmax(X, -1)``; from 0, negative ones from the end."""

from __future__ import annotations

from typing import Any

from symcheck.errors import BadCall, ShapeMismatch
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import SameSize, Shape, show_shape

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]
Shapes = tuple[Shape, ...]


def axis_of(shape: Shape, params: Params, default: int | None = None) -> int | None:
    """The axis that the params name, counted from 0; `default` where they name none.

    Errors: BadCall for an axis that is not there.
    """
    axis = params[0] if params else default
    if axis is None:
        return None
    if not -len(shape) <= axis < len(shape):
        raise BadCall(f"{show_shape(shape)} has no axis {axis}", hint="axes count from 0; -1 is the last")
    return int(axis) % len(shape)


def dropped(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    """The shape without the axis that is named; a number where none is."""
    axis = axis_of(shapes[0], params)
    return () if axis is None else shapes[0][:axis] + shapes[0][axis + 1 :]


def dropped_last(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    """The shape without the axis that is named, or without the last."""
    kept(shapes, params, same)
    axis = axis_of(shapes[0], params, -1)
    assert axis is not None
    return shapes[0][:axis] + shapes[0][axis + 1 :]


def kept(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    """The shape itself, if it has the axis that is named (or a last one)."""
    if not shapes[0]:
        raise ShapeMismatch("this is a number; it needs a vector, or a matrix whose rows it takes")
    axis_of(shapes[0], params, -1)
    return shapes[0]


def put(out: Axes, axis: int, here: Axis) -> Axes:
    """The place of an entry in the argument: `here` on the axis that the result lacks."""
    return (*out[:axis], here, *out[axis:])


def instead(out: Axes, axis: int, here: Axis) -> Axes:
    """The place of an entry with `here` on one axis."""
    return (*out[:axis], here, *out[axis + 1 :])


def runs_over(x: View, params: Params, name: str = "k") -> Axes:
    """Fresh indices for the axis that the params name, or for all axes."""
    axis = axis_of(x.shape, params)
    return tuple(x.axis(k, name) for k in (range(len(x.shape)) if axis is None else (axis,)))


def at(x: View, out: Axes, params: Params, inner: Axes) -> Node:
    """The entry of the argument at the result's axes and the indices that are summed over."""
    axis = axis_of(x.shape, params)
    return x[inner] if axis is None else x[put(out, axis, inner[0])]


def total(table: Table, axes: Axes, body: Node) -> Node:
    """Σ over every index of these axes."""
    return table.sum((i for axis in axes for i in axis), body)


def count(table: Table, axes: Axes) -> Node:
    """The number of entries: the product of the sizes."""
    return table.mul(*(table.dim(i.dim) for axis in axes for i in axis))
