"""What may have been meant for one part of a formula: the slips that people make, undone one at a time.

Comes in: a right side, and the material of its claim (names, sizes, the true side if it is known).  Goes
out: edits, each with the kind of mistake it would undo; whether any of them is right is for others to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from symcheck.explaining.pool import Pool
from symcheck.explaining.places import PRODUCTS, SUMS, Path, Site, editable, rebuilt, sites
from symcheck.language.shape import Dim, same_name
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Derivative,
    Entry,
    Index,
    IndexSum,
    Number,
    SizeNumber,
    Tensor,
    Variable,
    apply,
    entry,
    variable,
    walk,
)

Make: TypeAlias = Callable[[], Tensor]

TINY, SMALL, PLAIN, LARGE, RARE = range(5)
"""How much an edit changes: a mark; a name, number or operation; a term or factor; a guess."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One part put for another, not yet built."""

    code: str
    size: int
    path: Path
    part: Tensor
    make: Make
    words: str
    """The mistake in a sentence; {0}, {1}, … stand for `about`."""
    about: tuple[Tensor, ...] = ()


def number(value: int | Fraction) -> Number:
    """A rational literal."""
    return Number((), Fraction(value), str(value))


def edits(right: Tensor, free: tuple[Index, ...], pool: Pool) -> list[Edit]:
    """Every single edit, the smaller first; of one size those of outer parts first."""
    found: list[Edit] = []
    for site in sites(right, free):
        for code, size, make, words, *about in at(site, pool):
            found.append(Edit(code, size, site.path, site.part, make, words, tuple(about)))  # type: ignore[arg-type]
    for code, size, whole, words, *about in throughout(right, free, pool):
        found.append(Edit(code, size, (), right, whole, words, tuple(about)))  # type: ignore[arg-type]
    found.sort(key=lambda edit: (edit.size, len(edit.path)))
    return found


Row: TypeAlias = tuple[object, ...]
"""Code, size, how to make the new part, words, and what they are about."""


def at(site: Site, pool: Pool) -> Iterator[tuple]:  # type: ignore[type-arg]
    """The edits at one place."""
    part = site.part
    yield from _marks(site)
    match part:
        case Apply():
            yield from _operation(site, part)
            yield from _regrouped(part)
        case Call():
            yield from _undefined(part)
        case Number(value=value):
            yield from _number(value, part)
        case Variable(symbol=symbol):
            for other in pool.names:
                if other is not symbol and other.shape == symbol.shape:
                    new = variable(other)
                    yield "SC109", PLAIN, _const(new), "{0} is written where {1} belongs", part, new
        case Entry() | Delta():
            yield from _entries(site, pool)
        case Derivative(at=tuple() as places):
            for new_places in _exchanged(places, site.indices):
                made = replace(part, at=new_places)
                yield "SC106", PLAIN, _const(made), "the indices of {0} are wrong: {1}", part, made
        case IndexSum(indices=indices, body=body) if len(indices) == 1:
            yield from _index_sum(part, body)
    yield from _sums(site, part)
    yield from _factors(site, pool)
    yield from _terms(site, pool)


def _const(tensor: Tensor) -> Make:
    return lambda: tensor


# -- one thing for another throughout ---------------------------------------------------------------


def throughout(right: Tensor, free: tuple[Index, ...], pool: Pool) -> Iterator[tuple]:  # type: ignore[type-arg]
    """A name, or an index, put for another wherever it stands; a function taken of a name."""
    names = dict.fromkeys(part.symbol for part in walk(right) if isinstance(part, Variable))
    for symbol in names:
        old = variable(symbol)
        for op in pool.functions:
            made = op(old)
            words = "{0} is written where {1} belongs: the argument for the value of the function"
            yield "SC109", LARGE, lambda o=old, m=made: replaced(right, o, m), words, old, made
        for other in pool.names:
            if other is not symbol and other.shape == symbol.shape:
                new = variable(other)
                words = "{0} is written where {1} belongs"
                yield "SC109", PLAIN, lambda o=old, n=new: replaced(right, o, n), words, old, new


