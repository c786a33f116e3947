"""SymPy objects in: what they mean, and what is refused at the door."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from formulas import claim
from sympy import (
    Determinant,
    Function,
    HadamardProduct,
    Heaviside,
    Identity,
    IndexedBase,
    Inverse,
    KroneckerDelta,
    MatrixSymbol,
    Max,
    OneMatrix,
    Piecewise,
    Rational,
    Sum,
    Trace,
    ZeroMatrix,
)

from symcheck.errors import IndexMisuse, NotSupported, ReadError, ShapeMismatch, SymcheckError, UndeclaredName
from symcheck.language.shape import shape_of
from symcheck.language.tensor import Index, IndexProduct, IndexSum, Tensor, variable
from symcheck.reading.scope import Scope
from symcheck.reading.sympy_objects import scalar_symbols, to_tensor
from symcheck.sympy_oracle import compare, dense

n, m = sympy.symbols("n m", integer=True, positive=True)
i, j, k = sympy.symbols("i j k", integer=True)
a, c, t = scalar_symbols("a c t")
x, y, W = IndexedBase("x"), IndexedBase("y"), IndexedBase("W")
X, A, S = MatrixSymbol("X", m, n), MatrixSymbol("A", n, n), MatrixSymbol("S", n, n)
column, other = MatrixSymbol("u", n, 1), MatrixSymbol("v", n, 1)
f, g = Function("f"), Function("g")
SIZES = {"n": 3, "m": 2}


def scope() -> Scope:
    made = Scope()
    for name in "act":
        made.declare(name, ())
    for name in "xy":
        made.declare(name, shape_of("n"))
    made.declare("W", shape_of("m", "n"))
    made.declare_function("f", [()], (), elementwise=True)
    made.declare_function("g", [(), ()], ())
    return made


def entries(tensor: Tensor) -> tuple[Any, ...]:
    return dense(tensor, SIZES).entries


def real(text: str) -> Any:
    return sympy.Symbol(text, real=True)


x0, x1, x2 = (real(f"x_{position}") for position in range(3))
y0, y1, y2 = (real(f"y_{position}") for position in range(3))


@pytest.mark.parametrize(
    ("obj", "value"),
    [
        (((a + c) * (c - t)) ** 2, ((a + c) * (c - t)) ** 2),
        (a / (c * t) - Rational(3, 2), a / (c * t) - Rational(3, 2)),
        (sympy.sqrt(a) * sympy.exp(-c) * sympy.pi, sympy.sqrt(a) * sympy.exp(-c) * sympy.pi),
        (sympy.tanh(a) + sympy.log(t**2), sympy.tanh(a) + sympy.log(t**2)),
        (sympy.loggamma(a) + sympy.digamma(a), sympy.loggamma(a) + sympy.digamma(a)),
        (sympy.E**2 + 1 / sympy.E, sympy.E**2 + 1 / sympy.E),
        (x[0] ** 2, x0**2),
        (Sum(x[i] ** 2, (i, 0, n - 1)), x0**2 + x1**2 + x2**2),
        (Sum(x[i] ** 2, (i, 1, n)), x0**2 + x1**2 + x2**2),
        (Sum(x[i] * y[j], (i, 0, n - 1), (j, 0, n - 1)), sympy.expand((x0 + x1 + x2) * (y0 + y1 + y2))),
        (Sum(KroneckerDelta(i, j) * x[i] * y[j], (i, 0, n - 1), (j, 0, n - 1)), x0 * y0 + x1 * y1 + x2 * y2),
        (x[0] * Sum(x[i], (i, 0, n - 1)), x0 * (x0 + x1 + x2)),
        (Sum(x[i], (i, 0, n - 1)) / n, (x0 + x1 + x2) / 3),
        (Sum(1, (i, 0, n - 1)), 3),
        (Trace(Identity(n)), 3),
        (Trace(OneMatrix(n, n)), 3),
        (Determinant(Identity(n) * 2), 8),
    ],
)
def test_numbers(obj: Any, value: Any) -> None:
    (entry,) = entries(to_tensor(obj, scope()))
    assert sympy.expand(entry - value) == 0


def test_max_and_heaviside_and_piecewise() -> None:
    for obj, at, value in [
        (Max(0, a), {a: 2}, 2),
        (Max(0, a), {a: -2}, 0),
        (Max(a, c, 1), {a: -2, c: 5}, 5),
        (sympy.Min(a, c), {a: -2, c: 5}, -2),
        (sympy.Abs(a), {a: -2}, 2),
        (Heaviside(a), {a: 3}, 1),
        (Piecewise((a, a > c), (c**2, True)), {a: 1, c: 3}, 9),
        (Piecewise((a, sympy.Ne(a, c)), (c**2, True)), {a: 3, c: 3}, 9),
    ]:
        (entry,) = entries(to_tensor(obj, scope()))
        assert entry.xreplace({s: sympy.Integer(v) for s, v in at.items()}) == value


MATRIX_ROWS: dict[str, Any] = {
    "product": A * S,
    "column": A * column,
    "row": column.T * A,
    "outer": column * other.T,
    "transpose": X.T * X,
    "scaled": -2 * A + S,
    "inverse": A.inv(),
    "Hadamard": HadamardProduct(A, S.T),
    "power": A**3,
    "identity": A - Identity(n),
    "zeros": OneMatrix(m, n) + ZeroMatrix(m, n) + X,
    "kron": sympy.kronecker_product(A, S),
    "diagonal": sympy.DiagMatrix(column),
    "map": A.applyfunc(sympy.Lambda(t, sympy.exp(t) - 1)),
}


@pytest.mark.parametrize("row", MATRIX_ROWS)
def test_matrix_expressions_mean_what_sympy_means(row: str) -> None:
    """Entry by entry what SymPy's own `as_explicit` gives."""
    obj = MATRIX_ROWS[row]
    here = scope()
    tensor = to_tensor(obj, here)
    names = {"A": A, "S": S, "X": X, "u": column, "v": other}
    values = {}
    for name, symbol in names.items():
        known = here.variable(name)
        if known is not None:
            shape = [{"n": 3, "m": 2}.get(str(length), length) for length in symbol.shape]
            values[symbol] = sympy.Matrix(*map(int, shape), dense(variable(known), SIZES).entries)
    explicit = obj.subs({n: 3, m: 2})
    explicit = explicit.subs({s.subs({n: 3, m: 2}): v for s, v in values.items()}).doit()
    expected = list(explicit.as_explicit() if hasattr(explicit, "as_explicit") else explicit)
    assert [sympy.cancel(e - x) for e, x in zip(entries(tensor), expected, strict=True)] == [0] * len(
        expected
    )


