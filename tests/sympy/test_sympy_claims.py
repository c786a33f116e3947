"""Right and wrong claims through SymPy's own differentiation."""

from __future__ import annotations

from fractions import Fraction

import pytest
from formulas import call, claim, d, differential, elementwise, name, op, total

from symcheck.language.claim import Claim, Kind
from symcheck.language.shape import shape_of
from symcheck.language.tensor import Function, Index, Number
from symcheck.sympy_oracle import OracleAnswer, compare, plans_for

x, y, w, b = name("x", "n"), name("y", "n"), name("w", "n"), name("b", "m")
A, X, S = name("A", "n", "n"), name("X", "m", "n"), name("S", "n", "n")
fixed, square = name("fixed", 3), name("square", 3, 3)
a, c, t = name("a"), name("c"), name("t")
half = Number((), Fraction(1, 2), "1/2")
quadratic = x @ A @ x
softmax = op("softmax", x)
residual = X @ w - b
i, j, k = Index("i", "n"), Index("j", "n"), Index("k", "n")
vector_map = Function("F", (shape_of("n"),), shape_of("m"))
of_two = Function("f", ((), ()), ())
of_matrix = Function("Q", (shape_of("m", "n"),), ())
sigma = elementwise("sigma")
inverse = op("inv", A)


