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

NAMED = {
    "sign": "SC103",
    "neg": "SC103",
    "factor2": "SC104",
    "scale": "SC104",
    "mean": "SC104",
    "sqrt": "SC104",
    "transpose": "SC101",
    "axis": "SC105",
    "drop": "SC108",
    "dropgamma": "SC108",
    "path": "SC108",
    "power": "SC108",
    "chain": "SC109",
    "sig": "SC109",
    "branch": "SC119",
    "": "SC110",
}
"""What a label of the claims file says is wrong → the code that names it; without a label an assumption."""

OWN = {
    "M3/transpose": "SC102",  # an outer product the other way round
    "L3/transpose": "SC102",
    "net-V/transpose": "SC102",
    "M13/transpose": "SC106",  # of entries
    "M13/index": "SC106",
    "J2/index": "SC106",
    "J3/index": "SC106",
    "S8/index": "SC108",  # t for its square
    "J1/index": "SC119",  # the delta does not cover the product
    "J6/index": "SC105",  # a product entry by entry for one with a sum
    "J7/index": "SC105",
    "KL2/index": "SC108",  # a factor lost under a sum
    "net-U/index": "SC109",  # one name for another
    "graph-x1/index": "SC109",
    "N3/power": "SC109",
    "M8/drop": "SC104",  # 1/N
    "M14/drop": "SC104",
    "affine-X/drop": "SC104",
    "J4/drop": "SC109",  # the diagonal of the Jacobian of a softmax put for its value
    "L2/drop": "SC109",  # the sigmoid put for its derivative, that is: the factor 1 - sigmoid lost
    "J7/drop": "SC110",  # true if the factor that is lost is 1
    "affine-b/axis": "SC101",  # g @ 1 for its transpose: a sum over the other axis
}
"""Records of which the label says less than their notes → the code that names the mistake."""

MADE: dict[str, frozenset[str]] = {
    "sign": frozenset({"SC103"}),
    "factor 2": frozenset({"SC104"}),
    "number": frozenset({"SC104", "SC108", "SC119"}),
    "transpose": frozenset({"SC101", "SC102"}),
    "order": frozenset({"SC101", "SC102", "SC119"}),
    "name": frozenset({"SC109"}),
    "index": frozenset({"SC106"}),
    "term or factor left out": frozenset({"SC104", "SC108", "SC109"}),
    "f for f′": frozenset({"SC109"}),
    "f′ for f": frozenset({"SC109"}),
    "⊙ against ·": frozenset({"SC107", "SC104", "SC108"}),
    "function left out": frozenset({"SC105", "SC107", "SC109"}),
    "function": frozenset({"SC109"}),
    "branches": frozenset({"SC119"}),
}
"""Kind of a slip made by machine → the codes that name it.

An exponent is told as SC108, a wrong value at the author's point, if no sign and no plain factor explains it,
as SC119 with the formula and its value, an upside-down fraction or exchanged cases as SC119 with a
sentence; what is left out may be a number (SC104), a term or factor (SC108), or a part of what a function is
taken of (SC109); ``*`` stands for ``/`` as well (SC104, SC108).  Without a sentence nothing is named.
"""


def table() -> str:
    """One row for the wrong records of the claims file, one for each kind of slip, one for all slips."""
    session = Session()
    rows: list[Row] = []
    notes: list[str] = []
    told = [(frozenset({code_for(claim)}), explained(claim, session)) for claim in bench_claims()]
    rows.append(_row("claims file", told, notes))
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


def code_for(claim: Claim) -> str:
    """The code that names what is wrong in a record of the claims file."""
    return OWN.get(claim.id) or NAMED[claim.id.partition("/")[2]]


def _row(name: str, told: list[tuple[frozenset[str], Judgement]], notes: list[str]) -> Row:
    refuted = [(codes, j) for codes, j in told if isinstance(j.verdict, Refuted)]
    named = corrected = 0
    for codes, judgement in refuted:
        verdict = judgement.verdict
        assert isinstance(verdict, Refuted)
        named += verdict.code in codes and bool(verdict.kind)
        corrected += verdict.correction is not None and bool(verdict.kind)
        if verdict.code not in codes or verdict.correction is None:
            notes.append(f"{name}: {judgement.claim.text[:90]}  {verdict.code} {verdict.kind}"[:170])
    count = len(refuted)
    times = [j.ms for _, j in refuted] or [0.0]
    return name, share(count, len(told)), share(named, count), share(corrected, count), *spread(times)
