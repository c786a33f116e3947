"""u [u = 0] = 0 for sums u, told from all terms with [u = 0] together.

Term by term the law is used where u has a term to be put for the others (`guards`); a sum such as
E − s − sE has none.
"""

from __future__ import annotations

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.factoring import irreducible, split_content
from symcheck.normal_form.polynomial import MINUS, Poly
from symcheck.normal_form.templates import TemplateHead


def settled(algebra: Algebra, poly: Poly) -> Poly:
    """The polynomial without the terms C [u = 0] in which u is a factor of C."""
    if not algebra.vanishing:
        return poly
    guards = {component for term in poly for component, _ in term if component in algebra.vanishing}
    for guard in sorted(guards):
        beside: Poly = {}
        for term, value in poly.items():
            if (guard, 1) in term:
                beside[tuple(pair for pair in term if pair[0] != guard)] = value
        if len(beside) > 1 and _divides(algebra, guard, beside):
            algebra.use("guard-idempotent")
            poly = {term: value for term, value in poly.items() if (guard, 1) not in term}
    return poly


def _divides(algebra: Algebra, guard: int, poly: Poly) -> bool:
    atom = algebra.components[guard]
    assert isinstance(atom.head, TemplateHead)
    (u,) = atom.head.content(algebra, atom.idxs)
    opposite = algebra.scaled(u, MINUS)
    _, _, rest = split_content(algebra, poly)
    return any(factor in (u, opposite) for factor, _ in irreducible(algebra, rest))
