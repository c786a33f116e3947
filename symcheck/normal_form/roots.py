"""Denominators and roots: atoms P(D)^q with the relation D · D^q = D^(q+1).

D is irreducible and primitive.  At birth a *lead* is chosen: a component v of which D has exactly one
term of highest degree, with a cofactor that may be divided by.  In any term that holds P(D)^q, q < 1, the
lead is rewritten by ``lead = D − rest``; a negative power of v likewise by the *trailing* term.
"""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq

from symcheck.errors import Blocked, BudgetExhausted, DomainFault
from symcheck.normal_form.blocks import Algebra, OpenBlock
from symcheck.normal_form.edges import Edge, edges, moved
from symcheck.normal_form.factoring import inverted, irreducible, is_positive, not_negative, split_content
from symcheck.normal_form.guards import absolute, by_cases
from symcheck.normal_form.polynomial import (
    MINUS,
    ONE,
    UNIT,
    Exponent,
    Head,
    Poly,
    Polynomials,
    Term,
    merge,
    whole,
    without,
)
from symcheck.normal_form.templates import Template, TemplateHead, lift

STEP_LIMIT = 60


class Radical(Head):
    """A prime p; its exponents lie in (0, 1)."""

    kind = "radical"
    special = True

    def __init__(self, prime: int) -> None:
        super().__init__(())
        self.prime = prime
        self.positive = True

    def reduce(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        component, exponent = term[place]
        below = exponent // 1
        if below == 0:
            return None
        left = whole(exponent - below)
        rest = without(term, place)
        if left:
            rest = merge(rest, ((component, left),))
        return algebra.scaled(algebra.term_poly(rest), fmpq(self.prime) ** int(below))


class Denominator(TemplateHead):
    """D^q for an irreducible template D."""

    kind = "denominator"
    special = True

    def __init__(self, algebra: Algebra, template: Template) -> None:
        super().__init__(template)
        self.positive = is_positive(algebra, template.polys[0])
        self.opposite: Denominator | None = None
        """The head of −D, if that was there first: integer powers are written with it."""
        self.lead, self.trail = edges(algebra, template)
        self._overlaps: dict[tuple[int, int], tuple[fmpq, Term, fmpq] | None] = {}
        self._edges: dict[tuple[int, ...], tuple[Edge | None, Edge | None]] = {}

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        return self.content(algebra, idxs)[0]

    def value(self, algebra: Algebra, polys: tuple[Poly, ...]) -> Poly | None:
        return polys[0]

    def at(self, algebra: Algebra, idxs: tuple[int, ...]) -> tuple[Edge | None, Edge | None]:
        """Lead and trail with the parameters put in."""
        found = self._edges.get(idxs)
        if found is None:
            names = {s: i for s, i in zip(self.template.slots, idxs, strict=True) if s != i}
            found = self._edges[idxs] = (
                moved(algebra, self.lead, names),
                moved(algebra, self.trail, names),
            )
        return found

    def reduce(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        assert isinstance(algebra, Algebra)
        component, exponent = term[place]
        idxs = algebra.components[component].idxs
        rest = without(term, place)
        if exponent >= 1:
            algebra.use("root-absorbs")
            times = int(exponent // 1)
            (content,) = self.content(algebra, idxs)
            left = whole(exponent - times)
            if left:
                rest = merge(rest, ((component, left),))
            return algebra.times(algebra.natural_power(content, times), algebra.term_poly(rest))
        lead, trail = self.at(algebra, idxs)
        for edge, forward in ((lead, True), (trail, False)):
            if edge is None:
                continue
            for position, (other, power) in enumerate(rest):
                if other != edge.component:
                    continue
                if forward and power >= edge.degree and exponent < 0:
                    return self._absorb(algebra, rest, position, edge, component, exponent)
                if not forward and power < 0 and exponent < 0:
                    return self._absorb(algebra, rest, position, edge, component, exponent)
        return self._overlap(algebra, term, place)

    def _absorb(
        self, algebra: Algebra, rest: Term, position: int, edge: Edge, component: int, exponent: Exponent
    ) -> Poly:
        """v^e · D^q = v^(e−d) / (c·cofactor) · (D^(q+1) − rest·D^q), the edge term being c·cofactor·v^d."""
        algebra.use("root-absorbs")
        power = rest[position][1]
        if edge.degree and power / edge.degree > STEP_LIMIT:
            raise BudgetExhausted("a long division by a denominator")
        outside = without(rest, position)
        left = whole(power - edge.degree)
        if left:
            outside = merge(outside, ((edge.component, left),))
        outside = merge(outside, inverted(edge.cofactor))
        kept = algebra.term_poly(outside)
        higher = whole(exponent + 1)
        result = algebra.times(kept, algebra.single(component, higher)) if higher else dict(kept)
        remaining = algebra.times(kept, edge.rest)
        algebra.add_into(result, algebra.times(remaining, algebra.single(component, exponent)), MINUS)
        return algebra.scaled(result, 1 / edge.value)

    def _overlap(self, algebra: Algebra, term: Term, place: int) -> Poly | None:
        """Two denominators that differ by a monomial: 1/(D₁D₂) = (1/D₂ − 1/D₁)/(D₁ − D₂)."""
        component, exponent = term[place]
        if not isinstance(exponent, int) or exponent >= 0:
            return None
        idxs = algebra.components[component].idxs
        for position, (other, power) in enumerate(term):
            atom = algebra.components[other]
            if position <= place or not isinstance(atom.head, Denominator):
                continue
            if not isinstance(power, int) or power >= 0:
                continue
            key = (component, other)
            if key not in self._overlaps:
                first = self.content(algebra, idxs)[0]
                second = atom.head.content(algebra, atom.idxs)[0]
                self._overlaps[key] = _combination(algebra, first, second)
            found = self._overlaps[key]
            if found is None:
                continue
            factor, difference, value = found
            # first − factor · second = value · difference, a monomial that may be divided by
            algebra.use("root-absorbs")
            rest = tuple(pair for k, pair in enumerate(term) if k not in (place, position))
            rest = merge(rest, inverted(difference))
            kept = algebra.scaled(algebra.term_poly(rest), 1 / value)
            one = algebra.times(
                algebra.times(kept, _power_or_one(algebra, component, exponent + 1)),
                algebra.single(other, power),
            )
            two = algebra.times(
                algebra.times(kept, _power_or_one(algebra, other, power + 1)),
                algebra.single(component, exponent),
            )
            return algebra.plus(one, two, -factor)
        return None

    def contract(self, algebra: Algebra, block: OpenBlock, place: int) -> Poly | None:
        """A lead that is itself a sum, met among the factors of the block around D^q."""
        _, exponent, idxs, _ = block.factors[place]
        if exponent >= 0 or self.lead is None:
            return None
        if algebra.components[self.lead.component].head is not None:
            return None
        opened = sorted({i for i in idxs if i < 0}, reverse=True)
        present = {factor[0] for factor in block.factors}
        wanted = algebra.components[self.lead.component].factors
        if len(block.factors) <= len(wanted) or any(factor[0] not in present for factor in wanted):
            return None
        names, parts, described = algebra.reopen(block, opened)
        here = tuple(names.get(i, i) for i in idxs)
        lead, _ = self.at(algebra, here)
        assert lead is not None
        count = sum(1 for part in parts if part == algebra.single(lead.component))
        if not isinstance(lead.degree, int) or count < lead.degree:
            return None
        algebra.use("root-absorbs")
        component = algebra.atom(self, here)
        product: Poly = {UNIT: ONE}
        left = lead.degree
        for part, places in described:
            if left and part == algebra.single(lead.component):
                left -= 1
            elif place in places:
                for other in places:
                    if other != place:
                        factor_head, power, at, _ = block.factors[other]
                        moved = tuple(names.get(i, i) for i in at)
                        product = algebra.times(
                            product, algebra.atom_poly(algebra.heads[factor_head], moved, power)
                        )
            else:
                product = algebra.times(product, part)
        kept = algebra.times(product, algebra.term_poly(inverted(lead.cofactor)))
        higher = whole(exponent + 1)
        result = algebra.times(kept, algebra.single(component, higher)) if higher else dict(kept)
        remaining = algebra.times(kept, lead.rest)
        algebra.add_into(result, algebra.times(remaining, algebra.single(component, exponent)), MINUS)
        result = algebra.scaled(result, 1 / lead.value)
        for index in names.values():
            result = algebra.sum_over(index, result)
        return result


def _power_or_one(algebra: Algebra, component: int, exponent: Exponent) -> Poly:
    return algebra.single(component, exponent) if exponent else {UNIT: ONE}


def _combination(algebra: Algebra, first: Poly, second: Poly) -> tuple[fmpq, Term, fmpq] | None:
    """A rational f such that first − f · second is one monomial that may be divided by."""
    for term in first:
        if term in second:
            factor = first[term] / second[term]
            difference = algebra.plus(first, second, -factor)
            if len(difference) == 1:
                ((monomial, value),) = difference.items()
                heads = [algebra.components[c].head for c, _ in monomial]
                if all(h is not None and h.invertible for h in heads):
                    return factor, monomial, value
    return None


# -- powers ------------------------------------------------------------------------------------


def power(algebra: Algebra, poly: Poly, exponent: Exponent) -> Poly:
    """poly ** exponent for a rational exponent."""
    exponent = whole(exponent)
    if exponent == 0:
        return {UNIT: ONE}
    if exponent == 1:
        return poly
    if isinstance(exponent, int) and exponent > 0:
        return algebra.natural_power(poly, exponent)
    return by_cases(algebra, poly, lambda u: _power(algebra, u, exponent))


def _power(algebra: Algebra, poly: Poly, exponent: Exponent) -> Poly:
    if not poly:
        if exponent < 0:
            raise DomainFault("division by zero")
        return {}
    if len(poly) == 1:
        ((term, value),) = poly.items()
        return monomial_power(algebra, term, value, exponent)
    content, monomial, rest = split_content(algebra, poly)
    if not rest:
        return _power(algebra, rest, exponent)
    if len(rest) < 2:
        # one term after all; multiplied out it would be the sum again, so it is taken as it is
        ((term, value),) = rest.items()
        return monomial_power(algebra, merge(monomial, term), content * value, exponent)
    if isinstance(exponent, int):
        result = monomial_power(algebra, monomial, content, exponent)
        for factor, multiplicity in irreducible(algebra, rest):
            result = algebra.times(result, denominator(algebra, factor, multiplicity * exponent))
        return result
    safe = tuple(pair for pair in monomial if not_negative(algebra, *pair))
    even = tuple(pair for pair in monomial if pair not in safe and _is_even(pair[1]))
    unsure = tuple(pair for pair in monomial if pair not in safe and pair not in even)
    result = monomial_power(algebra, merge(safe, even), content, exponent)
    inner: Poly = algebra.times({unsure: ONE}, {UNIT: ONE})
    for factor, multiplicity in irreducible(algebra, rest):
        if is_positive(algebra, factor):
            result = algebra.times(result, denominator(algebra, factor, multiplicity * exponent))
        elif multiplicity % 2 == 0:
            algebra.use("square-root-of-square")
            result = algebra.times(result, _absolute_power(algebra, factor, multiplicity * exponent))
        else:
            inner = algebra.times(inner, algebra.natural_power(factor, multiplicity))
    if inner == {UNIT: ONE}:
        return result
    if len(inner) == 1:
        ((term, value),) = inner.items()
        return algebra.times(result, monomial_power(algebra, term, value, exponent))
    return algebra.times(result, denominator(algebra, inner, exponent))


def _is_even(exponent: Exponent) -> bool:
    return isinstance(exponent, int) and exponent % 2 == 0


def _absolute_power(algebra: Algebra, poly: Poly, exponent: Exponent) -> Poly:
    """|poly| ** exponent."""
    exponent = whole(exponent)
    if isinstance(exponent, int) and exponent % 2 == 0:
        return power(algebra, poly, exponent)
    if isinstance(exponent, int):
        # |u|^k = |u| · u^(k−1) for odd k
        return algebra.times(absolute(algebra, poly), power(algebra, poly, exponent - 1))
    raise Blocked("a root of an absolute value")


def denominator(algebra: Algebra, poly: Poly, exponent: Exponent) -> Poly:
    """D ** exponent for an irreducible (or, under a root, indivisible) D of several terms, or a sum."""
    exponent = whole(exponent)
    if len(poly) == 1:
        ((term, value),) = poly.items()
        if value == 1 and len(term) == 1 and term[0][1] == 1 and algebra.components[term[0][0]].head:
            return algebra.term_poly(((term[0][0], exponent),))
    template, idxs = lift(algebra, (poly,))
    key = ("denominator", template.key)
    head = algebra.head_of.get(key)
    sign = ONE
    if head is None:
        opposite, other_idxs = lift(algebra, (algebra.scaled(poly, MINUS),))
        other = algebra.head_of.get(("denominator", opposite.key))
        if other is not None and isinstance(exponent, int):
            head, idxs = other, other_idxs
            sign = MINUS if exponent % 2 else ONE
        else:
            head = algebra.add_head(key, Denominator(algebra, template))
            assert isinstance(head, Denominator)
            head.opposite = other if isinstance(other, Denominator) else None
    return algebra.scaled(algebra.reduced(((algebra.atom(head, idxs), exponent),)), sign)


def monomial_power(algebra: Algebra, term: Term, value: fmpq, exponent: Exponent) -> Poly:
    """(value · term) ** exponent."""
    if isinstance(exponent, int):
        result: Poly = {UNIT: value**exponent} if abs(exponent) < 10_000 else _huge(value, exponent)
        direct: list[tuple[int, Exponent]] = []
        for component, power_ in term:
            head = algebra.components[component].head
            total = whole(power_ * exponent)
            if head is None and not (isinstance(total, int) and total > 0):
                result = algebra.times(result, denominator(algebra, algebra.single(component), total))
            elif head is not None and not head.invertible:
                if total < 0:
                    raise DomainFault("division by a condition or a delta that is 0 elsewhere")
                result = algebra.times(result, algebra.term_poly(((component, total),)))
            else:
                direct.append((component, total))
        return algebra.times(result, algebra.term_poly(tuple(direct)))
    result = {UNIT: ONE}
    unsure: Term = UNIT
    for component, power_ in term:
        total = whole(power_ * exponent)
        atom = algebra.components[component]
        if not_negative(algebra, component, power_):
            if atom.head is None:
                result = algebra.times(result, denominator(algebra, algebra.single(component), total))
            else:
                result = algebra.times(result, algebra.term_poly(((component, total),)))
        elif isinstance(power_, int) and power_ % 2 == 0:
            algebra.use("square-root-of-square")
            result = algebra.times(result, _absolute_power(algebra, algebra.single(component), total))
        else:
            unsure = merge(unsure, ((component, power_),))
    if unsure and (len(unsure) > 1 or unsure[0][1] != 1 or value < 0):
        sign = MINUS if value < 0 else ONE
        result = algebra.times(result, radical(algebra, abs(value), exponent))
        return algebra.times(result, denominator(algebra, {unsure: sign}, exponent))
    if value < 0:
        if not unsure and Fraction(exponent).denominator % 2 == 0:
            raise DomainFault("an even root of a negative number")
        raise Blocked("a root of something negative")
    result = algebra.times(result, radical(algebra, value, exponent))
    if unsure:
        component = unsure[0][0]
        if algebra.components[component].head is None:
            return algebra.times(result, denominator(algebra, algebra.single(component), exponent))
        result = algebra.times(result, algebra.term_poly(((component, exponent),)))
    return result


def _huge(value: fmpq, exponent: int) -> Poly:
    if value in (1, -1):
        return {UNIT: value ** (exponent % 2)}
    raise BudgetExhausted(f"a number to the power {exponent}")


def radical(algebra: Algebra, value: fmpq, exponent: Exponent) -> Poly:
    """A positive rational to a rational power, by primes."""
    result: Poly = {UNIT: ONE}
    for number, sign in ((int(value.p), 1), (int(value.q), -1)):
        for prime, multiplicity in primes(number):
            head = algebra.head_of.get(("radical", prime)) or algebra.add_head(
                ("radical", prime), Radical(prime)
            )
            total = whole(Fraction(exponent) * multiplicity * sign)
            result = algebra.times(result, algebra.term_poly(((algebra.atom(head, ()), total),)))
    return result


def primes(number: int) -> list[tuple[int, int]]:
    """The prime factors of a number ≥ 1; refuses what trial division to 10⁵ leaves open."""
    result: list[tuple[int, int]] = []
    divisor = 2
    while divisor * divisor <= number and divisor < 100_000:
        count = 0
        while number % divisor == 0:
            number //= divisor
            count += 1
        if count:
            result.append((divisor, count))
        divisor += 1 if divisor == 2 else 2
    if number > 1:
        if number > 10**10:
            raise BudgetExhausted("a root or logarithm of a number with large prime factors")
        result.append((number, 1))
    return result
