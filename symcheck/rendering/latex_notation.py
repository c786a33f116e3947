"""Tensor → LaTeX (math mode, amsmath), deterministic and safe to set with plain pdflatex.

Products of scalars stand side by side, ``\\odot`` multiplies and ``\\oslash`` divides entry by entry,
``\\otimes`` is the outer product, ``\\top`` the transpose.  `Symbol.latex` wins over the mapped name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from symcheck.language.registry import REGISTRY
from symcheck.language.shape import Dim, Joined
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
from symcheck.rendering.marking import Marked
from symcheck.rendering.names import latex_name
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

_PLAIN = {
    **{name: f"\\{name}" for name in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{name: f"\\{name}" for name in ("sec", "csc", "cot", "coth", "Phi")},
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "gamma": r"\Gamma",
    "digamma": r"\psi",
    "maximum": r"\max",
    "minimum": r"\min",
    "phi": r"\varphi",
    "heaviside": r"\mathrm{H}",
    "log2": r"\log_{2}",
    "log10": r"\log_{10}",
}
"""Functions whose LaTeX is not \\operatorname of their name."""

_AROUND = {
    "abs": r"\left\lvert {0} \right\rvert",
    "norm1": r"\left\lVert {0} \right\rVert_{1}",
    "norm2": r"\left\lVert {0} \right\rVert",
    "normF": r"\left\lVert {0} \right\rVert_{F}",
    "logdet": r"\log \left\lvert \det {0} \right\rvert",
    "sqrt": r"\sqrt{{0}}",
    "floor": r"\left\lfloor {0} \right\rfloor",
    "ceil": r"\left\lceil {0} \right\rceil",
}
"""Functions written around their argument."""

_SIZES = (
    (r"\Bigg", "Bigg"),
    (r"\bigg", "Bigg"),
    (r"\Big", "bigg"),
    (r"\big", "Big"),
    (r"\frac", "Big"),
    (r"\sum", "Big"),
    (r"\tfrac", "big"),
    (r"\left", "big"),
)
"""What stands inside → the size of the brackets around it, largest first."""

RELATIONS = {"=": "=", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}
"""Relation of a claim → its sign."""
_COMPARE = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "="}
_PART = re.compile(r"part\((\w+), ([\d, ]+)\)")
"""The name of a part of what a name with joined axes stands for."""
_LEADING_DIGIT = re.compile(r"(\\(tfrac|frac)\{)?-?\d")


@dataclass(frozen=True, slots=True)
class _Piece:
    """LaTeX and how tightly it holds together; `subs` are subscripts still open for more."""

    text: str
    tight: int

    def at(self, least: int) -> str:
        """The formula, in brackets if it holds less tightly than needed."""
        return self.text if self.tight >= least else bracketed(self.text)


def bracketed(text: str) -> str:
    """In round brackets as large as what stands inside; but for cases, lines may break within them."""
    if r"\begin" in text:
        return f"\\left( {text} \\right)"
    for inside, size in _SIZES:
        if inside in text:
            return f"\\{size}l( {text} \\{size}r)"
    return f"({text})"


def write_latex(tensor: Tensor) -> str:
    """The formula as LaTeX for math mode."""
    return _piece(tensor).text


def write_latex_name(name: str, latex: str | None = None, places: tuple[str, ...] = ()) -> str:
    """A name, with indices as further subscripts: ``b1`` at i is ``b_{1,i}``."""
    if latex is not None and latex.count("{") == latex.count("}"):
        if not places:
            # a second superscript such as the one of a transpose needs the first one closed
            return f"{{{latex}}}" if "^" in latex or "'" in latex else latex
        return f"{latex if _is_single(latex) else '{' + latex + '}'}_{{{_joined(places)}}}"
    of_part = _PART.fullmatch(name)
    if of_part is not None:
        whole = f"\\left[ {write_latex_name(of_part[1])} \\right]_{{{of_part[2].replace(' ', '')}}}"
        return f"\\bigl( {whole} \\bigr)_{{{_joined(places)}}}" if places else whole
    letter, below = latex_name(name)
    subscripts = ",".join(below)
    if places:
        subscripts = f"{subscripts},{','.join(places)}" if below else _joined(places)
    return f"{letter}_{{{subscripts}}}" if subscripts else letter


def _is_single(latex: str) -> bool:
    return len(latex) == 1 or re.fullmatch(r"\\[A-Za-z]+", latex) is not None


def _joined(places: tuple[str, ...]) -> str:
    letters = all(place.isalpha() for place in places)
    return ("" if letters else ",").join(places)


def _place(index: Place) -> str:
    if index is None:
        return ":"
    return str(index) if isinstance(index, int) else write_latex_name(index.name)


def _places(indices: tuple[Place, ...]) -> tuple[str, ...]:
    return tuple(_place(i) for i in indices)


def _symbol(symbol: Symbol, places: tuple[str, ...] = ()) -> str:
    return write_latex_name(symbol.name, symbol.latex, places)


def _piece(tensor: Tensor) -> _Piece:
    match tensor:
        case Number(value=value, text=text):
            return _number(value, text)
        case Constant(name=name):
            return _Piece(write_latex_name(name), ATOM)
        case SizeNumber(dim=dim):
            return _Piece(str(dim) if isinstance(dim, int) else write_latex_name(dim), ATOM)
        case Variable(symbol=symbol):
            return _Piece(_symbol(symbol), ATOM)
        case Entry():
            return _entry(tensor)
        case Delta(left=left, right=right):
            return _Piece(f"\\delta_{{{_joined(_places((left, right)))}}}", ATOM)
        case IndexSum(indices=indices, body=body):
            bound = ",".join(_places(indices))
            over = "prod" if isinstance(tensor, IndexProduct) else "sum"
            return _Piece(f"\\{over}_{{{bound}}} {_piece(body).at(PRODUCT)}", SUM)
        case Call():
            return _call(tensor)
        case Derivative():
            return _derivative(tensor)
        case Differential(body=body):
            inner = _piece(body)
            text = inner.text if inner.tight == ATOM else bracketed(inner.text)
            return _Piece(f"\\mathrm{{d}}{text}", POWER)
        case Limit(body=body, variable=variable, target=target, side=side):
            if target is None:
                to = ("-" if side == "-" else "") + "\\infty"
            else:
                to = _piece(target).at(POWER if side else SUM) + (f"^{{{side}}}" if side else "")
            inner = _piece(body)
            shown = bracketed(inner.text) if inner.tight < PRODUCT else inner.text
            return _Piece(f"\\lim_{{{_symbol(variable)} \\to {to}}} {shown}", SUM)
        case Apply():
            return _apply(tensor)
        case Marked(inner=inner_part):
            shown_part = _piece(inner_part)
            return _Piece(f"\\symcheckwrong{{{shown_part.text}}}", shown_part.tight)
    raise AssertionError(f"unknown kind of formula {type(tensor).__name__}")


def _number(value: Fraction, text: str) -> _Piece:
    if text and re.fullmatch(r"\d+(\.\d+)?", text):
        return _Piece(text, ATOM)
    if value.denominator == 1:
        return _Piece(str(value), ATOM if value >= 0 else UNARY)
    sign = "-" if value < 0 else ""
    tight = ATOM if value > 0 else UNARY
    return _Piece(f"{sign}\\tfrac{{{abs(value.numerator)}}}{{{value.denominator}}}", tight)


def _named_places(indices: tuple[Place, ...]) -> tuple[str, ...]:
    """The places of a name; none if all its axes stay open."""
    return _places(indices) if any(index is not None for index in indices) else ()


def _entry(tensor: Entry) -> _Piece:
    places = _places(tensor.indices)
    match tensor.base:
        case Variable(symbol=symbol):
            return _Piece(_symbol(symbol, places), ATOM)
        case Differential(body=Variable(symbol=symbol)):
            return _Piece(f"\\mathrm{{d}}{_symbol(symbol, places)}", POWER)
        case Derivative(body=Variable(symbol=above), by=by, at=None, local=False):
            cut = len(above.shape)
            over = _symbol(above, _named_places(tensor.indices[:cut]))
            under = _symbol(by, _named_places(tensor.indices[cut:]))
            return _Piece(_fraction(f"\\partial {over}", f"\\partial {under}"), POWER)
        case Call(function=function, args=(argument,), derivatives=(1,)) if function.domain[0]:
            cut = len(function.codomain)
            letter = write_latex_name(function.name, places=_named_places(tensor.indices[:cut]))
            return _partial(letter, (), _named_places(tensor.indices[cut:]), _piece(argument).text)
        case Derivative() as derivative if (slope := slope_of(derivative)) is not None and not slope.alike:
            return _slope(slope, tensor.indices)
    return _Piece(f"{bracketed(_piece(tensor.base).text)}_{{{_joined(places)}}}", ATOM)


def _call(tensor: Call) -> _Piece:
    letter = write_latex_name(tensor.function.name)
    args = ", ".join(_piece(a).text for a in tensor.args)
    orders = tensor.derivatives
    if any(orders):
        function = tensor.function
        scalar = function.elementwise or (function.domain == ((),) and function.codomain == ())
        if len(tensor.args) > 1:
            marks = "".join(str(k + 1) for k, order in enumerate(orders) for _ in range(order))
            letter = f"\\partial_{{{marks}}}{letter}"
        elif scalar:
            letter += "'" * orders[0] if orders[0] <= 3 else f"^{{({orders[0]})}}"
        else:
            power = f"^{{{orders[0]}}}" if orders[0] > 1 else ""
            letter = f"\\mathrm{{D}}{power}{letter}"
    return _Piece(f"{letter}{bracketed(args)}", ATOM)


def _fraction(above: str, below: str) -> str:
    return f"\\frac{{{above}}}{{{below}}}"


def _slope(slope: Slope, places: tuple[Place, ...] = ()) -> _Piece:
    """The derivative of a known function: \\tanh'(x), or with its places ∂_i softmax_k(x)."""
    args = ", ".join(_piece(arg).text for arg in slope.args) if slope.op else _piece(slope.argument).text
    if slope.op:
        head = head_of(slope.op)
    else:
        parameter = write_latex_name(slope.parameter.name)
        head = bracketed(f"{parameter} \\mapsto {_piece(slope.body).text}")
    if len(slope.args) > 1:
        marks = str(slope.position + 1) * slope.order
        return _Piece(f"\\partial_{{{marks}}}{head}{bracketed(args)}", ATOM)
    if slope.alike:
        marks = "'" * slope.order if slope.order <= 3 else f"^{{({slope.order})}}"
        return _Piece(f"{head}{marks}{bracketed(args)}", ATOM)
    cut = len(slope.body.shape)
    if places and slope.order == 1:
        return _partial(head, _named_places(places[:cut]), _named_places(places[cut:]), args)
    power = f"^{{{slope.order}}}" if slope.order > 1 else ""
    return _Piece(f"\\mathrm{{D}}{power}{head}{bracketed(args)}", POWER)


