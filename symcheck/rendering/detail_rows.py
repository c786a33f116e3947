"""What is to be said about one verdict: lines of prose, most important first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import assert_never

from symcheck.language.report import Report
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted, Undecided, Witness
from symcheck.rendering.rows import split_equation
from symcheck.rendering.table import digits_counted, shortened
from symcheck.rendering.text_notation import nested, write_name


@dataclass(frozen=True, slots=True)
class Detail:
    """Why a claim was not simply proved: lines of prose under the claim."""

    judgement: Judgement
    lines: tuple[str, ...]


def details(report: Report) -> list[Detail]:
    """One for each claim that is refuted, undecided, an error, or proved with a remark."""
    found = []
    for judgement in report.judgements:
        lines = detail_lines(judgement)
        if lines:
            found.append(Detail(judgement, tuple(lines)))
    return found


def detail_lines(judgement: Judgement) -> list[str]:
    """What is to be said about one verdict, most important first."""
    verdict = judgement.verdict
    lines: list[str] = []
    match verdict:
        case Proved(remark=remark):
            return [remark] if remark else []
        case Refuted(
            message=message, witness=witness, follows=follows, follows_text=earlier, true_if=assumptions
        ):
            lines.append(digits_counted(message))
            lines += repair_lines(verdict)
            if follows:
                lines.append(f"follows from {shortened(earlier) or follows}: right, given that line")
            if witness is not None:
                lines += witness_lines(witness, said=message)
            if assumptions:
                lines.append(f"true if {', or if '.join(map(assumption_text, assumptions))}")
            if judgement.claim.assumptions.dim_texts:
                lines.append(f"judged with {', '.join(judgement.claim.assumptions.dim_texts)}")
        case Undecided(message=message, hint=hint):
            lines.append(message)
            if hint:
                lines.append(f"try: {hint}")
        case Failed(error=error):
            lines.append(error.message)
            if error.hint:
                lines.append(f"hint: {error.hint}")
            lines += repair_lines(verdict)
        case _:
            assert_never(verdict)
    sides = split_equation(judgement.claim.text)
    if judgement.derivative and not (sides and sides[0] == judgement.derivative):
        lines.append(f"true: {sides[0] + ' = ' if sides else ''}{judgement.derivative}")
    return [line for line in lines if line]


def repair_lines(verdict: Refuted | Failed) -> list[str]:
    """The kind of mistake, and what to write."""
    lines = [f"kind: {verdict.kind}"] if verdict.kind else []
    return lines + ([f"write: {verdict.correction.text}"] if verdict.correction is not None else [])


def assumption_text(text: str) -> str:
    """An assumption within a sentence: sizes without their keyword, names as on paper."""
    return re.sub(r"[^\W\d]\w*", lambda name: write_name(name[0]), text.removeprefix("dim "))


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
        case Proved(remark=remark):
            return remark
        case Refuted(message=message, kind=kind):
            return f"{kind}; {message}" if kind else message
        case Undecided(message=message):
            return message
        case Failed(error=error, kind=kind):
            return f"{error.message}; {kind}" if kind else error.message


def witness_lines(witness: Witness, said: str = "") -> list[str]:
    """The point, the entry and both values, these only if they are not `said` already."""
    sizes = ", ".join(f"{name} = {size}" for name, size in witness.sizes.items())

    def shown(name: str) -> str:
        return write_name(witness.written.get(name, name))

    entries = ", ".join(f"{shown(name)} = {nested(value)}" for name, value in witness.entries.items())
    functions = ", ".join(f"{shown(name)} = {text}" for name, text in witness.functions.items())
    place = f"entry [{','.join(map(str, witness.component))}]: " if witness.component else ""
    known = witness.claimed in said and witness.true in said
    values = "" if known else f"claimed {witness.claimed}, true {witness.true}"
    at = "; ".join(part for part in (sizes, entries, functions) if part)
    lines = [f"{place}{values}" if values else place.removesuffix(": "), f"at {at}" if at else ""]
    return [digits_counted(line) for line in lines if line]


# -- the last line -----------------------------------------------------------------------------
