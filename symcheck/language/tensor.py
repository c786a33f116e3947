"""The author's formulas: a typed tree that keeps the form and the spans in which it was written.

Every node knows its `shape`; indices that stand free in it are `Index` objects, shared by identity
between the two sides of an equation.  Nothing is evaluated or reordered here: ``16200*(-5)*1`` stays
three factors.  Operators build `Apply` nodes through the registry of operations, which checks shapes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias, Union

from symcheck.errors import BadCall, IndexMisuse, NotSupported, ShapeMismatch
from symcheck.language.registry import REGISTRY
from symcheck.language.shape import (
    Dim,
    SameSize,
    Shape,
    Size,
    has_index,
    in_one_piece,
    same_name,
    show_shape,
    show_size,
)

Span: TypeAlias = tuple[int, int]
Operandish: TypeAlias = Union["Tensor", int, Fraction]


@dataclass(frozen=True, eq=False, slots=True)
class Symbol:
    """A declared or defined name.  Identity counts, not the name: two claims may use one letter."""

    name: str
    """In canonical spelling: ``w1``."""
    shape: Shape
    latex: str | None = None
    written: str = ""
    """As its author declared it: ``w₁``."""

    @property
    def shown(self) -> str:
        """The name for people: signs that its author wrote stay, an ASCII spelling may become a letter."""
        return self.name if self.written.isascii() else self.written

    def __repr__(self) -> str:
        return f"Symbol({self.name}: {show_shape(self.shape)})"


@dataclass(frozen=True, eq=False, slots=True)
class Offset(Symbol):
    """A name that is 0 everywhere, by which a known function is moved to be differentiated there.

    σ′(p) of a known σ is ∂σ(p + o)/∂o.  Each derivative has an offset of its own, so that none reaches
    into another; it is no name of the derivation.
    """


@dataclass(frozen=True, eq=False, slots=True)
class Segment(Symbol):
    """A part of what a name with joined axes stands for: in its place wherever nothing knows of such axes."""

    whole: Symbol = field(kw_only=True)
    numbers: tuple[int, ...] = field(kw_only=True)
    """The number of the segment along each axis."""


@dataclass(frozen=True, eq=False, slots=True)
class Function:
    """An undefined differentiable function."""

    name: str
    domain: tuple[Shape, ...]
    """Shape of each argument; ``((),)`` for an elementwise function."""
    codomain: Shape
    elementwise: bool = False
    """Scalar to scalar, applied entry by entry to tensors of any shape."""
    written: str = ""
    """As its author declared it: ``A₁``."""

    @property
    def shown(self) -> str:
        """The name for people; see `Symbol.shown`."""
        return self.name if self.written.isascii() else self.written


class Index:
    """One index: the one that a sum binds, or one that stands free in an equation.

    `dim` is None until the place where the index is used tells its range.
    """

    __slots__ = ("dim", "name")

    def __init__(self, name: str, dim: Dim | None = None) -> None:
        self.name = name
        self.dim = dim

    def __repr__(self) -> str:
        return f"Index({self.name}: {self.dim})"


Place: TypeAlias = Index | int | None
"""What stands at one axis of an entry: an index, a number, or None where the whole axis stays."""


@dataclass(frozen=True, eq=False, slots=True)
class Tensor:
    """A formula with a shape.  Subclasses are its kinds; see each."""

    shape: Shape
    span: Span | None = field(default=None, kw_only=True)
    """Character offsets in the text it was read from."""

    def __add__(self, other: Operandish) -> Tensor:
        return apply("add", self, other)

    def __radd__(self, other: Operandish) -> Tensor:
        return apply("add", other, self)

    def __sub__(self, other: Operandish) -> Tensor:
        return apply("sub", self, other)

    def __rsub__(self, other: Operandish) -> Tensor:
        return apply("sub", other, self)

    def __mul__(self, other: Operandish) -> Tensor:
        return apply("mul", self, other)

    def __rmul__(self, other: Operandish) -> Tensor:
        return apply("mul", other, self)

    def __truediv__(self, other: Operandish) -> Tensor:
        return apply("div", self, other)

    def __rtruediv__(self, other: Operandish) -> Tensor:
        return apply("div", other, self)

    def __matmul__(self, other: Operandish) -> Tensor:
        return apply("matmul", self, other)

    def __rmatmul__(self, other: Operandish) -> Tensor:
        return apply("matmul", other, self)

    def __pow__(self, other: Operandish) -> Tensor:
        return apply("pow", self, other)

    def __rpow__(self, other: Operandish) -> Tensor:
        return apply("pow", other, self)

    def __neg__(self) -> Tensor:
        return apply("neg", self)

    @property
    def T(self) -> Tensor:
        """The transpose; a vector is its own."""
        return apply("transpose", self)

    def __getitem__(self, indices: Place | slice | tuple[Place | slice, ...]) -> Tensor:
        places = indices if isinstance(indices, tuple) else (indices,)
        return entry(self, tuple(None if place == slice(None) else place for place in places))  # type: ignore[misc]


@dataclass(frozen=True, eq=False, slots=True)
class Number(Tensor):
    """An exact rational literal, in the spelling of its author."""

    value: Fraction
    text: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Constant(Tensor):
    """``pi`` or another named real constant."""

    name: str


@dataclass(frozen=True, eq=False, slots=True)
class SizeNumber(Tensor):
    """A size used as a number: the n of 1/n."""

    dim: Dim


@dataclass(frozen=True, eq=False, slots=True)
class Variable(Tensor):
    """A declared or defined name."""

    symbol: Symbol


@dataclass(frozen=True, eq=False, slots=True)
class Apply(Tensor):
    """A registered operation on arguments; infix operators are the operations add, matmul, …"""

    op: str
    args: tuple[Tensor, ...]
    params: tuple[Any, ...] = ()
    """What is no tensor: an axis, an order, a size (a `Size`), a comparison sign."""


@dataclass(frozen=True, eq=False, slots=True)
class Entry(Tensor):
    """``base[i, 0]``: one place for each axis of `base`, numbers counted from 0; its shape is that of the
    axes left open, a scalar if there are none."""

    base: Tensor
    indices: tuple[Place, ...]

    @property
    def closed(self) -> tuple[Index | int, ...]:
        """The places, if no axis is left open; else there is no such attribute, and patterns pass it by."""
        found = tuple(place for place in self.indices if place is not None)
        if len(found) < len(self.indices):
            raise AttributeError("an axis is left open")
        return found


@dataclass(frozen=True, eq=False, slots=True)
class Delta(Tensor):
    """Kronecker's δ(i, j): 1 where the indices agree, else 0."""

    left: Index | int
    right: Index | int


