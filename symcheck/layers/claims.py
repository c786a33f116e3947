"""A layer as code → claims: what backward leaves behind is the derivative of what forward returned.

With a gradient from above, ``backward(self, upstream)``, each result is compared with ∂L/∂x of the loss
L = Σ upstream ⊙ out, which has ∂L/∂out = upstream: what holds for it holds for any loss.  Without one,
``backward(self)``, with the local derivative ∂out/∂x: entry by entry where the shapes are those of a
function applied entry by entry, else as the whole Jacobian.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from symcheck.errors import LayerFailed, Location, ShapeMismatch, SymcheckError, TooLarge
from symcheck.language.claim import Assumptions, Claim, Equation, Expectation, Graph
from symcheck.language.derivation import Item, Note
from symcheck.language.shape import Dim, Shape
from symcheck.language.tensor import (
    Delta,
    Derivative,
    Index,
    Symbol,
    Tensor,
    apply,
    children,
    entry,
    structure,
    variable,
)
from symcheck.layers import shaping
from symcheck.layers.declared import Declared, declared
from symcheck.layers.finding import Layer
from symcheck.layers.gradients import Gradient, gradients
from symcheck.layers.guessing import Guess, guessed
from symcheck.layers.running import (
    ATTRIBUTE,
    CONSTRUCTOR,
    FORWARD,
    STEPS,
    Input,
    Outcome,
    Runner,
    tensor_of,
    value_of,
)
from symcheck.layers.shaping import Dims, squeezed
from symcheck.layers.source import Source, Written
from symcheck.layers.trace import NeedsNumbers, Trace
from symcheck.reading.equations import with_literal_entries
from symcheck.reading.letters import spell
from symcheck.reading.scope import Scope

LARGEST = 100_000
"""Most parts of a formula that a layer's code may build."""
DEEPEST = 120
"""Most levels of it."""


@dataclass(frozen=True, slots=True)
class Naming:
    """How the things of a layer are called in its claims."""

    prefix: str
    """What the ids of the claims begin with."""
    out: str = "out"
    upstream: str = "upstream"
    loss: str = "L"


@dataclass(frozen=True, slots=True)
class Said:
    """What a layer came to."""

    items: tuple[Item, ...]
    scope: Scope
    """Names, definitions and assumptions of the run on symbolic sizes, if that came to an end."""
    output: Symbol | None = None
    """The loss, or a scalar output: what a chain-rule table is about."""


def layer_claims(
    layer: Layer,
    scope: Scope,
    naming: Naming,
    *,
    expect: Mapping[str, Expectation] | None = None,
    note: str = "",
    seconds: float = 10.0,
) -> Said:
    """Run a layer and say what is to be proved of it; the scope gets its names.

    Errors: none of the layer's own: code that cannot be followed becomes a claim that holds the error.
    """
    try:
        return _Reading(layer, scope, naming, expect or {}, note, seconds).said()
    except SymcheckError as error:
        source = Source(layer.forward)
        error.location = error.location or source.place()
        expected = (expect or {}).get("", Expectation.PROVED)
        text = f"{layer.name}.backward" if layer.owner is not None else f"{layer.name}_backward"
        claim = Claim(
            f"{naming.prefix}::{layer.name}",
            text,
            None,
            graph=scope.graph(),
            expected=expected,
            location=error.location,
            note=note,
            error=error,
            line=text,
        )
        return Said((claim,), scope)


