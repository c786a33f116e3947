"""Claims files of any length: order, clocks, deaths, resumption, and memory that does not grow with them."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest

from symcheck import api
from symcheck.cli import checking, main, progress
from symcheck.cli.jobs import AHEAD, CUT, LARGEST_BATCH, Pool, batches, in_processes
from symcheck.cli.printing import PAGE
from symcheck.cli.resuming import decoded, encoded
from symcheck.language.claim import Claim, Expectation
from symcheck.language.verdict import Judgement, Proved, Refuted, Undecided, Unexplained, Witness, word
from symcheck.reading.claims_file import BrokenLine, read_claims

SQUARE = {"symbols": {"x": []}, "f": "x**2", "wrt": "x", "claim": "2*x", "expected": "true"}
JUDGED = api.check_claims

Run = Callable[..., tuple[int, str, str]]
Rows = Callable[..., Path]


def row(k: int) -> dict[str, object]:
    """Every third claim is wrong, and known to be."""
    factor = 3 if k % 3 == 2 else 2
    return SQUARE | {"id": f"S{k}", "claim": f"{factor}*x", "expected": "true" if factor == 2 else "false"}


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """Write a claims file of records and of lines that are none."""

    def write(*lines: dict[str, object] | bytes, name: str = "big.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(
            b"".join(
                (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
            )
        )
        return path

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command: (exit code, stdout, stderr)."""
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let something happen in the child before a claim is judged."""

    def patch(**happenings: Callable[[], object]) -> None:
        def judged(claims: Iterable[Claim], **options: Any) -> Iterator[Any]:
            for claim in claims:
                happenings.get(claim.id, lambda: None)()
                yield from JUDGED([claim], **options)

        monkeypatch.setattr(checking.api, "check_claims", judged)

    return patch


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is judged from now on is undecided: what is not, was taken from an earlier run."""

    def judged(claims: Iterable[Claim], **_: Any) -> Iterator[Any]:
        for claim in claims:
            yield Judgement(claim, Undecided("SC201", "judged anew"))

    monkeypatch.setattr(checking.api, "check_claims", judged)


def verdicts(out: str) -> dict[str, str]:
    """Id → verdict, of jsonl, in order."""
    return {record["id"]: record["verdict"] for record in map(json.loads, out.splitlines())}


def expected(number: int) -> dict[str, str]:
    return {f"S{k}": "refuted" if k % 3 == 2 else "proved" for k in range(number)}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt() -> None:
    time.sleep(0.5)
    os.kill(os.getppid(), signal.SIGINT)
    time.sleep(60)


# -- order -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["full", "concise"])
def test_any_number_of_processes_prints_the_same_bytes(run: Run, rows: Rows, form: str) -> None:
    lines = [row(k) for k in range(60)]
    path = rows(*lines[:7], b"{broken", *lines[7:30], b'{"id": "\xff"}', *lines[30:])
    printed = {run("check", path, "--format", form, "--jobs", jobs) for jobs in (1, 2, 5)}
    assert len(printed) == 1
    ((code, out, err),) = printed
    assert (code, err) == (2, "")
    assert ("2 lines could not be read" in out) is (form == "full")


def test_files_and_formulas_mixed_keep_their_order(run: Run, rows: Rows) -> None:
    first = rows(row(0), b"\xff\xfe", row(2), name="first.jsonl")
    second = rows(row(1), name="second.jsonl")
    targets = (first, "d(x**3)/dx = 3*x**2", second, "no.jsonl", first)
    arguments = ("check", *targets, "--let", "x: scalar", "--format", "concise", "--jobs", "3")
    code, out, err = run(*arguments)
    assert code == 2
    assert "there is no file no.jsonl" in err
    places = [line.split(": ")[0].rsplit("/")[-1] for line in out.splitlines()]
    once = ["first.jsonl:1:1", "first.jsonl:2:1", "first.jsonl:3:1"]
    assert places == [*once, "<formula>:1:1", "second.jsonl:1:1", *once]


def test_a_slow_claim_does_not_hold_up_the_others(run: Run, rows: Rows, at: Callable[..., None]) -> None:
    at(S0=lambda: time.sleep(1))
    code, out, _ = run("check", rows(*map(row, range(40))), "--format", "jsonl", "--jobs", "2")
    assert code == 0
    assert list(verdicts(out).items()) == list(expected(40).items())


