"""Inequalities: left < right is proved where every sign but + is excluded for right − left."""

from __future__ import annotations

from symcheck.errors import Blocked, BudgetExhausted, DomainFault
from symcheck.language.claim import Relation
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredGraph
from symcheck.normal_form.facts import Facts
from symcheck.normal_form.prove import BROKEN, BY_CONTINUITY, ROUNDS, WORK, Proof, Prover, all_opened
from symcheck.normal_form.signs import Sign, Signs

UNKNOWN = "the sign of the difference of the two sides is not known"


def prove_order(
    left: Node,
    right: Node,
    relation: Relation,
    graph: LoweredGraph,
    prover: Prover,
    facts: Facts,
    *,
    rounds: int = ROUNDS,
    work: int = WORK,
) -> Proof:
    """Whether left < right (or another inequality) at every point where both exist.

    Derivatives of names are pushed and names are opened first: a sign is a matter of the inputs.
    """
    try:
        opened = all_opened((left, right), graph, facts, rounds)
        if opened is None:
            return Proof(False, blocked=f"not settled after {rounds} steps of the graph", exhausted=True)
        (left, right), facts = opened
        translation = prover.translation(facts, work)
        translation.algebra.used = 0
        difference = right - left if relation.rising else left - right
        sign = Signs(translation).of_node(difference)
    except Blocked as error:
        return Proof(False, blocked=error.message)
    except BudgetExhausted as error:
        return Proof(False, blocked=error.message, exhausted=True)
    except DomainFault as error:
        return Proof(False, blocked=error.message, nowhere=True)
    except RecursionError:
        return Proof(False, blocked="expressions nested too deep", exhausted=True)
    excluded = Sign.MINUS | Sign.ZERO if relation.strict else Sign.MINUS
    if not sign or sign & excluded:
        return Proof(False, blocked=UNKNOWN)
    laws = translation.algebra.laws()
    broken = not (left.functions | right.functions).isdisjoint(BROKEN)
    if laws & BY_CONTINUITY and (relation.strict or broken):
        return Proof(False, blocked="a matrix that may be singular where the inequality is strict")
    return Proof(True, tuple(sorted(laws | {"signs"})))
