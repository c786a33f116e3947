"""``symcheck show``: the computational graph of a derivation as a picture; nothing is judged."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from symcheck import api
from symcheck.cli.deriving import read_point, read_sizes
from symcheck.cli.jobs import timed
from symcheck.cli.output import sink_for
from symcheck.cli.parser import Arguments
from symcheck.cli.targets import lectures
from symcheck.errors import UsageError
from symcheck.language.derivation import Lecture
from symcheck.language.report import Report
from symcheck.rendering.loading import load
from symcheck.rendering.theme import Theme


def run_show(arguments: Arguments) -> int:
    """Draw what the argument names.  Errors: UsageError for a derivation that defines no names."""
    found = lectures(arguments.targets[0], arguments.timeout)
    lecture = _the_one_drawn(found, arguments)
    lecture = api.standing(lecture, read_point(arguments.at) or {})
    sizes = read_sizes(arguments.sizes) or {}
    sink = sink_for(arguments)
    sweep, reason = timed(lambda: api.tables(lecture, (), sizes), arguments.timeout)
    if reason:
        print(f"symcheck: drawn without values and derivatives: {reason}", file=sys.stderr)
    sink.write(_drawn(Report(lecture.name, (), lecture, sweep), arguments, sink.theme))
    sink.close()
    return 0


def _the_one_drawn(found: Sequence[Lecture], arguments: Arguments) -> Lecture:
    """The only derivation with definitions."""
    drawable = [lecture for lecture in found if lecture.graph.definitions]
    target = arguments.targets[0]
    if not drawable:
        names = ", ".join(lecture.name for lecture in found) or target
        raise UsageError(
            f"{names} defines no names: there is no graph to draw",
            hint='a graph is made of definitions: d.define("p", "V @ x + v"); symcheck list has others',
        )
    if len(drawable) > 1:
        file = target.partition("::")[0]
        listed = ", ".join(lecture.name for lecture in drawable)
        raise UsageError(
            f"{file} has {len(drawable)} derivations with a graph: {listed}",
            hint=f"symcheck show {file}::{drawable[0].name}",
        )
    return drawable[0]


def _drawn(report: Report, arguments: Arguments, theme: Theme) -> str:
    graph = load("graph")
    match arguments.graph:
        case "svg":
            text: str = graph.graph_svg(report, ascii=theme.ascii)
        case "tikz":
            text = graph.graph_tikz(report, standalone=arguments.standalone)
            if not text:
                raise UsageError(
                    f"the graph of {report.name} is larger than TeX can measure",
                    hint="--graph svg has no such limit",
                )
        case "dot":
            text = graph.graph_dot(report, ascii=theme.ascii)
        case "mermaid":
            text = graph.graph_mermaid(report, ascii=theme.ascii)
        case _:
            text = graph.graph_tree(report, theme)
    return text
