"""Text, code and mathematics for Markdown, so that nothing the author wrote is taken for markup.

Some readers of Markdown look for mathematics before they look for markup, some after.  Formulas are
therefore written so that markup leaves them as they are: no backslash before punctuation (``\\cr`` for
``\\\\``, ``\\lbrace`` for ``\\{``), no underscore that could open emphasis, no ``<``, ``|`` or backtick.
"""

from __future__ import annotations

import re
import unicodedata

_ESCAPED = re.compile(r"[\\*_\[\]#~]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "`": "&#96;", "@": "&#64;", ":": "&#58;"}
_DOLLAR = "<span>&#36;</span>"
"""A dollar that no reader pairs with another: as a character it is hidden, as a text it stands alone."""


def text(written: str) -> str:
    """Running text, in one line, all markup in it taken back."""
    shown = []
    line = one_line(written)
    for place, char in enumerate(line):
        if char == "$":
            shown.append(_DOLLAR)
        elif char == ":" and not _marks(line, place):
            shown.append(char)
        elif char in _ENTITIES:
            shown.append(_ENTITIES[char])
        elif _ESCAPED.match(char):
            shown.append(f"\\{char}")
        else:
            shown.append(char)
    return "".join(shown)


def _marks(line: str, place: int) -> bool:
    """Whether a colon may begin or end an address or a sign such as ``:tada:``."""
    return place + 1 < len(line) and not line[place + 1].isspace()


def code(written: str) -> str:
    """As typed, in one line: a code span whose fence is longer than any run of backticks inside.

    Pipes are escaped: that is undone within tables, so the span fits only there; see `code_outside`.
    """
    return code_outside(written).replace("|", "\\|")


def code_outside(written: str) -> str:
    """Likewise, for outside of tables."""
    line = one_line(written)
    if not line:
        return ""
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    room = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{room}{line}{room}{fence}"


def one_line(written: str) -> str:
    """The text without control characters, each stretch of blanks as one space."""
    kept = (
        " " if c.isspace() else c for c in written if c.isspace() or unicodedata.category(c) not in _SKIPPED
    )
    return " ".join("".join(kept).split())


_SKIPPED = ("Cc", "Cf", "Cs", "Co", "Cn")

_CIRCLED = re.compile(r"\\text\{\\textcircled\{\\scriptsize (\d)\}\}")
_SPACES = {",": "thinspace", ";": "thickspace", ":": "medspace", "!": "negthinspace", ">": "medspace"}
_BACKSLASHED = {
    "\\": r"\cr ",
    "{": r"\lbrace ",
    "}": r"\rbrace ",
    "|": r"\Vert ",
    " ": r"\enspace ",
    **{sign: f"\\{word} " for sign, word in _SPACES.items()},
}
_PLAIN = {
    "<": r"\lt ",
    ">": r"\gt ",
    "|": r"\vert ",
    "*": r"\ast ",
    "~": r"\enspace ",
    "`": "'",
    "$": "",
    "%": "",
    "#": "",
    "\n": " ",
}
_TOKEN = re.compile(r"\\([A-Za-z]+|.)|(\]\()|(_)|([<>|*~`$%#\n])", re.DOTALL)


def mathematics(latex: str) -> str:
    """LaTeX that means the same and that no reader of Markdown changes."""
    latex = _CIRCLED.sub(lambda found: chr(ord("①") + int(found[1]) - 1), latex)
    shown = ""
    end = 0
    for found in _TOKEN.finditer(latex):
        shown += latex[end : found.start()]
        end = found.end()
        word, link, below, sign = found.groups()
        if word is not None:
            shown += found[0] if word.isalpha() else _BACKSLASHED.get(word, "")
        elif link:
            shown += "]{}("
        elif below:
            # an underscore after a letter opens no emphasis
            shown += "_" if shown[-1:].isalnum() else r"\mathstrut_"
        else:
            shown += _PLAIN[sign]
    return " ".join((shown + latex[end:]).split())


def inline(latex: str) -> str:
    """``$…$``, large enough to read."""
    return f"$\\displaystyle {mathematics(latex)}$" if latex else ""


def display(rows: list[str]) -> list[str]:
    """A block of aligned rows; each holds its ``&``, none is markup by the way it begins."""
    body = " \\cr\n".join(rows)
    return ["$$", "\\begin{aligned}", *body.split("\n"), "\\end{aligned}", "$$"]
