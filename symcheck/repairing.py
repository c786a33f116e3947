"""A refuted claim before the parties again, with other right sides: what kind of mistake, what is right."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

from symcheck.check import at_fault
from symcheck.deciding.components import components, embedded
from symcheck.differentiation import differentiate
from symcheck.errors import SymcheckError
from symcheck.evaluation.matching import Matching
from symcheck.explaining.correction import Budget, Corrections, Found, changed
from symcheck.explaining.difference import completed, summands
from symcheck.explaining.edit import PLAIN, RARE
from symcheck.explaining.numbers import made_of
from symcheck.explaining.places import PRODUCTS, SUMS
from symcheck.explaining.polishing import polished
from symcheck.explaining.pool import mentions, named, opened_names, pool_of
from symcheck.language.claim import Claim, Equation, Relation
from symcheck.language.indexed import Node
from symcheck.language.tensor import (
    Apply,
    Derivative,
    Entry,
    Number,
    Tensor,
    Variable,
    entry,
    structure,
    symbols_in,
    variable,
    walk,
)
from symcheck.language.verdict import Correction, Failed, Judgement, Proved, Refuted, Witness
from symcheck.lowering import lower_side
from symcheck.rendering.latex_notation import write_latex
from symcheck.rendering.text_notation import write
from symcheck.trial import FIRST_ROUNDS, FIRST_WORK, Session, Trial, scope_at, standing_at
from symcheck.working_out import ZERO, missing_side, true_side

INFIX = SUMS | PRODUCTS | {"neg"}


class Repair:
    """What `explaining.correction` asks: the left side lowered and differentiated once, right sides tried."""

    def __init__(self, claim: Claim, session: Session) -> None:
        assert claim.equation is not None
        self.claim = claim
        self.equation = claim.equation
        self.session = session
        self.trial = Trial(self._with(ZERO), session)
        self.matching = Matching(
            self.trial.equation,
            self.trial.left,
            claim.assumptions,
            seed=session.seed,
            evaluators=session.evaluators,
        )

    def agrees(self, right: Tensor) -> bool:
        """Whether it may equal the left side: a quick look at a point or two."""
        try:
            return self.matching.agrees(self.lowered(right))
        except (SymcheckError, LookupError, ArithmeticError, RecursionError):
            return False

    def lowered(self, right: Tensor) -> Node:
        """A right side in index notation, derivatives done, at the indices of the left side."""
        trial = self.trial
        idxs, graph = trial.equation.idxs, trial.graph
        node = lower_side(right, self.equation.free, idxs, graph, self.claim.assumptions)
        return differentiate(node, graph)

    def proves(self, right: Tensor) -> bool:
        """Whether the claim with this right side is proved, as any claim is."""
        try:
            trial = Trial(self._with(right), self.session)
            # a claim that takes more to be proved is no correction that is found in passing
            known = trial.prove(self.claim.assumptions, rounds=FIRST_ROUNDS, work=FIRST_WORK).proved
            return known and isinstance(trial.verdict(), Proved)
        except (SymcheckError, LookupError, ArithmeticError, RecursionError):
            return False

    def _with(self, right: Tensor) -> Claim:
        equation = Equation(self.equation.left, right, self.equation.free)
        return replace(self.claim, equation=equation, error=None)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found: the code of the kind, its sentence, the right side that proves."""

    code: str
    kind: str
    right: Tensor | None = None
    size: int = RARE
    """How large the edit is."""


def with_diagnosis(judgement: Judgement, session: Session, true: Tensor | None) -> Refuted | Failed:
    """The verdict with the kind of mistake and a correction, as far as they are found.

    `true`: the left side worked out.  What follows from an earlier slip, and inequalities, stay as they are.
    """
    claim, verdict = judgement.claim, judgement.verdict
    assert isinstance(verdict, Refuted | Failed)
    found: Diagnosis | None = None
    if isinstance(verdict, Failed):
        claim = replace(claim, equation=claim.draft, error=None)
    elif verdict.follows:
        return verdict
    if claim.equation is None or claim.equation.relation is not Relation.EQUAL:
        return verdict
    with suppress(SymcheckError):
        if components(claim):
            found = _of_its_block(claim, session)
        elif isinstance(verdict, Refuted) and verdict.witness is not None and _is_at_point(claim, verdict):
            found = _at_the_point(claim, verdict.witness, session, true)
        else:
            found = _diagnosed(claim, session, true)
    if isinstance(verdict, Failed):
        return verdict if found is None else replace(verdict, kind=found.kind, correction=_of(claim, found))
    qualities = [
        text for text in verdict.true_if if found is None or not (found.kind and _is_special_case(text))
    ]
    if qualities and (found is None or found.size > PLAIN):
        kind = f"it holds under one more assumption: {qualities[0].removeprefix('dim ')}"
        return replace(verdict, code="SC110", kind=kind, correction=_of(claim, found))
    if found is None:
        return verdict
    code = found.code if verdict.code == "SC119" else verdict.code
    return replace(verdict, code=code, kind=found.kind, correction=_of(claim, found))


