"""The corridor: what happens to one claim, from what its author wrote to a verdict."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from symcheck.deciding.decide import decide
from symcheck.deciding.kinks import crossed
from symcheck.deciding.side_conditions import SideCondition, side_conditions
from symcheck.differentiation import differentiate
from symcheck.errors import Blocked, BudgetExhausted, NotSupported, SymcheckError
from symcheck.evaluation.cache import Evaluators
from symcheck.evaluation.refute import Finding, differ_at_once, refute
from symcheck.language.claim import Assumptions, Claim, Graph, Kind, Value
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import LoweredEquation, LoweredGraph
from symcheck.language.shape import Dim
from symcheck.language.tensor import (
    Apply,
    Derivative,
    Number,
    Symbol,
    Tensor,
    Variable,
    apply,
    symbols_in,
)
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted, Undecided, Verdict
from symcheck.lowering import is_zero, lower_equation, lower_graph, lower_tensor
from symcheck.normal_form.prove import ROUNDS, WORK, Given, Proof, Prover, Search, facts_of
from symcheck.rendering.text_notation import write
from symcheck.resting import resting

FIRST_ROUNDS = 12
"""Steps through the graph before the balls are asked: enough for a link, and to notice a contradiction."""
FIRST_WORK = 4_000
"""Products of terms before the balls are asked."""
CANDIDATES = 6
"""Most earlier slips from which a wrong line may follow, the latest."""
FIRST_POINTS = 3
"""Points tried before the prover goes all the way through the graph."""
POINTS = 30
"""Points tried before a claim that is not proved is given up."""
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
    _graphs: dict[object, LoweredGraph] = field(default_factory=dict)
    _points: dict[object, Graph] = field(default_factory=dict)

    def lowered(self, graph: Graph, assumptions: Assumptions) -> LoweredGraph:
        """The definitions in index notation, once for each graph and identification of sizes."""
        key = (graph, frozenset(assumptions.dims.items()), _held(assumptions))
        found = self._graphs.get(key)
        if found is None:
            found = self._graphs[key] = lower_graph(graph, assumptions, self.table)
        return found

    def at_point(self, graph: Graph, point: Mapping[Symbol, Value]) -> Graph:
        """The graph with its inputs defined as the values of a point."""
        key = (graph, tuple(point.items()))
        found = self._points.get(key)
        if found is None:
            values: dict[Symbol, Tensor] = {symbol: literal(value) for symbol, value in point.items()}
            found = self._points[key] = Graph({**values, **graph.definitions})
        return found

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
    """A refuted claim about a name, or about the derivative of one name in another."""

    claim: Claim
    key: tuple[Symbol, Symbol | None]
    written: Tensor


def literal(value: Value) -> Tensor:
    """A given value as a formula."""
    if isinstance(value, Fraction):
        return Number((), value, str(value))
    return apply("array", params=(value,))


def judge(claim: Claim, session: Session) -> Judgement:
    """Compare the two sides of what the author wrote.

    Errors: none; a contradiction between two parties (SC900) is a `Failed` verdict like any other error.
    """
    with resting():
        return _judged(claim, session)


def _judged(claim: Claim, session: Session) -> Judgement:
    started = time.perf_counter()
    session.trim()
    if session.wrong and session.wrong[-1].claim.graph is not claim.graph:
        session.wrong.clear()
    verdict, trial = _tried(claim, session)
    if isinstance(verdict, Refuted):
        verdict = explained(claim, verdict, session, trial)
        wrong = _about(claim)
        if wrong is not None:
            session.wrong.append(wrong)
    elif isinstance(verdict, Proved):
        verdict = _with_remark(claim, verdict, session)
    return Judgement(claim, verdict, ms=(time.perf_counter() - started) * 1000)


def _tried(claim: Claim, session: Session) -> tuple[Verdict, Trial | None]:
    """The verdict, and the trial of the claim in general if there was one."""
    if claim.equation is None:
        assert claim.error is not None
        return Failed(claim.error), None
    trial: Trial | None = None
    try:
        trial = Trial(claim, session)
        verdict = trial.verdict()
        if claim.point and not isinstance(verdict, Proved) and numeric(claim.equation.right):
            verdict = Trial(standing_at(claim, session), session, scope_at(claim)).verdict()
            if isinstance(verdict, Refuted) and verdict.witness is not None:
                entries = {s.name: shown_value(v) for s, v in claim.point.items()}
                verdict = replace(
                    verdict, witness=replace(verdict.witness, entries=entries), scope=scope_at(claim)
                )
        return verdict, trial
    except SymcheckError as error:
        if error.location is None:
            error.location = claim.location
        if isinstance(error, Blocked | BudgetExhausted):
            return Undecided(error.code, error.message, error.hint or ""), trial
        return Refuted("SC100", error.message) if error.code == "SC100" else Failed(error), trial
    except Exception as error:
        # one claim we fail on must not take the others with it
        what = f"symcheck failed on this claim ({type(error).__name__}: {error})"
        hint = "this is a bug of symcheck: please report the formula"
        return Failed(SymcheckError(what, code="SC901", location=claim.location, hint=hint)), trial


class Trial:
    """One equation before the parties."""

    def __init__(self, claim: Claim, session: Session, scope: str = "") -> None:
        assert claim.equation is not None
        self.claim = claim
        self.session = session
        self._search: Search | None = None
        left = claim.equation.left
        if isinstance(left, Apply) and left.op == "coefficient" and isinstance(left.args[1], Variable):
            name = left.args[1].symbol
            if name in claim.graph:
                # d(name) is made of the differentials behind it: it has no factor of its own
                raise NotSupported(
                    f"d{name.name} is no independent differential: {name.name} is defined",
                    hint=f"read off an input, or claim the derivative in {name.name} itself",
                )
        self.graph = session.lowered(claim.graph, claim.assumptions)
        self.equation: LoweredEquation = lower_equation(claim.equation, self.graph, claim.assumptions)
        self.left: Node = differentiate(self.equation.left, self.graph)
        self.right: Node = differentiate(self.equation.right, self.graph)
        self.crossed = crossed(self.equation)
        self.off_boundary = bool(self.crossed)
        self.scope = scope or scope_of(claim.assumptions)

    def verdict(self) -> Verdict:
        """What prover and balls say together.

        The prover starts with a few steps of the graph, takes all of them only if no witness was found,
        and for what it proved one living point is enough.
        """
        proof = self.prove(self.claim.assumptions, rounds=FIRST_ROUNDS, work=FIRST_WORK)
        finding = self.refute(proof.proved, FIRST_POINTS if proof.exhausted else POINTS)
        if proof.exhausted and finding.witness is None:
            proof = self.prove(self.claim.assumptions)
            if not proof.proved:
                finding = self.refute(False)
        conditions: tuple[str, ...] = ()
        if proof.proved:
            conditions = tuple(map(_shown, side_conditions(self.claim, self.off_boundary)))
        verdict = decide(self.claim, proof, finding, self.scope, conditions)
        if isinstance(verdict, Proved):
            verdict = replace(verdict, assumptions=self.used_assumptions())
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
        search = self._search if own else None
        if search is None:
            facts = facts_of(assumptions, (self.left, self.right), self.crossed)
            search = Search(self.left, self.right, self.graph, self.session.prover, facts, given)
        if own:
            self._search = search
        return search.proof(rounds, work)

    def proves_multiple(self, factor: Fraction) -> bool:
        """Whether left = factor · right, as far as the prover went."""
        return self._search is not None and self._search.proves_multiple(factor, FIRST_WORK)

    def refute(self, proved: bool, points: int = POINTS) -> Finding:
        """The balls' answer."""
        return refute(
            self.equation,
            self.left,
            self.right,
            self.claim.assumptions,
            seed=self.session.seed,
            evaluators=self.session.evaluators,
            boundaries=not self.off_boundary,
            proved=proved,
            budget=points,
        )

    def under(self, assumptions: Assumptions) -> Trial:
        """The same equation under other assumptions."""
        claim = replace(self.claim, assumptions=assumptions)
        before = self.claim.assumptions
        if assumptions.dims != before.dims or _held(assumptions) != _held(before):
            return Trial(claim, self.session)
        twin = copy(self)
        twin.claim = claim
        twin._search = None
        return twin

    def says_nothing(self) -> bool:
        """Whether both sides are 0, though its author did not write 0."""
        assert self.claim.equation is not None
        if is_zero(self.claim.equation.right):
            return False
        zero = self.right.table.num(0)
        facts = facts_of(self.claim.assumptions, (self.left, self.right), self.crossed)
        search = Search(self.right, zero, self.graph, self.session.prover, facts)
        return search.proof(FIRST_ROUNDS, FIRST_WORK).proved

    def differs_at_once(self) -> bool:
        """Whether the balls part at the first points: a quick look."""
        return differ_at_once(
            self.equation,
            self.left,
            self.right,
            self.claim.assumptions,
            seed=self.session.seed,
            evaluators=self.session.evaluators,
        )

    def used_assumptions(self) -> tuple[str, ...]:
        """The assumptions without which the proof fails, and the sizes that were identified."""
        assumptions = self.claim.assumptions
        used = list(assumptions.dim_texts)
        everything = facts_of(assumptions, (self.left, self.right), self.crossed)
        for condition in assumptions.conditions:
            # what was found to be of no use is left out for good: of two that would each do, one is named
            kept = tuple(c for c in assumptions.conditions if c is not condition)
            fewer = replace(assumptions, conditions=kept)
            if condition.kind is Kind.CONSTANT:
                # what is held acts in the differentials, before the arithmetic
                free = Trial(replace(self.claim, assumptions=fewer), self.session)
                needed = (free.left, free.right) != (self.left, self.right) and not free.prove(fewer).proved
            else:
                facts = facts_of(fewer, (self.left, self.right), self.crossed)
                needed = facts != everything and not self.prove(fewer).proved
            if needed:
                used.append(condition.text)
            elif condition.kind is not Kind.CONSTANT:
                assumptions = fewer
                everything = facts_of(fewer, (self.left, self.right), self.crossed)
        return tuple(used)


