"""Derivatives of defined names at a point, by the chain rule along the graph, each link once.

∂u/∂V = Σ_c ∂u/∂c · ∂c/∂V over the children c of V upstream of u; du = Σ_p ∂u/∂p · dp over the parents.
The links ∂c/∂V are index notation made by `differentiation`; what is accumulated here are their values.
"""

from __future__ import annotations

from typing import Protocol

from symcheck.differentiation import link
from symcheck.evaluation.indexing import Entries, Layout, Value
from symcheck.evaluation.numbers import ZERO, tame
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Symbol


class Source(Protocol):
    """What an accumulation reads values from."""

    graph: LoweredGraph
    layout: Layout

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
        graph, layout = self.source.graph, self.source.layout
        labels = (*graph.rows(name), *graph.columns(symbol))
        if name is symbol:
            pairs = zip(graph.rows(name), graph.columns(name), strict=True)
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
        source, graph, layout = self.source, self.source.graph, self.source.layout
        terms = []
        for child in through:
            step = source.value(link(graph, child, symbol))
            if child is name:
                terms.append(step)
                continue
            rows, columns = graph.rows(child), graph.columns(child)
            labels, entries = self._jacobians[name, child]
            renamed = tuple(rows[columns.index(i)] if i in columns else i for i in labels)
            terms.append(layout.contract([(renamed, entries), step], (), rows))
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
        return self.source.layout.spread(known[name], graph.rows(name))

    def _moved(self, name: Symbol) -> Value:
        source, graph, layout = self.source, self.source.graph, self.source.layout
        terms = []
        for parent in graph.graph.parents[name]:
            columns = graph.columns(parent)
            if parent in graph.definitions:
                labels, entries = self._differentials[parent]
                rows = graph.rows(parent)
                step = tuple(columns[rows.index(i)] for i in labels), entries
            else:
                step = source.value(graph.direction(parent, columns))
            terms.append(layout.contract([source.value(link(graph, name, parent)), step], (), columns))
        return _tamed(layout.sum(terms)) if terms else ((), [ZERO])


def _tamed(value: Value) -> Value:
    return value[0], list(map(tame, value[1]))
