"""Tensor → presentation MathML, as `latex_notation` writes LaTeX: the same signs in the same order.

Names and heads of functions have one spelling, that of LaTeX, read by `mathml_latex`; what stands
around and between them is built here from the formula itself, so that its parts can be marked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symcheck.language.shape import Joined
from symcheck.language.slopes import Slope, slope_of
from symcheck.language.tensor import (
    Apply,
    Call,
    Constant,
    Delta,
    Derivative,
    Differential,
    Entry,
    IndexProduct,
    IndexSum,
    Limit,
    Number,
    Place,
    SizeNumber,
    Symbol,
    Tensor,
    Variable,
)
from symcheck.reading.vocabulary import AXIS
from symcheck.rendering.latex_notation import head_of, write_latex_name
from symcheck.rendering.marking import Marked
from symcheck.rendering.mathml_elements import (
    APPLY,
    COMMA,
    LIM,
    MINUS,
    PRIMES,
    TIMES,
    Parts,
    bold,
    digits,
    fenced,
    fraction,
    grid,
    large,
    letter,
    limits,
    mark,
    primed,
    root,
    row,
    scripts,
    sign,
    small_fraction,
    space,
    upright,
    words,
)
from symcheck.rendering.mathml_latex import read_latex
from symcheck.rendering.paper import (
    ATOM,
    POWER,
    PRODUCT,
    SUM,
    UNARY,
    cells_of,
    is_fraction,
    is_row,
    meet,
    mixes,
    operation_of,
)

RELATIONS = {"=": "=", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "="}
"""Relation of a claim or of a case → its sign."""

_FENCES = {
    "abs": ("|", "|"),
    "norm1": ("‖", "‖"),
    "norm2": ("‖", "‖"),
    "normF": ("‖", "‖"),
    "floor": ("⌊", "⌋"),
    "ceil": ("⌈", "⌉"),
}
_BETWEEN = {"outer": "⊗", "kron": "⊗", "cross": "×", "contract": "⋅", "mul": "⊙"}
_NORMS = {"norm1": digits("1"), "normF": letter("F")}
_LEADING_DIGIT = re.compile(r"(<(mrow|mfrac|mstyle|msup|msub)\b[^>]*>)*(<mo[^>]*>−</mo>)?<mn>")
_PARTIAL = re.compile(r"<mfrac[^>]*>(<(mrow|mstyle)[^>]*>)*<m[io][^>]*>∂")
_DECIMAL = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Elements, and how tightly they hold together."""

    parts: Parts
    tight: int

    def at(self, least: int) -> Parts:
        """The formula, in brackets if it holds less tightly than needed."""
        return self.parts if self.tight >= least else (fenced(self.parts),)


def write_mathml(tensor: Tensor) -> Parts:
    """The formula as elements for a ``math``; what is `Marked` in it stands out."""
    return _piece(tensor).parts


def write_mathml_name(name: str, latex: str | None = None, places: tuple[str, ...] = ()) -> Parts:
    """A name with its accents and indices; `places` are LaTeX."""
    for spelling in (write_latex_name(name, latex, places), write_latex_name(name, None, places)):
        parts = read_latex(spelling)
        if parts:
            return (row(parts),)
    return (letter(name),)


def _listed(parts: Sequence[Parts]) -> Parts:
    """With commas between."""
    return tuple(element for k, part in enumerate(parts) for element in ((COMMA, *part) if k else part))


def _below(places: Sequence[Parts]) -> Parts:
    """Indices side by side if all of them are letters, else with commas."""
    texts = ["".join(re.sub(r"<[^>]*>", "", "".join(place))) for place in places]
    if all(text.isalpha() and len(text) == 1 for text in texts):
        return tuple(element for place in places for element in place)
    return _listed(places)


def _latex_place(index: Place) -> str:
    if index is None:
        return ":"
    return str(index) if isinstance(index, int) else write_latex_name(index.name)


def _place(index: Place) -> Parts:
    if index is None:
        return (mark(":"),)
    return (digits(str(index)),) if isinstance(index, int) else write_mathml_name(index.name)


def _latex_places(indices: tuple[Place, ...]) -> tuple[str, ...]:
    return tuple(map(_latex_place, indices))


