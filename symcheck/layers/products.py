"""NumPy's products of arrays of formulas."""

from __future__ import annotations

from typing import Any

from symcheck.errors import ShapeMismatch
from symcheck.language.tensor import apply
from symcheck.layers import shaping
from symcheck.layers.arrays import Array, lift, trace_of
from symcheck.layers.elementary import multiply
from symcheck.layers.reductions import sum_of
from symcheck.layers.tables import FUNCTIONS, METHODS, UFUNCS, numpy
from symcheck.layers.trace import Unfollowed


@numpy("matmul", table=UFUNCS)
def matmul(left: Any, right: Any) -> Array:
    """X Y as NumPy has it: vectors as rows and columns, further axes in front as batches."""
    trace = trace_of((left, right))
    x, y = lift(left, trace), lift(right, trace)
    if not x.dims or not y.dims:
        raise ShapeMismatch("matmul: a scalar has no matrix product", hint="a number is multiplied with *")
    if x.mask is not None and y.mask is not None:
        raise Unfollowed("the product of truth values is one of truth values", hint="a.astype(float) @ b")
    inner = x.dims[-1], y.dims[-2] if y.ndim > 1 else y.dims[0]
    if inner[0] != inner[1]:
        raise shaping.Unequal(
            f"@ of {shaping.show(x.dims)} and {shaping.show(y.dims)}: {inner[0]} does not meet {inner[1]}",
            (inner[0], inner[1]),
            hint="a transpose (.T) may be missing",
        )
    if max(x.ndim, y.ndim) > 2:
        return _batched(x, y)
    first, second = x.plain("multiplied"), y.plain("multiplied")
    if inner[0] == 1:
        tensor = apply("outer" if first.shape and second.shape else "mul", first, second)
    else:
        tensor = apply("matmul", first, second)
    return x.new(tensor, x.dims[:-1] + y.dims[1:])


def _batched(x: Array, y: Array) -> Array:
    """Σₖ x[…, i, k] y[…, k, j], the axes in front broadcast."""
    rows = x.reshape(1, *x.shape) if x.ndim == 1 else x
    columns = y.reshape(*y.shape, 1) if y.ndim == 1 else y
    result = sum_of(rows[..., None] * columns[..., None, :, :], axis=-2)
    if x.ndim == 1:
        result = result.reshape(*result.shape[:-2], result.shape[-1])
    return result.reshape(*result.shape[:-1]) if y.ndim == 1 else result


@numpy("dot", table=FUNCTIONS)
@numpy("dot", table=METHODS)
def dot(left: Any, right: Any) -> Array:
    """A number times an array, or the product of vectors and matrices."""
    trace = trace_of((left, right))
    x, y = lift(left, trace), lift(right, trace)
    if not x.dims or not y.dims:
        return multiply(x, y)
    if max(x.ndim, y.ndim) > 2 and y.ndim > 1:
        raise trace.needs_numbers("np.dot of more than two axes")
    return matmul(x, y)


@numpy("outer", table=FUNCTIONS)
def outer(left: Any, right: Any) -> Array:
    """xᵢ yⱼ."""
    trace = trace_of((left, right))
    x, y = (lift(value, trace).ravel() for value in (left, right))
    if len(x.tensor.shape) == len(y.tensor.shape) == 1:
        return x.new(apply("outer", x.tensor, y.tensor), x.dims + y.dims)
    return multiply(x[:, None], y[None, :])


@numpy("inner", "vdot", table=FUNCTIONS)
def inner(left: Any, right: Any) -> Array:
    """Σ over the last axes."""
    trace = trace_of((left, right))
    x, y = lift(left, trace), lift(right, trace)
    return dot(x, y.T if y.ndim == 2 else y)


@numpy("einsum", table=FUNCTIONS)
def einsum(subscripts: str, *operands: Any, **_: Any) -> Array:
    """Σ over the letters that the result lacks of the product of all operands."""
    trace = trace_of(operands)
    arrays = [lift(operand, trace) for operand in operands]
    left, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = left.split(",")
    if all(array.mask is not None for array in arrays):
        raise Unfollowed("einsum of truth values is one of truth values", hint="a.astype(float)")
    if not arrow:
        result = "".join(sorted(letter for letter in set(left) - {","} if left.count(letter) == 1))
    known: dict[str, Any] = {}
    for term, array in zip(terms, arrays, strict=True):
        if "." in term or len(set(term)) != len(term):
            raise trace.needs_numbers("einsum with ... or a letter twice")
        if len(term) != array.ndim:
            raise ShapeMismatch(f"einsum: {term!r} for an array of shape {shaping.show(array.dims)}")
        for letter, dim in zip(term, array.dims, strict=True):
            if known.setdefault(letter, dim) != dim:
                message = f"einsum: the axis {letter!r} is {known[letter]} and {dim}"
                raise shaping.Unequal(message, (known[letter], dim))
    letters = result + "".join(letter for letter in known if letter not in result)
    target = tuple(known[letter] for letter in letters)
    factors = []
    for term, array in zip(terms, arrays, strict=True):
        places = [letters.index(letter) for letter in term]
        factors.append(shaping.placed(array.plain("multiplied"), array.dims, places, target))
    product = factors[0]
    for factor in factors[1:]:
        product = apply("mul", product, factor)
    whole = Array(product, target, trace)
    if product.shape != shaping.squeezed(target):
        whole = whole.new(
            shaping.repeated(product, target[len(target) - len(product.shape) :], target), target
        )
    return sum_of(whole, axis=tuple(range(len(result), len(letters))))
