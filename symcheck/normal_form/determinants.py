"""Determinants: heads whose template is a matrix λ l m. M.

det Mᵀ = det M, det(c M) = cⁿ det M, det(A B) = det A · det B for square A, B, det(M⁻¹) = 1/det M,
det(1 + U V) = det(1 + V U), which is the number 1 + v·u where U is a column u and V a row v;
det(A + U V) = det(A) det(1 + A⁻¹ U V).
"""

from __future__ import annotations

from itertools import permutations

from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.factoring import split_content
from symcheck.normal_form.index_products import product_over
from symcheck.normal_form.inverses import (
    InverseHead,
    MatrixHead,
    diagonal_of,
    expanded,
    explicit,
    inverse,
    is_lower,
    lifted,
    path,
    transposed,
)
from symcheck.normal_form.polynomial import ONE, UNIT, Poly, Polynomials, Term, delta
from symcheck.normal_form.roots import power


class DeterminantHead(MatrixHead):
    """det M."""

    kind = "det"

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        return determinant(
            algebra, self.entry(algebra, self.matrix, self.row, self.col, idxs), self.row, self.col
        )


def determinant(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly:
    """det of λ row col. matrix."""
    if not matrix:
        return {}
    entries = explicit(algebra, matrix, row, col)
    if entries is not None:
        return expanded(algebra, entries)
    if matrix == delta(algebra, row, col):
        return {UNIT: ONE}
    if is_lower(algebra, matrix, row, col) or is_lower(algebra, matrix, col, row):
        algebra.use("lower-triangular")
        return product_over(algebra, row, algebra.rename(matrix, {col: row}))
    found = _scaled(algebra, matrix, row, col)
    if found is None:
        found = _product(algebra, matrix, row, col)
    if found is None:
        found = _rank_one(algebra, matrix, row, col)
    if found is None:
        found = _updated(algebra, matrix, row, col)
    return _atom(algebra, matrix, row, col) if found is None else found


def _atom(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly:
    """The determinant as a head; that of the transpose, or of 1 + V U for 1 + U V, if it is there."""
    template, params, r, c, plain = lifted(algebra, matrix, row, col)
    key = ("det", template.key)
    head = algebra.head_of.get(key)
    if head is None:
        for other, other_row, other_col in _alike(algebra, matrix, row, col):
            known, other_params, *_ = lifted(algebra, other, other_row, other_col)
            found = algebra.head_of.get(("det", known.key))
            if found is not None:
                return algebra.atom_poly(found, other_params)
        head = algebra.add_head(key, DeterminantHead(template, r, c, plain))
    return algebra.atom_poly(head, params)


def _alike(algebra: Algebra, matrix: Poly, row: int, col: int) -> list[tuple[Poly, int, int]]:
    """Other matrices with the same determinant."""
    turned = _turned(algebra, matrix, row, col)
    found = [(transposed(algebra, matrix, row, col), row, col)]
    for other, a, b in turned:
        found += [(other, a, b), (transposed(algebra, other, a, b), a, b)]
    return found


def _scaled(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly | None:
    """det(c M) = cⁿ det M for a factor c that holds for the whole matrix."""
    content, monomial, rest = split_content(algebra, matrix)
    outside = tuple(p for p in monomial if algebra.components[p[0]].free.isdisjoint((row, col)))
    negative = len(matrix) == 1 and next(iter(matrix.values())) < 0
    scale = algebra.term_poly(outside, -content if negative else content)
    if scale == {UNIT: ONE}:
        return None
    inside = tuple(pair for pair in monomial if pair not in outside)
    rest = algebra.times({inside: -ONE if negative else ONE}, rest)
    index = algebra.fresh(algebra.dim_of[row])
    algebra.use("determinant-of-product")
    return algebra.times(product_over(algebra, index, scale), determinant(algebra, rest, row, col))


def _product(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly | None:
    """det(A B ⋯) = det A · det B ⋯ and det(A⁻¹) = 1/det A, along a path of square tensors."""
    chain = path(algebra, matrix, row, col)
    if chain is None or (len(chain) == 1 and not isinstance(chain[0][0], InverseHead)):
        return None
    algebra.use("determinant-of-product")
    result: Poly = {UNIT: ONE}
    for head, _ in chain:
        if isinstance(head, InverseHead):
            factor = power(algebra, determinant(algebra, head.matrix, head.row, head.col), -1)
        else:
            factor = _atom(algebra, algebra.atom_poly(head, (row, col)), row, col)
        result = algebra.times(result, factor)
    return result


def _rank_one(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly | None:
    """det(1 + u vᵀ) = 1 + v·u."""
    rest = _beside_identity(algebra, matrix, row, col)
    if rest is None or diagonal_of(algebra, rest, row, col) is not None:
        return None
    for component, _ in next(iter(rest)) if len(rest) == 1 else ():
        if {row, col} <= algebra.components[component].free:
            return None
    if len(rest) != 1:
        return None
    algebra.use("determinant-lemma")
    inner = algebra.sum_over(row, algebra.rename(rest, {col: row}))
    return algebra.plus({UNIT: ONE}, inner)


def _updated(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly | None:
    """det(A + U V) = det(A) det(1 + A⁻¹ U V) for one tensor A, whose inverse exists on a dense set.

    Both sides are continuous where they exist, so that the law holds for singular A as well, but for
    claims that turn on a condition: see `prove`.
    """
    if len(matrix) != 2:
        return None
    for term, other in permutations(matrix):
        chain = path(algebra, {term: matrix[term]}, row, col)
        if chain is None or len(chain) != 1 or chain[0][0].kind != "tensor":
            continue
        if not algebra.leaves_dense(chain[0][0]) or _is_tensor(algebra, other, row, col):
            continue
        algebra.use("determinant-update")
        k = algebra.fresh(algebra.dim_of[row])
        a, b = algebra.fresh(algebra.dim_of[row]), algebra.fresh(algebra.dim_of[row])
        own = algebra.rename({term: ONE}, {row: a, col: b})
        inside = algebra.rename({other: matrix[other]}, {row: k})
        update = algebra.sum_over(k, algebra.times(inverse(algebra, own, a, b, row, k), inside))
        rest = algebra.plus(delta(algebra, row, col), update)
        return algebra.times(_atom(algebra, {term: ONE}, row, col), determinant(algebra, rest, row, col))
    return None


def _is_tensor(algebra: Algebra, term: Term, row: int, col: int) -> bool:
    """Whether a term holds a factor over the rows and the columns: it is no product U V."""
    joined = [algebra.components[pair[0]] for pair in term if {row, col} <= algebra.components[pair[0]].free]
    return any(component.head is not None for component in joined)


def _beside_identity(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly | None:
    """N with matrix = 1 + N; None if the identity is no term of it."""
    ((mark, one),) = delta(algebra, row, col).items()
    if matrix.get(mark) != one or len(matrix) < 2:
        return None
    return {term: value for term, value in matrix.items() if term != mark}


def _turned(algebra: Algebra, matrix: Poly, row: int, col: int) -> list[tuple[Poly, int, int]]:
    """1 + V U for a matrix 1 + c U V, one for each index at which the product may be cut."""
    rest = _beside_identity(algebra, matrix, row, col)
    if rest is None or len(rest) != 1:
        return []
    ((term, value),) = rest.items()
    joined = [pair for pair in term if {row, col} & algebra.components[pair[0]].free]
    if len(joined) != 1 or joined[0][1] != 1 or algebra.components[joined[0][0]].head is not None:
        return []
    block = algebra.components[joined[0][0]]
    outside = {tuple(pair for pair in term if pair not in joined): value}
    found = []
    for cut in range(-1, -1 - len(block.dims), -1):
        sides = _cut(algebra, block.factors, row, col, cut)
        if sides is None:
            continue
        # U[row, a] V[b, col]: turned over, V comes first and the old outer index is summed
        a, b = algebra.fresh(block.dims[-1 - cut]), algebra.fresh(block.dims[-1 - cut])
        names = {-1 - k: algebra.fresh(dim) for k, dim in enumerate(block.dims)}
        product: Poly = {UNIT: ONE}
        for place, (number, exponent, idxs) in enumerate(block.factors):
            own = {**names, cut: b if place in sides else a, row: row, col: row}
            moved = tuple(own.get(i, i) for i in idxs)
            product = algebra.times(product, algebra.atom_poly(algebra.heads[number], moved, exponent))
        for bound, index in names.items():
            if bound != cut:
                product = algebra.sum_over(index, product)
        product = algebra.times(outside, algebra.sum_over(row, product))
        found.append((algebra.plus(delta(algebra, a, b), product), a, b))
    return found


def _cut(
    algebra: Algebra, factors: tuple[tuple[int, object, tuple[int, ...]], ...], row: int, col: int, cut: int
) -> set[int] | None:
    """The places on the side of `row` when a product is cut at one of its indices; None if it stays whole."""
    side = {k for k, (_, _, idxs) in enumerate(factors) if row in idxs}
    grown = True
    while grown:
        reached = {i for k in side for i in factors[k][2] if i < 0 and i != cut}
        more = {k for k, (_, _, idxs) in enumerate(factors) if reached & set(idxs)}
        grown = not more <= side
        side |= more
    if any(col in factors[k][2] for k in side):
        return None
    return side
