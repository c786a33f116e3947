"""What stands above the tables of a derivation: sizes, functions, assumptions, point."""

from __future__ import annotations

from collections.abc import Mapping

from symcheck.language.claim import Assumptions, Value
from symcheck.language.derivation import Lecture
from symcheck.language.shape import Shape, show_shape
from symcheck.language.tensor import Function, Symbol
from symcheck.rendering.rows import CONVENTIONS, Notation
from symcheck.rendering.text_notation import nested


def facts(lecture: Lecture, show: Notation) -> list[tuple[str, str]]:
    """(label, text) for each line of the head; lines without content are left out."""
    meaning = CONVENTIONS.get(lecture.convention, "")
    convention = f"{lecture.convention}: {meaning}" if meaning else lecture.convention
    found = [
        ("convention", show.text(convention)),
        ("inputs", _inputs(lecture, show)),
        ("functions", "; ".join(_function(f, show) for f in lecture.functions)),
        ("given", "; ".join(map(show.text, assumption_texts(lecture.assumptions)))),
        ("at", _point(lecture.point, show)),
    ]
    return [(label, text) for label, text in found if text]


def assumption_texts(assumptions: Assumptions) -> list[str]:
    """All conditions as written, prose last."""
    return [*(c.text for c in assumptions.conditions), *assumptions.dim_texts, *assumptions.notes]


def _inputs(lecture: Lecture, show: Notation) -> str:
    symbols = lecture.inputs or lecture.graph.inputs()
    by_shape: dict[Shape, list[str]] = {}
    for symbol in symbols:
        by_shape.setdefault(symbol.shape, []).append(show.name(symbol.shown))
    return "; ".join(
        f"{', '.join(names)}: {show.shape(show_shape(shape))}" for shape, names in by_shape.items()
    )


def _function(function: Function, show: Notation) -> str:
    if function.elementwise:
        return f"{show.name(function.shown)}: elementwise"
    domain = ", ".join(show.shape(show_shape(shape)) for shape in function.domain)
    if len(function.domain) > 1:
        domain = f"({domain})"
    return (
        f"{show.name(function.shown)}: {domain} {show.text('→')} {show.shape(show_shape(function.codomain))}"
    )


def _point(point: Mapping[Symbol, Value], show: Notation) -> str:
    return ", ".join(
        f"{show.name(symbol.shown)} = {show.value(nested(value))}" for symbol, value in point.items()
    )