def _partial(head: str, components: tuple[str, ...], marks: tuple[str, ...], args: str) -> _Piece:
    """∂_i A_k(v)."""
    partial = f"\\partial_{{{_joined(marks)}}} " if marks else "\\partial "
    below = f"_{{{_joined(components)}}}" if components else ""
    return _Piece(f"{partial}{head}{below}{bracketed(args)}", POWER)


def _derivative(tensor: Derivative) -> _Piece:
    slope = slope_of(tensor)
    if slope is not None:
        return _slope(slope)
    below = _symbol(tensor.by, () if tensor.at is None else _places(tensor.at))
    match tensor.body:
        case Variable() | Entry(base=Variable()):
            text = _fraction(f"\\partial {_piece(tensor.body).text}", f"\\partial {below}")
        case _:
            inner = bracketed(_piece(tensor.body).text)
            text = f"{_fraction(chr(92) + 'partial', chr(92) + 'partial ' + below)}{inner}"
    if tensor.local:
        return _Piece(f"\\left.{text}\\right\\rvert_{{\\mathrm{{local}}}}", POWER)
    return _Piece(text, POWER)


def _apply(tensor: Apply) -> _Piece:
    pieces = [_piece(a) for a in tensor.args]
    match tensor.op:
        case "add" | "sub":
            sign = "+" if tensor.op == "add" else "-"
            loose = isinstance(tensor.args[1], IndexSum | Limit)
            second = pieces[1].text if loose else pieces[1].at(PRODUCT)
            second = bracketed(second) if pieces[1].tight == UNARY else second
            return _Piece(f"{_left(tensor.args[0], pieces[0], SUM)} {sign} {second}", SUM)
        case "neg":
            loose = isinstance(tensor.args[0], IndexSum | Limit)
            return _Piece(f"-{pieces[0].text if loose else _unsigned(pieces[0])}", UNARY)
        case "mul" | "matmul" | "outer" | "kron" | "cross" | "contract":
            return _product(tensor, pieces)
        case "div":
            if tensor.args[1].shape:
                left = _left(tensor.args[0], pieces[0], PRODUCT)
                return _signed(f"{left} \\oslash {pieces[1].at(POWER)}")
            return _quotient(tensor.args[0], pieces)
        case "pow":
            return _power(tensor, pieces)
        case "transpose":
            return _Piece(f"{pieces[0].at(ATOM)}^{{\\top}}", POWER)
        case "inv":
            return _Piece(f"{pieces[0].at(ATOM)}^{{-1}}", POWER)
        case "mpow":
            return _Piece(f"{pieces[0].at(ATOM)}^{{{tensor.params[0]}}}", POWER)
        case "eye" | "ones" | "zeros":
            letter = {"eye": "I", "ones": r"\mathbf{1}", "zeros": r"\mathbf{0}"}[tensor.op]
            sizes = ",".join(latex_size(p) for p in tensor.params)
            return _Piece(f"{letter}_{{{sizes}}}", ATOM)
        case "block" | "concat":
            rows = r" \\ ".join(
                " & ".join(f"{pieces[k].at(ATOM)}^{{\\top}}" if lies else pieces[k].text for k, lies in row)
                for row in cells_of(tensor)
            )
            return _Piece(rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}", ATOM)
        case "part":
            places = ",".join(map(str, tensor.params))
            return _Piece(f"\\left[ {pieces[0].text} \\right]_{{{places}}}", ATOM)
        case "array":
            return _Piece(_nested(tensor.params[0]), ATOM)
        case "gathered":
            return _Piece(bracketed(", ".join(p.text for p in pieces)), ATOM)
        case "rearranged":
            sizes = ", ".join(map(latex_size, tensor.params[1]))
            return _Piece(f"\\operatorname{{rearranged}}_{{{sizes}}}{bracketed(pieces[0].text)}", POWER)
        case "coefficient":
            return _Piece(f"[\\mathrm{{d}}{pieces[1].at(ATOM)}] {bracketed(pieces[0].text)}", PRODUCT)
        case "where":
            left, right, then, other = (p.text for p in pieces)
            sign = _COMPARE[tensor.params[0]]
            rows = rf"{then} & \text{{if }} {left} {sign} {right} \\ {other} & \text{{otherwise}}"
            return _Piece(rf"\begin{{cases}} {rows} \end{{cases}}", SUM)
    return _function(tensor, pieces)


