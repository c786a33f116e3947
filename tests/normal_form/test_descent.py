"""Several steps down the graph at once lead where single steps lead, and none is passed where sides meet."""

from __future__ import annotations

import pytest

from symcheck.api import check_formula, load
from symcheck.evaluation.points import points
from symcheck.language.indexed import Node
from symcheck.language.verdict import Proved, Refuted
from symcheck.normal_form.descent import down, spoken_of
from symcheck.normal_form.prove import downstream_name
from symcheck.trial import Session, Trial

LECTURES = ("two-layer", "gradient-descent", "multilayer-perceptron", "index-network", "depth-n")


def trials(name: str, session: Session) -> list[Trial]:
    claims = [claim for claim in load(name).claims if claim.equation is not None and not claim.induction]
    return [Trial(claim, session) for claim in claims]


def steps(trial: Trial, most: int) -> list[tuple[Node, Node]]:
    """Both sides after each call, until nothing is left to expand or open."""
    sides = (trial.left, trial.right)
    found = [sides]
    for _ in range(400):
        if not (sides[0].derived or sides[1].derived or downstream_name(*sides, trial.graph)):
            return found
        (left, right), taken, _ = down(sides, trial.graph, most)
        assert 1 <= taken <= most
        sides = (left, right)
        found.append(sides)
    raise AssertionError("no end")


@pytest.mark.parametrize("name", LECTURES)
def test_both_ways_end_at_equal_values(name: str) -> None:
    session = Session()
    for trial in trials(name, session):
        one, many = steps(trial, 1)[-1], steps(trial, 400)[-1]
        equation = trial.equation
        point = next(iter(points(equation, trial.claim.assumptions)))
        evaluator = session.evaluators.at(trial.graph, point)
        for single, joined in zip(one, many, strict=True):
            assert single.free == joined.free
            pairs = zip(
                evaluator.entries(single, equation.idxs),
                evaluator.entries(joined, equation.idxs),
                strict=True,
            )
            for a, b in pairs:
                assert a == b or (a - b).contains(0)


@pytest.mark.parametrize("name", LECTURES)
def test_no_form_is_passed_at_which_the_sides_speak_of_the_same(name: str) -> None:
    session = Session()
    for trial in trials(name, session):

        def told(sides: tuple[Node, Node], trial: Trial = trial) -> tuple[set[object], set[object]]:
            left, right = (spoken_of(side.names, side.derived, trial.graph) for side in sides)
            return left, right

        single = [told(sides) for sides in steps(trial, 1)[1:]]
        joined = [told(sides) for sides in steps(trial, 400)[1:]]
        assert [pair for pair in single if pair[0] == pair[1]] == [p for p in joined if p[0] == p[1]]


def test_a_form_in_which_branches_may_become_alike_is_built_each_time() -> None:
    session = Session()
    for trial in trials("two-layer", session):
        trial.graph.table.has_cases = True
        for _, taken, _ in [down((trial.left, trial.right), trial.graph, 400)] if trial.left.derived else ():
            assert taken == 1


def test_a_chain_of_many_names() -> None:
    """Every step of it is passed without a look, and a wrong factor is still found."""
    let = "; ".join(["x: scalar", "a0 = sin(x)", *(f"a{k} = a{k - 1}**2 + a{k - 1}" for k in range(1, 12))])
    right = " * ".join(f"(2*a{k} + 1)" for k in range(11)) + " * cos(x)"
    (judged,) = check_formula(f"d(a11)/dx = {right}", let=let)
    assert isinstance(judged.verdict, Proved)
    (judged,) = check_formula(f"d(a11)/dx = {right.replace('(2*a5 + 1)', '(2*a5 - 1)')}", let=let)
    assert isinstance(judged.verdict, Refuted)
