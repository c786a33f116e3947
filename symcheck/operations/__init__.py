"""The dictionary: every operation of the language, one function each, its body the index law.

Importing this package fills `language.registry.REGISTRY`.  A law receives the table that builds nodes,
the axes of its result, its params, and its arguments as views: ``x[(i,)]`` is the entry at i.
"""

from __future__ import annotations

from symcheck.operations import (
    activations,
    arithmetic,
    classical,
    composed,
    contraction,
    elementwise,
    joining,
    linear_algebra,
    literal,
    normalisation,
    ordering,
    rearrangement,
    reduction,
    softmax,
    special,
    vectorisation,
)

__all__ = [
    "activations",
    "arithmetic",
    "classical",
    "composed",
    "contraction",
    "elementwise",
    "joining",
    "linear_algebra",
    "literal",
    "normalisation",
    "ordering",
    "rearrangement",
    "reduction",
    "softmax",
    "special",
    "vectorisation",
]
