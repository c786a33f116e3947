"""Lecture D: differentials and traces (the seminar of the deep learning course)."""

from symcheck import Derivation

LECTURES = [
    {
        "name": "affine-layer-traces",
        "title": "The affine layer by traces",
        "lecture": "D8",
        "claims": 25,
        "slips": 0,
    },
    {
        "name": "log-softmax-differentials",
        "title": "Log-softmax by differentials",
        "lecture": "D9",
        "claims": 35,
        "slips": 1,
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
    dQ = tr(D(q)(Z)ᵀ @ dZ) => ∂Q/∂Z = D(q)(Z)
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
log_softmax.note("Ours: ∂Q/∂z₄ read off, in named functions, and with y put in.")
log_softmax.claims("""
    dQ = yᵀ @ dz₄ => ∂Q/∂z₄ = y
    z₄ = logsoftmax(z₃)
    softmax(z₃)[i] = exp(z₃[i])/(Σ_k exp(z₃[k]))
    ∂Q/∂z₃ = ∂Q/∂z₄ ∂z₄/∂z₃ = y - sumall(y)·softmax(z₃)
    ∂Q/∂y = z₄
""")
log_softmax.note("The batch form, one sample a row: Q = Σ y_in z₄,in, here called R.")
log_softmax.define("Z₄", "logsoftmax(Z₃)")
log_softmax.define("R", "sum(i, k, Y[i,k]*Z₄[i,k])")
log_softmax.claims("""
    R = Σ_i Σ_k Y[i,k]·Z₄[i,k] = tr(Yᵀ @ Z₄)
    ∂R/∂Z₄ = Y
    Z₄[i,j] = Z₃[i,j] - log(Σ_k exp(Z₃[i,k]))
    dZ₄[i,j] = dZ₃[i,j] - Σ_k softmax(Z₃)[i,k]·dZ₃[i,k]
    dZ₄ = dZ₃ - ((softmax(Z₃) ⊙ dZ₃) @ ones(n)) ⊗ ones(n)
    dR = tr((∂R/∂Z₄)ᵀ @ dZ₄) = tr(Yᵀ @ dZ₄)
    dR = tr(Yᵀ @ dZ₃) - tr(Yᵀ @ (((softmax(Z₃) ⊙ dZ₃) @ ones(n)) ⊗ ones(n))) = tr(Yᵀ @ dZ₃) - Σ_i (Σ_k Y[i,k])·(Σ_k softmax(Z₃)[i,k]·dZ₃[i,k]) = tr(Yᵀ @ dZ₃) - tr((diag(Y @ ones(n)) @ softmax(Z₃))ᵀ @ dZ₃)
""")
log_softmax.note("Hence the gradient is read off as the factor of dZ₃.")
log_softmax.claims("""
    dR = tr((Y - diag(Y @ ones(n)) @ softmax(Z₃))ᵀ @ dZ₃) => ∂R/∂Z₃ = Y - diag(Y @ ones(n)) @ softmax(Z₃)
    ∂R/∂Z₃[i,j] = Y[i,j] - (Σ_k Y[i,k])·softmax(Z₃)[i,j]
    ∂R/∂Y = Z₄
""")
log_softmax.output = "Q"
