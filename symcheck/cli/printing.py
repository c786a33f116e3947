"""How each format of ``check`` is printed while claims are judged: at once, in pages, or at the end."""

from __future__ import annotations

from symcheck.cli.output import Sink
from symcheck.cli.targets import Source
from symcheck.errors import SymcheckError
from symcheck.language.report import Report
from symcheck.language.verdict import Judgement
from symcheck.reading.claims_file import BrokenLine
from symcheck.rendering.loading import load
from symcheck.rendering.rows import Sums
from symcheck.rendering.terminal import MOST_BROKEN

PAGE = 200
"""Claims of a claims file that share a table; those of a derivation always do."""


class Printer:
    """Told of everything in order; what it holds back, it prints in `end` and `finish`."""

    def __init__(self, sink: Sink, strict: bool = False) -> None:
        self.sink = sink
        self.strict = strict
        """Whether undecided claims are errors."""
        self.source = Source("")

    def begin(self, source: Source) -> None:
        """The claims of another source follow."""
        self.source = source

    def claim(self, judgement: Judgement) -> None:
        """A claim is judged."""

    def broken(self, line: BrokenLine) -> None:
        """A line of a claims file cannot be read."""

    def error(self, error: SymcheckError) -> None:
        """A source could not be read, or its judging ended with a contradiction; stderr tells it anyway."""

    def end(self) -> None:
        """Nothing more comes from this source."""

    def finish(self, unreadable: bool) -> None:
        """Nothing more comes at all; `unreadable`: something was told on stderr."""


class Concise(Printer):
    """A line a claim."""

    def claim(self, judgement: Judgement) -> None:
        """Its line."""
        self.sink.write(load("concise").line(judgement, self.sink.theme) + "\n")

    def broken(self, line: BrokenLine) -> None:
        """Its line."""
        room = load("concise")
        told = room.broken_line(self.source.name, line.line, line.code, line.message, self.sink.theme)
        self.sink.write(told + "\n")


class JsonLines(Printer):
    """An object a claim."""

    def claim(self, judgement: Judgement) -> None:
        """Its object."""
        self.sink.write(load("jsonl").line(judgement, self.sink.theme))

    def broken(self, line: BrokenLine) -> None:
        """Its object."""
        room = load("jsonl")
        record = room.broken_record(self.source.name, line.line, line.code, line.message)
        self.sink.write(room.dumped(record, ascii=self.sink.theme.ascii))


class Document(Printer):
    """One JSON document: held until the end, for its summary comes first."""

    def __init__(self, sink: Sink, strict: bool = False) -> None:
        super().__init__(sink, strict)
        self.judgements: list[Judgement] = []
        self.unread: list[dict[str, object]] = []

    def claim(self, judgement: Judgement) -> None:
        """Held."""
        self.judgements.append(judgement)

    def broken(self, line: BrokenLine) -> None:
        """Held."""
        record = load("json").broken_record(self.source.name, line.line, line.code, line.message)
        self.unread.append(record)

    def finish(self, unreadable: bool) -> None:
        """The document."""
        ascii = self.sink.theme.ascii
        self.sink.write(load("json").document(self.judgements, self.unread, ascii=ascii))


class Full(Printer):
    """A report a source: its claims in pages of tables and details, its summary."""

    def __init__(self, sink: Sink, strict: bool = False) -> None:
        super().__init__(sink, strict)
        self.all = Sums()
        self.reports = 0
        self.begin(self.source)

    def begin(self, source: Source) -> None:
        """Nothing is printed before there is something to tell."""
        super().begin(source)
        self.page: list[Judgement] = []
        self.unread: list[tuple[int, str, str]] = []
        self.sums = Sums()
        self.titled = False

    def claim(self, judgement: Judgement) -> None:
        """On the page; a full one is printed."""
        self.page.append(judgement)
        self.sums.add(judgement)
        if len(self.page) >= PAGE and self.source.lecture is None:
            self._print_page()

    def broken(self, line: BrokenLine) -> None:
        """Told at the end, the first ones with what is wrong."""
        self.sums.broken += 1
        if len(self.unread) < MOST_BROKEN:
            self.unread.append((line.line, line.code, line.message))

    def end(self) -> None:
        """The last page and the summary."""
        if not self.sums.claims and not self.sums.broken:
            return
        if self.page or not self.titled:
            self._print_page()
        ending = load("full").closing(self.source.name, self.unread, self.sums, self.sink.theme)
        self.sink.write(ending)
        self.all.add_all(self.sums)
        self.reports += 1
        self.begin(Source(""))

    def _print_page(self) -> None:
        report = Report(self.source.name, tuple(self.page), self.source.lecture)
        gap = "\n" if self.reports and not self.titled else ""
        self.sink.write(gap + load("full").page(report, self.sink.theme, titled=not self.titled))
        self.page = []
        self.titled = True

    def finish(self, unreadable: bool) -> None:
        """The sum over all sources, if there are several."""
        if self.reports > 1:
            self.sink.write(self.sink.theme.text(f"\nin all, {self.all.whole_line()}\n"))
        elif not self.reports and not unreadable:
            self.sink.write("0 claims\n")


