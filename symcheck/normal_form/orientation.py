"""Which of u and −u is kept: told from what stands in it, not from what was met before it.

Numbers of components depend on the claims that came first, so they cannot decide.
"""

from __future__ import annotations

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.polynomial import Head, Poly, Term
from symcheck.normal_form.templates import TemplateHead


def turned(algebra: Algebra, u: Poly) -> bool | None:
    """Whether −u is kept; None where nothing but names of indices tells u from −u."""
    signs: dict[str, set[bool]] = {}
    for term, value in u.items():
        signs.setdefault(_term(algebra, term), set()).add(bool(value < 0))
    return next((True in found for _, found in sorted(signs.items()) if len(found) == 1), None)


def _term(algebra: Algebra, term: Term) -> str:
    return " ".join(sorted(f"{_component(algebra, component)}^{exponent}" for component, exponent in term))


def _component(algebra: Algebra, component: int) -> str:
    atom = algebra.components[component]
    if atom.head is not None:
        return _head(algebra, atom.head) + _places(algebra, atom.idxs)
    factors = (
        f"{_head(algebra, algebra.heads[head])}{_places(algebra, idxs)}^{exponent}"
        for head, exponent, idxs in atom.factors
    )
    return f"({' '.join(sorted(factors))})"


def _places(algebra: Algebra, idxs: tuple[int, ...]) -> str:
    places = (f"#{algebra.literal[i]}" if i in algebra.literal else "+" if i < 0 else "." for i in idxs)
    return f"[{','.join(places)}]"


def _head(algebra: Algebra, head: Head) -> str:
    """A head in words that do not depend on the order in which heads were made."""
    if not head.told:
        inner = ""
        if isinstance(head, TemplateHead):
            polys = (sorted((_term(algebra, t), str(v)) for t, v in p.items()) for p in head.template.polys)
            inner = str(list(polys))
        head.told = f"{head.kind} {head.describe()} {head.dims} {inner}"
    return head.told
