"""A network of L layers with three local claims each: time has to grow with L and no faster."""

from __future__ import annotations

import time
from collections import Counter

from benchmarks.tables import Row, plain
from symcheck.check import judge
from symcheck.language.claim import Claim
from symcheck.language.verdict import Proved
from symcheck.reading.declarations import declare_in
from symcheck.reading.line import read_line
from symcheck.reading.scope import Scope
from symcheck.trial import Session

DEPTHS = (10, 100, 1000)


def table() -> str:
    """Reading and judging, milliseconds a claim, for each depth."""
    rows: list[Row] = []
    for depth in DEPTHS:
        started = time.perf_counter()
        claims = network(depth)
        read = time.perf_counter()
        session = Session()
        verdicts = Counter(isinstance(judge(claim, session).verdict, Proved) for claim in claims)
        judged = time.perf_counter()
        count = len(claims)
        rows.append(
            (
                depth,
                f"{verdicts[True]} of {count}",
                f"{judged - read:.2f}",
                1000 * (judged - read) / count,
                1000 * (read - started) / count,
            )
        )
    header = ("layers", "proved", "seconds", "ms a claim", "reading, ms a claim")
    return plain("A chain of layers, dp, dW and db of each; undefined σ, all sizes distinct", header, rows)


def network(depth: int) -> list[Claim]:
    """p_k = W_k a_(k−1) + b_k, a_k = σ(p_k), E = Q(a_L); the three claims of every layer.

    Every layer names its own sizes; the claims speak of the derivative in the name behind it.
    """
    scope = Scope()
    declare_in(scope, f"sigma: elementwise; Q: n{depth} -> scalar; a0: n0")
    for k in range(1, depth + 1):
        declare_in(scope, f"W{k}: n{k} n{k - 1}; b{k}: n{k}")
        declare_in(scope, f"p{k} = W{k} @ a{k - 1} + b{k}; a{k} = sigma(p{k})")
    declare_in(scope, f"E = Q(a{depth})")
    claims: list[Claim] = []
    for k in range(depth, 0, -1):
        behind = f"W{k + 1}.T @ ∂E/∂p{k + 1}" if k < depth else f"D(Q)(a{k})"
        for text in (
            f"∂E/∂p{k} = ({behind}) ⊙ sigma'(p{k})",
            f"∂E/∂W{k} = ∂E/∂p{k} ⊗ a{k - 1}",
            f"∂E/∂b{k} = ∂E/∂p{k}",
        ):
            claims += read_line(text, scope, id=text)
    return claims
