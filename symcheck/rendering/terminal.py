"""Report → text for people: drawn tables on a terminal, aligned columns everywhere else.

Nothing is said by colour alone, nothing is wider than the theme, and rich is loaded only for a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from symcheck.errors import SymcheckError
from symcheck.language.derivation import Lecture
from symcheck.language.report import Modes, Report
from symcheck.language.verdict import Failed, Judgement, Proved
from symcheck.rendering.argument import has_steps, steps_table
from symcheck.rendering.detail_rows import Detail, Said, code_of, details, likewise_lines, said_of
from symcheck.rendering.errors import frame, marked
from symcheck.rendering.heading import facts
from symcheck.rendering.loading import load
from symcheck.rendering.mode_rows import cost_table, cotangent_table, mode_remarks, tangent_table
from symcheck.rendering.places import shown_place
from symcheck.rendering.quotient_rows import quotient_remarks, quotient_table
from symcheck.rendering.rows import FOLDED, Sums, TextNotation, claims_table, summary_line, verdict_cell
from symcheck.rendering.sweep_rows import chain_table, forward_table, paths_table
from symcheck.rendering.table import (
    GAP,
    Table,
    aligned,
    cells,
    column_widths,
    folded,
    shortened,
    wrap,
    wrapped,
    wrapped_headers,
)
from symcheck.rendering.theme import PLAIN, Theme
from symcheck.rendering.working_rows import is_explained, working_rows

INDENT = "  "
DASH = "— "
FRAME = 6
"""Cells left for indents and rules when a table is checked for room."""
BETWEEN = 4
"""Cells between two tables side by side."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
MOST_BROKEN = 10
"""Lines that could not be read that are listed; the summary counts them all, JSON lists them all."""


class Painter(Protocol):
    """Draws headings, tables and words."""

    def heading(self, text: str) -> str:
        """A title of a section."""
        ...

    def table(self, table: Table, notes: Mapping[int, tuple[str, ...]]) -> list[str]:
        """The lines of a table, with remarks before some of its rows."""
        ...

    def verdict(self, text: str) -> str:
        """A verdict, in its colour if there are any."""
        ...


