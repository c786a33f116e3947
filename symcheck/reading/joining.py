"""Calls that join vectors and matrices, in the spellings of NumPy, and those that take a part out again."""

from __future__ import annotations

from symcheck.errors import BadCall, ShapeMismatch
from symcheck.language.shape import show_shape
from symcheck.language.tensor import Tensor
from symcheck.operations.grids import grid
from symcheck.reading.axes import axis_in
from symcheck.reading.context import Context
from symcheck.reading.syntax import Applied, Listed, Num, Syntax

_GRIDS = frozenset({"block", "bmat"})


class Joining(Context):
    """What block, hstack, vstack, concat and part mean."""

    def joining(self, node: Applied) -> Tensor:
        """A matrix of blocks, a vector of parts, or a part of one."""
        if node.name == "part":
            return self._part(node)
        if node.name in _GRIDS:
            return self._grid(node, self._rows(node))
        axis, items = self._listed(node)
        if not items:
            raise BadCall(f"{node.raw} joins two or more", span=self.span(node), hint=f"{node.raw}(A, B)")
        if node.name == "hstack":
            return self._grid(node, (items,))
        if node.name == "vstack":
            return self._grid(node, tuple((item,) for item in items))
        parts = [self.tensor(item) for item in items]
        if all(len(part.shape) <= 1 for part in parts):
            if axis not in (None, 0, -1):
                raise BadCall(f"a vector has no axis {axis}", span=self.span(node))
            if len(parts) == 1:
                raise BadCall("concat joins two or more", span=self.span(node), hint="concat(x, y)")
            return self.apply("concat", *parts, span=self.span(node))
        across = axis in (1, -1)
        if axis not in (None, 0, 1, -1, -2):
            raise BadCall(f"a matrix has no axis {axis}", span=self.span(node))
        vector = next((k for k, part in enumerate(parts) if len(part.shape) < 2), None)
        if vector is not None:
            raise ShapeMismatch(
                f"{self.text(items[vector])} is {show_shape(parts[vector].shape)}, other parts are matrices",
                span=self.span(items[vector]),
                hint="hstack takes it as a column, vstack as a row",
            )
        return self._grid(node, (items,) if across else tuple((item,) for item in items), parts)

    def _listed(self, node: Applied) -> tuple[int | None, tuple[Syntax, ...]]:
        """What is joined, given one by one or in a list, and the axis."""
        items = node.arguments
        axis, written_out = axis_in(items[-1]) if items else (None, False)
        in_list = bool(items) and isinstance(items[0], Listed)
        if written_out or (in_list and len(items) == 2 and axis is not None):
            items = items[:-1]
        else:
            axis = None
        if axis is not None and node.name not in ("concat", "concatenate", "cat"):
            raise BadCall(f"{node.raw} takes no axis", span=self.span(node))
        if len(items) == 1 and isinstance(items[0], Listed):
            items = items[0].items
        return axis, items

    def _rows(self, node: Applied) -> tuple[tuple[Syntax, ...], ...]:
        """block([[A, B], [C, D]]); block([A, B]) is one row."""
        if len(node.arguments) == 1 and isinstance(node.arguments[0], Listed):
            rows = node.arguments[0].items
            if rows and all(isinstance(row, Listed) for row in rows):
                return tuple(row.items for row in rows if isinstance(row, Listed))
            if not any(isinstance(row, Listed) for row in rows):
                return (rows,)
        raise BadCall(
            f"{node.raw} takes rows of blocks", span=self.span(node), hint=f"{node.raw}([[A, B], [C, D]])"
        )

    def _grid(
        self, node: Applied, rows: tuple[tuple[Syntax, ...], ...], parts: list[Tensor] | None = None
    ) -> Tensor:
        if not all(rows):
            raise BadCall("a row without blocks", span=self.span(node))
        made = iter(parts) if parts is not None else (self.tensor(cell) for row in rows for cell in row)
        cells = [[next(made) for _ in row] for row in rows]
        texts = [[self.text(cell) for cell in row] for row in rows]
        return grid(cells, self.scope.same, self.span(node), texts)

    def _part(self, node: Applied) -> Tensor:
        """part(M, 0, 1), part(z, 0): numbers of segments, one for each axis."""
        places = node.arguments[1:]
        if not places or not all(isinstance(p, Num) and p.value.denominator == 1 for p in places):
            raise BadCall(
                "part takes a matrix or vector made of others, and whole numbers",
                span=self.span(node),
                hint="part(block([[A, B], [C, D]]), 0, 1) is B",
            )
        numbers = tuple(int(p.value) for p in places if isinstance(p, Num))
        return self.apply("part", self.tensor(node.arguments[0]), params=numbers, span=self.span(node))
