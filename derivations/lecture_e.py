"""Lecture E: the rules of calculus, networks by indices, and Jacobians; depth n; the difference quotient."""

from symcheck import Derivation

LECTURES = [
    {"name": "calculus-rules", "title": "The rules of calculus", "lecture": "E1", "claims": 22, "slips": 3},
    {"name": "index-network", "title": "A network by indices", "lecture": "E2", "claims": 51, "slips": 5},
    {"name": "tanh-jacobian", "title": "The Jacobian of tanh", "lecture": "E3", "claims": 10, "slips": 1},
    {
        "name": "softmax-jacobian",
        "title": "The Jacobian of softmax",
        "lecture": "E4",
        "claims": 9,
        "slips": 0,
    },
    {
        "name": "tanh-softmax-network",
        "title": "The network with tanh and softmax put in",
        "lecture": "E5",
        "claims": 29,
        "slips": 6,
    },
    {
        "name": "depth-n",
        "title": "A network of any depth",
        "lecture": "E6",
        "claims": 17,
        "slips": 0,
    },
    {
        "name": "loss-example",
        "title": "Gradient descent, and the loss on an example",
        "lecture": "E7",
        "claims": 16,
        "slips": 2,
    },
    {
        "name": "difference-quotient",
        "title": "The difference quotient and its error",
        "lecture": "E8",
        "claims": 45,
        "slips": 4,
    },
]

TITLES = {entry["name"]: entry["title"] for entry in LECTURES}

# -- E1 ------------------------------------------------------------------------------------------

rules = Derivation("calculus-rules", title=TITLES["calculus-rules"], source="seed 004", lecture="E1")
rules.declare("x: scalar; y: scalar; y₀: scalar; a: scalar; v: n")
rules.function("f: elementwise; g: elementwise; g₁: elementwise; g₂: elementwise")
rules.function("F: (scalar, scalar) -> scalar; G: n -> scalar; γ: scalar -> n")
rules.function("f₁: elementwise; f₂: elementwise; f₃: elementwise; f₄: elementwise")
rules.note("For undefined differentiable f, g; the quotient where g ≠ 0.")
rules.claims("""
    d(f(x) + g(x))/dx = f'(x) + g'(x)
    d(a·f(x))/dx = a·f'(x)
    d(f(x)·g(x))/dx = f'(x)·g(x) + f(x)·g'(x)
    d(f(x)/g(x))/dx = (f'(x)·g(x) - g'(x)·f(x))/g(x)**2
    d(f(g(x)))/dx = f'(g(x))·g'(x)
    d(F(g₁(x), g₂(x)))/dx = ∂₁F(g₁(x), g₂(x))·g₁'(x) + ∂₂F(g₁(x), g₂(x))·g₂'(x)
    d(G(γ(x)))/dx = Σᵢ ∂ᵢG(γ(x))·D(γ)(x)[i]
""")
rules.note("The partial derivative: the other argument is held at y₀.")
rules.claims("""
    d(F(x, y))/dx = ∂₁F(x, y)
    d(F(x, y))/dy = ∂₂F(x, y)
    d(F(x, y₀))/dx = ∂₁F(x, y₀)
""")
rules.note("The gradient: ∇G(v) = (∂G/∂vᵢ)ᵢ, and ∂ᵢG = ∂G/∂vᵢ.")
rules.claims("""
    d(G(v))/dv = D(G)(v)
    d(G(v))/dv[i] = ∂ᵢG(v) = D(G)(v)[i]
""")
rules.note("The chain of n functions, here for n = 2, 3, 4: each derivative at its own argument.")
rules.claims("""
    d(f₁(f₂(x)))/dx = f₁'(f₂(x))·f₂'(x)
    d(f₁(f₂(f₃(x))))/dx = f₁'(f₂(f₃(x)))·f₂'(f₃(x))·f₃'(x)
    d(f₁(f₂(f₃(f₄(x)))))/dx = f₁'(f₂(f₃(f₄(x))))·f₂'(f₃(f₄(x)))·f₃'(f₄(x))·f₄'(x)
""")
rules.note(
    "The same for every n: xₙ is the argument of the innermost function fₙ, so fₙ₋₁ is taken at fₙ(xₙ)."
)
rules.declare("x₁: scalar")
rules.induction(
    "∂Fₙ/∂xₙ = Gₙ",
    on="n",
    start=1,
    declare="Fₙ: scalar; Gₙ: scalar; xₙ: scalar; fₙ: elementwise",
    base="F₁ = f₁(x₁); G₁ = f₁'(x₁)",
    step="xₙ₋₁ = fₙ(xₙ); Fₙ = Fₙ₋₁; Gₙ = Gₙ₋₁·fₙ'(xₙ)",
    closed="Fₙ = f₁(f₂(…fₙ(xₙ)…)), Gₙ = f₁'·f₂'·…·fₙ', each at its own argument",
)
rules.note("As read, all derivatives taken at x; wrong.")
for wrong in (
    "d(f₁(f₂(x)))/dx = f₁'(x)·f₂'(x)",
    "d(f₁(f₂(f₃(x))))/dx = f₁'(x)·f₂'(x)·f₃'(x)",
    "d(f₁(f₂(f₃(f₄(x)))))/dx = f₁'(x)·f₂'(x)·f₃'(x)·f₄'(x)",
):
    rules.claim(wrong, expect="refuted", note="as read: all taken at x")

