"""The layers of a file: classes with `forward` and `backward`, pairs NAME_forward and NAME_backward."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symcheck.errors import UsageError
from symcheck.layers.source import Source

FORWARD, BACKWARD = "_forward", "_backward"
CACHES = frozenset(("cache", "caches", "ctx", "context", "saved", "memory"))
"""What people call the parameter of NAME_backward that is no gradient."""


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """One layer as code."""

    name: str
    owner: Any
    """The class; None for a pair of functions."""
    forward: Any
    backward: Any

    @property
    def title(self) -> str:
        """The first line of its docstring, or what it is made of."""
        document = (self.owner if self.owner is not None else self.forward).__doc__ or ""
        lines = document.strip().splitlines()
        if lines and not lines[0].lower().startswith("shapes:"):
            return lines[0].strip()
        if self.owner is not None:
            return f"forward and backward of {self.name}"
        return f"{self.forward.__name__} and {self.backward.__name__}"

    @property
    def namespace(self) -> dict[str, Any]:
        """The names of the file it stands in."""
        found: dict[str, Any] = getattr(inspect.unwrap(self.forward), "__globals__", {})
        return found

    def inputs(self) -> list[inspect.Parameter]:
        """The parameters of forward, without self."""
        return parameters(self.forward, self.owner)

    def constructor(self) -> list[inspect.Parameter]:
        """The parameters of __init__, without self; none for functions."""
        if self.owner is None or self.owner.__init__ is object.__init__:
            return []
        return parameters(self.owner.__init__, self.owner)


def parameters(function: Any, owner: Any = None) -> list[inspect.Parameter]:
    """What a function takes besides self, ``*args`` and ``**options``."""
    found = list(inspect.signature(function).parameters.values())
    if owner is not None and not isinstance(
        inspect.getattr_static(owner, function.__name__, None), staticmethod
    ):
        found = found[1:]
    plain = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [parameter for parameter in found if parameter.kind not in plain]


def layers_in(namespace: Mapping[str, Any], module: str) -> list[Layer]:
    """Every layer that a file defines itself, in order."""
    found: list[Layer] = []
    for name, value in namespace.items():
        if getattr(value, "__module__", None) != module:
            continue
        layer = layer_of(value, namespace) if inspect.isclass(value) or name.endswith(FORWARD) else None
        if layer is not None:
            found.append(layer)
    return found


def layer_of(value: Any, namespace: Mapping[str, Any]) -> Layer | None:
    """The layer that a class, or the forward function of a pair, is; None if it is none."""
    if inspect.isclass(value):
        forward, backward = getattr(value, "forward", None), getattr(value, "backward", None)
        if not (inspect.isfunction(forward) and inspect.isfunction(backward)):
            return None
        if Source(forward).raises_not_implemented():
            return None
        return Layer(value.__name__, value, forward, backward)
    if inspect.isfunction(value) and value.__name__.endswith(FORWARD):
        name = value.__name__.removesuffix(FORWARD)
        backward = namespace.get(name + BACKWARD)
        if name and inspect.isfunction(backward):
            return Layer(name, None, value, backward)
    return None


def the_layer(value: Any) -> Layer:
    """The layer that a class or a forward function is.  Errors: UsageError."""
    found = layer_of(value, getattr(value, "__globals__", {}))
    if found is None:
        name = getattr(value, "__name__", repr(value))
        raise UsageError(
            f"{name} is no layer",
            hint="a layer is a class with forward and backward, or a pair NAME_forward, NAME_backward",
        )
    return found
