"""The author's formulas in floating point, every derivative a difference quotient.

Shares nothing with what it checks: neither index notation nor balls nor SymPy.  Undefined functions are
sums of two sine waves, whose derivatives are known without any rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from itertools import product
from random import Random
from typing import Any, TypeAlias

import numpy as np

from symcheck.language.claim import Assumption, Claim, Kind
from symcheck.language.shape import Dim, Shape
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Derivative,
    Differential,
    Entry,
    Function,
    Index,
    IndexProduct,
    IndexSum,
    Limit,
    Number,
    Offset,
    Place,
    SizeNumber,
    Symbol,
    Tensor,
    Variable,
    symbols_in,
    walk,
)

Array: TypeAlias = Any
ASSUMED = frozenset({"interval", "below", "at most", "different"})
"""Kinds of assumptions that points are drawn by."""
Places: TypeAlias = Mapping[Index, int]

FAR, NEAR = 1e4, 2e-4
"""Where a limit at infinity is read off, and how near to a point."""
GRID = (0.0, 1.0, 2.0)
"""Entries of points at which many are equal: the boundaries of conditions."""
STEP = 1e-4
"""The h of (f(x + h) − f(x − h))/2h: errs by h²·f‴/6, about 1e-8 here."""


def softmax(x: Array) -> Array:
    powers = np.exp(x)
    return powers / powers.sum(axis=-1, keepdims=True)


OPERATIONS: dict[str, Callable[..., Array]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "pow": np.power,
    "matmul": np.matmul,
    "transpose": np.transpose,
    "outer": np.multiply.outer,
    "diag": np.diag,
    "sumall": np.sum,
    "mean": np.mean,
    "rowsum": lambda x: x.sum(axis=1),
    "colsum": lambda x: x.sum(axis=0),
    "tr": np.trace,
    "norm2": np.linalg.norm,
    "normF": np.linalg.norm,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "cosh": np.cosh,
    "sech": lambda x: 1 / np.cosh(x),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "abs": np.abs,
    "sign": np.sign,
    "relu": lambda x: np.where(x > 0, x, 0.0),
    "maximum": np.maximum,
    "softmax": softmax,
    "xlogx": lambda x: xlogy(x, x),
    "xlogy": lambda x, y: xlogy(x, y),
    "logsoftmax": lambda x: np.log(softmax(x)),
}
SATISFYING: dict[Kind, Callable[[Array, Assumption], Array]] = {
    Kind.INTERVAL: lambda x, c: within(x, c.data[0], c.data[2]),
    Kind.SIGNS: lambda x, c: np.where(x < 0, -1.0, 1.0),
    Kind.ONE_HOT: lambda x, c: (np.arange(x.shape[-1]) == x.argmax(axis=-1)[..., None]).astype(float),
    Kind.SIMPLEX: lambda x, c: softmax(x),
    Kind.SUM: lambda x, c: x + (float(c.data[0] or 0) - x.sum(axis=-1, keepdims=True)) / x.shape[-1],
    Kind.SYMMETRIC: lambda x, c: (x + np.swapaxes(x, -1, -2)) / 2,
    Kind.CONSTANT: lambda x, c: x,
}
"""What is assumed of an input → entries in (−1, 1) made to satisfy it."""


def within(x: Array, low: Fraction | bool | None, high: Fraction | bool | None) -> Array:
    """(−1, 1) moved between the bounds."""
    if low is None and high is None:
        return x
    if low is None:
        return float(high or 0) - 1 - x
    return float(low) + (1 + x) * (1.0 if high is None else (float(high) - float(low)) / 2)


def xlogy(x: Array, y: Array) -> Array:
    """x log y, 0 where x is 0."""
    return np.where(x == 0, 0.0, x * np.log(np.where(x == 0, 1.0, y)))


COMPARISONS: dict[str, Callable[[Array, Array], Array]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
}


class Floats:
    """Values of a claim's formulas at one random point, or at the point that its author gave."""

    def __init__(self, claim: Claim, seed: int, at_point: bool = False, tied: bool = False) -> None:
        self.claim = claim
        self.tied = tied
        self.random = Random(seed)
        self.sizes: dict[Dim, int] = {}
        self.inputs: dict[Symbol, Array] = {}
        self.directions: dict[Symbol, Array] = {}
        self.waves: dict[Function, list[tuple[Array, Array]]] = {}
        if at_point:
            for symbol, value in claim.point.items():
                given = np.array(value).astype(float)
                self.inputs[symbol] = given
                for size, length in zip(symbol.shape, given.shape, strict=True):
                    self.sizes[claim.assumptions.dim(size[0])] = length

    def side(self, tensor: Tensor, places: Places) -> Array:
        """The value of one side at the given free indices."""
        return self.value(tensor, places, {})

    def size(self, dim: Dim) -> int:
        """Every free size another number, the first 3: at 2 one cannot tell 2/n from n/2."""
        if isinstance(dim, int):
            return dim
        dim = self.claim.assumptions.dim(dim)
        if isinstance(dim, int):
            return dim
        return self.sizes.setdefault(dim, (3, 2, 4, 5, 6, 7)[len(self.sizes)])

    def lengths(self, shape: Shape) -> tuple[int, ...]:
        return tuple(math.prod(map(self.size, size)) for size in shape)

    def drawn(self, shape: Shape) -> Array:
        count = math.prod(self.lengths(shape))
        entries = [
            self.random.choice(GRID) if self.tied else self.random.uniform(-1, 1) for _ in range(count)
        ]
        return np.array(entries).reshape(self.lengths(shape))

    def draw_related(self) -> bool:
        """Inputs of which an interval or an order is assumed; whether they were found."""
        conditions = [c for c in self.claim.assumptions.conditions if c.kind in ASSUMED]
        symbols = dict.fromkeys(s for c in conditions for s in (c.symbol, c.other) if s is not None)
        for _ in range(500):
            self.inputs.update({symbol: self.drawn(symbol.shape) for symbol in symbols})
            if all(self.holds(c) for c in conditions):
                return True
        return not symbols

    def holds(self, condition: Assumption) -> bool:
        value = self.inputs[condition.symbol]
        if condition.other is not None:
            other = self.inputs[condition.other]
            return bool(
                {"below": value < other, "at most": value <= other}.get(condition.kind, value != other)
            )
        if condition.kind == "different":
            return bool(np.all(value != float(condition.data[0] or 0)))
        low, low_strict, high, high_strict = condition.data
        above = low is None or np.all(value > low if low_strict else value >= low)
        return bool(above and (high is None or np.all(value < high if high_strict else value <= high)))

    def assumed(self, symbol: Symbol, entries: Array) -> Array:
        """Entries like these that satisfy what is assumed of the symbol."""
        for condition in self.claim.assumptions.conditions:
            if condition.symbol is symbol:
                entries = SATISFYING[condition.kind](entries, condition)
        return entries

    def name(self, symbol: Symbol, moved: dict[Symbol, Array]) -> Array:
        """The value of a name, some names moved away from theirs; kept in `moved`, which it belongs to."""
        if symbol not in moved:
            if symbol in self.claim.graph:
                moved[symbol] = self.value(self.claim.graph.definitions[symbol], {}, moved)
            else:
                if symbol not in self.inputs:
                    at_rest = isinstance(symbol, Offset)
                    drawn = self.assumed(symbol, self.drawn(symbol.shape))
                    self.inputs[symbol] = drawn * (0.0 if at_rest else 1.0)
                moved[symbol] = self.inputs[symbol]
        return moved[symbol]

    def value(self, tensor: Tensor, places: Places, moved: dict[Symbol, Array]) -> Array:
        match tensor:
            case Number(value=value):
                return np.array(float(value))
            case SizeNumber(dim=dim):
                return np.array(float(self.size(dim)))
            case Variable(symbol=symbol):
                return self.name(symbol, moved)
            case Apply():
                return self.applied(tensor, places, moved)
            case Entry(base=base, indices=indices):
                return self.value(base, places, moved)[self.at(indices, places)]
            case Delta(left=left, right=right):
                i, j = self.at((left, right), places)
                return np.array(float(i == j))
            case IndexSum(indices=indices, body=body):
                ranges = [range(self.size(index.dim)) for index in indices if index.dim is not None]
                terms = [
                    self.value(body, {**places, **dict(zip(indices, values, strict=True))}, moved)
                    for values in product(*ranges)
                ]
                return reduce(np.multiply if isinstance(tensor, IndexProduct) else np.add, terms)
            case Call():
                return self.called(tensor, places, moved)
            case Derivative(body=body, by=by, at=None, local=False):
                entries = np.ndindex(self.lengths(by.shape))
                slopes = [self.slope(body, places, moved, {by: self.unit(by, k)}) for k in entries]
                return np.moveaxis(
                    np.array(slopes).reshape(self.lengths(by.shape + body.shape)),
                    range(len(by.shape)),
                    range(len(body.shape), len(body.shape + by.shape)),
                )
            case Derivative(body=body, by=by, at=indices, local=False) if indices is not None:
                return self.slope(body, places, moved, {by: self.unit(by, self.at(indices, places))})
            case Derivative(body=Variable(symbol=name), by=by, at=None, local=True) if not by.shape:
                return self.own_slope(name, by, places, moved)
            case Differential(body=body):
                return self.slope(body, places, moved, self.all_directions())
            case Limit():
                return self.limit(tensor, places, moved)
        raise NotImplementedError(type(tensor).__name__)

    def limit(self, limit: Limit, places: Places, moved: dict[Symbol, Array]) -> Array:
        """The body far out, or near a point on a straight line to it; the mean of both sides."""
        stay = {s: v for s, v in moved.items() if not self.claim.graph.depends(s, limit.variable)}

        def at(value: Array) -> Array:
            with np.errstate(over="ignore"):
                return self.value(limit.body, places, {**stay, limit.variable: np.array(value)})

        if limit.target is None:
            return at(-FAR if limit.side == "-" else FAR)
        target = self.value(limit.target, places, moved)
        sides = {"+": (NEAR,), "-": (-NEAR,)}.get(limit.side, (NEAR, -NEAR))
        return sum(2 * at(target + step) - at(target + 2 * step) for step in sides) / len(sides)

    def at(self, indices: tuple[Place, ...], places: Places) -> tuple[Any, ...]:
        return tuple(
            slice(None) if index is None else index if isinstance(index, int) else places[index]
            for index in indices
        )

    def unit(self, symbol: Symbol, place: tuple[int, ...]) -> Array:
        direction = np.zeros(self.lengths(symbol.shape))
        direction[place] = 1.0
        return direction

    def slope(
        self, body: Tensor, places: Places, moved: dict[Symbol, Array], directions: Mapping[Symbol, Array]
    ) -> Array:
        """(f(x + h) − f(x − h))/2h, the graph cut at the names that move, later names computed anew."""
        stay = {
            symbol: self.name(symbol, moved)
            for symbol in list(moved)
            if not any(self.claim.graph.depends(symbol, by) for by in directions)
        }
        sides = []
        for step in (STEP, -STEP):
            start = {by: self.name(by, moved) + step * way for by, way in directions.items()}
            sides.append(self.value(body, places, {**stay, **start}))
        return (sides[0] - sides[1]) / (2 * STEP)

    def own_slope(self, name: Symbol, by: Symbol, places: Places, moved: dict[Symbol, Array]) -> Array:
        """The slope of a definition itself: one parent moves, the others keep their values."""
        graph = self.claim.graph
        parents = {parent: self.name(parent, moved) for parent in graph.parents[name]}
        sides = [
            self.value(graph.definitions[name], places, {**parents, by: parents[by] + step})
            for step in (STEP, -STEP)
        ]
        return (sides[0] - sides[1]) / (2 * STEP)

    def all_directions(self) -> dict[Symbol, Array]:
        """One random direction for every input that is not held."""
        held = {c.symbol for c in self.claim.assumptions.conditions if str(c.kind) == "constant"}
        for symbol in self.claim.graph.inputs():
            if symbol not in self.directions:
                zero = symbol in held
                self.directions[symbol] = self.drawn(symbol.shape) * (0.0 if zero else 1.0)
        return self.directions

    def applied(self, tensor: Apply, places: Places, moved: dict[Symbol, Array]) -> Array:
        op, params = tensor.op, tensor.params
        if op in ("ones", "zeros", "eye"):
            sizes = self.lengths(params)
            return np.eye(*sizes) if op == "eye" else np.full(sizes, float(op == "ones"))
        if op == "coefficient":
            return self.coefficient(tensor, places, moved)
        args = [self.value(arg, places, moved) for arg in tensor.args]
        if op == "contract":
            return np.tensordot(args[0], args[1], axes=params[0])
        if op == "where":
            return np.where(COMPARISONS[params[0]](args[0], args[1]), args[2], args[3])
        return OPERATIONS[op](*args)

    def coefficient(self, tensor: Apply, places: Places, moved: dict[Symbol, Array]) -> Array:
        """What multiplies each entry of dX: the form with that entry 1 and all other directions 0."""
        form, of = tensor.args
        assert isinstance(of, Variable)
        kept = self.all_directions()
        result = np.zeros(self.lengths(of.shape))
        for place in np.ndindex(result.shape):
            self.directions = {symbol: 0.0 * way for symbol, way in kept.items()}
            self.directions[of.symbol] = self.unit(of.symbol, place)
            result[place] = self.value(form, places, dict(moved))
        self.directions = kept
        return result

    def called(self, call: Call, places: Places, moved: dict[Symbol, Array]) -> Array:
        """An undefined function or its derivatives: waves a·sin(w·z + c), z all arguments in turn."""
        orders = call.derivatives or (0,) * len(call.args)
        args = [self.value(arg, places, moved) for arg in call.args]
        if call.function.elementwise:
            waves = self.waves_of(call.function, 1, 1)
            (order,) = orders
            return sum(
                a[0] * w[0] ** order * np.sin(w[0] * args[0] + w[1] + order * math.pi / 2) for a, w in waves
            )
        z = np.concatenate([np.ravel(arg) for arg in args])
        results = self.lengths(call.function.codomain)
        total: Array = 0.0
        for a, w in self.waves_of(call.function, math.prod(results), len(z)):
            wave = a * np.sin(w[:, :-1] @ z + w[:, -1] + sum(orders) * math.pi / 2)
            weights = [
                part
                for part, arg, order in zip(self.blocks(w, args), args, orders, strict=True)
                for _ in range(order)
            ]
            rows = [
                reduce(np.multiply.outer, [part[k] for part in weights], wave[k]) for k in range(len(wave))
            ]
            axes = [n for arg, order in zip(args, orders, strict=True) for n in np.shape(arg) * order]
            total = total + np.array(rows).reshape((*results, *axes))
        return total

    def blocks(self, w: Array, args: list[Array]) -> list[Array]:
        """The weights of each argument."""
        ends = np.cumsum([np.size(arg) for arg in args])
        return [w[:, end - np.size(arg) : end] for end, arg in zip(ends, args, strict=True)]

    def waves_of(self, function: Function, results: int, length: int) -> list[tuple[Array, Array]]:
        if function not in self.waves:

            def drawn(*shape: int) -> Array:
                count = math.prod(shape)
                return np.array([self.random.uniform(0.4, 1.2) for _ in range(count)]).reshape(shape)

            self.waves[function] = [
                (drawn(results), drawn(results, length + 1) if not function.elementwise else drawn(2))
                for _ in range(2)
            ]
        return self.waves[function]


