"""The argument of a derivation: from which line each line comes, and by which rules.

A line comes from the member before it in its chain, from its own left side, or from an earlier line with
the same left side, whichever needs the fewest rules.  Only proved lines are asked, and a rule is told only
if the step itself is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from symcheck.language.claim import Claim, Judged, Kind, Relation
from symcheck.language.tensor import Apply, Differential, Entry, Tensor, Variable
from symcheck.language.verdict import Judgement, Proved, Step, Undecided
from symcheck.steps.likeness import alike
from symcheck.steps.putting_in import matched
from symcheck.steps.reading_off import read_off
from symcheck.steps.registry import Known, Scene
from symcheck.steps.search import DEEP, PARTS, Search
from symcheck.steps.views import fresh_indices, plain, reindexed

EARLIER = 3
"""Most earlier lines with the same left side from which a line may come, the latest."""
READ = "reading off"

Holds = Callable[[Claim, Tensor, Tensor], bool]
"""Whether the prover shows two formulas equal where the claim is meant."""


@dataclass(frozen=True, eq=False, slots=True)
class _Source:
    """Where a step may begin: the number of the line, None for the left side of the line itself."""

    number: int | None
    tensor: Tensor


def told(
    judgements: Sequence[Judgement],
    holds: Holds,
    *,
    name: Callable[[str], str] = str,
    budget: int = PARTS,
) -> list[Step | None]:
    """The step that leads to each line; None for a line that was not proved or repeats what was read off.

    Units: `budget` counts parts of formulas looked at and made for one step.
    """
    known = usable(judgements)
    return [_step(number, known, holds, name, budget) for number in range(1, len(known) + 1)]


def usable(judgements: Sequence[Judgement]) -> list[Judgement]:
    """The judgements, those undecided that no step may begin or end at."""
    return [j if understood(j.claim) else replace(j, verdict=Undecided("SC201", "")) for j in judgements]


def understood(claim: Claim) -> bool:
    """Whether a claim is an equation of formulas that the rules know, and no conclusion by induction."""
    equation = claim.equation
    if equation is None or equation.relation is not Relation.EQUAL or claim.induction is not None:
        return False
    return plain(equation.left) and plain(equation.right)


def _step(
    number: int, judgements: Sequence[Judgement], holds: Holds, name: Callable[[str], str], budget: int
) -> Step | None:
    judgement = judgements[number - 1]
    claim = judgement.claim
    if claim.equation is None or not isinstance(judgement.verdict, Proved):
        return None
    if claim.method == Judged.READING_OFF:
        return _reading(number, judgements, holds, name, budget)
    if number > 1 and _concludes(judgements[number - 2].claim, claim):
        return None
    scene = _scene(number, judgements, name)
    return _shortest(judgement, list(_sources(number, judgements)), scene, holds, budget)


def _concludes(before: Claim, claim: Claim) -> bool:
    """Whether the claim before says of this one's right side that it was read off."""
    if before.method != Judged.READING_OFF or before.line != claim.line:
        return False
    return None not in (before.equation, claim.equation) and before.text == claim.text


