"""Report → Markdown as GitHub sets it: tables, ``$$`` mathematics, a Mermaid graph.

Every verdict is a word.  What the author wrote stands escaped or as code; formulas are written so that
they survive readers that look for markup first, see `markdown_text`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symcheck.language.derivation import Note
from symcheck.language.report import Modes, Report
from symcheck.language.tensor import Index, Tensor
from symcheck.language.verdict import Judgement
from symcheck.rendering.argument import has_steps, rule, source
from symcheck.rendering.detail_rows import code_of
from symcheck.rendering.findings import said
from symcheck.rendering.heading import facts
from symcheck.rendering.latex_cells import LatexNotation
from symcheck.rendering.latex_notation import RELATIONS, write_latex
from symcheck.rendering.latex_width import broken, width
from symcheck.rendering.loading import load
from symcheck.rendering.markdown_text import code, code_outside, display, inline, mathematics, text
from symcheck.rendering.mode_rows import cost_table, cotangent_table, mode_remarks, tangent_table
from symcheck.rendering.places import shown_place
from symcheck.rendering.quotient_rows import quotient_remarks, quotient_table
from symcheck.rendering.rows import claims_table, continues, notes_before, summary_line, verdict_cell
from symcheck.rendering.sweep_rows import chain_table, forward_table, paths_table
from symcheck.rendering.table import Table, dropped, shortened
from symcheck.rendering.text_notation import write_name
from symcheck.rendering.theme import PLAIN, Theme

ROOM = 90.0
"""Width of a formula in average letters beyond which it goes on in the next row."""

LATEX = LatexNotation()


@dataclass(frozen=True, slots=True)
class MarkdownNotation:
    """Cells of tables: formulas and names as mathematics, the rest escaped."""

    theme: Theme = PLAIN

    def formula(self, tensor: Tensor | None, text: str, free: Sequence[Index] = ()) -> str:
        """In math mode; as typed where there is no tensor; an entry tells its indices first."""
        if tensor is None:
            return code(self.theme.text(text))
        return _math(LATEX.formula(tensor, text, free))

    def name(self, name: str) -> str:
        """In math mode."""
        return _math(LATEX.name(name))

    def text(self, text_: str) -> str:
        """Escaped."""
        return text(self.theme.text(text_))

    def value(self, text: str) -> str:
        """As code: a value is to be copied."""
        return code(self.theme.text(text))

    def shape(self, text: str) -> str:
        """In math mode, ``scalar`` as a word."""
        return _math(LATEX.shape(text))

    def count(self, text: str) -> str:
        """In math mode."""
        return _math(LATEX.count(text))

    def plain(self, name: str) -> str:
        """In the letters of text."""
        return write_name(name, ascii=self.theme.ascii)

    def differential(self, name: str) -> str:
        """In math mode."""
        return _math(LATEX.differential(name))

    def fraction(self, of: str, by: str) -> str:
        """In math mode."""
        return _math(LATEX.fraction(of, by))

    def product(self, factors: Sequence[str]) -> str:
        """Factors with dots between."""
        return self.theme.text(" · ").join(factors)

    def edge(self, child: str, parent: str) -> str:
        """An arrow."""
        return _math(LATEX.edge(child, parent))


def _math(shown: str) -> str:
    """What the LaTeX report has in a cell, for Markdown."""
    if not shown.startswith("$"):
        return text(shown)
    return f"${mathematics(shown[1:-1].replace(chr(92) + 'allowbreak', ''))}$"


def render(report: Report, theme: Theme = PLAIN, *, brief: bool = False) -> str:
    """The whole report; `brief` keeps what ``check`` shows: claims, details, summary."""
    show = MarkdownNotation(theme)
    blocks = [_head(report, show, brief)]
    if not brief:
        blocks += _graph(report, theme)
        blocks += _tables(report, show)
    blocks += [show.text(notice) for notice in report.notices]
    blocks += _verdicts(report, show, "Claims") if brief else _argument(report, show)
    blocks += _broken(report, show)
    # only formulas are left with letters that are no ASCII
    return theme.text("\n\n".join(block for block in blocks if block)) + "\n"


def render_all(reports: Sequence[Report], theme: Theme = PLAIN) -> str:
    """Several reports, one below the other."""
    return "\n".join(render(report, theme) for report in reports)


# -- the head ----------------------------------------------------------------------------------


def _head(report: Report, show: MarkdownNotation, brief: bool) -> str:
    lecture = report.lecture
    title = lecture.title if lecture is not None and lecture.title else report.name
    lines = [f"# {show.text(title) or 'Claims'}", ""]
    if lecture is not None:
        origin = [f"lecture {lecture.lecture}"] if lecture.lecture else []
        origin += [lecture.source] if lecture.source else []
        named = [code_outside(show.theme.text(lecture.name)), *map(show.text, origin)]
        lines += [", ".join(part for part in named if part), ""]
        if not brief:
            listed = [f"- **{label}**: {told}" for label, told in facts(lecture, show)]
            lines += [*listed, ""] if listed else []
    return "\n".join([*lines, f"**{show.text(summary_line(report.judgements, len(report.broken)))}**"])


def _graph(report: Report, theme: Theme) -> list[str]:
    """The graph of the definitions, where there is one."""
    drawn: str = load("graph").graph_mermaid(report, ascii=theme.ascii)
    return ["## Graph", f"```mermaid\n{drawn.rstrip()}\n```"] if drawn else []


# -- tables ------------------------------------------------------------------------------------


def _tables(report: Report, show: MarkdownNotation) -> list[str]:
    blocks: list[str] = []
    if report.sweep is not None:
        sweep = report.sweep
        for made in (forward_table(sweep, show), chain_table(sweep, show), paths_table(sweep.sums, show)):
            blocks += table(made)
    if report.modes is not None:
        blocks += _modes(report.modes, show)
    if report.numeric is not None:
        blocks += table(quotient_table(report.numeric, show))
        blocks += [show.text(remark) for remark in quotient_remarks(report.numeric)]
    return blocks


def _modes(modes: Modes, show: MarkdownNotation) -> list[str]:
    blocks: list[str] = []
    for made in (tangent_table(modes, show), cotangent_table(modes, show), cost_table(modes, show)):
        blocks += table(made)
    return [*blocks, *(show.text(remark) for remark in mode_remarks(modes, show))]


def table(made: Table) -> list[str]:
    """A heading and a table of GitHub's kind, whose cells are escaped already; nothing without rows."""
    if not made.rows:
        return []
    lines = [made.headers, ("---",) * len(made.headers), *made.rows]
    return [f"## {made.title}", "\n".join(f"| {' | '.join(row)} |" for row in lines)]


