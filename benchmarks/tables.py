"""Plain tables and the few statistics that stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

Row = Sequence[object]


def plain(title: str, header: Sequence[str], rows: Iterable[Row], notes: Iterable[str] = ()) -> str:
    """Title, header and rows in columns; the first column to the left, numbers to the right."""
    cells = [tuple(header), *(tuple(map(shown, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [title]
    for row in cells:
        parts = [row[0].ljust(widths[0])]
        parts += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  " + "  ".join(parts).rstrip())
    lines += [f"  {note}" for note in notes]
    return "\n".join(lines)


def shown(value: object) -> str:
    """A cell: numbers with three digits that matter."""
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 1000 else str(value)


def share(part: int, whole: int) -> str:
    """``158 of 158 (100 %)``."""
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "0 of 0"


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of the values lie (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Median, 95th percentile, worst."""
    return median(values), percentile(values, 95), max(values)
