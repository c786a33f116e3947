"""docs/notation.md lists what the registry holds, and nothing in it is out of date."""

from __future__ import annotations

import os
import re

import pytest
from notation_page import PAGE, page, uncovered

from symcheck.language.registry import REGISTRY
from symcheck.reading.conventions import CONVENTIONS


def test_the_page_is_in_step_with_the_registry() -> None:
    written = page()
    if os.environ.get("SYMCHECK_UPDATE_GOLDEN") == "1":
        PAGE.write_text(written, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8").splitlines() == written.splitlines()


def test_nothing_is_left_out() -> None:
    assert uncovered() == (set(), set(), set())
    assert all(len(build.__doc__ or "") > 10 for build in CONVENTIONS.values())


@pytest.mark.parametrize("name", REGISTRY)
def test_every_operation_states_its_law(name: str) -> None:
    assert len(REGISTRY[name].statement) > 5
    assert not re.search(r"\btodo\b", REGISTRY[name].statement, re.IGNORECASE)


def test_every_operation_stands_once() -> None:
    operations, _ = page().split("## Special forms")
    rows = [line for line in operations.splitlines() if line.startswith("| `")]
    names = [match[1] for line in rows if (match := re.match(r"\| `(\w+)\(", line))]
    calls = [name for name in names if name in REGISTRY]
    assert len(calls) == len(set(calls))
