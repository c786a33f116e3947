"""Layered drawings: nothing overlaps, edges lead down, few of them cross."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcheck.rendering.graph.layering import Edge, layers_of, rows_of
from symcheck.rendering.graph.layout import Layout, arranged, packed
from symcheck.rendering.graph.ordering import crossings, ordered

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[tuple[int, int]], list[Edge], list[tuple[int, int] | None]]:
    count = draw(st.integers(1, 14))
    pairs = list(combinations(range(count), 2))
    edges = sorted(draw(st.sets(st.sampled_from(pairs), max_size=22))) if pairs else []
    extents = st.tuples(st.integers(20, 160), st.integers(15, 80))
    nodes = draw(st.lists(extents, min_size=count, max_size=count))
    one = st.one_of(st.none(), st.tuples(st.integers(8, 120), st.integers(10, 20)))
    return nodes, edges, draw(st.lists(one, min_size=len(edges), max_size=len(edges)))


def boxes_of(layout: Layout, nodes: list[tuple[int, int]]) -> list[Rectangle]:
    return [
        (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
        for (x, y), (w, h) in zip(layout.nodes, nodes, strict=True)
    ]


def labels_of(layout: Layout, labels: list[tuple[int, int] | None]) -> list[Rectangle]:
    return [
        (
            way.label[0] - size[0] / 2,
            way.label[1] - size[1] / 2,
            way.label[0] + size[0] / 2,
            way.label[1] + size[1] / 2,
        )
        for way, size in zip(layout.ways, labels, strict=True)
        if size is not None and way.label is not None
    ]


def overlap(one: Rectangle, two: Rectangle) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def assert_tidy(
    layout: Layout, nodes: list[tuple[int, int]], edges: list[Edge], labels: list[tuple[int, int] | None]
) -> None:
    boxes = boxes_of(layout, nodes)
    drawn = [*boxes, *labels_of(layout, labels)]
    assert len(drawn) == len(nodes) + sum(label is not None for label in labels)
    for one, two in combinations(drawn, 2):
        assert not overlap(one, two), (one, two)
    for left, top, right, bottom in drawn:
        assert left >= -1
        assert top >= -1
        assert right <= layout.width + 1
        assert bottom <= layout.height + 1
    place = {v: k for k, members in enumerate(layout.layers) for v in members}
    assert sorted(place) == list(range(len(nodes)))
    for (u, v), way in zip(edges, layout.ways, strict=True):
        assert place[u] < place[v]
        points = [point for piece in way.pieces for point in piece]
        assert all(a[1] <= b[1] for a, b in pairwise(points)), points
        begin, end = points[0], points[-1]
        assert boxes[u][0] <= begin[0] <= boxes[u][2]
        assert abs(begin[1] - boxes[u][3]) <= 1
        assert boxes[v][0] <= end[0] <= boxes[v][2]
        assert abs(end[1] - boxes[v][1]) <= 1
        for other, box in enumerate(boxes):
            if other not in (u, v):
                for piece in way.pieces:
                    for (x, top), (to, bottom) in pairwise(piece):
                        # a curve stays within the rectangle of its ends
                        segment = (min(x, to), top, max(x, to), bottom)
                        assert not overlap(segment, box) or x == to == box[0], (u, v, other)


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_nothing_overlaps_and_edges_lead_down(
    graph: tuple[list[tuple[int, int]], list[Edge], list[tuple[int, int] | None]],
) -> None:
    nodes, edges, labels = graph
    layout = arranged(nodes, edges, labels)
    assert_tidy(layout, nodes, edges, labels)
    assert layout == arranged(nodes, edges, labels)


@settings(max_examples=60, deadline=None)
@given(graphs(), st.integers(2, 4))
def test_so_it_is_with_parts_drawn_apart_and_narrow_layers(
    graph: tuple[list[tuple[int, int]], list[Edge], list[tuple[int, int] | None]], widest: int
) -> None:
    nodes, edges, labels = graph
    layout = packed(nodes, edges, labels, widest=widest)
    assert_tidy(layout, nodes, edges, labels)
    assert max(map(len, arranged(nodes, edges, labels, widest=widest).layers)) <= widest


def test_the_check_of_overlaps_sees_one() -> None:
    nodes, edges = [(40, 20), (40, 20), (40, 20)], [(0, 2), (1, 2)]
    layout = arranged(nodes, edges, [None, None])
    with pytest.raises(AssertionError):
        assert_tidy(layout, [(400, 20), (40, 20), (40, 20)], edges, [None, None])


# -- crossings ---------------------------------------------------------------------------------

DIAMOND = [(0, 1), (0, 2), (1, 3), (2, 3)]
TREE = [
    (0, 8),
    (1, 8),
    (2, 9),
    (3, 9),
    (4, 10),
    (5, 10),
    (6, 11),
    (7, 11),
    (8, 12),
    (9, 12),
    (10, 13),
    (11, 13),
]
LADDER = [(0, 2), (1, 3), (2, 4), (3, 5), (0, 1), (2, 3), (4, 5)]
SHUFFLED_LINES = [(0, 7), (1, 5), (2, 4), (3, 6)]
SQUARED_PRODUCT = [(0, 4), (2, 4), (1, 5), (3, 5), (4, 6), (5, 6), (6, 7)]
PRODUCT_SINE = [(0, 3), (1, 3), (2, 4), (3, 5), (4, 5), (3, 6), (5, 7), (6, 7), (7, 8), (2, 8), (8, 9)]
SKIPS = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 2), (1, 4), (0, 4)]
K33 = [(a, b) for a in range(3) for b in range(3, 6)]
K44 = [(a, b) for a in range(4) for b in range(4, 8)]


@pytest.mark.parametrize("labelled", [False, True])
@pytest.mark.parametrize(
    ("count", "edges", "least"),
    [
        (4, DIAMOND, 0),
        (14, TREE, 0),
        (6, LADDER, 0),
        (8, SHUFFLED_LINES, 0),
        (8, SQUARED_PRODUCT, 0),
        (10, PRODUCT_SINE, 0),
        (5, SKIPS, 0),
        (6, K33, 9),
        (8, K44, 36),
    ],
    ids=["diamond", "tree", "ladder", "lines", "squared-product", "product-sine", "skips", "K33", "K44"],
)
def test_known_graphs_are_drawn_with_fewest_crossings(
    count: int, edges: list[Edge], least: int, labelled: bool
) -> None:
    label = (20, 14) if labelled else None
    layout = arranged([(40, 20)] * count, edges, [label] * len(edges))
    assert layout.crossings == least


@st.composite
def small(draw: st.DrawFn) -> tuple[int, list[Edge]]:
    count = draw(st.integers(2, 7))
    pairs = list(combinations(range(count), 2))
    return count, sorted(draw(st.sets(st.sampled_from(pairs), min_size=1, max_size=8)))


@settings(max_examples=60, deadline=None)
@given(small())
def test_small_graphs_have_as_few_crossings_as_any_order(graph: tuple[int, list[Edge]]) -> None:
    count, edges = graph
    rows = rows_of(layers_of(count, edges), edges, [False] * len(edges))
    choices = 1
    for row in rows.rows:
        for k in range(2, len(row) + 1):
            choices *= k
    if choices > 3000:
        return
    least = min(crossings(rows, order) for order in product(*(permutations(row) for row in rows.rows)))
    assert crossings(rows, ordered(rows)) == least


def test_crossings_are_counted_as_pairs_of_edges() -> None:
    rows = rows_of([0, 0, 1, 1], [(0, 3), (1, 2)], [False, False])
    assert crossings(rows, [[0, 1], [2, 3]]) == 1
    assert crossings(rows, [[1, 0], [2, 3]]) == 0


def test_an_input_stands_just_above_its_first_use() -> None:
    edges = [(0, 2), (2, 3), (3, 4), (1, 4)]
    assert layers_of(5, edges) == [0, 2, 1, 2, 3]


def test_a_long_edge_is_straight_between_its_rows() -> None:
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]
    layout = arranged([(60, 20)] * 5, edges, [None] * 5)
    (piece,) = layout.ways[4].pieces
    inner = {x for x, _ in piece[1:-1]}
    assert len(inner) <= 2
    assert any(a[0] == b[0] and b[1] - a[1] > 60 for a, b in pairwise(piece))


def test_a_large_graph_takes_no_long_time_and_is_tidy() -> None:
    edges = sorted({(max(0, v - 1 - (v * k) % 7), v) for v in range(1, 200) for k in (0, 3)})
    nodes: list[tuple[int, int]] = [(50, 24)] * 200
    layout = arranged(nodes, edges, [None] * len(edges), widest=12)
    assert_tidy(layout, nodes, edges, [None] * len(edges))
