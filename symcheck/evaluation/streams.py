"""Deterministic choices: the same seed and name give the same numbers on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

Item = TypeVar("Item")
MASK = (1 << 64) - 1


class Stream:
    """A short generator of whole numbers (splitmix64), seeded by a text and numbers."""

    __slots__ = ("_state",)

    def __init__(self, text: str, *numbers: int) -> None:
        state = crc32(text.encode())
        for number in numbers:
            state = (state * 0x9E3779B97F4A7C15 + number + 1) & MASK
        self._state = state

    def below(self, bound: int) -> int:
        """A number from 0 to bound − 1."""
        self._state = state = (self._state + 0x9E3779B97F4A7C15) & MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & MASK
        return (state ^ (state >> 31)) % bound

    def choose(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def sample(self, items: Sequence[Item], count: int, front: int | None = None) -> list[Item]:
        """`count` items, distinct while they last: a walk through `items`, whose number is prime.

        With `front` the walk starts among the first so many.
        """
        length = len(items)
        start, step = self.below(front or length), 1 + self.below(length - 1)
        return [items[(start + step * k) % length] for k in range(count)]
