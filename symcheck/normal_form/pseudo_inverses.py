"""Pseudo-inverses P of X, by Moore and Penrose: X P and P X are symmetric projections H and K.

H X = X, P H = P, X K = X, K P = P, H H = H, K K = K, tr H = tr K.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from symcheck.language.shape import Dim
from symcheck.normal_form.blocks import Algebra, OpenBlock
from symcheck.normal_form.factoring import rational_content
from symcheck.normal_form.inverses import inverse
from symcheck.normal_form.paths import Link, joined, links
from symcheck.normal_form.polynomial import Head, Poly, Polynomials
from symcheck.normal_form.templates import Template, TemplateHead, lift

LAW = "pseudo-inverse"


class PseudoInverseHead(TemplateHead):
    """P[p, q] of the matrix λ l m. X: p runs over its columns, q over its rows."""

    kind = "pinv"

    def __init__(self, template: Template, row: int, col: int, matrix: Poly, dims: tuple[Dim, Dim]) -> None:
        super().__init__(template)
        self.row, self.col, self.matrix = row, col, matrix
        self.dims = (dims[1], dims[0], *template.dims)
        self.group = tuple((0, 1, *(2 + k for k in perm)) for perm in template.group)
        self.tensor: Head | None = None
        """The tensor that X is, if it is one tensor as it stands; then the laws are used."""
        self.left: ProjectionHead | None = None
        self.right: ProjectionHead | None = None

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        if len(set(idxs[2:])) == len(idxs[2:]) and not algebra.numbers(idxs[2:]):
            return algebra.single(algebra.atom(self, idxs))
        names = dict(zip(self.template.slots, idxs[2:], strict=True))
        matrix = algebra.rename(self.matrix, names)
        return pseudo_inverse(algebra, matrix, self.row, self.col, *idxs[:2], rank=lambda head: False)


class ProjectionHead(Head):
    """X P or P X: symmetric, its own square."""

    kind = "projection"

    def __init__(self, of: PseudoInverseHead, dim: Dim, left: bool) -> None:
        super().__init__((dim, dim))
        self.of = of
        self.left = left
        self.group = ((1, 0),)


def pseudo_inverse(
    algebra: Algebra, matrix: Poly, row: int, col: int, p: int, q: int, *, rank: Callable[[Head], bool]
) -> Poly:
    """Entry (p, q) of the pseudo-inverse of λ row col. matrix; `rank` tells of which tensor it is full."""
    if not matrix:
        return {}
    content = rational_content(matrix)
    if content != 1:
        inner = algebra.scaled(matrix, 1 / content)
        found = pseudo_inverse(algebra, inner, row, col, p, q, rank=rank)
        return algebra.scaled(found, 1 / content)
    tensor = _tensor(algebra, matrix, row, col)
    if tensor is not None and rank(tensor[0]):
        explicit = _of_full_rank(algebra, matrix, row, col, p, q)
        if explicit is not None:
            return explicit
    if tensor is not None and not tensor[1]:
        # (Xᵀ)⁺ = (X⁺)ᵀ
        return pseudo_inverse(algebra, matrix, col, row, q, p, rank=rank)
    dims = (algebra.dim_of[row], algebra.dim_of[col])
    pins = tuple(algebra.named(("λ", dim, "pinv", k), dim, pinned=True) for k, dim in enumerate(dims))
    template, params = lift(algebra, (algebra.rename(matrix, {row: pins[0], col: pins[1]}),))
    key = ("pinv", dims, template.key)
    head = algebra.head_of.get(key)
    if head is None:
        plain = tuple(algebra.named(("pinv", dim, k), dim) for k, dim in enumerate(dims))
        names = dict(zip(params, template.slots, strict=True))
        renamed = algebra.rename(matrix, {**names, row: plain[0], col: plain[1]})
        made = PseudoInverseHead(template, plain[0], plain[1], renamed, dims)
        head = algebra.add_head(key, made)
        if tensor is not None:
            made.tensor = tensor[0]
            if rule not in algebra.block_rules:
                algebra.block_rules.append(rule)
            made.left = ProjectionHead(made, dims[0], True)
            made.right = ProjectionHead(made, dims[1], False)
            algebra.add_head((*key, "left"), made.left)
            algebra.add_head((*key, "right"), made.right)
    return algebra.atom_poly(head, (p, q, *params))


def _tensor(algebra: Algebra, matrix: Poly, row: int, col: int) -> tuple[Head, bool] | None:
    """(the tensor, whether it stands as it is) where the matrix is one tensor or its transpose."""
    if len(matrix) != 1:
        return None
    ((term, value),) = matrix.items()
    if value != 1 or len(term) != 1 or term[0][1] != 1:
        return None
    atom = algebra.components[term[0][0]]
    if atom.head is None or atom.head.kind != "tensor" or atom.head.group or set(atom.idxs) != {row, col}:
        return None
    return atom.head, atom.idxs == (row, col)


def _of_full_rank(algebra: Algebra, matrix: Poly, row: int, col: int, p: int, q: int) -> Poly | None:
    """X⁻¹ of a square matrix, (XᵀX)⁻¹Xᵀ of a tall one, Xᵀ(XXᵀ)⁻¹ of a wide one, if the sizes tell."""
    rows, cols = algebra.dim_of[row], algebra.dim_of[col]
    algebra.use(LAW)
    if rows == cols:
        return inverse(algebra, matrix, row, col, p, q)
    if not isinstance(rows, int) or not isinstance(cols, int):
        return None
    tall = rows > cols
    summed, kept = (row, col) if tall else (col, row)
    other = algebra.fresh(algebra.dim_of[kept])
    gram = algebra.sum_over(summed, algebra.times(matrix, algebra.rename(matrix, {kept: other})))
    k = algebra.fresh(algebra.dim_of[kept])
    if tall:
        entry = algebra.rename(matrix, {row: q, col: k})
        return algebra.sum_over(k, algebra.times(inverse(algebra, gram, kept, other, p, k), entry))
    entry = algebra.rename(matrix, {row: k, col: p})
    return algebra.sum_over(k, algebra.times(entry, inverse(algebra, gram, kept, other, k, q)))


def rule(algebra: Algebra, block: OpenBlock) -> Poly | None:
    """A product with X, P, H or K in it that is shorter."""
    heads = [algebra.heads[factor[0]] for factor in block.factors]
    if not any(isinstance(head, PseudoInverseHead | ProjectionHead) for head in heads):
        return None
    if len(heads) == 1 and isinstance(heads[0], ProjectionHead) and not heads[0].left:
        (_, exponent, idxs, _) = block.factors[0]
        if exponent == 1 and idxs == (-1, -1):
            algebra.use(LAW)
            left = heads[0].of.left
            assert left is not None
            i = algebra.fresh(left.dims[0])
            return algebra.sum_over(i, algebra.atom_poly(left, (i, i)))
    for link in links(algebra, block):
        made = _shorter(link)
        if made is not None:
            algebra.use(LAW)
            return joined(algebra, block, link, partial(_entry, algebra, *made))
    return None


def _entry(algebra: Algebra, head: Head, flipped: bool, a: int, b: int) -> Poly:
    return algebra.atom_poly(head, (b, a) if flipped else (a, b))


def _shorter(link: Link) -> tuple[Head, bool] | None:
    """The head that the pair becomes, and whether its indices are those of the pair reversed."""
    for x, y, flip in ((0, 1, False), (1, 0, True)):
        first, second = link.heads[x], link.heads[y]
        side, other = link.sides[x], link.sides[y]
        if isinstance(second, PseudoInverseHead) and first is second.tensor:
            if (side, other) == (1, 0):
                return _known(second.left), flip
            if (side, other) == (0, 1):
                return _known(second.right), flip
        if isinstance(second, ProjectionHead):
            if first is second:
                return first, flip
            on_left = second.left
            if first is second.of.tensor and side == (0 if on_left else 1):
                return first, flip if side == 1 else not flip
            if first is second.of and side == (1 if on_left else 0):
                return first, flip if side == 1 else not flip
    return None


def _known(head: Head | None) -> Head:
    assert head is not None
    return head
