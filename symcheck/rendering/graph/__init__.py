"""The computational graph of a derivation as a picture: tree, SVG, TikZ, Graphviz, Mermaid.

Report → `Drawing` (boxes and arrows with their places) → one of five writers.  A report without definitions
has no graph: then the result is the empty string.
"""

from __future__ import annotations

from symcheck.language.report import Report
from symcheck.rendering.graph.dot import dot
from symcheck.rendering.graph.drawing import Drawing, draw
from symcheck.rendering.graph.faces import LatexFace, TextFace
from symcheck.rendering.graph.mermaid import mermaid
from symcheck.rendering.graph.svg import node_id, row_id, svg
from symcheck.rendering.graph.tikz import can_set, tikz
from symcheck.rendering.graph.tree import tree
from symcheck.rendering.theme import PLAIN, Theme


def graph_svg(report: Report, *, prefix: str = "", linked: bool = False, ascii: bool = False) -> str:
    """One ``<svg>`` element; boxes have the ids ``node-NAME``, see `node_id`.

    `prefix` of all ids, where a page shows several graphs; `linked` makes a box a link to ``row-NAME``.
    """
    drawing = draw(report, TextFace(ascii))
    return "" if drawing is None else svg(drawing, prefix=prefix, linked=linked)


def graph_tikz(report: Report, *, standalone: bool = False) -> str:
    """A fragment for a document with tikz, or an article; also empty if TeX could not measure it."""
    drawing = draw(report, LatexFace())
    return "" if drawing is None or not can_set(drawing) else tikz(drawing, standalone=standalone)


def graph_dot(report: Report, *, ascii: bool = False) -> str:
    """A digraph for Graphviz."""
    drawing = draw(report, TextFace(ascii))
    return "" if drawing is None else dot(drawing)


def graph_mermaid(report: Report, *, ascii: bool = False) -> str:
    """A flowchart, to stand between ```` ```mermaid ```` and ```` ``` ````."""
    drawing = draw(report, TextFace(ascii))
    return "" if drawing is None else mermaid(drawing)


def graph_tree(report: Report, theme: Theme = PLAIN) -> str:
    """Lines for a terminal."""
    drawing = draw(report, TextFace(theme.ascii))
    return "" if drawing is None else tree(drawing, theme)


__all__ = [
    "Drawing",
    "draw",
    "graph_dot",
    "graph_mermaid",
    "graph_svg",
    "graph_tikz",
    "graph_tree",
    "node_id",
    "row_id",
]
