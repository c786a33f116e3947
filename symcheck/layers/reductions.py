"""NumPy's reductions of arrays of formulas: sums, means, extremes, norms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symcheck.language.tensor import apply
from symcheck.layers import shaping
from symcheck.layers.arrays import Array, elementwise, product_of
from symcheck.layers.conditions import where
from symcheck.layers.elementary import square
from symcheck.layers.tables import FUNCTIONS, METHODS, REDUCTIONS, numpy
from symcheck.layers.trace import Unfollowed

Function = Callable[..., Any]


def refuse(out: Any) -> None:
    """No reduction writes into another array."""
    if out is not None:
        raise Unfollowed("out= of a reduction", hint="y[...] = x.sum(axis=0)")


@numpy("sum", table=FUNCTIONS)
@numpy("sum", table=METHODS)
def sum_of(x: Array, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Array:
    """Σ over axes; of the entries that a condition chooses, over those."""
    refuse(out)
    if x.only is not None and axis is None:
        inside = Array(x.tensor, x.dims, x.trace)
        return sum_of(where(Array(x.tensor, x.dims, x.trace, mask=x.only), inside, 0), keepdims=keepdims)
    axes = x.axes(axis)
    tensor = shaping.summed(x.plain("summed along an axis"), x.dims, axes)
    return x.new(tensor, shaping.without(x.dims, axes, keepdims))


@numpy("mean", "average", table=FUNCTIONS)
@numpy("mean", table=METHODS)
def mean(x: Array, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Array:
    """Σ over axes, over the number of what is summed."""
    axes = x.axes(axis)
    dims = shaping.without(x.dims, axes, keepdims)
    if out is None and axes == tuple(range(x.ndim)) and x.tensor.shape:
        return x.new(apply("mean", x.plain("averaged")), dims)
    count = product_of(tuple(x.shape[axis] for axis in axes))
    return elementwise("div", sum_of(x, axis, out=out, keepdims=keepdims), count)


@numpy("var", table=FUNCTIONS)
@numpy("var", table=METHODS)
def variance(
    x: Array, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0, keepdims: bool = False
) -> Array:
    """Σ (x − mean)² over the number of entries less ddof."""
    count = product_of(tuple(x.shape[k] for k in x.axes(axis)))
    deviation = x - mean(x, axis, keepdims=True)
    squares = sum_of(square(deviation), axis, out=out, keepdims=keepdims)
    return elementwise("div", squares, count - ddof if ddof else count)


@numpy("std", table=FUNCTIONS)
@numpy("std", table=METHODS)
def deviation(x: Array, axis: Any = None, **options: Any) -> Array:
    """The root of the variance."""
    return elementwise("sqrt", variance(x, axis, **options))


def _extreme(which: str) -> Function:
    def extreme(x: Array, axis: Any = None, out: Any = None, keepdims: bool = False) -> Array:
        """The largest (or smallest) along axes."""
        refuse(out)
        axes = x.axes(axis)
        dims = shaping.without(x.dims, axes, keepdims)
        inner = x.plain(f"asked for their {which}")
        if all(x.dims[k] == 1 for k in axes):
            return x.new(inner, dims)
        order = [axis for axis, dim in enumerate(x.dims) if dim != 1]
        away = [order.index(axis) for axis in axes if x.dims[axis] != 1]
        if len(away) == len(order):
            return x.new(apply(which, inner), dims)
        for axis in sorted(away, reverse=True):
            inner = apply(which, inner, params=(axis,))
        return x.new(inner, dims)

    return extreme


for _name in ("max", "min"):
    numpy(_name, f"a{_name}", table=FUNCTIONS)(_extreme(_name))
    numpy(_name, table=METHODS)(_extreme(_name))


def _along_first(function: Function) -> Function:
    # ufunc.reduce goes along the first axis where nothing is said
    def reduce(x: Array, axis: Any = 0, dtype: Any = None, **options: Any) -> Array:
        result: Array = function(x, axis, **options)
        return result

    return reduce


REDUCTIONS.update(add=_along_first(sum_of), maximum=_along_first(_extreme("max")))
REDUCTIONS.update(minimum=_along_first(_extreme("min")))


@numpy("linalg.norm", table=FUNCTIONS)
def norm(x: Array, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Array:
    """The root of the sum of squares, or the sum of absolute values."""
    if ord not in (None, 2, "fro", 1) or (ord in (1, 2) and x.ndim != 1 and not isinstance(axis, int)):
        raise Unfollowed(f"np.linalg.norm of order {ord}", hint="write the sum out")
    if ord == 1:
        return sum_of(abs(x), axis, keepdims=keepdims)
    return elementwise("sqrt", sum_of(square(x), axis, keepdims=keepdims))
