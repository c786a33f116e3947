"""What holds of every LaTeX file symcheck writes: checked without TeX, and with it where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

PACKAGES = {"amsmath", "amssymb", "booktabs", "longtable", "xcolor", "tikz"}
"""Known to texlive-latex-recommended and texlive-pictures."""

OVERFULL = 10.0
"""Points by which a line may be too wide before it is seen."""

KNOWN = frozenset(
    re.findall(
        r"\w+",
        """
    AtBeginDocument Bigg Biggl Biggr Bigl Bigr Delta Gamma Lambda Omega Phi Pi Psi Rightarrow Sigma
    Theta Vert Xi abovedisplayshortskip abovedisplayskip addlinespace allowbreak allowdisplaybreaks
    alpha approx arccos arcsin arctan author bar baselineskip begin begingroup belowdisplayshortskip
    belowdisplayskip beta bfseries biggl biggr bigl bigr bottomrule box cdot cdots chi clearpage
    colon cos cosh cot coth csc dag date ddot delta det dimexpr displaystyle documentclass dot dp
    draw ell emergencystretch end endgroup endhead ensuremath epsilon eta exp fi fill fontsize
    footnotesize frac gamma ge hat hbox hss ht ifdim in infty iota item kappa l lVert label lambda
    lceil ldots le left leftarrow lfloor lim linewidth log lvert makeatletter makeatother maketitle
    mapsto mathbb mathbf mathindent mathrm max medskip midrule min mu multicolumn nabla ne
    newcommand newpage node noindent nopagebreak nu oddsidemargin odot omega operatorname oslash
    otimes pagegoal pageref pagetotal par partial path penalty phantom phi pi pm prod providecommand
    psi qquad quad rVert raggedright rceil relax renewcommand resizebox rfloor rho right rvert
    scriptsize sec section selectfont setbox setcounter setlength sigma sin sinh small smallskip
    sqrt subsection sum surd tableofcontents tabularnewline tag tan tanh tau text textasciicircum
    textasciigrave textasciitilde textbackslash textbar textbf textbullet textcircled textcolor
    textgreater textheight textit textless textsuperscript texttt textwidth tfrac theta tilde times
    title to top topmargin toprule underline upsilon usepackage varepsilon varphi vec vskip vspace
    wd xi zeta
    """,
    )
)
"""Commands of plain LaTeX, amsmath, booktabs and tikz that are used; symcheck's own come besides."""


def assert_well_formed(text: str) -> None:
    """ASCII; braces, environments, math balanced; no unknown package or command; rows as wide as tables."""
    assert text.isascii()
    bare = re.sub(r"(?<!\\)%.*", "", text.replace(r"\\", "\n"))
    assert _balanced(bare), "braces"
    assert _nested(text), "environments"
    assert len(re.findall(r"(?<!\\)\$", text)) % 2 == 0
    for paragraph in re.split(r"\n\s*\n", text):
        assert len(re.findall(r"(?<!\\)\$", paragraph)) % 2 == 0, paragraph
    assert set(re.findall(r"\\usepackage\{(\w+)\}", text)) <= PACKAGES
    used = set(re.findall(r"\\([A-Za-z]+)", re.sub(r"\\\\", " ", text)))
    unknown = {name for name in used - KNOWN if not name.startswith("symcheck")}
    assert not unknown, unknown
    for spec, body in re.findall(
        r"\\begin\{longtable\}\{@\{\}(.*?)@\{\}\}\n(.*?)\\end\{longtable\}", text, re.DOTALL
    ):
        columns = len(re.findall(r"p\{|[lr]", spec.replace("linewidth", "")))
        for row in body.split(r"\tabularnewline")[:-1]:
            if r"\multicolumn" not in row:
                assert _cells(row) == columns, row


def _balanced(text: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _nested(text: str) -> bool:
    open_: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{([\w*]+)\}", text):
        if kind == "begin":
            open_.append(name)
        elif not open_ or open_.pop() != name:
            return False
    return not open_


def _cells(row: str) -> int:
    """How many cells a row has; what stands in cases counts for itself."""
    while re.search(r"\\begin\{(cases|smallmatrix)\}", row):
        row = re.sub(
            r"\\begin\{(cases|smallmatrix)\}((?!\\begin).)*?\\end\{\1\}", "", row, count=1, flags=re.DOTALL
        )
    return len(re.findall(r"(?<!\\)&", row)) + 1


def has_pdflatex() -> bool:
    """Whether pages can be set here."""
    return shutil.which("pdflatex") is not None


def assert_compiles(text: str, folder: Path, name: str = "page", runs: int = 1) -> None:
    """Plain pdflatex sets the document without a complaint, and no line is seen to be too wide."""
    (folder / f"{name}.tex").write_text(text, encoding="ascii")
    for _ in range(runs):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"],
            cwd=folder,
            capture_output=True,
            timeout=300,
        )
    log = (folder / f"{name}.log").read_text("latin-1")
    assert done.returncode == 0, log[-2000:]
    assert not re.search(r"^!|undefined|multiply defined|Missing character", log, re.MULTILINE) or runs == 1
    assert not re.search(r"^!|Missing character", log, re.MULTILINE)
    wide = [found for found in re.findall(r"Overfull \\hbox \(([\d.]+)pt.*", log) if float(found) > OVERFULL]
    assert not wide, [line for line in log.splitlines() if "Overfull" in line]
