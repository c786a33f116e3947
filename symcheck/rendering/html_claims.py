"""The claims of a report as HTML: each line with its anchor, formula, verdict and rule; what was not
simply proved unfolds."""

from __future__ import annotations

from dataclasses import dataclass

from symcheck.language.derivation import Lecture
from symcheck.language.report import Report
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted, Undecided, word
from symcheck.rendering.argument import has_steps, rule
from symcheck.rendering.detail_rows import assumption_text, code_of, witness_lines
from symcheck.rendering.html_notation import boxed, code, equation, remark, typed_or_set
from symcheck.rendering.html_text import escaped
from symcheck.rendering.latex_notation import RELATIONS
from symcheck.rendering.places import meant, shown_place
from symcheck.rendering.rows import (
    conditions,
    continues,
    layout_of,
    method,
    notes_before,
    proof_scope,
    split_equation,
    summary_line,
    sympy_cell,
    verdict_cell,
)
from symcheck.rendering.rules import RULES
from symcheck.rendering.table import digits_counted, shortened
from symcheck.rendering.theme import Theme

VERDICTS = {
    "proved": ("✓", "equal for every size and value within the scope named, wherever both sides are defined"),
    "refuted": ("✗", "different; the exact point at which both sides part is shown"),
    "undecided": ("?", "neither shown nor refuted; what blocks is told"),
    "error": ("!", "could not be judged: an unknown name, or shapes that do not fit"),
}
"""Word of a verdict → its sign, which stands beside it everywhere, and what it means."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where on a page a report stands: its ids start alike."""

    prefix: str = ""

    def id(self, name: str) -> str:
        """An id of this report."""
        return f"{self.prefix}{name}"

    def link(self, number: int, text: str) -> str:
        """To the line of that number."""
        return f'<a href="#{self.id(f"line-{number}")}">{escaped(text)}</a>'


def legend() -> str:
    """What the verdicts mean."""
    rows = "".join(
        f'<dt><span class="verdict {name}"><span class="sign">{sign}</span>{name}</span></dt>'
        f"<dd>{meaning}</dd>\n"
        for name, (sign, meaning) in VERDICTS.items()
    )
    capitals = "<dt>in capitals</dt><dd>another verdict than the author expects</dd>\n"
    return (
        f'<footer class="legend">\n<h2>Verdicts</h2>\n<dl class="facts">\n{rows}{capitals}</dl>\n</footer>\n'
    )


def summary(report: Report) -> str:
    """How many claims came out how."""
    return f'<p class="summary">{escaped(summary_line(report.judgements, len(report.broken)))}</p>\n'


def verdict(judgement: Judgement) -> str:
    """Sign and word, in a colour that says nothing more."""
    kind = word(judgement.verdict)
    surprise = " unexpected" if judgement.as_expected is False else ""
    sign = f'<span class="sign">{VERDICTS[kind][0]}</span>'
    return f'<span class="verdict {kind}{surprise}">{sign}{escaped(verdict_cell(judgement))}</span>'


def claims(report: Report, theme: Theme, at: Place) -> str:
    """All lines, chains kept together, remarks between them."""
    notes = notes_before(report, remark)
    parts: list[str] = []
    inside = False
    before: Judgement | None = None
    for number, judgement in enumerate(report.judgements, 1):
        said = notes.get(number - 1, ())
        further = not said and before is not None and _joins(before, judgement)
        if inside and not further:
            parts.append("</div>\n")
        parts += [f'<p class="note">{text}</p>\n' for text in said]
        if not further:
            parts.append('<div class="chain">\n')
        inside, before = True, judgement
        parts.append(_line(report, number, further, theme, at))
    if inside:
        parts.append("</div>\n")
    parts += [f'<p class="note">{text}</p>\n' for text in notes.get(len(report.judgements), ())]
    return "".join(parts)


def _joins(before: Judgement, judgement: Judgement) -> bool:
    both = before.claim.equation is not None and judgement.claim.equation is not None
    return both and continues(before.claim, judgement.claim)


def _line(report: Report, number: int, further: bool, theme: Theme, at: Place) -> str:
    judgement = report.judgements[number - 1]
    id_ = at.id(f"line-{number}")
    start = f'<a class="no" href="#{id_}" aria-label="line {number}">{number}</a>'
    told = f'<div class="told">{_told(judgement, report, theme, at)}</div>'
    why = _why(judgement, report, at)
    return f'<div class="line" id="{id_}">\n{start}\n{_formula(judgement, further)}\n{told}\n{why}</div>\n'


def _formula(judgement: Judgement, further: bool) -> str:
    claim = judgement.claim
    if claim.equation is None:
        return boxed(code(shortened(claim.text)))
    correction = judgement.verdict.correction if isinstance(judgement.verdict, Refuted) else None
    return equation(claim.equation, further=further, correction=correction)


