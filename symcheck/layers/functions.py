"""What NumPy's functions mean for arrays of formulas.  Importing this module fills the tables of `arrays`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import symcheck.operations  # noqa: F401  (fills the registry that `apply` looks operations up in)
from symcheck.errors import NotSupported, ShapeMismatch
from symcheck.language.tensor import Call, Tensor, apply
from symcheck.layers import shaping
from symcheck.layers.arrays import (
    FUNCTIONS,
    METHODS,
    REDUCTIONS,
    UFUNCS,
    Array,
    both,
    compare,
    either,
    elementwise,
    lift,
    negated,
    product_of,
    trace_of,
    where,
)

Function = Callable[..., Any]

MATHEMATICS = {
    "exp": "exp",
    "expm1": "expm1",
    "exp2": "exp2",
    "log": "log",
    "log1p": "log1p",
    "log2": "log2",
    "log10": "log10",
    "sqrt": "sqrt",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "sign": "sign",
    "absolute": "abs",
    "fabs": "abs",
    "maximum": "maximum",
    "fmax": "maximum",
    "minimum": "minimum",
    "fmin": "minimum",
    "hypot": "hypot",
    "logaddexp": "logaddexp",
    "arctan2": "atan2",
    "divide": "div",
    "true_divide": "div",
    "power": "pow",
    "float_power": "pow",
    "expit": "sigmoid",
    "erf": "erf",
}
"""Name of a ufunc → the operation of the language."""

COMPARING = {
    "greater": ">",
    "greater_equal": ">=",
    "less": "<",
    "less_equal": "<=",
    "equal": "==",
}


def _entrywise(op: str) -> Function:
    def function(*values: Any) -> Array:
        return elementwise(op, *values)

    return function


def _comparing(sign: str) -> Function:
    def function(left: Any, right: Any) -> Array:
        return compare(sign, left, right)

    return function


UFUNCS.update({name: _entrywise(op) for name, op in MATHEMATICS.items()})
UFUNCS.update({name: _comparing(sign) for name, sign in COMPARING.items()})


def numpy(*names: str, table: dict[str, Function]) -> Callable[[Function], Function]:
    """Enter the decorated function under these names."""

    def keep(function: Function) -> Function:
        for name in names:
            assert name not in table, name
            table[name] = function
        return function

    return keep


def _are_masks(left: Any, right: Any) -> bool:
    return all(isinstance(value, Array) and value.mask is not None for value in (left, right))


@numpy("add", table=UFUNCS)
def add(left: Any, right: Any) -> Array:
    """x + y; of truth values NumPy's +, which is "or"."""
    return either(left, right) if _are_masks(left, right) else elementwise("add", left, right)


@numpy("subtract", table=UFUNCS)
def subtract(left: Any, right: Any) -> Array:
    """x − y."""
    if _are_masks(left, right):
        raise NotSupported("NumPy refuses - of truth values", hint="write mask_a & ~mask_b")
    return elementwise("sub", left, right)


@numpy("multiply", table=UFUNCS)
def multiply(left: Any, right: Any) -> Array:
    """x ⊙ y; of truth values "and"."""
    return both(left, right) if _are_masks(left, right) else elementwise("mul", left, right)


@numpy("negative", table=UFUNCS)
def negative(x: Array) -> Array:
    """−x."""
    return -x


@numpy("positive", "conjugate", table=UFUNCS)
def positive(x: Array) -> Array:
    """x."""
    return x.copy()


@numpy("square", table=UFUNCS)
def square(x: Array) -> Array:
    """x²."""
    return elementwise("pow", x, 2)


@numpy("cbrt", table=UFUNCS)
def cbrt(x: Array) -> Array:
    """The third root, which NumPy takes of negative numbers too."""
    return elementwise("sign", x) * elementwise("pow", elementwise("abs", x), Fraction(1, 3))


@numpy("reciprocal", table=UFUNCS)
def reciprocal(x: Array) -> Array:
    """1/x."""
    return elementwise("div", 1, x)


@numpy("heaviside", table=UFUNCS)
def heaviside(x: Any, at_zero: Any) -> Array:
    """0 below 0, 1 above, the second argument at 0."""
    return where(compare(">", x, 0), 1, where(compare("<", x, 0), 0, at_zero))


@numpy("not_equal", table=UFUNCS)
def not_equal(left: Any, right: Any) -> Array:
    """x ≠ y."""
    return negated(compare("==", left, right))


