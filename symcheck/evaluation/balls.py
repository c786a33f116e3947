"""Index notation at one exact point: rationals while they last, then balls that enclose the value.

Comes in: nodes without D (atoms excepted) and a point.  Goes out: flat lists over chosen indices, the
last one fastest; an entry that does not exist there is not finite.  Names that a graph defines are
computed from their definitions, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, TypeAlias

from flint import arb, ctx, fmpq, fmpz

from symcheck.differentiation import differentiate, is_atom
from symcheck.errors import Blocked, BudgetExhausted, DomainFault
from symcheck.evaluation import matrices, matrix_values
from symcheck.evaluation.accumulation import Accumulation
from symcheck.evaluation.indexing import Entries, Labels, Layout, Value
from symcheck.evaluation.numbers import NAN, ONE, ZERO, Real, is_finite, power, rational, tame
from symcheck.evaluation.points import Point, lengths
from symcheck.evaluation.polynomials import ScalarPolynomial, VectorPolynomial
from symcheck.evaluation.sums import Contraction, contractions
from symcheck.language.indexed import DERIVED, Idx, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Offset, Symbol
from symcheck.operations.elementwise import SCALAR

Sums: TypeAlias = dict[Node, list[Contraction]]
"""How the sums met so far are evaluated: the same at every point."""
PRECISION = 128
HIGH_PRECISION = 400
HUGE = 10**15
"""An argument beyond this, and a function value without bounds: it grew too large, it is no pole."""
EXACT = frozenset({"abs", "relu", "heaviside", "sign", "maximum", "minimum", "floor", "ceil", "trunc"})
"""Functions whose ball is exact on fractions as it stands."""
CONSTANTS: Mapping[str, Callable[[], Any]] = {"pi": arb.pi, "e": arb.const_e, "euler": arb.const_euler}


class Evaluator:
    """Values at one point of one graph; everything is computed once."""

    def __init__(
        self,
        graph: LoweredGraph,
        point: Point,
        precision: int = PRECISION,
        pins: Mapping[Idx, int] | None = None,
        sums: Sums | None = None,
    ) -> None:
        self.graph = graph
        self.point = point
        self.precision = precision
        self.layout = Layout(point.sizes, pins)
        self.memo: dict[Node, Value] = {}
        self.named: dict[Symbol, Entries] = {}
        self.sums: Sums = {} if sums is None else sums
        self._tables: dict[tuple[Any, ...], Value] = {}
        self._accumulation: Accumulation | None = None

    def entries(self, node: Node, idxs: Sequence[Idx]) -> Entries:
        """The values of a node over these indices (pinned ones left out), row-major."""
        layout = self.layout
        labels = tuple([i for i in idxs if layout.fixed(i) is None])
        before = ctx.prec
        ctx.prec = self.precision
        try:
            return layout.spread(self.value(node), labels)
        finally:
            ctx.prec = before

    def of_name(self, symbol: Symbol) -> Entries:
        """All entries of an input or a defined name, row-major."""
        with ctx.workprec(self.precision):
            return self.known(symbol)

    def value(self, node: Node) -> Value:
        """The value of a node over labels of its own; the working precision is the caller's affair."""
        memo = self.memo
        found = memo.get(node)
        if found is not None:
            return found
        rules = self._RULES
        stack = [node]
        while stack:
            top = stack[-1]
            if top in memo:
                stack.pop()
                continue
            needed = self.needs(top)
            if needed:
                waiting = [child for child in needed if child not in memo]
                if waiting:
                    stack.extend(waiting)
                    continue
            memo[top] = rules[top.op](self, top)
            stack.pop()
        return memo[node]

    # -- what has to be known first --------------------------------------------------------------

    def needs(self, node: Node) -> Sequence[Node]:
        """The nodes whose values the value of this one is made of."""
        op = node.op
        if op == "T":
            return self.needs_of_name(node.args[0])
        if op == "sum":
            parts = self._contractions(node)
            return parts[0].factors if len(parts) == 1 else [f for part in parts for f in part.factors]
        return () if op in DERIVED else node.nodes

    def needs_of_name(self, symbol: Symbol) -> Sequence[Node]:
        """The definition of a name, if it has one and was not computed yet."""
        if symbol in self.named or symbol not in self.graph.definitions:
            return ()
        return (self.graph.definitions[symbol].body,)

    # -- names -----------------------------------------------------------------------------------

    def name_entries(self, symbol: Symbol) -> Entries:
        """All entries of an input or of a defined name whose definition was evaluated."""
        found = self.named.get(symbol)
        if found is None:
            found = self.named[symbol] = self.compute_name(symbol)
        return found

    def known(self, symbol: Symbol) -> Entries:
        """All entries of any name."""
        for body in self.needs_of_name(symbol):
            self.value(body)
        return self.name_entries(symbol)

    def compute_name(self, symbol: Symbol) -> Entries:
        """The entries of a symbol: given at the point, or by the definition."""
        operand = self.graph.definitions.get(symbol)
        if operand is None:
            if isinstance(symbol, Offset):
                return [ZERO] * prod(lengths(symbol.shape, self.point.sizes))
            return self.point.entries[symbol]
        return list(map(tame, self.layout.spread(self.value(operand.body), operand.idxs)))

    def _entry(self, node: Node) -> Value:
        symbol, idxs = node.args
        return self.layout.place(self.name_entries(symbol), idxs)

    # -- arithmetic ------------------------------------------------------------------------------

    def _number(self, node: Node) -> Value:
        return (), [rational(node.args[0])]

    def _constant(self, node: Node) -> Value:
        return (), [CONSTANTS[node.args[0]]()]

    def _size(self, node: Node) -> Value:
        dim = node.args[0]
        return (), [fmpq(dim if isinstance(dim, int) else self.layout.sizes[dim])]

    def _delta(self, node: Node) -> Value:
        return self.layout.delta(node.args[0], node.args[1])

    def _order(self, node: Node) -> Value:
        return self.layout.order(node.args[0], node.args[1])

    def _add(self, node: Node) -> Value:
        return self.layout.sum(list(map(self.memo.__getitem__, node.args)))

    def _mul(self, node: Node) -> Value:
        labels, entries = self.layout.product(list(map(self.memo.__getitem__, node.args)))
        return labels, list(map(tame, entries))

    def _contractions(self, node: Node) -> list[Contraction]:
        found = self.sums.get(node)
        if found is None:
            found = self.sums[node] = contractions(node)
        return found

    def _sum(self, node: Node) -> Value:
        known, contract = self.memo.__getitem__, self.layout.contract
        values = [
            contract(list(map(known, part.factors)), part.deltas, part.bound)
            for part in self._contractions(node)
        ]
        labels, entries = values[0] if len(values) == 1 else self.layout.sum(values)
        return labels, list(map(tame, entries))

    def _prod(self, node: Node) -> Value:
        idx, body = node.args
        labels, entries = self.layout.multiply_out(self.value(body), idx)
        return labels, list(map(tame, entries))

    def _most(self, node: Node) -> Value:
        idx, body = node.args
        return self.layout.gathered(self.value(body), idx, self.greatest)

    def _peak(self, node: Node) -> Value:
        """At each value of the index, whether it is greater than at all others."""
        idx, body, at = node.args
        value = self.value(body)
        labels = tuple(i for i in value[0] if i is not idx)
        entries = self.layout.spread(value, (*labels, idx))
        count = self.layout.size(idx)
        found: list[Real] = []
        for start in range(0, len(entries), count):
            run = entries[start : start + count]
            for k, here in enumerate(run):
                above = [self.is_positive(here - other) for j, other in enumerate(run) if j != k]
                below = [self.is_positive(other - here) for j, other in enumerate(run) if j != k]
                beaten = any(x == 1 for x in below)
                found.append(ZERO if beaten else ONE if all(x == 1 for x in above) else NAN)
        return self.layout.place(found, (*labels, at))

    def greatest(self, values: Sequence[Real]) -> Real:
        """The greatest of several values."""
        result = values[0]
        for value in values[1:]:
            result = _greater(result, value)
        return result

    def _pow(self, node: Node) -> Value:
        base, exponent = node.args
        raise_ = self.power
        return self.layout.each(lambda x: raise_(x, exponent), self.value(base))

    def power(self, base: Real, exponent: Any) -> Real:
        """base ** exponent, a constant fraction."""
        return power(base, exponent)

    # -- functions -------------------------------------------------------------------------------

    def _fn(self, node: Node) -> Value:
        name = node.args[0]
        return self.layout.each(self.scalar(name), *map(self.memo.__getitem__, node.args[1:]))

    def scalar(self, name: str) -> Callable[..., Real]:
        """A known function of entries."""
        if name == "positive":
            return self.is_positive
        if name == "vanishes":
            return self.is_zero
        ball = SCALAR[name].ball
        if name in EXACT:
            return lambda *args: exactly(ball, args)
        return lambda *args: enclosed(ball, args)

    def is_positive(self, value: Real) -> Real:
        """[value > 0], where the ball decides."""
        if value > 0:
            return ONE
        return ZERO if value <= 0 else NAN

    def is_zero(self, value: Real) -> Real:
        """[value = 0]: 1 only for an exact zero."""
        if value == 0:
            return ONE
        if type(value) is fmpq or (value.is_finite() and not value.contains(0)):
            return ZERO
        return NAN

    def _case(self, node: Node) -> Value:
        return self.layout.each(chosen, *(self.value(child) for child in node.args))

    # -- undefined functions ---------------------------------------------------------------------

    def _ufn(self, node: Node) -> Value:
        function, order, argument = node.args
        polynomial = self.point.functions[function]
        assert isinstance(polynomial, ScalarPolynomial)
        return self.layout.each(polynomial.derivative(order), self.value(argument))

    def _app(self, node: Node) -> Value:
        function, derivatives, out, arguments = node.args
        numbers = tuple(number for number, _ in derivatives)
        key = (function, numbers, arguments)
        found = self._tables.get(key)
        places: Labels = (*out, *(i for _, idxs in derivatives for i in idxs))
        if found is None:
            found = self._tables[key] = self._application(function, numbers, arguments, places)
        batch, entries = found
        return self.layout.place(entries, (*batch, *places))

    def _application(
        self,
        function: Any,
        numbers: tuple[int, ...],
        arguments: tuple[tuple[Labels, Node], ...],
        places: Labels,
    ) -> Value:
        """All entries of a function or of a derivative of it, for each place of the free labels."""
        layout = self.layout
        values = [self.value(body) for _, body in arguments]
        bound = {i for lambdas, _ in arguments for i in lambdas}
        batch = tuple(dict.fromkeys(i for labels, _ in values for i in labels if i not in bound))
        columns: list[Entries] = []
        starts = [0]
        lengths: list[int] = []
        for (lambdas, _), value in zip(arguments, values, strict=True):
            full = (*batch, *lambdas)
            columns.append(layout.spread(value, full))
            lengths.append(_count(layout, lambdas))
            starts.append(starts[-1] + lengths[-1])
        axes = [range(starts[number], starts[number + 1]) for number in numbers]
        polynomial = self.point.functions[function]
        assert isinstance(polynomial, VectorPolynomial)
        result: list[Real] = []
        for row in range(_count(layout, batch)):
            at: list[Real] = []
            for column, length in zip(columns, lengths, strict=True):
                at.extend(column[row * length : (row + 1) * length])
            result.extend(polynomial.derivative(at, axes))
        layout.spend(len(result))
        return batch, result

    # -- matrices --------------------------------------------------------------------------------

    def _matrix(self, node: Node) -> tuple[Labels, list[Entries], int]:
        """The matrices under an inverse or determinant, one for each place of the other labels."""
        row, col, body = node.args[:3]
        value = self.value(body)
        batch = tuple(i for i in value[0] if i is not row and i is not col)
        size = self.layout.size(row)
        entries = self.layout.spread(value, (*batch, row, col))
        step = size * size
        return batch, [entries[k : k + step] for k in range(0, len(entries), step)], size

    def _inverse(self, node: Node) -> Value:
        key = node.args[:3]
        found = self._tables.get(key)
        if found is None:
            batch, blocks, size = self._matrix(node)
            entries = [x for block in blocks for x in self.inverse(block, size)]
            found = self._tables[key] = batch, list(map(tame, entries))
        return self.layout.place(found[1], (*found[0], *node.args[3:]))

    def _made(self, node: Node) -> Value:
        name, row, col, body = node.args[:4]
        key = ("mat", *node.args[:4])
        found = self._tables.get(key)
        if found is None:
            value = self.value(body)
            batch = tuple(i for i in value[0] if i is not row and i is not col)
            entries = self.layout.spread(value, (*batch, row, col))
            rows, cols = self.layout.size(row), self.layout.size(col)
            step = rows * cols
            made: list[Real] = []
            for k in range(0, len(entries), step):
                made.extend(self.matrix(name, entries[k : k + step], rows, cols))
            found = self._tables[key] = batch, list(map(tame, made))
        return self.layout.place(found[1], (*found[0], *node.args[4:]))

    def _determinant(self, node: Node) -> Value:
        batch, blocks, size = self._matrix(node)
        values = [tame(self.determinant(block, size)) for block in blocks]
        if node.op == "logdet":
            absolute, log = self.scalar("abs"), self.scalar("log")
            values = [log(absolute(x)) for x in values]
        return batch, values

    def inverse(self, block: Entries, size: int) -> Sequence[Real]:
        """The entries of the inverse; none exist where the matrix is not certainly invertible."""
        return matrices.inverse(block, size)

    def matrix(self, name: str, block: Entries, rows: int, cols: int) -> Sequence[Real]:
        """The entries of the matrix `name` that is made of this one; nan where it does not exist."""
        return matrix_values.entries(name, block, rows, cols, self.power)

    def determinant(self, block: Entries, size: int) -> Real:
        """The determinant of one matrix."""
        return matrices.determinant(block, size)

    # -- derivatives of defined names --------------------------------------------------------------

    def derivative(self, node: Node) -> Value:
        """∂body/∂symbol[idxs]."""
        body, symbol, idxs = node.args
        if is_atom(node, self.graph):
            if self._accumulation is None:
                self._accumulation = Accumulation(self)
            name, place = body.args
            return self.layout.place(self._accumulation.jacobian(name, symbol), (*place, *idxs))
        return self._differentiated(node)

    def local(self, node: Node) -> Value:
        """The derivative of a definition in one of its parents."""
        return self._differentiated(node)

    def differential(self, node: Node) -> Value:
        """d(body)."""
        if is_atom(node, self.graph):
            if self._accumulation is None:
                self._accumulation = Accumulation(self)
            name, place = node.args[0].args
            return self.layout.place(self._accumulation.differential(name), place)
        return self._differentiated(node)

    def _differentiated(self, node: Node) -> Value:
        return self.value(differentiate(node, self.graph))

    _RULES: Mapping[str, Callable[[Evaluator, Node], Value]] = {
        "num": _number,
        "const": _constant,
        "dim": _size,
        "T": _entry,
        "delta": _delta,
        "order": _order,
        "add": _add,
        "mul": _mul,
        "sum": _sum,
        "prod": _prod,
        "most": _most,
        "peak": _peak,
        "pow": _pow,
        "fn": _fn,
        "case": _case,
        "ufn": _ufn,
        "app": _app,
        "inv": _inverse,
        "mat": _made,
        "det": _determinant,
        "logdet": _determinant,
        "D": lambda self, node: self.derivative(node),
        "local": lambda self, node: self.local(node),
        "diff": lambda self, node: self.differential(node),
    }


