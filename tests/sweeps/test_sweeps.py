"""The three tables of a derivation, on graphs from the lectures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

import pytest

from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.numbers import text_of
from symcheck.evaluation.points import point_at
from symcheck.language.claim import Assumptions, Graph
from symcheck.language.derivation import Lecture
from symcheck.language.indexed import Idx, Node, Table
from symcheck.language.operand import LoweredGraph
from symcheck.language.report import EdgeRow, PathSum, Sweep
from symcheck.language.shape import shape_of
from symcheck.language.tensor import Call, Function, Symbol, Tensor, apply, variable
from symcheck.lowering import lower_graph
from symcheck.normal_form.prove import Prover, facts_of, prove
from symcheck.rendering.text_notation import write
from symcheck.sweeps import sweep

Definition: TypeAlias = tuple[str, str, Callable[..., Tensor]]

sigma = Function("sigma", ((),), (), elementwise=True)


def act(x: Tensor) -> Tensor:
    """sigma(x)."""
    return Call(x.shape, sigma, (x,))


def lecture_of(
    inputs: str, definitions: Sequence[Definition], point: dict[str, int] | None = None
) -> Lecture:
    """A lecture from ``x: n; A: n n`` and definitions (name, names it uses, formula of these)."""
    symbols: dict[str, Symbol] = {}
    for part in inputs.split(";"):
        name, dims = part.split(":")
        symbols[name.strip()] = Symbol(name.strip(), shape_of(*dims.split()))
    declared = tuple(symbols.values())
    bodies: dict[Symbol, Tensor] = {}
    for name, uses, formula in definitions:
        body = formula(*(variable(symbols[n]) for n in uses.split()))
        symbols[name] = Symbol(name, body.shape)
        bodies[symbols[name]] = body
    values: dict[Symbol, Any] = {symbols[n]: Fraction(v) for n, v in (point or {}).items()}
    return Lecture("test", "test", inputs=declared, graph=Graph(bodies), point=values)


def swept(lecture: Lecture, wrt: str = "") -> Sweep:
    """The tables, equality by the prover, values by the evaluator."""
    lowered = lower_graph(lecture.graph, Assumptions(), Table())
    prover = Prover()

    def equal(left: Node, right: Node) -> bool:
        return prove(left, right, lowered, prover, facts_of(Assumptions(), (left, right), True)).proved

    named = {s.name: s for s in (*lecture.inputs, *lecture.graph.definitions)}
    return sweep(
        lecture,
        lowered,
        equal=equal,
        wrt=[named[name] for name in wrt.split()],
        value_of=value_of(lecture, lowered) if lecture.point else None,
        write=write,
    )


def value_of(lecture: Lecture, lowered: LoweredGraph) -> Callable[[Node, tuple[Idx, ...]], str | None]:
    evaluator = Evaluator(lowered, point_at(lecture.point))

    def value(node: Node, idxs: tuple[Idx, ...]) -> str | None:
        return ", ".join(map(text_of, evaluator.entries(node, idxs)))

    return value


def texts(row: EdgeRow) -> tuple[str, str, str]:
    """Local derivative, pullback, accumulated derivative as text."""

    def text(tensor: Tensor | None) -> str:
        return "" if tensor is None else write(tensor)

    return text(row.local), text(row.pullback), text(row.accumulated)


def rows(result: Sweep) -> dict[str, tuple[str, str, str]]:
    return {row.edge: texts(row) for row in result.backward}


def of(result: Sweep, name: str) -> PathSum:
    return next(s for s in result.sums if s.variable == name)


SQUARED_PRODUCT = (
    ("e", "a c", lambda a, c: a + c),
    ("g", "b d", lambda b, d: b - d),
    ("h", "e g", lambda e, g: e * g),
    ("f", "h", lambda h: h**2),
)
INPUTS = "a:; b:; c:; d:"


@pytest.fixture(scope="module")
def squared() -> Sweep:
    return swept(lecture_of(INPUTS, SQUARED_PRODUCT, {"a": 1, "b": 7, "c": 5, "d": 3}))


def test_the_forward_table_shows_inputs_first_and_values(squared: Sweep) -> None:
    shown = [(row.name, row.shape, row.value) for row in squared.forward]
    assert shown == [
        ("a", "scalar", "1"),
        ("b", "scalar", "7"),
        ("c", "scalar", "5"),
        ("d", "scalar", "3"),
        ("e", "scalar", "6"),
        ("g", "scalar", "4"),
        ("h", "scalar", "24"),
        ("f", "scalar", "576"),
    ]
    assert [row.definition is None for row in squared.forward] == [True] * 4 + [False] * 4


def test_the_chain_rule_table_walks_back_from_the_output(squared: Sweep) -> None:
    assert [row.edge for row in squared.backward] == [
        "f → h", "h → e", "h → g", "g → b", "g → d", "e → a", "e → c",
    ]  # fmt: skip
    assert [row.value for row in squared.backward] == ["48", "192", "288", "288", "-288", "192", "192"]
    shown = rows(squared)
    assert shown["f → h"] == ("2*h", "2*h", "2*h")
    assert shown["h → e"] == ("g", "∂f/∂h * g", "2*h*g")
    assert shown["g → d"] == ("-1", "-∂f/∂g", "-2*h*e")


def test_a_path_that_does_not_reach_the_variable_is_struck(squared: Sweep) -> None:
    total = of(squared, "a")
    assert (total.output, total.total, total.more) == ("f", "192", 0)
    live = [path for path in total.paths if not path.struck]
    assert [path.factors for path in live] == [(("f", "h", "48"), ("h", "e", "4"), ("e", "a", "1"))]
    assert live[0].value == "192"
    struck = [path for path in total.paths if path.struck]
    assert (("f", "h", "48"), ("h", "g", "6"), ("g", "a", "0")) in [path.factors for path in struck]
    assert {path.value for path in struck} == {"0"}


def test_without_a_point_the_factors_are_formulas() -> None:
    total = of(swept(lecture_of(INPUTS, SQUARED_PRODUCT)), "b")
    live = [path.factors for path in total.paths if not path.struck]
    assert live == [(("f", "h", "2*h"), ("h", "g", "e"), ("g", "b", "1"))]
    assert total.total == "2*h*e"


def test_the_tables_can_be_restricted_to_one_variable() -> None:
    result = swept(lecture_of(INPUTS, SQUARED_PRODUCT), wrt="a")
    assert [row.edge for row in result.backward] == ["f → h", "h → e", "e → a"]
    assert [s.variable for s in result.sums] == ["a"]


def test_two_layers_read_as_in_the_lecture() -> None:
    lecture = lecture_of(
        "x: n; l: m; V: h n; v: h; U: m h; u: m",
        (
            ("p", "V x v", lambda V, x, v: V @ x + v),
            ("y", "p", act),
            ("q", "U y u", lambda U, y, u: U @ y + u),
            ("z", "q", act),
            ("E", "z l", lambda z, l: apply("norm2", z - l) ** 2 / 2),  # noqa: E741
        ),
    )
    result = swept(lecture)
    shown = rows(result)
    assert shown["E → z"] == ("z - l", "z - l", "z - l")
    assert shown["z → q"] == ("diag(σ'(q))", "∂E/∂z * σ'(q)", "(z - l)*σ'(q)")
    assert shown["q → y"] == ("U", "U.T @ ∂E/∂q", "U.T @ ((z - l)*σ'(q))")
    assert shown["q → u"][:2] == ("eye(m)", "∂E/∂q")
    assert shown["p → V"][:2] == ("delta(i, j)*x[k]", "∂E/∂p ⊗ x")
    row = next(row for row in result.backward if row.edge == "p → V")
    assert [index.name for index in row.local_free] == ["i", "j", "k"]
    assert row.shape == "(h, n)"
    assert result.sums == ()


def test_the_affine_layer_and_attention_are_pulled_back_in_matrices() -> None:
    lecture = lecture_of(
        "X: N n; W: n m; b: m; T: N m",
        (("Z", "X W b", lambda X, W, b: X @ W + b), ("L", "Z T", lambda Z, T: apply("sumall", (Z - T) ** 2))),
    )
    shown = rows(swept(lecture))
    assert shown["Z → X"][1:] == ("∂L/∂Z @ W.T", "2*(Z - T) @ W.T")
    assert shown["Z → W"][1:] == ("X.T @ ∂L/∂Z", "2*X.T @ (Z - T)")
    assert shown["Z → b"][1:] == ("colsum(∂L/∂Z)", "2*colsum(Z - T)")


def test_a_parent_reached_twice_accumulates() -> None:
    lecture = lecture_of(
        "x1:; x2:; x3:",
        (
            ("x4", "x1 x2", lambda x1, x2: x1 * x2),
            ("x5", "x3", lambda x3: apply("sin", x3)),
            ("x6", "x4 x5", lambda x4, x5: x4 * x5),
            ("x7", "x4", lambda x4: apply("exp", x4)),
            ("x8", "x6 x7", lambda x6, x7: x6 + x7),
            ("x9", "x8 x3", lambda x8, x3: x8 / x3),
        ),
    )
    result = swept(lecture)
    shown = rows(result)
    assert shown["x9 → x3"][0] == "-x8/x3**2"
    assert shown["x7 → x4"][2] == "exp(x4)/x3"
    assert "x5/x3" in shown["x6 → x4"][2]
    assert "exp(x4)/x3" in shown["x6 → x4"][2]
    live = [path for path in of(result, "x1").paths if not path.struck]
    assert len(live) == 2


def test_at_most_twelve_paths_are_shown_and_those_that_count_first() -> None:
    steps: list[Definition] = [("y", "x w", lambda x, w: x * x * w)]
    for before, after in pairwise(("y", "y0", "y1", "y2", "y3")):
        left, right = "l" + after, "r" + after
        steps += [(left, before, lambda y: y + 1), (right, before, lambda y: y + 2)]
        steps += [(after, f"{left} {right}", lambda l, r: l * r)]  # noqa: E741
    total = of(swept(lecture_of("x:; w:", steps)), "x")
    assert len(total.paths) == 12
    assert not any(path.struck for path in total.paths)
    assert total.more == 16 - 12  # ways into w, another input, are no paths


def test_ways_into_other_inputs_are_no_paths_and_struck_ones_end_in_a_defined_name(squared: Sweep) -> None:
    for name in "abcd":
        ends = [path.factors[-1][:2] for path in of(squared, name).paths if path.struck]
        assert ends == [("g" if name in "ac" else "e", name)]


def test_a_long_chain_keeps_its_rows_short() -> None:
    steps: list[Definition] = [("y0", "x", act)]
    steps += [(f"y{k}", f"y{k - 1}", act) for k in range(1, 150)]
    result = swept(lecture_of("x:", steps))
    assert len(result.backward) == 150
    last = texts(result.backward[-1])
    assert last[1] == "∂y149/∂y0 * σ'(x)"
    assert all(row.accumulated is not None for row in result.backward)
    assert len(of(result, "x").paths[0].factors) == 150


def test_a_lecture_without_a_scalar_shows_the_jacobians_of_its_last_definition() -> None:
    result = swept(lecture_of("x: n", [("y", "x", lambda x: x * 2)]))
    assert len(result.forward) == 2
    (row,) = result.backward
    assert (row.edge, row.shape) == ("y → x", "(n, n)")
    assert result.output == "y"
