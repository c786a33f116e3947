"""Claims about vec, commutation matrices and structured variables, with SymPy's word on each."""

from __future__ import annotations

from pathlib import Path

import pytest

from symcheck.check import judge
from symcheck.language.claim import Claim
from symcheck.language.verdict import word
from symcheck.reading.claims_file import read_claims
from symcheck.sympy_oracle import compare
from symcheck.trial import Session

CASES = Path(__file__).parents[1] / "cases"
CLAIMS = [claim for claim in read_claims(CASES / "vectorised.jsonl") if isinstance(claim, Claim)]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_gets_its_verdict(claim: Claim) -> None:
    assert word(judge(claim, Session()).verdict) == claim.expected


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_sympy_agrees(claim: Claim) -> None:
    assert compare(claim).status == ("agrees" if str(claim.expected) == "proved" else "differs")
