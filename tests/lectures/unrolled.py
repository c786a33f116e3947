"""A recursion carried out level by level in floating point, every derivative a difference quotient.

Nothing of the proof is used: the values of the level before are those of the recursion itself, not an
arbitrary function, and what is claimed is computed by its own formulas, not taken from the hypothesis.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from lecture_floats import Floats

from symcheck.language.claim import Claim, Kind
from symcheck.language.shape import Dim
from symcheck.language.tensor import Function, Symbol
from symcheck.reading.letters import spell
from symcheck.reading.proofs import Proof

Array: TypeAlias = Any


class Level(Floats):
    """The names of one level; `before` is the level that the hypothesis speaks of, None at the base."""

    def __init__(self, claim: Claim, seed: int, proof: Proof, before: Level | None) -> None:
        super().__init__(claim, seed)
        self.proof = proof
        self.before = before
        self.scope = proof.inductive.base if before is None else proof.inductive.step.scope
        if before is not None:
            self.share(before)
        for condition in claim.assumptions.conditions:
            assert condition.kind is Kind.SYMMETRIC
            drawn = self.name(condition.symbol, {})
            self.inputs[condition.symbol] = drawn + drawn.T

    def share(self, before: Level) -> None:
        """Inputs, functions and sizes that every level has in common."""
        common = {*self.proof.inductive.base.variables.values()}
        functions = {*self.proof.inductive.base.functions.values()}
        levels = self.proof.inductive.levels
        for symbol in common:
            if symbol not in self.proof.inductive.base.definitions:
                self.inputs[symbol] = before.name(symbol, {})
        self.waves = {f: before.waves_of(f, *signature(before, f)) for f in functions}
        named = {dim: before.size(dim) for dim in self.proof.inductive.base.dims}
        self.sizes = {dim: size for dim, size in named.items() if isinstance(dim, str)}
        own = levels.base if before.before is None else levels.current
        for dim in self.scope.dims:
            if isinstance(dim, str) and levels.is_before(dim):
                head = dim.removesuffix(levels.before)
                self.sizes[dim] = before.size(spell(f"{head}{own}"))

    def size(self, dim: Dim) -> int:
        if isinstance(dim, str) and dim not in self.sizes:
            self.sizes[dim] = self.random.choice((2, 3))
        return super().size(dim)

    def name(self, symbol: Symbol, moved: dict[Symbol, Array]) -> Array:
        before, step, levels = self.before, self.proof.inductive.step, self.proof.inductive.levels
        if symbol in moved or before is None or symbol not in (*step.values, *step.claimed):
            return super().name(symbol, moved)
        head = symbol.name.removesuffix(levels.before)
        common = {s: value for s, value in moved.items() if s in step.known and s not in before.claim.graph}
        for state in step.states:
            current = before.symbol(state.removesuffix(levels.before))
            common[current] = self.name(self.scope.variables[state], moved)
        moved[symbol] = before.name(before.symbol(head), common)
        return moved[symbol]

    def symbol(self, head: str) -> Symbol:
        """The symbol of a family or state at this level."""
        levels = self.proof.inductive.levels
        return self.scope.variables[spell(head + (levels.base if self.before is None else levels.current))]


def signature(level: Floats, function: Function) -> tuple[int, int]:
    if function.elementwise:
        return 1, 1
    results = int(np.prod(level.lengths(function.codomain)))
    return results, sum(int(np.prod(level.lengths(shape))) for shape in function.domain)


def differences(proof: Proof, depth: int, seed: int) -> list[float]:
    """|left − right| of each statement `depth` levels from the base, relative to 1 + |left|."""
    level = Level(proof.induction.base[0], seed, proof, None)
    for number in range(depth):
        level = Level(proof.induction.step[0], 97 * seed + number, proof, level)
    claims = proof.induction.base if depth == 0 else proof.induction.step
    found = []
    for claim in claims:
        equation = claim.equation
        assert equation is not None
        left, right = level.side(equation.left, {}), level.side(equation.right, {})
        assert np.shape(left) == np.shape(right)
        found.append(float(np.max(np.abs(left - right)) / (1 + np.max(np.abs(left)))))
    return found
