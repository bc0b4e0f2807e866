"""Reading days: a date cell, an Excel date number, or a text such as 2026-10-01; one or a range of them."""

from __future__ import annotations

from datetime import date

import numpy as np

from vidcost_xl.errors import BadArgumentError, VideoCostError, as_cell
from vidcost_xl.functions.arguments import as_cells, present_cell, read_number
from vidcost_xl.functions.values import EMPTY, Absent, is_range, report_bad_cells
from vidcost_xl.model.calendar import LAST_SERIAL, day_of_serial, written_day
from vidcost_xl.prices.quote import NEWEST, Days


def read_days(value: object) -> Days:
    """The day whose prices hold: a date, an Excel date number, "2026-10-01", a range of them, or nothing.

    Returns
    -------
    date, ndarray of date (None at unusable cells, `NEWEST` at blank ones), or None
    """
    if value is None or isinstance(value, Absent):
        return None
    if not is_range(value):
        return read_day(value, "as_of")
    cells = as_cells(value, "as_of")
    days = np.full(cells.shape, None, dtype=object)
    errors = []
    for position, cell in enumerate(cells.flat):
        try:
            blank = cell is None or cell is EMPTY
            days.flat[position] = NEWEST if blank else read_day(present_cell(cell, "as_of"), "as_of")
        except VideoCostError as error:
            errors.append((position, as_cell(error)))
    if errors:
        report_bad_cells(cells.shape, errors)
    return days


def read_day(value: object, name: str) -> date:
    """One day from a date, an Excel date number or an ISO text.

    Raises
    ------
    BadArgumentError
        For a text that is not a date in the form 2026-10-01.
    OutOfDomainError
        For a number that is not one of Excel's date numbers.
    """
    try:
        day = written_day(value)
    except ValueError:
        raise BadArgumentError(f'{name} {value!r} is not a date. Write a date cell or "2026-10-01".') from None
    return day_of_serial(read_number(value, name, 1, LAST_SERIAL)) if day is None else day
