"""Claims files and derivation files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from reading_sketch import sketch

from symcheck.errors import SymcheckError, UnreadableFile
from symcheck.language.claim import Claim, Expectation
from symcheck.reading.claims_file import BrokenLine, read_claims
from symcheck.reading.python_file import load_lectures


def record(f: str, wrt: str, claim: str, convention: str = "gradient", **fields: Any) -> dict[str, Any]:
    symbols = {"x": ["n"], "y": ["n"], "X": ["n", "m"], "A": ["n", "n"], "t": [], "z": ["n"], "g": ["n"]}
    return {"symbols": symbols, "f": f, "wrt": wrt, "claim": claim, "convention": convention} | fields


def claim_of(tmp_path: Path, fields: dict[str, Any]) -> Claim:
    file = tmp_path / "claims.jsonl"
    file.write_text(json.dumps(fields) + "\n", "utf-8")
    (claim,) = read_claims(file)
    assert isinstance(claim, Claim)
    return claim


CONVENTIONS = [
    (record("t**2", "t", "2*t", "derivative"), "(d (pow t 2) t)"),
    (record("t**3", "t", "6*t", "derivative", order=2), "(d (d (pow t 3) t) t)"),
    (record("t*x", "t", "x", "derivative"), "(d (mul t x) t)"),
    (record("x @ x", "x", "2*x"), "(d (matmul x x) x)"),
    (record("A @ x", "x", "A", "numerator"), "(d (matmul A x) x)"),
    (record("sumall(X)", "X", "ones(m, n)", "numerator"), "(transpose (d (sumall X) X))"),
    (record("A @ x", "x", "A.T", "denominator"), "(transpose (d (matmul A x) x))"),
    (record("sumall(X)", "X", "ones(n, m)", "denominator"), "(d (sumall X) X)"),
    (record("A @ x", "A", "outer(g, x)", "vjp"), "(d (sumall (mul g (matmul A x))) A)"),
    (
        record("A @ x", "x", "A @ dx", "differential", symbols={"A": ["n", "n"], "x": ["n"], "dx": ["n"]}),
        "(contract:1 (d (matmul A x) x) dx)",
    ),
    (
        record("t**2", "t", "2*t*dt", "differential", symbols={"t": [], "dt": []}),
        "(mul (d (pow t 2) t) dt)",
    ),
    (record("t**2", "t", "2*t*g", "vjp", symbols={"t": [], "g": []}), "(d (mul g (pow t 2)) t)"),
    (record("softmax(x)[i]", "x[j]", "delta(i,j)", "index"), "(d (softmax x)[i] x[j])"),
    (record("x @ x", "x", "2*eye(n)", "hessian"), "(d (d (matmul x x) x) x)"),
    (record("s @ s", "x", "2*x", let={"s": "x + y"}), "(d (matmul s s) x)"),
    (record("act(t)", "t", "1", "derivative", functions={"act(a)": "a*a", "note": "?"}), "(d (mul t t) t)"),
    (record("sumall(f(x))", "x", "f'(x)", undefined={"f": "elementwise"}), "(d (sumall (f x)) x)"),
]


@pytest.mark.parametrize(("fields", "left"), CONVENTIONS, ids=[row[1] for row in CONVENTIONS])
def test_conventions_become_equations(tmp_path: Path, fields: dict[str, Any], left: str) -> None:
    claim = claim_of(tmp_path, fields)
    assert claim.error is None, claim.error
    assert claim.equation is not None
    assert sketch(claim.equation.left) == left
    right = claim.equation.right
    assert right.span is not None
    assert claim.text[right.span[0] : right.span[1]] == fields["claim"]


UNREADABLE = [
    (record("x", "x", "x"), "SC012", "gradient takes a scalar"),
    (record("x @ x", "x", "2*x", "derivative"), "SC012", "a scalar variable"),
    (record("X", "x", "X", "numerator"), "SC012", "vector by a vector"),
    (record("X @ x", "x", "X", "gradient"), "SC012", "does not contract"),
    (record("t", "t", "1", "sideways"), "SC011", "no convention"),
    (record("X", "X", "X", "vec-hessian"), "SC012", "a scalar f"),
    (record("sumall(X)", "X", "X", "structured-diagonal"), "SC012", "a square matrix X"),
    (record("x @ x", "x[i]", "2*x[i]"), "SC001", "convention index"),
    (record("x @ x", "X[i]", "2*x[i]", "index"), "SC012", "2 indices"),
    (record("x @ x", "w", "2*x"), "SC010", "w is not declared"),
    (record("A @ x", "x", "A @ dx", "differential"), "SC001", "dx"),
    (record("X", "X", "X", "vjp"), "SC012", "cotangent"),
    (record("x @ x", "x", "2*xx"), "SC010", "did you mean"),
    (record("x @ x", "x", "2*x", assumptions=["x positive"]), "SC014", "in an assumption"),
    (record("x @ s", "x", "2*x", let={"s": "x +"}), "SC001", "in let s"),
    (record("x @ x", "x", "2*x", symbols={"x": ["n"], "n": []}), "SC015", "in symbol n"),
    (record("x @ x", "x", "2*x", symbols={"x": [0]}), "SC001", "no size"),
    (record("f(x)", "x", "x", undefined={"f": "smooth"}), "SC011", "in function f"),
]


@pytest.mark.parametrize(("fields", "code", "word"), UNREADABLE, ids=[row[2] for row in UNREADABLE])
def test_what_cannot_be_read_is_the_error_of_its_claim(
    tmp_path: Path, fields: dict[str, Any], code: str, word: str
) -> None:
    claim = claim_of(tmp_path, fields)
    assert claim.equation is None
    assert claim.error is not None
    assert claim.error.location is not None
    assert claim.error.code == code
    assert word in f"{claim.error.message} {claim.error.hint}"


BROKEN = [
    (b"{", "no JSON"),
    (b"[1, 2]", "JSON object"),
    (b'{"f": "x"}', "missing"),
    (b'{"symbols": {}, "f": 3, "wrt": "x", "claim": "x"}', "a string"),
    (b'{"symbols": {"x": "n"}, "f": "x", "wrt": "x", "claim": "x"}', "list"),
    (b'{"symbols": {}, "f": "x", "wrt": "x", "claim": "x", "expected": "maybe"}', "maybe"),
    (b'{"symbols": {}, "f": "x", "wrt": "x", "claim": "x", "order": 0}', "order"),
    (b'{"symbols": {}, "f": "\xff", "wrt": "x", "claim": "x"}', "UTF-8"),
    (b"[" * 100_000, "no JSON"),
]


def test_broken_lines_spare_the_rest(tmp_path: Path) -> None:
    good = json.dumps(record("x @ x", "x", "2*x", id="good", expected="true-under-assumption")).encode()
    file = tmp_path / "mixed.jsonl"
    lines = [line for broken, _ in BROKEN for line in (broken, b"", good)]
    file.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    found = list(read_claims(file))
    assert len(found) == 2 * len(BROKEN)
    for number, ((_, word), broken, claim) in enumerate(zip(BROKEN, found[::2], found[1::2], strict=True)):
        assert isinstance(broken, BrokenLine)
        assert broken.line == 3 * number + 1
        assert word in broken.message
        assert isinstance(claim, Claim)
        assert (claim.id, claim.expected, claim.error) == ("good", Expectation.PROVED, None)
        assert claim.location is not None
        assert claim.location.line == 3 * number + 3


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(UnreadableFile):
        list(read_claims("no such file.jsonl"))


DERIVATION = '''"""A derivation."""
from symcheck.reading.builder import Derivation

lecture = Derivation("small", title="Small", lecture="A1")
lecture.declare("x: n; A: n n")
lecture.define("f", "x.T @ A @ x")
lecture.claim("∂f/∂x = (A + A.T) @ x")
lecture.claim("∂f/∂x = 2*A @ x", expect="refuted", note="as if A were symmetric")
lecture.claims("""
    # a remark
    f = x @ A @ x
    ∂f/∂x = 2*A @ xx = (A + A.T) @ x
