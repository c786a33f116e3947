"""Functions that SymPy lacks: undefined ones whose derivatives have names, and flat steps.

SymPy's own `Function('A')` differentiates into `Subs(Derivative(…))`, which neither compares nor
evaluates; here ∂A₁/∂v₀ is a function again.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy

from symcheck.language.tensor import Function
from symcheck.sympy_oracle.arrays import Expr


class UndefinedFunctions:
    """The SymPy functions of one expansion: a class for each component and each derivative."""

    def __init__(self) -> None:
        self._classes: dict[tuple[Function, tuple[int, ...], tuple[int, ...]], Any] = {}

    def of(self, function: Function, component: tuple[int, ...], orders: tuple[int, ...]) -> Any:
        """The SymPy function for a component of a function, differentiated `orders[a]` times in argument a.

        Arguments count scalars: a function of a vector of length 3 has three.
        """
        key = (function, component, orders)
        found = self._classes.get(key)
        if found is None:
            found = self._classes[key] = self._make(function, component, orders)
        return found

    def _make(self, function: Function, component: tuple[int, ...], orders: tuple[int, ...]) -> Any:
        def fdiff(node: Any, argindex: int = 1) -> Expr:
            raised = list(orders)
            raised[argindex - 1] += 1
            return self.of(function, component, tuple(raised))(*node.args)

        name = "_".join([function.name, *map(str, component)])
        if function.elementwise or len(orders) == 1:
            name += "'" * orders[0]
        else:
            name = "".join(f"∂{k}" * order for k, order in enumerate(orders)) + name
        own = {"fdiff": fdiff, "is_real": True, "undefined": (function, component, orders)}
        return type(name, (sympy.Function,), own)


class _Flat(sympy.Function):  # type: ignore[misc]
    """A step function: its derivative is 0 wherever it has one."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> Expr:
        return sympy.Integer(0)


def _rounding(name: str, rounded: Any) -> Any:
    # floor and ceiling of SymPy 1.14 stay inside an unevaluated Derivative
    def evaluated(cls: Any, argument: Any) -> Expr:
        if isinstance(argument, sympy.Rational | sympy.Float):
            return rounded(argument)
        return None

    return type(name, (_Flat,), {"eval": classmethod(evaluated)})


floor = _rounding("floor", sympy.floor)
ceiling = _rounding("ceiling", sympy.ceiling)
truncate = _rounding("trunc", lambda x: sympy.floor(x) if x > 0 else sympy.ceiling(x))


class xlogy(sympy.Function):  # type: ignore[misc]
    """x log y with 0 · log 0 = 0, which x*log(y) loses at once: SymPy 1.14 makes nan of it."""

    @classmethod
    def eval(cls, x: Expr, y: Expr) -> Expr:
        if x.is_Number and y.is_Number:
            return sympy.Integer(0) if x == 0 and y == 0 else x * sympy.log(y)
        return None

    def fdiff(self, argindex: int = 1) -> Expr:
        x, y = self.args
        return sympy.log(y) if argindex == 1 else x / y

    def doit(self, **hints: object) -> Expr:
        x, y = self.args
        return x * sympy.log(y)


class inverse_digamma(sympy.Function):  # type: ignore[misc]
    """The y > 0 with digamma(y) = x."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> Expr:
        return 1 / sympy.polygamma(1, self)

    def _eval_evalf(self, precision: int) -> Expr:
        with mpmath.workprec(precision + 20):
            x = mpmath.mpf(self.args[0]._to_mpmath(precision + 20))
            guess = mpmath.exp(x) + 0.5 if x > -2 else -1 / (x + mpmath.euler)
            return sympy.Float(mpmath.findroot(lambda y: mpmath.digamma(y) - x, guess), precision=precision)
