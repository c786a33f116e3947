"""The value of a SymPy scalar at a point: exact while it is rational, then with 60 digits.

SymPy's `evalf` on the whole would hide where a value ceases to exist; here a division by what is zero up
to rounding, a root or logarithm of a negative number is `UndefinedHere`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from random import Random

import sympy

from symcheck.language.tensor import Function
from symcheck.sympy_oracle.arrays import Expr, NotExpressible, UndefinedHere
from symcheck.sympy_oracle.functions import xlogy
from symcheck.sympy_oracle.sharing import parts_of, replaced, symbols_of

DIGITS = 60
TINY = sympy.Float("1e-30", DIGITS)


class Waves:
    """Concrete functions for the undefined ones: plane waves plus a quadratic, derivatives of all orders.

    f(v) = Σ_w c_w sin(a_w·v + b_w) + ½ v·Qv + l·v, the numbers random, one set for each component.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._numbers: dict[tuple[Function, tuple[int, ...]], _Wave] = {}

    def value(
        self, which: tuple[Function, tuple[int, ...], tuple[int, ...]], args: list[Expr], exact: bool = False
    ) -> Expr:
        """The value at these arguments of (function, component, orders of its derivatives).

        `exact`: a formula, for arguments that are not numbers.
        """
        function, component, orders = which
        key = (function, component)
        wave = self._numbers.get(key)
        if wave is None:
            wave = self._numbers[key] = _Wave(Random(f"{self.seed}:{function.name}:{component}"), len(args))
        return wave.value(orders, args, exact)


