"""Forward and reverse sweep of one derivation, and what each way to all derivatives costs.

A forward sweep carries the differentials of all nodes along with their values, for one direction of the
inputs; a reverse sweep carries the derivative of the output back through all nodes, and needs values that
were computed before.  Operations are counted from the formulas of the rows (`counting`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from symcheck.differentiation import atoms_in, differentiate, step
from symcheck.differentiation import replace as replaced
from symcheck.errors import SymcheckError
from symcheck.language.claim import Graph
from symcheck.language.derivation import Lecture
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph, Operand
from symcheck.language.report import CostRow, CotangentRow, Modes, TangentRow
from symcheck.language.tensor import (
    Apply,
    Call,
    Differential,
    Entry,
    IndexSum,
    Symbol,
    Tensor,
    Variable,
    variable,
)
from symcheck.raising import Raised, raise_checked
from symcheck.raising.terms import Expander, NoForm
from symcheck.sweeps.counting import Cost, Count, Recalled, Sweeping, WrittenOut, number, pulled_out
from symcheck.sweeps.places import Equal, Places, ValueOf, output_of

MOST_COLUMNS = 6
"""Inputs whose values in their own forward sweep are shown."""
MOST_NAMES = 400
"""Definitions of a graph that is swept for its costs."""
ONE = number(1)


def modes(
    lecture: Lecture,
    lowered: LoweredGraph,
    *,
    equal: Equal,
    wrt: Sequence[Symbol] = (),
    value_of: ValueOf | None = None,
    sizes: Mapping[str, int] | None = None,
) -> Modes:
    """Both sweeps of the output of a derivation; without rows, and with the reason, where there are none.

    `wrt` restricts them to these variables; `sizes` puts numbers for sizes into the counts.
    """
    output = output_of(lecture)
    if output is None:
        return Modes("", (), reason="nothing is defined, so there is nothing to sweep through")
    upstream = lowered.graph.upstream(output)
    declared = dict.fromkeys((*lecture.inputs, *lowered.graph.inputs()))
    inputs = [symbol for symbol in (wrt or declared) if symbol in upstream and symbol is not output]
    names = tuple(symbol.name for symbol in inputs)
    if not inputs:
        return Modes(output.name, (), reason=f"{output.name} does not depend on these variables")
    if len(lowered.definitions) > MOST_NAMES:
        return Modes(output.name, names, reason=f"more than {MOST_NAMES} definitions")
    try:
        return _Modes(lecture, lowered, output, inputs, equal, value_of, sizes or {}).all()
    except (SymcheckError, NoForm, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return Modes(output.name, names, reason=reason)


class _Modes:
    """The two sweeps of one output in some variables."""

    def __init__(
        self,
        lecture: Lecture,
        lowered: LoweredGraph,
        output: Symbol,
        inputs: list[Symbol],
        equal: Equal,
        value_of: ValueOf | None,
        sizes: Mapping[str, int],
    ) -> None:
        self.lecture = lecture
        self.lowered = lowered
        self.table = lowered.table
        self.output = output
        self.inputs = inputs
        self.equal = equal
        self.value_of = value_of
        self.sizes = sizes
        self.places = Places(lecture, lowered)
        self.out = tuple(self.table.fresh("i", i.dim) for i in self.places[output])
        self.expander = Expander(self.table)
        cut = self._cut()
        reached: set[Symbol] = set().union(*(cut.graph.downstream(symbol) for symbol in inputs))
        upstream = cut.graph.upstream(output)
        self.nodes = [s for s in cut.graph.definitions if s in upstream]
        """Everything that the output is computed from, in order."""
        self.moving = [s for s in self.nodes if s in reached]
        """What depends on the variables."""
        self.directions = {self.table.differential_of(symbol): symbol for symbol in inputs}
        held = frozenset(s for s in cut.graph.inputs() if s not in inputs)
        self.free = replace(cut, constants=held)
        """The graph in which the variables are the only inputs that move."""
        self.recalled = Recalled(
            lowered, {s: (self._tidied(self._definition(s)), self.places[s]) for s in self.nodes}
        )
        self.columns = [s for s in inputs if not s.shape][:MOST_COLUMNS] if value_of else []

    def all(self) -> Modes:
        """The rows of both sweeps and of the costs."""
        values = self._values()
        forward, tangents = self._forward()
        reverse, cotangents, kept = self._reverse()
        count = self._entries(self.inputs)
        sweeps = self._entries([self.output])
        rows = [
            self._row("values alone", "", values, None),
            self._row("forward", str(count.at(self.sizes)), (values + tangents).times(count), Count()),
        ]
        sparse = self._without_zeros()
        if sparse is not None:
            cost = values.times(count) + sparse
            rows.append(self._row("forward, zeros left out", str(count), cost, Count()))
        rows.append(
            self._row("reverse", str(sweeps.at(self.sizes)), values + cotangents, self._entries(kept))
        )
        written = self._written_out()
        if written is not None:
            rows.append(self._row("written out", "", written, None))
        return Modes(
            self.output.name,
            tuple(s.name for s in self.inputs),
            tuple(s.name for s in self.columns),
            forward,
            reverse,
            str(tangents.total.at(self.sizes)),
            str(cotangents.total.at(self.sizes)),
            tuple(rows),
            tuple(s.name for s in kept),
            len([s for s in self.nodes if s is not self.output]),
        )

    # -- the sweeps --------------------------------------------------------------------------------

    def _values(self) -> Cost:
        """What the values of all nodes take."""
        sweep = Sweeping()
        total = Cost()
        for symbol in self.nodes:
            total = total + sweep.cost(self._tidied(self._definition(symbol)))
        return total

    def _definition(self, symbol: Symbol) -> Node:
        return self.lowered.definition(symbol, self.places[symbol])

    def _forward(self) -> tuple[tuple[TangentRow, ...], Cost]:
        """Differentials in the order of computation, inputs first."""
        sweep = Sweeping(frozenset({"diff"}))
        rows = []
        total = Cost()
        for symbol in self.inputs:
            node = self.table.entry(self.table.differential_of(symbol), self.places[symbol])
            rows.append(self._tangent(symbol, node, ""))
        for symbol in self.moving:
            node = self._pushed(symbol)
            cost = sweep.cost(node)
            total = total + cost
            rows.append(self._tangent(symbol, node, str(cost.total.at(self.sizes))))
        return tuple(rows), total

    def _pushed(self, symbol: Symbol) -> Node:
        """d(symbol) in the differentials of its parents."""
        atom = self.table.diff(self.table.entry(symbol, self.places[symbol]))
        pushed = step(atom, self.free)
        still = {
            part: self.table.num(0)
            for part in atoms_in(pushed, self.free)
            if part.args[0].args[0] not in self.moving
        }
        return self.recalled(self._tidied(replaced(pushed, still, self.lowered)), last=symbol)

    def _without_zeros(self) -> Cost | None:
        """All tangents for seeds 1 in one input and 0 in the others, no zero carried along; scalars only."""
        if any(symbol.shape for symbol in (*self.inputs, *self.moving)):
            return None
        one, zero = self.table.num(1), self.table.num(0)
        total = Cost()
        for chosen in self.inputs:
            depends = self.lowered.graph.downstream(chosen)
            sweep = Sweeping(frozenset({"diff"}))
            seeds = {self.table.entry(self.table.differential_of(s), ()): zero for s in self.inputs}
            seeds[self.table.entry(self.table.differential_of(chosen), ())] = one
            for symbol in self.moving:
                if symbol not in depends:
                    seeds[self.table.diff(self.table.entry(symbol, ()))] = zero
            for symbol in self.moving:
                if symbol in depends:
                    total = total + sweep.cost(replaced(self._pushed(symbol), seeds, self.lowered))
        return total

    def _cut(self) -> LoweredGraph:
        """The graph in which every variable is an input."""
        if not any(symbol in self.lowered.graph for symbol in self.inputs):
            return self.lowered
        graph = self.lowered.graph
        kept = Graph({s: body for s, body in graph.definitions.items() if s not in self.inputs})
        definitions = {s: o for s, o in self.lowered.definitions.items() if s not in self.inputs}
        return replace(self.lowered, graph=kept, definitions=definitions)

    def _tangent(self, symbol: Symbol, node: Node, operations: str) -> TangentRow:
        raised = self._raised(node, self.places[symbol])
        values = tuple(self._slope(symbol, column) for column in self.columns)
        tensor, free = (self._in_differentials(raised.tensor), raised.free) if raised else (None, ())
        return TangentRow(symbol.name, tensor, free, values, operations, symbol.shown)

    def _in_differentials(self, tensor: Tensor) -> Tensor:
        """The formula with d(X) put for the direction of an input X."""
        match tensor:
            case Variable(symbol=symbol) if symbol in self.directions:
                return Differential(tensor.shape, variable(self.directions[symbol]))
            case Apply(args=args) | Call(args=args):
                return replace(tensor, args=tuple(map(self._in_differentials, args)))
            case Entry(base=base):
                return replace(tensor, base=self._in_differentials(base))
            case IndexSum(body=body):
                return replace(tensor, body=self._in_differentials(body))
        return tensor

    def _slope(self, symbol: Symbol, column: Symbol) -> str:
        """∂symbol/∂column at the point."""
        assert self.value_of is not None
        place = self.places[symbol]
        node = self.table.D(self.table.entry(symbol, place), column, ())
        if not self.lowered.graph.depends(symbol, column):
            node = self.table.num(0)
        elif symbol is column:
            node = self.table.num(1)
        return self.value_of(node, place) or ""

    def _reverse(self) -> tuple[tuple[CotangentRow, ...], Cost, list[Symbol]]:
        """Derivatives of the output from itself back to the variables, and the values that they need."""
        sweep = Sweeping(frozenset({"D"}))
        rows = []
        total = Cost()
        whole = self.table.entry(self.output, self.out)
        for symbol in (*reversed(self.moving), *self.inputs):
            place = self.places[symbol]
            if symbol is self.output:
                node = self.table.mul(*(self.table.delta(i, j) for i, j in zip(self.out, place, strict=True)))
                cost = None
            else:
                node = step(self.table.D(whole, symbol, place), self.lowered)
                node = self.recalled(self._tidied(node))
                cost = sweep.cost(node)
                total = total + cost
            axes = (*self.out, *place)
            raised = self._raised(node, axes)
            tensor, free = (raised.tensor, raised.free) if raised else (None, ())
            value = ""
            if self.value_of is not None:
                derivative = node if cost is None else self.table.D(whole, symbol, place)
                value = self.value_of(derivative, axes) or ""
            operations = "" if cost is None else str(cost.total.at(self.sizes))
            shown = (self.output.shown, symbol.shown)
            rows.append(CotangentRow(self.output.name, symbol.name, tensor, free, value, operations, shown))
        kept = [s for s in self.nodes if s in sweep.used and s is not self.output]
        return tuple(rows), total, kept

    # -- written out -------------------------------------------------------------------------------

    def _written_out(self) -> Cost | None:
        """The output and its derivatives as formulas in the inputs alone; None where there is no such."""
        try:
            whole = self._expanded()
            alone = replace(self.lowered, graph=Graph(), definitions={})
            count = WrittenOut()
            total = count.cost(self._tidied(whole), self.out)
            for symbol in self.inputs:
                place = self.places[symbol]
                node = differentiate(self.table.D(self.table.refresh(whole), symbol, place), alone)
                total = total + count.cost(self._tidied(node), (*self.out, *place))
        except (SymcheckError, NoForm, RecursionError):
            return None
        return total

    def _expanded(self) -> Node:
        """The output with every definition put in."""
        known: dict[Symbol, Operand] = {}
        for symbol in self.nodes:
            operand = self.lowered.definitions[symbol]
            values = {}
            for entry in _entries_in(operand.body):
                name, idxs = entry.args
                if name in known:
                    names = dict(zip(known[name].idxs, idxs, strict=True))
                    values[entry] = self.table.refresh(known[name].body, names)
            known[symbol] = Operand(operand.axes, replaced(operand.body, values, self.lowered))
        operand = known[self.output]
        return self.table.refresh(operand.body, dict(zip(operand.idxs, self.out, strict=True)))

    # -- helpers -----------------------------------------------------------------------------------

    def _tidied(self, node: Node) -> Node:
        """With Kronecker deltas contracted, unless that would take too many terms, and sums pulled in."""
        with suppress(NoForm):
            node = self.expander.tidy(node)
        return pulled_out(node)

    def _raised(self, node: Node, axes: tuple[Idx, ...]) -> Raised | None:
        return raise_checked(node, axes, self.lowered, self.lecture.assumptions, self.equal)

    def _entries(self, symbols: Sequence[Symbol]) -> Count:
        """How many numbers they hold."""
        total = Count()
        for symbol in symbols:
            total = total + number(1, *(i.dim for i in self.places[symbol]))
        return total

    def _row(self, way: str, sweeps: str, cost: Cost, kept: Count | None) -> CostRow:
        cost = cost.at(self.sizes)
        return CostRow(
            way,
            sweeps,
            str(cost.additions),
            str(cost.multiplications),
            str(cost.calls),
            str(cost.total),
            "" if kept is None else str(kept.at(self.sizes)),
        )


def _entries_in(node: Node) -> list[Node]:
    """The entries of names in a node.  Errors: NoForm if a derivative stands in it."""
    found: dict[Node, None] = {}
    seen: set[Node] = set()
    stack = [node]
    while stack:
        part = stack.pop()
        if part in seen:
            continue
        seen.add(part)
        if part.op == "T":
            found.setdefault(part)
        elif part.op in ("D", "diff", "local"):
            raise NoForm("a derivative inside a definition")
        stack.extend(part.nodes)
    return list(found)
