"""Known functions put in for the undefined ones of a derivation: each line is judged anew."""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path

import pytest
import sympy

from symcheck.check import judge
from symcheck.errors import BadCall, ShapeMismatch, SymcheckError, UndeclaredName, UsageError
from symcheck.language.claim import Claim
from symcheck.language.verdict import Judgement, Proved, Refuted, word
from symcheck.opinions import with_opinions
from symcheck.reading.builder import Derivation
from symcheck.trial import Session

LECTURES = Path(__file__).parents[2] / "derivations"


@cache
def derivation(file: str, name: str) -> Derivation:
    values = runpy.run_path(str(LECTURES / f"{file}.py")).values()
    return next(v for v in values if isinstance(v, Derivation) and v.name == name)


def claims_of(derivation: Derivation) -> tuple[Claim, ...]:
    return derivation.lecture_noun().claims


def judged(derivation: Derivation) -> list[Judgement]:
    session = Session()
    return [judge(claim, session) for claim in claims_of(derivation)]


def verdicts(derivation: Derivation) -> list[str]:
    return [word(judgement.verdict) for judgement in judged(derivation)]


def scopes(derivation: Derivation) -> set[str]:
    return {j.verdict.scope for j in judged(derivation) if isinstance(j.verdict, Proved)}


# -- the lectures ----------------------------------------------------------------------------------

TWO_LAYERS = {
    "tanh": "tanh",
    "its formula": "z -> (exp(z) - exp(-z))/(exp(z) + exp(-z))",
    "swish": "z -> z*sigmoid(z)",
    "a cube": "z -> z**3",
    "a parameter": "z -> z*kappa",
    "a constant": "z -> 1",
    "another undefined one": "rho",
}


@pytest.mark.parametrize("formula", TWO_LAYERS.values(), ids=TWO_LAYERS)
def test_every_line_of_the_two_layer_network_holds_for(formula: str) -> None:
    general = derivation("lecture_c", "two-layer")
    closed = general.instantiate("closed", sigma=formula, declare="kappa: scalar; rho: elementwise")
    assert [claim.text for claim in claims_of(closed)] == [claim.text for claim in claims_of(general)]
    assert all(claim.id.startswith("closed::") for claim in claims_of(closed))
    assert verdicts(closed) == [str(claim.expected) for claim in claims_of(general)]
    assert scopes(closed) == {"all sizes"}


def test_a_kink_put_in_is_left_out_and_said() -> None:
    closed = derivation("lecture_c", "two-layer").instantiate("closed", sigma="relu")
    for judgement in judged(closed):
        assert isinstance(judgement.verdict, Proved), (judgement.claim.text, judgement.verdict)
        if "σ'" in judgement.claim.text:
            assert judgement.verdict.side_conditions


def test_definitions_made_with_sympy_are_carried_over() -> None:
    closed = derivation("lecture_c", "two-layer-scalar").instantiate("closed", {"σ": "tanh"})
    assert set(verdicts(closed)) == {"proved"}
    closed.claim("∂ε/∂v = (z - l)·(1 - z**2)·U·(1 - y**2)")
    assert verdicts(closed)[-1] == "proved"


NETWORKS = [
    ({"A₁": "tanh", "A₂": "softmax"}, "", "all sizes with d == h, c == o"),
    ({"A₁": "z -> M @ z + m₀", "A₂": "z -> N @ tanh(z)"}, "M: h d; m₀: h; N: o c", "all sizes"),
    ({"A₂": "z -> z/sumall(exp(z))"}, "", "all sizes with c == o"),
    ({"A1": "B", "A2": "z -> softmax(κ*z)"}, "B: d -> h; κ: scalar", "all sizes with c == o"),
]


@pytest.mark.parametrize(("formulas", "declared", "scope"), NETWORKS, ids=[str(row[0]) for row in NETWORKS])
def test_every_line_of_the_index_network_holds_for(
    formulas: dict[str, str], declared: str, scope: str
) -> None:
    general = derivation("lecture_e", "index-network")
    closed = general.instantiate("closed", formulas, declare=declared)
    assert verdicts(closed) == [str(claim.expected) for claim in claims_of(general)]
    agreeing = scope.partition(" with ")[2]
    where_widths_agree = f"all sizes with {agreeing}, h == c" if agreeing else "all sizes with h == c"
    assert scopes(closed) == {scope, where_widths_agree}


