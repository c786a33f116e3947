"""Numbers such as exp(1) − 2 and log 2 − π/4 in balls: their sign is certain where the ball excludes 0."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, ctx

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.polynomial import Poly
from symcheck.normal_form.templates import TemplateHead

BITS = 256
DEPTH = 4


def enclosed(algebra: Algebra, poly: Poly, depth: int = 0) -> Any:
    """A ball around the value of a polynomial in constants; None where anything else stands in it."""
    with ctx.workprec(BITS):
        result = arb(0)
        for term, coefficient in poly.items():
            product = arb(coefficient)
            for component, exponent in term:
                value = _value(algebra, component, depth)
                if value is None or (not value > 0 and not isinstance(exponent, int)):
                    return None
                power = Fraction(exponent)
                product *= value ** (arb(power.numerator) / power.denominator)
            result += product
        return result if result.is_finite() else None


def _value(algebra: Algebra, component: int, depth: int) -> Any:
    atom = algebra.components[component]
    head = atom.head
    if head is None or atom.idxs or depth > DEPTH:
        return None
    if head.kind == "pi":
        return arb.pi()
    if head.kind == "radical":
        return arb(head.prime)  # type: ignore[attr-defined]
    if head.kind == "log of a prime":
        return arb(head.prime).log()  # type: ignore[attr-defined]
    if not isinstance(head, TemplateHead) or head.kind not in ("exp", "denominator", "log", "sin", "cos"):
        return None
    inner = enclosed(algebra, head.content(algebra, ())[0], depth + 1)
    if inner is None or head.kind == "denominator":
        return inner
    if head.kind == "log":
        return abs(inner).log() if not inner.contains(0) else None
    return getattr(inner, head.kind)()
