"""What the inverse or the determinant of a matrix of blocks needs: the block that is eliminated first.

The choice is that of `operations.schur`, made again on the author's own blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from symcheck.deciding.conditions import SideCondition
from symcheck.errors import SymcheckError
from symcheck.language.claim import Assumptions, Claim, Graph
from symcheck.language.shape import is_joined
from symcheck.language.tensor import Apply, Tensor, apply, symbols_in, walk
from symcheck.operations.grids import is_zero

KEPT = 4096
"""Formulas of which it is remembered whether they have blocks."""
BLOCKS = frozenset(("blocks",))
"""The law of sums over segments, which all blocks need; others are of inverses and determinants."""
INVERTED = frozenset(("inv", "solve", "logdet"))
"""Operations that need all blocks that are eliminated to be invertible."""
WHOLE = INVERTED | {"det", "mpow"}


def of_blocks(tensor: Tensor) -> bool:
    """Whether it is the inverse or determinant of what is made of blocks."""
    return isinstance(tensor, Apply) and tensor.op in WHOLE and is_joined(tensor.args[0].shape)


def eliminates(claim: Claim) -> bool:
    """Whether a claim, or a definition that it rests on, inverts what is made of blocks."""
    return block_laws(claim) > BLOCKS


def block_laws(claim: Claim) -> frozenset[str]:
    """The laws by which what is made of blocks was taken apart: of a claim and all that it rests on."""
    if claim.equation is None:
        return frozenset()
    own = laws_in(claim.equation.left) | laws_in(claim.equation.right)
    if not _in_graph(claim.graph):
        return own
    return own.union(*map(laws_in, formulas_of(claim)))


@lru_cache(maxsize=KEPT)
def laws_in(tensor: Tensor) -> frozenset[str]:
    """Those of one formula; a definition is asked once for all claims behind it."""
    used = set()
    for part in walk(tensor):
        if is_joined(part.shape):
            used.add("blocks")
        if of_blocks(part):
            assert isinstance(part, Apply)
            used.add("block-determinant" if part.op in ("det", "logdet") else "block-inverse")
    return frozenset(used)


@lru_cache(maxsize=64)
def _in_graph(graph: Graph) -> bool:
    """Whether any definition is made of blocks: most graphs have none, and are not walked for each claim."""
    return any(map(laws_in, graph.definitions.values()))


def formulas_of(claim: Claim) -> Iterator[Tensor]:
    """Both sides, and every definition upstream of the names in them."""
    if claim.equation is None:
        return
    waiting = [claim.equation.left, claim.equation.right]
    seen = set()
    while waiting:
        tensor = waiting.pop()
        yield tensor
        for symbol in symbols_in(tensor):
            if symbol not in seen and symbol in claim.graph:
                seen.add(symbol)
                waiting.append(claim.graph.definitions[symbol])


def conditions(tensor: Apply, assumptions: Assumptions, last: bool) -> Iterator[SideCondition]:
    """What must be invertible for `tensor`, an inverse or determinant of a matrix of blocks, to be found."""
    matrix = tensor.args[0]
    if not isinstance(matrix, Apply) or matrix.op != "block" or not _is_square(matrix, assumptions):
        corner = "last" if last else "first"
        yield SideCondition(matrix, f"with invertible blocks from the {corner} corner on")
        return
    count = len(matrix.params[0])
    cells = [list(matrix.args[k * count : (k + 1) * count]) for k in range(count)]
    numbers = list(range(count))
    if last:
        numbers.reverse()
    while numbers:
        able = [p for p in numbers if not _vanishes(cells[p][p])]
        if not able:
            return
        apart = [p for p in able if _stands_apart(cells, p, numbers)]
        pivot = (apart or able)[0]
        if tensor.op in INVERTED or tensor.op == "mpow" or (not apart and len(numbers) > 1):
            block = cells[pivot][pivot]
            yield SideCondition(block, "invertible") if block.shape else SideCondition(block, "≠ 0")
        numbers.remove(pivot)
        if apart:
            continue
        for r in numbers:
            for c in numbers:
                complement = _complement(cells, pivot, r, c)
                if complement is None:
                    yield SideCondition(matrix, "with invertible complements of its blocks")
                    return
                cells[r][c] = complement


def _is_square(matrix: Apply, assumptions: Assumptions) -> bool:
    heights, widths = matrix.params
    return len(heights) == len(widths) and all(map(assumptions.same, heights, widths))


def _vanishes(cell: Tensor) -> bool:
    return is_zero(cell) or (isinstance(cell, Apply) and cell.op == "zeros")


def _stands_apart(cells: list[list[Tensor]], p: int, numbers: list[int]) -> bool:
    others = [q for q in numbers if q != p]
    return all(_vanishes(cells[p][q]) for q in others) or all(_vanishes(cells[q][p]) for q in others)


def _complement(cells: list[list[Tensor]], pivot: int, r: int, c: int) -> Tensor | None:
    """D − C A⁻¹ B in the author's blocks; None where they do not multiply as they are written."""
    d, before, after = cells[r][c], cells[r][pivot], cells[pivot][c]
    if _vanishes(before) or _vanishes(after):
        return d
    with suppress(SymcheckError):
        inner = apply("inv", cells[pivot][pivot])
        if before.shape and after.shape and inner.shape:
            product = before @ inner @ after if d.shape or _is_number(before, after) else None
        else:
            product = None
        if product is not None and (is_zero(d) or product.shape == d.shape):
            return -product if is_zero(d) else d - product
    return None


def _is_number(before: Tensor, after: Tensor) -> bool:
    return len(before.shape) == len(after.shape) == 1
