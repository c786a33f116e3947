"""Walking over the tokens of one formula: what the two halves of the parser share."""

from __future__ import annotations

from fractions import Fraction
from typing import NoReturn, Protocol

from symcheck.errors import ReadError, TooLarge
from symcheck.language.tensor import Span
from symcheck.reading.letters import SUBSCRIPT_DIGITS, spell
from symcheck.reading.lexer import MAX_DEPTH, Token
from symcheck.reading.syntax import Applied, At, Comparison, Listed, Name, Subscript, Syntax

SMALL = ("sub", "below")
"""Kinds of tokens below the line: letters, digits."""
COMPARING = ("<", "<=", ">", ">=", "==", "!=", "=")


class Names(Protocol):
    """What the parser asks about names."""

    def is_variable(self, name: str) -> bool:
        """Declared or defined."""
        ...

    def has_entries(self, name: str) -> bool:
        """Declared or defined, and no scalar."""
        ...

    def is_function(self, name: str) -> bool:
        """Built in, undefined or a macro."""
        ...

    def is_levelled(self, name: str) -> bool:
        """Declared as a name with a level, such as lₙ₋₁."""
        ...


class Walker:
    """A position in the tokens, the declared names, and how deep the reading has gone."""

    def __init__(self, tokens: list[Token], names: Names) -> None:
        self.tokens = tokens
        self.names = names
        self.at = 0
        self.bars: list[str] = []
        """The bars open at the innermost bracket: a bar closes if one like it is open."""
        self.parameters: list[str] = []
        """Parameters of the formulas z -> … around here."""
        self.depth = 0
        self.partner = _partners(tokens)

    @property
    def here(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    def peek(self, ahead: int = 1) -> Token:
        """The token some steps ahead; past the end the last."""
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def step(self) -> Token:
        """Take the token here."""
        token = self.tokens[self.at]
        self.at += 1
        return token

    def expect(self, sign: str, where: str) -> Token:
        """Take the operator `sign`, or say what is missing."""
        if not self.here.is_op(sign):
            self.fail(f"{sign!r} is missing {where}")
        return self.step()

    def deeper(self) -> None:
        """Count one level, each of which costs at most five Python frames; TooLarge past the limit."""
        self.depth += 1
        if self.depth > MAX_DEPTH + 1:
            raise TooLarge(f"nested more than {MAX_DEPTH} deep", span=self.here.span)

    def fail(self, message: str, hint: str | None = None, span: Span | None = None) -> NoReturn:
        """Refuse the text at the token here."""
        raise ReadError(message, span=span or self.here.span, hint=hint)

    def unexpected(self) -> NoReturn:
        """Refuse the token here as out of place."""
        token = self.here
        hint = None
        if token.is_op("=>", "->"):
            hint = "=> stands between a line of differentials and what is read off from it"
        elif token.is_op(*COMPARING):
            hint = "inside a formula a comparison stands only in where(…) or in [ ]"
        elif token.is_op("}", "{"):
            hint = "curly brackets mean nothing here"
        self.fail(f"{token.raw or token.text!r} is not expected here", hint)

    # What both halves read with; the parser proper defines them.

    def expression(self, one_term: bool = False) -> Syntax:
        """Terms joined by + and −."""
        raise NotImplementedError

    def primary(self) -> Syntax:
        """A number, a name, a call, a fraction, something in brackets."""
        raise NotImplementedError

    def call(self, name: str | None = None) -> Syntax:
        """name(arguments)"""
        raise NotImplementedError

    # Lists.

    def inside(self) -> Syntax:
        """An expression within brackets, where bars open outside do not close."""
        outside, self.bars = self.bars, []
        node = self.expression()
        self.bars = outside
        return node

    def arguments(self, closing: str = ")", lists: bool = False) -> tuple[tuple[Syntax, ...], int]:
        """(a, b < c, …) → the arguments, and where they end; with `lists` one may be [a, b] or (a, b)."""
        self.step()
        outside, self.bars = self.bars, []
        found: list[Syntax] = []
        while not self.here.is_op(closing):
            node = self._listed() if lists and self._is_list() else self.expression()
            found.append(self.compared(node) if self.here.is_op(*COMPARING) else node)
            if self.here.is_op(","):
                self.step()
                if self.here.is_op(closing):
                    self.fail("an argument is missing here")
            elif not self.here.is_op(closing):
                self.unexpected()
        self.bars = outside
        return tuple(found), self.step().span[1]

    def _is_list(self) -> bool:
        """Whether [ opens a list here, or ( one of several."""
        if not self.here.is_op("("):
            return self.here.is_op("[")
        at, end = self.at + 1, self.partner.get(self.at, self.at)
        while at < end:
            if self.tokens[at].is_op(","):
                return True
            at = self.partner.get(at, at) + 1
        return False

    def _listed(self) -> Listed:
        self.deeper()
        opening = self.here
        items, end = self.arguments("]" if opening.is_op("[") else ")", lists=True)
        self.depth -= 1
        return Listed((opening.span[0], end), items)

    def compared(self, first: Syntax) -> Comparison:
        """The comparison that goes on after `first`."""
        operands: list[Syntax] = [first]
        signs: list[str] = []
        while self.here.is_op(*COMPARING):
            sign = self.step().text
            signs.append("==" if sign == "=" else sign)
            operands.append(self.expression())
        return Comparison((first.span[0], operands[-1].span[1]), tuple(operands), tuple(signs))

    def places(self) -> tuple[tuple[At, ...], int]:
        """``[i, 0]`` → its places, and where it ends."""
        self.step()
        found: list[At] = []
        while True:
            token = self.here
            if token.kind == "name":
                found.append(At(token.span, token.text))
            elif token.kind == "num" and Fraction(token.value).denominator == 1:
                found.append(At(token.span, int(token.value)))
            elif token.is_op(":"):
                found.append(At(token.span, None))
            else:
                self.fail("an index is a name or a number counted from 0")
            self.step()
            if self.here.is_op("]"):
                return tuple(found), self.step().span[1]
            if not self.here.is_op(","):
                self.fail(
                    "an index is a single name or a number counted from 0",
                    "shifted indices and ranges are not part of the language; W[i, :] is row i",
                )
            self.step()

    def small_places(self) -> tuple[At, ...]:
        """``ᵢⱼ``, ``₀ⱼ``, ``ᵢ,₁`` → its places; none if no small index stands here."""
        found: list[At] = []
        while self.here.kind in SMALL:
            token = self.step()
            start = token.span[0]
            if token.kind == "below":
                found.append(At(token.span, int(token.text), token.text))
            else:
                found += (At((start + k, start + k + 1), letter) for k, letter in enumerate(token.text))
        return tuple(found)

    def subscripted(self, node: Syntax) -> Syntax:
        """All ``[i, j]`` and ``ᵢⱼ`` that follow a node."""
        while self.here.is_op("[") or self.here.kind in SMALL:
            if self.here.is_op("["):
                places, end = self.places()
            else:
                places = self.small_places()
                end = places[-1].span[1]
            base = node
            if isinstance(node, Subscript) and node.places[-1].run:  # w₁₀ⱼ where w₁ is the name
                base, places = node.base, node.places + places
            node = Subscript((node.span[0], end), base, places)
        return node

    def word(self, token: Token) -> Syntax:
        """The name that a token writes, or an entry of one: ``y₀`` where only y is declared is y[0]."""
        raw, names = token.raw, self.names
        stem = len(raw.rstrip("".join(SUBSCRIPT_DIGITS)))
        known = token.text in self.parameters or names.is_variable(token.text)
        if stem in (0, len(raw)) or known or names.is_function(token.text):
            return Name(token.span, token.text, raw)
        start = token.span[0]
        for cut in range(len(raw) - 1, stem - 1, -1):
            name = spell(raw[:cut])
            if names.has_entries(name):
                digits = spell(raw[cut:])
                place = At((start + cut, token.span[1]), int(digits), digits)
                return Subscript(token.span, Name((start, start + cut), name, raw[:cut]), (place,))
        return Name(token.span, token.text, raw)

    def component_follows(self) -> bool:
        """Whether a component of a function begins here: A₂,ₖ(v)."""
        if self.here.kind != "name" or not self.names.is_function(self.here.text):
            return False
        ahead = 1
        while self.peek(ahead).kind in SMALL:
            ahead += 1
        return ahead > 1 and self.peek(ahead).is_op("(")

    def component(self) -> Syntax:
        """A₂,ₖ(v): entry k of A₂(v)."""
        head = self.step()
        places = self.small_places()
        arguments, end = self.arguments()
        span = (head.span[0], end)
        return Subscript(span, Applied(span, head.text, head.raw, arguments), places)


def _partners(tokens: list[Token]) -> dict[int, int]:
    """Position of each opening bracket → position of the one that closes it."""
    opened: list[int] = []
    partner: dict[int, int] = {}
    for at, token in enumerate(tokens):
        if token.is_op("(", "[", "{"):
            opened.append(at)
        elif token.is_op(")", "]", "}") and opened:
            partner[opened.pop()] = at
    return partner
