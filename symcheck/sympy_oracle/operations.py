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
    TooLarge,
    UndefinedHere,
    build,
    elementwise,
    number,
    rational,
)
from symcheck.sympy_oracle.functions import ceiling, floor, inverse_digamma, truncate, xlogy

LARGEST_DETERMINANT = 5

Meaning = Callable[..., Dense]
"""(params, *arrays) → array; sizes among the params are numbers already."""

DENSE: dict[str, Meaning] = {}

SIZED = frozenset({"eye", "ones", "zeros", "commut", "unvec"})
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


@means("tril")
def tril(params: Sequence[Any], x: Dense) -> Dense:
    """The entries on and below the diagonal."""
    return build(x.shape, lambda i, j: x[i, j] if i >= j else sympy.Integer(0))


@means("triu")
def triu(params: Sequence[Any], x: Dense) -> Dense:
    """The entries on and above the diagonal."""
    return build(x.shape, lambda i, j: x[i, j] if i <= j else sympy.Integer(0))


def along_rows(of_rows: Callable[[Dense], Dense]) -> Meaning:
    """What is done to every row, or to every column where the axis is 0."""

    def meaning(params: Sequence[Any], x: Dense) -> Dense:
        turned = len(x.shape) == 2 and tuple(params) == (0,)
        return transpose((), of_rows(transpose((), x))) if turned else of_rows(x)

    return meaning


def to_columns(of_rows: Callable[[Dense], Dense]) -> Meaning:
    """What is made of every row, or of every column where the axis is 0."""

    def meaning(params: Sequence[Any], x: Dense) -> Dense:
        return of_rows(transpose((), x) if len(x.shape) == 2 and tuple(params) == (0,) else x)

    return meaning


# -- sums and norms --------------------------------------------------------------------------------


@means("sumall")
def sumall(params: Sequence[Any], x: Dense) -> Dense:
    """Σ of all entries."""
    return number(total(x.entries))


@means("mean")
def mean(params: Sequence[Any], x: Dense) -> Dense:
    """Σ of all entries, or of those along an axis, over their number."""
    return reduced(params, x, average)


@means("var")
def var(params: Sequence[Any], x: Dense) -> Dense:
    """The mean of the squares less the square of the mean."""
    return reduced(params, x, spread)


@means("std")
def std(params: Sequence[Any], x: Dense) -> Dense:
    """The root of the variance."""
    return reduced(params, x, lambda entries: sympy.sqrt(spread(entries)))


@means("max")
def largest(params: Sequence[Any], x: Dense) -> Dense:
    """One entry after the other against the greatest so far."""
    return reduced(params, x, lambda entries: extreme(">", entries))


@means("min")
def least(params: Sequence[Any], x: Dense) -> Dense:
    """One entry after the other against the least so far."""
    return reduced(params, x, lambda entries: extreme("<", entries))


def extreme(sign: str, entries: Sequence[Expr]) -> Expr:
    """The entry that stands in the relation to all others."""
    found = entries[0]
    for entry in entries[1:]:
        found = choose(sign, entry, found, entry, found)
    return found


def average(entries: Sequence[Expr]) -> Expr:
    """Σ over the number."""
    return total(entries) / len(entries)


def spread(entries: Sequence[Expr]) -> Expr:
    """The variance, over n."""
    return average([entry**2 for entry in entries]) - average(entries) ** 2


def reduced(params: Sequence[Any], x: Dense, value: Callable[[Sequence[Expr]], Expr]) -> Dense:
    """A number made of all entries, or one for each line along an axis."""
    if not params:
        return number(value(x.entries))
    if len(x.shape) == 2 and params[0] == 0:
        x = transpose((), x)
    return Dense(x.shape[:-1], tuple(value(row.entries) for row in x.rows()))


@means("rowsum")
def rowsum(params: Sequence[Any], x: Dense) -> Dense:
    """One sum for each row."""
    return Dense(x.shape[:1], tuple(total(row.entries) for row in x.rows()))