class Supposed:
    """A refuted claim before the parties again, with more supposed."""

    def __init__(self, claim: Claim, session: Session) -> None:
        self.trial = Trial(claim, session)

    def differs(self, assumptions: Assumptions) -> bool:
        """Whether its sides differ at the first points, or none of these is defined."""
        try:
            return self.trial.under(assumptions).differs_at_once()
        except SymcheckError:
            return True

    def proves(self, assumptions: Assumptions) -> bool:
        """Whether it is proved in a few steps, with a living point, and says more than 0 = 0."""
        try:
            trial = self.trial.under(assumptions)
            proof = trial.prove(assumptions, rounds=FIRST_ROUNDS, work=FIRST_WORK)
            if not proof.proved or trial.says_nothing():
                return False
            finding = trial.refute(True)
        except SymcheckError:
            return False
        return finding.witness is None and finding.living is not None


def _held(assumptions: Assumptions) -> frozenset[Symbol]:
    return frozenset(c.symbol for c in assumptions.conditions if c.kind is Kind.CONSTANT)


def _shown(condition: SideCondition) -> str:
    other = f" {write(condition.other)}" if condition.other is not None else ""
    return f"{write(condition.subject)} {condition.relation}{other}"


def scope_of(assumptions: Assumptions) -> str:
    """``all sizes``, with what the sizes were assumed to be."""
    return (
        f"all sizes with {', '.join(t.removeprefix('dim ') for t in assumptions.dim_texts)}"
        if (assumptions.dim_texts)
        else "all sizes"
    )


