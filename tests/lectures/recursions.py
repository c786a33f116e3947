"""Recursions with a statement each: those that hold, and near misses that do not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from symcheck.reading.builder import Derivation, Proven


@dataclass(frozen=True)
class Recursive:
    """What `Derivation.induction` is told, after some declarations."""

    name: str
    before: str
    statement: str
    declare: str
    base: str
    step: str
    on: str = "n"
    start: int | str = 0
    down: bool = False
    over: str = ""
    assume: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    """Of the derivation, not of a level."""

    def build(self) -> tuple[Derivation, Proven]:
        derivation = Derivation("induction")
        derivation.declare(self.before)
        derivation.assume(*self.assumed)
        proven = derivation.induction(
            self.statement,
            on=self.on,
            start=self.start,
            declare=self.declare,
            base=self.base,
            step=self.step,
            down=self.down,
            over=self.over,
            assume=self.assume,
        )
        return derivation, proven


NETWORK = Recursive(
    "network",
    "x: m; b₀: m; A₀: m -> d₀",
    "(∂lₙ/∂b₀)ᵀ = Gₙ",
    "lₙ: dₙ; Gₙ: m dₙ; wₙ: dₙ₋₁ mₙ; bₙ: mₙ; Aₙ: mₙ -> dₙ",
    "l₀ = A₀(x + b₀); G₀ = D(A₀)(x + b₀)ᵀ",
    "vₙ = lₙ₋₁ @ wₙ + bₙ; lₙ = Aₙ(vₙ); Gₙ = Gₙ₋₁ @ wₙ @ D(Aₙ)(vₙ)ᵀ",
)
NARROW = Recursive(
    "elementwise network",
    "b₀: d",
    "∂lₙ/∂b₀ = Gₙ",
    "lₙ: d; Gₙ: d d; wₙ: d d; fₙ: elementwise",
    "l₀ = b₀; G₀ = eye(d)",
    "vₙ = wₙ @ lₙ₋₁; lₙ = fₙ(vₙ); Gₙ = diag(fₙ'(vₙ)) @ wₙ @ Gₙ₋₁",
)
RECURRENT = Recursive(
    "recurrent network, tied weights",
    "y: d; W: d d; C: d d; σ: elementwise",
    "Σ_p Σ_q C[p,q]·∂hₙ/∂W[p,q] = Gₙ",
    "hₙ: d; Gₙ: d; xₙ: d",
    "h₀ = y; G₀ = zeros(d)",
    "hₙ = σ(W @ hₙ₋₁ + xₙ); Gₙ = σ'(W @ hₙ₋₁ + xₙ) ⊙ (C @ hₙ₋₁ + W @ Gₙ₋₁)",
)
RESIDUAL = Recursive(
    "residual network",
    "x: d",
    "∂uₙ/∂x = Gₙ",
    "uₙ: d; Gₙ: d d; Aₙ: d -> d",
    "u₀ = x; G₀ = eye(d)",
    "uₙ = uₙ₋₁ + Aₙ(uₙ₋₁); Gₙ = Gₙ₋₁ + D(Aₙ)(uₙ₋₁) @ Gₙ₋₁",
)
BACKWARD = Recursive(
    "backpropagation",
    "z_L: d_L; y: d_L; loss: (d_L, d_L) -> scalar; g: elementwise",
    "∂Fₗ/∂zₗ = δₗ",
    "Fₗ: scalar; δₗ: dₗ; zₗ: dₗ; Wₗ: dₗ₊₁ dₗ; bₗ: dₗ₊₁",
    "F_L = loss(y, g(z_L)); δ_L = D(loss, 2)(y, g(z_L)) ⊙ g'(z_L)",
    "zₗ₊₁ = Wₗ @ g(zₗ) + bₗ; Fₗ = Fₗ₊₁; δₗ = (Wₗᵀ @ δₗ₊₁) ⊙ g'(zₗ)",
    on="l",
    start="L",
    down=True,
)
CHAIN = Recursive(
    "composition",
    "x₁: scalar; f₁: elementwise",
    "∂Fₙ/∂xₙ = Gₙ",
    "Fₙ: scalar; Gₙ: scalar; xₙ: scalar; fₙ: elementwise",
    "F₁ = f₁(x₁); G₁ = f₁'(x₁)",
    "xₙ₋₁ = fₙ(xₙ); Fₙ = Fₙ₋₁; Gₙ = Gₙ₋₁·fₙ'(xₙ)",
    start=1,
)
SECOND = Recursive(
    "second derivative",
    "x: scalar",
    "∂uₙ/∂x = Gₙ; ∂²uₙ/∂x² = Hₙ",
    "uₙ: scalar; Gₙ: scalar; Hₙ: scalar; fₙ: elementwise",
    "u₀ = x; G₀ = 1; H₀ = 0",
    "uₙ = fₙ(uₙ₋₁); Gₙ = fₙ'(uₙ₋₁)·Gₙ₋₁; Hₙ = fₙ''(uₙ₋₁)·Gₙ₋₁² + fₙ'(uₙ₋₁)·Hₙ₋₁",
)
TRANSPOSE = Recursive(
    "the transpose of a product reverses it",
    "A₀: p d₀",
    "Pₙᵀ = Qₙ",
    "Pₙ: p dₙ; Qₙ: dₙ p; Aₙ: dₙ₋₁ dₙ",
    "P₀ = A₀; Q₀ = A₀ᵀ",
    "Pₙ = Pₙ₋₁ @ Aₙ; Qₙ = Aₙᵀ @ Qₙ₋₁",
)
SYMMETRIC = Recursive(
    "the transpose of a product of symmetric matrices",
    "A₀: p p",
    "Pₙᵀ = Qₙ",
    "Pₙ: p p; Qₙ: p p; Aₙ: p p",
    "P₀ = A₀; Q₀ = A₀ᵀ",
    "Pₙ = Pₙ₋₁ @ Aₙ; Qₙ = Aₙ @ Qₙ₋₁",
    assume=("Aₙ symmetric",),
)
EARLIER = Recursive(
    "the parameters of an earlier layer",
    "c: dₖ; bₖ: dₖ; fₖ: elementwise",
    "∂lₙ/∂bₖ = Bₙ",
    "lₙ: dₙ; Bₙ: dₙ dₖ; wₙ: dₙ dₙ₋₁; fₙ: elementwise",
    "lₖ = fₖ(c + bₖ); Bₖ = diag(fₖ'(c + bₖ))",
    "lₙ = fₙ(wₙ @ lₙ₋₁); Bₙ = diag(fₙ'(wₙ @ lₙ₋₁)) @ wₙ @ Bₙ₋₁",
    start="k",
)

TWO_STEPS = Recursive(
    "two steps back, by two values",
    "x: scalar; a: scalar",
    "∂uₙ/∂x = Gₙ; ∂pₙ/∂x = Hₙ",
    "uₙ: scalar; pₙ: scalar; Gₙ: scalar; Hₙ: scalar; fₙ: elementwise",
    "u₀ = x; p₀ = a·x; G₀ = 1; H₀ = a",
    "uₙ = fₙ(uₙ₋₁) + a·pₙ₋₁; pₙ = uₙ₋₁; Gₙ = fₙ'(uₙ₋₁)·Gₙ₋₁ + a·Hₙ₋₁; Hₙ = Gₙ₋₁",
)

RIGHT = [
    TWO_STEPS,
    NETWORK,
    NARROW,
    RECURRENT,
    RESIDUAL,
    BACKWARD,
    CHAIN,
    SECOND,
    TRANSPOSE,
    SYMMETRIC,
    EARLIER,
    replace(
        NETWORK,
        name="weights written the other way",
        step=NETWORK.step.replace("@ wₙ", "@ wₙᵀ"),
        declare=NETWORK.declare.replace("wₙ: dₙ₋₁ mₙ", "wₙ: mₙ dₙ₋₁"),
    ),
]


@dataclass(frozen=True)
class Miss:
    """A recursion whose conclusion must not be proved, and what becomes of its parts."""

    why: str
    said: Recursive
    base: str
    step: str
    conclusion: str
    code: str = ""
    level: str = ""
    """Where the conclusion says that it is false."""


def miss(
    why: str, said: Recursive, verdicts: str, code: str = "", level: str = "", **changes: object
) -> Miss:
    base, step, conclusion = verdicts.split()
    return Miss(why, replace(said, name=why, **changes), base, step, conclusion, code, level)  # type: ignore[arg-type]


def changed(said: Recursive, old: str, new: str) -> str:
    assert old in said.step
    return said.step.replace(old, new)


WRONG = [
    miss(
        "wrong base", NETWORK, "refuted proved refuted", level="n = 0",
        base="l₀ = A₀(x + b₀); G₀ = D(A₀)(x)ᵀ",
    ),
    miss(
        "lost factor", NARROW, "proved refuted refuted", level="n = 1",
        step=changed(NARROW, " @ wₙ @ Gₙ₋₁", " @ Gₙ₋₁"),
    ),
    miss(
        "w for wᵀ", NARROW, "proved refuted refuted", level="n = 1",
        step=changed(NARROW, "@ wₙ @ Gₙ₋₁", "@ wₙᵀ @ Gₙ₋₁"),
    ),
    miss(
        "order of the factors", NARROW, "proved refuted undecided", "SC203",
        step=changed(NARROW, "diag(fₙ'(vₙ)) @ wₙ @ Gₙ₋₁", "Gₙ₋₁ @ diag(fₙ'(vₙ)) @ wₙ"),
    ),
    miss(
        "f' at the output", CHAIN, "proved refuted refuted", level="n = 2",
        step=changed(CHAIN, "fₙ'(xₙ)", "fₙ'(xₙ₋₁)"),
    ),
    miss(
        "f for f'", NARROW, "proved refuted refuted", level="n = 1",
        step=changed(NARROW, "diag(fₙ'(vₙ))", "diag(fₙ(vₙ))"),
    ),
    miss(
        "true for n = 1 only", NARROW, "proved refuted undecided", "SC203",
        step=changed(NARROW, " @ wₙ @ Gₙ₋₁", " @ wₙ"),
    ),
    miss(
        "tied weights taken for free ones", RECURRENT, "proved refuted undecided", "SC203",
        step=changed(RECURRENT, "C @ hₙ₋₁ + W @ Gₙ₋₁", "C @ hₙ₋₁"),
    ),
    miss(
        "a parameter that depends on the variable", NARROW, "proved refuted refuted", level="n = 1",
        step=changed(NARROW, "vₙ = wₙ @ lₙ₋₁", "vₙ = wₙ @ lₙ₋₁·sumall(b₀)").replace(
            "@ wₙ @ Gₙ₋₁", "@ wₙ @ Gₙ₋₁·sumall(b₀)"
        ),
    ),
    miss(
        "the skip left out", RESIDUAL, "proved refuted refuted", level="n = 1",
        step=changed(RESIDUAL, "Gₙ₋₁ + D", "D"),
    ),
    miss(
        "backwards without g'", BACKWARD, "proved refuted refuted", level="l = L-1",
        step=changed(BACKWARD, " ⊙ g'(zₗ)", ""),
    ),
    miss(
        "g' at the output", BACKWARD, "proved refuted refuted", level="l = L-1",
        step=changed(BACKWARD, "g'(zₗ)", "g'(g(zₗ))"),
    ),
    miss(
        "second derivative without the square", SECOND, "proved refuted undecided", "SC203",
        step=changed(SECOND, "Gₙ₋₁²", "Gₙ₋₁"),
    ),
    miss(
        "a product not reversed", replace(TRANSPOSE, declare="Pₙ: p p; Qₙ: p p; Aₙ: p p", before="A₀: p p"),
        "proved refuted refuted", level="n = 1",
        step=changed(TRANSPOSE, "Aₙᵀ @ Qₙ₋₁", "Qₙ₋₁ @ Aₙᵀ"),
    ),
    miss("symmetry not assumed", SYMMETRIC, "proved refuted refuted", level="n = 1", assume=()),
    miss(
        "defined at the base alone",
        Recursive(
            "", "x: scalar", "2·uₙ = vₙ", "uₙ: scalar; vₙ: scalar",
            "u₀ = -exp(x); v₀ = -2·exp(x)", "uₙ = log(uₙ₋₁); vₙ = 2·log(vₙ₋₁/2)",
        ),
        "proved proved error", "SC030",
    ),
]  # fmt: skip
