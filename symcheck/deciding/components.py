"""A claim about what is made of blocks: one claim for each block, and one verdict of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from symcheck.language.claim import Claim, Equation
from symcheck.language.shape import Shape, Size, dims_in, is_joined, segments
from symcheck.language.tensor import Apply, Tensor, apply
from symcheck.language.verdict import Failed, Proved, Refuted, Undecided, Verdict, Witness
from symcheck.lowering import fits, is_zero
from symcheck.operations.joining import numbers_of, written_at

Place = tuple[int, ...]


def components(claim: Claim) -> list[tuple[Place, Claim]]:
    """The claim about every block, in order; none where no side is made of blocks, or their shapes differ."""
    equation = claim.equation
    if equation is None or not is_joined(equation.left.shape):
        return []
    if not is_zero(equation.right) and not fits(equation.left, equation.right, claim.assumptions):
        return []
    places = numbers_of(equation.left.shape)
    return [(place, replace(claim, equation=at(equation, place), previous=None)) for place in places]


def at(equation: Equation, place: Place) -> Equation:
    """What an equation says of one block; the author's own formula of it where that is written out."""

    def part(side: Tensor) -> Tensor:
        if is_zero(side):
            return side
        number = written_at(side, place)
        if number is not None and isinstance(side, Apply):
            return side.args[number]
        return apply("part", side, params=place, span=side.span)

    return replace(equation, left=part(equation.left), right=part(equation.right))


def embedded(tensor: Tensor, place: Place, part: Tensor) -> Tensor | None:
    """What is written as blocks with another one at a place; None where it is not written so."""
    number = written_at(tensor, place)
    if number is None or not isinstance(tensor, Apply) or part.shape != tensor.args[number].shape:
        return None
    return replace(tensor, args=(*tensor.args[:number], part, *tensor.args[number + 1 :]))


def conjunction(claim: Claim, verdicts: Sequence[tuple[Place, Verdict]]) -> Verdict:
    """Proved if every block is; refuted by the first that is; else the first that is left open."""
    for kind in (Failed, Refuted, Undecided):
        for place, verdict in verdicts:
            if isinstance(verdict, kind):
                return of_block(claim, place, verdict)
    found = [verdict for _, verdict in verdicts if isinstance(verdict, Proved)]
    remarks = [verdict.remark for verdict in found if verdict.remark]
    return replace(
        found[0],
        laws=tuple(sorted({law for verdict in found for law in verdict.laws})),
        side_conditions=_all(verdict.side_conditions for verdict in found),
        assumptions=_all(verdict.assumptions for verdict in found),
        remark=remarks[0] if remarks else "",
    )


def _all(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for group in groups for text in group))


def of_block(claim: Claim, place: Place, verdict: Verdict) -> Verdict:
    """The verdict on a block as one on the whole: the block is named, entries are those of the whole."""
    assert claim.equation is not None
    named = f"in block {shown(claim.equation.left.shape, place)}"
    match verdict:
        case Refuted(witness=witness):
            own = _of_whole(claim, place, witness) if witness is not None else None
            return replace(verdict, message=f"{named}: {verdict.message}", witness=own)
        case Undecided():
            return replace(verdict, message=f"{named}: {verdict.message}")
    return verdict


def _of_whole(claim: Claim, place: Place, witness: Witness) -> Witness:
    assert claim.equation is not None
    shape = claim.equation.left.shape
    free = len(witness.component) - sum(len(segments(size)[k]) for size, k in zip(shape, place, strict=True))
    moved = _moved(claim, shape, place, witness.component[free:], dict(witness.sizes))
    return witness if moved is None else replace(witness, component=(*witness.component[:free], *moved))


def shown(shape: Shape, place: Place) -> str:
    """(0, 1); of one axis, or where only one is made of segments, the number alone."""
    numbers = [str(k) for size, k in zip(shape, place, strict=True) if len(segments(size)) > 1]
    return numbers[0] if len(numbers) == 1 else f"({', '.join(numbers)})"


def _moved(claim: Claim, shape: Shape, place: Place, component: Place, sizes: dict[str, int]) -> Place | None:
    """The entry counted from the beginning of the whole; None if a size is not known."""

    def length(size: Size) -> int | None:
        found = 1
        for dim in dims_in(size):
            own = claim.assumptions.dim(dim)
            value = own if isinstance(own, int) else sizes.get(own, sizes.get(str(dim)))
            if value is None:
                return None
            found *= value
        return found

    moved = []
    rest = iter(component)
    for size, number in zip(shape, place, strict=True):
        parts = segments(size)
        inside = 0
        for dim in parts[number]:
            own = length((dim,))
            if own is None:
                return None
            inside = inside * own + next(rest)
        for before in parts[:number]:
            own = length(before)
            if own is None:
                return None
            inside += own
        moved.append(inside)
    return tuple(moved)
