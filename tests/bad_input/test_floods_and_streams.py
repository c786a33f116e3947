"""Input without measure, streams that fail, and what every output format promises about what was done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from symcheck.cli import main
from symcheck.cli.targets import is_formula

Run = Callable[..., tuple[int, str, str]]

SQUARE = {"symbols": {"x": []}, "f": "x**2", "wrt": "x", "claim": "2*x", "expected": "true"}

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
    "kind",
    "suggestion",
    "true_if",
    "follows",
    "derivative",
    "ms",
    "kind",
    "hint",
    "place",
]
"""The fields of one claim in JSON, in their order: a contract."""

ONE_SCREEN = 25


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command: (exit code, stdout, stderr)."""
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    """A right claim, a broken line, a wrong claim that is expected to be right, and a wrong one."""
    path = tmp_path / "claims.jsonl"
    rows = [
        json.dumps(SQUARE | {"id": "right"}),
        "{broken",
        json.dumps(SQUARE | {"id": "surprise", "claim": "3*x"}),
        json.dumps(SQUARE | {"id": "wrong", "claim": "x", "expected": "false"}),
    ]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


# -- without measure -------------------------------------------------------------------------------


FLOODS = [
    ("nested brackets", "(" * 10_000 + "x" + ")" * 10_000 + " = x", "x: scalar", 2, "SC002"),
    ("brackets never closed", "[" * 10_000 + " = x", "x: scalar", 2, "SC00"),
    ("one bracket never closed", "sin(x = x", "x: scalar", 2, "SC001"),
    ("signs", "-" * 10_000 + "x = x", "x: scalar", 2, "SC002"),
    ("calls", "sin(" * 5_000 + "x" + ")" * 5_000 + " = x", "x: scalar", 2, "SC002"),
    ("transposes", "A" + ".T" * 20_000 + " = A", "A: n n", 2, "SC002"),
    ("a tower of powers", "**".join(["x"] * 3_000) + " = x", "x: scalar", 2, "SC002"),
    ("a long sum", "+".join(["x"] * 12_000) + " = x", "x: scalar", 2, "SC002"),
    ("a long name", "a" * 10_000 + " = x", "x: scalar", 2, "SC010"),
    ("a large exponent", "x**1000000000 = 1", "x: scalar", 2, "SC002"),
    ("a large negative exponent", "x**-1000000000 = 1", "x: scalar", 2, "SC002"),
    ("a power of powers", "2**(2**(2**(2**(2**2)))) = 1", "x: scalar", 2, "SC002"),
    ("a long number", "x = " + "7" * 5_000, "x: scalar", 2, "SC002"),
    ("a number with a long exponent", "x = 1e-99999999999", "x: scalar", 2, "SC002"),
    ("a long number in a witness", "x = 1e400", "x: scalar", 1, "SC119"),
    ("a large matrix in a witness", "det(A) = 1", "A: 30 30", 1, "REFUTED"),
    ("a large size", "x = x", "x: 1000000000", 2, "SC002"),
    ("many names", "y = 1", ";".join(f"a{k}: n" for k in range(2_000)), 2, "SC010"),
    ("a long declaration", "x = 1", "a" * 10_000, 2, "SC001"),
    ("a NUL", "x = \0", "x: scalar", 2, "SC001"),
    ("a lone surrogate", "x = \udcff", "x: scalar", 2, "SC001"),
]


@pytest.mark.parametrize(
    ("text", "let", "code", "said"), [row[1:] for row in FLOODS], ids=[row[0] for row in FLOODS]
)
def test_input_without_measure_is_told_on_one_screen(
    run: Run, text: str, let: str, code: int, said: str
) -> None:
    got, out, err = run("check", text, "--let", let)
    assert got == code
    assert said in out + err
    assert "Traceback" not in out + err
    assert len((out + err).splitlines()) <= ONE_SCREEN


