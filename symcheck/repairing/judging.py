"""A refuted claim before the parties again, with other right sides."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from symcheck.differentiation import differentiate
from symcheck.errors import SymcheckError
from symcheck.evaluation.matching import Matching
from symcheck.explaining.correction import Judge
from symcheck.explaining.edit import RARE
from symcheck.language.claim import Claim, Relation
from symcheck.language.indexed import Node
from symcheck.language.tensor import Tensor
from symcheck.language.verdict import Proved
from symcheck.lowering import lower_side
from symcheck.normal_form.prove import ROUNDS
from symcheck.trial import FIRST_ROUNDS, FIRST_WORK, Session, Trial
from symcheck.working_out import ZERO

LONG_PROOFS = 2
"""Most right sides of one claim for which the prover goes beyond a first look."""
LONG_WORK = 20_000
"""Products of terms it then may take."""


class Repair:
    """What `explaining.correction` asks: the left side lowered and differentiated once, right sides tried."""

    def __init__(self, claim: Claim, session: Session, relation: Relation = Relation.EQUAL) -> None:
        assert claim.equation is not None
        self.claim = claim
        self.equation = replace(claim.equation, relation=relation)
        self.session = session
        self.trial = Trial(self._with(ZERO), session)
        self.matching = Matching(
            self.trial.equation,
            self.trial.left,
            claim.assumptions,
            seed=session.seed,
            evaluators=session.evaluators,
        )
        self.long_proofs = LONG_PROOFS
        if claim.draft is None and claim.equation.left.shape == claim.equation.right.shape:
            # the point at which the cases of a function differ may be a rare one
            with suppress(SymcheckError):
                point = Trial(replace(claim, equation=self.equation), session).refute(False).point
                if point is not None:
                    self.matching.look_at(point)

    def agrees(self, right: Tensor) -> bool:
        """Whether it may equal the left side: a quick look at a point or two."""
        try:
            return self.matching.agrees(self.lowered(right), self.equation.relation)
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
            proof = trial.prove(self.claim.assumptions, rounds=FIRST_ROUNDS, work=FIRST_WORK)
            if not proof.proved and proof.exhausted and self.long_proofs:
                self.long_proofs -= 1
                proof = trial.prove(self.claim.assumptions, rounds=ROUNDS, work=LONG_WORK)
            return proof.proved and isinstance(trial.verdict(), Proved)
        except (SymcheckError, LookupError, ArithmeticError, RecursionError):
            return False

    def _with(self, right: Tensor) -> Claim:
        return replace(self.claim, equation=replace(self.equation, right=right), error=None)


@dataclass(frozen=True, slots=True)
class Within:
    """Asks about a part of the right side: what may stand there, all else as it is."""

    judge: Judge
    whole: Callable[[Tensor], Tensor]
    """The right side with another part."""

    def agrees(self, right: Tensor) -> bool:
        """Whether the whole may equal the left side."""
        try:
            return self.judge.agrees(self.whole(right))
        except SymcheckError:
            return False

    def proves(self, right: Tensor) -> bool:
        """Whether the claim with the whole is proved."""
        return self.judge.proves(self.whole(right))


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found: the code of the kind, its sentence, the right side that proves."""

    code: str
    kind: str
    right: Tensor | None = None
    size: int = RARE
    """How large the edit is."""
    relation: Relation = Relation.EQUAL
    """What holds between the sides."""