def _told(judgement: Judgement, report: Report, theme: Theme, at: Place) -> str:
    """Verdict, scope, SymPy's word, conditions, the author's remark, and the rule that leads here."""
    scope = proof_scope(judgement, report.lecture)
    compared = sympy_cell(judgement)
    words = [scope, f"SymPy {compared}" if compared else "", layout_of(judgement.claim, report.lecture)]
    words += [method(judgement), *conditions(judgement)]
    words += [f"{judgement.ms:.1f} ms"] if theme.timings else []
    rest = "; ".join(shortened(text) for text in words if text)
    lines = [verdict(judgement) + (f' <span class="soft">{escaped(rest)}</span>' if rest else "")]
    if has_steps(report) and judgement.step is not None:
        source = judgement.step.source
        origin = f"from line {at.link(source, str(source))}: " if source is not None else ""
        lines.append(f'<div class="rule">{origin}{escaped(rule(judgement))}</div>')
    if judgement.claim.note and isinstance(judgement.verdict, Proved):
        lines.append(f'<div class="soft">{escaped(judgement.claim.note)}</div>')
    return "".join(lines)


def _why(judgement: Judgement, report: Report, at: Place) -> str:
    """What unfolds below a line that was not simply proved; open where nobody expected it."""
    facts = _reasons(judgement, report, at)
    if not facts:
        return ""
    listed = "".join(f"<dt>{label}</dt><dd>{text}</dd>\n" for label, text in facts)
    kind = RULES.get(code_of(judgement))
    title = f"{code_of(judgement)} {kind.title}" if kind is not None else "remark"
    opened = ' open="open"' if judgement.as_expected is False else ""
    return f"<details{opened}>\n<summary>{escaped(title)}</summary>\n<dl>\n{listed}</dl>\n</details>\n"


def _reasons(judgement: Judgement, report: Report, at: Place) -> list[tuple[str, str]]:
    """(label, HTML), most important first."""
    found: list[tuple[str, str]] = []
    match judgement.verdict:
        case Proved(remark=said):
            return [("remark", _prose(said))] if said else []
        case Refuted() as refuted:
            found = _refuted(refuted, report, at)
            if judgement.claim.assumptions.dim_texts:
                found.append(("judged with", _prose(", ".join(judgement.claim.assumptions.dim_texts))))
        case Undecided(message=message, hint=hint):
            found = [("blocks", _prose(message)), ("try", _prose(hint))]
        case Failed(error=error):
            found = [("error", _prose(error.message)), ("hint", _prose(error.hint or ""))]
    if judgement.derivative:
        found.append(("true", _true(judgement, report.lecture)))
    if judgement.claim.note:
        found.append(("note", _prose(judgement.claim.note)))
    place = judgement.verdict.error.location if isinstance(judgement.verdict, Failed) else None
    place = place or judgement.claim.location
    if place is not None and place.file:
        found.append(("at", code(shown_place(place))))
    return [(label, text) for label, text in found if text]


def _refuted(refuted: Refuted, report: Report, at: Place) -> list[tuple[str, str]]:
    """Kind, what parts, witness, correction, origin."""
    found = [("kind", _prose(refuted.kind)), ("because", _prose(refuted.message))]
    if refuted.follows:
        numbers = [k for k, j in enumerate(report.judgements, 1) if j.claim.id == refuted.follows]
        earlier = code(shortened(refuted.follows_text or refuted.follows))
        link = f"{at.link(numbers[0], f'line {numbers[0]}')}: " if numbers else ""
        found.append(("follows from", f"{link}{earlier}, and would be right if that were"))
    if refuted.witness is not None:
        lines = witness_lines(refuted.witness, said=refuted.message)
        found.append(("witness", "<br/>".join(_prose(line) for line in lines)))
    if refuted.correction is not None:
        relation = refuted.correction.relation
        sign = f"{RELATIONS[relation]} " if relation else ""
        text = meant(refuted.correction)
        found.append(("correction", typed_or_set(sign + refuted.correction.latex, text)))
    if refuted.true_if:
        found.append(("true if", _prose(", or if ".join(map(assumption_text, refuted.true_if)))))
    return found


def _true(judgement: Judgement, lecture: Lecture | None) -> str:
    """The true right side; nothing where the claim asks for it in these very words."""
    sides = split_equation(judgement.claim.text)
    if sides is not None and sides[0] == judgement.derivative:
        return ""
    if judgement.derivative_of:
        latex = f"{judgement.derivative_of_latex} = {judgement.derivative_latex}"
        return typed_or_set(latex, f"{judgement.derivative_of} = {judgement.derivative}")
    return typed_or_set(judgement.derivative_latex, judgement.derivative)


def _prose(text: str) -> str:
    lines = digits_counted(shortened(text)).split("\n")
    return "<br/>".join(map(escaped, lines))
