"""The derivative told of a refuted claim: an equation naming the entry it is of, read again and proved."""

from __future__ import annotations

import json

import pytest

from symcheck.api import check_formula
from symcheck.language.report import Report
from symcheck.language.verdict import Proved, Refuted
from symcheck.rendering import json_report, latex, markdown
from symcheck.rendering.detail_rows import detail_lines, true_text

NET = "V: h n; x: n; v: h; sigma: elementwise; p = V@x + v; y = sigma(p)"
ROWS = [
    ("∂p/∂V = 0", NET, "∂p[i]/∂V[j,k] = delta(i, j)*x[k]"),
    ("∂y/∂V = 0", NET, "∂y[i]/∂V[j,k] = σ'(p[i])*delta(i, j)*x[k]"),
    ("∂p/∂V = 0", "V: h n; j: n; k: scalar; p = k*V@j", "∂p[i]/∂V[l,m] = k*delta(i, l)*j[m]"),
    ("d(X @ X)/dX = 0", "X: n n", "d((X @ X)[i,j])/dX[k,l] = delta(i, k)*X[l,j] + X[i,k]*delta(j, l)"),
    ("d(X @ X)/dX = kron(X, X)", "X: n n",
     "d((X @ X)[i,j])/dX[k,l] = delta(i, k)*X[l,j] + X[i,k]*delta(j, l)"),
    ("d((X @ X)[k,m])/dX = X", "X: n n",
     "d((X @ X)[k,m])/dX[i,j] = delta(k, i)*X[j,m] + X[k,i]*delta(m, j)"),
    ("d((X @ X)[k,m])/dX = X", "X: i i",
     "d((X @ X)[k,m])/dX[j,l] = delta(k, j)*X[l,m] + X[k,j]*delta(m, l)"),
    ("d(x * (x @ A))/dA = 0", "x: n; A: n n", "d((x * (x @ A))[i])/dA[j,k] = x[i]*x[j]*delta(i, k)"),
    ("d(diag(x))/dx = 0", "x: n", "d(diag(x)[i,j])/dx[k] = delta(i, j)*delta(i, k)"),
    ("d(x @ x)/dx = 5*x", "x: n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "let", "told"), ROWS, ids=lambda row: str(row)[:40])
def test_the_derivative_is_told_with_its_entry_and_proves_when_it_is_read_again(
    text: str, let: str, told: str
) -> None:
    (judgement,) = check_formula(text, let)
    assert isinstance(judgement.verdict, Refuted)
    lines = [line for line in detail_lines(judgement) if line.startswith("true: ")]
    assert lines == ([f"true: {told}"] if told else [])
    (again,) = check_formula(true_text(judgement), let)
    assert isinstance(again.verdict, Proved)


def test_every_format_says_which_entry_it_is() -> None:
    (judgement,) = check_formula("∂p/∂V = 0", NET)
    (record,) = json.loads(json_report.render(Report("", (judgement,))))["claims"]
    assert record["derivative"]["of"] == "∂p[i]/∂V[j,k]"
    latex_of = r"\frac{\partial p_{i}}{\partial V_{jk}}"
    assert judgement.derivative_of_latex == latex_of
    report = Report("one", (judgement,))
    assert latex_of in latex.render(report)
    assert "∂p[i]/∂V[j,k] = delta(i, j)*x[k]" in markdown.render(report)
    (plain,) = check_formula("d(X)/dt = 0", "t: scalar; A: n n; X = t*A")
    (record,) = json.loads(json_report.render(Report("", (plain,))))["claims"]
    assert "of" not in record["derivative"]
