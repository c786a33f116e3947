"""Random exact points that satisfy the assumptions, for the comparison at numbers.

A structure is built (a Cayley transform is orthogonal, BᵀB + I positive definite) and every assumption is
tested afterwards, so a combination that is not built right is reported, never used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from random import Random
from typing import TypeAlias

from symcheck.language.claim import Assumption, Kind
from symcheck.language.tensor import Symbol
from symcheck.sympy_oracle.arrays import NotExpressible

Matrix: TypeAlias = list[list[Fraction]]
ZERO, ONE = Fraction(0), Fraction(1)
TRIES = 40


def sample(
    symbol: Symbol,
    shape: tuple[int, ...],
    conditions: Iterable[Assumption],
    random: Random,
    *,
    positive: bool,
) -> list[Fraction]:
    """Entries in row-major order that satisfy every condition on the symbol.

    `positive` asks for positive entries where nothing is assumed, so that roots and logarithms exist.
    Errors: NotExpressible if no such entries were found.
    """
    mine = [condition for condition in conditions if condition.symbol is symbol]
    for _ in range(TRIES):
        entries = _attempt(shape, mine, random, positive)
        if all(satisfies(entries, shape, condition) for condition in mine):
            return entries
    texts = ", ".join(condition.text for condition in mine)
    raise NotExpressible(f"no point was found with {texts}")


def _attempt(
    shape: tuple[int, ...], conditions: list[Assumption], random: Random, positive: bool
) -> list[Fraction]:
    count = 1
    for length in shape:
        count *= length
    entries = [_entry(conditions, random, positive) for _ in range(count)]
    width = shape[-1] if shape else 1
    for kind in (condition.kind for condition in conditions):
        if kind in ROWS:
            rows = [entries[at : at + width] for at in range(0, count, width)]
            data = next(c.data for c in conditions if c.kind is kind)
            entries = [x for row in rows for x in ROWS[kind](row, data, random)]
        elif kind in MATRICES and len(shape) == 2:
            rows = [entries[at : at + width] for at in range(0, count, width)]
            entries = [x for row in MATRICES[kind](rows, random) for x in row]
    return entries


def _entry(conditions: list[Assumption], random: Random, positive: bool) -> Fraction:
    kinds = {condition.kind for condition in conditions}
    low: Fraction | None = None
    high: Fraction | None = None
    for condition in conditions:
        if condition.kind is Kind.INTERVAL:
            below, _, above, _ = condition.data
            if isinstance(below, Fraction):
                low = below if low is None else max(low, below)
            if isinstance(above, Fraction):
                high = above if high is None else min(high, above)
    if Kind.BINARY in kinds:
        return Fraction(random.randint(0, 1))
    if Kind.SIGNS in kinds:
        return Fraction(random.choice((-1, 1)))
    if Kind.INTEGER in kinds:
        start = 1 if low is None else int(low)
        return Fraction(random.randint(start, start + 4))
    step = Fraction(random.randint(7, 121), 128)
    if low is not None and high is not None:
        return low + (high - low) * step
    if low is not None:
        return low + step * 2
    if high is not None:
        return high - step * 2
    return step * (2 if positive else random.choice((-2, 2)))


DISCRETE = frozenset({Kind.BINARY, Kind.SIGNS, Kind.INTEGER, Kind.ONE_HOT})
"""Kinds whose entries come from a list: they do not cross the boundary of a guard."""

# -- conditions on each row --------------------------------------------------------------------------

Data: TypeAlias = tuple[Fraction | bool | None, ...]
Row: TypeAlias = list[Fraction]


def _one_hot(row: Row, data: Data, random: Random) -> Row:
    hot = random.randrange(len(row))
    return [ONE if k == hot else ZERO for k in range(len(row))]


def _simplex(row: Row, data: Data, random: Random) -> Row:
    positive = [abs(x) + Fraction(1, 8) for x in row]
    return [x / sum(positive) for x in positive]


def _summing(row: Row, data: Data, random: Random) -> Row:
    total = data[0]
    assert isinstance(total, Fraction)
    return [*row[:-1], total - sum(row[:-1])]


def _unit(row: Row, data: Data, random: Random) -> Row:
    # stereographic projection: every rational point of the sphere but one
    free = row[:-1]
    square = sum((x * x for x in free), ZERO)
    return [*(2 * x / (square + 1) for x in free), (square - 1) / (square + 1)]


ROWS: dict[Kind, Callable[[Row, Data, Random], Row]] = {
    Kind.ONE_HOT: _one_hot,
    Kind.SIMPLEX: _simplex,
    Kind.SUM: _summing,
    Kind.UNIT: _unit,
}

# -- conditions on a matrix --------------------------------------------------------------------------


def product(x: Matrix, y: Matrix) -> Matrix:
    """X Y."""
    return [
        [sum((a * b for a, b in zip(row, col, strict=True)), ZERO) for col in zip(*y, strict=True)]
        for row in x
    ]


def transposed(x: Matrix) -> Matrix:
    """Xᵀ."""
    return [list(column) for column in zip(*x, strict=True)]


def identity(n: int) -> Matrix:
    """The unit matrix."""
    return [[ONE if i == j else ZERO for j in range(n)] for i in range(n)]


def reduced(x: Matrix) -> tuple[Fraction, Matrix]:
    """(det X, X⁻¹) by elimination; the inverse is empty if det X = 0."""
    n = len(x)
    rows = [list(row) + unit for row, unit in zip(x, identity(n), strict=True)]
    det = ONE
    for k in range(n):
        pivot = next((r for r in range(k, n) if rows[r][k] != 0), None)
        if pivot is None:
            return ZERO, []
        if pivot != k:
            rows[k], rows[pivot] = rows[pivot], rows[k]
            det = -det
        det *= rows[k][k]
        rows[k] = [entry / rows[k][k] for entry in rows[k]]
        for r in range(n):
            if r != k and rows[r][k] != 0:
                factor = rows[r][k]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[k], strict=True)]
    return det, [row[n:] for row in rows]


def _by_place(choose: Callable[[Matrix, int, int], Fraction]) -> Callable[[Matrix, Random], Matrix]:
    return lambda x, random: [[choose(x, i, j) for j in range(len(x[0]))] for i in range(len(x))]


def _with_positive_determinant(x: Matrix, random: Random) -> Matrix:
    return [[-entry for entry in x[0]], *x[1:]] if reduced(x)[0] < 0 else x


def _positive_definite(x: Matrix, random: Random) -> Matrix:
    gram = product(transposed(x), x)
    return [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(gram, identity(len(x)), strict=True)]


def _orthogonal(x: Matrix, random: Random) -> Matrix:
    n = len(x)
    skew = [[x[i][j] - x[j][i] for j in range(n)] for i in range(n)]
    minus = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(identity(n), skew, strict=True)]
    plus = [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(identity(n), skew, strict=True)]
    result = product(minus, reduced(plus)[1])
    return [[-entry for entry in result[0]], *result[1:]] if random.random() < 0.5 else result


def _idempotent(x: Matrix, random: Random) -> Matrix:
    det, inverse = reduced(x)
    if det == 0:
        return x
    rank = random.randint(1, len(x))
    chosen = [[entry if j < rank else ZERO for j, entry in enumerate(row)] for row in x]
    return product(chosen, inverse)


MATRICES: dict[Kind, Callable[[Matrix, Random], Matrix]] = {
    Kind.SYMMETRIC: _by_place(lambda x, i, j: x[min(i, j)][max(i, j)]),
    Kind.ANTISYMMETRIC: _by_place(lambda x, i, j: ZERO if i == j else x[i][j] if i < j else -x[j][i]),
    Kind.DIAGONAL: _by_place(lambda x, i, j: x[i][j] if i == j else ZERO),
    Kind.LOWER_TRIANGULAR: _by_place(lambda x, i, j: x[i][j] if i >= j else ZERO),
    Kind.DET_POSITIVE: _with_positive_determinant,
    Kind.POSITIVE_DEFINITE: _positive_definite,
    Kind.ORTHOGONAL: _orthogonal,
    Kind.IDEMPOTENT: _idempotent,
}


# -- tests -------------------------------------------------------------------------------------------


def satisfies(entries: list[Fraction], shape: tuple[int, ...], condition: Assumption) -> bool:
    """Whether the entries are as assumed, exactly."""
    width = shape[-1] if shape else 1
    rows = [entries[at : at + width] for at in range(0, len(entries), width)]
    data = condition.data
    match condition.kind:
        case Kind.INTERVAL:
            return all(_inside(entry, data) for entry in entries)
        case Kind.INTEGER:
            return all(entry.denominator == 1 for entry in entries)
        case Kind.BINARY:
            return all(entry in (0, 1) for entry in entries)
        case Kind.SIGNS:
            return all(entry in (-1, 1) for entry in entries)
        case Kind.ONE_HOT:
            return all(sorted(row) == [0] * (width - 1) + [1] for row in rows)
        case Kind.SIMPLEX:
            return all(sum(row) == 1 and min(row) >= 0 for row in rows)
        case Kind.SUM:
            return all(sum(row) == data[0] for row in rows)
        case Kind.UNIT:
            return all(sum(entry**2 for entry in row) == 1 for row in rows)
        case Kind.DIFFERENT if condition.other is None:
            return all(entry != data[0] for entry in entries)
        case Kind.CONSTANT | Kind.BELOW | Kind.AT_MOST | Kind.DIFFERENT:
            # says something of differentials, nothing of the point; or something of two names: `related`
            return True
    if len(shape) == 2:
        return _satisfies_matrix(rows, condition.kind)
    return condition.kind in (Kind.INVERTIBLE, Kind.FULL_RANK) and any(entries)


def related(values: Mapping[Symbol, Fraction], conditions: Iterable[Assumption]) -> bool:
    """Whether scalars are as assumed of two of them, x < a and the like."""
    for condition in conditions:
        left, right = values.get(condition.symbol), values.get(condition.other or condition.symbol)
        if condition.other is None or left is None or right is None:
            continue
        holds = {Kind.BELOW: left < right, Kind.AT_MOST: left <= right, Kind.DIFFERENT: left != right}
        if not holds[condition.kind]:
            return False
    return True


def _inside(entry: Fraction, data: Data) -> bool:
    low, low_strict, high, high_strict = data
    if isinstance(low, Fraction) and (entry < low or (low_strict and entry == low)):
        return False
    return not (isinstance(high, Fraction) and (entry > high or (high_strict and entry == high)))


def _satisfies_matrix(x: Matrix, kind: Kind) -> bool:
    n = len(x)
    match kind:
        case Kind.SYMMETRIC:
            return x == transposed(x)
        case Kind.ANTISYMMETRIC:
            return x == [[-entry for entry in row] for row in transposed(x)]
        case Kind.INVERTIBLE:
            return reduced(x)[0] != 0
        case Kind.DET_POSITIVE:
            return reduced(x)[0] > 0
        case Kind.POSITIVE_DEFINITE:
            return x == transposed(x) and all(
                reduced([row[:k] for row in x[:k]])[0] > 0 for k in range(1, n + 1)
            )
        case Kind.DIAGONAL:
            return all(x[i][j] == 0 for i in range(n) for j in range(n) if i != j)
        case Kind.LOWER_TRIANGULAR:
            return all(x[i][j] == 0 for i in range(n) for j in range(i + 1, n))
        case Kind.ORTHOGONAL:
            return product(transposed(x), x) == identity(n)
        case Kind.IDEMPOTENT:
            return product(x, x) == x
        case Kind.FULL_RANK:
            gram = product(transposed(x), x) if n >= len(x[0]) else product(x, transposed(x))
            return reduced(gram)[0] != 0
    return False
