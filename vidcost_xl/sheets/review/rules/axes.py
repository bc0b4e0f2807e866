"""Where a sheet's time axis runs: dates or periods side by side, each later than the one before."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from openpyxl.styles.numbers import is_date_format

from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.review.rules.catalogue import catalogue
from vidcost_xl.sheets.review.rules.view import Axis, SheetView

#: Days between two ends of a period: day, week, month, quarter, half-year, year.
_STEPS: Final = ((1, 1), (7, 7), (28, 31), (89, 93), (181, 185), (365, 366))
#: Years that a column heading may hold as a plain number.
_YEARS: Final = range(1950, 2151)
_MONTHS: Final = {
    month: at
    for at, month in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))
}
_FULL: Final = frozenset(
    {
        *("january", "february", "march", "april", "may", "june"),
        *("july", "august", "september", "october", "november", "december"),
    }
)
#: Characters of the longest text that names a period.
_LONGEST: Final = 100
_COUNTED: Final = re.compile(r"(?:month|period|year|quarter|week|day|[mpyqw])\s*(\d+)", re.IGNORECASE)
_QUARTER: Final = re.compile(r"q([1-4])[\s/'-]*(\d{2,4})", re.IGNORECASE)
_MONTH: Final = re.compile(r"([a-z]{3})[a-z]*[\s./'-]*(\d{2,4})?", re.IGNORECASE)


_is_date: Final = lru_cache(maxsize=1024)(is_date_format)


def time_axes(sheet: SheetView, *, down: bool = False) -> list[Axis]:
    """The time axes of a sheet, from the top.

    Parameters
    ----------
    down : bool
        Whether periods go down a column instead of along a row.
    """
    if down not in sheet.axes:
        lines: dict[int, list[tuple[int, Cell | None]]] = {}
        for (row, column), cell in sheet.cells.items():
            lines.setdefault(column if down else row, []).append((row if down else column, cell))
        found: list[Axis] = []
        for at, line in lines.items():
            # Numbers down a column count records as a rule, not periods.
            found += [axis for axis in _runs(sheet, at, line) if not (down and axis.kind in {"unvalued", "counter"})]
        sheet.axes[down] = sorted(found, key=lambda axis: axis.at)
    return sheet.axes[down]


def _runs(sheet: SheetView, at: int, line: list[tuple[int, Cell | None]]) -> Iterator[Axis]:
    run: list[tuple[int, float, str]] = []
    for place, cell in [*line, (-1, None)]:
        period = None if cell is None else _period(sheet, cell)
        if period is not None and run and place == run[-1][0] + 1 and period[1] == run[-1][2] and _next(run, period[0]):
            run.append((place, *period))
            continue
        if len(run) >= catalogue().limits.time_row and _starts(run[0]):
            kind = "periods" if run[0][2] == "counter" and run[0][1] in _YEARS else run[0][2]
            kind = "unvalued" if all(math.isnan(number) for _, number, _ in run) else kind
            yield Axis(at, run[0][0], run[-1][0], kind)
        run = [] if period is None else [(place, *period)]


def _starts(first: tuple[int, float, str]) -> bool:
    # Plain numbers that rise by one are periods if they are years or count from the start.
    return first[2] != "counter" or first[1] in {0, 1} or first[1] in _YEARS


def _next(run: list[tuple[int, float, str]], number: float) -> bool:
    step = number - run[-1][1]
    if math.isnan(step):
        return True  # a date whose value the file does not store
    if run[-1][2] != "dates":
        return step == 1
    lengths = [length for length in _STEPS if length[0] <= step <= length[1]]
    before = run[-1][1] - run[-2][1] if len(run) > 1 else math.nan
    return bool(lengths) and (math.isnan(before) or lengths[0][0] <= before <= lengths[0][1])


def _period(sheet: SheetView, cell: Cell) -> tuple[float, str] | None:
    value = sheet.value(cell)
    if (value is None or isinstance(value, float)) and _is_date(sheet.look(cell).format):
        return (math.nan if value is None else float(value)), "dates"
    if isinstance(value, float):
        return (value, "counter") if value.is_integer() else None
    return _named_period(value) if isinstance(value, str) else None


def _named_period(text: str) -> tuple[float, str] | None:
    if len(text) > _LONGEST:
        return None
    bare = text.strip()
    counted = _COUNTED.fullmatch(bare)
    if counted:
        return float(counted[1]), "periods"
    quarter = _QUARTER.fullmatch(bare)
    if quarter:
        return float(quarter[2]) * 4 + float(quarter[1]), "periods"
    month = _MONTH.fullmatch(bare)
    if month and month[1].casefold() in _MONTHS and (len(bare) <= 4 or month[2] or bare.casefold() in _FULL):
        return float(month[2] or 0) * 12 + _MONTHS[month[1].casefold()], "periods"
    return None
