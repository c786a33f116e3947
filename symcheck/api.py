"""What people call from Python: read, check, derive.

lecture = symcheck.load("two-layer")
report = symcheck.derive(lecture)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

from symcheck.check import judge
from symcheck.differentiation import differentiate, push
from symcheck.errors import NotSupported, SymcheckError, UndeclaredName, UsageError
from symcheck.evaluation.balls import Evaluator
from symcheck.evaluation.numbers import Real, is_finite, text_of
from symcheck.evaluation.points import point_at
from symcheck.language.claim import Assumptions, Claim, Equation, Value
from symcheck.language.derivation import Lecture
from symcheck.language.indexed import Idx, Node
from symcheck.language.operand import LoweredGraph
from symcheck.language.report import Judgements, Modes, Numeric, Report, Sweep
from symcheck.language.shape import is_joined
from symcheck.language.tensor import Symbol, Tensor
from symcheck.language.verdict import Judgement, Refuted, Step, Unexplained
from symcheck.lowering import lower_tensor
from symcheck.operations.joining import parts_of, put_together
from symcheck.opinions import with_opinions
from symcheck.raising import Raised, raise_checked
from symcheck.reading import catalogue, conventions, declarations, elaborate, line, python_file
from symcheck.reading.builder import Derivation, fitting
from symcheck.reading.claims_file import BrokenLine
from symcheck.reading.hints import did_you_mean
from symcheck.reading.places import Place, located
from symcheck.reading.scope import Scope
from symcheck.rendering import text_notation
from symcheck.rendering.loading import load as load_renderer
from symcheck.steps import told
from symcheck.sweeps import difference_quotients, modes, sweep
from symcheck.trial import Session, step_holds
from symcheck.working import with_working
from symcheck.working_out import STEPS, equality

ORACLES = ("none", "series", "sympy", "all")


def load(name: str) -> Lecture:
    """The lecture of this name.  Runs its file.  Errors: UsageError that suggests the nearest name."""
    entry = catalogue.find(name)
    for lecture in python_file.load_lectures(entry.path):
        if lecture.name == name:
            return lecture
    raise UsageError(f"{entry.path} announces {name!r} and does not build it", code="SC003")


def load_file(path: str, name: str = "", *, timeout: float = 10.0) -> list[Lecture]:
    """The derivations of a Python file, or of one that builds none its layers.  Runs the file."""
    found: list[Lecture] = import_module("symcheck.layers.files").load_file(path, name, seconds=timeout)
    return found


def read_formula(
    text: str,
    let: Sequence[str] = (),
    assume: Sequence[str] = (),
    convention: str = "gradient",
) -> list[Claim]:
    """The claims of one line of text.  Errors: those of reading, with their places."""
    scope = Scope()
    for number, declaration in enumerate(let, 1):
        declarations.declare_in(scope, declaration, Place("--let", number))
    for number, assumption in enumerate(assume, 1):
        try:
            scope.assume(assumption)
        except SymcheckError as error:
            raise located(error, assumption, Place("--assume", number)) from None
    return line.read_line(text, scope, id="formula", convention=convention)


def check_formula(text: str, let: str = "", assume: Sequence[str] = ()) -> list[Judgement]:
    """Judge one line: ``check_formula("d(x.T @ A @ x)/dx = (A + A.T) @ x", let="x: n; A: n n")``."""
    return list(check_claims(read_formula(text, [let] if let else [], assume)))


def check_lecture(
    lecture: Lecture,
    *,
    oracle: str = "none",
    seed: int = 0,
    timeout: float = 10.0,
    explain: bool = False,
) -> Iterator[Judgement]:
    """Judge the claims of a derivation in order, each as soon as the one before is done."""
    for judged in check_claims(lecture.claims, oracle=oracle, seed=seed, timeout=timeout, explain=explain):
        assert isinstance(judged, Judgement)
        yield judged


def check_claims(
    claims: Iterable[Claim | BrokenLine],
    *,
    oracle: str = "none",
    seed: int = 0,
    timeout: float = 10.0,
    explain: bool = False,
    early: bool = False,
) -> Iterator[Any]:
    """Judge claims in order; broken lines of a claims file are passed on as they are.

    `explain`: with the normal forms of both sides and the laws used.  `early`: a refutation comes twice,
    first as `Unexplained`.
    Units: `timeout` is wall time a claim for the second opinions.
    """
    session = Session(seed=seed)
    for claim in claims:
        if isinstance(claim, BrokenLine):
            yield claim
            continue
        judgement = judge(claim, session)
        if early and isinstance(judgement.verdict, Refuted):
            yield Unexplained(judgement)
        judgement = with_opinions(judgement, session, oracle, timeout)
        yield with_working(judgement, session) if explain else judgement


def gradient(
    formula: str,
    wrt: str,
    let: Sequence[str] = (),
    assume: Sequence[str] = (),
    convention: str = "gradient",
    order: int = 1,
) -> Raised:
    """The derivative of a formula by a declared name, worked out, in matrix notation where it has one.

    Axes: those of the formula, then those of the variable, once for each order.  What comes back was read
    again and shown equal to the derivative by the prover.
    Errors: those of reading; NotSupported (SC020) if no form of the derivative was confirmed.
    """
    scope = Scope()
    for declaration in let:
        declarations.declare_in(scope, declaration)
    for assumption in assume:
        scope.assume(assumption)
    body = elaborate.read_formula(formula, scope)
    symbol = scope.variable(wrt)
    if symbol is None:
        hint = did_you_mean(wrt, scope.variables)
        raise UndeclaredName(f"{wrt} is not declared", hint=hint or f"declare it: --let '{wrt}: n'")
    derivative: Tensor = body
    for _ in range(order):
        derivative = conventions.derived(derivative, symbol)
    if order == 1:
        derivative = conventions.laid_out(derivative, body.shape, symbol.shape, convention)
    session, assumptions = Session(), scope.assumptions()
    graph = session.lowered(scope.graph(), assumptions)
    if not is_joined(derivative.shape):
        raised = _raised(derivative, graph, assumptions, session)
    else:
        parts = [_raised(part, graph, assumptions, session) for part in parts_of(derivative)]
        raised = None
        if all(part is not None and part.matrix for part in parts):
            tensors = [part.tensor for part in parts if part is not None]
            raised = Raised(put_together(derivative.shape, tensors), True)
    if raised is None:
        raise NotSupported(
            f"the derivative of {formula} has no form in this notation that could be confirmed",
            hint="claim a form of it: symcheck check decides whether it is right",
        )
    return raised


def _raised(
    derivative: Tensor, graph: LoweredGraph, assumptions: Assumptions, session: Session
) -> Raised | None:
    operand = lower_tensor(derivative, assumptions, session.table)
    node: Node = differentiate(operand.body, graph)
    for _ in range(STEPS):
        further = push(node, graph)
        if further is None:
            break
        node = further
    equal = equality(session, graph, assumptions, True)
    return raise_checked(node, operand.idxs, graph, assumptions, equal)


# -- derive ----------------------------------------------------------------------------------------


def derive(
    lecture: Lecture,
    *,
    wrt: Sequence[str] = (),
    at: Mapping[str, Value] | None = None,
    sizes: Mapping[str, int] | None = None,
    sweeps: bool | None = None,
    numeric: bool = False,
    steps: bool | None = None,
    oracle: str = "all",
    seed: int = 0,
    timeout: float = 10.0,
) -> Report:
    """A derivation worked out: forward table, chain-rule table, sums over paths, claims with verdicts.

    `sweeps`: with forward and reverse sweep and what they cost; by default as the derivation says.
    `numeric`: with difference quotients beside the derivatives.
    `steps`: with the rule that leads to each line; by default as the derivation says.
    Errors: UsageError for a name or a size that the derivation does not have.
    """
    lecture = standing(lecture, at or {})
    judgements = tuple(check_lecture(lecture, oracle=oracle, seed=seed, timeout=timeout))
    return Report(
        lecture.name,
        with_steps(judgements) if (lecture.steps if steps is None else steps) else judgements,
        lecture,
        tables(lecture, wrt, sizes or {}, seed),
        modes=both_sweeps(lecture, wrt, sizes or {}) if wants_sweeps(lecture, sweeps) else None,
        numeric=quotients(lecture, wrt, sizes or {}, seed) if numeric else None,
    )


def wants_sweeps(lecture: Lecture, asked: bool | None) -> bool:
    """Whether forward and reverse sweep are shown."""
    return lecture.sweeps if asked is None else asked


def standing(lecture: Lecture, at: Mapping[str, Value]) -> Lecture:
    """The derivation at another point, or at some other values of its own point.

    Errors: UsageError for a name that it does not have or defines; ShapeMismatch for another shape.
    """
    if not at:
        return lecture
    values = _named(lecture, at)
    for symbol in values:
        if symbol in lecture.graph:
            raise UsageError(
                f"{symbol.name} is defined in {lecture.name}: only inputs are given values",
                hint=f"its inputs are {', '.join(s.name for s in lecture.inputs)}",
            )
    point = {**lecture.point, **fitting(values)}
    point_at(point, lecture.assumptions)
    items = tuple(replace(item, point=point) if isinstance(item, Claim) else item for item in lecture.items)
    return replace(lecture, point=point, items=items)


def tables(lecture: Lecture, wrt: Sequence[str], sizes: Mapping[str, int], seed: int = 0) -> Sweep:
    """Forward table, chain-rule table and sums over paths."""
    session, lowered, symbols = _prepared(lecture, wrt, sizes, seed)
    return sweep(
        lecture,
        lowered,
        equal=equality(session, lowered, lecture.assumptions, True),
        wrt=symbols,
        value_of=_values(lecture, session, sizes),
        write=text_notation.write,
    )


def both_sweeps(lecture: Lecture, wrt: Sequence[str], sizes: Mapping[str, int]) -> Modes:
    """Forward and reverse sweep, and what each way to all derivatives costs."""
    session, lowered, symbols = _prepared(lecture, wrt, sizes)
    return modes(
        lecture,
        lowered,
        equal=equality(session, lowered, lecture.assumptions, True),
        wrt=symbols,
        value_of=_values(lecture, session, sizes),
        sizes=sizes,
    )


def quotients(lecture: Lecture, wrt: Sequence[str], sizes: Mapping[str, int], seed: int = 0) -> Numeric:
    """Difference quotients beside the derivatives."""
    _, lowered, symbols = _prepared(lecture, wrt, sizes, seed)
    return difference_quotients(lecture, lowered, wrt=symbols, sizes=sizes, seed=seed)


def _prepared(
    lecture: Lecture, wrt: Sequence[str], sizes: Mapping[str, int], seed: int = 0
) -> tuple[Session, LoweredGraph, tuple[Symbol, ...]]:
    """A session, the lowered graph, and the variables asked for; sizes are looked at."""
    _fit_sizes(lecture, sizes)
    symbols = tuple(_named(lecture, dict.fromkeys(wrt)))
    session = Session(seed=seed)
    return session, session.lowered(lecture.graph, lecture.assumptions), symbols


def _fit_sizes(lecture: Lecture, sizes: Mapping[str, int]) -> None:
    """Errors: UsageError for a size that does not occur, or that an assumption or the point excludes."""
    shapes = [s.shape for s in (*lecture.inputs, *lecture.graph.definitions)]
    shapes += [shape for f in lecture.functions for shape in (*f.domain, f.codomain)]
    known = dict.fromkeys(dim for shape in shapes for size in shape for dim in size if isinstance(dim, str))
    for name, size in sizes.items():
        if name not in known:
            listed = f"its sizes are {', '.join(known)}" if known else "it has scalars only"
            raise UsageError(f"{lecture.name} has no size {name!r}", hint=listed)
        own = lecture.assumptions.dim(name)
        least = max(lecture.assumptions.at_least.get(name, 1), lecture.assumptions.at_least.get(own, 1))
        if (isinstance(own, int) and own != size) or size < least:
            told = f"{own}" if isinstance(own, int) else f"at least {least}"
            raise UsageError(f"{name} = {size} contradicts the derivation, in which it is {told}")
        other = next((n for n, v in sizes.items() if lecture.assumptions.dim(n) == own and v != size), None)
        if other is not None:
            raise UsageError(f"{name} and {other} are one size in {lecture.name}; give them one value")
    if sizes:
        point_at(lecture.point, lecture.assumptions, sizes)


def told_steps(judgements: Sequence[Judgement], session: Session | None = None) -> tuple[Step | None, ...]:
    """For each judgement the rule that leads to its line, if one was found."""
    known = session or Session()

    def holds(claim: Claim, before: Tensor, after: Tensor) -> bool:
        free = claim.equation.free if claim.equation is not None else ()
        return step_holds(replace(claim, equation=Equation(before, after, free)), known)

    return tuple(told(judgements, holds, name=text_notation.write_name))


def with_steps(judgements: Sequence[Judgement], session: Session | None = None) -> tuple[Judgement, ...]:
    """The judgements with the rules that lead to their lines."""
    found = told_steps(judgements, session)
    return tuple(replace(j, step=step) for j, step in zip(judgements, found, strict=True))


def _named(lecture: Lecture, values: Mapping[str, Any]) -> dict[Symbol, Any]:
    names = {s.name: s for s in (*lecture.inputs, *lecture.graph.definitions)}
    found = {}
    for name, value in values.items():
        symbol = names.get(name)
        if symbol is None:
            raise UsageError(
                f"{lecture.name} has no name {name!r}", code="SC010", hint=f"its names are {', '.join(names)}"
            )
        found[symbol] = value
    return found


def _values(
    lecture: Lecture, session: Session, sizes: Mapping[str, int]
) -> Callable[[Node, tuple[Idx, ...]], str | None] | None:
    """Values at the author's point, as text; nothing for what depends on more than the point says."""
    graph = lecture.graph
    if not lecture.point:
        return None
    lowered = session.lowered(graph, lecture.assumptions)
    point = point_at(lecture.point, lecture.assumptions, dict(sizes))
    evaluator = Evaluator(lowered, point)

    def value_of(node: Node, idxs: tuple[Idx, ...]) -> str | None:
        try:
            entries = evaluator.entries(node, idxs)
        except (SymcheckError, LookupError):  # an input or a size that the point leaves open
            return None
        if not all(map(is_finite, entries)):
            return None
        texts = [short(entry) for entry in entries]
        return texts[0] if not idxs else "[" + ", ".join(texts) + "]"

    return value_of


