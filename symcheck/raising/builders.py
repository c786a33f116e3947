"""Tensors put together as a person writes them: factors in front, fractions below, no double transposes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias, TypeGuard

from symcheck.language.registry import REGISTRY
from symcheck.language.shape import SameSize
from symcheck.language.tensor import Apply, Call, Index, Number, Tensor, apply, structure, walk
from symcheck.raising.terms import NoForm

Power: TypeAlias = tuple[Tensor, Fraction]
"""A factor and its exponent."""

ONE = Fraction(1)
HALF = Fraction(1, 2)
PUBLIC = {"positive": "heaviside", "expint_of_order": "expint"}
"""Functions of entries that people write under another name."""
LEFT_OPEN = ("matmul", "mul", "div")
"""Operations that read from the left: a factor in front of them may go to their first argument."""


class Builder:
    """Builds tensors under the sizes that the assumptions identify."""

    def __init__(self, same: SameSize) -> None:
        self.same = same

    def op(self, name: str, *args: object, params: tuple[object, ...] = ()) -> Tensor:
        """A registered operation, shapes checked."""
        return apply(name, *args, params=params, same=self.same)

    # -- matrix products -----------------------------------------------------------------------------

    def chain(self, *factors: Tensor) -> Tensor:
        """The matrix product, associated to the left."""
        flat = self.running([link for factor in factors for link in links(factor)])
        result = flat[0]
        for factor in flat[1:]:
            result = self.op("matmul", result, factor)
        return result

    def running(self, factors: list[Tensor]) -> list[Tensor]:
        """The factors with tril(ones(n, n)) @ x at either end as cumsum(x), and the like."""
        if len(factors) < 2:
            return factors
        first, last = factors[0], factors[-1]
        if is_triangle(last) and last.shape[0] == last.shape[1]:
            return [self.op("rcumsum" if last.op == "tril" else "cumsum", self.chain(*factors[:-1]))]
        if is_triangle(first) and first.shape[0] == first.shape[1]:
            rest = self.chain(*factors[1:])
            params = (0,) if len(rest.shape) > 1 else ()
            return [self.op("cumsum" if first.op == "tril" else "rcumsum", rest, params=params)]
        return factors

    def transposed(self, tensor: Tensor) -> Tensor:
        """The transpose; of a product the reversed product of transposes."""
        if len(tensor.shape) < 2:
            return tensor
        if len(tensor.shape) > 2:
            raise NoForm("the transpose of a tensor of higher rank")
        if isinstance(tensor, Apply):
            match tensor.op:
                case "transpose":
                    return tensor.args[0]
                case "matmul":
                    return self.chain(*(self.transposed(link) for link in reversed(links(tensor))))
                case "outer":
                    return self.op("outer", *reversed(tensor.args))
                case "diag" | "eye":
                    return tensor
                case "ones":
                    return self.op("ones", params=tensor.params[::-1])
                case "tril" | "triu":
                    other = "triu" if tensor.op == "tril" else "tril"
                    return self.op(other, self.transposed(tensor.args[0]))
                case op if len(tensor.args) == 1 and REGISTRY[op].elementwise:
                    return self.op(op, self.transposed(tensor.args[0]))
        if isinstance(tensor, Call) and tensor.function.elementwise:
            (argument,) = tensor.args
            return Call(tensor.shape[::-1], tensor.function, (self.transposed(argument),), tensor.derivatives)
        return self.op("transpose", tensor)

    def dot(self, left: Tensor, right: Tensor) -> Tensor:
        """Σₖ leftₖ rightₖ as one chain, in the direction that needs fewer transposes."""
        forms = []
        for a, b in ((left, right), (right, left)):
            reverse = [self.transposed(link) for link in reversed(links(a))]
            forms.append(self.chain(*reverse, b))
        return min(forms, key=cost)

    # -- products of powers ---------------------------------------------------------------------------

    def power(self, base: Tensor, exponent: Fraction) -> Tensor:
        """base ** exponent, roots of squares as norms."""
        if exponent.denominator == 2:
            norm = self._norm(base)
            if norm is not None:
                return self.power(norm, exponent * 2)
            if exponent == HALF:
                return self.op("sqrt", base)
        if exponent == 1:
            return base
        return self.op("pow", base, number(exponent))

    def _norm(self, square: Tensor) -> Tensor | None:
        if not isinstance(square, Apply):
            return None
        if square.op == "matmul" and not square.shape:
            chain = links(square)
            half = len(chain) // 2
            if len(chain) % 2 == 0:
                left, right = self.chain(*chain[:half]), self.chain(*chain[half:])
                if structure(self._flipped(left)) == structure(right):
                    return self.op("norm2", right)
        if square.op == "sumall":
            (inner,) = square.args
            if isinstance(inner, Apply) and inner.op == "pow" and _is_number(inner.args[1], 2):
                return self.op("normF" if len(inner.shape) == 2 else "norm2", inner.args[0])
        return None

    def _flipped(self, chain: Tensor) -> Tensor:
        return self.chain(*(self.transposed(link) for link in reversed(links(chain))))

    def times(self, left: Tensor | None, right: Tensor) -> Tensor:
        """left · right entry by entry; a number or scalar goes to the very front of what it multiplies."""
        if left is None:
            return right
        if isinstance(right, Apply) and right.op in LEFT_OPEN:
            if right.op == "mul" or not left.shape:
                inner = self.times(left, right.args[0])
                return self.op(right.op, inner, *right.args[1:])
            if right.op == "div":
                return self.op("div", self.times(left, right.args[0]), right.args[1])
        return self.op("mul", left, right)

    def product(self, coefficient: Fraction, powers: Sequence[Power]) -> Tensor:
        """|coefficient| · Π base^exponent, what has a negative exponent below one stroke."""
        above: list[Tensor] = []
        below: list[Tensor] = []
        last: list[Tensor] = []
        for base, exponent in gathered(powers):
            if exponent < 0:
                below.append(self.power(base, -exponent))
                continue
            factor = base if is_triangle(base) else self.power(base, exponent)
            heavy = not factor.shape and isinstance(factor, Apply) and factor.op == "matmul"
            (last if heavy else above).append(factor)
        above.sort(key=lambda factor: len(factor.shape) > 0)
        above = self.in_triangle(above)
        coefficient = abs(coefficient)
        if coefficient.denominator != 1:
            below.insert(0, number(Fraction(coefficient.denominator)))
        result: Tensor | None = None
        if coefficient.numerator != 1 or not (above or last):
            result = number(Fraction(coefficient.numerator))
        for factor in (*above, *last):
            result = self.times(result, factor)
        assert result is not None
        if below:
            denominator: Tensor | None = None
            for factor in below:
                denominator = self.times(denominator, factor)
            result = self.op("div", result, denominator)
        return result

    def in_triangle(self, factors: list[Tensor]) -> list[Tensor]:
        """tril(ones(n, m)) * X as tril(X)."""
        for k, triangle in enumerate(factors):
            others = [f for j, f in enumerate(factors) if j != k and len(f.shape) == 2]
            if is_triangle(triangle) and others:
                inner = others[0]
                for factor in others[1:]:
                    inner = self.times(inner, factor)
                return [*(f for f in factors if len(f.shape) != 2), self.op(triangle.op, inner)]
        return factors

    def negated(self, tensor: Tensor) -> Tensor:
        """−tensor, the sign at the very front."""
        if isinstance(tensor, Apply):
            if tensor.op == "neg":
                return tensor.args[0]
            if tensor.op == "sub":
                return self.op("sub", *reversed(tensor.args))
            if tensor.op in LEFT_OPEN:
                return self.op(tensor.op, self.negated(tensor.args[0]), *tensor.args[1:])
        return self.op("neg", tensor)

    def total(self, signed: Sequence[tuple[Fraction, Tensor]]) -> Tensor:
        """The sum; only the signs of the coefficients count, a positive summand stands first."""
        ordered = list(signed)
        if ordered[-1][0] > 0 and isinstance(ordered[-1][1], Number) and _is_function(ordered[0][1]):
            ordered.insert(0, ordered.pop())  # 1 + exp(x), but x + 1
        first = next((k for k, (sign, _) in enumerate(ordered) if sign > 0), 0)
        ordered.insert(0, ordered.pop(first))
        sign, result = ordered[0]
        if sign < 0:
            result = self.negated(result)
        for sign, tensor in ordered[1:]:
            result = self.op("add" if sign > 0 else "sub", result, tensor)
        return result


def links(tensor: Tensor) -> list[Tensor]:
    """The factors of a matrix product."""
    if isinstance(tensor, Apply) and tensor.op == "matmul":
        return [*links(tensor.args[0]), *links(tensor.args[1])]
    return [tensor]


def gathered(powers: Iterable[Power]) -> list[Power]:
    """Equal bases brought together; x · x⁻¹ = 1 holds wherever the factors are defined."""
    found: dict[object, Power] = {}
    for base, exponent in powers:
        key = key_of(base)
        old = found.get(key)
        found[key] = (old[0], old[1] + exponent) if old else (base, exponent)
    return [(base, exponent) for base, exponent in found.values() if exponent]


def number(value: Fraction) -> Tensor:
    """An exact number ≥ 0 as people write it."""
    if value < 0:
        return apply("neg", number(-value))
    if value.denominator == 1:
        return Number((), value, str(value))
    return apply("div", value.numerator, value.denominator)


def is_triangle(tensor: Tensor) -> TypeGuard[Apply]:
    """Whether it is tril(ones(n, m)) or triu(ones(n, m)): the order of two indices."""
    return (
        isinstance(tensor, Apply)
        and tensor.op in ("tril", "triu")
        and isinstance(tensor.args[0], Apply)
        and tensor.args[0].op == "ones"
    )


def _is_function(tensor: Tensor) -> bool:
    return isinstance(tensor, Apply) and tensor.op not in ("add", "sub", "neg", "pow", *LEFT_OPEN)


def _is_number(tensor: Tensor, value: int) -> bool:
    return isinstance(tensor, Number) and tensor.value == value


def cost(tensor: Tensor) -> int:
    """How long it is to read; padding with ones counts extra."""
    total = 0
    for part in walk(tensor):
        total += 1
        if isinstance(part, Apply) and part.op in ("ones", "eye"):
            total += 2
    return total


def key_of(tensor: Tensor, names: dict[Index, str] | None = None) -> object:
    """Equal for tensors that are written alike."""
    return (structure(tensor, names), tensor.shape)
