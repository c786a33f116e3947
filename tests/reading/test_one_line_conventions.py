"""A convention and assumptions for one line of a derivation, and how the report shows them."""

from __future__ import annotations

from symcheck import Derivation
from symcheck.language.report import Report
from symcheck.language.verdict import word
from symcheck.rendering import latex, terminal


def built() -> Derivation:
    batch = Derivation("one-layer", title="One layer by rows and columns")
    batch.declare("X: N n; W: n m")
    batch.function("q: (N m) -> scalar")
    batch.define("Z", "X @ W")
    batch.define("Q", "q(Z)")
    batch.claim("∂Q/∂W = Xᵀ @ ∂Q/∂Z")
    batch.claim("∂Q/∂W = ∂Q/∂Z @ X", convention="numerator")
    batch.claims("∂Q/∂W = Xᵀ @ ∂Q/∂Z", convention="numerator", expect="error")
    batch.claims("∂Q/∂W = ∂Q/∂Z @ X", expect="error")
    return batch


def test_a_line_has_the_layout_it_names_and_the_others_keep_theirs() -> None:
    judgements = built().check()
    assert [j.claim.convention for j in judgements] == ["gradient", "numerator", "numerator", "gradient"]
    assert [word(j.verdict) for j in judgements[:2]] == ["proved", "proved"]
    assert all(word(j.verdict) != "proved" for j in judgements[2:])


def test_the_report_names_the_layout_of_a_line_that_has_another() -> None:
    batch = built()
    report = Report(batch.name, tuple(batch.check()), batch.lecture_noun())
    rows = [line for line in terminal.render(report).splitlines() if "numerator layout" in line]
    assert len(rows) >= 1
    assert latex.render(report).count("numerator layout") >= 2


def test_assumptions_hold_for_the_lines_they_are_given_with() -> None:
    lines = Derivation("labels")
    lines.declare("y: n; z: n")
    lines.claims("y*y = y\n1 = sumall(y)", assume=["y one-hot"])
    lines.claim("y*y = y", expect="refuted")
    assert [word(j.verdict) for j in lines.check()] == ["proved", "proved", "refuted"]