def _count(layout: Layout, labels: Labels) -> int:
    count = 1
    for size in layout.shape(labels):
        count *= size
    return count


def chosen(indicator: Real, then: Real, otherwise: Real) -> Real:
    """One of two entries; none if nothing tells which."""
    if indicator == 1:
        return then
    return otherwise if indicator == 0 else NAN


def exactly(ball: Callable[..., Any], args: tuple[Real, ...]) -> Real:
    """A function that takes fractions to fractions."""
    if all(type(x) is fmpq for x in args):
        value = ball(*args)
        return fmpq(value) if type(value) is fmpz else value
    return enclosed(ball, args)


def enclosed(ball: Callable[..., Any], args: tuple[Real, ...]) -> Real:
    """The ball of a function value; back to a fraction where the ball is a single number."""
    balls = []
    fractions = True
    for x in args:
        if type(x) is fmpq:
            x = arb(x)
        elif not x.is_finite():
            return NAN
        else:
            fractions = False
        balls.append(x)
    try:
        value = ball(*balls)
    except (ArithmeticError, ValueError, TypeError, Blocked, DomainFault):
        return NAN
    if type(value) is fmpq:
        return value
    if not is_finite(value):
        if not value.is_nan() and any(abs(x) > HUGE for x in balls):
            raise BudgetExhausted("a value too large to be held")
        return NAN
    if fractions and value.is_exact():
        return value.fmpq()
    return value


def _greater(left: Real, right: Real) -> Real:
    """The greater of two numbers; of balls that overlap one that holds both."""
    if type(left) is fmpq and type(right) is fmpq:
        return max(left, right)
    if not is_finite(left) or not is_finite(right):
        return NAN
    return arb(left).max(arb(right))
