"""Ways in which provers of this kind have gone wrong before: each a test."""

from __future__ import annotations

import gc
import time
from fractions import Fraction

import pytest
from flint import fmpq
from identity_rows import verdict

from symcheck.api import read_formula
from symcheck.check import judge
from symcheck.errors import BudgetExhausted, DomainFault, IndexMisuse
from symcheck.language.indexed import Node, Table
from symcheck.language.shape import shape_of
from symcheck.language.tensor import Symbol
from symcheck.language.verdict import word
from symcheck.normal_form.facts import Facts
from symcheck.normal_form.prove import is_zero
from symcheck.normal_form.translation import Translation
from symcheck.reading.builder import Derivation
from symcheck.trial import Session, Trial


def judged(text: str, let: str = "", assume: tuple[str, ...] = (), session: Session | None = None) -> str:
    return word(verdict(text, let, assume, session))


# -- names and scopes --------------------------------------------------------------------------


def test_one_letter_may_have_another_shape_in_the_next_claim() -> None:
    session = Session()
    for _ in range(2):
        assert judged("d(x**2)/dx = 2*x", "x: scalar", (), session) == "proved"
        assert judged("d(x @ x)/dx = 2*x", "x: n", (), session) == "proved"
        assert judged("d(sumall(x**2))/dx = 2*x", "x: m n", (), session) == "proved"
        assert judged("x.T = x", "x: n n", (), session) == "refuted"


def test_one_letter_may_have_other_assumptions_in_the_next_claim() -> None:
    session = Session()
    for _ in range(2):
        assert judged("A @ x = A.T @ x", "A: n n; x: n", ("A symmetric",), session) == "proved"
        assert judged("A @ x = A.T @ x", "A: n n; x: n", (), session) == "refuted"
        assert judged("inv(A) = inv(A).T", "A: n n", ("A symmetric",), session) == "proved"
        assert judged("inv(A) = inv(A).T", "A: n n", (), session) == "refuted"
        assert judged("sqrt(t**2) = t", "t: scalar", ("t > 0",), session) == "proved"
        assert judged("sqrt(t**2) = t", "t: scalar", ("t > -1",), session) == "refuted"


def test_what_a_logarithm_says_stays_in_its_claim() -> None:
    session = Session()
    (first,) = read_formula("log(x) + sqrt(x**2) = log(x) + x", ["x: scalar"])
    (second,) = read_formula("sqrt(x**2) = x", ["x: scalar"])
    assert first.equation is not None
    for _ in range(2):
        assert word(judge(first, session).verdict) == "proved"
        assert word(judge(second, session).verdict) == "refuted"


def test_a_guard_crossed_in_one_claim_is_not_crossed_in_the_next() -> None:
    session = Session()
    for _ in range(2):
        assert judged("d(relu(x))/dx = where(x >= 0, 1, 0)", "x: scalar", (), session) == "proved"
        assert judged("where(x > 0, 1, 0) = where(x >= 0, 1, 0)", "x: scalar", (), session) == "refuted"


def test_a_sum_never_binds_the_index_its_operand_shows() -> None:
    assert judged("x[i]*sum(i, x[i]) = sum(j, x[i]*x[j])", "x: n") == "proved"
    assert judged("x[i]*sum(i, x[i]) = sum(j, x[j]*x[j])", "x: n") == "refuted"
    assert judged("sum(i, x[i]*sum(j, x[j])) = sum(i, x[i])**2", "x: n") == "proved"


def test_an_index_is_not_bound_twice() -> None:
    assert judged("sum(i, x[i]*sum(i, x[i])) = sum(i, x[i])**2", "x: n") == "error"


def test_the_diagonal_of_an_outer_product_has_one_index() -> None:
    assert judged("diag(diagpart(outer(x, y))) = diag(x*y)", "x: n; y: n") == "proved"
    assert judged("diag(diagpart(outer(x, y))) = outer(x, y)", "x: n; y: n") == "refuted"


