"""Where SymPy 1.14 errs on symbolic indices and matrices, and that symcheck's way around it holds.

Each test first says what SymPy does, loosely, for it may be mended one day; what is asserted strictly
is ours: the object read in, differentiated through explicit scalars and through index notation.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import sympy
from formulas import claim
from sympy import (
    Determinant,
    HadamardProduct,
    Heaviside,
    IndexedBase,
    KroneckerDelta,
    MatrixSymbol,
    Max,
    Sum,
    Trace,
)

from symcheck.language.shape import shape_of
from symcheck.language.tensor import Derivative, Index, IndexSum, Tensor, apply, entry
from symcheck.reading.scope import Scope
from symcheck.reading.sympy_objects import to_tensor
from symcheck.sympy_oracle import compare, component, dense, explicit

n, m = sympy.symbols("n m", integer=True, positive=True)
i, j, k = sympy.symbols("i j k", integer=True)
x, W = IndexedBase("x"), IndexedBase("W")
X, Y, S = MatrixSymbol("X", n, n), MatrixSymbol("Y", n, n), MatrixSymbol("S", n, n)
square = Sum(x[i] ** 2, (i, 0, n - 1))


def scope() -> Scope:
    made = Scope()
    made.declare("x", shape_of("n"))
    made.declare("z", ())
    made.declare("W", shape_of("m", "n"))
    for name in "XYS":
        made.declare(name, shape_of("n", "n"))
    return made


def by(obj: Any, name: str, here: Scope) -> Tensor:
    """∂obj/∂name, as a formula of ours: SymPy does not differentiate it."""
    body = to_tensor(obj, here)
    symbol = here.variable(name)
    assert symbol is not None
    return Derivative(body.shape + symbol.shape, body, symbol)


def sympy_says(attempt: Callable[[], Any]) -> Any:
    """What SymPy does: a value, or the exception's class."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return attempt()
    except Exception as error:
        return type(error)


def assert_gradient(obj: Any, name: str, right: Any, wrong: Any | None = None) -> None:
    """SymPy's scalars agree with `right` as the derivative of obj, and not with `wrong`."""
    here = scope()
    left = by(obj, name, here)
    answer = compare(claim(left, to_tensor(right, here)))
    assert answer.status == "agrees", answer
    if wrong is not None:
        assert compare(claim(left, to_tensor(wrong, here))).status == "differs"


def test_1_the_derivative_takes_the_bound_index_for_the_free_one() -> None:
    said = sympy_says(lambda: square.diff(x[i]))
    assert said is not None  # 1.14: Sum(2*x[i], …), the sum kept
    here = scope()
    indices: dict[Any, Index] = {}
    left = to_tensor(sympy.Derivative(square, x[i]), here, indices)
    assert compare(claim(left, to_tensor(2 * x[i], here, indices), indices.values())).status == "agrees"
    kept = to_tensor(Sum(2 * x[k], (k, 0, n - 1)), here, indices)
    assert compare(claim(left, kept, indices.values())).status == "differs"
    assert str(component(by(square, "x", here), i)) == "2*x[i]"


def test_2_a_factor_beside_the_sum_meets_the_same_letter() -> None:
    obj = x[i] * Sum(x[i], (i, 0, n - 1))
    here = scope()
    indices: dict[Any, Index] = {}
    left = to_tensor(sympy.Derivative(obj, x[i]), here, indices)
    right = to_tensor(x[i] + Sum(x[k], (k, 0, n - 1)), here, indices)
    assert compare(claim(left, right, indices.values())).status == "agrees"


def test_3_substitution_captures() -> None:
    obj = Sum(W[i, j] * x[j], (j, 0, n - 1))
    captured = sympy_says(lambda: obj.subs(i, j))
    assert captured is not None  # 1.14: Sum(W[j, j]*x[j], …)
    # reading binds j anew, so an equation's free j beside it is another index
    here = scope()
    indices: dict[Any, Index] = {}
    outside = to_tensor(x[j], here, indices)
    inside = to_tensor(obj, here, indices)
    assert isinstance(inside, IndexSum)
    assert inside.indices[0] is not indices[j]
    both = dense(inside * outside, {"n": 2, "m": 2}, environment={indices[i]: 1, indices[j]: 0}).scalar
    w, y = sympy.symbols("W_1_:2", real=True), sympy.symbols("x_:2", real=True)
    assert sympy.expand(both - (w[0] * y[0] + w[1] * y[1]) * y[0]) == 0


@pytest.mark.parametrize(
    ("obj", "right"),
    [
        (sympy.log(Determinant(X)), X.inv().T),
        (sympy.exp(Trace(X)), sympy.exp(Trace(X)) * sympy.Identity(n)),
        (sympy.log(Trace(X)), sympy.Identity(n) / Trace(X)),
        (sympy.sin(Trace(X)), sympy.cos(Trace(X)) * sympy.Identity(n)),
        (1 / Trace(X), -sympy.Identity(n) / Trace(X) ** 2),
        (Trace(X) ** 2, 2 * Trace(X) * sympy.Identity(n)),
    ],
)
def test_4_functions_of_traces_have_derivative_zero(obj: Any, right: Any) -> None:
    said = sympy_says(lambda: obj.diff(X))
    assert said is not None  # 1.14: 0 for all but the square, without a warning
    assert_gradient(obj, "X", right, wrong=sympy.ZeroMatrix(n, n))


def test_5_the_root_of_a_trace_crashes() -> None:
    obj = sympy.sqrt(Trace(Y.T * Y))
    sympy_says(lambda: obj.diff(Y))  # 1.14: TypeError
    assert_gradient(obj, "Y", Y / obj)


