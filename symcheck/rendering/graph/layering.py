"""Layers of a directed acyclic graph, and the rows of a layered drawing with all that passes through them.

In: the number of nodes and edges (u, v) with u < v, nodes numbered in an order of evaluation.
Out: `Rows`: items in rows from top to bottom, where an edge joins neighbouring rows only.
Source: K. Sugiyama, S. Tagawa, M. Toda, Methods for visual understanding of hierarchical system
structures, 1981.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Edge: TypeAlias = tuple[int, int]


def layers_of(count: int, edges: Sequence[Edge], widest: int = 0) -> list[int]:
    """The layer of every node: each edge leads to a later one, and edges are short.

    A node stands as far up as it can; one that more edges leave than enter then moves down to its
    children, so that an input stands just above its first use.  With `widest` no layer has more nodes
    than that: what is left over makes a layer of its own below.
    """
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for u, v in edges:
        above[v].append(u)
        below[u].append(v)
    layers = [0] * count
    for v in range(count):
        layers[v] = max((layers[u] + 1 for u in above[v]), default=0)
    for u in reversed(range(count)):
        if len(below[u]) > len(above[u]):
            layers[u] = min(layers[v] for v in below[u]) - 1
    return _split(layers, widest) if widest else layers


def _split(layers: list[int], widest: int) -> list[int]:
    """The same layers, those with too many nodes cut into several."""
    rank, first = [0] * len(layers), 0
    for layer in range(max(layers, default=-1) + 1):
        members = [v for v, own in enumerate(layers) if own == layer]
        parts = max(1, -(-len(members) // widest))
        size = -(-len(members) // parts) or 1
        for place, v in enumerate(members):
            rank[v] = first + place // size
        first += parts
    return rank


@dataclass(frozen=True, slots=True)
class Rows:
    """Items in rows.  Items 0 … count − 1 are the nodes, the others stand where an edge passes."""

    rows: tuple[tuple[int, ...], ...]
    above: tuple[tuple[int, ...], ...]
    """For each item its neighbours in the row above."""
    below: tuple[tuple[int, ...], ...]
    row_of: tuple[int, ...]
    chains: tuple[tuple[int, ...], ...]
    """For each edge the items on its way, both ends included."""
    labels: tuple[int | None, ...]
    """For each edge the item that holds its label; None where it has none."""
    count: int

    def is_node(self, item: int) -> bool:
        """Whether it is a node of the graph, no place where an edge passes."""
        return item < self.count


def rows_of(layers: Sequence[int], edges: Sequence[Edge], labelled: Sequence[bool]) -> Rows:
    """Nodes and passing edges in rows; if any edge has a label there is a row for labels between layers.

    The label of an edge stands in the row just above its child.
    """
    step = 2 if any(labelled) else 1
    row_of = [layer * step for layer in layers]
    above: list[list[int]] = [[] for _ in layers]
    below: list[list[int]] = [[] for _ in layers]
    chains: list[tuple[int, ...]] = []
    labels: list[int | None] = []
    for (u, v), with_label in zip(edges, labelled, strict=True):
        chain = [u]
        for row in range(row_of[u] + 1, row_of[v]):
            chain.append(len(row_of))
            row_of.append(row)
            above.append([])
            below.append([])
        chain.append(v)
        for upper, lower in pairwise(chain):
            below[upper].append(lower)
            above[lower].append(upper)
        chains.append(tuple(chain))
        labels.append(chain[-2] if with_label else None)
    rows: list[list[int]] = [[] for _ in range(max(row_of, default=-1) + 1)]
    for item, row in enumerate(row_of):
        rows[row].append(item)
    return Rows(
        tuple(map(tuple, rows)),
        tuple(map(tuple, above)),
        tuple(map(tuple, below)),
        tuple(row_of),
        tuple(chains),
        tuple(labels),
        len(layers),
    )
