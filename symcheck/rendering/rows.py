"""Report → the rows that every renderer shows: forward pass, chain rule, paths, claims, details.

A `Notation` says how formulas and names are written; the rows themselves are decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from symcheck.language.claim import Claim, Expectation
from symcheck.language.derivation import Lecture, Note
from symcheck.language.report import Report
from symcheck.language.tensor import Index, Tensor
from symcheck.language.verdict import Judgement, Proved, Refuted, word
from symcheck.normal_form.laws import LAWS
from symcheck.rendering.table import Table, dropped, shortened
from symcheck.rendering.text_notation import write, write_name

CONVENTIONS = {
    "gradient": "∂f/∂X has the shape of X; of a vector, output first",
    "derivative": "∂f/∂t has the shape of f",
    "numerator": "∂f[i]/∂x[j] stands at [i,j]",
    "denominator": "∂f[j]/∂x[i] stands at [i,j]",
    "vjp": "the gradient of sumall(g*f), g constant",
    "differential": "df is linear in the perturbation dX",
    "index": "one entry, for every value of the free indices",
    "hessian": "∂²f/∂x[i]∂x[j] stands at [i,j]",
}
"""What a convention means, in a few words."""


AT_THE_POINT = "at the point above"
"""The scope of a claim about numbers, where the head of the report gives the point."""


class Notation(Protocol):
    """How formulas, names and words are written by a renderer."""

    def formula(self, tensor: Tensor | None, text: str, free: Sequence[Index] = ()) -> str:
        """A formula, `text` where there is no tensor; `free` names the axes of an entry."""
        ...

    def name(self, name: str) -> str:
        """A name."""
        ...

    def text(self, text: str) -> str:
        """Running text, or a formula as its author typed it."""
        ...

    def value(self, text: str) -> str:
        """A value, decided elsewhere."""
        ...

    def shape(self, text: str) -> str:
        """A shape such as ``(m, n)``."""
        ...

    def count(self, text: str) -> str:
        """A whole number or a polynomial in sizes."""
        ...

    def plain(self, name: str) -> str:
        """A name inside running text that is escaped later."""
        ...

    def differential(self, name: str) -> str:
        """dX."""
        ...

    def fraction(self, of: str, by: str) -> str:
        """∂of/∂by."""
        ...

    def product(self, factors: Sequence[str]) -> str:
        """Factors of one path."""
        ...

    def edge(self, child: str, parent: str) -> str:
        """An edge of the graph, walked backwards."""
        ...


@dataclass(frozen=True, slots=True)
class TextNotation:
    """Plain text, in Unicode or ASCII; `ascii_text` of the theme is applied to whole lines later."""

    ascii: bool = False

    def formula(self, tensor: Tensor | None, text: str, free: Sequence[Index] = ()) -> str:
        """As symcheck reads it; an entry in index notation tells its indices first."""
        shown = text if tensor is None else write(tensor, ascii=self.ascii)
        return f"[{','.join(self.name(i.name) for i in free)}] ↦ {shown}" if free else shown

    def name(self, name: str) -> str:
        """Greek where it can be."""
        return write_name(name, ascii=self.ascii)

    def text(self, text: str) -> str:
        """As it is."""
        return text

    def value(self, text: str) -> str:
        """As it is."""
        return text

    def shape(self, text: str) -> str:
        """As it is."""
        return text

    def count(self, text: str) -> str:
        """As it is."""
        return text

    def plain(self, name: str) -> str:
        """As elsewhere."""
        return self.name(name)

    def differential(self, name: str) -> str:
        """``dX``."""
        return f"d{self.name(name)}"

    def fraction(self, of: str, by: str) -> str:
        """∂f/∂x."""
        return f"∂{self.name(of)}/∂{self.name(by)}"

    def product(self, factors: Sequence[str]) -> str:
        """With dots; a sum or a sign inside a factor gets brackets."""
        return "·".join(
            f if k == 0 and f.startswith("-") and " " not in f else factor_of(f)
            for k, f in enumerate(factors)
        )

    def edge(self, child: str, parent: str) -> str:
        """``f → h``."""
        return f"{self.name(child)} → {self.name(parent)}"


def factor_of(text: str) -> str:
    return f"({text})" if text.startswith("-") or " + " in text or " - " in text else text


# -- the sweeps --------------------------------------------------------------------------------


def verdict_word(judgement: Judgement) -> str:
    """proved, refuted, undecided, error; in capitals where something else was expected."""
    plain = word(judgement.verdict)
    return plain.upper() if judgement.as_expected is False else plain


def verdict_cell(judgement: Judgement) -> str:
    """The verdict, and how it compares with what was expected where that is not a proof."""
    expected = judgement.claim.expected
    if judgement.as_expected is False and expected is not Expectation.PROVED:
        return f"{verdict_word(judgement)} (expected {expected})"
    if expected is not Expectation.PROVED:
        return f"{verdict_word(judgement)} (as expected)"
    return verdict_word(judgement)


def split_equation(text: str) -> tuple[str, str] | None:
    """Both sides of the first ``=`` outside brackets; None if there is none."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == "=" and depth == 0 and text[at + 1 : at + 2] not in ("=", ">") and at:
            if text[at - 1] in "<>!=:":
                continue
            return text[:at].rstrip(), text[at + 1 :].lstrip()
    return None


