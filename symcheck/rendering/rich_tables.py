"""Drawn tables and colours for a terminal.  The only room that imports rich; loaded only when needed."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from symcheck.rendering.table import Table, column_widths, wrap, wrapped
from symcheck.rendering.theme import VERDICT_STYLES, Theme

FRAME = 4
"""Cells that the indent and the edges of a drawn table take."""


class RichPainter:
    """Headings, tables and verdicts through a rich console that writes to a string."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.sink = StringIO()
        self.console = Console(
            file=self.sink,
            width=theme.width,
            force_terminal=True,
            no_color=not theme.color,
            color_system="standard" if theme.color else None,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def _taken(self) -> str:
        text = self.sink.getvalue()
        self.sink.seek(0)
        self.sink.truncate()
        return text

    def _printed(self, text: Text) -> str:
        self.console.print(text, soft_wrap=True, end="")
        return self._taken()

    def heading(self, text: str) -> str:
        """In bold."""
        return self._printed(Text(text, style="bold"))

    def verdict(self, text: str) -> str:
        """In the colour of its first word."""
        return self._printed(self._verdict(text))

    def table(self, table: Table, notes: Mapping[int, tuple[str, ...]]) -> list[str]:
        """One drawn table, its widths fixed beforehand; remarks stand between sections of it."""
        widths = column_widths(table, self.theme.width - FRAME, gap=3)
        rows = wrapped(table, widths)
        cuts = sorted({0, *(k for k in notes if k <= len(rows))})
        lines: list[str] = []
        for first, last in zip(cuts, [*cuts[1:], len(rows)], strict=True):
            for text in notes.get(first, ()):
                lines += [self._printed(Text(line, style="italic dim")) for line in self._remark(text)]
            if last > first:
                lines += self._drawn(table, widths, rows[first:last], header=first == 0)
        return lines

    def _remark(self, text: str) -> list[str]:
        """Indented below the dash that marks it."""
        dash = "  - " if self.theme.ascii else "  — "
        first, *more = wrap(text, self.theme.width - len(dash))
        return [dash + first, *(" " * len(dash) + line for line in more)]

    def _drawn(self, table: Table, widths: list[int], rows: list[list[list[str]]], header: bool) -> list[str]:
        style = box.ASCII if self.theme.ascii else box.ROUNDED
        drawn = RichTable(box=style, show_header=header, header_style="bold", show_lines=False)
        for title, width in zip(table.headers, widths, strict=True):
            drawn.add_column(Text(title), width=width, no_wrap=False, overflow="fold")
        where = table.headers.index("verdict") if "verdict" in table.headers else -1
        for row in rows:
            texts = ["\n".join(cell) for cell in row]
            drawn.add_row(
                *(self._verdict(t) if k == where else Text(t) for k, t in enumerate(texts)),
            )
        self.console.print(drawn)
        return self._taken().rstrip("\n").split("\n")

    def _verdict(self, text: str) -> Text:
        word = text.split(maxsplit=1)[0] if text.strip() else ""
        return Text(text, style=VERDICT_STYLES.get(word, ""))
