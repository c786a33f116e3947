"""Formulas for the tests of evaluation, built without the reader."""

from __future__ import annotations

from collections.abc import Mapping

from symcheck.differentiation import differentiate
from symcheck.evaluation.refute import Finding, refute
from symcheck.language.claim import Assumption, Assumptions, Equation, Graph, Kind
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import LoweredEquation, LoweredGraph
from symcheck.language.shape import Dim, Shape, shape_of
from symcheck.language.tensor import (
    Call,
    Derivative,
    Differential,
    Function,
    Symbol,
    Tensor,
    Variable,
    apply,
    as_tensor,
    variable,
)
from symcheck.lowering import lower_equation, lower_graph


def symbol(name: str, *dims: Dim) -> Symbol:
    return Symbol(name, shape_of(*dims))


def var(name: str, *dims: Dim) -> Variable:
    return variable(symbol(name, *dims))


def d(body: Tensor, by: Tensor, *, local: bool = False) -> Derivative:
    assert isinstance(by, Variable)
    return Derivative((*body.shape, *by.shape), body, by.symbol, local=local)


def differential(body: Tensor) -> Differential:
    return Differential(body.shape, body)


def call(function: Function, *args: Tensor, orders: tuple[int, ...] = ()) -> Call:
    shape: Shape = args[0].shape if function.elementwise else function.codomain
    for arg, order in zip(args, orders, strict=False):
        if not function.elementwise:
            shape = (*shape, *arg.shape * order)
    return Call(shape, function, args, orders)


def op(name: str, *args: object, params: tuple[object, ...] = ()) -> Tensor:
    return apply(name, *args, params=params)


def where(left: Tensor, sign: str, right: object, then: object, otherwise: object) -> Tensor:
    return apply("where", left, right, then, otherwise, params=(sign,))


class Case:
    """One equation, lowered, with its derivatives done."""

    def __init__(
        self,
        left: Tensor,
        right: object = 0,
        definitions: Mapping[Symbol, Tensor] | None = None,
        assumptions: Assumptions | None = None,
    ) -> None:
        right_tensor = as_tensor(right)
        self.assumptions = assumptions or Assumptions()
        self.table = Table()
        self.graph: LoweredGraph = lower_graph(Graph(dict(definitions or {})), self.assumptions, self.table)
        self.equation: LoweredEquation = lower_equation(
            Equation(left, right_tensor), self.graph, self.assumptions
        )
        self.left: Node = differentiate(self.equation.left, self.graph)
        self.right: Node = differentiate(self.equation.right, self.graph)

    def refute(self, *, proved: bool = False, seed: int = 0, boundaries: bool | None = None) -> Finding:
        return refute(
            self.equation,
            self.left,
            self.right,
            self.assumptions,
            proved=proved,
            seed=seed,
            boundaries=boundaries,
        )


def assuming(*conditions: tuple[Tensor, Kind] | tuple[Tensor, Kind, tuple[object, ...]]) -> Assumptions:
    made = []
    for variable_, kind, *data in conditions:
        assert isinstance(variable_, Variable)
        numbers = data[0] if data else ()
        made.append(Assumption(kind, variable_.symbol, f"{variable_.symbol.name} {kind}", numbers))  # type: ignore[arg-type]
    return Assumptions(tuple(made))
