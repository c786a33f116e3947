"""What texts mean: one row each, and as many that mean nothing."""

from __future__ import annotations

import pytest
from reading_sketch import NETWORK, read, scope_of, side

SCALARS = (
    "a: scalar; b: scalar; c: scalar; d: scalar; h: scalar; t: scalar; X: n m; Y: n m; A: n n; r: n; w: n"
)
FUNCTIONS = (
    "A: n -> m; Q: (N m) -> scalar; f: (scalar, scalar) -> scalar; g: scalar -> scalar; sigma: elementwise"
)

MEANINGS = [
    # precedence is Python's
    ("a + b*c", "(add a (mul b c))"),
    ("-a**2", "(neg (pow a 2))"),
    ("-a*b", "(mul (neg a) b)"),
    ("a**-b", "(pow a (neg b))"),
    ("a**b**c", "(pow a (pow b c))"),
    ("a - b - c", "(sub (sub a b) c)"),
    ("a/b*c", "(mul (div a b) c)"),
    ("1/2*X.T @ r", "(matmul (mul (div 1 2) (transpose X)) r)"),
    ("+a", "a"),
    ("- -a", "(neg (neg a))"),
    # numbers are exact and keep their form
    ("16200·(−5)·1", "(mul (mul 16200 (neg 5)) 1)"),
    ("0.1", "1/10"),
    ("1e-3", "1/1000"),
    ("½", "1/2"),
    ("2e", "(mul 2 e)"),
    # signs of mathematics
    ("2h", "(mul 2 h)"),
    ("-2h", "(mul (neg 2) h)"),
    ("a - 2h", "(sub a (mul 2 h))"),
    ("2(a + b)", "(mul 2 (add a b))"),
    ("½(a − b)²", "(mul 1/2 (pow (sub a b) 2))"),
    ("2|a|", "(mul 2 (abs a))"),
    ("|r|²", "(pow (norm2 r) 2)"),
    ("‖r‖", "(norm2 r)"),
    ("|a - |b||", "(abs (sub a (abs b)))"),
    ("√(a²)", "(sqrt (pow a 2))"),
    ("Xᵀ", "(transpose X)"),
    ("X ⊙ Y", "(mul X Y)"),
    ("r ⊗ w", "(outer r w)"),
    ("a ⊗ r", "(mul a r)"),
    ("A ⊗ X", "(kron A X)"),
    ("A · r", "(matmul A r)"),
    ("a · r", "(mul a r)"),
    ("sech²(a)", "(pow (sech a) 2)"),
    ("π", "pi"),
    ("2π", "(mul 2 pi)"),
    # where and conditions
    ("where(a > 0, b, c)", "(where:> a 0 b c)"),
    ("where(0 ≤ a, b, c)", "(where:<= 0 a b c)"),
    ("where(a != b, 1, 0)", "(where:== a b 0 1)"),
    ("where(0 < a < 1, b, c)", "(where:< 0 a (where:< a 1 b c) c)"),
    ("[a > 0]", "(where:> a 0 1 0)"),
    ("[i = j]*r[i]*r[j]", "(mul (mul δ[i,j] r[i]) r[j])"),
    # sizes and made tensors
    ("1/n", "(div 1 #n)"),
    ("eye(n)", "(eye:(n))"),
    ("ones(m, n)", "(ones:(m):(n))"),
    ("ones(3)", "(ones:(3))"),
    ("mpow(A, -2)", "(mpow:-2 A)"),
    # indices
    ("r[0]", "r[0]"),
    ("X[i, j]", "X[i,j]"),
    ("Xᵢⱼ", "X[i,j]"),
    ("(A @ X)[i,j]", "(matmul A X)[i,j]"),
    ("sum(i, r[i])", "(Σ i:n r[i])"),
    ("sum(i, j, X[i,j])", "(Σ i:n j:m X[i,j])"),
    ("Σ_i r[i]*w[i] + a", "(add (Σ i:n (mul r[i] w[i])) a)"),
    ("Σᵢ rᵢ", "(Σ i:n r[i])"),
    ("Σ_ij X[i,j]", "(Σ i:n j:m X[i,j])"),
    ("Σ_{i,j} X[i,j]", "(Σ i:n j:m X[i,j])"),
    ("Σ(i, r[i])", "(Σ i:n r[i])"),
    ("(1/n) Σ_i r[i]", "(mul (div 1 #n) (Σ i:n r[i]))"),
    ("sum(k, delta(i,k)*r[k])*r[i]", "(mul (Σ k:n (mul δ[i,k] r[k])) r[i])"),
    ("sum(a, r[a])", "(Σ a:n r[a])"),
    ("δᵢⱼ*rᵢ*rⱼ", "(mul (mul δ[i,j] r[i]) r[j])"),
]


