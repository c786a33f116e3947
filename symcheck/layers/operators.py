"""Python's operators of arrays: each is the ufunc of NumPy that it stands for."""

from __future__ import annotations

from typing import Any, NoReturn

from symcheck.layers.tables import UFUNCS
from symcheck.layers.trace import Unfollowed


class Operators:
    """What stands between operands; the arrays themselves are elsewhere."""

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        return binary("add", self, other)

    def __radd__(self, other: Any) -> Any:
        return binary("add", other, self)

    def __sub__(self, other: Any) -> Any:
        return binary("subtract", self, other)

    def __rsub__(self, other: Any) -> Any:
        return binary("subtract", other, self)

    def __mul__(self, other: Any) -> Any:
        return binary("multiply", self, other)

    def __rmul__(self, other: Any) -> Any:
        return binary("multiply", other, self)

    def __truediv__(self, other: Any) -> Any:
        return binary("divide", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return binary("divide", other, self)

    def __pow__(self, other: Any) -> Any:
        return binary("power", self, other)

    def __rpow__(self, other: Any) -> Any:
        return binary("power", other, self)

    def __matmul__(self, other: Any) -> Any:
        return binary("matmul", self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return binary("matmul", other, self)

    def __gt__(self, other: Any) -> Any:
        return binary("greater", self, other)

    def __ge__(self, other: Any) -> Any:
        return binary("greater_equal", self, other)

    def __lt__(self, other: Any) -> Any:
        return binary("less", self, other)

    def __le__(self, other: Any) -> Any:
        return binary("less_equal", self, other)

    def __eq__(self, other: Any) -> Any:
        return binary("equal", self, other)

    def __ne__(self, other: Any) -> Any:
        return binary("not_equal", self, other)

    def __and__(self, other: Any) -> Any:
        return binary("logical_and", self, other)

    def __rand__(self, other: Any) -> Any:
        return binary("logical_and", other, self)

    def __or__(self, other: Any) -> Any:
        return binary("logical_or", self, other)

    def __ror__(self, other: Any) -> Any:
        return binary("logical_or", other, self)

    def __invert__(self) -> Any:
        return UFUNCS["logical_not"](self)

    def __neg__(self) -> Any:
        return UFUNCS["negative"](self)

    def __pos__(self) -> Any:
        return UFUNCS["positive"](self)

    def __abs__(self) -> Any:
        return UFUNCS["absolute"](self)

    def __mod__(self, other: Any) -> NoReturn:
        raise Unfollowed("% and // round, which has no derivative")

    __rmod__ = __floordiv__ = __rfloordiv__ = __divmod__ = __mod__

    def __iadd__(self, other: Any) -> Any:
        return inplace("add", self, other)

    def __isub__(self, other: Any) -> Any:
        return inplace("subtract", self, other)

    def __imul__(self, other: Any) -> Any:
        return inplace("multiply", self, other)

    def __itruediv__(self, other: Any) -> Any:
        return inplace("divide", self, other)

    def __imatmul__(self, other: Any) -> Any:
        return inplace("matmul", self, other)

    def __iand__(self, other: Any) -> Any:
        return inplace("logical_and", self, other)

    def __ior__(self, other: Any) -> Any:
        return inplace("logical_or", self, other)

    def __ipow__(self, other: Any) -> Any:
        return inplace("power", self, other)


def is_numpy(value: Any) -> bool:
    """Whether a value is an array of NumPy's own with at least one axis."""
    return hasattr(value, "__array_interface__") and bool(value.ndim)


def binary(name: str, left: Any, right: Any) -> Any:
    """An operator: the ufunc of this name, unless an array of NumPy's own has to speak first."""
    if is_numpy(left) or is_numpy(right):
        return NotImplemented
    return UFUNCS[name](left, right)


def inplace(name: str, array: Any, other: Any) -> Any:
    """``x += y``: writes into x, but for numbers, which nobody else can see change."""
    result = binary(name, array, other)
    if result is NotImplemented or not array.dims or array.only is not None:
        return result
    array.assign(result)
    return array
