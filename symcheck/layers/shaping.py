"""NumPy's rules for shapes, said in operations of the language.

An array is a tensor and its NumPy shape, a tuple of dims in which 1 stands for an axis of length one.
The tensor lacks these axes: NumPy's (N, 1) is a vector of length N.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from symcheck.errors import ShapeMismatch
from symcheck.language.shape import Dim, Shape, shape_of
from symcheck.language.tensor import Tensor, apply

Dims: TypeAlias = tuple[Dim, ...]


class Unequal(ShapeMismatch):
    """Two sizes that would have to be one."""

    def __init__(self, message: str, pair: tuple[Dim, Dim], hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.pair = pair


def squeezed(dims: Dims) -> Shape:
    """The shape of the tensor behind an array of these dims."""
    return shape_of(*(dim for dim in dims if dim != 1))


def show(dims: Dims) -> str:
    """``(N, 1)``, as NumPy writes a shape."""
    return f"({', '.join(map(str, dims))}{',' if len(dims) == 1 else ''})"


def broadcast(*shapes: Dims) -> Dims:
    """Aligned at the last axis, axes of length 1 repeated.  Errors: ShapeMismatch (SC012)."""
    rank = max(map(len, shapes), default=0)
    result: list[Dim] = [1] * rank
    for dims in shapes:
        for axis, dim in enumerate(dims, rank - len(dims)):
            if result[axis] == 1:
                result[axis] = dim
            elif dim not in (1, result[axis]):
                both = " ".join(map(show, shapes))
                message = f"operands could not be broadcast together with shapes {both}"
                raise Unequal(message, (result[axis], dim))
    return tuple(result)


def aligned(tensor: Tensor, dims: Dims, target: Dims) -> Tensor:
    """The tensor as an operand of an operation entry by entry whose result has the dims `target`.

    Axes that it lacks in front stay away: the operation itself repeats along them.
    """
    offset = len(target) - len(dims)
    return placed(tensor, dims, tuple(range(offset, len(target))), target)


def placed(tensor: Tensor, dims: Dims, places: Sequence[int], target: Dims) -> Tensor:
    """Likewise, where axis k of the array is axis places[k] of the result."""
    order = [axis for axis, dim in enumerate(target) if dim != 1]
    at = tuple(order.index(place) for dim, place in zip(dims, places, strict=True) if dim != 1)
    if at == tuple(range(len(order) - len(at), len(order))):
        return tensor
    shape = squeezed(target)
    if len(order) == 2:
        if at == (1, 0):
            return apply("transpose", tensor)
        return apply("outer", tensor, apply("ones", params=shape[1:]))
    return apply("rearranged", tensor, params=(at, shape))


def repeated(tensor: Tensor, dims: Dims, target: Dims) -> Tensor:
    """The tensor repeated to the whole shape `target`."""
    shape = squeezed(target)
    found = aligned(tensor, dims, target)
    return found if found.shape == shape else apply("mul", apply("ones", params=shape), found)


def transposed(tensor: Tensor, dims: Dims, order: Sequence[int]) -> tuple[Tensor, Dims]:
    """Axis k of the result is axis order[k] of the array."""
    target = tuple(dims[axis] for axis in order)
    places = [order.index(axis) for axis in range(len(dims))]
    return placed(tensor, dims, places, target), target


def summed(tensor: Tensor, dims: Dims, axes: Sequence[int]) -> Tensor:
    """Σ over these axes; over one of length 1 there is nothing to do."""
    order = [axis for axis, dim in enumerate(dims) if dim != 1]
    away = tuple(order.index(axis) for axis in sorted(axes) if dims[axis] != 1)
    if not away:
        return tensor
    if len(away) == len(order):
        return apply("sumall", tensor)
    if len(order) == 2:
        return apply("rowsum" if away == (1,) else "colsum", tensor)
    return apply("summed", tensor, params=away)


def without(dims: Dims, axes: Sequence[int], keepdims: bool) -> Dims:
    """The dims after a reduction over these axes."""
    if keepdims:
        return tuple(1 if axis in axes else dim for axis, dim in enumerate(dims))
    return tuple(dim for axis, dim in enumerate(dims) if axis not in axes)


def reshaped(dims: Dims, wanted: Sequence[Dim]) -> Dims | None:
    """The new dims, if only axes of length 1 come or go and -1 stands for one axis at most; else None."""
    own = [dim for dim in dims if dim != 1]
    new = [dim for dim in wanted if dim != 1]
    if -1 not in new:
        return tuple(wanted) if own == new else None
    at = new.index(-1)
    before, after = new[:at], new[at + 1 :]
    middle = own[at : len(own) - len(after)]
    if own[:at] != before or own[len(own) - len(after) :] != after or len(middle) > 1 or -1 in after:
        return None
    rest = middle[0] if middle else 1
    return tuple(rest if dim == -1 else dim for dim in wanted)
