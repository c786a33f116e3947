"""Text is parsed, never run: nothing in the package hands it to Python or to SymPy's readers."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from symcheck.api import check_formula
from symcheck.language.verdict import Failed

PACKAGE = Path(__file__).parents[1] / "symcheck"

RUNNING = {
    "eval",
    "exec",
    "compile",
    "sympify",
    "S",
    "parse_expr",
    "parse_latex",
    "literal_eval",
    "system",
    "popen",
    "loads_pickle",
    "input",
}
"""Names of functions that run, or may run, what they are given."""

ALLOWED = {
    ("reading/python_file.py", "exec"): "a derivation file is Python by its author's wish",
    ("reading/python_file.py", "compile"): "likewise",
    ("reading/catalogue.py", "literal_eval"): "the metadata of a lecture is a literal, read without running",
}
HARMLESS = {("re", "compile")}


def calls(path: Path) -> list[tuple[str, int]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        if isinstance(function, ast.Name):
            found.append((function.id, node.lineno))
        elif isinstance(function, ast.Attribute):
            owner = function.value.id if isinstance(function.value, ast.Name) else ""
            if (owner, function.attr) not in HARMLESS:
                found.append((function.attr, node.lineno))
    return found


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix()
)
def test_nothing_runs_text(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    for called, line in calls(path):
        assert called not in RUNNING or (name, called) in ALLOWED, f"{name}:{line} calls {called}"


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').getcwd() = x",
        "x = (lambda: 1)()",
        "x.__class__ = x",
        "exec('y = 1') = x",
        "x = x; import os",
        "x = [y for y in (1, 2)]",
        "x = f'{x}'",
        "x := 3 = x",
        "open('nothing') = x",
        "x = 9**9**9**9",
        "(" * 5000 + "x" + ")" * 5000 + " = x",
    ],
    ids=lambda text: text[:30],
)
def test_text_that_would_run_is_refused(text: str) -> None:
    (judgement,) = check_formula(text, "x: scalar")
    assert isinstance(judgement.verdict, Failed)
    assert judgement.verdict.error.code.startswith("SC0")
