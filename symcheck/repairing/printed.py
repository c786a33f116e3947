"""A correction as it is printed: in the author's own signs, with the part of the line that it replaces."""

from __future__ import annotations

from symcheck.explaining.correction import changed
from symcheck.explaining.places import PRODUCTS, SUMS, editable, rebuilt
from symcheck.language.claim import Claim
from symcheck.language.shape import same_name
from symcheck.language.tensor import Apply, Number, Tensor, Variable
from symcheck.language.verdict import Correction
from symcheck.rendering.latex_notation import write_latex
from symcheck.rendering.text_notation import write
from symcheck.repairing.judging import Diagnosis

INFIX = SUMS | PRODUCTS | {"neg", "pow"}
BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))


def correction_for(claim: Claim, found: Diagnosis | None) -> Correction | None:
    """The correction in the author's notation, with the part of the line that it replaces."""
    if found is None or found.right is None or claim.equation is None:
        return None
    relation = "" if found.relation is claim.equation.relation else str(found.relation)
    text, latex = write(found.right), write_latex(found.right)
    right = claim.equation.right
    old, new = changed(right, found.right)
    span = old.span
    if relation or span is None or not 0 <= span[0] < span[1] <= len(claim.line):
        return Correction(text, latex, relation=relation)
    written = claim.line[span[0] : span[1]]
    if not _is_balanced(written):
        return Correction(text, latex)
    if old is right:
        return Correction(text, latex, span, written, text)
    if claim.line[span[0] - 1 : span[0]] + claim.line[span[1] : span[1] + 1] == "()" and not _is_infix(new):
        before = claim.line[: span[0] - 1].rstrip()
        if not before[-1:].isalnum() and before[-1:] not in ("'", "_", ")", "]"):
            # brackets that are of no use any more
            span = span[0] - 1, span[1] + 1
            written = claim.line[span[0] : span[1]]
    part = _fitted(claim.line, span, right, old, new)
    return Correction(_spliced(claim, span, old, new, part) or text, latex, span, written, part)


def _is_balanced(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in BRACKETS)


def _fitted(line: str, span: tuple[int, int], right: Tensor, old: Tensor, new: Tensor) -> str:
    """The new part, in brackets where it needs them and has none around it."""
    part = write(new)
    before, after = line[: span[0]].rstrip(), line[span[1] :].lstrip()
    enclosed = before[-1:] in tuple("([,") and after[:1] in tuple(")],")
    if not _is_infix(new) or enclosed or not _needs_brackets(right, old, new):
        return part
    return f"({part})"


def _is_infix(tensor: Tensor) -> bool:
    if isinstance(tensor, Number):
        return tensor.value.denominator > 1 or tensor.value < 0
    return isinstance(tensor, Apply) and tensor.op in INFIX


def _needs_brackets(right: Tensor, old: Tensor, new: Tensor) -> bool:
    """Whether the writer puts brackets around the new part where it stands."""
    above = _above(right, old)
    if above is None:
        return True
    parts = tuple(new if part is old else part for part in editable(above))
    whole = write(rebuilt(above, parts, same_name))
    return f"({write(new)})" in whole


def _above(tensor: Tensor, part: Tensor) -> Tensor | None:
    """What stands directly around a part."""
    for inner in editable(tensor):
        if inner is part:
            return tensor
        found = _above(inner, part)
        if found is not None:
            return found
    return None


def _spliced(claim: Claim, span: tuple[int, int], old: Tensor, new: Tensor, part: str) -> str | None:
    """The author's own right side with the new part in it; None where that might be read otherwise."""
    assert claim.equation is not None
    outer = claim.equation.right.span
    if outer is None or not outer[0] <= span[0] < span[1] <= outer[1] <= len(claim.line):
        return None
    line, whole = claim.line, claim.line[outer[0] : outer[1]]
    before, after = line[outer[0] : span[0]], line[span[1] : outer[1]]
    sign = f"{claim.equation.relation} "
    if not claim.text.endswith(f"{sign}{whole}") or "\n" in whole or not _is_balanced(whole):
        return None
    names = isinstance(old, Variable) and isinstance(new, Variable)
    if (before[-1:].isalnum() or before[-1:] == "_" or not after[:1].isascii()) and not (
        names and len(part) == 1 and part not in "eE"
    ):
        # as in 2x, xᵀ, x²: what stands beside it belongs to it
        return None
    if after[:1] in ("'", "(", "[", ".", "_", "^") and not names:
        return None
    if (after.lstrip()[:2] == "**" or before.rstrip()[-2:] == "**") and not names and not part.isdigit():
        return None
    return before + part + after
