"""SymPy's matrix expressions → tensors; see `sympy_objects`, which reads the scalars inside them.

A matrix of one column or one row is a vector here, one of one entry a number: which of them a factor is
decides what its product means.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from typing import Any, Protocol, TypeAlias

import sympy

from symcheck.errors import NotSupported
from symcheck.language.shape import Shape, Size
from symcheck.language.tensor import Index, Number, Symbol, Tensor, apply, variable
from symcheck.reading.scope import Scope

Bound: TypeAlias = Mapping[Any, Index | Tensor]
"""SymPy's bound symbol → our index (of a sum) or what stands for it (of a Lambda)."""


class ScalarReader(Protocol):
    """What reading a matrix needs of the reader of scalars."""

    scope: Scope

    def scalar(self, expr: Any, bound: Bound) -> Tensor:
        """An expression without matrix axes."""

    def declared(self, name: str, shape: Shape) -> Symbol:
        """A name of this shape, declared now if it was not."""

    def size(self, expr: Any) -> Size:
        """The size that a SymPy dimension means."""


class Oriented:
    """A matrix expression: SymPy's vectors are matrices of one column or row, ours have one axis."""

    __slots__ = ("kind", "tensor")

    def __init__(self, tensor: Tensor, kind: str) -> None:
        self.tensor = tensor
        self.kind = kind
        """``matrix``, ``column``, ``row`` or ``number``."""


class Matrices:
    """Matrix expressions, with the scope and the indices of a reader of scalars."""

    def __init__(self, reader: ScalarReader) -> None:
        self.reader = reader

    def read(self, expr: Any, bound: Bound) -> Oriented:
        """The expression with its orientation."""
        kind = _kind(expr.shape)
        return Oriented(self._tensor(expr, kind, bound), kind)

    def _tensor(self, expr: Any, kind: str, bound: Bound) -> Tensor:
        reader, same = self.reader, self.reader.scope.same
        m = sympy.matrices.expressions
        if isinstance(expr, sympy.MatrixSymbol):
            return variable(reader.declared(expr.name, self._shape(expr.shape)))
        if isinstance(expr, sympy.MatAdd):
            parts = [self.read(arg, bound).tensor for arg in expr.args]
            return reduce(lambda a, b: apply("add", a, b, same=same), parts)
        if isinstance(expr, sympy.MatMul):
            return self._product(expr, bound)
        if isinstance(expr, sympy.Transpose):
            inner = self.read(expr.arg, bound)
            return inner.tensor.T if inner.kind == "matrix" else inner.tensor
        if isinstance(expr, sympy.Inverse):
            return apply("inv", self.read(expr.arg, bound).tensor, same=same)
        if isinstance(expr, sympy.MatPow):
            if not expr.exp.is_Integer:
                raise NotSupported(f"the matrix power {expr.exp}")
            return apply("mpow", self.read(expr.base, bound).tensor, params=(int(expr.exp),), same=same)
        if isinstance(expr, sympy.HadamardProduct):
            parts = [self.read(arg, bound).tensor for arg in expr.args]
            return reduce(lambda a, b: apply("mul", a, b, same=same), parts)
        if isinstance(expr, sympy.HadamardPower):
            return self.read(expr.base, bound).tensor ** reader.scalar(expr.exp, bound)
        if isinstance(expr, m.kronecker.KroneckerProduct):
            parts = [self.read(arg, bound).tensor for arg in expr.args]
            return reduce(lambda a, b: apply("kron", a, b), parts)
        if isinstance(expr, m.diagonal.DiagMatrix):
            return apply("diag", self.read(expr.args[0], bound).tensor)
        if isinstance(expr, m.applyfunc.ElementwiseApplyFunction):
            return self._mapped(expr, bound)
        if isinstance(expr, sympy.Identity):
            return (
                apply("eye", params=(reader.size(expr.shape[0]),))
                if kind == "matrix"
                else Number((), Fraction(1), "1")
            )
        for kinds, name in ((sympy.ZeroMatrix, "zeros"), (m.special.OneMatrix, "ones")):
            if isinstance(expr, kinds):
                return apply(name, params=self._shape(expr.shape))
        raise NotSupported(f"SymPy's {type(expr).__name__} has no meaning here")

    def _shape(self, shape: tuple[Any, Any]) -> Shape:
        return tuple(self.reader.size(length) for length in shape if length != 1)

    def _product(self, expr: Any, bound: Bound) -> Tensor:
        same = self.reader.scope.same
        factors = [factor for factor in expr.args if not getattr(factor, "is_Matrix", False)]
        matrices = [self.read(factor, bound) for factor in expr.args if getattr(factor, "is_Matrix", False)]
        result = matrices[0]
        for right in matrices[1:]:
            kinds = (result.kind, right.kind)
            if "number" in kinds:
                tensor: Tensor = result.tensor * right.tensor
            elif kinds == ("column", "row"):
                tensor = apply("outer", result.tensor, right.tensor)
            else:
                tensor = apply("matmul", result.tensor, right.tensor, same=same)
            result = Oriented(tensor, _PRODUCTS[kinds])
        if not factors:
            return result.tensor
        if factors == [sympy.Integer(-1)]:
            return -result.tensor
        return reduce(lambda a, b: a * b, [self.reader.scalar(f, bound) for f in factors]) * result.tensor

    def _mapped(self, expr: Any, bound: Bound) -> Tensor:
        inner = self.read(expr.expr, bound).tensor
        function = expr.function
        if not isinstance(function, sympy.Lambda) or len(function.variables) != 1:
            raise NotSupported("applyfunc of what is no function of one number")
        return self.reader.scalar(function.expr, {**bound, function.variables[0]: inner})


_PRODUCTS = {
    ("matrix", "matrix"): "matrix",
    ("matrix", "column"): "column",
    ("row", "matrix"): "row",
    ("row", "column"): "number",
    ("column", "row"): "matrix",
    ("column", "number"): "column",
    ("number", "row"): "row",
    ("number", "number"): "number",
}


def _kind(shape: tuple[Any, Any]) -> str:
    rows, cols = (length == 1 for length in shape)
    return {(False, False): "matrix", (False, True): "column", (True, False): "row", (True, True): "number"}[
        rows, cols
    ]
