"""A report's graph as a picture without a format: boxes, arrows, labels, and where they stand.

In: a `Report` (its lecture's definitions; values and local derivatives from its sweep).  Out: `Drawing`.
A `Face` says how formulas are written and how much room they take; nothing here is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from symcheck.language.claim import Graph
from symcheck.language.report import EdgeRow, ForwardRow, Report, Sweep
from symcheck.language.shape import show_shape
from symcheck.language.tensor import Apply, Derivative, Index, Symbol, Tensor, symbols_in, variable
from symcheck.rendering.graph.layout import Extent, Point, Spacing, arranged, packed
from symcheck.rendering.rows import TextNotation

USUAL = 40
"""Most nodes that are drawn with definitions and labels; a larger graph shows names, grouped by layer."""
WIDEST = 12
"""Nodes in a layer."""
MOST_LINES = 3
"""Lines of one definition; a longer one is left to the tables."""
FEW_LINES = 2
"""Likewise of a derivative."""


class Role(StrEnum):
    """What a line in a box says."""

    VALUE = "value"
    """The forward value, above."""
    DEFINITION = "definition"
    SHAPE = "shape"
    COTANGENT = "cotangent"
    """The derivative of the output, below."""


class Kind(StrEnum):
    """What a node is."""

    INPUT = "input"
    INNER = "inner"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a box."""

    role: Role
    text: str
    y: int = 0
    """Its middle, below the top of the box."""


@dataclass(frozen=True, slots=True)
class Box:
    """One node."""

    name: str
    """As in the rows of the tables."""
    kind: Kind
    lines: tuple[Line, ...]
    told: str
    """Everything about it in plain words, for those who do not see the picture."""
    middle: Point = (0, 0)
    extent: Extent = (0, 0)
    layer: int = 0
    definition: Tensor | None = None
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One edge, from a name to one that is computed from it."""

    parent: str
    child: str
    label: str
    """The local derivative, or its name ∂child/∂parent where it is long; nothing in a larger graph."""
    told: str
    """The local derivative in full."""
    pieces: tuple[tuple[Point, ...], ...] = ()
    """See `layout.Way`; the arrow head is at the end of the last piece."""
    label_at: Point | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture; y grows downwards."""

    name: str
    title: str
    boxes: tuple[Box, ...]
    """In the order of evaluation."""
    arrows: tuple[Arrow, ...]
    """By child, then as its definition mentions the parents."""
    width: int
    height: int
    layers: tuple[tuple[str, ...], ...]
    """Names of the boxes of each layer, from left to right."""
    bands: tuple[tuple[int, int], ...]
    """Top and bottom of each layer; drawn where there is no room for more than names."""
    output: str = ""

    @property
    def is_large(self) -> bool:
        """Whether it shows names only, grouped by layer."""
        return len(self.boxes) > USUAL


class Face(Protocol):
    """How a drawing is written: formulas, words, and their extents."""

    @property
    def spacing(self) -> Spacing:
        """Room between boxes, labels and rows."""
        ...

    @property
    def pad(self) -> Extent:
        """Room between the lines of a box and its border."""
        ...

    def formula(self, tensor: Tensor, free: Sequence[Index]) -> str:
        """A formula, or an entry with the names of its axes."""
        ...

    def fraction(self, of: Symbol, by: Symbol) -> str:
        """∂of/∂by."""
        ...

    def equation(self, left: str, right: str, most: int) -> list[str]:
        """Lines of ``left = right``; none if it takes more than `most`."""
        ...

    def value(self, text: str) -> str:
        """A number or nested list of numbers, long ones shortened."""
        ...

    def shape(self, text: str) -> str:
        """A shape such as ``(m, n)``."""
        ...

    def fits(self, label: str) -> bool:
        """Whether a local derivative is short enough to stand at its edge."""
        ...

    def extent(self, text: str, role: Role | None) -> Extent:
        """Width and height of one line; role None is a label of an edge."""
        ...


