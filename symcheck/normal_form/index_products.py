"""Products over an index: heads whose template is λ i. u, one for each irreducible factor of u.

Π (u v) = Π u · Π v, Π u^q = (Π u)^q, Π exp(u) = exp(Σ u), log |Π u| = Σ log |u|, and a product without
one factor, Πⱼ [j = i ? 1 : uⱼ] = Πⱼ uⱼ / uᵢ where uᵢ ≠ 0.
"""

from __future__ import annotations

from flint import fmpq

from symcheck.errors import Blocked
from symcheck.language.shape import Dim
from symcheck.normal_form import tower
from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.factoring import irreducible, is_positive, known_positive, split_content
from symcheck.normal_form.guards import by_cases, splits
from symcheck.normal_form.polynomial import (
    MINUS,
    ONE,
    UNIT,
    DeltaHead,
    Exponent,
    Head,
    Poly,
    Polynomials,
    Term,
    without,
)
from symcheck.normal_form.roots import power
from symcheck.normal_form.templates import Template, TemplateHead, lift
from symcheck.normal_form.tower import ExpHead


class ProductHead(TemplateHead):
    """Πᵢ u for an irreducible u, or one that does not depend on i."""

    kind = "product"

    def __init__(self, template: Template, index: int, body: Poly, positive: bool) -> None:
        super().__init__(template)
        self.index = index
        self.body = body
        """The template with i as an ordinary index."""
        self.positive = positive

    def factor(self, algebra: Algebra, idxs: tuple[int, ...]) -> tuple[int, Poly]:
        """(i, u) with the parameters put in, i new."""
        index = algebra.fresh(algebra.dim_of[self.index])
        names = dict(zip(self.template.slots, idxs, strict=True))
        return index, algebra.rename(self.body, {**names, self.index: index})

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        return product_over(algebra, *self.factor(algebra, idxs))

    def logarithm(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        algebra.use("log-of-product")
        index, body = self.factor(algebra, idxs)
        return algebra.sum_over(index, tower.log(algebra, body))


class SignHead(Head):
    """(−1)ⁿ: its square is 1."""

    kind = "sign of a size"
    special = True

    def __init__(self) -> None:
        super().__init__(())
        self.values = (ONE, MINUS)

    def reduce(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        component, exponent = term[place]
        if exponent == 1 or not isinstance(exponent, int):
            return None
        rest = algebra.term_poly(without(term, place))
        return algebra.times(rest, algebra.single(component)) if exponent % 2 else rest


def _sign(algebra: Algebra, dim: Dim) -> Poly:
    key = ("sign of a size", dim)
    head = algebra.head_of.get(key) or algebra.add_head(key, SignHead())
    return algebra.single(algebra.atom(head, ()))


def product_over(algebra: Algebra, index: int, poly: Poly) -> Poly:
    """Π of a polynomial over the full range of the index."""
    if not poly:
        return {}
    if poly == {UNIT: ONE} or (poly == {UNIT: MINUS} and not isinstance(algebra.dim_of[index], int)):
        return poly if poly[UNIT] == 1 else _sign(algebra, algebra.dim_of[index])
    without = _without_one(algebra, index, poly)
    if without is not None:
        return without
    if splits(algebra, (poly,)):
        if _conditional_in(algebra, index, poly):
            raise Blocked("a product over cases of its own index")
        return by_cases(algebra, poly, lambda u: product_over(algebra, index, u))
    if len(poly) == 1 and next(iter(poly.values())) < 0:
        rest = product_over(algebra, index, algebra.scaled(poly, MINUS))
        return algebra.times(_atom(algebra, index, {UNIT: MINUS}), rest)
    content, monomial, rest = split_content(algebra, poly)
    result: Poly = {UNIT: ONE}
    if content != 1:
        result = _atom(algebra, index, algebra.constant(content))
    for component, exponent in monomial:
        result = algebra.times(result, _component(algebra, index, component, exponent))
    for factor, multiplicity in irreducible(algebra, rest) if rest != {UNIT: ONE} else ():
        result = algebra.times(result, power(algebra, _atom(algebra, index, factor), multiplicity))
    return result


def _component(algebra: Algebra, index: int, component: int, exponent: Exponent) -> Poly:
    """Π c^q."""
    atom = algebra.components[component]
    if isinstance(atom.head, ExpHead) and index in atom.free:
        algebra.use("exponentials")
        (inside,) = atom.head.content(algebra, atom.idxs)
        return power(algebra, tower.exp(algebra, algebra.sum_over(index, inside)), exponent)
    known = atom.head.product(algebra, index, atom.idxs) if atom.head is not None else None
    if known is not None:
        return power(algebra, known, exponent)
    base = algebra.single(component)
    if atom.head is not None and atom.head.kind == "denominator":
        assert isinstance(atom.head, TemplateHead)
        (base,) = atom.head.content(algebra, atom.idxs)
    if not isinstance(exponent, int) and not is_positive(algebra, base):
        raise Blocked("a product of roots")
    return power(algebra, _atom(algebra, index, base), exponent)


def _without_one(algebra: Algebra, index: int, poly: Poly) -> Poly | None:
    """δᵢⱼ a + (1 − δᵢⱼ) b under a product over i: a at i = j, times Π b, by b at i = j."""
    chosen: int | None = None
    for term in poly:
        for component, _ in term:
            atom = algebra.components[component]
            if isinstance(atom.head, DeltaHead) and index in atom.idxs:
                chosen = component if chosen is None else min(chosen, component)
    if chosen is None:
        return None
    i, j = algebra.components[chosen].idxs
    other = j if i == index else i
    on: Poly = {}
    off: Poly = {}
    for term, value in poly.items():
        kept = tuple(pair for pair in term if pair[0] != chosen)
        if len(kept) == len(term):
            algebra.add_into(off, {term: value})
        algebra.add_into(on, algebra.term_poly(kept, value))
    there = algebra.rename(off, {index: other})
    if not there:
        raise Blocked("a product without one factor, which is 0")
    algebra.use("product-without-one")
    result = algebra.times(algebra.rename(on, {index: other}), product_over(algebra, index, off))
    return algebra.times(result, power(algebra, there, -1))


def _conditional_in(algebra: Algebra, index: int, poly: Poly) -> bool:
    return any(
        head is not None
        and head.kind in ("positive", "vanishes", "delta", "order")
        and index in algebra.components[component].free
        for term in poly
        for component, _ in term
        for head in (algebra.components[component].head,)
    )


def _atom(algebra: Algebra, index: int, body: Poly) -> Poly:
    dim = algebra.dim_of[index]
    if isinstance(dim, int) and index not in algebra.free_of(body):
        return power(algebra, body, dim)
    if index not in algebra.free_of(body):
        if body == {UNIT: MINUS}:
            return _sign(algebra, dim)
        if _positive(algebra, body):
            return tower.exp(algebra, algebra.times(algebra.dim_poly(dim), tower.log(algebra, body)))
    height = _height(algebra, body)
    pin = algebra.named(("λ", dim, "product", height), dim, pinned=True)
    template, params = lift(algebra, (algebra.rename(body, {index: pin}),))
    key = ("product", dim, template.key)
    head = algebra.head_of.get(key)
    if head is None:
        plain = algebra.named(("factor", dim, height), dim)
        names = dict(zip(params, template.slots, strict=True))
        renamed = algebra.rename(body, {**names, index: plain})
        head = algebra.add_head(key, ProductHead(template, plain, renamed, _positive(algebra, body)))
    return algebra.single(algebra.atom(head, params))


def _positive(algebra: Algebra, body: Poly) -> bool:
    if is_positive(algebra, body):
        return True
    ((term, value),) = body.items() if len(body) == 1 else (((), fmpq(-1)),)
    return value > 0 and all(known_positive(algebra, *pair) for pair in term)


def _height(algebra: Algebra, poly: Poly) -> int:
    """How many products stand inside one another, so that pinned indices never meet."""
    height = 0
    for term in poly:
        for component, _ in term:
            atom = algebra.components[component]
            for head in [atom.head] if atom.head else [algebra.heads[f[0]] for f in atom.factors]:
                if isinstance(head, TemplateHead):
                    inner = max((_height(algebra, p) for p in head.template.polys), default=0)
                    height = max(height, inner + (1 if isinstance(head, ProductHead) else 0))
    return height
