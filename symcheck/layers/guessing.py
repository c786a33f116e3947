"""Shapes that nobody gave: found by running the layer with every axis a size of its own.

Where two sizes would have to be one, they become one, and the layer is run again; the ranks are tried in
the order that the names suggest.  A guess is taken only if the code runs and every gradient has the shape
of its input.  Nothing is judged by it but what the verdict then says: *no shapes given, taken as …*.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, product
from typing import Any

from symcheck.errors import LayerFailed, NotSupported, ReadError, ShapeMismatch, SymcheckError
from symcheck.language.shape import Dim
from symcheck.language.tensor import Symbol
from symcheck.layers import shaping
from symcheck.layers.finding import Layer
from symcheck.layers.gradients import SPELLINGS, gradients
from symcheck.layers.running import ATTRIBUTE, CONSTRUCTOR, FORWARD, STEPS, Input, Runner, tensor_of, value_of
from symcheck.layers.shaping import Dims, Unequal, squeezed
from symcheck.layers.trace import NeedsNumbers, Trace

RUNS = 48
"""Most ranks tried."""
MERGED = 24
"""Most pairs of sizes that become one."""
PROBES = (5, 7, 11, 13, 17, 19, 23, 29)
"""Lengths handed to __init__, to be recognised in the shapes of what it makes."""
LETTERS = ("N", "n", "m", "k", "p", "q", "r", "s", "t")

_MATRIX = re.compile(r"[A-Z]|w|w\d|w_\w+|weights?\w*|kernel|embed\w*", re.ASCII)
_ROW = re.compile(r"b|b\d|b_\w+|bias\w*|beta\w*|gamma\w*|scale|shift|mu|mean|var", re.ASCII)
_NUMBER = re.compile(r"alpha|eps|epsilon|lam|lambd|lambda_|lr|reg|tau|temp|temperature|slope|p", re.ASCII)

Ranks = Mapping[str, int]
Shapes = dict[str, Dims]


@dataclass(frozen=True, slots=True)
class Guess:
    """Shapes for names that had none."""

    handed: Shapes
    """Of parameters of forward."""
    made: Shapes
    """Of scalar parameters of __init__."""
    held: Shapes
    """Of arrays that __init__ makes."""

    def told(self) -> list[str]:
        """``x: N n``, for the verdict to say."""
        return [
            f"{name}: {' '.join(map(str, dims)) or 'scalar'}"
            for name, dims in {**self.handed, **self.held, **self.made}.items()
        ]


@dataclass(frozen=True, slots=True)
class _Tried:
    """What came of one guess."""

    shapes: Shapes
    ran: bool = False
    misfits: tuple[str, ...] = ()
    """Inputs whose gradient has another shape."""
    error: SymcheckError | None = None

    @property
    def fits(self) -> bool:
        return self.ran and not self.misfits


def guessed(layer: Layer, known: Mapping[str, Dims], seconds: float) -> Guess | None:
    """Shapes for what a layer takes and holds, where none are given; None if there is nothing to guess.

    `known`: shapes that are given.
    Errors: LayerFailed if no guess fits, or if two do that say different things; the layer's own errors.
    """
    handed = [p.name for p in layer.inputs() if p.default is p.empty and p.name not in known]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(ReadError):
        held, sizes = _arrays_of(layer)
        held = {name: dims for name, dims in held.items() if name not in known}
    if not handed and not held:
        return None
    made = [
        p.name
        for p in layer.constructor()
        if p.default is p.empty and p.name not in (*known, *sizes, *layer_names(layer))
    ]
    return _Search(layer, known, handed, made if not sizes else [], held, seconds).found()


def layer_names(layer: Layer) -> list[str]:
    """The parameters of forward."""
    return [parameter.name for parameter in layer.inputs()]


def _arrays_of(layer: Layer) -> tuple[Shapes, set[str]]:
    """The arrays that __init__ makes, and which of its parameters are sizes.

    It is run with numbers that are recognised in the shapes of what it makes.
    """
    numbers: dict[str, int] = {}
    for parameter, probe in zip(layer.constructor(), PROBES, strict=False):
        whole = isinstance(parameter.default, int) and not isinstance(parameter.default, bool)
        if parameter.default is inspect.Parameter.empty or (whole and parameter.default > 1):
            numbers[parameter.name] = probe
    if layer.owner is None or (not layer.constructor() and layer.owner.__init__ is object.__init__):
        return {}, set()
    try:
        instance = layer.owner(**numbers)
    except Exception:
        return {}, set()
    names = {probe: name for name, probe in numbers.items()}
    found: Shapes = {}
    for name, value in _held(instance):
        shape = getattr(value, "shape", ())
        if hasattr(value, "__array_interface__") and shape and value.dtype.kind == "f":
            found[name] = tuple(names.get(int(length), int(length)) for length in shape)
    gradients_of = {spelling.format(name) for name in found for spelling in SPELLINGS}
    kept = {name: dims for name, dims in found.items() if name not in gradients_of}
    return kept, {dim for dims in kept.values() for dim in dims if isinstance(dim, str)}


def _held(instance: Any) -> Iterator[tuple[str, Any]]:
    held = vars(instance) if hasattr(instance, "__dict__") else {}
    yield from held.items()
    for store in (held.get("params"), held.get("parameters")):
        if isinstance(store, dict):
            yield from ((str(key), value) for key, value in store.items())


class _Search:
    """One layer whose shapes are sought."""

    def __init__(
        self,
        layer: Layer,
        known: Mapping[str, Dims],
        handed: Sequence[str],
        made: Sequence[str],
        held: Shapes,
        seconds: float,
    ) -> None:
        self.layer = layer
        self.known = known
        self.handed = handed
        self.made = made
        self.held = held
        self.seconds = seconds
        self.numbers = {d for dims in (*held.values(), *known.values()) for d in dims if isinstance(d, int)}
        self.fixed = {d for dims in known.values() for d in dims}
        self.until = time.monotonic() + seconds

    def found(self) -> Guess:
        """The first guess that fits."""
        tried: list[_Tried] = []
        for ranks in self._orders():
            if time.monotonic() > self.until:
                break
            one = self._tried(ranks)
            if not tried and one.error is not None and one.error.code == NotSupported.code:
                # what cannot be followed at the likeliest shapes is no matter of shapes
                raise one.error
            tried.append(one)
            if one.fits and (self._is_array(one) or not any(other.ran for other in tried[:-1])):
                return self._settled(one, tried)
        ran = next((one for one in tried if one.ran), None)
        if ran is not None:
            return self._guess(ran)
        raise self._failure(tried)

    def _is_array(self, one: _Tried) -> bool:
        """Whether the first input is an array: of numbers alone nearly everything fits."""
        return not self.handed or bool(one.shapes[self.handed[0]])

    def _settled(self, one: _Tried, tried: Sequence[_Tried]) -> Guess:
        """The guess that fits, unless what the names suggest runs and does not fit: then it is asked for."""
        likely = next((other for other in tried if other.ran), one)
        if likely is not one and self._suggestive():
            name = likely.misfits[0]
            raise LayerFailed(
                f"no shapes are given: with {self._shown(likely)} the gradient in {name} has another shape, "
                f"with {self._shown(one)} every one fits",
                hint=f"say which is meant: shapes = '{self._shown(likely)}'",
            )
        return self._guess(one)

    def _suggestive(self) -> bool:
        """Whether a name says what it is."""
        return bool(self.held) or any(_MATRIX.fullmatch(n) or _ROW.fullmatch(n) for n in self.handed)

    def _guess(self, one: _Tried) -> Guess:
        shapes = self._lettered(one.shapes)
        return Guess(
            {name: shapes[name] for name in self.handed},
            dict.fromkeys(self.made, ()),
            {name: shapes[name] for name in self.held},
        )

    def _failure(self, tried: Sequence[_Tried]) -> SymcheckError:
        """Why no guess ran: the code's own error where that has nothing to do with shapes."""
        errors = [one.error for one in tried if one.error is not None]
        own = [error for error in errors if not _about_shapes(error)]
        if own:
            # the one that came furthest
            return max(own, key=lambda error: (error.code == NotSupported.code, _line(error)))
        names = [*self.handed, *self.held]
        rows = "; ".join(
            f"{name}: {'N n' if number == 0 else 'n m' if _MATRIX.match(name) else 'm'}"
            for number, name in enumerate(names)
        )
        furthest = max(errors, key=_line) if errors else None
        why = f": {furthest.message}" if furthest is not None else ""
        failed = LayerFailed(
            f"the shapes of {', '.join(names)} are not given, and none that was tried fits{why}",
            hint=f"say them in the class: shapes = '{rows}'",
        )
        failed.location = furthest.location if furthest is not None else None
        return failed

    # -- guesses, the likelier first -----------------------------------------------------------------

    def _orders(self) -> Iterator[Ranks | None]:
        """None stands for one vector of one size after the other."""
        plain = not self._suggestive()
        if plain:
            yield None
        choices = [_ranks(name) for name in self.handed]
        every = sorted(product(*(range(len(c)) for c in choices)), key=lambda at: (sum(at), at))
        for at in every[:RUNS]:
            yield {name: c[k] for name, c, k in zip(self.handed, choices, at, strict=True)}
        if not plain:
            yield None

    def _start(self, ranks: Ranks | None) -> Shapes:
        if ranks is None:
            return {**self.held, **dict.fromkeys(self.handed, ("n",))}
        number = count()
        shapes: Shapes = dict(self.held)
        for name, rank in ranks.items():
            axes = tuple(f"axis{next(number)}" for _ in range(abs(rank)))
            # −2: a row, (1, m)
            shapes[name] = (1, *axes[1:]) if rank == -2 else axes
        return shapes

    def _tried(self, ranks: Ranks | None) -> _Tried:
        shapes = self._start(ranks)
        for _ in range(MERGED if ranks is not None or self.held else 1):
            try:
                return _Tried(shapes, True, tuple(self._misfits(shapes, None)))
            except Unequal as error:
                merged = _merged(shapes, *error.pair, self.numbers, self.fixed)
                if merged is None:
                    return _Tried(shapes, error=error)
                shapes = merged
            except NeedsNumbers:
                return self._in_numbers(shapes)
            except SymcheckError as error:
                return _Tried(shapes, error=error)
        return _Tried(shapes)

    def _in_numbers(self, shapes: Shapes) -> _Tried:
        """The code asks for explicit sizes: unequal ones for unequal names."""
        dims = dict.fromkeys(d for one in shapes.values() for d in one if isinstance(d, str))
        failed = _Tried(shapes)
        for step in STEPS:
            try:
                sizes: dict[Dim, int] = dict(zip(dims, count(2, step), strict=False))
                return _Tried(shapes, True, tuple(self._misfits(shapes, sizes)))
            except SymcheckError as error:
                failed = _Tried(shapes, error=failed.error or error)
        return failed

    def _misfits(self, shapes: Shapes, sizes: Mapping[Dim, int] | None) -> Iterator[str]:
        """The inputs whose gradient has another shape than they have, after one run."""
        roles = {
            **{name: (dims, self._role(name)) for name, dims in self.known.items()},
            **{name: (shapes[name], FORWARD) for name in self.handed},
            **dict.fromkeys(self.made, ((), CONSTRUCTOR)),
            **{name: (shapes[name], ATTRIBUTE) for name in self.held},
        }
        inputs = tuple(
            Input(name, Symbol(name, squeezed(dims)), dims, role) for name, (dims, role) in roles.items()
        )

        def upstream(dims: Dims, trace: Trace) -> object:
            return value_of(Symbol("upstream", squeezed(dims)), dims, trace)

        runner = Runner(self.layer, inputs, self.seconds)
        with contextlib.redirect_stdout(io.StringIO()):
            outcome = runner.run(sizes, upstream)
        out = outcome.out[1]
        found = []
        with runner.told():
            for gradient in gradients(self.layer, inputs, outcome):
                dims = tensor_of(gradient.value, outcome.trace)[1]
                own = tuple((sizes or {}).get(dim, dim) for dim in gradient.input.dims)
                if outcome.upstream or not out:
                    fits = dims == own
                else:
                    fits = dims == out + own or (_fits(dims, out) and _fits(own, out))
                if not fits:
                    found.append(gradient.input.name)
        return iter(found)

    def _role(self, name: str) -> str:
        """Where an input with a given shape goes."""
        if name in layer_names(self.layer):
            return FORWARD
        made = any(parameter.name == name for parameter in self.layer.constructor())
        return CONSTRUCTOR if made else ATTRIBUTE

    # -- names of sizes --------------------------------------------------------------------------------

    def _shown(self, one: _Tried) -> str:
        return "; ".join(self._guess(one).told())

    def _lettered(self, shapes: Shapes) -> Shapes:
        """The sizes that have no name of their own in letters; the first axis of a matrix is N."""
        given = [d for one in (*self.held.values(), *self.known.values()) for d in one if isinstance(d, str)]
        taken = {*shapes, *self.known, *self.made, *given}
        letters = iter([letter for letter in LETTERS if letter not in taken])
        handed = [shapes[name] for name in self.handed]
        names: dict[Dim, Dim] = {dim: dim for dim in given}
        if not any(len(dims) > 1 for dims in handed):
            letters = iter([letter for letter in LETTERS[1:] if letter not in taken])
        for dims in (*handed, *shapes.values()):
            for dim in dims:
                if isinstance(dim, str) and dim not in names:
                    names[dim] = next(letters, dim)
        return {name: tuple(names.get(dim, dim) for dim in dims) for name, dims in shapes.items()}


