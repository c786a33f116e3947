"""Index notation → polynomial: the one place where each kind of node meets its room."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from flint import fmpq

from symcheck.errors import Blocked, DomainFault
from symcheck.language.indexed import Idx, Node
from symcheck.language.tensor import Symbol
from symcheck.normal_form import (
    adjugates,
    cholesky,
    contiguity,
    determinants,
    extremes,
    guards,
    index_products,
    inverses,
    opaque,
    order,
    pseudo_inverses,
    roots,
    tower,
)
from symcheck.normal_form.assumed import Assumed, known_sum
from symcheck.normal_form.blocks import Algebra, OpenBlock
from symcheck.normal_form.boundaries import settled
from symcheck.normal_form.discrete import Splitting
from symcheck.normal_form.factoring import irreducible, is_positive, known_positive, split_content
from symcheck.normal_form.factors import cancelled
from symcheck.normal_form.facts import Facts
from symcheck.normal_form.polynomial import MINUS, ONE, UNIT, Head, Poly, delta
from symcheck.normal_form.templates import lift
from symcheck.operations.elementwise import SCALAR

Interval: TypeAlias = tuple[Fraction | None, bool, Fraction | None, bool, bool]
"""(low, strictly above it, high, strictly below it, is not 0)"""
SMALL = 4
"""Sums over at most so many entries are written out."""


class Translation:
    """One algebra with the facts it was made for, and the memo of nodes already translated."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.algebra = Algebra(facts.off_boundary)
        self.algebra.set_power(roots.power)
        self.sums = dict(facts.sums)
        self.intervals: dict[int, Interval] = {}
        """Head of an input → what is assumed of each of its entries."""
        self._intervals: dict[Symbol, Interval] = {row[0]: row[1:] for row in facts.intervals}
        self._memo: dict[Node, Poly] = {}
        self._conditions_first = False
        self._laws: dict[Node, int] = {}
        """The laws used for a node, where there are any."""
        self._heads_with_sum: dict[int, Fraction] = {}
        if self.sums:
            self.algebra.block_rules.append(self._known_sum)
        self.assumed = Assumed(facts.qualities)
        self.algebra.leaves_dense = self.assumed.leaves_dense
        self._split = Splitting(facts.qualities)
        if facts.qualities:
            self.algebra.block_rules.append(self.assumed.rule)

        self._positive: set[object] = set()
        self.algebra.templates["assumed positive"] = self._positive
        entries = {node.args[0] for node in facts.positive_here if node.op == "T"}
        self._positive_symbols = facts.positive | entries
        for node in facts.positive_nodes:
            self._assume_positive(node, everywhere=True)
        for node in facts.positive_here:
            if node.op != "T":
                self._assume_positive(node, everywhere=False)
        for node in facts.crossed:
            guards.assume_crossed(self.algebra, self.poly(node))

    def _assume_positive(self, node: Node, *, everywhere: bool) -> None:
        """Remember that the factor that decides the sign of an expression is > 0, if there is one."""
        algebra = self.algebra
        poly = self.poly(node)
        if not poly or guards.splits(algebra, (poly,)):
            return
        _, monomial, rest = split_content(algebra, poly)
        if len(rest) < 2 or not all(known_positive(algebra, *pair) or pair[1] % 2 == 0 for pair in monomial):
            return
        open_factors = [
            factor
            for factor, multiplicity in irreducible(algebra, rest)
            if multiplicity % 2 and not is_positive(algebra, factor)
        ]
        if len(open_factors) == 1:
            template, idxs = lift(algebra, (open_factors[0],))
            self._positive.add(template.key if everywhere else (template.key, idxs))

    def _known_sum(self, algebra: Algebra, block: OpenBlock) -> Poly | None:
        return known_sum(algebra, block, self._heads_with_sum)

    # -- indices and names -----------------------------------------------------------------------

    def index(self, idx: Idx) -> int:
        """The algebra's number of an index."""
        if idx.value is not None:
            return self.algebra.named(("literal", idx.dim, idx.value), idx.dim, literal=idx.value)
        return self.algebra.named(idx, idx.dim)

    def _tensor(self, key: tuple[object, ...], symbol: Symbol, idxs: tuple[Idx, ...]) -> Poly:
        places = tuple(map(self.index, idxs))
        head = self.algebra.head_of.get(key)
        free = key[0] != "T"
        if head is None:
            dims = tuple(self.algebra.dim_of[i] for i in places)
            made = (
                opaque.TensorHead(dims, symbol.name) if free else self.assumed.head(symbol, dims, symbol.name)
            )
            head = self.algebra.add_head(key, made)
            if not free:
                self._enter_facts(head, symbol)
        if free or not self.assumed.kinds:
            return {((self.algebra.atom(head, places), 1),): ONE}
        return self.assumed.entry(self.algebra, symbol, head, places)

    def _enter_facts(self, head: Head, symbol: Symbol) -> None:
        if symbol in self.facts.symmetric:
            head.group = ((1, 0),)
        if symbol in self._positive_symbols:
            head.positive = True
        if symbol in self.sums:
            self._heads_with_sum[head.id] = self.sums[symbol]
        self.assumed.enter(symbol, head)
        if symbol in self._intervals:
            self.intervals[head.id] = self._intervals[symbol]

    def scalar(self, symbol: Symbol) -> Poly:
        """A scalar input."""
        return self._tensor(("T", symbol), symbol, ())

    # -- nodes -----------------------------------------------------------------------------------

    def poly(self, node: Node) -> Poly:
        """The normal form of a node.  An explicit stack: expressions may be deep."""
        memo, algebra, laws = self._memo, self.algebra, self._laws
        found = memo.get(node)
        if found is not None:
            if node in laws:
                algebra.used |= laws[node]
            return found
        before = algebra.used
        splitting = bool(self._split.symbols)
        stack = [node]
        while stack:
            top = stack[-1]
            if top in memo:
                stack.pop()
                continue
            if self._conditions_first and top.op == "case" and top.args[0] not in memo:
                stack.append(top.args[0])
                continue
            if splitting or top.op in ("fn", "case"):
                instead, law = self._instead(top)
                if instead is not None:
                    if instead in memo:
                        memo[top] = memo[instead]
                        algebra.used = laws.get(instead, 0)
                        if top.op == "case":
                            algebra.used |= laws.get(top.args[0], 0)
                        algebra.use(law)
                        laws[top] = algebra.used
                    else:
                        stack.append(instead)
                    continue
            if top.nodes and top.op != "D":
                waiting = [child for child in top.nodes if child not in memo]
                if waiting:
                    stack.extend(waiting)
                    continue
            algebra.used = 0
            try:
                memo[top] = self._poly(top)
            except (Blocked, DomainFault):
                if self._conditions_first or all(waiting.op != "case" for waiting in stack):
                    raise
                # a branch that is never taken need not exist: the conditions are read before the branches
                self._conditions_first = True
                stack = [node]
                continue
            if algebra.used:
                laws[top] = algebra.used
            stack.pop()
        algebra.used |= before
        return memo[node]

    def _instead(self, node: Node) -> tuple[Node | None, str]:
        """What is translated in place of a node, and by which law."""
        if node.op == "fn" and node.args[0] == "log" and node.args[1].op == "prod":
            idx, factor = node.args[1].args
            return node.table.sum((idx,), node.table.fn("log", factor)), "log-of-product"
        if node.op == "case" and self._conditions_first:
            chosen = self._memo[node.args[0]]
            if not chosen or chosen == {UNIT: ONE}:
                return node.args[1 if chosen else 2], "case-split"
        return (self._split.by_values(node) if self._split.symbols else None), "by-values"

    def _poly(self, node: Node) -> Poly:
        algebra, args = self.algebra, node.args
        match node.op:
            case "T":
                return self._tensor(("T", args[0]), args[0], args[1])
            case "mul":
                return self._product(args)
            case "sum":
                return self._sum(args[0], args[1])
            case "num":
                value: Fraction = args[0]
                return algebra.constant(fmpq(value.numerator, value.denominator))
            case "const":
                return opaque.constant(algebra, args[0])
            case "dim":
                return algebra.dim_poly(args[0])
            case "delta":
                return delta(algebra, self.index(args[0]), self.index(args[1]))
            case "order":
                return order.order(algebra, self.index(args[0]), self.index(args[1]))
            case "add":
                result: Poly = {}
                for part in args:
                    algebra.add_into(result, self.poly(part))
                return result
            case "pow":
                return roots.power(algebra, self.poly(args[0]), args[1])
            case "prod":
                return self._product_over(args[0], args[1])
            case "most":
                return self._most(args[0], args[1])
            case "peak":
                idx, body, at = args
                here = algebra.rename(self.poly(body), {self.index(idx): self.index(at)})
                return guards.vanishes(algebra, algebra.plus(here, self._most(idx, body), MINUS))
            case "fn":
                return self._function(node)
            case "case":
                chosen, then, other = map(self.poly, args)
                rest = algebra.plus({UNIT: ONE}, chosen, MINUS)
                both = algebra.plus(algebra.times(chosen, then), algebra.times(rest, other))
                return settled(algebra, both)
            case "ufn":
                return opaque.undefined(algebra, args[0], args[1], self.poly(args[2]))
            case "app":
                return self._map(node)
            case "D":
                body, symbol, idxs = args
                if body.op != "T":
                    raise Blocked("a derivative that was not carried out")
                return self._tensor(("D", body.args[0], symbol), body.args[0], body.args[1] + idxs)
            case "diff":
                body = args[0]
                if body.op != "T":
                    raise Blocked("a differential that was not carried out")
                return self._tensor(("diff", body.args[0]), body.args[0], body.args[1])
            case "inv":
                row, col, body, p, q = args
                return inverses.inverse(algebra, self.poly(body), *map(self.index, (row, col, p, q)))
            case "mat":
                return self._made(args[0], self.poly(args[3]), *map(self.index, (*args[1:3], *args[4:])))
            case "det":
                return determinants.determinant(algebra, self.poly(args[2]), *map(self.index, args[:2]))
            case "logdet":
                det = determinants.determinant(algebra, self.poly(args[2]), *map(self.index, args[:2]))
                return tower.log(algebra, det)
        raise Blocked(f"no normal form of {node.op}")

    def _sum(self, idx: Idx, body: Node) -> Poly:
        algebra = self.algebra
        if not isinstance(idx.dim, int) or idx.dim > SMALL:
            return algebra.sum_over(self.index(idx), self.poly(body))
        # a short fixed range is written out, so that it meets entries named one by one
        result: Poly = {}
        for value in range(idx.dim):
            place = algebra.named(("literal", idx.dim, value), idx.dim, literal=value)
            algebra.add_into(result, algebra.rename(self.poly(body), {self.index(idx): place}))
        return result

    def _made(self, name: str, matrix: Poly, row: int, col: int, p: int, q: int) -> Poly:
        algebra, place = self.algebra, (row, col, p, q)
        match name:
            case "adj":
                return adjugates.adjugate(algebra, matrix, *place, free=self.assumed.leaves_dense)
            case "pinv":
                return pseudo_inverses.pseudo_inverse(algebra, matrix, *place, rank=self.assumed.rank)
            case "chol":
                return cholesky.factor(algebra, matrix, *place)
        return adjugates.function_of(algebra, name, matrix, *place)

    def _most(self, idx: Idx, body: Node) -> Poly:
        algebra, index, poly = self.algebra, self.index(idx), self.poly(body)
        if not isinstance(idx.dim, int) or idx.dim > SMALL:
            return extremes.greatest(algebra, index, poly)
        result: Poly | None = None
        for value in range(idx.dim):
            place = algebra.named(("literal", idx.dim, value), idx.dim, literal=value)
            entry = algebra.rename(poly, {index: place})
            result = entry if result is None else extremes.greater(algebra, result, entry)
        return result or {}

    def _product_over(self, idx: Idx, body: Node) -> Poly:
        algebra, index = self.algebra, self.index(idx)
        if not isinstance(idx.dim, int) or idx.dim > SMALL:
            return index_products.product_over(algebra, index, self.poly(body))
        result: Poly = {UNIT: ONE}
        for value in range(idx.dim):
            place = algebra.named(("literal", idx.dim, value), idx.dim, literal=value)
            result = algebra.times(result, algebra.rename(self.poly(body), {index: place}))
        return result

    def _product(self, nodes: tuple[Node, ...]) -> Poly:
        """Short factors first; denominators meet long factors before these are distributed."""
        left = cancelled(nodes, self.poly)
        if left is None:
            polys = [self.poly(node) for node in nodes]
        else:
            self.algebra.use("root-absorbs")
            polys = [roots.power(self.algebra, self.poly(node), power) for node, power in left[1].items()]
            polys.append(self.algebra.constant(left[0]))
        polys.sort(key=len)
        result: Poly = {UNIT: ONE}
        for poly in polys:
            result = self.algebra.times(result, poly)
        return settled(self.algebra, result)

    def _function(self, node: Node) -> Poly:
        name, arguments = node.args[0], node.args[1:]
        algebra = self.algebra
        match name:
            case "exp":
                return self._exp(arguments[0])
            case "log":
                return tower.log(algebra, self.poly(arguments[0]))
            case "sin":
                return tower.sin(algebra, self.poly(arguments[0]))
            case "cos":
                return tower.cos(algebra, self.poly(arguments[0]))
            case "positive":
                return guards.positive(algebra, self.poly(arguments[0]))
            case "vanishes":
                return guards.vanishes(algebra, self.poly(arguments[0]))
        known = SCALAR[name]
        if known.law is not None:
            return self.poly(known.law(*arguments))
        polys = tuple(map(self.poly, arguments))
        found = contiguity.related(algebra, name, polys)
        return found if found is not None else opaque.function(algebra, name, known.parity, polys)

    def _exp(self, argument: Node) -> Poly:
        """exp(a + c log u) = exp(a) u^c: the logarithm is evaluated, so u > 0."""
        algebra = self.algebra
        result: Poly = {UNIT: ONE}
        rest: Poly = {}
        for part in argument.args if argument.op == "add" else (argument,):
            number, logarithm = _multiple(part)
            if logarithm.op == "fn" and logarithm.args[0] == "log":
                algebra.use("exp-of-log")
                result = algebra.times(result, roots.power(algebra, self.poly(logarithm.args[1]), number))
            else:
                algebra.add_into(rest, self.poly(part))
        return algebra.times(result, tower.exp(algebra, rest)) if rest else result

    def _map(self, node: Node) -> Poly:
        function, derivatives, out, arguments = node.args
        algebra = self.algebra
        bodies = []
        for number, (lambdas, body) in enumerate(arguments):
            poly = self.poly(body)
            height = opaque.map_height(algebra, poly)
            names = {
                self.index(i): algebra.named(("λ", i.dim, "map", height, number, k), i.dim, pinned=True)
                for k, i in enumerate(lambdas)
            }
            bodies.append(algebra.rename(poly, names))
        lead = tuple(self.index(i) for _, idxs in derivatives for i in idxs) + tuple(map(self.index, out))
        orders = tuple(number for number, _ in derivatives)
        return opaque.apply_map(algebra, function, orders, lead, tuple(bodies))


def _multiple(node: Node) -> tuple[Fraction, Node]:
    """(c, u) with node = c u."""
    if node.op == "mul" and len(node.args) == 2 and node.args[0].op == "num":
        number: Fraction = node.args[0].args[0]
        return number, node.args[1]
    return Fraction(1), node
