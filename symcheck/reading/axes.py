"""Calls that may name an axis, such as max(X, axis=1), and the plain calls sum(x), prod(x), max(a, b)."""

from __future__ import annotations

from symcheck.errors import BadCall
from symcheck.language.shape import show_shape
from symcheck.language.tensor import Index, IndexProduct, Tensor, entry
from symcheck.operations.axes import axis_of
from symcheck.reading.context import Context
from symcheck.reading.syntax import Applied, Comparison, Name, Negated, Num, SumOver, Syntax
from symcheck.reading.vocabulary import AXIS, operation_called

_EXTREME = {"max": "maximum", "min": "minimum"}
"""Of two numbers rather than of the entries of one argument."""


class Axes(Context):
    """What an axis among the arguments means."""

    def along_axis(self, node: Applied) -> Tensor | None:
        """The call with its axis taken off the arguments; None if it is no call of this kind."""
        name = node.name
        op = name if name in ("sum", "prod") else operation_called(name)
        if op is None or (op not in AXIS and op not in ("sum", "prod")) or not node.arguments:
            return None
        first, *rest = node.arguments
        if isinstance(first, Comparison):
            return None
        axis, written_out = axis_in(rest[-1]) if len(rest) == 1 else (None, False)
        if op in _EXTREME and len(rest) == 1 and not written_out:
            return self._of_two(_EXTREME[op], node)
        if rest and axis is None:
            return None
        return self._along(op, self.tensor(first), axis, node)

    def total_along(self, node: SumOver) -> Tensor | None:
        """sum(X, 0) of a declared X is the sum along an axis; None for a sum over an index."""
        if len(node.names) != 1 or not isinstance(node.names[0].at, str):
            return None
        name = node.names[0].at
        axis, _ = axis_in(node.body)
        if axis is None or name not in self.scope.variables or self.indices.is_bound(name):
            return None
        named = Name(node.names[0].span, name, self.text_at(node.names[0].span))
        called = Applied(node.span, "prod" if node.product else "sum", "sum", (named, node.body))
        return self._along(called.name, self.tensor(named), axis, called)

    def _of_two(self, op: str, node: Applied) -> Tensor:
        """max(a, b) of numbers is their maximum; of a tensor and a whole number it could mean an axis."""
        left, right = (self.tensor(argument) for argument in node.arguments)
        if left.shape and axis_in(node.arguments[1])[0] is not None:
            texts = [self.text(argument) for argument in node.arguments]
            raise BadCall(
                f"{node.raw}({texts[0]}, {texts[1]}) has two meanings",
                span=self.span(node),
                hint=f"entry by entry write {op}({texts[0]}, {texts[1]}), "
                f"along an axis {node.raw}({texts[0]}, axis={texts[1]})",
            )
        return self.apply(op, left, right, span=self.span(node))

    def _along(self, op: str, x: Tensor, axis: int | None, node: Applied) -> Tensor:
        span = self.span(node)
        try:
            place = axis_of(x.shape, () if axis is None else (axis,))
        except BadCall as error:
            error.span = span
            raise
        if op == "prod":
            return self._product(x, place, node)
        if op != "sum":
            return self.apply(op, x, params=() if place is None else (place,), span=span)
        if place is None or len(x.shape) == 1:
            return self.apply("sumall", x, span=span)
        if len(x.shape) == 2:
            return self.apply("rowsum" if place == 1 else "colsum", x, span=span)
        raise BadCall(f"a sum along an axis of {show_shape(x.shape)}", span=span)

    def _product(self, x: Tensor, axis: int | None, node: Applied) -> Tensor:
        span = self.span(node)
        if len(x.shape) != 1 or len(x.shape[0]) != 1:
            raise BadCall(
                f"prod(x) takes a vector; {self.text(node.arguments[0])} is {show_shape(x.shape)}",
                span=span,
                hint="name the indices: prod(i, prod(j, X[i,j]))",
            )
        index = Index("i", x.shape[0][0])
        return IndexProduct((), (index,), entry(x, (index,)), span=span)

    def text_at(self, span: tuple[int, int]) -> str:
        """The author's text there."""
        return self.source[span[0] - self.offset : span[1] - self.offset]


def axis_in(node: Syntax) -> tuple[int | None, bool]:
    """(the axis, whether it is written ``axis=0``); None for what is no whole number."""
    if isinstance(node, Comparison):
        named = node.operands[0]
        if node.signs == ("==",) and isinstance(named, Name) and named.raw in ("axis", "dim"):
            return axis_in(node.operands[1])[0], True
        return None, False
    sign = -1 if isinstance(node, Negated) else 1
    literal = node.operand if isinstance(node, Negated) else node
    if isinstance(literal, Num) and literal.value.denominator == 1:
        return sign * int(literal.value), False
    return None, False
