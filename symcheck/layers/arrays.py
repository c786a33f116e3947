"""The array that a layer's code calculates with: NumPy's manners, a formula of the language inside.

Entries are symbols, sizes mostly too.  NumPy finds its functions for it through `__array_ufunc__` and
`__array_function__`; what they mean stands in `functions`.

Like NumPy's, an array can be written in place, and all who hold it see that.  A view (``x.T``) does not see
what happens to its base here, so writing in place is refused while another view of the same data lives.
"""

from __future__ import annotations

import operator
import sys
import weakref
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NoReturn

from symcheck.errors import ShapeMismatch
from symcheck.language.tensor import Number, SizeNumber, Tensor, apply, symbols_in
from symcheck.layers import shaping
from symcheck.layers.exact import exact, spelled
from symcheck.layers.masks import Mask
from symcheck.layers.operators import Operators, is_numpy
from symcheck.layers.shaping import Dims
from symcheck.layers.tables import FUNCTIONS, METHODS, REDUCTIONS, UFUNCS
from symcheck.layers.trace import Trace, Unfollowed

ON_NUMBERS = frozenset(
    (
        *(
            "argmax",
            "argmin",
            "argsort",
            "choose",
            "compress",
            "cumprod",
            "cumsum",
            "diagonal",
            "fill",
            "flat",
        ),
        *(
            "nonzero",
            "partition",
            "prod",
            "put",
            "repeat",
            "searchsorted",
            "sort",
            "take",
            "tobytes",
            "tolist",
        ),
    )
)
"""Methods of NumPy's arrays that need explicit sizes."""


LABELS = "hand labels in one-hot, a row for each sample: (y*p).sum(axis=1) for p[np.arange(N), y]"
"""What to do instead of choosing entries by numbers."""


