"""Conventions of paper that LaTeX and MathML share: what binds how tightly, what needs a bracket."""

from __future__ import annotations

from symcheck.language.tensor import Apply, Derivative, Entry, Tensor

SUM, PRODUCT, UNARY, POWER, ATOM = range(1, 6)
"""How tightly a formula holds together on paper.  A Σ is as loose as a sum to its right."""


def operation_of(tensor: Tensor) -> str:
    """Its name; nothing for what is no operation."""
    return tensor.op if isinstance(tensor, Apply) else ""


def is_row(tensor: Tensor) -> bool:
    """Whether a vector already stands as a row: xᵀ, xᵀA, 2xᵀ."""
    match tensor:
        case Apply(op="transpose"):
            return True
        case Apply(op="matmul", args=(left, _)):
            return len(left.shape) == 1
        case Apply(op="neg", args=(inner,)):
            return is_row(inner)
        case Apply(op="mul", args=(factor, inner)):
            return not factor.shape and is_row(inner)
    return False


def mixes(tensor: Tensor) -> bool:
    """An elementwise product that would be misread inside a matrix product."""
    return operation_of(tensor) in ("outer", "kron", "cross") or (
        isinstance(tensor, Apply)
        and tensor.op in ("mul", "div")
        and bool(tensor.args[0].shape)
        and bool(tensor.args[1].shape)
    )


def meet(left: Tensor, right: Tensor) -> bool:
    """Whether two fractions would stand side by side with nothing to part them."""
    quotients = operation_of(left) == "div" and operation_of(right) == "div"
    return quotients or (is_fraction(left) and is_fraction(right))


def is_fraction(tensor: Tensor) -> bool:
    """Whether it ends in a Leibniz fraction."""
    match tensor:
        case Derivative():
            return True
        case Entry(base=Derivative()):
            return True
        case Apply(op="mul", args=(_, last)):
            return is_fraction(last)
    return False


def cells_of(tensor: Apply) -> list[list[tuple[int, bool]]]:
    """The rows of what is made of blocks: argument, and whether it is a vector lying in a row."""
    if tensor.op == "concat":
        return [[(number, False)] for number in range(len(tensor.args))]
    heights, widths = tensor.params
    rows: list[list[tuple[int, bool]]] = []
    for r, height in enumerate(heights):
        rows.append([])
        for c, width in enumerate(widths):
            number = r * len(widths) + c
            part = tensor.args[number]
            upright = width == (1,) and len(part.shape) == 1 and part.shape[0] == height
            rows[-1].append((number, len(part.shape) == 1 and not upright and not is_row(part)))
    return rows
