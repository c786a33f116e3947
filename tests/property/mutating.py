"""Formulas changed at random: slips, rewritings that keep the meaning, and other ways of writing.

All work on the author's form; shapes are checked by the operations themselves, what does not fit is left
out.  Everything random comes from the generator that is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TypeAlias

from symcheck.errors import SymcheckError
from symcheck.language.claim import Claim, Equation
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Entry,
    Index,
    IndexSum,
    Number,
    Tensor,
    Variable,
    apply,
    children,
    symbols_in,
    variable,
    walk,
)
from symcheck.reading.claims_file import read_claims

CASES = Path(__file__).parents[1] / "cases"
Path_: TypeAlias = tuple[int, ...]


def true_claims(*names: str) -> list[Claim]:
    """The readable claims expected proved of some claims files."""
    found = []
    for name in names:
        for claim in read_claims(CASES / f"{name}.jsonl"):
            if isinstance(claim, Claim) and claim.equation is not None and claim.expected == "proved":
                found.append(claim)
    return found


def with_right(claim: Claim, right: Tensor) -> Claim:
    """The claim with another right side."""
    assert claim.equation is not None
    return replace(claim, equation=Equation(claim.equation.left, right, claim.equation.free))


# -- places in a formula ------------------------------------------------------------------------


def places(tensor: Tensor, path: Path_ = ()) -> Iterator[tuple[Path_, Tensor]]:
    """Every sub-formula with the way to it."""
    yield path, tensor
    for k, child in enumerate(children(tensor)):
        yield from places(child, (*path, k))


def rebuilt(tensor: Tensor, parts: tuple[Tensor, ...]) -> Tensor:
    """The formula with other parts.  Errors: those of shapes that do not fit."""
    match tensor:
        case Apply(op=op, params=params):
            return apply(op, *parts, params=params)
        case Call():
            return replace(tensor, args=parts, shape=tensor.shape)
        case Entry() if parts[0].shape == tensor.base.shape:
            return replace(tensor, base=parts[0])
        case IndexSum() if parts[0].shape == tensor.body.shape:
            return replace(tensor, body=parts[0])
    raise SymcheckError("this formula keeps its parts")


def put(tensor: Tensor, path: Path_, part: Tensor) -> Tensor:
    """The formula with another part at the end of the way."""
    if not path:
        return part
    parts = list(children(tensor))
    parts[path[0]] = put(parts[path[0]], path[1:], part)
    return rebuilt(tensor, tuple(parts))


# -- slips --------------------------------------------------------------------------------------

CONFUSED = {
    "exp": ("log1p", "sigmoid"),
    "log": ("sqrt", "log1p"),
    "sigmoid": ("tanh", "softplus", "exp"),
    "tanh": ("sigmoid", "sinh"),
    "sin": ("cos",),
    "cos": ("sin",),
    "sqrt": ("abs", "exp"),
    "relu": ("heaviside", "abs"),
    "abs": ("sign", "relu"),
    "sign": ("heaviside", "abs"),
    "sumall": ("mean",),
    "mean": ("sumall",),
    "rowsum": ("colsum",),
    "colsum": ("rowsum",),
    "softmax": ("exp", "logsoftmax", "sigmoid"),
    "logsumexp": ("sumall", "mean"),
    "norm2": ("norm1", "sumall"),
    "add": ("sub", "mul"),
    "sub": ("add",),
    "mul": ("div", "add"),
    "div": ("mul",),
    "matmul": ("mul",),
    "inv": ("transpose",),
    "det": ("logdet", "tr"),
    "tr": ("sumall",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "neg": ("abs",),
    "diag": ("outer",),
}
"""Operation → what is written for it by mistake."""


def slips(claim: Claim, tensor: Tensor) -> Iterator[Tensor]:
    """What may be written for one part by mistake: sign, factor, transpose, order, something dropped…"""
    yield apply("neg", tensor)
    for factor in (2, 3):
        yield apply("mul", factor, tensor)
    yield apply("div", tensor, 2)
    yield apply("mul", tensor, tensor)
    yield apply("add", tensor, 1)
    if len(tensor.shape) == 2:
        yield apply("transpose", tensor)
        yield apply("neg", apply("transpose", tensor))
    if isinstance(tensor, Number):
        yield Number((), tensor.value + 1, str(tensor.value + 1))
    if isinstance(tensor, Variable):
        for symbol in _names(claim):
            if symbol is not tensor.symbol and symbol.shape == tensor.shape:
                yield variable(symbol)
    if isinstance(tensor, Entry):
        free = claim.equation.free if claim.equation else ()
        for k, old in enumerate(tensor.indices):
            for new in (*free, *tensor.indices):
                if (
                    isinstance(new, Index)
                    and new is not old
                    and isinstance(old, Index)
                    and new.dim == old.dim
                ):
                    yield replace(tensor, indices=(*tensor.indices[:k], new, *tensor.indices[k + 1 :]))
    if isinstance(tensor, Call):
        for argument, order in enumerate(tensor.derivatives or (0,) * len(tensor.args)):
            if tensor.function.elementwise:
                yield replace(tensor, derivatives=(order + 1,))
                if order:
                    yield replace(tensor, derivatives=(order - 1,))
            del argument
    if isinstance(tensor, Apply):
        yield from tensor.args
        if len(tensor.args) == 2:
            yield apply(tensor.op, tensor.args[1], tensor.args[0], params=tensor.params)
        for other in CONFUSED.get(tensor.op, ()):
            yield apply(other, *tensor.args, params=tensor.params)


def _names(claim: Claim) -> list[object]:
    assert claim.equation is not None
    found = dict.fromkeys(symbols_in(claim.equation.left))
    found.update(dict.fromkeys(symbols_in(claim.equation.right)))
    found.update(dict.fromkeys(claim.graph.definitions))
    return list(found)


def neighbour(claim: Claim, random: Random) -> Claim | None:
    """The claim with one slip on its right side, of the same shape; None if the place allows none."""
    assert claim.equation is not None
    right = claim.equation.right
    path, part = random.choice(list(places(right)))
    made = _of_lazily(slips(claim, part))
    random.shuffle(made)
    for wrong in made:
        try:
            changed = put(right, path, wrong)
        except SymcheckError:
            continue
        if changed.shape == right.shape:
            return with_right(claim, changed)
    return None


def _of_lazily(made: Iterator[Tensor]) -> list[Tensor]:
    """All that can be built: one that does not fit ends the generator, so what came before is kept."""
    found = []
    while True:
        try:
            found.append(next(made))
        except (StopIteration, SymcheckError):
            return found


# -- rewritings that keep the meaning --------------------------------------------------------------


def a(op: str, *args: object) -> Tensor:
    return apply(op, *args)


def square(m: Tensor) -> Tensor:
    return a("pow", m, 2)


def times_one(one: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    return lambda m: a("mul", m, one(m))


def plus_zero(zero: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    return lambda m: a("add", m, zero(m))


REWRITINGS: dict[str, Callable[[Tensor], Tensor]] = {
    "(1+m²)/(1+m²)": times_one(lambda m: a("div", a("add", 1, square(m)), a("add", 1, square(m)))),
    "1/(1+m²)·(1+m²)": times_one(
        lambda m: a("mul", a("div", 1, a("add", 1, square(m))), a("add", square(m), 1))
    ),
    "exp(m)exp(−m)": times_one(lambda m: a("mul", a("exp", m), a("exp", a("neg", m)))),
    "σ(m)+σ(−m)": times_one(lambda m: a("add", a("sigmoid", m), a("sigmoid", a("neg", m)))),
    "sin²+cos²": times_one(lambda m: a("add", square(a("sin", m)), square(a("cos", m)))),
    "cosh²−sinh²": times_one(lambda m: a("sub", square(a("cosh", m)), square(a("sinh", m)))),
    "Σ softmax": times_one(lambda m: a("sumall", a("softmax", m)) if len(m.shape) == 1 else m / m),
    "(2σ(2m)−1)/tanh": times_one(
        lambda m: a("div", a("sub", a("mul", 2, a("sigmoid", a("mul", 2, m))), 1), a("tanh", m))
    ),
    "√(m²)/|m|": times_one(lambda m: a("div", a("sqrt", square(m)), a("abs", m))),
    "softplus symmetry": lambda m: a("sub", a("softplus", m), a("softplus", a("neg", m))),
    "log exp": lambda m: a("log", a("exp", m)),
    "exp log / itself": times_one(
        lambda m: a("div", a("exp", a("log", a("add", 1, square(m)))), a("add", 1, square(m)))
    ),
    "relu(m)−relu(−m)": lambda m: a("sub", a("relu", m), a("relu", a("neg", m))),
    "max+min": lambda m: a("sub", a("add", a("maximum", m, 1), a("minimum", m, 1)), 1),
    "|m| sign": lambda m: a("mul", a("abs", m), a("sign", m)),
    "partial fractions": plus_zero(
        lambda m: a(
            "sub",
            a("sub", a("div", 1, a("add", 1, square(m))), a("div", 1, a("add", 2, square(m)))),
            a("div", 1, a("mul", a("add", 1, square(m)), a("add", 2, square(m)))),
        )
    ),
    "√a√a": times_one(lambda m: a("div", square(a("sqrt", a("add", 1, square(m)))), a("add", square(m), 1))),
    "m³/m²": lambda m: a("div", a("pow", m, 3), square(m)),
    "halves": lambda m: a("add", a("div", m, 2), a("mul", m, a("div", 1, 2))),
    "twice transposed": lambda m: a("transpose", a("transpose", m)) if len(m.shape) == 2 else a("neg", -m),
}
"""Name → a formula equal to m wherever both are defined."""
DIVIDING = {"Σ softmax", "(2σ(2m)−1)/tanh", "√(m²)/|m|", "m³/m²"}
"""Those that exist only where m is not 0."""


def may_vanish(tensor: Tensor) -> bool:
    """Whether the formula is 0 in whole regions, or at whole sets of entries."""
    return any(
        isinstance(part, Delta) or (isinstance(part, Apply) and part.op in ("diag", "eye", "relu", "where"))
        for part in walk(tensor)
    )


def rewritten(claim: Claim, random: Random, most: int = 3) -> tuple[Claim, tuple[str, ...]]:
    """The claim with 1 to `most` parts of its right side rewritten, and the names of the rewritings."""
    assert claim.equation is not None
    right = claim.equation.right
    used = []
    for _ in range(random.randint(1, most)):
        path, part = random.choice(list(places(right)))
        name = random.choice(list(REWRITINGS))
        if isinstance(part, Number) or (name in DIVIDING and may_vanish(part)):
            continue
        try:
            changed = put(right, path, REWRITINGS[name](part))
        except SymcheckError:
            continue
        if changed.shape == right.shape:
            right = changed
            used.append(name)
    return with_right(claim, right), tuple(used)


# -- other ways of writing --------------------------------------------------------------------------


def shuffled(tensor: Tensor, random: Random, names: dict[Index, Index] | None = None) -> Tensor:
    """Terms and factors in another order, bound indices under other names, sums nested the other way."""
    names = names or {}
    match tensor:
        case Entry(base=base, indices=indices):
            moved = tuple(names.get(i, i) if isinstance(i, Index) else i for i in indices)
            return replace(tensor, base=shuffled(base, random, names), indices=moved)
        case IndexSum(indices=indices, body=body):
            fresh = {}
            for index in indices:
                fresh[index] = Index(f"{index.name}_{random.randint(0, 9)}")
                fresh[index].dim = index.dim
            order = random.sample(list(fresh.values()), len(fresh))
            return replace(tensor, indices=tuple(order), body=shuffled(body, random, {**names, **fresh}))
    if not children(tensor):
        return _renamed(tensor, names)
    parts = [shuffled(part, random, names) for part in children(tensor)]
    if isinstance(tensor, Apply) and tensor.op in ("add", "mul"):
        random.shuffle(parts)
    try:
        return rebuilt(tensor, tuple(parts))
    except SymcheckError:
        return tensor


def _renamed(tensor: Tensor, names: dict[Index, Index]) -> Tensor:
    left, right = getattr(tensor, "left", None), getattr(tensor, "right", None)
    if left is None:
        return tensor
    return replace(tensor, left=names.get(left, left), right=names.get(right, right))  # type: ignore[call-arg]


def has_sum(tensor: Tensor) -> bool:
    """Whether the formula binds an index."""
    return any(isinstance(part, IndexSum) for part in walk(tensor))
