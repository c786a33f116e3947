"""Cholesky factors: L Lᵀ = A with L lower triangular and Lᵢᵢ > 0.

Beside inverses: L⁻ᵀ L⁻¹ = A⁻¹, A⁻¹ L = L⁻ᵀ, Lᵀ A⁻¹ = L⁻¹, L⁻¹ A = Lᵀ; Σ log Lᵢᵢ = ½ log |det A|.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from flint import fmpq

from symcheck.language.shape import Dim
from symcheck.normal_form import tower
from symcheck.normal_form.blocks import Algebra, OpenBlock
from symcheck.normal_form.determinants import determinant
from symcheck.normal_form.factoring import split_content
from symcheck.normal_form.inverses import InverseHead, MatrixHead, diagonal_of, inverse, lifted
from symcheck.normal_form.paths import Link, joined, links
from symcheck.normal_form.polynomial import Head, Poly, Polynomials, delta
from symcheck.normal_form.roots import power
from symcheck.normal_form.templates import Template, TemplateHead

HALF = Fraction(1, 2)
LAW = "cholesky"


class FactorHead(MatrixHead):
    """L[p, q] of the matrix λ l m. A."""

    kind = "chol"

    def __init__(self, template: Template, dim: Dim, row: int, col: int, matrix: Poly) -> None:
        super().__init__(template, row, col, matrix)
        self.dims = (dim, dim, *template.dims)
        self.lower = True
        self.group = tuple((0, 1, *(2 + k for k in perm)) for perm in template.group)
        self.diagonal: DiagonalHead | None = None

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        params = idxs[2:]
        if len(set(params)) == len(params) and not algebra.numbers(params):
            if idxs[0] == idxs[1] and self.diagonal is not None:
                return algebra.single(algebra.atom(self.diagonal, idxs[1:]))
            return algebra.single(algebra.atom(self, idxs))
        matrix = self.entry(algebra, self.matrix, self.row, self.col, params)
        return factor(algebra, matrix, self.row, self.col, *idxs[:2])


class DiagonalHead(TemplateHead):
    """L[p, p] > 0."""

    kind = "chol diagonal"

    def __init__(self, of: FactorHead) -> None:
        super().__init__(of.template)
        self.of = of
        self.dims = of.dims[1:]
        self.group = tuple((0, *(1 + k for k in perm)) for perm in of.template.group)
        self.positive = True

    def product(self, algebra: Polynomials, index: int, idxs: tuple[int, ...]) -> Poly | None:
        """Π Lᵢᵢ = (det A)^(1/2)."""
        if idxs[0] != index or index in idxs[1:]:
            return None
        assert isinstance(algebra, Algebra)
        algebra.use(LAW)
        matrix = self.of.entry(algebra, self.of.matrix, self.of.row, self.of.col, idxs[1:])
        return power(algebra, determinant(algebra, matrix, self.of.row, self.of.col), HALF)

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        return self.of.instantiate(algebra, (idxs[0], *idxs))


def factor(algebra: Algebra, matrix: Poly, row: int, col: int, p: int, q: int) -> Poly:
    """Entry (p, q) of the Cholesky factor of λ row col. matrix."""
    diagonal = diagonal_of(algebra, matrix, row, col)
    if diagonal is not None and diagonal:
        return algebra.times(delta(algebra, p, q), algebra.rename(power(algebra, diagonal, HALF), {row: p}))
    content, _, rest = split_content(algebra, matrix)
    if content != 1:
        rest = algebra.scaled(matrix, 1 / content)
        scale = power(algebra, algebra.constant(content), HALF)
        return algebra.times(scale, factor(algebra, rest, row, col, p, q))
    template, params, r, c, plain = lifted(algebra, matrix, row, col)
    key = ("chol", template.key)
    head = algebra.head_of.get(key)
    if head is None:
        head = FactorHead(template, algebra.dim_of[row], r, c, plain)
        algebra.add_head(key, head)
        head.diagonal = DiagonalHead(head)
        if rule not in algebra.block_rules:
            algebra.block_rules.append(rule)
        algebra.add_head((*key, "diagonal"), head.diagonal)
    return algebra.atom_poly(head, (p, q, *params))


def rule(algebra: Algebra, block: OpenBlock) -> Poly | None:
    """A product with L, L⁻¹ or A⁻¹ in it that is shorter, and the sum of the logarithms of a diagonal."""
    heads = [algebra.heads[factor[0]] for factor in block.factors]
    if len(heads) == 1 and heads[0].kind == "log":
        return _logarithms(algebra, block, heads[0])
    if not any(isinstance(head, FactorHead) or _of_factor(algebra, head) for head in heads):
        return None
    for link in links(algebra, block):
        made = _shorter(algebra, link)
        if made is not None:
            algebra.use(LAW)
            return joined(algebra, block, link, made)
    return None


def _logarithms(algebra: Algebra, block: OpenBlock, head: Head) -> Poly | None:
    """Σᵢ log Lᵢᵢ = ½ log |det A|."""
    if not isinstance(head, TemplateHead) or len(block.dims) != 1 or block.factors[0][1] != 1:
        return None
    index = algebra.fresh(block.dims[0])
    (content,) = head.content(algebra, tuple(index if i < 0 else i for i in block.factors[0][2]))
    if len(content) != 1:
        return None
    ((term, value),) = content.items()
    if value != 1 or len(term) != 1 or term[0][1] != 1:
        return None
    atom = algebra.components[term[0][0]]
    if not isinstance(atom.head, DiagonalHead) or atom.idxs[0] != index or index in atom.idxs[1:]:
        return None
    algebra.use(LAW)
    of = atom.head.of
    matrix = of.entry(algebra, of.matrix, of.row, of.col, atom.idxs[1:])
    logarithm = tower.log(algebra, determinant(algebra, matrix, of.row, of.col))
    return algebra.scaled(logarithm, fmpq(1, 2))


def _of_factor(algebra: Algebra, head: Head) -> FactorHead | None:
    """L where the head is that of L⁻¹."""
    if not isinstance(head, InverseHead) or len(head.matrix) != 1:
        return None
    ((term, value),) = head.matrix.items()
    if value != 1 or len(term) != 1 or term[0][1] != 1:
        return None
    atom = algebra.components[term[0][0]]
    if isinstance(atom.head, FactorHead) and atom.idxs[:2] == (head.row, head.col):
        return atom.head
    return None


def _shorter(algebra: Algebra, link: Link) -> Callable[[int, int], Poly] | None:
    """What the pair becomes, from its outer indices; None if it stays.

    A pair is read as a product X Y by the summed index: the columns of X, the rows of Y.
    """
    words = [_word(algebra, head) for head in link.heads]
    for x, y in ((0, 1), (1, 0)):
        (left, of), (right, other) = words[x], words[y]
        if of is None or of is not other or link.idxs[x][2:] != link.idxs[y][2:]:
            continue
        left += "" if link.sides[x] == 1 else "ᵀ"
        right += "" if link.sides[y] == 0 else "ᵀ"
        made = PRODUCTS.get((_plain(left), _plain(right)))
        if made is None:
            continue
        return partial(_entry, algebra, of, made if x == 0 else _turned(made), link.idxs[x][2:])
    return None


def _turned(word: str) -> str:
    return word.removesuffix("ᵀ") if word[-1] == "ᵀ" else word + "ᵀ"


PRODUCTS = {
    ("L", "Lᵀ"): "A",
    ("L⁻¹ᵀ", "L⁻¹"): "A⁻¹",
    ("A⁻¹", "L"): "L⁻¹ᵀ",
    ("Lᵀ", "A⁻¹"): "L⁻¹",
    ("L⁻¹", "A"): "Lᵀ",
    ("A", "L⁻¹ᵀ"): "L",
}


def _plain(word: str) -> str:
    return word.removesuffix("ᵀ") if word[0] == "A" else word


def _word(algebra: Algebra, head: Head) -> tuple[str, FactorHead | None]:
    """L, L⁻¹, A or A⁻¹, and the Cholesky factor in question."""
    if isinstance(head, FactorHead):
        return "L", head
    of = _of_factor(algebra, head)
    if of is not None:
        return "L⁻¹", of
    for known in algebra.heads if isinstance(head, InverseHead) or head.kind == "tensor" else ():
        if isinstance(known, FactorHead):
            if isinstance(head, InverseHead) and head.template.key == known.template.key:
                return "A⁻¹", known
            if head.kind == "tensor" and _is_tensor(algebra, known, head):
                return "A", known
    return "", None


def _is_tensor(algebra: Algebra, of: FactorHead, head: Head) -> bool:
    if len(of.matrix) != 1:
        return False
    ((term, value),) = of.matrix.items()
    atom = algebra.components[term[0][0]] if len(term) == 1 else None
    return value == 1 and atom is not None and term[0][1] == 1 and atom.head is head


def _entry(algebra: Algebra, of: FactorHead, word: str, params: tuple[int, ...], a: int, b: int) -> Poly:
    """Entry (a, b) of the matrix that the word names."""
    if word[-1] == "ᵀ":
        return _entry(algebra, of, word[:-1], params, b, a)
    if word == "L":
        return algebra.atom_poly(of, (a, b, *params))
    if word == "A":
        return of.entry(algebra, of.matrix, a, b, params)
    dim = of.dims[0]
    row, col = algebra.fresh(dim), algebra.fresh(dim)
    inner = (
        of.entry(algebra, of.matrix, row, col, params)
        if word == "A⁻¹"
        else algebra.atom_poly(of, (row, col, *params))
    )
    return inverse(algebra, inner, row, col, a, b)
