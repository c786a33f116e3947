"""The part of elaboration that reads functions and their derivatives: A(v), σ'(p), D(f, 1)(x, y), ∂ᵢA,ₖ(v).

An undefined function keeps its derivative as a node.  The derivative of a known one, f′(x), is that of
f(x + o) in an offset o at 0: nothing is differentiated while reading.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from symcheck.errors import BadCall, ShapeMismatch, SymcheckError, TooLarge
from symcheck.language.registry import REGISTRY
from symcheck.language.shape import Shape, show_shape
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Derivative,
    Entry,
    Function,
    IndexSum,
    Offset,
    Place,
    Span,
    Symbol,
    Tensor,
    Variable,
    apply,
    entry,
    variable,
    walk,
)
from symcheck.reading.context import Context, spread
from symcheck.reading.hints import did_you_mean
from symcheck.reading.scope import Macro
from symcheck.reading.syntax import Applied, At, FunctionDerivative, Partials, Syntax
from symcheck.reading.vocabulary import SIZED, SPECIAL, built_in_names, is_built_in, operation_called

MAX_ORDER = 9
"""Highest order of derivative of a function."""

MAX_EXPANSIONS = 50
"""Deepest nesting of macros in macros."""

Known = Callable[[tuple[Tensor, ...]], Tensor]
"""A known function: what it makes of its arguments."""


class Functions(Context):
    """Functions of the author, and derivatives of known functions."""

    expansions = 0

    def argument(self, node: Syntax) -> Tensor:
        """An argument that is a formula; see `calls`."""
        raise NotImplementedError

    # Functions given by a formula.

    def expanded(self, macro: Macro, node: Applied) -> Tensor:
        """The body of a macro with the arguments in place of its parameters."""
        self._check_count(macro.name, len(macro.parameters), len(node.arguments), self.span(node))
        arguments = tuple(map(self.argument, node.arguments))
        return self.expansion(macro, arguments, self.span(node))

    def expansion(self, macro: Macro, arguments: Sequence[Tensor], span: Span) -> Tensor:
        """The formula of a macro at these arguments; its bound indices are new each time."""
        if self.expansions >= MAX_EXPANSIONS:
            raise TooLarge(f"functions nested more than {MAX_EXPANSIONS} deep", span=span)
        before = (self.parameters, self.call_span, self.source, self.offset)
        self.parameters = dict(zip(macro.parameters, arguments, strict=True))
        self.call_span = span
        self.source, self.offset = macro.text, 0
        self.expansions += 1
        try:
            with self.indices.closed(macro.name):
                return self.tensor(macro.body)
        finally:
            self.parameters, self.call_span, self.source, self.offset = before
            self.expansions -= 1

    def _formula(self, parameter: str, body: Syntax) -> Known:
        """z -> body, whose other names are those around it."""

        def at(arguments: tuple[Tensor, ...]) -> Tensor:
            before = self.parameters
            self.parameters = {**before, parameter: arguments[0]}
            try:
                return self.tensor(body)
            finally:
                self.parameters = before

        return at

    # Derivatives.

    def primed(self, node: Applied) -> Tensor:
        """σ'(p), entry by entry."""
        span = self.span(node)
        if node.primes > MAX_ORDER:
            raise TooLarge(f"a derivative of order {node.primes}", span=span)
        function = self.scope.functions.get(node.name)
        if function is not None:
            if len(function.domain) != 1 or function.domain[0]:
                raise BadCall(
                    f"a prime differentiates a function of one number; {node.raw} takes "
                    + ", ".join(map(show_shape, function.domain)),
                    span=span,
                    hint=f"write D({node.raw})(x), or D({node.raw}, k)(x, y) by argument k",
                )
            return self._call(function, (node.primes,), node.arguments, span)
        known, count = self._known(node.name, node.raw, span)
        if count[0] > 1:
            raise BadCall(
                f"a prime differentiates a function of one number; {node.raw} has {count[0]} arguments",
                span=span,
                hint=f"write D({node.raw}, k)(x, y) by argument k",
            )
        return self._alike(node.raw, known, node.primes, node.arguments, span)

    def _alike(self, raw: str, known: Known, order: int, nodes: tuple[Syntax, ...], span: Span) -> Tensor:
        """The derivative of a function that acts entry by entry."""
        self._check_count(raw, 1, len(nodes), span)
        argument = self.argument(nodes[0])
        result = moved(known, (argument,), (order,), (True,), span)
        alike = result.shape == argument.shape and entrywise(_innermost(result), _offsets(result))
        if argument.shape and not alike:
            raise BadCall(
                f"a prime differentiates a function of one number; {raw} mixes the entries of "
                f"{self.text(nodes[0])}",
                span=span,
                hint=f"write D({raw})(x), output axes first",
            )
        return result

    def function_derivative(self, node: FunctionDerivative) -> Tensor:
        """D(f)(x), D(f, k)(x, y), D(z -> formula)(x)"""
        span = self.span(node)
        function = self.scope.functions.get(node.name) if node.body is None else None
        if function is not None:
            orders = self._orders(node, len(function.domain))
            return self._call(function, orders, node.arguments, span)
        if node.body is not None and node.primes:
            known = self._formula(node.name, node.body)
            return self._alike(f"{node.raw} -> …", known, node.primes, node.arguments, span)
        if node.body is not None:
            known, count = self._formula(node.name, node.body), (1, 1)
        else:
            known, count = self._known(node.name, node.raw, span)
        given = len(node.arguments)
        if not count[0] <= given <= count[1]:
            self._check_count(node.raw, count[0], given, span)
        orders = self._orders(node, given)
        arguments = tuple(map(self.argument, node.arguments))
        return self._derived(node, known, arguments, orders, span)

    def _derived(
        self,
        node: FunctionDerivative | Partials,
        known: Known,
        arguments: tuple[Tensor, ...],
        orders: tuple[int, ...],
        span: Span,
    ) -> Tensor:
        """Entry by entry for a function that acts so, else output axes first."""
        op = None if isinstance(node, FunctionDerivative) and node.body else operation_called(node.name)
        alike = op is not None and node.name not in self.scope.macros and REGISTRY[op].elementwise
        return moved(known, arguments, orders, (alike,) * len(arguments), span)

    def _orders(self, node: FunctionDerivative, count: int) -> tuple[int, ...]:
        """How often each argument is differentiated."""
        orders = [0] * count
        for order in node.orders:
            if order is None and count != 1:
                raise BadCall(
                    f"{node.raw} has {count} arguments; by which one?",
                    span=self.span(node),
                    hint=f"write D({node.raw}, 1) for the first",
                )
            if order is not None and not 0 <= order < count:
                raise BadCall(f"{node.raw} has no argument {order + 1}", span=self.span(node))
            orders[order or 0] += 1
        return tuple(orders)

    def partials(self, node: Partials) -> Tensor:
        """∂ᵢA,ₖ(v) is D(A)(v)[k, i]; without k the whole row (∂ᵢA)ₖ, without i all of them."""
        span = self.span(node)
        times = len(node.marks) or 1
        derivative = FunctionDerivative(node.span, node.name, node.raw, (None,) * times, node.arguments)
        if len(node.arguments) != 1:
            raise BadCall(
                f"∂ before a function is by the entries of its only argument; {node.raw} is given "
                f"{len(node.arguments)}",
                span=span,
                hint=f"write D({node.raw}, k)(x, y) by argument k",
            )
        function = self.scope.functions.get(node.name)
        if function is None:
            known, _ = self._known(node.name, node.raw, span)
            argument = self.argument(node.arguments[0])
            whole = moved(known, (argument,), (times,), (False,), span)
            domain = argument.shape
        else:
            whole = self.function_derivative(derivative)
            domain = () if function.elementwise else function.domain[0]
        rank = len(whole.shape) - times * len(domain)
        components = spread(node.components, rank)
        if len(components) not in (0, rank) or (node.marks and len(domain) != 1):
            raise ShapeMismatch(
                f"the derivative of {node.raw} here is {show_shape(whole.shape)}: {rank} axes of its value, "
                f"{len(domain)} of its argument",
                span=span,
                hint=f"write D({node.raw})(…) and its entries in brackets",
            )
        if not components and not node.marks:
            return self.apply("transpose", whole, span=span) if rank == len(domain) == 1 else whole
        places: tuple[At, ...] = components or (At(node.span, None),) * rank
        places += node.marks or (At(node.span, None),) * len(domain)
        axes: tuple[Place, ...] = tuple(map(self.axis, places, whole.shape))
        return entry(whole, axes, span)

    def _known(self, name: str, raw: str, span: Span) -> tuple[Known, tuple[int, int]]:
        """A macro or a built-in function, and how many arguments it takes at least and at most."""
        macro = self.scope.macros.get(name)
        if macro is not None:
            count = len(macro.parameters)
            return lambda arguments: self.expansion(macro, arguments, span), (count, count)
        op = operation_called(name)
        if op is None or name in SPECIAL or name in SIZED:
            raise self._no_derivative(name, raw, span)
        return lambda arguments: self.apply(op, *arguments, span=span), REGISTRY[op].arity

    def _no_derivative(self, name: str, raw: str, span: Span) -> SymcheckError:
        scope = self.scope
        if name in scope.variables or name in scope.dims or name in self.parameters:
            return BadCall(
                f"{raw} is a value, not a function",
                span=span,
                hint=f"the derivative of a name is written ∂{raw}/∂x",
            )
        if is_built_in(name):
            return BadCall(f"{raw} is no function that could be differentiated", span=span)
        known = [*scope.functions, *scope.macros]
        hint = did_you_mean(name, [*known, *built_in_names()])
        return BadCall(
            f"no function is called {raw}",
            span=span,
            hint=hint or f"declare it: '{raw}: elementwise' or '{raw}: n -> m'",
        )

    # Undefined functions.

    def undefined(self, function: Function, node: Applied) -> Tensor:
        """σ(p), f(x, y)"""
        return self._call(function, (), node.arguments, self.span(node))

    def _call(
        self, function: Function, orders: tuple[int, ...], nodes: tuple[Syntax, ...], span: Span
    ) -> Tensor:
        self._check_count(function.shown, len(function.domain), len(nodes), span)
        arguments = tuple(map(self.argument, nodes))
        if function.elementwise:
            return Call(arguments[0].shape, function, arguments, orders, span=span)
        for node, argument, wanted in zip(nodes, arguments, function.domain, strict=True):
            if len(argument.shape) != len(wanted) or not all(map(self.scope.same, argument.shape, wanted)):
                raise ShapeMismatch(
                    f"{function.shown} takes {show_shape(wanted)}; {self.text(node)} is "
                    f"{show_shape(argument.shape)}",
                    span=self.span(node),
                )
        shape = function.codomain
        for order, wanted in zip(orders, function.domain, strict=False):
            shape += wanted * order
        return Call(shape, function, arguments, orders, span=span)

    def _check_count(self, name: str, wanted: int, given: int, span: Span) -> None:
        if wanted != given:
            plural = "" if wanted == 1 else "s"
            raise BadCall(f"{name} takes {wanted} argument{plural}, {given} given", span=span)


