"""Formulas to differentiate: sizes of the symbols, the formula, the variable, and how the gradient reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symcheck.language.shape import shape_of
from symcheck.language.tensor import Call, Function, Number, SizeNumber, Symbol, Tensor, apply


class Words:
    """The operations as Python functions."""

    def __getattr__(self, name: str) -> Callable[..., Tensor]:
        return lambda *args, **kwargs: apply(name, *args, **kwargs)


f = Words()
sigma = Function("sigma", ((),), (), elementwise=True)
A_map = Function("A", (shape_of("n"),), shape_of("m"))


def call(function: Function, *args: Tensor, order: tuple[int, ...] = ()) -> Tensor:
    """An undefined function applied."""
    shape = args[0].shape if function.elementwise else function.codomain
    for argument, count in zip(args, order, strict=False):
        shape = shape if function.elementwise else shape + argument.shape * count
    return Call(shape, function, args, order)


def slope(argument: Tensor) -> Tensor:
    """sigma'(argument)."""
    return call(sigma, argument, order=(1,))


def lit(value: int) -> Tensor:
    """A number, so that a minus in front of it is the author's."""
    return Number((), Fraction(value), str(value))


def ones(*names: str) -> Tensor:
    """Ones of these sizes."""
    return f.ones(params=shape_of(*names))


def eye(name: str) -> Tensor:
    """The identity."""
    return f.eye(params=shape_of(name))


def size(name: str) -> Tensor:
    """A size as a number."""
    return SizeNumber((), name)


@dataclass(frozen=True)
class Row:
    """One formula; keyword arguments of `formula` are the names of the symbols."""

    name: str
    shapes: dict[str, str]
    formula: Callable[..., Tensor]
    wrt: str
    reads: Callable[..., Tensor] | str | None
    """The form it must take; a text for index notation; None where any correct form will do."""
    matrix: bool = True

    def symbols(self) -> dict[str, Symbol]:
        """The inputs."""
        return {name: Symbol(name, shape_of(*dims.split())) for name, dims in self.shapes.items()}


def row(name: str, shapes: str, formula: Callable[..., Any], wrt: str, reads: Any = None, **more: Any) -> Row:
    """A row, the shapes as ``x: n; A: m n; t:``."""
    declared = dict(part.split(":") for part in shapes.split(";"))
    return Row(name, {k.strip(): v.strip() for k, v in declared.items()}, formula, wrt, reads, **more)


