"""The mistake in a sentence, in the author's terms."""

from __future__ import annotations

from contextlib import suppress

from symcheck.errors import SymcheckError
from symcheck.explaining.correction import Found
from symcheck.explaining.edit import RARE, Edit
from symcheck.explaining.polishing import polished
from symcheck.language.tensor import Apply, Tensor, structure
from symcheck.rendering.text_notation import write
from symcheck.repairing.judging import Diagnosis, Repair

LONGEST = 80
"""Letters of a formula within a sentence; a longer one is cut in the middle."""


def of_edits(found: Found, judge: Repair) -> Diagnosis:
    """The edits in words; the formula as its author would write it, where that proves as well."""
    right = found.right
    with suppress(SymcheckError):
        tidy = polished(right, judge.claim.assumptions.same, [edit.path for edit in found.edits])
        if structure(tidy) != structure(right) and judge.agrees(tidy) and judge.proves(tidy):
            right = tidy
    return Diagnosis(found.edits[0].code, sentence(found), right, size_of(found))


def sentence(found: Found) -> str:
    """What was wrong, each edit once."""
    return "; ".join(dict.fromkeys(map(_said, found.edits)))


def size_of(found: Found) -> int:
    """How large the edits are; two of them are as rare as any."""
    return found.edits[0].size if len(found.edits) == 1 else RARE


def _said(edit: Edit) -> str:
    if edit.code == "SC103" and not edit.path and "the sign of {0}" in edit.words and _is_whole(edit):
        return "the sign is wrong"
    return edit.words.format(*map(short, edit.about))


def _is_whole(edit: Edit) -> bool:
    inner = edit.part.args[0] if isinstance(edit.part, Apply) and edit.part.op == "neg" else edit.part
    return edit.about in ((edit.part,), (inner,))


def short(tensor: Tensor) -> str:
    """A formula within a sentence."""
    text = write(tensor)
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST * 2 // 3].rstrip()} … {text[-LONGEST // 3 :].lstrip()}"
