"""Lecture C: a network of two layers, σ of an affine map twice."""

from symcheck import Derivation

LECTURES = [
    {
        "name": "two-layer-scalar",
        "title": "Two layers in one dimension",
        "lecture": "C1",
        "claims": 0,
        "slips": 0,
    },
    {
        "name": "two-layer",
        "title": "Two layers with vectors and matrices",
        "lecture": "C2",
        "claims": 0,
        "slips": 0,
    },
    {
        "name": "sigmoid",
        "title": "The logistic function and its derivative",
        "lecture": "C3",
        "claims": 0,
        "slips": 0,
    },
    {
        "name": "gradient-descent",
        "title": "Gradient descent on the two-layer network",
        "lecture": "C4",
        "claims": 0,
        "slips": 0,
    },
]

# -- C1 ------------------------------------------------------------------------------------------

scalar = Derivation("two-layer-scalar", title=LECTURES[0]["title"], source="seed 002", lecture="C1")
scalar.declare("x: scalar; l: scalar; V: scalar; v: scalar; U: scalar; u: scalar")
scalar.function("sigma: elementwise")
scalar.define("p", "V*x + v")
scalar.define("y", "sigma(p)")
scalar.define("q", "U*y + u")
scalar.define("z", "sigma(q)")
scalar.define("epsilon", "1/2*(z - l)**2")
scalar.note("x: the image (argument), l: the label (the wanted z).")
scalar.claims("""
    ∂ε/∂V = ∂ε/∂p ∂p/∂V = ∂ε/∂p*x
    ∂ε/∂v = ∂ε/∂p ∂p/∂v = ∂ε/∂p = ∂ε/∂y ∂y/∂p = ∂ε/∂y*σ'(p)
    ∂ε/∂y = ∂ε/∂q ∂q/∂y = ∂ε/∂q*U
    ∂ε/∂U = ∂ε/∂q ∂q/∂U = ∂ε/∂q*y
    ∂ε/∂u = ∂ε/∂q ∂q/∂u = ∂ε/∂q = ∂ε/∂z ∂z/∂q = ∂ε/∂z*σ'(q)
    ∂ε/∂z = z - l
    ∂p/∂V = x
    ∂p/∂v = 1
    ∂y/∂p = σ'(p)
    ∂q/∂y = U
    ∂q/∂U = y
    ∂q/∂u = 1
    ∂z/∂q = σ'(q)
    ∂ε/∂x = ∂ε/∂p ∂p/∂x = ∂ε/∂p*V
    ∂ε/∂l = -(z - l)
    ∂ε/∂V = (z - l)*σ'(q)*U*σ'(p)*x
""")

# -- C2 ------------------------------------------------------------------------------------------