# -- E2 ------------------------------------------------------------------------------------------

network = Derivation("index-network", title=TITLES["index-network"], source="seed 004", lecture="E2")
network.declare("x: d; b₀: d; w₁: h c; b₁: c; y: o")
network.function("A₁: d -> h; A₂: c -> o")
network.define("l₀", "A₁(x + b₀)")
network.define("y_pred", "A₂(l₀·w₁ + b₁)")
network.define("ℓ", "(y - y_pred)²")
network.define("L", "|y - y_pred|²")
network.define("L₀", "(y₀ - y_pred₀)²")
network.define("①", "-2·(y₀ - y_pred₀)")
network.note("The parameters P = (b₁, w₁, b₀); row vectors of any widths (in the notes the output has ten).")
network.note("A₁, A₂: any differentiable vector functions; ∂ᵢA is row i of ∂A, (∂ᵢA)ⱼ = ∂Aⱼ/∂xᵢ.")
network.note("ℓ is the vector of the notes' L₀, L₁, …; L₀ its first entry, ① the factor that they box.")
network.claims("""
    L = Σ_k ℓₖ = Σ_k (yₖ - y_pred,ₖ)²
    ℓₖ = (yₖ - y_pred,ₖ)²
    L₀ = (y₀ - y_pred₀)²
    y_pred = A₂(A₁(x + b₀)·w₁ + b₁)
""")
network.note("b₁.")
network.claims("""
    ∂L/∂b₁ᵢ = Σ_k ∂ℓₖ/∂b₁ᵢ
    ∂L₀/∂b₁ᵢ = 2·(y₀ - y_pred₀)·∂/∂b₁ᵢ (y₀ - y_pred₀) = -2·(y₀ - y_pred₀)·∂y_pred₀/∂b₁ᵢ = ①·∂/∂b₁ᵢ A₂,₀(l₀·w₁ + b₁) = ①·Σ_m (∂ₘA₂,₀)(l₀·w₁ + b₁)·∂/∂b₁ᵢ ((l₀·w₁)ₘ + b₁ₘ) = ①·(∂ᵢA₂,₀)(l₀·w₁ + b₁)
    ∂/∂b₁ᵢ ((l₀·w₁)ₘ + b₁ₘ) = δᵢₘ = [i = m]
    ∂L₀/∂b₁ᵢ = -2·(y₀ - y_pred₀)·(∂ᵢA₂,₀)(l₀·w₁ + b₁)
    ∂ℓ₁/∂b₁ᵢ = -2·(y₁ - y_pred₁)·(∂ᵢA₂,₁)(l₀·w₁ + b₁)
    ∂ℓₖ/∂b₁ᵢ = -2·(yₖ - y_pred,ₖ)·(∂ᵢA₂,ₖ)(l₀·w₁ + b₁)
    ∂L/∂b₁ᵢ = -2·(∂ᵢA₂)(l₀·w₁ + b₁)·(y - y_pred)
""")
network.note("Two lines of the notes that are wrong, each before the line that is meant.")
network.claim("∂L₀/∂b₁ᵢ = (y₀ - y_pred₀)²", expect="refuted", note="in the notes: ∂ is missing")
network.claim("∂L₀/∂b₁ᵢ = ∂/∂b₁ᵢ ((y₀ - y_pred₀)²)", note="with ∂")
network.claim(
    "∂L/∂b₁ᵢ = ∂/∂b₁ᵢ (y₀ - y_pred₀)",
    expect="refuted",
    note="in the notes: the square is missing (and the sum over the entries)",
)
network.claim("∂L/∂b₁ᵢ = Σ_k ∂/∂b₁ᵢ ((yₖ - y_pred,ₖ)²)", note="with the square and the sum")
network.note("w₁.")
network.claims("""
    ∂L₀/∂w₁ᵢⱼ = ①·Σ_m (∂ₘA₂,₀)(l₀·w₁ + b₁)·∂/∂w₁ᵢⱼ ((l₀·w₁)ₘ + b₁ₘ) = ①·Σ_m (∂ₘA₂,₀)(l₀·w₁ + b₁)·∂/∂w₁ᵢⱼ (Σ_n l₀ₙ·w₁ₙₘ) = ①·(∂ⱼA₂,₀)(l₀·w₁ + b₁)·l₀ᵢ
    ∂w₁ₙₘ/∂w₁ᵢⱼ = [i = n]·[j = m] = δᵢₙ·δⱼₘ
    ∂L₀/∂w₁ᵢⱼ = -2·(y₀ - y_pred₀)·l₀ᵢ·(∂ⱼA₂,₀)(l₀·w₁ + b₁)
    ∂L₀/∂w₁ = -2·(y₀ - y_pred₀)·(l₀ ⊗ (∂A₂,₀)(l₀·w₁ + b₁))
    ∂ℓₖ/∂w₁ᵢⱼ = -2·(yₖ - y_pred,ₖ)·l₀ᵢ·(∂ⱼA₂,ₖ)(l₀·w₁ + b₁)
    ∂L/∂w₁ᵢⱼ = -2·l₀ᵢ·(∂ⱼA₂)(l₀·w₁ + b₁)·(y - y_pred)
""")
network.claim(
    "∂L/∂w₁ᵢⱼ = -2·δᵢⱼ·(∂ⱼA₂)(l₀·w₁ + b₁)·(y - y_pred)",
    expect="refuted",
    assume=["dim h == c"],
    note="as read: δᵢⱼ for l₀ᵢ, which fits only where the two widths agree",
)
network.claim(
    "∂L/∂w₁ᵢⱼ = -2·l₀ᵢ·(∂ⱼA₂)(l₀·w₁ + b₁)·(y - y_pred)",
    assume=["dim h == c"],
    note="where the two widths agree",
)
network.claim(
    "∂L₀/∂w₁ᵢⱼ = ①·Σ_m (∂ₘA₂,₀)(l₀·w₁ + b₁)·∂/∂w₁ᵢⱼ (Σ_n w₁ₙₘ)",
    expect="refuted",
    note="as read: l₀ₙ is lost",
)
network.claim(
    "∂L₀/∂w₁ᵢⱼ = ①·Σ_m (∂ᵢA₂,₀)(l₀·w₁ + b₁)·∂/∂w₁ᵢⱼ ((l₀·w₁)ₘ + b₁ₘ)",
    expect="refuted",
    assume=["dim h == c"],
    note="as read: ∂ᵢ for ∂ₘ, which fits only where the two widths agree",
)
network.note("b₀.")
network.claims("""
    ∂L₀/∂b₀ᵢ = ①·Σ_m (∂ₘA₂,₀)(l₀·w₁ + b₁)·∂/∂b₀ᵢ ((l₀·w₁)ₘ + b₁ₘ) = ①·Σ_m (∂ₘA₂,₀)(l₀·w₁ + b₁)·((∂l₀/∂b₀ᵢ)·w₁)ₘ
    ∂l₀ⱼ/∂b₀ᵢ = ∂/∂b₀ᵢ A₁ⱼ(x + b₀) = Σ_n (∂ₙA₁ⱼ)(x + b₀)·∂/∂b₀ᵢ (xₙ + b₀ₙ) = (∂ᵢA₁ⱼ)(x + b₀)
    ∂/∂b₀ᵢ (xₙ + b₀ₙ) = δᵢₙ
    ∂L₀/∂b₀ᵢ = ①·Σ_m (∂ₘA₂,₀)(l₀·w₁ + b₁)·((∂ᵢA₁)(x + b₀)·w₁)ₘ = ①·((∂ᵢA₁)(x + b₀)·w₁·(∂A₂,₀)(l₀·w₁ + b₁))
    ∂L₀/∂b₀ᵢ = -2·(y₀ - y_pred₀)·((∂ᵢA₁)(x + b₀)·w₁·(∂A₂,₀)(l₀·w₁ + b₁))
    (∂ᵢA₁)(x + b₀)·w₁·(∂A₂,₀)(l₀·w₁ + b₁) = Σ_m Σ_j (∂ᵢA₁ⱼ)(x + b₀)·w₁ⱼₘ·(∂ₘA₂,₀)(l₀·w₁ + b₁)
    ∂ℓₖ/∂b₀ᵢ = -2·(yₖ - y_pred,ₖ)·((∂ᵢA₁)(x + b₀)·w₁·(∂A₂,ₖ)(l₀·w₁ + b₁))
    ∂L/∂b₀ᵢ = -2·(∂ᵢA₁)(x + b₀)·w₁·(∂A₂)(l₀·w₁ + b₁)·(y - y_pred)
""")
network.note("Ours: the three gradients whole, and those in the data.")
network.claims("""
    ∂L/∂b₁ = -2·(∂A₂)(l₀·w₁ + b₁)·(y - y_pred)
    ∂L/∂w₁ = l₀ ⊗ ∂L/∂b₁
    ∂L/∂b₀ = (∂A₁)(x + b₀)·w₁·∂L/∂b₁
    ∂L/∂x = ∂L/∂b₀
    ∂L/∂y = 2·(y - y_pred)
""")
network.output = "L"

