"""Inverse and determinant of small matrices of fractions, balls or duals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import arb_mat, fmpq, fmpq_mat

from symcheck.evaluation.numbers import NAN, ONE, ZERO, Real


def inverse(block: Sequence[Real], size: int) -> Sequence[Real]:
    """The inverse, row by row; nowhere defined if the matrix is not certainly invertible."""
    exact = all(type(x) is fmpq for x in block)
    matrix = (fmpq_mat if exact else arb_mat)(size, size, list(block))
    try:
        entries: list[Real] = matrix.inv().entries()
    except ZeroDivisionError:
        return [NAN] * (size * size)
    if not exact and not all(x.is_finite() for x in entries):
        return [NAN] * (size * size)
    return entries


def determinant(block: Sequence[Real], size: int) -> Real:
    """The determinant."""
    exact = all(type(x) is fmpq for x in block)
    value = (fmpq_mat if exact else arb_mat)(size, size, list(block)).det()
    return value if exact or value.is_finite() else NAN


def eliminate(
    block: Sequence[Real], size: int, magnitude: Callable[[Real], Real]
) -> tuple[Real, list[Real]] | None:
    """Determinant and inverse by elimination, for entries that know only + − × ÷.

    `magnitude` bounds the absolute value of an entry from below; pivots are the entries of greatest
    magnitude in their column.  None if the matrix is not certainly invertible.
    """
    rows = [
        [*block[i * size : (i + 1) * size], *(ONE if i == j else ZERO for j in range(size))]
        for i in range(size)
    ]
    determinant: Real = ONE
    for column in range(size):
        best = max(range(column, size), key=lambda i: magnitude(rows[i][column]))
        pivot = rows[best][column]
        if not magnitude(pivot) > 0:
            return None
        if best != column:
            rows[column], rows[best] = rows[best], rows[column]
            determinant = -determinant
        determinant = determinant * pivot
        rows[column] = [x / pivot for x in rows[column]]
        for i in range(size):
            if i != column:
                factor = rows[i][column]
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[column], strict=True)]
    return determinant, [x for row in rows for x in row[size:]]


def by_minors(block: Sequence[Real], size: int) -> Real:
    """The determinant without division."""
    if size == 0:
        return ONE
    total: Real = ZERO
    for column in range(size):
        rest = [x for k, x in enumerate(block) if k >= size and k % size != column]
        term = block[column] * by_minors(rest, size - 1)
        total = total + (term if column % 2 == 0 else -term)
    return total


def product(left: Sequence[Real], right: Sequence[Real], rows: int, inner: int, cols: int) -> list[Real]:
    """The matrix product, row by row."""
    result: list[Real] = []
    for i in range(rows):
        for j in range(cols):
            total: Real = ZERO
            for k in range(inner):
                total = total + left[i * inner + k] * right[k * cols + j]
            result.append(total)
    return result


def transposed(block: Sequence[Real], rows: int, cols: int) -> list[Real]:
    """Rows as columns."""
    return [block[i * cols + j] for j in range(cols) for i in range(rows)]
