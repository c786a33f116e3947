"""Points: sizes, exact entries that satisfy the assumptions, polynomials for undefined functions.

Entries and polynomials are drawn when they are first asked for, from the seed, the number of the point
and the name alone: claims of one graph share their points, and the values computed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from symcheck.errors import BudgetExhausted, ShapeMismatch, SymcheckError
from symcheck.evaluation.conditions import NONE, Conditions, gathered, satisfies
from symcheck.evaluation.indexing import LARGEST
from symcheck.evaluation.numbers import Real, rational
from symcheck.evaluation.polynomials import (
    SHORTEST,
    Polynomial,
    scalar_polynomial,
    vector_polynomial,
)
from symcheck.evaluation.relations import Relations, relations
from symcheck.evaluation.sampling import TRIES, Style, draw
from symcheck.evaluation.sizes import ONES, TALL, TWOS, WIDE, size_vector
from symcheck.evaluation.streams import Stream
from symcheck.evaluation.survey import Survey, survey, survey_of_graph
from symcheck.language.claim import Assumption, Assumptions, Value
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredEquation, LoweredGraph
from symcheck.language.shape import Dim, Shape
from symcheck.language.tensor import Function, Symbol

DEEP = 12
"""Number of definitions from which entries are kept small, so that layers neither grow nor blur."""
Choice: TypeAlias = tuple[int, int, Style]
"""Number of a size vector, number of the point, style of its entries."""
HIGHEST = 12
"""Greatest degree of a polynomial put for an undefined function."""


GENTLE = 3
"""Degree of such a polynomial where a second derivative that does not vanish is all that is needed."""


class NoEntries(SymcheckError):
    """No entries of this shape satisfy the assumptions, or none were given."""

    code = "SC030"


class GivenEntries(dict[Symbol, "list[Real]"]):
    """Entries that somebody wrote down."""

    def __missing__(self, symbol: Symbol) -> list[Real]:
        raise NoEntries(f"{symbol.name} has no value here")


class GivenFunctions(dict[Function, Polynomial]):
    """Polynomials that somebody chose."""

    def __missing__(self, function: Function) -> Polynomial:
        raise NoEntries(f"{function.name} is an undefined function")


@dataclass(frozen=True, eq=False)
class Point:
    """One exact point."""

    sizes: dict[Dim, int]
    entries: dict[Symbol, list[Real]]
    """All entries of each input, row-major."""
    functions: dict[Function, Polynomial]
    living: bool = True
    """Every free size is greater than 1."""

    def with_entry(self, symbol: Symbol, place: int, value: Real) -> Point:
        """The same point with one entry changed."""
        entries = DrawnEntries.copy_of(self.entries)
        row = list(self.entries[symbol])
        row[place] = value
        entries[symbol] = row
        return Point(self.sizes, entries, self.functions, self.living)


class DrawnEntries(dict[Symbol, "list[Real]"]):
    """Entries drawn on first use."""

    def __init__(
        self, sizes: Mapping[Dim, int], conditions: Conditioned, seed: int, number: int, style: Style
    ) -> None:
        super().__init__()
        self.origin = (sizes, conditions, seed, number, style)

    @classmethod
    def copy_of(cls, entries: dict[Symbol, list[Real]]) -> dict[Symbol, list[Real]]:
        """Another mapping that draws the same entries."""
        if not isinstance(entries, DrawnEntries):
            return GivenEntries(entries)
        copy = cls(*entries.origin)
        copy.update(entries)
        return copy

    def __missing__(self, symbol: Symbol) -> list[Real]:
        sizes, conditions, seed, number, style = self.origin
        if symbol in conditions.relations.groups:
            self._arrange(conditions.relations.groups[symbol])
            return self[symbol]
        shape = affordable(lengths(symbol.shape, sizes), symbol.name)
        stream = Stream(symbol.name, seed, number)
        entries = draw(shape, conditions[symbol], stream, style)
        if entries is None:
            raise NoEntries(f"nothing satisfies what is assumed of {symbol.name}")
        self[symbol] = entries
        return entries

    def _arrange(self, group: tuple[Symbol, ...]) -> None:
        """Draw all scalars that are tied to one another; where they are in disorder, put them in order."""
        _, conditions, seed, number, style = self.origin
        for attempt in range(TRIES):
            chosen = style if attempt < 2 else Style.MIXED
            drawn: list[Real] = []
            for symbol in group:
                found = draw((), conditions[symbol], Stream(symbol.name, seed, number + 97 * attempt), chosen)
                drawn += found or ()
            if len(drawn) < len(group):
                break
            for row in (drawn, sorted(drawn)):
                values = dict(zip(group, row, strict=True))
                fits = all(
                    conditions[s] is NONE or satisfies([x], (), conditions[s]) for s, x in values.items()
                )
                if fits and conditions.relations.hold(values):
                    self.update({symbol: [value] for symbol, value in values.items()})
                    return
        raise NoEntries(f"nothing satisfies what is assumed of {', '.join(s.name for s in group)}")


class DrawnFunctions(dict[Function, Polynomial]):
    """Polynomials drawn on first use, of sufficient degree."""

    def __init__(
        self,
        sizes: Mapping[Dim, int],
        orders: Mapping[Function, int],
        seed: int,
        number: int,
        gentle: bool,
        shortest: int = SHORTEST,
    ) -> None:
        super().__init__()
        self.sizes, self.orders, self.seed, self.number, self.gentle = sizes, orders, seed, number, gentle
        self.shortest = shortest

    def __missing__(self, function: Function) -> Polynomial:
        degree = min(HIGHEST, max(self.shortest, self.orders.get(function, 0) + 1))
        stream = Stream(function.name, self.seed, self.number)
        made: Polynomial
        if function.elementwise:
            made = scalar_polynomial(stream, degree, self.gentle)
        else:
            inputs = sum(prod(lengths(shape, self.sizes)) for shape in function.domain)
            for part in (*function.domain, function.codomain):
                affordable(lengths(part, self.sizes), function.name)
            made = vector_polynomial(stream, inputs, prod(lengths(function.codomain, self.sizes)), degree)
        self[function] = made
        return made


class Conditioned(dict[Symbol, Conditions]):
    """The conditions on each symbol."""

    def __init__(self, conditions: Iterable[Assumption]) -> None:
        super().__init__()
        conditions = tuple(conditions)
        self.relations: Relations = relations(conditions)
        by_symbol: dict[Symbol, list[Assumption]] = {}
        for condition in conditions:
            by_symbol.setdefault(condition.symbol, []).append(condition)
        for symbol, own in by_symbol.items():
            self[symbol] = gathered(own)

    def __missing__(self, symbol: Symbol) -> Conditions:
        return NONE


def lengths(shape: Shape, sizes: Mapping[Dim, int]) -> tuple[int, ...]:
    """The length of each axis."""
    return tuple(prod(d if isinstance(d, int) else sizes[d] for d in size) for size in shape)


def affordable(shape: tuple[int, ...], name: str) -> tuple[int, ...]:
    """The same lengths.  Errors: BudgetExhausted if an array of them has too many entries to be drawn."""
    if prod(shape) > LARGEST:
        raise BudgetExhausted(f"{name} has {prod(shape)} entries")
    return shape


class Region:
    """Where the points of claims are looked for: their sizes, assumptions and functions."""

    def __init__(
        self, graph: LoweredGraph, shared: Survey, own: Survey, assumptions: Assumptions, seed: int
    ) -> None:
        self.graph = graph
        self.assumptions = assumptions
        self.conditions = Conditioned(assumptions.conditions)
        self.seed = seed
        self.orders = own.orders
        self.rooted = own.rooted or shared.rooted
        self.deep = len(graph.definitions) > DEEP
        shapes = [symbol.shape for symbol in (*self.conditions, *shared.symbols, *own.symbols)]
        for function in (*shared.orders, *own.orders):
            shapes += [*function.domain, function.codomain]
        raw = dict.fromkeys(dim for shape in shapes for size in shape for dim in size)
        dims = dict.fromkeys(assumptions.dim(dim) for dim in (*shared.dims, *own.dims, *raw))
        self.dims = [dim for dim in dims if isinstance(dim, str)]
        self.raw = [dim for dim in raw if isinstance(dim, str)]
        least = dict.fromkeys(self.dims, 1)
        self.impossible = False
        bounds = [*assumptions.at_least.items()]
        bounds += [(dim, value + 1) for met in (shared, own) for dim, value in met.literals.items()]
        for dim, bound in bounds:
            size = assumptions.dim(dim)
            if isinstance(size, int):
                self.impossible = self.impossible or size < bound
            elif size in least:
                least[size] = max(least[size], bound)
        ordered = assumptions.ordered(dict(least.items()))
        self.impossible = self.impossible or ordered is None
        self.least = least if ordered is None else {dim: ordered[dim] for dim in self.dims}

    def sizes(self, vector: int) -> dict[Dim, int]:
        """The size vector of this number, raw names included."""
        return self._complete(self.chosen(vector))

    def chosen(self, vector: int) -> dict[Dim, int]:
        """The size vector of this number, ordered as assumed."""
        sizes: dict[Dim, int] = dict(size_vector(vector, self.dims, self.least).items())
        return self.assumptions.ordered(sizes) or sizes

    def _complete(self, sizes: Mapping[Dim, int]) -> dict[Dim, int]:
        found: dict[Dim, int] = dict(sizes.items())
        for dim in self.raw:
            size = self.assumptions.dim(dim)
            found[dim] = size if isinstance(size, int) else found[size]
        return found

    def point(self, vector: int, number: int, style: Style) -> Point:
        """One point; its entries are drawn when asked for."""
        return self.sized(self.chosen(vector), number, style)

    def sized(self, sizes: Mapping[Dim, int], number: int, style: Style) -> Point:
        """A point of these sizes; its entries are drawn when asked for."""
        found = self._complete(sizes)
        entries = DrawnEntries(found, self.conditions, self.seed, number, style)
        functions = DrawnFunctions(found, self.orders, self.seed, number, self.deep)
        return Point(found, entries, functions, all(found[dim] > 1 for dim in self.dims))

    def plan(self) -> tuple[Choice, ...]:
        """The points in the order in which they are tried."""
        if self.deep:
            first, second = (Style.UNIT, Style.SMALL) if self.rooted else (Style.SMALL, Style.UNIT)
        else:
            first, second = Style.MIXED, Style.POSITIVE
            if self.rooted:
                first, second = second, first
        return (
            (0, 0, first),
            (1, 1, second),
            (2, 2, Style.UNIT),
            (3, 3, Style.MIXED),
            (1, 4, first),
            (4, 5, Style.POSITIVE),
            (5, 6, Style.LARGE),
            (0, 7, Style.NEGATIVE),
            (2, 8, Style.SMALL),
            (ONES, 9, Style.POSITIVE),
            (3, 10, Style.UNIT),
        )

    def simplest(self) -> tuple[Choice, ...]:
        """Points that are easy to read, the smallest first."""
        if not self.dims:
            styles = (Style.NATURAL, Style.NATURAL, Style.SIMPLE, Style.SIMPLE, Style.UNIT)
            return tuple((ONES, 20 + k, style) for k, style in enumerate(styles))
        return (
            (ONES, 20, Style.NATURAL),
            (ONES, 21, Style.SIMPLE),
            (TALL, 22, Style.NATURAL),
            (WIDE, 23, Style.NATURAL),
            (TWOS, 24, Style.NATURAL),
            (TWOS, 25, Style.SIMPLE),
            (TWOS, 26, Style.SMALL),
        )

    def meets(self, symbol: Symbol, entries: Sequence[Real], point: Point) -> bool:
        """Whether entries of a symbol satisfy its assumptions; what is not exact must not be asked of."""
        conditions = self.conditions[symbol]
        if conditions is NONE:
            return True
        try:
            return satisfies(entries, lengths(symbol.shape, point.sizes), conditions)
        except (AttributeError, TypeError):  # a ball has no numerator and makes no matrix of fractions
            return False

    def admits(self, symbol: Symbol, point: Point) -> bool:
        """Whether the entries of an input satisfy its assumptions, those with other names included."""
        tied = self.conditions.relations.groups.get(symbol, ())
        if tied and not self.conditions.relations.hold({s: point.entries[s][0] for s in tied}):
            return False
        return self.meets(symbol, point.entries[symbol], point)


def points(
    equation: LoweredEquation, assumptions: Assumptions, seed: int = 0, nodes: Iterable[Node] = ()
) -> Iterator[Point]:
    """Points at which the equation may be looked at, every symbol satisfying its assumptions."""
    own = survey((equation.left, equation.right, *nodes), equation.idxs)
    region = Region(equation.graph, survey_of_graph(equation.graph), own, assumptions, seed)
    for vector, number, style in region.plan():
        point = region.point(vector, number, style)
        if not region.impossible and drawn(point, region):
            yield point


def drawn(point: Point, region: Region) -> bool:
    """Whether the assumed-about symbols exist at the point at all."""
    try:
        for symbol in region.conditions:
            if symbol not in region.graph.definitions:
                point.entries[symbol]
    except NoEntries:
        return False
    return True


def point_at(
    values: Mapping[Symbol, Value],
    assumptions: Assumptions | None = None,
    sizes: Mapping[str, int] | None = None,
    functions: Mapping[Function, Polynomial] | None = None,
) -> Point:
    """The point that an author wrote down; sizes follow from the lengths of the nested tuples.

    Errors: ShapeMismatch if a value does not have the shape of its symbol, or two sizes disagree.
    """
    assumptions = assumptions or Assumptions()
    known: dict[Dim, int] = {}
    for name, size in (sizes or {}).items():
        known[name] = known[assumptions.dim(name)] = size
    entries = GivenEntries()
    for symbol, value in values.items():
        length, flat = _flattened(value, symbol.name)
        if len(length) != len(symbol.shape):
            raise ShapeMismatch(f"the value of {symbol.name} has {len(length)} axes, not {len(symbol.shape)}")
        for axis, found in zip(symbol.shape, length, strict=True):
            if len(axis) != 1:
                continue
            dim = assumptions.dim(axis[0])
            expected = dim if isinstance(dim, int) else known.setdefault(dim, found)
            known[axis[0]] = expected
            if expected != found:
                raise ShapeMismatch(f"the value of {symbol.name} has {found} entries where {expected} belong")
        entries[symbol] = flat
    return Point(known, entries, GivenFunctions(functions or {}), all(n > 1 for n in known.values()))


def _flattened(value: Value, name: str) -> tuple[tuple[int, ...], list[Real]]:
    if not isinstance(value, tuple):
        return (), [rational(value)]
    if not value:
        raise ShapeMismatch(f"the value of {name} is empty")
    parts = [_flattened(part, name) for part in value]
    if any(part[0] != parts[0][0] for part in parts):
        raise ShapeMismatch(f"the rows in the value of {name} have different lengths")
    return (len(parts), *parts[0][0]), [x for _, flat in parts for x in flat]


def point_near(
    values: Mapping[Symbol, Value],
    nodes: Iterable[Node],
    graph: LoweredGraph,
    assumptions: Assumptions,
    *,
    sizes: Mapping[str, int] | None = None,
    seed: int = 0,
) -> Iterator[Point]:
    """Points with these values of inputs and these sizes; what is not given is drawn, always alike.

    Undefined functions get polynomials of degree `GENTLE`, so that values stay readable.
    Errors: ShapeMismatch where values and sizes do not fit each other.
    """
    given = point_at(values, assumptions, sizes)
    region = Region(graph, survey_of_graph(graph), survey(nodes), assumptions, seed)
    shapes = [symbol.shape for symbol in values]
    raw = dict.fromkeys([*region.raw, *(d for shape in shapes for size in shape for d in size)])
    for vector, number, style in ((0, 0, Style.UNIT), (1, 1, Style.SMALL), *region.plan()):
        lengths_of: dict[Dim, int] = {**region.sizes(vector), **given.sizes}
        for dim in raw:
            own = assumptions.dim(dim)
            if isinstance(own, str) and own in lengths_of:
                lengths_of[dim] = lengths_of[own]
        entries = DrawnEntries(lengths_of, region.conditions, seed, number, style)
        entries.update(given.entries)
        functions = DrawnFunctions(lengths_of, {}, seed, number, True, GENTLE)
        yield Point(lengths_of, entries, functions)
