"""SymPy expressions whose parts are shared: walked, replaced and differentiated once for each part.

SymPy 1.14's own `free_symbols`, `has`, `xreplace` and `diff` visit every occurrence, which in a network of
six layers are tens of thousands of a few hundred parts.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy

from symcheck.sympy_oracle.arrays import Expr

PLAIN = 2000
"""Occurrences up to which `sympy.diff` is called on the whole expression."""


def parts_of(expression: Expr) -> set[Expr]:
    """The distinct sub-expressions, the whole included."""
    seen: set[Expr] = set()
    stack = [expression]
    while stack:
        part = stack.pop()
        if part not in seen:
            seen.add(part)
            stack.extend(part.args)
    return seen


def symbols_of(expression: Expr) -> set[Expr]:
    """The free symbols; nothing is bound in explicit scalars."""
    return {part for part in parts_of(expression) if part.is_Symbol}


def occurrences(expression: Expr) -> int:
    """The size of the expression written out as a tree."""
    memo: dict[Expr, int] = {}

    def count(part: Expr) -> int:
        found = memo.get(part)
        if found is None:
            found = memo[part] = 1 + sum(map(count, part.args))
        return found

    return count(expression)


def replaced(expression: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """The expression with symbols replaced by values, all at once."""
    memo: dict[Expr, Expr] = dict(values)

    def down(part: Expr) -> Expr:
        found = memo.get(part)
        if found is None:
            args = tuple(map(down, part.args))
            same = all(new is old for new, old in zip(args, part.args, strict=True))
            found = memo[part] = part if same else part.func(*args)
        return found

    return down(expression)


class Differentiator:
    """SymPy's `diff`, on the whole or, where much is shared, on each shared part in turn."""

    def __init__(self) -> None:
        self._programs: dict[Expr, tuple[list[tuple[Expr, Expr]], Expr]] = {}

    def __call__(self, expression: Expr, by: Expr) -> Expr:
        """∂expression/∂by; unevaluated `Derivative` nodes may remain."""
        if occurrences(expression) <= PLAIN:
            return sympy.diff(expression, by)
        steps, final = self._program(expression)
        slopes: dict[Expr, Expr] = {by: sympy.Integer(1)}
        values: dict[Expr, Expr] = {}
        for symbol, step in steps:
            values[symbol] = replaced(step, values)
            # a condition shared by two Piecewise is a step too, and has no derivative
            if isinstance(step, sympy.Expr):
                slope = _chain(step, slopes)
                if slope != 0:
                    slopes[symbol] = slope
        return replaced(_chain(final, slopes), values)

    def _program(self, expression: Expr) -> tuple[list[tuple[Expr, Expr]], Expr]:
        found = self._programs.get(expression)
        if found is None:
            names = sympy.numbered_symbols("s", cls=sympy.Dummy, real=True)
            steps, (final,) = sympy.cse([expression], symbols=names, order="none")
            found = self._programs[expression] = (steps, final)
        return found


def _chain(step: Expr, slopes: Mapping[Expr, Expr]) -> Expr:
    """Σ ∂step/∂s · slope of s, over the symbols of the step."""
    own = sorted(step.free_symbols & slopes.keys(), key=sympy.default_sort_key)
    return sympy.Add(*(sympy.diff(step, symbol) * slopes[symbol] for symbol in own))
