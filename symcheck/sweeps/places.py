"""What the three tables share: the output, the indices of each name, and the callables they are handed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from symcheck.language.derivation import Lecture
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Symbol, Tensor

ValueOf: TypeAlias = Callable[[Node, tuple[Idx, ...]], str | None]
"""The value of a node (λ indices. node) at the author's point, as text; None where there is none.
Derivatives of defined names in it are meant through the graph."""
Equal: TypeAlias = Callable[[Node, Node], bool]
"""Whether two nodes are proved equal; derivatives of defined names may stay opaque."""
Write: TypeAlias = Callable[[Tensor], str]
"""A formula as text."""


def output_of(lecture: Lecture) -> Symbol | None:
    """The name whose derivatives are shown: the one set, else the last scalar definition, else the last."""
    if lecture.output is not None:
        return lecture.output
    scalars = [symbol for symbol in lecture.graph.definitions if not symbol.shape]
    if scalars:
        return scalars[-1]
    return next(reversed(tuple(lecture.graph.definitions)), None)


class Places:
    """One tuple of indices for each name, the same in all rows."""

    def __init__(self, lecture: Lecture, lowered: LoweredGraph) -> None:
        self.lecture = lecture
        self.lowered = lowered
        self._places: dict[Symbol, tuple[Idx, ...]] = {}

    def __getitem__(self, symbol: Symbol) -> tuple[Idx, ...]:
        found = self._places.get(symbol)
        if found is None:
            dim = self.lecture.assumptions.dim
            found = tuple(self.lowered.table.fresh("i", dim(d)) for size in symbol.shape for d in size)
            self._places[symbol] = found
        return found
