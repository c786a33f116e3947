"""Assumptions within a sentence, as they stand on paper: ``A = Aᵀ`` for ``A symmetric``."""

from __future__ import annotations

import re

from symcheck.rendering.text_notation import write_name

_WORDS = {
    "symmetric": "{0} = {0}ᵀ",
    "antisymmetric": "{0} = −{0}ᵀ",
    "orthogonal": "{0}ᵀ {0} = I",
    "idempotent": "{0} {0} = {0}",
    "diagonal": "{0} is diagonal",
    "unit": "‖{0}‖ = 1",
    "signs": "{0} is 1 or −1",
    "binary": "{0} is 0 or 1",
    "one-hot": "{0} is one-hot",
    "constant": "{0} is constant",
}
"""What is assumed → how a sentence says it of a name."""
_SAID = re.compile(r"([^\W\d]\w*) (\S+)")
_NAME = re.compile(r"[^\W\d]\w*")


def assumption_text(text: str) -> str:
    """An assumption within a sentence: on paper's terms, sizes without their keyword, names as on paper."""
    if text.startswith("dim "):
        return text.removeprefix("dim ").replace("==", "=")
    said = _SAID.fullmatch(text)
    if said and said[2] in _WORDS:
        return _WORDS[said[2]].format(write_name(said[1]))
    return _NAME.sub(lambda name: write_name(name[0]), text).replace("==", "=")
