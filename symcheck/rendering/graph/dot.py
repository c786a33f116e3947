"""Drawing → Graphviz DOT: nodes, edges and layers; Graphviz places them itself."""

from __future__ import annotations

import re

from symcheck.rendering.graph.drawing import Arrow, Box, Drawing, Kind

_CONTROL = re.compile("[\x00-\x1f\x7f]")


def dot(drawing: Drawing) -> str:
    """A digraph in which each layer is one rank."""
    number = {box.name: k for k, box in enumerate(drawing.boxes)}
    lines = [
        f"digraph {_quoted(drawing.name)} {{",
        f"  label={_quoted(drawing.title)};",
        '  node [shape=box, fontname="Helvetica"];',
        '  edge [fontname="Helvetica", fontsize=11];',
        *(f"  {_node(box, number[box.name])}" for box in drawing.boxes),
        *(
            "  { rank=same; "
            + " ".join(f"n{number[name]};" for name in sorted(names, key=number.__getitem__))
            + " }"
            for names in drawing.layers
        ),
        *(f"  {_edge(arrow, number[arrow.parent], number[arrow.child])}" for arrow in drawing.arrows),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _node(box: Box, number: int) -> str:
    label = "\n".join(line.text for line in box.lines)
    style = {Kind.INPUT: ", style=rounded", Kind.OUTPUT: ", penwidth=2", Kind.INNER: ""}[box.kind]
    return f"n{number} [label={_quoted(label)}, tooltip={_quoted(box.told)}{style}];"


def _edge(arrow: Arrow, parent: int, child: int) -> str:
    label = f"label={_quoted(arrow.label)}, " if arrow.label else ""
    return f"n{parent} -> n{child} [{label}tooltip={_quoted(arrow.told)}];"


def _quoted(text: str) -> str:
    """In double quotes; a backslash would start one of Graphviz's own signs, & one of HTML's."""
    escaped = text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{_CONTROL.sub("?", escaped)}"'
