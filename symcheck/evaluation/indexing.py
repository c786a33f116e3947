"""Arithmetic of values with named axes: products, sums, contractions over flat lists.

A value is `(labels, entries)`: distinct indices, and one entry for each of their combinations, the last
label fastest.  Where entries lie is computed once for each pattern of axes and sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import product
from math import prod
from operator import add, itemgetter, mul
from typing import TypeAlias

from symcheck.errors import BudgetExhausted
from symcheck.evaluation.numbers import ONE, ZERO, Real, rational
from symcheck.language.indexed import Idx
from symcheck.language.shape import Dim

Labels: TypeAlias = tuple[Idx, ...]
Entries: TypeAlias = Sequence[Real]
Value: TypeAlias = tuple[Labels, Entries]
Gather: TypeAlias = Callable[[Entries], Entries]

LARGEST = 150_000
"""Most entries of one value."""
CACHED = 1000
"""Most places of a pattern that is kept for the next value of the same make."""
WORK = 2_000_000
"""Most entries computed at one point."""


def gatherer(axes: tuple[int, ...], inner: tuple[int, ...], outer: tuple[int, ...]) -> Gather | None:
    """What reads a value of sizes `inner` at every place of sizes `outer`.

    `axes[a]` is the outer axis that axis a follows, or −1−v for the fixed place v.  None: as it stands.
    """
    return (_gatherer if prod(outer) <= CACHED else _gatherer.__wrapped__)(axes, inner, outer)


@lru_cache(maxsize=4096)
def _gatherer(axes: tuple[int, ...], inner: tuple[int, ...], outer: tuple[int, ...]) -> Gather | None:
    if axes == tuple(range(len(outer))):
        return None
    strides = [0] * len(outer)
    offset, stride = 0, 1
    for axis, size in zip(reversed(axes), reversed(inner), strict=True):
        if axis < 0:
            offset += (-1 - axis) * stride
        else:
            strides[axis] += stride
        stride *= size
    places = [offset + sum(map(mul, strides, at)) for at in product(*map(range, outer))]
    if len(places) == 1:
        place = places[0]
        return lambda entries: (entries[place],)
    return itemgetter(*places)


class _Lengths(dict[Idx, int]):
    """How many values each index has, looked up once."""

    def __init__(self, sizes: Mapping[Dim, int]) -> None:
        super().__init__()
        self.sizes = sizes

    def __missing__(self, idx: Idx) -> int:
        dim = idx.dim
        found = self[idx] = dim if isinstance(dim, int) else self.sizes[dim]
        return found


class Layout:
    """Sizes of the indices at one point, and arithmetic with them."""

    def __init__(self, sizes: Mapping[Dim, int], pins: Mapping[Idx, int] | None = None) -> None:
        self.sizes = sizes
        self.pins = pins or {}
        self.work = 0
        self._lengths = _Lengths(sizes)

    def size(self, idx: Idx) -> int:
        """How many values an index has."""
        return self._lengths[idx]

    def fixed(self, idx: Idx) -> int | None:
        """The value of an index that stands for one number."""
        return idx.value if idx.value is not None else self.pins.get(idx)

    def shape(self, labels: Iterable[Idx]) -> tuple[int, ...]:
        """The sizes of several indices."""
        lengths = self._lengths
        return tuple([lengths[i] for i in labels])

    def spend(self, entries: int) -> None:
        """Count work; stop before it becomes too much."""
        self.work += entries
        if entries > LARGEST or self.work > WORK:
            raise BudgetExhausted("too many entries to evaluate")

    # -- moving axes -----------------------------------------------------------------------------

    def place(self, entries: Entries, idxs: Labels) -> Value:
        """The value whose axes carry these indices, of which some may be fixed or the same."""
        if not idxs or self._is_plain(idxs):
            return idxs, entries
        labels: list[Idx] = []
        axes: list[int] = []
        for idx in idxs:
            at = self.fixed(idx)
            if at is not None:
                if at >= self.size(idx):
                    raise BudgetExhausted("an entry beyond the size of its axis")
                axes.append(-1 - at)
            elif idx in labels:
                axes.append(labels.index(idx))
            else:
                axes.append(len(labels))
                labels.append(idx)
        gather = gatherer(tuple(axes), self.shape(idxs), self.shape(labels))
        return tuple(labels), entries if gather is None else gather(entries)

    def _is_plain(self, idxs: Labels) -> bool:
        """Whether the indices are distinct, and none of them is fixed."""
        for idx in idxs:
            if idx.value is not None:
                return False
        if self.pins and not self.pins.keys().isdisjoint(idxs):
            return False
        return len(idxs) == 1 or len(set(idxs)) == len(idxs)

    def spread(self, value: Value, labels: Labels) -> Entries:
        """The entries over `labels`, repeated along the axes the value lacks."""
        own, entries = value
        if own == labels:
            return entries
        outer = self.shape(labels)
        total = prod(outer)
        self.spend(total)
        if total == 1 or not own:
            return [entries[0]] * total
        gather = gatherer(tuple(map(labels.index, own)), self.shape(own), outer)
        return entries if gather is None else gather(entries)

    def union(self, values: Sequence[Value]) -> Labels:
        """All labels, those of the longest value first."""
        longest = values[0][0]
        for labels, _ in values:
            if len(labels) > len(longest):
                longest = labels
        extra = {i: None for labels, _ in values for i in labels if i not in longest}
        return (*longest, *extra) if extra else longest

    # -- arithmetic ------------------------------------------------------------------------------

    def each(self, function: Callable[..., Real], *values: Value) -> Value:
        """The function of every entry, after repeating."""
        if len(values) == 1:
            labels, entries = values[0]
            return labels, [function(x) for x in entries]
        labels = self.union(values)
        return labels, list(map(function, *(self.spread(value, labels) for value in values)))

    def sum(self, values: Sequence[Value]) -> Value:
        """The sum of several values."""
        labels = self.union(values)
        total = self.spread(values[0], labels)
        for value in values[1:]:
            total = list(map(add, total, self.spread(value, labels)))
        self.spend(len(total) * len(values))
        return labels, total

    def times(self, left: Value, right: Value) -> Value:
        """The product of two values, entry by entry over all their labels."""
        if not left[0]:
            left, right = right, left
        labels, entries = left
        if not right[0]:
            factor = right[1][0]
            return labels, [x * factor for x in entries]
        if right[0] == labels:
            return labels, list(map(mul, entries, right[1]))
        labels = self.union((left, right))
        result = list(map(mul, self.spread(left, labels), self.spread(right, labels)))
        self.spend(len(result))
        return labels, result

    def product(self, values: Sequence[Value]) -> Value:
        """The product of several values, the small ones first."""
        result: Value | None = None
        for value in sorted(values, key=lambda value: len(value[1])) if len(values) > 2 else values:
            result = value if result is None else self.times(result, value)
        return result or ((), [ONE])

    def sum_out(self, left: Value, right: Value | None, idx: Idx) -> Value:
        """Σ over idx of the product of two values (or of one)."""
        own = left[0] if right is None else self.union((left, right))
        labels = tuple([i for i in own if i is not idx])
        full = (*labels, idx)
        entries = self.spread(left, full)
        if right is not None:
            entries = list(map(mul, entries, self.spread(right, full)))
        self.spend(len(entries))
        count = self.size(idx)
        if count == 1:
            return labels, entries
        run = iter(entries)
        if count == 2:
            return labels, [a + b for a, b in zip(run, run, strict=True)]
        if count == 3:
            return labels, [a + b + c for a, b, c in zip(run, run, run, strict=True)]
        return labels, [sum(part[1:], part[0]) for part in zip(*[run] * count, strict=True)]

    def multiply_out(self, value: Value, idx: Idx) -> Value:
        """Π over idx."""
        return self.gathered(value, idx, lambda part: reduce(mul, part))

    def gathered(self, value: Value, idx: Idx, join: Callable[[Entries], Real]) -> Value:
        """A function of all entries along idx."""
        count = self.size(idx)
        labels = tuple([i for i in value[0] if i is not idx])
        entries = self.spread(value, (*labels, idx))
        self.spend(len(entries))
        run = iter(entries)
        return labels, [join(part) for part in zip(*[run] * count, strict=True)]

    def contract(
        self, values: Sequence[Value], deltas: Sequence[tuple[Idx, Idx]], bound: Iterable[Idx]
    ) -> Value:
        """Σ over `bound` of a product, one index at a time, the cheapest first; δ renames an index."""
        left = list(bound)
        operands = list(values)
        waiting = list(deltas)
        while waiting:
            i, j = waiting.pop()
            if i is j:
                continue
            if j in left:
                i, j = j, i
            if i in left:
                left.remove(i)
                operands = [self.substitute(value, i, j) for value in operands]
                waiting = [(j if a is i else a, j if b is i else b) for a, b in waiting]
            else:
                operands.append(self.delta(i, j))
        return self._eliminate(operands, left)

    def delta(self, i: Idx, j: Idx) -> Value:
        """The entries of δ."""
        size = self.size(i)
        return self.place([ONE if k == m else ZERO for k in range(size) for m in range(size)], (i, j))

    def order(self, i: Idx, j: Idx) -> Value:
        """The entries of [i ≤ j]."""
        rows, columns = range(self.size(i)), range(self.size(j))
        return self.place([ONE if k <= m else ZERO for k in rows for m in columns], (i, j))

    def substitute(self, value: Value, i: Idx, j: Idx) -> Value:
        """The value with index j (or its fixed place) put for its label i."""
        labels, entries = value
        if i not in labels:
            return value
        return self.place(entries, tuple([j if k is i else k for k in labels]))

    def _cheapest(self, operands: list[Value], bound: list[Idx]) -> tuple[Idx, list[Value]]:
        """The index whose sum has the fewest terms, and the operands that hold it."""
        best = 0, bound[0], [value for value in operands if bound[0] in value[0]]
        if len(bound) == 1:
            return best[1:]
        for place, idx in enumerate(bound):
            holding = [value for value in operands if idx in value[0]]
            cost = prod(self.shape({i for labels, _ in holding for i in labels}))
            if not place or cost < best[0]:
                best = cost, idx, holding
        return best[1:]

    def _eliminate(self, operands: list[Value], bound: list[Idx]) -> Value:
        factor = 1
        while bound:
            idx, holding = self._cheapest(operands, bound)
            bound.remove(idx)
            if not holding:
                factor *= self.size(idx)
                continue
            operands = [value for value in operands if idx not in value[0]]
            if len(holding) == 1:
                operands.append(self.sum_out(holding[0], None, idx))
            else:
                holding.sort(key=lambda value: len(value[1]))
                operands.append(self.sum_out(self.product(holding[:-1]), holding[-1], idx))
        if factor != 1:
            operands.append(((), [rational(factor)]))
        return self.product(operands)
