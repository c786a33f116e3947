"""The order of indices: [i ≤ j] as a head with values 0 and 1, one for each pair of ranges.

[i ≤ j]² = [i ≤ j]; on one range [i ≤ j] + [j ≤ i] = 1 + δᵢⱼ.  Of the two orientations of a pair one is kept:
free indices in the order of their numbers; where a sum is taken, the orientation with the lesser label.  If
both have the same label, the sum is half of that over 1 + δᵢⱼ.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any, TypeAlias

from flint import fmpq

from symcheck.errors import DomainFault
from symcheck.language.shape import Dim
from symcheck.normal_form.assumed import summed_anew
from symcheck.normal_form.blocks import Algebra, Contracting, OpenBlock, gathered
from symcheck.normal_form.labelling import Raw, label
from symcheck.normal_form.polynomial import (
    MINUS,
    ONE,
    UNIT,
    DeltaHead,
    Factor,
    Head,
    Poly,
    Polynomials,
    Term,
    delta,
    without,
)

HALF = fmpq(1, 2)
LAW = "order-of-indices"
PAIRS = 3
"""Most pairs of free indices that are taken in both orders."""
Relations: TypeAlias = set[tuple[Any, ...]]
"""Pairs of indices of which the first is at most the second."""


class OrderHead(Contracting):
    """[i ≤ j] for i of one range and j of another, or the same."""

    kind = "order"
    special = True

    def __init__(self, rows: Dim, columns: Dim) -> None:
        super().__init__((rows, columns))
        self.invertible = False
        self.values = (ONE, fmpq(0))
        self.same = rows == columns

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        return {UNIT: ONE} if self.same and idxs[0] == idxs[1] else None

    def reduce(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        component, exponent = term[place]
        if exponent < 0:
            raise DomainFault("division by [i ≤ j], which is 0 elsewhere")
        rest = without(term, place)
        if exponent != 1:
            algebra.use(LAW)
            return algebra.times({rest: ONE}, algebra.single(component))
        i, j = algebra.components[component].idxs
        value = known(algebra, i, j)
        if value is not None:
            return algebra.times({rest: ONE}, value)
        if self.same and i > j:
            return algebra.times({rest: ONE}, opposite(algebra, i, j))
        return self._related(algebra, rest, i, j)

    def _related(self, algebra: Polynomials, rest: Term, i: int, j: int) -> Poly | None:
        """[i ≤ j] where what stands beside it says j ≤ i, or i ≤ j; or a condition that follows from it."""
        beside: Relations = set()
        for component, power in rest:
            if power > 0:
                beside |= _relations(algebra, component)
        if _follows(beside, i, j):
            algebra.use(LAW)
            return algebra.term_poly(rest)
        if self.same and _follows(beside, j, i):
            algebra.use(LAW)
            return algebra.times({rest: ONE}, delta(algebra, i, j))
        for place, (component, power) in enumerate(rest):
            if power == 1 and algebra.components[component].head is None:
                left = _without_implied(algebra, component, beside | {(i, j)})
                if left is not None:
                    algebra.use(LAW)
                    kept = algebra.times({without(rest, place): ONE}, left)
                    return algebra.times(kept, algebra.single(algebra.atom(self, (i, j))))
        return None

    def contract(self, algebra: Algebra, block: OpenBlock, place: int) -> Poly | None:
        _, exponent, (i, j), _ = block.factors[place]
        if exponent != 1:
            algebra.use(LAW)
            block.factors[place] = (self.id, 1, (i, j), ())
        bounds = _extremes(algebra, self.dims, i, j)
        if bounds:
            return summed_anew(algebra, block, (place,))
        beside: Relations = set()
        for k, (number, power, idxs, _) in enumerate(block.factors):
            if k != place and power > 0:
                beside |= _relation(algebra.heads[number], idxs)
        if _follows(beside, i, j):
            algebra.use(LAW)
            return summed_anew(algebra, block, (place,))
        if not self.same:
            return None
        if _follows(beside, j, i):
            algebra.use(LAW)
            return summed_anew(algebra, block, (place,), equal=(i, j))
        return self._oriented(algebra, block, place)

    def _oriented(self, algebra: Algebra, block: OpenBlock, place: int) -> Poly | None:
        """The block turned over if that has the lesser label; halved if both have the same."""
        i, j = block.factors[place][2]
        turned: list[Raw] = list(block.factors)
        turned[place] = (self.id, 1, (j, i), ())
        here, there = (_labelled(algebra, block.dims, factors) for factors in (block.factors, turned))
        if here < there:
            return None
        algebra.use(LAW)
        either = summed_anew(algebra, block, (place,))
        either = algebra.plus(either, summed_anew(algebra, block, (place,), equal=(i, j)))
        if here == there:
            return algebra.scaled(either, HALF)
        return algebra.plus(either, algebra.close(OpenBlock(list(block.dims), turned)), MINUS)


def order(algebra: Algebra, i: int, j: int) -> Poly:
    """[i ≤ j] as a polynomial."""
    value = {UNIT: ONE} if i == j else known(algebra, i, j)
    if value is not None:
        return value
    return algebra.atom_poly(_head(algebra, algebra.dim_of[i], algebra.dim_of[j]), (i, j))


def vanishes_in_every_order(algebra: Algebra, poly: Poly) -> bool:
    """Whether a polynomial with conditions on the order of indices is 0 however its free indices are ordered.

    That is: where i < j, where j < i, and where i = j.
    """
    free = sorted(algebra.free_of(poly) - algebra.literal.keys())
    pairs = [(i, j) for i, j in combinations(free, 2) if algebra.dim_of[i] == algebra.dim_of[j]]
    if not pairs or len(pairs) > PAIRS or not _ordered(algebra, poly):
        return False
    algebra.use(LAW)
    return _vanishes(algebra, poly, pairs)


def _vanishes(algebra: Algebra, poly: Poly, pairs: list[tuple[int, int]]) -> bool:
    if not poly or not pairs:
        return not poly
    (i, j), *rest = pairs
    if i not in algebra.free_of(poly) or j not in algebra.free_of(poly):
        return _vanishes(algebra, poly, rest)
    cases = (_below(algebra, poly, i, j), _below(algebra, poly, j, i), algebra.rename(poly, {j: i}))
    return all(_vanishes(algebra, case, rest) for case in cases)


def _below(algebra: Algebra, poly: Poly, i: int, j: int) -> Poly:
    """The polynomial where i < j."""
    result: Poly = {}
    for term, value in poly.items():
        product: Poly = {UNIT: value}
        for component, exponent in term:
            factor = _component_below(algebra, component, i, j) if exponent == 1 else None
            if factor is None:
                factor = algebra.single(component, exponent)
            product = algebra.times(product, factor)
        algebra.add_into(result, product)
    return result


def _component_below(algebra: Algebra, component: int, i: int, j: int) -> Poly | None:
    """A component where i < j; None if it is no other there."""
    atom = algebra.components[component]
    if isinstance(atom.head, DeltaHead):
        return {} if set(atom.idxs) == {i, j} else None
    relations = _relations(algebra, component)
    if _follows(relations, j, i):
        return {}
    if isinstance(atom.head, OrderHead):
        return {UNIT: ONE} if atom.idxs == (i, j) else None
    if atom.head is not None or not relations:
        return None
    left = _without_implied(algebra, component, relations | {(i, j)})
    return None if left is None else _below(algebra, left, i, j)


def _ordered(algebra: Algebra, poly: Poly) -> bool:
    """Whether such a condition stands anywhere in the polynomial, functions left out."""
    for term in poly:
        for component, _ in term:
            atom = algebra.components[component]
            heads = [atom.head] if atom.head is not None else [algebra.heads[f[0]] for f in atom.factors]
            if any(isinstance(head, OrderHead) or head.lower for head in heads):
                return True
    return False


def _head(algebra: Polynomials, rows: Dim, columns: Dim) -> OrderHead:
    key = ("order", rows, columns)
    head = algebra.head_of.get(key) or algebra.add_head(key, OrderHead(rows, columns))
    assert isinstance(head, OrderHead)
    return head


def known(algebra: Polynomials, i: int, j: int) -> Poly | None:
    """The value of [i ≤ j] where a number stands on one side and decides it, or leaves only equality."""
    least, most = algebra.literal.get(i), algebra.literal.get(j)
    if least is not None and most is not None:
        return {UNIT: ONE} if least <= most else {}
    if least == 0 or _last(algebra, j):
        return {UNIT: ONE} if algebra.dim_of[i] == algebra.dim_of[j] or least == 0 else None
    if algebra.dim_of[i] == algebra.dim_of[j] and (most == 0 or _last(algebra, i)):
        return delta(algebra, i, j)
    return None


def opposite(algebra: Polynomials, i: int, j: int) -> Poly:
    """[i ≤ j] = 1 + δᵢⱼ − [j ≤ i]."""
    algebra.use(LAW)
    head = _head(algebra, algebra.dim_of[j], algebra.dim_of[i])
    either = algebra.plus({UNIT: ONE}, delta(algebra, i, j))
    return algebra.plus(either, algebra.single(algebra.atom(head, (j, i))), MINUS)


def _last(algebra: Polynomials, index: int) -> bool:
    dim = algebra.dim_of[index]
    return isinstance(dim, int) and algebra.literal.get(index) == dim - 1


def _extremes(algebra: Algebra, dims: tuple[Dim, ...], i: int, j: int) -> bool:
    """Whether i is the first index or j the last: then [i ≤ j] = 1."""
    return algebra.literal.get(i) == 0 or (dims[0] == dims[1] and j >= 0 and _last(algebra, j))


def _relation(head: Head | None, idxs: tuple[Any, ...]) -> Relations:
    """What an entry says of its indices where it is not 0."""
    if isinstance(head, OrderHead):
        return {(idxs[0], idxs[1])}
    return {(idxs[1], idxs[0])} if head is not None and head.lower else set()


def _relations(algebra: Polynomials, component: int) -> Relations:
    """The same of all factors of a component; bound indices under names that no other component has."""
    atom = algebra.components[component]
    if atom.head is not None:
        return _relation(atom.head, atom.idxs)
    found: Relations = set()
    for number, power, idxs in atom.factors:
        if power > 0:
            found |= _relation(algebra.heads[number], tuple(_own(component, i) for i in idxs))
    return found


def _own(component: int, index: int) -> Any:
    return index if index >= 0 else (component, index)


def _follows(relations: Relations, i: object, j: object) -> bool:
    """Whether i ≤ j by a chain of relations."""
    reached, waiting = {i}, [i]
    while waiting:
        here = waiting.pop()
        if here == j:
            return True
        for a, b in relations:
            if a == here and b not in reached:
                reached.add(b)
                waiting.append(b)
    return False


def _without_implied(algebra: Polynomials, component: int, beside: Relations) -> Poly | None:
    """A block without a condition that follows from the others; None if there is none."""
    assert isinstance(algebra, Algebra)
    atom = algebra.components[component]
    for place, (number, _, idxs) in enumerate(atom.factors):
        pair = tuple(_own(component, i) for i in idxs)
        if not isinstance(algebra.heads[number], OrderHead) or not _follows(beside - {pair}, *pair):
            continue
        kept = atom.factors[:place] + atom.factors[place + 1 :]
        factors: list[Raw] = [(head, power, at, algebra.heads[head].group) for head, power, at in kept]
        if all(any(-1 - k in at for _, _, at, _ in factors) for k in range(len(atom.dims))):
            return algebra.close(OpenBlock(list(atom.dims), factors))
    return None


def _labelled(
    algebra: Algebra, dims: list[Dim], factors: list[Raw]
) -> tuple[tuple[int, ...], tuple[tuple[int, Fraction, tuple[int, ...]], ...]]:
    ranks = algebra.ranks(dims)
    sizes, labelled = label(dims, ranks, gathered(factors))
    return tuple(algebra.ranks(sizes)), tuple(map(_sortable, labelled))


def _sortable(factor: Factor) -> tuple[int, Fraction, tuple[int, ...]]:
    return factor[0], Fraction(factor[1]), factor[2]
