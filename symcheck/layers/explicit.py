"""Arrays at explicit sizes: NumPy's own object arrays, each entry a formula.

Loops, slices, reshapes and writing in place are then NumPy's, to the letter.  A subclass of its array is
needed only where NumPy would ask an entry for its truth value: comparisons, maxima, choices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from typing import Any

from symcheck.layers import functions  # noqa: F401  (fills the tables)
from symcheck.layers.arrays import LABELS, Array
from symcheck.layers.conditions import where
from symcheck.layers.tables import REDUCTIONS, UFUNCS
from symcheck.layers.trace import Trace, Unfollowed

PRODUCTS = frozenset(("matmul", "vecdot", "matvec", "vecmat"))
"""Ufuncs that NumPy works out for objects by itself."""
ORDERS = frozenset(
    ("argmax", "argmin", "argsort", "sort", "partition", "argpartition", "searchsorted", "unique", "median")
)
"""Functions that put entries in order, which symbols do not have."""


class Kernel:
    """NumPy's arrays with formulas as entries, for one run."""

    def __init__(self, numpy: Any) -> None:
        self.numpy = numpy
        self.kind = entries_class(numpy)

    def array(self, entries: Sequence[Array], shape: tuple[int, ...]) -> Any:
        """An array of these entries, the last axis fastest."""
        flat = self.numpy.empty(len(entries), dtype=object)
        for place, entry in enumerate(entries):
            flat[place] = entry
        return flat.reshape(shape).view(self.kind)

    def filled(self, shape: Any, entry: Any) -> Any:
        """Every entry the same."""
        made = self.numpy.empty(shape, dtype=object)
        made.fill(entry)
        return made.view(self.kind)

    def of(self, value: Any, trace: Trace) -> Any:
        """NumPy's own array of numbers as one of formulas; a number of ours as an array of one entry."""
        if isinstance(value, Array):
            return self.array([value], ())
        if isinstance(value, self.numpy.ndarray) and not isinstance(value, self.kind):
            return value.astype(object).view(self.kind)
        return value

    def ufunc(self, ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """A ufunc among whose operands are numbers of ours and arrays of NumPy."""
        trace = next(value.trace for value in inputs if isinstance(value, Array))
        return getattr(ufunc, method)(*(self.of(value, trace) for value in inputs), **options)


@cache
def entries_class(numpy: Any) -> Any:
    """The subclass of NumPy's array, made once NumPy is there."""

    class Chosen(numpy.lib.mixins.NDArrayOperatorsMixin):  # type: ignore[misc]
        """``x[mask]``: arithmetic with numbers and with other entries of the same mask, and nothing else."""

        def __init__(self, values: Any, mask: Any) -> None:
            self.values = values
            self.mask = mask

        def under(self, mask: Any) -> Any:
            """All values, for a place where the same condition chooses again."""
            if self.mask is not mask:
                raise Unfollowed(
                    "entries that one condition chooses go where another one does",
                    hint="keep the condition in a variable and use it on both sides",
                )
            return self.values

        def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **_: Any) -> Any:
            parts = [one.under(self.mask) if isinstance(one, Chosen) else one for one in inputs]
            if method != "__call__" or any(
                getattr(part, "shape", ()) and not isinstance(one, Chosen)
                for one, part in zip(inputs, parts, strict=True)
            ):
                raise Unfollowed(
                    "entries that a condition chooses meet a whole array",
                    hint="use np.where(condition, a, 0), which keeps the shape",
                )
            result = ufunc(*parts)
            if out is None:
                return Chosen(result, self.mask)
            out[0].values = result
            return out[0]

    class Entries(numpy.ndarray):  # type: ignore[misc]
        """An array of formulas."""

        def __array_ufunc__(
            self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any
        ) -> Any:
            name = ufunc.__name__
            raw = [_raw(numpy, value) for value in inputs]
            if options.pop("where", True) is not True:
                raise Unfollowed(f"np.{name} with where=", hint="np.where(condition, a, b)")
            for harmless in ("dtype", "casting", "order", "subok"):
                options.pop(harmless, None)
            if name in PRODUCTS:
                result = getattr(ufunc, method)(*raw, **options)
            elif name not in UFUNCS:
                raise Unfollowed(f"np.{name} is not followed")
            else:
                result = _applied(numpy, name, ufunc.nin, method, raw, options)
            result = _kept(numpy, result, Entries)
            if out is None:
                return result
            if out[0].dtype != object:
                raise Unfollowed("an array of formulas is written into one of NumPy's numbers")
            out[0][...] = result
            return out[0]

        def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
            name = function.__name__
            if name in ORDERS:
                raise Unfollowed(f"np.{name} puts entries in order; they are symbols here")
            own = OWN.get(name)
            if own is None and function.__module__.startswith("numpy.linalg"):
                raise Unfollowed(f"np.linalg.{name} is not followed at explicit sizes")
            if own is not None:
                return own(numpy, Entries, *args, **options)
            return super().__array_function__(function, types, args, options)

        def __setitem__(self, key: Any, value: Any) -> None:
            if _is_mask(key):
                if isinstance(value, Chosen):
                    value = value.under(key)
                value = _choose(numpy, Entries, key, value, self)
                key = Ellipsis
            _refuse_symbols(key)
            super().__setitem__(key, value)

        def __getitem__(self, key: Any) -> Any:
            if _is_mask(key):
                return Chosen(self.copy(), key)
            _refuse_symbols(key)
            return super().__getitem__(key)

        def mean(self, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
            """Σ over axes, over the number of what is summed."""
            count = self.size // max(1, _length(self.sum(axis=axis)))
            return self.sum(axis=axis, keepdims=keepdims) / count

        def var(
            self, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0, keepdims: bool = False
        ) -> Any:
            """Σ (x − mean)² over the number of entries less ddof."""
            count = self.size // max(1, _length(self.sum(axis=axis)))
            deviation = self - self.mean(axis=axis, keepdims=True)
            return (deviation**2).sum(axis=axis, keepdims=keepdims) / (count - ddof)

        def std(self, axis: Any = None, **options: Any) -> Any:
            """The root of the variance."""
            return numpy.sqrt(self.var(axis=axis, **options))

        def argmax(self, *_: Any, **__: Any) -> Any:
            """Refused: which entry is the greatest is no number here."""
            raise Unfollowed(
                "argmax asks which entry is the greatest; they are symbols here",
                hint="compare with the maximum: x == x.max(axis=1, keepdims=True)",
            )

        def argmin(self, *_: Any, **__: Any) -> Any:
            """Refused likewise."""
            raise Unfollowed(
                "argmin asks which entry is the least; they are symbols here",
                hint="compare with the minimum: x == x.min(axis=1, keepdims=True)",
            )

        def clip(self, min: Any = None, max: Any = None, **_: Any) -> Any:
            """Not below the first, not above the second."""
            low = self if min is None else numpy.maximum(self, min)
            return low if max is None else numpy.minimum(low, max)

        def astype(self, kind: Any, *_: Any, **__: Any) -> Any:
            """Truth values become numbers; numbers stay."""
            convert = numpy.frompyfunc(lambda entry: _astype(entry, kind), 1, 1)
            return _kept(numpy, convert(self.view(numpy.ndarray)), Entries)

    return Entries


def _length(value: Any) -> int:
    return int(getattr(value, "size", 1)) if not isinstance(value, Array) else 1


def _astype(entry: Any, kind: Any) -> Any:
    return entry.astype(kind) if isinstance(entry, Array) else entry


def _raw(numpy: Any, value: Any) -> Any:
    """What a ufunc of Python functions can take: a plain object array."""
    if isinstance(value, numpy.ndarray):
        return value.view(numpy.ndarray) if value.dtype == object else value.astype(object)
    if isinstance(value, Array):
        one = numpy.empty(1, dtype=object)
        one[0] = value
        return one.reshape(())
    return value


def _kept(numpy: Any, value: Any, kind: Any) -> Any:
    return value.view(kind) if isinstance(value, numpy.ndarray) else value


def _entrywise(name: str) -> Callable[..., Any]:
    function = UFUNCS[name]

    def entry(*values: Any) -> Any:
        if any(isinstance(value, Array) for value in values):
            return function(*values)
        raise Unfollowed(f"np.{name} of numbers among formulas")

    return entry


def _applied(numpy: Any, name: str, count: int, method: str, raw: list[Any], options: dict[str, Any]) -> Any:
    """A ufunc entry by entry; ``reduce`` along several axes one after the other."""
    function = _mixed(numpy, name, count)
    if method != "reduce":
        if method not in ("__call__", "outer", "accumulate", "at") or (
            method == "accumulate" and name != "add"
        ):
            raise Unfollowed(f"np.{name}.{method} is not followed")
        if method == "accumulate":
            raw[0] = _counting(numpy, raw[0])
        return getattr(function, method)(*raw, **options)
    if name not in REDUCTIONS and name != "multiply":
        raise Unfollowed(f"np.{name}.reduce is not followed")
    (value,) = raw
    axis, keepdims = options.pop("axis", 0), options.pop("keepdims", False)
    if name == "add":
        value = _counting(numpy, value)
    if options:
        raise Unfollowed(f"np.{name}.reduce with {', '.join(options)}=")
    axes = range(value.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    for one in sorted((a % value.ndim for a in axes), reverse=True):
        value = function.reduce(value, axis=one, keepdims=True)
    if keepdims:
        return value
    result = value.reshape([n for k, n in enumerate(value.shape) if k not in {a % value.ndim for a in axes}])
    return result[()] if not result.ndim else result


def _counting(numpy: Any, value: Any) -> Any:
    """Truth values as numbers: + of them is "or", their sum a count."""
    return numpy.frompyfunc(lambda entry: _astype(entry, float), 1, 1)(value)


def _mixed(numpy: Any, name: str, count: int) -> Any:
    """The meaning of a ufunc for single entries, some of which may be plain numbers."""
    function, plain = UFUNCS[name], getattr(numpy, name)

    def entry(*values: Any) -> Any:
        if any(isinstance(value, Array) for value in values):
            return function(*values)
        return plain(*values)

    return numpy.frompyfunc(entry, count, 1)


# -- conditions, and what NumPy would decide by truth values ---------------------------------------------


def _is_mask(key: Any) -> bool:
    if getattr(key, "dtype", "") != "O" or not getattr(key, "size", 0):
        return False
    return all(isinstance(entry, Array) and entry.mask is not None for entry in key.flat)


def _refuse_symbols(key: Any) -> None:
    """Errors: Unfollowed where entries are chosen by entries."""
    for part in key if isinstance(key, tuple) else (key,):
        if getattr(part, "dtype", "") == "O" and any(isinstance(entry, Array) for entry in part.flat):
            raise Unfollowed("an entry is used as an index; it is a symbol here", hint=LABELS)


def _choose(numpy: Any, kind: Any, condition: Any, *values: Any) -> Any:
    if len(values) != 2:
        raise Unfollowed("np.where of a condition alone", hint="np.where(condition, a, b)")

    def entry(chosen: Any, then: Any, other: Any) -> Any:
        if isinstance(chosen, Array):
            return where(chosen, then, other)
        return then if chosen else other

    raw = [_raw(numpy, value) for value in (condition, *values)]
    return _kept(numpy, numpy.frompyfunc(entry, 3, 1)(*raw), kind)


def _clip(numpy: Any, kind: Any, x: Any, *bounds: Any, **named: Any) -> Any:
    low, high = (*bounds, None, None)[:2]
    return kind.clip(x, named.get("a_min", named.get("min", low)), named.get("a_max", named.get("max", high)))


def _norm(numpy: Any, kind: Any, x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if ord not in (None, 2, "fro"):
        raise Unfollowed(f"np.linalg.norm of order {ord}", hint="write the sum out")
    return numpy.sqrt((x**2).sum(axis=axis, keepdims=keepdims))


def _filled(value: int) -> Callable[..., Any]:
    def like(numpy: Any, kind: Any, x: Any, dtype: Any = None, shape: Any = None, **_: Any) -> Any:
        made = numpy.empty(x.shape if shape is None else shape, dtype=object)
        made.fill(value)
        return made.view(kind)

    return like


def _full(numpy: Any, kind: Any, x: Any, fill_value: Any, **_: Any) -> Any:
    made = numpy.empty(x.shape, dtype=object)
    made.fill(fill_value)
    return made.view(kind)


OWN: dict[str, Callable[..., Any]] = {
    "where": _choose,
    "clip": _clip,
    "norm": _norm,
    "zeros_like": _filled(0),
    "ones_like": _filled(1),
    "full_like": _full,
}
"""Functions that NumPy's own code would decide by the truth of an entry, or do in floating point."""


def entries_of(value: Any) -> list[Any]:
    """All entries of an array of NumPy's, the last axis fastest."""
    return [value[place] for place in product(*map(range, value.shape))]
