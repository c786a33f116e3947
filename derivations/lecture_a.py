"""Lecture A: backpropagation on a graph of computations."""

from symcheck import Derivation

LECTURES = [
    {
        "name": "squared-product",
        "title": "The squared product f = ((a + c)(b − d))²",
        "lecture": "A1",
        "claims": 44,
        "slips": 0,
    },
    {"name": "linear-model", "title": "The linear model μ = θᵀx", "lecture": "A2", "claims": 6, "slips": 0},
    {
        "name": "mean-squared-error",
        "title": "Mean squared error, block by block",
        "lecture": "A3",
        "claims": 33,
        "slips": 1,
    },
    {
        "name": "linear-layer",
        "title": "The matrix-vector layer z = θx",
        "lecture": "A4",
        "claims": 7,
        "slips": 2,
    },
    {
        "name": "multilayer-perceptron",
        "title": "A multilayer perceptron over a batch",
        "lecture": "A5",
        "claims": 26,
        "slips": 0,
    },
    {
        "name": "straight-line",
        "title": "The straight line y = kx + b fitted to a batch",
        "lecture": "A5",
        "claims": 14,
        "slips": 0,
    },
    {
        "name": "block-rule",
        "title": "The block rule: known cotangent times local derivative",
        "lecture": "A6",
        "claims": 20,
        "slips": 2,
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
    f = ((a + c)·(b - d))**2
    e = a + c = 6
    g = b - d = 4
    h = e·g = 24
    f = h**2 = 576
    ∂f/∂h = 2h = 48
    ∂h/∂e = g = 4
    ∂e/∂a = 1
    ∂f/∂a = ∂f/∂h·∂h/∂e·∂e/∂a + ∂f/∂h·∂h/∂g·∂g/∂a = ∂f/∂h·∂h/∂e·∂e/∂a = 48·4·1 = 192
    ∂f/∂h·∂h/∂g·∂g/∂a = 0
""")
squared_product.note("Ours: the other local derivatives, and the other three inputs.")
squared_product.claims("""
    ∂h/∂g = e = 6
    ∂g/∂a = 0
    ∂g/∂b = 1
    ∂e/∂c = 1
    ∂g/∂d = -1
    ∂f/∂e = ∂f/∂h·∂h/∂e = 2h·g = 192
    ∂f/∂g = ∂f/∂h·∂h/∂g = 2h·e = 288
    ∂f/∂a = 2*(a + c)*(b - d)**2
    ∂f/∂b = ∂f/∂h·∂h/∂g·∂g/∂b = 2*(a + c)**2*(b - d) = 48·6·1 = 288
    ∂f/∂c = ∂f/∂h·∂h/∂e·∂e/∂c = 2*(a + c)*(b - d)**2 = 48·4·1 = 192
    ∂f/∂d = ∂f/∂h·∂h/∂g·∂g/∂d = -2*(a + c)**2*(b - d) = 48·6·(-1) = -288
""")
squared_product.note("Given the graph of computations, ∂f/∂(any node) is easy.")
squared_product.note("Caching the intermediate results helps.")
squared_product.note("One can compute ∂f/∂a, ∂f/∂b, … alike.")
squared_product.note("To compute ∂f/∂i it is good, though not necessary, to compute f first.")

# -- A2 ------------------------------------------------------------------------------------------

linear_model = Derivation("linear-model", title=LECTURES[1]["title"], source="seed 000", lecture="A2")
linear_model.declare("θ: n; x: n")
linear_model.define("μ", "θᵀ·x")
linear_model.note("ŷ = μ; θ and x are columns of one length.")
linear_model.claims("""
    μ = θᵀ·x = Σᵢ θᵢ·xᵢ
    ∂(θᵀ·x)/∂θ = x
    ∂μ/∂θ = x
    ∂μ/∂θᵢ = xᵢ
""")
linear_model.note("Ours: the derivative in x.")
linear_model.claim("∂μ/∂x = θ")

# -- A3 ------------------------------------------------------------------------------------------

mean_squared_error = Derivation(
    "mean-squared-error", title=LECTURES[2]["title"], source="seed 000", lecture="A3"
)
mean_squared_error.declare("X: N n; θ: n; y: N")
mean_squared_error.define("p", "X @ θ")
mean_squared_error.define("μ", "p")
mean_squared_error.define("d", "μ - y")
mean_squared_error.define("s", "d**2")
mean_squared_error.define("J", "sumall(s)/N")
mean_squared_error.note(
    "The samples xᵢ are the rows of X. Blocks: θᵀx → I → μ − y = d → d² → Σ/N, with the identity I as activation."
)
mean_squared_error.claims("""
    μᵢ = pᵢ = Σⱼ θⱼ·Xᵢⱼ
    J = 1/N·Σᵢ (μᵢ - yᵢ)**2
""")
mean_squared_error.note("The local derivative of each block.")
mean_squared_error.claims("""
    ∂J/∂s = ones(N)/N
    ∂s/∂d = diag(2*d)
    ∂d/∂μ = eye(N)
    ∂μ/∂p = eye(N)
    ∂p/∂θ = X
""")
mean_squared_error.note("Their products, block by block: the blanks ∂L/∂d = … and ∂L/∂θ = … of the notes.")
mean_squared_error.claims("""
    ∂J/∂d = ∂J/∂s·∂s/∂d = 2/N*d
    ∂J/∂μ = ∂J/∂d·∂d/∂μ = 2/N*(μ - y)
    ∂J/∂p = ∂J/∂μ·∂μ/∂p = 2/N*(μ - y)
    ∂J/∂θ = ∂J/∂s·∂s/∂d·∂d/∂μ·∂μ/∂p·∂p/∂θ = ∂J/∂p·∂p/∂θ = 2/N*Xᵀ @ (μ - y)
    ∂J/∂θⱼ = 2/N·Σᵢ (μᵢ - yᵢ)·Xᵢⱼ
""")
mean_squared_error.note("Ours: the derivatives in the data.")
mean_squared_error.claims("""
    ∂J/∂X = ∂J/∂p·∂p/∂X = ∂J/∂p ⊗ θ = 2/N*((μ - y) ⊗ θ)
    ∂d/∂y = -eye(N)
    ∂J/∂y = ∂J/∂d·∂d/∂y = -2/N*(μ - y)
""")
mean_squared_error.claim("∂J/∂θ = 2*Xᵀ @ (μ - y)", expect="refuted", note="ours: 1/N left out")
mean_squared_error.note(
    "Ours: the batch by rows, 1×N times N×n, and as a gradient with the shape of θ; ∂s/∂d is N×N and diagonal."
)
mean_squared_error.claims(
    """
    ∂s[i]/∂d[j] = [i = j]·2·dᵢ
    (1 - [i = j])·∂s[i]/∂d[j] = 0
    ∂J/∂θ = ∂J/∂p @ ∂p/∂θ = ∂J/∂p @ X
    """,
    convention="numerator",
)
mean_squared_error.claims("""
    ∂J/∂θ = Xᵀ @ ∂J/∂p
""")
mean_squared_error.note("Ours: the regularised loss J + (λ/2)|θ|².")
mean_squared_error.declare("λ: scalar")
mean_squared_error.define("R", "J + λ/2·|θ|**2")
mean_squared_error.claims("""
    R = 1/N·Σᵢ (μᵢ - yᵢ)**2 + λ/2·Σⱼ θⱼ**2
    ∂R/∂θ = 2/N*Xᵀ @ (μ - y) + λ*θ
    ∂R/∂λ = |θ|**2/2
""")
mean_squared_error.output = "J"

# -- A4 ------------------------------------------------------------------------------------------

linear_layer = Derivation("linear-layer", title=LECTURES[3]["title"], source="seed 000", lecture="A4")
linear_layer.declare("θ: m n; x: n")
linear_layer.define("z", "θ @ x")
linear_layer.claims("""
    z = θ @ x
    zₖ = Σᵢ θₖᵢ·xᵢ
    ∂zₖ/∂θₗᵢ = δ(k,l)·xᵢ
""")
linear_layer.note("Ours: the derivative in x.")
linear_layer.claims("""
    ∂zₖ/∂xᵢ = θₖᵢ
    ∂z/∂x = θ
""")
linear_layer.claim(
    "z = θᵀ @ x", expect="error", note="as read: θᵀx beside the index form; the shapes do not fit"
)
linear_layer.claim(
    "Σᵢ θₖᵢ·xᵢ = (θᵀ @ x)[k]",
    expect="refuted",
    assume=["dim m == n"],
    note="as read: even where θ is square, θᵀx is another vector",
)

# -- A5 ------------------------------------------------------------------------------------------

perceptron = Derivation("multilayer-perceptron", title=LECTURES[4]["title"], source="seed 000", lecture="A5")
perceptron.declare("X: N n; θ₁: h n; θ₂: q h; θ₃: m q; T: N m")
perceptron.function("φ: elementwise; ψ: elementwise")
perceptron.define("P₁", "X @ θ₁ᵀ")
perceptron.define("A₁", "φ(P₁)")
perceptron.define("P₂", "A₁ @ θ₂ᵀ")
perceptron.define("A₂", "φ(P₂)")
perceptron.define("P₃", "A₂ @ θ₃ᵀ")
perceptron.define("Y", "ψ(P₃)")
perceptron.define("J", "sumall((Y - T)**2)")
perceptron.note("y = ψ(θ₃ φ(θ₂ φ(θ₁x))) for each row x of X; the rows of T are the wanted outputs.")
perceptron.claims("""
    Y = ψ(φ(φ(X @ θ₁ᵀ) @ θ₂ᵀ) @ θ₃ᵀ)
    Y[i,j] = ψ(sum(a, θ₃[j,a]*φ(sum(b, θ₂[a,b]*φ(sum(c, θ₁[b,c]*X[i,c]))))))
    J = Σᵢ Σⱼ (Y[i,j] - T[i,j])**2
    ∂J/∂Y = 2*(Y - T)
    ∂J/∂P₃ = ∂J/∂Y·∂Y/∂P₃ = ∂J/∂Y ⊙ ψ'(P₃)
    ∂J/∂θ₃ = ∂J/∂P₃·∂P₃/∂θ₃ = (∂J/∂P₃)ᵀ @ A₂
    ∂J/∂A₂ = ∂J/∂P₃·∂P₃/∂A₂ = ∂J/∂P₃ @ θ₃
    ∂J/∂P₂ = ∂J/∂A₂·∂A₂/∂P₂ = ∂J/∂A₂ ⊙ φ'(P₂)
    ∂J/∂θ₂ = ∂J/∂P₂·∂P₂/∂θ₂ = (∂J/∂P₂)ᵀ @ A₁
    ∂J/∂A₁ = ∂J/∂P₂·∂P₂/∂A₁ = ∂J/∂P₂ @ θ₂
    ∂J/∂P₁ = ∂J/∂A₁·∂A₁/∂P₁ = ∂J/∂A₁ ⊙ φ'(P₁)
    ∂J/∂θ₁ = ∂J/∂P₁·∂P₁/∂θ₁ = (∂J/∂P₁)ᵀ @ X
""")
perceptron.note("Ours: the derivatives in the data, and the gradients written out.")
perceptron.claims("""
    ∂J/∂X = ∂J/∂P₁·∂P₁/∂X = ∂J/∂P₁ @ θ₁
    ∂J/∂T = -2*(Y - T)
    ∂J/∂θ₃ = 2*((Y - T) ⊙ ψ'(P₃))ᵀ @ A₂
    ∂J/∂θ₂ = 2*((((Y - T) ⊙ ψ'(P₃)) @ θ₃) ⊙ φ'(P₂))ᵀ @ A₁
    ∂J/∂θ₁ = 2*((((((Y - T) ⊙ ψ'(P₃)) @ θ₃) ⊙ φ'(P₂)) @ θ₂) ⊙ φ'(P₁))ᵀ @ X
""")

line = Derivation("straight-line", title=LECTURES[5]["title"], source="seed 000", lecture="A5")
line.declare("k: scalar; b: scalar; x: N; t: N")
line.define("y", "k*x + b")
line.define("J", "sumall((y - t)**2)")
line.note("The model of one dimension, y = kx + b; t holds the wanted values.")
line.claims("""
    yᵢ = k·xᵢ + b
    J = Σᵢ (yᵢ - tᵢ)**2
    ∂J/∂y = 2*(y - t)
    ∂y/∂k = x
    ∂y/∂b = ones(N)
    ∂J/∂k = ∂J/∂y·∂y/∂k = 2*(y - t) @ x = 2·Σᵢ (yᵢ - tᵢ)·xᵢ
    ∂J/∂b = ∂J/∂y·∂y/∂b = 2*sumall(y - t) = 2·Σᵢ (yᵢ - tᵢ)
""")
line.note("Ours: the derivatives in the data.")
line.claims("""
    ∂J/∂x = ∂J/∂y·∂y/∂x = 2*k*(y - t)
    ∂J/∂t = -2*(y - t)
""")

# -- A6 ------------------------------------------------------------------------------------------

block_rule = Derivation("block-rule", title=LECTURES[6]["title"], source="seed 000", lecture="A6")
block_rule.declare("ξ: n")
block_rule.function("f: n -> m; ell: m -> scalar; g: elementwise; r: n -> scalar")
block_rule.define("z", "f(ξ)")
block_rule.define("L", "ell(z)")
block_rule.note("Any block z = f(ξ), any loss L after it: ∂L/∂ξ = (known) ∂L/∂z · ∂z/∂ξ.")
block_rule.claims("""
    ∂L/∂z = D(ell)(z)
    ∂z/∂ξ = D(f)(ξ)
    ∂L/∂ξ = ∂L/∂z·∂z/∂ξ = ∂L/∂z @ D(f)(ξ)
    ∂L/∂ξᵢ = Σₖ ∂L/∂zₖ·∂zₖ/∂ξᵢ
""")
block_rule.note(
    "A block that acts entry by entry: its Jacobian is diagonal, the product is taken entry by entry."
)
block_rule.claims("""
    d(g(ξ))/dξ = diag(g'(ξ))
    d(r(g(ξ)))/dξ = D(r)(g(ξ)) ⊙ g'(ξ)
""")
block_rule.note("f = exp.")
block_rule.claims("""
    d(exp(ξ))/dξ = diag(exp(ξ))
    d(r(exp(ξ)))/dξ = D(r)(exp(ξ)) ⊙ exp(ξ)
""")
block_rule.note("f = ReLU: 0 for ξ < 0, 1 for ξ ≥ 0. Proved off ξ = 0, where there is no derivative.")
block_rule.declare("t: scalar; v: scalar; s: scalar")
block_rule.claims("""
    d(exp(t))/dt = exp(t)
    d(relu(t))/dt = where(t < 0, 0, 1) = where(t >= 0, 1, 0)
    d(relu(ξ))/dξ = diag(where(ξ < 0, 0, 1))
    d(r(relu(ξ)))/dξ = D(r)(relu(ξ)) ⊙ where(ξ < 0, 0, 1)
""")
block_rule.note(
    "At ξ = 0: from the left 0, from the right 1, so there is no derivative. The notes choose 1, an element of "
    "the subdifferential [0, 1]: relu(v) ≥ s·v for every v, where s is a slope from 0 to 1. The choice is "
    "allowed; it is no derivative."
)
block_rule.claims("""
    lim(t → 0-, d(relu(t))/dt) = 0
    lim(t → 0+, d(relu(t))/dt) = 1
""")
block_rule.claim(
    "lim(t → 0, (relu(t) - relu(0))/t) = 1", expect="refuted", note="ours: 1 taken for the derivative at 0"
)
block_rule.claim("relu(v) >= 1·v", note="the 1 of the notes is a subgradient")
block_rule.claim(
    "relu(v) >= s·v", assume=["0 <= s <= 1"], note="the subdifferential of ReLU at 0 contains [0, 1]"
)
block_rule.claim("relu(v) >= s·v", expect="refuted", note="ours: and no other slope")
block_rule.output = "L"
