"""What one run of a layer leaves behind besides its results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from symcheck.language.shape import Dim


class NeedsNumbers(BaseException):
    """The code asks for what only explicit sizes can answer: a loop over entries, a slice, a reshape.

    No Exception: the author's ``except Exception`` is not meant for it.
    """

    def __init__(self, reason: str, sizes: Mapping[Dim, int] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sizes = sizes
        """Those of the run; None if they were symbolic."""


class Unfollowed(BaseException):
    """The code does what cannot be followed on symbols: it asks an entry for its value, draws random numbers.

    No Exception either: code that caught it would go on along a path that it never takes on numbers.
    """

    def __init__(self, message: str, *, hint: str | None = None, code: str = "SC020") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code


class Explicit(Protocol):
    """Arrays written out entry by entry, as the real NumPy holds them."""

    def ufunc(self, ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """A ufunc of NumPy on numbers of ours among arrays of NumPy."""


@dataclass
class Trace:
    """One run: at which sizes."""

    sizes: Mapping[Dim, int] | None = None
    """The explicit sizes; None in a run on symbolic ones."""
    explicit: Explicit | None = None

    def needs_numbers(self, reason: str) -> NeedsNumbers:
        """To be raised where symbolic sizes do not do."""
        return NeedsNumbers(reason, self.sizes)
