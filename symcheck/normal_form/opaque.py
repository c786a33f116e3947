"""Functions without laws: known ones such as erf, undefined σ and A(v), derivatives of names."""

from __future__ import annotations

from symcheck.language.shape import Dim
from symcheck.language.tensor import Function
from symcheck.normal_form.blocks import Algebra
from symcheck.normal_form.guards import by_cases, splits
from symcheck.normal_form.polynomial import MINUS, Head, Poly, Polynomials, Signed
from symcheck.normal_form.templates import Template, TemplateHead, lift


class TensorHead(Head):
    """Entries of a declared or defined tensor, or of the derivative of one name in another."""

    kind = "tensor"

    def __init__(self, dims: tuple[Dim, ...], name: str) -> None:
        super().__init__(dims)
        self.name = name

    def describe(self) -> str:
        return self.name


class ConstantHead(Head):
    """π."""

    def __init__(self, kind: str) -> None:
        super().__init__(())
        self.kind = kind
        self.positive = True


def constant(algebra: Algebra, kind: str) -> Poly:
    """π."""
    key = ("const", kind)
    head = algebra.head_of.get(key) or algebra.add_head(key, ConstantHead(kind))
    return algebra.single(algebra.atom(head, ()))


class FunctionHead(TemplateHead):
    """name(u, …) with nothing known but the sign rule in its first argument."""

    kind = "function"

    def __init__(self, template: Template, name: str, parity: str) -> None:
        super().__init__(template)
        self.name = name
        self.parity = parity
        self.whole = name == "floor"

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        return self.value(algebra, self.content(algebra, idxs))

    def value(self, algebra: Algebra, polys: tuple[Poly, ...]) -> Poly | None:
        return function(algebra, self.name, self.parity, polys)

    def describe(self) -> str:
        return self.name


class UndefinedHead(TemplateHead):
    """σ^(k)(u)."""

    kind = "undefined function"

    def __init__(self, template: Template, what: Function, order: int) -> None:
        super().__init__(template)
        self.what = what
        self.order = order

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        return self.value(algebra, self.content(algebra, idxs))

    def value(self, algebra: Algebra, polys: tuple[Poly, ...]) -> Poly | None:
        return undefined(algebra, self.what, self.order, polys[0])

    def describe(self) -> str:
        return self.what.name


class MapHead(TemplateHead):
    """∂^k A(λ. u)[out]: leading parameters are derivative indices and outputs, then those of the template."""

    kind = "undefined map"

    def __init__(
        self, template: Template, what: Function, dims: tuple[Dim, ...], derivatives: tuple[int, ...]
    ) -> None:
        super().__init__(template)
        self.dims = dims + template.dims
        self.what = what
        self.derivatives = derivatives
        self.lead = len(dims)

    def content(self, algebra: Algebra, idxs: tuple[int, ...]) -> tuple[Poly, ...]:
        return super().content(algebra, idxs[self.lead :])

    def instantiate(self, algebra: Polynomials, idxs: tuple[int, ...]) -> Poly | None:
        assert isinstance(algebra, Algebra)
        inner = idxs[self.lead :]
        if len(set(inner)) == len(inner) and not algebra.numbers(inner):
            # coincidences among derivative indices and outputs say nothing new
            return algebra.single(algebra.atom(self, idxs))
        return apply_map(algebra, self.what, self.derivatives, idxs[: self.lead], self.content(algebra, idxs))

    def describe(self) -> str:
        return self.what.name


def function(algebra: Algebra, name: str, parity: str, arguments: tuple[Poly, ...]) -> Poly:
    """name(arguments), split by cases when it has one argument."""
    if len(arguments) == 1:
        return by_cases(algebra, arguments[0], lambda u: _function(algebra, name, parity, (u,)))
    return _function(algebra, name, parity, arguments)


def _function(algebra: Algebra, name: str, parity: str, arguments: tuple[Poly, ...]) -> Poly:
    if parity and not arguments[0] and parity == "odd":
        return {}
    template, idxs = lift(algebra, arguments)
    key = ("function", name, template.key)
    head = algebra.head_of.get(key)
    if head is None and parity:
        negated = (algebra.scaled(arguments[0], MINUS), *arguments[1:])
        other, other_idxs = lift(algebra, negated)
        found = algebra.head_of.get(("function", name, other.key))
        if found is not None:
            algebra.use(Signed("parity", found.id, False))
            atom = algebra.single(algebra.atom(found, other_idxs))
            return algebra.scaled(atom, MINUS) if parity == "odd" else atom
    if head is None:
        head = algebra.add_head(key, FunctionHead(template, name, parity))
    if parity:
        algebra.use(Signed("parity", head.id, True))
    return algebra.single(algebra.atom(head, idxs))