# -- E3 ------------------------------------------------------------------------------------------

tanh = Derivation("tanh-jacobian", title=TITLES["tanh-jacobian"], source="seed 004", lecture="E3")
tanh.declare("x: n; t: scalar")
tanh.define("A", "tanh(x)")
tanh.claims("""
    tanh(t) = (exp(t) - exp(-t))/(exp(t) + exp(-t))
    d(tanh(t))/dt = sech(t)**2 = 1/cosh(t)**2
    A[i] = tanh(x[i])
    ∂A[j]/∂x[i] = δ(i,j)/cosh(x[i])**2
    ∂A/∂x = diag(1/cosh(x)**2)
""")
tanh.claim(
    "∂A/∂x = 1/cosh(x)**2",
    expect="refuted",
    note="in the notes: a vector where the matrix is meant",
)
tanh.note("Ours: by the cached output, and the sides written in exponentials.")
tanh.claims("""
    ∂A/∂x = diag(1 - A**2)
    d(tanh(t))/dt = 1 - tanh(t)**2 = 4/(exp(t) + exp(-t))**2
""")

# -- E4 ------------------------------------------------------------------------------------------

softmax = Derivation("softmax-jacobian", title=TITLES["softmax-jacobian"], source="seed 004", lecture="E4")
softmax.declare("x: n")
softmax.define("S", "exp(x)/sum(m, exp(x[m]))")
softmax.claims("""
    S[j] = exp(x[j])/(Σ_m exp(x[m]))
    ∂S[j]/∂x[i] = (δ(i,j)·exp(x[j])·(Σ_m exp(x[m])) - exp(x[j])·exp(x[i]))/(Σ_m exp(x[m]))**2 = δ(i,j)·S[i] - S[i]·S[j]
""")
softmax.note("Both spellings of the notes are right: δᵢⱼe^{xᵢ} = δᵢⱼe^{xⱼ}.")
softmax.claims("""
    δ(i,j)·exp(x[i]) = δ(i,j)·exp(x[j])
    ∂S[j]/∂x[i] = (δ(i,j)·exp(x[i])·(Σ_m exp(x[m])) - exp(x[j])·exp(x[i]))/(Σ_m exp(x[m]))**2
""")
softmax.note("Ours: the Jacobian as a matrix; the entries of S sum to 1.")
softmax.claims("""
    S = softmax(x)
    ∂S/∂x = diag(S) - S ⊗ S
    Σ_j S[j] = 1
    Σ_j ∂S[j]/∂x[i] = 0
""")

