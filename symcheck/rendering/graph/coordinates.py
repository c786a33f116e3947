"""Where the items of ordered rows stand from left to right: balanced, long edges straight.

Each item is put straight below or above the median of its neighbours, so that columns of items form;
columns are moved together as far as the widths allow.  This is done from each of the four corners, and an
item stands in the mean of the two middle ones of its four places.
Source: U. Brandes, B. Köpf, Fast and simple horizontal coordinate assignment, 2001; the compaction of the
columns is by longest paths.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from symcheck.rendering.graph.layering import Rows


def columns(rows: Rows, order: Sequence[Sequence[int]], apart: Callable[[int, int], int]) -> list[int]:
    """The middle of every item; `apart` says how far apart two neighbours in a row stand at least."""
    marked = _conflicts(rows, order)
    layouts = []
    for upwards in (False, True):
        for mirrored in (False, True):
            turned = [list(row)[::-1] if mirrored else list(row) for row in order]
            turned = turned[::-1] if upwards else turned
            neighbours = rows.below if upwards else rows.above
            column = _aligned(turned, neighbours, marked)
            places = _compacted(turned, column, apart)
            layouts.append([-place for place in places] if mirrored else places)
    return _balanced(layouts)


def _conflicts(rows: Rows, order: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """Pieces of edges that cross a piece between two passing places: the long edge stays straight."""
    marked = set()
    for upper, lower in pairwise(order):
        at = {item: k for k, item in enumerate(upper)}
        straight = [
            (at[rows.above[item][0]], k)
            for k, item in enumerate(lower)
            if not rows.is_node(item) and not rows.is_node(rows.above[item][0])
        ]
        for k, item in enumerate(lower):
            for other in rows.above[item]:
                if not (rows.is_node(item) or rows.is_node(other)):
                    continue
                if any((at[other] - a) * (k - b) < 0 for a, b in straight):
                    marked.add((other, item))
    return marked


def _aligned(
    order: Sequence[Sequence[int]], neighbours: Sequence[Sequence[int]], marked: set[tuple[int, int]]
) -> list[int]:
    """The column of every item, named by its first item."""
    column = list(range(len(neighbours)))
    for before, row in pairwise(order):
        at = {item: k for k, item in enumerate(before)}
        last = -1
        for item in row:
            places = sorted((at[n], n) for n in neighbours[item])
            if not places:
                continue
            middle = (len(places) - 1) / 2
            for place, other in places[int(middle) : int(middle + 0.5) + 1]:
                free = column[item] == item
                crossed = (other, item) in marked or (item, other) in marked
                if free and not crossed and place > last:
                    column[item] = column[other]
                    last = place
    return column


def _compacted(
    order: Sequence[Sequence[int]], column: list[int], apart: Callable[[int, int], int]
) -> list[int]:
    """Columns as far left as widths allow, then those with room to the right moved towards it."""
    after: dict[int, dict[int, int]] = {}
    into: dict[int, int] = dict.fromkeys(column, 0)
    for row in order:
        for left, right in pairwise(row):
            edges = after.setdefault(column[left], {})
            if column[right] not in edges:
                into[column[right]] += 1
            edges[column[right]] = max(edges.get(column[right], 0), apart(left, right))
    ready = [c for c, number in into.items() if not number]
    place = dict.fromkeys(into, 0)
    sequence = []
    while ready:
        current = ready.pop()
        sequence.append(current)
        for other, gap in after.get(current, {}).items():
            place[other] = max(place[other], place[current] + gap)
            into[other] -= 1
            if not into[other]:
                ready.append(other)
    for current in reversed(sequence):
        followers = after.get(current, {})
        if followers:
            place[current] = max(place[current], min(place[other] - gap for other, gap in followers.items()))
    return [place[c] for c in column]


def _balanced(layouts: list[list[int]]) -> list[int]:
    """The four layouts moved over the narrowest one; for each item the mean of its middle places."""
    if not layouts[0]:
        return []
    widths = [max(layout) - min(layout) for layout in layouts]
    narrow = layouts[widths.index(min(widths))]
    moved = []
    for number, layout in enumerate(layouts):
        # the layouts from the left keep its left edge, those from the right its right edge
        shift = min(narrow) - min(layout) if number % 2 == 0 else max(narrow) - max(layout)
        moved.append([place + shift for place in layout])
    middle = [sorted(places)[1:3] for places in zip(*moved, strict=True)]
    found = [(a + b) // 2 for a, b in middle]
    least = min(found)
    return [place - least for place in found]
