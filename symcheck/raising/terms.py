"""Index notation → sums of products: sums opened, Kronecker deltas contracted, the rest left as written.

A summand that is itself a sum stays a factor (``(z − l)·σ′(q)`` is not expanded) unless a delta stands
in it: Σₖ (δᵢₖ Sₖ − Sᵢ Sₖ) gₖ has to be taken apart before the delta can go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from symcheck.language.indexed import Idx, Node, Table

MOST_TERMS = 64


class NoForm(Exception):
    """The notation asked for cannot hold the expression; another one is tried."""


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient · Σ over `bound` · Π factors."""

    coefficient: Fraction
    bound: tuple[Idx, ...]
    factors: tuple[Node, ...]
    """Neither numbers nor products nor sums over an index."""


class Expander:
    """Opens nodes of one table; what it opened once stays the same, indices included."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._expanded: dict[tuple[Node, bool], tuple[Term, ...]] = {}
        self._deltas: dict[Node, bool] = {}
        self._tidied: dict[Node, Node] = {}

    def tidy(self, node: Node) -> Node:
        """The same node with every delta contracted that can be, factors kept together."""
        found = self._tidied.get(node)
        if found is None:
            table = self.table
            parts = []
            for term in self.expand(node):
                body = table.mul(table.num(term.coefficient), *term.factors)
                if not body.bound.isdisjoint(term.bound):
                    body = table.refresh(body)
                parts.append(table.sum(term.bound, body))
            found = self._tidied[node] = table.add(*parts)
        return found

    def expand(self, node: Node, full: bool = False) -> tuple[Term, ...]:
        """The node as a sum of terms; `full` distributes products over every sum in them.

        Errors: NoForm beyond a count of terms.
        """
        key = (node, full)
        found = self._expanded.get(key)
        if found is None:
            contracted = (self._contracted(term) for term in self._opened(node, full, top=True))
            found = self._expanded[key] = tuple(term for term in contracted if term.coefficient)
        return found

    def has_delta(self, node: Node) -> bool:
        """Whether a delta stands where it could be contracted."""
        found = self._deltas.get(node)
        if found is None:
            match node.op:
                case "delta":
                    found = True
                case "add" | "mul":
                    found = any(map(self.has_delta, node.args))
                case "sum":
                    found = self.has_delta(node.args[1])
                case "case":
                    found = any(map(self.has_delta, node.args[1:]))
                case _:
                    found = False
            self._deltas[node] = found
        return found

    # -- opening ---------------------------------------------------------------------------------

    def _opened(self, node: Node, full: bool, top: bool = False) -> list[Term]:
        if not full and not top and node.op in ("add", "sum") and self.has_delta(node):
            tidied = self.tidy(node)
            if not self.has_delta(tidied):
                node = tidied
        match node.op:
            case "num":
                return [Term(node.args[0], (), ())]
            case "add" if top or full or self.has_delta(node):
                return [term for part in node.args for term in self._opened(part, full, top)]
            case "mul":
                return self._product([self._opened(factor, full) for factor in node.args])
            case "sum":
                idx, body = node.args
                return [self._bind(idx, term) for term in self._opened(body, full, self.has_delta(body))]
            case "pow":
                return self._power(node, full)
            case "case" if self.has_delta(node):
                return self._choice(node, full)
        return [Term(Fraction(1), (), (node,))]

    def _power(self, node: Node, full: bool) -> list[Term]:
        base, exponent = node.args
        if exponent.denominator != 1 or base.op not in ("mul", "pow"):
            return [Term(Fraction(1), (), (node,))]
        if base.op == "pow":
            inner, power = base.args
            return self._opened(self.table.pow(inner, power * exponent), full)
        powers = [self.table.pow(factor, exponent) for factor in base.args]
        return self._product([self._opened(power, full) for power in powers])

    def _bind(self, idx: Idx, term: Term) -> Term:
        if idx in term.bound:
            raise AssertionError("an index bound twice in one term")
        return replace(term, bound=(idx, *term.bound))

    def _product(self, choices: list[list[Term]]) -> list[Term]:
        count = 1
        for choice in choices:
            count *= len(choice)
        if count > MOST_TERMS:
            raise NoForm("too many terms")
        result = []
        for parts in product(*choices):
            whole = Term(Fraction(1), (), ())
            for part in parts:
                whole = self._times(whole, part)
            result.append(whole)
        return result

    def _times(self, left: Term, right: Term) -> Term:
        left = self._away(left, set(right.bound).union(*(f.free for f in right.factors)))
        taken = set(left.bound).union(*(f.free for f in left.factors))
        right = self._away(right, taken)
        return Term(
            left.coefficient * right.coefficient,
            left.bound + right.bound,
            left.factors + right.factors,
        )

    def _away(self, term: Term, taken: set[Idx]) -> Term:
        """The term with bound indices that are not among `taken`."""
        names = {i: self.table.fresh(i.name, i.dim) for i in term.bound if i in taken}
        if not names:
            return term
        return Term(
            term.coefficient,
            tuple(names.get(i, i) for i in term.bound),
            tuple(self.table.rename(f, names) for f in term.factors),
        )

    def _choice(self, node: Node, full: bool) -> list[Term]:
        """case(g, δ a, δ b) = δ case(g, a, b): deltas and sums leave the branches, the choice stays."""
        table = self.table
        indicator = node.args[0]
        zero = table.num(0)
        grouped: dict[tuple[Node, ...], list[Node]] = {}
        result = []
        for branch, body in enumerate(node.args[1:]):
            for term in self._opened(body, full, top=True):
                term = self._away(term, set(indicator.free))
                deltas = tuple(f for f in term.factors if f.op == "delta")
                rest = table.mul(table.num(term.coefficient), *(f for f in term.factors if f.op != "delta"))
                if term.bound:
                    pair = (rest, zero) if branch == 0 else (zero, rest)
                    chosen = table.case(indicator, *pair)
                    result.append(Term(Fraction(1), term.bound, (*deltas, chosen)))
                else:
                    sides = grouped.setdefault(deltas, [zero, zero])
                    sides[branch] = table.add(sides[branch], rest)
        for deltas, sides in grouped.items():
            whole = table.mul(*deltas, table.case(indicator, *sides))
            factors = whole.args if whole.op == "mul" else (whole,)
            result.append(self._gathered(Fraction(1), (), factors))
        return result

    def _gathered(self, coefficient: Fraction, bound: tuple[Idx, ...], factors: tuple[Node, ...]) -> Term:
        kept = []
        for factor in factors:
            if factor.op == "num":
                coefficient *= factor.args[0]
            else:
                kept.append(factor)
        return Term(coefficient, bound, tuple(kept))

    # -- deltas ------------------------------------------------------------------------------------

    def _contracted(self, term: Term) -> Term:
        """Σᵢ δᵢⱼ f(i) = f(j), as long as a delta has a bound index."""
        while True:
            found = next(
                (
                    (delta, own, other)
                    for delta in term.factors
                    if delta.op == "delta"
                    for own, other in (delta.args, delta.args[::-1])
                    if own in term.bound
                ),
                None,
            )
            if found is None:
                return term
            delta, own, other = found
            rest = list(term.factors)
            rest.remove(delta)
            renamed = tuple(self.table.rename(f, {own: other}) for f in rest)
            bound = tuple(i for i in term.bound if i is not own)
            term = self._gathered(term.coefficient, bound, renamed)
