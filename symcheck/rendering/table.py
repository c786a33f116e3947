"""Tables as plain rows, and how their cells wrap: shared by all renderers.

Cells break at operators and spaces; a table is never wider than asked and never loses a cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

GAP = "  "
"""Between columns."""

_BREAK = re.compile(r"(?<=\s)|(?=[·⊗])|(?<=[,;])|(?<=[^*/\s(])(?=\*(?!\*))|(?<=[\])])(?=[/@])")
"""Where a cell may break: after a space, before · ⊗ and *, after a comma."""


@dataclass(frozen=True, slots=True)
class Table:
    """Headers, and rows of as many cells."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: int = 0
    """Width that the first column keeps, if it needs as much and others can give way."""


def dropped(table: Table, keep: Sequence[int] = (0,)) -> Table:
    """The table without the columns that are empty everywhere."""
    full = [k for k in range(len(table.headers)) if k in keep or any(row[k].strip() for row in table.rows)]
    return replace(
        table,
        headers=tuple(table.headers[k] for k in full),
        rows=tuple(tuple(row[k] for k in full) for row in table.rows),
    )


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: marks none, wide letters two."""
    if text.isascii():
        return len(text)
    return sum(_cell(char) for char in text)


def _cell(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, width: int) -> str:
    """The text with spaces up to a width."""
    return text + " " * (width - cells(text))


LONGEST = 400
"""Characters of a text beyond which its middle is left out of a report for people; JSON has it all."""


def shortened(text: str, most: int = LONGEST) -> str:
    """The text, without its middle if it would fill the screen."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2]} … {len(text) - most} characters … {text[-most // 2 :]}"


MOST_DIGITS = 40
"""Digits of a number that are written out in a report for people; JSON has them all."""
_NUMBER = re.compile(rf"\d{{{MOST_DIGITS + 1},}}")


def digits_counted(text: str) -> str:
    """The text, each very long number as its first and last digits and how many there are."""
    return _NUMBER.sub(lambda found: f"{found[0][:8]}…{found[0][-4:]} ({len(found[0])} digits)", text)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, broken at operators where possible, inside words where not."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _BREAK.split(paragraph):
            if cells(line + piece.rstrip()) <= width:
                line += piece
                continue
            if line.strip():
                lines.append(line.rstrip())
            line = piece
            while cells(line.rstrip()) > width:
                cut = _cut(line, width)
                lines.append(line[:cut])
                line = line[cut:]
        lines.append(line.rstrip())
    return lines


def _cut(text: str, width: int) -> int:
    """How many characters fit in `width` cells, at least one."""
    used = 0
    for position, char in enumerate(text):
        used += _cell(char)
        if used > width:
            return max(1, position)
    return len(text)


def column_widths(table: Table, width: int, gap: int = len(GAP)) -> list[int]:
    """Widths of the columns that fit in `width` cells; the widest give way first."""
    columns = list(zip(table.headers, *table.rows, strict=True))
    wanted = [max(max(map(cells, cell.split("\n"))) for cell in column) for column in columns]
    room = width - gap * (len(columns) - 1)
    least = _least(table)
    return _shrunk(_shrunk(wanted, least, room), [3] * len(columns), room)


def folded(table: Table, width: int, order: Sequence[str], gap: int = len(GAP)) -> Table:
    """The table, columns named in `order` moved into the first cell until the rest has room."""
    for header in order:
        least = _least(table)
        if sum(least) + gap * (len(least) - 1) <= width:
            break
        if header not in table.headers[1:]:
            continue
        k = table.headers.index(header)
        rows = []
        for row in table.rows:
            more = f"\n  {header}: {row[k]}" if row[k] else ""
            rows.append((row[0] + more, *row[1:k], *row[k + 1 :]))
        table = replace(table, headers=table.headers[:k] + table.headers[k + 1 :], rows=tuple(rows))
    return table


def _shrunk(widths: list[int], least: list[int], room: int) -> list[int]:
    """Widths that sum to at most `room`, the widest cut first, none cut below its least."""
    widths = list(widths)
    while sum(widths) > room:
        free = [width if width > low else 0 for width, low in zip(widths, least, strict=True)]
        widest = max(free)
        if widest == 0:
            break
        widths[free.index(widest)] -= 1
    return widths


def _least(table: Table) -> list[int]:
    """Widths below which columns are cut only in need."""
    columns = list(zip(table.headers, *table.rows, strict=True))
    least = [max(6, _longest_piece(column)) for column in columns]
    widest = max(cells(line) for cell in columns[0] for line in cell.split("\n"))
    return [max(least[0], min(widest, table.first)), *least[1:]]


def _longest_piece(column: tuple[str, ...]) -> int:
    """Width of the longest stretch that has no place to break."""
    pieces = (piece.rstrip() for cell in column for piece in _BREAK.split(cell))
    return min(24, max(map(cells, pieces), default=0))


def wrapped_headers(table: Table, widths: list[int]) -> list[list[str]]:
    """The headers as cells of lines."""
    return [wrap(header, width) for header, width in zip(table.headers, widths, strict=True)]


def wrapped(table: Table, widths: list[int]) -> list[list[list[str]]]:
    """Rows of cells of lines, each line no wider than its column."""
    return [[wrap(cell, w) for cell, w in zip(row, widths, strict=True)] for row in table.rows]


def aligned(row: list[list[str]], widths: list[int], indent: str = "") -> list[str]:
    """The lines of one wrapped row, padded to the columns."""
    height = max((len(cell) for cell in row), default=0)
    tall = [cell + [""] * (height - len(cell)) for cell in row]
    lines = (GAP.join(pad(c[k], w) for c, w in zip(tall, widths, strict=True)) for k in range(height))
    return [f"{indent}{line}".rstrip() for line in lines]
