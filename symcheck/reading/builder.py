"""The builder that derivation files and notebooks use.

Scalars are SymPy symbols and expressions, vectors and matrices are symcheck tensors or text; claims,
whose very form matters, are text.  What was built leaves as a frozen `Lecture`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from types import FrameType, ModuleType
from typing import Any

from symcheck.errors import ReadError, ShapeMismatch, UsageError
from symcheck.language.claim import Claim, Expectation, Value
from symcheck.language.derivation import Item, Lecture, Note
from symcheck.language.shape import show_shape
from symcheck.language.tensor import Symbol, Tensor, variable
from symcheck.reading.callers import place_in_caller
from symcheck.reading.declarations import declare_in
from symcheck.reading.elaborate import read_formula
from symcheck.reading.hints import did_you_mean
from symcheck.reading.induction import Inductive, Recursion, items
from symcheck.reading.instantiating import Instance
from symcheck.reading.letters import spell
from symcheck.reading.levels import Levels
from symcheck.reading.line import read_line
from symcheck.reading.places import Place
from symcheck.reading.proofs import Proof
from symcheck.reading.scope import Scope


def _sympy_objects() -> ModuleType:
    """SymPy is imported only by those who use its objects: text needs none of it."""
    return import_module("symcheck.reading.sympy_objects")


class Derivation:
    """A derivation while it is written down; `lecture_noun()` is what it says so far."""

    def __init__(
        self,
        name: str,
        *,
        title: str = "",
        source: str = "",
        lecture: str = "",
        convention: str = "gradient",
        sweeps: bool = False,
        steps: bool = False,
    ) -> None:
        self.name = name
        self.title = title or name
        self.source = source
        self.lecture = lecture
        self.convention = convention
        self.sweeps = sweeps
        """Whether `derive` shows the forward and the reverse sweep without being asked."""
        self.steps = steps
        """Whether `derive` tells by which rule each line comes from another."""
        self.scope = Scope()
        self.output: str | None = None
        """Name of the scalar whose derivatives the chain-rule table shows; by default the last one."""
        self._items: list[Item] = []
        self._point: dict[Symbol, Value] = {}
        self._ids: dict[str, int] = {}
        self._scopes: dict[str, Scope] = {}
        """Id of a claim → its scope, where that is not the one of the derivation."""

    # -- declaring -------------------------------------------------------------------------------

    def scalars(self, names: str) -> Any:
        """Declare scalars and return them as SymPy symbols."""
        made = _sympy_objects().scalar_symbols(names)
        for symbol in made:
            self.scope.declare(symbol.name, ())
        return made[0] if len(made) == 1 else made

    def vector(self, name: str, size: str | int) -> Tensor:
        """Declare a vector."""
        return self._declared(name, f"{name}: {size}")

    def matrix(self, name: str, sizes: str | tuple[str | int, str | int]) -> Tensor:
        """Declare a matrix: ``matrix("V", "h n")``."""
        text = sizes if isinstance(sizes, str) else f"{sizes[0]} {sizes[1]}"
        return self._declared(name, f"{name}: {text}")

    def declare(self, text: str) -> None:
        """Declare in text: ``'x: n; V: h n; t: scalar; sigma: elementwise'``, or define: ``'p = V @ x'``."""
        declare_in(self.scope, text)

    def function(self, text: str) -> None:
        """Declare undefined functions: ``'sigma: elementwise; A: n -> m'``."""
        declare_in(self.scope, text)

    def _declared(self, name: str, text: str) -> Tensor:
        declare_in(self.scope, text)
        return variable(self.scope.variables[spell(name)])

    def define(self, name: str, formula: Any) -> Any:
        """Name an intermediate value.

        `formula` is text, a tensor, or a SymPy expression; what comes back is the name, as a SymPy symbol
        for a scalar given in SymPy, otherwise as a tensor.
        """
        if isinstance(formula, str):
            tensor = read_formula(formula, self.scope)
        elif isinstance(formula, Tensor):
            tensor = formula
        else:
            tensor = _sympy_objects().to_tensor(formula, self.scope)
            symbol = self.scope.define(name, tensor)
            if not symbol.shape:
                return _sympy_objects().scalar_symbols(name)[0]
            return variable(symbol)
        return variable(self.scope.define(name, tensor))

    def assume(self, *texts: str) -> None:
        """Add assumptions: ``'A symmetric'``, ``'dim m == n'``, ``'eps > 0'``."""
        for text in texts:
            self.scope.assume(text)

    def at(self, **values: Any) -> None:
        """Give inputs exact values: ints, Fractions, decimals as text, nested lists of them."""
        for name, value in values.items():
            symbol = self.scope.variable(name)
            if symbol is None:
                raise UsageError(f"{name} is not declared in {self.name}", code="SC010")
            self._point[symbol] = exact(value, name)
            fitting(self._point)

    # -- saying ----------------------------------------------------------------------------------

    def claim(
        self,
        text: str,
        *,
        expect: str = "proved",
        note: str = "",
        assume: Iterable[str] = (),
        convention: str | None = None,
    ) -> None:
        """Claim a line: an equation, or a chain ``a = b = c`` of which every member is judged.

        `assume` and `convention` hold for this line alone.
        """
        self._claim(text, expect, note, tuple(assume), sys._getframe(1), convention=convention)

    def claims(
        self,
        text: str,
        *,
        expect: str = "proved",
        assume: Iterable[str] = (),
        convention: str | None = None,
    ) -> None:
        """Claim several lines, one each; blank lines and lines that start with # are left out."""
        frame = sys._getframe(1)
        after: int | None = frame.f_lineno - 1
        for line in _lines(text):
            after = self._claim(line, expect, "", tuple(assume), frame, after, convention)

    def note(self, text: str) -> None:
        """Keep a remark in prose between the claims."""
        self._items.append(Note(text))

    def induction(
        self,
        statement: str,
        *,
        on: str,
        start: int | str,
        declare: str,
        base: str = "",
        step: str,
        down: bool = False,
        base_claims: str = "",
        step_claims: str = "",
        assume: Iterable[str] = (),
        over: str = "",
        closed: str = "",
        expect: str = "proved",
        expect_step: str = "proved",
        expect_base: str = "proved",
    ) -> Proven:
        """Prove `statement`, such as ``∂lₙ/∂b₀ = Gₙ``, for every level `on` from `start` up, or down.

        `declare` holds the shapes of what recurs and what each level brings along (``wₙ: dₙ₋₁ dₙ``), `base`
        and `step` the formulas (``l₀ = …``; ``lₙ = … lₙ₋₁ …``), `base_claims` and `step_claims` further
        lines of the proof, `closed` what the claimed value comes to.  The hypothesis is differentiated by
        what the statement is, and by the names in `over`.  What comes back takes claims about level n.
        """
        frame = sys._getframe(1)
        said = Recursion(
            tuple(items(statement)),
            Levels(on, str(start), down),
            declare,
            base,
            step,
            tuple(assume),
            tuple(over.replace(",", " ").split()),
            closed,
        )
        expected = {
            "base": _expectation(expect_base),
            "step": _expectation(expect_step),
            "conclusion": _expectation(expect),
        }

        def read(text: str, scope: Scope, part: str, written: str) -> list[Claim]:
            place = place_in_caller(written, frame)
            if text != written:
                place = replace(place, source=None)
            name = f"every {on}: {text}" if part == "conclusion" else text
            return self._read(text, scope, place, expected.get(part, Expectation.PROVED), id=name)

        proof = Proof(Inductive(said, self.scope), _lines(base_claims), _lines(step_claims), read)
        self._items += proof.items
        return Proven(self, proof)

    def _read(
        self,
        text: str,
        scope: Scope,
        place: Place,
        expected: Expectation,
        note: str = "",
        assume: tuple[str, ...] = (),
        id: str = "",
        convention: str | None = None,
    ) -> list[Claim]:
        """The claims of one line in a scope of its own."""
        claims = read_line(
            text,
            scope,
            id=self._id(id or text),
            expected=expected,
            convention=convention or self.convention,
            note=note,
            point=dict(self._point),
            assume=assume,
            file=place.file,
            line=place.line,
            col=place.col,
            source=place.source,
        )
        if scope is not self.scope:
            self._scopes.update((claim.id, scope) for claim in claims)
        return claims

    def scope_of(self, claim: Claim) -> Scope:
        """The names a claim is about: those of the derivation, or also those of a level."""
        return self._scopes.get(claim.id, self.scope)

    def extend(self, items: Iterable[Item]) -> None:
        """Add claims and remarks that were made elsewhere, such as those of a layer."""
        self._items.extend(items)

    def _claim(
        self,
        text: str,
        expect: str,
        note: str,
        assume: tuple[str, ...],
        frame: FrameType,
        after: int | None = None,
        convention: str | None = None,
    ) -> int:
        """Read one line; the number of the line of the file that it stands in."""
        place = place_in_caller(text, frame, after)
        self._items += self._read(
            text, self.scope, place, _expectation(expect), note, assume, convention=convention
        )
        return place.line

    def _id(self, text: str) -> str:
        """``name::left side``, made unique."""
        head = text.split("=")[0].rstrip(" <>≤≥")
        base = f"{self.name}::{head.strip().replace(' ', '')}"
        count = self._ids[base] = self._ids.get(base, 0) + 1
        return base if count == 1 else f"{base}#{count}"

    # -- known functions put in ------------------------------------------------------------------

    def instantiate(
        self,
        name: str,
        functions: Mapping[str, str] | None = None,
        *,
        title: str = "",
        source: str = "",
        lecture: str = "",
        declare: str = "",
        assume: Iterable[str] = (),
        claims: bool | Iterable[str] = True,
        **more: str,
    ) -> Derivation:
        """This derivation with known functions put in for undefined ones, a derivation of its own.

        ``network.instantiate("closed", {"A₁": "tanh", "A₂": "z -> softmax(κ*z)"}, declare="κ: scalar")``, or
        ``sigma="tanh"``.  Definitions, assumptions, point, notes and claims are carried over and judged anew;
        of the claims every one, or the lines that are given as they were written.  Where a function
        fits only if two sizes are one, they are assumed to be, and the scope of each verdict says so.
        Errors: UsageError for an unknown function or claim; BadCall, ShapeMismatch for a formula that does
        not fit.
        """
        formulas = {**(functions or {}), **more}
        instance = Instance(self.scope, formulas, declare=declare, assume=assume)
        made = Derivation(
            name,
            title=title,
            source=source or self.source,
            lecture=lecture or self.lecture,
            convention=self.convention,
        )
        made.scope = instance.scope
        made.output = self.output
        made._point = {instance.symbol(symbol): value for symbol, value in self._point.items()}
        put_in = ", ".join(f"{function} = {text}" for function, text in formulas.items())
        made.note(f"{self.name} with {put_in}.")
        wanted = self._wanted(claims)
        for item in self._items:
            if isinstance(item, Note):
                if wanted is None:
                    made._items.append(item)
            elif wanted is None or item.line.strip() in wanted:
                made._items.append(instance.claim(item, name))
        made._ids = {f"{name}::{base.partition('::')[2]}": count for base, count in self._ids.items()}
        return made

    def _wanted(self, claims: bool | Iterable[str]) -> frozenset[str] | None:
        """The lines to carry over; None for all.  Errors: UsageError for one that is not there."""
        if isinstance(claims, bool):
            return None if claims else frozenset()
        known = [item.line.strip() for item in self._items if isinstance(item, Claim)]
        wanted = frozenset(line.strip() for line in claims)
        for missing in sorted(wanted.difference(known)):
            raise UsageError(
                f"{self.name} has no claim {missing!r}", code="SC010", hint=did_you_mean(missing, known)
            )
        return wanted

    # -- what was said ---------------------------------------------------------------------------

    def lecture_noun(self) -> Lecture:
        """The derivation as data.  Errors: UsageError if `output` names nothing."""
        output = None
        if self.output is not None:
            output = self.scope.variable(self.output)
            if output is None:
                raise UsageError(f"output = {self.output!r} is no name of {self.name}", code="SC010")
        return Lecture(
            name=self.name,
            title=self.title,
            source=self.source,
            lecture=self.lecture,
            convention=self.convention,
            inputs=self.scope.inputs(),
            functions=tuple(self.scope.functions.values()),
            graph=self.scope.graph(),
            assumptions=self.scope.assumptions(),
            point=dict(self._point),
            output=output,
            items=tuple(self._items),
            sweeps=self.sweeps,
            steps=self.steps,
        )


