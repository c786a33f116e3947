"""Explanations of wrong claims: refuted, the kind named rightly, a correction that proves; times."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from random import Random

from benchmarks.claims_file import CASES
from benchmarks.tables import Row, plain, share, spread
from symcheck.check import judge
from symcheck.language.claim import Claim
from symcheck.language.verdict import Judgement, Refuted, Undecided
from symcheck.opinions import with_opinions
from symcheck.reading.claims_file import read_claims
from symcheck.trial import Session
from tests.property.test_lecture_slips import Slip, all_slips

SAMPLE = 24
"""Slips of each kind that are drawn from the lectures."""
SEED = 20

NAMED: dict[str, frozenset[str]] = {
    "sign": frozenset({"SC103"}),
    "neg": frozenset({"SC103"}),
    "factor2": frozenset({"SC104"}),
    "scale": frozenset({"SC104"}),
    "mean": frozenset({"SC104", "SC105"}),
    "sqrt": frozenset({"SC104", "SC109"}),
    "transpose": frozenset({"SC101", "SC102", "SC106"}),
    "index": frozenset({"SC105", "SC106", "SC107", "SC108", "SC109", "SC119"}),
    "axis": frozenset({"SC101", "SC102", "SC105"}),
    "drop": frozenset({"SC104", "SC108", "SC109", "SC110"}),
    "dropgamma": frozenset({"SC108"}),
    "path": frozenset({"SC108"}),
    "power": frozenset({"SC108", "SC109"}),
    "chain": frozenset({"SC108", "SC109"}),
    "sig": frozenset({"SC108", "SC109"}),
    "branch": frozenset({"SC119"}),
    "": frozenset({"SC110"}),
}
"""What a label of the claims file says is wrong → the codes that name it; without a label an assumption."""

MADE: dict[str, frozenset[str]] = {
    "sign": frozenset({"SC103"}),
    "factor 2": frozenset({"SC104", "SC108"}),
    "number": frozenset({"SC103", "SC104", "SC108"}),
    "transpose": frozenset({"SC101", "SC102", "SC110"}),
    "order": frozenset({"SC101", "SC102", "SC103", "SC119"}),
    "name": frozenset({"SC109", "SC108"}),
    "index": frozenset({"SC106", "SC109"}),
    "term or factor left out": frozenset({"SC104", "SC105", "SC107", "SC108", "SC109", "SC101", "SC103"}),
    "f for f′": frozenset({"SC109"}),
    "f′ for f": frozenset({"SC109"}),
    "⊙ against ·": frozenset({"SC107", "SC105", "SC104", "SC108"}),
    "function left out": frozenset({"SC105", "SC109", "SC101", "SC107"}),
    "function": frozenset({"SC109"}),
    "branches": frozenset({"SC119"}),
}
"""Kind of a slip made by machine → the codes that name it."""


def table() -> str:
    """One row for the wrong records of the claims file, one for each kind of slip, one for all slips."""
    session = Session()
    rows: list[Row] = []
    notes: list[str] = []
    wrong = [(_label(claim), claim) for claim in bench_claims()]
    rows.append(
        _row("claims file", [(NAMED[label], explained(claim, session)) for label, claim in wrong], notes)
    )
    everything = []
    for kind, slips in sampled(SAMPLE).items():
        told = [(MADE[kind], explained(slip.claim, session)) for slip in slips]
        # some slips turn out true, or are defined nowhere
        told = [(codes, j) for codes, j in told if isinstance(j.verdict, Refuted | Undecided)]
        everything += told
        rows.append(_row(kind, told, notes))
    rows.append(_row("all slips", everything, []))
    header = ("wrong claims", "refuted", "kind named", "correction", "median ms", "p95", "worst")
    return plain("Explanations: judging and explaining, process time, warm", header, rows, notes)


def bench_claims() -> list[Claim]:
    """The wrong records of the claims file."""
    wrong = {
        record["id"]
        for line in (CASES / "bench.jsonl").read_text(encoding="utf-8").splitlines()
        if (record := json.loads(line))["expected"] == "false"
    }
    return [c for c in read_claims(CASES / "bench.jsonl") if isinstance(c, Claim) and c.id in wrong]


def sampled(share_: int) -> dict[str, list[Slip]]:
    """Some slips of each kind, of all lectures."""
    kinds: dict[str, list[Slip]] = {}
    for slip in all_slips():
        kinds.setdefault(slip.kind, []).append(slip)
    random = Random(SEED)
    return {kind: random.sample(some, min(share_, len(some))) for kind, some in sorted(kinds.items())}


def explained(claim: Claim, session: Session) -> Judgement:
    """The claim judged and explained; its milliseconds are those of both."""
    session.wrong.clear()
    started = time.process_time()
    judgement = with_opinions(judge(claim, session), session, "none", 10.0)
    return replace(judgement, ms=(time.process_time() - started) * 1000)


def _label(claim: Claim) -> str:
    return claim.id.partition("/")[2]


def _row(name: str, told: list[tuple[frozenset[str], Judgement]], notes: list[str]) -> Row:
    refuted = [(codes, j) for codes, j in told if isinstance(j.verdict, Refuted)]
    named = corrected = 0
    for codes, judgement in refuted:
        verdict = judgement.verdict
        assert isinstance(verdict, Refuted)
        named += verdict.code in codes
        corrected += verdict.correction is not None and bool(verdict.kind)
        if verdict.code not in codes or verdict.correction is None:
            notes.append(f"{name}: {judgement.claim.text[:90]}  {verdict.code} {verdict.kind}"[:170])
    count = len(refuted)
    times = [j.ms for _, j in refuted] or [0.0]
    return name, share(count, len(told)), share(named, count), share(corrected, count), *spread(times)
