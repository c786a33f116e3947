"""Inverse, determinant and what is made of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from symcheck.errors import BadCall, ShapeMismatch
from symcheck.language.indexed import Node, Table
from symcheck.language.operand import Axis, View
from symcheck.language.registry import ShapeRule
from symcheck.language.shape import SameSize, Shape, show_shape
from symcheck.operations import compound
from symcheck.operations.contraction import delta, total
from symcheck.operations.stating import fits, operation, rank, square

Axes = tuple[Axis, ...]
Params = tuple[Any, ...]
Shapes = tuple[Shape, ...]


def _square(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    square(shapes[0], "a determinant", same)
    return ()


def _square_or_number(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    if shapes[0]:
        square(shapes[0], "inv", same)
    return shapes[0]


def _inverse_entry(table: Table, x: View, p: Axis, q: Axis) -> Node:
    row, col = x.axis(0, "l"), x.axis(1, "m")
    if len(row) != 1:
        return compound.inverse(table, x[(row, col)], row, col, p, q)
    return table.inverse(row[0], col[0], x[(row, col)], p[0], q[0])


@operation(shape=_square_or_number, latex="{0}^{{-1}}")
def inv(table: Table, out: Axes, params: Params, x: View) -> Node:
    """inv(X) X = eye(n); of a number 1/x."""
    if not x.shape:
        return 1 / x[()]
    return _inverse_entry(table, x, out[0], out[1])


def _of_square(what: str) -> ShapeRule:
    def shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
        square(shapes[0], what, same)
        return shapes[0]

    return shape


def _entry_of(name: str, table: Table, x: View, p: Axis, q: Axis) -> Node:
    """Entry (p, q) of the matrix `name` that is made of x."""
    row, col = x.axis(0, "l"), x.axis(1, "m")
    if len(row) != 1 or len(col) != 1:
        raise ShapeMismatch(f"{name} of a matrix with axes of compound size", code="SC020")
    return table.matrix(name, row[0], col[0], x[(row, col)], p[0], q[0])


@operation(shape=_of_square("adj"))
def adj(table: Table, out: Axes, params: Params, x: View) -> Node:
    """adj(X) = the transposed matrix of cofactors, det(X) inv(X) where X is invertible."""
    return _entry_of("adj", table, x, *out)


@operation(shape=_of_square("chol"))
def chol(table: Table, out: Axes, params: Params, x: View) -> Node:
    """chol(A) = the lower triangular L with L Lᵀ = A and Lᵢᵢ > 0, of the lower triangle of a symmetric A."""
    return _entry_of("chol", table, x, *out)


def _turned(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    rank(shapes[0], 2, "pinv")
    return shapes[0][::-1]


@operation(shape=_turned, latex="{0}^{{+}}")
def pinv(table: Table, out: Axes, params: Params, x: View) -> Node:
    """pinv(X) = P with X P X = X, P X P = P and both X P and P X symmetric: Moore and Penrose."""
    return _entry_of("pinv", table, x, *out)


@operation(shape=_of_square("expm"))
def expm(table: Table, out: Axes, params: Params, x: View) -> Node:
    """expm(X) = Σₖ Xᵏ/k!, the exponential of a matrix."""
    return _entry_of("expm", table, x, *out)


@operation(shape=_of_square("logm"))
def logm(table: Table, out: Axes, params: Params, x: View) -> Node:
    """logm(X) = the principal logarithm of a matrix without eigenvalues ≤ 0: expm(logm(X)) = X."""
    return _entry_of("logm", table, x, *out)


@operation(shape=_of_square("sinm"))
def sinm(table: Table, out: Axes, params: Params, x: View) -> Node:
    """sinm(X) = X − X³/3! + X⁵/5! − …, the sine of a matrix."""
    return _entry_of("sinm", table, x, *out)


@operation(shape=_of_square("cosm"))
def cosm(table: Table, out: Axes, params: Params, x: View) -> Node:
    """cosm(X) = 1 − X²/2! + X⁴/4! − …, the cosine of a matrix."""
    return _entry_of("cosm", table, x, *out)


@operation(shape=_square, latex=r"\det({0})")
def det(table: Table, out: Axes, params: Params, x: View) -> Node:
    """det(X): the determinant."""
    row, col = x.axis(0, "l"), x.axis(1, "m")
    if len(row) != 1:
        return compound.determinant(table, x[(row, col)], row, col)
    return table.det(row[0], col[0], x[(row, col)])


@operation(shape=_square)
def logdet(table: Table, out: Axes, params: Params, x: View) -> Node:
    """logdet(X) = log |det(X)|."""
    row, col = x.axis(0, "l"), x.axis(1, "m")
    if len(row) != 1:
        return compound.logdet(table, x[(row, col)], row, col)
    return table.logdet(row[0], col[0], x[(row, col)])


def _solve_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    square(shapes[0], "solve", same)
    if not 1 <= len(shapes[1]) <= 2:
        raise ShapeMismatch(f"solve with a right side of shape {show_shape(shapes[1])}")
    fits(shapes[0], shapes[1], "solve", same)
    return shapes[1]


@operation(shape=_solve_shape, arity=2)
def solve(table: Table, out: Axes, params: Params, a: View, b: View) -> Node:
    """solve(A, B) = inv(A) B."""
    k = a.axis(1)
    return total(table, (k,), _inverse_entry(table, a, out[0], k) * b[(k, *out[1:])])


def _mpow_shape(shapes: Shapes, params: Params, same: SameSize) -> Shape:
    square(shapes[0], "mpow", same)
    if not params or not isinstance(params[0], int):
        raise BadCall("mpow(X, k) needs an integer literal k")
    if abs(params[0]) > 64:
        raise BadCall("mpow with an exponent beyond 64", code="SC002")
    return shapes[0]


@operation(shape=_mpow_shape)
def mpow(table: Table, out: Axes, params: Params, x: View) -> Node:
    """mpow(X, k) = X X ⋯ X, k factors; mpow(X, 0) = eye(n), mpow(X, −k) = inv(mpow(X, k))."""
    k = params[0]
    if k == 0:
        return delta(table, out[0], out[1])
    places = [out[0], *(x.axis(0) for _ in range(abs(k) - 1)), out[1]]
    if k > 0:
        factors = [x[(i, j)] for i, j in pairwise(places)]
    else:
        factors = [_inverse_entry(table, x, i, j) for i, j in pairwise(places)]
    return total(table, tuple(places[1:-1]), table.mul(*factors))