def _named(indices: tuple[Place, ...]) -> tuple[Place, ...]:
    """The places of a name; none if all its axes stay open."""
    return indices if any(index is not None for index in indices) else ()


def _symbol(symbol: Symbol, indices: tuple[Place, ...] = ()) -> Parts:
    return write_mathml_name(symbol.name, symbol.latex, _latex_places(indices))


def _head(op: str) -> Parts:
    return read_latex(head_of(op)) or (letter(op),)


def _param(op: str, param: object) -> Parts:
    return (words("axis\u00a0"), *_size(param)) if op in AXIS else _size(param)


def _size(param: object) -> Parts:
    if isinstance(param, Joined):
        sizes = [_size(part) for part in param.parts]
        return tuple(e for k, part in enumerate(sizes) for e in ((sign("+"), *part) if k else part))
    if isinstance(param, tuple):
        parts = [
            (fenced(_size(part)),) if isinstance(part, Joined) and len(param) > 1 else _size(part)
            for part in param
        ]
        return tuple(e for k, part in enumerate(parts) for e in ((TIMES, *part) if k else part))
    return write_mathml_name(param) if isinstance(param, str) else (digits(str(param)),)


def _number(value: Fraction, text: str = "") -> _Piece:
    if text and _DECIMAL.fullmatch(text):
        return _Piece((digits(text),), ATOM)
    minus = (MINUS,) if value < 0 else ()
    tight = UNARY if value < 0 else ATOM
    if value.denominator == 1:
        return _Piece((*minus, digits(str(abs(value.numerator)))), tight)
    parts = small_fraction((digits(str(abs(value.numerator))),), (digits(str(value.denominator)),))
    return _Piece((*minus, parts), tight)


def _nested(value: object) -> Parts:
    """Given values: ``(1, 2)``."""
    if isinstance(value, tuple):
        return (fenced(_listed([_nested(part) for part in value])),)
    return _number(value).parts if isinstance(value, Fraction) else (digits(str(value)),)


def _derived(head: Parts, order: int) -> Parts:
    """f′, and from the fourth on f⁽⁴⁾."""
    if order in PRIMES:
        return (primed(row(head), order),)
    return (scripts(row(head), (), (fenced((digits(str(order)),)),)),)


def _positions(orders: Sequence[int]) -> Parts:
    return (digits("".join(str(k + 1) for k, order in enumerate(orders) for _ in range(order))),)


def _piece(tensor: Tensor) -> _Piece:
    match tensor:
        case Number(value=value, text=text):
            return _number(value, text)
        case Constant(name=name):
            return _Piece(write_mathml_name(name), ATOM)
        case SizeNumber(dim=dim):
            return _Piece(_size(dim), ATOM)
        case Variable(symbol=symbol):
            return _Piece(_symbol(symbol), ATOM)
        case Entry():
            return _entry(tensor)
        case Delta(left=left, right=right):
            below = _below((_place(left), _place(right)))
            return _Piece((scripts(letter("δ"), below),), ATOM)
        case IndexSum(indices=indices, body=body):
            over = large("∏" if isinstance(tensor, IndexProduct) else "∑")
            bound = _listed([_place(index) for index in indices])
            return _Piece((limits(over, bound), *_piece(body).at(PRODUCT)), SUM)
        case Call():
            return _call(tensor)
        case Derivative():
            return _derivative(tensor)
        case Differential(body=body):
            inner = _piece(body)
            shown = inner.parts if inner.tight == ATOM else (fenced(inner.parts),)
            return _Piece((upright("d"), *shown), POWER)
        case Limit():
            return _limit(tensor)
        case Apply():
            return _apply(tensor)
        case Marked(inner=inner_part):
            made = _piece(inner_part)
            return _Piece((f'<mrow class="wrong">{"".join(made.parts)}</mrow>',), made.tight)
    raise AssertionError(f"unknown kind of formula {type(tensor).__name__}")


def _limit(tensor: Limit) -> _Piece:
    side = tensor.side
    if tensor.target is None:
        to: Parts = (*((MINUS,) if side == "-" else ()), letter("∞"))
    else:
        to = _piece(tensor.target).at(POWER if side else SUM)
        to = (scripts(row(to), (), (mark("−" if side == "-" else side),)),) if side else to
    inner = _piece(tensor.body)
    shown = inner.parts if inner.tight >= PRODUCT else (fenced(inner.parts),)
    below = (*_symbol(tensor.variable), sign("→"), *to)
    return _Piece((limits(LIM, below), *shown), SUM)


