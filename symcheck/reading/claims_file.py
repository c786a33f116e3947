"""Claims files: JSON Lines, each record a formula, a variable and a derivative written down by hand.

A record becomes one claim; its text is ``[convention] d(f)/dx = claim``, and spans count in it.  A line
that is no record becomes a `BrokenLine`, and reading goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from symcheck.errors import ReadError, ShapeMismatch, SymcheckError, UnreadableFile
from symcheck.language.claim import Claim, Equation, Expectation, Graph
from symcheck.language.shape import show_shape
from symcheck.language.tensor import Index, Symbol, Tensor
from symcheck.reading.conventions import Asked, claim_left
from symcheck.reading.declarations import declare_function, shape_from
from symcheck.reading.elaborate import Elaborator, read_formula
from symcheck.reading.equations import equation, with_literal_entries
from symcheck.reading.indices import Indices, all_indices
from symcheck.reading.lexer import tokenize
from symcheck.reading.places import Place, located
from symcheck.reading.scope import Scope
from symcheck.reading.syntax import At
from symcheck.reading.walking import Walker

_EXPECTED = {
    "true": Expectation.PROVED,
    "true-under-assumption": Expectation.PROVED,
    "false": Expectation.REFUTED,
    **{str(expectation): expectation for expectation in Expectation},
}
_SIGNATURE = re.compile(r"\s*([^\s()]+)\s*\(([^()]*)\)\s*$")


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line of a claims file that is no record."""

    line: int
    """Counted from 1."""
    code: str
    message: str


def read_claims(path: str | Path) -> Iterator[Claim | BrokenLine]:
    """The records of a claims file, one by one, in order.  Errors: UnreadableFile (SC003)."""
    asked: dict[str, _Asked] = {}
    try:
        with open(path, "rb") as lines:
            for number, raw in enumerate(lines, start=1):
                line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
                if line.strip():
                    yield _record(line, number, str(path), asked)
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None


def _record(raw: bytes, number: int, file: str, asked: dict[str, _Asked]) -> Claim | BrokenLine:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return BrokenLine(number, "SC003", f"not UTF-8 text (byte {error.start} of the line)")
    try:
        record = json.loads(text)
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        return BrokenLine(number, "SC001", f"no JSON: {error}")
    if not isinstance(record, dict):
        return BrokenLine(number, "SC001", "a record is a JSON object: {…}")
    fault = _fault(record)
    if fault:
        return BrokenLine(number, "SC001", fault)
    return replace(_Record(record, number, file, asked).claim(), record=raw.strip())


_FIELDS: dict[str, tuple[type, bool]] = {
    "symbols": (dict, True),
    "f": (str, True),
    "wrt": (str, True),
    "claim": (str, True),
    "id": (str, False),
    "convention": (str, False),
    "assumptions": (list, False),
    "functions": (dict, False),
    "undefined": (dict, False),
    "let": (dict, False),
    "order": (int, False),
    "notes": (str, False),
}
"""Field → its type in JSON, and whether a record must have it."""
_QUESTION = [name for name in _FIELDS if name not in ("claim", "id", "notes")]
"""The fields that say what is asked."""
KEPT = 64
"""Questions remembered: answers to one stand near each other."""
_KINDS = {dict: "an object", str: "a string", list: "a list", int: "a number"}


def _fault(record: Mapping[str, Any]) -> str:
    """What keeps a JSON object from being a record; empty if nothing does."""
    missing = [name for name, (_, needed) in _FIELDS.items() if needed and record.get(name) is None]
    if missing:
        return f"the field {missing[0]!r} is missing"
    for name, (kind, _) in _FIELDS.items():
        value = record.get(name)
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            return f"the field {name!r} is {_KINDS[kind]}"
    for name in ("functions", "undefined", "let"):
        if not all(isinstance(value, str) for value in (record.get(name) or {}).values()):
            return f"the values in {name!r} are strings"
    if not all(isinstance(shape, list) for shape in record["symbols"].values()):
        return "the shape of a symbol is a list"
    if not all(isinstance(text, str) for text in record.get("assumptions") or []):
        return "an assumption is a string"
    if record.get("order") is not None and not 1 <= record["order"] <= 9:
        return "the order of a derivative is a number from 1 to 9"
    if _expected(record) is None:
        return f"expected is {record['expected']!r}, none of true, false, true-under-assumption"
    return ""


def _expected(record: Mapping[str, Any]) -> Expectation | None:
    value = record.get("expected", "true")
    return _EXPECTED.get(str(value).lower() if isinstance(value, bool | str) else "")


