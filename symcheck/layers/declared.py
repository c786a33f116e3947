"""The shapes of what a layer takes: ``shapes = "x: N n; W: n m; b: m"``, annotations, or none at all.

Read from, the first that names something winning: annotations of forward (``x: "N n"``), ``shapes`` of the
class or function, a line ``shapes: …`` in a docstring, ``shapes`` of the file.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symcheck.errors import ReadError
from symcheck.language.shape import Dim, Shape
from symcheck.layers.shaping import Dims
from symcheck.reading.declarations import declare_in
from symcheck.reading.scope import Scope

SIZE = "n"
"""The size of an input of which no shape is given."""
_LINE = re.compile(r"^\s*shapes:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(r"""^(['"])(.*)\1$""")


@dataclass(frozen=True, slots=True)
class Declared:
    """Names with their shapes, as NumPy counts axes, and what is assumed of them."""

    dims: Mapping[str, Dims]
    own: frozenset[str] = frozenset()
    """The names that the layer itself declares; those of the whole file may be of other layers."""
    assumed: tuple[str, ...] = ()

    def sizes(self) -> list[Dim]:
        """Every symbolic size, in order of first appearance."""
        return list(dict.fromkeys(d for dims in self.dims.values() for d in dims if isinstance(d, str)))


def read(text: str) -> dict[str, Dims]:
    """``x: N n; b: 1 m; t: scalar`` → dims.  Errors: those of declarations."""
    scope = Scope()
    declare_in(scope, text)
    if scope.definitions or scope.functions:
        raise ReadError("shapes declare names and nothing else", hint="shapes = 'x: N n; W: n m; b: m'")
    return {scope.written[name]: _dims(symbol.shape) for name, symbol in scope.variables.items()}


def _dims(shape: Shape) -> Dims:
    for size in shape:
        if len(size) != 1:
            raise ReadError("an axis of a layer's input has a plain size", hint="shapes = 'x: N n'")
    return tuple(size[0] for size in shape)


def declared(owner: Any, forward: Any, namespace: Mapping[str, Any]) -> Declared:
    """Everything that is said about the inputs of a layer."""
    own: dict[str, Dims] = {}
    for text in _texts(owner, forward):
        own.update(read(text))
    own.update(_annotations(forward))
    common = read(_given(namespace, "shapes"))
    assumed = getattr(owner, "assume", None) or getattr(forward, "assume", None) or ()
    given = (assumed,) if isinstance(assumed, str) else tuple(assumed)
    return Declared({**common, **own}, frozenset(own), given)


def _given(namespace: Mapping[str, Any], name: str) -> str:
    value = namespace.get(name, "")
    return value if isinstance(value, str) else ""


def _texts(owner: Any, forward: Any) -> list[str]:
    texts = []
    for part in dict.fromkeys((owner, forward)):
        document = inspect.getdoc(part) if part is forward or inspect.isclass(part) else None
        texts += [match.group(1).strip().rstrip(".") for match in _LINE.finditer(document or "")]
        own = getattr(part, "shapes", "")
        if isinstance(own, str) and own:
            texts.append(own)
    return texts


def _annotations(forward: Any) -> dict[str, Dims]:
    found: dict[str, Dims] = {}
    for name, note in getattr(forward, "__annotations__", {}).items():
        if not isinstance(note, str) or name == "return":
            continue
        # with `from __future__ import annotations` the text is quoted once more
        quoted = _QUOTED.match(note)
        text = quoted.group(2) if quoted else note
        future = "annotations" in getattr(forward, "__globals__", {})
        if (quoted or not future) and re.fullmatch(r"[\w\s,×()]+", text):
            found.update(read(f"{name}: {text}"))
    return found
