"""Whole runs of `derive`, byte for byte.

``SYMCHECK_UPDATE_GOLDEN=1 pytest tests/golden`` writes the files anew; read what changed before you
commit it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symcheck.api import check_lecture, derive, load
from symcheck.language.report import Report
from symcheck.rendering.terminal import render
from symcheck.rendering.theme import Theme

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


NAMES = (
    "squared-product",
    "squared-product-second-run",
    "two-layer",
    "product-sine-graph",
)
SLIPS = ("squared-product-second-run", "index-network", "linear-layer", "layers-as-code")
"""Derivations whose slips are explained; what is said of them is kept."""


@pytest.mark.parametrize("name", NAMES)
def test_a_run_of_derive_reads_as_it_did(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # places are shown relative to the current folder
    text = render(derive(load(name)), Theme(width=100))
    written = text.encode()
    golden = HERE / f"{name}.txt"
    if os.environ.get("SYMCHECK_UPDATE_GOLDEN") == "1":
        golden.write_bytes(written)
    assert written.decode().splitlines() == golden.read_bytes().decode().splitlines()
    assert written == golden.read_bytes()


@pytest.mark.parametrize("name", SLIPS)
def test_slips_are_explained_as_they_were(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    lecture = load(name)
    report = Report(name, tuple(check_lecture(lecture)), lecture)
    text = render(report, Theme(width=100), brief=True)
    # the table of claims has tests of its own
    head, claims = text.split("\n", 1)
    first = claims.index("\nrefuted")
    written = f"{head}\n{claims[first:]}".encode()
    golden = HERE / f"slips-{name}.txt"
    if os.environ.get("SYMCHECK_UPDATE_GOLDEN") == "1":
        golden.write_bytes(written)
    assert written.decode().splitlines() == golden.read_bytes().decode().splitlines()
    assert written == golden.read_bytes()


def test_every_golden_file_is_compared() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == {*NAMES, *(f"slips-{name}" for name in SLIPS)}
