"""The left side of a claim worked out through the graph, in the author's notation; and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from symcheck.differentiation import differentiate, push
from symcheck.errors import SymcheckError
from symcheck.explaining.places import reindexed
from symcheck.language.claim import Assumptions, Claim, Equation, Relation
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Number, Tensor
from symcheck.lowering import lower_side
from symcheck.normal_form.prove import facts_of, prove
from symcheck.raising import raise_checked
from symcheck.trial import Session, Trial

STEPS = 60
"""Most steps of the graph taken to work a derivative out."""
ZERO = Number((), Fraction(0), "0")


def true_side(claim: Claim, session: Session) -> Tensor | None:
    """The left side worked out through the graph, in the author's notation and names.

    None if there is no such form, or the prover does not confirm it.
    """
    return _raised(claim, session, None)


def missing_side(claim: Claim, right: Tensor, session: Session) -> Tensor | None:
    """The left side less `right`, likewise."""
    return _raised(claim, session, right)


def _raised(claim: Claim, session: Session, less: Tensor | None) -> Tensor | None:
    if claim.equation is None or claim.equation.relation is not Relation.EQUAL:
        return None
    left, free = claim.equation.left, claim.equation.free
    try:
        trial = Trial(replace(claim, equation=Equation(left, ZERO, free)), session)
        idxs, graph = trial.equation.idxs, trial.graph
        node: Node = trial.left
        if less is not None:
            node = node - differentiate(lower_side(less, free, idxs, graph, claim.assumptions), graph)
        for _ in range(STEPS):
            further = push(node, graph)
            if further is None:
                break
            node = further
        else:
            return None
        equal = equality(session, graph, claim.assumptions, trial.crossed)
        raised = raise_checked(node, idxs, graph, claim.assumptions, equal)
    except SymcheckError:
        return None
    if raised is None:
        return None
    if raised.free and not left.shape:
        # one entry of it, at the author's own indices
        return reindexed(raised.tensor, dict(zip(raised.free, free, strict=True)))
    return raised.tensor


def equality(
    session: Session, graph: LoweredGraph, assumptions: Assumptions, off_boundary: bool | frozenset[Node]
) -> Callable[[Node, Node], bool]:
    """Whether the prover shows two nodes to be equal under these assumptions."""

    def equal(left: Node, right: Node) -> bool:
        facts = facts_of(assumptions, (left, right), off_boundary)
        return prove(left, right, graph, session.prover, facts, rounds=12).proved

    return equal
