"""The time axis: months, their fiscal years and quarters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from vidcost_xl.errors import BadArgumentError, OutOfDomainError

#: Day 0 of Excel's 1900 date system for days after February 1900, and its last day, 9999-12-31.
EXCEL_EPOCH: Final = date(1899, 12, 30)
LAST_SERIAL: Final = 2_958_465

MONTHS_PER_YEAR: Final = 12
MONTHS_PER_QUARTER: Final = 3
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True)
class Calendar:
    """The months of a plan.

    Parameters
    ----------
    start : date
        Any day of the first month.
    fiscal_year_start : int
        First month of the fiscal year, 1 to 12.
    """

    start: date
    months: int
    fiscal_year_start: int = 1

    @property
    def starts(self) -> list[date]:
        """First day of each month."""
        first = self.start.year * MONTHS_PER_YEAR + self.start.month - 1
        return [date(at // MONTHS_PER_YEAR, at % MONTHS_PER_YEAR + 1, 1) for at in range(first, first + self.months)]

    @property
    def ends(self) -> list[date]:
        """Last day of each month."""
        after = Calendar(self.start, self.months + 1).starts[1:]
        return [day - timedelta(days=1) for day in after]

    @property
    def labels(self) -> list[str]:
        """Each month as year-month."""
        return [f"{day:%Y-%m}" for day in self.starts]

    @property
    def fiscal_years(self) -> list[str]:
        """The fiscal year of each month, named by the calendar year in which it ends."""
        return [f"FY{self._fiscal(day)[0]}" for day in self.starts]

    @property
    def quarters(self) -> list[str]:
        """The fiscal quarter of each month."""
        return [f"FY{year} Q{month // MONTHS_PER_QUARTER + 1}" for year, month in map(self._fiscal, self.starts)]

    def position(self, month: date) -> int:
        """The position of a month in the plan, from 0.

        Raises
        ------
        OutOfDomainError
            For a month outside the plan.
        """
        at = (month.year - self.start.year) * MONTHS_PER_YEAR + month.month - self.start.month
        if not 0 <= at < self.months:
            labels = self.labels
            raise OutOfDomainError(f"month {month:%Y-%m} is outside the plan, {labels[0]} to {labels[-1]}.")
        return at

    def _fiscal(self, day: date) -> tuple[int, int]:
        month = (day.month - self.fiscal_year_start) % MONTHS_PER_YEAR
        ends_next_year = self.fiscal_year_start > 1 and day.month >= self.fiscal_year_start
        return day.year + int(ends_next_year), month


def written_day(value: object) -> date | None:
    """The day that a date or an ISO text names; None for a value of another kind.

    Raises
    ------
    ValueError
        For a text that is not a date in the form 2027-01-01.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(value.strip()) if isinstance(value, str) else None


def day_of_serial(serial: float) -> date:
    """The day of an Excel date number from 1 to `LAST_SERIAL`; its time of day is dropped."""
    return EXCEL_EPOCH + timedelta(days=int(serial))


def serial_of(day: date) -> int:
    """The Excel date number of a day."""
    return (day - EXCEL_EPOCH).days


def parse_month(value: object, where: str) -> date:
    """A month from a date, an Excel date number, or a text such as 2027-03.

    Parameters
    ----------
    where : str
        For the message.

    Returns
    -------
    date
        Its first day.

    Raises
    ------
    BadArgumentError
        For anything else.
    """
    if isinstance(value, (date, datetime)):
        return date(value.year, value.month, 1)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value <= LAST_SERIAL:
        return day_of_serial(value).replace(day=1)
    match = _MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if match and 1 <= int(match.group(2)) <= MONTHS_PER_YEAR:
        return date(int(match.group(1)), int(match.group(2)), 1)
    raise BadArgumentError(f"{where}: {value!r} is not a month; write it as 2027-03.")
