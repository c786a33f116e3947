"""From one line to the next: each rule tried alone, at any place, once or repeatedly; then few together.

What is counted is parts of formulas, so that the same two lines give the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from symcheck.errors import SymcheckError
from symcheck.language.tensor import Derivative, Differential, Symbol, Tensor, children, walk
from symcheck.steps import algebra, components, derivatives, differentials, linearity, putting_in, traces
from symcheck.steps.likeness import Key
from symcheck.steps.registry import RULES, Rule, Scene
from symcheck.steps.views import rebuilt

ROOMS = (traces, linearity, differentials, putting_in, derivatives, algebra, components)
"""Where the rules are written, in the order in which they are tried: indices come last."""

DIFFERENTIATION = (
    "linear",
    "product_rule",
    "quotient_rule",
    "chain_rule_of_differentials",
    "constant_held",
)
"""Rules that take a differential as far as it goes, used in turn."""

PARTS = 60000
"""Most parts of formulas looked at and made for one step."""
WIDE = 24
"""Most lines that one rule alone may lead to."""
FEW = 4
"""Most single uses of a rule that are followed up when several rules are tried together."""
REPEATED = 40
"""Most times a rule is applied one after the other."""
LARGEST = 400
"""Parts of a formula beyond which it is not taken further."""
ROOM = 12
"""Parts by which a formula on the way may exceed half as much again as the longer of the two lines."""
DEEP = 4
"""Most rules told for one step."""

TURNS = (0, 1, 0, 0, 1, 0)
"""Which end goes on: 0 the line before, 1 the line after.  Lines are read forward, so that is tried more."""

REGROUPING = "order and brackets"
OPENING = "definition of {}"
"""The rule that may be used inside of a derivative, but for the name the derivative is taken by."""


@cache
def ordered() -> tuple[Rule, ...]:
    """All rules, in the order in which they are tried."""
    places = {room.__name__: place for place, room in enumerate(ROOMS)}
    return tuple(sorted(RULES.values(), key=lambda rule: places[rule.rewrite.__module__]))


@dataclass(frozen=True, eq=False, slots=True)
class Line:
    """A formula on the way, and the rules that led to it."""

    tensor: Tensor
    key: Key
    size: int
    """How many parts the formula has."""
    used: tuple[tuple[Rule, tuple[str, ...]], ...] = ()


class OutOfBudget(Exception):
    """Enough formulas were made."""


class Search:
    """The way from one line to the next in one scene."""

    def __init__(self, scene: Scene, budget: int = PARTS) -> None:
        self.scene = scene
        self.keys = scene.keys
        self.left = budget
        self.largest = LARGEST
        self._places: dict[Line, list[_Place]] = {}

    def rules_between(self, before: Tensor, after: Tensor, most: int = DEEP) -> tuple[str, ...] | None:
        """The names of the fewest rules that lead from line to line, in order; None if none were found."""
        start, goal = self.line(before), self.line(after)
        self.largest = min(LARGEST, ROOM + max(start.size, goal.size) * 3 // 2)
        if start.key == goal.key:
            return (REGROUPING,)
        try:
            return self._alone(start, goal) or (self._together(start, goal, most) if most > 1 else None)
        except OutOfBudget:
            return None

    # -- one rule ----------------------------------------------------------------------------------

    def _alone(self, start: Line, goal: Line) -> tuple[str, ...] | None:
        for rule in ordered():
            forward = {line.key: line for line in self.reached(start, rule)}
            if goal.key in forward:
                return _names(forward[goal.key], None)
            backward = {line.key: line for line in self.reached(goal, rule)}
            if start.key in backward:
                return _names(None, backward[start.key])
            for key, line in forward.items():
                if key in backward:
                    return (_both(rule, line, backward[key]),)
        return None

    def reached(self, start: Line, rule: Rule) -> list[Line]:
        """The lines to which one rule alone leads: nearest first, then where it can do no more."""
        seen = {start.key}
        lines: list[Line] = []
        waiting = [start]
        while waiting and len(lines) < WIDE:
            line = waiting.pop(0)
            for following in self.rewritten(line, rule):
                if following.key not in seen:
                    seen.add(following.key)
                    lines.append(following)
                    waiting.append(following)
                    if len(lines) >= WIDE:
                        break
        if waiting and lines and not rule.both_ways:
            last = self.settled(lines[0], rule)
            if last.key not in seen:
                lines.append(last)
        return lines

    def settled(self, start: Line, rule: Rule) -> Line:
        """The line after as many uses of a rule as there are, the outermost part first."""
        line = start
        seen = {line.key}
        for _ in range(REPEATED):
            following = next((f for f in self.rewritten(line, rule) if f.key not in seen), None)
            if following is None:
                break
            seen.add(following.key)
            line = following
        return line

    def rewritten(self, line: Line, rule: Rule) -> Iterator[Line]:
        """The lines one use of a rule away."""
        self.spend(line.size // 8)
        for place in self.places(line):
            if not _applies(rule, place):
                continue
            for tensor, used in _used_at(line.tensor, place, rule, self.scene):
                size = sum(1 for _ in walk(tensor))
                self.spend(size)
                if size <= self.largest:
                    used_so_far = _with(line.used, rule, used)
                    yield Line(tensor, self.keys.of(tensor), size, used_so_far)

    def places(self, line: Line) -> list[_Place]:
        """Where rules may be used in a line; worked out once."""
        found = self._places.get(line)
        if found is None:
            found = self._places[line] = _places(line.tensor)
        return found

    def spend(self, parts: int) -> None:
        """Count parts of formulas.  Errors: OutOfBudget."""
        self.left -= parts
        if self.left < 0:
            raise OutOfBudget

    def line(self, tensor: Tensor) -> Line:
        """A formula from which a search begins."""
        return Line(tensor, self.keys.of(tensor), sum(1 for _ in walk(tensor)))

    # -- few together ------------------------------------------------------------------------------

    def _together(self, start: Line, goal: Line, most: int) -> tuple[str, ...] | None:
        """Rules one after the other, from both ends in turn, as long as there is something to try."""
        seen = ({start.key: start}, {goal.key: goal})
        fronts = [[start], [goal]]
        found: tuple[str, ...] | None = None
        for turn in TURNS:
            end = turn if fronts[turn] else 1 - turn
            if not fronts[end]:
                break
            try:
                fronts[end] = self._further(fronts[end], seen[end])
            except OutOfBudget:
                break
            # the way with the fewest rules may be met one turn later, where the ends are uneven
            before, found = found, _meeting(*seen)
            if before is not None or (found is not None and len(found) <= 2):
                break
        return found if found is not None and len(found) <= most else None

    def _further(self, lines: list[Line], seen: dict[Key, Line]) -> list[Line]:
        """The lines one rule further that are new, each by the shortest of the ways that lead there."""
        new: dict[Key, None] = {}
        for line in lines:
            for following in self._onward(line):
                old = seen.get(following.key)
                if old is None:
                    new.setdefault(following.key)
                if old is None or _told_at_length(following.used) < _told_at_length(old.used):
                    seen[following.key] = following
        return [seen[key] for key in new]

    def _onward(self, line: Line) -> Iterator[Line]:
        """Where one more rule leads, and where the rules of differentiation do in turn."""
        for rule in ordered():
            if line.used and line.used[-1][0] is rule:
                continue
            few = list(islice(self.rewritten(line, rule), FEW))
            yield from few
            if few and not rule.both_ways:
                yield self.settled(few[0], rule)
        yield self._differentiated(line)

    def _differentiated(self, line: Line) -> Line:
        while True:
            before = line.key
            for name in DIFFERENTIATION:
                line = self.settled(line, RULES[name])
            if line.key == before:
                return line


def _meeting(forward: dict[Key, Line], backward: dict[Key, Line]) -> tuple[str, ...] | None:
    met = [key for key in forward if key in backward]
    if not met:
        return None
    ways = [(forward[key], backward[key]) for key in met]
    best = min(ways, key=lambda way: (len(_names(*way)), _told_at_length((*way[0].used, *way[1].used))))
    return _names(*best)


def _told_at_length(used: tuple[tuple[Rule, tuple[str, ...]], ...]) -> tuple[int, int]:
    """How many rules, and how many things they put in."""
    return len(used), sum(len(words) for _, words in used)


def _with(
    used: tuple[tuple[Rule, tuple[str, ...]], ...], rule: Rule, about: str
) -> tuple[tuple[Rule, tuple[str, ...]], ...]:
    words = (about,) if about else ()
    if used and used[-1][0] is rule:
        return (*used[:-1], (rule, used[-1][1] + words))
    return (*used, (rule, words))


def _names(forward: Line | None, backward: Line | None) -> tuple[str, ...]:
    names = [rule.told(words) for rule, words in forward.used] if forward is not None else []
    names += [rule.told(words) for rule, words in reversed(backward.used)] if backward is not None else []
    return tuple(dict.fromkeys(names))


def _both(rule: Rule, forward: Line, backward: Line) -> str:
    words = [word for line in (forward, backward) for _, used in line.used for word in used]
    return rule.told(tuple(words))


@dataclass(frozen=True, eq=False, slots=True)
class _Place:
    """A part of a formula and where it stands."""

    path: tuple[int, ...]
    """Which child to follow from the whole formula."""
    part: Tensor
    cut: frozenset[Symbol]
    """What it is differentiated by, if it stands inside of ∂(…)/∂v."""
    moved: bool
    """Whether it stands inside of a differential or derivative."""


def _places(tensor: Tensor) -> list[_Place]:
    """Every part, the outermost first; none inside of a local derivative, which is about a definition."""
    found: list[_Place] = []

    def visit(part: Tensor, path: tuple[int, ...], cut: frozenset[Symbol], moved: bool) -> None:
        found.append(_Place(path, part, cut, moved))
        match part:
            case Derivative(local=True):
                return
            case Derivative(by=by):
                cut, moved = cut | {by}, True
            case Differential():
                moved = True
        for number, child in enumerate(children(part)):
            visit(child, (*path, number), cut, moved)

    visit(tensor, (), frozenset(), False)
    return found


def _applies(rule: Rule, place: _Place) -> bool:
    """Whether a rule may be used at a place.

    What is differentiated is a function: lines about the point at hand say nothing of it, and inside of
    ∂(…)/∂v the name v is independent.
    """
    if not isinstance(place.part, rule.on) or (rule.here and place.moved):
        return False
    return not place.cut or rule.formal or rule.name == OPENING


def _used_at(tensor: Tensor, place: _Place, rule: Rule, scene: Scene) -> Iterator[tuple[Tensor, str]]:
    """The formula with a rule used at one place."""
    if place.cut:
        scene = replace(scene, cut=place.cut)
    try:
        for made in rule.rewrite(place.part, scene):
            result, used = made if isinstance(made, tuple) else (made, "")
            if result.shape == place.part.shape:
                yield _put_back(tensor, place.path, result), used
    except SymcheckError:
        # what a rule would make does not fit in shape: it does not apply here
        return


def _put_back(tensor: Tensor, path: tuple[int, ...], part: Tensor) -> Tensor:
    """The formula with another part at a place.  Errors: ShapeMismatch."""
    if not path:
        return part
    inside = list(children(tensor))
    inside[path[0]] = _put_back(inside[path[0]], path[1:], part)
    return rebuilt(tensor, inside)
