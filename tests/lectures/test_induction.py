"""Proofs by induction: right ones, near misses, and what a step may not ask of its hypothesis."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

import pytest
from recursions import BACKWARD, CHAIN, NARROW, NETWORK, RIGHT, SYMMETRIC, TWO_STEPS, WRONG, Miss, Recursive
from unrolled import differences

from symcheck.api import check_lecture
from symcheck.check import judge
from symcheck.errors import SymcheckError
from symcheck.language.claim import Claim
from symcheck.language.report import Report
from symcheck.language.tensor import apply
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted, Undecided, Verdict, word
from symcheck.opinions import computable
from symcheck.reading.builder import Derivation
from symcheck.rendering.json_report import record
from symcheck.rendering.latex import fragment
from symcheck.sympy_oracle import compare
from symcheck.trial import Session

EACH_RIGHT = pytest.mark.parametrize("said", RIGHT, ids=attrgetter("name"))
EACH_WRONG = pytest.mark.parametrize("miss", WRONG, ids=attrgetter("why"))


def conclusions(said: Recursive) -> list[Claim]:
    derivation, _ = said.build()
    return [claim for claim in derivation.lecture_noun().claims if claim.induction is not None]


def verdicts(said: Recursive) -> tuple[list[Verdict], list[Verdict], list[Verdict]]:
    """Of base, step and conclusion."""
    session, found = Session(), conclusions(said)
    induction = found[0].induction
    assert induction is not None
    parts = (induction.base, induction.step, found)
    base, step, ends = ([judge(claim, session).verdict for claim in part] for part in parts)
    return base, step, ends


def checked(derivation: Derivation) -> list[Judgement]:
    return list(check_lecture(derivation.lecture_noun()))


def worst(found: list[Verdict]) -> Verdict:
    return max(found, key=lambda verdict: ["proved", "undecided", "refuted", "error"].index(word(verdict)))


# -- what holds ------------------------------------------------------------------------------------


@EACH_RIGHT
def test_base_step_and_conclusion_are_proved(said: Recursive) -> None:
    for part in verdicts(said):
        assert all(isinstance(verdict, Proved) for verdict in part), part


@EACH_RIGHT
def test_the_conclusion_is_about_every_level(said: Recursive) -> None:
    for verdict in verdicts(said)[2]:
        assert isinstance(verdict, Proved)
        sign = "≤" if said.down else "≥"
        assert verdict.scope == f"all sizes; every {said.on} {sign} {said.start}"


@EACH_RIGHT
def test_the_step_says_what_it_was_given_and_the_conclusion_needs_it_no_more(said: Recursive) -> None:
    _, step, ends = verdicts(said)
    for verdict, end in zip(step, ends, strict=True):
        assert isinstance(verdict, Proved)
        assert isinstance(end, Proved)
        assert any("₋₁" in text or "₊₁" in text for text in verdict.assumptions)
        assert not any(" = " in text for text in end.assumptions)


@EACH_RIGHT
@pytest.mark.parametrize("depth", range(5))
def test_the_recursion_carried_out_agrees(said: Recursive, depth: int) -> None:
    _, proven = said.build()
    for seed in (1, 2):
        tolerance = 1e-2 if said.name == "second derivative" else 1e-5  # a quotient of quotients
        assert max(differences(proven._proof, depth, seed)) < tolerance


@EACH_RIGHT
def test_sympy_agrees_with_the_step(said: Recursive) -> None:
    for claim in conclusions(said):
        assert compare(claim).status == "agrees"


# -- what does not ----------------------------------------------------------------------------------


@EACH_WRONG
def test_a_wrong_induction_is_never_proved(miss: Miss) -> None:
    base, step, ends = map(worst, verdicts(miss.said))
    assert [word(base), word(step), word(ends)] == [miss.base, miss.step, miss.conclusion]
    if isinstance(ends, Refuted):
        assert ends.message.startswith(f"false at {miss.level}:")
        assert ends.witness is not None
    elif isinstance(ends, Failed):
        assert ends.error.code == miss.code
    else:
        assert isinstance(ends, Undecided)
        assert ends.code == miss.code
        assert ends.message == "the step is refuted, so nothing follows"


@EACH_WRONG
def test_what_is_wrong_has_a_witness(miss: Miss) -> None:
    for verdict in verdicts(miss.said)[0] + verdicts(miss.said)[1]:
        if isinstance(verdict, Refuted):
            assert verdict.witness is not None
            assert verdict.witness.claimed != verdict.witness.true


@pytest.mark.parametrize("miss", [m for m in WRONG if m.conclusion != "error"], ids=attrgetter("why"))
def test_the_recursion_carried_out_differs_somewhere(miss: Miss) -> None:
    _, proven = miss.said.build()
    found = [max(differences(proven._proof, depth, seed)) for depth in range(4) for seed in (1, 2)]
    assert max(found) > 1e-2


def test_right_and_wrong_are_of_one_number() -> None:
    assert len(WRONG) >= len(RIGHT)


# -- what cannot even be said ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"start": 1}, "SC001", "Gₙ has no base"),
        ({"base": "l₁ = A₀(x + b₀); G₁ = D(A₀)(x + b₀)ᵀ"}, "SC001", "has no base"),
        ({"base": "l₀ = A₀(x + b₀)"}, "SC001", "has no base or no shape"),
        ({"step": NETWORK.step.split("; Gₙ")[0]}, "SC001", "the step does not define Gₙ"),
        ({"step": NETWORK.step.replace("@ wₙ", "@ wₙᵀ")}, "SC012", "does not contract"),
        ({"step": NETWORK.step.replace("Gₙ₋₁ @", "(∂lₙ₋₁/∂x)ᵀ @")}, "SC020", "derivatives by x"),
        ({"step": NETWORK.step + "; Hₙ = ∂Gₙ/∂b₀"}, "SC020", "not differentiated"),
        ({"step": NETWORK.step + "; Hₙ = wₙ₋₁"}, "SC010", "not declared"),
        ({"step": NETWORK.step + "; Hₙ = lₙ₋₂"}, "SC010", "not declared"),
        ({"step": NETWORK.step + "; H = lₙ"}, "SC001", "no name of level n"),
        ({"step": NETWORK.step + "; Hₙ = Σ_n lₙ[n]"}, "SC013", "counts levels"),
        ({"declare": NETWORK.declare + "; w: m"}, "SC001", "no name of level n"),
        ({"declare": NETWORK.declare.replace("lₙ: dₙ", "lₙ: mₙ")}, "SC012", "declared for its level"),
        ({"declare": NETWORK.declare.replace("Gₙ: m dₙ", "Gₙ: dₙ m")}, "SC012", "declared for its level"),
        ({"statement": "(∂lₙ/∂b₀)ᵀ = 2·Gₙ"}, "SC001", "no statement"),
        ({"statement": "(∂lₙ/∂bₙ)ᵀ = Gₙ"}, "SC010", "bₙ₋₁ is not declared"),
        ({"statement": ""}, "SC001", "nothing to prove"),
        ({"on": "L"}, "SC000", "cannot be counted"),
        ({"start": "n"}, "SC000", "no level"),
    ],
    ids=str,
)
def test_what_cannot_be_said_is_told(changes: dict[str, str], code: str, said: str) -> None:
    with pytest.raises(SymcheckError) as caught:
        replace(NETWORK, **changes).build()  # type: ignore[arg-type]
    assert caught.value.code == code
    assert said in caught.value.message


def test_nothing_is_assumed_of_a_state() -> None:
    """|x₁|′ = 1 for x₁ > 0, but f₂(x₂) > 0 is nowhere said."""
    said = replace(CHAIN, base="F₁ = abs(x₁); G₁ = 1", assumed=("x₁ > 0",), before="x₁: scalar")
    with pytest.raises(SymcheckError, match="need not hold for the state of every level"):
        said.build()


def test_names_of_the_base_are_no_part_of_a_step_whose_base_moves() -> None:
    step = BACKWARD.step.replace("Fₗ = Fₗ₊₁", "Fₗ = Fₗ₊₁ + F_L")
    with pytest.raises(SymcheckError, match="belongs to the base alone"):
        replace(BACKWARD, step=step).build()


def test_a_symmetric_matrix_is_not_differentiated_into_its_hypothesis() -> None:
    """u₀ = X = Xᵀ = v₀ for symmetric X, but d(C·X)/dX = C is not d(C·Xᵀ)/dX = Cᵀ."""
    said = Recursive(
        "symmetric",
        "X: d d; C: d d",
        "uₙ = vₙ",
        "uₙ: d d; vₙ: d d",
        "u₀ = X; v₀ = Xᵀ",
        "uₙ = ∂(tr(Cᵀ @ uₙ₋₁))/∂X; vₙ = ∂(tr(Cᵀ @ vₙ₋₁))/∂X",
        over="X",
        assumed=("X symmetric",),
    )
    with pytest.raises(SymcheckError, match="not differentiated"):
        said.build()


# -- what the conclusion knows ----------------------------------------------------------------------------


def test_equal_widths_are_part_of_the_scope() -> None:
    step = NETWORK.step.replace("@ wₙ", "@ wₙᵀ")
    said = replace(NETWORK, step=step, assume=("dim dₙ₋₁ == mₙ",))
    for part, expected in zip(verdicts(said), ("", "dₙ₋₁ == mₙ", "dₙ₋₁ == mₙ; every n ≥ 0"), strict=True):
        (verdict,) = part
        assert isinstance(verdict, Proved)
        assert verdict.scope.endswith(expected)


def test_an_assumption_about_each_layer_is_named() -> None:
    (verdict,) = verdicts(SYMMETRIC)[2]
    assert isinstance(verdict, Proved)
    assert verdict.assumptions == ("Aₙ symmetric",)


def test_a_conclusion_alone_judges_its_base_and_step() -> None:
    """As with -k, or after a process was lost."""
    (right,) = conclusions(NETWORK)
    assert isinstance(judge(right, Session()).verdict, Proved)
    (wrong,) = conclusions(WRONG[0].said)
    assert isinstance(judge(wrong, Session()).verdict, Refuted)


def test_a_conclusion_that_says_something_else_does_not_follow() -> None:
    (claim,) = conclusions(NETWORK)
    assert claim.equation is not None
    twice = replace(claim.equation, right=apply("mul", 2, claim.equation.right))
    verdict = judge(replace(claim, equation=twice), Session()).verdict
    assert isinstance(verdict, Refuted)
    swapped = replace(claim.equation, left=claim.equation.right, right=claim.equation.left)
    verdict = judge(replace(claim, equation=swapped), Session()).verdict
    assert isinstance(verdict, Proved)  # but only as the step is, given the hypothesis
    assert (verdict.scope, verdict.assumptions) == ("all sizes", ("(∂lₙ₋₁/∂b₀)ᵀ = Gₙ₋₁",))


def test_claims_about_a_level_rest_on_the_induction() -> None:
    for said, expected in ((BACKWARD, "proved"), (WRONG[10].said, "undecided")):
        derivation, proven = said.build()
        proven.claim("∂Fₗ/∂Wₗ = δₗ₊₁ ⊗ g(zₗ)")
        proven.claim("∂Fₗ/∂Wₗ = ∂Fₗ/∂zₗ₊₁ ⊗ g(zₗ)")
        proven.claim("∂Fₗ/∂bₗ = 2·δₗ₊₁", expect="refuted")
        rests, free, wrong = (judgement.verdict for judgement in checked(derivation)[-3:])
        assert word(rests) == expected
        if isinstance(rests, Proved):
            assert rests.scope == "all sizes; every l < L"
        assert isinstance(free, Proved)  # says nothing of δ
        assert free.scope == "all sizes"
        assert isinstance(wrong, Refuted)
        assert wrong.code == "SC104"


def test_a_level_is_differentiated_by_its_own_names_and_the_hypothesis_only() -> None:
    derivation, proven = NETWORK.build()
    proven.claims("""
        ∂lₙ/∂b₀ = ∂lₙ/∂lₙ₋₁ ∂lₙ₋₁/∂b₀
        ∂lₙ/∂bₙ = D(Aₙ)(vₙ)
        ∂lₙ/∂x = ∂lₙ/∂b₀
        dlₙ = D(Aₙ)(vₙ) @ dvₙ
    """)
    kinds = [j.verdict for j in checked(derivation)[-4:]]
    assert [word(verdict) for verdict in kinds] == ["proved", "proved", "error", "error"]
    asked = replace(NETWORK, over="x").build()
    asked[1].claim("∂lₙ/∂x = 0", expect="refuted")
    assert isinstance(checked(asked[0])[-1].verdict, Refuted)


def test_with_several_values_none_is_differentiated_by() -> None:
    """pₙ₋₁ is made of what uₙ₋₁ is made of: it does not stand still when uₙ₋₁ moves."""
    derivation, proven = TWO_STEPS.build()
    proven.claim("∂uₙ/∂uₙ₋₁ = fₙ'(uₙ₋₁)")
    verdict = checked(derivation)[-1].verdict
    assert isinstance(verdict, Failed)
    assert verdict.error.code == "SC020"


def test_json_tells_from_what_a_conclusion_follows() -> None:
    derivation, _ = NETWORK.build()
    base, step, end = checked(derivation)
    assert record(end)["induction"] == {
        "index": "n",
        "start": "0",
        "direction": "up",
        "base": [base.claim.id],
        "hypothesis": ["(∂lₙ₋₁/∂b₀)ᵀ = Gₙ₋₁"],
        "step": [step.claim.id],
        "closed": "",
    }
    assert "induction" not in record(step)
    assert len({base.claim.id, step.claim.id, end.claim.id}) == 3


def test_the_proof_is_told_in_words() -> None:
    derivation, _ = BACKWARD.build()
    notes = [item.text for item in derivation.lecture_noun().items if not isinstance(item, Claim)]
    assert [note.split(":")[0].split(",")[0] for note in notes] == [
        "By induction on l", "Base", "Hypothesis", "Step", "Conclusion",
    ]  # fmt: skip
    assert notes[2].endswith("where Fₗ₊₁ is any differentiable function of zₗ₊₁, all else held.")


def test_latex_sets_the_equations_of_the_proof() -> None:
    derivation, _ = NETWORK.build()
    lecture = derivation.lecture_noun()
    latex = fragment(Report("induction", tuple(checked(derivation)), lecture))
    assert (
        r"Hypothesis: $\Bigl( \frac{\partial l_{n-1}}{\partial b_{0}} \Bigr)^{\top} = G_{n-1}$, where"
        in latex
    )
    assert r"Step: $v_{n} = l_{n-1}^{\top} \,\allowbreak w_{n} + b_{n}$; $l_{n} = A_{n}(v_{n})$; " in latex
    assert latex.isascii()


def test_the_other_parties_are_asked_about_the_first_level() -> None:
    (claim,) = conclusions(NETWORK)
    first = computable(claim)
    assert first is not claim
    assert first.graph is not claim.graph
    names = {symbol.name for symbol in first.graph.definitions}
    assert {"l0", "lₙ"} <= names
    assert "lₙ₋₁" not in names


def test_an_arbitrary_value_where_nothing_is_differentiated() -> None:
    derivation, _ = RIGHT[8].build()
    notes = [item.text for item in derivation.lecture_noun().items if not isinstance(item, Claim)]
    assert notes[2] == "Hypothesis: Pₙ₋₁ᵀ = Qₙ₋₁, where Pₙ₋₁ has any value."


def test_narrow_widths_are_shared_by_name() -> None:
    """Of one size for all levels: said by the shape, so the step needs no more."""
    (verdict,) = verdicts(NARROW)[2]
    assert isinstance(verdict, Proved)
    assert verdict.scope == "all sizes; every n ≥ 0"
