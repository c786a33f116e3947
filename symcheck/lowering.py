"""The author's tensors → index notation, derivatives still as D nodes.

Every bound index is made fresh here; a name that a definition binds stays an opaque entry.  Sizes that
an assumption identifies become one range.  An index over a joined axis is taken apart before a node leaves
(`operations.segments`), and a name with such an axis stands for one name for each of its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import symcheck.operations  # noqa: F401  (fills the registry that laws are looked up in)
from symcheck.errors import IndexMisuse, NotSupported, ShapeMismatch
from symcheck.language.claim import Assumptions, Equation, Graph, Kind
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.operand import Axis, LoweredEquation, LoweredGraph, Operand
from symcheck.language.registry import REGISTRY
from symcheck.language.shape import Dim, Shape, is_joined, segments, show_shape, total
from symcheck.language.slopes import rebuilt
from symcheck.language.tensor import (
    Apply,
    Call,
    Constant,
    Delta,
    Derivative,
    Differential,
    Entry,
    Index,
    IndexProduct,
    IndexSum,
    Limit,
    Number,
    SizeNumber,
    Symbol,
    Tensor,
    Variable,
    children,
    variable,
)
from symcheck.operations.elementwise import GUARDS
from symcheck.operations.joining import numbers_of, part_at, placed, put_together, taken
from symcheck.operations.segments import settled


class Lowerer:
    """Lowers tensors of one claim: its table, its identified sizes, its indices."""

    def __init__(self, table: Table, assumptions: Assumptions, last: bool = False) -> None:
        self.table = table
        self.dims: Mapping[Dim, Dim] = assumptions.dims
        self.assumptions = assumptions
        self.last = last
        """Whether matrices of blocks are inverted from their last block."""

    def shape(self, shape: Shape) -> Shape:
        """The shape with every size replaced by its representative."""
        if not self.dims:
            return shape
        return tuple(map(self.assumptions.size, shape))

    def axes(self, shape: Shape, names: str = "ijpq") -> tuple[Axis, ...]:
        """Fresh indices for a shape."""
        return tuple(
            tuple(self.table.fresh(names[min(axis, len(names) - 1)], dim) for dim in size)
            for axis, size in enumerate(self.shape(shape))
        )

    def index(self, index: Index | int, dim: Dim, free: Mapping[Index, Idx]) -> Idx:
        """The lowered index at a place of range `dim`."""
        if isinstance(index, int):
            return self.table.literal(index, dim)
        found = free.get(index)
        if found is None:
            raise IndexMisuse(f"the index {index.name} is neither bound nor free here")
        if found.dim != dim:
            raise IndexMisuse(f"the index {index.name} runs over {found.dim} and over {dim}")
        return found

    def lowered(self, tensor: Tensor, axes: tuple[Axis, ...], free: Mapping[Index, Idx]) -> Node:
        """The entry of a tensor, with nothing of joined axes left in it."""
        return settled(self.table, self.at(tensor, axes, free), {}, self.last)

    def of_parts(
        self, symbol: Symbol, axes: tuple[Axis, ...], entry: Callable[[Symbol, tuple[Axis, ...]], Node]
    ) -> Node:
        """What is said of a name whose axes are joined: of each of its parts at the place in it."""
        shape = self.shape(symbol.shape)

        def chosen(numbers: tuple[int, ...], places: tuple[Axis, ...]) -> Node:
            axis = len(numbers)
            if axis == len(axes):
                return entry(part_of(self.table, symbol, numbers), places)
            sizes = segments(shape[axis])
            return placed(self.table, axes[axis], sizes, lambda k, at: chosen((*numbers, k), (*places, at)))

        return chosen((), ())

    def at(self, tensor: Tensor, axes: tuple[Axis, ...], free: Mapping[Index, Idx]) -> Node:
        """The entry of a tensor at given indices, one axis each."""
        table = self.table
        match tensor:
            case Variable(symbol=symbol):
                if is_joined(symbol.shape):
                    return self.of_parts(symbol, axes, lambda s, at: table.entry(s, _flat(at)))
                return table.entry(symbol, tuple([i for axis in axes for i in axis]))
            case Apply(op="coefficient", args=(form, Variable(symbol=symbol))) if is_joined(symbol.shape):
                line = self.at(form, (), free)
                return self.of_parts(
                    symbol, axes, lambda s, at: table.D(line, table.differential_of(s), _flat(at))
                )
            case Apply(op="part", args=(whole,), params=params):
                return taken(table, axes, params, LoweredView(self, whole, free), self.last)
            case Apply(op=op, args=args, params=params):
                views = [LoweredView(self, arg, free) for arg in args]
                if self.dims and params and op in ("eye", "ones", "zeros", "commut", "unvec"):
                    params = self.shape(params)
                elif self.dims and op == "block":
                    params = tuple(map(self.shape, params))
                node: Node = REGISTRY[op].law(table, axes, params, *views)
                return node
            case Number(value=value):
                return table.num(value)
            case Constant(name=name):
                return table.const(name)
            case SizeNumber(dim=dim):
                return table.dim(self.dims.get(dim, dim))
            case Entry(base=base, indices=indices):
                shape = self.shape(base.shape)
                left_open = iter(axes)
                here = tuple(
                    next(left_open) if i is None else (self.index(i, size[0], free),)
                    for i, size in zip(indices, shape, strict=True)
                )
                return self.at(base, here, free)
            case Delta(left=left, right=right):
                dims = [i.dim for i in (left, right) if isinstance(i, Index) and i.dim is not None]
                if not dims:
                    raise IndexMisuse("delta of two numbers has no range")
                dim = self.dims.get(dims[0], dims[0])
                return table.delta(self.index(left, dim, free), self.index(right, dim, free))
            case IndexSum(indices=bound, body=body):
                fresh = {}
                for index in bound:
                    if index.dim is None:
                        raise IndexMisuse(f"nothing tells the range of the index {index.name}")
                    fresh[index] = table.fresh(index.name, self.dims.get(index.dim, index.dim))
                inner_node = self.at(body, axes, {**free, **fresh})
                if not isinstance(tensor, IndexProduct):
                    return table.sum(fresh.values(), inner_node)
                for idx in fresh.values():
                    inner_node = table.prod(idx, inner_node)
                return inner_node
            case Call():
                return self._call(tensor, axes, free)
            case Derivative(body=body, by=by, at=entry, local=local):
                rank = len(body.shape)
                place: tuple[Axis, ...]
                by_shape = self.shape(by.shape)
                if entry is None:
                    place = axes[rank:]
                else:
                    place = tuple(
                        (self.index(i, size[0], free),) for i, size in zip(entry, by_shape, strict=True)
                    )
                inner = axes[:rank]
                if local:
                    if not isinstance(body, Variable):
                        raise ShapeMismatch("local(u, v) needs the name u of a definition", code="SC011")
                    return self.of_parts(
                        body.symbol,
                        inner,
                        lambda u, at: self.of_parts(
                            by, place, lambda v, to: table.local(u, _flat(at), v, _flat(to))
                        ),
                    )
                node = self.at(body, inner, free)
                return self.of_parts(by, place, lambda v, to: table.D(node, v, _flat(to)))
            case Differential(body=body):
                return table.diff(self.at(body, axes, free))
            case Limit(body=body, variable=variable, target=target, side=side):
                to = None if target is None else self.at(target, (), free)
                return table.limit(self.at(body, axes, free), variable, to, side)
        raise AssertionError(f"lowering {type(tensor).__name__}")

    def _call(self, call: Call, axes: tuple[Axis, ...], free: Mapping[Index, Idx]) -> Node:
        function, table = call.function, self.table
        orders = call.derivatives or (0,) * len(call.args)
        if function.elementwise:
            return table.ufn(function, orders[0], self.at(call.args[0], axes, free))
        flat = [i for axis in axes for i in axis]
        taken = sum(len(size) for size in function.codomain)
        out, rest = tuple(flat[:taken]), flat[taken:]
        derivatives: list[tuple[int, tuple[Idx, ...]]] = []
        args = []
        for number, (arg, order) in enumerate(zip(call.args, orders, strict=True)):
            width = sum(len(size) for size in arg.shape)
            for _ in range(order):
                derivatives.append((number, tuple(rest[:width])))
                rest = rest[width:]
            lambdas = self.axes(arg.shape, "k")
            args.append((tuple(i for axis in lambdas for i in axis), self.at(arg, lambdas, free)))
        return table.app(function, tuple(derivatives), out, tuple(args))


def _flat(axes: tuple[Axis, ...]) -> tuple[Idx, ...]:
    return tuple(i for axis in axes for i in axis)


class LoweredView:
    """An argument of an operation: lowered anew at each place where its law looks at it."""

    __slots__ = ("_free", "_lowerer", "_tensor", "shape")

    def __init__(self, lowerer: Lowerer, tensor: Tensor, free: Mapping[Index, Idx]) -> None:
        self._lowerer = lowerer
        self._tensor = tensor
        self._free = free
        self.shape = lowerer.shape(tensor.shape) if lowerer.dims else tensor.shape

    def __getitem__(self, axes: tuple[Axis, ...]) -> Node:
        return self._lowerer.at(self._tensor, axes, self._free)

    def axis(self, position: int, name: str = "k") -> Axis:
        """Fresh indices for one of the axes."""
        return tuple(self._lowerer.table.fresh(name, dim) for dim in self.shape[position])


def lower_tensor(
    tensor: Tensor,
    assumptions: Assumptions,
    table: Table,
    free: Mapping[Index, Idx] | None = None,
    last: bool = False,
) -> Operand:
    """The tensor as λ axes. body, its author's free indices given by `free`."""
    if is_joined(tensor.shape):
        raise NotSupported(
            f"what is made of blocks, of shape {show_shape(tensor.shape)}, as a whole",
            hint="take its parts one by one: part(M, 0, 1)",
        )
    lowerer = Lowerer(table, assumptions, last)
    axes = lowerer.axes(tensor.shape)
    return Operand(axes, lowerer.lowered(tensor, axes, free or {}))


