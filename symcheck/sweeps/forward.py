"""The forward table: every name in the order in which values are computed."""

from __future__ import annotations

from symcheck.language.derivation import Lecture
from symcheck.language.report import ForwardRow
from symcheck.language.shape import show_shape
from symcheck.language.tensor import Symbol
from symcheck.sweeps.places import Places, ValueOf


def forward_rows(lecture: Lecture, places: Places, value_of: ValueOf | None) -> tuple[ForwardRow, ...]:
    """Inputs first, then the definitions in their order; values where the point gives them."""
    graph = lecture.graph
    inputs = dict.fromkeys((*lecture.inputs, *graph.inputs()))

    def value(symbol: Symbol) -> str:
        if value_of is None:
            return ""
        place = places[symbol]
        return value_of(places.lowered.table.entry(symbol, place), place) or ""

    rows = [ForwardRow(s.shown, None, show_shape(s.shape), value(s)) for s in inputs if s not in graph]
    for symbol, definition in graph.definitions.items():
        rows.append(ForwardRow(symbol.shown, definition, show_shape(symbol.shape), value(symbol)))
    return tuple(rows)