def test_columns_of_matrix_symbols_are_vectors() -> None:
    here = scope()
    assert to_tensor(A * column, here).shape == shape_of("n")
    assert to_tensor(column.T * A * column, here).shape == ()
    assert to_tensor((column.T * A * column)[0, 0], here).shape == ()
    assert to_tensor(Trace(column * column.T), here).shape == ()
    assert to_tensor(Inverse(X.T * X) * X.T, here).shape == shape_of("n", "m")


def test_free_indices_are_shared_between_the_sides() -> None:
    here = scope()
    indices: dict[Any, Index] = {}
    left = to_tensor(sympy.Derivative(Sum(x[k] ** 2, (k, 0, n - 1)), x[i]), here, indices)
    right = to_tensor(2 * x[i], here, indices)
    assert {key: index.dim for key, index in indices.items()} == {i: "n"}
    assert compare(claim(left, right, indices.values())).status == "agrees"


def test_bound_symbols_become_fresh_indices() -> None:
    """One letter in two sums is two indices; an inner sum shadows an outer one."""
    here = scope()
    indices: dict[Any, Index] = {}
    product = to_tensor(x[i] * Sum(x[i], (i, 0, n - 1)), here, indices)
    sums = [node for node in _nodes(product) if isinstance(node, IndexSum)]
    assert sums[0].indices[0] is not indices[i]
    shadowed = to_tensor(Sum(Sum(x[i], (i, 0, n - 1)), (i, 0, n - 1)), here)
    (entry,) = entries(shadowed)
    assert sympy.expand(entry - 3 * (x0 + x1 + x2)) == 0


def test_a_product_over_an_index_is_read_and_given_back() -> None:
    whole = to_tensor(sympy.Product(x[i], (i, 0, n - 1)), scope())
    assert isinstance(whole, IndexProduct)
    (entry,) = entries(whole)
    assert sympy.expand(entry - x0 * x1 * x2) == 0
    assert isinstance(whole.component(), sympy.Product)


