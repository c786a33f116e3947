"""The argument of a derivation as rows: each line, where it comes from, and the rule that leads there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from symcheck.language.report import Report
from symcheck.language.verdict import Judgement, Proved, Refuted
from symcheck.rendering.rows import link_texts, verdict_cell
from symcheck.rendering.table import Table, dropped

HEADERS = ("no.", "line", "from", "rule", "step")


def has_steps(report: Report) -> bool:
    """Whether rules were looked for."""
    return any(judgement.step is not None for judgement in report.judgements)


def steps_table(report: Report) -> Table:
    """One row a line; what is concluded twice stands once, what was not proved has no rule."""
    texts = link_texts([judgement.claim for judgement in report.judgements])
    numbers = {judgement.claim.id: number for number, judgement in enumerate(report.judgements, 1)}
    rows = [
        (str(number), text, source(judgement), rule(judgement, numbers), verdict_cell(judgement))
        for number, (text, judgement) in enumerate(zip(texts, report.judgements, strict=True), 1)
        if judgement.step is not None or not isinstance(judgement.verdict, Proved)
    ]
    return dropped(Table("Steps", HEADERS, tuple(rows)), keep=(0, 1, 3, 4))


def source(judgement: Judgement) -> str:
    """The number of the line a step begins at; nothing if that is the left side of the line itself."""
    step = judgement.step
    return str(step.source) if step is not None and step.source is not None else ""


def rule(judgement: Judgement, numbers: Mapping[str, int] = MappingProxyType({})) -> str:
    """The rule of a step in words; of a wrong line that only follows from another, which one.

    `numbers`: id → number of a line.
    """
    verdict = judgement.verdict
    if isinstance(verdict, Refuted) and verdict.follows and verdict.follows in numbers:
        return f"follows from line {numbers[verdict.follows]}, which is wrong"
    return judgement.step.rule if judgement.step is not None else ""
