"""SymcheckError → what people read: code, place, the source line with a caret, a hint."""

from __future__ import annotations

from symcheck.errors import Location, SymcheckError
from symcheck.rendering.places import shown_place
from symcheck.rendering.table import cells, shortened
from symcheck.rendering.theme import PLAIN, Theme

CUT = "...."
"""Room for what stands where something was cut, at both ends, in ASCII."""


def frame(error: SymcheckError, theme: Theme = PLAIN) -> str:
    """The error as a frame:

    ``error[SC012]: first line``, then the place and the source with ``~~^~~`` below, the rest of the
    message, and ``hint: …``.
    """
    head, *rest = error.message.split("\n")
    lines = [f"error[{error.code}]: {head}"]
    if error.location is not None:
        lines += _source(error.location, theme)
    lines += [f"  {line.strip()}" for line in rest if line.strip()]
    if error.hint:
        first, *more = error.hint.split("\n")
        lines += [f"hint: {first}", *(f"      {line.strip()}" for line in more)]
    return "\n".join(theme.text(shortened(line)) for line in lines)


def _source(place: Location, theme: Theme) -> list[str]:
    """Place and source line, the caret below; a long source is cut to a window around it."""
    prefix = f"  {shown_place(place)}   "
    text, start, end = pointed(place)
    if not text.strip():
        return [f"  {shown_place(place)}"]
    separate = len(prefix) + min(cells(text), 40) > theme.width
    if separate:
        lines, prefix = [prefix.rstrip()], "    "
    else:
        lines = []
    text, start, end = window(text, start, end, theme.width - cells(prefix))
    return [*lines, prefix + text, " " * cells(prefix) + caret_line(text, start, end, theme)]


def caret_line(text: str, start: int, end: int, theme: Theme = PLAIN) -> str:
    """What stands below a line to mark a stretch of it: ``~~^~~``."""
    before = cells(theme.text(text[:start]))
    length = max(1, cells(theme.text(text[start:end])))
    middle = (length - 1) // 2
    return " " * before + "~" * middle + "^" + "~" * (length - 1 - middle)


def marked(text: str, start: int, end: int, theme: Theme = PLAIN) -> list[str]:
    """A line and the marks below a stretch of it; of a long line a window around that stretch."""
    before, inside, after = (theme.text(part) for part in (text[:start], text[start:end], text[end:]))
    room = theme.width - (len(CUT) if theme.ascii else 0)
    shown, first, last = window(before + inside + after, len(before), len(before + inside), room)
    return [theme.text(shown), caret_line(shown, first, last, theme)]


def pointed(place: Location) -> tuple[str, int, int]:
    """The line of the source that the place points into, and the stretch in it."""
    lines = place.source.split("\n")
    source, start = lines[0], place.col - 1
    if len(lines) > 1:
        for line in lines:
            if start <= len(line):
                source = line
                break
            start -= len(line) + 1
    elif start > len(source):
        start = 0  # columns count from the file's margin, the source is the formula alone
    end = place.end_col - 1 if place.end_line == place.line else len(source)
    source = source.replace("\t", " ")
    return source, max(0, start), max(start + 1, min(end, len(source) + 1))


def window(text: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """At most `room` characters around the stretch, ``…`` where something was cut."""
    room = max(room, 20)
    if len(text) <= room:
        return text, start, end
    first = max(0, min(start - room // 3, len(text) - room))
    cut = text[first : first + room]
    if first > 0:
        cut = "…" + cut[1:]
    if first + room < len(text):
        cut = cut[:-1] + "…"
    return cut, start - first, min(end - first, room)
