"""Lecture A: backpropagation on a graph of computations."""

from symcheck import Derivation

LECTURES = [
    {
        "name": "squared-product",
        "title": "The squared product f = ((a + c)(b − d))²",
        "lecture": "A1",
        "claims": 0,
        "slips": 0,
    },
    {"name": "linear-model", "title": "The linear model μ = θᵀx", "lecture": "A2", "claims": 0, "slips": 0},
    {
        "name": "mean-squared-error",
        "title": "Mean squared error, block by block",
        "lecture": "A3",
        "claims": 0,
        "slips": 0,
    },
    {
        "name": "linear-layer",
        "title": "The matrix-vector layer z = θx",
        "lecture": "A4",
        "claims": 0,
        "slips": 0,
    },
    {
        "name": "multilayer-perceptron",
        "title": "A multilayer perceptron over a batch",
        "lecture": "A5",
        "claims": 0,
        "slips": 0,
    },
    {
        "name": "block-rule",
        "title": "The block rule: known cotangent times local derivative",
        "lecture": "A6",
        "claims": 0,
        "slips": 0,
    },
]

# -- A1 ------------------------------------------------------------------------------------------

squared_product = Derivation("squared-product", title=LECTURES[0]["title"], source="seed 000", lecture="A1")
a, b, c, d = squared_product.scalars("a b c d")
e = squared_product.define("e", a + c)
g = squared_product.define("g", b - d)
h = squared_product.define("h", e * g)
f = squared_product.define("f", h**2)
squared_product.at(a=1, c=5, b=7, d=3)
squared_product.claims("""
    f = ((a + c)*(b - d))**2
    e = a + c = 6
    g = b - d = 4
    h = e*g = 24
    f = h**2 = 576
    ∂f/∂h = 2h = 48
    ∂h/∂e = g = 4
    ∂e/∂a = 1
    ∂h/∂g = e = 6
    ∂g/∂a = 0
    ∂f/∂a = ∂f/∂h·∂h/∂e·∂e/∂a + ∂f/∂h·∂h/∂g·∂g/∂a = ∂f/∂h·∂h/∂e·∂e/∂a = 48·4·1 = 192
    ∂f/∂e = ∂f/∂h·∂h/∂e = 2*h*g
    ∂f/∂g = ∂f/∂h·∂h/∂g = 2*h*e
    ∂f/∂b = ∂f/∂h·∂h/∂g·∂g/∂b = 2*e**2*g = 288
    ∂f/∂c = ∂f/∂h·∂h/∂e·∂e/∂c = 2*e*g**2 = 192
    ∂f/∂d = ∂f/∂h·∂h/∂g·∂g/∂d = -2*e**2*g = -288
""")
squared_product.note("Given the graph of computations, ∂f/∂(any node) is easy.")
squared_product.note("Caching the intermediate results helps.")
squared_product.note("One can compute ∂f/∂a, ∂f/∂b, … alike.")
squared_product.note("To compute ∂f/∂i it is good, though not necessary, to compute f first.")

# -- A2 ------------------------------------------------------------------------------------------

linear_model = Derivation("linear-model", title=LECTURES[1]["title"], source="seed 000", lecture="A2")
linear_model.declare("theta: n; x: n")
linear_model.define("mu", "theta.T @ x")
linear_model.claims("""
    mu = theta.T @ x = sum(i, theta[i]*x[i])
    d(theta.T @ x)/dtheta = x
    ∂mu/∂theta = x
    ∂mu/∂x = theta
""")

# -- A3 ------------------------------------------------------------------------------------------

mean_squared_error = Derivation(
    "mean-squared-error", title=LECTURES[2]["title"], source="seed 000", lecture="A3"
)
mean_squared_error.declare("X: N n; theta: n; y: N")
mean_squared_error.define("p", "X @ theta")
mean_squared_error.define("mu", "p")
mean_squared_error.define("d", "mu - y")
mean_squared_error.define("s", "d**2")
mean_squared_error.define("J", "sumall(s)/N")
mean_squared_error.note("The activation is the identity I: μ = I(θᵀx), sample by sample.")
mean_squared_error.claims("""
    J = 1/N*sum(i, (mu[i] - y[i])**2)
    ∂J/∂s = ones(N)/N
    ∂s/∂d = diag(2*d)
    ∂d/∂mu = eye(N)
    ∂mu/∂p = eye(N)
    ∂p/∂theta = X
    ∂J/∂d = ∂J/∂s·∂s/∂d = 2/N*d
    ∂J/∂mu = ∂J/∂d·∂d/∂mu = 2/N*(mu - y)
    ∂J/∂p = ∂J/∂mu·∂mu/∂p = 2/N*(mu - y)
    ∂J/∂theta = ∂J/∂s·∂s/∂d·∂d/∂mu·∂mu/∂p·∂p/∂theta = ∂J/∂p·∂p/∂theta = 2/N*X.T @ (mu - y)
    ∂J/∂theta[j] = 2/N*sum(i, (mu[i] - y[i])*X[i,j])
    ∂J/∂X = outer(∂J/∂p, theta) = 2/N*outer(mu - y, theta)
    ∂J/∂y = -2/N*(mu - y)
""")

# -- A4 ------------------------------------------------------------------------------------------

