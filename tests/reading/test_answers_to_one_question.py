"""Records that ask the same share what is declared and the left side; nothing else passes between them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from symcheck.check import judge
from symcheck.language.claim import Claim
from symcheck.language.verdict import Refuted, word
from symcheck.reading.claims_file import read_claims
from symcheck.trial import Session

QUADRATIC = {"symbols": {"x": ["n"], "A": ["n", "n"]}, "f": "x.T @ A @ x", "wrt": "x"}
ENTRIES = {"symbols": {"x": ["n"]}, "f": "x[i]**2", "wrt": "x[j]", "convention": "index"}
LET = {"symbols": {"x": ["n"]}, "let": {"s": "x @ x", "t": "s**2"}, "f": "t", "wrt": "x"}


def claims(folder: Path, *records: dict[str, Any]) -> list[Claim]:
    path = folder / "answers.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    found = list(read_claims(path))
    assert all(isinstance(claim, Claim) for claim in found)
    return [claim for claim in found if isinstance(claim, Claim)]


def answers(question: dict[str, Any], *texts: str) -> list[dict[str, Any]]:
    return [{**question, "claim": text} for text in texts]


def test_the_left_side_is_read_once(tmp_path: Path) -> None:
    first, second = claims(tmp_path, *answers(QUADRATIC, "(A + A.T) @ x", "2*A @ x"))
    assert first.equation is not None
    assert second.equation is not None
    assert first.equation.left is second.equation.left
    assert first.graph is not second.graph


@pytest.mark.parametrize(
    "other",
    [
        {"symbols": {"x": ["m"], "A": ["m", "m"]}},
        {"f": "x.T @ A @ A @ x"},
        {"wrt": "A"},
        {"assumptions": ["A symmetric"]},
        {"convention": "differential"},
        {"symbols": {"A": ["n", "n"], "x": ["n"]}},
    ],
)
def test_another_question_shares_nothing(tmp_path: Path, other: dict[str, Any]) -> None:
    first, second = claims(
        tmp_path, {**QUADRATIC, "claim": "2*A @ x"}, {**QUADRATIC, **other, "claim": "2*A @ x"}
    )
    if first.equation is not None and second.equation is not None:
        assert first.equation.left is not second.equation.left


ROWS = [
    (QUADRATIC, ("(A + A.T) @ x", "2*A @ x", "A.T @ x + A @ x", "x"), "proved refuted proved refuted"),
    (QUADRATIC, ("2*A @ x", "(A + A.T) @ x", "A"), "refuted proved refuted"),
    (
        {**QUADRATIC, "assumptions": ["A symmetric"]},
        ("2*A @ x", "A @ x", "2*A.T @ x"),
        "proved refuted proved",
    ),
    (
        ENTRIES,
        ("2*x[i]*delta(i,j)", "2*x[j]*delta(i,j)", "2*x[k]*delta(i,j)", "2*x[i]"),
        "proved proved refuted refuted",
    ),
    (LET, ("4*s*x", "2*s*x", "4*(x @ x)*x"), "proved refuted proved"),
]


@pytest.mark.parametrize(("question", "texts", "expected"), ROWS)
def test_every_answer_is_judged_as_if_alone(
    tmp_path: Path, question: dict[str, Any], texts: tuple[str, ...], expected: str
) -> None:
    session = Session()
    together = [judge(c, session).verdict for c in claims(tmp_path, *answers(question, *texts))]
    alone = [judge(claims(tmp_path, row)[0], Session()).verdict for row in answers(question, *texts)]
    assert together == alone
    assert " ".join(map(word, together)) == expected


def test_a_wrong_answer_follows_from_no_other_one(tmp_path: Path) -> None:
    session = Session()
    texts = ("2*s*x", "2*s*x", "s*x")
    for claim in claims(tmp_path, *answers(LET, *texts)):
        verdict = judge(claim, session).verdict
        assert isinstance(verdict, Refuted)
        assert verdict.follows is None


def test_what_cannot_be_read_is_an_error_each_time(tmp_path: Path) -> None:
    broken = {**QUADRATIC, "f": "x.T @ B @ x"}
    for claim in claims(tmp_path, *answers(broken, "x", "A @ x")):
        assert claim.error is not None
        assert claim.error.location is not None
