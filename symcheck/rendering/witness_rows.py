"""A witness in words: the entry, both values, and the point, in the author's names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from symcheck.language.claim import Claim
from symcheck.language.verdict import Witness
from symcheck.rendering.rows import split_equation
from symcheck.rendering.table import digits_counted
from symcheck.rendering.text_notation import nested, write_name

SIGNIFICANT = 8
"""Digits of a long decimal that are shown to people; JSON has them all."""
_DECIMAL = re.compile(r"(?<![\w.])(-?)(\d+)\.(\d{12,})(e[-+]\d+)?(?![\w.])")
LONGEST_HEAD = 24
"""Letters of a left side that is named with the entry."""


def witness_lines(witness: Witness, said: str = "") -> list[str]:
    """The point, the entry and both values, these only if they are not `said` already."""
    place = f"entry [{','.join(map(str, witness.component))}]: " if witness.component else ""
    known = witness.claimed in said and witness.true in said
    values = "" if known else f"claimed {witness.claimed}, true {witness.true}"
    first = f"{place}{values}" if values else place.removesuffix(": ")
    return [line for line in (numbers_shortened(first, witness), point_line(witness)) if line]


def point_line(witness: Witness) -> str:
    """``at n = 2; x = [1, 1], A = [[0, 1], [0, 0]]; φ(x) = x**2``; nothing where there is no point."""

    def shown(name: str) -> str:
        return write_name(witness.written.get(name, name))

    entries = ", ".join(f"{shown(name)} = {nested(value)}" for name, value in witness.entries.items())
    functions = ", ".join(f"{shown(name)}{_bound(text)} = {text}" for name, text in witness.functions.items())
    at = "; ".join(part for part in (sizes_text(witness.sizes), entries, functions) if part)
    return digits_counted(f"at {at}") if at else ""


def sizes_text(sizes: Mapping[str, int]) -> str:
    """``n = 2, m = h = 1``: equal sizes together, in the order in which they are met."""
    groups: dict[int, list[str]] = {}
    for name, size in sizes.items():
        groups.setdefault(size, []).append(name)
    return ", ".join(" = ".join([*names, str(size)]) for size, names in groups.items())


LETTERS = "xyzuvw"
"""What stands for the arguments of a function in an example, in this order."""


def _bound(polynomial: str) -> str:
    """``(x)`` or ``(x, y)``: the arguments by the letters that stand for them."""
    met = sorted(set(re.findall(rf"\b[{LETTERS}](?!\w)", polynomial)), key=LETTERS.index)
    return f"({', '.join(met or LETTERS[0])})"


def entry_text(claim: Claim, witness: Witness) -> str:
    """Which entry it is: ``i = 0, j = 1`` for free indices, ``entry [0] of ∂E/∂b`` for axes; or nothing."""
    if not witness.component:
        return ""
    free = claim.equation.free if claim.equation is not None else ()
    named = [f"{write_name(i.name)} = {k}" for i, k in zip(free, witness.component, strict=False)]
    axes = witness.component[len(free) :]
    sides = split_equation(claim.text)
    of = f" of {sides[0]}" if sides and len(sides[0]) <= LONGEST_HEAD and not named else ""
    if axes:
        named.append(f"entry [{','.join(map(str, axes))}]{of}")
    return ", ".join(named)


def numbers_shortened(text: str, witness: Witness | None = None) -> str:
    """The text with long numbers cut, unless the two values of the witness would then look alike."""
    if witness is not None and _cut(witness.claimed) == _cut(witness.true):
        return digits_counted(text)
    return digits_counted(_cut(text))


def _cut(text: str) -> str:
    return _DECIMAL.sub(_shorter, text)


def _shorter(found: re.Match[str]) -> str:
    sign, whole, fraction, power = found[1], found[2], found[3], found[4] or ""
    zeros = len(fraction) - len(fraction.lstrip("0")) if whole == "0" else 0
    kept = max(1, SIGNIFICANT - (0 if whole == "0" else len(whole))) + zeros
    if not fraction[kept:].strip("0"):
        return f"{sign}{whole}.{fraction[:kept].rstrip('0') or '0'}{power}"
    return f"{sign}{whole}.{fraction[:kept]}…{power}"