@pytest.mark.parametrize("form", ["full", "concise", "json", "jsonl"])
def test_every_format_survives_a_flood(run: Run, form: str) -> None:
    code, out, err = run(
        "check", "(" * 10_000 + "x" + ")" * 10_000 + " = x", "--let", "x: scalar", "--format", form
    )
    assert (code, err) == (2, "")
    assert "SC002" in out


def test_a_file_of_random_bytes_is_told_on_one_screen(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "random.jsonl"
    path.write_bytes(b"\n".join(bytes([200 + k % 50, 10 + k % 3, 255]) for k in range(300)))
    code, out, err = run("check", path)
    assert (code, err) == (2, "")
    assert "SC003" in out
    assert "lines could not be read" in out.splitlines()[-1]
    assert len(out.splitlines()) <= ONE_SCREEN
    records = [json.loads(line) for line in run("check", path, "--format", "jsonl")[1].splitlines()]
    assert len(records) >= 300
    assert {record["verdict"] for record in records} == {"error"}


def test_a_record_nested_without_end_is_a_broken_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "deep.jsonl"
    path.write_text("[" * 100_000 + "\n" + json.dumps(SQUARE | {"id": "right"}) + "\n", "utf-8")
    code, out, _ = run("check", path, "--format", "concise")
    assert code == 2
    assert "deep.jsonl:1" in out
    assert "proved" in out


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("sin(x = x", True),  # an argument whose brackets are not closed is told as a formula
        ("f(a=1)", False),
        ("f(a=1) = 2", True),
        ("two-layer", False),
    ],
)
def test_what_counts_as_a_formula(text: str, verdict: bool) -> None:
    assert is_formula(text) is verdict


# -- arguments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", ""], "empty"),
        (["check", "  "], "empty"),
        (["derive", ""], "empty"),
        (["check", "x = x", "--let", ""], "empty"),
        (["--chekc"], "no option '--chekc' for symcheck"),
        (["check", "x", "--let", "x: n"], "no derivation is called 'x'"),
        (["check", "a" * 10_000], "no derivation is called"),
        (["check", "x = x", "--let", "x: 0"], "from 1 on"),
        (["check", "x = x", "--let", "x = x + 1"], "x is not declared"),
        (["check", "x = x", "--let", "x: n", "--assume", "dim n == 0"], "SC014"),
        (["check", "x = x", "--let", "x: n", "--assume", "x symmetric"], "square matrix"),
    ],
)
def test_arguments_without_sense_are_told_in_a_line_or_two(run: Run, arguments: list[str], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) <= 5


@pytest.mark.parametrize("target", ["folder", "missing/report.txt"])
def test_an_output_that_cannot_be_written_is_told_before_anything_is_judged(
    run: Run, claims: Path, target: str
) -> None:
    (claims.parent / "folder").mkdir()
    code, out, err = run("check", claims, "-o", claims.parent / target)
    assert (code, out) == (2, "")
    assert "cannot write" in err


def test_a_folder_runs_only_files_that_call_the_builder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mention.py").write_text('text = "Derivation("\nraise SystemExit("ran")\n', "utf-8")
    (tmp_path / "inside.py").write_text(
        "def make():\n    return Derivation('a')\nraise SystemExit('ran')\n", "utf-8"
    )
    code, out, err = run("check", tmp_path)
    assert (code, out) == (2, "")
    assert "no derivations (.py) and no claims files (.jsonl)" in err


def test_a_file_that_cannot_be_opened_costs_only_itself(run: Run, claims: Path) -> None:
    # a folder in place of a file cannot be read by anyone, root included
    (claims.parent / "derivation.py").mkdir()
    code, out, err = run("check", claims.parent / "derivation.py", claims, "--format", "concise")
    assert code == 2
    assert "no derivations" in err
    assert "proved" in out


# -- formats and switches --------------------------------------------------------------------------


def test_jsonl_has_the_fields_of_the_contract(run: Run, claims: Path) -> None:
    code, out, err = run("check", claims, "--format", "jsonl")
    assert (code, err) == (2, "")
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["verdict"] for record in records] == ["proved", "error", "refuted", "refuted"]
    assert [record["as_expected"] for record in records] == [True, False, False, True]
    for record in records:
        assert list(record) == FIELDS
        assert record["schema"] == 1
    witness = records[2]["witness"]
    assert list(witness) == ["sizes", "entries", "functions", "component", "claimed", "true"]
    assert float(witness["claimed"]) == 1.5 * float(witness["true"])
    assert records[0]["scope"] == "all sizes"
    assert records[0]["witness"] is None