def replaced(tensor: Tensor, old: Variable, new: Tensor) -> Tensor:
    """The formula with a name put for another wherever it stands.  Errors: those of what does not fit."""
    if isinstance(tensor, Variable) and tensor.symbol is old.symbol:
        return new
    parts = editable(tensor)
    if not parts:
        return tensor
    done = tuple(replaced(part, old, new) for part in parts)
    return rebuilt(tensor, done, same_name) if any(a is not b for a, b in zip(done, parts, strict=True)) else tensor


# -- signs and transposes --------------------------------------------------------------------------


def _marks(site: Site) -> Iterator[Row]:
    part = site.part
    if len(part.shape) == 2 and not _is(part, "transpose") and not _is(site.above, "transpose"):
        whole = _is(part, *PRODUCTS, *SUMS, "neg")
        yield "SC101", PLAIN if whole else SMALL, lambda: part.T, "the transpose of {0} is missing", part
    match part:
        case Apply(op="transpose", args=(inner,)):
            yield "SC101", SMALL, _const(inner), "{0} is transposed and should not be", inner
        case Apply(op="neg", args=(inner,)):
            yield "SC103", SMALL, _const(inner), "the sign of {0} is wrong", part
    signed = site.above is None or site.in_function or _is(site.above, "add", "sub", "outer")
    if signed and not _is(part, "neg") and not isinstance(part, Number):
        yield "SC103", SMALL, lambda: -part, "the sign of {0} is wrong", part


def _is(tensor: Tensor | None, *ops: str) -> bool:
    return isinstance(tensor, Apply) and tensor.op in ops


# -- operations ------------------------------------------------------------------------------------

_OTHERS = {
    "rowsum": (("colsum", "SC105"),),
    "colsum": (("rowsum", "SC105"),),
    "sumall": (("mean", "SC105"),),
    "mean": (("sumall", "SC105"),),
    "softmax": (("logsoftmax", "SC109"), ("sigmoid", "SC109")),
    "logsoftmax": (("softmax", "SC109"),),
    "sin": (("cos", "SC109"),),
    "cos": (("sin", "SC109"),),
    "tanh": (("sech", "SC109"), ("sigmoid", "SC109"), ("cosh", "SC109")),
    "sech": (("tanh", "SC109"), ("cosh", "SC109")),
    "cosh": (("sech", "SC109"), ("sinh", "SC109"), ("tanh", "SC109")),
    "sinh": (("cosh", "SC109"),),
    "sigmoid": (("tanh", "SC109"), ("softplus", "SC109")),
    "softplus": (("sigmoid", "SC109"),),
    "relu": (("heaviside", "SC109"),),
    "heaviside": (("relu", "SC109"),),
    "abs": (("sign", "SC109"),),
    "sign": (("abs", "SC109"),),
    "maximum": (("minimum", "SC109"),),
    "minimum": (("maximum", "SC109"),),
    "log": (("exp", "SC109"),),
    "exp": (("log", "SC109"),),
}
"""Function → what may have been meant instead, and the kind of that slip."""


def _operation(site: Site, part: Apply) -> Iterator[Row]:
    op, args = part.op, part.args
    if op == "add":
        yield "SC103", SMALL, lambda: args[0] - args[1], "the sign of {0} is wrong", args[1]
    elif op == "sub":
        yield "SC103", SMALL, lambda: args[0] + args[1], "the sign of {0} is wrong", args[1]
        yield "SC103", TINY, lambda: args[1] - args[0], "the difference {0} is the wrong way round", part
    if op in ("add", "sub"):
        yield "SC108", LARGE, _const(args[0]), "the term {0} is too much", args[1]
        rest = args[1] if op == "add" else -args[1]
        yield "SC108", LARGE, _const(rest), "the term {0} is too much", args[0]
    if op in PRODUCTS:
        yield from _product(part)
    if op == "neg":
        return
    if op == "pow" and isinstance(args[1], Number):
        yield from _power(args[0], args[1])
        yield from _squared_entry(site, part)
    if op == "where":
        left, right, then, other = args
        swapped = (left, right, other, then)
        yield "SC119", SMALL, _applied(op, swapped, part.params), "the two cases are exchanged"
    if len(args) == 1 and op not in ("transpose", "neg"):
        inner = args[0]
        code = "SC105" if op in ("sumall", "mean", "rowsum", "colsum") else "SC109"
        words = "the sum over the entries of {0} is too much" if code == "SC105" else "{1} should be {0}"
        yield code, PLAIN, _const(inner), words, inner, part
        for other_op, kind in _OTHERS.get(op, ()):
            made = _applied(other_op, args)
            said = {"mean": "the mean is meant, not the sum", "sumall": "the sum is meant, not the mean"}
            words = said.get(other_op, f"{other_op} is meant, not {op}")
            yield kind, PLAIN, made, words
        slope = _SLOPES.get(op)
        if slope is not None:
            yield "SC109", LARGE, lambda: slope(part, inner), f"the derivative of {op} is meant, not {op}"


