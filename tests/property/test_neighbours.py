"""Wrong neighbours of true claims: what evaluation separates must never come out proved."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from random import Random

import pytest
from mutating import CASES, neighbour, rewritten, true_claims

from symcheck.api import read_formula
from symcheck.check import judge
from symcheck.errors import SymcheckError
from symcheck.language.claim import Claim
from symcheck.language.verdict import Failed, Proved, word
from symcheck.opinions import sympy_opinion
from symcheck.rendering.text_notation import write
from symcheck.trial import Session, Trial


def operation_claims() -> list[Claim]:
    """The proved rows about operations."""
    lines = (CASES / "operations.jsonl").read_text().splitlines()
    rows = [row for row in map(json.loads, lines) if row["expect"] == "proved"]
    return [c for row in rows for c in read_formula(row["claim"], [row["let"]], row.get("assume", []))]


BENCH = true_claims("bench")
OPERATIONS = operation_claims()
ALL = true_claims("bench", "dev")


def outcome(claim: Claim, session: Session) -> str:
    """What prover and balls say, neither knowing of the other.  Errors: Contradiction."""
    session.trim()
    try:
        trial = Trial(claim, session)
    except SymcheckError:
        return "error"
    proof = trial.prove(claim.assumptions)
    finding = trial.refute(proved=False)
    if finding.witness is not None:
        assert claim.equation is not None
        assert not proof.proved, f"{claim.id}: {write(claim.equation.right)} at {finding.witness}"
        return "refuted"
    if finding.living is None:
        return "nowhere"
    return "proved" if proof.proved else "undecided"


def tally(claims: Iterable[Claim], seed: int, count: int) -> Counter[str]:
    random, session = Random(seed), Session()
    chosen = list(claims)
    found: Counter[str] = Counter()
    while found.total() < count:
        wrong = neighbour(random.choice(chosen), random)
        if wrong is not None:
            found[outcome(wrong, session)] += 1
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_wrong_neighbour_is_never_proved(seed: int) -> None:
    found = tally(ALL, seed, 120)
    # most slips change the value, and then a witness is found
    assert found["refuted"] >= 100, found
    assert found["undecided"] <= 3, found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_thousands_of_wrong_neighbours_are_never_proved(seed: int) -> None:
    started = time.perf_counter()
    found = tally(ALL, seed, 2000)
    print(f"seed {seed}: {dict(found)} in {time.perf_counter() - started:.0f} s")
    assert found["undecided"] <= 20, found


@pytest.mark.parametrize("seed", range(2))
def test_a_wrong_neighbour_of_a_claim_about_an_operation_is_never_proved(seed: int) -> None:
    found = tally(OPERATIONS, seed, 150)
    assert found["refuted"] >= 120, found
    assert found["undecided"] <= 4, found


def of_blocks() -> list[Claim]:
    """The proved rows about what is made of blocks."""
    lines = (CASES / "blocks.jsonl").read_text().splitlines()
    rows = [row for row in map(json.loads, lines) if row["expect"] == "proved"]
    return [c for row in rows for c in read_formula(row["claim"], [row["let"]], row.get("assume", []))]


@pytest.mark.parametrize(
    ("seed", "count"),
    [(0, 60), (1, 60), *(pytest.param(k, 600, marks=pytest.mark.slow) for k in range(20, 24))],
)
def test_a_wrong_neighbour_of_a_claim_about_blocks_is_never_proved(seed: int, count: int) -> None:
    """What does come out proved is written out by SymPy, which inverts and joins matrices whole."""
    random, session = Random(seed), Session()
    chosen = of_blocks()
    found: Counter[str] = Counter()
    while found.total() < count:
        wrong = neighbour(random.choice(chosen), random)
        if wrong is None:
            continue
        verdict = judge(wrong, session).verdict
        assert not (isinstance(verdict, Failed) and verdict.error.code in ("SC900", "SC901")), wrong.text
        if isinstance(verdict, Proved):
            assert wrong.equation is not None
            said = sympy_opinion(wrong, 3.0, session)
            assert not said.startswith("differs"), (write(wrong.equation.left), write(wrong.equation.right))
        found[word(verdict)] += 1
    print(f"seed {seed}: {dict(found)}")
    assert found["refuted"] >= 0.7 * count, found


def rewritten_claims(seed: int, count: int) -> list[Claim]:
    random = Random(seed)
    return [rewritten(random.choice(BENCH), random)[0] for _ in range(count)]


def test_a_wrong_neighbour_of_a_rewritten_claim_is_never_proved() -> None:
    found = tally(rewritten_claims(7, 60), 7, 120)
    assert found["refuted"] >= 90, found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(300, 303))
def test_thousands_of_wrong_neighbours_of_rewritten_claims_are_never_proved(seed: int) -> None:
    found = tally(rewritten_claims(seed, 1000), seed, 1000)
    print(f"seed {seed}: {dict(found)}")
    assert found["refuted"] >= 800, found


def test_every_true_claim_has_neighbours() -> None:
    random = Random(0)
    for claim in BENCH:
        assert any(neighbour(claim, random) is not None for _ in range(20)), claim.id
