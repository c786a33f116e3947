"""The order of items within their rows, with few crossings of edges.

Sweeps by median and barycentre, exchanges of neighbours, and for drawings of usual size items, and whole
long edges, put wherever they cross least.  Several orders to start from; the best one is kept.
Source: E. Gansner, E. Koutsofios, S. North, K.-P. Vo, A technique for drawing directed graphs, 1993.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from random import Random

from symcheck.rendering.graph.layering import Rows

SWEEPS = 12
PATIENCE = 4
"""Sweeps without an improvement after which an order is given up."""
SIFTED = 260
"""Most items for which places are tried one by one."""
SHUFFLES, TRIED = 40, 1600
"""Arbitrary orders to start from, at most; items in all of them together."""

Order = list[list[int]]


def crossings(rows: Rows, order: Sequence[Sequence[int]]) -> int:
    """How many pairs of edges cross between neighbouring rows."""
    return sum(_between(rows, upper, lower) for upper, lower in pairwise(order))


def _between(rows: Rows, upper: Sequence[int], lower: Sequence[int]) -> int:
    place = {item: k for k, item in enumerate(lower)}
    seen: list[int] = []
    found = 0
    for item in upper:
        ends = sorted(place[other] for other in rows.below[item])
        for end in ends:
            found += len(seen) - bisect_right(seen, end)
        for end in ends:
            insort(seen, end)
    return found


def ordered(rows: Rows) -> Order:
    """The rows, each in the order in which it is drawn from left to right."""
    best: Order = []
    least = -1
    for start in _starts(rows):
        order, found = _swept(rows, start)
        if len(rows.row_of) <= SIFTED and found:
            order, found = _sifted(rows, order)
        if least < 0 or found < least:
            best, least = order, found
        if not least:
            break
    return best


def _starts(rows: Rows) -> Iterator[Order]:
    """Orders to begin with: as a walk from the output meets the items, as one from the inputs does, as
    they are numbered, the walks from the other side, and for small drawings some that mean nothing."""
    ends = [item for item in range(len(rows.row_of)) if not rows.below[item]]
    begins = [item for item in range(len(rows.row_of)) if not rows.above[item]]
    up = _walked(rows, ends, rows.above)
    down = _walked(rows, begins, rows.below)
    plain = [list(row) for row in rows.rows]
    yield up
    yield down
    yield plain
    yield _walked(rows, ends[::-1], tuple(n[::-1] for n in rows.above))
    yield _walked(rows, begins[::-1], tuple(n[::-1] for n in rows.below))
    # the seed is fixed: a drawing is the same every time
    chance = Random(0)
    for _ in range(min(SHUFFLES, TRIED // max(1, len(rows.row_of)))):
        yield [chance.sample(row, len(row)) for row in plain]


def _walked(rows: Rows, starts: Sequence[int], neighbours: Sequence[Sequence[int]]) -> Order:
    order: Order = [[] for _ in rows.rows]
    seen = [False] * len(rows.row_of)
    stack = list(reversed(starts))
    while stack:
        item = stack.pop()
        if seen[item]:
            continue
        seen[item] = True
        order[rows.row_of[item]].append(item)
        stack.extend(reversed(neighbours[item]))
    return order


# -- sweeps ------------------------------------------------------------------------------------


def _swept(rows: Rows, start: Order) -> tuple[Order, int]:
    order = [list(row) for row in start]
    best, least, idle = order, crossings(rows, order), 0
    for sweep in range(SWEEPS):
        if not least or idle >= PATIENCE:
            break
        order = [list(row) for row in order]
        measure = _median if sweep % 4 < 2 else _mean
        downwards = sweep % 2 == 0
        numbers = range(1, len(order)) if downwards else range(len(order) - 2, -1, -1)
        for number in numbers:
            fixed = order[number - 1 if downwards else number + 1]
            neighbours = rows.above if downwards else rows.below
            order[number] = _sorted(order[number], fixed, neighbours, measure)
        _exchanged(rows, order)
        found = crossings(rows, order)
        idle += 1
        if found < least:
            best, least, idle = [list(row) for row in order], found, 0
    return best, least


def _median(places: list[int]) -> float:
    middle = len(places) // 2
    if len(places) % 2:
        return places[middle]
    if len(places) == 2:
        return (places[0] + places[1]) / 2
    left, right = places[middle - 1] - places[0], places[-1] - places[middle]
    if not left + right:
        return (places[middle - 1] + places[middle]) / 2
    return (places[middle - 1] * right + places[middle] * left) / (left + right)


def _mean(places: list[int]) -> float:
    return sum(places) / len(places)


def _sorted(
    row: list[int],
    fixed: Sequence[int],
    neighbours: Sequence[Sequence[int]],
    measure: Callable[[list[int]], float],
) -> list[int]:
    """The row by what its neighbours measure; items without any keep their places."""
    place = {item: k for k, item in enumerate(fixed)}
    keys = {item: measure(sorted(place[n] for n in neighbours[item])) for item in row if neighbours[item]}
    moved = iter(sorted((item for item in row if item in keys), key=lambda item: keys[item]))
    return [next(moved) if item in keys else item for item in row]


def _exchanged(rows: Rows, order: Order) -> None:
    """Exchange neighbours as long as fewer edges cross by it."""
    place = [0] * len(rows.row_of)
    for row in order:
        for k, item in enumerate(row):
            place[item] = k
    above = [sorted(place[n] for n in neighbours) for neighbours in rows.above]
    below = [sorted(place[n] for n in neighbours) for neighbours in rows.below]
    better = True
    while better:
        better = False
        for number, row in enumerate(order):
            touched = False
            for k in range(len(row) - 1):
                left, right = row[k], row[k + 1]
                gain = _inversions(above[left], above[right]) + _inversions(below[left], below[right])
                gain -= _inversions(above[right], above[left]) + _inversions(below[right], below[left])
                if gain > 0:
                    row[k], row[k + 1] = right, left
                    place[left], place[right] = k + 1, k
                    touched = better = True
            if touched:
                for other in (number - 1, number + 1):
                    for item in order[other] if 0 <= other < len(order) else ():
                        above[item] = sorted(place[n] for n in rows.above[item])
                        below[item] = sorted(place[n] for n in rows.below[item])


def _inversions(left: Sequence[int], right: Sequence[int]) -> int:
    """Pairs (l, r) with l > r: crossings if `left` stands to the left of `right`."""
    return sum(1 for a in left for b in right if a > b)


# -- places one by one -------------------------------------------------------------------------


def _sifted(rows: Rows, start: Order) -> tuple[Order, int]:
    """Items, and whole edges over several rows, tried in every place, until nothing is gained."""
    order = [list(row) for row in start]
    least = crossings(rows, order)
    while least:
        before = least
        for item in range(len(rows.row_of)):
            least = _best_place(rows, order, item, least)
        for chain in rows.chains:
            if len(chain) > 3 and least:
                order, least = _best_way(rows, order, chain[1:-1], least)
        if least == before:
            break
    return order, least


def _best_place(rows: Rows, order: Order, item: int, least: int) -> int:
    """Move one item to the place in its row where fewest edges cross; the number of crossings then."""
    number = rows.row_of[item]
    row = order[number]
    here = row.index(item)
    others = row[:here] + row[here + 1 :]
    near = [order[k] for k in (number - 1, number + 1) if 0 <= k < len(order)]
    if not others or not near:
        return least

    def counted(candidate: list[int]) -> int:
        found = 0
        if number:
            found += _between(rows, order[number - 1], candidate)
        if number + 1 < len(order):
            found += _between(rows, candidate, order[number + 1])
        return found

    now = counted(row)
    best, fewest = row, now
    for place in range(len(row)):
        if place != here:
            candidate = [*others[:place], item, *others[place:]]
            found = counted(candidate)
            if found < fewest:
                best, fewest = candidate, found
    order[number] = best
    return least - (now - fewest)


def _best_way(rows: Rows, order: Order, inner: Sequence[int], least: int) -> tuple[Order, int]:
    """Lay a long edge anew: row by row from above where it crosses least, then item by item."""
    trial = [list(row) for row in order]
    for item in inner:
        trial[rows.row_of[item]].remove(item)
    previous = rows.above[inner[0]][0]
    for item in inner:
        row = trial[rows.row_of[item]]
        upper = trial[rows.row_of[previous]]
        costs = [_crossed(rows, upper, row, previous, place, set(inner)) for place in range(len(row) + 1)]
        row.insert(min(range(len(costs)), key=lambda k: (costs[k], k)), item)
        previous = item
    found = crossings(rows, trial)
    for item in inner:
        found = _best_place(rows, trial, item, found)
    return (trial, found) if found < least else (order, least)


def _crossed(
    rows: Rows, upper: Sequence[int], row: Sequence[int], start: int, place: int, moving: set[int]
) -> int:
    """Edges between two rows that one from `start` to a place would cross."""
    at = {item: k for k, item in enumerate(row)}
    begin = upper.index(start)
    found = 0
    for k, item in enumerate(upper):
        for end in rows.below[item]:
            if end not in moving and k != begin:
                found += (k < begin) != (at[end] < place)
    return found