def test_what_was_wrong_in_general_may_be_right_for_one_function() -> None:
    general = Derivation("general")
    general.declare("x: n; σ: elementwise")
    general.claim("σ'(x) = σ(x)", expect="refuted")
    assert verdicts(general) == ["refuted"]
    assert verdicts(general.instantiate("exp", sigma="exp")) == ["proved"]
    assert verdicts(general.instantiate("tanh", sigma="tanh")) == ["refuted"]


def test_one_session_may_judge_both_and_the_parties_agree() -> None:
    general = derivation("lecture_e", "index-network")
    closed = general.instantiate("closed", {"A₁": "tanh", "A₂": "softmax"})
    session = Session()
    for first, second in zip(claims_of(general), claims_of(closed), strict=True):
        for claim in (first, second):
            judgement = with_opinions(judge(claim, session), session, "series", 10.0)
            assert word(judgement.verdict) == str(claim.expected), claim.text
    symbols = {symbol for claim in claims_of(general) for symbol in claim.graph.definitions}
    assert symbols.isdisjoint(symbol for claim in claims_of(closed) for symbol in claim.graph.definitions)


# -- nothing is caught -----------------------------------------------------------------------------


def made(declared: str, *lines: str) -> Derivation:
    general = Derivation("general")
    general.declare(declared)
    for line in lines:
        general.claim(line)
    return general


CAPTURES = [
    # an index of the formula and one of the argument have the same letter
    ("Σ_k G(y[k]*x) = Σ_k Σ_i y[k]**2*x[i]**2", "z -> sum(k, z[k]**2)", "proved"),
    ("Σ_k G(y[k]*x) = Σ_k y[k]**2*x[k]**2", "z -> sum(k, z[k]**2)", "refuted"),
    ("G(G(x)*x) = G(x)**3", "z -> sum(k, z[k]**2)", "proved"),
    ("∂ₖG(x)*y[k] = 2*x[k]*y[k]", "z -> sum(k, z[k]**2)", "proved"),
    ("∂ᵢG(y[i]*x) = 2*y[i]*x[i]", "z -> sum(i, z[i]**2)", "proved"),
    # a parameter has the name of an input, of the argument or not
    ("G(x) = x @ x", "x -> x @ x", "proved"),
    ("G(y) = y @ y", "x -> x @ x", "proved"),
    ("G(y) = x @ y", "x -> x @ x", "refuted"),
    ("D(G)(y) = 2*y", "x -> x @ x", "proved"),
    # an input named in the formula is that input, and it is held in D(G)
    ("G(y) = x @ y", "z -> x @ z", "proved"),
    ("D(G)(x) = x", "z -> x @ z", "proved"),
    ("D(G)(x) = 2*x", "z -> x @ z", "refuted"),
    ("d(G(x))/dx = 2*x", "z -> x @ z", "proved"),
    ("d(G(x))/dx = D(G)(x)", "z -> x @ z", "refuted"),
    # derivatives of derivatives
    ("d(∂ᵢG(x))/dx[j] = D(D(G))(x)[i,j]", "z -> sumall(z**3)", "proved"),
    ("D(D(G))(x)[i,j] = 6*x[i]*delta(i,j)", "z -> sumall(z**3)", "proved"),
    ("D(G)(D(G)(x)) = 3*(3*x**2)**2", "z -> sumall(z**3)", "proved"),
]


@pytest.mark.parametrize(("line", "formula", "verdict"), CAPTURES, ids=[f"{r[0]}, {r[1]}" for r in CAPTURES])
def test_nothing_is_caught(line: str, formula: str, verdict: str) -> None:
    general = made("x: n; y: n; G: n -> scalar", line)
    closed = general.instantiate("closed", G=formula)
    assert verdicts(closed) == [verdict], judged(closed)[0].verdict


