"""Forward and reverse sweep → the rows that every renderer shows, and what is to be said about them."""

from __future__ import annotations

from symcheck.language.report import Modes
from symcheck.rendering.rows import Notation
from symcheck.rendering.table import Table, dropped

MODEL = (
    "Counted from the formulas: a sum of k terms is k − 1 additions, a product of k factors k − 1 "
    "multiplications, a quotient one, a power by repeated squaring; a change of sign is free, every function "
    "value is one call. Each way gives the values and all derivatives; a forward sweep computes the values "
    "again, and multiplies by its seeds 0 and 1 like by any number; written out, nothing is shared."
)


def _written(modes: Modes) -> dict[str, str]:
    """The names as their author writes them."""
    return {row.name: row.shown or row.name for row in modes.forward}


def tangent_table(modes: Modes, show: Notation) -> Table:
    """One row a node: its differential, its value in the sweep of each input, its operations."""
    rows = [
        (
            show.differential(row.shown or row.name),
            show.formula(row.formula, "", row.free),
            *(show.value(value) for value in row.values),
            show.count(row.operations),
        )
        for row in modes.forward
    ]
    blank = ("",) * len(modes.shown)
    if rows:
        rows.append(("", show.text("one sweep"), *blank, show.count(modes.tangents)))
    written = _written(modes)
    headers = ("node", "tangent", *(f"in {show.plain(written.get(n, n))}" for n in modes.shown), "ops")
    names = ", ".join(show.name(written.get(name, name)) for name in modes.inputs)
    return dropped(Table(f"Forward sweeps, one for each direction of {names}", headers, tuple(rows)))


def cotangent_table(modes: Modes, show: Notation) -> Table:
    """One row a node, from the output back: the derivative of the output in it."""
    rows = [
        (
            show.fraction(*(row.shown if all(row.shown) else (row.output, row.name))),
            show.formula(row.formula, "", row.free),
            show.value(row.value),
            show.count(row.operations),
        )
        for row in modes.reverse
    ]
    if rows:
        rows.append(("", show.text("the sweep"), "", show.count(modes.cotangents)))
    headers = ("node", "cotangent", "value", "ops")
    return dropped(Table(f"Reverse sweep, from {show.name(modes.output)} back", headers, tuple(rows)))


def cost_table(modes: Modes, show: Notation) -> Table:
    """One row a way to all derivatives."""
    rows = [
        (
            show.text(row.way),
            *map(
                show.count,
                (row.sweeps, row.additions, row.multiplications, row.calls, row.total, row.kept),
            ),
        )
        for row in modes.costs
    ]
    headers = ("way", "sweeps", "adds", "mults", "calls", "ops", "kept")
    written = _written(modes)
    names = ", ".join(show.name(written.get(name, name)) for name in modes.inputs)
    title = f"Cost of {show.name(modes.output)} and its derivatives in {names}"
    return dropped(Table(title, headers, tuple(rows)))


def mode_remarks(modes: Modes, show: Notation) -> list[str]:
    """Which values are kept, and how operations are counted; or why there are no sweeps."""
    if modes.reason:
        return [f"No sweeps: {modes.reason}."]
    said = []
    if modes.intermediate:
        kept = ", ".join(map(show.plain, modes.kept)) or "none"
        said.append(
            f"In memory: the reverse sweep keeps {kept} ({len(modes.kept)} of {modes.intermediate} "
            "intermediate values); a forward sweep keeps none after its last use."
        )
    return [*said, MODEL]
