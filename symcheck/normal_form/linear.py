"""Linear inequalities over the rationals: whether some of them exclude one another.

Fourier and Motzkin: one unknown after the other is eliminated by adding positive multiples; what is left
are numbers.  Unknowns are monomials, taken as independent: what has no solution so has none at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flint import fmpq

from symcheck.normal_form.polynomial import UNIT, Poly, Term

UNKNOWNS = 14
"""Most unknowns; with more nothing is found."""
CONSTRAINTS = 240
"""Most inequalities at a time."""


@dataclass(frozen=True, slots=True)
class Bound:
    """poly > 0, or poly >= 0."""

    poly: Poly
    strict: bool


def contradictory(bounds: Iterable[Bound]) -> bool:
    """Whether no values of the monomials satisfy all of them.  False also where there are too many."""
    rows = list(bounds)
    unknowns = {term for row in rows for term in row.poly if term != UNIT}
    if len(unknowns) > UNKNOWNS:
        return False
    while unknowns:
        if _is_false(rows):
            return True
        chosen = min(unknowns, key=lambda term: _growth(rows, term))
        unknowns.discard(chosen)
        rows = _eliminated(rows, chosen)
        if len(rows) > CONSTRAINTS:
            return False
    return _is_false(rows)


def _growth(rows: list[Bound], term: Term) -> tuple[int, list[tuple[int, str]]]:
    above = sum(1 for row in rows if row.poly.get(term, 0) > 0)
    below = sum(1 for row in rows if row.poly.get(term, 0) < 0)
    return above * below - above - below, [(c, str(e)) for c, e in term]


def _is_false(rows: list[Bound]) -> bool:
    """Whether one of them says of a number what does not hold: 0 > 0 or −1 ≥ 0."""
    for row in rows:
        if any(term != UNIT for term in row.poly):
            continue
        value = row.poly.get(UNIT, fmpq(0))
        if value < 0 or (row.strict and value == 0):
            return True
    return False


def _eliminated(rows: list[Bound], term: Term) -> list[Bound]:
    kept = [row for row in rows if term not in row.poly]
    above = [row for row in rows if row.poly.get(term, 0) > 0]
    below = [row for row in rows if row.poly.get(term, 0) < 0]
    seen: set[object] = set()
    for high in above:
        for low in below:
            poly = _combined(high.poly, -low.poly[term], low.poly, high.poly[term])
            strict = high.strict or low.strict
            key = (frozenset(poly.items()), strict)
            if key not in seen:
                seen.add(key)
                kept.append(Bound(poly, strict))
    return kept


def _combined(left: Poly, a: fmpq, right: Poly, b: fmpq) -> Poly:
    """a · left + b · right, scaled to a coefficient of size 1."""
    result = {term: value * a for term, value in left.items()}
    for term, value in right.items():
        new = result.get(term, fmpq(0)) + value * b
        if new == 0:
            result.pop(term, None)
        else:
            result[term] = new
    size = max((abs(value) for value in result.values()), default=fmpq(1))
    return {term: value / size for term, value in result.items()}


def is_sum_of_squares(poly: Poly) -> tuple[bool, bool]:
    """(≥ 0, > 0) of a quadratic form in 1 and the components, by L D Lᵀ over the rationals."""
    generators: dict[Term, int] = {}
    for term in poly:
        halves = _halves(term)
        if halves is None:
            return False, False
        for half in halves:
            generators.setdefault(half, len(generators))
    size = len(generators)
    if size > UNKNOWNS:
        return False, False
    gram = [[fmpq(0)] * size for _ in range(size)]
    for term, value in poly.items():
        halves = _halves(term)
        assert halves is not None
        i, j = generators[halves[0]], generators[halves[1]]
        gram[i][j] += value / 2
        gram[j][i] += value / 2
    pivots = _pivots(gram)
    if pivots is None:
        return False, False
    return True, UNIT in generators and all(pivot > 0 for pivot in pivots)


def _halves(term: Term) -> tuple[Term, Term] | None:
    """The two generators whose product the term is; 1 is a generator."""
    if any(not isinstance(exponent, int) or exponent < 0 for _, exponent in term):
        return None
    single = [component for component, exponent in term for _ in range(int(min(exponent, 3)))]
    if len(single) > 2:
        return None
    first, second = (((c, 1),) for c in single) if len(single) == 2 else (UNIT, tuple((c, 1) for c in single))
    return first, second


def _pivots(gram: list[list[fmpq]]) -> list[fmpq] | None:
    """The diagonal D of L D Lᵀ; None if the form is negative somewhere."""
    size = len(gram)
    matrix = [list(row) for row in gram]
    found: list[fmpq] = []
    for k in range(size):
        pivot = matrix[k][k]
        if pivot < 0:
            return None
        if pivot == 0:
            if any(matrix[k][j] != 0 for j in range(k, size)):
                return None
            found.append(pivot)
            continue
        found.append(pivot)
        for i in range(k + 1, size):
            factor = matrix[i][k] / pivot
            for j in range(k, size):
                matrix[i][j] -= factor * matrix[k][j]
    return found
