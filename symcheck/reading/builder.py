"""The builder that derivation files and notebooks use.

Scalars are SymPy symbols and expressions, vectors and matrices are symcheck tensors or text; claims,
whose very form matters, are text.  What was built leaves as a frozen `Lecture`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from importlib import import_module
from types import FrameType, ModuleType
from typing import Any

from symcheck.errors import ReadError, ShapeMismatch, UsageError
from symcheck.language.claim import Expectation, Value
from symcheck.language.derivation import Item, Lecture, Note
from symcheck.language.shape import show_shape
from symcheck.language.tensor import Symbol, Tensor, variable
from symcheck.reading.callers import place_in_caller
from symcheck.reading.declarations import declare_in
from symcheck.reading.elaborate import read_formula
from symcheck.reading.letters import spell
from symcheck.reading.line import read_line
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
    ) -> None:
        self.name = name
        self.title = title or name
        self.source = source
        self.lecture = lecture
        self.convention = convention
        self.scope = Scope()
        self.output: str | None = None
        """Name of the scalar whose derivatives the chain-rule table shows; by default the last one."""
        self._items: list[Item] = []
        self._point: dict[Symbol, Value] = {}
        self._ids: dict[str, int] = {}

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

    def claim(self, text: str, *, expect: str = "proved", note: str = "", assume: Iterable[str] = ()) -> None:
        """Claim a line: ``a = b``, ``a <= b``, or a chain of these of which every link is judged."""
        self._claim(text, expect, note, tuple(assume), sys._getframe(1))

    def claims(self, text: str, *, expect: str = "proved") -> None:
        """Claim several lines, one each; blank lines and lines that start with # are left out."""
        frame = sys._getframe(1)
        after: int | None = frame.f_lineno - 1
        for line in text.splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                after = self._claim(line.strip(), expect, "", (), frame, after)

    def note(self, text: str) -> None:
        """Keep a remark in prose between the claims."""
        self._items.append(Note(text))

    def _claim(
        self,
        text: str,
        expect: str,
        note: str,
        assume: tuple[str, ...],
        frame: FrameType,
        after: int | None = None,
    ) -> int:
        """Read one line; the number of the line of the file that it stands in."""
        try:
            expected = Expectation(expect)
        except ValueError:
            choices = ", ".join(Expectation)
            raise UsageError(f"expect={expect!r} is none of {choices}") from None
        place = place_in_caller(text, frame, after)
        self._items.extend(
            read_line(
                text,
                self.scope,
                id=self._id(text),
                expected=expected,
                convention=self.convention,
                note=note,
                point=dict(self._point),
                assume=assume,
                file=place.file,
                line=place.line,
                col=place.col,
                source=place.source,
            )
        )
        return place.line

    def _id(self, text: str) -> str:
        """``name::left side``, made unique."""
        head = text.split("=")[0].rstrip(" <>≤≥")
        base = f"{self.name}::{head.strip().replace(' ', '')}"
        count = self._ids[base] = self._ids.get(base, 0) + 1
        return base if count == 1 else f"{base}#{count}"

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
        )


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
