"""The author's tensors → index notation, derivatives still as D nodes.

Every bound index is made fresh here; a name that a definition binds stays an opaque entry.  Sizes that
an assumption identifies become one range.
"""

from __future__ import annotations

from collections.abc import Mapping

import symcheck.operations  # noqa: F401  (fills the registry that laws are looked up in)
from symcheck.errors import IndexMisuse, ShapeMismatch
from symcheck.language.claim import Assumptions, Equation, Graph, Kind
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.operand import Axis, LoweredEquation, LoweredGraph, Operand
from symcheck.language.registry import REGISTRY
from symcheck.language.shape import Dim, Shape, show_shape
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
    Tensor,
    Variable,
)
from symcheck.operations.elementwise import GUARDS


class Lowerer:
    """Lowers tensors of one claim: its table, its identified sizes, its indices."""

    def __init__(self, table: Table, assumptions: Assumptions) -> None:
        self.table = table
        self.dims: Mapping[Dim, Dim] = assumptions.dims

    def shape(self, shape: Shape) -> Shape:
        """The shape with every size replaced by its representative."""
        if not self.dims:
            return shape
        return tuple(tuple(self.dims.get(dim, dim) for dim in size) for size in shape)

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

    def at(self, tensor: Tensor, axes: tuple[Axis, ...], free: Mapping[Index, Idx]) -> Node:
        """The entry of a tensor at given indices, one axis each."""
        table = self.table
        match tensor:
            case Variable(symbol=symbol):
                return table.entry(symbol, tuple([i for axis in axes for i in axis]))
            case Apply(op=op, args=args, params=params):
                views = [LoweredView(self, arg, free) for arg in args]
                if self.dims and params and op in ("eye", "ones", "zeros", "commut", "unvec"):
                    params = self.shape(params)
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
                idxs = tuple(i for axis in place for i in axis)
                inner = axes[:rank]
                if local:
                    if not isinstance(body, Variable):
                        raise ShapeMismatch("local(u, v) needs the name u of a definition", code="SC011")
                    return table.local(body.symbol, tuple(i for axis in inner for i in axis), by, idxs)
                return table.D(self.at(body, inner, free), by, idxs)
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
    tensor: Tensor, assumptions: Assumptions, table: Table, free: Mapping[Index, Idx] | None = None
) -> Operand:
    """The tensor as λ axes. body, its author's free indices given by `free`."""
    lowerer = Lowerer(table, assumptions)
    axes = lowerer.axes(tensor.shape)
    return Operand(axes, lowerer.at(tensor, axes, free or {}))


def lower_graph(graph: Graph, assumptions: Assumptions, table: Table) -> LoweredGraph:
    """Every definition in index notation."""
    definitions = {
        symbol: lower_tensor(body, assumptions, table) for symbol, body in graph.definitions.items()
    }
    constants = frozenset(c.symbol for c in assumptions.conditions if c.kind is Kind.CONSTANT)
    guarded = frozenset(symbol for symbol, operand in definitions.items() if has_guard(operand.body))
    return LoweredGraph(table, graph, definitions, constants, guarded)


def has_guard(node: Node) -> bool:
    """Whether a function that turns on a sign stands in the node."""
    return not GUARDS.isdisjoint(node.functions)


def lower_equation(equation: Equation, graph: LoweredGraph, assumptions: Assumptions) -> LoweredEquation:
    """Both sides at the same indices: the free ones of the claim, then those of the axes.

    Errors: ShapeMismatch (SC100) if the sides have different shapes; the number 0 on the right is the
    zero of any shape.
    """
    lowerer = Lowerer(graph.table, assumptions)
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
    axes = lowerer.axes(left.shape) if head is None else head.axes[len(free) :]
    if is_zero(right):
        right_node = graph.table.num(0)
    elif lowerer.shape(left.shape) != lowerer.shape(right.shape):
        raise ShapeMismatch(
            f"the left side is {show_shape(left.shape)}, the right side {show_shape(right.shape)}",
            code="SC100",
        )
    else:
        right_node = lowerer.at(right, axes, free)
    if head is None:
        head = Operand((*((i,) for i in free.values()), *axes), lowerer.at(left, axes, free))
        graph.heads[key] = head
    return LoweredEquation(head.body, right_node, head.idxs, graph, equation.relation)


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
    return Lowerer(graph.table, assumptions).at(tensor, axes, named)


def is_zero(tensor: Tensor) -> bool:
    """Whether the author wrote the number 0."""
    return isinstance(tensor, Number) and tensor.value == 0
