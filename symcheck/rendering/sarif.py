"""Reports → SARIF 2.1.0, the format in which code hosts and editors take findings: one run.

Results are the surprises; rules are all codes of symcheck.  Columns count characters.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from symcheck import __version__
from symcheck.errors import Location, SymcheckError
from symcheck.language.report import Report
from symcheck.rendering.findings import UNEXPECTED, Finding, error_finding, findings
from symcheck.rendering.rules import RULES
from symcheck.rendering.theme import PLAIN, Theme

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

Record = dict[str, Any]

_LEFT_OVER = (UNEXPECTED, "not as expected", "A claim that was expected to fail is proved.")


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
    """One run over all reports; `errors` are of sources that could not be read."""
    found = [item for report in reports for item in findings(report, theme, strict=strict)]
    failed = [error_finding(error, theme) for error in errors]
    broken = [item for item in found if not item.judged and not item.claim]
    texts = [(rule.code, rule.title, rule.text) for rule in RULES.values()]
    rules = [_rule(*text) for text in (*texts, _LEFT_OVER)]
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    invocation: Record = {"executionSuccessful": not (failed or broken)}
    if failed:
        invocation["toolExecutionNotifications"] = [_notification(item) for item in failed]
    run = {
        "tool": {"driver": {"name": "symcheck", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": [_result(item, places[item.code]) for item in found],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=theme.ascii, indent=1) + "\n"


def _rule(code: str, title: str, text: str) -> Record:
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in title.replace("·", " ").split()),
        "shortDescription": {"text": title},
        "fullDescription": {"text": text},
        "help": {"text": f"{text}\n\nsymcheck rule {code}" if code in RULES else text},
    }


def _result(found: Finding, rule: int) -> Record:
    result: Record = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": found.level,
        "message": {"text": found.text or found.title},
        "locations": [_location(found)],
        "partialFingerprints": {"symcheckClaim/v1": found.id},
    }
    if found.fix is not None and found.file:
        change = {
            "artifactLocation": _artifact(found.file),
            "replacements": [
                {"deletedRegion": _region(found.fix.place), "insertedContent": {"text": found.fix.new}}
            ],
        }
        result["fixes"] = [{"description": {"text": "the correction"}, "artifactChanges": [change]}]
    return result


def _location(found: Finding) -> Record:
    location: Record = {"logicalLocations": [{"fullyQualifiedName": found.id}]}
    if found.place is not None and found.file:
        physical = {"artifactLocation": _artifact(found.file), "region": _region(found.place)}
        location["physicalLocation"] = physical
    return location


def _notification(found: Finding) -> Record:
    known = found.code in RULES
    notification: Record = {"level": found.level, "message": {"text": found.text or found.title}}
    if known:
        notification["associatedRule"] = {"id": found.code}
    if found.file:
        notification["locations"] = [_location(found)]
    return notification


def _artifact(file: str) -> Record:
    if os.path.isabs(file):
        return {"uri": Path(file).as_uri()}
    return {"uri": quote(file.replace(os.sep, "/"))}


def _region(place: Location) -> Record:
    return {
        "startLine": place.line,
        "startColumn": place.col,
        "endLine": place.end_line,
        "endColumn": place.end_col,
    }
