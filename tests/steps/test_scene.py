"""What may be put in where: nothing that holds at a point alone is differentiated, no cut name is opened."""

from __future__ import annotations

from fractions import Fraction

from symcheck import Derivation
from symcheck.api import read_formula, with_steps
from symcheck.check import judge
from symcheck.language.tensor import Apply, Tensor, Variable, walk
from symcheck.language.verdict import Judgement
from symcheck.rendering.argument import rule
from symcheck.steps.registry import RULES, Known, Scene
from symcheck.steps.search import Search
from symcheck.trial import Session


def rewritten(tensor: Tensor, name: str, scene: Scene) -> int:
    """How many places a rule finds in a formula."""
    search = Search(scene)
    return len(list(search.rewritten(search.line(tensor), RULES[name])))


def argued(derivation: Derivation) -> list[Judgement]:
    session = Session()
    return list(with_steps([judge(c, session) for c in derivation.lecture_noun().claims], session))


def test_lines_and_values_are_not_put_into_what_is_differentiated() -> None:
    (claim,) = read_formula("a*b + d(a*b) + d(a*b)/db = b*da", ["a: scalar; b: scalar"])
    assert claim.equation is not None
    left, right = claim.equation.left, claim.equation.right
    a = next(node.symbol for node in walk(left) if isinstance(node, Variable) and node.symbol.name == "a")
    product = next(node for node in walk(left) if isinstance(node, Apply) and node.op == "mul")
    scene = Scene(point={a: Fraction(2)}, known=(Known(1, product, right),))
    assert rewritten(left, "known_line", scene) == 1
    assert rewritten(left, "values", scene) == 1


def test_a_name_is_not_opened_under_a_derivative_by_it() -> None:
    (claim,) = read_formula("d(y*z)/dz + z = 0", ["x: scalar; y: scalar; z = x**2"])
    assert claim.equation is not None
    scene = Scene(claim.graph)
    assert rewritten(claim.equation.left, "definition", scene) == 1


def test_a_later_line_is_no_reason_and_a_wrong_one_is_none() -> None:
    lecture = Derivation("order")
    lecture.declare("A: n n; B: n n")
    lecture.define("s", "tr(A @ B)")
    lecture.claims("""
        s = tr(B @ A)
        s = tr(A @ A)
        s = tr(A @ B)
    """)
    first, second, third = argued(lecture)
    assert rule(first) == "several steps: definition of s, tr AB = tr BA"
    assert second.step is None
    assert rule(third) == "definition of s"
    assert third.step is not None
    assert third.step.source is None


def test_a_line_under_an_assumption_is_put_in_only_where_that_is_given() -> None:
    lecture = Derivation("given")
    lecture.declare("A: n n; x: n")
    lecture.claim("A.T = A", assume=["A symmetric"])
    lecture.claim("A.T @ x = A @ x", assume=["A symmetric"])
    lecture.claim("(A.T @ A).T @ x = A.T @ A @ x")
    _, second, third = argued(lecture)
    assert rule(second) == "line 1 put in"
    assert "line 1" not in rule(third)


def test_values_of_the_point_are_told_where_the_line_is_about_numbers() -> None:
    lecture = Derivation("numbers")
    lecture.scalars("a b")
    lecture.define("e", "a*b")
    lecture.at(a=2, b=3)
    lecture.claims("e = a*b = 2*3 = 6")
    assert [rule(j) for j in argued(lecture)] == ["definition of e", "values of the point", "arithmetic"]