def _applied(op: str, args: tuple[Tensor, ...], params: tuple[object, ...] = ()) -> Make:
    return lambda: apply(op, *args, params=params)


_SLOPES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "sigmoid": lambda y, x: y * (1 - y),
    "tanh": lambda y, x: 1 - y**2,
    "log": lambda y, x: 1 / x,
    "softplus": lambda y, x: apply("sigmoid", x),
}
"""Function → its derivative, by its value and its argument."""


def _product(part: Apply) -> Iterator[Row]:
    op, (left, right) = part.op, part.args
    if op == "div":
        yield "SC119", PLAIN, lambda: right / left, "the fraction {0} is upside down", part
        yield "SC119", PLAIN, lambda: left * right, "{0} divides, and should be a factor", right
        code, size = ("SC104", SMALL) if is_scale(right) else ("SC108", LARGE)
        yield code, size, _const(left), "the division by {0} is too much", right
        return
    if op != "mul":
        words = "the factors {0} and {1} are in the wrong order"
        flat = len(left.shape) != len(right.shape)
        yield "SC102", PLAIN if flat else SMALL, _applied(op, (right, left), part.params), words, left, right
    if op == "mul":
        for new in ("matmul", "outer"):
            if left.shape and right.shape:
                words = "the product of {0} and {1} is not taken entry by entry"
                yield "SC107", SMALL, _applied(new, part.args), words, left, right
        yield "SC119", PLAIN, lambda: left / right, "{0} should divide", right
    elif op in ("matmul", "outer"):
        words = "the product of {0} and {1} is taken entry by entry"
        yield "SC107", SMALL, lambda: left * right, words, left, right
        other = "outer" if op == "matmul" else "matmul"
        words = "the outer product of {0} and {1} is meant" if op == "matmul" else "{0} and {1} are contracted"
        yield "SC107", SMALL, _applied(other, part.args), words, left, right
        if op == "matmul":
            for side, rest, made in (
                (left, right, lambda: apply("diag", left) @ right),
                (right, left, lambda: left @ apply("diag", right)),
            ):
                if len(side.shape) == 1 and len(rest.shape) == 2:
                    yield "SC107", PLAIN, made, "{0} multiplies entry by entry: a diagonal matrix", side
        for both in (lambda: left.T @ right.T, lambda: right.T @ left.T):
            yield "SC101", PLAIN, both, "the transposes of {0} and {1} are missing", left, right
        for made, what in ((lambda: right @ left.T, left), (lambda: right.T @ left, right)):
            yield "SC101", PLAIN, made, "the order of the product and the transpose of {0}", what
    match left:
        case Apply(op="matmul", args=(first, second)) if op == "matmul":
            words = "the factors {0} and {1} are in the wrong order"
            yield "SC102", SMALL, lambda: first @ right @ second, words, second, right
    for factor, rest in ((right, left), (left, right)):
        if is_scale(factor):
            yield "SC104", SMALL, _const(rest), "the factor {0} is too much", factor
        else:
            yield "SC108", LARGE, _const(rest), "the factor {0} is too much", factor


def is_scale(tensor: Tensor) -> bool:
    """Whether a factor is a number, or made of sizes and numbers."""
    match tensor:
        case Number() | SizeNumber():
            return True
        case Apply(args=args, op="mul" | "div" | "neg" | "sqrt" | "pow"):
            return all(map(is_scale, args))
    return False


