"""Known functions put in for the undefined ones of a derivation: σ = tanh, A₂ = z -> softmax(z).

In: a scope, its claims, and formulas.  Out: a scope of its own, in which the functions are known, and the
same claims about them.  A formula is read anew at every place where its function stands, so that no index
of one place is caught at another, and A′(v) becomes the derivative of the formula at v.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from symcheck.errors import BadCall, ReadError, ShapeMismatch, SymcheckError, UsageError
from symcheck.language.claim import Claim, Equation, Graph
from symcheck.language.shape import Shape, show_shape
from symcheck.language.slopes import rebuilt
from symcheck.language.tensor import (
    Call,
    Derivative,
    Function,
    Span,
    Symbol,
    Tensor,
    Variable,
    apply,
    children,
    variable,
)
from symcheck.reading.declarations import declare_in
from symcheck.reading.elaborate import Elaborator
from symcheck.reading.equations import with_literal_entries
from symcheck.reading.functions import entrywise, moved
from symcheck.reading.hints import did_you_mean
from symcheck.reading.letters import is_name, spell
from symcheck.reading.lexer import tokenize
from symcheck.reading.scope import Macro, Scope
from symcheck.reading.vocabulary import built_in_names


class Instance:
    """A scope with known functions put in for undefined ones, and the way its formulas are carried over.

    Errors: UsageError for a name that is no undefined function; BadCall, ShapeMismatch, ReadError for a
    formula that does not fit its function.
    """

    def __init__(
        self, general: Scope, formulas: Mapping[str, str], *, declare: str = "", assume: Iterable[str] = ()
    ) -> None:
        self.general = general
        self.scope = Scope()
        self.identified = list(assume)
        """What is assumed beyond the general derivation: sizes that agree where the functions fit."""
        self._symbols: dict[Symbol, Symbol] = {}
        self._macros: dict[Function, Macro] = {}
        self._graphs: dict[Graph, Graph] = {}
        put_in = {self._undefined(name): text for name, text in formulas.items()}
        if not put_in or len(put_in) < len(formulas):
            what = "a function is put in twice" if put_in else "no function is put in"
            raise UsageError(what, code="SC011", hint="write sigma='tanh'")
        self._declare(put_in, declare)
        given = general.assumptions()
        for text in (*given.dim_texts, *self.identified):
            self.scope.assume(text)
        for function, text in put_in.items():
            self._macros[function] = self._fitting(function, text)
        for text in [*(c.text for c in given.conditions), *(f"note: {note}" for note in given.notes)]:
            self.scope.assume(text)
        for symbol, body in general.definitions.items():
            self._symbols[symbol] = self.scope.define(_written(symbol), self.tensor(body))

    # -- the scope -------------------------------------------------------------------------------

    def _undefined(self, name: str) -> Function:
        function = self.general.functions.get(spell(name))
        if function is None:
            known = ", ".join(f.shown for f in self.general.functions.values())
            raise UsageError(
                f"{name} is no undefined function of the general derivation",
                code="SC011",
                hint=f"its undefined functions: {known}" if known else "it has none",
            )
        return function

    def _declare(self, put_in: Mapping[Function, str], further: str) -> None:
        general, scope = self.general, self.scope
        for symbol in general.inputs():
            self._symbols[symbol] = scope.declare(_written(symbol), symbol.shape, latex=symbol.latex)
        for name, function in general.functions.items():
            if function not in put_in:
                scope.functions[name] = function
            for shape in (*function.domain, function.codomain):
                scope.add_sizes(shape)
        scope.macros.update(general.macros)
        declare_in(scope, further)

    def _fitting(self, function: Function, text: str) -> Macro:
        """The formula as a function of the new scope, if it takes and gives what the undefined one does."""
        try:
            parameters, formula = self._parted(function, text)
            macro = self.scope.declare_macro(function.written or function.name, parameters, formula)
            dummies = [Symbol(name, shape) for name, shape in zip(parameters, function.domain, strict=True)]
            value = self._expanded(macro, tuple(map(variable, dummies)), (0, len(formula)))
            if not function.elementwise:
                self._identify(value.shape, function)
            elif value.shape or not entrywise(value, dummies):
                raise BadCall("it does not act entry by entry", hint="write a formula in one number")
        except SymcheckError as error:
            error.message = f"in {function.shown} = {text}: {error.message}"
            raise
        return macro

    def _parted(self, function: Function, text: str) -> tuple[tuple[str, ...], str]:
        """``(u, v) -> u*v`` → parameters and formula; ``tanh`` → tanh of as many parameters as are needed."""
        count = len(function.domain)
        tokens = tokenize(text)
        arrow = next((token for token in tokens if token.is_op("->")), None)
        if arrow is None:
            if len(tokens) != 2 or tokens[0].kind != "name":
                raise ReadError("this is no function", hint="write tanh, z -> formula or (u, v) -> formula")
            name = tokens[0].text
            if not self.scope.is_function(name):
                known = [*self.scope.functions, *self.scope.macros, *built_in_names()]
                raise BadCall(f"no function is called {text}", hint=did_you_mean(name, known))
            letters = tuple(f"z{k}" for k in range(1, count + 1))
            return letters, f"{text.strip()}({', '.join(letters)})"
        head = text[: arrow.span[0]].strip()
        inner = head[1:-1] if head.startswith("(") and head.endswith(")") else head
        parameters = tuple(part.strip() for part in inner.split(","))
        for parameter in parameters:
            if not is_name(parameter):
                raise ReadError(f"{parameter!r} is no name of a parameter", hint="write z -> formula")
        if len(parameters) != count:
            raise BadCall(f"{function.shown} takes {count} arguments, the formula {len(parameters)}")
        return parameters, text[arrow.span[1] :].strip()

    def _identify(self, shape: Shape, function: Function) -> None:
        """The sizes of the value are those of the codomain from here on.  Errors: ShapeMismatch."""
        wanted = function.codomain
        misfit = ShapeMismatch(
            f"the formula gives {show_shape(shape)}, {function.shown} gives {show_shape(wanted)}"
        )
        if len(shape) != len(wanted):
            raise misfit
        for have, want in zip(shape, wanted, strict=True):
            if self.scope.same(have, want):
                continue
            if len(have) != 1 or len(want) != 1:
                raise misfit
            dims = [self.scope.assumptions().dim(size[0]) for size in (have, want)]
            if all(isinstance(dim, int) for dim in dims):
                raise misfit
            text = (
                f"dim {have[0]} == {want[0]}" if isinstance(have[0], str) else f"dim {want[0]} == {have[0]}"
            )
            self.scope.assume(text)
            self.identified.append(text)

    # -- formulas --------------------------------------------------------------------------------

    def tensor(self, tensor: Tensor) -> Tensor:
        """The formula about the new names, with known functions in place of the undefined ones."""
        parts = tuple(map(self.tensor, children(tensor)))
        match tensor:
            case Variable(symbol=symbol) if symbol in self._symbols:
                return variable(self._symbols[symbol], tensor.span)
            case Call(function=function) if function in self._macros:
                return self._put_in(tensor, parts)
            case Derivative(by=by) if by in self._symbols:
                return replace(tensor, body=parts[0], by=self._symbols[by])
        return rebuilt(tensor, parts)

    def _put_in(self, call: Call, arguments: tuple[Tensor, ...]) -> Tensor:
        """The formula, or its derivative, at the arguments."""
        function, span = call.function, call.span or (0, 0)
        macro = self._macros[function]
        orders = call.derivatives or (0,) * len(arguments)
        alike = (function.elementwise,) * len(arguments)
        result = moved(
            lambda shifted: self._expanded(macro, shifted, span), arguments, orders, alike, call.span
        )
        if function.elementwise and len(result.shape) < len(call.shape):
            # a formula that does not look at its argument is the same number at every entry
            return apply("add", result, apply("zeros", params=arguments[0].shape, span=span), span=span)
        return result

    def _expanded(self, macro: Macro, arguments: Sequence[Tensor], span: Span) -> Tensor:
        elaborator = Elaborator(self.scope, macro.text)
        result = elaborator.expansion(macro, arguments, span)
        elaborator.indices.settle()
        elaborator.indices.check_ranges([result])
        return result

    # -- claims ----------------------------------------------------------------------------------

    def claim(self, claim: Claim, name: str) -> Claim:
        """The same line about the known functions, a claim of the derivation `name`."""
        carried = replace(
            claim,
            id=f"{name}::{claim.id.partition('::')[2]}",
            graph=self.graph(claim.graph),
            point={self._symbols[symbol]: value for symbol, value in claim.point.items()},
        )
        if claim.equation is None:
            return carried
        try:
            left, right = self.tensor(claim.equation.left), self.tensor(claim.equation.right)
            assumptions = self.scope.under(claim.assumptions, self.identified)
            return replace(
                carried,
                equation=Equation(left, right, claim.equation.free),
                assumptions=with_literal_entries(assumptions, (left, right)),
                previous=None if claim.previous is None else self.tensor(claim.previous),
            )
        except SymcheckError as error:
            error.location = claim.location
            return replace(carried, equation=None, error=error)

    def graph(self, graph: Graph) -> Graph:
        """The definitions that a claim was made with, about the new names."""
        found = self._graphs.get(graph)
        if found is None:
            symbols = [self._symbols[symbol] for symbol in graph.definitions]
            whole = self.scope.graph()
            if len(symbols) == len(self.general.definitions):
                found = whole
            else:
                found = Graph({symbol: whole.definitions[symbol] for symbol in symbols})
            self._graphs[graph] = found
        return found

    def symbol(self, symbol: Symbol) -> Symbol:
        """The name that stands for one of the general derivation."""
        return self._symbols[symbol]


def _written(symbol: Symbol) -> str:
    return symbol.written or symbol.name
