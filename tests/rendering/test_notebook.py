"""What notebooks show: the protocol by itself, and through IPython's formatter where that is installed."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from symcheck import Derivation
from symcheck.api import read_formula
from symcheck.language.report import Judgements, Report
from symcheck.language.tensor import Tensor
from symcheck.language.verdict import Judgement

KINDS = {"text/plain", "text/html", "text/latex"}
TITLE = "A <script>alert(1)</script> $$ & `title`"


def derivation() -> Derivation:
    made = Derivation("one", title=TITLE)
    made.declare("W: m n; x: n; y = W @ x; E = 1/2*sumall(y**2)")
    made.note("A $$remark$$ <b>.")
    made.claim("∂E/∂y = y")
    made.claim("∂E/∂x = W.T @ ∂E/∂y = W.T @ y")
    made.claim("∂E/∂W = y", note="<i> \\(a\\) $x$")
    made.claim("∂E/∂y = q")
    return made


def tensor() -> Tensor:
    (claim,) = read_formula("W @ x = y", ["W: m n; x: n; y: m"])
    assert claim.equation is not None
    return claim.equation.left


class Tags(HTMLParser):
    """All tags, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "annotation" not in self.open:
            self.text += data


def read(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert not tags.open
    return tags


def bundle(shown: Any, **options: Any) -> dict[str, str]:
    found: dict[str, str] = shown._repr_mimebundle_(**options)
    return found


SHOWN = {
    "derivation": derivation,
    "judgements": lambda: derivation().check(),  # type: ignore[attr-defined]
    "report": lambda: derivation().derive(oracle="none"),  # type: ignore[attr-defined]
    "tensor": tensor,
}


@pytest.mark.parametrize("name", SHOWN)
def test_each_is_shown_in_three_kinds_and_always_alike(name: str) -> None:
    first, again = bundle(SHOWN[name]()), bundle(SHOWN[name]())
    assert first.keys() == KINDS
    assert first == again
    assert all(first.values())


@pytest.mark.parametrize("name", SHOWN)
def test_only_what_is_asked_for_is_made(name: str) -> None:
    shown = SHOWN[name]()
    assert bundle(shown, include={"text/plain"}).keys() == {"text/plain"}
    assert bundle(shown, include=None, exclude={"text/html"}).keys() == KINDS - {"text/html"}


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_of_the_author_is_markup(name: str) -> None:
    html = bundle(SHOWN[name]())["text/html"]
    tags = read(html)
    assert not tags.tags & {"script", "i", "img", "iframe", "link", "object", "html", "body", "head"}
    assert not re.search(r"\son\w+=|javascript:|https?://(?!www\.w3\.org/)", html)
    if name != "tensor":
        assert TITLE in tags.text
        # readers that look for dollars are told not to
        assert html.startswith('<div class="symcheck tex2jax_ignore mathjax_ignore">')


def test_a_tensor_is_a_formula() -> None:
    found = bundle(tensor())
    assert found["text/plain"] == "W @ x"
    assert found["text/latex"] == "$\\displaystyle W \\, x$"
    assert read(found["text/html"]).tags >= {"math", "semantics", "mi"}
    assert "W \\, x</annotation>" in found["text/html"]


def test_checking_gives_a_list_that_shows_itself_as_a_report() -> None:
    found = derivation().check()  # type: ignore[attr-defined]
    assert isinstance(found, list)
    assert isinstance(found, Judgements)
    assert len(found) == 5
    assert all(isinstance(judgement, Judgement) for judgement in found)
    assert found[1:] == list(found)[1:]
    assert found == list(found.report.judgements)
    assert isinstance(found.report, Report)
    text = repr(found)
    assert text == bundle(found)["text/plain"]
    assert text.splitlines()[0].startswith("one  A <script>")
    assert text.splitlines()[-1] == "5 claims: 3 proved, 1 REFUTED, 1 ERROR"
    html = " ".join(read(bundle(found)["text/html"]).text.split())
    for told in ("REFUTED", "SC100", "<i> \\(a\\) $x$", "5 claims: 3 proved, 1 REFUTED, 1 ERROR"):
        assert told in html


def test_a_draft_says_that_nothing_is_judged() -> None:
    found = bundle(derivation())
    assert "Claims, not judged: check() does" in found["text/plain"]
    assert "  ∂E/∂x = W.T @ ∂E/∂y = W.T @ y\n" in found["text/plain"]
    assert "proved" not in found["text/plain"]
    assert r"y &= W \, x \\" in found["text/latex"]
    assert bundle(Derivation("empty"))["text/plain"].startswith("empty")


def test_the_report_is_latex_that_brings_its_macros() -> None:
    latex = bundle(SHOWN["report"]())["text/latex"]
    assert latex.startswith("\\providecommand")
    assert "\\begin{align*}" in latex
    assert "<script>" not in latex


def test_nothing_of_ipython_is_imported() -> None:
    code = (
        "import sys; from symcheck import Derivation; d = Derivation('d'); d.declare('x: n');"
        "d.claim('x = x'); d.check()._repr_mimebundle_(); d._repr_mimebundle_();"
        "sys.exit('IPython' in sys.modules or 'rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0


@pytest.mark.skipif(find_spec("IPython") is None, reason="IPython is not installed")
@pytest.mark.parametrize("name", SHOWN)
def test_ipython_shows_the_same(name: str) -> None:
    formatter = import_module("IPython.core.formatters").DisplayFormatter()
    data, metadata = formatter.format(SHOWN[name]())
    assert data == bundle(SHOWN[name]())
    assert metadata == {}