@pytest.mark.parametrize(("text", "meaning"), MEANINGS, ids=[row[0] for row in MEANINGS])
def test_a_formula_means(text: str, meaning: str) -> None:
    declared = SCALARS + "; e: scalar" if "2e" in text else SCALARS
    assert side(text, scope_of(declared)) == meaning


CALLS = [
    ("sigma(v)", "(sigma v)"),
    ("σ'(v)", "(sigma'1 v)"),
    ("σ″(v)", "(sigma'2 v)"),
    ("σ''(v)", "(sigma'2 v)"),
    ("D(sigma)(v)", "(sigma'1 v)"),
    ("g'(t)", "(g'1 t)"),
    ("D(A)(v)[k,i]", "(A'1 v)[k,i]"),
    ("∂ᵢA(v)[k]", "(A'1 v)[k,i]"),
    ("D(D(A))(v)[k,i,j]", "(A'2 v)[k,i,j]"),
    ("D(Q)(Z)", "(Q'1 Z)"),
    ("∂ᵢⱼQ(Z)*0", None),
    ("D(f,1)(t, s)", "(f'1,0 t s)"),
    ("D(D(f,1),2)(t, s)", "(f'1,1 t s)"),
    ("∂₂f(t, s)", "(f'0,1 t s)"),
    ("D(f)(t, s)", None),
    ("D(f,3)(t, s)", None),
    ("f'(t, s)", None),
    ("A'(v)", None),
    ("A(Z)", None),
    ("f(t)", None),
    ("sigma", None),
]


@pytest.mark.parametrize(("text", "meaning"), CALLS, ids=[row[0] for row in CALLS])
def test_undefined_functions(text: str, meaning: str | None) -> None:
    scope = scope_of(FUNCTIONS, "v: n; Z: N m; t: scalar; s: scalar")
    (claim,) = read(f"{text} = 0", scope)
    if meaning is None:
        assert claim.error is not None
    else:
        assert side(text, scope) == meaning


DERIVATIVES = [
    ("∂ε/∂V", "(d epsilon V)"),
    ("dε/dV", "(d epsilon V)"),
    ("∂epsilon/∂V", "(d epsilon V)"),
    ("∂ε/∂V[i,j]", "(d epsilon V[i,j])"),
    ("∂p[k]/∂V[i,j]", "(d p[k] V[i,j])"),
    ("∂pₖ/∂Vᵢⱼ", "(d p[k] V[i,j])"),
    ("d(ε)/dV", "(d epsilon V)"),
    ("d(x @ x)/dx", "(d (matmul x x) x)"),
    ("d(ε, V)", "(d epsilon V)"),
    ("∂/∂x (x @ x)", "(d (matmul x x) x)"),
    ("d/dx(x @ x)", "(d (matmul x x) x)"),
    ("∂tanh(x[j])/∂x[i]", "(d (tanh x[j]) x[i])"),
    ("dtanh(x[j])/dx[i]", "(d (tanh x[j]) x[i])"),
    ("∂²ε/∂x²", "(d (d epsilon x) x)"),
    ("∂²ε/∂x[i]∂x[j]", "(d (d epsilon x[i]) x[j])"),
    ("d2ε/dx2", "(d (d epsilon x) x)"),
    ("d²ε/dx²", "(d (d epsilon x) x)"),
    ("∂ε/∂p · ∂p/∂V", "(contract:1 (d epsilon p) (d p V))"),
    ("∂ε/∂p ∂p/∂V", "(contract:1 (d epsilon p) (d p V))"),
    ("chain(∂ε/∂p, ∂p/∂V)", "(contract:1 (d epsilon p) (d p V))"),
    ("-∂ε/∂p ∂p/∂V", "(contract:1 (neg (d epsilon p)) (d p V))"),
    ("2∂ε/∂p ∂p/∂V", "(contract:1 (mul 2 (d epsilon p)) (d p V))"),
    ("∂ε/∂q·∂q/∂p·∂p/∂V", "(contract:1 (contract:1 (d epsilon q) (d q p)) (d p V))"),
    ("∂ε/∂p[k] ∂p[k]/∂V[i,j]", "(mul (d epsilon p[k]) (d p[k] V[i,j]))"),
    ("∂ε/∂p ⊗ x", "(outer (d epsilon p) x)"),
    ("∂ε/∂y ⊙ σ'(p) · ∂p/∂V", "(contract:1 (mul (d epsilon y) (sigma'1 p)) (d p V))"),
    ("U.T @ ∂ε/∂q", "(matmul (transpose U) (d epsilon q))"),
    ("(∂ε/∂p ⊗ x)[i,j]", "(outer (d epsilon p) x)[i,j]"),
    ("∂ε/∂V**2", "(pow (d epsilon V) 2)"),
    ("local(ε, z)", "(local epsilon z)"),
    ("local(p, x)[k,i]", "(local p x)[k,i]"),
    ("local(p[k], x[i])", "(local p x)[k,i]"),
    ("dp", "(D p)"),
    ("dX[i,j]", None),
    ("V @ dx", "(matmul V (D x))"),
    ("d(V @ x)", "(D (matmul V x))"),
    ("local(ε, x)", None),
    ("local(x, x)", None),
    ("chain(∂ε/∂q, ∂p/∂V)", None),
    ("∂ε", None),
    ("∂ε/x", None),
    ("∂ε/∂n", None),
    ("∂n/∂x", None),
    ("∂ε/∂W", None),
    ("∂ε/∂V[i]", None),
    ("∂²ε/∂x", None),
    ("∂∂ε/∂x", None),
    ("d(dx)/dx", None),
    ("d/dx x", None),
]


