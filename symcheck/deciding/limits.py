"""Equations with limits in them → equations without: each limit replaced by its value, where it is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from symcheck.differentiation import replace as replaced
from symcheck.errors import Blocked, BudgetExhausted, DomainFault, SymcheckError
from symcheck.evaluation.approach import exists
from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.numbers import ZERO, Real, differ, is_finite, text_of
from symcheck.evaluation.points import Point, points
from symcheck.evaluation.refute import Finding
from symcheck.evaluation.survey import survey
from symcheck.evaluation.witness import describe, given
from symcheck.language.claim import Assumptions, Value
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredEquation, LoweredGraph
from symcheck.language.tensor import Symbol
from symcheck.language.verdict import Refuted, Undecided
from symcheck.normal_form.facts import facts_of
from symcheck.normal_form.limits import NoLimit, limit_of
from symcheck.normal_form.prove import Prover
from symcheck.normal_form.signs import Sign


class LimitUnknown(Blocked):
    """A limit was not found, or there is none; `outcome` says which way there is none."""

    def __init__(self, message: str, outcome: NoLimit | None = None, node: Node | None = None) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.node = node
        self.graph: LoweredGraph | None = None


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
    try:
        found = limit_of(node, equation.graph, prover, facts, laws)
    except (Blocked, BudgetExhausted, DomainFault) as error:
        raise LimitUnknown(error.message) from None
    except RecursionError:
        raise LimitUnknown("expressions nested too deep") from None
    if isinstance(found, Node):
        return found
    unknown = LimitUnknown("there is no finite limit", found, node)
    unknown.graph = equation.graph
    raise unknown


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
) -> Refuted | Undecided:
    """A claim whose limits are not known in general: refuted where they are, at an exact point.

    `at` judges the claim with its inputs fixed; it raises LimitUnknown like the general claim.
    """
    met = survey((equation.left, equation.right), equation.idxs)
    bound = {node.args[1] for node in limits_in(equation.left, equation.right)}
    for point in points(equation, assumptions, seed):
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
    return Undecided(
        "SC201", f"the limit is not found: {reason.message}", "assume the sign it turns on, such as x < a"
    )


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
            infinity = "∞" if outcome.infinite is Sign.PLUS else "-∞"
            said = text_of(claimed)
            return said, infinity, f"the formula gives {said}, the limit is {infinity}"
        if outcome.below is None or outcome.above is None:
            return None
        below, above = (_number(node, graph, point) for node in (outcome.below, outcome.above))
        if differ(below, above):
            texts = text_of(below), text_of(above)
            sides = f"no limit: {texts[0]} from below, {texts[1]} from above"
            return text_of(claimed), sides, f"the formula gives {text_of(claimed)}, there is {sides}"
    return None


def _number(node: Node, graph: LoweredGraph, point: Point) -> Real:
    return Evaluator(graph, point).entries(node, ())[0]