def _quotient(above: Tensor, pieces: list[_Piece]) -> _Piece:
    """A fraction; a derivative stands beside it, for within it would be small."""
    if r"\frac{\partial" not in pieces[0].text or r"\frac" in pieces[1].text:
        return _Piece(_fraction(pieces[0].text, pieces[1].text), POWER)
    beside = _left(above, pieces[0], PRODUCT)
    sign = "-" if beside.startswith("-") else ""
    dot = r"\cdot" if beside.startswith((r"\frac", r"-\frac")) else r"\,"
    return _signed(f"{sign}{_fraction('1', pieces[1].text)} {dot} {beside[len(sign) :]}")


def _signed(product: str) -> _Piece:
    """A product; one that begins with its sign needs brackets where a sign does."""
    return _Piece(product, UNARY if product.startswith("-") else PRODUCT)


def _left(tensor: Tensor, piece: _Piece, least: int) -> str:
    """The operand that something follows: a Σ would swallow it."""
    return bracketed(piece.text) if _swallows(tensor) else piece.at(least)


def _swallows(tensor: Tensor) -> bool:
    """Whether what follows would be read as belonging to it."""
    match tensor:
        case Marked(inner=inner) | Apply(op="neg", args=(inner,)):
            return _swallows(inner)
    return isinstance(tensor, IndexSum | Limit)


