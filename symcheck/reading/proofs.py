"""A recursion and its statement → the proof by induction as notes and claims.

Base, step and what follows at level n are claims; the conclusion is a claim that knows from which others
it follows, and nothing is said twice: each text is read in the scope of its level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from symcheck.language.claim import Claim, Induction
from symcheck.language.derivation import Item, Note
from symcheck.language.tensor import Tensor, variable
from symcheck.reading.induction import Inductive, items
from symcheck.reading.scope import Scope

Formulas: TypeAlias = dict[str, tuple[Tensor, Tensor]]
Read: TypeAlias = Callable[[str, Scope, str, str], list[Claim]]
"""(text, scope, which part of the proof, the text as its author wrote it) → the claims of one line."""


class Proof:
    """The claims of a proof by induction; `items` are they and its words, in the order of telling."""

    def __init__(
        self, inductive: Inductive, base_lines: Sequence[str], step_lines: Sequence[str], read: Read
    ) -> None:
        self.inductive = inductive
        said, levels, step = inductive.said, inductive.levels, inductive.step.scope
        first_scope, first_graph = inductive.first()

        def written(part: str, scope: Scope, at: Callable[[str], str]) -> list[Claim]:
            return [claim for text in said.statements for claim in read(at(text), scope, part, text)]

        base_told = [claim for line in base_lines for claim in read(line, inductive.base, "line", line)]
        base = written("base", inductive.base, levels.based)
        step_told = [inductive.checked(c) for line in step_lines for c in read(line, step, "line", line)]
        steps = [inductive.checked(claim) for claim in written("step", step, str)]
        first = [replace(c, graph=first_graph) for c in written("first", first_scope, str)]
        self.induction = Induction(
            levels.index,
            levels.start,
            levels.down,
            base=tuple(base),
            step=tuple(steps),
            first=tuple(first),
            hypothesis=tuple(map(levels.back, said.statements)),
            closed=said.closed,
        )
        ends = written("conclusion", step, str)
        self.items: list[Item] = [
            Note(self._introduction(), self._stated(steps)),
            Note(
                f"Base, {self.induction.base_level}: {_listed(items(said.base)) or 'defined above'}.",
                _defined(said.base, inductive.base),
            ),
            *base_told,
            *base,
            Note(
                f"Hypothesis: {_listed(self.induction.hypothesis)}, {self._supposed()}.", self._hypothesis()
            ),
            Note(f"Step: {_listed(items(said.step))}.", _defined(said.step, step)),
            *step_told,
            *steps,
            Note(f"Conclusion: by induction on {levels.index}, for {self.induction.levels}."),
            *(self._conclusion(end, claim) for end, claim in zip(ends, steps, strict=True)),
        ]

    def _conclusion(self, end: Claim, step: Claim) -> Claim:
        """The statement for every level."""
        return replace(
            end,
            equation=step.equation,
            assumptions=step.assumptions,
            error=step.error,
            given=step.given,
            method=f"induction on {self.induction.index}",
            note=self.inductive.said.closed,
            induction=replace(self.induction, equation=step.equation),
        )

    def corollary(self, read: Claim) -> Claim:
        """A line about level n; where it speaks of what the statement is about, it rests on the proof."""
        claim = self.inductive.checked(read)
        if not claim.given:
            return claim
        rests = replace(self.induction, equation=claim.equation, corollary=claim)
        return replace(claim, method=f"induction on {self.induction.index}", induction=rests)

    def _stated(self, steps: Sequence[Claim]) -> Formulas:
        """The statements as written, with what they mean."""
        return {
            text: (claim.equation.left, claim.equation.right)
            for text, claim in zip(self.inductive.said.statements, steps, strict=True)
            if claim.equation is not None
        }

    def _hypothesis(self) -> Formulas:
        step = self.inductive.step
        return {
            text: (step.scope.definitions[symbol], variable(symbol))
            for text, symbol in zip(self.induction.hypothesis, step.claimed, strict=True)
        }

    def _introduction(self) -> str:
        said, induction = self.inductive.said, self.induction
        way = "down" if induction.down else "up"
        return (
            f"By induction on {induction.index}, {way} from {induction.base_level}: "
            f"{_listed(said.statements)}. At each level, its own: "
            f"{_listed([*items(said.declare), *said.assume])}."
        )

    def _supposed(self) -> str:
        """``where lₙ₋₁ is any differentiable function of b₀, all else held``"""
        step, inductive = self.inductive.step, self.inductive
        names = ", ".join(
            inductive.levels.back(family.written)
            for family in inductive.families.values()
            if not family.claimed
        )
        several = len(step.values) > 1
        if not step.arguments:
            return f"where {names} {'have' if several else 'has'} any value"
        of = ", ".join(step.scope.written.get(symbol.name, symbol.name) for symbol in step.arguments)
        what = "are any differentiable functions" if several else "is any differentiable function"
        return f"where {names} {what} of {of}, all else held"


def _defined(text: str, scope: Scope) -> Formulas:
    """The definitions in a text, as written there, with what they mean."""
    found: dict[str, tuple[Tensor, Tensor]] = {}
    for item in items(text):
        symbol = scope.variable(item.partition("=")[0].strip(": "))
        if symbol is not None and symbol in scope.definitions:
            found[item] = (variable(symbol), scope.definitions[symbol])
    return found


def _listed(texts: Iterable[str]) -> str:
    return "; ".join(texts)
