"""A layer is run: on symbols of symbolic size, or at explicit sizes; its errors are told as its own.

Running a layer runs the code of its author, under a clock.
"""

from __future__ import annotations

import inspect
import random
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import count, product
from types import FrameType
from typing import Any

from symcheck.errors import LayerFailed, Location, NotSupported, SymcheckError
from symcheck.language.shape import Dim
from symcheck.language.tensor import Symbol, Tensor, apply, entry, variable
from symcheck.layers.arrays import Array, lift
from symcheck.layers.explicit import Kernel, entries_of
from symcheck.layers.finding import CACHES, Layer, parameters
from symcheck.layers.numpy_proxy import seen_as_numpy
from symcheck.layers.shaping import Dims, squeezed
from symcheck.layers.source import Source
from symcheck.layers.trace import NeedsNumbers, Trace, Unfollowed

FORWARD, CONSTRUCTOR, ATTRIBUTE = "forward", "constructor", "attribute"
"""Where an input goes: handed to forward, handed to __init__, or put in place of what __init__ made."""


STEPS = (1, 2)
"""Between the explicit sizes that are tried: 2, 3, 4, …; where the code fails at these 2, 4, 6, …"""


class _TooLong(BaseException):
    """The clock rang inside the author's code."""


@dataclass(frozen=True, slots=True)
class Input:
    """A name that a layer takes or holds, with its symbol."""

    name: str
    symbol: Symbol
    dims: Dims
    """As NumPy counts axes; the symbol lacks those of length 1."""
    role: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of one run."""

    trace: Trace
    out: tuple[Tensor, Dims]
    """What forward returned, taken down before backward could write into it."""
    instance: Any = None
    returned: Any = None
    """What backward returned."""
    upstream: bool = False
    """Whether backward was given a gradient of the output."""


Upstream = Callable[[Dims, Trace], Any]
"""(shape of the output, run) → the gradient with respect to it, as backward is to receive it."""


@dataclass(frozen=True)
class Runner:
    """Runs one layer on the symbols of its inputs."""

    layer: Layer
    inputs: tuple[Input, ...]
    seconds: float
    """For one run, wall time."""

    def run(self, sizes: Mapping[Dim, int] | None, upstream: Upstream) -> Outcome:
        """Constructor, forward, backward.

        Errors: NeedsNumbers where symbolic sizes do not do; LayerFailed and other SymcheckErrors, with the
        line of the layer's file.
        """
        with self.told(), within(self.seconds):
            trace = Trace(sizes, kernel() if sizes is not None else None)
            instance = self._instance(trace)
            with seen_as_numpy(self.layer.namespace, trace), nothing_drawn():
                return self._run(instance, trace, upstream)

    def _run(self, instance: Any, trace: Trace, upstream: Upstream) -> Outcome:
        handed = {i.name: value_of(i.symbol, i.dims, trace) for i in self.inputs if i.role == FORWARD}
        if instance is None:
            both = self.layer.forward(**handed)
            out, cache = both if isinstance(both, tuple) and len(both) == 2 else (both, None)
            backward, taken = self.layer.backward, parameters(self.layer.backward)
        else:
            out, cache = instance.forward(**handed), None
            backward, taken = instance.backward, parameters(self.layer.backward, self.layer.owner)
        if isinstance(out, tuple | list | dict) or out is None:
            raise LayerFailed(
                f"forward returns {'nothing' if out is None else 'several arrays'}, where one array is meant",
                hint="return the output alone; what backward needs is kept in self.cache",
            )
        result = tensor_of(out, trace)
        arguments: dict[str, Any] = {}
        given = False
        for parameter in taken:
            if parameter.name.lower() in CACHES and instance is None:
                arguments[parameter.name] = cache
            elif not given and parameter.default is not None:
                arguments[parameter.name], given = upstream(result[1], trace), True
            elif parameter.default is inspect.Parameter.empty:
                raise LayerFailed(
                    f"backward takes {parameter.name}, and nothing says what that is",
                    hint="backward(self), backward(self, upstream) or NAME_backward(dout, cache)",
                )
        return Outcome(trace, result, instance, backward(**arguments), given)

    # -- the instance ----------------------------------------------------------------------------

    def _instance(self, trace: Trace) -> Any:
        """An object of the class, its parameters symbols; None for a pair of functions."""
        if self.layer.owner is None:
            return None
        symbols = {i.name: i for i in self.inputs if i.role != FORWARD}
        held = {name: i for name, i in symbols.items() if i.role == ATTRIBUTE}
        lengths = count(2)
        arguments: dict[str, Any] = {}
        for parameter in self.layer.constructor():
            known = symbols.get(parameter.name)
            if known is not None:
                arguments[parameter.name] = value_of(known.symbol, known.dims, trace)
            elif parameter.default is inspect.Parameter.empty:
                # what __init__ makes of such a length is replaced by symbols below
                arguments[parameter.name] = (trace.sizes or {}).get(parameter.name) or next(lengths)
        instance = self.layer.owner(**arguments)
        for name, one in held.items():
            self._put(instance, name, value_of(one.symbol, one.dims, trace))
        return instance

    def _put(self, instance: Any, name: str, value: Any) -> None:
        """In the place of the array that __init__ made."""
        stores = (vars(instance).get("params"), vars(instance).get("parameters"))
        store = next((s for s in stores if isinstance(s, dict) and name in s), None)
        if store is not None:
            store[name] = value
        elif hasattr(instance, name):
            setattr(instance, name, value)
        else:
            raise LayerFailed(
                f"a shape is given for {name}, but {self.layer.name} has no such input or attribute",
                hint="names in shapes are parameters of forward or attributes that __init__ sets",
            )

    # -- errors ----------------------------------------------------------------------------------

    @contextmanager
    def told(self) -> Iterator[None]:
        """Errors of the layer's code get the line they come from."""
        try:
            yield
        except NeedsNumbers as error:
            if error.sizes is None:
                raise
            raise self.located(NotSupported(f"{error.reason} is not followed"), error) from None
        except Unfollowed as error:
            refusal = SymcheckError(error.message, code=error.code, hint=error.hint)
            raise self.located(refusal, error) from None
        except SymcheckError as error:
            raise self.located(error, error) from None
        except _TooLong as error:
            raise self.located(
                LayerFailed(
                    f"{self.layer.name} does not finish within {self.seconds:g} s",
                    hint="an endless loop, or a larger --timeout",
                ),
                error,
            ) from None
        except (Exception, SystemExit) as error:
            what = f"{self.layer.name} fails: {type(error).__name__}: {error}"
            raise self.located(LayerFailed(what), error) from None

    def located(self, error: SymcheckError, raised: BaseException) -> SymcheckError:
        """The error with the innermost line of the layer's own file."""
        if error.location is None or error.location.file is None:
            source = Source(self.layer.forward)
            frames = traceback.extract_tb(raised.__traceback__)
            lines = [f.lineno for f in frames if f.filename == source.file and f.lineno]
            error.location = line_of(source, lines[-1]) if lines else source.place()
        return error


