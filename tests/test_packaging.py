"""What is installed: the package with its lectures and nothing beside it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LECTURES = sorted(path.name for path in (ROOT / "derivations").glob("lecture_*.py"))


def packages_on_disk() -> list[str]:
    """Every folder below symcheck/ that holds modules, and the lectures, which stand in derivations/."""
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "symcheck").rglob("*.py")}
    return sorted([".".join(folder.parts) for folder in folders] + ["symcheck.lectures"])


def assert_complete(names: list[str]) -> None:
    """The lectures and the type marker are among the files, and there is one package at the top."""
    for lecture in LECTURES:
        assert f"symcheck/lectures/{lecture}" in names
    for module in (ROOT / "symcheck").rglob("*.py"):
        assert module.relative_to(ROOT).as_posix() in names
    assert "symcheck/py.typed" in names
    assert "symcheck/schema/report-1.json" in names
    tops = {name.split("/")[0] for name in names if name.endswith(".py")}
    assert tops == {"symcheck"}


def test_the_list_of_packages_is_that_of_the_folders() -> None:
    setuptools = PROJECT["tool"]["setuptools"]
    assert sorted(setuptools["packages"]) == packages_on_disk()
    assert setuptools["package-dir"] == {"symcheck.lectures": "derivations"}
    assert {"py.typed", "schema/*.json"} <= set(setuptools["package-data"]["symcheck"])


def test_every_package_has_an_init() -> None:
    for name in packages_on_disk():
        folder = ROOT / "derivations" if name == "symcheck.lectures" else ROOT.joinpath(*name.split("."))
        assert (folder / "__init__.py").is_file(), name


def test_required_packages_are_those_that_were_decided() -> None:
    named = {text.split(">")[0] for text in PROJECT["project"]["dependencies"]}
    assert named == {"sympy", "rich", "python-flint"}
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_the_command_and_the_plugin_lead_somewhere() -> None:
    project = PROJECT["project"]
    assert project["scripts"] == {"symcheck": "symcheck.cli:command"}
    assert project["entry-points"]["pytest11"] == {"symcheck": "symcheck.pytest_plugin"}


def test_what_is_installed_carries_the_lectures() -> None:
    try:
        files = distribution("symcheck").files or []
    except PackageNotFoundError:
        pytest.skip("symcheck is not installed")
    names = [file.as_posix() for file in files if "__pycache__" not in file.parts]
    if "symcheck/__init__.py" not in names:
        pytest.skip("symcheck is installed in editable mode")
    assert_complete(names)


def test_a_wheel_carries_the_lectures(tmp_path: Path) -> None:
    try:
        known = int(version("setuptools").split(".")[0])
    except PackageNotFoundError:
        known = 0
    if known < 77:
        pytest.skip("without the network a wheel is built by the setuptools that is here, and it is too old")
    # a copy, so that the build leaves nothing in the source tree
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("symcheck", "derivations"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "-q"]
    subprocess.run([*command, "-w", str(tmp_path)], cwd=source, check=True, timeout=300)
    (wheel,) = tmp_path.glob("symcheck-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if "__pycache__" not in name]
    assert_complete(names)
