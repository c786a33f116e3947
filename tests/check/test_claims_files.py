"""Every record of the benchmark and of the collected formulas gets its verdict."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from symcheck.check import judge
from symcheck.language.claim import Claim, Expectation
from symcheck.language.verdict import Proved, Refuted, word
from symcheck.reading.claims_file import read_claims
from symcheck.trial import Session

CASES = Path(__file__).parents[1] / "cases"

OUT_OF_REACH = {}
"""True claims that are not proved: what is said of them instead, and why."""


def expected_of(claim: Claim) -> str:
    """What is to be said of a claim."""
    return OUT_OF_REACH.get(claim.id, (str(claim.expected), ""))[0]


def claims(name: str) -> list[Claim]:
    found = list(read_claims(CASES / f"{name}.jsonl"))
    assert all(isinstance(claim, Claim) for claim in found)
    return [claim for claim in found if isinstance(claim, Claim)]


BENCH, DEV = claims("bench"), claims("dev")


@pytest.mark.parametrize("claim", [*BENCH, *DEV], ids=lambda claim: claim.id)
def test_a_record_gets_its_verdict(claim: Claim) -> None:
    verdict = judge(claim, Session()).verdict
    assert word(verdict) == expected_of(claim), verdict
    if isinstance(verdict, Refuted):
        assert verdict.witness is not None or verdict.code == "SC100"
    if isinstance(verdict, Proved):
        assert verdict.scope


@pytest.mark.parametrize("batch", [BENCH, DEV], ids=["bench", "dev"])
@pytest.mark.parametrize("backwards", [False, True])
def test_one_session_judges_all_of_them_alike(batch: list[Claim], backwards: bool) -> None:
    session = Session()
    for claim in reversed(batch) if backwards else batch:
        verdict = judge(claim, session).verdict
        assert word(verdict) == expected_of(claim), (claim.id, verdict)


def test_the_benchmark_is_whole() -> None:
    counts = Counter(claim.expected for claim in BENCH)
    assert counts == {Expectation.PROVED: 52, Expectation.REFUTED: 106}


def test_nothing_wrong_is_out_of_reach() -> None:
    expected = {claim.id: claim.expected for claim in (*BENCH, *DEV)}
    assert {expected[name] for name in OUT_OF_REACH} <= {Expectation.PROVED}
