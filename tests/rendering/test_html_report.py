"""HTML pages: well-formed, self-contained, escaped, always alike; and what Chromium makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from headless import CHROMIUM, MISSING, Browser
from report_samples import file_report, matrix_report, scalar_report

from symcheck.api import derive, load, tables
from symcheck.cli import main
from symcheck.language.derivation import Lecture, Note
from symcheck.language.report import Report
from symcheck.language.tensor import Symbol
from symcheck.language.verdict import Correction, Judgement, Proved, Refuted
from symcheck.reading.catalogue import list_lectures
from symcheck.rendering import graph, html_report, rows
from symcheck.rendering.html_claims import VERDICTS
from symcheck.rendering.html_text import escaped, row_id
from symcheck.rendering.theme import Theme

XHTML = "{http://www.w3.org/1999/xhtml}"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)> \"&' ]]> </style></title> \x00\u202e"

REPORTS = [scalar_report(), matrix_report(), file_report()]


def tree(page: str) -> ElementTree.Element:
    """The page as XML: HTML that is well-formed is read alike by everyone."""
    return ElementTree.fromstring(page)


def text_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def by_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [e for e in root.iter() if name in e.get("class", "").split()]


def check_structure(page: str) -> ElementTree.Element:
    """What holds for every page."""
    root = tree(page)
    ids = [e.get("id") for e in root.iter() if e.get("id") is not None]
    assert len(ids) == len(set(ids))
    for link in root.iter(f"{XHTML}a"):
        href = link.get("href", "")
        assert href[1:] in ids if href.startswith("#") else re.fullmatch(r"[\w.-]+\.html", href)
    addresses = re.findall(r'(?:src|href|url|action|srcset)\s*[=(]\s*["\']?([^"\')\s>]*)', page)
    assert not [a for a in addresses if "//" in a or a.startswith(("http", "data:", "javascript:"))]
    named = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert named <= {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"}
    assert len(list(root.iter(f"{XHTML}script"))) == 1
    tags = {e.tag.removeprefix(XHTML) for e in root.iter()}
    assert not tags & {"img", "link", "iframe", "object", "embed", "base", "form", "input"}
    for element in root.iter():
        assert not [key for key in element.attrib if key.startswith("on")]
        assert element.get("style") is None or element.tag.endswith("}svg")
    for sign in by_class(root, "verdict"):
        shown = text_of(sign)
        assert any(shown.startswith(mark) for mark, _ in VERDICTS.values()), shown
        assert any(word in shown.lower() for word in VERDICTS), shown
    return root


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_page_is_well_formed_and_fetches_nothing(report: Report) -> None:
    page = html_report.render(report)
    check_structure(page)
    assert page == html_report.render(report)
    assert not re.search(r"20\d\d-\d\d-\d\d|\d ms\b", page.split("</style>")[1].split("<script>")[0])


def test_every_line_has_an_anchor_its_latex_and_a_verdict_in_words() -> None:
    root = check_structure(html_report.render(scalar_report()))
    lines = by_class(root, "line")
    assert [line.get("id") for line in lines] == [f"line-{k}" for k in range(1, 5)]
    for line in lines:
        (annotation,) = [e for e in line.iter() if e.tag.endswith("annotation")][:1]
        assert annotation.get("encoding") == "application/x-tex"
        assert r"\frac{\partial f}{\partial " in (annotation.text or "")
    assert "✓ proved" in text_of(lines[0]).replace("✓proved", "✓ proved")
    assert "all values" in text_of(lines[0])
    assert "SymPy agrees" in text_of(lines[0])


def test_further_links_of_a_chain_hide_their_head_and_keep_their_latex() -> None:
    lines = by_class(check_structure(html_report.render(scalar_report())), "line")
    assert not [e for e in lines[0].iter() if e.tag.endswith("mphantom")]
    assert len([e for e in lines[1].iter() if e.tag.endswith("mphantom")]) == 1
    (annotation,) = [e for e in lines[1].iter() if e.tag.endswith("annotation")]
    assert annotation.text == r"\frac{\partial f}{\partial h} = -180"


def test_refuted_lines_unfold_kind_witness_origin_and_correction() -> None:
    report = scalar_report()
    judgement = report.judgements[2]
    assert isinstance(judgement.verdict, Refuted)
    text = judgement.claim.text
    correction = Correction("2*h", "2 \\, h", (8, 13), "16200", "2*h")
    wrong = replace(
        judgement,
        verdict=replace(
            judgement.verdict, correction=correction, kind="2f written for 2h", true_if=("a = 1",)
        ),
    )
    assert text[8:13] == "16200"
    report = replace(report, judgements=(*report.judgements[:2], wrong, report.judgements[3]))
    root = check_structure(html_report.render(report))
    details = list(root.iter(f"{XHTML}details"))
    assert len(details) == 2
    said = text_of(details[0])
    for part in ("SC104 numeric factor", "2f written for 2h", "claimed 16200, true -180", "true if", "a = 1"):
        assert part in said
    terms = [text_of(e) for e in details[0].iter(f"{XHTML}dt")]
    assert terms[:4] == ["kind", "because", "witness", "correction"]
    assert [e.get("href") for e in details[1].iter(f"{XHTML}a")] == ["#line-3"]
    assert all(d.get("open") is None for d in details), "as expected: folded"


def test_the_wrong_part_is_marked_where_the_correction_says() -> None:
    report = derive(load("squared-product-second-run"))
    judgement = next(j for j in report.judgements if isinstance(j.verdict, Refuted) and j.claim.equation)
    assert judgement.claim.equation is not None
    span = judgement.claim.equation.right.span
    assert span is not None
    assert isinstance(judgement.verdict, Refuted)
    verdict = replace(judgement.verdict, correction=Correction("2*h", r"2 \, h", span))
    root = check_structure(
        html_report.render(replace(report, judgements=(replace(judgement, verdict=verdict),)))
    )
    assert len(by_class(root, "wrong")) == 1
    verdict = replace(judgement.verdict, correction=Correction("2*h", r"2 \, h"))
    marked = replace(report, judgements=(replace(judgement, verdict=verdict),))
    (whole,) = by_class(check_structure(html_report.render(marked)), "wrong")
    assert text_of(whole) == text_of(by_class(root, "wrong")[0])
    report = replace(
        report,
        judgements=tuple(
            replace(j, verdict=replace(j.verdict, correction=None)) if isinstance(j.verdict, Refuted) else j
            for j in report.judgements
        ),
    )
    assert not by_class(check_structure(html_report.render(report)), "wrong")


def test_what_nobody_expected_is_open_and_in_capitals() -> None:
    root = check_structure(html_report.render(matrix_report()))
    unexpected = [text_of(e) for e in by_class(root, "unexpected")]
    assert unexpected == ["!ERROR", "✗REFUTED"]
    assert sum(d.get("open") == "open" for d in root.iter(f"{XHTML}details")) == 2


def test_what_the_user_wrote_is_escaped_wherever_it_stands() -> None:
    report = matrix_report()
    lecture = report.lecture
    assert lecture is not None
    x = Symbol("x", (("n",),), latex=EVIL, written=EVIL)
    evil = replace(
        lecture,
        name=EVIL,
        title=EVIL,
        source=EVIL,
        lecture=EVIL,
        convention=EVIL,
        inputs=(x, *lecture.inputs),
        items=(Note(EVIL), *lecture.items),
    )
    judgements = tuple(
        replace(j, claim=replace(j.claim, note=EVIL, text=EVIL), derivative=EVIL, derivative_latex=EVIL)
        for j in report.judgements
    )
    told = tuple(_wicked(j) for j in judgements)
    page = html_report.render(
        replace(report, name=EVIL, lecture=evil, judgements=told, notices=(EVIL,), broken=((1, EVIL, EVIL),))
    )
    root = check_structure(page)
    assert page.count("<script>") == 1
    assert page.count("alert(1)") == page.count("&lt;script&gt;alert(1)") > 10
    assert "<img" not in page
    assert "\u202e" not in page
    assert "\x00" not in page
    (title,) = root.iter(f"{XHTML}title")
    assert (title.text or "").startswith("<script>")
    index = html_report.render_index([replace(report, name=EVIL, lecture=evil)], ["a.html"])
    check_structure(index)
    assert index.count("alert(1)") == index.count("&lt;script&gt;alert(1)") > 0


def _wicked(judgement: Judgement) -> Judgement:
    if not isinstance(judgement.verdict, Refuted):
        return judgement
    verdict = replace(
        judgement.verdict,
        message=EVIL,
        follows="unknown",
        follows_text=EVIL,
        kind=EVIL,
        true_if=(EVIL,),
        correction=Correction(EVIL, EVIL),
    )
    return replace(judgement, verdict=verdict)


def test_tables_have_their_rows_and_headers() -> None:
    report = scalar_report()
    root = check_structure(html_report.render(report))
    tables = list(root.iter(f"{XHTML}table"))
    assert report.sweep is not None
    assert len(tables) == 3
    assert [r.get("id") for r in tables[0].iter(f"{XHTML}tr")][1:] == [f"row-{n}" for n in "aeghf"]
    heads = [text_of(h) for h in tables[0].iter(f"{XHTML}th")]
    assert heads == ["node", "definition", "shape", "value"]
    for row in list(tables[0].iter(f"{XHTML}tr"))[1:]:
        assert [cell.get("data-label") for cell in row] == heads
    assert "struck" in text_of(tables[2])


def test_sweeps_quotients_and_steps_are_shown_where_asked_for() -> None:
    lecture = load("squared-product")
    report = derive(lecture, sweeps=True, numeric=True, steps=True, oracle="none")
    root = check_structure(html_report.render(report))
    wanted = {"sweep-1", "sweep-2", "sweep-3", "counting", "quotients", "steps"}
    assert wanted <= {heading.get("id") for heading in root.iter(f"{XHTML}h2")}
    rules = by_class(root, "rule")
    assert len(rules) == sum(judgement.step is not None for judgement in report.judgements) > 0
    bare = check_structure(html_report.render(derive(lecture, sweeps=False, oracle="none")))
    assert not wanted & {heading.get("id") for heading in bare.iter(f"{XHTML}h2")}


def test_several_reports_share_a_page_without_sharing_ids() -> None:
    root = check_structure(html_report.render_all(REPORTS))
    assert len(list(root.iter(f"{XHTML}article"))) == 3
    links = [e.get("href") for e in root.iter(f"{XHTML}a")]
    assert links[:3] == ["#1:top", "#2:top", "#3:top"]


def test_ids_of_names_stay_apart_and_ascii_is_ascii() -> None:
    names = ["b_0", "b0", "b__0", "lₙ", "l.2099.", "ε", "epsilon", "a b", "a", "<", '"']
    assert len({row_id(name) for name in names}) == len(names)
    assert all(re.fullmatch(r"row-[A-Za-z0-9_.-]+", row_id(name)) for name in names)
    assert [row_id(name, "1:") for name in names] == [graph.row_id(name, "1:") for name in names]
    page = html_report.render(matrix_report(), Theme(ascii=True))
    assert page.isascii()
    assert text_of(check_structure(page)) == text_of(tree(html_report.render(matrix_report())))
    assert escaped("a\ud800\x07b") == "a\ufffd\ufffdb"


def test_each_node_of_the_graph_has_its_row_and_is_linked_to_it() -> None:
    for report in (scalar_report(), matrix_report()):
        root = check_structure(html_report.render(report))
        ids = {e.get("id") or "" for e in root.iter()}
        nodes = {id_ for id_ in ids if id_.startswith("node-")}
        assert nodes
        assert {id_.replace("node-", "row-", 1) for id_ in nodes} >= {i for i in ids if i.startswith("row-")}
    both = check_structure(html_report.render_all([scalar_report(), scalar_report()]))
    ids = {e.get("id") or "" for e in both.iter()}
    assert {"1:node-f", "1:row-f", "2:node-f", "2:row-f"} <= ids


def test_a_page_does_without_a_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "load_if_any", lambda name: None)
    root = check_structure(html_report.render(scalar_report()))
    assert not list(root.iter(f"{XHTML}figure"))


def test_reports_without_claims_or_tables_are_pages_too() -> None:
    check_structure(html_report.render(Report("", ())))
    empty = Report("bare", (), Lecture("bare", ""))
    check_structure(html_report.render(empty))
    check_structure(html_report.render_index([], []))


def test_the_command_writes_pages_and_an_index(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["two-layer", "squared-product"]
    entries = [entry for entry in list_lectures() if entry.name in names]
    monkeypatch.setattr("symcheck.cli.deriving.list_lectures", lambda: entries)
    assert main(["export", "--all", "--to", "html", "--oracle", "none", "-o", str(tmp_path)]) == 0
    written = ["squared-product.html", "two-layer.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", *written]
    for path in tmp_path.iterdir():
        check_structure(path.read_text("utf-8"))
    index = check_structure((tmp_path / "index.html").read_text("utf-8"))
    links = [e.get("href") for e in index.iter(f"{XHTML}a")]
    assert sorted(filter(None, links)) == written
    capsys.readouterr()
    assert main(["derive", "two-layer", "--format", "html", "--oracle", "none"]) == 0
    assert capsys.readouterr().out == (tmp_path / "two-layer.html").read_text("utf-8")


@pytest.mark.parametrize("name", [entry.name for entry in list_lectures()])
def test_every_lecture_is_a_page(name: str) -> None:
    lecture = load(name)
    judgements = tuple(Judgement(claim, Proved("all sizes")) for claim in lecture.claims)
    report = Report(name, judgements, lecture, tables(lecture, (), {}))
    root = check_structure(html_report.render(report))
    lines = by_class(root, "line")
    assert len(lines) == len(report.judgements) == len(lecture.claims)
    notes = [item for item in lecture.items if isinstance(item, Note)]
    assert len(by_class(root, "note")) == len(notes)
    assert sum(map(len, rows.notes_before(report).values())) == len(notes)


# -- in a browser ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    reports = [derive(load(n)) for n in ("two-layer", "squared-product-second-run", "softmax-jacobian")]
    reports += [matrix_report(), file_report()]
    found = {}
    for k, report in enumerate(reports):
        found[f"{k}"] = folder / f"{k}.html"
        found[f"{k}"].write_text(html_report.render(report), "utf-8")
    lecture = load("layered-perceptron")
    assert any(isinstance(item, Note) and item.formulas for item in lecture.items), "formulas in prose"
    reports.append(Report(lecture.name, (), lecture))
    found["notes"] = folder / "notes.html"
    found["notes"].write_text(html_report.render(reports[-1]), "utf-8")
    found["all"] = folder / "all.html"
    found["all"].write_text(html_report.render_all(reports), "utf-8")
    return found


FLAT = """[...document.querySelectorAll('math')].filter(m => {
  const folded = m.closest('details:not([open])');
  const box = m.getBoundingClientRect();
  return !folded && (box.width < 2 || box.height < 5);
}).map(m => m.outerHTML)"""
SPILLED = """[...document.querySelectorAll('.symcheck *')].filter(e => {
  const right = e.getBoundingClientRect().right;
  return right > document.documentElement.clientWidth + 1 && !e.closest('.formula, .table, figure, math');
}).map(e => e.outerHTML.slice(0, 200))"""
SPLIT = """[...document.querySelectorAll('munder')].filter(m => {
  const [over, under] = [...m.children].map(c => c.getBoundingClientRect());
  return under.top < over.bottom - 2;
}).map(m => m.outerHTML)"""


@pytest.mark.parametrize("width", [400, 1100])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_chromium_shows_every_formula_without_a_complaint(
    browser: Browser, pages: dict[str, Path], width: int, dark: bool
) -> None:
    for path in pages.values():
        browser.open(path, width=width, dark=dark)
        assert browser.complaints() == []
        assert browser.requests() == [path.as_uri()]
        assert browser.value("document.querySelectorAll('math').length") > 0
        assert browser.value(FLAT) == []
        assert browser.value(SPLIT) == []
        assert browser.value("document.documentElement.scrollWidth") <= width
        assert browser.value(SPILLED) == []


def test_chromium_knows_light_dark_and_paper(browser: Browser, pages: dict[str, Path]) -> None:
    colour = "getComputedStyle(document.querySelector('.symcheck')).backgroundColor"
    seen = []
    for dark in (False, True):
        browser.open(pages["0"], dark=dark)
        seen.append(browser.value(colour))
    assert seen == ["rgb(255, 255, 255)", "rgb(21, 24, 28)"]
    browser.open(pages["0"], media="print")
    assert browser.value("getComputedStyle(document.querySelector('nav')).display") == "none"


def test_chromium_copies_the_latex_and_unfolds_what_is_linked(
    browser: Browser, pages: dict[str, Path]
) -> None:
    browser.open(pages["1"])
    assert browser.value("document.querySelectorAll('.copy').length") > 50
    copied = browser.value(
        """(() => { let seen = '';
          const writeText = text => { seen = text; return Promise.resolve(); };
          Object.defineProperty(navigator, 'clipboard', {value: {writeText}});
          document.querySelector('#line-2 .copy').click();
          return seen; })()"""
    )
    assert copied == "e = a + c"
    folded = "document.querySelector('.line details').open"
    assert browser.value(folded) is False
    browser.value("location.hash = '#' + document.querySelector('.line:has(details)').id")
    assert browser.value(f"new Promise(r => setTimeout(() => r({folded}), 200))") is True


def test_chromium_lights_node_and_row_together(browser: Browser, pages: dict[str, Path]) -> None:
    for page, prefix in (("1", ""), ("all", "2:")):
        browser.open(pages[page])
        lit = "[...document.querySelectorAll('.lit')].map(e => e.id).sort().join()"
        row = f"document.getElementById('{prefix}row-h')"
        browser.value(f"{row}.dispatchEvent(new Event('mouseenter'))")
        assert browser.value(lit) == f"{prefix}node-h,{prefix}row-h"
        browser.value(f"{row}.dispatchEvent(new Event('mouseleave'))")
        assert browser.value(lit) == ""


def test_chromium_runs_no_script_but_our_own(browser: Browser, tmp_path: Path) -> None:
    page = html_report.render(scalar_report())
    path = tmp_path / "injected.html"
    path.write_text(page.replace("</main>", "<script>window.ran = true</script></main>"), "utf-8")
    browser.open(path)
    assert browser.value("window.ran === undefined") is True
    assert browser.value("document.querySelectorAll('.copy').length") > 0
