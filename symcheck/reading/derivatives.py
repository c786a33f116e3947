"""The part of the parser that reads derivatives: Leibniz fractions, d(…), D(f)(x), ∂ᵢA,ₖ(x)."""

from __future__ import annotations

from fractions import Fraction

from symcheck.reading.lexer import Token
from symcheck.reading.syntax import (
    Applied,
    At,
    By,
    FunctionDerivative,
    Leibniz,
    Name,
    Partials,
    Subscript,
    Syntax,
    Total,
)
from symcheck.reading.walking import SMALL, Walker

MAX_ORDER = 9


class Derivatives(Walker):
    """∂y[i]/∂x[j], ∂(…)/∂x, ∂²y/∂x[i]∂x[j], dy/dx, ∂/∂x (…), ∂₁f(x, y), ∂ᵢA,ₖ(x), d(y), d(y, x), D(f)(x)."""

    def leibniz_follows(self) -> bool:
        """Whether a Leibniz fraction in ``d`` begins here: dy/dx, d(y)/dx, d²y/dx², d/dx(y).

        Where it could also be read as a quotient of declared values, the fraction wins only if the
        names in it are declared as well: of declared dz, z, dx, x the text dz/dx is the derivative.
        """
        head = self.here
        if head.kind != "name" or head.raw[0] != "d":
            return False
        after = self.at + 1
        order, rest = _head(head)
        if head.text == "d" and self.tokens[after].kind == "sup":
            after += 1
            if self.tokens[after].kind == "name":
                rest = self.tokens[after].text
                after += 1
        called = self.tokens[after].is_op("(")
        while self.tokens[after].is_op("(", "["):
            after = self.partner.get(after, after) + 1
        while self.tokens[after].kind in SMALL:
            after += 1
        if not self.tokens[after].is_op("/"):
            return False
        below = self.tokens[after + 1]
        if below.is_op("∂"):
            return True
        if below.kind != "name" or below.raw[0] != "d" or len(below.raw) < 2:
            return False
        below_known = self._by(below, order) is not None
        below_value = self.names.is_variable(below.text)
        if not rest:
            return (
                (below_known or not below_value)
                if called
                else below_known and not (self.names.is_variable("d") and below_value)
            )
        if called and self.names.is_function(head.text):
            return False
        above_known = self.names.is_function(rest) if called else self.names.is_variable(rest)
        return (above_known and below_known) or not (self.names.is_variable(head.text) or below_value)

    def _by(self, token: Token, order: int) -> tuple[str, int] | None:
        """The declared variable that ``dx`` or ``dx2`` names, and how often."""
        rest = token.text[1:]
        if self.names.is_variable(rest):
            return rest, 1
        shorter = rest.removesuffix(str(order))
        if order > 1 and shorter != rest and self.names.is_variable(shorter):
            return shorter, order
        return None

    def leibniz(self) -> Syntax:
        """The fraction that begins here; ∂ always begins one."""
        self.deeper()
        head = self.step()
        order, rest = (1, "") if head.is_op("∂") else _head(head)
        if head.is_op("∂") and (self.here.kind in SMALL or self._is_gradient()):
            node = self._partial(head)
            self.depth -= 1
            return node
        if self.here.kind == "sup":
            order = int(self.step().value)
        if not 1 <= order <= MAX_ORDER:
            self.fail(f"the order of a derivative is a number from 1 to {MAX_ORDER}", span=head.span)
        numerator = self._numerator(head, rest) if rest or not self.here.is_op("/") else None
        if not self.here.is_op("/"):
            self.fail("∂ begins a fraction such as ∂ε/∂x", "the total differential is written dε", head.span)
        self.step()
        by, end = self._denominators(order)
        if numerator is None:
            numerator = self._operated()
            end = numerator.span[1]
        self.depth -= 1
        return Leibniz((head.span[0], end), numerator, by)

    def _numerator(self, head: Token, rest: str) -> Syntax:
        if rest:
            skip = 1 if rest == head.text[1:] else 2
            name = Token("name", rest, (head.span[0] + skip, head.span[1]), head.raw[skip:])
        elif self.component_follows():
            return self.subscripted(self.component())
        elif self.here.kind == "name":
            name = self.step()
        elif self.here.is_op("("):
            return self.subscripted(self.primary())
        elif self.here.is_op("∂"):
            self.fail("one ∂ above, one below", "a second derivative is written ∂²f/∂x²")
        else:
            self.fail("after ∂ stands what is differentiated: ∂ε/∂x, ∂(…)/∂x")
        if self.here.is_op("("):
            arguments, end = self.arguments()
            node: Syntax = Applied((name.span[0], end), name.text, name.raw, arguments)
        else:
            node = self.word(name)
        return self.subscripted(node)

    def _denominators(self, order: int) -> tuple[tuple[By, ...], int]:
        """∂x, ∂x[i,j], ∂x², ∂x∂y, dx, dx2: as many as the order says."""
        found: list[By] = []
        end = self.here.span[0]
        while len(found) < order:
            token = self.here
            times = 1
            if token.is_op("∂"):
                self.step()
                token = self.here
                if token.kind != "name":
                    self.fail("below a fraction stands the name it is differentiated by: ∂ε/∂x")
                name, raw, start = token.text, token.raw, token.span[0]
            elif token.kind == "name" and token.raw[0] == "d" and len(token.raw) > 1:
                name, times = self._by(token, order) or (token.text[1:], 1)
                raw, start = token.raw[1:], token.span[0] + 1
            elif not found:
                self.fail("below a fraction stands ∂ or d and a name: ∂ε/∂x")
            else:
                self.fail(f"a derivative of order {order} has {order} variables below: ∂²f/∂x², ∂²f/∂x∂y")
            self.step()
            end = token.span[1]
            places: tuple[At, ...] | None = None
            entry = self.word(Token("name", name, (start, end), raw))
            if isinstance(entry, Subscript) and isinstance(entry.base, Name):
                name, raw, places = entry.base.name, entry.base.raw, entry.places
            if self.here.is_op("["):
                places, end = self.places()
            elif self.here.kind in SMALL:
                places = (places or ()) + self.small_places()
                end = places[-1].span[1]
            if order > 1 and self.here.kind == "sup":
                end = self.here.span[1]
                times = int(self.step().value)
            if not 1 <= times <= order - len(found):
                self.fail("the orders above and below differ", span=(start, end))
            found += [By((start, end), name, raw, places)] * times
        return tuple(found), end

    def _operated(self) -> Syntax:
        """What ``∂/∂x`` acts on: something in brackets, or a call."""
        if self.here.is_op("("):
            node = self.primary()
        elif self.component_follows():
            node = self.component()
        elif self.here.kind == "name" and self.peek().is_op("("):
            node = self.call()
        else:
            self.fail("∂/∂x acts on what stands in brackets after it: ∂/∂x (…)")
        if self.here.is_op("**") or self.here.kind == "sup":
            self.fail(
                "it is unclear whether the derivative is meant to a power, or what ∂/∂x acts on",
                "write ∂/∂x ((…)²) or (∂/∂x (…))²",
            )
        return node

    def partial_follows(self) -> bool:
        """Whether ``(∂ᵢA₂,ₖ)(…)`` begins here: a derivative of a function, put in brackets, applied."""
        close = self.partner.get(self.at, self.at)
        return (
            self.peek().is_op("∂")
            and self.tokens[min(close + 1, len(self.tokens) - 1)].is_op("(")
            and not any(token.is_op("(", "/") for token in self.tokens[self.at + 1 : close])
        )

    def partial(self) -> Syntax:
        """(∂ᵢA₂,ₖ)(v) is ∂ᵢA₂,ₖ(v)."""
        self.step()
        return self._partial(self.step(), bracketed=True)

    def _is_gradient(self) -> bool:
        """Whether ``∂A(v)`` stands here, and no numerator ∂A(v)/∂v."""
        ahead = 1
        while self.peek(ahead).kind in SMALL:
            ahead += 1
        if self.here.kind != "name" or not self.names.is_function(self.here.text):
            return False
        opening = min(self.at + ahead, len(self.tokens) - 1)
        close = self.partner.get(opening)
        return close is not None and self.tokens[opening].is_op("(") and not self._over(close + 1)

    def _over(self, at: int) -> bool:
        """Whether a fraction goes on at this token, small indices and entries left out."""
        while self.tokens[at].kind in SMALL or self.tokens[at].is_op("["):
            at = self.partner.get(at, at) + 1
        return self.tokens[at].is_op("/") and self.tokens[at + 1].is_op("∂")

    def _partial(self, head: Token, bracketed: bool = False) -> Syntax:
        """∂₁f(x, y): by the first argument.  ∂ᵢA,ₖ(v): component k by entry i of the only one.

        ∂A(v) is by all entries: ∂A[i, k] = ∂ᵢA,ₖ, so that ∂ᵢA is row i of it.
        """
        mark = self.step() if self.here.kind in SMALL else None
        if self.here.kind != "name":
            self.fail("∂₁ and ∂ᵢ stand before a function and its arguments: ∂₁f(x, y)")
        name = self.step()
        components = self.small_places()
        if bracketed:
            self.expect(")", f"after ∂{name.raw}")
        if not self.here.is_op("("):
            self.fail("∂₁ and ∂ᵢ stand before a function and its arguments: ∂₁f(x, y)")
        arguments, end = self.arguments()
        if mark is not None and mark.kind == "below":
            span = (head.span[0], end)
            orders = tuple(int(digit) - 1 for digit in mark.text)
            node: Syntax = FunctionDerivative(span, name.text, name.raw, orders, arguments)
            return Subscript(span, node, components) if components else node
        marks: tuple[At, ...] = ()
        if mark is not None:
            start = mark.span[0]
            marks = tuple(At((start + k, start + k + 1), letter) for k, letter in enumerate(mark.text))
            if not components and self.here.is_op("["):
                components, end = self.places()
            elif not components and self.here.kind in SMALL:
                components = self.small_places()
                end = components[-1].span[1]
        return Partials((head.span[0], end), name.text, name.raw, marks, components, arguments)

    def total(self, head: Token) -> Syntax:
        """d(y): the total differential; d(y, x[i]): the derivative.  d(y)/dx was seen before."""
        self.deeper()
        self.step()
        node = self.inside()
        by: list[By] = []
        while self.here.is_op(","):
            self.step()
            if self.here.kind != "name":
                self.fail("d(y, x): the second place names what y is differentiated by")
            token = self.step()
            end, places = token.span[1], None
            if self.here.is_op("["):
                places, end = self.places()
            by.append(By((token.span[0], end), token.text, token.raw, places))
        if not self.here.is_op(")"):
            self.unexpected()
        self.depth -= 1
        span = (head.span[0], self.step().span[1])
        return Leibniz(span, node, tuple(by)) if by else Total(span, node)

    def function_derivative(self, head: Token) -> Syntax:
        """D(f)(x), D(f, 1)(x, y), D(D(f, 1), 2)(x, y)."""
        orders: list[int | None] = []
        nested = 0
        while self.peek().kind == "name" and self.peek().text == "D" and self.peek(2).is_op("("):
            self.at += 2
            nested += 1
        self.expect("(", "after D")
        if self.here.kind != "name":
            self.fail("D(f) differentiates a function f")
        function = self.step()
        if self.here.is_op("->"):
            return self._mapped(head, function, nested)
        for _ in range(nested + 1):
            given: list[int | None] = []
            while self.here.is_op(","):
                self.step()
                if self.here.kind != "num" or Fraction(self.here.value).denominator != 1:
                    self.fail("D(f, k): k counts the arguments of f from 1")
                given.append(int(self.step().value) - 1)
            orders += given or [None]
            self.expect(")", f"after D({function.raw}")
        if not self.here.is_op("("):
            self.fail(f"the derivative is applied to a point: D({function.raw})(x)")
        arguments, end = self.arguments()
        return FunctionDerivative((head.span[0], end), function.text, function.raw, tuple(orders), arguments)

    def _formula(self, parameter: Token) -> Syntax:
        """What stands behind ``z ->``."""
        self.expect("->", f"after {parameter.raw}")
        self.parameters.append(parameter.text)
        body = self.inside()
        self.parameters.pop()
        return body

    def primed_formula(self) -> Syntax:
        """(z -> formula)'(x): entry by entry."""
        head = self.step()
        parameter = self.step()
        body = self._formula(parameter)
        self.expect(")", "after the formula")
        if self.here.kind != "prime":
            self.fail("a formula z -> … is differentiated: (z -> z**2)'(x), D(z -> A @ z)(x)")
        primes = int(self.step().value)
        if not self.here.is_op("("):
            self.fail("the derivative is applied to a point: (z -> z**2)'(x)")
        arguments, end = self.arguments()
        span = (head.span[0], end)
        return FunctionDerivative(span, parameter.text, parameter.raw, (), arguments, body, primes)

    def _mapped(self, head: Token, parameter: Token, nested: int) -> Syntax:
        """D(z -> formula)(x): the derivative of a function that has no name."""
        body = self._formula(parameter)
        for _ in range(nested + 1):
            self.expect(")", "after the formula that D differentiates")
        if not self.here.is_op("("):
            self.fail("the derivative is applied to a point: D(z -> z**2)(x)")
        arguments, end = self.arguments()
        span = (head.span[0], end)
        orders: tuple[int | None, ...] = (None,) * (nested + 1)
        return FunctionDerivative(span, parameter.text, parameter.raw, orders, arguments, body)


def _head(token: Token) -> tuple[int, str]:
    """``d2f`` → (2, f), ``df`` → (1, f), ``d`` → (1, nothing)."""
    rest = token.text[1:]
    if rest[:1].isdigit() and rest[1:2] and not rest[1].isdigit():
        return int(rest[0]), rest[1:]
    return 1, rest
