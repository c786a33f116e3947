"""Functions of entries that have two values only, by these values, before the arithmetic sees them.

    f(y) = y f(1) + (1 − y) f(0)                 y is 0 or 1
    f(s) = ½(1 + s) f(1) + ½(1 − s) f(−1)        s is −1 or +1
    f(y) = Σₘ yₘ f(eₘ)                           y is a one-hot row, eₘ the m-th unit vector

The first two are done here for cases, and for functions whose arguments depend on one another; those of one
argument are split by the arithmetic (`guards.by_cases`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from symcheck.language.claim import Kind
from symcheck.language.indexed import Idx, Node
from symcheck.language.tensor import Symbol
from symcheck.normal_form.facts import DISCRETE

HALF = Fraction(1, 2)
SPLIT = frozenset(("fn", "case", "ufn", "pow"))
BLANK = frozenset(("xlogx", "xlogy", "xlog1py"))
"""Functions that are 0 where their first argument is: 0 · log 0 = 0 by convention."""
GUARDS = frozenset(("positive", "vanishes"))


class Splitting:
    """The names with few values, and what was split by them before."""

    def __init__(self, qualities: Iterable[tuple[Symbol, Kind]]) -> None:
        self.symbols: dict[Symbol, Kind] = {}
        for symbol, kind in qualities:
            if kind in DISCRETE and self.symbols.get(symbol) is not Kind.ONE_HOT:
                self.symbols[symbol] = kind
        self._done: dict[Node, Node | None] = {}

    def by_values(self, node: Node) -> Node | None:
        """The function of the values of one entry or row inside it; None if there is none."""
        if node.op not in SPLIT:
            return None
        if node not in self._done:
            self._done[node] = self._split(node)
        return self._done[node]

    def _split(self, node: Node) -> Node | None:
        table = node.table
        together = node.op == "case" or (node.op == "fn" and (len(node.args) > 2 or node.args[0] in BLANK))
        for entry in self._entries(node) if together else ():
            symbol, idxs = entry.args
            if any(i.value is None and i not in node.free for i in idxs):
                continue
            signs = self.symbols[symbol] is Kind.SIGNS
            high = _Substitution(entry.free, {entry: table.num(1)}).down(node)
            if high is node:
                continue
            low = _Substitution(entry.free, {entry: table.num(-1 if signs else 0)}).down(node)
            share = table.mul(table.num(HALF), 1 + entry) if signs else entry
            return table.add(table.mul(share, high), table.mul(1 - share, low))
        for entry in self._entries(node):
            symbol, idxs = entry.args
            row = idxs[:-1]
            if self.symbols[symbol] is not Kind.ONE_HOT or idxs[-1] not in node.bound:
                continue
            if any(i.value is None and i not in node.free for i in row):
                continue
            chosen = table.fresh("m", idxs[-1].dim)
            others = (e for e in self._entries(node) if e.args[0] is symbol and e.args[1][:-1] == row)
            values = {other: table.delta(other.args[1][-1], chosen) for other in others}
            selected = _Substitution(frozenset(row), values).down(node)
            if selected is not node:
                return table.sum((chosen,), table.mul(table.entry(symbol, (*row, chosen)), selected))
        return None

    def _entries(self, node: Node) -> Iterator[Node]:
        """Entries of the names, once each, in the order in which they were made."""
        found = {part for part in _parts(node) if part.op == "T" and part.args[0] in self.symbols}
        yield from sorted(found, key=lambda part: part.serial)


def _parts(node: Node) -> Iterator[Node]:
    done: set[Node] = set()
    stack = [node]
    while stack:
        part = stack.pop()
        if part not in done:
            done.add(part)
            yield part
            stack.extend(part.nodes)


class _Substitution:
    """Entries replaced by their values; what is bound to one of the `fixed` indices is left alone."""

    def __init__(self, fixed: frozenset[Idx], values: dict[Node, Node]) -> None:
        self.fixed = fixed
        self.values = values
        self._done: dict[Node, Node] = {}

    def down(self, node: Node) -> Node:
        """The node at the values."""
        found = self._done.get(node)
        if found is None:
            found = self._done[node] = self.values[node] if node in self.values else self._rebuilt(node)
        return found

    def _rebuilt(self, node: Node) -> Node:
        table, args, down = node.table, node.args, self.down
        match node.op:
            case "add":
                return table.add(*map(down, args))
            case "mul":
                return table.mul(*map(down, args))
            case "pow":
                return table.pow(down(args[0]), args[1])
            case "sum" if args[0] not in self.fixed:
                return table.sum((args[0],), down(args[1]))
            case "prod" if args[0] not in self.fixed:
                return table.prod(args[0], down(args[1]))
            case "fn":
                return self._function(node)
            case "case":
                indicator = down(args[0])
                if indicator.op == "num":
                    return down(args[1] if indicator.args[0] == 1 else args[2])
                return table.case(indicator, down(args[1]), down(args[2]))
            case "ufn":
                return table.ufn(args[0], args[1], down(args[2]))
        return node

    def _function(self, node: Node) -> Node:
        table, name = node.table, node.args[0]
        first = self.down(node.args[1])
        if first.op == "num":
            value = first.args[0]
            if name in GUARDS:
                return table.num(int(value > 0 if name == "positive" else value == 0))
            if value == 0 and name in BLANK:
                return first
        return table.fn(name, first, *map(self.down, node.args[2:]))
