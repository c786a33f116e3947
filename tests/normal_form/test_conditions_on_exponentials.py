"""Which of two exponentials, probabilities or softmax entries is greater."""

from __future__ import annotations

import pytest
from identity_rows import verdict

from symcheck.language.verdict import Proved, Refuted

LET = "x: d; w: d; z: n; a: scalar; b: scalar"

RIGHT = [
    "[exp(a) > exp(b)] = [a > b]",
    "[exp(a) >= exp(b)] = [a >= b]",
    "[exp(a) = exp(b)] = [a = b]",
    "[exp(a) > 1] = [a > 0]",
    "[exp(2*a + b) < exp(-b)] = [a + b < 0]",
    "[sigmoid(a) > 1/2] = [a > 0]",
    "[sigmoid(a) > sigmoid(b)] = [a > b]",
    "[tanh(a) > 0] = [a > 0]",
    "sign(sinh(a)) = sign(a)",
    "sign(sigmoid(w @ x) - sigmoid(-(w @ x))) = sign(w @ x)",
    "[softmax(z)[i] > softmax(z)[j]] = [z[i] > z[j]]",
    "d(relu(exp(a) - exp(b)))/da = [a > b]*exp(a)",
    "d(abs(sigmoid(a) - 1/2))/da = sign(a)*sigmoid(a)*(1 - sigmoid(a))",
]
WRONG = [
    "[exp(a) > exp(b)] = [b > a]",
    "[exp(a) > 2*exp(b)] = [a > b]",
    "[exp(a) > 2] = [a > 0]",
    "[exp(a) > -1] = [a > 0]",
    "[exp(2*a + b) < exp(-b)] = [a + b > 0]",
    "[sigmoid(a) > 1/3] = [a > 0]",
    "[sigmoid(a) > sigmoid(b)] = [a < b]",
    "[tanh(a) > 1/2] = [a > 0]",
    "sign(cosh(a)) = sign(a)",
    "sign(sigmoid(w @ x)) = sign(w @ x)",
    "[softmax(z)[i] > softmax(z)[j]] = [z[i] < z[j]]",
    "d(relu(exp(a) - exp(b)))/da = [a > b]*exp(b)",
    "[exp(a) > exp(b)] = [a >= b]",
]


@pytest.mark.parametrize("text", RIGHT)
def test_exponentials_are_in_the_order_of_their_arguments(text: str) -> None:
    assert isinstance(verdict(text, LET), Proved)


@pytest.mark.parametrize("text", WRONG)
def test_another_order_is_not_proved(text: str) -> None:
    found = verdict(text, LET)
    assert not isinstance(found, Proved)
    # two that part on a = b alone: no point drawn at random lies there
    assert isinstance(found, Refuted) or ">= b]" in text


def test_the_law_is_named() -> None:
    found = verdict("[exp(a) > exp(b)] = [a > b]", LET)
    assert isinstance(found, Proved)
    assert "monotone" in found.laws
