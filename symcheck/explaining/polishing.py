"""A corrected formula as its author would have written it: −(−a) as a, 1/2*(2*a) as a, (a ⊗ b)ᵀ as b ⊗ a.

Every rule keeps the value; whether it did is for the prover to say once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from symcheck.explaining.places import Path, editable, rebuilt
from symcheck.language.registry import REGISTRY
from symcheck.language.shape import SameSize
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Entry,
    Index,
    Number,
    Place,
    SizeNumber,
    Tensor,
    apply,
    entry,
    structure,
)

PRODUCTS = ("mul", "matmul", "div", "outer")
ROUNDS = 6
"""Most rules used at one place."""


def polished(tensor: Tensor, same: SameSize, paths: Sequence[Path] | None = None) -> Tensor:
    """The formula with what one slip undone leaves behind put in order, inner parts first.

    `paths`: where edits were made; then what the author wrote elsewhere is left as it is.
    """
    parts = editable(tensor)
    done = list(parts)
    for k, part in enumerate(parts):
        inner = None if paths is None else [path[1:] for path in paths if path[:1] == (k,)]
        if inner or inner is None or part.span is None:
            done[k] = polished(part, same, inner)
    if any(a is not b for a, b in zip(done, parts, strict=True)):
        tensor = rebuilt(tensor, tuple(done), same)
    theirs = paths is not None and () not in paths and tensor.span is not None
    for _ in range(ROUNDS):
        simpler = _joined_signs(tensor) if theirs else _simpler(tensor)
        if simpler is None:
            break
        tensor = simpler
    return tensor


def _joined_signs(tensor: Tensor) -> Tensor | None:
    """What an edit in a part changes of what is around it: signs that meet, factors that come or go."""
    match tensor:
        case Apply(op="neg", args=(Apply(op="neg", args=(inner,)),)):
            return inner
        case Apply(op="mul", args=(Number(value=one), a)) | Apply(op="mul", args=(a, Number(value=one))):
            return a if one == 1 else None
        case Apply(op="mul", args=(a, Apply(op="mul", args=(b, c), span=None))) if _flat(a, b, c):
            return a * b * c
        case Apply(op="add" | "sub" | "matmul"):
            return _simpler(tensor)
    return None


def _simpler(tensor: Tensor) -> Tensor | None:
    match tensor:
        case Apply(op="neg", args=(inner,)):
            return _negated(inner)
        case Apply(op="add", args=(Number(value=zero), a)) if not zero:
            return a
        case Apply(op="sub", args=(Number(value=zero), a)) if not zero:
            return -a
        case Apply(op="add", args=(a, Apply(op="neg", args=(b,)))):
            return a - b
        case Apply(op="add", args=(Apply(op="neg", args=(a,)), b)):
            return b - a
        case Apply(op="sub", args=(a, Apply(op="neg", args=(b,)))):
            return a + b
        case Apply(op="transpose", args=(inner,)):
            return _transposed(inner)
        case Apply(op="mul", args=(a, b)):
            return _product(a, b)
        case Apply(
            op="matmul",
            args=(Apply(op="mul", args=(Number(value=n), a)), Apply(op="div", args=(b, Number(value=m)))),
        ) if n == m:
            return a @ b
        case Apply(op="matmul", args=(a, Apply(op="mul", args=(Number() as number, b)))):
            joined = _scaled(number, a)
            return (number * a if joined is None else joined) @ b
        case Apply(op="div", args=(a, b)):
            return _quotient(a, b)
        case Apply(op="outer", args=(a, Apply(op="transpose", args=(b,)))) if len(b.shape) == 1:
            return apply("outer", a, b)
        case Entry(base=base, indices=indices):
            return _entry(base, indices)
    return None


def _product(a: Tensor, b: Tensor) -> Tensor | None:
    """1*a as a, a*a as a**2, a*(b*c) as a*b*c, a*(1/c) as a/c; numbers drawn together in front."""
    if isinstance(a, Number) and a.value == 1:
        return b
    if isinstance(b, Number) and b.value == 1:
        return a
    if isinstance(a, Number) and isinstance(b, Number):
        return _number(a.value * b.value)
    if structure(a) == structure(b) and not isinstance(a, Number):
        return a ** Number((), Fraction(2), "2")
    match a:
        case Apply(op="pow", args=(c, Number(value=n))) if structure(c) == structure(b):
            return _power(c, n + 1)
    if not a.shape:
        joined = _scaled(a, b)
        if joined is not None:
            return joined
    match b:
        case Apply(op="mul", args=(c, d)) if _flat(a, c, d):
            joined = _product(a, c)
            return (a * c if joined is None else joined) * d
        case Apply(op="sub" | "add" as op, args=(c, Apply(op="div", args=(d, e)))) if structure(
            a
        ) == structure(e):
            return apply(op, a * c if value_of(c) != 1 else a, d)
        case Apply(op="div", args=(Number(value=one), d)) if one == 1 and _flat(a, d):
            return a / d
        case Apply(op="div", args=(c, d)) if not a.shape:
            return a * c / d
    match a:
        case Apply(op="div", args=(Number(value=one), c)) if one == 1 and _flat(b, c) and not _is_sum(b):
            return b / c
    return None


def _flat(*tensors: Tensor) -> bool:
    """Whether products of these may be grouped otherwise: each is repeated along the first axes at most."""
    longest = max((t.shape for t in tensors), key=len)
    return all(longest[len(longest) - len(t.shape) :] == t.shape for t in tensors)


def _is_sum(tensor: Tensor) -> bool:
    return isinstance(tensor, Apply) and tensor.op in ("add", "sub")


def _quotient(a: Tensor, b: Tensor) -> Tensor | None:
    match a, b:
        case Apply(op="mul", args=(Number(value=above), c)), Number(value=below) if _is_decimal(below):
            return Number((), above / below, _decimal(above / below)) * c
    shared = _cancelled(a, b)
    if shared is not None:
        return shared
    match a:
        case Apply(op="mul", args=(c, d)) if structure(d) == structure(b):
            return c
        case Apply(op="mul", args=(c, d)) if structure(c) == structure(b):
            return d
        case Apply(op="div", args=(c, d)) if structure(d) == structure(b):
            return c / b ** Number((), Fraction(2), "2")
        case Apply(op="pow", args=(c, Number(value=n))) if structure(c) == structure(b):
            return _power(c, n - 1)
    return None


def _is_decimal(divisor: Fraction) -> bool:
    """Whether a number divides a power of ten, and is too long to be a fraction that somebody wrote."""
    rest = divisor.numerator
    for prime in (2, 5):
        while rest % prime == 0 and rest:
            rest //= prime
    return divisor.denominator == 1 and rest == 1 and divisor >= 1000


def _decimal(value: Fraction) -> str:
    places = 0
    while (value * 10**places).denominator > 1:
        places += 1
    digits = str(abs(value * 10**places)).zfill(places + 1)
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _cancelled(a: Tensor, b: Tensor) -> Tensor | None:
    """Y*P/(N*P) as Y/N."""
    match a, b:
        case Apply(op="mul", args=(c, d)), Apply(op="mul", args=(e, f)):
            for rest, factor in ((c, d), (d, c)):
                for below, other in ((e, f), (f, e)):
                    if structure(factor) == structure(other) and factor.shape == a.shape:
                        return rest / below
    return None


def _power(base: Tensor, exponent: Fraction) -> Tensor | None:
    if exponent == 1:
        return base
    return base ** Number((), exponent, str(exponent)) if exponent > 1 else None


def _entry(base: Tensor, indices: tuple[Place, ...]) -> Tensor | None:
    """(a + b)[i] as a[i] + b[i], exp(a)[i] as exp(a[i]): what is done entry by entry."""

    def at(part: Tensor) -> Tensor:
        if not part.shape:
            return part
        simpler = _entry(part, indices)
        return entry(part, indices) if simpler is None else simpler

    if any(place is None for place in indices):
        return None
    match base:
        case Apply(op=op, args=args, params=params) if all(
            not a.shape or a.shape == base.shape for a in args
        ):
            if REGISTRY[op].elementwise or op in ("add", "sub", "mul", "div", "neg"):
                return apply(op, *map(at, args), params=params)
        case Call(function=function, args=args) if function.elementwise:
            return replace(base, args=tuple(map(at, args)), shape=())
        case Apply(op="transpose", args=(inner,)) if len(indices) == 2:
            return entry(inner, indices[::-1])
        case Entry(base=inner, indices=places) if None in places:
            rest = iter(indices)
            filled = tuple(next(rest) if place is None else place for place in places)
            return entry(inner, filled)
        case Apply(op="outer", args=(a, b)) if len(a.shape) == len(b.shape) == 1:
            return entry(a, indices[:1]) * entry(b, indices[1:])
        case Apply(op="diag", args=(a,)) if all(isinstance(place, Index) for place in indices):
            one, two = indices
            assert isinstance(one, Index)
            assert isinstance(two, Index)
            return Delta((), one, two) * entry(a, (one,))
    return None


# -- signs -------------------------------------------------------------------------------------


def _negated(inner: Tensor) -> Tensor | None:
    """The sign drawn into a difference, a number, or the first factor."""
    match inner:
        case Apply(op="neg", args=(a,)):
            return a
        case Apply(op="sub", args=(a, b)):
            return b - a
        case Apply(op="mul" | "matmul" | "div" | "outer" as op, args=(a, b), params=params):
            first = _negated(a)
            if first is None and not (isinstance(a, Apply) and a.op in (*PRODUCTS, "add")):
                first = _number(-a.value) if isinstance(a, Number) else -a
            return None if first is None else apply(op, first, b, params=params)
    return None


# -- transposes --------------------------------------------------------------------------------


def _transposed(inner: Tensor) -> Tensor | None:
    match inner:
        case Apply(op="transpose", args=(a,)):
            return a
        case Apply(op="outer", args=(a, b)):
            return apply("outer", b, a)
        case Apply(op="matmul") if len(inner.shape) == 2:
            return _chain_turned(inner)
        case Apply(op="neg", args=(a,)) if len(a.shape) == 2:
            return -_turned(a)
        case Apply(op="mul", args=(a, b)) if not a.shape:
            return a * _turned(b)
        case Apply(op="div", args=(a, b)) if not b.shape:
            return _turned(a) / b
    return None


def _turned(tensor: Tensor) -> Tensor:
    simpler = _transposed(tensor)
    return tensor.T if simpler is None else simpler


def _chain_turned(product: Tensor) -> Tensor | None:
    """(−A B C)ᵀ as −Cᵀ Bᵀ Aᵀ; nothing where vectors stand in it."""
    factors: list[Tensor] = []
    minus = False
    while isinstance(product, Apply) and product.op == "matmul":
        product, last = product.args
        factors.append(last)
    while isinstance(product, Apply) and product.op == "neg":
        minus, product = not minus, product.args[0]
    factors.append(product)
    if any(len(factor.shape) != 2 for factor in factors):
        return None
    first, *rest = map(_turned, factors)
    whole = -first if minus else first
    for factor in rest:
        whole = whole @ factor
    return whole


# -- numbers -----------------------------------------------------------------------------------


def _scaled(scale: Tensor, rest: Tensor) -> Tensor | None:
    """A number before a product joined with the number that stands there first."""
    match scale, rest:
        case (Number(value=value), Apply(op="neg", args=(a,))):
            return _number(-value) * a
        case (_, Apply(op="neg", args=(a,))):
            return -(scale * a)
        case (Apply(op="div", args=(Number(value=one), c)), Apply(op="matmul")) if one == 1 and not c.shape:
            return rest / c
        case (_, Apply(op="mul" | "matmul" | "div" | "outer" as op, args=(first, second), params=params)):
            if op == "div" and isinstance(scale, Number) and isinstance(first, Number | SizeNumber):
                joined = _joined(scale, first)
                return None if joined is None else joined / second
            joined = _joined(scale, first)
            if joined is None and isinstance(scale, Number) and not _is_sum(first):
                joined = _scaled(scale, first)
                if joined is None and op in ("matmul", "outer") and not isinstance(first, Number):
                    joined = scale * first
            if joined is None:
                return None
            if isinstance(joined, Number) and joined.value == 1 and op == "mul":
                return second
            return apply(op, joined, second, params=params)
    return None


def _joined(one: Tensor, two: Tensor) -> Tensor | None:
    """The product of two numbers, or of a number and what it divides."""
    a, b = value_of(one), value_of(two)
    if a is not None and b is not None:
        return _number(a * b)
    for number, other in ((one, two), (two, one)):
        match number, other:
            case (Apply(op="div", args=(Number(value=n), size)), _) if structure(size) == structure(other):
                return _number(n)
            case (Number(value=n), Apply(op="div", args=(Number(value=above), size))):
                return _number(n * above) / size
    return None


def _number(value: Fraction) -> Number:
    return Number((), value, str(value) if value.denominator == 1 and value >= 0 else "")


def value_of(tensor: Tensor) -> Fraction | None:
    """The value of a formula made of numbers alone, as far as products and signs go."""
    match tensor:
        case Number(value=value):
            return value
        case Apply(op="div", args=(Number(value=a), Number(value=b))) if b:
            return a / b
        case Apply(op="neg", args=(inner,)):
            found = value_of(inner)
            return None if found is None else -found
    return None
