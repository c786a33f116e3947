"""Report → JSON: one object a claim (``jsonl``), or all of them with a summary (``json``).

The fields are a contract: names and types change only with `SCHEMA`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from symcheck.language.report import Report
from symcheck.language.verdict import Judgement, Proved, Refuted, Witness, word
from symcheck.rendering.places import shown_file
from symcheck.rendering.rows import code_of, conditions, count, laws, message_of, scope
from symcheck.rendering.theme import PLAIN, Theme

SCHEMA = 1

Record = dict[str, Any]


def render(report: Report, theme: Theme = PLAIN) -> str:
    """``{"schema": 1, "summary": {…}, "claims": […]}``."""
    broken = [broken_record(report.name, *line) for line in report.broken]
    return document(report.judgements, broken, ascii=theme.ascii)


def document(judgements: Sequence[Judgement], broken: Sequence[Record] = (), *, ascii: bool = False) -> str:
    """All claims of a run with their summary; lines that could not be read come last."""
    counts = count(judgements, len(broken))
    summary = {name: getattr(counts, name) for name in counts.__slots__}
    claims = [*(record(j) for j in judgements), *broken]
    whole = {"schema": SCHEMA, "summary": summary, "claims": claims}
    return json.dumps(whole, ensure_ascii=ascii, indent=1) + "\n"


def line(judgement: Judgement, theme: Theme = PLAIN) -> str:
    """One claim as one line."""
    return dumped(record(judgement), ascii=theme.ascii)


def dumped(data: Record, *, ascii: bool = False) -> str:
    """A record as one line."""
    return json.dumps(data, ensure_ascii=ascii, separators=(", ", ": ")) + "\n"


def record(judgement: Judgement) -> Record:
    """The fields of one claim; values exact if rational, else 20 digits; components count from 0."""
    claim, verdict, place = judgement.claim, judgement.verdict, judgement.claim.location
    witness = verdict.witness if isinstance(verdict, Refuted) else None
    raised = {"text": judgement.derivative, "latex": judgement.derivative_latex}
    return {
        "schema": SCHEMA,
        "id": claim.id,
        "file": shown_file(place.file) if place and place.file else None,
        "line": place.line if place else None,
        "col": place.col if place else None,
        "end_line": place.end_line if place else None,
        "end_col": place.end_col if place else None,
        "claim": claim.text,
        "verdict": word(verdict),
        "expected": str(claim.expected),
        "as_expected": judgement.as_expected,
        "scope": scope(judgement) or None,
        "code": code_of(judgement) or None,
        "message": message_of(judgement),
        "method": laws(judgement),
        "rule": judgement.step.rule if judgement.step is not None else None,
        "side_conditions": conditions(judgement) if isinstance(verdict, Proved) else [],
        "oracles": dict(judgement.oracles),
        "witness": None if witness is None else witness_record(witness),
        "suggestion": None,
        "true_if": [],
        "follows": verdict.follows if isinstance(verdict, Refuted) else None,
        "derivative": raised if judgement.derivative else None,
        "ms": round(judgement.ms, 3),
    }


def witness_record(witness: Witness) -> Record:
    """The point and both values."""
    return {
        "sizes": dict(witness.sizes),
        "entries": {name: _plain(value) for name, value in witness.entries.items()},
        "functions": dict(witness.functions),
        "component": list(witness.component),
        "claimed": witness.claimed,
        "true": witness.true,
    }


def _plain(value: object) -> object:
    """Exact values as text, nested tuples as lists."""
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return str(value)


def broken_record(file: str | None, number: int, code: str, message: str) -> Record:
    """A line of a claims file that could not be read, with the fields of a claim."""
    return {
        "schema": SCHEMA,
        "id": f"{file}:{number}" if file else str(number),
        "file": file,
        "line": number,
        "col": 1,
        "end_line": number,
        "end_col": None,
        "claim": None,
        "verdict": "error",
        "expected": None,
        "as_expected": False,
        "scope": None,
        "code": code,
        "message": message,
        "method": "",
        "rule": None,
        "side_conditions": [],
        "oracles": {},
        "witness": None,
        "suggestion": None,
        "true_if": [],
        "follows": None,
        "derivative": None,
        "ms": 0.0,
    }
