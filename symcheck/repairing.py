"""A refuted claim before the parties again, with other right sides."""

from __future__ import annotations

from dataclasses import replace

from symcheck.differentiation import differentiate
from symcheck.errors import SymcheckError
from symcheck.evaluation.matching import Matching
from symcheck.language.claim import Claim, Equation
from symcheck.language.tensor import Number, Tensor
from symcheck.language.verdict import Proved
from symcheck.lowering import lower_side
from symcheck.trial import Session, Trial


class Repair:
    """What `explaining.correction` asks: the left side lowered and differentiated once, right sides tried."""

    def __init__(self, claim: Claim, session: Session) -> None:
        assert claim.equation is not None
        self.claim = claim
        self.session = session
        self.trial = Trial(self._with(Number((), 0, "0")), session)  # type: ignore[arg-type]
        self.matching = Matching(
            self.trial.equation,
            self.trial.left,
            claim.assumptions,
            seed=session.seed,
            evaluators=session.evaluators,
        )

    def agrees(self, right: Tensor) -> bool:
        """Whether it may equal the left side: a quick look at a point or two."""
        assert self.claim.equation is not None
        try:
            node = lower_side(
                right,
                self.claim.equation.free,
                self.trial.equation.idxs,
                self.trial.graph,
                self.claim.assumptions,
            )
            return self.matching.agrees(differentiate(node, self.trial.graph))
        except SymcheckError:
            return False

    def proves(self, right: Tensor) -> bool:
        """Whether the claim with this right side is proved, as any claim is."""
        try:
            return isinstance(Trial(self._with(right), self.session).verdict(), Proved)
        except SymcheckError:
            return False

    def _with(self, right: Tensor) -> Claim:
        assert self.claim.equation is not None
        equation = Equation(self.claim.equation.left, right, self.claim.equation.free)
        return replace(self.claim, equation=equation, error=None)
