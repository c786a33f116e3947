"""How names are shown: ``epsilon`` as ε in text and ``\\varepsilon`` in LaTeX; ASCII stand-ins for signs.

Names travel in ASCII spelling; here they get the letters back that paper would show.
"""

from __future__ import annotations

import re
import unicodedata

from symcheck.reading.letters import (
    CIRCLED,
    SUBSCRIPT_DIGITS,
    SUBSCRIPT_LETTERS,
    ascii_level,
    plain_level,
    split_level,
)
from symcheck.reading.letters import GREEK as LETTERS

_UNREAD = frozenset({"Sigma", "Pi", "omicron"})
"""Σ and Π are read as sum and product before an index, ο looks like o: these stay words."""

GREEK: dict[str, str] = {}
"""Spelling → letter, the first of its variants."""
for _letter, _name in LETTERS.items():
    if _name not in _UNREAD:
        GREEK.setdefault(_name, _letter)

_LATEX_OF_GREEK = {"epsilon": r"\varepsilon", "phi": r"\varphi", "omicron": "o", "eps": r"\varepsilon"}
_ACCENTS = {"hat": "hat", "bar": "bar", "tilde": "tilde", "dot": "dot", "ddot": "ddot", "vec": "vec"}
_COMBINING = {
    "\u0302": "hat",
    "\u0304": "bar",
    "\u0305": "bar",
    "\u0303": "tilde",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u20d7": "vec",
}
_CIRCLED = {name: f"\\text{{\\textcircled{{\\scriptsize {name[-1]}}}}}" for name in CIRCLED.values()}
_DIGITS_BELOW = str.maketrans(SUBSCRIPT_DIGITS)
_LEVELS = rf"[{''.join(SUBSCRIPT_LETTERS)}]+(?:[₊₋][{''.join(SUBSCRIPT_DIGITS)}]+)?"
_BELOW = re.compile(rf"({_LEVELS})")
_LEVELLED = re.compile(rf"[^\W\d]{_LEVELS}")
_WORD = re.compile(r"^([^\W\d_]+)(.*)$", re.DOTALL)


def greek(name: str) -> str:
    """``theta3`` → ``θ3``: a spelled Greek letter, alone, before digits or a level, becomes the letter."""
    name, level = split_level(name)
    match = _WORD.match(name)
    if match is None or match[1] not in GREEK or (match[2] and not match[2].lstrip("_").isalnum()):
        return name + level
    return GREEK[match[1]] + match[2] + level


def spelled(text: str) -> str:
    """Greek letters as words, small digits as digits, lₙ₋₁ as l_nm1, all else unchanged."""
    text = ascii_level(text)
    return "".join(LETTERS.get(c) or CIRCLED.get(c, c) for c in text).translate(_DIGITS_BELOW)


# -- ASCII -------------------------------------------------------------------------------------

_ASCII = {
    "∂": "d",
    "·": "*",
    "⋅": "*",
    "⊙": "*",
    "×": "x",
    "⊗": "(x)",
    "−": "-",
    "–": "-",
    "—": "-",
    "→": "->",
    "↦": "->",
    "←": "<-",
    "⇒": "=>",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "≈": "~",
    "∈": "in",
    "√": "sqrt",
    "∞": "inf",
    "∇": "grad ",
    "∑": "sum",
    "∏": "prod",
    "ᵀ": ".T",
    "⊤": ".T",
    "′": "'",
    "″": "''",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "…": "...",
    "⋯": "...",
    "‖": "||",
    "∥": "||",
    "ℝ": "R",
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "•": "-",
    "①": "(1)",
    "②": "(2)",
    "③": "(3)",
    "④": "(4)",
    "✓": "ok",
    "\u00a0": " ",
}


def ascii_text(text: str) -> str:
    """The text in ASCII: ∂ε/∂V as ``depsilon/dV``; what has no stand-in becomes ``?``."""
    if text.isascii():
        return text
    text = _LEVELLED.sub(lambda m: ascii_level(m[0]), text)
    return "".join(_ascii_char(c) for c in text)


def _ascii_char(char: str) -> str:
    if char.isascii():
        return char
    known = _ASCII.get(char) or LETTERS.get(char)
    if known is not None:
        return known
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    if plain or unicodedata.combining(char):
        return plain
    return "?"


# -- LaTeX -------------------------------------------------------------------------------------

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "`": r"\textasciigrave{}",
}
_MATH = {
    "∂": r"\partial ",
    "·": r"\cdot ",
    "⋅": r"\cdot ",
    "×": r"\times ",
    "⊙": r"\odot ",
    "⊗": r"\otimes ",
    "−": "-",
    "→": r"\to ",
    "↦": r"\mapsto ",
    "←": r"\leftarrow ",
    "⇒": r"\Rightarrow ",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "≈": r"\approx ",
    "∈": r"\in ",
    "√": r"\surd ",
    "∞": r"\infty ",
    "∇": r"\nabla ",
    "∑": r"\Sigma ",
    "∏": r"\Pi ",
    "ᵀ": r"{}^{\top}",
    "⊤": r"{}^{\top}",
    "′": r"{}'",
    "″": r"{}''",
    "‖": r"\Vert ",
    "∥": r"\Vert ",
    "ℝ": r"\mathbf{R}",
    "½": r"\frac{1}{2}",
    "¼": r"\frac{1}{4}",
    "¾": r"\frac{3}{4}",
    "⁻": "{}^{-}",
    "⋯": r"\cdots ",
    "±": r"\pm ",
}
_PUNCTUATION = {
    "–": "--",
    "—": "---",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "…": r"\ldots{}",
    "\u00a0": "~",
    "•": r"\textbullet{}",
    "ß": r"\ss{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    "ı": r"\i{}",
}
_TEXT_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0327": "c",
}
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        re.findall(r"\S+", "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya"),
        strict=True,
    )
)


