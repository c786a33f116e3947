"""Identities that the prover must find, need not find, and must not accept."""

from __future__ import annotations

import random

import pytest
from identity_rows import Row, assert_as_expected, rows

from symcheck.trial import Session

ROWS = rows()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_an_identity_gets_its_verdict(row: Row) -> None:
    assert_as_expected(row)


@pytest.mark.parametrize("seed", range(3))
def test_claims_of_one_session_do_not_disturb_each_other(seed: int) -> None:
    session = Session()
    shuffled = random.Random(seed).sample(ROWS, len(ROWS))
    for row in shuffled:
        assert_as_expected(row, session)


def test_there_are_as_many_wrong_rows_as_right_ones() -> None:
    right = sum(row.expect == "proved" for row in ROWS)
    wrong = sum(row.expect in ("refuted", "unproved", "SC030") for row in ROWS)
    assert wrong >= 0.75 * right
