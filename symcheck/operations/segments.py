"""Indices over joined axes, taken apart: what lowering does before anything leaves it.

An axis of the size m + n is a first segment of m entries and a second one of n.  Laws of operations use an
index over it as any other; here every such index becomes a segment and a place in it.  Σ over the axis is
the sum of the sums over its segments, Π likewise, δᵢⱼ is 0 between two of them; the greatest entry is the
greatest of theirs; what an inverse or a determinant becomes is in `schur`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TypeAlias

from symcheck.errors import NotSupported
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.operand import Axis
from symcheck.language.shape import Joined, Size, segments
from symcheck.operations import schur
from symcheck.operations.contraction import delta
from symcheck.operations.elementwise import fn

Place: TypeAlias = tuple[int, Axis]
"""The number of a segment, and the indices within it."""
Places: TypeAlias = Mapping[Idx, Place]


def segmented(idx: Idx, table: Table) -> list[Place]:
    """Fresh indices for every segment of the axis that an index runs over."""
    assert isinstance(idx.dim, Joined)
    return [
        (number, tuple(table.fresh(idx.name, dim) for dim in part))
        for number, part in enumerate(idx.dim.parts)
    ]


def settled(table: Table, node: Node, places: Places, last: bool = False) -> Node:
    """The node with indices over joined axes at the given places; those that it binds are taken apart.

    `last`: inverses and determinants are worked out from the last block on the diagonal, not the first.
    Errors: NotSupported where an operation has no law for blocks.
    """
    return _Settling(table, last).at(node, places)


def is_whole(idx: Idx) -> bool:
    """Whether the axis of an index is in one piece."""
    return not isinstance(idx.dim, Joined)


class _Settling:
    """One table, one choice of pivots."""

    def __init__(self, table: Table, last: bool) -> None:
        self.table = table
        self.last = last
        self._done: dict[tuple[Node, tuple[tuple[Idx, Place], ...]], Node] = {}

    def at(self, node: Node, places: Places) -> Node:
        """The node at these places."""
        if all(map(is_whole, node.free)) and all(map(is_whole, node.bound)):
            return node
        own = tuple((idx, places[idx]) for idx in sorted(node.free, key=lambda i: i.serial) if idx in places)
        found = self._done.get((node, own))
        if found is None:
            found = self._done[node, own] = self._at(node, dict(own))
        return found

    def _at(self, node: Node, places: dict[Idx, Place]) -> Node:
        table, args = self.table, node.args

        def down(child: Node) -> Node:
            return self.at(child, places)

        def along(idx: Idx, body: Node) -> list[tuple[Axis, Node]]:
            """A body along each segment of the axis that it is taken over."""
            if is_whole(idx):
                return [((idx,), down(body))]
            parts = segmented(idx, table)
            return [(axis, self.at(body, {**places, idx: (number, axis)})) for number, axis in parts]

        match node.op:
            case "split":
                return self._split(node, places)
            case "delta":
                return self._delta(node, places)
            case "order":
                return self._order(node, places)
            case "add":
                return table.add(*map(down, args))
            case "mul":
                return table.mul(*map(down, args))
            case "pow":
                return table.pow(down(args[0]), args[1])
            case "fn":
                return table.fn(args[0], *map(down, args[1:]))
            case "case":
                return table.case(*map(down, args))
            case "ufn":
                return table.ufn(args[0], args[1], down(args[2]))
            case "sum":
                return table.add(*(table.sum(axis, body) for axis, body in along(*args)))
            case "prod":
                return table.mul(*(_nested(table.prod, axis, body) for axis, body in along(*args)))
            case "most":
                greatest = [_nested(table.most, axis, body) for axis, body in along(*args)]
                return reduce(lambda a, b: fn("maximum", a, b), greatest)
            case "D":
                return table.D(down(args[0]), args[1], args[2])
            case "diff":
                return table.diff(down(args[0]))
            case "lim":
                target = None if args[2] is None else down(args[2])
                return table.limit(down(args[0]), args[1], target, args[3])
            case "app":
                if all(is_whole(i) for lambdas, _ in args[3] for i in lambdas):
                    inner = tuple((lambdas, down(body)) for lambdas, body in args[3])
                    return table.app(args[0], args[1], args[2], inner)
            case "inv" | "det" | "logdet":
                return self._matrix(node, places)
            case "mat" if is_whole(args[1]) and is_whole(args[2]):  # of any other there is no law
                return table.matrix(args[0], args[1], args[2], down(args[3]), *args[4:])
        raise NotSupported(
            f"{_named(node)} of what is made of blocks", hint="state it of the blocks one by one"
        )

    def _split(self, node: Node, places: dict[Idx, Place]) -> Node:
        """The part in which the segment lies; it may be made of segments itself."""
        idx, parts = node.args
        if idx not in places:
            return self.table.split(idx, tuple((axis, self.at(body, places)) for axis, body in parts))
        number, at = places[idx]
        for axis, body in parts:
            count = len(segments(tuple(i.dim for i in axis)))
            if number < count:
                if count > 1:
                    return self.at(body, {**places, axis[0]: (number, at)})
                return self.table.rename(self.at(body, places), dict(zip(axis, at, strict=True)))
            number -= count
        raise AssertionError("a segment beyond the last one")

    def _delta(self, node: Node, places: dict[Idx, Place]) -> Node:
        i, j = node.args
        if i not in places or j not in places:
            return node
        (first, left), (second, right) = places[i], places[j]
        return delta(self.table, left, right) if first == second else self.table.zero

    def _order(self, node: Node, places: dict[Idx, Place]) -> Node:
        """Segments follow each other: what lies in an earlier one comes first."""
        i, j = node.args
        if i.dim != j.dim:
            raise NotSupported("a triangle of blocks that is not square")
        if i not in places or j not in places:
            return node
        (first, left), (second, right) = places[i], places[j]
        if first != second:
            return self.table.num(int(first < second))
        if len(left) != 1:
            raise NotSupported("a triangle of blocks of compound size")
        return self.table.order(left[0], right[0])

    def _matrix(self, node: Node, places: dict[Idx, Place]) -> Node:
        """An inverse or a determinant: of the matrix of its blocks where its axes are joined."""
        table = self.table
        row, col, body, *at = node.args
        if is_whole(row):
            inner = self.at(body, places)
            if node.op == "inv":
                return table.inverse(row, col, inner, *at)
            return table.det(row, col, inner) if node.op == "det" else table.logdet(row, col, inner)

        def entry(r: Place, c: Place) -> Node:
            return table.refresh(self.at(body, {**places, row: r, col: c}))

        sizes: tuple[Size, ...] = row.dim.parts
        blocks = schur.Blocks(table, tuple(enumerate(sizes)), entry, self.last)
        if node.op == "det":
            return schur.determinant(blocks)
        if node.op == "logdet":
            return schur.logdet(blocks)
        if not all(i in places for i in at):
            return node
        return schur.inverse(blocks, places[at[0]], places[at[1]])


def _nested(over: object, axis: Axis, body: Node) -> Node:
    for idx in reversed(axis):
        body = over(idx, body)  # type: ignore[operator]
    return body


def _named(node: Node) -> str:
    return str(node.args[0]) if node.op == "mat" else "a function" if node.op == "app" else node.op