class PlainPainter:
    """Aligned columns, no rules, no colours."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme

    def heading(self, text: str) -> str:
        """The title as it is."""
        return text

    def table(self, table: Table, notes: Mapping[int, tuple[str, ...]]) -> list[str]:
        """Aligned lines; remarks stand between them, marked."""
        widths = column_widths(table, self.theme.width - len(INDENT))
        lines = aligned(wrapped_headers(table, widths), widths, INDENT) if table.rows else []
        for number, row in enumerate(wrapped(table, widths)):
            lines += remarks(notes.get(number, ()), self.theme)
            lines += aligned(row, widths, INDENT)
        return lines + remarks(notes.get(len(table.rows), ()), self.theme)

    def verdict(self, text: str) -> str:
        """The word as it is."""
        return text


def remarks(texts: tuple[str, ...], theme: Theme) -> list[str]:
    """Remarks in prose, each with a dash before it, so that no one takes them for claims."""
    lines = []
    for text in texts:
        first, *more = wrap(theme.text(text), theme.width - 2 * len(INDENT) - len(DASH))
        start = INDENT + theme.text(DASH)
        lines += [start + first, *(" " * len(start) + line for line in more)]
    return lines


def render(report: Report, theme: Theme = PLAIN, *, brief: bool = False) -> str:
    """The whole report: head, forward pass, chain rule, paths, claims, details, summary.

    `brief` keeps what `check` shows: one line of head, claims without remarks, details, summary.
    """
    painter: Painter = load("rich").RichPainter(theme) if theme.rich else PlainPainter(theme)
    show = TextNotation(theme.ascii)
    blocks: list[list[str]] = []
    if report.lecture is not None and not brief:
        blocks.append(head(report.lecture, theme, painter))
    elif brief and report.name:
        blocks.append([painter.heading(theme.text(title_of(report)))])
    if report.sweep is not None and not brief:
        tables = [
            forward_table(report.sweep, show),
            chain_table(report.sweep, show),
            paths_table(report.sweep.sums, show),
        ]
        blocks += [_titled(table, {}, theme, painter) for table in tables if table.rows]
    if report.modes is not None and not brief:
        blocks += _modes(report.modes, theme, painter, show)
    if report.numeric is not None and not brief:
        quotients = quotient_table(report.numeric, show)
        block = _titled(quotients, {}, theme, painter) if quotients.rows else []
        blocks.append(block + remarks(tuple(quotient_remarks(report.numeric)), theme))
    if report.notices:
        blocks.append(remarks(report.notices, theme))
    blocks += _judged(report, theme, painter, brief=brief)
    if report.broken:
        blocks.append(_broken(report.name, report.broken, len(report.broken), theme))
    blocks.append(wrap(summary_line(report.judgements, len(report.broken)), theme.width))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def page(report: Report, theme: Theme = PLAIN, *, titled: bool = True) -> str:
    """A stretch of the claims of a brief report with their details; `closing` ends what pages began."""
    painter: Painter = load("rich").RichPainter(theme) if theme.rich else PlainPainter(theme)
    blocks = [[painter.heading(theme.text(title_of(report)))]] if titled and report.name else []
    blocks += _judged(report, theme, painter, brief=True)
    return "".join("\n".join(block) + "\n\n" for block in blocks)


def closing(name: str, broken: Sequence[tuple[int, str, str]], sums: Sums, theme: Theme = PLAIN) -> str:
    """What comes after the last page: the first of the broken lines, and the summary."""
    blocks = [_broken(name, broken, sums.broken, theme)] if broken else []
    return "\n\n".join("\n".join(block) for block in [*blocks, wrap(sums.line(), theme.width)]) + "\n"


def _judged(report: Report, theme: Theme, painter: Painter, *, brief: bool) -> list[list[str]]:
    """The table of the claims, then what is to be said of some of them."""
    blocks = []
    claims = claims_table(report, timings=theme.timings)
    notes = {} if brief else {k: tuple(map(theme.text, texts)) for k, texts in claims.notes.items()}
    if claims.table.rows or notes:
        blocks.append(_titled(claims.table, notes, theme, painter))
    if has_steps(report) and not brief:
        blocks.append(_titled(steps_table(report), {}, theme, painter))
    if is_explained(report.judgements):
        blocks.append([painter.heading("Workings")])
        blocks += [_working(judgement, theme) for judgement in report.judgements]
    headed = report.lecture is not None and not brief
    return blocks + [detail_block(detail, theme, painter) for detail in details(report, headed=headed)]


def _modes(modes: Modes, theme: Theme, painter: Painter, show: TextNotation) -> list[list[str]]:
    """Both sweeps, side by side where there is room, then the costs and what is to be said of them."""
    sweeps = [
        _titled(table, {}, theme, painter)
        for table in (tangent_table(modes, show), cotangent_table(modes, show))
        if table.rows
    ]
    costs = cost_table(modes, show)
    last = _titled(costs, {}, theme, painter) if costs.rows else []
    last += remarks(tuple(mode_remarks(modes, show)), theme)
    return [*beside(sweeps, theme.width), last]


def beside(blocks: list[list[str]], width: int) -> list[list[str]]:
    """Two blocks as one, the second to the right of the first, if the lines are long enough for that."""
    if len(blocks) != 2:
        return blocks
    left, right = blocks
    start = max(map(visible, left)) + BETWEEN
    if start + max(map(visible, right)) > width:
        return blocks
    height = max(len(left), len(right))
    rows = zip(left + [""] * (height - len(left)), right + [""] * (height - len(right)), strict=True)
    return [[f"{one}{' ' * (start - visible(one))}{other}".rstrip() for one, other in rows]]


def visible(line: str) -> int:
    """Cells of a line, its colours not counted."""
    return cells(_COLOUR.sub("", line))


def failure(judgement: Judgement, theme: Theme = PLAIN) -> str:
    """One claim on its own: what a test shows that failed."""
    detail = Detail(judgement, tuple(said_of(judgement)))
    return "\n".join(detail_block(detail, theme, PlainPainter(theme)))


def title_of(report: Report) -> str:
    """Name and title in one line."""
    return report.name + (f"{GAP}{report.lecture.title}" if report.lecture is not None else "")


def head(lecture: Lecture, theme: Theme, painter: Painter) -> list[str]:
    """Name, title, lecture, then one line a fact."""
    origin = ", ".join(
        part for part in (f"lecture {lecture.lecture}" if lecture.lecture else "", lecture.source) if part
    )
    title = f"{lecture.name}{GAP}{lecture.title}" + (f"{GAP}({origin})" if origin else "")
    lines = [painter.heading(line) for line in wrap(theme.text(title), theme.width)]
    for label, text in facts(lecture, TextNotation(theme.ascii)):
        start = f"{INDENT}{label + ':':<12}"
        first, *more = wrap(theme.text(text), theme.width - len(start))
        lines += [start + first, *(" " * len(start) + line for line in more)]
    return lines


def _titled(table: Table, notes: Mapping[int, tuple[str, ...]], theme: Theme, painter: Painter) -> list[str]:
    shown = Table(
        theme.text(table.title),
        tuple(map(theme.text, table.headers)),
        tuple(tuple(map(theme.text, row)) for row in table.rows),
        table.first,
    )
    if "verdict" in table.headers:
        shown = folded(shown, theme.width - FRAME, FOLDED)
    return [painter.heading(shown.title), *painter.table(shown, notes)]


def _working(judgement: Judgement, theme: Theme) -> list[str]:
    """How one claim was judged: the claim, then a labelled line each."""
    lines = _indented(f"{verdict_cell(judgement)}: {shortened(judgement.claim.text)}", theme)
    rows = working_rows(judgement)
    width = max((cells(label) for label, _ in rows), default=0)
    for label, text in rows:
        start = f"{INDENT * 2}{label:<{width}}{GAP}"
        first, *more = wrap(theme.text(text), theme.width - len(start))
        lines += [start + first, *(" " * len(start) + line for line in more)]
    return lines


def detail_block(detail: Detail, theme: Theme, painter: Painter) -> list[str]:
    """One claim that was not simply proved: verdict, formula, place, reasons."""
    judgement = detail.judgement
    claim, code = judgement.claim, code_of(judgement)
    cell = verdict_cell(judgement)
    start = f"{cell} {code}" if code else cell
    text = theme.text(shortened(claim.text))
    lines = wrap(text, theme.width - len(start) - 2)
    first = f"{painter.verdict(cell)}{start[len(cell) :]}{GAP}{lines[0]}"
    told = [first, *(" " * (len(start) + 2) + line for line in lines[1:])]
    framed = isinstance(judgement.verdict, Failed) and judgement.verdict.error.location is not None
    if claim.location is not None and claim.location.file and not framed:
        told.append(f"{INDENT}{theme.text(shown_place(claim.location))}")
    if claim.note and not isinstance(judgement.verdict, Proved):
        told += _indented(f"note: {claim.note}", theme)
    if isinstance(judgement.verdict, Failed) and judgement.verdict.error.location is not None:
        inner = replace(theme, width=theme.width - len(INDENT))
        told += [f"{INDENT}{line}" for line in frame(without_hint(judgement.verdict), inner).split("\n")]
        for line in detail.said:
            if line.label in ("kind", "write"):
                told += _said(line, theme)
        return told
    for line in detail.said:
        told += _said(line, theme)
    for text in likewise_lines(detail.likewise):
        told += _indented(text, theme)
    return told


def without_hint(verdict: Failed) -> SymcheckError:
    """The error; without its hint where there is a correction that proves."""
    if verdict.correction is None:
        return verdict.error
    error = verdict.error
    return SymcheckError(error.message, code=error.code, location=error.location)


def _said(line: Said, theme: Theme) -> list[str]:
    """One line of prose; what is marked in it is marked below."""
    if line.mark is None:
        return _indented(line.text, theme)
    room = theme.width - len(INDENT)
    if line.label == "write" and cells(theme.text(line.text)) > room:
        # a formula to be copied is not cut
        start, end = line.mark
        return [*_indented(line.text, theme), *_indented(f"new: {line.text[start:end]}", theme)]
    inner = replace(theme, width=room)
    return [f"{INDENT}{part}" for part in marked(line.text, *line.mark, inner)]


def _indented(text: str, theme: Theme) -> list[str]:
    first, *more = wrap(theme.text(shortened(text)), theme.width - 2 * len(INDENT))
    return [f"{INDENT}{first}", *(f"{INDENT * 2}{line}" for line in more)]


def _broken(name: str, broken: Sequence[tuple[int, str, str]], total: int, theme: Theme) -> list[str]:
    """A line each for those that could not be read, the first ones where there are many."""
    lines = [
        theme.text(shortened(f"error[{code}]: {name}:{number}: {message}"))
        for number, code, message in broken[:MOST_BROKEN]
    ]
    more = total - len(lines)
    return [*lines, f"and {more} more lines that could not be read"] if more else lines
