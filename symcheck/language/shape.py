"""Sizes and shapes.

A `Dim` is the range of one index: a name such as ``"n"`` (any integer ≥ 1) or a fixed number.
A `Size` is the length of an axis: a product of dims (``vec`` of an m × n matrix has ``("n", "m")``:
the first runs slowest).  A `Shape` is a tuple of sizes; ``()`` is a scalar.  An axis put together from
others is one dim, a `Joined` one; lowering takes it apart again, and nothing below knows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Dim: TypeAlias = str | int
Size: TypeAlias = tuple[Dim, ...]
Shape: TypeAlias = tuple[Size, ...]
SameSize: TypeAlias = Callable[[Size, Size], bool]
"""Whether two sizes are one under the `dim` assumptions in force."""


class Joined(str):
    """The dim of an axis made of segments, one after the other; its name is ``m + n``."""

    __slots__ = ("parts",)
    parts: tuple[Size, ...]
    """The sizes of the segments, two or more, none of them joined itself."""

    def __new__(cls, parts: tuple[Size, ...]) -> Joined:
        """Two are one if their segments are, in their order: by name, as other dims."""
        made = super().__new__(cls, " + ".join(map(show_size, parts)))
        made.parts = parts
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        """What a copy is made of."""
        return (self.parts,)


def joined(sizes: Iterable[Size]) -> Size:
    """The size of an axis made of these, one after the other; of one alone it is that one."""
    parts = tuple(part for size in sizes for part in segments(size))
    return parts[0] if len(parts) == 1 else (Joined(parts),)


def segments(size: Size) -> tuple[Size, ...]:
    """The sizes that an axis is put together from; itself if it is in one piece."""
    match size:
        case (Joined(parts=parts),):
            return parts
    return (size,)


def in_one_piece(size: Size) -> bool:
    """Whether no segment stands in a size."""
    return not any(isinstance(dim, Joined) for dim in size)


def is_joined(shape: Shape) -> bool:
    """Whether an axis of a shape is made of segments."""
    for size in shape:
        for dim in size:
            if isinstance(dim, Joined):
                return True
    return False


def has_index(size: Size) -> bool:
    """Whether one index runs over the axis: its size is neither a product nor a sum."""
    return len(size) == 1 and in_one_piece(size)


def dims_in(size: Size) -> Iterator[Dim]:
    """The names and numbers that a size is made of."""
    for dim in size:
        if isinstance(dim, Joined):
            for part in dim.parts:
                yield from dims_in(part)
        else:
            yield dim


def total(size: Size) -> Mapping[tuple[str, ...], int]:
    """How long an axis is, as a polynomial in the names: product of names → how often it is added."""
    found: dict[tuple[str, ...], int] = {(): 1}
    for dim in size:
        factors: list[Mapping[tuple[str, ...], int]]
        if isinstance(dim, Joined):
            factors = list(map(total, dim.parts))
        else:
            factors = [{(): dim} if isinstance(dim, int) else {(dim,): 1}]
        longer: dict[tuple[str, ...], int] = {}
        for names, count in found.items():
            for factor in factors:
                for others, times in factor.items():
                    key = tuple(sorted((*names, *others)))
                    longer[key] = longer.get(key, 0) + count * times
        found = longer
    return found


def with_dims(size: Size, dim_of: Callable[[Dim], Dim]) -> Size:
    """The size with other dims in the place of its own."""
    return tuple(
        Joined(tuple(with_dims(part, dim_of) for part in dim.parts))
        if isinstance(dim, Joined)
        else dim_of(dim)
        for dim in size
    )


def shape_of(*dims: Dim) -> Shape:
    """The shape with one plain axis for each dim."""
    return tuple((dim,) for dim in dims)


def show_size(size: Size) -> str:
    """``n``, ``3``, ``m·n``, ``m + n``."""
    return "·".join(f"({dim})" if isinstance(dim, Joined) and len(size) > 1 else str(dim) for dim in size)


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
