"""SymPy objects in: expressions, indexed sums and matrix expressions → tensors of the language.

Names are looked up in the scope; every symbol that a `Sum` or a `Lambda` binds becomes a fresh index, so
that nothing here captures.  SymPy 1.14 itself does: it must not differentiate or substitute in a sum
before we see it.  Matrix symbols with one column are vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from symcheck.errors import BadCall, IndexMisuse, NotSupported, ReadError, ShapeMismatch, UndeclaredName
from symcheck.language.registry import REGISTRY
from symcheck.language.shape import Dim, Shape, Size, has_index, show_shape
from symcheck.language.tensor import (
    Call,
    Constant,
    Delta,
    Derivative,
    Function,
    Index,
    IndexProduct,
    IndexSum,
    Number,
    SizeNumber,
    Symbol,
    Tensor,
    apply,
    entry,
    variable,
    without_index,
)
from symcheck.operations.elementwise import SCALAR
from symcheck.reading.letters import spell
from symcheck.reading.scope import Scope
from symcheck.reading.sympy_matrices import Bound, Matrices


def scalar_symbols(names: str) -> tuple[Any, ...]:
    """Real SymPy symbols for the names, separated by blanks or commas.

    Errors: ReadError if a name is no identifier.
    """
    found = tuple(names.replace(",", " ").split())
    for name in found:
        if not name.isidentifier():
            raise ReadError(f"{name!r} is no name", hint="names are separated by blanks: 'a b c'")
    return tuple(sympy.Symbol(name, real=True) for name in found)


def to_tensor(obj: Any, scope: Scope, indices: dict[Any, Index] | None = None) -> Tensor:
    """The tensor that a SymPy object means, its names found in the scope.

    Free indices are taken from `indices`, and new ones entered there: the two sides of an equation share
    the dictionary.  A `MatrixSymbol` or an `IndexedBase` with a shape declares itself.
    Errors: UndeclaredName, IndexMisuse (partial ranges, shifted indices, one index over two sizes),
    ShapeMismatch, NotSupported; ReadError for a float.
    """
    return Reader(scope, {} if indices is None else indices).read(obj)


class Reader:
    """One object, or several whose free indices are shared."""

    def __init__(self, scope: Scope, indices: dict[Any, Index]) -> None:
        self.scope = scope
        self.indices = indices
        self._from_one = False
        self._literal = False

    def read(self, obj: Any) -> Tensor:
        """Scalars and matrices alike."""
        converter = getattr(obj, "__symcheck_tensor__", None)
        if converter is not None:
            tensor: Tensor = converter()
            return tensor
        if isinstance(obj, int | Fraction) and not isinstance(obj, bool):
            return Number((), Fraction(obj), str(obj))
        if isinstance(obj, float):
            raise _no_float(str(obj))
        if isinstance(obj, sympy.MatrixExpr):
            return Matrices(self).read(obj, {}).tensor
        if not isinstance(obj, sympy.Expr):
            raise NotSupported(f"{type(obj).__name__} has no meaning as a formula")
        tensor = self.scalar(obj, {})
        if self._from_one and self._literal:
            raise IndexMisuse(
                "a sum counts from 1 and a literal entry from 0", hint="write sums over 0, …, n − 1"
            )
        return tensor

    # -- scalars ---------------------------------------------------------------------------------

    def scalar(self, expr: Any, bound: Bound) -> Tensor:
        """An expression without matrix axes."""
        if expr.is_Number:
            return _number(expr)
        if expr.is_Symbol:
            return self._symbol(expr, bound)
        for kinds, rule in _RULES:
            if isinstance(expr, kinds):
                return rule(self, expr, bound)
        if isinstance(expr, sympy.Function):
            return self._function(expr, bound)
        raise NotSupported(f"SymPy's {type(expr).__name__} has no meaning here")

    def symbol(self, name: str) -> Symbol:
        """A declared name."""
        found = self.scope.variable(name)
        if found is None:
            raise UndeclaredName(f"{name} is not declared", hint=f"declare it: --let '{name}: scalar'")
        return found

    def declared(self, name: str, shape: Shape) -> Symbol:
        """A name of this shape, declared now if it was not."""
        found = self.scope.variable(name)
        if found is None:
            return self.scope.declare(name, shape)
        if len(found.shape) != len(shape) or not all(map(self.scope.same, found.shape, shape)):
            raise ShapeMismatch(
                f"{name} is declared as {show_shape(found.shape)}, SymPy's has the shape {show_shape(shape)}"
            )
        return found

    def size(self, expr: Any) -> Size:
        """The size that a SymPy dimension means: n, 3, m*n."""
        dims: list[Dim] = []
        for factor in sympy.Mul.make_args(expr):
            if factor.is_Integer and factor > 0:
                dims.append(int(factor))
            elif factor.is_Symbol:
                dims.append(spell(factor.name))
            else:
                raise NotSupported(f"the size {expr}", hint="a size is a symbol, a number or a product")
        return tuple(dims)

    def index(self, expr: Any, dim: Dim, bound: Bound) -> Index | int:
        """An index at a place of range `dim`."""
        if expr.is_Integer:
            self._literal = True
            return int(expr)
        key = _label(expr)
        if not key.is_Symbol:
            raise IndexMisuse(
                f"the index {expr} is shifted or computed", hint="only plain indices over a whole axis"
            )
        found = bound.get(key) or self.indices.get(key)
        if found is None:
            found = self.indices[key] = Index(spell(key.name))
        if not isinstance(found, Index):
            raise IndexMisuse(f"{key.name} is no index")
        if found.dim is None:
            found.dim = dim
        elif not self.scope.same((found.dim,), (dim,)):
            raise IndexMisuse(f"the index {key.name} runs over {found.dim} and over {dim}")
        return found

    def entry(self, base: Tensor, places: tuple[Any, ...], bound: Bound) -> Tensor:
        """base[places]."""
        if len(places) != len(base.shape):
            raise ShapeMismatch(f"{len(places)} indices for a tensor of shape {show_shape(base.shape)}")
        for size in base.shape:
            if not has_index(size):
                raise without_index(size)
        chosen = (self.index(p, size[0], bound) for p, size in zip(places, base.shape, strict=True))
        return entry(base, tuple(chosen))

    def _symbol(self, expr: Any, bound: Bound) -> Tensor:
        stands = bound.get(expr)
        if isinstance(stands, Index) or (expr in self.indices and stands is None):
            raise IndexMisuse(f"the index {expr.name} is used as a number")
        if stands is not None:
            return stands
        name = spell(expr.name)
        if self.scope.variable(name) is None and name in self.scope.dims:
            return SizeNumber((), name)
        symbol = self.symbol(expr.name)
        if symbol.shape:
            raise ShapeMismatch(
                f"{expr.name} is declared as {show_shape(symbol.shape)}, SymPy's symbol is a number",
                hint="use the tensor that declaring it returned, IndexedBase or MatrixSymbol",
            )
        return variable(symbol)

    def _add(self, expr: Any, bound: Bound) -> Tensor:
        result: Tensor | None = None
        for term in expr.as_ordered_terms():
            negative = term.could_extract_minus_sign() and term.as_coeff_Mul()[0].is_negative
            part = self.scalar(-term if negative else term, bound)
            if result is None:
                result = -part if negative else part
            else:
                result = result - part if negative else result + part
        assert result is not None
        return result

    def _mul(self, expr: Any, bound: Bound) -> Tensor:
        if expr.as_coeff_Mul()[0] == -1:
            return -self.scalar(-expr, bound)
        over: list[Any] = []
        under: list[Any] = []
        for factor in expr.args:
            turned = factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative
            (under if turned else over).append(1 / factor if turned else factor)
        tops = [self.scalar(factor, bound) for factor in over] or [_integer(1)]
        top = reduce(lambda a, b: a * b, tops)
        if not under:
            return top
        return top / reduce(lambda a, b: a * b, [self.scalar(factor, bound) for factor in under])

    def _pow(self, expr: Any, bound: Bound) -> Tensor:
        if expr.exp == -1:
            return _integer(1) / self.scalar(expr.base, bound)
        if expr.exp == sympy.Rational(1, 2):
            return apply("sqrt", self.scalar(expr.base, bound))
        return self.scalar(expr.base, bound) ** self.scalar(expr.exp, bound)

    def _constant(self, expr: Any, bound: Bound) -> Tensor:
        if expr == sympy.pi:
            return Constant((), "pi")
        if expr == sympy.E:
            return apply("exp", 1)
        raise NotSupported(f"the constant {expr}")

    def _indexed(self, expr: Any, bound: Bound) -> Tensor:
        base = expr.base
        name = str(base.label)
        if self.scope.variable(name) is None and base.shape is not None:
            self.scope.declare(name, tuple(self.size(length) for length in base.shape))
        return self.entry(variable(self.symbol(name)), expr.indices, bound)

    def _delta(self, expr: Any, bound: Bound) -> Tensor:
        keys = [None if arg.is_Integer else _label(arg) for arg in expr.args[:2]]
        known = [bound.get(key) or self.indices.get(key) for key in keys if key is not None]
        dims = [index.dim for index in known if isinstance(index, Index) and index.dim is not None]
        if not dims:
            raise IndexMisuse(
                f"nothing tells the range of {expr}", hint="use the index in an entry first, or bind it"
            )
        left, right = (self.index(arg, dims[0], bound) for arg in expr.args[:2])
        return Delta((), left, right)

    def _sum(self, expr: Any, bound: Bound) -> Tensor:
        inner = dict(bound)
        made: list[Index] = []
        # SymPy lists the innermost limit first; an inner limit of the same name shadows an outer one
        for limit in reversed(expr.limits):
            key = _label(limit[0])
            made.append(Index(spell(key.name), self._range(limit)))
            inner[key] = made[-1]
        body = self.scalar(expr.function, inner)
        over = IndexProduct if isinstance(expr, sympy.Product) else IndexSum
        return over(body.shape, tuple(made), body)

    def _range(self, limit: Any) -> Dim:
        if len(limit) == 1 and isinstance(limit[0], sympy.Idx) and limit[0].lower is not None:
            low, high = limit[0].lower, limit[0].upper
        elif len(limit) == 3:
            low, high = limit[1], limit[2]
        else:
            raise IndexMisuse(f"the sum over {limit[0]} has no range", hint="write (i, 0, n - 1)")
        length = high + 1 if low == 0 else high if low == 1 else None
        if length is None or not (length.is_Symbol or length.is_Integer):
            raise IndexMisuse(
                f"the sum over {limit[0]} runs from {low} to {high}, which is no whole axis",
                hint="sums run from 0 to n − 1, or from 1 to n",
            )
        self._from_one |= bool(low == 1)
        dim = int(length) if length.is_Integer else spell(length.name)
        if isinstance(dim, str) and dim not in self.scope.dims:
            raise IndexMisuse(f"{dim} is the size of nothing declared")
        return dim

    # -- functions ---------------------------------------------------------------------------------

    def _function(self, expr: Any, bound: Bound) -> Tensor:
        own = getattr(expr.func, "undefined", None)
        if own is not None and own[0].elementwise:
            return Call((), own[0], (self.scalar(expr.args[0], bound),), own[2])
        name = _NAMES.get(expr.func)
        if name is None and expr.func is sympy.polygamma and expr.args[0] in (0, 1):
            name = ("digamma", "trigamma")[int(expr.args[0])]
            return apply(name, self.scalar(expr.args[1], bound))
        if name is None:
            raise NotSupported(f"the function {expr.func.__name__} is not known")
        least, most = REGISTRY[name].arity
        given = expr.args[:most] if name == "heaviside" else expr.args
        if len(given) < least:
            given += _DEFAULTS.get(expr.func, ())
        if not least <= len(given) <= most:
            raise NotSupported(f"{expr.func.__name__} of {len(given)} arguments")
        return apply(name, *(self.scalar(arg, bound) for arg in given))

    def _extreme(self, expr: Any, bound: Bound) -> Tensor:
        name = "maximum" if isinstance(expr, sympy.Max) else "minimum"
        args = sorted(expr.args, key=sympy.default_sort_key)
        return reduce(lambda a, b: apply(name, a, b), [self.scalar(arg, bound) for arg in args])

    def _piecewise(self, expr: Any, bound: Bound) -> Tensor:
        if len(expr.args) != 2 or expr.args[1][1] != sympy.true:
            raise NotSupported("a Piecewise of other than two branches", hint="nest two-branched ones")
        (then, condition), (other, _) = expr.args
        sign = _SIGNS.get(type(condition))
        if sign is None:
            raise NotSupported(f"the condition {condition}")
        sides = (condition.lhs, condition.rhs, then, other)
        if sign == "!=":
            sign, sides = "==", (condition.lhs, condition.rhs, other, then)
        return apply("where", *(self.scalar(side, bound) for side in sides), params=(sign,))

    def _undefined(self, expr: Any, bound: Bound) -> Tensor:
        return self._called(expr, expr.args, (), bound)

    def _called(self, expr: Any, args: tuple[Any, ...], orders: tuple[int, ...], bound: Bound) -> Tensor:
        name = expr.func.__name__
        function: Function | None = self.scope.functions.get(spell(name))
        if function is None:
            raise UndeclaredName(
                f"the function {name} is not declared", hint=f"declare it: '{name}: elementwise'"
            )
        if any(function.domain) or function.codomain or len(function.domain) != len(args):
            raise BadCall(f"{name} is no function of {len(args)} numbers")
        return Call((), function, tuple(self.scalar(arg, bound) for arg in args), orders)

    # -- derivatives -------------------------------------------------------------------------------

    def _derivative(self, expr: Any, bound: Bound) -> Tensor:
        body = (
            self.read(expr.expr) if isinstance(expr.expr, sympy.MatrixExpr) else self.scalar(expr.expr, bound)
        )
        for by, count in expr.variable_count:
            if not (count.is_Integer and 0 <= count <= 8):
                raise NotSupported(f"a derivative of order {count}")
            for _ in range(int(count)):
                body = self._by(body, by, bound)
        return body

    def _by(self, body: Tensor, by: Any, bound: Bound) -> Tensor:
        if isinstance(by, sympy.Indexed | sympy.matrices.expressions.matexpr.MatrixElement):
            place = self.scalar(by, bound)
            base = getattr(place, "base", None)
            symbol = getattr(base, "symbol", None)
            if symbol is None:
                raise NotSupported(f"a derivative by {by}")
            return Derivative(body.shape, body, symbol, at=getattr(place, "indices", ()))
        if isinstance(by, sympy.MatrixSymbol):
            matrix = Matrices(self).read(by, bound).tensor
            symbol = getattr(matrix, "symbol", None)
        else:
            symbol = getattr(self.scalar(by, bound), "symbol", None)
        if symbol is None:
            raise NotSupported(f"a derivative by {by}")
        return Derivative(body.shape + symbol.shape, body, symbol)

    def _substituted(self, expr: Any, bound: Bound) -> Tensor:
        """Subs(Derivative(f(ξ), ξ), ξ, u), as SymPy writes f′(u)."""
        inner = expr.expr
        if isinstance(inner, sympy.Derivative) and isinstance(inner.expr, AppliedUndef):
            given = dict(zip(expr.variables, expr.point, strict=True))
            formal = inner.expr.args
            orders = tuple(sum(int(c) for v, c in inner.variable_count if v == arg) for arg in formal)
            plain = all(v in formal and formal.count(v) == 1 for v, _ in inner.variable_count)
            if plain and sum(orders) == inner.derivative_count:
                args = tuple(given.get(arg, arg) for arg in formal)
                return self._called(inner.expr, args, orders, bound)
        raise NotSupported(f"{expr}: only a derivative of an undefined function, taken at a point")

    # -- numbers made of matrices -------------------------------------------------------------------

    def _element(self, expr: Any, bound: Bound) -> Tensor:
        parent = Matrices(self).read(expr.parent, bound)
        places = (expr.i, expr.j)
        kept = {"matrix": places, "column": places[:1], "row": places[1:], "number": ()}[parent.kind]
        return self.entry(parent.tensor, kept, bound) if kept else parent.tensor

    def _of_matrix(self, expr: Any, bound: Bound) -> Tensor:
        name = "tr" if isinstance(expr, sympy.Trace) else "det"
        inner = Matrices(self).read(expr.args[0], bound)
        return inner.tensor if inner.kind == "number" else apply(name, inner.tensor, same=self.scope.same)


_SIGNS = {
    sympy.StrictGreaterThan: ">",
    sympy.GreaterThan: ">=",
    sympy.StrictLessThan: "<",
    sympy.LessThan: "<=",
    sympy.Equality: "==",
    sympy.Unequality: "!=",
}

_NAMES: dict[Any, str] = {
    getattr(sympy, name): name for name in SCALAR if isinstance(getattr(sympy, name, None), type)
}
_NAMES |= {
    sympy.Abs: "abs",
    sympy.loggamma: "lgamma",
    sympy.Heaviside: "heaviside",
    sympy.ceiling: "ceil",
    sympy.Si: "sinint",
    sympy.Ci: "cosint",
    sympy.expint: "expint",
    sympy.elliptic_k: "ellipk",
    sympy.elliptic_e: "ellipe",
}
_DEFAULTS: dict[Any, tuple[Any, ...]] = {sympy.zeta: (sympy.Integer(1),)}
"""What SymPy leaves out at the end of the arguments."""

_RULES: tuple[tuple[Any, Callable[[Reader, Any, Bound], Tensor]], ...] = (
    (sympy.Add, Reader._add),
    (sympy.Mul, Reader._mul),
    (sympy.Pow, Reader._pow),
    (sympy.NumberSymbol, Reader._constant),
    (sympy.Indexed, Reader._indexed),
    (sympy.KroneckerDelta, Reader._delta),
    (sympy.Sum, Reader._sum),
    (sympy.Product, Reader._sum),
    ((sympy.Max, sympy.Min), Reader._extreme),
    (sympy.Piecewise, Reader._piecewise),
    (AppliedUndef, Reader._undefined),
    (sympy.Derivative, Reader._derivative),
    (sympy.Subs, Reader._substituted),
    (sympy.matrices.expressions.matexpr.MatrixElement, Reader._element),
    ((sympy.Trace, sympy.Determinant), Reader._of_matrix),
)


def _label(expr: Any) -> Any:
    return expr.label if isinstance(expr, sympy.Idx) else expr


def _integer(value: int) -> Tensor:
    return Number((), Fraction(value), str(value))


def _number(expr: Any) -> Tensor:
    if expr.is_Rational:
        value = Fraction(int(expr.p), int(expr.q))
        return Number((), value, str(value))
    if expr.is_Float:
        raise _no_float(str(expr))
    raise NotSupported(f"the number {expr}")


def _no_float(text: str) -> ReadError:
    return ReadError(
        f"{text} is a float, and no exact number",
        hint="write Rational(1, 10), or the decimal in text: '0.1'",
    )
