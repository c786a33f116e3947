"""``check --format github|sarif|junit``: what machines read, with input that would break out of it."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from symcheck.cli import main
from symcheck.errors import Location, ReadError
from symcheck.language.claim import Claim
from symcheck.language.report import Report
from symcheck.language.verdict import Correction, Judgement, Refuted, Undecided
from symcheck.rendering import github, junit, sarif
from symcheck.rendering.findings import finding
from symcheck.rendering.rules import RULES
from symcheck.rendering.theme import Theme


def line(name: str, claim: str, expected: str = "true") -> str:
    """A line of a claims file: the gradient of x.T @ x by x."""
    record = {"id": name, "symbols": {"x": ["n"]}, "f": "x.T @ x", "wrt": "x", "claim": claim}
    return json.dumps({**record, "expected": expected}) + "\n"


CLAIMS = (
    line("good", "2*x")
    + line("wro\nng ::error::%0A", "x")
    + "{broken\n"
    + line("q<&>", "2*q")
    + line("known", "3*x", "false")
)

DERIVATION = """\
from symcheck import Derivation

one = Derivation("one", title="<script>$$")
one.declare("x: scalar; y = x**2")
one.claim("dy/dx = 2*x")
one.claim("dy/dx = x", note="a, b: 100 % ]]>\\x1b\\x00")
one.claim("dy/dx = 2*x", expect="refuted")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "claims.jsonl").write_text(CLAIMS, encoding="utf-8")
    (tmp_path / "my one, 100%.py").write_text(DERIVATION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["check", *arguments])
    return code, capsys.readouterr().out


