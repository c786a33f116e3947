"""The (empty) dictionaries of NumPy's names; `functions` fills them on import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Written = TypeVar("Written", bound=Callable[..., Any])

UFUNCS: dict[str, Callable[..., Any]] = {}
"""Name of a ufunc of NumPy → what it does with arrays of ours."""
REDUCTIONS: dict[str, Callable[..., Any]] = {}
"""Name of a ufunc → what its ``reduce`` does."""
FUNCTIONS: dict[str, Callable[..., Any]] = {}
"""Name of another function of NumPy (``linalg.norm``) → what it does."""
METHODS: dict[str, Callable[..., Any]] = {}
"""Name of a method of arrays → the function with the array as its first argument."""


def numpy(*names: str, table: dict[str, Callable[..., Any]]) -> Callable[[Written], Written]:
    """Enter the decorated function under these names."""

    def keep(function: Written) -> Written:
        for name in names:
            assert name not in table, name
            table[name] = function
        return function

    return keep