def _nodes(tensor: Tensor) -> list[Tensor]:
    found = [tensor]
    for arg in getattr(tensor, "args", ()):
        found += _nodes(arg)
    return found


def test_idx_carries_its_range() -> None:
    position = sympy.Idx("p", n)
    (entry,) = entries(to_tensor(Sum(x[position], position), scope()))
    assert entry == x0 + x1 + x2


def test_undefined_functions_and_their_derivatives() -> None:
    here = scope()
    inner = t**2
    chain = to_tensor(sympy.Derivative(f(inner), t), here)
    by_hand = to_tensor(f(inner).diff(t), here)
    assert compare(claim(chain, by_hand)).status == "agrees"
    mixed = to_tensor(g(t, inner).diff(t), here)
    assert compare(claim(to_tensor(sympy.Derivative(g(t, inner), t), here), mixed)).status == "agrees"


def test_derivatives_stay_derivatives() -> None:
    here = scope()
    tensor = to_tensor(sympy.Derivative(Trace(A * S), A), here)
    assert tensor.shape == shape_of("n", "n")
    assert compare(claim(tensor, to_tensor(S.T, here))).status == "agrees"
    twice = to_tensor(sympy.Derivative(t**3, (t, 2)), here)
    assert compare(claim(twice, to_tensor(6 * t, here))).status == "agrees"
    entry = to_tensor(sympy.Derivative(Sum(x[k] ** 2, (k, 0, n - 1)), x[0]), here)
    assert compare(claim(entry, to_tensor(2 * x[0], here))).status == "agrees"


@pytest.mark.parametrize(
    ("obj", "error", "words"),
    [
        (Sum(x[i], (i, 0, n - 2)), IndexMisuse, "no whole axis"),
        (Sum(x[i], (i, 1, n - 1)), IndexMisuse, "no whole axis"),
        (Sum(x[i], (i, 2, n)), IndexMisuse, "no whole axis"),
        (Sum(x[i + 1], (i, 0, n - 1)), IndexMisuse, "shifted"),
        (Sum(x[i] * W[i, j], (i, 0, n - 1), (j, 0, n - 1)), IndexMisuse, "runs over n and over m"),
        (Sum(i * x[i], (i, 0, n - 1)), IndexMisuse, "used as a number"),
        (Sum(x[i], (i, 0, sympy.Symbol("q") - 1)), IndexMisuse, "nothing declared"),
        (Sum(x[i] * x[0], (i, 1, n)), IndexMisuse, "counts from 1"),
        (KroneckerDelta(i, j), IndexMisuse, "range"),
        (x[i, j], ShapeMismatch, "2 indices"),
        (IndexedBase("z")[i], UndeclaredName, "z is not declared"),
        (a + sympy.Symbol("unknown"), UndeclaredName, "unknown is not declared"),
        (Function("h")(a), UndeclaredName, "function h"),
        (sympy.Symbol("x") + 1, ShapeMismatch, "SymPy's symbol is a number"),
        (MatrixSymbol("W", n, n), ShapeMismatch, "declared as"),
        (0.1 * a, ReadError, "float"),
        (0.5, ReadError, "float"),
        (sympy.I * a, NotSupported, "ImaginaryUnit"),
        (sympy.oo, NotSupported, "number"),
        (sympy.dirichlet_eta(a), NotSupported, "dirichlet_eta"),
        (sympy.elliptic_e(a, c), NotSupported, "elliptic_e of 2 arguments"),
        (Piecewise((a, a > 0), (c, a < -1), (t, True)), NotSupported, "two branches"),
        (sympy.Integral(a, a), NotSupported, "Integral"),
        (a > c, NotSupported, "no meaning"),
        ("a + c", NotSupported, "no meaning"),
    ],
)
def test_what_is_refused(obj: Any, error: type[SymcheckError], words: str) -> None:
    with pytest.raises(error) as caught:
        to_tensor(obj, scope())
    assert words in str(caught.value)


def test_scalar_symbols_are_real() -> None:
    assert scalar_symbols("a, b c") == tuple(sympy.Symbol(name, real=True) for name in "abc")
    with pytest.raises(ReadError):
        scalar_symbols("a+b")
