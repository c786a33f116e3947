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
from symcheck.cli.selecting import Match, matcher
from symcheck.cli.targets import Source, sources
from symcheck.errors import SymcheckError
from symcheck.language.claim import Claim
from symcheck.language.report import Report
from symcheck.language.verdict import Failed, Judgement
from symcheck.reading.claims_file import BrokenLine
from symcheck.rendering.loading import load
from symcheck.rendering.rows import summary_line


@dataclass
class Run:
    """One run of ``check``: what came out so far."""

    arguments: Arguments
    sink: Sink
    tally: Tally
    match: Match
    judgements: list[Judgement] = field(default_factory=list)
    broken: list[tuple[str, int, str, str]] = field(default_factory=list)
    reports: int = 0
    stopped: bool = False
    progress: Progress = field(default_factory=Progress)


def run_check(arguments: Arguments) -> int:
    """Judge everything, then the exit code; what could not be read is told on the way."""
    run = Run(
        arguments,
        sink_for(arguments),
        Tally(arguments.strict, arguments.exit_zero),
        matcher(arguments.only),
    )
    interrupted = False
    try:
        for source in sources(arguments):
            if isinstance(source, SymcheckError):
                run.tally.unreadable = True
                report_error(source)
            else:
                _judge_source(source, run)
            if run.stopped:
                break
    except KeyboardInterrupt:
        interrupted = True
        print("symcheck: interrupted; this is what was done", file=sys.stderr)
    _finish(run)
    return 130 if interrupted else run.tally.code()


def _judge_source(source: Source, run: Run) -> None:
    """Judge one source; what is done is printed even if it is interrupted."""
    done: list[Judgement] = []
    broken: list[tuple[int, str, str]] = []
    try:
        for item in judged(source, run):
            if isinstance(item, Judgement):
                done.append(item)
                _one(item, source, run)
            else:
                broken.append((item.line, item.code, item.message))
                _one_broken(source.name, broken[-1], run)
            if run.stopped:
                break
    except SymcheckError as error:
        # two parties contradict each other, or worse: what was judged before is still told
        run.tally.contradiction |= error.code.startswith("SC9")
        run.tally.unreadable |= not error.code.startswith("SC9")
        report_error(error)
    finally:
        run.judgements += done
        if run.arguments.format == "full" and (done or broken):
            report = Report(source.name, tuple(done), source.lecture, broken=tuple(broken))
            gap = "\n" if run.reports else ""
            run.sink.write(gap + load("full").render(report, run.sink.theme, brief=True))
            run.reports += 1


def judged(source: Source, run: Run) -> Iterator[Judgement | BrokenLine]:
    """The chosen claims of a source, judged one after the other, in order."""
    arguments = run.arguments
    chosen = [c for c in source.claims if not isinstance(c, Claim) or run.match(c.id)]

    def judge(part: list[Claim | BrokenLine]) -> Iterator[Judgement | BrokenLine]:
        return api.check_claims(
            part,
            oracle=arguments.oracle,
            seed=arguments.seed,
            timeout=arguments.timeout,
            explain=arguments.explain,
        )

    loading = LOADING if arguments.oracle in ("sympy", "all") else 0.0
    return in_processes(judge, chosen, arguments.jobs, arguments.timeout, loading)


def _one(judgement: Judgement, source: Source, run: Run) -> None:
    """Count a verdict and print it where the format prints at once."""
    surprise = run.tally.add(judgement)
    run.progress.step()
    if source.formula and isinstance(judgement.verdict, Failed) and judgement.claim.equation is None:
        run.tally.unreadable = True
    if run.arguments.format == "jsonl":
        run.sink.write(load("jsonl").line(judgement, run.sink.theme))
    elif run.arguments.format == "concise":
        run.sink.write(load("concise").line(judgement, run.sink.theme) + "\n")
    run.stopped = run.arguments.stop and surprise


def _one_broken(file: str, line: tuple[int, str, str], run: Run) -> None:
    number, code, message = line
    run.tally.unreadable = True
    run.broken.append((file, number, code, message))
    if run.arguments.format == "jsonl":
        room = load("jsonl")
        run.sink.write(room.dumped(room.broken_record(file, *line), ascii=run.sink.theme.ascii))
    elif run.arguments.format == "concise":
        run.sink.write(load("concise").broken_line(file, *line, run.sink.theme) + "\n")


def _finish(run: Run) -> None:
    """What comes last: the whole document, or the sum over all sources."""
    run.progress.close()
    if run.arguments.format == "json":
        room = load("json")
        records = [room.broken_record(*line) for line in run.broken]
        run.sink.write(room.document(run.judgements, records, ascii=run.sink.theme.ascii))
    elif run.arguments.format == "full":
        if run.reports > 1:
            line = summary_line(run.judgements, len(run.broken))
            run.sink.write(run.sink.theme.text(f"\nin all, {line}\n"))
        elif not run.reports and not run.tally.unreadable:
            run.sink.write("0 claims\n")
    if run.tally.contradiction:
        print(
            "symcheck: two parties contradict each other (SC900); please report this claim", file=sys.stderr
        )
    run.sink.close()
