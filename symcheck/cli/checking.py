"""``symcheck check``: judge claims of any origin and print them as they are done."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from symcheck import api
from symcheck.cli import report_error
from symcheck.cli.jobs import CUT, LOADING, in_processes
from symcheck.cli.output import Tally, sink_for
from symcheck.cli.parser import Arguments
from symcheck.cli.printing import PRINTERS, Printer
from symcheck.cli.progress import Progress
from symcheck.cli.selecting import Match, matcher
from symcheck.cli.targets import Source, sources
from symcheck.errors import SymcheckError
from symcheck.language.claim import Claim
from symcheck.language.verdict import Failed, Judgement
from symcheck.reading.claims_file import BrokenLine

if TYPE_CHECKING:
    from symcheck.cli.resuming import Kept


@dataclass
class Run:
    """One run of ``check``: where everything goes, and what came out so far."""

    arguments: Arguments
    printer: Printer
    tally: Tally
    match: Match
    progress: Progress
    kept: Kept | None = None
    source: Source | None = None
    """The one whose claims are coming out."""
    stopped: bool = False


def run_check(arguments: Arguments) -> int:
    """Judge everything, then the exit code; what could not be read is told on the way."""
    match = matcher(arguments.only)
    sink = sink_for(arguments)
    sink.progress = Progress(arguments.targets, counted=not arguments.only)
    tally = Tally(arguments.strict, arguments.exit_zero)
    printer = PRINTERS[arguments.format](sink, arguments.strict)
    run = Run(arguments, printer, tally, match, sink.progress)
    if arguments.resume is not None:
        run.kept = import_module("symcheck.cli.resuming").kept_for(arguments)
    interrupted = False
    try:
        with closing(judged(run)) as items:
            for item in items:
                _one(item, run)
                if run.stopped:
                    break
    except KeyboardInterrupt:
        interrupted = True
        run.progress.clear()
        print("symcheck: interrupted; this is what was done", file=sys.stderr)
    _finish(run)
    return 130 if interrupted else run.tally.code()


def judged(run: Run) -> Generator[Any, None, None]:
    """Sources, their claims judged, their broken lines, and errors, in order."""
    arguments = run.arguments

    def judge(claims: list[Claim]) -> Iterator[Any]:
        return api.check_claims(
            claims,
            oracle=arguments.oracle,
            seed=arguments.seed,
            timeout=arguments.timeout,
            explain=arguments.explain,
            early=True,
        )

    loading = LOADING if arguments.oracle in ("sympy", "all") else 0.0
    yield from in_processes(judge, items(run), arguments.jobs, arguments.timeout, loading)


def items(run: Run) -> Iterator[Any]:
    """What there is to judge and to tell, read as it is asked for; of the claims, those that are chosen."""
    for source in sources(run.arguments):
        yield source
        if isinstance(source, Source):
            try:
                for item in source.claims:
                    if not isinstance(item, Claim):
                        yield item
                    elif run.match(item.id):
                        yield (run.kept and run.kept.found(item)) or item
            except SymcheckError as error:
                yield error
        yield CUT


def _one(item: Any, run: Run) -> None:
    """Count what came out, and hand it to the printer."""
    match item:
        case Source():
            run.printer.end()
            run.printer.begin(item)
            run.source = item
        case Judgement():
            _one_claim(item, run)
        case BrokenLine():
            run.tally.unreadable = True
            run.printer.broken(item)
        case SymcheckError():
            run.printer.end()
            run.tally.contradiction |= item.code.startswith("SC9")
            run.tally.unreadable |= not item.code.startswith("SC9")
            run.progress.clear()
            report_error(item)
            run.printer.error(item)


def _one_claim(judgement: Judgement, run: Run) -> None:
    surprise = run.tally.add(judgement)
    if run.kept is not None:
        run.kept.keep(judgement)
    run.printer.claim(judgement)
    run.progress.step()
    failed = isinstance(judgement.verdict, Failed) and judgement.claim.equation is None
    if failed and run.source is not None and run.source.formula:
        run.tally.unreadable = True
    run.stopped = run.arguments.stop and surprise


def _finish(run: Run) -> None:
    """What comes last: what was held back, and what there is to say about the run."""
    run.progress.clear()
    run.printer.end()
    run.printer.finish(run.tally.unreadable)
    if run.kept is not None:
        run.kept.close()
        if run.kept.taken:
            print(f"symcheck: {run.kept.taken} verdicts taken from {run.kept.path}", file=sys.stderr)
    if run.tally.contradiction:
        print(
            "symcheck: two parties contradict each other (SC900); please report this claim", file=sys.stderr
        )
    run.printer.sink.close()
