"""Whole reports: text at several widths, concise lines, JSON fields, error frames."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from report_samples import at, file_report, matrix_report, scalar_report

from symcheck.api import check_formula
from symcheck.errors import Location, ShapeMismatch, SymcheckError
from symcheck.language.derivation import Note
from symcheck.language.report import Report
from symcheck.language.verdict import Proved, Refuted
from symcheck.rendering import concise, json_report, terminal
from symcheck.rendering.errors import frame
from symcheck.rendering.loading import ROOMS, load
from symcheck.rendering.rows import split_equation, summary_line
from symcheck.rendering.rules import RULES, explain
from symcheck.rendering.table import cells, digits_counted
from symcheck.rendering.theme import NARROWEST, WIDEST, Theme, detect

REPORTS = [scalar_report(), matrix_report(), file_report()]
NAMES = [report.name for report in REPORTS]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("report", REPORTS, ids=NAMES)
@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("rich", [False, True], ids=["plain", "rich"])
@pytest.mark.parametrize("ascii_only", [False, True], ids=["unicode", "ascii"])
def test_no_line_is_wider_than_the_theme(report: Report, width: int, rich: bool, ascii_only: bool) -> None:
    text = terminal.render(report, Theme(width=width, ascii=ascii_only, rich=rich, color=rich))
    plain = ANSI.sub("", text)
    assert max(map(cells, plain.splitlines())) <= width
    assert plain.isascii() or not ascii_only
    summary = summary_line(report.judgements, len(report.broken))
    assert " ".join(plain.split()).endswith(summary)


def test_plain_text_has_no_rules_and_no_colours() -> None:
    text = terminal.render(scalar_report(), Theme(width=100))
    assert "\x1b" not in text
    assert not set("│─╭╮╰╯|") & set(text)


def test_without_colour_the_drawn_table_still_says_every_verdict() -> None:
    text = terminal.render(matrix_report(), Theme(width=120, rich=True, color=False))
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", text)
    for word in ("proved", "REFUTED", "undecided", "ERROR"):
        assert word in text


def test_derive_shows_every_part() -> None:
    text = terminal.render(scalar_report(), Theme(width=100))
    lines = [line.rstrip() for line in text.splitlines()]
    assert "  e     a + c       scalar  18" in lines
    assert "  h → e  g                 ∂f/∂h * g  ∂f/∂h * g    scalar  900" in lines
    assert "  ∂f/∂a       ∂f/∂h·∂h/∂e·∂e/∂a  -180·(-5)·1        900" in lines
    assert "              ∂f/∂h·∂h/∂g·∂g/∂a  struck: ∂g/∂a = 0  0" in lines
    assert "  — Now with the slip of the notes." in lines
    assert "refuted (as expected) SC104  ∂f/∂h = 16200" in lines
    assert "  claimed 16200, true -180" in lines
    assert "  at a = 23, b = 2, c = -5, d = 7" in lines
    assert "  true: ∂f/∂h = 2*h" in lines
    assert "  follows from ∂f/∂h = 16200 (line 12): right, given that line" in lines
    assert lines[-1] == "4 claims: 2 proved, 2 refuted (as expected), 1 of them follows"
    assert " ms" not in text


def test_a_proof_never_stands_without_its_scope() -> None:
    for report in REPORTS:
        for line in terminal.render(report, Theme(width=160)).splitlines():
            if re.search(r"  proved\b", line):
                assert re.search("all values|all sizes|at the point above| at a = 23", line)


def test_verdicts_against_expectation_are_in_capitals() -> None:
    text = terminal.render(file_report(), Theme(width=120))
    assert "PROVED (expected refuted)" in text
    assert text.endswith("2 claims: 1 PROVED, 1 ERROR; 1 line could not be read\n")


def test_times_only_when_asked() -> None:
    assert re.search(r"  ms\n.*1\.2", terminal.render(scalar_report(), Theme(width=160, timings=True)))
    assert not re.search(r"\bms\b", terminal.render(scalar_report(), Theme(width=160)))


def test_same_report_same_bytes() -> None:
    assert terminal.render(matrix_report()) == terminal.render(matrix_report())


def test_concise_is_one_line_a_claim() -> None:
    lines = concise.render(scalar_report()).splitlines()
    assert lines[0] == "derivations/lecture_b.py:11:15: proved [all values] ∂f/∂h = 2h"
    assert lines[2] == (
        "derivations/lecture_b.py:12:15: refuted (as expected) SC104 ∂f/∂h = 16200: a numeric factor is wrong"
    )
    assert concise.render(file_report()).splitlines()[-1] == "claims.jsonl:7:1: error SC001 no JSON: line 7"


def test_a_method_is_shown_where_it_tells_something() -> None:
    report = scalar_report()
    assert "delta-contracts" not in terminal.render(report, Theme(width=160))
    assert json.loads(json_report.render(report))["claims"][0]["method"] == "delta-contracts"
    first, *others = report.judgements
    argued = replace(first, claim=replace(first.claim, method="reading off"))
    told = terminal.render(replace(report, judgements=(argued, *others)), Theme(width=160))
    assert re.search(r"proved +all values +reading off", told)
    by_induction = replace(first, verdict=Proved("all sizes", ("induction", "delta-contracts")))
    told = terminal.render(replace(report, judgements=(by_induction, *others)), Theme(width=160))
    assert re.search(r"proved +all values +induction  ", told)


def test_where_no_size_occurs_a_proof_is_for_all_values() -> None:
    scalars = terminal.render(scalar_report(), Theme(width=160))
    assert "all values" in scalars
    assert "all sizes" not in scalars
    matrices = terminal.render(matrix_report(), Theme(width=160))
    assert "all sizes" in matrices
    assert "all values" not in matrices
    assert json.loads(json_report.render(scalar_report()))["claims"][0]["scope"] == "all sizes"


@pytest.mark.parametrize(
    ("text", "let"),
    [
        ("s = x.T @ x", "x: n; s = x.T @ x"),
        ("d(x.T @ x)/dx[0] = 2*x[0]", "x: n"),
        ("t*n = n*t", "x: n; t: scalar"),
        ("r*2 = 2*r", "x: n; s = x.T @ x; r = s + 1"),
        ("d(G(g(t)))/dt = d(G(g(t)))/dt", "t: scalar; x: n; g: scalar -> n; G: n -> scalar"),
    ],
)
def test_a_claim_that_rests_on_sizes_is_for_all_sizes(text: str, let: str) -> None:
    (judgement,) = check_formula(text, let)
    assert isinstance(judgement.verdict, Proved)
    assert "[all sizes]" in concise.line(judgement)


def test_very_long_numbers_are_counted_in_text_and_whole_in_json() -> None:
    report = scalar_report()
    old = report.judgements[2]
    assert isinstance(old.verdict, Refuted)
    assert old.verdict.witness is not None
    number = "12345678" + "0" * 192 + "4321/7"
    witness = replace(old.verdict.witness, claimed=number, entries={"a": number})
    message = f"the formula gives {number}, the true value is -180"
    changed = replace(old, verdict=replace(old.verdict, witness=witness, message=message))
    report = replace(report, judgements=(*report.judgements[:2], changed))
    text = terminal.render(report, Theme(width=100))
    assert "the formula gives 12345678…4321 (204 digits)/7, the true value is -180" in text
    assert "a = 12345678…4321 (204 digits)/7" in text
    record = json.loads(json_report.render(report))["claims"][2]
    assert record["witness"]["claimed"] == number
    assert number in record["message"]
    assert digits_counted("3.14159265358979323846") == "3.14159265358979323846"


def test_remarks_are_told_apart_from_claims() -> None:
    report = scalar_report()
    assert report.lecture is not None
    long = Note("word " * 40)
    report = replace(report, lecture=replace(report.lecture, items=(long, *report.lecture.items)))
    lines = terminal.render(report, Theme(width=60)).splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("  — word"))
    assert lines[start + 1].startswith("    word")
    drawn = ANSI.sub("", terminal.render(report, Theme(width=60, rich=True, ascii=True)))
    assert "\n  - Now with the slip of the notes." in drawn


FIELDS = [
    "schema",
    "id",
    "file",
    "line",
    "col",
    "end_line",
    "end_col",
    "claim",
    "verdict",
    "expected",
    "as_expected",
    "scope",
    "code",
    "message",
    "method",
    "rule",
    "side_conditions",
    "oracles",
    "witness",
    "suggestion",
    "true_if",
    "follows",
    "derivative",
    "ms",
    "kind",
    "hint",
    "place",
]


def test_json_has_exactly_the_fields_of_the_contract() -> None:
    data = json.loads(json_report.render(matrix_report()))
    assert list(data) == ["schema", "summary", "claims"]
    assert data["summary"] == {
        "claims": 6,
        "proved": 3,
        "refuted": 1,
        "undecided": 1,
        "error": 1,
        "as_expected": 3,
        "unexpected": 2,
        "broken": 0,
        "follows": 0,
    }
    for claim in data["claims"]:
        assert list(claim) == FIELDS
    refuted = data["claims"][4]
    assert refuted["witness"] == {
        "sizes": {"n": 2, "h": 3, "m": 1},
        "entries": {"b_0": ["1/3", "-2", "5"], "V": [["1", "2"], ["3", "4"], ["-1/7", "0"]]},
        "functions": {"sigma": "t**3 - t"},
        "component": [2],
        "claimed": "-1.2345678901234567890",
        "true": "1.2345678901234567890",
    }
    assert refuted["derivative"] == {"text": "∂ε/∂p", "latex": ""}
    assert [c["as_expected"] for c in data["claims"]] == [True, True, True, False, False, None]
    assert json.loads(json_report.render(file_report()))["claims"][-1]["line"] == 7


def test_jsonl_is_one_object_a_line() -> None:
    judgement = scalar_report().judgements[3]
    line = json_report.line(judgement)
    assert line.count("\n") == 1
    assert json.loads(line)["follows"] == "second-run::∂f/∂h = 16200"
    assert json_report.line(judgement, Theme(ascii=True)).isascii()


def test_the_frame_points_at_the_span() -> None:
    error = ShapeMismatch("U ∂ε/∂q does not contract\nU is (m, h)", hint="write U.T @ d(eps, q)")
    source = "claim(d(eps, y), U @ d(eps, q))"
    error.location = Location("lecture_c.py", 41, 18, 41, 31, source)
    assert frame(error) == (
        "error[SC012]: U ∂ε/∂q does not contract\n"
        "  lecture_c.py:41:18   claim(d(eps, y), U @ d(eps, q))\n"
        f"{' ' * 40}{'~' * 6}^{'~' * 6}\n"
        "  U is (m, h)\n"
        "hint: write U.T @ d(eps, q)"
    )


@pytest.mark.parametrize("width", [60, 100])
def test_a_long_source_is_cut_around_the_caret(width: int) -> None:
    text = "x + " * 200
    place = Location(None, 1, 401, 1, 402, text)
    shown = frame(ShapeMismatch("no", location=place), Theme(width=width)).splitlines()
    assert max(map(cells, shown)) <= width + 1
    assert shown[-1].strip() == "^"
    assert shown[-2][shown[-1].index("^")] == "x"


@pytest.mark.parametrize(
    "place",
    [
        Location("f", 1, 1, 1, 1, ""),
        Location("f", 3, 99, 3, 120, "short"),
        Location(None, 1, 8, 2, 3, "one line\nand another"),
        Location(None, 1, 1, 1, 3, "字 wide"),
    ],
)
def test_any_location_gives_a_frame(place: Location) -> None:
    assert "error[SC000]" in frame(SymcheckError("message", location=place))


def test_the_theme_follows_the_environment() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    assert detect(stream, {}) == Theme()
    assert detect(stream, {"FORCE_COLOR": "1"}).color
    assert detect(stream, {"FORCE_COLOR": "1", "NO_COLOR": "1"}).rich
    assert not detect(stream, {"FORCE_COLOR": "1", "NO_COLOR": "1"}).color
    assert detect(stream, {"COLUMNS": "72"}).width == 72
    assert detect(stream, {"COLUMNS": "7"}).width == NARROWEST
    assert detect(stream, {}, width=1000).width == WIDEST
    assert detect(io.TextIOWrapper(io.BytesIO(), encoding="latin-1"), {}).ascii
    assert detect(io.TextIOWrapper(io.BytesIO(), encoding="ascii"), {}).ascii


def test_equations_are_split_at_the_first_sign_outside_of_brackets() -> None:
    assert split_equation("where(t == 0, 1, 2) = x = y") == ("where(t == 0, 1, 2)", "x = y")
    assert split_equation("f(x)") is None


def test_renderers_are_loaded_by_name_and_rich_only_for_a_terminal() -> None:
    assert all(load(name) for name in ROOMS)
    code = (
        "import sys; sys.path.insert(0, 'tests/rendering'); import report_samples;"
        "from symcheck.rendering import terminal; terminal.render(report_samples.scalar_report());"
        "sys.exit('rich' in sys.modules or 'sympy' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0


def test_every_code_in_the_source_has_a_rule() -> None:
    source = Path(terminal.__file__).parents[1]
    used = {
        code for path in source.rglob("*.py") for code in re.findall(r"\bSC\d{3}\b", path.read_text("utf-8"))
    }
    assert used <= set(RULES)
    assert all(explain(code.lower(), Theme(width=60)) for code in RULES)


def test_samples_point_into_their_text() -> None:
    assert at(3, "x = y").end_col == 20
