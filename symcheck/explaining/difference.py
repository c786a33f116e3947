"""What is missing from a formula, read off the difference true − written."""

from __future__ import annotations

from symcheck.explaining.places import count
from symcheck.explaining.pool import mentions
from symcheck.language.tensor import Apply, Number, Tensor, structure

TERMS = 2
"""Most terms that are told as missing."""


def summands(tensor: Tensor) -> list[tuple[bool, Tensor]]:
    """The terms of a sum, each with whether it is subtracted."""
    match tensor:
        case Apply(op="add", args=(a, b)):
            return summands(a) + summands(b)
        case Apply(op="sub", args=(a, b)):
            return summands(a) + [(not minus, term) for minus, term in summands(b)]
        case Apply(op="neg", args=(a,)):
            return [(not minus, term) for minus, term in summands(a)]
        case Apply(op="mul" | "div" | "matmul" | "outer" as op, args=(a, b)):
            inner = summands(a)
            if len(inner) == 1 and inner[0][0]:
                return [(True, Apply(tensor.shape, op, (inner[0][1], b), tensor.params))]
    return [(False, tensor)]


def completed(left: Tensor, right: Tensor, missing: Tensor, true: Tensor | None) -> Tensor | None:
    """right + missing, if that is one or two terms and says more than the true side alone would.

    What takes a written term back, or speaks of the left side again, is no completion.
    """
    terms = summands(missing)
    written = [(minus, structure(term)) for minus, term in summands(right)]
    taken_back = any((not minus, structure(term)) in written for minus, term in terms)
    nothing = isinstance(right, Number) and right.value == 0
    if nothing or len(terms) > TERMS or taken_back or mentions(missing, left):
        return None
    whole = right
    for minus, term in terms:
        whole = whole - term if minus else whole + term
    if true is not None and count(whole) > count(true) + 2:
        return None
    return whole
