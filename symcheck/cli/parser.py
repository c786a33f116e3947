"""The command line: which commands and options there are, and what to say of others."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from symcheck import __version__
from symcheck.errors import UsageError

CONVENTIONS = (
    "gradient",
    "derivative",
    "numerator",
    "denominator",
    "vjp",
    "differential",
    "jvp",
    "hvp",
    "index",
    "hessian",
    "vec-numerator",
    "vec-hessian",
    "structured-symmetric",
    "structured-diagonal",
)
FORMATS = ("full", "concise", "json", "jsonl", "github", "sarif", "junit", "markdown")
"""Of ``check``."""
ORACLES = ("none", "series", "sympy", "all")
GRAPHS = ("tree", "svg", "tikz", "dot", "mermaid")

EPILOG = """examples:
  symcheck list
  symcheck derive squared-product
  symcheck check 'd(x.T @ A @ x)/dx = (A + A.T) @ x' --let 'x: n; A: n n'
  symcheck grad 'x.T @ A @ x' --wrt x --let 'x: n; A: n n'
  symcheck check derivations/ claims.jsonl --format concise
  symcheck show two-layer --graph svg -o two-layer.svg
  symcheck check layers.py::Square          (a class with forward and backward; runs the file)
exit codes: 0 all as expected, 1 some not, 2 usage or unreadable input, 3 bug in symcheck, 130 interrupted"""

RESUME = """keep the verdicts of claims files as they come, and take those that are there already
instead of judging again: in FILE, else in OUTPUT.resume or CLAIMS.jsonl.resume (put --resume last, or
write --resume=FILE). A record that was changed, another --seed or --oracle and another version of symcheck
are judged anew, and so is what ran out of time or whose process died; derivations and formulas always are"""


@dataclass
class Arguments(argparse.Namespace):
    """What was asked, typed; a command reads the fields it declares."""

    command: str | None = None
    targets: tuple[str, ...] = ()
    json: bool = False
    format: str = "text"
    output: str | None = None
    let: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    convention: str = "gradient"
    oracle: str = "none"
    jobs: int = 1
    resume: str | None = None
    """The file of verdicts to go on from; empty for the one beside the output or the claims file."""
    timeout: float = 10.0
    seed: int = 0
    strict: bool = False
    exit_zero: bool = False
    timings: bool = False
    only: str = ""
    stop: bool = False
    width: int | None = None
    ascii: bool = False
    wrt: tuple[str, ...] = ()
    order: int = 1
    at: str = ""
    sizes: str = ""
    sweeps: bool = False
    steps: bool = False
    numeric: bool = False
    explain: bool = False
    every: bool = False
    to: str = "latex"
    standalone: bool = False
    graph: str = "tree"
    code: str = ""


class Parser(argparse.ArgumentParser):
    """Errors become UsageError, so that all of them are shown in one way."""

    def error(self, message: str) -> NoReturn:
        """Refuse; the message of argparse, the command to ask for help."""
        raise UsageError(message, hint=f"{self.prog} --help shows the options")


def read_arguments(argv: list[str]) -> Arguments:
    """The arguments, checked.  Errors: UsageError with a near miss; --help and --version print and end."""
    parser = _parser()
    commands = _commands(parser)
    first = next((arg for arg in argv if not arg.startswith("-")), None)
    if first is not None and first not in commands and not argv[0].startswith("-"):
        near = _near(first, commands)
        raise UsageError(f"no command {first!r}.{near}   (symcheck --help lists all)")
    if not argv:
        raise UsageError(
            "give a command: " + ", ".join(commands), hint="symcheck --help shows what each of them does"
        )
    arguments = Arguments()
    try:
        _, extra = parser.parse_known_args(argv, arguments)
    except SystemExit as done:
        if done.code:
            raise UsageError("the command line cannot be used as given") from None
        return Arguments()
    options = [arg for arg in extra if arg.startswith("-")]
    if extra:
        known = commands.get(arguments.command or "", parser)
        wrong = (options or extra)[0].split("=")[0]
        near = _near(wrong, [o for a in known._actions for o in a.option_strings])
        what = "option" if options else "argument"
        asked = arguments.command or "symcheck"
        raise UsageError(f"no {what} {wrong!r} for {asked}.{near}   ({known.prog} --help lists all)")
    return _checked(arguments)


def _near(word: str, known: Iterable[str]) -> str:
    found = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {found[0]!r}?" if found else ""


def _checked(arguments: Arguments) -> Arguments:
    if arguments.jobs < 1:
        raise UsageError(f"--jobs {arguments.jobs} is no number of processes")
    if arguments.timeout <= 0:
        raise UsageError(f"--timeout {arguments.timeout:g} leaves no time; give seconds > 0")
    if arguments.command == "grad" and not arguments.wrt:
        raise UsageError("grad by what? Give --wrt NAME", hint="symcheck grad 'x @ A @ x' --wrt x --let …")
    if arguments.command == "show" and arguments.standalone and arguments.graph != "tikz":
        raise UsageError(f"--standalone is for --graph tikz; {arguments.graph} stands alone anyway")
    if not 1 <= arguments.order <= 6:
        raise UsageError(f"--order {arguments.order} is out of reach; give 1 to 6")
    if arguments.command == "export" and not arguments.targets and not arguments.every:
        raise UsageError("export what? Name derivations, or give --all")
    return arguments


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _parser() -> Parser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = Parser(
        prog="symcheck",
        description="Doctest for derivations: proves or refutes hand-written derivatives, for all sizes.",
        epilog=EPILOG,
        formatter_class=raw,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"symcheck {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)

    def command(name: str, text: str) -> Parser:
        made: Parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        return made

    listing = command("list", "the derivations that can be called by name")
    listing.add_argument("--json", action="store_true", help="as JSON")
    _shown(listing)
    _derive(command("derive", "forward table, chain-rule table and verdicts of one derivation"))
    _check(
        command("check", "judge derivations, layers, claims files, folders or one formula; runs .py files")
    )
    _grad(command("grad", "the derivative of a formula, back in matrix notation"))
    _export(command("export", "write derivations as LaTeX, HTML, Markdown or JSON"))
    _show(command("show", "the computational graph of a derivation, with values and derivatives"))
    rule = command("rule", "what a code such as SC101 means")
    rule.add_argument("code", nargs="?", default="", metavar="CODE")
    _shown(rule)
    _shown(command("doctor", "what is installed, and whether a proof and a refutation work"))
    return parser


def _shown(parser: Parser) -> None:
    parser.add_argument("--width", type=int, metavar="N", help="cells in a line, 60 to 200")
    parser.add_argument("--ascii", action="store_true", help="only ASCII: d for ∂" if _unicode() else None)


def _unicode() -> bool:
    return "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()


def _judged(parser: Parser) -> None:
    parser.add_argument("--strict", action="store_true", help="undecided claims fail, too")
    parser.add_argument("--exit-zero", action="store_true", help="exit 0 whatever the verdicts")
    parser.add_argument("--timings", action="store_true", help="show milliseconds")
    parser.add_argument(
        "--explain", action="store_true", help="show the normal forms of both sides and the laws used"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="write to a file")


def _many(parser: Parser, *flags: str, text: str, metavar: str) -> None:
    parser.add_argument(*flags, action="append", default=[], type=_text, metavar=metavar, help=text)


def _text(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text


def _derive(parser: Parser) -> None:
    parser.add_argument("targets", nargs=1, type=_text, metavar="NAME|FILE.py[::NAME]")
    _many(parser, "--wrt", text="only this variable (may be repeated)", metavar="VAR")
    parser.add_argument("--at", default="", metavar="a=1,b=2", help="values of inputs, exact")
    parser.add_argument("--sizes", default="", metavar="n=3", help="values of sizes")
    parser.add_argument("--sweeps", action="store_true", help="forward and reverse sweep and their costs")
    parser.add_argument("--steps", action="store_true", help="the rule that leads from line to line")
    parser.add_argument(
        "--numeric", action="store_true", help="difference quotients beside the derivatives, and their errors"
    )
    parser.add_argument("--oracle", choices=ORACLES, default="all", help="further parties to ask")
    parser.add_argument(
        "--timeout", type=float, default=10.0, metavar="SECONDS", help="for one claim or table"
    )
    parser.add_argument("--format", choices=("text", "latex", "html", "markdown", "json"), default="text")
    _judged(parser)
    _shown(parser)


def _check(parser: Parser) -> None:
    parser.add_argument("targets", nargs="+", type=_text, metavar="FILE[::NAME]|NAME|DIR|FORMULA")
    _many(parser, "--let", text="declare or define, for a formula: 'x: n; p = V @ x'", metavar="TEXT")
    _many(parser, "--assume", text="an assumption, for a formula: 'A symmetric'", metavar="TEXT")
    parser.add_argument("--convention", choices=CONVENTIONS, default="gradient", metavar="NAME")
    parser.add_argument("--oracle", choices=ORACLES, default="none", help="further parties to ask")
    parser.add_argument("--format", "--output-format", choices=FORMATS, default="full")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--resume", nargs="?", const="", metavar="FILE", help=RESUME)
    parser.add_argument("--timeout", type=float, default=10.0, metavar="SECONDS", help="for one claim")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the random points")
    parser.add_argument("-k", dest="only", default="", metavar="EXPR", help="claims whose id matches")
    parser.add_argument("-x", dest="stop", action="store_true", help="stop at the first surprise")
    _judged(parser)
    _shown(parser)


def _grad(parser: Parser) -> None:
    parser.add_argument("targets", nargs=1, type=_text, metavar="FORMULA")
    _many(parser, "--wrt", text="the variable (may be repeated)", metavar="VAR")
    _many(parser, "--let", text="declare or define: 'x: n; p = V @ x'", metavar="TEXT")
    _many(parser, "--assume", text="an assumption: 'A symmetric'", metavar="TEXT")
    layouts = ("gradient", "numerator", "denominator")
    parser.add_argument("--convention", choices=layouts, default="gradient", metavar="NAME")
    parser.add_argument("--order", type=int, default=1, metavar="K", help="differentiate so many times")
    parser.add_argument("--format", choices=("text", "latex", "json"), default="text")
    _shown(parser)


def _export(parser: Parser) -> None:
    parser.add_argument("targets", nargs="*", type=_text, metavar="NAME")
    parser.add_argument("--all", dest="every", action="store_true", help="every derivation")
    parser.add_argument("--to", choices=("latex", "html", "markdown", "json"), default="latex")
    parser.add_argument("--standalone", action="store_true", help="a whole article")
    parser.add_argument("--oracle", choices=ORACLES, default="all", help="further parties to ask")
    parser.add_argument("--strict", action="store_true", help="undecided claims fail, too")
    parser.add_argument("--exit-zero", action="store_true", help="exit 0 whatever the verdicts")
    parser.add_argument(
        "-o", "--output", metavar="DIR", help="one file a derivation; with --all --standalone a book, too"
    )


def _show(parser: Parser) -> None:
    parser.add_argument("targets", nargs=1, type=_text, metavar="NAME|FILE.py[::NAME]")
    parser.add_argument(
        "--graph", choices=GRAPHS, default="tree", help="tree (for a terminal), svg, tikz, dot or mermaid"
    )
    parser.add_argument("--at", default="", metavar="a=1,b=2", help="values of inputs, exact")
    parser.add_argument("--sizes", default="", metavar="n=3", help="values of sizes")
    parser.add_argument("--standalone", action="store_true", help="tikz: a whole article")
    parser.add_argument("--timeout", type=float, default=10.0, metavar="SECONDS", help="for the derivatives")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to a file")
    _shown(parser)


Command = Callable[[Arguments], int]
