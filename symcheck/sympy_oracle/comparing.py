"""The user's column "compared with SymPy's automatic differentiation".

Both sides of a claim are written out at small unequal sizes, entry by entry; they agree where the
difference expands to 0, or else where it vanishes to 20 digits at random exact points.  `simplify` decides
nothing here, and agreement is no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import prod
from random import Random
from time import monotonic
from typing import Literal, TypeAlias

import sympy

from symcheck.language.claim import Claim, Equation, Relation, Value
from symcheck.language.shape import Dim, Shape, dims_in, show_shape
from symcheck.language.tensor import (
    Call,
    Derivative,
    Differential,
    Entry,
    IndexSum,
    Number,
    Place,
    SizeNumber,
    Symbol,
    Tensor,
    Variable,
    symbols_in,
    walk,
)
from symcheck.sympy_oracle.arrays import Dense, Expr, NotExpressible, TooLarge, UndefinedHere, rational
from symcheck.sympy_oracle.expansion import BUDGET, Expansion
from symcheck.sympy_oracle.numeric import Evaluator, Waves
from symcheck.sympy_oracle.points import DISCRETE, related, sample, satisfies
from symcheck.sympy_oracle.sharing import parts_of, symbols_of

Status = Literal["agrees", "differs", "n/a"]

LARGEST_CLAIM = 400
"""Entries of the equation, all values of its free indices counted."""
POINTS = 3
TRIES = 12
TIED = 8
"""Points tried at which many entries are equal, where boundaries are part of the claim."""
DRAWS = 60
"""Most draws until several names stand in the order that is assumed of them."""
EXPANDABLE = 600
"""Terms up to which a difference is multiplied out."""
DIFFERENT = sympy.Float("1e-12", 30)
EQUAL = sympy.Float("1e-20", 30)

Pair: TypeAlias = tuple[Expr, Expr, tuple[int, ...]]
"""The two sides of one component, and which."""


@dataclass(frozen=True, slots=True)
class OracleAnswer:
    """What SymPy says of a claim; evidence, never a proof."""

    status: Status
    detail: str = ""
    """Where they agree or differ, or why there is no answer."""
    sizes: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.detail:
            return self.status
        return f"n/a: {self.detail}" if self.status == "n/a" else f"{self.status} ({self.detail})"


class Expansions:
    """The expansions of a run: claims of one graph at the same sizes share what was written out."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, frozenset[tuple[Dim, int]]], Expansion] = {}

    def at(self, claim: Claim, plan: Mapping[Dim, int]) -> Expansion:
        """The expansion of the claim's graph at these sizes, with a full budget."""
        # by identity, which is safe as an expansion keeps hold of its graph and assumptions
        key = (id(claim.graph), id(claim.assumptions), frozenset(plan.items()))
        found = self._found.get(key)
        if found is None or found.crowded:
            found = self._found[key] = Expansion(plan, claim.graph, claim.assumptions)
        found.left = BUDGET
        return found


def compare(
    claim: Claim,
    *,
    sizes: Mapping[Dim, int] | None = None,
    seconds: float = 10.0,
    seed: int = 0,
    expansions: Expansions | None = None,
) -> OracleAnswer:
    """Both sides of the claim through SymPy's own `diff`, at one or two choices of small sizes.

    Units: `seconds` is wall time, looked at between entries; work is counted first.
    Errors: none; what SymPy cannot follow is n/a with the reason.
    """
    if claim.equation is None:
        return OracleAnswer("n/a", "the claim was not read")
    mismatch = _shapes_differ(claim.equation, claim)
    if mismatch:
        return OracleAnswer("differs", mismatch)
    deadline = monotonic() + seconds
    expansions = expansions or Expansions()
    numeric = bool(claim.point) and any(
        not symbols_in(side) for side in (claim.equation.left, claim.equation.right)
    )
    plans = [dict(sizes)] if sizes is not None else plans_for(claim)
    agreed: list[OracleAnswer] = []
    reasons: list[str] = []
    for plan in plans:
        answer = _guarded(_Comparison(claim, plan, deadline, seed, expansions).answer)
        if answer.status == "differs":
            if numeric:
                break
            return answer
        if answer.status == "agrees":
            agreed.append(answer)
            if len(agreed) == 2:
                break
        else:
            reasons.append(answer.detail)
    else:
        numeric = numeric and not agreed
    if numeric:
        return at_point(claim, seconds=deadline - monotonic(), seed=seed)
    if agreed:
        detail = "; ".join(answer.detail for answer in agreed)
        return OracleAnswer("agrees", detail, agreed[0].sizes)
    return OracleAnswer("n/a", reasons[0] if reasons else "no sizes to try", {})


