"""Whether a derivative is taken through a guard: then a claim is about points off the guard's boundary."""

from __future__ import annotations

from symcheck.language.indexed import Node, subnodes
from symcheck.language.operand import LoweredEquation, LoweredGraph
from symcheck.language.tensor import Symbol
from symcheck.lowering import has_guard
from symcheck.operations.elementwise import GUARDS


def off_boundary(equation: LoweredEquation) -> bool:
    """True if some derivative in the equation goes through a condition that its variable decides."""
    graph = equation.graph
    if not graph.guarded and not has_guard(equation.left) and not has_guard(equation.right):
        return False
    for side in (equation.left, equation.right):
        stack = [side]
        done: set[Node] = set()
        while stack:
            node = stack.pop()
            if node in done:
                continue
            done.add(node)
            if node.op == "D" and _guarded(node.args[0], node.args[1], graph):
                return True
            if node.op == "local" and _guarded_here(
                graph.definitions[node.args[0]].body, node.args[2], graph
            ):
                return True
            if node.op == "diff" and _guarded(node.args[0], None, graph):
                return True
            stack.extend(subnodes(node))
    return False


def _guarded(node: Node, symbol: Symbol | None, graph: LoweredGraph) -> bool:
    """Whether a guard stands in the node or in a definition that it rests on, downstream of `symbol`."""
    seen: set[Symbol] = set()
    bodies = [node]
    while bodies:
        body = bodies.pop()
        if _guarded_here(body, symbol, graph):
            return True
        for name in _names(body):
            if name not in graph.definitions or name in seen or name is symbol:
                continue
            if symbol is None or graph.graph.depends(name, symbol):
                seen.add(name)
                bodies.append(graph.definitions[name].body)
    return False


def _guarded_here(node: Node, symbol: Symbol | None, graph: LoweredGraph) -> bool:
    stack = [node]
    done: set[Node] = set()
    while stack:
        part = stack.pop()
        if part in done:
            continue
        done.add(part)
        if part.op == "fn" and part.args[0] in GUARDS and _depends(part, symbol, graph):
            return True
        stack.extend(subnodes(part))
    return False


def _depends(node: Node, symbol: Symbol | None, graph: LoweredGraph) -> bool:
    return symbol is None or any(name is symbol or graph.graph.depends(name, symbol) for name in _names(node))


def _names(node: Node) -> set[Symbol]:
    found: set[Symbol] = set()
    done: set[Node] = set()
    stack = [node]
    while stack:
        part = stack.pop()
        if part in done:
            continue
        done.add(part)
        if part.op == "T":
            found.add(part.args[0])
        stack.extend(subnodes(part))
    return found
