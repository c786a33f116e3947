"""Imports point down only; rooms on one line do not know each other; no import hides in a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "symcheck"

LINES = [
    {"cli", "pytest_plugin"},
    {"api"},
    {"opinions"},
    {"repairing", "working"},
    {"supposing", "working_out"},
    {"check"},
    {"trial"},
    {"explaining", "rendering"},
    {"deciding", "steps", "sweeps"},
    {"normal_form", "evaluation", "sympy_oracle", "raising"},
    {"differentiation", "layers"},
    {"reading", "lowering"},
    {"operations"},
    {"language"},
    {"errors", "resting"},
]
"""The house from the doors down to the floor."""

EXEMPT = {"__init__", "__main__"}
"""The name plate and the second door."""

PLATE = {"__version__"}
"""What stands on the name plate itself, below every room."""

LAZY = {
    "__init__.py": "public names, loaded at first use",
    "api.py": "SymPy's objects and the code of layers, for those who ask",
    "opinions.py": "SymPy's opinion, for those who ask; corrections, when a line is wrong",
    "cli/__init__.py": "the command that is asked for",
    "cli/checking.py": "the verdicts that --resume keeps, for those who ask",
    "cli/doctor.py": "whether and in which version packages are there",
    "cli/output.py": "temporary files, for those who write to a file",
    "layers/running.py": "NumPy, for code that needs explicit sizes",
    "pytest_plugin.py": "one table: a test run without derivations loads nothing",
    "reading/builder.py": "SymPy objects, for those who use them",
    "reading/catalogue.py": "the metadata of other packages, when our own lectures do not settle a name",
    "rendering/loading.py": "one table of renderers",
}
"""Modules that import by name while running, and what for."""

EXTERNAL = {
    "sympy": ("sympy_oracle/", "reading/sympy_objects.py", "reading/sympy_matrices.py"),
    "rich": ("rendering/", "cli/"),
    "pytest": ("pytest_plugin.py",),
}
"""Package → the only places that may import it."""

FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def height(room: str) -> int:
    return next(k for k, line in enumerate(reversed(LINES)) if room in line)


def imported(path: Path, tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Absolute names of what a file imports, with the line."""
    package = ("symcheck", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)


def rooms_imported(path: Path) -> Iterator[tuple[str, int]]:
    for module, line in imported(path, parsed(path)):
        parts = module.split(".")
        if parts[0] == "symcheck" and len(parts) > 1:
            yield parts[1], line


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_room_has_its_place() -> None:
    rooms = {room_of(path) for path in FILES} - EXEMPT
    assert rooms <= set().union(*LINES)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    room = room_of(path)
    if room in EXEMPT:
        return
    for other, line in rooms_imported(path):
        if other == room or other in PLATE:
            continue
        assert height(other) < height(room), f"{name_of(path)}:{line}: {room} imports {other}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_import_stands_inside_a_function(path: Path) -> None:
    for function in ast.walk(parsed(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for node in ast.walk(function):
                inside = isinstance(node, ast.Import | ast.ImportFrom)
                assert not inside, f"{name_of(path)}:{node.lineno}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_modules_are_imported_by_name_in_the_listed_places_only(path: Path) -> None:
    calls = [
        node
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        in ("import_module", "__import__")
    ]
    assert not calls or name_of(path) in LAZY, [call.lineno for call in calls]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_outside_packages_stay_in_their_rooms(path: Path) -> None:
    for module, line in imported(path, parsed(path)):
        places = EXTERNAL.get(module.split(".")[0])
        if places is not None:
            assert name_of(path).startswith(places), f"{name_of(path)}:{line} imports {module}"


def test_the_listed_places_still_exist() -> None:
    names = {name_of(path) for path in FILES}
    assert names >= LAZY.keys()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_file_grows_into_a_maze(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 520