def at_point(claim: Claim, *, seconds: float = 10.0, seed: int = 0) -> OracleAnswer:
    """Both sides at the values that the author gave for the inputs."""

    def answer() -> OracleAnswer:
        plan = _sizes_of_point(claim, plans_for(claim)[0])
        return _Comparison(claim, plan, monotonic() + seconds, seed, Expansions(), at_point=True).answer()

    return _guarded(answer)


def _guarded(answer: Callable[[], OracleAnswer]) -> OracleAnswer:
    try:
        return answer()
    except NotExpressible as reason:
        return OracleAnswer("n/a", str(reason))
    except RecursionError:
        return OracleAnswer("n/a", "too deep to write out")
    except (ArithmeticError, AttributeError, NotImplementedError, TypeError, ValueError) as crash:
        # SymPy 1.14 crashes on formulas that are in order; that says nothing of the claim
        return OracleAnswer("n/a", f"SymPy fails: {type(crash).__name__}: {str(crash)[:80]}")


class _Comparison:
    """One claim at one choice of sizes."""

    def __init__(
        self,
        claim: Claim,
        plan: dict[Dim, int],
        deadline: float,
        seed: int,
        expansions: Expansions,
        *,
        at_point: bool = False,
    ) -> None:
        self.claim = claim
        self.plan = plan
        self.deadline = deadline
        self.seed = seed
        self.at_point = at_point
        self.expansion = expansions.at(claim, plan)
        self.sizes = {str(dim): length for dim, length in plan.items()}
        self.derived = _takes_derivatives(claim.equation)
        self.relation = claim.equation.relation if claim.equation is not None else Relation.EQUAL
        self.where = ", ".join(f"{name}={length}" for name, length in self.sizes.items())

    def answer(self) -> OracleAnswer:
        """agrees or differs."""
        pairs = self.pairs()
        open_pairs = []
        for left, right, place in pairs:
            self._watch()
            if self.relation is not Relation.EQUAL or not _exactly_zero(left - right):
                open_pairs.append((left, right, place))
        if not open_pairs:
            return self._say("agrees", "exactly")
        return self._numerically(open_pairs)

    def pairs(self) -> list[Pair]:
        """(left, right, component) for every value of the free indices and every entry."""
        equation = self.claim.equation
        assert equation is not None
        ranges = []
        for index in equation.free:
            if index.dim is None:
                raise NotExpressible(f"nothing tells the range of the index {index.name}")
            ranges.append(range(self.expansion.dim(index.dim)))
        result: list[Pair] = []
        for values in product(*ranges):
            self._watch()
            environment = dict(zip(equation.free, values, strict=True))
            left = self.expansion.dense(equation.left, environment)
            right = self.expansion.dense(equation.right, environment)
            if len(right.entries) != len(left.entries) and _is_zero(equation.right):
                right = left.each(lambda entry: sympy.Integer(0))
            if _is_zero(equation.left):
                left = right.each(lambda entry: sympy.Integer(0))
            result.extend(zip(left.entries, right.entries, _components(values, left), strict=True))
            if len(result) > LARGEST_CLAIM:
                raise TooLarge(f"more than {LARGEST_CLAIM} entries to compare")
        return result

    def _numerically(self, pairs: list[Pair]) -> OracleAnswer:
        good = 0
        reason = "no point at which both sides exist"
        for attempt in range(-TIED if self._has_edges(pairs) else 0, TRIES):
            self._watch()
            try:
                differing = self._differing(pairs, attempt)
            except UndefinedHere:
                continue
            if differing is not None:
                place = ", ".join(map(str, differing))
                return self._say("differs", f"entry [{place}]" if place else "")
            good += attempt >= 0
            if good == POINTS or self.at_point:
                return self._say("agrees", f"{good} points" if good > 1 else "at the point")
        raise UndefinedHere(f"{reason} at {self.where}" if self.where else reason)

    def _differing(self, pairs: list[Pair], attempt: int) -> tuple[int, ...] | None:
        """The first component that differs at the attempt's point; UndefinedHere if it is no point."""
        random = Random(f"{self.seed}:{attempt}")
        point = self._point_values() if self.at_point else {}
        symbols = [s for s in self._symbols(pairs) if not (self.at_point and s in self.claim.point)]
        if attempt < 0:
            drawn = self._tied(symbols, random, Fraction(0) if attempt == -1 else Fraction(1, 2))
        else:
            drawn = self._sampled(symbols, random, positive=attempt % 2 == 1)
        for symbol, values in drawn.items():
            point.update(zip(self.expansion.entries(symbol).entries, map(rational, values), strict=True))
        for step in self.expansion.directions.values():
            point[step] = sympy.Rational(random.choice((-1, 1)) * random.randint(3, 29), 16)
        value = Evaluator(
            point, Waves(self.seed + attempt), off_boundaries=self.derived, discrete=self._discrete()
        )
        for left, right, place in pairs:
            self._watch()
            a, b = value(left), value(right)
            if not (a.is_finite and b.is_finite):
                return place
            gap, scale = abs(a - b), max(abs(a), abs(b))
            if self.relation is not Relation.EQUAL:
                if gap <= EQUAL * max(scale, 1) if self.relation.strict else False:
                    return place
                if gap > DIFFERENT * scale and (a > b) == self.relation.rising:
                    return place
                continue
            if gap <= EQUAL * max(scale, 1):
                continue
            if gap > DIFFERENT * scale:
                return place
            raise NotExpressible("too close to tell")
        return None

    def _sampled(
        self, symbols: list[Symbol], random: Random, *, positive: bool
    ) -> dict[Symbol, list[Fraction]]:
        """Entries for each symbol, drawn again until what is assumed of two of them holds."""
        conditions = self.claim.assumptions.conditions
        for _ in range(DRAWS):
            drawn = {
                symbol: sample(
                    symbol, self.expansion.entries(symbol).shape, conditions, random, positive=positive
                )
                for symbol in symbols
            }
            if related({s: values[0] for s, values in drawn.items() if not s.shape}, conditions):
                return drawn
        raise UndefinedHere("no point satisfies what is assumed of two names")

    def _has_edges(self, pairs: list[Pair]) -> bool:
        """Whether points on boundaries belong to the claim and may tell: of conditions, of strict bounds."""
        if self.at_point or (self.derived and not self.relation.strict):
            return False
        conditional = sympy.Piecewise | sympy.Max | sympy.Min
        return self.relation.strict or any(
            isinstance(part, conditional) for pair in pairs for side in pair[:2] for part in parts_of(side)
        )

    def _tied(self, symbols: list[Symbol], random: Random, value: Fraction) -> dict[Symbol, list[Fraction]]:
        """Entries of which many are equal: `value` or 1 or 2 more, where that is as assumed."""
        conditions = self.claim.assumptions.conditions
        for _ in range(DRAWS):
            drawn: dict[Symbol, list[Fraction]] = {}
            for symbol in symbols:
                shape = self.expansion.entries(symbol).shape
                steps = (0, 1, 2) if value else (0,)
                values = [value + random.choice(steps) for _ in self.expansion.entries(symbol).entries]
                if all(satisfies(values, shape, c) for c in conditions if c.symbol is symbol):
                    drawn[symbol] = values
            scalars = {symbol: values[0] for symbol, values in drawn.items() if not symbol.shape}
            if len(drawn) == len(symbols) and related(scalars, conditions):
                return drawn
        raise UndefinedHere("no such entries satisfy the assumptions")

    def _symbols(self, pairs: list[Pair]) -> list[Symbol]:
        used = set()
        for left, right, _ in pairs:
            used |= symbols_of(left) | symbols_of(right)
        owners = {self.expansion.owners[entry][0] for entry in used if entry in self.expansion.owners}
        return sorted(owners, key=lambda symbol: symbol.name)

    def _discrete(self) -> set[Expr]:
        symbols = {c.symbol for c in self.claim.assumptions.conditions if c.kind in DISCRETE}
        return {entry for entry, (symbol, _) in self.expansion.owners.items() if symbol in symbols}

    def _point_values(self) -> dict[Expr, Expr]:
        values: dict[Expr, Expr] = {}
        for symbol, value in self.claim.point.items():
            array = self.expansion.entries(symbol)
            flat = list(_flattened(value))
            if len(flat) != len(array.entries):
                raise NotExpressible(f"the point gives {len(flat)} entries for {symbol.name}")
            values.update(zip(array.entries, flat, strict=True))
        return values

    def _watch(self) -> None:
        if monotonic() > self.deadline:
            raise TooLarge("out of time")

    def _say(self, status: Status, how: str) -> OracleAnswer:
        parts = [f"at {self.where}"] if self.where else []
        return OracleAnswer(status, ": ".join([*parts, how] if how else parts), self.sizes)


