"""Months, fiscal years and quarters."""

from __future__ import annotations

from datetime import date

import pytest

from vidcost_xl.errors import BadArgumentError, OutOfDomainError
from vidcost_xl.model.calendar import Calendar, parse_month


def test_months_run_over_the_end_of_a_year_and_end_on_its_leap_day():
    calendar = Calendar(date(2027, 11, 15), 4)
    assert calendar.labels == ["2027-11", "2027-12", "2028-01", "2028-02"]
    assert calendar.ends[-1] == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("start", "first", "year", "quarter"),
    [
        (1, date(2027, 1, 1), "FY2027", "FY2027 Q1"),
        (7, date(2027, 6, 1), "FY2027", "FY2027 Q4"),
        (7, date(2027, 7, 1), "FY2028", "FY2028 Q1"),  # July 2027 to June 2028 is named by its end
        (4, date(2027, 12, 1), "FY2028", "FY2028 Q3"),
        (10, date(2027, 9, 1), "FY2027", "FY2027 Q4"),
    ],
)
def test_fiscal_years_are_named_by_the_year_in_which_they_end(start, first, year, quarter):
    calendar = Calendar(first, 12, start)
    assert calendar.fiscal_years[0] == year
    assert calendar.quarters[0] == quarter


@pytest.mark.parametrize("value", [date(2027, 3, 9), "2027-03", " 2027-3 ", 46_454, 46_454.5])
def test_a_month_may_be_a_date_a_text_or_an_excel_serial(value):
    assert parse_month(value, "month") == date(2027, 3, 1)


@pytest.mark.parametrize("value", ["March", "2027-13", "2027-00", "03/2027", True, 0, 3e6, None, ""])
def test_anything_else_is_not_a_month(value):
    with pytest.raises(BadArgumentError, match="2027-03"):
        parse_month(value, "month")


def test_a_month_outside_the_plan_is_refused():
    calendar = Calendar(date(2027, 1, 1), 12)
    assert calendar.position(date(2027, 12, 31)) == 11
    for outside in (date(2026, 12, 1), date(2028, 1, 1)):
        with pytest.raises(OutOfDomainError, match="2027-01 to 2027-12"):
            calendar.position(outside)
