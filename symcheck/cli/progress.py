"""How far a long run is: a bar on a terminal's stderr after a second, nothing anywhere else."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path

AFTER = 1.0
"""Seconds before anything is shown."""
EVERY = 0.1
"""Seconds between two looks of the bar."""
BAR = 24
"""Cells of the bar itself."""


class Progress:
    """A bar that is drawn over itself, and taken away before anything else is printed."""

    def __init__(self, targets: Iterable[str] = (), *, counted: bool = True) -> None:
        self.targets = tuple(targets)
        self.counted = counted
        """Whether every record of the files is judged, so that there is a whole to be a part of."""
        self.started = self.drawn = time.monotonic()
        self.count = 0
        self.total: int | None = None
        self.shown = 0
        """Cells that are on the screen."""
        self.wanted = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def step(self) -> None:
        """One claim more is judged."""
        self.count += 1
        now = time.monotonic()
        if not self.wanted or now - self.started < AFTER or now - self.drawn < EVERY:
            return
        if self.counted:
            self.counted = False
            self.total = records(self.targets)
        self.drawn = now
        line = bar(self.count, self.total, now - self.started)[: shutil.get_terminal_size().columns - 1]
        print("\r" + line.ljust(self.shown), end="", file=sys.stderr, flush=True)
        self.shown = len(line)

    def clear(self) -> None:
        """Take the bar away; the next step draws it again."""
        if self.shown:
            print("\r" + " " * self.shown + "\r", end="", file=sys.stderr, flush=True)
            self.shown = 0


def bar(count: int, total: int | None, seconds: float) -> str:
    """``[######------] 500 of 1000 claims, 0:07 left``; a mere count where the whole is not known."""
    if not total or count > total:
        return f"{count} claims judged"
    done = BAR * count // total
    left = round(seconds * (total - count) / count)
    return f"[{'#' * done}{'-' * (BAR - done)}] {count} of {total} claims, {left // 60}:{left % 60:02} left"


def records(targets: Iterable[str]) -> int | None:
    """How many lines with text the claims files have; None where something else is judged, too."""
    total = 0
    for target in targets:
        try:
            if not target.endswith(".jsonl"):
                return None
            with Path(target).open("rb") as lines:
                total += sum(1 for line in lines if line.strip())
        except (OSError, ValueError):
            return None
    return total
