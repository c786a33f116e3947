"""The JSON of symcheck keeps to its schema, and the page about it says what the schema says."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from report_samples import file_report, matrix_report, scalar_report
from schema_subset import faults

from symcheck.api import check_lecture, derive, load
from symcheck.cli import main
from symcheck.language.report import Report
from symcheck.language.verdict import Correction, Refuted, Undecided
from symcheck.reading.catalogue import list_lectures
from symcheck.rendering import json_report

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "symcheck" / "schema" / "report-1.json").read_text("utf-8"))
CLAIM = {"$ref": "#/$defs/claim"}
PAGE = ROOT / "docs" / "json.md"
LECTURES = [entry.name for entry in list_lectures()]


def valid(data: Any, schema: dict[str, Any] = SCHEMA) -> list[str]:
    return list(faults(data, schema, SCHEMA))


@pytest.mark.parametrize("report", [scalar_report(), matrix_report(), file_report()], ids=lambda r: r.name)
def test_samples_keep_to_the_schema(report: Report) -> None:
    assert valid(json.loads(json_report.render(report))) == []
    for judgement in report.judgements:
        assert valid(json.loads(json_report.line(judgement)), CLAIM) == []


@pytest.mark.parametrize("name", LECTURES)
def test_every_lecture_keeps_to_the_schema(name: str) -> None:
    lecture = load(name)
    report = Report(name, tuple(check_lecture(lecture)), lecture)
    assert valid(json.loads(json_report.render(report))) == []
    for judgement in report.judgements:
        assert valid(json.loads(json_report.line(judgement)), CLAIM) == []


@pytest.mark.parametrize("name", ["product-sine-graph", "two-layer"])
def test_tables_keep_to_the_schema(name: str) -> None:
    report = derive(load(name), oracle="none", sweeps=True, numeric=True)
    data = json.loads(json_report.whole([replace(report, notices=("Left out: nothing.",))]))
    assert data["derivations"][0].keys() == {"name", "sweeps", "numeric", "notices"}
    assert valid(data) == []


def test_what_the_commands_print_keeps_to_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    formula = ("check", "d(x.T @ x)/dx = x = 2*x", "--let", "x: n")
    assert main([*formula, "--format", "json"]) == 1
    assert valid(json.loads(capsys.readouterr().out)) == []
    main([*formula, "--format", "jsonl"])
    for line in capsys.readouterr().out.splitlines():
        assert valid(json.loads(line), CLAIM) == []
    main(["export", "squared-product", "--to", "json", "--oracle", "none"])
    assert valid(json.loads(capsys.readouterr().out)) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema", True),
        ("schema", 2),
        ("verdict", "wrong"),
        ("line", 0),
        ("line", "1"),
        ("as_expected", 1),
        ("code", "SC1"),
        ("side_conditions", None),
        ("witness", {}),
        ("extra", None),
    ],
)
def test_the_validator_sees_what_does_not_fit(field: str, value: object) -> None:
    record = json_report.record(scalar_report().judgements[2])
    assert valid(record, CLAIM) == []
    assert valid({**record, field: value}, CLAIM)


def test_a_missing_field_does_not_fit() -> None:
    record = json_report.record(scalar_report().judgements[2])
    for field in record:
        assert valid({name: item for name, item in record.items() if name != field}, CLAIM)


def corrected(source: str, col: int, line: str, span: tuple[int, int] | None) -> dict[str, Any]:
    """The record of a claim with a correction in a line of a file."""
    judgement = scalar_report().judgements[2]
    assert judgement.claim.location is not None
    assert isinstance(judgement.verdict, Refuted)
    place = replace(judgement.claim.location, source=source, line=12, end_line=12, col=col, end_col=col + 5)
    old = line[slice(*span)] if span else ""
    correction = Correction("2*h", "2 h", span, old, "2*h")
    record = json_report.record(
        replace(
            judgement,
            claim=replace(judgement.claim, line=line, location=place),
            verdict=replace(judgement.verdict, kind="the value is another one", correction=correction),
        )
    )
    assert valid(record, CLAIM) == []
    assert record["kind"] == "the value is another one"
    found: dict[str, Any] = record["suggestion"]
    return found


def test_a_correction_says_what_to_replace_in_the_file() -> None:
    line = "∂f/∂h = 16200"
    source = f'    d.claim("{line}")'
    found = corrected(source, 14, line, (8, 13))
    place = found["place"]
    assert source[place["col"] - 1 : place["end_col"] - 1] == "16200" == found["old"]
    assert (place["line"], place["end_line"], found["new"]) == (12, 12, "2*h")


def test_a_formula_of_its_own_begins_where_its_claim_does() -> None:
    line = "∂f/∂h = 16200"
    assert corrected(line, 31, line, (8, 13))["place"]["col"] == 39


@pytest.mark.parametrize(
    ("source", "span"),
    [
        ("d.claim(text)", (8, 13)),
        ('d.claim("∂f/∂h = 16200")', None),
        ("d.claim('\\u2202f = 16200')", (8, 13)),
    ],
)
def test_without_a_known_place_there_is_only_the_correction(
    source: str, span: tuple[int, int] | None
) -> None:
    found = corrected(source, 9, "∂f/∂h = 16200", span)
    assert found["place"] is None
    assert found["old"] is None
    assert found["new"] is None
    assert found["text"] == "2*h"


def test_errors_tell_their_place_and_a_hint() -> None:
    record = json_report.record(matrix_report().judgements[3])
    assert record["place"] == {
        "file": "derivations/lecture_b.py",
        "line": 3,
        "col": 15,
        "end_line": 3,
        "end_col": 24,
    }
    assert record["hint"] == "write U.T @ ∂ε/∂q"
    undecided = matrix_report().judgements[5]
    assert isinstance(undecided.verdict, Undecided)
    assert json_report.record(undecided)["hint"] == undecided.verdict.hint


# -- the page ------------------------------------------------------------------------------------


def kind(schema: dict[str, Any]) -> str:
    """The type of a field in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return f"[{name}](#{name})"
    if "anyOf" in schema:
        return " or ".join(kind(choice) for choice in schema["anyOf"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(choice)}`" for choice in schema["enum"])
    if schema.get("type") == "array" and "properties" not in schema["items"]:
        return f"list of {kind(schema['items'])}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {kind(schema['additionalProperties'])}"
    listed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(listed)


@cache
def page() -> str:
    """The page about JSON: what stands in the schema, as tables."""
    lines = [
        "# JSON",
        "",
        SCHEMA["description"],
        "The schema itself is `symcheck/schema/report-1.json` in the package. "
        "Lines and columns count from 1, components from 0.",
        "",
    ]
    for name, definition in SCHEMA["$defs"].items():
        lines += [f"## {name}", "", definition["description"], ""]
        if "properties" not in definition:
            lines[-2] = f"{definition['description']} Type: {kind(definition)}."
            continue
        lines += ["| field | type | meaning |", "|---|---|---|"]
        required = definition["required"]
        for field, schema in definition["properties"].items():
            meaning = schema["description"] + ("" if field in required else " May be missing.")
            lines.append(f"| `{field}` | {kind(schema)} | {meaning} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def test_the_page_says_what_the_schema_says() -> None:
    if os.environ.get("SYMCHECK_UPDATE_GOLDEN"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text("utf-8") == page()
    cells = (line for line in page().splitlines() if line.startswith("| `"))
    assert all(line.count("|") == 4 for line in cells)


def test_the_package_carries_the_schema() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '"schema/*.json"' in text
    assert SCHEMA["$defs"]["report"]["properties"]["schema"] == {
        "const": json_report.SCHEMA,
        "description": "Number of this schema.",
    }
