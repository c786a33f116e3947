"""Which function names text may use: the registered operations, other spellings, special forms."""

from __future__ import annotations

import symcheck.operations  # noqa: F401  (importing it fills the registry)
from symcheck.language.registry import REGISTRY

SIZED = frozenset({"eye", "ones", "zeros", "commut"})
"""Operations whose arguments are sizes."""

UNORDERED = frozenset({"eye", "ones", "zeros"})
"""Those in which the order of a product of sizes does not matter."""

SPECIAL = frozenset({"delta", "where", "local", "chain", "sum", "prod", "mpow", "lim"})
"""Forms that are no plain application of an operation; d(…) and D(…) are syntax."""

OTHER_SPELLINGS = {
    "ln": "log",
    "trace": "tr",
    "logistic": "sigmoid",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
}
"""Used where the operation is not registered under the first spelling itself."""

_INTERNAL = frozenset(
    {
        *("add", "sub", "mul", "div", "neg", "matmul", "transpose", "contract", "coefficient"),
        *("flattened", "rearranged", "summed", "gathered"),
    }
)
"""Operations that are written with a sign, or that only a reader builds: never called."""


def operation_called(name: str) -> str | None:
    """The registered operation that ``name(…)`` means; None if there is none."""
    if name in _INTERNAL:
        return None
    if name in REGISTRY:
        return name
    other = OTHER_SPELLINGS.get(name)
    return other if other in REGISTRY else None


def is_built_in(name: str) -> bool:
    """Whether ``name(…)`` means something without any declaration."""
    return name in SPECIAL or operation_called(name) is not None


def built_in_names() -> list[str]:
    """Every name that may stand before an opening bracket."""
    return sorted((set(REGISTRY) - _INTERNAL) | SPECIAL | set(OTHER_SPELLINGS))
