"""Files with layers: each becomes a derivation of its own.  Loading such a file runs its code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symcheck.errors import ReadError, UsageError
from symcheck.language.claim import Claim, Expectation
from symcheck.language.derivation import Item, Lecture
from symcheck.layers.claims import Naming, layer_claims
from symcheck.layers.finding import Layer, layer_of, layers_in, the_layer
from symcheck.reading.builder import Derivation, lectures_in
from symcheck.reading.python_file import run_file
from symcheck.reading.scope import Scope


def load_file(path: str | Path, name: str = "", *, seconds: float = 10.0) -> list[Lecture]:
    """The derivations of a file; of one that builds none its layers; with a name the one of this name.

    Units: `seconds` is wall time for one run of a layer.
    Errors: those of running the file; ReadError if nothing in it is ours; UsageError for an unknown name.
    """
    module = run_file(path)
    built = lectures_in(vars(module))
    chosen = [lecture for lecture in built if not name or lecture.name == name]
    if chosen:
        return chosen
    layers = layers_in(vars(module), module.__name__)
    if name:
        imported = layer_of(vars(module).get(name), vars(module))
        layers = [layer for layer in layers if layer.name == name] or [
            x for x in (imported,) if x is not None
        ]
        if not layers:
            names = [*(b.name for b in built), *(x.name for x in layers_in(vars(module), module.__name__))]
            hint = f"it holds {', '.join(names)}" if names else None
            raise UsageError(f"no derivation {name!r} in {path}", hint=hint)
    if not layers:
        raise ReadError(
            f"{path} builds no derivation and has no layer",
            code="SC003",
            hint="lecture = Derivation('name', title='…'), or a class with forward and backward",
        )
    return [lecture_of(layer, seconds=seconds) for layer in layers]


def lecture_of(layer: Layer, *, seconds: float = 10.0) -> Lecture:
    """One layer as a derivation of its own."""
    said = layer_claims(layer, Scope(), Naming(layer.name), seconds=seconds)
    return Lecture(
        name=layer.name,
        title=layer.title,
        inputs=said.scope.inputs(),
        graph=said.scope.graph(),
        assumptions=said.scope.assumptions(),
        output=said.output,
        items=said.items,
    )


def add_layer(
    derivation: Derivation,
    value: Any,
    *,
    name: str = "",
    expect: str | Mapping[str, str] = "proved",
    note: str = "",
    seconds: float = 10.0,
) -> list[Claim]:
    """The claims of a layer, added to a derivation; `expect` for all, or by the name of the input.

    Its output is called as the layer is, in small letters, or `name`.
    Errors: UsageError if the value is no layer, or if an expectation is none.
    """
    layer = the_layer(value)
    out = name or layer.name.lower()
    try:
        wanted = {"": expect} if isinstance(expect, str) else dict(expect)
        expected = {key: Expectation(word) for key, word in wanted.items()}
    except ValueError:
        raise UsageError(f"expect={expect!r} is none of {', '.join(Expectation)}") from None
    naming = Naming(derivation.name, out, f"upstream_{out}", f"L_{out}")
    said = layer_claims(layer, derivation.scope, naming, expect=expected, note=note, seconds=seconds)
    items: tuple[Item, ...] = said.items
    derivation.extend(items)
    return [item for item in items if isinstance(item, Claim)]
