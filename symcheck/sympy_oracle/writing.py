"""SymPy out: tensors, definitions and claims as SymPy expressions.

`explicit` writes every entry at given sizes; `component` keeps sizes symbolic and gives one entry with
`Sum`, `Indexed` and `KroneckerDelta`.  What comes out is for reading and computing on; SymPy 1.14
differentiates sums over an index wrongly, so `component` differentiates before it writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, TypeAlias

import sympy

from symcheck.differentiation import differentiate, push
from symcheck.errors import BadCall, IndexMisuse, NotSupported
from symcheck.language.claim import Assumptions, Claim, Graph
from symcheck.language.derivation import Lecture
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.shape import Dim
from symcheck.language.tensor import Symbol, Tensor
from symcheck.lowering import lower_graph, lower_tensor
from symcheck.operations.elementwise import SCALAR
from symcheck.sympy_oracle.arrays import Dense, Expr, NotExpressible, rational
from symcheck.sympy_oracle.contracting import contracted
from symcheck.sympy_oracle.expansion import CONSTANTS, Expansion
from symcheck.sympy_oracle.functions import UndefinedFunctions

Sizes: TypeAlias = Mapping[Any, int]
"""Numbers for sizes, named by text or by a SymPy symbol."""
Written: TypeAlias = dict[str, Any]


def explicit(tensor: Tensor, sizes: Sizes, graph: Graph | None = None) -> Any:
    """Every entry at these sizes: a SymPy expression for a number, else an ImmutableDenseNDimArray.

    Definitions are put in; symbols are real and named x_0, X_0_1.
    Errors: NotExpressible if a size has no number, or the formula no dense form.
    """
    return _array(Expansion(_named(sizes), graph).dense(tensor, {}))


def lecture_sympy(lecture: Lecture, sizes: Sizes) -> dict[str, Written]:
    """{"definitions": name → expression or array, "claims": id → (left, right)}, all in the inputs.

    A claim with free indices has them as its first axes.  A claim that was not read, or has no dense
    form, is None.
    """
    named = _named(sizes)
    expansion = Expansion(named, lecture.graph)
    definitions = {symbol.name: _array(expansion.value(symbol)) for symbol in lecture.graph.definitions}
    return {"definitions": definitions, "claims": {c.id: _sides(c, named) for c in lecture.claims}}


def component(
    tensor: Tensor, *indices: Any, graph: Graph | None = None, assumptions: Assumptions | None = None
) -> Expr:
    """The entry of a tensor at these indices, sizes symbolic: Sum over k from 0 to n − 1 of Indexed.

    Shapes: one index for each axis, a SymPy symbol or a number counted from 0; without any they are i, j, …
    Errors: IndexMisuse for another number of indices; NotSupported for a function of whole tensors.
    """
    graph, assumptions = graph or Graph(), assumptions or Assumptions()
    table = Table()
    lowered = lower_graph(graph, assumptions, table)
    operand = lower_tensor(tensor, assumptions, table)
    if not indices:
        indices = tuple(
            sympy.Symbol(name, integer=True) for name, _ in zip("ijpqrs", operand.axes, strict=False)
        )
    if len(indices) != len(operand.axes):
        raise IndexMisuse(f"{len(indices)} indices for {len(operand.axes)} axes")
    node: Node | None = differentiate(operand.body, lowered)
    while node is not None:
        done, node = node, push(node, lowered)
    names: dict[Idx, Expr] = {}
    for axis, index in zip(operand.axes, indices, strict=True):
        if len(axis) != 1:
            raise NotSupported("an axis of compound size has no single index", hint="use explicit sizes")
        names[axis[0]] = sympy.Integer(index) if isinstance(index, int) else index
    return _Writer(names).write(contracted(done))


def _named(sizes: Sizes) -> dict[Dim, int]:
    return {str(name): length for name, length in sizes.items()}


def _array(array: Dense) -> Any:
    if not array.shape:
        return array.scalar
    return sympy.ImmutableDenseNDimArray(array.entries, array.shape)


def _sides(claim: Claim, sizes: Mapping[Dim, int]) -> tuple[Any, Any] | None:
    if claim.equation is None:
        return None
    expansion = Expansion(sizes, claim.graph, claim.assumptions, assume=False)
    free = claim.equation.free
    try:
        lengths = tuple(expansion.dim(index.dim) for index in free if index.dim is not None)
        sides = []
        for side in (claim.equation.left, claim.equation.right):
            parts = [
                expansion.dense(side, dict(zip(free, place, strict=True)))
                for place in product(*map(range, lengths))
            ]
            entries = tuple(entry for part in parts for entry in part.entries)
            sides.append(_array(Dense(lengths + parts[0].shape, entries)))
    except NotExpressible:
        return None
    return sides[0], sides[1]


class _Writer:
    """Index notation → SymPy, each bound index under a name of its own."""

    def __init__(self, names: dict[Idx, Expr]) -> None:
        self.names = names
        self.used = {str(name) for name in names.values()}
        self.functions = UndefinedFunctions()

    def write(self, node: Node) -> Expr:
        """The expression."""
        args = node.args
        match node.op:
            case "num":
                return rational(args[0])
            case "const":
                return CONSTANTS[args[0]]
            case "dim":
                return _size(args[0])
            case "T":
                return self._entry(args[0], args[1])
            case "delta":
                return sympy.KroneckerDelta(self._index(args[0]), self._index(args[1]))
            case "order":
                return sympy.Piecewise((1, self._index(args[0]) <= self._index(args[1])), (0, True))
            case "add":
                return sympy.Add(*map(self.write, args))
            case "mul":
                return sympy.Mul(*map(self.write, args))
            case "pow":
                return self.write(args[0]) ** rational(args[1])
            case "sum":
                index = self._bind(args[0])
                return sympy.Sum(self.write(args[1]), (index, 0, _size(args[0].dim) - 1))
            case "prod":
                index = self._bind(args[0])
                return sympy.Product(self.write(args[1]), (index, 0, _size(args[0].dim) - 1))
            case "fn":
                return _function(args[0], [self.write(arg) for arg in args[1:]])
            case "case":
                then, other = self.write(args[1]), self.write(args[2])
                return sympy.Piecewise((then, self._condition(args[0])), (other, True))
            case "ufn":
                return self.functions.of(args[0], (), (args[1],))(self.write(args[2]))
            case "inv":
                return self._matrix(*args[:3]).inv()[self._index(args[3]), self._index(args[4])]
            case "det":
                return sympy.Determinant(self._matrix(*args))
            case "logdet":
                return sympy.log(sympy.Abs(sympy.Determinant(self._matrix(*args))))
        raise NotSupported(
            "a function of whole tensors has no SymPy form while sizes are symbolic",
            hint="give the sizes numbers: explicit({'n': 2})",
        )

    def _entry(self, symbol: Symbol, idxs: tuple[Idx, ...]) -> Expr:
        if not idxs:
            return sympy.Symbol(symbol.name, real=True)
        shape = tuple(_size(idx.dim) for idx in idxs)
        return sympy.IndexedBase(symbol.name, shape=shape, real=True)[tuple(map(self._index, idxs))]

    def _index(self, idx: Idx) -> Expr:
        return sympy.Integer(idx.value) if idx.value is not None else self.names[idx]

    def _bind(self, idx: Idx) -> Expr:
        name, count = idx.name, 0
        while name in self.used:
            count += 1
            name = f"{idx.name}{count}"
        self.used.add(name)
        self.names[idx] = sympy.Symbol(name, integer=True)
        return self.names[idx]

    def _matrix(self, row: Idx, col: Idx, body: Node) -> Expr:
        length = _size(row.dim)
        if body.op == "T" and body.args[1] == (row, col):
            return sympy.MatrixSymbol(body.args[0].name, length, length)
        places = (self._bind(row), self._bind(col))
        return sympy.FunctionMatrix(length, length, sympy.Lambda(places, self.write(body)))

    def _condition(self, indicator: Node) -> Expr:
        if indicator.op == "fn" and indicator.args[0] == "positive":
            return self.write(indicator.args[1]) > 0
        if indicator.op == "fn" and indicator.args[0] == "vanishes":
            return sympy.Eq(self.write(indicator.args[1]), 0)
        return self.write(indicator) > 0


def _size(dim: Dim) -> Expr:
    return sympy.Integer(dim) if isinstance(dim, int) else sympy.Symbol(dim, integer=True, positive=True)


def _function(name: str, args: list[Expr]) -> Expr:
    known = SCALAR.get(name)
    if known is not None:
        return known.sympy(sympy, *args)
    form = getattr(sympy, name, None)
    if form is None:
        raise BadCall(f"SymPy has no function {name}")
    return form(*args)
