"""Softmax and its relatives, along the last axis or the one that is given."""

from __future__ import annotations

from typing import Any

from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.operations.axes import axis_of, dropped_last, instead, kept, put, total
from symcheck.operations.elementwise import exp, log
from symcheck.operations.stating import operation

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]


def last(x: View, params: Params) -> int:
    """The axis that the params name, or the last."""
    axis = axis_of(x.shape, params, -1)
    assert axis is not None
    return axis


def _partition(table: Table, out: Axes, params: Params, x: View) -> Node:
    """Σₘ exp(xₘ) beside an entry of x."""
    axis = last(x, params)
    m = x.axis(axis, "m")
    return total(table, (m,), exp(x[instead(out, axis, m)]))


@operation(shape=kept)
def softmax(table: Table, out: Axes, params: Params, x: View) -> Node:
    """softmax(x)ᵢ = exp(xᵢ) / Σₘ exp(xₘ); of a matrix row by row, or along the axis that is given."""
    return exp(x[out]) / _partition(table, out, params, x)


@operation(shape=kept)
def logsoftmax(table: Table, out: Axes, params: Params, x: View) -> Node:
    """logsoftmax(x)ᵢ = xᵢ − log Σₘ exp(xₘ); of a matrix row by row, or along the axis that is given."""
    return x[out] - log(_partition(table, out, params, x))


@operation(shape=dropped_last)
def logsumexp(table: Table, out: Axes, params: Params, x: View) -> Node:
    """logsumexp(x) = log Σₘ exp(xₘ); of a matrix row by row, or along the axis that is given."""
    axis = last(x, params)
    m = x.axis(axis, "m")
    return log(total(table, (m,), exp(x[put(out, axis, m)])))
