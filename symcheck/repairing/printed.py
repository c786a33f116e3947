"""A correction as it is printed: in the author's own signs, with the part of the line that it replaces."""

from __future__ import annotations

from collections.abc import Iterator

from symcheck.explaining.correction import changed
from symcheck.explaining.places import PRODUCTS, SUMS, editable, rebuilt
from symcheck.language.claim import Claim
from symcheck.language.shape import same_name
from symcheck.language.tensor import Apply, Derivative, Differential, Limit, Number, Tensor, Variable, walk
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
    return _Page(claim).correction(found)


class _Page:
    """The author's line, and what is written into it."""

    def __init__(self, claim: Claim) -> None:
        assert claim.equation is not None
        self.claim, self.line = claim, claim.line
        self.right = claim.equation.right
        self.relation = claim.equation.relation
        span = self.right.span
        whole = self.line[slice(*span)] if span is not None else ""
        self.span = span
        self.is_written = (
            bool(whole) and "\n" not in whole and claim.text.endswith(f"{self.relation} {whole}")
        )
        """Whether the right side stands in the line as it is."""
        self.ascii = self.is_written and whole.isascii()

    def correction(self, found: Diagnosis) -> Correction:
        """The new right side, and what is replaced if it is a part of the line."""
        assert found.right is not None
        latex = write_latex(found.right)
        if found.relation is not self.relation:
            return Correction(self.write(found.right), latex, relation=str(found.relation))
        old, new = changed(self.right, found.right)
        span = old.span
        text = self.write(found.right)
        if span is None or not 0 <= span[0] < span[1] <= len(self.line):
            return Correction(text, latex)
        if old is self.right:
            span = self.span or span
        if not _is_balanced(self.line[slice(*span)]):
            return Correction(text, latex)
        if old is self.right:
            return Correction(text, latex, span, self.line[slice(*span)], text)
        span = self.without_brackets(span, old, new)
        part = self.fitted(span, old, new)
        whole = self.spliced(span, old, new, part)
        return Correction(whole or text, latex, span, self.line[slice(*span)], part)

    def write(self, tensor: Tensor) -> str:
        """A formula in the author's alphabet, what they wrote in it as they wrote it."""
        ascii = self.is_ascii(tensor)
        text = write(tensor, ascii=ascii)
        if not self.is_written:
            return text
        for part in _outermost(tensor, self.right):
            where = part.span if part is not self.right else self.span
            theirs, ours = self.line[slice(*where)] if where else "", write(part, ascii=ascii)
            if theirs and _is_balanced(theirs) and text.count(ours) == 1 and _is_alone(text, ours):
                text = text.replace(ours, theirs)
        return text

    def is_ascii(self, tensor: Tensor) -> bool:
        """Whether a formula is spelled out; ∂ is not, as it stands on the left."""
        derivatives = any(isinstance(part, Derivative | Differential | Limit) for part in walk(tensor))
        return self.ascii and not derivatives

    def without_brackets(self, span: tuple[int, int], old: Tensor, new: Tensor) -> tuple[int, int]:
        """What is replaced, with the brackets around it where these are of no use any more."""
        around = self.line[span[0] - 1 : span[0]] + self.line[span[1] : span[1] + 1]
        before = self.line[: max(span[0] - 1, 0)].rstrip()
        if around != "()" or before[-1:].isalnum() or before[-1:] in tuple("'_)]"):
            return span
        if self.is_infix(new) and self.needs_brackets(old, new):
            return span
        return span[0] - 1, span[1] + 1

    def fitted(self, span: tuple[int, int], old: Tensor, new: Tensor) -> str:
        """The new part, in brackets where it needs them and has none around it."""
        part = self.write(new)
        before, after = self.line[: span[0]].rstrip(), self.line[span[1] :].lstrip()
        enclosed = before[-1:] in tuple("([,") and after[:1] in tuple(")],")
        if not self.is_infix(new) or enclosed or not self.needs_brackets(old, new):
            return part
        return f"({part})"

    def is_infix(self, tensor: Tensor) -> bool:
        """Whether a formula is written with a sign between its parts."""
        if isinstance(tensor, Number):
            return tensor.value.denominator > 1 or tensor.value < 0
        spelled = isinstance(tensor, Apply) and tensor.op == "outer" and self.is_ascii(tensor)
        return isinstance(tensor, Apply) and tensor.op in INFIX and not spelled

    def needs_brackets(self, old: Tensor, new: Tensor) -> bool:
        """Whether the writer puts brackets around the new part where it stands."""
        above = _above(self.right, old)
        if above is None:
            return True
        parts = tuple(new if part is old else part for part in editable(above))
        whole = write(rebuilt(above, parts, same_name), ascii=self.ascii)
        return f"({write(new, ascii=self.ascii)})" in whole

    def spliced(self, span: tuple[int, int], old: Tensor, new: Tensor, part: str) -> str | None:
        """The author's own right side with the new part in it; None where that might be read otherwise."""
        if self.span is None or not self.is_written:
            return None
        if not self.span[0] <= span[0] < span[1] <= self.span[1] <= len(self.line):
            return None
        before, after = self.line[self.span[0] : span[0]], self.line[span[1] : self.span[1]]
        if not _is_balanced(before + after):
            return None
        names = isinstance(old, Variable) and isinstance(new, Variable)
        beside = before[-1:].isalnum() or before[-1:] == "_" or not after[:1].isascii()
        if beside and not (names and len(part) == 1 and part not in "eE"):
            # as in 2x, xᵀ, x²: what stands beside it belongs to it
            return None
        if after[:1] in tuple("'([._^") and not names:
            return None
        power = after.lstrip()[:2] == "**" or before.rstrip()[-2:] == "**"
        if power and not names and not part.isdigit():
            return None
        return before + part + after


def _is_balanced(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in BRACKETS)


def _is_alone(text: str, part: str) -> bool:
    """Whether a part stands in a text as a whole, not as the middle of a name or number."""
    start = text.index(part)
    before, after = text[start - 1 : start], text[start + len(part) :][:1]
    inner = part[:1].isalnum() and (before.isalnum() or before in tuple("_.'"))
    return not inner and not (part[-1:].isalnum() and (after.isalnum() or after == "_"))


def _outermost(tensor: Tensor, right: Tensor) -> Iterator[Tensor]:
    """The largest parts that stand in the author's right side as they are, names and numbers apart."""
    theirs = {id(part) for part in walk(right) if part.span is not None}
    waiting = [tensor]
    while waiting:
        part = waiting.pop()
        inner = editable(part)
        if isinstance(part, Apply) and part.op == "transpose" and len(part.shape) == 1:
            waiting += inner  # of a vector it says nothing
        elif id(part) in theirs and inner:
            yield part
        else:
            waiting += inner


def _above(tensor: Tensor, part: Tensor) -> Tensor | None:
    """What stands directly around a part."""
    for inner in editable(tensor):
        if inner is part:
            return tensor
        found = _above(inner, part)
        if found is not None:
            return found
    return None
