"""Report → the rows that every renderer shows: forward pass, chain rule, paths, claims, details.

A `Notation` says how formulas and names are written; the rows themselves are decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

from symcheck.language.claim import Claim, Expectation
from symcheck.language.derivation import Lecture, Note
from symcheck.language.report import EdgeRow, Path, PathSum, Report, Sweep
from symcheck.language.tensor import Index, Tensor
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted, Undecided, Witness, word
from symcheck.normal_form.laws import LAWS
from symcheck.rendering.table import Table, digits_counted, dropped, shortened
from symcheck.rendering.text_notation import nested, write, write_name

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
            f if k == 0 and f.startswith("-") and " " not in f else _factor(f) for k, f in enumerate(factors)
        )

    def edge(self, child: str, parent: str) -> str:
        """``f → h``."""
        return f"{self.name(child)} → {self.name(parent)}"


def _factor(text: str) -> str:
    return f"({text})" if text.startswith("-") or " + " in text or " - " in text else text


# -- the sweeps --------------------------------------------------------------------------------


def forward_table(sweep: Sweep, show: Notation) -> Table:
    """node, definition, shape, value: one row a node."""
    rows = [
        (
            show.name(row.name),
            "" if row.definition is None else show.formula(row.definition, ""),
            show.shape(row.shape),
            show.value(row.value),
        )
        for row in sweep.forward
    ]
    return dropped(Table("Forward", ("node", "definition", "shape", "value"), tuple(rows)))


def chain_table(sweep: Sweep, show: Notation) -> Table:
    """One row an edge, from the output back to the inputs."""
    output = show.name(sweep.output) if sweep.output else ""
    rows = [_edge(row, show) for row in sweep.backward]
    headers = ("edge", "local derivative", "adds", "accumulated", "shape", "value")
    title = f"Chain rule, from {output} back to the inputs" if output else "Chain rule"
    return dropped(Table(title, headers, tuple(rows)))


def _edge(row: EdgeRow, show: Notation) -> tuple[str, ...]:
    return (
        show.edge(row.child, row.parent) if row.child and row.parent else show.text(row.edge),
        show.formula(row.local, row.local_text, row.local_free),
        show.formula(row.pullback, row.pullback_text, row.pullback_free),
        show.formula(row.accumulated, row.accumulated_text, row.accumulated_free),
        show.shape(row.shape),
        show.value(row.value),
    )


def paths_table(sums: Sequence[PathSum], show: Notation) -> Table:
    """The derivative in each scalar variable as a sum over paths; struck paths say which factor is 0."""
    rows: list[tuple[str, ...]] = []
    for total in sums:
        first = True
        for path in total.paths:
            head = show.fraction(total.output, total.variable) if first else ""
            links = show.product([show.fraction(of, by) for of, by, _ in path.factors])
            rows.append((head, links, _values(path, show), show.value(path.value)))
            first = False
        if total.more:
            rows.append(("", show.text(f"and {total.more} more paths"), "", ""))
        if total.total and (len(total.paths) != 1 or total.more):
            rows.append(("", "", show.text("sum"), show.value(total.total)))
    headers = ("derivative", "path", "factors", "value")
    return dropped(Table("Sums over paths", headers, tuple(rows)))


def _values(path: Path, show: Notation) -> str:
    if path.struck:
        # the last link is the one that does not reach the variable; others may be 0 at this point only
        of, by, _ = path.factors[-1]
        return f"struck: {show.fraction(of, by)} = 0"
    return show.product([show.value(value) for _, _, value in path.factors])


# -- the claims --------------------------------------------------------------------------------


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
class Detail:
    """Why a claim was not simply proved: lines of prose under the claim."""

    judgement: Judgement
    lines: tuple[str, ...]


def details(report: Report) -> list[Detail]:
    """One for each claim that is refuted, undecided, an error, or proved with a remark."""
    found = []
    for judgement in report.judgements:
        lines = detail_lines(judgement)
        if lines:
            found.append(Detail(judgement, tuple(lines)))
    return found


def detail_lines(judgement: Judgement) -> list[str]:
    """What is to be said about one verdict, most important first."""
    verdict = judgement.verdict
    lines: list[str] = []
    match verdict:
        case Proved(remark=remark):
            return [remark] if remark else []
        case Refuted(
            message=message, witness=witness, follows=follows, follows_text=earlier, true_if=assumptions
        ):
            lines.append(digits_counted(message))
            if follows:
                lines.append(f"follows from {shortened(earlier) or follows}: right, given that line")
            if witness is not None:
                lines += witness_lines(witness, said=message)
            if assumptions:
                lines.append(f"true if {', or if '.join(map(assumption_text, assumptions))}")
            if judgement.claim.assumptions.dim_texts:
                lines.append(f"judged with {', '.join(judgement.claim.assumptions.dim_texts)}")
        case Undecided(message=message, hint=hint):
            lines.append(message)
            if hint:
                lines.append(f"try: {hint}")
        case Failed(error=error):
            lines.append(error.message)
            if error.hint:
                lines.append(f"hint: {error.hint}")
        case _:
            assert_never(verdict)
    sides = split_equation(judgement.claim.text)
    if judgement.derivative and not (sides and sides[0] == judgement.derivative):
        lines.append(f"true: {sides[0] + ' = ' if sides else ''}{judgement.derivative}")
    return [line for line in lines if line]


def assumption_text(text: str) -> str:
    """An assumption within a sentence: sizes without their keyword, names as on paper."""
    return re.sub(r"[^\W\d]\w*", lambda name: write_name(name[0]), text.removeprefix("dim "))


def code_of(judgement: Judgement) -> str:
    """The code of a verdict; none for a proof."""
    match judgement.verdict:
        case Refuted(code=code) | Undecided(code=code):
            return code
        case Failed(error=error):
            return error.code
    return ""


def message_of(judgement: Judgement) -> str:
    """The first line of what there is to say."""
    match judgement.verdict:
        case Proved(remark=remark):
            return remark
        case Refuted(message=message) | Undecided(message=message):
            return message
        case Failed(error=error):
            return error.message


def witness_lines(witness: Witness, said: str = "") -> list[str]:
    """The point, the entry and both values, these only if they are not `said` already."""
    sizes = ", ".join(f"{name} = {size}" for name, size in witness.sizes.items())

    def shown(name: str) -> str:
        return write_name(witness.written.get(name, name))

    entries = ", ".join(f"{shown(name)} = {nested(value)}" for name, value in witness.entries.items())
    functions = ", ".join(f"{shown(name)} = {text}" for name, text in witness.functions.items())
    place = f"entry [{','.join(map(str, witness.component))}]: " if witness.component else ""
    known = witness.claimed in said and witness.true in said
    values = "" if known else f"claimed {witness.claimed}, true {witness.true}"
    at = "; ".join(part for part in (sizes, entries, functions) if part)
    lines = [f"{place}{values}" if values else place.removesuffix(": "), f"at {at}" if at else ""]
    return [digits_counted(line) for line in lines if line]


# -- the last line -----------------------------------------------------------------------------


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
    )


def summary_line(judgements: Sequence[Judgement], broken: int = 0) -> str:
    """``12 claims: 9 proved, 2 refuted (as expected), 1 undecided``."""
    total = len(judgements)
    parts = []
    for kind in ("proved", "refuted", "undecided", "error"):
        of_kind = [j for j in judgements if word(j.verdict) == kind]
        calm = [j for j in of_kind if j.as_expected is not False]
        if calm:
            foreseen = all(j.claim.expected is not Expectation.PROVED for j in calm)
            parts.append(f"{len(calm)} {kind}{' (as expected)' if foreseen else ''}")
        if len(of_kind) > len(calm):
            parts.append(f"{len(of_kind) - len(calm)} {kind.upper()}")
    line = f"{total} claim{'' if total == 1 else 's'}"
    line += f": {', '.join(parts)}" if parts else ""
    if broken:
        line += f"; {broken} line{'' if broken == 1 else 's'} could not be read"
    return line
