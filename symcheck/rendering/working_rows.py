"""How a claim was judged, as labelled lines: what ``--explain`` shows."""

from __future__ import annotations

from collections.abc import Sequence

from symcheck.language.verdict import Judgement, Working
from symcheck.rendering.rows import conditions

TERMS = 12
"""Most terms of a normal form in a report; JSON has more."""


def working_rows(judgement: Judgement) -> list[tuple[str, str]]:
    """(label, text): both sides, their difference, laws with statements, side conditions, what was tried."""
    working = judgement.working
    if working is None:
        return []
    rows = [("left", sum_text(working.left))]
    if working.right == working.left:
        rows.append(("right", "the same, term by term" if working.left else ""))
    else:
        rows.append(("right", sum_text(working.right)))
        rows.append(("left - right", sum_text(working.difference)))
    rows += [("law", law_text(*law)) for law in working.laws]
    rows += [("given", text) for text in conditions(judgement)]
    rows += [("tried", text) for text in working.tried]
    rows.append(("", working.reason))
    return [(label, text) for label, text in rows if text]


def sum_text(terms: Sequence[str]) -> str:
    """Terms in a line, without the sign + at its beginning."""
    shown = " ".join(terms[:TERMS]).removeprefix("+ ")
    more = len(terms) - TERMS
    return f"{shown} + … {more} more terms" if more > 0 else shown


def law_text(name: str, statement: str, condition: str) -> str:
    """``inverse: Σₖ Aᵢₖ (A⁻¹)ₖⱼ = δᵢⱼ, where A invertible``."""
    told = f"{name}: {statement}" if statement else name
    return f"{told}   ({condition})" if condition else told


def is_explained(judgements: Sequence[Judgement]) -> bool:
    """Whether the caller asked."""
    return any(isinstance(judgement.working, Working) for judgement in judgements)
