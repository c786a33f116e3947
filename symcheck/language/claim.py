"""Claims: equations with assumptions, a graph of definitions, and an expectation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from symcheck.errors import Location, SymcheckError
from symcheck.language.shape import Dim, Size, with_dims
from symcheck.language.tensor import Index, Symbol, Tensor, has_sizes, symbols_in

Value: TypeAlias = Fraction | tuple["Value", ...]
"""An exact entry, or nested tuples of them: the value of a symbol at a point."""


class Kind(StrEnum):
    """What an assumption says; `data` of the assumption holds its numbers."""

    INTERVAL = "interval"
    """Every entry: data = (low, low_strict, high, high_strict), None where unbounded."""
    INTEGER = "integer"
    BINARY = "binary"
    SIGNS = "signs"
    ONE_HOT = "one-hot"
    SIMPLEX = "simplex"
    SUM = "sum"
    """Entries of a vector (or of each row) sum to data[0]; entries of any sign."""
    UNIT = "unit"
    SYMMETRIC = "symmetric"
    ANTISYMMETRIC = "antisymmetric"
    INVERTIBLE = "invertible"
    DET_POSITIVE = "det > 0"
    POSITIVE_DEFINITE = "positive definite"
    DIAGONAL = "diagonal"
    ORTHOGONAL = "orthogonal"
    LOWER_TRIANGULAR = "lower triangular"
    IDEMPOTENT = "idempotent"
    FULL_RANK = "full rank"
    CONSTANT = "constant"
    """Held in differentials: dy = 0."""
    BELOW = "below"
    """symbol < other, two scalars."""
    AT_MOST = "at most"
    """symbol <= other, two scalars."""
    DIFFERENT = "different"
    """symbol != other, two scalars; without `other` no entry is data[0]."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A condition on every entry, vector or matrix that `symbol` stands for."""

    kind: Kind
    symbol: Symbol
    text: str
    """As written."""
    data: tuple[Fraction | bool | None, ...] = ()
    other: Symbol | None = None
    """The second name of a relation between two."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """All conditions under which a claim is meant.  They restrict the point, never the direction."""

    conditions: tuple[Assumption, ...] = ()
    dims: Mapping[Dim, Dim] = field(default_factory=dict)
    """Sizes identified (``dim m == n``) or fixed (``dim n == 2``): every dim → its representative."""
    dim_texts: tuple[str, ...] = ()
    """The dim assumptions as written."""
    at_least: Mapping[Dim, int] = field(default_factory=dict)
    """Least value of a size, where more than 1."""
    orders: tuple[tuple[Dim, Dim, int], ...] = ()
    """Sizes compared with others: (m, n, 0) for ``dim m >= n``, (m, n, 1) for ``dim m > n``."""
    notes: tuple[str, ...] = ()
    """Prose."""

    def dim(self, dim: Dim) -> Dim:
        """The representative of a dim."""
        return self.dims.get(dim, dim)

    def same(self, left: Size, right: Size) -> bool:
        """Whether two sizes are one."""
        return self.size(left) == self.size(right)

    def size(self, size: Size) -> Size:
        """A size with every dim by its representative."""
        return with_dims(size, self.dim) if self.dims else size

    def ordered(self, sizes: Mapping[Dim, int]) -> dict[Dim, int] | None:
        """Sizes of representatives, raised until they are ordered as assumed; None where none are."""
        found = dict(sizes)
        for _ in range(len(self.orders) + 1):
            settled = True
            for greater, smaller, gap in self.orders:
                at, below = self.dim(greater), self.dim(smaller)
                least = (below if isinstance(below, int) else found.get(below, 1)) + gap
                if (at if isinstance(at, int) else found.get(at, least)) < least:
                    if isinstance(at, int):
                        return None
                    found[at], settled = least, False
            if settled:
                return found
        return None


@dataclass(frozen=True, eq=False, slots=True)
class Graph:
    """Definitions in an order in which each uses only inputs and earlier names."""

    definitions: Mapping[Symbol, Tensor] = field(default_factory=dict)
    position: Mapping[Symbol, int] = field(init=False)
    parents: Mapping[Symbol, tuple[Symbol, ...]] = field(init=False)
    """The names that a definition mentions directly, in order of appearance."""
    children: Mapping[Symbol, tuple[Symbol, ...]] = field(init=False)
    """The defined names that mention a name directly, in order of definition."""

    _upstream: dict[Symbol, frozenset[Symbol]] = field(init=False, default_factory=dict)
    _sized: dict[Symbol, bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        parents: dict[Symbol, tuple[Symbol, ...]] = {}
        children: dict[Symbol, list[Symbol]] = {}
        for name, body in self.definitions.items():
            parents[name] = tuple(symbols_in(body))
            for parent in parents[name]:
                children.setdefault(parent, []).append(name)
        object.__setattr__(self, "position", {s: k for k, s in enumerate(self.definitions)})
        object.__setattr__(self, "parents", parents)
        object.__setattr__(self, "children", {s: tuple(c) for s, c in children.items()})

    def __contains__(self, symbol: object) -> bool:
        return symbol in self.definitions

    def inputs(self) -> tuple[Symbol, ...]:
        """The names used but not defined, in order of first use."""
        seen: dict[Symbol, None] = {}
        for parents in self.parents.values():
            for parent in parents:
                if parent not in self.definitions:
                    seen.setdefault(parent)
        return tuple(seen)

    def depends(self, name: Symbol, symbol: Symbol) -> bool:
        """Whether `symbol` is `name` itself or stands upstream of it.  A direct parent costs nothing."""
        if name is symbol or symbol in self.parents.get(name, ()):
            return True
        if name not in self.definitions:
            return False
        if self.position.get(symbol, -1) >= self.position[name]:
            return False
        return symbol in self.upstream(name)

    def upstream(self, symbol: Symbol) -> frozenset[Symbol]:
        """Everything that `symbol` depends on, itself included."""
        found = self._upstream.get(symbol)
        if found is not None:
            return found
        seen = {symbol}
        stack = [symbol]
        while stack:
            for parent in self.parents.get(stack.pop(), ()):
                if parent not in seen:
                    seen.add(parent)
                    stack.append(parent)
        return self._upstream.setdefault(symbol, frozenset(seen))

    def is_sized(self, symbol: Symbol) -> bool:
        """Whether a size stands in the name or in anything that it depends on."""
        if not self._sized:
            for name, body in self.definitions.items():
                above = (self._sized.get(parent, bool(parent.shape)) for parent in self.parents[name])
                self._sized[name] = bool(name.shape) or any(above) or has_sizes(body)
        return self._sized.get(symbol, bool(symbol.shape))

    def downstream(self, symbol: Symbol) -> frozenset[Symbol]:
        """Everything that depends on `symbol`, itself included."""
        seen = {symbol}
        stack = [symbol]
        while stack:
            for child in self.children.get(stack.pop(), ()):
                if child not in seen:
                    seen.add(child)
                    stack.append(child)
        return frozenset(seen)


class Relation(StrEnum):
    """What a claim says of its two sides, entry by entry."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="

    @property
    def strict(self) -> bool:
        """Whether equality is excluded."""
        return self in (Relation.LESS, Relation.GREATER)

    @property
    def rising(self) -> bool:
        """Whether the right side is the greater one."""
        return self in (Relation.LESS, Relation.AT_MOST)


