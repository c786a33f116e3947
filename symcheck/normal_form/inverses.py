"""Inverses and determinants: heads whose template is a matrix λ l m. M.

Σₖ (M⁻¹)ₐₖ Mₖ꜀ = δₐ꜀ on both sides; a compound M through its lead term, M's lead = δ − rest.
(c M)⁻¹ = M⁻¹/c, (Mᵀ)⁻¹ = (M⁻¹)ᵀ, (A B)⁻¹ = B⁻¹ A⁻¹ for square A, B; det Mᵀ = det M.
"""

from __future__ import annotations

from itertools import product

from flint import fmpq

from symcheck.errors import DomainFault
from symcheck.language.shape import Dim
from symcheck.normal_form.blocks import Algebra, OpenBlock
from symcheck.normal_form.factoring import inverted, split_content
from symcheck.normal_form.polynomial import MINUS, ONE, UNIT, Poly, Polynomials, delta
from symcheck.normal_form.roots import power
from symcheck.normal_form.templates import Template, TemplateHead, lift

EXPLICIT = 3
"""Matrices of a fixed size up to this are written out."""


class MatrixHead(TemplateHead):
    """What the inverse and the determinant of a template share."""

    def __init__(self, template: Template, row: int, col: int, matrix: Poly) -> None:
        super().__init__(template)
        self.row = row
        self.col = col
        self.matrix = matrix
        """The template with its row and column as ordinary indices."""

    def entry(self, algebra: Algebra, poly: Poly, row: int, col: int, params: tuple[int, ...]) -> Poly:
        """A polynomial over the matrix's own row, column and slots, at other indices."""
        names = dict(zip(self.template.slots, params, strict=True))
        return algebra.rename(poly, {**names, self.row: row, self.col: col})


class DeterminantHead(MatrixHead):
    """det M."""

    kind = "det"

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        return determinant(
            algebra, self.entry(algebra, self.matrix, self.row, self.col, idxs), self.row, self.col
        )


class InverseHead(MatrixHead):
    """(M⁻¹)[p, q]: the first two parameters are p and q."""

    kind = "inv"

    def __init__(
        self, template: Template, dim: Dim, row: int, col: int, matrix: Poly, symmetric: bool
    ) -> None:
        super().__init__(template, row, col, matrix)
        self.dims = (dim, dim, *template.dims)
        self.symmetric = symmetric
        count = len(template.slots)
        kept = tuple(range(2, 2 + count))
        group = [(0, 1, *(2 + k for k in perm)) for perm in template.group]
        if symmetric:
            group += [(1, 0, *kept), *((1, 0, *(2 + k for k in perm)) for perm in template.group)]
        self.group = tuple(group)
        self.lead: tuple[int, fmpq] | None = None
        for term, value in matrix.items():
            if len(term) == 1 and term[0][1] == 1 and self.lead is None:
                self.lead = (term[0][0], value)

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        params = idxs[2:]
        if len(set(params)) == len(params) and not algebra.numbers(params):
            return algebra.single(algebra.atom(self, idxs))
        matrix = self.entry(algebra, self.matrix, self.row, self.col, params)
        return inverse(algebra, matrix, self.row, self.col, idxs[0], idxs[1])

    def contract(self, algebra: Algebra, block: OpenBlock, place: int) -> Poly | None:
        _, exponent, idxs, _ = block.factors[place]
        if exponent != 1 or self.lead is None:
            return None
        for side in (1,) if self.symmetric else (1, 0):
            if idxs[side] < 0 and idxs[side] != idxs[1 - side]:
                value = self._cancel(algebra, block, place, side)
                if value is not None:
                    return value
        if self.symmetric and idxs[0] < 0 and idxs[0] != idxs[1]:
            return self._cancel(algebra, block, place, 0)
        return None

    def _cancel(self, algebra: Algebra, block: OpenBlock, place: int, side: int) -> Poly | None:
        """Σ_b (M⁻¹)[a, b] M[b, c] = δ(a, c), or the same from the left, if M's lead stands there."""
        assert self.lead is not None
        _, _, idxs, _ = block.factors[place]
        bound = idxs[side]
        opened = sorted({i for i in idxs if i < 0}, reverse=True)
        names, _, described = algebra.reopen(block, opened)
        here = tuple(names.get(i, i) for i in idxs)
        summed, other, params = here[side], here[1 - side], here[2:]
        touching = [
            (poly, places)
            for poly, places in described
            if place not in places and summed in algebra.free_of(poly)
        ]
        if len(touching) != 1 or summed in params:
            return None
        alone = next(places for _, places in described if place in places)
        if len(alone) != 1:
            return None
        part = touching[0][0]
        component, value = self.lead
        # the row of M meets a column of its inverse; a symmetric inverse may be read either way
        for c in algebra.free_of(part):
            if c == summed or algebra.dim_of[c] != algebra.dim_of[summed]:
                continue
            row, col = (summed, c) if side == 1 or self.symmetric else (c, summed)
            if part != self.entry(algebra, algebra.single(component), row, col, params):
                continue
            algebra.used.add("inverse")
            rest = dict(self.matrix)
            del rest[((component, 1),)]
            remaining = self.entry(algebra, rest, row, col, params) if rest else {}
            inner = algebra.sum_over(
                summed, algebra.times(algebra.single(algebra.atom(self, here)), remaining)
            )
            result = algebra.scaled(algebra.plus(delta(algebra, other, c), inner, MINUS), 1 / value)
            for poly, places in described:
                if place not in places and poly is not part:
                    result = algebra.times(result, poly)
            for b, index in names.items():
                if b != bound:
                    result = algebra.sum_over(index, result)
            return result
        return None


