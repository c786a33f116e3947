"""Every function of entries against SymPy and mpmath: its value, and its derivative by a difference quotient.

The oracle is the dense meaning in SymPy, evaluated by mpmath to 45 digits; neither the index laws nor the
balls nor our derivatives have a part in it.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from flint import arb

from symcheck.differentiation import differentiate
from symcheck.errors import Blocked
from symcheck.evaluation.numbers import is_finite, rational
from symcheck.evaluation.points import Point
from symcheck.evaluation.values import value_of
from symcheck.language.claim import Assumptions, Graph
from symcheck.language.indexed import Table
from symcheck.language.registry import REGISTRY
from symcheck.language.tensor import Symbol, apply, variable
from symcheck.lowering import lower_graph, lower_tensor
from symcheck.sympy_oracle.arrays import number
from symcheck.sympy_oracle.operations import meaning_of

FIRST = [
    Fraction(7, 10),
    Fraction(1, 5),
    Fraction(13, 5),
    Fraction(-3, 5),
    Fraction(-17, 10),
    Fraction(29, 2),
]
SECOND = [Fraction(5, 4), Fraction(2, 7), Fraction(-3, 2), Fraction(-1, 3)]
ORDERS = {
    name: [Fraction(2), Fraction(3)]
    for name in ("besselj", "bessely", "besseli", "besselk", "besselix", "besselkx", "polygamma", "zeta")
}
"""Functions whose first argument is a whole number here."""
NO_DERIVATIVE = {*ORDERS, "gammainc_p", "gammainc_q"}
"""Functions without a derivative in their first argument."""
FUNCTIONS = [name for name, known in REGISTRY.items() if known.elementwise and name != "where"]
STEP = sympy.Rational(1, 10**12)
CLOSE = sympy.Rational(1, 10**15)

NAMES = U, V, W = Symbol("u", ()), Symbol("v", ()), Symbol("w", ())


def places(name: str) -> list[tuple[Fraction, ...]]:
    if REGISTRY[name].arity[0] == 1:
        return [(x,) for x in FIRST]
    if REGISTRY[name].arity[0] == 3:
        return [(x, Fraction(-1, 2), Fraction(3, 2)) for x in FIRST]
    return [(n, x) for n in ORDERS.get(name, FIRST) for x in SECOND]


def true_value(name: str, *at: sympy.Expr) -> sympy.Expr | None:
    """The value by SymPy and mpmath; None where it is no finite real number."""
    symbols = sympy.symbols("u v w", real=True)[: len(at)]
    form = meaning_of(name)((), *map(number, symbols)).scalar
    try:
        found = sympy.N(form.subs(dict(zip(symbols, at, strict=True))), 45)
    except ValueError:  # said of erfinv outside its domain
        return None
    return found if found.is_Number and found.is_finite and found.is_real else None


def our_value(name: str, at: tuple[Fraction, ...], by: Symbol | None = None) -> sympy.Expr | None:
    """The value, or the derivative, by index notation and balls."""
    table = Table()
    graph = lower_graph(Graph(), Assumptions(), table)
    operand = lower_tensor(apply(name, *map(variable, NAMES[: len(at)])), Assumptions(), table)
    node = operand.body if by is None else differentiate(table.D(operand.body, by, ()), graph)
    entries = {symbol: [rational(x)] for symbol, x in zip(NAMES, at, strict=False)}
    found = value_of(node, (), graph, Point({}, entries, {}))
    if not is_finite(found):
        return None
    return (
        sympy.Float(found.str(40, radius=False), 40) if isinstance(found, arb) else sympy.Rational(str(found))
    )


def close(ours: sympy.Expr, true: sympy.Expr) -> bool:
    return bool(abs(ours - true) <= CLOSE * (1 + abs(true)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values(name: str) -> None:
    met = 0
    for at in places(name):
        true = true_value(name, *map(sympy.Rational, at))
        ours = our_value(name, at)
        if true is not None and ours is not None:
            assert close(ours, true), at
            met += 1
    assert met >= 2


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives(name: str) -> None:
    met = 0
    for at in places(name):
        exact = list(map(sympy.Rational, at))
        for k, by in enumerate(NAMES[: len(at)]):
            if k == 0 and name in NO_DERIVATIVE:
                with pytest.raises(Blocked):
                    our_value(name, at, by)
                continue
            beside = [
                true_value(name, *(x + s * int(j == k) for j, x in enumerate(exact))) for s in (-STEP, STEP)
            ]
            ours = our_value(name, at, by)
            if ours is not None and all(value is not None for value in beside):
                assert close(ours, (beside[1] - beside[0]) / (2 * STEP)), (at, by.name)
                met += 1
    assert met >= 2