def _entry(tensor: Entry) -> _Piece:
    indices = tensor.indices
    match tensor.base:
        case Variable(symbol=symbol):
            return _Piece(_symbol(symbol, indices), ATOM)
        case Differential(body=Variable(symbol=symbol)):
            return _Piece((upright("d"), *_symbol(symbol, indices)), POWER)
        case Derivative(body=Variable(symbol=above), by=by, at=None, local=False):
            cut = len(above.shape)
            over = (letter("∂"), *_symbol(above, _named(indices[:cut])))
            under = (letter("∂"), *_symbol(by, _named(indices[cut:])))
            return _Piece((fraction(over, under),), POWER)
        case Call(function=function, args=(argument,), derivatives=(1,)) if function.domain[0]:
            cut = len(function.codomain)
            name = write_mathml_name(function.name, places=_latex_places(_named(indices[:cut])))
            return _partial(name, (), _named(indices[cut:]), _piece(argument).parts)
        case Derivative() as derivative if (slope := slope_of(derivative)) is not None:
            if not slope.alike:
                return _slope(slope, indices)
    inner = fenced(_piece(tensor.base).parts)
    return _Piece((scripts(inner, _below([_place(index) for index in indices])),), ATOM)


def _call(tensor: Call) -> _Piece:
    name = write_mathml_name(tensor.function.name)
    args = _listed([_piece(arg).parts for arg in tensor.args])
    orders = tensor.derivatives
    if any(orders):
        function = tensor.function
        scalar = function.elementwise or (function.domain == ((),) and function.codomain == ())
        if len(tensor.args) > 1:
            name = (scripts(letter("∂"), _positions(orders)), *name)
        elif scalar:
            name = _derived(name, orders[0])
        else:
            above = (digits(str(orders[0])),) if orders[0] > 1 else ()
            name = (scripts(upright("D"), (), above), *name)
    return _Piece((*name, APPLY, fenced(args)), ATOM)


def _slope(slope: Slope, places: tuple[Place, ...] = ()) -> _Piece:
    """The derivative of a known function: tanh′(x), or with its places ∂ᵢ softmaxₖ(x)."""
    shown = slope.args if slope.op else (slope.argument,)
    args = _listed([_piece(arg).parts for arg in shown])
    if slope.op:
        head = _head(slope.op)
    else:
        parameter = write_mathml_name(slope.parameter.name)
        head = (fenced((*parameter, sign("↦"), *_piece(slope.body).parts)),)
    if len(slope.args) > 1:
        orders = [0] * slope.position + [slope.order]
        head = (scripts(letter("∂"), _positions(orders)), *head)
        return _Piece((*head, APPLY, fenced(args)), ATOM)
    if slope.alike:
        return _Piece((*_derived(head, slope.order), APPLY, fenced(args)), ATOM)
    cut = len(slope.body.shape)
    if places and slope.order == 1:
        return _partial(head, _named(places[:cut]), _named(places[cut:]), args)
    above = (digits(str(slope.order)),) if slope.order > 1 else ()
    return _Piece((scripts(upright("D"), (), above), *head, APPLY, fenced(args)), POWER)


def _partial(head: Parts, components: tuple[Place, ...], marks: tuple[Place, ...], args: Parts) -> _Piece:
    """∂ᵢAₖ(v)."""
    start = scripts(letter("∂"), _below([_place(index) for index in marks]))
    below = _below([_place(index) for index in components])
    shown = (scripts(row(head), below),) if below else head
    return _Piece((start, *shown, APPLY, fenced(args)), POWER)


def _derivative(tensor: Derivative) -> _Piece:
    slope = slope_of(tensor)
    if slope is not None:
        return _slope(slope)
    below = (letter("∂"), *_symbol(tensor.by, tensor.at or ()))
    match tensor.body:
        case Variable() | Entry(base=Variable()):
            parts: Parts = (fraction((letter("∂"), *_piece(tensor.body).parts), below),)
        case _:
            parts = (fraction((letter("∂"),), below), fenced(_piece(tensor.body).parts))
    if tensor.local:
        bar = fenced(parts, "", "|")
        return _Piece((scripts(bar, (words("local"),)),), POWER)
    return _Piece(parts, POWER)