@pytest.mark.parametrize(("text", "meaning"), DERIVATIVES, ids=[row[0] for row in DERIVATIVES])
def test_derivatives(text: str, meaning: str | None) -> None:
    scope = scope_of(NETWORK)
    (claim,) = read(f"{text} = 0", scope)
    if meaning is None:
        assert claim.error is not None
        assert claim.error.location is not None
    else:
        assert side(text, scope) == meaning


NAMES = [
    # a declared value against a differential or a fraction
    ("z: scalar; x: scalar; dz: scalar; dx: scalar", "dz/dx", "(d z x)"),
    ("z: scalar; x: scalar; dz: scalar; dx: scalar", "dz*dx", "(mul dz dx)"),
    ("z: scalar; x: scalar", "dz*dx", "(mul (D z) (D x))"),
    ("den: scalar; dden: scalar", "dden/den", "(div dden den)"),
    ("dp: scalar; p: scalar; d: scalar", "dp/d", "(div dp d)"),
    ("d: scalar; a: scalar", "d/a", "(div d a)"),
    ("d: scalar; x: scalar; dx: scalar", "d/dx", "(div d dx)"),
    ("d: scalar; x: scalar", "d(d)/dx", "(d d x)"),
    ("X: n n; t: scalar", "det(X)/dt", "(div (det X) (D t))"),
    ("t: scalar", "digamma(t)/2", "(div (digamma t) 2)"),
    # one name for a Greek letter and its spelling; built-in functions only before (
    ("ε: scalar; α: scalar", "epsilon + alpha", "(add epsilon alpha)"),
    ("w1: scalar; x: scalar", "w₁*x", "(mul w1 x)"),
    ("w₁: n", "w₁ᵢ", "w1[i]"),
    ("gamma: scalar", "gamma*gamma(gamma)", "(mul gamma (gamma gamma))"),
    ("sum: n", "sum(i, sum[i])", "(Σ i:n sum[i])"),
    ("delta: n", "delta[i]", "delta[i]"),
    ("pi: scalar", "π", "pi"),
    ("ŷ: n; y_pred: n", "ŷ + y_pred", "(add ŷ y_pred)"),
    # a bound index shadows
    ("z: n; l: n", "sum(k, z[k])*l[i]", "(mul (Σ k:n z[k]) l[i])"),
    ("z: n; l: n", "sum(l, z[l])", "(Σ l:n z[l])"),
]


@pytest.mark.parametrize(("declared", "text", "meaning"), NAMES, ids=[row[1] for row in NAMES])
def test_names(declared: str, text: str, meaning: str) -> None:
    assert side(text, scope_of(declared)) == meaning


