"""Terms, components, heads, and products of polynomials.

    Poly   dict  Term → rational coefficient, never 0
    Term   tuple of (component, exponent), sorted; exponents are ints, or Fractions where D > 0
    component   an interned int: an *atom* (a head with index parameters: W[i,j], exp-template[i]), or a
                *block*, a connected product closed under the indices it sums over

Indices are ints here: their `dim` is looked up.  Literal entries and λ-slots are `pinned`: they are
never free.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable
from fractions import Fraction
from functools import lru_cache
from itertools import count
from math import comb
from typing import NamedTuple, TypeAlias

from flint import fmpq

from symcheck.errors import BudgetExhausted, DomainFault
from symcheck.language.shape import Dim

Exponent: TypeAlias = int | Fraction
Term: TypeAlias = tuple[tuple[int, Exponent], ...]
Poly: TypeAlias = dict[Term, fmpq]
Factor: TypeAlias = tuple[int, Exponent, tuple[int, ...]]
"""(head, exponent, indices): one factor inside a block; bound indices are negative."""


class Signed(NamedTuple):
    """A head met with its argument as it is kept, or negated: the law was used where both are met."""

    name: str
    head: int
    as_kept: bool


Law: TypeAlias = str | Signed

ONE = fmpq(1)
MINUS = fmpq(-1)
UNIT: Term = ()
IDENTITY: tuple[tuple[int, ...], ...] = ()


class Head:
    """What an atom is an entry of.  Subclasses are the kinds, each in its room."""

    kind = "head"
    special = False
    """Whether products with it need `reduce`."""

    def __init__(self, dims: tuple[Dim, ...]) -> None:
        self.id = -1
        self.dims = dims
        self.group: tuple[tuple[int, ...], ...] = IDENTITY
        """Permutations of the parameters that leave the value unchanged (without the identity)."""
        self.positive = False
        """Every entry is > 0."""
        self.whole = False
        """Every entry is a whole number."""
        self.selects = False
        """Of every row one entry is 1 and the others are 0: what is summed with it is picked."""
        self.invertible = True
        """Negative exponents may stand directly on it."""
        self.lower = False
        """A matrix whose entries above the diagonal are 0; the first two parameters are row and column."""
        self.values: tuple[fmpq, ...] = ()
        """The two values that an entry may have, where it has but two."""
        self.told = ""
        """The head in words, once the room `orientation` asked for them."""

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        """Its value when parameters coincide or are numbers, if that is something else than an atom."""
        return None

    def reduce(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        """The term rewritten by a law of this head, or None."""
        return None

    def logarithm(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        """log |head[idxs]| where that is something simpler."""
        return None

    def product(self, algebra: Polynomials, index: int, idxs: tuple[int, ...]) -> Poly | None:
        """Π over an index of head[idxs] where that is something simpler."""
        return None

    def describe(self) -> str:
        """A word for messages about what blocks."""
        return self.kind


class Component:
    """An atom (`head`, `idxs`) or a block (`dims`, `factors`)."""

    __slots__ = ("dims", "factors", "free", "head", "id", "idxs", "special")

    def __init__(
        self,
        head: Head | None,
        idxs: tuple[int, ...],
        dims: tuple[Dim, ...],
        factors: tuple[Factor, ...],
        free: frozenset[int],
    ) -> None:
        self.id = -1
        self.head = head
        self.idxs = idxs
        self.dims = dims
        self.factors = factors
        self.free = free
        self.special = head is not None and head.special


class Polynomials:
    """The tables of one normal form, and the arithmetic that needs no sums."""

    term_limit = 4000
    """Most terms a product may have before the claim is given up as undecided."""
    work_limit = 400_000
    """Most term products in one claim."""

    def __init__(self) -> None:
        self.heads: list[Head] = []
        self.head_of: dict[object, Head] = {}
        self.components: list[Component] = []
        self._atoms: dict[tuple[int, tuple[int, ...]], int] = {}
        self._blocks: dict[tuple[tuple[Dim, ...], tuple[Factor, ...]], int] = {}
        self.dim_of: dict[int, Dim] = {}
        self.literal: dict[int, int] = {}
        self.pinned: set[int] = set()
        self._counter = count(1)
        self._named: dict[object, int] = {}
        self._reduced: dict[Term, tuple[Poly | None, int]] = {}
        self._special: set[int] = set()
        """The components whose products need `reduce`."""
        self.vanishing: set[int] = set()
        """The components [u = 0]."""
        self.two_valued: set[int] = set()
        """The components that have but two values."""
        self.used = 0
        """Laws used, a bit each: what is remembered is remembered with its laws."""
        self._bits: dict[Law, int] = {}
        self.work = 0

    # -- laws ----------------------------------------------------------------------------------

    def use(self, law: Law) -> None:
        """Take note that a law was used."""
        self.used |= self._bits.get(law) or self._bits.setdefault(law, 1 << len(self._bits))

    def laws(self) -> set[str]:
        """The names of the laws used."""
        laws = [law for law, bit in self._bits.items() if self.used & bit]
        found = {law for law in laws if isinstance(law, str)}
        signed = {law for law in laws if isinstance(law, Signed)}
        return found | {law.name for law in signed if law._replace(as_kept=not law.as_kept) in signed}

    # -- indices -------------------------------------------------------------------------------

    def fresh(self, dim: Dim) -> int:
        """A new index."""
        index = next(self._counter)
        self.dim_of[index] = dim
        return index

    def named(self, key: object, dim: Dim, *, pinned: bool = False, literal: int | None = None) -> int:
        """The index that stands for `key`, made at first use."""
        found = self._named.get(key)
        if found is None:
            found = self._named[key] = self.fresh(dim)
            if pinned or literal is not None:
                self.pinned.add(found)
            if literal is not None:
                self.literal[found] = literal
        return found

    def numbers(self, idxs: Iterable[int]) -> bool:
        """Whether one of the indices stands for a number: a template takes these into itself."""
        return bool(self.literal) and not self.literal.keys().isdisjoint(idxs)

    def indices(self) -> ItemsView[object, int]:
        """What indices stand for, with the indices."""
        return self._named.items()

    def slot(self, dim: Dim, place: int) -> int:
        """The place-th parameter of a template."""
        return self.named(("slot", dim, place), dim)

    def free_of(self, poly: Poly) -> set[int]:
        """The indices free in a polynomial."""
        found: set[int] = set()
        for term in poly:
            for component, _ in term:
                found |= self.components[component].free
        return found

    # -- heads, atoms, blocks ------------------------------------------------------------------

    def add_head(self, key: object, head: Head) -> Head:
        """Keep a head under its key."""
        head.id = len(self.heads)
        self.heads.append(head)
        self.head_of[key] = head
        return head

    def atom(self, head: Head, idxs: tuple[int, ...]) -> int:
        """The component head[idxs], the indices in canonical order under the head's symmetry."""
        if head.group:
            if head.kind == "tensor":
                self.use("symmetric")
            idxs = min(idxs, *(tuple(idxs[k] for k in perm) for perm in head.group))
        key = (head.id, idxs)
        found = self._atoms.get(key)
        if found is None:
            free = frozenset(idxs)
            if not self.pinned.isdisjoint(free):
                free = frozenset([i for i in idxs if i not in self.pinned])
            found = self._atoms[key] = self._keep(Component(head, idxs, (), (), free))
        return found

    def block(self, dims: tuple[Dim, ...], factors: tuple[Factor, ...]) -> int:
        """The component of a canonically labelled block."""
        key = (dims, factors)
        found = self._blocks.get(key)
        if found is None:
            free = frozenset(i for _, _, idxs in factors for i in idxs if i >= 0 and i not in self.pinned)
            made = Component(None, (), dims, factors, free)
            made.special = any(self.heads[head].selects for head, _, _ in factors)
            found = self._blocks[key] = self._keep(made)
        return found

    def _keep(self, component: Component) -> int:
        component.id = len(self.components)
        self.components.append(component)
        if component.special:
            self._special.add(component.id)
            if component.head is not None and component.head.kind == "vanishes":
                self.vanishing.add(component.id)
        if component.head is not None and component.head.values:
            self.two_valued.add(component.id)
        return component.id

    def atom_poly(self, head: Head, idxs: tuple[int, ...], exponent: Exponent = 1) -> Poly:
        """head[idxs]^exponent, through the head's own say when parameters coincide or are numbers."""
        if len(set(idxs)) < len(idxs) or (head.kind != "tensor" and self.numbers(idxs)):
            value = head.instantiate(self, idxs)
            if value is not None:
                if exponent == 1:
                    return value
                return self.power_of(value, exponent)
        term: Term = ((self.atom(head, idxs), exponent),)
        return self.reduced(term) if head.special else {term: ONE}

    def power_of(self, poly: Poly, exponent: Exponent) -> Poly:
        """poly ** exponent; the room `roots` overrides this for other than natural exponents."""
        raise NotImplementedError

    def rename(self, poly: Poly, names: dict[int, int]) -> Poly:
        """Other indices put in, all at once; the room `blocks` does it."""
        raise NotImplementedError

    # -- arithmetic ----------------------------------------------------------------------------

    @staticmethod
    def constant(value: fmpq) -> Poly:
        """A rational number."""
        return {UNIT: value} if value != 0 else {}

    @staticmethod
    def single(component: int, exponent: Exponent = 1) -> Poly:
        """One component to a power."""
        return {((component, exponent),): ONE}

    @staticmethod
    def add_into(target: Poly, poly: Poly, factor: fmpq = ONE) -> None:
        """target += factor · poly, in place."""
        plain = factor is ONE
        if plain and not target:
            target.update(poly)
            return
        for term, value in poly.items():
            if not plain:
                value = value * factor
            old = target.get(term)
            if old is not None:
                value = old + value
                if not value:
                    del target[term]
                    continue
            target[term] = value

    def plus(self, left: Poly, right: Poly, factor: fmpq = ONE) -> Poly:
        """left + factor · right."""
        result = dict(left)
        self.add_into(result, right, factor)
        return result

    @staticmethod
    def scaled(poly: Poly, factor: fmpq) -> Poly:
        """factor · poly."""
        if factor is ONE or factor == 1:
            return poly
        return {term: value * factor for term, value in poly.items()} if factor != 0 else {}

    def times(self, left: Poly, right: Poly) -> Poly:
        """left · right."""
        few, many = len(left), len(right)
        if not few or not many:
            return {}
        if few > many:
            left, right, few, many = right, left, many, few
        special = self._special
        if few == 1:
            (only,) = left
            if not only and not self._any_special(right):
                return self.scaled(right, left[only])
        self.spend(few * many)
        result: Poly = {}
        for a, x in left.items():
            for b, y in right.items():
                term = merge(a, b)
                value = x * y
                for component, _ in term:
                    if component in special:
                        reduced = self.reduced(term)
                        self.spend(len(reduced))
                        self.add_into(result, reduced, value)
                        break
                else:
                    old = result.get(term)
                    if old is not None:
                        value = old + value
                        if not value:
                            del result[term]
                            continue
                    result[term] = value
        if len(result) > self.term_limit:
            raise BudgetExhausted(f"a product of more than {self.term_limit} terms")
        return result

    def spend(self, work: int) -> None:
        self.work += work
        if self.work > self.work_limit:
            raise BudgetExhausted(f"more than {self.work_limit} term products")

    def _any_special(self, poly: Poly) -> bool:
        special = self._special
        for term in poly:
            for component, _ in term:
                if component in special:
                    return True
        return False

    def reduced(self, term: Term) -> Poly:
        """A term rewritten by the laws of its special heads until none applies."""
        found = self._reduced.get(term)
        if found is None:
            before, self.used = self.used, 0
            found = self._reduced[term] = self._reduce(term), self.used
            self.used |= before
        elif found[1]:
            self.used |= found[1]
        return {term: ONE} if found[0] is None else found[0]

    def _reduce(self, term: Term) -> Poly | None:
        for place, (component, _) in enumerate(term):
            if component in self._special:
                atom = self.components[component]
                head = atom.head or next(h for h in (self.heads[f[0]] for f in atom.factors) if h.selects)
                value = head.reduce(self, term, place)
                if value is not None:
                    self.work += 1
                    if self.work > self.work_limit:
                        raise BudgetExhausted(f"more than {self.work_limit} steps")
                    return value
        return None

    def natural_power(self, poly: Poly, exponent: int) -> Poly:
        """poly ** exponent for exponent ≥ 0, by squaring; refuses what would swell."""
        if len(poly) == 1:
            ((term, value),) = poly.items()
            if not self._any_special(poly):
                if exponent > 10_000 and value not in (1, -1):
                    raise BudgetExhausted(f"a number to the power {exponent}")
                return {tuple((c, e * exponent) for c, e in term): value**exponent}
        if exponent > 60 or comb(len(poly) + exponent - 1, exponent) > 20 * self.term_limit:
            raise BudgetExhausted(f"a sum to the power {exponent}")
        result = {UNIT: ONE}
        base = poly
        while exponent:
            if exponent & 1:
                result = self.times(result, base)
            exponent >>= 1
            if exponent:
                base = self.times(base, base)
        return result

    def term_poly(self, term: Term, value: fmpq = ONE) -> Poly:
        """A term with its laws applied."""
        for component, _ in term:
            if component in self._special:
                return self.scaled(self.reduced(term), value)
        return {term: value}


