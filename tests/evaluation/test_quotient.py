"""Difference quotients: what they err by, and where they say nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symcheck.api import Derivation, load, quotients
from symcheck.errors import SymcheckError
from symcheck.evaluation.numbers import Real, rational
from symcheck.evaluation.points import point_at
from symcheck.evaluation.quotient import Agreement, Measured, Quotients
from symcheck.language.report import Numeric, QuotientRow
from symcheck.lowering import lower_tensor
from symcheck.reading.catalogue import list_lectures
from symcheck.reading.elaborate import read_formula
from symcheck.rendering.names import ascii_text
from symcheck.rendering.text_notation import write
from symcheck.trial import Session

H = 1e-4


def measured(formula: str, at: str, kind: type[Quotients] = Quotients) -> Measured:
    """d(formula)/dx at x."""
    made = Derivation("one")
    made.declare("x: scalar")
    made.at(x=at)
    lecture = made.lecture_noun()
    lowered = Session().lowered(lecture.graph, lecture.assumptions)
    body = lower_tensor(read_formula(formula, made.scope), lecture.assumptions, lowered.table).body
    return kind(lowered, point_at(lecture.point)).measure(body, lecture.inputs[0], ())


def exactly(value: Real | None) -> Fraction:
    assert value is not None
    return Fraction(str(value))


@pytest.mark.parametrize(
    ("formula", "at", "error"),
    [
        ("3*x - 7", "5/3", Fraction(0)),
        ("x**2", "3", Fraction(1, 10_000)),
        ("x**2", "-11/7", Fraction(1, 10_000)),
        ("x**3", "2", Fraction(6, 10_000) + Fraction(1, 10_000) ** 2),
        ("1/x", "2", Fraction(1, 10_000) / (4 * (2 + Fraction(1, 10_000)))),
    ],
)
def test_the_error_is_what_algebra_says(formula: str, at: str, error: Fraction) -> None:
    found = measured(formula, at)
    assert exactly(found.error) == error
    assert found.agreement == Agreement.AGREES


@pytest.mark.parametrize(
    ("formula", "at", "second"),
    [
        ("x**2", "3", 2.0),
        ("exp(2*x)", "1/2", 4 * 2.718281828),
        ("sin(x)", "1", -0.8414709848),
        ("log(x)", "1/2", -4.0),
        ("tanh(x)", "1/3", -0.5768),
        ("x*exp(-x)", "2", 0.0),
        ("sqrt(x)", "4", -1 / 32),
        ("exp(x)**2 - exp(2*x)", "1", 0.0),
    ],
)
def test_the_prediction_is_half_h_times_the_second_derivative(formula: str, at: str, second: float) -> None:
    found = measured(formula, at)
    assert float(found.predicted or 0) == pytest.approx(H / 2 * second, rel=1e-3, abs=1e-12)
    assert float(found.error or 0) == pytest.approx(H / 2 * second, rel=1e-3, abs=1e-8)
    assert found.agreement == Agreement.AGREES


@pytest.mark.parametrize(
    ("formula", "at", "agreement"),
    [
        ("abs(x)", "-1/20000", Agreement.KINK),
        ("abs(x)", "0", Agreement.KINK),
        ("relu(x)", "0", Agreement.KINK),
        ("maximum(x, 1 - x)", "0.49999", Agreement.KINK),
        ("relu(x)*x + abs(x - 1)", "0.99995", Agreement.KINK),
        ("where(x > 2, x, 5)", "1.99999", Agreement.KINK),
        ("abs(x)", "1/20000", Agreement.AGREES),
        ("relu(x)", "-1", Agreement.AGREES),
        ("log(x)", "-1/2", Agreement.UNDEFINED),
        ("sqrt(x)", "0", Agreement.UNDEFINED),
        ("1/x", "0", Agreement.UNDEFINED),
        ("log(1 - x)", "0.99995", Agreement.UNDEFINED),
    ],
)
def test_kinks_and_missing_values_are_told_apart(formula: str, at: str, agreement: Agreement) -> None:
    found = measured(formula, at)
    assert found.agreement == agreement
    assert (found.predicted is None) is (agreement != Agreement.AGREES)


@pytest.mark.parametrize("factor", ["2", "-1", "1001/1000"])
@pytest.mark.parametrize("formula", ["x**2", "exp(x)", "sin(x)/x", "5*x"])
def test_a_wrong_derivative_differs(formula: str, factor: str) -> None:
    class Wrong(Quotients):
        def _one(self, evaluator: object, node: object) -> Real | None:
            value = super()._one(evaluator, node)  # type: ignore[arg-type]
            derivative = getattr(node, "op", "") == "D"
            return value * rational(Fraction(factor)) if derivative and value is not None else value

    assert measured(formula, "3/2", Wrong).agreement == Agreement.DIFFERS


@pytest.mark.parametrize("formula", ["x**2", "exp(x)", "sin(x)/x"])
def test_a_wrong_second_derivative_differs(formula: str) -> None:
    class Wrong(Quotients):
        def _by_series(self, node: object) -> Real | None:
            value = super()._by_series(node)  # type: ignore[arg-type]
            return None if value is None else 2 * value

    assert measured(formula, "3/2", Wrong).agreement == Agreement.DIFFERS


# -- derivations -----------------------------------------------------------------------------------


def rows_of(numeric: Numeric) -> dict[str, QuotientRow]:
    return {write(row.formula): row for row in numeric.rows}


def made_of(text: str, **point: object) -> Derivation:
    made = Derivation("made")
    for part in text.split("; "):
        if " = " in part:
            made.define(*part.split(" = "))
        else:
            made.declare(part)
    made.at(**point)
    return made


def test_the_graph_is_cut_at_what_is_moved() -> None:
    made = made_of("a: scalar; c: scalar; e = a + c; f = e**2*a", a=2, c=3)
    rows = rows_of(quotients(made.lecture_noun(), (), {}))
    assert rows["∂f/∂e"].exact == "20"  # 2·e·a, a held
    assert rows["∂f/∂a"].exact == "45"
    assert {row.agreement for row in rows.values()} == {"agrees"}


def test_entries_are_rows_and_a_dozen_at_most() -> None:
    made = made_of("W: m n; x: n; s = sumall((W @ x)**2)")
    numeric = quotients(made.lecture_noun(), ("W",), {"m": 4, "n": 5})
    assert [row.more for row in numeric.rows] == [0] * 12 + [8]
    assert numeric.sizes == {"m": 4, "n": 5}
    assert list(rows_of(numeric))[:2] == ["∂s/∂W[0,0]", "∂s/∂W[0,1]"]
    exactly_twelve = quotients(made.lecture_noun(), ("W",), {"m": 4, "n": 3})
    assert [row.more for row in exactly_twelve.rows] == [0] * 12


def test_a_point_that_is_not_given_is_drawn_alike_and_told() -> None:
    made = made_of("x: n; t: scalar; σ: elementwise; s = sumall(σ(x))*t", t="1/2")
    one, two = (quotients(made.lecture_noun(), (), {}) for _ in range(2))
    assert one == two or repr(one.entries) == repr(two.entries)
    assert set(one.entries) == {"x"}
    assert set(one.functions) == {"sigma"}
    given = quotients(made_of("t: scalar; s = t**2", t=1).lecture_noun(), (), {})
    assert not given.entries
    assert not given.functions


def test_assumptions_hold_at_a_drawn_point() -> None:
    made = made_of("x: n; s = sum(i, log(x[i]) - 1/(x[i] - 5))")
    made.assume("x > 3")
    numeric = quotients(made.lecture_noun(), (), {"n": 2})
    assert all(Fraction(str(x)) > 3 for x in numeric.entries["x"])  # type: ignore[attr-defined]
    assert {row.agreement for row in numeric.rows} == {"agrees"}


def test_sizes_beyond_evaluating_and_assumptions_that_nothing_satisfies_are_errors() -> None:
    made = made_of("A: n n; x: n; s = x.T @ A @ x")
    with pytest.raises(SymcheckError, match="too many entries"):
        quotients(made.lecture_noun(), (), {"n": 100_000})
    never = made_of("x: n; s = sumall(x**2)")
    never.assume("x > 3", "x < 2")
    with pytest.raises(SymcheckError, match="assumed"):
        quotients(never.lecture_noun(), (), {})


def test_without_a_derivative_it_says_so() -> None:
    numeric = quotients(made_of("x: scalar").lecture_noun(), (), {})
    assert numeric.reason
    assert not numeric.rows


def test_a_derivative_in_a_claim_is_measured_where_it_is_of_a_number() -> None:
    made = made_of("x: n; t: scalar; g: elementwise")
    made.claim("d(g(t**2))/dt = 2*t*g'(t**2)")
    made.claim("d(sum(i, x[i]**2))/dx[j] = 2*x[j]")
    made.claim("d(x[j])/dx[i] = delta(i, j)")  # has free indices: its entries are not listed
    made.claim("d(d(t**3)/dt)/dt = 6*t")  # a derivative of a derivative: the inner one is
    made.claim("d(t)/dt = 2", expect="refuted")
    names = {name.split("[")[0] for name in rows_of(quotients(made.lecture_noun(), (), {"n": 2}))}
    assert names == {"d(g(t**2))/dt", "d(sum(i, x", "d(t**3)/dt", "∂t/∂t"}


@pytest.mark.parametrize("entry", list_lectures(), ids=lambda entry: ascii_text(entry.name))
def test_every_gradient_of_every_lecture_errs_as_theory_says(entry: object) -> None:
    """|error| ≤ (1 + slack)·h/2·|f″| + a term of order h², for every derivative that has both."""
    lecture = load(entry.name)  # type: ignore[attr-defined]
    numeric = quotients(lecture, (), {})
    measured_rows = [row for row in numeric.rows if not row.more]
    if not numeric.rows:
        assert numeric.reason
        return
    assert measured_rows
    assert {row.agreement for row in measured_rows} <= {"agrees", "across a kink"}
    assert sum(row.agreement == "agrees" for row in measured_rows) >= len(measured_rows) * 0.8
    for row in measured_rows:
        if row.agreement == "agrees":
            error, predicted, exact = map(float, (row.error, row.predicted, row.exact))
            second = abs(predicted) * 2 / H
            assert abs(error) <= 1.01 * abs(predicted) + H * H * (1 + abs(exact) + second * second)
            rounding = 1e-9 * (1 + abs(exact)) + 1e-3 * abs(error)
            assert abs(float(row.quotient) - exact - error) <= rounding


@pytest.mark.parametrize("entry", list_lectures(), ids=lambda entry: ascii_text(entry.name))
def test_every_name_behind_the_output_is_measured(entry: object) -> None:
    lecture = load(entry.name)  # type: ignore[attr-defined]
    scalars = [symbol for symbol in lecture.graph.definitions if not symbol.shape]
    output = lecture.output or (scalars[-1] if scalars else None)
    if output is None:
        return
    wanted = {s for s in lecture.graph.upstream(output) if s is not output}
    found = {row.formula.by for row in quotients(lecture, (), {}).rows}  # type: ignore[attr-defined]
    assert wanted <= found
