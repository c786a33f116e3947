"""Lecture E: the rules of calculus, and Jacobians by indices."""

from symcheck import Derivation

LECTURES = [
    {"name": "calculus-rules", "title": "The rules of calculus", "lecture": "E1", "claims": 0, "slips": 0},
    {"name": "tanh-jacobian", "title": "The Jacobian of tanh", "lecture": "E3", "claims": 0, "slips": 0},
    {
        "name": "softmax-jacobian",
        "title": "The Jacobian of softmax",
        "lecture": "E4",
        "claims": 0,
        "slips": 0,
    },
]

# -- E1 ------------------------------------------------------------------------------------------

rules = Derivation("calculus-rules", title=LECTURES[0]["title"], source="seed 004", lecture="E1")
rules.declare("x: scalar; y: scalar; a: scalar; v: n")
rules.function("f: elementwise; g: elementwise; g1: elementwise; g2: elementwise")
rules.function("F: (scalar, scalar) -> scalar; G: n -> scalar")
rules.function("f1: elementwise; f2: elementwise; f3: elementwise; f4: elementwise")
rules.note("For undefined differentiable f, g.")
rules.claims("""
    d(f(x) + g(x))/dx = f'(x) + g'(x)
    d(a*f(x))/dx = a*f'(x)
    d(f(x)*g(x))/dx = f'(x)*g(x) + f(x)*g'(x)
    d(f(x)/g(x))/dx = (f'(x)*g(x) - g'(x)*f(x))/g(x)**2
    d(f(g(x)))/dx = f'(g(x))*g'(x)
    d(F(g1(x), g2(x)))/dx = D(F,1)(g1(x), g2(x))*g1'(x) + D(F,2)(g1(x), g2(x))*g2'(x)
    d(F(x, y))/dx = D(F,1)(x, y)
    d(G(v))/dv[i] = D(G)(v)[i]
    d(G(v))/dv = D(G)(v)
""")
rules.note("The chain of n functions, here for n = 2, 3, 4: each derivative at its own argument.")
rules.claims("""
    d(f1(f2(x)))/dx = f1'(f2(x))*f2'(x)
    d(f1(f2(f3(x))))/dx = f1'(f2(f3(x)))*f2'(f3(x))*f3'(x)
    d(f1(f2(f3(f4(x)))))/dx = f1'(f2(f3(f4(x))))*f2'(f3(f4(x)))*f3'(f4(x))*f4'(x)
""")
for text in (
    "d(f1(f2(x)))/dx = f1'(x)*f2'(x)",
    "d(f1(f2(f3(x))))/dx = f1'(x)*f2'(x)*f3'(x)",
    "d(f1(f2(f3(f4(x)))))/dx = f1'(x)*f2'(x)*f3'(x)*f4'(x)",
):
    rules.claim(text, expect="refuted", note="as read: all derivatives taken at x")

# -- E3 ------------------------------------------------------------------------------------------

tanh = Derivation("tanh-jacobian", title=LECTURES[1]["title"], source="seed 004", lecture="E3")
tanh.declare("x: n; t: scalar")
tanh.define("A", "tanh(x)")
tanh.claims("""
    tanh(t) = (exp(t) - exp(-t))/(exp(t) + exp(-t))
    d(tanh(t))/dt = sech(t)**2 = 1/cosh(t)**2
    A[i] = tanh(x[i])
    ∂A[j]/∂x[i] = delta(i,j)/cosh(x[i])**2
    ∂A/∂x = diag(1/cosh(x)**2) = diag(1 - A**2)
""")
tanh.claim(
    "∂A/∂x = 1/cosh(x)**2",
    expect="refuted",
    note="wrong in the notes: a vector where the matrix is meant",
)

# -- E4 ------------------------------------------------------------------------------------------

softmax = Derivation("softmax-jacobian", title=LECTURES[2]["title"], source="seed 004", lecture="E4")
softmax.declare("x: n")
softmax.define("S", "exp(x)/sum(m, exp(x[m]))")
softmax.claims("""
    S[j] = exp(x[j])/sum(m, exp(x[m]))
    S = softmax(x)
    ∂S[j]/∂x[i] = (delta(i,j)*exp(x[j])*sum(m, exp(x[m])) - exp(x[j])*exp(x[i]))/sum(m, exp(x[m]))**2 = delta(i,j)*S[i] - S[i]*S[j]
    delta(i,j)*exp(x[i]) = delta(i,j)*exp(x[j])
    ∂S/∂x = diag(S) - outer(S, S)
    sum(j, S[j]) = 1
""")
