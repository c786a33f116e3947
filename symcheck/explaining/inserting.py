"""What was left out, or put for something else: functions, sums, factors, terms, names throughout."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from symcheck.explaining.edit import LARGE, PLAIN, RARE, Row, applied, const, is_op, is_scale, number
from symcheck.explaining.places import Site, editable, rebuilt
from symcheck.explaining.pool import Pool
from symcheck.language.shape import Size, same_name
from symcheck.language.tensor import (
    Apply,
    Call,
    Delta,
    Entry,
    Index,
    IndexSum,
    Number,
    SizeNumber,
    Tensor,
    Variable,
    apply,
    entry,
    structure,
    variable,
    walk,
)


def wrapped(site: Site, pool: Pool) -> Iterator[Row]:
    """A function that was left out."""
    part = site.part
    if isinstance(part, Number) or is_op(site.above, "neg", "transpose"):
        return
    for function in pool.functions:
        made = function(part)
        if not (isinstance(part, Apply) and isinstance(made, Apply) and part.op == made.op):
            yield "SC109", LARGE, const(made), "{0} is written where {1} belongs", part, made
    if pool.inverts and len(part.shape) == 2 and part.shape[0] == part.shape[1] and not is_op(part, "inv"):
        inverse = apply("inv", part)
        yield "SC109", LARGE, const(inverse), "{0} is written where {1} belongs", part, inverse
    if len(part.shape) in (1, 2):
        softmax = applied("softmax", (part,))
        yield "SC109", LARGE, softmax, "{0} is written where its softmax belongs", part


def throughout(right: Tensor, pool: Pool) -> Iterator[Row]:
    """A name, or an index, put for another wherever it stands; a function taken of a name."""
    names = dict.fromkeys(part.symbol for part in walk(right) if isinstance(part, Variable))
    yield from summed(right, pool)
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


def summed(right: Tensor, pool: Pool) -> Iterator[Row]:
    """The sum over all rows where one of them stands: X[0,j] − Y[0,j] for Σᵢ (X[i,j] − Y[i,j])."""
    met = {
        (place, part.base.shape[k])
        for part in walk(right)
        if isinstance(part, Entry)
        for k, place in enumerate(part.indices)
        if isinstance(place, int) and len(part.base.shape[k]) == 1
    }
    for place, size in sorted(met, key=str):
        over = Index(pool.letter, size[0])
        words = f"the sum over all of these is missing: {place} is one place of many"
        yield (
            "SC105",
            PLAIN,
            lambda p=place, s=size, i=over: IndexSum(right.shape, (i,), _opened_at(right, p, s, i)),
            words,
        )


def _opened_at(tensor: Tensor, place: int, size: Size, over: Index) -> Tensor:
    """The formula with an index for a number, wherever it stands at an axis of this size."""
    parts = editable(tensor)
    done = tuple(_opened_at(part, place, size, over) for part in parts)
    if any(a is not b for a, b in zip(done, parts, strict=True)):
        tensor = rebuilt(tensor, done, same_name)
    if isinstance(tensor, Entry):
        axes = zip(tensor.indices, tensor.base.shape, strict=True)
        places = tuple(over if at == place and axis == size else at for at, axis in axes)
        return entry(tensor.base, places) if places != tensor.indices else tensor
    return tensor


def replaced(tensor: Tensor, old: Variable, new: Tensor) -> Tensor:
    """The formula with a name put for another wherever it stands.  Errors: those of what does not fit."""
    if isinstance(tensor, Variable) and tensor.symbol is old.symbol:
        return new
    parts = editable(tensor)
    if not parts:
        return tensor
    done = tuple(replaced(part, old, new) for part in parts)
    return (
        rebuilt(tensor, done, same_name)
        if any(a is not b for a, b in zip(done, parts, strict=True))
        else tensor
    )


def sums(site: Site, part: Tensor) -> Iterator[Row]:
    if len(part.shape) == 1:
        yield "SC105", PLAIN, applied("sumall", (part,)), "the sum over the entries of {0} is missing", part
        yield "SC105", PLAIN, applied("mean", (part,)), "the mean over the entries of {0} is missing", part
        yield "SC105", LARGE, applied("diag", (part,)), "{0} belongs on a diagonal", part
    elif len(part.shape) == 2:
        for op, what in (
            ("colsum", "the sum over the rows of {0} is missing"),
            ("rowsum", "the sum over the columns of {0} is missing"),
            ("sumall", "the sum over the entries of {0} is missing"),
            ("diagpart", "only the diagonal of {0} is meant"),
        ):
            yield "SC105", PLAIN, applied(op, (part,)), what, part


def factors(site: Site, pool: Pool) -> Iterator[Row]:
    part = site.part
    if not site.is_term and not site.in_function:
        return
    # a number put anywhere in a product is put to the product
    if not isinstance(part, Number):
        for scale, plain in pool.scales:
            words = "the factor {0} is missing"
            yield "SC104", PLAIN if plain else LARGE, lambda s=scale: s * part, words, scale
    rank = len(part.shape)
    for one, two in combinations(site.indices, 2):
        if not rank and one.dim == two.dim:
            delta = Delta((), one, two)
            yield "SC108", LARGE, lambda d=delta: d * part, "the factor {0} is missing", delta
    for factor, size in pool.factors:
        words = "the factor {0} is missing"
        code = "SC104" if is_scale(factor) else "SC108"
        if factor.shape == () or (rank and factor.shape == part.shape):
            yield code, size, lambda f=factor: times(f, part, pool), words, factor
            yield code, size, lambda f=factor: part / f, "the division by {0} is missing", factor
        elif factor.shape == part.shape[1:] or (not rank and len(factor.shape) == 1):
            # a vector before a matrix is repeated in each of its rows: that is seldom meant
            yield "SC108", size if not rank else RARE, lambda f=factor: times(f, part, pool), words, factor
        if rank and len(factor.shape) == 2:
            yield "SC108", size, lambda f=factor: f @ part, words, factor
            yield "SC108", size, lambda f=factor: f.T @ part, words, factor
            if rank == 2:
                yield "SC108", size, lambda f=factor: part @ f, words, factor
                yield "SC108", size, lambda f=factor: part @ f.T, words, factor


def times(factor: Tensor, part: Tensor, pool: Pool) -> Tensor:
    """A factor put to a part: in front, unless it is a sum, or the true side has it behind."""
    behind = part * factor
    if structure(behind) in pool.known:
        return behind
    return behind if is_op(factor, "add", "sub") and not is_op(part, "add", "sub") else factor * part


def terms(site: Site, pool: Pool) -> Iterator[Row]:
    part, above = site.part, site.above
    if site.in_function or (is_op(above, "mul", "div", "matmul") and isinstance(part, Variable | Entry)):
        for name in pool.names:
            if name.shape == part.shape and name is not getattr(part, "symbol", None):
                term: Tensor = variable(name)
                yield "SC108", RARE, lambda t=term: part + t, "the term {0} is missing", term
                yield "SC108", RARE, lambda t=term: part - t, "the term −{0} is missing", term
                yield "SC108", RARE, lambda t=term: t - part, "{0} − {1} is meant", term, part
    inside = is_op(above, "mul", "div") and not is_op(part, "add", "sub")
    if is_op(above, "add", "sub", "neg", "transpose"):
        return
    for term, size in pool.terms:
        if inside and size < RARE:
            continue
        if term.shape == part.shape or term.shape == () or term.shape == part.shape[1:]:
            code = "SC109" if site.in_function and not is_op(above, "where") else "SC108"
            where = _place(above) if site.in_function else ""
            yield code, size, lambda t=term: part + t, f"the term {{0}} is missing{where}", term
            yield code, size, lambda t=term: part - t, f"the term −{{0}} is missing{where}", term
    yield from normalised(part, pool)
    if len(part.shape) == 2 and part.shape[0] == part.shape[1] and not is_op(above, "transpose"):
        half = (part + part.T) / 2
        yield (
            "SC101",
            LARGE,
            const(half),
            "{0} need not be symmetric: it is the mean with its transpose",
            part,
        )
        yield "SC108", LARGE, lambda: part + part.T, "the term {0} is missing: both orders occur", part
    match part:
        case Apply(op="mul", args=(Number(value=two), inner)) if two == 2 and len(inner.shape) == 2:
            words = "2*{0} is {0} and its transpose only for a symmetric matrix"
            yield "SC101", PLAIN, lambda: inner + inner.T, words, inner
    if not part.shape or is_op(part, "add", "sub"):
        one = number(1)
        yield "SC108", RARE, lambda: 1 - part, "{0} should be taken from 1", part
        yield "SC108", RARE, lambda: part * (1 - part), "the factor 1 − {0} is missing", part
        yield "SC108", RARE, lambda: part**2, "the square of {0} is meant", part
        yield "SC108", RARE, lambda: part + one, "the term 1 is missing"
    elif not isinstance(part, Number):
        yield "SC108", RARE, lambda: part * (1 - part), "the factor 1 − {0} is missing", part
        yield "SC108", RARE, lambda: part**2, "the square of {0} is meant", part


def normalised(part: Tensor, pool: Pool) -> Iterator[Row]:
    """What the mean and the deviation add to a derivative through (x − mean(x))/s."""
    words = "what the mean and the deviation change is missing: {0} and {1}"
    for name in pool.names:
        if name not in pool.graph.definitions or name.shape != part.shape or isinstance(part, Variable):
            continue
        own = variable(name)
        if len(part.shape) == 1:
            one: Tensor = apply("mean", part)
            two = own * apply("mean", part * own)
        elif len(part.shape) == 2 and len(part.shape[0]) == 1:
            rows = SizeNumber((), part.shape[0][0])
            one, two = apply("colsum", part) / rows, own * apply("colsum", part * own) / rows
        else:
            continue
        yield "SC108", RARE, lambda p=part, a=one, b=two: p - a - b, words, -one, -two


def _place(above: Tensor | None) -> str:
    """Where in a formula: under a root, in the argument of a function."""
    match above:
        case Apply(op="sqrt"):
            return " under the root"
        case Apply(op="where"):
            return " in one of the cases"
        case Apply(op=op):
            return f" in what {op} is taken of"
        case Call(function=function):
            return f" in the argument of {function.shown}"
    return ""