def _power(base: Tensor, exponent: Number) -> Iterator[Row]:
    value = exponent.value
    yield "SC108", LARGE, _const(base), "{0} is not to be raised to a power", base
    for new in (value + 1, value - 1, 2 * value, value / 2, -value):
        if new not in (0, 1):
            made = number(new)
            yield "SC108", PLAIN, _applied("pow", (base, made)), "the exponent of {0} should be {1}", base, made


def _squared_entry(site: Site, part: Apply) -> Iterator[Row]:
    """x[i]**2 for x[i]*x[j]."""
    match part.args:
        case (Entry() as base, Number(value=two)) if two == 2:
            for places in _exchanged(base.indices, site.indices):
                other = _shown(base, places)
                yield "SC106", PLAIN, lambda other=other: base * other, "one of the factors is {0}", other


def _number(value: Fraction, part: Tensor) -> Iterator[Row]:
    for new in (2 * value, value / 2, -value, value + 1, value - 1, 3 * value, value / 3, value**2):
        if new != value:
            made = number(new)
            code = "SC103" if new == -value else "SC104"
            yield code, PLAIN, _const(made), "{1} belongs where {0} is written", part, made
    if value not in (0, 1):
        made = number(1 / value)
        yield "SC104", PLAIN, _const(made), "{1} belongs where {0} is written", part, made


# -- how operations group --------------------------------------------------------------------------


def _regrouped(part: Apply) -> Iterator[Row]:
    """a/b*c for a/(b*c), a + b*c for (a + b)*c, √a + ε for √(a + ε), and the like."""
    match part:
        case Apply(op="mul", args=(Apply(op="div", args=(a, b)), c)):
            words = "{0} divides all of {1}: brackets are missing"
            yield "SC119", SMALL, lambda: a / (b * c), words, b * c, a
        case Apply(op="div", args=(Apply(op="div", args=(a, b)), c)):
            yield "SC119", SMALL, lambda: a / (b / c), "{0} belongs into the divisor", c
        case Apply(op="sub", args=(Apply(op="sub" | "add" as op, args=(a, b)), c)):
            other = "add" if op == "sub" else "sub"
            yield "SC103", SMALL, lambda: apply(op, a, apply(other, b, c)), "the sign of {0} is wrong", c
        case Apply(op="add", args=(Apply(op="sub", args=(a, b)), c)):
            yield "SC103", SMALL, lambda: a - (b + c), "the sign of {0} is wrong", c
    match part:
        case Apply(op="add" | "sub" as op, args=(a, Apply(op="mul" | "div" | "matmul" as times, args=(b, c)))):
            words = "{0} belongs to all of the sum: brackets are missing"
            yield "SC119", PLAIN, lambda: apply(times, apply(op, a, b), c), words, c
    match part:
        case Apply(op="add" | "sub" as op, args=(Apply(op="mul" | "matmul" as times, args=(b, c)), a)):
            words = "{0} belongs to all of the sum: brackets are missing"
            yield "SC119", PLAIN, lambda: apply(times, b, apply(op, c, a)), words, b
        case Apply(op="mul" | "matmul" as times, args=(Apply(op="add" | "sub" as op, args=(a, b)), c)):
            words = "{0} belongs to the last term alone"
            yield "SC119", PLAIN, lambda: apply(op, a, apply(times, b, c)), words, c
        case Apply(op="mul" | "matmul" as times, args=(c, Apply(op="add" | "sub" as op, args=(a, b)))):
            words = "{0} belongs to the first term alone"
            yield "SC119", PLAIN, lambda: apply(op, apply(times, c, a), b), words, c
    match part:
        case Apply(op="add" | "sub" as op, args=(Apply(op="sqrt" | "log" | "exp" as f, args=(a,)), b)):
            words = f"{{0}} belongs under the {'root' if f == 'sqrt' else f}"
            yield "SC109", SMALL, lambda: apply(f, apply(op, a, b)), words, b
        case Apply(op="add" | "sub" as op, args=(a, b)):
            words = "{0} is a factor of all of it, not of the last term: brackets are missing"
            yield "SC119", LARGE, lambda: a * apply(op, 1, b), words, a