@means("colsum")
def colsum(params: Sequence[Any], x: Dense) -> Dense:
    """One sum for each column."""
    return rowsum(params, transpose((), x))


@means("norm1")
def norm1(params: Sequence[Any], x: Dense) -> Dense:
    """Σ |xᵢ|."""
    return number(total([absolute(entry) for entry in x.entries]))


@means("norm2", "normF")
def norm2(params: Sequence[Any], x: Dense) -> Dense:
    """√Σ xᵢ²."""
    return number(sympy.sqrt(total([entry**2 for entry in x.entries])))


@means("cumsum")
@along_rows
def cumsum(x: Dense) -> Dense:
    """Sums from the beginning, along the last axis."""
    sums = [total(row.entries[: k + 1]) for row in x.rows() for k in range(len(row.entries))]
    return Dense(x.shape, tuple(sums))


@means("rcumsum")
@along_rows
def rcumsum(x: Dense) -> Dense:
    """Sums to the end, along the last axis."""
    sums = [total(row.entries[k:]) for row in x.rows() for k in range(len(row.entries))]
    return Dense(x.shape, tuple(sums))


# -- softmax and its relatives, along the last axis --------------------------------------------------


def partition(row: Dense) -> Expr:
    """Σ exp(xₘ)."""
    return total([sympy.exp(entry) for entry in row.entries])


@means("softmax")
@along_rows
def softmax(x: Dense) -> Dense:
    """exp(xᵢ) over the sum of all exponentials of the row."""
    return Dense(
        x.shape, tuple(sympy.exp(entry) / partition(row) for row in x.rows() for entry in row.entries)
    )


@means("logsoftmax")
@along_rows
def logsoftmax(x: Dense) -> Dense:
    """log softmax."""
    return Dense(
        x.shape, tuple(entry - sympy.log(partition(row)) for row in x.rows() for entry in row.entries)
    )


@means("logsumexp")
@to_columns
def logsumexp(x: Dense) -> Dense:
    """log of the sum of exponentials."""
    return Dense(x.shape[:-1], tuple(sympy.log(partition(row)) for row in x.rows()))


# -- normalising layers and attention ----------------------------------------------------------------


def standardised(row: Dense, eps: Expr) -> list[Expr]:
    """Less the mean, over the root of the variance and ε."""
    return [(entry - average(row.entries)) / sympy.sqrt(spread(row.entries) + eps) for entry in row.entries]


@means("layernorm")
def layernorm(params: Sequence[Any], x: Dense, *eps: Dense) -> Dense:
    """Every row standardised."""
    small = eps[0].scalar if eps else sympy.Integer(0)
    return Dense(x.shape, tuple(entry for row in x.rows() for entry in standardised(row, small)))


@means("batchnorm")
def batchnorm(params: Sequence[Any], x: Dense, *eps: Dense) -> Dense:
    """Every column standardised."""
    return transpose((), layernorm((), transpose((), x), *eps))


@means("rmsnorm")
def rmsnorm(params: Sequence[Any], x: Dense, *eps: Dense) -> Dense:
    """Every row over the root of its mean square and ε."""
    small = eps[0].scalar if eps else sympy.Integer(0)
    return Dense(
        x.shape,
        tuple(
            entry / sympy.sqrt(average([other**2 for other in row.entries]) + small)
            for row in x.rows()
            for entry in row.entries
        ),
    )


@means("attention")
def attention(params: Sequence[Any], q: Dense, k: Dense, v: Dense, *mask: Dense) -> Dense:
    """Values weighted by the softmax of the scaled products of queries and keys."""
    width = sympy.sqrt(q.shape[1])
    scores = matmul((), q, transpose((), k)).each(lambda entry: entry / width)
    if mask:
        scores = elementwise(lambda a, b: a + b, scores, mask[0])
    return matmul((), softmax((), scores), v)


# -- linear algebra ----------------------------------------------------------------------------------


