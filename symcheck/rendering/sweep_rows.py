"""Rows of the forward table, the chain-rule table and the sums over paths."""

from __future__ import annotations

from collections.abc import Sequence

from symcheck.language.report import EdgeRow, Path, PathSum, Sweep
from symcheck.language.tensor import Tensor
from symcheck.rendering.rows import Notation
from symcheck.rendering.table import Table, dropped


def forward_table(sweep: Sweep, show: Notation) -> Table:
    """node, definition, shape, value: one row a node."""
    rows = [
        (
            show.name(row.name),
            "" if row.definition is None else show.formula(row.definition, ""),
            show.shape(row.shape),
            show.value(row.value),
        )
        for row in sweep.forward
    ]
    return dropped(Table("Forward", ("node", "definition", "shape", "value"), tuple(rows)))


def chain_table(sweep: Sweep, show: Notation) -> Table:
    """One row an edge, from the output back to the inputs."""
    output = show.name(sweep.output) if sweep.output else ""
    rows = [_edge(row, show) for row in sweep.backward]
    headers = ("edge", "local derivative", "adds", "accumulated", "shape", "value")
    title = f"Chain rule, from {output} back to the inputs" if output else "Chain rule"
    return dropped(Table(title, headers, tuple(rows)))


def _edge(row: EdgeRow, show: Notation) -> tuple[str, ...]:
    return (
        show.edge(row.child, row.parent) if row.child and row.parent else show.text(row.edge),
        show.formula(row.local, row.local_text, row.local_free),
        show.formula(row.pullback, row.pullback_text, row.pullback_free),
        show.formula(row.accumulated, row.accumulated_text, row.accumulated_free),
        show.shape(row.shape),
        show.value(row.value),
    )


def paths_table(sums: Sequence[PathSum], show: Notation) -> Table:
    """The derivative in each scalar variable as a sum over paths; struck paths say which factor is 0."""
    rows: list[tuple[str, ...]] = []
    for total in sums:
        first = True
        for path in total.paths:
            head = show.fraction(total.output, total.variable) if first else ""
            links = show.product([show.fraction(of, by) for of, by, _ in path.factors])
            rows.append((head, links, _values(path, show), show.value(path.value)))
            first = False
        if total.more:
            rows.append(("", show.text(f"and {total.more} more paths"), "", ""))
        if total.total and (len(total.paths) != 1 or total.more):
            rows.append(("", "", show.text("sum"), _value(total.total_formula, total.total, show)))
    headers = ("derivative", "path", "factors", "value")
    return dropped(Table("Sums over paths", headers, tuple(rows)))


def _values(path: Path, show: Notation) -> str:
    if path.struck:
        # the last link is the one that does not reach the variable; others may be 0 at this point only
        of, by, _ = path.factors[-1]
        return f"struck: {show.fraction(of, by)} = 0"
    formulas = path.formulas or (None,) * len(path.factors)
    return show.product(
        [_value(formula, value, show) for (_, _, value), formula in zip(path.factors, formulas, strict=True)]
    )


def _value(formula: Tensor | None, text: str, show: Notation) -> str:
    """A number, or a formula where there is no point."""
    return show.value(text) if formula is None else show.formula(formula, text)


# -- the claims --------------------------------------------------------------------------------
