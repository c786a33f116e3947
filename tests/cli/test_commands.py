"""The command line through its door: exit codes, formats, near misses, streams."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from symcheck import api
from symcheck.cli import checking, deriving, main
from symcheck.cli.deriving import read_point, read_sizes
from symcheck.cli.selecting import matcher
from symcheck.cli.targets import is_formula
from symcheck.errors import Contradiction, UsageError
from symcheck.language.verdict import Failed, Undecided

ROOT = Path(__file__).parents[2]

DERIVATION = """
from symcheck.api import Derivation

LECTURES = [{"name": "one", "title": "One", "lecture": "", "claims": 3, "slips": 1}]
one = Derivation("one", title="One square")
one.declare("x: scalar; y = x**2")
one.at(x=3)
one.claim("dy/dx = 2*x = 6")
one.note("A remark.")
one.claim("dy/dx = x", expect="refuted", note="the 2 is lost")
"""

RECORD = {"id": "S1", "symbols": {"x": []}, "f": "x**2", "wrt": "x", "claim": "2*x", "expected": "true"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A derivation, a claims file with a broken line, and a Python file that is none of ours."""
    (tmp_path / "one.py").write_text(DERIVATION, encoding="utf-8")
    records = [RECORD, RECORD | {"id": "S2", "claim": "x", "expected": "false"}]
    lines = [json.dumps(records[0]), "{broken", json.dumps(records[1])]
    (tmp_path / "claims.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "other.py").write_text("raise SystemExit('must not run')", encoding="utf-8")
    return tmp_path


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command: (exit code, stdout, stderr)."""
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


# -- formulas ------------------------------------------------------------------------------------


def test_a_right_formula_is_proved(run: Run) -> None:
    code, out, err = run("check", "d(x.T @ A @ x)/dx = (A + A.T) @ x", "--let", "x: n; A: n n")
    assert (code, err) == (0, "")
    assert "proved   all sizes" in out
    assert out.endswith("1 claim: 1 proved\n")


def test_an_inequality_is_a_formula_too(run: Run) -> None:
    code, out, err = run("check", "0 < d(sigmoid(x))/dx <= 1/4", "--let", "x: scalar")
    assert (code, err) == (0, "")
    assert out.endswith("2 claims: 2 proved\n")
    code, out, _ = run("check", "d(sigmoid(x))/dx < 1/4", "--let", "x: scalar")
    assert code == 1
    assert "both sides are 1/4, so < does not hold\n  at x = 0" in out


def test_an_assumed_order_is_named_with_the_limit_that_needs_it(run: Run) -> None:
    claim = ("check", "lim(w → ∞, sigmoid(w·(x - a))) = 0", "--let", "w: scalar; x: scalar; a: scalar")
    assert run(*claim)[0] == 1
    code, out, _ = run(*claim, "--assume", "x < a")
    assert code == 0
    assert "x < a" in out


def test_a_wrong_formula_is_refuted_with_a_witness(run: Run) -> None:
    code, out, _ = run("check", "d(x**2)/dx = x", "--let", "x: scalar")
    assert code == 1
    assert "REFUTED" in out
    assert "at x = " in out
    assert run("check", "d(x**2)/dx = x", "--let", "x: scalar", "--exit-zero")[0] == 0


def test_assumptions_and_conventions_are_passed_on(run: Run) -> None:
    claim = ("check", "d(x.T @ A @ x)/dx = 2*A @ x", "--let", "x: n", "--let", "A: n n")
    assert run(*claim)[0] == 1
    code, out, _ = run(*claim, "--assume", "A symmetric")
    assert code == 0
    assert "A symmetric" in out


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("a = b", True),
        ("f(a=1)", False),
        ("x + y", False),
        ("sum(i, x[i]) = 0", True),
        ("0 < x**2 + 1", True),
        ("1 ≥ x", True),
        ("where(x > 0, 1, 2)", False),
        ("[x > a]", False),
        ("lim(x -> 0, x)", False),
    ],
)
def test_an_argument_is_a_formula_if_it_has_a_sign_outside_of_brackets(text: str, verdict: bool) -> None:
    assert is_formula(text) is verdict


@pytest.mark.parametrize(
    "text",
    ["d(x**2)/dx = 2*y", "x = = y", "x = )", "x = 2 3", "=", "d(x**2)/dx = 2*x @ x", "x = ((((", "ж = 1"],
)
def test_a_formula_that_cannot_be_read_is_told_with_a_caret(run: Run, text: str) -> None:
    code, out, err = run("check", text, "--let", "x: scalar")
    assert code == 2
    assert "error[SC0" in out + err
    assert "Traceback" not in err
    assert "^" in out + err


# -- files ---------------------------------------------------------------------------------------


def test_a_folder_is_searched_and_a_broken_line_does_not_stop_it(run: Run, folder: Path) -> None:
    code, out, err = run("check", folder)
    assert code == 2
    assert err == ""
    assert "claims.jsonl:2: no JSON" in out
    assert (
        out.splitlines()[-1]
        == "in all, 5 claims: 3 proved, 2 refuted (as expected); 1 line could not be read"
    )


def test_one_derivation_of_a_file(run: Run, folder: Path) -> None:
    code, out, _ = run("check", f"{folder / 'one.py'}::one")
    assert code == 0
    assert "one  One square" in out
    assert "refuted (as expected)" in out
    code, _, err = run("check", f"{folder / 'one.py'}::two")
    assert code == 2
    assert "it holds one" in err


def test_jsonl_and_json_tell_the_same(run: Run, folder: Path) -> None:
    _, lines, _ = run("check", folder / "claims.jsonl", "--format", "jsonl")
    records = [json.loads(line) for line in lines.splitlines()]
    assert [r["verdict"] for r in records] == ["proved", "error", "refuted"]
    assert [r["line"] for r in records] == [1, 2, 3]
    _, whole, _ = run("check", folder / "claims.jsonl", "--output-format", "json")
    data = json.loads(whole)
    assert data["summary"]["claims"] == 2
    assert data["summary"]["broken"] == 1
    assert sorted(c["id"] for c in data["claims"]) == sorted(r["id"] for r in records)


def test_concise_names_the_place(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    _, out, _ = run("check", "one.py", "--format", "concise")
    assert out.splitlines()[0].startswith("one.py:8:")
    assert ": proved [all values] dy/dx = 2*x" in out.splitlines()[0]


def test_selection_and_stop(run: Run, folder: Path) -> None:
    _, out, _ = run("check", folder / "claims.jsonl", "-k", "S2", "--format", "concise")
    assert "S2" not in out.splitlines()[0]
    assert len([line for line in out.splitlines() if "refuted" in line]) == 1
    wrong = ["d(x**2)/dx = x", "d(x**3)/dx = x"]
    code, out, _ = run("check", *wrong, "--let", "x: scalar", "-x", "--format", "concise")
    assert code == 1
    assert len(out.splitlines()) == 1


def test_several_processes_give_the_same_bytes(run: Run, folder: Path) -> None:
    rows = [
        RECORD | {"id": f"S{k}", "claim": f"{k}*x", "expected": "true" if k == 2 else "false"}
        for k in range(9)
    ]
    path = folder / "many.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    one = run("check", path, "--format", "concise")
    two = run("check", path, "--format", "concise", "--jobs", "3")
    assert one == two
    assert one[0] == 0


def test_output_goes_to_a_file(run: Run, folder: Path) -> None:
    target = folder / "report.txt"
    code, out, _ = run("check", folder / "one.py", "-o", target)
    assert (code, out) == (0, "")
    assert "∂" not in target.read_text("utf-8") or "proved" in target.read_text("utf-8")
    code, _, err = run("check", folder / "one.py", "-o", folder / "no" / "where.txt")
    assert code == 2
    assert "cannot write" in err


def test_unreadable_files_are_told_after_the_rest_is_judged(run: Run, folder: Path) -> None:
    (folder / "bad.py").write_text("Derivation(\n", encoding="utf-8")
    (folder / "latin.py").write_bytes(b"# Derivation( \xff\n")
    (folder / "fails.py").write_text("x = 1/0\nDerivation('a')\n", encoding="utf-8")
    code, out, err = run("check", folder, folder / "missing.jsonl", folder / "one.py")
    assert code == 2
    assert err.count("error[SC003]") == 3
    assert "there is no file" in err
    assert "in all, 8 claims" in out


# -- derive, export, list, rule, doctor ------------------------------------------------------------


def test_derive_prints_tables_and_verdicts(run: Run, folder: Path) -> None:
    code, out, _ = run("derive", folder / "one.py", "--oracle", "none")
    assert code == 0
    for part in (
        "Forward",
        "Chain rule, from y back to the inputs",
        "Claims",
        "A remark.",
        "3 claims: 2 proved",
    ):
        assert part in out


def test_derive_at_another_point(run: Run, folder: Path) -> None:
    code, out, _ = run("derive", folder / "one.py", "--at", "x=1/2", "--oracle", "none", "--format", "json")
    assert code == 1
    assert [c["verdict"] for c in json.loads(out)["claims"]] == ["proved", "refuted", "refuted"]
    assert run("derive", folder / "one.py", "--at", "z=1")[0] == 2
    assert run("derive", folder / "one.py", "--at", "x")[0] == 2


def test_derive_as_latex(run: Run, folder: Path) -> None:
    code, out, _ = run("derive", folder / "one.py", "--format", "latex", "--oracle", "none")
    assert code == 0
    assert r"\begin{align*}" in out
    assert "documentclass" not in out


def test_export_writes_a_file_each(run: Run, folder: Path) -> None:
    target = f"{folder / 'one.py'}::one"
    code, out, err = run("export", target, "--standalone", "-o", folder / "out", "--oracle", "none")
    assert (code, out) == (0, "")
    assert "wrote" in err
    assert (folder / "out" / "one.tex").read_text("utf-8").startswith("\\documentclass")
    code, out, _ = run("export", target, "--to", "json", "--oracle", "none")
    assert json.loads(out)["summary"]["claims"] == 3
    assert run("export")[0] == 2


def test_several_names_make_one_document_on_stdout(run: Run, folder: Path) -> None:
    target = f"{folder / 'one.py'}::one"
    code, out, _ = run("export", target, "sigmoid", "--oracle", "none", "--standalone")
    assert code == 0
    assert out.count("\\documentclass") == out.count("\\end{document}") == 1
    assert out.count("\n\\section{") == 2
    assert "\\tableofcontents" in out
    code, out, _ = run("export", target, "sigmoid", "--oracle", "none")
    assert "\\documentclass" not in out
    assert out.count("% needs amsmath") == 1


def test_export_of_all_makes_a_book_besides(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{folder / 'one.py'}::one", "sigmoid"]
    monkeypatch.setattr(deriving, "list_lectures", lambda: [SimpleNamespace(name=name) for name in names])
    asked = ("export", "--all", "--oracle", "none", "--standalone", "-o")
    code, _, err = run(*asked, folder / "out")
    assert code == 0
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["book.tex", "one.tex", "sigmoid.tex"]
    assert err.count("wrote") == 3
    assert "\\tableofcontents" in (folder / "out" / "book.tex").read_text("utf-8")
    run(*asked[:-2], "-o", folder / "parts")
    assert sorted(path.name for path in (folder / "parts").iterdir()) == ["one.tex", "sigmoid.tex"]


def test_list_names_the_lectures_without_running_them(run: Run) -> None:
    code, out, _ = run("list")
    assert code == 0
    assert "two-layer" in out
    names = [entry["name"] for entry in json.loads(run("list", "--json")[1])]
    assert "two-layer" in names
    assert len(names) == len(set(names))


def test_rules(run: Run) -> None:
    assert "SC900" in run("rule")[1]
    assert run("rule", "sc101")[1].startswith("SC101: transpose")
    code, _, err = run("rule", "SC1O1")
    assert code == 2
    assert "Did you mean" in err


def test_the_doctor_proves_and_refutes(run: Run) -> None:
    code, out, _ = run("doctor")
    assert code == 0
    assert "d(x**2)/dx = 2*x: proved" in out
    assert "d(x**2)/dx = x: refuted" in out


# -- wrong usage -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc"], "no command 'chekc'. Did you mean 'check'?"),
        (["check", "--fromat", "json", "a = b"], "Did you mean '--format'?"),
        (["check", "--format", "xml", "a = b"], "invalid choice"),
        (["check"], "required"),
        (["derive", "squard-product"], "squared-product"),
        (["derive", "nosuch.py"], "there is no file nosuch.py"),
        (["check", "claims/nosuch.jsonl"], "there is no file"),
        (["check", "a = b", "--jobs", "0"], "--jobs"),
        (["check", "a = b", "--timeout", "0"], "--timeout"),
        (["check", "a = b", "-k", "(a"], "-k"),
        (["check", "a = b", "-k", "a b"], "-k"),
        ([], "check"),
    ],
)
def test_wrong_usage_is_told_in_one_screen(run: Run, arguments: list[str], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) <= 4
    assert "Traceback" not in err


def test_help_and_version(run: Run) -> None:
    for arguments in (["--help"], ["check", "--help"], ["--version"]):
        code, out, _ = run(*arguments)
        assert code == 0
        assert "symcheck" in out


# -- what the engine may answer ----------------------------------------------------------------------


def test_undecided_fails_only_when_strict(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = next(iter(api.check_claims(api.read_formula("d(x**2)/dx = 2*x", ["x: scalar"]))))
    undecided = type(judged)(judged.claim, Undecided("SC201", "no law for f", "name f"))

    def nothing(*_: Any, **__: Any) -> Iterator[Any]:
        yield undecided

    monkeypatch.setattr(checking.api, "check_claims", nothing)
    code, out, _ = run("check", "a = a", "--let", "a: scalar")
    assert code == 0
    assert "undecided SC201" in out
    assert "try: name f" in out
    assert run("check", "a = a", "--let", "a: scalar", "--strict")[0] == 1


def test_a_contradiction_is_code_3_and_what_was_done_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = next(iter(api.check_claims(api.read_formula("d(x**2)/dx = 2*x", ["x: scalar"]))))

    def contradicting(*_: Any, **__: Any) -> Iterator[Any]:
        yield type(judged)(judged.claim, Failed(Contradiction("prover and balls disagree")))

    monkeypatch.setattr(checking.api, "check_claims", contradicting)
    code, out, err = run("check", "a = a", "--let", "a: scalar")
    assert code == 3
    assert "1 ERROR" in out
    assert "SC900" in out + err


def test_ctrl_c_prints_what_is_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = next(iter(api.check_claims(api.read_formula("d(x**2)/dx = 2*x", ["x: scalar"]))))

    def interrupted(*_: Any, **__: Any) -> Iterator[Any]:
        yield judged
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "in_processes", interrupted)
    code, out, err = run("check", "a = a", "--let", "a: scalar")
    assert code == 130
    assert "1 claim: 1 proved" in out
    assert "interrupted" in err
    monkeypatch.setattr(deriving.api, "derive", interrupted)


# -- streams ---------------------------------------------------------------------------------------


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own."""
    env = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "NO_COLOR", "COLUMNS")}
    command = [sys.executable, "-m", "symcheck", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env | environment, capture_output=True, timeout=120)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_other_encodings_get_ascii_and_never_a_crash(encoding: str) -> None:
    done = process("check", "∂y/∂x = 2x", "--let", "x: scalar; y = x**2", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert b"dy/dx = 2x" in done.stdout


def test_forced_colours_draw_tables_and_no_color_wins() -> None:
    arguments = ("check", "d(x**2)/dx = x", "--let", "x: scalar")
    drawn = process(*arguments, FORCE_COLOR="1", COLUMNS="80").stdout.decode()
    assert "╭" in drawn
    assert "\x1b[1;31mREFUTED" in drawn
    bare = process(*arguments, FORCE_COLOR="1", NO_COLOR="1").stdout.decode()
    assert "31m" not in bare
    assert "╭" not in process(*arguments).stdout.decode()


def test_a_closed_stdout_ends_quietly() -> None:
    command = f"{sys.executable} -m symcheck check derivations --format concise | head -n 1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, timeout=120)
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [["list"], ["--help"], ["rule"], ["check", "d(x**2)/dx = 2*x", "--let", "x: scalar"]]
)
def test_neither_sympy_nor_rich_is_imported_for_text(arguments: list[str]) -> None:
    code = (
        "import sys; from symcheck.cli import main; main(sys.argv[1:]);"
        "sys.exit(bool({'sympy', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr


# -- small readers -----------------------------------------------------------------------------------


def test_points_are_exact() -> None:
    assert str(read_point("a=0.1, x=[1,[2,1/3]]")) == str(read_point("a=1/10,x=[1, [2, 1/3]]"))
    assert read_point("") is None
    assert read_sizes("n=3, m=2") == {"n": 3, "m": 2}
    for wrong in ("a", "a=", "a=x", "a=1/0"):
        with pytest.raises(UsageError):
            read_point(wrong)
    with pytest.raises(UsageError):
        read_sizes("n=0")


def test_selections_read_like_pytests() -> None:
    chosen = matcher("softmax and not (sign or factor)")
    assert chosen("Softmax::J")
    assert not chosen("softmax/sign")
    assert matcher("a or b and c")("a")
    assert matcher("")("anything")


def test_a_stream_without_an_encoding_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["rule", "SC101"]) == 0
    assert stream.getvalue().startswith("SC101")
