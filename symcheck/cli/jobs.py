"""Judging in forks: a hard wall clock a claim, and several processes at once.

Claims never travel: each child is a fork that has a batch of them already and sends back verdicts
alone.  The parent reads ahead, keeps the order and the clock, for what holds the interpreter lock
answers no signal: a claim that takes too long, or whose process dies, is undecided, and a new fork goes
on with the next one.  A fork that has judged its batch ends, and all that it kept in memory with it.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import fields
from typing import Any, TypeAlias, TypeVar

from symcheck.errors import SymcheckError
from symcheck.language.claim import Claim
from symcheck.language.verdict import Judgement, Undecided, Unexplained
from symcheck.resting import settle

Judge: TypeAlias = Callable[[list[Any]], Iterable[Any]]
Made = TypeVar("Made")

DIED = "the process that judged it died"
HINT = "a larger --timeout, or the line split into steps"
LENGTH = struct.Struct("!I")
LOADING = 20.0
"""Seconds allowed for the import of SymPy, on a slow disk."""
FIRST_BATCH, LARGEST_BATCH = 8, 64
"""Claims in a batch: few at first, so that results come soon; then enough that a fork costs little."""
AHEAD = 3
"""Batches for each process that may be read, judged and not yet printed."""
MOST_JOBS = 200
"""More pipes than that are not watched at once."""
READ = 1 << 16
LEFT_ALONE = 5.0
"""Seconds after which a child ends itself that its parent, gone by then, should have ended."""
SENT = tuple(part.name for part in fields(Judgement) if part.name != "claim")
"""What a child sends of a judgement."""


class Cut:
    """Stands between two sources: a batch ends there, and it is not passed on."""


CUT = Cut()


def in_processes(
    judge: Judge,
    items: Iterable[Any],
    jobs: int,
    seconds: float,
    loading: float = 0.0,
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[Any]:
    """The items in order, each claim among them judged, in up to `jobs` forks.

    Items are read as they are needed.  What is no claim is passed on in its place.  Claims of one graph
    stay together, for what follows from an earlier slip.  Interrupted, it gives what is done before it
    raises KeyboardInterrupt.  Where a system cannot fork, one process does it all, without a clock.

    A refutation may come twice, first as `Unexplained`: that is what counts if the clock ends, or the process
    dies, before it is explained.

    Units: `seconds` is wall time a claim; `loading` is allowed on top for the first claim of a process,
    in which modules are loaded.  `meanwhile` is called here once the first fork is at work.
    """
    if not hasattr(os, "fork"):
        return _in_this_process(judge, items)
    return Pool(judge, items, min(jobs, MOST_JOBS), seconds, loading, meanwhile).results()


def _in_this_process(judge: Judge, items: Iterable[Any]) -> Iterator[Any]:
    for batch in batches(items):
        judged = (judgement for judgement in judge(batch.claims) if not isinstance(judgement, Unexplained))
        for item in batch.items:
            yield next(judged) if isinstance(item, Claim) else item


class Batch:
    """Items in order, of which the claims are judged by one worker."""

    def __init__(self, items: list[Any], last: bool = False) -> None:
        self.items = deque(items)
        self.claims = [item for item in items if isinstance(item, Claim)]
        self.last = last
        """Whether it ends with its source."""
        self.started = False
        self.worker: Worker | None = None

    def start(self, judge: Judge, seconds: float, loading: float) -> None:
        """Have the claims judged, if there are any."""
        self.started = True
        if self.claims:
            self.worker = Worker(judge, self.claims, seconds, loading)

    def running(self) -> bool:
        """Whether claims of it are being judged."""
        return self.worker is not None and self.worker.child is not None

    def ready(self) -> Iterator[Any]:
        """What is done at its head, taken out."""
        while self.items:
            if not isinstance(self.items[0], Claim):
                yield self.items.popleft()
            elif self.worker is not None and self.worker.results:
                self.items.popleft()
                yield self.worker.results.popleft()
            else:
                return


def batches(items: Iterable[Any]) -> Iterator[Batch]:
    """Batches of growing size, cut between sources and never between claims of one graph."""
    part: list[Any] = []
    size = FIRST_BATCH
    for item in items:
        if isinstance(item, Cut):
            yield Batch(part, last=True)
            part = []
            continue
        if len(part) >= size and not _together(part[-1], item):
            yield Batch(part)
            part = []
            size = min(2 * size, LARGEST_BATCH)
        part.append(item)
    if part:
        yield Batch(part, last=True)


def _together(one: Any, other: Any) -> bool:
    return isinstance(one, Claim) and isinstance(other, Claim) and one.graph is other.graph


class Pool:
    """Batches in order, the first of them judged by up to `jobs` workers."""

    def __init__(
        self,
        judge: Judge,
        items: Iterable[Any],
        jobs: int,
        seconds: float,
        loading: float,
        meanwhile: Callable[[], object] | None = None,
    ) -> None:
        self.judge = judge
        self.meanwhile = meanwhile
        self.batches = batches(items)
        self.jobs = jobs
        self.seconds = seconds
        self.loading = loading
        self.queue: deque[Batch] = deque()
        self.read_all = False
        self.collects = False

    def results(self) -> Iterator[Any]:
        """Every item in its place."""
        try:
            while self._fill():
                if self.meanwhile is not None:
                    self.meanwhile()
                    self.meanwhile = None
                yield from self.queue[0].ready()
                if not self.queue[0].items:
                    self.queue.popleft()
                else:
                    _watch([b.worker for b in self.queue if b.worker is not None and b.running()])
        except KeyboardInterrupt:
            for batch in self.queue:
                if batch.worker is not None and batch.running():
                    batch.worker.take_last()
                yield from batch.ready()
            raise
        finally:
            self._stop()

    def _fill(self) -> bool:
        """Give work to whoever has none, and read one batch ahead; False where nothing is left."""
        idle = self.jobs - sum(batch.running() for batch in self.queue)
        for batch in self.queue:
            if idle > 0 and not batch.started:
                batch.start(self.judge, self.seconds, self.loading)
                idle -= batch.running()
        while idle > 0 and self._read():
            batch = self.queue[-1]
            batch.start(self.judge, self.seconds, self.loading)
            idle -= batch.running()
        if all(batch.started for batch in self.queue):
            self._read()
        return bool(self.queue) or self._read()

    def _read(self) -> bool:
        """Append the next batch, if there is one and room for it."""
        if self.read_all or len(self.queue) >= AHEAD * self.jobs:
            return False
        if self.queue and self.queue[-1].last and self.jobs == 1:
            # one after the other: a source is not opened while the one before is being judged
            return False
        batch = next(self.batches, None)
        if batch is None:
            self.read_all = True
            return False
        self.queue.append(batch)
        if len(batch.items) >= LARGEST_BATCH and not self.collects:
            # reading leaves cycles behind; a short run does not live to see them
            self.collects = True
            gc.enable()
        return True

    def _stop(self) -> None:
        for batch in self.queue:
            if batch.worker is not None:
                batch.worker.stop()


def _watch(workers: list[Worker]) -> None:
    """Wait until one of them sends something, ends or runs out of time."""
    patience = min(worker.deadline for worker in workers) - time.monotonic()
    pipes = {worker.pipe: worker for worker in workers}
    ready, _, _ = select.select(list(pipes), [], [], max(0.0, patience))
    for pipe, worker in pipes.items():
        # the pipe comes first: what was sent in time counts, however late it is read
        if pipe in ready:
            worker.take()
        elif time.monotonic() > worker.deadline:
            worker.lose(f"not settled within {worker.seconds:g} s")


class Worker:
    """Claims and the fork that judges them, started at once; a new one where it was lost."""

    def __init__(self, judge: Judge, claims: list[Claim], seconds: float, loading: float) -> None:
        self.judge = judge
        self.waiting = deque(claims)
        self.results: deque[Judgement] = deque()
        self.unexplained: Judgement | None = None
        """The refutation of the claim in hand, if it was found."""
        self.seconds = seconds
        self.loading = loading
        self.child: Child | None = None
        self._start()

    @property
    def pipe(self) -> int:
        """What its child sends comes out here."""
        assert self.child is not None
        return self.child.pipe

    def _start(self) -> None:
        claims = list(self.waiting)
        self.child = Child(lambda: map(_sent, self.judge(claims)), self.seconds + self.loading)
        self._next(self.loading)

    def _next(self, loading: float = 0.0) -> None:
        """The clock of the next claim starts."""
        self.begun = time.monotonic()
        self.deadline = self.begun + self.seconds + loading

    def take(self) -> None:
        """Read what has come; a child that ended too early is lost."""
        assert self.child is not None
        sent = self.child.read()
        if sent is None:
            self.lose(DIED)
            return
        for final, values in sent:
            judgement = Judgement(self.waiting[0], **dict(zip(SENT, values, strict=True)))
            if not final:
                self.unexplained = judgement
                continue
            self.results.append(judgement)
            self._done()
            self._next()
        if not self.waiting:
            self.stop()

    def take_last(self) -> None:
        """Read what is there, and end the child."""
        if select.select([self.pipe], [], [], 0.0)[0]:
            self.take()
        self.stop()

    def lose(self, reason: str) -> None:
        """Call the claim in hand undecided if it was not refuted, and go on with the next in a new fork."""
        took = time.monotonic() - self.begun
        self.stop()
        judgement = self.unexplained
        if judgement is None:
            judgement = Judgement(self.waiting[0], Undecided("SC202", reason, HINT), ms=took * 1000)
        self.results.append(judgement)
        self._done()
        if self.waiting:
            self._start()

    def _done(self) -> None:
        self.waiting.popleft()
        self.unexplained = None

    def stop(self) -> None:
        """End the child, if there is one."""
        if self.child is not None:
            self.child.stop()
            self.child = None


def _sent(judged: Judgement | Unexplained) -> tuple[bool, tuple[Any, ...]]:
    """(whether it is the last word, what it says)."""
    final = not isinstance(judged, Unexplained)
    judgement = judged.judgement if isinstance(judged, Unexplained) else judged
    return final, tuple(getattr(judgement, name) for name in SENT)


def lost(judgement: Judgement) -> bool:
    """Whether the clock or the death of a process made the verdict, not the parties."""
    return isinstance(judgement.verdict, Undecided) and judgement.verdict.hint == HINT


class Child:
    """A fork that sends what `make` gives, one by one."""

    def __init__(self, make: Callable[[], Iterable[Any]], seconds: float) -> None:
        self.pipe, writer = os.pipe()
        self.data = bytearray()
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                os.close(self.pipe)
                _send(make(), writer, seconds + LEFT_ALONE)
                code = 0
            finally:
                # no handler, buffer or traceback of the parent is ours to run
                os._exit(code)
        os.close(writer)

    def read(self) -> list[Any] | None:
        """What has come, after waiting for it; None at the end."""
        chunk = os.read(self.pipe, READ)
        if not chunk:
            return None
        self.data += chunk
        found = []
        while len(self.data) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self.data)[0]
            if len(self.data) < end:
                break
            found.append(pickle.loads(self.data[LENGTH.size : end]))
            del self.data[:end]
        return found

    def stop(self) -> None:
        """End it."""
        os.close(self.pipe)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _send(messages: Iterable[Any], writer: int, seconds: float) -> None:
    """In the child: send one after the other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # left alone by a parent that was killed, it ends itself: this signal needs no interpreter
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    settle()
    gc.enable()
    signal.setitimer(signal.ITIMER_REAL, 2 * seconds)
    for message in messages:
        signal.setitimer(signal.ITIMER_REAL, 0)  # while the parent does not read, time does not count
        body = pickle.dumps(message)
        data = LENGTH.pack(len(body)) + body
        while data:
            data = data[os.write(writer, data) :]
        signal.setitimer(signal.ITIMER_REAL, 2 * seconds)


def timed(make: Callable[[], Made], seconds: float) -> tuple[Made | None, str]:
    """(what `make` gives, computed in a fork; or None, and why it was ended or died).

    Where a system cannot fork it is made here, without a clock.  Errors: the SymcheckError of `make`.
    """
    if not hasattr(os, "fork"):
        return make(), ""

    def once() -> Iterator[Any]:
        try:
            yield make(), None, ""
        except SymcheckError as error:
            yield None, (type(error), error.message, error.code, error.hint), ""
        except Exception as error:
            yield None, None, f"symcheck failed there ({type(error).__name__}: {error}): please report it"

    sent, reason = _one(Child(once, seconds), seconds)
    if sent is None:
        return None, reason
    made, failed, reason = sent
    if failed is not None:
        kind, message, code, hint = failed
        raise kind(message, code=code, hint=hint)
    return made, reason


def _one(child: Child, seconds: float) -> tuple[Any, str]:
    """(the one thing that a child sends, why there is nothing)."""
    deadline = time.monotonic() + seconds
    try:
        while select.select([child.pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
            found = child.read()
            if found is None:
                return None, "its process died"
            if found:
                return found[0], ""
        return None, f"not settled within {seconds:g} s; give a larger --timeout"
    finally:
        child.stop()
