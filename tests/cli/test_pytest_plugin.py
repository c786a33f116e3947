"""``pytest --symcheck``: one item a claim, nothing at all without the option."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from symcheck.cli import main

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


NASTY = r"""
from symcheck.api import Derivation

two = Derivation("two", title="<script>$$")
two.declare("x: scalar; y = x**2")
two.claim("dy/dx\n = x", note="<b> \x1b ]]>")
two.claim("dy/dx = 2*x")
two.claim("dy/dx = q")
"""


def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "derivations"
    folder.mkdir()
    (folder / "one.py").write_text(DERIVATION, encoding="utf-8")
    (folder / "two.py").write_text(NASTY, encoding="utf-8")
    return folder


def test_a_failure_says_what_check_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = suite(tmp_path)
    done = run(tmp_path, "--symcheck", "derivations")
    main(["check", str(folder / "one.py"), "-k", "dx#2"])
    shown = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    reasons = [line for line in shown if line.startswith(("  the formula", "  at ", "  write: "))]
    assert len(reasons) >= 3
    for line in reasons:
        assert line in done.stdout.splitlines()
    assert "error[SC010]" in done.stdout


def test_claims_are_chosen_by_k_and_ids_are_stable(tmp_path: Path) -> None:
    suite(tmp_path)
    listed = run(tmp_path, "--symcheck", "--collect-only", "-q", "derivations").stdout.splitlines()
    ids = [line for line in listed if "::" in line]
    assert ids == [
        "derivations/one.py::one::dy/dx",
        "derivations/one.py::one::dy/dx#2",
        "derivations/one.py::one::dy/dx#3",
        "derivations/two.py::two::dy/dx",
        "derivations/two.py::two::dy/dx#2",
        "derivations/two.py::two::dy/dx#3",
    ]
    done = run(tmp_path, "--symcheck", "-k", "two", "derivations")
    assert "2 failed, 1 passed, 3 deselected" in done.stdout
    assert "1 passed" in run(tmp_path, "--symcheck", ids[2]).stdout
    assert "1 failed, 2 passed" in run(tmp_path, "--symcheck", "derivations/one.py::one").stdout


def test_pytest_writes_junit_of_claims(tmp_path: Path) -> None:
    suite(tmp_path)
    run(tmp_path, "--symcheck", "--junitxml=out.xml", "derivations")
    (found,) = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert (found.get("tests"), found.get("failures"), found.get("errors")) == ("6", "3", "0")
    failed = [(case.get("classname"), case.get("name")) for case in found if len(case)]
    one, two = "derivations.one.one", "derivations.two.two"
    assert failed == [(one, "dy/dx#2"), (two, "dy/dx"), (two, "dy/dx#3")]
    assert "REFUTED" in (found[1][0].text or "")
