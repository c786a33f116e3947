"""``derive``: its options, what it says of wrong ones, and its clock."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from symcheck import api
from symcheck.cli import main
from symcheck.cli.jobs import timed
from symcheck.errors import UsageError

Run: TypeAlias = Callable[..., tuple[int, str, str]]

FILE = """
from symcheck import Derivation

one = Derivation("one", title="One layer")
one.declare("W: m n; x: n; t: m; lam: scalar")
one.assume("dim m >= 2", "lam > 0")
one.define("p", "W @ x")
one.define("E", "1/2*sumall((p - t)**2) + lam*sumall(W**2)/2")
one.claim("∂E/∂p = p - t")
one.claim("∂E/∂W = ∂E/∂p ⊗ x")
"""


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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "one.py"
    path.write_text(FILE, "utf-8")
    return path


def test_sweeps_and_quotients_are_shown_when_asked_for(run: Run) -> None:
    code, out, err = run("derive", "squared-product", "--oracle", "none")
    assert (code, err) == (0, "")
    assert "Forward sweeps" not in out
    assert "Difference quotients" not in out
    code, out, err = run("derive", "squared-product", "--oracle", "none", "--sweeps", "--numeric")
    assert (code, err) == (0, "")
    for title in ("Forward sweeps", "Reverse sweep", "Cost of f", "Difference quotients, h = 0.0001"):
        assert title in out


def test_the_lecture_about_sweeps_shows_them_by_itself(run: Run) -> None:
    _, out, _ = run("derive", "product-sine-graph", "--oracle", "none")
    assert "In memory: the reverse sweep keeps x4, x5, x7, x8 (4 of 6 intermediate values)" in out


@pytest.mark.parametrize("width", [60, 100, 200])
def test_no_line_is_wider_than_asked(run: Run, width: int) -> None:
    for name in ("product-sine-graph", "two-layer", "calculus-rules"):
        _, out, _ = run("derive", name, "--oracle", "none", "--sweeps", "--numeric", "--width", width)
        assert max(map(len, out.splitlines())) <= width


def test_values_and_sizes_are_honoured(run: Run, file: Path) -> None:
    asked = ("derive", file, "--oracle", "none", "--numeric")
    _, out, _ = run(*asked, "--sizes", "n=1,m=2", "--wrt", "W")
    assert "∂E/∂W[1,0]" in out
    assert "∂E/∂W[0,1]" not in out
    assert "∂E/∂x" not in out.split("Difference quotients")[1].split("Claims")[0]
    _, out, _ = run(*asked, "--at", "x=[2, 1/2],lam=3")
    assert "x = " not in out.split("Not given")[1].split("Sizes")[0]
    assert "Sizes: m = 2, n = 2" in out or "n = 2" in out


def test_the_values_at_the_point_move_with_it(run: Run) -> None:
    _, out, _ = run("derive", "squared-product", "--oracle", "none", "--numeric", "--at", "a=2")
    row = next(line for line in out.split("Difference quotients")[1].splitlines() if "∂f/∂a" in line)
    assert row.split() == ["∂f/∂a", "224", "224.0016", "0.0016", "0.0016", "agrees"]


def test_json_holds_what_was_asked_for(run: Run) -> None:
    asked = ("derive", "product-sine-graph", "--oracle", "none", "--format", "json")
    _, out, _ = run("derive", "squared-product", "--oracle", "none", "--format", "json")
    assert list(json.loads(out)) == ["schema", "summary", "claims"]
    _, out, _ = run(*asked, "--numeric")
    data = json.loads(out)
    assert list(data) == ["schema", "summary", "claims", "derivations"]
    (derivation,) = data["derivations"]
    assert derivation["name"] == "product-sine-graph"
    sweeps = derivation["sweeps"]
    assert sweeps["kept"] == ["x4", "x5", "x7", "x8"]
    reverse = next(row for row in sweeps["costs"] if row["way"] == "reverse")
    assert reverse == {
        "way": "reverse",
        "sweeps": 1,
        "additions": 3,
        "multiplications": 13,
        "calls": 3,
        "operations": 19,
        "kept": 4,
    }
    assert sweeps["forward"][3] == {
        "name": "x4",
        "tangent": "x₂*dx₁ + x₁*dx₂",
        "values": {"x1": "2", "x2": "1/2", "x3": "0"},
        "operations": 3,
    }
    rows = derivation["numeric"]["rows"]
    assert {row["agreement"] for row in rows} == {"agrees"}
    assert derivation["numeric"]["step"] == "0.0001"
    _, ascii_out, _ = run(*asked, "--numeric", "--ascii")
    assert ascii_out.isascii()
    assert json.loads(ascii_out)["derivations"] == data["derivations"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--at", "q=1"], "one has no name 'q'"),
        (["--at", "p=[1, 2]"], "p is defined in one: only inputs are given values"),
        (["--at", "x"], "'x' is not of the form name=value"),
        (["--at", "x="], "is not of the form name=value"),
        (["--at", "lam=pi"], "no exact number"),
        (["--at", "lam=1/0"], "no exact number"),
        (["--at", "lam=[1]"], "lam is scalar, its value at the point has 1 axes"),
        (["--at", "x=3"], "its value at the point has 0 axes"),
        (["--at", "x=[]"], "is empty"),
        (["--at", "x=[1, 2], W=[[1], [2]]"], "entries where"),
        (["--at", "W=[[1, 2], [3]]"], "different lengths"),
        (["--sizes", "k=2"], "one has no size 'k'"),
        (["--sizes", "n=0"], "a size is a whole number ≥ 1"),
        (["--sizes", "n=1.5"], "a size is a whole number ≥ 1"),
        (["--sizes", "m=1"], "contradicts the derivation, in which it is at least 2"),
        (["--sizes", "n=3", "--at", "x=[1, 2]"], "2 entries where 3 belong"),
        (["--wrt", "zeta"], "one has no name 'zeta'"),
        (["--wrt", ""], "it is empty"),
        (["--timeout", "0"], "leaves no time"),
        (["--timeout", "soon"], "invalid float value"),
        (["--numerics"], "Did you mean '--numeric'?"),
        (["--sweep"], "Did you mean '--sweeps'?"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--sweeps", "--numeric"]], ids=["plain", "all"])
def test_wrong_options_are_told_on_a_line_or_two(
    run: Run, file: Path, options: list[str], message: str, more: list[str]
) -> None:
    code, out, err = run("derive", file, "--oracle", "none", *options, *more)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) <= 4


def test_a_variable_of_which_the_output_does_not_depend_has_no_sweep(run: Run) -> None:
    code, out, _ = run("derive", "calculus-rules", "--oracle", "none", "--sweeps", "--numeric", "--wrt", "y")
    assert code == 0
    assert "No sweeps: nothing is defined" in out
    code, out, _ = run("derive", "gradient-descent", "--oracle", "none", "--sweeps", "--wrt", "k")
    assert code == 0
    assert "No sweeps: epsilon does not depend on these variables" in out


# -- the clock -------------------------------------------------------------------------------------


def forever(*_: object) -> None:
    """As a loop inside a library would."""
    time.sleep(60)


@pytest.mark.parametrize(
    ("part", "said"),
    [("tables", "the tables"), ("both_sweeps", "the sweeps"), ("quotients", "the difference quotients")],
)
def test_a_part_that_takes_too_long_is_left_out_and_said(
    run: Run, monkeypatch: pytest.MonkeyPatch, part: str, said: str
) -> None:
    monkeypatch.setattr(api, part, forever)
    started = time.monotonic()
    options = ("--oracle", "none", "--sweeps", "--numeric", "--timeout", "3")
    code, out, _ = run("derive", "squared-product", *options)
    assert time.monotonic() - started < 20
    assert code == 0
    flat = " ".join(out.split())
    assert f"Left out: {said}: not settled within 3 s; give a larger --timeout." in flat
    assert "44 claims: 44 proved" in out
    _, out, _ = run("derive", "squared-product", *options, "--format", "json")
    (derivation,) = json.loads(out)["derivations"]
    assert len(derivation["notices"]) == 1


def test_a_claim_that_takes_too_long_is_undecided(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "judge", forever)
    code, out, _ = run("derive", "sigmoid", "--oracle", "none", "--timeout", "0.2")
    assert code == 0
    assert "not settled within 0.2 s" in out
    assert run("derive", "sigmoid", "--oracle", "none", "--timeout", "0.2", "--strict")[0] == 1


def test_a_part_in_which_symcheck_fails_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(api, "quotients", failing)
    _, out, err = run("derive", "squared-product", "--oracle", "none", "--numeric")
    flat = " ".join(out.split())
    assert "symcheck failed there (ZeroDivisionError: by nothing): please report it" in flat
    assert "Traceback" not in out + err


def test_errors_cross_the_fork_as_they_are() -> None:
    def wrong() -> None:
        raise UsageError("no such thing", hint="another", code="SC010")

    with pytest.raises(UsageError, match="no such thing") as caught:
        timed(wrong, 5.0)
    assert (caught.value.code, caught.value.hint) == ("SC010", "another")
    assert timed(lambda: {"a": (1, 2)}, 5.0) == ({"a": (1, 2)}, "")


def test_export_writes_into_a_folder_that_is_there(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        code, _, _ = run("export", "sigmoid", "--to", "latex", "--oracle", "none", "-o", tmp_path)
        assert code == 0
    assert (tmp_path / "sigmoid.tex").read_text("utf-8")
