"""Rows of identities: each claim with the verdict it must get.

``open`` is true but need not be found: undecided or proved, never refuted.  ``unproved`` is wrong in a
way that need not be found: anything but proved.  ``undecided`` is outside what is known, and said to be.
``SC030`` exists nowhere, ``SC020`` is out of reach, ``SC012`` has shapes that do not fit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from symcheck.api import read_formula
from symcheck.check import judge
from symcheck.language.verdict import Failed, Verdict, word
from symcheck.trial import Session

CASES = Path(__file__).parents[1] / "cases"

FILES = ("identities", "operations", "blocks")

ACCEPTED = {
    "proved": {"proved"},
    "refuted": {"refuted"},
    "open": {"proved", "undecided"},
    "unproved": {"refuted", "undecided", "error"},
    "undecided": {"undecided"},
    **{code: {"error"} for code in ("SC012", "SC020", "SC030")},
}


@dataclass(frozen=True)
class Row:
    """One claim of the files."""

    about: str
    claim: str
    let: str
    expect: str
    assume: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.claim} [{'; '.join(self.assume)}]" if self.assume else self.claim


def rows() -> list[Row]:
    """All rows of the files."""
    lines = [line for name in FILES for line in (CASES / f"{name}.jsonl").read_text().splitlines()]
    made = (json.loads(line) for line in lines)
    return [Row(**{**row, "assume": tuple(row.get("assume", ()))}) for row in made]


def verdict(text: str, let: str = "", assume: Sequence[str] = (), session: Session | None = None) -> Verdict:
    """The verdict on one formula."""
    (claim,) = read_formula(text, [let] if let else [], list(assume))
    return judge(claim, session or Session()).verdict


def assert_as_expected(row: Row, session: Session | None = None) -> None:
    """The verdict is one of those the row accepts."""
    found = verdict(row.claim, row.let, row.assume, session)
    assert word(found) in ACCEPTED[row.expect], found
    if row.expect == "SC030":
        assert isinstance(found, Failed)
        assert found.error.code == "SC030"
