"""Whole runs of `derive`, byte for byte.

``SYMCHECK_UPDATE_GOLDEN=1 pytest tests/golden`` writes the files anew; read what changed before you
commit it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from symcheck.api import derive, load
from symcheck.rendering.terminal import render
from symcheck.rendering.theme import Theme

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.mark.parametrize(
    "name", ["squared-product", "squared-product-second-run", "two-layer", "product-sine-graph"]
)
def test_a_run_of_derive_reads_as_it_did(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # places are shown relative to the current folder
    # an installed package carries the lectures in a folder of its own
    text = re.sub(r"\S*/(lecture_\w\.py)", r"derivations/\1", render(derive(load(name)), Theme(width=100)))
    written = text.encode()
    golden = HERE / f"{name}.txt"
    if os.environ.get("SYMCHECK_UPDATE_GOLDEN") == "1":
        golden.write_bytes(written)
    assert written.decode().splitlines() == golden.read_bytes().decode().splitlines()
    assert written == golden.read_bytes()


def test_every_golden_file_is_compared() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == {
        "squared-product",
        "squared-product-second-run",
        "two-layer",
        "product-sine-graph",
    }
