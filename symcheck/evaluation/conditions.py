"""What assumptions ask of one symbol, and whether exact entries satisfy it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq_mat

from symcheck.evaluation.numbers import ONE, ZERO, Real, rational
from symcheck.evaluation.relations import RELATIONS
from symcheck.language.claim import Assumption, Kind


@dataclass(frozen=True, slots=True)
class Conditions:
    """All conditions on one symbol, the intervals intersected."""

    kinds: frozenset[Kind] = frozenset()
    low: Real | None = None
    low_strict: bool = False
    high: Real | None = None
    high_strict: bool = False
    excluded: tuple[Real, ...] = ()
    """Values that no entry has."""
    total: Real | None = None
    """What the entries of a vector (or of each row) sum to."""
    impossible: bool = False
    """Two conditions that exclude each other by their numbers alone."""

    @property
    def integral(self) -> bool:
        """Whether every entry is a whole number."""
        return Kind.INTEGER in self.kinds

    def allows(self, value: Real) -> bool:
        """Whether one entry satisfies what is asked of every entry."""
        if self.low is not None and (value < self.low or (self.low_strict and value == self.low)):
            return False
        if self.high is not None and (value > self.high or (self.high_strict and value == self.high)):
            return False
        if self.integral and value.q != 1:
            return False
        if value in self.excluded:
            return False
        if Kind.BINARY in self.kinds and value not in (ZERO, ONE):
            return False
        return Kind.SIGNS not in self.kinds or value in (ONE, -ONE)


NONE = Conditions()


def gathered(conditions: Iterable[Assumption]) -> Conditions:
    """The conditions on one symbol as one."""
    kinds: set[Kind] = set()
    low = high = total = None
    excluded: list[Real] = []
    low_strict = high_strict = impossible = False
    for condition in conditions:
        kinds.add(condition.kind)
        if condition.kind is Kind.INTERVAL:
            lower, lower_strict, upper, upper_strict = (*condition.data, None, None, None, None)[:4]
            if isinstance(lower, Fraction | int):
                bound = rational(lower)
                if low is None or bound > low or (bound == low and lower_strict):
                    low, low_strict = bound, bool(lower_strict)
            if isinstance(upper, Fraction | int):
                bound = rational(upper)
                if high is None or bound < high or (bound == high and upper_strict):
                    high, high_strict = bound, bool(upper_strict)
        elif condition.kind is Kind.DIFFERENT and condition.other is None:
            value = condition.data[0]
            assert isinstance(value, Fraction | int)
            excluded.append(rational(value))
        elif condition.kind is Kind.SUM:
            number = condition.data[0] if condition.data else 1
            assert isinstance(number, Fraction | int)
            impossible = impossible or (total is not None and total != rational(number))
            total = rational(number)
    if low is not None and high is not None:
        impossible = impossible or low > high or (low == high and (low_strict or high_strict))
    kinds -= {Kind.INTERVAL, Kind.CONSTANT, *RELATIONS}
    if (kinds, low, high, total, excluded) == (set(), None, None, None, []) and not impossible:
        return NONE
    return Conditions(
        frozenset(kinds), low, low_strict, high, high_strict, tuple(excluded), total, impossible
    )


def satisfies(entries: Sequence[Real], shape: tuple[int, ...], conditions: Conditions) -> bool:
    """Whether exact entries meet every condition; vectors row by row, matrices as a whole."""
    if conditions.impossible or not all(map(conditions.allows, entries)):
        return False
    rows = _rows(entries, shape)
    kinds = conditions.kinds
    if conditions.total is not None and not all(_sum(row) == conditions.total for row in rows):
        return False
    for kind in kinds:
        if kind in ROW_TESTS:
            if not all(ROW_TESTS[kind](row) for row in rows):
                return False
        elif kind in MATRIX_KINDS and not _matrix_is(kind, rows, shape):
            return False
    return True


def _rows(entries: Sequence[Real], shape: tuple[int, ...]) -> list[Sequence[Real]]:
    width = shape[-1] if shape else 1
    return [entries[k : k + width] for k in range(0, len(entries), width)]


def _sum(row: Sequence[Real]) -> Real:
    return sum(row, ZERO)


def _is_one_hot(row: Sequence[Real]) -> bool:
    return sorted(row) == [ZERO] * (len(row) - 1) + [ONE]


def _is_on_simplex(row: Sequence[Real]) -> bool:
    return all(x >= 0 for x in row) and bool(_sum(row) == 1)


def _is_unit(row: Sequence[Real]) -> bool:
    return bool(_sum([x * x for x in row]) == 1)


ROW_TESTS: dict[Kind, Callable[[Sequence[Real]], bool]] = {
    Kind.ONE_HOT: _is_one_hot,
    Kind.SIMPLEX: _is_on_simplex,
    Kind.UNIT: _is_unit,
}
MATRIX_KINDS = frozenset(
    {
        Kind.SYMMETRIC,
        Kind.ANTISYMMETRIC,
        Kind.INVERTIBLE,
        Kind.DET_POSITIVE,
        Kind.POSITIVE_DEFINITE,
        Kind.DIAGONAL,
        Kind.ORTHOGONAL,
        Kind.LOWER_TRIANGULAR,
        Kind.IDEMPOTENT,
        Kind.FULL_RANK,
    }
)


def _matrix_is(kind: Kind, rows: list[Sequence[Real]], shape: tuple[int, ...]) -> bool:
    if len(shape) > 2:
        count, size = shape[-2], shape[-1]
        blocks = [rows[k : k + count] for k in range(0, len(rows), count)]
        return all(_matrix_is(kind, block, (count, size)) for block in blocks)
    if len(shape) < 2:
        return kind is not Kind.INVERTIBLE or all(x != 0 for row in rows for x in row)
    count, size = shape
    matrix = fmpq_mat(count, size, [x for row in rows for x in row])
    if kind is Kind.FULL_RANK:
        return bool(matrix.rank() == min(count, size))
    if count != size:
        return False
    places = [(i, j) for i in range(size) for j in range(size)]
    match kind:
        case Kind.SYMMETRIC:
            return all(rows[i][j] == rows[j][i] for i, j in places)
        case Kind.ANTISYMMETRIC:
            return all(rows[i][j] == -rows[j][i] for i, j in places)
        case Kind.DIAGONAL:
            return all(rows[i][j] == 0 for i, j in places if i != j)
        case Kind.LOWER_TRIANGULAR:
            return all(rows[i][j] == 0 for i, j in places if j > i)
        case Kind.INVERTIBLE:
            return bool(matrix.det() != 0)
        case Kind.DET_POSITIVE:
            return bool(matrix.det() > 0)
        case Kind.ORTHOGONAL:
            return bool(matrix.transpose() * matrix == _identity(size))
        case Kind.IDEMPOTENT:
            return bool(matrix * matrix == matrix)
        case Kind.POSITIVE_DEFINITE:
            minors = (
                fmpq_mat(k, k, [rows[i][j] for i in range(k) for j in range(k)]).det()
                for k in range(1, size + 1)
            )
            return all(rows[i][j] == rows[j][i] for i, j in places) and all(d > 0 for d in minors)
    raise AssertionError(f"no test of {kind}")


def _identity(size: int) -> fmpq_mat:
    return fmpq_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
