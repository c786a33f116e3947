"""Syntax → typed formulas: names get their meaning, shapes are checked, indices get their ranges.

A repeated index is summed only under a sum.  Between two derivatives that share a node, ``·`` (and
standing side by side) contracts all axes of that node; between other tensors it is ``@``, with a
scalar ``*``.  A name is, in this order: an index bound around it, a parameter of the macro it stands
in, a declared or defined name, a size as a number, π, the differential ``dX`` of a name X.
"""

from __future__ import annotations

from symcheck.errors import (
    BadCall,
    IndexMisuse,
    NotSupported,
    ReadError,
    ShapeMismatch,
    SymcheckError,
    TooLarge,
)
from symcheck.language.shape import Shape, show_shape
from symcheck.language.tensor import (
    Apply,
    Constant,
    Derivative,
    Differential,
    Index,
    IndexProduct,
    IndexSum,
    Limit,
    Number,
    SizeNumber,
    Span,
    Symbol,
    Tensor,
    Variable,
    entry,
    symbols_in,
    variable,
    walk,
)
from symcheck.reading.calls import Calls
from symcheck.reading.constants import check_power
from symcheck.reading.context import spread
from symcheck.reading.conventions import laid_out
from symcheck.reading.hints import entrywise_misfit, product_misfit, untransposed
from symcheck.reading.lexer import Token, tokenize
from symcheck.reading.parser import parse_tokens
from symcheck.reading.scope import Scope
from symcheck.reading.syntax import (
    Applied,
    Bars,
    Chain,
    Comparison,
    FunctionDerivative,
    Iverson,
    Leibniz,
    LimitOf,
    Listed,
    Name,
    Negated,
    Num,
    Partials,
    Power,
    Subscript,
    SumOver,
    Syntax,
    Total,
    Transposed,
)

_ENTRYWISE = {"+": "add", "-": "sub", "*": "mul", "/": "div", "⊙": "mul"}


def read_formula(text: str, scope: Scope, offset: int = 0) -> Tensor:
    """One formula, as in definitions; spans count from `offset`.  Errors: ReadError and its kin."""
    return Elaborator(scope, text, offset).finished(tokenize(text, offset, scope.is_levelled))


