"""Vectors and matrices made of others: products, inverses, determinants, derivatives, names, refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from symcheck.api import check_claims, check_formula, gradient, read_formula
from symcheck.check import judge
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted, word
from symcheck.normal_form.laws import LAWS
from symcheck.opinions import with_opinions
from symcheck.reading.builder import Derivation
from symcheck.rendering.text_notation import write
from symcheck.trial import Session

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "blocks.jsonl").read_text().splitlines()
]
CLAIMS = [row for row in ROWS if row["expect"] in ("proved", "refuted")]
LET = "A: m m; B: m n; C: n m; D: n n; x: m; y: n; u: m; v: m; t: scalar"
M = "block([[A, B], [C, D]])"


def judged(row: dict[str, Any], **options: Any) -> Judgement:
    (judgement,) = check_claims(read_formula(row["claim"], [row["let"]], row.get("assume", [])), **options)
    return judgement


def one(formula: str, let: str = LET, assume: tuple[str, ...] = ()) -> Judgement:
    (judgement,) = check_formula(formula, let, assume)
    return judgement


CONDITIONS = [
    ("inv(block([[A, 0], [0, D]])) = block([[inv(A), 0], [0, inv(D)]])", {"A invertible", "D invertible"}),
    ("det(block([[A, B], [0, D]])) = det(A)*det(D)", set()),
    (f"det({M}) = det(A)*det(D - C@inv(A)@B)", {"A invertible"}),
    (f"det({M}) = det(D)*det(A - B@inv(D)@C)", {"A invertible", "D invertible"}),
    (f"{M} @ inv({M}) = eye(m + n)", {"A invertible", "D - C @ inv(A) @ B invertible"}),
    (f"tr(logdet({M})*eye(m)) = m*logdet({M})", {"A invertible", "D - C @ inv(A) @ B invertible"}),
    (
        "inv(block([[A, u], [v, 0]])) @ block([[A, u], [v, 0]]) = eye(m + 1)",
        {"A invertible", "-(v @ inv(A) @ u) ≠ 0"},
    ),
    (f"tr({M}) = tr(A) + tr(D)", set()),
    (f"det({M} @ {M}) = det({M} @ {M})", {f"{M} @ {M} with invertible blocks from the first corner on"}),
]


@pytest.mark.parametrize(("formula", "conditions"), CONDITIONS, ids=[row[0] for row in CONDITIONS])
def test_what_is_inverted_is_a_side_condition(formula: str, conditions: set[str]) -> None:
    verdict = one(formula).verdict
    assert isinstance(verdict, Proved), verdict
    assert set(verdict.side_conditions) == conditions


@pytest.mark.parametrize(
    ("formula", "law"),
    [
        (f"{M} @ concat(x, y) = concat(A@x + B@y, C@x + D@y)", {"blocks"}),
        ("inv(block([[A, 0], [0, D]])) = block([[inv(A), 0], [0, inv(D)]])", {"blocks", "block-inverse"}),
        (f"logdet({M}) = logdet(A) + logdet(D - C@inv(A)@B)", {"blocks", "block-determinant"}),
    ],
)
def test_the_law_is_named(formula: str, law: set[str]) -> None:
    verdict = one(formula).verdict
    assert isinstance(verdict, Proved)
    assert law <= set(verdict.laws)
    assert law <= set(LAWS)


def test_a_refutation_names_the_block_and_the_entry_of_the_whole() -> None:
    verdict = one(
        "concat(A@x, C@x, y) = concat(A@x, C@x + y, y)", assume=("dim m == 3", "dim n == 2")
    ).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.witness is not None
    assert verdict.message.startswith("in block 1: ")
    assert verdict.witness.component[0] in (3, 4)


def test_the_block_that_is_wrong_is_put_right_where_it_stands() -> None:
    (claim,) = read_formula(f"{M} @ concat(x, y) = concat(A@x + B@y, C@x - D@y)", [LET])
    session = Session()
    verdict = with_opinions(judge(claim, session), session, "none", 1.0).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.kind == "the sign of D @ y is wrong"
    assert verdict.correction is not None
    assert verdict.correction.text == "concat(A@x + B@y, C@x + D@y)"
    assert claim.line[slice(*verdict.correction.span or (0, 0))] == "C@x - D@y"


def test_two_wrong_blocks_get_no_correction_that_would_leave_one() -> None:
    (claim,) = read_formula(f"{M} @ concat(x, y) = concat(A@x - B@y, C@x - D@y)", [LET])
    session = Session()
    verdict = with_opinions(judge(claim, session), session, "none", 1.0).verdict
    assert isinstance(verdict, Refuted)
    assert verdict.correction is None


def test_blocks_that_are_never_invertible_leave_a_claim_open() -> None:
    """The matrix is invertible, both blocks on its diagonal are singular for n ≥ 2."""
    let = "a: n; b: n; B: n n; C: n n"
    formula = "det(block([[outer(a, a), B], [C, outer(b, b)]])) = 0"
    assert word(one(formula, let, ("dim n == 2",)).verdict) in ("undecided", "refuted")


def test_a_derivation_with_joined_names() -> None:
    d = Derivation("cell")
    d.declare("x: n; h: m; W: m n; U: m m; b: m")
    d.define("z", "concat(x, h, 1)")
    d.define("M", "hstack(W, U, b)")
    d.define("p", "M @ z")
    d.define("E", "sumall(tanh(p)**2)/2")
    d.claims("""
        p = W @ x + U @ h + b
        ∂p/∂z = M
        ∂E/∂z = M.T @ ∂E/∂p
        ∂E/∂M = outer(∂E/∂p, z)
        ∂E/∂h = U.T @ ∂E/∂p
        dE = (∂E/∂p) @ M @ dz + (∂E/∂p) @ dM @ z => ∂E/∂z = M.T @ ∂E/∂p
    """)
    d.claim("∂E/∂z = M.T @ p", expect="refuted")
    report = d.derive(sweeps=True, numeric=True)
    assert all(judgement.as_expected for judgement in report.judgements)


@pytest.mark.parametrize(
    ("formula", "wrt", "let", "form"),
    [
        ("normF(hstack(A, B) @ concat(x, y))**2", "A", LET, "2 * ((A @ x + B @ y) ⊗ x)"),
        ("concat(sin(x), x)", "x", LET, "vstack(diag(cos(x)), eye(m))"),
        ("z @ z", "z", "x: m; y: n; z = concat(x, y)", "concat(2*part(z, 0), 2*part(z, 1))"),
        (f"logdet({M})", "D", LET, "inv(D - C @ inv(A) @ B).T"),
    ],
)
def test_grad(formula: str, wrt: str, let: str, form: str) -> None:
    assert write(gradient(formula, wrt, [let]).tensor) == form


def name(row: dict[str, Any]) -> str:
    return str(row["claim"])


@pytest.mark.parametrize("row", CLAIMS, ids=name)
def test_verdicts(row: dict[str, Any]) -> None:
    verdict = judged(row).verdict
    assert word(verdict) == row["expect"], verdict


@pytest.mark.parametrize("row", [row for row in ROWS if row["expect"].startswith("SC")], ids=name)
def test_what_is_refused_says_so(row: dict[str, Any]) -> None:
    verdict = judged(row).verdict
    assert isinstance(verdict, Failed), verdict
    assert verdict.error.code == row["expect"], verdict.error


@pytest.mark.parametrize("row", CLAIMS, ids=name)
def test_blocks_written_out_by_sympy_do_not_contradict(row: dict[str, Any]) -> None:
    """The oracle knows nothing of segments: it joins arrays of numbers and symbols at small sizes."""
    said = judged(row, oracle="sympy", timeout=3.0).oracles["sympy"]
    if row["expect"] == "proved":
        assert not said.startswith("differs"), said
    else:
        assert not said.startswith("agrees"), said
