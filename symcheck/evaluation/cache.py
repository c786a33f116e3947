"""Points and evaluators that the claims of one session share."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar
from weakref import WeakSet

from symcheck.evaluation.balls import PRECISION, Evaluator, Sums
from symcheck.evaluation.points import Choice, Point, Region
from symcheck.evaluation.polynomials import SHORTEST
from symcheck.evaluation.survey import Survey, survey_of_graph
from symcheck.language.claim import Assumptions
from symcheck.language.operand import LoweredGraph

KEPT = 48
"""How many of each thing are kept."""
Thing = TypeVar("Thing")


class Evaluators:
    """Values computed for one claim are there for the next one of the same graph."""

    def __init__(self) -> None:
        self._surveys: dict[Hashable, Survey] = {}
        self._regions: dict[Hashable, Region] = {}
        self._points: dict[Hashable, Point] = {}
        self._evaluators: dict[Hashable, Evaluator] = {}
        self.sums: Sums = {}
        self.vague: WeakSet[Point] = WeakSet()
        """Points at which the balls of some claim were too wide at first."""

    def region(self, graph: LoweredGraph, own: Survey, assumptions: Assumptions, seed: int) -> Region:
        """Where to look for points of a claim in which `own` was met; equal for claims with equal needs."""
        shared = self._surveys.get(graph)
        if shared is None:
            shared = _keep(self._surveys, graph, survey_of_graph(graph))
        key = (
            graph,
            id(assumptions),
            seed,
            own.rooted,
            tuple(dim for dim in own.dims if dim not in shared.dims),
            tuple(sorted(own.literals.items(), key=str)),
            tuple(symbol.shape for symbol in own.symbols if symbol not in shared.symbols),
            tuple((f, k) for f, k in own.orders.items() if k >= SHORTEST or f not in shared.orders),
        )
        found = self._regions.get(key)
        # the region holds the assumptions, so their id cannot be given to others while it is kept
        return (
            found
            if found is not None
            else _keep(self._regions, key, Region(graph, shared, own, assumptions, seed))
        )

    def point(self, region: Region, choice: Choice) -> Point:
        """A point of a region."""
        found = self._points.get((region, choice))
        return found if found is not None else _keep(self._points, (region, choice), region.point(*choice))

    def at(self, graph: LoweredGraph, point: Point, precision: int = PRECISION) -> Evaluator:
        """The evaluator of a graph at a point."""
        found = self._evaluators.get((graph, point, precision))
        if found is None:
            made = Evaluator(graph, point, precision, sums=self.sums)
            found = _keep(self._evaluators, (graph, point, precision), made)
        return found


def _keep(store: dict[Hashable, Thing], key: Hashable, thing: Thing) -> Thing:
    while len(store) >= KEPT:
        del store[next(iter(store))]
    store[key] = thing
    return thing
