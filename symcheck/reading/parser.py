"""Tokens → syntax: recursive descent, Python's precedence, a span on every node.

From loose to tight: ``+ −``, then ``* / @ · ⊙ ⊗`` and factors side by side, then the sign, then
powers, then ``.T``, ``[i, j]``.  A Leibniz fraction is one primary, Σ takes the rest of its term.
What a name is matters in one place only, telling ``dz/dx`` from a quotient: `Names` answers it.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symcheck.errors import TooLarge
from symcheck.reading.derivatives import Derivatives
from symcheck.reading.lexer import MAX_DEPTH, Token, tokenize
from symcheck.reading.syntax import (
    Applied,
    At,
    Bars,
    Chain,
    Iverson,
    Leibniz,
    LimitOf,
    Name,
    Negated,
    Num,
    Power,
    SumOver,
    Syntax,
    Transposed,
)
from symcheck.reading.vocabulary import JOINING
from symcheck.reading.walking import COMPARING, SMALL, Names

MAX_OPERANDS = 300
"""Most operands in a row; the typed tree leans left by one level for each."""

_SUMMING = ("+", "-")
_MULTIPLYING = ("*", "/", "@", "·", "⊙", "⊗")


def parse(text: str, names: Names, offset: int = 0) -> Syntax:
    """The syntax of one formula, without ``=``.  Errors: ReadError (SC001), TooLarge (SC002)."""
    return parse_tokens(tokenize(text, offset, names.is_levelled), names)


def parse_tokens(tokens: list[Token], names: Names) -> Syntax:
    """The syntax of a stretch of tokens that an ``end`` closes."""
    try:
        return Parser(tokens, names).whole()
    except RecursionError:
        raise TooLarge("nested too deep", span=(tokens[0].span[0], tokens[-1].span[1])) from None


class Parser(Derivatives):
    """One pass over the tokens of one formula."""

    def whole(self) -> Syntax:
        """A formula and nothing after it."""
        if self.here.kind == "end":
            self.fail("a formula is missing here")
        node = self.expression()
        if self.here.kind != "end":
            self.unexpected()
        return node

    def expression(self, one_term: bool = False) -> Syntax:
        """Terms joined by + and −; with `one_term` only the first of them."""
        self.deeper()
        terms: list[Syntax] = []
        joins: list[str] = []
        while True:
            factors = [self.operand()]
            ops: list[str] = []
            while (op := self._multiplication(factors[-1], ops)) is not None:
                ops.append(op)
                factors.append(self.operand())
            terms.append(_chain(factors, ops))
            if one_term or not self.here.is_op(*_SUMMING):
                break
            joins.append(self.step().text)
        self.depth -= 1
        return _chain(terms, joins)

    def _multiplication(self, left: Syntax, before: list[str]) -> str | None:
        """The multiplication that follows `left`, taken; ``·`` also for factors side by side."""
        token = self.here
        if token.is_op(*_MULTIPLYING):
            return self.step().text
        if token.is_op("×"):
            self.fail("× has two meanings", "write * entry by entry, cross(x, y) or outer(x, y)")
        if not self._starts_operand(token):
            return None
        if token.is_op("∂") or self._is_sum() or self.leibniz_follows():
            return "·"
        while isinstance(left, Negated):
            left = left.operand
        if isinstance(left, Num) and before and before[-1] == "/":
            self.fail(
                "after a division it is unclear what stands in the denominator",
                "write 1/(2*h) or 1/2*h",
                (left.span[0], token.span[1]),
            )
        if isinstance(left, Num | Leibniz) and token.kind != "num":
            return "·"
        self.fail(
            "two factors stand side by side without a sign between them",
            "write * (entry by entry) or @ (matrix product) between them",
            (left.span[0], token.span[1]),
        )

    def _starts_operand(self, token: Token) -> bool:
        if token.kind in ("num", "name"):
            return True
        if token.is_op("|", "||"):
            return token.text not in self.bars
        return token.is_op("(", "[", "√", "∂")

    def operand(self) -> Syntax:
        """Sign, primary, what is written behind it, power."""
        signs: list[Token] = []
        while self.here.is_op("-", "+"):
            signs.append(self.step())
            if len(signs) > MAX_DEPTH:
                raise TooLarge(f"more than {MAX_DEPTH} signs in a row", span=signs[-1].span)
        node = self.postfixed(self.primary())
        if self.here.is_op("**"):
            self.step()
            self.deeper()
            exponent = self.operand()
            self.depth -= 1
            node = Power((node.span[0], exponent.span[1]), node, exponent)
        for sign in reversed(signs):
            if sign.text == "-":
                node = Negated((sign.span[0], node.span[1]), node)
        return node

    def postfixed(self, node: Syntax) -> Syntax:
        """``.T``, ``[i, j]``, ``ᵢⱼ`` and powers above the line behind a primary."""
        written = 0
        while True:
            token = self.here
            if token.is_op(".T"):
                self.step()
                node = Transposed((node.span[0], token.span[1]), node)
            elif (token.is_op("[") or token.kind in SMALL) and not isinstance(node, Num):
                node = self.subscripted(node)
            elif token.kind == "sup":
                self.step()
                exponent = Num(token.span, Fraction(token.value), token.text)
                node = Power((node.span[0], token.span[1]), node, exponent, above=True)
            elif token.kind == "prime":
                self.fail(
                    "a prime is written after the name of an undefined function: σ'(p)",
                    "the transpose is written X.T or Xᵀ",
                )
            elif token.is_op("(") and not isinstance(node, Num | Leibniz):
                self.fail(
                    "only a function can be applied to something in brackets",
                    "write * or @ for a product",
                    (node.span[0], token.span[1]),
                )
            else:
                return node
            written += 1
            if written > MAX_DEPTH:
                raise TooLarge(f"more than {MAX_DEPTH} marks behind one operand", span=token.span)

    def primary(self) -> Syntax:
        """A number, a name, a call, a fraction, something in brackets."""
        token = self.here
        if token.kind == "num":
            self.step()
            return Num(token.span, Fraction(token.value), token.raw)
        if token.kind == "name":
            if self.leibniz_follows():
                return self.leibniz()
            if self._is_sum():
                return self.summation()
            if self.component_follows():
                return self.component()
            if self._is_limit():
                return self.limit()
            following = self.peek()
            if following.is_op("("):
                return self.call()
            if following.kind == "prime" and self.peek(2).is_op("("):
                return self.call()
            if following.kind == "sup" and self.peek(2).is_op("("):
                return self._powered_call()
            return self.word(self.step())
        if token.is_op("("):
            if self.partial_follows():
                return self.partial()
            if self.peek().kind == "name" and self.peek(2).is_op("->"):
                return self.primed_formula()
            self.step()
            node = self.inside()
            if self.here.is_op(*COMPARING):
                self.fail("a comparison stands only in where(…) or in [ ]")
            if not self.here.is_op(")"):
                self.unexpected()
            return replace(node, span=(token.span[0], self.step().span[1]))
        if token.is_op("∂"):
            return self.leibniz()
        if token.is_op("|", "||"):
            return self._bars()
        if token.is_op("√"):
            return self._root()
        if token.is_op("["):
            return self._iverson()
        if token.kind == "end":
            self.fail("the formula ends where something should follow")
        self.unexpected()

    def _is_limit(self) -> bool:
        """Whether lim(w -> …, …) or lim_{w -> …} begins here."""
        token = self.here
        if token.text not in ("lim", "lim_") or self.names.is_variable(token.text):
            return False
        return self.peek().is_op("(" if token.text == "lim" else "{") and self.peek(3).is_op("->")

    def limit(self) -> Syntax:
        """lim(w -> inf, expression), lim_{w→a⁻} term; a sign behind the target is the side."""
        head = self.step()
        opening = self.step()
        name = self.step()
        variable = Name(name.span, name.text, name.raw)
        self.expect("->", "after the variable of a limit")
        target, side = self._target("," if opening.is_op("(") else "}")
        self.step()
        if opening.is_op("("):
            body = self.inside()
            if not self.here.is_op(")"):
                self.unexpected()
            end = self.step().span[1]
        else:
            body = self.expression(one_term=True)
            end = body.span[1]
        return LimitOf((head.span[0], end), variable, target, side, body)

    def _target(self, closing: str) -> tuple[Syntax | None, str]:
        """What the variable of a limit tends to, up to the sign that closes it, and the side."""
        start = self.at
        while not self.here.is_op(closing):
            if self.here.kind == "end" or self.here.is_op(")", "]", "}", ","):
                self.fail(
                    f"{closing!r} is missing after what the variable tends to", "write lim(w -> inf, …)"
                )
            self.at = self.partner.get(self.at, self.at) + 1
        words = self.tokens[start : self.at]
        if not words:
            self.fail("a limit needs what the variable tends to", "write lim(w -> inf, …), lim(z -> 0+, …)")
        if words[-1].text == "inf" and not self.names.is_variable("inf"):
            signs = [word.text for word in words[:-1]]
            if signs not in ([], ["+"], ["-"]):
                self.fail("infinity is inf or -inf", span=(words[0].span[0], words[-1].span[1]))
            return None, "-" if signs == ["-"] else "+"
        side = words.pop().text if len(words) > 1 and words[-1].is_op("+", "-") else ""
        end = Token("end", "the end", (words[-1].span[1], words[-1].span[1]))
        return Parser([*words, end], self.names).whole(), side

    def _is_sum(self) -> bool:
        """Whether Σ or Π stands here as a sign: Σ_i, Σᵢ, Σ(i, …)."""
        token = self.here
        if token.kind != "name" or token.raw[0] not in "Σ∑Π∏" or self.names.is_variable(token.text):
            return False
        if len(token.raw) > 1:
            return token.raw[1] == "_"
        return self.peek().kind == "sub" or self.peek().is_op("(")

    def summation(self) -> Syntax:
        """Σ_i term, Σ_ij term, Σᵢ term, Σ_{i,j} term; Σ(i, expression) is a call."""
        token = self.here
        product = token.raw[0] in "Π∏"
        if len(token.raw) == 1 and self.peek().is_op("("):
            return self.call("prod" if product else "sum")
        self.step()
        start = token.span[0]
        if len(token.raw) == 1:
            names = self.small_places()
        elif len(token.raw) == 2:
            names = self._braced()
        elif token.raw[2:].isalpha():
            names = tuple(
                At((start + 2 + k, start + 3 + k), letter) for k, letter in enumerate(token.raw[2:])
            )
        else:
            self.fail(f"in {token.raw!r} each letter is an index", "write sum(i, …)", token.span)
        body = self.expression(one_term=True)
        return SumOver((start, body.span[1]), names, body, product)

    def _braced(self) -> tuple[At, ...]:
        """{i, j} → its places."""
        self.expect("{", "after Σ_")
        found: list[At] = []
        while not self.here.is_op("}"):
            if self.here.kind != "name":
                self.fail("indices are names")
            token = self.step()
            found.append(At(token.span, token.text))
            if self.here.is_op(","):
                self.step()
        self.step()
        return tuple(found)

    def call(self, name: str | None = None) -> Syntax:
        """name(arguments), and the forms that look like calls: sum, prod, d, D."""
        head = self.step()
        name = name or head.text
        primes = int(self.step().value) if self.here.kind == "prime" else 0
        if name == "D" and not primes and not self.names.is_function("D"):
            return self.function_derivative(head)
        if name == "d" and not primes:
            return self.total(head)
        over = self.peek().kind == "name" and self.peek(2).is_op(",") and not self.peek(4).is_op("=")
        if name in ("sum", "prod") and over:
            return self._sum_call(head, name == "prod")
        arguments, end = self.arguments(lists=name in JOINING)
        return Applied((head.span[0], end), name, head.raw, arguments, primes)

    def _sum_call(self, head: Token, product: bool) -> Syntax:
        """sum(i, j, expression)"""
        self.step()
        names: list[At] = []
        while self.here.kind == "name" and self.peek().is_op(","):
            names.append(At(self.here.span, self.here.text))
            self.at += 2
        body = self.inside()
        if not self.here.is_op(")"):
            self.unexpected()
        return SumOver((head.span[0], self.step().span[1]), tuple(names), body, product)

    def _powered_call(self) -> Syntax:
        """sech²(x) is (sech(x))²; of a value, x²(…) lacks a sign."""
        head = self.step()
        above = self.step()
        if self.names.is_variable(head.text) and not self.names.is_function(head.text):
            self.fail(
                "two factors stand side by side without a sign between them",
                "write * (entry by entry) or @ (matrix product) between them",
                (head.span[0], above.span[1]),
            )
        if above.value == -1:
            self.fail("⁻¹ after a function has two meanings", "write atanh(x) or 1/tanh(x)", above.span)
        arguments, end = self.arguments()
        called = Applied((head.span[0], end), head.text, head.raw, arguments)
        exponent = Num(above.span, Fraction(above.value), above.text)
        return Power(called.span, called, exponent)

    def _bars(self) -> Syntax:
        opening = self.step()
        self.bars.append(opening.text)
        node = self.expression()
        self.bars.pop()
        closing = self.expect(opening.text, "after what it encloses")
        return Bars((opening.span[0], closing.span[1]), node, opening.text == "||")

    def _root(self) -> Syntax:
        self.deeper()
        sign = self.step()
        node = self.primary()
        if self.here.is_op("["):
            node = self.subscripted(node)
        if self.here.kind == "sup" or self.here.is_op("**"):
            self.fail("it is unclear what the root covers", "write √(x²) or (√x)²")
        self.depth -= 1
        return Applied((sign.span[0], node.span[1]), "sqrt", "√", (node,))

    def _iverson(self) -> Syntax:
        opening = self.step()
        node = self.inside()
        if not self.here.is_op(*COMPARING):
            self.fail("[ ] encloses a condition, which is 1 where it holds", "group with ( )", opening.span)
        condition = self.compared(node)
        closing = self.expect("]", "after the condition")
        return Iverson((opening.span[0], closing.span[1]), condition)


def _chain(operands: list[Syntax], ops: list[str]) -> Syntax:
    if not ops:
        return operands[0]
    span = (operands[0].span[0], operands[-1].span[1])
    if len(operands) > MAX_OPERANDS:
        raise TooLarge(f"more than {MAX_OPERANDS} operands in a row", span=span)
    return Chain(span, tuple(operands), tuple(ops))
