"""Lecture C: a network of two layers, σ of an affine map twice."""

import sympy

from symcheck import Derivation

LECTURES = [
    {
        "name": "two-layer-scalar",
        "title": "Two layers in one dimension",
        "lecture": "C1",
        "claims": 30,
        "slips": 0,
    },
    {
        "name": "two-layer",
        "title": "Two layers with vectors and matrices",
        "lecture": "C2",
        "claims": 40,
        "slips": 0,
    },
    {
        "name": "sigmoid",
        "title": "The logistic function and its derivative",
        "lecture": "C3",
        "claims": 5,
        "slips": 0,
    },
    {
        "name": "gradient-descent",
        "title": "Gradient descent on the two-layer network",
        "lecture": "C4",
        "claims": 11,
        "slips": 0,
    },
]

# -- C1 ------------------------------------------------------------------------------------------

scalar = Derivation("two-layer-scalar", title=LECTURES[0]["title"], source="seed 002", lecture="C1")
x, l, V, v, U, u = scalar.scalars("x l V v U u")  # noqa: E741  (the label is l in the notes)
scalar.function("σ: elementwise")
σ = sympy.Function("σ")
p = scalar.define("p", V * x + v)
y = scalar.define("y", σ(p))
q = scalar.define("q", U * y + u)
z = scalar.define("z", σ(q))
scalar.define("ε", "1/2*(z - l)**2")
scalar.note("x: the image (argument), l: the label (the wanted z).")
scalar.claims("""
    ∂ε/∂V = ∂ε/∂p ∂p/∂V = ∂ε/∂p·x
    ∂ε/∂v = ∂ε/∂p ∂p/∂v = ∂ε/∂p = ∂ε/∂y ∂y/∂p = ∂ε/∂y·σ'(p)
    ∂ε/∂y = ∂ε/∂q ∂q/∂y = ∂ε/∂q·U
    ∂ε/∂U = ∂ε/∂q ∂q/∂U = ∂ε/∂q·y
    ∂ε/∂u = ∂ε/∂q ∂q/∂u = ∂ε/∂q = ∂ε/∂z ∂z/∂q = ∂ε/∂z·σ'(q)
    ∂ε/∂z = z - l
""")
scalar.note("Ours: every factor by itself, the derivatives in the data, and the gradients written out.")
scalar.claims("""
    ∂p/∂V = x
    ∂p/∂v = 1
    ∂y/∂p = σ'(p)
    ∂q/∂y = U
    ∂q/∂U = y
    ∂q/∂u = 1
    ∂z/∂q = σ'(q)
    ∂ε/∂x = ∂ε/∂p ∂p/∂x = ∂ε/∂p·V
    ∂ε/∂l = -(z - l)
    ∂ε/∂u = (z - l)·σ'(q)
    ∂ε/∂U = (z - l)·σ'(q)·y
    ∂ε/∂v = (z - l)·σ'(q)·U·σ'(p)
    ∂ε/∂V = (z - l)·σ'(q)·U·σ'(p)·x
    ∂ε/∂x = (z - l)·σ'(q)·U·σ'(p)·V
""")

# -- C2 ------------------------------------------------------------------------------------------