def merge(a: Term, b: Term) -> Term:
    """The product of two terms: exponents of one component are added."""
    if not a:
        return b
    if not b:
        return a
    if a[-1][0] < b[0][0]:
        return a + b
    if b[-1][0] < a[0][0]:
        return b + a
    result: list[tuple[int, Exponent]] = []
    m, n, i, j = len(a), len(b), 0, 0
    while i < m and j < n:
        x, y = a[i], b[j]
        if x[0] < y[0]:
            result.append(x)
            i += 1
        elif y[0] < x[0]:
            result.append(y)
            j += 1
        else:
            exponent = x[1] + y[1]
            if exponent != 0:
                result.append((x[0], exponent if isinstance(exponent, int) else whole(exponent)))
            i += 1
            j += 1
    result.extend(a[i:])
    result.extend(b[j:])
    return tuple(result)


def whole(exponent: Exponent) -> Exponent:
    """An exponent as an int where it is one."""
    if isinstance(exponent, int):
        return exponent
    if exponent.denominator == 1:
        return exponent.numerator
    return _fraction(exponent.numerator, exponent.denominator)


class _Hashed(Fraction):
    """A fraction that does not compute its hash each time: terms are looked up by their exponents."""

    __slots__ = ("_hash",)
    _hash: int

    def __hash__(self) -> int:  # type: ignore[override]  # typeshed: numbers have no hash
        return self._hash


