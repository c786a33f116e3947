"""Cells wrap at operators, tables stay whole, widths count what a terminal shows."""

from __future__ import annotations

import pytest

from symcheck.rendering.table import Table, aligned, cells, column_widths, dropped, folded, wrap, wrapped


def test_columns_that_are_empty_everywhere_are_dropped() -> None:
    table = Table("", ("a", "b", "c"), (("1", "", "3"), ("4", " ", "")))
    assert dropped(table).headers == ("a", "c")
    assert dropped(table).rows == (("1", "3"), ("4", ""))


def test_cells_break_at_operators() -> None:
    assert wrap("(a + b)*(c - d)", 8) == ["(a + b)", "*(c - d)"]
    assert wrap("∂f/∂h·∂h/∂e·∂e/∂a", 12) == ["∂f/∂h·∂h/∂e", "·∂e/∂a"]
    assert wrap("x**2*y**2", 5) == ["x**2", "*y**2"]
    assert wrap("", 5) == [""]


def test_a_word_longer_than_its_column_is_cut_not_lost() -> None:
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_marks_take_no_room_and_wide_letters_take_two() -> None:
    assert cells("s\u0304") == 1
    assert cells("字") == 2
    assert cells("∂ε") == 2


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_table_is_never_wider_than_asked_and_keeps_every_cell(width: int) -> None:
    long = "U.T @ ((z - l)*sigma'(q)) + " * 4
    table = Table("", ("claim", "verdict", "method"), ((long, "proved", "delta-contracts"),) * 2)
    widths = column_widths(table, width)
    lines = [line for row in wrapped(table, widths) for line in aligned(row, widths)]
    assert max(map(cells, lines)) <= width
    joined = "".join(lines).replace(" ", "")
    assert joined.count("proved") == 2


def test_columns_without_room_move_below_their_claim() -> None:
    table = Table("", ("claim", "verdict", "note"), (("a = b", "proved", "x" * 30), ("c = d", "proved", "")))
    narrow = folded(table, 30, ("note",))
    assert narrow.headers == ("claim", "verdict")
    assert narrow.rows[0][0] == f"a = b\n  note: {'x' * 30}"
    assert narrow.rows[1][0] == "c = d"
    assert folded(table, 90, ("note",)) == table
