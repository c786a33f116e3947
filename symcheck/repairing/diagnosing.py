"""What kind of mistake a refuted claim makes, and what is right.

Comes in: a judgement, and the left side worked out.  Goes out: the verdict with a code, a sentence and a
correction: single edits, then what is missing, slips in definitions, two edits, the true side itself.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import combinations

from symcheck.deciding.components import components
from symcheck.errors import SymcheckError
from symcheck.explaining.correction import Budget, Corrections
from symcheck.explaining.difference import completed, summands
from symcheck.explaining.edit import LARGE, PLAIN
from symcheck.explaining.places import reindexed
from symcheck.explaining.polishing import polished
from symcheck.explaining.pool import mentions, named, pool_of
from symcheck.language.claim import Claim, Equation, Relation
from symcheck.language.tensor import (
    Apply,
    Derivative,
    Differential,
    Entry,
    Index,
    Limit,
    Tensor,
    Variable,
    apply,
    entry,
    structure,
    variable,
    walk,
)
from symcheck.language.verdict import Failed, Judgement, Refuted
from symcheck.rendering.assumption_words import assumption_text
from symcheck.rendering.text_notation import write
from symcheck.repairing.at_the_point import at_the_point, is_at_point
from symcheck.repairing.blocks import of_its_block
from symcheck.repairing.definitions import slip_in_a_name, slip_in_definition
from symcheck.repairing.judging import Diagnosis, Repair
from symcheck.repairing.orders import diagnosed_order
from symcheck.repairing.printed import correction_for
from symcheck.repairing.wording import of_edits, sentence, short, size_of
from symcheck.trial import Session
from symcheck.working_out import ZERO, missing_side, true_side

LONGEST_TOLD = 110
"""Letters of what is missing; more is told by the correction."""


def with_diagnosis(judgement: Judgement, session: Session, true: Tensor | None) -> Refuted | Failed:
    """The verdict with the kind of mistake and a correction, as far as they are found.

    `true`: the left side worked out.  What follows from an earlier slip stays as it is.
    """
    claim, verdict = judgement.claim, judgement.verdict
    assert isinstance(verdict, Refuted | Failed)
    found: Diagnosis | None = None
    if isinstance(verdict, Failed):
        claim = replace(claim, equation=claim.draft, error=None)
    elif verdict.follows:
        return verdict
    if claim.equation is None:
        return verdict
    with suppress(SymcheckError):
        if claim.equation.relation is not Relation.EQUAL:
            found = diagnosed_order(claim, session)
        elif components(claim):
            found = of_its_block(claim, session, lambda part: _diagnosed(part, session, None))
        elif isinstance(verdict, Refuted) and verdict.witness is not None and is_at_point(claim, verdict):
            found = at_the_point(claim, verdict.witness, session, true)
        else:
            found = _diagnosed(claim, session, true)
    if isinstance(verdict, Failed):
        return (
            verdict
            if found is None
            else replace(verdict, kind=found.kind, correction=correction_for(claim, found))
        )
    qualities = [
        text for text in verdict.true_if if found is None or not (found.kind and _is_special_case(text))
    ]
    verdict = replace(verdict, true_if=_sensible(claim, verdict.true_if, found))
    qualities = [text for text in qualities if text in verdict.true_if]
    if qualities and (found is None or found.size > PLAIN):
        kind = f"it holds under one more assumption: {assumption_text(qualities[0])}"
        return replace(verdict, code="SC110", kind=kind, correction=correction_for(claim, found))
    if found is None:
        return verdict
    code = found.code if verdict.code == "SC119" else verdict.code
    return replace(verdict, code=code, kind=found.kind, correction=correction_for(claim, found))


def _sensible(claim: Claim, texts: tuple[str, ...], found: Diagnosis | None) -> tuple[str, ...]:
    """Those that are worth a word: a few values and regions only where no plain slip explains more."""
    assert claim.equation is not None
    ordered = claim.equation.relation is not Relation.EQUAL
    plain = found is not None and found.size <= PLAIN and bool(found.kind)
    kept = (text for text in texts if text.startswith("dim ") or not (plain and _is_special_case(text)))
    return tuple(text for text in kept if not (ordered and text.endswith(DISCRETE)))


DISCRETE = ("signs", "binary", "one-hot")
SPECIAL = ("dim ", ">", "binary", "signs", "one-hot", "diagonal", "antisymmetric", "unit")
"""What picks out a size, a region or a few values: a slip that is found explains more."""


def _is_special_case(assumption: str) -> bool:
    return any(sign in assumption for sign in SPECIAL)


def _diagnosed(claim: Claim, session: Session, true: Tensor | None) -> Diagnosis | None:
    """Single edits; what is missing; slips in definitions; pairs of edits; the true side itself."""
    assert claim.equation is not None
    left, right, free = claim.equation.left, claim.equation.right, claim.equation.free
    judge, same = Repair(claim, session), claim.assumptions.same
    if judge.matching.vanishes() and judge.proves(ZERO):
        return Diagnosis("SC119", _vanishing(left), ZERO)
    if true is None:
        true = true_side(claim, session)
    with suppress(SymcheckError):
        true = polished(named(true, claim), same) if true is not None else None
    if true is not None and free and len(true.shape) == len(free) + len(left.shape):
        true = entry(true, (*free, *(None for _ in left.shape)))
        with suppress(SymcheckError):
            true = polished(true, same)
    if true is None or mentions(true, left):
        true = _definition(claim, left)
    budget = Budget()
    pool = pool_of(claim, left, right, true)
    search = Corrections(left, right, free, pool, claim.assumptions, judge, budget)
    found = search.one()
    if found is not None:
        return of_edits(found, judge)
    told = _completed(claim, session, true, judge)
    if told is not None:
        return told
    told = _in_definitions(claim, judge, budget)
    if told is not None:
        return told
    part = _partly_right(claim, session, right)
    if part and true is not None and judge.agrees(true) and judge.proves(true):
        return Diagnosis("SC108", part, true)
    found = search.two()
    if found is not None:
        return of_edits(found, judge)
    if true is not None and judge.agrees(true) and judge.proves(true):
        return _as_a_whole(right, true)
    return None


def _as_a_whole(right: Tensor, true: Tensor) -> Diagnosis:
    """The true side in place of all that was written: where these two have something in common, what."""
    terms = summands(true)
    rest = [(minus, term) for minus, term in terms if structure(term) != structure(right)]
    if len(rest) == len(terms) - 1:
        told = " and ".join(("− " if minus else "+ ") + write(term) for minus, term in rest)
        return Diagnosis("SC108", f"missing: {told}", true)
    if structure(right) in set(map(structure, walk(true))):
        return Diagnosis("SC108", f"{short(right)} is a part of it only", true)
    return Diagnosis("SC119", "", true)


def _partly_right(claim: Claim, session: Session, right: Tensor) -> str:
    """Where the claim holds after all: on the diagonal, or where two of its indices are the same."""
    assert claim.equation is not None
    if isinstance(right, Apply) and right.op == "diag" and _is_diagonal_right(claim, session, right):
        return "right on the diagonal, but the entries beside it are not 0"
    for one, two in combinations(claim.equation.free, 2):
        if one.dim == two.dim and _holds_at(claim, session, one, two):
            return f"right where {one.name} = {two.name}, but not elsewhere"
    return ""


def _holds_at(claim: Claim, session: Session, one: Index, two: Index) -> bool:
    """Whether the claim holds where two of its free indices are the same."""
    assert claim.equation is not None
    left, right = (reindexed(side, {two: one}) for side in (claim.equation.left, claim.equation.right))
    free = tuple(index for index in claim.equation.free if index is not two)
    with suppress(SymcheckError, AssertionError):
        return Repair(replace(claim, equation=Equation(left, right, free)), session).proves(right)
    return False


def _is_diagonal_right(claim: Claim, session: Session, right: Tensor) -> bool:
    assert claim.equation is not None
    with suppress(SymcheckError):
        left, right = apply("diagpart", claim.equation.left), apply("diagpart", right)
        equation = Equation(left, right, claim.equation.free)
        return Repair(replace(claim, equation=equation), session).proves(equation.right)
    return False


def _in_definitions(claim: Claim, judge: Repair, budget: Budget) -> Diagnosis | None:
    """A slip in what a name stands for; which name, and what it should be."""
    slip = slip_in_a_name(claim, judge, budget, PLAIN)
    if slip is not None:
        return Diagnosis(slip.found.edits[0].code, sentence(slip.found), slip.right, size_of(slip.found))
    slip = slip_in_definition(claim, judge, budget, PLAIN) or slip_in_definition(claim, judge, budget, LARGE)
    if slip is None:
        return None
    name, was = write(variable(slip.symbol)), claim.graph.definitions[slip.symbol]
    meant = slip.found.right
    with suppress(SymcheckError):
        meant = polished(meant, claim.assumptions.same, [edit.path for edit in slip.found.edits])
    kind = f"{sentence(slip.found)}, in {name} = {short(was)}: {name} = {write(meant)} is meant"
    return Diagnosis(slip.found.edits[0].code, kind, slip.right, size_of(slip.found))


def _definition(claim: Claim, left: Tensor) -> Tensor | None:
    """What a name, or an entry of one, is defined as: the true side of a claim about its value."""
    match left:
        case Variable(symbol=symbol) if symbol in claim.graph:
            return claim.graph.definitions[symbol]
        case Entry(base=Variable(symbol=symbol), indices=indices) if symbol in claim.graph:
            return entry(claim.graph.definitions[symbol], indices)
    return None


def _completed(claim: Claim, session: Session, true: Tensor | None, judge: Repair) -> Diagnosis | None:
    """One or two terms that are missing from what was written."""
    assert claim.equation is not None
    right = claim.equation.right
    with suppress(SymcheckError):
        missing = missing_side(claim, right, session)
        if missing is None:
            return None
        missing = polished(named(missing, claim), claim.assumptions.same)
        free = claim.equation.free
        if free and len(missing.shape) == len(free) + len(right.shape):
            missing = entry(missing, (*free, *(None for _ in right.shape)))
        whole = completed(claim.equation.left, right, missing, true)
        asks = any(isinstance(part, Derivative | Differential | Limit) for part in walk(claim.equation.left))
        if not asks and len(summands(missing)) > 1:
            return None  # of two formulas one is no slip of the other
        if whole is not None and judge.agrees(whole) and judge.proves(whole):
            terms = [("− " if minus else "+ ") + write(t) for minus, t in summands(missing)]
            told = f"missing: {' and '.join(terms)}"
            some = "a term is" if len(terms) == 1 else "two terms are"
            return Diagnosis("SC108", told if len(told) <= LONGEST_TOLD else f"{some} missing", whole)
    return None


def _vanishing(left: Tensor) -> str:
    match left:
        case Derivative(body=Variable() as body, by=by):
            return f"it is 0: {write(body)} does not change with {write(variable(by))}"
    return "it is 0"
