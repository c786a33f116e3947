"""Reports built by hand, nothing read and nothing judged: what the renderers are tested on."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import symcheck.operations  # noqa: F401  (fills the registry)
from symcheck.errors import Location, ShapeMismatch, UndeclaredName
from symcheck.language.claim import Claim, Equation, Expectation, Graph
from symcheck.language.derivation import Lecture, Note
from symcheck.language.report import EdgeRow, ForwardRow, Path, PathSum, Report, Sweep
from symcheck.language.shape import shape_of
from symcheck.language.tensor import (
    Call,
    Derivative,
    Function,
    Index,
    Number,
    Symbol,
    Tensor,
    apply,
    variable,
)
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted, Undecided, Witness


def num(value: int | str) -> Number:
    """A literal."""
    return Number((), Fraction(value), str(value))


def sym(name: str, *dims: str | int) -> Symbol:
    """A name with a plain shape."""
    return Symbol(name, shape_of(*dims))


def d(of: Symbol, by: Symbol) -> Derivative:
    """∂of/∂by."""
    return Derivative(of.shape + by.shape, variable(of), by)


def at(line: int, text: str) -> Location:
    """A place in a derivation file."""
    return Location("derivations/lecture_b.py", line, 15, line, 15 + len(text), text)


def claim(text: str, left: Tensor | None, right: Tensor | None, row: int = 1, **more: Any) -> Claim:
    """A claim with an id made of its text."""
    equation = None if left is None or right is None else Equation(left, right)
    return Claim(f"second-run::{text}", text, equation, location=at(row, text), **more)


def scalar_report() -> Report:
    """The squared product, second run: a chain with a slip and what follows from it."""
    a, b, c, dd, e, g, h, f = (sym(n) for n in "abcdeghf")
    va, vb, vc, vd, ve, vg, vh = map(variable, (a, b, c, dd, e, g, h))
    graph = Graph({e: va + vc, g: vb - vd, h: ve * vg, f: vh**2})
    wrong = "∂f/∂h = 16200"
    chain = "∂f/∂h = 2h = -180"
    claims = (
        claim("∂f/∂h = 2h", d(f, h), num(2) * vh, 11, line=chain),
        claim("∂f/∂h = -180", d(f, h), -num(180), 11, line=chain, member=1),
        claim(wrong, d(f, h), num(16200), 12, expected=Expectation.REFUTED, note="2f written for 2h"),
        claim("∂f/∂a = -81000", d(f, a), -num(81000), 13, expected=Expectation.REFUTED),
    )
    witness = Witness({}, {"a": "23", "b": "2", "c": "-5", "d": "7"}, {}, (), "16200", "-180")
    carried = Witness({}, {"a": "23", "b": "2", "c": "-5", "d": "7"}, {}, (), "-81000", "900")
    agrees = {"sympy": "agrees"}
    judgements = (
        Judgement(claims[0], Proved("all sizes", ("delta-contracts",)), oracles=agrees, ms=1.25),
        Judgement(claims[1], Proved("at a = 23, b = 2, c = -5, d = 7"), oracles=agrees),
        Judgement(
            claims[2],
            Refuted("SC104", "a numeric factor is wrong", witness),
            "2*h",
            "2 \\, h",
            {"sympy": "differs"},
        ),
        Judgement(claims[3], Refuted("SC301", "follows from an earlier slip", carried, claims[2].id, wrong)),
    )
    sweep = Sweep(
        (
            ForwardRow("a", None, "scalar", "23"),
            ForwardRow("e", va + vc, "scalar", "18"),
            ForwardRow("g", vb - vd, "scalar", "-5"),
            ForwardRow("h", ve * vg, "scalar", "-90"),
            ForwardRow("f", vh**2, "scalar", "8100"),
        ),
        (
            _edge("f", "h", num(2) * vh, num(2) * vh, d(f, h), "-180"),
            _edge("h", "e", vg, d(f, h) * vg, d(f, h) * vg, "900"),
            _edge("e", "a", num(1), d(f, e), d(f, e), "900"),
        ),
        (
            PathSum(
                "a",
                "f",
                (
                    Path((("f", "h", "-180"), ("h", "e", "-5"), ("e", "a", "1")), False, "900"),
                    Path((("f", "h", "-180"), ("h", "g", "18"), ("g", "a", "0")), True, "0"),
                ),
                total="900",
            ),
        ),
        "f",
    )
    lecture = Lecture(
        "second-run",
        "The same algorithm with caching",
        "seed 001",
        "B1",
        inputs=(a, b, c, dd),
        graph=graph,
        point={a: Fraction(23), b: Fraction(2), c: Fraction(-5), dd: Fraction(7)},
        output=f,
        items=(claims[0], claims[1], Note("Now with the slip of the notes."), claims[2], claims[3]),
    )
    return Report("second-run", judgements, lecture, sweep)


def _edge(child: str, parent: str, local: Tensor, add: Tensor, total: Tensor, value: str) -> EdgeRow:
    return EdgeRow(
        f"{child} → {parent}", local, "", add, "", total, "", "scalar", value, parent=parent, child=child
    )


def matrix_report() -> Report:
    """Two layers: long formulas, Greek names, an undefined function, an index form, every verdict."""
    x, p, y, q, z, u = (sym(n, k) for n, k in zip("xpyqzu", "nhhmmm", strict=True))
    v, bias = sym("V", "h", "n"), sym("b_0", "h")
    w, label, eps = sym("U", "m", "h"), sym("l", "m"), sym("epsilon")
    sigma = Function("sigma", ((),), (), elementwise=True)
    vp, vq = variable(p), variable(q)
    dsigma = Call(vp.shape, sigma, (vp,), (1,))
    graph = Graph(
        {
            p: variable(v) @ variable(x) + variable(bias),
            y: Call(vp.shape, sigma, (vp,)),
            q: variable(w) @ variable(y) + variable(u),
            z: Call(vq.shape, sigma, (vq,)),
            eps: num(1) / num(2) * apply("norm2", variable(z) - variable(label)) ** num(2),
        }
    )
    i, j = Index("i", "h"), Index("j", "n")
    outer = apply("outer", d(eps, p), variable(x))
    line = "∂ε/∂V = ∂ε/∂p · ∂p/∂V = ∂ε/∂p ⊗ x"
    linked = apply("contract", d(eps, p), d(p, v), params=(1,))
    backward = (
        variable(w).T @ ((variable(z) - variable(label)) * Call(vq.shape, sigma, (vq,), (1,)))
    ) * dsigma
    fails = ShapeMismatch("U ∂ε/∂q does not contract\nU is (m, h), ∂ε/∂q is (m)", location=at(3, "U @ ∂ε/∂q"))
    fails.hint = "write U.T @ ∂ε/∂q"
    claims = (
        claim("∂ε/∂V = ∂ε/∂p · ∂p/∂V", d(eps, v), linked, line=line),
        claim("∂ε/∂V = ∂ε/∂p ⊗ x", d(eps, v), outer, line=line, member=1),
        claim("∂ε/∂p = (U.T @ ((z - l) * σ'(q))) * σ'(p)", d(eps, p), backward),
        claim("∂ε/∂y = U @ ∂ε/∂q", None, None, error=fails),
        claim("∂ε/∂b_0 = -∂ε/∂p", d(eps, bias), -d(eps, p)),
        claim("∂ε/∂u = magic", d(eps, u), d(eps, q)),
    )
    witness = Witness(
        {"n": 2, "h": 3, "m": 1},
        {"b_0": ["1/3", "-2", "5"], "V": [["1", "2"], ["3", "4"], ["-1/7", "0"]]},
        {"sigma": "t**3 - t"},
        (2,),
        "-1.2345678901234567890",
        "1.2345678901234567890",
    )
    judgements = (
        Judgement(claims[0], Proved("all sizes", ("delta-contracts",))),
        Judgement(claims[1], Proved("all sizes"), oracles={"sympy": "agrees"}),
        Judgement(claims[2], Proved("all sizes", side_conditions=("sigma differentiable",))),
        Judgement(claims[3], Failed(fails)),
        Judgement(claims[4], Refuted("SC103", "the sign is wrong", witness), "∂ε/∂p"),
        Judgement(claims[5], Undecided("SC202", "the budget of terms ran out", "--timeout 60")),
    )
    entry = apply("mul", Call((), sigma, (vp[i],), (1,)), variable(x)[j])
    sweep = Sweep(
        tuple(ForwardRow(s.name, t, "(h)") for s, t in graph.definitions.items()),
        (
            EdgeRow("y → p", None, "diag(sigma'(p))", dsigma * d(eps, y), "", backward, "", "(h)"),
            EdgeRow("p → V", entry, "", outer, "", outer, "", "(h, n)", "", "V", "p", (i, j)),
        ),
        output="epsilon",
    )
    lecture = Lecture(
        "two-layer",
        "Two-layer σ network, 100 % of <it> & ∂ε/∂V_ij",
        inputs=(x, v, bias, w, u, label),
        functions=(sigma,),
        graph=graph,
        items=(Note("x: the image, l: the label."), *claims),
    )
    return Report("two-layer", judgements, lecture, sweep)


def file_report() -> Report:
    """A claims file: ids, a proof where none was expected, a broken line."""
    x = sym("x")
    one = claim("S1: d(x**2)/dx = 2*x", d(x, x), num(1), 1, expected=Expectation.REFUTED)
    two = claim("S2: x = y", None, None, 2, error=UndeclaredName("no name y", location=at(2, "x = y")))
    judgements = (Judgement(one, Proved("all sizes")), Judgement(two, Failed(two.error)))  # type: ignore[arg-type]
    return Report("claims.jsonl", judgements, broken=((7, "SC001", "no JSON: line 7"),))