# -- sizes -------------------------------------------------------------------------------------------


def plans_for(claim: Claim) -> list[dict[Dim, int]]:
    """Small sizes to try, unequal and of both parities first, then smaller ones."""
    least = _least_sizes(claim)
    names = list(least)
    patterns = [(2, 3, 4), (3, 2, 1), (2, 3), (1, 2)]
    plans: list[dict[Dim, int]] = []
    for pattern in patterns:
        cycle = {name: pattern[k % len(pattern)] for k, name in enumerate(names)}
        plan = claim.assumptions.ordered({name: max(cycle[name], least[name]) for name in names})
        if plan is not None and plan not in plans:
            plans.append(plan)
    return plans


def _least_sizes(claim: Claim) -> dict[Dim, int]:
    """Every named size the claim mentions, in order of appearance, with its least value."""
    assert claim.equation is not None
    least: dict[Dim, int] = {}

    def meet(dim: Dim, value: int = 1) -> None:
        dim = claim.assumptions.dim(dim)
        if not isinstance(dim, int):
            least[dim] = max(least.get(dim, 1), value)

    def meet_shape(shape: Shape) -> None:
        for size in shape:
            for dim in dims_in(size):
                meet(dim)

    seen: set[Symbol] = set()
    stack: list[Tensor] = [claim.equation.right, claim.equation.left]
    for index in claim.equation.free:
        if index.dim is not None:
            meet(index.dim)
    while stack:
        for node in walk(stack.pop()):
            meet_shape(node.shape)
            match node:
                case Variable(symbol=symbol) | Derivative(by=symbol):
                    meet_shape(symbol.shape)
                    if symbol not in seen:
                        seen.add(symbol)
                        if symbol in claim.graph:
                            stack.append(claim.graph.definitions[symbol])
                case SizeNumber(dim=dim):
                    meet(dim)
                case IndexSum(indices=indices):
                    for index in indices:
                        if index.dim is not None:
                            meet(index.dim)
                case Call(function=function):
                    for shape in (*function.domain, function.codomain):
                        if not function.elementwise:
                            meet_shape(shape)
            for place, shape in _literal_entries(node):
                for literal, size in zip(place, shape, strict=True):
                    if isinstance(literal, int) and len(size) == 1:
                        meet(size[0], literal + 1)
    for dim, value in claim.assumptions.at_least.items():
        if claim.assumptions.dim(dim) in least:
            meet(dim, value)
    return least


