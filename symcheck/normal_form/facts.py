"""What the arithmetic may use of a claim: its assumptions, and what must hold for its sides to exist.

A logarithm that is evaluated says that its argument is > 0: at every entry if its indices run over
their whole range, else at that one entry only, and then the fact is used only as long as the names in
it stand at no other entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from symcheck.language.claim import Assumption, Assumptions, Kind
from symcheck.language.indexed import Idx, Node
from symcheck.language.tensor import Symbol
from symcheck.operations.elementwise import GUARDS

DISCRETE = frozenset((Kind.BINARY, Kind.SIGNS, Kind.ONE_HOT))
"""Assumptions under which an entry has one of two values."""
QUALITIES = DISCRETE | {
    Kind.INTEGER,
    Kind.ANTISYMMETRIC,
    Kind.DIAGONAL,
    Kind.UNIT,
    Kind.ORTHOGONAL,
    Kind.IDEMPOTENT,
    Kind.LOWER_TRIANGULAR,
    Kind.FULL_RANK,
    Kind.INVERTIBLE,
    Kind.DET_POSITIVE,
    Kind.POSITIVE_DEFINITE,
}
"""Assumptions with a law of their own in the arithmetic."""


@dataclass(frozen=True)
class Facts:
    """What the arithmetic may use of the assumptions: the key under which an algebra is kept."""

    symmetric: frozenset[Symbol] = frozenset()
    positive: frozenset[Symbol] = frozenset()
    sums: frozenset[tuple[Symbol, Fraction]] = frozenset()
    """Sum of a vector, or of each row, given."""
    positive_nodes: frozenset[Node] = frozenset()
    """Expressions under a logarithm, all their entries: > 0 wherever the claim is defined."""
    positive_here: frozenset[Node] = frozenset()
    """Expressions of which one entry stands under a logarithm: > 0 there; see `still_holding`."""
    off_boundary: bool = False
    """Every guard is meant off its boundary."""
    intervals: frozenset[tuple[Symbol, Fraction | None, bool, Fraction | None, bool, bool]] = frozenset()
    """Every entry: (name, low, strictly, high, strictly, is not 0); one for each name."""
    relations: frozenset[tuple[Kind, Symbol, Symbol]] = frozenset()
    """What is assumed of two scalars."""
    divisors: frozenset[Node] = frozenset()
    """What is divided by at every point: ≠ 0 where the claim is defined; for claims with conditions."""
    crossed: frozenset[Node] = frozenset()
    """Conditions u through which a derivative was taken: meant where u ≠ 0."""
    qualities: frozenset[tuple[Symbol, Kind]] = frozenset()
    """What else is assumed of names, as far as the room `assumed` has a law for it."""

    @property
    def continuous(self) -> Facts:
        """The facts without those that leave a few values to choose from: they cost a split by cases."""
        kept = frozenset(pair for pair in self.qualities if pair[1] not in DISCRETE)
        return self if kept == self.qualities else replace(self, qualities=kept)


def facts_of(
    assumptions: Assumptions,
    nodes: Iterable[Node],
    off_boundary: bool | frozenset[Node],
    written: Iterable[Node] = (),
) -> Facts:
    """The facts that the arithmetic may use in a claim whose sides are `nodes`.

    `off_boundary`: the conditions through which a derivative was taken; True means all there are.
    `written`: the sides before derivatives were done.  Only what an author divides by has to be ≠ 0: a
    derivative may exist where the formula that differentiation makes of it does not.
    """
    symmetric, positive, sums, qualities = set(), set(), set(), set()
    for condition in assumptions.conditions:
        if condition.kind in QUALITIES:
            qualities.add((condition.symbol, condition.kind))
        match condition.kind:
            case Kind.SYMMETRIC | Kind.POSITIVE_DEFINITE:
                symmetric.add(condition.symbol)
            case Kind.INTERVAL:
                low, strict = condition.data[0], condition.data[1]
                if isinstance(low, Fraction) and (low > 0 or (low == 0 and strict)):
                    positive.add(condition.symbol)
            case Kind.SIMPLEX | Kind.ONE_HOT:
                sums.add((condition.symbol, Fraction(1)))
            case Kind.SUM:
                value = condition.data[0]
                if isinstance(value, Fraction):
                    sums.add((condition.symbol, value))
    nodes = tuple(nodes)
    everywhere, here = _under_logarithms(nodes)
    facts = Facts(
        frozenset(symmetric),
        frozenset(positive) | frozenset(node.args[0] for node in everywhere if node.op == "T"),
        frozenset(sums),
        frozenset(node for node in everywhere if node.op != "T"),
        frozenset(here),
        off_boundary is True,
        _intervals(assumptions),
        frozenset((c.kind, c.symbol, c.other) for c in assumptions.conditions if c.other is not None),
        frozenset(_divisors(tuple(written))),
        off_boundary if isinstance(off_boundary, frozenset) else frozenset(),
        frozenset(qualities),
    )
    return still_holding(facts, nodes)


def _intervals(
    assumptions: Assumptions,
) -> frozenset[tuple[Symbol, Fraction | None, bool, Fraction | None, bool, bool]]:
    """What is assumed of every entry of a name, gathered."""
    found: dict[Symbol, tuple[Fraction | None, bool, Fraction | None, bool, bool]] = {}
    for condition in assumptions.conditions:
        here = _interval(condition)
        if here is None:
            continue
        low, low_strict, high, high_strict, not_zero = here
        known = found.get(condition.symbol, (None, False, None, False, False))
        if known[0] is not None and (low is None or (known[0], known[1]) > (low, low_strict)):
            low, low_strict = known[:2]
        if known[2] is not None and (high is None or (-known[2], known[3]) > (-high, high_strict)):
            high, high_strict = known[2:4]
        found[condition.symbol] = (low, low_strict, high, high_strict, not_zero or known[4])
    return frozenset((symbol, *interval) for symbol, interval in found.items())


def _interval(condition: Assumption) -> tuple[Fraction | None, bool, Fraction | None, bool, bool] | None:
    match condition.kind:
        case Kind.INTERVAL:
            low, low_strict, high, high_strict = condition.data
            return (
                low if isinstance(low, Fraction) else None,
                bool(low_strict),
                high if isinstance(high, Fraction) else None,
                bool(high_strict),
                False,
            )
        case Kind.BINARY | Kind.ONE_HOT | Kind.SIMPLEX:
            return Fraction(0), False, Fraction(1), False, False
        case Kind.SIGNS:
            return Fraction(-1), False, Fraction(1), False, True
        case Kind.UNIT:
            return Fraction(-1), False, Fraction(1), False, False
        case Kind.DIFFERENT if condition.other is None and condition.data[0] == 0:
            return None, False, None, False, True
    return None


def still_holding(facts: Facts, nodes: tuple[Node, ...]) -> Facts:
    """The facts without those about one entry of a name that stands at other entries too.

    A fact about a compound expression stays: it is used for the very entries it is about.
    """
    if not facts.positive_here:
        return facts
    ties = _ties(nodes)
    places: dict[Symbol, set[tuple[Idx, ...]]] = {}
    for part in _parts((*nodes, *facts.positive_here)):
        if part.op == "T":
            places.setdefault(part.args[0], set()).add(tuple(_root(i, ties) for i in part.args[1]))
    kept = frozenset(node for node in facts.positive_here if node.op != "T" or len(places[node.args[0]]) == 1)
    return facts if kept == facts.positive_here else replace(facts, positive_here=kept)


def _under_logarithms(nodes: tuple[Node, ...]) -> tuple[set[Node], set[Node]]:
    """What stands under a logarithm that is evaluated: at all entries, and at one entry.

    Compound arguments are reported only where an exponential of a logarithm stands in the claim too:
    nothing else could use them.
    """
    if not any("log" in node.functions for node in nodes):
        return set(), set()
    ties = _ties(nodes)
    single = {i for node in nodes for i in node.free}
    found: list[Node] = []
    exponential = False
    for part in _parts(nodes, branches=False):
        if part.op == "delta" and _root(part.args[0], ties) is not _root(part.args[1], ties):
            # an entry picked by a δ that does not contract
            single.update(_root(i, ties) for i in part.args)
        if part.op == "fn" and part.args[0] == "exp":
            exponential = exponential or any(
                inner.op == "fn" and inner.args[0] == "log" for inner in _parts((part.args[1],))
            )
        if part.op == "fn" and part.args[0] == "log":
            found.append(part.args[1])
    everywhere: set[Node] = set()
    here: set[Node] = set()
    for node in found:
        if node.op == "T":
            roots = [_root(i, ties) for i in node.args[1]]
            if any(i.value is not None for i in roots):
                continue
            whole = len(set(roots)) == len(roots) and single.isdisjoint(roots)
        elif not exponential:
            continue
        else:
            whole = single.isdisjoint(_root(i, ties) for i in node.free)
        if whole:
            everywhere.add(node)
        else:
            names = {i: _root(i, ties) for i in node.free}
            here.add(node.table.rename(node, {i: j for i, j in names.items() if i is not j}))
    return everywhere, here


def _divisors(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """What is divided by outside of branches that need not be taken; |u| and products through their parts."""
    if not any(node.table.has_cases or not GUARDS.isdisjoint(node.functions) for node in nodes) or not any(
        part.op == "case" or (part.op == "fn" and part.args[0] in GUARDS) for part in _parts(nodes)
    ):
        return
    waiting = [
        part.args[0] for part in _parts(nodes, branches=False) if part.op == "pow" and part.args[1] < 0
    ]
    while waiting:
        node = waiting.pop()
        if node.op == "mul":
            waiting += node.args
        elif node.op == "pow" or (node.op == "fn" and node.args[0] == "abs"):
            waiting.append(node.args[0] if node.op == "pow" else node.args[1])
        elif node.op != "num":
            yield node


def _ties(nodes: tuple[Node, ...]) -> dict[Idx, Idx]:
    """Bound index → the index it is tied to: Σᵢ δᵢⱼ f(i) has one term, that with i = j.

    Sums may share a bound index: it is tied only if each of them ties it to the same.
    """
    found: dict[Idx, set[Idx | None]] = {}
    for part in _parts(nodes):
        if part.op == "sum":
            found.setdefault(part.args[0], set()).add(_tied(part))
    ties: dict[Idx, Idx] = {}
    for index, others in found.items():
        (other, *more) = others
        if other is not None and not more and _root(other, ties) is not index:
            ties[index] = other
    return ties


def _tied(node: Node) -> Idx | None:
    index: Idx = node.args[0]
    body: Node = node.args[1]
    while body.op == "sum":
        body = body.args[1]
    for factor in body.args if body.op == "mul" else (body,):
        if factor.op == "delta" and index in factor.args:
            other: Idx = factor.args[1] if factor.args[0] is index else factor.args[0]
            return other
    return None


def _root(idx: Idx, ties: dict[Idx, Idx]) -> Idx:
    while idx in ties:
        idx = ties[idx]
    return idx


def _parts(nodes: Iterable[Node], *, branches: bool = True) -> Iterator[Node]:
    """Every node inside, once; without `branches` those left out that need not exist."""
    done: set[Node] = set()
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if node in done or (node.op == "case" and not branches):
            continue
        done.add(node)
        yield node
        stack.extend(node.nodes)
