"""Products that sum over shared axes, transposes, and tensors made of deltas."""

from __future__ import annotations

from typing import Any

from symcheck.errors import ShapeMismatch
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.shape import SameSize, Shape, show_shape
from symcheck.operations.stating import fits, operation, rank, square, whole

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]
Shapes = tuple[Shape, ...]


def delta(table: Table, i: Axis, j: Axis) -> Node:
    """δ of two axes: the product of the deltas of their indices."""
    return table.mul(*(table.delta(a, b) for a, b in zip(i, j, strict=True)))


def total(table: Table, axes: Axes, body: Node) -> Node:
    """Σ over every index of these axes."""
    return table.sum((i for axis in axes for i in axis), body)


def _matmul_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    left, right = shapes
    if not 1 <= len(left) <= 2 or not 1 <= len(right) <= 2:
        hint = "a number is multiplied with *" if () in shapes else None
        raise ShapeMismatch(f"@ of {show_shape(left)} and {show_shape(right)}", hint=hint)
    hint = None
    if not same(left[-1], right[0]):
        if len(left) == 2 and same(left[0], right[0]):
            hint = "the first factor transposed would fit: write .T"
        elif len(right) == 2 and same(left[-1], right[-1]):
            hint = "the second factor transposed would fit: write .T"
        elif len(left) == len(right) == 1:
            hint = "the product of a column and a row is outer(u, v)"
    fits(left, right, "the product", same, hint)
    return left[:-1] + right[1:]


@operation(shape=_matmul_shape, arity=2, infix="@")
def matmul(table: Table, out: Axes, params: Params, x: View, y: View) -> Node:
    """(X Y)ᵢⱼ = Σₖ Xᵢₖ Yₖⱼ; of vectors the sum of products."""
    k = x.axis(-1)
    rows = len(x.shape) - 1
    return total(table, (k,), x[(*out[:rows], k)] * y[(k, *out[rows:])])


