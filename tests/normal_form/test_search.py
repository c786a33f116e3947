"""A search for a proof that is stopped and taken up again."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symcheck.api import read_formula
from symcheck.language.claim import Claim
from symcheck.trial import Session, Trial

CHAIN = "; ".join(["x: n", *(f"y{k} = tanh({'x' if k == 0 else f'y{k - 1}'})" for k in range(5))])
RIGHT = "d(sumall(y4))/dx = " + " * ".join(f"(1 - y{k}**2)" for k in range(5))
WRONG = RIGHT.replace("y2**2", "y2**3")


def claim_of(text: str, let: str = CHAIN) -> Claim:
    (claim,) = read_formula(text, [let])
    return claim


def test_what_was_done_is_not_done_again() -> None:
    claim = claim_of(RIGHT)
    session = Session()
    trial = Trial(claim, session)
    first = trial.prove(claim.assumptions, rounds=1)
    assert first.exhausted
    assert not first.proved
    made = session.table.size
    again = trial.prove(claim.assumptions, rounds=1)
    assert again == first
    assert session.table.size == made
    whole = trial.prove(claim.assumptions)
    assert whole.proved
    assert whole == Trial(claim, Session()).prove(claim.assumptions)


@pytest.mark.parametrize("rounds", [0, 1, 2, 3, 7])
def test_where_it_was_stopped_does_not_matter(rounds: int) -> None:
    for text, expected in ((RIGHT, True), (WRONG, False)):
        claim = claim_of(text)
        trial = Trial(claim, Session())
        trial.prove(claim.assumptions, rounds=rounds)
        assert trial.prove(claim.assumptions).proved is expected


def test_more_work_is_taken_up_after_a_small_budget() -> None:
    claim = claim_of("(s + t)**9*(s - t)**9 = (s**2 - t**2)**9", "s: scalar; t: scalar")
    trial = Trial(claim, Session())
    assert trial.prove(claim.assumptions, work=5).exhausted
    assert trial.prove(claim.assumptions).proved


def test_a_multiple_is_told_from_the_forms_compared() -> None:
    claim = claim_of(RIGHT.replace("= ", "= 3*"))
    trial = Trial(claim, Session())
    assert not trial.proves_multiple(Fraction(1, 3)), "nothing was compared yet"
    assert not trial.prove(claim.assumptions).proved
    assert trial.proves_multiple(Fraction(1, 3))
    assert not trial.proves_multiple(Fraction(3))
    assert not trial.proves_multiple(Fraction(-1, 3))
