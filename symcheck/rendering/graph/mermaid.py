"""Drawing → Mermaid, which GitHub draws in Markdown."""

from __future__ import annotations

from symcheck.rendering.graph.drawing import Arrow, Box, Drawing, Kind

_PLAIN = frozenset(" =+-/()[],.'·∂→↦⊗⊙:")
"""Signs besides letters and digits that stay in a quoted label; every other goes by its number, so that
none is read as Mermaid's own, as HTML or as Markdown."""

_FRAMES = {Kind.INPUT: ("([", "])"), Kind.INNER: ("[", "]"), Kind.OUTPUT: ("[[", "]]")}


def mermaid(drawing: Drawing) -> str:
    """A flowchart from the inputs down; a large graph has one subgraph a layer."""
    number = {box.name: k for k, box in enumerate(drawing.boxes)}
    of = {box.name: box for box in drawing.boxes}
    lines = ["flowchart TD"]
    if drawing.is_large:
        for layer, names in enumerate(drawing.layers):
            lines.append(f'  subgraph layer{layer} ["layer {layer}"]')
            members = sorted(names, key=number.__getitem__)
            lines += [f"    {_node(of[name], number[name])}" for name in members]
            lines.append("  end")
    else:
        lines += [f"  {_node(box, number[box.name])}" for box in drawing.boxes]
    lines += [f"  {_edge(arrow, number[arrow.parent], number[arrow.child])}" for arrow in drawing.arrows]
    return "\n".join(lines) + "\n"


def _node(box: Box, number: int) -> str:
    opening, closing = _FRAMES[box.kind]
    label = "<br/>".join(escaped(line.text) for line in box.lines)
    return f'n{number}{opening}"{label}"{closing}'


def _edge(arrow: Arrow, parent: int, child: int) -> str:
    label = f'|"{escaped(arrow.label)}"|' if arrow.label else ""
    return f"n{parent} -->{label} n{child}"


def escaped(text: str) -> str:
    """The text of a label, every sign that could mean something by its number: ``#42;`` for *."""
    shown = "".join(
        c if c.isalnum() or c in _PLAIN else "?" if not c.isprintable() else f"#{ord(c)};" for c in text
    )
    head, dot, rest = shown.partition(". ")
    # "1. x" would begin a list, "+ x" and "- x" too
    if dot and head.isdecimal():
        shown = f"{head}#46; {rest}"
    return f"#{ord(shown[0])};{shown[1:]}" if shown.startswith(("+", "-")) else shown
