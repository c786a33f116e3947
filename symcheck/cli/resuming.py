"""``--resume``: verdicts kept in a file as they come, and found again by what was judged.

The file is JSON Lines: a head, then one object a verdict.  It is parsed, never executed.  A verdict is
found by a digest of the record it is about, of the options that it depends on and of symcheck's own
code, so that nothing stale is found; its id stands there for people.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from symcheck.cli.jobs import lost
from symcheck.cli.parser import Arguments
from symcheck.errors import UsageError
from symcheck.language.claim import Claim
from symcheck.language.verdict import (
    Correction,
    Judgement,
    Proved,
    Refuted,
    Undecided,
    Witness,
    Working,
)

SUFFIX = ".resume"
FORMAT = "symcheck verdicts 1"
KINDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Proved, Refuted, Undecided, Witness, Correction, Working)
}
"""What a kept verdict is made of.  An error is none of these: it is read or made again."""
KIND, TUPLE = "noun", "tuple"
BESIDE = ("derivative", "derivative_latex", "derivative_of", "derivative_of_latex", "oracles", "ms")
"""What is kept of a judgement beside its verdict."""


def kept_for(arguments: Arguments) -> Kept:
    """The file of ``--resume``, opened.

    Errors: UsageError if none is named and none follows from the other arguments, or if what is there is
    something else.
    """
    path = Path(arguments.resume) if arguments.resume else _beside(arguments)
    asked = f"{arguments.seed} {arguments.oracle}"
    if arguments.explain:
        asked += " explain"
    if arguments.oracle in ("sympy", "all"):
        asked += f" {arguments.timeout:g}"  # SymPy's opinion is cut off by the clock
    return Kept(path, asked)


def _beside(arguments: Arguments) -> Path:
    if arguments.output is not None:
        return Path(arguments.output + SUFFIX)
    files = [target for target in arguments.targets if target.endswith(".jsonl")]
    if len(arguments.targets) == len(files) == 1:
        return Path(files[0] + SUFFIX)
    raise UsageError("--resume in which file?", hint="write --resume=FILE, or -o OUTPUT for OUTPUT.resume")


class Kept:
    """Verdicts of earlier runs, and of this one."""

    def __init__(self, path: Path, asked: str) -> None:
        self.path = path
        self.asked = asked
        self.places: dict[bytes, int] = {}
        """Key → where in the file its line begins; the verdicts themselves stay on the disk."""
        self.taken = 0
        self.head = {"format": FORMAT, "engine": engine()}
        try:
            self.file: IO[bytes] = path.open("a+b")
            self._index()
        except OSError as error:
            raise UsageError(f"cannot keep verdicts in {path}: {error.strerror or error}") from None

    def _index(self) -> None:
        """Read where the verdicts are; begin anew where another symcheck made them."""
        self.file.seek(0)
        first = self.file.readline()
        head = _parsed(first)
        if first and (head is None or head.get("format") != FORMAT):
            self.file.close()
            hint = f"the claims files come first, --resume last; or write --resume=FILE.jsonl{SUFFIX}"
            raise UsageError(f"{self.path} holds something else than kept verdicts", hint=hint)
        if head != self.head:
            if head is not None:
                print(f"symcheck: {self.path} is of another symcheck: all is judged anew", file=sys.stderr)
            self.file.truncate(0)
            self._append(self.head)
            return
        while True:
            place = self.file.tell()
            line = self.file.readline()
            if not line.endswith(b"\n"):
                break
            data = _parsed(line)
            if data is not None and isinstance(data.get("key"), str):
                self.places[data["key"].encode()] = place
        if line:
            # cut off in the middle by whatever ended that run
            self.file.truncate(place)

    def _append(self, data: Mapping[str, Any]) -> None:
        self.file.seek(0, 2)
        self.file.write(json.dumps(data).encode() + b"\n")
        self.file.flush()

    def _key(self, claim: Claim) -> bytes:
        about = self.asked.encode() + b"\n" + claim.record
        return blake2b(about, digest_size=16).hexdigest().encode()

    def found(self, claim: Claim) -> Judgement | None:
        """The judgement of a claim that says the same, if there is one."""
        place = self.places.get(self._key(claim)) if claim.record else None
        if place is None:
            return None
        self.file.seek(place)
        data = _parsed(self.file.readline())
        try:
            assert data is not None
            beside = {name: data[name] for name in BESIDE}
            working = decoded(data.get("working"))
            judgement = Judgement(claim, decoded(data["verdict"]), working=working, **beside)
        except (AssertionError, KeyError, TypeError, ValueError):
            return None  # not as we wrote it: judged again
        self.taken += 1
        return judgement

    def keep(self, judgement: Judgement) -> None:
        """Write down a verdict, if it rests on its record alone and comes back as it is."""
        claim, verdict = judgement.claim, judgement.verdict
        if not claim.record or lost(judgement) or not isinstance(verdict, Proved | Refuted | Undecided):
            return
        if (isinstance(verdict, Refuted) and verdict.follows) or self._key(claim) in self.places:
            return
        try:
            told = verdict, judgement.working
            record, working = map(encoded, told)
            if tuple(decoded(json.loads(json.dumps(part))) for part in (record, working)) != told:
                return
        except (KeyError, TypeError, ValueError):
            return
        key = self._key(claim)
        beside = {name: getattr(judgement, name) for name in BESIDE}
        self._append({"key": key.decode(), "id": claim.id, "verdict": record, "working": working, **beside})

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def engine() -> str:
    """A digest of symcheck's own code: what it judged otherwise before is not to be found."""
    root = Path(__file__).parents[1]
    digest = blake2b(digest_size=16)
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def encoded(value: Any) -> Any:
    """A verdict as JSON: what it is made of by name, without what is as usual; tuples marked as such."""
    if is_dataclass(value) and type(value).__name__ in KINDS:
        found: dict[str, Any] = {KIND: type(value).__name__}
        for part in fields(value):
            inner = getattr(value, part.name)
            if part.default is MISSING or inner != part.default:
                found[part.name] = encoded(inner)
        return found
    if isinstance(value, tuple):
        return {TUPLE: [encoded(part) for part in value]}
    if isinstance(value, list):
        return [encoded(part) for part in value]
    if isinstance(value, Mapping):
        # names of an author may be any, so pairs instead of keys
        return {"pairs": [[name, encoded(inner)] for name, inner in value.items()]}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} is not kept")


def decoded(data: Any) -> Any:
    """The inverse of `encoded`.  Errors: KeyError, TypeError or ValueError for anything else."""
    if isinstance(data, list):
        return [decoded(part) for part in data]
    if not isinstance(data, dict):
        return data
    if TUPLE in data:
        return tuple(decoded(part) for part in data[TUPLE])
    if "pairs" in data:
        return {name: decoded(inner) for name, inner in data["pairs"]}
    kind = KINDS[data[KIND]]
    return kind(**{name: decoded(inner) for name, inner in data.items() if name != KIND})
