"""Text of the user's for HTML: escaped, and without characters that no page may hold."""

from __future__ import annotations

import re
from html import escape

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters and halves of characters."""
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of the text after them."""
_PLAIN = re.compile(r"[A-Za-z0-9.-]")


def escaped(text: str) -> str:
    """For content and for attributes in double quotes."""
    return escape(_TURNING.sub("", _FORBIDDEN.sub("\ufffd", text)), quote=True)


def anchor(name: str) -> str:
    """A name as part of an id; different names stay different: ``b_0`` → ``b__0``, ``lₙ`` → ``l_2099_``."""
    return "".join(
        char if _PLAIN.match(char) else "__" if char == "_" else f"_{ord(char):x}_" for char in name
    )
