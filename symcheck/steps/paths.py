"""Which names of a graph all paths between two others pass through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symcheck.language.claim import Graph
from symcheck.language.tensor import Symbol

MOST = 24
"""Cuts that are tried between two names."""


def cuts(graph: Graph, of: Symbol, sources: Iterable[Symbol]) -> Iterator[tuple[Symbol, ...]]:
    """Sets of names upstream of `of` that every path from a source to it meets exactly once.

    From the parents of `of` on, the most downstream name is replaced by its own parents, one at a time.
    """
    wanted = frozenset(sources)
    front = [p for p in graph.parents.get(of, ()) if _reached(graph, p, wanted)]
    for _ in range(MOST):
        if not front:
            return
        if _apart(graph, front):
            yield tuple(front)
        defined = [name for name in front if name in graph and name not in wanted]
        if not defined:
            return
        last = max(defined, key=graph.position.__getitem__)
        place = front.index(last)
        parents = [p for p in graph.parents[last] if _reached(graph, p, wanted) and p not in front]
        front = [*front[:place], *parents, *front[place + 1 :]]


def _reached(graph: Graph, name: Symbol, sources: frozenset[Symbol]) -> bool:
    """Whether a name changes with one of the sources."""
    return any(graph.depends(name, source) for source in sources)


def _apart(graph: Graph, names: list[Symbol]) -> bool:
    return not any(a is not b and graph.depends(a, b) for a in names for b in names)


def all_through(graph: Graph, of: Symbol, middle: Symbol, source: Symbol) -> bool:
    """Whether every path from `source` to `of` passes `middle`, which is neither of them."""
    if middle is of or middle is source or not graph.depends(middle, source):
        return False
    if not graph.depends(of, middle):
        return False
    seen = {source}
    stack = [source]
    while stack:
        for child in graph.children.get(stack.pop(), ()):
            if child is of:
                return False
            if child is not middle and child not in seen:
                seen.add(child)
                stack.append(child)
    return True
