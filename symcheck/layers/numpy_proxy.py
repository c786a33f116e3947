"""What a layer's file sees as NumPy while the layer runs: new arrays are made of formulas as well.

NumPy's protocols cover functions of arrays, not ``np.zeros(x.shape)``: a fresh array of NumPy's own could
not take formulas.  Everything else is NumPy itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from symcheck.language.tensor import apply
from symcheck.layers.arrays import Array, Size, lift, product_of
from symcheck.layers.explicit import Kernel
from symcheck.layers.rearranging import constant, lift_dims
from symcheck.layers.trace import Trace, Unfollowed


class Proxy(ModuleType):
    """NumPy, but for the functions that make arrays and for random numbers."""

    def __init__(self, numpy: Any, trace: Trace) -> None:
        super().__init__("numpy")
        self._numpy = numpy
        self._makers = makers(numpy, trace)

    def __getattr__(self, name: str) -> Any:
        if name == "random":
            raise Unfollowed(
                "the layer draws random numbers, so that it is no function of its inputs",
                hint="hand the random mask in as an input: forward(self, x, mask)",
                code="SC016",
            )
        return self._makers.get(name) or getattr(self._numpy, name)


def makers(numpy: Any, trace: Trace) -> dict[str, Callable[..., Any]]:
    """Name → a function that makes an array."""
    kernel = trace.explicit

    def filled(value: Any) -> Callable[..., Any]:
        def make(shape: Any, *_: Any, **__: Any) -> Any:
            if isinstance(kernel, Kernel):
                return kernel.filled(shape, value)
            if value is None:
                raise trace.needs_numbers("np.empty")
            dims = lift_dims(shape)
            return Array(constant(lift(value, trace).tensor, dims), dims, trace)

        return make

    def full(shape: Any, fill_value: Any, *_: Any, **__: Any) -> Any:
        return filled(fill_value)(shape)

    def eye(rows: Any, columns: Any = None, *_: Any, **__: Any) -> Any:
        if isinstance(kernel, Kernel):
            return numpy.eye(rows, columns).astype(object).view(kernel.kind)
        dims = lift_dims((rows, rows if columns is None else columns))
        if dims[0] != dims[1] or dims[0] == 1:
            raise trace.needs_numbers("np.eye")
        return Array(apply("eye", params=((dims[0],),)), dims, trace)

    def array(value: Any, *args: Any, **options: Any) -> Any:
        if isinstance(value, Array):
            return value.copy()
        if isinstance(kernel, Kernel):
            if isinstance(value, kernel.kind):
                return value.copy()
            if isinstance(value, list | tuple) and _holds_entries(value):
                parts = [
                    array(part) if not isinstance(part, Array) else kernel.of(part, trace) for part in value
                ]
                return numpy.stack(
                    [numpy.asarray(kernel.of(part, trace), dtype=object) for part in parts]
                ).view(kernel.kind)
        elif isinstance(value, list | tuple) and _holds_entries(value):
            raise trace.needs_numbers("np.array")
        return numpy.array(value, *args, **options)

    def asarray(value: Any, *args: Any, **options: Any) -> Any:
        is_ours = isinstance(value, Array) or (isinstance(kernel, Kernel) and isinstance(value, kernel.kind))
        return value if is_ours else array(value, *args, **options)

    def prod(value: Any, *args: Any, **options: Any) -> Any:
        if isinstance(value, tuple | list) and any(isinstance(part, Size) for part in value):
            return product_of(tuple(value))
        return numpy.prod(value, *args, **options)

    class ArrayKind(type):
        """Asks whether a value is an array, as the code would be answered for arrays of numbers."""

        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, numpy.ndarray) or (isinstance(value, Array) and bool(value.dims))

    class ndarray(metaclass=ArrayKind):
        """Any array."""

    def isscalar(value: Any) -> bool:
        return not value.dims if isinstance(value, Array) else bool(numpy.isscalar(value))

    return {
        "ndarray": ndarray,
        "isscalar": isscalar,
        "zeros": filled(0),
        "ones": filled(1),
        "empty": filled(None),
        "full": full,
        "eye": eye,
        "identity": eye,
        "array": array,
        "asarray": asarray,
        "ascontiguousarray": asarray,
        "prod": prod,
    }


def length(value: Any) -> Any:
    """Python's `len`, which can only say numbers: of an array of ours its first size."""
    return value.shape[0] if isinstance(value, Array) and value.dims else len(value)


def _holds_entries(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_holds_entries, value))
    return isinstance(value, Array) or getattr(value, "dtype", "") == "O"


@contextmanager
def seen_as_numpy(namespace: dict[str, Any], trace: Trace) -> Iterator[None]:
    """Within, the names of a file that mean NumPy, or a function of it that makes arrays, mean ours."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        yield
        return
    own_len = "len" in namespace
    if not own_len:
        namespace["len"] = length
    proxy = Proxy(numpy, trace)
    ours = {id(getattr(numpy, name)): function for name, function in proxy._makers.items()}
    before = {}
    for name, value in namespace.items():
        if value is numpy:
            before[name], namespace[name] = value, proxy
        elif callable(value) and id(value) in ours:
            before[name], namespace[name] = value, ours[id(value)]
    try:
        yield
    finally:
        namespace.update(before)
        if not own_len:
            namespace.pop("len", None)
