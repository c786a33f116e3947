"""Levels of a recursion in text: ``lₙ`` is the value of level n, ``lₙ₋₁`` that of the level before.

The same text is read at three levels: at the current one as written, at the one before, and at the base.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symcheck.errors import UsageError
from symcheck.reading.letters import SUBSCRIPT_DIGITS, SUBSCRIPT_LETTERS, is_name, spell, split_level

_SMALL = {plain: small for small, plain in {**SUBSCRIPT_LETTERS, **SUBSCRIPT_DIGITS}.items()}


@dataclass(frozen=True, slots=True)
class Levels:
    """What counts the levels, where they begin, and which way they go."""

    index: str
    start: str
    down: bool = False

    def __post_init__(self) -> None:
        if _SMALL.get(self.index) is None or self.index.isdecimal():
            letters = ", ".join(SUBSCRIPT_LETTERS.values())
            raise UsageError(
                f"levels cannot be counted by {self.index!r}", hint=f"letters that can stand below: {letters}"
            )
        if not self.start.isdecimal() and (not is_name(self.start) or self.start == self.index):
            raise UsageError(
                f"start = {self.start!r} is no level", hint="a whole number, or a letter for any one"
            )

    @property
    def current(self) -> str:
        """``ₙ``"""
        return _SMALL[self.index]

    @property
    def before(self) -> str:
        """``ₙ₋₁``; where levels go down ``ₙ₊₁``."""
        return f"{self.current}{'₊' if self.down else '₋'}₁"

    @property
    def base(self) -> str:
        """``₀``, ``ₖ`` or ``_L``."""
        small = "".join(_SMALL.get(char, "") for char in self.start)
        return small if len(small) == len(self.start) else f"_{self.start}"

    def back(self, text: str) -> str:
        """A text at the level before: ``∂lₙ/∂b₀`` → ``∂lₙ₋₁/∂b₀``."""
        return self._at(text, self.before)

    def based(self, text: str) -> str:
        """A text at the base: ``∂lₙ/∂b₀`` → ``∂l₀/∂b₀``."""
        return self._at(text, self.base)

    def first(self, text: str) -> str:
        """A text in which the level before is the base: ``Aₙ(lₙ₋₁ @ wₙ)`` → ``Aₙ(l₀ @ wₙ)``."""
        return text.replace(self.before, self.base)

    def _at(self, text: str, level: str) -> str:
        return re.sub(rf"(?<=\w){self.current}(?![₊₋])", level, text)

    def is_current(self, name: str) -> bool:
        """Whether a name is of the current level."""
        return split_level(spell(name))[1] == self.current

    def is_before(self, name: str) -> bool:
        """Whether a name is of the level before."""
        return split_level(spell(name))[1] == self.before

    def from_before(self, name: str) -> str:
        """``lₙ₋₁`` → lₙ"""
        return split_level(name)[0] + self.current
