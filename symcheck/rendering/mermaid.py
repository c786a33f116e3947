"""The graph of definitions as a flowchart of Mermaid, which GitHub draws within Markdown."""

from __future__ import annotations

from symcheck.language.derivation import Lecture
from symcheck.language.report import Report
from symcheck.language.tensor import Symbol
from symcheck.rendering.markdown_text import one_line
from symcheck.rendering.text_notation import write, write_name

LONGEST = 48
"""Letters of a definition that are shown in its node."""
PLAIN = " +-*/=().,'[]∂"
"""Signs that mean nothing to Mermaid within quotes."""
MOST = 60
"""Nodes beyond which a flowchart is no help."""


def graph_mermaid(report: Report) -> str:
    """Inputs as rounded nodes, definitions as boxes, an arrow from each name to what uses it; or nothing."""
    lecture = report.lecture
    if lecture is None or not lecture.graph.definitions:
        return ""
    symbols = [*_inputs(lecture), *lecture.graph.definitions]
    if len(symbols) > MOST:
        return ""
    number = {symbol: f"n{place}" for place, symbol in enumerate(symbols)}
    lines = ["flowchart LR"]
    for symbol in symbols:
        name = write_name(symbol.shown)
        body = lecture.graph.definitions.get(symbol)
        if body is None:
            lines.append(f'  {number[symbol]}(["{quoted(name)}"])')
        else:
            lines.append(f'  {number[symbol]}["{quoted(f"{name} = {_short(write(body))}")}"]')
    for child, parents in lecture.graph.parents.items():
        lines += [f"  {number[parent]} --> {number[child]}" for parent in parents if parent in number]
    return "\n".join(lines) + "\n"


def _inputs(lecture: Lecture) -> list[Symbol]:
    """The inputs that a definition uses."""
    used = set(lecture.graph.inputs())
    return [s for s in lecture.inputs or lecture.graph.inputs() if s in used]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def quoted(text: str) -> str:
    """A label: letters, digits and plain signs as they are, every other sign as its number."""
    return "".join(c if c.isalnum() or c in PLAIN else f"#{ord(c)};" for c in one_line(text))
