"""docs/notation.md out of the registry, the vocabulary, the conventions and the assumptions.

``SYMCHECK_UPDATE_GOLDEN=1 pytest tests/operations/test_notation_page.py`` writes the page anew.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import ModuleType

from symcheck.errors import SymcheckError
from symcheck.language.claim import Kind
from symcheck.language.indexed import Node, Table
from symcheck.language.registry import REGISTRY, Operation
from symcheck.language.shape import Shape, same_name, shape_of, show_shape
from symcheck.language.tensor import Symbol
from symcheck.operations import (
    activations,
    arithmetic,
    classical,
    composed,
    contraction,
    elementwise,
    joining,
    linear_algebra,
    normalisation,
    ordering,
    reduction,
    softmax,
    special,
    vectorisation,
)
from symcheck.raising.matrix import MatrixForm
from symcheck.raising.terms import NoForm
from symcheck.reading.assumptions import PHRASES
from symcheck.reading.conventions import CONVENTIONS
from symcheck.reading.vocabulary import AXIS, OTHER_SPELLINGS, SIGNS, SIZED, SPECIAL, WITH_SIZES
from symcheck.rendering.text_notation import write

PAGE = Path(__file__).parents[2] / "docs" / "notation.md"
HEAD = """# Notation

Every operation of the language, with its law. This page is made from the registry of operations and kept in
step with it by a test.

`X.T` is the transpose, `@` the matrix product; `+ - * / **` go entry by entry, with NumPy's broadcasting by
the names of sizes. `⊙` is `*`, `⊗` the outer product of vectors and the Kronecker product of matrices. A
vector has one axis: `x @ y` is a number, `outer(x, y)` a matrix. Entries are `x[i]`, `X[i,j]`, counted from
0; an index is summed only under `sum(i, …)` or `Σ_i`. A size is also a number: `1/n`. Numbers are exact; `pi`
is π. Declared names come before functions, whose names exist only in front of a bracket.

Where an operation may run along an axis, write `mean(X, 0)` or `mean(X, axis=0)`; `max(x, 0)` of a number is
that of two numbers, so that an axis is written `max(X, axis=0)`.

