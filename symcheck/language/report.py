"""Reports: what checking hands to rendering.  Rows hold text that was decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
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
    local_value: str = ""
    """The value of `local` at the point, where parent and child are scalars."""


@dataclass(frozen=True, slots=True)
class Path:
    """One product in the sum over paths: ∂f/∂h·∂h/∂e·∂e/∂a; struck if a factor is zero."""

    factors: tuple[tuple[str, str, str], ...]
    """(of, by, value or formula) for each link."""
    struck: bool
    value: str = ""
    formulas: tuple[Tensor | None, ...] = ()
    """Where the third of a factor is a formula: that formula, factor by factor."""


@dataclass(frozen=True, slots=True)
class PathSum:
    """The derivative of the output in one scalar variable as a sum over the paths of the graph."""

    variable: str
    output: str
    paths: tuple[Path, ...]
    more: int = 0
    """How many paths are not listed."""
    total: str = ""
    total_formula: Tensor | None = None
    """Where `total` is a formula: that formula."""


@dataclass(frozen=True, slots=True)
class TangentRow:
    """One node of a forward sweep: its differential in those of its parents."""

    name: str
    formula: Tensor | None
    """None if it could not be raised."""
    free: tuple[Index, ...] = ()
    """Where `formula` is one entry in index notation: the names of its axes."""
    values: tuple[str, ...] = ()
    """Its value in the sweep of each input."""
    operations: str = ""
    """What it takes, its value not counted; empty for an input."""
    shown: str = ""
    """The name as its author writes it."""


@dataclass(frozen=True, slots=True)
class CotangentRow:
    """One node of a reverse sweep: the derivative of the output in it, from those of its children."""

    output: str
    name: str
    formula: Tensor | None
    free: tuple[Index, ...] = ()
    value: str = ""
    operations: str = ""
    shown: tuple[str, str] = ("", "")
    """Output and name as their author writes them."""


@dataclass(frozen=True, slots=True)
class CostRow:
    """What one way to all derivatives takes; counts are whole numbers or polynomials in sizes."""

    way: str
    sweeps: str
    additions: str
    multiplications: str
    calls: str
    total: str
    kept: str = ""
    """How many intermediate values it keeps in memory."""


@dataclass(frozen=True, slots=True)
class Modes:
    """Forward and reverse sweep of one derivation, and what they cost."""

    output: str
    inputs: tuple[str, ...]
    """The variables; a forward sweep each, or each entry of each."""
    shown: tuple[str, ...] = ()
    """Those with a column of values."""
    forward: tuple[TangentRow, ...] = ()
    reverse: tuple[CotangentRow, ...] = ()
    tangents: str = ""
    """Operations of all rows of one forward sweep; of the reverse sweep in `cotangents`."""
    cotangents: str = ""
    costs: tuple[CostRow, ...] = ()
    kept: tuple[str, ...] = ()
    """The intermediate values that the reverse sweep needs."""
    intermediate: int = 0
    """How many there are: every defined name between inputs and output, the output not counted."""
    reason: str = ""
    """Why there are none."""


@dataclass(frozen=True, slots=True)
class QuotientRow:
    """One derivative at the point, and the difference quotient beside it."""

    formula: Tensor
    """The derivative; of one entry by one entry where there are axes."""
    exact: str = ""
    quotient: str = ""
    error: str = ""
    """quotient − exact."""
    predicted: str = ""
    """h/2·f″, what theory says of the error."""
    agreement: str = ""
    """``agrees``, ``differs``, ``across a kink``, ``undefined``, ``no prediction``."""
    more: int = 0
    """In place of a value: how many further entries of this derivative are not listed."""


@dataclass(frozen=True, slots=True)
class Numeric:
    """The numeric check of a derivation."""

    step: str
    """The h of (f(x + h) − f(x))/h."""
    rows: tuple[QuotientRow, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    entries: Mapping[str, object] = field(default_factory=dict)
    """Values of inputs that the author's point does not give and that were drawn: nested lists of text."""
    functions: Mapping[str, str] = field(default_factory=dict)
    """The polynomials put for undefined functions."""
    reason: str = ""
    """Why there is nothing to show."""


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
    modes: Modes | None = None
    """Forward and reverse sweep, where the author or the caller asks for them."""
    numeric: Numeric | None = None
    """Difference quotients, where the caller asks for them."""
    notices: tuple[str, ...] = ()
    """What is missing from the report, and why."""


class Judgements(list[Judgement]):
    """The judgements of one derivation in order: a list that prompts and notebooks show as a report."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.judgements)
        self.report = report
