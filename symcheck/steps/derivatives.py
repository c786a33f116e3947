"""Rules about derivatives: the chain rule, and the derivative of a definition worked out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from symcheck.errors import SymcheckError
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Derivative,
    Entry,
    Index,
    IndexSum,
    Symbol,
    Tensor,
    Variable,
    symbols_in,
)
from symcheck.steps.algebra import one_number
from symcheck.steps.differentials import outer_derivative
from symcheck.steps.paths import cuts
from symcheck.steps.reading_off import whole
from symcheck.steps.registry import Made, Scene, rule
from symcheck.steps.views import (
    everywhere,
    flipped,
    fresh_indices,
    made,
    number,
    plain,
    reindexed,
    sum_over,
    times,
    total,
    transposed,
)

Places: TypeAlias = tuple[Index | int, ...]


@rule("chain rule", on=(Derivative, Entry))
def chain_rule(part: Tensor, scene: Scene) -> Iterator[Made]:
    """∂u/∂v = Σ ∂u/∂w ∂w/∂v over the names w between."""
    match part:
        case Derivative(local=False, body=Variable(symbol=of)) if part.at is None:
            for names in _between(scene, of, part.by):
                yield total([(1, link(_by(of, name), _by(name, part.by))) for name in names])
        case Derivative(local=False) | Entry(base=Derivative(local=False, at=None)):
            yield from _by_entries(part, scene)


def _between(scene: Scene, of: Symbol, by: Symbol) -> Iterator[tuple[Symbol, ...]]:
    if of not in scene.graph or of is by:
        return
    for names in cuts(scene.graph, of, [by]):
        if by not in names:
            yield names
    parents = scene.graph.parents[of]
    if by not in parents and not any(
        scene.graph.depends(a, b) for a in parents for b in parents if a is not b
    ):
        # paths that end elsewhere are written, too, to be struck out
        yield parents


def _by(of: Symbol, by: Symbol) -> Derivative:
    return Derivative((*of.shape, *by.shape), Variable(of.shape, of), by)


def link(left: Tensor, right: Derivative) -> Tensor:
    """∂u/∂w · ∂w/∂v: contracted over the axes of w."""
    count = len(right.body.shape)
    if count == 0:
        return (
            made("mul", left, right)
            if not left.shape or not right.shape
            else made("contract", left, right, params=(0,))
        )
    return made("contract", left, right, params=(count,))


def _by_entries(part: Tensor, scene: Scene) -> Iterator[Tensor]:
    """∂u[i]/∂v[j] = Σₖ ∂u[i]/∂w[k] ∂w[k]/∂v[j]."""
    found = entry_form(part)
    if found is None:
        return
    of, of_at, by, by_at = found
    for names in _between(scene, of, by):
        parts = []
        for name in names:
            middle = fresh_indices(name.shape, "klpq")
            if middle is None:
                return
            factors = times(
                entry_of_derivative(of, of_at, name, middle), entry_of_derivative(name, middle, by, by_at)
            )
            parts.append((1, sum_over(middle, factors)))
        yield total(parts)


def entry_form(part: Tensor) -> tuple[Symbol, Places, Symbol, Places] | None:
    """(u, i, v, j) of ∂u[i]/∂v[j] in any notation."""
    match part:
        case Derivative(body=Variable(symbol=of), by=by, at=tuple() as at) if not of.shape:
            return of, (), by, at
        case Derivative(body=Entry(base=Variable(symbol=of), closed=indices), by=by, at=at):
            if at is not None or not by.shape:
                return of, indices, by, at or ()
        case Entry(base=Derivative(body=Variable(symbol=of), by=by, at=None), closed=indices):
            rank = len(of.shape)
            return of, indices[:rank], by, indices[rank:]
    return None


def entry_of_derivative(of: Symbol, of_at: Places, by: Symbol, by_at: Places) -> Tensor:
    """∂u[i]/∂v[j]."""
    body: Tensor = Variable(of.shape, of)
    if of_at:
        body = Entry((), body, of_at)
    return Derivative((), body, by, by_at if by.shape else None)


# -- the derivative of a definition ----------------------------------------------------------------


@rule("{} worked out", on=(Apply, Derivative, Entry))
def worked_out(part: Tensor, scene: Scene) -> Iterator[Made]:
    """∂w/∂v from the definition of w, where v stands in it; with the factor before it if there is one."""
    match part:
        case Derivative(local=False, body=Variable(symbol=of), by=by, at=None):
            yield from _named(_jacobian(of, by, scene), of, by, scene)
        case Apply(
            op="contract" | "mul" | "matmul",
            args=(left, Derivative(body=Variable(symbol=of), by=by, at=None)),
        ):
            definition = _definition(of, by, scene)
            if definition is not None and left.shape == of.shape:
                yield from _named(pulled_back(definition, by, left), of, by, scene)
        case Derivative(local=False, body=Apply() | Call() as body, by=by, at=None) if by.shape:
            word = f"the derivative in {scene.name(by.name)}"
            if not any(s is not by and scene.graph.depends(s, by) for s in symbols_in(body)):
                yield from _told(jacobian(body, by) if body.shape else pulled_back(body, by, number(1)), word)
        case Derivative(local=False) | Entry(base=Derivative(local=False, at=None)):
            found = entry_form(part)
            if found is not None:
                yield from _named(_entry(*found, scene), found[0], found[2], scene)


def _named(result: Tensor | None, of: Symbol, by: Symbol, scene: Scene) -> Iterator[Made]:
    yield from _told(result, f"∂{scene.name(of.name)}/∂{scene.name(by.name)}")


def _told(result: Tensor | None, word: str) -> Iterator[Made]:
    """As it comes, and with its numbers multiplied together."""
    if result is not None:
        yield result, word
        yield everywhere(result, lambda part: next(one_number(part), None)), word


def _definition(of: Symbol, by: Symbol, scene: Scene) -> Tensor | None:
    """The definition of u, if it alone tells how u changes with v."""
    if of is by or of not in scene.graph or by not in scene.graph.parents[of]:
        return None
    others = [p for p in scene.graph.parents[of] if p is not by]
    if any(scene.graph.depends(other, by) for other in others):
        return None
    return scene.graph.definitions[of] if plain(scene.graph.definitions[of]) else None


def _jacobian(of: Symbol, by: Symbol, scene: Scene) -> Tensor | None:
    definition = _definition(of, by, scene)
    if definition is None:
        return None
    if of.shape:
        return jacobian(definition, by)
    return pulled_back(definition, by, number(1)) or _by_places(definition, by)


def _by_places(definition: Tensor, by: Symbol) -> Tensor | None:
    """∂u/∂v of a sum over indices: its entry, then the tensor of which that is the entry."""
    places = fresh_indices(by.shape, "abcd")
    if places is None or not places:
        return None
    below = entry_derivative(definition, (), by, places)
    return None if below is None else whole(below, places)


def jacobian(tensor: Tensor, by: Symbol) -> Tensor | None:
    """∂tensor/∂v of a vector in a vector or number, where it is a matrix or vector of the notation."""
    if by not in symbols_in(tensor):
        return None
    match tensor:
        case Variable() if not by.shape:
            return number(1)
        case Variable():
            return made("eye", params=by.shape[:1]) if len(by.shape) == 1 else None
        case Apply(op="add" | "sub" as op, args=(left, right)):
            a, b = jacobian(left, by), jacobian(right, by)
            if a is not None and b is not None:
                return made(op, a, b)
            if b is None and by not in symbols_in(right):
                return _repeated(a, left, tensor)
            if a is None and b is not None and by not in symbols_in(left):
                return _repeated(b if op == "add" else made("neg", b), right, tensor)
        case Apply(op="neg", args=(inner,)):
            below = jacobian(inner, by)
            return None if below is None else made("neg", below)
        case Apply(op="matmul", args=(left, right)) if by not in symbols_in(left) and len(right.shape) == 1:
            below = jacobian(right, by)
            if below is not None and len(left.shape) == 2:
                return left if _is_eye(below) else made("matmul", left, below)
        case Apply(op="mul", args=(left, right)):
            for factor, other in ((left, right), (right, left)):
                if isinstance(factor, Variable) and not by.shape and by not in symbols_in(other):
                    return other if not factor.shape else None
    outer = outer_derivative(tensor)
    if outer is not None and len(tensor.shape) == 1:
        factor, inner = outer
        below = jacobian(inner, by)
        if below is not None and len(by.shape) == 1:
            diagonal = made("diag", factor)
            return diagonal if _is_eye(below) else made("matmul", diagonal, below)
    return None


def _repeated(below: Tensor | None, term: Tensor, tensor: Tensor) -> Tensor | None:
    """The derivative of one term of a sum; a number is repeated along the axes of the sum."""
    if below is None or term.shape == tensor.shape:
        return below
    return times(below, made("ones", params=tensor.shape)) if not below.shape else None


def _is_eye(tensor: Tensor) -> bool:
    return isinstance(tensor, Apply) and tensor.op == "eye"


def pulled_back(tensor: Tensor, by: Symbol, G: Tensor) -> Tensor | None:
    """Σ G ∂tensor/∂v for a G of the shape of the tensor: the gradient of ⟨G, tensor⟩ in v."""
    if by not in symbols_in(tensor):
        return None
    match tensor:
        case Variable():
            return G
        case Apply(op="add" | "sub" as op, args=(left, right)) if left.shape == right.shape == G.shape:
            a, b = pulled_back(left, by, G), pulled_back(right, by, G)
            if a is not None and b is not None:
                return made(op, a, b)
            if b is None and by not in symbols_in(right):
                return a
            if a is None and b is not None and by not in symbols_in(left):
                return b if op == "add" else made("neg", b)
            return None
        case Apply(op="neg", args=(inner,)):
            below = pulled_back(inner, by, G)
            return None if below is None else made("neg", below)
        case Apply(op="transpose", args=(inner,)):
            return pulled_back(inner, by, flipped(G))
        case Apply(op="sumall", args=(inner,)):
            if isinstance(inner, Variable):
                return times(G, made("ones", params=inner.shape))
            outer = outer_derivative(inner)
            if outer is None:
                return None
            return pulled_back(outer[1], by, times(G, outer[0]))
        case Apply(op="matmul", args=(left, right)):
            return _through_product(left, right, by, G)
        case Apply(op="mul", args=(left, right)):
            return _through_factors(left, right, by, G)
        case Apply(op="div", args=(above, below)) if by not in symbols_in(below) and above.shape == G.shape:
            return pulled_back(above, by, made("div", G, below))
        case Call(function=function, args=(inner,)) if not function.elementwise and not tensor.shape:
            order = (tensor.derivatives or (0,))[0] + 1
            gradient = Call(inner.shape, function, (inner,), (order,))
            return pulled_back(inner, by, times(G, gradient))
    outer = outer_derivative(tensor)
    if outer is not None and outer[0].shape == tensor.shape:
        return pulled_back(outer[1], by, times(G, outer[0]))
    return None


def _through_product(left: Tensor, right: Tensor, by: Symbol, G: Tensor) -> Tensor | None:
    in_left, in_right = by in symbols_in(left), by in symbols_in(right)
    if in_left and in_right:
        return None
    ranks = (len(left.shape), len(right.shape))
    try:
        if in_right:
            if ranks == (1, 1):
                return pulled_back(right, by, times(G, left))
            if ranks[0] == 2:
                return pulled_back(right, by, made("matmul", transposed(left), G))
            return None
        if ranks == (1, 1):
            return pulled_back(left, by, times(G, right))
        if ranks == (2, 1):
            return pulled_back(left, by, made("outer", G, right))
        if ranks == (2, 2):
            return pulled_back(left, by, made("matmul", G, transposed(right)))
    except SymcheckError:
        return None
    return None


def _through_factors(left: Tensor, right: Tensor, by: Symbol, G: Tensor) -> Tensor | None:
    for factor, other in ((left, right), (right, left)):
        if by in symbols_in(factor) and by not in symbols_in(other):
            if factor.shape == G.shape:
                return pulled_back(factor, by, times(G, other))
            if not factor.shape and len(G.shape) == 1 and other.shape == G.shape:
                return pulled_back(factor, by, made("matmul", G, other))
    return None


def _entry(of: Symbol, of_at: Places, by: Symbol, by_at: Places, scene: Scene) -> Tensor | None:
    """∂w[k]/∂v[i,j] of w = V x, w = f(v), w = v + …, by indices."""
    definition = _definition(of, by, scene)
    if definition is None:
        return None
    return entry_derivative(definition, of_at, by, by_at)


def entry_derivative(tensor: Tensor, at: Places, by: Symbol, by_at: Places) -> Tensor | None:
    """∂tensor[k]/∂v[j], with δ where v itself is met; None where it has another form."""
    match tensor:
        case Variable(symbol=symbol) if symbol is by:
            return _same_places(at, by_at)
        case Entry(base=Variable(symbol=symbol), closed=indices) if symbol is by:
            return _same_places(indices, by_at)
        case IndexSum(indices=bound, body=body):
            below = entry_derivative(body, at, by, by_at)
            return None if below is None else contracted(IndexSum((), bound, below))
        case Apply(op="mul", args=(left, right)) if by in symbols_in(left) or by in symbols_in(right):
            return _entry_of_factors(left, right, at, by, by_at)
        case Apply(op="div", args=(above, below_line)) if by not in symbols_in(below_line):
            below = entry_derivative(above, at, by, by_at)
            return None if below is None else made("div", below, placed(below_line, at))
        case Apply(op="add" | "sub" as op, args=(left, right)) if left.shape == right.shape:
            a = entry_derivative(left, at, by, by_at) if by in symbols_in(left) else None
            b = entry_derivative(right, at, by, by_at) if by in symbols_in(right) else None
            if by in symbols_in(left) and by in symbols_in(right):
                return None if a is None or b is None else made(op, a, b)
            if by in symbols_in(left):
                return a
            return b if b is None or op == "add" else made("neg", b)
        case Apply(op="matmul", args=(left, right)):
            return _entry_of_product(left, right, at, by, by_at)
    outer = outer_derivative(tensor)
    if outer is not None and by in symbols_in(outer[1]):
        below = entry_derivative(outer[1], at, by, by_at)
        if below is not None and outer[0].shape == tensor.shape:
            return times(Entry((), outer[0], at) if at else outer[0], below)
    return None


def _same_places(mine: Places, other: Places) -> Tensor:
    """∂v[i]/∂v[j] = δ(i,j), 1 where both are one index."""
    return times(*(Delta((), i, j) for i, j in zip(mine, other, strict=True) if i is not j))


def placed(tensor: Tensor, at: Places) -> Tensor:
    """The entry of what is repeated along the axes it lacks."""
    return Entry((), tensor, at[len(at) - len(tensor.shape) :]) if tensor.shape else tensor


def _entry_of_factors(left: Tensor, right: Tensor, at: Places, by: Symbol, by_at: Places) -> Tensor | None:
    parts = []
    for factor, other in ((left, right), (right, left)):
        if by in symbols_in(factor):
            below = entry_derivative(factor, at[len(at) - len(factor.shape) :], by, by_at)
            if below is None:
                return None
            parts.append((1, times(placed(other, at), below)))
    return total(parts)


def contracted(tensor: IndexSum) -> Tensor:
    """The sum with every δ contracted that can be."""
    result: Tensor = tensor
    while isinstance(result, IndexSum):
        following = next(_summed(result), None)
        if following is None:
            break
        result = following
    return result


def _entry_of_product(left: Tensor, right: Tensor, at: Places, by: Symbol, by_at: Places) -> Tensor | None:
    rows = len(left.shape) - 1
    if isinstance(left, Variable) and left.symbol is by and by not in symbols_in(right):
        # ∂(Σₗ V[k,l] x[l])/∂V[i,j] = δ(k,i) x[j]
        *before, last = by_at
        return times(_same_places(at[:rows], tuple(before)), Entry((), right, (last, *at[rows:])))
    if isinstance(right, Variable) and right.symbol is by and by not in symbols_in(left):
        first, *after = by_at
        return times(_same_places(at[rows:], tuple(after)), Entry((), left, (*at[:rows], first)))
    return None


@rule("δ contracts", on=(Apply, IndexSum), formal=True)
def delta_contracts(part: Tensor, scene: Scene) -> Iterator[Made]:
    """Σₖ δ(k,i) aₖ = aᵢ; A I = A, u diag(v) = u ⊙ v; ∂u/∂u = I."""
    match part:
        case IndexSum():
            yield from _summed(part)
        case Apply(op="matmul" | "contract", args=(left, right)):
            if len(left.shape) == 1 and isinstance(right, Apply) and right.op == "diag":
                yield made("mul", left, right.args[0])
            elif len(right.shape) == 1 and isinstance(left, Apply) and left.op == "diag":
                yield made("mul", left.args[0], right)
            elif _is_eye(right) and part.shape == left.shape:
                yield left
            elif _is_eye(left) and part.shape == right.shape:
                yield right
        case Apply(op="mul", args=(left, right)):
            if isinstance(left, Delta) and left.left is left.right:
                yield right


def _summed(part: IndexSum) -> Iterator[Tensor]:
    for bound in part.indices:
        for mark in _deltas(part.body):
            if bound in (mark.left, mark.right) and mark.left is not mark.right:
                other = mark.right if mark.left is bound else mark.left
                rest = _without(part.body, mark)
                if rest is not None:
                    others = tuple(i for i in part.indices if i is not bound)
                    yield sum_over(others, reindexed(rest, {bound: other}))


def _deltas(body: Tensor) -> list[Delta]:
    match body:
        case Delta():
            return [body]
        case Apply(op="mul", args=(left, right)):
            return _deltas(left) + _deltas(right)
        case Apply(op="div", args=(above, _)):
            return _deltas(above)
    return []


def _without(body: Tensor, mark: Delta) -> Tensor | None:
    """The product without one factor."""
    if body is mark:
        return number(1)
    match body:
        case Apply(op="mul", args=(left, right)):
            if mark in _deltas(left):
                inner = _without(left, mark)
                return None if inner is None else times(inner, right)
            inner = _without(right, mark)
            return None if inner is None else times(left, inner)
        case Apply(op="div", args=(above, below)):
            inner = _without(above, mark)
            return None if inner is None else made("div", inner, below)
    return None


@rule("one term of the sum", on=(IndexSum,))
def one_term(part: Tensor, scene: Scene) -> Iterator[Made]:
    """Σₖ ∂u/∂w[k] ∂w[k]/∂v[i] = ∂u/∂w[i] ∂w[i]/∂v[i], where w[k] depends on v[i] for k = i alone."""
    if not isinstance(part, IndexSum) or len(part.indices) != 1:
        return
    (bound,) = part.indices
    for factor in _factors(part.body):
        found = entry_form(factor)
        if found is None:
            continue
        of, of_at, by, by_at = found
        definition = _definition(of, by, scene)
        if definition is None or bound not in of_at:
            continue
        entry = entry_derivative(definition, of_at, by, by_at)
        for mark in _deltas(entry) if entry is not None else []:
            if bound in (mark.left, mark.right):
                other = mark.right if mark.left is bound else mark.left
                yield reindexed(part.body, {bound: other})


def _factors(body: Tensor) -> list[Tensor]:
    match body:
        case Apply(op="mul", args=(left, right)):
            return _factors(left) + _factors(right)
        case Apply(op="div", args=(above, _)):
            return _factors(above)
    return [body]
