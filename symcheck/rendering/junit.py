"""Reports → JUnit XML, which test services read: one suite a file, one case a claim.

A refuted claim is a failure, one that cannot be judged an error, an undecided one is skipped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from symcheck.errors import SymcheckError
from symcheck.language.report import Report
from symcheck.language.verdict import Judgement
from symcheck.rendering.findings import Finding, broken_finding, error_finding, finding, one_line
from symcheck.rendering.places import shown_file
from symcheck.rendering.theme import PLAIN, Theme

FORMULA = "<formula>"
"""The suite of formulas that stand in no file."""


@dataclass
class _Suite:
    name: str
    cases: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("failure", "error", "skipped"), 0))
    ms: float = 0.0


def render(report: Report, theme: Theme = PLAIN) -> str:
    """The document of one report."""
    return document([report], theme)


def document(
    reports: Sequence[Report],
    theme: Theme = PLAIN,
    *,
    errors: Sequence[SymcheckError] = (),
    strict: bool = False,
) -> str:
    """All claims by the file in which they stand; `errors` are of sources that could not be read."""
    suites: dict[str, _Suite] = {}

    def suite(file: str | None) -> _Suite:
        name = shown_file(file) if file else FORMULA
        return suites.setdefault(name, _Suite(name))

    for report in reports:
        for judgement in report.judgements:
            place = judgement.claim.location
            _add(suite(place.file if place else report.name), judgement, report.name, theme, strict)
        for line in report.broken:
            found = broken_finding(report.name, *line, theme)
            _case(suite(report.name), found.id, report.name, theme, found, line[0], None)
    for error in errors:
        found = error_finding(error, theme)
        file = error.location.file if error.location else None
        line_ = error.location.line if error.location else None
        _case(suite(file or "symcheck"), one_line(error.message), "symcheck", theme, found, line_, None)
    body = "".join(_written(one, theme.timings) for one in suites.values())
    whole = _totals(list(suites.values()), theme.timings)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites{whole}>\n{body}</testsuites>\n'


def _add(suite: _Suite, judgement: Judgement, name: str, theme: Theme, strict: bool) -> None:
    found = finding(judgement, theme, strict=strict)
    claim = judgement.claim
    line = claim.location.line if claim.location else None
    _case(suite, claim.id, name, theme, found, line, judgement.ms if theme.timings else None)
    suite.ms += judgement.ms


def _case(
    suite: _Suite,
    id: str,
    name: str,
    theme: Theme,
    found: Finding | None,
    line: int | None,
    ms: float | None,
) -> None:
    attributes = [("classname", name or FORMULA), ("name", one_line(id))]
    if suite.name != FORMULA:
        attributes.append(("file", suite.name))
    if line is not None:
        attributes.append(("line", str(line)))
    if ms is not None:
        attributes.append(("time", f"{ms / 1000:.6f}"))
    start = "  <testcase" + "".join(f' {key}="{_attribute(theme.text(text))}"' for key, text in attributes)
    if found is None:
        suite.cases.append(f"{start}/>\n")
        return
    kind = "skipped" if found.level == "warning" else "failure" if found.judged else "error"
    suite.counts[kind] += 1
    message = found.lines[0] if found.lines else found.title
    typed = "" if kind == "skipped" else f' type="{_attribute(found.code)}"'
    told = f'   <{kind}{typed} message="{_attribute(message)}">{_text(found.text)}</{kind}>'
    suite.cases.append(f"{start}>\n{told}\n  </testcase>\n")


def _written(suite: _Suite, timed: bool) -> str:
    cases = "".join(suite.cases)
    return f' <testsuite name="{_attribute(suite.name)}"{_totals([suite], timed)}>\n{cases} </testsuite>\n'


def _totals(suites: Sequence[_Suite], timed: bool) -> str:
    counts = {
        "tests": sum(len(suite.cases) for suite in suites),
        "failures": sum(suite.counts["failure"] for suite in suites),
        "errors": sum(suite.counts["error"] for suite in suites),
        "skipped": sum(suite.counts["skipped"] for suite in suites),
    }
    time = f' time="{sum(suite.ms for suite in suites) / 1000:.6f}"' if timed else ""
    return "".join(f' {name}="{number}"' for name, number in counts.items()) + time


_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold, not even as a reference."""
_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}


def _text(text: str) -> str:
    """Between two tags."""
    text = _FORBIDDEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    return "".join(_MARKS.get(char, char) for char in text)


def _attribute(text: str) -> str:
    """Between quotes, where a reader would turn line breaks into spaces."""
    return _text(text).replace("\n", "&#10;").replace("\t", "&#9;")
