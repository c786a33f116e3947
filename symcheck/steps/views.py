"""The author's formulas as sums and products of many: what rules take apart and put together.

Nothing is simplified here but brackets: (A B) C is read as the three factors A, B, C.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from symcheck.language.registry import REGISTRY
from symcheck.language.shape import Shape, has_index
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Derivative,
    Differential,
    Entry,
    Index,
    IndexProduct,
    IndexSum,
    Limit,
    Number,
    Offset,
    Symbol,
    Tensor,
    Variable,
    apply,
    children,
    walk,
)

Term = tuple[int, Tensor]
"""A sign, +1 or −1, and what it stands before."""


def plain(tensor: Tensor) -> bool:
    """Whether a formula holds nothing that the rules do not know: limits, products over an index, rows
    ``W[i, :]``, derivatives at an offset."""
    for part in walk(tensor):
        match part:
            case Limit() | IndexProduct():
                return False
            case Entry(indices=indices) if None in indices:
                return False
            case Variable(symbol=Offset()) | Derivative(by=Offset()):
                return False
    return True


def _lenient(left: object, right: object) -> bool:
    # what is put together here was taken from formulas whose sizes an assumption may have identified
    return True


def made(op: str, *args: Tensor | int, params: tuple[object, ...] = ()) -> Apply:
    """An operation on formulas.  Errors: ShapeMismatch where they do not fit."""
    return apply(op, *args, params=params, same=_lenient)


def number(value: Fraction | int) -> Tensor:
    """A number as it is written: a minus sign and a fraction bar are operations."""
    value = Fraction(value)
    if value < 0:
        return made("neg", number(-value))
    if value.denominator == 1:
        return Number((), value, str(value))
    return made("div", value.numerator, value.denominator)


def value_of(tensor: Tensor) -> Fraction | None:
    """The number that a formula of numbers alone writes; None for any other, and for a division by 0."""
    match tensor:
        case Number(value=value):
            return value
        case Apply(op="neg", args=(inner,)):
            negated = value_of(inner)
            return None if negated is None else -negated
        case Apply(op="add" | "sub" | "mul" | "div" | "pow" as op, args=(a, b)):
            left, right = value_of(a), value_of(b)
            return None if left is None or right is None else _calculated(op, left, right)
    return None


def _calculated(op: str, left: Fraction, right: Fraction) -> Fraction | None:
    match op:
        case "add":
            return left + right
        case "sub":
            return left - right
        case "mul":
            return left * right
        case "div":
            return left / right if right else None
    if right.denominator != 1 or abs(right) > 64 or (right < 0 and not left):
        return None
    return left ** int(right)


def is_number(tensor: Tensor, value: int) -> bool:
    """Whether the author wrote this number."""
    return isinstance(tensor, Number) and tensor.value == value


# -- sums ----------------------------------------------------------------------------------------


def terms(tensor: Tensor, sign: int = 1) -> list[Term]:
    """The terms of a sum with their signs; one that is no sum is its only term."""
    match tensor:
        case Apply(op="add", args=(left, right)):
            return terms(left, sign) + terms(right, sign)
        case Apply(op="sub", args=(left, right)):
            return terms(left, sign) + terms(right, -sign)
        case Apply(op="neg", args=(inner,)):
            return terms(inner, -sign)
    return [(sign, tensor)]


def is_sum(tensor: Tensor) -> bool:
    """Whether a formula is a sum, a difference, or has a minus sign before it."""
    return isinstance(tensor, Apply) and tensor.op in ("add", "sub", "neg")


def total(parts: Sequence[Term]) -> Tensor:
    """The sum of the terms, 0 if there are none."""
    if not parts:
        return number(0)
    (sign, result), *rest = parts
    if sign < 0:
        result = made("neg", result)
    for sign, part in rest:
        result = made("add" if sign > 0 else "sub", result, part)
    return result


# -- products ------------------------------------------------------------------------------------


def factors(tensor: Tensor) -> list[Tensor]:
    """The factors of a product of matrices and vectors, brackets left out.

    A number formed by two vectors is no factor of a further product, so brackets can always be put back.
    """
    if isinstance(tensor, Apply) and tensor.op == "matmul":
        left, right = tensor.args
        if len(left.shape) == len(right.shape) == 1:
            return [left, right]
        return factors(left) + factors(right)
    return [tensor]


def product(parts: Sequence[Tensor]) -> Tensor:
    """The matrix product of the factors, from the left."""
    result = parts[0]
    for part in parts[1:]:
        result = made("matmul", result, part)
    return result


def times(*parts: Tensor) -> Tensor:
    """The product entry by entry, factors 1 left out."""
    kept = [part for part in parts if not is_number(part, 1)]
    if not kept:
        return number(1)
    result = kept[0]
    for part in kept[1:]:
        result = made("mul", result, part)
    return result


def transposed(tensor: Tensor) -> Tensor:
    """The transpose; of a vector or number itself, of a transpose what was transposed."""
    if len(tensor.shape) != 2:
        return tensor
    if isinstance(tensor, Apply) and tensor.op == "transpose":
        return tensor.args[0]
    return made("transpose", tensor)


def flipped(tensor: Tensor) -> Tensor:
    """The transpose, of a product that of each factor in reverse order."""
    chain = factors(tensor)
    if len(tensor.shape) != 2 or len(chain) == 1:
        return transposed(tensor)
    return product([transposed(factor) for factor in reversed(chain)])


def taken(part: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]] | None:
    """What a d or d/dx stands before, and the same d or d/dx of other formulas; None for anything else.

    d/dx is meant for a number x, before anything but a name.
    """
    match part:
        case Differential(body=body):
            return body, lambda u: Differential(u.shape, u)
        case Derivative(body=Apply() | Call() | IndexSum() as body, by=by, at=None, local=False) if (
            not by.shape
        ):
            return body, lambda u: _derived(u, by)
    return None


def _derived(tensor: Tensor, by: Symbol) -> Tensor:
    match tensor:
        case Variable(symbol=symbol) if symbol is by:
            return number(1)
        case Call(args=(Variable(symbol=symbol),), derivatives=orders) if symbol is by:
            # f(x)′ is f′(x): that is what the sign means
            return replace(tensor, derivatives=((orders or (0,))[0] + 1,), span=None)
    return Derivative(tensor.shape, tensor, by)


def sum_over(indices: Sequence[Index], body: Tensor) -> Tensor:
    """Σ over the indices, none over none."""
    return IndexSum(body.shape, tuple(indices), body) if indices else body


def fresh_indices(shape: Shape, names: str = "ijkl") -> tuple[Index, ...] | None:
    """New indices for a shape; None if an axis has no single index."""
    if not all(map(has_index, shape)) or len(shape) > len(names):
        return None
    return tuple(Index(name, size[0]) for name, size in zip(names, shape, strict=False))


# -- rebuilding ----------------------------------------------------------------------------------


def rebuilt(tensor: Tensor, inside: Sequence[Tensor]) -> Tensor:
    """The same kind of formula with other formulas inside.  Errors: ShapeMismatch."""
    match tensor:
        case Apply(op=op, params=params):
            return made(op, *inside, params=params)
        case Call():
            return replace(tensor, args=tuple(inside), span=None)
        case Entry():
            return replace(tensor, base=inside[0], span=None)
        case IndexSum() | Derivative() | Differential():
            return replace(tensor, shape=_shape(tensor, inside[0]), body=inside[0], span=None)
        case Limit(target=target):
            return replace(tensor, body=inside[0], target=None if target is None else inside[1], span=None)
    return tensor


def _shape(tensor: Tensor, body: Tensor) -> Shape:
    if isinstance(tensor, Derivative):
        return (*body.shape, *(() if tensor.at is not None else tensor.by.shape))
    return body.shape


def everywhere(tensor: Tensor, change: Callable[[Tensor], Tensor | None]) -> Tensor:
    """The formula with `change` done to every part, innermost first; None leaves a part as it is."""
    inner = children(tensor)
    if inner:
        new = [everywhere(child, change) for child in inner]
        if any(a is not b for a, b in zip(new, inner, strict=True)):
            tensor = rebuilt(tensor, new)
    return change(tensor) or tensor


def reindexed(tensor: Tensor, names: Mapping[Index, Index | int]) -> Tensor:
    """The formula with other indices in place of free ones; bound indices are made new."""

    def at(index: Index | int) -> Index | int:
        return names.get(index, index) if isinstance(index, Index) else index

    match tensor:
        case Entry(base=base, indices=indices):
            places = tuple(None if i is None else at(i) for i in indices)
            return replace(tensor, base=reindexed(base, names), indices=places, span=None)
        case Delta(left=left, right=right):
            return Delta((), at(left), at(right))
        case IndexSum(indices=bound, body=body):
            new = {index: Index(index.name, index.dim) for index in bound}
            summed = reindexed(body, {**names, **new})
            return replace(tensor, indices=tuple(new.values()), body=summed, span=None)
        case Derivative(body=body, at=tuple() as place):
            return replace(tensor, body=reindexed(body, names), at=tuple(map(at, place)), span=None)
    inner = children(tensor)
    return rebuilt(tensor, [reindexed(child, names) for child in inner]) if inner else tensor


def is_elementwise(tensor: Tensor) -> bool:
    """Whether a formula takes its arguments entry by entry."""
    if isinstance(tensor, Call):
        return tensor.function.elementwise
    return isinstance(tensor, Apply) and REGISTRY[tensor.op].elementwise
