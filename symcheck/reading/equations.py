"""Two formulas → an equation or inequality: the zero of a shape, free indices, sizes that entries ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from symcheck.language.claim import Assumptions, Equation, Relation
from symcheck.language.shape import Dim, Size
from symcheck.language.tensor import Delta, Derivative, Entry, Index, Number, Place, Tensor, apply, walk
from symcheck.reading.indices import free_indices


def equation(left: Tensor, right: Tensor, relation: Relation = Relation.EQUAL) -> Equation:
    """left = right (or another relation) for every value of their free indices.

    A literal 0 is the zero of the other side's shape; nothing else broadcasts.  Shapes may differ: that
    is for the verdict to say.
    """
    left, right = _zero(left, right), _zero(right, left)
    return Equation(left, right, free_indices(left, right), relation)


def _zero(side: Tensor, other: Tensor) -> Tensor:
    if isinstance(side, Number) and side.value == 0 and other.shape:
        return apply("zeros", params=other.shape, span=side.span)
    return side


def with_literal_entries(assumptions: Assumptions, tensors: Iterable[Tensor]) -> Assumptions:
    """The assumptions, and that every size is large enough for the entries named by number."""
    least: dict[Dim, int] = {}
    for tensor in tensors:
        for dim, count in literal_sizes(tensor):
            representative = assumptions.dim(dim)
            if isinstance(representative, str):
                least[representative] = max(count, least.get(representative, 1))
    known = assumptions.at_least
    if all(known.get(dim, 1) >= count for dim, count in least.items()):
        return assumptions
    return replace(
        assumptions,
        at_least={**known, **{dim: max(count, known.get(dim, 1)) for dim, count in least.items()}},
    )


def literal_sizes(tensor: Tensor) -> list[tuple[Dim, int]]:
    """``x[1]`` asks for a size of 2 at least: the dims asked for, and how large."""
    found: list[tuple[Dim, int]] = []

    def ask(index: Place, size: Size) -> None:
        if isinstance(index, int) and len(size) == 1 and isinstance(size[0], str):
            found.append((size[0], index + 1))

    for node in walk(tensor):
        match node:
            case Entry(base=base, indices=indices):
                for index, size in zip(indices, base.shape, strict=True):
                    ask(index, size)
            case Derivative(by=by, at=at) if at is not None:
                for index, size in zip(at, by.shape, strict=True):
                    ask(index, size)
            case Delta(left=Index(dim=dim), right=int(other)) | Delta(left=int(other), right=Index(dim=dim)):
                if dim is not None:
                    ask(other, (dim,))
            case _:
                pass
    return [(dim, count) for dim, count in found if count > 1]
