"""Where in a formula something may stand instead: its parts, and the formula with one of them put anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from symcheck.errors import NotSupported
from symcheck.language.shape import SameSize
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Derivative,
    Entry,
    Index,
    IndexSum,
    Place,
    Tensor,
    apply,
    children,
    entry,
)

Path: TypeAlias = tuple[int, ...]
"""From the whole formula to a part: which child, of this which child, …"""

Kept = TypeVar("Kept", bound=Place)
"""An index put for another leaves numbers and open places what they are."""

SUMS = frozenset({"add", "sub"})
PRODUCTS = frozenset({"mul", "div", "matmul", "outer", "contract", "kron"})
LINEAR = SUMS | PRODUCTS | {"neg", "transpose"}


@dataclass(frozen=True, slots=True)
class Site:
    """One part of a formula and what surrounds it."""

    path: Path
    part: Tensor
    above: Tensor | None
    """The formula directly around it; None for the whole."""
    indices: tuple[Index, ...]
    """The indices that may stand in it: free ones of the claim, and those bound around it."""

    @property
    def is_term(self) -> bool:
        """Whether it is the whole, a summand, or an argument: a factor put to it is put to nothing else."""
        above = self.above
        return not (isinstance(above, Apply) and above.op in ("mul", "div", "neg", "transpose"))

    @property
    def in_function(self) -> bool:
        """Whether it is what a function is taken of."""
        above = self.above
        return isinstance(above, Call) or (isinstance(above, Apply) and above.op not in LINEAR)


def editable(tensor: Tensor) -> tuple[Tensor, ...]:
    """The parts in which a slip may be: what is differentiated, and limits, are left as they are."""
    match tensor:
        case Apply() | Call() | Entry() | IndexSum():
            return children(tensor)
    return ()


def sites(
    tensor: Tensor, indices: tuple[Index, ...], path: Path = (), above: Tensor | None = None
) -> Iterator[Site]:
    """Every part with its place, outermost first."""
    yield Site(path, tensor, above, indices)
    inner = (*indices, *tensor.indices) if isinstance(tensor, IndexSum) else indices
    for k, part in enumerate(editable(tensor)):
        yield from sites(part, inner, (*path, k), tensor)


def put(tensor: Tensor, path: Path, part: Tensor, same: SameSize) -> Tensor:
    """The formula with another part at the end of the path.  Errors: those of shapes that do not fit."""
    if not path:
        return part
    parts = list(editable(tensor))
    parts[path[0]] = put(parts[path[0]], path[1:], part, same)
    return rebuilt(tensor, tuple(parts), same)


def rebuilt(tensor: Tensor, parts: tuple[Tensor, ...], same: SameSize) -> Tensor:
    """The formula with other parts, its shape made anew.  Errors: those of shapes that do not fit."""
    match tensor:
        case Apply(op=op, params=params, span=span):
            return apply(op, *parts, params=params, same=same, span=span)
        case Call(function=function, args=args):
            if function.elementwise:
                return replace(tensor, args=parts, shape=parts[0].shape)
            if [p.shape for p in parts] == [a.shape for a in args]:
                return replace(tensor, args=parts)
        case Entry(indices=indices, span=span):
            if len(parts[0].shape) == len(indices):
                return entry(parts[0], indices, span)
        case IndexSum():
            return replace(tensor, body=parts[0], shape=parts[0].shape)
    raise NotSupported("this formula keeps its parts")


def fitted(tensor: Tensor, same: SameSize) -> Tensor:
    """The formula with all shapes made anew, from the leaves up.  Errors: those of what does not fit."""
    parts = editable(tensor)
    return rebuilt(tensor, tuple(fitted(p, same) for p in parts), same) if parts else tensor


def count(tensor: Tensor) -> int:
    """How many parts a formula has."""
    return 1 + sum(map(count, children(tensor)))


def reindexed(tensor: Tensor, names: Mapping[Index, Index]) -> Tensor:
    """The formula with free indices put for others."""

    def at(place: Kept) -> Kept | Index:
        return names.get(place, place) if isinstance(place, Index) else place

    match tensor:
        case Entry(base=base, indices=indices):
            return replace(tensor, base=reindexed(base, names), indices=tuple(map(at, indices)))
        case Delta(left=left, right=right):
            return replace(tensor, left=at(left), right=at(right))
        case Derivative(at=tuple() as places):
            return replace(tensor, at=tuple(map(at, places)))
        case Apply(args=args) | Call(args=args):
            return replace(tensor, args=tuple(reindexed(a, names) for a in args))
        case IndexSum(body=body):
            return replace(tensor, body=reindexed(body, names))
    return tensor
