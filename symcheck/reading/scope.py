"""What is declared: names with shapes, functions, definitions in order, assumptions, sizes.

A scope grows while a derivation is read; claims are read against it.  Names are kept in canonical
spelling (``epsilon`` for ``ε``), whichever way they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from symcheck.errors import BadAssumption, DuplicateName, IndexMisuse, ReadError, TooLarge
from symcheck.language.claim import Assumption, Assumptions, Graph
from symcheck.language.shape import Dim, Shape, Size
from symcheck.language.tensor import Differential, Function, Limit, Symbol, Tensor, walk
from symcheck.reading.assumptions import (
    Prose,
    SizeAtLeast,
    SizesEqual,
    SizesOrdered,
    read_assumption,
)
from symcheck.reading.equations import literal_sizes
from symcheck.reading.indices import free_indices
from symcheck.reading.letters import is_name, spell
from symcheck.reading.parser import parse
from symcheck.reading.syntax import Syntax
from symcheck.reading.vocabulary import is_built_in


@dataclass(frozen=True, eq=False, slots=True)
class Macro:
    """A function given by a formula, expanded where it is called."""

    name: str
    parameters: tuple[str, ...]
    text: str
    body: Syntax


class Scope:
    """Declared names, functions, definitions and assumptions, in the order they came."""

    def __init__(self) -> None:
        self.variables: dict[str, Symbol] = {}
        """Declared and defined names, canonical spelling → symbol."""
        self.functions: dict[str, Function] = {}
        self.macros: dict[str, Macro] = {}
        self.definitions: dict[Symbol, Tensor] = {}
        self.dims: dict[Dim, None] = {}
        """Every size named in a shape, in order of first appearance."""
        self.written: dict[str, str] = {}
        """Canonical spelling → the name as it was declared."""
        self._conditions: list[Assumption] = []
        self._classes: dict[Dim, Dim] = {}
        self._dim_texts: list[str] = []
        self._least: dict[Dim, int] = {}
        self._orders: list[tuple[Dim, Dim, int]] = []
        self._notes: list[str] = []
        self._graph: Graph | None = None
        self._assumptions: Assumptions | None = None

    def copy(self) -> Scope:
        """A scope that may grow on its own; symbols and the graph so far are shared."""
        twin = Scope()
        for name, value in vars(self).items():
            setattr(twin, name, value.copy() if isinstance(value, dict | list) else value)
        return twin

    # Names, as the parser and the elaborator ask for them.

    def is_variable(self, name: str) -> bool:
        """Declared or defined."""
        return name in self.variables

    def has_entries(self, name: str) -> bool:
        """Declared or defined, and no scalar."""
        symbol = self.variables.get(name)
        return symbol is not None and bool(symbol.shape)

    def is_function(self, name: str) -> bool:
        """Undefined, a macro or built in."""
        return name in self.functions or name in self.macros or is_built_in(name)

    def is_levelled(self, name: str) -> bool:
        """A name with a level such as lₙ₋₁, of a value, a function or a size."""
        return name in self.variables or name in self.functions or name in self.dims

    def variable(self, name: str) -> Symbol | None:
        """The symbol of a name in any spelling; None if nobody declared it."""
        return self.variables.get(spell(name))

    def same(self, left: Size, right: Size) -> bool:
        """Whether two sizes are one under the `dim` assumptions so far."""
        return left == right if not self._classes else self.assumptions().same(left, right)

    # Declaring.

    def declare(self, name: str, shape: Shape, *, latex: str | None = None) -> Symbol:
        """A new input.  Errors: DuplicateName (SC015)."""
        symbol = Symbol(self._new(name), shape, latex, name)
        self.add_sizes(shape)
        self.variables[symbol.name] = symbol
        return symbol

    def declare_function(
        self, name: str, domain: Sequence[Shape], codomain: Shape, *, elementwise: bool = False
    ) -> Function:
        """A new undefined function.  Errors: DuplicateName (SC015)."""
        function = Function(self._new(name), tuple(domain), codomain, elementwise, name)
        for shape in (*domain, codomain):
            self.add_sizes(shape)
        self.functions[function.name] = function
        return function

    def declare_macro(self, name: str, parameters: Sequence[str], text: str) -> Macro:
        """A function given by a formula in its parameters.  Errors: ReadError."""
        spelled = tuple(map(spell, parameters))
        if len(set(spelled)) != len(spelled):
            raise DuplicateName(f"a parameter of {name} has two places")
        inner = self.copy()
        for parameter in spelled:
            inner.variables[parameter] = Symbol(parameter, ())
            inner.functions.pop(parameter, None)
        macro = Macro(self._new(name), spelled, text, parse(text, inner))
        self.macros[macro.name] = macro
        return macro

    def define(self, name: str, tensor: Tensor) -> Symbol:
        """A name for a formula in earlier names.  Errors: DuplicateName; IndexMisuse for a free index."""
        for node in walk(tensor):
            if isinstance(node, Differential):
                raise ReadError("a definition contains no differential", span=node.span)
            if isinstance(node, Limit):
                raise ReadError(
                    "a definition contains no limit", span=node.span, hint="limits stand in claims"
                )
        free = free_indices(tensor)
        if free:
            raise IndexMisuse(
                f"index {free[0].name} stands free in the definition of {name}",
                hint="a definition is written without free indices: z = theta @ x",
            )
        symbol = Symbol(self._new(name), tensor.shape, written=name)
        self.add_sizes(tensor.shape)
        self.variables[symbol.name] = symbol
        self.definitions[symbol] = tensor
        self._graph = None
        for dim, count in literal_sizes(tensor):
            self._assumptions = None
            self._raise_least(self._representative(dim), count)
        return symbol

    def _new(self, name: str) -> str:
        """The canonical spelling of a name not taken yet."""
        spelled = spell(name)
        if not is_name(name):
            raise ReadError(
                f"{name!r} is no name", hint="a name is a letter followed by letters, digits and _"
            )
        if spelled in self.variables or spelled in self.functions or spelled in self.macros:
            raise DuplicateName(f"{name} is declared twice")
        if spelled in self.dims:
            raise DuplicateName(f"{name} is a size already", hint="give the size another name")
        self.written.setdefault(spelled, name)
        return spelled

    def add_sizes(self, shape: Shape) -> None:
        """Sizes of a shape, known from here on.  Errors: DuplicateName."""
        for size in shape:
            for dim in size:
                if isinstance(dim, str) and (dim in self.variables or dim in self.functions):
                    raise DuplicateName(
                        f"{dim} is a declared name and a size", hint="give the size another name"
                    )
                if isinstance(dim, int) and dim > 10**6:
                    raise TooLarge("a size above a million")
                if dim not in self.dims:
                    self.dims[dim] = None
                    self._assumptions = None

    # Assuming.

    def assume(self, text: str) -> None:
        """Add one assumption.  Errors: BadAssumption (SC014)."""
        said = read_assumption(text, self.variables, self.dims, self.same, self.is_levelled)
        self._assumptions = None
        if isinstance(said, Prose):
            self._notes.append(said.text)
        elif isinstance(said, SizesEqual):
            self._identify(said)
            self._dim_texts.append(said.text)
        elif isinstance(said, SizeAtLeast):
            representative = self._representative(said.dim)
            self._raise_least(representative, said.least)
            self._dim_texts.append(said.text)
        elif isinstance(said, SizesOrdered):
            self._orders.append((said.greater, said.smaller, said.gap))
            ordered = Assumptions(dims=self._identified(), orders=tuple(self._orders))
            if ordered.ordered({dim: 1 for dim in self.dims if isinstance(dim, str)}) is None:
                raise BadAssumption("no sizes are ordered in this way", span=(0, len(text.rstrip())))
            self._dim_texts.append(said.text)
        else:
            defined = [s for s in (said.symbol, said.other) if s in self.definitions]
            if defined:
                raise BadAssumption(
                    f"{defined[0].name} is defined, nothing can be assumed of it",
                    hint="assume something of the inputs instead, or say it in a 'note: …'",
                )
            self._conditions.append(said)

    def _identified(self) -> dict[Dim, Dim]:
        return {dim: self._representative(dim) for dim in self._classes}

    def _representative(self, dim: Dim) -> Dim:
        while dim in self._classes:
            dim = self._classes[dim]
        return dim

    def _identify(self, said: SizesEqual) -> None:
        """Make two sizes one; a number represents its class, else the size named first."""
        left, right = self._representative(said.left), self._representative(said.right)
        if left == right:
            return
        if isinstance(left, int) and isinstance(right, int):
            raise BadAssumption(f"sizes {left} and {right} are never equal", span=(0, len(said.text)))
        order = list(self.dims)
        if isinstance(right, int) or (not isinstance(left, int) and order.index(right) < order.index(left)):
            left, right = right, left
        self._classes[right] = left
        least = self._least.pop(right, 1)
        self._raise_least(left, least)

    def _raise_least(self, dim: Dim, least: int) -> None:
        if isinstance(dim, int):
            if dim < least:
                raise BadAssumption(f"a size of {dim} is not at least {least}")
        elif least > 1:
            self._least[dim] = max(least, self._least.get(dim, 1))

    # What claims are read and judged against.

    def graph(self) -> Graph:
        """The definitions so far; one object until another definition comes."""
        if self._graph is None:
            self._graph = Graph(dict(self.definitions))
        return self._graph

    def assumptions(self) -> Assumptions:
        """The assumptions so far; one object until another one comes."""
        if self._assumptions is None:
            self._assumptions = Assumptions(
                conditions=tuple(self._conditions),
                dims=self._identified(),
                dim_texts=tuple(self._dim_texts),
                at_least=dict(self._least),
                orders=tuple(self._orders),
                notes=tuple(self._notes),
            )
        return self._assumptions

    def under(self, said: Assumptions, further: Iterable[str] = ()) -> Assumptions:
        """Assumptions made about other names of the same spelling, and further ones, about the names here.

        Those made here so far are left aside.
        """
        blank = self.copy()
        blank._conditions, blank._dim_texts, blank._notes = [], [], list(said.notes)
        blank._classes, blank._least, blank._orders, blank._assumptions = {}, {}, [], None
        texts = [*further, *said.dim_texts, *(condition.text for condition in said.conditions)]
        for text in dict.fromkeys(texts):
            blank.assume(text)
        for dim, least in said.at_least.items():
            blank._raise_least(blank._representative(dim), least)
        return blank.assumptions()

    def inputs(self) -> tuple[Symbol, ...]:
        """The declared names that have no definition, in order."""
        return tuple(s for s in self.variables.values() if s not in self.definitions)
