"""Tensor → text in the author's notation, read back by symcheck's own reader to the same structure.

Python's precedence, fewest brackets.  A Leibniz fraction is one primary; inside a power, an entry, a
transpose or a denominator it still gets brackets, for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

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
    Index,
    IndexProduct,
    IndexSum,
    Limit,
    Number,
    Place,
    SizeNumber,
    Symbol,
    Tensor,
    Variable,
    walk,
)
from symcheck.reading.vocabulary import AXIS
from symcheck.rendering.names import greek, spelled

SUM, PRODUCT, UNARY, POWER, FRACTION, ATOM = range(1, 7)
"""How tightly a text holds together.  FRACTION: a Leibniz fraction, a primary to the reader."""

_INFIX = {
    "add": ("+", SUM),
    "sub": ("-", SUM),
    "mul": ("*", PRODUCT),
    "div": ("/", PRODUCT),
    "matmul": ("@", PRODUCT),
}
_FIRST_PARAM = frozenset({"expint", "besselj", "bessely", "besseli", "besselk"})
"""Functions whose order, if it is a parameter, is written before the argument."""

Names = dict[Index, str]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text and how tightly it holds together."""

    text: str
    tight: int

    def at(self, least: int) -> str:
        """The text, in brackets if it holds less tightly than needed."""
        return self.text if self.tight >= least else f"({self.text})"


def write(tensor: Tensor, *, ascii: bool = False) -> str:
    """The formula as text; `ascii` writes ``d``, ``chain(a, b)`` and spelled Greek names.

    A fraction without a spelling of its own (``Number.text``) is written 1/2, which reads back as a
    division; everything else reads back to the same `structure`.
    """
    return _Writer(ascii).piece(tensor, {}).text


def write_name(name: str, *, ascii: bool = False) -> str:
    """A name as text: ``epsilon`` as ε unless in ASCII."""
    return spelled(name) if ascii else greek(name)


def write_entry(name: str, indices: tuple[str, ...]) -> str:
    """``x[i,0]``; a scalar is the bare name."""
    return f"{name}[{','.join(indices)}]" if indices else name


