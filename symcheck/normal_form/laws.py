"""The laws the arithmetic uses: a name, a statement, a side condition.  Verdicts quote the names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """An identity of real tensors for all sizes ≥ 1."""

    name: str
    statement: str
    condition: str = ""
    telling: bool = False
    """Whether its name tells a reader more than that the two sides were worked out."""


LAWS: dict[str, Law] = {
    law.name: law
    for law in (
        Law("distributes", "a(b + c) = ab + ac;  Σᵢ(fᵢ + gᵢ) = Σᵢfᵢ + Σᵢgᵢ;  Σᵢ c fᵢ = c Σᵢ fᵢ"),
        Law("delta-contracts", "Σᵢ δᵢⱼ f(i) = f(j)", "i and j range over one dimension"),
        Law(
            "order-of-indices",
            "[i ≤ j]² = [i ≤ j], [i ≤ j] + [j ≤ i] = 1 + δᵢⱼ",
            "i and j range over one dimension",
        ),
        Law("blocks", "Σ over an axis of segments = the sum of the sums over each", telling=True),
        Law(
            "block-inverse",
            "[A B; C D]⁻¹ = [A⁻¹ + A⁻¹BS⁻¹CA⁻¹, −A⁻¹BS⁻¹; −S⁻¹CA⁻¹, S⁻¹] with S = D − CA⁻¹B",
            "A and S invertible",
            telling=True,
        ),
        Law(
            "block-determinant",
            "det [A B; C D] = det(A) det(D − CA⁻¹B); det(A) det(D) where B or C is 0",
            "A invertible, unless B or C is 0",
            telling=True,
        ),
        Law("constant-sum", "Σᵢ c = n c", "c does not depend on i"),
        Law("exponentials", "exp(a + b) = exp(a) exp(b), exp(c a) = exp(a)^c", "c rational"),
        Law("monotone", "exp a > exp b where a > b"),
        Law("logarithms", "log(a b) = log|a| + log|b|, log(exp a) = a", "a b > 0"),
        Law(
            "greatest",
            "maxᵢ (c + uᵢ) = c + maxᵢ uᵢ, maxᵢ (c uᵢ) = c maxᵢ uᵢ, maxᵢ uᵢ ≥ uⱼ",
            "c > 0 where it is a factor",
        ),
        Law("log-of-product", "log |Πᵢ uᵢ| = Σᵢ log |uᵢ|"),
        Law("product-without-one", "Πⱼ [j = i ? 1 : uⱼ] = Πⱼ uⱼ / uᵢ", "uᵢ ≠ 0"),
        Law("exp-of-log", "exp(c log a) = a^c", "a > 0"),
        Law("root-absorbs", "D · D^q = D^(q+1)", "D ≠ 0; D > 0 for fractional q"),
        Law("square-root-of-square", "(a²)^(1/2) = |a|"),
        Law("angle-addition", "sin(a+b) = sin a cos b + cos a sin b, cos(a+b) = cos a cos b − sin a sin b"),
        Law("half-turns", "sin πk = 0, cos 2πk = 1, (cos πk)² = 1", "k a whole number"),
        Law("pythagoras", "sin²a + cos²a = 1"),
        Law("guard-idempotent", "[u>0]² = [u>0], [u>0] [u=0] = 0, u [u=0] = 0"),
        Law("guard-complement", "[u>0] + [−u>0] = 1", "u ≠ 0"),
        Law("case-split", "f(a·[c] + b·(1−[c])) = [c] f(a) + (1−[c]) f(b)"),
        Law("sum-is-given", "Σᵢ yᵢ = s", "assumed of y"),
        Law("symmetric", "Aᵢⱼ = Aⱼᵢ", "assumed of A"),
        Law("antisymmetric", "Aᵢⱼ = −Aⱼᵢ", "assumed of A"),
        Law("diagonal", "Aᵢⱼ = δᵢⱼ Aᵢᵢ", "assumed of A"),
        Law(
            "lower-triangular",
            "Lᵢⱼ [j ≤ i] = Lᵢⱼ, Lᵢⱼ [i ≤ j] = δᵢⱼ Lᵢᵢ, Lᵢⱼ Lⱼᵢ = δᵢⱼ Lᵢᵢ²",
            "L lower triangular",
        ),
        Law("orthogonal", "Σₖ QᵢₖQⱼₖ = δᵢⱼ = Σₖ QₖᵢQₖⱼ", "assumed of Q"),
        Law("idempotent", "Σₖ PᵢₖPₖⱼ = Pᵢⱼ", "assumed of P"),
        Law("unit", "Σᵢ vᵢ² = 1", "assumed of v"),
        Law("binary", "yᵢ² = yᵢ", "yᵢ is 0 or 1, assumed of y"),
        Law("signs", "yᵢ² = 1", "yᵢ is −1 or +1, assumed of y"),
        Law(
            "one-hot", "yₖ yₗ = δₖₗ yₖ, yᵢ Σₖ yₖ uₖ = yᵢ uᵢ", "one yₖ is 1 and the others are 0, assumed of y"
        ),
        Law(
            "by-values",
            "f(y) = y f(1) + (1 − y) f(0), f(Σₖ yₖ uₖ) = Σₖ yₖ f(uₖ), f(s) = ½(1 + s) f(1) + ½(1 − s) f(−1)",
            "yᵢ is 0 or 1, y is one-hot, s is −1 or +1",
        ),
        Law("inverse", "Σₖ Aᵢₖ (A⁻¹)ₖⱼ = δᵢⱼ", "A invertible"),
        Law("commutes", "f(c A) A = A f(c A)", "f a power series or (a + ·)⁻¹, c a number"),
        Law("sherman-morrison", "(c + u vᵀ)⁻¹ = (1 − u vᵀ/(c + v·u))/c", "c ≠ 0, c + v·u ≠ 0"),
        Law(
            "determinant-update",
            "det(A + U V) = det A · det(1 + V A⁻¹ U)",
            "an identity of continuous functions of the entries of A",
        ),
        Law("adjugate", "adj A = det A · A⁻¹", "an identity of continuous functions of the entries of A"),
        Law(
            "pseudo-inverse",
            "X P X = X, P X P = P, X P and P X symmetric, P = (XᵀX)⁻¹Xᵀ or Xᵀ(XXᵀ)⁻¹ for full rank",
            "the rank of X does not change where a derivative is taken",
        ),
        Law("cholesky", "L Lᵀ = A, A⁻¹ L = L⁻ᵀ, Σ log Lᵢᵢ = ½ log |det A|", "A positive definite"),
        Law("inverse-of-product", "(A B)⁻¹ = B⁻¹ A⁻¹", "A, B square and invertible"),
        Law(
            "determinant-of-product",
            "det(A B) = det A · det B, det(A⁻¹) = 1/det A, det(c A) = cⁿ det A",
            "A, B square",
        ),
        Law("determinant-lemma", "det(1 + u vᵀ) = 1 + v·u, det(1 + U V) = det(1 + V U)"),
        Law("contiguity", "Γ(x+1) = x Γ(x), ψ(x+1) = ψ(x) + 1/x, J_{ν+1} = (2ν/x) J_ν − J_{ν−1}, …", "x ≠ 0"),
        Law(
            "reflection-and-duplication",
            "Γ(x) Γ(1 − x) = π/sin πx, √π Γ(2x) = 2^(2x−1) Γ(x) Γ(x + ½); ψ and its derivatives likewise",
            "x no whole number where it is reflected",
        ),
        Law("signs", "a² ≥ 0, exp a > 0, exp a ≥ 1 + a; sums and products of what is > 0 are > 0"),
        Law("order-of-guards", "u > v and v ≥ 0 exclude u = 0 and u < 0: each possible case on its own"),
        Law("limit-of-parts", "lim f(g) = f(lim g), for sums, products and powers likewise", "f continuous"),
        Law("exponential-decay", "exp(−w u) → 0 as w → ∞; σ, tanh and their kin by it", "u > 0"),
        Law("leading-terms", "as t → ∞ what grows fastest decides; exp(c t) before every power, c > 0"),
        Law("l-hopital", "lim f/g = lim f′/g′ where f and g tend to 0", "a derivative of g is not 0 there"),
        Law(
            "difference-quotient",
            "f(u)/u → f′(0) as u → 0, by definition",
            "f(0) = 0, f differentiable",
        ),
        Law("exponential-factor", "log(eᵃ + b) = a + log(1 + b e⁻ᵃ)", "as a → ∞"),
        Law("parity", "f(−u) = −f(u) for odd f, f(u) for even f"),
    )
}
