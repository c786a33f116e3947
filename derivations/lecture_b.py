"""Lecture B: the same algorithm with caching, chains of a loss, and layers as code."""

from symcheck import Derivation
from symcheck.layers.names import np

LECTURES = [
    {
        "name": "squared-product-second-run",
        "title": "The squared product, second run, with two slips",
        "lecture": "B1",
        "claims": 45,
        "slips": 3,
    },
    {
        "name": "loss-chain",
        "title": "The chain of a quadratic loss",
        "lecture": "B2",
        "claims": 24,
        "slips": 1,
    },
    {
        "name": "layers-as-code",
        "title": "Layers as code, with a cache",
        "lecture": "B3",
        "claims": 17,
        "slips": 6,
    },
    {
        "name": "model-with-activation",
        "title": "A model with an activation",
        "lecture": "B4",
        "claims": 23,
        "slips": 1,
    },
]

# -- B1 ------------------------------------------------------------------------------------------

second_run = Derivation(
    "squared-product-second-run", title=LECTURES[0]["title"], source="seed 001", lecture="B1"
)
a, b, c, d = second_run.scalars("a b c d")
e = second_run.define("e", a + c)
g = second_run.define("g", b - d)
h = second_run.define("h", e * g)
f = second_run.define("f", h**2)
second_run.at(a=23, b=2, c=-5, d=7)
second_run.claims("""
    f = ((a + c)·(b - d))**2
    e = a + c = 18
    g = b - d = -5
    h = e·g = -90
    f = h**2 = 8100
    ∂e/∂a = 1
    ∂h/∂e = g = -5
    ∂h/∂g = e = 18
    ∂f/∂a = ∂f/∂h·∂h/∂e·∂e/∂a + ∂f/∂h·∂h/∂g·∂g/∂a
""")
second_run.note("As written in the notes, with 2f for 2h, and the slip carried forward.")
second_run.claim("∂f/∂h = 16200", expect="refuted", note="in the notes: 2f for 2h")
second_run.claim(
    "∂f/∂a = 16200·(-5)·1 = -81000", expect="refuted", note="in the notes: right, given the wrong factor"
)
second_run.note("As it should read.")
second_run.claims("""
    ∂f/∂h = 2h = -180
    ∂f/∂a = -180·(-5)·1 = 900
""")
second_run.note("Ours: the other local derivatives, and the other three inputs.")
second_run.claims("""
    ∂g/∂a = 0
    ∂g/∂b = 1
    ∂e/∂c = 1
    ∂g/∂d = -1
    ∂f/∂e = ∂f/∂h·∂h/∂e = 2h·g = 900
    ∂f/∂g = ∂f/∂h·∂h/∂g = 2h·e = -3240
    ∂f/∂a = 2*(a + c)*(b - d)**2
    ∂f/∂b = ∂f/∂h·∂h/∂g·∂g/∂b = 2*(a + c)**2*(b - d) = -180·18·1 = -3240
    ∂f/∂c = ∂f/∂h·∂h/∂e·∂e/∂c = 2*(a + c)*(b - d)**2 = -180·(-5)·1 = 900
    ∂f/∂d = ∂f/∂h·∂h/∂g·∂g/∂d = -2*(a + c)**2*(b - d) = -180·18·(-1) = 3240
""")
second_run.note(
    "Given the graph of a complex function, the graph of its gradient in any variable is easy to build."
)
second_run.note("Caching intermediate results is useful.")
second_run.note("Besides ∂f/∂xᵢ it is useful to compute f(a, b, c, d, …) itself.")

# -- B2 ------------------------------------------------------------------------------------------