def _shortest(
    judgement: Judgement, sources: list[_Source], scene: Scene, holds: Holds, budget: int
) -> Step | None:
    """The step with the fewest rules; the source named first where none were found."""
    claim = judgement.claim
    assert claim.equation is not None
    right = claim.equation.right
    sources = [s for s in sources if s.tensor.shape == right.shape and holds(claim, s.tensor, right)]
    if not sources:
        return None
    search = Search(scene, budget)
    found = _ways(search, sources, right, 1, budget // 2)
    # one rule alone is tried from every source, several from the nearest two, then between entries
    share = budget // 4
    found = found or _ways(search, sources[:2], right, DEEP, share)
    if found:
        rules, source = min(found, key=lambda pair: len(pair[0]))
        return Step(source.number, rules)
    by_entries = _by_entries(search, sources[0], right, share // 2)
    if by_entries is not None:
        return Step(sources[0].number, by_entries)
    return Step(sources[0].number)


def _ways(
    search: Search, sources: list[_Source], right: Tensor, most: int, budget: int
) -> list[tuple[tuple[str, ...], _Source]]:
    """The rules by which each source leads there, where they were found."""
    found = []
    for source in sources:
        search.left = budget // len(sources) if most == 1 else budget
        rules = search.rules_between(source.tensor, right, most)
        if rules is not None:
            found.append((rules, source))
    return found


def _by_entries(search: Search, source: _Source, right: Tensor, share: int) -> tuple[str, ...] | None:
    """The rules between the entries of two vectors or matrices, where none were found between these."""
    places = fresh_indices(right.shape)
    if not places:
        return None
    search.left = share
    return search.rules_between(Entry((), source.tensor, places), Entry((), right, places))


def _sources(number: int, judgements: Sequence[Judgement]) -> Iterator[_Source]:
    claim = judgements[number - 1].claim
    assert claim.equation is not None
    left = claim.equation.left
    if claim.previous is not None and number > 1 and isinstance(judgements[number - 2].verdict, Proved):
        yield _Source(number - 1, claim.previous)
    else:
        yield _Source(None, left)
    count = 0
    for earlier in range(number - 1, 0, -1):
        other = judgements[earlier - 1]
        if not _counts(other, judgements[number - 1]) or (
            earlier == number - 1 and claim.previous is not None
        ):
            continue
        assert other.claim.equation is not None
        names = matched(other.claim.equation.left, left)
        if names is not None and names.keys() >= set(other.claim.equation.free):
            yield _Source(earlier, reindexed(other.claim.equation.right, names))
            count += 1
            if count == EARLIER:
                return


def _counts(earlier: Judgement, now: Judgement) -> bool:
    """Whether an earlier line may be used now: proved, of the same names, under no further assumptions."""
    claim = earlier.claim
    if not isinstance(earlier.verdict, Proved) or claim.equation is None:
        return False
    if claim.method == Judged.READING_OFF or claim.graph is not now.claim.graph:
        return False
    if any(c not in now.claim.assumptions.conditions for c in claim.assumptions.conditions):
        return False
    if any(text not in now.claim.assumptions.dim_texts for text in claim.assumptions.dim_texts):
        return False
    return not _at_point(earlier) or _at_point(now)


def _at_point(judgement: Judgement) -> bool:
    return isinstance(judgement.verdict, Proved) and judgement.verdict.scope.startswith("at ")


def _scene(number: int, judgements: Sequence[Judgement], name: Callable[[str], str]) -> Scene:
    judgement = judgements[number - 1]
    claim = judgement.claim
    assert claim.equation is not None
    known = []
    for earlier in range(number - 1, 0, -1):
        other = judgements[earlier - 1]
        if not _counts(other, judgement):
            continue
        assert other.claim.equation is not None
        left, right = other.claim.equation.left, other.claim.equation.right
        if not alike(left, claim.equation.left) and not alike(left, right):
            known.append(Known(earlier, left, right, other.claim.equation.free))
    held = frozenset(c.symbol for c in claim.assumptions.conditions if c.kind is Kind.CONSTANT)
    return Scene(claim.graph, held, tuple(known), claim.point if _at_point(judgement) else {}, name=name)


def _reading(
    number: int, judgements: Sequence[Judgement], holds: Holds, name: Callable[[str], str], budget: int
) -> Step | None:
    """From the line of differentials that is the premise."""
    claim = judgements[number - 1].claim
    assert claim.equation is not None
    match claim.equation.left:
        case Apply(op="coefficient", args=(form, Variable(symbol=symbol))):
            pass
        case _:
            return None
    premise = _premise(number, judgements)
    gradient = read_off(form, symbol)
    if premise is None:
        return None
    if gradient is None or not holds(claim, gradient, claim.equation.right):
        return Step(premise)
    if alike(gradient, claim.equation.right):
        return Step(premise, (READ,))
    more = Search(_scene(number, judgements, name), budget).rules_between(
        gradient, claim.equation.right, DEEP - 1
    )
    return Step(premise, (READ, *more) if more is not None else ())


def _premise(number: int, judgements: Sequence[Judgement]) -> int | None:
    line = judgements[number - 1].claim.line
    for earlier in range(number - 1, 0, -1):
        claim = judgements[earlier - 1].claim
        if claim.line != line:
            return None
        if claim.equation is not None and isinstance(claim.equation.left, Differential):
            proved = isinstance(judgements[earlier - 1].verdict, Proved)
            return earlier if proved else None
    return None
