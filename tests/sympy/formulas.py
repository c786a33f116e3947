"""Short ways to write trees by hand, so that these tests depend on no reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import symcheck.operations  # noqa: F401  (fills the registry)
from symcheck.language.claim import Assumption, Assumptions, Claim, Equation, Graph, Kind
from symcheck.language.shape import Dim, SameSize, same_name, shape_of
from symcheck.language.tensor import (
    Call,
    Derivative,
    Differential,
    Function,
    Index,
    IndexSum,
    Operandish,
    Symbol,
    Tensor,
    Variable,
    apply,
    as_tensor,
    variable,
)


def name(text: str, *dims: Dim) -> Variable:
    """A declared name as a formula; its symbol is `.symbol`."""
    return variable(Symbol(text, shape_of(*dims)))


def op(which: str, *args: object, params: tuple[object, ...] = (), same: SameSize = same_name) -> Tensor:
    """An operation."""
    return apply(which, *args, params=params, same=same)


def d(
    body: Tensor, by: Variable, at: tuple[Index | int, ...] | None = None, *, local: bool = False
) -> Tensor:
    """∂body/∂by."""
    axes = by.shape if at is None else ()
    return Derivative(body.shape + axes, body, by.symbol, at, local)


def total(body: Tensor, *indices: Index) -> Tensor:
    """Σ over the indices."""
    return IndexSum(body.shape, indices, body)


def differential(body: Tensor) -> Tensor:
    """d(body)."""
    return Differential(body.shape, body)


def call(function: Function, *args: Tensor, orders: tuple[int, ...] = ()) -> Tensor:
    """An undefined function, differentiated `orders[a]` times in argument a."""
    if function.elementwise:
        return Call(args[0].shape, function, args, orders)
    shape = function.codomain
    for arg, order in zip(args, orders, strict=False):
        shape += arg.shape * order
    return Call(shape, function, args, orders)


def elementwise(text: str) -> Function:
    """σ."""
    return Function(text, ((),), (), elementwise=True)


def claim(
    left: Tensor,
    right: Operandish,
    free: Iterable[Index] = (),
    *,
    graph: Mapping[Variable, Tensor] | None = None,
    assume: Iterable[tuple[Kind, Variable]] = (),
    positive: Iterable[Variable] = (),
    point: Mapping[Variable, object] | None = None,
    dims: Mapping[Dim, Dim] | None = None,
) -> Claim:
    """left = right."""
    conditions = [Assumption(kind, v.symbol, f"{v.symbol.name} {kind}") for kind, v in assume]
    for v in positive:
        interval = (as_tensor(0).value, True, None, False)  # type: ignore[attr-defined]
        conditions.append(Assumption(Kind.INTERVAL, v.symbol, f"{v.symbol.name} > 0", interval))
    return Claim(
        "test",
        "",
        Equation(left, as_tensor(right), tuple(free)),
        assumptions=Assumptions(tuple(conditions), dims=dims or {}),
        graph=Graph({v.symbol: body for v, body in (graph or {}).items()}),
        point={v.symbol: value for v, value in (point or {}).items()},  # type: ignore[misc]
    )