class Array(Operators):
    """An array of entries that are formulas."""

    __slots__ = ("__weakref__", "dims", "family", "grad", "mask", "only", "tensor", "trace")

    def __init__(
        self,
        tensor: Tensor,
        dims: Dims,
        trace: Trace,
        *,
        mask: Mask | None = None,
        only: Mask | None = None,
        family: list[weakref.ref[Array]] | None = None,
    ) -> None:
        self.tensor = tensor
        """Without the axes of length 1."""
        self.dims = dims
        self.trace = trace
        self.mask = mask
        """For an array of truth values the condition; `tensor` then holds ones and zeros."""
        self.only = only
        """For ``x[mask]`` the condition: only these entries are meant."""
        self.family = [] if family is None else family
        self.family.append(weakref.ref(self))

    # -- what NumPy's arrays say of themselves ---------------------------------------------------

    @property
    def shape(self) -> tuple[Any, ...]:
        """Ints where a length is fixed, sizes to calculate with where not."""
        self.plain("counted")
        return tuple(dim if isinstance(dim, int) else Size(dim, self.trace) for dim in self.dims)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.dims)

    @property
    def size(self) -> Any:
        """The number of entries."""
        return product_of(self.shape)

    @property
    def dtype(self) -> Any:
        """NumPy's, where NumPy is in use."""
        name, numpy = "bool" if self.mask is not None else "float64", sys.modules.get("numpy")
        return name if numpy is None else numpy.dtype(name)

    @property
    def T(self) -> Array:
        """The transpose."""
        return self.transpose()

    def transpose(self, *axes: Any) -> Array:
        """The axes in another order, by default reversed."""
        if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], tuple | list)):
            axes = tuple(axes[0] or ())
        order = [self.axis(axis) for axis in axes] or list(reversed(range(self.ndim)))
        tensor, dims = shaping.transposed(self.plain("transposed"), self.dims, order)
        return self.view(tensor, dims)

    def reshape(self, *shape: Any, order: str = "C") -> Array:
        """Axes of length 1 come and go; anything else needs explicit sizes."""
        wanted = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
        found = shaping.reshaped(self.dims, tuple(map(dim_of, wanted)))
        if found is None or order != "C":
            raise self.trace.needs_numbers("reshape")
        return self.view(self.plain("reshaped"), found)

    def ravel(self) -> Array:
        """One axis."""
        return self.reshape(-1)

    flatten = ravel

    def copy(self) -> Array:
        """The same entries, to be written to on its own."""
        return Array(self.tensor, self.dims, self.trace, mask=self.mask, only=self.only)

    def astype(self, kind: Any, **_: Any) -> Array:
        """Truth values become ones and zeros, and the other way round for bool; numbers stay."""
        name = kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))
        if "bool" in name:
            return self if self.mask is not None else self != 0
        if "int" in name and self.mask is None:
            raise Unfollowed("astype(int) rounds, which has no derivative", hint="leave it out")
        return Array(self.tensor, self.dims, self.trace, only=self.only)

    def __getattr__(self, name: str) -> Any:
        method = METHODS.get(name)
        if method is not None:
            return lambda *args, **options: method(self, *args, **options)
        if name in ON_NUMBERS:
            if self.trace.sizes is None:
                raise self.trace.needs_numbers(name)
            raise Unfollowed(f"the method {name} is not followed")
        raise AttributeError(f"an array has no attribute {name!r}")

    # -- shapes and kinds ------------------------------------------------------------------------

    def axis(self, axis: Any) -> int:
        """The number of an axis, counted from 0.  Errors: ShapeMismatch."""
        number = operator.index(axis)
        if not -self.ndim <= number < self.ndim:
            raise ShapeMismatch(f"axis {number} is out of bounds for an array of dimension {self.ndim}")
        return number % self.ndim

    def axes(self, axis: Any) -> tuple[int, ...]:
        """The axes that an argument ``axis=`` names; all of them for None."""
        if axis is None:
            return tuple(range(self.ndim))
        return tuple(map(self.axis, axis if isinstance(axis, tuple | list) else (axis,)))

    def plain(self, verb: str) -> Tensor:
        """The formula, of an array whose entries are all meant."""
        if self.only is not None:
            raise Unfollowed(
                f"the entries that a condition chooses are {verb}",
                hint="use np.where(condition, a, 0), which keeps the shape",
            )
        return self.tensor

    def new(self, tensor: Tensor, dims: Dims) -> Array:
        """An array of its own in the same run."""
        return Array(tensor, dims, self.trace)

    def view(self, tensor: Tensor, dims: Dims) -> Array:
        """An array on the same data."""
        return Array(tensor, dims, self.trace, mask=self.mask, family=self.family)

    # -- entries ---------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, Array) and key.mask is not None:
            if key.dims != self.dims:
                raise self.trace.needs_numbers("a condition of another shape as index")
            return Array(self.plain("chosen from"), self.dims, self.trace, only=key.mask)
        keys = key if isinstance(key, tuple) else (key,)
        taken = sum(part is not None and part is not Ellipsis for part in keys)
        if taken > self.ndim:
            raise ShapeMismatch(f"{taken} indices for an array of dimension {self.ndim}")
        # found by identity: == of an array is an array
        dots = next((k for k, part in enumerate(keys) if part is Ellipsis), len(keys))
        keys = (*keys[:dots], *[slice(None)] * (self.ndim - taken), *keys[dots + 1 :])
        if any(not (part is None or _whole(part)) for part in keys):
            raise self.trace.needs_numbers("an index or a slice")
        rest = iter(self.dims)
        return self.view(self.plain("indexed"), tuple(1 if part is None else next(rest) for part in keys))

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, Array) and key.mask is not None:
            if key.dims != self.dims:
                raise self.trace.needs_numbers("a condition of another shape as index")
            given = lift(value, self.trace)
            if given.only is not None and given.only is not key.mask:
                raise Unfollowed(
                    "entries that one condition chooses go where another one does",
                    hint="keep the condition in a variable and use it on both sides",
                )
            given = Array(given.tensor, given.dims, self.trace)
            self.assign(FUNCTIONS["where"](key, given, Array(self.tensor, self.dims, self.trace)))
            return
        keys = key if isinstance(key, tuple) else (key,)
        if not all(part is Ellipsis or _whole(part) for part in keys):
            raise self.trace.needs_numbers("writing to single entries")
        self.assign(lift(value, self.trace))

    def assign(self, value: Array) -> None:
        """Write in place.  Errors: ShapeMismatch; Unfollowed while other views of the data live."""
        living = [ref for ref in self.family if ref() is not None]
        if len(living) > 1:
            raise Unfollowed(
                "an array is written in place while another view of it is in use",
                hint="write to a copy: y = x.copy()",
            )
        if shaping.broadcast(self.dims, value.dims) != self.dims:
            both = f"{shaping.show(value.dims)} into an array of shape {shaping.show(self.dims)}"
            raise ShapeMismatch(f"could not broadcast {both}")
        self.tensor = shaping.repeated(value.plain("written"), value.dims, self.dims)
        self.mask = value.mask if value.dims == self.dims else None

    def __iter__(self) -> Iterator[Any]:
        if not self.dims:
            raise TypeError("iteration over a 0-d array")
        raise self.trace.needs_numbers("a loop over rows")

    def __len__(self) -> int:
        if not self.dims:
            raise TypeError("len() of unsized object")
        first = self.dims[0]
        if isinstance(first, int):
            return first
        raise self.trace.needs_numbers("len")

    # -- what has no value -----------------------------------------------------------------------

    def value(self, message: str, hint: str) -> Fraction:
        """The number that an entry is.  Errors: Unfollowed if it is a symbol."""
        if not self.dims and isinstance(self.tensor, Number):
            return self.tensor.value
        if self.trace.sizes is None and not symbols_in(self.tensor):
            raise self.trace.needs_numbers("a size as a number")
        raise Unfollowed(message, hint=hint)

    def __bool__(self) -> bool:
        return bool(
            self.value(
                "the code branches on the value of an entry, which is a symbol here",
                "choose entry by entry: np.where(x > 0, a, b)",
            )
        )

    def __float__(self) -> float:
        return float(
            self.value(
                "the code turns an entry into a Python number (float(x), math.exp(x)); it is a symbol here",
                "use np.exp and its like, which take arrays",
            )
        )

    def __int__(self) -> int:
        return int(float(self))

    def __index__(self) -> int:
        found = self.value("an entry is used as an index; it is a symbol here", LABELS)
        if found.denominator != 1:
            raise TypeError("only whole numbers can be an index")
        return int(found)

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        if self.trace.sizes is None:
            raise self.trace.needs_numbers("an array of NumPy's own")
        raise Unfollowed("an entry is put into an array of NumPy's own", hint="write it with np.zeros first")

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"<array of shape {shaping.show(self.dims)}>"

    # -- NumPy's protocols -------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if any(is_numpy(value) for value in inputs):
            explicit = self.trace.explicit
            if explicit is None:
                raise self.trace.needs_numbers("an array of NumPy's own")
            return explicit.ufunc(ufunc, method, inputs, options)
        name = ufunc.__name__
        table = {"__call__": UFUNCS, "reduce": REDUCTIONS}.get(method, {})
        if options.pop("where", True) is not True or name not in table:
            suffix = "" if method == "__call__" else f".{method}"
            raise Unfollowed(f"np.{name}{suffix} is not followed")
        targets = options.pop("out", None)
        for harmless in ("dtype", "casting", "order", "subok"):
            options.pop(harmless, None)
        result = table[name](*inputs, **options)
        if targets is None:
            return result
        target = targets[0]
        if not isinstance(target, Array):
            raise Unfollowed(f"np.{name} writes into an array of NumPy's own")
        target.assign(result)
        return target

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        name = function.__name__
        if function.__module__.startswith("numpy.linalg"):
            name = f"linalg.{name}"
        own = FUNCTIONS.get(name)
        if own is not None:
            return own(*args, **options)
        if self.trace.sizes is None:
            raise self.trace.needs_numbers(f"np.{name}")
        raise Unfollowed(f"np.{name} is not followed")


