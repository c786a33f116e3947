"""Proofs by induction over the levels of a recursion: text → base, step and conclusion as claims.

A recursion gives values uₙ (*value families*) and what is claimed of them, Gₙ (*claimed families*), at its
base and at level n from level n−1.  The statement P(n) is ``E(uₙ) = Gₙ``, such as ``∂uₙ/∂b₀ = Gₙ``.  Its
proof needs no new kind of reasoning: in the step uₙ₋₁ is *an arbitrary differentiable function* of the
names by which anything is differentiated, and Gₙ₋₁ is *defined* as E(uₙ₋₁), which is the hypothesis.
Base and step are ordinary claims about this graph (`proofs`).

What level n brings along carries the level in its name and is fresh, so the level before knows nothing of
it.  A family may also be a function of a *state*: zₗ is free, zₗ₊₁ follows from it, Fₗ₊₁ = λ(zₗ₊₁).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from symcheck.errors import (
    BadAssumption,
    IndexMisuse,
    NotSupported,
    ReadError,
    ShapeMismatch,
    SymcheckError,
)
from symcheck.language.claim import Claim, Equation, Graph
from symcheck.language.shape import Shape, show_shape
from symcheck.language.tensor import (
    Call,
    Derivative,
    Differential,
    Function,
    Symbol,
    Tensor,
    symbols_in,
    variable,
    walk,
)
from symcheck.reading.declarations import any_level, declare_in, read_shape
from symcheck.reading.elaborate import read_formula
from symcheck.reading.indices import all_indices
from symcheck.reading.letters import spell
from symcheck.reading.levels import Levels
from symcheck.reading.lexer import split_at, tokenize
from symcheck.reading.scope import Scope


@dataclass(frozen=True, slots=True)
class Recursion:
    """What the author says: see `Derivation.induction`."""

    statements: tuple[str, ...]
    levels: Levels
    declare: str
    base: str
    step: str
    assume: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """One value at each level."""

    name: str
    """At the current level, in canonical spelling."""
    written: str
    spec: str
    """Its shape as declared."""
    claimed: bool


@dataclass(slots=True)
class Step:
    """The scope of the step, and what may be differentiated by in it."""

    scope: Scope
    states: dict[str, Symbol] = field(default_factory=dict)
    """Names of the level before that follow from the current one → their symbols at the base."""
    arguments: tuple[Symbol, ...] = ()
    values: tuple[Symbol, ...] = ()
    """The value families at the level before."""
    claimed: tuple[Symbol, ...] = ()
    """The claimed families at the level before."""
    known: frozenset[Symbol] = frozenset()
    """The names there were before the step."""


def items(text: str) -> Iterator[str]:
    """The parts of a text between ``;`` and line ends."""
    return (part.strip() for part in re.split(r"[;\n]", text) if part.strip())


def calls(formula: Tensor) -> Iterator[Call]:
    """The undefined functions in a formula, applied."""
    return (node for node in walk(formula) if isinstance(node, Call))


def sides(statement: str, scope: Scope) -> tuple[str, str]:
    """``left = right`` → both texts.  Errors: ReadError."""
    tokens = tokenize(statement, 0, lambda name: any_level(name) or scope.is_levelled(name))
    parts = split_at(tokens, "=")
    if len(parts) != 2 or len(parts[1]) != 2:
        raise ReadError(
            f"{statement!r} is no statement to prove by induction",
            hint="write E = Gₙ with a name on the right that has a base and a step: ∂lₙ/∂b₀ = Gₙ",
        )
    return statement[: parts[0][-2].span[1]].strip(), parts[1][0].text


class Inductive:
    """Reads one recursion; `scope` is that of the derivation, which stays as it is."""

    def __init__(self, said: Recursion, scope: Scope) -> None:
        self.said = said
        self.levels = said.levels
        self.base = scope.copy()
        declare_in(self.base, said.base)
        self.statements = [(text, *sides(text, self.base)) for text in said.statements]
        if not self.statements:
            raise ReadError("there is nothing to prove by induction", hint="write ∂lₙ/∂b₀ = Gₙ")
        self.families = self._families()
        self._check_base()
        self.step = Step(self.base.copy(), known=frozenset(self.base.variables.values()))
        self._read_step()

    # -- the families ----------------------------------------------------------------------------

    def _families(self) -> dict[str, Family]:
        """The declared names that are defined at the base."""
        claimed = {name for _, _, name in self.statements}
        found: dict[str, Family] = {}
        for names, spec in self._declarations():
            for name in names:
                if not self.levels.is_current(name):
                    raise ReadError(
                        f"{name} is no name of level {self.levels.index}",
                        hint=f"what a level brings along ends in {self.levels.current}, "
                        "all else is declared before",
                    )
                at_base = self.base.variable(self.levels.based(name))
                if at_base is not None and at_base in self.base.definitions:
                    found[spell(name)] = Family(spell(name), name, spec, spell(name) in claimed)
        for name in claimed - found.keys():
            raise ReadError(
                f"{name} has no base or no shape",
                hint=f"declare '{name}: …' and define {self.levels.based(name)} in the base",
            )
        if all(family.claimed for family in found.values()):
            raise ReadError(
                "nothing recurs but what is claimed", hint="define the values too: l₀ = …; lₙ = …"
            )
        return found

    def _declarations(self) -> list[tuple[list[str], str]]:
        found = []
        for item in items(self.said.declare):
            names, colon, spec = item.partition(":")
            if not colon or "=" in names:
                raise ReadError(f"{item!r} declares nothing", hint="formulas belong in base= and step=")
            found.append(([name.strip() for name in names.split(",")], spec.strip()))
        return found

    def _shape(self, spec: str) -> Shape:
        return read_shape(tokenize(spec, 0, any_level))

    def _check_base(self) -> None:
        """The base has the shape of its family at the base.  Errors: ShapeMismatch (SC012)."""
        for family in self.families.values():
            symbol = self.base.variable(self.levels.based(family.name))
            assert symbol is not None
            self._fits(symbol, self.levels.based(family.spec), self.base)

    def _fits(self, symbol: Symbol, spec: str, scope: Scope) -> None:
        wanted = self._shape(spec)
        same = len(wanted) == len(symbol.shape) and all(map(scope.same, wanted, symbol.shape))
        if not same:
            raise ShapeMismatch(
                f"{symbol.name} is {show_shape(symbol.shape)}, declared for its level is {show_shape(wanted)}"
            )

    # -- the step --------------------------------------------------------------------------------

    def _read_step(self) -> None:
        step, levels = self.step, self.levels
        self._declare_layer(step.scope, str)
        formulas = list(self._formulas())
        states = sum(levels.is_before(name) for name, _ in formulas)
        self._assume(step.scope, str)
        if not states:
            self._suppose()
        for name, formula in formulas:
            if levels.is_before(name):
                self._state(name, formula)
                if len(step.states) == states:
                    self._suppose()
            elif levels.is_current(name):
                declare_in(step.scope, formula)
            else:
                raise ReadError(
                    f"{name!r} is no name of level {levels.index}",
                    hint=f"the step defines names that end in {levels.current}; those that do not change "
                    "are defined before",
                )
        self._check_states()
        for family in self.families.values():
            symbol = step.scope.variables.get(family.name)
            if symbol is None:
                raise ReadError(f"the step does not define {family.name}")
            self._fits(symbol, family.spec, step.scope)
        for symbol, body in step.scope.definitions.items():
            if symbol not in step.known and symbol not in step.claimed:
                self._check(body)

    def _declare_layer(self, scope: Scope, levels_of: Callable[[str], str]) -> None:
        """What level n brings along, fresh; the families are defined later."""
        for names, spec in self._declarations():
            for name in names:
                if spell(name) not in self.families:
                    declare_in(scope, f"{name}: {levels_of(spec)}")

    def _assume(self, scope: Scope, levels_of: Callable[[str], str]) -> None:
        for text in self.said.assume:
            scope.assume(levels_of(text))

    def _check_states(self) -> None:
        """Nothing is assumed of a state.  Errors: BadAssumption (SC014)."""
        scope, names = self.step.scope, map(self.levels.from_before, self.step.states)
        states = {*self.step.states.values(), *(scope.variables[name] for name in names)}
        for condition in scope.assumptions().conditions:
            if condition.symbol in states:
                raise BadAssumption(
                    f"{condition.text!r} need not hold for the state of every level",
                    hint="the hypothesis is used at a state that follows from the one before",
                )

    def _state(self, name: str, formula: str) -> None:
        """``zₗ₊₁ = Wₗ @ g(zₗ) + bₗ``: how the argument of the level before follows."""
        step = self.step
        current = spell(self.levels.from_before(spell(name)))
        at_base = self.base.variable(self.levels.based(current))
        if at_base is None or at_base in self.base.definitions or current not in step.scope.variables:
            raise ReadError(
                f"{name} is no state: {current} has to be declared, {self.levels.based(current)} an input",
                hint="the value of the level before is no formula but the hypothesis",
            )
        declare_in(step.scope, formula)
        symbol = step.scope.variables[spell(name)]
        spec = next(spec for names, spec in self._declarations() if current in map(spell, names))
        self._fits(symbol, self.levels.back(spec), step.scope)
        self._fits(at_base, self.levels.based(spec), self.base)
        step.states[symbol.name] = at_base

    def _suppose(self) -> None:
        """The hypothesis: the values of the level before are arbitrary, what is claimed of them holds."""
        step, levels = self.step, self.levels
        step.arguments = self._arguments()
        step.values = tuple(self._value(family) for family in self.families.values() if not family.claimed)
        claimed: list[Symbol] = []
        for _, left, name in self.statements:
            back = read_formula(levels.back(left), step.scope)
            claimed.append(step.scope.define(levels.back(name), back))
            self._fits(claimed[-1], levels.back(self.families[name].spec), step.scope)
        step.claimed = tuple(claimed)

    def _value(self, family: Family) -> Symbol:
        """``lₙ₋₁ = λ(b₀)``, λ undefined; if nothing is differentiated, any value."""
        step, name = self.step, self.levels.back(family.name)
        shape = self._shape(self.levels.back(family.spec))
        if not step.arguments:
            return step.scope.declare(name, shape)
        function = Function(self._function_name(), tuple(s.shape for s in step.arguments), shape)
        return step.scope.define(name, Call(shape, function, tuple(map(variable, step.arguments))))

    def _arguments(self) -> tuple[Symbol, ...]:
        """What the values of the level before are functions of; all else is held."""
        scope = self.step.scope
        scratch = scope.copy()
        for family in self.families.values():
            if not family.claimed:
                scratch.declare(self.levels.back(family.name), self._shape(self.levels.back(family.spec)))
        names = dict.fromkeys(self.step.states)
        for _, left, _ in self.statements:
            for node in walk(read_formula(self.levels.back(left), scratch)):
                if isinstance(node, Derivative):
                    names.setdefault(node.by.name)
        names.update(dict.fromkeys(map(spell, self.said.over)))
        found = []
        for name in names:
            symbol = scope.variables.get(name)
            if symbol is None:
                raise ReadError(
                    f"the hypothesis cannot be differentiated by {name}",
                    hint="it is differentiated by inputs, or by the state of its level",
                )
            if symbol in self.step.states.values():
                raise NotSupported(
                    f"{name} is the state of the base alone", hint="differentiate by the state of each level"
                )
            found.append(symbol)
        return tuple(found)

    def _function_name(self) -> str:
        """λ, λ₁, …: the first one that names nothing yet."""
        scope = self.step.scope
        used = {call.function.name for body in scope.definitions.values() for call in calls(body)}
        taken = {*scope.variables, *scope.functions, *used}
        return next(name for k in count() if (name := f"lambda{k or ''}") not in taken)

    # -- what the step may not do ------------------------------------------------------------------

    def _check(self, formula: Tensor) -> None:
        """Refuse what the hypothesis says nothing about.  Errors: NotSupported, IndexMisuse."""
        step = self.step
        graph = step.scope.graph()
        for index in all_indices(formula):
            if index.name == self.levels.index:
                raise IndexMisuse(f"{index.name} counts levels here", hint="give the index another letter")
        if step.states:
            fixed = [s for s in symbols_in(formula) if any(graph.depends(s, b) for b in step.states.values())]
            if fixed:
                raise NotSupported(
                    f"{fixed[0].name} belongs to the base alone, and its state follows from this one",
                    hint="use the names of this level and of the one before",
                )
        for node in walk(formula):
            if isinstance(node, Differential):
                raise NotSupported(
                    "a step holds no differentials", span=node.span, hint="write a derivative ∂uₙ/∂x"
                )
            if isinstance(node, Derivative):
                self._check_derivative(node, graph)

    def _check_derivative(self, node: Derivative, graph: Graph) -> None:
        step = self.step
        fresh = [s for s in step.scope.variables.values() if s not in step.known]
        allowed = {*step.arguments, *fresh} - {*step.claimed}
        if len(step.values) > 1:
            allowed -= {*step.values}
        if node.by not in allowed:
            held = ", ".join(s.name for s in step.values)
            raise NotSupported(
                f"the hypothesis is not about derivatives by {node.by.name}: it is held in {held}",
                span=node.span,
                hint=f"name it: over='{node.by.name}'" if node.by in step.known else None,
            )
        for symbol in symbols_in(node.body):
            for claimed in step.claimed:
                if graph.depends(symbol, claimed):
                    raise NotSupported(
                        f"{claimed.name} is known by the hypothesis alone, which is not differentiated",
                        span=node.span,
                        hint="claim a further family for its derivative",
                    )

    def checked(self, claim: Claim) -> Claim:
        """A claim of the step, or its error where it asks what the hypothesis does not say."""
        if claim.equation is None:
            return claim
        try:
            self._check(claim.equation.left)
            self._check(claim.equation.right)
        except SymcheckError as error:
            error.location = error.location or claim.location
            return replace(claim, equation=None, error=error)
        if self.uses_hypothesis(claim.equation):
            return replace(claim, given=tuple(self.levels.back(text) for text, _, _ in self.statements))
        return claim

    def uses_hypothesis(self, equation: Equation) -> bool:
        """Whether an equation speaks of what is claimed at the level before."""
        graph, claimed = self.step.scope.graph(), self.step.claimed
        names = (*symbols_in(equation.left), *symbols_in(equation.right))
        return any(graph.depends(name, symbol) for name in names for symbol in claimed)

    # -- the first level after the base ---------------------------------------------------------

    def first(self) -> tuple[Scope, Graph]:
        """The step with the base put in for the level before; a state of the base follows like any other."""
        scope, levels = self.base.copy(), self.levels
        self._declare_layer(scope, levels.first)
        self._assume(scope, levels.first)
        moved: dict[Symbol, Tensor] = {}
        for name, formula in self._formulas():
            if levels.is_before(name):
                body = formula.partition("=")[2]
                moved[self.step.states[spell(name)]] = read_formula(levels.first(body), scope)
            else:
                declare_in(scope, levels.first(formula))
        return scope, Graph(in_order({**moved, **scope.definitions})) if moved else scope.graph()

    def _formulas(self) -> Iterator[tuple[str, str]]:
        """The formulas of the step with the names they define."""
        for formula in items(self.said.step):
            yield formula.partition("=")[0].strip(": "), formula


def in_order(definitions: dict[Symbol, Tensor]) -> dict[Symbol, Tensor]:
    """The definitions, each after those it uses.  Errors: NotSupported where they go in a circle."""
    found: dict[Symbol, Tensor] = {}
    waiting = dict(definitions)
    while waiting:
        ready = [s for s, body in waiting.items() if not any(p in waiting for p in symbols_in(body))]
        if not ready:
            raise NotSupported("the state of the base follows from what depends on it")
        for symbol in ready:
            found[symbol] = waiting.pop(symbol)
    return found
