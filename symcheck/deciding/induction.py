"""Verdicts of base and step → the verdict of the conclusion of an induction.

The conclusion is proved only if base and step are.  It is refuted where the statement is false at a
level of its own: at the base, or at the first level after it with the values of the base put in.  A step
refuted for an arbitrary function refutes no level, but nothing follows from it any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symcheck.errors import Contradiction, DefinedNowhere, Location
from symcheck.language.claim import Induction
from symcheck.language.verdict import Failed, Proved, Refuted, Undecided, Verdict, word


def concluded(
    induction: Induction,
    base: Sequence[Verdict],
    step: Sequence[Verdict],
    first: Sequence[Verdict],
    location: Location | None = None,
) -> Verdict:
    """What follows for every level."""
    for level, verdicts in ((induction.base_level, base), (induction.first_level, first)):
        for verdict in verdicts:
            if isinstance(verdict, Refuted) and not (verdicts is first and _all_proved(base, step)):
                return replace(verdict, message=f"false at {level}: {verdict.message}", follows=None)
    for part, verdicts in ((f"the base {induction.base_level}", base), ("the step", step)):
        for verdict in verdicts:
            if not isinstance(verdict, Proved):
                return _unfounded(part, verdict)
    if not base or not step:
        return Undecided("SC203", "an induction needs a base and a step")
    for verdict in first:
        if isinstance(verdict, Refuted):
            what = f"base and step are proved, and {induction.first_level} is refuted: {verdict.message}"
            hint = "this is a bug of symcheck: please report the formula"
            return Failed(Contradiction(what, location=location, hint=hint))
        if isinstance(verdict, Failed) and verdict.error.code == "SC030":
            what = f"at {induction.first_level}: {verdict.error.message}"
            return Failed(DefinedNowhere(what, location=location, hint=verdict.error.hint))
    return _proved(induction, [v for v in (*base, *step) if isinstance(v, Proved)])


def rested(induction: Induction, corollary: Verdict, whole: Verdict) -> Verdict:
    """What uses the statement at the level before holds where the statement does."""
    if not isinstance(corollary, Proved):
        return corollary
    if not isinstance(whole, Proved):
        return Undecided(
            "SC203",
            f"right given {'; '.join(induction.hypothesis)}, which is not proved for every level",
            "correct the induction",
        )
    return _proved(induction, [corollary, whole])


def _all_proved(*parts: Sequence[Verdict]) -> bool:
    return all(isinstance(verdict, Proved) for part in parts for verdict in part)


def _unfounded(part: str, verdict: Verdict) -> Undecided:
    said = {"error": "cannot be judged"}.get(word(verdict), f"is {word(verdict)}")
    return Undecided("SC203", f"{part} {said}, so nothing follows", f"correct {part}")


def _proved(induction: Induction, parts: Sequence[Proved]) -> Proved:
    """Everything that base and step were proved under."""
    whole = f"; {replace(induction, corollary=None).levels}"
    scopes = dict.fromkeys(part.scope.removesuffix(whole) for part in parts)
    narrow = [scope for scope in scopes if scope != "all sizes"] or ["all sizes"]
    given = dict.fromkeys(text for part in parts for text in part.assumptions)
    return Proved(
        "; ".join([*narrow, induction.levels]),
        tuple(dict.fromkeys(law for part in parts for law in part.laws)),
        tuple(dict.fromkeys(text for part in parts for text in part.side_conditions)),
        tuple(text for text in given if text not in induction.hypothesis),
    )
