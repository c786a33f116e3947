"""Inverses of matrices multiplied away: E = 0 if M E = 0 and M is invertible.

A difference may vanish only after M⁻¹ meets M from outside, as in A⁻¹ − B⁻¹ = A⁻¹ (B − A) B⁻¹ or in
Woodbury's identity.  E is multiplied by M along a free index at which M⁻¹ stands in some term.
"""

from __future__ import annotations

from collections.abc import Iterator

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.inverses import InverseHead
from symcheck.normal_form.polynomial import ONE, Exponent, Head, Poly, Term, delta

STEPS = 8
"""Most multiplications."""
LONGEST = 120
"""Most terms a difference may have to be multiplied by a matrix."""

Boundary = tuple[InverseHead, tuple[int, ...], int]
"""An inverse, its indices, and which of the first two of them is free."""


def without_inverses(algebra: Algebra, poly: Poly) -> Poly:
    """poly multiplied by the matrices whose inverses stand at its free indices, the newest first.

    Zero if and only if poly is: what is multiplied by is invertible wherever poly exists.
    """
    if _conditional(algebra, poly):
        # an inverse inside a branch need not exist where the branch is not taken
        return poly
    done: set[Boundary] = set()
    for _ in range(STEPS):
        if not poly or len(poly) > LONGEST:
            return poly
        boundaries = [b for b in _boundaries(algebra, poly) if b not in done]
        if not boundaries:
            return poly
        chosen = max(boundaries, key=lambda b: (b[0].id, b[2], b[1]))
        done.add(chosen)
        poly = _multiplied(algebra, poly, *chosen)
    return poly


def _multiplied(algebra: Algebra, poly: Poly, head: InverseHead, idxs: tuple[int, ...], side: int) -> Poly:
    """Σ_p M[r, p] E[p] for M⁻¹[p, q], or Σ_q E[q] M[q, r]; r takes the place of the free index."""
    free = idxs[side]
    summed = algebra.fresh(algebra.dim_of[free])
    row, col = (free, summed) if side == 0 else (summed, free)
    matrix = head.entry(algebra, head.matrix, row, col, idxs[2:])
    moved = algebra.rename(poly, {free: summed})
    result: Poly = {}
    for term, value in moved.items():
        product = _taken_off(algebra, term, head, free, summed, idxs, side)
        if product is not None:
            algebra.use("inverse")
            algebra.add_into(result, product, value)
            continue
        product = algebra.sum_over(summed, algebra.times(matrix, {term: value}))
        algebra.add_into(result, product)
    return result


def _taken_off(
    algebra: Algebra, term: Term, head: InverseHead, free: int, summed: int, idxs: tuple[int, ...], side: int
) -> Poly | None:
    """Σ M M⁻¹ R = R for a term M⁻¹ R that the inverse begins at the summed index; None for any other."""
    here = [pair for pair in term if summed in algebra.components[pair[0]].free]
    if len(here) != 1 or here[0][1] != 1:
        return None
    rest: Poly = {tuple(pair for pair in term if pair != here[0]): ONE}
    atom = algebra.components[here[0][0]]
    if atom.head is not None:
        if atom.head is not head or atom.idxs[side] != summed or atom.idxs[2:] != idxs[2:]:
            return None
        return algebra.times(rest, delta(algebra, free, atom.idxs[1 - side]))
    standing = [place for place, factor in enumerate(atom.factors) if summed in factor[2]]
    if len(standing) != 1:
        return None
    number, exponent, at = atom.factors[standing[0]]
    if number != head.id or exponent != 1 or at[side] != summed or at[2:] != idxs[2:] or at[1 - side] >= 0:
        return None
    return algebra.times(rest, algebra.without_factor(atom, standing[0], at[1 - side], free))


def _boundaries(algebra: Algebra, poly: Poly) -> Iterator[Boundary]:
    """The inverses with one of their two matrix indices free in the polynomial."""
    for head, idxs, exponent in _atoms(algebra, poly):
        if not isinstance(head, InverseHead) or exponent != 1 or idxs[0] == idxs[1]:
            continue
        for side in (0, 1):
            free = idxs[side]
            if (
                free >= 0
                and free not in algebra.pinned
                and free not in idxs[2:]
                and min(idxs[2:], default=0) >= 0
            ):
                yield head, idxs, side


def _conditional(algebra: Algebra, poly: Poly) -> bool:
    return any(head.kind in ("positive", "vanishes") for head, _, _ in _atoms(algebra, poly))


def _atoms(algebra: Algebra, poly: Poly) -> Iterator[tuple[Head, tuple[int, ...], Exponent]]:
    """(head, indices, exponent) of every atom, those inside blocks with bound indices < 0."""
    seen: set[int] = set()
    for term in poly:
        yield from _atoms_of(algebra, term, seen)


def _atoms_of(
    algebra: Algebra, term: Term, seen: set[int]
) -> Iterator[tuple[Head, tuple[int, ...], Exponent]]:
    for component, exponent in term:
        if component in seen:
            continue
        seen.add(component)
        atom = algebra.components[component]
        if atom.head is not None:
            yield atom.head, atom.idxs, exponent
        else:
            yield from ((algebra.heads[head], idxs, power) for head, power, idxs in atom.factors)
