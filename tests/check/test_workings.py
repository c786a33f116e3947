"""``--explain``: the normal forms of both sides, the laws with their statements, what was tried."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from symcheck.api import check_claims, check_lecture, load, read_formula
from symcheck.cli import main
from symcheck.language.report import Report
from symcheck.language.verdict import Judgement, Working
from symcheck.normal_form.laws import LAWS
from symcheck.rendering import json_report, terminal
from symcheck.rendering.table import cells
from symcheck.rendering.theme import Theme
from symcheck.rendering.working_rows import sum_text, working_rows


def worked(text: str, let: str, *assume: str) -> tuple[Judgement, Working]:
    (judgement,) = check_claims(read_formula(text, [let], assume), explain=True)
    assert judgement.working is not None
    return judgement, judgement.working


FORMS = [
    ("d(x @ x)/dx = 2*x", "x: n", "2·x[i]"),
    ("d(x.T @ A @ x)/dx = (A + A.T) @ x", "x: n; A: n n", "(Σ_j A[i,j]·x[j]) + (Σ_j A[j,i]·x[j])"),
    ("d(log(1 + exp(x)))/dx = sigmoid(x)", "x: scalar", "1 - (1 + exp(x))^(-1)"),
    ("d(phi(x**2))/dx = 2*x*phi'(x**2)", "x: scalar; phi: elementwise", "2·x·φ'(x^2)"),
    ("d(relu(x))/dx = where(x > 0, 1, 0)", "x: scalar", "[x > 0]"),
    ("d(sqrt(2)*x)/dx = sqrt(2)", "x: scalar", "2^(1/2)"),
    ("sumall(ones(n)) = n", "x: n", "n"),
    ("x - x = 0", "x: scalar", "0"),
]


@pytest.mark.parametrize(("text", "let", "form"), FORMS, ids=[row[0] for row in FORMS])
def test_a_normal_form_is_written_as_on_paper(text: str, let: str, form: str) -> None:
    _, working = worked(text, let)
    assert sum_text(working.left) == sum_text(working.right) == form
    assert working.difference == ("0",)


def test_what_is_left_of_a_wrong_line_is_shown() -> None:
    judgement, working = worked("d(x.T @ A @ x)/dx = 2*A @ x", "x: n; A: n n")
    assert sum_text(working.difference) == "- (Σ_j A[i,j]·x[j]) + (Σ_j A[j,i]·x[j])"
    assert ("tried", "evaluation: does not hold at an exact point, with n = 2") in working_rows(judgement)


def test_laws_are_quoted_with_statement_and_condition() -> None:
    judgement, working = worked("d(logdet(X))/dX = inv(X).T", "X: n n", "X invertible", "det(X) > 0")
    for name, statement, condition in working.laws:
        assert (statement, condition) == (LAWS[name].statement, LAWS[name].condition)
    assert any(label == "law" and ": " in text for label, text in working_rows(judgement))
    given = worked("sumall(y)*x = x", "x: scalar; y: n", "sum(y) == 1")[0]
    assert ("given", "sum(y) == 1") in working_rows(given)


def test_the_order_in_which_claims_came_does_not_show() -> None:
    texts = [row[:2] for row in FORMS]
    alone = [worked(*row)[1].left for row in texts]
    claims = [claim for text, let in reversed(texts) for claim in read_formula(text, [let])]
    together = [j.working.left for j in check_claims(claims, explain=True)]
    assert alone == together[::-1]


@pytest.mark.parametrize("name", ["two-layer", "softmax-jacobian", "index-network", "activations"])
@pytest.mark.parametrize("width", [60, 100, 200])
def test_workings_of_a_lecture_fit_the_line(name: str, width: int) -> None:
    lecture = load(name)
    report = Report(name, tuple(check_lecture(lecture, explain=True)), lecture)
    assert all(j.working is not None for j in report.judgements)
    for ascii_only in (False, True):
        text = terminal.render(report, Theme(width=width, ascii=ascii_only), brief=True)
        assert max(map(cells, text.splitlines())) <= width
        assert text.isascii() or not ascii_only
        assert "Workings" in text


def test_very_long_forms_are_cut() -> None:
    judgement, working = worked("(a + b + c)**12 = (c + b + a)**12", "a: scalar; b: scalar; c: scalar")
    assert len(working.left) <= 25
    assert "more terms" in working.left[-1]
    longest = max(len(text) for _, text in working_rows(judgement))
    assert longest < 400


def test_what_was_not_read_says_so() -> None:
    judgement, working = worked("d(x**2)/dx = 2*y", "x: scalar")
    assert working.reason
    assert working_rows(judgement) == [("", working.reason)]


def test_json_tells_it_only_where_it_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    judgement, _ = worked("d(x @ x)/dx = 2*x", "x: n")
    (record,) = json.loads(json_report.render(Report("", (judgement,))))["claims"]
    assert record["working"]["left"] == ["+ 2·x[i]"]
    (plain,) = json.loads(json_report.render(Report("", (replace(judgement, working=None),))))["claims"]
    assert set(record) - set(plain) == {"working"}
    assert main(["check", "d(x @ x)/dx = 2*x", "--let", "x: n", "--explain"]) == 0
    assert "    left   2·x[i]\n    right  the same, term by term\n" in capsys.readouterr().out
    assert main(["derive", "softmax-jacobian", "--explain", "--oracle", "none"]) == 0
    assert "Workings" in capsys.readouterr().out
