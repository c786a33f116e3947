"""Kinds of mistakes and corrections: named in the author's terms, small, and always proved."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random

import pytest

from symcheck.api import check_claims, check_formula
from symcheck.language.claim import Claim
from symcheck.language.tensor import structure, walk
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted
from symcheck.reading.claims_file import read_claims

BENCH = Path(__file__).parents[1] / "cases" / "bench.jsonl"

NET = "V: h n; x: n; v: h; U: m h; u: m; l: m; sigma: elementwise; p = V@x + v; y = sigma(p); z = U@y + u"
ROWS = [
    # a lost transpose that only unequal sizes show is an error of shapes; with equal ones a wrong value
    ("d(x.T @ A @ x)/dx = 2*A @ x", "x: n; A: n n", "SC101", "symmetric", "(A + A.T) @ x"),
    ("d(tr(A @ X))/dX = A", "A: n n; X: n n", "SC101", "the transpose of A is missing", "A.T"),
    ("d(a.T @ X @ b)/dX = outer(b, a)", "a: n; X: n n; b: n", "SC102", "wrong order", "outer(a, b)"),
    ("d(sumall((x - a)**2))/dx = 2*(a - x)", "x: n; a: n", "SC103", "the wrong way round", "2*(x - a)"),
    ("d(x.T @ x)/dx = x", "x: n", "SC104", "the factor 2 is missing", "2*x"),
    ("d(mean(x**2))/dx = 2*x", "x: n", "SC104", "the factor 1/n is missing", "2/n*x"),
    ("d(x.T @ x)/dx = 4*x", "x: n", "SC104", "2 belongs where 4 is written", "2*x"),
    ("d(sumall(G*outer(ones(N), b)))/db = mean(G)*b", "G: N k; b: k", "SC119", "", "colsum(G)"),
    ("d(sumall(x)*sumall(y))/dx[i] = y[i]", "x: n; y: n", "SC105", "over all entries like y[i]",
     "sumall(y)"),
    ("d(softmax(x)[i])/dx[j] = S[i]*(delta(i,j) - S[i])", "x: n; S = softmax(x)", "SC106", "S[j]",
     "S[j]*(delta(i,j) - S[i])"),
    ("d(a * (B @ x))/dx = a * B", "a: n; B: n n; x: n", "SC107", "multiplies the rows of B", "diag(a) @ B"),
    ("d(x*exp(x))/dx = exp(x)", "x: scalar", "SC108", "x*exp(x)", "exp(x) + x*exp(x)"),
    ("d(sumall(sigma(x)))/dx = sigma(x)", "x: n; sigma: elementwise", "SC109", "derivative", "sigma'(x)"),
    ("∂z/∂p = U @ diag(sigma'(y))", NET, "SC109", "y is written where p belongs", "U @ diag(sigma'(p))"),
    ("d(-sumall(y*log(softmax(x))))/dx = softmax(x) - y", "x: n; y: n", "SC110", "sum(y) = 1",
     "sumall(y)*softmax(x) - y"),
    # hard cases
    ("d(where(x > 0, x, alpha*(exp(x) - 1)))/dx = where(x > 0, 1, exp(x))", "x: scalar; alpha: scalar",
     "SC108", "the factor α is missing", "where(x > 0, 1, alpha*exp(x))"),
    ("d(x*(1 + erf(x/sqrt(2)))/2)/dx = (1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))/2", "x: scalar",
     "SC119", "", None),
    ("d(sqrt(x**2 + eps))/dx = x/sqrt(x**2)", "x: scalar; eps: scalar", "SC109",
     "the term eps is missing under the root", "x/sqrt(x**2 + eps)"),
    ("d(l @ A(x))/dx[i] = sum(k, delta(k,i)*D(A)(x)[k,i])", "x: n; l: n; A: n -> n", "SC109",
     "delta(k, i) is written where l[k] belongs", "sum(k, l[k]*D(A)(x)[k,i])"),
    ("d(a*log(b))/db = a/b*b", "a: scalar; b: scalar", "SC108", "", "a/b"),
    ("d(x/(b*c))/dx = 1/b*c", "x: scalar; b: scalar; c: scalar", "SC119", "brackets are missing", "1/(b*c)"),
    ("d(sumall(x))/dx = x/sumall(x)*n", "x: n", "SC110", "n = 1", "ones(n)"),
    ("d(det(-X))/dX = det(X)*inv(X).T", "X: n n", "SC103", "the sign of X", "det(-X)*inv(X).T"),
    ("d(sumall(sigmoid(p)))/dp = p*(1 - p)", "p: n", "SC109", "sigmoid(p)", "sigmoid(p)*(1 - sigmoid(p))"),
    ("∂h/∂b = 1", "a: scalar; b: scalar; h = a**2", "SC119", "h does not change with b", "0"),
]  # fmt: skip


def judged(text: str, let: str) -> Judgement:
    (judgement,) = check_formula(text, let)
    return judgement


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_wrong_claim_is_told_its_kind_and_what_is_right(row: tuple[str, str, str, str, str | None]) -> None:
    text, let, code, kind, right = row
    verdict = judged(text, let).verdict
    assert isinstance(verdict, Refuted)
    assert (verdict.code, kind in verdict.kind) == (code, True), verdict
    if right is not None:
        assert verdict.correction is not None
        assert verdict.correction.text == right


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_printed_as_a_correction_proves_when_it_is_read_again(row: tuple[str, ...]) -> None:
    text, let, *_ = row
    verdict = judged(text, let).verdict
    assert isinstance(verdict, Refuted)
    if verdict.correction is not None:
        again = judged(f"{text.partition(' = ')[0]} = {verdict.correction.text}", let).verdict
        assert isinstance(again, Proved), (verdict.correction, again)


MISFITS = [
    ("d(sumall(W @ x))/dx = W @ ones(m)", "W: m n; x: n", "the transpose of W is missing", "W.T @ ones(m)"),
    ("d(a.T@X@b)/dX = b.T@a", "X: m n; a: m; b: n", "", "outer(a, b)"),
    ("d(sumall(W @ x)**2)/dx = 2*W @ sumall(W @ x)", "W: m n; x: n", "", None),
]
SHAPES = [
    ("d(sumall((W @ x)*g))/dx = sumall(W.T @ g)", "W: m n; x: n; g: m", "is too much", "W.T @ g"),
    ("d(sumall(G*outer(ones(N), b)))/db = G", "G: N k; b: k", "the sum over the rows of G", "colsum(G)"),
    ("d(a.T @ X @ b)/dX = outer(b, a)", "a: m; X: m n; b: n", "the factors b and a", "outer(a, b)"),
]


@pytest.mark.parametrize("row", MISFITS, ids=lambda row: row[0])
def test_what_does_not_fit_is_corrected_all_the_same(row: tuple[str, str, str, str | None]) -> None:
    text, let, kind, right = row
    verdict = judged(text, let).verdict
    assert isinstance(verdict, Failed)
    assert verdict.error.code in ("SC011", "SC012"), "a draft is never judged"
    if right is not None:
        assert verdict.correction is not None
        assert (kind in verdict.kind, verdict.correction.text) == (True, right)


@pytest.mark.parametrize("row", SHAPES, ids=lambda row: row[0])
def test_a_result_of_another_shape_is_corrected(row: tuple[str, str, str, str]) -> None:
    text, let, kind, right = row
    verdict = judged(text, let).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.correction is not None
    assert (verdict.code, kind in verdict.kind, verdict.correction.text) == ("SC100", True, right)


def test_the_part_of_the_line_that_is_replaced_is_known() -> None:
    verdict = judged("d(tr(A @ X @ B))/dX = A.T @ B", "A: n m; X: m n; B: n n").verdict
    assert isinstance(verdict, Refuted)
    assert verdict.correction is not None
    assert (verdict.correction.span, verdict.correction.old, verdict.correction.new) == ((28, 29), "B", "B.T")


def test_a_true_claim_and_an_undecided_one_get_no_correction() -> None:
    assert isinstance(judged("d(x.T @ x)/dx = 2*x", "x: n").verdict, Proved)


@pytest.mark.parametrize(
    ("text", "let"),
    [
        ("y = x", "x: n; w: n; y = softmax(x)*w"),
        ("∂y/∂x = 2*x", "x: scalar; y = x*sin(x)"),
        ("w = u + 1", "u: scalar; v = u**2; w = v + u"),
        ("d(X @ X - X @ X)/dX[i,j] = X[i,j]*eye(n)", "X: n n"),
    ],
)
def test_the_left_side_is_never_its_own_correction(text: str, let: str) -> None:
    judgement = judged(text, let)
    verdict = judgement.verdict
    assert isinstance(verdict, Refuted | Failed)
    if verdict.correction is not None:
        again = judged(f"{text.partition(' = ')[0]} = {verdict.correction.text}", let)
        assert again.claim.equation is not None
        left = structure(again.claim.equation.left)
        assert left not in map(structure, walk(again.claim.equation.right))


def test_no_empty_zero_is_put_in() -> None:
    let = "x1: scalar; x2: scalar; x3 = x1*x2; x4 = sin(x3)*x1"
    verdict = judged("∂x4/∂x1 = ∂x4/∂x3·∂x3/∂x1 + ∂x4/∂x1·∂x1/∂x1", let).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.correction is None or "∂x2/" not in verdict.correction.text
    assert verdict.correction is None or "∂x1/∂x3" not in verdict.correction.text


# -- the claims file -----------------------------------------------------------------------------------


@cache
def records() -> dict[str, dict[str, object]]:
    lines = map(json.loads, BENCH.read_text(encoding="utf-8").splitlines())
    return {record["id"]: record for record in lines if record["expected"] == "false"}


def repaired(names: list[str], folder: Path) -> int:
    """How many of these wrong records get a correction; each is written into its record and judged anew."""
    wrong = [c for c in read_claims(BENCH) if isinstance(c, Claim) and c.id in names]
    corrected = []
    for judgement in check_claims(wrong):
        assert isinstance(judgement.verdict, Refuted)
        if judgement.verdict.correction is not None:
            record = records()[judgement.claim.id] | {"claim": judgement.verdict.correction.text}
            corrected.append(record | {"expected": "true"})
    path = folder / "corrected.jsonl"
    path.write_text("\n".join(map(json.dumps, corrected)), encoding="utf-8")
    for judgement in check_claims(read_claims(path)):
        assert isinstance(judgement.verdict, Proved), (judgement.claim.text, judgement.verdict)
    return len(corrected)


def test_corrections_of_a_sample_of_the_claims_file_prove(tmp_path: Path) -> None:
    names = Random(5).sample(sorted(records()), 30)
    assert repaired(names, tmp_path) >= 27


@pytest.mark.slow
def test_corrections_of_the_claims_file_prove(tmp_path: Path) -> None:
    assert repaired(sorted(records()), tmp_path) >= 0.9 * len(records())
