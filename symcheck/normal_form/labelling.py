"""Canonical names for the bound indices of a block: colour refinement, then individualisation.

Two blocks that differ only in the names of bound indices or in the order of factors get one form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from symcheck.errors import BudgetExhausted
from symcheck.language.shape import Dim
from symcheck.normal_form.polynomial import Exponent, Factor

Permutations: TypeAlias = tuple[tuple[int, ...], ...]
Raw: TypeAlias = tuple[int, Exponent, tuple[int, ...], Permutations]
"""A factor with the symmetry of its head; bound indices are −1 − k."""

LEAF_LIMIT = 300


def label(
    dims: Sequence[Dim], ranks: Sequence[int], factors: Sequence[Raw]
) -> tuple[tuple[Dim, ...], tuple[Factor, ...]]:
    """(dims, factors) in canonical order; `ranks` are numbers that order the dims."""
    count = len(dims)
    if count == 1:
        return tuple(dims), tuple(sorted(_least(factor, None) for factor in factors))
    colours = _refine(_ranked(list(ranks)), factors)
    best: list[tuple[Factor, ...]] = []
    best_order: list[list[int]] = []
    budget = [LEAF_LIMIT]
    _search(colours, factors, best, best_order, budget)
    order = best_order[0]
    return tuple(dims[v] for v in order), best[0]


def _search(
    colours: list[int],
    factors: Sequence[Raw],
    best: list[tuple[Factor, ...]],
    best_order: list[list[int]],
    budget: list[int],
) -> None:
    cell = _first_cell(colours)
    if cell is None:
        budget[0] -= 1
        if budget[0] < 0:
            raise BudgetExhausted("a contraction too symmetric to be labelled")
        order = sorted(range(len(colours)), key=colours.__getitem__)
        place = [0] * len(order)
        for position, vertex in enumerate(order):
            place[vertex] = position
        form = tuple(sorted(_least(factor, place) for factor in factors))
        if not best:
            best.append(form)
            best_order.append(order)
        elif form < best[0]:
            best[0], best_order[0] = form, order
        return
    tried: list[int] = []
    for vertex in cell:
        if any(_twins(vertex, other, factors) for other in tried):
            continue
        tried.append(vertex)
        marked = [2 * c for c in colours]
        marked[vertex] -= 1
        _search(_refine(_ranked(marked), factors), factors, best, best_order, budget)


def _first_cell(colours: list[int]) -> list[int] | None:
    cells: dict[int, list[int]] = {}
    for vertex, colour in enumerate(colours):
        cells.setdefault(colour, []).append(vertex)
    for colour in sorted(cells):
        if len(cells[colour]) > 1:
            return cells[colour]
    return None


def _ranked(keys: list[int]) -> list[int]:
    order = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return [order[key] for key in keys]


def _refine(colours: list[int], factors: Sequence[Raw]) -> list[int]:
    """Split colours by the factors around each index until nothing changes."""
    count = len(colours)
    classes = len(set(colours))
    while classes < count:
        around: list[list[Any]] = [[] for _ in range(count)]
        for head, exponent, idxs, group in factors:
            seen = {-1 - i for i in idxs if i < 0}
            for vertex in seen:
                view = tuple(
                    (0, 0) if i == -1 - vertex else (1, colours[-1 - i]) if i < 0 else (2, i) for i in idxs
                )
                if group:
                    view = min(view, *(tuple(view[k] for k in perm) for perm in group))
                around[vertex].append((head, exponent, view))
        keys = [(colours[v], sorted(around[v])) for v in range(count)]
        distinct = sorted(range(count), key=keys.__getitem__)
        new = [0] * count
        rank = 0
        for position, vertex in enumerate(distinct):
            if position and keys[vertex] != keys[distinct[position - 1]]:
                rank += 1
            new[vertex] = rank
        if rank + 1 == classes:
            return new
        classes = rank + 1
        colours = new
    return colours


def _least(factor: Raw, place: list[int] | None) -> Factor:
    head, exponent, idxs, group = factor
    if place is not None:
        idxs = tuple(i if i >= 0 else -1 - place[-1 - i] for i in idxs)
    if group:
        idxs = min(idxs, *(tuple(idxs[k] for k in perm) for perm in group))
    return (head, exponent, idxs)


def _twins(a: int, b: int, factors: Sequence[Raw]) -> bool:
    """Whether exchanging two indices leaves the block as it is."""
    swap = {-1 - a: -1 - b, -1 - b: -1 - a}
    before = sorted(_least(factor, None) for factor in factors)
    after = sorted(
        _least((head, exponent, tuple(swap.get(i, i) for i in idxs), group), None)
        for head, exponent, idxs, group in factors
    )
    return before == after
