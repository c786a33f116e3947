"""Softmax and its relatives, along the last axis."""

from __future__ import annotations

from typing import Any

from symcheck.errors import ShapeMismatch
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import SameSize, Shape
from symcheck.operations.contraction import total
from symcheck.operations.elementwise import exp, log
from symcheck.operations.stating import operation

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]


def _rows(shapes: tuple[Shape, ...], params: Params, same: SameSize) -> Shape:
    if not shapes[0]:
        raise ShapeMismatch("softmax of a number; it needs a vector, or a matrix whose rows it takes")
    return shapes[0]


def _drop_last(shapes: tuple[Shape, ...], params: Params, same: SameSize) -> Shape:
    return _rows(shapes, params, same)[:-1]


def _exponentials(table: Table, x: View, before: Axes) -> Node:
    m = x.axis(-1, "m")
    return total(table, (m,), exp(x[(*before, m)]))


@operation(shape=_rows)
def softmax(table: Table, out: Axes, params: Params, x: View) -> Node:
    """softmax(x)ᵢ = exp(xᵢ) / Σₘ exp(xₘ); of a matrix row by row."""
    return exp(x[out]) / _exponentials(table, x, out[:-1])


@operation(shape=_rows)
def logsoftmax(table: Table, out: Axes, params: Params, x: View) -> Node:
    """logsoftmax(x)ᵢ = xᵢ − log Σₘ exp(xₘ); of a matrix row by row."""
    return x[out] - log(_exponentials(table, x, out[:-1]))


@operation(shape=_drop_last)
def logsumexp(table: Table, out: Axes, params: Params, x: View) -> Node:
    """logsumexp(x) = log Σₘ exp(xₘ); of a matrix row by row."""
    return log(_exponentials(table, x, out))