Vectors and matrices are joined as in NumPy, their parts one by one or in a list; the size of such an axis is
a sum, `m + n`, and a claim about it is one about each block. A vector among blocks is a column or a row, as
its neighbours leave room; 0 is as large as its place, `zeros(m, n)` where nothing tells that. An axis of
segments has no single index; `part` takes a segment out.
"""
SECTIONS: tuple[tuple[str, ModuleType], ...] = (
    ("Arithmetic and conditions", arithmetic),
    ("Products, transposes, traces, constant tensors", contraction),
    ("Sums, means, extremes, norms", reduction),
    ("Triangles and running sums", ordering),
    ("Inverses, determinants, factors, functions of matrices", linear_algebra),
    ("Block matrices", joining),
    ("Vectorised matrices", vectorisation),
    ("Softmax", softmax),
    ("Normalising layers and attention", normalisation),
    ("Activation functions", activations),
    ("Elementary functions", elementwise),
    ("Special functions", special),
    ("Bessel, Airy, elliptic functions and integrals", classical),
    ("Functions that stand for a formula", composed),
)
UNWRITTEN = {
    "contract": "joins the links of a chain, written ·",
    "coefficient": "reads the coefficient off a differential form",
    "flattened": "stacks the axes of a derivative, for the vec conventions",
    "array": "values given entry by entry",
    "rearranged": "moves the axes of an array of any rank",
    "summed": "sums an array of any rank along some axes",
    "gathered": "an array of its entries",
}
"""Operations that have no name in text."""
FORMS = {
    "sum": (
        "sum(i, j, expr)",
        "Σ over the ranges of the axes they index; `sum(x)` is `sumall(x)`, `sum(X, 0)` along an axis",
    ),
    "prod": ("prod(i, expr)", "Π likewise; `prod(x)` is that of the entries of a vector"),
    "delta": ("delta(i, j)", "1 if i = j, else 0"),
    "where": (
        "where(a < b, x, y)",
        "x where the condition holds, else y; `< <= > >= == !=` and chains of them; `[a < b]` is 1 or 0",
    ),
    "local": (
        "local(u, v)",
        "the derivative of u's own definition in a name v that it mentions, all others held",
    ),
    "chain": (
        "chain(∂ε/∂p, ∂p/∂V)",
        "the product of derivatives over all axes of the name they share, also written ·",
    ),
    "mpow": ("mpow(X, k)", "the matrix power, k a whole number"),
    "lim": (
        "lim(w -> inf, f), lim_{h→0} f",
        "the limit of f as the scalar w tends there: ∞, −∞, a point, or `0+`, `0-` from one side",
    ),
    "norm": ("norm(v)", "`norm2(v)` of a vector"),
    "hstack": (
        "hstack(A, b, …)",
        "`block([[A, b, …]])`, a vector as a column; also `concatenate((A, B), axis=1)` of matrices",
    ),
    "vstack": (
        "vstack(A, b, …)",
        "`block([[A], [b], …])`, a vector as a row; also `concatenate((A, B))` of matrices",
    ),
}
"""What is called like a function and is none."""
IN_WORDS = {Kind.INTERVAL, Kind.SUM, Kind.BELOW, Kind.AT_MOST, Kind.DIFFERENT}
"""Assumptions that are no phrase after a name: the page tells them in words."""
JOINED = {
    "concat": ("concat(x, y, …)", "(m), (n) → (m + n); (m), scalar → (m + 1)"),
    "block": ("block([[A, B], [C, D]])", "(m, k), (m, l), (n, k), (n, l) → (m + n, k + l)"),
    "part": ("part(M, k, l), part(z, k)", "(m + n, k + l) → (m, l); (m + n) → (m)"),
}
"""How what makes and takes apart axes of segments is written, and its shapes."""
LETTERS = ("x", "y", "z", "w")
SHAPES: tuple[Shape, ...] = (
    (),
    shape_of("n"),
    shape_of("n", "m"),
    shape_of("m", "k"),
    shape_of("k", "m"),
    shape_of("n", "n"),
    shape_of(3),
    (("m", "n"),),
)


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, module in SECTIONS:
        operations = list(operations_of(module))
        of_entries = [
            _function_row(operation) for operation in operations if operation.name in elementwise.SCALAR
        ]
        rows = [_row(operation) for operation in operations if operation.name not in elementwise.SCALAR]
        parts.append(f"## {title}\n")
        if of_entries:
            parts.append(_table(("function of entries", "law", "derivative"), of_entries) + "\n")
        if rows:
            parts.append(_table(("operation", "law", "shapes"), rows) + "\n")
    forms = [(f"`{form}`", meaning) for form, meaning in FORMS.values()]
    parts.append(f"## Special forms\n\n{_table(('form', 'meaning'), forms)}\n")
    parts.append(f"## Conventions\n\n{_table(('convention', 'the claim is'), list(_layouts()))}\n")
    parts.append(f"## Assumptions\n\n{_assumptions()}\n")
    parts.append(f"## Other names that are read\n\n{_spellings()}\n")
    return "\n".join(parts)


def operations_of(module: ModuleType) -> Iterator[Operation]:
    """The operations that a module states, in the order in which they stand there."""
    for name, operation in REGISTRY.items():
        if name not in UNWRITTEN and home_of(operation) == module.__name__:
            yield operation


def home_of(operation: Operation) -> str:
    """The module that states an operation: functions of entries are entered by helpers of another one."""
    made = composed.COMPOSED.get(operation.name)
    if made is not None:
        return str(made.sympy.__module__)
    known = elementwise.SCALAR.get(operation.name)
    if known is None or operation.law.__module__ != elementwise.__name__:
        return operation.law.__module__
    parts = (*known.derivatives, known.ball, known.sympy, known.law)
    homes = {part.__module__ for part in parts if part is not None}
    return next(
        (module.__name__ for _, module in SECTIONS if module.__name__ in homes - {elementwise.__name__}),
        elementwise.__name__,
    )


def _row(operation: Operation) -> tuple[str, ...]:
    statement = operation.statement.replace("|", "\\|")
    return f"`{_written(operation)}`", statement, _shapes(operation)


def _function_row(operation: Operation) -> tuple[str, ...]:
    known = elementwise.SCALAR[operation.name]
    table = Table()
    entries = [table.entry(Symbol(letter, ()), ()) for letter in LETTERS[: len(known.derivatives)]]
    law = _text(known.law(*entries)) if known.law is not None else "primitive"
    slopes = [_text(derivative(*entries)) or "not known" for derivative in known.derivatives]
    return f"`{_written(operation)}`", law, "; ".join(slopes)


def _text(node: Node) -> str:
    """A node of scalars as text; nothing where there is no such text."""
    try:
        tensor = MatrixForm(node.table, same_name).natural(node).tensor
    except NoForm:
        return ""
    return f"`{write(tensor)}`".replace("|", "\\|")


def _written(operation: Operation) -> str:
    name = operation.name
    if name == "transpose":
        return "X.T"
    if name == "neg":
        return "-x"
    if operation.infix:
        return f"x {operation.infix} y"
    if name == "where":
        return "where(l < r, a, b)"
    if name in SIZED:
        return {"eye": "eye(n)", "commut": "commut(m, n)"}.get(name, f"{name}(n), {name}(n, m)")
    if name in WITH_SIZES:
        return f"{name}(x, m, n)"
    if name == "mpow":
        return "mpow(X, k)"
    if name in JOINED:
        return JOINED[name][0]
    low, high = operation.arity
    optional = "".join(f"[, {letter}]" for letter in LETTERS[low:high])
    axis = "[, axis=k]" if name in AXIS else ""
    return f"{name}({', '.join(LETTERS[:low])}{optional}{axis})"


def _shapes(operation: Operation) -> str:
    if operation.elementwise:
        return "entry by entry"
    if operation.name in SIZED:
        return {"eye": "(n, n)", "commut": "(m·n, n·m)"}.get(operation.name, "(n), (n, m)")
    if operation.name in JOINED:
        return JOINED[operation.name][1]
    params = {"mpow": (2,), "unvec": (("n",), ("m",))}.get(operation.name, ())
    found = []
    for shapes in product(SHAPES, repeat=operation.arity[0]):
        try:
            result = operation.shape(shapes, params, lambda a, b: a == b)
        except SymcheckError:
            continue
        found.append(f"{', '.join(map(show_shape, shapes))} → {show_shape(result)}")
    return "; ".join(found[:3])


def _layouts() -> Iterator[tuple[str, str]]:
    for name, build in CONVENTIONS.items():
        yield f"`{name}`", (inspect.getdoc(build) or "").splitlines()[0]


def _assumptions() -> str:
    phrases = ", ".join(f"`{phrase}`" for phrase in PHRASES)
    return (
        "Of every entry: `x > 0`, `x >= 1`, `-1 < x < 1`, `x != 0`. Of two scalars: `a < b`, `a <= b`, "
        "`a != b`. Of sizes: `dim n == 2` (matrices are written out up to 3), `dim m == n`, `dim n >= 3`, "
        "`dim m >= n`. Of sums: `sum(y) == 1`, of each row `rowsum(Y) == 1`. `note: …` is prose. "
        f"After a name: {phrases}. "
        "They restrict the point, never the direction of a derivative."
    )


def _spellings() -> str:
    pairs = [(f"`{other}`", f"`{name}`") for other, name in OTHER_SPELLINGS.items() if name in REGISTRY]
    signs = [(f"`{other}`", f"`{REGISTRY[name].infix or '.T'}`") for other, name in SIGNS.items()]
    return _table(("name", "is read as"), [*pairs, *signs])


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def uncovered() -> tuple[set[str], set[str], set[Kind]]:
    """Operations, forms and assumptions that the page does not list."""
    listed = {operation.name for _, module in SECTIONS for operation in operations_of(module)}
    return (
        set(REGISTRY) - listed - set(UNWRITTEN),
        set(SPECIAL) ^ set(FORMS),
        set(Kind) - set(PHRASES.values()) - IN_WORDS,
    )
