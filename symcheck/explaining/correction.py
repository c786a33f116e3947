"""The smallest edit of what an author wrote that proves.

Comes in: a wrong right side with its claim, and a judge who knows the left side.  Goes out: the edit, its
kind, and the formula it makes.  Every candidate is looked at in a point or two; few reach the prover.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from symcheck.errors import SymcheckError
from symcheck.explaining.edit import PLAIN, RARE, Edit
from symcheck.explaining.edits import edits
from symcheck.explaining.places import count, editable, put
from symcheck.explaining.pool import Pool
from symcheck.language.claim import Assumptions
from symcheck.language.tensor import Apply, Call, Entry, Index, IndexSum, Tensor, structure, walk

PARTS = 40_000
"""Most parts of candidates that are looked at."""
PROOFS = 12
"""Most candidates handed to the prover."""
PAIR_PARTS = 30_000
"""Most parts of candidates with two edits."""
FIRSTS, SECONDS = 24, 40
"""Most edits with which a second one is tried, and most of these."""


@dataclass(slots=True)
class Budget:
    """What is left for all searches about one claim."""

    parts: int = PARTS
    proofs: int = PROOFS

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.parts <= 0 or self.proofs <= 0


class Judge(Protocol):
    """What can be asked about another right side."""

    def agrees(self, right: Tensor) -> bool:
        """Whether it may equal the left side: a quick look."""
        ...

    def proves(self, right: Tensor) -> bool:
        """Whether the claim with it is proved, a living point included."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A right side that proves, and the edits that make it."""

    right: Tensor
    edits: tuple[Edit, ...]
    new: Tensor | None = None
    """What stands in the place of the edited part, if it is one."""


def changed(old: Tensor, new: Tensor) -> tuple[Tensor, Tensor]:
    """The smallest part in which two formulas differ, of the old one and of the new one."""
    a, b = editable(old), editable(new)
    if a and len(a) == len(b) and _alike(old, new):
        apart = [k for k in range(len(a)) if structure(a[k]) != structure(b[k])]
        if len(apart) == 1:
            return changed(a[apart[0]], b[apart[0]])
    return old, new


def _alike(old: Tensor, new: Tensor) -> bool:
    """Whether two formulas are the same operation."""
    match old, new:
        case (Apply(op=one, params=first), Apply(op=two, params=second)):
            return one == two and first == second
        case (Call(function=one_, derivatives=first), Call(function=two_, derivatives=second)):
            return one_ is two_ and first == second
        case (Entry(indices=first), Entry(indices=second)):
            return first == second
        case (IndexSum(indices=first), IndexSum(indices=second)):
            return first == second
    return False


def _growth(edited: tuple[Edit, Tensor]) -> int:
    """How much longer the formula becomes: of edits alike the simplest is the likeliest."""
    edit, made = edited
    return max(count(made) - count(edit.part), 0)


def untransposed(tensor: Tensor) -> Tensor:
    """The formula without its transposes, for comparison alone: its shapes may not fit."""
    match tensor:
        case Apply(op="transpose", args=(inner,)):
            return untransposed(inner)
        case Apply(args=args):
            return replace(tensor, args=tuple(map(untransposed, args)))
    return tensor


class Corrections:
    """One search: what was looked at, and what is left of the budget."""

    def __init__(
        self,
        left: Tensor,
        right: Tensor,
        free: tuple[Index, ...],
        pool: Pool,
        assumptions: Assumptions,
        judge: Judge,
        budget: Budget,
    ) -> None:
        self.left_side, self.free, self.pool, self.assumptions = left, free, pool, assumptions
        self.left = structure(left)
        self.bare = structure(untransposed(left))
        self.right = right
        self.shape = left.shape
        self.same = assumptions.same
        self.judge = judge
        self.seen = {structure(right)}
        self.parts = {structure(part) for part in walk(right)}
        self.limit = max(2 * count(right), count(right) + 20)
        self.budget = budget
        self.single = edits(right, free, pool)
        self.known = pool.known

    def one(self, largest: int = RARE) -> Found | None:
        """The first single edit that proves, the smaller first, none beyond this size."""
        for candidate in self._singles(largest):
            if self._holds(candidate.right):
                return candidate
            if self.budget.spent:
                return None
        return None

    def two(self) -> Found | None:
        """Two edits, the second in what the first one made; likely ones both."""
        budget = Budget(PAIR_PARTS, PROOFS)
        for edit, made in self._likely()[:FIRSTS]:
            try:
                whole = put(self.right, edit.path, made, self.same)
            except SymcheckError:
                continue
            further = Corrections(
                self.left_side, whole, self.free, self.pool, self.assumptions, self.judge, budget
            )
            further.shape, further.seen = self.shape, self.seen
            further.parts = self.parts
            for second, new in further._likely()[:SECONDS]:
                try:
                    both = put(whole, second.path, new, self.same)
                except SymcheckError:
                    continue
                if further._is_new(both) and further._holds(both):
                    return Found(both, (edit, second))
                if budget.spent:
                    return None
        return None

    def _likely(self) -> list[tuple[Edit, Tensor]]:
        """Edits that make what stands elsewhere, and small ones."""
        known: list[tuple[Edit, Tensor]] = []
        small: list[tuple[Edit, Tensor]] = []
        for edit in self.single:
            try:
                made = edit.make()
            except SymcheckError:
                continue
            if structure(made) in self.known:
                known.append((edit, made))
            elif edit.size < PLAIN:
                small.append((edit, made))
        return sorted(known + small, key=lambda pair: pair[0].size + (structure(pair[1]) not in self.known))

    def _singles(self, largest: int) -> Iterator[Found]:
        """Level by level: an edit that makes what stands elsewhere before one that makes something new."""
        later: list[tuple[Edit, Tensor]] = []
        for size in range(largest + 2):
            known: list[tuple[Edit, Tensor]] = []
            new: list[tuple[Edit, Tensor]] = []
            for edit in (e for e in self.single if e.size == size and size <= largest):
                try:
                    made = edit.make()
                except SymcheckError:
                    continue
                (known if structure(made) in self.known else new).append((edit, made))
            due, later = sorted(known, key=_growth) + later, sorted(new, key=_growth)
            for edit, made in due:
                try:
                    whole = put(self.right, edit.path, made, self.same)
                except SymcheckError:
                    continue
                if self._is_new(whole):
                    yield Found(whole, (edit,), made)

    def _is_new(self, whole: Tensor) -> bool:
        """Whether it has the right shape, was not met before, and is no empty truth."""
        if len(whole.shape) != len(self.shape) or not all(map(self.same, whole.shape, self.shape)):
            return False
        key = structure(whole)
        if key in self.seen:
            return False
        self.seen.add(key)
        return count(whole) <= self.limit

    def _is_empty(self, whole: Tensor) -> bool:
        """Whether the left side was copied, or something is taken from or divided by itself."""
        if structure(untransposed(whole)) == self.bare:
            return True
        for part in walk(whole):
            key = structure(part)
            if key == self.left and key not in self.parts:
                return True
            match part:
                case Apply(op="sub" | "div", args=(a, b)) if key not in self.parts:
                    if structure(a) == structure(b):
                        return True
        return False

    def _holds(self, right: Tensor) -> bool:
        self.budget.parts -= count(right)
        if not self.judge.agrees(right) or self._is_empty(right):
            return False
        self.budget.proofs -= 1
        return self.judge.proves(right)