REFUSED = [
    # (text, code, what the span covers, a word of the message or the hint)
    ("a b", "SC001", "a b", "write *"),
    ("a(b + c)", "SC011", "a(b + c)", "not a function"),
    ("(a + b)(b + c)", "SC001", "(a + b)(", "write *"),
    ("1/2h", "SC001", "2h", "1/(2*h)"),
    ("1/-2h", "SC001", "2h", "1/(2*h)"),
    ("a ^ b", "SC001", "^", "x**2"),
    ("a +", "SC001", "", "ends"),
    ("(a", "SC001", "(", "never closed"),
    ("a)", "SC001", ")", "closes no bracket"),
    ("(a]", "SC001", "(a]", "closed by"),
    ("(a < b)", "SC001", "<", "where"),
    ("lim(a, b)", "SC011", "lim(a, b)", "lim(w -> inf"),
    ("lim(zz -> zz, b)", "SC010", "zz", "not declared"),
    ("lim(zz -> 0, zz*b) + zz", "SC010", "zz", "not declared"),
    ("lim(a -> , b)", "SC001", ",", "tends to"),
    ("lim(a -> a, b)", "SC011", "lim(a -> a, b)", "depends on it"),
    ("lim(a -> -2-inf, b)", "SC001", "-2-inf", "inf or -inf"),
    ("lim(a -> 0, lim(b -> 0, a*b))", "SC020", "lim(b -> 0, a*b)", "inside a limit"),
    ("d(lim(a -> 0, a*b))/db", "SC020", "(lim(a -> 0, a*b))", "not differentiated"),
    ("exp()", "SC011", "exp()", "arguments"),
    ("exp(a, b)", "SC011", "exp(a, b)", "arguments"),
    ("exp(a,)", "SC001", ")", "missing"),
    ("sigmod(a)", "SC011", "sigmod(a)", "sigmoid"),
    ("max(A, 0)", "SC011", "max(A, 0)", "maximum(A, 0)"),
    ("mean(A, 2)", "SC011", "mean(A, 2)", "axes count from 0"),
    ("block(A, A)", "SC011", "block(A, A)", "block([[A, B], [C, D]])"),
    ("block([[A, A], [A]])", "SC012", "block([[A, A], [A]])", "different lengths: 2, 1"),
    ("block([[A, [A]]])", "SC001", "[A]", "a list stands only in"),
    ("block([[0, A], [0, A]])", "SC012", "block([[0, A], [0, A]])", "zeros(m, n)"),
    ("hstack()", "SC011", "hstack()", "joins two or more"),
    ("hstack(A, 1)", "SC012", "1", "A is (n, n), 1 is scalar"),
    ("hstack(r, r)", "SC012", "r", "concat(x, y)"),
    ("concat(A, r)", "SC012", "r", "a column"),
    ("concat(r, r, axis=1)", "SC011", "concat(r, r, axis=1)", "no axis 1"),
    ("concat([r, r)", "SC001", "[r, r)", ""),
    ("part(r, 0, 0)", "SC011", "part(r, 0, 0)", "each axis of (n)"),
    ("part(concat(r, r), 2)", "SC011", "part(concat(r, r), 2)", "n + n"),
    ("part(concat(r, r), a)", "SC011", "part(concat(r, r), a)", "whole numbers"),
    ("concat(r, r)[0]", "SC020", "0", "part(z, 0)"),
    ("concat(r, r)[i]", "SC020", "i", "segment"),
    ("vec(hstack(A, A))", "SC020", "vec(hstack(A, A))", "(n, n + n)"),
    ("kron(hstack(A, A), A)", "SC020", "kron(hstack(A, A), A)", "blocks one by one"),
    ("hstack(A, A) @ w", "SC012", "hstack(A, A) @ w", "hstack(A, A) is (n, n + n)"),
    ("argmax(r)", "SC011", "argmax(r)", "max(x) has one"),
    ("norm(A)", "SC011", "norm(A)", "normF"),
    ("exp", "SC010", "exp", "exp(…)"),
    ("rr", "SC010", "rr", "did you mean r"),
    ("r_i", "SC010", "r_i", "r[i]"),
    ("e**a", "SC010", "e", "exp"),
    ("A'", "SC001", "'", ".T"),
    ("A⁻¹", "SC011", "A⁻¹", "inv(A)"),
    ("A²", "SC011", "A²", "mpow(A, 2)"),
    ("√a²", "SC001", "²", "root"),
    ("|A|", "SC012", "|A|", "normF"),
    ("r @ w.T", "SC012", "r @ w.T", "outer(r, w)"),
    ("X @ r", "SC012", "X @ r", "X.T @ r"),
    ("X @ Y", "SC012", "X @ Y", "X.T @ Y"),
    ("X.T @ X.T", "SC012", "X.T @ X.T", "X @ X.T"),
    ("X*r", "SC012", "X*r", "outer(r, ones(m))"),
    ("X + A", "SC012", "X + A", "(n, n)"),
    ("a @ r", "SC012", "a @ r", "a * r"),
    ("A ⊗ r", "SC012", "A ⊗ r", "two matrices"),
    ("det(X)", "SC012", "det(X)", "square"),
    ("r[i,j]", "SC012", "r[i,j]", "1 indices"),
    ("a[i]", "SC012", "a[i]", "scalar"),
    ("r[i+1]", "SC001", "+", "single name"),
    ("r[1/2]", "SC001", "/", "single name"),
    ("r[-1]", "SC001", "-", "index"),
    ("r[a]", "SC013", "a", "declared name"),
    ("X[i,i]", "SC013", "i", "dim n == m"),
    ("sum(i, r[i]*X[j,i])", "SC013", "i", "runs over n and over m"),
    ("sum(k, r[i])", "SC013", "k", "nothing tells"),
    ("sum(i, i)", "SC013", "i", "not a value"),
    ("sum(i, i, X[i,i])", "SC013", "i", "twice"),
    ("sum(i, sum(i, r[i]))", "SC013", "i", "already bound"),
    ("delta(i, j)", "SC013", "i", "nothing tells"),
    ("delta(i, j)*X[i,j]", "SC013", "delta(i, j)", "runs over"),
    ("delta(i)", "SC011", "delta(i)", "two indices"),
    ("prod(i, i)", "SC013", "i", "not a value"),
    ("prod(i, r[i]) + r[i]*prod(i, prod(i, r[i]))", "SC013", "i", "already bound"),
    ("eye(k)", "SC010", "k", "no size"),
    ("where(a, b, c)", "SC011", "where(a, b, c)", "condition"),
    ("exp(a > 0)", "SC011", "a > 0", "where"),
    ("mpow(A, a)", "SC011", "a", "integer"),
    ("9**9**9", "SC002", "9**9", "exponent"),
    ("a**(10**9)", "SC002", "(10**9)", "exponent"),
    ("a**1000001", "SC002", "1000001", "exponent"),
    ("2**999999", "SC002", "2**999999", "power"),
    ("1e999999", "SC002", "1e999999", "digits"),
    ("X × Y", "SC001", "×", "cross"),
    ("\\frac{a}{b}", "SC001", "\\", "LaTeX"),
]


