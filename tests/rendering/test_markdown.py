"""Markdown reports: formulas survive readers that look for markup first, nothing of the author is markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from report_samples import file_report, matrix_report, scalar_report

from symcheck.api import check_lecture, load
from symcheck.language.derivation import Note
from symcheck.language.report import Report
from symcheck.language.verdict import Correction, Refuted
from symcheck.reading.catalogue import list_lectures
from symcheck.rendering import markdown
from symcheck.rendering.graph import graph_mermaid
from symcheck.rendering.markdown_text import code, code_outside, inline, mathematics, text
from symcheck.rendering.theme import Theme

LECTURES = [entry.name for entry in list_lectures()]
REPORTS = [scalar_report(), matrix_report(), file_report()]
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

MATH = re.compile(r"\$\$([^$]*)\$\$|\$([^$]+)\$")
CODE = re.compile(r"```.*?```|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
DOLLAR = "<span>&#36;</span>"


def formulas_as_written(page: str) -> list[str]:
    """What a reader finds that looks for mathematics first."""
    bare = CODE.sub("", page).replace(DOLLAR, "")
    return [" ".join((one or two).split()) for one, two in MATH.findall(bare)]


def inlines(page: str) -> list[Token]:
    return [token for token in READER.parse(page) if token.type == "inline"]


def formulas_after_markup(page: str) -> list[str]:
    """What a reader finds that looks for markup first."""
    found = []
    for token in inlines(page):
        shown = "".join(
            {"softbreak": "\n", "code_inline": "\0", "html_inline": "\0"}.get(part.type, part.content)
            for part in token.children or ()
        )
        plain = re.sub("\0\\$\0", "", shown)  # a dollar that stands alone
        found += [" ".join((one or two).split()) for one, two in MATH.findall(plain)]
    return found


def markup(page: str) -> set[str]:
    """The kinds of markup within lines, and the HTML."""
    found = set()
    for token in inlines(page):
        for part in token.children or ():
            found.add(part.content if part.type == "html_inline" else part.type)
    return found | {token.type for token in READER.parse(page) if token.type.startswith("html")}


OURS = {
    "text",
    "softbreak",
    "code_inline",
    "strong_open",
    "strong_close",
    "<span>",
    "</span>",
    "text_special",
}


def report_of(name: str) -> Report:
    lecture = load(name)
    return Report(name, tuple(check_lecture(lecture)), lecture)


@pytest.mark.parametrize("name", LECTURES)
def test_every_lecture_survives_both_kinds_of_readers(name: str) -> None:
    page = markdown.render(report_of(name))
    formulas = formulas_as_written(page)
    assert formulas
    assert formulas_after_markup(page) == formulas
    assert markup(page) <= OURS
    assert "\\\\" not in "".join(formulas)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
@pytest.mark.parametrize("brief", [False, True])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_samples_survive_both_kinds_of_readers(report: Report, brief: bool, ascii_only: bool) -> None:
    page = markdown.render(report, Theme(ascii=ascii_only), brief=brief)
    assert formulas_after_markup(page) == formulas_as_written(page)
    assert markup(page) <= OURS
    assert page.isascii() or not ascii_only
    assert page == markdown.render(report, Theme(ascii=ascii_only), brief=brief)


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table below a heading, as a reader sees them."""
    tokens = READER.parse(page)
    start = next(
        k for k, t in enumerate(tokens) if t.type == "heading_open" and tokens[k + 1].content == heading
    )
    found: list[list[str]] = []
    for token, following in zip(tokens[start:], tokens[start + 1 :], strict=False):
        if token.type == "tr_open":
            found.append([])
        elif token.type in ("td_open", "th_open"):
            found[-1].append("".join(part.content for part in following.children or ()))
        elif token.type == "table_close":
            break
    return found


def test_the_table_of_verdicts_says_everything_in_words() -> None:
    page = markdown.render(matrix_report(), brief=True)
    head, *body = rows(page, "Claims")
    assert head[:4] == ["no.", "claim", "verdict", "scope"]
    assert [row[2] for row in body] == ["proved", "proved", "proved", "ERROR", "REFUTED", "undecided"]
    assert body[0][3] == "all sizes"
    assert body[4][1] == "∂ε/∂b_0 = -∂ε/∂p"


def test_refuted_lines_tell_witness_and_truth() -> None:
    page = markdown.render(scalar_report())
    start = page.index(
        "- refuted (as expected) SC104 (3) `∂f/∂h = 16200` at `derivations/lecture_b.py:12:15`"
    )
    told = page[start:].split("\n- ")[0].split("\n")
    assert "  - a numeric factor is wrong" in told
    assert "  - note: 2f written for 2h" in told
    assert "  - claimed 16200, true -180" in told
    assert "  - at `a = 23, b = 2, c = -5, d = 7`" in told
    assert r"  - true: `∂f/∂h = 2*h`, that is $\displaystyle 2 \thinspace h$" in told


