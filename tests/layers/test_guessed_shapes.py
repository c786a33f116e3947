"""Layers that say nothing about shapes: what is taken, what is asked for, what is never made to fit."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from symcheck.api import check_lecture
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted
from symcheck.layers.files import load_file

HEAD = "import numpy as np\n"

LINEAR = """
    class Linear:
        def __init__(self, n_in, n_out):
            self.W = np.random.randn(n_in, n_out) * 0.01
            self.b = np.zeros(n_out)
        def forward(self, x):
            self.x = x
            return x @ self.W + self.b
        def backward(self, g):
            self.dW = {dW}
            self.db = {db}
            return g @ self.W.T
"""
AFFINE = """
    def affine_forward(x, w, b):
        return x @ w + b, (x, w)
    def affine_backward(dout, cache):
        x, w = cache
        return dout @ w.T, {dw}, {db}
"""
NORM = """
    class Norm:
        def forward(self, x, gamma, beta):
            N, D = x.shape
            self.gamma = gamma
            self.s = np.sqrt(x.var(axis=0) + 1e-5)
            self.y = (x - x.mean(axis=0)) / self.s
            return gamma * self.y + beta
        def backward(self, g):
            h = g * self.gamma
            dx = (h - h.mean(axis=0){rest}) / self.s
            return dx, (g * self.y).sum(axis=0), g.sum(axis=0)
"""
RECURRENT = """
    class Step:
        def forward(self, x, h, Wx, Wh, b):
            self.x, self.h, self.Wx, self.Wh = x, h, Wx, Wh
            self.y = np.tanh(x @ Wx + h @ Wh + b)
            return self.y
        def backward(self, g):
            a = g * (1 - self.y**2)
            return a @ self.Wx.T, a @ self.Wh.T, self.x.T @ a, self.{of}.T @ a, a.sum(axis=0)
"""
ROWS = """
    class Rows:
        def forward(self, x):
            e = np.exp(x - np.max(x, axis=1, keepdims=True))
            self.p = e / np.sum(e, axis=1, keepdims=True)
            return self.p
        def backward(self, g):
            return self.p * (g - np.sum(g * self.p, axis={axis}, keepdims=True))
"""
LOSS = """
    class Loss:
        def forward(self, p, y):
            self.p, self.y = p, y
            return np.sum((p - y)**2) / len(p)
        def backward(self):
            return 2 * (self.p - self.y) / {count}, None
