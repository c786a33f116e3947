"""Slips in indices, deltas and the derivatives of undefined functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcheck.explaining.edit import LARGE, PLAIN, SMALL, Row, const
from symcheck.explaining.places import Kept, Site
from symcheck.explaining.pool import Pool
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Entry,
    Index,
    IndexSum,
    Number,
    Place,
    Tensor,
    apply,
    entry,
    variable,
)


def squared_entry(site: Site, part: Apply) -> Iterator[Row]:
    """x[i]**2 for x[i]*x[j]."""
    match part.args:
        case (Entry() as base, Number(value=two)) if two == 2:
            for places in exchanged(base.indices, site.indices):
                other = shown(base, places)
                yield "SC106", PLAIN, lambda other=other: base * other, "one of the factors is {0}", other


def undefined(part: Call) -> Iterator[Row]:
    """f for f′ and conversely, where both have one shape."""
    if any(part.function.domain) and not part.function.elementwise:
        return
    orders = part.derivatives or (0,) * len(part.args)
    for k, order in enumerate(orders):
        where = f" in argument {k + 1}" if len(orders) > 1 else ""
        higher = replace(part, derivatives=(*orders[:k], order + 1, *orders[k + 1 :]))
        yield "SC109", SMALL, const(higher), f"the derivative of {{0}}{where} is meant, not its value", part
        if order:
            lower = (*orders[:k], order - 1, *orders[k + 1 :])
            made = replace(part, derivatives=lower if any(lower) else ())
            yield "SC109", SMALL, const(made), f"{{1}} is meant, not its derivative{where}", part, made


def exchanged(places: tuple[Kept, ...], indices: tuple[Index, ...]) -> Iterator[tuple[Kept | Index, ...]]:
    """One index put for another of those that may stand here; two exchanged."""
    for k, old in enumerate(places):
        if old is None:
            continue
        for new in indices:
            if new is not old and isinstance(new, Index):
                yield (*places[:k], new, *places[k + 1 :])
    if len(places) == 2 and places[0] is not places[1]:
        yield places[::-1]


def entries(site: Site, pool: Pool) -> Iterator[Row]:
    part = site.part
    words = "the indices of {0} are wrong: {1}"
    if isinstance(part, Delta):
        for left, right in exchanged((part.left, part.right), site.indices):
            made: Tensor = replace(part, left=left, right=right)
            yield "SC106", SMALL, const(made), words, part, made
        for symbol in pool.names:
            if 0 < len(symbol.shape) <= 2:
                for at in pool.placed(symbol.shape, site.indices):
                    made = entry(variable(symbol), at)
                    yield "SC109", LARGE, const(made), "{0} is written where {1} belongs", part, made
        return
    assert isinstance(part, Entry)
    for places in exchanged(part.indices, site.indices):
        yield (
            "SC106",
            SMALL,
            lambda places=places: entry(part.base, places),
            words,
            part,
            shown(part, places),
        )
    if len(part.base.shape) == 1:
        total = apply("sumall", part.base)
        yield "SC105", LARGE, const(total), "the sum over all entries like {0} is meant", part
    for k, place in enumerate(part.indices):
        if isinstance(place, int):
            over = Index(pool.letter)
            opened: tuple[Place, ...] = (*part.indices[:k], over, *part.indices[k + 1 :])

            def summed(places: tuple[Place, ...] = opened, over: Index = over) -> Tensor:
                body = entry(part.base, places)
                return IndexSum(body.shape, (over,), body)

            yield "SC105", PLAIN, summed, "the sum over all entries like {0} is missing", part
    for one in site.indices:
        for two in site.indices:
            if one is not two and one.dim == two.dim:
                delta = Delta((), one, two)
                yield "SC109", LARGE, const(delta), "{0} is written where {1} belongs", part, delta
                break


def shown(part: Entry, places: tuple[Place, ...]) -> Tensor:
    return replace(part, indices=places)
