"""Forward and reverse sweep: their formulas run as programs that count what they do."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

import pytest

from symcheck.api import Derivation, both_sweeps, derive, load
from symcheck.language.derivation import Lecture
from symcheck.language.report import CostRow, Modes
from symcheck.rendering.mode_rows import mode_remarks
from symcheck.rendering.rows import TextNotation
from symcheck.rendering.terminal import beside, render
from symcheck.rendering.text_notation import write
from symcheck.rendering.theme import Theme
from symcheck.sweeps.counting import number, squarings


class Counted:
    """A number that counts the operations made with it, in a tally that all share."""

    tally: dict[str, int] = {}  # noqa: RUF012  (shared on purpose)

    def __init__(self, value: float) -> None:
        self.value = value

    def made(self, kind: str, value: float, times: int = 1) -> Counted:
        self.tally[kind] = self.tally.get(kind, 0) + times
        return Counted(value)

    def __add__(self, other: Any) -> Counted:
        return self.made("add", self.value + plain(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Counted:
        return self.made("add", self.value - plain(other))

    def __rsub__(self, other: Any) -> Counted:
        return self.made("add", plain(other) - self.value)

    def __mul__(self, other: Any) -> Counted:
        return self.made("mul", self.value * plain(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Counted:
        return self.made("mul", self.value / plain(other))

    def __rtruediv__(self, other: Any) -> Counted:
        return self.made("mul", plain(other) / self.value)

    def __pow__(self, exponent: int) -> Counted:
        return self.made("mul", self.value**exponent, squarings(abs(exponent)) + (exponent < 0))

    def __neg__(self) -> Counted:
        return Counted(-self.value)


def plain(value: Any) -> float:
    return value.value if isinstance(value, Counted) else float(value)


def called(function: Any) -> Any:
    """The function, each call of it counted."""
    return lambda x: Counted(0).made("call", function(plain(x)))


BELOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def run(formula: str, known: dict[str, Counted]) -> tuple[Counted, int]:
    """The value of a formula and how many operations it took."""
    text = re.sub(r"∂(\w+)/∂(\w+)", r"D_\1_\2", formula.translate(BELOW))
    functions = {name: called(getattr(math, name)) for name in ("sin", "cos", "exp", "tanh", "log")}
    functions["sigma"] = called(lambda x: 1 / (1 + math.exp(-x)))
    functions["sigma_prime"] = called(lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2)
    text = text.replace("σ'", "sigma_prime").replace("σ", "sigma")
    Counted.tally = {}
    value = eval(text, {"__builtins__": {}}, {**functions, **known})
    return value if isinstance(value, Counted) else Counted(float(value)), sum(Counted.tally.values())


def agrees(value: Counted, shown: str, lecture: Lecture) -> bool:
    """Whether a value is the one that the row shows; behind an undefined function none is shown."""
    if not shown:
        return bool(lecture.functions)
    return value.value == pytest.approx(float(Fraction(shown)), rel=1e-4, abs=1e-9)


def takes(shown: str, operations: int, lecture: Lecture) -> bool:
    """Whether a row takes as many operations as counted; z − l is shared in the network, but once."""
    return shown == str(operations) or (lecture.name == "network" and int(shown) == operations - 1)


def values_of(lecture: Lecture) -> dict[str, Counted]:
    """The values of all names at the point of a scalar derivation."""
    known = {symbol.name: Counted(float(value)) for symbol, value in lecture.point.items()}  # type: ignore[arg-type]
    for symbol, body in lecture.graph.definitions.items():
        known[symbol.name] = run(write(body), known)[0]
    return known


def network() -> Lecture:
    """Two layers in one dimension, with a function that is not known."""
    made = Derivation("network")
    made.declare("x: scalar; l: scalar; V: scalar; v: scalar; U: scalar; u: scalar; σ: elementwise")
    for name, formula in (
        ("p", "V*x + v"),
        ("y", "σ(p)"),
        ("q", "U*y + u"),
        ("z", "σ(q)"),
        ("E", "(z - l)**2/2"),
    ):
        made.define(name, formula)
    made.at(x=1, l="1/2", V=2, v=-1, U=3, u="1/4")
    return made.lecture_noun()


def powers() -> Lecture:
    """Powers, quotients, a name used twice and one of which nothing depends."""
    made = Derivation("powers")
    made.declare("a: scalar; b: scalar; c: scalar")
    for name, formula in (
        ("s", "a**5/b"),
        ("t", "tanh(s) - b**-2"),
        ("unused", "a*b*c"),
        ("w", "t*s + log(a)*t - t"),
    ):
        made.define(name, formula)
    made.at(a="3/2", b=2, c=1)
    return made.lecture_noun()


SCALAR = [load("product-sine-graph"), load("squared-product"), network(), powers()]
EACH = pytest.mark.parametrize("lecture", SCALAR, ids=lambda lecture: lecture.name)


def cost(modes: Modes, way: str) -> CostRow:
    return next(row for row in modes.costs if row.way == way)


@EACH
def test_the_rows_of_a_forward_sweep_run_and_take_what_they_say(lecture: Lecture) -> None:
    modes = both_sweeps(lecture, (), {})
    assert set(modes.shown) == set(modes.inputs)
    total = 0
    for column, chosen in enumerate(modes.shown):
        known = values_of(lecture)
        known.update({f"d{name}": Counted(float(name == chosen)) for name in modes.inputs})
        total = 0
        for row in modes.forward:
            assert row.formula is not None
            value, operations = run(write(row.formula), known)
            known[f"d{row.name}"] = value
            assert agrees(value, row.values[column], lecture)
            if row.name not in modes.inputs:
                assert takes(row.operations, operations, lecture)
                total += int(row.operations)
    assert str(total) == modes.tangents


@EACH
def test_the_rows_of_a_reverse_sweep_run_and_take_what_they_say(lecture: Lecture) -> None:
    modes = both_sweeps(lecture, (), {})
    known = values_of(lecture)
    total = 0
    for row in modes.reverse:
        assert row.formula is not None
        value, operations = run(write(row.formula), known)
        known[f"D_{row.output}_{row.name}"] = value
        assert agrees(value, row.value, lecture)
        if row.name != modes.output:
            assert takes(row.operations, operations, lecture)
            total += int(row.operations)
    assert str(total) == modes.cotangents


@EACH
def test_both_sweeps_arrive_at_one_gradient(lecture: Lecture) -> None:
    modes = both_sweeps(lecture, (), {})
    last = modes.forward[-1]
    assert last.name == modes.output
    cotangents = {row.name: row.value for row in modes.reverse}
    for name, value in zip(modes.shown, last.values, strict=True):
        assert cotangents[name] == value


@EACH
def test_the_costs_add_up(lecture: Lecture) -> None:
    modes = both_sweeps(lecture, (), {})
    known = {symbol.name: Counted(float(value)) for symbol, value in lecture.point.items()}  # type: ignore[arg-type]
    needed = lecture.graph.upstream(next(s for s in lecture.graph.definitions if s.name == modes.output))
    values = 0
    for symbol, body in lecture.graph.definitions.items():
        known[symbol.name], operations = run(write(body), known)
        values += operations if symbol in needed else 0
    n = len(modes.inputs)
    assert cost(modes, "values alone").total == str(values)
    assert cost(modes, "forward").total == str(n * (values + int(modes.tangents)))
    assert cost(modes, "reverse").total == str(values + int(modes.cotangents))
    assert (cost(modes, "forward").sweeps, cost(modes, "reverse").sweeps) == (str(n), "1")
    sparse, dense = cost(modes, "forward, zeros left out"), cost(modes, "forward")
    assert int(sparse.total) <= int(dense.total)
    # the cheap gradient principle
    assert int(modes.cotangents) <= 4 * values
    for row in modes.costs:
        parts = int(row.additions) + int(row.multiplications) + int(row.calls)
        assert parts == int(row.total)


def test_the_figures_of_the_lecture() -> None:
    modes = both_sweeps(load("product-sine-graph"), (), {})
    counts = {row.way: (row.additions, row.multiplications, row.calls) for row in modes.costs}
    assert counts == {
        "values alone": ("1", "3", "2"),
        "forward": ("15", "39", "9"),
        "forward, zeros left out": ("6", "19", "7"),
        "reverse": ("3", "13", "3"),
        "written out": ("5", "20", "9"),
    }
    assert modes.kept == ("x4", "x5", "x7", "x8")
    assert modes.intermediate == 6
    assert [row.kept for row in modes.costs] == ["", "0", "0", "4", ""]


def test_written_out_grows_with_the_depth_and_the_reverse_sweep_does_not() -> None:
    def chain(length: int) -> tuple[int, int, int]:
        made = Derivation("chain")
        made.declare("x: scalar")
        before = "x"
        for k in range(length):
            made.define(f"y{k}", f"{before}*({before} + 1)")
            before = f"y{k}"
        modes = both_sweeps(made.lecture_noun(), (), {})
        found = tuple(int(cost(modes, way).total) for way in ("reverse", "forward", "written out"))
        assert len(found) == 3
        return found

    short, long = chain(4), chain(8)
    assert long[0] <= 2 * short[0] + 4
    assert long[1] <= 2 * short[1] + 4
    assert long[2] > 10 * short[2]


ROWS = [
    ("x: n; y: n; s = x.T @ y", "2*n - 1", "0"),
    ("W: m n; x: n; p = W @ x; s = sumall(p)", "2*m*n - 1", "2*m*n - n"),
    ("x: n; s = sumall(x**2)", "2*n - 1", "n"),
    ("x: n; s = sumall(x**2); t = s/2", "2*n", "2*n"),
    ("x: n; s = sumall(exp(x))", "2*n - 1", "n"),
    ("x: n; y = exp(x); s = sumall(y)", "2*n - 1", "n"),
]


@pytest.mark.parametrize(("text", "values", "cotangents"), ROWS)
def test_counts_of_vectors_are_polynomials_in_sizes(text: str, values: str, cotangents: str) -> None:
    made = Derivation("row")
    for part in text.split("; "):
        if "=" in part:
            name, formula = part.split(" = ")
            made.define(name, formula)
        else:
            made.declare(part)
    modes = both_sweeps(made.lecture_noun(), ("x",), {})
    assert (cost(modes, "values alone").total, modes.cotangents) == (values, cotangents)


def test_an_exponential_is_kept_and_not_computed_again() -> None:
    made = Derivation("kept")
    made.declare("x: n")
    made.define("y", "exp(x)")
    made.define("s", "sumall(y**2)")
    modes = both_sweeps(made.lecture_noun(), (), {})
    assert modes.kept == ("y",)
    assert cost(modes, "reverse").calls == "n"
    assert cost(modes, "reverse").kept == "n"


def test_a_forward_sweep_needs_no_value_that_comes_later() -> None:
    made = Derivation("later")
    made.declare("x: scalar")
    made.define("y", "sin(x)")
    made.define("z", "cos(x)")
    made.define("w", "y*z")
    modes = both_sweeps(made.lecture_noun(), (), {})
    shown = {row.name: write(row.formula) for row in modes.forward if row.formula is not None}
    assert shown["y"] == "cos(x)*dx"
    assert shown["z"] == "-y*dx"


def test_sizes_put_numbers_into_the_counts() -> None:
    lecture = load("two-layer")
    symbolic = cost(both_sweeps(lecture, (), {}), "values alone").total
    assert symbolic == "2*h*m + 2*h*n + h + 4*m"
    numbers = cost(both_sweeps(lecture, (), {"n": 4, "h": 3, "m": 2}), "values alone").total
    assert int(numbers) == eval(symbolic, {"n": 4, "h": 3, "m": 2})
    partly = cost(both_sweeps(lecture, (), {"h": 3}), "values alone").total
    assert eval(partly, {"n": 4, "m": 2}) == int(numbers)


def test_what_does_not_depend_on_the_variables_does_not_move() -> None:
    modes = both_sweeps(load("two-layer"), ("U",), {})
    assert [row.name for row in modes.forward] == ["U", "q", "z", "epsilon"]
    shown = {row.name: write(row.formula) for row in modes.forward if row.formula is not None}
    assert shown["q"] == "dU @ y"
    cut = both_sweeps(load("two-layer"), ("y",), {})
    assert cut.intermediate == 2  # p is not needed once y is given


def test_a_vector_output_takes_a_reverse_sweep_for_each_entry() -> None:
    row = cost(both_sweeps(load("softmax-jacobian"), (), {}), "reverse")
    assert row.sweeps == "n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x: scalar", "nothing is defined"),
        ("x: scalar; g: scalar; f = x**2; d = ∂f/∂x; s = d*x", "a derivative inside a definition"),
    ],
)
def test_where_there_are_no_sweeps_it_says_why(text: str, reason: str) -> None:
    made = Derivation("none")
    for part in text.split("; "):
        if "=" in part:
            made.define(*part.split(" = "))
        else:
            made.declare(part)
    modes = both_sweeps(made.lecture_noun(), (), {})
    assert reason in modes.reason
    assert not modes.forward
    assert not modes.costs
    (said,) = mode_remarks(modes, TextNotation())
    assert reason in said
    assert "No sweeps" in render(derive(made.lecture_noun(), sweeps=True, oracle="none"))


def test_sweeps_are_shown_where_the_author_or_the_caller_asks_for_them() -> None:
    asks, silent = load("product-sine-graph"), load("squared-product")
    assert derive(asks, oracle="none").modes is not None
    assert derive(asks, oracle="none", sweeps=False).modes is None
    assert derive(silent, oracle="none").modes is None
    assert derive(silent, oracle="none", sweeps=True).modes is not None


@pytest.mark.parametrize("rich", [False, True], ids=["plain", "rich"])
@pytest.mark.parametrize("width", [60, 100, 120, 160, 200])
def test_the_sweeps_stand_side_by_side_where_there_is_room(width: int, rich: bool) -> None:
    report = derive(load("product-sine-graph"), oracle="none")
    text = render(report, Theme(width=width, rich=rich, ascii=True))
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in text.splitlines()]
    assert max(map(len, lines)) <= width
    together = any("Forward sweeps" in line and "Reverse sweep" in line for line in lines)
    assert together is (width >= 160)
    assert "one sweep" in text
    assert "the sweep" in text


def test_blocks_of_different_height_are_put_beside_each_other() -> None:
    assert beside([["a", "bb", "c"], ["x"]], 20) == [["a     x", "bb", "c"]]
    assert beside([["a"], ["x"]], 5) == [["a"], ["x"]]
    assert beside([["a"]], 80) == [["a"]]


def test_counts_are_polynomials() -> None:
    n, m = number(1, "n"), number(1, "m")
    product = (n + number(1)) * (n + m)
    assert str(product) == "m*n + n**2 + m + n"
    assert str(product.at({"n": 2})) == "3*m + 6"
    assert str(n + number(-1, "n")) == "0"
    assert str(number(2, 3, "k")) == "6*k"
    assert [squarings(k) for k in (1, 2, 3, 4, 5, 8, 15)] == [0, 1, 2, 2, 3, 3, 6]
    many = number(1)
    for name in "abcdefg":
        many = many + number(1, name)
    assert str(many) == "a + b + c + d + …"