def undefined(algebra: Algebra, what: Function, order: int, argument: Poly) -> Poly:
    """σ^(order)(argument)."""
    return by_cases(algebra, argument, lambda u: _undefined(algebra, what, order, u))


def _undefined(algebra: Algebra, what: Function, order: int, argument: Poly) -> Poly:
    template, idxs = lift(algebra, (argument,))
    key = ("undefined", what, order, template.key)
    head = algebra.head_of.get(key) or algebra.add_head(key, UndefinedHead(template, what, order))
    return algebra.single(algebra.atom(head, idxs))


def apply_map(
    algebra: Algebra,
    what: Function,
    derivatives: tuple[int, ...],
    lead: tuple[int, ...],
    arguments: tuple[Poly, ...],
) -> Poly:
    """The entry of an undefined map (or its derivatives); the λ-indices of the arguments are pinned.

    Errors: none; conditions inside an argument stay in the template, which loses completeness only.  A
    condition on the entries of the argument itself has to: it chooses entry by entry.
    """
    if splits(algebra, arguments) and len(arguments) == 1 and not _entrywise(algebra, arguments[0]):
        return by_cases(algebra, arguments[0], lambda u: _map(algebra, what, derivatives, lead, (u,)))
    return _map(algebra, what, derivatives, lead, arguments)


def _entrywise(algebra: Algebra, argument: Poly) -> bool:
    """Whether a guard or delta in the argument depends on its λ-index."""
    for term in argument:
        for component, _ in term:
            head = algebra.components[component].head
            conditional = head is not None and head.kind in ("positive", "vanishes", "delta", "order")
            if conditional and _holds_slot(algebra, component):
                return True
    return False


def _holds_slot(algebra: Algebra, component: int) -> bool:
    """Whether a λ-index stands anywhere in the component."""
    atom = algebra.components[component]
    inside = [idxs for _, _, idxs in atom.factors] if atom.head is None else [atom.idxs]
    if any(i in algebra.pinned and i not in algebra.literal for idxs in inside for i in idxs):
        return True
    heads = [atom.head] if atom.head is not None else [algebra.heads[head] for head, _, _ in atom.factors]
    return any(
        _holds_slot(algebra, c)
        for head in heads
        if isinstance(head, TemplateHead)
        for poly in head.template.polys
        for term in poly
        for c, _ in term
    )


def _map(
    algebra: Algebra,
    what: Function,
    derivatives: tuple[int, ...],
    lead: tuple[int, ...],
    arguments: tuple[Poly, ...],
) -> Poly:
    template, idxs = lift(algebra, arguments)
    key = ("map", what, derivatives, template.key)
    head = algebra.head_of.get(key)
    if head is None:
        dims = tuple(algebra.dim_of[i] for i in lead)
        head = MapHead(template, what, dims, derivatives)
        head.group = _map_group(template, what, derivatives, len(lead))
        algebra.add_head(key, head)
    return algebra.single(algebra.atom(head, lead + idxs))


def _map_group(
    template: Template, what: Function, derivatives: tuple[int, ...], lead: int
) -> tuple[tuple[int, ...], ...]:
    """Partial derivatives commute: the index groups of one argument may change places."""
    widths = [sum(len(size) for size in what.domain[number]) for number in derivatives]
    starts = [sum(widths[:k]) for k in range(len(widths))]
    total = lead + len(template.slots)
    result = []
    for a in range(len(derivatives)):
        for b in range(a + 1, len(derivatives)):
            if derivatives[a] == derivatives[b]:
                perm = list(range(total))
                for k in range(widths[a]):
                    perm[starts[a] + k], perm[starts[b] + k] = starts[b] + k, starts[a] + k
                result.append(tuple(perm))
    for inner in template.group:
        result.append((*range(lead), *(lead + k for k in inner)))
    return tuple(_closed(result, total))


def _closed(generators: list[tuple[int, ...]], size: int) -> list[tuple[int, ...]]:
    """The group that permutations generate, without the identity."""
    identity = tuple(range(size))
    seen = {identity}
    stack = [identity]
    while stack:
        current = stack.pop()
        for generator in generators:
            new = tuple(current[k] for k in generator)
            if new not in seen and len(seen) < 200:
                seen.add(new)
                stack.append(new)
    return sorted(seen - {identity})


def map_height(algebra: Algebra, poly: Poly) -> int:
    """How many undefined maps stand inside one another, so that their pinned indices never meet."""
    height = 0
    for term in poly:
        for component, _ in term:
            atom = algebra.components[component]
            heads = [atom.head] if atom.head else [algebra.heads[f[0]] for f in atom.factors]
            for head in heads:
                if isinstance(head, TemplateHead):
                    inner = max((map_height(algebra, p) for p in head.template.polys), default=0)
                    height = max(height, inner + (1 if isinstance(head, MapHead) else 0))
    return height
