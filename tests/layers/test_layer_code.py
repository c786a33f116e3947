"""Files with layers at the command line: which are found, how shapes are said, what is told of bad code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from symcheck.api import Derivation, check_lecture, load_file
from symcheck.cli import main
from symcheck.errors import SymcheckError, UsageError
from symcheck.language.verdict import Failed, Judgement, Proved, Refuted

SQUARE = """
class Square:
    def forward(self, x):
        self.cache = x
        return x**2
    def backward(self):
        return 2*self.cache
"""


def judged(folder: Path, text: str, name: str = "", **options: float) -> list[Judgement]:
    path = folder / "layers.py"
    path.write_text(dedent(text), encoding="utf-8")
    return [j for lecture in load_file(str(path), name, **options) for j in check_lecture(lecture)]


def failure(folder: Path, text: str, **options: float) -> SymcheckError:
    (judgement,) = judged(folder, text, **options)
    assert isinstance(judgement.verdict, Failed), judgement.verdict
    return judgement.verdict.error


# -- the doors -----------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "layers.py"
    text = SQUARE + SQUARE.replace("Square", "Wrong").replace("2*self", "self")
    path.write_text(text, encoding="utf-8")
    return path


def test_one_layer_is_checked_by_its_name(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", f"{file}::Square", "--format", "concise"]) == 0
    assert f"{file}:7:16: proved [all sizes] ∂out/∂x = 2*self.cache" in capsys.readouterr().out


def test_a_wrong_layer_is_refuted_with_a_witness(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(file), "--format", "json"]) == 1
    right, wrong = json.loads(capsys.readouterr().out)["claims"]
    assert (right["verdict"], right["scope"]) == ("proved", "all sizes")
    assert (wrong["verdict"], wrong["code"], wrong["line"]) == ("refuted", "SC104", 14)
    assert wrong["witness"]["entries"]["x"]
    assert wrong["witness"]["claimed"] != wrong["witness"]["true"]


def test_the_verdict_says_which_shapes_were_taken(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", f"{file}::Square"])
    assert "no shapes given, taken as x: n" in capsys.readouterr().out


def test_a_layer_is_derived(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", f"{file}::Square"]) == 0
    told = capsys.readouterr().out
    assert "out   x**2        (n)" in told
    assert "agrees" in told


def test_an_unknown_name_lists_the_layers(file: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_file(str(file), "Cube")
    assert caught.value.hint == "it holds Square, Wrong"


def test_a_file_without_layers_says_what_one_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.py"
    path.write_text("x = 1\n", encoding="utf-8")
    assert main(["check", str(path)]) == 2
    assert "a class with forward and backward" in capsys.readouterr().err


def test_layers_of_a_file_with_derivations_are_asked_for_by_name(tmp_path: Path) -> None:
    text = SQUARE + dedent("""
        from symcheck import Derivation
        one = Derivation("one")
        one.layer(Square)
        one.layer(Square, name="again", expect="refuted", note="a note")
    """)
    right, again = judged(tmp_path, text)
    assert isinstance(right.verdict, Proved)
    assert (right.claim.id, right.claim.text) == ("one::∂square/∂x", "∂square/∂x = 2*self.cache")
    assert (again.claim.text, again.as_expected) == ("∂again/∂x = 2*self.cache", False)
    assert again.claim.note.startswith("a note")
    (alone,) = judged(tmp_path, text, "Square")
    assert alone.claim.id == "Square::∂out/∂x"


def test_expectations_go_by_input() -> None:
    class Twice:
        def forward(self, x, y):  # type: ignore[no-untyped-def]
            return x - y

        def backward(self):  # type: ignore[no-untyped-def]
            return 1, 1

    lecture = Derivation("d")
    claims = lecture.layer(Twice, expect={"y": "refuted"})  # type: ignore[attr-defined]
    assert [str(claim.expected) for claim in claims] == ["proved", "refuted"]
    assert all(j.as_expected for j in check_lecture(lecture.lecture_noun()))
    with pytest.raises(UsageError, match="none of proved"):
        lecture.layer(Twice, expect="right")  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match="is no layer"):
        lecture.layer(dict)  # type: ignore[attr-defined]


def test_pytest_collects_a_named_file_with_layers(file: Path) -> None:
    code = (
        "import sys, pytest; from importlib.metadata import entry_points;"
        "named = [e for e in entry_points(group='pytest11') if e.value == 'symcheck.pytest_plugin'];"
        "sys.exit(pytest.main(([] if named else ['-p', 'symcheck.pytest_plugin']) + sys.argv[1:]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "-p", "no:cacheprovider", "--symcheck", "-v", file.name],
        cwd=file.parent,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "1 failed, 1 passed" in run.stdout
    assert "REFUTED SC104  ∂out/∂x = self.cache" in run.stdout


def test_numpy_is_imported_by_those_who_need_it_alone(file: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "symcheck", "check", f"{file}::Square"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0
    packages = {row.rpartition("|")[2].strip().partition(".")[0] for row in run.stderr.splitlines()}
    assert packages & {"numpy", "sympy", "rich"} == set()


# -- shapes --------------------------------------------------------------------------------------------

AFFINE = """
{before}
class Affine:
    {inside}
    def forward(self, x{x}, W{W}):
        self.c = x, W
        return x @ W
    def backward(self, g):
        x, W = self.c
        return g @ W.T, x.T @ g