# -- values at a point ---------------------------------------------------------------------------


def numeric(tensor: Tensor) -> bool:
    """Whether a side is made of numbers alone."""
    return not symbols_in(tensor)


def scope_at(claim: Claim) -> str:
    """``at a = 23, b = 2``."""
    return "at " + ", ".join(f"{s.name} = {shown_value(v)}" for s, v in claim.point.items())


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


def _about(claim: Claim) -> Wrong | None:
    """What a refuted claim says something wrong about, if that is a name or a derivative of names."""
    if claim.equation is None:
        return None
    left, right = claim.equation.left, claim.equation.right
    if isinstance(left, Variable) and left.symbol in claim.graph:
        return Wrong(claim, (left.symbol, None), right)
    if (
        isinstance(left, Derivative)
        and isinstance(left.body, Variable)
        and left.at is None
        and not left.local
        and left.body.symbol in claim.graph
    ):
        return Wrong(claim, (left.body.symbol, left.by), right)
    return None


def explained(claim: Claim, verdict: Refuted, session: Session, trial: Trial | None) -> Refuted:
    """Whether a wrong line follows from an earlier slip, and what plain kind of slip it is."""
    assert claim.equation is not None
    source = follows_from(claim, session)
    if source is not None:
        return replace(verdict, code="SC301", follows=source.id, follows_text=source.text)
    if verdict.code == "SC119" and trial is not None:
        return replace(verdict, code=kind_of_slip(verdict, trial))
    return verdict


