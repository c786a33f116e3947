"""One claim before the parties: what they are given, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from symcheck.deciding.conditions import SideCondition
from symcheck.deciding.decide import decide
from symcheck.deciding.kinks import LIMIT, crossed
from symcheck.deciding.limits import (
    LimitUnknown,
    bodies_exist,
    values_of,
    with_values,
)
from symcheck.deciding.one_sided import one_sided
from symcheck.deciding.pivots import block_laws
from symcheck.deciding.side_conditions import side_conditions
from symcheck.differentiation import differentiate, names_in
from symcheck.differentiation import replace as substituted
from symcheck.errors import NotSupported, SymcheckError
from symcheck.evaluation.cache import Evaluators
from symcheck.evaluation.refute import Finding, equal_at, refute, simplest
from symcheck.language.claim import Assumptions, Claim, Graph, Kind, Relation, Value
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import LoweredEquation, LoweredGraph
from symcheck.language.shape import Dim
from symcheck.language.tensor import (
    Apply,
    Number,
    Symbol,
    Tensor,
    Variable,
    apply,
    symbols_in,
)
from symcheck.language.verdict import Proved, Verdict, Witness
from symcheck.lowering import lower_equation, lower_graph
from symcheck.normal_form.facts import Facts
from symcheck.normal_form.inequalities import prove_order
from symcheck.normal_form.prove import ROUNDS, WORK, Given, Proof, Prover, Search, facts_of
from symcheck.rendering.text_notation import write, write_name

FIRST_ROUNDS = 12
"""Steps through the graph before the balls are asked: enough for a link, and to notice a contradiction."""
FIRST_WORK = 4_000
"""Products of terms before the balls are asked."""
FIRST_POINTS = 3
"""Points tried before the prover goes all the way through the graph."""
POINTS = 30
"""Points tried before a claim that is not proved is given up."""
KEPT = 200
"""Verdicts remembered; a conclusion stands near what it follows from, else that is judged again."""
TOUCHING = 4
"""Points looked at for the equality of two sides of which one is claimed to be less."""
CHOSEN_TWICE = "the greatest entry of a matrix is found row by row, and no law joins the two answers"
TABLE_LIMIT = 300_000
"""Interned nodes after which a session starts its tables anew."""


@dataclass
class Session:
    """What claims of one file share: interned nodes, lowered graphs, algebras, evaluated points."""

    seed: int = 0
    table: Table = field(default_factory=Table)
    prover: Prover = field(default_factory=Prover)
    evaluators: Evaluators = field(default_factory=Evaluators)
    wrong: list[Wrong] = field(default_factory=list)
    """Earlier refuted claims, for what follows from them."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What second opinions keep from one claim to the next, by the name of the party."""
    verdicts: dict[Claim, Verdict] = field(default_factory=dict)
    """The latest verdicts, for what is concluded from them."""
    _graphs: dict[object, tuple[Mapping[Symbol, Tensor], LoweredGraph]] = field(default_factory=dict)
    _points: dict[object, Graph] = field(default_factory=dict)

    def lowered(self, graph: Graph, assumptions: Assumptions, last: bool = False) -> LoweredGraph:
        """The definitions in index notation, once for each graph and identification of sizes."""
        # what is kept holds the definitions, so their id cannot be given to others meanwhile
        key = (id(graph.definitions), frozenset(assumptions.dims.items()), held_in(assumptions), last)
        found = self._graphs.get(key)
        if found is None:
            lowered = lower_graph(graph, assumptions, self.table, last)
            found = self._graphs[key] = (graph.definitions, lowered)
        return found[1]

    def at_point(self, graph: Graph, point: Mapping[Symbol, Value]) -> Graph:
        """The graph with its inputs defined as the values of a point."""
        key = (graph, tuple(point.items()))
        found = self._points.get(key)
        if found is None:
            values: dict[Symbol, Tensor] = {symbol: literal(value) for symbol, value in point.items()}
            found = self._points[key] = Graph({**values, **graph.definitions})
        return found

    def keep(self, claim: Claim, verdict: Verdict) -> None:
        """Remember a verdict, and forget the oldest where there are many."""
        self.verdicts[claim] = verdict
        if len(self.verdicts) > KEPT:
            del self.verdicts[next(iter(self.verdicts))]

    def trim(self) -> None:
        """Start tables anew when they have grown large; earlier slips are kept."""
        if self.table.size > TABLE_LIMIT:
            self.table = Table()
            self.prover = Prover()
            self.evaluators = Evaluators()
            self._graphs.clear()
            self._points.clear()