"""


@pytest.mark.parametrize(
    "where",
    [
        {"inside": "shapes = 'x: N n; W: n m'"},
        {"inside": "'''shapes: x: N n; W: n m.'''"},
        {"before": "shapes = 'x: N n; W: n m; of_others: k'"},
        {"x": ": 'N n'", "W": ": 'n m'"},
        {"x": ": '(N, n)'", "inside": "shapes = 'W: n m'"},
        {"before": "shapes = 'x: k; W: n m'", "inside": "shapes = 'x: N n'"},
    ],
    ids=["class", "docstring", "file", "annotations", "both", "the nearer counts"],
)
def test_shapes_are_said_where_it_is_pleasant(tmp_path: Path, where: dict[str, str]) -> None:
    text = AFFINE.format(**{"before": "", "inside": "", "x": "", "W": ""} | where)
    found = judged(tmp_path, text)
    assert [type(j.verdict) for j in found] == [Proved, Proved]
    assert "note" not in found[0].claim.note


def test_assumptions_are_named_in_the_verdict(tmp_path: Path) -> None:
    text = """
        import numpy as np
        class CrossEntropy:
            shapes = "z: N k; y: N k"
            {}
            def forward(self, z, y):
                e = np.exp(z)
                self.p, self.y = e/e.sum(axis=1, keepdims=True), y
                return -np.sum(y*np.log(self.p))/len(z.T.T) if False else -np.sum(y*np.log(self.p))/z.shape[0]
            def backward(self):
                return (self.p - self.y)/self.p.shape[0]
    """
    (right,) = judged(tmp_path, text.format('assume = "y one-hot"'))
    assert isinstance(right.verdict, Proved)
    assert right.verdict.assumptions == ("y one-hot",)
    (wrong,) = judged(tmp_path, text.format(""))
    assert isinstance(wrong.verdict, Refuted)
    assert "no gradient in y is there to be compared" in wrong.claim.note


GRADIENTS = {
    "a dict": ("", "return {'x': g @ self.W.T, 'dW': self.x.T @ g}"),
    "a dict kept": ("self.grads = {}", "self.grads['W'] = self.x.T @ g; return g @ self.W.T"),
    "a list kept": ("self.grads = [None]", "self.grads[0] = self.x.T @ g; return g @ self.W.T"),
    "written into": ("self.dW = 0*W", "self.dW[...] = self.x.T @ g; return g @ self.W.T"),
    "added to": ("self.dW = 0*W", "self.dW += self.x.T @ g; return g @ self.W.T"),
    "an attribute grad": ("", "self.W.grad = self.x.T @ g; return g @ self.W.T"),
    "grad_W": ("", "self.grad_W = self.x.T @ g; return g @ self.W.T"),
    "everything returned": ("", "return g @ self.W.T, self.x.T @ g"),
}


@pytest.mark.parametrize("how", GRADIENTS)
@pytest.mark.parametrize("right", [True, False])
def test_gradients_are_found_where_people_keep_them(tmp_path: Path, how: str, right: bool) -> None:
    made, back = GRADIENTS[how]
    text = f"""
