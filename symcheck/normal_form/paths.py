"""Two factors of a block that share one summed index and nothing else: where products of matrices shrink."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from symcheck.normal_form.blocks import Algebra, OpenBlock
from symcheck.normal_form.polynomial import ONE, UNIT, Head, Poly


@dataclass(frozen=True, slots=True)
class Link:
    """Σₖ of two matrix entries: each with its place, its head, and which of its first two indices is k."""

    places: tuple[int, int]
    heads: tuple[Head, Head]
    idxs: tuple[tuple[int, ...], tuple[int, ...]]
    sides: tuple[int, int]
    bound: int


def links(algebra: Algebra, block: OpenBlock) -> Iterator[Link]:
    """Every pair of entries joined by one summed index that stands nowhere else."""
    for k in range(len(block.dims)):
        bound = -1 - k
        holders = [place for place, factor in enumerate(block.factors) if bound in factor[2]]
        if len(holders) != 2 or any(block.factors[place][1] != 1 for place in holders):
            continue
        first, second = holders
        one, other = block.factors[first][2], block.factors[second][2]
        if any(at[:2].count(bound) != 1 or bound in at[2:] for at in (one, other)):
            continue
        heads = algebra.heads[block.factors[first][0]], algebra.heads[block.factors[second][0]]
        yield Link((first, second), heads, (one, other), (one.index(bound), other.index(bound)), bound)


def joined(algebra: Algebra, block: OpenBlock, link: Link, make: Callable[[int, int], Poly]) -> Poly:
    """The block with what `make` gives of the two outer indices in place of the pair."""
    names = {-1 - k: algebra.fresh(dim) for k, dim in enumerate(block.dims) if -1 - k != link.bound}
    a, b = (at[1 - side] for at, side in zip(link.idxs, link.sides, strict=True))
    result: Poly = {UNIT: ONE}
    for place, (number, exponent, idxs, _) in enumerate(block.factors):
        if place not in link.places:
            moved = tuple(names.get(i, i) for i in idxs)
            result = algebra.times(result, algebra.atom_poly(algebra.heads[number], moved, exponent))
    result = algebra.times(result, make(names.get(a, a), names.get(b, b)))
    for index in names.values():
        result = algebra.sum_over(index, result)
    return result