class _Reading:
    """One layer on its way to claims."""

    def __init__(
        self,
        layer: Layer,
        scope: Scope,
        naming: Naming,
        expect: Mapping[str, Expectation],
        note: str,
        seconds: float,
    ) -> None:
        self.layer = layer
        self.scope = scope
        self.naming = naming
        self.expect = expect
        self.note = note
        self.declared: Declared = declared(layer.owner, layer.forward, layer.namespace)
        self.supposed: list[str] = []
        self.seconds = seconds
        self.inputs = tuple(self._inputs())
        self.runner = Runner(layer, self.inputs, seconds)
        self.upstreams: dict[Dims, Symbol] = {}
        for text in self.declared.assumed:
            scope.assume(text)

    # -- inputs ----------------------------------------------------------------------------------

    def _inputs(self) -> Iterable[Input]:
        """Symbols for everything that forward takes and the layer holds, in this order."""
        dims, own = dict(self.declared.dims), set(self.declared.own)
        handed, made = self.layer.inputs(), self.layer.constructor()
        guess = self._guess(dims)
        if guess is not None:
            dims |= {**guess.handed, **guess.made, **guess.held}
            own |= guess.held.keys()
            self.supposed += guess.told()
        names = {parameter.name for parameter in (*handed, *made)}
        attributes = [name for name in dims if name in own and name not in names]
        if attributes and self.layer.owner is None:
            raise LayerFailed(
                f"a shape is given for {attributes[0]}, and {self.layer.name}_forward has no such parameter"
            )
        said = bool(names & dims.keys()) or bool(attributes)
        for parameter in handed:
            if parameter.name in dims:
                yield self._input(parameter.name, dims[parameter.name], FORWARD)
            elif parameter.default is parameter.empty and said:
                raise LayerFailed(
                    f"the shape of {parameter.name} is not given",
                    hint=f"shapes = '{parameter.name}: N n; …'",
                )
        for parameter in made:
            if parameter.name in dims:
                yield self._input(parameter.name, dims[parameter.name], CONSTRUCTOR)
            elif parameter.default is parameter.empty and not attributes:
                self.supposed.append(f"{parameter.name}: scalar")
                yield self._input(parameter.name, (), CONSTRUCTOR)
        for name in attributes:
            yield self._input(name, dims[name], ATTRIBUTE)

    def _guess(self, dims: Mapping[str, Dims]) -> Guess | None:
        """Shapes for what has none, unless some parameters of forward have one and others do not."""
        handed = [parameter.name for parameter in self.layer.inputs() if parameter.default is parameter.empty]
        given = [name for name in handed if name in dims]
        if given and len(given) < len(handed):
            return None
        made = {parameter.name for parameter in self.layer.constructor()}
        known = {n: d for n, d in dims.items() if n in self.declared.own or n in made or n in handed}
        return guessed(self.layer, known, self.seconds)

    def _input(self, name: str, dims: Dims, role: str) -> Input:
        return Input(name, self.symbol(name, squeezed(dims)), dims, role)

    def symbol(self, name: str, shape: Shape) -> Symbol:
        """The name in the scope; one that is there with this shape is taken as it is."""
        known = self.scope.variables.get(spell(name))
        if known is not None and known.shape == shape and known not in self.scope.definitions:
            return known
        return self.scope.declare(name, shape)

    # -- running ---------------------------------------------------------------------------------

    def said(self) -> Said:
        """Symbolic sizes first; explicit ones where the code needs them.

        Written out entry by entry the definitions are nothing to look at, so they stay with the claims.
        """
        try:
            general = self._run(None)
        except NeedsNumbers as error:
            run = self._run_in_numbers()
            said = self._claims(run, self.scope.copy())
            shown = ", ".join(
                f"{size} = {length}" for size, length in (run.outcome.trace.sizes or {}).items()
            )
            reason = (
                f"The code of {self.layer.name} needs explicit sizes ({error.reason}): it was run at {shown}."
            )
            return Said((Note(reason), *said.items), self.scope)
        return self._claims(general, self.scope)

    def _run_in_numbers(self) -> _Run:
        """At explicit sizes; at even ones where the code fails at others, as halves do."""
        failed: SymcheckError | None = None
        for step in STEPS:
            try:
                return self._run(self.sizes(step))
            except LayerFailed as error:
                failed = failed or error
        assert failed is not None
        raise failed

    def sizes(self, step: int) -> dict[Dim, int]:
        """Unequal numbers for the symbolic sizes, from 2 on."""
        fixed = {dim for one in self.inputs for dim in one.dims if isinstance(dim, int)}
        lengths = (length for length in count(2, step) if length not in fixed)
        dims = dict.fromkeys(d for one in self.inputs for d in one.dims if isinstance(d, str))
        return {dim: next(lengths) for dim in dims}

    def _run(self, sizes: Mapping[Dim, int] | None) -> _Run:
        runs = []
        for _ in range(2):
            outcome = self.runner.run(sizes, self._upstream)
            with self.runner.told():
                out = outcome.out
                found = [
                    (gradient, *tensor_of(gradient.value, outcome.trace))
                    for gradient in gradients(self.layer, self.inputs, outcome)
                ]
            runs.append(_Run(outcome, *out, tuple(found)))
            for tensor in runs[-1].formulas():
                within_bounds(tensor)
        first, second = runs
        if first.structure() != second.structure():
            raise LayerFailed(
                "run twice, the layer computes two different things",
                hint="random numbers or counters: hand them in as inputs, forward(self, x, mask)",
            )
        return first

    def _upstream(self, dims: Dims, trace: Trace) -> object:
        """A symbol of the shape of the output."""
        if dims not in self.upstreams:
            self.upstreams[dims] = Symbol(self.unused(self.naming.upstream), squeezed(dims))
        return value_of(self.upstreams[dims], dims, trace)

    def unused(self, name: str) -> str:
        """The name, or the first of name1, name2, … that the scope does not have."""
        names = (name, *(f"{name}{k}" for k in range(1, 1000)))
        taken = self.scope.variables.keys() | self.scope.dims.keys() | self.scope.functions.keys()
        return next(n for n in names if spell(n) not in taken)

    # -- claims ----------------------------------------------------------------------------------

    def _claims(self, run: _Run, scope: Scope) -> Said:
        out = scope.define(self.unused(self.naming.out), run.out)
        total = out
        if run.outcome.upstream:
            upstream = self.upstreams[run.dims]
            scope.variables[upstream.name] = upstream
            scope.written.setdefault(upstream.name, upstream.name)
            weighted = apply("mul", variable(upstream), variable(out))
            weighted = apply("sumall", weighted) if out.shape else weighted
            total = scope.define(self.unused(self.naming.loss), weighted)
        graph = Graph({symbol: scope.definitions[symbol] for symbol in (out, total)})
        maker = _Maker(self, run, scope, out, total, graph)
        claims = tuple(maker.claim(*found) for found in run.found)
        return Said(claims, scope, None if total.shape else total)


