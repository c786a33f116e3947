"""The prover: empty normal form of the difference, atoms opaque first, then pushed, then names opened.

Empty means equal wherever both sides are defined; anything else decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from itertools import product
from typing import TypeAlias

from symcheck.differentiation import atoms_in, names_in, push_all, replace
from symcheck.errors import Blocked, BudgetExhausted, DomainFault
from symcheck.language.indexed import Node, subnodes
from symcheck.language.operand import LoweredGraph, Operand
from symcheck.language.tensor import Symbol
from symcheck.normal_form.facts import Facts, still_holding
from symcheck.normal_form.facts import facts_of as facts_of
from symcheck.normal_form.guards import GuardHead
from symcheck.normal_form.polynomial import ONE, Poly
from symcheck.normal_form.products import same_product
from symcheck.normal_form.roots import Denominator
from symcheck.normal_form.signs import Signs
from symcheck.normal_form.tidying import tidied
from symcheck.normal_form.translation import SMALL, Translation

ROUNDS = 400
"""Most steps through the graph in one claim."""
WORK = 400_000
"""Most products of terms in one claim."""
ALGEBRAS = 256
"""Most algebras a session keeps: claims with facts of their own make many."""


Given: TypeAlias = Mapping[tuple[Symbol, Symbol | None], Operand]
"""(u, V) → what was written for ∂u/∂V; (u, None) → what was written for u itself."""


@dataclass
class Prover:
    """The algebras of one session, one for each set of facts."""

    translations: dict[Facts, Translation] = field(default_factory=dict)

    def translation(self, facts: Facts, work: int = WORK) -> Translation:
        """The algebra for these facts, ready for a claim.

        Errors: DomainFault, Blocked, BudgetExhausted if an expression in the facts has no normal form.
        """
        found = self.translations.get(facts)
        if found is None or len(found.algebra.components) > 400_000:
            if len(self.translations) >= ALGEBRAS:
                self.translations.clear()
            found = self.translations[facts] = Translation(facts)
        found.algebra.work = 0
        found.algebra.work_limit = work
        return found


@dataclass(frozen=True, slots=True)
class Proof:
    """What the prover found."""

    proved: bool
    laws: tuple[str, ...] = ()
    blocked: str = ""
    """Why not, in words, where there is more to say than that something is left."""
    exhausted: bool = False
    nowhere: bool = False
    """An expression that exists nowhere was met."""
    steps: int = 0


def is_zero(node: Node, translation: Translation) -> bool:
    """Whether the normal form is empty, denominators multiplied out at the top if need be."""
    poly = translation.poly(node)
    return not poly or not _cleared(translation, poly) or _is_zero_by_cases(translation, poly)


def _is_zero_by_cases(translation: Translation, poly: Poly) -> bool:
    """Whether it is zero for every choice of its conditions that can be met: x > 3 and x < −3 cannot."""
    heads = (translation.algebra.components[c].head for term in poly for c, _ in term)
    if not any(isinstance(head, GuardHead) for head in heads):
        return False
    try:
        cells = [inside for inside, _ in Signs(translation).cells(poly)]
    except Blocked:
        return False
    if any(inside and _cleared(translation, inside) for inside in cells):
        return False
    translation.algebra.used.add("order-of-guards")
    return True


def _cleared(translation: Translation, poly: Poly) -> Poly:
    """poly times every denominator that stands at the top of a term, newest first."""
    algebra = translation.algebra
    for _ in range(6):
        worst: dict[int, int] = {}
        for term in poly:
            for component, exponent in term:
                head = algebra.components[component].head
                if head is not None and head.kind == "vanishes":
                    # u [u = 0] is 0: multiplying by u would lose what is said about u = 0
                    return poly
                if isinstance(head, Denominator) and exponent < 0:
                    worst[component] = max(worst.get(component, 0), int(-(exponent // 1)))
        if not worst:
            return poly
        component = max(worst)
        if len(poly) > 200:
            return poly
        result: Poly = {}
        for term, value in poly.items():
            raised = algebra.times({term: ONE}, {((component, worst[component]),): ONE})
            algebra.add_into(result, raised, value)
        poly = result
        if not poly:
            return poly
    return poly


def prove(
    left: Node,
    right: Node,
    graph: LoweredGraph,
    prover: Prover,
    facts: Facts,
    *,
    rounds: int = ROUNDS,
    work: int = WORK,
    given: Given | None = None,
) -> Proof:
    """Whether left = right, both without derivatives but for the atoms of the graph.

    `given` holds what an author wrote for a name, or for the derivative of one name in another: where
    it is met, it stands for what it names.  What is not found at once is tried once more with both sides
    tidied before each name is opened, unless only a few `rounds` were asked for: then the answer is that
    there is more to try.
    """
    first = _attempt(left, right, graph, prover, facts, rounds, work, given, tidy=False)
    if first.proved or first.nowhere or downstream_name(left, right, graph) is None:
        return first
    if rounds < ROUNDS:
        return changed(first, exhausted=True)
    again = _attempt(left, right, graph, prover, facts, rounds, work, given, tidy=True)
    return again if again.proved else first


def _attempt(
    left: Node,
    right: Node,
    graph: LoweredGraph,
    prover: Prover,
    facts: Facts,
    rounds: int,
    work: int,
    given: Given | None,
    *,
    tidy: bool,
) -> Proof:
    steps = 0
    try:
        translation = prover.translation(facts, work)
        translation.algebra.used.clear()
        while True:
            if given:
                left, right = _with_given(left, graph, given), _with_given(right, graph, given)
            translation = _changed(translation, still_holding(facts, (left, right)), prover, work)
            following = push_both(left, right, graph)
            opened = downstream_name(left, right, graph) if following is None else None
            if opened is not None:
                if tidy:
                    left, right = _tidied(left, translation), _tidied(right, translation)
                following = _opened(left, opened, graph), _opened(right, opened, graph)
            worth = following is None or _same_names(left, right, graph)
            if worth and (same_product(left, right, translation) or _vanishes(left - right, translation)):
                return Proof(True, tuple(sorted(translation.algebra.used)), steps=steps)
            steps += 1
            if following is None:
                return Proof(False, steps=steps)
            if steps > rounds:
                return Proof(False, blocked=f"not settled after {rounds} steps of the graph", exhausted=True)
            left, right = following
            if opened is not None:
                facts = _facts_opened(facts, opened, graph)
    except Blocked as error:
        return Proof(False, blocked=error.message, steps=steps)
    except BudgetExhausted as error:
        return Proof(False, blocked=error.message, exhausted=True, steps=steps)
    except DomainFault as error:
        return Proof(False, blocked=error.message, nowhere=True, steps=steps)
    except RecursionError:
        return Proof(False, blocked="expressions nested too deep", exhausted=True, steps=steps)


def all_opened(
    nodes: tuple[Node, ...], graph: LoweredGraph, facts: Facts, rounds: int = ROUNDS
) -> tuple[tuple[Node, ...], Facts] | None:
    """The nodes in the inputs alone, with the facts said of them; None after too many steps of the graph."""
    for _ in range(rounds):
        pushed = push_all(nodes, graph)
        if pushed is not None:
            nodes = tuple(pushed)
            continue
        names = {s for node in nodes for s in names_in(node) if s in graph.definitions}
        if not names:
            return nodes, still_holding(facts, nodes)
        opened = max(names, key=graph.graph.position.__getitem__)
        nodes = tuple(_opened(node, opened, graph) for node in nodes)
        facts = _facts_opened(facts, opened, graph)
    return None


def _tidied(node: Node, translation: Translation) -> Node:
    try:
        return tidied(node, translation)
    except (Blocked, BudgetExhausted, RecursionError):
        return node


def push_both(left: Node, right: Node, graph: LoweredGraph) -> tuple[Node, Node] | None:
    """Both sides one step of the graph further; None when no derivative of a name is left."""
    pushed = push_all((left, right), graph)
    return None if pushed is None else (pushed[0], pushed[1])


def downstream_name(left: Node, right: Node, graph: LoweredGraph) -> Symbol | None:
    """The most downstream defined name of both sides: the next to be replaced by its definition."""
    names = {s for s in (*names_in(left), *names_in(right)) if s in graph.definitions}
    return max(names, key=graph.graph.position.__getitem__) if names else None


def _facts_opened(facts: Facts, opened: Symbol, graph: LoweredGraph) -> Facts:
    """The facts, said of what a name is defined to be as well."""

    def both(nodes: frozenset[Node]) -> frozenset[Node]:
        return nodes.union(_opened(node, opened, graph) for node in nodes)

    if not (facts.crossed or facts.divisors or facts.positive_nodes or facts.positive_here):
        return facts
    return changed(
        facts,
        crossed=both(facts.crossed),
        divisors=both(facts.divisors),
        positive_nodes=both(facts.positive_nodes),
        positive_here=both(facts.positive_here),
    )


def _changed(translation: Translation, facts: Facts, prover: Prover, work: int) -> Translation:
    """The algebra for other facts, what was counted so far carried over."""
    if facts == translation.facts:
        return translation
    before = translation.algebra
    after = prover.translation(facts, work - before.work)
    after.algebra.used.clear()
    after.algebra.used |= before.used
    return after


def _same_names(left: Node, right: Node, graph: LoweredGraph) -> bool:
    """Whether both sides speak of the same derivatives and defined names.

    Otherwise they are equal only if something cancels, and then they are found equal later: the last
    step, with everything opened, is always looked at.
    """
    return _spoken_of(left, graph) == _spoken_of(right, graph)


def _spoken_of(node: Node, graph: LoweredGraph) -> set[object]:
    found: set[object] = {s for s in names_in(node) if s in graph.definitions}
    for atom in atoms_in(node, graph):
        found.add((atom.args[0].args[0], atom.args[1] if atom.op == "D" else None))
    return found


def _vanishes(node: Node, translation: Translation) -> bool:
    """Whether a node is zero for every value of its free indices, those of small fixed range one by one."""
    fixed = [i for i in node.free if isinstance(i.dim, int) and i.dim <= SMALL]
    if not fixed:
        return is_zero(node, translation)
    table = node.table
    places = product(*(range(i.dim) for i in fixed if isinstance(i.dim, int)))
    return all(
        is_zero(
            table.rename(node, {i: table.literal(k, i.dim) for i, k in zip(fixed, place, strict=True)}),
            translation,
        )
        for place in places
    )


def _opened(node: Node, chosen: Symbol, graph: LoweredGraph) -> Node:
    values: dict[Node, Node] = {}
    stack = [node]
    done: set[Node] = set()
    while stack:
        part = stack.pop()
        if part in done:
            continue
        done.add(part)
        if part.op == "T" and part.args[0] is chosen:
            values[part] = graph.definition(chosen, part.args[1])
        stack.extend(subnodes(part))
    return replace(node, values, graph) if values else node


def _with_given(node: Node, graph: LoweredGraph, given: Given) -> Node:
    """The node with what an author wrote put for the names and derivatives it was written for."""
    values: dict[Node, Node] = {}
    stack = [node]
    done: set[Node] = set()
    while stack:
        part = stack.pop()
        if part in done:
            continue
        done.add(part)
        if part.op == "T" and (part.args[0], None) in given:
            key, idxs = (part.args[0], None), part.args[1]
        elif part.op == "D" and part.args[0].op == "T":
            key, idxs = (part.args[0].args[0], part.args[1]), part.args[0].args[1] + part.args[2]
        else:
            stack.extend(subnodes(part))
            continue
        written = given.get(key)
        if written is not None:
            table = graph.table
            values[part] = table.rename(
                table.refresh(written.body), dict(zip(written.idxs, idxs, strict=True))
            )
    return replace(node, values, graph) if values else node
