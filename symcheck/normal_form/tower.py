"""exp, log, sin, cos.

exp(Σ c_t t) = Π E(t)^{c_t}: one generator for each monomial t, so exp(2z), exp(z)², exp(−z) share one.
log: split over content and irreducible factors; log E(t) = t; read as log |·| where both sides exist.
sin, cos: addition theorem over terms, integer multiples expanded, sin² → 1 − cos².
"""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq

from symcheck.errors import Blocked, BudgetExhausted, DomainFault
from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.factoring import irreducible, known_positive, split_content
from symcheck.normal_form.guards import by_cases
from symcheck.normal_form.polynomial import (
    MINUS,
    ONE,
    UNIT,
    Exponent,
    Poly,
    Polynomials,
    Term,
    merge,
    whole,
    without,
)
from symcheck.normal_form.roots import Radical, power, primes
from symcheck.normal_form.roots import _absolute_power as absolute_power
from symcheck.normal_form.templates import Template, TemplateHead, lift

ANGLE_LIMIT = 12


class ExpHead(TemplateHead):
    """exp of a monomial; any rational exponent."""

    kind = "exp"

    def __init__(self, template: Template) -> None:
        super().__init__(template)
        self.positive = True

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        return exp(algebra, self.content(algebra, idxs)[0])

    def value(self, algebra: Algebra, polys: tuple[Poly, ...]) -> Poly | None:
        return exp(algebra, polys[0])


class LogHead(TemplateHead):
    """log |u| of something that does not split."""

    kind = "log"

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        return log(algebra, self.content(algebra, idxs)[0])

    def value(self, algebra: Algebra, polys: tuple[Poly, ...]) -> Poly | None:
        return log(algebra, polys[0])