def _is_product(tensor: Tensor, piece: _Piece) -> bool:
    """Whether a formula is set as a product, its sign before it or not."""
    return piece.tight == PRODUCT or (piece.tight == UNARY and operation_of(tensor) not in ("neg", ""))


def _unsigned(piece: _Piece) -> str:
    return piece.text if piece.tight >= PRODUCT and piece.tight != UNARY else bracketed(piece.text)


def _product(tensor: Apply, pieces: list[_Piece]) -> _Piece:
    left_of, right_of = tensor.args
    left = _left(left_of, pieces[0], PRODUCT)
    right = _unsigned(pieces[1])
    if tensor.op in ("outer", "kron", "cross"):
        # ⊙ and ⊗ beside each other have no order that readers agree on
        stacked = pieces[0].text.startswith(r"\frac") or is_fraction(left_of)
        if _is_product(left_of, pieces[0]) and not stacked:
            left = bracketed(pieces[0].text)
        if _is_product(right_of, pieces[1]):
            right = bracketed(pieces[1].text)
    match tensor.op:
        case "outer" | "kron":
            return _signed(f"{left} \\otimes {right}")
        case "cross":
            return _signed(f"{left} \\times {right}")
        case "contract":
            return _signed(f"{left} \\cdot {right}")
        case "mul" if left_of.shape and right_of.shape:
            if _is_product(left_of, pieces[0]) and operation_of(left_of) != "mul":
                left = bracketed(pieces[0].text)
            if _is_product(right_of, pieces[1]):
                right = bracketed(pieces[1].text)
            return _signed(f"{left} \\odot {right}")
        case "matmul":
            if len(left_of.shape) == 1 and not is_row(left_of):
                left = f"{pieces[0].at(ATOM)}^{{\\top}}"
            elif mixes(left_of):
                left = bracketed(left)
            right = bracketed(pieces[1].text) if mixes(right_of) else right
    dotted = _LEADING_DIGIT.match(right) or meet(left_of, right_of)
    dotted = dotted or (is_fraction(left_of) and is_fraction(right_of))
    return _signed(f"{left} \\cdot {right}" if dotted else f"{left} \\, {right}")