class Size(Array):
    """A size used as a number: the N of ``dx / N``.  As an int it needs explicit sizes."""

    __slots__ = ("dim",)

    def __init__(self, dim: str, trace: Trace) -> None:
        super().__init__(SizeNumber((), dim), (), trace)
        self.dim = dim

    def __eq__(self, other: Any) -> Any:
        if isinstance(other, Size) and other.dim == self.dim:
            return True
        raise self.trace.needs_numbers(f"a question about the size {self.dim}")

    def __ne__(self, other: Any) -> Any:
        return not self == other

    def _unknown(self, *_: Any) -> NoReturn:
        raise self.trace.needs_numbers(f"the size {self.dim} as a number")

    __lt__ = __le__ = __gt__ = __ge__ = _unknown
    __bool__ = __index__ = __int__ = __float__ = _unknown
    __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = __divmod__ = _unknown

    def __hash__(self) -> int:
        return hash(self.dim)

    def __repr__(self) -> str:
        return self.dim


# -- building ----------------------------------------------------------------------------------------


def _whole(part: Any) -> bool:
    return isinstance(part, slice) and (part.start, part.stop, part.step) == (None, None, None)


def dim_of(length: Any) -> Any:
    """The dim that a length in a shape means."""
    return length.dim if isinstance(length, Size) else operator.index(length)