def follows_from(claim: Claim, session: Session) -> Claim | None:
    """An earlier wrong line given which this one is right.

    Within a chain: the member before this one, if it was wrong and equals it.  Across lines: one earlier
    slip, the latest first, then all of them together.
    """
    assert claim.equation is not None
    if claim.previous is not None:
        for wrong in reversed(session.wrong):
            if wrong.claim.line == claim.line and wrong.claim.member == claim.member - 1:
                step = replace(claim, equation=replace(claim.equation, left=claim.previous), previous=None)
                if isinstance(_tried(step, session)[0], Proved):
                    return wrong.claim
    candidates = [w for w in session.wrong if w.key != _key_of(claim)]
    candidates = candidates[-CANDIDATES:]
    for chosen in [[w] for w in reversed(candidates)] + ([candidates] if len(candidates) > 1 else []):
        if _right_given(claim, chosen, session):
            return chosen[-1].claim
    return None


def _key_of(claim: Claim) -> tuple[Symbol, Symbol | None] | None:
    wrong = _about(claim)
    return wrong.key if wrong else None


def _right_given(claim: Claim, slips: Iterable[Wrong], session: Session) -> bool:
    versions = [claim]
    if claim.point and claim.equation is not None and numeric(claim.equation.right):
        versions.append(standing_at(claim, session))
    for version in versions:
        try:
            trial = Trial(version, session)
            given = {
                slip.key: lower_tensor(slip.written, version.assumptions, session.table) for slip in slips
            }
            if trial.prove(version.assumptions, given=given, rounds=FIRST_ROUNDS, work=FIRST_WORK).proved:
                return True
        except SymcheckError:
            continue
    return False


def kind_of_slip(verdict: Refuted, trial: Trial) -> str:
    """SC103 if the claim proves with the other sign, SC104 with another numeric factor, else SC119."""
    witness = verdict.witness
    assert trial.claim.equation is not None
    if witness is None or is_zero(trial.claim.equation.right):
        return "SC119"
    try:
        if "e" in witness.claimed + witness.true:
            # a power of ten may be too large to be written out
            raise ValueError
        claimed, true = Fraction(witness.claimed), Fraction(witness.true)
    except ValueError:
        return "SC103" if trial.proves_multiple(Fraction(-1)) else "SC119"
    if not claimed or not true:
        return "SC119"
    factor = true / claimed
    if max(factor.numerator, factor.denominator) > 12 or not trial.proves_multiple(factor):
        return "SC119"
    return "SC103" if factor == -1 else "SC104"


def _with_remark(claim: Claim, verdict: Proved, session: Session) -> Proved:
    """A right line after a wrong one in the same chain: the step between them does not hold."""
    for wrong in session.wrong:
        if (
            claim.previous is not None
            and wrong.claim.line == claim.line
            and wrong.claim.member == claim.member - 1
        ):
            return replace(
                verdict, remark="right, though the step from the wrong member before it does not hold"
            )
    return verdict
