"""Every claim of every lecture: its verdict, what SymPy says, what difference quotients say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from lecture_floats import greatest_difference, has_edges

from symcheck.api import check_lecture, load
from symcheck.language.claim import Claim
from symcheck.language.derivation import Lecture
from symcheck.language.tensor import Derivative, Variable
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted, word
from symcheck.reading.catalogue import Entry, list_lectures
from symcheck.rendering.names import ascii_text
from symcheck.rendering.rows import Sums
from symcheck.sympy_oracle import compare

LECTURES = list_lectures()

SYMPY_CANNOT_SAY = {
    "linear-layer::z#2": "z = θᵀ @ x does not fit in shape, there is nothing to compare",
}
"""Claims on which SymPy has no opinion, and why."""

NOT_DERIVED = {
    "gradient-descent": {"x", "l"},  # the step moves the parameters, not the data
}
"""Inputs on which an output depends and whose gradient a lecture leaves out for a reason."""


@cache
def lecture(name: str) -> Lecture:
    return load(name)


@cache
def judged(name: str) -> dict[str, Judgement]:
    """The claims of a lecture judged in order, as in one run of the command."""
    judgements = {judgement.claim.id: judgement for judgement in check_lecture(lecture(name))}
    assert len(judgements) == len(lecture(name).claims), "two claims have one id"
    return judgements


def each_claim() -> Iterator[object]:
    for entry in LECTURES:
        for claim in lecture(entry.name).claims:
            yield pytest.param(entry.name, claim, id=ascii_text(f"{claim.id}: {claim.text}"))


ALL = list(each_claim())
LECTURE = pytest.mark.parametrize("entry", LECTURES, ids=[entry.name for entry in LECTURES])
EACH = pytest.mark.parametrize(("name", "claim"), ALL)


@EACH
def test_a_claim_gets_the_verdict_its_author_expects(name: str, claim: Claim) -> None:
    judgement = judged(name)[claim.id]
    assert word(judgement.verdict) == str(claim.expected), judgement.verdict


@EACH
def test_sympys_own_differentiation_says_the_same(name: str, claim: Claim) -> None:
    answer = compare(claim)
    if claim.id in SYMPY_CANNOT_SAY:
        assert answer.status == "n/a", "the list of what SymPy cannot say is out of date"
    else:
        assert answer.status == {"proved": "agrees", "refuted": "differs"}[str(claim.expected)], answer.detail


def test_only_claims_of_the_lectures_are_listed() -> None:
    assert {claim.id for entry in LECTURES for claim in lecture(entry.name).claims} >= set(SYMPY_CANNOT_SAY)
    assert {entry.name for entry in LECTURES} >= set(NOT_DERIVED)


@EACH
def test_difference_quotients_say_the_same(name: str, claim: Claim) -> None:
    if claim.equation is None:
        assert isinstance(judged(name)[claim.id].verdict, Failed)
        return
    differences = [greatest_difference(claim, seed) for seed in (1, 2)]
    if has_edges(claim):
        differences += [greatest_difference(claim, seed, tied=True) for seed in range(3, 19)]
    if claim.expected == "proved":
        assert max(differences) < 1e-6
    else:
        assert max(differences) > 1e-2


# -- the lectures as a whole -----------------------------------------------------------------------


@LECTURE
def test_the_catalogue_counts_right(entry: Entry) -> None:
    claims = lecture(entry.name).claims
    assert entry.claims == len(claims)
    assert entry.slips == sum(claim.expected != "proved" for claim in claims)
    assert (entry.title, entry.lecture) == (lecture(entry.name).title, lecture(entry.name).lecture)


@LECTURE
def test_every_proof_holds_for_all_sizes_or_says_where(entry: Entry) -> None:
    for judgement in judged(entry.name).values():
        if isinstance(judgement.verdict, Proved):
            scope, claim = judgement.verdict.scope, judgement.claim
            if claim.induction is not None:
                assert scope == f"all sizes; {claim.induction.levels}"
                continue
            agreeing = ", ".join(text.removeprefix("dim ") for text in claim.assumptions.dim_texts)
            everywhere = f"all sizes with {agreeing}" if agreeing else "all sizes"
            assert scope == everywhere or (scope.startswith("at ") and claim.point)


def test_only_one_network_needs_sizes_that_agree() -> None:
    """Apart from single claims whose lines say so."""
    found = {entry.name for entry in LECTURES if lecture(entry.name).assumptions.dim_texts}
    assert found == {"tanh-softmax-network"}


@LECTURE
def test_the_gradient_in_every_input_is_claimed(entry: Entry) -> None:
    """Of the output that `derive` shows, and of what the lecture differentiates it in."""
    noun = lecture(entry.name)
    scalars = [symbol for symbol in noun.graph.definitions if not symbol.shape]
    output = noun.output or (scalars[-1] if scalars else None)
    if output is None:
        return
    claimed = {
        claim.equation.left.by.name
        for claim in noun.claims
        if claim.equation is not None
        and claim.expected == "proved"
        and isinstance(claim.equation.left, Derivative)
        and isinstance(claim.equation.left.body, Variable)
        and claim.equation.left.body.symbol is output
    }
    wanted = {symbol.name for symbol in noun.graph.upstream(output) if symbol not in noun.graph}
    assert wanted - claimed == NOT_DERIVED.get(entry.name, set())


def test_sizes_are_symbols() -> None:
    for entry in LECTURES:
        for symbol in lecture(entry.name).inputs:
            for size in symbol.shape:
                assert size == (1,) or all(isinstance(dim, str) for dim in size), symbol


# -- the slips -------------------------------------------------------------------------------------


def slips(name: str) -> list[Judgement]:
    return [j for j in judged(name).values() if j.claim.expected != "proved"]


def test_the_slip_of_the_second_run_and_what_follows_from_it() -> None:
    first, second, third = slips("squared-product-second-run")
    for judgement, text, claimed, true in (
        (first, "∂f/∂h = 16200", "16200", "-180"),
        (second, "∂f/∂a = 16200·(-5)·1", "-81000", "900"),
        (third, "∂f/∂a = -81000", "-81000", "900"),
    ):
        assert judgement.claim.text == text
        assert isinstance(judgement.verdict, Refuted)
        witness = judgement.verdict.witness
        assert witness is not None
        assert (witness.claimed, witness.true) == (claimed, true)
        assert witness.entries == {"a": "23", "b": "2", "c": "-5", "d": "7"}
    assert isinstance(first.verdict, Refuted)
    assert first.verdict.follows is None
    assert isinstance(second.verdict, Refuted)
    assert (second.verdict.code, second.verdict.follows) == ("SC301", first.claim.id)
    assert isinstance(third.verdict, Refuted)
    assert (third.verdict.code, third.verdict.follows) == ("SC301", second.claim.id)


def test_what_is_right_beside_the_slip_is_proved_at_the_point() -> None:
    found = {
        judgement.claim.text: judgement.verdict
        for judgement in judged("squared-product-second-run").values()
        if isinstance(judgement.verdict, Proved)
    }
    assert found["∂f/∂h = 2h"].scope == "all sizes"
    for text in ("∂f/∂h = -180", "∂f/∂a = -180·(-5)·1", "∂f/∂a = 900"):
        assert found[text].scope == "at a = 23, b = 2, c = -5, d = 7"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("linear-layer", ["SC012", "SC101"]),
        ("model-with-activation", ["SC103"]),
        ("log-softmax-differentials", ["SC105"]),
        ("calculus-rules", ["SC109", "SC108", "SC108"]),
        ("tanh-jacobian", ["SC100"]),
        ("index-network", ["SC119", "SC119", "SC109", "SC108", "SC106"]),
        ("tanh-softmax-network", ["SC119", "SC119", "SC103", "SC119", "SC119", "SC119"]),
        ("loss-example", ["SC103", "SC119"]),
    ],
)
def test_slips_are_told_apart(name: str, codes: list[str]) -> None:
    found = []
    for judgement in slips(name):
        verdict = judgement.verdict
        assert isinstance(verdict, Failed | Refuted)
        found.append(verdict.error.code if isinstance(verdict, Failed) else verdict.code)
    assert found == codes


def test_the_slips_of_the_notes_are_counted() -> None:
    sums = Sums()
    for entry in LECTURES:
        for judgement in judged(entry.name).values():
            sums.add(judgement)
    assert sums.whole_line().endswith("; 16 slips of the notes found")
    assert "slips" not in Sums().whole_line()
