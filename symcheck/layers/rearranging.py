"""NumPy's functions of shapes, for new arrays, and for matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symcheck.errors import ShapeMismatch
from symcheck.language.tensor import Tensor, apply
from symcheck.layers import shaping
from symcheck.layers.arrays import Array, elementwise, lift
from symcheck.layers.conditions import where
from symcheck.layers.products import matmul
from symcheck.layers.tables import FUNCTIONS, METHODS, UFUNCS, numpy
from symcheck.layers.trace import Unfollowed

Function = Callable[..., Any]


@numpy("reshape", table=FUNCTIONS)
def reshape(x: Array, shape: Any = None, newshape: Any = None, order: str = "C") -> Array:
    """Axes of length 1 come and go."""
    wanted = newshape if shape is None else shape
    return x.reshape(*(wanted if isinstance(wanted, tuple | list) else (wanted,)), order=order)


@numpy("ravel", table=FUNCTIONS)
def ravel(x: Array) -> Array:
    """One axis."""
    return x.ravel()


@numpy("transpose", "permute_dims", table=FUNCTIONS)
def transpose(x: Array, axes: Any = None) -> Array:
    """The axes in another order."""
    return x.transpose(*(axes or ()))


@numpy("swapaxes", table=FUNCTIONS)
@numpy("swapaxes", table=METHODS)
def swapaxes(x: Array, one: int, two: int) -> Array:
    """Two axes change places."""
    order = list(range(x.ndim))
    first, second = x.axis(one), x.axis(two)
    order[first], order[second] = second, first
    return x.transpose(*order)


@numpy("expand_dims", table=FUNCTIONS)
def expand_dims(x: Array, axis: int) -> Array:
    """An axis of length 1 more."""
    at = axis % (x.ndim + 1)
    return x.reshape(*x.shape[:at], 1, *x.shape[at:])


@numpy("squeeze", table=FUNCTIONS)
@numpy("squeeze", table=METHODS)
def squeeze(x: Array, axis: Any = None) -> Array:
    """Without axes of length 1."""
    away = x.axes(axis) if axis is not None else tuple(k for k, dim in enumerate(x.dims) if dim == 1)
    if any(x.dims[k] != 1 for k in away):
        raise ShapeMismatch("cannot select an axis to squeeze out which has size not equal to one")
    return x.reshape(*(length for k, length in enumerate(x.shape) if k not in away))


@numpy("broadcast_to", table=FUNCTIONS)
def broadcast_to(x: Array, shape: Any, subok: bool = False) -> Array:
    """Repeated to a shape."""
    wanted = lift_dims(shape)
    if shaping.broadcast(x.dims, wanted) != wanted:
        raise ShapeMismatch(f"{shaping.show(x.dims)} does not broadcast to {shaping.show(wanted)}")
    return x.new(shaping.repeated(x.plain("repeated"), x.dims, wanted), wanted)


def lift_dims(shape: Any) -> shaping.Dims:
    """The dims of a shape as code gives it: sizes, ints, or one of them."""
    parts = shape if isinstance(shape, tuple | list) else (shape,)
    return tuple(part.dim if hasattr(part, "dim") else int(part) for part in parts)


@numpy("shape", table=FUNCTIONS)
def shape_of(x: Array) -> tuple[Any, ...]:
    """The lengths of all axes."""
    return x.shape


@numpy("ndim", table=FUNCTIONS)
def ndim(x: Array) -> int:
    """The number of axes."""
    return x.ndim


@numpy("size", table=FUNCTIONS)
def size(x: Array, axis: Any = None) -> Any:
    """The number of entries."""
    return x.size if axis is None else x.shape[axis]


# -- new arrays, choices -------------------------------------------------------------------------------


def filled(value: Any, x: Array, dims: shaping.Dims) -> Array:
    """Every entry the same."""
    number = lift(value, x.trace)
    return x.new(constant(number.tensor, dims), dims)


def constant(number: Tensor, dims: shaping.Dims) -> Tensor:
    """A tensor of equal entries."""
    shape = shaping.squeezed(dims)
    if not shape:
        return number
    known = getattr(number, "value", None)
    if known == 0:
        return apply("zeros", params=shape)
    ones = apply("ones", params=shape)
    return ones if known == 1 else apply("mul", number, ones)


def _like(value: int) -> Function:
    def like(x: Array, dtype: Any = None, shape: Any = None, **_: Any) -> Array:
        return filled(value, x, x.dims if shape is None else lift_dims(shape))

    return like


FUNCTIONS.update(zeros_like=_like(0), ones_like=_like(1))


@numpy("full_like", table=FUNCTIONS)
def full_like(x: Array, fill_value: Any, dtype: Any = None, **_: Any) -> Array:
    """Every entry the same."""
    return filled(fill_value, x, x.dims)


@numpy("copy", table=FUNCTIONS)
def copy(x: Array, **_: Any) -> Array:
    """The same entries."""
    return x.copy()


@numpy("where", table=FUNCTIONS)
def choose(condition: Any, *values: Any) -> Array:
    """Entries of the first where the condition holds, of the second elsewhere."""
    if len(values) != 2:
        raise Unfollowed("np.where of a condition alone", hint="np.where(condition, a, b)")
    return where(condition, *values)


@numpy("clip", table=FUNCTIONS)
@numpy("clip", table=METHODS)
def clip(x: Array, a_min: Any = None, a_max: Any = None, **others: Any) -> Array:
    """Not below the first, not above the second."""
    low, high = others.get("min", a_min), others.get("max", a_max)
    result = x if low is None else elementwise("maximum", x, low)
    return result if high is None else elementwise("minimum", result, high)


UFUNCS["clip"] = clip


# -- matrices ------------------------------------------------------------------------------------------


def _square(x: Array) -> Tensor:
    tensor = x.plain("taken as a matrix")
    if x.ndim != 2 or 1 in x.dims:
        raise x.trace.needs_numbers("a matrix of one row or column")
    return tensor


@numpy("trace", table=FUNCTIONS)
@numpy("trace", table=METHODS)
def trace(x: Array) -> Array:
    """Σᵢ xᵢᵢ."""
    return x.new(apply("tr", _square(x)), ())


@numpy("diag", "diagonal", table=FUNCTIONS)
def diag(x: Array, k: int = 0) -> Array:
    """A vector on the diagonal, or the diagonal of a matrix."""
    if k or (x.ndim == 1 and x.dims[0] == 1):
        raise x.trace.needs_numbers("np.diag off the diagonal")
    if x.ndim == 1:
        return x.new(apply("diag", x.plain("put on a diagonal")), x.dims * 2)
    return x.new(apply("diagpart", _square(x)), x.dims[:1])


@numpy("linalg.inv", table=FUNCTIONS)
def inv(x: Array) -> Array:
    """The inverse."""
    return x.new(apply("inv", _square(x)), x.dims)


@numpy("linalg.det", table=FUNCTIONS)
def det(x: Array) -> Array:
    """The determinant."""
    return x.new(apply("det", _square(x)), ())


@numpy("linalg.solve", table=FUNCTIONS)
def solve(a: Array, b: Array) -> Array:
    """a⁻¹ b."""
    return matmul(inv(a), b)


@numpy("item", table=METHODS)
def item(x: Array) -> Array:
    """The entry of an array of one entry, which stays an entry."""
    return x.reshape()
