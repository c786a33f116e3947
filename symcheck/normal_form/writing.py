"""Normal forms written out: a line a term, indices by their names, functions with what stands in them.

Out comes text to be read by people, in one order whatever was met before; nothing is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from symcheck.language.indexed import Idx
from symcheck.normal_form.blocks import Algebra, DimHead
from symcheck.normal_form.index_products import ProductHead
from symcheck.normal_form.inverses import InverseHead, MatrixHead
from symcheck.normal_form.opaque import FunctionHead, MapHead, UndefinedHead
from symcheck.normal_form.polynomial import Component, Exponent, Head, Poly, Term
from symcheck.normal_form.roots import Radical
from symcheck.normal_form.templates import TemplateHead
from symcheck.normal_form.tower import LogNumber

TERMS = 24
"""Most terms of one polynomial that are written."""
DEPTH = 4
"""How deep functions within functions are written."""
LETTERS = "ijklmnpqrs"
"""What summed indices are called, as far as the names are free."""

ALL = ":"
"""What stands for an index that is bound in a whole argument."""

Names = Mapping[int, str]


class Writer:
    """Writes the polynomials of one algebra."""

    def __init__(self, algebra: Algebra, name: Callable[[str], str]) -> None:
        self.algebra = algebra
        self.name = name
        self.keys = {id(head): key for key, head in algebra.head_of.items()}
        self.free: dict[int, str] = {}

    def terms(self, poly: Poly) -> list[str]:
        """The terms of a normal form with their signs, ``0`` for none; of very many the first."""
        self._name_free(poly)
        return self._terms(poly, self.free, DEPTH) or ["0"]

    def _name_free(self, poly: Poly) -> None:
        """Names for the free indices, one each, the same in all polynomials written."""
        free = self.algebra.free_of(poly)
        for key, index in self.algebra.indices():
            if index not in free or index in self.free or not isinstance(key, Idx):
                continue
            wanted = [self.name(key.name), *LETTERS]
            self.free[index] = next((x for x in wanted if x not in self.free.values()), f"i{index}")
        self.free.update(
            (index, str(self.algebra.literal[index])) for index in free & self.algebra.literal.keys()
        )

    def _terms(self, poly: Poly, names: Names, depth: int) -> list[str]:
        found = [
            (self._monomial(term, names, depth), Fraction(int(v.p), int(v.q))) for term, v in poly.items()
        ]
        found.sort(key=lambda pair: (pair[0].count("·"), len(pair[0]), pair[0]))
        lines = [_signed(value, body) for body, value in found[:TERMS]]
        more = len(found) - len(lines)
        return [*lines, f"+ … {more} more terms"] if more else lines

    def _sum(self, poly: Poly, names: Names, depth: int) -> str:
        if depth <= 0 and poly:
            return "…"
        return " ".join(self._terms(poly, names, depth)).removeprefix("+ ") or "0"

    def _monomial(self, term: Term, names: Names, depth: int) -> str:
        factors = [self._power(self.algebra.components[c], e, names, depth) for c, e in term]
        return "·".join(sorted(factors))

    def _power(self, component: Component, exponent: Exponent, names: Names, depth: int) -> str:
        if component.head is not None:
            return _raised(self._atom(component.head, component.idxs, names, depth), exponent)
        taken = set(names.values())
        free = [letter for letter in LETTERS if letter not in taken]
        bound = {-1 - k: free[k] if k < len(free) else f"i{k}" for k in range(len(component.dims))}
        inner = {**names, **bound}
        factors = [
            _raised(self._atom(self.algebra.heads[head], idxs, inner, depth), power)
            for head, power, idxs in component.factors
        ]
        text = f"Σ_{','.join(bound.values())} {'·'.join(sorted(factors))}"
        return _raised(f"({text})", exponent)

    def _atom(self, head: Head, idxs: tuple[int, ...], names: Names, depth: int) -> str:
        """One entry of a head."""
        places = [names.get(i, ALL) for i in idxs]
        if isinstance(head, MapHead):
            inside = self._inside(head, idxs[head.lead :], names, depth)
            count, name = len(head.derivatives), self.name(head.what.shown)
            called = f"(∂_{','.join(places[:count])} {name})" if count else name
            return f"{called}({inside}){_at(places[count : head.lead])}"
        if isinstance(head, InverseHead | MatrixHead):
            own = dict(zip(head.template.slots, idxs[len(idxs) - len(head.template.slots) :], strict=True))
            inner = {**names, **{slot: names.get(i, ALL) for slot, i in own.items()}}
            inner |= {head.row: "row", head.col: "col"}
            inside = f"row,col ↦ {self._sum(head.matrix, inner, depth - 1)}"
            lead = places[: len(idxs) - len(head.template.slots)]
            return f"{head.kind}({inside}){_at(lead)}"
        if isinstance(head, ProductHead):
            inner = dict(zip(head.template.slots, places, strict=True))
            letter = next((x for x in LETTERS if x not in names.values()), "i0")
            return f"(Π_{letter} {self._sum(head.body, {**names, **inner, head.index: letter}, depth - 1)})"
        if isinstance(head, LogNumber):
            return f"log({head.prime})"
        if isinstance(head, TemplateHead):
            return self._function(head, self._inside(head, idxs, names, depth))
        return self._named(head, places)

    def _named(self, head: Head, places: list[str]) -> str:
        """An entry of a tensor, a derivative, a size, a number."""
        key = self.keys.get(id(head))
        kind = key[0] if isinstance(key, tuple) and key else ""
        if kind == "D" and isinstance(key, tuple):
            return f"(∂{self.name(key[1].shown)}/∂{self.name(key[2].shown)}){_at(places)}"
        if kind == "diff" and isinstance(key, tuple):
            return f"d{self.name(key[1].shown)}{_at(places)}"
        if kind == "T" and isinstance(key, tuple):
            return f"{self.name(key[1].shown)}{_at(places)}"
        if isinstance(head, DimHead) and isinstance(key, tuple):
            return str(key[-1])
        if isinstance(head, Radical):
            return str(head.prime)
        return f"{'δ' if head.kind == 'delta' else head.kind}{_at(places)}"

    def _inside(self, head: TemplateHead, idxs: tuple[int, ...], names: Names, depth: int) -> str:
        own = {slot: names.get(i, ALL) for slot, i in zip(head.template.slots, idxs, strict=False)}
        return ", ".join(self._sum(poly, {**names, **own}, depth - 1) for poly in head.template.polys)

    def _function(self, head: TemplateHead, inside: str) -> str:
        match head.kind:
            case "denominator":
                return inside if _bracketed(inside) else f"({inside})"
            case "positive":
                return f"[{inside} > 0]"
            case "vanishes":
                return f"[{inside} = 0]"
        if isinstance(head, UndefinedHead):
            return f"{self.name(head.what.shown)}{_primes(head.order)}({inside})"
        if isinstance(head, FunctionHead):
            return f"{head.name}({inside})"
        return f"{head.kind}({inside})"


def _primes(order: int) -> str:
    return "'" * order if order <= 3 else f"^({order})"


def _bracketed(text: str) -> bool:
    """Whether one pair of brackets holds it all."""
    if not text.startswith("("):
        return False
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def _at(places: list[str]) -> str:
    return f"[{','.join(places)}]" if places else ""


def _raised(text: str, exponent: Exponent) -> str:
    if exponent == 1:
        return text
    return f"{text}^{exponent}" if isinstance(exponent, int) and exponent > 0 else f"{text}^({exponent})"


def _signed(value: Fraction, body: str) -> str:
    sign, size = ("-" if value < 0 else "+"), abs(value)
    if not body:
        return f"{sign} {size}"
    return f"{sign} {body}" if size == 1 else f"{sign} {size}·{body}"
