"""Bessel and Airy functions, elliptic integrals, integrals of exp, sin and cos over x.

Orders come first, as in ``besselj(n, x)``; a derivative in the order has no closed form.  The relations
between neighbouring orders are laws of the normal form (`normal_form.contiguity`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb

from symcheck.language.indexed import Node
from symcheck.operations.elementwise import exp, fn, half, in_order, state

# -- Bessel functions --------------------------------------------------------------------------------


def _bessel(name: str, letter: str, below: int, above: int, ball: Callable[[Any, Any], Any]) -> None:
    """State Z_ν with 2 Z_ν′ = `below` Z_{ν−1} + `above` Z_{ν+1}."""

    def derivative(order: Node, x: Node) -> Node:
        return (below * fn(name, order - 1, x) + above * fn(name, order + 1, x)) * half(x)

    state(name, (in_order(name), derivative), ball, name, latex=letter)


_bessel("besselj", "J", 1, -1, lambda n, x: x.bessel_j(n))
_bessel("bessely", "Y", 1, -1, lambda n, x: x.bessel_y(n))
_bessel("besseli", "I", 1, 1, lambda n, x: x.bessel_i(n))
_bessel("besselk", "K", -1, -1, lambda n, x: x.bessel_k(n))

# -- Airy functions ----------------------------------------------------------------------------------

state("airyai", lambda u: fn("airyaiprime", u), lambda u: u.airy_ai(), "airyai")
state("airybi", lambda u: fn("airybiprime", u), lambda u: u.airy_bi(), "airybi")
state("airyaiprime", lambda u: u * fn("airyai", u), lambda u: u.airy_ai(derivative=1), "airyaiprime")
state("airybiprime", lambda u: u * fn("airybi", u), lambda u: u.airy_bi(derivative=1), "airybiprime")

# -- elliptic integrals, of the parameter m ----------------------------------------------------------


def _complete(method: str) -> Callable[[Any], Any]:
    def value(m: Any) -> Any:
        # beyond m = 1 the value is not real
        return getattr(acb(m), method)().real if m < 1 else arb.nan()

    return value


state(
    "ellipk",
    lambda m: (fn("ellipe", m) - (1 - m) * fn("ellipk", m)) / (2 * m * (1 - m)),
    _complete("elliptic_k"),
    "elliptic_k",
    latex="K",
)
state(
    "ellipe",
    lambda m: (fn("ellipe", m) - fn("ellipk", m)) / (2 * m),
    _complete("elliptic_e"),
    "elliptic_e",
    latex="E",
)

# -- integrals of exp, sin, cos over x ---------------------------------------------------------------

state("sinint", lambda u: fn("sin", u) / u, lambda u: u.si(), "Si", parity="odd", latex=r"\operatorname{Si}")
state("cosint", lambda u: fn("cos", u) / u, lambda u: u.ci(), "Ci", latex=r"\operatorname{Ci}")
state(
    "expint_of_order",
    (in_order("expint"), lambda n, x: -fn("expint_of_order", n - 1, x)),
    lambda n, x: x.expint(n) if x > 0 else arb.nan(),
    "expint",
    public=False,
)


def expint(order: Node, x: Node) -> Node:
    """Eₙ(x) = ∫ exp(−xt)/tⁿ dt from 1, for x > 0; E₀ is elementary."""
    if order.op == "num" and order.args[0] == 0:
        return exp(-x) / x
    return fn("expint_of_order", order, x)