ROWS: dict[str, tuple[Claim, str]] = {
    "quadratic form": (claim(d(quadratic, x), (A + A.T) @ x), "agrees"),
    "quadratic form, symmetry not assumed": (claim(d(quadratic, x), 2 * A @ x), "differs"),
    "quadratic form, symmetric": (
        claim(d(quadratic, x), 2 * A @ x, assume=[(Kind.SYMMETRIC, A)]),
        "agrees",
    ),
    "least squares": (claim(d(residual @ residual, w), 2 * X.T @ residual), "agrees"),
    "least squares, factor lost": (claim(d(residual @ residual, w), X.T @ residual), "differs"),
    "norm": (claim(d(op("norm2", residual), w), X.T @ residual / op("norm2", residual)), "agrees"),
    "log det": (claim(d(op("logdet", A), A), inverse.T), "agrees"),
    "log det, transpose lost": (claim(d(op("logdet", A), A), inverse), "differs"),
    "log det, symmetric": (claim(d(op("logdet", A), A), inverse, assume=[(Kind.SYMMETRIC, A)]), "agrees"),
    "det, even sizes only": (claim(d(op("det", A), A), op("det", -A) * inverse.T), "differs"),
    "trace of an inverse": (claim(d(op("tr", inverse), A), -(inverse @ inverse).T), "agrees"),
    "cube": (claim(d(op("tr", op("mpow", A, params=(3,))), A), 3 * op("mpow", A.T, params=(2,))), "agrees"),
    "softmax": (claim(d(softmax, x), op("diag", softmax) - op("outer", softmax, softmax)), "agrees"),
    "softmax, rank one lost": (claim(d(softmax, x), op("diag", softmax)), "differs"),
    "log sum exp": (claim(d(op("logsumexp", x), x), softmax), "agrees"),
    "Jacobian of an entry": (
        claim(d(softmax[i], x, (j,)), softmax[i] * (op("eye", params=(("n",),))[i, j] - softmax[j]), (i, j)),
        "agrees",
    ),
    "cross entropy, one-hot": (
        claim(d(-op("sumall", y * op("logsoftmax", x)), x), softmax - y, assume=[(Kind.ONE_HOT, y)]),
        "agrees",
    ),
    "cross entropy, y anything": (
        claim(d(-op("sumall", y * op("logsoftmax", x)), x), softmax - y),
        "differs",
    ),
    "on the unit sphere": (claim(op("norm2", x), 1, assume=[(Kind.UNIT, x)]), "agrees"),
    "orthogonal": (claim(A @ A.T, op("eye", params=(("n",),)), assume=[(Kind.ORTHOGONAL, A)]), "agrees"),
    "entropy of a one-hot vector": (
        claim(op("sumall", op("xlogx", y)), 0, assume=[(Kind.ONE_HOT, y)]),
        "agrees",
    ),
    "relu": (claim(d(op("sumall", op("relu", x)), x), op("heaviside", x)), "agrees"),
    "absolute value": (claim(d(op("norm1", x), x), op("sign", x)), "agrees"),
    "absolute value, sign lost": (claim(d(op("norm1", x), x), op("ones", params=(("n",),))), "differs"),
    "maximum": (claim(d(op("maximum", a, c), a), op("heaviside", a - c)), "agrees"),
    "where": (
        claim(
            d(op("where", t, 0, a * t, op("expm1", t), params=("<",)), t),
            op("where", t, 0, a, op("exp", t), params=("<",)),
        ),
        "agrees",
    ),
    "root of a positive number": (
        claim(d(op("sqrt", t**3), t), 3 * half * op("sqrt", t), positive=[t]),
        "agrees",
    ),
    "logarithm": (claim(d(op("log", t), t), 1 / t), "agrees"),
    "digamma": (claim(d(op("lgamma", t), t), op("digamma", t)), "agrees"),
    "sum over an index": (claim(d(total(x[k] ** 2, k), x, (i,)), 2 * x[i], (i,)), "agrees"),
    "sum over the free index's letter": (
        claim(d(total(x[k] ** 2, k), x, (i,)), total(2 * x[k], k), (i,)),
        "differs",
    ),
    "size as a number": (
        claim(d(op("mean", x), x), op("ones", params=(("n",),)) / op("sumall", op("ones", params=(("n",),)))),
        "agrees",
    ),
    "second derivative": (claim(d(d(quadratic, x), x), A + A.T), "agrees"),
    "differential": (
        claim(differential(op("tr", A @ S)), op("tr", differential(A) @ S) + op("tr", A @ differential(S))),
        "agrees",
    ),
    "differential of an inverse": (
        claim(differential(inverse), -inverse @ differential(A) @ inverse),
        "agrees",
    ),
    "differential of an inverse, order": (
        claim(differential(inverse), -inverse @ inverse @ differential(A)),
        "differs",
    ),
    "reading off": (
        claim(op("coefficient", op("tr", S.T @ differential(A @ A)), A), S @ A.T + A.T @ S),
        "agrees",
    ),
    "undefined function": (claim(d(op("sumall", call(sigma, x)), x), call(sigma, x, orders=(1,))), "agrees"),
    "undefined function, not differentiated": (
        claim(d(op("sumall", call(sigma, x)), x), call(sigma, x)),
        "differs",
    ),
    "chain of undefined functions": (
        claim(
            d(call(sigma, call(sigma, t)), t),
            call(sigma, call(sigma, t), orders=(1,)) * call(sigma, t, orders=(1,)),
        ),
        "agrees",
    ),
    "as read: every derivative at t": (
        claim(d(call(sigma, call(sigma, t)), t), call(sigma, t, orders=(1,)) * call(sigma, t, orders=(1,))),
        "differs",
    ),
    "undefined vector map": (
        claim(
            d(op("sumall", call(vector_map, A @ x) ** 2), x),
            2 * (call(vector_map, A @ x, orders=(1,)) @ A).T @ call(vector_map, A @ x),
        ),
        "agrees",
    ),
    "undefined vector map, inner matrix lost": (
        claim(
            d(op("sumall", call(vector_map, A @ x) ** 2), x),
            2 * call(vector_map, A @ x, orders=(1,)).T @ call(vector_map, A @ x),
        ),
        "differs",
    ),
    "undefined function of two": (
        claim(
            d(call(of_two, t**2, op("sin", t)), t),
            call(of_two, t**2, op("sin", t), orders=(1, 0)) * 2 * t
            + call(of_two, t**2, op("sin", t), orders=(0, 1)) * op("cos", t),
        ),
        "agrees",
    ),
    "mixed partials": (
        claim(d(d(call(of_two, a, c), a), c), call(of_two, a, c, orders=(1, 1))),
        "agrees",
    ),
    "undefined function of a matrix": (
        claim(d(call(of_matrix, 2 * X), X), 2 * call(of_matrix, 2 * X, orders=(1,))),
        "agrees",
    ),
    "wrong shape": (claim(d(residual @ residual, w), X @ w), "differs"),
    "zero of any shape": (claim(d(op("sumall", x), w), 0), "agrees"),
    "literal entry": (claim(d(x[1] ** 2, x, (1,)), 2 * x[1]), "agrees"),
    "sizes that must coincide": (
        claim(d(op("tr", X, same=lambda a, b: True), X), op("eye", params=(("n",),)), dims={"m": "n"}),
        "agrees",
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_claim(row: str) -> None:
    stated, status = ROWS[row]
    answer = compare(stated)
    assert answer.status == status, answer


# A two-layer network with named intermediates: derivatives by defined names cut the graph.

V, v = name("V", "h", "k"), name("v", "h")
U, u = name("U", "m", "h"), name("u", "m")
image, label = name("image", "k"), name("label", "m")
p, hidden, q, z, loss = name("p", "h"), name("hidden", "h"), name("q", "m"), name("z", "m"), name("loss")
NETWORK = {
    p: V @ image + v,
    hidden: call(sigma, p),
    q: U @ hidden + u,
    z: call(sigma, q),
    loss: half * ((z - label) @ (z - label)),
}
slope_p, slope_q = call(sigma, p, orders=(1,)), call(sigma, q, orders=(1,))
at_i, at_j = Index("i", "h"), Index("j", "k")

NETWORK_ROWS = {
    "∂ε/∂z": (d(loss, z), z - label, "agrees"),
    "∂ε/∂z, sign": (d(loss, z), label - z, "differs"),
    "∂ε/∂q": (d(loss, q), d(loss, z) * slope_q, "agrees"),
    "∂ε/∂q, output for input": (d(loss, q), d(loss, z) * call(sigma, z, orders=(1,)), "differs"),
    "∂ε/∂y": (d(loss, hidden), U.T @ d(loss, q), "agrees"),
    "∂ε/∂V": (d(loss, V), op("outer", d(loss, p), image), "agrees"),
    "∂ε/∂V at once": (d(loss, V), op("outer", (U.T @ ((z - label) * slope_q)) * slope_p, image), "agrees"),
    "∂ε/∂V, σ′ lost": (d(loss, V), op("outer", U.T @ ((z - label) * slope_q), image), "differs"),
    "∂p/∂V contracted": (d(loss, V), op("contract", d(loss, p), d(p, V), params=(1,)), "agrees"),
    "local": (d(q, hidden, local=True), U, "agrees"),
    "not downstream": (d(p, q), 0, "agrees"),
}


@pytest.mark.parametrize("row", NETWORK_ROWS)
def test_network(row: str) -> None:
    left, right, status = NETWORK_ROWS[row]
    answer = compare(claim(left, right, graph=NETWORK))
    assert answer.status == status, answer


def test_entry_of_a_gradient_in_a_network() -> None:
    right = d(loss, p, (at_i,)) * image[at_j]
    answer = compare(claim(d(loss, V, (at_i, at_j)), right, (at_i, at_j), graph=NETWORK))
    assert answer.status == "agrees", answer


def test_the_graph_is_cut_at_the_variable() -> None:
    """f = e·a, e = a + c: ∂f/∂e = a, although a is there twice; the total ∂f/∂a is 2a + c."""
    e, f = name("e"), name("f")
    graph = {e: a + c, f: e * a}
    assert compare(claim(d(f, e), a, graph=graph)).status == "agrees"
    assert compare(claim(d(f, a), 2 * a + c, graph=graph)).status == "agrees"
    assert compare(claim(d(f, a, local=True), e, graph=graph)).status == "agrees"
    assert compare(claim(d(f, a), e, graph=graph)).status == "differs"


def test_numbers_are_compared_at_the_point() -> None:
    e, g, h, f = name("e"), name("g"), name("h"), name("f")
    low, high = name("b"), name("d")
    graph = {e: a + c, g: low - high, h: e * g, f: h**2}
    point = {a: Fraction(23), low: Fraction(2), c: Fraction(-5), high: Fraction(7)}
    rows = [
        (d(f, h), -180, "agrees"),
        (d(f, h), 16200, "differs"),
        (d(f, a), 900, "agrees"),
        (d(e, a), 1, "agrees"),
    ]
    for left, right, status in rows:
        assert compare(claim(left, right, graph=graph, point=point)).status == status
    assert "at the point" in str(compare(claim(d(f, h), -180, graph=graph, point=point)))


def test_nothing_is_said_on_the_boundary_of_a_guard() -> None:
    slope = d(op("relu", t), t)
    for position, value, status in [(0, 0, "n/a"), (0, 1, "n/a"), (2, 1, "agrees"), (-2, 1, "differs")]:
        answer = compare(claim(slope, value, point={t: Fraction(position)}))
        assert answer.status == status, (position, answer)
    # without a derivative the boundary is a point like any other
    assert compare(claim(op("heaviside", t), 0, point={t: Fraction(0)})).status == "agrees"


def test_labels_are_not_on_a_boundary() -> None:
    """where(y == 1, …) with y binary stands on its guard at every point, and is differentiated in x."""
    label, u = name("label"), name("u")
    loss = op("where", label, 1, u**2, op("exp", u), params=("==",))
    right = op("where", label, 1, 2 * u, op("exp", u), params=("==",))
    assert compare(claim(d(loss, u), right, assume=[(Kind.BINARY, label)])).status == "agrees"


def test_a_vector_point_fixes_the_sizes() -> None:
    value = (Fraction(1, 10), Fraction(2, 10), Fraction(3, 10), Fraction(4, 10))
    answer = compare(claim(op("sumall", x), 1, point={x: value}))
    assert answer.status == "agrees"
    assert answer.sizes == {"n": 4}


def test_sizes_are_unequal_and_of_both_parities() -> None:
    first, second, *_ = plans_for(claim(d(residual @ residual, w), 2 * X.T @ residual))
    assert first["m"] != first["n"]
    assert all(first[size] % 2 != second[size] % 2 for size in first)


def test_singular_sizes_are_passed_over() -> None:
    """(XᵀX)⁻¹ exists for enough rows only: the first sizes have too few."""
    gram = op("inv", X.T @ X)
    answer = compare(claim(gram @ X.T @ X, op("eye", params=(("n",),))))
    assert answer.status == "agrees", answer
    assert answer.sizes["m"] >= answer.sizes["n"]


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        (claim(op("log", -op("exp", t)), op("log", -op("exp", t)) + 1), "no point"),
        (claim(op("inv", op("outer", fixed, fixed)), op("outer", fixed, fixed)), "singular"),
        (claim(op("det", op("kron", square, square)), t), "determinant"),
    ],
)
def test_what_cannot_be_compared_says_why(stated: Claim, reason: str) -> None:
    answer = compare(stated)
    assert answer.status == "n/a"
    assert reason in str(answer)


def test_an_unread_claim_is_not_compared() -> None:
    assert compare(Claim("test", "x +", None)) == OracleAnswer("n/a", "the claim was not read")


def test_same_answer_twice() -> None:
    stated = ROWS["log det"][0]
    assert str(compare(stated)) == str(compare(stated))
