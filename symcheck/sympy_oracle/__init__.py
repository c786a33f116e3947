"""SymPy as a second opinion: the author's form, dense at small sizes, differentiated by SymPy."""

from __future__ import annotations

from symcheck.sympy_oracle.comparing import Expansions, OracleAnswer, at_point, compare, plans_for
from symcheck.sympy_oracle.expansion import Expansion, dense
from symcheck.sympy_oracle.writing import component, explicit, lecture_sympy

__all__ = [
    "Expansion",
    "Expansions",
    "OracleAnswer",
    "at_point",
    "compare",
    "component",
    "dense",
    "explicit",
    "lecture_sympy",
    "plans_for",
]
