"""Which of many right sides may equal one left side: a quick look at a few points, never a proof."""

from __future__ import annotations

from symcheck.errors import SymcheckError
from symcheck.evaluation.balls import PRECISION
from symcheck.evaluation.cache import Evaluators
from symcheck.evaluation.indexing import Entries
from symcheck.evaluation.numbers import is_finite, violates
from symcheck.evaluation.points import Point, drawn
from symcheck.evaluation.survey import survey
from symcheck.language.claim import Assumptions, Relation
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredEquation

POINTS = 2
"""Points at which the left side is known."""
GUARDED = 5
"""Points where the side has cases: on both sides of a boundary, as far as chance will have it."""
TRIED = 8
"""Most points at which it is asked for."""


class Matching:
    """The values of one side, derivatives done, at a few points; other sides are held against them."""

    def __init__(
        self,
        equation: LoweredEquation,
        left: Node,
        assumptions: Assumptions,
        *,
        seed: int = 0,
        evaluators: Evaluators,
    ) -> None:
        self.equation = equation
        self.evaluators = evaluators
        met = survey((equation.left, equation.right, left), equation.idxs)
        self.left = left
        self.region = evaluators.region(equation.graph, met, assumptions, seed)
        self.known: list[tuple[Point, Entries]] = []
        for choice in () if self.region.impossible else self.region.plan()[:TRIED]:
            point = evaluators.point(self.region, choice)
            values = self._values(left, point) if drawn(point, self.region) else None
            if values is not None and any(map(is_finite, values)):
                self.known.append((point, values))
                if len(self.known) == (GUARDED if met.guards else POINTS):
                    break

    def look_at(self, point: Point) -> None:
        """One more point, before the others."""
        values = self._values(self.left, point)
        if values is not None and any(map(is_finite, values)):
            self.known.insert(0, (point, values))

    def agrees(self, right: Node, relation: Relation = Relation.EQUAL) -> bool:
        """Whether the balls of both sides allow it wherever both exist, and there is such a place."""
        return bool(self.known) and all(self._agrees_at(*known, right, relation) for known in self.known)

    def vanishes(self) -> bool:
        """Whether the known side may be 0 at every point."""
        return bool(self.known) and not any(
            is_finite(v) and violates(v, 0 * v, Relation.EQUAL) for _, values in self.known for v in values
        )

    def _agrees_at(self, point: Point, values: Entries, right: Node, relation: Relation) -> bool:
        entries = self._values(right, point)
        if entries is None:
            return False
        pairs = [(a, b) for a, b in zip(values, entries, strict=True) if is_finite(a) and is_finite(b)]
        return bool(pairs) and not any(violates(a, b, relation) for a, b in pairs)

    def _values(self, node: Node, point: Point) -> Entries | None:
        idxs = self.equation.idxs
        try:
            return self.evaluators.at(self.equation.graph, point, PRECISION).entries(node, idxs)
        except (SymcheckError, KeyError, RecursionError):
            return None
