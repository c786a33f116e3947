"""A line of text → claims: one for each link of a chain ``a = b = c`` or ``0 < a <= b``.

In a chain of equations each member is judged against the head; in one with an inequality each link is
about its two neighbours.

``dQ = tr(Gᵀ dX) => ∂Q/∂X = G`` reads ∂Q/∂X off a line of differentials: the premise's claims, one claim
that G is the coefficient of dX, one that it is the derivative.  What cannot be read becomes a claim
that holds its error, so that the rest of the line is still judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from symcheck.errors import BadCall, ReadError, ShapeMismatch, SymcheckError
from symcheck.language.claim import Assumptions, Claim, Expectation, Judged, Relation, Value
from symcheck.language.tensor import (
    Apply,
    Derivative,
    Differential,
    Span,
    Symbol,
    Tensor,
    Variable,
    variable,
)
from symcheck.reading.conventions import CONVENTIONS
from symcheck.reading.elaborate import Elaborator
from symcheck.reading.equations import equation, with_literal_entries
from symcheck.reading.lexer import Token, split_at, tokenize
from symcheck.reading.places import Place, located
from symcheck.reading.scope import Scope


@dataclass(frozen=True, eq=False, slots=True)
class _Member:
    """One side of an equation sign: what it means, or why it could not be read."""

    span: Span
    text: str
    tensor: Tensor | None
    error: SymcheckError | None = None
    relation: Relation = Relation.EQUAL
    """The sign that stands before it."""
    draft: Tensor | None = None
    """What it would be if its shapes fitted."""


@dataclass(frozen=True, eq=False, slots=True)
class _Link:
    """head = member (or another relation, that of the member), to become a claim."""

    head: _Member
    member: _Member
    previous: _Member | None = None
    method: str = ""
    left: Tensor | None = None
    """What stands on the left instead of the head, where a coefficient is read off."""
    span: Span = field(default=(0, 0))


def read_line(
    text: str,
    scope: Scope,
    *,
    id: str,
    expected: Expectation = Expectation.PROVED,
    convention: str = "gradient",
    note: str = "",
    point: Mapping[Symbol, Value] | None = None,
    assume: Iterable[str] = (),
    file: str | None = None,
    line: int = 1,
    col: int = 1,
    source: str | None = None,
) -> list[Claim]:
    """The claims of one line, in order; never raises for what stands in it.

    Spans count characters of `text`, which is `Claim.line`.  `file`, `line`, `col` say where the text
    begins, `source` the whole line of the file it stands in.  `assume` holds for this line alone.
    """
    place = Place(file, line, col, source)
    template = Claim(
        id=id,
        text=text.strip(),
        equation=None,
        graph=scope.graph(),
        expected=expected,
        convention=convention,
        point=point if point is not None else {},
        location=place.location(text),
        note=note,
        line=text,
    )
    try:
        scope = _narrowed(scope, assume)
        template = replace(template, assumptions=scope.assumptions())
        if convention not in CONVENTIONS:
            known = ", ".join(CONVENTIONS)
            raise BadCall(f"no convention is called {convention!r}", hint=f"conventions: {known}")
        links = _Reader(text, scope, convention).links()
    except SymcheckError as error:
        return [replace(template, error=located(error, text, place))]
    claims: list[Claim] = []
    for number, link in enumerate(links):
        name = id if len(links) == 1 else f"{id}[{number + 1}]"
        claims.append(_claim(replace(template, id=name, member=number), link, text, place))
    return claims


def _narrowed(scope: Scope, assume: Iterable[str]) -> Scope:
    """The scope under further assumptions; their spans do not point into the line."""
    texts = tuple(assume)
    if not texts:
        return scope
    scope = scope.copy()
    for text in texts:
        try:
            scope.assume(text)
        except SymcheckError as error:
            error.span = None
            error.message = f"in the assumption {text!r}: {error.message}"
            raise
    return scope


def _claim(template: Claim, link: _Link, text: str, place: Place) -> Claim:
    """One link as a claim, or as its error."""
    claim = replace(
        template,
        text=f"{link.head.text} {link.member.relation} {link.member.text}",
        location=place.location(text, link.span),
        method=link.method,
    )
    error = link.head.error or link.member.error
    left = link.left or link.head.tensor
    right = link.member.tensor
    if error is None and left is not None and right is not None:
        return replace(
            claim,
            equation=equation(left, right, link.member.relation),
            previous=link.previous.tensor if link.previous is not None else None,
            assumptions=_assumptions(template.assumptions, left, right),
        )
    assert error is not None
    draft = link.member.draft
    if left is not None and draft is not None and link.member.relation is Relation.EQUAL:
        assumptions = _assumptions(template.assumptions, left, draft)
        claim = replace(claim, draft=equation(left, draft), assumptions=assumptions)
    return replace(claim, error=located(error, text, place))


def _assumptions(assumptions: Assumptions, left: Tensor, right: Tensor) -> Assumptions:
    return with_literal_entries(assumptions, (left, right))


class _Reader:
    """The members of one line, which share their free indices."""

    def __init__(self, text: str, scope: Scope, convention: str) -> None:
        self.text = text
        self.elaborator = Elaborator(scope, text, convention=convention)

    def links(self) -> list[_Link]:
        """Every link of the line.  Errors: ReadError if it is no equation at all."""
        tokens = tokenize(self.text, 0, self.elaborator.scope.is_levelled)
        if len(tokens) == 1:
            raise ReadError("an empty line", hint="a claim is an equation: ∂f/∂x = 2*x")
        premise, *conclusions = split_at(tokens, "=>")
        members = self._members(premise)
        chains = [self._members(part) for stretch in conclusions for part in split_at(stretch, ",")]
        members, *chains = self._settled([members, *chains])
        links = _links(members)
        for chain in chains:
            read_off = _reading_off(members, chain)
            if read_off is not None:
                links.append(read_off)
            links += _links(chain)
        return links

    def _members(self, tokens: list[Token]) -> list[_Member]:
        parts = split_at(tokens, *_RELATIONS)
        if len(parts) == 1:
            raise ReadError(
                "a claim is an equation or an inequality; there is no =, <, <=, > or >= outside brackets",
                span=(tokens[0].span[0], tokens[-1].span[1]),
                hint="write ∂f/∂x = 2*x",
            )
        members: list[_Member] = []
        relation = Relation.EQUAL
        for part, following in zip(parts, [*_signs(tokens), None], strict=True):
            last = part[-2] if len(part) > 1 else part[-1]
            span = (part[0].span[0], last.span[1])
            written = self.text[span[0] : span[1]]
            try:
                members.append(_Member(span, written, self.elaborator.read(part), None, relation))
            except SymcheckError as error:
                error.span = error.span or span
                draft = self.elaborator.draft(part) if isinstance(error, ShapeMismatch) else None
                members.append(_Member(span, written, None, error, relation, draft))
            relation = following or relation
        return members

    def _settled(self, chains: list[list[_Member]]) -> list[list[_Member]]:
        """The members once every index has its range; those in which one has none hold the error."""
        indices = self.elaborator.indices
        trouble: SymcheckError | None = None
        try:
            indices.settle()
        except SymcheckError as error:
            trouble = error
        return [[self._checked(member, trouble) for member in chain] for chain in chains]

    def _checked(self, member: _Member, trouble: SymcheckError | None) -> _Member:
        if member.tensor is None:
            return member
        if trouble is not None and trouble.span is not None:
            low, high = member.span
            if low <= trouble.span[0] < high:
                return replace(member, tensor=None, error=trouble)
        try:
            self.elaborator.indices.check_ranges([member.tensor])
        except SymcheckError as error:
            return replace(member, tensor=None, error=error)
        return member


_RELATIONS = {
    "=": Relation.EQUAL,
    "==": Relation.EQUAL,
    "<": Relation.LESS,
    "<=": Relation.AT_MOST,
    ">": Relation.GREATER,
    ">=": Relation.AT_LEAST,
}


def _signs(tokens: list[Token]) -> list[Relation]:
    """The relation signs outside brackets, in order."""
    found: list[Relation] = []
    depth = 0
    for token in tokens:
        depth += token.is_op("(", "[", "{") - token.is_op(")", "]", "}")
        if depth == 0 and token.is_op(*_RELATIONS):
            found.append(_RELATIONS[token.text])
    return found


def _links(members: list[_Member]) -> list[_Link]:
    """head = member for each member after the head; one link only if the head cannot be read.

    Where an inequality stands among them, each member and the one before it.
    """
    head, *rest = members
    if any(member.relation is not Relation.EQUAL for member in rest):
        return [
            _Link(before, member, span=(before.span[0], member.span[1]))
            for before, member in pairwise(members)
        ]
    if head.error is not None:
        span = (head.span[0], rest[-1].span[1])
        return [_Link(head, rest[-1] if len(rest) == 1 else rest[0], span=span)]
    return [
        _Link(
            head,
            member,
            previous=rest[number - 1] if number else None,
            span=(head.span[0], member.span[1]) if number == 0 else member.span,
        )
        for number, member in enumerate(rest)
    ]


def _reading_off(premise: list[_Member], chain: list[_Member]) -> _Link | None:
    """``coefficient of dX in the premise = G``, if the conclusion is ``∂Q/∂X = G`` of the premise's Q."""
    form, head, member = premise[-1], chain[0], chain[1]
    if any(part.relation is not Relation.EQUAL for part in (*premise, member)):
        return None
    match premise[0].tensor, head.tensor:
        case (
            Differential(body=Variable(symbol=total)),
            Derivative(body=Variable(symbol=above), by=by, at=None, local=False),
        ) if total is above and form.tensor is not None and form.tensor.shape == ():
            left = Apply(by.shape, "coefficient", (form.tensor, variable(by)), span=form.span)
            span = (head.span[0], member.span[1])
            return _Link(head, member, method=Judged.READING_OFF.value, left=left, span=span)
    return None
