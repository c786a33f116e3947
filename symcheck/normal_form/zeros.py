"""Where u = 0: which atom of u the rest may be put for, and what it is put into."""

from __future__ import annotations

from fractions import Fraction

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.polynomial import MINUS, UNIT, Exponent, Poly, whole
from symcheck.normal_form.templates import TemplateHead

LEADING = frozenset(("exp", "log"))
"""Functions of which one may be put for the rest of a sum that is 0."""


def lead_of(algebra: Algebra, u: Poly) -> tuple[int, Exponent, Poly] | None:
    """(v, d, w) with u = 0 exactly where vᵈ = w, for an atom that stands in u once.

    d = 1, or v is not negative: an exponential, or under a root.
    """
    for term, value in u.items():
        if len(term) != 1:
            continue
        head, exponent = algebra.components[term[0][0]].head, term[0][1]
        if head is None or head.special or (isinstance(head, TemplateHead) and head.kind not in LEADING):
            continue
        if exponent != 1 and isinstance(exponent, int) and head.kind != "exp":
            continue
        remaining = dict(u)
        del remaining[term]
        if not any(mentions(algebra, c, term[0][0]) for other in remaining for c, _ in other):
            return *term[0], algebra.scaled(remaining, MINUS / value)
    return None


def mentions(algebra: Algebra, component: int, target: int) -> bool:
    """Whether an atom is the target or a function of it.  What stands inside sums does not count."""
    if component == target:
        return True
    atom = algebra.components[component]
    head = atom.head
    if not isinstance(head, TemplateHead) or len(atom.idxs) != len(head.template.slots):
        return False
    if not algebra.components[target].free <= atom.free:
        return False
    contents = head.content(algebra, atom.idxs)
    return any(mentions(algebra, c, target) for poly in contents for term in poly for c, _ in term)


def substituted(algebra: Algebra, poly: Poly, target: int, degree: Exponent, value: Poly) -> Poly | None:
    """poly with the value put for target ** degree, inside functions too; None if that cannot be done."""
    result: Poly = {}
    for term, coefficient in poly.items():
        product: Poly = {UNIT: coefficient}
        for component, exponent in term:
            factor: Poly | None = algebra.single(component)
            if component == target:
                exponent = whole(Fraction(exponent) / degree)
                factor = value if isinstance(exponent, int) else None
            elif mentions(algebra, component, target):
                atom = algebra.components[component]
                assert isinstance(atom.head, TemplateHead)
                contents = [
                    substituted(algebra, inner, target, degree, value)
                    for inner in atom.head.content(algebra, atom.idxs)
                ]
                known = tuple(inner for inner in contents if inner is not None)
                factor = atom.head.value(algebra, known) if len(known) == len(contents) else None
            else:
                factor = algebra.term_poly(((component, exponent),))
                exponent = 1
            if factor is None:
                return None
            product = algebra.times(product, factor if exponent == 1 else algebra.power_of(factor, exponent))
        algebra.add_into(result, product)
    return result
