"""Rules that put one thing for another: definitions, earlier lines, values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from symcheck.language.claim import Value
from symcheck.language.tensor import (
    Apply,
    Delta,
    Derivative,
    Differential,
    Entry,
    Index,
    Number,
    Tensor,
    Variable,
    children,
)
from symcheck.steps.functions import DEFINITIONS, ENTRIES
from symcheck.steps.likeness import alike
from symcheck.steps.registry import LINE, Known, Made, Scene, rule
from symcheck.steps.views import made, number, plain, reindexed


@rule("definition of {}", on=(Apply, Entry, Variable))
def definition(part: Tensor, scene: Scene) -> Iterator[Made]:
    """A name is what it is defined to be; softmax, σ, tanh and norms by their formulas."""
    match part:
        case Variable(symbol=symbol) if symbol in scene.graph and symbol not in scene.cut:
            if plain(scene.graph.definitions[symbol]):
                yield reindexed(scene.graph.definitions[symbol], {}), scene.name(symbol.name)
        case Apply(op=op, args=(inner,)) if op in DEFINITIONS:
            formula = DEFINITIONS[op](inner)
            if formula is not None:
                yield formula, op
        case Entry(base=Apply(op=op, args=(inner,)), closed=indices) if op in ENTRIES:
            yield ENTRIES[op](inner, indices), op
        case Entry(base=Differential(body=Apply(op=op, args=(inner,))), closed=indices) if op in ENTRIES:
            yield Differential((), ENTRIES[op](inner, indices)), op


@rule("{} put in", here=True)
def known_line(part: Tensor, scene: Scene) -> Iterator[Made]:
    """What an earlier line of the argument has shown, put in."""
    if isinstance(part, Variable) and part.symbol not in scene.graph:
        return
    whole, places = entry_of(part)
    key = scene.keys.of(part)
    whole_key = scene.keys.of(whole) if places else None
    for known in scene.known:
        if known.free:
            names = matched(known.left, part)
            if names is not None and names.keys() >= set(known.free):
                yield reindexed(known.right, names), word_for(known, scene)
            continue
        if isinstance(known.left, Number):
            continue
        own = scene.keys.of(known.left)
        if own == key and known.left.shape == part.shape:
            yield reindexed(known.right, {}), word_for(known, scene)
        elif own == whole_key:
            yield Entry((), reindexed(known.right, {}), places), word_for(known, scene)


def word_for(known: Known, scene: Scene) -> str:
    """``dZ (line 6)``, or ``line 9`` for a line about a formula."""
    about = subject(known.left, scene)
    return f"{about} (line {known.number})" if about else f"{LINE}{known.number}"


def entry_of(part: Tensor) -> tuple[Tensor, tuple[Index | int, ...]]:
    """The whole derivative and the place of an entry ∂ε/∂V[i,j]."""
    match part:
        case Derivative(body=Variable(symbol=of), by=by, at=tuple() as at) if not of.shape:
            return Derivative(by.shape, part.body, by), at
    return part, ()


def subject(tensor: Tensor, scene: Scene) -> str:
    """What a line is about, in a word; nothing if it is about a formula."""
    match tensor:
        case Variable(symbol=symbol):
            return scene.name(symbol.name)
        case Differential(body=Variable() | Entry() as body):
            return f"d{subject(body, scene)}"
        case Derivative(body=Variable() | Entry() as body, by=by):
            return f"∂{subject(body, scene)}/∂{scene.name(by.name)}"
        case Entry(base=Variable() | Derivative() | Differential() as base):
            return subject(base, scene)
    return ""


def matched(pattern: Tensor, part: Tensor) -> Mapping[Index, Index | int] | None:
    """The indices for which a line with free indices is about this part; None if it is about another."""
    if type(pattern) is not type(part) or pattern.shape != part.shape:
        return None
    names: dict[Index, Index | int] = {}
    for mine, other in _places(pattern, part):
        if isinstance(mine, Index):
            if names.setdefault(mine, other) is not other:
                return None
        elif mine != other:
            return None
    return names if alike(reindexed(pattern, names), part) else None


def _places(pattern: Tensor, part: Tensor) -> Iterator[tuple[Index | int, Index | int]]:
    match pattern, part:
        case Entry(closed=mine), Entry(closed=others) if len(mine) == len(others):
            yield from zip(mine, others, strict=True)
        case Delta(left=a, right=b), Delta(left=c, right=d):
            yield from ((a, c), (b, d))
        case Derivative(at=tuple() as mine), Derivative(at=tuple() as others) if len(mine) == len(others):
            yield from zip(mine, others, strict=True)
    inside, below = children(pattern), children(part)
    if len(inside) == len(below):
        for inner, other in zip(inside, below, strict=True):
            yield from _places(inner, other)


@rule("values of the point", on=(Entry, Variable), here=True)
def values(part: Tensor, scene: Scene) -> Iterator[Made]:
    """Every input has its value."""
    match part:
        case Variable(symbol=symbol) if symbol in scene.point:
            yield _literal(scene.point[symbol])
        case Entry(base=Variable(symbol=symbol), closed=indices) if symbol in scene.point:
            value = scene.point[symbol]
            for index in indices:
                if not isinstance(index, int) or not isinstance(value, tuple) or index >= len(value):
                    return
                value = value[index]
            if isinstance(value, Fraction):
                yield number(value)


def _literal(value: Value) -> Tensor:
    return number(value) if isinstance(value, Fraction) else made("array", params=(value,))
