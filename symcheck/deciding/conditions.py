"""A condition on the author's own expressions."""

from __future__ import annotations

from dataclasses import dataclass

from symcheck.language.tensor import Tensor


@dataclass(frozen=True, slots=True)
class SideCondition:
    """`subject` `relation` `other`, such as x ≠ 0."""

    subject: Tensor
    relation: str
    other: Tensor | None = None
    """None for 0, and for relations that need nothing on the right."""
