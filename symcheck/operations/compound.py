"""Inverse and determinant of a matrix whose axes are products of sizes, where it is a Kronecker product.

A body Xᵢₖ Yⱼₗ over the rows (i, j) and the columns (k, l) falls apart into factors that share no index: each
holds one index of the rows and one of the columns.
"""

from __future__ import annotations

from dataclasses import dataclass

from symcheck.errors import Blocked
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.operand import Axis


@dataclass(frozen=True, slots=True)
class Part:
    """One factor: its body, and which index of the rows and of the columns it holds."""

    body: Node
    row: int
    col: int


def parts(table: Table, body: Node, row: Axis, col: Axis, what: str) -> list[Part]:
    """The factors of a Kronecker product, one for each index of the rows.

    Errors: Blocked if the body does not fall apart into square factors.
    """
    fault = Blocked(f"{what} of a matrix with axes of compound size that is no Kronecker product")
    bound, factors = _flat(table, body)
    groups = _connected(factors, {*bound, *row, *col})
    found: dict[int, Part] = {}
    scalars: list[Node] = []
    for group in groups:
        held = frozenset().union(*(factor.free for factor in group))
        rows = [k for k, idx in enumerate(row) if idx in held]
        cols = [k for k, idx in enumerate(col) if idx in held]
        inner = table.sum([i for i in bound if i in held], table.mul(*group))
        if not rows and not cols:
            scalars.append(inner)
        elif len(rows) == len(cols) == 1 and row[rows[0]].dim == col[cols[0]].dim:
            found[rows[0]] = Part(inner, rows[0], cols[0])
        else:
            raise fault
    free_sums = [i for i in bound if all(i not in factor.free for factor in factors)]
    if len(found) != len(row) or {part.col for part in found.values()} != set(range(len(col))) or free_sums:
        raise fault
    first = found[0]
    found[0] = Part(table.mul(*scalars, first.body), first.row, first.col)
    return [found[k] for k in range(len(row))]


def _flat(table: Table, body: Node) -> tuple[list[Idx], list[Node]]:
    """Σ over indices of a product of factors, sums inside opened under fresh names."""
    bound: list[Idx] = []
    factors: list[Node] = []
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if node.op == "mul":
            waiting.extend(node.args)
        elif node.op == "sum":
            fresh = table.fresh(node.args[0].name, node.args[0].dim)
            bound.append(fresh)
            waiting.append(table.refresh(node.args[1], {node.args[0]: fresh}))
        else:
            factors.append(node)
    return bound, factors


def _connected(factors: list[Node], joining: set[Idx]) -> list[list[Node]]:
    """The factors in groups that share none of these indices."""
    groups: list[tuple[set[Idx], list[Node]]] = []
    for factor in factors:
        held = set(factor.free & joining)
        touching = [group for group in groups if group[0] & held]
        groups = [group for group in groups if not group[0] & held]
        merged = (held.union(*(group[0] for group in touching)), [f for group in touching for f in group[1]])
        groups.append((merged[0], [*merged[1], factor]))
    return [group for _, group in groups]


def inverse(table: Table, body: Node, row: Axis, col: Axis, p: Axis, q: Axis) -> Node:
    """(A ⊗ B)⁻¹ = A⁻¹ ⊗ B⁻¹: p runs over the columns of the matrix, q over its rows."""
    found = parts(table, body, row, col, "the inverse")
    return table.mul(
        *(table.inverse(row[part.row], col[part.col], part.body, p[part.col], q[part.row]) for part in found)
    )


def determinant(table: Table, body: Node, row: Axis, col: Axis) -> Node:
    """det(A ⊗ B) = det(A)ⁿ det(B)ᵐ for A m × m and B n × n."""
    found = parts(table, body, row, col, "the determinant")
    if any(part.row != part.col for part in found):
        raise Blocked("the determinant of a matrix that exchanges its axes")
    factors = []
    for part in found:
        value = table.det(row[part.row], col[part.col], part.body)
        for other in row:
            if other is not row[part.row]:
                value = table.prod(table.fresh("k", other.dim), value)
        factors.append(value)
    return table.mul(*factors)


def logdet(table: Table, body: Node, row: Axis, col: Axis) -> Node:
    """log |det(A ⊗ B)| = n log |det A| + m log |det B|."""
    found = parts(table, body, row, col, "the determinant")
    if any(part.row != part.col for part in found):
        raise Blocked("the determinant of a matrix that exchanges its axes")
    terms = []
    for part in found:
        others = [table.dim(other.dim) for other in row if other is not row[part.row]]
        terms.append(table.mul(*others, table.logdet(row[part.row], col[part.col], part.body)))
    return table.add(*terms)
