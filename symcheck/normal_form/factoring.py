"""Content and irreducible factors of polynomials; what is known to be positive."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from flint import fmpq, fmpz_mpoly_ctx

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.polynomial import ONE, UNIT, Exponent, Poly, Term, merge, whole

DEGREE_LIMIT = 24
"""Above this total degree nothing is factored: FLINT answers no signal."""
FACTOR_TERMS = 60


def rational_content(poly: Poly) -> fmpq:
    """The positive rational c such that poly / c has coprime integer coefficients."""
    return fmpq(gcd(*(int(v.p) for v in poly.values())), lcm(*(int(v.q) for v in poly.values())))


def monomial_content(algebra: Algebra, poly: Poly) -> Term:
    """The monomial that divides every term, negative exponents included where they may be."""
    exponents: dict[int, list[Exponent]] = {}
    for term in poly:
        for component, exponent in term:
            exponents.setdefault(component, []).append(exponent)
    count = len(poly)
    found: list[tuple[int, Exponent]] = []
    for component, values in exponents.items():
        least = min(values) if len(values) == count else min(min(values), 0)
        if least == 0:
            continue
        head = algebra.components[component].head
        if head is None or head.kind in ("delta", "order", "positive", "vanishes"):
            if head is None and least > 0:
                found.append((component, least))
            continue
        found.append((component, least))
    return tuple(sorted(found))


def inverted(term: Term) -> Term:
    """1 / term."""
    return tuple((component, -exponent) for component, exponent in term)


def divided(algebra: Algebra, poly: Poly, term: Term) -> Poly:
    """poly / term, laws applied to what comes out."""
    if not term:
        return poly
    inverse = inverted(term)
    result: Poly = {}
    for other, value in poly.items():
        algebra.add_into(result, algebra.term_poly(merge(other, inverse)), value)
    return result


def split_content(algebra: Algebra, poly: Poly) -> tuple[fmpq, Term, Poly]:
    """(c, monomial, primitive rest) with poly = c · monomial · rest; c > 0."""
    content = rational_content(poly)
    scaled = algebra.scaled(poly, 1 / content)
    gathered: Term = UNIT
    for _ in range(8):
        monomial = monomial_content(algebra, scaled)
        if not monomial:
            break
        scaled = divided(algebra, scaled, monomial)
        gathered = merge(gathered, monomial)
        if not scaled:
            break
    more = rational_content(scaled) if scaled else ONE
    if more != 1:
        scaled = algebra.scaled(scaled, 1 / more)
        content = content * more
    return content, gathered, scaled


def irreducible(algebra: Algebra, poly: Poly) -> list[tuple[Poly, int]]:
    """Irreducible factors with multiplicities of a primitive polynomial without monomial content.

    The product of the factors is `poly` up to sign, which the first factor of odd multiplicity takes.
    """
    if len(poly) < 2 or _linear_somewhere(poly) or len(poly) > FACTOR_TERMS:
        return [(poly, 1)]
    exponents: dict[int, list[Fraction]] = {}
    for term in poly:
        for component, exponent in term:
            exponents.setdefault(component, []).append(Fraction(exponent))
    order = list(exponents)
    # one generator is exp(k t) for k the greatest common divisor of its exponents
    units = {component: _common(values) for component, values in exponents.items()}
    place = {component: k for k, component in enumerate(order)}
    rows: dict[tuple[int, ...], int] = {}
    for term, value in poly.items():
        row = [0] * len(order)
        for component, exponent in term:
            row[place[component]] = int(exponent / units[component])
        rows[tuple(row)] = int(value.p)
    if any(min(r) < 0 or sum(r) > DEGREE_LIMIT for r in rows):
        return [(poly, 1)]
    context = fmpz_mpoly_ctx.get(tuple(f"x{k}" for k in range(len(order))), "lex")
    scale, factors = context.from_dict(rows).factor()
    if len(factors) == 1 and factors[0][1] == 1:
        return [(poly, 1)]
    result: list[tuple[Poly, int]] = []
    negative = scale < 0
    for factor, multiplicity in factors:
        back: Poly = {}
        for row_key, value in factor.to_dict().items():
            term = tuple(
                sorted(
                    (component, whole(int(power) * units[component]))
                    for component, power in zip(order, row_key, strict=True)
                    if power
                )
            )
            back[term] = fmpq(value)
        result.append((back, int(multiplicity)))
    if negative:
        for k, (factor, multiplicity) in enumerate(result):
            if multiplicity % 2:
                result[k] = (algebra.scaled(factor, -ONE), multiplicity)
                break
        else:
            return [(poly, 1)]
    return result


def _common(values: list[Fraction]) -> Fraction:
    """The greatest common divisor of fractions."""
    below = lcm(*(value.denominator for value in values))
    return Fraction(gcd(*(int(value * below) for value in values)), below)


def _linear_somewhere(poly: Poly) -> bool:
    """Some component stands in one term only, to the first power and alone: then it is irreducible."""
    times: dict[int, int] = {}
    for term in poly:
        for component, _ in term:
            times[component] = times.get(component, 0) + 1
    return any(len(term) == 1 and term[0][1] == 1 and times[term[0][0]] == 1 for term in poly)


def is_positive(algebra: Algebra, poly: Poly) -> bool:
    """Whether every term is ≥ 0 for sure and one is > 0 for sure."""
    sure = False
    for term, value in poly.items():
        if value < 0:
            return False
        strictly = True
        for component, exponent in term:
            if known_positive(algebra, component, exponent):
                continue
            if isinstance(exponent, int) and exponent % 2 == 0:
                strictly = strictly and exponent < 0
                continue
            if not_negative(algebra, component, exponent):
                strictly = strictly and exponent < 0
                continue
            return False
        sure = sure or strictly
    return sure


def known_positive(algebra: Algebra, component: int, exponent: Exponent = 1) -> bool:
    """Whether the component is > 0 wherever it is defined."""
    atom = algebra.components[component]
    if atom.head is None:
        return all(
            algebra.heads[head].positive or (isinstance(power, int) and power % 2 == 0 and power < 0)
            for head, power, _ in atom.factors
        )
    return atom.head.positive or (not isinstance(exponent, int) and exponent < 0)


def not_negative(algebra: Algebra, component: int, exponent: Exponent = 1) -> bool:
    """Whether a power of the component is ≥ 0 wherever it is defined: a root, or a sum of squares."""
    if not isinstance(exponent, int) or known_positive(algebra, component, exponent):
        return True
    atom = algebra.components[component]
    return atom.head is None and all(
        algebra.heads[head].positive or (isinstance(power, int) and power % 2 == 0)
        for head, power, _ in atom.factors
    )
