"""The conditions through which a derivative is taken: a claim is about points off their boundaries."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from symcheck.differentiation import at_rest
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredEquation, LoweredGraph
from symcheck.language.tensor import Symbol
from symcheck.lowering import has_guard

SIGNED = frozenset(("positive", "vanishes", "heaviside", "sign", "abs", "relu"))
"""Functions with a kink or jump where their argument is 0."""
COMPARING = frozenset(("maximum", "minimum"))
"""Functions with a kink where their two arguments are equal."""
STEPPING = frozenset(("floor", "ceil", "trunc"))
"""Functions that jump at the whole numbers: the normal form has no condition for these."""
LIMIT = 64
"""Most conditions gathered, those nearest to the variable first; fewer only prove less."""


def crossed(equation: LoweredEquation) -> frozenset[Node]:
    """The conditions u such that some derivative in the equation goes through [u > 0] or [u = 0]."""
    if not equation.graph.guarded and not has_guard(equation.left) and not has_guard(equation.right):
        return frozenset()
    found: dict[Node, None] = {}
    for condition in _conditions(equation):
        found.setdefault(at_rest(condition, equation.graph))
        if len(found) >= LIMIT:
            break
    return frozenset(found)


def _conditions(equation: LoweredEquation) -> Iterator[Node]:
    graph = equation.graph
    for node in _parts(equation.left, equation.right):
        if node.op == "D":
            yield from _through(node.args[0], node.args[1], graph)
        elif node.op == "diff":
            yield from _through(node.args[0], None, graph)
        elif node.op == "local":
            yield from _here(graph.definitions[node.args[0]].body, node.args[2], graph)


def _through(node: Node, symbol: Symbol | None, graph: LoweredGraph) -> Iterator[Node]:
    """Conditions in the node and in the definitions between `symbol` and it, nearest to `symbol` first."""
    yield from _here(node, symbol, graph)
    names = [s for s in node.names if s in graph.definitions and s is not symbol]
    if symbol is None:
        between = {s for name in names for s in graph.graph.upstream(name)} & graph.definitions.keys()
        for name in sorted(between & graph.guarded, key=graph.graph.position.__getitem__):
            yield from _here(graph.definitions[name].body, None, graph)
        return
    waiting = deque([symbol])
    seen = {symbol}
    while waiting:
        for child in graph.graph.children.get(waiting.popleft(), ()):
            if child in seen or not any(graph.graph.depends(name, child) for name in names):
                continue
            seen.add(child)
            waiting.append(child)
            if child in graph.guarded:
                yield from _here(graph.definitions[child].body, symbol, graph)


def _here(node: Node, symbol: Symbol | None, graph: LoweredGraph) -> Iterator[Node]:
    if not node.functions:
        return
    for part in _parts(node):
        if part.op != "fn" or not _depends(part, symbol, graph):
            continue
        name, *arguments = part.args
        if name in SIGNED or name in STEPPING:
            yield arguments[0]
        elif name in COMPARING:
            yield arguments[0] - arguments[1]


def _depends(node: Node, symbol: Symbol | None, graph: LoweredGraph) -> bool:
    return symbol is None or any(name is symbol or graph.graph.depends(name, symbol) for name in node.names)


def _parts(*nodes: Node) -> Iterator[Node]:
    """Every node inside, once."""
    done: set[Node] = set()
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if node in done:
            continue
        done.add(node)
        yield node
        stack.extend(reversed(node.nodes))
