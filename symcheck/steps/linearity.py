"""Linearity: what is taken through a sum term by term, and past a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from symcheck.language.tensor import (
    Apply,
    Derivative,
    Differential,
    Entry,
    Index,
    IndexSum,
    SizeNumber,
    Tensor,
    symbols_in,
    walk,
)
from symcheck.steps.registry import Made, Scene, rule
from symcheck.steps.views import (
    is_sum,
    made,
    rebuilt,
    reindexed,
    sum_over,
    taken,
    terms,
    times,
    total,
    value_of,
)

LINEAR = frozenset({"tr", "transpose", "sumall", "rowsum", "colsum", "diag", "diagpart", "mean", "vec"})
"""Operations of one argument that are linear in it."""
BILINEAR = frozenset({"matmul", "outer", "contract", "kron"})
"""Products that are linear in each factor."""


@rule("linearity", on=(Apply, Derivative, Differential, Entry, IndexSum))
def linear(part: Tensor, scene: Scene) -> Iterator[Made]:
    """tr(A + cB) = tr A + c tr B; likewise d, Σ, transposes, and products of matrices in each factor."""
    operator = taken(part)
    if operator is not None:
        yield from _of_operator(part, *operator, scene)
    match part:
        case Apply(op=op, args=(inner,), params=params) if op in LINEAR:
            if is_sum(inner):
                yield total(
                    [(sign, made(op, _at(term, inner), params=params)) for sign, term in terms(inner)]
                )
            else:
                yield from _past_numbers(part, inner)
        case IndexSum(body=inner):
            if is_sum(inner):
                yield total(
                    [(sign, IndexSum(part.shape, part.indices, _at(t, inner))) for sign, t in terms(inner)]
                )
            else:
                yield from _out_of_sum(part)
        case Apply(op=op, args=args) if op in BILINEAR:
            for place, factor in enumerate(args):
                if is_sum(factor):
                    yield total([(sign, _with(part, place, _at(t, factor))) for sign, t in terms(factor)])
        case Entry(base=base) if is_sum(base) and all(t.shape == base.shape for _, t in terms(base)):
            yield total([(sign, Entry((), term, part.indices)) for sign, term in terms(base)])


def _of_operator(
    part: Tensor, inner: Tensor, d: Callable[[Tensor], Tensor], scene: Scene
) -> Iterator[Tensor]:
    """d or d/dx of a sum, of what is linear itself, and past what is constant."""
    if is_sum(inner):
        yield total([(sign, d(_at(term, inner))) for sign, term in terms(inner)])
    elif isinstance(inner, IndexSum):
        yield IndexSum(part.shape, inner.indices, d(inner.body))
    elif isinstance(inner, Apply) and inner.op in LINEAR:
        yield rebuilt(inner, [d(inner.args[0])])
    elif isinstance(inner, Apply) and inner.op in BILINEAR | {"mul", "div"}:
        yield from _past_constants(part, inner, d, scene)


@rule("distributive law", on=(Apply,), formal=True)
def distributive(part: Tensor, scene: Scene) -> Iterator[Made]:
    """(a + b) c = a c + b c, entry by entry."""
    match part:
        case Apply(op="mul", args=args):
            for place, factor in enumerate(args):
                if is_sum(factor):
                    yield total([(sign, _with(part, place, t)) for sign, t in terms(factor)])
        case Apply(op="div", args=(above, below)) if is_sum(above):
            yield total([(sign, made("div", t, below)) for sign, t in terms(above)])


@rule("linearity", on=(Apply,), formal=True)
def into_the_sum(part: Tensor, scene: Scene) -> Iterator[Made]:
    """c Σᵢ aᵢ = Σᵢ c aᵢ."""
    match part:
        case Apply(op="mul", args=args):
            for place, factor in enumerate(args):
                if isinstance(factor, IndexSum) and not part.shape:
                    free = _apart(factor)
                    yield IndexSum((), free.indices, _with(part, place, free.body))
        case Apply(op="div", args=(IndexSum() as above, below)) if not part.shape:
            free = _apart(above)
            yield IndexSum((), free.indices, made("div", free.body, below))


def _at(term: Tensor, whole: Tensor) -> Tensor:
    """A term of a sum at the shape of the sum: a number is repeated."""
    if term.shape == whole.shape or not whole.shape:
        return term
    return made("mul", made("ones", params=whole.shape), term)


def _with(part: Apply, place: int, factor: Tensor) -> Tensor:
    return rebuilt(part, [*part.args[:place], factor, *part.args[place + 1 :]])


def _past_numbers(part: Tensor, inner: Tensor) -> Iterator[Tensor]:
    """Numbers that multiply or divide the argument, taken out."""
    above, below, rest = _split(inner)
    if rest is not None and (above or below):
        (other,) = (rebuilt(part, [rest]),)
        result = times(*above, other)
        for divisor in below:
            result = made("div", result, divisor)
        yield result


def _past_constants(
    part: Tensor, inner: Apply, d: Callable[[Tensor], Tensor], scene: Scene
) -> Iterator[Tensor]:
    """d(C A) = C dA where no name stands in C; for d/dx, where nothing in C changes with x."""
    for place, factor in enumerate(inner.args):
        other = inner.args[1 - place]
        if _held(factor, part, scene) and not _held(other, part, scene) and (inner.op != "div" or place == 1):
            moved = d(other)
            yield rebuilt(inner, [factor, moved] if place == 0 else [moved, factor])


def _held(factor: Tensor, part: Tensor, scene: Scene) -> bool:
    names = symbols_in(factor)
    if isinstance(part, Derivative):
        return not any(scene.graph.depends(name, part.by) for name in names)
    return not names


def _split(inner: Tensor) -> tuple[list[Tensor], list[Tensor], Tensor | None]:
    """Constant factors above and below the line, and the rest; no rest where all is constant."""
    match inner:
        case Apply(op="mul", args=(left, right)):
            if _is_constant(left):
                above, below, rest = _split(right)
                return [left, *above], below, rest
            if _is_constant(right):
                above, below, rest = _split(left)
                return [*above, right], below, rest
        case Apply(op="div", args=(left, right)) if _is_constant(right):
            above, below, rest = _split(left)
            return above, [*below, right], rest
    return [], [], None if _is_constant(inner) else inner


def _is_constant(tensor: Tensor) -> bool:
    return value_of(tensor) is not None or isinstance(tensor, SizeNumber)


def _out_of_sum(part: IndexSum) -> Iterator[Tensor]:
    """Σᵢ c aᵢ = c Σᵢ aᵢ for every factor c in which no i stands."""
    above, below = _entrywise(part.body)
    outside = [f for f in above if not _mentions(f, part.indices)]
    under = [f for f in below if not _mentions(f, part.indices)]
    if not outside and not under:
        return
    inside = times(*(f for f in above if _mentions(f, part.indices)))
    for divisor in below:
        if _mentions(divisor, part.indices):
            inside = made("div", inside, divisor)
    if not inside.shape and _mentions(inside, part.indices):
        result = times(*outside, sum_over(part.indices, inside))
        for divisor in under:
            result = made("div", result, divisor)
        yield result


def _entrywise(tensor: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Factors above and below the line."""
    match tensor:
        case Apply(op="mul", args=(left, right)):
            (a, b), (c, d) = _entrywise(left), _entrywise(right)
            return a + c, b + d
        case Apply(op="div", args=(left, right)):
            (a, b), (c, d) = _entrywise(left), _entrywise(right)
            return a + d, b + c
    return [tensor], []


def _mentions(tensor: Tensor, indices: Sequence[Index]) -> bool:
    return any(not set(used).isdisjoint(indices) for used in map(used_indices, walk(tensor)))


def used_indices(node: Tensor) -> tuple[Index | int, ...]:
    """The indices that stand directly in a part."""
    match node:
        case Entry(closed=indices):
            return indices
    at = getattr(node, "at", None)
    if isinstance(at, tuple):
        return at
    if hasattr(node, "left") and hasattr(node, "right"):
        return (node.left, node.right)
    return ()


def _apart(inner: IndexSum) -> IndexSum:
    """The sum with indices of its own, so that none stands in another factor."""
    fresh = reindexed(inner, {})
    assert isinstance(fresh, IndexSum)
    return fresh
