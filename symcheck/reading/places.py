"""Where a formula stands: turns character offsets into locations."""

from __future__ import annotations

from dataclasses import dataclass

from symcheck.errors import Location, SymcheckError
from symcheck.language.tensor import Span


@dataclass(frozen=True, slots=True)
class Place:
    """The beginning of a text within a file, or nowhere in particular."""

    file: str | None = None
    line: int = 1
    col: int = 1
    source: str | None = None
    """The file's line from its first column on, if the text stands in one; else the text itself counts."""

    def location(self, text: str, span: Span | None = None) -> Location:
        """The stretch `span` of `text`, which begins here; the whole text without a span."""
        start, end = span if span is not None else (0, len(text))
        first_line, first_col = self._position(text, min(start, len(text)))
        last_line, last_col = self._position(text, min(max(start, end), len(text)))
        if self.source is not None and first_line == self.line:
            source = self.source
        else:
            source = text.splitlines()[first_line - self.line] if "\n" in text else text
        return Location(self.file, first_line, first_col, last_line, last_col, source)

    def _position(self, text: str, at: int) -> tuple[int, int]:
        before = text[:at]
        breaks = before.count("\n")
        if breaks:
            return self.line + breaks, at - before.rfind("\n")
        return self.line, self.col + at


def located(error: SymcheckError, text: str, place: Place | None) -> SymcheckError:
    """The same error, knowing where it stands, unless it knew before."""
    if error.location is None:
        error.location = (place or Place()).location(text, error.span)
    return error
