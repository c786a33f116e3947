"""Normalising layers and attention, lowered to their formulas."""

from __future__ import annotations

from typing import Any

from symcheck.errors import ShapeMismatch
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import SameSize, Shape, broadcast, show_shape
from symcheck.operations.axes import count, instead, kept, total
from symcheck.operations.elementwise import exp, sqrt
from symcheck.operations.stating import fits, operation, rank

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]
Shapes = tuple[Shape, ...]


def _with_number(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    """The first argument; the second, if it is there, is a number."""
    if len(shapes) > 1:
        rank(shapes[1], 0, "the second argument, a small number such as eps,")
    return kept(shapes[:1], params, same)


def _columns(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    rank(shapes[0], 2, "batchnorm")
    return _with_number(shapes, params, same)


def _small(table: Table, rest: tuple[View, ...]) -> Node:
    return rest[0][()] if rest else table.num(0)


def _standardised(table: Table, out: Axes, axis: int, x: View, small: Node) -> Node:
    """(x − μ) / sqrt(σ² + ε) along one axis."""
    k, j = x.axis(axis), x.axis(axis, "j")
    size = count(table, (k,))
    mean = total(table, (j,), x[instead(out, axis, j)]) / size
    variance = total(table, (k,), (x[instead(out, axis, k)] - mean) ** 2) / size
    again = x.axis(axis, "l")
    centre = total(table, (again,), x[instead(out, axis, again)]) / size
    return (x[out] - centre) / sqrt(variance + small)


@operation(shape=_with_number, arity=(1, 2))
def layernorm(table: Table, out: Axes, params: Params, x: View, *rest: View) -> Node:
    """layernorm(x, ε) = (x − mean(x)) / sqrt(var(x) + ε), ε = 0 if not given; of a matrix row by row."""
    return _standardised(table, out, len(x.shape) - 1, x, _small(table, rest))


@operation(shape=_columns, arity=(1, 2))
def batchnorm(table: Table, out: Axes, params: Params, x: View, *rest: View) -> Node:
    """batchnorm(X, ε): every column less its mean, over sqrt(its variance + ε); the rows are the batch."""
    return _standardised(table, out, 0, x, _small(table, rest))


@operation(shape=_with_number, arity=(1, 2))
def rmsnorm(table: Table, out: Axes, params: Params, x: View, *rest: View) -> Node:
    """rmsnorm(x, ε) = x / sqrt(mean(x²) + ε), ε = 0 if not given; of a matrix row by row."""
    last = len(x.shape) - 1
    k = x.axis(last)
    square = total(table, (k,), x[instead(out, last, k)] ** 2) / count(table, (k,))
    return x[out] / sqrt(square + _small(table, rest))


def _attention_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    queries, keys, values, *mask = shapes
    for shape in shapes[:3]:
        rank(shape, 2, "attention")
    fits(queries, keys[::-1], "attention: Q Kᵀ", same)
    scores = (queries[0], keys[0])
    fits(scores, values, "attention: softmax(Q Kᵀ) V", same)
    if mask and broadcast(scores, mask[0], same) != scores:
        raise ShapeMismatch(f"a mask of {show_shape(mask[0])} on scores of {show_shape(scores)}")
    return (queries[0], values[1])


@operation(shape=_attention_shape, arity=(3, 4))
def attention(table: Table, out: Axes, params: Params, q: View, k: View, v: View, *mask: View) -> Node:
    """attention(Q, K, V, M) = softmax(Q Kᵀ / sqrt(d) + M) V, d the width of Q and K; without M, M = 0."""
    row, column = out
    scale = sqrt(count(table, (q.axis(1),)))

    def weight(key: Axis) -> Node:
        inner = q.axis(1, "d")
        score = total(table, (inner,), q[(row, inner)] * k[(key, inner)]) / scale
        at = (row, key)
        return exp(score + mask[0][at[2 - len(mask[0].shape) :]] if mask else score)

    j, m = k.axis(0, "j"), k.axis(0, "m")
    return total(table, (j,), weight(j) / total(table, (m,), weight(m)) * v[(j, column)])
