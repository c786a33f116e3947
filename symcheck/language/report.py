"""Reports: what checking hands to rendering.  Rows hold text that was decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from symcheck.language.derivation import Lecture
from symcheck.language.tensor import Index, Tensor
from symcheck.language.verdict import Judgement


@dataclass(frozen=True, slots=True)
class ForwardRow:
    """One node of the graph in the forward pass."""

    name: str
    definition: Tensor | None
    """None for an input."""
    shape: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """One edge of the graph, walked from the output back to the inputs."""

    edge: str
    """``f → h``."""
    local: Tensor | None
    """The local derivative ∂f/∂h in the author's notation; None if it could not be raised."""
    local_text: str
    pullback: Tensor | None
    """What this edge adds to the derivative of its parent: ``U.T @ ∂ε/∂q``."""
    pullback_text: str
    accumulated: Tensor | None
    """∂output/∂parent with all edges so far."""
    accumulated_text: str
    shape: str
    value: str = ""
    parent: str = ""
    child: str = ""
    local_free: tuple[Index, ...] = ()
    """Where `local` is one entry in index notation: the names of its axes, the child's first."""
    pullback_free: tuple[Index, ...] = ()
    """Likewise for `pullback`: the axes of the parent."""
    accumulated_free: tuple[Index, ...] = ()
    """Likewise for `accumulated`."""


@dataclass(frozen=True, slots=True)
class Path:
    """One product in the sum over paths: ∂f/∂h·∂h/∂e·∂e/∂a; struck if a factor is zero."""

    factors: tuple[tuple[str, str, str], ...]
    """(of, by, value or formula) for each link."""
    struck: bool
    value: str = ""


@dataclass(frozen=True, slots=True)
class PathSum:
    """The derivative of the output in one scalar variable as a sum over the paths of the graph."""

    variable: str
    output: str
    paths: tuple[Path, ...]
    more: int = 0
    """How many paths are not listed."""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The tables of one derivation."""

    forward: tuple[ForwardRow, ...] = ()
    backward: tuple[EdgeRow, ...] = ()
    sums: tuple[PathSum, ...] = ()
    output: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One derivation or one claims file, judged."""

    name: str
    judgements: tuple[Judgement, ...]
    lecture: Lecture | None = None
    sweep: Sweep | None = None
    broken: tuple[tuple[int, str, str], ...] = field(default=())
    """Lines of a claims file that could not be read: (line number, code, message)."""
