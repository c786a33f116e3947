"""Machine-made formulas: whatever is raised keeps its value, and nearly all of it is matrix notation."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from rows import call, eye, f, sigma
from test_raising import PLAIN, agree

from symcheck.differentiation import differentiate
from symcheck.language.claim import Graph
from symcheck.language.indexed import Table
from symcheck.language.shape import Shape, shape_of
from symcheck.language.tensor import Symbol, Tensor, variable
from symcheck.lowering import lower_graph, lower_tensor
from symcheck.raising import lowered_again, raise_node

n, m = shape_of("n"), shape_of("m")
SHAPES = {"x": n, "y": m, "A": m + n, "B": n + m, "C": n + n, "D": m + m, "t": ()}


class Maker:
    """Formulas of a given shape and depth, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.symbols = [Symbol(name, shape) for name, shape in SHAPES.items()]

    def make(self, shape: Shape, depth: int) -> Tensor:
        fitting = [symbol for symbol in self.symbols if symbol.shape == shape]
        if depth == 0 or self.random.random() < 0.15:
            return variable(self.random.choice(fitting))

        def g(inner: Shape) -> Tensor:
            return self.make(inner, depth - 1)

        o = self.random.choice((n, m))
        choices = (self.scalars, self.vectors, self.matrices)[len(shape)](g, shape, o)
        return self.random.choice(choices)()

    def scalars(self, g: Callable[[Shape], Tensor], s: Shape, o: Shape) -> list[Callable[[], Tensor]]:
        return [
            lambda: g(o) @ g(o),
            lambda: f.sumall(g(o)),
            lambda: f.sumall(g(m + n)),
            lambda: f.tr(g(o + o)),
            lambda: g(()) * g(()),
            lambda: f.norm2(g(o)),
            lambda: f.logsumexp(g(o)),
            lambda: f.normF(g(m + n)),
            lambda: f.logdet(g(n + n) + 5 * eye("n")),
        ]

    def vectors(self, g: Callable[[Shape], Tensor], s: Shape, o: Shape) -> list[Callable[[], Tensor]]:
        return [
            lambda: g(s) + g(s),
            lambda: g(s) * g(s),
            lambda: g(s) - f.mean(g(s)),
            lambda: g(s + o) @ g(o),
            lambda: g(o) @ g(o + s),
            lambda: call(sigma, g(s)),
            lambda: f.softmax(g(s)),
            lambda: g(()) * g(s),
            lambda: f.rowsum(g(s + o)),
            lambda: f.diagpart(g(s + s)),
            lambda: g(s) / f.exp(g(s)),
        ]

    def matrices(self, g: Callable[[Shape], Tensor], s: Shape, o: Shape) -> list[Callable[[], Tensor]]:
        return [
            lambda: g(s) + g(s),
            lambda: g(s) * g(s),
            lambda: g(s[:1] + o) @ g(o + s[1:]),
            lambda: g(s[::-1]).T,
            lambda: f.outer(g(s[:1]), g(s[1:])),
            lambda: f.softmax(g(s)),
            lambda: g(s) - g(s[1:]),
            lambda: call(sigma, g(s)),
            lambda: g(()) * g(s),
        ]


@pytest.mark.parametrize("seed", range(150))
def test_a_random_derivative_keeps_its_value(seed: int) -> None:
    maker = Maker(seed)
    jacobian = seed % 3 == 0
    formula = maker.make(n if jacobian else (), maker.random.choice((2, 3, 4)))
    by = maker.random.choice([s for s in maker.symbols if len(s.shape) < 2 or not jacobian])
    table = Table()
    graph = lower_graph(Graph(), PLAIN, table)
    operand = lower_tensor(formula, PLAIN, table)
    place = tuple(table.fresh("j", size[0]) for size in by.shape)
    node = differentiate(table.D(operand.body, by, place), graph)
    axes = (*operand.idxs, *place)
    raised = raise_node(node, axes, graph)
    assert raised is not None
    try:
        same = agree(node, lowered_again(raised, axes, graph), axes)
    except (OverflowError, ZeroDivisionError):
        pytest.skip("the point is outside the range of floating point")
    assert same
