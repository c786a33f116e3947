"""``np`` for layers that are to run where NumPy is not installed: its names for what our arrays can do."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from symcheck.layers import functions  # noqa: F401  (fills the tables)
from symcheck.layers.elementary import MATHEMATICS
from symcheck.layers.tables import FUNCTIONS, UFUNCS


class Names:
    """``np.exp``, ``np.maximum``, ``np.sum``, … of arrays of ours."""

    pi = math.pi

    def __getattr__(self, name: str) -> Callable[..., Any]:
        found = UFUNCS.get(name) or FUNCTIONS.get(name)
        if found is None:
            raise AttributeError(f"np.{name} is not among {', '.join(sorted(MATHEMATICS))}, …")
        return found


np = Names()