GRADIENTS = [
    row("linear", "x: n; a: n", lambda x, a: a @ x, "x", lambda x, a: a),
    row("square norm", "x: n", lambda x: x @ x, "x", lambda x: 2 * x),
    row("quadratic form", "x: n; A: n n", lambda x, A: x @ A @ x, "x", lambda x, A: (A + A.T) @ x),
    row(
        "bilinear in the matrix",
        "x: n; A: n m; y: m",
        lambda x, A, y: x @ A @ y,
        "A",
        lambda x, A, y: f.outer(x, y),
    ),
    row("norm", "x: n", lambda x: f.norm2(x), "x", lambda x: x / f.norm2(x)),
    row("frobenius norm", "X: m n", lambda X: f.normF(X), "X", lambda X: X / f.normF(X)),
    row(
        "least squares",
        "X: N n; w: n; y: N",
        lambda X, w, y: f.sumall((X @ w - y) ** 2),
        "w",
        lambda X, w, y: 2 * X.T @ (X @ w - y),
    ),
    row(
        "least squares, other sign",
        "A: N n; w: n; y: N",
        lambda A, w, y: (y - A @ w) @ (y - A @ w),
        "w",
        lambda A, w, y: -lit(2) * A.T @ (y - A @ w),
    ),
    row(
        "mean squared error",
        "X: N n; w: n; y: N",
        lambda X, w, y: f.sumall((X @ w - y) ** 2) / size("N"),
        "w",
        lambda X, w, y: 2 * X.T @ (X @ w - y) / size("N"),
    ),
    row(
        "ridge",
        "X: N n; w: n; y: N; lam:",
        lambda X, w, y, lam: f.sumall((X @ w - y) ** 2) / 2 + lam / 2 * (w @ w),
        "w",
        lambda X, w, y, lam: X.T @ (X @ w - y) + lam * w,
    ),
    row(
        "weights of the data",
        "X: N n; w: n; y: N",
        lambda X, w, y: f.sumall((X @ w - y) ** 2),
        "X",
        lambda X, w, y: 2 * f.outer(X @ w - y, w),
    ),
    row("trace", "X: n n", lambda X: f.tr(X), "X", lambda X: eye("n")),
    row(
        "trace of a product",
        "A: m n; X: n k; B: k m",
        lambda A, X, B: f.tr(A @ X @ B),
        "X",
        lambda A, X, B: A.T @ B.T,
    ),
    row("trace of a square", "X: n n", lambda X: f.tr(X @ X), "X", lambda X: 2 * X.T),
    row("gram trace", "X: m n", lambda X: f.tr(X.T @ X), "X", lambda X: 2 * X),
    row("sandwich", "A: m m; X: m n", lambda A, X: f.tr(X.T @ A @ X), "X", lambda A, X: (A + A.T) @ X),
    row("sum of entries", "X: m n", lambda X: f.sumall(X), "X", lambda X: ones("m", "n")),
    row("sum of squares", "X: m n", lambda X: f.sumall(X**2), "X", lambda X: 2 * X),
    row("weighted sum", "X: m n; C: m n", lambda X, C: f.sumall(C * X), "X", lambda X, C: C),
    row("log determinant", "X: n n", lambda X: f.logdet(X), "X", lambda X: f.inv(X).T),
    row("determinant", "X: n n", lambda X: f.det(X), "X", lambda X: f.det(X) * f.inv(X).T),
    row(
        "inverse",
        "X: n n; a: n; b: n",
        lambda X, a, b: a @ f.inv(X) @ b,
        "X",
        lambda X, a, b: -f.outer(f.inv(X).T @ a, f.inv(X) @ b),
    ),
    row(
        "gram log determinant",
        "X: N n",
        lambda X: f.logdet(X.T @ X),
        "X",
        lambda X: X @ (f.inv(X.T @ X) + f.inv(X.T @ X).T),
    ),
    row("log sum exp", "x: n", lambda x: f.logsumexp(x), "x", lambda x: f.softmax(x)),
    row(
        "softmax cross entropy",
        "z: n; y: n",
        lambda z, y: f.logsumexp(z) - y @ z,
        "z",
        lambda z, y: f.softmax(z) - y,
    ),
    row(
        "logistic loss",
        "X: N n; w: n; y: N",
        lambda X, w, y: f.sumall(f.softplus(X @ w) - y * (X @ w)),
        "w",
        lambda X, w, y: X.T @ (f.sigmoid(X @ w) - y),
    ),
    row(
        "logistic with signs",
        "X: N n; w: n; y: N",
        lambda X, w, y: f.sumall(f.log(1 + f.exp(-y * (X @ w)))),
        "w",
        lambda X, w, y: -X.T @ (f.exp(-y * (X @ w)) * y / (1 + f.exp(-y * (X @ w)))),
    ),
    row("entropy", "p: n", lambda p: -f.sumall(p * f.log(p)), "p", lambda p: -(1 + f.log(p))),
    row("elementwise", "x: n; a: n", lambda x, a: a @ f.tanh(x), "x", lambda x, a: a * (1 - f.tanh(x) ** 2)),
    row(
        "undefined activation", "x: n; a: n", lambda x, a: a @ call(sigma, x), "x", lambda x, a: a * slope(x)
    ),
    row(
        "layer",
        "W: m n; x: n; b: m; a: m",
        lambda W, x, b, a: a @ call(sigma, W @ x + b),
        "W",
        lambda W, x, b, a: f.outer(a * slope(W @ x + b), x),
    ),
    row(
        "layer, input",
        "W: m n; x: n; b: m; a: m",
        lambda W, x, b, a: a @ call(sigma, W @ x + b),
        "x",
        lambda W, x, b, a: W.T @ (a * slope(W @ x + b)),
    ),
    row(
        "vector function",
        "x: n; a: m",
        lambda x, a: a @ call(A_map, x),
        "x",
        lambda x, a: call(A_map, x, order=(1,)).T @ a,
    ),
    row("rows", "X: m n; a: m", lambda X, a: a @ f.rowsum(X), "X", lambda X, a: f.outer(a, ones("n"))),
    row("columns", "X: m n; a: n", lambda X, a: f.colsum(X) @ a, "X", lambda X, a: f.outer(ones("m"), a)),
    row(
        "centred",
        "x: n; a: n",
        lambda x, a: a @ (x - f.mean(x)),
        "x",
        lambda x, a: a - f.sumall(a) / size("n"),
    ),
    row("relu", "x: n; a: n", lambda x, a: a @ f.relu(x), "x", lambda x, a: a * f.heaviside(x)),
    row(
        "choice",
        "x: n; a: n",
        lambda x, a: f.sumall(f.where(x, a, x**2, 3 * x, params=(">",))),
        "x",
        lambda x, a: f.where(x, a, 2 * x, lit(3), params=(">",)),
    ),
    row(
        "batch of affine layers",
        "X: N n; W: n m; b: m; G: N m",
        lambda X, W, b, G: f.sumall(G * f.tanh(X @ W + b)),
        "W",
        lambda X, W, b, G: X.T @ (G * (1 - f.tanh(X @ W + b) ** 2)),
    ),
    row(
        "bias of a batch",
        "X: N n; W: n m; b: m; G: N m",
        lambda X, W, b, G: f.sumall(G * (X @ W + b)),
        "b",
        lambda X, W, b, G: f.colsum(G),
    ),
    row(
        "softmax by rows",
        "Z: N k; G: N k",
        lambda Z, G: f.sumall(G * f.softmax(Z)),
        "Z",
        None,
    ),
]

