"""The parties' answers → one verdict.  Nothing is computed here."""

from __future__ import annotations

from symcheck.errors import Contradiction, DefinedNowhere
from symcheck.evaluation.refute import Finding
from symcheck.language.claim import Claim, Relation
from symcheck.language.verdict import Failed, Proved, Refuted, Undecided, Verdict, Witness
from symcheck.normal_form.prove import Proof

SOMETHING_LEFT = "the difference of the two sides does not reduce to 0 with the laws symcheck knows"


def decide(
    claim: Claim, proof: Proof, finding: Finding, scope: str, side_conditions: tuple[str, ...]
) -> Verdict:
    """Proved needs an empty normal form and a living point; refuted an exact witness.

    Errors: Contradiction (SC900) if both parties claim victory.
    """
    if proof.proved and finding.witness is not None:
        raise Contradiction(
            f"the normal form proves {claim.text!r}, evaluation refutes it at {finding.witness.entries}",
            location=claim.location,
            hint="this is a bug of symcheck: please report the formula",
        )
    if finding.witness is not None:
        witness = finding.witness
        return Refuted("SC119", difference(claim, witness), witness)
    if finding.living is None and finding.over_budget:
        return Undecided(
            "SC202", "no point small enough to evaluate was found", "use smaller fixed sizes or exponents"
        )
    if finding.living is None:
        reason = proof.blocked if proof.nowhere else "no point was found at which both sides exist"
        return Failed(
            DefinedNowhere(
                f"defined nowhere we looked: {reason}",
                location=claim.location,
                hint="check the assumptions for contradictions, and denominators, logarithms and inverses "
                "for expressions that exist nowhere",
            )
        )
    if proof.proved:
        return Proved(scope, proof.laws, side_conditions)
    if proof.exhausted:
        return Undecided(
            "SC202", f"within the budget: {proof.blocked}", "split the line, or name the intermediate values"
        )
    if proof.blocked:
        return Undecided(
            "SC201", f"outside the decidable part: {proof.blocked}", "state the step in simpler parts"
        )
    return Undecided(
        "SC201", SOMETHING_LEFT, "add a step between the two sides, or an assumption that is missing"
    )


def difference(claim: Claim, witness: Witness) -> str:
    assert claim.equation is not None
    relation = claim.equation.relation
    if relation is Relation.EQUAL:
        return f"the formula gives {witness.claimed}, the true value is {witness.true}"
    if witness.claimed == witness.true:
        return f"both sides are {witness.true}, so {relation} does not hold"
    return f"the left side is {witness.true}, the right side {witness.claimed}, so {relation} does not hold"
