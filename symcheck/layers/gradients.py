"""Which of the things that backward left behind is the gradient in which input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from symcheck.errors import LayerFailed
from symcheck.layers.finding import Layer
from symcheck.layers.running import FORWARD, Input, Outcome
from symcheck.layers.source import Source, Written

SPELLINGS = ("d{}", "d_{}", "grad_{}", "{}_grad", "{}_bar")
"""How people call the gradient in x."""
STORES = ("grads", "gradients")
"""Attributes that hold several of them."""


@dataclass(frozen=True, slots=True)
class Gradient:
    """What the layer says the derivative in one input is."""

    input: Input
    value: Any
    written: Written | None
    """Its code and place, where they can be told."""


def gradients(layer: Layer, inputs: Sequence[Input], outcome: Outcome) -> list[Gradient]:
    """Returned ones, then attributes.  Errors: LayerFailed if there are none, or more than inputs."""
    source = Source(layer.backward)
    found = [*_returned(layer, inputs, outcome.returned, source)]
    seen = {id(gradient.value) for gradient in found}
    for gradient in _stored(inputs, outcome, source):
        if id(gradient.value) not in seen:
            seen.add(id(gradient.value))
            found.append(gradient)
    if not found:
        raise LayerFailed(
            "backward leaves no gradient behind, so that there is nothing to compare",
            hint="return it, or keep it as self.dW",
        )
    return found


def _returned(layer: Layer, inputs: Sequence[Input], value: Any, source: Source) -> Iterator[Gradient]:
    handed = [one for one in inputs if one.role == FORWARD]
    whole = source.returned_whole()
    if value is None:
        return
    if isinstance(value, dict):
        for key, part in value.items():
            one = _named(inputs, str(key))
            if one is None:
                raise LayerFailed(
                    f"backward returns {key!r}, and {layer.name} has no such input",
                    hint=f"its inputs are {', '.join(i.name for i in inputs)}",
                )
            if part is not None:
                text = f"{whole.text if whole else 'backward()'}[{key!r}]"
                yield Gradient(one, part, Written(text, whole.location if whole else None))
        return
    parts = list(value) if isinstance(value, tuple | list) else [value]
    targets = inputs if len(parts) > len(handed) else handed
    if len(parts) > len(targets) or (len(handed) < len(parts) < len(inputs)):
        raise LayerFailed(
            f"backward returns {len(parts)} gradients, {layer.name} has {len(inputs)} inputs",
            hint="one gradient for each parameter of forward, in their order",
        )
    for number, (one, part) in enumerate(zip(targets, parts, strict=False)):
        if part is not None:
            yield Gradient(one, part, source.result(number, len(parts)))


def _named(inputs: Sequence[Input], key: str) -> Input | None:
    return next((one for one in inputs if key in (one.name, *(s.format(one.name) for s in SPELLINGS))), None)


def _stored(inputs: Sequence[Input], outcome: Outcome, source: Source) -> Iterator[Gradient]:
    held = getattr(outcome.instance, "__dict__", {})
    for one in inputs:
        for name in (spelling.format(one.name) for spelling in SPELLINGS):
            if held.get(name) is not None:
                yield Gradient(
                    one, held[name], source.attribute(name) or Written(f"self.{name}", source.place())
                )
        value = getattr(held.get(one.name), "grad", None)
        if value is not None:
            yield Gradient(
                one, value, source.attribute("grad") or Written(f"self.{one.name}.grad", source.place())
            )
    parameters = [one for one in inputs if one.role != FORWARD]
    for name in STORES:
        store = held.get(name)
        place = source.attribute(name)
        where = place.location if place is not None else source.place()
        if isinstance(store, dict):
            for key, part in store.items():
                known = _named(inputs, str(key))
                if known is not None and part is not None:
                    yield Gradient(known, part, Written(f"self.{name}[{key!r}]", where))
        elif isinstance(store, list | tuple) and len(store) == len(parameters):
            for number, (one, part) in enumerate(zip(parameters, store, strict=True)):
                if part is not None:
                    yield Gradient(one, part, Written(f"self.{name}[{number}]", where))