def nested(value: object) -> str:
    """Nested values as ``[[1, 2], [3, 4]]``, without quotes."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(nested, value))}]"
    return str(value)


class _Writer:
    """Writes formulas in one spelling."""

    def __init__(self, ascii: bool) -> None:
        self.ascii = ascii
        self.partial = "d" if ascii else "∂"

    def name(self, name: str) -> str:
        return write_name(name, ascii=self.ascii)

    def dim(self, dim: Dim) -> str:
        if isinstance(dim, Joined):
            return " + ".join(map(self.param, dim.parts))
        return self.name(dim) if isinstance(dim, str) else str(dim)

    def index(self, index: Place, names: Names) -> str:
        if index is None:
            return ":"
        return str(index) if isinstance(index, int) else self.name(names.get(index, index.name))

    def piece(self, tensor: Tensor, names: Names) -> _Piece:
        match tensor:
            case Number(value=value, text=text):
                return self.number(value, text)
            case Constant(name=name):
                return _Piece(self.name(name), ATOM)
            case SizeNumber(dim=dim):
                return _Piece(self.dim(dim), ATOM)
            case Variable(symbol=symbol):
                return _Piece(self.name(symbol.shown), ATOM)
            case Entry(base=base, indices=indices):
                inner = self.piece(base, names).at(ATOM)
                places = tuple(self.index(i, names) for i in indices)
                return _Piece(write_entry(inner, places), ATOM)
            case Delta(left=left, right=right):
                return _Piece(f"delta({self.index(left, names)}, {self.index(right, names)})", ATOM)
            case IndexSum(indices=indices, body=body):
                inner_names = names | _fresh(indices, body, names)
                bound = ", ".join(self.index(i, inner_names) for i in indices)
                over = "prod" if isinstance(tensor, IndexProduct) else "sum"
                return _Piece(f"{over}({bound}, {self.piece(body, inner_names).text})", ATOM)
            case Call():
                return self.call(tensor, names)
            case Derivative():
                return self.derivative(tensor, names)
            case Differential(body=Variable(symbol=symbol)):
                return _Piece(f"d{self.name(symbol.shown)}", ATOM)
            case Differential(body=body):
                return _Piece(f"d({self.piece(body, names).text})", ATOM)
            case Limit():
                return self.limit(tensor, names)
            case Apply():
                return self.apply(tensor, names)
        raise AssertionError(f"unknown kind of formula {type(tensor).__name__}")

    def number(self, value: Fraction, text: str) -> _Piece:
        if text and _spells(text, value):
            return _Piece(text, ATOM)
        if value.denominator == 1:
            return _Piece(str(value), ATOM if value >= 0 else UNARY)
        return _Piece(str(value), PRODUCT)

    def call(self, tensor: Call, names: Names) -> _Piece:
        name = self.name(tensor.function.shown)
        args = ", ".join(self.piece(a, names).text for a in tensor.args)
        orders = tensor.derivatives
        if not any(orders):
            return _Piece(f"{name}({args})", ATOM)
        if len(tensor.args) == 1:
            scalar = tensor.function.domain == ((),) and tensor.function.codomain == ()
            if scalar or tensor.function.elementwise:
                return _Piece(f"{name}{chr(39) * orders[0]}({args})", ATOM)
            places = ["1"] * orders[0] if orders[0] > 1 else []
        else:
            places = [str(k + 1) for k, order in enumerate(orders) for _ in range(order)]
        return _Piece(f"D({', '.join([name, *places])})({args})", ATOM)

    def slope(self, slope: Slope, names: Names) -> _Piece:
        """The derivative of a known function: tanh'(x), D(softmax)(x), D(z -> z @ z)(x)."""
        primes = "'" * slope.order
        argument = self.piece(slope.argument, names).text
        if slope.op:
            args = ", ".join(self.piece(arg, names).text for arg in slope.args)
            if len(slope.args) > 1:
                head = ", ".join([slope.op, *[str(slope.position + 1)] * slope.order])
                return _Piece(f"D({head})({args})", ATOM)
            if slope.alike:
                return _Piece(f"{slope.op}{primes}({args})", ATOM)
            return _Piece(f"{'D(' * slope.order}{slope.op}{')' * slope.order}({args})", ATOM)
        formula = f"{self.name(slope.parameter.name)} -> {self.piece(slope.body, names).text}"
        if slope.alike:
            return _Piece(f"({formula}){primes}({argument})", ATOM)
        return _Piece(f"{'D(' * slope.order}{formula}{')' * slope.order}({argument})", ATOM)

    def derivative(self, tensor: Derivative, names: Names) -> _Piece:
        slope = slope_of(tensor)
        if slope is not None:
            return self.slope(slope, names)
        by = self.name(tensor.by.shown)
        places = () if tensor.at is None else tuple(self.index(i, names) for i in tensor.at)
        below = write_entry(by, places)
        if tensor.local:
            return _Piece(f"local({self.piece(tensor.body, names).text}, {below})", ATOM)
        match tensor.body:
            case Variable() | Entry(base=Variable()):
                above = self.piece(tensor.body, names).text
                return _Piece(f"{self.partial}{above}/{self.partial}{below}", FRACTION)
        return _Piece(f"d({self.piece(tensor.body, names).text})/d{below}", FRACTION)

    def limit(self, tensor: Limit, names: Names) -> _Piece:
        """lim(w -> inf, body)"""
        if tensor.target is None:
            to = ("-" if tensor.side == "-" else "") + ("inf" if self.ascii else "∞")
        else:
            target = self.piece(tensor.target, names)
            to = (target.at(POWER) if tensor.side else target.text) + tensor.side
        arrow = "->" if self.ascii else "→"
        body = self.piece(tensor.body, names).text
        return _Piece(f"lim({self.name(tensor.variable.name)} {arrow} {to}, {body})", ATOM)

    def apply(self, tensor: Apply, names: Names) -> _Piece:
        pieces = [self.piece(a, names) for a in tensor.args]
        match tensor.op:
            case "add" | "sub" | "mul" | "div" | "matmul":
                return self.infix(tensor, pieces)
            case "neg":
                return _Piece(f"-{pieces[0].at(UNARY if _is_leaf(tensor.args[0]) else POWER)}", UNARY)
            case "pow":
                exponent = pieces[1].at(POWER)
                return _Piece(f"{pieces[0].at(ATOM)}**{exponent}", POWER)
            case "transpose":
                return _Piece(f"{pieces[0].at(ATOM)}.T", ATOM)
            case "outer" if not self.ascii:
                left = pieces[0].at(UNARY if _mixes(tensor.args[0], tensor) else PRODUCT)
                return _Piece(f"{left} ⊗ {pieces[1].at(UNARY + 1)}", PRODUCT)
            case "contract":
                return self.contract(tensor, pieces)
            case "array":
                return _Piece(nested(tensor.params[0]), ATOM)
            case "gathered":
                return _Piece(_rows([p.text for p in pieces], tensor.params), ATOM)
            case "block":
                return _Piece(_blocks([p.text for p in pieces], *map(len, tensor.params)), ATOM)
            case "rearranged":
                sizes = ", ".join(map(self.param, tensor.params[1]))
                return _Piece(f"rearranged({pieces[0].text}, ({sizes}))", ATOM)
            case "where":
                left, right, then, other = (p.text for p in pieces)
                return _Piece(f"where({left} {tensor.params[0]} {right}, {then}, {other})", ATOM)
        axis = "axis=" if tensor.op in AXIS else ""
        params = [f"{axis}{self.param(p)}" for p in tensor.params]
        args = [p.text for p in pieces]
        listed = params + args if tensor.op in _FIRST_PARAM else args + params
        return _Piece(f"{tensor.op}({', '.join(listed)})", ATOM)

    def infix(self, tensor: Apply, pieces: list[_Piece]) -> _Piece:
        sign, tight = _INFIX[tensor.op]
        left = pieces[0].at(UNARY if _mixes(tensor.args[0], tensor) else tight)
        # a fraction below a bar, and a sign after an operator, are bracketed for people only
        least = ATOM if tensor.op == "div" else UNARY + 1
        if tensor.op == "div" and pieces[1].tight == POWER:
            least = POWER
        if tight == SUM and pieces[1].tight == PRODUCT and not pieces[1].text.startswith("-"):
            least = PRODUCT
        right = pieces[1].at(least)
        if tensor.op == "mul" and not self.ascii and _is_chain(tensor):
            return _Piece(f"{left} · {right}", tight)
        if tensor.op == "div" and isinstance(tensor.args[1], Differential):
            right = f"({right})"  # otherwise d(e)/dx would read as a Leibniz fraction
        roomy = sign in "+-@" or "∂" in left + right or any(map(_needs_room, tensor.args))
        return _Piece(f"{left} {sign} {right}" if roomy else f"{left}{sign}{right}", tight)

    def contract(self, tensor: Apply, pieces: list[_Piece]) -> _Piece:
        if _is_link(tensor.args[0]) and _is_link(tensor.args[1]) and not self.ascii:
            return _Piece(f"{pieces[0].at(PRODUCT)} · {pieces[1].at(UNARY + 1)}", PRODUCT)
        left, right = tensor.args
        plain = 1 <= len(left.shape) <= 2 and 1 <= len(right.shape) <= 2 and tensor.params[0] == 1
        if plain and not (_is_link(left) and _is_link(right)):
            return _Piece(f"{pieces[0].at(PRODUCT)} @ {pieces[1].at(UNARY + 1)}", PRODUCT)
        return _Piece(f"chain({pieces[0].text}, {pieces[1].text})", ATOM)

    def param(self, param: object) -> str:
        if isinstance(param, tuple):
            beside = len(param) > 1
            return "*".join(
                f"({self.dim(d)})" if beside and isinstance(d, Joined) else self.dim(d) for d in param
            )
        return str(param)