@dataclass(frozen=True)
class Wrong:
    """A refuted claim, for what follows from it."""

    claim: Claim
    key: tuple[Symbol, Symbol | None] | None
    """The name it is about, or the derivative of one name in another; None for anything else."""
    written: Tensor


def literal(value: Value) -> Tensor:
    """A given value as a formula."""
    if isinstance(value, Fraction):
        return Number((), value, str(value))
    return apply("array", params=(value,))


class Trial:
    """One equation before the parties."""

    def __init__(self, claim: Claim, session: Session, scope: str = "", last: bool = False) -> None:
        assert claim.equation is not None
        self.claim = claim
        self.last = last
        """Whether matrices of blocks are worked out from their last block."""
        self.session = session
        self.search: Search | None = None
        self.graph = session.lowered(claim.graph, claim.assumptions, last)
        self.written: LoweredEquation = lower_equation(claim.equation, self.graph, claim.assumptions)
        match claim.equation.left:
            case Apply(op="coefficient", args=(_, Variable(symbol=name))) if name in claim.graph:
                left = with_own_direction(self.written.left, name, self.graph)
                self.written = replace(self.written, left=left)
            case Apply(
                op="part", args=(Apply(op="coefficient", args=(_, Variable(symbol=name))),), params=numbers
            ) if name in claim.graph:
                own = self.graph.table.part_of(name, numbers)
                left = with_own_direction(self.written.left, own, self.graph)
                self.written = replace(self.written, left=left)
        self.limit_laws: set[str] = set()
        self.limits = values_of(self.written, claim.assumptions, session.prover, self.limit_laws)
        self.equation = with_values(self.written, self.limits)
        self.left: Node = self._done(self.equation.left)
        self.right: Node = self._done(self.equation.right)
        self.crossed = crossed(self.equation)
        self.off_boundary = bool(self.crossed)
        self.scope = scope or scope_of(claim)

    def _done(self, side: Node) -> Node:
        """A side with its derivatives done, once for all claims that have it."""
        found = self.graph.done.get(side)
        if found is None:
            found = self.graph.done[side] = differentiate(side, self.graph)
        return found

    def verdict(self) -> Verdict:
        """What prover and balls say together.

        The prover starts with a few steps of the graph, takes all of them only if no witness was found,
        and for what it proved one living point is enough.
        """
        proof = self.prove(self.claim.assumptions, rounds=FIRST_ROUNDS, work=FIRST_WORK)
        effort = (FIRST_ROUNDS, FIRST_WORK) if proof.proved else (ROUNDS, WORK)
        finding = self.refute(proof.proved, FIRST_POINTS if proof.exhausted else POINTS)
        if proof.exhausted and finding.witness is None:
            proof = self.prove(self.claim.assumptions)
            if not proof.proved:
                finding = self.refute(False)
        if not proof.proved and finding.witness is None:
            finding = self.equal_somewhere(finding)
        if not proof.proved and not proof.blocked and any(map(chooses_twice, (self.left, self.right))):
            proof = replace(proof, blocked=CHOSEN_TWICE)
        conditions: tuple[str, ...] = ()
        if proof.proved and self.limits:
            proof = replace(proof, laws=tuple(sorted({*proof.laws, *self.limit_laws})))
            if not bodies_exist(self.written, self.claim.assumptions, self.session.seed):
                finding = replace(finding, living=None)
        if proof.proved:
            proof = replace(proof, laws=tuple(sorted({*proof.laws, *block_laws(self.claim)})))
            needed = side_conditions(self.claim, self.off_boundary, self.last)
            conditions = tuple(dict.fromkeys(map(_shown, needed)))
        verdict = decide(self.claim, proof, finding, self.scope, conditions)
        if isinstance(verdict, Proved):
            remark = self.at_boundaries()
            verdict = replace(verdict, assumptions=self.used_assumptions(*effort), remark=remark)
        return verdict

    def prove(
        self,
        assumptions: Assumptions,
        *,
        rounds: int = ROUNDS,
        work: int = WORK,
        given: Given | None = None,
    ) -> Proof:
        """The prover's answer under these assumptions; what it did for the claim before is not done again."""
        own = assumptions is self.claim.assumptions and given is None
        search = self.search if own else None
        if search is None:
            facts, prover = self.facts(assumptions), self.session.prover
            relation = self.equation.relation
            if relation is not Relation.EQUAL:
                sides = (self.left, self.right)
                return prove_order(*sides, relation, self.graph, prover, facts, rounds=rounds, work=work)
            search = Search(self.left, self.right, self.graph, prover, facts, given)
        if own:
            self.search = search
        return search.proof(rounds, work)

    def proves_multiple(self, factor: Fraction) -> bool:
        """Whether left = factor · right, as far as the prover went."""
        return self.search is not None and self.search.proves_multiple(factor, FIRST_WORK)

    def facts(self, assumptions: Assumptions) -> Facts:
        """What the prover may use under these assumptions."""
        written = (self.equation.left, self.equation.right)
        return facts_of(assumptions, (self.left, self.right), self.crossed, written)

    def refute(self, proved: bool, points: int = POINTS) -> Finding:
        """The balls' answer."""
        return refute(
            self.equation,
            self.left,
            self.right,
            self.claim.assumptions,
            seed=self.session.seed,
            evaluators=self.session.evaluators,
            boundaries=len(self.crossed) < LIMIT,
            crossed=sorted(self.crossed, key=lambda node: node.serial),
            proved=proved,
            budget=points,
        )

    def simplest_witness(self) -> Witness | None:
        """A witness that is easier to read than the first one found, if there is one."""
        point = self.refute(False, FIRST_POINTS).point
        if point is None:
            return None
        return simplest(
            self.equation,
            self.left,
            self.right,
            self.claim.assumptions,
            point,
            seed=self.session.seed,
            crossed=sorted(self.crossed, key=lambda node: node.serial),
            boundaries=len(self.crossed) < LIMIT,
        )

    def equal_somewhere(self, finding: Finding) -> Finding:
        """A witness against left < right: an exact point at which both sides are proved to be equal."""
        for point in finding.touching[:TOUCHING]:
            found = equal_at(self.equation, self.left, self.right, point, self.session.evaluators)
            if found is None:
                continue
            witness, values = found
            there = standing_at(replace(self.claim, point=values), self.session)
            assert there.equation is not None
            equation = replace(there.equation, relation=Relation.EQUAL)
            equal = Trial(replace(there, equation=equation), self.session, last=self.last)
            if equal.prove(there.assumptions).proved:
                return replace(finding, witness=witness, point=point)
        return finding

    def used_assumptions(self, rounds: int = ROUNDS, work: int = WORK) -> tuple[str, ...]:
        """The assumptions without which the proof fails at the same effort, and the sizes identified."""

        def proves(trial: Trial, fewer: Assumptions) -> bool:
            return trial.prove(fewer, rounds=rounds, work=work).proved

        assumptions = self.claim.assumptions
        used = list(assumptions.dim_texts)
        if not assumptions.conditions:
            return tuple(used)
        everything = self.facts(assumptions)
        for condition in assumptions.conditions:
            # what was found to be of no use is left out for good: of two that would each do, one is named
            kept = tuple(c for c in assumptions.conditions if c is not condition)
            fewer = replace(assumptions, conditions=kept)
            if self.limits:
                needed = not self.proves_under(fewer)
            elif condition.kind is Kind.CONSTANT:
                # what is held acts in the differentials, before the arithmetic
                free = Trial(replace(self.claim, assumptions=fewer), self.session, last=self.last)
                needed = (free.left, free.right) != (self.left, self.right) and not proves(free, fewer)
            else:
                needed = self.facts(fewer) != everything and not proves(self, fewer)
            if needed:
                used.append(condition.text)
            elif condition.kind is not Kind.CONSTANT:
                assumptions = fewer
                everything = self.facts(fewer)
        return tuple(used)

    def at_boundaries(self) -> str:
        """What the derivative is from both sides where the proof says nothing, as far as that is found."""
        if not self.crossed:
            return ""
        given = self.claim.assumptions
        return one_sided(self.equation, self.crossed, given, self.session.prover, write_name)

    def proves_under(self, assumptions: Assumptions) -> bool:
        """Whether the claim is proved under other assumptions, its limits found anew."""
        try:
            trial = Trial(replace(self.claim, assumptions=assumptions), self.session, last=self.last)
        except LimitUnknown:
            return False
        return trial.prove(assumptions).proved


