"""The greatest value over an index: heads whose template is λ i. u.

max (c + u) = c + max u and max (c u) = c max u for a c > 0 that does not depend on i.
"""

from __future__ import annotations

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.factoring import known_positive, split_content
from symcheck.normal_form.guards import by_cases, positive
from symcheck.normal_form.polynomial import MINUS, ONE, UNIT, Poly, Polynomials
from symcheck.normal_form.templates import Template, TemplateHead, lift


class GreatestHead(TemplateHead):
    """maxᵢ u."""

    kind = "greatest"

    def __init__(self, template: Template, index: int, body: Poly) -> None:
        super().__init__(template)
        self.index = index
        self.body = body
        """The template with i as an ordinary index."""

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        names = dict(zip(self.template.slots, idxs, strict=True))
        index = algebra.fresh(algebra.dim_of[self.index])
        return greatest(algebra, index, algebra.rename(self.body, {**names, self.index: index}))


def greater(algebra: Algebra, left: Poly, right: Poly) -> Poly:
    """max(a, b) = b + (a − b) [a > b]."""
    difference = algebra.plus(left, right, MINUS)
    return algebra.plus(right, algebra.times(difference, positive(algebra, difference)))


def greatest(algebra: Algebra, index: int, poly: Poly) -> Poly:
    """The greatest value of a polynomial over the full range of the index."""
    held = {t: v for t, v in poly.items() if all(index not in algebra.components[c].free for c, _ in t)}
    moving = {term: value for term, value in poly.items() if term not in held}
    if not moving:
        return held
    if held:
        algebra.use("greatest")
        return algebra.plus(held, greatest(algebra, index, moving))
    if not _holds_condition(algebra, index, moving):
        return by_cases(algebra, moving, lambda u: _scaled(algebra, index, u))
    return _atom(algebra, index, moving)


def _scaled(algebra: Algebra, index: int, poly: Poly) -> Poly:
    """The factor that does not depend on the index taken out, if it is > 0."""
    if not poly:
        return {}
    content, monomial, rest = split_content(algebra, poly)
    outside = tuple(
        pair
        for pair in monomial
        if index not in algebra.components[pair[0]].free and known_positive(algebra, *pair)
    )
    inside = tuple(pair for pair in monomial if pair not in outside)
    factor = algebra.term_poly(outside, content)
    if factor == {UNIT: ONE}:
        return _atom(algebra, index, poly)
    algebra.use("greatest")
    return algebra.times(factor, greatest(algebra, index, algebra.times({inside: ONE}, rest)))


def _holds_condition(algebra: Algebra, index: int, poly: Poly) -> bool:
    """Whether a condition on the index itself stands in the polynomial: it stays in the template."""
    return any(
        head is not None
        and (head.kind in ("positive", "vanishes", "delta") or head.values)
        and index in algebra.components[component].free
        for term in poly
        for component, _ in term
        for head in (algebra.components[component].head,)
    )


def _atom(algebra: Algebra, index: int, body: Poly) -> Poly:
    if index not in algebra.free_of(body):
        return body
    dim = algebra.dim_of[index]
    height = _height(algebra, body)
    pin = algebra.named(("λ", dim, "greatest", height), dim, pinned=True)
    template, params = lift(algebra, (algebra.rename(body, {index: pin}),))
    key = ("greatest", dim, template.key)
    head = algebra.head_of.get(key)
    if head is None:
        plain = algebra.named(("greatest", dim, height), dim)
        names = dict(zip(params, template.slots, strict=True))
        head = GreatestHead(template, plain, algebra.rename(body, {**names, index: plain}))
        algebra.add_head(key, head)
    return algebra.single(algebra.atom(head, params))


def _height(algebra: Algebra, poly: Poly) -> int:
    """How many of them stand inside one another, so that pinned indices never meet."""
    height = 0
    for term in poly:
        for component, _ in term:
            atom = algebra.components[component]
            for head in [atom.head] if atom.head else [algebra.heads[f[0]] for f in atom.factors]:
                if isinstance(head, TemplateHead):
                    inner = max((_height(algebra, p) for p in head.template.polys), default=0)
                    height = max(height, inner + (1 if isinstance(head, GreatestHead) else 0))
    return height
