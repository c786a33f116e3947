"""What stands in an equation, as far as choosing points is concerned: one walk through its nodes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.shape import Dim
from symcheck.language.tensor import Function, Offset, Symbol

GUARDS = frozenset({"positive", "vanishes", "heaviside", "sign", "abs", "relu", "maximum", "minimum"})
ROOTED = frozenset({"log", "log2", "log10", "logit", "xlogx", "xlogy", "lgamma", "gamma", "digamma"})


@dataclass(slots=True)
class Survey:
    """Sizes, names, functions and guards met."""

    dims: dict[Dim, None] = field(default_factory=dict)
    """In order of appearance."""
    literals: dict[Dim, int] = field(default_factory=dict)
    """Greatest literal index met on a dim."""
    symbols: dict[Symbol, None] = field(default_factory=dict)
    orders: dict[Function, int] = field(default_factory=dict)
    """How many (argument, order) pairs of an undefined function were met, or its highest order + 1."""
    guards: dict[Node, None] = field(default_factory=dict)
    """Nodes whose branch depends on a sign."""
    rooted: bool = False
    """Whether a logarithm or a fractional power occurs: positive entries are worth trying first."""
    derivatives: bool = False
    """Whether a D, local or diff occurs."""

    def add_idxs(self, idxs: Iterable[Idx]) -> None:
        """Take note of the ranges of indices."""
        for idx in idxs:
            self.dims.setdefault(idx.dim)
            if idx.value is not None:
                self.literals[idx.dim] = max(idx.value, self.literals.get(idx.dim, 0))


def survey(nodes: Iterable[Node], idxs: Iterable[Idx] = ()) -> Survey:
    """Walk through nodes (definitions of the names in them are not opened)."""
    found = Survey()
    found.add_idxs(idxs)
    pairs: dict[Function, set[object]] = {}
    highest: dict[Function, int] = {}
    seen: set[Node] = set()
    stack = list(nodes)[::-1]

    def meet(symbol: Symbol) -> None:
        if not isinstance(symbol, Offset):
            found.symbols.setdefault(symbol)

    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        op, args = node.op, node.args
        match op:
            case "T":
                meet(args[0])
                found.add_idxs(args[1])
            case "delta" | "order":
                found.add_idxs(args)
            case "dim":
                found.dims.setdefault(args[0])
            case "sum" | "prod" | "most" | "peak":
                found.add_idxs(args[:1])
            case "inv" | "det" | "logdet":
                found.add_idxs((*args[:2], *args[3:]))
            case "mat":
                found.add_idxs((*args[1:3], *args[4:]))
            case "pow":
                found.rooted = found.rooted or args[1].denominator != 1
            case "fn":
                if args[0] in GUARDS:
                    found.guards.setdefault(node)
                elif args[0] in ROOTED:
                    found.rooted = True
            case "ufn":
                pairs.setdefault(args[0], set()).add((args[2], args[1]))
                highest[args[0]] = max(args[1], highest.get(args[0], 0))
            case "app":
                pairs.setdefault(args[0], set()).add(args[1:])
                highest[args[0]] = max(len(args[1]), highest.get(args[0], 0))
                found.add_idxs((*args[2], *(i for _, d in args[1] for i in d)))
                found.add_idxs(i for lambdas, _ in args[3] for i in lambdas)
            case "D":
                found.derivatives = True
                meet(args[1])
                found.add_idxs(args[2])
            case "local":
                found.derivatives = True
                found.symbols.setdefault(args[0])
                found.symbols.setdefault(args[2])
                found.add_idxs((*args[1], *args[3]))
            case "diff":
                found.derivatives = True
        stack.extend(reversed(node.nodes))
    for function, met in pairs.items():
        found.orders[function] = max(len(met), highest[function] + 1)
    return found


def survey_of_graph(graph: LoweredGraph) -> Survey:
    """The same for all definitions of a graph."""
    operands = graph.definitions.values()
    found = survey([operand.body for operand in operands], (i for operand in operands for i in operand.idxs))
    found.orders = dict.fromkeys(found.orders, 0)
    return found
