"""What NumPy's functions mean for arrays of formulas: importing this module fills the tables."""

from __future__ import annotations

import symcheck.operations  # noqa: F401  (fills the registry that `apply` looks operations up in)
from symcheck.layers import elementary, products, rearranging, reductions

__all__ = ["elementary", "products", "rearranging", "reductions"]