def _blocks(blocks: list[str], height: int, width: int) -> str:
    """hstack(A, B), vstack(A, C), block([[A, B], [C, D]])."""
    if height == 1 < width or width == 1 < height:
        return f"{'hstack' if height == 1 else 'vstack'}({', '.join(blocks)})"
    rows = (", ".join(blocks[k : k + width]) for k in range(0, len(blocks), width))
    return f"block([{', '.join(f'[{line}]' for line in rows)}])"


def _rows(entries: list[str], shape: tuple[object, ...]) -> str:
    """Entries as nested lists; the lengths of all axes but the first are not needed for one axis."""
    if len(shape) < 2:
        return f"[{', '.join(entries)}]"
    lengths = [size[0] for size in shape[1:] if isinstance(size, tuple) and isinstance(size[0], int)]
    if len(lengths) < len(shape) - 1:
        return f"gathered({', '.join(entries)})"
    width = prod(lengths)
    rows = (entries[k : k + width] for k in range(0, len(entries), width))
    return f"[{', '.join(_rows(row, shape[1:]) for row in rows)}]"


def _spells(text: str, value: Fraction) -> bool:
    try:
        return Fraction(text) == value and "/" not in text and not text.startswith("-")
    except ValueError:
        return False


def _is_leaf(tensor: Tensor) -> bool:
    return isinstance(tensor, Apply) and tensor.op == "neg"


