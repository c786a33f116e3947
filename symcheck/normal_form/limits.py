"""Limits: the value of an expression as a scalar tends somewhere, free of that scalar.

Everything becomes a limit for t → ∞ or u → 0+, which `near` finds.  Where the limit turns on a sign that is
not known, each case is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from symcheck.differentiation import differentiate
from symcheck.differentiation import replace as replaced
from symcheck.errors import Blocked, DomainFault
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Symbol
from symcheck.normal_form.facts import Facts
from symcheck.normal_form.growth import SignUnknown
from symcheck.normal_form.near import LARGE, SMALL, Known, Near, Tended
from symcheck.normal_form.polynomial import UNIT
from symcheck.normal_form.prove import WORK, Prover, all_opened, is_zero
from symcheck.normal_form.signs import Sign, Signs
from symcheck.normal_form.tidying import written_back

CASES = 4
"""Most conditions by which a limit is told apart."""


@dataclass(frozen=True, slots=True)
class NoLimit:
    """There is no finite limit."""

    infinite: Sign = Sign.NONE
    """PLUS or MINUS where it is infinite."""
    below: Tended | None = None
    above: Tended | None = None
    """The limits from both sides, where they differ; PLUS or MINUS for infinity."""


def limit_of(
    node: Node,
    graph: LoweredGraph,
    prover: Prover,
    facts: Facts,
    laws: set[str],
    known: Known = (),
    given: frozenset[Node] = frozenset(),
) -> Node | NoLimit:
    """The limit that a ``lim`` node stands for, a node free of its variable; its laws are added to `laws`.

    It is the limit at every point that satisfies the facts and `known`, at which the body exists near the
    target and the nodes `given` have values.
    Where it turns on the sign of some u, each case is looked at: [u > 0] a + [u < 0] b + [u = 0] c.
    Errors: Blocked with what would have to be known.
    """
    body, symbol, target, side = node.args
    opened = all_opened((differentiate(body, graph), *(() if target is None else (target,))), graph, facts)
    if opened is None:
        raise Blocked("definitions too deep for a limit")
    (body, *rest), _ = opened
    finder = _Finder(graph, prover, facts, laws, given)
    return finder.by_cases(body, symbol, rest[0] if rest else None, side, known, len(known) + CASES)


def _parts(node: Node) -> list[Node]:
    found: dict[Node, None] = {}
    stack = [node]
    while stack:
        part = stack.pop()
        if part not in found:
            found[part] = None
            stack.extend(part.nodes)
    return list(found)


def _outcome(tended: Tended) -> Node | NoLimit:
    return tended if isinstance(tended, Node) else NoLimit(infinite=tended)


class _Finder:
    """Limits under the facts of one claim."""

    def __init__(
        self, graph: LoweredGraph, prover: Prover, facts: Facts, laws: set[str], given: frozenset[Node]
    ) -> None:
        self.laws = laws
        self.given = given
        self.graph = graph
        self.table: Table = graph.table
        self.prover = prover
        self.facts = facts

    def by_cases(
        self, body: Node, symbol: Symbol, target: Node | None, side: str, known: Known, most: int
    ) -> Node | NoLimit:
        """The limit where `known` holds, told apart by the signs that it turns on; `most`: conditions."""
        self.known = known
        try:
            simple = self.limit(body, symbol, target, side)
            return self._short(simple) if isinstance(simple, Node) else simple
        except SignUnknown as unknown:
            if len(known) >= most:
                raise
            try:
                u = written_back(unknown.poly, unknown.algebra, self.table)
            except Blocked:
                raise unknown from None
            if any(part.op == "T" and part.args[0] in (LARGE, SMALL) for part in _parts(u)):
                raise
            reason = unknown
        found: list[Node] = []
        possible = Signs(self.prover.translation(self.facts), known).of_node(u)
        cases: tuple[tuple[Sign, Known], ...] = (
            (Sign.PLUS, ((u, True),)),
            (Sign.MINUS, ((-u, True),)),
            (Sign.ZERO, ((u, False), (-u, False))),
        )
        for sign, more in cases:
            value: Node | NoLimit = self.table.num(0)
            if possible & sign:
                there = self._vanishing(body, u) if sign is Sign.ZERO else body
                value = self.by_cases(there, symbol, target, side, (*known, *more), most)
            if not isinstance(value, Node):
                raise reason
            found.append(value)
        above, below, zero = found
        if not possible & Sign.ZERO and is_zero(above - below, self.prover.translation(self.facts)):
            return above
        self.laws.add("case-split")
        positive, negative = self.table.fn("positive", u), self.table.fn("positive", -u)
        return self.table.case(positive, above, self.table.case(negative, below, zero))

    def _vanishing(self, body: Node, u: Node) -> Node:
        """The body where u = 0, with 0 for a name that u is a multiple of."""
        factors = [part for part in (u.args if u.op == "mul" else (u,)) if part.op != "num"]
        if len(factors) != 1 or factors[0].op != "T":
            return body
        try:
            return replaced(body, {factors[0]: self.table.num(0)}, self.graph)
        except DomainFault:
            return body

    def _short(self, node: Node) -> Node:
        """A number where the normal form is one: ½ for σ(0)."""
        try:
            poly = self.prover.translation(self.facts).poly(node)
        except (Blocked, DomainFault):
            return node
        value = poly.get(UNIT) if set(poly) <= {UNIT} else None
        if value is None:
            return node if poly else self.table.num(0)
        return self.table.num(Fraction(int(value.p), int(value.q)))

    def limit(self, body: Node, symbol: Symbol, target: Node | None, side: str) -> Node | NoLimit:
        """The limit, from one side or from both."""
        if target is None:
            return _outcome(self.at_infinity(body, symbol, side))
        if side:
            return _outcome(self.at_point(body, symbol, target, side))
        below, above = (self.at_point(body, symbol, target, way) for way in "-+")
        if isinstance(below, Sign) and below is above:
            return NoLimit(infinite=below)
        if isinstance(below, Sign) or isinstance(above, Sign):
            return NoLimit(below=below, above=above)
        if is_zero(above - below, self.prover.translation(self.facts)):
            return above
        return NoLimit(below=below, above=above)

    def at_infinity(self, body: Node, symbol: Symbol, side: str) -> Tended:
        """The variable becomes t or −t; where that does not help, 1/u or −1/u."""
        t = self.table.entry(LARGE, ())
        try:
            return self._near(LARGE).limit(self._put(body, symbol, -t if side == "-" else t))
        except SignUnknown:
            raise
        except Blocked as reason:
            try:
                return self._near(SMALL).limit(self._inverted(body, symbol, -1 if side == "-" else 1))
            except Blocked:
                raise reason from None

    def _inverted(self, body: Node, symbol: Symbol, sign: int) -> Node:
        """The body with sign/u for the variable, and u for its inverse."""
        table = self.table
        at, u = table.entry(symbol, ()), table.entry(SMALL, ())
        values = {at: table.num(sign) * table.pow(u, Fraction(-1))}
        for part in _parts(body):
            if part.op == "pow" and part.args[0] is at and part.args[1].denominator == 1:
                values[part] = table.num(sign ** abs(int(part.args[1]))) * table.pow(u, -part.args[1])
        return replaced(body, values, self.graph)

    def at_point(self, body: Node, symbol: Symbol, target: Node, side: str) -> Tended:
        """The variable becomes target ± u; where that does not help, target ± 1/t."""
        u = self.table.entry(SMALL, ())
        try:
            return self._near(SMALL).limit(self._put(body, symbol, target - u if side == "-" else target + u))
        except Blocked as reason:
            step = self.table.pow(self.table.entry(LARGE, ()), Fraction(-1))
            moved = self._put(body, symbol, target - step if side == "-" else target + step)
            try:
                return self._near(LARGE).limit(moved)
            except Blocked as other:
                raise (other if isinstance(other, SignUnknown) else reason) from None

    def _near(self, variable: Symbol) -> Near:
        translation = self.prover.translation(self._facts_near(variable), WORK)
        return Near(variable, self.graph, translation, self.laws, self.known, self.given)

    def _facts_near(self, variable: Symbol) -> Facts:
        return replace(self.facts, positive=self.facts.positive | {variable})

    def _put(self, body: Node, symbol: Symbol, value: Node) -> Node:
        return replaced(body, {self.table.entry(symbol, ()): value}, self.graph)
