"""What the table of derivatives and the list of definitions in a textbook say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from symcheck.language.tensor import Entry, Index, IndexSum, Tensor
from symcheck.steps.views import fresh_indices, made, number

OfOne: TypeAlias = Callable[[Tensor], Tensor]
Places: TypeAlias = tuple[Index | int, ...]

one = number(1)

DERIVATIVES: dict[str, OfOne] = {
    "exp": lambda u: made("exp", u),
    "log": lambda u: made("div", one, u),
    "sqrt": lambda u: made("div", one, made("mul", number(2), made("sqrt", u))),
    "sin": lambda u: made("cos", u),
    "cos": lambda u: made("neg", made("sin", u)),
    "tan": lambda u: made("div", one, made("pow", made("cos", u), number(2))),
    "sinh": lambda u: made("cosh", u),
    "cosh": lambda u: made("sinh", u),
    "tanh": lambda u: made("sub", one, made("pow", made("tanh", u), number(2))),
    "sigmoid": lambda u: made("mul", made("sigmoid", u), made("sub", one, made("sigmoid", u))),
}
"""Function → its derivative."""


def _norm_squared(x: Tensor) -> Tensor:
    return made("sqrt", made("sumall", made("pow", x, number(2))))


def _row_sums(x: Tensor) -> Tensor:
    """Σₖ exp(xₖ)."""
    (k,) = fresh_indices(x.shape, "k") or (Index("k"),)
    return IndexSum((), (k,), made("exp", Entry((), x, (k,))))


def _softmax(x: Tensor) -> Tensor | None:
    if len(x.shape) != 1:
        return None
    return made("div", made("exp", x), _row_sums(x))


def _logsumexp(x: Tensor) -> Tensor | None:
    return made("log", _row_sums(x)) if len(x.shape) == 1 else None


def _logsoftmax(x: Tensor) -> Tensor | None:
    return made("sub", x, made("log", _row_sums(x))) if len(x.shape) == 1 else None


DEFINITIONS: dict[str, Callable[[Tensor], Tensor | None]] = {
    "softmax": _softmax,
    "logsoftmax": _logsoftmax,
    "logsumexp": _logsumexp,
    "sigmoid": lambda u: made("div", one, made("add", one, made("exp", made("neg", u)))),
    "tanh": lambda u: made(
        "div",
        made("sub", made("exp", u), made("exp", made("neg", u))),
        made("add", made("exp", u), made("exp", made("neg", u))),
    ),
    "sech": lambda u: made("div", one, made("cosh", u)),
    "norm2": _norm_squared,
    "normF": _norm_squared,
}
"""Function → what it is defined to be; None where that has no such form."""


def _exp_of_row(x: Tensor, places: Places) -> Tensor:
    k = Index("k", x.shape[-1][0])
    return IndexSum((), (k,), made("exp", Entry((), x, (*places[:-1], k))))


ENTRIES: dict[str, Callable[[Tensor, Places], Tensor]] = {
    "softmax": lambda x, at: made("div", made("exp", Entry((), x, at)), _exp_of_row(x, at)),
    "logsoftmax": lambda x, at: made("sub", Entry((), x, at), made("log", _exp_of_row(x, at))),
}
"""Function along the last axis → its entry."""
