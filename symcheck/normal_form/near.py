"""Near a target: an expression in t → ∞, or in u → 0+, free of derivatives and defined names.

Conditions are settled first, by the sign that their arguments have near the target.  Sums, products and
continuous functions pass the limit on to their parts; 0/0 goes by derivatives, what is left at infinity by
growth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

from symcheck.differentiation import differentiate
from symcheck.errors import Blocked
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Symbol
from symcheck.normal_form.growth import UNKNOWN, Growth, SignUnknown, product_sign
from symcheck.normal_form.polynomial import whole
from symcheck.normal_form.signs import NOT_ZERO, Sign, Signs, raised
from symcheck.normal_form.tidying import written_back
from symcheck.normal_form.translation import Translation
from symcheck.operations.elementwise import SCALAR

LARGE = Symbol("t", ())
"""What tends to ∞."""
SMALL = Symbol("u", ())
"""What tends to 0 from above."""
ORDER = 6
"""Highest derivative taken of a quotient 0/0."""
ENTIRE = frozenset(
    ("exp", "sin", "cos", "sinh", "cosh", "tanh", "sigmoid", "atan", "erf", "erfi", "softplus")
)
"""Functions that are continuous everywhere."""
CONTINUOUS: Mapping[str, tuple[str, ...]] = {
    # name → functions that are defined nowhere else
    "asin": (),
    "acos": (),
    "erfinv": (),
    "lgamma": (),
    "gamma": ("lgamma",),
    "digamma": ("lgamma", "gamma"),
}
"""Functions that are continuous wherever they are defined."""
SETTLED = frozenset(("positive", "vanishes", "heaviside", "sign", "abs", "relu", "maximum", "minimum"))
"""Functions that turn on a sign."""
STEPS = frozenset(("floor", "ceil", "trunc"))

Tended: TypeAlias = Node | Sign
"""A limit free of the variable, or PLUS or MINUS for infinity."""
Known: TypeAlias = tuple[tuple[Node, bool], ...]
"""(u, strictly): u > 0, or u ≥ 0."""

_AT_INFINITY: Mapping[str, tuple[str, str]] = {
    # name → limits at −∞ and at ∞: a number, or the sign of infinity
    "exp": ("0", "+"),
    "sinh": ("-", "+"),
    "cosh": ("+", "+"),
    "tanh": ("-1", "1"),
    "sigmoid": ("0", "1"),
    "erf": ("-1", "1"),
    "softplus": ("0", "+"),
}


class Near:
    """t → ∞ or u → 0+."""

    def __init__(
        self,
        variable: Symbol,
        graph: LoweredGraph,
        translation: Translation,
        laws: set[str],
        known: Known,
        given: frozenset[Node] = frozenset(),
    ) -> None:
        self.used = laws
        self.given = given
        self.variable = variable
        self.graph = graph
        self.table: Table = graph.table
        self.translation = translation
        self.signs = Signs(translation, known)
        self.at = self.table.entry(variable, ())
        ((((self.component, _),), _),) = translation.scalar(variable).items()
        self._depends: dict[Node, bool] = {}
        self._memo: dict[Node, Tended] = {}
        self._settled: dict[Node, Node] = {}

    def limit(self, node: Node) -> Tended:
        """The limit of a node.  Errors: Blocked."""
        return self.tends(self.settled(node))

    def depends(self, node: Node) -> bool:
        """Whether the variable stands in a node."""
        found = self._depends.get(node)
        if found is None:
            found = node is self.at or any(map(self.depends, node.nodes))
            self._depends[node] = found
        return found

    # -- conditions ------------------------------------------------------------------------------

    def settled(self, node: Node) -> Node:
        """The node as it is near the target: every condition that the variable enters is decided."""
        if not self.depends(node):
            return node
        found = self._settled.get(node)
        if found is None:
            found = self._settled[node] = self._decided(node)
        return found

    def _decided(self, node: Node) -> Node:
        table, args = self.table, node.args
        match node.op:
            case "add":
                return table.add(*map(self.settled, args))
            case "mul":
                return table.mul(*map(self.settled, args))
            case "pow":
                return table.pow(self.settled(args[0]), args[1])
            case "sum":
                return table.sum((args[0],), self.settled(args[1]))
            case "ufn":
                return table.ufn(args[0], args[1], self.settled(args[2]))
            case "app":
                inner = tuple((lambdas, self.settled(body)) for lambdas, body in args[3])
                return table.app(args[0], args[1], args[2], inner)
            case "case":
                chosen = self.settled(args[0])
                if chosen.op == "num":
                    return self.settled(args[1] if chosen.args[0] == 1 else args[2])
                return table.case(chosen, self.settled(args[1]), self.settled(args[2]))
            case "fn" if args[0] in SETTLED:
                return self._condition(args[0], tuple(map(self.settled, args[1:])))
            case "fn" if args[0] not in STEPS:
                return table.fn(args[0], *map(self.settled, args[1:]))
            case "T":
                return node
        raise Blocked(f"the limit of {args[0] if node.op == 'fn' else node.op} is not known")

    def _condition(self, name: str, arguments: tuple[Node, ...]) -> Node:
        table = self.table
        if name in ("maximum", "minimum"):
            left, right = arguments
            greater = self.eventual_sign(left - right) is Sign.PLUS
            return left if greater == (name == "maximum") else right
        (u,) = arguments
        sign = self.eventual_sign(u)
        match name:
            case "abs":
                return -u if sign is Sign.MINUS else u
            case "relu":
                return u if sign is Sign.PLUS else table.num(0)
            case "sign":
                return table.num({Sign.PLUS: 1, Sign.ZERO: 0, Sign.MINUS: -1}[sign])
            case "vanishes":
                return table.num(int(sign is Sign.ZERO))
        return table.num(int(sign is Sign.PLUS))

    def eventual_sign(self, node: Node) -> Sign:
        """The one sign that a settled node has near the target.  Errors: Blocked."""
        self.used.add("limit-of-parts")
        always = self.signs.of_node(node)
        if always in (Sign.PLUS, Sign.ZERO, Sign.MINUS):
            return always
        if not self.depends(node):
            raise self._unknown(node)
        if self.variable is LARGE:
            return self._growth().eventual_sign(self.translation.poly(node))
        current = node
        for _ in range(ORDER + 1):
            tended = self.tends(current)
            if isinstance(tended, Sign):
                return tended
            sign = self._sign(tended)
            if sign is not Sign.ZERO:
                return sign
            # f(u) has the sign of its first derivative that is not 0 at 0
            current = self.derivative(current)
        raise Blocked("the sign of what tends to 0 is not known")

    def _sign(self, node: Node) -> Sign:
        """The sign of a node free of the variable."""
        sign = self.signs.of_node(node)
        if sign in (Sign.PLUS, Sign.ZERO, Sign.MINUS):
            return sign
        raise self._unknown(node)

    def _unknown(self, node: Node) -> SignUnknown:
        return SignUnknown(UNKNOWN, self.translation.algebra, self.translation.poly(node))

    def _is_not_zero(self, node: Node) -> bool:
        return not self.signs.of_node(node) & Sign.ZERO

    def derivative(self, node: Node) -> Node:
        """d node/du."""
        return differentiate(self.table.D(node, self.variable, ()), self.graph)

    # -- the parts of an expression ----------------------------------------------------------------

    def tends(self, node: Node) -> Tended:
        """The limit of a node without conditions on the variable.  Errors: Blocked."""
        if not self.depends(node):
            return node
        found = self._memo.get(node)
        if found is None:
            self.used.add("limit-of-parts")
            found = self._memo[node] = self._tends(node)
        return found

    def _tends(self, node: Node) -> Tended:
        table, args = self.table, node.args
        match node.op:
            case "T":
                return Sign.PLUS if self.variable is LARGE else table.num(0)
            case "add":
                return self._of_parts(node, self._added)
            case "mul":
                constant = (factor for factor in args if not self.depends(factor))
                if any(self.signs.of_node(factor) is Sign.ZERO for factor in constant):
                    return table.num(0)
                return self._of_parts(node, self._multiplied)
            case "pow":
                return self._power(node)
            case "sum":
                inner = self.tends(args[1])
                return inner if isinstance(inner, Sign) else table.sum((args[0],), inner)
            case "case":
                then, other = self.tends(args[1]), self.tends(args[2])
                if isinstance(then, Node) and isinstance(other, Node):
                    return table.case(args[0], then, other)
                raise Blocked("a condition before an infinite limit")
            case "fn":
                return self._function(node)
            case "ufn":
                return table.ufn(args[0], args[1], self._finite(args[2], "an undefined function at infinity"))
            case "app":
                why = "an undefined function at infinity"
                inner_args = tuple((lambdas, self._finite(body, why)) for lambdas, body in args[3])
                return table.app(args[0], args[1], args[2], inner_args)
        raise Blocked(f"the limit of {node.op} is not known")

    def _finite(self, node: Node, why: str) -> Node:
        found = self.tends(node)
        if isinstance(found, Sign):
            raise Blocked(why)
        return found

    def _of_parts(self, node: Node, join: Callable[[list[Tended]], Tended | None]) -> Tended:
        """The limits of the parts joined; where they tell nothing, 0/0 or the growth of the whole."""
        try:
            joined = join([self.tends(part) for part in node.args])
        except Blocked as reason:
            try:
                return self._indeterminate(node)
            except Blocked as other:
                raise (other if isinstance(other, SignUnknown) else reason) from None
        return self._indeterminate(node) if joined is None else joined

    def _added(self, parts: list[Tended]) -> Tended | None:
        infinite = {part for part in parts if isinstance(part, Sign)}
        if not infinite:
            return self.table.add(*(part for part in parts if isinstance(part, Node)))
        return infinite.pop() if len(infinite) == 1 else None

    def _multiplied(self, parts: list[Tended]) -> Tended | None:
        finite = [part for part in parts if isinstance(part, Node)]
        if len(finite) == len(parts):
            return self.table.mul(*finite)
        sign = Sign.PLUS
        for part in parts:
            here = self.signs.of_node(part) if isinstance(part, Node) else part
            if here not in (Sign.PLUS, Sign.MINUS):
                return None
            sign = product_sign(sign, here)
        return sign

    def _power(self, node: Node) -> Tended:
        base, exponent = node.args
        found = self.tends(base)
        if isinstance(found, Sign):
            sign = raised(found, whole(exponent))
            if sign not in (Sign.PLUS, Sign.MINUS):
                raise Blocked("a root of what becomes negative")
            return sign if exponent > 0 else self.table.num(0)
        if exponent > 0 or self._is_not_zero(found):
            return self.table.pow(found, exponent)
        if self._sign(found) is Sign.ZERO:
            sign = raised(self.eventual_sign(base) & NOT_ZERO, whole(exponent))
            if sign in (Sign.PLUS, Sign.MINUS):
                return sign
        raise Blocked("division by what vanishes")

    def _function(self, node: Node) -> Tended:
        table = self.table
        name, *arguments = node.args
        if name == "log":
            return self._logarithm(arguments[0])
        if len(arguments) == 1 and name in ENTIRE:
            found = self.tends(arguments[0])
            if isinstance(found, Node):
                return table.fn(name, found)
            if name == "atan":
                half = table.num(Fraction(1 if found is Sign.PLUS else -1, 2))
                return half * table.const("pi")
            if name in _AT_INFINITY:
                self.used.add("exponential-decay")
                text = _AT_INFINITY[name][found is Sign.PLUS]
                return {"+": Sign.PLUS, "-": Sign.MINUS}.get(text) or table.num(Fraction(text))
            raise Blocked(f"{name} has no limit at infinity")
        law = SCALAR[name].law
        if law is None:
            return self._continuous(name, arguments)
        return self.tends(law(*arguments))

    def _continuous(self, name: str, arguments: list[Node]) -> Node:
        """f of the limit, for f continuous wherever it is defined and a limit at which it is evaluated."""
        if name in CONTINUOUS:
            found = self._finite(arguments[0], f"{name} has no limit at infinity")
            if any(self.table.fn(other, found) in self.given for other in (name, *CONTINUOUS[name])):
                return self.table.fn(name, found)
        raise Blocked(f"the limit of {name} is not known")

    def _logarithm(self, argument: Node) -> Tended:
        found = self.tends(argument)
        if isinstance(found, Sign):
            if found is Sign.PLUS:
                return Sign.PLUS
            raise Blocked("a logarithm of what becomes negative")
        sign = self._sign(found)
        if sign is Sign.PLUS:
            return self.table.fn("log", found)
        if sign is Sign.ZERO and self.eventual_sign(argument) is Sign.PLUS:
            return Sign.MINUS
        raise Blocked("a logarithm of what becomes negative")

    # -- 0/0, 0·∞, ∞ − ∞ ---------------------------------------------------------------------------

    def _indeterminate(self, node: Node) -> Tended:
        if self.variable is SMALL:
            return self._quotient(node)
        try:
            return self._grown(node)
        except SignUnknown:
            raise
        except Blocked as reason:
            released = self._released(node)
            if released is None:
                raise
            large, small = (self._finite_or(reason, part) for part in released)
            return large + small

    def _finite_or(self, reason: Blocked, node: Node) -> Node:
        found = self.tends(node)
        if isinstance(found, Sign):
            raise reason
        return found

    def _grown(self, node: Node) -> Tended:
        self.used.add("leading-terms")
        found = self._growth().limit(self.translation.poly(node))
        if isinstance(found, Sign):
            return found
        return written_back(found, self.translation.algebra, self.table)

    def _released(self, node: Node) -> tuple[Node, Node] | None:
        """(A, B) with A + B = the sum, each log(eᵃ + b), a → ∞, as a in A and log(1 + b e⁻ᵃ) in B."""
        if node.op != "add":
            return None
        large: list[Node] = []
        small: list[Node] = []
        for part in node.args:
            factors = part.args if part.op == "mul" else (part,)
            chosen = [factor for factor in factors if self.depends(factor)]
            found = self._exponential_factor(chosen[0]) if len(chosen) == 1 else None
            if found is None:
                large.append(part)
                continue
            rest = [factor for factor in factors if factor is not chosen[0]]
            large.append(self.table.mul(*rest, found[0]))
            small.append(self.table.mul(*rest, found[1]))
        if not small:
            return None
        self.used.add("exponential-factor")
        return self.table.add(*large), self.table.add(*small)

    def _exponential_factor(self, node: Node) -> tuple[Node, Node] | None:
        """(a, log(1 + b e⁻ᵃ)) for log(eᵃ + b) where a → ∞, b being a sum of terms."""
        if node.op != "fn":
            return None
        name, *arguments = node.args
        law = SCALAR[name].law
        if name != "log":
            return self._exponential_factor(law(*arguments)) if law is not None else None
        terms = arguments[0].args if arguments[0].op == "add" else (arguments[0],)
        for term in terms:
            if not (term.op == "fn" and term.args[0] == "exp" and self.tends(term.args[1]) is Sign.PLUS):
                continue
            away = self.table.fn("exp", -term.args[1])
            others = [other * away for other in terms if other is not term]
            try:
                rest = self.table.fn("log", self.table.add(self.table.num(1), *others))
                if isinstance(self.tends(rest), Node):
                    return term.args[1], rest
            except Blocked:
                continue
        return None

    def _growth(self) -> Growth:
        return Growth(self.signs, self.component)

    def _quotient(self, node: Node) -> Tended:
        """N/D by as many derivatives as D needs to be certainly not 0 at u = 0; N then is 0 before."""
        above, below = self._fraction(node)
        if not self.depends(below):
            raise Blocked("a limit of the kind 0 · ∞")
        for _ in range(ORDER):
            top, bottom = (self._plain(part) for part in (above, below))
            if self._is_not_zero(bottom):
                return top / bottom
            if self._sign(bottom) is not Sign.ZERO:
                raise self._unknown(bottom)
            if self._sign(top) is not Sign.ZERO:
                side = self.eventual_sign(below)
                if side is Sign.ZERO:
                    raise Blocked("division by what vanishes")
                return product_sign(self._sign(top), side)
            above, below = self.derivative(above), self.derivative(below)
            self.used.add("l-hopital" if self.depends(below) else "difference-quotient")
        raise Blocked("0/0 in derivatives of every order")

    def _plain(self, node: Node) -> Node:
        """The finite limit of a node that is no quotient."""
        if node.op in ("add", "mul"):
            parts = [self._plain(part) for part in node.args]
            return self.table.add(*parts) if node.op == "add" else self.table.mul(*parts)
        found = self.tends(node)
        if isinstance(found, Sign):
            raise Blocked("a limit of the kind 0 · ∞")
        return found

    def _fraction(self, node: Node) -> tuple[Node, Node]:
        """(N, D) with node = N/D; D gathers the denominators that the variable enters."""
        one = self.table.num(1)
        if not self.depends(node):
            return node, one
        match node.op:
            case "mul":
                above, below = one, one
                for factor in node.args:
                    n, d = self._fraction(factor)
                    above, below = above * n, below * d
                return above, below
            case "add":
                above, below = self.table.num(0), one
                for part in node.args:
                    n, d = self._fraction(part)
                    above, below = (above + n, below) if d is below else (above * d + n * below, below * d)
                return above, below
            case "pow" if node.args[1] < 0:
                return one, self.table.pow(node.args[0], -node.args[1])
        return node, one
