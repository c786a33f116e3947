"""What may have been meant for one part of a formula: the slips that people make, undone one at a time.

Comes in: a right side, and the material of its claim (names, sizes, the true side if it is known).  Goes
out: edits, each with the kind of mistake it would undo; whether any of them is right is for others to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcheck.explaining.edit import PLAIN, Edit, Row, const
from symcheck.explaining.indexing import entries, exchanged, squared_entry, undefined
from symcheck.explaining.inserting import factors, sums, terms, throughout, wrapped
from symcheck.explaining.operating import marks, numbers, operation, regrouped
from symcheck.explaining.places import Site, sites
from symcheck.explaining.pool import Pool
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Derivative,
    Entry,
    Index,
    Number,
    Tensor,
    Variable,
    variable,
)


def edits(right: Tensor, free: tuple[Index, ...], pool: Pool) -> list[Edit]:
    """Every single edit, the smaller first; of one size those of outer parts first."""
    found: list[Edit] = []
    for site in sites(right, free):
        for code, size, make, words, *about in at(site, pool):
            found.append(Edit(code, size, site.path, site.part, make, words, tuple(about)))
    for code, size, whole, words, *about in throughout(right, pool):
        found.append(Edit(code, size, (), right, whole, words, tuple(about)))
    found.sort(key=lambda edit: (edit.size, len(edit.path)))
    return found


def at(site: Site, pool: Pool) -> Iterator[Row]:
    """The edits at one place."""
    part = site.part
    yield from marks(site)
    match part:
        case Apply():
            yield from operation(site, part)
            yield from squared_entry(site, part)
            yield from regrouped(part)
        case Call():
            yield from undefined(part)
        case Number(value=value):
            yield from numbers(value, part)
        case Variable(symbol=symbol):
            for other in pool.names:
                alike = other.shape == symbol.shape
                if other is not symbol and (
                    alike or (pool.reshaping and len(other.shape) == len(symbol.shape))
                ):
                    new = variable(other)
                    yield "SC109", PLAIN, const(new), "{0} is written where {1} belongs", part, new
        case Entry() | Delta():
            yield from entries(site, pool)
        case Derivative(body=Variable(symbol=above), by=by, at=None, local=False):
            for other in pool.names:
                if other is not by and other.shape == by.shape and pool.changes(above, other):
                    slope = replace(part, by=other)
                    yield "SC109", PLAIN, const(slope), "{0} is written where {1} belongs", part, slope
                if other is not above and other.shape == above.shape and pool.changes(other, by):
                    slope = replace(part, body=variable(other))
                    yield "SC109", PLAIN, const(slope), "{0} is written where {1} belongs", part, slope
        case Derivative(body=Variable(symbol=above), by=by, at=None, local=True):
            for other in pool.names:
                if other is not by and other.shape == by.shape and other in pool.graph.parents.get(above, ()):
                    slope = replace(part, by=other)
                    yield "SC109", PLAIN, const(slope), "{0} is written where {1} belongs", part, slope
                if (
                    other is not above
                    and by in pool.graph.parents.get(other, ())
                    and other.shape == above.shape
                ):
                    slope = replace(part, body=variable(other))
                    yield "SC109", PLAIN, const(slope), "{0} is written where {1} belongs", part, slope
        case Derivative(at=tuple() as places):
            for new_places in exchanged(places, site.indices):
                made = replace(part, at=new_places)
                yield "SC106", PLAIN, const(made), "the indices of {0} are wrong: {1}", part, made
    yield from sums(site, part)
    yield from wrapped(site, pool)
    yield from factors(site, pool)
    yield from terms(site, pool)
