"""What is raised means what was lowered: at unequal sizes, in floating point, by an independent oracle."""

from __future__ import annotations

import math
from operator import attrgetter

import pytest
from oracle import Oracle
from rows import GRADIENTS, JACOBIANS, Row, f

from symcheck.differentiation import differentiate
from symcheck.language.claim import Assumptions, Graph
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.operand import LoweredGraph
from symcheck.language.tensor import Symbol, Tensor, structure, variable
from symcheck.lowering import lower_graph, lower_tensor
from symcheck.raising import lowered_again, raise_checked, raise_node
from symcheck.rendering.text_notation import write

PLAIN = Assumptions()
SIZES = {"n": 3, "m": 2, "k": 4, "N": 5, "h": 2, "d": 2}
OTHER_SIZES = {"n": 2, "m": 4, "k": 3, "N": 3, "h": 3, "d": 3}


def derived(row: Row) -> tuple[Node, tuple[Idx, ...], LoweredGraph]:
    """The derivative of a row's formula with its axes."""
    table = Table()
    symbols = row.symbols()
    formula: Tensor = row.formula(**{name: variable(symbol) for name, symbol in symbols.items()})
    graph = lower_graph(Graph(), PLAIN, table)
    operand = lower_tensor(formula, PLAIN, table)
    by = symbols[row.wrt]
    place = tuple(table.fresh("j", size[0]) for size in by.shape)
    node = differentiate(table.D(operand.body, by, place), graph)
    return node, (*operand.idxs, *place), graph


def agree(left: Node, right: Node, axes: tuple[Idx, ...]) -> bool:
    """Whether two nodes have the same values at two unequal choices of sizes."""
    for seed, sizes in enumerate((SIZES, OTHER_SIZES)):
        oracle = Oracle(sizes, seed)
        pairs = zip(oracle.values(left, axes), oracle.values(right, axes), strict=True)
        if not all(math.isclose(a, b, rel_tol=1e-8, abs_tol=1e-8) for a, b in pairs):
            return False
    return True


@pytest.mark.parametrize("row", GRADIENTS + JACOBIANS, ids=attrgetter("name"))
def test_a_raised_derivative_keeps_its_value(row: Row) -> None:
    node, axes, graph = derived(row)
    raised = raise_node(node, axes, graph)
    assert raised is not None
    assert raised.matrix == row.matrix
    assert agree(node, lowered_again(raised, axes, graph), axes)


@pytest.mark.parametrize(
    "row", [row for row in GRADIENTS + JACOBIANS if row.reads is not None], ids=attrgetter("name")
)
def test_a_well_known_derivative_is_written_as_people_write_it(row: Row) -> None:
    node, axes, graph = derived(row)
    raised = raise_node(node, axes, graph)
    assert raised is not None
    if isinstance(row.reads, str):
        assert write(raised.tensor) == row.reads
    else:
        assert row.reads is not None
        wanted = row.reads(**{name: variable(symbol) for name, symbol in row.symbols().items()})
        assert structure(raised.tensor) == structure(wanted), write(raised.tensor)


@pytest.mark.parametrize("row", GRADIENTS + JACOBIANS, ids=attrgetter("name"))
def test_what_is_raised_has_the_shape_of_its_axes(row: Row) -> None:
    node, axes, graph = derived(row)
    raised = raise_node(node, axes, graph)
    assert raised is not None
    expected = tuple((i.dim,) for i in axes) if raised.matrix else ()
    assert raised.tensor.shape == expected
    assert [i.dim for i in raised.free] == ([] if raised.matrix else [i.dim for i in axes])


def test_nothing_is_returned_that_the_prover_does_not_confirm() -> None:
    node, axes, graph = derived(GRADIENTS[0])
    asked: list[Node] = []

    def refuse(left: Node, right: Node) -> bool:
        asked.append(right)
        return False

    assert raise_checked(node, axes, graph, PLAIN, refuse) is None
    assert len(asked) == 2  # matrix notation, then index notation


def test_index_notation_is_returned_where_only_that_is_confirmed() -> None:
    node, axes, graph = derived(next(row for row in GRADIENTS if row.name == "quadratic form"))
    answers = iter((False, True))
    raised = raise_checked(node, axes, graph, PLAIN, lambda left, right: next(answers))
    assert raised is not None
    assert not raised.matrix
    assert write(raised.tensor) in (
        "sum(k, A[i,k]*x[k]) + sum(l, x[l]*A[l,i])",
        "sum(j, A[i,j]*x[j]) + sum(k, x[k]*A[k,i])",
    )
    assert agree(node, lowered_again(raised, axes, graph), axes)


def test_names_of_indices_avoid_symbols_and_sizes() -> None:
    i, j, k = (Symbol(name, ((dim,),)) for name, dim in (("i", "n"), ("j", "n"), ("k", "l")))
    table = Table()
    graph = lower_graph(Graph(), PLAIN, table)
    operand = lower_tensor(f.outer(variable(i) * variable(j), variable(k)), PLAIN, table)
    place = (table.fresh("j", "n"),)
    node = differentiate(table.D(operand.body, i, place), graph)
    raised = raise_node(node, (*operand.idxs, *place), graph)
    assert raised is not None
    assert [index.name for index in raised.free] == ["i", "m", "p"]