@pytest.mark.parametrize(("text", "code", "covered", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_makes_no_sense_is_refused_with_place_and_hint(
    text: str, code: str, covered: str, word: str
) -> None:
    (claim,) = read(f"{text} = 0", scope_of(SCALARS))
    error = claim.error
    assert error is not None
    assert claim.equation is None
    assert error.code == code
    assert error.location is not None
    if covered:
        assert error.location.source[error.location.col - 1 : error.location.end_col - 1] == covered
    assert word in f"{error.message} {error.hint}"


DEEP = {
    "brackets": "(" * 10_000 + "t" + ")" * 10_000,
    "brackets never closed": "(" * 10_000,
    "signs": "-" * 10_000 + "t",
    "roots": "√" * 10_000 + "t",
    "bars": "|" * 5_000 + "t" + "|" * 5_000,
    "sums": "Σ_i " * 5_000 + "t",
    "powers": "**".join(["t"] * 5_000),
    "terms": "+".join(["t"] * 5_000),
    "transposes": "t" + ".T" * 5_000,
    "calls": "exp(" * 5_000 + "t" + ")" * 5_000,
    "derivatives": "d(" * 149 + "t" + ")/dt" * 149,
    "digits": "1" * 100_000,
}


@pytest.mark.parametrize("name", DEEP)
def test_texts_without_end_are_refused_in_time(name: str) -> None:
    (claim,) = read(f"{DEEP[name]} = 0", scope_of("t: scalar"))
    assert claim.error is not None
    assert claim.error.code == "SC002"


def test_a_hundred_nested_layers_are_read() -> None:
    text = "sigmoid(t*" * 100 + "t" + ")" * 100
    assert side(text, scope_of("t: scalar")).count("sigmoid") == 100
