"""Arrays of any rank as NumPy moves them about: transposes and repeats, sums over axes, given entries."""

from __future__ import annotations

from itertools import product
from typing import Any

from symcheck.errors import BadCall, NotSupported, ShapeMismatch
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import SameSize, Shape, show_shape
from symcheck.operations.contraction import total
from symcheck.operations.stating import operation

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]
Shapes = tuple[Shape, ...]


def _rearranged_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    places, shape = params
    own = shapes[0]
    fit = len(places) == len(own) and len(set(places)) == len(places) and max(places, default=0) < len(shape)
    if not fit or not all(same(size, shape[k]) for size, k in zip(own, places, strict=True)):
        raise ShapeMismatch(f"{show_shape(own)} does not fit into {show_shape(tuple(shape))} at {places}")
    return tuple(shape)


@operation(shape=_rearranged_shape)
def rearranged(table: Table, out: Axes, params: Params, x: View) -> Node:
    """rearranged(x)[i₀, i₁, …] = x[i_p, i_q, …]: axis k of x stands at place p_k, the rest repeats."""
    return x[tuple(out[k] for k in params[0])]


def _summed_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    if len(set(params)) != len(params) or not all(0 <= axis < len(shapes[0]) for axis in params):
        raise BadCall(f"no axes {params} to sum over in {show_shape(shapes[0])}")
    return tuple(size for axis, size in enumerate(shapes[0]) if axis not in params)


@operation(shape=_summed_shape)
def summed(table: Table, out: Axes, params: Params, x: View) -> Node:
    """summed(x)[…] = Σ over the axes that are its params."""
    rest = iter(out)
    axes = tuple(x.axis(k) if k in params else next(rest) for k in range(len(x.shape)))
    return total(table, tuple(axes[k] for k in params), x[axes])


def _gathered_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    if any(shapes):
        raise BadCall("an array is gathered from its entries, which are scalars")
    return tuple(params)


@operation(shape=_gathered_shape, arity=(1, 100_000))
def gathered(table: Table, out: Axes, params: Params, *entries: View) -> Node:
    """gathered(a, b, …)ᵢ = δᵢ₀·a + δᵢ₁·b + …: the entries one by one, the last axis fastest."""
    lengths = [axis[0].dim for axis in out]
    places = list(product(*(range(length) for length in lengths if isinstance(length, int))))
    if not all(isinstance(length, int) for length in lengths) or len(places) != len(entries):
        raise NotSupported(f"{len(entries)} entries for an array of the sizes {lengths}")
    terms = []
    for place, entry in zip(places, entries, strict=True):
        marks = (
            table.delta(axis[0], table.literal(k, axis[0].dim)) for axis, k in zip(out, place, strict=True)
        )
        terms.append(table.mul(entry[()], *marks))
    return table.add(*terms)