def test_functions_of_two_arguments() -> None:
    general = made(
        "x: scalar; y: scalar; f: (scalar, scalar) -> scalar",
        "d(f(x, y))/dx = ∂₁f(x, y)",
        "d(f(x, x*y))/dx = ∂₁f(x, x*y) + y·∂₂f(x, x*y)",
        "d(∂₁f(x, y))/dy = D(D(f,1),2)(x, y)",
    )
    closed = general.instantiate("closed", f="(u, v) -> u**2*sin(v)")
    closed.claim("D(D(f,1),2)(x, y) = 2*x*cos(y)")
    closed.claim("∂₂f(y, x) = x**2*cos(y)", expect="refuted")
    closed.claim("∂₂f(y, x) = y**2*cos(x)")
    assert verdicts(closed) == ["proved"] * 4 + ["refuted", "proved"]
    assert verdicts(general.instantiate("other", f="hypot")) == ["proved"] * 3


def test_functions_of_matrices() -> None:
    general = made("X: n n; Q: (n n) -> scalar", "d(Q(X @ X))/dX = D(Q)(X @ X) @ X.T + X.T @ D(Q)(X @ X)")
    assert verdicts(general.instantiate("trace", Q="tr")) == ["proved"]
    assert verdicts(general.instantiate("squares", Q="Z -> normF(Z)**2")) == ["proved"]


def test_everything_else_comes_along() -> None:
    general = Derivation("general", convention="gradient")
    general.declare("x: scalar; t: scalar; A: n n; v: n; σ: elementwise")
    general.scope.declare_macro("square", ("z",), "z**2")
    general.define("y", sympy.Symbol("t") * 2)
    general.assume("A symmetric", "t > 0")
    general.note("a remark")
    general.claim("d(v @ A @ v)/dv = 2*A @ v")
    general.claim("log(t) + σ(x) = log(t) + σ(x)")
    general.at(t=2)
    general.define("s", "σ(square(x))")
    general.claim("y = 4")
    general.claim("∂s/∂x = 2*x*σ'(x**2)", assume=["x > 0"])
    general.claim("x = θ", expect="error")
    general.output = "s"
    closed = general.instantiate("closed", sigma="sqrt")
    noun = closed.lecture_noun()
    assert noun.output is closed.scope.variable("s")
    assert [item.text for item in noun.items if not isinstance(item, Claim)] == [
        "general with sigma = sqrt.",
        "a remark",
    ]
    assert verdicts(closed) == ["proved"] * 4 + ["error"]
    assert {symbol.name: value for symbol, value in noun.point.items()} == {"t": 2}
    # a claim made before the definition of s does not know it
    first, *_, last = noun.claims
    assert [symbol.name for symbol in first.graph.definitions] == ["y"]
    assert last.graph is noun.graph


def test_lines_may_be_chosen() -> None:
    general = made("x: n; σ: elementwise", "σ(x) = σ(x)", "d(sumall(σ(x)))/dx = σ'(x)")
    closed = general.instantiate("closed", sigma="tanh", claims=["d(sumall(σ(x)))/dx = σ'(x)"])
    assert [claim.text for claim in claims_of(closed)] == ["d(sumall(σ(x)))/dx = σ'(x)"]
    assert claims_of(general.instantiate("closed", sigma="tanh", claims=False)) == ()
    with pytest.raises(UsageError, match="has no claim 'x = x'"):
        general.instantiate("closed", sigma="tanh", claims=["x = x"])


def test_ids_of_further_claims_are_their_own() -> None:
    general = made("x: n; σ: elementwise", "σ(x) = σ(x)")
    closed = general.instantiate("closed", sigma="tanh")
    closed.claim("σ(x) = tanh(x)")
    assert [claim.id for claim in claims_of(closed)] == ["closed::σ(x)", "closed::σ(x)#2"]


# -- what does not fit -----------------------------------------------------------------------------

FUNCTIONS = "x: n; W: n m; σ: elementwise; A: n -> m; B: n -> 3; C: 2 -> n; f: (scalar, scalar) -> scalar"