def draw(report: Report, face: Face, usual: int = USUAL) -> Drawing | None:
    """The picture of a report's graph; None if it has no definitions."""
    lecture = report.lecture
    if lecture is None or not lecture.graph.definitions:
        return None
    graph = lecture.graph
    known = _Known(graph, report.sweep or Sweep())
    large = len(known.symbols) > usual
    boxes = [_box(symbol, known, face, large) for symbol in known.symbols]
    arrows = [
        _arrow(parent, child, known, face, large)
        for child in graph.definitions
        for parent in graph.parents[child]
    ]
    ends = [
        (known.number[parent], known.number[child]) for child, ps in graph.parents.items() for parent in ps
    ]
    labels = [face.extent(arrow.label, None) if arrow.label else None for arrow in arrows]
    place = arranged if large else packed
    layout = place([box.extent for box in boxes], ends, labels, face.spacing, WIDEST)
    layer_of = {item: k for k, members in enumerate(layout.layers) for item in members}
    return Drawing(
        lecture.name,
        lecture.title or lecture.name,
        tuple(
            replace(box, middle=at, layer=layer_of[k])
            for k, (box, at) in enumerate(zip(boxes, layout.nodes, strict=True))
        ),
        tuple(
            replace(arrow, pieces=way.pieces, label_at=way.label)
            for arrow, way in zip(arrows, layout.ways, strict=True)
        ),
        layout.width,
        layout.height,
        tuple(tuple(boxes[item].name for item in members) for members in layout.layers),
        layout.bands,
        known.output.shown if known.output is not None else "",
    )


class _Known:
    """What the tables say, by name."""

    def __init__(self, graph: Graph, sweep: Sweep) -> None:
        self.graph = graph
        self.symbols = (*graph.inputs(), *graph.definitions)
        self.number = {symbol: k for k, symbol in enumerate(self.symbols)}
        self.output = next((s for s in self.symbols if s.shown == sweep.output), None)
        self.forward: Mapping[str, ForwardRow] = {row.name: row for row in sweep.forward}
        self.edges: Mapping[tuple[str, str], EdgeRow] = {(r.child, r.parent): r for r in sweep.backward}
        self.adding: dict[str, list[EdgeRow]] = {}
        for row in sweep.backward:
            self.adding.setdefault(row.parent, []).append(row)

    def value(self, symbol: Symbol) -> str:
        row = self.forward.get(symbol.shown)
        return row.value if row is not None else ""

    def cotangent_value(self, symbol: Symbol) -> str:
        rows = self.adding.get(symbol.shown, ())
        return rows[-1].value if rows else ""

    def cotangent(self, symbol: Symbol) -> tuple[Tensor, Sequence[Index]] | None:
        """What all edges together add to the derivative of the output by a name; None if not known."""
        rows = self.adding.get(symbol.shown, ())
        if not rows or (len(rows) > 1 and any(row.pullback_free for row in rows)):
            return None
        total: Tensor | None = None
        for row in rows:
            if row.pullback is None:
                return None
            total = row.pullback if total is None else _plus(total, row.pullback)
        assert total is not None
        return total, rows[0].pullback_free


def _plus(left: Tensor, right: Tensor) -> Tensor:
    if isinstance(right, Apply) and right.op == "neg":
        return left - right.args[0]
    return left + right


# -- boxes -------------------------------------------------------------------------------------


def _box(symbol: Symbol, known: _Known, face: Face, large: bool) -> Box:
    definition = known.graph.definitions.get(symbol)
    kind = Kind.INPUT if definition is None else Kind.OUTPUT if symbol is known.output else Kind.INNER
    shape = show_shape(symbol.shape)
    name = face.formula(variable(symbol), ())
    lines = []
    if not large:
        value = known.value(symbol)
        lines += [Line(Role.VALUE, face.value(value))] if value else []
        equation = [] if definition is None else face.equation(name, face.formula(definition, ()), MOST_LINES)
        lines += [Line(Role.DEFINITION, text) for text in equation or [name]]
    else:
        lines.append(Line(Role.DEFINITION, name))
    if symbol.shape:
        lines.append(Line(Role.SHAPE, face.shape(shape)))
    if not large:
        lines += [Line(Role.COTANGENT, text) for text in _cotangent(symbol, known, face)]
    placed, extent = _stacked(lines, face)
    return Box(
        symbol.shown, kind, placed, _told(symbol, definition, known), (0, 0), extent, 0, definition, shape
    )


