"""Everything the README shows runs, and prints what it shows."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from symcheck.cli import main

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(kind: str) -> list[str]:
    return [body for found, body in BLOCK.findall(README.read_text("utf-8")) if found == kind]


def sessions() -> list[tuple[str, str]]:
    """(command, output shown) of every console line that starts with $."""
    found = []
    for body in blocks("console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output.rstrip()))
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for body in blocks("python"):
        name = body.splitlines()[0].removeprefix("# ")
        (tmp_path / name).write_text(body, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.mark.parametrize(("command", "shown"), sessions(), ids=lambda value: str(value)[:60])
def test_readme_session_prints_what_it_shows(
    command: str, shown: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = shlex.split(command)
    assert arguments[0] == "symcheck"
    main(arguments[1:])
    printed = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines()).rstrip()
    if os.environ.get("SYMCHECK_UPDATE_GOLDEN"):
        text = README.read_text("utf-8")
        old = f"$ {command}\n" + (f"{shown}\n" if shown else "")
        README.write_text(text.replace(old, f"$ {command}\n{printed}\n", 1), "utf-8")
        return
    assert printed == shown


def test_readme_names_the_two_lines_of_set_up() -> None:
    text = README.read_text("utf-8")
    assert (
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/symcheck derive squared-product"
        in text
    )
    assert "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/pytest" in text