def latex_letter(word: str) -> str | None:
    """The LaTeX of a spelled Greek letter, None for any other word."""
    if word in _LATEX_OF_GREEK:
        return _LATEX_OF_GREEK[word]
    if word in ("Sigma", "Pi"):
        return "\\" + word
    return "\\" + word if word in GREEK else None


def latex_text(text: str) -> str:
    """Running text for LaTeX: specials escaped, signs of mathematics in math mode, nothing left that
    plain pdflatex could not set."""
    pieces = _BELOW.split(unicodedata.normalize("NFC", text))
    return "".join(
        f"\\ensuremath{{{{}}_{{{plain_level(piece)}}}}}" if k % 2 else "".join(map(_latex_char, piece))
        for k, piece in enumerate(pieces)
    )


def _latex_char(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char == "\n" or (char.isascii() and char.isprintable()):
        return char
    if char in _MATH:
        return f"\\ensuremath{{{_MATH[char].rstrip()}}}"
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    if char in CIRCLED:
        return f"\\textcircled{{\\scriptsize {CIRCLED[char][-1]}}}"
    if char in LETTERS:
        return f"\\ensuremath{{{latex_letter(LETTERS[char])}}}"
    if char.lower() in _CYRILLIC:
        latin: str = _CYRILLIC[char.lower()].replace("_", "")
        return latin.capitalize() if char.isupper() else latin
    parts = unicodedata.normalize("NFKD", char)
    if len(parts) > 1 and parts[0].isascii() and all(mark in _TEXT_ACCENTS for mark in parts[1:]):
        inner = {"i": r"\i", "j": r"\j"}.get(parts[0], parts[0])
        for mark in parts[1:]:
            inner = f"\\{_TEXT_ACCENTS[mark]}{{{inner}}}"
        return inner
    if parts.isascii() and parts.isprintable() and parts != char:
        below = "_" if "SUBSCRIPT" in unicodedata.name(char, "") else "^"
        raised = unicodedata.decomposition(char).startswith(("<sub>", "<super>"))
        return f"\\ensuremath{{{{}}{below}{{{parts}}}}}" if raised else latex_text(parts)
    if unicodedata.combining(char) or not char.isprintable():
        return ""
    return f"[U+{ord(char):04X}]"


def latex_name(name: str) -> tuple[str, tuple[str, ...]]:
    """A name as (letter, subscripts): ``w1`` → (w, (1)), ``y_pred`` → (y, (\\mathrm{pred},)).

    Everything the user wrote is mapped or escaped; accents become \\hat, \\bar, …
    """
    name, level = split_level(name)
    text = unicodedata.normalize("NFD", spelled(name))
    accents: list[str] = []
    kept = []
    for char in text:
        if char in _COMBINING:
            accents.append(_COMBINING[char])
        elif not unicodedata.combining(char):
            kept.append(char)
    whole = "".join(kept)
    if whole in _CIRCLED:
        return _CIRCLED[whole], ()
    parts = [part for part in whole.split("_") if part] or ["_"]
    head, digits = _split_digits(parts[0])
    below = [digits] if digits else []
    for part in parts[1:]:
        if part in _ACCENTS:
            accents.append(_ACCENTS[part])
        else:
            word, number = _split_digits(part)
            below.append(_word(word) + number)
    if level:
        below.append(plain_level(level))
    letter = _word(head)
    for accent in accents:
        letter = f"\\{accent}{{{letter}}}"
    return letter, tuple(below)


def _split_digits(part: str) -> tuple[str, str]:
    head = part.rstrip("0123456789")
    return (head, part[len(head) :]) if head else (part, "")


def _word(word: str) -> str:
    """One letter as it is, a Greek letter by its command, a longer word upright."""
    known = latex_letter(word)
    if known is not None:
        return known
    if len(word) <= 1 or word.isdecimal():
        return word if word.isascii() and word.isalnum() else _upright(word)
    return _upright(word)


def _upright(word: str) -> str:
    plain = "".join(c if c.isascii() and c.isalnum() else _latex_in_name(c) for c in word)
    return f"\\mathrm{{{plain}}}" if plain else ""


def _latex_in_name(char: str) -> str:
    if char.lower() in _CYRILLIC:
        return _latex_char(char)
    plain = ascii_text(char)
    return "".join(c for c in plain if c.isalnum()) or f"u{ord(char):04X}"
