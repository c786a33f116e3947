"""The cyclic collector rests while a claim is judged, and is not handed all that was kept afterwards.

What a session interns lives as long as the session.  Looked through after every claim, the tables of a
long derivation would cost more than the proofs (`docs/decisions/0017-the-collector-rests.md`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

LEAST = 1_500_000
"""New objects after which everything is looked through, at least."""
MOST = 8_000_000


class _Collector:
    """Counts what was kept; the collector belongs to the process, so there is one of these."""

    def __init__(self) -> None:
        self.waiting = 0
        """Objects kept since everything was looked through."""
        self.limit = LEAST
        self.ours: bool | None = None
        """Nobody else has taken objects out of the collector's sight: we would put them back."""
        self.settled = False
        """What is kept is out of its sight until everything is looked through."""

    def wake(self) -> None:
        """Turn the collector on again, what was kept counted as old, now and then looked through."""
        self.waiting += gc.get_count()[0]
        if self.ours is None:
            self.ours = not gc.get_freeze_count()
        if self.waiting < self.limit:
            # both calls join lists, without a look at what is in them
            if self.ours or self.settled:
                gc.freeze()
            if self.ours and not self.settled:
                gc.unfreeze()
        else:
            if self.settled:
                gc.unfreeze()
            garbage = gc.collect()
            if self.settled:
                gc.freeze()
            # while little of it is garbage the tables are growing: the next look is worth less
            self.limit = min(MOST, 2 * self.limit) if 4 * garbage < self.waiting else LEAST
            self.waiting = 0
            self.ours = None
        gc.enable()


_COLLECTOR = _Collector()


def settle() -> None:
    """Take all there is out of the collector's sight: a fork that looked through it would copy its memory."""
    gc.freeze()
    _COLLECTOR.settled = True


@contextmanager
def resting() -> Iterator[None]:
    """Within, the collector rests; where it rests already, nothing changes."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        _COLLECTOR.wake()
