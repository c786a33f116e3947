"""Report → a LaTeX fragment (amsmath, amssymb, booktabs, longtable), or a whole article for plain pdflatex.

Pure ASCII, no dates: the same report gives the same bytes.  Several reports in one article are a book with
a table of contents and a summary.
"""

from __future__ import annotations

from collections.abc import Sequence

from symcheck.language.report import Report
from symcheck.rendering import latex_book
from symcheck.rendering.latex_cells import SHOW, names_of, prose
from symcheck.rendering.latex_chains import claims
from symcheck.rendering.latex_head import forward, head
from symcheck.rendering.latex_tables import longtable
from symcheck.rendering.loading import load
from symcheck.rendering.mode_rows import cost_table, cotangent_table, mode_remarks, tangent_table
from symcheck.rendering.names import latex_text
from symcheck.rendering.quotient_rows import quotient_remarks, quotient_table
from symcheck.rendering.rows import summary_line
from symcheck.rendering.sweep_rows import chain_table, forward_table, paths_table
from symcheck.rendering.table import Table
from symcheck.rendering.theme import PLAIN, Theme


def render(report: Report, theme: Theme = PLAIN, *, standalone: bool = False) -> str:
    """The fragment of one report, or an article with it."""
    return render_all([report], theme, standalone=standalone)


def render_all(reports: Sequence[Report], theme: Theme = PLAIN, *, standalone: bool = False) -> str:
    """Several reports in one file; as an article of their own, a book."""
    if standalone and len(reports) > 1:
        return book(reports, theme)
    body = "\n".join(fragment(report, theme) for report in reports)
    if standalone:
        return latex_book.article(f"{body}\n{latex_book.legend(reports)}")
    return latex_book.to_input(body)


def book(reports: Sequence[Report], theme: Theme = PLAIN) -> str:
    """One document: contents, summary, legend, and a section for each report."""
    sections = "\n".join(
        f"\\clearpage\n{fragment(report, theme, section='section', label=f'report:{number}')}"
        for number, report in enumerate(reports, 1)
    )
    return latex_book.article(f"{latex_book.front(reports)}\n{sections}")


def fragment(report: Report, theme: Theme = PLAIN, *, section: str = "section*", label: str = "") -> str:
    """Head, definitions, graph, tables, claims, summary; the sections below are not numbered."""
    names = names_of(report.lecture)
    named = f"\\label{{{label}}}" if label else ""
    if report.lecture is None:
        parts = [f"\\{section}{{{latex_text(report.name)}}}{named}\n"]
    else:
        parts = [head(report.lecture, section) + named]
    if report.sweep is not None:
        shown = forward(report.sweep, report.lecture)
        parts += shown if report.lecture is not None else _tables(forward_table(report.sweep, SHOW))
        parts += [graph(report)]
        parts += _tables(chain_table(report.sweep, SHOW), paths_table(report.sweep.sums, SHOW))
    if report.modes is not None:
        parts += _tables(
            tangent_table(report.modes, SHOW),
            cotangent_table(report.modes, SHOW),
            cost_table(report.modes, SHOW),
        )
        parts += [f"\\noindent {prose(text, names)}\n" for text in mode_remarks(report.modes, SHOW)]
    if report.numeric is not None:
        parts += _tables(quotient_table(report.numeric, SHOW))
        parts += [f"\\noindent {prose(text, names)}\n" for text in quotient_remarks(report.numeric)]
    parts += [f"\\noindent {prose(text)}\n" for text in report.notices]
    parts += claims(report, theme)
    for number, code_, message in report.broken:
        parts.append(f"\\noindent line {number}: {latex_text(code_)} {prose(message)}\n")
    summary = summary_line(report.judgements, len(report.broken))
    parts.append(f"\\noindent\\textbf{{{latex_text(summary)}}}\n")
    return joined([part for part in parts if part])


def joined(parts: Sequence[str]) -> str:
    """The parts below each other; a display goes on in the paragraph before it, or takes the place of its
    first line, which TeX would leave empty."""
    text = ""
    for before, part in zip(("", *parts), parts, strict=False):
        if part.startswith("\\begin{align*}"):
            goes_on = before.startswith(("\\noindent", "\\begin{align*}"))
            up = "0.5" if "section" in before else ""
            text += part if goes_on else f"\n\\vspace{{-{up}\\baselineskip}}\n{part}"
        else:
            text += f"\n{part}" if before else part
    return text


def _tables(*tables: Table) -> list[str]:
    return [longtable(table) for table in tables if table.rows]


def graph(report: Report) -> str:
    """The computational graph in tikz; nothing where there is none to draw, or no renderer that does."""
    if report.sweep is None or not report.sweep.backward:
        return ""
    try:
        drawn: str = load("graph").graph_tikz(report)
    except (KeyError, ModuleNotFoundError):
        return ""
    return f"\\symcheckneed\n\\subsection*{{Graph}}\n{drawn.rstrip()}\n" if drawn.strip() else ""
