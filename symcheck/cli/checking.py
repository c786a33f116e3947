"""``symcheck check``: judge claims of any origin and print them as they are done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from symcheck import api
from symcheck.cli import report_error
from symcheck.cli.jobs import LOADING, in_processes
from symcheck.cli.output import Progress, Sink, Tally, sink_for
from symcheck.cli.parser import Arguments
from symcheck.cli.printing import Printer, Run, printer_for
from symcheck.cli.selecting import Match, matcher
from symcheck.cli.targets import Source, sources
from symcheck.errors import SymcheckError
from symcheck.language.claim import Claim
from symcheck.language.report import Report
from symcheck.language.verdict import Failed, Judgement
from symcheck.reading.claims_file import BrokenLine


@dataclass
class Check:
    """One run of ``check``: how it prints, and what came out so far."""

    arguments: Arguments
    sink: Sink
    tally: Tally
    match: Match
    printer: Printer
    run: Run = field(default_factory=Run)
    stopped: bool = False
    progress: Progress = field(default_factory=Progress)

    def failed(self, error: SymcheckError) -> None:
        """Tell an error on stderr, and where the format has a place for it."""
        report_error(error)
        self.run.errors.append(error)
        self.sink.write(self.printer.error(error))


def run_check(arguments: Arguments) -> int:
    """Judge everything, then the exit code; what could not be read is told on the way."""
    sink = sink_for(arguments)
    check = Check(
        arguments,
        sink,
        Tally(arguments.strict, arguments.exit_zero),
        matcher(arguments.only),
        printer_for(arguments.format, sink.theme, arguments.strict),
    )
    interrupted = False
    try:
        for source in sources(arguments):
            if isinstance(source, SymcheckError):
                check.tally.unreadable = True
                check.failed(source)
            else:
                _judge_source(source, check)
            if check.stopped:
                break
    except KeyboardInterrupt:
        interrupted = True
        print("symcheck: interrupted; this is what was done", file=sys.stderr)
    _finish(check)
    return 130 if interrupted else check.tally.code()


def _judge_source(source: Source, check: Check) -> None:
    """Judge one source; what is done is printed even if it is interrupted."""
    done: list[Judgement] = []
    broken: list[tuple[int, str, str]] = []
    try:
        for item in judged(source, check):
            if isinstance(item, Judgement):
                done.append(item)
                _one(item, source, check)
            else:
                broken.append((item.line, item.code, item.message))
                check.tally.unreadable = True
                check.sink.write(check.printer.broken(source.name, broken[-1]))
            if check.stopped:
                break
    except SymcheckError as error:
        # two parties contradict each other, or worse: what was judged before is still told
        check.tally.contradiction |= error.code.startswith("SC9")
        check.tally.unreadable |= not error.code.startswith("SC9")
        check.failed(error)
    finally:
        if done or broken:
            report = Report(source.name, tuple(done), source.lecture, broken=tuple(broken))
            check.sink.write(check.printer.source(report, first=not check.run.reports))
            check.run.reports.append(report)


def judged(source: Source, check: Check) -> Iterator[Judgement | BrokenLine]:
    """The chosen claims of a source, judged one after the other, in order."""
    arguments = check.arguments
    chosen = [c for c in source.claims if not isinstance(c, Claim) or check.match(c.id)]

    def judge(part: list[Claim | BrokenLine]) -> Iterator[Judgement | BrokenLine]:
        return api.check_claims(part, oracle=arguments.oracle, seed=arguments.seed, timeout=arguments.timeout)

    loading = LOADING if arguments.oracle in ("sympy", "all") else 0.0
    return in_processes(judge, chosen, arguments.jobs, arguments.timeout, loading)


def _one(judgement: Judgement, source: Source, check: Check) -> None:
    """Count a verdict and print it where the format prints at once."""
    surprise = check.tally.add(judgement)
    check.progress.step()
    if source.formula and isinstance(judgement.verdict, Failed) and judgement.claim.equation is None:
        check.tally.unreadable = True
    check.sink.write(check.printer.claim(judgement))
    check.stopped = check.arguments.stop and surprise


def _finish(check: Check) -> None:
    """What comes last: the whole document, or the sum over all sources."""
    check.progress.close()
    check.sink.write(check.printer.end(check.run))
    if check.tally.contradiction:
        print(
            "symcheck: two parties contradict each other (SC900); please report this claim", file=sys.stderr
        )
    check.sink.close()
