"""Verdicts: three, and none of them is an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from symcheck.errors import SymcheckError
from symcheck.language.claim import Claim, Expectation

Entries: TypeAlias = Mapping[str, object]
"""Name → exact value as text, or nested lists of such."""


@dataclass(frozen=True, slots=True)
class Witness:
    """An exact point at which the two sides of a claim differ."""

    sizes: Mapping[str, int]
    entries: Entries
    functions: Mapping[str, str]
    """The polynomials put for undefined functions, written out."""
    component: tuple[int, ...]
    """Which entry of the equation, counted from 0: free indices first, then axes."""
    claimed: str
    """Value of the side the author wrote, exact if rational, else 20 digits."""
    true: str
    """Value of the other side (the derivative) at the same entry."""
    written: Mapping[str, str] = field(default_factory=dict)
    """Names among those above that their author wrote otherwise: w1 → ``w₁``."""


@dataclass(frozen=True, slots=True)
class Proved:
    """Equal wherever both sides are defined, within `scope`."""

    scope: str
    """``all sizes`` or the sizes and values for which it was made; never shown without it."""
    laws: tuple[str, ...] = ()
    """Names of the laws that the arithmetic used."""
    side_conditions: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    """The assumptions that were used, as written."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """The smallest edit found of what the author wrote that proves."""

    text: str
    """The corrected right side, in the author's notation."""
    latex: str = ""
    span: tuple[int, int] | None = None
    """What is replaced, in the author's line; None if the right side is written anew."""
    old: str = ""
    """The part of the line that is replaced."""
    new: str = ""
    """What stands there instead."""
    relation: str = ""
    """The sign between the sides, where it is another than the author's."""


@dataclass(frozen=True, slots=True)
class Refuted:
    """Different at `witness`; for a wrong shape there is none and `code` is SC100."""

    code: str
    message: str
    witness: Witness | None = None
    follows: str | None = None
    """Id of the earlier wrong claim from which this one follows, if it does."""
    follows_text: str = ""
    """That claim as written."""
    scope: str = "at the witness"
    true_if: tuple[str, ...] = ()
    """Single further assumptions, as they would be written, under which the claim proves."""
    kind: str = ""
    """The mistake in one sentence, in the author's terms."""
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither shown nor refuted; says what blocks and what to try."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be judged: an error with a place."""

    error: SymcheckError
    kind: str = ""
    """The mistake in one sentence, where shapes that do not fit have a plain reason."""
    correction: Correction | None = None


Verdict: TypeAlias = Proved | Refuted | Undecided | Failed


def word(verdict: Verdict) -> str:
    """proved, refuted, undecided or error."""
    match verdict:
        case Proved():
            return "proved"
        case Refuted():
            return "refuted"
        case Undecided():
            return "undecided"
        case Failed():
            return "error"


@dataclass(frozen=True, slots=True)
class Step:
    """How a proved line comes from another: the rules that lead there, in order."""

    source: int | None
    """Number of the line it comes from, counted from 1; None for the left side of the line itself."""
    rules: tuple[str, ...] = ()
    """Empty where no few rules were found."""

    @property
    def rule(self) -> str:
        """The rule where one alone leads there, else ``several steps``, with those that are known."""
        if len(self.rules) == 1:
            return self.rules[0]
        return f"several steps: {', '.join(self.rules)}" if self.rules else "several steps"


@dataclass(frozen=True, slots=True)
class Working:
    """How a claim was judged, for those who ask: what the two sides came to, and by which laws."""

    left: tuple[str, ...] = ()
    """The normal form of the left side, a term each with its sign."""
    right: tuple[str, ...] = ()
    difference: tuple[str, ...] = ()
    """left − right; ``0`` alone where nothing is left."""
    laws: tuple[tuple[str, str, str], ...] = ()
    """Name, statement and side condition of each law used."""
    tried: tuple[str, ...] = ()
    """What each party did, in a few words."""
    reason: str = ""
    """Why there are no normal forms."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A claim and what became of it."""

    claim: Claim
    verdict: Verdict
    derivative: str = ""
    """The true right side in the author's notation, where it was raised and proved."""
    derivative_latex: str = ""
    oracles: Mapping[str, str] = field(default_factory=dict)
    """What the other parties say: ``sympy`` → ``agrees``, ``differs``, ``n/a: …``."""
    ms: float = 0.0
    step: Step | None = None
    """The rule that leads to this line, where it was looked for and the step is proved."""
    working: Working | None = None
    """How it was judged, where the caller asks for that."""
    derivative_of: str = ""
    """Where `derivative` is one entry, for every value of its indices: that entry of the left side."""
    derivative_of_latex: str = ""

    @property
    def as_expected(self) -> bool | None:
        """True, False, or None for a claim expected proved that stayed undecided."""
        got = word(self.verdict)
        if self.claim.expected is Expectation.PROVED and got == "undecided":
            return None
        return got == str(self.claim.expected)


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A refutation as it is found, before it is explained: it counts if the clock ends first."""

    judgement: Judgement