UFUNCS.update(logical_and=both, logical_or=either, bitwise_and=both, bitwise_or=either)
UFUNCS.update(logical_not=negated, invert=negated)


# -- products ----------------------------------------------------------------------------------------


@numpy("matmul", table=UFUNCS)
def matmul(left: Any, right: Any) -> Array:
    """X Y as NumPy has it: vectors as rows and columns, further axes in front as batches."""
    trace = trace_of((left, right))
    x, y = lift(left, trace), lift(right, trace)
    if not x.dims or not y.dims:
        raise ShapeMismatch("matmul: a scalar has no matrix product", hint="a number is multiplied with *")
    inner = x.dims[-1], y.dims[-2] if y.ndim > 1 else y.dims[0]
    if inner[0] != inner[1]:
        raise ShapeMismatch(
            f"shapes {shaping.show(x.dims)} and {shaping.show(y.dims)} do not fit for @: {inner[0]} and {inner[1]}",
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
    return x[:, None] * y[None, :]


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
                raise ShapeMismatch(f"einsum: the axis {letter!r} is {known[letter]} and {dim}")
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
        whole = whole.new(shaping.repeated(product, target[len(target) - len(product.shape) :], target), target)
    return sum_of(whole, axis=tuple(range(len(result), len(letters))))


# -- reductions --------------------------------------------------------------------------------------


@numpy("sum", table=FUNCTIONS)
@numpy("sum", table=METHODS)
def sum_of(x: Array, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Array:
    """Σ over axes; of the entries that a condition chooses, over those."""
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
    if axes == tuple(range(x.ndim)) and x.tensor.shape:
        return x.new(apply("mean", x.plain("averaged")), dims)
    return sum_of(x, axis, keepdims=keepdims) / product_of(tuple(x.shape[axis] for axis in axes))


@numpy("var", table=FUNCTIONS)
@numpy("var", table=METHODS)
def variance(
    x: Array, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0, keepdims: bool = False
) -> Array:
    """Σ (x − mean)² over the number of entries less ddof."""
    count = product_of(tuple(x.shape[k] for k in x.axes(axis)))
    deviation = x - mean(x, axis, keepdims=True)
    return sum_of(square(deviation), axis, keepdims=keepdims) / (count - ddof if ddof else count)


@numpy("std", table=FUNCTIONS)
@numpy("std", table=METHODS)
def deviation(x: Array, axis: Any = None, **options: Any) -> Array:
    """The root of the variance."""
    return elementwise("sqrt", variance(x, axis, **options))


def _extreme(which: str) -> Function:
    def extreme(x: Array, axis: Any = None, out: Any = None, keepdims: bool = False) -> Array:
        """The largest (or smallest) along axes; over symbolic sizes an arbitrary function of the array."""
        axes = x.axes(axis)
        dims = shaping.without(x.dims, axes, keepdims)
        inner = x.plain(f"asked for their {which}")
        if all(x.dims[k] == 1 for k in axes):
            return x.new(inner, dims)
        function = x.trace.extreme(which, x.dims, axes, dims)
        return x.new(Call(function.codomain, function, (inner,)), dims)

    return extreme


for _name in ("max", "min"):
    numpy(_name, f"a{_name}", table=FUNCTIONS)(_extreme(_name))
    numpy(_name, table=METHODS)(_extreme(_name))


def _along_first(function: Function) -> Function:
    # ufunc.reduce goes along the first axis where nothing is said
    def reduce(x: Array, axis: Any = 0, dtype: Any = None, **options: Any) -> Array:
        result: Array = function(x, axis, **{k: v for k, v in options.items() if k in ("keepdims",)})
        return result

    return reduce


REDUCTIONS.update(add=_along_first(sum_of), maximum=_along_first(_extreme("max")))
REDUCTIONS.update(minimum=_along_first(_extreme("min")))


@numpy("linalg.norm", table=FUNCTIONS)
def norm(x: Array, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Array:
    """The root of the sum of squares, or the sum of absolute values."""
    if ord not in (None, 2, "fro", 1) or (ord in (1, 2) and x.ndim != 1 and not isinstance(axis, int)):
        raise NotSupported(f"np.linalg.norm of order {ord}", hint="write the sum out")
    if ord == 1:
        return sum_of(abs(x), axis, keepdims=keepdims)
    return elementwise("sqrt", sum_of(square(x), axis, keepdims=keepdims))


# -- shapes ------------------------------------------------------------------------------------------


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
        raise NotSupported("np.where of a condition alone", hint="np.where(condition, a, b)")
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
