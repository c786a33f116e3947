"""What a notebook shows of reports, derivations and tensors: text, HTML and LaTeX, by MIME type.

The protocol is that of ``_repr_mimebundle_``; nothing of IPython is imported.  All that its author wrote
is escaped; formulas of tensors stand between dollars, for the reader that sets mathematics in notebooks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from html import escape

from symcheck.language.claim import Claim
from symcheck.language.derivation import Lecture, Note
from symcheck.language.report import Judgements, Report
from symcheck.language.tensor import Tensor
from symcheck.language.verdict import Judgement
from symcheck.rendering import latex, latex_book, terminal
from symcheck.rendering.detail_rows import code_of
from symcheck.rendering.findings import said
from symcheck.rendering.heading import facts
from symcheck.rendering.latex_notation import RELATIONS, write_latex, write_latex_name
from symcheck.rendering.places import shown_place
from symcheck.rendering.rows import TextNotation, claims_table, summary_line, verdict_cell
from symcheck.rendering.table import Table, shortened
from symcheck.rendering.text_notation import write, write_name

PLAIN, HTML, LATEX = "text/plain", "text/html", "text/latex"

START = '<div class="tex2jax_ignore mathjax_ignore">'
"""Nothing in a report is for MathJax."""

Shown = Report | Judgements | Lecture | Tensor


def bundle(
    shown: Shown, include: Collection[str] | None = None, exclude: Collection[str] | None = None
) -> dict[str, str]:
    """MIME type → what to show; only those of `include` if given, none of `exclude`."""
    return {
        kind: make()
        for kind, make in _makers(shown).items()
        if (not include or kind in include) and not (exclude and kind in exclude)
    }


def _makers(shown: Shown) -> dict[str, Callable[[], str]]:
    match shown:
        case Tensor():
            formula = f"$\\displaystyle {write_latex(shown)}$"
            return {
                PLAIN: lambda: write(shown),
                HTML: lambda: f"<span>{escape(formula)}</span>",
                LATEX: lambda: formula,
            }
        case Lecture():
            return {
                PLAIN: lambda: _draft(shown),
                HTML: lambda: _draft_html(shown),
                LATEX: lambda: _draft_latex(shown),
            }
        case Judgements():
            return _of_report(shown.report, brief=True)
        case Report():
            return _of_report(shown, brief=False)


def _of_report(report: Report, *, brief: bool) -> dict[str, Callable[[], str]]:
    return {
        PLAIN: lambda: terminal.render(report, brief=brief).rstrip("\n"),
        HTML: lambda: report_html(report),
        LATEX: lambda: latex_book.MACROS + latex.fragment(report),
    }


# -- a report ----------------------------------------------------------------------------------


def report_html(report: Report) -> str:
    """Title, claims as typed with their verdicts, reasons below, summary; words, not colours, tell."""
    blocks = [_title(report.lecture, report.name)]
    table = claims_table(report).table
    if table.rows:
        blocks.append(_table(table))
    for judgement in report.judgements:
        lines = said(judgement)
        if lines and (judgement.as_expected is not True or any(not x.startswith("note: ") for x in lines)):
            blocks.append(_reasons(judgement, lines))
    for number, code, message in report.broken:
        blocks.append(f"<p>line {number}: {_text(code)} {_text(message)}</p>")
    blocks.append(f"<p><b>{_text(summary_line(report.judgements, len(report.broken)))}</b></p>")
    return f"{START}{''.join(blocks)}</div>"


def _title(lecture: Lecture | None, name: str) -> str:
    title = f" {_text(lecture.title)}" if lecture is not None and lecture.title != name else ""
    return f"<h4>{_code(name)}{title}</h4>" if name else ""


def _table(table: Table) -> str:
    """As rows of cells; the first column is code."""
    head = "".join(f"<th>{_text(text)}</th>" for text in table.headers)
    rows = []
    for first, *others in table.rows:
        cells = "".join(f"<td>{_text(text)}</td>" for text in others)
        rows.append(f'<tr><td style="text-align:left">{_code(first)}</td>{cells}</tr>')
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _reasons(judgement: Judgement, lines: list[str]) -> str:
    claim = judgement.claim
    at = f" {_text(shown_place(claim.location))}" if claim.location and claim.location.file else ""
    told = f"<b>{_text(verdict_cell(judgement))}</b> {_text(code_of(judgement))}"
    items = "".join(f"<li>{_text(shortened(line))}</li>" for line in lines)
    return f"<p>{told} {_code(shortened(claim.text))}{at}</p><ul>{items}</ul>"


def _code(text: str) -> str:
    return f'<code style="white-space:pre">{_text(text)}</code>'


def _text(text: str) -> str:
    # a dollar that stands alone begins no mathematics, whoever looks for it
    return escape(text).replace("$", "<span>$</span>")


# -- a derivation that is not judged -------------------------------------------------------------


def _draft(lecture: Lecture) -> str:
    """Name, title, inputs, definitions, claims."""
    title = f"  {lecture.title}" if lecture.title != lecture.name else ""
    lines = [f"{lecture.name}{title}"]
    lines += [f"  {label}: {text}" for label, text in facts(lecture, TextNotation())]
    for symbol, body in lecture.graph.definitions.items():
        lines.append(f"  {write_name(symbol.shown)} = {write(body)}")
    if lecture.claims:
        lines += ["", "Claims, not judged: check() does"]
    lines += [f"  {line}" for line in _written(lecture)]
    return "\n".join(lines)


def _written(lecture: Lecture) -> list[str]:
    """The claims as written, a chain in one line, and the remarks between them."""
    lines: list[str] = []
    for item in lecture.items:
        if isinstance(item, Note):
            lines.append(f"— {item.text}")
        elif item.member == 0 or not item.line:
            lines.append(item.line or item.text)
    return lines


def _draft_html(lecture: Lecture) -> str:
    blocks = [_title(lecture, lecture.name)]
    items = [f"<li>{label}: {_text(text)}</li>" for label, text in facts(lecture, TextNotation())]
    for symbol, body in lecture.graph.definitions.items():
        items.append(f"<li>{_code(f'{write_name(symbol.shown)} = {write(body)}')}</li>")
    blocks.append(f"<ul>{''.join(items)}</ul>" if items else "")
    if lecture.claims:
        blocks.append("<p>Claims, not judged: <code>check()</code> does</p>")
    lines = "".join(f"<li>{_code(line)}</li>" for line in _written(lecture))
    return f"{START}{''.join(blocks)}{f'<ul>{lines}</ul>' if lines else ''}</div>"


def _draft_latex(lecture: Lecture) -> str:
    """Definitions and claims in one ``aligned``; what cannot be read is left out."""
    rows = [
        f"{write_latex_name(symbol.name, symbol.latex)} &= {write_latex(body)}"
        for symbol, body in lecture.graph.definitions.items()
    ]
    rows += [_row(item) for item in lecture.claims if item.equation is not None]
    if not rows:
        return "$$\\,$$"
    body = " \\\\\n".join(rows)
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


def _row(claim: Claim) -> str:
    assert claim.equation is not None
    sign = RELATIONS[claim.equation.relation]
    return f"{write_latex(claim.equation.left)} &{sign} {write_latex(claim.equation.right)}"
