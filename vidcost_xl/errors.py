"""The one exception family. Each kind knows the Excel error it shows as.

A function raises; a host turns the exception into an `ExcelError` value, the form
in which an error lives in a cell and passes through other formulas.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar, Final

#: The error values an Excel cell can hold.
EXCEL_ERRORS: Final = (
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#GETTING_DATA",
    "#SPILL!",
    "#CONNECT!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#FIELD!",
    "#CALC!",
)

#: How many names an error lists before it says how many more there are.
NAMES_LISTED: Final = 12
#: And how many it names as the nearest.
NAMES_NEAREST: Final = 3


class VideoCostError(ValueError):
    """Base of every error the product raises on purpose.

    Parameters
    ----------
    message : str
        What is wrong, and what to write instead.
    """

    excel: ClassVar[str] = "#VALUE!"
    #: Whether the same call may succeed another time: after an installation, on a machine that is less busy.
    is_passing: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadArgumentError(VideoCostError):
    """An argument of the wrong kind: text for a number, a missing unit, an unknown unit."""

    excel = "#VALUE!"


class OutOfDomainError(VideoCostError):
    """A number of the right kind outside its domain: negative, infinite, a discount of 10."""

    excel = "#NUM!"


class NotInBookError(VideoCostError):
    """A price, region, class, route, VAE or other name that the reference data do not hold."""

    excel = "#N/A"


class CellError(VideoCostError):
    """An error value that arrived in an argument and passes through unchanged.

    Parameters
    ----------
    code : str
        One of `EXCEL_ERRORS`.
    message : str
        Where it was met.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class ExcelError:
    """An error as a cell value.

    Parameters
    ----------
    code : str
        What the cell shows, one of `EXCEL_ERRORS`.
    message : str
        The reason, shown by VIDEO_EXPLAIN and the command line; not part of equality of cells.
    """

    code: str
    message: str = ""

    def __post_init__(self) -> None:
        if self.code not in EXCEL_ERRORS:
            raise ValueError(f"{self.code!r} is not an Excel error value")

    def __str__(self) -> str:
        return self.code


def as_cell(error: VideoCostError) -> ExcelError:
    """The cell value that stands for `error`."""
    code = error.code if isinstance(error, CellError) else error.excel
    return ExcelError(code, error.message)


def nearest(name: str, allowed: Iterable[str], count: int = NAMES_NEAREST) -> list[str]:
    """The allowed names most like `name`, best first.

    Parameters
    ----------
    name : str
        What was written.
    allowed : iterable of str
        What may be written.
    count : int
        How many to return at most.

    Returns
    -------
    list of str
        May be empty.
    """
    names = list(allowed)
    folded = {candidate.casefold(): candidate for candidate in names}
    close = [folded[match] for match in get_close_matches(name.casefold(), folded, n=count, cutoff=0.5)]
    for candidate in names:
        if len(close) >= count:
            break
        if name and name.casefold() in candidate.casefold() and candidate not in close:
            close.append(candidate)
    return close


def unknown_name(
    what: str, name: str, allowed: Iterable[str], hint: str = "", near: Iterable[str] | None = None
) -> str:
    """The sentence that says `name` is not allowed, what is nearest, and what is.

    Parameters
    ----------
    what : str
        The kind of name, as a user would call it: "route", "unit".
    name : str
        What was written.
    allowed : iterable of str
        What may be written.
    hint : str
        Where to see the whole list.
    near : iterable of str, optional
        What is nearest; the allowed names most like it when not given.
    """
    names = sorted(allowed)
    close = nearest(name, names) if near is None else list(near)
    shown = ", ".join(names[:NAMES_LISTED])
    if len(names) > NAMES_LISTED:
        shown += f" and {len(names) - NAMES_LISTED} more"
    parts = [f"{what} {name!r} is not known."]
    if close:
        parts.append(f"Nearest: {', '.join(close)}.")
    parts.append(f"Allowed: {shown}." if names else "None are allowed here.")
    if hint:
        parts.append(hint)
    return " ".join(parts)