def short(value: Real) -> str:
    """A value for a table: exact if it is rational and short, else six digits."""
    text = text_of(value)
    if len(text) <= 12:
        return text
    return f"{float(value):.6g}"


__all__ = [
    "Derivation",
    "check_claims",
    "check_formula",
    "check_lecture",
    "derive",
    "load",
    "load_file",
    "read_formula",
]


# -- methods hooked onto the nouns: `language` knows nothing of what stands above it ---------------------


def _component(tensor: Tensor, *indices: Any) -> Any:
    """The entry at symbolic or literal indices as a SymPy expression, sizes symbolic."""
    return import_module("symcheck.sympy_oracle").component(tensor, *indices)


def _explicit(tensor: Tensor, sizes: Mapping[str, int]) -> Any:
    """The tensor as a SymPy array at explicit sizes: ``(A @ x).explicit({"n": 2})``."""
    return import_module("symcheck.sympy_oracle").explicit(tensor, sizes)


def _sympy(derivation: Derivation, sizes: Mapping[str, int]) -> Any:
    """All definitions and claims of a derivation as SymPy objects at explicit sizes."""
    return import_module("symcheck.sympy_oracle").lecture_sympy(derivation.lecture_noun(), sizes)


def _check(derivation: Derivation, *, oracle: str = "none", seed: int = 0) -> Judgements:
    """The claims of a derivation, judged: a list that shows itself as a report."""
    lecture = derivation.lecture_noun()
    judgements = tuple(check_lecture(lecture, oracle=oracle, seed=seed))
    return Judgements(Report(lecture.name, judgements, lecture))


