"""What the arguments of ``check`` and ``derive`` name: lectures, claims files, folders, formulas."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from symcheck import api
from symcheck.cli.parser import Arguments
from symcheck.errors import SymcheckError, UnreadableFile, UsageError
from symcheck.language.claim import Claim
from symcheck.language.derivation import Lecture
from symcheck.reading.catalogue import find
from symcheck.reading.claims_file import BrokenLine, read_claims
from symcheck.reading.python_file import load_lectures

SUFFIXES = (".py", ".jsonl")
RELATIONS = "=<>≤≥"
"""One of these outside of brackets makes a claim."""


@dataclass(frozen=True, slots=True)
class Source:
    """Claims of one origin, read."""

    name: str
    claims: Iterable[Claim | BrokenLine] = ()
    """Those of a claims file are read as they are asked for; errors of reading come then."""
    lecture: Lecture | None = None
    formula: bool = False
    """Given on the command line: what cannot be read there is wrong usage."""


def sources(arguments: Arguments) -> Iterator[Source | SymcheckError]:
    """What each argument names, in order; an error in place of what could not be read."""
    for target in arguments.targets:
        try:
            yield from _sources(target, arguments)
        except SymcheckError as error:
            yield error


def _sources(target: str, arguments: Arguments) -> Iterator[Source | SymcheckError]:
    path = Path(target)
    if _exists(path):
        if path.is_dir():
            yield from _folder(path)
        else:
            yield from _file(path, arguments.timeout)
    elif is_formula(target):
        claims = api.read_formula(target, arguments.let, arguments.assume, arguments.convention)
        yield Source("", tuple(claims), formula=True)
    else:
        for lecture in lectures(target, arguments.timeout):
            yield Source(lecture.name, lecture.claims, lecture)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def is_formula(text: str) -> bool:
    """Whether an argument that names no file has ``=``, ``<`` or ``>`` outside of brackets.

    Where a bracket is not closed it is a formula, too: the reader tells where.
    """
    depth = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if char in RELATIONS and depth <= 0:
            return True
    return depth > 0 and any(sign in text for sign in RELATIONS)


def lectures(target: str, timeout: float = 10.0) -> list[Lecture]:
    """``NAME``, ``FILE.py`` or ``FILE.py::NAME``, a derivation or a layer.

    Units: `timeout` is wall time for one run of a layer.  Errors: UsageError with the nearest names.
    """
    file, sign, name = target.partition("::")
    path = Path(file)
    if sign or path.suffix == ".py" or _exists(path):
        if not _exists(path):
            raise UsageError(f"there is no file {file}")
        return api.load_file(file, name, timeout=timeout)
    if any(mark in target for mark in "()[]@∂ "):
        raise UsageError(f"{target!r} is no name of a derivation, and a formula needs '=', '<' or '>'")
    if "/" in target or path.suffix in SUFFIXES:
        raise UsageError(f"there is no file {target}")
    entry = find(target)
    return [lecture for lecture in load_lectures(entry.path) if lecture.name == entry.name]


def _file(path: Path, timeout: float = 10.0) -> Iterator[Source]:
    if path.suffix == ".py":
        for lecture in api.load_file(str(path), timeout=timeout):
            yield Source(lecture.name, lecture.claims, lecture)
    elif path.suffix == ".jsonl":
        yield Source(str(path), read_claims(path))
    else:
        raise UnreadableFile(
            f"{path} is neither a derivation (.py) nor a claims file (.jsonl)",
            hint="a formula is written in quotes and has an = sign",
        )


def _folder(folder: Path) -> Iterator[Source | SymcheckError]:
    """Every derivation and claims file below a folder, sorted; hidden and cached ones left out."""
    found = False
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
        if path.suffix not in SUFFIXES or hidden or not path.is_file():
            continue
        if path.suffix == ".py" and not _builds_derivations(path):
            continue
        found = True
        try:
            yield from _file(path)
        except SymcheckError as error:
            yield error
    if not found:
        raise UsageError(f"no derivations (.py) and no claims files (.jsonl) in {folder}")


def _builds_derivations(path: Path) -> bool:
    """Whether a Python file calls the builder at its top level: others are none of ours to run.

    One that mentions it and cannot be parsed counts as well: that is to be told.
    """
    try:
        text = path.read_bytes()
    except OSError:
        return True
    if b"Derivation(" not in text:
        return False
    try:
        return _calls_builder(ast.parse(text.decode("utf-8")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True


def _calls_builder(node: ast.AST) -> bool:
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(part, ast.Call):
            name = getattr(part.func, "id", None) or getattr(part.func, "attr", None)
            if name == "Derivation":
                return True
        if _calls_builder(part):
            return True
    return False
