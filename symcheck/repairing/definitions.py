"""Slips in what a name is defined as: in the names of the right side, and in what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from symcheck.explaining.correction import Budget, Corrections, Found
from symcheck.explaining.places import Site, editable, put, rebuilt, sites
from symcheck.explaining.pool import pool_of
from symcheck.language.claim import Claim
from symcheck.language.tensor import Symbol, Tensor, Variable, symbols_in
from symcheck.repairing.judging import Repair, Within

MOST = 6
"""Most definitions in which a slip is looked for, the nearest first."""
MOST_SITES = 8
"""Most places of names that are opened alone."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A definition put right."""

    symbol: Symbol
    found: Found
    """In its definition."""
    right: Tensor
    """The right side with it, the names between written out."""


def slip_in_definition(claim: Claim, judge: Repair, budget: Budget, largest: int) -> Slip | None:
    """The definition with a slip in it, of those that the left side does not depend on."""
    assert claim.equation is not None
    left, right = claim.equation.left, claim.equation.right
    for symbol in _below(claim, right):
        if budget.spent:
            return None
        if _is_upstream(claim, left, symbol):
            continue

        def whole(body: Tensor, symbol: Symbol = symbol) -> Tensor:
            return _opened(right, claim, symbol, body)

        found = _search(claim, claim.graph.definitions[symbol], Within(judge, whole), budget, largest)
        if found is not None:
            return Slip(symbol, found, whole(found.right))
    return None


def slip_in_a_name(claim: Claim, judge: Repair, budget: Budget, largest: int) -> Slip | None:
    """A name that stands for a formula like its definition: z = σ(q) where σ′(q) belongs."""
    assert claim.equation is not None
    left, right, same = claim.equation.left, claim.equation.right, claim.assumptions.same
    for site in _opened_sites(claim, right)[:MOST_SITES]:
        assert isinstance(site.part, Variable)
        if budget.spent:
            return None
        if not _is_upstream(claim, left, site.part.symbol):
            continue

        def whole(body: Tensor, site: Site = site) -> Tensor:
            return put(right, site.path, body, same)

        body = claim.graph.definitions[site.part.symbol]
        found = _search(claim, body, Within(judge, whole), budget, largest)
        if found is not None:
            return Slip(site.part.symbol, found, whole(found.right))
    return None


def _search(claim: Claim, body: Tensor, judge: Within, budget: Budget, largest: int) -> Found | None:
    assert claim.equation is not None
    left = claim.equation.left
    pool = replace(pool_of(claim, left, body, None), reshaping=False)
    search = Corrections(left, body, (), pool, claim.assumptions, judge, budget)
    search.shape = body.shape
    return search.one(largest)


def _opened_sites(claim: Claim, right: Tensor) -> list[Site]:
    known = claim.graph.definitions
    return [s for s in sites(right, ()) if isinstance(s.part, Variable) and s.part.symbol in known]


def _is_upstream(claim: Claim, left: Tensor, symbol: Symbol) -> bool:
    """Whether the left side is made of a name: then its definition is what is asked about."""
    return any(name is symbol or claim.graph.depends(name, symbol) for name in symbols_in(left))


def _below(claim: Claim, right: Tensor) -> list[Symbol]:
    """The defined names of the right side, then those in their definitions, and so on."""
    found: dict[Symbol, None] = {}
    waiting = list(_defined(claim, right))
    while waiting and len(found) < MOST:
        following: list[Symbol] = []
        for symbol in waiting:
            if symbol not in found and len(found) < MOST:
                found[symbol] = None
                following += _defined(claim, claim.graph.definitions[symbol])
        waiting = following
    return list(found)


def _defined(claim: Claim, tensor: Tensor) -> Iterator[Symbol]:
    return (s for s in symbols_in(tensor) if s in claim.graph.definitions)


def _opened(tensor: Tensor, claim: Claim, symbol: Symbol, body: Tensor) -> Tensor:
    """The formula with another definition of a name, the names between written out."""

    def opened(part: Tensor) -> Tensor:
        if isinstance(part, Variable):
            if part.symbol is symbol:
                return body
            if part.symbol in claim.graph and claim.graph.depends(part.symbol, symbol):
                return opened(claim.graph.definitions[part.symbol])
            return part
        return _mapped(part, opened, claim)

    return opened(tensor)


def _mapped(tensor: Tensor, change: Callable[[Tensor], Tensor], claim: Claim) -> Tensor:
    parts = editable(tensor)
    done = tuple(map(change, parts))
    if all(a is b for a, b in zip(done, parts, strict=True)):
        return tensor
    return rebuilt(tensor, done, claim.assumptions.same)
