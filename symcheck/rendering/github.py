"""Report → workflow commands of GitHub Actions, one line a surprise: ``::error file=…,line=…::…``.

What is as expected is not told; the summary at the end is plain text.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from symcheck.language.report import Report
from symcheck.rendering.findings import Finding, findings
from symcheck.rendering.rows import summary_line
from symcheck.rendering.theme import PLAIN, Theme


def render(report: Report, theme: Theme = PLAIN, *, strict: bool = False) -> str:
    """All surprises, then the summary."""
    lines = [line(found) for found in findings(report, theme, strict=strict)]
    return "".join(lines) + summary_line(report.judgements, len(report.broken)) + "\n"


def line(found: Finding) -> str:
    """One finding as one command."""
    fields: list[tuple[str, object]] = []
    place = found.place
    if place is not None and found.file:
        fields += [("file", found.file.replace(os.sep, "/")), ("line", place.line)]
        fields.append(("endLine", place.end_line))
        if place.line == place.end_line:  # columns of several lines are refused
            fields += [("col", place.col), ("endColumn", place.end_col)]
    fields.append(("title", f"{found.code} {found.title}"))
    said = ",".join(f"{name}={_property(str(value))}" for name, value in fields)
    return f"::{found.level} {said}::{_data(found.text)}\n"


_DATA: Sequence[tuple[str, str]] = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY: Sequence[tuple[str, str]] = ((":", "%3A"), (",", "%2C"))


def _data(text: str) -> str:
    for sign, code in _DATA:
        text = text.replace(sign, code)
    return text


def _property(text: str) -> str:
    text = _data(text)
    for sign, code in _PROPERTY:
        text = text.replace(sign, code)
    return text
