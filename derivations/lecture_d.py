"""Lecture D: classifiers, activations, sweeps through a graph, differentials and traces (deep learning)."""

from symcheck import Derivation

LECTURES = [
    {
        "name": "logistic-regression",
        "title": "Logistic regression with labels ±1",
        "lecture": "D1",
        "claims": 33,
        "slips": 6,
    },
    {
        "name": "multinomial-logistic-regression",
        "title": "Multinomial logistic regression with one-hot labels",
        "lecture": "D2",
        "claims": 32,
        "slips": 5,
    },
    {
        "name": "kl-divergence",
        "title": "The Kullback–Leibler divergence and the log loss",
        "lecture": "D3",
        "claims": 16,
        "slips": 3,
    },
    {
        "name": "activations",
        "title": "Activations: derivatives, bounds, limits, kinks",
        "lecture": "D4",
        "claims": 47,
        "slips": 4,
    },
    {
        "name": "layered-perceptron",
        "title": "The perceptron in layers, backwards",
        "lecture": "D4b",
        "claims": 27,
        "slips": 0,
    },
    {
        "name": "universal-approximation",
        "title": "Universal approximation by steps",
        "lecture": "D5",
        "claims": 15,
        "slips": 3,
    },
    {
        "name": "product-sine-graph",
        "title": "Forward and backward sweep of f = (x₁x₂ sin x₃ + exp(x₁x₂))/x₃",
        "lecture": "D6",
        "claims": 66,
        "slips": 1,
    },
    {
        "name": "binary-cross-entropy",
        "title": "Binary cross-entropy over a batch, by rows and by columns",
        "lecture": "D7",
        "claims": 36,
        "slips": 3,
    },
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

TITLES = {entry["name"]: entry["title"] for entry in LECTURES}

# -- D1 ------------------------------------------------------------------------------------------

logistic = Derivation(
    "logistic-regression", title=TITLES["logistic-regression"], source="seed 003", lecture="D1"
)
logistic.declare("X: N d; y: N; w: d; x: d; c: scalar")
logistic.define("m", "y ⊙ (X @ w)")
logistic.define("pr", "sigmoid(m)")
logistic.define("P", "Πᵢ prᵢ")
logistic.define("L", "-log(P)")
logistic.note(
    "One sample x with its label c: p(y = 1|x,w) = 1/(1 + exp(−wᵀx)), p(y = −1|x,w) = 1 − p(y = 1|x,w)."
)
logistic.claims("""
    1/(1 + exp(-(wᵀ·x))) = sigmoid(wᵀ·x)
    1/(1 + exp(-1·(wᵀ·x))) + 1/(1 + exp(-(-1)·(wᵀ·x))) = 1
""")
both = "where(c == 1, sigmoid(wᵀ·x), 1 - sigmoid(wᵀ·x)) = 1/(1 + exp(-c·(wᵀ·x)))"
logistic.claim(both, assume=["c signs"], note="both classes in one formula")
logistic.claim(both, expect="refuted", note="not for other numbers than −1 and +1")
logistic.note("The prediction is y(x) = sign wᵀx: the class whose probability is greater.")
logistic.claims("""
    sign(wᵀ·x) = sign(sigmoid(wᵀ·x) - sigmoid(-(wᵀ·x)))
    [sigmoid(wᵀ·x) > 1/2] = [wᵀ·x > 0]
""")
logistic.claim("[sigmoid(wᵀ·x) > 1/2] = [wᵀ·x >= 0]", expect="refuted", note="ours: not where wᵀx = 0")
logistic.note("All samples: the rows of X and the labels yᵢ; prᵢ = p(yᵢ|xᵢ,w), and P is to be made large.")
logistic.claims("""
    mᵢ = yᵢ·Σⱼ wⱼ·Xᵢⱼ
    prᵢ = 1/(1 + exp(-yᵢ·Σⱼ wⱼ·Xᵢⱼ))
    P = Πᵢ prᵢ = Πᵢ 1/(1 + exp(-yᵢ·Σⱼ wⱼ·Xᵢⱼ))
    -log(P) = -Σᵢ log(prᵢ) = Σᵢ log(1 + exp(-yᵢ·Σⱼ wⱼ·Xᵢⱼ))
""")
logistic.note("Ours: the gradient, block by block.")
logistic.claims("""
    ∂L/∂P = -1/P
    ∂P/∂pr = P/pr
    ∂L/∂pr = ∂L/∂P·∂P/∂pr = -1/pr
    ∂pr/∂m = diag(pr ⊙ (1 - pr))
    ∂L/∂m = ∂L/∂pr·∂pr/∂m = pr - 1 = -sigmoid(-m)
    ∂m/∂w = diag(y) @ X
    ∂L/∂w = ∂L/∂m·∂m/∂w = -Xᵀ @ (y ⊙ sigmoid(-m))
    ∂L/∂wⱼ = -Σᵢ yᵢ·sigmoid(-yᵢ·(X @ w)[i])·Xᵢⱼ
""")
logistic.claim("∂L/∂wⱼ = Σᵢ yᵢ·sigmoid(-mᵢ)·Xᵢⱼ", expect="refuted", note="ours: the sign")
logistic.claim("∂L/∂wⱼ = -Σᵢ yᵢ·sigmoid(mᵢ)·Xᵢⱼ", expect="refuted", note="ours: σ at the margin itself")
logistic.note("Ours: the derivatives in the data.")
logistic.claims("""
    ∂L/∂X = -(y ⊙ sigmoid(-m)) ⊗ w
    ∂L/∂y = -sigmoid(-m) ⊙ (X @ w)
""")
logistic.note("Ours: with labels 0 and 1, (1 + yᵢ)/2, this is the cross-entropy, and its gradient.")
entropy = "L = -Σᵢ ((1 + yᵢ)/2·log(sigmoid((X @ w)[i])) + (1 - yᵢ)/2·log(1 - sigmoid((X @ w)[i])))"
residual = "∂L/∂w = Xᵀ @ (sigmoid(X @ w) - (1 + y)/2)"
logistic.claim(entropy, assume=["y signs"])
logistic.claim(entropy, expect="refuted", note="of labels ±1 only")
logistic.claim(residual, assume=["y signs"])
logistic.claim(residual, expect="refuted", note="of labels ±1 only")

# -- D2 ------------------------------------------------------------------------------------------

multinomial = Derivation(
    "multinomial-logistic-regression",
    title=TITLES["multinomial-logistic-regression"],
    source="seed 003",
    lecture="D2",
)
multinomial.declare("W: K d; x: d; y: K; X: N d; Y: N K")
multinomial.define("z", "W @ x")
multinomial.define("p", "softmax(z)")
multinomial.define("ell", "-Σₖ yₖ·zₖ + log(Σⱼ exp(zⱼ))")
multinomial.note(
    "A label y is one-hot: yₖ = [y = k], so that Σₖ yₖ·zₖ is the entry z_y, and Σₖ yₖ·Wₖⱼ the row w_y."
)
multinomial.claims("""
    zₖ = Σⱼ Wₖⱼ·xⱼ
    pₖ = exp(Σⱼ Wₖⱼ·xⱼ)/(Σₗ exp(Σⱼ Wₗⱼ·xⱼ))
    Σₖ pₖ = 1
    Σₖ yₖ·zₖ = (yᵀ @ W) @ x
""")
multinomial.note(
    "The prediction is y(x) = argmaxₖ wₖᵀx: of two classes the one with the greater wₖᵀx is likelier."
)
multinomial.claims("""
    [p[k] > p[l]] = [z[k] > z[l]] = [W[k, :] @ x > W[l, :] @ x]
""")
multinomial.note(
    "The loss on logits and the loss on probabilities, −Σⱼ [y = j] log pⱼ, are equal for p = softmax(z)."
)
for text in ("ell = -Σⱼ yⱼ·log(pⱼ)", "∂ell/∂z = d(-Σⱼ yⱼ·log(softmax(z)[j]))/dz"):
    multinomial.claim(text, assume=["y one-hot"])
    multinomial.claim(text, assume=["sum(y) == 1"], note="labels may be soft")
    multinomial.claim(text, expect="refuted", note="y is no distribution")
multinomial.claim("ell = -log(Σₖ yₖ·pₖ)", assume=["y one-hot"], note="−log p(y|x,W)")
multinomial.claim(
    "ell = -log(Σₖ yₖ·pₖ)", assume=["sum(y) == 1"], expect="refuted", note="of hard labels only"
)
multinomial.note("Ours: the gradient.")
multinomial.claims("""
    ∂ell/∂z = p - y
    ∂ell/∂W = ∂ell/∂z·∂z/∂W = (p - y) ⊗ x
    ∂ell/∂x = ∂ell/∂z·∂z/∂x = Wᵀ @ (p - y)
""")
multinomial.claim("d(-Σⱼ yⱼ·log(softmax(z)[j]))/dz = p - y", assume=["y one-hot"])
multinomial.claim("d(-Σⱼ yⱼ·log(softmax(z)[j]))/dz = p - y", expect="refuted", note="y is no distribution")
multinomial.note("All samples, one a row of X, its label the same row of Y.")
multinomial.define("Z", "X @ Wᵀ")
multinomial.define("R", "softmax(Z)")
multinomial.define("L", "Σᵢ (-Σₖ Y[i,k]·Z[i,k] + log(Σⱼ exp(Z[i,j])))")
multinomial.claims("""
    R[i,k] = exp(Σⱼ W[k,j]·X[i,j])/(Σₗ exp(Σⱼ W[l,j]·X[i,j]))
    L = Σᵢ (-Σⱼ (Y @ W)[i,j]·X[i,j] + log(Σₖ exp(Σⱼ W[k,j]·X[i,j])))
""")
likelihood = "-log(Πᵢ Σₖ Y[i,k]·R[i,k]) = L"
multinomial.claim(likelihood, assume=["Y one-hot"], note="−log p, the samples independent")
multinomial.claim(likelihood, assume=["Y on simplex"], expect="refuted", note="soft labels")
multinomial.note("Ours: the gradient.")
multinomial.claims("""
    ∂L/∂Z = R - Y
    ∂L/∂W = ∂L/∂Z·∂Z/∂W = (R - Y)ᵀ @ X
    ∂L/∂W[k,j] = Σᵢ (R[i,k] - Y[i,k])·X[i,j]
    ∂L/∂X = ∂L/∂Z·∂Z/∂X = (R - Y) @ W
    ∂L/∂Y = -Z
""")
multinomial.output = "L"

# -- D3 ------------------------------------------------------------------------------------------

divergence = Derivation("kl-divergence", title=TITLES["kl-divergence"], source="seed 003", lecture="D3")
divergence.declare("r: K; q: K; z: K")
divergence.define("KL", "Σⱼ xlogy(rⱼ, rⱼ/qⱼ)")
divergence.note(
    "r and q are distributions over K values; the integrals of the notes are sums. Convention: 0·log 0 = 0, "
    "written xlogy(x, y) = x·log y, which is 0 where x is 0, and xlogx(x) = xlogy(x, x)."
)
distributions = ["r on simplex", "q on simplex"]
divergence.claim("KL = Σⱼ xlogx(rⱼ) - Σⱼ xlogy(rⱼ, qⱼ)", assume=distributions)
divergence.claim(
    "KL = Σⱼ rⱼ·log(rⱼ/qⱼ) = Σⱼ rⱼ·log(rⱼ) - Σⱼ rⱼ·log(qⱼ)",
    assume=distributions,
    note="the same where no rⱼ is 0",
)
divergence.note("r one-hot, rⱼ = [y = j]: the first term is 0, what is left is the log loss.")
for text in ("Σⱼ xlogx(rⱼ) = 0", "KL = -Σⱼ rⱼ·log(qⱼ)"):
    divergence.claim(text, assume=["r one-hot", "q on simplex"])
    divergence.claim(text, assume=distributions, expect="refuted", note="r is no label")
divergence.note("q = p(y|x,w) = softmax(z) of logits z, here called p, and the divergence from it D.")
divergence.define("p", "softmax(z)")
divergence.define("D", "Σⱼ xlogy(rⱼ, rⱼ/pⱼ)")
divergence.claim("D = -Σⱼ rⱼ·log(pⱼ)", assume=["r one-hot"], note="−Σⱼ [y = j] log p(y = j|x,w)")
divergence.claim("D = -Σⱼ rⱼ·zⱼ + log(Σⱼ exp(zⱼ))", assume=["r one-hot"], note="the loss on logits")
divergence.note("Ours: the gradient in the logits, for a label and for any r on the simplex.")
divergence.claim("∂D/∂z = p - r", assume=["r one-hot"])
divergence.claim("∂D/∂z = p - r", assume=["r on simplex"])
divergence.claim("∂D/∂z = p - r", assume=["r > 0"], expect="refuted", note="r is no distribution")
divergence.claim("∂D/∂p = -r/p", assume=["r on simplex"])
divergence.claim("∂D/∂z = ∂D/∂p·∂p/∂z = sumall(r)·p - r", assume=["r > 0"], note="whatever r sums to")
divergence.claim("∂D/∂r = log(r/p) + 1", assume=["r > 0"], note="at 0 there is no derivative")
divergence.output = "D"

# -- D4 ------------------------------------------------------------------------------------------

activations = Derivation("activations", title=TITLES["activations"], source="seed 003", lecture="D4")
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

# -- D4b -----------------------------------------------------------------------------------------

layers = Derivation(
    "layered-perceptron", title=TITLES["layered-perceptron"], source="seed 003", lecture="D4b"
)
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

# -- D5 ------------------------------------------------------------------------------------------

universal = Derivation(
    "universal-approximation", title=TITLES["universal-approximation"], source="seed 003", lecture="D5"
)
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
    note="in the notes: the closed interval, 0 against 1 at x = aᵢ",
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

# -- D6 ------------------------------------------------------------------------------------------

graph = Derivation(
    "product-sine-graph", title=TITLES["product-sine-graph"], source="seed 003", lecture="D6", sweeps=True
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

# -- D7 ------------------------------------------------------------------------------------------

cross_entropy = Derivation(
    "binary-cross-entropy", title=TITLES["binary-cross-entropy"], source="seed 003", lecture="D7"
)
cross_entropy.declare("X: N d; w: d; β: scalar; y: N; λ: scalar")
cross_entropy.define("z₁", "X @ w")
cross_entropy.define("z₂", "z₁ + β·ones(N)")
cross_entropy.define("z₃", "sigmoid(z₂)")
cross_entropy.define("Q", "1/N·Σᵢ (yᵢ·log(z₃[i]) + (1 - yᵢ)·log(1 - z₃[i]))")
cross_entropy.define("F", "-Q + λ/2·|w|**2")
cross_entropy.note("ŷ = z₃. Q is a log-likelihood, to be made large.")
cross_entropy.claims("""
    z₁[i] = Σⱼ X[i,j]·wⱼ
    z₂[i] = z₁[i] + β
    z₃ = sigmoid(X @ w + β·ones(N))
    Q = 1/N·(y @ log(z₃) + (1 - y) @ log(1 - z₃))
""")
cross_entropy.note("Row layout: ∂Q/∂z₂ = ∂Q/∂z₃ ∂z₃/∂z₂, 1×N times N×N.")
cross_entropy.claims(
    """
    ∂Q/∂z₂ = ∂Q/∂z₃·∂z₃/∂z₂ = ∂Q/∂z₃ @ ∂z₃/∂z₂
    ∂z₃[i]/∂z₂[j] = [i = j]·sigmoid(z₂[i])·(1 - sigmoid(z₂[i]))
    (1 - [i = j])·∂z₃[i]/∂z₂[j] = 0
    ∂z₃[i]/∂z₂[i] = sigmoid(z₂[i])·(1 - sigmoid(z₂[i]))
    ∂z₃/∂z₂ = diag(z₃ ⊙ (1 - z₃))
    ∂Q/∂z₁ = ∂Q/∂z₂·∂z₂/∂z₁ = ∂Q/∂z₂
    ∂Q/∂β = ∂Q/∂z₂·∂z₂/∂β = ∂Q/∂z₂·ones(N)
    ∂Q/∂w = ∂Q/∂z₁·∂z₁/∂w = ∂Q/∂z₁ @ X
""",
    convention="numerator",
)
cross_entropy.note("Gradient layout: ∂Q/∂w has the shape of w.")
cross_entropy.claims("""
    ∂Q/∂w = Xᵀ @ ∂Q/∂z₁
""")
cross_entropy.note("Ours: the blocks, and the result.")
cross_entropy.claims("""
    ∂Q/∂z₃ = (y/z₃ - (1 - y)/(1 - z₃))/N
    ∂Q/∂z₂ = ∂Q/∂z₃ ⊙ z₃ ⊙ (1 - z₃) = (y - z₃)/N
    ∂z₂/∂z₁ = eye(N)
    ∂z₂/∂β = ones(N)
    ∂z₁/∂w = X
    ∂Q/∂β = sumall(y - z₃)/N
    ∂Q/∂w = Xᵀ @ (y - z₃)/N
    ∂Q/∂wⱼ = 1/N·Σᵢ (yᵢ - z₃[i])·X[i,j]
    ∂Q/∂X = (y - z₃)/N ⊗ w
    ∂Q/∂y = z₂/N
""")
cross_entropy.claim("∂Q/∂z₂ = y - z₃", expect="refuted", note="ours: 1/N left out")
cross_entropy.claim(
    "∂Q/∂z₂ = (z₃ - y)/N", expect="refuted", note="ours: the sign of the loss, Q is a likelihood"
)
cross_entropy.note("Ours: the loss with a regulariser, −Q + (λ/2)|w|², to be made small.")
cross_entropy.claims("""
    ∂F/∂w = Xᵀ @ (z₃ - y)/N + λ*w
    ∂F/∂β = sumall(z₃ - y)/N
    ∂F/∂λ = |w|**2/2
    ∂F/∂X = (z₃ - y)/N ⊗ w
    ∂F/∂y = -z₂/N
""")
cross_entropy.claim("∂F/∂w = Xᵀ @ (z₃ - y)/N + 2·λ*w", expect="refuted", note="ours: the ½ forgotten")
cross_entropy.output = "F"

# -- D8 ------------------------------------------------------------------------------------------

traces = Derivation(
    "affine-layer-traces", title=TITLES["affine-layer-traces"], source="seed 003", lecture="D8", steps=True
)
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
    "log-softmax-differentials",
    title=TITLES["log-softmax-differentials"],
    source="seed 003",
    lecture="D9",
    steps=True,
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