class _Wave:
    def __init__(self, random: Random, count: int) -> None:
        def some() -> Expr:
            return sympy.Rational(random.choice((-1, 1)) * random.randint(3, 12), 8)

        self.waves = [(some(), [some() for _ in range(count)], some()) for _ in range(2)]
        self.quadratic = [[some() for _ in range(count)] for _ in range(count)]
        self.linear = [some() for _ in range(count)]

    def value(self, orders: tuple[int, ...], args: list[Expr], exact: bool) -> Expr:
        order = sum(orders)
        result = sympy.Integer(0)
        for height, slopes, shift in self.waves:
            phase = sum((a * v for a, v in zip(slopes, args, strict=True)), shift)
            if not exact:
                phase = floating(phase)
            factor = height
            for slope, times in zip(slopes, orders, strict=True):
                factor *= slope**times
            swing = sympy.sin(phase) if order % 2 == 0 else sympy.cos(phase)
            result += factor * swing * (-1) ** (order // 2)
        places = [k for k, times in enumerate(orders) for _ in range(times)]
        symmetric = [[q + r for q, r in zip(*pair, strict=True)] for pair in self._pairs()]
        if order == 0:
            rows = (sum(q * v for q, v in zip(row, args, strict=True)) for row in symmetric)
            result += sum(
                v * (row / 2 + slope) for v, row, slope in zip(args, rows, self.linear, strict=True)
            )
        elif order == 1:
            result += sum(q * v for q, v in zip(symmetric[places[0]], args, strict=True))
            result += self.linear[places[0]]
        elif order == 2:
            result += symmetric[places[0]][places[1]]
        return result

    def _pairs(self) -> list[tuple[list[Expr], list[Expr]]]:
        columns = [list(column) for column in zip(*self.quadratic, strict=True)]
        return list(zip(self.quadratic, columns, strict=True))


class Evaluator:
    """Values of many expressions at one point; shared parts are computed once.

    With `off_boundaries`, a point on the boundary of a guard is none: after a derivative nothing is claimed
    there.  Guards of `discrete` symbols only (labels 0 and 1) have no boundary that matters.
    Errors: UndefinedHere if a value is not a finite real number; NotExpressible for a function without
    numeric value.
    """

    def __init__(
        self,
        point: Mapping[Expr, Expr],
        waves: Waves,
        *,
        off_boundaries: bool = False,
        discrete: Collection[Expr] = (),
    ) -> None:
        self.point = point
        self.waves = waves
        self.off_boundaries = off_boundaries
        self.discrete = frozenset(discrete)
        self._memo: dict[Expr, Expr] = {}

    def __call__(self, expression: Expr) -> Expr:
        found = self._memo.get(expression)
        if found is None:
            found = self._memo[expression] = self._value(expression)
        return found

    def _value(self, expression: Expr) -> Expr:
        if expression.is_Number:
            return _finite(expression)
        if expression.is_Symbol:
            found = self.point.get(expression)
            if found is None:
                raise NotExpressible(f"no value for {expression}")
            return found
        if expression.is_NumberSymbol:
            return expression.evalf(DIGITS)
        if isinstance(expression, sympy.Piecewise):
            for branch, condition in expression.args:
                if self._holds(condition):
                    return self(branch)
            raise UndefinedHere("no branch applies")
        if isinstance(expression, sympy.Limit):
            return self._limit(expression)
        args = [self(arg) for arg in expression.args]
        if expression.is_Add:
            return _finite(sum(args, sympy.Integer(0)))
        if expression.is_Mul:
            product = sympy.Integer(1)
            for arg in args:
                product *= arg
            return _finite(product)
        if expression.is_Pow:
            return _power(*args)
        undefined = getattr(expression.func, "undefined", None)
        if undefined is not None:
            return self.waves.value(undefined, args)
        return _applied(expression.func, args)

    def _limit(self, expression: Expr) -> Expr:
        """SymPy's own `limit`, all other symbols at the point; zoo where there is none, oo where infinite."""
        body, variable, target, way = expression.args
        if target.is_finite is not False:
            target = self(target)
        values = {symbol: value for symbol, value in self.point.items() if symbol != variable}
        sides = ("-", "+") if str(way) == "+-" else (str(way),)
        found = []
        for side in sides:
            settled = _branches_near(self._concrete(replaced(body, values)), variable, target, side)
            found.append(sympy.limit(settled, variable, target, side))
        first = found[0].evalf(DIGITS) if not found[0].is_Rational else found[0]
        if len(found) == 2 and found[0] != found[1]:
            return sympy.zoo
        if isinstance(first, sympy.AccumBounds) or not first.is_number:
            raise NotExpressible("SymPy does not find the limit")
        return first

    def _concrete(self, expression: Expr) -> Expr:
        """The undefined functions, innermost first, as the formulas that stand for them."""
        values: dict[Expr, Expr] = {}
        for part in parts_of(expression):
            undefined = getattr(part.func, "undefined", None)
            if undefined is not None and not any(
                getattr(inner.func, "undefined", None) for arg in part.args for inner in parts_of(arg)
            ):
                values[part] = self.waves.value(undefined, list(part.args), exact=True)
        return self._concrete(replaced(expression, values)) if values else expression

    def _holds(self, condition: Expr) -> bool:
        if condition in (sympy.true, sympy.false):
            return bool(condition)
        if isinstance(condition, sympy.And):
            return all(map(self._holds, condition.args))
        if isinstance(condition, sympy.Or):
            return any(map(self._holds, condition.args))
        if isinstance(condition, sympy.Not):
            return not self._holds(condition.args[0])
        if isinstance(condition, sympy.ITE):
            chosen, then, other = condition.args
            return self._holds(then if self._holds(chosen) else other)
        if not isinstance(condition, sympy.core.relational.Relational):
            raise NotExpressible(f"the condition {condition}")
        gap = self(condition.lhs) - self(condition.rhs)
        if is_zero(gap):
            if self.off_boundaries and not symbols_of(condition) <= self.discrete:
                raise UndefinedHere("on the boundary of a guard")
            return isinstance(condition, sympy.Eq | sympy.Le | sympy.Ge)
        if isinstance(condition, sympy.Eq | sympy.Ne):
            return isinstance(condition, sympy.Ne)
        return bool(gap > 0) == isinstance(condition, sympy.Gt | sympy.Ge)


def _branches_near(expression: Expr, variable: Expr, target: Expr, side: str) -> Expr:
    """Every piecewise part in the branch that is taken very near to the target."""
    if target.is_finite is False:
        near = sympy.Integer(10) ** 9 * (1 if target is sympy.oo else -1)
    else:
        near = target + sympy.Rational(1 if side == "+" else -1, 10**9)
    values: dict[Expr, Expr] = {}
    for part in parts_of(expression):
        if isinstance(part, sympy.Piecewise):
            values[part] = part.func(*((b, c.subs(variable, near)) for b, c in part.args))
        elif isinstance(part, sympy.Max | sympy.Min):
            greatest = max if isinstance(part, sympy.Max) else min
            values[part] = greatest(part.args, key=lambda arg: arg.subs(variable, near))
    if not values:
        return expression
    return _branches_near(replaced(expression, values), variable, target, side)


def floating(value: Expr) -> Expr:
    """A rational as a number with digits; integers too."""
    return value if value.is_Float else sympy.Float(value, DIGITS)


def is_zero(value: Expr) -> bool:
    """Zero, up to rounding where the number is not exact."""
    return bool(value == 0 or (value.is_Float and abs(value) < TINY))


def _finite(value: Expr) -> Expr:
    if not value.is_Number or not value.is_finite:
        raise UndefinedHere("no finite real value")
    return value


def _power(base: Expr, exponent: Expr) -> Expr:
    if exponent.is_Integer:
        if exponent < 0 and is_zero(base):
            raise UndefinedHere("a division by 0")
        return _finite(base**exponent)
    if base < 0 or (base != 0 and is_zero(base)):
        raise UndefinedHere("a root of a negative number")
    if base == 0:
        if exponent > 0:
            return sympy.Integer(0)
        raise UndefinedHere("a division by 0")
    return _finite(floating(base) ** exponent)


def _applied(function: Expr, args: list[Expr]) -> Expr:
    if function is sympy.log and (is_zero(args[0]) or args[0] < 0):
        raise UndefinedHere("the logarithm of what is not positive")
    if args[0] == 0 and function is xlogy and args[1] < 0:
        raise UndefinedHere("the logarithm of what is not positive")
    value = function(*(arg if arg.is_Integer else floating(arg) for arg in args))
    if not value.is_Number:
        value = value.evalf(DIGITS)
    return _finite(value)
