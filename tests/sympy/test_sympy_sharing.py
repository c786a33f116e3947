"""Derivatives of expressions with shared parts are those that SymPy takes of the whole."""

from __future__ import annotations

import pytest
import sympy
from formulas import claim, d, name, op

from symcheck.sympy_oracle import compare, sharing
from symcheck.sympy_oracle.numeric import Evaluator, Waves
from symcheck.sympy_oracle.sharing import Differentiator, occurrences, parts_of, replaced, symbols_of

a, c = sympy.symbols("a c", real=True)
small = sympy.exp(a * c) * sympy.sin(a * c) + sympy.exp(a * c) ** 2
guarded = sympy.Piecewise((small, a > c), (small**2, True)) + sympy.Piecewise((a, a > c), (c, True))


@pytest.mark.parametrize("expression", [small, guarded, sympy.tanh(small) / (1 + small**2)])
@pytest.mark.parametrize("by", [a, c])
def test_shared_route_agrees_with_the_plain_one(
    expression: sympy.Expr, by: sympy.Symbol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "PLAIN", 0)
    shared = Differentiator()(expression, by)
    value = Evaluator({a: sympy.Rational(3, 4), c: sympy.Rational(-2, 3)}, Waves(0))
    assert abs(value(shared) - value(sympy.diff(expression, by))) < 1e-40


def test_parts_and_occurrences() -> None:
    tower = a
    for _ in range(30):
        tower = sympy.sin(tower) + sympy.cos(tower)
    assert occurrences(tower) > 2**30
    assert len(parts_of(tower)) < 200
    assert symbols_of(tower) == {a}
    assert symbols_of(replaced(tower, {a: c})) == {c}


def test_replacing_is_simultaneous() -> None:
    assert replaced(a + 2 * c, {a: c, c: a}) == c + 2 * a


def test_a_network_of_six_layers() -> None:
    x, loss = name("x", "n"), name("loss")
    weights = [name(f"W{layer}", "n", "n") for layer in range(6)]
    values = [name(f"h{layer}", "n") for layer in range(6)]
    graph = {}
    below = x
    for weight, value in zip(weights, values, strict=True):
        graph[value] = op("tanh", weight @ below)
        below = value
    graph[loss] = below @ below
    first = values[0]
    right = op("outer", d(loss, first) * (1 - first**2), x)
    answer = compare(claim(d(loss, weights[0]), right, graph=graph), sizes={"n": 2})
    assert answer.status == "agrees", answer
