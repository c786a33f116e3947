"""Every claim of every lecture, written and read again, says the same."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from symcheck.language.claim import Claim, Equation
from symcheck.language.tensor import Apply, structure, walk
from symcheck.reading.builder import Derivation
from symcheck.reading.line import read_line
from symcheck.rendering.latex_notation import write_latex
from symcheck.rendering.text_notation import write

FILES = sorted((Path(__file__).parents[2] / "derivations").glob("lecture_*.py"))


def derivations(path: Path) -> list[Derivation]:
    """The builders of a file: their scopes know every name."""
    return [value for value in runpy.run_path(str(path)).values() if isinstance(value, Derivation)]


def unwritable(equation: Equation) -> bool:
    """The coefficient of a differential is read off a line with =>, and has no notation of its own."""
    nodes = [*walk(equation.left), *walk(equation.right)]
    return any(isinstance(node, Apply) and node.op in ("coefficient", "array") for node in nodes)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
@pytest.mark.parametrize("ascii_only", [False, True], ids=["unicode", "ascii"])
def test_claims_read_back(path: Path, ascii_only: bool) -> None:
    for derivation in derivations(path):
        for item in derivation.lecture_noun().items:
            if not isinstance(item, Claim) or item.equation is None or unwritable(item.equation):
                continue
            equation = item.equation
            left, right = write(equation.left, ascii=ascii_only), write(equation.right, ascii=ascii_only)
            given = item.assumptions.dim_texts
            (again,) = read_line(f"{left} = {right}", derivation.scope_of(item), id="again", assume=given)
            assert again.equation is not None, (item.text, left, right, again.error)
            assert structure(again.equation.left) == structure(equation.left), (item.text, left)
            assert structure(again.equation.right) == structure(equation.right), (item.text, right)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_claims_have_balanced_ascii_latex(path: Path) -> None:
    for derivation in derivations(path):
        for item in derivation.lecture_noun().items:
            if isinstance(item, Claim) and item.equation is not None:
                for side in (item.equation.left, item.equation.right):
                    latex = write_latex(side)
                    assert latex.isascii()
                    assert latex.count("{") == latex.count("}")
                    assert latex.count(r"\left") == latex.count(r"\right")
