"""A typed formula as a short text, so that rows of tests can be read: ``(mul 2 t)``, ``(d epsilon p)``."""

from __future__ import annotations

from collections.abc import Iterable

from symcheck.language.claim import Claim
from symcheck.language.shape import show_shape
from symcheck.language.tensor import (
    Apply,
    Call,
    Constant,
    Delta,
    Derivative,
    Differential,
    Entry,
    Index,
    IndexProduct,
    IndexSum,
    Number,
    Place,
    SizeNumber,
    Tensor,
    Variable,
)
from symcheck.reading.declarations import declare_in
from symcheck.reading.line import read_line
from symcheck.reading.scope import Scope

NETWORK = """
    x: n; l: m; V: h n; v: h; U: m h; u: m
    sigma: elementwise
    p = V @ x + v
    y = sigma(p)
    q = U @ y + u
    z = sigma(q)
    epsilon = 1/2*sumall((z - l)**2)
"""
"""The two-layer network of lecture C."""


def scope_of(*texts: str, assume: Iterable[str] = ()) -> Scope:
    """A scope in which the texts are declared and the assumptions hold."""
    scope = Scope()
    for text in texts:
        declare_in(scope, text)
    for text in assume:
        scope.assume(text)
    return scope


def read(text: str, scope: Scope) -> list[Claim]:
    """The claims of a line."""
    return read_line(text, scope, id="row")


def sketch(tensor: Tensor) -> str:
    """The formula in prefix form; bound indices keep their names."""

    def list_of(head: str, *parts: object) -> str:
        return f"({' '.join([head, *map(str, parts)])})"

    def at(index: Place) -> str:
        if index is None:
            return ":"
        return index.name if isinstance(index, Index) else str(index)

    match tensor:
        case Number(value=value):
            return str(value)
        case Constant(name=name):
            return name
        case SizeNumber(dim=dim):
            return f"#{dim}"
        case Variable(symbol=symbol):
            return symbol.name
        case Apply(op=op, args=args, params=params):
            shown = [show_shape((p,)) if isinstance(p, tuple) else str(p) for p in params]
            return list_of(":".join([op, *shown]), *map(sketch, args))
        case Entry(base=base, indices=indices):
            return f"{sketch(base)}[{','.join(map(at, indices))}]"
        case Delta(left=left, right=right):
            return f"δ[{at(left)},{at(right)}]"
        case IndexSum(indices=indices, body=body):
            over = "Π" if isinstance(tensor, IndexProduct) else "Σ"
            return list_of(over, *(f"{i.name}:{i.dim}" for i in indices), sketch(body))
        case Call(function=function, args=args, derivatives=orders):
            mark = f"'{','.join(map(str, orders))}" if any(orders) else ""
            return list_of(function.name + mark, *map(sketch, args))
        case Derivative(body=body, by=by, at=places, local=local):
            where = f"[{','.join(map(at, places))}]" if places is not None else ""
            return list_of("local" if local else "d", sketch(body), by.name + where)
        case Differential(body=body):
            return list_of("D", sketch(body))
    raise AssertionError(type(tensor).__name__)


def side(text: str, scope: Scope) -> str:
    """The sketch of one formula, read as the left side of ``formula = 0``."""
    (claim,) = read(f"{text} = 0", scope)
    if claim.error is not None:
        raise claim.error
    assert claim.equation is not None
    return sketch(claim.equation.left)
