"""Each code is explained by an example that earns it, and by the same put right: both are run here."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import symcheck.rendering
from symcheck.api import check_claims, check_lecture, load_file, read_formula
from symcheck.cli import main
from symcheck.errors import SymcheckError
from symcheck.language.verdict import Judgement, word
from symcheck.rendering.detail_rows import code_of
from symcheck.rendering.rule_examples import EXAMPLES, Example
from symcheck.rendering.rules import RULES, explain, overview
from symcheck.rendering.table import cells
from symcheck.rendering.theme import NARROWEST, Theme

RESTING = {"SC203", "SC301"}
"""Codes of what rests on another line, which has a code of its own."""
OURS = {"SC900", "SC901"}
"""Codes of bugs: an example would be a bug that is known and left."""


def judged(example: Example, folder: Path) -> list[Judgement] | str:
    """The verdicts, or the code of the error that ends it."""
    try:
        if example.file:
            path = folder / "example.py"
            path.write_text(example.file, "utf-8")
            return [j for lecture in load_file(str(path)) for j in check_lecture(lecture)]
        assume = [part.strip() for part in example.assume.split(";") if part.strip()]
        return list(check_claims(read_formula(example.formula, [example.let], assume)))
    except SymcheckError as error:
        return error.code


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_the_wrong_example_earns_the_code(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = EXAMPLES[code].wrong
    if wrong.command:
        assert main(shlex.split(wrong.command)) == 2
        assert capsys.readouterr().err
        return
    got = judged(wrong, tmp_path)
    codes = {got} if isinstance(got, str) else {code_of(j) for j in got}
    assert code in codes
    assert codes <= {code, ""} or code in RESTING
    if code.startswith("SC1"):
        assert {word(j.verdict) for j in got if not isinstance(j, str)} == {"refuted"}


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_the_right_example_is_proved(code: str, tmp_path: Path) -> None:
    right = EXAMPLES[code].right
    if right.command:
        assert main(shlex.split(right.command)) == 0
        return
    got = judged(right, tmp_path)
    assert not isinstance(got, str)
    assert got
    assert {word(j.verdict) for j in got} == {"proved"}


def test_every_code_has_an_example_but_bugs_of_ours() -> None:
    assert set(EXAMPLES) | OURS == set(RULES)


def test_every_code_that_the_source_names_has_a_rule() -> None:
    source = Path(symcheck.rendering.__file__).parents[1]
    named = {c for path in source.rglob("*.py") for c in re.findall(r"\bSC\d{3}\b", path.read_text("utf-8"))}
    assert named <= set(RULES)


@pytest.mark.parametrize("width", [NARROWEST, 100, 200])
@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_fits_the_line_and_shows_both_examples(code: str, width: int) -> None:
    text = explain(code.lower(), Theme(width=width))
    assert text is not None
    assert text.startswith(f"{code}: {RULES[code].title}\n")
    assert ("  wrong  " in text) == ("  right  " in text) == (code in EXAMPLES)
    if code in EXAMPLES and not EXAMPLES[code].wrong.file:
        assert max(map(cells, text.splitlines())) <= width
    ascii_only = explain(code, Theme(width=width, ascii=True))
    assert ascii_only is not None
    assert ascii_only.isascii()


def test_the_overview_lists_every_code() -> None:
    assert [line.split()[0] for line in overview().splitlines()] == list(RULES)
    assert explain("SC999") is None
