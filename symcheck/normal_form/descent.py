"""Steps down the graph, several at once while nothing between them would be compared.

A step puts for derivatives, or for a name, what they are made of.  Built after each step, a product of links
would be built anew for each of them; so the values are gathered first, and put into one another from below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from symcheck.differentiation import atoms_in, definition_of, furthest, is_atom, replace
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Symbol


def pushed(sides: Sequence[Node], graph: LoweredGraph, most: int) -> tuple[list[Node], int]:
    """The sides with the atoms that are furthest from their goal expanded, and in how many steps.

    After the first step another one follows, up to `most`, if the sides speak of different things.
    """
    atoms = [atoms_in(side, graph) for side in sides]
    beside = [_names_beside(side) for side in sides]
    values: list[dict[Node, Node]] = []
    alone = any(not is_atom(part, graph) for side in sides for part in side.derived)

    def spoken(side: int) -> set[object]:
        names = beside[side].union(*(atom.names for atom in atoms[side]))
        return spoken_of(names, atoms[side], graph)

    while True:
        step = furthest(dict.fromkeys(chain(*atoms)), graph)
        values.append(step)
        if alone or _ends(values, graph, most):
            break
        for side in (0, 1):
            here = [step[atom] for atom in atoms[side] if atom in step]
            beside[side] = beside[side].union(*map(_names_beside, here))
            atoms[side] = _expanded(atoms[side], step, graph)
        if not (atoms[0] or atoms[1]) or spoken(0) == spoken(1):
            break
    return _put(sides, values, graph), len(values)


def opened(sides: Sequence[Node], graph: LoweredGraph, most: int) -> tuple[list[Node], list[Symbol]]:
    """The sides with the most downstream name replaced by its definition, and the names so replaced.

    After the first name another one follows, up to `most`, if the sides speak of different names.
    """
    names = [{name for name in side.names if name in graph.definitions} for side in sides]
    values: list[dict[Node, Node]] = []
    found: list[Symbol] = []
    while True:
        name = max(names[0] | names[1], key=graph.graph.position.__getitem__)
        found.append(name)
        inside = chain(sides, *(step.values() for step in values))
        values.append({part: definition_of(graph, name, part.args[1]) for part in _entries_of(name, inside)})
        if _ends(values, graph, most) or any(value.derived for value in values[-1].values()):
            break
        own = {s for value in values[-1].values() for s in value.names if s in graph.definitions}
        names = [(side - {name}) | own if name in side else side for side in names]
        if names[0] == names[1]:
            break
    return _put(sides, values, graph), found


def spoken_of(names: Iterable[Symbol], derived: Iterable[Node], graph: LoweredGraph) -> set[object]:
    """The defined names, and the derivatives of such, among names and derivatives."""
    found: set[object] = {name for name in names if name in graph.definitions}
    for part in derived:
        if is_atom(part, graph):
            found.add((part.args[0].args[0], part.args[1] if part.op == "D" else None))
    return found


def _ends(values: list[dict[Node, Node]], graph: LoweredGraph, most: int) -> bool:
    """Whether the sides have to be built after the last step, for they may become simpler than they seem."""
    return (
        len(values) >= most
        or graph.table.has_cases
        or any(value.op == "num" for value in values[-1].values())
    )


def _expanded(atoms: Iterable[Node], values: dict[Node, Node], graph: LoweredGraph) -> list[Node]:
    """The atoms of a side after a step, in the order in which they were made."""
    found: dict[Node, None] = {}
    for atom in atoms:
        value = values.get(atom)
        found.update(dict.fromkeys((atom,) if value is None else atoms_in(value, graph)))
    return sorted(found, key=lambda part: part.serial)


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
        stack.extend(child for child in part.nodes if name in child.names)
    return list(found)


def _put(sides: Sequence[Node], values: list[dict[Node, Node]], graph: LoweredGraph) -> list[Node]:
    """The sides with the values of all steps put in, those of later steps in those of earlier ones first."""
    below: dict[Node, Node] = {}
    for step in reversed(values):
        made = {part: replace(value, below, graph, fresh=True) for part, value in step.items()}
        below.update(made)
    return [replace(side, below, graph, fresh=True) for side in sides]
