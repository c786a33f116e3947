"""Products without one factor, as differentiation makes them, on their way to Πⱼ uⱼ / uᵢ.

A reader would write it so; that uᵢ ≠ 0 is then a side condition of what was raised, which the prover checks.
"""

from __future__ import annotations

from fractions import Fraction

from symcheck.differentiation import replace
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph


def in_full(node: Node, graph: LoweredGraph) -> Node:
    """The node with Πⱼ uⱼ / uᵢ for every Πⱼ (δⱼᵢ + (1 − δⱼᵢ) uⱼ)."""
    values: dict[Node, Node] = {}
    done: set[Node] = set()
    stack = [node]
    while stack:
        part = stack.pop()
        if part in done:
            continue
        done.add(part)
        found = _without_one(part) if part.op == "prod" else None
        if found is not None:
            values[part] = found
        stack.extend(part.nodes)
    return replace(node, values, graph) if values else node


def _without_one(node: Node) -> Node | None:
    idx, body = node.args
    if body.op != "add" or len(body.args) != 2:
        return None
    same, others = body.args
    if same.op != "delta" or idx not in same.args or others.op != "mul":
        return None
    table = node.table
    unequal = 1 - same
    factors = [factor for factor in others.args if factor is not unequal]
    if len(factors) + 1 != len(others.args):
        return None
    here: Idx = same.args[0] if same.args[1] is idx else same.args[1]
    factor = table.mul(*factors)
    whole = table.prod(idx, factor)
    return table.mul(whole, table.pow(table.refresh(factor, {idx: here}), Fraction(-1)))
