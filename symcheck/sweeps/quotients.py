"""The numeric check of a derivation: its derivatives, and difference quotients beside them, at one point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from math import prod

from symcheck.errors import BudgetExhausted, SymcheckError
from symcheck.evaluation.indexing import LARGEST
from symcheck.evaluation.numbers import Real, is_finite, text_of
from symcheck.evaluation.points import NoEntries, Point, lengths, point_near
from symcheck.evaluation.polynomials import ScalarPolynomial, entry_names
from symcheck.evaluation.quotient import STEP, TINY, Agreement, Measured, Quotients
from symcheck.evaluation.witness import nested
from symcheck.language.derivation import Lecture
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.report import Numeric, QuotientRow
from symcheck.language.shape import is_joined
from symcheck.language.tensor import (
    Delta,
    Derivative,
    Differential,
    Entry,
    Index,
    IndexSum,
    Symbol,
    Tensor,
    children,
    structure,
    symbols_in,
    variable,
    walk,
)
from symcheck.lowering import lower_tensor
from symcheck.sweeps.places import output_of

MOST_ENTRIES = 12
"""Entries of one derivative that are measured; the others are counted."""
STEP_TEXT = f"{float(STEP):g}"


def numeric(
    lecture: Lecture,
    lowered: LoweredGraph,
    *,
    wrt: Sequence[Symbol] = (),
    sizes: Mapping[str, int] | None = None,
    seed: int = 0,
) -> Numeric:
    """Quotients for the derivatives of the output, and for those of scalars that the claims are about.

    `wrt` restricts them to these variables; what has no value at the author's point is drawn.
    Errors: ShapeMismatch where the point and `sizes` do not fit; NoEntries where nothing satisfies the
    assumptions.
    """
    wanted = list(derivatives(lecture, wrt))
    if not wanted:
        return Numeric(STEP_TEXT, reason="there is no derivative to measure")
    point = living(lecture, lowered, wanted, sizes or {}, seed)
    quotients = Quotients(lowered, point)
    rows: list[QuotientRow] = []
    for body, by in wanted:
        rows += _rows(body, by, lecture, lowered, quotients)
    entries, functions = _drawn(lecture, point, wanted)
    dims = dict.fromkeys(d for s in lecture.inputs for size in s.shape for d in size if isinstance(d, str))
    shown = {dim: point.sizes[dim] for dim in dims if dim in point.sizes}
    return Numeric(STEP_TEXT, tuple(rows), shown, entries, functions)


def derivatives(lecture: Lecture, wrt: Sequence[Symbol] = ()) -> Iterator[tuple[Tensor, Symbol]]:
    """(of, by): the output in every name before it, then the scalars that claims differentiate."""
    seen: set[object] = set()

    def new(body: Tensor, by: Symbol) -> bool:
        key = (structure(body), by)
        if (wrt and by not in wrt) or key in seen:
            return False
        seen.add(key)
        return True

    graph = lecture.graph
    output = output_of(lecture)
    if output is not None:
        upstream = graph.upstream(output)
        names = [*reversed(tuple(graph.definitions)), *dict.fromkeys((*lecture.inputs, *graph.inputs()))]
        for symbol in names:
            if is_joined(symbol.shape):
                continue  # what its parts are made of is measured
            if symbol in upstream and symbol is not output and new(variable(output), symbol):
                yield variable(output), symbol
    for claim in lecture.claims:
        if claim.equation is None:
            continue
        for part in walk(claim.equation.left):
            joined = isinstance(part, Derivative) and is_joined(part.by.shape)
            if isinstance(part, Derivative) and not joined and _is_plain(part) and new(part.body, part.by):
                yield part.body, part.by


def _is_plain(derivative: Derivative) -> bool:
    """Whether it is the total derivative of a number that is made without further derivatives."""
    body = derivative.body
    nested = any(isinstance(part, Derivative | Differential) for part in walk(body))
    return not derivative.local and not body.shape and not nested and not free_indices(body)


def free_indices(tensor: Tensor) -> set[Index]:
    """The indices that stand free in a formula."""
    match tensor:
        case Entry(base=base, indices=indices):
            return free_indices(base) | {i for i in indices if isinstance(i, Index)}
        case Delta(left=left, right=right):
            return {i for i in (left, right) if isinstance(i, Index)}
        case IndexSum(indices=indices, body=body):
            return free_indices(body) - set(indices)
    return {i for part in children(tensor) for i in free_indices(part)}


def living(
    lecture: Lecture,
    lowered: LoweredGraph,
    wanted: Sequence[tuple[Tensor, Symbol]],
    sizes: Mapping[str, int],
    seed: int,
) -> Point:
    """The author's point, or the first one at which all that is to be differentiated exists."""
    bodies = [_lowered(body, lecture, lowered) for body, _ in wanted]
    first: Point | None = None
    failed: SymcheckError = NoEntries("nothing satisfies what is assumed of the inputs")
    nodes = [*bodies, *(_lowered(variable(by), lecture, lowered) for _, by in wanted)]
    for point in point_near(lecture.point, nodes, lowered, lecture.assumptions, sizes=sizes, seed=seed):
        for symbol in lecture.inputs:
            if any(isinstance(d, str) and d not in point.sizes for size in symbol.shape for d in size):
                continue  # it has no part in what is measured
            if prod(lengths(symbol.shape, point.sizes)) > LARGEST:
                raise BudgetExhausted(
                    f"{symbol.name} has too many entries to be evaluated", hint="give smaller --sizes"
                )
        try:
            quotients = Quotients(lowered, point)
            values = [x for body in bodies for x in quotients.base.entries(body, tuple(body.free))]
        except SymcheckError as error:
            failed = error
            continue
        first = first or point
        if all(map(is_finite, values)):
            return point
    if first is None:
        raise failed
    return first


