"""Inequalities and limits made by machine: what is proved holds in floating point, also on boundaries."""

from __future__ import annotations

import math
from collections import Counter
from random import Random
from typing import Any

import pytest
from flint import arb

from symcheck.api import read_formula
from symcheck.check import judge
from symcheck.deciding.limits import LimitUnknown
from symcheck.errors import SymcheckError
from symcheck.evaluation.approach import ways
from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.numbers import is_finite
from symcheck.evaluation.points import points
from symcheck.language.tensor import Apply, Number, Tensor, Variable
from symcheck.language.verdict import Failed, Proved, word
from symcheck.trial import Session, Trial

ONE = ("relu", "abs", "sigmoid", "tanh", "sign", "exp", "sin", "log", "sqrt", "softplus")
LEAVES = ("x", "y", "s", "1", "2", "1/2", "3")
ASSUMED = (
    [],
    ["0 <= s <= 1"],
    ["x > 0"],
    ["x < y"],
    ["x <= y", "0 <= s <= 1"],
    ["x != 0"],
    ["x < y", "y < s"],
)
FLOATS: dict[str, Any] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "relu": lambda a: max(a, 0.0),
    "abs": abs,
    "maximum": max,
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "softplus": lambda a: math.log(1 + math.exp(a)),
    "sign": lambda a: (a > 0) - (a < 0),
    "tanh": math.tanh,
    "exp": math.exp,
    "sin": math.sin,
    "log": math.log,
    "sqrt": math.sqrt,
}
COMPARE = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b}


def formula(random: Random, depth: int, leaves: tuple[str, ...] = LEAVES) -> str:
    if depth == 0:
        return random.choice(leaves)
    kind = random.choice(("+", "-", "*", "*", "square", "max", "where", "iverson", "quotient", *ONE))
    a, b = formula(random, depth - 1, leaves), formula(random, random.randrange(depth), leaves)
    forms = {
        "square": f"({a})**2",
        "max": f"maximum({a}, {b})",
        "where": f"where({a} > {b}, {formula(random, depth - 1, leaves)}, {b})",
        "iverson": f"[{a} <= {b}]",
        "quotient": f"({a})/(1 + ({b})**2)",
    }
    if kind in ("+", "-", "*"):
        return f"({a}) {kind} ({b})"
    return forms.get(kind, f"{kind}({a})")


def value(tensor: Tensor, at: dict[str, float]) -> float:
    match tensor:
        case Number(value=number):
            return float(number)
        case Variable(symbol=symbol):
            return at[symbol.name]
        case Apply(op="pow", args=(base, Number(value=exponent))):
            return value(base, at) ** int(exponent)
        case Apply(op="where", args=(left, right, then, other), params=(sign,)):
            chosen = COMPARE[sign](value(left, at), value(right, at))
            return value(then if chosen else other, at)
        case Apply(op=op, args=args):
            return float(FLOATS[op](*(value(arg, at) for arg in args)))
    raise AssertionError(type(tensor).__name__)


def drawn(random: Random) -> dict[str, float]:
    grid = random.random() < 0.5
    return {
        name: random.choice((-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0)) if grid else random.uniform(-4, 4)
        for name in "xys"
    }


def satisfied(assume: list[str], at: dict[str, float]) -> bool:
    conditions = {
        "0 <= s <= 1": 0 <= at["s"] <= 1,
        "x > 0": at["x"] > 0,
        "x < y": at["x"] < at["y"],
        "x <= y": at["x"] <= at["y"],
        "x != 0": at["x"] != 0,
        "y < s": at["y"] < at["s"],
    }
    return all(conditions[text] for text in assume)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_proved_of_random_formulas_holds_in_floats(seed: int) -> None:
    random = Random(seed)
    found: Counter[str] = Counter()
    for _ in range(60):
        left = formula(random, random.randint(1, 3))
        right = random.choice((formula(random, 1), "0", "1", formula(random, 2), left))
        relation = random.choice(("<", "<=", ">=", "=", "<="))
        assume = random.choice(ASSUMED)
        (claim,) = read_formula(f"{left} {relation} {right}", ["x: scalar; y: scalar; s: scalar"], assume)
        if claim.error is not None:
            continue
        verdict = judge(claim, Session()).verdict
        found[word(verdict)] += 1
        assert not isinstance(verdict, Failed) or verdict.error.code == "SC030", verdict
        if not isinstance(verdict, Proved):
            continue
        assert claim.equation is not None
        for _ in range(120):
            at = drawn(random)
            if not satisfied(assume, at):
                continue
            try:
                one, other = value(claim.equation.left, at), value(claim.equation.right, at)
            except (ArithmeticError, ValueError):
                continue
            slack = 1e-9 * (1 + abs(one) + abs(other))
            gap = abs(one - other) if relation == "=" else other - one if relation == ">=" else one - other
            assert gap <= slack, (claim.text, assume, at, one, other)
    assert found["proved"] >= 5
    assert found["refuted"] >= 15


TARGETS = ("inf", "-inf", "0+", "0-", "0", "1", "y", "x-")
STEEP = 1000
"""Values above which a function may be too steep to be near its limit yet."""


@pytest.mark.parametrize("seed", range(4))
def test_limits_that_are_found_are_drawn_near_to(seed: int) -> None:
    random = Random(seed)
    session = Session()
    compared = 0
    for _ in range(60):
        body = formula(random, random.randint(1, 3), ("z", "z", "z", "x", "y", "1", "2", "(z - x)"))
        text = f"lim(z -> {random.choice(TARGETS)}, {body}) = 0"
        assume = random.choice(([], ["x > 0"], ["x < y"], ["x != 0"]))
        (claim,) = read_formula(text, ["x: scalar; y: scalar; z: scalar"], assume)
        try:
            trial = Trial(claim, session)
        except LimitUnknown:
            continue
        for node, limit in trial.limits.items():
            for point in points(trial.written, claim.assumptions, 5):
                if any(abs(entry) > 4 for row in point.entries.values() for entry in row):
                    continue
                try:
                    goal = arb(Evaluator(trial.graph, point, 400).entries(limit, ())[0])
                    sides = list(ways(node, trial.graph, point))
                except SymcheckError:
                    continue
                for first, _, last in ([arb(entries[0]) for entries in side] for side in sides):
                    if not is_finite(last) or abs(last) > STEEP:
                        continue
                    assert is_finite(goal), (text, assume, point.entries)
                    before, after = abs(first - goal), abs(last - goal)
                    assert after < 1e-6 or after < before, (text, assume, point.entries, goal, last)
                    compared += 1
    assert compared > 60
