"""Lecture D: activations, universal approximation, differentials and traces (deep learning)."""

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
        "name": "activations",
        "title": "Activations: derivatives, bounds, limits, kinks",
        "lecture": "D4",
        "claims": 47,
        "slips": 4,
    },
    {
        "name": "universal-approximation",
        "title": "Universal approximation by steps",
        "lecture": "D5",
        "claims": 15,
        "slips": 3,
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

# -- D4 ------------------------------------------------------------------------------------------

activations = Derivation("activations", title=LECTURES[2]["title"], source="seed 003", lecture="D4")
activations.declare("z: scalar; α: scalar; h: scalar")
activations.define("S", "sigmoid(z)")
activations.define("T", "tanh(z)")
activations.define("R", "relu(z)")
activations.define("K", "where(z > 0, z, α*z)")
activations.define("E", "where(z > 0, z, α*(exp(z) - 1))")
activations.note("S is σ, T is tanh, R is ReLU, K is leaky ReLU, E is ELU. The derivative of each.")
activations.claims("""
    S = 1/(1 + exp(-z))
    0 <= S <= 1
    T = 2·(sigmoid(2z) - 1/2)
    -1 <= T <= 1
    ∂S/∂z = S·(1 - S) = exp(-z)/(1 + exp(-z))**2
    ∂T/∂z = 1 - T² = sech(z)**2 = 4·sigmoid(2z)·(1 - sigmoid(2z))
    ∂R/∂z = where(z > 0, 1, 0)
    ∂K/∂z = where(z > 0, 1, α)
    ∂E/∂z = where(z > 0, 1, α·exp(z))
""")
activations.note("Ours: the derivatives in the slope α, and leaky ReLU as a maximum.")
activations.claims("""
    ∂K/∂α = where(z > 0, 0, z)
    ∂E/∂α = where(z > 0, 0, exp(z) - 1)
""")
activations.claim("K = maximum(z, α·z)", assume=["0 <= α <= 1"])
activations.claim("K = maximum(z, α·z)", expect="refuted", note="ours: not for α > 1")

activations.note("The gradients of σ and tanh are bounded, and vanish at ±∞.")
activations.claims("""
    0 < ∂S/∂z <= 1/4
    0 < ∂T/∂z <= 1
    lim(z → ∞, ∂S/∂z) = 0
    lim(z → -∞, ∂S/∂z) = 0
    lim(z → ∞, ∂T/∂z) = 0
    lim(z → -∞, ∂T/∂z) = 0
""")
activations.claim("∂S/∂z < 1/4", expect="refuted", note="ours: ¼ is attained, at z = 0")
activations.note("That of ReLU does not vanish for z > 0.")
activations.claim("∂R/∂z = 1", assume=["z > 0"])
activations.claim("lim(z → ∞, ∂R/∂z) = 1")
activations.claim("lim(z → -∞, ∂R/∂z) = 0", note="ours: for z < 0 it is 0")

activations.note(
    "At z = 0, where the lines above are not about. ReLU: from the left 0, from the right 1; there is no "
    "derivative, the notes choose 1, an element of the subdifferential [0, 1]."
)
activations.claims("""
    lim(z → 0, R) = 0
    lim(h → 0-, (relu(h) - relu(0))/h) = 0
    lim(h → 0+, (relu(h) - relu(0))/h) = 1
    lim(z → 0-, ∂R/∂z) = 0
    lim(z → 0+, ∂R/∂z) = 1
""")
activations.claim(
    "lim(h → 0, (relu(h) - relu(0))/h) = 1", expect="refuted", note="ours: the choice is no derivative"
)
activations.note("Leaky ReLU: from the left α, from the right 1.")
activations.claims("""
    lim(z → 0, K) = 0
    lim(z → 0-, ∂K/∂z) = α
    lim(z → 0+, ∂K/∂z) = 1
""")
activations.note(
    "ELU: from the left α, from the right 1; so it is differentiable at 0 only if α = 1, and then it is."
)
activations.claims("""
    lim(z → 0, E) = 0
    lim(h → 0-, where(h > 0, h, α·(exp(h) - 1))/h) = α
    lim(h → 0+, where(h > 0, h, α·(exp(h) - 1))/h) = 1
    lim(z → 0-, ∂E/∂z) = α
    lim(z → 0+, ∂E/∂z) = 1
    lim(h → 0-, where(h > 0, h, α·(exp(h) - 1))/h) - lim(h → 0+, where(h > 0, h, α·(exp(h) - 1))/h) = α - 1
    lim(h → 0, where(h > 0, h, 1·(exp(h) - 1))/h) = 1
""")
activations.claim(
    "lim(h → 0, where(h > 0, h, α·(exp(h) - 1))/h) = 1",
    expect="refuted",
    note="ours: for other α the two sides differ",
)
activations.output = "E"

# -- D5 ------------------------------------------------------------------------------------------

universal = Derivation("universal-approximation", title=LECTURES[3]["title"], source="seed 003", lecture="D5")
universal.declare("x: scalar; w: scalar; a: n; b: n; p: scalar; q: scalar; r: scalar")
universal.function("f: elementwise")
universal.note("[x > p] ≈ σ(w(x − p)) as w → ∞: 0 for x < p, 1 for x > p, ½ at x = p for every w.")
universal.claim("lim(w → ∞, sigmoid(w·(x - p))) = 0", assume=["x < p"])
universal.claim("lim(w → ∞, sigmoid(w·(x - p))) = 1", assume=["x > p"])
universal.claims("""
    sigmoid(w·(p - p)) = 1/2
    [x = p]·sigmoid(w·(x - p)) = [x = p]·1/2
    lim(w → ∞, sigmoid(w·(x - p))) = [x > p] + [x = p]·1/2
""")
universal.claim("lim(w → ∞, sigmoid(w·(x - p))) = [x > p]", assume=["x != p"])
universal.claim("lim(w → ∞, sigmoid(w·(x - p))) = [x > p]", expect="refuted", note="ours: not at x = p")
universal.note("A step up and a step down make the indicator of an interval, open on the left.")
universal.claim("[[x > aᵢ] + [x <= bᵢ] > 3/2] = [aᵢ < x]·[x <= bᵢ] = [aᵢ < x <= bᵢ]")
universal.claim(
    "[[x > aᵢ] + [x <= bᵢ] > 3/2] = [aᵢ <= x <= bᵢ]",
    expect="refuted",
    note="the notes write the closed interval: 0 against 1 at x = aᵢ",
)
universal.note(
    "f(x) ≈ Σ f(aᵢ)[x ∈ (aᵢ, bᵢ]] is an approximation. Exact in it (ours): neighbouring intervals p < q < r "
    "are disjoint and make one; where x lies in one of them, the sum is the value of f at its left end."
)
for line in (
    "[p < x <= q]·[q < x <= r] = 0",
    "[p < x <= q] + [q < x <= r] = [p < x <= r]",
    "[p < x <= q]·(f(p)·[p < x <= q] + f(q)·[q < x <= r]) = f(p)·[p < x <= q]",
    "[q < x <= r]·(f(p)·[p < x <= q] + f(q)·[q < x <= r]) = f(q)·[q < x <= r]",
):
    universal.claim(line, assume=["p < q", "q < r"])
universal.claim(
    "[p <= x <= q] + [q <= x <= r] = [p <= x <= r]",
    assume=["p < q", "q < r"],
    expect="refuted",
    note="ours: closed intervals both hold x = q",
)