def _transposed(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    if len(shapes[0]) > 2:
        raise ShapeMismatch(f"the transpose of {show_shape(shapes[0])}")
    return shapes[0][::-1]


@operation(shape=_transposed, latex=r"{0}^\top")
def transpose(table: Table, out: Axes, params: Params, x: View) -> Node:
    """(Xᵀ)ᵢⱼ = Xⱼᵢ; a vector is its own transpose."""
    return x[out[::-1]]


def _outer_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    rank(shapes[0], 1, "outer")
    rank(shapes[1], 1, "outer")
    return shapes[0] + shapes[1]


@operation(shape=_outer_shape, arity=2, latex=r"{0} \otimes {1}")
def outer(table: Table, out: Axes, params: Params, u: View, v: View) -> Node:
    """outer(u, v)ᵢⱼ = uᵢ vⱼ."""
    return u[out[:1]] * v[out[1:]]


def _kron_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    left, right = shapes
    rank(left, 2, "kron")
    rank(right, 2, "kron")
    whole(left + right, "kron")
    return (left[0] + right[0], left[1] + right[1])


@operation(shape=_kron_shape, arity=2, latex=r"{0} \otimes {1}")
def kron(table: Table, out: Axes, params: Params, x: View, y: View) -> Node:
    """kron(X, Y) at row (i, k), column (j, l) = Xᵢⱼ Yₖₗ."""
    (rows, cols), left = out, x.shape
    cut, slit = len(left[0]), len(left[1])
    return x[(rows[:cut], cols[:slit])] * y[(rows[cut:], cols[slit:])]


def _contract_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    left, right = shapes
    count = params[0]
    if count > min(len(left), len(right)):
        raise ShapeMismatch(f"{show_shape(left)} and {show_shape(right)} share no {count} axes")
    kept = len(left) - count
    for a, b in zip(left[kept:], right[:count], strict=True):
        if not same(a, b):
            raise ShapeMismatch(f"the links {show_shape(left)} and {show_shape(right)} of a chain do not fit")
    return left[:kept] + right[count:]


@operation(shape=_contract_shape, arity=2, latex=r"{0} \cdot {1}")
def contract(table: Table, out: Axes, params: Params, x: View, y: View) -> Node:
    """Σ over the last axes of x, which are the first of y: one link of a chain."""
    count = params[0]
    kept = len(x.shape) - count
    shared = tuple(y.axis(position) for position in range(count))
    return total(table, shared, x[(*out[:kept], *shared)] * y[(*shared, *out[kept:])])


def _inner_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    left, right = shapes
    if len(left) != len(right) or not all(map(same, left, right)):
        raise ShapeMismatch(f"inner of {show_shape(left)} and {show_shape(right)}, which are not alike")
    return ()


@operation(shape=_inner_shape, arity=2, latex=r"\langle {0}, {1} \rangle")
def inner(table: Table, out: Axes, params: Params, x: View, y: View) -> Node:
    """inner(X, Y) = Σᵢⱼ Xᵢⱼ Yᵢⱼ: the inner product of two vectors or matrices of one shape."""
    axes = tuple(x.axis(position) for position in range(len(x.shape)))
    return total(table, axes, x[axes] * y[axes])


def _trace_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    square(shapes[0], "tr", same)
    return ()


@operation(shape=_trace_shape, latex=r"\operatorname{{tr}}({0})")
def tr(table: Table, out: Axes, params: Params, x: View) -> Node:
    """tr X = Σᵢ Xᵢᵢ."""
    i = x.axis(0, "i")
    return total(table, (i,), x[(i, i)])


def _diag_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    rank(shapes[0], 1, "diag")
    return shapes[0] * 2


@operation(shape=_diag_shape)
def diag(table: Table, out: Axes, params: Params, v: View) -> Node:
    """diag(v)ᵢⱼ = δᵢⱼ vᵢ."""
    return delta(table, out[0], out[1]) * v[out[:1]]


def _diagpart_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    square(shapes[0], "diagpart", same)
    return shapes[0][:1]


@operation(shape=_diagpart_shape)
def diagpart(table: Table, out: Axes, params: Params, x: View) -> Node:
    """diagpart(X)ᵢ = Xᵢᵢ."""
    return x[(out[0], out[0])]


def _given(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    return tuple(params)


def _given_square(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    return (params[0], params[0])


@operation(shape=_given_square, arity=0)
def eye(table: Table, out: Axes, params: Params) -> Node:
    """eye(n)ᵢⱼ = δᵢⱼ."""
    return delta(table, out[0], out[1])


@operation(shape=_given, arity=0)
def ones(table: Table, out: Axes, params: Params) -> Node:
    """Every entry is 1."""
    return table.num(1)


@operation(shape=_given, arity=0)
def zeros(table: Table, out: Axes, params: Params) -> Node:
    """Every entry is 0."""
    return table.num(0)


def _cross_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    for shape in shapes:
        if len(shape) != 1 or not same(shape[0], (3,)):
            raise ShapeMismatch(f"cross needs vectors of length 3, this is {show_shape(shape)}")
    return shapes[0]


@operation(shape=_cross_shape, arity=2, latex=r"{0} \times {1}")
def cross(table: Table, out: Axes, params: Params, x: View, y: View) -> Node:
    """cross(x, y)₀ = x₁y₂ − x₂y₁, and cyclically."""
    ((i,),) = out
    at = [((table.literal(k, 3),),) for k in range(3)]

    def component(k: int) -> Node:
        a, b = at[(k + 1) % 3], at[(k + 2) % 3]
        return x[a] * y[b] - x[b] * y[a]

    return table.add(*(table.delta(i, at[k][0][0]) * component(k) for k in range(3)))


def _coefficient_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    rank(shapes[0], 0, "the coefficient of a differential")
    return shapes[1]


@operation(shape=_coefficient_shape, arity=2)
def coefficient(table: Table, out: Axes, params: Params, form: View, variable: View) -> Node:
    """coefficient(tr(Gᵀ dX) + …, X) = G: the factor of dX in a differential form."""
    place: tuple[Idx, ...] = tuple(i for axis in out for i in axis)
    symbol = variable[out].args[0]
    return table.D(form[()], table.differential_of(symbol), place)