GRADIENTS += [
    row("root of a power", "A: m n; y: m", lambda A, y: f.norm2(f.normF(A) * f.tanh(y)), "A"),
    row("one name bound twice", "C: n n", lambda C: f.logsumexp(f.diagpart(f.softmax(C) @ C)), "C"),
]

JACOBIANS = [
    row("linear map", "A: m n; x: n", lambda A, x: A @ x, "x", lambda A, x: A),
    row("elementwise", "x: n", lambda x: f.exp(x), "x", lambda x: f.diag(f.exp(x))),
    row(
        "softmax",
        "x: n",
        lambda x: f.softmax(x),
        "x",
        lambda x: f.diag(f.softmax(x)) - f.outer(f.softmax(x), f.softmax(x)),
    ),
    row("identity", "x: n", lambda x: x, "x", lambda x: eye("n")),
    row("row times matrix", "A: m n; x: m", lambda A, x: x @ A, "x", lambda A, x: A.T),
    row(
        "normalised",
        "x: n",
        lambda x: x / f.norm2(x),
        "x",
        lambda x: eye("n") / f.norm2(x) - f.outer(x, x) / f.norm2(x) ** 3,
    ),
    row("layer", "W: m n; x: n", lambda W, x: call(sigma, W @ x), "x", lambda W, x: f.diag(slope(W @ x)) @ W),
    row("vector function", "x: n", lambda x: call(A_map, x), "x", lambda x: call(A_map, x, order=(1,))),
    row("matrix of a layer", "V: h n; x: n", lambda V, x: V @ x, "V", "delta(i, j)*x[k]", matrix=False),
    row("square of a matrix", "X: n n", lambda X: X @ X, "X", None, matrix=False),
    row(
        "hessian of logistic",
        "X: N n; w: n",
        lambda X, w: X.T @ f.sigmoid(X @ w),
        "w",
        lambda X, w: X.T @ f.diag(f.sigmoid(X @ w) * (1 - f.sigmoid(X @ w))) @ X,
    ),
]