# -- E5 ------------------------------------------------------------------------------------------

closed = network.instantiate(
    "tanh-softmax-network",
    {"A₁": "tanh", "A₂": "softmax"},
    title=TITLES["tanh-softmax-network"],
    lecture="E5",
    claims=[
        "y_pred = A₂(A₁(x + b₀)·w₁ + b₁)",
        "∂L/∂b₁ᵢ = -2·(∂ᵢA₂)(l₀·w₁ + b₁)·(y - y_pred)",
        "∂L/∂w₁ᵢⱼ = -2·l₀ᵢ·(∂ⱼA₂)(l₀·w₁ + b₁)·(y - y_pred)",
        "∂L/∂b₀ᵢ = -2·(∂ᵢA₁)(x + b₀)·w₁·(∂A₂)(l₀·w₁ + b₁)·(y - y_pred)",
        "∂L/∂x = ∂L/∂b₀",
        "∂L/∂y = 2·(y - y_pred)",
    ],
)
closed.note("Ours, in closed form: S is the output, r what it misses, g the gradient in b₁.")
closed.define("S", "softmax(l₀·w₁ + b₁)")
closed.define("r", "y - S")
closed.define("g", "-2·S ⊙ (r - S·r)")
closed.claims("""
    l₀ = tanh(x + b₀)
    y_pred = S
    (∂ᵢA₁ⱼ)(x + b₀) = δᵢⱼ/cosh(xᵢ + b₀ᵢ)²
    (∂ᵢA₂ⱼ)(l₀·w₁ + b₁) = δᵢⱼ·Sᵢ - Sᵢ·Sⱼ
    ∂L/∂b₁ᵢ = -2·Sᵢ·(rᵢ - S·r) = gᵢ
    ∂L/∂w₁ᵢⱼ = l₀ᵢ·gⱼ
    ∂L/∂b₀ᵢ = (w₁·g)ᵢ/cosh(xᵢ + b₀ᵢ)²
""")
closed.note("The same as vectors and matrices.")
closed.claims("""
    (∂A₁)(x + b₀) = diag(1 - l₀²)
    (∂A₂)(l₀·w₁ + b₁) = diag(S) - S ⊗ S
    ∂L/∂b₁ = g = -2·(diag(S) - S ⊗ S)·r
    ∂L/∂w₁ = l₀ ⊗ g
    ∂L/∂b₀ = (w₁·g) ⊙ (1 - l₀²) = (w₁·g) ⊙ sech(x + b₀)²
    Σᵢ gᵢ = 0
""")
closed.note("Slips that suggest themselves: one term of softmax′ forgotten, softmax taken entry by entry,")
closed.note("a sign, softmax′ forgotten, tanh′ forgotten, tanh for tanh′.")
closed.claims(
    """
    ∂L/∂b₁ᵢ = -2·Sᵢ·rᵢ
    ∂L/∂b₁ᵢ = -2·Sᵢ·(1 - Sᵢ)·rᵢ
    ∂L/∂b₁ᵢ = -2·Sᵢ·(rᵢ + S·r)
    ∂L/∂w₁ᵢⱼ = l₀ᵢ·rⱼ
    ∂L/∂b₀ᵢ = (w₁·g)ᵢ
    ∂L/∂b₀ᵢ = (w₁·g)ᵢ·l₀ᵢ
    """,
    expect="refuted",
)