@dataclass(frozen=True, eq=False, slots=True)
class Equation:
    """left = right, or left < right and the like, for every value of the free indices."""

    left: Tensor
    right: Tensor
    free: tuple[Index, ...] = ()
    relation: Relation = Relation.EQUAL


class Expectation(StrEnum):
    """What the author expects of a claim."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    ERROR = "error"


class Judged(StrEnum):
    """How a claim is to be judged."""

    GENERALLY = "generally"
    """For all sizes and entries; a purely numeric member falls back on the point, if there is one."""
    READING_OFF = "reading off"
    """The right side is the coefficient of a differential in the left: see `premise`."""


@dataclass(frozen=True, eq=False, slots=True)
class Claim:
    """One line, or one link of a chain, as its author wrote it."""

    id: str
    """Such as ``two-layer::dε/dV[2]``."""
    text: str
    """The formula as written, of this link: ``head = member``."""
    equation: Equation | None
    """What it means; None if it could not be read, then `error` says why."""
    assumptions: Assumptions = field(default_factory=Assumptions)
    graph: Graph = field(default_factory=Graph)
    expected: Expectation = Expectation.PROVED
    convention: str = "gradient"
    point: Mapping[Symbol, Value] = field(default_factory=dict)
    """Values of inputs given by the author; empty if none."""
    previous: Tensor | None = None
    """The member before this one in a chain, unless that is the head."""
    location: Location | None = None
    note: str = ""
    error: SymcheckError | None = None
    method: str = ""
    """A word on how the author argues, shown in tables (``reading off``)."""
    line: str = ""
    """The whole line as written, chain and all."""
    member: int = 0
    """Which link of the line, counted from 0."""
    given: tuple[str, ...] = ()
    """The hypotheses by which its names were defined."""
    induction: Induction | None = None
    """What it follows from, if it is the conclusion of a proof by induction."""
    sizes: Mapping[Dim, int] = field(default_factory=dict)
    """The explicit sizes for which the claim is made, if it is made for such alone: code was run at them."""
    draft: Equation | None = None
    """The equation as written although shapes inside it do not fit: for a correction, never judged."""
    record: bytes = b""
    """The record of a claims file it was read from, which says all there is to know of it."""

    def has_sizes(self) -> bool:
        """Whether vectors, matrices or sizes occur in the claim or in the definitions it rests on."""
        if self.equation is None:
            return False
        sides = (self.equation.left, self.equation.right)
        return any(has_sizes(side) or any(map(self.graph.is_sized, symbols_in(side))) for side in sides)


@dataclass(frozen=True, eq=False, slots=True)
class Induction:
    """A statement P for every level of a recursion, and the claims from which it follows."""

    index: str
    """What counts the levels: ``n``."""
    start: str
    """The level of the base: ``0``, or a letter for any whole number."""
    down: bool
    """Whether the levels go down from the base instead of up."""
    base: tuple[Claim, ...]
    """P at the base."""
    step: tuple[Claim, ...]
    """P at a level, given P at the level before: the value there is an arbitrary function."""
    first: tuple[Claim, ...]
    """P at the first level after the base, without the hypothesis: the values of the base put in."""
    hypothesis: tuple[str, ...] = ()
    """P at the level before, as text."""
    equation: Equation | None = None
    """P at a level after the base; a conclusion that says something else does not follow."""
    corollary: Claim | None = None
    """A claim about level n that uses the statement at the level before; None for P itself."""
    closed: str = ""
    """What the recursion of the claimed value comes to, as its author writes it."""

    @property
    def levels(self) -> str:
        """``every n ≥ 0``; what uses the level before is about ``every n > 0``."""
        signs = "<>" if self.corollary is not None else "≤≥"
        return f"every {self.index} {signs[not self.down]} {self.start}"

    @property
    def base_level(self) -> str:
        """``n = 0``"""
        return f"{self.index} = {self.start}"

    @property
    def first_level(self) -> str:
        """``n = 1``, the level after the base."""
        if self.start.isdecimal():
            return f"{self.index} = {int(self.start) + (-1 if self.down else 1)}"
        return f"{self.index} = {self.start}{'-' if self.down else '+'}1"

    def instance(self) -> Claim | None:
        """P at the first level after the base, with the values of the base: what can be computed."""
        for step, first in zip(self.step, self.first, strict=True):
            if step.equation is self.equation:
                return first
        return None
