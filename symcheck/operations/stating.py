"""How an operation is stated: the decorator, and the shape rules that several share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from symcheck.errors import NotSupported, ShapeMismatch
from symcheck.language.indexed import Node
from symcheck.language.registry import Operation, ShapeRule, register
from symcheck.language.shape import SameSize, Shape, broadcast, is_joined, show_shape, show_size

Law: TypeAlias = Callable[..., Node]


def operation(
    *,
    shape: ShapeRule,
    arity: int | tuple[int, int] = 1,
    name: str | None = None,
    infix: str | None = None,
    latex: str | None = None,
    elementwise: bool = False,
) -> Callable[[Law], Law]:
    """Register the decorated index law; the first line of its docstring is the law for people."""

    def keep(law: Law) -> Law:
        bounds = (arity, arity) if isinstance(arity, int) else arity
        statement = (law.__doc__ or "").strip().splitlines()[0]
        register(
            Operation(
                name or law.__name__.rstrip("_"), bounds, shape, law, statement, infix, latex, elementwise
            )
        )
        return law

    return keep


def broadcasting(shapes: tuple[Shape, ...], params: tuple[Any, ...], same: SameSize) -> Shape:
    """All arguments aligned at their last axes."""
    result: Shape = ()
    for shape in shapes:
        fitted = broadcast(result, shape, same)
        if fitted is None:
            raise ShapeMismatch(
                f"shapes {show_shape(result)} and {show_shape(shape)} do not fit entry by entry",
                hint=_hint_for(result, shape),
            )
        result = fitted
    return result


def _hint_for(left: Shape, right: Shape) -> str | None:
    if len(left) == len(right) == 2 and left == right[::-1]:
        return "one of them is the transpose of what is needed: write .T"
    ranks = sorted((left, right), key=len)
    if len(ranks[0]) == 1 and len(ranks[1]) == 2 and ranks[0][0] == ranks[1][0]:
        return "a vector is repeated as rows; along columns write outer(v, ones(m)) * M"
    return None


def square(shape: Shape, what: str, same: SameSize) -> None:
    """Refuse what is no square matrix."""
    if len(shape) != 2 or not same(shape[0], shape[1]):
        raise ShapeMismatch(f"{what} needs a square matrix, this is {show_shape(shape)}")


def rank(shape: Shape, wanted: int, what: str) -> None:
    """Refuse another number of axes."""
    if len(shape) != wanted:
        kind = {0: "a scalar", 1: "a vector", 2: "a matrix"}[wanted]
        raise ShapeMismatch(f"{what} needs {kind}, this is {show_shape(shape)}")


def whole(shape: Shape, what: str) -> None:
    """Refuse axes that are made of segments."""
    if is_joined(shape):
        raise NotSupported(
            f"{what} of what is made of blocks, {show_shape(shape)}", hint="take it of the blocks one by one"
        )


def fits(left: Shape, right: Shape, what: str, same: SameSize, hint: str | None = None) -> None:
    """Refuse a product whose inner sizes differ; the message names both shapes."""
    if not same(left[-1], right[0]):
        raise ShapeMismatch(
            f"{what} of {show_shape(left)} and {show_shape(right)} does not contract: "
            f"the last size of the first is {show_size(left[-1])}, "
            f"the first of the second is {show_size(right[0])}",
            hint=hint,
        )
