"""``symcheck list`` and ``symcheck rule``: questions that judge nothing and import little."""

from __future__ import annotations

import json
import sys

from symcheck.cli.parser import Arguments
from symcheck.errors import UsageError
from symcheck.reading.catalogue import list_lectures
from symcheck.rendering.rules import explain, nearest, overview
from symcheck.rendering.table import Table, aligned, column_widths, dropped, wrapped, wrapped_headers
from symcheck.rendering.theme import detect


def run_list(arguments: Arguments) -> int:
    """The derivations that can be called by name."""
    entries = list_lectures()
    theme = detect(sys.stdout, ascii=arguments.ascii, width=arguments.width)
    if arguments.json:
        fields = ("name", "title", "lecture", "claims", "slips")
        rows = [{name: getattr(entry, name) for name in fields} for entry in entries]
        print(json.dumps(rows, ensure_ascii=theme.ascii, indent=1))
        return 0
    rows_ = tuple(
        (e.name, theme.text(e.title), e.lecture, str(e.claims or ""), str(e.slips or "")) for e in entries
    )
    table = dropped(Table("", ("name", "title", "lecture", "claims", "known slips"), rows_))
    widths = column_widths(table, theme.width)
    lines = aligned(wrapped_headers(table, widths), widths)
    for row in wrapped(table, widths):
        lines += aligned(row, widths)
    print("\n".join(lines) if rows_ else "no derivations were found")
    return 0


def run_rule(arguments: Arguments) -> int:
    """What a code means; without a code, all of them."""
    theme = detect(sys.stdout, ascii=arguments.ascii, width=arguments.width)
    if not arguments.code:
        print(overview(theme), end="")
        return 0
    text = explain(arguments.code, theme)
    if text is None:
        near = nearest(arguments.code)
        hint = f" Did you mean {near!r}?" if near else ""
        raise UsageError(f"no code {arguments.code!r}.{hint}", hint="symcheck rule lists them all")
    print(text, end="")
    return 0
