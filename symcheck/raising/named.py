"""Names, and the parts of those that are made of others."""

from __future__ import annotations

from symcheck.language.tensor import Derivative, Differential, Segment, Symbol, Tensor, Variable, apply


def named(symbol: Symbol) -> Tensor:
    """The name; a part of one is part(z, 0)."""
    if isinstance(symbol, Segment):
        return apply("part", Variable(symbol.whole.shape, symbol.whole), params=symbol.numbers)
    return Variable(symbol.shape, symbol)


def differential_of(symbol: Symbol) -> Tensor:
    """dX; of a part of a name the part of its differential."""
    if isinstance(symbol, Segment):
        whole = symbol.whole
        return apply("part", Differential(whole.shape, Variable(whole.shape, whole)), params=symbol.numbers)
    return Differential(symbol.shape, Variable(symbol.shape, symbol))


def derivative_of(body: Symbol, by: Symbol) -> Tensor:
    """∂body/∂by; of parts of names the part of the derivative of the one by the other."""
    above, below = (s.whole if isinstance(s, Segment) else s for s in (body, by))
    whole = Derivative(above.shape + below.shape, Variable(above.shape, above), below)
    if not isinstance(body, Segment) and not isinstance(by, Segment):
        return whole
    numbers = [s.numbers if isinstance(s, Segment) else (0,) * len(s.shape) for s in (body, by)]
    return apply("part", whole, params=numbers[0] + numbers[1])
