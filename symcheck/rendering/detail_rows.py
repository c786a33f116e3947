"""What is to be said about one verdict: lines of prose, most important first.

Of a refuted claim: where, the witness, the kind of mistake, the correction, the assumption that would save
it, what it follows from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from symcheck.language.claim import Claim, Relation
from symcheck.language.report import Report
from symcheck.language.verdict import Correction, Failed, Judgement, Proved, Refuted, Undecided, Witness
from symcheck.rendering.assumption_words import assumption_text as assumption_text
from symcheck.rendering.places import correction_of, meant, mistake, shown_place
from symcheck.rendering.rows import AT_THE_POINT, split_equation
from symcheck.rendering.table import shortened
from symcheck.rendering.witness_rows import entry_text, numbers_shortened, point_line
from symcheck.rendering.witness_rows import witness_lines as witness_lines

TOLD_AGAIN = 48
"""Letters of a point from which on it is told once."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of prose."""

    label: str
    """``where``, ``values``, ``at``, ``kind``, ``write``, ``true if``, ``follows``, ``judged``, ``true`` …"""
    text: str
    mark: tuple[int, int] | None = None
    """The stretch of the text that is marked below it."""


@dataclass(frozen=True, slots=True)
class Detail:
    """Why a claim was not simply proved: lines of prose under the claim."""

    judgement: Judgement
    said: tuple[Said, ...]
    likewise: tuple[Judgement, ...] = ()
    """The claims after it that follow from the same slip."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines without their labels."""
        return tuple(line.text for line in self.said)


def details(report: Report, *, headed: bool = False) -> list[Detail]:
    """One for each claim that is refuted, undecided, an error, or proved with a remark.

    What follows from one slip, line after line, stands together; a long point is told once.  `headed`:
    whether the head of the report tells the author's point.
    """
    slips = {j.claim.id: j.claim for j in report.judgements}
    chains = {j.claim.line for j in report.judgements if j.claim.line and j.claim.member}
    points: dict[str, Judgement] = {}
    found: list[Detail] = []
    for judgement in report.judgements:
        if found and _same_cause(found[-1], judgement, report):
            found[-1] = replace(found[-1], likewise=(*found[-1].likewise, judgement))
            continue
        said = said_of(judgement, slips.get(_follows(judgement) or ""))
        if not said:
            continue
        said = [_told_once(line, judgement, report, points, headed) for line in said]
        if judgement.claim.line in chains and _breaks(judgement, report):
            said.insert(0, Said("where", "the first link of its chain that does not hold"))
        found.append(Detail(judgement, tuple(said)))
    return found


def said_of(judgement: Judgement, slip: Claim | None = None) -> list[Said]:
    """What is to be said about one verdict; `slip` is the claim from which it follows."""
    verdict = judgement.verdict
    lines: list[Said] = []
    match verdict:
        case Proved(remark=remark):
            return [Said("remark", remark)] if remark else []
        case Refuted():
            lines = _refuted(judgement.claim, verdict, slip)
        case Undecided(message=message, hint=further):
            lines = [Said("message", message), Said("hint", f"try: {further}" if further else "")]
        case Failed(error=error, kind=kind, correction=correction):
            lines = [Said("message", error.message), Said("kind", kind)]
            if correction is not None:
                lines.append(written(judgement.claim, correction))
            elif error.hint:
                lines.append(Said("hint", f"hint: {error.hint}"))
        case _:
            assert_never(verdict)
    true = true_text(judgement)
    if true and correction_of(judgement) is None:
        lines.append(Said("true", f"true: {true}"))
    return [line for line in lines if line.text]


def true_text(judgement: Judgement) -> str:
    """``∂p[i]/∂V[j,k] = delta(i, j)*x[k]``: the derivative, as an equation that can be read again.

    Nothing where there is none, or where the claim asks for it in these very words.
    """
    sides = split_equation(judgement.claim.text)
    asked = judgement.derivative_of or (sides[0] if sides else "")
    if not judgement.derivative or asked == judgement.derivative:
        return ""
    return f"{asked} = {judgement.derivative}" if asked else judgement.derivative


def detail_lines(judgement: Judgement) -> list[str]:
    """What is to be said about one verdict, most important first."""
    return [line.text for line in said_of(judgement)]


