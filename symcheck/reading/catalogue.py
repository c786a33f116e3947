"""The lectures that can be called by name.  Their metadata is read without running their files.

A derivation file tells what it holds in a module-level literal:

    LECTURES = [{"name": "two-layer", "title": "…", "lecture": "C2", "claims": 71, "slips": 0}, …]
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from symcheck.errors import UsageError

GROUP = "symcheck.derivations"


@dataclass(frozen=True, slots=True)
class Entry:
    """One lecture of the catalogue."""

    name: str
    title: str
    lecture: str
    """Such as ``A1``."""
    claims: int
    """How many claims it makes, every link of every chain counted."""
    slips: int
    """How many of them are wrong and kept as written."""
    path: Path


def list_lectures() -> list[Entry]:
    """Every lecture of the package and of installed packages of others, in the order of the files."""
    found: dict[str, Entry] = {}
    for path in _files():
        for entry in entries_of(path):
            found.setdefault(entry.name, entry)
    return list(found.values())


def find(name: str) -> Entry:
    """The lecture of this name.  Errors: UsageError that suggests the nearest names."""
    for path in _files():
        for entry in entries_of(path):
            if entry.name == name:
                return entry
    entries = [entry.name for entry in list_lectures()]
    near = get_close_matches(name, entries, n=3, cutoff=0.5)
    near = near or [other for other in entries if name.lower() in other][:3]
    hint = f"did you mean {' or '.join(near)}?" if near else "`symcheck list` shows them all"
    raise UsageError(f"no derivation is called {name!r}", hint=hint)


@cache
def entries_of(path: Path) -> tuple[Entry, ...]:
    """What a derivation file says of itself; nothing if it says nothing or cannot be read."""
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except (OSError, SyntaxError, ValueError):
        return ()
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "LECTURES" for target in statement.targets
        ):
            try:
                rows = ast.literal_eval(statement.value)
            except ValueError:
                return ()
            return tuple(_entry(row, path) for row in rows)
    return ()


def _entry(row: dict[str, Any], path: Path) -> Entry:
    return Entry(
        name=str(row["name"]),
        title=str(row.get("title", row["name"])),
        lecture=str(row.get("lecture", "")),
        claims=int(row.get("claims", 0)),
        slips=int(row.get("slips", 0)),
        path=path,
    )


def _files() -> Iterator[Path]:
    for folder in (_packaged(), Path(__file__).resolve().parents[2] / "derivations"):
        if folder is not None and folder.is_dir():
            yield from sorted(folder.glob("lecture_*.py"))
            break
    # loaded only when our own files did not settle it: it brings email and zipfile along
    for point in import_module("importlib.metadata").entry_points(group=GROUP):
        spec = find_spec(point.value.split(":")[0])
        if spec is not None and spec.origin:
            yield Path(spec.origin)


def _packaged() -> Path | None:
    """The folder of `symcheck.lectures`; None in a source tree that was not installed."""
    try:
        spec = find_spec("symcheck.lectures")
    except ModuleNotFoundError:
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))
