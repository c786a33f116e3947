"""The formats of ``check``: what each prints for a claim, for a source and at the end of a run."""

from __future__ import annotations

from dataclasses import dataclass, field

from symcheck.cli.parser import FORMATS
from symcheck.errors import SymcheckError
from symcheck.language.report import Report
from symcheck.language.verdict import Judgement
from symcheck.rendering.loading import load
from symcheck.rendering.rows import slips_found, summary_line
from symcheck.rendering.theme import Theme

BrokenText = tuple[int, str, str]
"""Line number, code and message of a line that could not be read."""


@dataclass
class Run:
    """What was judged so far."""

    reports: list[Report] = field(default_factory=list)
    """One a source that held anything."""
    errors: list[SymcheckError] = field(default_factory=list)
    """Of sources that could not be read, or whose judging ended with a contradiction."""

    @property
    def judgements(self) -> list[Judgement]:
        """Of all sources, in order."""
        return [judgement for report in self.reports for judgement in report.judgements]

    @property
    def broken(self) -> list[tuple[str, int, str, str]]:
        """Lines of all sources that could not be read, with their files."""
        return [(report.name, *line) for report in self.reports for line in report.broken]


class Printer:
    """Prints nothing but what a format adds; `strict` makes undecided claims errors."""

    def __init__(self, theme: Theme, strict: bool = False) -> None:
        self.theme = theme
        self.strict = strict

    def claim(self, judgement: Judgement) -> str:
        """As soon as a claim is judged."""
        return ""

    def broken(self, file: str, line: BrokenText) -> str:
        """For a line that could not be read."""
        return ""

    def error(self, error: SymcheckError) -> str:
        """For a source that could not be read; stderr tells it anyway."""
        return ""

    def source(self, report: Report, first: bool) -> str:
        """After the last claim of a source; `first` if no other came before."""
        return ""

    def end(self, run: Run) -> str:
        """After everything."""
        return ""


class Full(Printer):
    """Reports for people, one a source."""

    def source(self, report: Report, first: bool) -> str:
        """The report, an empty line before it."""
        text: str = load("full").render(report, self.theme, brief=True)
        return text if first else f"\n{text}"

    def end(self, run: Run) -> str:
        """The sum over several sources."""
        if len(run.reports) > 1:
            line = summary_line(run.judgements, len(run.broken)) + slips_found(run.judgements)
            return self.theme.text(f"\nin all, {line}\n")
        return "" if run.reports or run.errors else "0 claims\n"


class Markdown(Full):
    """Likewise, for GitHub and others that set Markdown."""

    def source(self, report: Report, first: bool) -> str:
        """The report, an empty line before it."""
        text: str = load("markdown").render(report, self.theme, brief=True)
        return text if first else f"\n{text}"


class Concise(Printer):
    """A line a claim."""

    def claim(self, judgement: Judgement) -> str:
        """``file:line:col: verdict code message``."""
        line: str = load("concise").line(judgement, self.theme)
        return f"{line}\n"

    def broken(self, file: str, line: BrokenText) -> str:
        """Likewise."""
        text: str = load("concise").broken_line(file, *line, self.theme)
        return f"{text}\n"


class Lines(Printer):
    """A JSON object a line."""

    def claim(self, judgement: Judgement) -> str:
        """The record of a claim."""
        line: str = load("jsonl").line(judgement, self.theme)
        return line

    def broken(self, file: str, line: BrokenText) -> str:
        """A record with the fields of a claim."""
        room = load("jsonl")
        text: str = room.dumped(room.broken_record(file, *line), ascii=self.theme.ascii)
        return text


class Json(Printer):
    """One JSON document."""

    def end(self, run: Run) -> str:
        """All claims, then the lines that could not be read."""
        room = load("json")
        records = [room.broken_record(*line) for line in run.broken]
        text: str = room.document(run.judgements, records, ascii=self.theme.ascii)
        return text


class Document(Printer):
    """One document of another format, which also holds the errors."""

    room = ""

    def end(self, run: Run) -> str:
        """The document."""
        text: str = load(self.room).document(run.reports, self.theme, errors=run.errors, strict=self.strict)
        return text


class Sarif(Document):
    """Findings for code hosts and editors."""

    room = "sarif"


class Junit(Document):
    """Cases for test services."""

    room = "junit"


class Github(Printer):
    """Annotations, each as soon as its claim is judged."""

    def claim(self, judgement: Judgement) -> str:
        """A command for a surprise."""
        found = load("findings").finding(judgement, self.theme, strict=self.strict)
        return "" if found is None else str(load("github").line(found))

    def broken(self, file: str, line: BrokenText) -> str:
        """Likewise."""
        return str(load("github").line(load("findings").broken_finding(file, *line, self.theme)))

    def error(self, error: SymcheckError) -> str:
        """Likewise."""
        return str(load("github").line(load("findings").error_finding(error, self.theme)))

    def end(self, run: Run) -> str:
        """The summary, which is no command."""
        return self.theme.text(summary_line(run.judgements, len(run.broken))) + "\n"


_PRINTERS: dict[str, type[Printer]] = dict(
    zip(FORMATS, (Full, Concise, Json, Lines, Github, Sarif, Junit, Markdown), strict=True)
)


def printer_for(name: str, theme: Theme, strict: bool) -> Printer:
    """The printer of a format."""
    return _PRINTERS[name](theme, strict)
