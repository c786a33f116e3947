"""A part of a formula set off as wrong: which part stands at the place that a correction names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from symcheck.language.tensor import (
    Apply,
    Call,
    Derivative,
    Differential,
    Entry,
    IndexSum,
    Limit,
    Span,
    Tensor,
    Variable,
    children,
    walk,
)


@dataclass(frozen=True, slots=True)
class Marked(Tensor):
    """A part that is set off as wrong; only renderers know it."""

    inner: Tensor


def marked_at(tensor: Tensor, span: Span) -> Tensor:
    """The formula, its smallest part that holds all that stands at `span` of the line set off.

    The whole of it where no part does.
    """
    for place, child in enumerate(children(tensor)):
        extent = _extent(child)
        if extent is not None and extent[0] <= span[0] and span[1] <= extent[1]:
            return _with_child(tensor, place, marked_at(child, span))
    return Marked(tensor.shape, tensor)


def _extent(tensor: Tensor) -> Span | None:
    """From where to where a formula stands in its line."""
    spans = [part.span for part in walk(tensor) if part.span is not None]
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None


def _with_child(tensor: Tensor, place: int, child: Tensor) -> Tensor:
    """The formula with another one inside; what is written as one sign, such as xᵢ, is marked whole."""
    match tensor:
        case Apply(args=args) | Call(args=args):
            return replace(tensor, args=(*args[:place], child, *args[place + 1 :]))
        case Limit() if place:
            return replace(tensor, target=child)
        case Entry(base=Variable() | Differential() | Derivative()) | Derivative() | Differential():
            return Marked(tensor.shape, tensor)
        case Entry():
            return replace(tensor, base=child)
        case IndexSum() | Limit():
            return replace(tensor, body=child)
    return Marked(tensor.shape, tensor)