# -- E6 ------------------------------------------------------------------------------------------

depth = Derivation("depth-n", title=TITLES["depth-n"], source="seed 004", lecture="E6")
depth.declare("x: m₀; b₀: m₀; A₀: m₀ -> d₀")
depth.define("v₀", "x + b₀")
depth.define("l₀", "A₀(v₀)")
depth.define("J₀", "D(A₀)(v₀)ᵀ")
depth.note(
    "Row vectors, every width its own. Jₙ is ∂Aₙ of the notes: its row k is ∂ₖAₙ, here at vₙ = lₙ₋₁·wₙ + bₙ."
)
layer = depth.induction(
    "(∂lₙ/∂b₀)ᵀ = Gₙ",
    on="n",
    start=0,
    declare="lₙ: dₙ; Gₙ: m₀ dₙ; wₙ: dₙ₋₁ mₙ; bₙ: mₙ; Aₙ: mₙ -> dₙ",
    base="G₀ = J₀",
    step="vₙ = lₙ₋₁ @ wₙ + bₙ; lₙ = Aₙ(vₙ); Jₙ = D(Aₙ)(vₙ)ᵀ; Gₙ = Gₙ₋₁ @ wₙ @ Jₙ",
    base_claims="∂l₀[j]/∂b₀[i] = ∂ᵢA₀(x + b₀)[j]",
    step_claims="""
        ∂lₙ[j]/∂b₀[i] = Σ_k ∂ₖAₙ(vₙ)[j]·∂((lₙ₋₁ @ wₙ)[k] + bₙ[k])/∂b₀[i] = Σ_k ∂ₖAₙ(vₙ)[j]·((∂lₙ₋₁/∂b₀[i]) @ wₙ)[k] = ((∂lₙ₋₁/∂b₀[i]) @ wₙ @ Jₙ)[j]
        ∂lₙ/∂b₀[i] = (∂lₙ₋₁/∂b₀[i]) @ wₙ @ Jₙ
    """,
    closed="Gₙ = J₀·w₁·J₁·…·wₙ·Jₙ = ∂A₀·w₁·∂A₁·…·wₙ·∂Aₙ",
)
depth.note("Ours: in the parameters of layer n itself.")
layer.claims("""
    ∂lₙ/∂bₙ[i] = ∂vₙ/∂bₙ[i] @ Jₙ
    ∂lₙ[j]/∂bₙ[i] = ∂ᵢAₙ(vₙ)[j]
    ∂lₙ[j]/∂wₙ[p,q] = lₙ₋₁[p]·Jₙ[q,j]
""")
depth.note("Ours: in the parameters of any layer k ≤ n; lₖ₋₁ comes from before and is held.")
depth.declare("lₖ₋₁: dₖ₋₁; wₖ: dₖ₋₁ mₖ; bₖ: mₖ; Aₖ: mₖ -> dₖ; C: dₖ₋₁ mₖ")
depth.define("vₖ", "lₖ₋₁ @ wₖ + bₖ")
depth.define("lₖ", "Aₖ(vₖ)")
depth.define("Jₖ", "D(Aₖ)(vₖ)ᵀ")
depth.note("In wₖ as the derivative along any matrix C.")
depth.induction(
    "(∂lₙ/∂bₖ)ᵀ = Bₙ; Σ_p Σ_q C[p,q]·∂lₙ/∂wₖ[p,q] = Wₙ",
    on="n",
    start="k",
    declare="lₙ: dₙ; Bₙ: mₖ dₙ; Wₙ: dₙ; wₙ: dₙ₋₁ mₙ; bₙ: mₙ; Aₙ: mₙ -> dₙ",
    base="Bₖ = Jₖ; Wₖ = lₖ₋₁ @ C @ Jₖ",
    step="vₙ = lₙ₋₁ @ wₙ + bₙ; lₙ = Aₙ(vₙ); Jₙ = D(Aₙ)(vₙ)ᵀ; Bₙ = Bₙ₋₁ @ wₙ @ Jₙ; Wₙ = Wₙ₋₁ @ wₙ @ Jₙ",
    closed="Bₙ = Jₖ·wₖ₊₁·Jₖ₊₁·…·wₙ·Jₙ, Wₙ = lₖ₋₁·C·Bₙ",
)

