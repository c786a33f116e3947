"""`symcheck grad`: what it prints is read back and proved; wrong questions are told."""

from __future__ import annotations

import json

import pytest

from symcheck import check_formula
from symcheck.cli import main
from symcheck.language.verdict import word

LET = (
    "x: n; y: n; w: d; t: N; s: scalar; A: n n; B: n n; X: m n; Z: N d; P: p m; Q: n p; C: n p; "
    "sigma: elementwise; F: n -> m"
)
QUESTIONS = [
    # formula, variable, axes of the formula, what is printed
    ("x.T @ A @ x", "x", 0, "(A + A.T) @ x"),
    ("x.T @ A @ x", "A", 0, "x ⊗ x"),
    ("tr(P @ X @ Q)", "X", 0, "P.T @ Q.T"),
    ("tr(inv(A) @ B)", "A", 0, "-inv(A).T @ B.T @ inv(A).T"),
    ("logdet(A)", "A", 0, "inv(A).T"),
    ("sumall(softplus(Z @ w) - t*(Z @ w))", "w", 0, "Z.T @ (sigmoid(Z @ w) - t)"),
    ("normF(X @ C)**2/2", "X", 0, None),
    ("sumall(sigma(X @ x))", "x", 0, None),
    ("sumall(F(x)**2)", "x", 0, None),
    ("softmax(x)", "x", 1, None),
    ("X @ x", "x", 1, "X"),
    ("X @ x", "X", 1, None),
    ("exp(s)*x", "s", 1, "exp(s)*x"),
    ("norm2(x - y)", "y", 0, None),
    ("sum(i, j, k, A[i,j]*A[j,k]*x[k]*y[i])", "A", 0, None),
]
LETTERS = "ijklmn"


@pytest.mark.parametrize(("formula", "by", "rank", "printed"), QUESTIONS, ids=lambda v: str(v))
def test_what_is_printed_is_proved(
    formula: str, by: str, rank: int, printed: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grad", formula, "--wrt", by, "--let", LET, "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    if printed is not None:
        assert record["text"] == printed
    indices = record["indices"]
    if indices:
        body = f"({formula})[{','.join(indices[:rank])}]" if rank else f"({formula})"
        head = f"d({body})/d{by}[{','.join(indices[rank:])}]"
    else:
        head = f"d({formula})/d{by}"
    (judgement,) = check_formula(f"{head} = {record['text']}", LET, ["A invertible"])
    assert word(judgement.verdict) == "proved"
    assert record["latex"]


@pytest.mark.parametrize(
    ("formula", "order", "printed"),
    [
        ("x @ A @ x", 2, "∂^2/∂x^2 = A + A.T"),
        ("x @ A @ x", 3, "∂^3/∂x^3 = zeros(n, n, n)"),
        ("s**4", 3, "∂^3/∂s^3 = 24*s"),
    ],
)
def test_higher_orders(formula: str, order: int, printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    by = "s" if formula[0] == "s" else "x"
    assert main(["grad", formula, "--wrt", by, "--let", LET, "--order", str(order)]) == 0
    assert capsys.readouterr().out == printed + "\n"


def test_layouts_and_several_variables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grad", "tr(P @ X @ Q)", "--wrt", "X", "--let", LET, "--convention", "numerator"]) == 0
    assert main(["grad", "x @ y", "--wrt", "x", "--wrt", "y", "--let", LET]) == 0
    assert capsys.readouterr().out == "∂/∂X = Q @ P\n∂/∂x = y\n∂/∂y = x\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x @ x"], "--wrt"),
        (["x @ x", "--wrt", "z"], "z is not declared"),
        (["x @ ", "--wrt", "x"], "ends where something should follow"),
        (["x @ A.T @", "--wrt", "x"], "SC001"),
        (["x @ x", "--wrt", "x", "--order", "0"], "out of reach"),
        (["x @ w", "--wrt", "x"], "does not contract"),
        (["cumulative(x)", "--wrt", "x"], "cumulative"),
    ],
)
def test_wrong_questions_are_told(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grad", *arguments, "--let", LET]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert not captured.out
