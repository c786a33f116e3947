"""Functions as heads with parameters: λ-lifting.

``exp(Σⱼ Wᵢⱼ xⱼ)`` becomes the atom E₇[i], whose head E₇ holds the *template* ``Σⱼ W_{s}ⱼ xⱼ`` over slots.
So every atom looks like an entry of a tensor, and renaming inside functions is done once, here.
Permutations of the parameters that leave a template unchanged are its symmetry group.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from typing import TypeAlias

from symcheck.errors import BudgetExhausted
from symcheck.language.shape import Dim
from symcheck.normal_form.blocks import Algebra, Contracting
from symcheck.normal_form.polynomial import IDENTITY, Poly

Key: TypeAlias = tuple[frozenset[object], ...]


class Template:
    """Polynomials over slots, lifted together."""

    __slots__ = ("dims", "group", "key", "polys", "slots")

    def __init__(
        self, polys: tuple[Poly, ...], slots: tuple[int, ...], dims: tuple[Dim, ...], key: Key
    ) -> None:
        self.polys = polys
        self.slots = slots
        self.dims = dims
        self.key = key
        self.group: tuple[tuple[int, ...], ...] = IDENTITY


class TemplateHead(Contracting):
    """A head made of a template: ``f(template)``."""

    def __init__(self, template: Template) -> None:
        super().__init__(template.dims)
        self.template = template
        self.group = template.group

    def content(self, algebra: Algebra, idxs: tuple[int, ...]) -> tuple[Poly, ...]:
        """The polynomials with the parameters put in."""
        names = {s: i for s, i in zip(self.template.slots, idxs, strict=True) if s != i}
        if not names:
            return self.template.polys
        return tuple(algebra.rename(poly, names) for poly in self.template.polys)

    def value(self, algebra: Algebra, polys: tuple[Poly, ...]) -> Poly | None:
        """The function itself at other polynomials; None if there is more to it than the template."""
        return None


def key_of(polys: tuple[Poly, ...]) -> Key:
    """Equal for equal polynomials.  Rationals are slow to hash: their parts are not."""
    return tuple(
        [
            frozenset(
                [(term, 1 if value == 1 else (int(value.p), int(value.q))) for term, value in poly.items()]
            )
            for poly in polys
        ]
    )


def lift(algebra: Algebra, polys: tuple[Poly, ...]) -> tuple[Template, tuple[int, ...]]:
    """(template, parameters) such that the template at the parameters is `polys`."""
    templates = algebra.templates
    free: set[int] = set()
    for poly in polys:
        free |= algebra.free_of(poly)
    first: tuple[tuple[Poly, ...], tuple[int, ...], tuple[int, ...], Key] | None = None
    same: list[tuple[int, ...]] = []
    for order in _orders(algebra, polys, sorted(free)):
        slots = tuple(algebra.slot(algebra.dim_of[i], place) for place, i in enumerate(order))
        names = {i: s for i, s in zip(order, slots, strict=True) if i != s}
        lifted = tuple(algebra.rename(poly, names) for poly in polys) if names else polys
        key = key_of(lifted)
        known = templates.get(key)
        if known is not None:
            assert isinstance(known, Template)
            return known, order
        if first is None:
            first = (lifted, slots, order, key)
        elif key == first[3]:
            same.append(order)
    assert first is not None
    lifted, slots, order, key = first
    template = Template(lifted, slots, tuple(algebra.dim_of[i] for i in order), key)
    template.group = tuple(tuple(order.index(i) for i in other) for other in same)
    templates[key] = template
    return template, order


def _orders(algebra: Algebra, polys: tuple[Poly, ...], free: list[int]) -> Iterator[tuple[int, ...]]:
    """Orders of the parameters worth trying: by dim and by how each occurs; ties in every order."""
    if len(free) < 2:
        yield tuple(free)
        return
    marks = {i: (str(algebra.dim_of[i]), _occurrence(algebra, polys, i)) for i in free}
    groups: dict[object, list[int]] = {}
    for i in sorted(free, key=lambda i: marks[i]):
        groups.setdefault(marks[i], []).append(i)
    count = 1
    for group in groups.values():
        for k in range(2, len(group) + 1):
            count *= k
    if count > 720:
        raise BudgetExhausted("a function with too many interchangeable parameters")
    for choice in product(*(permutations(group) for group in groups.values())):
        yield tuple(i for group in choice for i in group)


def _occurrence(algebra: Algebra, polys: tuple[Poly, ...], index: int) -> tuple[object, ...]:
    """A signature of an index that does not depend on names."""
    found = []
    for number, poly in enumerate(polys):
        for term, value in poly.items():
            for component, exponent in term:
                atom = algebra.components[component]
                if index not in atom.free:
                    continue
                if atom.head is not None:
                    places = _places(atom.idxs, index, bool(atom.head.group))
                    shape: tuple[object, ...] = ((atom.head.id, str(exponent), places),)
                else:
                    shape = tuple(
                        sorted(
                            (head, str(power), _places(idxs, index, bool(algebra.heads[head].group)))
                            for head, power, idxs in atom.factors
                        )
                    )
                found.append((number, str(value), str(exponent), len(term), shape))
    return tuple(sorted(found))


def _places(idxs: tuple[int, ...], index: int, symmetric: bool) -> tuple[int, ...]:
    places = tuple(k for k, i in enumerate(idxs) if i == index)
    return (len(places),) if symmetric else places