# -- E7 ------------------------------------------------------------------------------------------

example = Derivation("loss-example", title=TITLES["loss-example"], source="seed 004", lecture="E7")
example.declare("P: p; k: scalar; O₁: n; O₂: n; O₃: n")
example.function("Λ: p -> scalar")
example.note("Gradient descent on any differentiable loss Λ of the parameters P: P → P − k∇Λ, here P₁.")
example.define("P₁", "P - k·(∂Λ)(P)")
example.claims("""
    P₁ᵢ = Pᵢ - k·∂/∂Pᵢ Λ(P)
    P₁ = P - k·(∂Λ)(P)
""")
example.note("Ours: the loss after the step, for every k; where k = 0 it falls at the rate |∇Λ|².")
example.claims("""
    ∂P₁/∂k = -(∂Λ)(P)
    d(Λ(P₁))/dk = (∂Λ)(P₁)·∂P₁/∂k = -(∂Λ)(P₁)·(∂Λ)(P)
    D(k -> Λ(P - k·(∂Λ)(P)))(0) = -Σᵢ ((∂ᵢΛ)(P))² = -|(∂Λ)(P)|²
""")
example.claim("D(k -> Λ(P - k·(∂Λ)(P)))(0) = |(∂Λ)(P)|²", expect="refuted", note="ours: uphill")
example.note("The loss of an answer O₂, far from or near to the wanted O₃; ten entries each.")
example.define("L", "|O₃ - O₂|²")
example.at(O1=["0.1"] * 10, O2=["0.01"] * 9 + ["0.91"], O3=[0] * 9 + [1])
example.claims("""
    L = Σᵢ (O₃ᵢ - O₂ᵢ)²
    L = 9·0.01² + (1 - 0.91)² = 0.009
    |O₃ - O₁|² = 9·0.1² + (1 - 0.1)² = 0.9
""")
example.note("Ours: the gradient of the loss in the answer and in the wanted one.")
example.claims("""
    ∂L/∂O₂ = -2·(O₃ - O₂)
    ∂L/∂O₃ = 2·(O₃ - O₂)
""")
example.claim("L = 9·0.01 + (1 - 0.91)", expect="refuted", note="ours: the squares forgotten")
example.output = "L"

