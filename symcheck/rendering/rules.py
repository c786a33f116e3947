"""What each code means, in a few lines: the text behind ``symcheck rule``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from symcheck.rendering.rule_examples import EXAMPLES, Example
from symcheck.rendering.table import wrap
from symcheck.rendering.theme import PLAIN, Theme


@dataclass(frozen=True, slots=True)
class Rule:
    """One code: what it says and what to do."""

    code: str
    title: str
    text: str


_RULES = (
    Rule("SC000", "usage", "The command line, an option or a name cannot be used as given."),
    Rule("SC001", "not readable", "The text is no formula. The caret shows where reading stopped."),
    Rule(
        "SC002",
        "too large",
        "Readable, but beyond what is computed: nesting, exponents or numbers without end. Name parts of "
        "the formula and use the names.",
    ),
    Rule("SC003", "unreadable file", "A file cannot be opened, is not UTF-8, or its code fails."),
    Rule(
        "SC010",
        "undeclared name",
        "A name that nobody declared. Declare it with its shape (--let 'x: n'); the hint names the nearest "
        "declared name.",
    ),
    Rule("SC011", "wrong call", "An unknown function, or a known one with the wrong number of arguments."),
    Rule(
        "SC012",
        "shapes do not fit",
        "Inside a formula two shapes do not fit, such as V @ x with V m by n and x of length m. Often a "
        "transpose is missing, or * stands where @ is meant.",
    ),
    Rule(
        "SC013",
        "index misuse",
        "An index has two ranges or none, or is bound twice. A repeated index is summed only under "
        "sum(i, ...).",
    ),
    Rule("SC014", "bad assumption", "An assumption cannot be read, or does not fit the shape it is about."),
    Rule("SC015", "duplicate name", "A name is declared or defined twice."),
    Rule(
        "SC016",
        "layer code",
        "The forward or backward of a layer raises an error, draws random numbers, runs too long, or returns "
        "what is no gradient. The message names the line. Layers are run on symbols: "
        "shapes = 'x: N n; W: n m' in the class says which sizes they have.",
    ),
    Rule("SC020", "not supported", "Understood, but outside of what symcheck can judge at all."),
    Rule(
        "SC030",
        "defined nowhere",
        "No exact point was found at which both sides exist and the assumptions hold. Contradictory "
        "assumptions must prove nothing, so this is an error and no proof.",
    ),
    Rule(
        "SC100",
        "shape of the result",
        "The claim is well-formed, but has another shape than the derivative. Check the convention: under "
        "`gradient` the derivative of a scalar has the shape of its variable.",
    ),
    Rule("SC101", "transpose", "A transpose is missing or too much."),
    Rule("SC102", "order of a product", "The factors of a matrix product stand in the wrong order."),
    Rule("SC103", "sign", "The claim is right but for its sign."),
    Rule("SC104", "numeric factor", "The claim is right but for a constant factor."),
    Rule("SC105", "sum", "A sum or a broadcast is missing or too much."),
    Rule("SC106", "index", "An index stands where another belongs."),
    Rule("SC107", "product", "An elementwise product stands for a matrix product, or the other way round."),
    Rule("SC108", "term", "A term is missing or too much."),
    Rule(
        "SC109",
        "function or argument",
        "A function stands for its derivative, or is taken at the wrong argument: f for f', the input for "
        "the output.",
    ),
    Rule("SC110", "missing assumption", "The claim holds only under an assumption that was not made."),
    Rule("SC119", "another mistake", "Different, and no plain kind of slip explains it."),
    Rule(
        "SC201",
        "outside the decidable part",
        "Neither shown nor refuted: the normal form has no law for a part of the formula, and no witness "
        "was found. It is neither wrong nor right; name the part that blocks, or split the line.",
    ),
    Rule(
        "SC202",
        "budget",
        "Neither shown nor refuted: a count of terms, degrees or seconds ran out. Try --timeout, or split "
        "the line.",
    ),
    Rule(
        "SC203",
        "nothing follows",
        "The conclusion of an induction whose base or step is not proved. Each of them is a claim of its "
        "own and says what is wrong with it.",
    ),
    Rule(
        "SC301",
        "follows from an earlier slip",
        "The line is wrong, but follows from an earlier wrong one: given that, it would be right. Correct "
        "the earlier line first.",
    ),
    Rule(
        "SC900",
        "contradiction",
        "Two independent parties of symcheck contradict each other. This is a bug of symcheck and never "
        "yours; please report the claim.",
    ),
    Rule(
        "SC901",
        "failure of ours",
        "symcheck itself failed on this claim, and went on with the next. Please report the claim.",
    ),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.code: rule for rule in _RULES})
"""Code → rule, in the order of the codes."""


def overview(theme: Theme = PLAIN) -> str:
    """All codes, one a line."""
    return "".join(theme.text(f"{rule.code}  {rule.title}\n") for rule in RULES.values())


def explain(code: str, theme: Theme = PLAIN) -> str | None:
    """What a code means, with an example of it and the same put right; None if there is no such code."""
    rule = RULES.get(code.upper())
    if rule is None:
        return None
    lines = [f"{rule.code}: {rule.title}", "", *wrap(rule.text, theme.width)]
    examples = EXAMPLES.get(rule.code)
    if examples is not None:
        lines += ["", *_example("wrong", examples.wrong, theme), *_example("right", examples.right, theme)]
    return theme.text("\n".join(lines)) + "\n"


def _example(label: str, example: Example, theme: Theme) -> list[str]:
    """``wrong  d(x @ x)/dx = x``, and below it what is declared and assumed."""
    start = f"  {label}  "
    if example.file:
        shown = example.file.rstrip().split("\n")
    else:
        parts = [example.formula or f"symcheck {example.command}"]
        parts += [f"declared: {example.let}"] if example.let else []
        parts += [f"assumed: {example.assume}"] if example.assume else []
        shown = [line for part in parts for line in wrap(part, theme.width - len(start))]
    return [f"{start if k == 0 else ' ' * len(start)}{line}".rstrip() for k, line in enumerate(shown)]


def nearest(code: str) -> str | None:
    """The code that was probably meant."""
    found = get_close_matches(code.upper(), RULES, n=1)
    return found[0] if found else None
