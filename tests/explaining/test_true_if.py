"""The assumption that would save a refuted claim: found, weakest first, and never one that does not prove."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from symcheck.api import check_claims, check_formula, load, read_formula
from symcheck.check import judge
from symcheck.explaining.true_if import PROBES, PROOFS, true_if
from symcheck.language.claim import Assumptions, Claim
from symcheck.language.report import Report
from symcheck.language.verdict import Judgement, Proved, Refuted
from symcheck.rendering import json_report, latex, terminal
from symcheck.rendering.detail_rows import detail_lines
from symcheck.trial import Session

SAVED = [
    ("d(x.T @ A @ x)/dx = 2*A @ x", "x: n; A: n n", (), ["A symmetric"]),
    ("x @ A @ x = 0", "x: n; A: n n", (), ["A antisymmetric"]),
    ("Q @ Q.T @ x = x", "x: n; Q: n n", (), ["Q orthogonal"]),
    ("P @ P @ x = P @ x", "x: n; P: n n", (), ["P idempotent"]),
    ("A @ B = B @ A", "A: n n; B: n n", ("B diagonal",), ["A diagonal"]),
    ("(eye(n) - 2*outer(u, u)) @ (eye(n) - 2*outer(u, u)) = eye(n)", "u: n", (), ["u unit"]),
    ("sqrt(t**2) = t", "t: scalar", (), ["t > 0"]),
    ("exp(y*t) = cosh(t) + y*sinh(t)", "y: scalar; t: scalar", (), ["y signs"]),
    ("outer(y, y) = diag(y)", "y: n", (), ["y one-hot"]),
    ("logsumexp(z) - y @ z = -(y @ log(softmax(z)))", "y: n; z: n", (), ["sum(y) == 1"]),
    ("log(y @ p) = y @ log(p)", "y: n; p: n", ("y on simplex", "p > 0"), ["y one-hot"]),
    ("d(-(y @ log(softmax(z))))/dz = softmax(z) - y", "y: n; z: n", (), ["sum(y) == 1"]),
    ("sumall(xlogx(r)) = 0", "r: n", ("r on simplex",), ["r binary"]),
    ("d(tr(A @ B)) = tr(A @ dB)", "A: m n; B: n m", (), ["A constant"]),
    ("sumall(X)/n = mean(X)*n", "X: m n", (), ["dim m == n"]),
    ("sumall(x) = mean(x)", "x: n", (), ["dim n == 1"]),
]
"""Claims, what is declared and assumed, and what would save them."""

NOT_SAVED = [
    ("x = 2*x", "x: n", ()),
    ("d(x.T @ A @ x)/dx = 3*A @ x", "x: n; A: n n", ()),
    ("d(x**3)/dx = 3*x", "x: scalar", ()),
    ("x @ A @ x = 5*(x @ A @ x)", "x: n; A: n n", ()),  # A antisymmetric would only say 0 = 0
    ("d(x**2) = x*dx", "x: scalar", ()),  # x constant would only say 0 = 0
    ("y + 1 = y", "y: n", ("y one-hot",)),
    ("A @ x = A.T @ x", "x: n; A: n m", ()),  # the shapes do not fit
]
"""Claims that no single assumption of the table saves."""


def refuted(text: str, let: str, assume: tuple[str, ...] = ()) -> Judgement:
    (judgement,) = check_formula(text, let, assume)
    return judgement


@pytest.mark.parametrize(("text", "let", "assume", "saving"), SAVED, ids=[row[0] for row in SAVED])
def test_what_would_save_a_claim_is_named(
    text: str, let: str, assume: tuple[str, ...], saving: list[str]
) -> None:
    verdict = refuted(text, let, assume).verdict
    assert isinstance(verdict, Refuted)
    assert list(verdict.true_if) == saving


@pytest.mark.parametrize(("text", "let", "assume", "saving"), SAVED, ids=[row[0] for row in SAVED])
def test_what_is_named_proves_and_is_named_in_the_proof(
    text: str, let: str, assume: tuple[str, ...], saving: list[str]
) -> None:
    for more in saving:
        (claim,) = read_formula(text, [let], [*assume, more])
        verdict = judge(claim, Session()).verdict
        assert isinstance(verdict, Proved)
        assert more in verdict.assumptions


@pytest.mark.parametrize(("text", "let", "assume"), NOT_SAVED, ids=[row[0] for row in NOT_SAVED])
def test_nothing_is_named_where_nothing_saves(text: str, let: str, assume: tuple[str, ...]) -> None:
    verdict = refuted(text, let, assume).verdict
    if isinstance(verdict, Refuted):
        assert verdict.true_if == ()


def test_the_claims_of_the_lectures_are_saved_by_what_the_lecture_assumes() -> None:
    wanted = {
        "logistic-regression": ["c signs", "y signs", "y signs"],
        "multinomial-logistic-regression": [
            "sum(y) == 1",
            "sum(y) == 1",
            "y one-hot",
            "sum(y) == 1",
            "Y one-hot",
        ],
        "kl-divergence": ["r binary", "r binary", "sum(r) == 1"],
        "binary-cross-entropy": ["dim N == 1"],
    }
    for name, texts in wanted.items():
        found = [
            text
            for judgement in check_claims(load(name).claims)
            if isinstance(judgement.verdict, Refuted)
            for text in judgement.verdict.true_if
        ]
        assert found == texts, name


def test_what_follows_from_an_earlier_slip_is_left_to_that_slip() -> None:
    for judgement in check_claims(load("squared-product-second-run").claims):
        if isinstance(judgement.verdict, Refuted):
            assert judgement.verdict.true_if == ()


# -- the search ------------------------------------------------------------------------------------


@dataclass
class Recorded:
    """A judge that counts, and says what it was told to say."""

    same: bool = True
    proved: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    def differs(self, assumptions: Assumptions) -> bool:
        self.asked.append(last(assumptions))
        return not self.same

    def proves(self, assumptions: Assumptions) -> bool:
        self.tried.append(last(assumptions))
        return last(assumptions) in self.proved


def last(assumptions: Assumptions) -> str:
    return assumptions.conditions[-1].text if assumptions.conditions else assumptions.dim_texts[-1]


def claim(text: str, let: str) -> Claim:
    (read,) = read_formula(text, [let])
    return read


MANY = "; ".join(f"x{k}: n{k}" for k in range(30))


def test_the_search_keeps_to_its_budget() -> None:
    text = " + ".join(f"x{k} @ x{k}" for k in range(30)) + " = 0"
    differing, agreeing = Recorded(same=False), Recorded()
    assert true_if(claim(text, MANY), differing) == true_if(claim(text, MANY), agreeing) == ()
    assert len(differing.asked) <= PROBES
    assert len(agreeing.tried) <= PROOFS


def test_the_weaker_is_tried_first_and_the_stronger_is_not_named_beside_it() -> None:
    judge = Recorded(proved=frozenset({"sum(y) == 1", "y one-hot"}))
    assert true_if(claim("y = 2*y", "y: n"), judge) == ("sum(y) == 1",)
    assert "y one-hot" not in judge.asked
    judge = Recorded(proved=frozenset({"A symmetric", "A diagonal"}))
    assert true_if(claim("A = 2*A", "A: n n"), judge) == ("A symmetric",)


def test_sizes_are_tried_only_where_nothing_else_saves() -> None:
    judge = Recorded(proved=frozenset({"A symmetric", "dim n == 1"}))
    assert true_if(claim("A = 2*A", "A: n n"), judge) == ("A symmetric",)
    assert not any(text.startswith("dim") for text in judge.asked)
    judge = Recorded(same=False)
    true_if(claim("A = 2*A", "A: n m"), judge)
    assert [text for text in judge.asked if text.startswith("dim")] == [
        "dim n == m",
        "dim n == 1",
        "dim m == 1",
    ]


def test_square_matrices_alone_are_supposed_symmetric() -> None:
    judge = Recorded(same=False)
    true_if(claim("A @ x = A @ y", "A: m n; x: n; y: n"), judge)
    assert not any("symmetric" in text for text in judge.asked)
    assert not any("constant" in text for text in judge.asked)


def test_defined_names_are_not_supposed_anything() -> None:
    judge = Recorded(same=False)
    true_if(claim("p = 2*p", "x: n; p = 3*x"), judge)
    assert {text.split()[0] for text in judge.asked if not text.startswith(("sum", "dim"))} == {"x"}


# -- how it is shown -------------------------------------------------------------------------------


def test_text_latex_and_json_show_it() -> None:
    judgement = refuted("d(x.T @ Theta @ x)/dx = 2*Theta @ x", "x: n; Theta: n n")
    assert "true if Θ = Θᵀ" in detail_lines(judgement)
    report = Report("", (judgement,))
    assert "true if Θ = Θᵀ" in terminal.render(report)
    assert "true if" in latex.render(report)
    (record,) = json.loads(json_report.render(report))["claims"]
    assert record["true_if"] == ["Theta symmetric"]


def test_sizes_are_shown_without_their_keyword() -> None:
    judgement = refuted("sumall(x) = mean(x)", "x: n")
    assert "true if n = 1" in detail_lines(judgement)
