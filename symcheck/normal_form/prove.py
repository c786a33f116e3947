"""The prover: empty normal form of the difference, atoms opaque first, then pushed, then names opened.

Empty means equal wherever both sides are defined; anything else decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from symcheck.differentiation import definition_of, is_atom, push_all, replace
from symcheck.errors import Blocked, BudgetExhausted, DomainFault
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredGraph, Operand
from symcheck.language.tensor import Symbol
from symcheck.normal_form.clearing import without_inverses
from symcheck.normal_form.descent import down, spoken_of
from symcheck.normal_form.facts import Facts, still_holding
from symcheck.normal_form.facts import facts_of as facts_of
from symcheck.normal_form.guards import GuardHead
from symcheck.normal_form.order import vanishes_in_every_order
from symcheck.normal_form.polynomial import ONE, Poly
from symcheck.normal_form.products import same_product
from symcheck.normal_form.roots import Denominator
from symcheck.normal_form.signs import Signs
from symcheck.normal_form.tidying import tidied
from symcheck.normal_form.translation import SMALL, Translation
from symcheck.operations.elementwise import GUARDS

ROUNDS = 400
"""Most steps through the graph in one claim."""
WORK = 400_000
"""Most products of terms in one claim."""
JUMPING = GUARDS | {"pinv"}
"""Functions that are not continuous, or turn on a condition."""
BROKEN = frozenset(("positive", "vanishes", "heaviside", "sign", "floor", "ceil", "trunc", "pinv"))
"""Functions that are not continuous."""
BY_CONTINUITY = frozenset(("adjugate", "determinant-update"))
"""Laws shown for invertible matrices, which are dense."""
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
    return (
        not poly
        or not _cleared(translation, poly)
        or not without_inverses(translation.algebra, poly)
        or vanishes_in_every_order(translation.algebra, poly)
        or _is_zero_by_cases(translation, poly)
    )


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
    translation.algebra.use("order-of-guards")
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
) -> Proof:
    """Whether left = right, both without derivatives but for the atoms of the graph."""
    return Search(left, right, graph, prover, facts).proof(rounds, work)


class Search:
    """A proof that is looked for in rounds; after a few of them it can be taken up again.

    left = right, both without derivatives but for the atoms of the graph.  `given` holds what an author
    wrote for a name, or for the derivative of one name in another: where it is met, it stands for what it
    names.  What is not found is looked for once more with both sides tidied before each name is opened.
    Entries with few values are taken by these only where that is needed.
    """

    def __init__(
        self,
        left: Node,
        right: Node,
        graph: LoweredGraph,
        prover: Prover,
        facts: Facts,
        given: Given | None = None,
    ) -> None:
        plain = facts.continuous
        self._continuous = Search(left, right, graph, prover, plain, given) if plain is not facts else None
        self._plain = _Attempt(left, right, graph, prover, facts, given, tidy=False)
        self._tidy = _Attempt(left, right, graph, prover, facts, given, tidy=True)
        self._names = any(name in graph.definitions for name in left.names | right.names)

    def proof(self, rounds: int = ROUNDS, work: int = WORK) -> Proof:
        """The answer within these bounds.

        If only a few `rounds` were asked for and there is more to try, the answer says so.
        """
        if self._continuous is not None:
            found = self._continuous.proof(rounds, work)
            if found.proved:
                return found
        first = self._plain.proof(rounds, work)
        if first.proved or first.nowhere or not self._names:
            return first
        if rounds < ROUNDS:
            return changed(first, exhausted=True)
        again = self._tidy.proof(rounds, work)
        return again if again.proved else first

    def compared(self) -> tuple[Node, Node, Facts]:
        """The two sides as they were compared last, or as they stand, with the facts used."""
        if self._continuous is not None and self._continuous.proof(0).proved:
            return self._continuous.compared()
        for attempt in (self._tidy, self._plain):
            if attempt.compared and (attempt.final is None or attempt.final.proved):
                return attempt.compared[-1]
        return (self._plain.compared or [(self._plain.left, self._plain.right, self._plain.facts)])[-1]

    def proves_multiple(self, factor: Fraction, work: int = WORK) -> bool:
        """Whether left = factor · right, in the forms in which the two sides were compared."""
        if self._continuous is not None and self._continuous.proves_multiple(factor, work):
            return True
        return self._plain.proves_multiple(factor, work)


class _Attempt:
    """One way through the graph: where it stands, and its answer once that is final."""

    def __init__(
        self,
        left: Node,
        right: Node,
        graph: LoweredGraph,
        prover: Prover,
        facts: Facts,
        given: Given | None,
        *,
        tidy: bool,
    ) -> None:
        self.left = left
        self.right = right
        self.graph = graph
        self.prover = prover
        self.facts = facts
        self.given = given
        self.tidy = tidy
        self.steps = 0
        self.looked = False
        """Whether the two sides were compared as they stand."""
        self.laws: set[str] = set()
        """The laws by which the two sides came into their present form."""
        self.final: Proof | None = None
        self.compared: list[tuple[Node, Node, Facts]] = []
        """The forms of the two sides that were compared, with the facts used."""

    def proof(self, rounds: int, work: int) -> Proof:
        """The answer after so many rounds in all."""
        if self.final is None:
            found = self._found(rounds, work)
            if found.exhausted:
                return found
            self.final = found
        return self.final

    def _found(self, rounds: int, work: int) -> Proof:
        try:
            translation = self.prover.translation(self.facts, work)
            while True:
                if not self.looked:
                    translation = self._prepared(translation, work)
                    if self._equal(translation):
                        return Proof(True, tuple(sorted(self.laws)), steps=self.steps)
                    self.looked = True
                    self.steps += 1
                if self._atoms() or self._opened() is not None:
                    if self.steps > rounds:
                        blocked = f"not settled after {rounds} steps of the graph"
                        return Proof(False, blocked=blocked, exhausted=True)
                    self._advance(rounds)
                else:
                    return Proof(False, steps=self.steps)
        except Blocked as error:
            return Proof(False, blocked=error.message, steps=self.steps)
        except BudgetExhausted as error:
            return Proof(False, blocked=error.message, exhausted=True, steps=self.steps)
        except DomainFault as error:
            return Proof(False, blocked=error.message, nowhere=True, steps=self.steps)
        except RecursionError:
            return Proof(False, blocked="expressions nested too deep", exhausted=True, steps=self.steps)

    def _prepared(self, translation: Translation, work: int) -> Translation:
        """What was given put in, the facts brought up to date, both sides tidied before a name is opened."""
        if self.given:
            self.left = _with_given(self.left, self.graph, self.given)
            self.right = _with_given(self.right, self.graph, self.given)
        facts = still_holding(self.facts, (self.left, self.right))
        translation = _changed(translation, facts, self.prover, work)
        if self.tidy and not self._atoms() and self._opened() is not None:
            self.left = self._tidied(self.left, translation)
            self.right = self._tidied(self.right, translation)
        return translation

    def _tidied(self, node: Node, translation: Translation) -> Node:
        translation.algebra.used = 0
        try:
            result = tidied(node, translation)
        except (Blocked, BudgetExhausted, RecursionError):
            return node
        self.laws |= translation.algebra.laws()
        return result

    def _equal(self, translation: Translation) -> bool:
        """Whether the two sides are found to be equal as they stand.

        While they speak of different derivatives and defined names they are equal only if something
        cancels, and then they are found equal later: the last step, with everything opened, is always
        looked at.
        """
        left, right = self.left, self.right
        last = not self._atoms() and self._opened() is None
        spoken = [spoken_of(side.names, side.derived, self.graph) for side in (left, right)]
        if not last and spoken[0] != spoken[1]:
            return False
        functions = left.functions | right.functions
        if "adj" in functions and not functions.isdisjoint(JUMPING):
            raise Blocked("an adjugate beside a condition: the matrix may be singular where that matters")
        self.compared.append((left, right, translation.facts))
        translation.algebra.used = 0
        if not _same(left, right, translation):
            return False
        laws = translation.algebra.laws()
        if laws & BY_CONTINUITY and not functions.isdisjoint(BROKEN):
            raise Blocked("a determinant beside a condition: the matrix may be singular where that matters")
        self.laws |= laws
        return True

    def proves_multiple(self, factor: Fraction, work: int) -> bool:
        """Whether left = factor · right in one of the forms compared."""
        try:
            for left, right, facts in self.compared:
                if _same(left, right * left.table.num(factor), self.prover.translation(facts, work)):
                    return True
        except (Blocked, BudgetExhausted, DomainFault, RecursionError):
            pass
        return False

    def _atoms(self) -> bool:
        return any(is_atom(part, self.graph) for part in self.left.derived | self.right.derived)

    def _opened(self) -> Symbol | None:
        return downstream_name(self.left, self.right, self.graph)

    def _advance(self, rounds: int) -> None:
        """One step of the graph, or as many as pass without a look; where no atom is left, names opened."""
        plain = not (self.given or self.tidy or _says_something(self.facts))
        most = rounds - self.steps + 1 if plain else 1
        (self.left, self.right), taken, names = down((self.left, self.right), self.graph, most)
        for name in names:
            self.facts = _facts_opened(self.facts, name, self.graph)
        self.steps += taken - 1
        self.looked = False


def all_opened(
    nodes: tuple[Node, ...], graph: LoweredGraph, facts: Facts, rounds: int = ROUNDS
) -> tuple[tuple[Node, ...], Facts] | None:
    """The nodes in the inputs alone, with the facts said of them; None after too many steps of the graph."""
    for _ in range(rounds):
        pushed = push_all(nodes, graph)
        if pushed is not None:
            nodes = tuple(pushed)
            continue
        names = {s for node in nodes for s in node.names if s in graph.definitions}
        if not names:
            return nodes, still_holding(facts, nodes)
        chosen = max(names, key=graph.graph.position.__getitem__)
        nodes = tuple(_opened(node, chosen, graph) for node in nodes)
        facts = _facts_opened(facts, chosen, graph)
    return None


def downstream_name(left: Node, right: Node, graph: LoweredGraph) -> Symbol | None:
    """The most downstream defined name of both sides: the next to be replaced by its definition."""
    names = [name for name in left.names | right.names if name in graph.definitions]
    return max(names, key=graph.graph.position.__getitem__) if names else None


def _facts_opened(facts: Facts, opened: Symbol, graph: LoweredGraph) -> Facts:
    """The facts, said of what a name is defined to be as well."""

    def both(nodes: frozenset[Node]) -> frozenset[Node]:
        return nodes.union(_opened(node, opened, graph) for node in nodes)

    if not _says_something(facts):
        return facts
    return changed(
        facts,
        crossed=both(facts.crossed),
        divisors=both(facts.divisors),
        positive_nodes=both(facts.positive_nodes),
        positive_here=both(facts.positive_here),
    )


def _says_something(facts: Facts) -> bool:
    """Whether the facts speak of expressions, in which names may stand."""
    return bool(facts.crossed or facts.divisors or facts.positive_nodes or facts.positive_here)


def _changed(translation: Translation, facts: Facts, prover: Prover, work: int) -> Translation:
    """The algebra for other facts, what was counted so far carried over."""
    if facts == translation.facts:
        return translation
    before = translation.algebra
    return prover.translation(facts, work - before.work)


def _same(left: Node, right: Node, translation: Translation) -> bool:
    return same_product(left, right, translation) or _vanishes(left - right, translation)


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
    if chosen not in node.names:
        return node
    values: dict[Node, Node] = {}
    stack = [node]
    done: set[Node] = set()
    while stack:
        part = stack.pop()
        if part in done or chosen not in part.names:
            continue
        done.add(part)
        if part.op == "T":
            values[part] = definition_of(graph, chosen, part.args[1])
        stack.extend(part.nodes)
    return replace(node, values, graph, fresh=True)


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
            stack.extend(part.nodes)
            continue
        written = given.get(key)
        if written is not None:
            table = graph.table
            values[part] = table.rename(
                table.refresh(written.body), dict(zip(written.idxs, idxs, strict=True))
            )
    return replace(node, values, graph) if values else node
