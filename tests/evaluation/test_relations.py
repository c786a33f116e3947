"""Points under assumptions about two scalars: in order, deterministic, none where there can be none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from symcheck.api import read_formula
from symcheck.check import judge
from symcheck.evaluation.points import points
from symcheck.language.claim import Assumptions
from symcheck.language.indexed import Table
from symcheck.language.verdict import Failed
from symcheck.lowering import lower_equation, lower_graph
from symcheck.trial import Session

LET = ["x: scalar; a: scalar; b: scalar; c: scalar"]
Values: TypeAlias = dict[str, Any]


def drawn(*assume: str) -> list[Values]:
    (claim,) = read_formula("x + a + b + c = 0", LET, assume)
    assert claim.equation is not None
    graph = lower_graph(claim.graph, claim.assumptions, Table())
    equation = lower_equation(claim.equation, graph, Assumptions())
    pairs = ((c.symbol, c.other) for c in claim.assumptions.conditions)
    names = dict.fromkeys(symbol for pair in pairs for symbol in pair if symbol is not None)
    return [
        {symbol.name: point.entries[symbol][0] for symbol in names}
        for point in points(equation, claim.assumptions)
    ]


@pytest.mark.parametrize(
    ("assume", "holds"),
    [
        (("x < a",), lambda p: p["x"] < p["a"]),
        (("x > a",), lambda p: p["x"] > p["a"]),
        (("x <= a",), lambda p: p["x"] <= p["a"]),
        (("x != a",), lambda p: p["x"] != p["a"]),
        (("x != 0",), lambda p: p["x"] != 0),
        (("a < b", "b < c", "x > c"), lambda p: p["a"] < p["b"] < p["c"] < p["x"]),
        (("x < a", "x > 0"), lambda p: 0 < p["x"] < p["a"]),
        (("x < a", "a < 0"), lambda p: p["x"] < p["a"] < 0),
    ],
)
def test_points_are_in_the_assumed_order(assume: tuple[str, ...], holds: Callable[[Values], bool]) -> None:
    found = drawn(*assume)
    assert len(found) >= 6
    assert all(holds(point) for point in found)
    assert found == drawn(*assume)


@pytest.mark.parametrize("assume", [("x < a", "a < x"), ("x < a", "a <= x"), ("x < a", "x > 1", "a < 0")])
def test_an_order_that_contradicts_itself_has_no_points(assume: tuple[str, ...]) -> None:
    assert drawn(*assume) == []
    (claim,) = read_formula("x = x", LET, assume)
    verdict = judge(claim, Session()).verdict
    assert isinstance(verdict, Failed)
    assert verdict.error.code == "SC030"
