"""Formulas of cookbooks, frameworks, courses and papers, each with wrong neighbours, get their verdicts.

What is expected was measured by difference quotients at random points and unequal sizes.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from symcheck import api
from symcheck.check import judge
from symcheck.language.claim import Claim, Expectation
from symcheck.language.verdict import Proved, word
from symcheck.reading.claims_file import read_claims
from symcheck.rendering import text_notation
from symcheck.trial import Session

FILE = Path(__file__).parents[1] / "cases" / "collected.jsonl"
CLAIMS = [claim for claim in read_claims(FILE) if isinstance(claim, Claim)]
RECORDS = [json.loads(line) for line in FILE.read_text().splitlines()]
LAYOUTS = ("gradient", "numerator", "denominator")
RAISED = [
    record
    for record in RECORDS
    if record["expected"] != "false" and record["convention"] in LAYOUTS and "undefined" not in record
][::6]
"""A sample of those of which `grad` gives the derivative."""


def test_the_file_is_whole() -> None:
    counts = Counter(claim.expected for claim in CLAIMS)
    assert len(CLAIMS) == len(RECORDS) == len({claim.id for claim in CLAIMS})
    assert counts[Expectation.PROVED] > 700
    assert counts[Expectation.REFUTED] > 1200


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_collected_formula_gets_its_verdict(claim: Claim) -> None:
    verdict = judge(claim, Session()).verdict
    assert word(verdict) == str(claim.expected), verdict


def test_one_session_judges_all_collected_formulas_alike() -> None:
    session = Session()
    wrong = [claim.id for claim in CLAIMS[::2] if word(judge(claim, session).verdict) != str(claim.expected)]
    assert not wrong


@pytest.mark.parametrize("record", RAISED, ids=lambda record: record["id"])
def test_what_grad_prints_is_read_back_and_proved(record: dict[str, object], tmp_path: Path) -> None:
    shapes = record["symbols"]
    assert isinstance(shapes, dict)
    let = [f"{name}: {' '.join(map(str, dims)) or 'scalar'}" for name, dims in shapes.items()]
    asked = (record["f"], record["wrt"], let, record.get("assumptions", []), record["convention"])
    found = api.gradient(*asked)  # type: ignore[arg-type]
    if not found.matrix:
        return  # an entry by its indices: shown equal before it was handed out
    claim = text_notation.write(found.tensor, ascii=True)
    file = tmp_path / "printed.jsonl"
    file.write_text(json.dumps({**record, "claim": claim, "let": {}}) + "\n")
    (printed,) = read_claims(file)
    assert isinstance(printed, Claim)
    assert isinstance(judge(printed, Session()).verdict, Proved), claim
