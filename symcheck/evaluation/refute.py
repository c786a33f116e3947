"""Refutation: an exact point at which an equation or inequality certainly fails; or a living point.

Comes in: an equation with its derivatives still in it, and both sides with the derivatives done.  The
done sides are evaluated in balls; where these part, the derivative oracle has to agree on the original.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import prod

from flint import fmpq

from symcheck.errors import BudgetExhausted, Contradiction, SymcheckError
from symcheck.evaluation.balls import HIGH_PRECISION, PRECISION
from symcheck.evaluation.cache import Evaluators
from symcheck.evaluation.guards import guard_points, inputs_of
from symcheck.evaluation.indexing import Entries
from symcheck.evaluation.numbers import (
    ZERO,
    Real,
    differ,
    is_finite,
    is_plain,
    is_vague,
    text_of,
    touches,
    violates,
)
from symcheck.evaluation.points import NoEntries, Point, Region, drawn
from symcheck.evaluation.sampling import Style
from symcheck.evaluation.series import PRECISION as ORACLE_PRECISION
from symcheck.evaluation.series import Oracle
from symcheck.evaluation.shrinking import Shrinking
from symcheck.evaluation.survey import Survey, survey
from symcheck.evaluation.witness import describe, given, inputs
from symcheck.language.claim import Assumptions, Relation, Value
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredEquation
from symcheck.language.tensor import Symbol
from symcheck.language.verdict import Witness

BUDGET = 30
"""Most points tried."""
REGIONS = 16
"""How many more where conditions cut the space into regions."""
WORK = 2_000_000
"""Entries computed, over all points, after which no further point is tried."""
MOST_BITS = 8192
"""Highest precision, for the derivatives behind very many layers."""
SHRINKING = 200_000
"""Entries computed on the way to a simpler witness."""
COMPONENTS = 3
"""Most components of one point for which the oracle is asked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was met on the way through the points."""

    witness: Witness | None = None
    point: Point | None = None
    """The point of the witness."""
    living: Point | None = None
    """A point with sizes > 1 where both sides exist and agree within their balls."""
    partly: bool = False
    """At the living point only some components exist on both sides."""
    touching: tuple[Point, ...] = ()
    """Points at which the sides of a strict inequality may be equal."""
    tried: int = 0
    over_budget: bool = False
    """Some point was given up because there was too much to evaluate there."""
    reasons: tuple[str, ...] = ()
    """Why points were no use, for our own eyes."""


def refute(
    equation: LoweredEquation,
    left: Node,
    right: Node,
    assumptions: Assumptions,
    *,
    seed: int = 0,
    evaluators: Evaluators | None = None,
    boundaries: bool | None = None,
    crossed: Collection[Node] = (),
    proved: bool = False,
    budget: int = BUDGET,
) -> Finding:
    """Look for a point at which left ≠ right; with `proved` stop at the first living point.

    `left` and `right` are the sides of `equation` with the derivatives done (atoms may remain).
    `boundaries`: whether the boundaries of guards are points of the claim; by default if the equation has
    no derivative.  `crossed`: conditions through which a derivative is taken; where one of them is 0 nothing
    is claimed.
    Errors: Contradiction (SC900) if the oracle's value of the original is outside the ball of the done side.
    """
    search = _Search(equation, left, right, assumptions, seed, evaluators or Evaluators(), boundaries)
    search.crossed = tuple(crossed)
    return search.run(proved, budget)


def living_point(
    equation: LoweredEquation,
    left: Node,
    right: Node,
    assumptions: Assumptions,
    *,
    seed: int = 0,
    evaluators: Evaluators | None = None,
) -> Point | None:
    """The first point at which both sides exist and agree within their balls, sizes > 1 where free."""
    return refute(equation, left, right, assumptions, seed=seed, evaluators=evaluators, proved=True).living


def differ_at_once(
    equation: LoweredEquation,
    left: Node,
    right: Node,
    assumptions: Assumptions,
    *,
    seed: int = 0,
    evaluators: Evaluators | None = None,
    points: int = 2,
) -> bool:
    """Whether the done sides part at one of the first points, or exist at none of these: a quick look."""
    search = _Search(equation, left, right, assumptions, seed, evaluators or Evaluators(), False)
    return search.parts(points)


def simplest(
    equation: LoweredEquation,
    left: Node,
    right: Node,
    assumptions: Assumptions,
    point: Point,
    *,
    seed: int = 0,
    crossed: Collection[Node] = (),
    boundaries: bool | None = None,
) -> Witness | None:
    """A witness that is easier to read than the one at `point`: smaller sizes, entries 0, 1, −1, 2, 3.

    Confirmed like any other; None if the walk did not end at one.
    """
    search = _Search(equation, left, right, assumptions, seed, Evaluators(), boundaries)
    search.crossed = tuple(crossed)
    return search.simplified(point)


def equal_at(
    equation: LoweredEquation, left: Node, right: Node, point: Point, evaluators: Evaluators
) -> tuple[Witness, dict[Symbol, Value]] | None:
    """A witness for two scalar sides that are equal at a point, if they are; and the point's entries.

    That they are equal is for the prover to say: it is handed the entries.
    """
    met = survey((equation.left, equation.right, left, right), equation.idxs)
    values = given(equation, met, point)
    if values is None or equation.idxs:
        return None
    evaluator = evaluators.at(equation.graph, point)
    value = min((evaluator.entries(side, ())[0] for side in (left, right)), key=_width)
    return describe(equation, point, met, (), value, value), values


class _Search:
    """One walk through the points of one equation."""

    def __init__(
        self,
        equation: LoweredEquation,
        left: Node,
        right: Node,
        assumptions: Assumptions,
        seed: int,
        evaluators: Evaluators,
        boundaries: bool | None,
    ) -> None:
        self.equation = equation
        self.relation = equation.relation
        self.left = left
        self.right = right
        self.evaluators = evaluators
        self.survey: Survey = survey((equation.left, equation.right, left, right), equation.idxs)
        self.region: Region = evaluators.region(equation.graph, self.survey, assumptions, seed)
        self.boundaries = not self.survey.derivatives if boundaries is None else boundaries
        # every layer costs a product of Jacobians about two bits
        self.high = min(MOST_BITS, max(HIGH_PRECISION, 2 * len(equation.graph.definitions)))
        self.crossed: tuple[Node, ...] = ()
        self.steps = 0
        self.reasons: list[str] = []
        self.over_budget = False
        self.work = 0

    def run(self, proved: bool, budget: int) -> Finding:
        """Walk until a witness is found, the budget is spent, or a proof has its living point."""
        living: Point | None = None
        partly: Point | None = None
        witness: tuple[Witness, Point] | None = None
        touching: list[Point] = []
        tried = 0
        if self.survey.guards:
            budget += REGIONS
        if self.region.impossible:
            budget = 0
        elif not proved:
            # what is not proved is mostly wrong, and wrong mostly at the first of these
            witness = self._simple()
        for point in islice(self._points(proved), 0 if witness is not None else budget):
            if self.work > WORK:
                self.over_budget = True
                break
            tried += 1
            sides = self._sides(point)
            if sides is None:
                continue
            pairs = list(zip(*sides, strict=True))
            parted = self._parted(pairs)
            if parted and self._on_boundary(point):
                continue
            if parted:
                witness = (self._simple() if proved else None) or self._confirmed(point, sides, parted)
                if witness is not None:
                    break
            elif point.living:
                finite = [is_finite(a) and is_finite(b) for a, b in pairs]
                if all(finite):
                    living = living or point
                elif any(finite):
                    partly = partly or point
            if self.relation.strict and not parted and any(touches(*pair) for pair in pairs):
                touching.append(point)
            if proved and living is not None:
                break
        return Finding(
            witness[0] if witness else None,
            witness[1] if witness else None,
            living or partly,
            living is None and partly is not None,
            tuple(touching),
            tried,
            self.over_budget,
            tuple(self.reasons),
        )

    def parts(self, points: int) -> bool:
        """Whether the sides part at one of the first points at which both exist, or exist at none."""
        met = 0
        for choice in () if self.region.impossible else self.region.plan():
            sides = self._sides(self._point(choice))
            pairs = list(zip(*sides, strict=True)) if sides is not None else []
            if self._parted(pairs):
                return True
            met += any(is_finite(a) and is_finite(b) for a, b in pairs)
            if met == points:
                break
        return met == 0

    def simplified(self, point: Point) -> Witness | None:
        """The witness at the simplest point to which a walk from `point` leads."""
        start = self._telling(point)
        if start is None:
            return None
        symbols = inputs(self.equation, self.survey, point)
        functions = list(point.functions)
        nonzero, exact, _ = start

        def serves(other: Point) -> bool:
            found = self._telling(other)
            admitted = found is not None and all(
                self.region.admits(s, other) for s in self.region.conditions if s in other.entries
            )
            if not admitted or found is None or self.work > SHRINKING:
                return False
            # two values that are not 0, and exact, tell more: they stay so
            return found[0] >= nonzero and found[1] >= exact

        shrinking = Shrinking(point, self.region, serves)
        simple = shrinking.result(symbols, functions)
        found = self._telling(simple)
        sides = self._sides(simple)
        if found is None or sides is None:
            return None
        confirmed = self._confirmed(simple, sides, [found[2]])
        return confirmed[0] if confirmed is not None else None

    def _telling(self, point: Point) -> tuple[bool, bool, int] | None:
        """Whether both values are not 0, and exact, at the entry that tells most; None if none does."""
        sides = self._sides(point)
        if sides is None:
            return None
        pairs = list(zip(*sides, strict=True))
        parted = [k for k in self._parted(pairs) if is_plain(*pairs[k])]
        if not parted or self._on_boundary(point):
            return None
        told = [(all(x != 0 for x in pairs[k]), all(type(x) is fmpq for x in pairs[k]), -k) for k in parted]
        nonzero, exact, place = max(told)
        return nonzero, exact, -place

    def _parted(self, pairs: Sequence[tuple[Real, Real]]) -> list[int]:
        """The entries at which the claim certainly does not hold."""
        return [k for k, pair in enumerate(pairs) if violates(*pair, self.relation)]

    def _on_boundary(self, point: Point) -> bool:
        """Whether a condition through which a derivative is taken may be 0 at the point."""
        if not self.crossed:
            return False
        try:
            here, beside = (self._conditions(at) for at in (point, self._moved(point)))
        except SymcheckError:
            return True
        # what is 0 beside the point too is 0 everywhere, as x[i] − x[j] is for i = j: no boundary
        return any(touches(x, ZERO) and not touches(y, ZERO) for x, y in zip(here, beside, strict=True))

    def _conditions(self, point: Point) -> Entries:
        evaluator = self.evaluators.at(self.equation.graph, point)
        found: Entries = []
        for node in self.crossed:
            found = [*found, *evaluator.entries(node, sorted(node.free, key=lambda i: i.serial))]
        return found

    def _moved(self, point: Point) -> Point:
        """A point with every entry a little aside, each by another step."""
        for symbol in {s: None for node in self.crossed for s in inputs_of(node, self.region)}:
            for place, value in enumerate(point.entries[symbol]):
                self.steps += 1
                point = point.with_entry(symbol, place, value + fmpq(self.steps, 9973))
        return point

    def _points(self, proved: bool) -> Iterator[Point]:
        plan = self.region.plan()
        if self.relation is not Relation.EQUAL and not proved:
            # where the sides may be equal, and a bound that is too narrow fails: most often at the origin
            yield self._point((1, 14, Style.ORIGIN))
        yield from map(self._point, plan[:4])
        if self.survey.guards and not proved:
            base = self._point((0, 11, Style.MIXED))
            if drawn(base, self.region):
                if self.boundaries:
                    yield self._point((0, 12, Style.EDGE))
                    yield self._point((1, 13, Style.EQUAL))
                yield from guard_points(self.region, base, self.survey.guards, self.boundaries)
        elif self.boundaries and not proved:
            plan = (*plan, (0, 12, Style.EDGE), (1, 13, Style.EQUAL))
        yield from map(self._point, plan[4:])
        if self.survey.guards and not proved:
            # a region that several conditions leave over may be missed by all of these
            styles = (Style.MIXED, Style.SMALL, Style.NEGATIVE, Style.LARGE)
            yield from (self._point((k % 4, 40 + k, styles[k % 4])) for k in range(REGIONS))

    def _point(self, choice: tuple[int, int, Style]) -> Point:
        return self.evaluators.point(self.region, choice)

    # -- one point -------------------------------------------------------------------------------

    def _sides(self, point: Point) -> tuple[Entries, Entries] | None:
        """Both sides at a point; with more bits where the balls are too wide to tell."""
        try:
            if not drawn(point, self.region) or not self._admitted(point):
                self.reasons.append("no entries satisfy the assumptions")
                return None
            vague = self.region.deep and point in self.evaluators.vague
            sides = self._evaluated(point, self.high if vague else PRECISION)
            if not vague and any(self._is_wide(a, b) for a, b in zip(*sides, strict=True)):
                self.evaluators.vague.add(point)
                sides = self._evaluated(point, self.high)
            return sides
        except SymcheckError as error:
            self.over_budget = self.over_budget or isinstance(error, BudgetExhausted)
            self.reasons.append(error.message)
        except RecursionError:
            self.over_budget = True
            self.reasons.append("nested too deeply")
        return None

    def _is_wide(self, left: Real, right: Real) -> bool:
        return is_finite(left) and is_finite(right) and is_vague(left, right, self.region.deep)

    def _evaluated(self, point: Point, precision: int) -> tuple[Entries, Entries]:
        evaluator = self.evaluators.at(self.equation.graph, point, precision)
        idxs = self.equation.idxs
        before = evaluator.layout.work
        try:
            return evaluator.entries(self.left, idxs), evaluator.entries(self.right, idxs)
        finally:
            self.work += evaluator.layout.work - before

    def _admitted(self, point: Point) -> bool:
        """Whether the assumptions about defined names hold at the point."""
        graph = self.equation.graph
        for symbol in self.region.conditions:
            if symbol in graph.definitions:
                evaluator = self.evaluators.at(graph, point)
                entries = evaluator.of_name(symbol)
                if not self.region.meets(symbol, entries, point):
                    return False
        return True

    def _confirmed(
        self, point: Point, sides: tuple[Entries, Entries], parted: list[int]
    ) -> tuple[Witness, Point] | None:
        """The witness, if the oracle finds the same in the original equation."""
        equation = self.equation
        for place in parted[:COMPONENTS]:
            component = self._component(place, point)
            pins = dict(zip(equation.idxs, component, strict=True))
            true, claimed = sides[0][place], sides[1][place]
            try:
                bits = self.high + ORACLE_PRECISION if self.region.deep else ORACLE_PRECISION
                oracle = Oracle(equation.graph, point, pins, bits, self.evaluators.sums)
                forward = oracle.component(equation.left), oracle.component(equation.right)
            except NoEntries:
                continue
            except SymcheckError as error:
                self.reasons.append(error.message)
                continue
            for done, original in ((true, forward[0]), (claimed, forward[1])):
                if differ(done, original):
                    raise Contradiction(
                        f"the derivative evaluates to {text_of(done)}, the series of the forward "
                        f"expression to {text_of(original)}, at component {component}"
                    )
            # where both are exactly equal, the oracle's balls can at best agree with that
            equal = type(true) is type(claimed) is fmpq and bool(true == claimed)
            if not (touches(*forward) if equal else violates(*forward, self.relation)):
                self.reasons.append("the oracle has no value where the sides part")
                continue
            witness = describe(
                equation,
                point,
                self.survey,
                component,
                _better(claimed, forward[1]),
                _better(true, forward[0]),
            )
            return witness, point
        return None

    def _component(self, place: int, point: Point) -> tuple[int, ...]:
        """The multi-index of an entry, row-major over the indices of the equation."""
        shape = [i.dim if isinstance(i.dim, int) else point.sizes[i.dim] for i in self.equation.idxs]
        found = []
        for axis in range(len(shape)):
            step = prod(shape[axis + 1 :])
            found.append(place // step % shape[axis])
        return tuple(found)

    def _simple(self) -> tuple[Witness, Point] | None:
        """A witness that is easy to read, if one of a handful of simple points is one."""
        if self.region.deep:
            return None
        hidden: tuple[Point, tuple[Entries, Entries], list[int]] | None = None
        for choice in self.region.simplest():
            point = self._point(choice)
            sides = self._sides(point)
            if sides is None:
                continue
            pairs = list(zip(*sides, strict=True))
            parted = self._parted(pairs)
            if parted and self._on_boundary(point):
                continue
            plain = [k for k in parted if is_plain(*pairs[k])]
            if plain:
                found = self._confirmed(point, sides, plain)
                if found is not None:
                    return found
            elif parted and hidden is None:
                hidden = point, sides, parted
        return self._confirmed(*hidden) if hidden is not None else None


def _better(done: Real, original: Real) -> Real:
    """The exact one of two values of one thing, else the narrower."""
    if not is_finite(done) or (is_finite(original) and not isinstance(done, type(original))):
        return min((x for x in (done, original) if is_finite(x)), key=_width)
    return min(done, original, key=_width)


def _width(value: Real) -> Real:
    return value.rad() if hasattr(value, "rad") else 0
