"""What can go wrong before or beside a verdict: each with a code, a place and a hint.

A false claim is no error but a verdict; an error is a claim that cannot be judged, bad input, or
a bug of ours.  Codes are stable: SC0xx reading, SC2xx undecided, SC9xx internal.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A stretch of text somebody wrote."""

    file: str | None
    """The file it stands in; None for the command line or an interactive session."""
    line: int
    """First line, counted from 1."""
    col: int
    """First column, counted from 1."""
    end_line: int
    """Last line."""
    end_col: int
    """Column after the last character."""
    source: str
    """The text of the formula (or of the line) that the columns point into."""

    def __str__(self) -> str:
        return f"{self.file or '<formula>'}:{self.line}:{self.col}"


class SymcheckError(Exception):
    """Root of all errors of the project: `code`, `message`, `location`, `hint`."""

    code = "SC000"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        location: Location | None = None,
        span: tuple[int, int] | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        self.location = location
        self.span = span
        """Character offsets into the formula; turned into `location` by whoever knows the file."""
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class UsageError(SymcheckError):
    """The command line, an option or a name cannot be used as given (exit code 2)."""

    code = "SC000"


class ReadError(SymcheckError):
    """The text is no formula, no claims record, no derivation."""

    code = "SC001"


class TooLarge(ReadError):
    """Readable, but beyond what is computed: nesting, exponents, numbers without end."""

    code = "SC002"


class UnreadableFile(ReadError):
    """A file that cannot be opened, decoded or parsed as a whole."""

    code = "SC003"


class UndeclaredName(ReadError):
    """A name nobody declared; the hint names the nearest declared one."""

    code = "SC010"


class BadCall(ReadError):
    """An unknown function, or a known one with the wrong number or kind of arguments."""

    code = "SC011"


class ShapeMismatch(ReadError):
    """Shapes that do not fit inside a formula; the message shows both."""

    code = "SC012"


class IndexMisuse(ReadError):
    """An index with two ranges, none at all, or bound twice; a capture."""

    code = "SC013"


class BadAssumption(ReadError):
    """An assumption that cannot be read, or that does not fit the shape it is about."""

    code = "SC014"


class DuplicateName(ReadError):
    """A name declared or defined twice."""

    code = "SC015"


class LayerFailed(ReadError):
    """The code of a layer raises, draws random numbers, or returns no array."""

    code = "SC016"


class NotSupported(SymcheckError):
    """Understood, but outside what symcheck can judge at all."""

    code = "SC020"


class DefinedNowhere(SymcheckError):
    """No living point: no exact entries were found at which both sides exist."""

    code = "SC030"


class BudgetExhausted(SymcheckError):
    """A count of terms, degrees or steps ran out; the claim stays undecided."""

    code = "SC202"


class Blocked(SymcheckError):
    """An expression the normal form has no law for; the claim stays undecided."""

    code = "SC201"


class DomainFault(SymcheckError):
    """An expression that exists nowhere: 1/0, log 0, the inverse of a zero matrix."""

    code = "SC030"


class Contradiction(SymcheckError):
    """Two parties contradict each other: a bug of ours, never the author's."""

    code = "SC900"
