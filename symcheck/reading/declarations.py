"""Declarations in text: ``'x: n; V: h n; t: scalar'``, ``'sigma: elementwise; A: n -> m'``, ``'p = V @ x'``.

Items are parted by ``;`` or line ends.  Sizes of one shape are parted by blanks, commas or ``×``; of a
function the commas part its arguments: ``(N m) -> scalar`` takes a matrix, ``(n, m) -> scalar`` two vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from symcheck.errors import BadCall, ReadError, SymcheckError
from symcheck.language.shape import Dim, Shape, Size
from symcheck.reading.elaborate import read_formula
from symcheck.reading.letters import is_name
from symcheck.reading.lexer import Token, split_at, tokenize
from symcheck.reading.places import Place, located
from symcheck.reading.scope import Scope

_FORMS = "x: n  or  V: h n  or  t: scalar  or  sigma: elementwise  or  A: n -> m  or  p = V @ x"
_PARTS = re.compile(r"[;\n]")


def declare_in(scope: Scope, text: str, place: Place | None = None) -> None:
    """Declare or define everything that `text` says, in order.

    Errors: ReadError and its kin; they know where they stand if `place` says where the text does.
    """
    start = 0
    for end in [*(match.start() for match in _PARTS.finditer(text)), len(text)]:
        item = text[start:end]
        if item.strip() and not item.lstrip().startswith("#"):
            try:
                _item(scope, item, start)
            except SymcheckError as error:
                error.span = error.span or (
                    start + len(item) - len(item.lstrip()),
                    start + len(item.rstrip()),
                )
                if place is not None:
                    located(error, text, place)
                raise
        start = end + 1


def _item(scope: Scope, item: str, offset: int) -> None:
    colon, equals = item.find(":"), item.find("=")
    if colon >= 0 and item[colon : colon + 2] != ":=" and not 0 <= equals < colon:
        _declare(scope, item[:colon], item[colon + 1 :], offset + colon + 1)
    elif equals > 0:
        head = item[:equals].rstrip(": \t")
        name = head.strip()
        if not is_name(name):
            raise ReadError(
                f"{name!r} is no name to define",
                span=(offset, offset + len(head)),
                hint="a definition names a whole tensor: z = theta @ x"
                if "[" in name
                else f"write a name before the sign =; declarations are written {_FORMS}",
            )
        scope.define(name, read_formula(item[equals + 1 :], scope, offset + equals + 1))
    else:
        raise ReadError(f"{item.strip()!r} declares nothing", hint=f"write {_FORMS}")


def _declare(scope: Scope, names: str, spec: str, offset: int) -> None:
    wanted = [name.strip() for name in names.split(",")]
    tokens = tokenize(spec, offset, any_level)
    arrow = any(token.is_op("->") for token in tokens)
    for name in wanted:
        if not arrow and [token.text for token in tokens[:-1]] == ["elementwise"]:
            scope.declare_function(name, ((),), (), elementwise=True)
        elif arrow:
            domain, codomain = _signature(tokens)
            scope.declare_function(name, domain, codomain)
        else:
            scope.declare(name, read_shape(tokens))


def any_level(name: str) -> bool:
    """In a shape no index stands, so every level belongs to the size before it."""
    return not name.isascii()


def declare_function(scope: Scope, name: str, spec: str) -> None:
    """One undefined function: ``elementwise``, ``n -> m``, ``(scalar, scalar) -> scalar``."""
    if spec.strip() != "elementwise" and "->" not in spec and "→" not in spec:
        raise BadCall(
            f"{spec!r} says nothing of the function {name}",
            hint="write elementwise, n -> m, (N m) -> scalar or (scalar, scalar) -> scalar",
        )
    _declare(scope, name, spec, 0)


def _signature(tokens: list[Token]) -> tuple[tuple[Shape, ...], Shape]:
    """``(N m, n) -> k`` → the shapes of the arguments and of the value."""
    parts = split_at(tokens, "->")
    if len(parts) != 2:
        raise ReadError("a function has one ->", span=tokens[0].span)
    left = _unwrapped(parts[0])
    domain = tuple(read_shape(argument) for argument in split_at(left, ","))
    return domain, read_shape(parts[1])


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """Without brackets around the whole."""
    inner = tokens[:-1]
    if not inner or not inner[0].is_op("(") or not inner[-1].is_op(")"):
        return tokens
    depth = 0
    for position, token in enumerate(inner):
        depth += token.is_op("(")
        depth -= token.is_op(")")
        if depth == 0:
            return tokens if position < len(inner) - 1 else [*inner[1:-1], tokens[-1]]
    return tokens


def read_shape(tokens: list[Token]) -> Shape:
    """``scalar``, ``n``, ``h n``, ``(n, m)``, ``n×m``, ``2 n``; ``m·n`` is one axis of length mn."""
    words = _unwrapped(tokens)[:-1]
    if not words:
        if len(tokens) > 1:
            return ()
        raise ReadError("a shape is missing", span=tokens[-1].span, hint=f"write {_FORMS}")
    if len(words) == 1 and words[0].text == "scalar":
        return ()
    shape: list[Size] = []
    join = False
    for position, token in enumerate(words):
        if token.is_op(",", "×") and 0 < position < len(words) - 1:
            continue
        if token.is_op("·") and shape and position < len(words) - 1:
            join = True
            continue
        dim = _dim(token)
        shape[len(shape) - join :] = [(*shape[-1], dim) if join else (dim,)]
        join = False
    return tuple(shape)


def _dim(token: Token) -> Dim:
    if token.kind == "name" and token.text not in ("scalar", "vector", "matrix", "elementwise"):
        return token.text
    if token.kind == "num" and token.value >= 1 and int(token.value) == token.value:
        return int(token.value)
    if token.kind == "name":
        raise ReadError(f"{token.text!r} is no size", span=token.span, hint=f"write {_FORMS}")
    raise ReadError("a size is a name or a number from 1 on", span=token.span, hint=f"write {_FORMS}")


def shape_from(sizes: Iterable[object]) -> Shape:
    """The shape of a list of names and numbers, as claims files hold it.  Errors: ReadError."""
    shape: list[Size] = []
    for size in sizes:
        if isinstance(size, str) and is_name(size):
            shape.append((tokenize(size, 0, any_level)[0].text,))
        elif isinstance(size, int) and not isinstance(size, bool) and size >= 1:
            shape.append((size,))
        else:
            raise ReadError(f"{size!r} is no size", hint="a size is a name or a number from 1 on")
    return tuple(shape)
