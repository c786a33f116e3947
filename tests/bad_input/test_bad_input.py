"""Bad input: one clear screen, the documented exit code, no traceback, nothing already done lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from symcheck.cli import checking, main

GOOD = {
    "symbols": {"x": []},
    "f": "x**2",
    "wrt": "x",
    "claim": "2*x",
    "expected": "true",
    "convention": "derivative",
}

FORMULAS = [
    # text, declarations, exit code, what must be said
    ("∂ε/∂x = W @ x", "x: n; W: n m; ε: scalar", 2, ["(n, m)", "(n)", "~"]),
    ("W @ y = y", "y: n; W: m n; w: n", 1, ["SC100", "(m)", "(n)"]),
    ("W @ x = 0", "x: n; W: m n; w: n", 1, ["refuted"]),
    ("alpah*x = x", "x: scalar; alpha: scalar", 2, ["alpah", "alpha"]),
    ("softmx(x) = x", "x: n", 2, ["softmx", "softmax"]),
    ("1/0 = 1/0", "x: scalar", 1, ["SC030"]),
    ("1/(x - x) = 2", "x: scalar", 1, ["SC030"]),
    ("log(-x) = log(x)", "x: scalar", 1, ["SC030"]),
    ("exp(x*100000000000) = 1", "x: scalar", 1, ["refuted"]),
    ("exp(exp(exp(exp(exp(9))))) = 1", "x: scalar", 0, ["undecided", "SC202"]),
    ("sumall(x) = sum(i, j, x[i,j])", "x: 100000 100000", 0, ["undecided", "SC202", "smaller"]),
    ("9**9**9 = 1", "x: scalar", 2, ["SC002"]),
    ("x**(10**9) = 1", "x: scalar", 2, ["SC002"]),
    ("(" * 10_000 + "x" + ")" * 10_000 + " = x", "x: scalar", 2, ["SC002"]),
    ("x = = x", "x: scalar", 2, ["SC001"]),
    ("x + = x", "x: scalar", 2, ["SC001"]),
    ("= x", "x: scalar", 2, ["SC001"]),
    ("x @ y.T = 1", "x: n; y: n", 2, ["outer"]),
    ("sum(i, x[i]*A[j,i]*y[i]) = 1", "x: n; y: m; A: m n", 2, ["SC013"]),
    ("__import__('os').system('true') = 1", "x: scalar", 2, ["SC0"]),
]


@pytest.mark.parametrize(("text", "let", "code", "said"), FORMULAS, ids=lambda v: str(v)[:40])
def test_a_bad_formula_is_told_on_one_screen(
    text: str, let: str, code: int, said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", text, "--let", let]) == code
    out, err = capsys.readouterr()
    printed = out + err
    assert "Traceback" not in printed
    assert len(printed.splitlines()) <= 25
    for word in said:
        assert word.lower() in printed.lower(), f"{word!r} is not said"


COMMANDS = [
    (["chekc"], 2, "did you mean 'check'"),
    (["derive", "two-layr"], 2, "two-layer"),
    (["check", "no-such-file.jsonl"], 2, "no-such-file.jsonl"),
    (["check", "no-such-file.py"], 2, "no-such-file.py"),
    (["check", "."], 2, ""),
    (["check", "d(x)/dx"], 2, "="),
    (["check", "x = x", "--let", "x: : n"], 2, ""),
    (["check", "x = x", "--let", "x: n", "--assume", "x symmetricc"], 2, "symmetric"),
    (["check", "x = x", "--let", "x: n", "--format", "ful"], 2, "full"),
    (["derive", "squared-product", "--at", "a=oops"], 2, "oops"),
    (["derive", "squared-product", "--wrt", "zz"], 2, "zz"),
    (["derive", "two-layer", "--at", "x=1"], 2, "axes"),
    (["rule", "SC999"], 2, "SC999"),
    (["check", "x = 1", "--let", "x: scalar", "--assume", "x > 1", "--assume", "x < 0"], 1, "SC030"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), COMMANDS, ids=lambda v: str(v)[:50])
def test_a_bad_command_says_what_and_what_to_do(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        got = main(arguments)
    except SystemExit as stop:
        got = int(stop.code or 0)
    out, err = capsys.readouterr()
    assert got == code
    assert said.lower() in (out + err).lower()
    assert "Traceback" not in out + err


def test_a_broken_line_costs_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "claims.jsonl"
    good = json.dumps({"id": "good", **GOOD}).encode()
    path.write_bytes(b"\n".join([good, b"{broken", b"\xff\xfe{}", b'{"id": "less"}', b"", good]))
    assert main(["check", str(path), "--format", "concise"]) == 2
    out, err = capsys.readouterr()
    assert out.count("proved") == 2
    for number in (2, 3, 4):
        assert f":{number}" in out + err
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"x = 1/0\n", "ZeroDivisionError"),
        (b"def f(:\n", "no Python"),
        (b"\xff\xfe\n", "UTF-8"),
        (b"a = 1\n", "no derivation"),
        (b"raise SystemExit(3)\n", ""),
        (
            b"from symcheck import Derivation\nd = Derivation('d')\nd.declare('x: n; x: m')\n",
            "declared twice",
        ),
        (
            b"from symcheck import Derivation\nd = Derivation('d')\nd.declare('x: scalar')\nd.at(x=0.5)\n",
            "float",
        ),
    ],
    ids=["raises", "syntax", "bytes", "empty", "exits", "twice", "float"],
)
def test_a_derivation_file_that_fails_is_told_with_its_line(
    body: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "failing.py"
    path.write_bytes(body)
    assert main(["check", str(path)]) == 2
    out, err = capsys.readouterr()
    assert said in out + err
    assert "failing.py" in out + err
    assert "Traceback" not in out + err


def test_a_bad_claim_leaves_the_others_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mixed.py"
    path.write_text(
        "from symcheck import Derivation\n"
        "d = Derivation('mixed')\n"
        "d.declare('x: n; A: m n')\n"
        "d.claims('''\n    d(A @ x)/dx = A\n    A @ y = 0\n    x @ A = 0\n    d(x)/dx = eye(n)\n''')\n",
        "utf-8",
    )
    assert main(["check", str(path), "--format", "concise"]) == 1
    out = capsys.readouterr().out
    assert out.count("proved") == 2
    assert out.count("ERROR") == 2


def test_a_closed_pipe_ends_quietly() -> None:
    script = "from symcheck.cli import main; import sys; sys.exit(main(['derive', 'squared-product']))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read().decode()
    process.wait(60)
    process.stderr.close()
    assert "Traceback" not in err
    assert err.strip() == ""


def test_a_claim_that_takes_too_long_is_undecided_and_the_next_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = checking.api.check_claims

    def dawdling(claims: Iterable[Any], **options: Any) -> Iterator[Any]:
        for judgement in judged(claims, **options):
            if judgement.claim.id == "heavy":
                time.sleep(600)
            yield judgement

    monkeypatch.setattr(checking.api, "check_claims", dawdling)
    path = tmp_path / "heavy.jsonl"
    rows = [{"id": name, **GOOD} for name in ("one", "heavy", "two")]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert main(["check", str(path), "--format", "jsonl", "--timeout", "3"]) == 0
    verdicts = [json.loads(line)["verdict"] for line in capsys.readouterr().out.splitlines()]
    assert verdicts == ["proved", "undecided", "proved"]


def test_a_hidden_differential_is_not_read_off(capsys: pytest.CaptureFixture[str]) -> None:
    let = "X: n; G: n; Z = 2*X; Q = sumall(G*Z)"
    assert main(["check", "dQ = dQ => ∂Q/∂Z = G", "--let", let, "--assume", "G constant"]) == 1
    out = capsys.readouterr().out
    assert "SC020" in out
    assert "dZ does not stand as such" in out
    assert "refuted" not in out.lower()


@pytest.mark.parametrize(
    ("arguments", "place", "under"),
    [
        (["--let", "x: n", "--let", "W: m n; y = WW @ x"], "--let:2:13", "WW @ x"),
        (["--let", "x: : n"], "--let:1:4", "x: : n"),
        (["--let", "x: n", "--assume", "x > 0", "--assume", "x symmetricc"], "--assume:2:1", "x symmetricc"),
    ],
    ids=["a name", "a shape", "an assumption"],
)
def test_an_error_in_a_declaration_says_where(
    arguments: list[str], place: str, under: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "x = x", *arguments]) == 2
    printed = capsys.readouterr().err
    assert place in printed
    assert under in printed
    assert "^" in printed


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("θᵀ @ x = z", "write θ @ x or x @ θᵀ"),
        ("θ.T @ x = z", "write θ @ x or x @ θ.T"),
        ("θ @ z = x", "write θ.T @ z or z @ θ"),
        ("xᵀ @ xᵀ = 1", "column times row is outer(x, x); the sum of products is xᵀ @ x"),
        ("θᵀ ⊙ θ = θ", "write θᵀ ⊙ θ.T or"),
    ],
)
def test_a_hint_takes_a_transpose_away_rather_than_doubling_it(
    text: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", text, "--let", "x: n; θ: m n; z: m"]) == 2
    assert hint in capsys.readouterr().out
