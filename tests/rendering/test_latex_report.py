"""LaTeX reports: their structure always, plain pdflatex where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from report_samples import file_report, matrix_report, scalar_report

from symcheck.rendering import latex

REPORTS = [scalar_report(), matrix_report(), file_report()]


def test_a_fragment_has_no_preamble_and_no_dates() -> None:
    text = latex.render(scalar_report())
    assert "documentclass" not in text
    assert "today" not in text
    assert text.isascii()
    assert text == latex.render(scalar_report())


def test_the_chain_is_one_align_with_one_sign_a_link() -> None:
    text = latex.render(scalar_report())
    chain = re.search(r"\\begin\{align\*\}\n(.*?)\\end\{align\*\}", text.split("Claims")[1], re.DOTALL)
    assert chain is not None
    first, second = chain[1].strip().split("\\\\\n")
    assert first.startswith(r"\frac{\partial f}{\partial h} &= 2 \, h \tag*")
    assert second.strip().startswith(r"&= -180 \tag*")
    assert r"proved, all values}\symcheckagrees{}" in first


def test_tables_are_booktabs_longtables_and_tall_rows_do_not_touch() -> None:
    text = latex.render(scalar_report())
    for word in ("\\toprule", "\\midrule", "\\endhead", "\\bottomrule", "\\addlinespace[8pt]"):
        assert word in text
    assert text.count("\\begin{longtable}") == 2


def test_refuted_lines_are_marked_and_show_the_witness() -> None:
    text = latex.render(scalar_report())
    assert r"\symcheckrefuted{refuted (as expected) SC104}" in text
    assert "claimed $16200$, true $-180$; at $a = 23$, $b = 2$, $c = -5$, $d = 7$" in text
    assert r"true: $2 \,h$" in text


def test_what_the_user_wrote_is_escaped() -> None:
    text = latex.render(matrix_report())
    assert r"100 \% of \textless{}it\textgreater{} \& " in text
    assert r"V\_ij" in text


def test_environments_are_balanced() -> None:
    text = latex.render_all(REPORTS, standalone=True)
    begun = re.findall(r"\\begin\{(\w+\*?)\}", text)
    assert sorted(begun) == sorted(re.findall(r"\\end\{(\w+\*?)\}", text))
    assert begun[0] == "document"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_plain_pdflatex_sets_it_without_a_complaint(tmp_path: Path) -> None:
    (tmp_path / "all.tex").write_text(latex.render_all(REPORTS, standalone=True), encoding="ascii")
    for _ in range(2):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
            cwd=tmp_path,
            capture_output=True,
            timeout=120,
        )
    log = (tmp_path / "all.log").read_text("latin-1")
    assert done.returncode == 0, log[-2000:]
    assert not re.search(r"^!|Overfull|undefined", log, re.MULTILINE)
