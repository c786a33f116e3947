"""Derivatives out of index notation: each kind of node is known here once.

What remains are the derivatives of *defined* names, D(u, V) with V upstream of u, and their
differentials d(u): atoms that `push` moves one step of the graph at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcheck.errors import Blocked, NotSupported
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Offset, Symbol
from symcheck.operations import matrix_functions
from symcheck.operations.elementwise import SCALAR


def differentiate(node: Node, graph: LoweredGraph) -> Node:
    """The same expression with every D, local and diff node done, atoms excepted."""
    return _Differentiator(graph).clean(node)


def local_derivative(
    graph: LoweredGraph, u: Symbol, u_idxs: tuple[Idx, ...], v: Symbol, v_idxs: tuple[Idx, ...]
) -> Node:
    """∂(definition of u)[u_idxs]/∂v[v_idxs], every other name held.

    Errors: NotSupported if the definition holds a derivative that changes with v.
    """
    names = zip((*graph.rows(u), *graph.columns(v)), (*u_idxs, *v_idxs), strict=True)
    return graph.table.refresh(link(graph, u, v), dict(names))


def link(graph: LoweredGraph, u: Symbol, v: Symbol) -> Node:
    """∂(definition of u)/∂v at `graph.rows(u)` and `graph.columns(v)`, every other name held; made once."""
    found = graph.links.get((u, v))
    if found is None:
        if u not in graph.definitions:
            raise NotSupported(f"{u.shown} has no definition whose local derivative could be taken")
        definition = graph.own.get(u)
        if definition is None:
            definition = graph.own[u] = definition_of(graph, u, graph.rows(u))
        found = _Differentiator(graph, held=True).by(definition, v, graph.columns(v))
        graph.links[u, v] = found
    return found


def definition_of(graph: LoweredGraph, u: Symbol, u_idxs: tuple[Idx, ...]) -> Node:
    """The definition of u, without derivatives but for atoms."""
    node = graph.definition(u, u_idxs)
    return differentiate(node, graph) if any(part.op in ("D", "local") for part in node.derived) else node


def at_rest(node: Node, graph: LoweredGraph, only: Offset | None = None) -> Node:
    """The node where every offset, or the `only` one, is 0."""
    values = {
        part: graph.table.num(0)
        for part in _entries_in(node)
        if isinstance(part.args[0], Offset) and only in (None, part.args[0])
    }
    return replace(node, values, graph) if values else node


def _entries_in(node: Node) -> list[Node]:
    """The entries of tensors in a node."""
    done: dict[Node, None] = {}
    stack = [node]
    while stack:
        part = stack.pop()
        if part not in done:
            done[part] = None
            stack.extend(part.nodes)
    return [part for part in done if part.op == "T"]


def is_atom(node: Node, graph: LoweredGraph) -> bool:
    """Whether a node is a derivative or differential of a defined name, still to be pushed."""
    if node.op == "D":
        body = node.args[0]
        return body.op == "T" and body.args[0] in graph.definitions and not isinstance(node.args[1], Offset)
    return node.op == "diff" and node.args[0].op == "T" and node.args[0].args[0] in graph.definitions


class _Differentiator:
    """One pass: memos per variable, so that shared sub-expressions are differentiated once."""

    def __init__(self, graph: LoweredGraph, held: bool = False) -> None:
        self.graph = graph
        self.table = graph.table
        self.held = held
        self._clean: dict[Node, Node] = {}
        self._by: dict[tuple[Node, Symbol, tuple[Idx, ...]], Node] = {}
        self._depend: dict[tuple[frozenset[Symbol], Symbol], bool] = {}

    # -- removing D, local, diff ---------------------------------------------------------------

    def clean(self, node: Node) -> Node:
        if not node.derived:
            return node
        found = self._clean.get(node)
        if found is None:
            found = self._clean[node] = self._cleaned(node)
        return found

    def _cleaned(self, node: Node) -> Node:
        table, args = self.table, node.args
        match node.op:
            case "add":
                return table.add(*map(self.clean, args))
            case "mul":
                return table.mul(*map(self.clean, args))
            case "pow":
                return table.pow(self.clean(args[0]), args[1])
            case "sum":
                return table.sum((args[0],), self.clean(args[1]))
            case "prod":
                return table.prod(args[0], self.clean(args[1]))
            case "most":
                return table.most(args[0], self.clean(args[1]))
            case "peak":
                return table.peak(args[0], self.clean(args[1]), args[2])
            case "fn":
                return table.fn(args[0], *map(self.clean, args[1:]))
            case "case":
                return table.case(*map(self.clean, args))
            case "ufn":
                return table.ufn(args[0], args[1], self.clean(args[2]))
            case "app":
                inner = tuple((lambdas, self.clean(body)) for lambdas, body in args[3])
                return table.app(args[0], args[1], args[2], inner)
            case "inv":
                return table.inverse(args[0], args[1], self.clean(args[2]), *args[3:])
            case "mat":
                return table.matrix(args[0], args[1], args[2], self.clean(args[3]), *args[4:])
            case "det":
                return table.det(args[0], args[1], self.clean(args[2]))
            case "logdet":
                return table.logdet(args[0], args[1], self.clean(args[2]))
            case "local":
                return local_derivative(self.graph, args[0], args[1], args[2], args[3])
            case "D":
                derived = self.by(self.clean(args[0]), args[1], args[2])
                return at_rest(derived, self.graph, args[1]) if isinstance(args[1], Offset) else derived
            case "diff":
                return self.differential(self.clean(args[0]))
        raise AssertionError(f"differentiating {node.op}")

    # -- the derivative in one entry of one symbol -----------------------------------------------

    def mentions(self, node: Node, symbol: Symbol) -> bool:
        """Whether anything in the node changes with the symbol."""
        if self.held and node.derived:
            for part in node.derived:
                if part.op == "D":
                    self._check_held(part, symbol)
        if symbol in node.names or (node.derived and any(part.op == "diff" for part in node.derived)):
            return True
        if self.held:
            return False
        key = (node.names, symbol)
        found = self._depend.get(key)
        if found is None:
            depends = self.graph.graph.depends
            found = self._depend[key] = any(depends(name, symbol) for name in node.names)
        return found

    def _check_held(self, atom: Node, symbol: Symbol) -> None:
        """∂u/∂x in a definition changes with all that u is made of, which no chain rule over names sees."""
        for name in names_in(atom):
            if self.graph.graph.depends(name, symbol):
                raise NotSupported(
                    f"a defined name holds a derivative of {name.name}, which changes with {symbol.name}",
                    hint="write the derivative out in place of the name: ∂²u/∂x²",
                )

    def by(self, node: Node, symbol: Symbol, idxs: tuple[Idx, ...]) -> Node:
        """∂node/∂symbol[idxs]; node holds no D but atoms."""
        if not self.mentions(node, symbol):
            return self.table.zero
        key = (node, symbol, idxs)
        found = self._by.get(key)
        if found is None:
            found = self._by[key] = self._derived(node, symbol, idxs)
        return found

    def _derived(self, node: Node, symbol: Symbol, idxs: tuple[Idx, ...]) -> Node:
        table, args = self.table, node.args

        def d(child: Node) -> Node:
            return self.by(child, symbol, idxs)

        match node.op:
            case "T":
                if args[0] is symbol:
                    return table.mul(*(table.delta(i, j) for i, j in zip(args[1], idxs, strict=True)))
                return table.D(node, symbol, idxs)
            case "add":
                return table.add(*map(d, args))
            case "mul":
                terms = []
                for k, factor in enumerate(args):
                    inner = d(factor)
                    if not _is_zero(inner):
                        terms.append(table.mul(*args[:k], inner, *args[k + 1 :]))
                return table.add(*terms)
            case "pow":
                base, exponent = args
                return table.mul(table.num(exponent), table.pow(base, exponent - 1), d(base))
            case "sum":
                idx, body = args
                function = matrix_functions.trace(idx, body)
                if function is not None:
                    return self._trace(idx, *function, symbol, idxs)
                if idx in idxs:
                    new = table.fresh(idx.name, idx.dim)
                    idx, body = new, table.rename(body, {idx: new})
                return table.sum((idx,), self.by(body, symbol, idxs))
            case "prod":
                idx, body = args
                here = table.fresh(idx.name, idx.dim)
                inner = self.by(table.refresh(body, {idx: here}), symbol, idxs)
                return table.sum((here,), table.mul(others(idx, body, here), inner))
            case "most":
                idx, body = args
                here = table.fresh(idx.name, idx.dim)
                inner = self.by(table.refresh(body, {idx: here}), symbol, idxs)
                return table.sum((here,), table.mul(table.peak(idx, body, here), inner))
            case "peak":
                return table.num(0)
            case "fn":
                return self._function(node, symbol, idxs)
            case "case":
                return table.case(args[0], d(args[1]), d(args[2]))
            case "ufn":
                return table.ufn(args[0], args[1] + 1, args[2]) * d(args[2])
            case "app":
                return self._application(node, symbol, idxs)
            case "inv":
                row, col, body, p, q = args
                a, b = table.fresh(row.name, row.dim), table.fresh(col.name, col.dim)
                inner = table.refresh(self.by(body, symbol, idxs), {row: a, col: b})
                left = table.inverse(row, col, body, p, a)
                right = table.inverse(row, col, body, b, q)
                return -table.sum((a, b), left * inner * right)
            case "mat":
                row, col, body = args[1:4]
                a, b = table.fresh(row.name, row.dim), table.fresh(col.name, col.dim)
                inner = table.refresh(self.by(body, symbol, idxs), {row: a, col: b})
                return matrix_functions.differential(node, a, b, inner)
            case "logdet" | "det":
                row, col, body = args
                a, b = table.fresh(row.name, row.dim), table.fresh(col.name, col.dim)
                inner = table.refresh(self.by(body, symbol, idxs), {row: a, col: b})
                trace = table.sum((a, b), table.inverse(row, col, body, b, a) * inner)
                return trace if node.op == "logdet" else node * trace
            case "D":
                return self.by(self.expand(node), symbol, idxs)
            case "diff":
                return self._through_differential(node, symbol, idxs)
        raise AssertionError(f"differentiating {node.op}")

    def _trace(self, idx: Idx, others: Node, function: Node, symbol: Symbol, idxs: tuple[Idx, ...]) -> Node:
        """The derivative of others · tr f(X)."""
        table = self.table
        row, col, body = function.args[1:4]
        a, b = table.fresh(row.name, row.dim), table.fresh(col.name, col.dim)
        inner = table.refresh(self.by(body, symbol, idxs), {row: a, col: b})
        slope = table.sum((a, b), matrix_functions.slope(function, b, a) * inner)
        trace = table.sum((idx,), function)
        return others * slope + self.by(others, symbol, idxs) * trace

    def _function(self, node: Node, symbol: Symbol, idxs: tuple[Idx, ...]) -> Node:
        name, arguments = node.args[0], node.args[1:]
        terms = []
        for argument, outer in zip(arguments, SCALAR[name].derivatives, strict=True):
            inner = self.by(argument, symbol, idxs)
            if _is_zero(inner):
                continue
            factor = outer(*arguments)
            if factor.op == "fn" and factor.args[0] not in SCALAR:
                raise Blocked(f"the derivative of {name} in its order is not known")
            terms.append(factor * inner)
        return self.table.add(*terms)

    def _application(self, node: Node, symbol: Symbol, idxs: tuple[Idx, ...]) -> Node:
        table = self.table
        function, derivatives, out, arguments = node.args
        terms = []
        for number, (lambdas, body) in enumerate(arguments):
            if not self.mentions(body, symbol):
                continue
            fresh = tuple(table.fresh(i.name, i.dim) for i in lambdas)
            inner = table.refresh(self.by(body, symbol, idxs), dict(zip(lambdas, fresh, strict=True)))
            outer = table.app(function, (*derivatives, (number, fresh)), out, arguments)
            terms.append(table.sum(fresh, outer * inner))
        return table.add(*terms)

    # -- differentials ---------------------------------------------------------------------------

    def differential(self, node: Node) -> Node:
        """d(node) = Σ ∂node/∂(name) d(name), over the names that stand in it."""
        if node.op == "T":
            symbol = node.args[0]
            if symbol in self.graph.definitions:
                return self.table.diff(node)
            return self.graph.direction(symbol, node.args[1])
        terms = []
        for symbol in names_in(node):
            place = tuple(self.table.fresh("d", i.dim) for i in node.indices_of(symbol) or ())
            inner = _Differentiator(self.graph, held=True).by(node, symbol, place)
            if not _is_zero(inner):
                step = self.differential(self.table.entry(symbol, place))
                terms.append(self.table.sum(place, inner * step))
        return self.table.add(*terms)

    def _through_differential(self, node: Node, symbol: Symbol, idxs: tuple[Idx, ...]) -> Node:
        return self.by(self.expand(node), symbol, idxs)

    def expand(self, atom: Node) -> Node:
        """An atom pushed until none is left."""
        current: Node | None = atom
        while current is not None:
            result = current
            current = push(result, self.graph)
        return result


def _is_zero(node: Node) -> bool:
    return node is node.table.zero


def names_in(node: Node) -> list[Symbol]:
    """The symbols of the entries in a node, in order of first appearance."""
    seen: dict[Symbol, None] = {}
    done: set[Node] = set()
    stack = [node]
    while stack and len(seen) < len(node.names):
        part = stack.pop()
        if part in done:
            continue
        done.add(part)
        if part.op == "T":
            seen.setdefault(part.args[0])
        stack.extend(reversed(part.nodes))
    return list(seen)


def atoms_in(node: Node, graph: LoweredGraph) -> list[Node]:
    """The atoms in a node, in the order in which they were made."""
    return [part for part in sorted(node.derived, key=lambda part: part.serial) if is_atom(part, graph)]


def push(node: Node, graph: LoweredGraph) -> Node | None:
    """One step of the graph: the atoms of one kind that are furthest from their goal, expanded.

    D(u, V) = Σ D(u, c) ∂c/∂V over the children c of V upstream of u, for the most upstream V;
    d(u) = Σ ∂u/∂p dp over the parents p, for the most downstream u.  None when no atoms are left.
    """
    pushed = push_all((node,), graph)
    return None if pushed is None else pushed[0]


def push_all(nodes: Sequence[Node], graph: LoweredGraph) -> list[Node] | None:
    """`push` for several nodes at once: the same atoms are expanded in all of them."""
    atoms = dict.fromkeys(atom for node in nodes for atom in atoms_in(node, graph))
    if not atoms:
        return None
    values = furthest(atoms, graph)
    return [replace(node, values, graph, fresh=True) for node in nodes]


def furthest(atoms: Iterable[Node], graph: LoweredGraph) -> dict[Node, Node]:
    """Those of the atoms that are furthest from their goal, each with what it is expanded to."""
    position = graph.graph.position

    def order(atom: Node) -> tuple[int, int]:
        if atom.op == "diff":
            return (0, -position[atom.args[0].args[0]])
        return (1, position.get(atom.args[1], -1))

    orders = {atom: order(atom) for atom in atoms}
    first = min(orders.values())
    return {atom: step(atom, graph) for atom, place in orders.items() if place == first}


def step(atom: Node, graph: LoweredGraph) -> Node:
    """One atom, pushed once."""
    table = graph.table
    if atom.op == "diff":
        symbol, idxs = atom.args[0].args
        terms = []
        for parent in names_in(definition_of(graph, symbol, graph.rows(symbol))):
            place = tuple(table.fresh("d", i.dim) for i in graph.columns(parent))
            inner = local_derivative(graph, symbol, idxs, parent, place)
            if not _is_zero(inner):
                moved = _Differentiator(graph).differential(table.entry(parent, place))
                terms.append(table.sum(place, inner * moved))
        return table.add(*terms)
    body, symbol, idxs = atom.args
    u, u_idxs = body.args
    terms = []
    for child in graph.graph.children.get(symbol, ()):
        if not graph.graph.depends(u, child):
            continue
        if child is u:
            terms.append(local_derivative(graph, u, u_idxs, symbol, idxs))
            continue
        place = tuple(table.fresh("c", i.dim) for i in graph.definitions[child].idxs)
        inner = local_derivative(graph, child, place, symbol, idxs)
        terms.append(table.sum(place, table.D(table.entry(u, u_idxs), child, place) * inner))
    return table.add(*terms)


def others(idx: Idx, body: Node, here: Idx) -> Node:
    """Π of the body over the values of the index other than one: valid where that factor is 0, too."""
    table = body.table
    there = table.fresh(idx.name, idx.dim)
    same = table.delta(there, here)
    rest = table.refresh(body, {idx: there})
    return table.prod(there, table.add(same, table.mul(1 - same, rest)))


def replace(node: Node, values: dict[Node, Node], graph: LoweredGraph, *, fresh: bool = False) -> Node:
    """The node with whole sub-nodes replaced by others of the same free indices.

    `fresh`: the bound indices of the values are new to the node, so that each may be put in once as it is.
    """
    if not values:
        return node
    table = graph.table
    memo: dict[Node, Node] = {}
    placed: set[Node] = set() if fresh else set(values)
    derived = frozenset(part for part in values if part.op in ("D", "diff"))
    others = [part for part in values if part not in derived]
    names = frozenset[Symbol]().union(*(part.names for part in others))
    everywhere = any(not part.names for part in others)

    def down(part: Node) -> Node:
        if not everywhere and names.isdisjoint(part.names) and derived.isdisjoint(part.derived):
            return part
        value = values.get(part)
        if value is not None:
            if part in placed:
                return table.refresh(value)
            placed.add(part)
            return value
        found = memo.get(part)
        if found is None:
            found = memo[part] = rebuilt(part)
        return found

    def rebuilt(part: Node) -> Node:
        args = part.args
        match part.op:
            case "add":
                return table.add(*map(down, args))
            case "mul":
                return table.mul(*map(down, args))
            case "pow":
                return table.pow(down(args[0]), args[1])
            case "sum":
                return table.sum((args[0],), down(args[1]))
            case "prod":
                return table.prod(args[0], down(args[1]))
            case "most":
                return table.most(args[0], down(args[1]))
            case "peak":
                return table.peak(args[0], down(args[1]), args[2])
            case "fn":
                return table.fn(args[0], *map(down, args[1:]))
            case "case":
                return table.case(*map(down, args))
            case "ufn":
                return table.ufn(args[0], args[1], down(args[2]))
            case "app":
                inner = tuple((lambdas, down(body)) for lambdas, body in args[3])
                return table.app(args[0], args[1], args[2], inner)
            case "inv":
                return table.inverse(args[0], args[1], down(args[2]), *args[3:])
            case "mat":
                return table.matrix(args[0], args[1], args[2], down(args[3]), *args[4:])
            case "det":
                return table.det(args[0], args[1], down(args[2]))
            case "logdet":
                return table.logdet(args[0], args[1], down(args[2]))
            case "lim":
                target = None if args[2] is None else down(args[2])
                return table.limit(down(args[0]), args[1], target, args[3])
            case _:
                return part

    return down(node)
