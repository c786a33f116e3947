"""Drawing → TikZ: a ``tikzpicture`` that plain pdflatex sets with the package tikz alone.

The picture shrinks to the line or the page if it is larger; its lines are drawn where the layout says.
"""

from __future__ import annotations

from collections.abc import Sequence

from symcheck.rendering.graph.drawing import Arrow, Box, Drawing, Kind, Role
from symcheck.rendering.graph.layout import Point
from symcheck.rendering.names import latex_text

LARGEST = 16000
"""Points that TeX can count in one dimension, nearly."""

PREAMBLE = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{tikz}
\oddsidemargin=0mm
\textwidth=160mm
\topmargin=-15mm
\textheight=240mm
\pagestyle{empty}
\begin{document}
"""

_STYLES = {
    Role.DEFINITION: "symcheck definition",
    Role.VALUE: "symcheck value",
    Role.COTANGENT: "symcheck cotangent",
    Role.SHAPE: "symcheck shape",
}

_OPTIONS = r"""[x=1pt, y=-1pt, >=stealth, every node/.style={inner sep=0pt, outer sep=0pt},
  symcheck definition/.style={font=\fontsize{9}{10}\selectfont},
  symcheck value/.style={font=\fontsize{8}{9}\selectfont, text=green!40!black},
  symcheck cotangent/.style={font=\fontsize{8}{9}\selectfont, text=red!65!black},
  symcheck shape/.style={font=\fontsize{8}{9}\selectfont, text=black!60},
  symcheck label/.style={font=\fontsize{8}{9}\selectfont}]"""

_FIT = r"""\begingroup
\setbox0=\hbox{%%
%s
}%%
\ifdim\wd0>\linewidth \setbox0=\hbox{\resizebox{\linewidth}{!}{\box0}}\fi
\ifdim\dimexpr\ht0+\dp0\relax>0.9\textheight \setbox0=\hbox{\resizebox{!}{0.9\textheight}{\box0}}\fi
\par\medskip\noindent\hbox to\linewidth{\hss\box0\hss}\par\medskip
\endgroup
"""


def can_set(drawing: Drawing) -> bool:
    """Whether the picture is within what TeX can measure."""
    return max(drawing.width, drawing.height) <= LARGEST


def tikz(drawing: Drawing, *, standalone: bool = False) -> str:
    """The picture as a fragment to ``\\input``, or an article with it."""
    lines = [f"\\begin{{tikzpicture}}{_OPTIONS}"]
    if drawing.is_large:
        lines += _bands(drawing)
    lines += [line for arrow in drawing.arrows for line in _edge(arrow)]
    lines += [line for box in drawing.boxes for line in _node(box)]
    body = _FIT % "\n".join([*lines, "\\end{tikzpicture}%"])
    return f"{PREAMBLE}{body}\\end{{document}}\n" if standalone else f"% needs tikz\n{body}"


def _bands(drawing: Drawing) -> list[str]:
    return [
        f"\\fill[black!4, rounded corners=3pt] (-16,{top - 2}) rectangle ({drawing.width},{bottom + 2});"
        f" \\node[symcheck shape] at (-9,{(top + bottom) / 2:g}) {{{number}}};"
        for number, (top, bottom) in enumerate(drawing.bands)
    ]


def _edge(arrow: Arrow) -> list[str]:
    last = len(arrow.pieces) - 1
    lines = [
        f"\\draw[{'->' if k == last else '-'}, black!75] {_path(piece)};"
        for k, piece in enumerate(arrow.pieces)
    ]
    if arrow.label_at is not None and arrow.label:
        x, y = arrow.label_at
        lines.append(f"\\node[symcheck label] at ({x},{y}) {{${arrow.label}$}};")
    return lines


def _path(points: Sequence[Point]) -> str:
    (x, y), *others = points
    parts = [f"({x},{y})"]
    for end, below in others:
        middle = (y + below) / 2
        curve = f".. controls ({x},{middle:g}) and ({end},{middle:g}) .."
        parts.append(f"{'--' if end == x else curve} ({end},{below})")
        x, y = end, below
    return " ".join(parts)


def _node(box: Box) -> list[str]:
    (x, y), (width, height) = box.middle, box.extent
    left, top = x - width // 2, y - height // 2
    corners = 7 if box.kind is Kind.INPUT else 2
    thick = ", very thick" if box.kind is Kind.OUTPUT else ""
    frame = f"({left},{top}) rectangle ({left + width},{top + height})"
    return [
        f"% {latex_text(box.told).splitlines()[0] if box.told else ''}",
        f"\\draw[rounded corners={corners}pt{thick}] {frame};",
        *(f"\\node[{_STYLES[line.role]}] at ({x},{top + line.y}) {{${line.text}$}};" for line in box.lines),
    ]
