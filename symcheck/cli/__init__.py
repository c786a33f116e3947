"""The command ``symcheck``: arguments → a command → an exit code.

Exit codes: 0 every claim as expected; 1 some not; 2 usage or unreadable input; 3 symcheck contradicts
itself (SC900); 130 interrupted, after printing what is done.  Results go to stdout, the rest to stderr.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import IO

from symcheck.cli.parser import read_arguments
from symcheck.errors import SymcheckError, UsageError
from symcheck.rendering.errors import frame
from symcheck.rendering.table import shortened
from symcheck.rendering.theme import detect

OK, UNEXPECTED, USAGE, CONTRADICTION, PIPE, INTERRUPTED = 0, 1, 2, 3, 141, 130

COMMANDS = {
    "list": "symcheck.cli.asking",
    "rule": "symcheck.cli.asking",
    "doctor": "symcheck.cli.doctor",
    "check": "symcheck.cli.checking",
    "derive": "symcheck.cli.deriving",
    "grad": "symcheck.cli.grading",
    "show": "symcheck.cli.showing",
    "export": "symcheck.cli.deriving",
}
"""Command → the module with its function: only the one that is asked for is imported."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no error leaves as a traceback."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed before we were started
            setattr(sys, name, io.StringIO())
        _forgiving(getattr(sys, name))
    collecting = gc.isenabled()
    # while modules load there is nothing to collect; `check`, which may run long, turns it on again
    gc.disable()
    try:
        code = _run(sys.argv[1:] if argv is None else list(argv))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _silence()
        return PIPE
    except OSError as error:
        print(f"symcheck: cannot go on: {error.strerror or error}", file=sys.stderr)
        _silence()
        return USAGE
    except KeyboardInterrupt:
        print("symcheck: interrupted", file=sys.stderr)
        return INTERRUPTED
    finally:
        if collecting:
            gc.enable()


def command() -> int:
    """`main` for a process of its own, which ends without looking through all that it holds once more."""
    gc.disable()
    code = main()
    gc.freeze()
    return code


def _run(argv: list[str]) -> int:
    try:
        arguments = read_arguments(argv)
        if arguments.command is None:
            return OK
        command = getattr(import_module(COMMANDS[arguments.command]), f"run_{arguments.command}")
        code: int = command(arguments)
        return code
    except SymcheckError as error:
        report_error(error)
        return CONTRADICTION if error.code.startswith("SC9") else USAGE


def report_error(error: SymcheckError) -> None:
    """An error on stderr: one line for wrong usage, a frame for input that could not be read."""
    theme = detect(sys.stderr)
    if isinstance(error, UsageError) and error.location is None:
        hint = f"\n{shortened(error.hint)}" if error.hint else ""
        print(theme.text(f"symcheck: {shortened(error.message)}{hint}"), file=sys.stderr)
    else:
        print(frame(error, theme), file=sys.stderr)


def _silence() -> None:
    """Nobody reads stdout any more: keep the interpreter from failing once more when it closes it."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _forgiving(stream: IO[str]) -> None:
    """Let a stream replace what its encoding cannot write."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        with suppress(ValueError, OSError):
            reconfigure(errors="replace")
