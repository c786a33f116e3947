"""Points on the boundaries of guards and on either side of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from flint import fmpq
from flint.utils.flint_exceptions import DomainError

from symcheck.errors import SymcheckError
from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.numbers import ZERO, Real
from symcheck.evaluation.points import Point, Region
from symcheck.language.indexed import Node
from symcheck.language.tensor import Symbol

ARGUMENTS = 6
"""How many guards are looked at."""
MOST = 18
"""How many points are made."""
ASIDE = fmpq(1, 3)


def guard_points(region: Region, base: Point, guards: Iterable[Node], boundaries: bool) -> Iterator[Point]:
    """Points where the argument of a guard is 0 (if `boundaries`), and a little to both sides.

    One entry of an input is moved to a root of the argument, which is found exactly where the argument is
    a polynomial of degree ≤ 2 in that entry.
    """
    return islice(_all_points(region, base, guards, boundaries), MOST)


def _all_points(region: Region, base: Point, guards: Iterable[Node], boundaries: bool) -> Iterator[Point]:
    for guard in islice(guards, ARGUMENTS):
        argument = _argument(guard)
        for symbol in inputs_of(argument, region):
            try:
                entries = base.entries[symbol]
                places = sorted({0, len(entries) - 1})
                found = [
                    (place, root)
                    for place in places
                    for root in _roots(region, base, argument, symbol, place)
                ]
            except SymcheckError:
                continue
            for place, root in found:
                shifts = (ZERO, -ASIDE, ASIDE) if boundaries else (-ASIDE, ASIDE)
                for shift in shifts:
                    point = base.with_entry(symbol, place, root + shift)
                    if region.admits(symbol, point):
                        yield point


def _argument(guard: Node) -> Node:
    first, *rest = guard.args[1:]
    node: Node = first - rest[0] if rest else first
    return node


def inputs_of(node: Node, region: Region) -> list[Symbol]:
    """The inputs that a node depends on, through the graph."""
    seen: dict[Symbol, None] = {}
    done: set[Node] = set()
    stack = [node]
    while stack:
        part = stack.pop()
        if part in done:
            continue
        done.add(part)
        if part.op == "T":
            symbol = part.args[0]
            if symbol not in seen:
                seen[symbol] = None
                if symbol in region.graph.definitions:
                    stack.append(region.graph.definitions[symbol].body)
        stack.extend(part.nodes)
    return [symbol for symbol in seen if symbol not in region.graph.definitions]


def _roots(region: Region, base: Point, argument: Node, symbol: Symbol, place: int) -> list[Real]:
    """Values of one entry at which the first or last component of the argument vanishes."""
    samples = []
    for at in range(4):
        evaluator = Evaluator(region.graph, base.with_entry(symbol, place, fmpq(at)))
        samples.append(evaluator.value(argument)[1])
    roots: list[Real] = []
    for component in sorted({0, len(samples[0]) - 1}):
        values = [row[component] for row in samples]
        if all(type(x) is fmpq for x in values):
            roots += [root for root in _polynomial_roots(values) if root not in roots]
    return roots


def _polynomial_roots(values: list[Real]) -> list[Real]:
    """Rational roots of the polynomial of degree ≤ 2 with these values at 0, 1, 2, 3, if there is one."""
    a, b, c, d = values
    curve = c - 2 * b + a
    if d - 3 * c + 3 * b - a != 0:
        return []
    slope = b - a - curve / 2
    if curve == 0:
        return [-a / slope] if slope != 0 else []
    square = slope * slope - 2 * curve * a
    if square < 0:
        return []
    try:
        root = square.sqrt()
    except DomainError:  # no rational root
        return []
    return [(root - slope) / curve, (-root - slope) / curve]
