"""Rules about differentials: dQ, d(XW), d(exp(u))."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from symcheck.language.claim import Graph
from symcheck.language.tensor import (
    Apply,
    Call,
    Derivative,
    Differential,
    Entry,
    IndexSum,
    Symbol,
    Tensor,
    Variable,
    symbols_in,
)
from symcheck.steps.functions import DERIVATIVES
from symcheck.steps.paths import cuts
from symcheck.steps.registry import Made, Scene, rule
from symcheck.steps.views import (
    factors,
    is_number,
    made,
    number,
    product,
    taken,
    terms,
    times,
    total,
    transposed,
    value_of,
)


def d(tensor: Tensor) -> Tensor:
    """The differential of a formula."""
    return Differential(tensor.shape, tensor)


@rule("total differential", on=(Differential,))
def total_differential(part: Tensor, scene: Scene) -> Iterator[Made]:
    """dQ = tr((∂Q/∂Z)ᵀ dZ) + … over names through which every input acts on Q, none through another."""
    if isinstance(part, Differential) and isinstance(part.body, Variable) and not part.shape:
        of = part.body.symbol
        if of in scene.graph:
            for names in cuts(scene.graph, of, _free(scene.graph, of, scene)):
                moving = [name for name in names if name not in scene.constants]
                yield total([(1, paired(of, name)) for name in moving])


def _free(graph: Graph, of: Symbol, scene: Scene) -> frozenset[Symbol]:
    return frozenset(s for s in graph.upstream(of) if s not in graph and s not in scene.constants)


def paired(of: Symbol, by: Symbol) -> Tensor:
    """⟨∂Q/∂V, dV⟩, as the shape of V has it."""
    gradient = Derivative(by.shape, Variable((), of), by)
    step = d(Variable(by.shape, by))
    match len(by.shape):
        case 0:
            return made("mul", gradient, step)
        case 1:
            return made("matmul", gradient, step)
        case 2:
            return made("tr", made("matmul", transposed(gradient), step))
    return made("contract", gradient, step, params=(len(by.shape),))


@rule("product rule", on=(Derivative, Differential))
def product_rule(part: Tensor, scene: Scene) -> Iterator[Made]:
    """d(AB) = dA B + A dB, for products of every kind; (f g)′ = f′ g + f g′."""
    operator = taken(part)
    if operator is None:
        return
    inner, d_of = operator
    match inner:
        case Apply(op="matmul"):
            chain = factors(inner)
            yield total([(1, _joined(chain, k, d_of)) for k in range(len(chain))])
        case Apply(op="mul" | "outer" | "contract" | "kron" as op, args=(left, right), params=params):
            first = made(op, d_of(left), right, params=params)
            yield made("add", first, made(op, left, d_of(right), params=params))


def _joined(chain: Sequence[Tensor], moved: int, d_of: Callable[[Tensor], Tensor]) -> Tensor:
    return product([d_of(factor) if k == moved else factor for k, factor in enumerate(chain)])


@rule("quotient rule", on=(Derivative, Differential))
def quotient_rule(part: Tensor, scene: Scene) -> Iterator[Made]:
    """d(a/b) = (da b − a db)/b²."""
    operator = taken(part)
    match operator:
        case (Apply(op="div", args=(above, below)), d_of) if value_of(below) is None:
            numerator = made("sub", made("mul", d_of(above), below), made("mul", above, d_of(below)))
            yield made("div", numerator, made("pow", below, number(2)))


def outer_derivative(tensor: Tensor) -> tuple[Tensor, Tensor] | None:
    """(f′(u), u) for a known or undefined function taken entry by entry, and for a power."""
    match tensor:
        case Call(function=function, args=(inner,), derivatives=orders) if function.elementwise:
            order = (orders or (0,))[0] + 1
            return Call(tensor.shape, function, (inner,), (order,)), inner
        case Apply(op="pow", args=(base, exponent)):
            power = value_of(exponent)
            if power is None:
                return None
            if power == 2:
                return times(number(2), base), base
            return times(number(power), made("pow", base, number(power - Fraction(1)))), base
        case Apply(op=op, args=(inner,)) if op in DERIVATIVES:
            return DERIVATIVES[op](inner), inner
    return None


@rule("chain rule", on=(Derivative, Differential))
def chain_rule_of_differentials(part: Tensor, scene: Scene) -> Iterator[Made]:
    """d f(u) = f′(u) du, entry by entry; f(g(x))′ = f′(g(x)) g′(x)."""
    operator = taken(part)
    if operator is None:
        return
    inner, d_of = operator
    outer = outer_derivative(inner)
    if outer is not None:
        yield times(outer[0], d_of(outer[1]))
    elif isinstance(inner, Call) and not inner.function.elementwise and isinstance(part, Derivative):
        moving = [place for place, arg in enumerate(inner.args) if part.by in symbols_in(arg)]
        if moving and not any(inner.derivatives):
            yield total([(1, _through(inner, place, d_of)) for place in moving])


def _through(call: Call, place: int, d_of: Callable[[Tensor], Tensor]) -> Tensor:
    """∂ₖF(…) times the derivative of its argument k."""
    argument = call.args[place]
    orders = tuple(int(k == place) for k in range(len(call.args)))
    outer = Call((*call.shape, *argument.shape), call.function, call.args, orders)
    if argument.shape:
        return made("contract", outer, d_of(argument), params=(len(argument.shape),))
    inner = d_of(argument)
    return times(outer, inner)


@rule("d of a constant is 0")
def constant_held(part: Tensor, scene: Scene) -> Iterator[Made]:
    """dc = 0 for what is held, ∂u/∂v = 0 where u does not depend on v; what is multiplied by 0 falls away."""
    parts = terms(part)
    kept = [(sign, term) for sign, term in parts if not _vanishes(term, scene)]
    if len(kept) < len(parts):
        yield total(kept) if kept else _zero(part)


def _vanishes(term: Tensor, scene: Scene) -> bool:
    match term:
        case Differential(body=body):
            return not any(_moves(symbol, scene) for symbol in symbols_in(body))
        case Derivative(body=body, by=by, local=False):
            return not any(scene.graph.depends(symbol, by) for symbol in symbols_in(body))
        case Apply(op="matmul" | "mul" | "outer" | "contract" | "kron", args=args):
            return any(_vanishes(arg, scene) for arg in args)
        case Apply(op="neg" | "tr" | "transpose" | "sumall" | "diag", args=(arg,)):
            return _vanishes(arg, scene)
        case Apply(op="div", args=(above, _)):
            return _vanishes(above, scene)
        case Entry(base=inner) | IndexSum(body=inner):
            return _vanishes(inner, scene)
    return is_number(term, 0)


def _moves(symbol: Symbol, scene: Scene) -> bool:
    if symbol not in scene.graph:
        return symbol not in scene.constants
    return any(s not in scene.graph and s not in scene.constants for s in scene.graph.upstream(symbol))


def _zero(part: Tensor) -> Tensor:
    return made("zeros", params=part.shape) if part.shape else number(0)
