"""The (empty) dictionary of operations; `symcheck.operations` fills it on import.

An operation is stated once: its shape rule, its index law (the body that `lowering` runs), how it is
written.  The registry is a plain dict and refuses one name twice; tests enumerate it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from symcheck.language.shape import SameSize, Shape

ShapeRule: TypeAlias = Callable[[tuple[Shape, ...], tuple[Any, ...], SameSize], Shape]
"""Argument shapes, params, and which sizes are the same → shape of the result, or ShapeMismatch."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the language."""

    name: str
    arity: tuple[int, int]
    """Fewest and most tensor arguments."""
    shape: ShapeRule
    law: Callable[..., Any]
    """(table, axes of the result, params, *views) → Node: the index law; see `operations`."""
    statement: str
    """The law in one line of mathematics, for people."""
    infix: str | None = None
    """The operator in text, for those that are written between their arguments."""
    latex: str | None = None
    """A LaTeX pattern with {0}, {1} for the arguments; None: \\operatorname{name}(…)."""
    elementwise: bool = False
    """Acts entry by entry after broadcasting."""


REGISTRY: dict[str, Operation] = {}


def register(operation: Operation) -> None:
    """Add an operation; a name is given once."""
    if operation.name in REGISTRY:
        raise ValueError(f"operation {operation.name!r} is registered twice")
    REGISTRY[operation.name] = operation
