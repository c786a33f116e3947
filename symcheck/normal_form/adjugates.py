"""Adjugates, through determinant and inverse, and functions of matrices, of which nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from symcheck.errors import Blocked
from symcheck.language.shape import Dim
from symcheck.normal_form.blocks import Algebra, OpenBlock
from symcheck.normal_form.commuting import commuted, tensor_of
from symcheck.normal_form.determinants import determinant
from symcheck.normal_form.factoring import split_content
from symcheck.normal_form.inverses import (
    MatrixHead,
    expanded,
    explicit,
    inverse,
    lifted,
    path,
    transposed,
)
from symcheck.normal_form.polynomial import MINUS, ONE, Head, Poly, Polynomials, Term, delta
from symcheck.normal_form.templates import Template


def adjugate(
    algebra: Algebra, matrix: Poly, row: int, col: int, p: int, q: int, free: Callable[[Head], bool]
) -> Poly:
    """adj(M) = det(M) M⁻¹: an identity without conditions that holds where M is invertible holds at the
    other points too, as long as those are dense; `free` tells of which tensors that is known.

    Errors: Blocked for any other matrix of symbolic size.
    """
    entries = explicit(algebra, matrix, row, col)
    if entries is not None:
        return _cofactors(algebra, entries, p, q)
    if not _generic(algebra, matrix, row, col, free):
        raise Blocked("the adjugate of a matrix that may be singular everywhere")
    algebra.use("adjugate")
    return algebra.times(determinant(algebra, matrix, row, col), inverse(algebra, matrix, row, col, p, q))


def _cofactors(algebra: Algebra, entries: list[list[Poly]], p: int, q: int) -> Poly:
    size = len(entries)
    places = [algebra.named(("literal", size, k), size, literal=k) for k in range(size)]
    result: Poly = {}
    for i, j in product(range(size), repeat=2):
        minor = [[*line[:i], *line[i + 1 :]] for k, line in enumerate(entries) if k != j]
        mark = algebra.times(delta(algebra, p, places[i]), delta(algebra, q, places[j]))
        part = algebra.times(mark, expanded(algebra, minor))
        algebra.add_into(result, part, MINUS if (i + j) % 2 else ONE)
    return result


def _generic(algebra: Algebra, matrix: Poly, row: int, col: int, free: Callable[[Head], bool]) -> bool:
    """Whether the matrix is a product of free square tensors, or holds a summand that is such a tensor."""
    if not matrix:
        return False
    _, monomial, rest = split_content(algebra, matrix)
    outside = tuple(p for p in monomial if algebra.components[p[0]].free.isdisjoint((row, col)))
    inside = tuple(pair for pair in monomial if pair not in outside)
    rest = algebra.times({inside: ONE}, rest)
    chain = path(algebra, rest, row, col)
    if chain is not None:
        return all(head.kind == "inv" or free(head) for head, _ in chain)
    return any(
        free(head) and not any(_mentions(algebra, other, head) for other in rest if other != term)
        for term, head in _summands(algebra, rest, row, col)
    )


def _summands(algebra: Algebra, matrix: Poly, row: int, col: int) -> Iterator[tuple[Term, Head]]:
    """The terms that are one tensor or its transpose."""
    for term in matrix:
        if len(term) == 1 and term[0][1] == 1:
            atom = algebra.components[term[0][0]]
            if atom.head is not None and set(atom.idxs) == {row, col}:
                yield term, atom.head


def _mentions(algebra: Algebra, term: tuple[tuple[int, object], ...], head: Head) -> bool:
    """Whether a tensor may stand in a term; what functions hold is not looked at, so they may."""
    for component, _ in term:
        atom = algebra.components[component]
        for other in [atom.head] if atom.head is not None else [algebra.heads[f[0]] for f in atom.factors]:
            if other is head or other.kind not in ("tensor", "delta", "size", "order"):
                return True
    return False


class FunctionOfMatrixHead(MatrixHead):
    """f(M)[p, q] with nothing known but f(Mᵀ) = f(M)ᵀ, and f(c A) A = A f(c A)."""

    def __init__(self, name: str, template: Template, dim: Dim, row: int, col: int, matrix: Poly) -> None:
        super().__init__(template, row, col, matrix)
        self.kind = name
        self.dims = (dim, dim, *template.dims)
        self.group = tuple((0, 1, *(2 + k for k in perm)) for perm in template.group)

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        if len(set(idxs[2:])) == len(idxs[2:]) and not algebra.numbers(idxs[2:]):
            return algebra.single(algebra.atom(self, idxs))
        matrix = self.entry(algebra, self.matrix, self.row, self.col, idxs[2:])
        return function_of(algebra, self.kind, matrix, self.row, self.col, *idxs[:2])

    def contract(self, algebra: Algebra, block: OpenBlock, place: int) -> Poly | None:
        """f(c A) A = A f(c A)."""
        tensor = tensor_of(algebra, self.matrix, self.row, self.col)
        return commuted(algebra, block, place, tensor) if tensor is not None else None


def function_of(algebra: Algebra, name: str, matrix: Poly, row: int, col: int, p: int, q: int) -> Poly:
    """Entry (p, q) of the function `name` of a matrix."""
    flipped = transposed(algebra, matrix, row, col)
    template, params, r, c, plain = lifted(algebra, matrix, row, col)
    key = ("mat", name, template.key)
    head = algebra.head_of.get(key)
    if head is None:
        other, other_params, *_ = lifted(algebra, flipped, row, col)
        found = algebra.head_of.get(("mat", name, other.key))
        if found is not None:
            return algebra.atom_poly(found, (q, p, *other_params))
        head = FunctionOfMatrixHead(name, template, algebra.dim_of[row], r, c, plain)
        if flipped == matrix:
            swapped = tuple(range(2, len(head.dims)))
            head.group += ((1, 0, *swapped), *((1, 0, *perm[2:]) for perm in head.group))
        algebra.add_head(key, head)
    return algebra.atom_poly(head, (p, q, *params))