@dataclass(frozen=True, eq=False, slots=True)
class IndexSum(Tensor):
    """Σ over the whole range of each index; the indices are bound in `body`."""

    indices: tuple[Index, ...]
    body: Tensor


@dataclass(frozen=True, eq=False, slots=True)
class IndexProduct(IndexSum):
    """Π over the whole range of each index; indices and scope are those of a sum."""


@dataclass(frozen=True, eq=False, slots=True)
class Call(Tensor):
    """An undefined function, or its derivative of order `derivatives[a]` in argument a.

    Axes: those of the codomain (for an elementwise function those of the argument), then, for each
    derivative in the order of the arguments, those of that argument.
    """

    function: Function
    args: tuple[Tensor, ...]
    derivatives: tuple[int, ...] = ()
    """How often each argument is differentiated; empty means not at all."""


@dataclass(frozen=True, eq=False, slots=True)
class Derivative(Tensor):
    """∂body/∂symbol, the total derivative with the graph cut at `by`.

    Axes: those of `body`, then (unless `at` names one entry) those of the variable.  `local` means
    the derivative of the definition of the name `body` itself in a parent, other parents held.
    """

    body: Tensor
    by: Symbol
    at: tuple[Index | int, ...] | None = None
    local: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Differential(Tensor):
    """d(body): the total differential; of an input X the independent perturbation dX."""

    body: Tensor


@dataclass(frozen=True, eq=False, slots=True)
class Limit(Tensor):
    """lim body as a scalar, bound in it, tends to `target` or grows beyond all bounds."""

    body: Tensor
    variable: Symbol
    target: Tensor | None
    """None: infinity, `side` being its sign."""
    side: str = ""
    """``+`` from above, ``-`` from below, nothing for both."""


def as_tensor(value: object, span: Span | None = None) -> Tensor:
    """A tensor from a tensor, an int or a Fraction."""
    if isinstance(value, Tensor):
        return value
    if isinstance(value, bool):
        raise BadCall("True and False are no numbers here")
    if isinstance(value, int | Fraction):
        return Number((), Fraction(value), str(value), span=span)
    converter = getattr(value, "__symcheck_tensor__", None)
    if converter is not None:
        result = converter()
        assert isinstance(result, Tensor)
        return result
    raise BadCall(
        f"{type(value).__name__} is no tensor",
        hint="use an exact number (int, Fraction) or a tensor; a float is written as a decimal in text",
    )


def variable(symbol: Symbol, span: Span | None = None) -> Variable:
    """The name as a formula."""
    return Variable(symbol.shape, symbol, span=span)


def apply(
    op: str,
    *args: object,
    params: tuple[Any, ...] = (),
    same: SameSize = same_name,
    span: Span | None = None,
) -> Apply:
    """Build an operation; its registered shape rule refuses what does not fit (SC011, SC012)."""
    operation = REGISTRY.get(op)
    if operation is None:
        raise BadCall(f"no operation is called {op!r}", span=span)
    tensors = tuple(as_tensor(arg) for arg in args)
    low, high = operation.arity
    if not low <= len(tensors) <= high:
        wanted = str(low) if low == high else f"{low} to {high}"
        raise BadCall(f"{op} takes {wanted} arguments, {len(tensors)} given", span=span)
    try:
        shape = operation.shape(tuple(t.shape for t in tensors), params, same)
    except (ShapeMismatch, BadCall, NotSupported) as error:
        error.span = error.span or span
        raise
    return Apply(shape, op, tensors, params, span=span)