def test_stop_selection_and_strictness_work_with_processes(
    run: Run, rows: Rows, at: Callable[..., None]
) -> None:
    lines = [row(k) for k in range(40)]
    lines[20] = SQUARE | {"id": "surprise", "claim": "x"}
    path = rows(*lines)
    code, out, _ = run("check", path, "-x", "--format", "jsonl", "--jobs", "2")
    assert code == 1
    assert list(verdicts(out)) == [*expected(20), "surprise"]
    code, out, _ = run("check", path, "-k", "S7 or S39", "--format", "jsonl", "--jobs", "2")
    assert (code, list(verdicts(out))) == (0, ["S7", "S39"])
    at(S3=die)
    mild = ("check", path, "-k", "not surprise", "--jobs", "2", "--timings", "--format", "concise")
    code, out, _ = run(*mild)
    assert code == 0
    assert all(line.endswith(" ms)") for line in out.splitlines())
    assert run(*mild, "--strict")[0] == 1


def test_full_is_printed_in_pages_with_one_title_and_one_summary(run: Run, rows: Rows) -> None:
    path = rows(*map(row, range(PAGE + 5)), b"{broken")
    code, out, _ = run("check", path, "--jobs", "2")
    assert code == 2
    assert [line for line in out.splitlines() if line == "Claims"] == ["Claims"] * 2
    assert out.splitlines()[0] == str(path)
    assert out.count(str(path)) == 1 + 1 + out.count("  " + str(path))  # title, broken line, details
    assert out.splitlines()[-1].startswith(f"{PAGE + 5} claims: ")
    assert out.endswith("refuted (as expected); 1 line could not be read\n")
    assert "\n\n\n" not in out


# -- clocks and deaths -----------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_process_that_dies_costs_its_claim_alone(
    run: Run, rows: Rows, at: Callable[..., None], jobs: str
) -> None:
    at(S0=die, S5=die, S6=die, S29=die)
    code, out, err = run("check", rows(*map(row, range(30))), "--format", "jsonl", "--jobs", jobs)
    assert (code, err) == (1, "")  # S5 and S29 were expected to be refuted
    lost = dict.fromkeys(("S0", "S5", "S6", "S29"), "undecided")
    assert list(verdicts(out).items()) == list((expected(30) | lost).items())
    record = json.loads(out.splitlines()[5])
    assert (record["code"], record["message"]) == ("SC202", "the process that judged it died")


def test_a_claim_out_of_time_is_undecided_and_the_rest_go_on(
    run: Run, rows: Rows, at: Callable[..., None]
) -> None:
    at(S4=lambda: time.sleep(60), S9=lambda: time.sleep(60))
    code, out, _ = run(
        "check", rows(*map(row, range(20))), "--format", "jsonl", "--jobs", "2", "--timeout", "2"
    )
    assert code == 0
    assert verdicts(out) == expected(20) | {"S4": "undecided", "S9": "undecided"}
    assert json.loads(out.splitlines()[4])["message"] == "not settled within 2 s"


def test_what_was_sent_in_time_counts_however_late_it_is_read(rows: Rows) -> None:
    claims = list(read_claims(rows(*map(row, range(12)))))

    def judge(part: list[Claim]) -> Iterator[Judgement]:
        for claim in part:
            yield Judgement(claim, Proved("all sizes"))

    for judgement in in_processes(judge, claims, 2, 0.5):
        assert isinstance(judgement.verdict, Proved)
        time.sleep(0.1)  # in all longer than the time of a claim


@pytest.mark.parametrize("end", [lambda: time.sleep(600), lambda: os._exit(3)], ids=["clock", "death"])
def test_a_refutation_stands_that_was_not_explained_in_time(rows: Rows, end: Callable[[], object]) -> None:
    claims = list(read_claims(rows(*map(row, range(3)))))

    def judge(part: list[Claim]) -> Iterator[Judgement | Unexplained]:
        for claim in part:
            if claim.id == "S1":
                yield Unexplained(Judgement(claim, Refuted("SC119", "the sides differ")))
                end()
            yield Judgement(claim, Proved("all sizes"))

    assert [word(j.verdict) for j in in_processes(judge, claims, 1, 2.0)] == ["proved", "refuted", "proved"]


