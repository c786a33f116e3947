"""Layout conventions become equations here, and nowhere else.

`claim_equation` turns a record (f, wrt, claim, convention) into left and right; `laid_out` lays out
a Leibniz fraction in a line of text under the convention in force.  X stands for `wrt`, G for the
plain gradient, G[i, j] = ∂f/∂X[i, j].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from symcheck.errors import BadCall, NotSupported, ReadError, ShapeMismatch
from symcheck.language.shape import SameSize, Shape, same_name, show_shape
from symcheck.language.tensor import (
    Derivative,
    Index,
    Span,
    Symbol,
    Tensor,
    apply,
    variable,
)


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """The derivative that a record asks for."""

    f: Tensor
    wrt: Symbol
    at: tuple[Index | int, ...] | None = None
    """The entry of `wrt`, in the index convention."""
    order: int = 1
    cotangent: Symbol | None = None
    """``g`` of a vjp."""
    direction: Symbol | None = None
    """``dX`` of a differential."""
    tangent: Symbol | None = None
    """``v`` of a jvp or a Hessian-vector product."""
    span: Span | None = None
    same: SameSize = field(default=same_name)


def derived(body: Tensor, by: Symbol, span: Span | None = None) -> Derivative:
    """∂body/∂by: the axes of the body, then those of the variable."""
    return Derivative(body.shape + by.shape, body, by, span=span)


def _derivative(asked: Asked) -> Tensor:
    """Derivative by a scalar, with the shape of f; `order` times."""
    if asked.wrt.shape:
        raise _unfit(asked, "derivative", "a scalar variable; write gradient, numerator or index")
    result = asked.f
    for _ in range(asked.order):
        result = derived(result, asked.wrt, asked.span)
    return result


def _gradient(asked: Asked) -> Tensor:
    """Of a scalar f, with the shape of X: G."""
    if asked.f.shape:
        raise _unfit(asked, "gradient", "a scalar f; write numerator, vjp or index for others")
    return derived(asked.f, asked.wrt, asked.span)


def _numerator(asked: Asked) -> Tensor:
    """J[i, j] = ∂f[i]/∂x[j]; of a scalar f by a matrix Gᵀ."""
    _at_most_jacobian(asked, "numerator")
    return laid_out(derived(asked.f, asked.wrt, asked.span), asked.f.shape, asked.wrt.shape, "numerator")


def _denominator(asked: Asked) -> Tensor:
    """Jᵀ, entry [i, j] is ∂f[j]/∂x[i]; of a scalar f: G."""
    _at_most_jacobian(asked, "denominator")
    return laid_out(derived(asked.f, asked.wrt, asked.span), asked.f.shape, asked.wrt.shape, "denominator")


def _at_most_jacobian(asked: Asked, convention: str) -> None:
    """A matrix by a scalar or a scalar by a matrix, a vector by a vector, and what is less."""
    if len(asked.f.shape) + len(asked.wrt.shape) > 2:
        raise _unfit(asked, convention, "a vector by a vector, or a scalar")


def _vjp(asked: Asked) -> Tensor:
    """Gradient by X of sumall(g * f), g constant with the shape of f."""
    if asked.cotangent is None:
        raise ReadError("a vjp needs g, with the shape of f, among the symbols", hint='"g": […]')
    if len(asked.cotangent.shape) != len(asked.f.shape) or not all(
        map(asked.same, asked.cotangent.shape, asked.f.shape)
    ):
        raise ShapeMismatch(
            f"g is {show_shape(asked.cotangent.shape)}, f is {show_shape(asked.f.shape)}: "
            "the cotangent has the shape of f",
        )
    weighted: Tensor = apply("mul", variable(asked.cotangent), asked.f, same=asked.same, span=asked.f.span)
    if weighted.shape:
        weighted = apply("sumall", weighted, span=asked.f.span)
    return derived(weighted, asked.wrt, asked.span)


def _differential(asked: Asked) -> Tensor:
    """d/dt f(X + t dX) at t = 0, with the shape of f."""
    if asked.direction is None:
        name = asked.wrt.name
        raise ReadError(f"a differential needs d{name}, with the shape of {name}, among the symbols")
    if len(asked.direction.shape) != len(asked.wrt.shape) or not all(
        map(asked.same, asked.direction.shape, asked.wrt.shape)
    ):
        raise ShapeMismatch(
            f"{asked.direction.name} is {show_shape(asked.direction.shape)}, "
            f"{asked.wrt.name} is {show_shape(asked.wrt.shape)}: a direction has the shape of its variable",
        )
    return _along(asked, asked.f, asked.direction)


def _along(asked: Asked, body: Tensor, direction: Symbol) -> Tensor:
    """The derivative of the body along a direction."""
    slope = derived(body, asked.wrt, asked.span)
    if not asked.wrt.shape:
        return apply("mul", slope, variable(direction), same=asked.same, span=asked.span)
    rank = len(asked.wrt.shape)
    return apply("contract", slope, variable(direction), params=(rank,), same=asked.same, span=asked.span)


def _tangent(asked: Asked, convention: str) -> Symbol:
    if asked.tangent is None:
        raise ReadError(f"a {convention} needs v, with the shape of {asked.wrt.name}, among the symbols")
    if len(asked.tangent.shape) != len(asked.wrt.shape) or not all(
        map(asked.same, asked.tangent.shape, asked.wrt.shape)
    ):
        raise ShapeMismatch(
            f"v is {show_shape(asked.tangent.shape)}, {asked.wrt.name} is {show_shape(asked.wrt.shape)}: "
            "a tangent has the shape of its variable",
        )
    return asked.tangent


def _jvp(asked: Asked) -> Tensor:
    """d/dt f(X + t v) at t = 0, with the shape of f."""
    return _along(asked, asked.f, _tangent(asked, "jvp"))


def _hvp(asked: Asked) -> Tensor:
    """Of a scalar f: d/dt ∇f(X + t v) at t = 0, with the shape of X."""
    if asked.f.shape:
        raise _unfit(asked, "hvp", "a scalar f")
    return _along(asked, derived(asked.f, asked.wrt, asked.span), _tangent(asked, "hvp"))


def _index(asked: Asked) -> Tensor:
    """One entry of the derivative, for every value of the free indices."""
    shape = asked.f.shape + (asked.wrt.shape if asked.at is None else ())
    return Derivative(shape, asked.f, asked.wrt, asked.at, span=asked.span)


def _hessian(asked: Asked) -> Tensor:
    """Of a scalar f, X vector: H[i, j] = ∂²f/∂x[i]∂x[j]."""
    if asked.f.shape or len(asked.wrt.shape) > 1:
        raise _unfit(asked, "hessian", "a scalar f and a vector X")
    return derived(derived(asked.f, asked.wrt, asked.span), asked.wrt, asked.span)


def _vec_numerator(asked: Asked) -> Tensor:
    """J[i, j] = ∂vec(f)[i]/∂vec(X)[j]; of a scalar f the row alone."""
    _stackable(asked, "vec-numerator")
    slope = derived(asked.f, asked.wrt, asked.span)
    return apply("flattened", slope, params=(len(asked.f.shape),), span=asked.span) if slope.shape else slope


def _vec_hessian(asked: Asked) -> Tensor:
    """Of a scalar f: H[i, j] = ∂²f/∂vec(X)[i]∂vec(X)[j]."""
    if asked.f.shape:
        raise _unfit(asked, "vec-hessian", "a scalar f")
    _stackable(asked, "vec-hessian")
    twice = derived(derived(asked.f, asked.wrt, asked.span), asked.wrt, asked.span)
    rank = len(asked.wrt.shape)
    return apply("flattened", twice, params=(rank,), span=asked.span) if rank else twice


def _stackable(asked: Asked, convention: str) -> None:
    if len(asked.f.shape) > 2 or len(asked.wrt.shape) > 2:
        raise _unfit(asked, convention, "matrices, vectors and numbers")


def _structured_symmetric(asked: Asked) -> Tensor:
    """Of a scalar f, X[i, j] and X[j, i] moving together: G + Gᵀ − diag(diagpart(G))."""
    plain, on_diagonal = _structured(asked, "structured-symmetric")
    both = apply("add", plain, apply("transpose", plain), same=asked.same)
    return apply("sub", both, on_diagonal, same=asked.same, span=asked.span)


def _structured_diagonal(asked: Asked) -> Tensor:
    """Of a scalar f, only the diagonal of X moving: diag(diagpart(G))."""
    return _structured(asked, "structured-diagonal")[1]


def _structured(asked: Asked, convention: str) -> tuple[Tensor, Tensor]:
    """G, and the diagonal matrix with its diagonal."""
    shape = asked.wrt.shape
    if asked.f.shape or len(shape) != 2 or not asked.same(*shape):
        raise _unfit(asked, convention, "a scalar f and a square matrix X")
    plain = derived(asked.f, asked.wrt, asked.span)
    diagonal = apply("diagpart", plain, same=asked.same, span=asked.span)
    return plain, apply("diag", diagonal, span=asked.span)


def _unfit(asked: Asked, convention: str, wanted: str) -> ShapeMismatch:
    return ShapeMismatch(
        f"{convention} takes {wanted}; f is {show_shape(asked.f.shape)}, "
        f"{asked.wrt.name} is {show_shape(asked.wrt.shape)}",
        span=asked.f.span,
    )


CONVENTIONS: Mapping[str, Callable[[Asked], Tensor]] = {
    "derivative": _derivative,
    "gradient": _gradient,
    "numerator": _numerator,
    "denominator": _denominator,
    "vjp": _vjp,
    "differential": _differential,
    "jvp": _jvp,
    "hvp": _hvp,
    "index": _index,
    "hessian": _hessian,
    "vec-numerator": _vec_numerator,
    "vec-hessian": _vec_hessian,
    "structured-symmetric": _structured_symmetric,
    "structured-diagonal": _structured_diagonal,
}
"""Name → the left side of the equation it means."""

LINE_CONVENTIONS = ("gradient", "numerator", "denominator")
"""Those that a line of text with Leibniz fractions may be written in."""


def claim_left(convention: str, asked: Asked) -> Tensor:
    """The left side that a convention means.  Errors: NotSupported (SC020), BadCall, ShapeMismatch."""
    build = CONVENTIONS.get(convention)
    if build is None:
        known = ", ".join(CONVENTIONS)
        raise BadCall(f"no convention is called {convention!r}", hint=f"conventions: {known}")
    if asked.order != 1 and convention != "derivative":
        raise NotSupported(f"an order stands only with the convention derivative, not with {convention}")
    return build(asked)


def laid_out(derivative: Tensor, body: Shape, by: Shape, convention: str) -> Tensor:
    """A derivative with axes body + by, as the convention lays them out.

    numerator: a scalar by a matrix is transposed; denominator: a vector by a vector and a matrix by a scalar
    are.
    """
    turned = (convention == "numerator" and not body and len(by) == 2) or (
        convention == "denominator" and (len(body), len(by)) in ((1, 1), (2, 0))
    )
    return apply("transpose", derivative, span=derivative.span) if turned else derivative
