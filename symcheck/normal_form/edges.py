"""The ends of a polynomial in one of its components: what a denominator or a boundary rewrites.

An edge of D in a component v is the only term of highest (or lowest) degree in v.
"""

from __future__ import annotations

from flint import fmpq

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.polynomial import ONE, Exponent, Poly, Term
from symcheck.normal_form.templates import Template


class Edge:
    """One end of D in a component v: v^degree · cofactor · value is the only term of that degree."""

    __slots__ = ("cofactor", "component", "degree", "rest", "value")

    def __init__(self, component: int, degree: Exponent, cofactor: Term, value: fmpq, rest: Poly) -> None:
        self.component = component
        self.degree = degree
        self.cofactor = cofactor
        self.value = value
        self.rest = rest


def moved(algebra: Algebra, edge: Edge | None, names: dict[int, int]) -> Edge | None:
    if edge is None or not names:
        return edge
    lead = algebra.rename(algebra.single(edge.component), names)
    cofactor = algebra.rename({edge.cofactor: ONE}, names)
    if len(lead) != 1 or len(cofactor) != 1:
        return None
    ((term, value),) = lead.items()
    ((other, more),) = cofactor.items()
    if value != 1 or more != 1 or len(term) != 1 or term[0][1] != 1:
        return None
    return Edge(term[0][0], edge.degree, other, edge.value, algebra.rename(edge.rest, names))


def edges(algebra: Algebra, template: Template) -> tuple[Edge | None, Edge | None]:
    """The best lead and, for a component that may be divided by, the trail."""
    (poly,) = template.polys
    params = set(template.slots)
    exponents: dict[int, list[Exponent]] = {}
    for term in poly:
        for component, exponent in term:
            exponents.setdefault(component, []).append(exponent)
    best: tuple[tuple[int, ...], Edge] | None = None
    for component, powers in exponents.items():
        atom = algebra.components[component]
        if atom.head is not None and atom.head.kind in (
            "delta",
            "order",
            "positive",
            "vanishes",
            "denominator",
            "size",
        ):
            continue
        edge = _edge(algebra, poly, component, max(powers))
        if edge is None or edge.degree <= 0:
            continue
        kind = 0 if atom.head is not None and atom.head.kind == "exp" else 1 if atom.head is not None else 2
        # the last tie is broken by the component: denominators that share components then agree on the
        # lead, and cannot rewrite each other's leads in turn
        rank = (
            0 if params <= set(atom.free) else 1,
            kind,
            int(max(powers) * 12),
            len(edge.cofactor),
            component,
        )
        if best is None or rank < best[0]:
            best = (rank, edge)
    if best is None:
        return None, None
    lead = best[1]
    head = algebra.components[lead.component].head
    if head is None or not head.invertible:
        return lead, None
    low = min([*exponents[lead.component], *([0] if len(exponents[lead.component]) < len(poly) else [])])
    return lead, _edge(algebra, poly, lead.component, low)


def _edge(algebra: Algebra, poly: Poly, component: int, degree: Exponent) -> Edge | None:
    found: tuple[Term, fmpq] | None = None
    for term, value in poly.items():
        here = next((e for c, e in term if c == component), 0)
        if here == degree:
            if found is not None:
                return None
            found = (term, value)
    assert found is not None
    term, value = found
    cofactor = tuple(pair for pair in term if pair[0] != component)
    for other, _ in cofactor:
        head = algebra.components[other].head
        if head is None or not head.invertible:
            return None
    rest = dict(poly)
    del rest[term]
    return Edge(component, degree, cofactor, value, rest)


def leading_term(poly: Poly) -> Term | None:
    """The term that comes first by degree, then by components; None where exponents are not natural."""
    if any(not isinstance(exponent, int) or exponent < 0 for term in poly for _, exponent in term):
        return None
    return max(poly, key=lambda term: (sum(e for _, e in term), [(-c, e) for c, e in term]))