def test_a_refutation_that_is_explained_in_time_counts_once(rows: Rows) -> None:
    path = rows(row(2))
    early = list(api.check_claims(read_claims(path), early=True))
    assert [type(item) for item in early] == [Unexplained, Judgement]
    (judgement,) = in_processes(lambda part: api.check_claims(part, early=True), read_claims(path), 1, 60.0)
    assert judgement.verdict.correction.text == "2*x"


# -- interruption and resumption -------------------------------------------------------------------


def test_interrupted_it_prints_what_is_done_and_goes_on_from_there(
    run: Run, rows: Rows, at: Callable[..., None], request: pytest.FixtureRequest
) -> None:
    path = rows(*map(row, range(30)))
    command = ("check", path, "--format", "jsonl", "--jobs", "2", "--resume")
    at(S20=interrupt)
    code, out, err = run(*command)
    assert code == 130
    assert "interrupted; this is what was done" in err
    done = verdicts(out)
    assert list(done)[:20] == list(expected(20))
    assert "S20" not in done
    request.getfixturevalue("anew")
    code, out, err = run(*command)
    assert code == 1  # what is wrong and was not judged is undecided now
    assert verdicts(out) == {name: done.get(name, "undecided") for name in expected(30)}
    assert err == f"symcheck: {len(done)} verdicts taken from {path}.resume\n"


def test_a_finished_run_is_told_again_byte_by_byte(run: Run, rows: Rows, request: Any) -> None:
    path = rows(*map(row, range(12)), b"{broken", SQUARE | {"id": "unread", "f": "x +"})
    kept = path.parent / "kept"
    for form in ("json", "full", "concise"):
        first = run("check", path, "--format", form, "--timings", f"--resume={kept}")
    request.getfixturevalue("anew")
    code, out, err = run("check", path, "--format", "concise", "--timings", f"--resume={kept}")
    # what cannot be read is no verdict, so nothing of it is kept
    assert (code, out.replace("undecided SC201", "ERROR SC001").splitlines()[:13]) == (
        2,
        first[1].splitlines()[:13],
    )
    assert "12 verdicts taken" in err


def test_how_a_claim_was_judged_is_kept_too(run: Run, rows: Rows, request: Any) -> None:
    command = ("check", rows(*map(row, range(4))), "--format", "jsonl", "--explain", "--resume")
    first = [json.loads(line) for line in run(*command)[1].splitlines()]
    assert all(line["working"]["left"] for line in first)
    request.getfixturevalue("anew")
    _, out, err = run(*command)
    assert [json.loads(line) | {"ms": 0} for line in out.splitlines()] == [x | {"ms": 0} for x in first]
    assert "4 verdicts taken" in err


@pytest.mark.usefixtures("anew")
def test_a_kept_file_is_made_beside_the_output(run: Run, rows: Rows) -> None:
    path = rows(row(0))
    assert run("check", path, "-o", path.parent / "report", "--resume")[0] == 0
    assert (path.parent / "report.resume").exists()
    code, _, err = run("check", path, "d(x)/dx = 1", "--let", "x: scalar", "--resume")
    assert code == 2
    assert "--resume in which file?" in err


CHANGES: list[tuple[str, dict[str, object], tuple[str, ...], bool]] = [
    ("nothing", {}, (), True),
    ("the claim", {"claim": "x*2"}, (), False),
    ("the formula", {"f": "x*x"}, (), False),
    ("what is expected", {"expected": "false"}, (), False),
    ("an assumption", {"assumptions": ["x > 0"]}, (), False),
    ("the seed", {}, ("--seed", "1"), False),
    ("the parties", {}, ("--oracle", "series"), False),
    ("what is asked of it", {}, ("--explain",), False),
    ("the clock", {}, ("--timeout", "20"), True),
    ("the format", {}, ("--timings", "--strict", "--jobs", "2"), True),
]


