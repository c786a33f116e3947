"""Lecture D: sweeps through a graph, differentials and traces (the deep learning course)."""

from symcheck import Derivation

LECTURES = [
    {
        "name": "product-sine-graph",
        "title": "Forward and backward sweep of f = (x₁x₂ sin x₃ + exp(x₁x₂))/x₃",
        "lecture": "D6",
        "claims": 66,
        "slips": 1,
    },
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
]

# -- D6 ------------------------------------------------------------------------------------------

graph = Derivation(
    "product-sine-graph", title=LECTURES[0]["title"], source="seed 003", lecture="D6", sweeps=True
)
graph.declare("x₁: scalar; x₂: scalar; x₃: scalar")
graph.define("x₄", "x₁·x₂")
graph.define("x₅", "sin(x₃)")
graph.define("x₆", "x₄·x₅")
graph.define("x₇", "exp(x₄)")
graph.define("x₈", "x₆ + x₇")
graph.define("x₉", "x₈/x₃")
graph.define("f", "x₉")
graph.at(x1="1/2", x2=2, x3=3)
graph.note(
    "∂ and d are both the total derivative, along every path of the graph; where the notes mean the "
    "local one, of a node in a parent that it names itself, local(u, v) is written."
)
graph.claims("""
    f = (x₁·x₂·sin(x₃) + exp(x₁·x₂))/x₃
    x₄ = x₁·x₂ = 1
    x₅ = sin(x₃)
    x₆ = x₄·x₅
    x₇ = exp(x₄)
    x₈ = x₆ + x₇
    x₉ = x₈/x₃ = f
""")
graph.note("Forward sweep, one for each of the n input variables, here in x₃; x₉ = f(x₈(x₃), x₃).")
graph.claims("""
    dx₉/dx₃ = local(x₉, x₈)·dx₈/dx₃ + local(x₉, x₃)·∂x₃/∂x₃
    ∂x₃/∂x₃ = 1
    ∂x₉/∂x₈ = local(x₉, x₈) = 1/x₃
    local(x₉, x₃) = -x₈/x₃**2
    dx₉/dx₃ = ∂x₉/∂x₈·dx₈/dx₃ - x₈/x₃**2
""")
graph.claim(
    "dx₉/dx₃ = ∂x₉/∂x₈·dx₈/dx₃ + ∂x₉/∂x₃·∂x₃/∂x₃",
    expect="refuted",
    note="ours: ∂x₉/∂x₃ taken for the total derivative, which counts x₈ twice",
)
graph.note("Ours: the same sweep node by node.")
graph.claims("""
    dx₄/dx₃ = 0
    dx₅/dx₃ = cos(x₃)
    dx₆/dx₃ = ∂x₆/∂x₄·dx₄/dx₃ + ∂x₆/∂x₅·dx₅/dx₃ = x₄·cos(x₃)
    dx₇/dx₃ = ∂x₇/∂x₄·dx₄/dx₃ = 0
    dx₈/dx₃ = ∂x₈/∂x₆·dx₆/dx₃ + ∂x₈/∂x₇·dx₇/dx₃ = x₄·cos(x₃)
    dx₉/dx₃ = x₄·cos(x₃)/x₃ - x₈/x₃**2
""")
graph.note("Ours: likewise in x₁ and in x₂, which x₉ names only through x₈.")
graph.claims("""
    dx₄/dx₁ = x₂ = 2
    dx₅/dx₁ = 0
    dx₆/dx₁ = ∂x₆/∂x₄·dx₄/dx₁ = x₅·x₂
    dx₇/dx₁ = ∂x₇/∂x₄·dx₄/dx₁ = x₇·x₂
    dx₈/dx₁ = ∂x₈/∂x₆·dx₆/dx₁ + ∂x₈/∂x₇·dx₇/dx₁ = x₂·(x₅ + x₇)
    dx₉/dx₁ = ∂x₉/∂x₈·dx₈/dx₁ = x₂·(x₅ + x₇)/x₃
    dx₄/dx₂ = x₁ = 1/2
    dx₅/dx₂ = 0
    dx₆/dx₂ = ∂x₆/∂x₄·dx₄/dx₂ = x₅·x₁
    dx₇/dx₂ = ∂x₇/∂x₄·dx₄/dx₂ = x₇·x₁
    dx₈/dx₂ = ∂x₈/∂x₆·dx₆/dx₂ + ∂x₈/∂x₇·dx₇/dx₂ = x₁·(x₅ + x₇)
    dx₉/dx₂ = ∂x₉/∂x₈·dx₈/dx₂ = x₁·(x₅ + x₇)/x₃
""")
graph.note("Backward sweep, one for all input variables; f = f(x₆(x₄), x₇(x₄)).")
graph.claims("""
    ∂f/∂x₉ = 1
    ∂f/∂x₈ = ∂f/∂x₉·∂x₉/∂x₈ = 1/x₃ = 1/3
    ∂f/∂x₄ = ∂f/∂x₆·∂x₆/∂x₄ + ∂f/∂x₇·∂x₇/∂x₄
""")
graph.note("Ours: the steps between, and on to the inputs; ∂x₉/∂x₃ is the local one again.")
graph.claims("""
    ∂f/∂x₆ = ∂f/∂x₈·∂x₈/∂x₆ = 1/x₃
    ∂f/∂x₇ = ∂f/∂x₈·∂x₈/∂x₇ = 1/x₃
    ∂f/∂x₅ = ∂f/∂x₆·∂x₆/∂x₅ = x₄/x₃ = 1/3
    ∂f/∂x₄ = (x₅ + x₇)/x₃
    ∂f/∂x₃ = ∂f/∂x₉·local(x₉, x₃) + ∂f/∂x₅·∂x₅/∂x₃ = -x₈/x₃**2 + x₄·cos(x₃)/x₃
    ∂f/∂x₂ = ∂f/∂x₄·∂x₄/∂x₂ = x₁·(x₅ + x₇)/x₃
    ∂f/∂x₁ = ∂f/∂x₄·∂x₄/∂x₁ = x₂·(x₅ + x₇)/x₃
""")
graph.note("For the gradient one backward sweep is enough, but all variables must be kept in memory.")

# -- D8 ------------------------------------------------------------------------------------------

traces = Derivation("affine-layer-traces", title=LECTURES[1]["title"], source="seed 003", lecture="D8")
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
    "log-softmax-differentials", title=LECTURES[2]["title"], source="seed 003", lecture="D9"
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