def link_texts(claims: Sequence[Claim]) -> list[str]:
    """Each claim as written; a further link of a chain as ``= member``, below its head."""
    texts = []
    before: Claim | None = None
    for claim in claims:
        sides = split_equation(claim.text)
        if before is not None and sides is not None and continues(before, claim):
            texts.append(f"{' ' * min(len(sides[0]), 12)} = {shortened(sides[1])}")
        else:
            texts.append(shortened(claim.text))
        before = claim
    return texts


def continues(before: Claim, claim: Claim) -> bool:
    """Whether a claim is the next link of the same chain, with the same head."""
    if not claim.line or before.line != claim.line or claim.member != before.member + 1:
        return False
    heads = split_equation(before.text), split_equation(claim.text)
    return heads[0] is not None and heads[1] is not None and heads[0][0] == heads[1][0]


def sympy_cell(judgement: Judgement) -> str:
    """What SymPy's own differentiation says, in a word; JSON tells the sizes and reasons."""
    said = judgement.oracles.get("sympy", "")
    return said if said.startswith("differs") else said.split(" (")[0].split(":")[0]


def sympy_concurs(judgement: Judgement) -> bool:
    """Whether SymPy comes to the same: agrees with what is proved, differs from what is refuted."""
    said = judgement.oracles.get("sympy", "")
    return said.startswith({"proved": "agrees", "refuted": "differs"}.get(word(judgement.verdict), "-"))


def conditions(judgement: Judgement) -> list[str]:
    """Side conditions and assumptions that a proof used."""
    match judgement.verdict:
        case Proved(scope=scope, side_conditions=side, assumptions=given):
            # sizes that agree are said by the scope
            others = (text for text in given if text.removeprefix("dim ") not in scope)
            return [*side, *(text for text in others if text not in side)]
    return []


def scope(judgement: Judgement) -> str:
    """For which sizes the verdict holds."""
    match judgement.verdict:
        case Proved(scope=text) | Refuted(scope=text):
            return text
    return ""


def told_scope(judgement: Judgement) -> str:
    """The scope in words for people: where no size occurs, all values are meant."""
    text = scope(judgement)
    return "all values" if text == "all sizes" and not judgement.claim.has_sizes() else text


def proof_scope(judgement: Judgement, lecture: Lecture | None = None) -> str:
    """For which sizes a proof holds; the point of a lecture, which stands in its head, in short."""
    if not isinstance(judgement.verdict, Proved):
        return ""
    text = told_scope(judgement)
    at_point = lecture is not None and lecture.point and judgement.claim.point == lecture.point
    return AT_THE_POINT if at_point and text.startswith("at ") else text