class _Asked:
    """What the records of one question share: what is declared, and the left side."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.left: Tensor | None = None
        """The left side, once it was read and needs nothing of the right one."""
        self.indices = Indices(scope.same)
        """The indices met in it."""
        self.nodes = 0

    def remember(self, left: Tensor, elaborator: Elaborator) -> None:
        """Keep a left side, unless it is for the right one to tell over what an index runs."""
        if all(index.dim is not None for index in all_indices(left)):
            self.left, self.indices, self.nodes = left, elaborator.indices.copy(), elaborator.nodes


class _Record:
    """One record on its way to a claim."""

    def __init__(self, record: Mapping[str, Any], number: int, file: str, asked: dict[str, _Asked]) -> None:
        self.asked = asked
        self.record = record
        self.place = Place(file, number)
        self.convention: str = record.get("convention") or "gradient"
        self.order: int = record.get("order") or 1
        label = self.convention + (f" {self.order}" if self.order > 1 else "")
        plain = self.convention in ("gradient", "index") or label == "derivative"
        self.head = "d(" if plain else f"[{label}] d("
        self.middle = f")/d{record['wrt'].strip()} = "
        self.text = self.head + record["f"] + self.middle + record["claim"]
        self.number = number
        self.draft: Equation | None = None

    def claim(self) -> Claim:
        """The claim, with its error if a part of it cannot be read."""
        claim = Claim(
            id=self.record.get("id") or f"{Path(self.place.file or '').name}:{self.number}",
            text=self.text,
            equation=None,
            expected=_expected(self.record) or Expectation.PROVED,
            convention=self.convention,
            location=self.place.location(self.text),
            note=self.record.get("notes") or "",
            line=self.text,
        )
        try:
            asked = self._known()
            # each claim has a graph of its own: nothing follows from another answer to the same question
            graph = Graph(asked.scope.graph().definitions)
            claim = replace(claim, graph=graph, assumptions=asked.scope.assumptions())
            meant = self._equation(asked)
        except SymcheckError as error:
            return replace(claim, error=located(error, self.text, self.place), draft=self.draft)
        return replace(
            claim,
            equation=meant,
            assumptions=with_literal_entries(claim.assumptions, (meant.left, meant.right)),
        )

    def _known(self) -> _Asked:
        """What was declared before word for word, for the same question, or what is declared here."""
        key = json.dumps([self.record.get(name) for name in _QUESTION])
        found = self.asked.get(key)
        if found is None:
            found = _Asked(self._scope())
            if len(self.asked) >= KEPT:
                del self.asked[next(iter(self.asked))]
            self.asked[key] = found
        return found

    def _scope(self) -> Scope:
        """Everything declared; errors in a part stand in the text of that part."""
        scope = Scope()
        record = self.record
        for name, sizes in record["symbols"].items():
            with self._part(f"symbol {name}", name):
                scope.declare(name, shape_from(sizes))
        for name, spec in (record.get("undefined") or {}).items():
            with self._part(f"function {name}", spec):
                declare_function(scope, name, spec)
        for key, body in (record.get("functions") or {}).items():
            match = _SIGNATURE.match(key)
            if match is not None:  # else it is a remark
                name, inside = match.groups()
                parameters = [part.strip() for part in inside.split(",") if part.strip()]
                with self._part(f"function {name}", body):
                    scope.declare_macro(name, parameters, body)
        for text in record.get("assumptions") or []:
            with self._part("an assumption", text):
                scope.assume(text)
        for name, formula in (record.get("let") or {}).items():
            with self._part(f"let {name}", formula):
                scope.define(name, read_formula(formula, scope))
        return scope

    @contextmanager
    def _part(self, what: str, text: str) -> Iterator[None]:
        try:
            yield
        except SymcheckError as error:
            error.message = f"in {what}: {error.message}"
            located(error, text, self.place)
            raise

    def _equation(self, known: _Asked) -> Equation:
        scope = known.scope
        elaborator = Elaborator(scope, self.text, convention="gradient")
        if known.left is None:
            left = self._left(scope, elaborator)
            known.remember(left, elaborator)
        else:
            left = known.left
            elaborator.indices, elaborator.nodes = known.indices.copy(), known.nodes
        offset = len(self.text) - len(self.record["claim"])
        tokens = tokenize(self.record["claim"], offset, scope.is_levelled)
        try:
            right = elaborator.read(tokens)
        except ShapeMismatch:
            draft = elaborator.draft(tokens)
            self.draft = equation(left, draft) if draft is not None else None
            raise
        elaborator.indices.settle()
        elaborator.indices.check_ranges([left, right])
        return equation(left, right)

    def _left(self, scope: Scope, elaborator: Elaborator) -> Tensor:
        """The derivative that is asked for, in its convention."""
        start = len(self.head)
        f = elaborator.read(tokenize(self.record["f"], start, scope.is_levelled))
        wrt, at = self._wrt(scope, elaborator, start + len(self.record["f"]) + len(")/d"))
        span = (self.head.index("d("), start + len(self.record["f"] + self.middle.removesuffix(" = ")))
        asked = Asked(
            f=f,
            wrt=wrt,
            at=at,
            order=self.order,
            cotangent=scope.variables.get("g"),
            direction=scope.variables.get(f"d{wrt.name}"),
            tangent=scope.variables.get("v"),
            span=span,
            same=scope.same,
        )
        return claim_left(self.convention, asked)

    def _wrt(
        self, scope: Scope, elaborator: Elaborator, offset: int
    ) -> tuple[Symbol, tuple[Index | int, ...] | None]:
        """``X`` or ``X[k, l]``."""
        tokens = tokenize(self.record["wrt"].strip(), offset, scope.is_levelled)
        name = tokens[0]
        if name.kind != "name":
            raise ReadError("wrt is a name, or an entry such as X[k,l]", span=name.span)
        symbol = elaborator.differentiable(name.text, name.raw, name.span)
        places: tuple[At, ...] | None = None
        walker = Walker(tokens[1:], scope)
        if walker.here.is_op("["):
            places, _ = walker.places()
        if walker.here.kind != "end":
            walker.unexpected()
        if places is None:
            return symbol, None
        if self.convention != "index":
            raise ReadError(
                f"an entry of {name.raw} stands only in the convention index, not in {self.convention}",
                span=name.span,
            )
        if len(places) != len(symbol.shape):
            raise ShapeMismatch(
                f"{name.raw} is {show_shape(symbol.shape)}, so it has {len(symbol.shape)} indices, "
                f"not {len(places)}",
                span=(name.span[0], tokens[-1].span[1]),
            )
        return symbol, tuple(map(elaborator.place, places, symbol.shape))
