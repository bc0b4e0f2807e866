"""Native functions of dates over many cells: DATE, EDATE, EOMONTH, MONTH, YEAR."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.sheets.calc.vectors.batch import Batch, Unsupported, either, only
from vidcost_xl.sheets.calc.vectors.logic import Arguments
from vidcost_xl.sheets.calc.vectors.operators import check_sizes
from vidcost_xl.sheets.calc.vectors.values import CODES, Numbers, Vector, numbers, with_errors

#: The day that serial numbers count from, for days after the 29 February 1900 that Excel counts and never was.
ORIGIN: Final = np.datetime64("1899-12-30", "D")
FIRST_DAY: Final = 61
#: 31 December 9999.
LAST_DAY: Final = 2_958_465

_YEAR_ZERO: Final = 1970

#: The first month of Excel's calendar, in months since January 1970.
JANUARY_1900: Final = (1900 - _YEAR_ZERO) * 12
DAYS_IN_JANUARY: Final = 31


def _days(batch: Batch, number: Numbers) -> NDArray[np.datetime64]:
    day = np.floor(number)
    batch.doubt((day < FIRST_DAY) | (day > LAST_DAY))
    return ORIGIN + np.clip(day, FIRST_DAY, LAST_DAY).astype(np.int64)


def _serials(batch: Batch, days: NDArray[np.datetime64]) -> Vector:
    serial = (days - ORIGIN).astype(np.int64).astype(float)
    batch.doubt((serial < FIRST_DAY) | (serial > LAST_DAY))
    return numbers(serial)


def _months(batch: Batch, number: Numbers) -> NDArray[np.int64]:
    # Months since January 1970. A blank is day 0, which Excel counts to January 1900; day 60 is its 29 February.
    day = np.floor(number)
    batch.doubt((day < 0) | (day > LAST_DAY))
    later = (ORIGIN + np.clip(day, FIRST_DAY, LAST_DAY).astype(np.int64)).astype("M8[M]").astype(np.int64)
    return np.where(day < FIRST_DAY, JANUARY_1900 + (day > DAYS_IN_JANUARY), later)


def _of_month(part: Callable[[NDArray[np.int64]], NDArray[np.int64]]) -> Callable[[Batch, Arguments], Vector]:
    def of_month(batch: Batch, arguments: Arguments) -> Vector:
        argument = only(arguments)
        number, errors = batch.numeric(argument.of(batch))
        return with_errors(numbers(part(_months(batch, number)).astype(float)), errors)

    return of_month


def _year(months: NDArray[np.int64]) -> NDArray[np.int64]:
    return months // 12 + _YEAR_ZERO


def _month(months: NDArray[np.int64]) -> NDArray[np.int64]:
    return months % 12 + 1


def _shifted(batch: Batch, arguments: Arguments) -> tuple[Numbers, NDArray[np.int64], Numbers | None]:
    # Days, the months that they are moved to, and errors.
    if len(arguments) != 2:
        raise Unsupported
    number, error = batch.numeric(arguments[0].of(batch))
    by, more = batch.numeric(arguments[1].of(batch))
    check_sizes(number, by)
    batch.doubt(np.abs(by) > 12 * 9999)
    moved = _months(batch, number) + np.trunc(np.clip(by, -1e6, 1e6)).astype(np.int64)
    return number, moved, either(error, more)


def month_later(batch: Batch, arguments: Arguments) -> Vector:
    """EDATE."""
    number, moved, errors = _shifted(batch, arguments)
    days = _days(batch, number)
    day = (days - days.astype("M8[M]").astype("M8[D]")).astype(np.int64)
    first, end = moved.astype("M8[M]").astype("M8[D]"), (moved + 1).astype("M8[M]").astype("M8[D]")
    return with_errors(_serials(batch, np.minimum(first + day, end - 1)), errors)


def month_end(batch: Batch, arguments: Arguments) -> Vector:
    """EOMONTH."""
    _, moved, errors = _shifted(batch, arguments)
    end = ((np.maximum(moved, JANUARY_1900) + 1).astype("M8[M]").astype("M8[D]") - 1 - ORIGIN).astype(np.int64)
    batch.doubt(end > LAST_DAY)
    serial = np.where(moved == JANUARY_1900, DAYS_IN_JANUARY, end).astype(float)
    before = np.where(moved < JANUARY_1900, CODES["#NUM!"], -1.0)
    return with_errors(numbers(serial), either(errors, before))


def date(batch: Batch, arguments: Arguments) -> Vector:
    """DATE."""
    if len(arguments) != 3:
        raise Unsupported
    found = [batch.numeric(argument.of(batch)) for argument in arguments]
    errors = either(either(found[0][1], found[1][1]), found[2][1])
    year, month, day = (np.trunc(each) for each, _ in found)
    check_sizes(year, month)
    check_sizes(month, day)
    for part, first, last in ((year, 1900, 9999), (month, -1e4, 1e4), (day, -1e5, 1e5)):
        batch.doubt((part < first) | (part > last))
    months = (np.clip(year, 1900, 9999) - _YEAR_ZERO) * 12 + np.clip(month, -1e4, 1e4) - 1
    first_day = months.astype(np.int64).astype("M8[M]").astype("M8[D]")
    return with_errors(_serials(batch, first_day + (np.clip(day, -1e5, 1e5) - 1).astype(np.int64)), errors)


DATES: Final[dict[str, Callable[[Batch, Arguments], Vector]]] = {
    "DATE": date,
    "EDATE": month_later,
    "EOMONTH": month_end,
    "MONTH": _of_month(_month),
    "YEAR": _of_month(_year),
}
