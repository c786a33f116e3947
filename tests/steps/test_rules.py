"""Each rule by itself: steps that it makes, steps that are near and are not its, and false ones."""

from __future__ import annotations

import pytest

from symcheck.api import read_formula, with_steps
from symcheck.check import judge
from symcheck.language.verdict import Proved, Refuted, Step
from symcheck.steps.registry import RULES
from symcheck.steps.search import REGROUPING, ordered
from symcheck.trial import Session

LET = (
    "A: n m; B: m n; C: n n; E: n n; X: n; Y: n; M: n k; W: k m; a: scalar; b: scalar; c: scalar; t: scalar;"
    "f: elementwise; g: elementwise; q: (n m) -> scalar; F: (scalar, scalar) -> scalar;"
    "w = f(X); s = X @ Y; r = 3*t; u = C @ X; v = u + Y; L = sumall(v**2); Q = q(A); P = C @ E"
)


def step_of(line: str, *assume: str) -> Step | None:
    """The step from the left side of a line to its right side; None if the line was not proved."""
    session = Session()
    (claim,) = read_formula(line, [LET], assume)
    (judgement,) = with_steps([judge(claim, session)], session)
    assert isinstance(judgement.verdict, Proved | Refuted), judgement.verdict
    return judgement.step


ALONE = [
    ("tr AB = tr BA", "tr(A @ B) = tr(B @ A)"),
    ("tr AB = tr BA", "tr(C @ E @ A @ B) = tr(A @ B @ C @ E)"),
    ("tr AB = tr BA", "tr(A @ B) + a*tr(C @ E) = tr(B @ A) + a*tr(E @ C)"),
    ("tr Aᵀ = tr A", "tr(C.T) = tr(C)"),
    ("tr Aᵀ = tr A", "tr(A @ B) = tr((A @ B).T)"),
    ("(AB)ᵀ = BᵀAᵀ", "(A @ B).T = B.T @ A.T"),
    ("(AB)ᵀ = BᵀAᵀ", "(C @ A @ B).T = B.T @ A.T @ C.T"),
    ("(AB)ᵀ = BᵀAᵀ", "A.T @ X = X @ A"),
    ("(AB)ᵀ = BᵀAᵀ", "(X ⊗ Y).T = Y ⊗ X"),
    ("linearity", "tr(C + 2*E) = tr(C) + 2*tr(E)"),
    ("linearity", "C @ (A - 3*B.T) = C @ A - 3*(C @ B.T)"),
    ("linearity", "d(C + E) = dC + dE"),
    ("linearity", "d(2*C) = 2*dC"),
    ("linearity", "Σ_i (X[i] + Y[i]) = Σ_i X[i] + Σ_i Y[i]"),
    ("linearity", "sumall(X + a) = sumall(X) + sumall(a*ones(n))"),
    ("linearity", "d(f(t) + g(t))/dt = f'(t) + g'(t)"),
    ("distributive law", "(a + b)*c = a*c + b*c"),
    ("linearity", "a*(Σ_i X[i]) = Σ_i a*X[i]"),
    ("product rule", "d(C @ E) = dC @ E + C @ dE"),
    ("product rule", "d(X*Y) = dX*Y + X*dY"),
    ("product rule", "d(f(t)*g(t))/dt = f'(t)*g(t) + f(t)*g'(t)"),
    ("quotient rule", "d(f(t)/g(t))/dt = (f'(t)*g(t) - f(t)*g'(t))/g(t)**2"),
    ("chain rule", "d(f(g(t)))/dt = f'(g(t))*g'(t)"),
    ("chain rule", "d(exp(X)) = exp(X)*dX"),
    ("chain rule", "∂L/∂u = ∂L/∂v ∂v/∂u"),
    ("chain rule", "∂L/∂X[i] = Σ_k ∂L/∂u[k]·∂u[k]/∂X[i]"),
    ("chain rule", "d(F(t, a))/dt = D(F,1)(t, a)"),
    ("total differential", "dQ = tr((∂Q/∂A).T @ dA)"),
    ("total differential", "dL = (∂L/∂v) @ dv"),
    ("total differential", "dL = (∂L/∂u) @ du + (∂L/∂Y) @ dY"),
    ("definition of r", "r + a = 3*t + a"),
    ("definition of softmax", "softmax(X) = exp(X)/(Σ_k exp(X[k]))"),
    ("∂u/∂X worked out", "∂u/∂X = C"),
    ("∂w/∂X worked out", "∂w/∂X = diag(f'(X))"),
    ("∂L/∂v worked out", "∂L/∂v = 2*v"),
    ("∂v/∂u worked out", "∂v/∂u = eye(n)"),
    ("∂s/∂X worked out", "∂s/∂X[i] = Y[i]"),
    ("∂u/∂C worked out", "∂u[k]/∂C[i,j] = δ(k,i)*X[j]"),
    ("δ contracts", "Σ_k δ(k,i)*X[k] = X[i]"),
    ("δ contracts", "C @ eye(n) = C"),
    ("δ contracts", "X @ diag(Y) = X*Y"),
    ("one term of the sum", "Σ_k X[k]·∂v[k]/∂u[i] = X[i]·∂v[i]/∂u[i]"),
    ("by entries", "(C @ X)[i] = Σ_k C[i,k]*X[k]"),
    ("by entries", "tr(A @ B) = Σ_i Σ_j A[i,j]*B[j,i]"),
    ("by entries", "X @ Y = Σ_i X[i]*Y[i]"),
    ("broadcasting", "X + a = X + a*ones(n)"),
    ("arithmetic", "48*4*1 = 192"),
    ("arithmetic", "2*a*3 = 6*a"),
    ("powers", "a*a*b = a**2*b"),
    ("powers", "(a*b)**2/b = a**2*b"),
    ("like terms", "a*b + 2*b*a = 3*a*b"),
    ("like terms", "a*b + c - b*a = c"),
    (REGROUPING, "(C @ A) @ B + C = C + C @ (A @ B)"),
    (REGROUPING, "a*(b - c) = (-c + b)*a"),
]
"""(rule, a step that it makes alone)."""


