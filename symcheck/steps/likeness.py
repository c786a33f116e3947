"""When two lines are written alike: equal but for brackets, the order of terms and factors, names of bound
indices, and notation (∂ε/∂p[i] and (∂ε/∂p)[i]).

The key of a formula is a nested tuple.  Equal keys mean equal formulas; what a lecturer would give a
reason for (a law, a definition, a number worked out) changes the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any

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
    Tensor,
    Variable,
)

Key = tuple[Any, ...]
Names = Mapping[Index, str]

NONE: Names = {}
MOST_BOUND = 3
"""Sums over more indices at once are compared in the order written."""
DIAGONAL = frozenset({"eye", "diag"})


class Keys:
    """Keys of formulas; each formula's is worked out once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, tuple[tuple[Index, str], ...]], tuple[Tensor, Key]] = {}

    def of(self, tensor: Tensor, names: Names = NONE) -> Key:
        """The key, bound indices named by `names`."""
        place = (id(tensor), tuple(names.items()))
        found = self._known.get(place)
        if found is None:
            # the formula is kept: an id names it only while it lives
            found = self._known[place] = (tensor, _ordered(self, tensor, names))
        return found[1]


def alike(left: Tensor, right: Tensor) -> bool:
    """Whether two formulas are written alike."""
    keys = Keys()
    return keys.of(left) == keys.of(right)


def _ordered(keys: Keys, tensor: Tensor, names: Names) -> Key:
    match tensor:
        case Number(value=value):
            return ("number", value)
        case Constant(name=name):
            return ("constant", name)
        case SizeNumber(dim=dim):
            return ("size", str(dim))
        case Variable(symbol=symbol):
            return ("name", symbol.name)
        case Delta(left=left, right=right):
            return ("delta", *sorted((_at(left, names), _at(right, names))))
        case Call(function=function, args=args, derivatives=derivatives):
            orders = derivatives or (0,) * len(args)
            return ("call", function.name, orders, *(keys.of(arg, names) for arg in args))
        case Differential(body=Entry(base=base, indices=indices)):
            return (
                "entry",
                keys.of(Differential(base.shape, base), names),
                *(_at(i, names) for i in indices),
            )
        case Differential(body=body):
            return ("differential", keys.of(body, names))
        case Derivative():
            return _derivative(keys, tensor, (), names)
        case Entry(base=Apply(op="transpose", args=(inner,)), indices=(index,)):
            return keys.of(Entry((), inner, (index,)), names)
        case Entry(base=Derivative(at=None) as base, indices=indices):
            return _derivative(keys, base, indices, names)
        case Entry(base=base, indices=indices):
            return ("entry", keys.of(base, names), *(_at(i, names) for i in indices))
        case IndexSum():
            return _sum(keys, tensor, names)
        case Limit(body=body, variable=variable, target=target, side=side):
            to = () if target is None else keys.of(target, names)
            return ("limit", variable.name, to, side, keys.of(body, names))
        case Apply():
            return _operation(keys, tensor, names)
    raise AssertionError(f"unknown kind of formula {type(tensor).__name__}")


def _at(index: Place, names: Names) -> str:
    if index is None:
        return ":"
    # two indices that stand free in one claim have two names
    return str(index) if isinstance(index, int) else names.get(index, index.name)


def _derivative(keys: Keys, tensor: Derivative, places: tuple[Place, ...], names: Names) -> Key:
    """All indices in one row: those of the body first, then those of the variable."""
    body: Tensor = tensor.body
    at = tensor.at
    if isinstance(body, Entry) and at is not None:
        places, at = (*body.indices, *at), None
        body = body.base
    elif at is not None and not body.shape:
        places, at = at, None
    place = tuple(_at(i, names) for i in places)
    entry = None if at is None else tuple(_at(i, names) for i in at)
    return ("derivative", keys.of(body, names), tensor.by.name, tensor.local, entry, place)


def _sum(keys: Keys, tensor: IndexSum, names: Names) -> Key:
    bound, body = list(tensor.indices), tensor.body
    kind = type(tensor)
    word = "product over" if kind is IndexProduct else "sum over"
    while isinstance(body, IndexSum) and type(body) is kind and not set(bound).intersection(body.indices):
        bound += body.indices
        body = body.body
    orders = permutations(bound) if len(bound) <= MOST_BOUND else [tuple(bound)]
    found = []
    for order in orders:
        inner = {**names, **{index: f"#{len(names) + k}" for k, index in enumerate(order)}}
        ranges = tuple(str(index.dim) for index in order)
        found.append((word, ranges, keys.of(body, inner)))
    return min(found, key=repr)


# -- operations ----------------------------------------------------------------------------------


def _operation(keys: Keys, tensor: Apply, names: Names) -> Key:
    match tensor.op, tensor.args:
        case ("add" | "sub", _):
            return _terms(keys, tensor, names)
        case "neg", _:
            return _terms(keys, tensor, names)
        case ("mul" | "div" | "matmul" | "outer" | "contract", _):
            return _signed(keys, tensor, names)
        case "transpose", (inner,):
            return _signed(keys, tensor, names) if len(inner.shape) == 2 else keys.of(inner, names)
    args = (keys.of(arg, names) for arg in tensor.args)
    return ("operation", tensor.op, tuple(map(str, tensor.params)), *args)


