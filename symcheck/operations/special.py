"""Special functions and functions of two arguments.

Opaque in the normal form but for what their laws and derivatives say.
"""

from __future__ import annotations

from typing import Any

from flint import arb, arb_series, ctx

from symcheck.language.indexed import Node
from symcheck.operations.elementwise import exp, fn, half, in_order, log, method, pi, sqrt, state

state("erf", lambda u: 2 / sqrt(pi(u)) * exp(-(u**2)), method("erf"), "erf", parity="odd")
state("erfc", lambda u: -2 / sqrt(pi(u)) * exp(-(u**2)), method("erfc"), "erfc", lambda u: 1 - fn("erf", u))
state(
    "Phi",
    lambda u: fn("phi", u),
    lambda u: (1 + (u / arb(2).sqrt()).erf()) / 2,
    lambda s, u: (1 + s.erf(u / s.sqrt(2))) / 2,
    lambda u: (1 + fn("erf", u / sqrt(u.table.num(2)))) * half(u),
    latex=r"\Phi",
)
state(
    "phi",
    lambda u: -u * fn("phi", u),
    lambda u: (u * u / -2).exp() / (2 * arb.pi()).sqrt(),
    lambda s, u: s.exp(-(u**2) / 2) / s.sqrt(2 * s.pi),
    lambda u: exp(-(u**2) * half(u)) / sqrt(2 * pi(u)),
    parity="even",
    latex=r"\varphi",
)
state(
    "gelu",
    lambda u: fn("Phi", u) + u * fn("phi", u),
    lambda u: u * (1 + (u / arb(2).sqrt()).erf()) / 2,
    lambda s, u: u * (1 + s.erf(u / s.sqrt(2))) / 2,
    lambda u: u * (1 + fn("erf", u / sqrt(u.table.num(2)))) * half(u),
)
state("lgamma", lambda u: fn("digamma", u), method("lgamma"), "loggamma")
state("gamma", lambda u: fn("gamma", u) * fn("digamma", u), method("gamma"), "gamma", latex=r"\Gamma")


def _digamma_ball(u: Any) -> Any:
    return u.digamma() if hasattr(u, "digamma") else u.lgamma().derivative()


def _angle(y: Any, x: Any) -> Any:
    """atan2(y, x); of series the angle at the start and the one turned since then."""
    y0, x0 = (v[0] if isinstance(v, arb_series) else v for v in (y, x))
    if y0 is y and x0 is x:
        return arb.atan2(y, x)
    turned = (y * x0 - x * y0) / (x * x0 + y * y0)
    return turned.atan() + arb.atan2(y0, x0)


def _polygamma_ball(n: Any, x: Any) -> Any:
    if n == 0:
        return _digamma_ball(x)
    return (n + 1).gamma() * (n + 1).zeta(x) * (1 if int(n.unique_fmpz()) % 2 else -1)


state(
    "digamma",
    lambda u: fn("trigamma", u),
    _digamma_ball,
    "digamma",
    latex=r"\psi",
)
state(
    "trigamma",
    lambda u: fn("polygamma", u.table.num(2), u),
    lambda u: arb(2).zeta(u),
    "trigamma",
    lambda u: fn("polygamma", u.table.num(1), u),
)

# -- two arguments -----------------------------------------------------------------------------

state(
    "hypot",
    (lambda a, b: a / fn("hypot", a, b), lambda a, b: b / fn("hypot", a, b)),
    lambda a, b: (a * a + b * b).sqrt(),
    lambda s, a, b: s.sqrt(a**2 + b**2),
    lambda a, b: sqrt(a**2 + b**2),
)
state(
    "logaddexp",
    (lambda a, b: fn("sigmoid", a - b), lambda a, b: fn("sigmoid", b - a)),
    lambda a, b: (a.exp() + b.exp()).log(),
    lambda s, a, b: s.log(s.exp(a) + s.exp(b)),
    lambda a, b: log(exp(a) + exp(b)),
)


# 0 · log 0 = 0: x log y is 0 where x is, whatever y; a plain 0*log(0) stays undefined


def _times_log(x: Any, y: Any) -> Any:
    return x * 0 + y * 0 if x == 0 else x * y.log()


def _unless_zero(x: Node, value: Node) -> Node:
    """value, or 0 where x = 0."""
    return x.table.case(fn("vanishes", x), x.table.num(0), value)


def _times_log_sympy(s: Any, x: Any, y: Any) -> Any:
    return s.Piecewise((0, s.Eq(x, 0)), (x * s.log(y), True))


state(
    "xlogx",
    lambda x: 1 + log(x),
    lambda x: _times_log(x, x),
    lambda s, x: _times_log_sympy(s, x, x),
    lambda x: _unless_zero(x, x * log(x)),
)
state(
    "xlogy",
    (lambda x, y: log(y), lambda x, y: _unless_zero(x, x / y)),
    _times_log,
    _times_log_sympy,
    lambda x, y: _unless_zero(x, x * log(y)),
)
state(
    "xlog1py",
    (lambda x, y: log(1 + y), lambda x, y: _unless_zero(x, x / (1 + y))),
    lambda x, y: _times_log(x, y + 1),
    lambda s, x, y: _times_log_sympy(s, x, 1 + y),
    lambda x, y: _unless_zero(x, x * log(1 + y)),
)
state("erfi", lambda u: 2 / sqrt(pi(u)) * exp(u**2), method("erfi"), "erfi", parity="odd")
state(
    "erfinv",
    lambda u: sqrt(pi(u)) * half(u) * exp(fn("erfinv", u) ** 2),
    method("erfinv"),
    "erfinv",
    parity="odd",
)
state(
    "atan2",
    (lambda y, x: x / (x**2 + y**2), lambda y, x: -y / (x**2 + y**2)),
    _angle,
    "atan2",
)
state(
    "polygamma",
    (in_order("polygamma"), lambda n, x: fn("polygamma", n + 1, x)),
    _polygamma_ball,
    "polygamma",
)
state(
    "gammainc_p",
    (in_order("gammainc_p"), lambda a, x: exp((a - 1) * log(x) - x) / fn("gamma", a)),
    lambda a, x: x.gamma_lower(a, regularized=1) if x > 0 and a > 0 else arb.nan(),
    lambda s, a, x: s.lowergamma(a, x) / s.gamma(a),
)
state(
    "zeta",
    (in_order("zeta"), lambda s, z: -s * fn("zeta", s + 1, z)),
    lambda s, z: s.zeta(z),
    "zeta",
    latex=r"\zeta",
)


def _inverse_digamma(x: Any) -> Any:
    """The y > 0 with digamma(y) = x: Newton's steps, then a bracket, as digamma rises from −∞ to ∞."""
    y = x.exp() + arb(1) / 2 if x > -2 else -1 / (x + arb.const_euler())
    for _ in range(60):
        y = abs((y - (y.digamma() - x) / arb(2).zeta(y)).mid())
    for bits in range(ctx.prec - 8, 8, -8):
        gap = y * arb(2) ** -bits
        if (y - gap).digamma() < x < (y + gap).digamma():
            return (y - gap).union(y + gap)
    return arb.nan()


state(
    "invdigamma",
    lambda u: 1 / fn("trigamma", fn("invdigamma", u)),
    _inverse_digamma,
    lambda s, u: s.Function("invdigamma")(u),
)