@pytest.mark.parametrize(("name", "line"), ALONE, ids=[f"{name}: {line}" for name, line in ALONE])
def test_one_rule_alone_leads_there(name: str, line: str) -> None:
    step = step_of(line)
    assert step is not None
    assert step.rules == (name,)
    assert step.rule == name


CONSTANT = "d of a constant is 0"


def test_what_is_held_falls_away() -> None:
    line = "tr(C.T @ dE) + tr(E.T @ dC) = tr(C.T @ dE)"
    step = step_of(line, "C constant")
    assert step is not None
    assert step.rules == (CONSTANT,)
    assert step_of(line) is None


def test_every_rule_has_its_rows() -> None:
    told = {name for name, _ in ALONE}
    patterns = [rule.name.split("{}")[-1].strip() or rule.name for rule in RULES.values()]
    for rule, pattern in zip(RULES.values(), patterns, strict=True):
        if rule.name in ("{} put in", "values of the point", CONSTANT):
            continue  # these need earlier lines, a point, an assumption: see below and above
        assert any(pattern in name or rule.name.split("{}")[0].strip() in name for name in told), rule.name


def test_every_rule_states_itself() -> None:
    assert len(ordered()) == len(RULES)
    for rule in ordered():
        assert rule.statement.endswith("."), rule.name


# -- near misses -----------------------------------------------------------------------------------

SEVERAL = [
    ("tr((C + E) @ C) = tr(C @ C) + tr(C @ E)", {"linearity", "tr AB = tr BA"}),
    ("tr((A @ B).T @ C) = tr(C @ B.T @ A.T)", {"(AB)ᵀ = BᵀAᵀ", "tr AB = tr BA"}),
    ("d(C @ E + C) = dC @ E + C @ dE + dC", {"linearity", "product rule"}),
    ("d(f(t)*g(a*t))/dt = f'(t)*g(a*t) + a*f(t)*g'(a*t)", {"product rule", "chain rule", "linearity"}),
    ("dP = dC @ E + C @ dE", {"definition of P", "product rule"}),
    ("∂L/∂u = 2*v", {"chain rule", "∂v/∂u, ∂L/∂v worked out"}),
    ("(a + b)**2 = a**2 + 2*a*b + b**2", set()),
    ("tr(C @ C.T) = sumall(C**2)", set()),
    ("sin(a)**2 + cos(a)**2 = 1", set()),
]
"""(a step that no rule makes alone, rules that may be told together)."""


@pytest.mark.parametrize(("line", "may"), SEVERAL, ids=[line for line, _ in SEVERAL])
def test_no_rule_alone_leads_there(line: str, may: set[str]) -> None:
    step = step_of(line)
    assert step is not None
    assert len(step.rules) != 1
    assert step.rule.startswith("several steps")
    if may:
        assert step.rules, "few rules lead there"
        assert set(step.rules) <= may


FALSE = [
    "tr(C @ E) = tr(C.T @ E)",
    "tr(C @ E @ C.T) = tr(E @ C @ C.T @ C)",
    "(C @ E).T = C.T @ E.T",
    "tr(C @ E) = tr(C)*tr(E)",
    "tr(2*C) = tr(C)",
    "d(C @ E) = dC @ E + dE @ C",
    "d(C @ E) = dC @ dE",
    "d(f(t)*g(t))/dt = f'(t)*g'(t)",
    "d(f(t)/g(t))/dt = (f'(t)*g(t) + f(t)*g'(t))/g(t)**2",
    "d(f(g(t)))/dt = f'(t)*g'(t)",
    "d(exp(X)) = exp(dX)",
    "sumall(X + a) = sumall(X) + a",
    "Σ_k δ(k,i)*X[k] = sumall(X)",
    "X @ diag(Y) = Y",
    "∂L/∂u = ∂L/∂v + ∂v/∂u @ v",
    "∂u/∂X = C.T",
    "dL = (∂L/∂v) @ du",
    "dL = (∂L/∂v) @ dv + (∂L/∂u) @ du",
    "(C @ X)[i] = Σ_k C[k,i]*X[k]",
    "48*4*1 = 193",
    "a*a = 2*a",
    "a*b + 2*b*a = 2*a*b",
]


@pytest.mark.parametrize("line", FALSE)
def test_no_rule_is_told_for_a_false_step(line: str) -> None:
    assert step_of(line) is None