# -- E8 ------------------------------------------------------------------------------------------

quotient = Derivation(
    "difference-quotient", title=TITLES["difference-quotient"], source="seed 004", lecture="E8"
)
quotient.declare("x: scalar; h: scalar; a: scalar; b: scalar; c: scalar")
quotient.function("f: elementwise")
quotient.note("The derivative is the limit of the difference quotient, for every differentiable f.")
quotient.claims("""
    d(f(x))/dx = lim_{h→0} (f(x + h) − f(x))/h
""")
quotient.note("Ours: how far Δf/Δx is from df/dx before the limit, to first order h/2·f″.")
quotient.claims("""
    lim_{h→0} ((f(x + h) − f(x))/h − d(f(x))/dx)/h = 1/2·d(d(f(x))/dx)/dx
""")
quotient.note("≈ Δf/Δx with h = 0.0001, first for p = ax² + bx + c.")
quotient.define("p", "a*x**2 + b*x + c")
quotient.define("q", "(a*(x + h)**2 + b*(x + h) + c - p)/h")
quotient.output = "p"
quotient.at(x=3, h="0.0001", a=1, b=0, c=0)
quotient.claims("""
    ∂p/∂x = lim_{h→0} q = 2a·x + b = 6
    q = 2a·x + b + a·h = 6.0001
    q - ∂p/∂x = a·h = h/2·d(∂p/∂x)/dx = 0.0001
    ∂p/∂a = x**2
    ∂p/∂b = x
    ∂p/∂c = 1
""")
quotient.claim("q = 2a·x + b", expect="refuted", note="ours: Δf/Δx is near df/dx, not equal to it")
quotient.claim("q - ∂p/∂x = h·d(∂p/∂x)/dx", expect="refuted", note="ours: the factor ½ left out")
quotient.note("Ours: other functions; a straight line has no error, higher powers have further terms.")
quotient.claims("""
    (b·(x + h) + c - (b·x + c))/h = d(b·x + c)/dx = b
    ((x + h)**3 - x**3)/h = 3x**2 + 3x·h + h**2
    ((x + h)**3 - x**3)/h - d(x**3)/dx = h/2·d(d(x**3)/dx)/dx + h**2/6·d(d(d(x**3)/dx)/dx)/dx
    (exp(x + h) - exp(x))/h = exp(x)·(exp(h) - 1)/h
    (exp(x + h) - exp(x))/h - d(exp(x))/dx = exp(x)·((exp(h) - 1)/h - 1)
    (sin(x + h) - sin(x))/h = cos(x)·sin(h)/h - sin(x)·(1 - cos(h))/h
    (1/(x + h) - 1/x)/h = -1/(x·(x + h))
    (1/(x + h) - 1/x)/h - d(1/x)/dx = h/2·d(d(1/x)/dx)/dx·x/(x + h)
""")
quotient.note("Ours: what becomes of these in the limit.")
quotient.claims("""
    lim_{h→0} (exp(h) - 1)/h = 1
    lim_{h→0} sin(h)/h = 1
    lim_{h→0} (1 - cos(h))/h = 0
    d(exp(x))/dx = lim_{h→0} (exp(x + h) - exp(x))/h = exp(x)
    d(sin(x))/dx = lim_{h→0} (sin(x + h) - sin(x))/h = cos(x)
    d(1/x)/dx = lim_{h→0} (1/(x + h) - 1/x)/h = -1/x²
""")
quotient.claim("d(log(x))/dx = lim_{h→0} (log(x + h) - log(x))/h = 1/x", assume=["x > 0"])
quotient.note("Where the two sides differ there is no limit, and no derivative: |x| at 0.")
quotient.claims("""
    lim(h → 0-, (|0 + h| - |0|)/h) = -1
    lim(h → 0+, (|0 + h| - |0|)/h) = 1
""")
quotient.claim(
    "lim(h → 0, (|0 + h| - |0|)/h) = 1", expect="refuted", note="ours: −1 from below, 1 from above"
)
quotient.note("The same rate by the derivative of f(x + h), for every differentiable f.")
quotient.claims("""
    d(f(x + h))/dh = f'(x + h)
    d(f(x + h) - f(x))/dh = d(f(x + h))/dx
""")
quotient.note("The symmetric quotient: no error for a square, an error of order h² for a cube.")
quotient.claims("""
    lim_{h→0} (f(x + h) - f(x - h))/(2h) = f'(x)
    lim_{h→0} (f(x + h) - 2·f(x) + f(x - h))/h² = d(d(f(x))/dx)/dx
    ((x + h)**2 - (x - h)**2)/(2h) = d(x**2)/dx
    ((x + h)**3 - (x - h)**3)/(2h) - d(x**3)/dx = h**2
""")
quotient.claim(
    "lim_{h→0} (f(x + h) - f(x - h))/h = f'(x)", expect="refuted", note="ours: the distance is 2h, not h"
)
quotient.note("The numeric check of every gradient: symcheck derive NAME --numeric.")
