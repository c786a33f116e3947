"""A table as a booktabs longtable that stays within the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from symcheck.rendering.latex_cells import prose
from symcheck.rendering.latex_width import least_width, narrowed, width
from symcheck.rendering.names import latex_text
from symcheck.rendering.table import Table, cells

LETTERS = 84.0
"""Letters in a line of a table, the gaps between columns not counted."""
GAP = 2.3
"""Letters between two columns."""
WIDE = 14.0
"""Letters from which on a fraction in a narrow column is written with brackets."""
SMALLER = (("", 1.0), ("\\small", 1.11), ("\\footnotesize", 1.25))
"""Sizes of type, and how many letters more they put into a line."""
LARGEST = 0.3
"""The part of the line from which on a cell may have a line of its own."""
CROWDED = 1.8
"""Lines from which on what stands in a row is too much for one."""
MOST_BELOW = 3
"""Columns that may give cells to lines of their own."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How wide each column is, in letters, and at which size of type."""

    size: str
    room: float
    columns: tuple[float, ...]


def longtable(table: Table, section: str = "subsection*") -> str:
    """Columns share the line by what stands in them: fractions made narrower, type smaller, at last a wide
    cell in a line of its own, where the room is short."""
    table, layout, below = _fitted(table)
    spec = "".join(f"p{{{column / layout.room:.3f}\\linewidth}}" for column in layout.columns)
    lines = [
        "\\symcheckneed",
        f"\\{section}{{{table.title}}}",
        f"\\begingroup{layout.size}",
        f"\\begin{{longtable}}{{@{{}}{spec}@{{}}}}",
        "\\toprule",
        f"{' & '.join(_cell(prose(h)) for h in table.headers)} \\tabularnewline",
        "\\midrule",
        "\\endhead",
    ]
    for number, row in enumerate(table.rows):
        if number:
            tall = any("\\frac" in cell for cell in (*row, *table.rows[number - 1], *below[number - 1]))
            lines.append(f"\\addlinespace[{8 if tall else 2}pt]")
        lines.append(f"{' & '.join(_cell(c) for c in row)} \\tabularnewline")
        for cell in below[number]:
            span = f"\\multicolumn{{{len(row)}}}{{@{{}}p{{0.98\\linewidth}}@{{}}}}"
            lines += ["\\nopagebreak", f"{span}{{\\raggedright\\quad {cell}}} \\tabularnewline"]
    return "\n".join([*lines, "\\bottomrule", "\\end{longtable}", "\\endgroup", ""])


def _cell(text: str) -> str:
    return f"\\raggedright {text}" if text else ""


def _fitted(table: Table) -> tuple[Table, _Layout, list[tuple[str, ...]]]:
    """The table as it fits, its layout, and for each row the cells that stand below it."""
    below: list[tuple[str, ...]] = [() for _ in table.rows]
    plain = _layout(table)
    if plain is not None and not plain.size and _crowding(table) <= CROWDED:
        return table, plain, below
    narrow = replace(table, rows=tuple(tuple(narrowed(cell, WIDE) for cell in row) for row in table.rows))
    for _ in range(MOST_BELOW):
        layout = _layout(narrow)
        if len(narrow.headers) < 3 or (layout is not None and _crowding(narrow) <= CROWDED):
            break
        moved = _below(narrow, below)
        if moved is None:
            break
        narrow = moved
    return narrow, _layout(narrow) or _squeezed(narrow), below


def _crowding(table: Table) -> float:
    """How many lines all cells would take beside each other."""
    return sum(_wanted(table, k) for k in range(len(table.headers))) / LETTERS


def _below(table: Table, below: list[tuple[str, ...]]) -> Table | None:
    """The table, the widest cells of its widest column in lines of their own; None if it has no wide ones."""
    wanted = [_wanted(table, k) for k in range(len(table.headers))]
    widest = max(range(1, len(wanted)), key=wanted.__getitem__)
    header = latex_text(table.headers[widest])
    rows = []
    for number, row in enumerate(table.rows):
        wide = _letters(row[widest], width) > LETTERS * LARGEST
        if wide:
            below[number] = (f"{header}: {row[widest]}", *below[number])
        rows.append(tuple("" if k == widest and wide else cell for k, cell in enumerate(row)))
    return replace(table, rows=tuple(rows)) if tuple(rows) != table.rows else None


def _layout(table: Table) -> _Layout | None:
    """The columns at the largest type at which every piece that cannot break has room; None at none."""
    count = len(table.headers)
    wanted = [_wanted(table, k) for k in range(count)]
    least = [min(_least(table, k), wanted[k]) for k in range(count)]
    for size, factor in SMALLER:
        line = LETTERS * factor
        room = line - GAP * (count - 1)
        if sum(wanted) <= room:
            return _Layout(size, line, tuple(wanted))
        # a column that breaks everywhere is no column
        floor = [max(low, min(want, room / (count + 1))) for low, want in zip(least, wanted, strict=True)]
        if sum(floor) <= room:
            more = sum(wanted) - sum(floor)
            share = (room - sum(floor)) / more
            columns = (low + share * (want - low) for low, want in zip(floor, wanted, strict=True))
            return _Layout(size, line, tuple(columns))
    return None


def _squeezed(table: Table) -> _Layout:
    """Columns in proportion to what they need, where that is more than there is."""
    size, factor = SMALLER[-1]
    least = [_least(table, k) for k in range(len(table.headers))]
    line = LETTERS * factor
    room = line - GAP * (len(least) - 1)
    return _Layout(size, line, tuple(low * room / sum(least) for low in least))


def _wanted(table: Table, column: int) -> float:
    return 1 + max(_header(table, column), *(_letters(row[column], width) for row in table.rows), 0)


def _least(table: Table, column: int) -> float:
    words = max((cells(word) for word in table.headers[column].split()), default=0)
    return 1 + max(words * 1.0, *(_letters(row[column], least_width) for row in table.rows), 0)


def _header(table: Table, column: int) -> float:
    return cells(table.headers[column]) * 1.0


def _letters(cell: str, measure: Callable[[str], float]) -> float:
    if "$" not in cell:
        longest = cell if measure is width else max(cell.split(), key=len, default="")
        return len(longest) * (1.05 if "\\texttt" in cell else 1.0)
    return measure(cell.replace("$", ""))