def method(judgement: Judgement) -> str:
    """How, where that tells something: the author's own word, and laws that are no mere arithmetic."""
    words = [judgement.claim.method] if judgement.claim.method else []
    match judgement.verdict:
        case Proved(laws=used):
            words += [law for law in used if law not in words and (law not in LAWS or LAWS[law].telling)]
    return ", ".join(words)


def laws(judgement: Judgement) -> str:
    """How: the author's own word, and the laws that the proof used."""
    words = [judgement.claim.method] if judgement.claim.method else []
    match judgement.verdict:
        case Proved(laws=used):
            words += [law for law in used if law not in words]
    return ", ".join(words)


FOLDED = ("note", "method", "side conditions", "SymPy", "scope", "id", "ms")
"""Columns that move below their claim where the lines are short, in this order."""


@dataclass(frozen=True, slots=True)
class ClaimsTable:
    """The table of claims, and the notes that stand before its rows."""

    table: Table
    notes: Mapping[int, tuple[str, ...]]
    """Row → remarks before it; the number of rows for those after the last."""


def claims_table(report: Report, *, timings: bool = False) -> ClaimsTable:
    """One row a claim, as written, in the order of the derivation; ids for those of a claims file."""
    judgements = report.judgements
    texts = link_texts([j.claim for j in judgements])
    with_ids = bool(report.name) and report.lecture is None
    rows = [
        (
            text,
            j.claim.id if with_ids else "",
            verdict_cell(j),
            proof_scope(j, report.lecture),
            method(j),
            "; ".join(conditions(j)),
            sympy_cell(j),
            note_of(j.claim, report.lecture),
            f"{j.ms:.1f}" if timings else "",
        )
        for text, j in zip(texts, judgements, strict=True)
    ]
    headers = ("claim", "id", "verdict", "scope", "method", "side conditions", "SymPy", "note", "ms")
    return ClaimsTable(
        dropped(Table("Claims", headers, tuple(rows), first=30), keep=(0, 2)), notes_before(report)
    )


def note_of(claim: Claim, lecture: Lecture | None) -> str:
    """What its author remarks, after the layout if that is not the one of the derivation."""
    parts = [layout_of(claim, lecture), claim.note]
    return "; ".join(part for part in parts if part)


def layout_of(claim: Claim, lecture: Lecture | None) -> str:
    """The convention of a claim, if it is not the one of its derivation."""
    other = lecture is not None and claim.convention != lecture.convention
    return f"{claim.convention} layout" if other else ""


def _plain(note: Note) -> str:
    return note.text


def notes_before(report: Report, show: Callable[[Note], str] = _plain) -> dict[int, tuple[str, ...]]:
    """Where the remarks of a derivation stand: the number of judged claims before them."""
    notes: dict[int, tuple[str, ...]] = {}
    if report.lecture is None:
        return notes
    judged = {id(j.claim) for j in report.judgements} | {j.claim.id for j in report.judgements}
    row = 0
    for item in report.lecture.items:
        if isinstance(item, Note):
            notes[row] = (*notes.get(row, ()), show(item))
        elif id(item) in judged or item.id in judged:
            row += 1
    return notes


# -- details -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """How many claims came out how."""

    claims: int = 0
    proved: int = 0
    refuted: int = 0
    undecided: int = 0
    error: int = 0
    as_expected: int = 0
    unexpected: int = 0
    broken: int = 0
    follows: int = 0
    """Of the refuted, how many only follow from an earlier slip."""


def count(judgements: Sequence[Judgement], broken: int = 0) -> Counts:
    """Count verdicts and how they compare with the expectations."""
    words = [word(j.verdict) for j in judgements]
    return Counts(
        claims=len(judgements),
        proved=words.count("proved"),
        refuted=words.count("refuted"),
        undecided=words.count("undecided"),
        error=words.count("error"),
        as_expected=sum(j.as_expected is True for j in judgements),
        unexpected=sum(j.as_expected is False for j in judgements),
        broken=broken,
        follows=sum(map(_follows, judgements)),
    )


