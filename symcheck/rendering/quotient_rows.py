"""The numeric check → the rows that every renderer shows, and where it was made."""

from __future__ import annotations

from symcheck.language.report import Numeric
from symcheck.rendering.rows import Notation
from symcheck.rendering.table import Table, dropped, shortened
from symcheck.rendering.text_notation import nested, write_name


def quotient_table(numeric: Numeric, show: Notation) -> Table:
    """One row a derivative, or an entry of one."""
    rows: list[tuple[str, ...]] = []
    for row in numeric.rows:
        formula = show.formula(row.formula, "")
        if row.more:
            plural = "entry" if row.more == 1 else "entries"
            rows.append((formula, show.text(f"and {row.more} more {plural}"), "", "", "", ""))
            continue
        numbers = map(show.value, (row.exact, row.quotient, row.error, row.predicted))
        rows.append((formula, *numbers, show.text(row.agreement)))
    headers = ("derivative", "exact", "quotient", "error", "h/2·f″", "error as predicted")
    title = f"Difference quotients, h = {numeric.step}"
    return dropped(Table(title, headers, tuple(rows)))


def quotient_remarks(numeric: Numeric) -> list[str]:
    """At which point, where the author gave none; or why there is nothing to show."""
    if numeric.reason:
        return [f"No difference quotients: {numeric.reason}."]
    said = []
    sizes = ", ".join(f"{write_name(name)} = {size}" for name, size in numeric.sizes.items())
    drawn = ", ".join(f"{write_name(name)} = {nested(value)}" for name, value in numeric.entries.items())
    functions = ", ".join(f"{write_name(name)} = {text}" for name, text in numeric.functions.items())
    if drawn or functions:
        said.append("Not given, and drawn (always alike): " + "; ".join(filter(None, (drawn, functions))))
    if sizes:
        said.append(f"Sizes: {sizes}")
    said = [shortened(text) for text in said]
    if any(row.agreement == "across a kink" for row in numeric.rows):
        said.append("Across a kink: between x and x + h a guard changes its branch, no error is predicted.")
    return [*said, "Error: quotient − exact; theory says h/2·f″, up to terms of order h²."]
