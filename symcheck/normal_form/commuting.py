"""What commutes with a tensor A: power series of c A, and the inverse of a + c A."""

from __future__ import annotations

from symcheck.normal_form.blocks import Algebra, OpenBlock
from symcheck.normal_form.polynomial import Head, Poly


def tensor_of(algebra: Algebra, matrix: Poly, row: int, col: int) -> tuple[Head, bool] | None:
    """(A, whether it stands as it is), for c A or c A + a δ of one tensor A or its transpose."""
    found: list[tuple[Head, bool]] = []
    for term in matrix:
        inside = [pair for pair in term if algebra.components[pair[0]].free & {row, col}]
        if len(inside) != 1 or inside[0][1] != 1:
            return None
        atom = algebra.components[inside[0][0]]
        if atom.head is None or len(atom.idxs) != 2 or atom.head.kind not in ("tensor", "delta"):
            return None
        if atom.head.kind == "tensor":
            found.append((atom.head, atom.idxs == (row, col)))
    return found[0] if len(found) == 1 else None


def commuted(algebra: Algebra, block: OpenBlock, place: int, tensor: tuple[Head, bool]) -> Poly | None:
    """f A = A f: an A to the right of the function at `place` is moved to its left; None if there is none."""
    number, exponent, idxs, _ = block.factors[place]
    head, forward = tensor
    if exponent != 1 or head.group or algebra.heads[number].group:
        return None
    steps = _steps(block, head, forward)
    p, q = idxs[:2]
    if q >= 0 or q == p or q not in steps or _stands(block, q) != 2 or q in idxs[2:]:
        return None
    other, end = steps[q]
    at = end
    while at in steps and at not in (p, q) and at < 0 and _stands(block, at) == 2:
        at = steps[at][1]
    if at in (p, q):
        return None  # a trace of f and powers of A: every order is the same
    factors = list(block.factors)
    factors[place] = (*factors[place][:2], (q, end, *idxs[2:]), factors[place][3])
    factors[other] = (*factors[other][:2], (p, q) if forward else (q, p), factors[other][3])
    algebra.use("commutes")
    return algebra.close(OpenBlock(list(block.dims), factors))


def _steps(block: OpenBlock, head: Head, forward: bool) -> dict[int, tuple[int, int]]:
    """Row → (place, column) of the entries of a tensor in a block."""
    found: dict[int, tuple[int, int]] = {}
    for place, (number, exponent, idxs, _) in enumerate(block.factors):
        if number == head.id and exponent == 1:
            row, col = idxs if forward else idxs[::-1]
            found[row] = place, col
    return found


def _stands(block: OpenBlock, index: int) -> int:
    """How often an index stands in a block."""
    return sum(idxs.count(index) for _, _, idxs, _ in block.factors)
