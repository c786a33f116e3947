"""How wide, in which letters and colours a report is shown, from a stream and its environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from symcheck.rendering.names import ascii_text

NARROWEST, WIDEST, USUAL = 60, 200, 100
"""Widths of a report in cells; USUAL where nobody says."""

PROBE = "∂ε·⊗σᵀ"
"""Signs that an encoding must have for the report to be written with them."""

VERDICT_STYLES = {
    "proved": "green",
    "refuted": "yellow",
    "REFUTED": "bold red",
    "PROVED": "bold red",
    "undecided": "magenta",
    "UNDECIDED": "bold red",
    "error": "yellow",
    "ERROR": "bold red",
}
"""Colour of a verdict word; the word itself says as much."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything a renderer needs to know about where its text goes."""

    width: int = USUAL
    """Cells in a line."""
    ascii: bool = False
    """Only ASCII: ∂ as d, ε as epsilon."""
    rich: bool = False
    """Draw tables for a terminal."""
    color: bool = False
    timings: bool = False
    """Show how long each claim took."""

    def text(self, text: str) -> str:
        """A text in the letters that can be shown."""
        return ascii_text(text) if self.ascii else text


PLAIN = Theme()


def can_show(encoding: str | None) -> bool:
    """Whether an encoding has the letters of the notation."""
    try:
        PROBE.encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def detect(
    stream: IO[str],
    environment: Mapping[str, str] | None = None,
    *,
    ascii: bool = False,
    width: int | None = None,
    timings: bool = False,
) -> Theme:
    """The theme for a stream: NO_COLOR, FORCE_COLOR, COLUMNS, TERM and the encoding are honoured."""
    env = os.environ if environment is None else environment
    forced = env.get("FORCE_COLOR", "") not in ("", "0")
    terminal = forced or (_is_terminal(stream) and env.get("TERM") != "dumb")
    return Theme(
        width=_width(width, env, terminal),
        ascii=ascii or not can_show(getattr(stream, "encoding", "utf-8") or "utf-8"),
        rich=terminal,
        color=terminal and not env.get("NO_COLOR"),
        timings=timings,
    )


def _is_terminal(stream: IO[str]) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def _width(asked: int | None, env: Mapping[str, str], terminal: bool) -> int:
    columns = env.get("COLUMNS", "")
    if asked is not None:
        width = asked
    elif columns.isdecimal() and int(columns) > 0:
        width = int(columns)
    else:
        width = shutil.get_terminal_size((USUAL, 24)).columns if terminal else USUAL
    return max(NARROWEST, min(WIDEST, width))
