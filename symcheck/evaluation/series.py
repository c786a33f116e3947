"""The derivative oracle: D, local and diff as two-term series of the forward expression.

It never sees a derivative made by `differentiation`: ∂body/∂V[E] is the ε part of the body evaluated
with V[E] moved by ε, every later definition evaluated anew.  D within D nests the series.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any

from flint import fmpq

from symcheck.evaluation import matrices, matrix_values
from symcheck.evaluation.balls import Evaluator, Sums, enclosed, exactly
from symcheck.evaluation.duals import (
    Dual,
    Unsupported,
    base_of,
    dual_function,
    dual_matrix,
    dual_power,
    is_still,
    magnitude,
)
from symcheck.evaluation.indexing import Entries, Labels, Layout, Value, gatherer
from symcheck.evaluation.numbers import NAN, ONE, ZERO, Real, is_finite, power
from symcheck.evaluation.points import Point
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Offset, Symbol
from symcheck.operations.elementwise import SCALAR

PRECISION = 256


class Oracle(Evaluator):
    """Values of equations with their derivatives still in them, at one point.

    `pins` fixes free indices, so that one component costs one component.
    """

    def __init__(
        self,
        graph: LoweredGraph,
        point: Point,
        pins: Mapping[Idx, int] | None = None,
        precision: int = PRECISION,
        sums: Sums | None = None,
    ) -> None:
        super().__init__(graph, point, precision, pins, sums)
        self.tag = 0
        self.notes: set[str] = set()
        """Why a value is only a check: functions without series."""

    def component(self, node: Node) -> Real:
        """The value of a node whose free indices are all pinned."""
        if not node.bound.isdisjoint(self.layout.pins):
            node = self.graph.table.refresh(node)
        try:
            return self.entries(node, ())[0]
        except Unsupported:
            return NAN

    # -- derivatives -----------------------------------------------------------------------------

    def derivative(self, node: Node) -> Value:
        """The ε part of the body with one entry moved, for each entry asked for."""
        body, symbol, idxs = node.args
        return self._swept(symbol, idxs, False, lambda moved: moved.value(body))

    def local(self, node: Node) -> Value:
        """Likewise for a definition in which only one parent moves."""
        name, name_idxs, symbol, idxs = node.args
        operand = self.graph.definitions[name]

        def definition(moved: Moved) -> Value:
            entries = moved.layout.spread(moved.value(operand.body), operand.idxs)
            return moved.layout.place(entries, name_idxs)

        return self._swept(symbol, idxs, True, definition)

    def _swept(self, symbol: Symbol, idxs: Labels, held: bool, evaluate: Callable[[Moved], Value]) -> Value:
        """The ε part of what is evaluated with one entry of the symbol moved, for each entry in turn."""
        layout = self.layout
        fixed = [layout.fixed(i) for i in idxs]
        outer = tuple(dict.fromkeys(i for i, at in zip(idxs, fixed, strict=True) if at is None))
        shape = layout.shape(idxs)
        own: Labels = ()
        entries: list[Real] = []
        for at in product(*map(range, layout.shape(outer))):
            chosen = dict(zip(outer, at, strict=True))
            place = 0
            for i, value, size in zip(idxs, fixed, shape, strict=True):
                place = place * size + (chosen[i] if value is None else value)
            moved = Moved(self, held, cut=(symbol, place))
            labels, found = evaluate(moved)
            own = tuple(i for i in labels if i not in chosen)
            axes = tuple(-1 - chosen[i] if i in chosen else own.index(i) for i in labels)
            gather = gatherer(axes, layout.shape(labels), layout.shape(own))
            if gather is not None:
                found = gather(found)
            entries.extend(moved.part(x) for x in found)
            layout.spend(len(entries))
        return (*outer, *own), entries

    def differential(self, node: Node) -> Value:
        """The ε part of the body with every input moved in its direction."""
        moved = Moved(self, False)
        labels, entries = moved.value(node.args[0])
        return labels, [moved.part(x) for x in entries]

    # -- arithmetic of duals -----------------------------------------------------------------------

    def power(self, base: Real, exponent: Any) -> Real:
        """base ** exponent."""
        return dual_power(base, exponent) if type(base) is Dual else power(base, exponent)

    def is_positive(self, value: Real) -> Real:
        """[value > 0]; nothing on the boundary, unless the value does not move there."""
        base = base_of(value)
        if base > 0:
            return ONE
        return ZERO if base < 0 or (base <= 0 and is_still(value)) else NAN

    def is_zero(self, value: Real) -> Real:
        """[value = 0], likewise."""
        base = base_of(value)
        return super().is_zero(base) if is_still(value) or base != 0 else NAN

    def greatest(self, values: Sequence[Real]) -> Real:
        """The greatest of several values; nothing where two that move are greatest."""
        if all(map(is_still, values)):
            return super().greatest([base_of(value) for value in values])
        result = values[0]
        for value in values[1:]:
            result = _maximum(self.is_positive, result, value)
        return result

    def scalar(self, name: str) -> Callable[..., Real]:
        """A known function of numbers or duals."""
        if name in ("positive", "vanishes"):
            return super().scalar(name)
        if name in PIECEWISE:
            return partial(self._piecewise, name)
        if name in STEPS:
            return partial(self._step, SCALAR[name].ball)
        return partial(self._function, SCALAR[name].ball, name)

    def _step(self, ball: Callable[..., Any], value: Real) -> Real:
        """A function that is constant between whole numbers; nothing where it jumps."""
        base = base_of(value)
        jumps = base.q == 1 if type(base) is fmpq else base.contains_integer()
        return NAN if jumps and not is_still(value) else exactly(ball, (base,))

    def _function(self, ball: Callable[..., Any], name: str, *args: Real) -> Real:
        if any(type(x) is Dual for x in args):
            return dual_function(ball, args, lambda: self.notes.add(name))
        return enclosed(ball, args)

    def _piecewise(self, name: str, *args: Real) -> Real:
        if not any(type(x) is Dual for x in args):
            return exactly(SCALAR[name].ball, args)
        return PIECEWISE[name](self.is_positive, *args)

    def inverse(self, block: Entries, size: int) -> Sequence[Real]:
        """The inverse, with its ε part."""
        if not any(type(x) is Dual for x in block):
            return matrices.inverse(block, size)
        found = matrices.eliminate(block, size, magnitude)
        return [NAN] * (size * size) if found is None else found[1]

    def matrix(self, name: str, block: Entries, rows: int, cols: int) -> Sequence[Real]:
        """The matrix with its ε part; functions of a matrix by a difference quotient."""
        if name in matrix_values.FUNCTIONS and any(type(x) is Dual for x in block):
            return dual_matrix(
                partial(matrix_values.function_of, name), block, rows, lambda: self.notes.add(name)
            )
        return super().matrix(name, block, rows, cols)

    def determinant(self, block: Entries, size: int) -> Real:
        """The determinant, with its ε part; a singular matrix goes by minors."""
        if not any(type(x) is Dual for x in block):
            return matrices.determinant(block, size)
        found = matrices.eliminate(block, size, magnitude)
        return matrices.by_minors(block, size) if found is None else found[0]


class Moved(Oracle):
    """The oracle with one entry of one name moved by ε, or with all inputs moved in their directions.

    A moved name keeps its definition: an outer ε still reaches it.  With `held` no other name moves.
    """

    def __init__(self, outer: Oracle, held: bool, cut: tuple[Symbol, int] | None = None) -> None:
        super().__init__(outer.graph, outer.point, None, outer.precision, outer.sums)
        self.layout: Layout = outer.layout
        self.notes = outer.notes
        self.outer = outer
        self.tag = outer.tag + 1
        self.cut = cut
        self._moving: frozenset[Symbol] | None = None
        """The names that move; None: all."""
        if cut is not None:
            self._moving = frozenset((cut[0],)) if held else outer.graph.graph.downstream(cut[0])

    def part(self, value: Real) -> Real:
        """The coefficient of this ε."""
        if not is_finite(value):
            return NAN
        return value.du if type(value) is Dual and value.tag == self.tag else ZERO

    def _moves(self, symbol: Symbol) -> bool:
        return self._moving is None or symbol in self._moving

    def _is_start(self, symbol: Symbol) -> bool:
        return symbol is self.cut[0] if self.cut is not None else symbol not in self.graph.definitions

    def needs_of_name(self, symbol: Symbol) -> Sequence[Node]:
        """The definition, if the name moves by it."""
        if symbol in self.named or self._is_start(symbol) or not self._moves(symbol):
            return ()
        return super().needs_of_name(symbol)

    def compute_name(self, symbol: Symbol) -> Entries:
        """What the outer evaluation has, moved; or the definition in moved names."""
        if self._is_start(symbol):
            entries = list(self.outer.known(symbol))
            if self.cut is not None:
                entries[self.cut[1]] = Dual(self.tag, entries[self.cut[1]], ONE)
                return entries
            if symbol in self.graph.constants or isinstance(symbol, Offset):
                return entries
            direction = self.graph.table.differential_of(symbol)
            # a direction may itself be moved: the coefficient of dX is read off so
            steps = self.outer.known(direction)
            return [Dual(self.tag, x, step) for x, step in zip(entries, steps, strict=True)]
        if not self._moves(symbol):
            return self.outer.known(symbol)
        return self._shifted(symbol, super().compute_name(symbol))

    def _shifted(self, symbol: Symbol, entries: Entries) -> Entries:
        """A definition evaluated anew, with the ε by which an outer derivative moves the name itself."""
        shifted = list(entries)
        level: Oracle = self.outer
        while isinstance(level, Moved):
            if level.cut is not None and level.cut[0] is symbol:
                shifted[level.cut[1]] = Dual(level.tag, ZERO, ONE) + shifted[level.cut[1]]
            level = level.outer
        return shifted


def _abs(is_positive: Callable[[Real], Real], x: Real) -> Real:
    return _either(is_positive, x, x, -x)


def _relu(is_positive: Callable[[Real], Real], x: Real) -> Real:
    return _either(is_positive, x, x, ZERO)


def _heaviside(is_positive: Callable[[Real], Real], x: Real) -> Real:
    return is_positive(x)


def _sign(is_positive: Callable[[Real], Real], x: Real) -> Real:
    return is_positive(x) - is_positive(-x)


def _maximum(is_positive: Callable[[Real], Real], x: Real, y: Real) -> Real:
    return _either(is_positive, x - y, x, y)


def _minimum(is_positive: Callable[[Real], Real], x: Real, y: Real) -> Real:
    return _either(is_positive, y - x, x, y)


def _either(is_positive: Callable[[Real], Real], by: Real, then: Real, otherwise: Real) -> Real:
    indicator = is_positive(by)
    if indicator == 1:
        return then
    return otherwise if indicator == 0 else NAN


STEPS = frozenset({"floor", "ceil", "trunc"})
"""Functions that jump at whole numbers only."""
PIECEWISE: Mapping[str, Callable[..., Real]] = {
    "abs": _abs,
    "relu": _relu,
    "heaviside": _heaviside,
    "sign": _sign,
    "maximum": _maximum,
    "minimum": _minimum,
}