def has_edges(claim: Claim) -> bool:
    """Whether boundaries belong to the claim: of conditions without derivatives, of strict bounds."""
    assert claim.equation is not None
    if claim.equation.relation.strict:
        return True
    nodes = [node for side in (claim.equation.left, claim.equation.right) for node in walk(side)]
    named = [claim.graph.definitions[s] for node in nodes for s in symbols_in(node) if s in claim.graph]
    nodes += [inner for body in named for inner in walk(body)]
    if any(isinstance(node, Derivative | Differential) for node in nodes):
        return False
    return any(isinstance(node, Apply) and node.op in ("where", "maximum", "relu") for node in nodes)


def greatest_difference(claim: Claim, seed: int, *, tied: bool = False) -> float:
    """Over all components of the claim, relative to 1 + the size of the values; ∞ for another shape.

    Of an inequality, by how much it fails; 1 for equality where it is strict.
    """
    equation = claim.equation
    assert equation is not None
    numeric = bool(claim.point) and not any(isinstance(part, Variable) for part in walk(equation.right))
    floats = Floats(claim, seed, at_point=numeric, tied=tied)
    if not floats.draw_related():
        return 0.0
    left, right = equation.left, equation.right
    shapes = [floats.lengths(left.shape), floats.lengths(right.shape)]
    if shapes[0] != shapes[1] and not (isinstance(right, Number) and right.value == 0):
        return math.inf
    worst = 0.0
    ranges = [range(floats.size(index.dim)) for index in equation.free if index.dim is not None]
    for values in product(*ranges):
        places = dict(zip(equation.free, values, strict=True))
        one, other = floats.side(left, places), floats.side(right, places)
        scale = 1 + np.max(np.abs(one))
        if equation.relation == "=":
            worst = max(worst, float(np.max(np.abs(one - other)) / scale))
            continue
        gap = float(np.max(one - other if equation.relation.rising else other - one))
        worst = max(worst, 1.0 if equation.relation.strict and gap > -1e-8 else gap / scale)
    return worst