def test_a_bound_index_is_bound_once() -> None:
    table = Table()
    x = Symbol("x", shape_of("n"))
    i = table.fresh("i", "n")
    inner = table.sum((i,), table.entry(x, (i,)))
    with pytest.raises(IndexMisuse):
        table.sum((i,), inner)


def test_an_index_of_the_outer_product_is_not_captured_by_a_derivative() -> None:
    assert judged("d(x[i]*sumall(x))/dx[i] = sumall(x) + x[i]", "x: n") == "proved"
    assert judged("d(x[i]*sumall(x))/dx[i] = n*sumall(x)", "x: n") == "refuted"
    assert judged("d(x[i]*sumall(x))/dx[j] = delta(i, j)*sumall(x) + x[i]", "x: n") == "proved"


# -- denominators ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "1/(1 - 1/(1 + exp(x))) = 1 + exp(-x)",
        "1/(1 - 1/(1 + y)) = (1 + y)/y",
        "1/(1/x + 1/y) = x*y/(x + y)",
        "1/(1 + 1/(1 + 1/(1 + x))) = (2 + x)/(3 + 2*x)",
        "x/(x + y) + y/(x + y) = 1",
        "x/(x - y) + y/(y - x) = 1",
        "1/(x - y) + 1/(y - x) = 0",
        "(exp(2*x) - 1)/(exp(x) - 1) = exp(x) + 1",
        "1/(sqrt(x) + 1) = (sqrt(x) - 1)/(x - 1)",
        "1/(exp(x) + exp(-x)) = exp(x)/(exp(2*x) + 1)",
    ],
)
def test_denominators_born_from_denominators_have_one_form(text: str) -> None:
    assert judged(text, "x: scalar; y: scalar") == "proved"


def test_lead_and_trail_rules_do_not_undo_each_other() -> None:
    started = time.perf_counter()
    text = "exp(-x)/(exp(-x) + exp(x))**2 * exp(x) = 1/(exp(x) + exp(-x))**2"
    assert judged(text, "x: scalar") == "proved"
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("letters", ["x y z", "z y x", "y z x", "zz a m"])
def test_a_form_does_not_depend_on_names(letters: str) -> None:
    a, b, c = letters.split()
    let = f"{a}: scalar; {b}: scalar; {c}: scalar"
    text = f"1/(({a} - {b})*({b} - {c})*({c} - {a})) = -1/(({b} - {a})*({c} - {b})*({a} - {c}))*-1*-1"
    assert judged(text, let) == "proved"
    assert judged(f"abs({a} - {b})*abs({b} - {c}) = abs(({b} - {a})*({b} - {c}))", let) == "proved"


# -- sizes of exponents ------------------------------------------------------------------------


def test_exponents_with_large_denominators_are_cheap() -> None:
    started = time.perf_counter()
    let = "z: scalar; k: scalar"
    gelu = "z*sigmoid(k*(z + 44715/1000000*z**3))"
    found = judged(f"d({gelu})/dz = sigmoid(k*(z + 44715/1000000*z**3))", let)
    assert found == "refuted"
    inner = "k*(z + 44715/1000000*z**3)"
    true = f"sigmoid({inner}) + z*sigmoid({inner})*(1 - sigmoid({inner}))*k*(1 + 3*44715/1000000*z**2)"
    assert judged(f"d({gelu})/dz = {true}", let) == "proved"
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "text",
    [
        "exp(44715*x)/(1 + exp(x)) = 1",
        "(1 + x)**5000 = (x + 1)**5000 + 1",
        "x**100000/(1 + x) = 1",
        "1/(1 + x**60)**60 = 1",
        "(x + y + 1)**40 = 1",
        "sin(99*x) = 1",
    ],
)
def test_large_powers_never_hang_and_are_never_proved(text: str) -> None:
    started = time.perf_counter()
    assert judged(text, "x: scalar; y: scalar") != "proved"
    assert time.perf_counter() - started < 5


# -- sessions that live long -------------------------------------------------------------------


