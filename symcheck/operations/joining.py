"""Vectors and matrices put together from others, and taken apart again.

The size of such an axis is a sum of sizes: see `segments` for what becomes of an index over it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from symcheck.errors import BadCall, NotSupported, ShapeMismatch
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import (
    SameSize,
    Shape,
    Size,
    in_one_piece,
    joined,
    segments,
    show_shape,
    show_size,
)
from symcheck.language.tensor import Apply, Tensor, apply
from symcheck.operations.segments import settled
from symcheck.operations.stating import operation

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]
Shapes = tuple[Shape, ...]
MOST = 64
"""Most parts of one vector or matrix."""
ONE: Size = (1,)


def placed(table: Table, axis: Axis, sizes: Sequence[Size], body: Callable[[int, Axis], Node]) -> Node:
    """The body of the part in which an axis lies, at the place there."""
    if len(sizes) == 1:
        return body(0, axis)
    own = [tuple(table.fresh("k", dim) for dim in size) for size in sizes]
    return table.split(axis[0], tuple((at, body(number, at)) for number, at in enumerate(own)))


def _size_of(shape: Shape) -> Size:
    return shape[0] if shape else ONE


def _concat_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    for shape in shapes:
        if len(shape) > 1:
            raise ShapeMismatch(
                f"concat joins vectors and numbers, this is {show_shape(shape)}",
                hint="matrices are joined by hstack, vstack or block",
            )
        if shape and len(shape[0]) > 1 and not in_one_piece(shape[0]):
            raise ShapeMismatch(f"concat of an axis of the size {show_size(shape[0])}", code="SC020")
    return (joined(map(_size_of, shapes)),)


@operation(shape=_concat_shape, arity=(2, MOST))
def concat(table: Table, out: Axes, params: Params, *parts: View) -> Node:
    """concat(x, y, …) = the entries of x, then those of y, …; a number is one entry."""
    sizes = [_size_of(part.shape) for part in parts]

    def body(number: int, at: Axis) -> Node:
        return parts[number][(at,) if parts[number].shape else ()]

    return placed(table, out[0], sizes, body)


def _block_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    heights, widths = params
    if len(shapes) != len(heights) * len(widths):
        raise BadCall(f"{len(shapes)} blocks in {len(heights)} rows of {len(widths)}")
    for number, shape in enumerate(shapes):
        height, width = heights[number // len(widths)], widths[number % len(widths)]
        column = len(shape) == 1 and same(width, ONE) and same(shape[0], height)
        lying = len(shape) == 1 and same(height, ONE) and same(shape[0], width)
        whole = len(shape) == 2 and same(shape[0], height) and same(shape[1], width)
        if shape and not (column or lying or whole):
            raise ShapeMismatch(
                f"a block of shape {show_shape(shape)} where the others leave {show_shape((height, width))}"
            )
    return (joined(heights), joined(widths))


@operation(shape=_block_shape, arity=(1, MOST))
def block(table: Table, out: Axes, params: Params, *blocks: View) -> Node:
    """block([[A, B], [C, D]]) = the matrix of these; hstack(A, B) is one row, vstack(A, C) one column."""
    heights, widths = params

    def in_row(row: int, at: Axis) -> Node:
        def in_column(col: int, to: Axis) -> Node:
            view = blocks[row * len(widths) + col]
            if len(view.shape) == 2:
                return view[(at, to)]
            if not view.shape:
                return view[()]
            return view[(at,)] if widths[col] == ONE and view.shape[0] == heights[row] else view[(to,)]

        return placed(table, out[1], widths, in_column)

    return placed(table, out[0], heights, in_row)


def _part_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    shape = shapes[0]
    if len(params) != len(shape) or not shape:
        raise BadCall(f"part takes a number for each axis of {show_shape(shape)}", hint="part(M, 0, 1)")
    found = []
    for number, size in zip(params, shape, strict=True):
        known = segments(size)
        if not 0 <= number < len(known):
            raise BadCall(
                f"part {number} of an axis of {len(known)}: its size is {show_size(size)}",
                hint="parts are counted from 0",
            )
        found.append(known[number])
    return tuple(found)


@operation(shape=_part_shape)
def part(table: Table, out: Axes, params: Params, x: View) -> Node:
    """part(block([[A, B], [C, D]]), 0, 1) = B, part(concat(x, y), 0) = x."""
    return taken(table, out, params, x)


def taken(table: Table, out: Axes, params: Params, x: View, last: bool = False) -> Node:
    """The entry of a part; `last` as in `segments.settled`."""
    places = {}
    axes = []
    for number, size, at in zip(params, x.shape, out, strict=True):
        if len(segments(size)) == 1:
            axes.append(at)
        else:
            whole = x.axis(len(axes))
            places[whole[0]] = (number, at)
            axes.append(whole)
    return settled(table, x[tuple(axes)], places, last)


def numbers_of(shape: Shape) -> list[tuple[int, ...]]:
    """The numbers of all parts of a tensor, in order."""
    return list(product(*(range(len(segments(size))) for size in shape)))


def parts_of(tensor: Tensor) -> list[Tensor]:
    """All parts of what is made of others, in order."""
    return [apply("part", tensor, params=numbers) for numbers in numbers_of(tensor.shape)]


def put_together(shape: Shape, parts: Sequence[Tensor]) -> Tensor:
    """The vector or matrix of this shape that is made of these parts.

    Errors: NotSupported for more than two axes.
    """
    if len(shape) > 2:
        raise NotSupported(f"a tensor of the shape {show_shape(shape)} has no notation as one of blocks")
    if len(shape) == 1:
        return apply("concat", *parts)
    return apply("block", *parts, params=tuple(map(segments, shape)))


def written_at(tensor: Tensor, place: tuple[int, ...]) -> int | None:
    """Which argument of block or concat a part is, if it is one as it stands."""
    number = _argument_at(tensor, place)
    if number is None or not isinstance(tensor, Apply):
        return None
    return number if tensor.args[number].shape == _shape_at(tensor, place) else None


def part_at(tensor: Tensor, place: tuple[int, ...]) -> Tensor:
    """A part of a tensor, made of nothing but what stands there where its parts are written out."""
    number = _argument_at(tensor, place)
    shape = _shape_at(tensor, place)
    if number is None or not isinstance(tensor, Apply):
        return apply("part", tensor, params=place)
    cell = tensor.args[number]
    if cell.shape == shape:
        return cell
    if len(cell.shape) == 1:
        one = apply("ones", params=(ONE,))
        column = shape[1] == ONE and shape[0] == cell.shape[0]
        return apply("outer", *((cell, one) if column else (one, cell)))
    return apply("mul", cell, apply("ones", params=shape))


def _argument_at(tensor: Tensor, place: tuple[int, ...]) -> int | None:
    if not isinstance(tensor, Apply) or tensor.op not in ("block", "concat"):
        return None
    lengths = [len(tensor.args)] if tensor.op == "concat" else list(map(len, tensor.params))
    if lengths != [len(segments(size)) for size in tensor.shape]:
        return None  # a part is made of parts itself
    return place[0] if tensor.op == "concat" else place[0] * lengths[1] + place[1]


def _shape_at(tensor: Tensor, place: tuple[int, ...]) -> Shape:
    return tuple(segments(size)[k] for size, k in zip(tensor.shape, place, strict=True))
