"""Whole processes against the import of SymPy: start-up is most of what a user waits for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.tables import Row, plain

ROUNDS = 11

FORMULA = ("check", "d(x.T @ A @ x)/dx = (A + A.T) @ x", "--let", "x: n; A: n n")
SYMPY = ("-c", "import sympy")
SYMPY_RICH = ("-c", "import sympy, rich.table")
PAIRS: tuple[tuple[str, tuple[str, ...], tuple[str, ...], float | None], ...] = (
    ("derive squared-product", ("-m", "symcheck", "derive", "squared-product"), SYMPY_RICH, 1.8),
    ("check FORMULA", ("-m", "symcheck", *FORMULA), SYMPY, 0.7),
    ("list", ("-m", "symcheck", "list"), SYMPY, None),
    ("derive two-layer", ("-m", "symcheck", "derive", "two-layer"), SYMPY_RICH, None),
)
"""Name, our arguments, those of the yardstick, the ratio to stay below."""


def table() -> str:
    """Median of the ratios of neighbouring runs, ours and the yardstick taking turns.

    Byte code is compiled beforehand for both, as an installation does.
    """
    with TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = folder
        rows = [_row(*pair, environment) for pair in PAIRS]
    header = ("symcheck …", "ms", "yardstick ms", "ratio", "target", "")
    notes = ("yardstick: python -c 'import sympy' (derive: 'import sympy, rich.table')",)
    return plain("Processes, cold, median of interleaved runs", header, rows, notes)


def _row(
    name: str,
    ours: tuple[str, ...],
    yardstick: tuple[str, ...],
    target: float | None,
    environment: Mapping[str, str],
) -> Row:
    def once() -> tuple[float, float]:
        return seconds(ours, environment), seconds(yardstick, environment)

    once()
    pairs = [once() for _ in range(ROUNDS)]
    ratio = median(mine / theirs for mine, theirs in pairs)
    goal = "" if target is None else f"≤ {target}"
    verdict = "" if target is None else ("met" if ratio <= target else "MISSED")
    mine, theirs = (1000 * median(column) for column in zip(*pairs, strict=True))
    return name, f"{mine:.0f}", f"{theirs:.0f}", ratio, goal, verdict


def seconds(arguments: tuple[str, ...], environment: Mapping[str, str]) -> float:
    """Wall time of one Python process.  Errors: CalledProcessError if it fails."""
    started = time.perf_counter()
    subprocess.run((sys.executable, *arguments), check=True, capture_output=True, env=environment)
    return time.perf_counter() - started