def _refuted(claim: Claim, verdict: Refuted, slip: Claim | None) -> list[Said]:
    """Where, witness, kind, correction, assumption, consequence."""
    witness, correction = verdict.witness, verdict.correction
    lines = [pointed(claim, correction)] if correction is not None else []
    message = numbers_shortened(verdict.message, witness)
    if witness is None:
        lines.append(Said("values", message))
    else:
        known = witness.claimed in verdict.message and witness.true in verdict.message
        entry = entry_text(claim, witness)
        if not known:
            lines.append(Said("message", message))
            message = numbers_shortened(f"claimed {witness.claimed}, true {witness.true}", witness)
        lines += [
            Said("values", f"{entry}: {message}" if entry else message),
            Said("at", point_line(witness)),
        ]
    lines.append(Said("kind", verdict.kind))
    if correction is not None:
        lines.append(written(claim, correction))
    if verdict.true_if:
        lines.append(Said("true if", f"true if {', or if '.join(map(assumption_text, verdict.true_if))}"))
    if verdict.follows:
        lines.append(Said("follows", f"follows from {_slip_text(verdict, slip)}: right, given that line"))
    if claim.assumptions.dim_texts:
        judged = ", ".join(map(assumption_text, claim.assumptions.dim_texts))
        lines.append(Said("judged", f"judged with {judged}"))
    return lines


def _slip_text(verdict: Refuted, slip: Claim | None) -> str:
    text = shortened(verdict.follows_text) or verdict.follows or ""
    place = slip.location if slip is not None else None
    return f"{text} (line {place.line})" if place is not None and place.file else text


# -- corrections -------------------------------------------------------------------------------


def pointed(claim: Claim, correction: Correction) -> Said:
    """The author's line with a mark below what is to be replaced; nothing where that is no part of it."""
    line = claim.line or claim.text
    if correction.span is None or not 0 <= correction.span[0] < correction.span[1] <= len(line):
        return Said("where", "")
    start, end = correction.span
    sides = split_equation(claim.text)
    if sides and line[start:end].strip() == sides[1].strip():
        # a mark under all that was claimed says nothing
        return Said("where", "")
    if "\n" in line:
        first = line.rfind("\n", 0, start) + 1
        last = line.find("\n", start)
        line = line[first : last if last >= 0 else len(line)]
        start, end = start - first, min(end - first, len(line))
    indent = len(line) - len(line.lstrip())
    return Said("where", line.strip(), (start - indent, end - indent))


def written(claim: Claim, correction: Correction) -> Said:
    """``write: ∂E/∂x = W.T @ ∂E/∂p`` with what is new marked below it."""
    sides = split_claim(claim)
    sign = correction.relation or (claim.equation.relation if claim.equation is not None else "=")
    start = f"write: {sides[0]} {sign} " if sides else "write: "
    place = changed_part(correction, sides[1] if sides else "")
    mark = (len(start) + place[0], len(start) + place[1]) if place else None
    return Said("write", start + correction.text, mark)


def split_claim(claim: Claim) -> tuple[str, str] | None:
    """Both sides of what is claimed, whatever it says of them; None if they are not told apart."""
    if claim.equation is None or claim.equation.relation is Relation.EQUAL:
        return split_equation(claim.text)
    left, sign, right = claim.text.rpartition(f" {claim.equation.relation} ")
    return (left, right) if sign else None


def changed_part(correction: Correction, before: str) -> tuple[int, int] | None:
    """Where in the corrected side the new part stands; None if it is not to be singled out."""
    text, new = correction.text, correction.new
    if not new or new == text:
        return None
    if text.count(new) == 1:
        first = text.index(new)
        return first, first + len(new)
    # of several like it, the one where the sides begin to differ
    common = next((k for k, (a, b) in enumerate(zip(before, text, strict=False)) if a != b), len(before))
    place = text.rfind(new, 0, common + len(new))
    return (place, place + len(new)) if place >= 0 and place <= common < place + len(new) else None


# -- what is told once -------------------------------------------------------------------------


def _follows(judgement: Judgement) -> str | None:
    return judgement.verdict.follows if isinstance(judgement.verdict, Refuted) else None


