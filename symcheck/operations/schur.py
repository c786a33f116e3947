"""Inverse and determinant of a matrix of blocks, by elimination of one block after the other.

With A first on the diagonal and S = D − C A⁻¹ B the complement of Schur,

    [A B; C D]⁻¹ = [A⁻¹ + A⁻¹ B S⁻¹ C A⁻¹, −A⁻¹ B S⁻¹; −S⁻¹ C A⁻¹, S⁻¹],   det = det(A) det(S),

for invertible A.  Where B or C is 0, S is D, and A need not be invertible for the determinant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from symcheck.errors import NotSupported
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis
from symcheck.language.shape import Size
from symcheck.operations import compound
from symcheck.operations.contraction import total

Place: TypeAlias = tuple[int, Axis]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A square matrix of blocks: the numbers and sizes of its segments, and its entries."""

    table: Table
    segments: tuple[tuple[int, Size], ...]
    entry: Callable[[Place, Place], Node]
    """At a place in a segment of the rows and one in a segment of the columns; bound indices fresh."""
    last: bool = False
    """Whether the last segment is eliminated first, where either may be."""

    def axis(self, number: int, name: str = "k") -> Axis:
        """Fresh indices for a segment."""
        return tuple(self.table.fresh(name, dim) for dim in dict(self.segments)[number])

    def is_zero(self, row: int, col: int) -> bool:
        """Whether a block was written as 0."""
        return self.entry((row, self.axis(row)), (col, self.axis(col))) is self.table.zero

    def pivot(self) -> int:
        """The segment to eliminate: one that needs no complement if there is one.

        Errors: NotSupported if every block on the diagonal is 0.
        """
        numbers = [number for number, _ in self.segments]
        if self.last:
            numbers.reverse()
        able = [p for p in numbers if not self.is_zero(p, p)]
        if not able:
            raise NotSupported("a matrix of blocks that are all 0 on its diagonal")
        for p in able:
            others = [q for q in numbers if q != p]
            if all(self.is_zero(p, q) for q in others) or all(self.is_zero(q, p) for q in others):
                return p
        return able[0]

    def own(self, pivot: int) -> tuple[Axis, Axis, Node]:
        """The block on the diagonal as a matrix λ row col. body."""
        row, col = self.axis(pivot, "l"), self.axis(pivot, "m")
        return row, col, self.entry((pivot, row), (pivot, col))

    def own_inverse(self, pivot: int, p: Axis, q: Axis) -> Node:
        """An entry of the inverse of a block on the diagonal."""
        row, col, body = self.own(pivot)
        if len(row) != 1:
            return compound.inverse(self.table, body, row, col, p, q)
        return self.table.inverse(row[0], col[0], body, p[0], q[0])

    def without(self, pivot: int) -> Blocks:
        """The complement: what is left of the others when a block is eliminated."""

        def entry(row: Place, col: Place) -> Node:
            i, j = self.axis(pivot, "i"), self.axis(pivot, "j")
            before, after = self.entry(row, (pivot, i)), self.entry((pivot, j), col)
            if before is self.table.zero or after is self.table.zero:
                return self.entry(row, col)
            through = before * self.own_inverse(pivot, i, j) * after
            return self.entry(row, col) - total(self.table, (i, j), through)

        rest = tuple(segment for segment in self.segments if segment[0] != pivot)
        return replace(self, segments=rest, entry=entry)


def inverse(blocks: Blocks, row: Place, col: Place) -> Node:
    """An entry of the inverse."""
    (p, at), (q, to) = row, col
    if len(blocks.segments) == 1:
        return blocks.own_inverse(p, at, to)
    table, pivot = blocks.table, blocks.pivot()
    rest = blocks.without(pivot)
    others = [number for number, _ in rest.segments]

    def before(u: int, k: Axis) -> Node:
        """A⁻¹ B at the row of the entry."""
        j = blocks.axis(pivot, "j")
        through = blocks.entry((pivot, j), (u, k))
        return total(table, (j,), blocks.own_inverse(pivot, at, j) * through)

    def after(v: int, k: Axis) -> Node:
        """C A⁻¹ at the column of the entry."""
        j = blocks.axis(pivot, "j")
        through = blocks.entry((v, k), (pivot, j))
        return total(table, (j,), through * blocks.own_inverse(pivot, j, to))

    def summed(make: Callable[[int, Axis], Node]) -> Node:
        terms = []
        for number in others:
            k = rest.axis(number)
            terms.append(total(table, (k,), make(number, k)))
        return table.add(*terms)

    if p != pivot and q != pivot:
        return inverse(rest, row, col)
    if p == pivot and q != pivot:
        return -summed(lambda u, k: _product(table, before(u, k), lambda: inverse(rest, (u, k), col)))
    if p != pivot:
        return -summed(lambda v, k: _product(table, after(v, k), lambda: inverse(rest, row, (v, k))))

    def between(u: int, k: Axis) -> Node:
        left = before(u, k)
        if left is table.zero:
            return left
        return left * summed(lambda v, r: _product(table, after(v, r), lambda: inverse(rest, (u, k), (v, r))))

    return blocks.own_inverse(pivot, at, to) + summed(between)


def _product(table: Table, factor: Node, other: Callable[[], Node]) -> Node:
    """The product; the other factor is not made where this one is 0."""
    return factor if factor is table.zero else factor * other()


def determinant(blocks: Blocks) -> Node:
    """det(A) det(S)."""
    pivot = blocks.pivot()
    row, col, body = blocks.own(pivot)
    if len(row) == 1:
        found = blocks.table.det(row[0], col[0], body)
    else:
        found = compound.determinant(blocks.table, body, row, col)
    return found if len(blocks.segments) == 1 else found * determinant(blocks.without(pivot))


def logdet(blocks: Blocks) -> Node:
    """log |det(A)| + log |det(S)|."""
    pivot = blocks.pivot()
    row, col, body = blocks.own(pivot)
    if len(row) == 1:
        found = blocks.table.logdet(row[0], col[0], body)
    else:
        found = compound.logdet(blocks.table, body, row, col)
    return found if len(blocks.segments) == 1 else found + logdet(blocks.without(pivot))
