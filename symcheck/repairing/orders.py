"""A refuted inequality: sides the wrong way round, a strict bound that is attained, a bound that holds."""

from __future__ import annotations

from fractions import Fraction

from symcheck.explaining.edit import PLAIN
from symcheck.explaining.polishing import value_of
from symcheck.language.claim import Claim, Relation
from symcheck.language.tensor import Number, Tensor
from symcheck.rendering.text_notation import write
from symcheck.repairing.judging import Diagnosis, Repair
from symcheck.trial import Session

WEAKER = {Relation.LESS: Relation.AT_MOST, Relation.GREATER: Relation.AT_LEAST}
TURNED = {
    Relation.LESS: (Relation.GREATER, Relation.AT_LEAST),
    Relation.AT_MOST: (Relation.AT_LEAST,),
    Relation.GREATER: (Relation.LESS, Relation.AT_MOST),
    Relation.AT_LEAST: (Relation.AT_MOST,),
}


def diagnosed_order(claim: Claim, session: Session) -> Diagnosis | None:
    """What holds between the two sides, or which number bounds the left one."""
    assert claim.equation is not None
    relation, right = claim.equation.relation, claim.equation.right
    weaker = WEAKER.get(relation)
    if weaker is not None and _holds(claim, session, right, weaker):
        words = f"the two sides can be equal: {weaker}, not {relation}"
        return Diagnosis("SC119", words, right, PLAIN, weaker)
    for turned in TURNED[relation]:
        if _holds(claim, session, right, turned):
            words = f"the inequality is the wrong way round: {turned}, not {relation}"
            return Diagnosis("SC119", words, right, PLAIN, turned)
    written = value_of(right)
    if written is not None:
        for value in _bounds(written, relation):
            judge = Repair(claim, session, relation)
            if judge.agrees(value) and judge.proves(value):
                size = "small" if relation.rising else "large"
                words = f"the bound {write(right)} is too {size}: {write(value)} is one"
                return Diagnosis("SC104", words, value, PLAIN, relation)
    return None


def _holds(claim: Claim, session: Session, right: Tensor, relation: Relation) -> bool:
    judge = Repair(claim, session, relation)
    return judge.agrees(right) and judge.proves(right)


def _bounds(value: Fraction, relation: Relation) -> list[Number]:
    """Numbers that may have been meant, the tightest first."""
    meant = {2 * value, value / 2, 3 * value, value / 3, 4 * value, value / 4, -value, value + 1, value - 1}
    if value:
        meant |= {1 / value, value**2}
    meant |= {Fraction(0), Fraction(1)}
    fitting = [v for v in meant if (v > value) == relation.rising and v != value]
    return [Number((), v, "") for v in sorted(fitting, reverse=not relation.rising)]
