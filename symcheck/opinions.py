"""What the other parties say of a judged claim, and what would be right or save it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from importlib import import_module

from symcheck.check import at_fault, sums_up
from symcheck.deciding.components import components, of_block
from symcheck.deciding.decide import difference
from symcheck.errors import Contradiction, SymcheckError
from symcheck.evaluation.approach import opinion
from symcheck.evaluation.numbers import is_finite, violates
from symcheck.evaluation.series import Oracle
from symcheck.explaining.true_if import true_if
from symcheck.language.claim import Claim
from symcheck.language.tensor import Apply, Call, Derivative, Differential, Tensor, walk
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted
from symcheck.rendering import latex_notation, text_notation
from symcheck.resting import resting
from symcheck.supposing import Supposed
from symcheck.trial import Session, Trial, scope_at, standing_at
from symcheck.working_out import WorkedOut, worked_out


def with_opinions(judgement: Judgement, session: Session, oracle: str, timeout: float) -> Judgement:
    """The judgement with what the other parties say, and the true right side of a refuted line."""
    opinions: dict[str, str] = {}
    if oracle in ("series", "all"):
        opinions["series"] = series_opinion(computable(_as_judged(judgement, session)), session)
    if oracle in ("sympy", "all"):
        opinions["sympy"] = sympy_opinion(computable(judgement.claim), timeout, session)
    contrary = [party for party, said in opinions.items() if said.startswith("differs")]
    if contrary and isinstance(judgement.verdict, Proved):
        error = Contradiction(
            f"proved, but {contrary[0]} says: {opinions[contrary[0]]}",
            location=judgement.claim.location,
            hint="this is a bug of symcheck: please report the formula",
        )
        return replace(judgement, verdict=Failed(error), oracles=opinions)
    explains = judgement.claim.equation is not None and not sums_up(judgement.claim)
    if isinstance(judgement.verdict, Refuted) and explains:
        judgement = replace(judgement, verdict=with_simplest_witness(judgement, session))
        judgement = replace(judgement, verdict=with_saving_assumption(judgement, session))
        found = worked_out(judgement.claim, session)
        if found is not None:
            judgement = with_true_side(judgement, found)
        whole = found.right if found is not None and found.left is None else None
        with resting():
            judgement = _diagnosed(judgement, session, whole)
    elif isinstance(judgement.verdict, Failed) and judgement.claim.draft is not None:
        with resting():
            judgement = _diagnosed(judgement, session, None)
    return replace(judgement, oracles=opinions) if opinions else judgement


def _diagnosed(judgement: Judgement, session: Session, true: Tensor | None) -> Judgement:
    # what looks for corrections is loaded when the first line is wrong
    repairing = import_module("symcheck.repairing")
    return replace(judgement, verdict=repairing.with_diagnosis(judgement, session, true))


def with_true_side(judgement: Judgement, found: WorkedOut) -> Judgement:
    """The judgement with the derivative that was asked for; an entry of it says which."""
    equation = judgement.claim.equation
    if equation is None or not any(map(is_worked_out, walk(equation.left))):
        return judgement
    judgement = replace(
        judgement,
        derivative=text_notation.write(found.right),
        derivative_latex=latex_notation.write_latex(found.right),
    )
    if found.left is None:
        return judgement
    return replace(
        judgement,
        derivative_of=text_notation.write(found.left),
        derivative_of_latex=latex_notation.write_latex(found.left),
    )


def with_simplest_witness(judgement: Judgement, session: Session) -> Refuted:
    """The refutation at the simplest point to which a short walk leads from the one where it was found.

    What is said of numbers at the author's point stays there.
    """
    verdict, claim = judgement.verdict, judgement.claim
    assert isinstance(verdict, Refuted)
    if verdict.witness is None or verdict.scope == scope_at(claim):
        return verdict
    with resting(), suppress(SymcheckError):
        # a limit that is not found in general has no sides to look at
        fault = at_fault(claim, session)
        if fault is not None:
            place, part = fault
            simple = Trial(part, session).simplest_witness()
            if simple is None:
                return verdict
            own = replace(verdict, witness=simple, message=difference(part, simple))
            found = of_block(claim, place, own)
            return found if isinstance(found, Refuted) else verdict
        witness = Trial(claim, session).simplest_witness()
        if witness is not None:
            return replace(verdict, witness=witness, message=difference(claim, witness))
    return verdict


def with_saving_assumption(judgement: Judgement, session: Session) -> Refuted:
    """The refutation with the assumptions that would make the claim true, if one alone does.

    What follows from an earlier slip, and what is said of numbers at a point, is left as it is.
    """
    verdict, claim = judgement.verdict, judgement.claim
    assert isinstance(verdict, Refuted)
    if verdict.witness is None or verdict.follows or verdict.scope == scope_at(claim):
        return verdict
    with resting(), suppress(SymcheckError):
        return replace(verdict, true_if=true_if(claim, Supposed(claim, session)))
    return verdict


def computable(claim: Claim) -> Claim:
    """What the other parties are asked: of a statement for every level, that at the first after the base."""
    induction = claim.induction
    instance = induction.instance() if induction is not None and sums_up(claim) else None
    return claim if instance is None else instance


def _as_judged(judgement: Judgement, session: Session) -> Claim:
    """The claim, standing at the author's point if that is where it was judged."""
    claim, verdict = judgement.claim, judgement.verdict
    if claim.point and isinstance(verdict, Proved | Refuted) and verdict.scope == scope_at(claim):
        return standing_at(claim, session)
    return claim


def series_opinion(claim: Claim, session: Session) -> str:
    """Both sides at one living point, derivatives by two-term series of the forward expression.

    Of a limit, the values of its body ever nearer to the target.
    """
    if claim.equation is None:
        return "n/a: the claim was not read"
    said = [series_opinion(part, session) for _, part in components(claim)]
    if said:
        return next((one for one in said if one == "differs"), max(said, key=lambda one: one != "agrees"))
    try:
        trial = Trial(claim, session)
        finding = trial.refute(False, points=2)
        point = finding.living or finding.point
        if point is None:
            return "n/a: no point at which both sides exist"
        opinions = {opinion(node, value, trial.graph, point) for node, value in trial.limits.items()}
        if opinions - {"agrees"}:
            return "differs" if "differs" in opinions else "n/a: no values near the target"
        oracle = Oracle(trial.graph, point)
        idxs = trial.equation.idxs
        pairs = zip(
            oracle.entries(trial.equation.left, idxs), oracle.entries(trial.equation.right, idxs), strict=True
        )
        known = [(left, right) for left, right in pairs if is_finite(left) and is_finite(right)]
    except SymcheckError as error:
        return f"n/a: {error.message}"
    if not known:
        return "n/a: no series"
    relation = trial.equation.relation
    return "differs" if any(violates(left, right, relation) for left, right in known) else "agrees"


def sympy_opinion(claim: Claim, seconds: float, session: Session) -> str:
    """SymPy's own automatic differentiation at explicit small sizes, in a word or two."""
    if claim.equation is None:
        return "n/a: the claim was not read"
    oracle = import_module("symcheck.sympy_oracle")
    expansions = session.kept.setdefault("sympy", oracle.Expansions())
    return str(oracle.compare(claim, seconds=seconds, expansions=expansions))


def is_worked_out(part: Tensor) -> bool:
    """Whether a part of a formula is a derivative, in one way or another."""
    match part:
        case Derivative() | Differential():
            return True
        case Call(derivatives=orders):
            return any(orders)
        case Apply(op="coefficient"):
            return True
    return False
