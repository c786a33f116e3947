"""What sums, norms, layers and linear algebra mean on arrays of SymPy scalars, with loops and sums only.

Importing this module fills the table of meanings, of which `basics` holds the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy

from symcheck.sympy_oracle.arrays import Dense, Expr, TooLarge, UndefinedHere, build, elementwise, number
from symcheck.sympy_oracle.basics import DENSE as DENSE
from symcheck.sympy_oracle.basics import (
    LARGEST_DETERMINANT,
    Meaning,
    absolute,
    choose,
    eye,
    matmul,
    matrix,
    means,
    quotient,
    total,
    transpose,
)
from symcheck.sympy_oracle.basics import SIZED as SIZED
from symcheck.sympy_oracle.basics import meaning_of as meaning_of


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


# -- made of others, and taken apart --------------------------------------------------------------------


@means("concat")
def concat(params: Sequence[Any], *parts: Dense) -> Dense:
    """All entries, one part after the other."""
    entries = tuple(entry for part in parts for entry in part.entries)
    return Dense((len(entries),), entries)


@means("block")
def block(params: Sequence[Any], *blocks: Dense) -> Dense:
    """Rows of blocks below each other: line by line of each row of them."""
    heights, widths = params
    entries: list[Expr] = []
    for r, height in enumerate(heights):
        for i in range(height):
            for c, width in enumerate(widths):
                cell = blocks[r * len(widths) + c]
                if not cell.shape:
                    entries += [cell.scalar] * width
                elif len(cell.shape) == 2:
                    entries += [cell[i, j] for j in range(width)]
                elif width == 1 and cell.shape[0] == height:
                    entries.append(cell[(i,)])
                else:
                    entries += cell.entries
    return Dense((sum(heights), sum(widths)), tuple(entries))


@means("part")
def part(params: Sequence[Any], x: Dense) -> Dense:
    """The entries from one place on, so many along each axis."""
    shape = tuple(length for _, length in params)
    return build(shape, lambda *at: x[tuple(first + k for (first, _), k in zip(params, at, strict=True))])


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
