"""Index notation: what formulas are lowered to, differentiated in and evaluated from.

Nodes are interned in a `Table` (one a session): equal nodes are one object.  Every sum runs over the
whole range of its index, and every bound index is fresh when it is made, which the constructors assert:
scoping is where wrong proofs come from.

Kinds (`op`: `args`):

    num     (Fraction,)
    const   (name,)                         π
    dim     (dim,)                          a size as a number
    T       (symbol, idxs)                  an entry of a tensor
    delta   (i, j)
    order   (i, j)                  1 if i ≤ j as numbers, else 0; the two may have different ranges
    add, mul (nodes…)                       two or more
    pow     (base, Fraction)                constant exponent
    sum     (idx, body)
    prod    (idx, body)
    most    (idx, body)                     the greatest of the values
    peak    (idx, body, at)                 1 if the value at `at` is greater than all others, 0 if another
                                            one is greater than it; not defined where two are greatest
    fn      (name, nodes…)                  a known scalar function of scalar arguments
    case    (indicator, then, else)         indicator has value 0 or 1; only the chosen branch counts
    ufn     (Function, order, argument)     derivative of an undefined elementwise function
    app     (Function, derivs, out, args)   derivs: sorted ((argument number, idxs), …); out: idxs;
                                            args: ((bound idxs, body), …): argument a is λ idxs. body
    D       (body, symbol, idxs)            ∂body/∂symbol[idxs], through the graph
    local   (u, u idxs, v, v idxs)          derivative of u's own definition in a parent
    diff    (body,)                         total differential
    inv     (l, m, body, p, q)              entry (p, q) of the inverse of the matrix λ l m. body
    mat     (name, l, m, body, p, q)        entry (p, q) of the adjugate, pseudo-inverse, Cholesky factor or
                                            function `name` of the matrix λ l m. body
    det, logdet (l, m, body)                logdet is log |det|
    lim     (body, symbol, target, side)    limit in a scalar bound in body; target None is infinity
    split   (idx, ((axis, body), …))        the body of the segment in which idx lies, `axis` being bound in
                                            it to the place there; none is left after lowering

Indicators are built from fn ``positive`` ([u > 0]) and fn ``vanishes`` ([u = 0]).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from symcheck.errors import DomainFault, IndexMisuse
from symcheck.language.nodes import Idx as Idx
from symcheck.language.nodes import Node as Node
from symcheck.language.nodes import show as show
from symcheck.language.shape import Dim, Joined, segments
from symcheck.language.tensor import Function, Segment, Symbol

NOTHING: frozenset[Any] = frozenset()
DERIVED = frozenset(("D", "local", "diff"))
FEW = 6
"""Up to so many sets are joined one after the other."""


class Table:
    """Builds and interns nodes; holds the counter that makes bound indices fresh."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[Any, ...], Node] = {}
        self._literals: dict[tuple[Dim, int], Idx] = {}
        self._serial = 0
        self._differentials: dict[Symbol, Symbol] = {}
        self._parts: dict[tuple[Symbol, tuple[int, ...]], Symbol] = {}
        self._alone: dict[object, frozenset[Any]] = {}
        self._numbers: dict[int | tuple[int, int], Node] = {}
        self.has_cases = False
        """Whether a `case` was made: one whose branches become alike is gone."""
        self.has_limits = False
        self.zero = self.num(0)
        self.one = self.num(1)

    @property
    def size(self) -> int:
        """How many nodes are interned."""
        return len(self._nodes)

    # -- indices -------------------------------------------------------------------------------

    def fresh(self, name: str, dim: Dim) -> Idx:
        """A new index, distinct from all others."""
        self._serial += 1
        return Idx(name, dim, self._serial)

    def literal(self, value: int, dim: Dim) -> Idx:
        """The index that stands for one number, counted from 0."""
        found = self._literals.get((dim, value))
        if found is None:
            self._serial += 1
            found = self._literals[dim, value] = Idx(str(value), dim, self._serial, value)
        return found

    def differential_of(self, symbol: Symbol) -> Symbol:
        """The symbol dX of X."""
        found = self._differentials.get(symbol)
        if found is None:
            found = self._differentials[symbol] = Symbol("d" + symbol.name, symbol.shape)
        return found

    def part_of(self, symbol: Symbol, numbers: tuple[int, ...]) -> Symbol:
        """The symbol of a part of a tensor whose axes are joined, by the numbers of its segments."""
        found = self._parts.get((symbol, numbers))
        if found is None:
            shape = tuple(segments(size)[k] for size, k in zip(symbol.shape, numbers, strict=True))
            name = f"part({symbol.name}, {', '.join(map(str, numbers))})"
            found = self._parts[symbol, numbers] = Segment(name, shape, whole=symbol, numbers=numbers)
        return found

    # -- nodes ---------------------------------------------------------------------------------

    def _make(
        self,
        op: str,
        args: tuple[Any, ...],
        nodes: tuple[Node, ...] = (),
        idxs: Iterable[Idx] = (),
        binds: tuple[Idx, ...] = (),
    ) -> Node:
        key = (op, *args)
        if op == "pow":
            key = (op, args[0], args[1].numerator, args[1].denominator)
        found = self._nodes.get(key)
        if found is not None:
            return found
        node = Node()
        node.op = op
        node.args = args
        node.nodes = nodes
        free = bound = names = functions = derived = NOTHING
        if len(nodes) <= FEW:
            for child in nodes:
                if child.free is not free:
                    free = free | child.free if free else child.free
                if child.bound is not bound:
                    bound = bound | child.bound if bound else child.bound
                if child.names is not names:
                    names = names | child.names if names else child.names
                if child.functions is not functions:
                    functions = functions | child.functions if functions else child.functions
                if child.derived is not derived:
                    derived = derived | child.derived if derived else child.derived
        else:
            free = NOTHING.union(*(child.free for child in nodes))
            bound = NOTHING.union(*(child.bound for child in nodes))
            names = NOTHING.union(*(child.names for child in nodes))
            functions = NOTHING.union(*(child.functions for child in nodes))
            derived = NOTHING.union(*(child.derived for child in nodes))
        if op == "T":
            names = self._only(args[0])
        elif op == "fn" or op == "mat":
            functions = functions | self._only(args[0])
        elif op in DERIVED:
            derived = frozenset((node,))
        node.names = names
        node.functions = functions
        node.derived = derived
        if binds:
            if not bound.isdisjoint(binds):
                raise IndexMisuse(f"an index of {op} is bound twice", code="SC013")
            bound = bound | frozenset(binds)
            free = free - frozenset(binds)
        if idxs:
            extra = [i for i in idxs if i.value is None]
            if extra:
                free = free | frozenset(extra) if free else frozenset(extra)
        node.free = free
        node.bound = bound
        node.table = self
        self._serial += 1
        node.serial = self._serial
        self._nodes[key] = node
        return node

    def _only(self, thing: Any) -> frozenset[Any]:
        found = self._alone.get(thing)
        if found is None:
            found = self._alone[thing] = frozenset((thing,))
        return found

    def lift(self, value: Node | int | Fraction) -> Node:
        """A node from a node or an exact number."""
        return value if isinstance(value, Node) else self.num(value)

    def num(self, value: int | Fraction) -> Node:
        """An exact rational."""
        # fractions are slow to hash
        key = value.numerator if value.denominator == 1 else (value.numerator, value.denominator)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = self._make("num", (Fraction(value),))
        return found

    def const(self, name: str) -> Node:
        """A named real constant."""
        return self._make("const", (name,))

    def dim(self, dim: Dim) -> Node:
        """A size as a number."""
        if isinstance(dim, Joined):
            return self.add(*(self.mul(*map(self.dim, part)) for part in dim.parts))
        return self.num(dim) if isinstance(dim, int) else self._make("dim", (dim,))

    def entry(self, symbol: Symbol, idxs: tuple[Idx, ...]) -> Node:
        """symbol[idxs]."""
        if len(idxs) != len(symbol.shape):
            raise IndexMisuse(f"{len(idxs)} indices for {symbol}", code="SC013")
        return self._make("T", (symbol, idxs), (), idxs)

    def delta(self, i: Idx, j: Idx) -> Node:
        """δᵢⱼ; i and j run over one dim."""
        if i is j:
            return self.one
        if i.dim != j.dim:
            raise IndexMisuse(f"δ of two ranges, {i.dim} and {j.dim}", code="SC013")
        if i.value is not None and j.value is not None:
            return self.zero
        if i.serial > j.serial:
            i, j = j, i
        return self._make("delta", (i, j), (), (i, j))

    def order(self, i: Idx, j: Idx) -> Node:
        """[i ≤ j]: 1 if the number i is at most the number j, else 0."""
        if i is j:
            return self.num(1)
        if i.value is not None and j.value is not None:
            return self.num(int(i.value <= j.value))
        if i.value == 0 or (isinstance(j.dim, int) and j.value == j.dim - 1 and i.dim == j.dim):
            return self.num(1)
        return self._make("order", (i, j), (), (i, j))

    def add(self, *nodes: Node) -> Node:
        """A sum, flattened; numbers gathered."""
        total = self.zero
        terms: list[Node] = []
        for node in nodes:
            for part in node.args if node.op == "add" else (node,):
                if part.op != "num":
                    terms.append(part)
                elif part is not self.zero:
                    total = part if total is self.zero else self.num(total.args[0] + part.args[0])
        if total is not self.zero:
            terms.append(total)
        if not terms:
            return self.zero
        if len(terms) == 1:
            return terms[0]
        children = tuple(terms)
        return self._make("add", children, children)

    def mul(self, *nodes: Node) -> Node:
        """A product, flattened; numbers gathered.  Sums inside keep their own bound indices apart."""
        factor = self.one
        factors: list[Node] = []
        for node in nodes:
            for part in node.args if node.op == "mul" else (node,):
                if part.op != "num":
                    factors.append(part)
                elif part is not self.one:
                    factor = part if factor is self.one else self.num(factor.args[0] * part.args[0])
        if factor is self.zero:
            return factor
        if factor is not self.one:
            factors.insert(0, factor)
        if not factors:
            return self.one
        if len(factors) == 1:
            return factors[0]
        children = tuple(factors)
        return self._make("mul", children, children)

    def pow(self, base: Node, exponent: Fraction) -> Node:
        """base ** exponent, exponent a constant."""
        if exponent.denominator == 1:
            if not exponent:
                return self.one
            if exponent.numerator == 1:
                return base
        if base.op == "num" and exponent.denominator == 1:
            if base.args[0] == 0 and exponent < 0:
                raise DomainFault("division by zero")
            if abs(exponent) <= 64:
                return self.num(base.args[0] ** int(exponent))
        return self._make("pow", (base, exponent), (base,))

    def sum(self, idxs: Iterable[Idx], body: Node) -> Node:
        """Σ over the full range of each index."""
        for idx in idxs:
            if idx.value is not None:
                raise IndexMisuse("a number cannot be summed over", code="SC013")
            if body is self.zero:
                return body
            body = self._make("sum", (idx, body), (body,), (), (idx,))
        return body

    def prod(self, idx: Idx, body: Node) -> Node:
        """Π over the full range of an index."""
        if idx.value is not None:
            raise IndexMisuse("no product runs over a number", code="SC013")
        if body.op == "num" and body.args[0] in (0, 1):
            return body
        return self._make("prod", (idx, body), (body,), (), (idx,))

    def most(self, idx: Idx, body: Node) -> Node:
        """The greatest of the values over the full range of an index."""
        if idx.value is not None:
            raise IndexMisuse("no greatest value over a number", code="SC013")
        if idx not in body.free:
            return body
        return self._make("most", (idx, body), (body,), (), (idx,))

    def peak(self, idx: Idx, body: Node, at: Idx) -> Node:
        """Whether the value at `at` is the one that is greater than all others."""
        node = self._make("peak", (idx, body, at), (body,), (), (idx,))
        if at.value is None:
            node.free = node.free | {at}
        return node

    def fn(self, name: str, *args: Node) -> Node:
        """A known scalar function."""
        return self._make("fn", (name, *args), args)

    def case(self, indicator: Node, then: Node, otherwise: Node) -> Node:
        """then where the indicator is 1, otherwise where it is 0."""
        if then is otherwise:
            return then
        if indicator.op == "num":
            return then if indicator.args[0] == 1 else otherwise
        self.has_cases = True
        return self._make("case", (indicator, then, otherwise), (indicator, then, otherwise))

    def ufn(self, function: Function, order: int, argument: Node) -> Node:
        """The order-th derivative of an undefined elementwise function at a scalar."""
        return self._make("ufn", (function, order, argument), (argument,))

    def app(
        self,
        function: Function,
        derivatives: tuple[tuple[int, tuple[Idx, ...]], ...],
        out: tuple[Idx, ...],
        args: tuple[tuple[tuple[Idx, ...], Node], ...],
    ) -> Node:
        """∂^k function(args)[out] / ∂argument[idxs]…: partial derivatives commute, so they are sorted."""
        ordered = tuple(sorted(derivatives, key=lambda d: (d[0], [i.serial for i in d[1]])))
        free = list(out) + [i for _, idxs in ordered for i in idxs]
        for lambdas, body in args:
            if not body.bound.isdisjoint(lambdas):
                raise IndexMisuse("an index of a function's argument is bound twice", code="SC013")
            free.extend(body.free.difference(lambdas))
        node = self._make("app", (function, ordered, out, args), tuple(body for _, body in args))
        node.free = frozenset(i for i in free if i.value is None)
        node.bound = node.bound.union(*(lambdas for lambdas, _ in args))
        return node

    def D(self, body: Node, symbol: Symbol, idxs: tuple[Idx, ...]) -> Node:
        """∂body/∂symbol[idxs] through the graph, still to be done."""
        if len(idxs) != len(symbol.shape):
            raise IndexMisuse(f"{len(idxs)} indices for {symbol}", code="SC013")
        return self._make("D", (body, symbol, idxs), (body,), idxs)

    def local(self, u: Symbol, u_idxs: tuple[Idx, ...], v: Symbol, v_idxs: tuple[Idx, ...]) -> Node:
        """Derivative of the definition of u itself in its parent v."""
        return self._make("local", (u, u_idxs, v, v_idxs), (), (*u_idxs, *v_idxs))

    def diff(self, body: Node) -> Node:
        """The total differential of a scalar."""
        return self._make("diff", (body,), (body,))

    def inverse(self, row: Idx, col: Idx, body: Node, p: Idx, q: Idx) -> Node:
        """Entry (p, q) of the inverse of the square matrix λ row col. body."""
        return self._matrix("inv", row, col, body, (p, q))

    def matrix(self, name: str, row: Idx, col: Idx, body: Node, p: Idx, q: Idx) -> Node:
        """Entry (p, q) of a matrix made of the matrix λ row col. body: adj, pinv, chol, expm, logm, …"""
        if name != "pinv" and row.dim != col.dim:
            raise IndexMisuse(f"{name} of a matrix that is not square", code="SC013")
        return self._lambda("mat", (name,), row, col, body, (p, q))

    def det(self, row: Idx, col: Idx, body: Node) -> Node:
        """Determinant of the matrix λ row col. body."""
        return self._matrix("det", row, col, body, ())

    def logdet(self, row: Idx, col: Idx, body: Node) -> Node:
        """log |det| of the matrix λ row col. body."""
        return self._matrix("logdet", row, col, body, ())

    def _matrix(self, op: str, row: Idx, col: Idx, body: Node, at: tuple[Idx, ...]) -> Node:
        if row.dim != col.dim:
            raise IndexMisuse(f"{op} of a matrix that is not square", code="SC013")
        return self._lambda(op, (), row, col, body, at)

    def _lambda(
        self, op: str, name: tuple[str, ...], row: Idx, col: Idx, body: Node, at: tuple[Idx, ...]
    ) -> Node:
        if row is col:
            raise IndexMisuse(f"{op} of a matrix with one index", code="SC013")
        if not body.bound.isdisjoint((row, col)):
            raise IndexMisuse(f"an index of {op} is bound twice", code="SC013")
        node = self._make(op, (*name, row, col, body, *at), (body,))
        node.free = (body.free - {row, col}).union(i for i in at if i.value is None)
        node.bound = body.bound | {row, col}
        return node

    def limit(self, body: Node, symbol: Symbol, target: Node | None, side: str) -> Node:
        """lim body as the scalar `symbol` tends to `target` from a side, or to infinity of that sign."""
        self.has_limits = True
        return self._make("lim", (body, symbol, target, side), (body,) if target is None else (body, target))

    def split(self, idx: Idx, parts: tuple[tuple[tuple[Idx, ...], Node], ...]) -> Node:
        """The body of the segment of `idx`, at the place in it."""
        node = self._make("split", (idx, parts), tuple(body for _, body in parts))
        bound = [i for axis, _ in parts for i in axis]
        node.free = node.free.difference(bound) | {idx}
        node.bound = node.bound.union(bound)
        return node

    # -- renaming ------------------------------------------------------------------------------

    def rename(self, node: Node, names: Mapping[Idx, Idx]) -> Node:
        """Put other free indices into a node, capture-free: a bound index in the way is made fresh."""
        return self._rename(node, {i: j for i, j in names.items() if i is not j}, {}, False)

    def refresh(self, node: Node, names: Mapping[Idx, Idx] | None = None) -> Node:
        """The same with every bound index made fresh: two copies may then stand one in the other."""
        return self._rename(node, {i: j for i, j in (names or {}).items() if i is not j}, {}, True)

    def _rename(self, node: Node, names: dict[Idx, Idx], memo: dict[Node, Node], anew: bool) -> Node:
        if node.free.isdisjoint(names) and not (anew and node.bound):
            return node
        found = memo.get(node)
        if found is not None:
            return found
        args = node.args

        def to(i: Idx) -> Idx:
            return names.get(i, i)

        def down(child: Node) -> Node:
            return self._rename(child, names, memo, anew)

        def under(binders: tuple[Idx, ...], body: Node) -> tuple[tuple[Idx, ...], Node]:
            if not anew:
                targets = set(names.values())
                if targets.isdisjoint(binders):
                    return binders, down(body)
                new = tuple(self.fresh(b.name, b.dim) if b in targets else b for b in binders)
            else:
                new = tuple(self.fresh(b.name, b.dim) for b in binders)
            inner = {**names, **{b: n for b, n in zip(binders, new, strict=True) if b is not n}}
            return new, self._rename(body, inner, {}, anew)

        match node.op:
            case "T":
                made = self.entry(args[0], tuple(map(to, args[1])))
            case "delta":
                made = self.delta(to(args[0]), to(args[1]))
            case "order":
                made = self.order(to(args[0]), to(args[1]))
            case "add":
                made = self.add(*map(down, args))
            case "mul":
                made = self.mul(*map(down, args))
            case "pow":
                made = self.pow(down(args[0]), args[1])
            case "sum":
                (idx,), body = under((args[0],), args[1])
                made = self.sum((idx,), body)
            case "prod":
                (idx,), body = under((args[0],), args[1])
                made = self.prod(idx, body)
            case "most":
                (idx,), body = under((args[0],), args[1])
                made = self.most(idx, body)
            case "peak":
                (idx,), body = under((args[0],), args[1])
                made = self.peak(idx, body, to(args[2]))
            case "fn":
                made = self.fn(args[0], *map(down, args[1:]))
            case "case":
                made = self.case(*map(down, args))
            case "ufn":
                made = self.ufn(args[0], args[1], down(args[2]))
            case "app":
                derivatives = tuple((a, tuple(map(to, idxs))) for a, idxs in args[1])
                inner = tuple(under(lambdas, body) for lambdas, body in args[3])
                made = self.app(args[0], derivatives, tuple(map(to, args[2])), inner)
            case "D":
                made = self.D(down(args[0]), args[1], tuple(map(to, args[2])))
            case "local":
                made = self.local(args[0], tuple(map(to, args[1])), args[2], tuple(map(to, args[3])))
            case "diff":
                made = self.diff(down(args[0]))
            case "inv" | "det" | "logdet":
                (row, col), body = under((args[0], args[1]), args[2])
                made = self._matrix(node.op, row, col, body, tuple(map(to, args[3:])))
            case "mat":
                (row, col), body = under((args[1], args[2]), args[3])
                made = self.matrix(args[0], row, col, body, to(args[4]), to(args[5]))
            case "lim":
                target = None if args[2] is None else down(args[2])
                made = self.limit(down(args[0]), args[1], target, args[3])
            case "split":
                made = self.split(to(args[0]), tuple(under(axis, body) for axis, body in args[1]))
            case _:
                raise AssertionError(f"renaming an index in {node.op}")
        memo[node] = made
        return made