def _stacked(lines: Sequence[Line], face: Face) -> tuple[tuple[Line, ...], Extent]:
    """The lines one below the other, with a little more room around values and cotangents."""
    placed = []
    width, y = 0, face.pad[1]
    before: Role | None = None
    for line in lines:
        wide, high = face.extent(line.text, line.role)
        if before is not None and line.role is not before and Role.SHAPE not in (line.role, before):
            y += face.pad[1] // 2
        placed.append(replace(line, y=y + high // 2))
        width, y, before = max(width, wide), y + high, line.role
    width, height = width + 2 * face.pad[0], y + face.pad[1]
    return tuple(placed), (width + width % 2, height + height % 2)


def _cotangent(symbol: Symbol, known: _Known, face: Face) -> list[str]:
    """∂output/∂name with its value at the point, else with what its edges add."""
    if known.output is None:
        return []
    left = face.fraction(known.output, symbol)
    if symbol is known.output and not symbol.shape:
        return face.equation(left, "1", FEW_LINES)
    if symbol.shown not in known.adding:
        return []
    value = known.cotangent_value(symbol)
    if value:
        return face.equation(left, face.value(value), FEW_LINES) or [left]
    total = known.cotangent(symbol)
    if total is None or _is_fraction(total[0], known.output, symbol):
        return [left]
    return face.equation(left, face.formula(*total), FEW_LINES) or [left]


def _is_fraction(tensor: Tensor, output: Symbol, symbol: Symbol) -> bool:
    """Whether a formula is the very fraction that it would be said to equal."""
    return (
        isinstance(tensor, Derivative)
        and tensor.by is symbol
        and tensor.body is not None
        and getattr(tensor.body, "symbol", None) is output
    )


def _told(symbol: Symbol, definition: Tensor | None, known: _Known) -> str:
    show = TextNotation()
    name = show.name(symbol.shown)
    parts = [f"{name} = {show.formula(definition, '')}" if definition is not None else f"input {name}"]
    parts.append(show_shape(symbol.shape))
    if known.value(symbol):
        parts.append(f"value {known.value(symbol)}")
    if known.output is not None and symbol.shown in known.adding:
        fraction = show.fraction(known.output.shown, symbol.shown)
        value, total = known.cotangent_value(symbol), known.cotangent(symbol)
        if total is not None:
            fraction += f" = {show.formula(total[0], '', total[1])}"
        parts.append(f"{fraction} = {value}" if value else fraction)
    return "; ".join(parts)


# -- arrows ------------------------------------------------------------------------------------


def _arrow(parent: Symbol, child: Symbol, known: _Known, face: Face, large: bool) -> Arrow:
    row = known.edges.get((child.shown, parent.shown))
    show = TextNotation()
    told = show.fraction(child.shown, parent.shown)
    if row is None or (row.local is None and not row.local_text):
        return Arrow(
            parent.shown, child.shown, "", told if row else f"{show.edge(parent.shown, child.shown)}"
        )
    told += f" = {show.formula(row.local, row.local_text, row.local_free)}"
    label = ""
    if row.local is not None and not large:
        formula = face.formula(row.local, row.local_free)
        label = formula if face.fits(formula) else face.fraction(child, parent)
        if row.local_value and symbols_in(row.local):
            lines = face.equation(label, face.value(row.local_value), 1)
            label = lines[0] if lines and face.fits(lines[0]) else label
    if row.local_value and not told.endswith(f"= {row.local_value}"):
        told += f" = {row.local_value}"
    return Arrow(parent.shown, child.shown, label, told)
