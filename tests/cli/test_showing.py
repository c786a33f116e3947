"""The command ``show``."""

from __future__ import annotations

from pathlib import Path

import pytest

from symcheck.cli import main

ROOT = Path(__file__).parents[2]


def test_the_tree_is_what_is_shown_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "squared-product"]) == 0
    out = capsys.readouterr().out
    assert "f = h**2  scalar  value 576" in out
    assert "[g = 4]" in out


def test_another_point(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "squared-product", "--at", "a=2"]) == 0
    assert "value 784" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("form", "start"),
    [("svg", "<svg "), ("tikz", "% needs tikz"), ("dot", 'digraph "two-layer"'), ("mermaid", "flowchart TD")],
)
def test_each_form_is_written_to_a_file(form: str, start: str, tmp_path: Path) -> None:
    path = tmp_path / "graph"
    assert main(["show", "two-layer", "--graph", form, "-o", str(path)]) == 0
    assert path.read_text("utf-8").startswith(start)


def test_tikz_may_be_a_whole_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "two-layer", "--graph", "tikz", "--standalone"]) == 0
    assert capsys.readouterr().out.startswith("\\documentclass{article}")
    assert main(["show", "two-layer", "--graph", "svg", "--standalone"]) == 2
    assert "--standalone is for --graph tikz" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["squared-prodct"], "did you mean squared-product"),
        (["two-layer", "--graph", "gif"], "invalid choice: 'gif'"),
        (["calculus-rules"], "calculus-rules defines no names: there is no graph to draw"),
        (["nowhere.py"], "there is no file nowhere.py"),
        (["squared-product", "--at", "f=1"], "only inputs are given values"),
        (["squared-product", "--at", "nope=1"], "no name 'nope'"),
        (["two-layer", "--sizes", "q=1"], "no size 'q'"),
        (["two-layer", "-o", "/nowhere/graph.svg"], "there is no folder"),
        ([str(ROOT / "derivations" / "lecture_c.py")], "lecture_c.py::two-layer-scalar"),
    ],
    ids=lambda value: " ".join(value)[:20] if isinstance(value, list) else "",
)
def test_what_cannot_be_drawn_is_told(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", *arguments]) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert not captured.out


def test_one_derivation_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", f"{ROOT / 'derivations' / 'lecture_c.py'}::two-layer", "--ascii"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.startswith("two-layer  ")
