"""How polynomials over exponentials, powers and logarithms of t grow as t → ∞.

Every term is c · exp(Σ eₖ tᵏ) · tᵖ · (log t)ˡ with c, eₖ free of t, exactly or up to a factor that tends to
1.  Which of two grows faster is a matter of the sign of an eₖ, which must be known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq

from symcheck.errors import Blocked
from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.polynomial import MINUS, ONE, UNIT, Exponent, Poly, Term, whole
from symcheck.normal_form.roots import Denominator, power
from symcheck.normal_form.signs import Sign, Signs
from symcheck.normal_form.templates import TemplateHead

UNKNOWN = "the limit depends on the sign of {}"


@dataclass(frozen=True)
class Rate:
    """exp(Σ eₖ tᵏ) · tᵖ · (log t)ˡ, all k > 0."""

    exponent: tuple[tuple[Fraction, frozenset[tuple[Term, fmpq]]], ...] = ()
    """(k, eₖ), the greatest k first; eₖ is not 0."""
    power: Fraction = Fraction(0)
    logs: Fraction = Fraction(0)

    def over(self, algebra: Algebra, other: Rate) -> Rate:
        """The quotient of two rates."""
        terms = {k: dict(e) for k, e in self.exponent}
        for k, e in other.exponent:
            terms[k] = algebra.plus(terms.get(k, {}), dict(e), MINUS)
        return Rate(_kept(terms), self.power - other.power, self.logs - other.logs)


def _kept(terms: dict[Fraction, Poly]) -> tuple[tuple[Fraction, frozenset[tuple[Term, fmpq]]], ...]:
    return tuple((k, frozenset(terms[k].items())) for k in sorted(terms, reverse=True) if terms[k])


@dataclass(frozen=True)
class Part:
    """The terms of one rate: coefficient · rate, `exact` or up to a factor that tends to 1."""

    rate: Rate
    coefficient: Poly
    exact: bool
    bounded: bool = False
    """Up to a factor that is bounded, no more: sin t."""


class SignUnknown(Blocked):
    """What is sought turns on the sign of a polynomial, which is not known."""

    def __init__(self, message: str, algebra: Algebra, poly: Poly) -> None:
        super().__init__(message.format(shown(algebra, poly)))
        self.poly = poly
        self.algebra = algebra
        """The one whose components the polynomial is made of."""


class Growth:
    """Growth in t, an atom that is > 0, under the signs that are known."""

    def __init__(self, signs: Signs, t: int) -> None:
        self.signs = signs
        self.algebra: Algebra = signs.algebra
        self.t = t
        self._depends: dict[int, bool] = {}

    # -- the limit -------------------------------------------------------------------------------

    def limit(self, poly: Poly) -> Poly | Sign:
        """The limit free of t, or PLUS or MINUS for infinity.

        Errors: Blocked with the reason, such as the sign that would have to be known.
        """
        numerator, below = self._fraction(poly)
        infinite: list[Part] = []
        result: Poly = {}
        for part in self.parts(numerator):
            rate = part.rate.over(self.algebra, below.rate)
            sign = self.sign_of(rate)
            if sign is Sign.PLUS:
                infinite.append(part)
            elif sign is Sign.ZERO:
                self._usable(part)
                self.algebra.add_into(result, part.coefficient)
        if infinite:
            lead = self._dominant(infinite)
            return product_sign(self._certain(lead.coefficient), self._certain(below.coefficient))
        return self.algebra.times(result, power(self.algebra, below.coefficient, -1)) if result else {}

    def eventual_sign(self, poly: Poly) -> Sign:
        """The one sign that the polynomial has for all large t.  Errors: Blocked."""
        if not poly:
            return Sign.ZERO
        numerator, below = self._fraction(poly)
        lead = self.leading(numerator)
        return product_sign(self._certain(lead.coefficient), self._certain(below.coefficient))

    def _fraction(self, poly: Poly) -> tuple[Poly, Part]:
        """(N, leading part of D) with poly = N/D; D holds the denominators that depend on t."""
        algebra = self.algebra
        below = Part(Rate(), {UNIT: ONE}, True)
        for _ in range(6):
            least: dict[int, int] = {}
            for term in poly:
                for component, exponent in term:
                    head = algebra.components[component].head
                    if isinstance(head, Denominator) and exponent < 0 and self.depends(component):
                        least[component] = max(least.get(component, 0), int(-(exponent // 1)))
            if not least:
                break
            component = max(least)
            factor: Term = ((component, least[component]),)
            below = self._times(below, self._of_factor(component, least[component]))
            cleared: Poly = {}
            for term, value in poly.items():
                algebra.add_into(cleared, algebra.times({term: ONE}, {factor: ONE}), value)
            poly = cleared
        return poly, below

    # -- rates -----------------------------------------------------------------------------------

    def sign_of(self, rate: Rate) -> Sign:
        """PLUS if it grows beyond all bounds, MINUS if it tends to 0, ZERO if it is 1."""
        for _, entries in rate.exponent:
            return self._certain(dict(entries))
        for number in (rate.power, rate.logs):
            if number:
                return Sign.PLUS if number > 0 else Sign.MINUS
        return Sign.ZERO

    def _certain(self, poly: Poly) -> Sign:
        sign = self.signs.of(poly)
        if sign in (Sign.PLUS, Sign.MINUS):
            return sign
        raise SignUnknown(UNKNOWN, self.algebra, poly)

    def leading(self, poly: Poly) -> Part:
        """The part that grows fastest; its coefficient is certainly not 0."""
        if not poly:
            raise Blocked("an expression that vanishes")
        lead = self._dominant(self.parts(poly))
        if self.signs.of(lead.coefficient) & Sign.ZERO:
            raise SignUnknown(UNKNOWN, self.algebra, lead.coefficient)
        return lead

    @staticmethod
    def _usable(part: Part) -> None:
        if part.bounded:
            raise Blocked("a function that oscillates has no limit")
        if not part.coefficient:
            raise Blocked("terms of one growth cancel")

    def _dominant(self, parts: Iterable[Part]) -> Part:
        best: Part | None = None
        for part in parts:
            if best is None or self.sign_of(part.rate.over(self.algebra, best.rate)) is Sign.PLUS:
                best = part
        assert best is not None
        self._usable(best)
        return best

    def parts(self, poly: Poly) -> list[Part]:
        """The terms gathered by rate."""
        found: dict[Rate, Part] = {}
        for term, value in poly.items():
            part = self._of_term(term, value)
            known = found.get(part.rate)
            if known is not None:
                total = self.algebra.plus(known.coefficient, part.coefficient)
                part = Part(part.rate, total, known.exact and part.exact, known.bounded or part.bounded)
            found[part.rate] = part
        return [part for part in found.values() if not (part.exact and self._vanishes(part.coefficient))]

    def _vanishes(self, poly: Poly) -> bool:
        return not poly or self.signs.of(poly) is Sign.ZERO

    def _of_term(self, term: Term, value: fmpq) -> Part:
        result = Part(Rate(), {UNIT: value}, True)
        for component, exponent in term:
            result = self._times(result, self._of_factor(component, exponent))
        return result

    def _times(self, left: Part, right: Part) -> Part:
        algebra = self.algebra
        terms = {k: dict(e) for k, e in left.rate.exponent}
        for k, e in right.rate.exponent:
            terms[k] = algebra.plus(terms.get(k, {}), dict(e))
        rate = Rate(_kept(terms), left.rate.power + right.rate.power, left.rate.logs + right.rate.logs)
        coefficient = algebra.times(left.coefficient, right.coefficient)
        return Part(rate, coefficient, left.exact and right.exact, left.bounded or right.bounded)

    def _of_factor(self, component: int, exponent: Exponent) -> Part:
        algebra = self.algebra
        if not self.depends(component):
            return Part(Rate(), algebra.term_poly(((component, exponent),)), True)
        if component == self.t:
            return Part(Rate(power=Fraction(exponent)), {UNIT: ONE}, True)
        atom = algebra.components[component]
        if isinstance(atom.head, TemplateHead):
            (content, *more) = atom.head.content(algebra, atom.idxs)
            if not more and atom.head.kind == "exp":
                return self._of_exponential(content, Fraction(exponent))
            if not more and atom.head.kind == "denominator":
                return self._of_power(self.leading(content), exponent)
            if not more and atom.head.kind == "log":
                return self._of_logarithm(self.leading(content), exponent)
            if atom.head.kind in ("sin", "cos") and exponent > 0:
                return Part(Rate(), {UNIT: ONE}, False, bounded=True)
        what = "a sum" if atom.head is None else atom.head.describe()
        raise Blocked(f"how {what} behaves there is not known")

    def _of_exponential(self, content: Poly, exponent: Fraction) -> Part:
        """exp(e · content); what in the content tends to 0 leaves a factor that tends to 1."""
        terms: dict[Fraction, Poly] = {}
        exact = True
        for part in self.parts(content):
            if not part.exact or part.rate.exponent or part.rate.logs:
                raise Blocked("an exponential of what grows like an exponential or a logarithm")
            if part.rate.power < 0:
                exact = False
                continue
            scale = fmpq(exponent.numerator, exponent.denominator)
            terms[part.rate.power] = self.algebra.scaled(part.coefficient, scale)
        if Fraction(0) in terms:
            raise Blocked("an exponential of a constant beside t")
        return Part(Rate(_kept(terms)), {UNIT: ONE}, exact)

    def _of_power(self, lead: Part, exponent: Exponent) -> Part:
        algebra = self.algebra
        factor = Fraction(exponent)
        scale = fmpq(factor.numerator, factor.denominator)
        if not isinstance(exponent, int) and self._certain(lead.coefficient) is Sign.MINUS:
            raise Blocked("a root of what becomes negative")
        exponents = {k: algebra.scaled(dict(e), scale) for k, e in lead.rate.exponent}
        rate = Rate(_kept(exponents), lead.rate.power * factor, lead.rate.logs * factor)
        return Part(rate, power(algebra, lead.coefficient, whole(factor)), False)

    def _of_logarithm(self, lead: Part, exponent: Exponent) -> Part:
        """log D ~ the greatest term of the logarithm of its leading part."""
        if lead.rate.exponent:
            k, entries = lead.rate.exponent[0]
            inner = Part(Rate(power=k), dict(entries), False)
        elif lead.rate.power:
            value = lead.rate.power
            inner = Part(Rate(logs=Fraction(1)), {UNIT: fmpq(value.numerator, value.denominator)}, False)
        else:
            raise Blocked("a logarithm of what tends to a constant")
        if self._certain(lead.coefficient) is Sign.MINUS:
            raise Blocked("a logarithm of what becomes negative")
        self._certain(inner.coefficient)
        return self._of_power(inner, exponent)

    def depends(self, component: int) -> bool:
        """Whether t stands in a component."""
        found = self._depends.get(component)
        if found is None:
            found = self._depends[component] = component == self.t or self._depends_within(component)
        return found

    def _depends_within(self, component: int) -> bool:
        atom = self.algebra.components[component]
        heads = [atom.head] if atom.head is not None else [self.algebra.heads[h] for h, _, _ in atom.factors]
        return any(
            self.depends(inner)
            for head in heads
            if isinstance(head, TemplateHead)
            for poly in head.template.polys
            for term in poly
            for inner, _ in term
        )


def product_sign(left: Sign, right: Sign) -> Sign:
    """The sign of a product of two that are not 0."""
    return Sign.PLUS if left is right else Sign.MINUS


def shown(algebra: Algebra, poly: Poly, spell: Callable[[str], str] = str) -> str:
    """A short polynomial in words, for messages; `spell` writes names."""
    pieces: list[str] = []
    for term, value in poly.items():
        names = [spell(_name(algebra, *pair)) for pair in term]
        if abs(value) != 1 or not names:
            names.insert(0, str(abs(value)))
        pieces.append(("- " if value < 0 else "+ ") + "*".join(names))
    pieces.sort(key=lambda piece: (piece[0] != "+", piece))
    text = " ".join(pieces[:6]) + (" …" if len(pieces) > 6 else "")
    return text.removeprefix("+ ") if text.startswith("+") else text.replace("- ", "-", 1)


def _name(algebra: Algebra, component: int, exponent: Exponent) -> str:
    head = algebra.components[component].head
    name = "a sum" if head is None else head.describe()
    if head is not None and head.kind == "size":
        name = "a size"
    return name if exponent == 1 else f"{name}**{exponent}"
