"""Polynomial → index notation: an expression in the form the arithmetic gave it.

What cancels while a name is opaque need not cancel once the name is replaced by its definition, so both
sides are tidied before that.
"""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq

from symcheck.errors import Blocked
from symcheck.language.indexed import Idx, Node, Table
from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.inverses import MatrixHead
from symcheck.normal_form.opaque import MapHead
from symcheck.normal_form.polynomial import Head, Poly
from symcheck.normal_form.templates import TemplateHead
from symcheck.normal_form.translation import Translation

LONGEST = 24
"""Longer polynomials are left as they were written."""


def tidied(node: Node, translation: Translation) -> Node:
    """The node in normal form, equal to it wherever it is defined.

    Errors: Blocked for what index notation cannot say, and those of the arithmetic.
    """
    poly = translation.poly(node)
    if len(poly) > LONGEST:
        return node
    return _Writer(translation.algebra, node.table).poly(poly)


def written_back(poly: Poly, algebra: Algebra, table: Table) -> Node:
    """A polynomial as index notation.  Errors: Blocked for what index notation cannot say."""
    return _Writer(algebra, table).poly(poly)


class _Writer:
    """One polynomial on its way back."""

    def __init__(self, algebra: Algebra, table: Table) -> None:
        self.algebra = algebra
        self.table = table
        self.keys = {head.id: key for key, head in algebra.head_of.items()}
        self.idxs: dict[int, Idx] = {index: key for key, index in algebra.indices() if isinstance(key, Idx)}

    def poly(self, poly: Poly) -> Node:
        """A sum of products."""
        terms = []
        for term, value in poly.items():
            factors = [self.number(value)]
            for component, exponent in term:
                factors.append(self.table.pow(self.component(component), Fraction(exponent)))
            terms.append(self.table.mul(*factors))
        return self.table.add(*terms)

    def number(self, value: fmpq) -> Node:
        return self.table.num(Fraction(int(value.p), int(value.q)))

    def index(self, index: int) -> Idx:
        if index in self.algebra.literal:
            return self.table.literal(self.algebra.literal[index], self.algebra.dim_of[index])
        found = self.idxs.get(index)
        if found is None:
            if index in self.algebra.pinned:
                raise Blocked("an index of a matrix inside a function")
            found = self.idxs[index] = self.table.fresh("i", self.algebra.dim_of[index])
        return found

    def component(self, component: int) -> Node:
        atom = self.algebra.components[component]
        if atom.head is not None:
            return self.atom(atom.head, atom.idxs)
        bound = [self.algebra.fresh(dim) for dim in atom.dims]
        factors = []
        for head, exponent, idxs in atom.factors:
            at = tuple(bound[-1 - i] if i < 0 else i for i in idxs)
            factors.append(self.table.pow(self.atom(self.algebra.heads[head], at), Fraction(exponent)))
        return self.table.sum(map(self.index, bound), self.table.mul(*factors))

    def atom(self, head: Head, idxs: tuple[int, ...]) -> Node:
        table = self.table
        key = self.keys[head.id]
        assert isinstance(key, tuple)
        match key[0]:
            case "T":
                return table.entry(key[1], tuple(map(self.index, idxs)))
            case "const":
                return table.const(key[1])
            case "dim":
                return table.dim(key[1])
            case "delta":
                return table.delta(*map(self.index, idxs))
            case "order":
                return table.order(*map(self.index, idxs))
            case "radical" | "log of a prime":
                prime = table.num(key[1])
                return prime if key[0] == "radical" else table.fn("log", prime)
        if not isinstance(head, TemplateHead) or len(idxs) != len(head.template.slots):
            raise Blocked(f"no index notation for {head.describe()}")
        if isinstance(head, MapHead | MatrixHead):
            raise Blocked(f"no index notation for {head.describe()}")
        parts = tuple(map(self.poly, head.content(self.algebra, idxs)))
        match key[0]:
            case "denominator":
                return parts[0]
            case "exp" | "sin" | "cos" as name:
                return table.fn(name, parts[0])
            case "guard":
                return table.fn("positive", parts[0])
            case "vanishes":
                return table.fn("vanishes", parts[0])
            case "function":
                return table.fn(key[1], *parts)
            case "undefined":
                return table.ufn(key[1], key[2], parts[0])
        # log u stands for log |u|: written back it would say that u > 0
        raise Blocked(f"no index notation for {head.describe()}")
