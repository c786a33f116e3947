"""What starts often starts fast: the light commands import neither SymPy nor, off a terminal, rich."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"sympy", "rich", "numpy", "pytest", "hypothesis", "asyncio", "IPython"}
FORMULA = "d(x.T @ A @ x)/dx = (A + A.T) @ x"
LET = "x: n; A: n n"
COMMANDS = [
    ["list"],
    ["list", "--json"],
    ["--help"],
    ["--version"],
    ["rule"],
    ["rule", "SC101"],
    ["check", FORMULA, "--let", LET],
    ["check", FORMULA, "--let", LET, "--format", "json"],
    ["check", FORMULA, "--let", LET, "--format", "concise"],
    ["check", "d(x.T @ A @ x)/dx = 2*A @ x", "--let", LET],
]


def packages_after(arguments: list[str]) -> tuple[int, set[str], str]:
    """Exit code, packages imported, and output of the command in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "symcheck", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    rows = [line.rpartition("|")[2].strip() for line in run.stderr.splitlines() if "|" in line]
    return run.returncode, {row.partition(".")[0] for row in rows}, run.stdout


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_light_command_imports_nothing_heavy(arguments: list[str]) -> None:
    code, packages, output = packages_after(arguments)
    assert code in (0, 1)
    assert output
    assert packages & HEAVY == set()


def test_the_names_of_the_package_load_lazily() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import sys, symcheck; print('flint' in sys.modules, 'sympy' in sys.modules)"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.split() == ["False", "False"]
