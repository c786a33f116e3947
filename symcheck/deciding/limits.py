"""Equations with limits in them → equations without: each limit replaced by its value, where it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from symcheck.differentiation import names_in
from symcheck.differentiation import replace as replaced
from symcheck.errors import Blocked, BudgetExhausted, DomainFault, SymcheckError
from symcheck.evaluation.approach import exists
from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.numbers import ZERO, differ, is_finite, text_of
from symcheck.evaluation.points import Point, points
from symcheck.evaluation.refute import Finding
from symcheck.evaluation.survey import survey
from symcheck.evaluation.witness import describe, given
from symcheck.language.claim import Assumptions, Value
from symcheck.language.indexed import DERIVED, Node
from symcheck.language.operand import LoweredEquation, LoweredGraph
from symcheck.language.tensor import Symbol, Tensor, Variable
from symcheck.language.verdict import Refuted, Undecided
from symcheck.normal_form.facts import facts_of
from symcheck.normal_form.growth import UNKNOWN, SignUnknown
from symcheck.normal_form.limits import NoLimit, limit_of
from symcheck.normal_form.near import Known
from symcheck.normal_form.polynomial import MINUS
from symcheck.normal_form.prove import Prover
from symcheck.normal_form.signs import Sign
from symcheck.normal_form.tidying import written_back
from symcheck.raising import raise_node

MOST = 6
"""Most conditions taken from what has a value."""
SCALARS = 4
"""Most scalars put to 0, one at a time."""


class LimitUnknown(Blocked):
    """A limit was not found, or there is none; `outcome` says which way there is none."""

    def __init__(self, message: str, outcome: NoLimit | None = None, node: Node | None = None) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.node = node
        self.graph: LoweredGraph | None = None
        self.turns_on: Tensor | None = None
        """What the limit turns on the sign of, where that is known and has a name or a formula."""


def limits_in(*nodes: Node) -> list[Node]:
    """Every ``lim`` node, once."""
    if not any(node.table.has_limits for node in nodes):
        return []
    found: dict[Node, None] = {}
    done: set[Node] = set()
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if node in done:
            continue
        done.add(node)
        if node.op == "lim":
            found.setdefault(node)
        stack.extend(reversed(node.nodes))
    return list(found)


def values_of(
    equation: LoweredEquation, assumptions: Assumptions, prover: Prover, laws: set[str]
) -> dict[Node, Node]:
    """The value of each limit in an equation; the laws used are added to `laws`.  Errors: LimitUnknown."""
    return {
        node: _value(node, equation, assumptions, prover, laws)
        for node in limits_in(equation.left, equation.right)
    }


def with_values(equation: LoweredEquation, values: dict[Node, Node]) -> LoweredEquation:
    """The equation with these values in the place of its limits."""
    if not values:
        return equation
    left, right = (replaced(side, values, equation.graph) for side in (equation.left, equation.right))
    return replace(equation, left=left, right=right)


def _value(
    node: Node, equation: LoweredEquation, assumptions: Assumptions, prover: Prover, laws: set[str]
) -> Node:
    facts = facts_of(without(assumptions, node.args[1]), (), frozenset())
    given = evaluated(equation, node)
    divisors, known = _needed(given, equation)
    facts = replace(facts, divisors=facts.divisors | divisors)
    try:
        found = limit_of(node, equation.graph, prover, facts, laws, known, given)
    except SignUnknown as error:
        unknown = LimitUnknown(error.message)
        unknown.turns_on = _in_notation(error, equation)
        raise unknown from None
    except (Blocked, BudgetExhausted, DomainFault) as error:
        raise LimitUnknown(error.message) from None
    except RecursionError:
        raise LimitUnknown("expressions nested too deep") from None
    if isinstance(found, Node):
        return found
    unknown = LimitUnknown("there is no finite limit", found, node)
    unknown.graph = equation.graph
    raise unknown


def _in_notation(error: SignUnknown, equation: LoweredEquation) -> Tensor | None:
    graph = equation.graph
    try:
        poly = error.poly
        if all(value < 0 for value in poly.values()):
            poly = error.algebra.scaled(poly, MINUS)
        node = written_back(poly, error.algebra, graph.table)
    except (Blocked, DomainFault):
        return None
    raised = raise_node(node, (), graph) if not node.free else None
    return raised.tensor if raised is not None else None


def evaluated(equation: LoweredEquation, limit: Node) -> frozenset[Node]:
    """What has a value wherever both sides exist: parts outside of limits, and those within that do not vary.

    Left out is what need not exist for a side to exist: branches, and what derivatives are taken of.
    """
    body, symbol, target, _ = limit.args
    graph = equation.graph.graph
    stack = [equation.left, equation.right, *(() if target is None else (target,))]
    found: set[Node] = set()

    def collect(stack: list[Node], within: bool) -> None:
        while stack:
            part = stack.pop()
            if part in found or part.op in ("case", "lim", *DERIVED):
                continue
            if within and any(graph.depends(name, symbol) for name in names_in(part)):
                stack.extend(part.nodes)
                continue
            found.add(part)
            stack.extend(part.nodes)

    collect(stack, False)
    collect([body], True)
    return frozenset(found)


def _needed(given: Iterable[Node], equation: LoweredEquation) -> tuple[frozenset[Node], Known]:
    """What is not 0, and what is > 0 or (not strictly) ≥ 0, since what is given has values."""
    divisors: set[Node] = set()
    known: dict[tuple[Node, bool], None] = {}
    for part in sorted(given, key=lambda part: part.serial):
        if part.op == "pow" and part.args[0].free <= set(equation.idxs):
            base, exponent = part.args
            if exponent.denominator != 1:
                known[base, exponent < 0] = None
            if exponent < 0:
                divisors.update(_vanishing_with(base))
        elif part.op == "fn" and part.args[0] == "log" and part.args[1].free <= set(equation.idxs):
            known[part.args[1], True] = None
    return frozenset(divisors), tuple(known)[:MOST]


def _vanishing_with(node: Node) -> Iterator[Node]:
    """The factors and bases one of which is 0 where the node is 0, and the node with them."""
    if node.op == "mul":
        for factor in node.args:
            yield from _vanishing_with(factor)
    elif node.op == "pow":
        yield from _vanishing_with(node.args[0])
    elif node.op != "num":
        yield node


def without(assumptions: Assumptions, variable: Symbol) -> Assumptions:
    """The assumptions that do not speak of a variable: in its limit it runs where the limit takes it."""
    kept = tuple(c for c in assumptions.conditions if variable not in (c.symbol, c.other))
    return replace(assumptions, conditions=kept)


def bodies_exist(equation: LoweredEquation, assumptions: Assumptions, seed: int) -> bool:
    """Whether at some point all limits of an equation are taken of something that exists near its target."""
    nodes = limits_in(equation.left, equation.right)
    return any(
        all(exists(node, equation.graph, point) for node in nodes)
        for point in points(equation, assumptions, seed)
    )


# -- claims about limits that were not found ---------------------------------------------------------


def judged_at_points(
    equation: LoweredEquation,
    assumptions: Assumptions,
    seed: int,
    reason: LimitUnknown,
    at: Callable[[Mapping[Symbol, Value]], Finding],
    spell: Callable[[Tensor], str],
) -> Refuted | Undecided:
    """A claim whose limits are not known in general: refuted where they are, at an exact point.

    `at` judges the claim with its inputs fixed; it raises LimitUnknown like the general claim.  `spell`
    writes a formula.
    """
    met = survey((equation.left, equation.right), equation.idxs)
    bound = {node.args[1] for node in limits_in(equation.left, equation.right)}
    tried = points(equation, assumptions, seed)
    for point in (*_at_zero(equation, assumptions, seed), *tried):
        values = given(equation, met, point)
        if values is None:
            break
        shown = describe(equation, point, met, (), ZERO, ZERO)
        entries = {name: v for name, v in shown.entries.items() if name not in {s.name for s in bound}}
        try:
            witness = at({s: value for s, value in values.items() if s not in bound}).witness
            if witness is not None:
                message = f"the formula gives {witness.claimed}, the true value is {witness.true}"
                return Refuted("SC119", message, replace(witness, entries=entries, sizes=shown.sizes))
        except LimitUnknown as unknown:
            found = _no_limit(equation, point, unknown)
            if found is not None:
                claimed, true, message = found
                return Refuted("SC119", message, replace(shown, entries=entries, claimed=claimed, true=true))
        except SymcheckError:
            continue
    why, hint = reason.message, "assume the sign it turns on, such as x < a"
    if reason.turns_on is not None:
        text = spell(reason.turns_on)
        why = UNKNOWN.format(text)
        if isinstance(reason.turns_on, Variable):
            hint = f"assume {text} > 0, {text} < 0 or {text} != 0"
    return Undecided("SC201", f"the limit is not found: {why}", hint)


def _at_zero(equation: LoweredEquation, assumptions: Assumptions, seed: int) -> Iterator[Point]:
    """The first point with one scalar of which nothing is assumed put to 0: kinks are often there."""
    point = next(iter(points(equation, assumptions, seed)), None)
    if point is None:
        return
    tied = {symbol for c in assumptions.conditions for symbol in (c.symbol, c.other)}
    names = dict.fromkeys(name for side in (equation.left, equation.right) for name in names_in(side))
    free = [s for s in names if not s.shape and s not in tied and s not in equation.graph.definitions]
    for symbol in free[:SCALARS]:
        yield point.with_entry(symbol, 0, ZERO)


def _no_limit(equation: LoweredEquation, point: Point, unknown: LimitUnknown) -> tuple[str, str, str] | None:
    """(claimed, true, message) where a side of the claim is a limit that certainly does not exist."""
    outcome, graph = unknown.outcome, unknown.graph
    if outcome is None or graph is None or equation.idxs:
        return None
    for side, other in ((equation.left, equation.right), (equation.right, equation.left)):
        if side.op != "lim" or limits_in(other):
            continue
        claimed = Evaluator(equation.graph, point).entries(other, ())[0]
        if not is_finite(claimed):
            return None
        if outcome.infinite:
            said, infinity = text_of(claimed), _INFINITY[outcome.infinite]
            return said, infinity, f"the formula gives {said}, the limit is {infinity}"
        if outcome.below is None or outcome.above is None:
            return None
        ways = [
            way if isinstance(way, Sign) else Evaluator(graph, point).entries(way, ())[0]
            for way in (outcome.below, outcome.above)
        ]
        if any(isinstance(way, Sign) for way in ways) or differ(*ways):
            texts = [_INFINITY[way] if isinstance(way, Sign) else text_of(way) for way in ways]
            sides = f"no limit: {texts[0]} from below, {texts[1]} from above"
            return text_of(claimed), sides, f"the formula gives {text_of(claimed)}, there is {sides}"
    return None


_INFINITY = {Sign.PLUS: "∞", Sign.MINUS: "-∞"}