def _of_its_block(claim: Claim, session: Session) -> Diagnosis | None:
    """What is wrong with the block that is; the others stay as they are written."""
    fault = at_fault(claim, session)
    if fault is None or claim.equation is None:
        return None
    place, part = fault
    found = _diagnosed(part, session, None)
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


SPECIAL = ("dim ", ">", "binary", "signs", "one-hot", "diagonal", "antisymmetric")
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
    if true is None or mentions(true, left):
        true = _definition(claim, left)
    budget = Budget()
    pool = pool_of(claim, left, right, true)
    search = Corrections(left, right, free, pool, claim.assumptions, judge, budget)
    found = search.one()
    if found is not None:
        return _of_edits(found, judge)
    told = _completed(claim, session, true, judge)
    if told is not None:
        return told
    for symbol, opened in opened_names(right, claim):
        found = Corrections(left, opened, free, pool, claim.assumptions, judge, budget).one(PLAIN)
        if found is not None:
            told = _of_edits(found, judge)
            definition = f"{write(variable(symbol))} = {write(claim.graph.definitions[symbol])}"
            return replace(told, kind=f"{told.kind}, in {definition}")
    found = search.two()
    if found is not None:
        return _of_edits(found, judge)
    if true is not None and judge.agrees(true) and judge.proves(true):
        part = structure(right) in set(map(structure, walk(true)))
        if part:
            return Diagnosis("SC108", f"{write(right)} is a part of it only", true)
        return Diagnosis("SC119", "", true)
    return None


def _definition(claim: Claim, left: Tensor) -> Tensor | None:
    """What a name, or an entry of one, is defined as: the true side of a claim about its value."""
    match left:
        case Variable(symbol=symbol) if symbol in claim.graph:
            return claim.graph.definitions[symbol]
        case Entry(base=Variable(symbol=symbol), indices=indices) if symbol in claim.graph:
            return entry(claim.graph.definitions[symbol], indices)
    return None


def _of_edits(found: Found, judge: Repair) -> Diagnosis:
    """The edits in words; the formula as its author would write it, where that proves as well."""
    right = found.right
    with suppress(SymcheckError):
        tidy = polished(right, judge.claim.assumptions.same)
        if structure(tidy) != structure(right) and judge.agrees(tidy) and judge.proves(tidy):
            right = tidy
    said = dict.fromkeys(e.words.format(*map(write, e.about)) for e in found.edits)
    size = max(edit.size for edit in found.edits)
    return Diagnosis(found.edits[0].code, "; ".join(said), right, size if len(found.edits) == 1 else RARE)


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
        if whole is not None and judge.agrees(whole) and judge.proves(whole):
            terms = " and ".join(("− " if minus else "+ ") + write(t) for minus, t in summands(missing))
            return Diagnosis("SC108", f"missing: {terms}", whole)
    return None


def _vanishing(left: Tensor) -> str:
    match left:
        case Derivative(body=Variable() as body, by=by):
            return f"it is 0: {write(body)} does not change with {write(variable(by))}"
    return "it is 0"


# -- numbers at the author's point --------------------------------------------------------------------


def _is_at_point(claim: Claim, verdict: Refuted) -> bool:
    return bool(claim.point) and verdict.scope == scope_at(claim)


def _at_the_point(claim: Claim, witness: Witness, session: Session, true: Tensor | None) -> Diagnosis | None:
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
            told = _of_edits(edited, judge)
            return replace(told, kind=f"{told.kind}: {is_value}")
    equation = Equation(right, ZERO)
    own = Repair(replace(there, equation=equation), session)
    made = made_of(claim, written, lambda t: own.agrees(t) and own.proves(t), true)
    if made is not None:
        code = "SC109" if true is not None and _differs_in_a_name(made, true) else "SC119"
        return Diagnosis(
            code, f"{written} is {write(made)}; {_told(claim, is_value, true, value)}", number, PLAIN
        )
    if written and value and max((value / written).as_integer_ratio(), key=abs) in range(-12, 13):
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


# -- what is printed ----------------------------------------------------------------------------------


def _of(claim: Claim, found: Diagnosis | None) -> Correction | None:
    """The correction in the author's notation, with the part of the line that it replaces."""
    if found is None or found.right is None or claim.equation is None:
        return None
    text, latex = write(found.right), write_latex(found.right)
    old, new = changed(claim.equation.right, found.right)
    span = old.span
    if span is None or not 0 <= span[0] < span[1] <= len(claim.line):
        return Correction(text, latex)
    written = claim.line[span[0] : span[1]]
    if written.count("(") != written.count(")"):
        return Correction(text, latex)
    part = write(new)
    if old is not claim.equation.right and isinstance(new, Apply) and new.op in INFIX:
        around = claim.line[span[0] - 1 : span[0]] + claim.line[span[1] : span[1] + 1]
        part = part if around == "()" else f"({part})"
    return Correction(text, latex, span, written, part)
