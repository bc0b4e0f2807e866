"""DATE, EDATE, EOMONTH, MONTH and YEAR against the calendar of Python."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest

from tests.sheets.calc.vectors.small_books import book, together, value_of
from vidcost_xl.errors import ExcelError

FIRST_DAY, LAST_DAY = date(1900, 3, 1), date(9999, 12, 31)


def serial(day: date) -> int:
    """The serial number of a day from March 1900 on: 1 January 2026 is 46023 in Excel."""
    return 46023 + (day - date(2026, 1, 1)).days


#: Days around ends of months and years, leap years, and the century that is none.
DAYS = [
    day + timedelta(days=by)
    for day in (date(2024, 2, 29), date(2026, 2, 28), date(2000, 2, 29), date(2100, 2, 28), date(2026, 12, 31))
    for by in (-1, 0, 1)
]


def moved(day: date, months: int) -> tuple[int, int, int]:
    """Year and month so many months later, and the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1, calendar.monthrange(year, month + 1)[1]


@pytest.mark.parametrize("months", [-25, -1, 0, 1, 11, 12, 1.9])
def test_months_are_counted_from_the_same_day_or_the_last_one(months):
    cells: dict[str, object] = {f"A{row}": serial(day) for row, day in enumerate(DAYS, 1)}
    for row in range(1, len(DAYS) + 1):
        cells |= {f"B{row}": f"=EDATE(A{row},{months})", f"C{row}": f"=EOMONTH(A{row},{months})"}
    done = together(book(cells))
    for row, day in enumerate(DAYS, 1):
        year, month, last = moved(day, int(months))
        assert done[f"B{row}"] == serial(date(year, month, min(day.day, last)))
        assert done[f"C{row}"] == serial(date(year, month, last))


def test_the_year_and_the_month_of_a_day_pass_over_the_time_of_day():
    cells: dict[str, object] = {}
    for row, day in enumerate(DAYS, 1):
        cells |= {f"A{row}": serial(day) + 0.75, f"B{row}": f"=YEAR(A{row})*100+MONTH(A{row})"}
    done = together(book(cells))
    assert [done[f"B{row}"] for row, _ in enumerate(DAYS, 1)] == [day.year * 100 + day.month for day in DAYS]


@pytest.mark.parametrize(
    ("formula", "day"),
    [
        ("DATE(2026,1,31)", date(2026, 1, 31)),
        ("DATE(2008,14,2)", date(2009, 2, 2)),  # these four are examples of Microsoft's documentation
        ("DATE(2008,-3,2)", date(2007, 9, 2)),
        ("DATE(2008,1,35)", date(2008, 2, 4)),
        ("DATE(2008,1,-15)", date(2007, 12, 16)),
        ("DATE(2024,2,30)", date(2024, 3, 1)),
        ("DATE(2026,0,1)", date(2025, 12, 1)),
        ("DATE(2026.9,1.9,1.9)", date(2026, 1, 1)),
        ("DATE(1900,3,1)", FIRST_DAY),
        ("DATE(9999,12,31)", LAST_DAY),
    ],
)
def test_months_and_days_beyond_their_ends_count_on(formula, day):
    assert value_of(formula) == serial(day)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("MONTH(0)", 1),
        ("MONTH(31)", 1),
        ("MONTH(32)", 2),
        ("MONTH(60)", 2),
        ("YEAR(60)", 1900),
        ("EOMONTH(0,0)", 31),
        ("EOMONTH(A1,0)", 31),  # a blank
        ("EOMONTH(32,0)", 60),
        ("EOMONTH(0,1)", 60),
        ("EOMONTH(61,-1)", 60),
        ("EOMONTH(31,2)", serial(date(1900, 3, 31))),
        ("EOMONTH(15,-1)", ExcelError("#NUM!")),
    ],
)
def test_months_before_march_1900_have_the_29_february_that_excel_counts(formula, expected):
    # Day 1 is 1 January 1900, and day 60 is the 29 February that 1900 did not have: Microsoft's documentation.
    assert value_of(formula) == expected


@pytest.mark.parametrize(
    "formula",
    [
        "DATE(1900,2,28)",
        "DATE(1900,3,0)",
        "DATE(126,1,1)",
        "DATE(10000,1,1)",
        "DATE(9999,12,32)",
        "EDATE(60,1)",
        "YEAR(-1)",
        "YEAR(2958466)",
        "EDATE(46023,100000)",
    ],
)
def test_days_before_march_1900_and_after_9999_are_left(formula):
    assert value_of(formula) == "left"


def test_a_text_that_may_be_a_date_is_left_and_any_other_is_an_error():
    assert value_of("YEAR(A1)", {"A1": "2026-01-01"}) == "left"
    assert value_of("EDATE(A2,A1)", {"A1": ExcelError("#N/A"), "A2": 46023}) == ExcelError("#N/A")
