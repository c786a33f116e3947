"""What a notebook shows of reports, derivations and tensors: text, HTML and LaTeX, by MIME type.

The protocol is that of ``_repr_mimebundle_``; nothing of IPython is imported.  HTML has its formulas as
MathML, so that no script is needed; all that its author wrote is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from symcheck.language.claim import Claim
from symcheck.language.derivation import Lecture, Note
from symcheck.language.report import Judgements, Report
from symcheck.language.tensor import Tensor
from symcheck.rendering import html_notation, latex, latex_book, terminal
from symcheck.rendering.heading import facts
from symcheck.rendering.html_style import STYLE
from symcheck.rendering.html_text import escaped
from symcheck.rendering.latex_notation import RELATIONS, write_latex, write_latex_name
from symcheck.rendering.loading import load
from symcheck.rendering.mathml_notation import write_mathml
from symcheck.rendering.rows import TextNotation
from symcheck.rendering.text_notation import write, write_name

PLAIN, HTML, LATEX = "text/plain", "text/html", "text/latex"

OPEN = '<div class="symcheck tex2jax_ignore mathjax_ignore">'
"""The formulas are MathML: nothing is left for MathJax."""

Shown = Report | Judgements | Lecture | Tensor


def bundle(
    shown: Shown, include: Collection[str] | None = None, exclude: Collection[str] | None = None
) -> dict[str, str]:
    """MIME type → what to show; only those of `include` if given, none of `exclude`."""
    return {
        kind: make()
        for kind, make in _makers(shown).items()
        if (not include or kind in include) and not (exclude and kind in exclude)
    }


def _makers(shown: Shown) -> dict[str, Callable[[], str]]:
    match shown:
        case Tensor():
            return {
                PLAIN: lambda: write(shown),
                HTML: lambda: _formula(shown),
                LATEX: lambda: f"$\\displaystyle {write_latex(shown)}$",
            }
        case Lecture():
            return {
                PLAIN: lambda: _draft(shown),
                HTML: lambda: _draft_html(shown),
                LATEX: lambda: _draft_latex(shown),
            }
        case Judgements():
            return _of_report(shown.report, brief=True)
        case Report():
            return _of_report(shown, brief=False)


def _of_report(report: Report, *, brief: bool) -> dict[str, Callable[[], str]]:
    return {
        PLAIN: lambda: terminal.render(report, brief=brief).rstrip("\n"),
        HTML: lambda: report_html(report),
        LATEX: lambda: latex_book.MACROS + latex.fragment(report),
    }


# -- a report ----------------------------------------------------------------------------------


def report_html(report: Report) -> str:
    """The page of the report without its frame, the style with it."""
    return f"{OPEN}<style>{STYLE}</style>{load('html').fragment(report)}</div>"


# -- a derivation that is not judged -------------------------------------------------------------


def _draft(lecture: Lecture) -> str:
    """Name, title, inputs, definitions, claims."""
    title = f"  {lecture.title}" if lecture.title != lecture.name else ""
    lines = [f"{lecture.name}{title}"]
    lines += [f"  {label}: {text}" for label, text in facts(lecture, TextNotation())]
    for symbol, body in lecture.graph.definitions.items():
        lines.append(f"  {write_name(symbol.shown)} = {write(body)}")
    if lecture.claims:
        lines += ["", "Claims, not judged: check() does"]
    lines += [f"  {line}" for line in _written(lecture)]
    return "\n".join(lines)


def _written(lecture: Lecture) -> list[str]:
    """The claims as written, a chain in one line, and the remarks between them."""
    lines: list[str] = []
    for item in lecture.items:
        if isinstance(item, Note):
            lines.append(f"— {item.text}")
        elif item.member == 0 or not item.line:
            lines.append(item.line or item.text)
    return lines


def _draft_html(lecture: Lecture) -> str:
    title = escaped(lecture.title if lecture.title != lecture.name else "")
    show = html_notation.HtmlNotation()
    items = [f"{label}: {text}" for label, text in facts(lecture, show)]
    for symbol, body in lecture.graph.definitions.items():
        items.append(f"{show.name(symbol.shown)} = {_formula(body)}")
    told = "<p>Claims, not judged: <code>check()</code> does</p>" if lecture.claims else ""
    lines = [html_notation.code(line) for line in _written(lecture)]
    head = f"<h4>{html_notation.code(lecture.name)} {title}</h4>"
    return f"{OPEN}<style>{STYLE}</style>{head}{_listed(items)}{told}{_listed(lines)}</div>"


def _formula(tensor: Tensor) -> str:
    return html_notation.math(write_mathml(tensor), write_latex(tensor))


def _listed(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def _draft_latex(lecture: Lecture) -> str:
    """Definitions and claims in one ``aligned``; what cannot be read is left out."""
    rows = [
        f"{write_latex_name(symbol.name, symbol.latex)} &= {write_latex(body)}"
        for symbol, body in lecture.graph.definitions.items()
    ]
    rows += [_row(item) for item in lecture.claims if item.equation is not None]
    if not rows:
        return "$$\\,$$"
    body = " \\\\\n".join(rows)
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


def _row(claim: Claim) -> str:
    assert claim.equation is not None
    sign = RELATIONS[claim.equation.relation]
    return f"{write_latex(claim.equation.left)} &{sign} {write_latex(claim.equation.right)}"
