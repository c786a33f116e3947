"""Index notation → the author's index notation: ``sum(k, U[k,i]*∂ε/∂q[k])``, any number of free indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from symcheck.language.indexed import Idx, Node
from symcheck.language.registry import REGISTRY
from symcheck.language.tensor import (
    Apply,
    Call,
    Constant,
    Delta,
    Derivative,
    Index,
    IndexProduct,
    IndexSum,
    Number,
    Segment,
    SizeNumber,
    Tensor,
    entry,
)
from symcheck.raising.builders import ONE, PUBLIC, Power, key_of
from symcheck.raising.matrix import MatrixForm
from symcheck.raising.named import derivative_of, differential_of, named
from symcheck.raising.network import as_softmax
from symcheck.raising.terms import NoForm, Term

LETTERS = ("i", "j", "k", "l", "m", "n", "p", "q", "r", "s", "t")


class EntryForm:
    """Raises one node with given names for its free indices."""

    def __init__(self, matrix: MatrixForm, node: Node, axes: tuple[Idx, ...]) -> None:
        self.matrix = matrix
        self.build = matrix.build
        self._names = names(node, axes)
        self.free: dict[Idx, Index] = {}
        for idx in axes:
            self.free[idx] = Index(self._name(idx), idx.dim)

    def _name(self, idx: Idx) -> str:
        return next(self._names)

    def scalar(self, node: Node, known: Mapping[Idx, Index]) -> Tensor:
        """The node as a scalar formula, `known` naming the indices that stand free in it.

        Errors: NoForm if a part has no written form.
        """
        if not node.free and node.op not in ("T", "num"):
            try:
                return self.matrix.natural(node).tensor
            except NoForm:
                pass
        merged: dict[object, tuple[Fraction, Tensor]] = {}
        for term in self.matrix.expander.expand(node):
            tensor = self.term(term, known)
            key = key_of(tensor)
            old = merged.get(key)
            merged[key] = (term.coefficient + (old[0] if old else 0), tensor)
        signed = [(c, self.build.product(c, ((tensor, ONE),))) for c, tensor in merged.values() if c]
        return self.build.total(signed) if signed else Number((), Fraction(0), "0")

    def term(self, term: Term, known: Mapping[Idx, Index]) -> Tensor:
        """Σ Π factors, without the coefficient."""
        loose = [f for f in term.factors if f.free.isdisjoint(term.bound)]
        tied = [f for f in term.factors if not f.free.isdisjoint(term.bound)]
        outside = self.powers(loose, known)
        if not term.bound:
            return self.build.product(ONE, outside)
        fresh = {i: Index(self._name(i), i.dim) for i in term.bound}
        inner = self.build.product(ONE, self.powers(tied, {**known, **fresh}))
        total = IndexSum((), tuple(fresh.values()), inner)
        return self.build.product(ONE, [*outside, (total, ONE)])

    def powers(self, factors: list[Node], known: Mapping[Idx, Index]) -> list[Power]:
        """Factors and their exponents, exp(xᵢ)/Σₘ exp(xₘ) as softmax(x)ᵢ."""
        fractions = [f for f in factors if _is_exponential(f) or _is_denominator(f)]
        if any(map(_is_exponential, fractions)) and any(map(_is_denominator, fractions)):
            try:
                pieces = as_softmax(self.build, [self.matrix.piece(f, ()) for f in fractions])
            except NoForm:
                pieces = []
            bases = [base for piece in pieces for base, _ in piece.powers]
            if any(isinstance(base, Apply) and base.op == "softmax" for base in bases):
                rest = [self.power(f, known) for f in factors if f not in fractions]
                for piece in pieces:
                    at = tuple(known[i] for i in piece.idxs)
                    rest.extend((entry(base, at) if at else base, e) for base, e in piece.powers)
                return rest
        return [self.power(f, known) for f in factors]

    def power(self, factor: Node, known: Mapping[Idx, Index]) -> Power:
        """A factor and its exponent."""
        if factor.op == "pow":
            return self.factor(factor.args[0], known), factor.args[1]
        return self.factor(factor, known), ONE

    def factor(self, node: Node, known: Mapping[Idx, Index]) -> Tensor:
        """A node that is no sum and no product, at its indices."""
        args = node.args

        def at(idxs: tuple[Idx, ...]) -> tuple[Index | int, ...]:
            return tuple(known[i] if i.value is None else i.value for i in idxs)

        def entry_of(tensor: Tensor, idxs: tuple[Idx, ...]) -> Tensor:
            return entry(tensor, at(idxs)) if idxs else tensor

        match node.op:
            case "const":
                return Constant((), args[0])
            case "dim":
                return SizeNumber((), args[0])
            case "T":
                return entry_of(named(args[0]), args[1])
            case "delta":
                return Delta((), *at(args))
            case "order":
                sizes = tuple((i.dim,) for i in args)
                return entry_of(self.build.op("triu", self.build.op("ones", params=sizes)), args)
            case "D" if args[0].op == "T" and any(isinstance(s, Segment) for s in (args[0].args[0], args[1])):
                u, u_idxs = args[0].args
                return entry_of(derivative_of(u, args[1]), u_idxs + args[2])
            case "D" if args[0].op == "T":
                body = self.factor(args[0], known)
                return Derivative((), body, args[1], at(args[2]) if args[2] else None)
            case "diff" if args[0].op == "T":
                symbol, idxs = args[0].args
                return entry_of(differential_of(symbol), idxs)
            case "fn" if PUBLIC.get(args[0], args[0]) in REGISTRY:
                public = PUBLIC.get(args[0], args[0])
                return self.build.op(public, *(self.scalar(arg, known) for arg in args[1:]))
            case "ufn":
                return Call((), args[0], (self.scalar(args[2], known),), (args[1],))
            case "app":
                return self.application(node, at)
            case "inv":
                matrix = self.build.op("inv", self.matrix.exact(args[2], args[:2]))
                return entry_of(matrix, args[3:])
            case "mat":
                return entry_of(self.build.op(args[0], self.matrix.exact(args[3], args[1:3])), args[4:])
            case "det" | "logdet":
                return self.build.op(node.op, self.matrix.exact(args[2], args[:2]))
            case "case":
                return self.choice(node, known)
            case "prod" if args[0] not in args[1].free and isinstance(args[0].dim, str):
                return self.build.op("pow", self.scalar(args[1], known), SizeNumber((), args[0].dim))
            case "prod":
                bound = Index(self._name(args[0]), args[0].dim)
                return IndexProduct((), (bound,), self.scalar(args[1], {**known, args[0]: bound}))
        return self.scalar(node, known)

    def choice(self, node: Node, known: Mapping[Idx, Index]) -> Tensor:
        """case([l > r], a, b)."""
        indicator, then, other = node.args
        if indicator.op != "fn" or indicator.args[0] not in ("positive", "vanishes"):
            raise NoForm("a condition that is no comparison")
        sign = ">" if indicator.args[0] == "positive" else "=="
        parts = [self.scalar(part, known) for part in (indicator.args[1], then, other)]
        return self.build.op("where", parts[0], 0, *parts[1:], params=(sign,))

    def application(self, node: Node, at: object) -> Tensor:
        """An entry of an undefined function or of a derivative of one."""
        assert callable(at)
        function, derivatives, out, args = node.args
        tensors = tuple(self.matrix.exact(body, lambdas) for lambdas, body in args)
        counts = [0] * len(args)
        shape, idxs = function.codomain, list(out)
        for number, place in derivatives:
            counts[number] += 1
            shape = shape + function.domain[number]
            idxs.extend(place)
        call = Call(shape, function, tensors, tuple(counts) if derivatives else ())
        return entry(call, at(tuple(idxs))) if idxs else call


def _is_exponential(node: Node) -> bool:
    return node.op == "fn" and node.args[0] == "exp"


def _is_denominator(node: Node) -> bool:
    return node.op == "pow" and node.args[1] < 0 and node.args[0].op == "sum"


def names(node: Node, axes: tuple[Idx, ...]) -> Iterator[str]:
    """Letters that name neither a symbol nor a size in the node."""
    taken: set[str] = set()
    seen: set[Node] = set()
    stack = [node]
    while stack:
        part = stack.pop()
        if part in seen:
            continue
        seen.add(part)
        taken.update(str(i.dim) for i in part.free | part.bound)
        match part.op:
            case "T":
                taken.add(part.args[0].name)
            case "D":
                taken.add(part.args[1].name)
            case "ufn" | "app":
                taken.add(part.args[0].name)
        stack.extend(part.nodes)
    taken.update(str(i.dim) for i in axes)
    count = 0
    while True:
        for letter in LETTERS:
            name = letter + (str(count) if count else "")
            if name not in taken:
                yield name
        count += 1
