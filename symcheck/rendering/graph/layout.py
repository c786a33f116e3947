"""Positions of a layered drawing: nodes in layers from top to bottom, edges that never cross a node.

In: sizes of nodes and of labels, edges (u, v) with u < v.  Out: `Layout`, whole units, y downwards.
Edges run straight through their rows and turn between rows only, where nothing else stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from symcheck.rendering.graph.coordinates import columns
from symcheck.rendering.graph.layering import Edge, Rows, layers_of, rows_of
from symcheck.rendering.graph.ordering import crossings, ordered

Point: TypeAlias = tuple[int, int]
Extent: TypeAlias = tuple[int, int]
"""Width and height."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """Room between what is drawn."""

    beside: int = 26
    """Between two nodes of a row."""
    passing: int = 14
    """Between an edge or a label and its neighbour in a row."""
    turn: int = 16
    """Height between two rows, in which edges turn; more where they go far to the side."""
    port: int = 12
    """Between two ends of edges at one node."""


USUAL = Spacing()


@dataclass(frozen=True, slots=True)
class Way:
    """How an edge runs: one line, or one to its label and one from it on.

    Two points one above the other are joined straight; others by a curve that leaves and arrives upright.
    """

    pieces: tuple[tuple[Point, ...], ...]
    label: Point | None
    """The middle of the label."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands."""

    width: int
    height: int
    nodes: tuple[Point, ...]
    """The middle of each node."""
    ways: tuple[Way, ...]
    layers: tuple[tuple[int, ...], ...]
    """The nodes of each layer from left to right."""
    bands: tuple[tuple[int, int], ...]
    """Top and bottom of each layer."""
    crossings: int


def arranged(
    nodes: Sequence[Extent],
    edges: Sequence[Edge],
    labels: Sequence[Extent | None],
    spacing: Spacing = USUAL,
    widest: int = 0,
) -> Layout:
    """Positions for nodes, edges and labels; the same input gives the same output.

    `widest` limits the number of nodes in a layer; 0 for no limit.
    """
    layers = layers_of(len(nodes), edges, widest)
    return _placed(nodes, edges, labels, spacing, layers)


def packed(
    nodes: Sequence[Extent],
    edges: Sequence[Edge],
    labels: Sequence[Extent | None],
    spacing: Spacing = USUAL,
    widest: int = 0,
) -> Layout:
    """The same, what is not connected drawn apart: side by side as far as the widest part reaches, the
    rest below."""
    parts = _components(len(nodes), edges)
    if len(parts) < 2:
        return arranged(nodes, edges, labels, spacing, widest)
    own = []
    for members in parts:
        inside = {v: k for k, v in enumerate(members)}
        chosen = [number for number, (u, _) in enumerate(edges) if u in inside]
        ends = [(inside[edges[k][0]], inside[edges[k][1]]) for k in chosen]
        part = arranged([nodes[v] for v in members], ends, [labels[k] for k in chosen], spacing, widest)
        own.append((members, chosen, part))
    return _on_shelves(own, len(nodes), len(edges), spacing)


def _components(count: int, edges: Sequence[Edge]) -> list[list[int]]:
    """The connected parts, each in the order of its nodes."""
    part = list(range(count))

    def root(v: int) -> int:
        while part[v] != v:
            part[v] = part[part[v]]
            v = part[v]
        return v

    for u, v in edges:
        a, b = sorted((root(u), root(v)))
        part[b] = a
    found: dict[int, list[int]] = {}
    for v in range(count):
        found.setdefault(root(v), []).append(v)
    return list(found.values())


def _on_shelves(
    parts: Sequence[tuple[list[int], list[int], Layout]], count: int, ways: int, spacing: Spacing
) -> Layout:
    """Layouts side by side, on as many shelves as their widths need."""
    room = max(layout.width for _, _, layout in parts)
    gap = 2 * spacing.beside
    nodes: list[Point] = [(0, 0)] * count
    found: list[Way] = [Way((), None)] * ways
    layers: list[tuple[int, ...]] = []
    bands: list[tuple[int, int]] = []
    x = y = high = first = crossed = 0
    for members, chosen, layout in parts:
        if x and x + layout.width > room:
            x, y, high, first = 0, y + high + gap, 0, len(layers)
        for v, (across, down) in zip(members, layout.nodes, strict=True):
            nodes[v] = (across + x, down + y)
        for number, way in zip(chosen, layout.ways, strict=True):
            found[number] = _moved(way, x, y)
        for k, (inner, (top, bottom)) in enumerate(zip(layout.layers, layout.bands, strict=True), first):
            if k == len(layers):
                layers.append(())
                bands.append((top + y, bottom + y))
            layers[k] += tuple(members[v] for v in inner)
            bands[k] = (min(bands[k][0], top + y), max(bands[k][1], bottom + y))
        x, high, crossed = x + layout.width + gap, max(high, layout.height), crossed + layout.crossings
    return Layout(room, y + high, tuple(nodes), tuple(found), tuple(layers), tuple(bands), crossed)


def _moved(way: Way, x: int, y: int) -> Way:
    pieces = tuple(tuple((a + x, b + y) for a, b in piece) for piece in way.pieces)
    return Way(pieces, None if way.label is None else (way.label[0] + x, way.label[1] + y))


