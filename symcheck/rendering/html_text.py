"""Text of the user's for HTML: escaped, and without characters that no page may hold."""

from __future__ import annotations

import re
from html import escape

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters and halves of characters."""
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of the text after them."""
_PLAIN = re.compile(r"[A-Za-z0-9_-]")


def escaped(text: str) -> str:
    """For content and for attributes in double quotes."""
    return escape(_TURNING.sub("", _FORBIDDEN.sub("\ufffd", text)), quote=True)


def row_id(name: str, prefix: str = "") -> str:
    """The id of the row of a name: ``row-e``; other signs by their number, so different names stay so."""
    return f"{prefix}row-{''.join(c if _PLAIN.match(c) else f'.{ord(c):x}.' for c in name)}"
