"""Values of the matrices that are made of a matrix: adjugate, pseudo-inverse, Cholesky factor, functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import acb, acb_mat, arb, arb_mat, fmpq, fmpq_mat

from symcheck.evaluation.duals import Dual, base_of, magnitude
from symcheck.evaluation.matrices import by_minors, eliminate, inverse, product, transposed
from symcheck.evaluation.numbers import NAN, ZERO, Real
from symcheck.operations.matrix_functions import FUNCTIONS as FUNCTIONS

HALF = Fraction(1, 2)
Root = Callable[[Real, Fraction], Real]


def entries(name: str, block: Sequence[Real], rows: int, cols: int, power: Root) -> Sequence[Real]:
    """The entries of the matrix `name` of this one, row by row; nan where it does not exist."""
    match name:
        case "adj":
            return adjugate(block, rows)
        case "pinv":
            return pseudo_inverse(block, rows, cols)
        case "chol":
            return cholesky(block, rows, power)
    return function_of(name, block, rows)


def adjugate(block: Sequence[Real], size: int) -> list[Real]:
    """The cofactors, transposed."""
    found: list[Real] = []
    for i in range(size):
        for j in range(size):
            minor = [x for k, x in enumerate(block) if k // size != j and k % size != i]
            value = by_minors(minor, size - 1)
            found.append(value if (i + j) % 2 == 0 else -value)
    return found


def pseudo_inverse(block: Sequence[Real], rows: int, cols: int) -> Sequence[Real]:
    """(XᵀX)⁻¹Xᵀ or Xᵀ(XXᵀ)⁻¹ for full rank; of fractions of lower rank through a factorisation C F."""
    if all(type(x) is fmpq for x in block):
        reduced, rank = fmpq_mat(rows, cols, list(block)).rref()
        if rank == 0:
            return [ZERO] * (rows * cols)
        if rank < min(rows, cols):
            lead = [next(j for j in range(cols) if reduced[i, j] != 0) for i in range(rank)]
            right = [reduced[i, j] for i in range(rank) for j in range(cols)]
            left = [block[i * cols + j] for i in range(rows) for j in lead]
            outer = pseudo_inverse(left, rows, rank)
            return product(pseudo_inverse(right, rank, cols), outer, cols, rank, rows)
    turned = transposed(block, rows, cols)
    if rows >= cols:
        gram = _inverse(product(turned, block, cols, rows, cols), cols)
        return product(gram, turned, cols, cols, rows)
    gram = _inverse(product(block, turned, rows, cols, rows), rows)
    return product(turned, gram, cols, rows, rows)


def _inverse(block: Sequence[Real], size: int) -> Sequence[Real]:
    if not any(type(x) is Dual for x in block):
        return inverse(block, size)
    found = eliminate(block, size, magnitude)
    return [NAN] * (size * size) if found is None else found[1]


def cholesky(block: Sequence[Real], size: int, power: Root) -> Sequence[Real]:
    """L with L Lᵀ = A from the lower triangle of a symmetric matrix; none exists where A is not symmetric."""
    for i in range(size):
        for j in range(i):
            difference = base_of(block[i * size + j]) - base_of(block[j * size + i])
            if not (difference == 0 if type(difference) is fmpq else difference.contains(0)):
                return [NAN] * (size * size)
    found: list[list[Real]] = [[ZERO] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = block[i * size + j]
            for k in range(j):
                rest = rest - found[i][k] * found[j][k]
            if i == j:
                if not magnitude(rest) > 0 or not base_of(rest) > 0:
                    return [NAN] * (size * size)
                found[i][i] = power(rest, HALF)
            else:
                found[i][j] = rest * power(found[j][j], Fraction(-1))
    return [x for row in found for x in row]


def function_of(name: str, block: Sequence[Real], size: int) -> Sequence[Real]:
    """A function of a matrix, as balls."""
    try:
        matrix = arb_mat(size, size, list(block))
        if name == "expm":
            found: list[Real] = matrix.exp().entries()
        elif name == "logm":
            found = _logarithm(acb_mat(matrix), size)
        else:
            turning = (acb_mat(matrix) * acb(0, 1)).exp().entries()
            found = [x.real if name == "cosm" else x.imag for x in turning]
    except (ZeroDivisionError, ValueError):
        return [NAN] * (size * size)
    return [x if x.is_finite() else NAN for x in found]


def _logarithm(matrix: acb_mat, size: int) -> list[Real]:
    """By eigenvalues and eigenvectors, enclosed; ValueError where they cannot be told apart."""
    if size == 1:
        return _real([matrix[0, 0].log()], matrix[0, 0].real > 0)
    values, vectors = matrix.eig(right=True)
    cut = all(value.real > 0 or not value.imag.contains(0) for value in values)
    diagonal = acb_mat(size, size)
    for k, value in enumerate(values):
        diagonal[k, k] = value.log()
    return _real((vectors * diagonal * vectors.inv()).entries(), cut)


def _real(values: Sequence[acb], exists: bool) -> list[Real]:
    if not exists:
        return [NAN] * len(values)
    return [x.real if x.imag.contains(0) else arb.nan() for x in values]