loss_chain = Derivation("loss-chain", title=LECTURES[1]["title"], source="seed 001", lecture="B2")
loss_chain.declare("θ: scalar; x: N; y: N")
loss_chain.define("μ", "θ*x")
loss_chain.define("d", "μ - y")
loss_chain.define("S", "sumall(d**2)")
loss_chain.define("L", "S/N")
loss_chain.note("Sample by sample: the entries of x, μ, d belong to the N samples.")
loss_chain.claims("""
    μᵢ = θ·xᵢ
    dᵢ = μᵢ - yᵢ
    S = Σᵢ dᵢ**2
    L = S/N
    ∂L/∂S = 1/N
    ∂S/∂d = 2*d
    ∂d/∂μ = eye(N)
    ∂μ/∂θ = x
    ∂L/∂θ = ∂L/∂S·∂S/∂d·∂d/∂μ·∂μ/∂θ = 1/N*2*d @ x = Σᵢ 1/N·2·dᵢ·1·xᵢ
""")
loss_chain.note("Ours: the derivatives in the data.")
loss_chain.claims("""
    ∂L/∂μ = ∂L/∂S·∂S/∂d·∂d/∂μ = 2/N*(μ - y)
    ∂L/∂x = ∂L/∂μ·∂μ/∂x = 2/N*θ*d
    ∂L/∂y = ∂L/∂d·∂d/∂y = -2/N*d
""")
loss_chain.claim("∂L/∂θ = Σᵢ 2·dᵢ·1·xᵢ", expect="refuted", note="ours: 1/N left out")
loss_chain.note("Ours: the batch by rows, 1×N times N×1, and as a gradient.")
loss_chain.claim("∂L/∂θ = ∂L/∂μ @ ∂μ/∂θ = ∂L/∂μ @ x", convention="numerator")
loss_chain.claim("∂L/∂θ = xᵀ @ ∂L/∂μ")
loss_chain.note("Ours: the regularised loss L + (λ/2)θ².")
loss_chain.declare("λ: scalar")
loss_chain.define("R", "L + λ/2·θ**2")
loss_chain.claims("""
    R = 1/N·Σᵢ (θ·xᵢ - yᵢ)**2 + λ/2·θ**2
    ∂R/∂θ = Σᵢ 1/N·2·dᵢ·xᵢ + λ·θ
    ∂R/∂λ = θ**2/2
""")
loss_chain.output = "L"

# -- B3 ------------------------------------------------------------------------------------------


class square:
    """The notes' first class."""

    def forward(self, x):
        self.cache = x
        return x**2

    def backward(self):
        return 2 * self.cache


class prod:
    """The notes' second class."""

    def forward(self, x1, x2):
        self.cache = (x2, x1)
        return x1 * x2

    def backward(self):
        return self.cache


class Affine:
    """Z = XW + b for a batch of N rows."""

    shapes = "X: N n; W: n m; b: m"

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, X):
        self.cache = X
        return X @ self.W + self.b

    def backward(self, upstream):
        self.dW = self.cache.T @ upstream
        self.db = upstream.sum(axis=0)
        return upstream @ self.W.T


class Relu:
    """max(0, X), entry by entry."""

    shapes = "X: N n"

    def forward(self, X):
        self.cache = X
        return np.maximum(0, X)

    def backward(self, upstream):
        return upstream * (self.cache > 0)


class Sigmoid:
    """1/(1 + exp(-X)), entry by entry; the cache is the output."""

    shapes = "X: N n"

    def forward(self, X):
        self.cache = 1 / (1 + np.exp(-X))
        return self.cache

    def backward(self, upstream):
        return upstream * self.cache * (1 - self.cache)


class Softmax:
    """The softmax of each row."""

    shapes = "X: N n"

    def forward(self, X):
        powers = np.exp(X)
        self.cache = powers / powers.sum(axis=1, keepdims=True)
        return self.cache

    def backward(self, upstream):
        S = self.cache
        return S * (upstream - (upstream * S).sum(axis=1, keepdims=True))


class MeanSquare:
    """mean((Z - Y)**2), the loss of a batch."""

    shapes = "Z: N m; Y: N m"

    def forward(self, Z, Y):
        self.cache = Z - Y
        return np.mean(self.cache**2)

    def backward(self):
        N, m = self.cache.shape
        return 2 * self.cache / (N * m), -2 * self.cache / (N * m)


