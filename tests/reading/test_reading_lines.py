"""Lines become claims: chains, free indices, conclusions read off, errors that spare their neighbours."""

from __future__ import annotations

import pytest
from reading_sketch import NETWORK, read, scope_of, sketch

from symcheck.language.claim import Claim, Expectation
from symcheck.reading.line import read_line


def equations(claims: list[Claim]) -> list[tuple[str, str]]:
    pairs = []
    for claim in claims:
        assert claim.error is None, claim.error
        assert claim.equation is not None
        pairs.append((sketch(claim.equation.left), sketch(claim.equation.right)))
    return pairs


def test_a_chain_gives_one_claim_for_each_link() -> None:
    text = "∂ε/∂v = ∂ε/∂p ∂p/∂v = ∂ε/∂p"
    claims = read(text, scope_of(NETWORK))
    assert [claim.id for claim in claims] == ["row[1]", "row[2]"]
    assert [claim.text for claim in claims] == ["∂ε/∂v = ∂ε/∂p ∂p/∂v", "∂ε/∂v = ∂ε/∂p"]
    assert [claim.member for claim in claims] == [0, 1]
    assert {claim.line for claim in claims} == {text}
    assert claims[0].previous is None
    assert claims[1].previous is not None
    assert sketch(claims[1].previous) == "(contract:1 (d epsilon p) (d p v))"
    assert equations(claims) == [
        ("(d epsilon v)", "(contract:1 (d epsilon p) (d p v))"),
        ("(d epsilon v)", "(d epsilon p)"),
    ]


def test_a_single_equation_keeps_its_id() -> None:
    (claim,) = read("∂ε/∂z = z - l", scope_of(NETWORK))
    assert claim.id == "row"
    assert claim.expected is Expectation.PROVED


def test_locations_point_at_the_link() -> None:
    claims = read_line("  t = 1 = 2", scope_of("t: scalar"), id="row", file="notes.py", line=7, col=5)
    first, second = (claim.location for claim in claims)
    assert first is not None
    assert second is not None
    assert (first.file, first.line, first.col, first.end_col) == ("notes.py", 7, 7, 12)
    assert (second.col, second.end_col) == (15, 16)


def test_both_sides_share_their_free_indices_in_order_of_appearance() -> None:
    (claim,) = read("∂p[k]/∂V[i,j] = δ(k,i)*x[j]", scope_of(NETWORK))
    assert claim.equation is not None
    assert [(i.name, i.dim) for i in claim.equation.free] == [("k", "h"), ("i", "h"), ("j", "n")]


def test_a_link_has_only_the_indices_it_mentions() -> None:
    claims = read("∂ε/∂y[i] = Σ_j ∂ε/∂q[j] ∂q[j]/∂y[i] = Σ_j ∂ε/∂q[j]*U[j,i]", scope_of(NETWORK))
    for claim in claims:
        assert claim.equation is not None
        assert [i.name for i in claim.equation.free] == ["i"]


def test_an_index_may_get_its_range_from_another_member() -> None:
    (claim,) = read("delta(i,j)*0 = x[i]*x[j]", scope_of("x: n"))
    assert claim.error is None
    assert claim.equation is not None
    assert [i.dim for i in claim.equation.free] == ["n", "n"]


def test_two_ranges_are_one_under_a_dim_assumption() -> None:
    scope = scope_of("x: n; y: m")
    (claim,) = read("x[i] = y[i]", scope)
    assert claim.error is not None
    assert claim.error.code == "SC013"
    (claim,) = read_line("x[i] = y[i]", scope, id="row", assume=["dim m == n"])
    assert claim.error is None
    assert claim.assumptions.dim_texts == ("dim m == n",)
    assert scope.assumptions().dim_texts == ()


def test_zero_is_the_zero_of_the_other_shape_and_nothing_else_broadcasts() -> None:
    scope = scope_of("x: n; X: n m")
    assert equations(read("x = 0", scope)) == [("x", "(zeros:(n))")]
    assert equations(read("0 = X", scope)) == [("(zeros:(n):(m))", "X")]
    (claim,) = read("x = 1", scope)
    assert claim.equation is not None
    assert (claim.equation.left.shape, claim.equation.right.shape) == ((("n",),), ())


def test_a_literal_entry_is_a_claim_about_sizes_that_have_it() -> None:
    scope = scope_of("x: n; y: 3")
    (claim,) = read("x[2] = x[0]", scope)
    assert dict(claim.assumptions.at_least) == {"n": 3}
    (claim,) = read("y[2] = y[3]", scope)
    assert claim.error is not None
    assert claim.error.code == "SC013"
    assert dict(scope.assumptions().at_least) == {}


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("t < 1", ["t < 1"]),
        ("0 < t <= 1", ["0 < t", "t <= 1"]),
        ("1 ≥ t > 0", ["1 >= t", "t > 0"]),
        ("0 <= t = t*1 < 2", ["0 <= t", "t = t*1", "t*1 < 2"]),
        ("t = t = t", ["t = t", "t = t"]),
        ("where(t < 1, t, 1) >= [t > 2 >= 1]", ["where(t < 1, t, 1) >= [t > 2 >= 1]"]),
    ],
)
def test_links_of_inequalities(text: str, links: list[str]) -> None:
    claims = read(text, scope_of("t: scalar"))
    assert [claim.text for claim in claims] == links
    for claim in claims:
        assert claim.equation is not None
        assert f" {claim.equation.relation} " in claim.text