MISFITS: list[tuple[dict[str, str], type[SymcheckError], str]] = [
    ({"τ": "tanh"}, UsageError, "τ is no undefined function"),
    ({"x": "tanh"}, UsageError, "x is no undefined function"),
    ({}, UsageError, "no function is put in"),
    ({"σ": "tanh", "sigma": "exp"}, UsageError, "put in twice"),
    ({"σ": "tanhh"}, BadCall, "no function is called tanhh"),
    ({"σ": "softmax"}, SymcheckError, "in σ = softmax"),
    ({"σ": "z -> sumall(z)"}, BadCall, "does not act entry by entry"),
    ({"σ": "z -> z*x"}, BadCall, "does not act entry by entry"),
    ({"σ": "z -> A(z*x)[0]"}, SymcheckError, "in σ = z -> A(z*x)[0]"),
    ({"σ": "(u, v) -> u*v"}, BadCall, "σ takes 1 arguments, the formula 2"),
    ({"σ": "hypot"}, BadCall, "in σ = hypot"),
    ({"σ": "z -> z*q"}, UndeclaredName, "q is not declared"),
    ({"σ": "z -> z[k]"}, SymcheckError, "in σ"),
    ({"σ": "z -> "}, SymcheckError, "in σ"),
    ({"σ": "2 -> 2"}, SymcheckError, "is no name of a parameter"),
    ({"σ": "z + 1"}, SymcheckError, "this is no function"),
    ({"f": "z -> z"}, BadCall, "f takes 2 arguments, the formula 1"),
    ({"f": "(u, u) -> u"}, SymcheckError, "two places"),
    ({"f": "tanh"}, BadCall, "in f = tanh"),
    ({"A": "z -> z @ z"}, ShapeMismatch, "the formula gives scalar, A gives (m)"),
    ({"A": "z -> outer(z, z)"}, ShapeMismatch, "the formula gives (n, n), A gives (m)"),
    ({"A": "z -> W @ z"}, ShapeMismatch, "W @ z does not contract"),
    ({"B": "z -> ones(4)"}, ShapeMismatch, "the formula gives (4), B gives (3)"),
    ({"A": "z -> y"}, UndeclaredName, "y is not declared"),
]


@pytest.mark.parametrize(("formulas", "kind", "said"), MISFITS, ids=[str(row[0]) for row in MISFITS])
def test_what_does_not_fit_is_refused(formulas: dict[str, str], kind: type[SymcheckError], said: str) -> None:
    general = made(FUNCTIONS, "σ(x) = σ(x)")
    general.define("y", "A(x)")
    with pytest.raises(kind) as caught:
        general.instantiate("closed", formulas)
    assert said in caught.value.message


def test_a_formula_cannot_speak_of_what_is_defined_with_it() -> None:
    general = made("x: n; A: n -> n", "A(x) = A(x)")
    general.define("y", "A(x)")
    with pytest.raises(UndeclaredName, match="y is not declared"):
        general.instantiate("closed", A="z -> z + y")


def test_sizes_become_one_only_where_they_have_to() -> None:
    general = made("x: n; y: m; A: n -> m; B: n -> 3", "A(x) + y = y + A(x)")
    assert scopes(general.instantiate("closed", A="tanh")) == {"all sizes with n == m"}
    assert scopes(general.instantiate("closed", A="z -> tanh(z)", B="tanh")) == {
        "all sizes with n == m, n == 3"
    }
    assert scopes(general.instantiate("closed", A="z -> W @ z", declare="W: m n")) == {"all sizes"}
    assert scopes(general.instantiate("closed", A="z -> W @ z", declare="W: m k", assume=["dim k == n"])) == {
        "all sizes with k == n"
    }


def test_a_refuted_line_says_which_sizes_were_made_one() -> None:
    general = made("x: n; y: m; A: n -> m", "A(x) = y")
    (judgement,) = judged(general.instantiate("closed", A="tanh"))
    assert isinstance(judgement.verdict, Refuted)
    assert judgement.claim.assumptions.dim_texts == ("dim n == m",)
