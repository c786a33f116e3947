"""Report → what a machine that annotates code is to be told: one finding for each surprise.

Shared by the renderers for GitHub, SARIF and JUnit, which only differ in how they write it down.
"""

from __future__ import annotations

from dataclasses import dataclass

from symcheck.errors import Location, SymcheckError
from symcheck.language.report import Report
from symcheck.language.verdict import Failed, Judgement
from symcheck.rendering.detail_rows import code_of, said_of
from symcheck.rendering.places import (
    Replacement,
    error_place,
    replacement,
    shown_file,
)
from symcheck.rendering.rows import verdict_cell
from symcheck.rendering.rules import RULES
from symcheck.rendering.table import shortened
from symcheck.rendering.theme import PLAIN, Theme

UNEXPECTED = "unexpected"
"""In place of a code: a claim that was to fail and did not."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One surprise: where, how bad, and what is to be said about it."""

    level: str
    """``error``, or ``warning`` for what is undecided and may stay so."""
    code: str
    title: str
    """A few words: verdict and rule."""
    claim: str
    """The formula in one line; empty where none could be read."""
    lines: tuple[str, ...]
    """Prose, most important first."""
    place: Location | None
    id: str
    judged: bool = True
    """False where no verdict was reached: the formula, the line or the file could not be read."""
    fix: Replacement | None = None

    @property
    def file(self) -> str | None:
        """The file it stands in, as people see it; None for the command line."""
        if self.place is None or not self.place.file or self.place.file.startswith("--"):
            return None
        return shown_file(self.place.file)

    @property
    def text(self) -> str:
        """Everything that is to be said, a line each."""
        return "\n".join(part for part in (self.claim, *self.lines) if part)


def finding(judgement: Judgement, theme: Theme = PLAIN, *, strict: bool = False) -> Finding | None:
    """What is to be told about a claim; None where it is as expected."""
    if judgement.as_expected is True:
        return None
    claim, verdict = judgement.claim, judgement.verdict
    code = code_of(judgement) or UNEXPECTED
    title = verdict_cell(judgement)
    if code in RULES:
        title += f": {RULES[code].title}"
    lines = [line for text in said(judgement) for line in theme.text(shortened(text)).split("\n")]
    return Finding(
        "error" if judgement.as_expected is False or strict else "warning",
        code,
        theme.text(title),
        theme.text(one_line(claim.text)),
        tuple(lines),
        error_place(judgement) or claim.location,
        one_line(claim.id),
        judged=not isinstance(verdict, Failed),
        fix=replacement(judgement),
    )


def said(judgement: Judgement) -> list[str]:
    """Reasons as in the report, the author's note among them; the place is told by the finding itself."""
    lines = [
        f"kind: {line.text}" if line.label == "kind" else line.text
        for line in said_of(judgement)
        if line.label != "where"
    ]
    more = [f"note: {judgement.claim.note}"] if judgement.claim.note else []
    return [*lines[:1], *more, *lines[1:]]


def broken_finding(file: str, number: int, code: str, message: str, theme: Theme = PLAIN) -> Finding:
    """A line of a claims file that could not be read."""
    title = f"error: {RULES[code].title}" if code in RULES else "error"
    place = Location(file, number, 1, number, 1, "")
    lines = (theme.text(" ".join(message.split())),)
    return Finding("error", code, title, "", lines, place, f"{shown_file(file)}:{number}", judged=False)


def error_finding(error: SymcheckError, theme: Theme = PLAIN) -> Finding:
    """A file or a name that could not be read, or a contradiction that ended the run."""
    title = f"error: {RULES[error.code].title}" if error.code in RULES else "error"
    lines = [error.message, *([f"hint: {error.hint}"] if error.hint else [])]
    told = tuple(line for text in lines for line in theme.text(shortened(text)).split("\n"))
    return Finding("error", error.code, title, "", told, error.location, error.code, judged=False)


def findings(report: Report, theme: Theme = PLAIN, *, strict: bool = False) -> list[Finding]:
    """Those of all claims, then those of the lines that could not be read."""
    found = (finding(judgement, theme, strict=strict) for judgement in report.judgements)
    broken = [broken_finding(report.name, *line, theme) for line in report.broken]
    return [item for item in found if item is not None] + broken


def one_line(text: str) -> str:
    """The text with each stretch of blanks as one space."""
    return " ".join(text.split())
