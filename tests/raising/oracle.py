"""Index notation evaluated in floating point: an oracle that shares no algebra with what it judges.

Derivatives of defined names that still stand as atoms get the value of arbitrary tensors: raising
must treat them as opaque.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from itertools import product

from symcheck.language.indexed import Idx, Node


class Oracle:
    """Values of nodes at one random point of given sizes."""

    def __init__(self, sizes: Mapping[str, int], seed: int) -> None:
        self.sizes = sizes
        self.seed = seed
        self.entries: dict[object, float] = {}

    def arbitrary(self, key: object, text: str) -> float:
        """One value between 0 and 1 for one key."""
        if key not in self.entries:
            self.entries[key] = 0.05 + 0.9 * random.Random(f"{self.seed} {text} {len(self.entries)}").random()
        return self.entries[key]

    def extent(self, idx: Idx) -> range:
        return range(idx.dim if isinstance(idx.dim, int) else self.sizes[idx.dim])

    def values(self, node: Node, axes: tuple[Idx, ...]) -> list[float]:
        """All entries, the last axis fastest."""
        places = product(*map(self.extent, axes))
        return [self.value(node, dict(zip(axes, place, strict=True))) for place in places]

    def value(self, node: Node, at: Mapping[Idx, int]) -> float:
        args = node.args

        def v(child: Node) -> float:
            return self.value(child, at)

        def place(idxs: tuple[Idx, ...]) -> tuple[int, ...]:
            return tuple(at[i] if i.value is None else i.value for i in idxs)

        match node.op:
            case "num":
                return float(args[0])
            case "const":
                return math.pi
            case "dim":
                return float(self.sizes[args[0]])
            case "T":
                return self.arbitrary((args[0], place(args[1])), args[0].name)
            case "delta":
                i, j = place(args)
                return float(i == j)
            case "add":
                return math.fsum(map(v, args))
            case "mul":
                return math.prod(map(v, args))
            case "pow":
                return float(v(args[0]) ** float(args[1]))
            case "sum":
                return math.fsum(self.value(args[1], {**at, args[0]: k}) for k in self.extent(args[0]))
            case "fn":
                return self.function(args[0], [v(arg) for arg in args[1:]])
            case "case":
                return v(args[1]) if v(args[0]) == 1 else v(args[2])
            case "ufn":
                return math.sin(v(args[2]) * (args[1] + 1) + args[1])
            case "app":
                return self.application(node, at, place)
            case "D":
                body, symbol, idxs = args
                key = ("D", body.args[0], place(body.args[1]), symbol, place(idxs))
                return self.arbitrary(key, symbol.name)
            case "diff":
                key = ("diff", args[0].args[0], place(args[0].args[1]))
                return self.arbitrary(key, "d")
            case "inv":
                row, col, body, p, q = args
                a, b = place((p, q))
                return inverse(self.matrix(row, col, body, at))[a][b]
            case "det":
                return determinant(self.matrix(*args, at))
            case "logdet":
                return math.log(abs(determinant(self.matrix(*args, at))))
        raise AssertionError(f"no value of {node.op}")

    def application(self, node: Node, at: Mapping[Idx, int], place: object) -> float:
        assert callable(place)
        function, derivatives, out, arguments = node.args
        total = 0.7 * len(derivatives) + math.fsum((k + 2) * i for k, i in enumerate(place(out)))
        for _, idxs in derivatives:
            total += math.fsum(1.3 * (k + 3) * (i + 1) ** 2 for k, i in enumerate(place(idxs)))
        for lambdas, body in arguments:
            for count, entry in enumerate(product(*map(self.extent, lambdas))):
                total += (count + 1) * self.value(body, {**at, **dict(zip(lambdas, entry, strict=True))})
        return math.sin(total + len(function.name))

    def matrix(self, row: Idx, col: Idx, body: Node, at: Mapping[Idx, int]) -> list[list[float]]:
        return [
            [self.value(body, {**at, row: i, col: j}) for j in self.extent(col)] for i in self.extent(row)
        ]

    def function(self, name: str, args: list[float]) -> float:
        match name:
            case "sigmoid":
                return 1 / (1 + math.exp(-args[0]))
            case "softplus":
                return math.log1p(math.exp(args[0]))
            case "positive" | "heaviside":
                return float(args[0] > 0)
            case "vanishes":
                return float(args[0] == 0)
            case "sign":
                return math.copysign(1.0, args[0]) if args[0] else 0.0
            case "abs":
                return abs(args[0])
            case "relu":
                return max(0.0, args[0])
            case "maximum":
                return max(args)
            case _:
                return float(getattr(math, name)(*args))


def determinant(rows: list[list[float]]) -> float:
    """By elimination with the largest pivot."""
    rows, result = [row[:] for row in rows], 1.0
    for k in range(len(rows)):
        best = max(range(k, len(rows)), key=lambda i: abs(rows[i][k]))
        if best != k:
            rows[k], rows[best], result = rows[best], rows[k], -result
        result *= rows[k][k]
        for i in range(k + 1, len(rows)):
            factor = rows[i][k] / rows[k][k]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k], strict=True)]
    return result


def inverse(rows: list[list[float]]) -> list[list[float]]:
    """By cofactors: slow, plain."""
    size, whole = len(rows), determinant(rows)

    def minor(i: int, j: int) -> float:
        rest = [[x for c, x in enumerate(row) if c != j] for r, row in enumerate(rows) if r != i]
        return determinant(rest) if rest else 1.0

    return [[(-1) ** (i + j) * minor(j, i) / whole for j in range(size)] for i in range(size)]