def _needs_room(tensor: Tensor) -> bool:
    """Whether a tight sign beside it would mislead the eye, though not the reader."""
    match tensor:
        case Derivative(local=False):
            return True
        case Apply(op="matmul" | "outer" | "contract"):
            return True
        case Apply(op="mul" | "div", args=(left, right)):
            return _needs_room(left) or _needs_room(right)
    return False


def _mixes(left: Tensor, tensor: Tensor) -> bool:
    """Whether products entry by entry and of another kind meet: both are read from the left, but people
    want brackets."""
    elementwise, other = ("mul", "div"), ("matmul", "outer", "contract")
    if not isinstance(left, Apply) or not isinstance(tensor, Apply):
        return False
    if tensor.op in other:
        return left.op in elementwise and all(arg.shape for arg in left.args)
    return left.op in other and tensor.op in elementwise and bool(left.shape) and bool(tensor.args[1].shape)


def _last_link(tensor: Tensor) -> Derivative | None:
    """The Leibniz fraction that a chain ends in."""
    match tensor:
        case Derivative():
            return tensor
        case Apply(op="contract" | "mul", args=(_, last)):
            return _last_link(last)
    return None


def _is_link(tensor: Tensor) -> bool:
    """A Leibniz fraction, or a chain that ends in one."""
    return _last_link(tensor) is not None


def _is_chain(tensor: Apply) -> bool:
    """Whether a product is ∂f/∂h · ∂h/∂e: the second fraction is about the variable of the first."""
    left, right = _last_link(tensor.args[0]), tensor.args[1]
    if left is None or left.at is not None or not isinstance(right, Derivative):
        return False
    return isinstance(right.body, Variable) and right.body.symbol is left.by


def _fresh(bound: tuple[Index, ...], body: Tensor, names: Names) -> Names:
    """Names for bound indices that clash with nothing that `body` uses from outside."""
    taken: set[str] = set()
    for node in walk(body):
        match node:
            case Variable(symbol=Symbol(name=name)) | Derivative(by=Symbol(name=name)):
                taken.add(name)
            case SizeNumber(dim=str() as dim):
                taken.add(dim)
        taken.update(names.get(i, i.name) for i in _indices_of(node) if i not in bound)
    chosen: Names = {}
    for index in bound:
        name, k = index.name, 0
        while name in taken:
            k += 1
            name = f"{index.name}{k}"
        taken.add(name)
        chosen[index] = name
    return chosen


def _indices_of(node: Tensor) -> list[Index]:
    """The indices that stand directly in a node; those that it binds are left out."""
    places: tuple[Place, ...] = ()
    match node:
        case Entry(indices=indices):
            places = indices
        case Delta(left=left, right=right):
            places = (left, right)
        case Derivative(at=tuple() as at):
            places = at
    return [i for i in places if isinstance(i, Index)]
