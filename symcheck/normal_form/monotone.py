"""Conditions between exponentials: exp a > exp b where a > b."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.polynomial import MINUS, ONE, Poly, Term
from symcheck.normal_form.templates import TemplateHead

FEW = 8
"""Longest polynomial looked at."""


def exponents_of(algebra: Algebra, u: Poly) -> Poly | None:
    """a − b for u = c (exp a − exp b) with c > 0, which has the same sign; None for anything else."""
    if len(u) > FEW:
        return None
    u = _opened(algebra, u)
    if len(u) != 2:
        return None
    (first, one), (second, other) = sorted(u.items(), key=lambda pair: -pair[1])
    if one + other != 0:
        return None
    above, below = _exponent(algebra, first), _exponent(algebra, second)
    if above is None or below is None:
        return None
    algebra.use("monotone")
    return algebra.plus(above, below, MINUS)


def _opened(algebra: Algebra, u: Poly) -> Poly:
    """The denominators that stand as factors written out."""
    result: Poly = {}
    for term, value in u.items():
        product: Poly = {(): value}
        for component, exponent in term:
            head = algebra.components[component].head
            factor: Poly = {((component, exponent),): ONE}
            if isinstance(head, TemplateHead) and head.kind == "denominator" and exponent == 1:
                (factor,) = head.content(algebra, algebra.components[component].idxs)
            product = algebra.times(product, factor)
        algebra.add_into(result, product)
    return result


def _exponent(algebra: Algebra, term: Term) -> Poly | None:
    """a for a term exp a, 0 for 1."""
    total: Poly = {}
    for component, exponent in term:
        atom = algebra.components[component]
        if not isinstance(atom.head, TemplateHead) or atom.head.kind != "exp":
            return None
        content, *more = atom.head.content(algebra, atom.idxs)
        if more:
            return None
        scale = Fraction(exponent)
        algebra.add_into(total, content, fmpq(scale.numerator, scale.denominator))
    return total