class AngleHead(TemplateHead):
    """sin or cos of a monomial; cos πk of a whole number k is a sign."""

    def __init__(self, template: Template, kind: str, sign: bool = False) -> None:
        super().__init__(template)
        self.kind = kind
        self.sign = sign
        self.special = kind == "sin" or sign

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        return self.value(algebra, self.content(algebra, idxs))

    def value(self, algebra: Algebra, polys: tuple[Poly, ...]) -> Poly | None:
        return (sin if self.kind == "sin" else cos)(algebra, polys[0])

    def reduce(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        assert isinstance(algebra, Algebra)
        component, exponent = term[place]
        if self.sign and isinstance(exponent, int) and exponent not in (0, 1):
            algebra.use("half-turns")
            kept = algebra.term_poly(without(term, place))
            return algebra.times(kept, algebra.single(component)) if exponent % 2 else kept
        if self.kind != "sin" or not isinstance(exponent, int) or -1 < exponent < 2:
            return None
        algebra.use("pythagoras")
        idxs = algebra.components[component].idxs
        cosine = algebra.head_of["cos", self.template.key]
        square = algebra.plus({UNIT: ONE}, algebra.single(algebra.atom(cosine, idxs), 2), MINUS)
        # sin^(2k+r) = sin^r (1 − cos²)^k with r in {0, 1}, negative powers likewise
        half, odd = divmod(exponent, 2)
        if half == 0:
            return None
        rest = algebra.term_poly(without(term, place))
        result = algebra.times(rest, power(algebra, square, half))
        return algebra.times(result, algebra.single(component)) if odd else result


def exp(algebra: Algebra, u: Poly) -> Poly:
    """exp(u)."""
    return by_cases(algebra, u, lambda v: _exp(algebra, v))


def _exp(algebra: Algebra, u: Poly) -> Poly:
    result: Poly = {UNIT: ONE}
    for term, value in u.items():
        result = algebra.times(result, _exp_term(algebra, term, Fraction(int(value.p), int(value.q))))
    if len(u) > 1:
        algebra.use("exponentials")
    return result


def _exp_term(algebra: Algebra, term: Term, value: Fraction) -> Poly:
    if len(term) == 1 and term[0][1] == 1:
        atom = algebra.components[term[0][0]]
        if isinstance(atom.head, LogHead):
            algebra.use("exp-of-log")
            (content,) = atom.head.content(algebra, atom.idxs)
            return _power_of_absolute(algebra, content, whole(value))
        if isinstance(atom.head, LogNumber):
            return power(algebra, algebra.constant(fmpq(atom.head.prime)), whole(value))
    if not term:
        template, idxs = lift(algebra, ({UNIT: ONE},))
    else:
        template, idxs = lift(algebra, ({term: ONE},))
    key = ("exp", template.key)
    head = algebra.head_of.get(key) or algebra.add_head(key, ExpHead(template))
    return {((algebra.atom(head, idxs), whole(value)),): ONE}


def _power_of_absolute(algebra: Algebra, content: Poly, exponent: Exponent) -> Poly:
    """|content| ** exponent."""
    if len(content) == 1:
        ((term, value),) = content.items()
        if value == 1 and len(term) == 1 and known_positive(algebra, *term[0]):
            return power(algebra, content, exponent)
    if isinstance(exponent, int) and exponent % 2 == 0:
        return power(algebra, content, exponent)
    known = algebra.templates.get("assumed positive", ())
    for sign in (ONE, MINUS) if known else ():
        template, idxs = lift(algebra, (algebra.scaled(content, sign),))
        if template.key in known or (template.key, idxs) in known:
            return power(algebra, algebra.scaled(content, sign), exponent)
    return absolute_power(algebra, content, exponent)


class LogNumber(TemplateHead):
    """log p of a prime."""

    kind = "log of a prime"

    def __init__(self, template: Template, prime: int) -> None:
        super().__init__(template)
        self.prime = prime
        self.positive = True


def log(algebra: Algebra, u: Poly) -> Poly:
    """log |u|, defined where u > 0."""
    return by_cases(algebra, u, lambda v: _log(algebra, v))


def _log(algebra: Algebra, u: Poly) -> Poly:
    if not u:
        raise DomainFault("log of 0")
    if len(u) == 1:
        ((term, value),) = u.items()
        if not term and value <= 0:
            raise DomainFault("log of a negative number")
        return _log_monomial(algebra, term, value)
    content, monomial, rest = split_content(algebra, u)
    if not rest:
        raise DomainFault("log of 0")
    if len(rest) < 2:
        # one term after all; multiplied out it would be the sum again, so it is taken as it is
        ((term, number),) = rest.items()
        return _log_monomial(algebra, merge(monomial, term), content * number)
    result = _log_monomial(algebra, monomial, content)
    for factor, multiplicity in irreducible(algebra, rest):
        algebra.add_into(result, _log_atom(algebra, factor), ONE * multiplicity)
    return result


def _log_monomial(algebra: Algebra, term: Term, value: fmpq) -> Poly:
    result: Poly = {}
    magnitude = abs(value)
    for number, sign in ((int(magnitude.p), ONE), (int(magnitude.q), MINUS)):
        for prime, multiplicity in primes(number):
            template, _ = lift(algebra, ({UNIT: fmpq(prime)},))
            key = ("log of a prime", prime)
            head = algebra.head_of.get(key) or algebra.add_head(key, LogNumber(template, prime))
            algebra.add_into(result, algebra.single(algebra.atom(head, ())), sign * multiplicity)
    if len(term) > 1 or (term and magnitude != 1):
        algebra.use("logarithms")
    for component, exponent in term:
        factor = fmpq(Fraction(exponent).numerator, Fraction(exponent).denominator)
        atom = algebra.components[component]
        if isinstance(atom.head, ExpHead):
            algebra.use("logarithms")
            algebra.add_into(result, atom.head.content(algebra, atom.idxs)[0], factor)
        elif atom.head is not None and atom.head.kind == "denominator":
            assert isinstance(atom.head, TemplateHead)
            algebra.add_into(result, _log_atom(algebra, atom.head.content(algebra, atom.idxs)[0]), factor)
        elif isinstance(atom.head, Radical):
            algebra.add_into(result, _log_monomial(algebra, UNIT, fmpq(atom.head.prime)), factor)
        else:
            simpler = atom.head.logarithm(algebra, atom.idxs) if atom.head is not None else None
            if simpler is None:
                simpler = _log_atom(algebra, algebra.single(component))
            algebra.add_into(result, simpler, factor)
    return result


def _log_atom(algebra: Algebra, u: Poly) -> Poly:
    """log |u| of something irreducible; log |−u| is the same."""
    template, idxs = lift(algebra, (u,))
    key = ("log", template.key)
    head = algebra.head_of.get(key)
    if head is None:
        other, other_idxs = lift(algebra, (algebra.scaled(u, MINUS),))
        head = algebra.head_of.get(("log", other.key))
        if head is not None:
            idxs = other_idxs
        else:
            head = algebra.add_head(key, LogHead(template))
    return algebra.single(algebra.atom(head, idxs))


def sin(algebra: Algebra, u: Poly) -> Poly:
    """sin(u)."""
    return by_cases(algebra, u, lambda v: angle(algebra, v)[0])


def cos(algebra: Algebra, u: Poly) -> Poly:
    """cos(u)."""
    return by_cases(algebra, u, lambda v: angle(algebra, v)[1])


def angle(algebra: Algebra, u: Poly) -> tuple[Poly, Poly]:
    """(sin u, cos u) by the addition theorem over the terms of u."""
    if len(u) > ANGLE_LIMIT:
        raise BudgetExhausted("sin or cos of a long sum")
    sine: Poly = {}
    cosine: Poly = {UNIT: ONE}
    if len(u) > 1:
        algebra.use("angle-addition")
    for term, value in u.items():
        s, c = _angle_term(algebra, term, value)
        sine, cosine = (
            algebra.plus(algebra.times(sine, c), algebra.times(cosine, s)),
            algebra.plus(algebra.times(cosine, c), algebra.times(sine, s), MINUS),
        )
    return sine, cosine


def _angle_term(algebra: Algebra, term: Term, value: fmpq) -> tuple[Poly, Poly]:
    if len(term) == 1 and term[0][1] == 1:
        head = algebra.components[term[0][0]].head
        if head is not None and head.kind == "pi":
            return _angle_of_pi(algebra, term, value)
    if value.q == 1 and _is_half_turns(algebra, term):
        return _whole_angle(algebra, term, value)
    count, unit = int(abs(value.p)), fmpq(1, value.q)
    if count > ANGLE_LIMIT:
        count, unit = 1, abs(value)
    template, idxs = lift(algebra, ({term: unit},))
    if ("cos", template.key) not in algebra.head_of:
        algebra.add_head(("cos", template.key), AngleHead(template, "cos"))
        algebra.add_head(("sin", template.key), AngleHead(template, "sin"))
    s1 = algebra.single(algebra.atom(algebra.head_of["sin", template.key], idxs))
    c1 = algebra.single(algebra.atom(algebra.head_of["cos", template.key], idxs))
    sine, cosine = s1, c1
    for _ in range(count - 1):
        sine, cosine = (
            algebra.plus(algebra.times(sine, c1), algebra.times(cosine, s1)),
            algebra.plus(algebra.times(cosine, c1), algebra.times(sine, s1), MINUS),
        )
    return (algebra.scaled(sine, MINUS) if value < 0 else sine), cosine


def _is_half_turns(algebra: Algebra, term: Term) -> bool:
    """Whether the monomial is π times a whole number."""
    turns = 0
    for component, exponent in term:
        atom = algebra.components[component]
        if atom.head is not None and atom.head.kind == "pi":
            turns += exponent == 1
            continue
        heads = (
            [(atom.head, 1)]
            if atom.head is not None
            else [(algebra.heads[head], power) for head, power, _ in atom.factors]
        )
        if not all(head.whole and power > 0 for head, power in heads):
            return False
        if not isinstance(exponent, int) or exponent < 0:
            return False
    return turns == 1


def _whole_angle(algebra: Algebra, term: Term, value: fmpq) -> tuple[Poly, Poly]:
    """sin πk = 0, cos 2πk = 1 and cos²πk = 1 for a whole number k."""
    algebra.use("half-turns")
    if value.p % 2 == 0:
        return {}, {UNIT: ONE}
    template, idxs = lift(algebra, ({term: ONE},))
    key = ("cos of half turns", template.key)
    head = algebra.head_of.get(key) or algebra.add_head(key, AngleHead(template, "cos", sign=True))
    return {}, algebra.single(algebra.atom(head, idxs))


def _angle_of_pi(algebra: Algebra, term: Term, value: fmpq) -> tuple[Poly, Poly]:
    """Multiples of π/2 are known; others stay opaque."""
    double = value * 2
    if double.q != 1:
        raise Blocked("sin or cos of a fraction of π")
    quarter = int(double.p) % 4
    sine = (0, 1, 0, -1)[quarter]
    cosine = (1, 0, -1, 0)[quarter]
    return algebra.constant(ONE * sine), algebra.constant(ONE * cosine)