def test_a_long_session_keeps_no_table_outside_itself() -> None:
    def grown() -> int:
        gc.collect()
        return sum(isinstance(o, Node) for o in gc.get_objects())

    verdict("d(x @ A @ x)/dx = (A + A.T) @ x", "x: n; A: n n")
    before = grown()
    for _ in range(5):
        verdict("d(x @ A @ x)/dx = (A + A.T) @ x", "x: n; A: n n")
    assert grown() <= before + 50


def test_many_claims_with_facts_of_their_own_keep_few_algebras() -> None:
    session = Session()
    for k in range(1, 400):
        judged(f"exp(log({k} + x)) = {k} + x", "x: scalar", (), session)
    assert len(session.prover.translations) <= 256


# -- what exists nowhere -----------------------------------------------------------------------


def scalar() -> tuple[Table, Node, Translation]:
    table = Table()
    return table, table.entry(Symbol("x", ()), ()), Translation(Facts())


def test_the_power_of_nothing_is_a_domain_fault() -> None:
    table, x, translation = scalar()
    with pytest.raises(DomainFault):
        translation.poly(table.pow(x - x, Fraction(-1)))


def test_the_logarithm_of_nothing_is_a_domain_fault() -> None:
    table, x, translation = scalar()
    with pytest.raises(DomainFault):
        translation.poly(table.fn("log", x - x))


def test_the_inverse_of_nothing_is_a_domain_fault() -> None:
    table, _, translation = scalar()
    A = Symbol("A", shape_of("n", "n"))
    i, j, p, q = (table.fresh(name, "n") for name in "ijpq")
    nothing = table.entry(A, (i, j)) - table.entry(A, (i, j))
    with pytest.raises(DomainFault):
        translation.poly(table.inverse(i, j, nothing, p, q))


def test_a_condition_on_nothing_is_false() -> None:
    table, x, translation = scalar()
    assert translation.poly(table.fn("positive", x - x)) == {}
    assert is_zero(table.fn("vanishes", x - x) - 1, translation)


def test_division_of_numbers_by_zero_is_an_error() -> None:
    for text in ("x = 1/0", "0/0 = 1", "x/0 = x/0"):
        assert judged(text, "x: scalar") == "error"


# -- depth -------------------------------------------------------------------------------------


def test_deep_expressions_need_no_recursion() -> None:
    table, x, translation = scalar()
    node = x
    for _ in range(5000):
        node = table.add(table.mul(node, table.num(Fraction(1, 2))), table.num(1))
    poly = translation.poly(node)
    assert len(poly) == 2


def test_a_product_of_many_sums_ends_within_the_budget() -> None:
    table, _, translation = scalar()
    names = [Symbol(f"x{k}", ()) for k in range(40)]
    product = table.mul(*(table.entry(name, ()) + 1 for name in names))
    with pytest.raises(BudgetExhausted):
        translation.poly(product)


# -- contractions with many symmetries -------------------------------------------------------------


def test_the_trace_of_a_long_power_is_labelled() -> None:
    started = time.perf_counter()
    forward = "tr(" + " @ ".join(["A"] * 20) + ") = tr(" + " @ ".join(["A.T"] * 20) + ")"
    assert judged(forward, "A: n n") == "proved"
    assert judged(forward, "A: n n", ("A symmetric",)) == "proved"
    assert time.perf_counter() - started < 3


def complete(names: str) -> str:
    pairs = [f"A[{a},{b}]" for k, a in enumerate(names) for b in names[k + 1 :]]
    return f"sum({', '.join(names)}, {'*'.join(pairs)})"


@pytest.mark.parametrize("count", [3, 4, 5, 6, 7])
def test_a_contraction_of_a_symmetric_matrix_with_itself_ends(count: int) -> None:
    names = "ijklmpq"[:count]
    started = time.perf_counter()
    text = f"{complete(names)} = {complete(names[::-1])}"
    found = judged(text, "A: n n", ("A symmetric",))
    assert found == "proved" or (count > 5 and found == "undecided")
    assert time.perf_counter() - started < 5


