"""Vectors and matrices made of others: products, inverses, determinants, derivatives, names, refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from symcheck.api import check_claims, check_formula, read_formula
from symcheck.language.verdict import Failed, Judgement, word

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "blocks.jsonl").read_text().splitlines()
]
CLAIMS = [row for row in ROWS if row["expect"] in ("proved", "refuted")]
LET = "A: m m; B: m n; C: n m; D: n n; x: m; y: n; u: m; v: m; t: scalar"
M = "block([[A, B], [C, D]])"


def judged(row: dict[str, Any], **options: Any) -> Judgement:
    (judgement,) = check_claims(read_formula(row["claim"], [row["let"]], row.get("assume", [])), **options)
    return judgement


def one(formula: str, let: str = LET, assume: tuple[str, ...] = ()) -> Judgement:
    (judgement,) = check_formula(formula, let, assume)
    return judgement


def name(row: dict[str, Any]) -> str:
    return str(row["claim"])


@pytest.mark.parametrize("row", CLAIMS, ids=name)
def test_verdicts(row: dict[str, Any]) -> None:
    verdict = judged(row).verdict
    assert word(verdict) == row["expect"], verdict


@pytest.mark.parametrize("row", [row for row in ROWS if row["expect"].startswith("SC")], ids=name)
def test_what_is_refused_says_so(row: dict[str, Any]) -> None:
    verdict = judged(row).verdict
    assert isinstance(verdict, Failed), verdict
    assert verdict.error.code == row["expect"], verdict.error


@pytest.mark.parametrize("row", CLAIMS, ids=name)
def test_blocks_written_out_by_sympy_do_not_contradict(row: dict[str, Any]) -> None:
    """The oracle knows nothing of segments: it joins arrays of numbers and symbols at small sizes."""
    said = judged(row, oracle="sympy", timeout=3.0).oracles["sympy"]
    if row["expect"] == "proved":
        assert not said.startswith("differs"), said
    else:
        assert not said.startswith("agrees"), said