def chooses_twice(node: Node) -> bool:
    """Whether the place of the greatest among greatest values stands in it."""
    stack, seen = [node], set[Node]()
    while stack:
        part = stack.pop()
        if part in seen:
            continue
        seen.add(part)
        if part.op == "peak" and any(inner.op == "most" for inner in (part.nodes[0], *part.nodes[0].nodes)):
            return True
        stack.extend(part.nodes)
    return False


def held_in(assumptions: Assumptions) -> frozenset[Symbol]:
    """The names that are constant in differentials."""
    return frozenset(c.symbol for c in assumptions.conditions if c.kind is Kind.CONSTANT)


def with_own_direction(coefficient: Node, name: Symbol, graph: LoweredGraph) -> Node:
    """The coefficient of dZ of a defined name Z, where dZ stands as such: there it is a direction of its own.

    Everything else in the form keeps its meaning; a derivative ∂Q/∂X with Z between still passes Z.
    Errors: NotSupported (SC020) if a differential of something else changes with Z, so that dZ is hidden.
    """
    form, direction, place = coefficient.args
    values: dict[Node, Node] = {}
    stack, done = [form], set[Node]()
    while stack:
        part = stack.pop()
        if part in done:
            continue
        done.add(part)
        if part.op == "diff":
            body = part.args[0]
            if body.op == "T" and body.args[0] is name:
                values[part] = graph.table.entry(direction, body.args[1])
            elif any(graph.graph.depends(other, name) for other in names_in(body)):
                raise NotSupported(
                    f"d{name.name} does not stand as such in the line it is read off from",
                    hint=f"write the line of differentials in d{name.name} before it is read off",
                )
            continue
        stack.extend(part.nodes)
    return graph.table.D(substituted(form, values, graph), direction, place)


