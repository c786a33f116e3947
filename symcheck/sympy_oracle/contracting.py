"""Σₖ δₖᵢ f(k) = f(i), so that a written derivative shows no deltas that a reader would have contracted."""

from __future__ import annotations

from symcheck.language.indexed import Idx, Node


def contracted(node: Node) -> Node:
    """The same value with every sum over a delta done, sums split over their terms."""
    table, args = node.table, node.args
    match node.op:
        case "add":
            return table.add(*map(contracted, args))
        case "mul":
            return table.mul(*map(contracted, args))
        case "pow":
            return table.pow(contracted(args[0]), args[1])
        case "fn":
            return table.fn(args[0], *map(contracted, args[1:]))
        case "case":
            return table.case(*map(contracted, args))
        case "ufn":
            return table.ufn(args[0], args[1], contracted(args[2]))
        case "inv":
            return table.inverse(args[0], args[1], contracted(args[2]), *args[3:])
        case "sum":
            return _sum(args[0], contracted(args[1]))
        case "prod":
            return table.prod(args[0], contracted(args[1]))
        case _:
            return node


def _sum(idx: Idx, body: Node) -> Node:
    table = body.table
    if idx not in body.free:
        return table.mul(table.dim(idx.dim), body)
    if body.op == "add":
        # each term gets an index of its own: one index is bound once
        terms = []
        for term in body.args:
            own = table.fresh(idx.name, idx.dim)
            terms.append(_sum(own, table.rename(term, {idx: own})))
        return table.add(*terms)
    if body.op == "sum" and _meets_delta(idx, body.args[1]):
        return _sum(body.args[0], _sum(idx, body.args[1]))
    if body.op == "delta":
        return table.num(1)
    if body.op != "mul":
        return table.sum((idx,), body)
    outside = [factor for factor in body.args if idx not in factor.free]
    inside = [factor for factor in body.args if idx in factor.free]
    for k, factor in enumerate(inside):
        rest = inside[:k] + inside[k + 1 :]
        if factor.op == "delta":
            other = factor.args[0] if factor.args[1] is idx else factor.args[1]
            return table.mul(*outside, *(table.rename(f, {idx: other}) for f in rest))
        if factor.op == "add" and any(_meets_delta(idx, term) for term in factor.args):
            spread = table.add(*(table.mul(table.refresh(term), *rest) for term in factor.args))
            return table.mul(*outside, _sum(idx, spread))
        if factor.op == "sum" and _meets_delta(idx, factor.args[1]):
            inner = table.mul(factor.args[1], *rest)
            return table.mul(*outside, _sum(factor.args[0], _sum(idx, inner)))
    return table.mul(*outside, table.sum((idx,), table.mul(*inside)))


def _meets_delta(idx: Idx, node: Node) -> bool:
    """Whether a delta with the index stands where a sum over the index reaches it."""
    if node.op == "delta":
        return idx in node.args
    if node.op in ("add", "mul"):
        return any(_meets_delta(idx, part) for part in node.args)
    return node.op == "sum" and _meets_delta(idx, node.args[1])
