"""What may be put into a formula: the names of a claim, its sizes, factors and terms met in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product

from symcheck.explaining.places import editable, rebuilt
from symcheck.language.claim import Claim, Graph
from symcheck.language.registry import REGISTRY
from symcheck.language.shape import Shape, same_name
from symcheck.language.tensor import (
    Apply,
    Call,
    Constant,
    Delta,
    Derivative,
    Entry,
    Function,
    Index,
    Number,
    SizeNumber,
    Symbol,
    Tensor,
    Variable,
    apply,
    structure,
    symbols_in,
    variable,
    walk,
)

NAMES = 16
"""Most names that are put for others."""
FACTORS = 40
"""Most factors that are tried."""
VECTORS = 7
"""Most vectors of which such terms are made as a mean or a projection."""
INVERTED = ("inv", "det", "logdet", "solve")
LETTERS = "kijlmnpqrst"
SCALES = (2, Fraction(1, 2), 3, Fraction(1, 3), 4, Fraction(1, 4))


@dataclass(frozen=True, slots=True)
class Pool:
    """The material of one claim."""

    names: tuple[Symbol, ...]
    scales: tuple[tuple[Tensor, bool], ...]
    """Numeric factors; the second says whether it is a common one."""
    factors: tuple[tuple[Tensor, int], ...]
    """Factors, and how large an edit it is to put one in."""
    terms: tuple[tuple[Tensor, int], ...]
    graph: Graph
    functions: tuple[Callable[[Tensor], Tensor], ...] = ()
    """Functions taken entry by entry that the claim speaks of."""
    known: frozenset[object] = frozenset()
    """What stands in the true side, the left side and the definitions: likelier than anything else."""
    reshaping: bool = False
    """Whether the shape is wrong: then names of other sizes may be meant."""
    inverts: bool = False
    """Whether an inverse or a determinant is spoken of."""
    letter: str = "k"
    """For an index that is bound: no name and no size."""

    def changes(self, name: Symbol, by: Symbol) -> bool:
        """Whether a name changes with another one: else their derivative is an empty 0, or 1."""
        return name is not by and self.graph.depends(name, by)

    def placed(self, shape: Shape, indices: tuple[Index, ...]) -> Iterator[tuple[Index | int, ...]]:
        """The ways to put an entry of a tensor of this shape here."""
        options: list[list[Index | int]] = []
        for size in shape:
            length = size[0]
            if isinstance(length, int):
                options.append(list(range(min(length, 3))))
            else:
                options.append([*(i for i in indices if i.dim == length), 0])
        yield from product(*options)


def pool_of(claim: Claim, left: Tensor, right: Tensor, true: Tensor | None) -> Pool:
    """The material: names of the sides and of what they depend on, parts of both sides."""
    names = list(_names(claim, left, right))[:NAMES]
    factors: dict[object, tuple[Tensor, int]] = {}

    asked = list(symbols_in(left))
    upstream = {s for s in names for name in asked if s is name or claim.graph.depends(name, s)}

    def add(tensor: Tensor, size: int) -> None:
        if not isinstance(tensor, Number | Delta | SizeNumber):
            factors.setdefault(structure(tensor), (tensor, size))

    for symbol in names:
        if len(symbol.shape) <= 2:
            add(variable(symbol), 3)
    for part in walk(right):
        if isinstance(part, Apply | Entry | Call | Derivative) and len(part.shape) <= 2:
            add(part, 3)
    if true is not None:
        for part in _parts(true):
            add(part, 3)
    for symbol in names:
        if symbol in claim.graph and symbol not in upstream:
            for part in _parts(claim.graph.definitions[symbol]):
                add(part, 4)
    for symbol in names:
        if not symbol.shape or len(symbol.shape) == 1:
            add(1 - variable(symbol), 4)
            add(variable(symbol) * (1 - variable(symbol)), 4)
    vectors: list[Tensor] = [variable(symbol) for symbol in names if len(symbol.shape) == 1]
    for vector in vectors:
        add(apply("sumall", vector), 3)
    chosen = list(factors.values())[:FACTORS]
    scalars: list[Tensor] = [variable(s) for s in names if not s.shape]
    terms: list[tuple[Tensor, int]] = [(v, 3) for v in scalars]
    known = {structure(v) for v in scalars}
    if true is not None:
        terms += [(t, 3) for t in _parts(true) if structure(t) not in known][:12]
    vectors += [part for part in walk(right) if isinstance(part, Apply) and len(part.shape) == 1]
    terms += [(term, 4) for term in _projections(names, vectors[:VECTORS])]
    functions = tuple(_functions(claim, left, right))
    return Pool(
        tuple(names),
        tuple(_scales(claim, left, right)),
        tuple(chosen),
        tuple(terms),
        claim.graph,
        functions,
        _known(claim, left, true),
        left.shape != right.shape,
        any(isinstance(part, Apply) and part.op in INVERTED for part in (*walk(left), *walk(right))),
        _letter(names),
    )


def _known(claim: Claim, left: Tensor, true: Tensor | None) -> frozenset[object]:
    told = [left, *claim.graph.definitions.values(), *([true] if true is not None else [])]
    return frozenset(structure(part) for formula in told for part in walk(formula))


def _letter(names: list[Symbol]) -> str:
    """A letter for an index that is neither a name nor a size."""
    taken = {s.name for s in names} | {str(dim) for s in names for size in s.shape for dim in size}
    return next((letter for letter in LETTERS if letter not in taken), "k")


def _projections(names: list[Symbol], vectors: list[Tensor]) -> Iterator[Tensor]:
    """Means, and multiples of one vector by the mean or sum of its product with another."""
    for k, u in enumerate(vectors):
        yield apply("mean", u)
        for number, v in enumerate(vectors):
            if u.shape == v.shape:
                if number > k:
                    yield u @ v
                if isinstance(u, Variable):
                    yield u * apply("mean", u * v)
                    yield u * (u @ v)
    matrices = [variable(s) for s in names if len(s.shape) == 2][:5]
    for u in matrices:
        rows = SizeNumber((), u.shape[0][0]) if len(u.shape[0]) == 1 else None
        if rows is None:
            continue
        yield apply("colsum", u) / rows
        for v in matrices:
            if u.shape == v.shape:
                yield u * apply("colsum", u * v) / rows


def _called(function: Function, x: Tensor) -> Tensor:
    return Call(x.shape, function, (x,))


def _functions(claim: Claim, left: Tensor, right: Tensor) -> Iterator[Callable[[Tensor], Tensor]]:
    """Functions of one argument, taken entry by entry, of both sides and all definitions."""
    seen: set[object] = {"exp", "log"}
    yield lambda x: apply("exp", x)
    yield lambda x: apply("log", x)
    for formula in (right, left, *claim.graph.definitions.values()):
        for part in walk(formula):
            match part:
                case Apply(op=op, args=(_,)) if op not in seen and REGISTRY[op].elementwise and op != "neg":
                    seen.add(op)
                    yield partial(apply, op)
                case Call(function=function) if function.elementwise and function not in seen:
                    seen.add(function)
                    yield partial(_called, function)


def named(tensor: Tensor, claim: Claim) -> Tensor:
    """The formula with defined names put where their definitions are written out."""
    known = {structure(body): symbol for symbol, body in claim.graph.definitions.items()}
    sides = (claim.equation.left, claim.equation.right) if claim.equation is not None else ()
    theirs = {structure(part) for side in (*claim.graph.definitions.values(), *sides) for part in walk(side)}
    return _named(_respelled(tensor, theirs), known)


def _respelled(tensor: Tensor, theirs: set[tuple[object, ...]]) -> Tensor:
    """Aᵀ v as v A, where the author writes it so."""
    match tensor:
        case Apply(op="matmul", args=(Apply(op="transpose", args=(a,)), v)) if len(v.shape) == 1:
            other = v @ a
            if structure(other) in theirs and structure(tensor) not in theirs:
                return other
    parts = editable(tensor)
    done = tuple(_respelled(part, theirs) for part in parts)
    changed = any(a is not b for a, b in zip(done, parts, strict=True))
    return rebuilt(tensor, done, same_name) if changed else tensor


def _named(tensor: Tensor, known: dict[tuple[object, ...], Symbol]) -> Tensor:
    symbol = known.get(structure(tensor))
    if symbol is not None:
        return variable(symbol)
    parts = editable(tensor)
    if not parts:
        return tensor
    done = tuple(_named(part, known) for part in parts)
    return (
        rebuilt(tensor, done, same_name)
        if any(a is not b for a, b in zip(done, parts, strict=True))
        else tensor
    )


def _parts(tensor: Tensor) -> list[Tensor]:
    return [p for p in walk(tensor) if not isinstance(p, Number | Constant | SizeNumber | Delta)][:24]


def _names(claim: Claim, left: Tensor, right: Tensor) -> dict[Symbol, None]:
    """Names of the right side first, then those that stand around them in the graph."""
    found = dict.fromkeys([*symbols_in(right), *symbols_in(left)])
    for symbol in list(found):
        found.update(dict.fromkeys(claim.graph.parents.get(symbol, ())))
        found.update(dict.fromkeys(claim.graph.children.get(symbol, ())))
    found.update(dict.fromkeys(claim.graph.definitions))
    for symbol in claim.graph.definitions:
        found.update(dict.fromkeys(claim.graph.parents[symbol]))
    return found


def _scales(claim: Claim, left: Tensor, right: Tensor) -> Iterator[tuple[Tensor, bool]]:
    dims: dict[str, None] = {}
    for symbol in _names(claim, left, right):
        for size in symbol.shape:
            dims.update(dict.fromkeys(d for d in size if isinstance(d, str)))
    for part in (*walk(left), *walk(right)):
        for size in part.shape:
            dims.update(dict.fromkeys(d for d in size if isinstance(d, str)))
        if isinstance(part, SizeNumber) and isinstance(part.dim, str):
            dims.setdefault(part.dim)
    for value in SCALES[:2]:
        yield Number((), Fraction(value), ""), True
    for dim in dims:
        size_ = SizeNumber((), dim)
        yield size_, True
        yield 1 / size_, True
    for value in SCALES[2:]:
        yield Number((), Fraction(value), ""), False
    for dim in dims:
        root = apply("sqrt", SizeNumber((), dim))
        yield 1 / root, False
        yield root, False
    pi = Constant((), "pi")
    for made in (pi, 1 / pi, apply("sqrt", 2 * pi), 1 / apply("sqrt", 2 * pi)):
        if any(isinstance(p, Constant) for p in walk(right)):
            yield made, False


def mentions(tensor: Tensor, other: Tensor) -> bool:
    """Whether a formula stands in another, written alike."""
    wanted = structure(other)
    return any(structure(part) == wanted for part in walk(tensor))
