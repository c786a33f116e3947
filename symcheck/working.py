"""How a claim was judged, written out: the normal forms of both sides, the laws, what was tried.

Made anew for those who ask, within the bounds of a first look; the verdict does not rest on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from symcheck.deciding.components import Place, components, shown
from symcheck.errors import Blocked, BudgetExhausted, DomainFault, SymcheckError
from symcheck.evaluation.refute import Finding
from symcheck.language.claim import Claim, Relation
from symcheck.language.indexed import Node
from symcheck.language.verdict import Judgement, Proved, Refuted, Working
from symcheck.normal_form.facts import Facts
from symcheck.normal_form.laws import LAWS
from symcheck.normal_form.prove import Proof
from symcheck.normal_form.writing import Writer
from symcheck.rendering.text_notation import write_name
from symcheck.rendering.witness_rows import sizes_text
from symcheck.resting import resting
from symcheck.trial import FIRST_POINTS, FIRST_ROUNDS, Session, Trial, scope_at, standing_at

WORK = 20_000
"""Most products of terms."""


def with_working(judgement: Judgement, session: Session) -> Judgement:
    """The judgement with how it was made."""
    with resting():
        return replace(judgement, working=working(judgement, session))


def working(judgement: Judgement, session: Session) -> Working:
    """What both sides come to, by which laws, and what was tried."""
    claim, verdict = judgement.claim, judgement.verdict
    if claim.equation is None:
        return Working(reason="the claim was not read")
    used = _laws(verdict.laws) if isinstance(verdict, Proved) else ()
    if claim.point and isinstance(verdict, Proved | Refuted) and verdict.scope == scope_at(claim):
        claim = standing_at(claim, session)
    blocks = components(claim)
    if blocks:
        return _of_blocks(judgement, blocks, session)
    try:
        trial = Trial(claim, session)
        proof = trial.prove(claim.assumptions, rounds=FIRST_ROUNDS, work=WORK)
        found = trial.refute(proof.proved, FIRST_POINTS)
        tried = (_of_prover(proof), _of_points(found))
        return replace(_sides(trial), laws=used or _laws(proof.laws), tried=tried)
    except SymcheckError as error:
        return Working(laws=used, reason=error.message)


def _of_blocks(judgement: Judgement, blocks: Sequence[tuple[Place, Claim]], session: Session) -> Working:
    """One block after the other, its terms and what was tried under its number."""
    assert judgement.claim.equation is not None
    shape = judgement.claim.equation.left.shape
    parts = [(place, working(replace(judgement, claim=part), session)) for place, part in blocks]

    def under(lines: Callable[[Working], tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(
            f"block {shown(shape, place)}: {' '.join(lines(part))}" for place, part in parts if lines(part)
        )

    return Working(
        under(lambda part: part.left),
        under(lambda part: part.right),
        under(lambda part: part.difference),
        tuple(dict.fromkeys(law for _, part in parts for law in part.laws)),
        under(lambda part: (", ".join(part.tried),)),
        "; ".join(dict.fromkeys(part.reason for _, part in parts if part.reason)),
    )


def _sides(trial: Trial) -> Working:
    """The normal forms, in the shape in which the two sides were compared."""
    left, right, facts = _compared(trial)
    try:
        translation = trial.session.prover.translation(facts, WORK)
        writer = Writer(translation.algebra, write_name)
        first, second = translation.poly(left), translation.poly(right)
        shown = tuple(writer.terms(first)), tuple(writer.terms(second))
        rest = translation.algebra.plus(first, translation.poly(-right))
        return Working(*shown, tuple(writer.terms(rest)))
    except (Blocked, BudgetExhausted, DomainFault) as error:
        return Working(reason=f"no normal form: {error.message}")
    except RecursionError:
        return Working(reason="no normal form: expressions nested too deep")


def _compared(trial: Trial) -> tuple[Node, Node, Facts]:
    if trial.search is not None and trial.equation.relation is Relation.EQUAL:
        return trial.search.compared()
    return trial.left, trial.right, trial.facts(trial.claim.assumptions)


def _laws(names: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    known = ((name, LAWS.get(name)) for name in names)
    return tuple((name, law.statement, law.condition) if law else (name, "", "") for name, law in known)


def _of_prover(proof: Proof) -> str:
    """What the prover did."""
    steps = f"{proof.steps} step{'' if proof.steps == 1 else 's'} through the definitions"
    if proof.proved:
        return f"prover: shown after {steps}"
    return f"prover: not shown after {steps}{f' ({proof.blocked})' if proof.blocked else ''}"


def _of_points(found: Finding) -> str:
    """What evaluation did."""
    point = found.living or found.point
    sizes = sizes_text({str(k): v for k, v in point.sizes.items()}) if point is not None else ""
    at = f", with {sizes}" if sizes else ""
    if found.witness is not None:
        return f"evaluation: does not hold at an exact point{at}"
    if found.living is not None:
        return f"evaluation: holds at an exact point{at}"
    return f"evaluation: no point among {found.tried} at which both sides exist"
