"""The claims file of true and wrong derivatives: decisions and times."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from benchmarks.tables import Row, plain, share, spread
from symcheck.check import judge
from symcheck.language.claim import Claim, Expectation
from symcheck.language.verdict import Judgement, word
from symcheck.reading.claims_file import read_claims
from symcheck.trial import Session, Trial

CASES = Path(__file__).parents[1] / "tests" / "cases"


def table() -> str:
    """One row for the true and one for the wrong claims; milliseconds of the second run."""
    path = CASES / "bench.jsonl"
    claims = [claim for claim in read_claims(path) if isinstance(claim, Claim)]
    for _ in range(2):
        session = Session()
        judgements = [judge(claim, session) for claim in claims]
    rows: list[Row] = []
    for name, expected in (("true", Expectation.PROVED), ("wrong", Expectation.REFUTED)):
        rows.append(_row(name, [j for j in judgements if j.claim.expected is expected]))
    rows.append(_row("all", judgements))
    alone = [claim for claim in claims if claim.expected is Expectation.PROVED]
    rows.append(("true, prover alone", "", "", "", "", *spread(_proved(alone))))
    slowest = max(judgements, key=lambda judgement: judgement.ms)
    notes = [f"{word(j.verdict)}: {j.claim.id}  {_why(j)}" for j in judgements if j.as_expected is not True]
    notes.append(f"slowest: {slowest.claim.id}  {slowest.claim.text}")
    header = (path.name, "as expected", "undecided", "error", "wrong decision", "median ms", "p95", "worst")
    return plain(f"Claims of {path.name}, prover and balls, warm", header, rows, notes)


def _proved(claims: list[Claim]) -> list[float]:
    """Milliseconds of lowering, differentiating and proving, in the second of two runs."""
    for _ in range(2):
        session = Session()
        found = []
        for claim in claims:
            started = time.perf_counter()
            assert Trial(claim, session).prove(claim.assumptions).proved
            found.append(1000 * (time.perf_counter() - started))
    return found


def _row(name: str, judgements: list[Judgement]) -> Row:
    verdicts = Counter(word(j.verdict) for j in judgements)
    good = sum(j.as_expected is True for j in judgements)
    decided = verdicts["proved"] + verdicts["refuted"]
    return (
        name,
        share(good, len(judgements)),
        verdicts["undecided"],
        verdicts["error"],
        decided - good,
        *spread([j.ms for j in judgements]),
    )


def _why(judgement: Judgement) -> str:
    """The reason in one line."""
    verdict = judgement.verdict
    reason = getattr(verdict, "message", "") or str(getattr(verdict, "error", ""))
    return reason.split("\n")[0][:90]
