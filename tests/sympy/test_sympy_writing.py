"""SymPy out: components with symbolic sizes, arrays at given ones, whole lectures."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from formulas import call, claim, d, elementwise, name, op

from symcheck.errors import IndexMisuse, NotSupported
from symcheck.language.claim import Graph
from symcheck.language.derivation import Lecture
from symcheck.language.shape import shape_of
from symcheck.language.tensor import Function, Index, Tensor
from symcheck.sympy_oracle import component, explicit, lecture_sympy

x, w = name("x", "n"), name("w", "n")
A, X = name("A", "n", "n"), name("X", "m", "n")
a, c = name("a"), name("c")
sigma = elementwise("sigma")


@pytest.mark.parametrize(
    ("tensor", "text"),
    [
        (X @ w, "Sum(X[i, k]*w[k], (k, 0, n - 1))"),
        (op("softmax", x), "exp(x[i])/Sum(exp(x[m]), (m, 0, n - 1))"),
        (op("eye", params=(("n",),)), "KroneckerDelta(i, j)"),
        (d(x @ x, x), "2*x[i]"),
        (d(op("logdet", A), A), "(A**(-1))[j, i]"),
        (d(op("sumall", call(sigma, x)), x), "sigma'(x[i])"),
        (d(op("sumall", op("relu", x)), x), "Piecewise((1, x[i] > 0), (0, True))"),
        (op("mean", x), "Sum(x[k], (k, 0, n - 1))/n"),
        (op("det", A), "Determinant(A)"),
        (x[1] * a, "a*x[1]"),
    ],
)
def test_component(tensor: Tensor, text: str) -> None:
    assert str(component(tensor)) == text


def test_component_at_chosen_places() -> None:
    p, q = sympy.symbols("p q", integer=True)
    assert str(component(X, p, q)) == "X[p, q]"
    assert str(component(X @ w, 0)) == "Sum(X[0, k]*w[k], (k, 0, n - 1))"
    with pytest.raises(IndexMisuse):
        component(X, p)


def test_component_and_explicit_agree() -> None:
    """The sum, done at n = 3, is the entry that was written out by itself."""
    gradient = d(op("logsumexp", A @ x), x)
    places = component(gradient, 1)
    array = explicit(gradient, {"n": 3})
    values = {name: Fraction(k % 5 - 2, 3) for k, name in enumerate(sorted(array[1].free_symbols, key=str))}
    point = {symbol: sympy.Rational(v.numerator, v.denominator) for symbol, v in values.items()}
    matrix = [[point.get(sympy.Symbol(f"A_{r}_{s}", real=True)) for s in range(3)] for r in range(3)]
    vector = [point[sympy.Symbol(f"x_{r}", real=True)] for r in range(3)]
    at_three = places.subs(sympy.Symbol("n", integer=True, positive=True), 3).doit()
    known = {
        node: (
            matrix[node.indices[0]][node.indices[1]] if len(node.indices) == 2 else vector[node.indices[0]]
        )
        for node in at_three.atoms(sympy.Indexed)
    }
    assert abs(sympy.N(at_three.xreplace(known), 30) - sympy.N(array[1].xreplace(point), 30)) < 1e-25


def test_component_of_a_function_of_vectors_is_refused() -> None:
    vector_map = Function("F", (shape_of("n"),), shape_of("n"))
    with pytest.raises(NotSupported) as caught:
        component(call(vector_map, x))
    assert "explicit" in (caught.value.hint or "")


def test_explicit_takes_names_and_symbols_as_sizes() -> None:
    size = sympy.Symbol("n")
    assert explicit(x, {size: 2}) == explicit(x, {"n": 2})
    assert isinstance(explicit(A, {"n": 2}), sympy.ImmutableDenseNDimArray)
    assert explicit(A, {"n": 2}).shape == (2, 2)
    with pytest.raises(NotSupported, match="size n"):
        explicit(x, {})


def test_scalars_are_the_symbols_of_the_author() -> None:
    """What comes out computes on with real symbols of the same names."""
    ours = explicit((a + c) ** 2, {})
    assert ours == (sympy.Symbol("a", real=True) + sympy.Symbol("c", real=True)) ** 2


def test_sigma_differentiates_into_sigma_prime() -> None:
    value = explicit(call(sigma, a), {})
    slope = explicit(call(sigma, a, orders=(1,)), {})
    assert sympy.diff(value, sympy.Symbol("a", real=True)).func.__name__ == "sigma'"
    assert str(slope) == "sigma'(a)"


def test_lecture() -> None:
    e, f = name("e"), name("f")
    graph = Graph({e.symbol: a + c, f.symbol: e**2})
    index = Index("i", "n")
    claims = [
        claim(d(f, e), 2 * e, graph={e: a + c, f: e**2}),
        claim(x[index] * a, a * x[index], [index]),
        claim(op("kron", A, A), op("kron", A, name("missing", "r", "r"))),
    ]
    named = [replace(stated, id=f"line {k}") for k, stated in enumerate(claims)]
    lecture = Lecture("test", "", graph=graph, items=tuple(named))
    written = lecture_sympy(lecture, {"n": 2})
    first, second = (sympy.Symbol(text, real=True) for text in "ac")
    assert written["definitions"] == {"e": first + second, "f": (first + second) ** 2}
    left, right = written["claims"]["line 0"]
    assert sympy.expand(left - right) == 0
    assert written["claims"]["line 1"][0].shape == (2,)
    assert written["claims"]["line 2"] is None
