"""Raising: index notation → the author's notation.

In: a differentiated node (functions still opaque, derivatives of defined names still atoms) and its
free indices in the order of the axes.  Out: a `Tensor` in matrix notation where one exists, else in
index notation.  Nothing raised is trusted: `raise_checked` lowers it again and asks the prover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from symcheck.errors import SymcheckError
from symcheck.language.claim import Assumptions
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Index, Tensor
from symcheck.lowering import lower_tensor
from symcheck.raising.entries import EntryForm
from symcheck.raising.matrix import MatrixForm
from symcheck.raising.products import in_full
from symcheck.raising.terms import NoForm

ANYTHING = Assumptions()


@dataclass(frozen=True, slots=True)
class Raised:
    """A node in the author's notation."""

    tensor: Tensor
    matrix: bool
    """Whether it is matrix notation: then its axes are those asked for; else it is one entry."""
    free: tuple[Index, ...] = ()
    """Names of the axes in index notation, in order."""


def raised_forms(
    node: Node, axes: tuple[Idx, ...], graph: LoweredGraph, assumptions: Assumptions = ANYTHING
) -> Iterator[Raised]:
    """The node in matrix notation if there is one, then in index notation; unchecked."""
    matrix = MatrixForm(graph.table, assumptions.same)
    node = in_full(node, graph)

    def in_matrices() -> Raised:
        return Raised(matrix.exact(node, axes), True)

    def in_entries() -> Raised:
        entries = EntryForm(matrix, node, axes)
        return Raised(entries.scalar(node, entries.free), not axes, tuple(entries.free.values()))

    for form in (in_matrices, in_entries):
        try:
            raised = form()
        except (NoForm, SymcheckError, RecursionError):
            continue
        yield raised


def raise_node(
    node: Node, axes: tuple[Idx, ...], graph: LoweredGraph, assumptions: Assumptions = ANYTHING
) -> Raised | None:
    """The first form there is, unchecked; None if there is none."""
    return next(raised_forms(node, axes, graph, assumptions), None)


def raise_checked(
    node: Node,
    axes: tuple[Idx, ...],
    graph: LoweredGraph,
    assumptions: Assumptions,
    equal: Callable[[Node, Node], bool],
) -> Raised | None:
    """The first form that `equal` (the prover) shows to be the node, or None.

    `equal` gets two nodes with the free indices `axes`, derivatives of defined names still atoms.
    """
    for raised in raised_forms(node, axes, graph, assumptions):
        try:
            if equal(node, lowered_again(raised, axes, graph, assumptions)):
                return raised
        except SymcheckError:
            continue
    return None


def lowered_again(
    raised: Raised, axes: tuple[Idx, ...], graph: LoweredGraph, assumptions: Assumptions = ANYTHING
) -> Node:
    """A raised tensor back in index notation, at the axes it came from."""
    free = dict(zip(raised.free, axes, strict=True)) if raised.free else {}
    operand = lower_tensor(raised.tensor, assumptions, graph.table, free)
    return operand.body if raised.free else operand.at(*axes)
