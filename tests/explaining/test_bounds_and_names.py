"""Refuted inequalities, slips in definitions, and what every format tells of a slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from symcheck.api import check_formula
from symcheck.cli import main
from symcheck.language.verdict import Judgement, Proved, Refuted
from symcheck.rendering.detail_rows import said_of

BOUNDS = [
    ("x**2 > 0", "x: scalar", "x**2 >= 0", "the two sides can be equal: >=, not >"),
    ("d(sigmoid(x))/dx < 1/4", "x: scalar", "d(sigmoid(x))/dx <= 1/4",
     "the two sides can be equal: <=, not <"),
    ("exp(x) <= 1 + x", "x: scalar", "exp(x) >= 1 + x", "the inequality is the wrong way round: >=, not <="),
    ("d(sigmoid(x))/dx <= 1/8", "x: scalar", "d(sigmoid(x))/dx <= 1/4",
     "the bound 1/8 is too small: 1/4 is one"),
    ("tanh(x) <= 1/2", "x: scalar", "tanh(x) <= 1", "the bound 1/2 is too small: 1 is one"),
    ("exp(x) >= 1", "x: scalar", "exp(x) >= 0", "the bound 1 is too large: 0 is one"),
    ("abs(x) <= 1", "x: scalar", "", ""),
    ("x @ y <= norm2(x)", "x: n; y: n", "", ""),
]  # fmt: skip


def refuted(text: str, let: str, assume: tuple[str, ...] = ()) -> tuple[Judgement, Refuted]:
    (judgement,) = check_formula(text, let, assume)
    assert isinstance(judgement.verdict, Refuted)
    return judgement, judgement.verdict


@pytest.mark.parametrize(("text", "let", "line", "kind"), BOUNDS, ids=[row[0] for row in BOUNDS])
def test_a_refuted_bound_is_put_right(text: str, let: str, line: str, kind: str) -> None:
    judgement, verdict = refuted(text, let)
    assert verdict.kind == kind
    told = [said.text for said in said_of(judgement) if said.label == "write"]
    assert told == ([f"write: {line}"] if line else [])
    if line:
        (again,) = check_formula(line, let)
        assert isinstance(again.verdict, Proved)


LIMITS = [
    ("lim(x -> 0, sin(2*x)/x) = 1", "x: scalar", "2"),
    ("lim(x -> ∞, sigmoid(x)) = 0", "x: scalar", "1"),
    ("lim(h -> 0, ((x + h)**3 - x**3)/h) = 3*x", "x: scalar; h: scalar", "3*x**2"),
]


@pytest.mark.parametrize(("text", "let", "right"), LIMITS, ids=[row[0] for row in LIMITS])
def test_a_wrong_limit_is_told_the_right_one(text: str, let: str, right: str) -> None:
    _, verdict = refuted(text, let)
    assert verdict.correction is not None
    assert verdict.correction.text == right


NET = "V: h n; x: n; v: h; U: m h; u: m; l: m; p = V@x + v; y = sigmoid(p); z = sigmoid(U@y + u)"
BACK = f"{NET}; L = sumall((z - l)**2)/2; dq = (z - l)*z*(1 - z); dy = U.T @ dq; dp = dy*y*(1 - y)"
SQUARE = BACK.replace("m h; u: m; l: m", "h h; u: h; l: h")
NAMED = [
    ("∂L/∂v = dp", BACK.replace("U.T @ dq", "dq*(z - l) @ U"),
     "the factor z - l is too much, in dy = (dq*(z - l)) @ U: dy = dq @ U is meant"),
    ("∂L/∂V = outer(dp, x)", SQUARE.replace("z - l)*z", "z - p)*z"),
     "p is written where l belongs, in dq = (z - p)*z*(1 - z): dq = (z - l)*z*(1 - z) is meant"),
    ("∂L/∂V = outer(dp, x)", BACK.replace("dy*y*(1 - y)", "dy*p*(1 - p)"),
     "p is written where y belongs, in dp = dy*p*(1 - p): dp = dy*y*(1 - y) is meant"),
    ("∂L/∂V = outer(dp, x)", BACK.replace("z*(1 - z)", "(1 - z)"), "the factor z is missing, in d"),
    # the forward pass is what is asked about: there is no slip in it
    ("∂L/∂z = z - p", SQUARE, "p is written where l belongs"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "let", "kind"), NAMED, ids=[row[2][:40] for row in NAMED])
def test_a_slip_in_a_definition_is_told_where_it_is(text: str, let: str, kind: str) -> None:
    _, verdict = refuted(text, let)
    assert kind in verdict.kind
    assert verdict.correction is not None
    left = text.partition(" = ")[0]
    (again,) = check_formula(f"{left} = {verdict.correction.text}", let)
    assert isinstance(again.verdict, Proved)


SLIP = ("d(b @ (A @ x))/dx = A @ b", "--let", "x: n; b: n; A: n n")
TOLD = ("the transpose of A is missing", "A.T @ b")


@pytest.mark.parametrize("form", ["full", "concise", "json", "jsonl", "github", "sarif", "junit", "markdown"])
def test_every_format_tells_kind_and_correction(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *SLIP, "--format", form]) == 1
    out = capsys.readouterr().out
    assert all(text in out for text in TOLD)
    if form != "concise":
        assert any(text in out for text in ("A symmetric", "A = Aᵀ", "A = A\\u1d40"))


def test_a_bound_is_told_with_its_sign(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("full", "concise", "json", "github", "sarif", "junit", "markdown"):
        assert main(["check", "x**2 > 0", "--let", "x: scalar", "--format", form]) == 1
        out = capsys.readouterr().out
        assert '"relation": ">="' in out or ">= 0" in out or "&gt;= 0" in out


LECTURE = """from symcheck import Derivation
one = Derivation("one")
one.declare("x: n; W: m n")
one.define("p", "W @ x")
one.define("L", "p @ p")
one.claim("∂L/∂x = 2*W @ p")
one.claim("∂L/∂p = p")
one.claim("∂L/∂W = p ⊗ x")
"""


@pytest.mark.parametrize("command", ["check", "derive"])
def test_check_and_derive_tell_the_same(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "one.py"
    path.write_text(LECTURE, "utf-8")
    assert main([command, str(path)]) == 1
    out = capsys.readouterr().out
    assert "the transpose of W is missing" in out
    assert "write: ∂L/∂x = 2*W.T @ p" in out
    assert "the factor 2 is missing" in out
    assert "follows from ∂L/∂p = p" in out
