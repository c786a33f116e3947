"""Derivations: what `derivations/*.py` and notebooks build, as data.

The methods that read text, check and render are hooked on by `symcheck.api`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from symcheck.language.claim import Assumptions, Claim, Graph, Value
from symcheck.language.tensor import Function, Symbol, Tensor


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in prose, kept between the claims."""

    text: str
    formulas: Mapping[str, tuple[Tensor, Tensor]] = field(default_factory=dict)
    """Equations within the text, as they stand there → both sides, for those who set mathematics."""


Item: TypeAlias = Claim | Note


@dataclass(frozen=True, eq=False, slots=True)
class Lecture:
    """A derivation, read: everything a report needs, nothing evaluated."""

    name: str
    title: str
    source: str = ""
    lecture: str = ""
    """Such as ``A1``."""
    convention: str = "gradient"
    inputs: tuple[Symbol, ...] = ()
    functions: tuple[Function, ...] = ()
    graph: Graph = field(default_factory=Graph)
    assumptions: Assumptions = field(default_factory=Assumptions)
    point: Mapping[Symbol, Value] = field(default_factory=dict)
    output: Symbol | None = None
    """The scalar whose derivatives the chain-rule table shows; by default the last scalar definition."""
    items: tuple[Item, ...] = ()
    sweeps: bool = False
    """Whether the forward and the reverse sweep are part of it."""
    steps: bool = False
    """Whether `derive` tells by which rule each line comes from another."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims in order, without the notes."""
        return tuple(item for item in self.items if isinstance(item, Claim))