def _power(tensor: Apply, pieces: list[_Piece]) -> _Piece:
    base, exponent = tensor.args
    shown = pieces[0].at(ATOM)
    up = pieces[1].text
    if isinstance(exponent, Number) and exponent.value.denominator != 1:
        up = f"{exponent.value.numerator}/{exponent.value.denominator}"
    elif isinstance(exponent, Apply) and exponent.op == "div":
        up = "/".join(_piece(part).at(POWER) for part in exponent.args)
    ring = "\\odot " if base.shape else ""
    return _Piece(f"{shown}^{{{ring}{up}}}", POWER)


def _function(tensor: Apply, pieces: list[_Piece]) -> _Piece:
    args = ", ".join([*(p.text for p in pieces), *(_param(tensor.op, p) for p in tensor.params)])
    if tensor.op in _AROUND and len(pieces) == 1:
        inner = pieces[0].at(ATOM) if tensor.op == "logdet" else args
        return _Piece(_AROUND[tensor.op].replace("{0}", inner), ATOM)
    if tensor.op == "det":
        return _Piece(f"\\det {pieces[0].at(ATOM)}", PRODUCT)
    return _Piece(f"{head_of(tensor.op)}{bracketed(args)}", POWER)


def head_of(op: str) -> str:
    """The name of an operation, as it stands before its arguments."""
    name = _PLAIN.get(op)
    operation = REGISTRY.get(op)
    if name is None and operation is not None and operation.latex and "{0}" not in operation.latex:
        name = operation.latex
    return name or f"\\operatorname{{{_upright(op)}}}"


def _upright(name: str) -> str:
    return name.replace("_", "\\_")


def _nested(value: object) -> str:
    """Given values: ``(1, 2)``."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_nested, value))})"
    return _number(value, "").text if isinstance(value, Fraction) else str(value)


def _param(op: str, param: object) -> str:
    return f"\\text{{axis }} {param}" if op in AXIS else latex_size(param)


def _dim(dim: Dim, beside: bool) -> str:
    if isinstance(dim, Joined):
        text = " + ".join(map(latex_size, dim.parts))
        return bracketed(text) if beside else text
    return write_latex_name(dim) if isinstance(dim, str) else str(dim)


def latex_size(param: object) -> str:
    if isinstance(param, tuple):
        return " ".join(_dim(d, len(param) > 1) for d in param)
    return str(param)
