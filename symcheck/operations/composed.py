"""Functions that stand for a formula: they are lowered to it, and have no derivative of their own.

Each gives its formula in index notation and, written independently, in SymPy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symcheck.language.indexed import Node
from symcheck.language.operand import Axis, View
from symcheck.language.registry import Operation, register
from symcheck.operations.classical import expint
from symcheck.operations.elementwise import exp, fn, half, log, pi, positive, sqrt
from symcheck.operations.stating import broadcasting


@dataclass(frozen=True, slots=True)
class Composed:
    """A function with its formula in SymPy."""

    name: str
    sympy: Callable[..., Any]
    """(the sympy module, arguments) → SymPy expression."""


COMPOSED: dict[str, Composed] = {}


def composed(
    name: str,
    law: Callable[..., Node],
    sympy: Callable[..., Any],
    statement: str,
    arity: tuple[int, int] = (1, 1),
    latex: str | None = None,
) -> None:
    """Enter a function of entries that is lowered to `law` of them."""

    def lowered(table: Any, out: tuple[Axis, ...], params: tuple[Any, ...], *views: View) -> Node:
        return law(*(view[out[len(out) - len(view.shape) :]] for view in views))

    COMPOSED[name] = Composed(name, sympy)
    register(Operation(name, arity, broadcasting, lowered, statement, None, latex, True))


def _num(u: Node, value: int | Fraction) -> Node:
    return u.table.num(value)


def _power(u: Node, exponent: Fraction) -> Node:
    return u.table.pow(u, exponent)


def _absolute(u: Node) -> Node:
    return fn("abs", u)


# -- rounding and remainders -------------------------------------------------------------------------

composed("mod", lambda a, b: a - b * fn("floor", a / b), lambda s, a, b: s.Mod(a, b), "a − b⌊a/b⌋", (2, 2))
composed(
    "rem",
    lambda a, b: a - b * fn("trunc", a / b),
    lambda s, a, b: a - b * s.sign(a / b) * s.floor(s.Abs(a / b)),
    "a − b trunc(a/b)",
    (2, 2),
)
composed(
    "cbrt",
    lambda u: u.table.case(positive(u), _power(u, Fraction(1, 3)), -_power(-u, Fraction(1, 3))),
    lambda s, u: s.real_root(u, 3),
    "the real cube root",
)

# -- logarithms of sums ------------------------------------------------------------------------------

composed(
    "logaddexp2",
    lambda a, b: log(fn("exp2", a) + fn("exp2", b)) / log(_num(a, 2)),
    lambda s, a, b: s.log(2**a + 2**b, 2),
    "log₂(2ᵃ + 2ᵇ)",
    (2, 2),
)
composed(
    "logsubexp",
    lambda a, b: log(_absolute(exp(a) - exp(b))),
    lambda s, a, b: s.log((s.exp(a) - s.exp(b)) ** 2) / 2,
    "log |eᵃ − eᵇ|",
    (2, 2),
)

# -- inverse trigonometric and hyperbolic functions of 1/x ---------------------------------------------

for _name, _of in (("acot", "atan"), ("asec", "acos"), ("acsc", "asin")):
    composed(
        _name,
        lambda u, _of=_of: fn(_of, 1 / u),
        lambda s, u, _of=_of: getattr(s, _of)(1 / u),
        f"{_of}(1/x)",
    )
for _name, _of in (("acoth", "atanh"), ("asech", "acosh"), ("acsch", "asinh")):
    composed(
        _name,
        lambda u, _of=_of: fn(_of, 1 / u),
        lambda s, u, _of=_of: getattr(s, _of)(1 / u),
        f"{_of}(1/x)",
    )

# -- angles in degrees and half turns ------------------------------------------------------------------

composed("deg2rad", lambda u: u * pi(u) / 180, lambda s, u: u * s.pi / 180, "πx/180")
composed("rad2deg", lambda u: u * 180 / pi(u), lambda s, u: u * 180 / s.pi, "180x/π")
for _name in ("sin", "cos", "tan", "sec", "csc", "cot"):
    composed(
        f"{_name}d",
        lambda u, _of=_name: fn(_of, u * pi(u) / 180),
        lambda s, u, _of=_name: getattr(s, _of)(u * s.pi / 180),
        f"{_name}(πx/180)",
    )
for _name in ("asin", "acos", "atan"):
    composed(
        f"{_name}d",
        lambda u, _of=_name: fn(_of, u) * 180 / pi(u),
        lambda s, u, _of=_name: getattr(s, _of)(u) * 180 / s.pi,
        f"180 {_name}(x)/π",
    )
for _name, _of in (("acotd", "atan"), ("asecd", "acos"), ("acscd", "asin")):
    composed(
        _name,
        lambda u, _of=_of: fn(_of, 1 / u) * 180 / pi(u),
        lambda s, u, _of=_of: getattr(s, _of)(1 / u) * 180 / s.pi,
        f"180 {_of}(1/x)/π",
    )
composed("sinpi", lambda u: fn("sin", pi(u) * u), lambda s, u: s.sin(s.pi * u), "sin(πx)")
composed("cospi", lambda u: fn("cos", pi(u) * u), lambda s, u: s.cos(s.pi * u), "cos(πx)")
composed(
    "sinc",
    lambda u: fn("sin", pi(u) * u) / (pi(u) * u),
    lambda s, u: s.sin(s.pi * u) / (s.pi * u),
    "sin(πx)/(πx), for x ≠ 0",
)
composed(
    "cosc",
    lambda u: fn("cos", pi(u) * u) / u - fn("sin", pi(u) * u) / (pi(u) * u**2),
    lambda s, u: s.cos(s.pi * u) / u - s.sin(s.pi * u) / (s.pi * u**2),
    "sinc′(x), for x ≠ 0",
)

# -- error functions -----------------------------------------------------------------------------------

composed(
    "erfcx", lambda u: exp(u**2) * fn("erfc", u), lambda s, u: s.exp(u**2) * s.erfc(u), "exp(x²) erfc(x)"
)
composed("erfcinv", lambda u: fn("erfinv", 1 - u), lambda s, u: s.erfinv(1 - u), "erfinv(1 − x)")
composed("logerfc", lambda u: log(fn("erfc", u)), lambda s, u: s.log(s.erfc(u)), "log erfc(x)")
composed(
    "logerfcx",
    lambda u: u**2 + log(fn("erfc", u)),
    lambda s, u: s.log(s.exp(u**2) * s.erfc(u)),
    "log(exp(x²) erfc(x))",
)
composed(
    "dawson",
    lambda u: sqrt(pi(u)) * half(u) * exp(-(u**2)) * fn("erfi", u),
    lambda s, u: s.sqrt(s.pi) / 2 * s.exp(-(u**2)) * s.erfi(u),
    "½√π exp(−x²) erfi(x)",
)
composed(
    "ndtri",
    lambda u: sqrt(_num(u, 2)) * fn("erfinv", 2 * u - 1),
    lambda s, u: s.sqrt(2) * s.erfinv(2 * u - 1),
    "the inverse of Phi: √2 erfinv(2x − 1)",
)

# -- gamma functions -----------------------------------------------------------------------------------

composed(
    "beta",
    lambda a, b: fn("gamma", a) * fn("gamma", b) / fn("gamma", a + b),
    lambda s, a, b: s.gamma(a) * s.gamma(b) / s.gamma(a + b),
    "Γ(a)Γ(b)/Γ(a + b)",
    (2, 2),
)
composed(
    "logbeta",
    lambda a, b: fn("lgamma", a) + fn("lgamma", b) - fn("lgamma", a + b),
    lambda s, a, b: s.loggamma(a) + s.loggamma(b) - s.loggamma(a + b),
    "log(Γ(a)Γ(b)/Γ(a + b))",
    (2, 2),
)
composed(
    "gammainc_q",
    lambda a, x: 1 - fn("gammainc_p", a, x),
    lambda s, a, x: s.uppergamma(a, x) / s.gamma(a),
    "Γ(a, x)/Γ(a)",
    (2, 2),
)
composed(
    "expint",
    lambda *args: expint(args[0] if len(args) == 2 else _num(args[0], 1), args[-1]),
    lambda s, *args: s.expint(args[0] if len(args) == 2 else 1, args[-1]),
    "Eₙ(x) = ∫₁^∞ exp(−xt)/tⁿ dt; E₁ if no order is given",
    (1, 2),
)

# -- Bessel and Airy functions of fixed order, and scaled ------------------------------------------------

for _name, _of, _order in (
    ("besselj0", "besselj", 0),
    ("besselj1", "besselj", 1),
    ("bessely0", "bessely", 0),
    ("bessely1", "bessely", 1),
    ("i0", "besseli", 0),
    ("i1", "besseli", 1),
):
    composed(
        _name,
        lambda u, _of=_of, _order=_order: fn(_of, _num(u, _order), u),
        lambda s, u, _of=_of, _order=_order: getattr(s, _of)(_order, u),
        f"{_of}({_order}, x)",
    )
for _name, _order in (("i0e", 0), ("i1e", 1)):
    composed(
        _name,
        lambda u, _order=_order: exp(-_absolute(u)) * fn("besseli", _num(u, _order), u),
        lambda s, u, _order=_order: s.exp(-s.Abs(u)) * s.besseli(_order, u),
        f"exp(−|x|) besseli({_order}, x)",
    )
composed(
    "besselix",
    lambda n, x: exp(-_absolute(x)) * fn("besseli", n, x),
    lambda s, n, x: s.exp(-s.Abs(x)) * s.besseli(n, x),
    "exp(−|x|) besseli(n, x)",
    (2, 2),
)
composed(
    "besselkx",
    lambda n, x: exp(x) * fn("besselk", n, x),
    lambda s, n, x: s.exp(x) * s.besselk(n, x),
    "exp(x) besselk(n, x)",
    (2, 2),
)
for _name in ("airyai", "airyaiprime"):
    composed(
        f"{_name}x",
        lambda u, _of=_name: exp(_num(u, Fraction(2, 3)) * _power(u, Fraction(3, 2))) * fn(_of, u),
        lambda s, u, _of=_name: s.exp(s.Rational(2, 3) * u ** s.Rational(3, 2)) * getattr(s, _of)(u),
        f"exp(⅔x^(3/2)) {_name}(x)",
    )
for _name in ("airybi", "airybiprime"):
    composed(
        f"{_name}x",
        lambda u, _of=_name: (
            exp(_num(u, Fraction(-2, 3)) * _power(fn("relu", u), Fraction(3, 2))) * fn(_of, u)
        ),
        lambda s, u, _of=_name: (
            s.exp(-s.Rational(2, 3) * s.Max(u, 0) ** s.Rational(3, 2)) * getattr(s, _of)(u)
        ),
        f"exp(−⅔ Re x^(3/2)) {_name}(x)",
    )
