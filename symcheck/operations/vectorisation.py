"""vec and what belongs to it: an index of a vectorised matrix is a pair, the column first."""

from __future__ import annotations

from typing import Any

from symcheck.errors import ShapeMismatch
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import SameSize, Shape, show_shape, show_size
from symcheck.operations.contraction import delta
from symcheck.operations.stating import operation, whole

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]
Shapes = tuple[Shape, ...]


def _stacked(shape: Shape) -> Shape:
    """The shape of the columns one below the other: the last axis runs slowest."""
    return (tuple(dim for size in reversed(shape) for dim in size),) if shape else ()


def _unstacked(shape: Shape, axis: Axis) -> Axes:
    """The indices of the axes that were stacked into one."""
    found: list[Axis] = []
    start = 0
    for size in reversed(shape):
        found.append(axis[start : start + len(size)])
        start += len(size)
    return tuple(reversed(found))


def _vec_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    if not 1 <= len(shapes[0]) <= 2:
        raise ShapeMismatch(f"vec needs a matrix or a vector, this is {show_shape(shapes[0])}")
    if len(shapes[0]) == 2:
        whole(shapes[0], "vec")
    return _stacked(shapes[0])


@operation(shape=_vec_shape)
def vec(table: Table, out: Axes, params: Params, x: View) -> Node:
    """vec(X) at (j, i) = Xᵢⱼ: column by column."""
    return x[_unstacked(x.shape, out[0])]


def _unvec_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    rows, columns = params
    whole((rows, columns), "unvec")
    if len(shapes[0]) != 1 or not same(shapes[0][0], columns + rows):
        raise ShapeMismatch(
            f"unvec(x, {show_size(rows)}, {show_size(columns)}) needs a vector of "
            f"{show_size(columns + rows)} entries, this is {show_shape(shapes[0])}",
            hint="an axis of compound size comes of vec, kron or commut",
        )
    return (rows, columns)


@operation(shape=_unvec_shape)
def unvec(table: Table, out: Axes, params: Params, x: View) -> Node:
    """unvec(x, m, n)ᵢⱼ = x at (j, i): the m × n matrix X with vec(X) = x."""
    return x[((*out[1], *out[0]),)]


def _commut_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    rows, columns = params
    whole((rows, columns), "commut")
    return (rows + columns, columns + rows)


@operation(shape=_commut_shape, arity=0)
def commut(table: Table, out: Axes, params: Params) -> Node:
    """commut(m, n) vec(X) = vec(Xᵀ) for X m × n."""
    cut = len(params[0])
    row, column = out
    rest = len(column) - cut
    return delta(table, row[:cut], column[rest:]) * delta(table, row[cut:], column[:rest])


def _flattened_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    body, by = shapes[0][: params[0]], shapes[0][params[0] :]
    whole(shapes[0], "a derivative by vec")
    return _stacked(body) + _stacked(by)


@operation(shape=_flattened_shape)
def flattened(table: Table, out: Axes, params: Params, x: View) -> Node:
    """∂vec(f)/∂vec(X): the axes of f stacked into rows, those of X into columns."""
    body, by = x.shape[: params[0]], x.shape[params[0] :]
    left = _unstacked(body, out[0]) if body else ()
    return x[left + (_unstacked(by, out[-1]) if by else ())]