def _same_cause(before: Detail, judgement: Judgement, report: Report) -> bool:
    """Whether a claim follows from the slip from which the claim told before it follows."""
    if not _follows(judgement) or not _follows(before.judgement):
        return False
    if before.judgement.as_expected is not judgement.as_expected:
        return False
    sources = {j.claim.id: _follows(j) for j in report.judgements}
    return root(judgement.claim.id, sources) == root(before.judgement.claim.id, sources)


def root(name: str, sources: Mapping[str, str | None]) -> str:
    """The slip at the beginning of what follows from what."""
    seen = {name}
    while (earlier := sources.get(name)) and earlier not in seen:
        name = earlier
        seen.add(name)
    return name


def _told_once(
    line: Said, judgement: Judgement, report: Report, points: dict[str, Judgement], headed: bool
) -> Said:
    """The line; where it is a long point that was told before, which one."""
    if line.label != "at":
        return line
    lecture, verdict = report.lecture, judgement.verdict
    at_point = lecture is not None and lecture.point and judgement.claim.point == lecture.point
    if headed and at_point and isinstance(verdict, Refuted) and verdict.scope.startswith("at "):
        return replace(line, text=AT_THE_POINT) if verdict.scope != "at the witness" else line
    if len(line.text) < TOLD_AGAIN:
        return line
    assert isinstance(verdict, Refuted)
    assert verdict.witness is not None
    first = points.setdefault(_point(verdict.witness), judgement)
    return line if first is judgement else replace(line, text=f"at the point told for {_short(first.claim)}")


def _point(witness: Witness) -> str:
    """The point alone, its names in one order."""
    parts: tuple[Mapping[str, object], ...] = (witness.sizes, witness.entries, witness.functions)
    return repr([sorted((name, str(value)) for name, value in part.items()) for part in parts])


def _short(claim: Claim) -> str:
    if claim.location is not None and claim.location.file:
        return f"line {claim.location.line}"
    return shortened(claim.text, 60)


def _breaks(judgement: Judgement, report: Report) -> bool:
    """Whether the links before this one in its chain hold."""
    claim = judgement.claim
    if not isinstance(judgement.verdict, Refuted) or not claim.member or judgement.verdict.follows:
        return False
    earlier = [j for j in report.judgements if j.claim.line == claim.line and j.claim.member < claim.member]
    return bool(earlier) and all(isinstance(j.verdict, Proved) for j in earlier)


# -- in a word ---------------------------------------------------------------------------------


def code_of(judgement: Judgement) -> str:
    """The code of a verdict; none for a proof."""
    match judgement.verdict:
        case Refuted(code=code) | Undecided(code=code):
            return code
        case Failed(error=error):
            return error.code
    return ""


def message_of(judgement: Judgement) -> str:
    """The first line of what there is to say."""
    match judgement.verdict:
        case Refuted(message=message, kind=kind):
            return f"{kind}; {message}" if kind else message
        case Failed(error=error, kind=kind):
            return f"{error.message}; {kind}" if kind else error.message
    return _plain_message(judgement)


def _plain_message(judgement: Judgement) -> str:
    match judgement.verdict:
        case Proved(remark=remark):
            return remark
        case Refuted(message=message) | Undecided(message=message):
            return message
        case Failed(error=error):
            return error.message


def summary_of(judgement: Judgement) -> str:
    """All there is to say in one line: both values, the kind of mistake, what to write."""
    verdict, correction = judgement.verdict, correction_of(judgement)
    witness = verdict.witness if isinstance(verdict, Refuted) else None
    parts = [numbers_shortened(_plain_message(judgement), witness), mistake(judgement)]
    if isinstance(verdict, Refuted) and verdict.follows:
        parts.append(f"follows from {shortened(verdict.follows_text) or verdict.follows}")
    elif correction is not None:
        parts.append(f"write {meant(correction)}")
    return "; ".join(part for part in parts if part)


def likewise_lines(judgements: Sequence[Judgement]) -> list[str]:
    """The claims that follow from the same slip, a line each with its place and values."""
    lines = []
    for judgement in judgements:
        verdict, place = judgement.verdict, judgement.claim.location
        assert isinstance(verdict, Refuted)
        where = f" at {shown_place(place)}" if place is not None and place.file else ""
        said = numbers_shortened(verdict.message, verdict.witness)
        lines.append(f"likewise {shortened(judgement.claim.text)}{where}: {said}")
    return lines