class square_forgetting_2(square):
    """Ours, wrong: the factor 2 is missing."""

    def backward(self):
        return self.cache


class prod_in_order(prod):
    """Ours, wrong: the cache is not swapped."""

    def forward(self, x1, x2):
        self.cache = (x1, x2)
        return x1 * x2


class Softmax_of_entries(Softmax):
    """Ours, wrong: as if each entry depended on itself alone."""

    def backward(self, upstream):
        return upstream * self.cache


class MeanSquare_without_N(MeanSquare):
    """Ours, wrong: the mean is taken for a sum."""

    def backward(self):
        return 2 * self.cache, -2 * self.cache


as_code = Derivation("layers-as-code", title=LECTURES[2]["title"], source="seed 001", lecture="B3")
as_code.note("The two classes of the notes. Their backward takes no gradient from above: it is local.")
as_code.layer(square)
as_code.layer(prod)
as_code.note("Ours: layers for a batch of N rows; backward takes the gradient of the loss in the output.")
as_code.layer(Affine)
as_code.layer(Relu)
as_code.layer(Sigmoid)
as_code.layer(Softmax)
as_code.note("Ours: slips, each refuted.")
as_code.layer(square_forgetting_2, expect="refuted", note="ours: the factor 2 forgotten")
as_code.layer(prod_in_order, expect="refuted", note="ours: the cache not swapped")
as_code.layer(Softmax_of_entries, expect="refuted", note="ours: the sum over the row forgotten")
as_code.layer(MeanSquare_without_N, expect="refuted", note="ours: 1/(N·m) forgotten")
as_code.note("Ours: the loss at the end.")
as_code.layer(MeanSquare)

# -- B4 ------------------------------------------------------------------------------------------

with_activation = Derivation(
    "model-with-activation", title=LECTURES[3]["title"], source="seed 001", lecture="B4"
)
with_activation.declare("θ: scalar; x: N; y: N")
with_activation.function("ψ: elementwise")
with_activation.define("p", "θ*x")
with_activation.define("μ", "ψ(p)")
with_activation.define("d", "y - μ")
with_activation.define("dz", "d**2")
with_activation.define("s", "sumall(dz)")
with_activation.define("f", "s/N")
with_activation.note("Here d is y − μ, so ∂d/∂μ = −1; in the loss chain before it is μ − y and +1.")
with_activation.claims("""
    f = 1/N·Σᵢ (yᵢ - ψ(θ·xᵢ))**2
    ∂f/∂s = 1/N
    ∂s/∂dz = ones(N)
    ∂dz/∂d = diag(2*d)
    ∂d/∂μ = -eye(N)
    ∂μ/∂p = diag(ψ'(p))
    ∂p/∂θ = x
    ∂f/∂θ = ∂f/∂s·∂s/∂dz·∂dz/∂d·∂d/∂μ·∂μ/∂p·∂p/∂θ = -2/N*(d ⊙ ψ'(p)) @ x = -2/N·Σᵢ dᵢ·ψ'(pᵢ)·xᵢ
""")
with_activation.note("Ours: the steps on the way back, and the derivatives in the data.")
with_activation.claims("""
    ∂f/∂dz = ∂f/∂s·∂s/∂dz = ones(N)/N
    ∂f/∂d = ∂f/∂dz·∂dz/∂d = 2/N*d
    ∂f/∂μ = ∂f/∂d·∂d/∂μ = -2/N*d
    ∂f/∂p = ∂f/∂μ·∂μ/∂p = -2/N*d ⊙ ψ'(p)
    ∂f/∂x = ∂f/∂p·∂p/∂x = -2/N*θ*d ⊙ ψ'(p)
    ∂f/∂y = ∂f/∂d·∂d/∂y = 2/N*d
""")
with_activation.claim("∂d/∂μ = eye(N)", expect="refuted", note="ours: the sign of the loss chain, mixed up")
