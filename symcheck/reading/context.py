"""What elaboration carries along: the scope, the indices of the line, the text, macro arguments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from symcheck.errors import IndexMisuse, ShapeMismatch, TooLarge, UndeclaredName
from symcheck.language.shape import Shape, Size, in_one_piece
from symcheck.language.tensor import Apply, Index, Place, Span, Symbol, Tensor, apply, without_index
from symcheck.reading.hints import did_you_mean
from symcheck.reading.indices import Indices
from symcheck.reading.scope import Scope
from symcheck.reading.syntax import At, Syntax
from symcheck.reading.vocabulary import UNORDERED, is_built_in

GUESSED = frozenset({"matmul", "add", "sub", "mul", "div", "outer"})
"""Operations that are built in a lenient reading although their parts do not fit."""
MAX_NODES = 20_000
"""Most nodes of one formula, macros expanded."""


def spread(places: tuple[At, ...], rank: int) -> tuple[At, ...]:
    """``₀₁`` as the two places of a matrix, or as the one number 1 behind a vector."""
    runs = [k for k, place in enumerate(places) if len(place.run) > 1]
    if len(places) == rank:
        for place in (places[k] for k in runs if places[k].run.startswith("0")):
            raise IndexMisuse(
                f"{place.run} is no number", span=place.span, hint="write the indices in brackets"
            )
    if len(places) == rank or len(runs) != 1:
        return places
    (k,) = runs
    place = places[k]
    if len(places) - 1 + len(place.run) != rank:
        return places
    return (*places[:k], *(At(place.span, int(digit)) for digit in place.run), *places[k + 1 :])


class Context:
    """The state of one elaboration."""

    def __init__(self, scope: Scope, source: str, offset: int = 0, convention: str = "gradient") -> None:
        self.scope = scope
        self.indices = Indices(scope.same)
        self.convention = convention
        self.source = source
        self.offset = offset
        """Where `source` begins, in the offsets that spans count in."""
        self.parameters: dict[str, Tensor] = {}
        """Arguments of the macro being expanded."""
        self.call_span: Span | None = None
        """Where that macro was called: all its nodes get this span."""
        self.nodes = 0
        self.lenient = False
        """Whether what does not fit is built all the same, for a correction to be looked for."""

    def tensor(self, node: Syntax) -> Tensor:
        """The typed formula; see `elaborate`."""
        raise NotImplementedError

    def span(self, node: Syntax) -> Span:
        """The span of a node in the text of the author."""
        return self.call_span or node.span

    def text(self, node: Syntax) -> str:
        """The node as written."""
        return self.source[node.span[0] - self.offset : node.span[1] - self.offset]

    def count(self, node: Syntax) -> None:
        """One more node.  Errors: TooLarge."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise TooLarge(f"a formula of more than {MAX_NODES} parts", span=self.span(node))

    def apply(self, op: str, *args: Tensor, params: tuple[Any, ...] = (), span: Span) -> Apply:
        """An operation under the size assumptions of the scope."""
        try:
            return apply(op, *args, params=params, same=self.scope.same, span=span)
        except ShapeMismatch:
            for others in _turned(args):
                with suppress(ShapeMismatch):
                    return apply(op, *others, params=params, same=self.scope.same, span=span)
            if self.lenient and op in GUESSED:
                return Apply(_guessed(op, args), op, args, params, span=span)
            raise

    def axis(self, at: At, size: Size) -> Place:
        """What stands at one axis of an entry; ``:`` leaves it open."""
        return None if at.at is None else self.place(at, size)

    def place(self, at: At, size: Size) -> Index | int:
        """One index of an axis: it runs over that axis, or is a number below its length."""
        span = self.call_span or at.span
        if at.at is None:
            raise IndexMisuse("a whole axis is no index", span=span, hint="write an index or a number for :")
        if not in_one_piece(size):
            raise without_index(size, span)
        if isinstance(at.at, int):
            for dim in (size[0], self.scope.assumptions().dim(size[0])):
                if isinstance(dim, int) and len(size) == 1 and at.at >= dim:
                    raise IndexMisuse(
                        f"entry {at.at} of an axis of length {dim}", span=span, hint="entries count from 0"
                    )
            return at.at
        index = self.index(at)
        self.indices.range_over(index, size, span)
        return index

    def index(self, at: At) -> Index:
        """The index of that name.  Errors: IndexMisuse for a declared name that no sum binds."""
        name = str(at.at)
        span = self.call_span or at.span
        if not self.indices.is_bound(name) and name in self.scope.variables:
            raise IndexMisuse(
                f"{name} is a declared name, so it is no index",
                span=span,
                hint="give the index another letter",
            )
        return self.indices.named(name, span)

    def differentiable(self, name: str, raw: str, span: Span) -> Symbol:
        """The declared name that a derivative is taken by.  Errors: UndeclaredName."""
        symbol = self.scope.variables.get(name)
        if symbol is not None:
            return symbol
        if name in self.scope.dims:
            raise UndeclaredName(f"{raw} is a size, nothing is differentiated by it", span=span)
        raise self.undeclared(name, raw, span)

    def undeclared(self, name: str, raw: str, span: Span) -> UndeclaredName:
        """The error for a name nobody declared; says what it may have been meant for."""
        scope = self.scope
        head, _, tail = name.partition("_")
        if name in scope.functions or name in scope.macros or is_built_in(name):
            hint: str | None = f"{raw} is a function: write {raw}(…)"
        elif name == "e":
            hint = "Euler's number is exp(1), its powers exp(x)"
        elif tail and head in scope.variables:
            hint = f"an entry is written {head}[{', '.join(tail)}]"
        else:
            hint = did_you_mean(name, [*scope.variables, *scope.functions, *scope.macros])
            if hint is None:
                known = ", ".join(list(scope.variables)[:12])
                hint = f"declared: {known}" if known else "nothing is declared"
        return UndeclaredName(f"{raw} is not declared", span=span, hint=hint)


def _guessed(op: str, args: tuple[Tensor, ...]) -> Shape:
    """The shape that a product or sum most likely was to have, though its parts do not fit."""
    shapes = [arg.shape for arg in args]
    if op == "matmul":
        return shapes[0][:-1] + shapes[1][1:]
    return max(shapes, key=len)


def _turned(args: tuple[Tensor, ...]) -> Iterator[tuple[Tensor, ...]]:
    """The arguments with one eye(m*n), ones(m*n) or zeros(m*n) whose pair of sizes is taken the other way.

    Its entries are the same in both orders, so the author need not tell which one is meant.
    """
    for k, arg in enumerate(args):
        if isinstance(arg, Apply) and arg.op in UNORDERED and any(len(size) > 1 for size in arg.params):
            params = tuple(size[::-1] for size in arg.params)
            yield (*args[:k], apply(arg.op, params=params, span=arg.span), *args[k + 1 :])
