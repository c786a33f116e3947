"""Nodes of index notation and the indices in them; `indexed` tells the kinds and builds them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symcheck.language.shape import Dim
from symcheck.language.tensor import Symbol

if TYPE_CHECKING:
    from symcheck.language.indexed import Table


INVERSE = Fraction(-1)


class Idx:
    """An index with the dim it runs over; `value` is set for a literal entry such as the 1 of x[1]."""

    __slots__ = ("dim", "name", "serial", "value")

    def __init__(self, name: str, dim: Dim, serial: int, value: int | None = None) -> None:
        self.name = name
        self.dim = dim
        self.value = value
        self.serial = serial

    def __repr__(self) -> str:
        return f"{self.name}.{self.serial}" if self.value is None else f"#{self.value}"


class Node:
    """An interned expression; compare with `is`.  Operators build in the same table."""

    __slots__ = ("args", "bound", "derived", "free", "functions", "names", "nodes", "op", "serial", "table")
    op: str
    args: tuple[Any, ...]
    nodes: tuple[Node, ...]
    """The nodes directly inside."""
    free: frozenset[Idx]
    """Indices that stand free (literal ones left out)."""
    bound: frozenset[Idx]
    """Indices bound anywhere inside."""
    names: frozenset[Symbol]
    """The symbols whose entries stand inside."""
    functions: frozenset[str]
    """The known functions inside, of numbers and of matrices."""
    derived: frozenset[Node]
    """The outermost D, local and diff nodes, itself if it is one."""
    table: Table
    serial: int

    def __repr__(self) -> str:
        return show(self)

    def indices_of(self, symbol: Symbol) -> tuple[Idx, ...] | None:
        """The indices of the first entry of a symbol inside, if there is one."""
        if symbol not in self.names:
            return None
        node = self
        while node.op != "T" or node.args[0] is not symbol:
            node = next(child for child in node.nodes if symbol in child.names)
        found: tuple[Idx, ...] = node.args[1]
        return found

    def __add__(self, other: Node | int) -> Node:
        return self.table.add(self, self.table.lift(other))

    __radd__ = __add__

    def __sub__(self, other: Node | int) -> Node:
        return self.table.add(self, -self.table.lift(other))

    def __rsub__(self, other: Node | int) -> Node:
        return self.table.add(self.table.lift(other), -self)

    def __mul__(self, other: Node | int) -> Node:
        return self.table.mul(self, self.table.lift(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Node | int) -> Node:
        return self.table.mul(self, self.table.pow(self.table.lift(other), INVERSE))

    def __rtruediv__(self, other: Node | int) -> Node:
        return self.table.mul(self.table.lift(other), self.table.pow(self, INVERSE))

    def __neg__(self) -> Node:
        return self.table.mul(self.table.num(-1), self)

    def __pow__(self, exponent: int | Fraction) -> Node:
        return self.table.pow(self, Fraction(exponent))


def show(node: Node) -> str:
    """A plain rendering for error messages of our own and for debugging."""

    def part(arg: object) -> str:
        if isinstance(arg, Node):
            return show(arg)
        if isinstance(arg, tuple):
            return f"[{','.join(map(part, arg))}]"
        return repr(arg) if isinstance(arg, Idx) else str(getattr(arg, "name", arg))

    return f"{node.op}({', '.join(map(part, node.args))})"
