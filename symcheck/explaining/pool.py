"""What may be put into a formula: the names of a claim, its sizes, factors and terms met in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from symcheck.language.claim import Claim
from symcheck.language.shape import Shape
from symcheck.language.tensor import (
    Apply,
    Call,
    Constant,
    Delta,
    Derivative,
    Entry,
    Index,
    Number,
    SizeNumber,
    Symbol,
    Tensor,
    Variable,
    apply,
    structure,
    symbols_in,
    variable,
    walk,
)

NAMES = 16
"""Most names that are put for others."""
FACTORS = 40
"""Most factors that are tried."""
SCALES = (2, Fraction(1, 2), 3, Fraction(1, 3), 4, Fraction(1, 4))


@dataclass(frozen=True, slots=True)
class Pool:
    """The material of one claim."""

    names: tuple[Symbol, ...]
    scales: tuple[tuple[Tensor, bool], ...]
    """Numeric factors; the second says whether it is a common one."""
    factors: tuple[tuple[Tensor, int], ...]
    """Factors, and how large an edit it is to put one in."""
    terms: tuple[tuple[Tensor, int], ...]

    def placed(self, shape: Shape, indices: tuple[Index, ...]) -> Iterator[tuple[Index | int, ...]]:
        """The ways to put an entry of a tensor of this shape here."""
        options: list[list[Index | int]] = []
        for size in shape:
            length = size[0]
            if isinstance(length, int):
                options.append(list(range(min(length, 3))))
            else:
                options.append([*(i for i in indices if i.dim == length), 0])
        yield from product(*options)


def pool_of(claim: Claim, left: Tensor, right: Tensor, true: Tensor | None) -> Pool:
    """The material: names of the sides and of what they depend on, parts of both sides."""
    names = list(_names(claim, left, right))[:NAMES]
    factors: dict[object, tuple[Tensor, int]] = {}

    def add(tensor: Tensor, size: int) -> None:
        if not isinstance(tensor, Number | Delta | SizeNumber):
            factors.setdefault(structure(tensor), (tensor, size))

    for symbol in names:
        if len(symbol.shape) <= 2:
            add(variable(symbol), 3)
    for part in walk(right):
        if isinstance(part, Apply | Entry | Call | Derivative) and len(part.shape) <= 2:
            add(part, 3)
    if true is not None:
        for part in _parts(true):
            add(part, 3)
    for symbol in names:
        if not symbol.shape or len(symbol.shape) == 1:
            add(1 - variable(symbol), 4)
            add(variable(symbol) * (1 - variable(symbol)), 4)
    chosen = list(factors.values())[:FACTORS]
    scalars = [variable(s) for s in names if not s.shape]
    terms = [(v, 3) for v in scalars]
    known = {structure(v) for v in scalars}
    if true is not None:
        terms += [(t, 3) for t in _parts(true) if structure(t) not in known][:12]
    return Pool(tuple(names), tuple(_scales(claim, left, right)), tuple(chosen), tuple(terms))


def _parts(tensor: Tensor) -> list[Tensor]:
    return [p for p in walk(tensor) if not isinstance(p, Number | Constant | SizeNumber | Delta)][:24]


def _names(claim: Claim, left: Tensor, right: Tensor) -> dict[Symbol, None]:
    """Names of the right side first, then those that stand around them in the graph."""
    found = dict.fromkeys([*symbols_in(right), *symbols_in(left)])
    for symbol in list(found):
        found.update(dict.fromkeys(claim.graph.parents.get(symbol, ())))
        found.update(dict.fromkeys(claim.graph.children.get(symbol, ())))
    found.update(dict.fromkeys(claim.graph.definitions))
    for symbol in claim.graph.definitions:
        found.update(dict.fromkeys(claim.graph.parents[symbol]))
    return found


def _scales(claim: Claim, left: Tensor, right: Tensor) -> Iterator[tuple[Tensor, bool]]:
    dims: dict[str, None] = {}
    for symbol in _names(claim, left, right):
        for size in symbol.shape:
            dims.update(dict.fromkeys(d for d in size if isinstance(d, str)))
    for part in (*walk(left), *walk(right)):
        for size in part.shape:
            dims.update(dict.fromkeys(d for d in size if isinstance(d, str)))
        if isinstance(part, SizeNumber) and isinstance(part.dim, str):
            dims.setdefault(part.dim)
    for value in SCALES[:2]:
        yield Number((), Fraction(value), ""), True
    for dim in dims:
        size_ = SizeNumber((), dim)
        yield size_, True
        yield 1 / size_, True
    for value in SCALES[2:]:
        yield Number((), Fraction(value), ""), False
    for dim in dims:
        root = apply("sqrt", SizeNumber((), dim))
        yield 1 / root, False
        yield root, False
    pi = Constant((), "pi")
    for made in (pi, 1 / pi, apply("sqrt", 2 * pi), 1 / apply("sqrt", 2 * pi)):
        if any(isinstance(p, Constant) for p in walk(right)):
            yield made, False


def mentions(tensor: Tensor, other: Tensor) -> bool:
    """Whether a formula stands in another, written alike."""
    wanted = structure(other)
    return any(structure(part) == wanted for part in walk(tensor))


def is_name(tensor: Tensor) -> bool:
    """Whether a formula is a bare name."""
    return isinstance(tensor, Variable)