def without_index(size: Size, span: Span | None = None) -> IndexMisuse:
    """The error for one index over an axis whose size is a product or a sum."""
    if in_one_piece(size):
        return IndexMisuse("an axis of compound size has no single index", code="SC020", span=span)
    return IndexMisuse(
        f"an axis of the segments {show_size(size)} has no single index",
        code="SC020",
        span=span,
        hint="take a part first: part(z, 0)",
    )


def entry(base: Tensor, indices: tuple[Place, ...], span: Span | None = None) -> Entry:
    """``base[indices]``, None for an axis left open; gives each index its range, or refuses a second one
    (SC013)."""
    if len(indices) != len(base.shape):
        raise ShapeMismatch(
            f"{len(indices)} indices for a tensor of shape {show_shape(base.shape)}", span=span
        )
    open_axes: list[Size] = []
    for index, size in zip(indices, base.shape, strict=True):
        if index is None:
            open_axes.append(size)
            continue
        if not has_index(size):
            raise without_index(size, span)
        if isinstance(index, Index):
            if index.dim is None:
                index.dim = size[0]
        elif isinstance(size[0], int) and not 0 <= index < size[0]:
            raise IndexMisuse(f"entry {index} of an axis of length {size[0]}", span=span)
    return Entry(tuple(open_axes), base, indices, span=span)


def children(tensor: Tensor) -> tuple[Tensor, ...]:
    """The formulas directly inside."""
    kind = type(tensor)
    if kind is Apply or kind is Call:
        args: tuple[Tensor, ...] = tensor.args  # type: ignore[attr-defined]  # as its type says
        return args
    if kind is Variable or kind is Number:
        return ()
    match tensor:
        case Apply(args=args) | Call(args=args):
            return args
        case Entry(base=inner):
            return (inner,)
        case IndexSum(body=inner) | Derivative(body=inner) | Differential(body=inner):
            return (inner,)
        case Limit(body=inner, target=target):
            return (inner,) if target is None else (inner, target)
        case _:
            return ()


def walk(tensor: Tensor) -> Iterator[Tensor]:
    """The formula and every one inside it, outermost first."""
    stack = [tensor]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def symbols_in(tensor: Tensor) -> list[Symbol]:
    """The names a formula mentions, in order of first appearance, variables of derivatives included.

    Offsets are no names."""
    seen: dict[Symbol, None] = {}
    for node in walk(tensor):
        if isinstance(node, Variable):
            seen.setdefault(node.symbol)
        elif isinstance(node, Derivative):
            seen.setdefault(node.by)
    return [symbol for symbol in seen if not isinstance(symbol, Offset)]


def has_sizes(tensor: Tensor) -> bool:
    """Whether a part of the formula has axes, or is a size or a sum over an index."""
    return any(part.shape or isinstance(part, SizeNumber | IndexSum | Delta | Entry) for part in walk(tensor))


def structure(tensor: Tensor, names: dict[Index, str] | None = None) -> tuple[Any, ...]:
    """A nested tuple, equal for formulas written alike up to spans and names of bound indices."""
    names = {} if names is None else names

    def at(index: Place) -> str | int | None:
        return names.get(index, index.name) if isinstance(index, Index) else index

    match tensor:
        case Number(value=value):
            return ("num", value)
        case Constant(name=name):
            return ("const", name)
        case SizeNumber(dim=dim):
            return ("size", dim)
        case Variable(symbol=symbol):
            return ("var", symbol.name, symbol.shape)
        case Apply(op=op, args=args, params=params):
            return (op, params, *(structure(a, names) for a in args))
        case Entry(base=base, indices=indices):
            return ("entry", structure(base, names), *map(at, indices))
        case Delta(left=left, right=right):
            return ("delta", at(left), at(right))
        case IndexSum(indices=indices, body=body):
            inner = names | {i: f"#{len(names) + k}" for k, i in enumerate(indices)}
            kind = "prod" if isinstance(tensor, IndexProduct) else "sum"
            return (kind, tuple(i.dim for i in indices), structure(body, inner))
        case Call(function=function, args=args, derivatives=derivatives):
            return ("call", function.name, derivatives, *(structure(a, names) for a in args))
        case Derivative(body=body, by=by, at=entry_at, local=local):
            place = None if entry_at is None else tuple(map(at, entry_at))
            return ("d", structure(body, names), by.name, place, local)
        case Differential(body=body):
            return ("differential", structure(body, names))
        case Limit(body=body, variable=variable_, target=target, side=side):
            to = None if target is None else structure(target, names)
            return ("lim", variable_.name, to, side, structure(body, names))
    raise AssertionError(f"unknown kind of formula {type(tensor).__name__}")
