"""Reading off: the gradient is what stands before dX in a line of differentials."""

from __future__ import annotations

from symcheck.language.tensor import (
    Apply,
    Differential,
    Entry,
    Index,
    IndexSum,
    Symbol,
    Tensor,
    Variable,
    walk,
)
from symcheck.steps.linearity import used_indices
from symcheck.steps.views import (
    factors,
    is_elementwise,
    made,
    number,
    rebuilt,
    terms,
    times,
    total,
    transposed,
)


def read_off(form: Tensor, symbol: Symbol) -> Tensor | None:
    """dQ = tr(Gᵀ dX) + … says ∂Q/∂X = G: the sum of what stands before dX, term by term.

    None where a term with dX has none of the forms from which it can be read.
    """
    found = []
    for sign, term in terms(form):
        if mentions(term, symbol):
            before = before_differential(term, symbol)
            if before is None or before.shape != symbol.shape:
                return None
            found.append((sign, before))
    return total(found) if found else None


def mentions(tensor: Tensor, symbol: Symbol) -> bool:
    """Whether dX stands in a formula."""
    return any(is_step(node, symbol) for node in walk(tensor))


def is_step(node: Tensor, symbol: Symbol) -> bool:
    """Whether a part is dX itself."""
    return isinstance(node, Differential) and isinstance(node.body, Variable) and node.body.symbol is symbol


def before_differential(term: Tensor, symbol: Symbol) -> Tensor | None:
    """G of one term tr(Gᵀ dX), gᵀ dx, c·dx, Σⱼ gⱼ dxⱼ; None for a term of another form."""
    match term:
        case Differential() if is_step(term, symbol):
            return number(1)
        case Apply(op="neg", args=(inner,)):
            below = before_differential(inner, symbol)
            return None if below is None else made("neg", below)
        case Apply(op="mul", args=(left, right)):
            for factor, other in ((left, right), (right, left)):
                if mentions(factor, symbol) and not mentions(other, symbol):
                    below = before_differential(factor, symbol)
                    return None if below is None or other.shape else times(other, below)
        case Apply(op="div", args=(above, below_line)) if not mentions(below_line, symbol):
            below = before_differential(above, symbol)
            return None if below is None else made("div", below, below_line)
        case Apply(op="tr", args=(inner,)):
            return _of_trace(factors(inner), symbol)
        case Apply(op="matmul" | "contract", args=(left, right)) if not term.shape:
            for factor, other in ((left, right), (right, left)):
                if is_step(factor, symbol) and not mentions(other, symbol):
                    return transposed(other)
        case Apply(op="sumall", args=(Apply(op="mul", args=(left, right)),)):
            for factor, other in ((left, right), (right, left)):
                if is_step(factor, symbol) and other.shape == factor.shape and not mentions(other, symbol):
                    return other
        case IndexSum(indices=indices, body=body):
            return _of_sum(indices, body, symbol)
    return None


def _of_trace(chain: list[Tensor], symbol: Symbol) -> Tensor | None:
    """tr(Gᵀ dX): dX stands last, as on paper."""
    *before, last = chain
    if not is_step(last, symbol) or any(mentions(factor, symbol) for factor in before) or not before:
        return None
    if len(before) == 1:
        return transposed(before[0])
    result = before[0]
    for factor in before[1:]:
        result = made("matmul", result, factor)
    return transposed(result)


def _of_sum(indices: tuple[Index, ...], body: Tensor, symbol: Symbol) -> Tensor | None:
    """Σⱼ gⱼ dxⱼ: the vector g, where gⱼ is made of entries j."""
    parts = _product(body)
    steps = [f for f in parts if mentions(f, symbol)]
    if len(steps) != 1:
        return None
    (step,) = steps
    match step:
        case Entry(base=base, closed=places) if is_step(base, symbol):
            pass
        case Differential(body=Entry(base=Variable(symbol=moved), closed=places)) if moved is symbol:
            pass
        case _:
            return None
    if tuple(places) != indices:
        return None
    rest = times(*(f for f in parts if f is not step))
    return whole(rest, indices)


def _product(body: Tensor) -> list[Tensor]:
    match body:
        case Apply(op="mul", args=(left, right)):
            return _product(left) + _product(right)
    return [body]


def whole(tensor: Tensor, indices: tuple[Index, ...]) -> Tensor | None:
    """The tensor of which this is the entry at `indices`; None where the notation has none."""
    match tensor:
        case Entry(base=base, closed=places):
            if tuple(places) == indices and not any(_uses(node, indices) for node in walk(base)):
                return base
            return None
    if not any(_uses(node, indices) for node in walk(tensor)):
        return tensor if not tensor.shape else None
    if is_elementwise(tensor) and isinstance(tensor, Apply):
        inside = [whole(arg, indices) for arg in tensor.args]
        if all(part is not None for part in inside):
            return rebuilt(tensor, [part for part in inside if part is not None])
    return None


def _uses(node: Tensor, indices: tuple[Index, ...]) -> bool:
    return not set(used_indices(node)).isdisjoint(indices)
