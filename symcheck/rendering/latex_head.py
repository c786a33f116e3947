"""What stands above the tables, as an author would write it: declarations, suppositions, definitions."""

from __future__ import annotations

from symcheck.language.derivation import Lecture
from symcheck.language.report import ForwardRow, Sweep
from symcheck.language.shape import Shape, is_joined
from symcheck.language.tensor import Function, Symbol
from symcheck.rendering.detail_rows import assumption_text
from symcheck.rendering.heading import assumption_texts
from symcheck.rendering.latex_cells import SHOW, code, entries, names_of, prose, related
from symcheck.rendering.latex_notation import bracketed, latex_size, write_latex, write_latex_name
from symcheck.rendering.latex_width import broken, narrowed, width
from symcheck.rendering.names import latex_text
from symcheck.rendering.rows import CONVENTIONS
from symcheck.rendering.text_notation import nested

LINE = 66.0
"""Letters in a line of a definition; the space of its node is at the margin."""


def head(lecture: Lecture, section: str = "section*") -> str:
    """Title, origin, and one paragraph of declarations."""
    origin = [f"lecture {lecture.lecture}"] if lecture.lecture else []
    origin += [lecture.source] if lecture.source else []
    lines = [f"\\{section}{{{latex_text(lecture.title or lecture.name)}}}"]
    lines.append(f"\\noindent {code(lecture.name)}{latex_text(', ' + ', '.join(origin) if origin else '')}")
    lines += [f"\n\\smallskip\\noindent {text}" for text in declarations(lecture)]
    return "\n".join(lines) + "\n"


def declarations(lecture: Lecture) -> list[str]:
    """Let x ∈ Rⁿ …; functions; what is supposed; the values; the convention."""
    names = names_of(lecture)
    said = []
    spaces = _inputs(lecture)
    if spaces:
        said.append(f"Let {', '.join(spaces)}.")
    entrywise = [function for function in lecture.functions if function.elementwise]
    if entrywise:
        word = "acts" if len(entrywise) == 1 else "act"
        listed = ", ".join(_letter(function) for function in entrywise)
        said.append(f"${listed} \\colon \\mathbb{{R}} \\to \\mathbb{{R}}$ {word} entry by entry.")
    others = [_function(function) for function in lecture.functions if not function.elementwise]
    if others:
        said.append(f"Functions: {', '.join(others)}.")
    given = assumption_texts(lecture.assumptions)
    if given:
        said.append(f"Given: {'; '.join(prose(related(assumption_text(text)), names) for text in given)}.")
    at = [f"${_name(symbol)} = {entries(_read(nested(value)))}$" for symbol, value in lecture.point.items()]
    if at:
        said.append(f"Values: {', '.join(at)}.")
    meaning = CONVENTIONS.get(lecture.convention, "")
    convention = f"{lecture.convention}: {meaning}" if meaning else lecture.convention
    return [*said, prose(f"Convention: {convention}.", {"f", "x", "X", "dX"})]


def _read(text: str) -> object:
    """Nested lists of entries as they were written."""
    if not text.startswith("["):
        return text
    parts, depth = [""], 0
    for char in text[1:-1]:
        depth += (char == "[") - (char == "]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return tuple(_read(part.strip()) for part in parts)


def _name(symbol: Symbol) -> str:
    return write_latex_name(symbol.name, symbol.latex)


def _letter(function: Function) -> str:
    return write_latex_name(function.name)


def space(shape: Shape) -> str:
    r"""\mathbb{R}^{m \times n}, in math mode."""
    power = " \\times ".join(
        bracketed(latex_size(size)) if is_joined((size,)) and len(shape) > 1 else latex_size(size)
        for size in shape
    )
    return f"\\mathbb{{R}}^{{{power}}}" if shape else "\\mathbb{R}"


def _inputs(lecture: Lecture) -> list[str]:
    by_shape: dict[Shape, list[str]] = {}
    for symbol in lecture.inputs or lecture.graph.inputs():
        by_shape.setdefault(symbol.shape, []).append(_name(symbol))
    return [f"${', '.join(letters)} \\in {space(shape)}$" for shape, letters in by_shape.items()]


def _function(function: Function) -> str:
    domain = " \\times ".join(map(space, function.domain))
    return f"${_letter(function)} \\colon {domain} \\to {space(function.codomain)}$"


# -- the forward pass --------------------------------------------------------------------------


def forward(sweep: Sweep, lecture: Lecture | None, section: str = "subsection*") -> list[str]:
    """Each definition as a row of one ``align*``, its space at the margin, its value at the end."""
    defined = [row for row in sweep.forward if row.definition is not None]
    if not defined:
        return []
    shapes = {} if lecture is None else {symbol.shown: symbol.shape for symbol in lecture.graph.definitions}
    letters = {} if lecture is None else {symbol.shown: _name(symbol) for symbol in lecture.graph.definitions}
    rows = [
        line
        for row in defined
        for line in _definition(row, letters.get(row.name) or write_latex_name(row.name), shapes)
    ]
    body = " \\\\\n".join(f"  {row}" for row in rows)
    return [f"\\{section}{{Forward}}\n", f"\\begin{{align*}}\n{body}\n\\end{{align*}}\n"]


def _definition(row: ForwardRow, letter: str, shapes: dict[str, Shape]) -> list[str]:
    assert row.definition is not None
    shape = shapes.get(row.name)
    where = f"$\\in {space(shape)}$" if shape is not None else SHOW.shape(row.shape)
    lines = broken(narrowed(write_latex(row.definition), LINE), LINE)
    value = SHOW.value(row.value) if row.value else ""
    value = value[1:-1] if value.startswith("$") else f"\\text{{{value}}}" if value else ""
    if value and lines[0] != value:
        if width(lines[-1]) + width(value) + 3 <= LINE:
            lines[-1] += f" = {value}"
        else:
            lines += [f"= {part}" if not k else part for k, part in enumerate(broken(value, LINE))]
    rows = [f"{letter} &= {lines[0]} \\tag*{{{where}}}"]
    return rows + [f"&{line}" if line.startswith("= ") else f"&\\qquad {line}" for line in lines[1:]]