class Linear:
    shapes = "x: N n; W: n m"
    def __init__(self, W):
        self.W = W
        {made}
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, g):
        {back if right else back.replace("self.x.T @ g", "2*self.x.T @ g")}
"""
    found = {j.claim.id.rpartition("∂")[2]: j.verdict for j in judged(tmp_path, text)}
    assert set(found) == {"x", "W"}
    assert isinstance(found["x"], Proved)
    assert isinstance(found["W"], Proved if right else Refuted)


# -- code that cannot be judged --------------------------------------------------------------------------

FAILING = {
    "an if on a value": ("if x[0] > 0: return x\n        return -x", "branches on the value", 6),
    "float": ("return float(x.sum())", "Python number", 6),
    "math": ("return math.exp(x.sum())", "Python number", 6),
    "random": ("return x*np.random.rand()", "draws random numbers", 6),
    "random of Python": ("return x*random.random()", "draws random numbers", None),
    "a generator of its own": ("return x*rng.random()", "two different things", None),
    "a counter": ("calls.append(1); return x*len(calls)", "two different things", None),
    "an exception": ("return x.foo", "AttributeError: an array has no attribute 'foo'", 6),
    "a wrong shape": ("return x @ np.ones((x.shape[0], 2)).T", r"@ of \(n,\) and \(2, n\)", 6),
    "two outputs": ("return x, x", "several arrays", None),
    "nothing": ("pass", "nothing", None),
    "text": ("return 'x'", "str is returned", None),
    "an end": ("raise SystemExit", "SystemExit", 6),
    "caught": (
        "try:\n            return x if x[0] > 0 else -x\n        except Exception: return x",
        "branches",
        7,
    ),
    "rounding": ("return np.round(x)", "np.rint", 6),
    "order": ("return np.sort(x)", "np.sort", 6),
    "recursion": ("return self.forward(x)", "RecursionError", 6),
}


@pytest.mark.parametrize("what", FAILING)
def test_what_cannot_be_followed_is_told_with_its_line(tmp_path: Path, what: str) -> None:
    body, message, line = FAILING[what]
    text = f"""import math, random
import numpy as np
rng, calls = np.random.default_rng(1), []
class Layer:
    def forward(self, x):
        {body}
    def backward(self, g):
        return g