def _lowered(body: Tensor, lecture: Lecture, lowered: LoweredGraph) -> Node:
    return lower_tensor(body, lecture.assumptions, lowered.table).body


def _rows(
    body: Tensor, by: Symbol, lecture: Lecture, lowered: LoweredGraph, quotients: Quotients
) -> Iterator[QuotientRow]:
    """One row an entry, the output's axes first; then how many are left out."""
    point = quotients.point
    of_lengths, by_lengths = lengths(body.shape, point.sizes), lengths(by.shape, point.sizes)
    split = len(of_lengths)
    places = product(*map(range, (*of_lengths, *by_lengths)))
    for place in islice(places, MOST_ENTRIES):
        above = Entry((), body, place[:split]) if split else body
        below = place[split:]
        formula = Derivative((), above, by, below if below else None)
        node = _lowered(above, lecture, lowered)
        try:
            measured = quotients.measure(node, by, below)
        except SymcheckError:
            measured = Measured(None, None, None, None, Agreement.UNDEFINED)
        yield QuotientRow(
            formula,
            _digits(measured.exact),
            _digits(measured.quotient),
            _digits(measured.error, 4),
            _digits(measured.predicted, 4),
            str(measured.agreement),
        )
    more = prod((*of_lengths, *by_lengths)) - MOST_ENTRIES
    if more > 0:
        yield QuotientRow(Derivative(body.shape + by.shape, body, by), more=more)


def _digits(value: Real | None, digits: int = 10) -> str:
    """A value as a decimal; one that is no number as nothing."""
    if value is None:
        return ""
    return "0" if abs(value) < TINY else f"{float(value):.{digits}g}"


def _drawn(
    lecture: Lecture, point: Point, wanted: Sequence[tuple[Tensor, Symbol]]
) -> tuple[dict[str, object], dict[str, str]]:
    """Entries and functions that were drawn and that the derivatives depend on."""
    graph = lecture.graph
    names = dict.fromkeys(s for body, by in wanted for s in (*symbols_in(body), by))
    needed = {s for name in names for s in graph.upstream(name) if s not in graph}
    entries = {}
    for symbol in dict.fromkeys((*lecture.inputs, *graph.inputs())):
        if symbol in needed and symbol not in lecture.point:
            texts = [text_of(x) for x in point.entries[symbol]]
            entries[symbol.name] = nested(texts, lengths(symbol.shape, point.sizes))
    functions = {}
    for function, polynomial in point.functions.items():
        if isinstance(polynomial, ScalarPolynomial):
            functions[function.name] = polynomial.text()
        else:
            functions[function.name] = polynomial.text(entry_names(function.domain, point.sizes))
    return entries, functions
