"""What each operation means on arrays of SymPy scalars, with loops and sums only.

Written from the notation's own description, not from the index laws of `operations`: the two are
compared with each other, so they share nothing but the table of scalar functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import sympy

from symcheck.operations.composed import COMPOSED
from symcheck.operations.elementwise import SCALAR
from symcheck.sympy_oracle.arrays import (
    Dense,
    Expr,
    NotExpressible,
    UndefinedHere,
    build,
    elementwise,
    places,
    rational,
)
from symcheck.sympy_oracle.functions import ceiling, floor, inverse_digamma, truncate, xlogy

LARGEST_DETERMINANT = 5

Meaning = Callable[..., Dense]
"""(params, *arrays) → array; sizes among the params are numbers already."""

DENSE: dict[str, Meaning] = {}

SIZED = frozenset({"eye", "ones", "zeros", "commut", "unvec", "gathered"})
"""The operations whose params are sizes."""


def means(*names: str) -> Callable[[Meaning], Meaning]:
    """Enter the decorated function as the meaning of these operations."""

    def keep(meaning: Meaning) -> Meaning:
        for name in names:
            assert name not in DENSE, name
            DENSE[name] = meaning
        return meaning

    return keep


def meaning_of(op: str) -> Meaning:
    """The meaning of an operation: its own, or that of the scalar or composed function of this name."""
    own = DENSE.get(op)
    if own is not None:
        return own
    scalar = SCALAR.get(op) or COMPOSED.get(op)
    if scalar is None:
        raise NotExpressible(f"{op} has no dense form")
    form = scalar.sympy

    def applied(params: Sequence[Any], *arrays: Dense) -> Dense:
        return elementwise(lambda *args: form(sympy, *args), *arrays)

    return applied


def total(entries: Sequence[Expr]) -> Expr:
    """Σ of the entries."""
    return sympy.Add(*entries)


def matrix(array: Dense) -> list[list[Expr]]:
    """The rows of a square or oblong matrix."""
    rows, cols = array.shape
    return [list(array.entries[k * cols : (k + 1) * cols]) for k in range(rows)]


def choose(sign: str, left: Expr, right: Expr, then: Expr, other: Expr) -> Expr:
    """`then` where left <sign> right, else `other`."""
    # Max, Abs and Heaviside have conventions of their own at 0, and derivatives with DiracDelta
    if then == other:
        return then
    relation = {"<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge, "==": sympy.Eq}[sign]
    try:
        condition = relation(left, right)
    except TypeError as error:
        raise NotExpressible("a comparison of numbers that are not real") from error
    if condition == sympy.true:
        return then
    if condition == sympy.false:
        return other
    return sympy.Piecewise((then, condition), (other, True), evaluate=False)


def absolute(value: Expr) -> Expr:
    """|value|."""
    return choose("<", value, sympy.Integer(0), -value, value)


# -- arithmetic and guards -----------------------------------------------------------------------


def entrywise(*names: str) -> Callable[[Callable[..., Expr]], Callable[..., Expr]]:
    """Enter the decorated scalar function, applied entry by entry, as the meaning of these operations."""

    def keep(function: Callable[..., Expr]) -> Callable[..., Expr]:
        means(*names)(lambda params, *arrays: elementwise(function, *arrays))
        return function

    return keep


entrywise("add")(lambda x, y: x + y)
entrywise("sub")(lambda x, y: x - y)
entrywise("mul")(lambda x, y: x * y)
entrywise("neg")(lambda x: -x)
entrywise("sqrt")(lambda x: x ** sympy.Rational(1, 2))
entrywise("rsqrt")(lambda x: x ** sympy.Rational(-1, 2))
entrywise("abs")(absolute)
entrywise("heaviside")(lambda x: choose(">", x, sympy.Integer(0), sympy.Integer(1), sympy.Integer(0)))
entrywise("relu")(lambda x: choose(">", x, sympy.Integer(0), x, sympy.Integer(0)))
entrywise("maximum")(lambda x, y: choose(">", x, y, x, y))
entrywise("minimum")(lambda x, y: choose("<", x, y, x, y))
entrywise("floor")(floor)
entrywise("ceil")(ceiling)
entrywise("trunc")(truncate)
entrywise("mod")(lambda x, y: x - y * floor(x / y))
entrywise("rem")(lambda x, y: x - y * truncate(x / y))
entrywise("invdigamma")(inverse_digamma)
entrywise("besselix")(lambda n, x: sympy.exp(-absolute(x)) * sympy.besseli(n, x))
entrywise("i0e")(lambda x: sympy.exp(-absolute(x)) * sympy.besseli(0, x))
entrywise("i1e")(lambda x: sympy.exp(-absolute(x)) * sympy.besseli(1, x))
entrywise("xlogx")(lambda x: xlogy(x, x))
entrywise("xlogy")(xlogy)
entrywise("xlog1py")(lambda x, y: xlogy(x, 1 + y))
entrywise("logsubexp")(lambda x, y: sympy.log((sympy.exp(x) - sympy.exp(y)) ** 2) / 2)


@entrywise("div")
def quotient(x: Expr, y: Expr) -> Expr:
    """x / y."""
    if y == 0:
        raise UndefinedHere("a division by 0")
    return x / y


@entrywise("pow")
def power(x: Expr, y: Expr) -> Expr:
    """x ** y."""
    if x == 0 and y.is_negative:
        raise UndefinedHere("a division by 0")
    return x**y


@entrywise("sign")
def sign(x: Expr) -> Expr:
    """1, 0 or −1."""
    zero, one = sympy.Integer(0), sympy.Integer(1)
    return choose(">", x, zero, one, choose("<", x, zero, -one, zero))


@means("where")
def where(params: Sequence[Any], left: Dense, right: Dense, then: Dense, other: Dense) -> Dense:
    """then where left <sign> right, else other."""
    return elementwise(lambda *group: choose(params[0], *group), left, right, then, other)


# -- products, transposes, tensors made of numbers -------------------------------------------------


@means("matmul")
def matmul(params: Sequence[Any], x: Dense, y: Dense) -> Dense:
    """Row times column."""
    return contract((1,), x, y)


@means("contract")
def contract(params: Sequence[Any], x: Dense, y: Dense) -> Dense:
    """Σ over the last `params[0]` axes of x, which are the first of y."""
    count = params[0]
    kept = len(x.shape) - count
    shared = x.shape[kept:]
    if shared != y.shape[:count]:
        raise NotExpressible(f"shapes {x.shape} and {y.shape} do not contract at these sizes")
    inner = 1
    for length in shared:
        inner *= length
    columns = len(y.entries) // inner
    entries = []
    for row in range(len(x.entries) // inner):
        left = x.entries[row * inner : (row + 1) * inner]
        for column in range(columns):
            entries.append(total([left[k] * y.entries[k * columns + column] for k in range(inner)]))
    return Dense(x.shape[:kept] + y.shape[count:], tuple(entries))


@means("transpose")
def transpose(params: Sequence[Any], x: Dense) -> Dense:
    """Rows become columns; a vector is its own transpose."""
    if len(x.shape) < 2:
        return x
    return build(x.shape[::-1], lambda i, j: x[j, i])


@means("outer")
def outer(params: Sequence[Any], u: Dense, v: Dense) -> Dense:
    """Column times row."""
    return build(u.shape + v.shape, lambda i, j: u[(i,)] * v[(j,)])


@means("kron")
def kron(params: Sequence[Any], x: Dense, y: Dense) -> Dense:
    """Every entry of x times the whole of y, as blocks."""
    p, q = y.shape
    shape = (x.shape[0] * p, x.shape[1] * q)
    return build(shape, lambda i, j: x[i // p, j // q] * y[i % p, j % q])


@means("vec")
def vec(params: Sequence[Any], x: Dense) -> Dense:
    """The columns, one below the other."""
    if len(x.shape) == 1:
        return x
    rows, cols = x.shape
    return build((rows * cols,), lambda k: x[k % rows, k // rows])


@means("unvec")
def unvec(params: Sequence[Any], x: Dense) -> Dense:
    """The columns beside each other again."""
    rows, cols = params
    return build((rows, cols), lambda i, j: x[(j * rows + i,)])


@means("flattened")
def flattened(params: Sequence[Any], x: Dense) -> Dense:
    """The axes of f stacked, then those of the variable: ∂vec(f)/∂vec(X)."""
    cut = params[0]
    sides = [side for side in (x.shape[:cut], x.shape[cut:]) if side]

    def entry(*place: int) -> Expr:
        found: list[int] = []
        for side, flat in zip(sides, place, strict=True):
            for length in side:
                found.append(flat % length)
                flat //= length
        return x[tuple(found)]

    return build(tuple(prod(side) for side in sides), entry)


@means("commut")
def commut(params: Sequence[Any]) -> Dense:
    """The permutation matrix K with K vec(X) = vec(Xᵀ) for X m × n."""
    m, n = params
    # vec(Xᵀ) holds X[i, j] at i·n + j, vec(X) holds it at j·m + i
    return build((m * n, m * n), lambda r, c: sympy.Integer(r % n == c // m and r // n == c % m))


@means("cross")
def cross(params: Sequence[Any], x: Dense, y: Dense) -> Dense:
    """The vector product in three dimensions."""
    (a, b, c), (d, e, f) = x.entries, y.entries
    return Dense((3,), (b * f - c * e, c * d - a * f, a * e - b * d))


@means("diag")
def diag(params: Sequence[Any], v: Dense) -> Dense:
    """A vector on the diagonal of a matrix of zeros."""
    return build(v.shape * 2, lambda i, j: v[(i,)] if i == j else sympy.Integer(0))


@means("diagpart")
def diagpart(params: Sequence[Any], x: Dense) -> Dense:
    """The diagonal."""
    return build(x.shape[:1], lambda i: x[i, i])


@means("eye")
def eye(params: Sequence[Any]) -> Dense:
    """Ones on the diagonal."""
    return build((params[0], params[0]), lambda i, j: sympy.Integer(i == j))


@means("ones")
def ones(params: Sequence[Any]) -> Dense:
    """Ones everywhere."""
    return build(tuple(params), lambda *place: sympy.Integer(1))


@means("zeros")
def zeros(params: Sequence[Any]) -> Dense:
    """Zeros everywhere."""
    return build(tuple(params), lambda *place: sympy.Integer(0))


@means("array")
def array(params: Sequence[Any]) -> Dense:
    """Given entry by entry, as nested tuples."""
    level, shape = [params[0]], []
    while isinstance(level[0], tuple):
        shape.append(len(level[0]))
        level = [part for parts in level for part in parts]
    return Dense(tuple(shape), tuple(map(rational, level)))


@means("rearranged")
def rearranged(params: Sequence[Any], x: Dense) -> Dense:
    """Axes of x at new places, repeated along those that it lacks."""
    places, shape = params
    return build(shape, lambda *at: x[tuple(at[k] for k in places)])


@means("summed")
def summed(params: Sequence[Any], x: Dense) -> Dense:
    """One sum for each place of the axes that stay."""
    stay = [axis for axis in range(len(x.shape)) if axis not in params]
    sums: dict[tuple[int, ...], list[Expr]] = {}
    for place, entry in zip(places(x.shape), x.entries, strict=True):
        sums.setdefault(tuple(place[axis] for axis in stay), []).append(entry)
    return build(tuple(x.shape[axis] for axis in stay), lambda *at: total(sums[at]))


@means("gathered")
def gathered(params: Sequence[Any], *entries: Dense) -> Dense:
    """The entries in a row, cut to a shape."""
    return Dense(tuple(params), tuple(entry.scalar for entry in entries))


@means("tril")
def tril(params: Sequence[Any], x: Dense) -> Dense:
    """The entries on and below the diagonal."""
    return build(x.shape, lambda i, j: x[i, j] if i >= j else sympy.Integer(0))


@means("triu")
def triu(params: Sequence[Any], x: Dense) -> Dense:
    """The entries on and above the diagonal."""
    return build(x.shape, lambda i, j: x[i, j] if i <= j else sympy.Integer(0))