def part_of(table: Table, symbol: Symbol, numbers: tuple[int, ...]) -> Symbol:
    """The name of a part of what a name with joined axes stands for; itself if it has none."""
    if not is_joined(symbol.shape):
        return symbol
    return table.part_of(symbol, numbers)


def in_parts(graph: Graph, table: Table) -> Graph:
    """The graph in which every name with joined axes gives way to its parts."""
    if not any(is_joined(symbol.shape) for symbol in graph.definitions):
        return graph
    definitions: dict[Symbol, Tensor] = {}
    for symbol, body in graph.definitions.items():
        opened = _opened(body, table)
        for numbers in numbers_of(symbol.shape):
            whole = not is_joined(symbol.shape)
            definitions[part_of(table, symbol, numbers)] = opened if whole else part_at(opened, numbers)
    return Graph(definitions)


def _opened(tensor: Tensor, table: Table) -> Tensor:
    """The formula with the parts of every name in its place."""
    match tensor:
        case Variable(symbol=symbol) if is_joined(symbol.shape):
            parts = [variable(part_of(table, symbol, numbers)) for numbers in numbers_of(symbol.shape)]
            return put_together(symbol.shape, parts)
        case Derivative(by=by) if is_joined(by.shape):
            raise NotSupported(
                f"a definition with a derivative by {by.name}, which is made of others",
                hint="differentiate by its parts",
            )
    return rebuilt(tensor, tuple(_opened(child, table) for child in children(tensor)))


