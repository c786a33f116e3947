"""Assumptions about two scalars, x < a, x <= a, x != a: who stands where, and values put in that order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from symcheck.evaluation.numbers import Real
from symcheck.language.claim import Assumption, Kind
from symcheck.language.tensor import Symbol

RELATIONS = frozenset({Kind.BELOW, Kind.AT_MOST, Kind.DIFFERENT})


@dataclass(frozen=True)
class Relations:
    """All assumptions about two scalars."""

    pairs: tuple[tuple[Kind, Symbol, Symbol], ...] = ()
    groups: Mapping[Symbol, tuple[Symbol, ...]] = field(default_factory=dict)
    """Name → all names it is tied to, itself included, the smaller ones first where they are ordered."""

    def hold(self, values: Mapping[Symbol, Real]) -> bool:
        """Whether exact values satisfy every relation whose two names have one."""
        for kind, left, right in self.pairs:
            if left not in values or right not in values:
                continue
            low, high = values[left], values[right]
            if (
                (kind is Kind.BELOW and not low < high)
                or (kind is Kind.AT_MOST and not low <= high)
                or (kind is Kind.DIFFERENT and low == high)
            ):
                return False
        return True


def relations(conditions: Iterable[Assumption]) -> Relations:
    """The relations among assumptions of all kinds."""
    pairs = tuple((c.kind, c.symbol, c.other) for c in conditions if c.other is not None)
    groups: dict[Symbol, tuple[Symbol, ...]] = {}
    for _, left, right in pairs:
        joined = dict.fromkeys((*groups.get(left, (left,)), *groups.get(right, (right,))))
        for symbol in joined:
            groups[symbol] = tuple(joined)
    ordered = {group: _ordered(group, pairs) for group in set(groups.values())}
    return Relations(pairs, {symbol: ordered[group] for symbol, group in groups.items()})


def _ordered(group: tuple[Symbol, ...], pairs: Iterable[tuple[Kind, Symbol, Symbol]]) -> tuple[Symbol, ...]:
    """The smaller ones first; names in a circle, of which no values exist, come last as they are."""
    above = {s: [low for kind, low, high in pairs if high is s and kind is not Kind.DIFFERENT] for s in group}
    done: list[Symbol] = []
    waiting = list(group)
    while waiting:
        ready = next((s for s in waiting if all(low in done for low in above[s])), waiting[0])
        waiting.remove(ready)
        done.append(ready)
    return tuple(done)
