"""Lecture B: the same algorithm with caching, and chains of a loss."""

from symcheck import Derivation

LECTURES = [
    {
        "name": "squared-product-second-run",
        "title": "The squared product, second run, with two slips",
        "lecture": "B1",
        "claims": 0,
        "slips": 0,
    },
    {
        "name": "loss-chain",
        "title": "The chain of a quadratic loss",
        "lecture": "B2",
        "claims": 0,
        "slips": 0,
    },
    {
        "name": "model-with-activation",
        "title": "A model with an activation",
        "lecture": "B4",
        "claims": 0,
        "slips": 0,
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
    f = ((a + c)*(b - d))**2
    e = a + c = 18
    g = b - d = -5
    h = e*g = -90
    f = h**2 = 8100
    ∂e/∂a = 1
    ∂h/∂e = g = -5
    ∂h/∂g = e = 18
    ∂f/∂a = ∂f/∂h·∂h/∂e·∂e/∂a + ∂f/∂h·∂h/∂g·∂g/∂a
""")
second_run.claim("∂f/∂h = 16200", expect="refuted", note="as written: 2f for 2h")
second_run.claim(
    "∂f/∂a = 16200·(-5)·1 = -81000",
    expect="refuted",
    note="as written: the product is right, given the wrong factor",
)
second_run.claims("""
    ∂f/∂h = 2h = -180
    ∂f/∂a = -180·(-5)·1 = 900
    ∂f/∂b = -3240
    ∂f/∂c = 900
    ∂f/∂d = 3240
""")
second_run.note(
    "Given the graph of a complex function, the graph of its gradient in any variable is easy to build."
)
second_run.note("Caching intermediate results is useful.")
second_run.note("Besides ∂f/∂xᵢ it is useful to compute f(a, b, c, d, …) itself.")

# -- B2 ------------------------------------------------------------------------------------------

loss_chain = Derivation("loss-chain", title=LECTURES[1]["title"], source="seed 001", lecture="B2")
loss_chain.declare("theta: scalar; x: N; y: N")
loss_chain.define("mu", "theta*x")
loss_chain.define("d", "mu - y")
loss_chain.define("S", "sumall(d**2)")
loss_chain.define("L", "S/N")
loss_chain.claims("""
    ∂L/∂S = 1/N
    ∂S/∂d = 2*d
    ∂d/∂mu = eye(N)
    ∂mu/∂theta = x
    ∂L/∂theta = ∂L/∂S·∂S/∂d·∂d/∂mu·∂mu/∂theta = 1/N*2*d @ x
    ∂L/∂theta = sum(i, 1/N*2*d[i]*1*x[i])
    ∂L/∂mu = ∂L/∂S·∂S/∂d·∂d/∂mu = 2/N*(mu - y)
    ∂L/∂x = ∂L/∂mu·∂mu/∂x = 2/N*theta*d
    ∂L/∂y = -2/N*d
""")

# -- B4 ------------------------------------------------------------------------------------------

with_activation = Derivation(
    "model-with-activation", title=LECTURES[2]["title"], source="seed 001", lecture="B4"
)
with_activation.declare("theta: scalar; x: N; y: N")
with_activation.function("psi: elementwise")
with_activation.define("p", "theta*x")
with_activation.define("mu", "psi(p)")
with_activation.define("d", "y - mu")
with_activation.define("dz", "d**2")
with_activation.define("s", "sumall(dz)")
with_activation.define("f", "s/N")
with_activation.note("Here d is y − μ, so ∂d/∂μ = −1; in the loss chain before it is μ − y and +1.")
with_activation.claims("""
    ∂f/∂s = 1/N
    ∂s/∂dz = ones(N)
    ∂dz/∂d = diag(2*d)
    ∂d/∂mu = -eye(N)
    ∂mu/∂p = diag(psi'(p))
    ∂p/∂theta = x
    ∂f/∂theta = ∂f/∂s·∂s/∂dz·∂dz/∂d·∂d/∂mu·∂mu/∂p·∂p/∂theta = -2/N*(d ⊙ psi'(p)) @ x
    ∂f/∂p = -2/N*d ⊙ psi'(p)
    ∂f/∂x = ∂f/∂p·∂p/∂x = -2/N*theta*d ⊙ psi'(p)
    ∂f/∂y = 2/N*d
""")
with_activation.claim("∂d/∂mu = eye(N)", expect="refuted", note="ours: the sign of the loss chain, mixed up")
