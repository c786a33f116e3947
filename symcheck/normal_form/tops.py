"""What a condition on a greatest value says by itself: maxᵢ uᵢ ≥ uⱼ, and where the two are equal.

uⱼ − maxᵢ uᵢ is 0 at every point at which j is the place of the greatest entry: not on a boundary only.
"""

from __future__ import annotations

from collections.abc import Iterator

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.polynomial import ONE, Exponent, Poly
from symcheck.normal_form.templates import TemplateHead

DEPTH = 4
"""Most greatest values replaced by one of theirs, and levels of functions looked into."""


def side_of_greatest(algebra: Algebra, u: Poly) -> int:
    """1 if u = c (maxᵢ vᵢ − vⱼ) with c > 0, which is ≥ 0; −1 for its negative; else 0."""
    for term in u:
        if len(term) != 1 or term[0][1] != 1 or not _is_greatest(algebra, term[0][0]):
            continue
        component, value = term[0][0], u[term]
        rest = algebra.plus(u, {term: ONE}, -value)
        for own in _values(algebra, component, u):
            if rest == algebra.scaled(own, -value):
                algebra.use("greatest")
                return 1 if value > 0 else -1
    return 0


def is_zero_somewhere(algebra: Algebra, u: Poly, depth: int = 0) -> bool:
    """Whether u may be 0 at all points near one, since each greatest value in it is some entry's there."""
    if not u:
        return True
    components = {component for term in u for component, _ in term}
    greatest = next((c for c in sorted(components) if _is_greatest(algebra, c)), None)
    if greatest is None:
        return any(_holds_greatest(algebra, component, 0) for component in components)
    if depth > DEPTH:
        return True
    for own in _values(algebra, greatest, u, fresh=True):
        put = _put(algebra, u, greatest, own)
        if put is None or is_zero_somewhere(algebra, put, depth + 1):
            return True
    return False


def _is_greatest(algebra: Algebra, component: int) -> bool:
    head = algebra.components[component].head
    return head is not None and head.kind == "greatest"


def _values(algebra: Algebra, component: int, u: Poly, fresh: bool = False) -> Iterator[Poly]:
    """The entries vⱼ of maxᵢ vᵢ at the indices that u names, and at one that it does not name."""
    atom = algebra.components[component]
    head = atom.head
    index, body = getattr(head, "index", None), getattr(head, "body", None)
    if not isinstance(head, TemplateHead) or index is None or body is None:
        return
    names = dict(zip(head.template.slots, atom.idxs, strict=True))
    dim = algebra.dim_of[index]
    literal = {i for term in u for c, _ in term for i in algebra.components[c].idxs if i in algebra.literal}
    for place in sorted({*algebra.free_of(u), *literal}):
        if algebra.dim_of[place] == dim:
            yield algebra.rename(body, {**names, index: place})
    if fresh:
        yield algebra.rename(body, {**names, index: algebra.fresh(dim)})


def _put(algebra: Algebra, u: Poly, component: int, value: Poly) -> Poly | None:
    """u with a value for a component; None where that stands under a fraction or a root."""
    result: Poly = {}
    for term, factor in u.items():
        times = 0
        kept: list[tuple[int, Exponent]] = []
        for pair in term:
            if pair[0] != component:
                kept.append(pair)
            elif isinstance(pair[1], int) and pair[1] > 0:
                times = pair[1]
            else:
                return None
        product: Poly = {tuple(kept): ONE}
        for _ in range(times):
            product = algebra.times(product, value)
        algebra.add_into(result, product, factor)
    return result


def _holds_greatest(algebra: Algebra, component: int, depth: int) -> bool:
    """Whether a greatest value stands inside a function in the component."""
    if depth > DEPTH:
        return True
    atom = algebra.components[component]
    heads = [atom.head] if atom.head is not None else [algebra.heads[h] for h, _, _ in atom.factors]
    return any(
        head.kind == "greatest"
        or (
            isinstance(head, TemplateHead)
            and any(
                _holds_greatest(algebra, inner, depth + 1)
                for poly in head.template.polys
                for term in poly
                for inner, _ in term
            )
        )
        for head in heads
    )