linear_layer = Derivation("linear-layer", title=LECTURES[3]["title"], source="seed 000", lecture="A4")
linear_layer.declare("theta: m n; x: n")
linear_layer.define("z", "theta @ x")
linear_layer.claims("""
    z = theta @ x
    z[k] = sum(i, theta[k,i]*x[i])
    ∂z[k]/∂theta[l,i] = delta(k,l)*x[i]
    ∂z[k]/∂x[i] = theta[k,i]
    ∂z/∂x = theta
""")
linear_layer.claim(
    "z = theta.T @ x", expect="error", note="as read: θᵀx beside the index form; the shapes do not fit"
)
linear_layer.claim(
    "sum(i, theta[k,i]*x[i]) = (theta.T @ x)[k]",
    expect="refuted",
    assume=["dim m == n"],
    note="as read: even where θ is square, θᵀx is another vector",
)

# -- A5 ------------------------------------------------------------------------------------------

multilayer_perceptron = Derivation(
    "multilayer-perceptron", title=LECTURES[4]["title"], source="seed 000", lecture="A5"
)
multilayer_perceptron.declare("X: N n; theta1: h n; theta2: q h; theta3: m q; T: N m")
multilayer_perceptron.function("phi: elementwise; psi: elementwise")
multilayer_perceptron.define("P1", "X @ theta1.T")
multilayer_perceptron.define("A1", "phi(P1)")
multilayer_perceptron.define("P2", "A1 @ theta2.T")
multilayer_perceptron.define("A2", "phi(P2)")
multilayer_perceptron.define("P3", "A2 @ theta3.T")
multilayer_perceptron.define("Y", "psi(P3)")
multilayer_perceptron.define("J", "sumall((Y - T)**2)")
multilayer_perceptron.note("y = ψ(θ₃ φ(θ₂ φ(θ₁ x))) for each row x of X; T holds the wanted outputs.")
multilayer_perceptron.claims("""
    Y[i,j] = psi(sum(a, theta3[j,a]*phi(sum(b, theta2[a,b]*phi(sum(c, theta1[b,c]*X[i,c]))))))
    ∂J/∂Y = 2*(Y - T)
    ∂J/∂P3 = ∂J/∂Y ⊙ psi'(P3)
    ∂J/∂theta3 = (∂J/∂P3).T @ A2
    ∂J/∂A2 = ∂J/∂P3 @ theta3
    ∂J/∂P2 = ∂J/∂A2 ⊙ phi'(P2)
    ∂J/∂theta2 = (∂J/∂P2).T @ A1
    ∂J/∂A1 = ∂J/∂P2 @ theta2
    ∂J/∂P1 = ∂J/∂A1 ⊙ phi'(P1)
    ∂J/∂theta1 = (∂J/∂P1).T @ X
    ∂J/∂X = ∂J/∂P1 @ theta1
    ∂J/∂T = -2*(Y - T)
""")
multilayer_perceptron.note("The one-dimensional model y = kx + b, J = Σ (y − y_t)².")
multilayer_perceptron.declare("k: scalar; b: scalar; x: N; t: N")
multilayer_perceptron.define("y1", "k*x + b")
multilayer_perceptron.define("J1", "sumall((y1 - t)**2)")
multilayer_perceptron.claims("""
    ∂J1/∂y1 = 2*(y1 - t)
    ∂y1/∂k = x
    ∂y1/∂b = ones(N)
    ∂J1/∂k = ∂J1/∂y1·∂y1/∂k = 2*(y1 - t) @ x
    ∂J1/∂b = ∂J1/∂y1·∂y1/∂b = 2*sumall(y1 - t)
    ∂J1/∂x = 2*k*(y1 - t)
    ∂J1/∂t = -2*(y1 - t)
""")
multilayer_perceptron.output = "J"

# -- A6 ------------------------------------------------------------------------------------------

block_rule = Derivation("block-rule", title=LECTURES[5]["title"], source="seed 000", lecture="A6")
block_rule.declare("xi: n")
block_rule.function("f: elementwise; ell: n -> scalar")
block_rule.define("z", "f(xi)")
block_rule.define("L", "ell(z)")
block_rule.claims("""
    ∂L/∂xi = ∂L/∂z·∂z/∂xi = ∂L/∂z ⊙ f'(xi)
    ∂z/∂xi = diag(f'(xi))
    d(exp(xi))/dxi = diag(exp(xi))
    d(ell(exp(xi)))/dxi = D(ell)(exp(xi)) ⊙ exp(xi)
""")
block_rule.note("ReLU: 0 for ξ < 0, 1 for ξ ≥ 0. Proved off ξ = 0, where there is no derivative.")
block_rule.declare("t: scalar; v: scalar; s: scalar")
block_rule.claims("""
    d(relu(t))/dt = where(t < 0, 0, 1)
    d(relu(xi))/dxi = diag(where(xi < 0, 0, 1))
    d(ell(relu(xi)))/dxi = D(ell)(relu(xi)) ⊙ where(xi < 0, 0, 1)
""")
block_rule.note(
    "At ξ = 0 the notes choose 1. Any slope s in [0, 1] is a subgradient there: relu(v) − s·v is a sum of two "
    "terms that are then ≥ 0 for every v, and 0 at v = 0. So the choice is allowed; it is no derivative."
)
block_rule.claim(
    "relu(v) - s*v = (1 - s)*relu(v) + s*relu(-v)",
    assume=["0 <= s <= 1"],
    note="the subdifferential of ReLU at 0 contains [0, 1], and with it the 1 of the notes",
)
block_rule.output = "L"