def test_6_the_determinant_stays_unevaluated() -> None:
    sympy_says(lambda: Determinant(X).diff(X))  # 1.14: Derivative(Determinant(X), X)
    assert_gradient(Determinant(X), "X", Determinant(X) * X.inv().T, wrong=Determinant(X) * X.inv())


def test_7_and_9_derivatives_are_not_buried_in_piecewise() -> None:
    said = sympy_says(lambda: square.diff(x[j]).doit())
    assert said is not None  # 1.14: Piecewise((2*x[j], (j >= 0) & (j <= n - 1)), (0, True))
    here = scope()
    assert not component(by(square, "x", here), j).has(sympy.Piecewise)
    mse = Sum((Sum(W[i, k] * x[k], (k, 0, n - 1))) ** 2, (i, 0, m - 1)) / m
    free: dict[Any, Index] = {}
    left = to_tensor(sympy.Derivative(mse, x[j]), here, free)
    right = to_tensor(2 * Sum(W[i, j] * Sum(W[i, k] * x[k], (k, 0, n - 1)), (i, 0, m - 1)) / m, here, free)
    assert compare(claim(left, right, free.values())).status == "agrees"


def test_8_names_of_bound_indices_do_not_matter() -> None:
    here = scope()
    left = to_tensor(Sum(x[i], (i, 0, n - 1)), here)
    right = to_tensor(Sum(x[k], (k, 0, n - 1)), here)
    assert compare(claim(left, right)).status == "agrees"
    double = Sum(W[i, k] * x[k], (i, 0, m - 1), (k, 0, n - 1))
    swapped = Sum(W[i, k] * x[k], (k, 0, n - 1), (i, 0, m - 1))
    assert compare(claim(to_tensor(double, here), to_tensor(swapped, here))).status == "agrees"


def test_10_the_derivative_by_a_whole_base() -> None:
    said = sympy_says(lambda: square.diff(x))
    assert said is not None  # 1.14: ValueError
    assert str(explicit(by(square, "x", scope()), {"n": 2})) == "[2*x_0, 2*x_1]"


def test_11_nested_sums_are_flattened_and_still_read() -> None:
    nested = Sum(Sum(W[i, k] * x[k], (k, 0, n - 1)), (i, 0, m - 1))
    here = scope()
    tensor = to_tensor(nested, here)
    rows = apply(
        "sumall", to_tensor(MatrixSymbol("W", m, n), here) @ to_tensor(MatrixSymbol("x", n, 1), here)
    )
    assert compare(claim(tensor, rows)).status == "agrees"


def test_12_towers_are_compared_by_number_not_by_simplify() -> None:
    z = sympy.Symbol("z", real=True)
    here = scope()
    left = to_tensor(sympy.tanh(z), here)
    right = to_tensor(2 / (1 + sympy.exp(-2 * z)) - 1, here)
    answer = compare(claim(left, right))
    assert (answer.status, answer.detail) == ("agrees", "3 points")


def test_13_traces_are_cyclic() -> None:
    here = scope()
    left, right = to_tensor(Trace(X * Y * S), here), to_tensor(Trace(S * X * Y), here)
    assert compare(claim(left, right)).status == "agrees"
    assert compare(claim(left, to_tensor(Trace(Y * X * S), here))).status == "differs"


def test_14_and_15_matrix_functions_give_plain_entries() -> None:
    obj = Trace(HadamardProduct(X, Y).T * S)
    assert_gradient(obj, "X", HadamardProduct(Y, S), wrong=HadamardProduct(Y, S.T))
    assert explicit(by(obj, "X", scope()), {"n": 2}).shape == (2, 2)


def test_16_guards() -> None:
    r = sympy.Symbol("z", real=True)
    here = scope()
    step = to_tensor(Heaviside(r), here)
    assert compare(claim(step * step, step)).status == "agrees"
    rectified = to_tensor(Max(0, r), here)
    assert compare(claim(rectified, to_tensor((r + sympy.Abs(r)) / 2, here))).status == "agrees"
    free: dict[Any, Index] = {}
    first, second = to_tensor(x[i], here, free), to_tensor(x[j], here, free)
    delta = to_tensor(KroneckerDelta(i, j), here, free)
    assert compare(claim(delta * (first - second), 0, free.values())).status == "agrees"


def test_17_the_step_is_0_at_0() -> None:
    """SymPy's Heaviside(0) is ½; ours is 0, and a derivative holds no DiracDelta."""
    here = scope()
    step = to_tensor(Heaviside(sympy.Symbol("z", real=True)), here)
    value = dense(step, {}).scalar
    assert value.subs(sympy.Symbol("z", real=True), 0) == 0
    symbol = here.variable("z")
    assert symbol is not None
    assert explicit(Derivative((), step, symbol), {}) == 0


def test_18_what_is_compared_is_what_was_written() -> None:
    """√(x²) becomes |x| on the way in; its derivative is still right on both sides of 0."""
    here = scope()
    z = sympy.Symbol("z", real=True)
    symbol = here.variable("z")
    assert symbol is not None
    root = to_tensor(sympy.sqrt(z**2), here)
    assert compare(claim(Derivative((), root, symbol), to_tensor(sympy.sign(z), here))).status == "agrees"


def test_components_of_a_softmax_carry_no_piecewise() -> None:
    here = scope()
    tensor = apply("softmax", to_tensor(MatrixSymbol("x", n, 1), here))
    symbol = here.variable("x")
    assert symbol is not None
    jacobian = component(Derivative(shape_of("n", "n"), tensor, symbol), i, j)
    assert not jacobian.has(sympy.Piecewise)
    assert jacobian.has(KroneckerDelta)
    assert entry(tensor, (0,)).shape == ()