def test_an_inequality_reads_nothing_off() -> None:
    scope = scope_of("X: n; Q = sumall(X)")
    claims = read("dQ <= ones(n) @ dX => ∂Q/∂X = ones(n)", scope)
    assert [claim.method for claim in claims] == ["", ""]


def test_an_error_in_one_member_spares_the_others() -> None:
    claims = read("t = tt = 2 = 2 +", scope_of("t: scalar"))
    assert [claim.error.code if claim.error else None for claim in claims] == ["SC010", None, "SC001"]
    assert claims[2].text == "t = 2 +"


def test_an_unreadable_head_is_one_error() -> None:
    claims = read("tt = 1 = 2", scope_of("t: scalar"))
    assert len(claims) == 1
    assert claims[0].error is not None


READ_OFF = "dQ = tr((∂Q/∂Z).T @ dX @ W) + tr((∂Q/∂Z).T @ X @ dW) => ∂Q/∂X = ∂Q/∂Z @ W.T, ∂Q/∂W = X.T @ ∂Q/∂Z"


def test_what_is_read_off_a_line_of_differentials() -> None:
    claims = read(READ_OFF, scope_of("X: N n; W: n m; q: (N m) -> scalar; Z = X @ W; Q = q(Z)"))
    form = (
        "(add (tr (matmul (matmul (transpose (d Q Z)) (D X)) W)) "
        "(tr (matmul (matmul (transpose (d Q Z)) X) (D W))))"
    )
    assert [claim.method for claim in claims] == ["", "reading off", "", "reading off", ""]
    assert equations(claims) == [
        ("(D Q)", form),
        (f"(coefficient {form} X)", "(matmul (d Q Z) (transpose W))"),
        ("(d Q X)", "(matmul (d Q Z) (transpose W))"),
        (f"(coefficient {form} W)", "(matmul (transpose X) (d Q Z))"),
        ("(d Q W)", "(matmul (transpose X) (d Q Z))"),
    ]


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        ("", "SC001", "empty"),
        ("   ", "SC001", "empty"),
        ("t", "SC001", "no ="),
        ("t != 1", "SC001", "no ="),
        ("t <= ", "SC001", "missing"),
        ("t =", "SC001", "missing"),
        ("= t", "SC001", "missing"),
        ("t = = 1", "SC001", "missing"),
        ("t = 1 => t", "SC001", "no ="),
        ("t = 1 =>", "SC001", "no ="),
        ("t = where(t = 0, 1", "SC001", "never closed"),
    ],
)
def test_what_is_no_equation(text: str, code: str, word: str) -> None:
    claims = read(text, scope_of("t: scalar"))
    assert claims[0].error is not None
    assert claims[0].error.code == code
    assert word in f"{claims[0].error.message} {claims[0].error.hint}"


def test_a_bad_assumption_of_a_line_is_its_error() -> None:
    (claim,) = read_line("t = t", scope_of("t: scalar"), id="row", assume=["t positive"])
    assert claim.error is not None
    assert claim.error.code == "SC014"


def test_layouts_of_a_line() -> None:
    scope = scope_of("X: n m; x: n; w: n; Q = sumall(X); y = x*w; L = y @ y")
    rows = {
        ("gradient", "∂Q/∂X"): "(d Q X)",
        ("numerator", "∂Q/∂X"): "(transpose (d Q X))",
        ("denominator", "∂Q/∂X"): "(d Q X)",
        ("gradient", "∂y/∂x"): "(d y x)",
        ("numerator", "∂y/∂x"): "(d y x)",
        ("denominator", "∂y/∂x"): "(transpose (d y x))",
        ("denominator", "∂L/∂x"): "(d L x)",
        ("numerator", "∂L/∂y ∂y/∂x"): "(contract:1 (d L y) (d y x))",
        ("denominator", "∂y[i]/∂x[j]"): "(d y[i] x[j])",
    }
    for (convention, text), meaning in rows.items():
        (claim,) = read_line(f"{text} = 0", scope, id="row", convention=convention)
        assert claim.equation is not None
        assert sketch(claim.equation.left) == meaning
    (claim,) = read_line("∂Q/∂X = 0", scope, id="row", convention="upside-down")
    assert claim.error is not None
    assert claim.error.code == "SC011"