EVERYTHING = ("claims.jsonl", "my one, 100%.py")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("form", ["github", "sarif", "junit", "markdown"])
def test_exit_codes_are_those_of_other_formats(capsys: pytest.CaptureFixture[str], form: str) -> None:
    for arguments, code in (
        (("my one, 100%.py", "-k", "dx#2"), 1),
        (("my one, 100%.py", "-k", "nowhere"), 0),
        (("my one, 100%.py", "--exit-zero"), 0),
        (("claims.jsonl",), 2),
        (("missing.py",), 2),
        (("x = x", "--let", "x: n"), 0),
    ):
        assert run(capsys, *arguments, "--format", form)[0] == code, arguments


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("form", ["github", "sarif", "junit", "markdown"])
def test_same_input_same_bytes_on_a_stream_and_in_a_file(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    _, first = run(capsys, *EVERYTHING, "--format", form)
    _, again = run(capsys, *EVERYTHING, "--format", form)
    assert first == again
    run(capsys, *EVERYTHING, "--format", form, "-o", "out")
    assert Path("out").read_text("utf-8") == first


# -- GitHub --------------------------------------------------------------------------------------

COMMAND = re.compile(r"::(error|warning) ((?:\w+=[^,:]*,?)*)::(.*)")


def unescaped(text: str) -> str:
    for code, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


@pytest.mark.usefixtures("folder")
def test_annotations_are_one_line_a_surprise(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(capsys, *EVERYTHING, "--format", "github")
    *lines, last = out.splitlines()
    assert last == (
        "7 claims: 2 proved, 1 PROVED, 1 refuted (as expected), 2 REFUTED, 1 ERROR; 1 line could not be read"
    )
    found = [COMMAND.fullmatch(line) for line in lines]
    assert all(found)
    commands = [
        (dict(field.split("=") for field in match[2].split(",")), unescaped(match[3]))
        for match in found
        if match
    ]
    assert [fields["line"] for fields, _ in commands] == ["2", "3", "4", "6", "7"]
    assert {unescaped(fields["file"]) for fields, _ in commands} == set(EVERYTHING)
    fields, message = commands[3]
    assert (fields["col"], fields["endColumn"], fields["endLine"]) == ("12", "21", "6")
    assert unescaped(fields["title"]).startswith("SC")
    assert message.startswith("dy/dx = x\n")
    assert "note: a, b: 100 % ]]>" in message
    assert "write: dy/dx = 2*x" in message


@pytest.mark.usefixtures("folder")
def test_a_file_that_cannot_be_read_is_annotated(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.py").write_text("from symcheck import Derivation\nDerivation(\n", encoding="utf-8")
    _, out = run(capsys, "bad.py", "--format", "github")
    assert out.startswith("::error file=bad.py,line=2,")
    assert "SC003" in out


def test_what_is_undecided_warns_and_fails_if_strict() -> None:
    for strict, level in ((False, "warning"), (True, "error")):
        found = finding(_undecided(), strict=strict)
        assert found is not None
        assert found.level == level
        assert github.line(found).startswith(f"::{level} title=SC202 undecided%3A budget::")


def _undecided() -> Judgement:
    return Judgement(Claim("u", "u = v", None), Undecided("SC202", "a budget ran out"))


# -- SARIF ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
def test_sarif_has_a_result_a_surprise_with_rule_and_region(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(capsys, *EVERYTHING, "missing.py", "--format", "sarif")
    log = json.loads(out)
    assert log["version"] == "2.1.0"
    (sarif_run,) = log["runs"]
    driver = sarif_run["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == [*RULES, "unexpected"]
    assert len({rule["name"] for rule in driver["rules"]}) == len(driver["rules"])
    assert len(sarif_run["results"]) == 5
    for result in sarif_run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == "error"
        assert result["message"]["text"]
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert uri in ("claims.jsonl", "my%20one%2C%20100%25.py")
        region = location["physicalLocation"]["region"]
        assert (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"])
    squiggle = sarif_run["results"][3]["locations"][0]["physicalLocation"]["region"]
    assert squiggle == {"startLine": 6, "startColumn": 12, "endLine": 6, "endColumn": 21}
    assert sarif_run["results"][4]["ruleId"] == "unexpected"
    (invocation,) = sarif_run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "missing.py" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def refuted_with_correction() -> Judgement:
    """A claim of a file, with the edit that mends it."""
    line = "dy/dx = x"
    place = Location("a b.py", 6, 12, 6, 21, f'one.claim("{line}")')
    correction = Correction("2*x", "2 x", (8, 9), "x", "2*x")
    verdict = Refuted("SC104", "a factor is wrong", correction=correction)
    return Judgement(Claim("one::dy/dx", line, None, location=place, line=line), verdict)


def test_a_correction_is_a_fix() -> None:
    log = json.loads(sarif.render(Report("one", (refuted_with_correction(),))))
    (result,) = log["runs"][0]["results"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "a%20b.py"}
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 6, "startColumn": 20, "endLine": 6, "endColumn": 21},
            "insertedContent": {"text": "2*x"},
        }
    ]
    assert "write: dy/dx = 2*x" in result["message"]["text"]
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": True}]


# -- JUnit ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
def test_junit_has_a_suite_a_file_and_a_case_a_claim(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(capsys, *EVERYTHING, "missing.py", "--format", "junit")
    root = ElementTree.fromstring(out)
    names = [suite.get("name") for suite in root]
    assert names == [*EVERYTHING, "symcheck"]
    claims, one, other = root
    counts = ("tests", "failures", "errors", "skipped")
    assert [claims.get(name) for name in counts] == ["5", "1", "2", "0"]
    assert [one.get(name) for name in counts] == ["3", "2", "0", "0"]
    assert [other.get(name) for name in counts] == ["1", "0", "1", "0"]
    assert [root.get(name) for name in counts] == ["9", "3", "3", "0"]
    cases = [(case.get("name"), [child.tag for child in case]) for case in claims]
    assert cases == [
        ("good", []),
        ("wro ng ::error::%0A", ["failure"]),
        ("q<&>", ["error"]),
        ("known", []),
        ("claims.jsonl:3", ["error"]),
    ]
    failure = one[1][0]
    assert failure.tag == "failure"
    assert failure.get("type") in RULES
    assert failure.text is not None
    assert failure.text.startswith("dy/dx = x\n")
    assert "100 % ]]>\\x1b\\x00" in failure.text
    assert one[1].get("line") == "6"
    assert "time=" not in out


@pytest.mark.usefixtures("folder")
def test_junit_tells_times_if_asked(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(capsys, "claims.jsonl", "--format", "junit", "--timings")
    root = ElementTree.fromstring(out)
    times = [float(case.get("time", "-1")) for case in root[0]]
    assert times[0] > 0
    assert float(root.get("time", "-1")) == pytest.approx(sum(t for t in times if t > 0), abs=1e-4)


def test_junit_skips_what_is_undecided_and_stays_xml() -> None:
    shown = _undecided()
    nasty = replace(shown.claim, text='"]]>\x00\ud800\ufffe<a b="c">&', id="a\nb\x07")
    root = ElementTree.fromstring(junit.render(Report("r", (replace(shown, claim=nasty),)), Theme()))
    (suite,) = root
    (case,) = suite
    assert case.get("name") == "a b\\x07"
    assert case[0].tag == "skipped"
    assert suite.get("skipped") == "1"
    assert case[0].text is not None
    assert '"]]>\\x00\\xd800\\xfffe<a b="c">&' in case[0].text


def test_a_contradiction_is_an_error_of_the_run() -> None:
    error = ReadError("one\ntwo", hint="three")
    root = ElementTree.fromstring(junit.document([], errors=[error]))
    assert root[0][0][0].text == "one\ntwo\nhint: three"
    log = json.loads(sarif.document([], errors=[error]))
    (note,) = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "one\ntwo\nhint: three"
    assert note["associatedRule"] == {"id": "SC001"}