class Proven:
    """A proof by induction that was written down; further claims about level n go here."""

    def __init__(self, derivation: Derivation, proof: Proof) -> None:
        self._derivation = derivation
        self._proof = proof

    def claim(self, text: str, *, expect: str = "proved", note: str = "") -> None:
        """Claim a line about level n, given what was proved of the level before."""
        self._claim(text, expect, note, sys._getframe(1), None)

    def claims(self, text: str, *, expect: str = "proved") -> None:
        """Claim several such lines, one each."""
        frame = sys._getframe(1)
        after: int | None = frame.f_lineno - 1
        for line in _lines(text):
            after = self._claim(line, expect, "", frame, after)

    def _claim(self, text: str, expect: str, note: str, frame: FrameType, after: int | None) -> int:
        derivation, scope = self._derivation, self._proof.inductive.step.scope
        place = place_in_caller(text, frame, after)
        read = derivation._read(text, scope, place, _expectation(expect), note)
        derivation._items += map(self._proof.corollary, read)
        return place.line


def _lines(text: str) -> list[str]:
    """The lines of a text that say something."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _expectation(text: str) -> Expectation:
    try:
        return Expectation(text)
    except ValueError:
        choices = ", ".join(Expectation)
        raise UsageError(f"expect={text!r} is none of {choices}") from None


def exact(value: Any, name: str) -> Value:
    """An exact value, or nested tuples of them.  Errors: ReadError for a float."""
    if isinstance(value, bool):
        raise ReadError(f"{name} = {value} is no number")
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, str):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise ReadError(f"{name} = {value!r} is no exact number", hint="write '0.1' or '1/3'") from None
    if isinstance(value, float):
        raise ReadError(
            f"{name} = {value} is a float, and no exact number", hint=f"write {name}='{value}' or a Fraction"
        )
    if isinstance(value, Sequence):
        return tuple(exact(part, name) for part in value)
    if hasattr(value, "p") and hasattr(value, "q"):
        return Fraction(int(value.p), int(value.q))
    raise ReadError(f"{name} = {value!r} is no exact number")


def fitting(point: dict[Symbol, Value]) -> dict[Symbol, Value]:
    """The same point, if every value has the rank of its symbol.  Errors: ShapeMismatch (SC012)."""
    for symbol, value in point.items():
        rank = 0
        while isinstance(value, tuple):
            rank += 1
            if not value:
                raise ShapeMismatch(f"the value of {symbol.name} at the point is empty")
            value = value[0]
        if rank != len(symbol.shape):
            raise ShapeMismatch(
                f"{symbol.name} is {show_shape(symbol.shape)}, its value at the point has {rank} axes",
                hint="a vector is given as [1, 2], a matrix as [[1, 2], [3, 4]]",
            )
    return point


def lectures_in(namespace: Mapping[str, object]) -> list[Lecture]:
    """The lectures of the derivations found in a module, in order.  Errors: those of `lecture_noun`."""
    found: list[Lecture] = []
    for value in namespace.values():
        if isinstance(value, Derivation) and not any(value.name == lecture.name for lecture in found):
            found.append(value.lecture_noun())
    return found
