"""Side conditions in the author's expressions, each said once."""

from __future__ import annotations

import pytest

from symcheck.api import check_formula
from symcheck.language.verdict import Proved


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("d(f(x)/g(x))/dx = (f'(x)*g(x) - g'(x)*f(x))/g(x)**2", ("g(x) ≠ 0",)),
        ("d(1/x)/dx = -1/x**2", ("x ≠ 0",)),
        ("1/x**3 = x/x**4", ("x ≠ 0",)),
        ("1/(x*y)**2 = 1/x**2/y**2", ("x*y ≠ 0", "x ≠ 0", "y ≠ 0")),
        ("d(log(x))/dx = 1/x", ("x > 0",)),
        ("1/(x**2 + 1) = 1/(1 + x**2)", ()),
        ("x**-2*y = y/x**2", ("x ≠ 0",)),
    ],
)
def test_each_condition_is_said_once(text: str, wanted: tuple[str, ...]) -> None:
    (judgement,) = check_formula(text, "x: scalar; y: scalar; f: elementwise; g: elementwise")
    assert isinstance(judgement.verdict, Proved)
    assert set(judgement.verdict.side_conditions) == set(wanted)
