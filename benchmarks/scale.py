"""A long claims file through the door: claims a second, and the memory of the largest process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.claims_file import CASES
from benchmarks.tables import Row, plain

CLAIMS = 10_000
PATTERNS = ("bench.jsonl", "dev.jsonl")
JOBS = (1, 2)


def table() -> str:
    """One row for each number of processes, and for half of the claims."""
    rows: list[Row] = []
    with TemporaryDirectory() as folder:
        for number in (CLAIMS // 2, CLAIMS):
            path = Path(folder) / "claims.jsonl"
            write(path, number)
            alone = 0.0
            for jobs in JOBS:
                wall, cpu, memory = run(path, jobs)
                alone = alone or wall
                each = (1000 * cpu / number, number / wall, f"{alone / wall:.2f}", memory)
                rows.append((f"{number} claims, --jobs {jobs}", f"{wall:.0f}", *each))
    header = ("", "s", "cpu ms a claim", "claims a s", "speed-up", "largest process, MB")
    notes = (f"{os.cpu_count()} cores; records of {' and '.join(PATTERNS)} over and over",)
    return plain("Claims files at scale, symcheck check --format jsonl", header, rows, notes)


def write(path: Path, number: int) -> None:
    """The records of the test cases over and over, each with an id of its own."""
    records = [json.loads(line) for name in PATTERNS for line in (CASES / name).open(encoding="utf-8")]
    with path.open("w", encoding="utf-8") as file:
        for k, record in enumerate(islice(cycle(records), number)):
            file.write(json.dumps(record | {"id": f"{k}/{record['id']}"}) + "\n")


def run(path: Path, jobs: int) -> tuple[float, float, int]:
    """(wall seconds, processor seconds of all processes, MB of the largest one)."""
    command = [sys.executable, "-m", "symcheck", "check", str(path), "--format", "jsonl", "--jobs", str(jobs)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    wall = time.perf_counter() - started
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
