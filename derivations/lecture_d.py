"""Lecture D: differentials and traces (the seminar of the deep learning course)."""

from symcheck import Derivation

LECTURES = [
    {
        "name": "affine-layer-traces",
        "title": "The affine layer by traces",
        "lecture": "D8",
        "claims": 0,
        "slips": 0,
    },
    {
        "name": "log-softmax-differentials",
        "title": "Log-softmax by differentials",
        "lecture": "D9",
        "claims": 0,
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
    Z[i,j] = sum(k, X[i,k]*W[k,j]) + b[0,j]
    tr(A @ B) = tr(B @ A)
    tr(C.T) = tr(C)
    dQ = tr((∂Q/∂W).T @ dW) + tr((∂Q/∂X).T @ dX) + tr((∂Q/∂b).T @ db)
    dQ = tr((∂Q/∂Z).T @ dZ)
    dZ = dX @ W + X @ dW + ones(N, 1) @ db
    dQ = tr((∂Q/∂Z).T @ dX @ W) + tr((∂Q/∂Z).T @ X @ dW) + tr((∂Q/∂Z).T @ ones(N, 1) @ db) = tr((∂Q/∂Z @ W.T).T @ dX) + tr((X.T @ ∂Q/∂Z).T @ dW) + tr((ones(1, N) @ ∂Q/∂Z).T @ db)
    tr((∂Q/∂Z).T @ dX @ W) = tr(W @ (∂Q/∂Z).T @ dX) = tr((∂Q/∂Z @ W.T).T @ dX)
    dQ = tr((∂Q/∂Z @ W.T).T @ dX) + tr((X.T @ ∂Q/∂Z).T @ dW) + tr((ones(1, N) @ ∂Q/∂Z).T @ db) => ∂Q/∂X = ∂Q/∂Z @ W.T
    dQ = tr((∂Q/∂Z @ W.T).T @ dX) + tr((X.T @ ∂Q/∂Z).T @ dW) + tr((ones(1, N) @ ∂Q/∂Z).T @ db) => ∂Q/∂W = X.T @ ∂Q/∂Z
    dQ = tr((∂Q/∂Z @ W.T).T @ dX) + tr((X.T @ ∂Q/∂Z).T @ dW) + tr((ones(1, N) @ ∂Q/∂Z).T @ db) => ∂Q/∂b = ones(1, N) @ ∂Q/∂Z
    ∂Q/∂X = ∂Q/∂Z @ W.T
    ∂Q/∂W = X.T @ ∂Q/∂Z
    ∂Q/∂b = ones(1, N) @ ∂Q/∂Z
    ∂Q/∂Z = D(q)(Z)
""")

# -- D9 ------------------------------------------------------------------------------------------

log_softmax = Derivation(
    "log-softmax-differentials", title=LECTURES[1]["title"], source="seed 003", lecture="D9"
)
log_softmax.declare("z3: n; y: n; Z3: N n; Y: N n")
log_softmax.assume("y constant", "Y constant")
log_softmax.note("The labels y are held: dy = 0.")
log_softmax.define("z4", "z3 - log(sum(k, exp(z3[k])))")
log_softmax.define("Q", "sum(i, y[i]*z4[i])")
log_softmax.claims("""
    Q = y @ z4
    ∂Q/∂z4 = y
    z4[i] = z3[i] - log(sum(k, exp(z3[k])))
    z4 = logsoftmax(z3)
    dz4 = dz3 - ones(n)*sum(i, exp(z3[i])*dz3[i])/sum(i, exp(z3[i]))
    dQ = (∂Q/∂z4).T @ dz4 = (∂Q/∂z4).T @ dz3 - sum(k, (∂Q/∂z4)[k])*sum(i, exp(z3[i])*dz3[i])/sum(i, exp(z3[i]))
    ∂Q/∂z3 = ∂Q/∂z4 - sum(k, (∂Q/∂z4)[k])*softmax(z3)
    dQ = (∂Q/∂z4).T @ dz3 - sum(k, (∂Q/∂z4)[k])*sum(i, exp(z3[i])*dz3[i])/sum(i, exp(z3[i])) => ∂Q/∂z3 = ∂Q/∂z4 - sumall(∂Q/∂z4)*softmax(z3)
    ∂Q/∂z3 = y - sumall(y)*softmax(z3)
    ∂Q/∂y = z4
""")
log_softmax.claim(
    "dQ = (∂Q/∂z4).T @ dz3 - sum(i, (∂Q/∂z4)[i]*exp(z3[i])*dz3[i])/sum(i, exp(z3[i]))",
    expect="refuted",
    note="as read: one index n shared by both sums",
)
log_softmax.note("The batch form, one sample a row: Q = Σ y_in z₄,in.")
log_softmax.define("Z4", "logsoftmax(Z3)")
log_softmax.define("R", "sum(i, k, Y[i,k]*Z4[i,k])")
log_softmax.claims("""
    Z4[i,j] = Z3[i,j] - log(sum(k, exp(Z3[i,k])))
    ∂R/∂Z4 = Y
    ∂R/∂Z3 = Y - diag(Y @ ones(n)) @ softmax(Z3)
    ∂R/∂Z3[i,j] = Y[i,j] - sum(k, Y[i,k])*softmax(Z3)[i,j]
    dR = tr((∂R/∂Z4).T @ dZ4)
    dZ4[i,j] = dZ3[i,j] - sum(k, softmax(Z3)[i,k]*dZ3[i,k])
""")
log_softmax.output = "Q"