def _follows(judgement: Judgement) -> bool:
    return isinstance(judgement.verdict, Refuted) and judgement.verdict.follows is not None


def _carried(number: int) -> str:
    """``, 1 of them follows``: own slips and what follows from them are told apart."""
    if not number:
        return ""
    return f", {number} of them follow{'s' if number == 1 else ''}"


OF_THE_SOURCE = ("in the notes", "as read")
"""How the note of a claim begins that keeps a slip of what was encoded; others are wrong on purpose."""


def is_slip_found(judgement: Judgement) -> bool:
    """Whether it is a known slip of the source, refuted."""
    expected = judgement.claim.expected is not Expectation.PROVED and judgement.as_expected
    return bool(expected and judgement.claim.note.startswith(OF_THE_SOURCE))


@dataclass
class Sums:
    """What `summary_line` tells, counted claim by claim."""

    calm: dict[str, int] = field(default_factory=dict)
    """Verdict → how many are no surprise."""
    loud: dict[str, int] = field(default_factory=dict)
    """Verdict → how many are one."""
    hoped: set[str] = field(default_factory=set)
    """The verdicts among the calm ones that somebody hoped would be `proved`."""
    calm_follow: int = 0
    """The refuted ones among the calm that follow from an earlier slip."""
    loud_follow: int = 0
    """Likewise among the loud ones."""
    broken: int = 0
    slips: int = 0
    """Known slips of the source that were refuted."""

    @property
    def claims(self) -> int:
        """How many there are."""
        return sum(self.calm.values()) + sum(self.loud.values())

    def add(self, judgement: Judgement) -> None:
        """Count one more."""
        kind = word(judgement.verdict)
        where = self.loud if judgement.as_expected is False else self.calm
        where[kind] = where.get(kind, 0) + 1
        self.slips += is_slip_found(judgement)
        if _follows(judgement) and where is self.calm:
            self.calm_follow += 1
        elif _follows(judgement):
            self.loud_follow += 1
        if where is self.calm and judgement.claim.expected is Expectation.PROVED:
            self.hoped.add(kind)

    def add_all(self, other: Sums) -> None:
        """Count those of another origin."""
        for mine, theirs in ((self.calm, other.calm), (self.loud, other.loud)):
            for kind, number in theirs.items():
                mine[kind] = mine.get(kind, 0) + number
        self.hoped |= other.hoped
        self.broken += other.broken
        self.slips += other.slips
        self.calm_follow += other.calm_follow
        self.loud_follow += other.loud_follow

    def line(self) -> str:
        """``12 claims: 9 proved, 2 refuted (as expected), 1 undecided``."""
        parts = []
        for kind in ("proved", "refuted", "undecided", "error"):
            if kind in self.calm:
                foreseen = "" if kind in self.hoped else " (as expected)"
                carried = _carried(self.calm_follow) if kind == "refuted" else ""
                parts.append(f"{self.calm[kind]} {kind}{foreseen}{carried}")
            if kind in self.loud:
                carried = _carried(self.loud_follow) if kind == "refuted" else ""
                parts.append(f"{self.loud[kind]} {kind.upper()}{carried}")
        line = f"{self.claims} claim{'' if self.claims == 1 else 's'}"
        line += f": {', '.join(parts)}" if parts else ""
        if self.broken:
            line += f"; {self.broken} line{'' if self.broken == 1 else 's'} could not be read"
        return line

    def whole_line(self) -> str:
        """Likewise, with ``; 16 slips of the notes found``."""
        found = f"; {self.slips} slip{'' if self.slips == 1 else 's'} of the notes found"
        return self.line() + (found if self.slips else "")


def summary_line(judgements: Sequence[Judgement], broken: int = 0) -> str:
    """``12 claims: 9 proved, 2 refuted (as expected), 1 undecided``."""
    sums = Sums(broken=broken)
    for judgement in judgements:
        sums.add(judgement)
    return sums.line()
