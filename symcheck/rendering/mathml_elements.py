"""The few elements of MathML that formulas are made of; text is escaped here and nowhere else."""

from __future__ import annotations

import re
from typing import TypeAlias

from symcheck.rendering.html_text import escaped

Parts: TypeAlias = tuple[str, ...]
"""Elements that stand side by side."""

TIMES = '<mo lspace="0.1em" rspace="0.1em">\u2062</mo>'
"""A product that is not written: narrow space, read aloud as times."""
APPLY = "<mo>\u2061</mo>"
"""Between a function and its argument."""
_TALL = re.compile("<(mfrac|munder|mtable|msqrt)")
LIM = '<mo movablelimits="false" lspace="0" rspace="0.1em">lim</mo>'
PRIMES = {1: "′", 2: "″", 3: "‴"}


def letter(text: str) -> str:
    """A name: one letter stands slanted, a longer word upright."""
    return f"<mi>{escaped(text)}</mi>"


def upright(text: str) -> str:
    """A name in upright letters."""
    return f'<mi mathvariant="normal">{escaped(text)}</mi>' if len(text) == 1 else letter(text)


def bold(text: str) -> str:
    """A name in heavy upright letters."""
    return f'<mi mathvariant="normal" class="bold">{escaped(text)}</mi>'


def digits(text: str) -> str:
    """A number without sign."""
    return f"<mn>{escaped(text)}</mn>"


def sign(text: str) -> str:
    """An operator with the spaces that belong to it."""
    return f"<mo>{escaped(text)}</mo>"


def mark(text: str) -> str:
    """A sign without spaces around, as large as a letter."""
    return f'<mo lspace="0" rspace="0" stretchy="false">{escaped(text)}</mo>'


def words(text: str) -> str:
    """Running text inside of a formula."""
    return f"<mtext>{escaped(text)}</mtext>"


def space(width: str) -> str:
    """Room."""
    return f'<mspace width="{width}"/>'


MINUS = '<mo form="prefix" lspace="0" rspace="0">−</mo>'
"""The sign of one number, no difference."""
COMMA = '<mo separator="true" lspace="0" rspace="0.2em">,</mo>'


def row(parts: Parts) -> str:
    """Side by side, as one element."""
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def fenced(parts: Parts, left: str = "(", right: str = ")") -> str:
    """In brackets, which grow with what stands inside only where that is tall."""
    inside = "".join(parts)
    grows = "true" if _TALL.search(inside) else "false"
    how = f'fence="true" stretchy="{grows}" lspace="0" rspace="0"'
    opening = f'<mo form="prefix" {how}>{left}</mo>' if left else ""
    closing = f'<mo form="postfix" {how}>{right}</mo>' if right else ""
    return f"<mrow>{opening}{inside}{closing}</mrow>"


def fraction(above: Parts, below: Parts) -> str:
    """One above the other."""
    return f"<mfrac>{row(above)}{row(below)}</mfrac>"


def small_fraction(above: Parts, below: Parts) -> str:
    """A fraction as high as a line of text."""
    return f'<mstyle displaystyle="false" scriptlevel="0">{fraction(above, below)}</mstyle>'


def root(parts: Parts) -> str:
    """Under a root sign."""
    return f"<msqrt>{''.join(parts)}</msqrt>"


def scripts(base: str, below: Parts = (), above: Parts = ()) -> str:
    """With an index, an exponent, or both."""
    if below and above:
        return f"<msubsup>{base}{row(below)}{row(above)}</msubsup>"
    if below:
        return f"<msub>{base}{row(below)}</msub>"
    return f"<msup>{base}{row(above)}</msup>" if above else base


def large(text: str) -> str:
    """Σ or Π: its index stands below it in a fraction, too."""
    return f'<mo movablelimits="false">{text}</mo>'


def limits(base: str, below: Parts) -> str:
    """With what stands right below: Σ over k, lim as t → 0."""
    return f"<munder>{base}{row(below)}</munder>" if below else base


def accented(base: str, accent: str) -> str:
    """With a hat, a bar, …"""
    return f'<mover accent="true">{base}<mo stretchy="false">{accent}</mo></mover>'


def primed(base: str, count: int) -> str:
    """With the marks of a derivative; as their letters stand high already, beside and not above."""
    return f'<mrow>{base}<mo class="prime" lspace="0" rspace="0">{PRIMES[count]}</mo></mrow>'


def grid(rows: tuple[tuple[Parts, ...], ...]) -> str:
    """Rows of cells, flush left."""
    body = "".join(f"<mtr>{''.join(f'<mtd>{row(cell)}</mtd>' for cell in cells)}</mtr>" for cells in rows)
    return f'<mtable class="rows">{body}</mtable>'