full = Derivation("two-layer", title=LECTURES[1]["title"], source="seed 002", lecture="C2")
full.declare("x: n; l: m; V: h n; v: h; U: m h; u: m")
full.function("σ: elementwise")
full.define("p", "V @ x + v")
full.define("y", "σ(p)")
full.define("q", "U @ y + u")
full.define("z", "σ(q)")
full.define("ε", "1/2*sumall((z - l)**2)")
full.note("x: the image (argument), l: the label (the wanted z); all sizes symbolic.")
full.claims("""
    ε = 1/2*|z - l|**2
    ∂ε/∂V[i,j] = Σ_k ∂ε/∂p[k] ∂p[k]/∂V[i,j] = ∂ε/∂p[i] ∂p[i]/∂V[i,j] = ∂ε/∂p[i]·x[j] = (∂ε/∂p ⊗ x)[i,j]
    ∂ε/∂V = ∂ε/∂p ⊗ x
    ∂ε/∂v[i] = ∂ε/∂p[i] ∂p[i]/∂v[i] = ∂ε/∂p[i]
    ∂ε/∂v = ∂ε/∂p = ∂ε/∂y ∂y/∂p = ∂ε/∂y ⊙ σ'(p)
    ∂ε/∂y[i] = Σ_j ∂ε/∂q[j] ∂q[j]/∂y[i] = Σ_j ∂ε/∂q[j]·U[j,i] = Σ_j (Uᵀ)[i,j]·∂ε/∂q[j] = (Uᵀ @ ∂ε/∂q)[i]
    ∂ε/∂y = Uᵀ @ ∂ε/∂q
    ∂ε/∂U = ∂ε/∂q ∂q/∂U = ∂ε/∂q ⊗ y
    ∂ε/∂u = ∂ε/∂q ∂q/∂u = ∂ε/∂q = ∂ε/∂z ∂z/∂q = ∂ε/∂z ⊙ σ'(q)
    ∂ε/∂z = z - l
""")
full.note("Ours: every factor by itself, the derivatives in the data, and the gradients written out.")
full.claims("""
    ∂p[k]/∂V[i,j] = δ(k,i)·x[j]
    ∂p/∂v = eye(h)
    ∂y/∂p = diag(σ'(p))
    ∂q/∂y = U
    ∂q[k]/∂U[i,j] = δ(k,i)·y[j]
    ∂q/∂u = eye(m)
    ∂z/∂q = diag(σ'(q))
    ∂ε/∂U[i,j] = Σ_k ∂ε/∂q[k] ∂q[k]/∂U[i,j] = ∂ε/∂q[i]·y[j]
    ∂ε/∂x = ∂ε/∂p ∂p/∂x = Vᵀ @ ∂ε/∂p
    ∂ε/∂l = -(z - l)
    ∂ε/∂u = (z - l) ⊙ σ'(q)
    ∂ε/∂U = ((z - l) ⊙ σ'(q)) ⊗ y
    ∂ε/∂v = (Uᵀ @ ((z - l) ⊙ σ'(q))) ⊙ σ'(p)
    ∂ε/∂V = ((Uᵀ @ ((z - l) ⊙ σ'(q))) ⊙ σ'(p)) ⊗ x
    ∂ε/∂x = Vᵀ @ ((Uᵀ @ ((z - l) ⊙ σ'(q))) ⊙ σ'(p))
""")

# -- C3 ------------------------------------------------------------------------------------------

sigmoid = Derivation("sigmoid", title=LECTURES[2]["title"], source="seed 002", lecture="C3")
x = sigmoid.scalars("x")
sigmoid.define("s", 1 / (1 + sympy.exp(-x)))
sigmoid.note("s stands for σ(x).")
sigmoid.claims("""
    s = 1/(1 + exp(-x)) = sigmoid(x)
    ∂s/∂x = exp(-x)/(1 + exp(-x))**2
""")
sigmoid.note("Ours: the usual form.")
sigmoid.claims("""
    ∂s/∂x = s·(1 - s)
    d(sigmoid(x))/dx = sigmoid(x)·(1 - sigmoid(x))
""")

# -- C4 ------------------------------------------------------------------------------------------

descent = Derivation(
    "gradient-descent", title=LECTURES[3]["title"], source="seed 002, seed 004", lecture="C4"
)
descent.declare("x: n; l: m; V: h n; v: h; U: m h; u: m")
descent.function("σ: elementwise")
descent.define("p", "V @ x + v")
descent.define("y", "σ(p)")
descent.define("q", "U @ y + u")
descent.define("z", "σ(q)")
descent.define("ε", "1/2*sumall((z - l)**2)")
descent.note("The gradient in every parameter together: V, v, U, u.")
descent.claims("""
    ∂ε/∂u = (z - l) ⊙ σ'(q)
    ∂ε/∂U = ∂ε/∂u ⊗ y
    ∂ε/∂v = (Uᵀ @ ∂ε/∂u) ⊙ σ'(p)
    ∂ε/∂V = ∂ε/∂v ⊗ x
""")
descent.note("The step m → m − k ∂ε/∂m, for every parameter m at once, with the network computed anew.")
descent.define("k", "0")
for m in ("V", "v", "U", "u"):
    descent.define(f"G{m}", f"∂ε/∂{m}")
    descent.define(f"{m}₁", f"{m} - k*G{m}")
descent.define("p₁", "V₁ @ x + v₁")
descent.define("y₁", "σ(p₁)")
descent.define("q₁", "U₁ @ y₁ + u₁")
descent.define("z₁", "σ(q₁)")
descent.define("ε₁", "1/2*sumall((z₁ - l)**2)")
descent.note("At k = 0 the loss falls at the rate |∂ε/∂m|², summed over the parameters.")
descent.claims("""
    ε₁ = ε
    ∂V₁/∂k = -∂ε/∂V
    ∂v₁/∂k = -∂ε/∂v
    ∂U₁/∂k = -∂ε/∂U
    ∂u₁/∂k = -∂ε/∂u
    ∂ε₁/∂k = -(sumall(GV**2) + sumall(Gv**2) + sumall(GU**2) + sumall(Gu**2))
    ∂ε₁/∂k = -(normF(∂ε/∂V)**2 + norm2(∂ε/∂v)**2 + normF(∂ε/∂U)**2 + norm2(∂ε/∂u)**2)
""")
descent.output = "ε"