class Held(Printer):
    """A document of a format that is written when everything is judged."""

    room = ""

    def __init__(self, sink: Sink, strict: bool = False) -> None:
        super().__init__(sink, strict)
        self.reports: list[Report] = []
        self.errors: list[SymcheckError] = []
        self.done: list[Judgement] = []
        self.unread: list[tuple[int, str, str]] = []

    def claim(self, judgement: Judgement) -> None:
        """Held."""
        self.done.append(judgement)

    def broken(self, line: BrokenLine) -> None:
        """Held."""
        self.unread.append((line.line, line.code, line.message))

    def error(self, error: SymcheckError) -> None:
        """Held."""
        self.errors.append(error)

    def end(self) -> None:
        """One report a source that held anything."""
        if self.done or self.unread:
            name, lecture = self.source.name, self.source.lecture
            self.reports.append(Report(name, tuple(self.done), lecture, broken=tuple(self.unread)))
        self.done, self.unread = [], []

    def finish(self, unreadable: bool) -> None:
        """The document."""
        room = load(self.room)
        text = room.document(self.reports, self.sink.theme, errors=self.errors, strict=self.strict)
        self.sink.write(text)


class Sarif(Held):
    """Findings for code hosts and editors."""

    room = "sarif"


class Junit(Held):
    """Cases for test services."""

    room = "junit"


class Markdown(Held):
    """Reports for GitHub and others that set Markdown, one a source."""

    def end(self) -> None:
        """The report, an empty line before it."""
        before = len(self.reports)
        super().end()
        if len(self.reports) > before:
            gap = "\n" if before else ""
            self.sink.write(gap + load("markdown").render(self.reports[-1], self.sink.theme, brief=True))

    def finish(self, unreadable: bool) -> None:
        """The sum over all sources, if there are several."""
        if len(self.reports) > 1:
            sums = Sums()
            for report in self.reports:
                for judgement in report.judgements:
                    sums.add(judgement)
                sums.broken += len(report.broken)
            self.sink.write(self.sink.theme.text(f"\nin all, {sums.whole_line()}\n"))
        elif not self.reports and not unreadable:
            self.sink.write("0 claims\n")


class Github(Printer):
    """Annotations, each as soon as its claim is judged."""

    def __init__(self, sink: Sink, strict: bool = False) -> None:
        super().__init__(sink, strict)
        self.sums = Sums()

    def claim(self, judgement: Judgement) -> None:
        """A command for a surprise."""
        self.sums.add(judgement)
        found = load("findings").finding(judgement, self.sink.theme, strict=self.strict)
        if found is not None:
            self.sink.write(load("github").line(found))

    def broken(self, line: BrokenLine) -> None:
        """Likewise."""
        self.sums.broken += 1
        told = (self.source.name, line.line, line.code, line.message)
        self.sink.write(load("github").line(load("findings").broken_finding(*told, self.sink.theme)))

    def error(self, error: SymcheckError) -> None:
        """Likewise."""
        self.sink.write(load("github").line(load("findings").error_finding(error, self.sink.theme)))

    def finish(self, unreadable: bool) -> None:
        """The summary, which is no command."""
        self.sink.write(self.sink.theme.text(self.sums.line()) + "\n")


PRINTERS: dict[str, type[Printer]] = {
    "full": Full,
    "concise": Concise,
    "jsonl": JsonLines,
    "json": Document,
    "github": Github,
    "sarif": Sarif,
    "junit": Junit,
    "markdown": Markdown,
}
"""Format → how it is printed."""