def _placed(
    nodes: Sequence[Extent],
    edges: Sequence[Edge],
    labels: Sequence[Extent | None],
    spacing: Spacing,
    layers: Sequence[int],
) -> Layout:
    rows = rows_of(layers, edges, [label is not None for label in labels])
    sizes: list[Extent] = [(0, 0)] * len(rows.row_of)
    sizes[: len(nodes)] = map(_even, nodes)
    for item, label in zip(rows.labels, labels, strict=True):
        if item is not None and label is not None:
            sizes[item] = _even(label)
    order = ordered(rows)

    def apart(left: int, right: int) -> int:
        both = rows.is_node(left) and rows.is_node(right)
        return (sizes[left][0] + sizes[right][0]) // 2 + (spacing.beside if both else spacing.passing)

    middle = columns(rows, order, apart)
    edge = min((x - size[0] // 2 for x, size in zip(middle, sizes, strict=True)), default=0)
    middle = [x - edge for x in middle]
    ports = _Ports(rows, middle, sizes, spacing)
    tops, bottoms = _heights(rows, order, sizes, ports, spacing)
    return Layout(
        width=max((x + size[0] // 2 for x, size in zip(middle, sizes, strict=True)), default=0),
        height=max(bottoms, default=0),
        nodes=tuple(
            (middle[v], (tops[r] + bottoms[r]) // 2) for v, r in enumerate(rows.row_of[: len(nodes)])
        ),
        ways=tuple(_way(rows, number, sizes, tops, bottoms, ports) for number in range(len(edges))),
        layers=tuple(
            members for row in order if (members := tuple(item for item in row if rows.is_node(item)))
        ),
        bands=tuple(
            (tops[k], bottoms[k]) for k, row in enumerate(order) if any(rows.is_node(item) for item in row)
        ),
        crossings=crossings(rows, order),
    )


def _even(extent: Extent) -> Extent:
    """Rounded up, so that middles are whole."""
    return extent[0] + extent[0] % 2, extent[1] + extent[1] % 2


class _Ports:
    """Where edges leave and enter the nodes: below or above what they lead to, a little apart."""

    def __init__(self, rows: Rows, middle: list[int], sizes: Sequence[Extent], spacing: Spacing) -> None:
        self.middle = middle
        self.leaving: dict[tuple[int, int], int] = {}
        self.entering: dict[tuple[int, int], int] = {}
        for node in range(rows.count):
            half = max(0, sizes[node][0] // 2 - spacing.port)
            for neighbours, found in ((rows.below, self.leaving), (rows.above, self.entering)):
                others = sorted(neighbours[node], key=lambda item: middle[item])
                wanted = [min(max(middle[o] - middle[node], -half), half) for o in others]
                for other, x in zip(others, _spread(wanted, half, spacing.port), strict=True):
                    found[node, other] = middle[node] + x

    def ends(self, upper: int, lower: int) -> tuple[int, int]:
        """x at the upper and at the lower end of an edge between two neighbouring rows."""
        left = self.leaving.get((upper, lower), self.middle[upper])
        return left, self.entering.get((lower, upper), self.middle[lower])


def _spread(wanted: list[int], half: int, gap: int) -> list[int]:
    """Places within −half … half near those wanted, in the same order, `gap` apart if there is room."""
    if len(wanted) > 1:
        gap = min(gap, 2 * half // (len(wanted) - 1))
    places = list(wanted)
    for k in range(1, len(places)):
        places[k] = max(places[k], places[k - 1] + gap)
    # what was pushed to the right comes back by half, so that a bunch stays over its middle
    places = [(p + w) // 2 for p, w in zip(places, wanted, strict=True)]
    for k in range(1, len(places)):
        places[k] = max(places[k], places[k - 1] + gap)
    limit = half
    for k in range(len(places) - 1, -1, -1):
        places[k] = min(places[k], limit)
        limit = places[k] - gap
    return places


def _heights(
    rows: Rows, order: list[list[int]], sizes: Sequence[Extent], ports: _Ports, spacing: Spacing
) -> tuple[list[int], list[int]]:
    """Top and bottom of each row."""
    tops, bottoms = [], []
    y = 0
    for row in order:
        tops.append(y)
        y += max((sizes[item][1] for item in row), default=0)
        bottoms.append(y)
        if not row:  # no label between the two halves of a layer that was split
            continue
        spans = [abs(a - b) for item in row for a, b in (ports.ends(item, n) for n in rows.below[item])]
        y += spacing.turn + min(max(spans, default=0) // 8, 3 * spacing.turn)
    return tops, bottoms


def _way(
    rows: Rows, number: int, sizes: Sequence[Extent], tops: list[int], bottoms: list[int], ports: _Ports
) -> Way:
    chain, label = rows.chains[number], rows.labels[number]
    pieces: list[list[Point]] = [[]]
    at: Point | None = None
    for upper, lower in pairwise(chain):
        above, below = rows.row_of[upper], rows.row_of[lower]
        x, end = ports.ends(upper, lower)
        if rows.is_node(upper):
            pieces[-1].append((x, (tops[above] + bottoms[above] + sizes[upper][1]) // 2))
        elif upper == label:
            centre = (tops[above] + bottoms[above]) // 2
            at = (x, centre)
            half = sizes[upper][1] // 2
            pieces[-1].append((x, centre - half))
            pieces.append([(x, centre + half)])
        pieces[-1] += [(x, bottoms[above]), (end, tops[below])]
        if rows.is_node(lower):
            pieces[-1].append((end, (tops[below] + bottoms[below] - sizes[lower][1]) // 2))
    return Way(tuple(tuple(_without_stops(piece)) for piece in pieces), at)


def _without_stops(points: list[Point]) -> list[Point]:
    """The points without those that only repeat, or lie on a straight line between, their neighbours."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and kept[-2][0] == kept[-1][0] == point[0]:
            kept[-1] = point
        else:
            kept.append(point)
    return kept
