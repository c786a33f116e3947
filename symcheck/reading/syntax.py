"""Untyped syntax: what stands on the page, before anyone asks for shapes.

Every node carries the span of the text it was read from.  Names are in canonical spelling.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from symcheck.language.tensor import Span


@dataclass(frozen=True, eq=False, slots=True)
class Syntax:
    """Root of all syntax nodes."""

    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Num(Syntax):
    """An exact literal."""

    value: Fraction
    text: str


@dataclass(frozen=True, eq=False, slots=True)
class Name(Syntax):
    """A word that is not applied to anything."""

    name: str
    raw: str
    """As written."""


@dataclass(frozen=True, eq=False, slots=True)
class Chain(Syntax):
    """Operands joined by operators of one precedence, applied from the left."""

    operands: tuple[Syntax, ...]
    ops: tuple[str, ...]
    """One fewer than operands; ``·`` also stands for factors written side by side."""


@dataclass(frozen=True, eq=False, slots=True)
class Negated(Syntax):
    """−operand."""

    operand: Syntax


@dataclass(frozen=True, eq=False, slots=True)
class Power(Syntax):
    """base ** exponent."""

    base: Syntax
    exponent: Syntax
    above: bool = False
    """Written above the line: x², X⁻¹."""


@dataclass(frozen=True, eq=False, slots=True)
class Transposed(Syntax):
    """operand.T"""

    operand: Syntax


@dataclass(frozen=True, eq=False, slots=True)
class At(Syntax):
    """One place of an index list: a name, a number, or nothing where the whole axis stays (``:``)."""

    at: str | int | None
    run: str = ""
    """Small digits as they stand together: one number, or one for each axis if there are as many axes."""


@dataclass(frozen=True, eq=False, slots=True)
class Subscript(Syntax):
    """base[i, 0]"""

    base: Syntax
    places: tuple[At, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Applied(Syntax):
    """name(arguments), with ``primes`` marks between."""

    name: str
    raw: str
    arguments: tuple[Syntax, ...]
    primes: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Listed(Syntax):
    """``[a, b]`` or ``(a, b)`` as an argument of what joins vectors and matrices."""

    items: tuple[Syntax, ...]


@dataclass(frozen=True, eq=False, slots=True)
class FunctionDerivative(Syntax):
    """``D(f, 1)(arguments)``: derivatives of a function, applied."""

    name: str
    raw: str
    orders: tuple[int | None, ...]
    """The argument of each derivative, counted from 0; None: its only one."""
    arguments: tuple[Syntax, ...]
    body: Syntax | None = None
    """Of ``D(z -> body)(argument)`` the formula; `name` is then its parameter."""
    primes: int = 0
    """Of ``(z -> body)'(argument)``, entry by entry, the marks; `orders` are empty then."""


@dataclass(frozen=True, eq=False, slots=True)
class Partials(Syntax):
    """``∂ᵢA₂,ₖ(v)``: derivatives by entries of the only argument; ``∂A(v)`` by all of them at once."""

    name: str
    raw: str
    marks: tuple[At, ...]
    components: tuple[At, ...]
    arguments: tuple[Syntax, ...]


@dataclass(frozen=True, eq=False, slots=True)
class SumOver(Syntax):
    """Σ over named indices; ``product`` for Π."""

    names: tuple[At, ...]
    body: Syntax
    product: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Bars(Syntax):
    """|operand|: the absolute value of a number, the norm of a vector; ``double`` for ‖operand‖."""

    operand: Syntax
    double: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Comparison(Syntax):
    """first sign second …, inside ``where`` or an Iverson bracket."""

    operands: tuple[Syntax, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Iverson(Syntax):
    """[condition]: 1 where it holds, else 0."""

    condition: Comparison


@dataclass(frozen=True, eq=False, slots=True)
class By(Syntax):
    """One denominator of a Leibniz fraction: ∂x[i]."""

    name: str
    raw: str
    places: tuple[At, ...] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Leibniz(Syntax):
    """A Leibniz fraction: ∂numerator/∂x[i], by several variables for higher orders."""

    numerator: Syntax
    by: tuple[By, ...] = field(default=())


@dataclass(frozen=True, eq=False, slots=True)
class Total(Syntax):
    """d(operand) with nothing below it: the total differential."""

    operand: Syntax


@dataclass(frozen=True, eq=False, slots=True)
class LimitOf(Syntax):
    """lim(w -> target, body); no target: infinity."""

    variable: Name
    target: Syntax | None
    side: str
    """``+`` or ``-``: of a point the side it is approached from, of infinity the sign."""
    body: Syntax
