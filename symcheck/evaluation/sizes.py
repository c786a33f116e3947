"""Small unequal sizes of both parities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

VECTORS: tuple[tuple[int, ...], ...] = (
    (2, 3, 4, 2, 3),
    (3, 2, 5, 3, 2),
    (4, 3, 2, 3, 2),
    (2, 4, 3, 2, 3),
    (1, 2, 3, 1, 2),
    (3, 1, 2, 2, 3),
    (1, 1, 1, 1, 1),
    (2, 2, 2, 2, 2),
    (2, 1, 2, 1, 2),
    (1, 2, 1, 2, 1),
)
"""The sizes of the first dims met; later ones go round in the last two, so that many stay small."""
ONES, TWOS, WIDE, TALL = 6, 7, 9, 8


def size_vector(number: int, dims: Sequence[str], least: Mapping[str, int]) -> dict[str, int]:
    """One size for each dim, not below its least value."""
    row = VECTORS[number]
    found = {}
    for place, dim in enumerate(dims):
        size = row[place] if place < 3 else row[3 + (place + 1) % 2]
        low = least.get(dim, 1)
        # a lower bound shifts the choice instead of flattening it: parities and inequalities survive
        found[dim] = size if size >= low else low + (size + number) % 2 if number != ONES else low
    return found
