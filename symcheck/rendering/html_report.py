"""Report → one HTML page: MathML, style and a small script inside, nothing fetched, no dates.

A page reads without its script, which only adds copy buttons and hovering.  It is well-formed XML as
well as HTML, and forbids by its own policy every request and every script but this one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symcheck.language.derivation import Lecture
from symcheck.language.report import Report
from symcheck.rendering.argument import has_steps, steps_table
from symcheck.rendering.heading import facts
from symcheck.rendering.html_claims import Place, claims, legend, summary
from symcheck.rendering.html_notation import SHOW
from symcheck.rendering.html_style import SCRIPT, STYLE
from symcheck.rendering.html_text import escaped, row_id
from symcheck.rendering.loading import load_if_any
from symcheck.rendering.mode_rows import cost_table, cotangent_table, mode_remarks, tangent_table
from symcheck.rendering.quotient_rows import quotient_remarks, quotient_table
from symcheck.rendering.rows import count, verdict_cell
from symcheck.rendering.sweep_rows import chain_table, forward_table, paths_table
from symcheck.rendering.table import Table
from symcheck.rendering.theme import PLAIN, Theme

WIDE = 4
"""Columns from which on a table turns into cards where the page is narrow."""
LONG = 95
"""Signs side by side from which on it does so on every page."""
_UNSEEN = re.compile(r"<annotation.*?</annotation>|<[^>]*>|&\w+;")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page that can be linked to."""

    id: str
    title: str
    body: str

    def html(self) -> str:
        """With its heading."""
        return f'<section>\n<h2 id="{self.id}">{self.title}</h2>\n{self.body}</section>\n'


def render(report: Report, theme: Theme = PLAIN) -> str:
    """The page of one report."""
    return render_all([report], theme)


def render_all(reports: Sequence[Report], theme: Theme = PLAIN) -> str:
    """One page with several reports, a table of them first."""
    if len(reports) == 1:
        return page(title_of(reports[0]), fragment(reports[0], theme), theme)
    places = [f"{k}:" for k in range(1, len(reports) + 1)]
    links = [f"#{place}top" for place in places]
    articles = "".join(fragment(report, theme, place) for report, place in zip(reports, places, strict=True))
    return page("Derivations", f"<h1>Derivations</h1>\n{_overview(reports, links)}{articles}", theme)


def render_index(reports: Sequence[Report], files: Sequence[str], theme: Theme = PLAIN) -> str:
    """The page that leads to those of all reports, with what came out of each."""
    body = f"<h1>Derivations</h1>\n{_overview(reports, files)}{legend()}"
    return page("Derivations", body, theme)


