"""Claims as LaTeX: each chain one ``align*``, a link a row, verdict and rule at the margin.

A refuted line has its wrong part marked and its correction beside it; its witness stands below.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

from symcheck.language.claim import Claim, Relation
from symcheck.language.derivation import Lecture
from symcheck.language.report import Report
from symcheck.language.verdict import Judgement, Refuted, Witness
from symcheck.rendering.argument import has_steps, rule, source
from symcheck.rendering.detail_rows import code_of, detail_lines
from symcheck.rendering.latex_cells import (
    breakable,
    code,
    entries,
    names_of,
    polynomial,
    prose,
    related,
    remark,
)
from symcheck.rendering.latex_notation import RELATIONS, write_latex, write_latex_name
from symcheck.rendering.latex_width import broken, narrowed, width
from symcheck.rendering.marking import marked_at
from symcheck.rendering.rows import (
    continues,
    layout_of,
    notes_before,
    proof_scope,
    sympy_concurs,
    verdict_cell,
    verdict_word,
)
from symcheck.rendering.table import digits_counted
from symcheck.rendering.theme import Theme

LINE = 80.0
"""Letters of mathematics in a line of an article."""
MARGIN = 40
"""Letters in a line of a rule told at the margin."""
HEAD = 30.0
"""Letters of a left side from which on it has lines of its own."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """What every line of one report is set with."""

    lecture: Lecture | None
    theme: Theme
    names: frozenset[str]
    numbered: bool


def claims(report: Report, theme: Theme, section: str = "subsection*") -> list[str]:
    """The section of the claims, remarks between them; nothing where there are none."""
    setting = _Setting(report.lecture, theme, names_of(report.lecture), has_steps(report))
    notes = notes_before(report, lambda note: remark(note, setting.names))
    parts = [f"\\{section}{{Claims}}\n"] if report.judgements or notes else []
    row = 0
    for links in _chains(report.judgements):
        parts += [f"\\noindent {text}\n" for text in notes.get(row, ())]
        parts.append(_align(links, setting, row + 1 if setting.numbered else 0))
        items = [item for judgement in links for item in _item(judgement, setting, len(links) > 1)]
        if items:
            parts.append("\n".join(["\\begin{itemize}", *items, "\\end{itemize}", ""]))
        row += len(links)
        for inner in range(row - len(links) + 1, row):
            parts += [f"\\noindent {text}\n" for text in notes.get(inner, ())]
    parts += [f"\\noindent {text}\n" for text in notes.get(row, ())]
    return parts


def _chains(judgements: Sequence[Judgement]) -> list[list[Judgement]]:
    """Links of one line together."""
    chains: list[list[Judgement]] = []
    for judgement in judgements:
        joined = chains and continues(chains[-1][-1].claim, judgement.claim)
        if joined and judgement.claim.equation is not None and chains[-1][-1].claim.equation is not None:
            chains[-1].append(judgement)
        else:
            chains.append([judgement])
    return chains


# -- lines -------------------------------------------------------------------------------------


def _align(links: Sequence[Judgement], setting: _Setting, number: int) -> str:
    """The chain as ``align*``; a claim that could not be read as typed.

    `number` is that of its first line where steps are told.
    """
    first = links[0]
    if first.claim.equation is None:
        return f"\\noindent {code(first.claim.text)}\\quad {_verdict(first, setting)}\n"
    head = write_latex(first.claim.equation.left)
    alone = width(head) > HEAD
    room = LINE - (4 if alone else width(head)) - 3
    rows = []
    for place, judgement in enumerate(links):
        relation, lines = _lines(judgement, room)
        tag = f" \\tag*{{\\footnotesize {_margin(judgement, setting, number + place if number else 0)}}}"
        for k, line in enumerate(lines):
            start = f"{relation} " if k == 0 else "\\qquad "
            rows.append(f"&{start}{line}{tag if k == 0 else ''}")
    if alone:
        heads = broken(narrowed(head, LINE - 4), LINE - 4)
        shown = [f"&{'' if k == 0 else chr(92) + 'qquad '}{line}" for k, line in enumerate(heads)]
        rows = shown + [f"&\\quad {row[1:]}" for row in rows]
    else:
        rows[0] = f"{head} {rows[0]}"
    body = " \\\\\n".join(f"  {row}" for row in rows)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}\n"


def _lines(judgement: Judgement, room: float) -> tuple[str, list[str]]:
    """The sign of the relation and the right side, broken; where it is wrong, its correction at the end."""
    equation = judgement.claim.equation
    assert equation is not None
    right = equation.right
    verdict = judgement.verdict
    correction = verdict.correction if isinstance(verdict, Refuted) else None
    if correction is not None and correction.span is not None:
        right = marked_at(right, correction.span)
    written = write_latex(right)
    if correction is not None and correction.span is None:
        written = f"\\symcheckwrong{{{written}}}" if width(written) <= room else written
    lines = broken(narrowed(written, room), room)
    if correction is not None:
        meant = correction.latex or f"\\text{{{code(correction.text)}}}"
        relation = RELATIONS[Relation(correction.relation) if correction.relation else equation.relation]
        beside = f"\\symcheckmeant{{{relation} {meant}}}" if meant else ""
        if width(lines[-1]) + width(beside) + 14 <= room:
            lines[-1] += f" \\qquad {beside}"
        else:
            pieces = broken(narrowed(meant, room - 14), room - 14)
            lines += [f"\\symcheckmeant{{{relation} {pieces[0]}}}"]
            lines += [f"\\symcheckmore{{{piece}}}" for piece in pieces[1:]]
    return RELATIONS[equation.relation], lines


def _margin(judgement: Judgement, setting: _Setting, number: int) -> str:
    """The verdict, and below it the rule that leads to the line, or the mistake."""
    verdict = _verdict(judgement, setting)
    start = f"from line {source(judgement)}: " if number and source(judgement) else ""
    told = f"{start}{rule(judgement)}" if number and judgement.step is not None else ""
    if isinstance(judgement.verdict, Refuted) and judgement.verdict.kind:
        told = judgement.verdict.kind
    lines = [f"{number}: {verdict}" if number else verdict]
    lines += [f"\\textit{{{prose(line, setting.names)}}}" for line in balanced(told, MARGIN)]
    if len(lines) == 1:
        return lines[0]
    stacked = " \\\\ ".join(lines)
    return f"\\begin{{tabular}}[t]{{@{{}}r@{{}}}}{stacked}\\end{{tabular}}"


def balanced(text: str, most: int) -> list[str]:
    """Lines of about one length, as few as possible."""
    lines = textwrap.wrap(text, most)
    for less in range(most - 1, 0, -1):
        shorter = textwrap.wrap(text, less)
        if len(shorter) > len(lines) or max(map(len, shorter), default=0) > less:
            return lines
        lines = shorter
    return lines


def _verdict(judgement: Judgement, setting: _Setting) -> str:
    """The verdict as text, marked by its kind, with the scope of a proof; a dagger where SymPy agrees."""
    lecture = setting.lecture
    words = [verdict_cell(judgement), proof_scope(judgement, lecture), layout_of(judgement.claim, lecture)]
    shown = ", ".join(word for word in words if word)
    return marked(judgement, shown) + ("\\symcheckagrees{}" if sympy_concurs(judgement) else "")


def marked(judgement: Judgement, text: str) -> str:
    """Text in the macro of its verdict."""
    kind = verdict_word(judgement)
    macro = kind if kind in ("proved", "undecided") else "refuted"
    return f"\\symcheck{macro}{{{prose(related(text))}}}"


# -- what is said below ------------------------------------------------------------------------


def _item(judgement: Judgement, setting: _Setting, link: bool) -> list[str]:
    """One item for a claim that was not simply proved; `link` where it stands among others."""
    claim = judgement.claim
    names = setting.names | _names_in(claim)
    shown = [prose(claim.note, names)] if claim.note else []
    shown += _said(judgement, names)
    if setting.theme.timings:
        shown.append(f"{judgement.ms:.1f} ms")
    if not shown:
        return []
    label = " ".join(part for part in (verdict_cell(judgement), code_of(judgement)) if part)
    which = ""
    if link and claim.equation is not None:
        right = narrowed(write_latex(claim.equation.right), LINE / 2)
        which = f" ${RELATIONS[claim.equation.relation]} {breakable(right)}$"
    return [f"\\item[--] {{\\raggedright {marked(judgement, label)}{which}: {'; '.join(shown)}\\par}}"]


def _names_in(claim: Claim) -> frozenset[str]:
    """Names that a claim of a file knows, which has no derivation."""
    return names_of(Lecture("", "", graph=claim.graph))


def _said(judgement: Judgement, names: frozenset[str]) -> list[str]:
    """What there is to say of a verdict, the point and the values in math mode."""
    verdict = judgement.verdict
    bare = judgement
    if isinstance(verdict, Refuted):
        # told at the margin, beside the line and below
        bare = replace(judgement, verdict=replace(verdict, witness=None, kind="", correction=None))
    lines = detail_lines(bare)
    shown = [prose(related(line), names) for line in lines if not line.startswith("true: ")]
    if isinstance(verdict, Refuted) and verdict.witness is not None:
        shown[1:1] = _witness(verdict.witness, said=verdict.message)
    told = any(line.startswith("true: ") for line in lines)
    if told and isinstance(verdict, Refuted) and verdict.correction is not None:
        return shown
    if told and judgement.derivative_latex:
        of = f"{judgement.derivative_of_latex} = " if judgement.derivative_of_latex else ""
        shown.append(f"true: ${breakable(narrowed(of + judgement.derivative_latex, LINE / 2))}$")
    elif told:
        shown.append(f"true: {code(judgement.derivative)}")
    return shown


def _witness(witness: Witness, said: str) -> list[str]:
    """The entry, both values unless they are said already, and the point."""
    place = f"entry $[{','.join(map(str, witness.component))}]$" if witness.component else ""
    known = witness.claimed in said and witness.true in said
    claimed, true = digits_counted(witness.claimed), digits_counted(witness.true)
    values = "" if known else f"claimed {prose(claimed)}, true {prose(true)}"

    def equal(name: str, value: str) -> str:
        return f"${write_latex_name(witness.written.get(name, name))} = {value}$"

    sizes = [equal(name, str(size)) for name, size in witness.sizes.items()]
    points = [equal(name, entries(value)) for name, value in witness.entries.items()]
    functions = [equal(name, polynomial(text)) for name, text in witness.functions.items()]
    groups = [", ".join(group) for group in (sizes, points, functions) if group]
    at = f"at {'; '.join(groups)}" if groups else ""
    return [part for part in (": ".join(filter(None, (place, values))), at) if part]
