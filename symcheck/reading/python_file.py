"""Python files: those that build `Derivation` objects, and others.  Loading such a file runs its code."""

from __future__ import annotations

import traceback
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path
from types import ModuleType

from symcheck.errors import Location, ReadError, SymcheckError, UnreadableFile
from symcheck.language.derivation import Lecture
from symcheck.reading.builder import lectures_in

_serial = count(1)


def load_lectures(path: str | Path) -> list[Lecture]:
    """Run a file and return the derivations at its top level, in order.

    Errors: those of `run_file`, and ReadError if it builds none.
    """
    found = lectures_in(vars(run_file(path)))
    if not found:
        raise ReadError(
            f"{path} builds no derivation",
            code="SC003",
            hint="a derivation file has a line such as: lecture = Derivation('name', title='…')",
        )
    return found


def run_file(path: str | Path) -> ModuleType:
    """Run the code of a file, as `import` does.

    Errors: UnreadableFile (SC003) with the line, if the file cannot be read or its code fails; the
    errors of a derivation itself as they are.
    """
    path = Path(path)
    try:
        source = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path} is not UTF-8 text (byte {error.start})") from None
    # a name of its own, so that files of one name do not meet; never entered in sys.modules
    spec = spec_from_file_location(f"symcheck_derivation_{next(_serial)}", path)
    if spec is None or spec.loader is None:
        raise UnreadableFile(f"{path} is no Python file")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except SymcheckError as error:
        if error.location is None:
            error.location = _location(path, _line_of(error, path), source)
        raise
    except SyntaxError as error:
        line = error.lineno or 1
        raise UnreadableFile(
            f"{path} is no Python: {error.msg}", location=_location(path, line, source)
        ) from None
    except (Exception, SystemExit) as error:
        line = _line_of(error, path)
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        raise UnreadableFile(
            f"{path} fails: {type(error).__name__}: {error}",
            location=_location(path, line, source),
            hint=f"pip install {missing}, into the environment of symcheck" if missing else None,
        ) from None
    return module


def _line_of(error: BaseException, path: Path) -> int:
    # the import machinery makes the path absolute
    names = {str(path), str(path.absolute())}
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename in names]
    return lines[-1] or 1 if lines else 1


def _location(path: Path, line: int, source: bytes) -> Location:
    lines = source.decode("utf-8", "replace").splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return Location(str(path), line, 1, line, len(text) + 1, text)