def line_of(source: Source, line: int) -> Location | None:
    """A whole line of a file."""
    if not 0 < line <= len(source.lines):
        return None
    text = source.lines[line - 1].rstrip("\n")
    start = len(text) - len(text.lstrip())
    return Location(source.file, line, start + 1, line, len(text) + 1, text)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop Python code that runs too long; where the system has no such clock, it may run on."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def nothing_drawn() -> Iterator[None]:
    """Refuse code that draws random numbers, from Python's generator or NumPy's global one."""
    before = _generators()
    yield
    if _generators() != before:
        raise LayerFailed(
            "the layer draws random numbers, so that it is no function of its inputs",
            hint="hand the random mask in as an input: forward(self, x, mask)",
        )


def _generators() -> tuple[Any, ...]:
    numpy = sys.modules.get("numpy")
    drawn = [random.getstate()]
    if numpy is not None:
        state = numpy.random.get_state()
        drawn.append((state[0], state[1].tobytes(), *state[2:]))
    return tuple(drawn)


def kernel() -> Kernel:
    """NumPy's own arrays with formulas as entries.  Errors: LayerFailed without NumPy."""
    try:
        return Kernel(import_module("numpy"))
    except ImportError:
        raise LayerFailed(
            "this code needs explicit sizes, for which NumPy has to be installed",
            hint="pip install numpy, or write the layer with whole arrays: no loops, slices and reshapes",
        ) from None


# -- values in and out ---------------------------------------------------------------------------------


def value_of(symbol: Symbol, dims: Dims, trace: Trace) -> Any:
    """The symbol as the layer's code meets it."""
    if trace.sizes is None or not isinstance(trace.explicit, Kernel):
        return Array(variable(symbol), dims, trace)
    lengths = tuple(dim if isinstance(dim, int) else trace.sizes[dim] for dim in dims)
    if not lengths:
        return Array(variable(symbol), (), trace)
    entries = []
    for place in product(*map(range, lengths)):
        at = tuple(k for k, dim in zip(place, dims, strict=True) if dim != 1)
        one: Tensor = entry(variable(symbol), at) if at else variable(symbol)
        entries.append(Array(one, (), trace))
    return trace.explicit.array(entries, lengths)


def tensor_of(value: Any, trace: Trace) -> tuple[Tensor, Dims]:
    """What code returned, as a formula and its NumPy shape.  Errors: LayerFailed if it is no array."""
    if isinstance(value, Array):
        return value.plain("returned"), value.dims
    if hasattr(value, "__array_interface__") and value.shape:
        dims: Dims = tuple(int(length) for length in value.shape)
        entries = [lift(one, trace).plain("returned") for one in entries_of(value)]
        if len(entries) == 1:
            return entries[0], dims
        return apply("gathered", *entries, params=squeezed(dims)), dims
    try:
        return lift(value, trace).tensor, ()
    except Unfollowed:
        raise LayerFailed(f"{type(value).__name__} is returned, where an array is meant") from None
