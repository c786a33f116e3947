"""Drawing → SVG: one element to put into a page, or a file of its own.

No script, no font, nothing from outside.  Colours follow the page: ``currentColor``, and the properties
``--graph-value``, ``--graph-cotangent``, ``--graph-muted``, ``--graph-box`` where the page sets them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from symcheck.rendering.graph.drawing import Arrow, Box, Drawing, Kind, Role
from symcheck.rendering.graph.faces import SIZES
from symcheck.rendering.graph.layout import Point

MARGIN = 10
BAND = 26
"""Room at the left for the numbers of layers, where they are shown."""
SMALLEST = 0.75
"""How far a page may shrink the picture before it has to be scrolled."""
CORNER, ROUND = 5, 14
"""Radii of the corners of boxes; those of inputs are rounder."""

FONT = "Helvetica Neue,Helvetica,Arial,Liberation Sans,DejaVu Sans,sans-serif"

STYLE = """\
.symcheck-graph{--value:var(--graph-value,#116329);--cotangent:var(--graph-cotangent,#a40e26);\
--muted:var(--graph-muted,#59636e);--box:var(--graph-box,transparent)}
.symcheck-graph:root{color:#1f2328;color-scheme:light dark}
@media (prefers-color-scheme:dark){
.symcheck-graph{--value:var(--graph-value,#7ee787);--cotangent:var(--graph-cotangent,#ffa198);\
--muted:var(--graph-muted,#9198a1)}
.symcheck-graph:root{color:#e6edf3;background:#0d1117}
}
.symcheck-graph .box{fill:var(--box)}
.symcheck-graph .value{fill:var(--value)}
.symcheck-graph .cotangent{fill:var(--cotangent)}
.symcheck-graph .shape,.symcheck-graph .layer{fill:var(--muted)}
.symcheck-graph .node:hover .box,.symcheck-graph .node:focus .box,.symcheck-graph .node:target .box\
{stroke-width:2.5}
.symcheck-graph .edge:hover path{stroke-width:2.2}
"""
"""What a renderer that knows no properties leaves out; attributes say the same for light paper."""

_COLOURS = {Role.VALUE: "#116329", Role.COTANGENT: "#a40e26", Role.SHAPE: "#59636e"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What no XML may hold, and signs that turn the direction of the text after them."""


def node_id(name: str, prefix: str = "") -> str:
    """The id of a box: ``node-e``.  Its row in a table has `row_id`."""
    return f"{prefix}node-{_id_part(name)}"


def row_id(name: str, prefix: str = "") -> str:
    """The id that the row of a name is expected to have: ``row-e``."""
    return f"{prefix}row-{_id_part(name)}"


def _id_part(name: str) -> str:
    """Letters, digits, - and _ as they are, every other sign by its number: different names stay so."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else f".{ord(c):x}." for c in name)


def svg(drawing: Drawing, *, prefix: str = "", linked: bool = False) -> str:
    """The picture as one ``<svg>`` element.

    `prefix` keeps ids apart where a page has several graphs; `linked` makes each box a link to its row.
    """
    left = MARGIN + (BAND if drawing.is_large else 0)
    width, height = drawing.width + left + MARGIN, drawing.height + 2 * MARGIN
    title, about, head = (f"{prefix}graph-{part}" for part in ("title", "about", "head"))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="symcheck-graph" role="img"'
        f' aria-labelledby="{_attribute(title)} {_attribute(about)}" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}"'
        f' style="max-width:100%;min-width:{round(SMALLEST * width)}px;height:auto"'
        f' font-family="{FONT}" fill="currentColor">',
        f'<title id="{_attribute(title)}">{_text(drawing.title)}</title>',
        f'<desc id="{_attribute(about)}">{_text(_about(drawing))}</desc>',
        f"<style>\n{STYLE}</style>",
        f'<defs><marker id="{_attribute(head)}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8"'
        f' markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0,1 L8,4 L0,7 z"/></marker></defs>',
        f'<g transform="translate({left} {MARGIN})">',
    ]
    if drawing.is_large:
        lines += _bands(drawing)
    lines += [_edge(arrow, prefix, head) for arrow in drawing.arrows]
    lines += [_node(box, prefix, linked) for box in drawing.boxes]
    return "\n".join([*lines, "</g>", "</svg>", ""])


def _about(drawing: Drawing) -> str:
    inputs = sum(box.kind is Kind.INPUT for box in drawing.boxes)
    count = len(drawing.boxes) - inputs
    return f"Computational graph: {inputs} inputs above, {count} values computed from them below."


def _bands(drawing: Drawing) -> list[str]:
    """A stripe behind each layer, with its number."""
    found = []
    for number, (top, bottom) in enumerate(drawing.bands):
        found.append(
            f'<rect x="{-BAND}" y="{top - 3}" width="{drawing.width + BAND}" height="{bottom - top + 6}"'
            f' rx="{CORNER}" fill-opacity="0.05"/>'
            f'<text class="layer" x="{-BAND + 4}" y="{(top + bottom) // 2 + 4}" font-size="10"'
            f' fill="{_COLOURS[Role.SHAPE]}">{number}</text>'
        )
    return found


def _edge(arrow: Arrow, prefix: str, head: str) -> str:
    last = len(arrow.pieces) - 1
    paths = "".join(
        f'<path d="{path(piece)}"{_marker(head) if k == last else ""}/>'
        for k, piece in enumerate(arrow.pieces)
    )
    text = ""
    if arrow.label_at is not None and arrow.label:
        x, y = arrow.label_at
        text = (
            f'<text x="{x}" y="{y + 4}" text-anchor="middle" font-size="{SIZES[None]:g}">'
            f"{_text(arrow.label)}</text>"
        )
    return (
        f'<g class="edge"><title>{_text(arrow.told)}</title>'
        f'<g fill="none" stroke="currentColor" stroke-opacity="0.75">{paths}</g>{text}</g>'
    )


def _marker(head: str) -> str:
    return f' marker-end="url(#{_attribute(head)})"'


def path(points: Sequence[Point]) -> str:
    """Straight down where two points stand one above the other, else a curve that starts and ends upright."""
    (x, y), *others = points
    parts = [f"M{x},{y}"]
    for end, below in others:
        middle = (y + below) / 2
        parts.append(f"L{end},{below}" if end == x else f"C{x},{middle:g} {end},{middle:g} {end},{below}")
        x, y = end, below
    return " ".join(parts)


def _node(box: Box, prefix: str, linked: bool) -> str:
    (x, y), (width, height) = box.middle, box.extent
    left, top = x - width // 2, y - height // 2
    round_ = ROUND if box.kind is Kind.INPUT else CORNER
    stroke = 2 if box.kind is Kind.OUTPUT else 1
    lines = "".join(
        f'<text class="{line.role}" x="{x}" y="{top + line.y + _drop(line.role)}" text-anchor="middle"'
        f' font-size="{SIZES[line.role]:g}"{_fill(line.role)}>{_text(line.text)}</text>'
        for line in box.lines
    )
    body = (
        f"<title>{_text(box.told)}</title>"
        f'<rect class="box" x="{left}" y="{top}" width="{width}" height="{height}" rx="{round_}"'
        f' fill="none" stroke="currentColor" stroke-width="{stroke}" pointer-events="all"/>{lines}'
    )
    group = f'<g class="node {box.kind}" id="{_attribute(node_id(box.name, prefix))}">{body}</g>'
    return f'<a href="#{_attribute(row_id(box.name, prefix))}">{group}</a>' if linked else group


def _drop(role: Role) -> int:
    """From the middle of a line down to its baseline."""
    return round(0.36 * SIZES[role])


def _fill(role: Role) -> str:
    colour = _COLOURS.get(role)
    return f' fill="{colour}"' if colour else ""


def _text(text: str) -> str:
    return escape(_CONTROL.sub("\ufffd", text), quote=False)


def _attribute(text: str) -> str:
    return escape(_CONTROL.sub("\ufffd", text))
