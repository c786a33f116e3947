"""How a sum is to be evaluated: as products in which every δ that can rename an index does so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from symcheck.language.indexed import Idx, Node

DEEPEST = 6
"""How far down a δ is looked for."""


@dataclass(frozen=True, slots=True)
class Contraction:
    """Σ over `bound` of a product of factors and δs."""

    bound: tuple[Idx, ...]
    factors: tuple[Node, ...]
    deltas: tuple[tuple[Idx, Idx], ...]


def contractions(node: Node) -> list[Contraction]:
    """The products whose sum a sum node is.

    A sum inside a product is opened if a δ in it binds an index of this one to another: without that
    ∂/∂W of Σᵢ (Σₖ Wᵢₖ xₖ)² would be computed over i, k and both indices of W.
    """
    found: list[Contraction] = []
    _collect(node, [], found)
    return found


def _collect(node: Node, bound: list[Idx], found: list[Contraction]) -> None:
    bound = list(bound)
    while node.op == "sum":
        bound.append(node.args[0])
        node = node.args[1]
    if node.op == "add" and _binds(node, bound, DEEPEST):
        for term in node.args:
            _collect(term, bound, found)
        return
    outside = node.free
    factors: list[Node] = []
    deltas: list[tuple[Idx, Idx]] = []
    waiting = list(node.args if node.op == "mul" else (node,))
    while waiting:
        factor = waiting.pop(0)
        if factor.op == "delta":
            deltas.append(factor.args)
        elif (
            factor.op == "sum"
            and _binds(factor, bound, DEEPEST)
            # an index that stands free beside the sum, or is bound already, must not be captured
            and factor.bound.isdisjoint(bound)
            and factor.bound.isdisjoint(outside)
        ):
            while factor.op == "sum":
                bound.append(factor.args[0])
                factor = factor.args[1]
            waiting[:0] = factor.args if factor.op == "mul" else (factor,)
        else:
            factors.append(factor)
    found.append(Contraction(tuple(bound), tuple(factors), tuple(deltas)))


def _binds(node: Node, bound: Collection[Idx], depth: int) -> bool:
    """Whether a δ among the factors of the node holds one of the indices."""
    if node.op == "delta":
        return node.args[0] in bound or node.args[1] in bound
    if depth and node.op in ("mul", "add", "sum") and not node.free.isdisjoint(bound):
        return any(
            _binds(part, bound, depth - 1) for part in (node.args[1:] if node.op == "sum" else node.args)
        )
    return False
