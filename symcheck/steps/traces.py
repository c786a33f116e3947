"""Rules about traces and transposes."""

from __future__ import annotations

from collections.abc import Iterator

from symcheck.language.tensor import Apply, Tensor
from symcheck.steps.registry import Made, Scene, rule
from symcheck.steps.views import factors, made, product, transposed


@rule("tr AB = tr BA", on=(Apply,), both_ways=True, formal=True)
def trace_is_cyclic(part: Tensor, scene: Scene) -> Iterator[Made]:
    """tr(A B ⋯ C) = tr(B ⋯ C A)."""
    if isinstance(part, Apply) and part.op == "tr":
        chain = factors(part.args[0])
        for cut in range(1, len(chain)):
            yield made("tr", product(chain[cut:] + chain[:cut]))


@rule("tr Aᵀ = tr A", on=(Apply,), both_ways=True, formal=True)
def trace_of_transpose(part: Tensor, scene: Scene) -> Iterator[Made]:
    """tr(Aᵀ) = tr(A)."""
    if isinstance(part, Apply) and part.op == "tr":
        yield made("tr", transposed(part.args[0]))


@rule("(AB)ᵀ = BᵀAᵀ", on=(Apply,), both_ways=True, formal=True)
def transpose_of_product(part: Tensor, scene: Scene) -> Iterator[Made]:
    """(A B ⋯ C)ᵀ = Cᵀ ⋯ Bᵀ Aᵀ, (u ⊗ v)ᵀ = v ⊗ u; a column is its own transpose: A u = u Aᵀ."""
    match part:
        case Apply(op="transpose", args=(Apply(op="matmul") as inner,)):
            yield product([transposed(factor) for factor in reversed(factors(inner))])
        case Apply(op="transpose", args=(Apply(op="outer", args=(left, right)),)):
            yield made("outer", right, left)
        case Apply(op="matmul") if len(part.shape) < 2:
            yield product([transposed(factor) for factor in reversed(factors(part))])
        case Apply(op="contract", params=(1,), args=(left, right)) if len(left.shape) == 1:
            if len(right.shape) == 2:
                yield made("matmul", transposed(right), left)