"""

RIGHT = [
    (LINEAR.format(dW="self.x.T @ g", db="g.sum(axis=0)"), "x: N n_in; W: n_in n_out; b: n_out"),
    (AFFINE.format(dw="x.T @ dout", db="dout.sum(axis=0)"), "x: N n; w: n m; b: m"),
    (NORM.format(rest=" - self.y * (h * self.y).mean(axis=0)"), "x: N n; gamma: n; beta: n"),
    (RECURRENT.format(of="h"), "x: N n; h: N m; Wx: n k; Wh: m k; b: k"),
    (ROWS.format(axis=1), "x: N n"),
    (LOSS.format(count="len(self.p)"), "p: n; y: n"),
]
WRONG = [
    # (code, the inputs whose gradient is refuted, what is said of one)
    (LINEAR.format(dW="self.x.T @ g", db="g"), {"b"}, "a sum over N is missing, .sum(axis=0)"),
    (LINEAR.format(dW="g.T @ self.x", db="g.sum(axis=0)"), {"W"}, "a transpose (.T) is missing"),
    (LINEAR.format(dW="self.x.T @ g", db="g.mean(axis=0)"), {"b"}, "true value"),
    (AFFINE.format(dw="x.T @ dout / len(x)", db="dout.sum(axis=0)"), {"w"}, "true value"),
    (AFFINE.format(dw="x.T @ dout", db="dout"), {"b"}, "b has the shape (m,)"),
    (NORM.format(rest=""), {"x"}, "true value"),
    (RECURRENT.format(of="y"), {"Wh"}, "Wh has the shape"),
    (ROWS.format(axis=0), {"x"}, "true value"),
    (LOSS.format(count="1"), {"p"}, "true value"),
]


def judged(folder: Path, code: str) -> dict[str, Judgement]:
    path = folder / "layers.py"
    path.write_text(HEAD + dedent(code), encoding="utf-8")
    (lecture,) = load_file(str(path))
    return {j.claim.id.rpartition("∂")[2]: j for j in check_lecture(lecture)}


@pytest.mark.parametrize(("code", "shapes"), RIGHT, ids=[shapes for _, shapes in RIGHT])
def test_a_right_layer_is_proved_at_the_shapes_that_fit(tmp_path: Path, code: str, shapes: str) -> None:
    for judgement in judged(tmp_path, code).values():
        assert isinstance(judgement.verdict, Proved)
        assert judgement.verdict.scope == "all sizes"
        assert f"no shapes given, taken as {shapes}" in judgement.claim.note


@pytest.mark.parametrize(("code", "wrong", "said"), WRONG)
def test_a_wrong_layer_is_refuted_where_it_is_wrong(
    tmp_path: Path, code: str, wrong: set[str], said: str
) -> None:
    found = judged(tmp_path, code)
    assert {name for name, j in found.items() if isinstance(j.verdict, Refuted)} == wrong
    assert all(isinstance(j.verdict, Proved) for name, j in found.items() if name not in wrong)
    (name,) = wrong
    verdict = found[name].verdict
    assert isinstance(verdict, Refuted)
    assert said in verdict.message


def test_given_shapes_stay_and_those_of_parameters_are_found(tmp_path: Path) -> None:
    code = LINEAR.format(dW="self.x.T @ g", db="g.sum(axis=0)").replace(
        "class Linear:", "class Linear:\n        shapes = 'x: batch features'"
    )
    found = judged(tmp_path, code)
    assert all(isinstance(j.verdict, Proved) for j in found.values())
    assert "taken as W: features n_out; b: n_out" in found["W"].claim.note


def test_a_wrong_layer_of_one_input_is_not_made_right_by_a_number(tmp_path: Path) -> None:
    code = """
    class Square:
        def forward(self, x):
            self.x = x
            return x**2
        def backward(self, g):
            return (2*self.x*g).sum()
    """
    (judgement,) = judged(tmp_path, code).values()
    assert isinstance(judgement.verdict, Refuted)


def test_where_names_and_gradients_say_different_things_the_shapes_are_asked_for(tmp_path: Path) -> None:
    code = """
    class Shift:
        def forward(self, x, b):
            return x + b
        def backward(self, g):
            return g, g
    """
    (judgement,) = judged(tmp_path, code).values()
    assert isinstance(judgement.verdict, Failed)
    assert "with x: N n; b: n the gradient in b has another shape" in judgement.verdict.error.message
    assert judgement.verdict.error.hint == "say which is meant: shapes = 'x: N n; b: n'"


def test_labels_as_numbers_are_told_what_to_be(tmp_path: Path) -> None:
    code = """
    class Picked:
        def forward(self, p, y):
            self.p, self.y = p, y
            return -np.log(p[np.arange(len(y)), y]).mean()
        def backward(self):
            d = self.p.copy()
            d[np.arange(len(self.y)), self.y] -= 1
            return d / len(self.y), None
    """
    (judgement,) = judged(tmp_path, code).values()
    assert isinstance(judgement.verdict, Failed)
    assert "one-hot" in (judgement.verdict.error.hint or "")


HALVES = """
    class Halves:
        def forward(self, x):
            N, n = x.shape
            self.x = x
            self.pairs = x.reshape(N, n // 2, 2)
            self.m = self.pairs.max(axis=2)
            return self.m
        def backward(self, g):
            return ((self.pairs {sign} self.m[:, :, None]) * g[:, :, None]).reshape(self.x.shape)
"""
IMAGES = """
    class Pool:
        def forward(self, x):
            self.shape = x.shape
            return x.mean(axis=(2, 3))
        def backward(self, g):
            N, C, H, W = self.shape
            return np.ones(self.shape) * g[:, :, None, None] / {count}
"""


@pytest.mark.parametrize(("sign", "right"), [("==", True), ("<", False)])
def test_code_that_halves_a_size_is_run_at_even_ones(tmp_path: Path, sign: str, right: bool) -> None:
    (judgement,) = judged(tmp_path, HALVES.format(sign=sign)).values()
    assert isinstance(judgement.verdict, Proved if right else Refuted)
    assert judgement.claim.sizes == {"N": 2, "n": 4}


@pytest.mark.parametrize(("count", "right"), [("(H * W)", True), ("H", False)])
def test_four_axes_are_found(tmp_path: Path, count: str, right: bool) -> None:
    (judgement,) = judged(tmp_path, IMAGES.format(count=count)).values()
    assert isinstance(judgement.verdict, Proved if right else Refuted)
    assert "taken as x: N n m k" in judgement.claim.note


def test_argmax_is_told_what_to_be(tmp_path: Path) -> None:
    code = """
    class Top:
        def forward(self, x):
            self.x, self.at = x, x.argmax(axis=1)
            return x.max(axis=1)
        def backward(self, g):
            d = np.zeros_like(self.x)
            d[np.arange(len(g)), self.at] = g
            return d
    """
    (judgement,) = judged(tmp_path, code).values()
    assert isinstance(judgement.verdict, Failed)
    assert judgement.verdict.error.hint == "compare with the maximum: x == x.max(axis=1, keepdims=True)"


def test_nothing_that_the_code_prints_while_shapes_are_sought_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = ROWS.format(axis=1).replace("e = np", "print('x', x.ndim)\n            e = np")
    judged(tmp_path, code)
    assert set(capsys.readouterr().out.split("\n")) == {"x 2", ""}
