"""Signs: which of < 0, = 0, > 0 an expression can have, wherever it exists and the assumptions hold.

A sign is earned by the form alone: even powers, exponentials, products, sums of what is ≥ 0, irreducible
factors, quadratic forms as sums of squares, linear combinations of what is assumed.  Never by samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntFlag
from fractions import Fraction

from flint import fmpq

from symcheck.errors import Blocked
from symcheck.language.claim import Kind
from symcheck.language.indexed import Node
from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.constants import enclosed
from symcheck.normal_form.factoring import irreducible, known_positive, not_negative, split_content
from symcheck.normal_form.guards import GuardHead, boundary
from symcheck.normal_form.linear import Bound, contradictory, is_sum_of_squares
from symcheck.normal_form.polynomial import MINUS, ONE, UNIT, Exponent, Poly, Term, merge, whole
from symcheck.normal_form.roots import Denominator
from symcheck.normal_form.templates import TemplateHead
from symcheck.normal_form.translation import Translation

GUARDS = 6
"""Most conditions at the top of a polynomial that are told apart by cases."""
TERMS = 80
"""Longest polynomial looked at."""
DEPTH = 4
"""How deep functions in functions are followed."""
FORMS = 6
"""How deep the outer form of an expression is followed."""


class Sign(IntFlag):
    """The signs that are possible."""

    NONE = 0
    MINUS = 1
    ZERO = 2
    PLUS = 4
    ANY = 7


NOT_NEGATIVE = Sign.ZERO | Sign.PLUS
NOT_POSITIVE = Sign.ZERO | Sign.MINUS
NOT_ZERO = Sign.MINUS | Sign.PLUS
DECIDED = (Sign.MINUS, Sign.ZERO, Sign.PLUS)


def _swapped(sign: Sign) -> Sign:
    other = sign & Sign.ZERO
    if sign & Sign.MINUS:
        other |= Sign.PLUS
    if sign & Sign.PLUS:
        other |= Sign.MINUS
    return other


def product(left: Sign, right: Sign) -> Sign:
    """The signs of a product."""
    result = Sign.NONE
    if left & Sign.ZERO or right & Sign.ZERO:
        result |= Sign.ZERO
    if left & Sign.PLUS:
        result |= right & NOT_ZERO
    if left & Sign.MINUS:
        result |= _swapped(right) & NOT_ZERO
    return result


def total(left: Sign, right: Sign) -> Sign:
    """The signs of a sum."""
    result = Sign.NONE
    for a in (Sign.MINUS, Sign.ZERO, Sign.PLUS):
        for b in (Sign.MINUS, Sign.ZERO, Sign.PLUS):
            if left & a and right & b:
                result |= a if b in (a, Sign.ZERO) else b if a is Sign.ZERO else Sign.ANY
    return result


def raised(base: Sign, exponent: Exponent) -> Sign:
    """The signs of a power, where it exists."""
    if exponent < 0:
        base &= NOT_ZERO
    if not isinstance(exponent, int):
        return base & NOT_NEGATIVE
    if exponent % 2 == 0:
        return (Sign.PLUS if base & NOT_ZERO else Sign.NONE) | (base & Sign.ZERO)
    return base


class Signs:
    """Signs in one algebra, under its facts, and where further nodes are > 0 or (not strictly) ≥ 0."""

    def __init__(self, translation: Translation, known: Sequence[tuple[Node, bool]] = ()) -> None:
        self.translation = translation
        self.algebra: Algebra = translation.algebra
        self.assumed: list[Bound] = []
        """What is assumed of scalars: a − x > 0."""
        self.different: list[Poly] = []
        for kind, low, high in sorted(translation.facts.relations, key=lambda r: (r[1].name, r[2].name)):
            gap = self.algebra.plus(translation.scalar(high), translation.scalar(low), MINUS)
            if kind is Kind.DIFFERENT:
                self.different.append(gap)
            else:
                self.assumed.append(Bound(gap, kind is Kind.BELOW))
        self.assumed += [Bound(translation.poly(node), strict) for node, strict in known]
        for node in sorted(translation.facts.divisors, key=lambda node: node.serial):
            divisor = translation.poly(node)
            if divisor:
                self.different.append(divisor)

    # -- nodes -----------------------------------------------------------------------------------

    def of_node(self, node: Node, depth: int = 0) -> Sign:
        """The signs that an expression can have: by its outer form, and by its normal form."""
        found = self._by_form(node, depth + 1) if depth < FORMS else Sign.ANY
        if found in DECIDED:
            return found
        try:
            return found & self.of(self.translation.poly(node))
        except Blocked:
            return found

    def _by_form(self, node: Node, depth: int) -> Sign:
        match node.op:
            case "sum":
                # sizes are at least 1: a sum has the signs of sums of its terms
                inner = self.of_node(node.args[1], depth)
                return total(inner, inner)
            case "pow" if node.args[1].denominator != 1 or node.args[1] % 2 == 0:
                return raised(self.of_node(node.args[0], depth), whole(node.args[1]))
            case "mul":
                found = Sign.PLUS
                for factor in node.args:
                    found = product(found, self.of_node(factor, depth))
                return found
            case "add":
                found = Sign.ZERO
                for part in node.args:
                    found = total(found, self.of_node(part, depth))
                    if found is Sign.ANY:
                        break
                return found
        return Sign.ANY

    # -- polynomials -----------------------------------------------------------------------------

    def of(self, poly: Poly, known: Sequence[Bound] = (), depth: int = 0) -> Sign:
        """The signs that a polynomial can have, where also `known` holds."""
        if not poly:
            return Sign.ZERO
        if len(poly) > TERMS or depth > DEPTH:
            return Sign.ANY
        if any(self._guard(c) for term in poly for c, _ in term):
            result = Sign.NONE
            for inside, bounds in self.cells(poly, known):
                result |= self.of(inside, bounds, depth)
            return result
        found = self._of_sum(poly, known, depth)
        if found in DECIDED:
            return found
        number = enclosed(self.algebra, poly)
        if number is not None and not number.contains(0):
            return Sign.PLUS if number > 0 else Sign.MINUS
        cleared = self.cleared(poly)
        return found & self._of_factors(cleared, known, depth) if cleared else Sign.ZERO

    def _of_sum(self, poly: Poly, known: Sequence[Bound], depth: int) -> Sign:
        """Term by term."""
        found = Sign.ZERO
        for term, value in poly.items():
            found = total(found, self._of_term(term, value, known, depth))
            if found is Sign.ANY:
                break
        return found

    def _of_term(self, term: Term, value: fmpq, known: Sequence[Bound], depth: int) -> Sign:
        found = Sign.PLUS if value > 0 else Sign.MINUS
        for component, exponent in term:
            found = product(found, raised(self._of_component(component, exponent, known, depth), exponent))
        return found

    def _of_component(self, component: int, exponent: Exponent, known: Sequence[Bound], depth: int) -> Sign:
        """The signs of a component that stands with this exponent."""
        algebra = self.algebra
        if known_positive(algebra, component, exponent):
            return Sign.PLUS
        atom = algebra.components[component]
        if atom.head is None:
            return NOT_NEGATIVE if not_negative(algebra, component) else Sign.ANY
        if atom.head.kind == "size":
            return Sign.PLUS
        if atom.head.kind in ("delta", "order"):
            return NOT_NEGATIVE
        found = self._of_bounds(component)
        # the first indices of an inverse are none of its template's: only these two kinds are opened
        if isinstance(atom.head, TemplateHead) and atom.head.kind in ("denominator", "log"):
            content = atom.head.content(algebra, atom.idxs)[0]
            if atom.head.kind == "denominator":
                found &= self.of(content, known, depth + 1)
            else:
                found &= self._of_logarithm(content, known, depth + 1)
        return found

    def _of_logarithm(self, u: Poly, known: Sequence[Bound], depth: int) -> Sign:
        """log |u|: as |u| − 1, where the sign of u is known."""
        side = self.of(u, known, depth)
        if side not in (Sign.PLUS, Sign.MINUS):
            return Sign.ANY
        size = u if side is Sign.PLUS else self.algebra.scaled(u, MINUS)
        return self.of(self.algebra.plus(size, {UNIT: ONE}, MINUS), known, depth)

    def _of_bounds(self, component: int) -> Sign:
        low, low_strict, high, high_strict, excluded = self._interval(component)
        found = Sign.ANY
        if low is not None and low >= 0:
            found &= Sign.PLUS if low > 0 or low_strict else NOT_NEGATIVE
        if high is not None and high <= 0:
            found &= Sign.MINUS if high < 0 or high_strict else NOT_POSITIVE
        return found & NOT_ZERO if excluded else found

    def _interval(self, component: int) -> tuple[Fraction | None, bool, Fraction | None, bool, bool]:
        """(low, strictly, high, strictly, is not 0) of an entry of an input, or of sin and cos."""
        head = self.algebra.components[component].head
        if head is None:
            return None, False, None, False, False
        if head.kind in ("sin", "cos"):
            return Fraction(-1), False, Fraction(1), False, False
        if head.kind == "size":
            return Fraction(1), False, None, False, True
        return self.translation.intervals.get(head.id, (None, False, None, False, False))

    def cleared(self, poly: Poly) -> Poly:
        """The polynomial times positive powers of its denominators: the same sign, wherever it exists."""
        algebra = self.algebra
        for _ in range(6):
            least: dict[int, Exponent] = {}
            for term in poly:
                for component, exponent in term:
                    if isinstance(algebra.components[component].head, Denominator) and exponent < 0:
                        least[component] = min(exponent, least.get(component, exponent))
            if not least or len(poly) > TERMS:
                return poly
            component = max(least)
            power = -least[component]
            if isinstance(power, int) and power % 2 and not known_positive(algebra, component):
                power += 1
            result: Poly = {}
            for term, value in poly.items():
                algebra.add_into(result, algebra.times({term: ONE}, {((component, power),): ONE}), value)
            poly = result
        return poly

    def _of_factors(self, poly: Poly, known: Sequence[Bound], depth: int) -> Sign:
        """Content and irreducible factors, each on its own; else the whole."""
        algebra = self.algebra
        _, monomial, rest = split_content(algebra, poly)
        if len(rest) == 1:
            ((term, value),) = rest.items()
            monomial, rest = merge(monomial, term), algebra.constant(value)
        found = Sign.PLUS
        for component, exponent in monomial:
            base = self._of_component(component, exponent, known, depth)
            if base not in DECIDED:
                base &= self._of_linear(algebra.single(component), known, depth)
            found = product(found, raised(base, exponent))
        if len(rest) == 1:
            return found if rest[UNIT] > 0 else product(found, Sign.MINUS)
        negative, factors = _factored(algebra, rest)
        if negative:
            found = product(found, Sign.MINUS)
        for factor, multiplicity in factors:
            base = self._of_sum(factor, known, depth)
            if base not in DECIDED:
                base &= self._of_linear(factor, known, depth) & self._of_square(factor)
            found = product(found, raised(base, multiplicity))
        if found in DECIDED:
            return found
        return found & self._of_linear(poly, known, depth) & self._of_square(poly)

    def _of_square(self, poly: Poly) -> Sign:
        found = Sign.ANY
        for signed, sign in ((poly, Sign.PLUS), (self.algebra.scaled(poly, MINUS), Sign.MINUS)):
            least, strictly = is_sum_of_squares(signed)
            if least:
                found &= sign if strictly else sign | Sign.ZERO
        return found

    # -- linear combinations of what is known ------------------------------------------------------

    def _of_linear(self, poly: Poly, known: Sequence[Bound], depth: int) -> Sign:
        """The signs that do not contradict what is assumed, monomials taken as unknowns."""
        algebra = self.algebra
        bounds = [*known, *self.assumed]
        bounds += self._about_monomials([poly, *(bound.poly for bound in bounds)], known, depth)
        negative = algebra.scaled(poly, MINUS)
        found = Sign.NONE
        if not contradictory([*bounds, Bound(poly, True)]):
            found |= Sign.PLUS
        if not contradictory([*bounds, Bound(negative, True)]):
            found |= Sign.MINUS
        if not self._is_different(poly) and not contradictory(
            [*bounds, Bound(poly, False), Bound(negative, False)]
        ):
            found |= Sign.ZERO
        return found

    def _is_different(self, poly: Poly) -> bool:
        """Whether the polynomial is a multiple of something assumed to be not 0."""
        for gap in self.different:
            term = next(iter(gap))
            if term in poly and self.algebra.scaled(gap, poly[term] / gap[term]) == poly:
                return True
        return False

    def _about_monomials(self, polys: Sequence[Poly], known: Sequence[Bound], depth: int) -> Iterator[Bound]:
        waiting = list(dict.fromkeys(term for poly in polys for term in poly if term != UNIT))
        seen = set(waiting)
        while waiting:
            term = waiting.pop()
            sign = self._of_term(term, ONE, known, depth + 1)
            if not sign & Sign.MINUS:
                yield Bound({term: ONE}, not sign & Sign.ZERO)
            if not sign & Sign.PLUS:
                yield Bound({term: MINUS}, not sign & Sign.ZERO)
            for bound in self._about_power(*term[0], known, depth) if len(term) == 1 else ():
                yield bound
                others = [other for other in bound.poly if other != UNIT and other not in seen]
                seen.update(others)
                waiting += others

    def _about_power(
        self, component: int, exponent: Exponent, known: Sequence[Bound], depth: int
    ) -> Iterator[Bound]:
        head = self.algebra.components[component].head
        term: Term = ((component, exponent),)
        low, low_strict, high, high_strict, _ = self._interval(component)
        if exponent == 1:
            if low is not None:
                yield Bound({term: ONE} | self._constant(-low), low_strict)
            if high is not None:
                yield Bound({term: MINUS} | self._constant(high), high_strict)
        elif head is not None and head.kind in ("sin", "cos") and isinstance(exponent, int) and exponent > 0:
            yield Bound({term: MINUS, UNIT: ONE}, False)
        if head is not None and head.kind == "exp" and depth < DEPTH:
            assert isinstance(head, TemplateHead)
            (content,) = head.content(self.algebra, self.algebra.components[component].idxs)
            scale = fmpq(Fraction(exponent).numerator, Fraction(exponent).denominator)
            # exp u ≥ 1 + u; and exp u lies on the same side of 1 as u of 0
            least = self.algebra.plus({term: ONE}, {UNIT: ONE}, MINUS)
            yield Bound(self.algebra.plus(least, content, -scale), False)
            sign = product(self.of(content, known, depth + 1), Sign.PLUS if exponent > 0 else Sign.MINUS)
            if not sign & Sign.MINUS:
                yield Bound({term: ONE, UNIT: MINUS}, not sign & Sign.ZERO)
            if not sign & Sign.PLUS:
                yield Bound({term: MINUS, UNIT: ONE}, not sign & Sign.ZERO)

    @staticmethod
    def _constant(value: Fraction) -> Poly:
        return {UNIT: fmpq(value.numerator, value.denominator)} if value else {}

    # -- conditions ------------------------------------------------------------------------------

    def _guard(self, component: int) -> bool:
        return isinstance(self.algebra.components[component].head, GuardHead)

    def cells(self, poly: Poly, known: Sequence[Bound] = ()) -> Iterator[tuple[Poly, tuple[Bound, ...]]]:
        """(the polynomial there, what holds there) for every choice of the conditions that can be met.

        Where u = 0 the polynomial is multiplied by [u = 0], so that what follows from u = 0 is used.
        """
        yield from self._cells(poly, tuple(known), 0)

    def _cells(
        self, poly: Poly, known: tuple[Bound, ...], depth: int
    ) -> Iterator[tuple[Poly, tuple[Bound, ...]]]:
        algebra = self.algebra
        chosen = min((c for term in poly for c, _ in term if self._guard(c)), default=None)
        if chosen is None:
            yield poly, known
            return
        if depth >= GUARDS:
            raise Blocked("too many conditions to tell apart")
        atom = algebra.components[chosen]
        assert isinstance(atom.head, GuardHead)
        assert atom.head.partner is not None
        pair = {head.kind: algebra.atom(head, atom.idxs) for head in (atom.head, atom.head.partner)}
        above, zero = pair["positive"], pair["vanishes"]
        (u,) = atom.head.content(algebra, atom.idxs)
        negative = algebra.scaled(u, MINUS)
        for values, bounds in (
            ({above: 1, zero: 0}, (Bound(u, True),)),
            ({above: 0, zero: 0}, (Bound(negative, True),)),
            ({above: 0, zero: 1}, (Bound(u, False), Bound(negative, False))),
        ):
            if values[zero] and (self._is_different(u) or not boundary(algebra, u)):
                continue
            if not self.possible((*known, *bounds)):
                continue
            inside = poly
            if values[zero]:
                inside = algebra.times(self._put(poly, {above: 0}), algebra.single(zero))
                values = {zero: 1}
            yield from self._cells(self._put(inside, values), (*known, *bounds), depth + 1)

    def _put(self, poly: Poly, values: dict[int, int]) -> Poly:
        result: Poly = {}
        for term, value in poly.items():
            if any(values.get(component) == 0 for component, _ in term):
                continue
            kept = tuple(pair for pair in term if pair[0] not in values)
            self.algebra.add_into(result, self.algebra.term_poly(kept), value)
        return result

    def possible(self, known: Sequence[Bound]) -> bool:
        """Whether what is known and assumed does not contradict itself, as far as linear algebra sees."""
        bounds = [*known, *self.assumed]
        bounds += self._about_monomials([bound.poly for bound in bounds], (), 1)
        return not contradictory(bounds)


def _factored(algebra: Algebra, poly: Poly) -> tuple[bool, list[tuple[Poly, int]]]:
    """(is −1 a factor, irreducible factors): −(a + b)² has none of odd multiplicity to take the sign."""
    factors = irreducible(algebra, poly)
    if factors == [(poly, 1)]:
        opposite = algebra.scaled(poly, MINUS)
        others = irreducible(algebra, opposite)
        if others != [(opposite, 1)]:
            return True, others
    return False, factors