def _apply(tensor: Apply) -> _Piece:
    pieces = [_piece(arg) for arg in tensor.args]
    match tensor.op:
        case "add" | "sub":
            loose = isinstance(tensor.args[1], IndexSum | Limit)
            second = pieces[1].parts if loose else pieces[1].at(PRODUCT)
            second = (fenced(second),) if pieces[1].tight == UNARY else second
            between = sign("+" if tensor.op == "add" else "−")
            return _Piece((*_left(tensor.args[0], pieces[0], SUM), between, *second), SUM)
        case "neg":
            loose = isinstance(tensor.args[0], IndexSum | Limit)
            return _Piece((MINUS, *(pieces[0].parts if loose else _unsigned(pieces[0]))), UNARY)
        case "mul" | "matmul" | "outer" | "kron" | "cross" | "contract":
            return _product(tensor, pieces)
        case "div":
            if tensor.args[1].shape:
                left = _left(tensor.args[0], pieces[0], PRODUCT)
                return _signed((*left, sign("⊘"), *pieces[1].at(POWER)))
            return _quotient(tensor.args[0], pieces)
        case "pow":
            return _power(tensor, pieces)
        case "transpose":
            return _Piece((scripts(row(pieces[0].at(ATOM)), (), (mark("⊤"),)),), POWER)
        case "inv":
            return _Piece((scripts(row(pieces[0].at(ATOM)), (), (MINUS, digits("1"))),), POWER)
        case "mpow":
            above = _number(Fraction(tensor.params[0])).parts
            return _Piece((scripts(row(pieces[0].at(ATOM)), (), above),), POWER)
        case "eye" | "ones" | "zeros":
            base = {"eye": letter("I"), "ones": bold("1"), "zeros": bold("0")}[tensor.op]
            return _Piece((scripts(base, _listed([_size(p) for p in tensor.params])),), ATOM)
        case "block" | "concat":
            rows = tuple(
                tuple(
                    (scripts(row(pieces[k].at(ATOM)), (), (mark("⊤"),)),) if lies else pieces[k].parts
                    for k, lies in line
                )
                for line in cells_of(tensor)
            )
            return _Piece((fenced((grid(rows),)),), ATOM)
        case "part":
            places = _listed([(digits(str(number)),) for number in tensor.params])
            return _Piece((scripts(fenced(pieces[0].parts, "[", "]"), places),), ATOM)
        case "array":
            return _Piece(_nested(tensor.params[0]), ATOM)
        case "gathered":
            return _Piece((fenced(_listed([p.parts for p in pieces])),), ATOM)
        case "rearranged":
            head = scripts(letter("rearranged"), _listed([_size(p) for p in tensor.params[1]]))
            return _Piece((head, APPLY, fenced(pieces[0].parts)), POWER)
        case "coefficient":
            of = fenced((upright("d"), *pieces[1].at(ATOM)), "[", "]")
            return _Piece((of, space("0.17em"), fenced(pieces[0].parts)), PRODUCT)
        case "where":
            return _cases(tensor, pieces)
    return _function(tensor, pieces)


def _cases(tensor: Apply, pieces: list[_Piece]) -> _Piece:
    left, right, then, other = (piece.parts for piece in pieces)
    compared = (words("if\u00a0"), *left, sign(RELATIONS[tensor.params[0]]), *right)
    rows = grid(((then, compared), (other, (words("otherwise"),))))
    return _Piece((fenced((rows,), "{", ""),), SUM)


def _power(tensor: Apply, pieces: list[_Piece]) -> _Piece:
    base, exponent = tensor.args
    up = pieces[1].parts
    if isinstance(exponent, Number) and exponent.value.denominator != 1:
        above, below = exponent.value.numerator, exponent.value.denominator
        up = (*_number(Fraction(above)).parts, mark("/"), digits(str(below)))
    elif isinstance(exponent, Apply) and exponent.op == "div":
        first, second = (_piece(part).at(POWER) for part in exponent.args)
        up = (*first, mark("/"), *second)
    ring = (mark("⊙"),) if base.shape else ()
    return _Piece((scripts(row(pieces[0].at(ATOM)), (), (*ring, *up)),), POWER)