def _literal_entries(node: Tensor) -> list[tuple[tuple[Place, ...], Shape]]:
    match node:
        case Entry(base=base, indices=indices):
            return [(indices, base.shape)]
        case Derivative(by=by, at=at) if at is not None:
            return [(at, by.shape)]
    return []


def _sizes_of_point(claim: Claim, plan: dict[Dim, int]) -> dict[Dim, int]:
    plan = dict(plan)
    for symbol, value in claim.point.items():
        for size in symbol.shape:
            if not isinstance(value, tuple):
                break
            dim = claim.assumptions.dim(size[0])
            if len(size) == 1 and not isinstance(dim, int):
                plan[dim] = len(value)
            value = value[0]
    return plan


# -- small things ------------------------------------------------------------------------------------


def _shapes_differ(equation: Equation, claim: Claim) -> str:
    left, right = equation.left, equation.right
    same = claim.assumptions.same
    if _is_zero(left) or _is_zero(right):
        return ""
    if len(left.shape) == len(right.shape) and all(
        same(a, b) for a, b in zip(left.shape, right.shape, strict=True)
    ):
        return ""
    return f"the shapes {show_shape(left.shape)} and {show_shape(right.shape)}"


def _takes_derivatives(equation: Equation | None) -> bool:
    if equation is None:
        return False
    nodes = (*walk(equation.left), *walk(equation.right))
    return any(isinstance(node, Derivative | Differential) for node in nodes)


def _is_zero(tensor: Tensor) -> bool:
    return isinstance(tensor, Number) and tensor.value == 0


def _components(values: tuple[int, ...], array: Dense) -> list[tuple[int, ...]]:
    return [(*values, *place) for place in product(*map(range, array.shape))]


def _flattened(value: Value) -> list[Expr]:
    if isinstance(value, tuple):
        return [entry for part in value for entry in _flattened(part)]
    return [rational(value)]


def _exactly_zero(difference: Expr) -> bool:
    if difference == 0:
        return True
    return _terms(difference) <= EXPANDABLE and sympy.expand(difference) == 0


def _terms(expression: Expr) -> int:
    """How many terms multiplying out would make, at most; a bound, so that it is never tried in vain."""
    memo: dict[Expr, int] = {}

    def count(part: Expr) -> int:
        found = memo.get(part)
        if found is None:
            found = memo[part] = min(_terms_of(part, [count(arg) for arg in part.args]), EXPANDABLE + 1)
        return found

    return count(expression)


def _terms_of(part: Expr, inner: list[int]) -> int:
    if part.is_Add:
        return sum(inner)
    if part.is_Mul:
        return prod(inner)
    if part.is_Pow and part.exp.is_Integer:
        return int(inner[0] ** min(abs(int(part.exp)), 20))
    # what stands inside a function is multiplied out as well, each occurrence anew
    return max(1, sum(inner))
