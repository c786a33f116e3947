"""Products of entries, summed over shared indices → matrix products, traces, outer products.

A piece is a product of powers, entry by entry, on one tuple of indices.  Bound indices are removed one
at a time; what stays carries free indices only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symcheck.language.indexed import Idx
from symcheck.language.tensor import Apply, Call, Derivative, SizeNumber, Tensor
from symcheck.raising.builders import ONE, Builder, Power, gathered, key_of
from symcheck.raising.terms import NoForm


@dataclass(frozen=True, slots=True)
class Piece:
    """Π base^exponent at `idxs`; every base has exactly these axes."""

    idxs: tuple[Idx, ...]
    powers: tuple[Power, ...]


class Network:
    """The pieces of one product while its bound indices are being removed."""

    def __init__(
        self, build: Builder, pieces: Sequence[Piece], bound: Sequence[Idx], want: tuple[Idx, ...]
    ) -> None:
        self.build = build
        self.scalars: list[Power] = []
        self.pieces: list[Piece] = []
        self.bound = list(bound)
        self.want = want
        for piece in pieces:
            self.put(piece)

    # -- bookkeeping -----------------------------------------------------------------------------

    def put(self, piece: Piece) -> None:
        """Add a piece: a scalar in front, equal index sets multiplied entry by entry."""
        if not piece.idxs:
            self.scalars.extend(piece.powers)
            return
        for k, other in enumerate(self.pieces):
            if set(other.idxs) == set(piece.idxs):
                if other.idxs != piece.idxs:
                    if self.traceable(other.idxs):
                        continue
                    piece = self.turned(piece)
                    if other.idxs != piece.idxs:
                        raise NoForm("tensors of higher rank in another order")
                self.pieces[k] = Piece(other.idxs, other.powers + piece.powers)
                return
        self.pieces.append(piece)

    def traceable(self, idxs: tuple[Idx, ...]) -> bool:
        """Whether a pair of matrices on these indices may be left apart, to become a trace."""
        return len(idxs) == 2 and all(i in self.bound for i in idxs)

    def turned(self, piece: Piece) -> Piece:
        """The piece on its indices reversed."""
        if len(piece.idxs) != 2:
            return piece
        return Piece(piece.idxs[::-1], tuple((self.build.transposed(b), e) for b, e in piece.powers))

    def tensor(self, piece: Piece) -> Tensor:
        """The piece as one tensor."""
        return self.build.product(ONE, piece.powers)

    def oriented(self, piece: Piece, first: Idx) -> Tensor:
        """A matrix with this index as its rows."""
        return self.tensor(piece if piece.idxs[0] is first else self.turned(piece))

    def other(self, piece: Piece, idx: Idx) -> Idx:
        """The other index of a matrix."""
        return piece.idxs[1] if piece.idxs[0] is idx else piece.idxs[0]

    def holders(self, idx: Idx) -> list[Piece]:
        """The pieces that carry an index."""
        return [piece for piece in self.pieces if idx in piece.idxs]

    def swap(self, gone: Sequence[Piece], new: Tensor, idxs: tuple[Idx, ...]) -> None:
        """Put a contracted piece in place of others."""
        self.pieces = [piece for piece in self.pieces if piece not in gone]
        self.put(Piece(idxs, ((new, ONE),)))

    # -- removing bound indices --------------------------------------------------------------------

    def contract(self) -> None:
        """Σ over every bound index.

        Errors: NoForm if an index is shared by more than a chain of matrices can hold.
        """
        rules = (
            self.count,
            self.matrix_vector,
            self.dot,
            self.sum_of_matrix,
            self.row_sum,
            self.matrix_matrix,
            self.through_diagonal,
            self.higher,
        )
        while self.bound:
            for rule in rules:
                if any(rule(idx) for idx in reversed(self.bound)):
                    break
            else:
                raise NoForm("an index is shared by too many factors")

    def done(self, *idxs: Idx) -> bool:
        self.bound = [i for i in self.bound if i not in idxs]
        return True

    def count(self, k: Idx) -> bool:
        """Σₖ 1 = n."""
        if self.holders(k):
            return False
        self.scalars.append((SizeNumber((), k.dim) if isinstance(k.dim, str) else self.literal(k.dim), ONE))
        return self.done(k)

    def literal(self, value: int) -> Tensor:
        return self.build.product(Fraction(value), ())

    def dot(self, k: Idx) -> bool:
        """Σₖ uₖ vₖ."""
        holders = self.holders(k)
        if len(holders) != 1 or len(holders[0].idxs) != 1:
            return False
        powers = gathered(holders[0].powers)
        self.pieces.remove(holders[0])
        self.scalars.append((self.dot_of(powers), ONE))
        return self.done(k)

    def dot_of(self, powers: list[Power]) -> Tensor:
        base, exponent = powers[-1]
        if exponent == 2 and len(powers) == 1:
            return self.build.dot(base, base)
        if len(powers) == 2 and exponent == powers[0][1] == 1:
            return self.build.dot(powers[0][0], base)
        return self.build.op("sumall", self.build.product(ONE, powers))

    def sum_of_matrix(self, k: Idx) -> bool:
        """Σₖₘ Xₖₘ, and Σₖₘ Xₖₘ Yₘₖ = tr(X Y)."""
        holders = self.holders(k)
        if not holders or len(holders[0].idxs) != 2:
            return False
        m = self.other(holders[0], k)
        if m not in self.bound or self.holders(m) != holders or len(holders) > 2:
            return False
        if len(holders) == 1:
            total = self.build.op("sumall", self.tensor(holders[0]))
        else:
            if set(holders[1].idxs) != {k, m}:
                return False
            first, second = holders
            total = self.build.op("tr", self.build.chain(self.tensor(first), self.tensor(second)))
        self.pieces = [piece for piece in self.pieces if piece not in holders]
        self.scalars.append((total, ONE))
        return self.done(k, m)

    def matrix_vector(self, k: Idx) -> bool:
        """Σₖ Xᵢₖ vₖ."""
        holders = self.holders(k)
        if sorted(len(piece.idxs) for piece in holders) != [1, 2]:
            return False
        vector, matrix = sorted(holders, key=lambda piece: len(piece.idxs))
        i = self.other(matrix, k)
        v = self.tensor(vector)
        if matrix.idxs[0] is k and _is_jacobian(self.tensor(matrix)) and _is_jacobian(v):
            product = self.build.chain(v, self.tensor(matrix))
        else:
            product = self.build.chain(self.oriented(matrix, i), v)
        self.swap(holders, product, (i,))
        return self.done(k)

    def row_sum(self, k: Idx) -> bool:
        """Σₖ Xᵢₖ."""
        holders = self.holders(k)
        if len(holders) != 1 or len(holders[0].idxs) != 2:
            return False
        matrix = holders[0]
        name = "rowsum" if matrix.idxs[1] is k else "colsum"
        self.swap(holders, self.build.op(name, self.tensor(matrix)), (self.other(matrix, k),))
        return self.done(k)

    def matrix_matrix(self, k: Idx) -> bool:
        """Σₖ Xᵢₖ Yₖⱼ."""
        holders = self.holders(k)
        if [len(piece.idxs) for piece in holders] != [2, 2]:
            return False
        return self.joined(k, holders, ())

    def through_diagonal(self, k: Idx) -> bool:
        """Σₖ Xᵢₖ vₖ Yₖⱼ = (X diag(v) Y)ᵢⱼ."""
        holders = self.holders(k)
        if sorted(len(piece.idxs) for piece in holders) != [1, 2, 2]:
            return False
        vector, *matrices = sorted(holders, key=lambda piece: len(piece.idxs))
        middle = self.build.op("diag", self.tensor(vector))
        return self.joined(k, matrices, (middle,), gone=holders)

    def joined(
        self, k: Idx, pair: list[Piece], middle: tuple[Tensor, ...], gone: list[Piece] | None = None
    ) -> bool:
        left, right = pair
        i, j = self.other(left, k), self.other(right, k)
        if i is j and not middle:
            return False
        order = {idx: place for place, idx in enumerate(self.want)}
        if order.get(i, 0) > order.get(j, len(order)):
            left, right, i, j = right, left, j, i
        chain = self.build.chain(self.oriented(left, i), *middle, self.oriented(right, k))
        if i is j:
            chain = self.build.op("diagpart", chain)
        self.swap(gone or pair, chain, (i,) if i is j else (i, j))
        return self.done(k)

    def higher(self, k: Idx) -> bool:
        """Σ over the last axes of one tensor that are the first of another."""
        holders = self.holders(k)
        if len(holders) != 2:
            return False
        for left, right in (holders, holders[::-1]):
            shared = [i for i in left.idxs if i in right.idxs]
            count = len(shared)
            if not all(i in self.bound and len(self.holders(i)) == 2 for i in shared):
                continue
            if left.idxs[-count:] != right.idxs[:count]:
                continue
            rest = left.idxs[:-count] + right.idxs[count:]
            product = self.build.op("contract", self.tensor(left), self.tensor(right), params=(count,))
            self.swap(holders, product, rest)
            return self.done(*shared)
        return False

    # -- what is left ------------------------------------------------------------------------------

    def joint(self) -> Piece | None:
        """One piece out of those with free indices; None if the product is a scalar.

        Errors: NoForm if there is no matrix notation for them.
        """
        if not self.pieces:
            return None
        if len(self.pieces) == 1:
            (piece,) = self.pieces
            return self.turned(piece) if self.disordered(piece.idxs) else piece
        idxs = list(dict.fromkeys(i for piece in self.pieces for i in piece.idxs))
        if len(idxs) != 2:
            raise NoForm("an outer product of more than two axes")
        if self.disordered(tuple(idxs)):
            idxs.reverse()
        first, last = idxs
        vectors = {piece.idxs[0]: piece for piece in self.pieces if len(piece.idxs) == 1}
        matrices = [piece for piece in self.pieces if len(piece.idxs) == 2]
        if not matrices:
            u, v = (self.tensor(vectors[i]) for i in (first, last))
            return Piece((first, last), ((self.build.op("outer", u, v), ONE),))
        matrix = matrices[0] if matrices[0].idxs[0] is first else self.turned(matrices[0])
        if len(vectors) == 2:
            u, v = (self.tensor(vectors[i]) for i in (first, last))
            return Piece(matrix.idxs, ((self.build.op("outer", u, v), ONE), *matrix.powers))
        if last in vectors:
            return Piece(matrix.idxs, matrix.powers + vectors[last].powers)
        diagonal = self.build.op("diag", self.tensor(vectors[first]))
        return Piece(matrix.idxs, ((self.build.chain(diagonal, self.tensor(matrix)), ONE),))

    def disordered(self, idxs: tuple[Idx, ...]) -> bool:
        """Whether a matrix lies across the order that is wanted."""
        if len(idxs) != 2 or not set(idxs) <= set(self.want):
            return False
        return self.want.index(idxs[0]) > self.want.index(idxs[1])


def _is_jacobian(tensor: Tensor) -> bool:
    """Whether it is written as a derivative of or through a name."""
    if isinstance(tensor, Apply) and tensor.op in ("matmul", "transpose"):
        return all(map(_is_jacobian, tensor.args))
    return isinstance(tensor, Derivative) or (isinstance(tensor, Call) and any(tensor.derivatives))


def as_softmax(build: Builder, pieces: list[Piece]) -> list[Piece]:
    """exp(xᵢ) / Σₘ exp(xₘ) = softmax(x)ᵢ, wherever the two meet in one product."""
    for below in pieces:
        for at, (base, exponent) in enumerate(below.powers):
            if exponent < 0 and isinstance(base, Apply) and base.op in ("sumall", "rowsum"):
                inner = base.args[0]
                if isinstance(inner, Apply) and inner.op == "exp" and len(inner.shape) == len(base.shape) + 1:
                    joined = _with_softmax(build, pieces, inner, below, at)
                    if joined is not None:
                        return as_softmax(build, joined)
    return pieces


def _with_softmax(
    build: Builder, pieces: list[Piece], exponential: Apply, below: Piece, at: int
) -> list[Piece] | None:
    """One exp(x) and one of the powers of its sum made a softmax; None if exp(x) is not there."""
    for piece in pieces:
        if len(piece.idxs) != len(below.idxs) + 1:
            continue
        turned = piece.idxs[:-1] != below.idxs
        if turned and piece.idxs[1:] != below.idxs:
            continue
        for k, (base, exponent) in enumerate(piece.powers):
            if exponent != 1 or key_of(build.transposed(base) if turned else base) != key_of(exponential):
                continue
            value = build.op("softmax", *exponential.args)
            value = build.transposed(value) if turned else value
            powers = (*piece.powers[:k], (value, ONE), *piece.powers[k + 1 :])
            total, power = below.powers[at]
            left = ((total, power + 1),) if power != -1 else ()
            rest = below.powers[:at] + left + below.powers[at + 1 :]
            result = [Piece(p.idxs, powers) if p is piece else p for p in pieces if p is not below]
            return [*result, Piece(below.idxs, rest)] if rest else result
    return None