def _transposed(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly:
    return algebra.rename(matrix, {row: col, col: row})


def _lifted(
    algebra: Algebra, matrix: Poly, row: int, col: int
) -> tuple[Template, tuple[int, ...], int, int, Poly]:
    """The template of a matrix: its row and column pinned, the rest slots."""
    dim = algebra.dim_of[row]
    height = _height(algebra, matrix)
    pins = tuple(algebra.named(("λ", dim, height, k), dim, pinned=True) for k in range(2))
    template, params = lift(algebra, (algebra.rename(matrix, {row: pins[0], col: pins[1]}),))
    plain = tuple(algebra.named(("row", dim, height, k), dim) for k in range(2))
    names = dict(zip(params, template.slots, strict=True))
    return (
        template,
        params,
        plain[0],
        plain[1],
        algebra.rename(matrix, {**names, row: plain[0], col: plain[1]}),
    )


def _height(algebra: Algebra, matrix: Poly) -> int:
    """How many matrices stand inside one another, so that pinned indices never meet."""
    height = 0
    for term in matrix:
        for component, _ in term:
            atom = algebra.components[component]
            heads = [atom.head] if atom.head else [algebra.heads[f[0]] for f in atom.factors]
            for head in heads:
                if isinstance(head, TemplateHead):
                    inner = max((_height(algebra, poly) for poly in head.template.polys), default=0)
                    height = max(height, inner + (1 if isinstance(head, MatrixHead) else 0))
    return height


def inverse(algebra: Algebra, matrix: Poly, row: int, col: int, p: int, q: int) -> Poly:
    """Entry (p, q) of the inverse of λ row col. matrix."""
    if not matrix:
        raise DomainFault("the inverse of a zero matrix")
    entries = _explicit(algebra, matrix, row, col)
    if entries is not None:
        return _explicit_inverse(algebra, entries, p, q)
    diagonal = _diagonal(algebra, matrix, row, col)
    if diagonal is not None:
        # diag(v)⁻¹ = diag(1/v)
        return algebra.times(delta(algebra, p, q), algebra.rename(power(algebra, diagonal, -1), {row: p}))
    content, monomial, rest = split_content(algebra, matrix)
    outside = tuple(pair for pair in monomial if algebra.components[pair[0]].free.isdisjoint((row, col)))
    inside = tuple(pair for pair in monomial if pair not in outside)
    if outside or content != 1:
        rest = algebra.times({inside: ONE}, rest)
        scale = algebra.scaled(algebra.term_poly(inverted(outside)), 1 / content)
        return algebra.times(scale, inverse(algebra, rest, row, col, p, q))
    reversed_product = _product(algebra, matrix, row, col, p, q)
    if reversed_product is not None:
        return reversed_product
    template, params, r, c, plain = _lifted(algebra, matrix, row, col)
    key = ("inv", template.key)
    head = algebra.head_of.get(key)
    if head is None:
        flipped = _transposed(algebra, matrix, row, col)
        symmetric = flipped == matrix
        if not symmetric:
            other, other_params, *_ = _lifted(algebra, flipped, row, col)
            found = algebra.head_of.get(("inv", other.key))
            if found is not None:
                return algebra.atom_poly(found, (q, p, *other_params))
        head = algebra.add_head(key, InverseHead(template, algebra.dim_of[row], r, c, plain, symmetric))
    return algebra.atom_poly(head, (p, q, *params))


def _diagonal(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly | None:
    """v with matrix = diag(v), written with `row`; None if it is no diagonal matrix."""
    result: Poly = {}
    mark = delta(algebra, row, col)
    ((mark_term, _),) = mark.items()
    ((component, _),) = mark_term
    for term, value in matrix.items():
        if (component, 1) not in term:
            return None
        rest = tuple(pair for pair in term if pair[0] != component)
        algebra.add_into(result, algebra.rename({rest: ONE}, {col: row}), value)
    return result


def _product(algebra: Algebra, matrix: Poly, row: int, col: int, p: int, q: int) -> Poly | None:
    """(A B ⋯)⁻¹ = ⋯ B⁻¹ A⁻¹ where the matrix is a path of square tensors from row to col."""
    if len(matrix) != 1:
        return None
    ((term, value),) = matrix.items()
    if len(term) != 1 or term[0][1] != 1 or value != 1:
        return None
    block = algebra.components[term[0][0]]
    dim = algebra.dim_of[row]
    if block.head is not None or any(d != dim for d in block.dims):
        return None
    if len(block.factors) != len(block.dims) + 1:
        return None
    left = list(block.factors)
    at = row
    chain: list[tuple[int, int, bool]] = []
    while left:
        for k, (head, exponent, idxs) in enumerate(left):
            if (
                exponent == 1
                and at in idxs
                and len(idxs) == 2
                and algebra.heads[head].kind in ("tensor", "inv")
            ):
                if algebra.heads[head].kind == "inv" and len(algebra.heads[head].dims) != 2:
                    return None
                forward = idxs[0] == at
                at = idxs[1] if forward else idxs[0]
                chain.append((head, k, forward))
                left.pop(k)
                break
        else:
            return None
    if at != col:
        return None
    algebra.used.add("inverse-of-product")
    places = [p, *(algebra.fresh(dim) for _ in chain[1:]), q]
    result: Poly = {UNIT: ONE}
    # the last factor's inverse comes first
    for position, (head, _, forward) in enumerate(reversed(chain)):
        a, b = algebra.fresh(dim), algebra.fresh(dim)
        entry = algebra.atom_poly(algebra.heads[head], (a, b) if forward else (b, a))
        factor = inverse(algebra, entry, a, b, places[position], places[position + 1])
        result = algebra.times(result, factor)
    for index in places[1:-1]:
        result = algebra.sum_over(index, result)
    return result


def _explicit(algebra: Algebra, matrix: Poly, row: int, col: int) -> list[list[Poly]] | None:
    """All entries of a matrix of a small fixed size; None for any other."""
    size = algebra.dim_of[row]
    if not isinstance(size, int) or size > EXPLICIT:
        return None
    places = [algebra.named(("literal", size, k), size, literal=k) for k in range(size)]
    return [[algebra.rename(matrix, {row: i, col: j}) for j in places] for i in places]


def _expanded(algebra: Algebra, entries: list[list[Poly]]) -> Poly:
    """The determinant along the first row."""
    if not entries:
        return {UNIT: ONE}
    result: Poly = {}
    for k, entry in enumerate(entries[0]):
        minor = [[*line[:k], *line[k + 1 :]] for line in entries[1:]]
        part = algebra.times(entry, _expanded(algebra, minor))
        algebra.add_into(result, part, MINUS if k % 2 else ONE)
    return result


def _explicit_inverse(algebra: Algebra, entries: list[list[Poly]], p: int, q: int) -> Poly:
    """Entry (p, q) of adj(M) / det(M)."""
    size = len(entries)
    places = [algebra.named(("literal", size, k), size, literal=k) for k in range(size)]
    result: Poly = {}
    for i, j in product(range(size), repeat=2):
        minor = [[*line[:i], *line[i + 1 :]] for k, line in enumerate(entries) if k != j]
        mark = algebra.times(delta(algebra, p, places[i]), delta(algebra, q, places[j]))
        part = algebra.times(mark, _expanded(algebra, minor))
        algebra.add_into(result, part, MINUS if (i + j) % 2 else ONE)
    return algebra.times(result, power(algebra, _expanded(algebra, entries), -1))


def determinant(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly:
    """det of λ row col. matrix."""
    if not matrix:
        return {}
    entries = _explicit(algebra, matrix, row, col)
    if entries is not None:
        return _expanded(algebra, entries)
    template, params, r, c, plain = _lifted(algebra, matrix, row, col)
    if plain == delta(algebra, r, c):
        return {UNIT: ONE}
    key = ("det", template.key)
    head = algebra.head_of.get(key)
    if head is None:
        other, other_params, *_ = _lifted(algebra, _transposed(algebra, matrix, row, col), row, col)
        found = algebra.head_of.get(("det", other.key))
        if found is not None:
            return algebra.atom_poly(found, other_params)
        head = algebra.add_head(key, DeterminantHead(template, r, c, plain))
    return algebra.atom_poly(head, params)
