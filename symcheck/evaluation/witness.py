"""A point in words: what a witness shows of it, in the author's names."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from flint import fmpq

from symcheck.evaluation.numbers import Real, text_of
from symcheck.evaluation.points import Point, lengths
from symcheck.evaluation.polynomials import ScalarPolynomial, entry_names
from symcheck.evaluation.survey import Survey
from symcheck.language.claim import Value
from symcheck.language.operand import LoweredEquation
from symcheck.language.tensor import Symbol
from symcheck.language.verdict import Witness


def describe(
    equation: LoweredEquation,
    point: Point,
    met: Survey,
    component: tuple[int, ...],
    claimed: Real,
    true: Real,
) -> Witness:
    """The witness: only the sizes, entries and functions that the equation depends on."""
    symbols = inputs(equation, met, point)
    dims = [*(d for symbol in symbols for size in symbol.shape for d in size), *met.dims]
    entries: dict[str, object] = {}
    for symbol in symbols:
        texts = [text_of(x) for x in point.entries[symbol]]
        entries[symbol.name] = nested(texts, lengths(symbol.shape, point.sizes))
    functions = {}
    for function, polynomial in point.functions.items():
        if isinstance(polynomial, ScalarPolynomial):
            functions[function.name] = polynomial.text()
        else:
            functions[function.name] = polynomial.text(entry_names(function.domain, point.sizes))
    return Witness(
        {d: point.sizes[d] for d in dict.fromkeys(dims) if isinstance(d, str)},
        entries,
        functions,
        component,
        text_of(claimed),
        text_of(true),
        {s.name: s.shown for s in symbols if s.shown != s.name}
        | {f.name: f.shown for f in point.functions if f.shown != f.name},
    )


def given(equation: LoweredEquation, met: Survey, point: Point) -> dict[Symbol, Value] | None:
    """The exact entries of all inputs at the point, as an author would give them; None if some are balls."""
    values: dict[Symbol, Value] = {}
    for symbol in inputs(equation, met, point):
        entries = point.entries[symbol]
        if any(type(x) is not fmpq for x in entries):
            return None
        exact = [Fraction(int(x.p), int(x.q)) for x in entries]
        values[symbol] = _frozen(nested(exact, lengths(symbol.shape, point.sizes)))
    return values


def _frozen(value: object) -> Value:
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    assert isinstance(value, Fraction)
    return value


def inputs(equation: LoweredEquation, met: Survey, point: Point) -> list[Symbol]:
    """The inputs that the equation depends on through the graph, and the directions that were used."""
    graph = equation.graph
    seen = dict(met.symbols)
    stack = list(seen)
    while stack:
        for parent in graph.graph.parents.get(stack.pop(), ()):
            if parent not in seen:
                seen[parent] = None
                stack.append(parent)
    found = [symbol for symbol in seen if symbol not in graph.definitions]
    if met.derivatives:
        # a defined name that is read off has a direction of its own
        directions = [graph.table.differential_of(symbol) for symbol in (*found, *graph.definitions)]
        found += [symbol for symbol in directions if symbol in point.entries and symbol not in seen]
    return found


def nested(flat: Sequence[object], shape: tuple[int, ...]) -> object:
    """A flat row-major list as nested lists; a scalar as itself."""
    if not shape:
        return flat[0]
    if len(shape) == 1:
        return list(flat)
    step = prod(shape[1:])
    return [nested(flat[k : k + step], shape[1:]) for k in range(0, len(flat), step)]