def lift(value: Any, trace: Trace) -> Array:
    """The array that an operand means.  Errors: Unfollowed for what is no number."""
    if isinstance(value, Array):
        return value
    if not isinstance(value, int | float | Fraction) and hasattr(value, "item") and not is_numpy(value):
        value = value.item()
        if isinstance(value, Array):
            return value
    if isinstance(value, int | float | Fraction):
        return Array(exact(value), (), trace)
    if is_numpy(value) or isinstance(value, list | tuple):
        if trace.sizes is None:
            raise trace.needs_numbers("an array of numbers")
        raise Unfollowed("an array of numbers where a number is meant")
    raise Unfollowed(f"{type(value).__name__} is nothing to calculate with")


def trace_of(values: tuple[Any, ...]) -> Trace:
    """The run that the operands belong to."""
    return next(value.trace for value in values if isinstance(value, Array))


def product_of(lengths: tuple[Any, ...]) -> Any:
    """The product of lengths; 1 for none."""
    total: Any = 1
    for length in lengths:
        total = length * total
    return total


def elementwise(op: str, *values: Any, params: tuple[Any, ...] = ()) -> Array:
    """An operation entry by entry, after broadcasting."""
    trace = trace_of(values)
    operands = [lift(value, trace) for value in values]
    dims = shaping.broadcast(*(operand.dims for operand in operands))
    only = None
    for operand in operands:
        if operand.only is not None:
            if only not in (None, operand.only) or operand.dims != dims:
                raise Unfollowed("entries that different conditions choose are put together")
            only = operand.only
    if only is not None and any(operand.dims and operand.only is None for operand in operands):
        raise Unfollowed(
            "entries that a condition chooses meet a whole array",
            hint="use np.where(condition, a, 0), which keeps the shape",
        )
    tensors = [shaping.aligned(operand.tensor, operand.dims, dims) for operand in operands]
    folded = _folded(op, tensors)
    tensor = apply(op, *map(spelled, tensors), params=params) if folded is None else folded
    return Array(tensor, dims, trace, only=only)


def _folded(op: str, tensors: list[Tensor]) -> Tensor | None:
    """Sums with 0 and products with 1, which loops begin with, and arithmetic of numbers; else None."""
    match op, tensors:
        case "add", [Number(value=a), Number(value=b)]:
            return exact(a + b)
        case "mul", [Number(value=a), Number(value=b)]:
            return exact(a * b)
        case "neg", [Number(value=a)]:
            return exact(-a)
        case "add", [Number(value=a), other] | [other, Number(value=a)] if a == 0:
            return other
        case "mul", [Number(value=a), other] | [other, Number(value=a)] if a == 1:
            return other
    return None