def lower_graph(graph: Graph, assumptions: Assumptions, table: Table, last: bool = False) -> LoweredGraph:
    """Every definition in index notation."""
    graph = in_parts(graph, table)
    definitions = {
        symbol: lower_tensor(body, assumptions, table, last=last)
        for symbol, body in graph.definitions.items()
    }
    constants = frozenset(c.symbol for c in assumptions.conditions if c.kind is Kind.CONSTANT)
    guarded = frozenset(symbol for symbol, operand in definitions.items() if has_guard(operand.body))
    return LoweredGraph(table, graph, definitions, constants, guarded, last)


def has_guard(node: Node) -> bool:
    """Whether a function that turns on a sign stands in the node."""
    return not GUARDS.isdisjoint(node.functions)


def lower_equation(equation: Equation, graph: LoweredGraph, assumptions: Assumptions) -> LoweredEquation:
    """Both sides at the same indices: the free ones of the claim, then those of the axes.

    Errors: ShapeMismatch (SC100) if the sides have different shapes; the number 0 on the right is the
    zero of any shape.
    """
    lowerer = Lowerer(graph.table, assumptions, graph.last)
    left, right = equation.left, equation.right
    key = (left, *equation.free)
    head = graph.heads.get(key)
    free: dict[Index, Idx] = {}
    for place, index in enumerate(equation.free):
        if index.dim is None:
            raise IndexMisuse(f"nothing tells the range of the index {index.name}")
        if head is not None:
            free[index] = head.axes[place][0]
        else:
            free[index] = graph.table.fresh(index.name, assumptions.dim(index.dim))
    if not is_zero(right) and not fits(left, right, assumptions):
        if _cut_otherwise(left, right, assumptions):
            raise NotSupported(
                f"the sides are cut into segments otherwise: the left side is {show_shape(left.shape)}, "
                f"the right side {show_shape(right.shape)}",
                hint="write both sides with the same segments in the same order",
            )
        raise ShapeMismatch(
            f"the left side is {show_shape(left.shape)}, the right side {show_shape(right.shape)}",
            code="SC100",
        )
    if is_joined(left.shape):
        raise NotSupported(
            f"an equation of what is made of blocks, {show_shape(left.shape)}, as a whole",
            hint="state it of the blocks one by one: part(M, 0, 1)",
        )
    axes = lowerer.axes(left.shape) if head is None else head.axes[len(free) :]
    right_node = graph.table.zero if is_zero(right) else lowerer.lowered(right, axes, free)
    if head is None:
        head = Operand((*((i,) for i in free.values()), *axes), lowerer.lowered(left, axes, free))
        graph.heads[key] = head
    return LoweredEquation(head.body, right_node, head.idxs, graph, equation.relation)


