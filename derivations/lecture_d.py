"""Lecture D: differentials and traces (the seminar of the deep learning course)."""

from symcheck import Derivation

LECTURES = [
    {
        "name": "affine-layer-traces",
        "title": "The affine layer by traces",
        "lecture": "D8",
        "claims": 23,
        "slips": 0,
    },
    {
        "name": "log-softmax-differentials",
        "title": "Log-softmax by differentials",
        "lecture": "D9",
        "claims": 23,
        "slips": 1,
    },
    {
        "name": "layered-perceptron",
        "title": "The perceptron in layers, backwards",
        "lecture": "D4b",
        "claims": 27,
        "slips": 0,
    },
]

# -- D8 ------------------------------------------------------------------------------------------

traces = Derivation("affine-layer-traces", title=LECTURES[0]["title"], source="seed 003", lecture="D8")
traces.declare("X: N n; W: n m; b: 1 m; A: n m; B: m n; C: n n")
traces.function("q: (N m) -> scalar")
traces.define("Z", "X @ W + ones(N, 1) @ b")
traces.define("Q", "q(Z)")
traces.note("Z = XW + 1·b: the row b is repeated for every row of X (broadcasting).")
traces.claims("""
    Z[i,j] = Σ_k X[i,k]·W[k,j] + b[0,j]
    dQ = tr((∂Q/∂W)ᵀ @ dW) + tr((∂Q/∂X)ᵀ @ dX) + tr((∂Q/∂b)ᵀ @ db)
    dQ = tr((∂Q/∂Z)ᵀ @ dZ)
    tr(A @ B) = tr(B @ A)
    tr(Cᵀ) = tr(C)
    dZ = dX @ W + X @ dW + ones(N, 1) @ db
    dQ = tr((∂Q/∂Z)ᵀ @ dX @ W) + tr((∂Q/∂Z)ᵀ @ X @ dW) + tr((∂Q/∂Z)ᵀ @ ones(N, 1) @ db)
""")
traces.note("Term by term, by tr AB = tr BA.")
traces.claims("""
    tr((∂Q/∂Z)ᵀ @ dX @ W) = tr(W @ (∂Q/∂Z)ᵀ @ dX) = tr((∂Q/∂Z @ Wᵀ)ᵀ @ dX)
    tr((∂Q/∂Z)ᵀ @ X @ dW) = tr((Xᵀ @ ∂Q/∂Z)ᵀ @ dW)
    tr((∂Q/∂Z)ᵀ @ ones(N, 1) @ db) = tr((ones(1, N) @ ∂Q/∂Z)ᵀ @ db)
""")
traces.note("Hence the gradients are read off as the factors of dX, dW and db.")
traces.claims("""
    dQ = tr((∂Q/∂Z @ Wᵀ)ᵀ @ dX) + tr((Xᵀ @ ∂Q/∂Z)ᵀ @ dW) + tr((ones(1, N) @ ∂Q/∂Z)ᵀ @ db) => ∂Q/∂X = ∂Q/∂Z @ Wᵀ, ∂Q/∂W = Xᵀ @ ∂Q/∂Z, ∂Q/∂b = ones(1, N) @ ∂Q/∂Z
""")
traces.note("Ours: the same by the chain rule, and Q's own derivative.")
traces.claims("""
    ∂Q/∂Z = D(q)(Z)
    ∂Q/∂X = ∂Q/∂Z ∂Z/∂X
    ∂Q/∂W = ∂Q/∂Z ∂Z/∂W
    ∂Q/∂b = ∂Q/∂Z ∂Z/∂b
    ∂Q/∂b[0,j] = Σ_i (∂Q/∂Z)[i,j]
""")

# -- D9 ------------------------------------------------------------------------------------------