# -- claims ------------------------------------------------------------------------------------


def _verdicts(report: Report, show: MarkdownNotation, title: str) -> list[str]:
    """The table of claims as typed, then what is to be said about some of them."""
    blocks = table(_verdict_table(report, show, title))
    items = (_item(judgement, number, show) for number, judgement in enumerate(report.judgements, 1))
    return [*blocks, "\n".join(item for item in items if item)]


def _verdict_table(report: Report, show: MarkdownNotation, title: str) -> Table:
    """One row a claim: number, as typed, verdict, scope, where it comes from, by which rule."""
    plain = claims_table(report, timings=show.theme.timings).table
    headers = ("no.", *plain.headers, "from", "rule")
    steps = has_steps(report)
    rows = []
    for number, (row, judgement) in enumerate(zip(plain.rows, report.judgements, strict=True), 1):
        cells = dict(zip(plain.headers, row, strict=True))
        shown = [
            code(show.theme.text(cell)) if header in ("claim", "id") else show.text(cell)
            for header, cell in cells.items()
        ]
        shown[plain.headers.index("verdict")] = _marked(judgement, show)
        led = (source(judgement), show.text(rule(judgement))) if steps else ("", "")
        rows.append((str(number), *shown, *led))
    return dropped(Table(title, headers, tuple(rows)), keep=(0, 1))


def _marked(judgement: Judgement, show: MarkdownNotation) -> str:
    """The verdict in words, bold where it is a surprise."""
    told = show.text(verdict_cell(judgement))
    return told if judgement.as_expected else f"**{told}**"


