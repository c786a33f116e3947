"""What a derivative is from the left and from the right where a condition in it turns: a remark on a proof.

The proof is about points off the boundary.  At the boundary the one-sided derivatives are the limits of the
derivative, by the mean value theorem, where the function itself is continuous.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from symcheck.differentiation import differentiate, names_in
from symcheck.differentiation import replace as replaced
from symcheck.errors import SymcheckError
from symcheck.language.claim import Assumptions
from symcheck.language.indexed import Node
from symcheck.language.operand import LoweredEquation
from symcheck.normal_form.facts import facts_of
from symcheck.normal_form.growth import shown
from symcheck.normal_form.limits import limit_of
from symcheck.normal_form.polynomial import UNIT, Poly
from symcheck.normal_form.prove import Prover, all_opened
from symcheck.normal_form.translation import Translation

MOST = 2
"""Most boundaries told of in one remark."""


def one_sided(
    equation: LoweredEquation,
    crossed: Iterable[Node],
    assumptions: Assumptions,
    prover: Prover,
    spell: Callable[[str], str],
) -> str:
    """``at z = 0: from the left 0, from the right 1; the formula gives 1``, for ∂body/∂z = formula.

    Empty where the left side is no derivative in a scalar, a boundary is no simple value of that scalar, the
    one-sided values are not found, or something is assumed of the scalar.  `spell` writes names.
    """
    node = equation.left
    if node.op != "D" or node.args[2] or equation.idxs:
        return ""
    if any(node.args[1] in (c.symbol, c.other) for c in assumptions.conditions):
        return ""
    texts: list[str] = []
    for condition in sorted(crossed, key=lambda part: part.serial):
        try:
            text = _Boundary(equation, assumptions, prover, spell).told(condition)
        except SymcheckError:
            continue
        if text and text not in texts:
            texts.append(text)
    return "; ".join(texts[:MOST])


class _Boundary:
    """One claim ∂body/∂symbol = formula."""

    def __init__(
        self,
        equation: LoweredEquation,
        assumptions: Assumptions,
        prover: Prover,
        spell: Callable[[str], str],
    ) -> None:
        self.spell = spell
        self.body, self.symbol, _ = equation.left.args
        self.derivative = equation.left
        self.formula = equation.right
        self.graph = equation.graph
        self.table = equation.graph.table
        self.prover = prover
        self.facts = facts_of(assumptions, (), frozenset())

    @property
    def translation(self) -> Translation:
        return self.prover.translation(self.facts)

    def told(self, condition: Node) -> str:
        """The remark about the boundary of one condition.  Errors: what is not found."""
        root = self.root(self.opened(condition))
        if root is None or not self.continuous(root):
            return ""
        values = [self.text(self.limit(self.derivative, root, side)) for side in "-+"]
        chosen = self.text(self.at(self.formula, root))
        where = self.text(root)
        if not (where and all(values) and chosen):
            return ""
        name = self.spell(self.symbol.name)
        if values[0] == values[1]:
            return f"at {name} = {where}: {values[0]} from both sides, the formula gives {chosen}"
        numbers = [_number(text) for text in (values[0], chosen, values[1])]
        none, within = "", ""
        if numbers[0] is not None and numbers[2] is not None:
            none = " there is no derivative"
            low, high = sorted((numbers[0], numbers[2]))
            if numbers[1] is not None and low <= numbers[1] <= high:
                within = f", an element of [{low}, {high}]"
        sides = f"from the left {values[0]}, from the right {values[1]}"
        return f"at {name} = {where}{none}: {sides}; the formula gives {chosen}{within}"

    def opened(self, node: Node) -> Node:
        found = all_opened((differentiate(node, self.graph),), self.graph, self.facts)
        return found[0][0] if found is not None else node

    def root(self, condition: Node) -> Node | None:
        """Where a condition that is linear in the symbol vanishes."""
        if self.symbol in self.graph.definitions or self.symbol not in names_in(condition):
            return None
        slope = self.translation.poly(differentiate(self.table.D(condition, self.symbol, ()), self.graph))
        if set(slope) != {UNIT}:
            return None
        value = slope[UNIT]
        scale = self.table.num(Fraction(-int(value.q), int(value.p)))
        return self.put(condition, self.table.num(0)) * scale

    def continuous(self, root: Node) -> bool:
        """Whether the body has one limit at the boundary, its value there."""
        here = self.translation.poly(self.at(self.body, root))
        return all(self.translation.poly(self.limit(self.body, root, side)) == here for side in "-+")

    def limit(self, node: Node, root: Node, side: str) -> Node:
        found = limit_of(
            self.table.limit(node, self.symbol, root, side), self.graph, self.prover, self.facts, set()
        )
        if not isinstance(found, Node):
            raise SymcheckError("no limit")
        return found

    def at(self, node: Node, root: Node) -> Node:
        return self.put(self.opened(node), root)

    def put(self, node: Node, value: Node) -> Node:
        return replaced(node, {self.table.entry(self.symbol, ()): value}, self.graph)

    def text(self, node: Node) -> str:
        """A value in numbers and names; empty for anything more."""
        poly = self.translation.poly(node)
        if not poly:
            return "0"
        return shown(self.translation.algebra, poly, self.spell) if self._is_plain(poly) else ""

    def _is_plain(self, poly: Poly) -> bool:
        heads = [self.translation.algebra.components[c].head for term in poly for c, _ in term]
        return all(head is not None and head.kind == "tensor" for head in heads)


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None
