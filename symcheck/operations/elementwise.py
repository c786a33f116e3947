"""Scalar functions, each stated once: value, derivative, law, SymPy form, sign rule.

A function with a `law` is a composition of more primitive ones; the normal form knows only the
primitives exp, log, sin, cos, positive, vanishes and powers, and holds every other as opaque.
`ball` works on `arb` and, wherever FLINT has it, on `arb_series`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from symcheck.language.indexed import Node
from symcheck.language.operand import Axis, View
from symcheck.language.registry import Operation, register
from symcheck.operations.stating import broadcasting

HALF = Fraction(1, 2)
GUARDS = frozenset(
    (
        "positive",
        "vanishes",
        "heaviside",
        "sign",
        "abs",
        "relu",
        "maximum",
        "minimum",
        "floor",
        "ceil",
        "trunc",
    )
)
"""Functions that turn on a sign: differentiable off a boundary only."""


@dataclass(frozen=True, slots=True)
class ScalarFunction:
    """A real function of one or more real arguments."""

    name: str
    derivatives: tuple[Callable[..., Node], ...]
    """∂/∂argument k as a node, from the argument nodes; one for each argument."""
    ball: Callable[..., Any]
    """Enclosure of the value, from `arb` or `arb_series` arguments; nan outside the domain."""
    sympy: Callable[..., Any]
    """(the sympy module, arguments) → SymPy expression."""
    law: Callable[..., Node] | None = None
    """The function through more primitive ones, valid for all points of its domain."""
    parity: str = ""
    """``odd``, ``even`` or nothing."""
    latex: str = ""
    """LaTeX of the name, such as ``\\tanh``."""
    positive_argument: bool = False
    """Defined only where the argument is > 0."""


SCALAR: dict[str, ScalarFunction] = {}


def fn(name: str, *args: Node) -> Node:
    """A known function of nodes."""
    return args[0].table.fn(name, *args)


def exp(u: Node) -> Node:
    """eᵘ."""
    return fn("exp", u)


def log(u: Node) -> Node:
    """Natural logarithm."""
    return fn("log", u)


def sqrt(u: Node) -> Node:
    """u^(1/2)."""
    return u.table.pow(u, HALF)


def positive(u: Node) -> Node:
    """[u > 0]."""
    return fn("positive", u)


def pi(u: Node) -> Node:
    """π, in the table of u."""
    return u.table.const("pi")


def half(u: Node) -> Node:
    """½, in the table of u."""
    return u.table.num(HALF)


def zero(*args: Node) -> Node:
    """0, in the table of the argument."""
    return args[0].table.num(0)


def in_order(name: str) -> Callable[..., Node]:
    """The derivative in an order or parameter that has no closed form: a name that stops differentiation."""
    return lambda *args: fn(f"{name}, in its order", *args)


def method(name: str, series: Callable[[Any], Any] | None = None) -> Callable[[Any], Any]:
    """The FLINT method of this name, or a composition where series lack it."""

    def value(u: Any) -> Any:
        found = getattr(u, name, None)
        if found is not None:
            return found()
        if series is None:
            raise TypeError(f"no series of {name}")
        return series(u)

    return value


def state(
    name: str,
    derivative: Callable[..., Node] | tuple[Callable[..., Node], ...],
    ball: Callable[..., Any],
    sympy: Callable[..., Any] | str,
    law: Callable[..., Node] | None = None,
    *,
    parity: str = "",
    latex: str = "",
    positive_argument: bool = False,
    public: bool = True,
) -> None:
    """Enter a function, and the operation of the same name that applies it entry by entry."""
    derivatives = derivative if isinstance(derivative, tuple) else (derivative,)
    sympy_form = _by_name(sympy) if isinstance(sympy, str) else sympy
    latex = latex or f"\\operatorname{{{name}}}"
    SCALAR[name] = ScalarFunction(name, derivatives, ball, sympy_form, law, parity, latex, positive_argument)
    if public:
        count = len(derivatives)
        register(
            Operation(
                name,
                (count, count),
                broadcasting,
                _applied(name),
                f"{name}(x)ᵢ = {name}(xᵢ)",
                None,
                None,
                True,
            )
        )


def _by_name(name: str) -> Callable[..., Any]:
    def build(sympy: Any, *args: Any) -> Any:
        return getattr(sympy, name)(*args)

    return build


def _applied(name: str) -> Callable[..., Node]:
    def law(table: Any, out: tuple[Axis, ...], params: tuple[Any, ...], *views: View) -> Node:
        entries = (view[out[len(out) - len(view.shape) :]] for view in views)
        node: Node = table.fn(name, *entries)
        return node

    return law


def _one(u: Any) -> Any:
    return u * 0 + 1


# -- exponential and logarithm -----------------------------------------------------------------

state("exp", exp, method("exp"), "exp", latex=r"\exp")
state("log", lambda u: 1 / u, method("log"), "log", latex=r"\log", positive_argument=True)
state("expm1", exp, lambda u: u.exp() - 1, lambda s, u: s.exp(u) - 1, lambda u: exp(u) - 1)
state(
    "log1p", lambda u: 1 / (1 + u), lambda u: (u + 1).log(), lambda s, u: s.log(1 + u), lambda u: log(1 + u)
)
state(
    "exp2",
    lambda u: fn("exp2", u) * log(u.table.num(2)),
    lambda u: (u * arb(2).log()).exp(),
    lambda s, u: 2**u,
    lambda u: exp(u * log(u.table.num(2))),
)
state(
    "exp10",
    lambda u: fn("exp10", u) * log(u.table.num(10)),
    lambda u: (u * arb(10).log()).exp(),
    lambda s, u: 10**u,
    lambda u: exp(u * log(u.table.num(10))),
)
state(
    "log2",
    lambda u: 1 / (u * log(u.table.num(2))),
    lambda u: u.log() / arb(2).log(),
    lambda s, u: s.log(u) / s.log(2),
    lambda u: log(u) / log(u.table.num(2)),
    positive_argument=True,
)
state(
    "log10",
    lambda u: 1 / (u * log(u.table.num(10))),
    lambda u: u.log() / arb(10).log(),
    lambda s, u: s.log(u) / s.log(10),
    lambda u: log(u) / log(u.table.num(10)),
    positive_argument=True,
)
state(
    "sigmoid",
    lambda u: fn("sigmoid", u) * (1 - fn("sigmoid", u)),
    lambda u: 1 / (1 + (-u).exp()),
    lambda s, u: 1 / (1 + s.exp(-u)),
    lambda u: 1 / (1 + exp(-u)),
)
state(
    "logistic",
    lambda u: fn("sigmoid", u) * (1 - fn("sigmoid", u)),
    lambda u: 1 / (1 + (-u).exp()),
    lambda s, u: 1 / (1 + s.exp(-u)),
    lambda u: 1 / (1 + exp(-u)),
)
state(
    "softplus",
    lambda u: fn("sigmoid", u),
    lambda u: (1 + u.exp()).log(),
    lambda s, u: s.log(1 + s.exp(u)),
    lambda u: log(1 + exp(u)),
)
state(
    "logit",
    lambda u: 1 / (u * (1 - u)),
    lambda u: (u / (1 - u)).log(),
    lambda s, u: s.log(u / (1 - u)),
    lambda u: log(u / (1 - u)),
)
state(
    "silu",
    lambda u: fn("sigmoid", u) * (1 + u * (1 - fn("sigmoid", u))),
    lambda u: u / (1 + (-u).exp()),
    lambda s, u: u / (1 + s.exp(-u)),
    lambda u: u / (1 + exp(-u)),
)

# -- hyperbolic --------------------------------------------------------------------------------

state(
    "sinh",
    lambda u: fn("cosh", u),
    method("sinh", lambda u: (u.exp() - (-u).exp()) / 2),
    "sinh",
    lambda u: (exp(u) - exp(-u)) * half(u),
    latex=r"\sinh",
)
state(
    "cosh",
    lambda u: fn("sinh", u),
    method("cosh", lambda u: (u.exp() + (-u).exp()) / 2),
    "cosh",
    lambda u: (exp(u) + exp(-u)) * half(u),
    latex=r"\cosh",
)
state(
    "tanh",
    lambda u: 1 - fn("tanh", u) ** 2,
    method("tanh", lambda u: 1 - 2 / ((2 * u).exp() + 1)),
    "tanh",
    lambda u: 1 - 2 / (exp(2 * u) + 1),
    latex=r"\tanh",
)
state(
    "coth",
    lambda u: 1 - fn("coth", u) ** 2,
    method("coth", lambda u: 1 + 2 / ((2 * u).exp() - 1)),
    "coth",
    lambda u: 1 + 2 / (exp(2 * u) - 1),
    latex=r"\coth",
)
state(
    "sech",
    lambda u: -fn("sech", u) * fn("tanh", u),
    method("sech", lambda u: 2 / (u.exp() + (-u).exp())),
    "sech",
    lambda u: 2 / (exp(u) + exp(-u)),
)
state(
    "csch",
    lambda u: -fn("csch", u) * fn("coth", u),
    method("csch", lambda u: 2 / (u.exp() - (-u).exp())),
    "csch",
    lambda u: 2 / (exp(u) - exp(-u)),
)
state(
    "asinh",
    lambda u: 1 / sqrt(u**2 + 1),
    method("asinh", lambda u: (u + (u * u + 1).sqrt()).log()),
    "asinh",
    lambda u: log(u + sqrt(u**2 + 1)),
    parity="odd",
)
state(
    "acosh",
    lambda u: 1 / sqrt(u**2 - 1),
    method("acosh", lambda u: (u + (u * u - 1).sqrt()).log()),
    "acosh",
    lambda u: log(u + sqrt(u**2 - 1)),
)
state(
    "atanh",
    lambda u: 1 / (1 - u**2),
    method("atanh", lambda u: ((1 + u) / (1 - u)).log() / 2),
    "atanh",
    lambda u: log((1 + u) / (1 - u)) * half(u),
    parity="odd",
)


# -- circular ----------------------------------------------------------------------------------

state("sin", lambda u: fn("cos", u), method("sin"), "sin", parity="odd", latex=r"\sin")
state("cos", lambda u: -fn("sin", u), method("cos"), "cos", parity="even", latex=r"\cos")
state(
    "tan",
    lambda u: 1 + fn("tan", u) ** 2,
    method("tan"),
    "tan",
    lambda u: fn("sin", u) / fn("cos", u),
    latex=r"\tan",
)
state(
    "cot",
    lambda u: -1 - fn("cot", u) ** 2,
    method("cot", lambda u: u.cos() / u.sin()),
    "cot",
    lambda u: fn("cos", u) / fn("sin", u),
    latex=r"\cot",
)
state(
    "sec",
    lambda u: fn("sec", u) * fn("tan", u),
    method("sec", lambda u: 1 / u.cos()),
    "sec",
    lambda u: 1 / fn("cos", u),
    latex=r"\sec",
)
state(
    "csc",
    lambda u: -fn("csc", u) * fn("cot", u),
    method("csc", lambda u: 1 / u.sin()),
    "csc",
    lambda u: 1 / fn("sin", u),
    latex=r"\csc",
)
state("asin", lambda u: 1 / sqrt(1 - u**2), method("asin"), "asin", parity="odd", latex=r"\arcsin")
state(
    "acos",
    lambda u: -1 / sqrt(1 - u**2),
    method("acos"),
    "acos",
    lambda u: pi(u) * half(u) - fn("asin", u),
    latex=r"\arccos",
)
state("atan", lambda u: 1 / (1 + u**2), method("atan"), "atan", parity="odd", latex=r"\arctan")

# -- guards ------------------------------------------------------------------------------------


def _sign_ball(u: Any) -> Any:
    if u > 0:
        return _one(u)
    if u < 0:
        return -_one(u)
    return u * 0 if u == 0 else u * 0 + arb.nan()


def _positive_ball(u: Any) -> Any:
    if u > 0:
        return _one(u)
    if u <= 0:
        return u * 0
    return u * 0 + arb.nan()


state("positive", zero, _positive_ball, lambda s, u: s.Piecewise((1, u > 0), (0, True)), public=False)
state(
    "vanishes",
    zero,
    lambda u: _one(u) if u == 0 else u * 0,
    lambda s, u: s.Piecewise((1, s.Eq(u, 0)), (0, True)),
    parity="even",
    public=False,
)
state("floor", zero, lambda u: u.floor(), "floor", latex=r"\\operatorname{floor}")
state("ceil", zero, lambda u: u.ceil(), "ceiling", lambda u: -fn("floor", -u))
state(
    "trunc",
    zero,
    lambda u: u.floor() if u >= 0 else u.ceil() if u < 0 else u + arb.nan(),
    lambda s, u: s.sign(u) * s.floor(s.Abs(u)),
    lambda u: u.table.case(positive(u), fn("floor", u), -fn("floor", -u)),
)
state("heaviside", zero, _positive_ball, lambda s, u: s.Piecewise((1, u > 0), (0, True)), positive)
state("sign", zero, _sign_ball, "sign", lambda u: positive(u) - positive(-u), parity="odd")
state(
    "abs",
    lambda u: fn("sign", u),
    lambda u: u * _sign_ball(u),
    "Abs",
    lambda u: u.table.case(positive(u), u, -u),
    parity="even",
    latex=r"\operatorname{abs}",
)
state(
    "relu",
    positive,
    lambda u: u * _positive_ball(u),
    lambda s, u: s.Piecewise((u, u > 0), (0, True)),
    lambda u: u.table.case(positive(u), u, u.table.num(0)),
)
state(
    "maximum",
    (lambda a, b: positive(a - b), lambda a, b: 1 - positive(a - b)),
    lambda a, b: a if a >= b else b if a < b else a + arb.nan(),
    "Max",
    lambda a, b: a.table.case(positive(a - b), a, b),
    latex=r"\max",
)
state(
    "minimum",
    (lambda a, b: positive(b - a), lambda a, b: 1 - positive(b - a)),
    lambda a, b: a if a <= b else b if a > b else a + arb.nan(),
    "Min",
    lambda a, b: a.table.case(positive(b - a), a, b),
    latex=r"\min",
)
