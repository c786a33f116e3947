"""Derivatives of the matrices that are made of a matrix, entry by entry."""

from __future__ import annotations

from collections.abc import Callable

from symcheck.errors import Blocked
from symcheck.language.indexed import Idx, Node

FUNCTIONS = frozenset({"expm", "logm", "sinm", "cosm"})
"""Functions of a matrix by its power series, or for logm the inverse of expm."""


def differential(node: Node, a: Idx, b: Idx, inner: Node) -> Node:
    """The derivative of entry (p, q) of f(X), where `inner` is that of X[a, b].

    Errors: Blocked for functions of which the derivative is known under a trace only, except along X itself.
    """
    name = node.args[0]
    known = DIFFERENTIALS.get(name)
    if known is not None:
        return known(node, a, b, inner)
    found = _along(node, a, b, inner)
    if found is None:
        raise Blocked(f"the derivative of {name}(X) is known under a trace and along multiples of X only")
    return found


def _along(node: Node, a: Idx, b: Idx, inner: Node) -> Node | None:
    """d f(s K) = c f′(s K) K where d(s K) = c K, s and c numbers: K commutes with s K; else None."""
    table = node.table
    row, col, body, p, q = node.args[1:]
    _, matrix = _split(body, row, col)
    here = table.rename(matrix, {row: a, col: b})
    scales = []
    for term in inner.args if inner.op == "add" else (inner,):
        scale, direction = _split(term, a, b)
        if direction is not here and term != table.zero:
            return None
        scales.append(scale)
    k = table.fresh("k", row.dim)
    product = slope(node, p, k) * table.refresh(matrix, {row: k, col: q})
    return table.mul(table.add(*scales), table.sum((k,), product))


def _split(node: Node, row: Idx, col: Idx) -> tuple[Node, Node]:
    """(number, matrix): the factors without row and column, and the others."""
    factors = node.args if node.op == "mul" else (node,)
    outside = [factor for factor in factors if factor.free.isdisjoint((row, col))]
    inside = [factor for factor in factors if not factor.free.isdisjoint((row, col))]
    return node.table.mul(*outside), node.table.mul(*inside)


def _adjugate(node: Node, a: Idx, b: Idx, inner: Node) -> Node:
    """d adj(X) = tr(X⁻¹ dX) adj(X) − adj(X) dX X⁻¹."""
    table = node.table
    _, row, col, body, p, q = node.args
    trace = table.sum((a, b), table.inverse(row, col, body, b, a) * inner) * node
    left = table.matrix("adj", row, col, body, p, a)
    return trace - table.sum((a, b), left * inner * table.inverse(row, col, body, b, q))


def _pseudo_inverse(node: Node, a: Idx, b: Idx, inner: Node) -> Node:
    """dP = −P dX P + P Pᵀ dXᵀ (1 − X P) + (1 − P X) dXᵀ Pᵀ P, where the rank does not change."""
    table = node.table
    _, row, col, body, p, q = node.args

    def at(i: Idx, j: Idx) -> Node:
        return table.matrix("pinv", row, col, body, i, j)

    r, t = table.fresh("r", row.dim), table.fresh("t", row.dim)
    k, m = table.fresh("k", col.dim), table.fresh("m", col.dim)
    off_rows = table.delta(a, q) - table.sum((k,), table.refresh(body, {row: a, col: k}) * at(k, q))
    off_columns = table.delta(p, b) - table.sum((t,), at(p, t) * table.refresh(body, {row: t, col: b}))
    inside = table.add(
        -at(p, a) * at(b, q),
        table.sum((r,), at(p, r) * at(b, r)) * off_rows,
        off_columns * table.sum((m,), at(m, a) * at(m, q)),
    )
    return table.sum((a, b), inside * inner)


def _cholesky(node: Node, a: Idx, b: Idx, inner: Node) -> Node:
    """dL = L Φ(L⁻¹ dA L⁻ᵀ), Φ the lower triangle with half the diagonal; of dA the lower triangle counts."""
    table = node.table
    _, row, col, body, p, q = node.args
    k, lower, upper = (table.fresh(name, row.dim) for name in "klu")

    def inverse(i: Idx, j: Idx) -> Node:
        factor = table.matrix("chol", row, col, body, lower, upper)
        return table.inverse(lower, upper, factor, i, j)

    below = table.order(b, a)
    other = table.refresh(inner, {a: b, b: a})
    read = below * inner + (1 - below) * other
    middle = table.sum((a, b), inverse(k, a) * read * inverse(q, b))
    half = table.order(q, k) - table.delta(q, k) / 2
    return table.sum((k,), table.matrix("chol", row, col, body, p, k) * half * middle)


DIFFERENTIALS: dict[str, Callable[[Node, Idx, Idx, Node], Node]] = {
    "adj": _adjugate,
    "pinv": _pseudo_inverse,
    "chol": _cholesky,
}


def trace(idx: Idx, body: Node) -> tuple[Node, Node] | None:
    """(c, f(X)ᵢᵢ) where the body of a sum over i is c f(X)ᵢᵢ, c and X without i; None for any other."""
    factors = body.args if body.op == "mul" else (body,)
    for k, factor in enumerate(factors):
        if factor.op != "mat" or factor.args[0] not in FUNCTIONS:
            continue
        others = factors[:k] + factors[k + 1 :]
        inside = factor.args[3].free - {factor.args[1], factor.args[2]}
        alone = idx not in inside and all(idx not in other.free for other in others)
        if factor.args[4] is idx and factor.args[5] is idx and alone:
            return body.table.mul(*others), factor
    return None


def slope(function: Node, p: Idx, q: Idx) -> Node:
    """Entry (p, q) of f′(X): d tr f(X) = tr(f′(X) dX)."""
    table = function.table
    name, row, col, body = function.args[:4]
    match name:
        case "logm":
            return table.inverse(row, col, body, p, q)
        case "sinm":
            return table.matrix("cosm", row, col, body, p, q)
        case "cosm":
            return -table.matrix("sinm", row, col, body, p, q)
    return table.matrix("expm", row, col, body, p, q)
