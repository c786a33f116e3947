"""What is wrong with one block of what is made of blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from symcheck.check import at_fault
from symcheck.deciding.components import components, embedded
from symcheck.language.claim import Claim
from symcheck.repairing.judging import Diagnosis
from symcheck.trial import FIRST_ROUNDS, FIRST_WORK, Session, Trial


def of_its_block(
    claim: Claim, session: Session, diagnosed: Callable[[Claim], Diagnosis | None]
) -> Diagnosis | None:
    """What is wrong with the block that is; the others stay as they are written."""
    fault = at_fault(claim, session)
    if fault is None or claim.equation is None:
        return None
    place, part = fault
    found = diagnosed(part)
    if found is None or found.right is None:
        return found
    whole = embedded(claim.equation.right, place, found.right)
    others = (other for at, other in components(claim) if at != place)
    if whole is not None and not all(_is_shown(other, session) for other in others):
        whole = None
    kind = found.kind if whole is not None or not found.kind else f"{found.kind}, in its block"
    return replace(found, kind=kind, right=whole)


def _is_shown(claim: Claim, session: Session) -> bool:
    """Whether the prover shows both sides equal in a few steps."""
    trial = Trial(claim, session)
    return trial.prove(claim.assumptions, rounds=FIRST_ROUNDS, work=FIRST_WORK).proved