def _terms(keys: Keys, tensor: Tensor, names: Names) -> Key:
    """A sum, its terms in order, their signs inside: −(a − b) is b − a."""
    found: list[tuple[Key, int]] = []

    def gather(part: Tensor, sign: int) -> None:
        match part:
            case Apply(op="add", args=(left, right)):
                gather(left, sign)
                gather(right, sign)
            case Apply(op="sub", args=(left, right)):
                gather(left, sign)
                gather(right, -sign)
            case Apply(op="neg", args=(inner,)):
                gather(inner, -sign)
            case _:
                key = keys.of(part, names)
                if key[0] == "minus":
                    key, sign = key[1], -sign
                found.append((key, sign))

    gather(tensor, 1)
    if len(found) == 1:
        return found[0][0] if found[0][1] > 0 else ("minus", found[0][0])
    return ("sum", tensor.shape, *sorted(found, key=repr))


class _Product:
    """What stands in a product: sign, factors above and below the line, and one of matrices."""

    def __init__(self, keys: Keys, names: Names) -> None:
        self.keys = keys
        self.names = names
        self.sign = 1
        self.above: list[Key] = []
        self.below: list[Key] = []

    def put(self, tensor: Tensor, *, below: bool = False) -> None:
        """A factor entry by entry."""
        match tensor:
            case Apply(op="neg", args=(inner,)):
                self.sign = -self.sign
                self.put(inner, below=below)
            case Apply(op="mul", args=(left, right)):
                self.put(left, below=below)
                self.put(right, below=below)
            case Apply(op="contract", args=(left, right), params=(0,)) if not left.shape:
                self.put(left, below=below)
                self.put(right, below=below)
            case Apply(op="div", args=(left, right)):
                self.put(left, below=below)
                self.put(right, below=not below)
            case Apply(op="matmul" | "outer" | "contract" | "transpose"):
                self.listed(self.linear(tensor), below)
            case Number(value=value) if value == 1:
                pass
            case _:
                key = self.keys.of(tensor, self.names)
                if key[0] == "minus":
                    self.sign, key = -self.sign, key[1]
                self.listed(key, below)

    def listed(self, key: Key, below: bool) -> None:
        (self.below if below else self.above).append(key)

    def linear(self, tensor: Tensor) -> Key:
        """A product of matrices and vectors, a transpose: numbers and signs in it are taken out."""
        match tensor:
            case Apply(op="matmul", args=(left, right)):
                return _chained(self, left, right, 1)
            case Apply(op="contract", args=(left, right), params=(count,)):
                return _chained(self, left, right, int(count))
            case Apply(op="outer", args=(left, right)):
                return ("outer", self.linear(left), self.linear(right))
            case Apply(op="transpose", args=(inner,)) if len(inner.shape) == 2:
                return _transpose(self.linear(inner))
            case Apply(op="transpose", args=(inner,)):
                return self.linear(inner)
            case Apply(op="neg", args=(inner,)):
                self.sign = -self.sign
                return self.linear(inner)
            case Apply(op="mul" | "contract", args=(left, right)) if not left.shape or not right.shape:
                number, other = (left, right) if not left.shape else (right, left)
                self.put(number)
                return self.linear(other)
            case Apply(op="div", args=(left, right)) if not right.shape and left.shape:
                self.put(right, below=True)
                return self.linear(left)
        key = self.keys.of(tensor, self.names)
        if key[0] == "minus":
            self.sign, key = -self.sign, key[1]
        return key


def _transpose(key: Key) -> Key:
    if key[0] == "transpose":
        inner: Key = key[1]
        return inner
    if key[0] == "operation" and key[1] in DIAGONAL:
        return key
    if key[0] == "operation" and key[1] in ("ones", "zeros"):
        return (*key[:2], key[2][::-1], *key[3:])
    return ("transpose", key)


def _signed(keys: Keys, tensor: Tensor, names: Names) -> Key:
    product = _Product(keys, names)
    product.put(tensor)
    above, below = sorted(product.above, key=repr), sorted(product.below, key=repr)
    if len(above) == 1 and not below:
        key = above[0]
    elif not above and not below:
        key = ("number", 1)
    else:
        # a factor that is repeated along an axis tells no shape by itself
        key = ("product", tensor.shape, tuple(above), tuple(below))
    return key if product.sign > 0 else ("minus", key)


def _chained(product: _Product, left: Tensor, right: Tensor, count: int) -> Key:
    """Factors that contract one after the other, brackets left out; two vectors in any order."""
    left_key, right_key = product.linear(left), product.linear(right)
    if count == 1 and len(left.shape) == len(right.shape) == 1:
        return _dotted(left_key, right_key)
    links = [*_links(left_key, len(left.shape)), count, *_links(right_key, len(right.shape))]
    for before, link, after in zip(links[1::2], links[2::2], links[3::2], strict=False):
        if before + after > link[1]:
            # two contractions with the same axis: here brackets count
            return ("chained", (left_key, len(left.shape)), count, (right_key, len(right.shape)))
    return ("chained", *links)


def _links(key: Key, rank: int) -> list[Any]:
    return list(key[1:]) if key[0] == "chained" else [(key, rank)]


def _dotted(left: Key, right: Key) -> Key:
    """u · v = v · u; a row u A and a column B v meet in one product u A B v."""
    a, b = _links(left, 1), _links(right, 1)
    if _is_row(a) and _is_column(b) and not (_is_row(b) and _is_column(a)):
        return ("chained", *a, 1, *b)
    if _is_row(b) and _is_column(a) and not (_is_row(a) and _is_column(b)):
        return ("chained", *b, 1, *a)
    return ("dot", *sorted((left, right), key=repr))


def _is_row(links: list[Any]) -> bool:
    return bool(links[0][1] == 1)


def _is_column(links: list[Any]) -> bool:
    return bool(links[-1][1] == 1)
