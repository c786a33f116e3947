"""Right layers are proved, wrong ones refuted; difference quotients in floating point say the same."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import numpy as np
import pytest
from layer_rows import ROWS, Row

from symcheck.api import check_lecture, derive
from symcheck.language.derivation import Lecture
from symcheck.language.verdict import Judgement, Proved, Refuted
from symcheck.layers.declared import declared
from symcheck.layers.files import lecture_of
from symcheck.layers.finding import Layer, the_layer

EACH = pytest.mark.parametrize("row", ROWS, ids=str)
STEP = 1e-5


@cache
def lecture(row: int) -> Lecture:
    return lecture_of(the_layer(ROWS[row].layer))


def judged(row: Row) -> dict[str, Judgement]:
    """Name of the input → what was found of the gradient in it."""
    judgements = check_lecture(lecture(ROWS.index(row)))
    return {judgement.claim.id.rpartition("∂")[2]: judgement for judgement in judgements}


def test_there_are_as_many_wrong_layers_as_right_ones() -> None:
    wrong = sum(bool(row.wrong) for row in ROWS)
    assert wrong >= len(ROWS) - wrong


@EACH
def test_right_gradients_are_proved_and_wrong_ones_refuted(row: Row) -> None:
    found = judged(row)
    assert set(row.wrong) <= set(found)
    for name, judgement in found.items():
        if name in row.wrong:
            assert isinstance(judgement.verdict, Refuted), (name, judgement.verdict)
            assert judgement.verdict.witness is not None or judgement.verdict.code == "SC100"
        else:
            assert isinstance(judgement.verdict, Proved), (name, judgement.verdict)
            assert judgement.verdict.scope == row.scope


@EACH
def test_every_gradient_in_an_input_is_compared(row: Row) -> None:
    layer = the_layer(row.layer)
    names = {*shapes_of(layer, row)[0]} - set(row.made)
    assert set(judged(row)) == names


@EACH
def test_a_claim_stands_where_the_code_does(row: Row) -> None:
    for claim in lecture(ROWS.index(row)).claims:
        assert claim.location is not None
        assert claim.location.file is not None
        assert claim.location.file.endswith("layer_rows.py")
        line = claim.location.source.strip()
        # what super().backward stored is told at the head of the method that called it
        assert "return" in line or "=" in line or line.startswith("def backward"), line


@EACH
def test_a_layer_can_be_derived(row: Row) -> None:
    report = derive(lecture(ROWS.index(row)), oracle="none")
    assert report.sweep is not None


# -- the same in floating point ------------------------------------------------------------------------

SIZES = {"N": 2, "n": 3, "m": 4, "d": 5, "e": 2}


def shapes_of(layer: Layer, row: Row) -> tuple[dict[str, tuple[int, ...]], list[str]]:
    """The shapes at explicit sizes of everything that has a gradient, and the names that forward takes."""
    dims = dict(declared(layer.owner, layer.forward, layer.namespace).dims)
    handed = [parameter.name for parameter in layer.inputs()]
    for name in handed:
        dims.setdefault(name, ("n",))
    shapes = {
        name: tuple(SIZES[dim] if isinstance(dim, str) else dim for dim in sizes)
        for name, sizes in dims.items()
    }
    return shapes, handed


def on_numbers(layer: Layer, row: Row, values: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Forward on arrays of numbers: (output, cache or object, the function that goes back)."""
    _, handed = shapes_of(layer, row)
    arguments = {name: values[name].copy() for name in handed}
    if layer.owner is None:
        out, kept = layer.forward(**arguments)
        return out, kept, lambda g: layer.backward(g, kept)
    made = {p.name: values[p.name].copy() for p in layer.constructor() if p.name in values}
    instance = layer.owner(**made, **row.made)
    for name, value in values.items():
        if name not in handed and name not in made:
            setattr(instance, name, value.copy())
    return instance.forward(**arguments), instance, instance.backward


def difference_quotient(layer: Layer, row: Row, values: dict[str, Any], name: str) -> Any:
    """∂out/∂name, the axes of the output first."""
    slopes = []
    for place in np.ndindex(values[name].shape):
        ends = []
        for sign in (1, -1):
            moved = {key: value.copy() for key, value in values.items()}
            moved[name][place] += sign * STEP
            ends.append(np.asarray(on_numbers(layer, row, moved)[0], dtype=float))
        slopes.append((ends[0] - ends[1]) / (2 * STEP))
    return np.moveaxis(np.array(slopes), 0, -1).reshape(ends[0].shape + values[name].shape)


def claimed(layer: Layer, instance: Any, back: Any, g: Any) -> dict[str, Any]:
    """What backward says, by the name of the input."""
    takes = len(inspect.signature(back).parameters) > 0
    returned = back(g) if takes else back()
    handed = [parameter.name for parameter in layer.inputs()]
    parts = returned if isinstance(returned, tuple) else (returned,)
    found = dict(zip(handed, parts, strict=True))
    found |= {
        k[1:]: v for k, v in getattr(instance, "__dict__", {}).items() if k in ("dW", "db", "dgamma", "dbeta")
    }
    return found


@EACH
def test_difference_quotients_agree_with_the_verdicts(row: Row) -> None:
    layer = the_layer(row.layer)
    random = np.random.default_rng(5)
    shapes, _ = shapes_of(layer, row)
    values = {name: random.normal(size=shape) for name, shape in shapes.items()}
    out, kept, back = on_numbers(layer, row, values)
    g = random.normal(size=np.shape(out))
    local = layer.owner is not None and not inspect.signature(back).parameters
    for name, value in claimed(layer, kept, back, g).items():
        jacobian = difference_quotient(layer, row, values, name)
        if not local:
            true = np.tensordot(g, jacobian, np.ndim(out))
        elif np.ndim(out) and np.shape(value) != jacobian.shape:
            true, value = jacobian, np.diag(np.broadcast_to(value, np.shape(out)))
        else:
            true = jacobian
        same = np.shape(value) == np.shape(true) and np.allclose(value, true, atol=1e-6)
        assert same == (name not in row.wrong), name
