"""Report → JSON: one object a claim (``jsonl``), or all of them with a summary (``json``).

The fields are a contract: names and types change only with `SCHEMA`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from symcheck.errors import Location
from symcheck.language.claim import Induction
from symcheck.language.report import Modes, Numeric, Report
from symcheck.language.verdict import (
    Failed,
    Judgement,
    Proved,
    Refuted,
    Undecided,
    Verdict,
    Witness,
    Working,
    word,
)
from symcheck.rendering.detail_rows import code_of, message_of
from symcheck.rendering.places import correction_of, error_place, mistake, replacement, shown_file
from symcheck.rendering.rows import TextNotation, conditions, count, laws, scope
from symcheck.rendering.theme import PLAIN, Theme

SCHEMA = 1
TEXT = TextNotation()

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


def whole(reports: Sequence[Report], *, ascii: bool = False) -> str:
    """Several derivations: all claims, and what else was asked for, by derivation."""
    data: Record = json.loads(document([j for report in reports for j in report.judgements]))
    derivations = [derivation_record(report) for report in reports]
    if any(len(record) > 1 for record in derivations):
        data["derivations"] = derivations
    return json.dumps(data, ensure_ascii=ascii, indent=1) + "\n"


def derivation_record(report: Report) -> Record:
    """The name of a derivation, with its sweeps, difference quotients and notices where there are any."""
    found: Record = {"name": report.name}
    if report.modes is not None:
        found["sweeps"] = sweeps_record(report.modes)
    if report.numeric is not None:
        found["numeric"] = numeric_record(report.numeric)
    if report.notices:
        found["notices"] = list(report.notices)
    return found


def sweeps_record(modes: Modes) -> Record:
    """Both sweeps and the costs; a count is a number, or a polynomial in sizes as text."""
    return {
        "output": modes.output,
        "inputs": list(modes.inputs),
        "forward": [
            {
                "name": row.name,
                "tangent": TEXT.formula(row.formula, "", row.free),
                "values": dict(zip(modes.shown, row.values, strict=True)),
                "operations": _count(row.operations),
            }
            for row in modes.forward
        ],
        "reverse": [
            {
                "name": row.name,
                "cotangent": TEXT.formula(row.formula, "", row.free),
                "value": row.value or None,
                "operations": _count(row.operations),
            }
            for row in modes.reverse
        ],
        "costs": [
            {
                "way": row.way,
                "sweeps": _count(row.sweeps),
                "additions": _count(row.additions),
                "multiplications": _count(row.multiplications),
                "calls": _count(row.calls),
                "operations": _count(row.total),
                "kept": _count(row.kept),
            }
            for row in modes.costs
        ],
        "kept": list(modes.kept),
        "intermediate": modes.intermediate,
        "reason": modes.reason or None,
    }


def _count(text: str) -> int | str | None:
    return int(text) if text.lstrip("-").isdecimal() else text or None


def numeric_record(numeric: Numeric) -> Record:
    """Difference quotients; numbers are decimals as text."""
    return {
        "step": numeric.step,
        "point": {
            "sizes": dict(numeric.sizes),
            "drawn": {name: _plain(value) for name, value in numeric.entries.items()},
            "functions": dict(numeric.functions),
        },
        "rows": [
            {
                "derivative": TEXT.formula(row.formula, ""),
                "exact": row.exact or None,
                "quotient": row.quotient or None,
                "error": row.error or None,
                "predicted": row.predicted or None,
                "agreement": row.agreement or None,
                "more": row.more,
            }
            for row in numeric.rows
        ],
        "reason": numeric.reason or None,
    }


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
    if judgement.derivative_of:
        raised["of"] = judgement.derivative_of
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
        "suggestion": suggestion_record(judgement),
        "true_if": list(verdict.true_if) if isinstance(verdict, Refuted) else [],
        "follows": verdict.follows if isinstance(verdict, Refuted) else None,
        "derivative": raised if judgement.derivative else None,
        "ms": round(judgement.ms, 3),
        "kind": mistake(judgement) or None,
        "hint": hint_of(verdict) or None,
        "place": place_record(error_place(judgement)),
        **({} if claim.induction is None else {"induction": induction_record(claim.induction)}),
        **({} if judgement.working is None else {"working": working_record(judgement.working)}),
    }


def induction_record(induction: Induction) -> Record:
    """What a conclusion follows from; the field stands in no other claim."""
    return {
        "index": induction.index,
        "start": induction.start,
        "direction": "down" if induction.down else "up",
        "base": [claim.id for claim in induction.base],
        "hypothesis": list(induction.hypothesis),
        "step": [claim.id for claim in induction.step],
        "closed": induction.closed,
    }


def working_record(working: Working) -> Record:
    """How a claim was judged; the field stands where it was asked for."""
    return {
        "left": list(working.left),
        "right": list(working.right),
        "difference": list(working.difference),
        "laws": [{"name": n, "statement": s, "condition": c} for n, s, c in working.laws],
        "tried": list(working.tried),
        "reason": working.reason or None,
    }


def suggestion_record(judgement: Judgement) -> Record | None:
    """The correction; where its place in the file is known, what to replace there and by what."""
    correction = correction_of(judgement)
    if correction is None:
        return None
    edit = replacement(judgement)
    return {
        "text": correction.text,
        "latex": correction.latex,
        "proved": True,
        **({"relation": correction.relation} if correction.relation else {}),
        "place": place_record(edit.place) if edit is not None else None,
        "old": correction.old if edit is not None else None,
        "new": edit.new if edit is not None else None,
    }


def place_record(place: Location | None) -> Record | None:
    """A stretch of a file; columns count characters from 1, the last one is behind the end."""
    if place is None:
        return None
    return {
        "file": shown_file(place.file) if place.file else None,
        "line": place.line,
        "col": place.col,
        "end_line": place.end_line,
        "end_col": place.end_col,
    }


def hint_of(verdict: Verdict) -> str:
    """What to do about a claim that is undecided or cannot be judged."""
    match verdict:
        case Undecided(hint=hint):
            return hint
        case Failed(error=error):
            return error.hint or ""
    return ""


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
        "kind": None,
        "hint": None,
        "place": None,
    }