def step_holds(claim: Claim, session: Session) -> bool:
    """Whether the prover alone shows both sides equal, at the author's point if not in general."""
    versions = [claim]
    if claim.point:
        versions.append(standing_at(claim, session))
    for version in versions:
        try:
            if Trial(version, session).prove(claim.assumptions, rounds=FIRST_ROUNDS, work=FIRST_WORK).proved:
                return True
        except SymcheckError:
            continue
    return False


def _shown(condition: SideCondition) -> str:
    other = f" {write(condition.other)}" if condition.other is not None else ""
    return f"{write(condition.subject)} {condition.relation}{other}"


def scope_of(claim: Claim) -> str:
    """``all sizes``, with what they were assumed to be; the sizes themselves where code was run at them."""
    if claim.sizes:
        return "at sizes " + ", ".join(f"{size} = {length}" for size, length in claim.sizes.items())
    texts = claim.assumptions.dim_texts
    return f"all sizes with {', '.join(t.removeprefix('dim ') for t in texts)}" if texts else "all sizes"


# -- values at a point ---------------------------------------------------------------------------


def numeric(tensor: Tensor) -> bool:
    """Whether a side is made of numbers alone."""
    return not symbols_in(tensor)


def scope_at(claim: Claim) -> str:
    """``at a = 23, b = 2``."""
    return "at " + ", ".join(f"{s.shown} = {shown_value(v)}" for s, v in claim.point.items())


def shown_value(value: Value) -> object:
    """A value as text, or nested lists of text."""
    return str(value) if isinstance(value, Fraction) else [shown_value(part) for part in value]


def standing_at(claim: Claim, session: Session) -> Claim:
    """The same claim with the inputs fixed at the author's point, and the sizes with them."""
    dims: dict[Dim, Dim] = dict(claim.assumptions.dims)
    for symbol, value in claim.point.items():
        for size in symbol.shape:
            if isinstance(value, Fraction):
                break
            dims[claim.assumptions.dim(size[0])] = len(value)
            dims[size[0]] = len(value)
            value = value[0]
    assumptions = replace(claim.assumptions, dims=dims)
    return replace(claim, graph=session.at_point(claim.graph, claim.point), assumptions=assumptions)


# -- slips and what follows from them ----------------------------------------------------------------
