"""Slips in what is done with parts: signs, transposes, order, operations, exponents, how they group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from symcheck.explaining.edit import LARGE, PLAIN, SMALL, TINY, Row, applied, const, is_op, is_scale, number
from symcheck.explaining.places import PRODUCTS, SUMS, Site
from symcheck.language.tensor import Apply, Number, SizeNumber, Tensor, apply, structure


def marks(site: Site) -> Iterator[Row]:
    part = site.part
    if len(part.shape) == 2 and not is_op(part, "transpose") and not is_op(site.above, "transpose"):
        whole = is_op(part, *PRODUCTS, *SUMS, "neg")
        yield "SC101", PLAIN if whole else SMALL, lambda: part.T, "the transpose of {0} is missing", part
    match part:
        case Apply(op="transpose", args=(inner,)):
            yield "SC101", SMALL, const(inner), "{0} is transposed and should not be", inner
        case Apply(op="neg", args=(inner,)):
            yield "SC103", SMALL, const(inner), "the sign of {0} is wrong", inner
    signed = site.above is None or site.in_function or is_op(site.above, "add", "sub", "outer")
    if signed and not is_op(part, "neg") and not isinstance(part, Number):
        yield "SC103", SMALL, lambda: -part, "the sign of {0} is wrong", part


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


def operation(site: Site, part: Apply) -> Iterator[Row]:
    op, args = part.op, part.args
    if op == "add":
        yield "SC103", SMALL, lambda: args[0] - args[1], "the sign of {0} is wrong", args[1]
    elif op == "sub":
        yield "SC103", SMALL, lambda: args[0] + args[1], "the sign of {0} is wrong", args[1]
        yield "SC103", TINY, lambda: args[1] - args[0], "the difference {0} is the wrong way round", part
    if op in ("add", "sub"):
        yield "SC108", LARGE, const(args[0]), "the term {0} is too much", args[1]
        rest = args[1] if op == "add" else -args[1]
        yield "SC108", LARGE, const(rest), "the term {0} is too much", args[0]
    if op in PRODUCTS:
        yield from _product(part)
    if op == "neg":
        return
    yield from _repeated(part)
    if op == "pow" and isinstance(args[1], Number):
        yield from _power(args[0], args[1])
    elif op not in SUMS | PRODUCTS:
        yield "SC108", PLAIN, lambda: part ** number(2), "the square of {0} is meant", part
    if op == "where":
        left, right, then, other = args
        swapped = (left, right, other, then)
        yield "SC119", SMALL, applied(op, swapped, part.params), "the two cases are exchanged"
    if op == "det" and len(args[0].shape[0]) == 1:
        sign = number(-1) ** SizeNumber((), args[0].shape[0][0])
        yield "SC103", PLAIN, lambda: sign * part, "−1 comes out of each row of the determinant: {0}", sign
    if op in ("mean", "sumall") and len(args[0].shape) == 2:
        yield from _of_columns(args[0], op)
    if len(args) == 1 and op not in ("transpose", "neg"):
        inner = args[0]
        code = "SC105" if op in ("sumall", "mean", "rowsum", "colsum") else "SC109"
        words = "the sum over the entries of {0} is too much" if code == "SC105" else "{1} should be {0}"
        yield code, PLAIN, const(inner), words, inner, part
        for other_op, kind in _OTHERS.get(op, ()):
            made = applied(other_op, args)
            said = {"mean": "the mean is meant, not the sum", "sumall": "the sum is meant, not the mean"}
            words = said.get(other_op, f"{other_op} is meant, not {op}")
            yield kind, SMALL, made, words
        slope = _SLOPES.get(op)
        if slope is not None:
            yield "SC109", LARGE, lambda: slope(part, inner), f"the derivative of {op} is meant, not {op}"


def _of_columns(matrix: Tensor, op: str) -> Iterator[Row]:
    """The sum or mean of each column or row, where that of all entries was taken."""
    what = "sum" if op == "sumall" else "mean"
    for made_by, axis, line in (("colsum", 0, "column"), ("rowsum", 1, "row")):
        size = matrix.shape[axis]
        total = apply(made_by, matrix)
        if op == "mean" and len(size) != 1:
            continue
        made = total if op == "sumall" else total / SizeNumber((), size[0])
        words = f"the {what} of each {line} of {{0}} is meant, not of all entries"
        yield "SC105", PLAIN, const(made), words, matrix


def _repeated(part: Apply) -> Iterator[Row]:
    """The sums of the columns, repeated in each row, for those of the rows, repeated in each column."""
    match part:
        case Apply(op="outer", args=(Apply(op="ones"), Apply(op="colsum", args=(m,)))):
            rows = (apply("rowsum", m), apply("ones", params=m.shape[1:]))
            words = "the sum of each row of {0} is meant, not of each column"
            yield "SC105", SMALL, applied("outer", rows), words, m
        case Apply(op="outer", args=(Apply(op="rowsum", args=(m,)), Apply(op="ones"))):
            columns = (apply("ones", params=m.shape[:1]), apply("colsum", m))
            words = "the sum of each column of {0} is meant, not of each row"
            yield "SC105", SMALL, applied("outer", columns), words, m


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
        code = "SC104" if is_scale(right) else "SC108"
        yield code, PLAIN, lambda: left * right, "{0} divides, and should be a factor", right
        code, size = ("SC104", SMALL) if is_scale(right) else ("SC108", LARGE)
        yield code, size, const(left), "the division by {0} is too much", right
        if not isinstance(right, Number) and not is_op(right, "sqrt"):
            rooted = applied("sqrt", (right,))
            yield code, PLAIN, lambda: left / rooted(), "the root of {0} is meant", right
        return
    if op != "mul":
        words = "the factors {0} and {1} are in the wrong order"
        flat = len(left.shape) != len(right.shape)
        yield "SC102", LARGE if flat else SMALL, applied(op, (right, left), part.params), words, left, right
    if op == "mul":
        yield from _slope_for_value(part, left, right)
        for new in ("matmul", "outer"):
            if left.shape and right.shape:
                words = "the product of {0} and {1} is not taken entry by entry"
                yield "SC107", SMALL, applied(new, part.args), words, left, right
        code = "SC104" if is_scale(right) else "SC108"
        yield code, PLAIN, lambda: left / right, "{0} should divide", right
        for vector, matrix in ((left, right), (right, left)):
            if len(vector.shape) == 1 and len(matrix.shape) == 2:
                words = "{0} multiplies the rows of {1}: a diagonal matrix in front"
                yield "SC107", PLAIN, partial(_rows_scaled, vector, matrix), words, vector, matrix
    elif op in ("matmul", "outer"):
        if op == "matmul" and structure(left) == structure(right) and len(left.shape) == 1:
            yield (
                "SC109",
                PLAIN,
                applied("norm2", (left,)),
                "the length of {0} is meant, not its square",
                left,
            )
        if op == "matmul" and left.shape == right.shape:
            yield "SC108", LARGE, lambda: left / right, "{0} should divide, entry by entry", right
        words = "the product of {0} and {1} is taken entry by entry"
        yield "SC107", SMALL, lambda: left * right, words, left, right
        other = "outer" if op == "matmul" else "matmul"
        words = (
            "the outer product of {0} and {1} is meant" if op == "matmul" else "{0} and {1} are contracted"
        )
        yield "SC107", SMALL, applied(other, part.args), words, left, right
        if op == "matmul":
            for side, rest, made in (
                (left, right, lambda: apply("diag", left) @ right),
                (right, left, lambda: left @ apply("diag", right)),
            ):
                if len(side.shape) == 1 and len(rest.shape) == 2:
                    yield (
                        "SC107",
                        PLAIN,
                        made,
                        "{0} scales the rows or columns: it belongs on a diagonal",
                        side,
                    )
        if len(left.shape) == len(right.shape) == 2:
            yield from _turned_factors(left, right)
    match left:
        case Apply(op="matmul", args=(first, second)) if op == "matmul":
            words = "the factors {0} and {1} are in the wrong order"
            yield "SC102", SMALL, lambda: first @ right @ second, words, second, right
    match left, right:
        case Number(), Apply(op="det", args=(matrix,)) if len(matrix.shape[0]) == 1:
            power = left ** SizeNumber((), matrix.shape[0][0])
            words = "{0} comes out of each row of the determinant: {1}"
            yield "SC104", SMALL, lambda: power * right, words, left, power
    for factor, rest in ((right, left), (left, right)):
        if is_scale(factor):
            yield "SC104", SMALL, const(rest), "the factor {0} is too much", factor
        else:
            yield "SC108", LARGE, const(rest), "the factor {0} is too much", factor


def _rows_scaled(vector: Tensor, matrix: Tensor) -> Tensor:
    return apply("diag", vector) @ matrix


def _slope_for_value(part: Apply, left: Tensor, right: Tensor) -> Iterator[Row]:
    """σ(1 − σ) for σ: its derivative in terms of its value."""
    match right:
        case Apply(op="sub", args=(Number(value=one), inner)) if one == 1:
            if structure(inner) == structure(left):
                words = "{0} is the derivative of a sigmoid or softmax entry; {1} itself is meant"
                yield "SC109", PLAIN, const(left), words, part, left
            match left:
                case Apply(op="mul", args=(rest, value)) if structure(inner) == structure(value):
                    slope = value * right
                    yield "SC108", PLAIN, const(rest), "the factor {0} is too much", slope


def _turned_factors(left: Tensor, right: Tensor) -> Iterator[Row]:
    for both in (lambda: left.T @ right.T, lambda: right.T @ left.T):
        if is_op(left, "transpose") is not is_op(right, "transpose"):
            words = "of {0} and {1} the wrong factor is transposed"
        else:
            words = "the transposes of {0} and {1} are missing"
        yield "SC101", PLAIN, both, words, left, right
    for made, what in ((lambda: right @ left.T, left), (lambda: right.T @ left, right)):
        yield (
            "SC101",
            PLAIN,
            made,
            "the factors are in the wrong order, and the transpose of {0} is missing",
            what,
        )


def _power(base: Tensor, exponent: Number) -> Iterator[Row]:
    value = exponent.value
    yield "SC108", LARGE, const(base), "{0} is not to be raised to a power", base
    for new in (value + 1, value - 1, 2 * value, value / 2, -value):
        if new not in (0, 1):
            made = number(new)
            yield (
                "SC108",
                PLAIN,
                applied("pow", (base, made)),
                "the exponent of {0} should be {1}",
                base,
                made,
            )


def numbers(value: Fraction, part: Tensor) -> Iterator[Row]:
    for new in (2 * value, value / 2, -value, value + 1, value - 1, 3 * value, value / 3, value**2):
        if new != value:
            made = number(new)
            code = "SC103" if new == -value else "SC104"
            yield code, PLAIN, const(made), "{1} belongs where {0} is written", part, made
    if value not in (0, 1):
        made = number(1 / value)
        yield "SC104", PLAIN, const(made), "{1} belongs where {0} is written", part, made


def regrouped(part: Apply) -> Iterator[Row]:
    """a/b*c for a/(b*c), a + b*c for (a + b)*c, √a + ε for √(a + ε), and the like."""
    match part:
        case Apply(op="mul", args=(Apply(op="div", args=(a, b)), c)):
            words = "the divisor is {0}: brackets are missing"
            yield "SC119", SMALL, lambda: a / (b * c), words, b * c
        case Apply(op="div", args=(Apply(op="div", args=(a, b)), c)):
            yield "SC119", SMALL, lambda: a / (b / c), "{0} belongs into the divisor", c
        case Apply(op="pow", args=(Apply(op="add" | "sub" as op, args=(a, b)), power)):
            words = "the exponent belongs to {0} alone, not to the whole bracket"
            yield "SC119", SMALL, lambda: apply(op, a, b**power), words, b
        case Apply(op="sub", args=(Apply(op="sub" | "add" as op, args=(a, b)), c)):
            other = "add" if op == "sub" else "sub"
            yield "SC103", SMALL, lambda: apply(op, a, apply(other, b, c)), "the sign of {0} is wrong", c
        case Apply(op="add", args=(Apply(op="sub", args=(a, b)), c)):
            yield "SC103", SMALL, lambda: a - (b + c), "the sign of {0} is wrong", c
    match part:
        case Apply(
            op="add" | "sub" as op, args=(a, Apply(op="mul" | "div" | "matmul" as times, args=(b, c)))
        ):
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
            words = "{0} is a factor of all of it, not a term: brackets are missing"
            yield "SC119", LARGE, lambda: a * apply(op, 1, b), words, a