log_softmax = Derivation(
    "log-softmax-differentials", title=LECTURES[1]["title"], source="seed 003", lecture="D9"
)
log_softmax.declare("z₃: n; y: n; Z₃: N n; Y: N n")
log_softmax.assume("y constant", "Y constant")
log_softmax.note("The labels y are held: dy = 0.")
log_softmax.define("z₄", "z₃ - log(sum(k, exp(z₃[k])))")
log_softmax.define("Q", "sum(i, y[i]*z₄[i])")
log_softmax.claims("""
    Q = Σ_i y[i]·z₄[i] = yᵀ @ z₄
    ∂Q/∂z₄ = y
    z₄[i] = z₃[i] - log(Σ_k exp(z₃[k]))
    dz₄ = dz₃ - ones(n)·(Σ_j exp(z₃[j])·dz₃[j])/(Σ_j exp(z₃[j]))
    dQ = (∂Q/∂z₄)ᵀ @ dz₄ = (∂Q/∂z₄)ᵀ @ dz₃ - (Σ_k (∂Q/∂z₄)[k])·(Σ_j exp(z₃[j])·dz₃[j])/(Σ_j exp(z₃[j]))
    dQ = (∂Q/∂z₄)ᵀ @ dz₃ - (Σ_k (∂Q/∂z₄)[k])·(Σ_j exp(z₃[j])·dz₃[j])/(Σ_j exp(z₃[j])) => ∂Q/∂z₃ = ∂Q/∂z₄ - (Σ_k (∂Q/∂z₄)[k])·softmax(z₃)
""")
log_softmax.claim(
    "dQ = (∂Q/∂z₄)ᵀ @ dz₃ - (Σ_j (∂Q/∂z₄)[j]·exp(z₃[j])·dz₃[j])/(Σ_j exp(z₃[j]))",
    expect="refuted",
    note="as read: one index n shared by both sums",
)
log_softmax.note("Ours: in named functions, and with y put in.")
log_softmax.claims("""
    z₄ = logsoftmax(z₃)
    softmax(z₃)[i] = exp(z₃[i])/(Σ_k exp(z₃[k]))
    ∂Q/∂z₃ = ∂Q/∂z₄ ∂z₄/∂z₃ = y - sumall(y)·softmax(z₃)
    ∂Q/∂y = z₄
""")
log_softmax.note("The batch form, one sample a row: Q = Σ y_in z₄,in, here called R.")
log_softmax.define("Z₄", "logsoftmax(Z₃)")
log_softmax.define("R", "sum(i, k, Y[i,k]*Z₄[i,k])")
log_softmax.claims("""
    Z₄[i,j] = Z₃[i,j] - log(Σ_k exp(Z₃[i,k]))
    ∂R/∂Z₄ = Y
    dZ₄[i,j] = dZ₃[i,j] - Σ_k softmax(Z₃)[i,k]·dZ₃[i,k]
    dR = tr((∂R/∂Z₄)ᵀ @ dZ₄)
    ∂R/∂Z₃ = Y - diag(Y @ ones(n)) @ softmax(Z₃)
    ∂R/∂Z₃[i,j] = Y[i,j] - (Σ_k Y[i,k])·softmax(Z₃)[i,j]
    ∂R/∂Y = Z₄
""")
log_softmax.output = "Q"

# -- D4b -----------------------------------------------------------------------------------------

