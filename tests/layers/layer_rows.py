"""Layers as people write them, right ones and, as many, wrong ones.

A row names the gradients that are wrong; the others of the same layer have to be proved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Row:
    """One layer: a class, or the forward function of a pair."""

    layer: Any
    wrong: tuple[str, ...] = ()
    """The inputs in which its gradient is wrong."""
    scope: str = "all sizes"
    made: dict[str, Any] = field(default_factory=dict)
    """Where __init__ takes what is no array: its arguments, for a run on numbers."""

    def __str__(self) -> str:
        return str(self.layer.__name__)


ROWS: list[Row] = []
Layer = Any


def row(*wrong: str, scope: str = "all sizes", **made: Any) -> Callable[[Layer], Layer]:
    def keep(layer: Layer) -> Layer:
        ROWS.append(Row(layer, wrong, scope, made))
        return layer

    return keep


# -- without a gradient from above -------------------------------------------------------------------


@row()
class Square:
    def forward(self, x: Any) -> Any:
        self.cache = x
        return x**2

    def backward(self) -> Any:
        return 2 * self.cache


@row("x")
class SquareWithout2(Square):
    def backward(self) -> Any:
        return self.cache


@row()
class Product:
    def forward(self, x1: Any, x2: Any) -> Any:
        self.cache = (x2, x1)
        return x1 * x2

    def backward(self) -> Any:
        return self.cache


@row("x1", "x2")
class ProductInOrder(Product):
    def forward(self, x1: Any, x2: Any) -> Any:
        self.cache = (x1, x2)
        return x1 * x2


@row()
class Sum:
    def forward(self, x1: Any, x2: Any) -> Any:
        return x1 + x2

    def backward(self) -> Any:
        return 1, 1


@row("x2")
class SumForDifference(Sum):
    def forward(self, x1: Any, x2: Any) -> Any:
        return x1 - x2


@row()
class MeanSquare:
    shapes = "z: N m; y: N m"

    def forward(self, z: Any, y: Any) -> Any:
        self.d = z - y
        return np.mean(self.d**2)

    def backward(self) -> Any:
        return 2 * self.d / self.d.size, -2 * self.d / self.d.size


@row("z", "y")
class MeanSquareWithoutN(MeanSquare):
    def backward(self) -> Any:
        return 2 * self.d, -2 * self.d


@row()
class SoftmaxJacobian:
    shapes = "x: n"

    def forward(self, x: Any) -> Any:
        e = np.exp(x)
        self.s = e / e.sum()
        return self.s

    def backward(self) -> Any:
        return np.diag(self.s) - np.outer(self.s, self.s)


@row("x")
class SoftmaxDiagonalOnly(SoftmaxJacobian):
    def backward(self) -> Any:
        return self.s * (1 - self.s)


# -- with a gradient from above ------------------------------------------------------------------------


@row()
class Affine:
    """shapes: x: N n; W: n m; b: m"""

    def __init__(self, W: Any, b: Any) -> None:
        self.W, self.b = W, b

    def forward(self, x: Any) -> Any:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: Any) -> Any:
        self.dW = self.x.T @ upstream
        self.db = upstream.sum(axis=0)
        return upstream @ self.W.T


@row("b")
class AffineWithoutTheSumOverTheBatch(Affine):
    def backward(self, upstream: Any) -> Any:
        dx = super().backward(upstream)
        self.db = upstream
        return dx


@row("b")
class AffineWithTheMeanOfTheBatch(Affine):
    def backward(self, upstream: Any) -> Any:
        dx = super().backward(upstream)
        self.db = upstream.mean(axis=0)
        return dx


@row("x")
class SquareAffineWithoutTranspose(Affine):
    shapes = "x: N n; W: n n; b: n"

    def backward(self, upstream: Any) -> Any:
        super().backward(upstream)
        return upstream @ self.W


@row(n_in=3, n_out=4)
class Trained:
    """The parameters are made by __init__; shapes names them."""

    shapes = "x: N n; W: n m; b: 1 m"

    def __init__(self, n_in: int, n_out: int) -> None:
        self.W = 0.01 * np.random.randn(n_in, n_out)
        self.b = np.zeros((1, n_out))

    def forward(self, x: Any) -> Any:
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, g: Any) -> Any:
        self.dW = np.dot(self.x.T, g)
        self.db = np.sum(g, axis=0, keepdims=True)
        return np.dot(g, self.W.T)


@row("b", n_in=3, n_out=4)
class TrainedWithABiasOfAnotherShape(Trained):
    def backward(self, g: Any) -> Any:
        dx = super().backward(g)
        self.db = np.sum(g, axis=0)
        return dx


@row()
class Relu:
    shapes = "x: N n"

    def forward(self, x: Any) -> Any:
        self.x = x
        return np.maximum(0, x)

    def backward(self, upstream: Any) -> Any:
        return upstream * (self.x > 0)


@row("x")
class ReluTheOtherWayRound(Relu):
    def backward(self, upstream: Any) -> Any:
        return upstream * (self.x < 0)


@row()
class ReluByAMask:
    shapes = "x: N n"

    def forward(self, x: Any) -> Any:
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout: Any) -> Any:
        dx = dout.copy()
        dx[self.mask] = 0
        return dx


@row("x")
class ReluWithTheMaskOfTheGradient(ReluByAMask):
    def backward(self, dout: Any) -> Any:
        dx = dout.copy()
        dx[dout <= 0] = 0
        return dx


@row(alpha=0.1)
class LeakyRelu:
    def __init__(self, alpha: Any = 0.1) -> None:
        self.alpha = alpha

    def forward(self, x: Any) -> Any:
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def backward(self, g: Any) -> Any:
        dx = g.copy()
        dx[self.x < 0] *= self.alpha
        return dx


@row("x", alpha=0.1)
class LeakyReluThatDoesNotLeak(LeakyRelu):
    def backward(self, g: Any) -> Any:
        return np.where(self.x > 0, g, 0)


@row()
class Sigmoid:
    def forward(self, x: Any) -> Any:
        self.out = 1.0 / (1.0 + np.exp(-x))
        return self.out

    def backward(self, dout: Any) -> Any:
        return dout * (1.0 - self.out) * self.out


@row("x")
class SigmoidOfTheOutput(Sigmoid):
    """Takes the output for the input."""

    def backward(self, dout: Any) -> Any:
        s = 1.0 / (1.0 + np.exp(-self.out))
        return dout * (1.0 - s) * s


@row()
class Softmax:
    shapes = "x: N n"

    def forward(self, x: Any) -> Any:
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.s = e / e.sum(axis=1, keepdims=True)
        return self.s

    def backward(self, g: Any) -> Any:
        return self.s * (g - (g * self.s).sum(axis=1, keepdims=True))


@row("x")
class SoftmaxWithoutTheSubtraction(Softmax):
    def backward(self, g: Any) -> Any:
        return self.s * g


@row()
class BatchNorm:
    shapes = "x: N n; gamma: n; beta: n"

    def __init__(self, gamma: Any, beta: Any, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: Any) -> Any:
        self.std = np.sqrt(x.var(axis=0) + self.eps)
        self.xhat = (x - x.mean(axis=0)) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, dout: Any) -> Any:
        N = dout.shape[0]
        self.dgamma = (dout * self.xhat).sum(axis=0)
        self.dbeta = dout.sum(axis=0)
        d = dout * self.gamma
        return (N * d - d.sum(axis=0) - self.xhat * (d * self.xhat).sum(axis=0)) / (N * self.std)


@row("x")
class BatchNormOfFixedMoments(BatchNorm):
    def backward(self, dout: Any) -> Any:
        super().backward(dout)
        return dout * self.gamma / self.std


@row()
class Distances:
    shapes = "x: n d; y: m d"

    def forward(self, x: Any, y: Any) -> Any:
        self.difference = x[:, None, :] - y[None, :, :]
        return (self.difference**2).sum(axis=2)

    def backward(self, g: Any) -> Any:
        t = 2 * g[:, :, None] * self.difference
        return t.sum(axis=1), -t.sum(axis=0)


@row("x", "y")
class DistancesSummedOverTheOther(Distances):
    shapes = "x: n d; y: n d"

    def backward(self, g: Any) -> Any:
        t = 2 * g[:, :, None] * self.difference
        return t.sum(axis=0), -t.sum(axis=1)


@row()
class Attention:
    shapes = "Q: n d; K: m d; V: m e"

    def forward(self, Q: Any, K: Any, V: Any) -> Any:
        self.Q, self.K, self.V = Q, K, V
        e = np.exp(Q @ K.T / np.sqrt(Q.shape[1]))
        self.P = e / e.sum(axis=-1, keepdims=True)
        return self.P @ V

    def backward(self, dO: Any) -> Any:
        dP = dO @ self.V.T
        dS = self.P * (dP - (dP * self.P).sum(axis=-1, keepdims=True))
        c = np.sqrt(self.Q.shape[1])
        return dS @ self.K / c, dS.T @ self.Q / c, self.P.T @ dO


@row("Q", "K")
class AttentionWithoutItsScale(Attention):
    def backward(self, dO: Any) -> Any:
        dQ, dK, dV = super().backward(dO)
        return dQ * np.sqrt(self.Q.shape[1]), dK * np.sqrt(self.Q.shape[1]), dV


# -- pairs of functions --------------------------------------------------------------------------------


@row()
def affine_forward(x: Any, w: Any, b: Any) -> Any:
    """An affine layer.

    shapes: x: N d; w: d m; b: m
    """
    return x.reshape(x.shape[0], -1).dot(w) + b, (x, w, b)


def affine_backward(dout: Any, cache: Any) -> Any:
    x, w, _ = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


@row("w", scope="at sizes N = 2, n = 3")
def scaled_forward(x: Any, w: Any) -> Any:
    """shapes: x: N n; w: n"""
    return x * w, (x, w)


def scaled_backward(dout: Any, cache: Any) -> Any:
    x, w = cache
    return dout * w, (dout * x)[0]


# -- where the code needs numbers ------------------------------------------------------------------------


@row(scope="at sizes N = 2, n = 3")
class Loops:
    shapes = "x: N n; w: n"

    def forward(self, x: Any, w: Any) -> Any:
        self.cache = x, w
        out = np.zeros(x.shape[0])
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                out[i] += x[i, j] * w[j]
        return out

    def backward(self, dout: Any) -> Any:
        x, w = self.cache
        dx, dw = np.zeros_like(x), np.zeros(w.shape)
        for i in range(len(x)):
            dx[i] = dout[i] * w
            dw += dout[i] * x[i]
        return dx, dw


@row("w", scope="at sizes N = 2, n = 3")
class LoopsThatOverwrite(Loops):
    def backward(self, dout: Any) -> Any:
        x, w = self.cache
        dx, dw = np.zeros_like(x), np.zeros(w.shape)
        for i in range(len(x)):
            dx[i] = dout[i] * w
            dw = dout[i] * x[i]
        return dx, dw


@row(scope="at sizes n = 3")
class Convolution:
    shapes = "x: n; w: 2"

    def forward(self, x: Any, w: Any) -> Any:
        self.x, self.w = x, w
        return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])

    def backward(self, g: Any) -> Any:
        dx, dw = np.zeros(len(self.x)), np.zeros(len(self.w))
        for i in range(len(g)):
            dx[i : i + len(self.w)] += g[i] * self.w
            dw += g[i] * self.x[i : i + len(self.w)]
        return dx, dw


@row("x", scope="at sizes n = 3")
class ConvolutionTurnedRound(Convolution):
    def backward(self, g: Any) -> Any:
        _, dw = super().backward(g)
        dx = np.zeros(len(self.x))
        for i in range(len(g)):
            dx[i : i + len(self.w)] += g[i] * self.w[::-1]
        return dx, dw


@row(scope="at sizes N = 2")
class MaxOfPairs:
    shapes = "x: N 4"

    def forward(self, x: Any) -> Any:
        N, n = x.shape
        self.x = x
        self.pairs = x.reshape(N, n // 2, 2)
        self.m = self.pairs.max(axis=2, keepdims=True)
        return self.m.reshape(N, n // 2)

    def backward(self, g: Any) -> Any:
        return (g[:, :, None] * (self.pairs == self.m)).reshape(self.x.shape)


@row("x", scope="at sizes N = 2")
class MinOfPairs(MaxOfPairs):
    def backward(self, g: Any) -> Any:
        return (g[:, :, None] * (self.pairs != self.m)).reshape(self.x.shape)
