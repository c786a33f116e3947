"""What a rule is, and the list of all rules.

A rule is one function: it looks at one part of a formula and yields what the rule makes of that part.
Its first docstring line is the statement; its name is what a lecturer writes at the margin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from symcheck.language.claim import Graph, Value
from symcheck.language.tensor import Index, Symbol, Tensor
from symcheck.steps.likeness import Keys

Made: TypeAlias = Tensor | tuple[Tensor, str]
"""What a rule makes of a part, and what it used if that has a name (``Z``, ``dZ``)."""
LINE = "line "
"""Begins the word for an earlier line that is about no name."""
Rewrite: TypeAlias = Callable[[Tensor, "Scene"], Iterator[Made]]


@dataclass(frozen=True, slots=True)
class Known:
    """An earlier line of the argument that was proved."""

    number: int
    left: Tensor
    right: Tensor
    free: tuple[Index, ...] = ()
    """Indices for every value of which it was shown."""


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """Where a step is taken: definitions, what is held, earlier lines, values of the point."""

    graph: Graph = field(default_factory=Graph)
    constants: frozenset[Symbol] = frozenset()
    known: tuple[Known, ...] = ()
    point: Mapping[Symbol, Value] = field(default_factory=dict)
    """Empty unless the line is about the numbers of the point."""
    cut: frozenset[Symbol] = frozenset()
    """Names that a derivative around the part is taken by: inside it they have no definition."""
    keys: Keys = field(default_factory=Keys)
    """Keys of formulas met so far."""
    name: Callable[[str], str] = str
    """How a name is written: ``epsilon`` as ε."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule."""

    name: str
    """With ``{}`` where the names of what was used stand."""
    statement: str
    rewrite: Rewrite
    both_ways: bool = False
    """It leads back from what it makes: used again and again it comes to no end."""
    formal: bool = False
    """It knows no names: it holds whatever stands for the letters, also inside of ∂(…)/∂x."""
    on: tuple[type[Tensor], ...] = (Tensor,)
    """Kinds of formulas that it looks at."""
    here: bool = False
    """It is about the point at hand: nothing that it makes may be differentiated."""

    def told(self, used: tuple[str, ...]) -> str:
        """The name, with what was used: ``dZ (line 6) put in``, ``lines 9, 10 put in``."""
        words = dict.fromkeys(used)
        numbers = [word.removeprefix(LINE) for word in words if word.startswith(LINE)]
        listed = [word for word in words if not word.startswith(LINE)]
        if numbers:
            listed.append(f"{LINE if len(numbers) == 1 else 'lines '}{', '.join(numbers)}")
        return self.name.format(", ".join(listed))


RULES: dict[str, Rule] = {}
"""Name of the function → rule; two functions may be one rule to a lecturer, and bear one name."""


def rule(
    name: str,
    *,
    on: tuple[type[Tensor], ...] = (Tensor,),
    both_ways: bool = False,
    formal: bool = False,
    here: bool = False,
) -> Callable[[Rewrite], Rewrite]:
    """Register the decorated rewriting; the first line of its docstring is the statement."""

    def keep(rewrite: Rewrite) -> Rewrite:
        statement = (rewrite.__doc__ or "").strip().splitlines()[0]
        RULES[rewrite.__name__] = Rule(name, statement, rewrite, both_ways, formal, on, here)
        return rewrite

    return keep