def test_contractions_that_look_alike_are_told_apart() -> None:
    let = "A: n n"
    six = "sum(i, j, k, A[i,j]*A[j,k]*A[k,i]*A[i,k]*A[k,j]*A[j,i])"
    other = "sum(i, j, k, A[i,j]*A[j,i]*A[j,k]*A[k,j]*A[k,k]*A[i,i])"
    assert judged(f"{six} = {other}", let) == "refuted"
    assert judged(f"{six} = {six.replace('A[i,j]*A[j,k]', 'A[j,k]*A[i,j]')}", let) == "proved"
    prism = "sum(i,j,k,l,m,o, A[i,j]*A[j,k]*A[k,i]*A[l,m]*A[m,o]*A[o,l]*A[i,l]*A[j,m]*A[k,o])"
    k33 = "sum(i,j,k,l,m,o, A[i,l]*A[i,m]*A[i,o]*A[j,l]*A[j,m]*A[j,o]*A[k,l]*A[k,m]*A[k,o])"
    (claim,) = read_formula(f"{prism} = {k33}", [let], ["A symmetric"])
    trial = Trial(claim, Session())
    assert not trial.prove(claim.assumptions).proved


# -- what is printed -------------------------------------------------------------------------------


def test_a_verdict_does_not_depend_on_what_was_judged_before() -> None:
    session = Session()
    texts = ["d(tanh(x))/dx = 1 - tanh(x)**2", "d(log(1 + exp(x)))/dx = sigmoid(x)", "d(x**3)/dx = 3*x**2"]
    alone = [word(verdict(text, "x: scalar")) for text in texts]
    for order in (texts, texts[::-1]):
        for text in order:
            assert word(verdict(text, "x: scalar", (), session)) == alone[texts.index(text)]


def test_coefficients_are_exact() -> None:
    _, _, translation = scalar()
    table = Table()
    x = table.entry(Symbol("x", ()), ())
    third = table.num(Fraction(1, 3))
    poly = translation.poly(table.add(*(table.mul(third, x) for _ in range(3))))
    assert list(poly.values()) == [fmpq(1)]


# -- assumptions -----------------------------------------------------------------------------------


def test_an_assumption_restricts_the_point_and_not_the_direction() -> None:
    assert judged("d(sumall(y))/dy = ones(n)", "y: n", ("sum(y) == 1",)) == "proved"
    assert judged("d(sumall(y))/dy = zeros(n)", "y: n", ("sum(y) == 1",)) == "refuted"
    assert judged("d(sumall(y)**2)/dy = 2*ones(n)", "y: n", ("sum(y) == 1",)) == "proved"
    assert judged("d(tr(A @ B))/dA = B.T", "A: n n; B: n n", ("A symmetric",)) == "proved"
    assert judged("d(tr(A @ B))/dA = (B + B.T)/2", "A: n n; B: n n", ("A symmetric",)) == "refuted"


def test_assumptions_that_contradict_each_other_prove_nothing() -> None:
    for text in ("x = x", "d(x**2)/dx = 2*x", "x = 5"):
        assert judged(text, "x: scalar", ("x > 1", "x < 0")) == "error"


def test_a_derivative_in_a_definition_is_not_taken_for_constant() -> None:
    """G = ∂u/∂x of u = f(x) changes with x, though no name in its definition but x does."""
    derivation = Derivation("nested")
    derivation.declare("x: scalar; k: scalar; f: elementwise")
    derivation.define("u", "f(x)")
    derivation.define("G", "∂u/∂x")
    derivation.define("H", "∂²u/∂x²")
    derivation.define("m", "x - k·G")
    derivation.claims("""
        ∂G/∂x = 0
        ∂G/∂u = 0
        ∂m/∂x = 1
        G = f'(x)
        H = f''(x)
        ∂m/∂k = -G
    """)
    session = Session()
    found = [word(judge(claim, session).verdict) for claim in derivation.lecture_noun().claims]
    assert found == ["error"] * 3 + ["proved"] * 3
