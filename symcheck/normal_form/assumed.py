"""Laws of assumed qualities: antisymmetric, diagonal, unit, orthogonal, idempotent, binary, signs, one-hot.

An antisymmetric or diagonal matrix is written through free entries, (Aᵢⱼ − Aⱼᵢ)/2 or δᵢⱼ Aᵢᵢ: nothing else
has to be known of it.  The others are rules for terms and for sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from flint import fmpq

from symcheck.language.claim import Kind
from symcheck.language.shape import Dim
from symcheck.normal_form.blocks import Algebra, OpenBlock
from symcheck.normal_form.facts import DISCRETE
from symcheck.normal_form.opaque import TensorHead
from symcheck.normal_form.polynomial import (
    MINUS,
    ONE,
    UNIT,
    Component,
    Head,
    Poly,
    Polynomials,
    Term,
    delta,
    without,
)

HALF = fmpq(1, 2)
FULL = frozenset(
    (Kind.FULL_RANK, Kind.INVERTIBLE, Kind.DET_POSITIVE, Kind.POSITIVE_DEFINITE, Kind.ORTHOGONAL)
)
DENSE = FULL | {Kind.LOWER_TRIANGULAR, Kind.SYMMETRIC, Kind.DIAGONAL}
"""Qualities of square matrices that leave the invertible ones dense."""


class DiscreteHead(TensorHead):
    """Entries that are 0 or 1 (yy = y), ±1 (yy = 1), or in each row one 1 among zeros (yₖyₗ = δₖₗyₖ)."""

    special = True

    def __init__(self, dims: tuple[Dim, ...], name: str, kinds: frozenset[Kind]) -> None:
        super().__init__(dims, name)
        self.whole = True
        self.signs = Kind.SIGNS in kinds
        self.one_hot = self.selects = Kind.ONE_HOT in kinds
        self.values = (ONE, MINUS) if self.signs else (ONE, fmpq(0))

    def reduce(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        component, exponent = term[place]
        rest = without(term, place)
        if algebra.components[component].head is None:
            return self._picked_twice(algebra, term, place)
        if isinstance(exponent, int) and (exponent > 1 or (exponent < 0 and self.signs)):
            algebra.use("signs" if self.signs else "binary")
            kept = exponent % 2 if self.signs else 1
            return algebra.times({rest: ONE}, algebra.single(component) if kept else {UNIT: ONE})
        if not self.one_hot or exponent != 1:
            return None
        idxs = algebra.components[component].idxs
        for at, (other, power) in enumerate(rest):
            atom = algebra.components[other]
            if atom.head is self and power == 1 and atom.idxs[:-1] == idxs[:-1]:
                algebra.use("one-hot")
                both = algebra.times(delta(algebra, idxs[-1], atom.idxs[-1]), algebra.single(component))
                return algebra.times({without(rest, at): ONE}, both)
            place_of_row = self._chosen(atom, idxs[:-1])
            if place_of_row is not None and isinstance(power, int) and power > 0:
                algebra.use("one-hot")
                picked = algebra.power_of(self._picked(algebra, atom, place_of_row, idxs[-1]), power)
                beside = algebra.times({without(rest, at): ONE}, picked)
                return algebra.times(beside, algebra.single(component))
        return None

    def _chosen(self, block: Component, row: tuple[int, ...] | None = None) -> int | None:
        """Where in a sum yₖ stands, k summed and the row of y as given, or any that is free."""
        for place, (head, exponent, idxs) in enumerate(block.factors):
            if head != self.id or exponent != 1 or idxs[-1] >= 0 or idxs[-1] in idxs[:-1]:
                continue
            if idxs[:-1] == row or (row is None and all(i >= 0 for i in idxs[:-1])):
                return place
        return None

    @staticmethod
    def _picked(algebra: Polynomials, block: Component, place: int, index: int) -> Poly:
        """uᵢ for the sum Σₖ yₖ uₖ, where yₖ is the factor at `place` and i the `index`."""
        assert isinstance(algebra, Algebra)
        return algebra.without_factor(block, place, block.factors[place][2][-1], index)

    def _picked_twice(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        """(Σₖ yₖ uₖ)(Σₖ yₖ vₖ) = Σₖ yₖ uₖ vₖ, and powers likewise."""
        assert isinstance(algebra, Algebra)
        component, exponent = term[place]
        atom = algebra.components[component]
        at = self._chosen(atom)
        if at is None or not isinstance(exponent, int) or exponent < 1:
            return None
        row = atom.factors[at][2][:-1]
        index = algebra.fresh(self.dims[-1])
        product = algebra.power_of(self._picked(algebra, atom, at, index), exponent)
        met = exponent > 1
        rest = without(term, place)
        for other, power in rest:
            block = algebra.components[other]
            there = self._chosen(block, row)
            if there is not None and isinstance(power, int) and power > 0:
                met = True
                rest = tuple(pair for pair in rest if pair[0] != other)
                picked = algebra.power_of(self._picked(algebra, block, there, index), power)
                product = algebra.times(product, picked)
        if not met:
            return None
        algebra.use("one-hot")
        entry = algebra.single(algebra.atom(self, (*row, index)))
        return algebra.times({rest: ONE}, algebra.sum_over(index, algebra.times(entry, product)))


class LowerHead(TensorHead):
    """Entries of a lower triangular matrix: Lᵢⱼ Mⱼᵢ = δᵢⱼ Lᵢᵢ Mᵢᵢ of any two such matrices."""

    special = True

    def __init__(self, dims: tuple[Dim, ...], name: str) -> None:
        super().__init__(dims, name)
        self.lower = True

    def reduce(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        component, exponent = term[place]
        i, j = algebra.components[component].idxs[:2]
        if exponent < 0 or i == j:
            return None
        for other, power in without(term, place):
            atom = algebra.components[other]
            if atom.head is not None and atom.head.lower and atom.idxs[:2] == (j, i) and power > 0:
                algebra.use("lower-triangular")
                if j in algebra.pinned:
                    i, j = j, i
                if j in algebra.pinned:
                    return {}
                return algebra.times(algebra.rename({term: ONE}, {j: i}), delta(algebra, i, j))
        return None


class Assumed:
    """The qualities of the names of one claim, entered with the heads of their entries."""

    def __init__(self, qualities: Iterable[tuple[object, Kind]]) -> None:
        self.kinds: dict[object, frozenset[Kind]] = {}
        for symbol, kind in qualities:
            self.kinds[symbol] = self.kinds.get(symbol, frozenset()) | {kind}
        self._heads: dict[Kind, set[int]] = {}
        self._kinds_of: dict[int, frozenset[Kind]] = {}

    def head(self, symbol: object, dims: tuple[Dim, ...], name: str) -> Head:
        """The head for the entries of a name."""
        kinds = self.kinds.get(symbol, frozenset())
        if Kind.LOWER_TRIANGULAR in kinds and not kinds & DISCRETE:
            return LowerHead(dims, name)
        if kinds & DISCRETE:
            return DiscreteHead(dims, name, kinds)
        head = TensorHead(dims, name)
        head.whole = Kind.INTEGER in kinds
        return head

    def enter(self, symbol: object, head: Head) -> None:
        """Remember which head the laws of a name are about."""
        self._kinds_of[head.id] = self.kinds.get(symbol, frozenset())
        for kind in self.kinds.get(symbol, ()):
            self._heads.setdefault(kind, set()).add(head.id)

    def leaves_dense(self, head: Head) -> bool:
        """Whether the invertible matrices are dense among those that are assumed: no continuous identity
        between them fails at a singular one."""
        kinds = self._kinds_of.get(head.id)
        return kinds is not None and kinds <= DENSE

    def rank(self, head: Head) -> bool:
        """Whether full rank is assumed."""
        return bool(self._kinds_of.get(head.id, frozenset()) & FULL)

    def entry(self, algebra: Algebra, symbol: object, head: Head, idxs: tuple[int, ...]) -> Poly:
        """An entry, through the free entries of its kind."""
        entry = algebra.single(algebra.atom(head, idxs))
        kinds = self.kinds.get(symbol, ())
        if Kind.ANTISYMMETRIC in kinds:
            algebra.use("antisymmetric")
            opposite = algebra.single(algebra.atom(head, idxs[::-1]))
            return algebra.scaled(algebra.plus(entry, opposite, MINUS), HALF)
        if Kind.DIAGONAL in kinds:
            algebra.use("diagonal")
            return algebra.times(delta(algebra, *idxs), entry)
        return entry

    def rule(self, algebra: Algebra, block: OpenBlock) -> Poly | None:
        """A sum rewritten by one of the laws, or None."""
        for place, (head, exponent, idxs, _) in enumerate(block.factors):
            for kind, law in LAWS_OF_SUMS.items():
                if head in self._heads.get(kind, ()) and isinstance(exponent, int):
                    value = law(algebra, block, place, idxs, exponent)
                    if value is not None:
                        return value
        return None


def _unit(
    algebra: Algebra, block: OpenBlock, place: int, idxs: tuple[int, ...], exponent: int
) -> Poly | None:
    """Σₖ vₖ² = 1."""
    bound = idxs[-1]
    if exponent != 2 or bound >= 0 or bound in idxs[:-1] or _elsewhere(block, bound, (place,)):
        return None
    algebra.use("unit")
    return summed_anew(algebra, block, (place,), summed=bound)


def _discrete(
    algebra: Algebra, block: OpenBlock, place: int, idxs: tuple[int, ...], exponent: int
) -> Poly | None:
    """What holds for a term holds under a sum."""
    head = algebra.heads[block.factors[place][0]]
    assert isinstance(head, DiscreteHead)
    again = exponent > 1 or (exponent < 0 and head.signs)
    again = again or (
        head.one_hot
        and exponent == 1
        and any(
            k != place and other == head.id and power == 1 and at[:-1] == idxs[:-1]
            for k, (other, power, at, _) in enumerate(block.factors)
        )
    )
    return summed_anew(algebra, block, ()) if again else None


def _orthogonal(
    algebra: Algebra, block: OpenBlock, place: int, idxs: tuple[int, ...], exponent: int
) -> Poly | None:
    """Σₖ QᵢₖQⱼₖ = δᵢⱼ = Σₖ QₖᵢQₖⱼ."""
    for side in (0, 1):
        bound, outer = idxs[side], idxs[1 - side]
        if bound >= 0 or bound == outer:
            continue
        places = [k for k, factor in enumerate(block.factors) if bound in factor[2]]
        if exponent == 2 and places == [place]:
            algebra.use("orthogonal")
            return summed_anew(algebra, block, (place,), summed=bound)
        other = next((k for k in places if k != place), place)
        head, power, at, _ = block.factors[other]
        if exponent != 1 or len(places) != 2 or head != block.factors[place][0] or power != 1:
            continue
        if at[side] == bound and at[1 - side] != bound:
            algebra.use("orthogonal")
            return summed_anew(algebra, block, (place, other), summed=bound, equal=(outer, at[1 - side]))
    return None


def _idempotent(
    algebra: Algebra, block: OpenBlock, place: int, idxs: tuple[int, ...], exponent: int
) -> Poly | None:
    """Σₖ PᵢₖPₖⱼ = Pᵢⱼ; a symmetric P may be read either way."""
    symmetric = bool(algebra.heads[block.factors[place][0]].group)
    for side in (1, 0) if symmetric else (1,):
        bound, outer = idxs[side], idxs[1 - side]
        places = [k for k, factor in enumerate(block.factors) if bound in factor[2]]
        if bound >= 0 or bound == outer:
            continue
        if exponent == 2 and symmetric and places == [place]:
            algebra.use("idempotent")
            here = block.factors[place][0]
            return summed_anew(algebra, block, (place,), summed=bound, entry=(here, (outer, outer)))
        if exponent != 1 or len(places) != 2:
            continue
        other = places[0] if places[1] == place else places[1]
        head, power, at, _ = block.factors[other]
        if head != block.factors[place][0] or power != 1 or at[0] == at[1]:
            continue
        if symmetric or at[0] == bound:
            far = at[1] if at[0] == bound else at[0]
            algebra.use("idempotent")
            return summed_anew(algebra, block, (place, other), summed=bound, entry=(head, (outer, far)))
    return None


def _lower(
    algebra: Algebra, block: OpenBlock, place: int, idxs: tuple[int, ...], exponent: int
) -> Poly | None:
    """Lᵢⱼ Mⱼᵢ = δᵢⱼ Lᵢᵢ Mᵢᵢ under a sum."""
    if exponent < 0 or idxs[0] == idxs[1]:
        return None
    for k, (number, power, at, _) in enumerate(block.factors):
        if k != place and algebra.heads[number].lower and power > 0 and at[:2] == (idxs[1], idxs[0]):
            algebra.use("lower-triangular")
            return summed_anew(algebra, block, (), equal=(idxs[0], idxs[1]))
    return None


LAWS_OF_SUMS = {
    Kind.LOWER_TRIANGULAR: _lower,
    Kind.UNIT: _unit,
    Kind.ORTHOGONAL: _orthogonal,
    Kind.IDEMPOTENT: _idempotent,
    **dict.fromkeys(DISCRETE, _discrete),
}


def _elsewhere(block: OpenBlock, bound: int, places: tuple[int, ...]) -> bool:
    return any(bound in factor[2] for k, factor in enumerate(block.factors) if k not in places)


def summed_anew(
    algebra: Algebra,
    block: OpenBlock,
    gone: tuple[int, ...],
    *,
    summed: int | None = None,
    equal: tuple[int, int] | None = None,
    entry: tuple[int, tuple[int, ...]] | None = None,
) -> Poly:
    """The block summed anew: some factors `gone` with the index that was `summed` in them alone, and a
    δ or an entry in their place."""
    names = {-1 - k: algebra.fresh(dim) for k, dim in enumerate(block.dims) if -1 - k != summed}

    def to(index: int) -> int:
        return names.get(index, index)

    result: Poly = {UNIT: ONE}
    for k, (head, exponent, idxs, _) in enumerate(block.factors):
        if k not in gone:
            factor = algebra.atom_poly(algebra.heads[head], tuple(map(to, idxs)), exponent)
            result = algebra.times(result, factor)
    if equal is not None:
        result = algebra.times(result, delta(algebra, *map(to, equal)))
    if entry is not None:
        head, idxs = entry
        result = algebra.times(result, algebra.atom_poly(algebra.heads[head], tuple(map(to, idxs))))
    for index in names.values():
        result = algebra.sum_over(index, result)
    return result


def known_sum(algebra: Algebra, block: OpenBlock, sums: Mapping[int, Fraction]) -> Poly | None:
    """Σᵢ yᵢ = s, wherever the summed index of y stands in nothing else."""
    for place, (head, exponent, idxs, _) in enumerate(block.factors):
        value = sums.get(head)
        if value is None or exponent != 1 or idxs[-1] >= 0 or idxs[-1] in idxs[:-1]:
            continue
        if _elsewhere(block, idxs[-1], (place,)):
            continue
        algebra.use("sum-is-given")
        given = fmpq(value.numerator, value.denominator)
        return algebra.scaled(summed_anew(algebra, block, (place,), summed=idxs[-1]), given)
    return None
