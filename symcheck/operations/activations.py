"""Activation functions and other everyday functions of entries, lowered to formulas."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symcheck.language.indexed import Node
from symcheck.operations.composed import composed
from symcheck.operations.elementwise import exp, fn, pi, positive, sqrt

# the constants of selu are those of its authors, to the digits that they print
SCALE = Fraction("1.0507009873554804934193349852946")
ALPHA = Fraction("1.6732632423543772848170429916717")
CUBIC = Fraction("0.044715")
"""The constant of the tanh form of gelu."""


def _num(u: Node, value: int | Fraction) -> Node:
    return u.table.num(value)


def _either(condition: Node, then: Node, other: Node) -> Node:
    return condition.table.case(condition, then, other)


def _between(u: Node, low: Node, high: Node) -> Node:
    return fn("minimum", fn("maximum", u, low), high)


def _bounded(u: Node, low: int, high: int) -> Node:
    return _between(u, _num(u, low), _num(u, high))


def _above(s: Any, u: Any, then: Any, other: Any) -> Any:
    return s.Piecewise((then, u > 0), (other, True))


def _rational(s: Any, value: Fraction) -> Any:
    return s.Rational(value.numerator, value.denominator)


def _clipped(s: Any, u: Any, low: Any, high: Any) -> Any:
    return s.Piecewise((low, u < low), (high, u > high), (u, True))


def _sigmoid(s: Any, u: Any) -> Any:
    return 1 / (1 + s.exp(-u))


# -- rectifiers ----------------------------------------------------------------------------------------

composed(
    "leaky_relu",
    lambda u, *a: _either(positive(u), u, (a[0] if a else _num(u, Fraction(1, 100))) * u),
    lambda s, u, *a: _above(s, u, u, (a[0] if a else s.Rational(1, 100)) * u),
    "leaky_relu(x, a) = x for x > 0, else a x; a = 0.01 if not given",
    (1, 2),
)
composed(
    "elu",
    lambda u, *a: _either(positive(u), u, (a[0] if a else _num(u, 1)) * (exp(u) - 1)),
    lambda s, u, *a: _above(s, u, u, (a[0] if a else 1) * (s.exp(u) - 1)),
    "elu(x, a) = x for x > 0, else a (eˣ − 1); a = 1 if not given",
    (1, 2),
)
composed(
    "celu",
    lambda u, *a: _either(positive(u), u, (a[0] * (exp(u / a[0]) - 1)) if a else exp(u) - 1),
    lambda s, u, *a: _above(s, u, u, a[0] * (s.exp(u / a[0]) - 1) if a else s.exp(u) - 1),
    "celu(x, a) = x for x > 0, else a (e^(x/a) − 1); a = 1 if not given",
    (1, 2),
)
composed(
    "selu",
    lambda u: _num(u, SCALE) * _either(positive(u), u, _num(u, ALPHA) * (exp(u) - 1)),
    lambda s, u: _rational(s, SCALE) * _above(s, u, u, _rational(s, ALPHA) * (s.exp(u) - 1)),
    "selu(x) = λ x for x > 0, else λ α (eˣ − 1); λ = 1.0507…, α = 1.6732…",
)
composed(
    "relu6", lambda u: _bounded(u, 0, 6), lambda s, u: _clipped(s, u, 0, 6), "relu6(x) = min(max(x, 0), 6)"
)
composed(
    "hardtanh",
    lambda u, *b: _between(u, *b, *(_num(u, end) for end in (-1, 1)[len(b) :])),
    lambda s, u, *b: _clipped(s, u, *b, *(-1, 1)[len(b) :]),
    "hardtanh(x, a, b) = min(max(x, a), b); a = −1, b = 1 if not given",
    (1, 3),
)
composed(
    "hardsigmoid",
    lambda u: _bounded(u + 3, 0, 6) / 6,
    lambda s, u: _clipped(s, u + 3, 0, 6) / 6,
    "hardsigmoid(x) = relu6(x + 3)/6",
)
composed(
    "hardswish",
    lambda u: u * _bounded(u + 3, 0, 6) / 6,
    lambda s, u: u * _clipped(s, u + 3, 0, 6) / 6,
    "hardswish(x) = x relu6(x + 3)/6",
)
composed(
    "hardshrink",
    lambda u, *a: _either(positive(fn("abs", u) - (a[0] if a else _num(u, Fraction(1, 2)))), u, _num(u, 0)),
    lambda s, u, *a: s.Piecewise((u, s.Abs(u) > (a[0] if a else s.Rational(1, 2))), (0, True)),
    "hardshrink(x, a) = x for |x| > a, else 0; a = ½ if not given",
    (1, 2),
)
composed(
    "softshrink",
    lambda u, *a: u - _between(u, *_around(u, a)),
    lambda s, u, *a: u - _clipped(s, u, *((-a[0], a[0]) if a else (-s.Rational(1, 2), s.Rational(1, 2)))),
    "softshrink(x, a) = x − min(max(x, −a), a); a = ½ if not given",
    (1, 2),
)
composed(
    "clip",
    _between,
    _clipped,
    "clip(x, a, b) = min(max(x, a), b)",
    (3, 3),
)


def _around(u: Node, a: tuple[Node, ...]) -> tuple[Node, Node]:
    bound = a[0] if a else _num(u, Fraction(1, 2))
    return -bound, bound


# -- smooth ones ---------------------------------------------------------------------------------------

composed("log1pexp", lambda u: fn("softplus", u), lambda s, u: s.log(1 + s.exp(u)), "log(1 + eˣ)")
composed("logsigmoid", lambda u: -fn("softplus", -u), lambda s, u: -s.log(1 + s.exp(-u)), "log sigmoid(x)")
composed(
    "swish",
    lambda u, *b: u * fn("sigmoid", b[0] * u if b else u),
    lambda s, u, *b: u * _sigmoid(s, b[0] * u if b else u),
    "swish(x, b) = x sigmoid(b x); b = 1 if not given",
    (1, 2),
)
composed(
    "mish",
    lambda u: u * fn("tanh", fn("softplus", u)),
    lambda s, u: u * s.tanh(s.log(1 + s.exp(u))),
    "mish(x) = x tanh(softplus(x))",
)
composed(
    "softsign", lambda u: u / (1 + fn("abs", u)), lambda s, u: u / (1 + s.Abs(u)), "softsign(x) = x/(1 + |x|)"
)
composed("tanhshrink", lambda u: u - fn("tanh", u), lambda s, u: u - s.tanh(u), "tanhshrink(x) = x − tanh(x)")
composed(
    "gelu_tanh",
    lambda u: u / 2 * (1 + fn("tanh", sqrt(2 / pi(u)) * (u + _num(u, CUBIC) * u**3))),
    lambda s, u: u / 2 * (1 + s.tanh(s.sqrt(2 / s.pi) * (u + _rational(s, CUBIC) * u**3))),
    "gelu_tanh(x) = ½ x (1 + tanh(sqrt(2/π)(x + 0.044715 x³)))",
)
composed("square", lambda u: u**2, lambda s, u: u**2, "square(x) = x²")
composed("reciprocal", lambda u: 1 / u, lambda s, u: 1 / u, "reciprocal(x) = 1/x")
