"""Indices while a line is read: who binds them, which range each has, which must share one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from symcheck.errors import IndexMisuse
from symcheck.language.shape import Dim, SameSize, Size, has_index
from symcheck.language.tensor import (
    Delta,
    Derivative,
    Entry,
    Index,
    IndexSum,
    Place,
    Span,
    Tensor,
    children,
    without_index,
)
from symcheck.reading.syntax import At


class Indices:
    """The indices of one line: free ones are shared by all its members."""

    def __init__(self, same: SameSize) -> None:
        self.same = same
        self.free: dict[str, Index] = {}
        self._bound: list[dict[str, Index]] = []
        self._seen: dict[Index, Span] = {}
        self._linked: list[tuple[Index, Index, Span]] = []
        self._closed = ""

    def copy(self) -> Indices:
        """The same indices, for another line to go on with."""
        twin = Indices(self.same)
        twin.free, twin._seen, twin._linked = self.free.copy(), self._seen.copy(), self._linked.copy()
        return twin

    @contextmanager
    def binding(self, names: tuple[At, ...]) -> Iterator[tuple[Index, ...]]:
        """New indices for the names of a sum, in force inside the ``with``."""
        fresh: dict[str, Index] = {}
        for place in names:
            name = str(place.at)
            if name in fresh:
                raise IndexMisuse(f"index {name} is named twice in one sum", span=place.span)
            if any(name in frame for frame in self._bound):
                raise IndexMisuse(
                    f"index {name} is already bound by the sum around this one",
                    span=place.span,
                    hint="rename one of them",
                )
            fresh[name] = Index(name)
            self._seen[fresh[name]] = place.span
        self._bound.append(fresh)
        try:
            yield tuple(fresh.values())
        finally:
            self._bound.pop()

    def is_bound(self, name: str) -> bool:
        """Whether a sum around here binds the name."""
        return any(name in frame for frame in self._bound)

    def named(self, name: str, span: Span) -> Index:
        """The index of that name: the bound one, else the free one, new on first use."""
        for frame in reversed(self._bound):
            if name in frame:
                return frame[name]
        if self._closed:
            raise IndexMisuse(f"index {name} is not bound in the body of {self._closed}", span=span)
        index = self.free.get(name)
        if index is None:
            index = self.free[name] = Index(name)
            self._seen[index] = span
        return index

    def range_over(self, index: Index, size: Size, span: Span) -> None:
        """The index runs over an axis of this size.  Errors: IndexMisuse (SC013) naming both ranges."""
        if not has_index(size):
            raise without_index(size, span)
        if index.dim is None:
            index.dim = size[0]
        elif not self.same((index.dim,), size):
            raise self._two_ranges(index, index.dim, size[0], span)

    @contextmanager
    def closed(self, owner: str) -> Iterator[None]:
        """Inside, no index from outside is visible and none may stand free: the body of `owner`."""
        outside, self._bound = self._bound, []
        before, self._closed = self._closed, owner
        try:
            yield
        finally:
            self._bound, self._closed = outside, before

    def link(self, left: Index, right: Index, span: Span) -> None:
        """The two run over one range."""
        self._linked.append((left, right, span))

    def _two_ranges(self, index: Index, first: Dim, second: Dim, span: Span) -> IndexMisuse:
        hint = None
        if isinstance(first, str) or isinstance(second, str):
            named, other = (first, second) if isinstance(first, str) else (second, first)
            hint = f"if the two sizes are one, assume 'dim {named} == {other}'"
        return IndexMisuse(f"index {index.name} runs over {first} and over {second}", span=span, hint=hint)

    def settle(self) -> None:
        """Give linked indices their common range.  Errors: IndexMisuse (SC013) where two differ."""
        changed = True
        while changed:
            changed = False
            for left, right, span in self._linked:
                if left.dim is None and right.dim is not None:
                    left.dim, changed = right.dim, True
                elif right.dim is None and left.dim is not None:
                    right.dim, changed = left.dim, True
                elif left.dim is not None and right.dim is not None:
                    self._check_link(left, left.dim, right, right.dim, span)

    def _check_link(self, left: Index, first: Dim, right: Index, second: Dim, span: Span) -> None:
        if not self.same((first,), (second,)):
            error = self._two_ranges(left, first, second, span)
            error.message = f"{left.name} runs over {first}, {right.name} over {second}: one range is needed"
            raise error

    def check_ranges(self, tensors: Iterable[Tensor]) -> None:
        """Every index used in the formulas has a range.  Errors: IndexMisuse (SC013)."""
        for tensor in tensors:
            for index in all_indices(tensor):
                if index.dim is None:
                    raise IndexMisuse(
                        f"nothing tells over what index {index.name} runs",
                        span=self._seen.get(index),
                        hint=f"it has to stand in brackets behind a tensor: x[{index.name}]",
                    )


def own_indices(node: Tensor) -> tuple[Index, ...]:
    """The indices that a node names itself, bound or not."""
    match node:
        case Entry(indices=indices):
            found: tuple[Place, ...] = indices
        case Delta(left=left, right=right):
            found = (left, right)
        case Derivative(at=at):
            found = at or ()
        case IndexSum(indices=bound):
            found = bound
        case _:
            found = ()
    return tuple(index for index in found if isinstance(index, Index))


def all_indices(tensor: Tensor) -> list[Index]:
    """Every index in a formula, free or bound, in order of first appearance."""
    return _collect(tensor, bound=True)


def free_indices(*tensors: Tensor) -> tuple[Index, ...]:
    """The indices that stand free in formulas, in order of first appearance."""
    seen: dict[Index, None] = {}
    for tensor in tensors:
        seen.update(dict.fromkeys(_collect(tensor, bound=False)))
    return tuple(seen)


def _collect(tensor: Tensor, *, bound: bool) -> list[Index]:
    """In reading order; an index belongs to one sum, so bound anywhere is bound."""
    seen: dict[Index, None] = {}
    binders: set[Index] = set()
    stack: list[Tensor | tuple[Index, ...]] = [tensor]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            seen.update(dict.fromkeys(node))
            continue
        own = own_indices(node)
        if isinstance(node, IndexSum):
            binders.update(own)
            seen.update(dict.fromkeys(own))
        elif own:
            stack.append(own)  # written behind what is inside
        stack.extend(reversed(children(node)))
    return [index for index in seen if bound or index not in binders]
