"""Where something stands, as people see it: relative to the folder they are in."""

from __future__ import annotations

import os
from dataclasses import replace

from symcheck.errors import Location


def shown_file(file: str) -> str:
    """A path below the current folder relative to it; any other as it is."""
    if not os.path.isabs(file):
        return file
    try:
        relative = os.path.relpath(file)
    except (ValueError, OSError):
        return file
    return file if relative.startswith(os.pardir) else relative


def shown_place(place: Location) -> str:
    """``file:line:col``."""
    return str(place) if place.file is None else str(replace(place, file=shown_file(place.file)))