layers = Derivation("layered-perceptron", title=LECTURES[2]["title"], source="seed 003", lecture="D4b")
layers.declare("g: elementwise; z_L: d_L; y: c; loss: (c, d_L) -> scalar")
layers.note(
    "a₀ = x, zₗ₊₁ = Wₗaₗ + bₗ, aₗ₊₁ = g(zₗ₊₁) for l = 0 … L-1; first F = loss(y, a_L) of one sample. "
    "Fₗ is F as a function of zₗ: the layers from l on."
)
backward = layers.induction(
    "∂Fₗ/∂zₗ = δₗ",
    on="l",
    start="L",
    down=True,
    declare="Fₗ: scalar; δₗ: dₗ; zₗ: dₗ; Wₗ: dₗ₊₁ dₗ; bₗ: dₗ₊₁",
    base="a_L = g(z_L); F_L = loss(y, a_L); δ_L = D(loss, 2)(y, a_L) ⊙ g'(z_L)",
    step="aₗ = g(zₗ); zₗ₊₁ = Wₗ @ aₗ + bₗ; Fₗ = Fₗ₊₁; δₗ = (Wₗᵀ @ δₗ₊₁) ⊙ g'(zₗ)",
    base_claims="∂F_L/∂z_L = ∂F_L/∂a_L ⊙ g'(z_L)",
    step_claims="""
        ∂Fₗ/∂zₗ[i] = ∂Fₗ/∂aₗ[i]·g'(zₗ[i]) = (Σ_k ∂Fₗ/∂zₗ₊₁[k]·∂zₗ₊₁[k]/∂aₗ[i])·g'(zₗ[i]) = (Σ_k ∂Fₗ/∂zₗ₊₁[k]·Wₗ[k,i])·g'(zₗ[i])
        ∂Fₗ/∂zₗ = ∂Fₗ/∂aₗ ⊙ g'(zₗ) = (Wₗᵀ @ ∂Fₗ/∂zₗ₊₁) ⊙ g'(zₗ)
    """,
    closed="δₗ = (Wₗᵀ((Wₗ₊₁ᵀ(… δ_L …)) ⊙ g'(zₗ₊₁))) ⊙ g'(zₗ)",
)
layers.note("Hence the gradients in the parameters of layer l.")
backward.claims("""
    ∂Fₗ/∂Wₗ[j,k] = Σ_i ∂Fₗ/∂zₗ₊₁[i]·∂zₗ₊₁[i]/∂Wₗ[j,k] = ∂Fₗ/∂zₗ₊₁[j]·aₗ[k]
    ∂Fₗ/∂Wₗ = ∂Fₗ/∂zₗ₊₁ ⊗ aₗ = δₗ₊₁ ⊗ aₗ
    ∂Fₗ/∂bₗ = ∂Fₗ/∂zₗ₊₁ = δₗ₊₁
""")
layers.note("The first layer, a₀ = x: here F₁ is any differentiable function φ of z₁.")
layers.declare("x: d₀; W₀: d₁ d₀; b₀: d₁; φ: d₁ -> scalar")
layers.define("z₁", "W₀ @ x + b₀")
layers.define("F₀", "φ(z₁)")
layers.claims("""
    ∂F₀/∂W₀ = ∂F₀/∂z₁ ⊗ x
    ∂F₀/∂b₀ = ∂F₀/∂z₁
    ∂F₀/∂x = W₀ᵀ @ ∂F₀/∂z₁
""")
layers.note(
    "F(w) = (1/N) Σᵢ loss(yᵢ, a_L(xᵢ, w)): one sample a row. eᵢ = ∂u/∂u[i] is the unit vector, "
    "so Yᵀeᵢ is the label of sample i and A_Lᵀeᵢ its output."
)
layers.declare("Z_L: N d_L; Y: N c; u: N")
batch = layers.induction(
    "∂Fₗ/∂Zₗ = Δₗ",
    on="l",
    start="L",
    down=True,
    declare="Fₗ: scalar; Δₗ: N dₗ; Zₗ: N dₗ; Wₗ: dₗ₊₁ dₗ; bₗ: dₗ₊₁",
    base="""
        A_L = g(Z_L)
        F_L = 1/N·(Σ_i loss(Yᵀ @ ∂u/∂u[i], A_Lᵀ @ ∂u/∂u[i]))
        Δ_L = 1/N·(Σ_i ∂u/∂u[i] ⊗ D(loss, 2)(Yᵀ @ ∂u/∂u[i], A_Lᵀ @ ∂u/∂u[i])) ⊙ g'(Z_L)
    """,
    step="""
        Aₗ = g(Zₗ)
        Zₗ₊₁ = Aₗ @ Wₗᵀ + ones(N) ⊗ bₗ
        Fₗ = Fₗ₊₁
        Δₗ = (Δₗ₊₁ @ Wₗ) ⊙ g'(Zₗ)
    """,
    step_claims="∂Fₗ/∂Zₗ = ∂Fₗ/∂Aₗ ⊙ g'(Zₗ) = (∂Fₗ/∂Zₗ₊₁ @ Wₗ) ⊙ g'(Zₗ)",
    closed="Δₗ = ((((… Δ_L …)Wₗ₊₁) ⊙ g'(Zₗ₊₁))Wₗ) ⊙ g'(Zₗ)",
)
batch.claims("""
    ∂Fₗ/∂Wₗ = (∂Fₗ/∂Zₗ₊₁)ᵀ @ Aₗ = Δₗ₊₁ᵀ @ Aₗ
    ∂Fₗ/∂Wₗ[j,k] = Σ_i Δₗ₊₁[i,j]·Aₗ[i,k]
    ∂Fₗ/∂bₗ = Δₗ₊₁ᵀ @ ones(N)
""")
