"""``pytest --symcheck``: one item a claim, nothing at all without the option."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DERIVATION = """
from symcheck.api import Derivation

one = Derivation("one", title="One square")
one.declare("x: scalar; y = x**2")
one.claim("dy/dx = 2*x")
one.claim("dy/dx = x")
one.claim("dy/dx = 3*x", expect="refuted")
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Pytest as a process, the plugin loaded by name where it is not installed."""
    root = Path(__file__).parents[2]
    code = (
        "import sys, pytest; from importlib.metadata import entry_points;"
        "named = [e for e in entry_points(group='pytest11') if e.value == 'symcheck.pytest_plugin'];"
        "sys.exit(pytest.main(([] if named else ['-p', 'symcheck.pytest_plugin']) + sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "-p", "no:cacheprovider", "--rootdir", str(folder), *arguments]
    environment = {"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def test_claims_are_items_and_failures_are_reports(tmp_path: Path) -> None:
    folder = tmp_path / "derivations"
    folder.mkdir()
    (folder / "one.py").write_text(DERIVATION, encoding="utf-8")
    done = run(tmp_path, "--symcheck", "-v", "derivations")
    assert done.returncode == 1
    assert "2 passed" in done.stdout
    assert "1 failed" in done.stdout
    assert "REFUTED" in done.stdout
    assert "dy/dx = x" in done.stdout
    assert "Traceback" not in done.stdout


def test_nothing_is_collected_without_the_option(tmp_path: Path) -> None:
    folder = tmp_path / "derivations"
    folder.mkdir()
    (folder / "one.py").write_text(DERIVATION, encoding="utf-8")
    assert run(tmp_path, "derivations").returncode == 5


def test_a_file_that_cannot_be_read_is_a_collection_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text(DERIVATION + "one.at(q=1)\n", encoding="utf-8")
    done = run(tmp_path, "--symcheck", "broken.py")
    assert "error[SC010]" in done.stdout


def test_the_plugin_imports_nothing_of_symcheck_until_used() -> None:
    code = (
        "import sys, symcheck.pytest_plugin;"
        "sys.exit(bool({'sympy', 'symcheck.api', 'symcheck.check', 'flint'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0
