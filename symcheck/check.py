"""The corridor: what happens to one claim, from what its author wrote to a verdict."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from symcheck.deciding.components import Place, components, conjunction
from symcheck.deciding.induction import concluded, rested
from symcheck.deciding.limits import (
    LimitUnknown,
    judged_at_points,
)
from symcheck.deciding.pivots import eliminates
from symcheck.errors import Blocked, BudgetExhausted, SymcheckError
from symcheck.evaluation.refute import Finding
from symcheck.language.claim import Claim, Relation, Value
from symcheck.language.tensor import (
    Derivative,
    Symbol,
    Variable,
)
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted, Undecided, Verdict
from symcheck.lowering import lower_equation, lower_tensor
from symcheck.rendering.text_notation import write
from symcheck.resting import resting
from symcheck.trial import (
    FIRST_POINTS,
    FIRST_ROUNDS,
    FIRST_WORK,
    Session,
    Trial,
    Wrong,
    numeric,
    scope_at,
    shown_value,
    standing_at,
)

CANDIDATES = 6
"""Most earlier slips from which a wrong line may follow, the latest."""


def judge(claim: Claim, session: Session) -> Judgement:
    """Compare the two sides of what the author wrote.

    Errors: none; a contradiction between two parties (SC900) is a `Failed` verdict like any other error.
    """
    with resting():
        return _judged(claim, session)


def _judged(claim: Claim, session: Session) -> Judgement:
    started = time.perf_counter()
    session.trim()
    if session.wrong and session.wrong[-1].claim.graph is not claim.graph:
        session.wrong.clear()
    verdict = _tried(claim, session)[0]
    session.keep(claim, verdict)
    if sums_up(claim):
        pass  # why it fails is told where its parts are
    elif isinstance(verdict, Refuted) and claim.equation is not None:
        verdict = explained(claim, verdict, session)
        if claim.equation.relation is Relation.EQUAL:
            session.wrong.append(Wrong(claim, _key_of(claim), claim.equation.right))
    elif isinstance(verdict, Proved):
        verdict = _with_remark(claim, verdict, session)
    return Judgement(claim, verdict, ms=(time.perf_counter() - started) * 1000)


def concludes(claim: Claim) -> bool:
    """Whether a claim says what its induction proves; another formula is judged as any other."""
    return claim.induction is not None and claim.equation is claim.induction.equation


def sums_up(claim: Claim) -> bool:
    """Whether its verdict is about all levels, not about its equation at one of them."""
    return concludes(claim) and claim.induction is not None and claim.induction.corollary is None


def _concluded(claim: Claim, session: Session) -> Verdict:
    """Base and step as judged before, or now if they were not."""
    induction = claim.induction
    assert induction is not None

    def judged(parts: Iterable[Claim]) -> list[Verdict]:
        found = []
        for part in parts:
            if part not in session.verdicts:
                session.keep(part, _tried(part, session)[0])
            found.append(session.verdicts[part])
        return found

    parts = judged(induction.base), judged(induction.step), judged(induction.first)
    whole = concluded(replace(induction, corollary=None), *parts, location=claim.location)
    if induction.corollary is None:
        return whole
    return rested(induction, judged([induction.corollary])[0], whole)


def _tried(claim: Claim, session: Session) -> tuple[Verdict, Trial | None]:
    """The verdict, and the trial of the claim in general if there was one."""
    if concludes(claim):
        verdict = _concluded(claim, session)
        # what a corollary says wrong is explained at the level it speaks of
        own = claim.induction.corollary if claim.induction and isinstance(verdict, Refuted) else None
        return verdict, _tried(own, session)[1] if own is not None else None
    if claim.equation is None:
        assert claim.error is not None
        if claim.error.code == "SC100":
            return Refuted("SC100", claim.error.message), None
        return Failed(claim.error), None
    blocks = components(claim)
    if blocks:
        return _of_blocks(claim, blocks, session), None
    trial: Trial | None = None
    try:
        trial = Trial(claim, session)
        verdict = trial.verdict()
        if not isinstance(verdict, Proved | Refuted) and eliminates(claim):
            verdict = _from_last(claim, session, verdict)
        if isinstance(verdict, Proved) and claim.given:
            verdict = replace(verdict, assumptions=(*verdict.assumptions, *claim.given))
        if claim.point and not isinstance(verdict, Proved) and numeric(claim.equation.right):
            verdict = Trial(standing_at(claim, session), session, scope_at(claim)).verdict()
            if isinstance(verdict, Refuted) and verdict.witness is not None:
                entries = {s.name: shown_value(v) for s, v in claim.point.items()}
                written = {s.name: s.shown for s in claim.point if s.shown != s.name}
                witness = replace(verdict.witness, entries=entries, written=written)
                verdict = replace(verdict, witness=witness, scope=scope_at(claim))
        return verdict, trial
    except LimitUnknown as reason:
        return _at_points(claim, session, reason), None
    except SymcheckError as error:
        if error.location is None:
            error.location = claim.location
        if isinstance(error, Blocked | BudgetExhausted):
            return Undecided(error.code, error.message, error.hint or ""), trial
        return Refuted("SC100", error.message) if error.code == "SC100" else Failed(error), trial
    except Exception as error:
        # one claim we fail on must not take the others with it
        what = f"symcheck failed on this claim ({type(error).__name__}: {error})"
        hint = "this is a bug of symcheck: please report the formula"
        return Failed(SymcheckError(what, code="SC901", location=claim.location, hint=hint)), trial


def _from_last(claim: Claim, session: Session, verdict: Verdict) -> Verdict:
    """A claim that is not decided with the first block eliminated, with the last one."""
    found = Trial(claim, session, last=True).verdict()
    if isinstance(found, Proved | Refuted):
        return found
    if isinstance(verdict, Failed) and isinstance(found, Failed):
        # what exists nowhere may be the inverse of the block that was eliminated, not what was claimed
        what = "a matrix of blocks is worked out from its first or its last block, which must be invertible"
        return Undecided("SC201", f"outside the decidable part: {what}", "state the step in simpler parts")
    return verdict if isinstance(found, Failed) else found


def _of_blocks(claim: Claim, blocks: Sequence[tuple[Place, Claim]], session: Session) -> Verdict:
    """What is made of blocks, judged block by block up to the first that is wrong."""
    found: list[tuple[Place, Verdict]] = []
    for place, part in blocks:
        found.append((place, _tried(part, session)[0]))
        if isinstance(found[-1][1], Failed | Refuted):
            break
    return conjunction(claim, found)


def at_fault(claim: Claim, session: Session) -> tuple[Place, Claim] | None:
    """The first block of which a claim does not hold, and what it says of it."""
    for place, part in components(claim):
        with suppress(SymcheckError):
            if Trial(part, session).refute(False, FIRST_POINTS).witness is not None:
                return place, part
    return None


def _at_points(claim: Claim, session: Session, reason: LimitUnknown) -> Verdict:
    """A claim whose limits are not found in general, with its inputs fixed one way after the other."""
    assert claim.equation is not None
    graph = session.lowered(claim.graph, claim.assumptions)
    equation = lower_equation(claim.equation, graph, claim.assumptions)

    def at(values: Mapping[Symbol, Value]) -> Finding:
        there = standing_at(replace(claim, point=values), session)
        return Trial(there, session).refute(False, FIRST_POINTS)

    return judged_at_points(equation, claim.assumptions, session.seed, reason, at, write)


def _key_of(claim: Claim) -> tuple[Symbol, Symbol | None] | None:
    """What a claim says something about, if that is a name or a derivative of names."""
    if claim.equation is None or claim.equation.relation is not Relation.EQUAL:
        return None
    left = claim.equation.left
    if isinstance(left, Variable) and left.symbol in claim.graph:
        return left.symbol, None
    if (
        isinstance(left, Derivative)
        and isinstance(left.body, Variable)
        and left.at is None
        and not left.local
        and left.body.symbol in claim.graph
    ):
        return left.body.symbol, left.by
    return None


def explained(claim: Claim, verdict: Refuted, session: Session) -> Refuted:
    """Whether a wrong line follows from an earlier slip."""
    assert claim.equation is not None
    source = follows_from(claim, session)
    if source is not None:
        return replace(verdict, code="SC301", follows=source.id, follows_text=source.text)
    return verdict


def follows_from(claim: Claim, session: Session) -> Claim | None:
    """An earlier wrong line given which this one is right.

    Within a chain: the member before this one, if it was wrong and equals it.  Across lines: one earlier
    slip, the latest first, then all of them together.
    """
    assert claim.equation is not None
    if claim.previous is not None:
        for wrong in reversed(session.wrong):
            if wrong.claim.line == claim.line and wrong.claim.member == claim.member - 1:
                step = replace(claim, equation=replace(claim.equation, left=claim.previous), previous=None)
                if isinstance(_tried(step, session)[0], Proved):
                    return wrong.claim
    own = _key_of(claim)
    candidates = [wrong for wrong in session.wrong if wrong.key is not None and wrong.key != own]
    candidates = candidates[-CANDIDATES:]
    for chosen in [[w] for w in reversed(candidates)] + ([candidates] if len(candidates) > 1 else []):
        if _right_given(claim, chosen, session):
            return chosen[-1].claim
    return None


def _right_given(claim: Claim, slips: Iterable[Wrong], session: Session) -> bool:
    versions = [claim]
    if claim.point and claim.equation is not None and numeric(claim.equation.right):
        versions.append(standing_at(claim, session))
    for version in versions:
        try:
            trial = Trial(version, session)
            given = {
                slip.key: lower_tensor(slip.written, version.assumptions, session.table)
                for slip in slips
                if slip.key is not None
            }
            if trial.prove(version.assumptions, given=given, rounds=FIRST_ROUNDS, work=FIRST_WORK).proved:
                return True
        except SymcheckError:
            continue
    return False


def _with_remark(claim: Claim, verdict: Proved, session: Session) -> Proved:
    """A right line after a wrong one in the same chain: the step between them does not hold."""
    for wrong in session.wrong:
        if (
            claim.previous is not None
            and wrong.claim.line == claim.line
            and wrong.claim.member == claim.member - 1
        ):
            return replace(
                verdict, remark="right, though the step from the wrong member before it does not hold"
            )
    return verdict
