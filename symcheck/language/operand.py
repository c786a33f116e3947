"""Lowered things: a tensor as axes and a body, an equation, and the graph of lowered definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from symcheck.errors import IndexMisuse
from symcheck.language.claim import Graph, Relation
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.shape import Dim, Shape
from symcheck.language.tensor import Symbol

Axis: TypeAlias = tuple[Idx, ...]
"""The indices of one axis: one, or several for an axis whose size is a product (slowest first)."""


class View(Protocol):
    """An argument as an index law sees it: its shape, and its entry at any indices."""

    @property
    def shape(self) -> Shape:
        """Shape, with sizes that an assumption identifies written alike."""

    def __getitem__(self, axes: tuple[Axis, ...]) -> Node:
        """The entry at these indices, one axis each."""

    def axis(self, position: int, name: str = "k") -> Axis:
        """Fresh indices for one of its axes, to be summed over."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A tensor in index notation: λ axes. body."""

    axes: tuple[Axis, ...]
    body: Node

    def __post_init__(self) -> None:
        own = [i for axis in self.axes for i in axis]
        if len(set(own)) != len(own):
            raise IndexMisuse("an index names two axes", code="SC013")
        if not self.body.bound.isdisjoint(own):
            raise IndexMisuse("an axis is bound inside its own body", code="SC013")

    @property
    def idxs(self) -> tuple[Idx, ...]:
        """All indices of all axes."""
        return tuple(i for axis in self.axes for i in axis)

    def at(self, *axes: Axis | Idx) -> Node:
        """The entry at other indices."""
        if len(axes) != len(self.axes):
            raise IndexMisuse(f"{len(axes)} indices for {len(self.axes)} axes", code="SC013")
        names: dict[Idx, Idx] = {}
        for own, new in zip(self.axes, axes, strict=True):
            target = (new,) if isinstance(new, Idx) else new
            if len(own) != len(target):
                raise IndexMisuse("axes of different make", code="SC020")
            names.update(zip(own, target, strict=True))
        return self.body.table.rename(self.body, names)


@dataclass(frozen=True, eq=False, slots=True)
class LoweredGraph:
    """The definitions of a graph in index notation."""

    table: Table
    graph: Graph
    definitions: Mapping[Symbol, Operand] = field(default_factory=dict)
    constants: frozenset[Symbol] = frozenset()
    """Inputs that are held: their differential is 0."""
    guarded: frozenset[Symbol] = frozenset()
    """Names in whose own definition a function stands that turns on a sign (relu, abs, where, …)."""
    last: bool = False
    """Whether matrices of blocks are inverted from their last block; see `lowering`."""
    links: dict[tuple[Symbol, Symbol], Node] = field(default_factory=dict)
    """(u, V) → ∂(definition of u)/∂V at `rows(u)` and `columns(V)`, as far as it was needed."""
    heads: dict[tuple[object, ...], Operand] = field(default_factory=dict)
    """Left sides lowered before, with their free indices: the members of a chain have the same one."""
    done: dict[Node, Node] = field(default_factory=dict)
    """Sides of equations → the same with their derivatives done."""
    own: dict[Symbol, Node] = field(default_factory=dict)
    """u → its definition at `rows(u)`, of which the links are made."""
    _rows: dict[Symbol, Axis] = field(default_factory=dict)
    _columns: dict[Symbol, Axis] = field(default_factory=dict)

    def direction(self, symbol: Symbol, idxs: tuple[Idx, ...]) -> Node:
        """An entry of dX for an input X: independent, or 0 for what is held."""
        if symbol in self.constants:
            return self.table.num(0)
        return self.table.entry(self.table.differential_of(symbol), idxs)

    def rows(self, symbol: Symbol) -> Axis:
        """The indices at which links say the derivative of a symbol."""
        return self._kept(self._rows, symbol)

    def columns(self, symbol: Symbol) -> Axis:
        """The indices at which links say the derivative in a symbol."""
        return self._kept(self._columns, symbol)

    def _kept(self, known: dict[Symbol, Axis], symbol: Symbol) -> Axis:
        found = known.get(symbol)
        if found is None:
            found = known[symbol] = tuple(self.table.fresh("e", dim) for dim in self._dims(symbol))
        return found

    def _dims(self, symbol: Symbol) -> list[Dim]:
        """The range of every index of a symbol, as the definitions write it: identified sizes alike."""
        operand = self.definitions.get(symbol)
        if operand is not None:
            return [i.dim for i in operand.idxs]
        for child in self.graph.children.get(symbol, ()):
            idxs = self.definitions[child].body.indices_of(symbol)
            if idxs is not None:
                return [i.dim for i in idxs]
        # named only as the variable of a derivative
        return [dim for size in symbol.shape for dim in size]

    def definition(self, symbol: Symbol, idxs: tuple[Idx, ...]) -> Node:
        """The definition of a name at an entry, bound indices fresh."""
        operand = self.definitions[symbol]
        return self.table.refresh(operand.body, dict(zip(operand.idxs, idxs, strict=True)))


@dataclass(frozen=True, eq=False, slots=True)
class LoweredEquation:
    """left = right, or another relation, for every value of `idxs`."""

    left: Node
    right: Node
    idxs: tuple[Idx, ...]
    """Free indices of the claim first, then those of the axes: the order of a witness's component."""
    graph: LoweredGraph
    relation: Relation = Relation.EQUAL
