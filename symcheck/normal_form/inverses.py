"""Inverses: heads whose template is a matrix λ l m. M.

Σₖ (M⁻¹)ₐₖ Mₖ꜀ = δₐ꜀ on both sides; a compound M through its lead term, M's lead = δ − rest.
(c M)⁻¹ = M⁻¹/c, (Mᵀ)⁻¹ = (M⁻¹)ᵀ, (A B)⁻¹ = B⁻¹ A⁻¹ for square A, B.
"""

from __future__ import annotations

from itertools import product

from flint import fmpq

from symcheck.errors import DomainFault
from symcheck.language.shape import Dim
from symcheck.normal_form.blocks import Algebra, OpenBlock
from symcheck.normal_form.commuting import commuted, tensor_of
from symcheck.normal_form.factoring import inverted, known_positive, rational_content, split_content
from symcheck.normal_form.polynomial import MINUS, ONE, UNIT, Head, Poly, Polynomials, Term, delta
from symcheck.normal_form.roots import power
from symcheck.normal_form.templates import Template, TemplateHead, lift

REOPENED = 20
"""What it costs to look for a matrix beside its inverse, in products of terms."""
EXPLICIT = 3
"""Matrices of a fixed size up to this are written out."""


class MatrixHead(TemplateHead):
    """What the inverse and the determinant of a template share: `determinants` has the other."""

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
        """The term of M that is looked for beside M⁻¹, with its coefficient."""
        self.tensor: tuple[Head, bool] | None = None
        """A where M = a + c A and c may be 0: nothing can be looked for, but A commutes with M⁻¹."""

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        params = idxs[2:]
        if len(set(params)) == len(params) and not algebra.numbers(params):
            if self.lower and idxs[0] == idxs[1]:
                # the diagonal of the inverse of a triangular matrix
                algebra.use("lower-triangular")
                return power(algebra, self.entry(algebra, self.matrix, idxs[0], idxs[0], params), -1)
            return algebra.single(algebra.atom(self, idxs))
        matrix = self.entry(algebra, self.matrix, self.row, self.col, params)
        return inverse(algebra, matrix, self.row, self.col, idxs[0], idxs[1])

    def contract(self, algebra: Algebra, block: OpenBlock, place: int) -> Poly | None:
        _, exponent, idxs, _ = block.factors[place]
        if exponent != 1 or self.lead is None:
            return None
        if self.tensor is not None:
            return commuted(algebra, block, place, self.tensor)
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
        _, _, idxs, _ = block.factors[place]
        opened = sorted({i for i in idxs if i < 0}, reverse=True)
        found = self._met(algebra, block, place, side, opened)
        if found is not None:
            return found
        # the lead may begin a longer path: it is cut at every other index that could be its end
        dim = block.dims[-1 - idxs[side]]
        for cut in range(-1, -1 - len(block.dims), -1):
            if cut not in opened and block.dims[-1 - cut] == dim:
                found = self._met(algebra, block, place, side, [*opened, cut])
                if found is not None:
                    return found
        return None

    def _met(
        self, algebra: Algebra, block: OpenBlock, place: int, side: int, opened: list[int]
    ) -> Poly | None:
        """The block with M⁻¹ M = δ put in, if the lead is one of its parts when `opened` are."""
        assert self.lead is not None
        _, _, idxs, _ = block.factors[place]
        bound = idxs[side]
        algebra.spend(REOPENED)
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
            algebra.use("inverse")
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


def _lead(algebra: Algebra, matrix: Poly) -> tuple[int, fmpq] | None:
    """A tensor or a product of tensors; the identity, which is not seen in a product, only if alone.

    A product with an inverse in it comes first: in D − C A⁻¹ B it is what meets D⁻¹ from outside.
    """
    plain = [(term[0][0], value) for term, value in matrix.items() if len(term) == 1 and term[0][1] == 1]
    for component, value in plain:
        made = algebra.components[component]
        if made.head is None and any(algebra.heads[head].kind == "inv" for head, *_ in made.factors):
            return component, value
    heads = [algebra.components[component].head for component, _ in plain]
    for kinds in (("tensor", "chol"), ("product",), ("inv", "function", "exp")):
        for pair, head in zip(plain, heads, strict=True):
            if (head.kind if head is not None else "product") in kinds:
                return pair
    return plain[0] if plain else None


def _is_delta(algebra: Algebra, component: int) -> bool:
    head = algebra.components[component].head
    return head is not None and head.kind == "delta"


