"""The argument of the lectures: the rules of D8 and D9 as a lecturer tells them, and what is never told.

``SYMCHECK_UPDATE_GOLDEN=1`` writes the files anew; read them line by line.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from symcheck.api import load, with_steps
from symcheck.check import judge
from symcheck.language.claim import Claim, Equation
from symcheck.language.tensor import Apply, Tensor
from symcheck.language.verdict import Judgement, Proved
from symcheck.reading.catalogue import list_lectures
from symcheck.rendering.argument import rule, source
from symcheck.steps.argument import _scene, understood, usable
from symcheck.steps.search import Line, Search, ordered
from symcheck.trial import Session, Trial, standing_at, step_holds

HERE = Path(__file__).parent
LECTURES = [entry.name for entry in list_lectures()]
TOLD = ["affine-layer-traces", "log-softmax-differentials", "calculus-rules"]


@cache
def argued(name: str) -> tuple[Judgement, ...]:
    session = Session()
    return with_steps([judge(claim, session) for claim in load(name).claims], session)


@pytest.mark.parametrize("name", TOLD)
def test_the_argument_reads_as_on_paper(name: str) -> None:
    text = "".join(
        f"{number} {j.claim.text}\n    {f'from {source(j)}: ' if source(j) else ''}{rule(j) or '-'}\n"
        for number, j in enumerate(argued(name), 1)
    )
    golden = HERE / f"{name}.txt"
    if os.environ.get("SYMCHECK_UPDATE_GOLDEN") == "1":
        golden.write_bytes(text.encode())
    assert text.splitlines() == golden.read_bytes().decode().splitlines()


@pytest.mark.parametrize("name", LECTURES)
def test_no_rule_is_told_for_what_is_not_proved(name: str) -> None:
    for judgement in argued(name):
        if not isinstance(judgement.verdict, Proved):
            assert judgement.step is None


@pytest.mark.parametrize("name", LECTURES)
def test_no_step_begins_at_a_wrong_line_or_at_a_later_one(name: str) -> None:
    judgements = argued(name)
    for number, judgement in enumerate(judgements, 1):
        if judgement.step is not None and judgement.step.source is not None:
            assert judgement.step.source < number
            assert isinstance(judgements[judgement.step.source - 1].verdict, Proved)


def test_the_lines_of_d8_have_one_rule_each() -> None:
    rules = {j.claim.text: rule(j) for j in argued("affine-layer-traces")}
    assert rules["tr((∂Q/∂Z)ᵀ @ dX @ W) = tr(W @ (∂Q/∂Z)ᵀ @ dX)"] == "tr AB = tr BA"
    assert rules["tr((∂Q/∂Z)ᵀ @ dX @ W) = tr((∂Q/∂Z @ Wᵀ)ᵀ @ dX)"] == "(AB)ᵀ = BᵀAᵀ"
    assert [rule(j) for j in argued("affine-layer-traces") if j.claim.method] == ["reading off"] * 4


def test_the_same_lines_give_the_same_rules() -> None:
    session = Session(seed=7)
    name = "affine-layer-traces"
    again = with_steps([judge(claim, session) for claim in load(name).claims], session)
    assert [j.step for j in again] == [j.step for j in argued(name)]


# -- rules are equations -----------------------------------------------------------------------------


def proves(claim: Claim, before: Tensor, after: Tensor, session: Session) -> bool:
    assert claim.equation is not None
    step = replace(claim, equation=Equation(before, after, claim.equation.free), previous=None)
    if step_holds(step, session):
        return True
    versions = [step, standing_at(step, session)] if claim.point else [step]
    return any(Trial(version, session).prove(version.assumptions).proved for version in versions)


@pytest.mark.parametrize("name", LECTURES)
def test_what_a_rule_makes_of_a_line_is_equal_to_it(name: str) -> None:
    """One use of each rule on each line; in the lectures about rules one more use of each after that."""
    session, made = Session(), 0
    judgements = usable(argued(name))
    for number, judgement in enumerate(judgements, 1):
        equation = judgement.claim.equation
        if equation is None or not understood(judgement.claim):
            continue
        search = Search(_scene(number, judgements, str), budget=10**9)
        for side in (equation.left, equation.right):
            if isinstance(side, Apply) and side.op == "coefficient":
                continue
            for line in uses(search, search.line(side), most=2):
                made += 1
                assert proves(judgement.claim, side, line.tensor, session), line.used
                for further in uses(search, line, most=1) if name in TOLD else []:
                    assert proves(judgement.claim, side, further.tensor, session), further.used
    assert made > 3


def uses(search: Search, line: Line, most: int) -> list[Line]:
    """The lines one use of any rule away, the first few of each."""
    found = []
    for one in ordered():
        lines = search.rewritten(line, one)
        found += [following for following, _ in zip(lines, range(most), strict=False)]
    return found
