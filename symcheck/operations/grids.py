"""The blocks of a matrix as their author writes them: which is a column, which a row, how large a 0 is."""

from __future__ import annotations

from collections.abc import Sequence

from symcheck.errors import ShapeMismatch
from symcheck.language.shape import SameSize, Size, same_name, show_shape, show_size
from symcheck.language.tensor import Apply, Number, Span, Tensor, apply
from symcheck.operations.joining import ONE


def grid(
    rows: Sequence[Sequence[Tensor]],
    same: SameSize = same_name,
    span: Span | None = None,
    texts: Sequence[Sequence[str]] | None = None,
) -> Apply:
    """block([[…], …]) of these rows; `texts`: how they are written, for messages.

    A vector is a column or a row, as its neighbours leave room; 0 is as large as the place it stands in,
    any other number one entry.
    Errors: ShapeMismatch (SC012) naming two shapes.
    """
    if len({len(row) for row in rows}) != 1:
        lengths = ", ".join(str(len(row)) for row in rows)
        raise ShapeMismatch(f"the rows of blocks have different lengths: {lengths}", span=span)
    found = _Grid(rows, same, span, texts)
    found.fit()
    sizes = (tuple(found.heights), tuple(found.widths))
    return apply("block", *(cell for row in rows for cell in row), params=sizes, same=same, span=span)


class _Grid:
    def __init__(
        self,
        rows: Sequence[Sequence[Tensor]],
        same: SameSize,
        span: Span | None,
        texts: Sequence[Sequence[str]] | None,
    ) -> None:
        self.rows = rows
        self.same = same
        self.span = span
        self.texts = texts
        self.heights: list[Size] = [()] * len(rows)
        self.widths: list[Size] = [()] * len(rows[0])
        self.by: dict[tuple[str, int], tuple[int, int]] = {}
        """("row", k) → the block that told its height, ("column", k) its width."""

    def text(self, at: tuple[int, int]) -> str:
        """The block and its shape."""
        shape = show_shape(self.rows[at[0]][at[1]].shape)
        return f"{self.texts[at[0]][at[1]]} is {shape}" if self.texts else f"block {at} is {shape}"

    def fit(self) -> None:
        """Find all heights and widths."""
        cells = [(r, c) for r, row in enumerate(self.rows) for c in range(len(row))]
        vectors = []
        for r, c in cells:
            cell = self.rows[r][c]
            if len(cell.shape) > 2:
                raise ShapeMismatch(f"a block is a matrix: {self.text((r, c))}", span=cell.span or self.span)
            if len(cell.shape) == 2:
                self.set(r, c, *cell.shape)
            elif len(cell.shape) == 1:
                vectors.append((r, c))
            elif not is_zero(cell):
                self.set(r, c, ONE, ONE)
        while vectors:
            open_ones = [at for at in vectors if not self.put(*at)]
            if len(open_ones) == len(vectors):
                at = vectors[0]
                raise ShapeMismatch(
                    f"nothing tells whether it is a column or a row: {self.text(at)}",
                    span=self.rows[at[0]][at[1]].span or self.span,
                    hint="vectors alone are joined by concat(x, y)",
                )
            vectors = open_ones
        for what, sizes in (("row", self.heights), ("column", self.widths)):
            if () in sizes:
                raise ShapeMismatch(
                    f"nothing tells the size of {what} {sizes.index(())} of the blocks",
                    span=self.span,
                    hint="write zeros(m, n) for a block of zeros",
                )

    def put(self, r: int, c: int) -> bool:
        """A vector as a column or a row; False if neither side of its place is known."""
        size = self.rows[r][c].shape[0]
        height, width = self.heights[r], self.widths[c]
        if height and width:
            if not ((width == ONE and self.same(size, height)) or (height == ONE and self.same(size, width))):
                what = "neither a column nor a row fits"
                raise ShapeMismatch(
                    f"{what}: {self.text((r, c))}, there is room for {show_shape((height, width))}",
                    span=self.rows[r][c].span or self.span,
                )
        elif width:
            self.set(r, c, *((size, ONE) if width == ONE else (ONE, size)))
        elif height:
            self.set(r, c, *((ONE, size) if height == ONE else (size, ONE)))
        return bool(height or width)

    def set(self, r: int, c: int, height: Size, width: Size) -> None:
        """What a block says of its row and its column.  Errors: ShapeMismatch if another said otherwise."""
        for what, place, sizes, size in (("row", r, self.heights, height), ("column", c, self.widths, width)):
            if not sizes[place]:
                sizes[place] = size
                self.by[what, place] = (r, c)
            elif not self.same(sizes[place], size):
                side = "heights" if what == "row" else "widths"
                raise ShapeMismatch(
                    f"blocks in one {what} have {side} {show_size(sizes[place])} and {show_size(size)}: "
                    f"{self.text(self.by[what, place])}, {self.text((r, c))}",
                    span=self.rows[r][c].span or self.span,
                )


def is_zero(tensor: Tensor) -> bool:
    """Whether the author wrote the number 0."""
    return isinstance(tensor, Number) and tensor.value == 0
