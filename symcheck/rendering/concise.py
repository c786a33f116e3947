"""Report → one line a claim, for editors and logs: ``file:line:col: verdict code message``."""

from __future__ import annotations

from symcheck.language.report import Report
from symcheck.language.verdict import Judgement
from symcheck.rendering.detail_rows import code_of, summary_of
from symcheck.rendering.places import shown_file, shown_place
from symcheck.rendering.rows import told_scope, verdict_cell
from symcheck.rendering.table import shortened
from symcheck.rendering.theme import PLAIN, Theme


def render(report: Report, theme: Theme = PLAIN) -> str:
    """All claims, then the lines that could not be read."""
    lines = [line(judgement, theme) for judgement in report.judgements]
    lines += [broken_line(report.name, number, code, text, theme) for number, code, text in report.broken]
    return "".join(f"{text}\n" for text in lines)


def line(judgement: Judgement, theme: Theme = PLAIN) -> str:
    """One claim in one line."""
    claim = judgement.claim
    place = shown_place(claim.location) if claim.location is not None else claim.id
    said = shortened(" ".join(summary_of(judgement).split()))
    text = shortened(claim.text)
    told = f"{text}: {said}" if said else text
    words = [f"{place}:", verdict_cell(judgement), code_of(judgement)]
    bounds = told_scope(judgement)
    if bounds and not code_of(judgement):
        words.append(f"[{bounds}]")
    if theme.timings:
        told += f" ({judgement.ms:.1f} ms)"
    return theme.text(" ".join([word for word in words if word] + [told]))


def broken_line(file: str, number: int, code: str, message: str, theme: Theme = PLAIN) -> str:
    """A line of a claims file that could not be read."""
    return theme.text(f"{shown_file(file)}:{number}:1: error {code} {' '.join(message.split())}")
