"""What code means on symbolic arrays is what it means on NumPy's own, at unequal sizes, on random numbers.

The formula that the code builds is written out by SymPy, and by loops over balls; both are compared with
NumPy running the same code.  Neither knows how the formula was built.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.points import GivenEntries, Point
from symcheck.language.claim import Assumptions, Graph
from symcheck.language.indexed import Table
from symcheck.language.shape import Dim
from symcheck.language.tensor import Symbol, Tensor
from symcheck.layers import functions  # noqa: F401  (fills the tables)
from symcheck.layers.arrays import Array
from symcheck.layers.running import kernel, tensor_of, value_of
from symcheck.layers.shaping import Dims, squeezed
from symcheck.layers.trace import NeedsNumbers, Trace, Unfollowed
from symcheck.lowering import lower_graph, lower_tensor
from symcheck.sympy_oracle.expansion import Expansion

SIZES: dict[Dim, int] = {"N": 2, "n": 3, "m": 4}
NAMES: dict[str, Dims] = {
    "t": (),
    "x": ("n",),
    "y": ("n",),
    "u": ("N",),
    "X": ("N", "n"),
    "Y": ("N", "n"),
    "W": ("n", "m"),
    "S": ("n", "n"),
    "row": (1, "n"),
    "column": ("N", 1),
    "one": (1, 1),
    "A": ("N", "n", "m"),
    "B": (1, "n", 1),
}
SYMBOLS = {name: Symbol(name, squeezed(dims)) for name, dims in NAMES.items()}
Code = Callable[..., Any]


def overwritten(X: Any, **_: Any) -> Any:
    Z = X.copy()
    Z[X < 0.2] = 0
    Z += 1
    Z[...] = Z * X
    Z *= 2
    return Z


def through_another_name(X: Any, **_: Any) -> Any:
    Z = X.copy()
    same = Z
    same -= X.mean(axis=0)
    return Z * same


def halved_where_negative(X: Any, **_: Any) -> Any:
    Z = X.copy()
    Z[X < 0] *= 0.5
    return Z


def taken_from_another(X: Any, Y: Any, **_: Any) -> Any:
    Z, mask = X.copy(), Y > X
    Z[mask] = 2 * Y[mask] - X[mask]
    return Z


def kept_condition(X: Any, **_: Any) -> Any:
    Z = X.copy()
    mask = Z > 0
    Z[mask] = -1
    return np.where(mask, Z * 3, X)


def out_argument(X: Any, Y: Any, **_: Any) -> Any:
    Z = X.copy()
    np.multiply(Z, Y, out=Z)
    return Z


WHOLE: dict[str, Code] = {
    "row against column": lambda row, column, **_: row * column + row / (1 + column**2),
    "vector against matrix": lambda X, x, **_: X * x - x,
    "column against matrix": lambda X, column, **_: X / (2 + np.abs(column)),
    "column against vector": lambda column, x, **_: column + x,
    "one entry": lambda one, X, x, **_: one * X + one - x * one,
    "a new axis": lambda x, y, **_: x[:, None] * np.exp(y) - y[None, :],
    "a new axis in front": lambda u, X, **_: u[:, np.newaxis] * X,
    "three axes": lambda A, B, X, **_: A * B + X[:, :, None],
    "three axes, one alone": lambda A, u, **_: A * u[:, None, None],
    "outer by axes": lambda X, W, **_: X[:, :, None] * W[None, ...],
    "pairwise": lambda X, Y, **_: (X[:, None, :] - Y[None, :, :]) ** 2,
    "sum of all": lambda X, **_: X.sum() + np.sum(X * X),
    "sum along rows": lambda X, **_: X.sum(axis=1) * np.sum(X, axis=-1),
    "sum along columns": lambda X, row, **_: np.sum(X, axis=0, keepdims=True) - row,
    "sum of three axes": lambda A, **_: A.sum(axis=(0, 2)) + A.sum(axis=2).sum(axis=0),
    "sum over the middle": lambda A, **_: np.sum(A, axis=1, keepdims=True) * A,
    "sum over an axis of length one": lambda row, **_: row.sum(axis=0) + row.sum(axis=1),
    "means": lambda X, A, **_: X.mean() + X.mean(axis=1).sum() + A.mean(axis=(0, 1)),
    "moments": lambda X, **_: (
        (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-2) + X.std(axis=1, ddof=1)[:, None]
    ),
    "sizes as numbers": lambda X, **_: X / X.shape[0] + X.size * X.shape[1] - 1 / X.shape[1],
    "product": lambda X, W, **_: X @ W,
    "product with vectors": lambda X, x, u, **_: u @ X @ x + (X @ x) @ u,
    "product of row and column": lambda row, column, **_: column @ row,
    "product with a row": lambda row, W, **_: row @ W + np.dot(row, W),
    "product with a column": lambda X, column, **_: X.T @ column,
    "batched product": lambda A, W, **_: A @ W.T,
    "batched with a vector": lambda A, x, **_: np.swapaxes(A, 1, 2) @ x,
    "batched both": lambda A, **_: A @ A.transpose(0, 2, 1),
    "dot, outer, inner": lambda X, x, y, **_: np.outer(x, y) * x.dot(y) + np.inner(X, x).sum(),
    "einsum": lambda X, W, A, **_: np.einsum("ij,jk,ijk->ik", X, W, A),
    "einsum without arrow": lambda X, W, **_: np.einsum("ij,jk", X, W),
    "einsum transposed": lambda X, u, **_: np.einsum("ij,i->ji", X, u),
    "transposes": lambda X, A, **_: X.T.sum(axis=1) + A.transpose(2, 0, 1)[:, :, :].sum(axis=(0, 1)),
    "reshape by ones": lambda x, u, X, **_: x.reshape(1, -1) * u.reshape(-1, 1) + X.reshape(X.shape[0], -1),
    "expand and squeeze": lambda x, row, **_: np.expand_dims(x, 1).T * row.squeeze() + np.squeeze(row, 0),
    "broadcast_to": lambda x, X, **_: np.broadcast_to(x, X.shape) * X,
    "powers": lambda X, x, **_: X**3 - X**-1 + 2.0**x + np.square(X) + np.exp(x) ** x,
    "functions": lambda X, **_: np.tanh(X) + np.log1p(X**2) + np.sqrt(np.abs(X)) * np.sign(X) - np.sin(X),
    "division by three": lambda X, **_: 1 / 3 * X + X * (2 / 7) - 0.044715 * X,
    "maximum": lambda X, x, **_: np.maximum(0, X) + np.minimum(X, x) + np.maximum(x, 0.25),
    "clip": lambda X, **_: np.clip(X, -0.5, 0.5) + X.clip(0, None),
    "conditions as numbers": lambda X, Y, **_: (X > 0) * Y + 1.0 * (X <= Y) + (X > Y).sum() - (1 - (Y >= 0)),
    "sums of conditions": lambda X, Y, **_: ((X > 0) + (Y > 0)) * Y + (X > 0) * (Y > 0),
    "conditions joined": lambda X, Y, **_: np.where((X > 0) & ~(Y > 0) | (X < -0.5), X, Y),
    "unequal": lambda X, Y, **_: np.where(X != Y, X, 1.0) + (X == Y),
    "choice of scalars": lambda X, t, **_: np.where(t < X, 1, t),
    "heaviside": lambda X, **_: np.heaviside(X, 0.5),
    "norms": lambda X, x, **_: (
        np.linalg.norm(x) + np.linalg.norm(X) + np.linalg.norm(X, axis=1, keepdims=True)
    ),
    "diagonals": lambda S, x, **_: np.diag(x) @ S + np.diag(S) + np.trace(S),
    "like": lambda X, **_: np.ones_like(X) * 2 + np.zeros_like(X) + np.full_like(X, 3) * X,
    "matrices": lambda S, x, **_: np.linalg.inv(S) @ x + np.linalg.solve(S, x) * np.linalg.det(S),
    "the number first": lambda X, t, **_: np.float64(2) * X + np.float64(1) / (3 + t) - np.subtract(1, X),
    "in place": overwritten,
    "in place through another name": through_another_name,
    "in place where": halved_where_negative,
    "in place from another": taken_from_another,
    "a condition is kept as it was": kept_condition,
    "out=": out_argument,
    "ufunc.reduce": lambda X, **_: np.add.reduce(X, axis=1) + np.add.reduce(X).sum(),
}


def values() -> dict[str, Any]:
    random = np.random.default_rng(3)
    return {
        name: random.integers(-40, 40, size=[SIZES.get(d, d) for d in dims]) / 16 + 1 / 32
        for name, dims in NAMES.items()
    }


def on_sympy(tensor: Tensor, numbers: dict[str, Any]) -> list[float]:
    expansion = Expansion(SIZES)
    array = expansion.dense(tensor, {})
    point = {
        entry: float(value)
        for name, symbol in SYMBOLS.items()
        for entry, value in zip(expansion.entries(symbol).entries, numbers[name].flat, strict=True)
    }
    return [float(entry.subs(point).evalf()) for entry in array.entries]


def in_balls(tensor: Tensor, numbers: dict[str, Any]) -> list[float]:
    table = Table()
    graph = lower_graph(Graph(), Assumptions(), table)
    operand = lower_tensor(tensor, Assumptions(), table)
    entries = {
        symbol: [fmpq(*float(v).as_integer_ratio()) for v in numbers[name].flat]
        for name, symbol in SYMBOLS.items()
    }
    evaluator = Evaluator(graph, Point(dict(SIZES), GivenEntries(entries), {}))
    return [float(value) for value in evaluator.entries(operand.body, operand.idxs)]


@pytest.mark.parametrize("name", WHOLE)
def test_symbolic_sizes(name: str) -> None:
    trace, numbers = Trace(), values()
    result = WHOLE[name](**{key: value_of(SYMBOLS[key], dims, trace) for key, dims in NAMES.items()})
    expected = np.asarray(WHOLE[name](**numbers), dtype=float)
    tensor, dims = tensor_of(result, trace)
    assert tuple(SIZES.get(dim, dim) for dim in dims) == expected.shape
    assert np.allclose(on_sympy(tensor, numbers), expected.flatten())
    assert np.allclose(in_balls(tensor, numbers), expected.flatten())


def looped(X: Any, W: Any, **_: Any) -> Any:
    Z = np.zeros((X.shape[0], W.shape[1]), dtype=object)
    for i in range(X.shape[0]):
        for j in range(W.shape[1]):
            Z[i, j] = sum(X[i, k] * W[k, j] for k in range(len(W)))
    return Z


def shifted(X: Any, **_: Any) -> Any:
    Z = X.copy()
    Z[:, 1:] += X[:, :-1]
    Z[0] *= 2
    row = Z[1]
    row -= 1
    return Z


PARTS: dict[str, Code] = {
    "slices": lambda X, **_: X[:, 1:] - X[:, :-1] + X[0, 0],
    "negative steps": lambda x, **_: x[::-1] * x,
    "flattening": lambda X, **_: X.reshape(-1) * 2 + X.ravel(),
    "reshape": lambda X, W, **_: X.reshape(3, 2) @ X + W.flatten()[:3],
    "chosen rows": lambda W, **_: W[[2, 0, 0]] * W[np.arange(3)],
    "loops": looped,
    "views": shifted,
    "iteration": lambda X, **_: np.stack([2 * row for row in X]),
    "concatenate": lambda X, Y, **_: np.concatenate([X, Y], axis=1).sum(axis=0),
    "cumulated": lambda x, **_: np.cumsum(x),
    "maxima": lambda X, **_: X - X.max(axis=1, keepdims=True) + X.min() + np.max(X, axis=0),
    "products": lambda X, **_: X.prod(axis=1) + np.prod(X),
    "tensordot": lambda A, W, **_: np.tensordot(A, W, axes=2),
    "roll and flip": lambda x, **_: np.roll(x, 1) - np.flip(x),
    "pad": lambda X, **_: np.pad(X, ((0, 0), (1, 1)))[:, 2:],
}


def test_linear_algebra_of_numpys_own_is_refused_at_explicit_sizes() -> None:
    trace = Trace(SIZES, kernel())
    with pytest.raises(Unfollowed, match=r"linalg\.inv"):
        np.linalg.inv(value_of(SYMBOLS["S"], NAMES["S"], trace))


@pytest.mark.parametrize("name", [name for name in WHOLE | PARTS if name != "matrices"])
def test_explicit_sizes(name: str) -> None:
    code, numbers = (WHOLE | PARTS)[name], values()
    trace = Trace(SIZES, kernel())
    result = code(**{key: value_of(SYMBOLS[key], dims, trace) for key, dims in NAMES.items()})
    expected = np.asarray(code(**numbers), dtype=float)
    tensor, dims = tensor_of(result, trace)
    assert dims == expected.shape
    assert np.allclose(on_sympy(tensor, numbers), expected.flatten())


@pytest.mark.parametrize("name", PARTS)
def test_what_needs_numbers_asks_for_them(name: str) -> None:
    if name == "maxima":
        return
    trace = Trace()
    arrays = {key: value_of(SYMBOLS[key], dims, trace) for key, dims in NAMES.items()}
    with pytest.raises(NeedsNumbers):
        PARTS[name](**arrays)


@pytest.mark.parametrize(
    "code",
    [
        lambda X, W, **_: X + W,
        lambda X, u, **_: X * u,
        lambda X, W, **_: W @ X,
        lambda x, W, **_: W @ x,
        lambda X, Y, **_: X @ Y,
        lambda X, row, **_: row.copy().__iadd__(X),
        lambda x, t, **_: t @ x,
        lambda X, **_: X.sum(axis=2),
        lambda A, B, **_: A[..., None] * B[None],
        lambda row, **_: row.squeeze(1),
    ],
)
def test_what_numpy_refuses_is_refused(code: Code) -> None:
    trace, numbers = Trace(), values()
    with pytest.raises((ValueError, IndexError)):
        code(**numbers)
    with pytest.raises(Exception, match=r"broadcast|@ of|axis|squeeze|scalar"):
        code(**{key: value_of(SYMBOLS[key], dims, trace) for key, dims in NAMES.items()})


@pytest.mark.parametrize(
    "code",
    [
        lambda X, **_: float(X.sum()),
        lambda X, **_: 1 if X.sum() > 0 else 2,
        lambda X, **_: -(X > 0),
        lambda X, Y, **_: (X > 0) - (Y > 0),
        lambda X, **_: np.floor(X),
        lambda X, **_: X % 2,
        lambda X, Y, **_: X[X > 0] + Y[Y > 0],
        lambda X, Y, **_: X[X > 0] + Y,
        lambda X, **_: np.isnan(X),
        lambda X, **_: X.astype(int),
        lambda X, **_: X * float("inf"),
    ],
)
def test_what_cannot_be_followed_is_refused(code: Code) -> None:
    trace = Trace()
    with pytest.raises(Unfollowed):
        code(**{key: value_of(SYMBOLS[key], dims, trace) for key, dims in NAMES.items()})


def test_writing_in_place_beside_a_view_is_refused() -> None:
    """NumPy's view would change with its base; ours would not."""
    trace = Trace()
    X = value_of(SYMBOLS["X"], NAMES["X"], trace).copy()
    transposed = X.T
    with pytest.raises(Unfollowed, match="another view"):
        X += 1
    with pytest.raises(Unfollowed, match="another view"):
        transposed *= 2
    del transposed
    X += 1
    assert isinstance(X, Array)
