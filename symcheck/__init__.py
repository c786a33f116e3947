"""symcheck: doctest for derivations.

Public names load lazily: reading a claim in text needs neither SymPy nor rich.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symcheck.api import check_formula, check_lecture, derive, load
    from symcheck.reading.builder import Derivation

__version__ = "0.1.0"

_HOMES = {
    "Derivation": "symcheck.api",
    "check_formula": "symcheck.api",
    "check_lecture": "symcheck.api",
    "derive": "symcheck.api",
    "load": "symcheck.api",
}

__all__ = ["Derivation", "check_formula", "check_lecture", "derive", "load"]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'symcheck' has no attribute {name!r}")
    return getattr(import_module(home), name)