def page(title: str, body: str, theme: Theme = PLAIN) -> str:
    """A whole document around a body."""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    text = (
        '<!DOCTYPE html>\n<html lang="en" xmlns="http://www.w3.org/1999/xhtml">\n<head>\n'
        f'<meta charset="utf-8"/>\n<meta http-equiv="Content-Security-Policy" content="{policy}"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{escaped(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f'<body class="symcheck-page">\n<main class="symcheck">\n{body}</main>\n'
        f"<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
    return text.encode("ascii", "xmlcharrefreplace").decode() if theme.ascii else text


def title_of(report: Report) -> str:
    """Name and title."""
    title = report.lecture.title if report.lecture is not None else ""
    return f"{report.name}: {title}" if title else report.name or "Claims"


def fragment(report: Report, theme: Theme = PLAIN, place: str = "") -> str:
    """One report as an ``article``; `place` stands before its ids where a page has several."""
    at = Place(place)
    sections = _sections(report, theme, at)
    links = "".join(f'<a href="#{part.id}">{part.title}</a>\n' for part in sections)
    nav = f'<nav aria-label="Contents">\n{links}</nav>\n' if len(sections) > 1 else ""
    notices = "".join(f'<p class="note">{escaped(text)}</p>\n' for text in report.notices)
    told = summary(report)
    body = "".join(part.html() for part in sections)
    head = _head(report)
    return f'<article id="{at.id("top")}">\n{head}{told}{nav}{notices}{body}{legend()}</article>\n'


def _head(report: Report) -> str:
    lecture = report.lecture
    if lecture is None:
        return f"<header>\n<h1>{escaped(report.name or 'Claims')}</h1>\n</header>\n"
    origin = ", ".join(
        part for part in (f"lecture {lecture.lecture}" if lecture.lecture else "", lecture.source) if part
    )
    told = f"<code>{escaped(lecture.name)}</code>{', ' if origin else ''}{escaped(origin)}"
    title = f'<h1>{escaped(lecture.title or lecture.name)}</h1>\n<p class="origin">{told}</p>'
    return f"<header>\n{title}\n{_facts(lecture)}</header>\n"


def _facts(lecture: Lecture) -> str:
    listed = "".join(f"<dt>{label}</dt><dd>{text}</dd>\n" for label, text in facts(lecture, SHOW))
    return f'<dl class="facts">\n{listed}</dl>\n' if listed else ""


def _sections(report: Report, theme: Theme, at: Place) -> list[Section]:
    found = [*_graph(report, at)]
    if report.sweep is not None:
        rows = {k: row_id(row.name, at.prefix) for k, row in enumerate(report.sweep.forward)}
        found += _tables(at, "forward", (forward_table(report.sweep, SHOW),), rows)
        found += _tables(at, "chain-rule", (chain_table(report.sweep, SHOW),))
        found += _tables(at, "paths", (paths_table(report.sweep.sums, SHOW),))
    if report.modes is not None:
        sweeps = (
            tangent_table(report.modes, SHOW),
            cotangent_table(report.modes, SHOW),
            cost_table(report.modes, SHOW),
        )
        found += _tables(at, "sweep", sweeps)
        said = _prose(mode_remarks(report.modes, SHOW))
        found.append(Section(at.id("counting"), "How operations are counted", said))
    if report.numeric is not None:
        (*quotients,) = _tables(at, "quotients", (quotient_table(report.numeric, SHOW),))
        said = _prose(quotient_remarks(report.numeric))
        title = quotients[0].title if quotients else "Difference quotients"
        table_ = quotients[0].body if quotients else ""
        found.append(Section(at.id("quotients"), title, table_ + said))
    judged = claims(report, theme, at)
    if judged:
        found.append(Section(at.id("claims"), "Claims", judged))
    if has_steps(report):
        found.append(Section(at.id("steps"), "Steps", _steps(report, at)))
    if report.broken:
        found.append(Section(at.id("unread"), "Lines that could not be read", _broken(report)))
    return found


def _graph(report: Report, at: Place) -> list[Section]:
    """THE PLACE OF THE GRAPH: inline SVG, if there is such a renderer and something to draw.

    Its nodes carry ids ``node-NAME``, the rows of the forward table ``row-NAME``: the script of the page
    lights both when one of them is under the pointer, and each node is a link to its row.
    """
    room = load_if_any("graph")
    drawn = room.graph_svg(report, prefix=at.prefix, linked=True) if room and report.sweep else ""
    if not drawn:
        return []
    return [Section(at.id("graph"), "Graph", f'<figure class="graph">\n{drawn}\n</figure>\n')]


# -- tables ------------------------------------------------------------------------------------


def _tables(
    at: Place, id_: str, tables: Sequence[Table], rows: Mapping[int, str] | None = None
) -> list[Section]:
    """A section for each table that has rows; their titles hold formulas, their headers do not."""
    return [
        Section(at.id(id_ if len(tables) == 1 else f"{id_}-{k}"), table.title, table_html(table, rows or {}))
        for k, table in enumerate(tables, 1)
        if table.rows
    ]


def table_html(table: Table, rows: Mapping[int, str], *, prose: bool = False) -> str:
    """A table in a box that scrolls; each cell knows its header, for narrow pages; `prose` wraps."""
    columns = zip(table.headers, *table.rows, strict=True)
    length = sum(max(len(_UNSEEN.sub("", cell)) + 2 for cell in column) for column in columns)
    wide = " cards" if length > LONG and not prose else " wide" if len(table.headers) >= WIDE else ""
    heads = "".join(f'<th scope="col">{escaped(header)}</th>' for header in table.headers)
    lines = []
    for k, row in enumerate(table.rows):
        id_ = f' id="{rows[k]}"' if k in rows else ""
        cells = "".join(
            f'<td data-label="{escaped(header)}">{f"<div>{cell}</div>" if cell else ""}</td>'
            for header, cell in zip(table.headers, row, strict=True)
        )
        lines.append(f"<tr{id_}>{cells}</tr>\n")
    body = f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{''.join(lines)}</tbody>"
    return f'<div class="table{wide}"><table>\n{body}\n</table></div>\n'


def _prose(texts: Sequence[str]) -> str:
    return "".join(f'<p class="soft">{escaped(text)}</p>\n' for text in texts)


def _steps(report: Report, at: Place) -> str:
    """The steps, folded: each line of the claims tells its rule already."""
    table = steps_table(report)
    links = {k for k, header in enumerate(table.headers) if header in ("no.", "from")}
    typed = table.headers.index("line")
    rows = tuple(
        tuple(
            at.link(int(cell), cell)
            if k in links and cell
            else f"<code>{escaped(cell)}</code>"
            if k == typed
            else escaped(cell)
            for k, cell in enumerate(row)
        )
        for row in table.rows
    )
    shown = table_html(Table(table.title, table.headers, rows), {}, prose=True)
    return f"<details>\n<summary>Which rule leads from which line to which</summary>\n{shown}</details>\n"


def _broken(report: Report) -> str:
    lines = (
        f"<li>line {number}: <code>{escaped(code)}</code> {escaped(message)}</li>\n"
        for number, code, message in report.broken
    )
    return f"<ul>\n{''.join(lines)}</ul>\n"


def _overview(reports: Sequence[Report], links: Sequence[str]) -> str:
    """One row a report: what it is, and how its claims came out."""
    rows = []
    for report, link in zip(reports, links, strict=True):
        lecture, counts = report.lecture, count(report.judgements, len(report.broken))
        title = lecture.title if lecture is not None else ""
        surprises = [verdict_cell(j) for j in report.judgements if j.as_expected is False]
        rows.append(
            (
                f'<a href="{escaped(link)}">{escaped(report.name or "claims")}</a>',
                escaped(title),
                escaped(lecture.lecture if lecture is not None else ""),
                *(
                    SHOW.value(str(number))
                    for number in (
                        counts.claims,
                        counts.proved,
                        counts.refuted,
                        counts.undecided,
                        counts.error + counts.broken,
                    )
                ),
                f"✗ {len(surprises)} not as expected" if surprises else "✓ all as expected",
            )
        )
    everything = [j for report in reports for j in report.judgements]
    headers = ("name", "title", "lecture", "claims", "proved", "refuted", "undecided", "errors", "outcome")
    shown = table_html(Table("", headers, tuple(rows)), {}, prose=True)
    return summary(Report("", tuple(everything))) + shown
