"""Report → a LaTeX fragment (amsmath, booktabs, longtable), or a whole article for plain pdflatex.

Pure ASCII, no dates: the same report gives the same bytes.  Each chain is one ``align*`` with one
``&=`` a link and its verdict as text; what was refuted shows its witness below.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from symcheck.language.derivation import Lecture, Note
from symcheck.language.report import Report
from symcheck.language.tensor import Index, Tensor
from symcheck.language.verdict import Judgement
from symcheck.rendering.argument import has_steps, rule, source
from symcheck.rendering.detail_rows import code_of, detail_lines
from symcheck.rendering.heading import facts
from symcheck.rendering.latex_notation import RELATIONS, write_latex, write_latex_name
from symcheck.rendering.latex_width import broken, width
from symcheck.rendering.mode_rows import cost_table, cotangent_table, mode_remarks, tangent_table
from symcheck.rendering.names import latex_text
from symcheck.rendering.quotient_rows import quotient_remarks, quotient_table
from symcheck.rendering.rows import (
    continues,
    layout_of,
    notes_before,
    proof_scope,
    summary_line,
    sympy_cell,
    verdict_cell,
    verdict_word,
)
from symcheck.rendering.sweep_rows import chain_table, forward_table, paths_table
from symcheck.rendering.table import Table, cells
from symcheck.rendering.text_notation import write_name
from symcheck.rendering.theme import PLAIN, Theme

LINE = 58.0
"""Width of a line in average letters, that of a plain article."""

LETTERS, NARROW = 62, 0.2
"""Letters in a line of a table; a column up to that part of the line keeps its width."""
SHORT = 36
"""Letters of typewriter that need no place to break."""

MARGIN = 40
"""Letters in a line of a rule told at the margin."""

MACROS = r"""\providecommand{\symcheckproved}[1]{#1}
\providecommand{\symcheckrefuted}[1]{\textbf{#1}}
\providecommand{\symcheckundecided}[1]{\textit{#1}}
"""

PREAMBLE = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{booktabs}
\usepackage{longtable}
\usepackage{xcolor}
\newcommand{\symcheckproved}[1]{\textcolor{green!40!black}{#1}}
\newcommand{\symcheckrefuted}[1]{\textcolor{red!70!black}{\textbf{#1}}}
\newcommand{\symcheckundecided}[1]{\textcolor{orange!70!black}{\textit{#1}}}
\setlength{\oddsidemargin}{0mm}
\setlength{\textwidth}{160mm}
\setlength{\emergencystretch}{4em}
\allowdisplaybreaks
\begin{document}
"""

_NUMERIC = re.compile(r"[-\d./\[\], ]+")
_RATIONAL = re.compile(r"(-?)(\d+)/(\d+)")
_SIZE = re.compile(r"(?<!\\)\b[^\W\d][\w₊₋]*|·")
_POWER = re.compile(r"\*\*(\d+)")


class LatexNotation:
    """Cells of tables as LaTeX."""

    def formula(self, tensor: Tensor | None, text: str, free: Sequence[Index] = ()) -> str:
        """In math mode; as typed where there is no tensor; an entry tells its indices first."""
        if tensor is None:
            return code(text) if text else ""
        places = ", ".join(write_latex_name(i.name) for i in free)
        start = f"({places}) \\mapsto \\allowbreak " if free else ""
        return f"$\\displaystyle {start}{breakable(write_latex(tensor))}$"

    def name(self, name: str) -> str:
        """A name in math mode."""
        return f"${write_latex_name(name)}$"

    def text(self, text: str) -> str:
        """Escaped."""
        return latex_text(text)

    def value(self, text: str) -> str:
        """A number in math mode; anything else as text."""
        if text and _NUMERIC.fullmatch(text):
            shown = _RATIONAL.sub(r"\1\\tfrac{\2}{\3}", text)
            broken = shown.replace(", ", ", \\allowbreak ")
            return f"${broken}$"
        return latex_text(text)

    def shape(self, text: str) -> str:
        """``(m, n)`` in math mode, ``scalar`` as a word."""
        if not text.startswith("("):
            return latex_text(text)
        return f"${_SIZE.sub(lambda m: _size(m[0]), text)}$"

    def count(self, text: str) -> str:
        """A polynomial in sizes in math mode."""
        shown = _POWER.sub(r"^{\1}", text).replace("*", "\\, ").replace("…", "\\cdots")
        return f"${_SIZE.sub(lambda m: _size(m[0]), shown)}$" if text else ""

    def differential(self, name: str) -> str:
        """As in formulas."""
        return f"$\\mathrm{{d}}{write_latex_name(name)}$"

    def plain(self, name: str) -> str:
        """In the letters of text."""
        return write_name(name)

    def fraction(self, of: str, by: str) -> str:
        """A Leibniz fraction."""
        above, below = write_latex_name(of), write_latex_name(by)
        return f"$\\displaystyle \\frac{{\\partial {above}}}{{\\partial {below}}}$"

    def product(self, factors: Sequence[str]) -> str:
        """Factors with dots between, in brackets where negative."""
        shown = (f"$(${f}$)$" if k and f.startswith("$-") else f for k, f in enumerate(factors))
        return " $\\cdot$ ".join(shown)

    def edge(self, child: str, parent: str) -> str:
        """An arrow."""
        return f"${write_latex_name(child)} \\to {write_latex_name(parent)}$"


SHOW = LatexNotation()


def _size(word: str) -> str:
    return "\\cdot " if word == "·" else write_latex_name(word)


def breakable(latex: str) -> str:
    """Math that may also break between factors."""
    return latex.replace("\\, ", "\\,\\allowbreak ")


def code(text: str) -> str:
    """Text as typed, in typewriter; a long one may break after brackets, commas and operators."""
    if len(text) <= SHORT:
        return f"\\texttt{{{latex_text(text)}}}"
    pieces = re.split(r"(?<=[(,*/@])(?! )", text)
    shown = "\\allowbreak{}".join(map(latex_text, pieces))
    return f"\\texttt{{{shown}}}"


def prose(text: str) -> str:
    """Running text in which words without end, such as long exact values, may break."""
    words = (re.sub(r"(.{12})", "\\1\n", word) if len(word) > SHORT else word for word in text.split())
    return " ".join("\\allowbreak{}".join(map(latex_text, word.split("\n"))) for word in words)


def remark(note: Note) -> str:
    """A remark, the equations in it in math mode."""
    if not note.formulas:
        return latex_text(note.text)
    pieces = re.split(
        f"({'|'.join(map(re.escape, sorted(note.formulas, key=len, reverse=True)))})", note.text
    )
    return "".join(
        f"${' = '.join(breakable(write_latex(side)) for side in note.formulas[piece])}$"
        if piece in note.formulas
        else latex_text(piece)
        for piece in pieces
    )


def render(report: Report, theme: Theme = PLAIN, *, standalone: bool = False) -> str:
    """The fragment of one report, or an article with it."""
    return render_all([report], theme, standalone=standalone)


def render_all(reports: Sequence[Report], theme: Theme = PLAIN, *, standalone: bool = False) -> str:
    """Several reports in one file."""
    body = "\n".join(fragment(report, theme) for report in reports)
    if standalone:
        return f"{PREAMBLE}\n{body}\n\\end{{document}}\n"
    return f"% needs amsmath, booktabs, longtable\n{MACROS}\n{body}"


def fragment(report: Report, theme: Theme = PLAIN) -> str:
    """Head, tables, claims, summary."""
    parts = [*_head(report)]
    if report.sweep is not None:
        parts += [
            longtable(table)
            for table in (
                forward_table(report.sweep, SHOW),
                chain_table(report.sweep, SHOW),
                paths_table(report.sweep.sums, SHOW),
            )
            if table.rows
        ]
    if report.modes is not None:
        tables = (
            tangent_table(report.modes, SHOW),
            cotangent_table(report.modes, SHOW),
            cost_table(report.modes, SHOW),
        )
        parts += [longtable(table) for table in tables if table.rows]
        parts += [f"\\noindent {latex_text(text)}\n" for text in mode_remarks(report.modes, SHOW)]
    if report.numeric is not None:
        table = quotient_table(report.numeric, SHOW)
        parts += [longtable(table)] if table.rows else []
        parts += [f"\\noindent {prose(text)}\n" for text in quotient_remarks(report.numeric)]
    parts += [f"\\noindent {latex_text(text)}\n" for text in report.notices]
    parts += _claims(report, theme)
    for number, code_, message in report.broken:
        parts.append(f"\\noindent line {number}: {latex_text(code_)} {latex_text(message)}\n")
    summary = summary_line(report.judgements, len(report.broken))
    parts.append(f"\\noindent\\textbf{{{latex_text(summary)}}}\n")
    return "\n".join(parts)


def _head(report: Report) -> list[str]:
    lecture = report.lecture
    if lecture is None:
        return [f"\\section*{{{latex_text(report.name)}}}\n"]
    origin = [f"lecture {lecture.lecture}"] if lecture.lecture else []
    origin += [lecture.source] if lecture.source else []
    lines = [f"\\section*{{{latex_text(lecture.title or lecture.name)}}}"]
    lines.append(f"\\noindent {code(lecture.name)}{latex_text(', ' + ', '.join(origin) if origin else '')}")
    listed = facts(lecture, SHOW)
    if listed:
        items = [f"\\item[{label}] {text}" for label, text in listed]
        lines += ["\\begin{description}", *items, "\\end{description}"]
    return ["\n".join(lines) + "\n"]


# -- tables ------------------------------------------------------------------------------------


def longtable(table: Table) -> str:
    """A booktabs longtable whose columns share the width of the line by what stands in them."""
    spec = "".join(f"p{{{share:.3f}\\linewidth}}" for share in _shares(table))
    lines = [
        f"\\subsection*{{{table.title}}}",
        f"\\begin{{longtable}}{{@{{}}{spec}@{{}}}}",
        "\\toprule",
        f"{' & '.join(_cell(latex_text(h)) for h in table.headers)} \\tabularnewline",
        "\\midrule",
        "\\endhead",
    ]
    for number, row in enumerate(table.rows):
        if number:
            tall = any("\\frac" in cell for cell in (*row, *table.rows[number - 1]))
            lines.append(f"\\addlinespace[{8 if tall else 2}pt]")
        lines.append(f"{' & '.join(_cell(c) for c in row)} \\tabularnewline")
    return "\n".join([*lines, "\\bottomrule", "\\end{longtable}", ""])


def _cell(text: str) -> str:
    return f"\\raggedright {text}" if text else ""


def _shares(table: Table) -> list[float]:
    """The part of the line for each column: what stands in it, or less for wide ones if room is short."""
    gaps = 0.035 * (len(table.headers) - 1)
    wanted = []
    for k, header in enumerate(table.headers):
        widest = max([float(cells(header)), *(_cell_width(row[k]) for row in table.rows)])
        wanted.append((widest + 2.5) / LETTERS)
    narrow = [want for want in wanted if want <= NARROW]
    wide = sum(want for want in wanted if want > NARROW)
    room = max(0.99 - gaps - sum(narrow), 0.3)
    if wide <= room:
        return wanted
    return [want if want <= NARROW else room * want / wide for want in wanted]


def _cell_width(cell: str) -> float:
    return width(cell.replace("$", ""))


# -- claims ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chain:
    """Links of one line, judged."""

    links: tuple[Judgement, ...]


def _claims(report: Report, theme: Theme) -> list[str]:
    notes = notes_before(report, remark)
    parts = ["\\subsection*{Claims}\n"] if report.judgements or notes else []
    row, numbered = 0, has_steps(report)
    for chain in _chains(report.judgements):
        parts += [f"\\noindent {text}\n" for text in notes.get(row, ())]
        parts.append(_align(chain, report.lecture, row + 1 if numbered else 0))
        items = [item for judgement in chain.links for item in _item(judgement, theme, len(chain.links) > 1)]
        if items:
            parts.append("\n".join(["\\begin{itemize}", *items, "\\end{itemize}", ""]))
        row += len(chain.links)
        for inner in range(row - len(chain.links) + 1, row):
            parts += [f"\\noindent {text}\n" for text in notes.get(inner, ())]
    parts += [f"\\noindent {text}\n" for text in notes.get(row, ())]
    return parts


def _chains(judgements: Sequence[Judgement]) -> list[_Chain]:
    chains: list[list[Judgement]] = []
    for judgement in judgements:
        joined = chains and continues(chains[-1][-1].claim, judgement.claim)
        if joined and judgement.claim.equation is not None and chains[-1][-1].claim.equation is not None:
            chains[-1].append(judgement)
        else:
            chains.append([judgement])
    return [_Chain(tuple(links)) for links in chains]


def _align(chain: _Chain, lecture: Lecture | None, number: int = 0) -> str:
    """The chain as ``align*``; a claim that could not be read as typed.

    `number` is that of its first line where steps are told.
    """
    first = chain.links[0]
    if first.claim.equation is None:
        return f"\\noindent {code(first.claim.text)}\\quad {_verdict(first, lecture)}\n"
    head = write_latex(first.claim.equation.left)
    room = LINE - min(width(head), 30) - 4
    rows = []
    alone = width(head) > 30
    for place, judgement in enumerate(chain.links):
        equation = judgement.claim.equation
        assert equation is not None
        lines = broken(write_latex(equation.right), room)
        tag = f" \\tag*{{\\footnotesize {_margin(judgement, lecture, number + place if number else 0)}}}"
        for k, line in enumerate(lines):
            start = f"{RELATIONS[equation.relation]} " if k == 0 else "\\quad "
            rows.append(f"&{start}{line}{tag if k == len(lines) - 1 else ''}")
    if alone:
        heads = broken(head, LINE - 4)
        shown = [f"&{'' if k == 0 else chr(92) + 'quad '}{line}" for k, line in enumerate(heads)]
        rows = shown + [f"&\\quad {row[1:]}" for row in rows]
    else:
        rows[0] = f"{head} {rows[0]}"
    body = " \\\\\n".join(f"  {row}" for row in rows)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}\n"


def _margin(judgement: Judgement, lecture: Lecture | None, number: int) -> str:
    """The verdict, and below it the rule that leads to the line."""
    verdict = _verdict(judgement, lecture)
    if not number:
        return verdict
    start = f"from line {source(judgement)}: " if source(judgement) else ""
    told = textwrap.wrap(f"{start}{rule(judgement)}", MARGIN) if judgement.step is not None else []
    lines = [f"{number}: {verdict}", *(f"\\textit{{{latex_text(line)}}}" for line in told)]
    stacked = r" \\ ".join(lines)
    return f"\\shortstack[r]{{{stacked}}}" if told else lines[0]


def _verdict(judgement: Judgement, lecture: Lecture | None) -> str:
    """The verdict as text, marked by its kind, with the scope of a proof and SymPy's word."""
    words = [verdict_cell(judgement), proof_scope(judgement, lecture), layout_of(judgement.claim, lecture)]
    shown = ", ".join(word for word in words if word)
    compared = sympy_cell(judgement)
    return marked(judgement, f"{shown}; SymPy {compared}" if compared else shown)


def marked(judgement: Judgement, text: str) -> str:
    """Text in the macro of its verdict."""
    kind = verdict_word(judgement)
    macro = kind if kind in ("proved", "undecided") else "refuted"
    return f"\\symcheck{macro}{{{latex_text(text)}}}"


def _item(judgement: Judgement, theme: Theme, link: bool) -> list[str]:
    """One item for a claim that was not simply proved; `link` where it stands among others."""
    lines = [line for line in detail_lines(judgement) if not line.startswith("true: ")]
    if judgement.claim.note:
        lines.insert(0, judgement.claim.note)
    shown = [prose(line) for line in lines]
    told = any(line.startswith("true: ") for line in detail_lines(judgement))
    if told and judgement.derivative_latex:
        shown.append(f"true: ${breakable(judgement.derivative_latex)}$")
    elif told:
        shown.append(f"true: {code(judgement.derivative)}")
    if theme.timings:
        shown.append(f"{judgement.ms:.1f} ms")
    if not shown:
        return []
    label = " ".join(part for part in (verdict_cell(judgement), code_of(judgement)) if part)
    equation = judgement.claim.equation
    which = ""
    if link and equation is not None:
        which = f" ${RELATIONS[equation.relation]} {breakable(write_latex(equation.right))}$"
    return [f"\\item[--] {{\\raggedright {marked(judgement, label)}{which}: {'; '.join(shown)}\\par}}"]
