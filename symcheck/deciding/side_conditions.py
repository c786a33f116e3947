"""What a claim needs so that both its sides exist, in the author's own expressions."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from symcheck.deciding.conditions import SideCondition
from symcheck.deciding.pivots import BLOCKS, conditions, laws_in, of_blocks
from symcheck.language.claim import Claim, Graph, Kind
from symcheck.language.slopes import at_rest, is_moved
from symcheck.language.tensor import (
    Apply,
    Constant,
    Derivative,
    Differential,
    Entry,
    IndexSum,
    Limit,
    Number,
    SizeNumber,
    Symbol,
    Tensor,
    Variable,
    structure,
    symbols_in,
    walk,
)

LIMIT = 8
NAMES = 12
"""Most definitions looked into."""
KEPT = 1024
"""Formulas whose conditions are remembered."""
POSITIVE = frozenset(("log", "log2", "log10"))
EXTREMES = {"max": "greatest", "min": "least"}
KINKED = frozenset(("abs", "relu", "sign", "heaviside"))


def side_conditions(claim: Claim, off_boundary: bool, last: bool = False) -> list[SideCondition]:
    """The conditions that the formulas of a claim, and the definitions it rests on, carry with them.

    `last`: matrices of blocks are worked out from their last block.
    """
    assert claim.equation is not None
    sure = _assumed_positive(claim)
    found: dict[tuple[object, ...], SideCondition] = {}
    for tensor in _formulas(claim):
        for condition in (*_of(tensor, off_boundary, claim.graph), *_of_blocks(tensor, claim, last)):
            if _holds_anyway(condition, sure):
                continue
            other = structure(condition.other) if condition.other is not None else ()
            found.setdefault((structure(condition.subject), condition.relation, other), condition)
            if len(found) >= LIMIT:
                return _distinct(found)
    return _distinct(found)


def _distinct(found: dict[tuple[object, ...], SideCondition]) -> list[SideCondition]:
    """Without u ≠ 0 where u > 0 is said."""
    return [c for key, c in found.items() if key[1] != "≠ 0" or (key[0], "> 0", ()) not in found]


def _holds_anyway(condition: SideCondition, sure: set[Symbol]) -> bool:
    sign = _sign(condition.subject, sure)
    match condition.relation:
        case "≠ 0" | "> 0" | "> 0 where 0 ≠":
            return sign is Sign.POSITIVE
        case "≥ 0":
            return sign is not Sign.UNKNOWN
    return False


def _without_power(tensor: Tensor) -> Tensor:
    """u for u², u³, …: one is 0 where the other is."""
    while isinstance(tensor, Apply) and tensor.op == "pow" and not tensor.shape:
        base, exponent = tensor.args
        if not isinstance(exponent, Number) or exponent.value <= 0 or exponent.value.denominator != 1:
            break
        tensor = base
    return tensor


ARRANGED = ("outer", "transpose", "rearranged", "summed", "gathered")
"""Operations whose result is made of products and sums of entries."""


class Sign(Enum):
    """What is plain from the form of an expression."""

    POSITIVE = "> 0"
    NON_NEGATIVE = "≥ 0"
    UNKNOWN = ""


def _sign(tensor: Tensor, sure: set[Symbol]) -> Sign:
    match tensor:
        case Number(value=value):
            return Sign.POSITIVE if value > 0 else Sign.NON_NEGATIVE if value == 0 else Sign.UNKNOWN
        case SizeNumber() | Constant():
            return Sign.POSITIVE
        case Variable(symbol=symbol):
            return Sign.POSITIVE if symbol in sure else Sign.UNKNOWN
        case Apply(op=op, args=args):
            signs = [_sign(arg, sure) for arg in args]
            if op in ("exp", "softmax", "sigmoid", "cosh", "sech", "softplus", "ones"):
                return Sign.POSITIVE
            if op == "add" and Sign.UNKNOWN not in signs:
                return Sign.POSITIVE if Sign.POSITIVE in signs else Sign.NON_NEGATIVE
            if op in ("mul", "div", "sqrt", "sumall", "rowsum", "colsum", "mean", *ARRANGED):
                if all(sign is Sign.POSITIVE for sign in signs):
                    return Sign.POSITIVE
                return Sign.UNKNOWN if Sign.UNKNOWN in signs else Sign.NON_NEGATIVE
            if op == "pow" and isinstance(args[1], Number):
                if signs[0] is Sign.POSITIVE:
                    return Sign.POSITIVE
                return Sign.NON_NEGATIVE if args[1].value % 2 == 0 else Sign.UNKNOWN
            if op in ("norm1", "norm2", "normF", "abs"):
                return Sign.NON_NEGATIVE
        case IndexSum(body=body):
            return _sign(body, sure)
        case Entry(base=base):
            return _sign(base, sure)
    return Sign.UNKNOWN


def _assumed_positive(claim: Claim) -> set[Symbol]:
    found = set()
    for condition in claim.assumptions.conditions:
        if condition.kind is Kind.INTERVAL and condition.data[0] is not None:
            low, strict = condition.data[0], condition.data[1]
            if low > 0 or (low == 0 and strict):
                found.add(condition.symbol)
    return found


def _formulas(claim: Claim) -> Iterator[Tensor]:
    """Both sides, then the definitions upstream of the names in them, nearest first."""
    assert claim.equation is not None
    sides = [claim.equation.left, claim.equation.right]
    yield from sides
    waiting = [symbol for side in sides for symbol in _standing(side, claim)]
    seen: set[Symbol] = set()
    while waiting and len(seen) < NAMES:
        symbol = waiting.pop(0)
        if symbol in seen:
            continue
        seen.add(symbol)
        body = claim.graph.definitions.get(symbol)
        if body is not None:
            yield body
            waiting.extend(claim.graph.parents[symbol])


def _standing(side: Tensor, claim: Claim) -> list[Symbol]:
    """The names in a side but those that vary in a limit: near its target they exist or it does not."""
    varying = {
        symbol
        for node in walk(side)
        if isinstance(node, Limit)
        for symbol in symbols_in(node.body)
        if claim.graph.depends(symbol, node.variable)
    }
    return [symbol for symbol in symbols_in(side) if symbol not in varying]


def _differentiated(body: Tensor) -> Iterator[SideCondition]:
    """What a derivative needs beyond the value: one greatest or least entry, a rank that does not change."""
    yield from _extremes(body)
    for node in walk(body):
        match node:
            case Apply(op="pinv", args=(of,)):
                yield SideCondition(of, "of constant rank")


def _of_blocks(tensor: Tensor, claim: Claim, last: bool) -> Iterator[SideCondition]:
    """Those of inverses and determinants of matrices of blocks."""
    if not laws_in(tensor) > BLOCKS:
        return
    for node in walk(at_rest(tensor)):
        if isinstance(node, Apply) and of_blocks(node):
            yield from conditions(node, claim.assumptions, last)


def _extremes(body: Tensor) -> Iterator[SideCondition]:
    """One greatest or least entry, wherever one is asked for."""
    for node in walk(body):
        if isinstance(node, Apply) and node.op in EXTREMES:
            (of,) = node.args
            where = ""
            if node.params and len(of.shape) == 2:
                where = f" in each {('column', 'row')[node.params[0]]}"
            yield SideCondition(of, f"has one {EXTREMES[node.op]} entry{where}")


def _of(tensor: Tensor, off_boundary: bool, graph: Graph) -> tuple[SideCondition, ...]:
    """The conditions that a formula carries with it; what varies in a limit exists near its target."""
    varying = {
        part
        for node in _limits(tensor)
        for part in walk(node.body)
        if any(graph.depends(symbol, node.variable) for symbol in symbols_in(part))
    }
    return _kept(tensor, off_boundary, frozenset(varying))


@lru_cache(maxsize=KEPT)
def _limits(tensor: Tensor) -> tuple[Limit, ...]:
    return tuple(node for node in walk(tensor) if isinstance(node, Limit))


@lru_cache(maxsize=KEPT)
def _kept(tensor: Tensor, off_boundary: bool, varying: frozenset[Tensor]) -> tuple[SideCondition, ...]:
    """A definition is asked once for all claims behind it."""
    return tuple(_found(tensor, off_boundary, varying))


def _found(tensor: Tensor, off_boundary: bool, varying: frozenset[Tensor]) -> Iterator[SideCondition]:
    parts = list(walk(tensor))
    for node in walk(at_rest(tensor)) if any(map(is_moved, parts)) else parts:
        # near the target of a limit its body exists or the limit does not
        if isinstance(node, Derivative | Differential):
            yield from _differentiated(node.body)
        if not isinstance(node, Apply) or node in varying or of_blocks(node):
            continue
        op, args = node.op, node.args
        if op == "div" and not isinstance(args[1], Number | SizeNumber | Constant):
            yield SideCondition(_without_power(args[1]), "≠ 0")
        elif op in POSITIVE:
            yield SideCondition(args[0], "> 0")
        elif op == "xlogx":
            yield SideCondition(args[0], "≥ 0")
        elif op == "xlogy":
            yield SideCondition(args[1], "> 0 where 0 ≠", args[0])
        elif op in ("inv", "solve", "logdet") and args[0].shape:
            yield SideCondition(args[0], "invertible")
        elif op == "chol":
            yield SideCondition(args[0], "positive definite")
        elif op == "inv":
            yield SideCondition(args[0], "≠ 0")
        elif op == "sqrt" and not isinstance(args[0], Number | SizeNumber):
            yield SideCondition(args[0], "≥ 0")
        elif off_boundary and op in KINKED:
            yield SideCondition(args[0], "≠ 0")
        elif off_boundary and op in ("maximum", "minimum", "where"):
            extremes = [condition for arg in args[:2] for condition in _extremes(arg)]
            # x = max(x) holds for some entry everywhere: what changes is which
            yield from extremes or [SideCondition(args[0], "≠", args[1])]
