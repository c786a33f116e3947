"""Judging in forks: a hard wall clock a claim, and several processes at once.

Claims never travel: each child is a fork that has them already and sends back verdicts alone.  The
parent keeps the clock, for what holds the interpreter lock answers no signal: a claim that takes too
long, or whose process dies, is undecided, and a new fork goes on with the next one.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import struct
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

from symcheck.errors import SymcheckError
from symcheck.language.claim import Claim
from symcheck.language.verdict import Judgement, Undecided

Broken = TypeVar("Broken")
Judge: TypeAlias = Callable[[list[Any]], Iterable[Any]]
Made = TypeVar("Made")
DIED = "the process that judged it died"
LENGTH = struct.Struct("!I")
LOADING = 20.0
"""Seconds allowed for the import of SymPy, on a slow disk."""


def in_processes(
    judge: Callable[[list[Claim | Broken]], Iterator[Judgement | Broken]],
    claims: Sequence[Claim | Broken],
    jobs: int,
    seconds: float,
    loading: float = 0.0,
) -> Iterator[Judgement | Broken]:
    """What `judge` gives for the claims, in order, computed in up to `jobs` forks.

    Chunks of neighbours stay together, for what follows from an earlier slip.  Where a system cannot
    fork, one process does it all, without a clock.

    Units: `seconds` is wall time a claim; `loading` is allowed on top for the first claim of a process,
    in which modules are loaded.
    """
    if not hasattr(os, "fork"):
        yield from judge(list(claims))
        return
    parts = _parts(claims, max(1, min(jobs, len(claims))))
    workers = [Worker(judge, part, seconds, loading) for part in parts]
    try:
        for worker in workers:
            yield from worker.results()
    finally:
        for worker in workers:
            worker.stop()


class Worker:
    """A stretch of claims and the fork that judges it, started at once."""

    def __init__(self, judge: Judge, part: list[Any], seconds: float, loading: float) -> None:
        self.judge = judge
        self.part = part
        self.seconds = seconds
        self.loading = loading
        self.pid = 0
        self.pipe = -1
        self._start(0)

    def _start(self, first: int) -> None:
        """Fork a child for the claims from `first` on."""
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.close(reader)
                _work(self.judge, self.part[first:], writer)
                code = 0
            finally:
                # no handler, buffer or traceback of the parent is ours to run
                os._exit(code)
        os.close(writer)
        self.pid, self.pipe = pid, reader

    def stop(self) -> None:
        """End the child, if there is one."""
        if self.pid:
            os.close(self.pipe)
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0

    def results(self) -> Iterator[Any]:
        """Verdicts and claims put together again, in order."""
        fresh = True
        for number, claim in enumerate(self.part):
            if not self.pid:
                self._start(number)
                fresh = True
            sent, reason = self.receive(self.seconds + (self.loading if fresh else 0.0))
            fresh = False
            if reason:
                self.stop()
                if isinstance(claim, Claim):
                    hint = "a larger --timeout, or the line split into steps"
                    yield Judgement(claim, Undecided("SC202", reason, hint), ms=self.seconds * 1000)
                    continue
                yield claim
            elif isinstance(claim, Claim):
                verdict, derivative, latex, oracles, ms = sent
                yield Judgement(claim, verdict, derivative, latex, oracles, ms)
            else:
                yield claim
        self.stop()

    def receive(self, seconds: float) -> tuple[Any, str]:
        """(what the child sent, why there is nothing)."""
        deadline = time.monotonic() + seconds
        head = self._read(LENGTH.size, deadline)
        if isinstance(head, str):
            return None, head
        body = self._read(LENGTH.unpack(head)[0], deadline)
        return (None, body) if isinstance(body, str) else (pickle.loads(body), "")

    def _read(self, count: int, deadline: float) -> bytes | str:
        data = b""
        while len(data) < count:
            ready, _, _ = select.select([self.pipe], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                return f"not settled within {self.seconds:g} s"
            chunk = os.read(self.pipe, count - len(data))
            if not chunk:
                return DIED
            data += chunk
        return data


def timed(make: Callable[[], Made], seconds: float) -> tuple[Made | None, str]:
    """(what `make` gives, computed in a fork; or None, and why it was ended or died).

    Where a system cannot fork it is made here, without a clock.  Errors: the SymcheckError of `make`.
    """
    if not hasattr(os, "fork"):
        return make(), ""

    def once(_: list[Any]) -> Iterator[Any]:
        try:
            yield make(), None, ""
        except SymcheckError as error:
            yield None, (type(error), error.message, error.code, error.hint), ""
        except Exception as error:
            yield None, None, f"symcheck failed there ({type(error).__name__}: {error}): please report it"

    worker = Worker(once, [None], seconds, 0.0)
    try:
        sent, reason = worker.receive(seconds)
    finally:
        worker.stop()
    if reason:
        return None, "its process died" if reason == DIED else f"{reason}; give a larger --timeout"
    made, failed, reason = sent
    if failed is not None:
        kind, message, code, hint = failed
        raise kind(message, code=code, hint=hint)
    return made, reason


def _work(judge: Judge, part: list[Any], writer: int) -> None:
    """In the child: send each verdict without its claim, and tuples as they are."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.enable()
    for item in judge(part):
        sent: tuple[Any, ...] | None
        match item:
            case Judgement():
                sent = (item.verdict, item.derivative, item.derivative_latex, dict(item.oracles), item.ms)
            case tuple():
                sent = item
            case _:
                sent = None
        body = pickle.dumps(sent)
        data = LENGTH.pack(len(body)) + body
        while data:
            data = data[os.write(writer, data) :]


def _parts(claims: Sequence[Any], jobs: int) -> list[list[Any]]:
    """Stretches of about equal length, cut only between claims of different graphs if there are any."""
    several = len({id(c.graph) for c in claims if isinstance(c, Claim)}) > 1
    if not several or jobs == 1:
        return [list(claims)]
    parts: list[list[Any]] = [[]]
    size = -(-len(claims) // jobs)
    for claim in claims:
        last = parts[-1][-1] if parts[-1] else None
        same = isinstance(claim, Claim) and isinstance(last, Claim) and last.graph is claim.graph
        if len(parts[-1]) >= size and not same:
            parts.append([])
        parts[-1].append(claim)
    return parts
