"""Polynomials put for undefined functions, with all their exact derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from flint import fmpq

from symcheck.evaluation.numbers import ONE, ZERO, Real, tame
from symcheck.evaluation.streams import Stream
from symcheck.language.shape import Dim, Shape

SHORTEST = 4
"""Least degree of a polynomial put for an undefined function."""


@dataclass(frozen=True, slots=True)
class ScalarPolynomial:
    """c₀ + c₁ x + … + c_d xᵈ."""

    coefficients: tuple[Real, ...]

    def derivative(self, order: int) -> ScalarPolynomial:
        """The derivative of the given order."""
        current = self.coefficients
        for _ in range(order):
            current = tuple(c * k for k, c in enumerate(current))[1:]
        return ScalarPolynomial(current)

    def __call__(self, at: Real) -> Real:
        """The value, by Horner's rule."""
        result: Real = ZERO
        for c in reversed(self.coefficients):
            result = result * at + c
        return tame(result)

    def text(self, variable: str = "x") -> str:
        """Written out, lowest power first."""
        powers = ["", variable, *(f"{variable}**{k}" for k in range(2, len(self.coefficients)))]
        return _joined([(c, p) for c, p in zip(self.coefficients, powers, strict=False)])


@dataclass(frozen=True, slots=True)
class Form:
    """coefficient · (Σ weights·z + shift) ** degree."""

    coefficient: Real
    weights: tuple[Real, ...]
    shift: Real
    degree: int


@dataclass(frozen=True, slots=True)
class VectorPolynomial:
    """A polynomial map: for each entry of the result a constant and powers of affine forms.

    Its input z is all entries of all arguments in turn; so a derivative of any order is a product of
    weights and a lower power.
    """

    constants: tuple[Real, ...]
    forms: tuple[tuple[Form, ...], ...]

    def derivative(self, at: Sequence[Real], axes: Sequence[Sequence[int]]) -> list[Real]:
        """∂ᵏ(result)/∂z…: results first, then for each axis the entries of z listed in it; flat."""
        order = len(axes)
        entries: list[Real] = []
        for constant, forms in zip(self.constants, self.forms, strict=True):
            total = [constant if order == 0 else ZERO] * prod(map(len, axes))
            for form in forms:
                if form.degree < order:
                    continue
                inner = sum((w * z for w, z in zip(form.weights, at, strict=True) if w), form.shift)
                factor = form.coefficient
                for k in range(order):
                    factor = factor * (form.degree - k)
                terms: list[Real] = [factor * inner ** (form.degree - order)]
                for axis in axes:
                    terms = [term * form.weights[k] for term in terms for k in axis]
                total = [a + b for a, b in zip(total, terms, strict=True)]
            entries.extend(map(tame, total))
        return entries

    def text(self, names: Sequence[str]) -> str:
        """All entries, written out."""
        parts = []
        for constant, forms in zip(self.constants, self.forms, strict=True):
            terms = [(constant, "")]
            for form in forms:
                inner = _joined([(form.shift, ""), *zip(form.weights, names, strict=True)])
                body = inner if inner in names else f"({inner})"
                terms.append((form.coefficient, body + (f"**{form.degree}" if form.degree > 1 else "")))
            parts.append(_joined(terms))
        return parts[0] if len(parts) == 1 else "[" + ", ".join(parts) + "]"


Polynomial: TypeAlias = ScalarPolynomial | VectorPolynomial


def _joined(terms: Sequence[tuple[Real, str]]) -> str:
    pieces: list[str] = []
    for factor, body in terms:
        if factor == 0:
            continue
        size = abs(factor)
        text = body if body and size == 1 else f"{size}*{body}" if body else str(size)
        if pieces:
            pieces.append(f" {'-' if factor < 0 else '+'} {text}")
        else:
            pieces.append(f"-{text}" if factor < 0 else text)
    return "".join(pieces) or "0"


def scalar_polynomial(stream: Stream, degree: int, gentle: bool) -> ScalarPolynomial:
    """Random rational coefficients, none of them 0; with `gentle` small ones, so that layers do not grow."""
    coefficients = []
    for k in range(degree + 1):
        c = fmpq(1 + stream.below(5), 1 + stream.below(3)) * (1 if stream.below(2) else -1)
        coefficients.append(c / 8**k if gentle else c)
    return ScalarPolynomial(tuple(coefficients))


def vector_polynomial(stream: Stream, inputs: int, outputs: int, degree: int) -> VectorPolynomial:
    """For each result a random affine part, two squares, a cube and so on up to `degree`."""

    def small(choices: int) -> Real:
        return fmpq(1 + stream.below(choices)) * (1 if stream.below(2) else -1)

    constants, forms = [], []
    for _ in range(outputs):
        constants.append(small(3))
        row = []
        for power in (1, 2, 2, *range(3, degree + 1)):
            weights = tuple(small(3) for _ in range(inputs))
            row.append(Form(ONE / small(2), weights, small(2) if power > 1 else ZERO, power))
        forms.append(tuple(row))
    return VectorPolynomial(tuple(constants), tuple(forms))


def entry_names(shapes: Sequence[Shape], sizes: dict[Dim, int]) -> list[str]:
    """x[0], x[1], y[0, 0] …: the entries of the arguments of a function, for `VectorPolynomial.text`."""
    letters = "xyzuvw"
    names: list[str] = []
    for number, shape in enumerate(shapes):
        letter = letters[number] if number < len(letters) else f"x{number}"
        places = [""]
        for size in shape:
            length = prod(d if isinstance(d, int) else sizes[d] for d in size)
            places = [f"{p}, {k}" if p else str(k) for p in places for k in range(length)]
        names += [f"{letter}[{p}]" if p else letter for p in places]
    return names