def _function(tensor: Apply, pieces: list[_Piece]) -> _Piece:
    args = _listed([*(piece.parts for piece in pieces), *(_param(tensor.op, p) for p in tensor.params)])
    if len(pieces) == 1:
        if tensor.op in _FENCES:
            shown = fenced(args, *_FENCES[tensor.op])
            below = _NORMS.get(tensor.op)
            return _Piece((scripts(shown, (below,)) if below else shown,), ATOM)
        if tensor.op == "sqrt":
            return _Piece((root(args),), ATOM)
        if tensor.op == "logdet":
            inner = (letter("det"), APPLY, space("0.17em"), *pieces[0].at(ATOM))
            return _Piece((letter("log"), APPLY, fenced(inner, "|", "|")), ATOM)
    if tensor.op == "det":
        return _Piece((letter("det"), APPLY, space("0.17em"), *pieces[0].at(ATOM)), PRODUCT)
    return _Piece((*_head(tensor.op), APPLY, fenced(args)), POWER)


def _quotient(above: Tensor, pieces: list[_Piece]) -> _Piece:
    """A fraction; a derivative stands beside it, as in LaTeX."""
    if not _PARTIAL.search("".join(pieces[0].parts)) or "<mfrac" in "".join(pieces[1].parts):
        return _Piece((fraction(pieces[0].parts, pieces[1].parts),), POWER)
    beside = _left(above, pieces[0], PRODUCT)
    signs = int(beside[:1] == (MINUS,))
    one = fraction((digits("1"),), pieces[1].parts)
    dot = sign("⋅") if "".join(beside[signs : signs + 1]).startswith("<mfrac") else TIMES
    return _signed((*beside[:signs], one, dot, *beside[signs:]))


def _signed(product: Parts) -> _Piece:
    """A product; one that begins with its sign needs brackets where a sign does."""
    return _Piece(product, UNARY if product[0] == MINUS else PRODUCT)


def _left(tensor: Tensor, piece: _Piece, least: int) -> Parts:
    """The operand that something follows: a Σ would swallow it."""
    return (fenced(piece.parts),) if _swallows(tensor) else piece.at(least)


def _swallows(tensor: Tensor) -> bool:
    """Whether what follows would be read as belonging to it."""
    match tensor:
        case Marked(inner=inner) | Apply(op="neg", args=(inner,)):
            return _swallows(inner)
    return isinstance(tensor, IndexSum | Limit)


def _is_product(tensor: Tensor, piece: _Piece) -> bool:
    """Whether a formula is set as a product, its sign before it or not."""
    return piece.tight == PRODUCT or (piece.tight == UNARY and operation_of(tensor) not in ("neg", ""))


def _unsigned(piece: _Piece) -> Parts:
    return piece.parts if piece.tight >= PRODUCT and piece.tight != UNARY else (fenced(piece.parts),)


def _product(tensor: Apply, pieces: list[_Piece]) -> _Piece:
    first, second = tensor.args
    left, right = _left(first, pieces[0], PRODUCT), _unsigned(pieces[1])
    bracketed_right = (fenced(pieces[1].parts),)
    paired = tensor.op == "mul" and bool(first.shape) and bool(second.shape)
    if tensor.op in ("outer", "kron", "cross") or paired:
        # ⊙ and ⊗ beside each other have no order that readers agree on
        alike = ("mul",) if paired else ("div",)
        apart = operation_of(first) not in alike and (paired or not is_fraction(first))
        if _is_product(first, pieces[0]) and apart:
            left = (fenced(pieces[0].parts),)
        if _is_product(second, pieces[1]):
            right = bracketed_right
    if paired or (tensor.op in _BETWEEN and tensor.op != "mul"):
        return _signed((*left, sign(_BETWEEN[tensor.op]), *right))
    if tensor.op == "matmul":
        if len(first.shape) == 1 and not is_row(first):
            left = (scripts(row(pieces[0].at(ATOM)), (), (mark("⊤"),)),)
        elif mixes(first):
            left = (fenced(left),)
        right = bracketed_right if mixes(second) else right
    dotted = _LEADING_DIGIT.match("".join(right)) or meet(first, second)
    return _signed((*left, sign("⋅") if dotted else TIMES, *right))
