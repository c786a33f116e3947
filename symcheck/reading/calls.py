"""The part of elaboration that reads calls: operations, undefined functions, macros, special forms."""

from __future__ import annotations

from fractions import Fraction

from symcheck.errors import BadCall, ShapeMismatch, SymcheckError, UndeclaredName
from symcheck.language.shape import Size, joined, show_shape
from symcheck.language.tensor import (
    Apply,
    Delta,
    Derivative,
    Index,
    Number,
    Span,
    Symbol,
    Tensor,
    entry,
    symbols_in,
    variable,
)
from symcheck.reading.axes import Axes
from symcheck.reading.functions import Functions
from symcheck.reading.hints import did_you_mean
from symcheck.reading.joining import Joining
from symcheck.reading.syntax import (
    Applied,
    At,
    Chain,
    Comparison,
    Iverson,
    Name,
    Negated,
    Num,
    Subscript,
    Syntax,
)
from symcheck.reading.vocabulary import (
    JOINING,
    SIZED,
    WITH_SIZES,
    built_in_names,
    is_built_in,
    operation_called,
)

_WRITTEN = {
    "sigma": "sigmoid(x), or declare 'sigma: elementwise'",
    "I": "eye(n)",
    "E": "mean(x)",
    "einsum": "sum(k, A[i,k]*B[k,j]) with the indices that are summed",
    "slogdet": "logdet(X), which is log |det(X)|",
    "matrix_power": "mpow(X, 2)",
    "linspace": "the entries one by one",
    "square_root": "sqrt(x)",
}
_MISSING = {
    "argmax": "it has no derivative to check; max(x) has one",
    "argmin": "it has no derivative to check; min(x) has one",
    "sort": "it depends on the order of the entries; max(x) and min(x) are there",
    "median": "it depends on the order of the entries; max(x) and min(x) are there",
    "if": "write where(x > 0, a, b)",
    "sqrtm": "write a matrix S with S @ S for its square",
    "svd": "write U @ diag(s) @ V.T and assume 'U orthogonal'",
    "eig": "write the equation A @ v = lambda*v itself",
    "qr": "write Q @ R and assume 'Q orthogonal'",
    "conv": "write its sum out: sum(k, w[k]*x[i,k])",
}
"""Functions that are not there, and what to do."""


