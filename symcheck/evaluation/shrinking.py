"""From a point at which two sides part to one that is easier to read: smaller sizes, simpler entries.

Comes in: a point, and a test whether a point still serves.  Goes out: the last point that served.  Every
change is tried on its own, in one order, so that the same claim gives the same point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from flint import fmpq

from symcheck.evaluation.numbers import ONE, ZERO, Real
from symcheck.evaluation.points import GivenEntries, GivenFunctions, Point, Region, lengths
from symcheck.evaluation.polynomials import (
    Form,
    Polynomial,
    ScalarPolynomial,
    VectorPolynomial,
)
from symcheck.evaluation.sampling import Style
from symcheck.language.shape import Dim
from symcheck.language.tensor import Function, Symbol

TRIES = 80
"""Most points looked at."""
SIMPLE: tuple[Real, ...] = (ZERO, ONE, -ONE, fmpq(2), fmpq(3))
"""Entries of arrays, the simplest first: zeros are quickest to reckon with."""
SCALARS: tuple[Real, ...] = (ONE, fmpq(2), -ONE, fmpq(3), ZERO)
"""Values of scalars, the most telling first: where one is 0 much else is."""
NUMBER = 40
"""Number of the points drawn at smaller sizes."""

Serves = Callable[[Point], bool]


class Shrinking:
    """One walk to simpler points, on a budget of tries."""

    def __init__(self, point: Point, region: Region, serves: Serves) -> None:
        self.point = point
        self.region = region
        self.serves = serves
        self.left = TRIES

    def result(self, symbols: Sequence[Symbol], functions: Sequence[Function]) -> Point:
        """The simplest point met; `symbols` are the inputs that a reader is shown."""
        self._sizes()
        self._fix()
        for function in functions:
            self._any(self._with_function(function, p) for p in simple_maps(function, self.point.sizes))
        for symbol in symbols:
            self._entries(symbol)
        return self.point

    def _take(self, point: Point) -> bool:
        """Whether a point serves; it is kept if so."""
        if self.left <= 0:
            return False
        self.left -= 1
        if self.serves(point):
            self.point = point
            return True
        return False

    def _any(self, points: Iterator[Point]) -> bool:
        return any(self._take(point) for point in points)

    # -- sizes -----------------------------------------------------------------------------------

    def _sizes(self) -> None:
        """Each size as small as it can be, the others as they are."""
        for dim in self.region.dims:
            for size in range(self.region.least[dim], self.point.sizes[dim]):
                chosen: dict[Dim, int] = {d: self.point.sizes[d] for d in self.region.dims}
                chosen[dim] = size
                if self.region.assumptions.ordered(chosen) != chosen:
                    continue
                if self._take(self.region.sized(chosen, NUMBER, Style.NATURAL)):
                    break

    def _fix(self) -> None:
        """From here on the entries are those that were met, and no others are drawn."""
        old = self.point
        self.point = Point(old.sizes, GivenEntries(old.entries), GivenFunctions(old.functions), old.living)

    # -- functions -------------------------------------------------------------------------------

    def _with_function(self, function: Function, polynomial: Polynomial) -> Point:
        old = self.point
        functions = GivenFunctions(old.functions)
        functions[function] = polynomial
        return Point(old.sizes, old.entries, functions, old.living)

    # -- entries ---------------------------------------------------------------------------------

    def _entries(self, symbol: Symbol) -> None:
        """All entries of one name alike, or each as simple as it can be."""
        row = self.point.entries[symbol]
        if len(row) == 1:
            self._any(self._with_row(symbol, [x]) for x in simpler(row[0], SCALARS))
            return
        if self._any(self._with_row(symbol, [x] * len(row)) for x in (ZERO, ONE)):
            return
        for place in range(len(row)):
            row = self.point.entries[symbol]
            changed = ([*row[:place], x, *row[place + 1 :]] for x in simpler(row[place], SIMPLE))
            self._any(self._with_row(symbol, one) for one in changed)

    def _with_row(self, symbol: Symbol, row: list[Real]) -> Point:
        old = self.point
        entries = GivenEntries(old.entries)
        entries[symbol] = row
        return Point(old.sizes, entries, old.functions, old.living)


def simpler(value: Real, order: Sequence[Real]) -> Iterator[Real]:
    """The numbers that come before a value."""
    for number in order:
        if type(value) is fmpq and value == number:
            return
        yield number


def simple_maps(function: Function, sizes: dict[Dim, int]) -> Iterator[Polynomial]:
    """Squares, cubes, then a square with a line: what a function may be for an example."""
    if function.elementwise:
        yield ScalarPolynomial((ZERO, ZERO, ONE))
        yield ScalarPolynomial((ZERO, ZERO, ZERO, ONE))
        yield ScalarPolynomial((ZERO, ONE, ONE))
        yield ScalarPolynomial((ONE, ONE, ONE, ONE))
        return
    inputs = sum(_count(shape, sizes) for shape in function.domain)
    outputs = _count(function.codomain, sizes)
    for degrees, together in (((2,), False), ((2,), True), ((3,), True), ((1, 2), True)):
        rows = []
        for output in range(outputs):
            own = output % inputs
            weights = tuple(
                fmpq(1 + (k + output) % inputs) if together else ONE if k == own else ZERO
                for k in range(inputs)
            )
            rows.append(tuple(Form(ONE, weights, ZERO, degree) for degree in degrees))
        yield VectorPolynomial((ZERO,) * outputs, tuple(rows))


def _count(shape: tuple[tuple[Dim, ...], ...], sizes: dict[Dim, int]) -> int:
    found = 1
    for length in lengths(shape, sizes):
        found *= length
    return found
