"""Wrong parts set off with their correction, tables within the line, running text: by hand-made reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from latex_checks import assert_compiles, assert_well_formed, has_pdflatex
from report_samples import scalar_report

from symcheck.api import read_formula
from symcheck.language.report import Report
from symcheck.language.verdict import Correction, Judgement, Proved, Refuted, Witness
from symcheck.rendering import latex
from symcheck.rendering.latex_cells import entries, polynomial, prose
from symcheck.rendering.latex_chains import balanced
from symcheck.rendering.latex_notation import write_latex
from symcheck.rendering.latex_tables import longtable
from symcheck.rendering.latex_width import broken, least_width, narrowed, width
from symcheck.rendering.marking import Marked, marked_at
from symcheck.rendering.table import Table

LET = "x: n; y: n; t: m; W: m n; a: scalar; b: scalar; sigma: elementwise; p = W @ x; E = sumall((p - t)**2)"
AT = Witness({"n": 1}, {"x": ["2"]}, {"sigma": "1/2 - x**2"}, (0,), "4", "2")


def refuted(text: str, correction: Correction | None, kind: str = "a factor 2 is missing") -> Judgement:
    (claim,) = read_formula(text, [LET])
    assert claim.equation is not None, claim.error
    return Judgement(
        claim,
        Refuted("SC104", "the formula gives 4, the true value is 2", AT, kind=kind, correction=correction),
        "2*(p - t)",
        r"2 \, (p - t)",
    )


MARKS = [
    ("a + b = a - b", "b", r"a - \symcheckwrong{b}"),
    ("a + b = a - b", "a - b", r"\symcheckwrong{a - b}"),
    ("a + b = a - b", "-", r"\symcheckwrong{a - b}"),
    ("a = a*(a + b)", "a + b", r"a \, (\symcheckwrong{a + b})"),
    ("∂E/∂x = W @ ∂E/∂p", "W", None),
    ("∂E/∂x = W.T @ ∂E/∂p", "∂E/∂p", r"W^{\top} \, \symcheckwrong{\frac{\partial E}{\partial p}}"),
    ("∂E/∂x[i] = sum(j, W[i,j]*∂E/∂p[j])", "W[i,j]", None),
    ("a = sum(i, x[i]*y[i])", "x[i]", r"\sum_{i} \symcheckwrong{x_{i}} \, y_{i}"),
    ("a = sum(i, x[i])*a", "sum(i, x[i])", None),
    ("y = sigma'(x)", "x", r"\sigma'(\symcheckwrong{x})"),
    ("a = lim(b -> 0, a + b)", "b", None),
]


@pytest.mark.parametrize(("line", "part", "latex_"), MARKS, ids=[f"{row[0]} | {row[1]}" for row in MARKS])
def test_the_smallest_part_that_holds_the_place_is_marked(line: str, part: str, latex_: str | None) -> None:
    (claim,) = read_formula(line, [LET])
    if claim.equation is None:
        assert latex_ is None
        return
    start = line.rindex(part)
    shown = write_latex(marked_at(claim.equation.right, (start, start + len(part))))
    if latex_ is not None:
        assert shown == latex_
    assert shown.count(r"\symcheckwrong{") == 1
    plain = write_latex(claim.equation.right)
    inner = shown.replace(r"\symcheckwrong", "").replace("{", "").replace("}", "")
    assert inner == plain.replace("{", "").replace("}", "")


def test_a_place_outside_of_every_part_marks_the_whole() -> None:
    (claim,) = read_formula("a = a - b", [LET])
    assert claim.equation is not None
    assert isinstance(marked_at(claim.equation.right, (90, 95)), Marked)


def test_a_refuted_line_has_its_wrong_part_marked_and_the_correction_beside_it() -> None:
    line = "∂E/∂p = 4*(p - t)"
    correction = Correction("2*(p - t)", r"2 \, (p - t)", (8, 9), "4", "2")
    text = latex.render(Report("one", (refuted(line, correction),)))
    assert r"\symcheckwrong{4} \, (p - t)" in text
    assert r"\symcheckmeant{= 2 \, (p - t)}" in text
    assert r"\textit{a factor $2$ is missing}" in text
    assert "true:" not in text
    assert r"$\sigma = \tfrac{1}{2} - x^{2}$" in text
    assert_well_formed(text)


def test_without_a_correction_nothing_is_marked() -> None:
    text = latex.render(Report("one", (refuted("∂E/∂p = 4*(p - t)", None),)))
    assert r"\symcheckwrong{4}" not in text
    assert r"\symcheckmeant{=" not in text
    assert r"true: $2 \,(p - t)$" in text


def test_a_correction_that_replaces_the_whole_marks_the_whole() -> None:
    text = latex.render(Report("one", (refuted("∂E/∂p = p", Correction("2*(p - t)", r"2 \, (p - t)")),)))
    assert r"&= \symcheckwrong{p} \qquad \symcheckmeant{= 2 \, (p - t)}" in text


def test_a_correction_without_latex_stands_as_typed() -> None:
    text = latex.render(Report("one", (refuted("∂E/∂p = p", Correction("2*(p - t)")),)))
    assert r"\symcheckmeant{= \text{\texttt{2*(p - t)}}}" in text


def test_a_long_correction_stands_below() -> None:
    long = " + ".join(rf"\frac{{\partial E_{{{k}}}}}{{\partial x}} \, x_{{{k}}}" for k in range(20))
    text = latex.render(Report("one", (refuted("∂E/∂p = p", Correction("…", long)),)))
    assert r"\symcheckmeant{= \frac" in text
    assert r"\symcheckmore{+" in text
    assert_well_formed(text)


@pytest.mark.skipif(not has_pdflatex(), reason="pdflatex is not installed")
def test_pdflatex_sets_marked_lines(tmp_path: Path) -> None:
    long = " + ".join(rf"\frac{{\partial E_{{{k}}}}}{{\partial x}} \, x_{{{k}}}" for k in range(20))
    judgements = (
        refuted("∂E/∂p = 4*(p - t)", Correction("2*(p - t)", r"2 \, (p - t)", (8, 9), "4", "2")),
        refuted("∂E/∂p = p", Correction("2*(p - t)")),
        refuted("∂E/∂p = p", Correction("…", long), kind="∂E/∂p of another layer, 100 % wrong & longer"),
    )
    assert_compiles(latex.render(Report("marks", judgements), standalone=True), tmp_path)


def test_the_users_words_are_no_commands() -> None:
    report = scalar_report()
    assert report.lecture is not None
    nasty = r"\input{/etc/passwd} $x^2 & #1 ~ 100% {" + "w" * 80
    lecture = replace(report.lecture, title=nasty, name=nasty, source=nasty)
    judgement = refuted("∂E/∂p = p", None, kind=nasty)
    judgement = replace(judgement, claim=replace(judgement.claim, note=nasty))
    text = latex.render(replace(report, lecture=lecture, judgements=(judgement,)), standalone=True)
    assert_well_formed(text)
    assert r"\input" not in text


# -- running text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("∂J/∂y1 worked out", r"$\partial J/\partial y_{1}$ worked out"),
        ("definition of z3, sigmoid", r"definition of $z_{3}$, sigmoid"),
        ("2f for 2h", "$2f$ for $2h$"),
        ("a value of x", "a value of $x$"),
        ("A wrong line, I say", "A wrong line, I say"),
        ("Q's own, i.e. the same", "$Q$'s own, i.e. the same"),
        ("code SC119 said", "code SC119 said"),
        ("gives -5, true 1/3", "gives $-5$, true $1/3$"),
        ("0.5e-7 left", r"$0.5 \cdot 10^{-7}$ left"),
        ("derive --numeric", "derive -{}-numeric"),
        ("with dX held", r"with $\mathrm{d}X$ held"),
        ("¼ is attained", r"\ensuremath{\frac{1}{4}} is attained"),
        ("(AB)ᵀ = BᵀAᵀ", r"(AB)\ensuremath{{}^{\top}} = B\ensuremath{{}^{\top}}A\ensuremath{{}^{\top}}"),
        ("e^{h→0}", r"$e$${}^{h\ensuremath{\to}0}$"),
        ("the difference z3 - y", r"the difference $z_{3}$ \ensuremath{-} $y$"),
        ("softmax of pred", r"softmax of $\mathrm{pred}$"),
    ],
)
def test_names_and_numbers_in_running_text(text: str, shown: str) -> None:
    assert prose(text, {"X", "pred", "x"}) == shown


def test_values_are_rows_and_small_matrices() -> None:
    assert entries("1/3") == "1/3"
    assert entries(["1", "-2"]) == r"(1, \allowbreak -2)"
    assert entries([["1", "2"], ["3", "4"]]).count("&") == 2
    assert polynomial("1/2*x[0]**2 - 3*x[1]") == r"\tfrac{1}{2} \, x_{0}^{2} - 3 \, x_{1}"


# -- widths ------------------------------------------------------------------------------------


def test_cases_are_as_wide_as_their_widest_row() -> None:
    one = r"\begin{cases} 1 & \text{if } z > 0 \\ 0 & \text{otherwise} \end{cases}"
    many = one.replace(r"\\", r"\\ 1 & \text{if } z > 0 \\ 0 & \text{if } z < 0 \\")
    assert 0 < width(one) == width(many) < 20
    assert width(rf"a + {one}") > width(one)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (r"\frac{a + b + c}{N}", r"\frac{1}{N} \, \bigl( a + b + c \bigr)"),
        (r"\frac{-a \, b \, c \, d}{N}", r"\frac{-1}{N} \, \bigl( a \, b \, c \, d \bigr)"),
        (r"\frac{-a + b - c}{N}", r"\frac{1}{N} \, \bigl( -a + b - c \bigr)"),
        (r"\frac{x}{a + b + c}", r"\bigl( \bigl( x \bigr) / \bigl( a + b + c \bigr) \bigr)"),
        (r"\frac{a}{N}", r"\frac{a}{N}"),
    ],
)
def test_a_wide_fraction_becomes_a_product_that_can_break(wide: str, narrow: str) -> None:
    assert narrowed(wide, 3) == narrow


def test_a_line_breaks_at_a_sum_of_the_whole_rather_than_inside_brackets() -> None:
    long = r"f(a + b \, c + d) + g(a + b \, c + d) + h(a + b \, c + d)"
    assert [line[:3] for line in broken(long, 30)] == ["f(a", "+ h"]
    assert "".join(broken(long, 30)).replace(" ", "") == long.replace(" ", "")


def test_margin_notes_have_lines_of_about_one_length() -> None:
    assert balanced("several steps: chain rule, worked out", 30) == [
        "several steps: chain",
        "rule, worked out",
    ]
    assert balanced("", 30) == []


@pytest.mark.parametrize("columns", [2, 4, 6])
def test_columns_share_the_line(columns: int) -> None:
    wide = r"$\displaystyle " + r" + ".join([r"\frac{\partial f}{\partial x} \, \sigma'(x)"] * 6) + "$"
    table = Table("T", ("h",) * columns, ((*["$x$"] * (columns - 1), wide), ("",) * columns))
    text = longtable(table)
    shares = [float(part.split("\\linewidth")[0]) for part in text.split("p{")[1 : columns + 1]]
    assert len(shares) == columns
    assert sum(shares) < 1
    assert_well_formed(text)


def test_a_cell_too_wide_for_any_column_stands_below_its_row() -> None:
    whole = r"$\displaystyle \exp\left( " + r" \, ".join(["x"] * 45) + r" \right)$"
    assert least_width(whole.strip("$")) > 40
    other = r"$\left( " + r" \, ".join(["y"] * 25) + r" \right)$"
    text = longtable(Table("T", ("a", "b", "c"), (("$x$", other, whole), ("$u$", other, "$w$"))))
    assert rf"\multicolumn{{3}}{{@{{}}p{{0.98\linewidth}}@{{}}}}{{\raggedright\quad c: {whole}}}" in text
    assert "$w$ \\tabularnewline" in text


def test_a_proved_line_is_never_without_its_scope() -> None:
    (claim,) = read_formula("∂E/∂p = 2*(p - t)", [LET])
    text = latex.render(Report("one", (Judgement(claim, Proved("all sizes")),)))
    assert r"\symcheckproved{proved, all sizes}" in text
    assert r"\symcheckagrees{}" not in text
    agreed = Judgement(claim, Proved("all sizes"), oracles={"sympy": "agrees (n = 2)"})
    assert r"proved, all sizes}\symcheckagrees{}" in latex.render(Report("one", (agreed,)))
