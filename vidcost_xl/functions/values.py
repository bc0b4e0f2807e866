"""What can stand in an argument, and what a running call remembers.

Hosts hand over floats, text, booleans, dates, `ExcelError` values and lists of rows, with
`OMITTED` for nothing between the commas and `EMPTY` for a blank cell. A parameter's default
is marked, so a function can tell "PB" written from "PB" by default.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.errors import CellError, ExcelError


class Absent(Enum):
    """The two ways in which a cell formula gives no value."""

    OMITTED = "omitted"
    EMPTY = "empty"

    def __repr__(self) -> str:
        return self.name


OMITTED: Final = Absent.OMITTED
EMPTY: Final = Absent.EMPTY


class DefaultText(str):
    """A text that stands because nothing was written."""

    __slots__ = ()


class DefaultNumber(float):
    """A number that stands because nothing was written."""

    __slots__ = ()


def default_text(value: str) -> str:
    """Mark `value` as the default of a parameter."""
    return DefaultText(value)


def default_number(value: float) -> float:
    """Mark `value` as the default of a parameter."""
    return DefaultNumber(value)


def is_stated(value: object) -> bool:
    """Whether the caller wrote `value`, rather than the signature."""
    return value is not None and not isinstance(value, (DefaultText, DefaultNumber, Absent))


def is_range(value: object) -> bool:
    """Whether `value` is a range: rows from a host, or a sequence from Python."""
    return isinstance(value, (list, tuple, np.ndarray)) or (hasattr(value, "to_numpy") and not isinstance(value, str))


@dataclass(frozen=True)
class Step:
    """One line of an explanation.

    Parameters
    ----------
    note : str
        How it came about, or where it was read.
    """

    label: str
    value: float | str
    unit: str = ""
    note: str = ""


@dataclass
class Call:
    """What one call from a host gathers besides its result.

    Parameters
    ----------
    steps : list of Step or None
        None unless someone asked for the explanation.
    bad_cells : list of (ndarray of object)
        For each range with unusable cells, an array of its shape that holds an `ExcelError`
        at those cells and None elsewhere.
    is_passing : bool
        Whether the call failed and may succeed another time: for want of time, memory or a library, a fault of ours.
    """

    steps: list[Step] | None = None
    bad_cells: list[NDArray[Any]] = field(default_factory=list)
    is_passing: bool = False


#: The plan that an omitted `inputs` means, where a host was given one: a model.plan.Plan. None is the article's.
GIVEN_PLAN: ContextVar[Any] = ContextVar("vidcost_plan", default=None)

CURRENT_CALL: ContextVar[Call | None] = ContextVar("vidcost_call", default=None)


def explaining() -> list[Step] | None:
    """The list to add steps to, or None when nobody asked."""
    call = CURRENT_CALL.get()
    return None if call is None else call.steps


def report_bad_cells(shape: tuple[int, ...], errors: Sequence[tuple[int, ExcelError]]) -> None:
    """Note unusable cells of a range; without a host, the first of them raises.

    Parameters
    ----------
    shape : tuple of int
        Of the range.
    errors : sequence of (int, ExcelError)
        Flat position and what is wrong there.

    Raises
    ------
    CellError
        Outside a host, where there is no cell to show the error in.
    """
    call = CURRENT_CALL.get()
    if call is None:
        position, first = errors[0]
        raise CellError(first.code, f"cell {position + 1} of the range: {first.message}")
    cells = np.full(shape, None, dtype=object)
    for position, error in errors:
        cells.flat[position] = error
    call.bad_cells.append(cells)
