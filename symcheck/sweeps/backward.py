"""The chain-rule table: every edge of the graph, walked from the output back to the inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcheck.differentiation import local_derivative
from symcheck.errors import SymcheckError
from symcheck.language.indexed import Idx, Node
from symcheck.language.report import EdgeRow
from symcheck.language.shape import show_shape
from symcheck.language.tensor import Symbol
from symcheck.raising import Raised, raise_checked
from symcheck.sweeps.places import Equal, Places, ValueOf

LARGEST = 150
"""Most nodes of an accumulated derivative that is written out; beyond it names of derivatives stay."""


class Backward:
    """The backward pass of one output, edge by edge."""

    def __init__(self, output: Symbol, places: Places, equal: Equal, value_of: ValueOf | None) -> None:
        self.output = output
        self.places = places
        self.equal = equal
        self.value_of = value_of
        self.lowered = places.lowered
        self.table = places.lowered.table
        self.graph = places.lowered.graph
        self.out = tuple(self.table.fresh("i", i.dim) for i in places[output])
        """The axes of the output, which come first in every row; none for a scalar."""
        itself = self.table.mul(
            *(self.table.delta(i, j) for i, j in zip(self.out, places[output], strict=True))
        )
        self.itself = itself
        self.named: dict[Symbol, Node | None] = {output: itself}
        """∂output/∂name with all edges so far, through derivatives of the names before it."""
        self.written_out: dict[Symbol, Node | None] = {output: itself}
        """The same without derivatives; None where it is too long or cannot be known."""
        self._sizes: dict[Node, int] = {}

    def edges(self, wrt: Sequence[Symbol]) -> Iterator[tuple[Symbol, Symbol]]:
        """(child, parent) from the output back; with `wrt` only edges on the way to one of these."""
        upstream = self.graph.upstream(self.output)
        wanted: set[Symbol] = set()
        for variable in wrt:
            wanted |= self.graph.downstream(variable)
        for child in reversed(tuple(self.graph.definitions)):
            if child in upstream:
                for parent in self.graph.parents[child]:
                    if not wrt or parent in wanted:
                        yield child, parent

    def rows(self, wrt: Sequence[Symbol] = ()) -> tuple[EdgeRow, ...]:
        """One row for each edge."""
        return tuple(self.row(child, parent) for child, parent in self.edges(wrt))

    def local(self, child: Symbol, parent: Symbol) -> Node | None:
        """∂(definition of child)/∂parent at their places; None where it is not known."""
        try:
            return local_derivative(self.lowered, child, self.places[child], parent, self.places[parent])
        except SymcheckError:
            return None

    def row(self, child: Symbol, parent: Symbol) -> EdgeRow:
        """The row of one edge; what came before it is remembered."""
        above, at = self.places[child], self.places[parent]
        local = self.local(child, parent)
        adjoint = self.itself
        if child is not self.output:
            adjoint = self.table.D(self.table.entry(self.output, self.out), child, above)
        pullback = self.pulled(above, adjoint, local)
        whole = self.written_out.get(child)
        expanded = self.pulled(above, whole, local)
        named = self.named[parent] = self.with_one_more(self.named, parent, pullback)
        expanded = self.written_out[parent] = self.with_one_more(self.written_out, parent, expanded)

        raised_local = self.raised(local, (*above, *at))
        axes = (*self.out, *at)
        raised_pullback = self.raised(pullback, axes)
        raised_sum = self.raised(expanded, axes) or self.raised(named, axes)
        value = self.value_of(named, axes) if self.value_of is not None and named is not None else None
        local_value = None
        if self.value_of is not None and local is not None and not above and not at:
            local_value = self.value_of(local, ())
        return EdgeRow(
            edge=f"{child.shown} → {parent.shown}",
            local=raised_local.tensor if raised_local else None,
            local_text="",
            pullback=raised_pullback.tensor if raised_pullback else None,
            pullback_text="",
            accumulated=raised_sum.tensor if raised_sum else None,
            accumulated_text="",
            shape=show_shape(self.output.shape + parent.shape),
            value=value or "",
            parent=parent.shown,
            child=child.shown,
            local_free=raised_local.free if raised_local else (),
            pullback_free=raised_pullback.free if raised_pullback else (),
            accumulated_free=raised_sum.free if raised_sum else (),
            local_value=local_value or "",
        )

    def pulled(self, above: tuple[Idx, ...], adjoint: Node | None, local: Node | None) -> Node | None:
        """Σ adjoint · ∂child/∂parent over the indices of the child, all bound ones fresh."""
        if adjoint is None or local is None:
            return None
        fresh = {i: self.table.fresh("k", i.dim) for i in above}
        product = self.table.mul(self.table.refresh(adjoint), self.table.refresh(local))
        return self.table.sum(fresh.values(), self.table.rename(product, fresh))

    def with_one_more(
        self, sums: dict[Symbol, Node | None], parent: Symbol, term: Node | None
    ) -> Node | None:
        """The sum of the edges so far and this one; None as soon as one is None or it is too long."""
        if parent in sums:
            before = sums[parent]
            term = None if before is None or term is None else before + term
        if term is not None and sums is self.written_out and self.size(term) > LARGEST:
            return None
        return term

    def size(self, node: Node) -> int:
        """How many nodes it has, written out."""
        found = self._sizes.get(node)
        if found is None:
            found = self._sizes[node] = 1 + sum(map(self.size, node.nodes))
        return found

    def raised(self, node: Node | None, axes: tuple[Idx, ...]) -> Raised | None:
        """The node in the author's notation, checked."""
        if node is None:
            return None
        return raise_checked(node, axes, self.lowered, self.places.lecture.assumptions, self.equal)