def _ranks(name: str) -> tuple[int, ...]:
    """How many axes a name suggests, the likelier number first; −2 is a row (1, m)."""
    if _ROW.fullmatch(name):
        return 1, -2, 0
    if _NUMBER.fullmatch(name):
        return 0, 1, 2
    return 2, 1, 0, 4, 3


def _merged(
    shapes: Shapes, one: Dim, other: Dim, numbers: Collection[Dim], fixed: Collection[Dim]
) -> Shapes | None:
    """The shapes with one size for two; a number stays, a given name, and one that __init__ gave.

    A number that only stands in the code is none of `numbers`: a size of its own would be put in its place.
    """
    ranked = sorted((one, other), key=lambda dim: (_freshness(dim), dim in fixed))
    away, stays = ranked[::-1] if _freshness(one) == _freshness(other) else ranked
    if away in fixed:
        away, stays = stays, away
    if away in fixed or isinstance(away, int) or (isinstance(stays, int) and stays not in numbers):
        return None
    return {name: tuple(stays if dim == away else dim for dim in dims) for name, dims in shapes.items()}


def _freshness(dim: Dim) -> int:
    """0 for a size that has no name yet, 1 for a name, 2 for a number."""
    return 2 if isinstance(dim, int) else 0 if dim.startswith("axis") else 1


def _fits(dims: Dims, target: Dims) -> bool:
    try:
        return shaping.broadcast(dims, target) == target
    except ShapeMismatch:
        return False


_SHAPES = re.compile(
    r"unpack|out of range|broadcast|shape|dimension|axis|matmul|aligned|gradients|"
    r"iteration|0-d|subscript|indices"
)


def _line(error: SymcheckError) -> int:
    return 0 if error.location is None else error.location.line


def _about_shapes(error: SymcheckError) -> bool:
    return isinstance(error, ShapeMismatch) or bool(_SHAPES.search(error.message))