def _item(judgement: Judgement, number: int, show: MarkdownNotation) -> str:
    """One claim that was not simply proved: verdict, code, formula, place, reasons."""
    lines = said(judgement) if judgement.as_expected is not True or _is_told(judgement) else []
    if not lines:
        return ""
    claim = judgement.claim
    head = [f"- {_marked(judgement, show)}", code_of(judgement), f"({number})"]
    head.append(code_outside(show.theme.text(shortened(claim.text))))
    if claim.location is not None and claim.location.file:
        head.append(f"at {code_outside(show.theme.text(shown_place(claim.location)))}")
    items = [f"  - {_said(line, judgement, show)}" for line in lines]
    return "\n".join([" ".join(part for part in head if part), *items])


def _is_told(judgement: Judgement) -> bool:
    """Whether there is more to say than the author's note."""
    return any(not line.startswith("note: ") for line in said(judgement))


def _said(line: str, judgement: Judgement, show: MarkdownNotation) -> str:
    """A line of prose; points, formulas and corrections in it as code or mathematics."""
    for start in ("at ", "true if ", "true: ", "write: "):
        if line.startswith(start):
            shown = f"{start}{code_outside(show.theme.text(shortened(line[len(start) :])))}"
            if start == "true: " and judgement.derivative_latex:
                of = f"{judgement.derivative_of_latex} = " if judgement.derivative_of_latex else ""
                shown += f", that is {inline(of + judgement.derivative_latex)}"
            return shown
    return show.text(shortened(line))


def _argument(report: Report, show: MarkdownNotation) -> list[str]:
    """Each chain as mathematics, remarks between; then the verdicts."""
    notes = notes_before(report, lambda note: _remark(note, show))
    blocks = ["## Claims"] if report.judgements or notes else []
    row = 0
    for chain in _chains(report.judgements):
        blocks += notes.get(row, ())
        blocks.append(_chain(chain, row + 1, show))
        for inner in range(row + 1, row + len(chain)):
            blocks += notes.get(inner, ())
        row += len(chain)
    return [*blocks, *notes.get(row, ()), *_verdicts(report, show, "Verdicts")]


def _remark(note: Note, show: MarkdownNotation) -> str:
    """A remark; the equations in it in math mode."""
    return spliced(note.text, note.formulas, show)


def spliced(written: str, formulas: Mapping[str, tuple[Tensor, Tensor]], show: MarkdownNotation) -> str:
    """Text in which some stretches are equations."""
    for piece in sorted(formulas, key=len, reverse=True):
        before, found, after = written.partition(piece)
        if found:
            sides = " = ".join(write_latex(side) for side in formulas[piece])
            rest = {key: sides_ for key, sides_ in formulas.items() if key != piece}
            parts = (spliced(before, rest, show), f"${mathematics(sides)}$", spliced(after, rest, show))
            return " ".join(part for part in parts if part)
    return show.text(written)


def _chains(judgements: Sequence[Judgement]) -> list[list[Judgement]]:
    chains: list[list[Judgement]] = []
    for judgement in judgements:
        joined = chains and continues(chains[-1][-1].claim, judgement.claim)
        if joined and judgement.claim.equation is not None and chains[-1][-1].claim.equation is not None:
            chains[-1].append(judgement)
        else:
            chains.append([judgement])
    return chains


def _chain(chain: Sequence[Judgement], number: int, show: MarkdownNotation) -> str:
    """One row a link, with its number and its verdict; a claim that could not be read as typed."""
    first = chain[0].claim
    if first.equation is None:
        typed = code_outside(show.theme.text(shortened(first.text)))
        return f"({number}) {typed} {_marked(chain[0], show)}"
    head = write_latex(first.equation.left)
    rows = []
    for place, judgement in enumerate(chain):
        equation = judgement.claim.equation
        assert equation is not None
        lines = broken(write_latex(equation.right), ROOM - min(width(head), ROOM / 2))
        for k, line in enumerate(lines):
            start = "" if place or k else mathematics(head)
            sign = RELATIONS[equation.relation] if k == 0 else "\\quad"
            last = k == len(lines) - 1
            # verdicts are words of ours: letters, blanks and brackets
            told = f" && \\text{{({number + place}) {verdict_cell(judgement)}}}" if last else ""
            rows.append(f"{start} &{sign} {mathematics(line)}{told}".lstrip())
    return "\n".join(display(rows))


def _broken(report: Report, show: MarkdownNotation) -> list[str]:
    lines = [f"- line {number}: {code_} {show.text(message)}" for number, code_, message in report.broken]
    return ["\n".join(lines)] if lines else []
