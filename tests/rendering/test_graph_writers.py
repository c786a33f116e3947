"""The five writers of drawings: byte for byte on two lectures, escaping, TeX where it is installed.

``SYMCHECK_UPDATE_GOLDEN=1 pytest tests/rendering/test_graph_writers.py`` writes the files anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from report_samples import d, file_report, matrix_report, num, scalar_report, sym

from symcheck import api
from symcheck.language.claim import Graph
from symcheck.language.derivation import Lecture
from symcheck.language.report import EdgeRow, ForwardRow, Report, Sweep
from symcheck.language.tensor import variable
from symcheck.rendering.graph import (
    draw,
    graph_dot,
    graph_mermaid,
    graph_svg,
    graph_tikz,
    graph_tree,
    node_id,
    row_id,
)
from symcheck.rendering.graph.drawing import Role
from symcheck.rendering.graph.faces import LatexFace, TextFace, shortened_value
from symcheck.rendering.graph.mermaid import escaped
from symcheck.rendering.graph.svg import path
from symcheck.rendering.graph.widths import text_width
from symcheck.rendering.table import cells
from symcheck.rendering.theme import Theme

HERE = Path(__file__).parent / "graphs"
SVG = "{http://www.w3.org/2000/svg}"
WRITERS: dict[str, Callable[[Report], str]] = {
    "txt": graph_tree,
    "svg": graph_svg,
    "tex": graph_tikz,
    "dot": graph_dot,
    "mmd": graph_mermaid,
}
NAMES = ("squared-product", "two-layer")


def report_of(name: str) -> Report:
    lecture = api.load(name)
    return Report(name, (), lecture, api.tables(lecture, (), {}))


def deep(count: int) -> Report:
    """A chain in which every value uses the two before it."""
    symbols = [sym("x0"), sym("x1"), *(sym(f"t{k}") for k in range(count - 2))]
    graph = Graph({symbols[k]: variable(symbols[k - 1]) * variable(symbols[k - 2]) for k in range(2, count)})
    return Report("deep", (), Lecture("deep", "A chain", graph=graph, output=symbols[-1]))


def hostile() -> Report:
    """Titles, names and values that would be markup anywhere."""
    x, y = sym('a"<b>&\\{%#_$^~'), sym("y]|`*<script>")
    graph = Graph({y: variable(x) + num(1)})
    evil = '</text><script>alert("1")</script>\\n"] ; end %$#&_{}~^\\input{/etc/passwd}'
    sweep = Sweep(
        (ForwardRow(x.shown, None, "scalar", evil), ForwardRow(y.shown, graph.definitions[y], "scalar", "2")),
        (EdgeRow("y → x", num(1), "", d(y, x), "", d(y, x), "", "scalar", evil, x.shown, y.shown),),
        output=y.shown,
    )
    return Report("evil", (), Lecture('"]</title><script>', f'{evil}\x00\n"', graph=graph), sweep)


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_graph_is_drawn_as_it_was(name: str, suffix: str) -> None:
    written = WRITERS[suffix](report_of(name)).encode()
    golden = HERE / f"{name}.{suffix}"
    if os.environ.get("SYMCHECK_UPDATE_GOLDEN") == "1":
        golden.write_bytes(written)
    assert written.decode().splitlines() == golden.read_bytes().decode().splitlines()
    assert written == golden.read_bytes()


def test_every_golden_graph_is_compared() -> None:
    assert {path.name for path in HERE.iterdir()} == {f"{n}.{s}" for n in NAMES for s in WRITERS}


# -- what is drawn -----------------------------------------------------------------------------


def test_values_stand_above_and_cotangents_below() -> None:
    drawing = draw(report_of("squared-product"), TextFace())
    assert drawing is not None
    (box,) = [box for box in drawing.boxes if box.name == "e"]
    assert [(line.role, line.text) for line in box.lines] == [
        (Role.VALUE, "6"),
        (Role.DEFINITION, "e = a + c"),
        (Role.COTANGENT, "∂f/∂e = 192"),
    ]
    heights = [line.y for line in box.lines]
    assert heights == sorted(heights)
    assert {(a.parent, a.child): a.label for a in drawing.arrows}["e", "h"] == "g = 4"


def test_a_cotangent_without_a_point_is_what_its_edges_add() -> None:
    drawing = draw(report_of("two-layer"), TextFace())
    assert drawing is not None
    lines = {box.name: [line.text for line in box.lines] for box in drawing.boxes}
    assert lines["p"] == ["p = V @ x + v", "(h)", "∂ε/∂p = ∂ε/∂y * σ'(p)"]


def test_a_node_with_several_children_adds_them_up() -> None:
    lecture = replace(api.load("product-sine-graph"), point={})
    drawing = draw(Report("g", (), lecture, api.tables(lecture, (), {})), TextFace())
    assert drawing is not None
    (x4,) = [box for box in drawing.boxes if box.lines[0].text.startswith("x₄ =")]
    assert " ".join(line.text for line in x4.lines) == "x₄ = x₁*x₂ ∂f/∂x₄ = ∂f/∂x₇ * exp(x₄) + ∂f/∂x₆ * x₅"


def test_an_edge_that_reaches_no_output_has_no_label() -> None:
    drawing = draw(report_of("gradient-descent"), TextFace())
    assert drawing is not None
    labels = {(a.parent, a.child): a.label for a in drawing.arrows}
    assert labels["q", "z"] == "diag(σ'(q))"
    assert labels["k", "U₁"] == ""


def test_without_tables_there_are_still_definitions() -> None:
    drawing = draw(replace(report_of("two-layer"), sweep=None), TextFace())
    assert drawing is not None
    assert all(not arrow.label for arrow in drawing.arrows)
    assert "z = σ(q)" in {line.text for box in drawing.boxes for line in box.lines}


@pytest.mark.parametrize("write", WRITERS.values(), ids=list(WRITERS))
def test_without_definitions_nothing_is_drawn(write: Callable[[Report], str]) -> None:
    assert write(file_report()) == ""
    assert write(Report("none", (), Lecture("none", "No definitions"))) == ""


def test_a_large_graph_shows_names_grouped_by_layer() -> None:
    report = deep(60)
    drawing = draw(report, TextFace())
    assert drawing is not None
    assert drawing.is_large
    assert all(len(box.lines) == 1 for box in drawing.boxes)
    assert all(not arrow.label for arrow in drawing.arrows)
    assert len(drawing.layers) == len(drawing.bands)
    assert 'class="layer"' in graph_svg(report)
    assert graph_mermaid(report).count("subgraph") == len(drawing.layers)


def test_a_graph_that_tex_cannot_measure_is_not_set() -> None:
    assert graph_tikz(deep(1200)) == ""
    assert graph_tikz(deep(100)) != ""


@pytest.mark.parametrize("name", ["two-layer", "gradient-descent", "product-sine-graph"])
def test_lines_of_a_box_are_no_wider_than_it(name: str) -> None:
    for face in (TextFace(), LatexFace()):
        drawing = draw(report_of(name), face)
        assert drawing is not None
        for box in drawing.boxes:
            for line in box.lines:
                wide, high = face.extent(line.text, line.role)
                assert wide + 2 * face.pad[0] <= box.extent[0] + 1
                assert high // 2 <= line.y <= box.extent[1] - high // 2


def test_widths_are_no_less_than_in_the_widest_fonts() -> None:
    # advances of DejaVu Sans in thousandths
    dejavu = {
        "m": 974,
        "W": 989,
        "i": 278,
        "0": 636,
        "∂": 517,
        "=": 838,
        "@": 1000,
        "ε": 541,
        "Σ": 632,
        " ": 318,
    }
    for char, advance in dejavu.items():
        assert text_width(char, 1000) >= advance, char


def test_long_values_end_after_a_comma() -> None:
    assert shortened_value("[1, 2, 3]") == "[1, 2, 3]"
    assert shortened_value("[" + ", ".join(["100"] * 20) + "]").endswith("100, …]")
    assert len(shortened_value("9" * 80)) <= 30


def test_numbers_are_set_as_on_paper() -> None:
    assert LatexFace().value("-4.5e-07") == r"-4.5 \cdot 10^{-7}"
    assert LatexFace().value("1e+20") == r"1 \cdot 10^{20}"
    assert LatexFace().value("-1/3") == r"-\tfrac{1}{3}"


# -- the tree ----------------------------------------------------------------------------------


def test_the_tree_stays_in_its_width_and_says_everything_once() -> None:
    report = report_of("gradient-descent")
    for width in (60, 100, 200):
        text = graph_tree(report, Theme(width=width))
        assert max(map(cells, text.splitlines())) <= width
        assert len(re.findall(r"GV = ", text)) == 1
        assert "ε (see above)" in text


def test_a_deep_tree_goes_on_below() -> None:
    text = graph_tree(deep(200), Theme(width=60))
    assert max(map(cells, text.splitlines())) <= 60
    assert "(see below)" in text
    for k in range(198):
        assert len(re.findall(rf"\bt{k} = ", text)) == 1


def test_the_tree_in_ascii() -> None:
    text = graph_tree(report_of("two-layer"), Theme(ascii=True))
    assert text.isascii()
    assert "`- " in text
    assert "depsilon/dp" in text


# -- SVG ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [scalar_report, matrix_report, hostile], ids=["scalar", "matrix", "hostile"])
def test_svg_is_well_formed_and_holds_no_script(make: Callable[[], Report]) -> None:
    root = ET.fromstring(graph_svg(make()))
    assert root.tag == f"{SVG}svg"
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "defs", "marker", "path", "g", "rect", "text"}
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(set(ids)) == len(ids)
    for name in root.attrib["aria-labelledby"].split():
        assert name in ids
    assert all(
        group.find(f"{SVG}title") is not None
        for group in root.iter(f"{SVG}g")
        if "node" in group.get("class", "")
    )


def test_svg_asks_nothing_of_the_network() -> None:
    text = graph_svg(report_of("two-layer"))
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert "@import" not in text
    assert re.findall(r"url\([^)]*\)", text) == ["url(#graph-head)"] * text.count("url(")


def test_ids_tell_names_apart_and_may_be_prefixed() -> None:
    assert node_id("e") == "node-e"
    assert row_id("e") == "row-e"
    assert len({node_id(name) for name in ("ε", "e", "epsilon", "a b", "a.b", "a_b", "lₙ", "l_n")}) == 8
    text = graph_svg(scalar_report(), prefix="one-", linked=True)
    assert 'id="one-node-e"' in text
    assert 'href="#one-row-e"' in text
    root = ET.fromstring(text)
    assert all(e.attrib["id"].startswith("one-") for e in root.iter() if "id" in e.attrib)


def test_paths_are_straight_down_or_curves_that_leave_upright() -> None:
    assert path([(5, 0), (5, 10), (9, 20)]) == "M5,0 L5,10 C5,15 9,15 9,20"


# -- the others --------------------------------------------------------------------------------


def test_mermaid_reads_nothing_of_a_label() -> None:
    assert escaped('a"b') == "a#34;b"
    assert escaped("<script>") == "#60;script#62;"
    assert escaped("1. x") == "1#46; x"
    assert escaped("- x") == "#45; x"
    assert escaped("+ x") == "#43; x"
    assert escaped("b - d") == "b - d"
    assert escaped("#42; `x` **y**") == "#35;42#59; #96;x#96; #42;#42;y#42;#42;"
    for line in graph_mermaid(hostile()).splitlines()[1:]:
        assert line.count('"') in (0, 2), line
        assert "<" not in line.replace("<br/>", "")


def test_dot_strings_are_closed_where_they_end() -> None:
    string = re.compile(r'"(?:[^"\\]|\\.)*"')
    for report in (hostile(), matrix_report()):
        for line in graph_dot(report).splitlines():
            rest = string.sub("", line)
            assert '"' not in rest
            assert "<" not in rest


def test_dot_ranks_are_the_layers() -> None:
    drawing = draw(report_of("two-layer"), TextFace())
    assert drawing is not None
    assert graph_dot(report_of("two-layer")).count("rank=same") == len(drawing.layers)


def test_tikz_is_ascii_and_balanced() -> None:
    for make in (scalar_report, matrix_report, hostile):
        text = graph_tikz(make(), standalone=True)
        assert text.isascii()
        code = re.sub(r"(?<!\\)%.*", "", text)
        assert code.count("{") - code.count("\\{") == code.count("}") - code.count("\\}")
        assert "\\input{" not in code


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize(
    "name",
    ["squared-product", "two-layer", "gradient-descent", "layers-as-code", "hostile", "matrix", "deep"],
)
def test_plain_pdflatex_sets_the_graph(name: str, tmp_path: Path) -> None:
    made = {"hostile": hostile, "matrix": matrix_report, "deep": lambda: deep(90)}
    report = made[name]() if name in made else report_of(name)
    (tmp_path / "graph.tex").write_text(graph_tikz(report, standalone=True), encoding="ascii")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "graph.tex"],
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
    )
    log = (tmp_path / "graph.log").read_text("latin-1")
    assert done.returncode == 0, log[-2000:]
    assert not re.search(r"^!|Overfull|undefined", log, re.MULTILINE)
    assert "(1 page" in log


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_reads_the_dot_file() -> None:
    for report in (hostile(), matrix_report(), report_of("two-layer"), deep(60)):
        done = subprocess.run(
            ["dot", "-Tplain"], input=graph_dot(report).encode(), capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert not done.stderr