@dataclass(frozen=True)
class _Run:
    """One run, as formulas."""

    outcome: Outcome
    out: Tensor
    dims: Dims
    found: tuple[tuple[Gradient, Tensor, Dims], ...]

    def formulas(self) -> Iterable[Tensor]:
        """The output and every gradient."""
        return (self.out, *(tensor for _, tensor, _ in self.found))

    def structure(self) -> tuple[object, ...]:
        """Equal for runs that computed the same."""
        return (structure(self.out), *((g.input.name, structure(t), dims) for g, t, dims in self.found))


@dataclass(frozen=True)
class _Maker:
    """Claims about one run."""

    reading: _Reading
    run: _Run
    scope: Scope
    out: Symbol
    total: Symbol
    """The loss; the output itself where backward takes no gradient from above."""
    graph: Graph
    """The definitions of these two."""

    @property
    def sizes(self) -> Mapping[Dim, int]:
        """The explicit sizes, if it was run at such."""
        return self.run.outcome.trace.sizes or {}

    @property
    def assumptions(self) -> Assumptions:
        """Those of the scope, the sizes fixed if the code was run at explicit ones."""
        known = self.scope.assumptions()
        return replace(known, dims={**known.dims, **self.sizes}) if self.sizes else known

    def claim(self, gradient: Gradient, value: Tensor, dims: Dims) -> Claim:
        """∂total/∂input = what the code says."""
        reading, one = self.reading, gradient.input
        head = f"∂{self.total.name}/∂{one.name}"
        written = gradient.written or Written("backward()", Source(reading.layer.backward).place())
        text = f"{head} = {written.text}"
        notes = [reading.note] if reading.note else []
        if reading.supposed:
            notes.append(f"no shapes given, taken as {'; '.join(reading.supposed)}")
        compared = [found.input for found, _, _ in self.run.found]
        left_out = [other.name for other in reading.inputs if other not in compared]
        if left_out and gradient is self.run.found[0][0]:
            notes.append(f"no gradient in {', '.join(left_out)} is there to be compared")
        claim = Claim(
            self._id(head),
            text,
            None,
            assumptions=self.assumptions,
            graph=self.graph,
            expected=reading.expect.get(one.name, reading.expect.get("", Expectation.PROVED)),
            location=written.location or Source(reading.layer.backward).place(),
            note="; ".join(notes),
            line=text,
            sizes=self.sizes,
        )
        try:
            equation = self._equation(one, value, dims)
        except ShapeMismatch as error:
            return replace(claim, error=_placed(error, claim.location))
        sides = (equation.left, equation.right)
        return replace(claim, equation=equation, assumptions=with_literal_entries(self.assumptions, sides))

    def _id(self, head: str) -> str:
        return f"{self.reading.naming.prefix}::{head}"

    def _dims(self, dims: Dims) -> Dims:
        return tuple(self.sizes.get(dim, dim) for dim in dims)

    def _equation(self, one: Input, value: Tensor, dims: Dims) -> Equation:
        of, by = self.run.dims, self._dims(one.dims)
        whole = Derivative(self.total.shape + one.symbol.shape, variable(self.total), one.symbol)
        if not self.total.shape and (self.run.outcome.upstream or not of):
            if dims != by:
                raise self._mismatch(one, dims, by)
            return Equation(whole, value)
        if dims == of + by:
            return Equation(whole, value)
        if _fits(dims, of) and _fits(by, of):
            return self._entrywise(whole, shaping.repeated(value, dims, of), by)
        raise self._mismatch(one, dims, by)

    def _entrywise(self, whole: Tensor, value: Tensor, by: Dims) -> Equation:
        """∂outᵢ/∂xⱼ = rᵢ δᵢⱼ, for the axes that x has."""
        of = self.run.dims
        if of == by and len(value.shape) == 1:
            return Equation(whole, apply("diag", value))
        above = [Index(name, size[0]) for name, size in zip("ijpq", value.shape, strict=False)]
        shown = [axis for axis, dim in enumerate(of) if dim != 1]
        below: list[Index] = []
        right: Tensor = entry(value, tuple(above)) if above else value
        for axis, dim in enumerate(by, len(of) - len(by)):
            if dim == 1:
                continue
            partner = above[shown.index(axis)]
            index = Index("klrs"[len(below)], partner.dim)
            below.append(index)
            right = apply("mul", right, Delta((), partner, index))
        free = (*above, *below)
        return Equation(entry(whole, free) if free else whole, right, free)

    def _mismatch(self, one: Input, got: Dims, wanted: Dims) -> ShapeMismatch:
        return ShapeMismatch(
            f"{one.name} has the shape {shaping.show(wanted)}, its gradient here {shaping.show(got)}"
            f"{_what_is_missing(got, wanted)}",
            code="SC100",
        )