def moved(
    known: Known,
    arguments: tuple[Tensor, ...],
    orders: tuple[int, ...],
    alike: tuple[bool, ...],
    span: Span | None,
) -> Tensor:
    """The derivative of a known function: by an offset of each argument, once for each order.

    Where `alike` all entries of the argument move by one number: the function acts entry by entry.
    """
    offsets: list[Offset] = []
    shifted: list[Tensor] = []
    for argument, order, one in zip(arguments, orders, alike, strict=True):
        for _ in range(order):
            shape: Shape = () if one else argument.shape
            offsets.append(Offset("offset", shape))
            argument = apply("add", argument, variable(offsets[-1], span), span=span)
        shifted.append(argument)
    result = known(tuple(shifted))
    for offset in offsets:
        result = Derivative(result.shape + offset.shape, result, offset, span=span)
    return result


def _innermost(tensor: Tensor) -> Tensor:
    while isinstance(tensor, Derivative) and isinstance(tensor.by, Offset):
        tensor = tensor.body
    return tensor


def _offsets(tensor: Tensor) -> frozenset[Offset]:
    found = set()
    while isinstance(tensor, Derivative) and isinstance(tensor.by, Offset):
        found.add(tensor.by)
        tensor = tensor.body
    return frozenset(found)


def entrywise(body: Tensor, moving: Collection[Symbol]) -> bool:
    """Whether a formula takes what moves in it entry by entry: every entry of the value sees one entry."""

    def moves(tensor: Tensor) -> bool:
        return any(isinstance(part, Variable) and part.symbol in moving for part in walk(tensor))

    stack = [body]
    while stack:
        part = stack.pop()
        if isinstance(part, Variable) or not moves(part):
            continue
        if isinstance(part, Call):
            if not part.function.elementwise:
                return False
            stack.append(part.args[0])
        elif isinstance(part, Apply):
            if not REGISTRY[part.op].elementwise:
                return False
            stack.extend(part.args)
        elif isinstance(part, Entry | IndexSum | Delta | Derivative):
            return False
    return True
