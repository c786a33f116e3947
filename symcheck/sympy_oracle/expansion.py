"""The author's formula at explicit small sizes: every entry a SymPy scalar, every derivative SymPy's own.

In: a tree of `language.tensor` and the definitions it mentions.  Out: a `Dense` array over entry
symbols x_0, X_0_1.  There is no index notation and no bound symbol here, so nothing can be captured.

A derivative by a defined name cuts the graph there: the entries of the name become symbols, everything
downstream is expanded anew, SymPy differentiates, and the value of the name is put back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import prod

import sympy

from symcheck.language.claim import Assumptions, Graph, Kind
from symcheck.language.shape import Dim, Joined, Shape, Size, segments
from symcheck.language.tensor import (
    Apply,
    Call,
    Constant,
    Delta,
    Derivative,
    Differential,
    Entry,
    Index,
    IndexProduct,
    IndexSum,
    Limit,
    Number,
    Offset,
    SizeNumber,
    Symbol,
    Tensor,
    Variable,
    children,
)
from symcheck.sympy_oracle.arrays import (
    Dense,
    Expr,
    NotExpressible,
    TooLarge,
    build,
    number,
    places,
    rational,
)
from symcheck.sympy_oracle.functions import UndefinedFunctions
from symcheck.sympy_oracle.operations import SIZED, meaning_of
from symcheck.sympy_oracle.sharing import Differentiator, parts_of, replaced, symbols_of

Environment = Mapping[Index, int]
Cut = frozenset[Symbol]
"""Defined names whose entries count as independent symbols."""

CONSTANTS = {"pi": sympy.pi, "e": sympy.E}
UNCUT: Cut = frozenset()
BUDGET = 400_000
"""Entries made plus nodes differentiated, before an expansion gives up."""
CROWDED = 50_000
"""Formulas remembered, after which another claim gets an expansion of its own."""


class Expansion:
    """Formulas over one graph at one choice of sizes.

    With `assume`, entries assumed positive are positive SymPy symbols; otherwise all are just real.

    Errors: NotExpressible (TooLarge, UndefinedHere) where SymPy cannot follow.
    """

    def __init__(
        self,
        sizes: Mapping[Dim, int],
        graph: Graph | None = None,
        assumptions: Assumptions | None = None,
        budget: int = BUDGET,
        *,
        assume: bool = True,
    ) -> None:
        self.sizes = sizes
        self.graph = graph or Graph()
        self.assumptions = assumptions or Assumptions()
        self.functions = UndefinedFunctions()
        self.left = budget
        self.owners: dict[Expr, tuple[Symbol, int]] = {}
        """Entry symbol → the name it belongs to and its flat place."""
        self.directions: dict[Expr, Expr] = {}
        """Entry symbol → its differential."""
        self._positive = {
            condition.symbol
            for condition in self.assumptions.conditions
            if assume and condition.kind is Kind.INTERVAL and _is_positive(condition.data)
        }
        self._constant = {c.symbol for c in self.assumptions.conditions if c.kind is Kind.CONSTANT}
        self._differentiate = Differentiator()
        self._names: set[str] = set()
        self._entries: dict[tuple[Symbol, str], Dense] = {}
        self._values: dict[tuple[Symbol, Cut], Dense] = {}
        self._free: dict[Tensor, frozenset[Index]] = {}
        self._memo: dict[tuple[Tensor, Cut, frozenset[tuple[Index, int]]], Dense] = {}

    @property
    def crowded(self) -> bool:
        """Whether so much was written out here that it is better begun anew."""
        return len(self._memo) > CROWDED

    # -- sizes and entry symbols -----------------------------------------------------------------

    def dim(self, dim: Dim) -> int:
        """The number that stands for a size."""
        if isinstance(dim, Joined):
            return sum(map(self.size, dim.parts))
        dim = self.assumptions.dim(dim)
        if isinstance(dim, int):
            return dim
        found = self.sizes.get(dim)
        if found is None:
            raise NotExpressible(f"no value is given for the size {dim}")
        return found

    def size(self, size: Size) -> int:
        """The length of an axis."""
        return prod(map(self.dim, size))

    def cut_out(self, size: Size, number: int) -> tuple[int, int]:
        """Where a segment of an axis begins, and how long it is."""
        lengths = list(map(self.size, segments(size)))
        return sum(lengths[:number]), lengths[number]

    def shape(self, shape: Shape) -> tuple[int, ...]:
        """All lengths."""
        return tuple(map(self.size, shape))

    def entries(self, symbol: Symbol) -> Dense:
        """The symbols of a name's entries: x, x_0, X_0_1."""
        found = self._entries.get((symbol, ""))
        if found is None:
            found = self._named(symbol, "", positive=symbol in self._positive)
            for flat, entry in enumerate(found.entries):
                self.owners[entry] = (symbol, flat)
        return found

    def differentials(self, symbol: Symbol) -> Dense:
        """The symbols of the entries of dX."""
        found = self._entries.get((symbol, "d"))
        if found is None:
            found = self._named(symbol, "d", positive=False)
            self.directions.update(zip(self.entries(symbol).entries, found.entries, strict=True))
        return found

    def _named(self, symbol: Symbol, prefix: str, *, positive: bool) -> Dense:
        shape = self.shape(symbol.shape)
        self.spend(prod(shape))
        # a scalar called x_0 beside a vector x would be one symbol with its first entry
        name = prefix + symbol.name
        while any(_entry_name(name, place) in self._names for place in places(shape)):
            name += "_"
        self._names.update(_entry_name(name, place) for place in places(shape))
        kind = {"positive": True} if positive else {"real": True}
        array = build(shape, lambda *place: sympy.Symbol(_entry_name(name, place), **kind))
        self._entries[symbol, prefix] = array
        return array

    def value(self, symbol: Symbol, cut: Cut = UNCUT) -> Dense:
        """The entries of a name: symbols for an input or a cut name, else its definition."""
        body = self.graph.definitions.get(symbol)
        if body is None or symbol in cut:
            return self.entries(symbol)
        # only cuts upstream matter, and there are few
        cut = cut & self.graph.upstream(symbol)
        found = self._values.get((symbol, cut))
        if found is None:
            found = self._values[symbol, cut] = self.dense(body, {}, cut)
        return found

    def spend(self, amount: int) -> None:
        """Count work; deterministic, unlike a clock."""
        self.left -= amount
        if self.left < 0:
            raise TooLarge("too large to write out")

    # -- formulas --------------------------------------------------------------------------------

    def dense(self, tensor: Tensor, environment: Environment, cut: Cut = UNCUT) -> Dense:
        """All entries of a formula, its free indices at the values of `environment`."""
        free = self._free_in(tensor)
        try:
            here = frozenset((index, environment[index]) for index in free)
        except KeyError as error:
            raise NotExpressible(f"the index {error.args[0].name} has no value") from error
        key = (tensor, cut, here)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._dense(tensor, environment, cut)
            self.spend(len(found.entries))
        return found

    def _dense(self, tensor: Tensor, environment: Environment, cut: Cut) -> Dense:
        match tensor:
            case Number(value=value):
                return number(rational(value))
            case Constant(name=name):
                if name not in CONSTANTS:
                    raise NotExpressible(f"the constant {name}")
                return number(CONSTANTS[name])
            case SizeNumber(dim=dim):
                return number(sympy.Integer(self.dim(dim)))
            case Variable(symbol=symbol):
                return self.value(symbol, cut)
            case Apply(op="coefficient", args=(form, Variable(symbol=symbol))):
                return self._coefficient(form, symbol, environment, cut)
            case Apply(op=op, args=args, params=params):
                arrays = [self.dense(arg, environment, cut) for arg in args]
                self.spend(sum(len(array.entries) for array in arrays))
                if op in SIZED:
                    params = self.shape(params)
                elif op == "block":
                    params = tuple(map(self.shape, params))
                elif op == "part":
                    params = tuple(map(self.cut_out, args[0].shape, params))
                elif op == "rearranged":
                    params = (params[0], self.shape(params[1]))
                return meaning_of(op)(params, *arrays)
            case Entry(base=base, indices=indices):
                array = self.dense(base, environment, cut)
                fixed = [None if index is None else _at(index, environment) for index in indices]

                def entry(*rest: int) -> Expr:
                    left_open = iter(rest)
                    return array[tuple(next(left_open) if at is None else at for at in fixed)]

                return build(self.shape(tensor.shape), entry)
            case Delta(left=left, right=right):
                return number(sympy.Integer(_at(left, environment) == _at(right, environment)))
            case IndexSum(indices=indices, body=body):
                over = sympy.Mul if isinstance(tensor, IndexProduct) else sympy.Add
                return self._sum(indices, body, environment, cut, over)
            case Call():
                return self._call(tensor, environment, cut)
            case Derivative():
                return self._derivative(tensor, environment, cut)
            case Differential(body=body):
                return self.dense(body, environment, cut).each(self._differential)
            case Limit(body=body, variable=variable, target=target, side=side):
                moving = self.entries(variable).scalar
                if target is None:
                    to, way = (-sympy.oo, "+") if side == "-" else (sympy.oo, "-")
                else:
                    to, way = self.dense(target, environment, cut).scalar, side or "+-"
                return self.dense(body, environment, cut).each(lambda e: sympy.Limit(e, moving, to, way))
        raise NotExpressible(f"{type(tensor).__name__} has no dense form")

    def _free_in(self, tensor: Tensor) -> frozenset[Index]:
        found = self._free.get(tensor)
        if found is None:
            inner: set[Index] = set()
            for child in children(tensor):
                inner |= self._free_in(child)
            match tensor:
                case Entry(indices=indices):
                    inner.update(i for i in indices if isinstance(i, Index))
                case Delta(left=left, right=right):
                    inner.update(i for i in (left, right) if isinstance(i, Index))
                case Derivative(at=at) if at is not None:
                    inner.update(i for i in at if isinstance(i, Index))
                case IndexSum(indices=indices):
                    inner.difference_update(indices)
            found = self._free[tensor] = frozenset(inner)
        return found

    def _sum(
        self,
        indices: tuple[Index, ...],
        body: Tensor,
        environment: Environment,
        cut: Cut,
        over: Callable[..., sympy.Expr],
    ) -> Dense:
        lengths = []
        for index in indices:
            if index.dim is None:
                raise NotExpressible(f"nothing tells the range of the index {index.name}")
            lengths.append(self.dim(index.dim))
        terms = [
            self.dense(body, {**environment, **dict(zip(indices, place, strict=True))}, cut)
            for place in places(tuple(lengths))
        ]
        columns = zip(*(term.entries for term in terms), strict=True)
        return Dense(terms[0].shape, tuple(over(*column) for column in columns))

    def _call(self, call: Call, environment: Environment, cut: Cut) -> Dense:
        function = call.function
        orders = call.derivatives or (0,) * len(call.args)
        arrays = [self.dense(arg, environment, cut) for arg in call.args]
        if function.elementwise:
            applied = self.functions.of(function, (), orders)
            return arrays[0].each(applied)
        out = self.shape(function.codomain)
        scalars = [entry for array in arrays for entry in array.entries]
        offsets = [sum(len(array.entries) for array in arrays[:k]) for k in range(len(arrays))]
        axes: list[tuple[int, Dense]] = [
            (offsets[k], arrays[k]) for k, order in enumerate(orders) for _ in range(order)
        ]
        shape = out + tuple(length for _, array in axes for length in array.shape)

        def entry(*place: int) -> Expr:
            component, rest = place[: len(out)], place[len(out) :]
            counts = [0] * len(scalars)
            for offset, array in axes:
                here, rest = rest[: len(array.shape)], rest[len(array.shape) :]
                counts[offset + _flat(here, array.shape)] += 1
            return self.functions.of(function, component, tuple(counts))(*scalars)

        return build(shape, entry)

    # -- derivatives: SymPy's own ------------------------------------------------------------------

    def diff(self, expression: Expr, by: Expr) -> Expr:
        """SymPy's derivative of an expression without indices by a symbol."""
        parts = parts_of(expression)
        if by not in parts:
            return sympy.Integer(0)
        self.spend(len(parts))
        result = self._differentiate(expression, by)
        for part in parts_of(result):
            if isinstance(part, sympy.Derivative | sympy.Subs):
                heads = sorted(f.func.__name__ for f in part.atoms(sympy.Function))
                raise NotExpressible(f"SymPy does not differentiate {heads[0] if heads else part}")
        return result

    def _derivative(self, node: Derivative, environment: Environment, cut: Cut) -> Dense:
        by = node.by
        variables = self.entries(by)
        if node.local:
            if not isinstance(node.body, Variable) or node.body.symbol not in self.graph.definitions:
                raise NotExpressible("a local derivative of what has no definition")
            definition = node.body.symbol
            held = frozenset(p for p in self.graph.parents[definition] if p in self.graph.definitions)
            body = self.dense(self.graph.definitions[definition], {}, held)
        else:
            held = frozenset({by}) if by in self.graph.definitions else UNCUT
            for name in cut - held:
                if by in self.graph.upstream(name):
                    raise NotExpressible(
                        f"a derivative by {name.name} of one by {by.name}, on which it depends"
                    )
            body = self.dense(node.body, environment, cut | held)
            held -= cut
        if node.at is not None:
            place = tuple(_at(index, environment) for index in node.at)
            variables = number(variables[place])
        entries = [self.diff(entry, variable) for entry in body.entries for variable in variables.entries]
        if isinstance(by, Offset):
            rest = dict.fromkeys(self.entries(by).entries, sympy.Integer(0))
            entries = [replaced(entry, rest) for entry in entries]
        return Dense(body.shape + variables.shape, self._restored(entries, held, cut))

    def _restored(self, entries: Iterable[Expr], held: Cut, cut: Cut) -> tuple[Expr, ...]:
        """The expressions with the symbols of held names replaced by their values."""
        values: dict[Expr, Expr] = {}
        for symbol in sorted(held - cut, key=lambda s: s.name):
            own = self.entries(symbol).entries
            theirs = self.value(symbol, cut).entries
            values.update(zip(own, theirs, strict=True))
            if (symbol, "d") in self._entries:
                steps = self.differentials(symbol).entries
                values.update(zip(steps, map(self._differential, theirs), strict=True))
        return tuple(replaced(entry, values) for entry in entries) if values else tuple(entries)

    def _differential(self, expression: Expr) -> Expr:
        terms = []
        for symbol in sorted(symbols_of(expression), key=str):
            owner = self.owners.get(symbol)
            if owner is not None and owner[0] not in self._constant:
                self.differentials(owner[0])
                terms.append(self.diff(expression, symbol) * self.directions[symbol])
        return sympy.Add(*terms)

    def _coefficient(self, form: Tensor, symbol: Symbol, environment: Environment, cut: Cut) -> Dense:
        """What stands before dX in a differential form, X held independent."""
        held = frozenset({symbol}) if symbol in self.graph.definitions else UNCUT
        body = self.dense(form, environment, cut | held)
        steps = self.differentials(symbol)
        entries = [self.diff(entry, step) for entry in body.entries for step in steps.entries]
        return Dense(body.shape + steps.shape, self._restored(entries, held - cut, cut))


def dense(
    tensor: Tensor,
    sizes: Mapping[Dim, int],
    *,
    graph: Graph | None = None,
    environment: Environment | None = None,
) -> Dense:
    """All entries of a formula at these sizes, as SymPy expressions in real symbols x_0, X_0_1."""
    return Expansion(sizes, graph).dense(tensor, environment or {})


def _is_positive(data: tuple[Fraction | bool | None, ...]) -> bool:
    low, strict = data[0], data[1]
    return isinstance(low, Fraction) and (low > 0 or (low == 0 and bool(strict)))


def _entry_name(name: str, place: tuple[int, ...]) -> str:
    return "_".join([name, *map(str, place)])


def _at(index: Index | int, environment: Environment) -> int:
    return index if isinstance(index, int) else environment[index]


def _flat(place: tuple[int, ...], shape: tuple[int, ...]) -> int:
    flat = 0
    for index, length in zip(place, shape, strict=True):
        flat = flat * length + index
    return flat