@lru_cache(maxsize=4096)
def _fraction(numerator: int, denominator: int) -> Fraction:
    made = _Hashed(numerator, denominator)
    made._hash = hash(Fraction(numerator, denominator))
    return made


def without(term: Term, place: int) -> Term:
    """The term without its place-th factor."""
    return term[:place] + term[place + 1 :]


class DeltaHead(Head):
    """δ(i, j).  In a term the other factors are written with the smaller index."""

    kind = "delta"
    special = True

    def __init__(self, dim: Dim) -> None:
        super().__init__((dim, dim))
        self.invertible = False

    def reduce(self, algebra: Polynomials, term: Term, place: int) -> Poly | None:
        component, exponent = term[place]
        if not isinstance(exponent, int) or exponent < 0:
            raise DomainFault("division by δ(i, j), which is 0 off the diagonal")
        i, j = algebra.components[component].idxs
        if j in algebra.pinned:
            i, j = j, i
        rest = without(term, place)
        if j not in algebra.pinned:
            for other, _ in rest:
                if j in algebra.components[other].free:
                    renamed = algebra.rename({rest: ONE}, {j: i})
                    return algebra.times(renamed, algebra.single(component))
        if exponent != 1:
            return algebra.times({rest: ONE}, algebra.single(component))
        return None


def delta(algebra: Polynomials, i: int, j: int) -> Poly:
    """δ(i, j) as a polynomial."""
    if i == j:
        return {UNIT: ONE}
    if i in algebra.literal and j in algebra.literal:
        return {}
    dim = algebra.dim_of[i]
    head = algebra.head_of.get(("delta", dim)) or algebra.add_head(("delta", dim), DeltaHead(dim))
    return algebra.single(algebra.atom(head, (i, j) if i < j else (j, i)))