@pytest.mark.parametrize(
    ("change", "options", "known"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_what_was_changed_is_judged_anew(
    run: Run,
    rows: Rows,
    request: pytest.FixtureRequest,
    change: dict[str, object],
    options: tuple[str, ...],
    known: bool,
) -> None:
    command = ("check", rows(row(0), row(1)), "--format", "jsonl", "--resume")
    assert verdicts(run(*command)[1]) == {"S0": "proved", "S1": "proved"}
    request.getfixturevalue("anew")
    # the lines change places: what is kept belongs to a record, not to a line or to an id
    rows(row(1), row(0) | change)
    _, out, _ = run(*command[:4], *options, "--resume")
    assert verdicts(out)["S0"] == ("proved" if known else "undecided")
    assert verdicts(out)["S1"] == ("undecided" if options and not known else "proved")


def test_verdicts_of_another_symcheck_are_not_taken(run: Run, rows: Rows, request: Any) -> None:
    path = rows(row(0))
    command = ("check", path, "--format", "jsonl", "--resume")
    run(*command)
    kept = Path(f"{path}.resume")
    head, *lines = kept.read_text("utf-8").splitlines()
    other = json.dumps(json.loads(head) | {"engine": "another"})
    kept.write_text("\n".join([other, *lines]) + "\n", "utf-8")
    request.getfixturevalue("anew")
    _, out, err = run(*command)
    assert verdicts(out) == {"S0": "undecided"}
    assert "of another symcheck: all is judged anew" in err


def test_a_kept_file_that_was_cut_off_or_spoilt_costs_what_was_lost(
    run: Run, rows: Rows, request: Any
) -> None:
    path = rows(*map(row, range(5)))
    command = ("check", path, "--format", "jsonl", "--resume")
    run(*command)
    kept = Path(f"{path}.resume")
    lines = kept.read_bytes().splitlines(keepends=True)
    assert len(lines) == 6
    lines[2] = b"\xff{\n"
    lines[3] = lines[3].replace(b'"noun": "Refuted"', b'"kind": "Worse"')
    lines[5] = lines[5][:40]
    kept.write_bytes(b"".join(lines))
    request.getfixturevalue("anew")
    taken = {"S0": "proved", "S1": "undecided", "S2": "undecided", "S3": "proved", "S4": "undecided"}
    for _ in range(2):
        assert verdicts(run(*command)[1]) == taken | {}
        taken = dict.fromkeys(taken, "undecided") | {"S0": "proved", "S3": "proved"}


def test_what_the_clock_or_a_death_decided_is_tried_again(
    run: Run, rows: Rows, at: Callable[..., None]
) -> None:
    command = ("check", rows(*map(row, range(4))), "--format", "jsonl", "--timeout", "2", "--resume")
    at(S1=die, S3=lambda: time.sleep(60))
    assert verdicts(run(*command)[1]) == expected(4) | {"S1": "undecided", "S3": "undecided"}
    at()
    _, out, err = run(*command)
    assert verdicts(out) == expected(4)
    assert "2 verdicts taken" in err


def test_a_file_of_something_else_is_never_written_to(run: Run, rows: Rows) -> None:
    path = rows(row(0))
    before = path.read_bytes()
    code, out, err = run("check", path, "--resume", path)
    assert (code, out) == (2, "")
    assert "holds something else than kept verdicts" in err
    assert path.read_bytes() == before
    code, out, err = run("check", path, f"--resume={path.parent}")
    assert (code, out) == (2, "")
    assert "cannot keep verdicts" in err


def test_verdicts_come_back_as_they_are() -> None:
    witness = Witness({"n": 2}, {"x": ["1/2", ["3"]], "kind": "1"}, {}, (0, 1), "1", "2", {"x": "x₁"})
    for verdict in (
        Proved("all sizes", ("a law",), ("x ≠ 0",), ("A symmetric",), "a remark"),
        Refuted("SC119", "no", witness, true_if=("x > 0",)),
        Undecided("SC201", "no law", "try this"),
    ):
        assert decoded(json.loads(json.dumps(encoded(verdict)))) == verdict
    with pytest.raises(TypeError):
        encoded(Undecided("SC201", Expectation))  # type: ignore[arg-type]


# -- memory ----------------------------------------------------------------------------------------


def fast(part: list[Claim]) -> Iterator[Judgement]:
    for claim in part:
        yield Judgement(claim, Proved("all sizes", remark=str(os.getpid())))


@pytest.mark.parametrize("jobs", [1, 3])
def test_no_more_is_read_than_is_needed_and_no_fork_judges_for_ever(rows: Rows, jobs: int) -> None:
    (pattern,) = read_claims(rows(row(0)))
    assert isinstance(pattern, Claim)
    (other,) = read_claims(rows(row(0)))
    read = 0

    def endless() -> Iterator[Claim | BrokenLine]:
        nonlocal read
        for read in count(1):
            yield (pattern, other, BrokenLine(read, "SC001", ""))[read % 3]

    room = (AHEAD * jobs + 1) * LARGEST_BATCH
    pids: dict[str, int] = {}
    results = in_processes(fast, endless(), jobs, 10.0)
    for number, result in enumerate(islice(results, 3_000), start=1):
        assert read <= number + room
        if isinstance(result, BrokenLine):
            assert result.line == number
        else:
            pids[result.verdict.remark] = pids.get(result.verdict.remark, 0) + 1
    results.close()  # type: ignore[attr-defined]
    assert max(pids.values()) <= LARGEST_BATCH
    assert len(pids) > 2_000 // LARGEST_BATCH


def test_memory_does_not_grow_with_the_file(
    rows: Rows, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def judged(claims: list[Claim], **_: Any) -> Iterator[Judgement]:
        return fast(claims)

    monkeypatch.setattr(checking.api, "check_claims", judged)

    path = rows(*map(row, range(3_000)))
    tracemalloc.start()
    main(["check", str(path), "--jobs", "2", "-o", str(tmp_path / "report")])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    tracemalloc.start()
    some = list(islice(read_claims(path), 500))
    held = 6 * tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(some) == 500
    assert peak < held / 2
    assert (tmp_path / "report").read_text("utf-8").splitlines()[-1].startswith("3000 claims: ")


def test_batches_are_cut_between_sources_and_never_inside_a_graph() -> None:
    together = api.read_formula("x = x", ["x: scalar"]) * 100
    sizes = [[*map(type, batch.items)] for batch in batches([1, *together, 2, CUT, CUT, 3])]
    assert sizes == [[int, *[Claim] * 100], [int], [], [int]]


def test_one_after_the_other_a_source_is_not_opened_before_its_turn(rows: Rows) -> None:
    first, second = (list(read_claims(rows(row(k)))) for k in (0, 1))
    opened = []

    def items() -> Iterator[Any]:
        for number, source in enumerate((first, second)):
            opened.append(number)
            yield from source
            yield CUT

    results = Pool(fast, items(), 1, 10.0, 0.0).results()
    next(results)
    assert opened == [0]
    assert len(list(results)) == 1


# -- streams ---------------------------------------------------------------------------------------


def test_an_output_may_be_the_file_that_is_read(run: Run, rows: Rows) -> None:
    path = rows(*map(row, range(20)))
    assert run("check", path, "--format", "jsonl", "-o", path)[0] == 0
    assert verdicts(path.read_text("utf-8")) == expected(20)


def test_a_reader_who_leaves_early_ends_the_run_quietly(rows: Rows) -> None:
    path = rows(*map(row, range(400)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    command = [sys.executable, "-m", "symcheck", "check", str(path), "--format", "jsonl", "--jobs", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["id"] == "S0"
        process.stdout.close()
        # a fork left behind would hold stderr open, and this would not come to an end
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


class Terminal(io.StringIO):
    """Says it is one."""

    def isatty(self) -> bool:
        return True


def test_a_bar_is_shown_on_a_terminal_after_a_while_and_taken_away(
    rows: Rows, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rows(*map(row, range(30)))
    monkeypatch.setattr(progress, "AFTER", 0.0)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["check", str(path), "--format", "jsonl"]) == 0
    assert verdicts(capsys.readouterr().out) == expected(30)
    assert "[########----------------] 10 of 30 claims, 0:" in terminal.getvalue()
    assert terminal.getvalue().endswith(" \r")
    assert "\n" not in terminal.getvalue()


def test_no_bar_is_shown_to_a_file(run: Run, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "AFTER", 0.0)
    assert run("check", rows(*map(row, range(10))))[2] == ""


def test_the_whole_is_known_of_claims_files_alone(rows: Rows) -> None:
    path = str(rows(row(0), b"", b"{broken"))
    assert progress.records([path, path]) == 4
    assert progress.records([path, "two-layer"]) is None
    assert progress.records(["missing.jsonl"]) is None
    assert progress.bar(500, 1000, 7.0) == "[############------------] 500 of 1000 claims, 0:07 left"
    assert progress.bar(5, None, 7.0) == "5 claims judged"
