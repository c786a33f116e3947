"""Sums over axes, means, variances, extreme entries, norms."""

from __future__ import annotations

from typing import Any

from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import SameSize, Shape
from symcheck.operations.axes import at, count, dropped, runs_over, total
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


@operation(shape=_to_scalar)
def sumall(table: Table, out: Axes, params: Params, x: View) -> Node:
    """sumall(X) = Σᵢⱼ Xᵢⱼ."""
    axes = runs_over(x, ())
    return total(table, axes, x[axes])


@operation(shape=dropped)
def mean(table: Table, out: Axes, params: Params, x: View) -> Node:
    """mean(X) = sumall(X) / number of entries; mean(X, axis) along one axis."""
    inner = runs_over(x, params)
    return total(table, inner, at(x, out, params, inner)) / count(table, inner)


def variance(table: Table, out: Axes, params: Params, x: View) -> Node:
    """The mean of the squared distances from the mean: over n, not over n − 1."""
    inner = runs_over(x, params)
    distance = at(x, out, params, inner) - mean(table, out, params, x)
    return total(table, inner, distance**2) / count(table, inner)


@operation(shape=dropped)
def var(table: Table, out: Axes, params: Params, x: View) -> Node:
    """var(X) = mean((X − mean(X))²), over n and not n − 1; var(X, axis) along one axis."""
    return variance(table, out, params, x)


@operation(shape=dropped)
def std(table: Table, out: Axes, params: Params, x: View) -> Node:
    """std(X) = sqrt(var(X)); std(X, axis) along one axis."""
    return sqrt(variance(table, out, params, x))


@operation(shape=dropped, name="max", latex=r"\max")
def largest(table: Table, out: Axes, params: Params, x: View) -> Node:
    """max(X) = the greatest entry; max(X, axis) along one axis.  Smooth where one is greatest."""
    inner = runs_over(x, params)
    node = at(x, out, params, inner)
    for idx in reversed([i for axis in inner for i in axis]):
        node = table.most(idx, node)
    return node


@operation(shape=dropped, name="min", latex=r"\min")
def least(table: Table, out: Axes, params: Params, x: View) -> Node:
    """min(X) = −max(−X), the least entry; min(X, axis) along one axis."""
    inner = runs_over(x, params)
    node = -at(x, out, params, inner)
    for idx in reversed([i for axis in inner for i in axis]):
        node = table.most(idx, node)
    return -node


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
    axes = runs_over(x, ())
    return total(table, axes, fn("abs", x[axes]))


@operation(shape=_vector_to_scalar, latex=r"\lVert {0} \rVert")
def norm2(table: Table, out: Axes, params: Params, x: View) -> Node:
    """norm2(x) = (Σᵢ xᵢ²)^(1/2)."""
    axes = runs_over(x, ())
    return sqrt(total(table, axes, x[axes] ** 2))


@operation(shape=_to_scalar, name="normF", latex=r"\lVert {0} \rVert_F")
def frobenius_norm(table: Table, out: Axes, params: Params, x: View) -> Node:
    """normF(X) = (Σᵢⱼ Xᵢⱼ²)^(1/2)."""
    axes = runs_over(x, ())
    return sqrt(total(table, axes, x[axes] ** 2))
