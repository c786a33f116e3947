"""A refuted claim before the parties again, with more assumed of it."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from dataclasses import replace

from symcheck.deciding.limits import LimitUnknown
from symcheck.errors import SymcheckError
from symcheck.evaluation.refute import differ_at_once
from symcheck.language.claim import Assumptions, Claim
from symcheck.lowering import is_zero
from symcheck.normal_form.prove import Search
from symcheck.trial import FIRST_ROUNDS, FIRST_WORK, Session, Trial, held_in


class Supposed:
    """What `explaining.true_if` asks: lowered and differentiated once, judged under many assumptions."""

    def __init__(self, claim: Claim, session: Session) -> None:
        self.claim = claim
        self.session = session
        self.trial: Trial | None = None
        with suppress(LimitUnknown):
            # a limit may be found under more assumptions
            self.trial = Trial(claim, session)

    def differs(self, assumptions: Assumptions) -> bool:
        """Whether its sides differ at the first points, or exist at none: a quick look."""
        try:
            trial = self._under(assumptions)
            return differ_at_once(
                trial.equation,
                trial.left,
                trial.right,
                assumptions,
                seed=trial.session.seed,
                evaluators=trial.session.evaluators,
            )
        except SymcheckError:
            return True

    def proves(self, assumptions: Assumptions) -> bool:
        """Whether it is proved in a few steps, with a living point, and says more than 0 = 0."""
        try:
            trial = self._under(assumptions)
            proof = trial.prove(assumptions, rounds=FIRST_ROUNDS, work=FIRST_WORK)
            if not proof.proved or says_nothing(trial):
                return False
            finding = trial.refute(True)
        except SymcheckError:
            return False
        return finding.witness is None and finding.living is not None

    def _under(self, assumptions: Assumptions) -> Trial:
        """The same equation under other assumptions; anew only where these change what it is lowered to."""
        claim = replace(self.claim, assumptions=assumptions)
        before = self.claim.assumptions
        if self.trial is None:
            return Trial(claim, self.session)
        if self.trial.limits or assumptions.dims != before.dims or held_in(assumptions) != held_in(before):
            return Trial(claim, self.session)
        twin = copy(self.trial)
        twin.claim = claim
        twin.search = None
        return twin


def says_nothing(trial: Trial) -> bool:
    """Whether both sides are 0, though the author did not write 0."""
    equation = trial.claim.equation
    if equation is None or is_zero(equation.right):
        return False
    facts = trial.facts(trial.claim.assumptions)
    search = Search(trial.right, trial.right.table.num(0), trial.graph, trial.session.prover, facts)
    return search.proof(FIRST_ROUNDS, FIRST_WORK).proved
