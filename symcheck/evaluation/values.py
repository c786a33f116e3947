"""Values for tables: names and nodes at a point that an author wrote down."""

from __future__ import annotations

from collections.abc import Sequence

from symcheck.errors import SymcheckError
from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.points import Point, lengths
from symcheck.evaluation.witness import nested
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Symbol


def evaluate_values(
    graph: LoweredGraph, point: Point, evaluator: Evaluator | None = None
) -> dict[Symbol, object]:
    """Every input and definition that has a value at the point: nested lists of fmpq or arb.

    Left out are names that depend on an input without a value or on an undefined function; an entry
    outside the domain of its definition is an `arb` that is not finite.
    """
    evaluator = evaluator or Evaluator(graph, point)
    found: dict[Symbol, object] = {}
    for symbol in (*graph.graph.inputs(), *graph.definitions):
        try:
            entries = evaluator.of_name(symbol)
            found[symbol] = nested(entries, lengths(symbol.shape, point.sizes))
        except (SymcheckError, KeyError):  # a missing value, or a size that nothing tells
            continue
    return found


def value_of(
    node: Node, idxs: Sequence[Idx], graph: LoweredGraph, point: Point, evaluator: Evaluator | None = None
) -> object:
    """The value of a node as nested lists over `idxs`; D, local and diff are done by the way.

    Errors: NoEntries if an input has no value at the point or a function is undefined.
    """
    evaluator = evaluator or Evaluator(graph, point)
    entries = evaluator.entries(node, idxs)
    return nested(entries, evaluator.layout.shape(idxs))
