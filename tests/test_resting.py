"""The collector rests while a claim is judged, and is left as it was found."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from symcheck import resting as room
from symcheck.api import check_formula
from symcheck.language.indexed import Table
from symcheck.resting import resting


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    on = gc.isenabled()
    gc.enable()
    yield
    gc.unfreeze()
    gc.enable() if on else gc.disable()


def test_it_rests_within_and_wakes_after() -> None:
    with resting():
        assert not gc.isenabled()
        with resting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_wakes_after_an_error() -> None:
    with pytest.raises(ValueError, match="no"), resting():
        raise ValueError("no")
    assert gc.isenabled()


def test_who_turned_it_off_finds_it_off() -> None:
    gc.disable()
    check_formula("t = t", let="t: scalar")
    assert not gc.isenabled()


def test_nothing_stays_out_of_its_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_COLLECTOR", room._Collector())
    check_formula("t = t", let="t: scalar")
    assert gc.get_freeze_count() == 0


def test_what_others_took_out_of_its_sight_stays_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_COLLECTOR", room._Collector())
    gc.freeze()
    frozen = gc.get_freeze_count()
    assert frozen > 1000
    check_formula("t = t", let="t: scalar")
    assert gc.get_freeze_count() > frozen / 2


def test_what_a_fork_starts_with_is_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_COLLECTOR", room._Collector())
    room.settle()
    frozen = gc.get_freeze_count()
    check_formula("t = t", let="t: scalar")
    assert gc.get_freeze_count() >= frozen


def test_after_much_work_a_fork_looks_through_everything_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_COLLECTOR", room._Collector())
    there = weakref.ref(holder := Holder())
    holder.itself = holder
    room.settle()
    del holder
    room._COLLECTOR.waiting = room.LEAST
    gc.disable()
    room._COLLECTOR.wake()
    assert there() is None
    assert gc.get_freeze_count() > 0


class Holder:
    itself: object = None


def test_sessions_that_are_gone_are_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_COLLECTOR", room._Collector())
    monkeypatch.setattr(room, "LEAST", 20_000)
    room._COLLECTOR.limit = 20_000
    gc.collect()
    most = 0
    for _ in range(150):
        check_formula("d(x @ A @ x)/dx = (A + A.T) @ x", let="x: n; A: n n")
        most = max(most, sum(isinstance(o, Table) for o in gc.get_objects()))
    assert most < 120


def test_while_tables_grow_the_looks_become_rare() -> None:
    collector = room._Collector()
    collector.waiting = room.LEAST
    kept = [[k] for k in range(10)]
    with resting():
        collector.wake()
    assert kept
    assert collector.limit == 2 * room.LEAST
