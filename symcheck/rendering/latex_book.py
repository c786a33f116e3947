"""The frame of LaTeX documents: preamble, macros, legend of verdicts, contents and summary of a book."""

from __future__ import annotations

from collections.abc import Sequence

from symcheck.language.report import Report
from symcheck.language.verdict import Judgement
from symcheck.rendering.names import latex_text
from symcheck.rendering.rows import count, sympy_concurs

PACKAGES = ("amsmath", "amssymb", "booktabs", "longtable", "xcolor")
"""Of every document, all in texlive-latex-recommended; tikz where a graph is drawn."""

MACROS = r"""\providecommand{\symcheckproved}[1]{#1}
\providecommand{\symcheckrefuted}[1]{\textbf{#1}}
\providecommand{\symcheckundecided}[1]{\textit{#1}}
\providecommand{\symcheckagrees}{\,\textsuperscript{\dag}}
\providecommand{\symcheckwrong}[1]{\underline{#1}}
\providecommand{\symcheckmeant}[1]{\text{should be}\quad {}#1}
\providecommand{\symcheckmore}[1]{\phantom{\text{should be}}\quad #1}
\providecommand{\symcheckneed}{\par
  \ifdim\dimexpr\pagegoal-\pagetotal\relax<9\baselineskip\newpage\fi}
"""

COLOURS = r"""\newcommand{\symcheckproved}[1]{\textcolor{green!40!black}{#1}}
\newcommand{\symcheckrefuted}[1]{\textcolor{red!70!black}{\textbf{#1}}}
\newcommand{\symcheckundecided}[1]{\textcolor{orange!70!black}{\textit{#1}}}
\newcommand{\symcheckwrong}[1]{\textcolor{red!70!black}{\underline{#1}}}
\newcommand{\symcheckmeant}[1]{\textcolor{green!40!black}{\text{should be}\quad {}#1}}
\newcommand{\symcheckmore}[1]{\textcolor{green!40!black}{\phantom{\text{should be}}\quad #1}}
"""

LAYOUT = r"""\setlength{\oddsidemargin}{0mm}
\setlength{\textwidth}{160mm}
\setlength{\topmargin}{-10mm}
\setlength{\textheight}{235mm}
\setlength{\emergencystretch}{4em}
\setlength{\mathindent}{1.5em}
\setcounter{secnumdepth}{1}
\setcounter{tocdepth}{1}
\AtBeginDocument{\abovedisplayskip=5pt plus 2pt \belowdisplayskip=5pt plus 2pt
  \abovedisplayshortskip=5pt plus 2pt \belowdisplayshortskip=5pt plus 2pt}
\allowdisplaybreaks
"""

CONTENTS = r"""\makeatletter
\renewcommand*{\l@section}{\@dottedtocline{1}{0em}{2em}}
\makeatother"""
"""A line of the contents in plain type."""

LEGEND = (
    ("proved", "both sides are equal, for the sizes and values named, wherever both are defined"),
    ("refuted", "they differ at the point given, computed exactly"),
    ("undecided", "neither was found; the reason stands below the line"),
)
"""Verdict → what it means."""


def to_input(body: str) -> str:
    """A fragment: macros that a document may define otherwise, no preamble."""
    needed = "amsmath, amssymb, booktabs, longtable"
    return f"% needs {needed}{', tikz' if _has_graph(body) else ''}\n{MACROS}\n{body}"


def article(body: str) -> str:
    """A whole document for plain pdflatex."""
    packages = [f"\\usepackage{{{name}}}" for name in PACKAGES]
    if _has_graph(body):
        packages.append("\\usepackage{tikz}")
    listed = "\n".join(packages)
    preamble = f"\\documentclass[fleqn]{{article}}\n{listed}\n{COLOURS}{MACROS}{LAYOUT}"
    return f"{preamble}\\begin{{document}}\n\n{body}\n\\end{{document}}\n"


def _has_graph(body: str) -> bool:
    return "\\begin{tikzpicture}" in body


def legend(reports: Sequence[Report]) -> str:
    """What the verdicts and marks in these reports mean; only those that occur."""
    judgements = [judgement for report in reports for judgement in report.judgements]
    if not judgements:
        return ""
    present = _present(judgements)
    items = [f"\\item[\\symcheck{name}{{{name}}}] {meaning}." for name, meaning in LEGEND if name in present]
    if "error" in present:
        items.append("\\item[\\symcheckrefuted{error}] it cannot be judged; the reason stands below.")
    if any(judgement.as_expected is not None and _foreseen(judgement) for judgement in judgements):
        items.append("\\item[as expected] known to be wrong, kept as written.")
    if any(judgement.as_expected is False for judgement in judgements):
        items.append("\\item[\\symcheckrefuted{CAPITALS}] another verdict than the one expected.")
    if any(map(sympy_concurs, judgements)):
        items.append(
            "\\item[\\symcheckagrees] SymPy, differentiating by itself at explicit sizes, says the same."
        )
    listed = "\n".join(items)
    return f"\\subsection*{{Legend}}\n\\begin{{description}}\n{listed}\n\\end{{description}}\n"


def _present(judgements: Sequence[Judgement]) -> set[str]:
    counts = count(judgements)
    return {
        kind
        for kind, number in (
            ("proved", counts.proved),
            ("refuted", counts.refuted),
            ("undecided", counts.undecided),
            ("error", counts.error),
        )
        if number
    }


def _foreseen(judgement: Judgement) -> bool:
    return judgement.as_expected is True and str(judgement.claim.expected) != "proved"


# -- the front of a book -----------------------------------------------------------------------


def front(reports: Sequence[Report]) -> str:
    """Title, contents, a row for each report, legend."""
    return "\n".join(
        (
            CONTENTS,
            "\\title{Derivations, line by line}\\author{symcheck}\\date{}\\maketitle",
            "\\tableofcontents\n",
            summary(reports),
            legend(reports),
        )
    )


def summary(reports: Sequence[Report]) -> str:
    """Lines, proofs and slips of each report, and of all."""
    headers = ("", "derivation", "lines", "proved", "slips found", "undecided", "unexpected", "page")
    lines = [
        "\\subsection*{Summary}",
        "\\noindent A line is one link of a chain.  A slip is a line that is wrong, in the notes or as a",
        "near miss beside them, and kept as written; it is found where it is refuted, or shown not to fit.",
        "\\begin{longtable}{@{}llrrrrrr@{}}",
        "\\toprule",
        f"{' & '.join(headers)} \\tabularnewline",
        "\\midrule",
        "\\endhead",
    ]
    for number, report in enumerate(reports, 1):
        lecture = report.lecture
        letter = latex_text(lecture.lecture) if lecture is not None else ""
        cells = [letter, latex_text(report.name), *_counts(report.judgements)]
        lines.append(f"{' & '.join(cells)} & \\pageref{{report:{number}}} \\tabularnewline")
    everything = [judgement for report in reports for judgement in report.judgements]
    cells = ["", "all", *_counts(everything), ""]
    lines += ["\\midrule", f"{' & '.join(cells)} \\tabularnewline", "\\bottomrule", "\\end{longtable}\n"]
    return "\n".join(lines)


def _counts(judgements: Sequence[Judgement]) -> list[str]:
    counts = count(judgements)
    slips = sum(_foreseen(judgement) for judgement in judgements)
    return [
        str(number) if number else "--"
        for number in (counts.claims, counts.proved, slips, counts.undecided, counts.unexpected)
    ]