# -- entries and undefined functions ---------------------------------------------------------------


def _undefined(part: Call) -> Iterator[Row]:
    if not part.function.elementwise:
        return
    order = (part.derivatives or (0,))[0]
    name = part.function.shown
    higher = replace(part, derivatives=(order + 1,))
    primes = "′" * order
    yield "SC109", SMALL, _const(higher), f"{name}{primes}′ is meant, not {name}{primes}"
    if order:
        lower = replace(part, derivatives=(order - 1,) if order > 1 else ())
        yield "SC109", SMALL, _const(lower), f"{name}{primes[1:]} is meant, not {name}{primes}"


def _exchanged(
    places: tuple[Index | int | None, ...], indices: tuple[Index, ...]
) -> Iterator[tuple[Index | int | None, ...]]:
    """One index put for another of those that may stand here; two exchanged."""
    for k, old in enumerate(places):
        if old is None:
            continue
        for new in indices:
            if new is not old and isinstance(new, Index):
                yield (*places[:k], new, *places[k + 1 :])
    if len(places) == 2 and places[0] is not places[1]:
        yield places[::-1]


def _entries(site: Site, pool: Pool) -> Iterator[Row]:
    part = site.part
    words = "the indices of {0} are wrong: {1}"
    if isinstance(part, Delta):
        for left, right in _exchanged((part.left, part.right), site.indices):
            made: Tensor = replace(part, left=left, right=right)  # type: ignore[arg-type]
            yield "SC106", SMALL, _const(made), words, part, made
        for symbol in pool.names:
            if 0 < len(symbol.shape) <= 2:
                for places in pool.placed(symbol.shape, site.indices):
                    made = entry(variable(symbol), places)
                    yield "SC109", LARGE, _const(made), "{0} is written where {1} belongs", part, made
        return
    assert isinstance(part, Entry)
    for places in _exchanged(part.indices, site.indices):
        yield "SC106", SMALL, lambda places=places: entry(part.base, places), words, part, _shown(part, places)
    for k, place in enumerate(part.indices):
        if isinstance(place, int):
            over = Index("k")
            places = (*part.indices[:k], over, *part.indices[k + 1 :])

            def summed(places: tuple[Index | int | None, ...] = places, over: Index = over) -> Tensor:
                body = entry(part.base, places)
                return IndexSum(body.shape, (over,), body)

            yield "SC105", PLAIN, summed, "the sum over all entries like {0} is missing", part
    for one in site.indices:
        for two in site.indices:
            if one is not two and one.dim == two.dim:
                delta = Delta((), one, two)
                yield "SC109", LARGE, _const(delta), "{0} is written where {1} belongs", part, delta
                break


def _shown(part: Entry, places: tuple[Index | int | None, ...]) -> Tensor:
    return replace(part, indices=places)


def _index_sum(part: IndexSum, body: Tensor) -> Iterator[Row]:
    return iter(())


# -- sums over entries -----------------------------------------------------------------------------


def _sums(site: Site, part: Tensor) -> Iterator[Row]:
    if len(part.shape) == 1:
        yield "SC105", PLAIN, _applied("sumall", (part,)), "the sum over the entries of {0} is missing", part
        yield "SC105", PLAIN, _applied("mean", (part,)), "the mean over the entries of {0} is missing", part
        yield "SC105", LARGE, _applied("diag", (part,)), "{0} belongs on a diagonal", part
    elif len(part.shape) == 2:
        for op, what in (
            ("colsum", "the sum over the rows of {0} is missing"),
            ("rowsum", "the sum over the columns of {0} is missing"),
            ("sumall", "the sum over the entries of {0} is missing"),
            ("diagpart", "only the diagonal of {0} is meant"),
        ):
            yield "SC105", PLAIN, _applied(op, (part,)), what, part


# -- factors and terms -----------------------------------------------------------------------------


