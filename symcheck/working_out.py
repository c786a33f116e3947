"""The left side of a claim worked out through the graph, in the author's notation; and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from symcheck.differentiation import differentiate, push
from symcheck.errors import SymcheckError
from symcheck.explaining.places import reindexed
from symcheck.language.claim import Assumptions, Claim, Equation, Relation
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Derivative, Index, Number, Tensor, entry, symbols_in
from symcheck.lowering import lower_side
from symcheck.normal_form.prove import facts_of, prove
from symcheck.raising import Raised, raise_checked
from symcheck.trial import Session, Trial

STEPS = 60
"""Most steps of the graph taken to work a derivative out."""
ZERO = Number((), Fraction(0), "0")


LETTERS = "ijklmnpqrst"
"""Names for the axes of an entry, in this order."""


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """The left side of a claim in another form."""

    right: Tensor
    left: Tensor | None = None
    """Where the form is one entry, for every value of its indices: that entry of the left side."""


def true_side(claim: Claim, session: Session) -> Tensor | None:
    """The left side worked out through the graph, in the author's notation and names.

    None if there is no such form of the shape of the left side, or the prover does not confirm it.
    """
    found = worked_out(claim, session)
    return found.right if found is not None and found.left is None else None


def worked_out(claim: Claim, session: Session) -> WorkedOut | None:
    """Likewise; where it has a form in index notation alone, one entry of it."""
    return _raised(claim, session, None)


def missing_side(claim: Claim, right: Tensor, session: Session) -> Tensor | None:
    """The left side less `right`, of the shape of the left side."""
    found = _raised(claim, session, right)
    return found.right if found is not None and found.left is None else None


def _raised(claim: Claim, session: Session, less: Tensor | None) -> WorkedOut | None:
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
        return None if raised is None else _at_own_indices(raised, left, free)
    except SymcheckError:
        return None


def _at_own_indices(raised: Raised, left: Tensor, free: tuple[Index, ...]) -> WorkedOut:
    """One entry of it at the author's own indices, and at further ones where the left side has axes."""
    if not raised.free:
        return WorkedOut(raised.tensor)
    known = [s.name for tensor in (left, raised.tensor) for s in symbols_in(tensor)]
    sizes = [str(dim) for size in left.shape for dim in size]
    taken = {*(index.name for index in free), *known, *sizes}
    letters = (letter for letter in LETTERS if letter not in taken)
    axes = tuple(Index(next(letters), index.dim) for index in raised.free[len(free) :])
    right = reindexed(raised.tensor, dict(zip(raised.free, (*free, *axes), strict=True)))
    return WorkedOut(right, entry_of(left, axes) if axes else None)


def entry_of(left: Tensor, axes: tuple[Index, ...]) -> Tensor:
    """One entry of a left side: ``∂p[i]/∂V[j,k]`` of ∂p/∂V."""
    match left:
        case Derivative(body=body, by=by, at=None) if len(body.shape) + len(by.shape) == len(axes):
            inner = len(body.shape)
            of = entry(body, axes[:inner]) if inner else body
            return replace(left, shape=(), body=of, at=axes[inner:])
    return entry(left, axes)


def equality(
    session: Session, graph: LoweredGraph, assumptions: Assumptions, off_boundary: bool | frozenset[Node]
) -> Callable[[Node, Node], bool]:
    """Whether the prover shows two nodes to be equal under these assumptions."""

    def equal(left: Node, right: Node) -> bool:
        facts = facts_of(assumptions, (left, right), off_boundary)
        return prove(left, right, graph, session.prover, facts, rounds=12).proved

    return equal
