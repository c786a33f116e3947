"""``symcheck derive`` and ``symcheck export``: whole derivations with their tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from symcheck import api
from symcheck.cli.jobs import LOADING, in_processes, timed
from symcheck.cli.output import Sink, Tally, sink_for, write_file
from symcheck.cli.parser import Arguments
from symcheck.cli.targets import lectures
from symcheck.errors import UsageError
from symcheck.language.claim import Claim, Value
from symcheck.language.derivation import Lecture
from symcheck.language.report import Report
from symcheck.language.verdict import Judgement
from symcheck.reading.catalogue import list_lectures
from symcheck.reading.letters import spell
from symcheck.rendering.loading import load, load_if_any

Part = TypeVar("Part")

SUFFIXES = {"latex": "tex", "html": "html", "markdown": "md", "json": "json"}
"""Format of an export → ending of its files."""
INDEX = "index.html"
"""The page that leads to all others."""


def run_derive(arguments: Arguments) -> int:
    """Derive what the argument names; a file with several derivations shows them all."""
    point, sizes = read_point(arguments.at), read_sizes(arguments.sizes)
    wrt = tuple(map(spell, arguments.wrt))
    sink = sink_for(arguments)
    tally = Tally(arguments.strict, arguments.exit_zero)
    reports = []
    asked = Asked(
        wrt,
        sizes or {},
        arguments.sweeps or None,
        arguments.numeric,
        arguments.steps,
        arguments.oracle,
        arguments.timeout,
        arguments.explain,
    )
    for lecture in lectures(arguments.targets[0]):
        report = on_the_clock(
            api.standing(lecture, point or {}), asked, meanwhile=partial(load_if_any, arguments.format)
        )
        tally.add_all(report.judgements)
        reports.append(report)
    sink.write(_rendered(reports, arguments.format, sink, standalone=False))
    sink.close()
    return tally.code()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is to hold."""

    wrt: tuple[str, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    sweeps: bool | None = None
    numeric: bool = False
    steps: bool = False
    oracle: str = "all"
    seconds: float = 10.0
    """Wall time for each claim and for each group of tables."""
    explain: bool = False


def on_the_clock(lecture: Lecture, asked: Asked, meanwhile: Callable[[], object] | None = None) -> Report:
    """The report of a derivation, every part made in a fork that is ended when its time is over.

    `meanwhile` is called while the claims are judged.
    Errors: those of the arguments.
    """

    def judge(part: list[Claim | Judgement]) -> Iterator[Any]:
        claims = [claim for claim in part if isinstance(claim, Claim)]
        yield from api.check_claims(
            claims, oracle=asked.oracle, timeout=asked.seconds, explain=asked.explain, early=True
        )

    loading = LOADING if asked.oracle in ("sympy", "all") else 0.0
    judgements = tuple(in_processes(judge, lecture.claims, 1, asked.seconds, loading, meanwhile))
    notices: list[str] = []

    def part(name: str, make: Callable[[], Part]) -> Part | None:
        made, reason = timed(make, asked.seconds)
        if reason:
            notices.append(f"Left out: {name}: {reason}.")
        return made

    done = tuple(j for j in judgements if isinstance(j, Judgement))
    steps = part("the steps", lambda: api.told_steps(done)) if asked.steps or lecture.steps else None
    told = steps or (None,) * len(done)
    return Report(
        lecture.name,
        tuple(replace(j, step=step) for j, step in zip(done, told, strict=True)),
        lecture,
        part("the tables", lambda: api.tables(lecture, asked.wrt, asked.sizes)),
        modes=part("the sweeps", lambda: api.both_sweeps(lecture, asked.wrt, asked.sizes))
        if api.wants_sweeps(lecture, asked.sweeps)
        else None,
        numeric=part("the difference quotients", lambda: api.quotients(lecture, asked.wrt, asked.sizes))
        if asked.numeric
        else None,
        notices=tuple(notices),
    )


def _rendered(reports: Sequence[Report], form: str, sink: Sink, standalone: bool) -> str:
    match form:
        case "latex":
            text: str = load("latex").render_all(reports, sink.theme, standalone=standalone)
        case "html":
            text = load("html").render_all(reports, sink.theme)
        case "markdown":
            text = load("markdown").render_all(reports, sink.theme)
        case "json":
            text = load("json").whole(reports, ascii=sink.theme.ascii)
        case _:
            text = "\n".join(load("text").render(report, sink.theme) for report in reports)
    return text


def run_export(arguments: Arguments) -> int:
    """Write derivations as LaTeX, HTML, Markdown or JSON: to stdout in one document, or one file each.

    All of them as LaTeX documents make a book besides, as HTML pages an index.
    """
    names = [entry.name for entry in list_lectures()] if arguments.every else list(arguments.targets)
    if not names:
        raise UsageError("there are no derivations to export")
    tally = Tally(arguments.strict, arguments.exit_zero)
    chosen = [lecture for name in names for lecture in lectures(name)]
    folder = None if arguments.output is None else Path(arguments.output)
    sink = Sink(sink_for(replace(arguments, output=None)).theme)  # here -o is a folder, not a file
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot make the folder {folder}: {error.strerror or error}") from None
    reports, files = [], []
    for lecture in chosen:
        report = on_the_clock(lecture, Asked(oracle=arguments.oracle))
        tally.add_all(report.judgements)
        reports.append(report)
        if folder is None:
            continue
        files.append(f"{lecture.name}.{SUFFIXES[arguments.to]}")
        _write(folder / files[-1], _rendered([report], arguments.to, sink, arguments.standalone))
    if folder is not None and arguments.every and arguments.to == "html":
        _write(folder / INDEX, load("html").render_index(reports, files, sink.theme))
    if folder is None:
        sink.write(_rendered(reports, arguments.to, sink, arguments.standalone))
    elif arguments.every and arguments.to == "latex" and arguments.standalone:
        path = folder / f"{_unlike('book', [lecture.name for lecture in chosen])}.tex"
        write_file(path, _rendered(reports, arguments.to, sink, standalone=True))
        print(f"symcheck: wrote {path}", file=sys.stderr)
    return tally.code()


def _write(path: Path, text: str) -> None:
    write_file(path, text)
    print(f"symcheck: wrote {path}", file=sys.stderr)


def _unlike(name: str, names: Sequence[str]) -> str:
    """The name, lengthened until no derivation has it."""
    while name in names:
        name = f"the-{name}"
    return name


# -- values on the command line ------------------------------------------------------------------


def read_point(text: str) -> dict[str, Value] | None:
    """``a=1, x=[1, 1/2]`` → exact values; None if there are none.  Errors: UsageError."""
    pairs = _pairs(text, "--at")
    return {name: read_value(value, name) for name, value in pairs} or None


def read_sizes(text: str) -> dict[str, int] | None:
    """``n=3, m=2`` → sizes.  Errors: UsageError for what is no size."""
    sizes = {}
    for name, value in _pairs(text, "--sizes"):
        if not value.isdecimal() or int(value) < 1:
            raise UsageError(f"--sizes {name}={value}: a size is a whole number ≥ 1")
        sizes[name] = int(value)
    return sizes or None


def read_value(text: str, name: str) -> Value:
    """A number or a nested list of numbers, exact.  Errors: UsageError."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return tuple(read_value(part, name) for part in _split(text[1:-1]))
    try:
        return Fraction(text.replace("−", "-"))
    except (ValueError, ZeroDivisionError):
        raise UsageError(f"--at {name}={text}: no exact number; write 0.1, 1/3 or [1, 2]") from None


def _pairs(text: str, option: str) -> list[tuple[str, str]]:
    pairs = []
    for part in _split(text):
        name, sign, value = part.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise UsageError(f"{option} {part.strip()!r} is not of the form name=value")
        pairs.append((spell(name.strip()), value.strip()))
    return pairs


def _split(text: str) -> list[str]:
    """The parts between commas outside of brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part for part in parts if part.strip()]
