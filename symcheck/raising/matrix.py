"""Index notation → matrix notation: every node as a tensor whose axes are named by its free indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symcheck.errors import BadCall, ShapeMismatch
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.registry import REGISTRY
from symcheck.language.shape import SameSize
from symcheck.language.tensor import (
    Apply,
    Call,
    Constant,
    Index,
    IndexProduct,
    Number,
    SizeNumber,
    Tensor,
    entry,
    walk,
)
from symcheck.raising.builders import ONE, PUBLIC, Builder, Power, cost, key_of, links
from symcheck.raising.named import derivative_of, differential_of, named
from symcheck.raising.network import Network, Piece, as_softmax
from symcheck.raising.terms import Expander, NoForm, Term


@dataclass(frozen=True, slots=True)
class Placed:
    """A tensor and the index of each of its axes."""

    tensor: Tensor
    idxs: tuple[Idx, ...]
    coefficient: Fraction = ONE
    """A numeric factor of `tensor`, where it is one product."""
    bare: Tensor | None = None
    """`tensor` without it; None if it is 1."""


@dataclass(frozen=True, slots=True)
class Summand:
    """coefficient · Π scalars · Π powers, the powers on `idxs`."""

    coefficient: Fraction
    scalars: tuple[Power, ...]
    powers: tuple[Power, ...]
    idxs: tuple[Idx, ...]


class MatrixForm:
    """Raises nodes of one table.

    Errors: every method raises NoForm where there is no matrix notation.
    """

    def __init__(self, table: Table, same: SameSize, expander: Expander | None = None) -> None:
        self.table = table
        self.build = Builder(same)
        self.expander = expander or Expander(table)
        self._natural: dict[tuple[Node, tuple[Idx, ...]], Placed | None] = {}

    def exact(self, node: Node, axes: tuple[Idx, ...]) -> Tensor:
        """The tensor λ axes. node, repeated along the axes that the node does not mention."""
        placed = self.natural(node, axes)
        tensor, idxs = placed.tensor, placed.idxs
        if idxs == axes:
            return tensor
        if idxs == axes[::-1]:
            return self.build.transposed(tensor)
        sizes = tuple((i.dim,) for i in axes)
        if not idxs:
            if isinstance(tensor, Number) and tensor.value == 0:
                return self.build.op("zeros", params=sizes)
            ones = self.build.op("ones", params=sizes)
            plain = isinstance(tensor, Number) and tensor.value == 1
            return ones if plain else self.build.times(tensor, ones)
        if len(axes) == 2 and len(idxs) == 1:
            if idxs[0] is axes[0]:
                return self.build.op("outer", tensor, self.build.op("ones", params=sizes[1:]))
            return self.build.op("outer", self.build.op("ones", params=sizes[:1]), tensor)
        raise NoForm("repeated along several axes")

    def natural(self, node: Node, want: tuple[Idx, ...] = ()) -> Placed:
        """The node on its own free indices, in the order wanted where one is."""
        want = tuple(i for i in want if i in node.free)
        key = (node, want)
        if key not in self._natural:
            self._natural[key] = self._best(node, want)
        found = self._natural[key]
        if found is None:
            raise NoForm("no matrix notation")
        return found

    def _best(self, node: Node, want: tuple[Idx, ...]) -> Placed | None:
        forms: list[Placed] = []
        tried: list[tuple[Term, ...]] = []
        for full in (False, True):
            try:
                terms = self.expander.expand(node, full)
                if terms not in tried:
                    tried.append(terms)
                    forms.append(self.summed(terms, want))
            except (NoForm, ShapeMismatch, BadCall):
                continue
        # factors stay together unless taking them apart is clearly shorter
        return min(forms, key=lambda placed: cost(placed.tensor) + 3 * (placed is forms[-1]), default=None)

    # -- sums --------------------------------------------------------------------------------------

    def summed(self, terms: Sequence[Term], want: tuple[Idx, ...]) -> Placed:
        """Σ terms, like ones brought together, a factor common to all taken out."""
        if not terms:
            return Placed(Number((), Fraction(0), "0"), ())
        summands = [self.multiplied(term, want) for term in terms]
        order = self.order_of(summands, want)
        if order != want:
            summands = [self.multiplied(term, order) for term in terms]
        merged = self.merged(summands)
        if not merged:
            return Placed(Number((), Fraction(0), "0"), ())
        common = self.common_factor(merged, order)
        if common is not None:
            return common
        placed = [
            (s.coefficient, Placed(self.build.product(s.coefficient, s.scalars + s.powers), s.idxs))
            for s in merged
        ]
        joined = self.same_chain(merged, order)
        if joined is not None:
            return joined
        if len(placed) == 1:
            sign, only = placed[0]
            bare = self.build.product(ONE, merged[0].scalars + merged[0].powers)
            tensor = self.build.negated(only.tensor) if sign < 0 else only.tensor
            return Placed(tensor, only.idxs, sign, bare) if sign != 1 else Placed(tensor, only.idxs)
        # a vector beside a diagonal matrix is repeated visibly: eye(n) - v would be misread
        fit = self.whole if any(map(_is_diagonal, (one.tensor for _, one in placed))) else self.fitted
        fitted = [(sign, fit(one, order)) for sign, one in placed]
        if all(len(tensor.shape) < len(order) for _, tensor in fitted):
            sign, first = placed[0]
            fitted[0] = (sign, self.padded(first, order))
        return Placed(self.build.total(fitted), order)

    def order_of(self, summands: Sequence[Summand], want: tuple[Idx, ...]) -> tuple[Idx, ...]:
        """An order of all indices: the wanted one, else one in which vectors stand on the last axis."""
        every = dict.fromkeys(i for s in summands for i in s.idxs)
        if set(every) <= set(want):
            return tuple(i for i in want if i in every)
        fullest = max(summands, key=lambda s: len(s.idxs)).idxs
        order = fullest if len(fullest) == len(every) else tuple(every)
        lone = {s.idxs[0] for s in summands if len(s.idxs) == 1}
        if len(order) == 2 and order[0] in lone and order[1] not in lone:
            order = order[::-1]
        return order

    def merged(self, summands: Sequence[Summand]) -> list[Summand]:
        """Like terms collected, in order of first appearance."""
        found: dict[object, Summand] = {}
        for s in summands:
            tensor = self.build.product(ONE, s.scalars + s.powers)
            key = (key_of(tensor), s.idxs)
            old = found.get(key)
            total = s.coefficient + (old.coefficient if old else 0)
            found[key] = Summand(total, s.scalars, s.powers, s.idxs)
        return [s for s in found.values() if s.coefficient]

    def common_factor(self, summands: list[Summand], order: tuple[Idx, ...]) -> Placed | None:
        """S ⊙ g − S (S·g) = S ⊙ (g − S·g): one vector or matrix that every summand holds once."""
        if len(summands) < 2 or any(s.idxs != order for s in summands) or not order:
            return None
        for base, _ in summands[0].powers:
            key = key_of(base)
            rest = []
            for s in summands:
                at = [k for k, (b, e) in enumerate(s.powers) if e == 1 and key_of(b) == key]
                if not at or len(base.shape) != len(order):
                    break
                powers = s.powers[: at[0]] + s.powers[at[0] + 1 :]
                rest.append((s.coefficient, self.build.product(s.coefficient, s.scalars + powers)))
            else:
                if all(isinstance(tensor, Number) for _, tensor in rest):
                    continue
                total = self.build.total(rest)
                pair = (base, total) if total.shape else (total, base)
                return Placed(self.build.times(*pair), order)
        return None

    def same_chain(self, summands: list[Summand], order: tuple[Idx, ...]) -> Placed | None:
        """A x + Aᵀ x = (A + Aᵀ) x: matrix products that all begin or all end with one factor."""
        if len(summands) < 2 or any(s.idxs != order or len(s.powers) != 1 for s in summands):
            return None
        chains = [links(base) for s in summands for base, exponent in s.powers if exponent == 1]
        if len(chains) != len(summands) or min(map(len, chains)) < 2:
            return None
        common = abs(summands[0].coefficient)
        if any(abs(s.coefficient) != common for s in summands):
            common = ONE
        for at in (0, -1):
            end = chains[0][at]
            if any(key_of(chain[at]) != key_of(end) for chain in chains):
                continue
            rest = []
            for s, chain in zip(summands, chains, strict=True):
                inner = self.build.chain(*(chain[1:] if at == 0 else chain[:-1]))
                product = self.build.product(s.coefficient / common, (*s.scalars, (inner, ONE)))
                rest.append((s.coefficient, product))
            total = self.build.total(rest)
            if len(total.shape) != len(rest[0][1].shape) or not total.shape:
                continue
            tensor = self.build.chain(end, total) if at == 0 else self.build.chain(total, end)
            return Placed(self.build.product(common, ((tensor, ONE),)), order)
        return None

    def fitted(self, placed: Placed, order: tuple[Idx, ...]) -> Tensor:
        """The tensor so that NumPy's broadcasting puts it on the axes of `order`."""
        idxs = placed.idxs
        if not idxs or idxs == order[-len(idxs) :]:
            return placed.tensor
        if idxs == order[::-1]:
            return self.build.transposed(placed.tensor)
        return self.padded(placed, order)

    def whole(self, placed: Placed, order: tuple[Idx, ...]) -> Tensor:
        """The tensor on all axes of `order`; a scalar as it is."""
        return self.padded(placed, order) if len(placed.idxs) == 1 else self.fitted(placed, order)

    def padded(self, placed: Placed, order: tuple[Idx, ...]) -> Tensor:
        """The tensor on all axes of `order`, ones where it is constant."""
        sizes = [(i.dim,) for i in order]
        if len(order) != 2 or len(placed.idxs) != 1:
            raise NoForm("repeated along an axis of a tensor of higher rank")
        if placed.idxs[0] is order[0]:
            return self.build.op("outer", placed.tensor, self.build.op("ones", params=(sizes[1],)))
        return self.build.op("outer", self.build.op("ones", params=(sizes[0],)), placed.tensor)

    # -- products ----------------------------------------------------------------------------------

    def multiplied(self, term: Term, want: tuple[Idx, ...]) -> Summand:
        """coefficient · Σ Π factors."""
        deltas = list(dict.fromkeys(f for f in term.factors if f.op == "delta"))
        factors = [f for f in term.factors if f.op != "delta"]
        if len(deltas) > 1:
            raise NoForm("more than one delta")
        if not deltas:
            return self.contracted(term.coefficient, term.bound, factors, want)
        i, j = deltas[0].args
        if i.value is not None or j.value is not None:
            raise NoForm("one entry of a vector is 1")
        factors = [self.table.rename(f, {j: i}) for f in factors]
        inner = self.contracted(term.coefficient, term.bound, factors, (i,))
        axes = (j, i) if {i, j} <= set(want) and want.index(j) < want.index(i) else (i, j)
        return self.on_diagonal(inner, axes)

    def on_diagonal(self, inner: Summand, axes: tuple[Idx, ...]) -> Summand:
        """δᵢⱼ vᵢ = diag(v)ᵢⱼ."""
        if not inner.idxs:
            eye = self.build.op("eye", params=((axes[0].dim,),))
            return Summand(inner.coefficient, inner.scalars, ((eye, ONE),), axes)
        if len(inner.idxs) != 1:
            raise NoForm("a delta beside a matrix")
        diagonal = self.build.op("diag", self.build.product(ONE, inner.powers))
        return Summand(inner.coefficient, inner.scalars, ((diagonal, ONE),), axes)

    def contracted(
        self, coefficient: Fraction, bound: tuple[Idx, ...], factors: list[Node], want: tuple[Idx, ...]
    ) -> Summand:
        pieces = []
        for factor in factors:
            placed = self.natural(factor, want) if factor.op == "add" else None
            if placed is not None and placed.bare is not None and placed.bare.shape == placed.tensor.shape:
                coefficient *= placed.coefficient
                pieces.append(Piece(placed.idxs, ((placed.bare, ONE),)))
            else:
                pieces.append(self.piece(factor, want))
        network = Network(self.build, as_softmax(self.build, pieces), bound, want)
        network.contract()
        joint = network.joint()
        scalars = tuple(network.scalars)
        if joint is None:
            return Summand(coefficient, scalars, (), ())
        return Summand(coefficient, scalars, joint.powers, joint.idxs)

    def piece(self, factor: Node, want: tuple[Idx, ...]) -> Piece:
        """A factor of a product as a power on its indices."""
        if factor.op == "pow":
            base, exponent = factor.args
            placed = self.natural(base, want)
            return Piece(placed.idxs, ((placed.tensor, exponent),))
        placed = self.natural(factor, want) if factor.op == "add" else self.atom(factor, want)
        return Piece(placed.idxs, ((placed.tensor, ONE),))

    # -- atoms -------------------------------------------------------------------------------------

    def atom(self, node: Node, want: tuple[Idx, ...]) -> Placed:
        """A factor that is no sum and no product."""
        args = node.args
        match node.op:
            case "const":
                return Placed(Constant((), args[0]), ())
            case "dim":
                return Placed(SizeNumber((), args[0]), ())
            case "T":
                return self.at(named(args[0]), args[1])
            case "D" if args[0].op == "T":
                u, u_idxs = args[0].args
                return self.at(derivative_of(u, args[1]), u_idxs + args[2])
            case "diff" if args[0].op == "T":
                symbol, idxs = args[0].args
                return self.at(differential_of(symbol), idxs)
            case "fn":
                return self.function(args[0], args[1:], want)
            case "case":
                return self.choice(node, want)
            case "ufn":
                placed = self.natural(args[2], want)
                call = Call(placed.tensor.shape, args[0], (placed.tensor,), (args[1],))
                return Placed(call, placed.idxs)
            case "app":
                return self.application(node)
            case "inv":
                return self.at(self.build.op("inv", self.exact(args[2], args[:2])), args[3:])
            case "mat":
                return self.at(self.build.op(args[0], self.exact(args[3], args[1:3])), args[4:])
            case "det" | "logdet":
                return Placed(self.build.op(node.op, self.exact(args[2], args[:2])), ())
            case "prod" if args[0] not in args[1].free and isinstance(args[0].dim, str):
                placed, size = self.natural(args[1], want), SizeNumber((), args[0].dim)
                return Placed(self.build.op("pow", placed.tensor, size), placed.idxs)
            case "prod":
                factors = self.exact(args[1], args[:1])
                index = Index(args[0].name)
                return Placed(IndexProduct((), (index,), entry(factors, (index,))), ())
            case "most":
                return self.greatest(args[0], args[1])
            case "peak":
                there = self.table.rename(args[1], {args[0]: args[2]})
                zero, one = self.table.num(0), self.table.num(1)
                difference = there - self.table.most(args[0], self.table.refresh(args[1]))
                return self.compared("==", difference, zero, one, zero, want)
            case "order":
                sizes = tuple((i.dim,) for i in args)
                return self.at(self.build.op("triu", self.build.op("ones", params=sizes)), args)
            case "delta":
                raise NoForm("a delta alone")
        raise NoForm(f"no matrix notation for {node.op}")

    def at(self, tensor: Tensor, idxs: tuple[Idx, ...]) -> Placed:
        """A tensor at indices among which numbers or repetitions may stand."""
        if all(i.value is not None for i in idxs):
            if not idxs:
                return Placed(tensor, ())
            return Placed(entry(tensor, tuple(i.value for i in idxs)), ())
        free = tuple(i for i in idxs if i.value is None)
        if len(free) < len(idxs) and len(set(free)) == len(free):
            return Placed(entry(tensor, tuple(i.value for i in idxs)), free)
        if len(free) < len(idxs):
            raise NoForm("a diagonal of a tensor of higher rank")
        if len(set(idxs)) == len(idxs):
            return Placed(tensor, idxs)
        if len(idxs) != 2:
            raise NoForm("a diagonal of a tensor of higher rank")
        return Placed(self.build.op("diagpart", tensor), idxs[:1])

    def greatest(self, idx: Idx, body: Node) -> Placed:
        """max along one axis."""
        placed = self.natural(body)
        if len(placed.idxs) == 1:
            return Placed(self.build.op("max", placed.tensor), ())
        axis = placed.idxs.index(idx)
        rest = tuple(i for i in placed.idxs if i is not idx)
        return Placed(self.build.op("max", placed.tensor, params=(axis,)), rest)

    def function(self, name: str, args: tuple[Node, ...], want: tuple[Idx, ...]) -> Placed:
        """A scalar function, entry by entry."""
        if name == "vanishes":
            zero, one = self.table.num(0), self.table.num(1)
            return self.compared("==", args[0], zero, one, zero, want)
        tensors, idxs = self.aligned(args, want)
        if name == "log" and isinstance(tensors[0], Apply) and tensors[0].op in ("sumall", "rowsum"):
            inner = tensors[0].args[0]
            if isinstance(inner, Apply) and inner.op == "exp" and len(inner.shape) == len(idxs) + 1:
                return Placed(self.build.op("logsumexp", *inner.args), idxs)
        public = PUBLIC.get(name, name)
        if public not in REGISTRY:
            raise NoForm(f"{name} has no name to be written with")
        return Placed(self.build.op(public, *tensors), idxs)

    def aligned(self, nodes: Sequence[Node], want: tuple[Idx, ...]) -> tuple[list[Tensor], tuple[Idx, ...]]:
        """Several nodes on common axes."""
        placed = [self.natural(node, want) for node in nodes]
        every = dict.fromkeys(i for one in placed for i in one.idxs)
        order = tuple(i for i in want if i in every) if set(every) <= set(want) else ()
        if not order:
            fullest = max((one.idxs for one in placed), key=len, default=())
            order = fullest if len(fullest) == len(every) else tuple(every)
        tensors = [self.fitted(one, order) for one in placed]
        if all(len(tensor.shape) < len(order) for tensor in tensors):
            k = next(k for k, one in enumerate(placed) if one.idxs)
            tensors[k] = self.padded(placed[k], order)
        return tensors, order

    def choice(self, node: Node, want: tuple[Idx, ...]) -> Placed:
        """case([l > r], a, b) = where(l > r, a, b)."""
        indicator, then, other = node.args
        zero = self.table.num(0)
        swapped = _complement(indicator)
        if swapped is not None:
            indicator, then, other = swapped, other, then
        if indicator.op == "fn" and indicator.args[0] in ("positive", "vanishes"):
            sign = ">" if indicator.args[0] == "positive" else "=="
            return self.compared(sign, indicator.args[1], zero, then, other, want)
        raise NoForm("a condition that is no comparison")

    def compared(
        self, sign: str, left: Node, right: Node, then: Node, other: Node, want: tuple[Idx, ...]
    ) -> Placed:
        tensors, idxs = self.aligned((left, right, then, other), want)
        difference = tensors[0]
        if isinstance(difference, Apply) and difference.op == "sub":
            tensors[:2] = difference.args
        return Placed(self.build.op("where", *tensors, params=(sign,)), idxs)

    def application(self, node: Node) -> Placed:
        """An undefined function of tensors, or a derivative of one."""
        function, derivatives, out, args = node.args
        tensors = tuple(self.exact(body, lambdas) for lambdas, body in args)
        counts = [0] * len(args)
        shape = function.codomain
        idxs = list(out)
        for number, place in derivatives:
            counts[number] += 1
            shape = shape + function.domain[number]
            idxs.extend(place)
        orders = tuple(counts) if derivatives else ()
        return self.at(Call(shape, function, tensors, orders), tuple(idxs))


def _is_diagonal(tensor: Tensor) -> bool:
    return any(isinstance(part, Apply) and part.op in ("eye", "diag") for part in walk(tensor))


def _complement(indicator: Node) -> Node | None:
    """u of 1 − u."""
    if indicator.op != "add" or len(indicator.args) != 2:
        return None
    part, one = indicator.args
    if one.op != "num" or one.args[0] != 1 or part.op != "mul" or len(part.args) != 2:
        return None
    sign, inner = part.args
    found: Node = inner
    return found if sign.op == "num" and sign.args[0] == -1 else None
