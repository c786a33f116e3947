"""Judging in several processes: claims are dealt out, verdicts come back in the order of the claims.

Claims never travel: each child is a fork that has them already and sends back verdicts alone.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import TypeVar

from symcheck.language.claim import Claim
from symcheck.language.verdict import Judgement

Broken = TypeVar("Broken")


def in_processes(
    judge: Callable[[list[Claim | Broken]], Iterator[Judgement | Broken]],
    claims: Sequence[Claim | Broken],
    jobs: int,
) -> Iterator[Judgement | Broken]:
    """What `judge` gives for the claims, computed in up to `jobs` forks.

    Chunks of neighbours stay together, for what follows from an earlier slip.  Where a system cannot
    fork, one process does it all.
    """
    jobs = min(jobs, len(claims))
    if jobs <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from judge(list(claims))
        return
    context = multiprocessing.get_context("fork")
    parts = _parts(claims, jobs)
    pipes: list[tuple[list[Claim | Broken], Connection, ForkProcess]] = []
    for part in parts:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(judge, part, sender), daemon=True)
        process.start()
        sender.close()
        pipes.append((part, receiver, process))
    try:
        for part, receiver, process in pipes:
            yield from _received(part, receiver)
            process.join()
    finally:
        for _, receiver, process in pipes:
            receiver.close()
            process.terminate()


def _parts(claims: Sequence[Claim | Broken], jobs: int) -> list[list[Claim | Broken]]:
    """Stretches of about equal length, cut only between claims of different graphs if there are any."""
    several = len({id(c.graph) for c in claims if isinstance(c, Claim)}) > 1
    if not several:
        return [list(claims)]
    parts: list[list[Claim | Broken]] = [[]]
    size = -(-len(claims) // jobs)
    for claim in claims:
        last = parts[-1][-1] if parts[-1] else None
        same = isinstance(claim, Claim) and isinstance(last, Claim) and last.graph is claim.graph
        if len(parts[-1]) >= size and not same:
            parts.append([])
        parts[-1].append(claim)
    return parts


def _work(
    judge: Callable[[list[Claim | Broken]], Iterable[Judgement | Broken]],
    part: list[Claim | Broken],
    sender: Connection,
) -> None:
    """In the child: send each verdict without its claim."""
    gc.freeze()
    for item in judge(part):
        if isinstance(item, Judgement):
            sender.send((item.verdict, item.derivative, item.derivative_latex, dict(item.oracles), item.ms))
        else:
            sender.send(None)
    sender.close()


def _received(part: list[Claim | Broken], receiver: Connection) -> Iterator[Judgement | Broken]:
    """In the parent: put verdicts and claims together again."""
    for claim in part:
        try:
            sent = receiver.recv()
        except EOFError:
            raise ChildProcessError("a process that judged claims has died") from None
        if isinstance(claim, Claim):
            verdict, derivative, latex, oracles, ms = sent
            yield Judgement(claim, verdict, derivative, latex, oracles, ms)
        else:
            yield claim
