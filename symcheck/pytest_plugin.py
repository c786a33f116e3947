"""``pytest --symcheck derivations/ layers.py``: one test item a claim.

Without the option nothing is collected and nothing of symcheck but this file is imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOMS = {
    "api": "symcheck.api",
    "errors": "symcheck.rendering.errors",
    "files": "symcheck.layers.files",
    "terminal": "symcheck.rendering.terminal",
}
"""What the plugin needs, imported when a claim is collected or judged."""


LAYER = re.compile(r"def (backward|\w+_backward)\(")
"""What a file with layers has."""


def load(name: str) -> ModuleType:
    """A room of symcheck."""
    return import_module(ROOMS[name])


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--symcheck``."""
    group = parser.getgroup("symcheck", "derivations")
    group.addoption(
        "--symcheck", action="store_true", default=False, help="judge the claims of derivation files"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Files that build derivations, in a folder ``derivations`` or named on the command line.

    A file with layers is one only if it is named: its code is to be run.
    """
    if not parent.config.getoption("symcheck") or file_path.suffix != ".py":
        return None
    named = parent.session.isinitpath(file_path)
    text = file_path.read_text(encoding="utf-8", errors="replace")
    builds = "Derivation(" in text and (named or file_path.parent.name == "derivations")
    if not builds and not (named and LAYER.search(text)):
        return None
    collector: DerivationFile = DerivationFile.from_parent(parent, path=file_path)
    return collector


class DerivationFile(pytest.File):
    """One file of derivations."""

    def collect(self) -> Iterator[pytest.Collector]:
        """One collector a derivation."""
        for lecture in load("files").load_file(self.path):
            yield DerivationNode.from_parent(self, name=lecture.name, lecture=lecture)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A derivation that cannot be read shows the frame of its error."""
        if hasattr(excinfo.value, "location") and hasattr(excinfo.value, "hint"):
            return load("errors").frame(excinfo.value)
        return super().repr_failure(excinfo)


class DerivationNode(pytest.Collector):
    """One derivation: ``FILE::NAME`` and ``FILE::NAME::CLAIM`` can be asked for."""

    def __init__(self, *, lecture: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lecture = lecture

    def collect(self) -> Iterator[pytest.Item]:
        """One item a claim, named by its id."""
        judged = Judged(self.lecture)
        for number, claim in enumerate(self.lecture.claims):
            name = " ".join(claim.id.removeprefix(f"{self.lecture.name}::").split())
            yield ClaimItem.from_parent(self, name=name, claim=claim, number=number, judged=judged)


class Judged:
    """The verdicts of one lecture, reached claim by claim."""

    def __init__(self, lecture: Any) -> None:
        self.lecture = lecture
        self.done: list[Any] = []
        self._rest: Iterator[Any] | None = None

    def verdict(self, number: int) -> Any:
        """The judgement of a claim; those before it are judged first, for what follows from them."""
        if self._rest is None:
            self._rest = iter(load("api").check_lecture(self.lecture))
        while len(self.done) <= number:
            self.done.append(next(self._rest))
        return self.done[number]


class NotAsExpected(Exception):
    """A claim whose verdict is not the expected one."""

    def __init__(self, judgement: Any) -> None:
        super().__init__(judgement.claim.text)
        self.judgement = judgement


class ClaimItem(pytest.Item):
    """One claim."""

    def __init__(self, *, claim: Any, number: int, judged: Judged, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.claim = claim
        self.number = number
        self.judged = judged

    def runtest(self) -> None:
        """Fail where something else was expected; skip where a proof was expected and none was found."""
        judgement = self.judged.verdict(self.number)
        if judgement.as_expected is None:
            pytest.skip(f"undecided: {judgement.verdict.message}")
        if judgement.as_expected is False:
            raise NotAsExpected(judgement)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What ``symcheck check`` says of the claim."""
        if isinstance(excinfo.value, NotAsExpected):
            return load("terminal").failure(excinfo.value.judgement)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """File, line counted from 0, name."""
        place = self.claim.location
        return self.path, place.line - 1 if place is not None else None, " ".join(self.claim.id.split())
