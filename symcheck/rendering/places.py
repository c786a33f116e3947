"""Where something stands, as people see it: relative to the folder they are in."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from symcheck.errors import Location
from symcheck.language.verdict import Correction, Failed, Judgement

PACKAGED = str(Path(__file__).resolve().parents[1] / "lectures") + os.sep
"""Where an installed package carries its lectures."""


def shown_file(file: str) -> str:
    """A path below the current folder relative to it; any other as it is."""
    if not os.path.isabs(file):
        return file
    try:
        relative = os.path.relpath(file)
    except (ValueError, OSError):
        return file
    return file if relative.startswith(os.pardir) else relative


def shown_place(place: Location) -> str:
    """``file:line:col`` for people: a lecture of the package stands in `derivations/`, wherever installed."""
    if place.file is None:
        return str(place)
    if place.file.startswith(PACKAGED):
        return str(replace(place, file=f"derivations/{place.file.removeprefix(PACKAGED)}"))
    return str(replace(place, file=shown_file(place.file)))


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a correction changes in the author's file."""

    place: Location
    new: str


def error_place(judgement: Judgement) -> Location | None:
    """Where within a claim it cannot be judged; None if that is not known more closely."""
    match judgement.verdict:
        case Failed(error=error):
            return error.location
    return None


def correction_of(judgement: Judgement) -> Correction | None:
    """The smallest edit that proves, if one was found."""
    found: Correction | None = getattr(judgement.verdict, "correction", None)
    return found


def mistake(judgement: Judgement) -> str:
    """The kind of mistake in one sentence, if it has a name."""
    found: str = getattr(judgement.verdict, "kind", "")
    return found


def replacement(judgement: Judgement) -> Replacement | None:
    """The edit of a correction; None if there is none, or if its place in the file is not known."""
    claim, correction = judgement.claim, correction_of(judgement)
    if correction is None or correction.span is None or claim.location is None or not correction.old:
        return None
    start, end = correction.span
    line = claim.line or claim.text
    if line[start:end] != correction.old or "\n" in line:
        return None
    # the line stands in what the location points into, unless a string of Python wrote it otherwise
    before = claim.location.source.find(line)
    if before < 0 or claim.location.line != claim.location.end_line:
        return None
    first = before + 1
    if claim.location.source == line and line.startswith(claim.text):
        first = claim.location.col  # the source is the formula alone, not the line of a file
    place = replace(claim.location, col=first + start, end_col=first + end)
    return Replacement(place, correction.new)
