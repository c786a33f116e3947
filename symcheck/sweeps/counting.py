"""How many operations a formula takes: counted from its nodes in index notation, as a polynomial in sizes.

The cost model.  A sum of k terms is k − 1 additions (a difference is one, too), a product of k factors
k − 1 multiplications, a quotient one multiplication, x^n with n ≥ 2 what repeated squaring takes; a
change of sign and a Kronecker delta are free.  Every function of a number, every comparison, and every
undefined function, Jacobian, inverse or determinant as a whole is one call.  A factor that does not
depend on the index of a sum stands before it.  A sub-expression is computed
once for each value of the indices that stand free in it; a sum over an index of n values is n − 1
additions.  What has a name is computed once; what has none is computed once a sweep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from symcheck.differentiation import replace
from symcheck.errors import NotSupported
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.shape import Dim
from symcheck.language.tensor import Symbol

Key: TypeAlias = tuple[Any, ...]
MOST_TERMS, LEADING = 6, 4
"""Terms of a count that are written out; a longer one shows so many of those of highest degree."""


@dataclass(frozen=True, slots=True)
class Count:
    """A polynomial in sizes with whole coefficients."""

    terms: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """Sizes of a monomial, sorted → its coefficient, never 0."""

    def __add__(self, other: Count) -> Count:
        terms = dict(self.terms)
        for sizes, coefficient in other.terms.items():
            terms[sizes] = terms.get(sizes, 0) + coefficient
        return Count({sizes: c for sizes, c in terms.items() if c})

    def __mul__(self, other: Count) -> Count:
        total = Count()
        for sizes, coefficient in self.terms.items():
            for more, factor in other.terms.items():
                total = total + Count({tuple(sorted(sizes + more)): coefficient * factor})
        return total

    def at(self, sizes: Mapping[str, int]) -> Count:
        """With numbers for the sizes that are known."""
        total = Count()
        for names, coefficient in self.terms.items():
            for name in names:
                coefficient *= sizes.get(name, 1)
            total = total + number(coefficient, *(name for name in names if name not in sizes))
        return total

    def __str__(self) -> str:
        if not self.terms:
            return "0"
        ordered = sorted(self.terms.items(), key=lambda term: (-len(term[0]), term[0]))
        if len(ordered) > MOST_TERMS:
            degree = len(ordered[0][0])
            ordered = [term for term in ordered if len(term[0]) == degree]
            return f"{_sum(ordered[:LEADING])} + …"
        return _sum(ordered)


def _sum(terms: list[tuple[tuple[str, ...], int]]) -> str:
    text = ""
    for sizes, coefficient in terms:
        size = abs(coefficient)
        powers = [
            name if sizes.count(name) == 1 else f"{name}**{sizes.count(name)}"
            for name in dict.fromkeys(sizes)
        ]
        product = "*".join([*([str(size)] if size != 1 or not sizes else []), *powers])
        sign = "-" if coefficient < 0 else "+" if text else ""
        text += f" {sign} {product}" if text else sign + product
    return text


def number(value: int, *sizes: Dim) -> Count:
    """value · sizes."""
    names = []
    for size in sizes:
        if isinstance(size, int):
            value *= size
        else:
            names.append(size)
    return Count({tuple(sorted(names)): value} if value else {})


@dataclass(frozen=True, slots=True)
class Cost:
    """Operations by kind."""

    additions: Count = field(default_factory=Count)
    multiplications: Count = field(default_factory=Count)
    calls: Count = field(default_factory=Count)

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.additions + other.additions,
            self.multiplications + other.multiplications,
            self.calls + other.calls,
        )

    def times(self, count: Count) -> Cost:
        """So often."""
        return Cost(self.additions * count, self.multiplications * count, self.calls * count)

    def at(self, sizes: Mapping[str, int]) -> Cost:
        """With numbers for the sizes that are known."""
        return Cost(self.additions.at(sizes), self.multiplications.at(sizes), self.calls.at(sizes))

    @property
    def total(self) -> Count:
        """All kinds together."""
        return self.additions + self.multiplications + self.calls


def adding(count: int) -> Cost:
    """So many additions."""
    return Cost(additions=number(count))


def multiplying(count: int) -> Cost:
    """So many multiplications."""
    return Cost(multiplications=number(count))


CALL = Cost(calls=number(1))


def squarings(exponent: int) -> int:
    """Multiplications of x^n by repeated squaring: ⌊log₂ n⌋ and one for every further bit."""
    return exponent.bit_length() - 1 + exponent.bit_count() - 1


def values_of(idxs: Iterable[Idx]) -> Count:
    """How many values the indices take together."""
    return number(1, *(i.dim for i in idxs if i.value is None))


def own_cost(node: Node) -> Cost:
    """What a node costs at one value of its free indices, its parts computed already."""
    args = node.args
    match node.op:
        case "add":
            return adding(len(args) - 1)
        case "mul":
            above, below = _factors(node)
            return multiplying(above + below - 1 if above else below)
        case "pow":
            return _power(args[1])
        case "sum":
            idx, body = args
            if idx not in body.free:
                return multiplying(1)
            return Cost(additions=number(1, idx.dim) + number(-1))
        case "fn" | "most" | "peak" | "ufn" | "app" | "inv" | "mat" | "det" | "logdet":
            return CALL
    return Cost()


def _factors(node: Node) -> tuple[int, int]:
    """How many factors stand above and below the bar."""
    above = below = 0
    for factor in node.args:
        if factor.op == "pow" and factor.args[1] < 0:
            below += 1
        elif factor.op not in ("delta", "order") and not (factor.op == "num" and abs(factor.args[0]) == 1):
            above += 1
    return above, below


def _power(exponent: Any) -> Cost:
    if exponent.denominator != 1:
        return CALL + multiplying(1 if exponent < 0 else 0)
    return multiplying(squarings(abs(int(exponent))) + (1 if exponent < 0 else 0))


def parts_of(node: Node) -> list[tuple[Node, int]]:
    """The sub-expressions a node is made of; with 1 where its reciprocal is what a product divides by."""
    if node.op != "mul":
        return [(part, 0) for part in node.nodes]
    return [(p, 1 if p.op == "pow" and p.args[1] < 0 else 0) for p in node.args]


class Sweeping:
    """Counts one sweep: every sub-expression once, the values of names not at all."""

    def __init__(self, atoms: frozenset[str] = frozenset()) -> None:
        self.atoms = atoms
        """Kinds of derivatives of names (`D`, `diff`) that stand for values of this sweep."""
        self.used: dict[Symbol, None] = {}
        """Names whose values were needed, in order of first use."""
        self._done: set[Key] = set()

    def cost(self, node: Node) -> Cost:
        """What has to be computed for all entries of the node.

        Errors: NotSupported if a derivative that is no value of this sweep stands in it.
        """
        total = Cost()
        stack = [(node, 0)]
        while stack:
            part, divided = stack.pop()
            if part.op in ("D", "diff", "local"):
                if part.op not in self.atoms:
                    raise NotSupported("a derivative inside a definition is not counted")
                continue
            if part.op == "T":
                self.used.setdefault(part.args[0])
                continue
            key = (*keyed(part)[0], divided)
            if key in self._done:
                continue
            self._done.add(key)
            cost = own_cost(part)
            if divided:
                # the division is counted in the product around it
                cost = _power(abs(part.args[1]))
            total = total + cost.times(values_of(_places(part)))
            stack.extend(reversed(parts_of(part)))
        return total


def pulled_out(node: Node) -> Node:
    """The node with Σᵢ c·f(i) written c·Σᵢ f(i), wherever c does not depend on i."""
    table = node.table
    match node.op:
        case "add":
            return table.add(*map(pulled_out, node.args))
        case "mul":
            return table.mul(*map(pulled_out, node.args))
        case "sum":
            idx, body = node.args[0], pulled_out(node.args[1])
            factors = body.args if body.op == "mul" else (body,)
            inside = [f for f in factors if idx in f.free]
            if not inside:
                return node
            outside = [f for f in factors if idx not in f.free]
            return table.mul(*outside, table.sum((idx,), table.mul(*inside)))
    return node


def _places(node: Node) -> Iterable[Idx]:
    """The indices for each of whose values a node is computed; a matrix is inverted as a whole."""
    match node.op:
        case "app":
            return {i for lambdas, body in node.args[3] for i in body.free.difference(lambdas)}
        case "inv":
            return set(node.args[2].free).difference(node.args[:2])
    return node.free


def keyed(node: Node) -> tuple[Key, tuple[Idx, ...]]:
    """A key that is equal for nodes alike up to the names of their indices, and the indices it numbers."""
    numbers: dict[Idx, int] = {}

    def at(idx: Idx) -> Key:
        if idx.value is not None:
            return ("#", idx.value)
        return (numbers.setdefault(idx, len(numbers)), idx.dim)

    def seen(part: Any) -> Any:
        if isinstance(part, Node):
            args = part.args
            if part.op == "inv":  # every entry comes from one inverse
                args = args[:3]
            elif part.op == "app":
                args = (args[0], tuple(number for number, _ in args[1]), args[3])
            return (part.op, *map(seen, args))
        if isinstance(part, Idx):
            return at(part)
        if isinstance(part, tuple):
            return tuple(map(seen, part))
        return part

    found: Key = seen(node)
    return found, tuple(numbers)


class Recalled:
    """Finds sub-expressions that are the definition of a name: their values are known already."""

    def __init__(
        self, lowered: LoweredGraph, definitions: Mapping[Symbol, tuple[Node, tuple[Idx, ...]]]
    ) -> None:
        self.lowered = lowered
        self.named: dict[Key, tuple[Symbol, tuple[int, ...]]] = {}
        """Key of a definition → its name, and which of the numbered indices each axis of the name is."""
        for symbol, (body, place) in definitions.items():
            key, order = keyed(body)
            if body.op not in ("T", "num") and set(place) <= set(order):
                self.named.setdefault(key, (symbol, tuple(map(order.index, place))))

    def __call__(self, node: Node, last: Symbol | None = None) -> Node:
        """The node with names put for their definitions, those after `last` left out."""
        position = self.lowered.graph.position
        values: dict[Node, Node] = {}
        stack = [node]
        while stack:
            part = stack.pop()
            if part in values or part.op in ("T", "D", "diff", "local"):
                continue
            key, order = keyed(part)
            found = self.named.get(key)
            if found is None or (last is not None and position[found[0]] > position[last]):
                stack.extend(part.nodes)
            else:
                symbol, axes = found
                values[part] = self.lowered.table.entry(symbol, tuple(order[k] for k in axes))
        return replace(node, values, self.lowered) if values else node


class WrittenOut:
    """Counts a formula as it stands, every repetition counted again."""

    def __init__(self) -> None:
        self._costs: dict[tuple[Node, int], Cost] = {}

    def cost(self, node: Node, places: Iterable[Idx]) -> Cost:
        """All entries over these indices."""
        return self._each(node, 0).times(values_of(places))

    def _each(self, node: Node, divided: int) -> Cost:
        """One entry."""
        found = self._costs.get((node, divided))
        if found is None:
            found = _power(abs(node.args[1])) if divided else own_cost(node)
            for part, below in parts_of(node):
                inner = self._each(part, below)
                if node.op == "sum" and node.args[0] in part.free:
                    inner = inner.times(values_of(node.args[:1]))
                found = found + inner
            self._costs[node, divided] = found
        return found