def _factors(site: Site, pool: Pool) -> Iterator[Row]:
    part = site.part
    if not site.is_term and not site.in_function:
        return
    # a number put anywhere in a product is put to the product
    if not isinstance(part, Number):
        for scale, plain in pool.scales:
            words = "the factor {0} is missing"
            yield "SC104", PLAIN if plain else LARGE, lambda s=scale: s * part, words, scale
    rank = len(part.shape)
    for factor, size in pool.factors:
        words = "the factor {0} is missing"
        if factor.shape == () or (rank and factor.shape == part.shape):
            yield "SC108", size, lambda f=factor: part * f, words, factor
            yield "SC108", size, lambda f=factor: part / f, "the division by {0} is missing", factor
        elif rank and len(factor.shape) == rank - 1 and factor.shape == part.shape[-1:]:
            yield "SC108", size, lambda f=factor: part * f, words, factor
        elif not rank and len(factor.shape) == 1:
            yield "SC108", size, lambda f=factor: part * f, words, factor
        if rank and len(factor.shape) == 2:
            yield "SC108", size, lambda f=factor: f @ part, words, factor
            yield "SC108", size, lambda f=factor: f.T @ part, words, factor
            if rank == 2:
                yield "SC108", size, lambda f=factor: part @ f, words, factor
                yield "SC108", size, lambda f=factor: part @ f.T, words, factor
    match part:
        case Entry() | Delta():
            pass
        case Tensor(shape=()):
            pass


def _terms(site: Site, pool: Pool) -> Iterator[Row]:
    part, above = site.part, site.above
    if _is(above, "mul", "div") and isinstance(part, Variable | Entry):
        for name in pool.names:
            if name.shape == part.shape and name is not getattr(part, "symbol", None):
                term = variable(name)
                yield "SC108", RARE, lambda t=term: part + t, "the term {0} is missing", term
                yield "SC108", RARE, lambda t=term: part - t, "the term −{0} is missing", term
    inside = _is(above, "mul", "div") and not _is(part, "add", "sub")
    if _is(above, "add", "sub", "neg", "transpose"):
        return
    for term, size in pool.terms:
        if inside and size < RARE:
            continue
        if term.shape == part.shape or term.shape == () or term.shape == part.shape[1:]:
            code = "SC109" if site.in_function else "SC108"
            where = f" under the {_name(above)}" if site.in_function else ""
            yield code, size, lambda t=term: part + t, f"the term {{0}} is missing{where}", term
            yield code, size, lambda t=term: part - t, f"the term −{{0}} is missing{where}", term
    if len(part.shape) == 2 and part.shape[0] == part.shape[1] and not _is(above, "transpose"):
        half = (part + part.T) / 2
        yield "SC101", LARGE, _const(half), "{0} need not be symmetric: it is the mean with its transpose", part
        yield "SC108", LARGE, lambda: part + part.T, "the term {0} is missing: both orders occur", part
    match part:
        case Apply(op="mul", args=(Number(value=two), inner)) if two == 2 and len(inner.shape) == 2:
            words = "2*{0} is {0} and its transpose only for a symmetric matrix"
            yield "SC101", PLAIN, lambda: inner + inner.T, words, inner
    if not part.shape or _is(part, "add", "sub"):
        one = number(1)
        yield "SC108", RARE, lambda: 1 - part, "{0} should be taken from 1", part
        yield "SC108", RARE, lambda: part * (1 - part), "the factor 1 − {0} is missing", part
        yield "SC108", RARE, lambda: part**2, "the square of {0} is meant", part
        yield "SC108", RARE, lambda: part + one, "the term 1 is missing"
    elif not isinstance(part, Number):
        yield "SC108", RARE, lambda: part * (1 - part), "the factor 1 − {0} is missing", part
        yield "SC108", RARE, lambda: part**2, "the square of {0} is meant", part


def _name(above: Tensor | None) -> str:
    if isinstance(above, Apply):
        return "root" if above.op == "sqrt" else above.op
    return above.function.shown if isinstance(above, Call) else ""


def sizes_of(dims: tuple[Dim, ...]) -> list[Tensor]:
    """Sizes as numbers."""
    return [SizeNumber((), dim) for dim in dims if isinstance(dim, str)]
