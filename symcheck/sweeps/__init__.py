"""Sweeps: the forward table, the chain-rule table and the sums over paths that `derive` shows.

In: a lecture and its lowered graph; the prover and the values at the author's point as callables.
Out: a `Sweep` whose rows carry tensors in the author's notation; a renderer writes them.
"""

from __future__ import annotations

from collections.abc import Sequence

from symcheck.language.derivation import Lecture
from symcheck.language.operand import LoweredGraph
from symcheck.language.report import Sweep
from symcheck.language.tensor import Symbol
from symcheck.sweeps.backward import Backward
from symcheck.sweeps.forward import forward_rows
from symcheck.sweeps.modes import modes
from symcheck.sweeps.paths import Paths
from symcheck.sweeps.places import Equal, Places, ValueOf, Write, output_of
from symcheck.sweeps.quotients import numeric as difference_quotients

MOST_SUMS = 12


def sweep(
    lecture: Lecture,
    lowered: LoweredGraph,
    *,
    equal: Equal,
    wrt: Sequence[Symbol] = (),
    value_of: ValueOf | None = None,
    write: Write | None = None,
) -> Sweep:
    """The tables of one derivation.

    `wrt` restricts the chain-rule table to edges on the way to these names, and the sums to them.
    Without `value_of` (no point) the factors of the paths are formulas, written by `write`.
    """
    places = Places(lecture, lowered)
    forward = forward_rows(lecture, places, value_of)
    output = output_of(lecture)
    if output is None:
        return Sweep(forward)
    backward = Backward(output, places, equal, value_of)
    rows = backward.rows(wrt)
    upstream = lecture.graph.upstream(output)
    variables = [
        symbol
        for symbol in (wrt or dict.fromkeys((*lecture.inputs, *lecture.graph.inputs())))
        if not symbol.shape and symbol in upstream and symbol is not output
    ]
    sums = []
    for variable in variables[: None if wrt else MOST_SUMS]:
        paths = Paths(backward, variable, value_of, write)
        if paths.all_scalar():
            sums.append(paths.sum())
    return Sweep(forward, rows, tuple(sums), output.shown)


__all__ = ["Equal", "ValueOf", "Write", "difference_quotients", "modes", "output_of", "sweep"]
