"""Which single further assumption would make a refuted claim true.

Comes in: a claim with a witness against it, and a judge to whom more may be supposed.  Goes out: the
assumptions, written as they would be assumed, under which the claim proves; the weakest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol, TypeAlias

from symcheck.language.claim import Assumption, Assumptions, Claim, Kind
from symcheck.language.shape import Dim, Shape
from symcheck.language.tensor import (
    Apply,
    Derivative,
    Differential,
    Limit,
    Symbol,
    Tensor,
    symbols_in,
    walk,
)

NAMES = 8
"""Most names of which something is supposed, those in the claim itself first."""
PROBES = 48
"""Most suppositions looked at, at a point or two each."""
PROOFS = 8
"""Most suppositions handed to the prover."""
FOUND = 3
"""Most assumptions that are named."""


class Judge(Protocol):
    """What can be asked about the claim under other assumptions."""

    def differs(self, assumptions: Assumptions) -> bool:
        """Whether its sides differ at the first points, or none of these is defined: a quick look."""
        ...

    def proves(self, assumptions: Assumptions) -> bool:
        """Whether it is proved, a living point included: contradictory assumptions prove nothing."""
        ...


def true_if(claim: Claim, judge: Judge) -> tuple[str, ...]:
    """The assumptions, each on its own, under which the claim proves: ``("sum(y) == 1",)``.

    Of each name the weakest alone.  Sizes are looked at last: that a claim holds for one size says least.
    """
    found: list[Supposition] = []
    probes = proofs = 0
    for suppositions in (_qualities(claim), _sizes(claim), _last(claim)):
        for supposition in suppositions:
            if supposition.symbol in {weaker.symbol for weaker in found if weaker.symbol}:
                continue
            if len(found) == FOUND or probes == PROBES or proofs == PROOFS:
                break
            probes += 1
            if judge.differs(supposition.assumptions):
                continue
            proofs += 1
            if judge.proves(supposition.assumptions):
                found.append(supposition)
        if found:
            break
    return tuple(supposition.text for supposition in found)


@dataclass(frozen=True, slots=True)
class Supposition:
    """One more assumption, with those of the claim."""

    text: str
    assumptions: Assumptions
    symbol: Symbol | None = None
    """What it is about; None for what is supposed of sizes."""


Fits: TypeAlias = Callable[[Shape, Assumptions], bool]


def _any(shape: Shape, assumptions: Assumptions) -> bool:
    return True


def _rows(shape: Shape, assumptions: Assumptions) -> bool:
    return len(shape) in (1, 2)


def _square(shape: Shape, assumptions: Assumptions) -> bool:
    return len(shape) == 2 and assumptions.same(*shape)


CANDIDATES: tuple[tuple[Kind, str, Fits], ...] = (
    (Kind.CONSTANT, "{} constant", _any),
    (Kind.DIFFERENT, "{} != 0", _any),
    (Kind.SUM, "sum({}) == 1", _rows),
    (Kind.INTERVAL, "{} > 0", _any),
    (Kind.SYMMETRIC, "{} symmetric", _square),
    (Kind.ANTISYMMETRIC, "{} antisymmetric", _square),
    (Kind.UNIT, "{} unit", _rows),
    (Kind.SIGNS, "{} signs", _any),
    (Kind.BINARY, "{} binary", _any),
    (Kind.ORTHOGONAL, "{} orthogonal", _square),
    (Kind.IDEMPOTENT, "{} idempotent", _square),
    (Kind.DIAGONAL, "{} diagonal", _square),
    (Kind.ONE_HOT, "{} one-hot", _rows),
)
"""Kind, how it is written, of which shapes it is said; the weaker before the stronger.

