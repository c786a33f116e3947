"""How each format of ``check`` is printed while claims are judged: at once, in pages, or at the end."""

from __future__ import annotations

from symcheck.cli.output import Sink
from symcheck.cli.targets import Source
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

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.source = Source("")

    def begin(self, source: Source) -> None:
        """The claims of another source follow."""
        self.source = source

    def claim(self, judgement: Judgement) -> None:
        """A claim is judged."""

    def broken(self, line: BrokenLine) -> None:
        """A line of a claims file cannot be read."""

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

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink)
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

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink)
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
            self.sink.write(self.sink.theme.text(f"\nin all, {self.all.line()}\n"))
        elif not self.reports and not unreadable:
            self.sink.write("0 claims\n")


PRINTERS: dict[str, type[Printer]] = {
    "full": Full,
    "concise": Concise,
    "jsonl": JsonLines,
    "json": Document,
}
"""Format → how it is printed."""
