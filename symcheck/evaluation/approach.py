"""The body of a limit on the way: its values at points ever nearer to the target.  A check, never a proof."""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq

from symcheck.differentiation import differentiate
from symcheck.errors import SymcheckError
from symcheck.evaluation.balls import HIGH_PRECISION, Evaluator
from symcheck.evaluation.indexing import Entries
from symcheck.evaluation.numbers import Real, is_finite
from symcheck.evaluation.points import Point
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph

STEPS = (8, 24, 120)
"""At 2ᵏ, or 2⁻ᵏ from the target."""
SMALL_GAP = fmpq(1, 10**4)


def ways(node: Node, graph: LoweredGraph, point: Point) -> Iterator[list[Entries]]:
    """For each side of a ``lim`` node the values of its body at three points on the way."""
    body, symbol, target, side = node.args
    body = differentiate(body, graph)
    idxs = _order(body)
    at: Real = fmpq(0)
    if target is not None:
        at = Evaluator(graph, point, HIGH_PRECISION).entries(target, ())[0]
        if type(at) is not fmpq:
            return
    for sign in (1,) if side == "+" else (-1,) if side == "-" else (-1, 1):
        values = []
        for k in STEPS:
            step = fmpq(sign * 2**k) if target is None else at + fmpq(sign, 2**k)
            there = point.with_entry(symbol, 0, step)
            values.append(Evaluator(graph, there, HIGH_PRECISION).entries(body, idxs))
        yield values


def exists(node: Node, graph: LoweredGraph, point: Point) -> bool:
    """Whether the body of a limit has values near the target, on every side it is approached from."""
    try:
        sides = list(ways(node, graph, point))
    except SymcheckError:
        return False
    return bool(sides) and all(all(map(is_finite, values[1])) for values in sides)


def opinion(node: Node, value: Node, graph: LoweredGraph, point: Point) -> str:
    """agrees, differs or n/a: whether the values of the body draw near to what is said to be the limit."""
    body = node.args[0]
    idxs = _order(body)
    there = Evaluator(graph, point, HIGH_PRECISION).entries(value, idxs)
    said = "n/a"
    for values in ways(node, graph, point):
        for first, _, last, goal in zip(*values, there, strict=True):
            if not all(map(is_finite, (first, last, goal))):
                continue
            before, after = abs(first - goal), abs(last - goal)
            if after < SMALL_GAP:
                said = "agrees" if said != "differs" else said
            elif not after < before / 2:
                said = "differs"
    return said


def _order(node: Node) -> tuple[Idx, ...]:
    return tuple(sorted(node.free, key=lambda idx: idx.serial))
