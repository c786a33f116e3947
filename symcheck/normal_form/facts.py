"""What the arithmetic may use of a claim: its assumptions, and what must hold for its sides to exist.

A logarithm that is evaluated says that its argument is > 0: at every entry if its indices run over
their whole range, else at that one entry only, and then the fact is used only as long as the names in
it stand at no other entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from symcheck.language.claim import Assumptions, Kind
from symcheck.language.indexed import Idx, Node
from symcheck.language.tensor import Symbol

DISCRETE = frozenset((Kind.BINARY, Kind.SIGNS, Kind.ONE_HOT))
"""Assumptions under which an entry has one of two values."""
QUALITIES = DISCRETE | {
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
    crossed: frozenset[Node] = frozenset()
    """Conditions u through which a derivative was taken: meant where u ≠ 0."""
    qualities: frozenset[tuple[Symbol, Kind]] = frozenset()
    """What else is assumed of names, as far as the room `assumed` has a law for it."""

    @property
    def continuous(self) -> Facts:
        """The facts without those that leave a few values to choose from: they cost a split by cases."""
        kept = frozenset(pair for pair in self.qualities if pair[1] not in DISCRETE)
        return self if kept == self.qualities else replace(self, qualities=kept)


def facts_of(assumptions: Assumptions, nodes: Iterable[Node], off_boundary: bool | frozenset[Node]) -> Facts:
    """The facts that the arithmetic may use in a claim whose sides are `nodes`.

    `off_boundary`: the conditions through which a derivative was taken; True means all there are.
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
        off_boundary if isinstance(off_boundary, frozenset) else frozenset(),
        frozenset(qualities),
    )
    return still_holding(facts, nodes)


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