That a matrix is invertible or positive definite is not among them: where an inverse stands in a claim it
exists, and of a positive definite matrix the arithmetic uses that it is symmetric.
"""

DISCRETE = frozenset((Kind.SIGNS, Kind.BINARY, Kind.ONE_HOT))
"""Not supposed of what the claim differentiates by: it is meant to vary."""

EXCLUDED = {Kind.SYMMETRIC: Kind.ANTISYMMETRIC, Kind.ANTISYMMETRIC: Kind.SYMMETRIC}
"""Of what is both nothing is left but 0."""

DATA: Mapping[Kind, tuple[Fraction | bool | None, ...]] = {
    Kind.DIFFERENT: (Fraction(0),),
    Kind.SUM: (Fraction(1),),
    Kind.INTERVAL: (Fraction(0), True, None, False),
}


def _qualities(claim: Claim) -> Iterator[Supposition]:
    """Every candidate for every name, the weaker first; names of which nothing is assumed before others."""
    given = claim.assumptions
    assumed = {condition.symbol for condition in given.conditions}
    names = _inputs(claim)
    for group in ([n for n in names if n not in assumed], [n for n in names if n in assumed]):
        yield from _qualities_of(claim, group)


def _last(claim: Claim) -> Iterator[Supposition]:
    """One-hot, of what nothing is known of: after sizes of 1, which are one-hot too."""
    return (s for s in _qualities_of(claim, _inputs(claim), last=True) if s.text.endswith("one-hot"))


def _qualities_of(claim: Claim, names: list[Symbol], *, last: bool = False) -> Iterator[Supposition]:
    given = claim.assumptions
    assumed = {condition.symbol for condition in given.conditions}
    with_differentials = any(isinstance(node, Differential) for node in _parts(claim))
    # elsewhere a claim holds on its kinks or is said to be meant off them
    with_limits = any(isinstance(node, Limit) for node in _parts(claim))
    # what its author lets vary, or tells apart in cases, is not to be supposed away
    written = list(walk(claim.equation.right)) if claim.equation is not None else []
    moved = {s for node in written if isinstance(node, Differential) for s in symbols_in(node)}
    cased = any(isinstance(node, Apply) and node.op == "where" for node in written)
    varied = {node.by for node in _parts(claim) if isinstance(node, Derivative)}
    for kind, pattern, fits in CANDIDATES:
        if (kind is Kind.CONSTANT and not with_differentials) or (kind is Kind.DIFFERENT and not with_limits):
            continue
        for symbol in names:
            if kind in DISCRETE and symbol in varied:
                continue
            if kind is Kind.ONE_HOT and not (symbol in assumed or last):
                continue
            if any(c.kind is EXCLUDED.get(kind) and c.symbol is symbol for c in given.conditions):
                continue
            if (kind is Kind.CONSTANT and symbol in moved) or (kind is Kind.INTERVAL and cased):
                continue
            if fits(symbol.shape, given):
                text = pattern.format(symbol.name)
                more = Assumption(kind, symbol, text, DATA.get(kind, ()))
                if any((c.kind, c.symbol, c.data) == (kind, symbol, more.data) for c in given.conditions):
                    continue
                supposed = replace(given, conditions=(*given.conditions, more))
                yield Supposition(text, supposed, symbol)


def _inputs(claim: Claim) -> list[Symbol]:
    """Names without a definition: those of the claim, then those that its names are made of."""
    assert claim.equation is not None
    waiting = [s for side in (claim.equation.left, claim.equation.right) for s in symbols_in(side)]
    seen: dict[Symbol, None] = {}
    found: list[Symbol] = []
    for symbol in waiting:
        if symbol in seen:
            continue
        seen[symbol] = None
        if symbol in claim.graph:
            waiting.extend(claim.graph.parents[symbol])
        else:
            found.append(symbol)
            if len(found) == NAMES:
                break
    return found


def _parts(claim: Claim) -> Iterator[Tensor]:
    assert claim.equation is not None
    for side in (claim.equation.left, claim.equation.right):
        yield from walk(side)


def _sizes(claim: Claim) -> Iterator[Supposition]:
    """Two sizes that are one, then sizes of 1."""
    given = claim.assumptions
    met = (dim for symbol in _inputs(claim) for size in symbol.shape for dim in size)
    dims = list(dict.fromkeys(d for d in map(given.dim, met) if isinstance(d, str)))
    for place, first in enumerate(dims):
        for second in dims[place + 1 :]:
            yield _equal_sizes(given, second, first, f"dim {first} == {second}")
    for dim in dims:
        yield _equal_sizes(given, dim, 1, f"dim {dim} == 1")


def _equal_sizes(given: Assumptions, dim: Dim, value: Dim, text: str) -> Supposition:
    classes = {name: value if own == dim else own for name, own in given.dims.items()}
    least = dict(given.at_least)
    if dim in least and isinstance(value, str):
        least[value] = max(least[dim], least.get(value, 1))
    supposed = replace(
        given, dims={**classes, dim: value}, dim_texts=(*given.dim_texts, text), at_least=least
    )
    return Supposition(text, supposed)
