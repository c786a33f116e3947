"""Sizes and shapes.

A `Dim` is the range of one index: a name such as ``"n"`` (any integer ≥ 1) or a fixed number.
A `Size` is the length of an axis: a product of dims (``vec`` of an m × n matrix has ``("n", "m")``:
the first runs slowest).  A `Shape` is a tuple of sizes; ``()`` is a scalar.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Dim: TypeAlias = str | int
Size: TypeAlias = tuple[Dim, ...]
Shape: TypeAlias = tuple[Size, ...]
SameSize: TypeAlias = Callable[[Size, Size], bool]
"""Whether two sizes are one under the `dim` assumptions in force."""


def shape_of(*dims: Dim) -> Shape:
    """The shape with one plain axis for each dim."""
    return tuple((dim,) for dim in dims)


def show_size(size: Size) -> str:
    """``n``, ``3``, ``m·n``."""
    return "·".join(str(dim) for dim in size)


def show_shape(shape: Shape) -> str:
    """``(m, n)``; ``scalar`` for a number."""
    return f"({', '.join(show_size(size) for size in shape)})" if shape else "scalar"


def same_name(left: Size, right: Size) -> bool:
    """Equal by name and number alone, as when no assumption relates sizes."""
    return left == right


def broadcast(left: Shape, right: Shape, same: SameSize = same_name) -> Shape | None:
    """NumPy's rule by size names: aligned at the last axis, a missing axis repeats; None if unfit."""
    longer, shorter = (left, right) if len(left) >= len(right) else (right, left)
    offset = len(longer) - len(shorter)
    for axis, size in enumerate(shorter):
        if not same(longer[offset + axis], size):
            return None
    return longer
