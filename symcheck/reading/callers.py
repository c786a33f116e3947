"""Where in a Python file the text stands that a call was given."""

from __future__ import annotations

import linecache
from types import FrameType

from symcheck.reading.places import Place

_REACH = 400
"""How many lines after the call its text is looked for: a call with many claims is long."""


def place_in_caller(text: str, frame: FrameType, after: int | None = None) -> Place:
    """The place of `text` from the line of the call on, or the call itself if it is not found.

    With `after` the text is a line among several of one call, and stands below that line of the file.
    """
    file = frame.f_code.co_filename
    first = frame.f_lineno if after is None else max(frame.f_lineno, after + 1)
    found: Place | None = None
    for number in range(first, first + _REACH):
        source = linecache.getline(file, number)
        if not source:
            break
        column = source.find(text)
        if column < 0:
            continue
        place = Place(file, number, column + 1, source.rstrip("\n"))
        if after is None or source.strip() == text:
            return place
        found = found or place  # a longer line that contains this one may come before it
    return found or Place(file, frame.f_lineno)