full = Derivation("two-layer", title=LECTURES[1]["title"], source="seed 002", lecture="C2")
full.declare("x: n; l: m; V: h n; v: h; U: m h; u: m")
full.function("sigma: elementwise")
full.define("p", "V @ x + v")
full.define("y", "sigma(p)")
full.define("q", "U @ y + u")
full.define("z", "sigma(q)")
full.define("epsilon", "1/2*sumall((z - l)**2)")
full.note("x: the image (argument), l: the label (the wanted z); all sizes symbolic.")
full.claims("""
    ε = 1/2*|z - l|**2
    ∂ε/∂V[i,j] = Σ_k ∂ε/∂p[k] ∂p[k]/∂V[i,j] = ∂ε/∂p[i] ∂p[i]/∂V[i,j] = ∂ε/∂p[i]*x[j] = (∂ε/∂p ⊗ x)[i,j]
    ∂ε/∂V = ∂ε/∂p ⊗ x
    ∂ε/∂v[i] = ∂ε/∂p[i] ∂p[i]/∂v[i] = ∂ε/∂p[i]
    ∂ε/∂v = ∂ε/∂p = ∂ε/∂y ∂y/∂p = ∂ε/∂y ⊙ σ'(p)
    ∂ε/∂y[i] = Σ_j ∂ε/∂q[j] ∂q[j]/∂y[i] = Σ_j ∂ε/∂q[j]*U[j,i] = Σ_j (U.T)[i,j]*∂ε/∂q[j] = (U.T @ ∂ε/∂q)[i]
    ∂ε/∂y = U.T @ ∂ε/∂q
    ∂ε/∂U = ∂ε/∂q ∂q/∂U = ∂ε/∂q ⊗ y
    ∂ε/∂u = ∂ε/∂q ∂q/∂u = ∂ε/∂q = ∂ε/∂z ∂z/∂q = ∂ε/∂z ⊙ σ'(q)
    ∂ε/∂z = z - l
    ∂p[k]/∂V[i,j] = delta(k,i)*x[j]
    ∂p/∂v = eye(h)
    ∂y/∂p = diag(σ'(p))
    ∂q/∂y = U
    ∂q[k]/∂U[i,j] = delta(k,i)*y[j]
    ∂q/∂u = eye(m)
    ∂z/∂q = diag(σ'(q))
    ∂ε/∂x = ∂ε/∂p ∂p/∂x = V.T @ ∂ε/∂p
    ∂ε/∂l = -(z - l)
    ∂ε/∂V = ((U.T @ ((z - l) ⊙ σ'(q))) ⊙ σ'(p)) ⊗ x
""")

# -- C3 ------------------------------------------------------------------------------------------

sigmoid = Derivation("sigmoid", title=LECTURES[2]["title"], source="seed 002", lecture="C3")
sigmoid.declare("x: scalar")
sigmoid.define("s", "1/(1 + exp(-x))")
sigmoid.claims("""
    s = 1/(1 + exp(-x)) = sigmoid(x)
    ∂s/∂x = exp(-x)/(1 + exp(-x))**2 = s*(1 - s)
    d(sigmoid(x))/dx = sigmoid(x)*(1 - sigmoid(x))
""")

# -- C4 ------------------------------------------------------------------------------------------

descent = Derivation(
    "gradient-descent", title=LECTURES[3]["title"], source="seed 002, seed 004", lecture="C4"
)
descent.declare("x: n; l: m; V: h n; v: h; U: m h; u: m")
descent.function("sigma: elementwise")
descent.define("p", "V @ x + v")
descent.define("y", "sigma(p)")
descent.define("q", "U @ y + u")
descent.define("z", "sigma(q)")
descent.define("epsilon", "1/2*sumall((z - l)**2)")
descent.claims("""
    ∂ε/∂u = (z - l) ⊙ σ'(q)
    ∂ε/∂U = ∂ε/∂u ⊗ y
    ∂ε/∂v = (U.T @ ∂ε/∂u) ⊙ σ'(p)
    ∂ε/∂V = ∂ε/∂v ⊗ x
""")
descent.note("The step m → m − k ∂ε/∂m, for every parameter m at once, with the network computed anew.")
descent.define("k", "0")
for m in ("V", "v", "U", "u"):
    descent.define(f"G{m}", f"∂ε/∂{m}")
    descent.define(f"{m}1", f"{m} - k*G{m}")
descent.define("p1", "V1 @ x + v1")
descent.define("y1", "sigma(p1)")
descent.define("q1", "U1 @ y1 + u1")
descent.define("z1", "sigma(q1)")
descent.define("epsilon1", "1/2*sumall((z1 - l)**2)")
descent.note("At k = 0 the loss falls at the rate |∂ε/∂m|², summed over the parameters.")
descent.claims("""
    ∂V1/∂k = -GV
    ∂v1/∂k = -Gv
    ∂U1/∂k = -GU
    ∂u1/∂k = -Gu
    ∂epsilon1/∂k = -(sumall(GV**2) + sumall(Gv**2) + sumall(GU**2) + sumall(Gu**2))
""")
descent.output = "epsilon"