def determinant(rows: list[list[Expr]]) -> Expr:
    """Expansion along the first row; exact for any entries, no pivots to divide by."""
    if not rows:
        return sympy.Integer(1)
    if len(rows) > LARGEST_DETERMINANT:
        raise TooLarge(f"a determinant of size {len(rows)}")
    terms = []
    for column, entry in enumerate(rows[0]):
        if entry == 0:
            continue
        minor = determinant([row[:column] + row[column + 1 :] for row in rows[1:]])
        terms.append((-1) ** column * entry * minor)
    return total(terms)


def cofactor(rows: list[list[Expr]], i: int, j: int) -> Expr:
    """The signed minor at (i, j)."""
    minor = [row[:j] + row[j + 1 :] for k, row in enumerate(rows) if k != i]
    return (-1) ** (i + j) * determinant(minor)


@means("inner")
def inner(params: Sequence[Any], x: Dense, y: Dense) -> Dense:
    """Σ of the products of entries at one place."""
    return number(total([a * b for a, b in zip(x.entries, y.entries, strict=True)]))


@means("tr")
def tr(params: Sequence[Any], x: Dense) -> Dense:
    """The sum of the diagonal."""
    return number(total([x[i, i] for i in range(x.shape[0])]))


@means("det")
def det(params: Sequence[Any], x: Dense) -> Dense:
    """The determinant."""
    return number(determinant(matrix(x)))


@means("logdet")
def logdet(params: Sequence[Any], x: Dense) -> Dense:
    """log |det X|, written log(det²)/2, which SymPy differentiates without re and im."""
    value = determinant(matrix(x))
    if value == 0:
        raise UndefinedHere("the logarithm of a determinant that is 0")
    return number(sympy.log(value**2) / 2)


@means("adj")
def adj(params: Sequence[Any], x: Dense) -> Dense:
    """The adjugate: cofactors, transposed."""
    rows = matrix(x)
    return build(x.shape, lambda i, j: cofactor(rows, j, i))


@means("inv")
def inv(params: Sequence[Any], x: Dense) -> Dense:
    """The adjugate over the determinant; of a number its reciprocal."""
    if not x.shape:
        return x.each(lambda entry: quotient(sympy.Integer(1), entry))
    value = determinant(matrix(x))
    # a Gram matrix of too few rows is singular although no entry shows it
    if value == 0 or (value.is_polynomial() and value.count_ops() < 2000 and sympy.expand(value) == 0):
        raise UndefinedHere("the inverse of a matrix that is singular at these sizes")
    return adj((), x).each(lambda entry: entry / value)


@means("solve")
def solve(params: Sequence[Any], a: Dense, b: Dense) -> Dense:
    """A⁻¹ B."""
    return matmul((), inv((), a), b)


@means("mpow")
def mpow(params: Sequence[Any], x: Dense) -> Dense:
    """X X ⋯ X; a negative exponent inverts."""
    exponent = params[0]
    result = eye(x.shape[:1])
    for _ in range(abs(exponent)):
        result = matmul((), result, x)
    return inv((), result) if exponent < 0 else result


@means("pinv")
def pinv(params: Sequence[Any], x: Dense) -> Dense:
    """The pseudo-inverse of a matrix of full rank."""
    t = transpose((), x)
    if x.shape[0] >= x.shape[1]:
        return matmul((), inv((), matmul((), t, x)), t)
    return matmul((), t, inv((), matmul((), x, t)))


@means("chol")
def chol(params: Sequence[Any], x: Dense) -> Dense:
    """The lower triangular L with L Lᵀ = X, from the lower triangle of X."""
    n = x.shape[0]
    rows: list[list[Expr]] = [[sympy.Integer(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = x[i, j] - total([rows[i][k] * rows[j][k] for k in range(j)])
            rows[i][j] = sympy.sqrt(rest) if i == j else rest / rows[j][j]
    return build(x.shape, lambda i, j: rows[i][j])


@means("expm", "logm", "sinm", "cosm")
def matrix_function(params: Sequence[Any], x: Dense) -> Dense:
    """A function of a whole matrix."""
    raise NotExpressible("a function of a matrix has no form in its entries")
