"""A wrong number at the author's point: what it is made of, and the right one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symcheck.explaining.correction import Budget, Corrections, changed
from symcheck.explaining.edit import PLAIN
from symcheck.explaining.numbers import made_of
from symcheck.explaining.pool import pool_of
from symcheck.language.claim import Claim, Equation
from symcheck.language.tensor import Derivative, Number, Tensor, Variable, symbols_in
from symcheck.language.verdict import Refuted, Witness
from symcheck.rendering.text_notation import write
from symcheck.repairing.judging import Diagnosis, Repair
from symcheck.repairing.wording import of_edits
from symcheck.trial import Session, scope_at, standing_at
from symcheck.working_out import ZERO

LARGEST_FACTOR = 12
"""Of larger factors between two numbers nobody thinks."""


def is_at_point(claim: Claim, verdict: Refuted) -> bool:
    return bool(claim.point) and verdict.scope == scope_at(claim)


def at_the_point(claim: Claim, witness: Witness, session: Session, true: Tensor | None) -> Diagnosis | None:
    """A wrong number: what it is made of, and the right one."""
    assert claim.equation is not None
    there = standing_at(claim, session)
    judge = Repair(there, session)
    try:
        value, written = Fraction(witness.true), Fraction(witness.claimed)
    except ValueError:
        return None
    right = claim.equation.right
    number = Number((), value, str(value))
    if right.shape or not judge.proves(number):
        return None
    left = write(claim.equation.left)
    formula = write(true) if true is not None else left
    is_value = f"{left} = {formula} = {value}" if formula != left else f"{left} = {value}"
    if written == -value and value:
        return Diagnosis("SC103", f"the sign is wrong: {is_value}", number, PLAIN)
    if not isinstance(right, Number):
        pool = pool_of(there, claim.equation.left, right, None)
        search = Corrections(claim.equation.left, right, (), pool, there.assumptions, judge, Budget())
        # of numbers much is equal by chance: only a number, or a sign, is put right
        search.single = [e for e in search.single if isinstance(e.part, Number) or e.code == "SC103"]
        edited = search.one(PLAIN)
        if edited is not None and not symbols_in(edited.right):
            told = of_edits(edited, judge)
            return replace(told, kind=f"{told.kind}: {is_value}")
    equation = Equation(right, ZERO)
    own = Repair(replace(there, equation=equation), session)

    def equals(made: Tensor) -> bool:
        return own.agrees(made) and own.proves(made)

    made = made_of(claim, written, equals, true) if isinstance(right, Number) else None
    if made is not None:
        code = "SC109" if true is not None and _differs_in_a_name(made, true) else "SC119"
        return Diagnosis(
            code, f"{written} is {write(made)}; {_told(claim, is_value, true, value)}", number, PLAIN
        )
    ratio = sorted(map(abs, (value / written).as_integer_ratio())) if written and value else []
    if ratio and ratio[0] == 1 and ratio[1] <= LARGEST_FACTOR:
        return Diagnosis("SC104", f"the factor {value / written} is missing: {is_value}", number, PLAIN)
    return Diagnosis("SC119", is_value, number, PLAIN)


def _differs_in_a_name(made: Tensor, true: Tensor) -> bool:
    old, new = changed(made, true)
    return isinstance(old, Variable) and isinstance(new, Variable)


def _told(claim: Claim, is_value: str, true: Tensor | None, value: Fraction) -> str:
    """``the derivative of h**2 is 2h = -180``, where the left side is one link."""
    assert claim.equation is not None
    match claim.equation.left:
        case Derivative(body=Variable(symbol=symbol), by=by) if true is not None and symbol in claim.graph:
            body = claim.graph.definitions[symbol]
            if by in claim.graph.parents[symbol]:
                return f"the derivative of {write(body)} is {write(true)} = {value}"
    return is_value
