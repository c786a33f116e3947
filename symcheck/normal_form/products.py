"""Products compared factor by factor, before anything is distributed.

The derivative of a deep chain is a long product; multiplied out, factors like s(1 − s) would double the
number of terms at every layer.  Equal multisets of factors need no multiplying.
"""

from __future__ import annotations

from flint import fmpq

from symcheck.language.indexed import Node
from symcheck.normal_form.factoring import split_content
from symcheck.normal_form.factors import gather
from symcheck.normal_form.polynomial import MINUS, ONE, UNIT, Poly, Term, merge
from symcheck.normal_form.translation import Translation

WORTH = 6
"""Products of fewer factors are simply multiplied out."""


def same_product(left: Node, right: Node, translation: Translation) -> bool:
    """Whether two long products have the same factors; False decides nothing."""
    powers: dict[Node, int] = {}
    number = gather(left, 1, powers) / gather(right, -1, powers)
    if number == 0 or len(powers) < WORTH:
        return False
    algebra = translation.algebra
    coefficient = fmpq(number.numerator, number.denominator)
    monomial: Term = UNIT
    sums: dict[frozenset[object], int] = {}
    for node, power in powers.items():
        if power == 0:
            continue
        poly = translation.poly(node)
        if not poly:
            return False
        content, common, rest = split_content(algebra, poly)
        coefficient *= content**power
        monomial = merge(monomial, tuple((c, e * power) for c, e in common))
        if len(rest) == 1:
            ((term, value),) = rest.items()
            coefficient *= value**power
            monomial = merge(monomial, tuple((c, e * power) for c, e in term))
            continue
        key, sign = _key(rest, sums)
        coefficient *= sign**power
        sums[key] = sums.get(key, 0) + power
    return coefficient == ONE and not monomial and not any(sums.values())


def _key(poly: Poly, known: dict[frozenset[object], int]) -> tuple[frozenset[object], fmpq]:
    """The polynomial up to sign: the form met before, if either was."""
    key = frozenset(poly.items())
    if key not in known:
        negated = frozenset((term, -value) for term, value in poly.items())
        if negated in known:
            return negated, MINUS
    return key, ONE
