"""Sums over an index and renaming: products that share a bound index become one connected block.

Distribution over addition and pulling factors out of sums happen by construction: only what contains
the index enters the block.  Rules of a block (`Head.contract`) are tried when it is built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from symcheck.errors import Blocked, BudgetExhausted
from symcheck.language.shape import Dim
from symcheck.normal_form.labelling import Raw, label
from symcheck.normal_form.polynomial import (
    ONE,
    UNIT,
    Component,
    DeltaHead,
    Exponent,
    Head,
    Poly,
    Polynomials,
    Term,
    delta,
    whole,
)


class OpenBlock:
    """A block while it is built: bound indices −1 − k with their dims, and factors."""

    __slots__ = ("dims", "factors")

    def __init__(self, dims: list[Dim], factors: list[Raw]) -> None:
        self.dims = dims
        self.factors = factors


class Contracting(Head):
    """A head with a rule for the blocks it stands in."""

    def contract(self, algebra: Algebra, block: OpenBlock, place: int) -> Poly | None:
        """The whole block rewritten because of its place-th factor, or None."""
        return None


class DimHead(Head):
    """A size as a number ≥ 1."""

    kind = "size"

    def __init__(self) -> None:
        super().__init__(())
        self.positive = self.whole = True


class Algebra(Polynomials):
    """Polynomials with sums over indices."""

    def __init__(self, off_boundary: bool = False) -> None:
        super().__init__()
        self._renamed: dict[tuple[int, tuple[tuple[int, int], ...]], tuple[Poly, int]] = {}
        self._sums: dict[tuple[int, Term], tuple[Poly, int]] = {}
        self._ranks: dict[Dim, int] = {}
        self.block_rules: list[Callable[[Algebra, OpenBlock], Poly | None]] = []
        """Rules that belong to no head, such as an assumed value of a sum."""
        self._power: Callable[[Algebra, Poly, Exponent], Poly] | None = None
        self.off_boundary = off_boundary
        """Guards are meant off their boundary: [u = 0] is 0."""
        self.leaves_dense: Callable[[Head], bool] = lambda head: False
        """Of which tensors the invertible ones are known to be dense."""
        self.templates: dict[object, Any] = {}
        """Filled by the room `templates`."""

    # -- what other rooms plug in ----------------------------------------------------------------

    def set_power(self, power: Callable[[Algebra, Poly, Exponent], Poly]) -> None:
        """The room `roots` states what powers mean."""
        self._power = power

    def power_of(self, poly: Poly, exponent: Exponent) -> Poly:
        assert self._power is not None
        return self._power(self, poly, exponent)

    # -- sizes -----------------------------------------------------------------------------------

    def dim_poly(self, dim: Dim) -> Poly:
        """A size as a polynomial."""
        if isinstance(dim, int):
            return self.constant(ONE * dim)
        head = self.head_of.get(("dim", dim)) or self.add_head(("dim", dim), DimHead())
        return self.single(self.atom(head, ()))

    # -- sums ------------------------------------------------------------------------------------

    def sum_over(self, index: int, poly: Poly) -> Poly:
        """Σ over the full range of `index`."""
        result: Poly = {}
        components = self.components
        for term, value in poly.items():
            inside = tuple([pair for pair in term if index in components[pair[0]].free])
            if not inside:
                self.use("constant-sum")
                self.add_into(result, self.times({term: ONE}, self.dim_poly(self.dim_of[index])), value)
                continue
            total = self._sum_term(index, inside)
            if len(inside) < len(term):
                outside = tuple([pair for pair in term if index not in components[pair[0]].free])
                total = self.times({outside: ONE}, total)
            self.add_into(result, total, value)
        if len(result) > self.term_limit:
            raise BudgetExhausted(f"a sum of more than {self.term_limit} terms")
        return result

    def _sum_term(self, index: int, inside: Term) -> Poly:
        key = (index, inside)
        found = self._sums.get(key)
        if found is None:
            before, self.used = self.used, 0
            found = self._sums[key] = self._summed(index, inside), self.used
            self.used |= before
        else:
            self.used |= found[1]
        return found[0]

    def _summed(self, index: int, inside: Term) -> Poly:
        for place, (component, _) in enumerate(inside):
            atom = self.components[component]
            if isinstance(atom.head, DeltaHead):
                self.use("delta-contracts")
                i, j = atom.idxs
                rest = inside[:place] + inside[place + 1 :]
                return self.rename({rest: ONE}, {index: j if i == index else i})
        block = OpenBlock([self.dim_of[index]], [])
        for component, exponent in inside:
            self._open_into(block, self.components[component], exponent, {index: -1})
        return self.close(block)

    def _open_into(
        self, block: OpenBlock, component: Component, exponent: Exponent, names: dict[int, int]
    ) -> None:
        """Add the factors of a component to a block, its own bound indices made new."""
        if component.head is not None:
            idxs = tuple([names.get(i, i) for i in component.idxs])
            block.factors.append((component.head.id, exponent, idxs, component.head.group))
            return
        if not isinstance(exponent, int) or exponent < 1:
            raise Blocked("a sum under a root inside another sum")
        if exponent * len(component.factors) > 200:
            raise BudgetExhausted("a high power of a sum inside another sum")
        for _ in range(exponent):
            offset = len(block.dims)
            block.dims.extend(component.dims)
            for head, power, idxs in component.factors:
                moved = tuple([i - offset if i < 0 else names.get(i, i) for i in idxs])
                block.factors.append((head, power, moved, self.heads[head].group))

    def close(self, block: OpenBlock) -> Poly:
        """An open block as a polynomial: rules tried, factors gathered, indices labelled."""
        block.factors = gathered(block.factors)
        for rule in self.block_rules:
            value = rule(self, block)
            if value is not None:
                return value
        for place, factor in enumerate(block.factors):
            head = self.heads[factor[0]]
            if isinstance(head, Contracting):
                value = head.contract(self, block, place)
                if value is not None:
                    self.work += 1
                    if self.work > self.work_limit:
                        raise BudgetExhausted(f"more than {self.work_limit} steps")
                    return value
        dims, factors = label(block.dims, self.ranks(block.dims), block.factors)
        return self.single(self.block(dims, factors))

    def without_factor(self, block: Component, place: int, summed: int, index: int) -> Poly:
        """A block without one factor, `index` in the place of the bound index that was `summed` in it."""
        names = {-1 - k: self.fresh(dim) for k, dim in enumerate(block.dims)}
        others = [name for bound, name in names.items() if bound != summed]
        names[summed] = index
        result: Poly = {UNIT: ONE}
        for k, (head, exponent, idxs) in enumerate(block.factors):
            if k != place:
                at = tuple(names.get(i, i) for i in idxs)
                result = self.times(result, self.atom_poly(self.heads[head], at, exponent))
        for name in others:
            result = self.sum_over(name, result)
        return result

    def ranks(self, dims: Iterable[Dim]) -> list[int]:
        """Numbers that order sizes, the same for all blocks."""
        return [self._ranks.setdefault(dim, len(self._ranks)) for dim in dims]

    def reopen(
        self, block: OpenBlock, opened: Iterable[int]
    ) -> tuple[dict[int, int], list[Poly], list[tuple[Poly, list[int]]]]:
        """See a block with some of its bound indices as free ones.

        Returns the free names given to the opened indices (−1 − k → index), and its connected parts:
        (polynomial of the part, places of the factors in it).  Parts that hold no bound index are
        single factors.
        """
        names = {bound: self.fresh(block.dims[-1 - bound]) for bound in opened}
        parts = self._parts(block, set(names))
        result: list[tuple[Poly, list[int]]] = []
        for places, bound in parts:
            result.append((self.part(block, places, bound, names), places))
        return names, [poly for poly, _ in result], result

    def part(self, block: OpenBlock, places: list[int], bound: list[int], names: dict[int, int]) -> Poly:
        """Some factors of a block as a polynomial of their own; `bound` are summed over in it."""
        local = {b: -1 - k for k, b in enumerate(bound)}
        factors: list[Raw] = []
        for place in places:
            head, exponent, idxs, group = block.factors[place]
            factors.append((head, exponent, tuple(local.get(i, names.get(i, i)) for i in idxs), group))
        if not bound:
            result: Poly = {UNIT: ONE}
            for head, exponent, idxs, _ in factors:
                result = self.times(result, self.atom_poly(self.heads[head], idxs, exponent))
            return result
        sizes = [block.dims[-1 - b] for b in bound]
        dims, labelled = label(sizes, self.ranks(sizes), gathered(factors))
        return self.single(self.block(dims, labelled))

    @staticmethod
    def _parts(block: OpenBlock, opened: set[int]) -> list[tuple[list[int], list[int]]]:
        """Connected parts of a block when some bound indices are opened: (factor places, bound)."""
        owner = list(range(len(block.factors)))

        def find(x: int) -> int:
            while owner[x] != x:
                owner[x] = owner[owner[x]]
                x = owner[x]
            return x

        first: dict[int, int] = {}
        for place, (_, _, idxs, _) in enumerate(block.factors):
            for i in idxs:
                if i < 0 and i not in opened:
                    if i in first:
                        owner[find(place)] = find(first[i])
                    else:
                        first[i] = place
        groups: dict[int, list[int]] = {}
        for place in range(len(block.factors)):
            groups.setdefault(find(place), []).append(place)
        result = []
        for places in groups.values():
            bound = sorted(
                {i for p in places for i in block.factors[p][2] if i < 0 and i not in opened}, reverse=True
            )
            result.append((places, bound))
        return result

    # -- renaming --------------------------------------------------------------------------------

    def rename(self, poly: Poly, names: dict[int, int]) -> Poly:
        """Other indices put in, all at once."""
        result: Poly = {}
        components = self.components
        fixing = self.numbers(names.values())
        for term, value in poly.items():
            product: Poly | None = None
            kept: list[tuple[int, Exponent]] = []
            for component, exponent in term:
                atom = components[component]
                new: Poly
                if not atom.free.isdisjoint(names):
                    if atom.head is not None and atom.head.kind != "delta":
                        idxs = tuple([names.get(i, i) for i in atom.idxs])
                        plain = len(set(idxs)) == len(idxs) and not (fixing and self.numbers(idxs))
                        if atom.head.kind == "tensor" or plain:
                            new = {((self.atom(atom.head, idxs), exponent),): ONE}
                        else:
                            new = self.atom_poly(atom.head, idxs, exponent)
                        if product is None:
                            product = self.times({UNIT: ONE}, new) if atom.special else new
                        else:
                            product = self.times(product, new)
                        continue
                    new = self._rename_component(component, names)
                    if exponent != 1:
                        new = self.power_of(new, exponent) if not _is_unit(new) else _raised(new, exponent)
                    product = new if product is None else self.times(product, new)
                else:
                    kept.append((component, exponent))
            if product is None:
                self.add_into(result, {term: value})
            else:
                if kept:
                    product = self.times({tuple(kept): ONE}, product)
                self.add_into(result, product, value)
        return result

    def _rename_component(self, component: int, names: dict[int, int]) -> Poly:
        atom = self.components[component]
        relevant = tuple(sorted([(i, names[i]) for i in atom.free if i in names]))
        key = (component, relevant)
        found = self._renamed.get(key)
        if found is None:
            before, self.used = self.used, 0
            found = self._renamed[key] = self._renamed_component(atom, dict(relevant)), self.used
            self.used |= before
        else:
            self.used |= found[1]
        return found[0]

    def _renamed_component(self, atom: Component, names: dict[int, int]) -> Poly:
        if atom.head is not None:
            idxs = tuple(names.get(i, i) for i in atom.idxs)
            if isinstance(atom.head, DeltaHead):
                return delta(self, *idxs)
            return self.atom_poly(atom.head, idxs)
        factors = [
            (head, exponent, tuple(names.get(i, i) for i in idxs), self.heads[head].group)
            for head, exponent, idxs in atom.factors
        ]
        meeting = len({names.get(i, i) for i in atom.free}) < len(atom.free) or self.numbers(names.values())
        clash = meeting and any(
            exponent < 0 or self.heads[head].kind != "tensor" for head, exponent, _ in atom.factors
        )
        block = OpenBlock(list(atom.dims), factors)
        if not clash:
            return self.close(block)
        opened = {-1 - k: self.fresh(dim) for k, dim in enumerate(atom.dims)}
        result: Poly = {UNIT: ONE}
        for head, exponent, idxs, _ in factors:
            moved = tuple(opened.get(i, i) for i in idxs)
            result = self.times(result, self.atom_poly(self.heads[head], moved, exponent))
        for index in opened.values():
            result = self.sum_over(index, result)
        return result


def gathered(factors: list[Raw]) -> list[Raw]:
    """Equal factors as one with the exponents added; products of one sign only, so none vanishes."""
    seen: dict[tuple[int, tuple[int, ...]], int] = {}
    result: list[Raw] = []
    for head, exponent, idxs, group in factors:
        if group:
            idxs = min(idxs, *(tuple(idxs[k] for k in perm) for perm in group))
        place = seen.get((head, idxs))
        if place is None:
            seen[head, idxs] = len(result)
            result.append((head, exponent, idxs, group))
        else:
            total = whole(result[place][1] + exponent)
            assert total != 0, "a factor cancelled inside a block"
            result[place] = (head, total, idxs, group)
    return result


def _is_unit(poly: Poly) -> bool:
    """Whether a polynomial is one component with coefficient 1: its powers are written directly."""
    if len(poly) != 1:
        return False
    ((term, value),) = poly.items()
    return value == 1 and len(term) == 1 and term[0][1] == 1


def _raised(poly: Poly, exponent: Exponent) -> Poly:
    ((term, _),) = poly.items()
    return {((term[0][0], exponent),): ONE}
