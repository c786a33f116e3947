"""Declarations, definitions and assumptions in text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from reading_sketch import scope_of, sketch

from symcheck.errors import SymcheckError
from symcheck.language.claim import Kind
from symcheck.language.shape import show_shape
from symcheck.reading.declarations import declare_in
from symcheck.reading.elaborate import read_formula
from symcheck.reading.places import Place
from symcheck.reading.scope import Scope

SHAPES = [
    ("x: n", "x", "(n)"),
    ("t: scalar", "t", "scalar"),
    ("V: h n", "V", "(h, n)"),
    ("V: h×n", "V", "(h, n)"),
    ("V: (h, n)", "V", "(h, n)"),
    ("V: h, n", "V", "(h, n)"),
    ("V: 2 n", "V", "(2, n)"),
    ("v: m·n", "v", "(m·n)"),
    ("a, b: n", "b", "(n)"),
    ("ε: scalar", "epsilon", "scalar"),
    ("w₁: n", "w1", "(n)"),
    ("x: n; y = 2*x", "y", "(n)"),
    ("x: n\ny := x @ x", "y", "scalar"),
    ("# a remark\nx: n", "x", "(n)"),
]


@pytest.mark.parametrize(("text", "name", "shape"), SHAPES, ids=[row[0] for row in SHAPES])
def test_shapes(text: str, name: str, shape: str) -> None:
    assert show_shape(scope_of(text).variables[name].shape) == shape


FUNCTIONS = [
    ("sigma: elementwise", ["scalar"], "scalar"),
    ("A: n -> m", ["(n)"], "(m)"),
    ("A: n → m", ["(n)"], "(m)"),
    ("Q: (N m) -> scalar", ["(N, m)"], "scalar"),
    ("f: (scalar, scalar) -> scalar", ["scalar", "scalar"], "scalar"),
    ("f: (n, m) -> scalar", ["(n)", "(m)"], "scalar"),
    ("f: ((N m), n) -> (m k)", ["(N, m)", "(n)"], "(m, k)"),
    ("f: scalar -> scalar", ["scalar"], "scalar"),
]


@pytest.mark.parametrize(("text", "domain", "codomain"), FUNCTIONS, ids=[row[0] for row in FUNCTIONS])
def test_undefined_functions(text: str, domain: list[str], codomain: str) -> None:
    (function,) = scope_of(text).functions.values()
    assert [show_shape(shape) for shape in function.domain] == domain
    assert show_shape(function.codomain) == codomain
    assert function.elementwise == ("elementwise" in text)


BAD = [
    ("x", "SC001", "declares nothing"),
    ("x:", "SC001", "a shape is missing"),
    ("x: 0", "SC001", "from 1 on"),
    ("x: n-1", "SC001", "a size is"),
    ("x: vector", "SC001", "no size"),
    ("2x: n", "SC001", "no name"),
    ("x: n; x: n", "SC015", "twice"),
    ("ε: n; epsilon: n", "SC015", "twice"),
    ("x: n; n: scalar", "SC015", "size already"),
    ("n: scalar; x: n", "SC015", "declared name and a size"),
    ("sigma: elementwise; sigma: n", "SC015", "twice"),
    ("y = x", "SC010", "not declared"),
    ("x: n; z[i] = x[i]", "SC001", "whole tensor"),
    ("x: n; z = x[i]", "SC013", "stands free"),
    ("x: n; z = dx", "SC001", "differential"),
    ("A: n -> m -> k", "SC001", "one ->"),
]


@pytest.mark.parametrize(("text", "code", "word"), BAD, ids=[row[0] for row in BAD])
def test_bad_declarations(text: str, code: str, word: str) -> None:
    with pytest.raises(SymcheckError) as caught:
        declare_in(Scope(), text, Place("option --let"))
    assert caught.value.code == code
    assert caught.value.location is not None
    assert word in f"{caught.value.message} {caught.value.hint}"


def test_a_bad_definition_is_located_in_the_whole_text() -> None:
    with pytest.raises(SymcheckError) as caught:
        declare_in(Scope(), "x: n\ny = x + z", Place())
    location = caught.value.location
    assert location is not None
    assert (location.line, location.col, location.source) == (2, 9, "y = x + z")


def test_macros_expand_with_their_arguments() -> None:
    scope = scope_of("t: scalar; v: n")
    scope.declare_macro("act", ["x", "a"], "x + a*tanh(x)")
    scope.declare_macro("twice", ["x"], "act(x, 2)")
    body = read_formula("twice(t*t)", scope)
    assert sketch(body) == "(add (mul t t) (mul 2 (tanh (mul t t))))"
    assert body.span == (0, 10)
    assert sketch(read_formula("twice(v)", scope)) == "(add v (mul 2 (tanh v)))"


def test_macros_capture_nothing() -> None:
    scope = scope_of("x: n; t: scalar")
    scope.declare_macro("total", ["v"], "sum(i, v[i]*v[i])")
    scope.declare_macro("leaky", ["a"], "a*x[i]")
    meaning = "(Σ i:n (mul x[i] (Σ i:n (mul x[i] x[i]))))"
    assert sketch(read_formula("sum(i, x[i]*total(x))", scope)) == meaning
    with pytest.raises(SymcheckError, match="not bound in the body of leaky"):
        read_formula("sum(i, leaky(x[i]))", scope)


def test_macros_do_not_grow_without_end() -> None:
    scope = scope_of("t: scalar")
    scope.declare_macro("f0", ["a"], "a + a")
    for k in range(1, 30):
        scope.declare_macro(f"f{k}", ["a"], f"f{k - 1}(a) + f{k - 1}(a)")
    with pytest.raises(SymcheckError) as caught:
        read_formula("f29(t)", scope)
    assert caught.value.code == "SC002"


SCOPE = "x: n; X: n n; W: n m; k: scalar; y: n; Y: N m"
ASSUMED = [
    ("x > 0", Kind.INTERVAL, (Fraction(0), True, None, False)),
    ("x >= 1", Kind.INTERVAL, (Fraction(1), False, None, False)),
    ("x < 1/2", Kind.INTERVAL, (None, False, Fraction(1, 2), True)),
    ("0 < x", Kind.INTERVAL, (Fraction(0), True, None, False)),
    ("-1 < x < 1", Kind.INTERVAL, (Fraction(-1), True, Fraction(1), True)),
    ("1 <= k <= 3", Kind.INTERVAL, (Fraction(1), False, Fraction(3), False)),
    ("k > 0.3", Kind.INTERVAL, (Fraction(3, 10), True, None, False)),
    ("1 > x > -1", Kind.INTERVAL, (Fraction(-1), True, Fraction(1), True)),
    ("k integer", Kind.INTEGER, ()),
    ("y binary", Kind.BINARY, ()),
    ("y signs", Kind.SIGNS, ()),
    ("Y one-hot", Kind.ONE_HOT, ()),
    ("y one-hot", Kind.ONE_HOT, ()),
    ("y on simplex", Kind.SIMPLEX, ()),
    ("y unit", Kind.UNIT, ()),
    ("sum(y) == 1", Kind.SUM, (Fraction(1),)),
    ("sum(Y) = 0", Kind.SUM, (Fraction(0),)),
    ("rowsum(Y) == 1", Kind.SUM, (Fraction(1),)),
    ("sum(Y, axis=1) == 1", Kind.SUM, (Fraction(1),)),
    ("sum(Y, axis=-1) = 1", Kind.SUM, (Fraction(1),)),
    ("sum(Y, 1) == 0", Kind.SUM, (Fraction(0),)),
    ("X symmetric", Kind.SYMMETRIC, ()),
    ("X is symmetric", Kind.SYMMETRIC, ()),
    ("X invertible", Kind.INVERTIBLE, ()),
    ("X det > 0", Kind.DET_POSITIVE, ()),
    ("det(X) > 0", Kind.DET_POSITIVE, ()),
    ("X positive definite", Kind.POSITIVE_DEFINITE, ()),
    ("X diagonal", Kind.DIAGONAL, ()),
    ("X orthogonal", Kind.ORTHOGONAL, ()),
    ("X lower triangular", Kind.LOWER_TRIANGULAR, ()),
    ("X idempotent", Kind.IDEMPOTENT, ()),
    ("W full rank", Kind.FULL_RANK, ()),
]


@pytest.mark.parametrize(("text", "kind", "data"), ASSUMED, ids=[row[0] for row in ASSUMED])
def test_assumptions(text: str, kind: Kind, data: tuple[object, ...]) -> None:
    (condition,) = scope_of(SCOPE, assume=[text]).assumptions().conditions
    assert (condition.kind, condition.data, condition.text) == (kind, data, text)


@pytest.mark.parametrize(
    ("text", "kind", "left", "right"),
    [
        ("k < t", Kind.BELOW, "k", "t"),
        ("k > t", Kind.BELOW, "t", "k"),
        ("k <= t", Kind.AT_MOST, "k", "t"),
        ("k ≥ t", Kind.AT_MOST, "t", "k"),
        ("k != t", Kind.DIFFERENT, "k", "t"),
    ],
)
def test_relations_of_two_scalars(text: str, kind: Kind, left: str, right: str) -> None:
    (condition,) = scope_of("k: scalar; t: scalar", assume=[text]).assumptions().conditions
    assert condition.other is not None
    assert (condition.kind, condition.symbol.name, condition.other.name) == (kind, left, right)
    assert condition.text == text


def test_what_is_not_a_number() -> None:
    (condition,) = scope_of("x: n", assume=["x != -1/2"]).assumptions().conditions
    assert (condition.kind, condition.data, condition.other) == (Kind.DIFFERENT, (Fraction(-1, 2),), None)


def test_assumptions_on_sizes() -> None:
    scope = scope_of("A: m n; B: k 4", assume=["dim n == m", "dim k == 4", "dim m >= 3", "note: anything"])
    assumptions = scope.assumptions()
    assert assumptions.same(("m",), ("n",))
    assert assumptions.same(("k",), (4,))
    assert not assumptions.same(("k",), ("n",))
    assert assumptions.at_least == {"m": 3}
    assert assumptions.notes == ("anything",)
    scope.assume("A symmetric")
    assert scope.assumptions().conditions[0].kind is Kind.SYMMETRIC


BAD_ASSUMPTIONS = [
    ("x", "ends after its name"),
    ("", "empty"),
    ("x positive", "what can be written"),
    ("X symetric", "did you mean 'symmetric'"),
    ("W symmetric", "square matrix"),
    ("k one-hot", "vector"),
    ("sum(k) == 1", "vector"),
    ("sum(y) > 1", "sum(y) == 1"),
    ("rowsum(y) == 1", "a matrix"),
    ("sum(y, axis=1) == 1", "a matrix"),
    ("sum(Y, axis=0) == 1", "sum(y) == 1"),
    ("rowsum(Y, 1) == 1", "sum(y) == 1"),
    ("xx > 0", "did you mean x"),
    ("x > y", "two scalars"),
    ("k < k", "itself"),
    ("k == k2", "not declared"),
    ("0 != x", "a name is expected"),
    ("k != y != x", "a bound is a number"),
    ("x == 1", "no assumption"),
    ("x > 1/0", "number"),
    ("2 < x < 1", "no number"),
    ("0 < x > 1", "two lower bounds"),
    ("dim n > n", "no sizes"),
    ("dim n <= 3", "no greatest value"),
    ("dim q == 2", "no size"),
    ("dim n == 0", "from 1 on"),
    ("dim 2 == 3", "never equal"),
    ("p > 0", "is defined"),
]


@pytest.mark.parametrize(("text", "word"), BAD_ASSUMPTIONS, ids=[row[0] for row in BAD_ASSUMPTIONS])
def test_bad_assumptions(text: str, word: str) -> None:
    scope = scope_of(SCOPE, "p = x + y")
    with pytest.raises(SymcheckError) as caught:
        scope.assume(text)
    assert caught.value.code == "SC014"
    assert word in f"{caught.value.message} {caught.value.hint}"
    assert scope.assumptions().conditions == ()


def test_a_copy_grows_on_its_own() -> None:
    scope = scope_of("A: m n")
    twin = scope.copy()
    twin.assume("dim m == n")
    twin.declare("x", (("m",),))
    assert not scope.assumptions().same(("m",), ("n",))
    assert "x" not in scope.variables
    assert twin.graph() is not None
    assert twin.variables["A"] is scope.variables["A"]
