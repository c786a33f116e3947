"""Exact entries for one symbol: deterministic, small, mostly distinct, satisfying its conditions.

The simple structures are built, the combinations are tried: whatever a construction yields counts only
if `satisfies` agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import islice
from math import prod

from flint import fmpq, fmpq_mat

from symcheck.evaluation.conditions import MATRIX_KINDS, NONE, ROW_TESTS, Conditions, satisfies
from symcheck.evaluation.numbers import ONE, ZERO, Real, rational
from symcheck.evaluation.streams import Stream
from symcheck.language.claim import Kind


class Style(StrEnum):
    """How entries are chosen where no assumption says otherwise."""

    MIXED = "mixed signs"
    POSITIVE = "positive"
    UNIT = "between 0 and 1"
    LARGE = "large"
    NEGATIVE = "negative"
    SMALL = "between −1 and 1"
    SIMPLE = "small whole numbers"
    NATURAL = "small positive whole numbers"
    EDGE = "0, 1 and −1, ends of intervals"
    EQUAL = "all alike"
    ORIGIN = "0"


def _pool(text: str) -> tuple[Real, ...]:
    return tuple(rational(Fraction(word)) for word in text.split())


_POSITIVE = _pool("2 3/2 1/2 5/2 3 2/3 4/3 7/2 5/3 3/4 4 5/4 9/2 7/3 1/3 7/4 8/3 5 9/4 6/5 7/5 4/5 11/4")
_UNIT = _pool("1/2 1/3 2/3 1/4 3/4 2/5 3/5 1/5 4/5 5/6 3/7 5/8 2/7")
_MIXED = (*(x if k % 3 else -x for k, x in enumerate(_POSITIVE)), *(-x for x in _POSITIVE[:8]))
POOLS: dict[Style, tuple[Real, ...]] = {
    Style.MIXED: _MIXED,
    Style.POSITIVE: _POSITIVE,
    Style.UNIT: _UNIT,
    Style.LARGE: tuple(x * 7 if k % 2 else -x * 7 for k, x in enumerate(_POSITIVE)),
    Style.NEGATIVE: tuple(-x for x in _POSITIVE),
    Style.SMALL: tuple(x if k % 2 else -x for k, x in enumerate(_UNIT)),
    Style.SIMPLE: _pool("-1 2 -2 1 3 -3 4"),
    Style.NATURAL: _pool("2 1 3 5 4"),
    Style.EDGE: _pool("0 1 -1 0 1"),
    Style.EQUAL: _pool("2 2"),
    Style.ORIGIN: _pool("0 0"),
}
"""The numbers of each style; their count is prime, so that a walk through them meets all."""
TRIES = 16


def draw(shape: tuple[int, ...], conditions: Conditions, stream: Stream, style: Style) -> list[Real] | None:
    """Entries of an array of this shape, flat, that satisfy the conditions; None if none were found."""
    count = prod(shape)
    if conditions == NONE:
        return plain(stream, count, style)
    if conditions.impossible:
        return None
    # a style may be what makes it impossible: entries that are all alike have no full rank
    for chosen in (style, Style.POSITIVE):
        for make in islice(_constructions(shape, conditions, chosen), TRIES):
            entries = make(stream)
            if entries is not None and satisfies(entries, shape, conditions):
                return entries
    return None


Construction = Callable[[Stream], "list[Real] | None"]


def _constructions(shape: tuple[int, ...], conditions: Conditions, style: Style) -> Iterator[Construction]:
    """Ways to build entries, the fitting ones first, plain ones to fall back on."""
    kinds = conditions.kinds
    if kinds & MATRIX_KINDS and len(shape) >= 2:
        structured = Matrices(shape, conditions, style)
        for _ in range(4):
            yield structured.special
        for _ in range(4):
            yield structured.identity
            yield structured.patched
    rowwise = kinds & ROW_TESTS.keys() or conditions.total is not None
    if rowwise:
        for maker in (_one_hot, _simplex, _unit, _summing):
            kind = {_one_hot: Kind.ONE_HOT, _simplex: Kind.SIMPLEX, _unit: Kind.UNIT}.get(maker)
            if kind in kinds or (kind is None and conditions.total is not None):
                for _ in range(4):
                    yield _by_rows(shape, conditions, style, maker)
        for _ in range(4):
            yield _by_rows(shape, conditions, style, _one_hot)
    while True:
        yield lambda stream: values(stream, prod(shape), conditions, style)


def plain(stream: Stream, count: int, style: Style) -> list[Real]:
    """Numbers of a style, nothing else asked of them."""
    return stream.sample(POOLS[style], count, 3 if style in (Style.NATURAL, Style.SIMPLE) else None)


# -- entry by entry --------------------------------------------------------------------------------


def values(stream: Stream, count: int, conditions: Conditions, style: Style) -> list[Real]:
    """Numbers that satisfy what is asked of every entry, in the style where that leaves a choice."""
    kinds = conditions.kinds
    if Kind.BINARY in kinds:
        entries = [fmpq(bit) for bit in _bits(stream, count, style)]
        return [x if conditions.allows(x) else ONE - x for x in entries]
    if Kind.SIGNS in kinds:
        entries = [fmpq(2 * bit - 1) for bit in _bits(stream, count, style)]
        return [x if conditions.allows(x) else -x for x in entries]
    if conditions.integral:
        return _whole(stream, count, conditions, style)
    low, high = conditions.low, conditions.high
    if low is None and high is None:
        return plain(stream, count, style)
    wanted = plain(stream, count, style)
    if style is Style.EDGE:
        ends = [x for x in (low, high) if x is not None and conditions.allows(x)]
        if ends:
            return [x if conditions.allows(x) else ends[k % len(ends)] for k, x in enumerate(wanted)]
    inside = stream.sample(_UNIT if style in (Style.UNIT, Style.SMALL) else _POSITIVE, count)
    if low is not None and high is not None:
        if low == high:
            return [low] * count
        parts = stream.sample(_UNIT, count)
        inside = [low + (high - low) * part for part in parts]
    elif low is not None:
        inside = [low + x * (5 if style is Style.LARGE else 1) for x in inside]
    else:
        inside = [high - x * (5 if style is Style.LARGE else 1) for x in inside]
    if style in (Style.EQUAL, Style.SIMPLE, Style.NATURAL, Style.SMALL, Style.MIXED):
        return [w if conditions.allows(w) else x for w, x in zip(wanted, inside, strict=True)]
    return inside


def _bits(stream: Stream, count: int, style: Style) -> list[int]:
    """Zeros and ones: both of them, ones alone, or as it happens."""
    if style in (Style.EQUAL, Style.LARGE):
        return [1] * count
    if style is Style.MIXED:
        start = stream.below(2)
        return [(start + k) % 2 for k in range(count)]
    return [stream.below(2) for _ in range(count)]


def _whole(stream: Stream, count: int, conditions: Conditions, style: Style) -> list[Real]:
    low, high = conditions.low, conditions.high
    least = None if low is None else int(low.ceil()) + (1 if conditions.low_strict and low.q == 1 else 0)
    most = None if high is None else int(high.floor()) - (1 if conditions.high_strict and high.q == 1 else 0)
    if least is None and most is None:
        sign = {Style.POSITIVE: 1, Style.UNIT: 1, Style.NATURAL: 1, Style.NEGATIVE: -1}.get(style, 0)
        span = 30 if style is Style.LARGE else 5
        return [
            fmpq((1 + stream.below(span)) * (sign or (1 if stream.below(2) else -1))) for _ in range(count)
        ]
    if least is not None and most is not None:
        if least > most:
            return [ZERO] * count
        return [fmpq(least + stream.below(most - least + 1)) for _ in range(count)]
    span = 2 if style is Style.EDGE else 6
    steps = [stream.below(span) for _ in range(count)]
    return [fmpq(least + k) if least is not None else fmpq((most or 0) - k) for k in steps]


# -- row by row ------------------------------------------------------------------------------------

RowMaker = Callable[[Stream, int, Conditions, Style], "list[Real]"]


def _by_rows(shape: tuple[int, ...], conditions: Conditions, style: Style, maker: RowMaker) -> Construction:
    width = shape[-1] if shape else 1
    rows = prod(shape[:-1]) if shape else 1
    return lambda stream: [x for _ in range(rows) for x in maker(stream, width, conditions, style)]


def _one_hot(stream: Stream, width: int, conditions: Conditions, style: Style) -> list[Real]:
    place = stream.below(width)
    return [ONE if k == place else ZERO for k in range(width)]


def _simplex(stream: Stream, width: int, conditions: Conditions, style: Style) -> list[Real]:
    weights = [fmpq(1 + stream.below(6)) for _ in range(width)]
    if style is Style.EDGE and width > 1:
        weights[stream.below(width)] = ZERO
    whole = sum(weights, ZERO)
    return [x / whole for x in weights]


def _unit(stream: Stream, width: int, conditions: Conditions, style: Style) -> list[Real]:
    """A rational point of the sphere: the stereographic image of a rational point of the plane."""
    if width == 1:
        return [ONE if style is Style.POSITIVE or stream.below(2) else -ONE]
    plane = [fmpq(1 + stream.below(4), 1 + stream.below(3)) for _ in range(width - 1)]
    if style not in (Style.POSITIVE, Style.UNIT):
        plane = [x if stream.below(2) else -x for x in plane]
    square = sum((x * x for x in plane), ZERO)
    last = (square - 1) / (square + 1)
    if conditions.allows(-last) and not conditions.allows(last):
        last = -last
    return [*(2 * x / (square + 1) for x in plane), last]


def _summing(stream: Stream, width: int, conditions: Conditions, style: Style) -> list[Real]:
    entries = values(stream, width, conditions, style)
    total = conditions.total
    assert total is not None
    if conditions.low is not None and conditions.low >= 0 and not conditions.integral:
        whole = sum(entries, ZERO)
        return [x * total / whole for x in entries] if whole else entries
    place = stream.below(width)
    entries[place] += total - sum(entries, ZERO)
    return entries


# -- matrices --------------------------------------------------------------------------------------


class Matrices:
    """Constructions of structured matrices (stacked, if there are more than two axes)."""

    def __init__(self, shape: tuple[int, ...], conditions: Conditions, style: Style) -> None:
        self.count = prod(shape[:-2])
        self.rows, self.size = shape[-2], shape[-1]
        self.conditions = conditions
        self.kinds = conditions.kinds
        self.style = style

    def special(self, stream: Stream) -> list[Real] | None:
        """The construction for the most special of the kinds asked for."""
        return self._stacked(stream, self._special)

    def identity(self, stream: Stream) -> list[Real] | None:
        """Identity matrices, or zero where invertibility is not asked for."""
        size = self.size
        if self.rows != size:
            return None
        zero = stream.below(2) and not self.kinds & {
            Kind.INVERTIBLE,
            Kind.DET_POSITIVE,
            Kind.POSITIVE_DEFINITE,
            Kind.ORTHOGONAL,
        }
        one = ZERO if zero else ONE
        return [one if i == j else ZERO for i in range(size) for j in range(size)] * self.count

    def patched(self, stream: Stream) -> list[Real] | None:
        """A signed permutation: orthogonal and invertible, with whole entries."""
        return self._stacked(stream, self._permutation)

    def _stacked(
        self, stream: Stream, make: Callable[[Stream], Sequence[Sequence[Real]] | None]
    ) -> list[Real] | None:
        entries: list[Real] = []
        for _ in range(self.count):
            matrix = make(stream)
            if matrix is None:
                return None
            entries.extend(x for row in matrix for x in row)
        return entries

    def _special(self, stream: Stream) -> Sequence[Sequence[Real]] | None:
        kinds, size = self.kinds, self.size
        if self.rows != size:
            return self._plain(stream) if kinds <= {Kind.FULL_RANK, Kind.INTEGER} else None
        if Kind.ORTHOGONAL in kinds:
            return self._orthogonal(stream)
        if Kind.IDEMPOTENT in kinds:
            return self._idempotent(stream)
        if Kind.DIAGONAL in kinds:
            diagonal = values(
                stream, size, self._entries(positive=Kind.POSITIVE_DEFINITE in kinds), self.style
            )
            return [[diagonal[i] if i == j else ZERO for j in range(size)] for i in range(size)]
        if Kind.POSITIVE_DEFINITE in kinds:
            return self._positive_definite(stream)
        matrix = self._plain(stream)
        if Kind.LOWER_TRIANGULAR in kinds:
            matrix = [[x if j <= i else ZERO for j, x in enumerate(row)] for i, row in enumerate(matrix)]
        if Kind.SYMMETRIC in kinds:
            matrix = [[matrix[max(i, j)][min(i, j)] for j in range(size)] for i in range(size)]
        if Kind.ANTISYMMETRIC in kinds:
            matrix = [
                [matrix[i][j] if i > j else -matrix[j][i] if i < j else ZERO for j in range(size)]
                for i in range(size)
            ]
        if Kind.DET_POSITIVE in kinds and fmpq_mat([list(row) for row in matrix]).det() < 0:
            if Kind.SYMMETRIC in kinds or Kind.LOWER_TRIANGULAR in kinds:
                matrix = [[-x if i == j == 0 else x for j, x in enumerate(r)] for i, r in enumerate(matrix)]
            elif size > 1:
                matrix[0], matrix[1] = matrix[1], matrix[0]
            else:
                matrix = [[-x for x in row] for row in matrix]
        return matrix

    def _entries(self, positive: bool = False) -> Conditions:
        c = self.conditions
        kinds = c.kinds & {Kind.BINARY, Kind.SIGNS, Kind.INTEGER}
        if positive and c.low is None:
            return Conditions(kinds, ZERO, True, c.high, c.high_strict)
        return Conditions(kinds, c.low, c.low_strict, c.high, c.high_strict)

    def _plain(self, stream: Stream) -> list[list[Real]]:
        entries = values(stream, self.rows * self.size, self._entries(), self.style)
        return [entries[k : k + self.size] for k in range(0, len(entries), self.size)]

    def _permutation(self, stream: Stream) -> list[list[Real]] | None:
        size = self.size
        if self.rows != size:
            return None
        order = list(range(size))
        for k in range(size - 1, 0, -1):
            other = stream.below(k + 1)
            order[k], order[other] = order[other], order[k]
        return [
            [(ONE if stream.below(2) else -ONE) if order[i] == j else ZERO for j in range(size)]
            for i in range(size)
        ]

    def _orthogonal(self, stream: Stream) -> list[list[Real]]:
        """A reflection I − 2vvᵀ/|v|²; unless it must be symmetric, times a second one."""
        matrix = self._reflection(stream)
        if Kind.SYMMETRIC not in self.kinds:
            matrix = matrix * self._reflection(stream)
            if Kind.DET_POSITIVE not in self.kinds and stream.below(2):
                matrix = matrix * self._reflection(stream)
        return [[matrix[i, j] for j in range(self.size)] for i in range(self.size)]

    def _reflection(self, stream: Stream) -> fmpq_mat:
        size = self.size
        v = [fmpq(stream.below(5) - 2) for _ in range(size)]
        v[stream.below(size)] = fmpq(1 + stream.below(2))
        square = sum((x * x for x in v), ZERO)
        entries = [
            (ONE if i == j else ZERO) - 2 * v[i] * v[j] / square for i in range(size) for j in range(size)
        ]
        return fmpq_mat(size, size, entries)

    def _idempotent(self, stream: Stream) -> list[list[Real]] | None:
        """A (BA)⁻¹ B with A tall and B wide; B = Aᵀ if it must be symmetric."""
        size = self.size
        rank = max(1, size - 1) if size > 1 else stream.below(2)
        if self.kinds & {Kind.INVERTIBLE, Kind.DET_POSITIVE, Kind.POSITIVE_DEFINITE}:
            rank = size
        if rank == 0:
            return [[ZERO]]
        tall = fmpq_mat(size, rank, [stream.below(7) - 3 for _ in range(size * rank)])
        wide = (
            tall.transpose()
            if Kind.SYMMETRIC in self.kinds
            else fmpq_mat(rank, size, [stream.below(7) - 3 for _ in range(size * rank)])
        )
        inner = wide * tall
        if inner.det() == 0:
            return None
        matrix = tall * inner.inv() * wide
        return [[matrix[i, j] for j in range(size)] for i in range(size)]

    def _positive_definite(self, stream: Stream) -> list[list[Real]]:
        """L Lᵀ with a positive diagonal in L."""
        size = self.size
        sign = self.conditions.low is None
        lower = [
            [
                fmpq(1 + stream.below(3))
                if i == j
                else fmpq(stream.below(5) - 2 if sign else stream.below(3), 1 + stream.below(2))
                if j < i
                else ZERO
                for j in range(size)
            ]
            for i in range(size)
        ]
        factor = fmpq_mat(lower)
        matrix = factor * factor.transpose()
        return [[matrix[i, j] for j in range(size)] for i in range(size)]
