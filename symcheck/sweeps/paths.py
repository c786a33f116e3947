"""Derivatives of scalar graphs as sums over paths, the paths that end in a zero shown as struck.

A path is struck where it ends in a defined name that does not depend on the variable (∂g/∂a = 0); ways
into other inputs say nothing and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TypeAlias

from symcheck.language.indexed import Node
from symcheck.language.report import Path, PathSum
from symcheck.language.tensor import Symbol, Tensor
from symcheck.sweeps.backward import Backward
from symcheck.sweeps.places import ValueOf, Write

MOST_PATHS = 12

Links: TypeAlias = tuple[tuple[Symbol, Symbol], ...]
"""(child, parent) from the output on."""


class Paths:
    """The paths from one output to one scalar variable."""

    def __init__(
        self, backward: Backward, variable: Symbol, value_of: ValueOf | None, write: Write | None
    ) -> None:
        self.backward = backward
        self.graph = backward.graph
        self.output = backward.output
        self.variable = variable
        self.depends = self.graph.downstream(variable)
        self.value_of = value_of
        self.write = write
        self._links: dict[tuple[Symbol, Symbol], tuple[Node | None, str, Tensor | None]] = {}

    def all_scalar(self) -> bool:
        """Whether every node between the variable and the output is a number."""
        between = self.depends & self.graph.upstream(self.output)
        return bool(between) and all(not symbol.shape for symbol in between)

    def sum(self) -> PathSum:
        """The derivative of the output in the variable, path by path; too many: those that count first."""
        total = self.count()
        if total <= MOST_PATHS:
            shown = tuple(self.walk((True, False)))
        else:
            shown = tuple(islice(chain(self.walk((True,)), self.walk((False,))), MOST_PATHS))
        text, formula = self.total()
        return PathSum(self.variable.shown, self.output.shown, shown, total - len(shown), text, formula)

    def walk(self, kinds: tuple[bool, ...]) -> Iterator[Path]:
        """Every way from the output: at each node its parents, in the order in which it names them.

        `kinds` says whether paths that reach the variable (True), struck ones (False) or both are given.
        """
        stack: list[Links] = self.onward((), self.output)
        while stack:
            links = stack.pop()
            parent = links[-1][1]
            if parent in self.depends and parent is not self.variable:
                stack.extend(self.onward(links, parent))
            elif (parent is self.variable) in kinds:
                yield self.path(links, struck=parent is not self.variable)

    def onward(self, links: Links, node: Symbol) -> list[Links]:
        """The ways on from a node, the first one last."""
        return [(*links, (node, parent)) for parent in reversed(self.parents(node))]

    def parents(self, node: Symbol) -> list[Symbol]:
        """The parents of a node, other inputs than the variable left out."""
        return [p for p in self.graph.parents[node] if p is self.variable or p in self.graph]

    def count(self) -> int:
        """How many paths `walk` gives, without walking them."""
        counts: dict[Symbol, int] = {}
        for node in self.graph.definitions:
            counts[node] = sum(
                1 if parent is self.variable else counts.get(parent, 1) if parent in self.depends else 1
                for parent in self.parents(node)
            )
        return counts[self.output]

    def path(self, links: Links, struck: bool) -> Path:
        """One product; a struck one ends in ∂(last node)/∂variable = 0."""
        factors = []
        formulas: list[Tensor | None] = []
        product = self.backward.table.num(1)
        known = True
        for child, parent in links:
            node, text, formula = self.link(child, parent)
            factors.append((child.shown, parent.shown, text))
            formulas.append(formula)
            known = known and node is not None
            if node is not None:
                product = product * node
        if struck:
            factors.append((links[-1][1].shown, self.variable.shown, "0"))
            return Path(tuple(factors), True, "0", (*formulas, None))
        value = self.value_of(product, ()) if self.value_of is not None and known else None
        return Path(tuple(factors), False, value or "", tuple(formulas))

    def link(self, child: Symbol, parent: Symbol) -> tuple[Node | None, str, Tensor | None]:
        """The local derivative of one edge, and its value, or its formula where there is no point."""
        key = (child, parent)
        if key not in self._links:
            node = self.backward.local(child, parent) if not parent.shape and not child.shape else None
            text = self.value_of(node, ()) if self.value_of is not None and node is not None else None
            formula = None
            if text is None:
                text, formula = self.formula(node)
            self._links[key] = (node, text, formula)
        return self._links[key]

    def formula(self, node: Node | None) -> tuple[str, Tensor | None]:
        """A derivative as text, and as a formula; empty where it has none."""
        raised = self.backward.raised(node, ())
        if raised is None or self.write is None:
            return "", None
        return self.write(raised.tensor), raised.tensor

    def total(self) -> tuple[str, Tensor | None]:
        """∂output/∂variable: its value, or its formula where there is no point."""
        table = self.backward.table
        if self.value_of is not None:
            whole = table.D(table.entry(self.output, ()), self.variable, ())
            value = self.value_of(whole, ())
            if value is not None:
                return value, None
        return self.formula(self.backward.written_out.get(self.variable))