"""
    error = failure(tmp_path, text)
    with pytest.raises(SymcheckError, match=message):
        raise error
    assert error.code in ("SC012", "SC016", "SC020")
    assert error.location is not None
    assert error.location.file == str(tmp_path / "layers.py")
    assert line is None or error.location.line == line


BACK = {
    "no gradient": ("def backward(self, g): pass", "no gradient behind"),
    "too many": ("def backward(self, g): return g, g, g", "returns 3 gradients"),
    "another name": ("def backward(self, g): return {'y': g}", "no such input"),
    "a parameter too many": ("def backward(self, g, h): return g", "takes h"),
}


@pytest.mark.parametrize("what", BACK)
def test_a_backward_that_says_nothing_proves_nothing(tmp_path: Path, what: str) -> None:
    back, message = BACK[what]
    error = failure(tmp_path, f"class Layer:\n    def forward(self, x): return x\n    {back}\n")
    assert message in error.message


def test_a_shape_of_no_input_is_an_error(tmp_path: Path) -> None:
    text = SQUARE.replace("class Square:", "class Square:\n    shapes = 'x: n; y: n'")
    assert "no such input or attribute" in failure(tmp_path, text).message
    text = SQUARE.replace("(self, x)", "(self, x, y)").replace(
        "class Square:", "class Square:\n    shapes = 'x: n'"
    )
    assert "the shape of y is not given" in failure(tmp_path, text).message


def test_an_endless_loop_meets_the_clock(tmp_path: Path) -> None:
    text = SQUARE.replace("return x**2", "\n        while True: pass")
    assert "does not finish within 0.2 s" in failure(tmp_path, text, timeout=0.2).message


def test_one_failing_layer_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    text = (
        SQUARE + "class Bad:\n    def forward(self, x): return x.foo\n    def backward(self, g): return g\n"
    )
    assert [type(j.verdict) for j in judged(tmp_path, text)] == [Proved, Failed]


def test_an_abstract_layer_is_none(tmp_path: Path) -> None:
    text = SQUARE.replace("class Square", "class Square(Layer)")
    base = (
        "class Layer:\n    def forward(self, x): raise NotImplementedError\n    def backward(self, g): ...\n"
    )
    (judgement,) = judged(tmp_path, base + text)
    assert judgement.claim.id.startswith("Square::")


def test_backward_cannot_change_what_forward_returned(tmp_path: Path) -> None:
    """The output is taken down before backward writes into it."""
    text = """
        class Layer:
            def forward(self, x):
                self.out = x*1
                return self.out
            def backward(self, g):
                self.out *= 2
                return 2*g
    """
    (judgement,) = judged(tmp_path, text)
    assert isinstance(judgement.verdict, Refuted)


def test_another_shape_is_refuted_without_a_witness(tmp_path: Path) -> None:
    text = SQUARE.replace("def backward(self):", "def backward(self, g):").replace(
        "2*self.cache", "(2*self.cache*g).sum()"
    )
    (judgement,) = judged(tmp_path, text)
    assert isinstance(judgement.verdict, Refuted)
    assert (judgement.verdict.code, judgement.verdict.witness) == ("SC100", None)
    assert judgement.verdict.message == "x has the shape (n,), its gradient here ()"


def test_a_kink_is_named(tmp_path: Path) -> None:
    text = """
        import numpy as np
        class Relu:
            def forward(self, x):
                self.x = x
                return np.maximum(0, x)
            def backward(self, g):
                return g*(self.x > 0)
    """
    (judgement,) = judged(tmp_path, text)
    assert isinstance(judgement.verdict, Proved)
    assert judgement.verdict.side_conditions == ("x ≠ 0",)


def test_a_maximum_is_not_taken_for_any_function_where_that_is_wrong(tmp_path: Path) -> None:
    """∂max(x)/∂x is no mask of zeros: what fails for any function is judged at explicit sizes."""
    text = """
        class Largest:
            shapes = "x: 2"
            def forward(self, x):
                self.x, self.m = x, x.max()
                return self.m
            def backward(self):
                return {}
    """
    (right,) = judged(tmp_path, text.format("1.0*(self.x == self.m)"))
    assert isinstance(right.verdict, Proved)
    (wrong,) = judged(tmp_path, text.format("0*self.x"))
    assert isinstance(wrong.verdict, Refuted)


TURNING = {
    "equality": ("np.where(x == x.max(), 0, x)", "g"),
    "strict": ("np.where(x < x.max(), x, 0)", "g*(1 - (self.x > self.x.max()))"),
    "by sign": ("x*np.sign(x.max() - x)", "g"),
    "by maximum": ("np.maximum(x, x.max())", "0*g"),
    "in place": ("self.zeroed(x)", "g"),
}


@pytest.mark.parametrize("what", TURNING)
def test_a_condition_on_a_maximum_is_never_proved_for_any_function(tmp_path: Path, what: str) -> None:
    """For an arbitrary M nearly every point is off x = M(x); for the maximum none is."""
    out, back = TURNING[what]
    text = f"""
import numpy as np
class Layer:
    shapes = "x: n"
    def zeroed(self, x):
        z = x.copy()
        z[x == x.max()] = 0
        return z
    def forward(self, x):
        self.x = x
        return {out}
    def backward(self, g):
        return {back}
"""
    (judgement,) = judged(tmp_path, text)
    assert isinstance(judgement.verdict, Refuted)


@pytest.mark.parametrize("loop", ["range(40): x = x + x*x", "range(4000): x = x + 1"], ids=["wide", "deep"])
def test_a_formula_without_end_is_refused(tmp_path: Path, loop: str) -> None:
    text = f"""
        class Growing:
            def forward(self, x):
                for _ in {loop}
                return x
            def backward(self, g):
                return g
    """
    assert failure(tmp_path, text).code == "SC002"