def fits(left: Tensor, right: Tensor, assumptions: Assumptions) -> bool:
    """Whether two sides have one shape."""
    return tuple(map(assumptions.size, left.shape)) == tuple(map(assumptions.size, right.shape))


def _cut_otherwise(left: Tensor, right: Tensor, assumptions: Assumptions) -> bool:
    """Whether two sides are equally long although their shapes differ: m + n and n + m."""
    if len(left.shape) != len(right.shape) or not (is_joined(left.shape) or is_joined(right.shape)):
        return False
    pairs = zip(left.shape, right.shape, strict=True)
    return all(total(assumptions.size(a)) == total(assumptions.size(b)) for a, b in pairs)


def lower_side(
    tensor: Tensor,
    free: tuple[Index, ...],
    idxs: tuple[Idx, ...],
    graph: LoweredGraph,
    assumptions: Assumptions,
) -> Node:
    """A tensor at the indices of an equation: those for the free ones first, then those of the axes."""
    own = idxs[len(free) :]
    if sum(map(len, tensor.shape)) != len(own):
        raise ShapeMismatch(f"a side of shape {show_shape(tensor.shape)}", code="SC100")
    rest = iter(own)
    axes = tuple(tuple(next(rest) for _ in size) for size in tensor.shape)
    named = dict(zip(free, idxs, strict=False))
    return Lowerer(graph.table, assumptions, graph.last).lowered(tensor, axes, named)


def is_zero(tensor: Tensor) -> bool:
    """Whether the author wrote the number 0."""
    return isinstance(tensor, Number) and tensor.value == 0
