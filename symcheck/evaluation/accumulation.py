"""Derivatives of defined names at a point, by the chain rule along the graph, each link once.

∂u/∂V = Σ_c ∂u/∂c · ∂c/∂V over the children c of V upstream of u; du = Σ_p ∂u/∂p · dp over the parents.
The links ∂c/∂V are index notation made by `differentiation`; what is accumulated here are their values.
"""

from __future__ import annotations

from typing import Protocol

from symcheck.differentiation import local_derivative
from symcheck.evaluation.indexing import Entries, Labels, Layout, Value
from symcheck.evaluation.numbers import ZERO, tame
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Symbol


class Links:
    """The links of one graph in index notation, made once for all points."""

    def __init__(self, graph: LoweredGraph) -> None:
        self.graph = graph
        self._rows: dict[Symbol, Labels] = {}
        self._columns: dict[Symbol, Labels] = {}
        self._links: dict[tuple[Symbol, Symbol], Node] = {}
        self._inputs: dict[Symbol, Labels] = {}

    def rows(self, symbol: Symbol) -> Labels:
        """Indices of a symbol that is differentiated."""
        return self._named(self._rows, symbol)

    def columns(self, symbol: Symbol) -> Labels:
        """Indices of a symbol by which is differentiated."""
        return self._named(self._columns, symbol)

    def _named(self, known: dict[Symbol, Labels], symbol: Symbol) -> Labels:
        found = known.get(symbol)
        if found is None:
            table = self.graph.table
            found = known[symbol] = tuple(table.fresh("e", i.dim) for i in self._pattern(symbol))
        return found

    def _pattern(self, symbol: Symbol) -> Labels:
        operand = self.graph.definitions.get(symbol)
        if operand is not None:
            return operand.idxs
        # an input: its sizes as the definitions write them, identified ones alike
        found = self._inputs.get(symbol)
        if found is None:
            for child in self.graph.graph.children.get(symbol, ()):
                found = _indices_of(self.graph.definitions[child].body, symbol)
                if found is not None:
                    break
            if found is None:  # named only as the variable of a derivative
                table = self.graph.table
                found = tuple(table.fresh("e", dim) for size in symbol.shape for dim in size)
            self._inputs[symbol] = found
        return found

    def link(self, child: Symbol, parent: Symbol) -> Node:
        """∂child/∂parent by its own definition, at `rows(child)` and `columns(parent)`."""
        found = self._links.get((child, parent))
        if found is None:
            found = self._links[child, parent] = local_derivative(
                self.graph, child, self.rows(child), parent, self.columns(parent)
            )
        return found


def _indices_of(node: Node, symbol: Symbol) -> Labels | None:
    stack: list[Node] = [node]
    seen: set[Node] = set()
    while stack:
        part = stack.pop()
        if part in seen:
            continue
        seen.add(part)
        if part.op == "T" and part.args[0] is symbol:
            found: Labels = part.args[1]
            return found
        stack.extend(part.nodes)
    return None


class Source(Protocol):
    """What an accumulation reads values from."""

    graph: LoweredGraph
    layout: Layout
    links: Links

    def value(self, node: Node) -> Value:
        """The value of a node."""


class Accumulation:
    """Jacobians and differentials of defined names at one point, memoised."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._jacobians: dict[tuple[Symbol, Symbol], Value] = {}
        self._differentials: dict[Symbol, Value] = {}

    def jacobian(self, name: Symbol, symbol: Symbol) -> Entries:
        """∂name/∂symbol through the graph cut at symbol; entries over the axes of both."""
        links, layout = self.source.links, self.source.layout
        labels = (*links.rows(name), *links.columns(symbol))
        if name is symbol:
            pairs = zip(links.rows(name), links.columns(name), strict=True)
            return layout.spread(layout.product([layout.delta(i, j) for i, j in pairs]), labels)
        self._fill(name, symbol)
        return layout.spread(self._jacobians[name, symbol], labels)

    def _fill(self, name: Symbol, symbol: Symbol) -> None:
        """Compute ∂name/∂symbol and those it is made of, from `name` back to `symbol`."""
        graph, known = self.source.graph.graph, self._jacobians
        stack = [symbol]
        while stack:
            current = stack[-1]
            if (name, current) in known:
                stack.pop()
                continue
            through = [c for c in graph.children.get(current, ()) if graph.depends(name, c)]
            waiting = [c for c in through if c is not name and (name, c) not in known]
            if waiting:
                stack.extend(waiting)
                continue
            known[name, current] = self._accumulated(name, current, through)
            stack.pop()

    def _accumulated(self, name: Symbol, symbol: Symbol, through: list[Symbol]) -> Value:
        source, links, layout = self.source, self.source.links, self.source.layout
        terms = []
        for child in through:
            link = source.value(links.link(child, symbol))
            if child is name:
                terms.append(link)
                continue
            rows, columns = links.rows(child), links.columns(child)
            labels, entries = self._jacobians[name, child]
            renamed = tuple(rows[columns.index(i)] if i in columns else i for i in labels)
            terms.append(layout.contract([(renamed, entries), link], (), rows))
        return _tamed(layout.sum(terms)) if terms else ((), [ZERO])

    def differential(self, name: Symbol) -> Entries:
        """d(name) as the inputs move in the directions of their differentials; over the axes of name."""
        graph = self.source.graph
        known = self._differentials
        stack = [name]
        while stack:
            current = stack[-1]
            if current in known:
                stack.pop()
                continue
            waiting = [p for p in graph.graph.parents[current] if p in graph.definitions and p not in known]
            if waiting:
                stack.extend(waiting)
                continue
            known[current] = self._moved(current)
            stack.pop()
        return self.source.layout.spread(known[name], self.source.links.rows(name))

    def _moved(self, name: Symbol) -> Value:
        source, links, layout = self.source, self.source.links, self.source.layout
        terms = []
        for parent in source.graph.graph.parents[name]:
            columns = links.columns(parent)
            if parent in source.graph.definitions:
                labels, entries = self._differentials[parent]
                rows = links.rows(parent)
                step = tuple(columns[rows.index(i)] for i in labels), entries
            else:
                step = source.value(source.graph.direction(parent, columns))
            link = source.value(links.link(name, parent))
            terms.append(layout.contract([link, step], (), columns))
        return _tamed(layout.sum(terms)) if terms else ((), [ZERO])


def _tamed(value: Value) -> Value:
    return value[0], list(map(tame, value[1]))
