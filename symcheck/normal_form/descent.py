"""Steps down the graph, several at once while nothing between them would be compared.

A step puts for derivatives, or for a name, what they are made of.  Built after each step, a product of links
would be built anew for each of them; so the values are gathered first, and put into one another from below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from symcheck.differentiation import atoms_in, definition_of, furthest, is_atom, replace
from symcheck.language.indexed import DERIVED, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Symbol


class _Side:
    """What one side speaks of after the steps so far, without being built."""

    def __init__(self, node: Node, graph: LoweredGraph) -> None:
        self.graph = graph
        self.atoms = atoms_in(node, graph)
        self.beside = _names_beside(node)
        """The names outside of the atoms."""

    def names(self) -> set[Symbol]:
        """The defined names beside the atoms: what can be opened once no atom is left."""
        return {name for name in self.beside if name in self.graph.definitions}

    def spoken(self) -> set[object]:
        """See `spoken_of`."""
        names = self.beside.union(*(atom.names for atom in self.atoms))
        return spoken_of(names, self.atoms, self.graph)

    def push(self, values: dict[Node, Node]) -> None:
        """Atoms replaced by their values."""
        here = [values[atom] for atom in self.atoms if atom in values]
        self.beside = self.beside.union(*map(_names_beside, here))
        kept = [atom for atom in self.atoms if atom not in values]
        self.atoms = _in_order(chain(kept, *(atoms_in(value, self.graph) for value in here)))

    def open(self, name: Symbol, values: Iterable[Node]) -> None:
        """A name replaced by its definition at several entries."""
        if name in self.beside:
            self.beside = (self.beside - {name}).union(*map(_names_beside, values))
            self.atoms = _in_order(chain(self.atoms, *(atoms_in(value, self.graph) for value in values)))


def down(sides: Sequence[Node], graph: LoweredGraph, most: int) -> tuple[list[Node], int, list[Symbol]]:
    """The sides some steps further down: (both, how many steps, the names opened).

    A step expands the atoms furthest from their goal; where no atom is left, the most downstream name is
    opened.  After the first one another follows, up to `most`, while the sides speak of different things.
    """
    ahead = [_Side(side, graph) for side in sides]
    values: list[dict[Node, Node]] = []
    names: list[Symbol] = []
    plain = not graph.table.has_cases and all(is_atom(part, graph) for node in sides for part in node.derived)
    while True:
        atoms = dict.fromkeys(chain(*(side.atoms for side in ahead)))
        if atoms:
            step = furthest(atoms, graph)
            for side in ahead:
                side.push(step)
        else:
            name = max(ahead[0].names() | ahead[1].names(), key=graph.graph.position.__getitem__)
            if name in names:
                break  # met anew behind itself
            names.append(name)
            inside = chain(sides, *(known.values() for known in values))
            entries = _entries_of(name, inside)
            step = {part: definition_of(graph, name, part.args[1]) for part in entries}
            for side in ahead:
                side.open(name, step.values())
        values.append(step)
        simple = plain and not graph.table.has_cases and all(_is_simple(v, graph) for v in step.values())
        if not simple or len(values) >= most or ahead[0].spoken() == ahead[1].spoken():
            break
    return _put(sides, values, graph), len(values), names


def _is_simple(value: Node, graph: LoweredGraph) -> bool:
    """Whether what it is put into cannot become simpler than it seems; and what is to do in it is known."""
    return value.op != "num" and all(is_atom(part, graph) for part in value.derived)


def spoken_of(names: Iterable[Symbol], derived: Iterable[Node], graph: LoweredGraph) -> set[object]:
    """The defined names, and the derivatives of such, among names and derivatives."""
    found: set[object] = {name for name in names if name in graph.definitions}
    for part in derived:
        if is_atom(part, graph):
            found.add((part.args[0].args[0], part.args[1] if part.op == "D" else None))
    return found


def _in_order(atoms: Iterable[Node]) -> list[Node]:
    """Each once, in the order in which they were made."""
    return sorted(dict.fromkeys(atoms), key=lambda part: part.serial)


def _names_beside(node: Node) -> frozenset[Symbol]:
    """The names in a node outside of the derivatives that are still to be expanded."""
    if not node.derived:
        return node.names
    found: set[Symbol] = set()
    done: set[Node] = set()
    stack = [node]
    while stack:
        part = stack.pop()
        if part in done or part in node.derived:
            continue
        done.add(part)
        if part.derived:
            stack.extend(part.nodes)
        else:
            found |= part.names
    return frozenset(found)


def _entries_of(name: Symbol, nodes: Iterable[Node]) -> list[Node]:
    found: dict[Node, None] = {}
    done: set[Node] = set()
    stack = [node for node in nodes if name in node.names]
    while stack:
        part = stack.pop()
        if part in done:
            continue
        done.add(part)
        if part.op == "T":
            found[part] = None
        if part.op in DERIVED:
            continue
        stack.extend(child for child in part.nodes if name in child.names)
    return list(found)


def _put(sides: Sequence[Node], values: list[dict[Node, Node]], graph: LoweredGraph) -> list[Node]:
    """The sides with the values of all steps put in, those of later steps in those of earlier ones first."""
    derivatives: dict[Node, Node] = {}
    entries: dict[Symbol, dict[Node, Node]] = {}

    def filled(node: Node) -> Node:
        inside = {part: derivatives[part] for part in node.derived if part in derivatives}
        for name in node.names:
            inside.update(entries.get(name, {}))
        return replace(node, inside, graph, fresh=True)

    for step in reversed(values):
        for part, value in [(part, filled(value)) for part, value in step.items()]:
            if part.op == "T":
                entries.setdefault(part.args[0], {})[part] = value
            else:
                derivatives[part] = value
    return list(map(filled, sides))
