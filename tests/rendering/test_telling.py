"""What a refuted claim is told, with verdicts made by hand: order, marks, widths, what is told once."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from report_samples import claim, d, scalar_report, sym

from symcheck.errors import ShapeMismatch
from symcheck.language.claim import Claim
from symcheck.language.report import Report
from symcheck.language.tensor import apply, variable
from symcheck.language.verdict import Correction, Failed, Judgement, Proved, Refuted, Witness
from symcheck.rendering import concise, json_report, terminal
from symcheck.rendering.assumption_words import assumption_text
from symcheck.rendering.detail_rows import changed_part, detail_lines, details
from symcheck.rendering.table import cells
from symcheck.rendering.theme import Theme
from symcheck.rendering.witness_rows import entry_text, numbers_shortened, point_line, sizes_text

TEXT = "∂E/∂x = W @ ∂E/∂p"
LINE = f"∂E/∂x = ∂E/∂p · ∂p/∂x = {TEXT.split(' = ')[1]}"
POINT = {"W": [["0", "1"], ["0", "0"]], "p": ["1", "0"]}


def refuted(**more: object) -> Judgement:
    """A transposed matrix, with all that can be said of it."""
    x, w, p, e = sym("x", "n"), sym("W", "n", "n"), sym("p", "n"), sym("E")
    wrong = claim(TEXT, d(e, x), apply("matmul", variable(w), d(e, p)), 7, line=LINE, member=1)
    start = LINE.rindex("W")
    verdict = Refuted(
        "SC101",
        "the formula gives 2, the true value is 1",
        Witness({"n": 2}, POINT, {"phi": "x**2"}, (1,), "2", "1"),
        true_if=("W symmetric",),
        kind="the transpose of W is missing",
        correction=Correction("W.T @ ∂E/∂p", "W^{\\top} \\, p", (start, start + 1), "W", "W.T"),
    )
    return Judgement(wrong, replace(verdict, **more))  # type: ignore[arg-type]


def block(judgement: Judgement, width: int = 100, *, ascii_only: bool = False) -> list[str]:
    return terminal.failure(judgement, Theme(width=width, ascii=ascii_only)).split("\n")


def test_a_refuted_claim_is_told_in_one_order() -> None:
    assert block(refuted(follows="a", follows_text="E = 1")) == [
        "REFUTED SC101  ∂E/∂x = W @ ∂E/∂p",
        "  derivations/lecture_b.py:7:15",
        "  ∂E/∂x = ∂E/∂p · ∂p/∂x = W @ ∂E/∂p",
        "                          ^",
        "  entry [1] of ∂E/∂x: the formula gives 2, the true value is 1",
        "  at n = 2; W = [[0, 1], [0, 0]], p = [1, 0]; φ(x) = x**2",
        "  the transpose of W is missing",
        "  write: ∂E/∂x = W.T @ ∂E/∂p",
        "                 ~^~",
        "  true if W = Wᵀ",
        "  follows from E = 1: right, given that line",
    ]


def test_marks_stand_in_ascii_too() -> None:
    lines = block(refuted(), ascii_only=True)
    assert all(line.isascii() for line in lines)
    at = next(k for k, line in enumerate(lines) if line.startswith("  write: "))
    assert lines[at][lines[at + 1].index("~") :].startswith("W.T")
    mark = next(k for k, line in enumerate(lines) if line.strip() == "^")
    assert lines[mark - 1][lines[mark].index("^")] == "W"
    assert "  true if W = W.T" in lines


@pytest.mark.parametrize("width", [60, 61, 80, 120, 200])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_no_line_of_it_is_too_wide(width: int, ascii_only: bool) -> None:
    long = "W.T @ ∂E/∂p + " * 12 + "q"
    old = refuted().verdict
    assert isinstance(old, Refuted)
    assert old.correction is not None
    many = replace(
        refuted(),
        claim=replace(refuted().claim, line="x + " * 60 + "W", text=f"∂E/∂x = {long}"),
        verdict=replace(old, correction=replace(old.correction, text=long, new="q", span=(240, 241))),
    )
    for judgement in (refuted(), many):
        lines = block(judgement, width, ascii_only=ascii_only)
        assert max(map(cells, lines)) <= width
        assert "".join(lines).isascii() or not ascii_only
    told = " ".join(" ".join(block(many, width)).split())
    assert "new: q" in told or width == 200  # a formula to be copied is not cut, what is new in it is said
    window = next(k for k, line in enumerate(block(many, width)) if line.strip() == "^")
    assert block(many, width)[window - 1][block(many, width)[window].index("^")] == "W"


CHANGED = [
    ("W.T @ p", "W.T", "W @ p", (0, 3)),
    ("a*x + a*y", "a", "b*x + a*y", (0, 1)),
    ("a*x + a*y", "a", "a*x + b*y", (6, 7)),
    ("2*x", "2*x", "x", None),
    ("x", "", "x + y", None),
]


@pytest.mark.parametrize(("text", "new", "before", "place"), CHANGED)
def test_what_is_new_is_found(text: str, new: str, before: str, place: tuple[int, int] | None) -> None:
    assert changed_part(Correction(text, new=new), before) == place


@pytest.mark.parametrize("span", [None, (5, 5), (0, 999), (-3, 2)])
def test_a_place_that_is_none_is_not_marked(span: tuple[int, int] | None) -> None:
    old = refuted().verdict
    assert isinstance(old, Refuted)
    assert old.correction is not None
    lines = block(refuted(correction=replace(old.correction, span=span, new="")))
    assert not [line for line in lines if set(line.strip()) <= {"~", "^"}]
    assert "  write: ∂E/∂x = W.T @ ∂E/∂p" in lines


def test_a_mark_under_all_that_was_claimed_is_left_out() -> None:
    old = refuted().verdict
    assert isinstance(old, Refuted)
    assert old.correction is not None
    start = LINE.rindex("W")
    whole = replace(old.correction, text="p", new="p", old="W @ ∂E/∂p", span=(start, len(LINE)))
    lines = block(refuted(correction=whole))
    assert not [line for line in lines if set(line.strip()) <= {"~", "^"}]
    assert "  write: ∂E/∂x = p" in lines


def test_the_derivative_is_told_where_there_is_no_correction() -> None:
    assert "true: ∂E/∂x = p" in detail_lines(replace(refuted(correction=None), derivative="p"))
    assert not [x for x in detail_lines(replace(refuted(), derivative="p")) if x.startswith("true: ")]


def test_shapes_that_do_not_fit_get_the_same_help() -> None:
    error = ShapeMismatch("W @ p does not contract", hint="write W.T", location=refuted().claim.location)
    old = refuted().verdict
    assert isinstance(old, Refuted)
    failed = replace(refuted(), verdict=Failed(error, old.kind, old.correction))
    lines = block(failed)
    assert lines[-3:] == [
        "  the transpose of W is missing",
        "  write: ∂E/∂x = W.T @ ∂E/∂p",
        "                 ~^~",
    ]
    assert not any("hint" in line for line in lines)
    assert any("hint" in line for line in block(replace(failed, verdict=Failed(error))))
    (record,) = json.loads(json_report.render(Report("", (failed,))))["claims"]
    assert record["suggestion"]["text"] == "W.T @ ∂E/∂p"


def test_concise_stays_one_line() -> None:
    line = concise.line(refuted())
    assert line == (
        "derivations/lecture_b.py:7:15: REFUTED SC101 ∂E/∂x = W @ ∂E/∂p: the formula gives 2, the true value "
        "is 1; the transpose of W is missing; write W.T @ ∂E/∂p"
    )
    assert "\n" not in concise.line(refuted(follows="a", follows_text="E = 1"))


def test_json_has_kind_and_suggestion() -> None:
    (record,) = json.loads(json_report.render(Report("", (refuted(),))))["claims"]
    assert record["kind"] == "the transpose of W is missing"
    assert record["suggestion"]["text"] == "W.T @ ∂E/∂p"
    assert record["suggestion"]["latex"] == "W^{\\top} \\, p"
    assert record["suggestion"]["proved"] is True


# -- what is told once -------------------------------------------------------------------------


def carried(number: int, follows: str, **more: object) -> Judgement:
    (*_, last) = scalar_report().judgements
    text = f"∂f/∂a = {number}"
    assert isinstance(last.verdict, Refuted)
    made = replace(last.claim, id=f"c{number}", text=text)
    return replace(last, claim=made, verdict=replace(last.verdict, follows=follows, **more))  # type: ignore[arg-type]


def test_what_follows_from_one_slip_stands_together() -> None:
    report = scalar_report()
    slip = report.judgements[2]
    chain = (carried(1, slip.claim.id), carried(2, "c1"), carried(3, "c2"))
    report = replace(report, judgements=(slip, *chain))
    assert [len(detail.likewise) for detail in details(report)] == [0, 2]
    text = terminal.render(report, Theme(width=100), brief=True)
    assert text.count("right, given that line") == 1
    assert text.count("likewise ∂f/∂a = ") == 2
    assert text.endswith("4 claims: 4 refuted (as expected), 3 of them follow\n")


def test_what_follows_from_two_slips_is_told_apart() -> None:
    report = scalar_report()
    slip = report.judgements[2]
    other = replace(slip, claim=replace(slip.claim, id="other"))
    report = replace(
        report, judgements=(slip, other, carried(1, slip.claim.id), carried(2, "other"), carried(3, "c2"))
    )
    assert [len(detail.likewise) for detail in details(report)] == [0, 0, 0, 1]


def with_point(text: str, entries: dict[str, object]) -> Judgement:
    old = refuted()
    assert isinstance(old.verdict, Refuted)
    witness = Witness({"n": 2}, entries, {}, (), "2", "1")
    return replace(old, claim=claim(text, None, None, 9), verdict=replace(old.verdict, witness=witness))


def test_a_long_point_is_told_once() -> None:
    long: dict[str, object] = {name: [["0", "1", "2"], ["1", "0", "3"]] for name in "ABC"}
    turned = dict(reversed(long.items()))
    other = {**long, "C": [["0", "1", "2"], ["1", "3", "0"]]}
    lines = zip(("a = b", "c = d", "e = f"), (long, turned, other), strict=True)
    report = Report("one", tuple(with_point(*line) for line in lines))
    at = [line.text for detail in details(report) for line in detail.said if line.label == "at"]
    assert at[1] == "at the point told for line 9"
    assert at[0].startswith("at n = 2; A = ")
    assert at[2].startswith("at n = 2; A = ")
    short = Report("one", (with_point("a = b", {"x": "1"}), with_point("c = d", {"x": "1"})))
    assert [line.text for detail in details(short) for line in detail.said if line.label == "at"] == [
        "at n = 2; x = 1"
    ] * 2


def test_where_a_chain_breaks_is_said() -> None:
    first = replace(refuted(), claim=replace(refuted().claim, id="0", member=0), verdict=Proved("all sizes"))
    second, third = refuted(), replace(refuted(), claim=replace(refuted().claim, id="2", member=2))
    report = Report("one", (first, second, third))
    said = [detail.lines[0] for detail in details(report)]
    assert said[0] == "the first link of its chain that does not hold"
    assert said[1] != said[0]


# -- words -------------------------------------------------------------------------------------

WORDS = [
    ("A symmetric", "A = Aᵀ"),
    ("Theta symmetric", "Θ = Θᵀ"),
    ("A antisymmetric", "A = −Aᵀ"),
    ("Q orthogonal", "Qᵀ Q = I"),
    ("P idempotent", "P P = P"),
    ("D diagonal", "D is diagonal"),
    ("sum(y) == 1", "sum(y) = 1"),
    ("x > 0", "x > 0"),
    ("dim n == 1", "n = 1"),
    ("dim m == n", "m = n"),
    ("y one-hot", "y is one-hot"),
    ("y constant", "y is constant"),
]


@pytest.mark.parametrize(("text", "said"), WORDS)
def test_assumptions_are_said_as_on_paper(text: str, said: str) -> None:
    assert assumption_text(text) == said


def test_points_and_entries_in_words() -> None:
    assert sizes_text({"n": 2, "m": 1, "h": 1, "k": 2}) == "n = k = 2, m = h = 1"
    witness = Witness({}, {"w1": "2"}, {"A": "[x[0]**2, y]", "B": "3"}, (), "1", "2", {"w1": "w₁"})
    assert point_line(witness) == "at w₁ = 2; A(x, y) = [x[0]**2, y], B(x) = 3"
    long = Claim("c", "d(sumall(A @ x @ y @ z))/dx[0] = y", None)
    assert entry_text(long, replace(witness, component=(0, 1))) == "entry [0,1]"
    assert entry_text(long, witness) == ""


def test_long_numbers_are_cut_unless_they_would_look_alike() -> None:
    far = Witness({}, {}, {}, (), "0.26894142136999512075", "-0.26894142136999512075")
    assert numbers_shortened(f"gives {far.claimed}", far) == "gives 0.26894142…"
    near = Witness({}, {}, {}, (), "0.26894142136999512075", "0.26894142136999512076")
    assert numbers_shortened(f"gives {near.claimed}", near) == f"gives {near.claimed}"
    small = "0.00000012345678901234"
    assert numbers_shortened(small) == "0.00000012345678…"
    assert numbers_shortened("2.7182818284590452354e-30") == "2.7182818…e-30"
    assert numbers_shortened("1.25 and 12345.678") == "1.25 and 12345.678"