def test_json_is_one_document_with_a_summary(run: Run, claims: Path) -> None:
    code, out, _ = run("check", claims, "--format", "json")
    document = json.loads(out)
    assert code == 2
    assert list(document) == ["schema", "summary", "claims"]
    assert document["summary"]["claims"] == 3
    assert document["summary"]["broken"] == 1
    assert document["summary"]["unexpected"] == 1
    for record in document["claims"]:
        assert list(record) == FIELDS


def test_concise_is_a_line_a_claim(run: Run, claims: Path) -> None:
    _, out, _ = run("check", claims, "--format", "concise")
    assert [line.split(":")[1] for line in out.splitlines()] == ["1", "2", "3", "4"]


def test_selection_stop_and_leniency(run: Run, claims: Path) -> None:
    assert "surprise" not in run("check", claims, "-k", "right", "--format", "json")[1]
    code, out, _ = run("check", claims, "-x", "--format", "concise")
    assert code == 2
    assert len(out.splitlines()) == 3  # the broken line is none of the claims, the surprise ends the run
    wrong = ("check", "d(x**2)/dx = x", "--let", "x: scalar")
    assert run(*wrong)[0] == 1
    assert run(*wrong, "--exit-zero")[0] == 0
    # what could not be read is no verdict: it is not forgiven
    assert run("check", claims, "--exit-zero")[0] == 2


def test_undecided_counts_only_with_strict(run: Run) -> None:
    claim = ("check", "exp(exp(exp(exp(exp(9))))) = 1")
    code, out, _ = run(*claim)
    assert "undecided" in out
    assert code == 0
    assert run(*claim, "--strict")[0] == 1


def test_a_file_gets_what_stdout_would_have(run: Run, claims: Path) -> None:
    target = claims.parent / "report.json"
    _, plain, _ = run("check", claims, "--format", "json")
    code, out, _ = run("check", claims, "--format", "json", "-o", target)
    assert (code, out) == (2, "")
    written, printed = json.loads(target.read_text("utf-8")), json.loads(plain)
    for document in (written, printed):
        for record in document["claims"]:
            del record["ms"]
    assert written == printed


# -- streams ---------------------------------------------------------------------------------------


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """A line of shell in which ``$symcheck`` is the command."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "symcheck": f"{sys.executable} -m symcheck",
    }
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        "$symcheck list | head -n 1",
        "$symcheck rule | true",
        "$symcheck check claims.jsonl --format jsonl | head -c 10",
        "$symcheck check claims.jsonl >&-",
        "$symcheck chekc 2>&-",
    ],
)
def test_a_closed_stream_ends_quietly(claims: Path, command: str) -> None:
    done = shell(command, claims.parent)
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_told(claims: Path) -> None:
    done = shell("$symcheck check claims.jsonl > /dev/full", claims.parent)
    assert done.returncode == 2
    assert done.stderr.startswith(b"symcheck: cannot go on: ")
    assert len(done.stderr.splitlines()) == 1


def test_arguments_that_are_no_utf8_are_told(claims: Path) -> None:
    done = shell("$symcheck check \"$(printf 'x = \\377')\" --let 'x: scalar'", claims.parent)
    assert done.returncode == 2
    assert b"SC001" in done.stdout
    assert done.stderr == b""