class Calls(Axes, Functions, Joining):
    """name(arguments) and everything that looks like it."""

    def applied(self, node: Applied) -> Tensor:
        """A macro, an undefined function, a special form or an operation, in this order."""
        scope = self.scope
        if node.primes:
            return self.primed(node)
        if node.name in scope.macros:
            return self.expanded(scope.macros[node.name], node)
        if node.name in scope.functions:
            return self.undefined(scope.functions[node.name], node)
        if not is_built_in(node.name):
            raise self._unknown(node)
        match node.name:
            case "where":
                return self._where(node)
            case "delta":
                return self._delta_call(node)
            case "local":
                return self._local(node)
            case "chain":
                return self._chain_call(node)
            case "mpow":
                return self._matrix_power(node)
        if node.name in JOINING or node.name == "part":
            return self.joining(node)
        along = self.along_axis(node)
        if along is not None:
            return along
        match node.name:
            case "norm":
                return self._norm(node)
            case "lim":
                raise BadCall(
                    "a limit says what tends where",
                    span=self.span(node),
                    hint="write lim(w -> inf, sigmoid(w))",
                )
            case "sum" | "prod":
                whole = "sumall(x) for the sum of all entries, " if node.name == "sum" else ""
                raise BadCall(
                    f"{node.name} names its indices first",
                    span=self.span(node),
                    hint=f"write {whole}{node.name}(i, x[i]) over an index",
                )
        op = operation_called(node.name)
        if op is None:
            raise self._unknown(node)
        if op in SIZED:
            sizes = tuple(self._size(argument) for argument in node.arguments)
            return self.apply(op, params=sizes, span=self.span(node))
        if op in WITH_SIZES and node.arguments:
            operand = self.argument(node.arguments[0])
            sizes = tuple(self._size(argument) for argument in node.arguments[1:])
            if len(sizes) != 2:
                raise BadCall(
                    f"{op} takes a vector and two sizes", span=self.span(node), hint=f"{op}(x, m, n)"
                )
            return self.apply(op, operand, params=sizes, span=self.span(node))
        arguments: list[Tensor] = []
        for argument in node.arguments:  # no helper in between: nesting is paid in Python frames
            if isinstance(argument, Comparison):
                raise self._stray_comparison(argument)
            arguments.append(self.tensor(argument))
        try:
            return self.apply(op, *arguments, span=self.span(node))
        except ShapeMismatch as error:
            shapes = ", ".join(
                f"{self.text(a)} is {show_shape(t.shape)}"
                for a, t in zip(node.arguments, arguments, strict=True)
            )
            if error.hint is None:
                error.hint = shapes
            raise

    def _norm(self, node: Applied) -> Tensor:
        """norm(v) of a vector; of a matrix there are several."""
        if len(node.arguments) == 1:
            operand = self.argument(node.arguments[0])
            if len(operand.shape) == 1:
                return self.apply("norm2", operand, span=self.span(node))
        raise BadCall(
            "norm without more is that of a vector",
            span=self.span(node),
            hint="write norm2(v), norm1(v) or normF(X)",
        )

    def argument(self, node: Syntax) -> Tensor:
        """An argument that is a formula."""
        if isinstance(node, Comparison):
            raise self._stray_comparison(node)
        return self.tensor(node)

    def _stray_comparison(self, node: Comparison) -> BadCall:
        return BadCall("a comparison stands only in where(…) or in [ ]", span=self.span(node))

    def _unknown(self, node: Applied) -> SymcheckError:
        scope, name = self.scope, node.name
        span = self.span(node)
        if name in scope.variables or name in scope.dims or name in self.parameters:
            return BadCall(
                f"{node.raw} is a value, not a function",
                span=span,
                hint=f"for a product write {node.raw}*(…) or {node.raw} @ (…)",
            )
        hint = f"write {_WRITTEN[name]}" if name in _WRITTEN else _MISSING.get(name)
        hint = hint or did_you_mean(name, [*scope.functions, *scope.macros, *built_in_names()])
        return BadCall(
            f"no function is called {node.raw}",
            span=span,
            hint=hint or f"declare it: '{node.raw}: elementwise' or '{node.raw}: n -> m'",
        )

    # Special forms.

    def _size(self, node: Syntax) -> Size:
        """A size as an argument: a name from a declared shape, a number, a product or a sum of sizes.

        m*n is the length of vec of an m × n matrix, whose column runs slowest.
        """
        if isinstance(node, Chain) and set(node.ops) <= {"*", "·"}:
            return tuple(dim for part in reversed(node.operands) for dim in self._size(part))
        if isinstance(node, Chain) and set(node.ops) == {"+"}:
            return joined(map(self._size, node.operands))
        if isinstance(node, Num) and node.value.denominator == 1 and 1 <= node.value <= 10**6:
            return (int(node.value),)
        if isinstance(node, Name):
            if node.name in self.scope.dims:
                return (node.name,)
            raise UndeclaredName(
                f"{node.raw} is no size in any declared shape",
                span=self.span(node),
                hint=did_you_mean(node.name, map(str, self.scope.dims)),
            )
        raise BadCall("a size is a name, a number, a product or a sum of them", span=self.span(node))

    def _where(self, node: Applied) -> Tensor:
        """where(l < r, a, b)"""
        if len(node.arguments) != 3 or not isinstance(node.arguments[0], Comparison):
            raise BadCall(
                "where takes a condition and two values", span=self.span(node), hint="where(x > 0, a, b)"
            )
        then, other = map(self.argument, node.arguments[1:])
        return self._chosen(node.arguments[0], then, other, self.span(node))

    def _chosen(self, condition: Comparison, then: Tensor, other: Tensor, span: Span) -> Tensor:
        """`then` where every comparison of the chain holds, else `other`."""
        operands = [self.argument(operand) for operand in condition.operands]
        result = then
        for k in reversed(range(len(condition.signs))):
            sign = condition.signs[k]
            branches = (other, result) if sign == "!=" else (result, other)
            sign = "==" if sign == "!=" else sign
            result = self.apply("where", operands[k], operands[k + 1], *branches, params=(sign,), span=span)
        return result

    def iverson(self, node: Iverson) -> Tensor:
        """[condition]: 1 where it holds, else 0; [i = j] of two indices is delta(i, j)."""
        operands = node.condition.operands
        span = self.span(node)
        if node.condition.signs == ("==",) and all(map(self._is_index, operands)):
            left, right = operands
            assert isinstance(left, Name)
            assert isinstance(right, Name)
            return self.delta((At(left.span, left.name), At(right.span, right.name)), span)
        one, zero = Number((), Fraction(1), "1", span=span), Number((), Fraction(0), "0", span=span)
        return self._chosen(node.condition, one, zero, span)

    def _is_index(self, node: Syntax) -> bool:
        if not isinstance(node, Name):
            return False
        known = node.name in self.scope.variables or node.name in self.parameters
        return self.indices.is_bound(node.name) or not (known or node.name in self.scope.dims)

    def _delta_call(self, node: Applied) -> Tensor:
        places: list[At] = []
        for argument in node.arguments:
            if isinstance(argument, Name):
                places.append(At(argument.span, argument.name))
            elif isinstance(argument, Num) and argument.value.denominator == 1:
                places.append(At(argument.span, int(argument.value)))
            else:
                raise BadCall("delta takes two indices", span=self.span(argument), hint="delta(i, j)")
        return self.delta(tuple(places), self.span(node))

    def delta(self, places: tuple[At, ...], span: Span) -> Tensor:
        """δ(i, j): the two run over one range."""
        if len(places) != 2 or all(isinstance(place.at, int) for place in places):
            raise BadCall("delta takes two indices", span=span, hint="delta(i, j)")
        left, right = (place.at if isinstance(place.at, int) else self.index(place) for place in places)
        if isinstance(left, Index) and isinstance(right, Index):
            self.indices.link(left, right, span)
        return Delta((), left, right, span=span)

    def _local(self, node: Applied) -> Tensor:
        """local(u, v): the derivative of u's own definition in a parent, other parents held."""
        span = self.span(node)
        if len(node.arguments) != 2:
            raise BadCall("local takes a defined name and one it mentions", span=span, hint="local(u, v)")
        (above, above_at), (below, below_at) = (self._named(argument) for argument in node.arguments)
        definition = self.scope.definitions.get(above)
        if definition is None:
            raise BadCall(f"{above.name} has no definition", span=span, hint="for an input write ∂x/∂x")
        parents = symbols_in(definition)
        if below not in parents:
            named = ", ".join(parent.name for parent in parents) or "no name"
            raise BadCall(
                f"the definition of {above.name} does not mention {below.name}",
                span=span,
                hint=f"it mentions {named}; along all paths write ∂{above.name}/∂{below.name}",
            )
        result = Derivative(above.shape + below.shape, variable(above), below, local=True, span=span)
        if above_at is None and below_at is None:
            return result
        for symbol, at in ((above, above_at), (below, below_at)):
            if symbol.shape and at is None:
                raise BadCall("name an entry of both or of none", span=span, hint="local(u, v)[k, i]")
        places = (above_at or ()) + (below_at or ())
        if len(places) != len(result.shape):
            raise ShapeMismatch(f"{len(places)} indices for {show_shape(result.shape)}", span=span)
        indices = tuple(map(self.place, places, result.shape))
        return entry(result, indices, span)

    def _named(self, node: Syntax) -> tuple[Symbol, tuple[At, ...] | None]:
        if isinstance(node, Name):
            return self.differentiable(node.name, node.raw, self.span(node)), None
        if isinstance(node, Subscript) and isinstance(node.base, Name):
            return self.differentiable(node.base.name, node.base.raw, self.span(node.base)), node.places
        raise BadCall("local takes names", span=self.span(node), hint="local(u, v)")

    def _chain_call(self, node: Applied) -> Tensor:
        """chain(∂ε/∂p, ∂p/∂V, …): all axes of each shared node are contracted."""
        if len(node.arguments) < 2:
            raise BadCall("chain joins two or more derivatives", span=self.span(node))
        result = self.argument(node.arguments[0])
        for before, argument in zip(node.arguments, node.arguments[1:], strict=False):
            following = self.argument(argument)
            span = (node.span[0], argument.span[1])
            joined = self.linked(result, following, self.call_span or span)
            if joined is None:
                raise BadCall(
                    f"{self.text(before)} and {self.text(argument)} share no name",
                    span=self.span(argument),
                    hint="chain(∂ε/∂p, ∂p/∂V): what is below the first stands above the second",
                )
            result = joined
        return result

    def linked(self, left: Tensor, right: Tensor, span: Span) -> Tensor | None:
        """The product of two derivatives that share a node; None if they do not.  See `elaborate`."""
        raise NotImplementedError

    def _matrix_power(self, node: Applied) -> Apply:
        if len(node.arguments) != 2:
            raise BadCall("mpow takes a matrix and an integer", span=self.span(node), hint="mpow(X, 2)")
        exponent = node.arguments[1]
        sign = -1 if isinstance(exponent, Negated) else 1
        literal = exponent.operand if isinstance(exponent, Negated) else exponent
        if not isinstance(literal, Num) or literal.value.denominator != 1:
            raise BadCall("mpow needs an integer literal", span=self.span(exponent), hint="mpow(X, 2)")
        base = self.argument(node.arguments[0])
        return self.apply("mpow", base, params=(sign * int(literal.value),), span=self.span(node))
