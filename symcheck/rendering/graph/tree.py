"""Drawing → a tree for the terminal: from the outputs back to the inputs, local derivatives at the branches.

A name that several values use is written out once; later it is referred to.  Branches that would leave no
room for text go on in a tree of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from symcheck.rendering.graph.drawing import Arrow, Box, Drawing, Role
from symcheck.rendering.rows import TextNotation
from symcheck.rendering.table import cells, wrap
from symcheck.rendering.theme import PLAIN, Theme

LEAST = 36
"""Cells that are left for text before a branch is cut off."""

_UNICODE = ("├─ ", "└─ ", "│  ", "   ")
_ASCII = ("|- ", "`- ", "|  ", "   ")


def tree(drawing: Drawing, theme: Theme = PLAIN) -> str:
    """The graph as lines no wider than the theme."""
    return "\n".join(_Writer(drawing, theme).lines()) + "\n"


class _Writer:
    """Writes each name out once."""

    def __init__(self, drawing: Drawing, theme: Theme) -> None:
        self.theme = theme
        self.show = TextNotation(theme.ascii)
        self.signs = _ASCII if theme.ascii else _UNICODE
        self.drawing = drawing
        self.boxes = {box.name: box for box in drawing.boxes}
        self.parents: dict[str, list[Arrow]] = {box.name: [] for box in drawing.boxes}
        used = set()
        for arrow in drawing.arrows:
            self.parents[arrow.child].append(arrow)
            used.add(arrow.parent)
        self.roots = [box.name for box in reversed(drawing.boxes) if box.name not in used]
        if drawing.output in self.roots:
            self.roots.remove(drawing.output)
            self.roots.insert(0, drawing.output)
        self.done: set[str] = set()

    def lines(self) -> Iterator[str]:
        """Title, then one tree after the other."""
        yield from wrap(self.theme.text(f"{self.drawing.name}  {self.drawing.title}"), self.theme.width)
        waiting = list(self.roots)
        while waiting:
            name = waiting.pop(0)
            if name in self.done:
                continue
            yield ""
            cut: list[str] = []
            yield from self.branch(name, None, "", "", cut)
            waiting = cut + waiting

    def branch(self, name: str, arrow: Arrow | None, first: str, rest: str, cut: list[str]) -> Iterator[str]:
        """A node with everything above it; `first` and `rest` stand before its first line and the others."""
        box, parents = self.boxes[name], self.parents[name]
        again = name in self.done
        below = bool(parents) and not again and self.theme.width - cells(rest) < LEAST
        remark = "see above" if again and parents else "see below" if below else ""
        inner = rest + (self.signs[2] if parents and not remark else self.signs[3])
        text = self.text(box, arrow, remark, again)
        for k, line in enumerate(wrap(text, self.theme.width - cells(inner))):
            yield f"{first if k == 0 else inner}{line}".rstrip()
        if remark:
            if below and name not in cut:
                cut.append(name)
            return
        self.done.add(name)
        for number, parent in enumerate(parents):
            last = number == len(parents) - 1
            yield from self.branch(
                parent.parent,
                parent,
                rest + self.signs[1 if last else 0],
                rest + self.signs[3 if last else 2],
                cut,
            )

    def text(self, box: Box, arrow: Arrow | None, remark: str, again: bool) -> str:
        """Local derivative, definition, shape, value and cotangent of one node."""
        name = self.show.name(box.name)
        parts = [f"[{arrow.label}]"] if arrow is not None and arrow.label else []
        if remark:
            return self.theme.text("  ".join([*parts, f"{name} ({remark})"]))
        known = "" if box.definition is None else f" = {self.show.formula(box.definition, '')}"
        parts += [f"{name}{known}", box.shape]
        for role in () if again else (Role.VALUE, Role.COTANGENT):
            said = " ".join(line.text for line in box.lines if line.role is role)
            if said:
                parts.append(f"value {said}" if role is Role.VALUE else said)
        return self.theme.text("  ".join(parts))
