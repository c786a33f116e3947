"""Derivatives of known functions, seen again as f′(x) in the formula that an offset moves.

∂f(x + o)/∂o with an offset o is what a reader makes of f′(x), D(f)(x) or D(z ↦ formula)(x); here it is
taken apart for those who write it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symcheck.language.registry import REGISTRY
from symcheck.language.tensor import (
    Apply,
    Call,
    Derivative,
    Differential,
    Entry,
    Index,
    IndexSum,
    Offset,
    SizeNumber,
    Symbol,
    Tensor,
    Variable,
    children,
    variable,
    walk,
)

SIGNS = frozenset({"neg", "transpose"})
"""Operations that are written with a sign, though not between their arguments."""


@dataclass(frozen=True, eq=False, slots=True)
class Slope:
    """The derivative of a function in one argument, `order` times, at that argument."""

    order: int
    argument: Tensor
    alike: bool
    """Entry by entry: f′(x); otherwise D(f)(x), with the axes of the argument behind those of the value."""
    parameter: Symbol
    body: Tensor
    """The function: `parameter` ↦ `body`."""
    op: str = ""
    """Its name, if the body is nothing but an operation that is differentiated so."""
    args: tuple[Tensor, ...] = ()
    """Then all its arguments, and `position` says which is the one."""
    position: int = 0


def slope_of(tensor: Derivative) -> Slope | None:
    """What the derivative by an offset means; None if it is by a name, or more than one argument moves."""
    if not isinstance(tensor.by, Offset) or tensor.at is not None:
        return None
    moved = [part for part in walk(tensor.body) if _adds(part, tensor.by)]
    if not moved or any(part is not moved[0] for part in moved):
        return None
    argument, shifts = moved[0], set()
    while (offset := _offset_of(argument)) is not None:
        shifts.add(offset)
        assert isinstance(argument, Apply)
        argument = argument.args[0]
    body: Tensor = tensor
    order = 0
    while isinstance(body, Derivative) and body.by in shifts:
        body, order = body.body, order + 1
    if order != len(shifts):
        return None
    parameter = Symbol(_unused(body), argument.shape)
    alike = not tensor.by.shape
    formula = exchanged(body, moved[0], variable(parameter))
    found = Slope(order, argument, alike or not argument.shape, parameter, formula)
    if isinstance(body, Apply) and not body.params and body.op not in SIGNS and not REGISTRY[body.op].infix:
        positions = [k for k, arg in enumerate(body.args) if arg is moved[0]]
        elsewhere = [arg for arg in body.args if arg is not moved[0] and moved[0] in walk(arg)]
        if len(positions) == 1 and not elsewhere and REGISTRY[body.op].elementwise == alike:
            (k,) = positions
            args = (*body.args[:k], argument, *body.args[k + 1 :])
            return replace(found, op=body.op, args=args, position=k)
    return found


def at_rest(tensor: Tensor) -> Tensor:
    """The formula with every offset left out."""
    if _offset_of(tensor) is not None:
        return at_rest(children(tensor)[0])
    return rebuilt(tensor, tuple(map(at_rest, children(tensor))))


def exchanged(tensor: Tensor, old: Tensor, new: Tensor) -> Tensor:
    """The formula with one part, wherever it stands, exchanged for another of its shape."""
    if tensor is old:
        return new
    return rebuilt(tensor, tuple(exchanged(part, old, new) for part in children(tensor)))


def rebuilt(tensor: Tensor, parts: tuple[Tensor, ...]) -> Tensor:
    """The formula with other formulas directly inside; itself if they are the same."""
    if all(new is old for new, old in zip(parts, children(tensor), strict=True)):
        return tensor
    match tensor:
        case Apply() | Call():
            return replace(tensor, args=parts)
        case Entry():
            return replace(tensor, base=parts[0])
        case IndexSum() | Derivative() | Differential():
            return replace(tensor, body=parts[0])
    raise AssertionError(f"{type(tensor).__name__} has nothing inside")


def _offset_of(tensor: Tensor) -> Offset | None:
    match tensor:
        case Apply(op="add", args=(_, Variable(symbol=Offset() as offset))):
            return offset
    return None


def is_moved(tensor: Tensor) -> bool:
    """Whether an offset is added in this formula itself, not in a part of it."""
    return _offset_of(tensor) is not None


def _adds(tensor: Tensor, offset: Offset) -> bool:
    return _offset_of(tensor) is offset


def _unused(body: Tensor) -> str:
    """A name for a parameter that stands for nothing else in the formula."""
    taken: set[str] = set()
    for node in walk(body):
        match node:
            case Variable(symbol=symbol) | Derivative(by=symbol):
                taken.add(symbol.name)
            case SizeNumber(dim=str() as dim):
                taken.add(dim)
            case IndexSum(indices=indices):
                taken.update(index.name for index in indices)
            case Entry(indices=places):
                taken.update(place.name for place in places if isinstance(place, Index))
            case Call(function=function):
                taken.add(function.name)
    name, k = "z", 0
    while name in taken:
        k += 1
        name = f"z{k}"
    return name
