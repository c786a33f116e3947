"""The laws a verdict names: those its proof rests on, whatever was proved before."""

from __future__ import annotations

from pathlib import Path

import pytest
from identity_rows import rows, verdict

from symcheck.check import judge
from symcheck.language.claim import Claim, Expectation
from symcheck.language.verdict import Proved
from symcheck.normal_form.laws import LAWS
from symcheck.reading.claims_file import read_claims
from symcheck.reading.declarations import declare_in
from symcheck.reading.line import read_line
from symcheck.reading.scope import Scope
from symcheck.trial import Session

CASES = Path(__file__).parents[1] / "cases"


def laws(
    text: str, let: str, session: Session | None = None, assume: tuple[str, ...] = ()
) -> tuple[str, ...]:
    found = verdict(text, let, assume, session)
    assert isinstance(found, Proved), text
    return found.laws


def from_file(name: str) -> list[Claim]:
    claims = [claim for claim in read_claims(CASES / name) if isinstance(claim, Claim)]
    return [claim for claim in claims if claim.expected is Expectation.PROVED]


def identities() -> list[list[Claim]]:
    """The proved rows that share their declarations, and so their symbols."""
    found: dict[str, list[Claim]] = {}
    scopes: dict[str, Scope] = {}
    for row in rows():
        if row.expect != "proved" or row.assume:
            continue
        if row.let not in scopes:
            scopes[row.let] = Scope()
            declare_in(scopes[row.let], row.let)
        found.setdefault(row.let, []).extend(read_line(row.claim, scopes[row.let], id=row.claim))
    return list(found.values())


GROUPS = [from_file("bench.jsonl"), from_file("dev.jsonl"), *identities()]


@pytest.mark.parametrize("claims", GROUPS, ids=lambda claims: claims[0].id[:30])
def test_a_claim_names_the_same_laws_alone_and_after_others(claims: list[Claim]) -> None:
    session = Session()
    for claim in (*claims, *reversed(claims)):
        after = judge(claim, session).verdict
        alone = judge(claim, Session()).verdict
        assert type(after) is type(alone), claim.text
        if isinstance(after, Proved) and isinstance(alone, Proved):
            assert after.laws == alone.laws, claim.text
            assert set(alone.laws) <= LAWS.keys()


def test_the_groups_meet_most_laws() -> None:
    session = Session()
    met: set[str] = set()
    for claims in GROUPS:
        for claim in claims:
            found = judge(claim, session).verdict
            met.update(found.laws if isinstance(found, Proved) else ())
    assert len(met) >= 12, met


@pytest.mark.parametrize(
    ("text", "let", "expected"),
    [
        ("d(sigmoid(t))/dt = sigmoid(t)*(1 - sigmoid(t))", "t: scalar", "root-absorbs"),
        ("sin(t)**2 + cos(t)**2 = 1", "t: scalar", "pythagoras"),
        ("sum(j, delta(i,j)*x[j]) = x[i]", "x: n", "delta-contracts"),
        ("exp(s + t) = exp(s)*exp(t)", "s: scalar; t: scalar", "exponentials"),
        ("erf(-t) = -erf(t)", "t: scalar", "parity"),
    ],
)
def test_what_is_remembered_is_remembered_with_its_laws(text: str, let: str, expected: str) -> None:
    session = Session()
    first = laws(text, let, session)
    assert expected in first
    assert laws(text, let, session) == first


def test_a_law_is_not_named_for_an_orientation_met_before() -> None:
    session = Session()
    assert laws("erf(s - t) = erf(s - t)", "s: scalar; t: scalar", session) == ()
    # the head that is kept holds s - t: erf(t - s) is written with it, which proves nothing by parity
    assert "parity" not in laws("2*erf(t - s) = erf(t - s) + erf(t - s)", "s: scalar; t: scalar", session)
    assert "parity" in laws("erf(t - s) + erf(s - t) = 0", "s: scalar; t: scalar", session)


def test_what_failed_on_the_way_is_not_named() -> None:
    names = laws("p = q", "t: scalar; p = sin(t)**2 + cos(t)**2 - t; q = 1 - t")
    assert names == ("pythagoras",)
