"""Wrong neighbours of every proved lecture line, made by machine: none that the balls refute is proved.

The slips are those that people make: a sign, a factor 2, a term or factor left out, a transpose, an index
for another, f for f′, one name for another of the same shape.  Some turn out true (``2h·g`` for ``2g·h``);
what is proved is tried again at other points and by SymPy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from random import Random
from typing import TypeAlias

import pytest

from symcheck.api import load
from symcheck.check import judge
from symcheck.errors import SymcheckError
from symcheck.evaluation.refute import refute
from symcheck.language.claim import Claim
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Derivative,
    Entry,
    Index,
    IndexSum,
    Number,
    Symbol,
    Tensor,
    Variable,
    apply,
    structure,
    symbols_in,
    variable,
)
from symcheck.language.verdict import Failed, Proved, word
from symcheck.reading.catalogue import list_lectures
from symcheck.sympy_oracle import compare
from symcheck.trial import Session, Trial

Places: TypeAlias = tuple[Index | int, ...]
Make: TypeAlias = Callable[[], Tensor]

SAMPLE = 250
SEED = 20


@dataclass(frozen=True)
class Slip:
    """A claim with one part of its right side written wrongly."""

    kind: str
    claim: Claim

    def __str__(self) -> str:
        return f"{self.kind} in {self.claim.id}: {self.claim.text}"


# -- making slips ------------------------------------------------------------------------------------


class Mistakes:
    """The slips of one claim."""

    def __init__(self, claim: Claim) -> None:
        assert claim.equation is not None
        self.equation = claim.equation
        self.names: dict[Symbol, None] = {}
        for side in (self.equation.left, self.equation.right):
            for symbol in symbols_in(side):
                self.names.setdefault(symbol)
                self.names.update(dict.fromkeys(claim.graph.parents.get(symbol, ())))

    def __iter__(self) -> Iterator[tuple[str, Tensor]]:
        """Kind and right side, each right side once, of the shape that was written."""
        right = self.equation.right
        seen = {structure(right)}
        for kind, wrong in self.of(right, self.equation.free):
            key = structure(wrong)
            if wrong.shape == right.shape and key not in seen:
                seen.add(key)
                yield kind, wrong

    def of(self, tensor: Tensor, indices: tuple[Index, ...]) -> Iterator[tuple[str, Tensor]]:
        """What may be written for `tensor`, in which these indices can stand."""
        for kind, make in self.here(tensor, indices):
            try:
                yield kind, make()
            except SymcheckError:
                continue
        inner = (*indices, *tensor.indices) if isinstance(tensor, IndexSum) else indices
        for position, part in enumerate(parts(tensor)):
            for kind, wrong in self.of(part, inner):
                try:
                    yield kind, with_part(tensor, position, wrong)
                except SymcheckError:
                    continue

    def here(self, tensor: Tensor, indices: tuple[Index, ...]) -> list[tuple[str, Make]]:
        """Slips at the root of a formula, not yet built."""
        found: list[tuple[str, Make]] = [("sign", lambda: apply("neg", tensor))]
        if not isinstance(tensor, Number):
            found.append(("factor 2", lambda: apply("mul", 2, tensor)))
        if len(tensor.shape) == 2:
            found.append(("transpose", lambda: apply("transpose", tensor)))
        match tensor:
            case Number(value=value) if value:
                found += [("factor 2", lambda: number(2 * value)), ("number", lambda: number(value + 1))]
            case Variable(symbol=symbol):
                for other in self.names:
                    if other is not symbol and other.shape == symbol.shape:
                        found.append(("name", lambda other=other: variable(other)))
            case Derivative(body=Variable(symbol=above), by=by, at=at):
                for other in self.names:
                    if other is not by and other.shape == by.shape:
                        found.append(("name", lambda other=other: replace(tensor, by=other)))
                    if other is not above and other.shape == above.shape:
                        body = variable(other)
                        found.append(("name", lambda body=body: replace(tensor, body=body)))
                if at is not None:
                    for swapped in exchanged(at, indices):
                        found.append(("index", lambda swapped=swapped: replace(tensor, at=swapped)))
            case Entry(indices=places):
                for swapped in exchanged(places, indices):
                    found.append(("index", lambda swapped=swapped: replace(tensor, indices=swapped)))
            case Delta(left=left, right=right):
                found.append(("term or factor left out", lambda: number(Fraction(1))))
                for one, two in exchanged((left, right), indices):
                    found.append(("index", lambda one=one, two=two: replace(tensor, left=one, right=two)))
            case Call(derivatives=orders, function=function):
                if any(orders) and not any(function.domain):  # else the shape would be another
                    found.append(("f for f′", lambda: replace(tensor, derivatives=())))
                elif function.elementwise:
                    found.append(("f′ for f", lambda: replace(tensor, derivatives=(1,))))
            case Apply():
                found += self.operation(tensor)
        return found

    def operation(self, tensor: Apply) -> list[tuple[str, Make]]:
        op, args = tensor.op, tensor.args
        found: list[tuple[str, Make]] = []
        match op:
            case "add" | "sub":
                other = "sub" if op == "add" else "add"
                found.append(("sign", lambda: apply(other, *args)))
                found += [("term or factor left out", lambda arg=arg: arg) for arg in args]
            case "mul" | "matmul" | "outer" | "div" | "contract":
                found += [("term or factor left out", lambda arg=arg: arg) for arg in args]
                found.append(("order", lambda: apply(op, args[1], args[0], params=tensor.params)))
                for other in {"mul", "matmul"} - {op}:
                    found.append(("⊙ against ·", lambda other=other: apply(other, *args)))
            case "pow":
                base, exponent = args
                found.append(("term or factor left out", lambda: base))
                if isinstance(exponent, Number):
                    found.append(("number", lambda: apply("pow", base, number(exponent.value + 1))))
            case "neg" | "transpose" | "diag" | "exp" | "log" | "sumall" | "softmax":
                kind = {"neg": "sign", "transpose": "transpose"}.get(op, "function left out")
                found.append((kind, lambda: args[0]))
            case "tanh" | "cosh" | "sech":
                others = {"tanh", "cosh", "sech"} - {op}
                found += [("function", lambda other=other: apply(other, *args)) for other in sorted(others)]
            case "where":
                left, right, then, other = args
                swapped = (left, right, other, then)
                found.append(("branches", lambda: apply(op, *swapped, params=tensor.params)))
        return found


def number(value: Fraction) -> Tensor:
    return Number((), value, str(value))


def exchanged(
    places: tuple[Index | int, ...], indices: tuple[Index, ...]
) -> Iterator[tuple[Index | int, ...]]:
    """One index put for another of the same range."""
    for position, old in enumerate(places):
        for new in dict.fromkeys((*indices, *places)):
            if isinstance(new, Index) and isinstance(old, Index) and new is not old and new.dim == old.dim:
                yield (*places[:position], new, *places[position + 1 :])


def parts(tensor: Tensor) -> tuple[Tensor, ...]:
    """Where else a slip may be: not inside what is differentiated."""
    match tensor:
        case Apply(args=args) | Call(args=args):
            return args
        case Entry(base=inner) | IndexSum(body=inner):
            return (inner,)
    return ()


def with_part(tensor: Tensor, position: int, part: Tensor) -> Tensor:
    """The formula with one part put for another.  Errors: those of shapes that do not fit."""
    old = parts(tensor)
    match tensor:
        case Apply(op=op, params=params):
            return apply(op, *old[:position], part, *old[position + 1 :], params=params)
        case Call(args=args) if part.shape == args[position].shape:
            return replace(tensor, args=(*args[:position], part, *args[position + 1 :]))
        case Entry() if part.shape == old[0].shape:
            return replace(tensor, base=part)
        case IndexSum() if part.shape == old[0].shape:
            return replace(tensor, body=part)
    raise SymcheckError("the part does not fit here")


@cache
def all_slips() -> tuple[Slip, ...]:
    """Every slip of every line that is right, in the order of the lectures."""
    found = []
    for entry in list_lectures():
        for claim in load(entry.name).claims:
            if claim.equation is None or claim.expected != "proved":
                continue
            for kind, wrong in Mistakes(claim):
                equation = replace(claim.equation, right=wrong)
                found.append(Slip(kind, replace(claim, equation=equation, expected="refuted", previous=None)))
    return tuple(found)


# -- judging them ------------------------------------------------------------------------------------

REFUSED = ("a defined name holds a derivative", "has no definition whose local derivative")
"""What the reader would not have let through either, or what is refused rather than guessed."""
OPEN = {"logistic-regression": {"sign": 9, "order": 3}}
"""Slips that stay undecided, by kind.  sign(a) = sign(u − u): a ball around u − u never shows that it is 0.
2/(1 + y) for (1 + y)/2 at y = ±1: no slip, for the two agree wherever both exist."""


def verdict_of(slip: Slip, session: Session) -> str:
    """The verdict in a word.  A contradiction of the parties passes through as its exception."""
    session.wrong.clear()  # what follows from the slip before is no matter here
    verdict = judge(slip.claim, session).verdict
    if isinstance(verdict, Proved) and verdict.scope == "all sizes":
        trial = Trial(slip.claim, session)
        left, right, seed = trial.left, trial.right, session.seed + 1
        again = refute(trial.equation, left, right, slip.claim.assumptions, seed=seed, proved=False)
        assert again.witness is None, f"proved, though it differs at {again.witness}: {slip}"
        assert compare(slip.claim).status != "differs", f"proved, though SymPy says it differs: {slip}"
    if isinstance(verdict, Failed):  # such as the logarithm of −Σ exp
        error = verdict.error
        refused = error.code == "SC020" and any(words in error.message for words in REFUSED)
        assert error.code == "SC030" or refused, f"{error}: {slip}"
    return word(verdict)


def tally(slips: Iterable[Slip]) -> Counter[str]:
    session = Session()
    return Counter(verdict_of(slip, session) for slip in slips)


def test_no_slip_of_a_sample_is_believed() -> None:
    kinds: dict[str, list[Slip]] = {}
    for slip in all_slips():
        kinds.setdefault(slip.kind, []).append(slip)
    assert len(kinds) >= 10
    share = SAMPLE // len(kinds)
    random = Random(SEED)
    slips = [slip for some in kinds.values() for slip in random.sample(some, min(share, len(some)))]
    found = tally(slips)
    assert found["undecided"] == 0, found
    assert found["refuted"] >= 0.75 * len(slips), found


@pytest.mark.slow
@pytest.mark.parametrize("name", [entry.name for entry in list_lectures()])
def test_no_slip_is_believed(name: str) -> None:
    slips = [slip for slip in all_slips() if slip.claim.id.startswith(f"{name}::")]
    session = Session()
    verdicts = [(verdict_of(slip, session), slip.kind) for slip in slips]
    found = Counter(verdict for verdict, _ in verdicts)
    print(f"{name}: {len(slips)} slips", dict(found), dict(Counter(slip.kind for slip in slips)))
    left_open = Counter(kind for verdict, kind in verdicts if verdict == "undecided")
    assert left_open == OPEN.get(name, {}), left_open
