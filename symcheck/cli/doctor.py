"""``symcheck doctor``: what is installed, what the terminal can show, whether verdicts come out right."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from symcheck import __version__
from symcheck.cli.parser import Arguments
from symcheck.language.verdict import word
from symcheck.rendering.theme import can_show, detect

SELF_CHECK = (("d(x**2)/dx = 2*x", "proved"), ("d(x**2)/dx = x", "refuted"))
"""One claim that must be proved, one that must be refuted."""


def run_doctor(arguments: Arguments) -> int:
    """One line a fact; exit 3 if the self-check fails."""
    theme = detect(sys.stdout, ascii=arguments.ascii, width=arguments.width)
    encoding = getattr(sys.stdout, "encoding", None) or "unknown"
    facts = [
        ("symcheck", __version__),
        ("python", platform.python_version()),
        *((name, _installed(name)) for name in ("sympy", "rich", "python-flint")),
        ("encoding", encoding + ("" if can_show(encoding) else ", so text is shown in ASCII")),
        (
            "terminal",
            f"{'yes' if theme.rich else 'no'}, {theme.width} cells, TERM={os.environ.get('TERM', '')}",
        ),
        ("color", "yes" if theme.color else "no"),
        ("pdflatex", shutil.which("pdflatex") or "not found; LaTeX is still written"),
    ]
    wrong = 0
    for formula, wanted in SELF_CHECK:
        got = _verdict(formula)
        wrong += got != wanted
        facts.append(("self-check", f"{formula}: {got}" + ("" if got == wanted else f", should be {wanted}")))
    for label, text in facts:
        print(theme.text(f"{label + ':':<14}{text}"))
    return 3 if wrong else 0


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _verdict(formula: str) -> str:
    """What comes out for a formula; a failure of the installation in words."""
    try:
        api = import_module("symcheck.api")
        claims = api.read_formula(formula, ("x: scalar",), (), "gradient")
        return ", ".join(word(judgement.verdict) for judgement in api.check_claims(claims))
    except Exception as error:  # a doctor reports whatever is broken
        return f"{type(error).__name__}: {error}"