class Elaborator(Calls):
    """One line: its members share the free indices."""

    def read(self, tokens: list[Token]) -> Tensor:
        """A stretch of tokens as a formula; ranges of indices may still be open."""
        try:
            return self.tensor(parse_tokens(tokens, self.scope))
        except RecursionError:
            raise TooLarge("nested too deep", span=(tokens[0].span[0], tokens[-1].span[1])) from None

    def draft(self, tokens: list[Token]) -> Tensor | None:
        """What was meant to be read, products and sums built although their parts do not fit."""
        self.lenient = True
        try:
            return self.read(tokens)
        except SymcheckError:
            return None
        finally:
            self.lenient = False

    def finished(self, tokens: list[Token]) -> Tensor:
        """A formula on its own, every index with its range."""
        tensor = self.read(tokens)
        self.indices.settle()
        self.indices.check_ranges([tensor])
        return tensor

    def tensor(self, node: Syntax) -> Tensor:
        """The typed formula of a node."""
        self.count(node)
        match node:
            case Num(value=value, text=text):
                return Number((), value, text, span=self.span(node))
            case Name():
                return self._name(node)
            case Chain():
                return self._chain(node)
            case Negated(operand=operand):
                return self.apply("neg", self.tensor(operand), span=self.span(node))
            case Power():
                return self._power(node)
            case Transposed(operand=operand):
                return self.apply("transpose", self.tensor(operand), span=self.span(node))
            case Subscript():
                return self._subscript(node)
            case Applied():
                return self.applied(node)
            case FunctionDerivative():
                return self.function_derivative(node)
            case Partials():
                return self.partials(node)
            case SumOver():
                return self._sum(node)
            case Bars():
                return self._bars(node)
            case Iverson():
                return self.iverson(node)
            case Leibniz():
                return self._leibniz(node)
            case Total(operand=operand):
                body = self._differentiated(operand)
                return Differential(body.shape, body, span=self.span(node))
            case LimitOf():
                return self._limit(node)
            case Listed():
                raise ReadError("a list stands only in block, hstack, concat, …", span=self.span(node))
            case Comparison():
                raise ReadError("a comparison stands only in where(…) or in [ ]", span=self.span(node))
        raise AssertionError(f"unknown syntax {type(node).__name__}")

    # Names and entries.

    def _name(self, node: Name) -> Tensor:
        name, span = node.name, self.span(node)
        if self.indices.is_bound(name):
            raise IndexMisuse(f"{node.raw} is an index here, not a value", span=span)
        argument = self.parameters.get(name)
        if argument is not None:
            return argument
        symbol = self.scope.variables.get(name)
        if symbol is not None:
            return variable(symbol, span)
        if name in self.scope.dims:
            return SizeNumber((), name, span=span)
        if name == "pi":
            return Constant((), "pi", span=span)
        if node.raw[0] == "d" and name[1:] in self.scope.variables:
            of = self.scope.variables[name[1:]]
            return Differential(of.shape, variable(of, (span[0] + 1, span[1])), span=span)
        if name in self.indices.free:
            raise IndexMisuse(f"{node.raw} is an index here, not a value", span=span)
        raise self.undeclared(name, node.raw, span)

    def _subscript(self, node: Subscript) -> Tensor:
        span = self.span(node)
        if isinstance(node.base, Name) and node.base.name == "delta" and "delta" not in self.scope.variables:
            return self.delta(node.places, span)
        base = self.tensor(node.base)
        places = spread(node.places, len(base.shape))
        if len(base.shape) != len(places):
            text = self.text(node.base)
            letters = ", ".join("ijkl"[: len(base.shape)])
            hint = f"write {text}[{letters}]" if base.shape and len(base.shape) <= 4 else None
            count = len(places)
            raise ShapeMismatch(
                f"{text} is {show_shape(base.shape)}, so it has {len(base.shape)} indices, not {count}",
                span=span,
                hint=hint,
            )
        return entry(base, tuple(map(self.axis, places, base.shape)), span)

    def _sum(self, node: SumOver) -> Tensor:
        along = self.total_along(node)
        if along is not None:
            return along
        span = self.span(node)
        with self.indices.binding(node.names) as bound:
            body = self.tensor(node.body)
        over = IndexProduct if node.product else IndexSum
        return over(body.shape, bound, body, span=span)

    def _bars(self, node: Bars) -> Tensor:
        operand = self.tensor(node.operand)
        if len(operand.shape) > 1:
            raise ShapeMismatch(
                f"bars stand around numbers and vectors; {self.text(node.operand)} is "
                f"{show_shape(operand.shape)}",
                span=self.span(node),
                hint="write normF(X) or det(X)",
            )
        return self.apply("norm2" if operand.shape else "abs", operand, span=self.span(node))

    # Products, sums, powers.

    def _chain(self, node: Chain) -> Tensor:
        result = self.tensor(node.operands[0])
        start = node.operands[0].span[0]
        for position, op in enumerate(node.ops):
            operand = node.operands[position + 1]
            right = self.tensor(operand)
            span = self.call_span or (start, operand.span[1])
            left_text = self.source[start - self.offset : node.operands[position].span[1] - self.offset]
            result = self._joined(op, result, right, (left_text, self.text(operand)), operand, span)
        return result

    def _joined(
        self, op: str, left: Tensor, right: Tensor, texts: tuple[str, str], operand: Syntax, span: Span
    ) -> Tensor:
        """left op right, or an error that shows both shapes and what would fit."""
        same = self.scope.same
        if op == "·":
            linked = self.linked(left, right, span)
            if linked is not None:
                return linked
            op = "@" if left.shape and right.shape else "*"
        if op == "⊗":
            return self._tensor_product(left, right, texts, span)
        if op == "@":
            if (
                isinstance(operand, Transposed)
                and len(left.shape) == len(right.shape) == 1
                and not self.lenient
            ):
                row = self.text(operand.operand)
                raise ShapeMismatch(
                    f"{texts[0]} @ {texts[1]}: a vector has one axis, {texts[1]} is {row} itself",
                    span=span,
                    hint=f"column times row is outer({untransposed(texts[0])}, {row}); "
                    f"the sum of products is {texts[0]} @ {row}",
                )
            try:
                return self.apply("matmul", left, right, span=span)
            except ShapeMismatch:
                raise product_misfit(left, right, texts, span, same) from None
        try:
            return self.apply(_ENTRYWISE[op], left, right, span=span)
        except ShapeMismatch:
            raise entrywise_misfit(op, left, right, texts, span, same) from None

    def _tensor_product(self, left: Tensor, right: Tensor, texts: tuple[str, str], span: Span) -> Tensor:
        ranks = (len(left.shape), len(right.shape))
        if 0 in ranks:
            return self.apply("mul", left, right, span=span)
        if ranks == (1, 1):
            return self.apply("outer", left, right, span=span)
        if ranks == (2, 2):
            return self.apply("kron", left, right, span=span)
        raise ShapeMismatch(
            f"⊗ joins two vectors or two matrices; {texts[0]} is {show_shape(left.shape)}, "
            f"{texts[1]} is {show_shape(right.shape)}",
            span=span,
        )

    def linked(self, left: Tensor, right: Tensor, span: Span) -> Tensor | None:
        """∂ε/∂p · ∂p/∂V with all axes of p contracted; None where no node is shared.

        Also a tensor of the shape of p against ∂p/∂V of three axes or more, where @ has no meaning.
        """
        above, below = _above(right), _below(left)
        if above is None or not (left.shape or right.shape):
            return None
        if above is not below:
            rank = len(above.shape)
            wide = len(right.shape) > 2 and len(left.shape) >= rank > 0
            if not wide or not all(map(self.scope.same, left.shape[-rank:], above.shape)):
                return None
        if not (left.shape and right.shape):
            return self.apply("mul", left, right, span=span)
        rank = len(above.shape)
        joined = self.apply("contract", left, right, params=(rank,), span=span)
        last = _below(right)
        by: Shape = last.shape if last is not None else ()
        body = joined.shape[: len(joined.shape) - len(by)]
        return laid_out(joined, body, by, self.convention)

    def _power(self, node: Power) -> Tensor:
        base, exponent = self.tensor(node.base), self.tensor(node.exponent)
        span = self.span(node)
        if node.above and len(base.shape) == 2:
            text, power = self.text(node.base), exponent.value if isinstance(exponent, Number) else ""
            product = f"inv({text})" if power == -1 else f"mpow({text}, {power})"
            raise BadCall(
                "a power above a matrix has two meanings",
                span=span,
                hint=f"write {product} for the matrix product, {text}**({power}) entry by entry",
            )
        check_power(base, exponent, span)
        try:
            return self.apply("pow", base, exponent, span=span)
        except ShapeMismatch:
            texts = (self.text(node.base), self.text(node.exponent))
            raise entrywise_misfit("**", base, exponent, texts, span, self.scope.same) from None

    # Limits.

    def _limit(self, node: LimitOf) -> Tensor:
        """lim(w -> inf, body): w is a scalar, bound here; it need not be declared."""
        name, span = node.variable, self.span(node)
        target = None if node.target is None else self.tensor(node.target)
        before = self.parameters
        if self._is_new(name.name):
            symbol = Symbol(name.name, (), None, name.raw)
            self.parameters = {**before, name.name: variable(symbol)}
        else:
            symbol = self.differentiable(name.name, name.raw, self.span(name))
        try:
            body = self.tensor(node.body)
        finally:
            self.parameters = before
        if symbol.shape or symbol in self.scope.definitions:
            what = "is defined" if symbol in self.scope.definitions else f"is {show_shape(symbol.shape)}"
            raise BadCall(
                f"the variable of a limit is a scalar without a definition; {name.raw} {what}",
                span=self.span(name),
            )
        if target is not None and target.shape:
            raise ShapeMismatch(f"{name.raw} tends to a scalar", span=target.span)
        for inside in (*walk(body), *(() if target is None else walk(target))):
            if isinstance(inside, Limit | Differential):
                kind = "limit" if isinstance(inside, Limit) else "differential"
                raise NotSupported(f"a {kind} inside a limit", span=inside.span or span)
        upstream = [] if target is None else symbols_in(target)
        if any(symbol is s or self.scope.graph().depends(s, symbol) for s in upstream):
            raise BadCall(f"{name.raw} cannot tend to what depends on it", span=span)
        return Limit(body.shape, body, symbol, target, node.side, span=span)

    def _is_new(self, name: str) -> bool:
        """Whether nothing has this name."""
        scope = self.scope
        known = name in self.parameters or name in scope.variables or name in scope.dims
        return not (known or scope.is_function(name) or self.indices.is_bound(name) or name == "pi")

    # Derivatives.

    def _differentiated(self, node: Syntax) -> Tensor:
        """What stands under a d: a formula without differentials."""
        body = self.tensor(node)
        for inside in walk(body):
            if isinstance(inside, Differential):
                raise ReadError("a differential is not differentiated again", span=inside.span)
            if isinstance(inside, Limit):
                raise NotSupported(
                    "a limit is not differentiated", span=inside.span, hint="claim its value first"
                )
        if isinstance(body, SizeNumber):
            raise ReadError(f"{self.text(node)} is a size, it has no derivative", span=self.span(node))
        return body

    def _leibniz(self, node: Leibniz) -> Tensor:
        body = self._differentiated(node.numerator)
        span = self.span(node)
        result = body
        for by in node.by:
            symbol = self.differentiable(by.name, by.raw, self.span(by))
            at: tuple[Index | int, ...] | None = None
            if by.places is not None:
                places = spread(by.places, len(symbol.shape))
                if len(places) != len(symbol.shape):
                    raise ShapeMismatch(
                        f"{by.raw} is {show_shape(symbol.shape)}, so it has {len(symbol.shape)} indices, "
                        f"not {len(places)}",
                        span=self.span(by),
                    )
                at = tuple(map(self.place, places, symbol.shape))
            shape = result.shape + (symbol.shape if at is None else ())
            result = Derivative(shape, result, symbol, at, span=span)
        if len(node.by) == 1 and node.by[0].places is None:
            return laid_out(result, body.shape, result.shape[len(body.shape) :], self.convention)
        return result


def _below(tensor: Tensor) -> Symbol | None:
    """The name whose axes come last: the p of ∂ε/∂p, of −∂ε/∂p, of c·∂ε/∂p, of ∂ε/∂q·∂q/∂p."""
    while True:
        match tensor:
            case Derivative(at=None, by=by):
                return by
            case Apply(op="neg", args=(inner,)) | Apply(op="contract", args=(_, inner)):
                tensor = inner
            case Apply(op="mul", args=(left, right)):
                if left.shape and right.shape:
                    return None
                tensor = left if left.shape or (isinstance(left, Derivative) and not right.shape) else right
                if not right.shape and not left.shape and isinstance(right, Derivative):
                    tensor = right
            case Apply(op="div", args=(left, right)) if not right.shape:
                tensor = left
            case Apply(op="matmul", args=(_, right)) if len(right.shape) == 2:
                below = _below(right)
                return below if below is not None and len(below.shape) == 1 else None
            case _:
                return None


def _above(tensor: Tensor) -> Symbol | None:
    """The name whose derivative stands here: the p of ∂p/∂V."""
    match tensor:
        case Derivative(body=Variable(symbol=symbol)):
            return symbol
        case _:
            return None