def test_kind_and_correction_are_told() -> None:
    report = scalar_report()
    old = report.judgements[2]
    assert isinstance(old.verdict, Refuted)
    verdict = replace(old.verdict, kind="2f stands for 2h", correction=Correction("2*h"))
    page = markdown.render(replace(report, judgements=(replace(old, verdict=verdict),)), brief=True)
    assert "  - kind: 2f stands for 2h\n  - write: `2*h`\n" in page


def test_a_chain_is_one_block_with_a_row_a_link() -> None:
    page = markdown.render(scalar_report())
    assert (
        "$$\n\\begin{aligned}\n"
        "\\frac{\\partial f}{\\partial h} &= 2 \\thinspace h && \\text{(1) proved} \\cr\n"
        "&= -180 && \\text{(2) proved}\n"
        "\\end{aligned}\n$$\n"
    ) in page


def test_a_broken_line_of_a_claims_file_is_told() -> None:
    assert "\n- line 7: SC001 no JSON: line 7\n" in markdown.render(file_report(), brief=True)


NASTY = (
    "<script>alert(1)</script>",
    "$$x$$ and $y$",
    "a | b || c",
    "`tick` ``two``",
    "**bold** _under_ ~~gone~~ [link](http://x.y) ![img](z)",
    "# no heading\n- no list\n\n    no code\n***\n",
    "\\$ \\` \\\\ &amp; &lt; &#36; :tada: @someone https://evil.example",
    "\x1b[31mred\x00\u202e",
    "<!-- --> ]]> </details>",
)


@pytest.mark.parametrize("nasty", NASTY)
def test_what_its_author_wrote_is_shown_and_never_markup(nasty: str) -> None:
    report = scalar_report()
    assert report.lecture is not None
    plain = markdown.render(report)
    claim = replace(report.judgements[2].claim, text=f"∂f/∂h = {nasty}", note=nasty, id=nasty)
    judgements = (*report.judgements[:2], replace(report.judgements[2], claim=claim))
    lecture = replace(
        report.lecture,
        title=nasty,
        source=nasty,
        items=(Note(nasty), *(j.claim for j in judgements)),
    )
    page = markdown.render(replace(report, judgements=judgements, lecture=lecture))
    assert markup(page) <= OURS
    kinds = [token.type for token in READER.parse(page) if token.type not in ("inline",)]
    expected = {token.type for token in READER.parse(plain)}
    assert set(kinds) <= expected | {"paragraph_open", "paragraph_close"}
    shown = "\n".join("".join(p.content for p in token.children or ()) for token in inlines(page))
    wanted = " ".join(re.sub("[\x00\x1b\u202e]", "", nasty).split())
    assert shown.replace("<span>$</span>", "$").count(wanted) >= 4  # title, source, remark, note
    assert len(formulas_as_written(page)) == len(formulas_after_markup(page))
    assert not re.search("[\x00\x1b\u202e]", page)


@pytest.mark.parametrize("written", ["a|b", "`", "``a`", "a``b`c", " x ", "|", "a\\|b"])
def test_code_is_shown_as_typed(written: str) -> None:
    (token,) = inlines(code_outside(written))
    assert token.children is not None
    assert [part.content for part in token.children] == [written.strip()]
    assert rows(f"# h\n\n| a |\n|---|\n| {code(written)} |\n", "h")[1] == [written.strip()]


def test_text_is_shown_as_typed() -> None:
    written = "a_b*c* \\ `x` [y](z) <i> & | $ # ~ @ :x: 1. (d)"
    (token,) = inlines(text(written))
    shown = "".join(part.content for part in token.children or () if part.type != "html_inline")
    assert shown == written


@pytest.mark.parametrize(
    ("latex", "safe"),
    [
        (r"a \, b \; c \! d", r"a \thinspace b \thickspace c \negthinspace d"),
        (r"\{a\}", r"\lbrace a\rbrace"),
        (r"\begin{cases}a \\ b\end{cases}", r"\begin{cases}a \cr b\end{cases}"),
        (r"\mathrm{x}_{1} + a_{2}", r"\mathrm{x}\mathstrut_{1} + a_{2}"),
        ("a < b > c | d", r"a \lt b \gt c \vert d"),
        (r"\text{\textcircled{\scriptsize 2}}", "②"),
        ("x[i](y)", "x[i]{}(y)"),
        ("$`#%", "'"),
    ],
)
def test_mathematics_avoids_what_readers_of_markup_change(latex: str, safe: str) -> None:
    assert mathematics(latex) == safe
    assert formulas_after_markup(inline(latex)) == formulas_as_written(inline(latex))


def test_the_flowchart_stands_in_a_fence_of_its_own() -> None:
    page = markdown.render(scalar_report())
    fences = [token for token in READER.parse(page) if token.type == "fence"]
    assert [token.info for token in fences] == ["mermaid"]
    assert fences[0].content.strip() == graph_mermaid(scalar_report()).strip()
    assert "```" not in markdown.render(scalar_report(), brief=True)
    assert "```" not in markdown.render(file_report())
