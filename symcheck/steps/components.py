"""Between matrices and their entries: what each product is by indices, and numbers repeated along an axis."""

from __future__ import annotations

from collections.abc import Iterator

from symcheck.language.tensor import Apply, Call, Delta, Differential, Entry, Index, IndexSum, Tensor
from symcheck.steps.algebra import factors_of, of_factors
from symcheck.steps.registry import Made, Scene, rule
from symcheck.steps.views import fresh_indices, is_elementwise, made, number, rebuilt, sum_over, times

Places = tuple[Index | int, ...]


@rule("by entries", on=(Apply, Entry), formal=True)
def by_entries(part: Tensor, scene: Scene) -> Iterator[Made]:
    """(A B)ᵢⱼ = Σₖ Aᵢₖ Bₖⱼ, (Aᵀ)ᵢⱼ = Aⱼᵢ, (u ⊗ v)ᵢⱼ = uᵢ vⱼ, u · v = Σᵢ uᵢ vᵢ, tr A = Σᵢ Aᵢᵢ."""
    match part:
        case Entry(base=base, closed=indices):
            found = entry(base, indices)
            if found is not None:
                yield found
        case Apply(op="matmul" | "contract", args=(left, right)) if not part.shape:
            summed = fresh_indices(left.shape)
            if summed is not None and left.shape:
                (u, above, below), (v, more_above, more_below) = numbers_apart(left), numbers_apart(right)
                result = times(
                    *above, *more_above, sum_over(summed, made("mul", at(u, summed), at(v, summed)))
                )
                for divisor in (*below, *more_below):
                    result = made("div", result, divisor)
                yield result
        case Apply(op="tr", args=(inner,)):
            row = fresh_indices(inner.shape[:1])
            if row is not None:
                yield sum_over(row, at(inner, row * 2))
        case Apply(op="sumall", args=(inner,)):
            summed = fresh_indices(inner.shape)
            if summed is not None:
                yield sum_over(summed, at(inner, summed))


def numbers_apart(tensor: Tensor) -> tuple[Tensor, list[Tensor], list[Tensor]]:
    """A vector or matrix without the numbers that multiply and divide it, and these."""
    match tensor:
        case Apply(op="mul", args=(left, right)) if not left.shape or not right.shape:
            number_, other = (left, right) if not left.shape else (right, left)
            rest, above, below = numbers_apart(other)
            return rest, [number_, *above], below
        case Apply(op="div", args=(above_line, divisor)) if not divisor.shape and above_line.shape:
            rest, above, below = numbers_apart(above_line)
            return rest, above, [*below, divisor]
    return tensor, [], []


def at(tensor: Tensor, places: Places) -> Tensor:
    """An entry; a number is its own."""
    return Entry((), tensor, places) if tensor.shape else tensor


def entry(base: Tensor, places: Places) -> Tensor | None:
    """The entry of an operation from entries of its arguments; None where there is nothing to write out."""
    match base:
        case Apply(op="transpose", args=(inner,)):
            return at(inner, places[::-1])
        case Apply(op="outer", args=(left, right)):
            return made("mul", at(left, places[:1]), at(right, places[1:]))
        case Apply(op="matmul", args=(left, right)):
            middle: Places | None = fresh_indices(left.shape[-1:], "k")
            if middle is None:
                return None
            if left.shape[-1] == (1,):
                middle = (0,)
            rows = len(left.shape) - 1
            body = made("mul", at(left, (*places[:rows], *middle)), at(right, (*middle, *places[rows:])))
            return sum_over(indices_of(middle), body)
        case Apply(op="contract", args=(left, right), params=(int() as count,)):
            kept = len(left.shape) - count
            shared = fresh_indices(left.shape[kept:], "klpq")
            if shared is None:
                return None
            body = made("mul", at(left, (*places[:kept], *shared)), at(right, (*shared, *places[kept:])))
            return sum_over(shared, body)
        case Apply(op="diag", args=(inner,)):
            return times(Delta((), *places), at(inner, places[:1]))
        case Apply(op="diagpart", args=(inner,)):
            return at(inner, places * 2)
        case Apply(op="eye"):
            return Delta((), *places)
        case Apply(op="ones"):
            return number(1)
        case Apply(op="zeros"):
            return number(0)
        case Apply(op="rowsum", args=(inner,)):
            summed = fresh_indices(inner.shape[1:], "k")
            return None if summed is None else sum_over(summed, at(inner, (*places, *summed)))
        case Apply(op="colsum", args=(inner,)):
            summed = fresh_indices(inner.shape[:1], "k")
            return None if summed is None else sum_over(summed, at(inner, (*summed, *places)))
        case IndexSum(indices=indices, body=body):
            return IndexSum((), indices, at(body, places))
        case Differential(body=Apply() | IndexSum() as inner):
            found = entry(inner, places)
            return None if found is None else Differential((), found)
    if is_elementwise(base):
        assert isinstance(base, Apply | Call)
        inside = [at(arg, places[len(places) - len(arg.shape) :]) for arg in base.args]
        return _scalar(base, inside)
    return None


def _scalar(base: Apply | Call, inside: list[Tensor]) -> Tensor:
    if isinstance(base, Call):
        return Call((), base.function, tuple(inside), base.derivatives)
    return rebuilt(base, inside)


@rule("broadcasting", on=(Apply,), formal=True)
def broadcasting(part: Tensor, scene: Scene) -> Iterator[Made]:
    """A number that meets a vector entry by entry is repeated: c is c·1."""
    match part:
        case Apply(op="add" | "sub", args=args) if part.shape:
            for place, arg in enumerate(args):
                if not arg.shape:
                    repeated = made("mul", made("ones", params=part.shape), arg)
                    yield rebuilt(part, [*args[:place], repeated, *args[place + 1 :]])
        case Apply(op="mul" | "div") if part.shape:
            parts = factors_of(part)
            kept = [
                (base, power) for base, power in parts if not (isinstance(base, Apply) and base.op == "ones")
            ]
            if len(kept) < len(parts):
                yield of_factors(kept)


def indices_of(places: Places) -> tuple[Index, ...]:
    """The named indices among places."""
    return tuple(place for place in places if isinstance(place, Index))