def _derive(derivation: Derivation, **options: Any) -> Report:
    """The tables of a derivation and its claims, judged."""
    return derive(derivation.lecture_noun(), **options)


def _layer(derivation: Derivation, layer: Any, **options: Any) -> list[Claim]:
    """Claims that what a layer's backward returns is the derivative of what its forward returned.

    `layer` is a class with forward and backward, or the function NAME_forward beside NAME_backward.
    """
    claims: list[Claim] = import_module("symcheck.layers.files").add_layer(derivation, layer, **options)
    return claims


def _bundle(shown: Any, include: Any = None, exclude: Any = None) -> dict[str, str]:
    """What a notebook shows: text, HTML and LaTeX."""
    bundle: dict[str, str] = load_renderer("notebook").bundle(shown, include, exclude)
    return bundle


def _drafted(derivation: Derivation, include: Any = None, exclude: Any = None) -> dict[str, str]:
    """The derivation as written so far, nothing judged."""
    return _bundle(derivation.lecture_noun(), include, exclude)


def _shown(judgements: Judgements) -> str:
    """The report, where a list of records would be unreadable."""
    text: str = load_renderer("text").render(judgements.report, brief=True)
    return text.rstrip("\n")


for _owner, _name, _method in (
    (Tensor, "component", _component),
    (Tensor, "explicit", _explicit),
    (Derivation, "sympy", _sympy),
    (Derivation, "check", _check),
    (Derivation, "derive", _derive),
    (Derivation, "layer", _layer),
    (Derivation, "_repr_mimebundle_", _drafted),
    (Report, "_repr_mimebundle_", _bundle),
    (Judgements, "_repr_mimebundle_", _bundle),
    (Judgements, "__repr__", _shown),
    (Tensor, "_repr_mimebundle_", _bundle),
    (Lecture, "_repr_mimebundle_", _bundle),
):
    setattr(_owner, _name, _method)