""")
lecture.note("The end.")
'''


def test_a_derivation_file(tmp_path: Path) -> None:
    file = tmp_path / "small.py"
    file.write_text(DERIVATION, "utf-8")
    before = set(sys.modules)
    (lecture,) = load_lectures(file)
    assert not [name for name in set(sys.modules) - before if "small" in name]
    assert [claim.id for claim in lecture.claims] == [
        "small::∂f/∂x",
        "small::∂f/∂x#2",
        "small::f",
        "small::∂f/∂x#3[1]",
        "small::∂f/∂x#3[2]",
    ]
    lines = [claim.location.line for claim in lecture.claims if claim.location]
    assert lines == [7, 8, 11, 12, 12]
    assert [claim.expected.value for claim in lecture.claims][:2] == ["proved", "refuted"]
    error = lecture.claims[3].error
    assert error is not None
    assert error.location is not None
    where = error.location
    assert where.source[where.col - 1 : where.end_col - 1] == "xx"
    assert [item.text for item in lecture.items][-1] == "The end."


FAILING = [
    ("x = (", 1, "no Python"),
    ("x = 1\ny = 1/0", 2, "ZeroDivisionError"),
    ("\nimport sys\nsys.exit(1)", 3, "SystemExit"),
    ("x = 1", 1, "builds no derivation"),
    (DERIVATION.replace("x.T @ A", "x.T @ B"), 6, "B is not declared"),
    (DERIVATION + "lecture.claim('f = f', expect='true')", 15, "none of"),
    (DERIVATION + "lecture.at(x=[0.5])", 15, "float"),
]


@pytest.mark.parametrize(("text", "line", "word"), FAILING, ids=[row[2] for row in FAILING])
def test_a_file_that_fails_says_where(tmp_path: Path, text: str, line: int, word: str) -> None:
    file = tmp_path / "failing.py"
    file.write_text(text, "utf-8")
    with pytest.raises(SymcheckError) as caught:
        load_lectures(file)
    assert word in f"{caught.value.message} {caught.value.hint}"
    if "builds no" not in word:
        assert caught.value.location is not None
        assert caught.value.location.line == line
