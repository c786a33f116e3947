"""The factors of a product as they are written, and u · u⁻¹ = 1 for sums u among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import fmpq

from symcheck.language.indexed import Node
from symcheck.normal_form.polynomial import Poly

UNITY = Fraction(1)


def gather(node: Node, power: int, powers: dict[Node, int]) -> Fraction:
    """Count the factors of a product; the rational number among them is returned."""
    number = UNITY
    stack = [(node, power)]
    while stack:
        part, exponent = stack.pop()
        if part.op == "mul":
            stack.extend((factor, exponent) for factor in part.args)
        elif part.op == "pow" and part.args[1].denominator == 1:
            stack.append((part.args[0], exponent * int(part.args[1])))
        elif part.op == "num":
            if part.args[0] == 0:
                return Fraction(0) if exponent > 0 else Fraction(1)
            number = number * part.args[0] ** exponent
        else:
            powers[part] = powers.get(part, 0) + exponent
    return number


def cancelled(nodes: Sequence[Node], poly: Callable[[Node], Poly]) -> tuple[fmpq, dict[Node, int]] | None:
    """(c, {u: power, …}) with the product of the nodes = c Π u^power, after u · u⁻¹ = 1 for sums u.

    None if nothing cancels.  Multiplied out, a denominator without a leading term would not meet the sum
    it divides again.  Two sums are one if their normal forms are, up to a number.
    """
    above = [node for node in nodes if node.op != "pow" or node.args[1].numerator > 0]
    if len(above) == len(nodes) or all(len(poly(node)) < 2 for node in above):
        return None
    powers: dict[Node, int] = {}
    number = UNITY
    met = False
    for node in nodes:
        own: dict[Node, int] = {}
        found = gather(node, 1, own)
        number = number * found if found is not UNITY else number
        for part in [part for part in own if part.op == "pow"]:
            # (u^(1/2))² = u where the root exists
            whole = part.args[1] * own[part]
            if whole.denominator == 1:
                del own[part]
                number *= gather(part.args[0], int(whole), own)
        for part, power in own.items():
            before = powers.get(part, 0)
            met = met or before * power < 0
            powers[part] = before + power
    factor = fmpq(number.numerator, number.denominator)
    sums = {node: poly(node) for node, power in powers.items() if power}
    for divided, divisor in sums.items():
        for other, dividend in sums.items():
            if powers[divided] >= 0 or powers[other] <= 0:
                continue
            ratio = _ratio(dividend, divisor)
            if ratio is not None:
                times = min(-powers[divided], powers[other])
                powers[divided] += times
                powers[other] -= times
                factor *= ratio**times
                met = True
    return (factor, {node: power for node, power in powers.items() if power}) if met else None


def _ratio(dividend: Poly, divisor: Poly) -> fmpq | None:
    """The number c with dividend = c · divisor, for sums of several terms."""
    if len(divisor) < 2 or dividend.keys() != divisor.keys():
        return None
    term = next(iter(divisor))
    ratio = dividend[term] / divisor[term]
    return ratio if all(dividend[t] == ratio * value for t, value in divisor.items()) else None
