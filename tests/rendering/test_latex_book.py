"""Every lecture as LaTeX, and all as a book: well-formed always, set by pdflatex where there is one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from latex_checks import assert_compiles, assert_well_formed, has_pdflatex

from symcheck import api
from symcheck.check import judge
from symcheck.language.report import Report
from symcheck.reading.catalogue import list_lectures
from symcheck.rendering import latex, latex_book
from symcheck.rendering.rows import count
from symcheck.trial import Session

LECTURES = [entry.name for entry in list_lectures()]
ARGUED = ("sigmoid", "affine-layer-traces", "squared-product-second-run")
"""With the rules told at the margin; for all of them that would take a minute."""

needs_pdflatex = pytest.mark.skipif(not has_pdflatex(), reason="pdflatex is not installed")


@cache
def reported(name: str) -> Report:
    lecture = api.load(name)
    session = Session()
    judgements = tuple(judge(claim, session) for claim in lecture.claims)
    if name in ARGUED:
        judgements = api.with_steps(judgements, session)
    modes = api.both_sweeps(lecture, (), {}) if api.wants_sweeps(lecture, None) else None
    return Report(name, judgements, lecture, api.tables(lecture, (), {}), modes=modes)


@cache
def document(name: str) -> str:
    return latex.render(reported(name), standalone=True)


@cache
def book() -> str:
    return latex.render_all([reported(name) for name in LECTURES], standalone=True)


@pytest.mark.parametrize("name", LECTURES)
def test_a_lecture_is_well_formed(name: str) -> None:
    assert_well_formed(document(name))
    fragment = latex.render(reported(name))
    assert_well_formed(fragment)
    assert "documentclass" not in fragment
    assert document(name) == latex.render(reported(name), standalone=True)


@pytest.mark.parametrize("name", LECTURES)
def test_every_link_is_one_row_of_its_chain(name: str) -> None:
    text = document(name)
    readable = [j for j in reported(name).judgements if j.claim.equation is not None]
    chains = "".join(re.findall(r"\\begin\{align\*\}\n(.*?)\\end\{align\*\}", text, re.DOTALL))
    defined = chains.count("$\\in \\mathbb{R}")
    assert chains.count("\\tag*") - defined == len(readable)


@needs_pdflatex
@pytest.mark.parametrize("name", LECTURES)
def test_pdflatex_sets_a_lecture(name: str, tmp_path: Path) -> None:
    assert_compiles(document(name), tmp_path)


def test_the_book_lists_and_sums_up_what_it_holds() -> None:
    text = book()
    assert_well_formed(text)
    assert text.count("\\documentclass") == 1
    assert len(re.findall(r"^\\section\{", text, re.MULTILINE)) == len(LECTURES)
    assert "\\tableofcontents" in text
    pages = set(re.findall(r"\\pageref\{(.*?)\}", text))
    assert pages == set(re.findall(r"\\label\{(.*?)\}", text))
    assert len(pages) == len(LECTURES)
    counts = count([j for name in LECTURES for j in reported(name).judgements])
    slips = sum(str(j.claim.expected) != "proved" for name in LECTURES for j in reported(name).judgements)
    row = re.search(r"& all & (\d+) & (\d+) & (\d+) & -- & -- &", text)
    assert row is not None
    assert [int(number) for number in row.groups()] == [counts.claims, counts.proved, slips]


@needs_pdflatex
def test_pdflatex_sets_the_book(tmp_path: Path) -> None:
    assert_compiles(book(), tmp_path, runs=2)


@needs_pdflatex
def test_a_fragment_is_set_within_a_document_of_its_user(tmp_path: Path) -> None:
    (tmp_path / "part.tex").write_text(latex.render(reported("two-layer")), encoding="ascii")
    names = {*latex_book.PACKAGES, "tikz"} - {"xcolor"}
    packages = "".join(f"\\usepackage{{{name}}}" for name in sorted(names))
    page = "\\oddsidemargin=0mm\\textwidth=160mm"
    document = (
        f"\\documentclass{{article}}{packages}{page}\\begin{{document}}\\input{{part}}\\end{{document}}"
    )
    assert_compiles(document, tmp_path)


def test_a_book_of_one_is_no_book() -> None:
    assert "\\tableofcontents" not in document("sigmoid")
    assert "\\section*" in document("sigmoid")


@pytest.mark.parametrize("broken", ["{", "\\begin{x}", "$", "\\unheard", "\u00e9", "\\end{document}"])
def test_what_is_not_well_formed_is_seen(broken: str) -> None:
    text = document("sigmoid").replace("\\end{document}", f"{broken}\n\\end{{document}}")
    with pytest.raises(AssertionError):
        assert_well_formed(text)


def test_a_declaration_gives_the_space_and_a_definition_its_own() -> None:
    text = document("two-layer")
    assert r"$V \in \mathbb{R}^{h \times n}$" in text
    assert r"$l, u \in \mathbb{R}^{m}$" in text
    assert r"$\sigma \colon \mathbb{R} \to \mathbb{R}$ acts entry by entry" in text
    assert r"p &= V \, x + v \tag*{$\in \mathbb{R}^{h}$}" in text


def test_values_stand_at_the_end_of_definitions() -> None:
    text = document("squared-product")
    assert r"h &= e \, g = 24" in text
    assert "Values: $a = 1$" in text


def test_the_legend_explains_what_occurs_and_nothing_else() -> None:
    plain, slips = document("two-layer"), document("squared-product-second-run")
    legend = plain.split("{Legend}")[1]
    assert "\\item[\\symcheckproved{proved}]" in legend
    assert "refuted" not in legend
    assert "undecided" not in legend
    assert "\\item[as expected]" in slips.split("{Legend}")[1]