def transposed(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly:
    return algebra.rename(matrix, {row: col, col: row})


def lifted(
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
    entries = explicit(algebra, matrix, row, col)
    if entries is not None:
        return _explicit_inverse(algebra, entries, p, q)
    diagonal = diagonal_of(algebra, matrix, row, col)
    if diagonal is not None:
        # diag(v)⁻¹ = diag(1/v)
        return algebra.times(delta(algebra, p, q), algebra.rename(power(algebra, diagonal, -1), {row: p}))
    scales = _scale(algebra, matrix, row, col)
    if scales is not None:
        content, outside = rational_content(matrix), scales
        rest = algebra.times(matrix, algebra.term_poly(inverted(outside), 1 / content))
    else:
        content, monomial, rest = split_content(algebra, matrix)
        outside = tuple(p for p in monomial if algebra.components[p[0]].free.isdisjoint((row, col)))
        rest = algebra.times({tuple(pair for pair in monomial if pair not in outside): ONE}, rest)
    if outside or content != 1:
        scale = algebra.scaled(algebra.term_poly(inverted(outside)), 1 / content)
        return algebra.times(scale, inverse(algebra, rest, row, col, p, q))
    reversed_product = _product(algebra, matrix, row, col, p, q)
    if reversed_product is not None:
        return reversed_product
    outer = _identity_and_outer(algebra, matrix, row, col)
    if outer is not None:
        return _sherman_morrison(algebra, *outer, row, col, p, q)
    template, params, r, c, plain = lifted(algebra, matrix, row, col)
    key = ("inv", template.key)
    head = algebra.head_of.get(key)
    if head is None:
        flipped = transposed(algebra, matrix, row, col)
        symmetric = flipped == matrix
        # (Mᵀ)⁻¹ = (M⁻¹)ᵀ, (−M)⁻¹ = −M⁻¹: the one that was met first stands for all of them
        others = [(flipped, 1, (q, p))] if not symmetric else []
        others += [(matrix, -1, (p, q)), (flipped, -1, (q, p))]
        for similar, sign, at in others:
            other, other_params, *_ = lifted(algebra, algebra.scaled(similar, ONE * sign), row, col)
            found = algebra.head_of.get(("inv", other.key))
            if found is not None:
                return algebra.scaled(algebra.atom_poly(found, (*at, *other_params)), ONE * sign)
        head = InverseHead(template, algebra.dim_of[row], r, c, plain, symmetric)
        head.lead = _lead(algebra, plain)
        if head.lead is not None and _is_delta(algebra, head.lead[0]):
            head.tensor = tensor_of(algebra, plain, r, c)
        head.lower = is_lower(algebra, plain, r, c)
        algebra.add_head(key, head)
    return algebra.atom_poly(head, (p, q, *params))


def _identity_and_outer(algebra: Algebra, matrix: Poly, row: int, col: int) -> tuple[Poly, Poly, Poly] | None:
    """(c, u, v) where the matrix is c δ + u vᵀ, c ≠ 0 for sure, u with `row` and v with `col`."""
    mark = delta(algebra, row, col)
    ((mark_term, _),) = mark.items()
    if len(matrix) != 2 or len(mark_term) != 1:
        return None
    scale: Poly | None = None
    sides: tuple[Poly, Poly] | None = None
    for term, value in matrix.items():
        if mark_term[0] in term:
            rest = tuple(pair for pair in term if pair != mark_term[0])
            sure = all(known_positive(algebra, *pair) for pair in rest)
            free = all(algebra.components[c].free.isdisjoint((row, col)) for c, _ in rest)
            scale = {rest: value} if sure and free else None
            continue
        left = tuple(pair for pair in term if col not in algebra.components[pair[0]].free)
        right = tuple(pair for pair in term if pair not in left)
        if all(row not in algebra.components[c].free for c, _ in right):
            sides = {left: value}, {right: ONE}
    return None if scale is None or sides is None else (scale, *sides)


def _sherman_morrison(
    algebra: Algebra, scale: Poly, u: Poly, v: Poly, row: int, col: int, p: int, q: int
) -> Poly:
    """(c + u vᵀ)⁻¹ = (1 − u vᵀ/(c + v·u))/c."""
    algebra.use("sherman-morrison")
    k = algebra.fresh(algebra.dim_of[row])
    inner = algebra.times(algebra.rename(u, {row: k}), algebra.rename(v, {col: k}))
    below = power(algebra, algebra.plus(scale, algebra.sum_over(k, inner)), -1)
    both = algebra.times(algebra.rename(u, {row: p}), algebra.rename(v, {col: q}))
    whole = algebra.plus(delta(algebra, p, q), algebra.times(both, below), MINUS)
    return algebra.times(whole, power(algebra, scale, -1))


def _scale(algebra: Algebra, matrix: Poly, row: int, col: int) -> Term | None:
    """c in c A + B = c (A + B/c), for the one tensor A in a matrix of several terms and c > 0 for sure.

    A is found beside the inverse of A + B/c, c A beside that of c A + B is not.
    """
    found: list[Term] = []
    for term in matrix:
        inside = [pair for pair in term if not algebra.components[pair[0]].free.isdisjoint((row, col))]
        head = algebra.components[inside[0][0]].head if len(inside) == 1 else None
        if head is not None and head.kind == "tensor" and inside[0][1] == 1:
            found.append(tuple(pair for pair in term if pair != inside[0]))
    sure = len(matrix) > 1 and len(found) == 1
    return found[0] if sure and all(known_positive(algebra, *pair) for pair in found[0]) else None


def is_lower(algebra: Algebra, matrix: Poly, row: int, col: int) -> bool:
    """Whether the matrix is one lower triangular tensor as it stands."""
    if len(matrix) != 1:
        return False
    ((term, _),) = matrix.items()
    atom = algebra.components[term[0][0]] if len(term) == 1 and term[0][1] == 1 else None
    return atom is not None and atom.head is not None and atom.head.lower and atom.idxs[:2] == (row, col)


def diagonal_of(algebra: Algebra, matrix: Poly, row: int, col: int) -> Poly | None:
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


def path(algebra: Algebra, matrix: Poly, row: int, col: int) -> list[tuple[Head, bool]] | None:
    """The square tensors of which a matrix is the product, each with whether it stands as it is (or as
    its transpose); None if it is no such path from row to col."""
    if len(matrix) != 1:
        return None
    ((term, value),) = matrix.items()
    if len(term) != 1 or term[0][1] != 1 or value != 1:
        return None
    block = algebra.components[term[0][0]]
    dim = algebra.dim_of[row]
    if block.head is not None:
        own = block.idxs
        return [(block.head, own == (row, col))] if _in_path(block.head, own) else None
    if any(d != dim for d in block.dims) or len(block.factors) != len(block.dims) + 1:
        return None
    left = list(block.factors)
    at = row
    chain: list[tuple[Head, bool]] = []
    while left:
        for k, (number, exponent, idxs) in enumerate(left):
            head = algebra.heads[number]
            if exponent == 1 and at in idxs and _in_path(head, idxs):
                forward = idxs[0] == at
                at = idxs[1] if forward else idxs[0]
                chain.append((head, forward))
                left.pop(k)
                break
        else:
            return None
    return chain if at == col else None


def _in_path(head: Head, idxs: tuple[int, ...]) -> bool:
    return (
        len(idxs) == 2
        and idxs[0] != idxs[1]
        and head.kind in ("tensor", "inv", "chol")
        and len(head.dims) == 2
    )


def _product(algebra: Algebra, matrix: Poly, row: int, col: int, p: int, q: int) -> Poly | None:
    """(A B ⋯)⁻¹ = ⋯ B⁻¹ A⁻¹ where the matrix is a path of square tensors from row to col."""
    chain = path(algebra, matrix, row, col)
    if chain is None or len(chain) < 2:
        return None
    algebra.use("inverse-of-product")
    dim = algebra.dim_of[row]
    places = [p, *(algebra.fresh(dim) for _ in chain[1:]), q]
    result: Poly = {UNIT: ONE}
    # the last factor's inverse comes first
    for position, (head, forward) in enumerate(reversed(chain)):
        a, b = algebra.fresh(dim), algebra.fresh(dim)
        entry = algebra.atom_poly(head, (a, b) if forward else (b, a))
        factor = inverse(algebra, entry, a, b, places[position], places[position + 1])
        result = algebra.times(result, factor)
    for index in places[1:-1]:
        result = algebra.sum_over(index, result)
    return result


def explicit(algebra: Algebra, matrix: Poly, row: int, col: int) -> list[list[Poly]] | None:
    """All entries of a matrix of a small fixed size; None for any other."""
    size = algebra.dim_of[row]
    if not isinstance(size, int) or size > EXPLICIT:
        return None
    places = [algebra.named(("literal", size, k), size, literal=k) for k in range(size)]
    return [[algebra.rename(matrix, {row: i, col: j}) for j in places] for i in places]


def expanded(algebra: Algebra, entries: list[list[Poly]]) -> Poly:
    """The determinant along the first row."""
    if not entries:
        return {UNIT: ONE}
    result: Poly = {}
    for k, entry in enumerate(entries[0]):
        minor = [[*line[:k], *line[k + 1 :]] for line in entries[1:]]
        part = algebra.times(entry, expanded(algebra, minor))
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
        part = algebra.times(mark, expanded(algebra, minor))
        algebra.add_into(result, part, MINUS if (i + j) % 2 else ONE)
    return algebra.times(result, power(algebra, expanded(algebra, entries), -1))
