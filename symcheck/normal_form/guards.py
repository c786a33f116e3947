"""Guards [u > 0] and [u = 0], and splitting any function by cases of the guards and deltas inside it.

Everywhere: [−u > 0] = 1 − [u > 0] − [u = 0].  Off the boundary (a derivative was taken through a guard)
[u = 0] is 0.  Guards are kept of irreducible u only: [a b > 0] = [a > 0][b > 0] + [−a > 0][−b > 0].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from flint import fmpq

from symcheck.errors import Blocked, BudgetExhausted, DomainFault
from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.edges import leading_term
from symcheck.normal_form.factoring import irreducible, is_positive, known_positive, split_content
from symcheck.normal_form.monotone import exponents_of
from symcheck.normal_form.orientation import turned
from symcheck.normal_form.polynomial import (
    MINUS,
    ONE,
    UNIT,
    Exponent,
    Poly,
    Polynomials,
    Term,
    whole,
    without,
)
from symcheck.normal_form.templates import Template, TemplateHead, lift
from symcheck.normal_form.tops import is_zero_somewhere, side_of_greatest
from symcheck.normal_form.zeros import lead_of, mentions, substituted

CASE_LIMIT = 64


class GuardHead(TemplateHead):
    """[u > 0] or [u = 0] for an irreducible template u."""

    special = True

    def __init__(self, template: Template, kind: str, off_boundary: bool) -> None:
        super().__init__(template)
        self.kind = kind
        self.invertible = False
        self.off_boundary = off_boundary
        self.partner: GuardHead | None = None
        """The other guard of the same template."""

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        return self.value(algebra, self.content(algebra, idxs))

    def value(self, algebra: Algebra, polys: tuple[Poly, ...]) -> Poly | None:
        return positive(algebra, polys[0]) if self.kind == "positive" else vanishes(algebra, polys[0])

    def reduce(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        assert isinstance(algebra, Algebra)
        component, exponent = term[place]
        if not isinstance(exponent, int) or exponent < 0:
            raise DomainFault("division by a condition that is 0 elsewhere")
        rest = without(term, place)
        if exponent > 1:
            algebra.use("guard-idempotent")
            return algebra.times({rest: ONE}, algebra.single(component))
        idxs = algebra.components[component].idxs
        if self.kind == "vanishes":
            for other, power in rest:
                atom = algebra.components[other]
                root = isinstance(power, Fraction) and power > 0 and self._is_base(algebra, other, idxs)
                if root or (atom.head is self.partner and atom.idxs == idxs):
                    algebra.use("guard-idempotent")
                    return {}
            return self._put_zero(algebra, rest, component, idxs)
        return None

    def _is_base(self, algebra: Algebra, component: int, idxs: tuple[int, ...]) -> bool:
        """Whether the component is u itself, or the denominator of u: a root of it is 0 where u is."""
        (u,) = self.content(algebra, idxs)
        base = _base(algebra, component)
        return base == u or base == algebra.scaled(u, MINUS)

    def _put_zero(self, algebra: Algebra, rest: Term, component: int, idxs: tuple[int, ...]) -> Poly | None:
        """Where u = 0, the lead of u is minus the rest of it: f(lead) [u = 0] = f(−rest) [u = 0]."""
        (u,) = self.content(algebra, idxs)
        if not u:
            return algebra.term_poly(rest)
        lead = lead_of(algebra, u)
        if lead is None:
            return self._divide(algebra, rest, component, u)
        target, degree, remaining = lead
        for position, (other, exponent) in enumerate(rest):
            head = algebra.components[other].head
            if head is None or head.kind == "vanishes" or not mentions(algebra, other, target):
                continue
            try:
                if head.kind == "positive" and self._excluded(algebra, rest, other, lead):
                    algebra.use("guard-idempotent")
                    return {}
                put = substituted(algebra, {((other, exponent),): ONE}, target, degree, remaining)
            except (Blocked, DomainFault):
                continue
            if put is not None:
                algebra.use("guard-idempotent")
                kept = algebra.times({without(rest, position): ONE}, put)
                return algebra.times(kept, algebra.single(component))
        return None

    @staticmethod
    def _excluded(algebra: Algebra, rest: Term, guard: int, lead: tuple[int, Exponent, Poly]) -> bool:
        """Whether w > 0 becomes u > 0 or −u > 0 where another condition beside it says u = 0."""
        atom = algebra.components[guard]
        assert isinstance(atom.head, TemplateHead)
        put = substituted(algebra, atom.head.content(algebra, atom.idxs)[0], *lead)
        if put is None:
            return False
        for other, _ in rest:
            beside = algebra.components[other]
            if isinstance(beside.head, GuardHead) and beside.head.kind == "vanishes":
                (u,) = beside.head.content(algebra, beside.idxs)
                if put in (u, algebra.scaled(u, MINUS)):
                    return True
        return False

    def _divide(self, algebra: Algebra, rest: Term, component: int, u: Poly) -> Poly | None:
        """M [u = 0] for a monomial M of highest degree in u: minus the other terms of u."""
        found = leading_term(u)
        heads = (algebra.components[other].head for other, power in rest if power < 0)
        if found is None or any(head is not None and head.kind == "denominator" for head in heads):
            # a denominator rewrites its lead too: the two could undo each other
            return None
        left = dict(rest)
        for other, exponent in found:
            power = left.get(other, 0)
            if not isinstance(power, int) or not isinstance(exponent, int) or power < exponent:
                return None
            if power == exponent:
                del left[other]
            else:
                left[other] = power - exponent
        algebra.use("guard-idempotent")
        remaining = dict(u)
        value = remaining.pop(found)
        kept = algebra.times({tuple(sorted(left.items())): ONE}, algebra.single(component))
        return algebra.times(kept, algebra.scaled(remaining, MINUS / value))


def guard_atom(algebra: Algebra, u: Poly, kind: str) -> tuple[Poly, bool]:
    """The guard of an irreducible u, and whether it is that of −u instead."""
    flipped = bool(turned(algebra, u))
    negated = algebra.scaled(u, MINUS)
    if flipped:
        u, negated = negated, u
    template, idxs = lift(algebra, (u,))
    key = ("guard", template.key)
    if key not in algebra.head_of:
        other, other_idxs = lift(algebra, (negated,))
        other_key = ("guard", other.key)
        if other_key in algebra.head_of:
            template, idxs, key, flipped = other, other_idxs, other_key, not flipped
        else:
            off = algebra.off_boundary
            above = algebra.add_head(key, GuardHead(template, "positive", off))
            zero = algebra.add_head(("vanishes", template.key), GuardHead(template, "vanishes", off))
            assert isinstance(above, GuardHead)
            assert isinstance(zero, GuardHead)
            above.partner, zero.partner = zero, above
    head = algebra.head_of[key if kind == "positive" else ("vanishes", template.key)]
    return algebra.single(algebra.atom(head, idxs)), flipped


def sign_cases(algebra: Algebra, u: Poly) -> tuple[Poly, Poly, Poly]:
    """([u > 0], [u < 0], [u = 0]) of an irreducible u."""
    one: Poly = {UNIT: ONE}
    if is_positive(algebra, u):
        return one, {}, {}
    if is_positive(algebra, algebra.scaled(u, MINUS)):
        return {}, one, {}
    exponents = exponents_of(algebra, u)
    if exponents is not None:
        return signs(algebra, exponents)
    zero = boundary(algebra, u)
    side = side_of_greatest(algebra, u)
    if side:
        rest = algebra.plus(one, zero, MINUS)
        return (rest, {}, zero) if side > 0 else ({}, rest, zero)
    above, flipped = guard_atom(algebra, u, "positive")
    below = algebra.plus(algebra.plus(one, above, MINUS), zero, MINUS)
    return (below, above, zero) if flipped else (above, below, zero)


def assume_crossed(algebra: Algebra, u: Poly) -> None:
    """From now on u ≠ 0: a derivative was taken through a condition on u.

    A condition inside u splits it: each branch is not 0 in its own region.
    """
    crossed = algebra.templates.setdefault("crossed", {})
    for region, branch in _branches(algebra, u, {UNIT: ONE}, 0):
        for factor in _turning(algebra, branch) if branch else ():
            for signed in (factor, algebra.scaled(factor, MINUS)):
                template, idxs = lift(algebra, (signed,))
                if algebra.free_of(region) <= set(idxs):
                    names = {i: slot for i, slot in zip(idxs, template.slots, strict=True) if i != slot}
                    crossed.setdefault(template.key, []).append(algebra.rename(region, names))


def _turning(algebra: Algebra, u: Poly) -> Iterator[Poly]:
    for factor, _ in _deciding(algebra, u)[1]:
        exponents = exponents_of(algebra, factor)
        yield from (factor,) if not exponents else _turning(algebra, exponents)


def _branches(algebra: Algebra, u: Poly, region: Poly, depth: int) -> Iterator[tuple[Poly, Poly]]:
    """(region, u there) for every choice of the conditions in u; those with a δ are left out."""
    chosen = _splitting(algebra, u)
    if chosen is None:
        yield region, u
        return
    atom = algebra.components[chosen]
    if not isinstance(atom.head, GuardHead) or depth > 3:
        return
    partner = atom.head.partner
    assert partner is not None
    other = algebra.atom(partner, atom.idxs)
    neither: Poly = {UNIT: ONE}
    for on, off in ((chosen, other), (other, chosen)):
        guard = algebra.single(on)
        neither = algebra.plus(neither, guard, MINUS)
        inside = algebra.times(region, guard)
        yield from _branches(algebra, _put(algebra, u, {on: 1, off: 0}), inside, depth + 1)
    outside = algebra.times(region, neither)
    yield from _branches(algebra, _put(algebra, u, {chosen: 0, other: 0}), outside, depth + 1)


def boundary(algebra: Algebra, u: Poly) -> Poly:
    """[u = 0] of an irreducible u: 0 where a derivative was taken through a condition on u.

    Never so where u is zero for every point once two indices coincide, or where an entry is the greatest:
    there no point is off the boundary.
    """
    zero, _ = guard_atom(algebra, u, "vanishes")
    template, idxs = lift(algebra, (u,))
    regions = algebra.templates.get("crossed", {}).get(template.key, ())
    if not (algebra.off_boundary or regions) or _vanishes_on_a_diagonal(algebra, u, 0):
        return zero
    if is_zero_somewhere(algebra, u):
        return zero
    algebra.use("guard-complement")
    if algebra.off_boundary:
        return {}
    # what is put into a region may ask for this boundary again: there it stays as it is
    entered = algebra.templates.setdefault("boundaries entered", {})
    here = (template.key, idxs)
    if here in entered:
        return zero
    names = {slot: i for i, slot in zip(idxs, template.slots, strict=True) if i != slot}
    entered[here] = True
    try:
        for region in regions:
            zero = algebra.plus(zero, algebra.times(zero, algebra.rename(region, names)), MINUS)
    finally:
        del entered[here]
    return zero


def _vanishes_on_a_diagonal(algebra: Algebra, u: Poly, depth: int) -> bool:
    if not u or depth > 3:
        return True
    free = sorted(algebra.free_of(u))
    atoms = {c for term in u for c, _ in term}
    literal = {i for c in atoms for i in algebra.components[c].idxs if i in algebra.literal}
    return any(
        algebra.dim_of[i] == algebra.dim_of[j]
        and _vanishes_on_a_diagonal(algebra, algebra.rename(u, {i: j}), depth + 1)
        for k, i in enumerate(free)
        for j in (*free[:k], *sorted(literal))
    )


def signs(algebra: Algebra, u: Poly) -> tuple[Poly, Poly, Poly]:
    """([u > 0], [u < 0], [u = 0]) of any u without guards and deltas."""
    one: Poly = {UNIT: ONE}
    empty: Poly = {}
    if not u:
        return {}, {}, one
    above, below, zero = one, empty, empty
    negative, factors = _deciding(algebra, u)
    if negative:
        above, below = empty, one
    for factor, exponent in factors:
        a, b, z = sign_cases(algebra, factor)
        if exponent < 0:
            # where the factor is 0 there is no u
            z = {}
            a, b = (a, algebra.plus(one, a, MINUS)) if len(a) <= len(b) else (algebra.plus(one, b, MINUS), b)
        if not isinstance(exponent, int):
            # a root that exists is not negative
            a, b = algebra.plus(one, z, MINUS), {}
        elif exponent % 2 == 0:
            a, b = algebra.plus(a, b), {}
        above, below, zero = (
            algebra.plus(algebra.times(above, a), algebra.times(below, b)),
            algebra.plus(algebra.times(above, b), algebra.times(below, a)),
            algebra.plus(zero, algebra.times(algebra.plus(one, zero, MINUS), z)),
        )
    return above, below, zero


def _deciding(algebra: Algebra, u: Poly) -> tuple[bool, list[tuple[Poly, Exponent]]]:
    """(is −1 a factor, irreducible factors with exponents): what decides the sign of u."""
    if len(u) == 1:
        ((monomial, value),) = u.items()
        negative = value < 0
        rest: list[tuple[Poly, int]] = []
    else:
        _, monomial, primitive = split_content(algebra, u)
        negative, rest = False, irreducible(algebra, primitive)
        if rest == [(primitive, 1)]:
            # −(a + b)² has no factor of odd multiplicity to take the sign
            opposite = algebra.scaled(primitive, MINUS)
            split = irreducible(algebra, opposite)
            if split != [(opposite, 1)]:
                negative, rest = True, split
    return negative, [
        *(
            (_base(algebra, component), exponent)
            for component, exponent in monomial
            if not known_positive(algebra, component, exponent)
        ),
        *rest,
    ]


def _base(algebra: Algebra, component: int) -> Poly:
    """What decides the sign of a component: for a denominator, the polynomial itself."""
    atom = algebra.components[component]
    if isinstance(atom.head, TemplateHead) and atom.head.kind == "denominator":
        return atom.head.content(algebra, atom.idxs)[0]
    return algebra.single(component)


def positive(algebra: Algebra, u: Poly) -> Poly:
    """[u > 0]."""
    return by_cases(algebra, u, lambda v: signs(algebra, v)[0])


def vanishes(algebra: Algebra, u: Poly) -> Poly:
    """[u = 0]."""
    return by_cases(algebra, u, lambda v: signs(algebra, v)[2])


def by_cases(algebra: Algebra, u: Poly, value: Callable[[Poly], Poly], depth: int = 0) -> Poly:
    """value(u), split by every guard and delta in u, so that templates never contain them."""
    chosen = _splitting(algebra, u)
    if chosen is None:
        return _by_values(algebra, u, value, depth)
    if depth > 6:
        raise BudgetExhausted("too many conditions inside one another")
    algebra.use("case-split")
    atom = algebra.components[chosen]
    assert atom.head is not None
    guard = algebra.single(chosen)
    if atom.head.kind == "delta":
        i, j = atom.idxs
        if j in algebra.pinned:
            i, j = j, i
        put = _put(algebra, u, {chosen: 1})
        on = put if j in algebra.pinned else algebra.rename(put, {j: i})
        off = _put(algebra, u, {chosen: 0})
        with_on = by_cases(algebra, on, value, depth + 1)
        with_off = by_cases(algebra, off, value, depth + 1)
        return algebra.plus(with_off, algebra.times(guard, algebra.plus(with_on, with_off, MINUS)))
    assert isinstance(atom.head, GuardHead)
    partner = atom.head.partner
    assert partner is not None
    other = algebra.atom(partner, atom.idxs)
    present = any(other in (c for c, _ in term) for term in u)
    cases = [{chosen: 0, other: 0}, {chosen: 1, other: 0}, {chosen: 0, other: 1}]
    values = [_where(algebra, u, case, value, depth + 1) for case in (cases if present else cases[:2])]
    existing = [poly for poly in values if poly is not None]
    if not existing:
        raise DomainFault("an expression that exists in no case of a condition")
    # where there is no value, nothing is claimed: any will do
    neither, chosen_on, *others = (existing[0] if poly is None else poly for poly in values)
    result = algebra.plus(neither, algebra.times(guard, algebra.plus(chosen_on, neither, MINUS)))
    for other_on in others:
        step = algebra.times(algebra.single(other), algebra.plus(other_on, neither, MINUS))
        result = algebra.plus(result, step)
    return result


def _by_values(algebra: Algebra, u: Poly, value: Callable[[Poly], Poly], depth: int) -> Poly:
    """f(y) = y f(1) + (1 − y) f(0) and f(s) = ½(1 + s) f(1) + ½(1 − s) f(−1) for an entry of two values."""
    chosen: int | None = None
    for term in u if algebra.two_valued else ():
        for component, exponent in term:
            if component not in algebra.two_valued:
                continue
            atom = algebra.components[component]
            bound = any(i in algebra.pinned and i not in algebra.literal for i in atom.idxs)
            if atom.head is not None and atom.head.values and exponent == 1 and not bound:
                chosen = component if chosen is None else min(chosen, component)
    if chosen is None:
        return value(u)
    if depth > 6:
        raise BudgetExhausted("too many entries of two values inside one another")
    algebra.use("by-values")
    head = algebra.components[chosen].head
    assert head is not None
    high, low = head.values
    at_high, at_low = (
        by_cases(algebra, _at_value(algebra, u, chosen, v), value, depth + 1) for v in (high, low)
    )
    # the line through both values
    slope = algebra.scaled(algebra.plus(at_high, at_low, MINUS), 1 / (high - low))
    start = algebra.plus(at_high, slope, -high)
    return algebra.plus(start, algebra.times(algebra.single(chosen), slope))


def _at_value(algebra: Algebra, u: Poly, chosen: int, value: fmpq) -> Poly:
    result: Poly = {}
    for term, coefficient in u.items():
        kept = tuple(pair for pair in term if pair[0] != chosen)
        factor = coefficient if len(kept) == len(term) else coefficient * value
        if factor != 0:
            algebra.add_into(result, algebra.term_poly(kept), factor)
    return result


def _where(
    algebra: Algebra, u: Poly, case: dict[int, int], value: Callable[[Poly], Poly], depth: int
) -> Poly | None:
    """value(u) where indicators have given values; None if it does not exist there."""
    try:
        return by_cases(algebra, _put(algebra, u, case), value, depth)
    except DomainFault:
        return None


def splits(algebra: Algebra, polys: Iterable[Poly]) -> bool:
    """Whether any of the polynomials holds a guard or a delta."""
    return any(_splitting(algebra, poly) is not None for poly in polys)


def _splitting(algebra: Algebra, u: Poly) -> int | None:
    """A guard or delta in u, chosen by the order of its table."""
    found: int | None = None
    for term in u:
        for component, _ in term:
            atom = algebra.components[component]
            if not atom.special:
                continue
            head = atom.head
            if head is not None and head.kind in ("positive", "vanishes", "delta"):
                if head.kind == "delta" and all(
                    i in algebra.pinned for i in algebra.components[component].idxs
                ):
                    continue
                found = component if found is None else min(found, component)
    return found


def _put(algebra: Algebra, u: Poly, values: dict[int, int]) -> Poly:
    """u with indicators replaced by 0 or 1."""
    result: Poly = {}
    for term, value in u.items():
        kept: list[tuple[int, Exponent]] = []
        gone = False
        for component, exponent in term:
            if component in values:
                gone = gone or values[component] == 0
            else:
                kept.append((component, whole(exponent)))
        if not gone:
            algebra.add_into(result, algebra.term_poly(tuple(kept)), value)
    return result


def absolute(algebra: Algebra, u: Poly) -> Poly:
    """|u| = u ([u > 0] − [u < 0])."""

    def value(v: Poly) -> Poly:
        above, below, _ = signs(algebra, v)
        return algebra.times(v, algebra.plus(above, below, MINUS))

    return by_cases(algebra, u, value)
