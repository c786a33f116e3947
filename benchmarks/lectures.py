"""Every claim of every lecture: decided as expected, and how long prover and balls take."""

from __future__ import annotations

from benchmarks.tables import Row, plain, share, spread
from symcheck.api import load
from symcheck.check import judge
from symcheck.language.verdict import Judgement, word
from symcheck.reading.catalogue import list_lectures
from symcheck.trial import Session


def table() -> str:
    """One row a lecture, one for all; milliseconds of the second run, each file in a new session."""
    rows: list[Row] = []
    everything: list[Judgement] = []
    unexpected: list[str] = []
    for entry in list_lectures():
        lecture = load(entry.name)
        for _ in range(2):
            session = Session()
            judgements = [judge(claim, session) for claim in lecture.claims]
        everything += judgements
        rows.append(_row(entry.name, judgements))
        unexpected += [
            f"not as expected: {j.claim.id}  {j.claim.text}: {word(j.verdict)}"
            for j in judgements
            if not j.as_expected
        ]
    rows.append(_row("all", everything))
    slowest = max(everything, key=lambda judgement: judgement.ms)
    notes = [*unexpected, f"slowest: {slowest.claim.id}  {slowest.claim.text}"]
    header = ("lecture", "as expected", "median ms", "p95", "worst")
    return plain("Claims of the lectures, prover and balls, warm", header, rows, notes)


def _row(name: str, judgements: list[Judgement]) -> Row:
    good = sum(judgement.as_expected is True for judgement in judgements)
    times = [judgement.ms for judgement in judgements]
    return name, share(good, len(judgements)), *spread(times)