def _fits(dims: Dims, target: Dims) -> bool:
    try:
        return shaping.broadcast(dims, target) == target
    except ShapeMismatch:
        return False


def _what_is_missing(got: Dims, wanted: Dims) -> str:
    """What would make a gradient fit, if that is plain from the shapes."""
    if len(got) > 1 and wanted == tuple(reversed(got)):
        return ": a transpose (.T) is missing"
    for axis, dim in enumerate(got):
        if dim == 1:
            continue
        for keepdims in (False, True):
            if wanted == shaping.without(got, (axis,), keepdims):
                kept = ", keepdims=True" if keepdims else ""
                return f": a sum over {dim} is missing, .sum(axis={axis}{kept})"
    return ""


def _placed(error: ShapeMismatch, location: Location | None) -> ShapeMismatch:
    error.location = location
    return error


def within_bounds(tensor: Tensor) -> None:
    """Refuse formulas too large to be read.  Errors: TooLarge."""
    parts: dict[Tensor, tuple[int, int]] = {}
    stack = [tensor]
    while stack:
        node = stack[-1]
        inner = children(node)
        missing = [child for child in inner if child not in parts]
        if missing:
            stack += missing
            continue
        stack.pop()
        count = 1 + sum(parts[child][0] for child in inner)
        parts[node] = count, 1 + max((parts[child][1] for child in inner), default=0)
    count, depth = parts[tensor]
    if count > LARGEST or depth > DEEPEST:
        what = f"of {count} parts" if count > LARGEST else f"{depth} levels deep"
        raise TooLarge(f"the code builds a formula {what}", hint="check it with fewer entries, or in steps")
