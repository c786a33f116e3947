"""Where results go: stdout or a file; and the exit code that verdicts add up to."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from symcheck.cli.parser import Arguments
from symcheck.cli.progress import Progress
from symcheck.errors import UsageError
from symcheck.language.verdict import Failed, Judgement
from symcheck.rendering.theme import Theme, detect


@dataclass
class Sink:
    """Takes the text of results; a file is written whole at the end, from what was laid aside."""

    theme: Theme
    path: Path | None = None
    progress: Progress | None = None
    """A bar to be taken away before anything is printed."""
    aside: IO[str] | None = None

    def write(self, text: str) -> None:
        """Add text; on stdout it appears at once."""
        if not text:
            return
        if self.path is not None:
            # on the disk, for it may be long; not yet in its file, for that may be one of those read
            if self.aside is None:
                self.aside = import_module("tempfile").TemporaryFile("w+", encoding="utf-8", newline="")
            self.aside.write(text)
            return
        if self.progress is not None:
            self.progress.clear()
        sys.stdout.write(text)
        sys.stdout.flush()

    def close(self) -> None:
        """Write the file, if there is one.  Errors: UsageError if it cannot be written."""
        if self.path is None:
            return
        aside, self.aside = self.aside, None
        try:
            with open(self.path, "w", encoding="utf-8", newline="\n") as file:
                if aside is not None:
                    with aside:
                        aside.seek(0)
                        copyfileobj(aside, file)
        except OSError as error:
            raise UsageError(f"cannot write {self.path}: {error.strerror or error}") from None


def sink_for(arguments: Arguments) -> Sink:
    """Stdout, or the file of ``-o`` in plain UTF-8.  Errors: UsageError if that cannot be written."""
    theme = detect(sys.stdout, ascii=arguments.ascii, width=arguments.width, timings=arguments.timings)
    if arguments.output is None:
        return Sink(theme)
    path = Path(arguments.output)
    _check_writable(path)
    return Sink(replace(theme, ascii=arguments.ascii, rich=False, color=False), path)


def _check_writable(path: Path) -> None:
    """Tell before anything is judged that a file cannot be written.  Errors: UsageError."""
    if path.is_dir():
        raise UsageError(f"cannot write {path}: it is a folder")
    if not path.parent.is_dir():
        raise UsageError(f"cannot write {path}: there is no folder {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UsageError(f"cannot write {path}: no permission")


def write_file(path: Path, text: str) -> None:
    """Write UTF-8 with plain newlines.  Errors: UsageError."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None


@dataclass
class Tally:
    """What the exit code depends on."""

    strict: bool = False
    exit_zero: bool = False
    unexpected: int = 0
    unreadable: bool = False
    contradiction: bool = False

    def add(self, judgement: Judgement) -> bool:
        """Count a verdict; True if it is a surprise."""
        if isinstance(judgement.verdict, Failed) and judgement.verdict.error.code.startswith("SC9"):
            self.contradiction = True
        surprise = judgement.as_expected is False or (self.strict and judgement.as_expected is None)
        self.unexpected += surprise
        return surprise

    def add_all(self, judgements: Iterable[Judgement]) -> None:
        """Count several."""
        for judgement in judgements:
            self.add(judgement)

    def code(self) -> int:
        """3 for a contradiction, 2 for what could not be read, 1 for surprises, else 0."""
        if self.contradiction:
            return 3
        if self.unreadable:
            return 2
        return 1 if self.unexpected and not self.exit_zero else 0
