"""Sums over axes, norms, means."""

from __future__ import annotations

from typing import Any

from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import SameSize, Shape
from symcheck.operations.contraction import total
from symcheck.operations.elementwise import fn, sqrt
from symcheck.operations.stating import operation, rank

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]
Shapes = tuple[Shape, ...]


def _to_scalar(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    return ()


def _vector_to_scalar(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    rank(shapes[0], 1, "a norm of a vector")
    return ()


def _drop_last(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    rank(shapes[0], 2, "rowsum")
    return shapes[0][:1]


def _drop_first(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    rank(shapes[0], 2, "colsum")
    return shapes[0][1:]


def all_axes(x: View) -> Axes:
    """Fresh indices for every axis."""
    return tuple(x.axis(position) for position in range(len(x.shape)))


def count(table: Table, axes: Axes) -> Node:
    """The number of entries: the product of the sizes."""
    return table.mul(*(table.dim(i.dim) for axis in axes for i in axis))


@operation(shape=_to_scalar)
def sumall(table: Table, out: Axes, params: Params, x: View) -> Node:
    """sumall(X) = Σᵢⱼ Xᵢⱼ."""
    axes = all_axes(x)
    return total(table, axes, x[axes])


@operation(shape=_to_scalar)
def mean(table: Table, out: Axes, params: Params, x: View) -> Node:
    """mean(X) = sumall(X) / number of entries."""
    axes = all_axes(x)
    return total(table, axes, x[axes]) / count(table, axes)


@operation(shape=_drop_last)
def rowsum(table: Table, out: Axes, params: Params, x: View) -> Node:
    """rowsum(X)ᵢ = Σⱼ Xᵢⱼ."""
    k = x.axis(1)
    return total(table, (k,), x[(out[0], k)])


@operation(shape=_drop_first)
def colsum(table: Table, out: Axes, params: Params, x: View) -> Node:
    """colsum(X)ⱼ = Σᵢ Xᵢⱼ."""
    k = x.axis(0)
    return total(table, (k,), x[(k, out[0])])


@operation(shape=_vector_to_scalar, latex=r"\lVert {0} \rVert_1")
def norm1(table: Table, out: Axes, params: Params, x: View) -> Node:
    """norm1(x) = Σᵢ |xᵢ|."""
    axes = all_axes(x)
    return total(table, axes, fn("abs", x[axes]))


@operation(shape=_vector_to_scalar, latex=r"\lVert {0} \rVert")
def norm2(table: Table, out: Axes, params: Params, x: View) -> Node:
    """norm2(x) = (Σᵢ xᵢ²)^(1/2)."""
    axes = all_axes(x)
    return sqrt(total(table, axes, x[axes] ** 2))


@operation(shape=_to_scalar, name="normF", latex=r"\lVert {0} \rVert_F")
def frobenius_norm(table: Table, out: Axes, params: Params, x: View) -> Node:
    """normF(X) = (Σᵢⱼ Xᵢⱼ²)^(1/2)."""
    axes = all_axes(x)
    return sqrt(total(table, axes, x[axes] ** 2))
