"""One formula without names, s(s(… s(x) …)): the product of the s(1−s) swells when it is multiplied out."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.connection import Connection

from benchmarks.tables import Row, plain
from symcheck.check import judge
from symcheck.language.claim import Claim, Equation
from symcheck.language.tensor import Derivative, Symbol, Tensor, apply, as_tensor, variable
from symcheck.language.verdict import word
from symcheck.trial import Session

DEPTHS = (2, 4, 6, 8, 10, 30, 100)
LIMIT = 30.0
"""Seconds after which a depth counts as out of reach."""


def table() -> str:
    """The true product and the doubled one, for each depth, in a process of its own."""
    rows: list[Row] = []
    for depth in DEPTHS:
        true, wrong = _guarded(depth, 1), _guarded(depth, 2)
        rows.append((depth, *true, *wrong))
        if true[1] == wrong[1] == "–":
            rows.append(("deeper", "not tried", "", "", ""))
            break
    header = ("depth", "claim", "ms", "doubled claim", "ms")
    return plain("Expanded logistic chain, target at depth 100: proved in < 500 ms", header, rows)


def _guarded(depth: int, factor: int) -> tuple[str, str]:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_judged, args=(depth, factor, sender))
    process.start()
    answer = receiver.recv() if receiver.poll(LIMIT) else (f"> {LIMIT:.0f} s", "–")
    process.kill()
    process.join()
    return answer


def _judged(depth: int, factor: int, sender: Connection) -> None:
    try:
        claim = chain(depth, factor)
        started = time.perf_counter()
        verdict = word(judge(claim, Session()).verdict)
        sender.send((verdict, f"{1000 * (time.perf_counter() - started):.0f}"))
    except Exception as error:  # a table row says what happened and the others are still measured
        sender.send((type(error).__name__, "–"))


def chain(depth: int, factor: int) -> Claim:
    """d(s(…s(x)))/dx = s(x)·(1 − s(x))·…, times a factor; built, since its text grows with the square."""
    x = Symbol("x", ())
    inner: Tensor = variable(x)
    product: Tensor = as_tensor(factor)
    for _ in range(depth):
        inner = apply("sigmoid", inner)
        product = apply("mul", product, apply("mul", inner, apply("sub", 1, inner)))
    return Claim(f"chain of {depth}", "", Equation(Derivative((), inner, x), product))
