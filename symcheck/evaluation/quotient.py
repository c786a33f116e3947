"""Difference quotients beside derivatives: (f(x + h) − f(x))/h, what it errs by and what it should err by.

The quotient is computed in balls, so that nothing but h itself makes it err: by h/2·f″ + h²/6·f‴ + ….
f″ and f‴ come from nested series of the forward expression, which never see a derivative of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from flint import ctx

from symcheck.errors import SymcheckError
from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.indexing import Entries
from symcheck.evaluation.numbers import Real, is_finite, rational
from symcheck.evaluation.points import Point
from symcheck.evaluation.series import PRECISION, Oracle
from symcheck.evaluation.survey import survey
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Symbol

STEP = Fraction(1, 10_000)
"""The h of the quotient."""


class Agreement(StrEnum):
    """How a quotient compares with the derivative."""

    AGREES = "agrees"
    """It errs by h/2·f″, up to terms of order h²."""
    DIFFERS = "differs"
    KINK = "across a kink"
    """Between x and x + h a guard changes its branch, or x is on its boundary: no error is predicted."""
    UNKNOWN = "no prediction"
    """There is no series for f″ here."""
    UNDEFINED = "undefined"
    """There is no derivative, or no value at x or x + h."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One derivative, and the quotient beside it; parts that do not exist are None."""

    exact: Real | None
    quotient: Real | None
    error: Real | None
    """quotient − exact."""
    predicted: Real | None
    """h/2·f″."""
    agreement: Agreement


class Quotients:
    """Difference quotients at one point of one graph, the graph cut at what is moved."""

    def __init__(self, graph: LoweredGraph, point: Point, step: Fraction = STEP) -> None:
        self.graph = graph
        self.table = graph.table
        self.point = point
        self.step = rational(step)
        self.base = Evaluator(graph, point, PRECISION)

    def measure(self, body: Node, symbol: Symbol, place: tuple[int, ...]) -> Measured:
        """∂body/∂symbol[place] for a body without free indices.

        Errors: those of evaluating, such as too much work.
        """
        with ctx.workprec(PRECISION):
            return self._measured(body, symbol, place)

    def _measured(self, body: Node, symbol: Symbol, place: tuple[int, ...]) -> Measured:
        idxs = self.literals(symbol, place)
        slope = self.table.D(body, symbol, idxs)
        exact = self._one(self.base, slope)
        moved = self._moved(symbol, place)
        here, there = self._one(self.base, body), self._one(moved, body)
        if here is None or there is None:
            return Measured(exact, None, None, None, Agreement.UNDEFINED)
        quotient = (there - here) / self.step
        error = None if exact is None else quotient - exact
        if self._crosses(body, symbol, moved):
            return Measured(exact, quotient, error, None, Agreement.KINK)
        if exact is None or error is None:
            return Measured(None, quotient, None, None, Agreement.UNDEFINED)
        curvature = self._by_series(self.table.D(slope, symbol, idxs))
        if curvature is None:
            return Measured(exact, quotient, error, None, Agreement.UNKNOWN)
        third = self._by_series(self.table.D(self.table.D(slope, symbol, idxs), symbol, idxs))
        predicted = self.step / 2 * curvature
        # the next term of Taylor's series, with room for those behind it
        scale = abs(here) + abs(exact) + abs(curvature) + (abs(curvature) if third is None else abs(third))
        off = abs(error - predicted)
        agrees = bool(off <= self.step * self.step * scale) or bool(off < TINY)
        return Measured(exact, quotient, error, predicted, Agreement.AGREES if agrees else Agreement.DIFFERS)

    def literals(self, symbol: Symbol, place: tuple[int, ...]) -> tuple[Idx, ...]:
        """Indices that stand for the numbers of one entry."""
        dims = [idx.dim for idx in self._axes(symbol)]
        return tuple(self.table.literal(k, dim) for k, dim in zip(place, dims, strict=True))

    def _axes(self, symbol: Symbol) -> tuple[Idx, ...]:
        operand = self.graph.definitions.get(symbol)
        if operand is not None:
            return operand.idxs
        return tuple(self.table.fresh("i", dim) for size in symbol.shape for dim in size)

    def _one(self, evaluator: Evaluator, node: Node) -> Real | None:
        (value,) = evaluator.entries(node, ())
        return value if is_finite(value) else None

    def _moved(self, symbol: Symbol, place: tuple[int, ...]) -> Evaluator:
        """An evaluation in which one entry is h greater, everything downstream computed anew."""
        evaluator = Evaluator(self.graph, self.point, PRECISION)
        downstream = self.graph.graph.downstream(symbol)
        for name, entries in self.base.named.items():
            if name not in downstream:
                evaluator.named[name] = entries
        entries = list(self.base.of_name(symbol))
        position = 0
        for k, size in zip(place, self.base.layout.shape(self._axes(symbol)), strict=True):
            position = position * size + k
        entries[position] = entries[position] + self.step
        evaluator.named[symbol] = entries
        return evaluator

    def _by_series(self, node: Node) -> Real | None:
        try:
            value = Oracle(self.graph, self.point, None, PRECISION).component(node)
        except SymcheckError:
            return None
        return value if is_finite(value) else None

    # -- kinks -------------------------------------------------------------------------------------

    def _crosses(self, body: Node, symbol: Symbol, moved: Evaluator) -> bool:
        """Whether some guard behind the body changes its branch on the way, or stands on its boundary."""
        graph = self.graph.graph
        downstream = graph.downstream(symbol)
        names = [s for s in survey([body]).symbols if s in graph]
        upstream = {s for name in names for s in graph.upstream(name)}
        bodies = [self.graph.definitions[s].body for s in graph.definitions if s in downstream & upstream]
        if symbol in graph:
            bodies = [b for b in bodies if b is not self.graph.definitions[symbol].body]
        for guard in survey((body, *bodies)).guards:
            argument = _argument(guard)
            idxs = tuple(i for i in argument.free if i.value is None)
            if _changes(self.base.entries(argument, idxs), moved.entries(argument, idxs)):
                return True
        return False


TINY = rational(Fraction(1, 10**30))
"""A difference that is none."""


def _argument(guard: Node) -> Node:
    first, *rest = guard.args[1:]
    node: Node = first - rest[0] if rest else first
    return node


def _changes(before: Entries, after: Entries) -> bool:
    """Whether some entry moves and does not stay on its side of 0."""
    for one, other in zip(before, after, strict=True):
        if not is_finite(one) or not is_finite(other) or one - other == 0:
            continue
        if not (one > 0 and other > 0) and not (one < 0 and other < 0):
            return True
    return False


__all__ = ["STEP", "Agreement", "Measured", "Quotients"]
